//! What a roster does not keep to, as facts: the same for one that was made by rule and one that was changed by hand.

use crate::domain::circular::rule::PositionLevel;
use crate::domain::circular::rule::QuotaBound;
use crate::domain::ids::EmployeeId;
use crate::domain::work_mode::WorkMode;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Weight {
    /// A rule is not kept; handing the roster in needs a reason.
    Rule,
    /// Worth a look.
    Warning,
    /// To be known.
    Note,
}

/// One thing that was found.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Finding {
    /// A quota is not met.
    Quota {
        /// The work day.
        date: NaiveDate,
        /// The modes that it counts together.
        modes: Vec<WorkMode>,
        /// Floor, ceiling or aim.
        bound: QuotaBound,
        /// 0 to 100.
        percent: u8,
        /// The people of whom the percent is.
        people: usize,
        /// At least so many of them.
        least: usize,
        /// At most so many.
        most: usize,
        /// How many there are.
        counted: usize,
        /// Whether the quota is of the whole jurisdiction, so that others may make up for it.
        is_wider: bool,
    },
    /// People work anywhere although no circular speaks of that.
    AnywhereNotOffered {
        /// The work day.
        date: NaiveDate,
        /// How many people.
        people: usize,
    },
    /// Too few are on picket.
    PicketShort {
        /// The work day.
        date: NaiveDate,
        /// People asked for.
        least: usize,
        /// People on picket.
        counted: usize,
        /// People present who could be.
        available: usize,
    },
    /// A level that is asked for and present is not on picket.
    PicketLevel {
        /// The work day.
        date: NaiveDate,
        /// The level.
        level: PositionLevel,
    },
    /// Nobody of a level that is asked for is present.
    PicketLevelAbsent {
        /// The work day.
        date: NaiveDate,
        /// The level.
        level: PositionLevel,
    },
    /// Somebody whom a circular ties to one mode has another.
    Tied {
        /// The work day.
        date: NaiveDate,
        /// Who.
        employee_id: EmployeeId,
        /// By circular.
        wanted: WorkMode,
        /// By roster.
        planned: WorkMode,
    },
    /// The roster says something else than what was granted or corrected. What was granted holds.
    Granted {
        /// The work day.
        date: NaiveDate,
        /// Who.
        employee_id: EmployeeId,
        /// By roster.
        planned: WorkMode,
    },
    /// Somebody of higher priority is in the office while somebody of a lower one is away.
    PassedOver {
        /// The work day.
        date: NaiveDate,
        /// Who was passed over.
        employee_id: EmployeeId,
        /// Who is away instead.
        instead: EmployeeId,
    },
    /// A member of staff is missing from a day.
    NoEntry {
        /// The work day.
        date: NaiveDate,
        /// Who.
        employee_id: EmployeeId,
    },
    /// Somebody is in the roster who is not on the staff on the day.
    NotOnStaff {
        /// The day.
        date: NaiveDate,
        /// Who.
        employee_id: EmployeeId,
    },
    /// People are on picket on two work days in a row while others of their group were on neither.
    PicketTwice {
        /// The second of the days.
        date: NaiveDate,
        /// How many people.
        people: usize,
    },
    /// Office days are not spread evenly.
    UnevenSpread {
        /// People whose office days are not their fair share, rounded up or down.
        people: usize,
        /// The one who is farthest from it.
        employee_id: EmployeeId,
        /// That person's office days.
        office_days: usize,
        /// The fair share rounded down.
        least: usize,
        /// The fair share rounded up.
        most: usize,
    },
    /// A circular gives priority by something that is not known here.
    CriterionUnknown {
        /// The first work day.
        date: NaiveDate,
        /// The criterion as circulars spell it.
        criterion: String,
    },
}

impl Finding {
    /// How much it weighs.
    pub const fn weight(&self) -> Weight {
        match self {
            Self::Quota { is_wider: true, .. } | Self::PicketTwice { .. } | Self::UnevenSpread { .. } => {
                Weight::Warning
            }
            Self::PicketLevelAbsent { .. } | Self::CriterionUnknown { .. } => Weight::Note,
            Self::Quota { is_wider: false, .. }
            | Self::AnywhereNotOffered { .. }
            | Self::PicketShort { .. }
            | Self::PicketLevel { .. }
            | Self::Tied { .. }
            | Self::Granted { .. }
            | Self::PassedOver { .. }
            | Self::NoEntry { .. }
            | Self::NotOnStaff { .. } => Weight::Rule,
        }
    }

    /// The kind's spelling in JSON.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Quota { .. } => "quota",
            Self::AnywhereNotOffered { .. } => "anywhere_not_offered",
            Self::PicketShort { .. } => "picket_short",
            Self::PicketLevel { .. } => "picket_level",
            Self::PicketLevelAbsent { .. } => "picket_level_absent",
            Self::Tied { .. } => "tied",
            Self::Granted { .. } => "granted",
            Self::PassedOver { .. } => "passed_over",
            Self::NoEntry { .. } => "no_entry",
            Self::NotOnStaff { .. } => "not_on_staff",
            Self::PicketTwice { .. } => "picket_twice",
            Self::UnevenSpread { .. } => "uneven_spread",
            Self::CriterionUnknown { .. } => "criterion_unknown",
        }
    }

    /// The work day that it is about; none where it is about the period.
    pub const fn date(&self) -> Option<NaiveDate> {
        match self {
            Self::Quota { date, .. }
            | Self::AnywhereNotOffered { date, .. }
            | Self::PicketShort { date, .. }
            | Self::PicketLevel { date, .. }
            | Self::PicketLevelAbsent { date, .. }
            | Self::Tied { date, .. }
            | Self::Granted { date, .. }
            | Self::PassedOver { date, .. }
            | Self::NoEntry { date, .. }
            | Self::NotOnStaff { date, .. }
            | Self::PicketTwice { date, .. }
            | Self::CriterionUnknown { date, .. } => Some(*date),
            Self::UnevenSpread { .. } => None,
        }
    }

    /// The person whom it is about, if it is one.
    pub const fn employee_id(&self) -> Option<EmployeeId> {
        match self {
            Self::Tied { employee_id, .. }
            | Self::Granted { employee_id, .. }
            | Self::PassedOver { employee_id, .. }
            | Self::NoEntry { employee_id, .. }
            | Self::NotOnStaff { employee_id, .. }
            | Self::UnevenSpread { employee_id, .. } => Some(*employee_id),
            Self::Quota { .. }
            | Self::AnywhereNotOffered { .. }
            | Self::PicketShort { .. }
            | Self::PicketLevel { .. }
            | Self::PicketLevelAbsent { .. }
            | Self::PicketTwice { .. }
            | Self::CriterionUnknown { .. } => None,
        }
    }
}

/// Most findings that are kept; the others are only counted.
pub const MOST_KEPT: usize = 500;

/// Everything that was found, the weightiest first.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
pub struct Findings {
    /// At most [`MOST_KEPT`].
    pub items: Vec<Finding>,
    /// How many there are of rules that are not kept.
    pub broken_rules: usize,
    /// How many there are in all.
    pub total: usize,
}

impl From<Vec<Finding>> for Findings {
    fn from(mut items: Vec<Finding>) -> Self {
        items.sort_by_key(Finding::weight);
        let broken_rules = items.iter().filter(|finding| finding.weight() == Weight::Rule).count();
        let total = items.len();
        items.truncate(MOST_KEPT);
        Self {
            items,
            broken_rules,
            total,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_breaks_a_rule_comes_first_and_all_is_counted() {
        let date = NaiveDate::from_ymd_opt(2026, 3, 2).unwrap();
        let note = Finding::CriterionUnknown {
            date,
            criterion: "pregnant".to_owned(),
        };
        let rule = Finding::PicketLevel {
            date,
            level: PositionLevel::Staff,
        };
        let mut many = vec![note; MOST_KEPT];
        many.push(rule.clone());
        let findings = Findings::from(many);
        assert_eq!(findings.items[0], rule);
        assert_eq!(
            (findings.items.len(), findings.broken_rules, findings.total),
            (MOST_KEPT, 1, MOST_KEPT + 1)
        );
        let json = serde_json::to_value(&rule).unwrap();
        assert_eq!(json["kind"], rule.kind());
    }
}
