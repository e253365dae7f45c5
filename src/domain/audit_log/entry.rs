//! One entry of BKD's audit log as canonical JSON: the bytes that become a leaf of the tree.
//!
//! Norm: `api-spec/audit-bundle.md`, section 4.

use crate::domain::audit_log::facts::Facts;
use crate::domain::audit_log::record::Opening;
use crate::domain::audit_log::subject::Subject;
use crate::domain::canonical;
use crate::domain::canonical::CanonicalError;
use crate::domain::digest::Digest;
use crate::domain::instant::Instant;
use serde::{Deserialize, Serialize};

/// The version of the schema.
const VERSION: u8 = 1;

/// The most bytes that a leaf may have (C2SP tlog-tiles: its length is written in 16 bits).
pub const LONGEST_LEAF: usize = 65_535;

/// One thing that happened.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Entry {
    /// When.
    pub at: Instant,
    /// To what.
    pub subject: Subject,
    /// The commitment to the private record; none where there is no record.
    pub commitment: Option<Digest>,
    /// What is said about it in public.
    pub facts: Facts,
}

/// Why something is not an entry.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum EntryError {
    /// Not the canonical form of the schema.
    #[error(transparent)]
    Form(#[from] CanonicalError),
    /// The bytes are not UTF-8.
    #[error("the entry is not UTF-8")]
    NotUtf8,
    /// Longer than [`LONGEST_LEAF`].
    #[error("the entry is longer than {LONGEST_LEAF} bytes")]
    TooLong,
    /// Of another version of the schema.
    #[error("the entry is of another version")]
    Version,
    /// Its kind is not about such a subject.
    #[error("the entry's kind is not about such a subject")]
    Subject,
    /// Its kind asks for a commitment and there is none, or it has one and its kind hides nothing.
    #[error("the entry's kind and its commitment do not go together")]
    Commitment,
}

#[derive(Serialize, Deserialize)]
struct Leaf {
    at: Instant,
    c: Option<Digest>,
    #[serde(flatten)]
    facts: Facts,
    subject: Subject,
    v: u8,
}

/// Whether entries of a kind have a private record.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Hides {
    Always,
    Sometimes,
    Never,
}

impl Entry {
    /// An entry that hides nothing.
    pub const fn public(at: Instant, subject: Subject, facts: Facts) -> Self {
        Self {
            at,
            subject,
            commitment: None,
            facts,
        }
    }

    /// An entry with the commitment to its private record.
    pub fn private(at: Instant, subject: Subject, facts: Facts, opening: &Opening) -> Result<Self, EntryError> {
        if opening.record.kind() != facts.kind() {
            return Err(EntryError::Commitment);
        }
        Ok(Self {
            at,
            subject,
            commitment: Some(opening.commitment()?),
            facts,
        })
    }

    /// The canonical bytes. `Err` where kind, subject and commitment do not go together or the entry is too long.
    pub fn leaf(&self) -> Result<Vec<u8>, EntryError> {
        self.check()?;
        let text = canonical::to_string(&Leaf {
            at: self.at,
            c: self.commitment,
            facts: self.facts.clone(),
            subject: self.subject.clone(),
            v: VERSION,
        })?;
        if text.len() > LONGEST_LEAF {
            return Err(EntryError::TooLong);
        }
        Ok(text.into_bytes())
    }

    /// Reads a leaf; refuses every byte that [`Entry::leaf`] would not have written.
    pub fn parse(leaf: &[u8]) -> Result<Self, EntryError> {
        if leaf.len() > LONGEST_LEAF {
            return Err(EntryError::TooLong);
        }
        let text = std::str::from_utf8(leaf).ok().ok_or(EntryError::NotUtf8)?;
        let read: Leaf = canonical::from_str(text)?;
        if read.v != VERSION {
            return Err(EntryError::Version);
        }
        let entry = Self {
            at: read.at,
            subject: read.subject,
            commitment: read.c,
            facts: read.facts,
        };
        entry.check()?;
        Ok(entry)
    }

    /// Whether the opening is that of this entry.
    pub fn opens(&self, opening: &Opening) -> bool {
        opening.record.kind() == self.facts.kind() && opening.commitment().ok() == self.commitment
    }

    fn check(&self) -> Result<(), EntryError> {
        if !self.facts.is_about(&self.subject) {
            return Err(EntryError::Subject);
        }
        match (self.facts.hides(), self.commitment) {
            (Hides::Always, None) | (Hides::Never, Some(_)) => Err(EntryError::Commitment),
            (Hides::Always, Some(_)) | (Hides::Never, None) | (Hides::Sometimes, _) => Ok(()),
        }
    }
}

impl Facts {
    /// The kind's spelling in the entry.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::BatchSealed(_) => "batch_sealed",
            Self::BatchReceived(_) => "batch_received",
            Self::Plan(_) => "plan",
            Self::PlanCancelled(_) => "plan_cancelled",
            Self::Seed(_) => "seed",
            Self::Draw(_) => "draw",
            Self::Extension(_) => "extension",
            Self::Assignment(_) => "assignment",
            Self::Disclosure(_) => "disclosure",
            Self::Verdict(_) => "verdict",
            Self::VerdictAmended(_) => "verdict_amended",
            Self::SecondReview(_) => "second_review",
            Self::Bound(_) => "bound",
            Self::Report(_) => "report",
            Self::KeyAdded(_) => "key_added",
            Self::KeyRevoked(_) => "key_revoked",
            Self::SettingChanged(_) => "setting_changed",
            Self::RetentionShred(_) => "retention_shred",
            Self::Export(_) => "export",
            Self::AuditClosed(_) => "audit_closed",
        }
    }

    const fn hides(&self) -> Hides {
        match self {
            Self::PlanCancelled(_)
            | Self::Assignment(_)
            | Self::Disclosure(_)
            | Self::Verdict(_)
            | Self::VerdictAmended(_)
            | Self::SecondReview(_)
            | Self::SettingChanged(_)
            | Self::Export(_) => Hides::Always,
            Self::Seed(_) => Hides::Sometimes,
            Self::BatchSealed(_)
            | Self::BatchReceived(_)
            | Self::Plan(_)
            | Self::Draw(_)
            | Self::Extension(_)
            | Self::Bound(_)
            | Self::Report(_)
            | Self::KeyAdded(_)
            | Self::KeyRevoked(_)
            | Self::RetentionShred(_)
            | Self::AuditClosed(_) => Hides::Never,
        }
    }

    const fn is_about(&self, subject: &Subject) -> bool {
        match self {
            Self::BatchSealed(_) | Self::BatchReceived(_) => matches!(subject, Subject::Batch(_)),
            Self::Plan(_)
            | Self::PlanCancelled(_)
            | Self::Seed(_)
            | Self::Draw(_)
            | Self::Extension(_)
            | Self::Assignment(_)
            | Self::Verdict(_)
            | Self::VerdictAmended(_)
            | Self::SecondReview(_)
            | Self::Bound(_)
            | Self::Report(_)
            | Self::AuditClosed(_) => matches!(subject, Subject::Audit(_)),
            Self::Disclosure(_) | Self::Export(_) => {
                matches!(subject, Subject::Audit(_) | Subject::Batch(_) | Subject::Agency(_))
            }
            Self::KeyAdded(_) | Self::KeyRevoked(_) => matches!(subject, Subject::Key(_)),
            Self::SettingChanged(_) => matches!(subject, Subject::Setting(_)),
            Self::RetentionShred(_) => matches!(subject, Subject::Retention(_)),
        }
    }
}
