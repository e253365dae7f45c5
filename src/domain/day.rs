//! The state of one person's slot on a work date, from what is expected, what arrived and what time it is.

use crate::domain::instant::Instant;
use crate::domain::instant::Zone;
use crate::domain::slot::CheckInRule;
use crate::domain::slot::SlotRule;
use crate::domain::work_mode::WorkMode;
use chrono::{Duration, NaiveDate};
use serde::{Deserialize, Serialize};

/// How a slot stands (domain report, section 2.4). Derived, never stored: a late but timely captured share turns
/// `missed` into `received`.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SlotState {
    /// The window has not opened yet.
    Expected,
    /// The window, or its grace, is running.
    Open,
    /// A share fills the slot.
    Received,
    /// The window and its grace have passed without a share.
    Missed,
    /// The person is free of sharing for an accepted reason: leave, sickness, training.
    Excused,
    /// The person's mode asks for no share.
    NotRequired,
}

impl SlotState {
    /// Every state, in the order of the documentation.
    pub const ALL: [Self; 6] = [
        Self::Expected,
        Self::Open,
        Self::Received,
        Self::Missed,
        Self::Excused,
        Self::NotRequired,
    ];

    /// The spelling in JSON and queries.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Expected => "expected",
            Self::Open => "open",
            Self::Received => "received",
            Self::Missed => "missed",
            Self::Excused => "excused",
            Self::NotRequired => "not_required",
        }
    }

    /// The inverse of [`SlotState::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }
}

/// What a person's mode says about sharing on a date.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Duty {
    /// Each slot is expected.
    Required,
    /// Freed for an accepted reason.
    Excused,
    /// Nothing to share.
    NotRequired,
}

impl Duty {
    /// What a mode asks for under a check-in rule.
    pub fn of(mode: WorkMode, rule: &CheckInRule) -> Self {
        if rule.is_required(mode) {
            Self::Required
        } else if mode.is_excusing() {
            Self::Excused
        } else {
            Self::NotRequired
        }
    }
}

impl Duty {
    /// What one slot asks: on the day of being taken on, a slot that passed without a share is excused, since whoever
    /// came in with a file at ten could not share at eight. What is still open is asked for, and a share counts.
    #[must_use]
    pub const fn in_slot(self, is_first_day: bool, is_received: bool, time: SlotTime) -> Self {
        match (self, is_first_day && !is_received, time) {
            (Self::Required, true, SlotTime::Over) => Self::Excused,
            _ => self,
        }
    }
}

/// Where a slot stands in time.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum SlotTime {
    /// Not open yet.
    Ahead,
    /// Open, grace included.
    Running,
    /// Closed, grace included.
    Over,
}

/// Where `now` stands to the slot of `date`.
pub fn slot_time(rule: &SlotRule, zone: Zone, date: NaiveDate, now: Instant) -> SlotTime {
    let opens = zone.at_minute(date, rule.window.opens_minute);
    let closes = zone
        .at_minute(date, rule.window.closes_minute)
        .plus(Duration::minutes(i64::from(rule.grace_minutes)));
    if now < opens {
        SlotTime::Ahead
    } else if now <= closes {
        SlotTime::Running
    } else {
        SlotTime::Over
    }
}

/// The state of one slot. A share that arrived is received whatever the mode says: it happened.
pub const fn slot_state(duty: Duty, is_received: bool, time: SlotTime) -> SlotState {
    match (is_received, duty, time) {
        (true, _, _) => SlotState::Received,
        (false, Duty::Excused, _) => SlotState::Excused,
        (false, Duty::NotRequired, _) => SlotState::NotRequired,
        (false, Duty::Required, SlotTime::Ahead) => SlotState::Expected,
        (false, Duty::Required, SlotTime::Running) => SlotState::Open,
        (false, Duty::Required, SlotTime::Over) => SlotState::Missed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state(now: &str, duty: Duty, is_received: bool) -> SlotState {
        let rule = CheckInRule::default().slots[0];
        let date = "2026-03-02".parse().unwrap();
        let time = slot_time(&rule, Zone::Jakarta, date, Instant::parse(now).unwrap());
        slot_state(duty, is_received, time)
    }

    #[test]
    fn a_required_slot_is_expected_then_open_then_missed() {
        let at = |now| state(now, Duty::Required, false);
        assert_eq!(at("2026-03-02T07:29:59+07:00"), SlotState::Expected);
        assert_eq!(at("2026-03-02T07:30:00+07:00"), SlotState::Open);
        assert_eq!(at("2026-03-02T09:10:00+07:00"), SlotState::Open);
        assert_eq!(at("2026-03-02T09:10:01+07:00"), SlotState::Missed);
    }

    #[test]
    fn a_share_counts_as_received_at_any_time_and_in_any_mode() {
        assert_eq!(
            state("2026-03-02T23:00:00+07:00", Duty::Required, true),
            SlotState::Received
        );
        assert_eq!(
            state("2026-03-02T08:00:00+07:00", Duty::NotRequired, true),
            SlotState::Received
        );
        assert_eq!(
            state("2026-03-02T08:00:00+07:00", Duty::Excused, true),
            SlotState::Received
        );
    }

    #[test]
    fn nobody_misses_what_was_not_asked() {
        assert_eq!(
            state("2026-03-02T23:00:00+07:00", Duty::Excused, false),
            SlotState::Excused
        );
        assert_eq!(
            state("2026-03-02T23:00:00+07:00", Duty::NotRequired, false),
            SlotState::NotRequired
        );
    }

    #[test]
    fn what_passed_on_the_day_of_being_taken_on_is_excused_and_the_rest_is_asked() {
        let first = |duty: Duty, is_received, time| duty.in_slot(true, is_received, time);
        assert_eq!(first(Duty::Required, false, SlotTime::Over), Duty::Excused);
        assert_eq!(first(Duty::Required, true, SlotTime::Over), Duty::Required);
        assert_eq!(first(Duty::Required, false, SlotTime::Running), Duty::Required);
        assert_eq!(first(Duty::NotRequired, false, SlotTime::Over), Duty::NotRequired);
        assert_eq!(Duty::Required.in_slot(false, false, SlotTime::Over), Duty::Required);
    }

    #[test]
    fn every_state_reads_back_from_its_code() {
        for state in SlotState::ALL {
            assert_eq!(SlotState::from_code(state.code()), Some(state));
        }
    }
}
