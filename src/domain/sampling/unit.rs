//! The sampling unit and its public name: the one place that defines both.
//!
//! The unit is an expected slot, so that what was never sent can be drawn too.

use crate::domain::ids::EmployeeId;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// Why a text is no sampling unit's id, or no part of one.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum UnitIdError {
    /// There are not exactly four parts between slashes.
    #[error("a unit id has four parts: agency code, work date, pseudonym and slot")]
    Parts,
    /// The agency code or slot is empty, longer than 40, or has other characters than `A-Z a-z 0-9 . _ -`.
    #[error("an agency code or slot has 1 to 40 characters out of A-Z a-z 0-9 . _ -")]
    Part,
    /// The date is not `YYYY-MM-DD`.
    #[error("the work date is not YYYY-MM-DD")]
    WorkDate,
    /// The pseudonym is not 26 characters of lowercase base 32.
    #[error("a pseudonym has 26 characters out of a-z and 2-7")]
    Pseudonym,
}

/// A public name of one employee that says nothing about who it is: 26 characters of lowercase base 32.
///
/// Made from a keyed digest or from random bytes, never from a digest of the NIP alone: NIPs are few enough to try.
/// Its alphabet lacks 0, 1, 8 and 9 and it is never 18 or 36 characters long, so no NIP and no UUID can pass as one.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Pseudonym(String);

impl Pseudonym {
    /// Writes 128 keyed or random bits as a pseudonym.
    pub fn from_bits(bits: u128) -> Self {
        const ALPHABET: [char; 32] = [
            'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l', 'm', 'n', 'o', 'p', 'q', 'r', 's', 't', 'u',
            'v', 'w', 'x', 'y', 'z', '2', '3', '4', '5', '6', '7',
        ];
        let text = (0..26_u32)
            .map(|place| {
                let five = (bits >> (5 * (25 - place))) & 31;
                usize::try_from(five)
                    .ok()
                    .and_then(|index| ALPHABET.get(index).copied())
                    .unwrap_or('a')
            })
            .collect();
        Self(text)
    }

    /// From the first 16 bytes of a keyed digest of the employee's id. The key stays with the service.
    pub fn from_keyed_digest(digest: &[u8; 32]) -> Self {
        let bits = digest
            .iter()
            .take(16)
            .fold(0_u128, |sum, byte| (sum << 8) | u128::from(*byte));
        Self::from_bits(bits)
    }

    /// What the keyed digest is taken over: a fixed label, the month, and the employee's id.
    ///
    /// A new pseudonym each month, so that published ids of two months can't be joined to one person's history.
    pub fn keyed_text(employee: EmployeeId, work_date: NaiveDate) -> String {
        format!("sherlok unit pseudonym v1\n{}\n{employee}", work_date.format("%Y-%m"))
    }

    /// The 26 characters.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Pseudonym {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl TryFrom<String> for Pseudonym {
    type Error = UnitIdError;

    fn try_from(text: String) -> Result<Self, UnitIdError> {
        let fits = text.len() == 26 && text.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'2'..=b'7'));
        if fits {
            Ok(Self(text))
        } else {
            Err(UnitIdError::Pseudonym)
        }
    }
}

impl From<Pseudonym> for String {
    fn from(pseudonym: Pseudonym) -> Self {
        pseudonym.0
    }
}

/// The plain-text id of a sampling unit: `<agency_code>/<work_date>/<pseudonym>/<slot>`, ASCII.
///
/// The unit is one expected slot of one person's work day, whether anything was received for it or not.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct UnitId(String);

impl UnitId {
    /// Puts the four parts together; `Err` where the agency code or the slot has a character that could mislead.
    pub fn new(
        agency_code: &str,
        work_date: NaiveDate,
        pseudonym: &Pseudonym,
        slot: &str,
    ) -> Result<Self, UnitIdError> {
        if !is_plain(agency_code) || !is_plain(slot) {
            return Err(UnitIdError::Part);
        }
        let date = work_date.format("%Y-%m-%d");
        Ok(Self(format!("{agency_code}/{date}/{pseudonym}/{slot}")))
    }

    /// The id as it is hashed and published.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn is_plain(part: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
    (1..=40).contains(&part.len()) && part.bytes().all(fits)
}

impl FromStr for UnitId {
    type Err = UnitIdError;

    fn from_str(text: &str) -> Result<Self, UnitIdError> {
        let parts: Vec<&str> = text.split('/').collect();
        let [agency_code, work_date, pseudonym, slot] = parts.as_slice() else {
            return Err(UnitIdError::Parts);
        };
        let date = NaiveDate::parse_from_str(work_date, "%Y-%m-%d")
            .ok()
            .filter(|date| date.format("%Y-%m-%d").to_string() == **work_date)
            .ok_or(UnitIdError::WorkDate)?;
        let pseudonym = Pseudonym::try_from((*pseudonym).to_owned())?;
        Self::new(agency_code, date, &pseudonym, slot)
    }
}

impl TryFrom<String> for UnitId {
    type Error = UnitIdError;

    fn try_from(text: String) -> Result<Self, UnitIdError> {
        text.parse()
    }
}

impl From<UnitId> for String {
    fn from(id: UnitId) -> Self {
        id.0
    }
}

impl fmt::Display for UnitId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::HashSet;

    #[test]
    fn a_unit_id_reads_back_and_refuses_what_could_mislead() {
        let pseudonym = Pseudonym::from_bits(u128::MAX / 3);
        let date = NaiveDate::from_ymd_opt(2026, 3, 2).unwrap();
        let id = UnitId::new("DISDIK", date, &pseudonym, "morning").unwrap();
        assert_eq!(id.as_str(), "DISDIK/2026-03-02/cvkvkvkvkvkvkvkvkvkvkvkvkv/morning");
        assert_eq!(id.as_str().parse(), Ok(id.clone()));
        assert_eq!(
            UnitId::new("DIS/DIK", date, &pseudonym, "morning"),
            Err(UnitIdError::Part)
        );
        assert_eq!(UnitId::new("DISDIK", date, &pseudonym, ""), Err(UnitIdError::Part));
        assert_eq!("a/b".parse::<UnitId>(), Err(UnitIdError::Parts));
        let loose = id.as_str().replace("2026-03-02", "2026-3-2");
        assert_eq!(loose.parse::<UnitId>(), Err(UnitIdError::WorkDate));
    }

    #[test]
    fn a_nip_or_a_database_id_is_no_pseudonym() {
        for text in [
            "198609262015051001",
            "01955b3c-7000-7abc-8def-0123456789ab",
            "",
            "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        ] {
            assert_eq!(Pseudonym::try_from(text.to_owned()), Err(UnitIdError::Pseudonym));
        }
    }

    #[test]
    fn a_pseudonym_changes_with_the_month_and_the_person() {
        let employee: EmployeeId = "01955b3c-7000-7abc-8def-0123456789ab".parse().unwrap();
        let other: EmployeeId = "01955b3c-7000-7abc-8def-0123456789ac".parse().unwrap();
        let date = |month| NaiveDate::from_ymd_opt(2026, month, 2).unwrap();
        let texts: HashSet<String> = [(employee, 3), (employee, 4), (other, 3)]
            .map(|(who, month)| Pseudonym::keyed_text(who, date(month)))
            .into();
        assert_eq!(texts.len(), 3);
    }

    proptest! {
        #[test]
        fn every_pseudonym_fits_a_unit_id(bits in any::<u128>()) {
            let pseudonym = Pseudonym::from_bits(bits);
            prop_assert_eq!(Pseudonym::try_from(pseudonym.to_string()), Ok(pseudonym));
        }
    }
}
