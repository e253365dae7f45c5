//! A roster as the facts of its printed sheet (`data/templates/roster.typ`), to be pinned to the wall.
//!
//! Whoever passes by reads it. So it tells who works where, and of the others only that they are not there: one sign for
//! leave, sickness and training alike.

use crate::domain::half::Half;
use crate::domain::half::Halved;
use crate::domain::recap::day_sum::DaySum;
use crate::domain::recap::sheet::Signer;
use crate::domain::schedule::Shift;
use crate::domain::work_mode::WorkMode;
use chrono::{Datelike, NaiveDate, Weekday};
use serde_json::{Value, json};
use std::collections::{HashMap, HashSet};

/// One of the people on the sheet.
#[derive(Clone)]
pub struct PrintedPerson {
    /// With titles.
    pub name: String,
    /// The post; may be empty.
    pub post: String,
    /// Where the person works on which date, all day or in each half; no entry where nothing is planned.
    pub days: HashMap<NaiveDate, Halved<WorkMode>>,
    /// The shift on which date, where the person's schedule has shifts: its place among those of the sheet.
    pub shifts: HashMap<NaiveDate, usize>,
}

/// Names are personal.
impl std::fmt::Debug for PrintedPerson {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "PrintedPerson({} days)", self.days.len())
    }
}

/// A roster with everything that its sheet says.
#[derive(Clone, Debug)]
pub struct RosterSheet {
    /// `Pemerintah Provinsi Banten`.
    pub government: String,
    /// The agency's name.
    pub agency: String,
    /// First date.
    pub from: NaiveDate,
    /// Last date, inclusive.
    pub to: NaiveDate,
    /// How often the roster was saved.
    pub version: i32,
    /// Whether it holds. One that does not is marked across the page.
    pub is_published: bool,
    /// The numbers of the circulars that it carries out, in their order.
    pub basis: Vec<String>,
    /// The people in the order of the sheet.
    pub people: Vec<PrintedPerson>,
    /// The shifts that they work in, each once.
    pub shifts: Vec<Shift>,
    /// What the agency wrote beside it.
    pub note: Option<String>,
    /// Where it is signed.
    pub place: Option<String>,
    /// When the agency's head handed it in.
    pub signed_on: Option<NaiveDate>,
    /// The agency's head.
    pub head: Option<Signer>,
}

/// The columns of totals, and the signs that each counts.
const COLUMNS: [(&str, &[&str]); 6] = [
    ("WFO", &["K"]),
    ("WFH", &["R"]),
    ("WFA", &["A"]),
    ("Piket", &["P"]),
    ("DL", &["DL"]),
    ("TB", &["TB"]),
];

/// What the signs mean.
const LEGEND: [(&str, &str); 6] = [
    ("K", "bekerja di kantor (WFO)"),
    ("R", "bekerja dari rumah (WFH)"),
    ("A", "bekerja dari mana saja (WFA)"),
    ("P", "piket"),
    ("DL", "dinas luar"),
    ("TB", "tidak bertugas"),
];

/// The sign of a mode; nothing on a free day. What keeps somebody away is nobody's business on a wall.
const fn sign(mode: WorkMode) -> &'static str {
    match mode {
        WorkMode::Wfo => "K",
        WorkMode::Wfh => "R",
        WorkMode::Wfa => "A",
        WorkMode::Picket => "P",
        WorkMode::DutyTravel => "DL",
        WorkMode::Leave | WorkMode::Sick | WorkMode::Training => "TB",
        WorkMode::Off => "",
    }
}

/// What the template prints, in Indonesian.
pub fn facts(sheet: &RosterSheet) -> Value {
    let dates: Vec<NaiveDate> = sheet.from.iter_days().take_while(|date| *date <= sheet.to).collect();
    let is_free = |date: &NaiveDate| !sheet.people.iter().any(|person| person.works_on(*date));
    let is_weekend = |date: &NaiveDate| matches!(date.weekday(), Weekday::Sat | Weekday::Sun);
    let days = dates
        .iter()
        .map(|date| json!({"date": date, "free": is_free(date) || (sheet.people.is_empty() && is_weekend(date))}));
    // A column, and a sign, that nobody has would only make the others smaller.
    let columns: Vec<(&str, &[&str])> = COLUMNS
        .into_iter()
        .filter(|(_, signs)| sheet.people.iter().any(|person| person.has(signs)))
        .collect();
    let shift_signs = shift_signs(&sheet.shifts);
    let people = sheet.people.iter().map(|person| {
        let signs = dates.iter().map(|date| person.cell_on(*date, &shift_signs));
        let totals = columns.iter().map(|(_, signs)| days_told(person.count(signs)));
        json!({
            "name": person.name,
            "post": person.post,
            "days": signs.collect::<Vec<String>>(),
            "totals": totals.collect::<Vec<Value>>(),
        })
    });
    let provisional = (!sheet.is_published).then_some("Jadwal ini belum diterbitkan.");
    let basis = (!sheet.basis.is_empty()).then(|| format!("Berdasarkan Surat Edaran {}", sheet.basis.join(", ")));
    let mut notes: Vec<String> = sheet.note.iter().cloned().collect();
    notes.push(
        "Jadwal dapat berubah karena cuti, sakit, atau surat tugas; perubahannya terlihat di aplikasi.".to_owned(),
    );
    json!({
        "government": sheet.government,
        "agency": sheet.agency,
        "from": sheet.from,
        "to": sheet.to,
        "version": sheet.version,
        "provisional": provisional,
        "basis": basis,
        "days": days.collect::<Vec<Value>>(),
        "columns": columns.iter().map(|(code, _)| json!({"code": code})).collect::<Vec<Value>>(),
        "people": people.collect::<Vec<Value>>(),
        "day_counts": day_counts(sheet, &dates),
        "notes": notes,
        "legend": legend(sheet, &shift_signs),
        "place": sheet.place,
        "date": sheet.signed_on,
        "signatures": [signature(sheet)],
    })
}

impl PrintedPerson {
    /// What stands in the cell of a date: the halves beside each other where they differ, and the shift behind.
    fn cell_on(&self, date: NaiveDate, shifts: &[String]) -> String {
        let Some(modes) = self.days.get(&date) else {
            return String::new();
        };
        let [first, second] = Half::ALL.map(|half| sign(*modes.of(half)));
        let signs = match (first, second) {
            (first, second) if first == second => first.to_owned(),
            (first, "") => format!("{first}/-"),
            ("", second) => format!("-/{second}"),
            (first, second) => format!("{first}/{second}"),
        };
        let is_in_shift = Half::ALL.into_iter().any(|half| modes.of(half).is_working());
        let shift = self.shifts.get(&date).filter(|_| is_in_shift);
        let shift = shift.and_then(|place| shifts.get(*place));
        signs + shift.map_or("", String::as_str)
    }

    fn works_on(&self, date: NaiveDate) -> bool {
        self.halves_on(date, |sign| !sign.is_empty()) > 0
    }

    /// In how many halves of a date a sign is such.
    fn halves_on(&self, date: NaiveDate, is_such: impl Fn(&str) -> bool) -> u16 {
        let modes = self.days.get(&date);
        let such = |half: &Half| modes.is_some_and(|modes| is_such(sign(*modes.of(*half))));
        u16::from(such(&Half::Morning)) + u16::from(such(&Half::Afternoon))
    }

    fn count(&self, signs: &[&str]) -> DaySum {
        let halves = self
            .days
            .keys()
            .map(|date| self.halves_on(*date, |sign| signs.contains(&sign)));
        DaySum::of_halves(halves.sum())
    }

    fn has(&self, signs: &[&str]) -> bool {
        self.count(signs) != DaySum::ZERO
    }
}

/// What a shift is called in a cell, behind the sign of the mode: the shortest beginning of its code that tells it from the
/// others, at most three letters, else its number on the sheet.
fn shift_signs(shifts: &[Shift]) -> Vec<String> {
    let beginnings = |length| -> Vec<String> {
        shifts
            .iter()
            .map(|shift| shift.code.chars().take(length).collect())
            .collect()
    };
    let is_telling = |signs: &Vec<String>| signs.iter().collect::<HashSet<_>>().len() == signs.len();
    (1..=3)
        .map(beginnings)
        .find(is_telling)
        .unwrap_or_else(|| (1..=shifts.len()).map(|number| number.to_string()).collect())
}

/// A number of days as the sheet prints it.
fn days_told(count: DaySum) -> Value {
    if count.halves().is_multiple_of(2) {
        count.whole_days().into()
    } else {
        count.to_string().into()
    }
}

/// How many are where on each day; a day on which nobody works has no number.
fn day_counts(sheet: &RosterSheet, dates: &[NaiveDate]) -> Vec<Value> {
    let row = |title: &str, signs: &[&str]| {
        let values = dates.iter().map(|date| {
            let is_work_day = sheet.people.iter().any(|person| person.works_on(*date));
            let there = sheet.people.iter();
            let there = there.map(|person| person.halves_on(*date, |sign| signs.contains(&sign)));
            if is_work_day {
                days_told(DaySum::of_halves(there.sum()))
            } else {
                json!("")
            }
        });
        json!({"title": title, "values": values.collect::<Vec<Value>>()})
    };
    let has = |signs: &[&str]| sheet.people.iter().any(|person| person.has(signs));
    let mut rows = vec![row("Di kantor, termasuk piket", &["K", "P"])];
    if has(&["R", "A"]) {
        rows.push(row("Di rumah atau tempat lain", &["R", "A"]));
    }
    if has(&["P"]) {
        rows.push(row("Piket", &["P"]));
    }
    rows
}

fn legend(sheet: &RosterSheet, shift_signs: &[String]) -> Vec<Value> {
    let entry = |code: &str, meaning: &str| json!({"code": code, "meaning": meaning});
    let mut legend: Vec<Value> = LEGEND
        .into_iter()
        .filter(|(code, _)| sheet.people.iter().any(|person| person.has(&[code])))
        .map(|(code, meaning)| entry(code, meaning))
        .collect();
    let people = sheet.people.iter();
    if people
        .flat_map(|person| person.days.values())
        .any(|modes| modes.all_day().is_none())
    {
        legend.push(entry("/", "paruh pertama dan kedua hari, masing-masing dihitung 0,5"));
    }
    for (shift, sign) in sheet.shifts.iter().zip(shift_signs) {
        let clock = |minute: u16| format!("{:02}.{:02}", minute / 60 % 24, minute % 60);
        let (starts, ends) = (clock(shift.starts_minute), clock(shift.ends_minute));
        legend.push(entry(sign, &format!("shift {}, {starts}-{ends}", shift.name)));
    }
    legend
}

fn signature(sheet: &RosterSheet) -> Value {
    let post = format!("Kepala {}", sheet.agency);
    match &sheet.head {
        Some(head) => json!({
            "post": if head.position.is_empty() { &post } else { &head.position },
            "name": head.name,
            "rank": head.rank,
            "employee_number": head.number,
        }),
        // To be filled in by hand.
        None => json!({"post": post}),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::roster::scene::day;

    fn person(name: &str, days: &[(&str, WorkMode)]) -> PrintedPerson {
        PrintedPerson {
            name: name.to_owned(),
            post: String::new(),
            days: days
                .iter()
                .map(|(date, mode)| (day(date), Halved::whole(*mode)))
                .collect(),
            shifts: HashMap::new(),
        }
    }

    fn sheet(people: Vec<PrintedPerson>) -> RosterSheet {
        RosterSheet {
            government: "Pemerintah Provinsi Banten".to_owned(),
            agency: "Dinas Contoh".to_owned(),
            from: day("2026-03-06"),
            to: day("2026-03-09"),
            version: 4,
            is_published: true,
            basis: vec!["Nomor 4 Tahun 2026".to_owned()],
            people,
            shifts: Vec::new(),
            note: None,
            place: None,
            signed_on: None,
            head: None,
        }
    }

    #[test]
    fn a_wall_says_of_the_absent_only_that_they_are_not_there() {
        let away = [WorkMode::Leave, WorkMode::Sick, WorkMode::Training];
        let signs = away.map(sign);
        assert_eq!(signs, ["TB", "TB", "TB"]);
        let facts = facts(&sheet(vec![person("A", &[("2026-03-06", WorkMode::Sick)])]));
        let text = facts["people"].to_string() + &facts["legend"].to_string() + &facts["columns"].to_string();
        for word in ["sakit", "cuti", "sick", "leave"] {
            assert!(!text.to_lowercase().contains(word), "{word}");
        }
    }

    #[test]
    fn days_are_counted_and_those_on_which_nobody_works_are_free() {
        let facts = facts(&sheet(vec![
            person("A", &[("2026-03-06", WorkMode::Picket), ("2026-03-09", WorkMode::Wfh)]),
            person("B", &[("2026-03-06", WorkMode::Wfo), ("2026-03-09", WorkMode::Off)]),
        ]));
        let free: Vec<bool> = facts["days"]
            .as_array()
            .unwrap()
            .iter()
            .map(|day| day["free"].as_bool().unwrap())
            .collect();
        assert_eq!(free, [false, true, true, false]);
        assert_eq!(facts["people"][0]["days"], json!(["P", "", "", "R"]));
        assert_eq!(facts["day_counts"][0]["values"], json!([2, "", "", 0]));
        let columns: Vec<_> = facts["columns"]
            .as_array()
            .unwrap()
            .iter()
            .map(|column| &column["code"])
            .collect();
        assert_eq!(columns, ["WFO", "WFH", "Piket"]);
        assert_eq!(facts["people"][1]["totals"], json!([1, 0, 0]));
        assert_eq!(facts["legend"].as_array().unwrap().len(), 3);
    }

    fn shift(code: &str, starts_minute: u16, ends_minute: u16) -> Shift {
        Shift {
            code: code.to_owned(),
            name: code.to_uppercase(),
            starts_minute,
            ends_minute,
            break_minutes: 0,
        }
    }

    #[test]
    fn halves_stand_beside_each_other_and_count_as_half() {
        let mut halved = person("A", &[("2026-03-09", WorkMode::Wfo)]);
        let friday = Halved::parted(WorkMode::Wfh, WorkMode::Sick);
        halved.days.insert(day("2026-03-06"), friday);
        let facts = facts(&sheet(vec![halved]));
        assert_eq!(facts["people"][0]["days"], json!(["R/TB", "", "", "K"]));
        assert_eq!(facts["people"][0]["totals"], json!([1, "0,5", "0,5"]));
        assert_eq!(facts["day_counts"][1]["values"], json!(["0,5", "", "", 0]));
        let legend = facts["legend"].as_array().unwrap();
        assert!(legend.iter().any(|entry| entry["code"] == "/"));
    }

    #[test]
    fn a_shift_stands_behind_the_sign_and_in_the_legend_with_its_hours() {
        let mut night = person("A", &[("2026-03-06", WorkMode::Wfo), ("2026-03-09", WorkMode::Leave)]);
        night.shifts = HashMap::from([(day("2026-03-06"), 1), (day("2026-03-09"), 1)]);
        let mut sheet = sheet(vec![night]);
        sheet.shifts = vec![shift("pagi", 420, 840), shift("malam", 1_260, 1_860)];
        let facts = facts(&sheet);
        assert_eq!(
            facts["people"][0]["days"],
            json!(["Km", "", "", "TB"]),
            "whoever is away is in no shift"
        );
        let legend = facts["legend"].as_array().unwrap();
        assert_eq!(
            legend.last().unwrap(),
            &json!({"code": "m", "meaning": "shift MALAM, 21.00-07.00"})
        );
        let signs = |codes: &[&str]| {
            let shifts: Vec<Shift> = codes.iter().map(|code| shift(code, 0, 60)).collect();
            shift_signs(&shifts)
        };
        assert_eq!(signs(&["pagi", "petang", "malam"]), ["pa", "pe", "ma"]);
        assert_eq!(signs(&["shift_1", "shift_2"]), ["1", "2"]);
    }

    #[test]
    fn one_that_does_not_hold_says_so() {
        let mut draft = sheet(Vec::new());
        assert_eq!(facts(&draft)["provisional"], Value::Null);
        draft.is_published = false;
        assert_eq!(facts(&draft)["provisional"], "Jadwal ini belum diterbitkan.");
        assert_eq!(facts(&draft)["basis"], "Berdasarkan Surat Edaran Nomor 4 Tahun 2026");
    }
}
