//! Salted commitments: what a sealed row says about a position without telling it, and the opening that proves it later.

use crate::domain::batch::unit::SlotUnit;
use crate::domain::canonical;
use crate::domain::canonical::CanonicalError;
use crate::domain::digest::Digest;
use crate::domain::ids::BatchId;
use crate::domain::ids::CheckInId;
use crate::domain::instant::Instant;
use crate::domain::place::Position;
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use std::fmt;

/// The key of an agency's month from which salts are made.
///
/// It comes from the month's data key, so that forgetting that key leaves the commitments without an opening
/// (trust.md, sections 3.4a and 5), and it does not depend on the batch, so that a row that did not change is the same
/// in the next version.
#[derive(Clone)]
pub struct BatchKey([u8; 32]);

/// The salt of one unit; it is released together with the opening.
#[derive(Clone, Copy, Eq, PartialEq)]
pub struct Salt([u8; 32]);

/// What a commitment is made over: one position as the phone claimed it. Integers only.
#[derive(Clone, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Opening {
    /// The row's unit.
    pub unit: SlotUnit,
    /// The check-in that represents the slot.
    pub check_in_id: CheckInId,
    /// When the phone took the position.
    pub captured_at: Instant,
    /// Where, in 1e-7 degrees.
    pub position: Position,
    /// Accuracy in millimetres; absent where the channel has none.
    pub accuracy_millimetres: Option<u32>,
}

impl BatchKey {
    /// Derives the key from the data key of the agency's month: HKDF-SHA256 without a salt (RFC 5869), 32 bytes.
    pub fn derive(data_key: &[u8]) -> Self {
        let extracted = hmac(&[0; 32], &[data_key]);
        Self(hmac(&extracted, &[b"sherlok-batch/1 key", &[1]]))
    }

    /// What the salts of the rows of a batch are made from.
    pub(super) fn rows_secret(&self, batch: BatchId) -> Salt {
        Salt(hmac(
            &self.0,
            &[b"sherlok-batch/1 rows\n", batch.to_string().as_bytes(), b"\n"],
        ))
    }

    /// The salt of one unit.
    pub fn salt(&self, unit: &SlotUnit) -> Salt {
        Salt(hmac(
            &self.0,
            &[b"sherlok-batch/1 salt\n", unit.as_str().as_bytes(), b"\n"],
        ))
    }
}

/// The commitment to an opening: HMAC-SHA256 with the unit's salt as key over the opening's canonical form.
pub fn commit(salt: &Salt, opening: &Opening) -> Result<Digest, CanonicalError> {
    let text = canonical::to_string(opening)?;
    Ok(salt.commit(text.as_bytes()))
}

/// HMAC-SHA256 (RFC 2104) of pieces that follow each other.
pub(in crate::domain) fn hmac(key: &[u8; 32], pieces: &[&[u8]]) -> [u8; 32] {
    // Filled up with zeros to the block of 64 bytes, as RFC 2104 does with shorter keys.
    let mut block = [0; 64];
    for (byte, key_byte) in block.iter_mut().zip(key) {
        *byte = *key_byte;
    }
    let mut state = <Hmac<Sha256> as KeyInit>::new(&block.into());
    for piece in pieces {
        state.update(piece);
    }
    state.finalize().into_bytes().into()
}

impl Salt {
    /// From 32 random bytes.
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The commitment to a text: HMAC-SHA256 with the salt as key.
    pub fn commit(&self, text: &[u8]) -> Digest {
        hmac(&self.0, &[text]).into()
    }

    /// From its 64 hexadecimal digits.
    pub fn from_hex(text: &str) -> Option<Self> {
        hex::decode(text).ok()?.try_into().ok().map(Self)
    }

    /// 64 lower-case hexadecimal digits, as released.
    pub fn to_hex(self) -> String {
        hex::encode(self.0)
    }
}

impl fmt::Debug for BatchKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("BatchKey(hidden)")
    }
}

impl fmt::Debug for Salt {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Salt(hidden)")
    }
}

impl fmt::Debug for Opening {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Opening({}, hidden)", self.unit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn opening() -> Opening {
        Opening {
            unit: "1.01/2026-03-02/00112233445566778899/midday".parse().unwrap(),
            check_in_id: CheckInId::from_client("019cac1d-7de0-7abc-8def-0123456789ab").unwrap(),
            captured_at: Instant::parse("2026-03-02T05:01:00Z").unwrap(),
            position: Position::from_e7(-61_197_312, 1_061_734_618).unwrap(),
            accuracy_millimetres: Some(12_500),
        }
    }

    #[test]
    fn a_commitment_changes_with_everything_it_is_made_of() {
        let key = BatchKey::derive(&[7; 32]);
        let salt = key.salt(&opening().unit);
        let commitment = commit(&salt, &opening()).unwrap();
        assert_eq!(commit(&salt, &opening()), Ok(commitment));
        let moved = Opening {
            position: Position::from_e7(-61_197_313, 1_061_734_618).unwrap(),
            ..opening()
        };
        assert_ne!(commit(&salt, &moved), Ok(commitment));
        let later = Opening {
            captured_at: Instant::parse("2026-03-02T05:01:00.001Z").unwrap(),
            ..opening()
        };
        assert_ne!(commit(&salt, &later), Ok(commitment));
        let other_salt = BatchKey::derive(&[8; 32]).salt(&opening().unit);
        assert_ne!(commit(&other_salt, &opening()), Ok(commitment));
    }

    #[test]
    fn the_hmac_is_that_of_rfc_4231() {
        // Test case 2, whose key "Jefe" is filled up with zeros all the same.
        let mut key = [0; 32];
        key[..4].copy_from_slice(b"Jefe");
        assert_eq!(
            hex::encode(hmac(&key, &[b"what do ya want ", b"for nothing?"])),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
    }

    #[test]
    fn a_released_salt_reads_back() {
        let salt = BatchKey::derive(&[7; 32]).salt(&opening().unit);
        assert_eq!(Salt::from_hex(&salt.to_hex()), Some(salt));
        assert_eq!(Salt::from_hex("00"), None);
    }

    #[test]
    fn debug_shows_no_key_and_no_position() {
        let text = format!("{:?} {:?}", BatchKey::derive(&[7; 32]), opening());
        assert!(!text.contains("61197312"), "{text}");
        assert!(text.contains("hidden"), "{text}");
    }
}
