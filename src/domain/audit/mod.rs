//! A random verification by BKD: planned, drawn, reviewed, closed.
//!
//! The frame is what was expected, not what was received, and it is fixed before there is a seed.

pub mod assignment;
pub mod beacon;
pub mod claim;
pub mod frame;
pub mod plan;
pub mod planner;
pub mod report;
pub mod second_review;
pub mod seed;
pub mod signal;
pub mod stopping;
pub mod targeted;

use crate::domain::audit::stopping::Stopping;
use serde::{Deserialize, Serialize};

/// How far an audit has come (domain report, section 2.8).
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AuditState {
    /// The population is fixed; a seed may or may not be there yet.
    Planned,
    /// The sample is drawn and its cases are assigned.
    Drawn,
    /// At least one case was reviewed.
    InReview,
    /// Every case is settled and the report is final.
    Closed,
    /// Given up before the draw; it stays on the list, and the period may be planned anew.
    Cancelled,
}

impl AuditState {
    /// Every state, in order.
    pub const ALL: [Self; 5] = [
        Self::Planned,
        Self::Drawn,
        Self::InReview,
        Self::Closed,
        Self::Cancelled,
    ];

    /// The spelling in columns and JSON.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Drawn => "drawn",
            Self::InReview => "in_review",
            Self::Closed => "closed",
            Self::Cancelled => "cancelled",
        }
    }

    /// The inverse of [`AuditState::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }
}

/// Why an audit can't take the next step now.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum AuditError {
    /// The audit has a seed, and it is another one. A seed is set once.
    #[error("the audit has another seed already")]
    SeedSet,
    /// There is no seed to draw with.
    #[error("the audit has no seed yet")]
    SeedMissing,
    /// Cases are still open.
    #[error("{open} cases are not settled")]
    CasesOpen {
        /// How many.
        open: u64,
    },
    /// The plan fixed the size of the sample.
    #[error("the plan fixed the size of the sample")]
    SizeFixed,
    /// The audit is not in the state that the step starts from.
    #[error("the audit is {}", .0.code())]
    State(AuditState),
}

/// Whether a seed may be set, given the one that is there. `Ok(false)` where the same one stands already.
pub fn may_seed(state: AuditState, present: Option<&str>, seed: &str) -> Result<bool, AuditError> {
    match (state, present) {
        (AuditState::Cancelled, _) | (AuditState::Drawn | AuditState::InReview | AuditState::Closed, None) => {
            Err(AuditError::State(state))
        }
        (_, Some(present)) if present == seed => Ok(false),
        (_, Some(_)) => Err(AuditError::SeedSet),
        (AuditState::Planned, None) => Ok(true),
    }
}

/// Whether the sample may be drawn. `Ok(None)` where it was drawn already, otherwise the seed to draw with.
pub const fn may_draw(state: AuditState, seed: Option<&str>) -> Result<Option<&str>, AuditError> {
    match (state, seed) {
        (AuditState::Planned, Some(seed)) => Ok(Some(seed)),
        (AuditState::Planned, None) => Err(AuditError::SeedMissing),
        (AuditState::Drawn | AuditState::InReview | AuditState::Closed, _) => Ok(None),
        (AuditState::Cancelled, _) => Err(AuditError::State(state)),
    }
}

/// Whether the sample may be extended by the next tickets: drawn, not closed, and planned so.
pub const fn may_extend(state: AuditState, stopping: Stopping) -> Result<(), AuditError> {
    match state {
        AuditState::Planned | AuditState::Closed | AuditState::Cancelled => Err(AuditError::State(state)),
        AuditState::Drawn | AuditState::InReview if !stopping.may_extend() => Err(AuditError::SizeFixed),
        AuditState::Drawn | AuditState::InReview => Ok(()),
    }
}

/// Whether the audit may be closed with so many cases not settled. `Ok(false)` where it is closed already.
pub const fn may_close(state: AuditState, open: u64) -> Result<bool, AuditError> {
    match state {
        AuditState::Planned | AuditState::Cancelled => Err(AuditError::State(state)),
        AuditState::Closed => Ok(false),
        AuditState::Drawn | AuditState::InReview if open > 0 => Err(AuditError::CasesOpen { open }),
        AuditState::Drawn | AuditState::InReview => Ok(true),
    }
}

/// Whether a plan may be given up: before the draw only. `Ok(false)` where it was given up already.
pub const fn may_cancel(state: AuditState) -> Result<bool, AuditError> {
    match state {
        AuditState::Planned => Ok(true),
        AuditState::Cancelled => Ok(false),
        AuditState::Drawn | AuditState::InReview | AuditState::Closed => Err(AuditError::State(state)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_is_set_once_and_before_the_draw() {
        assert_eq!(may_seed(AuditState::Planned, None, "1"), Ok(true));
        assert_eq!(may_seed(AuditState::Planned, Some("1"), "1"), Ok(false));
        assert_eq!(may_seed(AuditState::Drawn, Some("1"), "1"), Ok(false));
        assert_eq!(may_seed(AuditState::Planned, Some("1"), "01"), Err(AuditError::SeedSet));
        let closed = AuditState::Closed;
        assert_eq!(may_seed(closed, None, "1"), Err(AuditError::State(closed)));
    }

    #[test]
    fn a_draw_needs_a_seed_and_happens_once() {
        assert_eq!(may_draw(AuditState::Planned, None), Err(AuditError::SeedMissing));
        assert_eq!(may_draw(AuditState::Planned, Some("1")), Ok(Some("1")));
        assert_eq!(may_draw(AuditState::InReview, Some("1")), Ok(None));
    }

    #[test]
    fn only_a_drawn_sample_whose_plan_says_so_is_extended() {
        let watched = Stopping::from_weights(Some((1, 50))).unwrap();
        for state in [AuditState::Planned, AuditState::Closed] {
            assert_eq!(may_extend(state, watched), Err(AuditError::State(state)));
            assert_eq!(may_extend(state, Stopping::Fixed), Err(AuditError::State(state)));
        }
        for state in [AuditState::Drawn, AuditState::InReview] {
            assert_eq!(may_extend(state, watched), Ok(()));
            assert_eq!(may_extend(state, Stopping::Fixed), Err(AuditError::SizeFixed));
        }
    }

    #[test]
    fn an_audit_closes_when_every_case_is_settled() {
        assert_eq!(
            may_close(AuditState::InReview, 1),
            Err(AuditError::CasesOpen { open: 1 })
        );
        assert_eq!(may_close(AuditState::InReview, 0), Ok(true));
        assert_eq!(may_close(AuditState::Closed, 0), Ok(false));
        let planned = AuditState::Planned;
        assert_eq!(may_close(planned, 0), Err(AuditError::State(planned)));
    }

    #[test]
    fn a_plan_is_cancelled_before_the_draw_and_takes_no_step_afterwards() {
        assert_eq!(may_cancel(AuditState::Planned), Ok(true));
        assert_eq!(may_cancel(AuditState::Cancelled), Ok(false));
        for state in [AuditState::Drawn, AuditState::InReview, AuditState::Closed] {
            assert_eq!(may_cancel(state), Err(AuditError::State(state)));
        }
        let cancelled = AuditState::Cancelled;
        let refused = AuditError::State(cancelled);
        assert_eq!(may_seed(cancelled, None, "1"), Err(refused));
        assert_eq!(may_seed(cancelled, Some("1"), "1"), Err(refused));
        assert_eq!(may_draw(cancelled, Some("1")), Err(refused));
        assert_eq!(may_close(cancelled, 0), Err(refused));
    }

    #[test]
    fn states_read_back_from_their_codes() {
        for state in AuditState::ALL {
            assert_eq!(AuditState::from_code(state.code()), Some(state));
        }
    }
}
