//! Where one daily entry of work stands, which step may follow which, and what a review says (LKH, kegiatan harian).

pub mod entry;
pub mod entry_day;
pub mod sentence;

use crate::domain::ids::EmployeeId;
use crate::domain::text::{self, TextError};
use serde::{Deserialize, Serialize};

/// Most characters of a reviewer's note.
pub const NOTE_CHARACTERS: usize = 1_000;
/// Most files behind one entry.
pub const EVIDENCE_MAXIMUM: usize = 5;

/// Where an entry stands.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ActivityState {
    /// Being written by its owner; nobody else sees it.
    Draft,
    /// Waiting for the direct superior.
    Submitted,
    /// Waited too long and waits for the next superior too. Time never approves anything.
    Escalated,
    /// Accepted by a reviewer.
    Approved,
    /// Sent back to be mended; an edit makes it a draft again.
    Returned,
    /// Refused for good; its hours are free for another entry.
    Rejected,
    /// Its month is closed. What the review said stays beside it.
    Locked,
}

impl ActivityState {
    /// Every state, in the order of an entry's life.
    pub const ALL: [Self; 7] = [
        Self::Draft,
        Self::Submitted,
        Self::Escalated,
        Self::Approved,
        Self::Returned,
        Self::Rejected,
        Self::Locked,
    ];

    /// The spelling in columns and JSON.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Submitted => "submitted",
            Self::Escalated => "escalated",
            Self::Approved => "approved",
            Self::Returned => "returned",
            Self::Rejected => "rejected",
            Self::Locked => "locked",
        }
    }

    /// The inverse of [`ActivityState::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }

    /// Whether the owner may still change the fields and the evidence.
    pub const fn is_editable(self) -> bool {
        matches!(self, Self::Draft | Self::Returned)
    }

    /// Whether a reviewer may decide.
    pub const fn awaits_review(self) -> bool {
        matches!(self, Self::Submitted | Self::Escalated)
    }

    /// The state after `step`, or why the step can't be taken.
    pub const fn after(self, step: Step) -> Result<Self, StepError> {
        let (allowed, next) = match step {
            Step::Edit => (self.is_editable(), Self::Draft),
            Step::Submit => (self.is_editable(), Self::Submitted),
            Step::Escalate => (matches!(self, Self::Submitted), Self::Escalated),
            Step::Decide(decision) => (self.awaits_review(), decision.state()),
            Step::Lock => (!matches!(self, Self::Locked), Self::Locked),
        };
        if allowed {
            Ok(next)
        } else {
            Err(StepError { from: self })
        }
    }
}

/// What may be done to an entry.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Step {
    /// The owner changes fields.
    Edit,
    /// The owner hands it in.
    Submit,
    /// Time has passed without a decision.
    Escalate,
    /// A reviewer decides.
    Decide(Decision),
    /// The month is closed.
    Lock,
}

/// The step can't follow this state.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("an entry that is {} does not allow this", from.code())]
pub struct StepError {
    /// Where the entry stands.
    pub from: ActivityState,
}

/// What a reviewer says about an entry.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// It counts.
    Approved,
    /// It needs mending.
    Returned,
    /// It does not count.
    Rejected,
}

impl Decision {
    /// Every decision.
    pub const ALL: [Self; 3] = [Self::Approved, Self::Returned, Self::Rejected];

    /// The spelling in columns and JSON.
    pub const fn code(self) -> &'static str {
        self.state().code()
    }

    /// The inverse of [`Decision::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|decision| decision.code() == code)
    }

    /// The state that the decision leads to.
    pub const fn state(self) -> ActivityState {
        match self {
            Self::Approved => ActivityState::Approved,
            Self::Returned => ActivityState::Returned,
            Self::Rejected => ActivityState::Rejected,
        }
    }
}

/// Why a review can't be given.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum ReviewError {
    /// Nobody reviews their own work (domain report, 2.6).
    #[error("nobody reviews their own entry")]
    OwnEntry,
    /// A return or a rejection needs a reason of at least 3 characters.
    #[error("a return or rejection needs a note")]
    NoteMissing,
    /// The note is not sound.
    #[error("note: {0}")]
    Note(TextError),
    /// The entry does not wait for a decision.
    #[error(transparent)]
    Step(#[from] StepError),
}

/// What a review leaves behind.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Review {
    /// What was decided.
    pub decision: Decision,
    /// Why; always there for a return or rejection, up to 1,000 characters.
    pub note: Option<String>,
}

/// Decides on an entry of `owner` that stands at `state`. The caller has checked that the reviewer is a superior.
pub fn review(
    state: ActivityState,
    owner: EmployeeId,
    reviewer: EmployeeId,
    decision: Decision,
    note: Option<&str>,
) -> Result<(ActivityState, Review), ReviewError> {
    if owner == reviewer {
        return Err(ReviewError::OwnEntry);
    }
    let note = text::optional(note, NOTE_CHARACTERS).map_err(ReviewError::Note)?;
    let needs_note = match decision {
        Decision::Approved => false,
        Decision::Returned | Decision::Rejected => true,
    };
    if needs_note && note.as_ref().is_none_or(|note| note.chars().count() < 3) {
        return Err(ReviewError::NoteMissing);
    }
    let next = state.after(Step::Decide(decision))?;
    Ok((next, Review { decision, note }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn person(number: u128) -> EmployeeId {
        EmployeeId::new(Uuid::from_u128(number))
    }

    fn decide(state: ActivityState, decision: Decision, note: Option<&str>) -> Result<ActivityState, ReviewError> {
        review(state, person(1), person(2), decision, note).map(|(next, _)| next)
    }

    #[test]
    fn codes_read_back() {
        for state in ActivityState::ALL {
            assert_eq!(ActivityState::from_code(state.code()), Some(state));
        }
        for decision in Decision::ALL {
            assert_eq!(Decision::from_code(decision.code()), Some(decision));
        }
        assert_eq!(Decision::from_code("draft"), None);
    }

    #[test]
    fn only_drafts_and_returned_entries_can_be_edited_and_submitted() {
        for state in ActivityState::ALL {
            let may = matches!(state, ActivityState::Draft | ActivityState::Returned);
            assert_eq!(state.after(Step::Edit).is_ok(), may, "{state:?}");
            assert_eq!(state.after(Step::Submit).is_ok(), may, "{state:?}");
        }
        assert_eq!(ActivityState::Returned.after(Step::Edit), Ok(ActivityState::Draft));
    }

    #[test]
    fn only_waiting_entries_are_decided() {
        for state in ActivityState::ALL {
            let may = matches!(state, ActivityState::Submitted | ActivityState::Escalated);
            for decision in Decision::ALL {
                let expected = if may {
                    Ok(decision.state())
                } else {
                    Err(StepError { from: state }.into())
                };
                assert_eq!(decide(state, decision, Some("sudah dibaca")), expected);
            }
        }
    }

    #[test]
    fn time_escalates_but_never_approves() {
        for state in ActivityState::ALL {
            let after = state.after(Step::Escalate);
            assert_ne!(after, Ok(ActivityState::Approved));
            assert_eq!(after.is_ok(), state == ActivityState::Submitted);
        }
    }

    #[test]
    fn a_closed_month_locks_every_entry_once() {
        for state in ActivityState::ALL {
            assert_eq!(state.after(Step::Lock).is_ok(), state != ActivityState::Locked);
        }
    }

    #[test]
    fn nobody_reviews_their_own_entry() {
        for decision in Decision::ALL {
            let refused = review(ActivityState::Submitted, person(1), person(1), decision, Some("bagus"));
            assert_eq!(refused, Err(ReviewError::OwnEntry));
        }
    }

    #[test]
    fn a_return_or_rejection_says_why() {
        let waiting = ActivityState::Submitted;
        for decision in [Decision::Returned, Decision::Rejected] {
            assert_eq!(decide(waiting, decision, None), Err(ReviewError::NoteMissing));
            assert_eq!(decide(waiting, decision, Some("  ab ")), Err(ReviewError::NoteMissing));
            assert_eq!(decide(waiting, decision, Some("abc")), Ok(decision.state()));
        }
        assert_eq!(decide(waiting, Decision::Approved, None), Ok(ActivityState::Approved));
        let long = "a".repeat(NOTE_CHARACTERS + 1);
        let too_long = Err(ReviewError::Note(TextError::TooLong {
            maximum: NOTE_CHARACTERS,
        }));
        assert_eq!(decide(waiting, Decision::Approved, Some(&long)), too_long);
    }
}
