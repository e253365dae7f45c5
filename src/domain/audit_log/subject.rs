//! What an entry of the audit log is about, as `noun/name`.

use crate::domain::agency_code::AgencyCode;
use crate::domain::ids::AuditId;
use crate::domain::ids::BatchId;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// Longest name of a key or a setting, in bytes.
pub const LONGEST_NAME: usize = 100;

/// The thing that an entry is about.
#[derive(Clone, Debug, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Subject {
    /// `audit/<uuid>`
    Audit(AuditId),
    /// `batch/<uuid>`
    Batch(BatchId),
    /// `agency/<code>`
    Agency(AgencyCode),
    /// `key/<name>`: a key of the log, a witness or an agency, by the name in its signatures.
    Key(Name),
    /// `setting/<name>`
    Setting(Name),
    /// `retention/<name>`: what is forgotten, such as `positions`.
    Retention(Name),
}

/// A technical name: 1 to [`LONGEST_NAME`] of letters, digits, `.`, `-`, `_`, `:` and `/`. No person is called by one.
#[derive(Clone, Debug, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Name(String);

/// The text is not the subject of an entry, or not a technical name.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("not a subject such as audit/<uuid>")]
pub struct SubjectError;

impl Name {
    /// `fixed`: the rule of an audit that ends with the sample it was planned with.
    pub fn fixed() -> Self {
        Self("fixed".to_owned())
    }

    /// `sequence`: the rule of an audit that may be looked at early and extended.
    pub fn sequence() -> Self {
        Self("sequence".to_owned())
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Name {
    type Err = SubjectError;

    fn from_str(text: &str) -> Result<Self, SubjectError> {
        let is_allowed =
            |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_' | b':' | b'/' | b'+');
        let fits = (1..=LONGEST_NAME).contains(&text.len()) && text.bytes().all(is_allowed);
        fits.then(|| Self(text.to_owned())).ok_or(SubjectError)
    }
}

impl TryFrom<String> for Name {
    type Error = SubjectError;

    fn try_from(text: String) -> Result<Self, SubjectError> {
        text.parse()
    }
}

impl From<Name> for String {
    fn from(name: Name) -> Self {
        name.0
    }
}

impl fmt::Display for Name {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Audit(id) => write!(formatter, "audit/{id}"),
            Self::Batch(id) => write!(formatter, "batch/{id}"),
            Self::Agency(code) => write!(formatter, "agency/{code}"),
            Self::Key(name) => write!(formatter, "key/{name}"),
            Self::Setting(name) => write!(formatter, "setting/{name}"),
            Self::Retention(name) => write!(formatter, "retention/{name}"),
        }
    }
}

impl FromStr for Subject {
    type Err = SubjectError;

    /// Takes one spelling only: the one that [`Subject`] is written in.
    fn from_str(text: &str) -> Result<Self, SubjectError> {
        let (noun, name) = text.split_once('/').ok_or(SubjectError)?;
        let subject = match noun {
            "audit" => Self::Audit(name.parse().ok().ok_or(SubjectError)?),
            "batch" => Self::Batch(name.parse().ok().ok_or(SubjectError)?),
            "agency" => Self::Agency(AgencyCode::parse(name).ok().ok_or(SubjectError)?),
            "key" => Self::Key(name.parse()?),
            "setting" => Self::Setting(name.parse()?),
            "retention" => Self::Retention(name.parse()?),
            _ => return Err(SubjectError),
        };
        // A UUID has several spellings.
        if subject.to_string() == text {
            Ok(subject)
        } else {
            Err(SubjectError)
        }
    }
}

impl TryFrom<String> for Subject {
    type Error = SubjectError;

    fn try_from(text: String) -> Result<Self, SubjectError> {
        text.parse()
    }
}

impl From<Subject> for String {
    fn from(subject: Subject) -> Self {
        subject.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn subjects_have_one_spelling_each() {
        for text in [
            "audit/0195d3a0-0000-7000-8000-000000000000",
            "batch/0195d3a0-0000-7000-8000-000000000000",
            "agency/1.01",
            "key/bkd.bantenprov.go.id/log",
            "setting/audit.reply_days",
            "retention/positions",
        ] {
            assert_eq!(text.parse::<Subject>().unwrap().to_string(), text);
        }
        for text in [
            "audit/0195D3A0-0000-7000-8000-000000000000",
            "audit/0195d3a0000070008000000000000000",
            "audit/1",
            "agency/",
            "setting/dua kata",
            "person/1",
            "audit",
            "",
        ] {
            assert_eq!(text.parse::<Subject>(), Err(SubjectError), "{text}");
        }
    }
}
