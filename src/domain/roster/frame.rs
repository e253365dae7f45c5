//! Who is there on which work day of a roster, and what is already settled about them.

use crate::domain::circular::jurisdiction::JurisdictionCode;
use crate::domain::circular::mode::PersonFacts;
use crate::domain::circular::mode::is_exempt;
use crate::domain::circular::rule::Criterion;
use crate::domain::circular::rule::PositionLevel;
use crate::domain::ids::EmployeeId;
use crate::domain::roster::grid::Grid;
use crate::domain::roster::mark::Mark;
use crate::domain::roster::terms::DayTerms;
use crate::domain::work_mode::WorkGroup;
use crate::domain::work_mode::WorkMode;
use chrono::NaiveDate;
use std::collections::BTreeSet;

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
    /// What was granted or corrected already, by date.
    pub granted: Vec<(NaiveDate, WorkMode)>,
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
}

impl Frame {
    /// Sorts an agency's people into the work days of a period.
    pub fn new(agency: &Agency, days: Vec<DayTerms>, mut people: Vec<Person>) -> Self {
        people.sort_by_key(|person| person.id);
        people.dedup_by_key(|person| person.id);
        let mut standings = Grid::filled(people.len(), days.len(), Standing::Elsewhere);
        for (index, person) in people.iter().enumerate() {
            for (day, terms) in days.iter().enumerate() {
                standings.set(index, day, standing(agency, terms, person));
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
        }
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

fn standing(agency: &Agency, terms: &DayTerms, person: &Person) -> Standing {
    let Some(post) = person.posts.iter().find(|post| spans(post.from, post.to, terms.date)) else {
        return Standing::Elsewhere;
    };
    if let Some((_, mode)) = person.granted.iter().find(|(date, _)| *date == terms.date) {
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
mod tests {
    use super::*;
    use crate::domain::roster::mark::{MarkEffect, MarkKind};
    use crate::domain::roster::scene::{day, frame, living_in, person};
    use serde_json::json;

    const MONDAY: (&str, &str) = ("2026-03-02", "2026-03-02");

    fn first_day(rules: &serde_json::Value, person: Person) -> Standing {
        frame(rules, MONDAY, vec![person]).standing(0, 0)
    }

    #[test]
    fn without_any_rule_people_are_tied_to_the_office_and_under_a_quota_they_are_free() {
        let tied = first_day(&json!([]), person(1));
        assert!(matches!(
            tied,
            Standing::Tied {
                mode: WorkMode::Wfo,
                by: Tie::NoRule,
                ..
            }
        ));
        let quota = json!([{"kind": "quota", "modes": ["wfh"], "bound": "max", "percent": 50, "scope": "opd"}]);
        let free = first_day(&quota, person(1));
        assert!(matches!(
            free,
            Standing::Free {
                away: WorkMode::Wfh,
                is_by_group: false,
                ..
            }
        ));
    }

    #[test]
    fn a_group_that_a_circular_keeps_at_the_office_stands_outside_of_its_quota() {
        let rules = json!([
            {"kind": "work_mode", "group": "administration", "mode": "wfo"},
            {"kind": "quota", "modes": ["wfh"], "bound": "max", "percent": 50, "scope": "opd"},
        ]);
        let tied = first_day(&rules, person(1));
        assert!(matches!(
            tied,
            Standing::Tied {
                by: Tie::Group(WorkGroup::Administration),
                ..
            }
        ));
    }

    #[test]
    fn what_was_granted_goes_before_every_rule_and_whoever_left_is_elsewhere() {
        let mut granted = person(1);
        granted.granted.push((day("2026-03-02"), WorkMode::Training));
        assert_eq!(first_day(&json!([]), granted), Standing::Granted(WorkMode::Training));
        let mut gone = person(1);
        gone.posts[0].to = Some(day("2026-03-01"));
        assert_eq!(first_day(&json!([]), gone), Standing::Elsewhere);
        let mut after_nights = person(1);
        after_nights.free.insert(day("2026-03-02"));
        assert_eq!(first_day(&json!([]), after_nights), Standing::Elsewhere);
    }

    #[test]
    fn the_home_of_the_day_gives_priority_and_the_first_criterion_counts() {
        let rules = json!([
            {"kind": "quota", "modes": ["wfh"], "bound": "max", "percent": 50, "scope": "opd"},
            {"kind": "priority", "order": 2, "criterion": {"is": "domicile_in", "codes": ["36"]}},
            {"kind": "priority", "order": 1, "criterion": {"is": "domicile_in", "codes": ["36.71"]}},
        ]);
        let order = |person| {
            let Standing::Free { priority, .. } = first_day(&rules, person) else {
                panic!("nobody is tied under a quota");
            };
            priority
        };
        assert_eq!(order(living_in(person(1), "36.71.01.1001")), Priority(1));
        assert_eq!(order(living_in(person(1), "36.01.01.2001")), Priority(2));
        assert_eq!(order(living_in(person(1), "31.71.01.1001")), Priority::NONE);
        assert!(!order(person(1)).is_some());
        let mut moved = living_in(person(1), "36.71.01.1001");
        moved.domiciles[0].to = Some(day("2026-03-01"));
        assert_eq!(order(moved), Priority::NONE);
    }

    #[test]
    fn criteria_that_nothing_known_here_can_tell_are_named() {
        let rules = json!([
            {"kind": "priority", "order": 1, "criterion": {"is": "age_from", "years": 50}},
            {"kind": "priority", "order": 2, "criterion": {"is": "domicile_in", "codes": ["36"]}},
            {"kind": "priority", "order": 3, "criterion": {"is": "pregnant"}},
        ]);
        let frame = frame(&rules, MONDAY, vec![person(1)]);
        assert_eq!(frame.unknown_criteria, [(day("2026-03-02"), "age_from")]);
    }

    fn marked(number: u128, kind: MarkKind, effect: MarkEffect) -> Person {
        let mut person = person(number);
        person.marks.push(Mark {
            kind,
            effect,
            from: day("2026-03-02"),
            to: day("2026-03-02"),
        });
        person
    }

    #[test]
    fn a_mark_exempts_on_its_days_and_goes_before_what_a_circular_says() {
        let rules = json!([
            {"kind": "quota", "modes": ["wfh"], "bound": "max", "percent": 50, "scope": "opd"},
            {"kind": "exempt", "position_level": "staff", "mode": "wfo"},
        ]);
        let expecting = marked(1, MarkKind::Pregnant, MarkEffect::ExemptAtHome);
        let frame = frame(&rules, ("2026-03-02", "2026-03-03"), vec![expecting]);
        let tie = |day| {
            let Standing::Tied { mode, by, .. } = frame.standing(0, day) else {
                panic!("the mark or the circular ties");
            };
            (mode, by)
        };
        assert_eq!(tie(0), (WorkMode::Wfh, Tie::Mark));
        assert_eq!(tie(1), (WorkMode::Wfo, Tie::Exempt));
    }

    #[test]
    fn a_mark_gives_priority_where_the_circular_names_its_kind() {
        let rules = json!([
            {"kind": "quota", "modes": ["wfh"], "bound": "max", "percent": 50, "scope": "opd"},
            {"kind": "priority", "order": 3, "criterion": {"is": "small_child"}},
        ]);
        let order = |kind| {
            let Standing::Free { priority, .. } = first_day(&rules, marked(1, kind, MarkEffect::Priority)) else {
                panic!("priority ties nobody");
            };
            priority
        };
        assert_eq!(order(MarkKind::SmallChild), Priority(3));
        assert_eq!(order(MarkKind::Disability), Priority::NONE);
    }
}
