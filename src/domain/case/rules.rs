//! How long people have to reply and to object, and when a case has waited too long: data that BKD sets from a date on.
//!
//! Three working days to reply and a week until somebody is reminded are this project's own proposals. The time to object
//! is that of an administrative appeal (PP 79/2021, 14 working days), which the sources name for decisions of discipline
//! and not for a finding; BKD sets its own (domain report, sections 1.3 and 2.8).

use serde::{Deserialize, Serialize};

/// Fewest and most days of a rule.
pub const DAYS: std::ops::RangeInclusive<u8> = 1..=60;

/// The times of cases.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseRules {
    /// Working days to reply, counted from the day after the notice reached the person.
    pub reply_working_days: u8,
    /// Working days to object to an upheld finding, counted from the day after the notice of it reached the person.
    pub objection_working_days: u8,
    /// Days after which whoever a case waits for is reminded.
    pub waiting_days: u8,
}

impl CaseRules {
    /// What holds where BKD has set nothing.
    pub const fn shipped() -> Self {
        Self {
            reply_working_days: 3,
            objection_working_days: 14,
            waiting_days: 7,
        }
    }

    /// The fields that lie outside [`DAYS`].
    pub fn faults(&self) -> Vec<&'static str> {
        [
            ("reply_working_days", self.reply_working_days),
            ("objection_working_days", self.objection_working_days),
            ("waiting_days", self.waiting_days),
        ]
        .into_iter()
        .filter_map(|(field, days)| (!DAYS.contains(&days)).then_some(field))
        .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ships_is_sound() {
        assert!(CaseRules::shipped().faults().is_empty());
    }

    #[test]
    fn a_time_of_no_days_or_of_too_many_is_named() {
        let rules = CaseRules {
            reply_working_days: 0,
            objection_working_days: 61,
            ..CaseRules::shipped()
        };
        assert_eq!(rules.faults(), ["reply_working_days", "objection_working_days"]);
    }
}
