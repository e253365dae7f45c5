//! What the direct superior considers and the authority decides: the four boxes of the form (BKN 24/2017, annex 1.b).

use crate::domain::ids::AccountId;
use crate::domain::instant::Instant;
use crate::domain::leave::request::Period;
use crate::domain::text::TextError;
use crate::domain::text::optional;
use serde::{Deserialize, Serialize};

/// Most characters of a note.
pub const LONGEST_NOTE: usize = 500;

/// Fewest characters of a note that is needed.
pub const SHORTEST_NOTE: usize = 3;

/// One of the four boxes.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Disetujui.
    Approve,
    /// Perubahan: other dates, which the applicant accepts or not.
    Change,
    /// Ditangguhkan: not now, for the sake of duty.
    Defer,
    /// Tidak disetujui.
    Refuse,
}

impl Outcome {
    /// Every outcome, in the order of the form.
    pub const ALL: [Self; 4] = [Self::Approve, Self::Change, Self::Defer, Self::Refuse];

    /// The spelling in columns and JSON.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Approve => "approve",
            Self::Change => "change",
            Self::Defer => "defer",
            Self::Refuse => "refuse",
        }
    }

    /// The inverse of [`Outcome::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.code() == code)
    }
}

/// What someone says, before it is known who.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Said {
    /// Which box.
    pub outcome: Outcome,
    /// Why; at least 3 characters unless it is an approval.
    pub note: Option<String>,
    /// The other dates; with a change and only then.
    pub period: Option<Period>,
}

/// What is wrong with what was said.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum SaidFault {
    /// Whoever does not simply approve says why.
    #[error("a note is needed")]
    NoteMissing,
    /// The note can't be kept.
    #[error("the note can't be kept: {0}")]
    Note(TextError),
    /// A change names other dates.
    #[error("a change needs its dates")]
    PeriodMissing,
    /// Only a change names dates.
    #[error("only a change has dates")]
    PeriodNotFitting,
    /// The dates are those that were asked for.
    #[error("the dates are the same as asked for")]
    PeriodUnchanged,
}

impl Said {
    /// Checks it against the dates asked for; gives it with its note trimmed.
    pub fn check(self, asked: Period) -> Result<Self, SaidFault> {
        let note = optional(self.note.as_deref(), LONGEST_NOTE).map_err(SaidFault::Note)?;
        let is_noted = note
            .as_deref()
            .is_some_and(|note| note.chars().count() >= SHORTEST_NOTE);
        if self.outcome != Outcome::Approve && !is_noted {
            return Err(SaidFault::NoteMissing);
        }
        match (self.outcome, self.period) {
            (Outcome::Change, None) => Err(SaidFault::PeriodMissing),
            (Outcome::Change, Some(period)) if period == asked => Err(SaidFault::PeriodUnchanged),
            (Outcome::Approve | Outcome::Defer | Outcome::Refuse, Some(_)) => Err(SaidFault::PeriodNotFitting),
            (Outcome::Change, Some(_)) | (Outcome::Approve | Outcome::Defer | Outcome::Refuse, None) => {
                Ok(Self { note, ..self })
            }
        }
    }
}

/// Who acted, frozen as they were called at the time.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct Official {
    /// The account.
    pub account_id: AccountId,
    /// With titles.
    pub name: String,
    /// NIP or NI PPPK in its printed groups, if the person has one.
    pub number: Option<String>,
    /// The post, or the role where no post is known.
    pub position: String,
}

/// What a leave officer missed in a request that was sent back.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct Returned {
    /// Who sent it back.
    pub by: Official,
    /// When.
    pub at: Instant,
    /// What is missing: 3 to 500 characters.
    pub note: String,
}

/// What was said, by whom and when.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct Opinion {
    /// Which box.
    pub outcome: Outcome,
    /// Why.
    pub note: Option<String>,
    /// The other dates of a change.
    pub period: Option<Period>,
    /// Who.
    pub by: Official,
    /// When.
    pub at: Instant,
    /// When the applicant accepted the other dates.
    pub accepted_at: Option<Instant>,
}

impl Opinion {
    /// Whether it lets the leave go on: an approval, or a change that was accepted.
    pub const fn is_favourable(&self) -> bool {
        match self.outcome {
            Outcome::Approve => true,
            Outcome::Change => self.accepted_at.is_some(),
            Outcome::Defer | Outcome::Refuse => false,
        }
    }

    /// Whether someone says the same again.
    pub fn is_same(&self, said: &Said, account: AccountId) -> bool {
        self.by.account_id == account
            && self.outcome == said.outcome
            && self.note == said.note
            && self.period == said.period
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn period(first: &str, last: &str) -> Period {
        Period {
            first: first.parse().unwrap(),
            last: last.parse().unwrap(),
        }
    }

    fn said(outcome: Outcome, note: Option<&str>, other: Option<Period>) -> Result<Said, SaidFault> {
        let said = Said {
            outcome,
            note: note.map(str::to_owned),
            period: other,
        };
        said.check(period("2026-03-09", "2026-03-11"))
    }

    #[test]
    fn only_an_approval_needs_no_words() {
        assert!(said(Outcome::Approve, None, None).is_ok());
        assert_eq!(said(Outcome::Approve, Some("  "), None).unwrap().note, None);
        for outcome in [Outcome::Defer, Outcome::Refuse, Outcome::Change] {
            assert_eq!(said(outcome, Some(" ab "), None), Err(SaidFault::NoteMissing));
        }
        assert!(said(Outcome::Defer, Some("Audit"), None).is_ok());
        let long = "x".repeat(LONGEST_NOTE + 1);
        assert!(matches!(
            said(Outcome::Refuse, Some(&long), None),
            Err(SaidFault::Note(TextError::TooLong { .. }))
        ));
    }

    #[test]
    fn a_change_and_nothing_else_has_other_dates() {
        let other = Some(period("2026-03-16", "2026-03-18"));
        assert!(said(Outcome::Change, Some("Audit"), other).is_ok());
        assert_eq!(
            said(Outcome::Change, Some("Audit"), None),
            Err(SaidFault::PeriodMissing)
        );
        let same = Some(period("2026-03-09", "2026-03-11"));
        assert_eq!(
            said(Outcome::Change, Some("Audit"), same),
            Err(SaidFault::PeriodUnchanged)
        );
        assert_eq!(said(Outcome::Approve, None, other), Err(SaidFault::PeriodNotFitting));
    }

    #[test]
    fn codes_read_back_and_are_what_serde_writes() {
        for outcome in Outcome::ALL {
            assert_eq!(Outcome::from_code(outcome.code()), Some(outcome));
            assert_eq!(serde_json::to_value(outcome).unwrap(), outcome.code());
        }
    }
}
