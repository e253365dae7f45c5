//! The life of a roster (domain.md 2.3): draft, submitted by the agency's head, received or returned by BKD, published,
//! superseded.

use serde::{Deserialize, Serialize};

/// Where a roster stands.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RosterState {
    /// The agency works on it.
    Draft,
    /// The agency's head handed it in.
    Submitted,
    /// BKD sent it back with findings.
    Returned,
    /// BKD has taken note of it.
    Received,
    /// It holds.
    Published,
    /// Later rosters took all of its days.
    Superseded,
}

/// What can be done to a roster.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum RosterStep {
    /// Change entries by hand; a returned one is a draft again.
    Change,
    /// Hand it in.
    Submit,
    /// Take note of it.
    Receive,
    /// Send it back.
    Return,
    /// Let it hold.
    Publish,
    /// Let later ones take its place.
    Supersede,
}

/// The step has no place in this state.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("a roster that is {} does not take this step", .0.code())]
pub struct StepError(pub RosterState);

impl RosterState {
    /// Every state, in the order of a roster's life.
    pub const ALL: [Self; 6] = [
        Self::Draft,
        Self::Submitted,
        Self::Returned,
        Self::Received,
        Self::Published,
        Self::Superseded,
    ];

    /// The spelling in columns and JSON.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Submitted => "submitted",
            Self::Returned => "returned",
            Self::Received => "received",
            Self::Published => "published",
            Self::Superseded => "superseded",
        }
    }

    /// The inverse of [`RosterState::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }

    /// Whether BKD may see it: not while the agency works on it.
    pub fn is_sent(self) -> bool {
        self != Self::Draft
    }

    /// The state after a step.
    pub const fn after(self, step: RosterStep) -> Result<Self, StepError> {
        match (self, step) {
            (Self::Draft | Self::Returned, RosterStep::Change) => Ok(Self::Draft),
            (Self::Draft | Self::Returned, RosterStep::Submit) => Ok(Self::Submitted),
            (Self::Submitted, RosterStep::Receive) => Ok(Self::Received),
            (Self::Submitted, RosterStep::Return) => Ok(Self::Returned),
            (Self::Received, RosterStep::Publish) => Ok(Self::Published),
            (Self::Published, RosterStep::Supersede) => Ok(Self::Superseded),
            (
                Self::Draft | Self::Submitted | Self::Returned | Self::Received | Self::Published | Self::Superseded,
                RosterStep::Change
                | RosterStep::Submit
                | RosterStep::Receive
                | RosterStep::Return
                | RosterStep::Publish
                | RosterStep::Supersede,
            ) => Err(StepError(self)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_step_has_its_one_place_in_the_life_of_a_roster() {
        let steps = [
            RosterStep::Change,
            RosterStep::Submit,
            RosterStep::Receive,
            RosterStep::Return,
            RosterStep::Publish,
            RosterStep::Supersede,
        ];
        let mut allowed = Vec::new();
        for state in RosterState::ALL {
            for step in steps {
                match state.after(step) {
                    Ok(next) => allowed.push((state.code(), next.code())),
                    Err(error) => assert_eq!(error, StepError(state)),
                }
            }
        }
        assert_eq!(
            allowed,
            [
                ("draft", "draft"),
                ("draft", "submitted"),
                ("submitted", "received"),
                ("submitted", "returned"),
                ("returned", "draft"),
                ("returned", "submitted"),
                ("received", "published"),
                ("published", "superseded"),
            ]
        );
    }

    #[test]
    fn codes_read_back_and_only_a_draft_is_the_agencys_own_affair() {
        for state in RosterState::ALL {
            assert_eq!(RosterState::from_code(state.code()), Some(state));
            assert_eq!(serde_json::to_value(state).unwrap(), state.code());
            assert_eq!(state.is_sent(), state != RosterState::Draft);
        }
    }
}
