//! A circular from draft to revocation. The phase is never stored: it follows from the date.

use crate::domain::circular::content::Content;
use crate::domain::ids::AccountId;
use crate::domain::ids::CircularId;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// How far a circular has come.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CircularState {
    /// Being written.
    Draft,
    /// Laid before whoever issues it.
    UnderReview,
    /// In the world; its text is frozen.
    Issued,
    /// Ended by name.
    Revoked,
}

impl CircularState {
    /// Every state, in the order of a life.
    pub const ALL: [Self; 4] = [Self::Draft, Self::UnderReview, Self::Issued, Self::Revoked];

    /// The spelling in columns and JSON.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::UnderReview => "under_review",
            Self::Issued => "issued",
            Self::Revoked => "revoked",
        }
    }

    /// The inverse of [`CircularState::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }
}

/// Where a date stands to an issued circular's own period.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Its first day is still to come.
    Scheduled,
    /// The date is one of its days.
    InForce,
    /// Its last day, or its revocation, has passed.
    Expired,
}

impl Phase {
    /// The spelling in JSON.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Scheduled => "scheduled",
            Self::InForce => "in_force",
            Self::Expired => "expired",
        }
    }
}

/// A circular in the register.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Circular {
    /// Its id.
    pub id: CircularId,
    /// What it says.
    pub content: Content,
    /// How far it has come.
    pub state: CircularState,
    /// The first day on which it holds no more, if it was revoked.
    pub revoked_from: Option<NaiveDate>,
}

/// Why a circular cannot take a step.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum StepError {
    /// Issuing freezes the text; a change is a new circular.
    #[error("an issued circular cannot be changed")]
    Frozen,
    /// Only an issued circular can be revoked.
    #[error("the circular has not been issued")]
    NotIssued,
    /// It was revoked before.
    #[error("the circular is revoked already")]
    AlreadyRevoked,
    /// Whoever wrote a text does not issue it.
    #[error("a circular is issued by somebody else than its writer")]
    OwnText,
    /// The past is judged by what was in force then.
    #[error("a circular cannot be revoked for days that have passed")]
    RevokesThePast,
}

impl Circular {
    /// Whether the text may still change.
    pub fn check_editable(&self) -> Result<(), StepError> {
        match self.state {
            CircularState::Draft | CircularState::UnderReview => Ok(()),
            CircularState::Issued | CircularState::Revoked => Err(StepError::Frozen),
        }
    }

    /// Lays a draft before whoever issues it; again is fine.
    pub fn under_review(self) -> Result<Self, StepError> {
        self.check_editable()?;
        Ok(Self {
            state: CircularState::UnderReview,
            ..self
        })
    }

    /// Puts the circular into the world: `issuer` does so, and is none of its `writers`, those who drafted it and who
    /// changed it last.
    pub fn issued(self, issuer: AccountId, writers: &[AccountId]) -> Result<Self, StepError> {
        self.check_editable()?;
        if writers.contains(&issuer) {
            return Err(StepError::OwnText);
        }
        Ok(Self {
            state: CircularState::Issued,
            ..self
        })
    }

    /// Ends the circular from `from` on; `today` is the local date on which that is done.
    pub fn revoked(self, from: NaiveDate, today: NaiveDate) -> Result<Self, StepError> {
        match self.state {
            CircularState::Draft | CircularState::UnderReview => Err(StepError::NotIssued),
            CircularState::Revoked => Err(StepError::AlreadyRevoked),
            CircularState::Issued if from < today => Err(StepError::RevokesThePast),
            CircularState::Issued => Ok(Self {
                state: CircularState::Revoked,
                revoked_from: Some(from),
                ..self
            }),
        }
    }

    /// Whether it was ever put into the world: a revoked circular still rules the days before its revocation.
    pub fn binds(&self) -> bool {
        match self.state {
            CircularState::Issued | CircularState::Revoked => true,
            CircularState::Draft | CircularState::UnderReview => false,
        }
    }

    /// The phase on a date, by the circular's own period; `None` before it is issued.
    pub fn phase(&self, date: NaiveDate) -> Option<Phase> {
        if !self.binds() {
            return None;
        }
        let ended = self.content.effective_to.is_some_and(|last| last < date)
            || self.revoked_from.is_some_and(|first| first <= date);
        Some(if ended {
            Phase::Expired
        } else if date < self.content.effective_from {
            Phase::Scheduled
        } else {
            Phase::InForce
        })
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use serde_json::json;

    pub(in crate::domain::circular) fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    /// An issued circular of Banten, signed the day before its first.
    pub(in crate::domain::circular) fn issued(id: u128, from: &str, to: Option<&str>) -> Circular {
        let first = day(from);
        let content = json!({
            "number": format!("{id} Tahun {from:.4}"),
            "title": "Penyesuaian sistem kerja",
            "issuer": {"office": "governor", "name": "Gubernur"},
            "jurisdiction_code": "36",
            "signed_on": first.pred_opt().unwrap(),
            "effective_from": first,
            "effective_to": to,
        });
        Circular {
            id: CircularId::new(uuid::Uuid::from_u128(id)),
            content: serde_json::from_value(content).unwrap(),
            state: CircularState::Issued,
            revoked_from: None,
        }
    }

    fn draft() -> Circular {
        Circular {
            state: CircularState::Draft,
            ..issued(1, "2026-03-25", Some("2026-03-27"))
        }
    }

    fn account(number: u128) -> AccountId {
        AccountId::new(uuid::Uuid::from_u128(number))
    }

    #[test]
    fn whoever_wrote_a_circular_does_not_issue_it() {
        let writers = [account(1), account(2)];
        assert_eq!(draft().issued(account(1), &writers), Err(StepError::OwnText));
        assert_eq!(draft().issued(account(2), &writers), Err(StepError::OwnText));
        assert!(draft().issued(account(3), &writers).is_ok());
    }

    #[test]
    fn issuing_freezes_the_text() {
        let circular = draft()
            .under_review()
            .unwrap()
            .issued(account(2), &[account(1)])
            .unwrap();
        assert_eq!(circular.state, CircularState::Issued);
        assert_eq!(circular.check_editable(), Err(StepError::Frozen));
        assert_eq!(circular.clone().under_review(), Err(StepError::Frozen));
        assert_eq!(circular.issued(account(2), &[]), Err(StepError::Frozen));
    }

    #[test]
    fn only_an_issued_circular_is_revoked_and_never_for_the_past() {
        let (today, tomorrow) = (day("2026-03-25"), day("2026-03-26"));
        assert_eq!(draft().revoked(tomorrow, today), Err(StepError::NotIssued));
        let circular = draft().issued(account(2), &[]).unwrap();
        assert_eq!(
            circular.clone().revoked(day("2026-03-24"), today),
            Err(StepError::RevokesThePast)
        );
        let revoked = circular.revoked(tomorrow, today).unwrap();
        assert_eq!(revoked.phase(today), Some(Phase::InForce));
        assert_eq!(revoked.phase(tomorrow), Some(Phase::Expired));
        assert_eq!(revoked.revoked(tomorrow, today), Err(StepError::AlreadyRevoked));
    }

    #[test]
    fn the_phase_follows_from_the_date_with_both_ends_inside() {
        let circular = issued(1, "2026-03-25", Some("2026-03-27"));
        let phases =
            ["2026-03-24", "2026-03-25", "2026-03-27", "2026-03-28"].map(|text| circular.phase(day(text)).unwrap());
        assert_eq!(
            phases,
            [Phase::Scheduled, Phase::InForce, Phase::InForce, Phase::Expired]
        );
        assert_eq!(
            issued(2, "2026-03-25", None).phase(day("2199-01-01")),
            Some(Phase::InForce)
        );
        assert_eq!(draft().phase(day("2026-03-25")), None);
    }

    #[test]
    fn every_state_reads_back_from_its_code() {
        for state in CircularState::ALL {
            assert_eq!(CircularState::from_code(state.code()), Some(state));
        }
        assert_eq!(CircularState::from_code("expired"), None);
    }
}
