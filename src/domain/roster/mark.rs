//! Dated marks on a person that exempt them from a roster's turns or let them come first (domain report, section 2.1).
//!
//! Some kinds tell of health. The roster needs to know that such a mark is there, and nobody who reads a roster needs to
//! know which: its reasons name none, and lists of marks leave the kind out ([`MarkKind::is_health`]).

use crate::domain::circular::rule::Criterion;
use crate::domain::ids::EmployeeId;
use crate::domain::work_mode::WorkMode;
use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};

/// Longest reason, characters.
pub const LONGEST_REASON: usize = 500;

/// Longest stretch of a mark, days; who needs it longer is marked again, so that somebody looks.
pub const LONGEST_DAYS: u64 = 366;

/// What makes a person one of those whom circulars spare.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MarkKind {
    /// Pregnant or nursing.
    Pregnant,
    /// A chronic illness.
    ChronicIllness,
    /// A disability.
    Disability,
    /// A small child at home.
    SmallChild,
    /// Cares for somebody of the family.
    FamilyCare,
    /// Comes by public transport.
    PublicTransport,
    /// Is on a long way home or back at a holiday.
    LongJourney,
}

impl MarkKind {
    /// Every kind, in the order of the documentation.
    pub const ALL: [Self; 7] = [
        Self::Pregnant,
        Self::ChronicIllness,
        Self::Disability,
        Self::SmallChild,
        Self::FamilyCare,
        Self::PublicTransport,
        Self::LongJourney,
    ];

    /// The spelling in columns and JSON.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Pregnant => "pregnant",
            Self::ChronicIllness => "chronic_illness",
            Self::Disability => "disability",
            Self::SmallChild => "small_child",
            Self::FamilyCare => "family_care",
            Self::PublicTransport => "public_transport",
            Self::LongJourney => "long_journey",
        }
    }

    /// The inverse of [`MarkKind::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// Whether the kind tells of somebody's health: the person's own, or that of the family whom they care for.
    pub const fn is_health(self) -> bool {
        match self {
            Self::Pregnant | Self::ChronicIllness | Self::Disability | Self::FamilyCare => true,
            Self::SmallChild | Self::PublicTransport | Self::LongJourney => false,
        }
    }

    /// Whether a circular's criterion of priority speaks of people so marked.
    pub const fn meets(self, criterion: &Criterion) -> bool {
        match criterion {
            Criterion::Pregnant => matches!(self, Self::Pregnant),
            Criterion::ChronicIllness => matches!(self, Self::ChronicIllness),
            Criterion::Disability => matches!(self, Self::Disability),
            Criterion::SmallChild => matches!(self, Self::SmallChild),
            Criterion::FamilyCare => matches!(self, Self::FamilyCare),
            Criterion::PublicTransport => matches!(self, Self::PublicTransport),
            Criterion::LongJourney => matches!(self, Self::LongJourney),
            Criterion::DomicileIn { .. } | Criterion::OfficeIn { .. } | Criterion::AgeFrom { .. } => false,
        }
    }
}

/// What a mark does.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MarkEffect {
    /// The person takes no turns: works at home on every day that a roster plans, outside of every percent that leaves the
    /// exempt out.
    ExemptAtHome,
    /// The person takes no turns: works at the office on every day.
    ExemptAtOffice,
    /// The person comes first where the circular in force gives priority to the kind; else nothing changes.
    Priority,
}

impl MarkEffect {
    /// Every effect, in the order of the documentation.
    pub const ALL: [Self; 3] = [Self::ExemptAtHome, Self::ExemptAtOffice, Self::Priority];

    /// The spelling in columns and JSON.
    pub const fn code(self) -> &'static str {
        match self {
            Self::ExemptAtHome => "exempt_at_home",
            Self::ExemptAtOffice => "exempt_at_office",
            Self::Priority => "priority",
        }
    }

    /// The inverse of [`MarkEffect::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|effect| effect.code() == code)
    }

    /// Where an exempt person works.
    pub const fn mode(self) -> Option<WorkMode> {
        match self {
            Self::ExemptAtHome => Some(WorkMode::Wfh),
            Self::ExemptAtOffice => Some(WorkMode::Wfo),
            Self::Priority => None,
        }
    }
}

/// A mark as a roster needs it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Mark {
    /// What for.
    pub kind: MarkKind,
    /// What it does.
    pub effect: MarkEffect,
    /// First day.
    pub from: NaiveDate,
    /// Last day, inclusive.
    pub to: NaiveDate,
}

impl Mark {
    /// Whether it holds on a date.
    pub fn spans(&self, date: NaiveDate) -> bool {
        self.from <= date && date <= self.to
    }
}

/// A mark as an operator sets it.
#[derive(Clone, Eq, PartialEq)]
pub struct MarkDraft {
    /// Whose.
    pub employee_id: EmployeeId,
    /// The mark.
    pub mark: Mark,
    /// Why, 1 to [`LONGEST_REASON`] characters. May tell of health.
    pub reason: String,
}

/// Kinds and reasons may tell of health.
impl std::fmt::Debug for MarkDraft {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "MarkDraft({})", self.employee_id)
    }
}

/// What is wrong with a mark by itself.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum MarkFault {
    /// Begins before today.
    #[error("a mark begins today or later")]
    Past,
    /// Ends before it begins, or later than [`LONGEST_DAYS`] after today.
    #[error("a mark ends on its first day or later, at most 366 days from today")]
    Length,
    /// A kind that no rule exempts by itself is only for priority.
    #[error("this kind gives priority only")]
    PriorityOnly,
}

/// Checks a mark; `today` is the date at the agency.
pub fn check(mark: &Mark, today: NaiveDate) -> Result<(), MarkFault> {
    if mark.from < today {
        return Err(MarkFault::Past);
    }
    let latest = today.checked_add_days(Days::new(LONGEST_DAYS));
    if mark.to < mark.from || latest.is_some_and(|latest| mark.to > latest) {
        return Err(MarkFault::Length);
    }
    let is_of_the_way = matches!(mark.kind, MarkKind::PublicTransport | MarkKind::LongJourney);
    if is_of_the_way && mark.effect != MarkEffect::Priority {
        return Err(MarkFault::PriorityOnly);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::roster::scene::day;

    fn mark(kind: MarkKind, effect: MarkEffect, from: &str, to: &str) -> Mark {
        Mark {
            kind,
            effect,
            from: day(from),
            to: day(to),
        }
    }

    #[test]
    fn every_code_reads_back() {
        for kind in MarkKind::ALL {
            assert_eq!(MarkKind::from_code(kind.code()), Some(kind));
        }
        for effect in MarkEffect::ALL {
            assert_eq!(MarkEffect::from_code(effect.code()), Some(effect));
        }
    }

    #[test]
    fn a_mark_begins_today_at_the_earliest_and_ends_within_a_year() {
        let today = day("2026-03-02");
        let checked = |from, to| check(&mark(MarkKind::Pregnant, MarkEffect::ExemptAtHome, from, to), today);
        assert_eq!(checked("2026-03-02", "2026-08-31"), Ok(()));
        assert_eq!(checked("2026-03-01", "2026-08-31"), Err(MarkFault::Past));
        assert_eq!(checked("2026-03-03", "2026-03-02"), Err(MarkFault::Length));
        assert_eq!(checked("2026-03-02", "2027-03-03"), Ok(()));
        assert_eq!(checked("2026-03-02", "2027-03-04"), Err(MarkFault::Length));
        let bus = mark(
            MarkKind::PublicTransport,
            MarkEffect::ExemptAtHome,
            "2026-03-02",
            "2026-03-31",
        );
        assert_eq!(check(&bus, today), Err(MarkFault::PriorityOnly));
    }

    #[test]
    fn each_kind_meets_its_own_criterion_and_no_other() {
        let criteria = [
            Criterion::Pregnant,
            Criterion::ChronicIllness,
            Criterion::Disability,
            Criterion::SmallChild,
            Criterion::FamilyCare,
            Criterion::PublicTransport,
            Criterion::LongJourney,
        ];
        for (index, kind) in MarkKind::ALL.into_iter().enumerate() {
            for (other, criterion) in criteria.iter().enumerate() {
                assert_eq!(kind.meets(criterion), index == other);
            }
            assert!(!kind.meets(&Criterion::AgeFrom { years: 50 }));
        }
    }
}
