//! Positions sealed to another deployment: HPKE (RFC 9180), base mode, DHKEM(X25519, HKDF-SHA256), HKDF-SHA256,
//! AES-256-GCM, one message a seal.

use crate::domain::batch::unit::SlotUnit;
use crate::domain::dispatch::opening::{PURPOSE, Seal};
use crate::domain::dispatch::openings_key::{OpeningsKey, OpeningsKeyPair};
use rustls::crypto::aws_lc_rs::hpke::DH_KEM_X25519_HKDF_SHA256_AES_256;
use rustls::crypto::hpke::{EncapsulatedSecret, Hpke, HpkePrivateKey, HpkePublicKey};

/// Bytes of the encapsulated key, which come first.
const ENCAPSULATED_BYTES: usize = 32;

/// A position can't be sealed to this key, or a seal does not open with it for this unit.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("the seal does not open with this key for this unit")]
pub struct SealingError;

/// Seals a text for one unit. Each seal is another one.
pub fn seal(key: &OpeningsKey, unit: &SlotUnit, text: &str) -> Result<Seal, SealingError> {
    let public = HpkePublicKey(key.public_bytes().to_vec());
    let sealed = DH_KEM_X25519_HKDF_SHA256_AES_256.seal(PURPOSE, unit.as_str().as_bytes(), text.as_bytes(), &public);
    let (EncapsulatedSecret(mut bytes), ciphertext) = sealed.ok().ok_or(SealingError)?;
    bytes.extend_from_slice(&ciphertext);
    Seal::new(bytes).ok().ok_or(SealingError)
}

/// Opens what [`seal`] made for the same unit.
pub fn open(pair: &OpeningsKeyPair, unit: &SlotUnit, seal: &Seal) -> Result<Vec<u8>, SealingError> {
    let (encapsulated, ciphertext) = seal.bytes().split_at_checked(ENCAPSULATED_BYTES).ok_or(SealingError)?;
    let secret = HpkePrivateKey::from(pair.secret_bytes().to_vec());
    let encapsulated = EncapsulatedSecret(encapsulated.to_vec());
    let unit = unit.as_str().as_bytes();
    let opened = DH_KEM_X25519_HKDF_SHA256_AES_256.open(&encapsulated, PURPOSE, unit, ciphertext, &secret);
    opened.ok().ok_or(SealingError)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unit(person: &str) -> SlotUnit {
        format!("1.01/2026-03-02/{person}/midday").parse().unwrap()
    }

    #[test]
    fn a_seal_opens_with_its_key_for_its_unit_only() {
        let pair = OpeningsKeyPair::from_seed("bkd.example/openings", &[7; 32]).unwrap();
        let other = OpeningsKeyPair::from_seed("bkd.example/openings", &[8; 32]).unwrap();
        let sealed = seal(pair.public(), &unit("p1"), "a position").unwrap();
        assert_eq!(open(&pair, &unit("p1"), &sealed).unwrap(), b"a position");
        assert_eq!(open(&pair, &unit("p2"), &sealed), Err(SealingError));
        assert_eq!(open(&other, &unit("p1"), &sealed), Err(SealingError));
        assert_ne!(seal(pair.public(), &unit("p1"), "a position").unwrap(), sealed);
        for place in 0..sealed.bytes().len() {
            let mut changed = sealed.bytes().to_vec();
            changed[place] ^= 1;
            // The last bit of an X25519 key is not looked at (RFC 7748, section 5), but HPKE binds the bytes as they are.
            let changed = Seal::new(changed).unwrap();
            assert_eq!(open(&pair, &unit("p1"), &changed), Err(SealingError), "byte {place}");
        }
    }
}
