//! The code of an agency.

use serde::{Deserialize, Serialize};
use std::fmt;

/// The code of an agency (OPD): 1 to 20 of letters, digits, dot and hyphen, beginning with a letter or digit.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AgencyCode(String);

/// The text can't be an agency's code.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("an agency code is 1 to 20 letters, digits, dots and hyphens")]
pub struct AgencyCodeError;

impl AgencyCode {
    /// Takes a code as written.
    pub fn parse(text: &str) -> Result<Self, AgencyCodeError> {
        let is_allowed = |character: char| character.is_ascii_alphanumeric() || character == '.' || character == '-';
        let begins_well = text.chars().next().is_some_and(|first| first.is_ascii_alphanumeric());
        let fits = begins_well && text.len() <= 20 && text.chars().all(is_allowed);
        fits.then(|| Self(text.to_owned())).ok_or(AgencyCodeError)
    }

    /// The code as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for AgencyCode {
    type Error = AgencyCodeError;

    fn try_from(text: String) -> Result<Self, AgencyCodeError> {
        Self::parse(&text)
    }
}

impl From<AgencyCode> for String {
    fn from(code: AgencyCode) -> Self {
        code.0
    }
}

impl fmt::Display for AgencyCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agency_codes_are_plain() {
        assert!(AgencyCode::parse("1.01.0-A").is_ok());
        for text in ["", ".1", "a/b", "dua kata", "123456789012345678901"] {
            assert_eq!(AgencyCode::parse(text), Err(AgencyCodeError), "{text}");
        }
    }
}
