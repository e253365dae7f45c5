//! Positions on their way: a line for each row that commits to one, sealed to the receiver, and what is in the seal.

use crate::domain::batch::commitment::{Opening, Salt};
use crate::domain::batch::row::Row;
use crate::domain::batch::unit::SlotUnit;
use crate::domain::canonical;
use crate::domain::canonical::CanonicalError;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use std::fmt;

/// What seals are made for; binds them to the format (HPKE's info).
pub const PURPOSE: &[u8] = b"sherlok-dispatch/1 opening";

/// Most bytes of a seal: encapsulated key, position and tag are far fewer.
pub const LONGEST_SEAL: usize = 2_048;

/// One line of `openings.ndjson`.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SealedOpening {
    /// The seal; `null` where the agency no longer keeps the position.
    pub sealed: Option<Seal>,
    /// The row's unit.
    pub unit: SlotUnit,
}

/// An encapsulated key and a ciphertext, one behind the other; written in base64.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Seal(Vec<u8>);

/// The text is not base64, in its one spelling, of up to [`LONGEST_SEAL`] bytes.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("not base64 of a seal")]
pub struct SealError;

impl Seal {
    /// From its bytes.
    pub fn new(bytes: Vec<u8>) -> Result<Self, SealError> {
        if (49..=LONGEST_SEAL).contains(&bytes.len()) {
            Ok(Self(bytes))
        } else {
            Err(SealError)
        }
    }

    /// Its bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }
}

impl TryFrom<String> for Seal {
    type Error = SealError;

    fn try_from(text: String) -> Result<Self, SealError> {
        Self::new(STANDARD.decode(text).ok().ok_or(SealError)?)
    }
}

impl From<Seal> for String {
    fn from(seal: Seal) -> Self {
        STANDARD.encode(seal.0)
    }
}

impl SealedOpening {
    /// The canonical line, without line feed.
    pub fn print(&self) -> Result<String, CanonicalError> {
        canonical::to_string(self)
    }

    /// Reads a line, without line feed.
    pub fn parse(line: &str) -> Result<Self, CanonicalError> {
        canonical::from_str(line)
    }
}

/// What a seal holds.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReleasedOpening {
    /// The position as the phone claimed it.
    pub opening: Opening,
    /// The salt of the row's unit, 64 hexadecimal digits.
    pub salt: String,
}

/// Why an opened seal is not believed.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum ReleaseError {
    /// Not the canonical text of an opening and a salt.
    #[error("the seal holds no opening")]
    Form,
    /// It opens another row, or this one was sealed with another position.
    #[error("the opening does not match the row's commitment")]
    Commitment,
}

impl ReleasedOpening {
    /// An opening with the salt that it commits with.
    pub fn new(opening: Opening, salt: Salt) -> Self {
        Self {
            opening,
            salt: salt.to_hex(),
        }
    }

    /// The text that is sealed.
    pub fn print(&self) -> Result<String, CanonicalError> {
        canonical::to_string(self)
    }

    /// Reads what a seal held, and believes it only if it is what the row has committed to.
    pub fn of_row(text: &[u8], row: &Row) -> Result<Self, ReleaseError> {
        let text = str::from_utf8(text).ok().ok_or(ReleaseError::Form)?;
        let released: Self = canonical::from_str(text).ok().ok_or(ReleaseError::Form)?;
        let salt = Salt::from_hex(&released.salt).ok_or(ReleaseError::Form)?;
        let opening = canonical::to_string(&released.opening).ok().ok_or(ReleaseError::Form)?;
        let is_of_row = released.opening.unit == row.unit_id && Some(released.opening.check_in_id) == row.check_in_id;
        if is_of_row && row.commitment == Some(salt.commit(opening.as_bytes())) {
            Ok(released)
        } else {
            Err(ReleaseError::Commitment)
        }
    }
}

impl fmt::Debug for ReleasedOpening {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "ReleasedOpening({:?})", self.opening)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::batch::commitment::{BatchKey, commit};
    use crate::domain::batch::row::tests::received;
    use crate::domain::ids::CheckInId;
    use crate::domain::instant::Instant;
    use crate::domain::place::Position;

    fn opening(unit: &SlotUnit) -> Opening {
        Opening {
            unit: unit.clone(),
            check_in_id: CheckInId::from_client("019cac1d-7de0-7abc-8def-0123456789ab").unwrap(),
            captured_at: Instant::parse("2026-03-02T05:01:00Z").unwrap(),
            position: Position::from_e7(-61_197_312, 1_061_734_618).unwrap(),
            accuracy_millimetres: Some(12_500),
        }
    }

    #[test]
    fn an_opening_is_believed_for_the_row_that_committed_to_it_and_no_other() {
        let mut row = received("p1");
        let opening = opening(&row.unit_id);
        let salt = BatchKey::derive(&[7; 32]).salt(&row.unit_id);
        row.commitment = Some(commit(&salt, &opening).unwrap());
        let text = ReleasedOpening::new(opening, salt).print().unwrap();
        let released = ReleasedOpening::of_row(text.as_bytes(), &row).unwrap();
        assert_eq!(released.opening.position.latitude_e7(), -61_197_312);
        let other = Row {
            commitment: received("p1").commitment,
            ..row.clone()
        };
        let of_other = ReleasedOpening::of_row(text.as_bytes(), &other);
        assert_eq!(of_other.unwrap_err(), ReleaseError::Commitment);
        let moved = text.replace("-61197312", "-61197313");
        assert_eq!(
            ReleasedOpening::of_row(moved.as_bytes(), &row).unwrap_err(),
            ReleaseError::Commitment
        );
        assert_eq!(ReleasedOpening::of_row(b"{}", &row).unwrap_err(), ReleaseError::Form);
    }

    #[test]
    fn a_line_reads_back_in_one_spelling() {
        let unit: SlotUnit = "1.01/2026-03-02/p1/midday".parse().unwrap();
        for sealed in [None, Some(Seal::new(vec![1; 80]).unwrap())] {
            let line = SealedOpening {
                sealed,
                unit: unit.clone(),
            };
            let text = line.print().unwrap();
            assert_eq!(SealedOpening::parse(&text), Ok(line));
            assert!(SealedOpening::parse(&text.replace("midday", "noon")).is_err());
        }
        assert!(SealedOpening::parse(r#"{"sealed":"AQ==","unit":"1.01/2026-03-02/p1/midday"}"#).is_err());
        assert!(Seal::new(vec![0; LONGEST_SEAL + 1]).is_err());
    }
}
