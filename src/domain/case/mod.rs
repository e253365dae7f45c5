//! One drawn unit under review: a finding is proposed, the person is heard, a second person decides, the
//! head of BKD hears an objection.
//!
//! Flags never decide here, and `inconclusive` never counts against anyone (domain report, section 2.8).

pub mod clock;
pub mod objection;
pub mod progress;
pub mod reminder;
pub mod rules;
pub mod sentence;

use crate::domain::notice::CaseOutcome;
use serde::{Deserialize, Serialize};

/// How far a case has come.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CaseState {
    /// An auditor has it.
    Assigned,
    /// The auditor wrote a finding. Nothing follows unless a deviation was proposed.
    Reviewed,
    /// The person knows of the proposed deviation; the time to reply is running.
    Notified,
    /// The person replied.
    Replied,
    /// The time to reply passed without a reply.
    NoReply,
    /// A second person decided.
    Decided,
    /// The person objected to an upheld finding; the head of BKD decides.
    Objected,
    /// The audit is closed, and the case with it.
    Closed,
}

impl CaseState {
    /// Every state, in order.
    pub const ALL: [Self; 8] = [
        Self::Assigned,
        Self::Reviewed,
        Self::Notified,
        Self::Replied,
        Self::NoReply,
        Self::Decided,
        Self::Objected,
        Self::Closed,
    ];

    /// The spelling in JSON and queries.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Assigned => "assigned",
            Self::Reviewed => "reviewed",
            Self::Notified => "notified",
            Self::Replied => "replied",
            Self::NoReply => "no_reply",
            Self::Decided => "decided",
            Self::Objected => "objected",
            Self::Closed => "closed",
        }
    }

    /// The inverse of [`CaseState::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }
}

/// What an auditor finds.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CaseFinding {
    /// The unit is in order.
    Valid,
    /// The unit seems to deviate; the person is asked to reply.
    InvalidProposed,
    /// It can't be told.
    Inconclusive,
}

impl CaseFinding {
    /// The spelling in columns and JSON.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Valid => "valid",
            Self::InvalidProposed => "invalid_proposed",
            Self::Inconclusive => "inconclusive",
        }
    }

    /// The inverse of [`CaseFinding::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Valid, Self::InvalidProposed, Self::Inconclusive]
            .into_iter()
            .find(|finding| finding.code() == code)
    }
}

/// How the auditor found out.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReviewMethod {
    /// By looking at the map.
    Map,
    /// By a call.
    Call,
    /// By a visit.
    Visit,
    /// By documents.
    Documents,
}

impl ReviewMethod {
    /// The spelling in columns and JSON.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Map => "map",
            Self::Call => "call",
            Self::Visit => "visit",
            Self::Documents => "documents",
        }
    }

    /// The inverse of [`ReviewMethod::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Map, Self::Call, Self::Visit, Self::Documents]
            .into_iter()
            .find(|method| method.code() == code)
    }
}

/// What a file of the person backs.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReplyPart {
    /// The reply to a proposed deviation.
    Reply,
    /// The objection to an upheld one.
    Objection,
}

impl ReplyPart {
    /// The spelling in columns and JSON.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Reply => "reply",
            Self::Objection => "objection",
        }
    }

    /// The inverse of [`ReplyPart::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Reply, Self::Objection]
            .into_iter()
            .find(|part| part.code() == code)
    }
}

/// Most files behind a reply, and behind an objection.
pub const EVIDENCE_MAXIMUM: usize = 5;

impl CaseOutcome {
    /// The spelling in columns and JSON.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Upheld => "upheld",
            Self::Withdrawn => "withdrawn",
            Self::Inconclusive => "inconclusive",
        }
    }

    /// The inverse of [`CaseOutcome::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Upheld, Self::Withdrawn, Self::Inconclusive]
            .into_iter()
            .find(|outcome| outcome.code() == code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_reads_back() {
        for state in CaseState::ALL {
            assert_eq!(CaseState::from_code(state.code()), Some(state));
        }
        for code in ["reply", "objection"] {
            assert_eq!(ReplyPart::from_code(code).map(ReplyPart::code), Some(code));
        }
        for code in ["upheld", "withdrawn", "inconclusive"] {
            assert_eq!(CaseOutcome::from_code(code).map(CaseOutcome::code), Some(code));
        }
        for code in ["map", "call", "visit", "documents"] {
            assert_eq!(ReviewMethod::from_code(code).map(ReviewMethod::code), Some(code));
        }
        for code in ["valid", "invalid_proposed", "inconclusive"] {
            assert_eq!(CaseFinding::from_code(code).map(CaseFinding::code), Some(code));
        }
    }
}
