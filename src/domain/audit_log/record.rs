//! What an entry keeps to itself: the private record, the salt, and the commitment that binds it to the entry.

use crate::domain::batch::commitment::Salt;
use crate::domain::batch::unit::SlotUnit;
use crate::domain::canonical;
use crate::domain::canonical::CanonicalError;
use crate::domain::case::CaseFinding;
use crate::domain::digest::Digest;
use crate::domain::ids::AccountId;
use crate::domain::ids::CaseId;
use crate::domain::ids::EmployeeId;
use crate::domain::notice::CaseOutcome;
use serde::{Deserialize, Serialize};

/// The private record of an entry; its kind is that of the entry.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Record {
    /// Why a plan was cancelled.
    PlanCancelled {
        /// In the words of who cancelled.
        reason: String,
    },
    /// How a seed came about, in words.
    Seed {
        /// Who rolled which dice where and when.
        evidence: String,
    },
    /// Whose case it is.
    Assignment {
        /// The case.
        case: CaseId,
        /// The drawn unit.
        unit: SlotUnit,
        /// Who reviews it.
        auditor: AccountId,
    },
    /// A look at personal data.
    Disclosure {
        /// Who looked.
        account: AccountId,
        /// Whose data.
        employee: EmployeeId,
        /// What was looked at, as `kind/id`.
        subject: String,
        /// Which fields, in the order of their names.
        fields: Vec<String>,
        /// What for.
        purpose: String,
    },
    /// How a case ended.
    Verdict(Verdict),
    /// How a case ended after an objection.
    VerdictAmended(Verdict),
    /// What a second, blind review found.
    SecondReview(SecondReview),
    /// A setting before and after.
    SettingChanged {
        /// Who changed it; none where the program did by itself.
        account: Option<AccountId>,
        /// The value before, as text; none where there was none.
        before: Option<String>,
        /// The value after, as text.
        after: Option<String>,
    },
    /// Who took data out.
    Export {
        /// The account.
        account: AccountId,
        /// What was taken, as `kind/id`.
        subject: String,
        /// What for, where a purpose is asked.
        purpose: Option<String>,
    },
}

/// The end of a case.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Verdict {
    /// The case.
    pub case: CaseId,
    /// The drawn unit.
    pub unit: SlotUnit,
    /// How it counts; `withdrawn` where the unit is in order.
    pub outcome: CaseOutcome,
    /// Who reviewed it.
    pub reviewed_by: AccountId,
    /// The second person, where one decided. An upheld case has one.
    pub decided_by: Option<AccountId>,
}

/// What somebody found who looked at a case again without knowing the first finding.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SecondReview {
    /// The case.
    pub case: CaseId,
    /// The drawn unit.
    pub unit: SlotUnit,
    /// What was found.
    pub finding: CaseFinding,
    /// By whom.
    pub reviewer: AccountId,
}

/// A salt and the record that it hides: what opens a commitment.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Opening {
    /// 32 random bytes, new for every entry.
    pub salt: Salt,
    /// The record.
    pub record: Record,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct OpeningText {
    record: Record,
    salt: String,
}

impl Record {
    /// The kind of the entry that it belongs to.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::PlanCancelled { .. } => "plan_cancelled",
            Self::Seed { .. } => "seed",
            Self::Assignment { .. } => "assignment",
            Self::Disclosure { .. } => "disclosure",
            Self::Verdict(_) => "verdict",
            Self::VerdictAmended(_) => "verdict_amended",
            Self::SecondReview(_) => "second_review",
            Self::SettingChanged { .. } => "setting_changed",
            Self::Export { .. } => "export",
        }
    }
}

impl Opening {
    /// The commitment that stands in the entry: HMAC-SHA256 with the salt as key over the record's canonical form.
    pub fn commitment(&self) -> Result<Digest, CanonicalError> {
        let text = canonical::to_string(&self.record)?;
        Ok(self.salt.commit(text.as_bytes()))
    }

    /// Reads `{"record": ..., "salt": "<64 hexadecimal digits>"}` in canonical form.
    pub fn parse(text: &str) -> Result<Self, CanonicalError> {
        let read: OpeningText = canonical::from_str(text)?;
        let salt = Salt::from_hex(&read.salt).ok_or(CanonicalError::Unreadable)?;
        if salt.to_hex() == read.salt {
            Ok(Self {
                salt,
                record: read.record,
            })
        } else {
            Err(CanonicalError::NotCanonical)
        }
    }

    /// The text that [`Opening::parse`] reads.
    pub fn to_text(&self) -> Result<String, CanonicalError> {
        canonical::to_string(&OpeningText {
            record: self.record.clone(),
            salt: self.salt.to_hex(),
        })
    }
}
