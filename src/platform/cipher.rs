//! Sealing of positions: AES-256-GCM-SIV with the row and column as associated data, data keys wrapped by a master key.

use crate::domain::batch::commitment::BatchKey;
use aes_gcm_siv::aead::{Aead, KeyInit, Payload};
use aes_gcm_siv::{Aes256GcmSiv, Nonce};
use std::fmt;

const NONCE_BYTES: usize = 12;

/// Sealed bytes do not open: wrong key, wrong row, or changed since.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("sealed bytes do not open with this key for this row")]
pub struct CipherError;

/// A 256-bit key. Never shown.
#[derive(Clone)]
pub struct Key {
    cipher: Aes256GcmSiv,
    bytes: [u8; 32],
}

impl fmt::Debug for Key {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Key(hidden)")
    }
}

impl Key {
    /// Takes 32 random bytes.
    pub fn new(bytes: [u8; 32]) -> Self {
        Self {
            cipher: Aes256GcmSiv::new(&bytes.into()),
            bytes,
        }
    }

    /// Seals `plain` for one place in the database; gives nonce and ciphertext together. `associated` names table, row
    /// and column, so that sealed bytes can't be moved to another row.
    pub fn seal(&self, associated: &[u8], plain: &[u8], nonce: [u8; NONCE_BYTES]) -> Result<Vec<u8>, CipherError> {
        let payload = Payload {
            msg: plain,
            aad: associated,
        };
        let sealed = self
            .cipher
            .encrypt(&Nonce::from(nonce), payload)
            .ok()
            .ok_or(CipherError)?;
        Ok([nonce.as_slice(), &sealed].concat())
    }

    /// Opens what [`Key::seal`] made for the same place.
    pub fn open(&self, associated: &[u8], sealed: &[u8]) -> Result<Vec<u8>, CipherError> {
        let (nonce, sealed) = sealed.split_first_chunk::<NONCE_BYTES>().ok_or(CipherError)?;
        let payload = Payload {
            msg: sealed,
            aad: associated,
        };
        self.cipher
            .decrypt(&Nonce::from(*nonce), payload)
            .ok()
            .ok_or(CipherError)
    }

    /// The key that batches of this data key's month make their salts from; nobody gets back from it to the data key.
    pub fn batch_key(&self) -> BatchKey {
        BatchKey::derive(&self.bytes)
    }

    /// This key, sealed by a master key under the id that it is stored with.
    pub fn wrapped_by(&self, master: &Self, id: &[u8], nonce: [u8; NONCE_BYTES]) -> Result<Vec<u8>, CipherError> {
        master.seal(id, &self.bytes, nonce)
    }

    /// The inverse of [`Key::wrapped_by`], on the master key.
    pub fn unwrap_key(&self, id: &[u8], wrapped: &[u8]) -> Result<Self, CipherError> {
        let bytes: [u8; 32] = self.open(id, wrapped)?.try_into().ok().ok_or(CipherError)?;
        Ok(Self::new(bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sealed_bytes_open_only_with_their_key_and_row() {
        let key = Key::new([7; 32]);
        let sealed = key.seal(b"home/1/position", b"secret", [1; 12]).unwrap();
        assert_eq!(key.open(b"home/1/position", &sealed).unwrap(), b"secret");
        assert_eq!(key.open(b"home/2/position", &sealed), Err(CipherError));
        assert_eq!(Key::new([8; 32]).open(b"home/1/position", &sealed), Err(CipherError));
        assert_eq!(key.open(b"home/1/position", &sealed[..5]), Err(CipherError));
    }

    #[test]
    fn every_flipped_bit_is_noticed() {
        let key = Key::new([7; 32]);
        let sealed = key.seal(b"row", b"secret", [1; 12]).unwrap();
        for index in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[index] ^= 1;
            assert_eq!(key.open(b"row", &changed), Err(CipherError), "byte {index}");
        }
    }

    #[test]
    fn a_wrapped_key_comes_back_under_its_own_id_only() {
        let (master, key) = (Key::new([1; 32]), Key::new([2; 32]));
        let wrapped = key.wrapped_by(&master, b"id-1", [3; 12]).unwrap();
        assert_eq!(master.unwrap_key(b"id-1", &wrapped).unwrap().bytes, key.bytes);
        assert!(master.unwrap_key(b"id-2", &wrapped).is_err());
        assert_eq!(format!("{key:?}"), "Key(hidden)");
    }
}
