//! The right of correction: a person says what a day really was, the superior considers it, the operator decides.

use crate::domain::text::{self, TextError};
use crate::domain::work_mode::WorkMode;
use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};

/// How far back a day may lie, days.
pub const OLDEST_DAYS: u64 = 366;
/// Fewest characters of a reason.
pub const SHORTEST_REASON: usize = 10;
/// Most characters of a reason or note.
pub const LONGEST_REASON: usize = 1_000;

/// How far a correction has come.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CorrectionState {
    /// Waiting for the superior; the operator may decide without.
    Submitted,
    /// The superior has said what they think.
    Considered,
    /// It counts.
    Accepted,
    /// It does not; the note says why.
    Refused,
}

impl CorrectionState {
    /// Every state, in order.
    pub const ALL: [Self; 4] = [Self::Submitted, Self::Considered, Self::Accepted, Self::Refused];

    /// The spelling in columns and JSON.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Submitted => "submitted",
            Self::Considered => "considered",
            Self::Accepted => "accepted",
            Self::Refused => "refused",
        }
    }

    /// The inverse of [`CorrectionState::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }

    /// Whether nobody has decided yet.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Submitted | Self::Considered)
    }

    /// The state after a step; `None` where it can't follow.
    pub const fn after(self, step: CorrectionStep) -> Option<Self> {
        match (self, step) {
            (Self::Submitted, CorrectionStep::Consider) => Some(Self::Considered),
            (Self::Submitted | Self::Considered, CorrectionStep::Accept) => Some(Self::Accepted),
            (Self::Submitted | Self::Considered, CorrectionStep::Refuse) => Some(Self::Refused),
            (Self::Considered | Self::Accepted | Self::Refused, CorrectionStep::Consider)
            | (Self::Accepted | Self::Refused, CorrectionStep::Accept | CorrectionStep::Refuse) => None,
        }
    }
}

/// What may be done to a correction.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum CorrectionStep {
    /// The superior supports it, or not.
    Consider,
    /// The operator accepts it.
    Accept,
    /// The operator refuses it.
    Refuse,
}

/// What the person says is right.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum CorrectionWish {
    /// I worked, although a share is missing or does not count; of one slot, or of the day.
    Attended,
    /// I was excused (izin).
    Permission,
    /// Another mode held.
    Mode {
        /// Which.
        mode: WorkMode,
    },
}

impl CorrectionWish {
    /// The spelling of its kind in columns and JSON.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Attended => "attended",
            Self::Permission => "permission",
            Self::Mode { .. } => "mode",
        }
    }

    /// From its kind and mode as stored.
    pub fn from_parts(kind: &str, mode: Option<WorkMode>) -> Option<Self> {
        match (kind, mode) {
            ("attended", None) => Some(Self::Attended),
            ("permission", None) => Some(Self::Permission),
            ("mode", Some(mode)) => Some(Self::Mode { mode }),
            _ => None,
        }
    }

    /// The mode that it asks for.
    pub const fn mode(self) -> Option<WorkMode> {
        match self {
            Self::Attended | Self::Permission => None,
            Self::Mode { mode } => Some(mode),
        }
    }
}

/// What is wrong with a wish.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum CorrectionFault {
    /// The day is ahead.
    #[error("the day is still ahead")]
    Ahead,
    /// Beyond [`OLDEST_DAYS`].
    #[error("the day is more than 366 days ago")]
    TooOld,
    /// A slot was named for something that is about the day as a whole.
    #[error("only attendance is corrected by slot")]
    SlotNotFitting,
    /// The reason can't be kept.
    #[error("{0}")]
    Reason(TextError),
}

/// Holds a wish against the calendar; gives the reason as it is kept. `today` is the date in the agency's zone.
pub fn check(
    wish: CorrectionWish,
    date: NaiveDate,
    has_slot: bool,
    reason: &str,
    today: NaiveDate,
) -> Result<String, CorrectionFault> {
    if date > today {
        return Err(CorrectionFault::Ahead);
    }
    if today
        .checked_sub_days(Days::new(OLDEST_DAYS))
        .is_some_and(|oldest| date < oldest)
    {
        return Err(CorrectionFault::TooOld);
    }
    if has_slot && wish != CorrectionWish::Attended {
        return Err(CorrectionFault::SlotNotFitting);
    }
    text::bounded(reason, SHORTEST_REASON, LONGEST_REASON).map_err(CorrectionFault::Reason)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_decision_is_taken_once_and_needs_no_consideration() {
        let steps = [CorrectionStep::Consider, CorrectionStep::Accept, CorrectionStep::Refuse];
        let mut allowed = Vec::new();
        for state in CorrectionState::ALL {
            for step in steps {
                allowed.extend(state.after(step).map(|next| (state.code(), next.code())));
            }
        }
        assert_eq!(
            allowed,
            [
                ("submitted", "considered"),
                ("submitted", "accepted"),
                ("submitted", "refused"),
                ("considered", "accepted"),
                ("considered", "refused"),
            ]
        );
    }

    #[test]
    fn a_wish_is_about_a_day_of_the_last_year_and_says_why() {
        let today = day("2026-03-05");
        let of = |date: &str, wish, has_slot, reason: &str| check(wish, day(date), has_slot, reason, today);
        let reason = "  Ponsel saya rusak hari itu. ";
        let attended = CorrectionWish::Attended;
        assert_eq!(of("2026-03-05", attended, true, reason).as_deref(), Ok(reason.trim()));
        assert_eq!(of("2026-03-06", attended, true, reason), Err(CorrectionFault::Ahead));
        assert_eq!(of("2025-03-04", attended, true, reason).as_deref(), Ok(reason.trim()));
        assert_eq!(of("2025-03-03", attended, true, reason), Err(CorrectionFault::TooOld));
        let permission = CorrectionWish::Permission;
        assert_eq!(
            of("2026-03-05", permission, true, reason),
            Err(CorrectionFault::SlotNotFitting)
        );
        assert!(matches!(
            of("2026-03-05", permission, false, "Sakit"),
            Err(CorrectionFault::Reason(_))
        ));
    }

    #[test]
    fn wishes_and_states_read_back() {
        for state in CorrectionState::ALL {
            assert_eq!(CorrectionState::from_code(state.code()), Some(state));
            assert_eq!(serde_json::to_value(state).unwrap(), state.code());
        }
        let mode = CorrectionWish::Mode { mode: WorkMode::Sick };
        for wish in [CorrectionWish::Attended, CorrectionWish::Permission, mode] {
            assert_eq!(CorrectionWish::from_parts(wish.code(), wish.mode()), Some(wish));
        }
        assert_eq!(CorrectionWish::from_parts("mode", None), None);
    }
}
