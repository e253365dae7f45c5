//! The agencies of the simulated Banten, their units and everyone who works there.

use crate::domain::place::Position;
use crate::domain::simulation::person;
use crate::domain::simulation::person::Employment;
use crate::domain::simulation::person::Habit;
use crate::domain::simulation::person::Person;
use crate::domain::simulation::phone::Phone;
use crate::domain::simulation::phone::scattered;
use crate::domain::simulation::random::Random;
use crate::domain::village::Village;
use crate::domain::village::villages;
use crate::domain::work_mode::WorkGroup;
use chrono::NaiveDate;
use std::collections::BTreeSet;

/// An agency (OPD) of the province.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Agency {
    /// Short code, as in addresses of the API.
    pub code: &'static str,
    /// Full name.
    pub name: &'static str,
    /// Kemendagri code of the province.
    pub region_code: &'static str,
    /// Village in which its office stands.
    office_village_code: &'static str,
    /// The group of its staff.
    pub work_group: WorkGroup,
    /// Post of those who head nothing.
    staff_post: &'static str,
    /// Code, name of each unit below the agency's own.
    divisions: &'static [(&'static str, &'static str)],
    /// How many people of 100 work here.
    share_percent: u32,
}

/// A unit of an agency's tree.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Unit {
    /// Code within the agency.
    pub code: String,
    /// Name.
    pub name: String,
    /// Code of the unit above; `None` at the top.
    pub parent: Option<String>,
}

const AGENCIES: [Agency; 5] = [
    Agency {
        code: "bkd",
        name: "Badan Kepegawaian Daerah",
        region_code: "36",
        office_village_code: "36.73.04.1010",
        work_group: WorkGroup::Administration,
        staff_post: "Analis Sumber Daya Manusia Aparatur",
        divisions: &[("SEK", "Sekretariat"), ("PKA", "Bidang Penilaian Kinerja Aparatur")],
        share_percent: 10,
    },
    Agency {
        code: "dindikbud",
        name: "Dinas Pendidikan dan Kebudayaan",
        region_code: "36",
        office_village_code: "36.73.04.1010",
        work_group: WorkGroup::Educator,
        staff_post: "Guru Ahli Pertama",
        divisions: &[
            ("SEK", "Sekretariat"),
            ("SMAN-A", "SMAN Simulasi 1 Serang"),
            ("SMAN-B", "SMAN Simulasi 2 Pandeglang"),
            ("SMKN-C", "SMKN Simulasi 3 Lebak"),
        ],
        share_percent: 40,
    },
    Agency {
        code: "diskominfo",
        name: "Dinas Komunikasi, Informatika, Statistik dan Persandian",
        region_code: "36",
        office_village_code: "36.73.04.1010",
        work_group: WorkGroup::Administration,
        staff_post: "Pranata Komputer Ahli Pertama",
        divisions: &[
            ("SEK", "Sekretariat"),
            ("APT", "Bidang Aplikasi dan Tata Kelola"),
            ("STT", "Bidang Statistik"),
        ],
        share_percent: 20,
    },
    Agency {
        code: "bapenda",
        name: "Badan Pendapatan Daerah",
        region_code: "36",
        office_village_code: "36.73.01.1002",
        work_group: WorkGroup::PublicService,
        staff_post: "Pengelola Layanan Samsat",
        divisions: &[("SEK", "Sekretariat"), ("UPTD-S", "UPTD Samsat Simulasi Serang")],
        share_percent: 16,
    },
    Agency {
        code: "dpk",
        name: "Dinas Perpustakaan dan Kearsipan",
        region_code: "36",
        office_village_code: "36.73.01.1003",
        work_group: WorkGroup::Administration,
        staff_post: "Arsiparis Ahli Pertama",
        divisions: &[("SEK", "Sekretariat"), ("ARS", "Bidang Kearsipan")],
        share_percent: 14,
    },
];

/// Regencies and cities where the staff live, with how many of 100.
const DWELLINGS: [(&str, u32); 8] = [
    ("36.73", 34),
    ("36.04", 24),
    ("36.01", 12),
    ("36.72", 10),
    ("36.02", 7),
    ("36.03", 7),
    ("36.71", 4),
    ("36.74", 2),
];

/// The simulated Banten.
#[derive(Clone, Debug)]
pub struct Workforce {
    /// The agencies, BKD first.
    pub agencies: Vec<Agency>,
    /// Everyone, agency by agency, heads of units before their staff.
    pub people: Vec<Person>,
}

impl Agency {
    /// The units, the top one (with the agency's code in capitals) first.
    pub fn units(&self) -> Vec<Unit> {
        let top = Unit {
            code: self.code.to_uppercase(),
            name: self.name.to_owned(),
            parent: None,
        };
        let parent = Some(top.code.clone());
        let divisions = self.divisions.iter().map(|(code, name)| Unit {
            code: (*code).to_owned(),
            name: (*name).to_owned(),
            parent: parent.clone(),
        });
        std::iter::once(top.clone()).chain(divisions).collect()
    }

    /// Whether it serves the public directly.
    pub fn is_public_service(&self) -> bool {
        self.work_group == WorkGroup::PublicService
    }

    /// Where its office stands.
    pub fn office(&self) -> Option<Position> {
        villages()
            .into_iter()
            .find(|village| village.code == self.office_village_code)
            .map(|village| village.label)
    }
}

impl Workforce {
    /// Makes about `size` people (at least some for each unit) as they are on `today`.
    pub fn new(seed: u64, size: u32, today: NaiveDate) -> Self {
        let random = Random::new(seed);
        let villages = villages();
        let mut taken = BTreeSet::new();
        let mut people = Vec::new();
        for (label, agency) in (1_u64..).zip(AGENCIES) {
            let mut random = random.fork(label);
            let units = agency.units();
            let count = (size * agency.share_percent / 100).max(3 * u32::try_from(units.len()).unwrap_or(3));
            let mut places = units
                .iter()
                .map(|unit| (unit, true))
                .chain(units.iter().skip(1).cycle().map(|unit| (unit, false)));
            for _ in 0..count {
                let Some((unit, is_head)) = places.next() else { break };
                people.extend(employee(
                    &mut random,
                    &agency,
                    unit,
                    is_head,
                    &villages,
                    today,
                    &mut taken,
                ));
            }
        }
        Self {
            agencies: AGENCIES.to_vec(),
            people,
        }
    }

    /// Those of one agency, heads of units first.
    pub fn of<'a>(&'a self, agency: &'a str) -> impl Iterator<Item = &'a Person> {
        self.people.iter().filter(move |person| person.agency == agency)
    }

    /// The place in `people` of the direct superior of someone there: the head of their unit, or of the one above for a
    /// head; none for the head of an agency.
    pub fn superior_of(&self, person: usize) -> Option<usize> {
        let person = self.people.get(person)?;
        let unit = if person.is_head {
            let agency = self.agencies.iter().find(|agency| agency.code == person.agency)?;
            let own = agency.units().into_iter().find(|unit| unit.code == person.unit)?;
            own.parent?
        } else {
            person.unit.clone()
        };
        let leads = |other: &Person| other.is_head && other.agency == person.agency && other.unit == unit;
        self.people.iter().position(leads)
    }
}

fn employee(
    random: &mut Random,
    agency: &Agency,
    unit: &Unit,
    is_head: bool,
    villages: &[Village],
    today: NaiveDate,
    taken: &mut BTreeSet<String>,
) -> Option<Person> {
    let employment = match random.below(100) {
        _ if is_head => Employment::CivilServant,
        0..=69 => Employment::CivilServant,
        70..=89 => Employment::Contract,
        _ => Employment::NonAsn,
    };
    let is_male = random.chance(52.0);
    let (born_on, appointed_on) = person::career(random, today);
    let number = (0..100)
        .filter_map(|serial| person::number(employment, born_on, appointed_on, is_male, serial))
        .find(|number| taken.insert(number.clone()));
    let village = dwelling(random, villages)?;
    let post = match (is_head, unit.parent.is_some()) {
        (true, false) => format!("Kepala {}", agency.name),
        (true, true) => format!("Kepala {}", unit.name),
        (false, _) => agency.staff_post.to_owned(),
    };
    Some(Person {
        agency: agency.code,
        unit: unit.code.clone(),
        is_head,
        number,
        employment,
        name: person::name(random, is_male),
        back_title: person::back_title(random),
        is_male,
        born_on,
        appointed_on,
        grade: person::grade(employment, appointed_on, today),
        post,
        work_group: agency.work_group,
        village_code: village.code,
        address: address(random, village),
        home: scattered(random, village.label, 350.0),
        habit: if is_head { Habit::AtHome } else { person::habit(random) },
        phone: Phone::new(random),
    })
}

fn dwelling<'a>(random: &mut Random, villages: &'a [Village]) -> Option<&'a Village> {
    let mut lot = random.below(DWELLINGS.iter().map(|(_, weight)| weight).sum());
    let (regency, _) = DWELLINGS.iter().find(|(_, weight)| {
        let is_here = lot < *weight;
        lot = lot.saturating_sub(*weight);
        is_here
    })?;
    let here: Vec<&Village> = villages
        .iter()
        .filter(|village| village.regency_code() == *regency)
        .collect();
    random.pick(&here).copied()
}

fn address(random: &mut Random, village: &Village) -> String {
    let house = random.between(1, 120);
    let (neighbours, hamlet) = (random.between(1, 9), random.between(1, 12));
    let (name, postal_code) = (village.name, village.postal_code);
    format!("Kp. Simulasi No. {house} RT {neighbours:03}/RW {hamlet:03}, {name} {postal_code}")
        .trim_end()
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    fn today() -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, 20).unwrap()
    }

    #[test]
    fn everybody_but_the_head_of_an_agency_has_a_superior_of_their_own_unit_or_the_one_above() {
        let workforce = Workforce::new(1, 300, today());
        for (index, person) in workforce.people.iter().enumerate() {
            let superior = workforce.superior_of(index).map(|superior| &workforce.people[superior]);
            let is_at_the_top = person.is_head && person.unit == person.agency.to_uppercase();
            assert_eq!(superior.is_none(), is_at_the_top, "{person:?}");
            if let Some(superior) = superior {
                assert!(superior.is_head && superior.agency == person.agency);
                assert_eq!(superior.unit == person.unit, !person.is_head);
            }
        }
    }

    #[test]
    fn the_same_seed_makes_the_same_people() {
        let names = |seed| {
            Workforce::new(seed, 300, today())
                .people
                .into_iter()
                .map(|person| person.name)
                .collect::<Vec<_>>()
        };
        assert_eq!(names(5), names(5));
        assert_ne!(names(5), names(6));
    }

    #[test]
    fn every_unit_has_one_head_who_is_a_civil_servant() {
        let workforce = Workforce::new(5, 300, today());
        let mut heads: BTreeMap<(&str, &str), u32> = BTreeMap::new();
        for person in workforce.people.iter().filter(|person| person.is_head) {
            *heads.entry((person.agency, person.unit.as_str())).or_default() += 1;
            assert_eq!(person.employment, Employment::CivilServant);
        }
        let units: usize = workforce.agencies.iter().map(|agency| agency.units().len()).sum();
        assert_eq!(heads.len(), units);
        assert!(heads.values().all(|count| *count == 1));
    }

    #[test]
    fn numbers_are_unique_and_of_nobody() {
        let workforce = Workforce::new(5, 1_000, today());
        let numbers: Vec<&String> = workforce
            .people
            .iter()
            .filter_map(|person| person.number.as_ref())
            .collect();
        assert_eq!(numbers.iter().collect::<BTreeSet<_>>().len(), numbers.len());
        assert!(
            numbers
                .iter()
                .all(|number| number.len() == 18 && number.as_bytes()[15] == b'9')
        );
        let unnumbered = workforce.people.iter().filter(|person| person.number.is_none());
        assert!(unnumbered.clone().all(|person| person.employment == Employment::NonAsn) && unnumbered.count() > 20);
    }

    #[test]
    fn homes_lie_in_the_villages_of_banten_and_offices_stand_somewhere() {
        let workforce = Workforce::new(5, 300, today());
        let villages: BTreeMap<&str, Position> = villages()
            .into_iter()
            .map(|village| (village.code, village.label))
            .collect();
        for person in &workforce.people {
            assert!(person.home.distance_metres(villages[person.village_code]) < 5_000.0);
        }
        assert!(workforce.agencies.iter().all(|agency| agency.office().is_some()));
    }
}
