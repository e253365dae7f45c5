//! Who is there on which work day of a roster, and what is already settled about them.

use crate::domain::circular::jurisdiction::JurisdictionCode;
use crate::domain::circular::mode::PersonFacts;
use crate::domain::circular::mode::is_exempt;
use crate::domain::circular::rule::Criterion;
use crate::domain::circular::rule::PositionLevel;
use crate::domain::half::DayPart;
use crate::domain::half::Half;
use crate::domain::half::Halved;
use crate::domain::ids::EmployeeId;
use crate::domain::roster::grid::Grid;
use crate::domain::roster::mark::Mark;
use crate::domain::roster::terms::DayTerms;
use crate::domain::work_mode::WorkGroup;
use crate::domain::work_mode::WorkMode;
use chrono::NaiveDate;
use std::collections::{BTreeMap, BTreeSet};

/// The agency that a roster is for.
#[derive(Clone, Debug)]
pub struct Agency {
    /// Its code.
    pub code: String,
    /// Where it stands and whose circulars hold for it.
    pub region: JurisdictionCode,
    /// What kinds of service it gives.
    pub service_kinds: Vec<String>,
}

/// A post held in the agency, both days inside.
#[derive(Clone, Copy, Debug)]
pub struct Post {
    /// First day.
    pub from: NaiveDate,
    /// Last day; open is the present.
    pub to: Option<NaiveDate>,
    /// How circulars group the person.
    pub work_group: WorkGroup,
    /// The level of the post.
    pub level: PositionLevel,
}

/// A stretch of living somewhere, by the registered home's village; never by its position.
#[derive(Clone, Debug)]
pub struct Domicile {
    /// First day.
    pub from: NaiveDate,
    /// Last day; open is the present.
    pub to: Option<NaiveDate>,
    /// Kemendagri code of the village.
    pub village: JurisdictionCode,
}

/// One of the agency's people.
#[derive(Clone, Debug)]
pub struct Person {
    /// Who.
    pub id: EmployeeId,
    /// The posts held in this agency.
    pub posts: Vec<Post>,
    /// Where the person lives.
    pub domiciles: Vec<Domicile>,
    /// What was granted or corrected already, by date and part of it.
    pub granted: Vec<(NaiveDate, DayPart, WorkMode)>,
    /// Work days of the roster on which the person's own schedule leaves them free.
    pub free: BTreeSet<NaiveDate>,
    /// Marks that exempt the person or let them come first.
    pub marks: Vec<Mark>,
    /// Whether the person was on picket on the last work day before the period.
    pub had_picket: bool,
}

/// The order of priority; lower comes first, and those without any come last.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Priority(u16);

impl Priority {
    /// Of those to whom no criterion applies.
    pub const NONE: Self = Self(u16::MAX);

    /// Whether some criterion applies.
    pub fn is_some(self) -> bool {
        self != Self::NONE
    }
}

/// What ties a person to one mode.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Tie {
    /// The circular exempts the person.
    Exempt,
    /// A mark of the agency exempts the person from every turn.
    Mark,
    /// The circular keeps the person's group at the office.
    Group(WorkGroup),
    /// No rule speaks about the person on a day without quotas.
    NoRule,
}

/// How a person stands on a work day before anything is decided.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Standing {
    /// Not on the agency's staff, or free by schedule: nothing is planned for the person.
    Elsewhere,
    /// Something was granted or corrected already.
    Granted(WorkMode),
    /// Works in one mode.
    Tied {
        /// Which.
        mode: WorkMode,
        /// By what.
        by: Tie,
        /// The level of the post.
        level: PositionLevel,
    },
    /// May be sent home or called in.
    Free {
        /// Who comes first.
        priority: Priority,
        /// The level of the post.
        level: PositionLevel,
        /// Where the person works when not called in.
        away: WorkMode,
        /// Whether a circular's default for the group says so.
        is_by_group: bool,
        /// The group.
        group: WorkGroup,
    },
}

/// The people and days of a roster.
#[derive(Clone, Debug)]
pub struct Frame {
    /// The work days in order.
    pub days: Vec<DayTerms>,
    /// The people in the order of their ids.
    pub people: Vec<EmployeeId>,
    /// Who was on picket on the work day before the first.
    pub had_picket: Vec<bool>,
    /// Criteria of priority, by date, that nothing known here can tell.
    pub unknown_criteria: Vec<(NaiveDate, &'static str)>,
    standings: Grid<Standing>,
    /// Those of whose day only a part was granted, or each half something else: how they stand in each half.
    halves: BTreeMap<(usize, usize), Halved<Standing>>,
}

impl Standing {
    /// The mode of a half that no roster has planned: what ties the person, else the circular's default for the group,
    /// else the office.
    pub const fn unplanned(self) -> WorkMode {
        match self {
            Self::Granted(mode) | Self::Tied { mode, .. } => mode,
            Self::Free {
                away,
                is_by_group: true,
                ..
            } => away,
            Self::Free { .. } => WorkMode::Wfo,
            Self::Elsewhere => WorkMode::Off,
        }
    }
}

impl Frame {
    /// Sorts an agency's people into the work days of a period.
    pub fn new(agency: &Agency, days: Vec<DayTerms>, mut people: Vec<Person>) -> Self {
        people.sort_by_key(|person| person.id);
        people.dedup_by_key(|person| person.id);
        let mut standings = Grid::filled(people.len(), days.len(), Standing::Elsewhere);
        let mut halves = BTreeMap::new();
        for (index, person) in people.iter().enumerate() {
            for (day, terms) in days.iter().enumerate() {
                standings.set(index, day, standing(agency, terms, person, None));
                let is_parted = person
                    .granted
                    .iter()
                    .any(|(date, part, _)| *date == terms.date && *part != DayPart::All);
                if is_parted {
                    let [morning, afternoon] = Half::ALL.map(|half| standing(agency, terms, person, Some(half)));
                    halves.insert((index, day), Halved::parted(morning, afternoon));
                }
            }
        }
        let mut unknown_criteria = BTreeSet::new();
        for terms in &days {
            for rule in &terms.priorities {
                if let Some(name) = unknown(agency, &rule.criterion) {
                    unknown_criteria.insert((terms.date, name));
                }
            }
        }
        Self {
            had_picket: people.iter().map(|person| person.had_picket).collect(),
            people: people.into_iter().map(|person| person.id).collect(),
            days,
            unknown_criteria: unknown_criteria.into_iter().collect(),
            standings,
            halves,
        }
    }

    /// How a person stands in each half of a day of which only a part was granted, or each half something else. The day as
    /// a whole is not planned then: whoever is away for half of it does not count for picket duty or a quota.
    pub fn halves(&self, person: usize, day: usize) -> Option<&Halved<Standing>> {
        self.halves.get(&(person, day))
    }

    /// Whether anybody's halves differ.
    pub fn has_halves(&self) -> bool {
        !self.halves.is_empty()
    }

    /// The same people and days as they stand in one half of each day.
    #[must_use]
    pub fn in_half(&self, half: Half) -> Self {
        let mut frame = self.clone();
        for ((person, day), standings) in &self.halves {
            frame.standings.set(*person, *day, *standings.of(half));
        }
        frame
    }

    /// How a person stands on a day.
    pub fn standing(&self, person: usize, day: usize) -> Standing {
        self.standings.get(person, day)
    }

    /// The modes that people are tied to on a day, a person each.
    pub fn tied_modes(&self, day: usize) -> impl Iterator<Item = WorkMode> {
        (0..self.people.len()).filter_map(move |person| match self.standing(person, day) {
            Standing::Tied { mode, .. } => Some(mode),
            Standing::Elsewhere | Standing::Granted(_) | Standing::Free { .. } => None,
        })
    }

    /// The place of a person in the frame.
    pub fn person(&self, id: EmployeeId) -> Option<usize> {
        self.people.binary_search(&id).ok()
    }

    /// The place of a date in the frame.
    pub fn day(&self, date: NaiveDate) -> Option<usize> {
        self.days.binary_search_by_key(&date, |terms| terms.date).ok()
    }
}

fn spans(from: NaiveDate, to: Option<NaiveDate>, date: NaiveDate) -> bool {
    from <= date && to.is_none_or(|last| date <= last)
}

/// How a person stands on a day: in one half of it, or as a whole, for which any part that was granted counts.
fn standing(agency: &Agency, terms: &DayTerms, person: &Person, half: Option<Half>) -> Standing {
    let Some(post) = person.posts.iter().find(|post| spans(post.from, post.to, terms.date)) else {
        return Standing::Elsewhere;
    };
    let mut granted = person
        .granted
        .iter()
        .filter(|(date, part, _)| *date == terms.date && half.is_none_or(|half| part.covers(half)));
    if let Some((_, _, mode)) = granted.next() {
        return Standing::Granted(*mode);
    }
    if person.free.contains(&terms.date) {
        return Standing::Elsewhere;
    }
    let facts = PersonFacts {
        work_group: post.work_group,
        level: post.level,
        agency_code: &agency.code,
        service_kinds: &agency.service_kinds,
    };
    let tied = |mode, by| Standing::Tied {
        mode,
        by,
        level: post.level,
    };
    // The agency knows the person; the circular speaks of many.
    let mut held = person.marks.iter().filter(|mark| mark.spans(terms.date));
    if let Some(mode) = held.find_map(|mark| mark.effect.mode()) {
        return tied(mode, Tie::Mark);
    }
    if let Some(rule) = terms.exemptions.iter().find(|rule| is_exempt(rule, &facts)) {
        return tied(rule.mode, Tie::Exempt);
    }
    let default = terms.group_mode(post.work_group).map(|(mode, _)| mode);
    let away = match default {
        Some(WorkMode::Wfo) => return tied(WorkMode::Wfo, Tie::Group(post.work_group)),
        None if terms.quotas.is_empty() => return tied(WorkMode::Wfo, Tie::NoRule),
        None => WorkMode::Wfh,
        Some(mode) => mode,
    };
    Standing::Free {
        priority: priority(agency, terms, person),
        level: post.level,
        away,
        is_by_group: default.is_some(),
        group: post.work_group,
    }
}

fn priority(agency: &Agency, terms: &DayTerms, person: &Person) -> Priority {
    let village = person
        .domiciles
        .iter()
        .filter(|domicile| spans(domicile.from, domicile.to, terms.date))
        .max_by_key(|domicile| domicile.from)
        .map(|domicile| &domicile.village);
    let applies = |criterion: &Criterion| match criterion {
        Criterion::DomicileIn { codes } => village.is_some_and(|village| codes.iter().any(|code| code.covers(village))),
        Criterion::OfficeIn { codes } => codes.iter().any(|code| code.covers(&agency.region)),
        Criterion::AgeFrom { .. } => false,
        Criterion::Pregnant
        | Criterion::ChronicIllness
        | Criterion::Disability
        | Criterion::SmallChild
        | Criterion::FamilyCare
        | Criterion::PublicTransport
        | Criterion::LongJourney => {
            let mut marks = person.marks.iter().filter(|mark| mark.spans(terms.date));
            marks.any(|mark| mark.kind.meets(criterion))
        }
    };
    terms
        .priorities
        .iter()
        .find(|rule| applies(&rule.criterion))
        .map_or(Priority::NONE, |rule| Priority(rule.order))
}

/// The name of a criterion that nothing known here can tell: ages are not kept, and only an agency of one regency is known to
/// stand in it. Of health, family and travel the agency's marks tell.
fn unknown(agency: &Agency, criterion: &Criterion) -> Option<&'static str> {
    match criterion {
        Criterion::DomicileIn { .. }
        | Criterion::Pregnant
        | Criterion::ChronicIllness
        | Criterion::Disability
        | Criterion::SmallChild
        | Criterion::FamilyCare
        | Criterion::PublicTransport
        | Criterion::LongJourney => None,
        Criterion::OfficeIn { .. } => (agency.region.depth() < 2).then_some("office_in"),
        Criterion::AgeFrom { .. } => Some("age_from"),
    }
}

#[cfg(test)]
#[path = "frame_tests.rs"]
mod tests;
