//! The life of a request for leave: checked, considered, decided, written as a letter; or taken back on the way.

use crate::domain::leave::opinion::Outcome;
use crate::domain::leave::request::Period;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Where a request stands (domain.md 2.9). That a leave is running or over follows from the date: [`phase`].
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LeaveState {
    /// Being written, for the first time or again; nobody else sees it.
    Draft,
    /// Waits for the leave officer.
    Submitted,
    /// The balance is enough; waits for the direct superior.
    BalanceChecked,
    /// Waits for the authority.
    Considered,
    /// Other dates were named; waits for the applicant.
    Changed,
    /// The authority has spoken. A granted one waits for its letter.
    Decided,
    /// The letter is there, and the days are free.
    LetterIssued,
    /// Taken back by the applicant before the decision.
    Withdrawn,
    /// Given up before it began.
    Cancelled,
    /// Called back to duty on the way.
    Recalled,
}

/// What can be done to a request.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum LeaveStep {
    /// The applicant hands it in.
    Submit,
    /// The leave officer sends it back to be completed.
    Return,
    /// The leave officer finds the balance and the papers right.
    Check,
    /// The direct superior speaks.
    Consider(Outcome),
    /// Nobody stands above the applicant in the tree of units, so nobody considers it.
    PassOver,
    /// The authority decides.
    Decide(Outcome),
    /// The applicant accepts the superior's dates.
    AcceptConsidered,
    /// The applicant accepts the authority's dates.
    AcceptDecided,
    /// The applicant takes it back.
    Withdraw,
    /// It is given up before it begins.
    Cancel,
    /// The person is called back to duty.
    Recall,
    /// The authority signs the letter.
    IssueLetter,
}

/// Another step has to come first, or came already.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("a request that is {} does not take this step", .0.code())]
pub struct OutOfOrder(pub LeaveState);

impl LeaveState {
    /// Every state, in the order of a request's life.
    pub const ALL: [Self; 10] = [
        Self::Draft,
        Self::Submitted,
        Self::BalanceChecked,
        Self::Considered,
        Self::Changed,
        Self::Decided,
        Self::LetterIssued,
        Self::Withdrawn,
        Self::Cancelled,
        Self::Recalled,
    ];

    /// The spelling in columns and JSON.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Submitted => "submitted",
            Self::BalanceChecked => "balance_checked",
            Self::Considered => "considered",
            Self::Changed => "changed",
            Self::Decided => "decided",
            Self::LetterIssued => "letter_issued",
            Self::Withdrawn => "withdrawn",
            Self::Cancelled => "cancelled",
            Self::Recalled => "recalled",
        }
    }

    /// The inverse of [`LeaveState::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }

    /// The state after a step. Whether a decision was favourable, and whether the leave has begun, the caller has asked.
    pub const fn after(self, step: LeaveStep) -> Result<Self, OutOfOrder> {
        Ok(match (self, step) {
            (Self::Draft, LeaveStep::Submit) => Self::Submitted,
            (Self::Submitted, LeaveStep::Return) => Self::Draft,
            (Self::Submitted, LeaveStep::Check) => Self::BalanceChecked,
            (Self::BalanceChecked, LeaveStep::Consider(Outcome::Change))
            | (Self::Considered, LeaveStep::Decide(Outcome::Change)) => Self::Changed,
            (
                Self::BalanceChecked,
                LeaveStep::Consider(Outcome::Approve | Outcome::Defer | Outcome::Refuse) | LeaveStep::PassOver,
            )
            | (Self::Changed, LeaveStep::AcceptConsidered) => Self::Considered,
            (Self::Considered, LeaveStep::Decide(Outcome::Approve | Outcome::Defer | Outcome::Refuse))
            | (Self::Changed, LeaveStep::AcceptDecided) => Self::Decided,
            (Self::Decided, LeaveStep::IssueLetter) => Self::LetterIssued,
            (
                Self::Draft | Self::Submitted | Self::BalanceChecked | Self::Considered | Self::Changed,
                LeaveStep::Withdraw,
            ) => Self::Withdrawn,
            (Self::Decided | Self::LetterIssued, LeaveStep::Cancel) => Self::Cancelled,
            (Self::LetterIssued, LeaveStep::Recall) => Self::Recalled,
            (_, _) => return Err(OutOfOrder(self)),
        })
    }

    /// Whether its days are spoken for although no letter has taken them off the balance yet.
    pub const fn is_pending(self) -> bool {
        match self {
            Self::Submitted | Self::BalanceChecked | Self::Considered | Self::Changed | Self::Decided => true,
            Self::Draft | Self::LetterIssued | Self::Withdrawn | Self::Cancelled | Self::Recalled => false,
        }
    }
}

/// What a state is on a date, as people are told it: a letter's leave is `running` on its days and `ended` after them.
pub fn phase(state: LeaveState, period: Period, today: NaiveDate) -> &'static str {
    match state {
        LeaveState::LetterIssued if today > period.last => "ended",
        LeaveState::LetterIssued if today >= period.first => "running",
        LeaveState::Draft
        | LeaveState::Submitted
        | LeaveState::BalanceChecked
        | LeaveState::Considered
        | LeaveState::Changed
        | LeaveState::Decided
        | LeaveState::LetterIssued
        | LeaveState::Withdrawn
        | LeaveState::Cancelled
        | LeaveState::Recalled => state.code(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn steps() -> Vec<LeaveStep> {
        let mut steps = vec![
            LeaveStep::Submit,
            LeaveStep::Return,
            LeaveStep::Check,
            LeaveStep::PassOver,
            LeaveStep::AcceptConsidered,
            LeaveStep::AcceptDecided,
            LeaveStep::Withdraw,
            LeaveStep::Cancel,
            LeaveStep::Recall,
            LeaveStep::IssueLetter,
        ];
        for outcome in Outcome::ALL {
            steps.push(LeaveStep::Consider(outcome));
            steps.push(LeaveStep::Decide(outcome));
        }
        steps
    }

    #[test]
    fn every_step_has_its_place_in_the_life_of_a_request() {
        let mut ways: Vec<(&str, &str)> = Vec::new();
        for state in LeaveState::ALL {
            for step in steps() {
                match state.after(step) {
                    Ok(next) => ways.push((state.code(), next.code())),
                    Err(error) => assert_eq!(error, OutOfOrder(state)),
                }
            }
        }
        ways.sort_unstable();
        ways.dedup();
        assert_eq!(
            ways,
            [
                ("balance_checked", "changed"),
                ("balance_checked", "considered"),
                ("balance_checked", "withdrawn"),
                ("changed", "considered"),
                ("changed", "decided"),
                ("changed", "withdrawn"),
                ("considered", "changed"),
                ("considered", "decided"),
                ("considered", "withdrawn"),
                ("decided", "cancelled"),
                ("decided", "letter_issued"),
                ("draft", "submitted"),
                ("draft", "withdrawn"),
                ("letter_issued", "cancelled"),
                ("letter_issued", "recalled"),
                ("submitted", "balance_checked"),
                ("submitted", "draft"),
                ("submitted", "withdrawn"),
            ]
        );
    }

    #[test]
    fn a_leave_runs_on_its_days_and_is_over_after_them() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let period = Period {
            first: day("2026-03-09"),
            last: day("2026-03-10"),
        };
        let on = |text: &str| phase(LeaveState::LetterIssued, period, day(text));
        assert_eq!(on("2026-03-08"), "letter_issued");
        assert_eq!(on("2026-03-09"), "running");
        assert_eq!(on("2026-03-10"), "running");
        assert_eq!(on("2026-03-11"), "ended");
        assert_eq!(phase(LeaveState::Recalled, period, day("2026-03-09")), "recalled");
    }

    #[test]
    fn codes_read_back_and_are_what_serde_writes() {
        for state in LeaveState::ALL {
            assert_eq!(LeaveState::from_code(state.code()), Some(state));
            assert_eq!(serde_json::to_value(state).unwrap(), state.code());
        }
    }
}
