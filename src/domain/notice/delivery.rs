//! A notice to somebody, and from when they have it.

use crate::domain::ids::EmployeeId;
use crate::domain::ids::NoticeId;
use crate::domain::instant::Instant;
use crate::domain::notice::NoticeContent;

/// A notice to one person, with what became of it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Notice {
    /// Its id, which sorts by the time of making.
    pub id: NoticeId,
    /// Whom it tells.
    pub employee_id: EmployeeId,
    /// What it tells.
    pub content: NoticeContent,
    /// When it was made.
    pub created_at: Instant,
    /// When the person first said that they saw it.
    pub seen_at: Option<Instant>,
    /// Who handed it over in person, and when.
    pub handed_over: Option<Handover>,
}

/// A notice as its reader has it, whether a person or an official's account.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Told {
    /// Its id, which sorts by the time of making.
    pub id: NoticeId,
    /// What it tells.
    pub content: NoticeContent,
    /// When it was made.
    pub created_at: Instant,
    /// When the reader first said that they saw it.
    pub seen_at: Option<Instant>,
    /// When a superior handed it over in person.
    pub handed_over_at: Option<Instant>,
}

impl From<Notice> for Told {
    fn from(notice: Notice) -> Self {
        Self {
            id: notice.id,
            content: notice.content,
            created_at: notice.created_at,
            seen_at: notice.seen_at,
            handed_over_at: notice.handed_over.map(|handover| handover.at),
        }
    }
}

/// The direct superior told the person face to face, on paper or by telephone.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Handover {
    /// The superior.
    pub by: EmployeeId,
    /// When it was recorded.
    pub at: Instant,
}

/// Why a notice can't be handed over.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum HandoverError {
    /// Nobody hands a notice to themselves; they mark it seen.
    #[error("nobody hands over their own notice")]
    OwnNotice,
    /// No clock hangs on the notice, so nothing is gained and another pair of eyes is not needed.
    #[error("the notice starts no clock")]
    NoClock,
}

impl Notice {
    /// The moment from which the person is taken to know it; a reply's clock starts here.
    pub fn reached_at(&self) -> Option<Instant> {
        match (self.seen_at, self.handed_over) {
            (Some(seen), Some(handed_over)) => Some(seen.min(handed_over.at)),
            (Some(seen), None) => Some(seen),
            (None, handed_over) => handed_over.map(|handover| handover.at),
        }
    }

    /// The person has seen it. Only the first time counts.
    #[must_use]
    pub fn seen(self, at: Instant) -> Self {
        Self {
            seen_at: self.seen_at.or(Some(at)),
            ..self
        }
    }

    /// A superior handed it over. Only the first time counts; the caller has checked who is the direct superior.
    pub fn handed_over(self, by: EmployeeId, at: Instant) -> Result<Self, HandoverError> {
        if by == self.employee_id {
            return Err(HandoverError::OwnNotice);
        }
        if !self.content.starts_a_clock() {
            return Err(HandoverError::NoClock);
        }
        Ok(Self {
            handed_over: self.handed_over.or(Some(Handover { by, at })),
            ..self
        })
    }
}
