//! The life of a batch: open, sealed, submitted, received, accepted or rejected; superseded by a newer version.

use serde::{Deserialize, Serialize};

/// Where a batch stands (domain.md 2.7).
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BatchState {
    /// Its rows are being written; the only state in which rows may still come.
    Open,
    /// Its rows are fixed for good.
    Sealed,
    /// The agency sent it; BKD's check has not answered yet.
    Submitted,
    /// BKD holds it and gave a receipt.
    Received,
    /// BKD accepted it: audits may draw from it.
    Accepted,
    /// BKD sent it back with findings.
    Rejected,
}

/// What can be done to a batch.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum BatchStep {
    /// Fix the rows.
    Seal,
    /// Send it to BKD.
    Submit,
    /// Give the receipt.
    Receive,
    /// Accept it.
    Accept,
    /// Send it back.
    Reject,
    /// Answer the findings of people and let BKD look at the same version again.
    Answer,
}

/// Why a step cannot be taken.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum StepError {
    /// Another step has to come first, or came already.
    #[error("a batch that is {} does not take this step", .0.code())]
    OutOfOrder(BatchState),
    /// A newer version took its place.
    #[error("a newer version of the batch took its place")]
    Superseded,
}

impl BatchState {
    /// Every state, in the order of a batch's life.
    pub const ALL: [Self; 6] = [
        Self::Open,
        Self::Sealed,
        Self::Submitted,
        Self::Received,
        Self::Accepted,
        Self::Rejected,
    ];

    /// The spelling in columns and JSON.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Sealed => "sealed",
            Self::Submitted => "submitted",
            Self::Received => "received",
            Self::Accepted => "accepted",
            Self::Rejected => "rejected",
        }
    }

    /// The inverse of [`BatchState::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }

    /// Whether BKD may see the batch at all: not before the agency sent it.
    pub const fn is_sent(self) -> bool {
        match self {
            Self::Open | Self::Sealed => false,
            Self::Submitted | Self::Received | Self::Accepted | Self::Rejected => true,
        }
    }

    /// The state after a step.
    ///
    /// `newest` is the state of the newest later version of the same coverage. To the agency a later version takes
    /// the place of this one when it is sealed, so this one cannot be sent or answered for any more; to BKD it does
    /// so when it is sent, so that a version waiting in the agency's drawer does not keep BKD from deciding.
    pub fn after(self, step: BatchStep, newest: Option<Self>) -> Result<Self, StepError> {
        let next = match (self, step) {
            (Self::Open, BatchStep::Seal) => Self::Sealed,
            (Self::Sealed, BatchStep::Submit) => Self::Submitted,
            // An answered version is received again, as it was.
            (Self::Submitted, BatchStep::Receive) | (Self::Rejected, BatchStep::Answer) => Self::Received,
            (Self::Received, BatchStep::Accept) => Self::Accepted,
            // A broken file is rejected by the check itself, before there is a receipt.
            (Self::Submitted | Self::Received, BatchStep::Reject) => Self::Rejected,
            (
                Self::Open | Self::Sealed | Self::Submitted | Self::Received | Self::Accepted | Self::Rejected,
                BatchStep::Seal
                | BatchStep::Submit
                | BatchStep::Receive
                | BatchStep::Accept
                | BatchStep::Reject
                | BatchStep::Answer,
            ) => return Err(StepError::OutOfOrder(self)),
        };
        let is_superseded = match step {
            BatchStep::Submit | BatchStep::Answer => newest.is_some_and(|state| state != Self::Open),
            BatchStep::Accept | BatchStep::Reject => newest.is_some_and(Self::is_sent),
            BatchStep::Seal | BatchStep::Receive => false,
        };
        if is_superseded {
            Err(StepError::Superseded)
        } else {
            Ok(next)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STEPS: [BatchStep; 6] = [
        BatchStep::Seal,
        BatchStep::Submit,
        BatchStep::Receive,
        BatchStep::Accept,
        BatchStep::Reject,
        BatchStep::Answer,
    ];

    #[test]
    fn every_step_has_its_one_place_in_the_life_of_a_batch() {
        let mut allowed = Vec::new();
        for state in BatchState::ALL {
            for step in STEPS {
                match state.after(step, None) {
                    Ok(next) => allowed.push((state.code(), next.code())),
                    Err(error) => assert_eq!(error, StepError::OutOfOrder(state)),
                }
            }
        }
        assert_eq!(
            allowed,
            [
                ("open", "sealed"),
                ("sealed", "submitted"),
                ("submitted", "received"),
                ("submitted", "rejected"),
                ("received", "accepted"),
                ("received", "rejected"),
                ("rejected", "received"),
            ]
        );
    }

    #[test]
    fn a_sealed_newer_version_stops_the_sending_and_a_sent_one_the_decision() {
        let submit = |newest| BatchState::Sealed.after(BatchStep::Submit, newest);
        assert_eq!(submit(Some(BatchState::Open)), Ok(BatchState::Submitted));
        assert_eq!(submit(Some(BatchState::Sealed)), Err(StepError::Superseded));
        let answer = |newest| BatchState::Rejected.after(BatchStep::Answer, newest);
        assert_eq!(answer(Some(BatchState::Open)), Ok(BatchState::Received));
        assert_eq!(answer(Some(BatchState::Sealed)), Err(StepError::Superseded));
        let accept = |newest| BatchState::Received.after(BatchStep::Accept, newest);
        assert_eq!(accept(Some(BatchState::Sealed)), Ok(BatchState::Accepted));
        assert_eq!(accept(Some(BatchState::Submitted)), Err(StepError::Superseded));
    }

    #[test]
    fn codes_read_back_and_are_what_serde_writes() {
        for state in BatchState::ALL {
            assert_eq!(BatchState::from_code(state.code()), Some(state));
            assert_eq!(serde_json::to_value(state).unwrap(), state.code());
        }
    }
}
