//! For whom a circular speaks: the nation, a province, a regency or city, by Kemendagri code.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// The code of the nation as a whole.
const NATION: &str = "ID";

/// `ID`, `36` (Banten), `36.01` (Pandeglang), down to a village. A wider one covers the narrower ones inside it.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct JurisdictionCode(String);

/// The text is no code of the Ministry of Home Affairs and not `ID`.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("not a jurisdiction code such as ID, 36 or 36.01")]
pub struct JurisdictionError;

impl JurisdictionCode {
    /// Whether rules of this jurisdiction reach agencies of `other`.
    pub fn covers(&self, other: &Self) -> bool {
        self.0 == NATION || self.0 == other.0 || other.0.strip_prefix(&self.0).is_some_and(|rest| rest.starts_with('.'))
    }

    /// 0 for the nation, 1 for a province, 2 for a regency or city, and so on.
    pub fn depth(&self) -> usize {
        if self.0 == NATION { 0 } else { self.0.split('.').count() }
    }

    /// The code as stored.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for JurisdictionCode {
    type Err = JurisdictionError;

    fn from_str(text: &str) -> Result<Self, JurisdictionError> {
        let lengths: Vec<usize> = text.split('.').map(str::len).collect();
        let is_code = matches!(lengths.as_slice(), [2] | [2, 2] | [2, 2, 2] | [2, 2, 2, 4])
            && text.chars().all(|sign| sign.is_ascii_digit() || sign == '.');
        (is_code || text == NATION)
            .then(|| Self(text.to_owned()))
            .ok_or(JurisdictionError)
    }
}

impl TryFrom<String> for JurisdictionCode {
    type Error = JurisdictionError;

    fn try_from(text: String) -> Result<Self, JurisdictionError> {
        text.parse()
    }
}

impl From<JurisdictionCode> for String {
    fn from(code: JurisdictionCode) -> Self {
        code.0
    }
}

impl fmt::Display for JurisdictionCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> JurisdictionCode {
        text.parse().unwrap()
    }

    #[test]
    fn a_wider_jurisdiction_covers_the_narrower_ones_inside_it() {
        assert!(code("ID").covers(&code("36.01")));
        assert!(code("36").covers(&code("36")));
        assert!(code("36").covers(&code("36.01")));
        assert!(!code("36.01").covers(&code("36")));
        assert!(!code("36").covers(&code("31.36")));
        assert_eq!(
            [code("ID").depth(), code("36").depth(), code("36.01").depth()],
            [0, 1, 2]
        );
    }

    #[test]
    fn only_codes_of_the_ministry_are_read() {
        for text in ["", "3", "361", "36.1", "36.01.", "36,01", "banten", "36.01.01.01", "id"] {
            assert_eq!(text.parse::<JurisdictionCode>(), Err(JurisdictionError), "{text}");
        }
        assert_eq!(code("36.01.01.2001").as_str(), "36.01.01.2001");
    }
}
