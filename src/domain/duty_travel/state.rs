//! The life of a journey: asked for, decided, made, reported, closed; or called off on the way.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Where a journey stands (domain.md 2.3). That it is ongoing follows from the date: [`phase`].
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TravelState {
    /// Being written; nobody else sees it.
    Draft,
    /// Waits for a decision, and for an exception where a circular bans it.
    Submitted,
    /// Its days are days of travel.
    Approved,
    /// Decided against.
    Refused,
    /// The traveller has told what came of it.
    Reported,
    /// Someone has taken note of the report.
    Closed,
    /// Taken back, or called off.
    Cancelled,
}

/// What can be done to a journey.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum TravelStep {
    /// The traveller hands it in.
    Submit,
    /// Whoever the circular names lets it pass; it still waits for the decision.
    Except,
    /// It may be made.
    Approve,
    /// It may not.
    Refuse,
    /// The traveller reports.
    Report,
    /// The report is taken note of.
    Close,
    /// The traveller takes it back before the decision, or anybody who may calls it off afterwards.
    Cancel,
}

/// Another step has to come first, or came already.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("a journey that is {} does not take this step", .0.code())]
pub struct OutOfOrder(pub TravelState);

impl TravelState {
    /// Every state, in the order of a journey's life.
    pub const ALL: [Self; 7] = [
        Self::Draft,
        Self::Submitted,
        Self::Approved,
        Self::Refused,
        Self::Reported,
        Self::Closed,
        Self::Cancelled,
    ];

    /// The spelling in columns and JSON.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Submitted => "submitted",
            Self::Approved => "approved",
            Self::Refused => "refused",
            Self::Reported => "reported",
            Self::Closed => "closed",
            Self::Cancelled => "cancelled",
        }
    }

    /// The inverse of [`TravelState::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }

    /// The state after a step. Whether a ban holds it, and whether it has begun, the caller has asked.
    pub const fn after(self, step: TravelStep) -> Result<Self, OutOfOrder> {
        Ok(match (self, step) {
            (Self::Draft, TravelStep::Submit) | (Self::Submitted, TravelStep::Except) => Self::Submitted,
            (Self::Submitted, TravelStep::Approve) => Self::Approved,
            (Self::Submitted, TravelStep::Refuse) => Self::Refused,
            (Self::Approved, TravelStep::Report) => Self::Reported,
            (Self::Reported, TravelStep::Close) => Self::Closed,
            (Self::Draft | Self::Submitted | Self::Approved, TravelStep::Cancel) => Self::Cancelled,
            (_, _) => return Err(OutOfOrder(self)),
        })
    }

    /// Whether its days are spoken for, so that no other journey can have them.
    pub const fn holds_days(self) -> bool {
        match self {
            Self::Submitted | Self::Approved | Self::Reported | Self::Closed => true,
            Self::Draft | Self::Refused | Self::Cancelled => false,
        }
    }
}

/// What a state is on a date at the destination, as people are told it: an approved journey is `ongoing` from its first
/// day until it is reported.
pub fn phase(state: TravelState, first_day: NaiveDate, today: NaiveDate) -> &'static str {
    match state {
        TravelState::Approved if today >= first_day => "ongoing",
        TravelState::Draft
        | TravelState::Submitted
        | TravelState::Approved
        | TravelState::Refused
        | TravelState::Reported
        | TravelState::Closed
        | TravelState::Cancelled => state.code(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STEPS: [TravelStep; 7] = [
        TravelStep::Submit,
        TravelStep::Except,
        TravelStep::Approve,
        TravelStep::Refuse,
        TravelStep::Report,
        TravelStep::Close,
        TravelStep::Cancel,
    ];

    #[test]
    fn every_step_has_its_place_in_the_life_of_a_journey() {
        let mut ways: Vec<(&str, &str)> = Vec::new();
        for state in TravelState::ALL {
            for step in STEPS {
                match state.after(step) {
                    Ok(next) => ways.push((state.code(), next.code())),
                    Err(error) => assert_eq!(error, OutOfOrder(state)),
                }
            }
        }
        ways.sort_unstable();
        assert_eq!(
            ways,
            [
                ("approved", "cancelled"),
                ("approved", "reported"),
                ("draft", "cancelled"),
                ("draft", "submitted"),
                ("reported", "closed"),
                ("submitted", "approved"),
                ("submitted", "cancelled"),
                ("submitted", "refused"),
                ("submitted", "submitted"),
            ]
        );
    }

    #[test]
    fn a_journey_is_ongoing_from_its_first_day_until_it_is_reported() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let on = |state, text| phase(state, day("2026-03-09"), day(text));
        assert_eq!(on(TravelState::Approved, "2026-03-08"), "approved");
        assert_eq!(on(TravelState::Approved, "2026-03-09"), "ongoing");
        assert_eq!(on(TravelState::Approved, "2026-04-01"), "ongoing");
        assert_eq!(on(TravelState::Reported, "2026-03-09"), "reported");
    }

    #[test]
    fn codes_read_back_and_are_what_serde_writes() {
        for state in TravelState::ALL {
            assert_eq!(TravelState::from_code(state.code()), Some(state));
            assert_eq!(serde_json::to_value(state).unwrap(), state.code());
        }
    }
}
