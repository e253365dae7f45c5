//! Ed25519 keys of the log and of its witnesses, in the text form of C2SP signed-note. A secret is never shown.

use crate::domain::log::line;
use ed25519_dalek::Signer as _;
use sha2::{Digest as _, Sha256};
use std::fmt;
use std::str::FromStr;

/// Bytes of an Ed25519 signature.
pub const SIGNATURE_BYTES: usize = 64;

/// Longest name of a key, in bytes.
pub const MAX_NAME_BYTES: usize = 255;

/// What a key signs: the type byte of C2SP signed-note.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum KeyType {
    /// 0x01: the text of a note, as a log signs its checkpoints.
    Note,
    /// 0x04: a checkpoint with the time at which it was seen, as a witness signs it.
    Cosignature,
}

impl KeyType {
    const fn byte(self) -> u8 {
        match self {
            Self::Note => 0x01,
            Self::Cosignature => 0x04,
        }
    }

    const fn from_byte(byte: u8) -> Option<Self> {
        match byte {
            0x01 => Some(Self::Note),
            0x04 => Some(Self::Cosignature),
            _ => None,
        }
    }
}

/// Why a text or bytes are no key.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum KeyError {
    /// The name is empty, too long, or has a space, a plus or a control character.
    #[error("the key's name is empty, too long, or has a space, a plus or a control character")]
    Name,
    /// Not `<name>+<8 hexadecimal digits>+<base64>`.
    #[error("the key is not name, id and base64, joined by plus signs")]
    Form,
    /// A type byte other than 0x01 and 0x04.
    #[error("the key is of an unknown type")]
    Type,
    /// Not 32 bytes after the type.
    #[error("the key has another length than an Ed25519 key")]
    Length,
    /// Not a point of the curve in its one encoding, or one of small order, with which anything can be signed.
    #[error("the public key is not a sound Ed25519 point")]
    Point,
    /// The id is not that of this name, type and key.
    #[error("the key's id is not that of its name and key")]
    Id,
}

/// The first four bytes of SHA-256 over name, newline, type and public key: which key a signature line means.
#[derive(Clone, Copy, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct KeyId(pub [u8; 4]);

impl KeyId {
    fn of(name: &str, key_type: KeyType, public: &[u8; 32]) -> Self {
        let digest: [u8; 32] = Sha256::new_with_prefix(name)
            .chain_update([b'\n', key_type.byte()])
            .chain_update(public)
            .finalize()
            .into();
        let [first, second, third, fourth, ..] = digest;
        Self([first, second, third, fourth])
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for KeyId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "KeyId({self})")
    }
}

/// Whether a key may bear this name: 1 to [`MAX_NAME_BYTES`] bytes without spaces, plus signs and control characters.
pub fn is_name(name: &str) -> bool {
    !name.is_empty()
        && name.len() <= MAX_NAME_BYTES
        && !name
            .chars()
            .any(|letter| letter.is_whitespace() || letter == '+' || letter.is_ascii_control())
}

/// A public key with its name, as a verifier is told it.
#[derive(Clone, Eq, PartialEq)]
pub struct VerifyingKey {
    name: String,
    key_type: KeyType,
    id: KeyId,
    key: ed25519_dalek::VerifyingKey,
}

impl VerifyingKey {
    /// A key of this name, type and 32 bytes.
    pub fn new(name: &str, key_type: KeyType, public: &[u8; 32]) -> Result<Self, KeyError> {
        if !is_name(name) {
            return Err(KeyError::Name);
        }
        let key = ed25519_dalek::VerifyingKey::from_bytes(public)
            .ok()
            .filter(|key| !key.is_weak() && key.to_edwards().compress().as_bytes() == public)
            .ok_or(KeyError::Point)?;
        Ok(Self {
            name: name.to_owned(),
            key_type,
            id: KeyId::of(name, key_type, public),
            key,
        })
    }

    /// The name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What it signs.
    pub const fn key_type(&self) -> KeyType {
        self.key_type
    }

    /// The id by which signature lines name it.
    pub const fn id(&self) -> KeyId {
        self.id
    }

    /// The 32 bytes of the public key.
    pub fn public_bytes(&self) -> &[u8; 32] {
        self.key.as_bytes()
    }

    /// Whether this is the key's signature of exactly these bytes. Signatures that other verifiers read otherwise
    /// (small order, scalar not reduced) are none.
    pub fn has_signed(&self, message: &[u8], signature: &[u8; SIGNATURE_BYTES]) -> bool {
        self.key
            .verify_strict(message, &ed25519_dalek::Signature::from_bytes(signature))
            .is_ok()
    }
}

impl fmt::Display for VerifyingKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = [&[self.key_type.byte()], self.public_bytes().as_slice()].concat();
        write!(formatter, "{}+{}+{}", self.name, self.id, line::to_base64(&bytes))
    }
}

impl fmt::Debug for VerifyingKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "VerifyingKey({self})")
    }
}

/// Name, id, type and 32 bytes of a key's text.
fn parts(text: &str) -> Result<(&str, &str, KeyType, [u8; 32]), KeyError> {
    let (name, rest) = text.split_once('+').ok_or(KeyError::Form)?;
    let (id, encoded) = rest.split_once('+').ok_or(KeyError::Form)?;
    let is_hex = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    if id.len() != 8 || !id.bytes().all(is_hex) {
        return Err(KeyError::Form);
    }
    let bytes = line::base64(encoded).ok_or(KeyError::Form)?;
    let (type_byte, key) = bytes.split_first().ok_or(KeyError::Length)?;
    let key_type = KeyType::from_byte(*type_byte).ok_or(KeyError::Type)?;
    let key = key.try_into().ok().ok_or(KeyError::Length)?;
    Ok((name, id, key_type, key))
}

impl FromStr for VerifyingKey {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        let (name, id, key_type, public) = parts(text)?;
        let key = Self::new(name, key_type, &public)?;
        if key.id.to_string() == id {
            Ok(key)
        } else {
            Err(KeyError::Id)
        }
    }
}

/// Before the name in the text form of a secret key, as Go's `sumdb/note` writes it.
const SECRET_PREFIX: &str = "PRIVATE+KEY+";

/// A secret key with its name. Wiped from memory when dropped.
#[derive(Clone)]
pub struct SigningKey {
    verifying: VerifyingKey,
    secret: ed25519_dalek::SigningKey,
}

impl SigningKey {
    /// The key of this name and type from 32 random bytes.
    pub fn from_seed(name: &str, key_type: KeyType, seed: &[u8; 32]) -> Result<Self, KeyError> {
        let secret = ed25519_dalek::SigningKey::from_bytes(seed);
        let verifying = VerifyingKey::new(name, key_type, secret.verifying_key().as_bytes())?;
        Ok(Self { verifying, secret })
    }

    /// Reads [`SigningKey::secret_text`].
    pub fn from_secret_text(text: &str) -> Result<Self, KeyError> {
        let (name, id, key_type, seed) = parts(text.strip_prefix(SECRET_PREFIX).ok_or(KeyError::Form)?)?;
        let key = Self::from_seed(name, key_type, &seed)?;
        if key.verifying.id.to_string() == id {
            Ok(key)
        } else {
            Err(KeyError::Id)
        }
    }

    /// The secret as text, to be kept: `PRIVATE+KEY+<name>+<id>+<base64 of type and seed>`.
    pub fn secret_text(&self) -> String {
        let bytes = [&[self.verifying.key_type.byte()], self.secret.as_bytes().as_slice()].concat();
        format!(
            "{SECRET_PREFIX}{}+{}+{}",
            self.verifying.name,
            self.verifying.id,
            line::to_base64(&bytes)
        )
    }

    /// The public half.
    pub const fn verifying_key(&self) -> &VerifyingKey {
        &self.verifying
    }

    /// The signature of these bytes: always the same for the same key and bytes (RFC 8032).
    pub fn sign(&self, message: &[u8]) -> [u8; SIGNATURE_BYTES] {
        self.secret.sign(message).to_bytes()
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "SigningKey({}, secret)", self.verifying)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The example of C2SP signed-note, section "Verifier keys".
    const EXAMPLE: &str = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
    /// The key of the Go checksum database, pinned in cmd/go (modfetch/key.go).
    const SUMDB: &str = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8";
    /// The secret key in the tests of golang.org/x/mod/sumdb/note, and its public half.
    const GO_SECRET: &str = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";
    const GO_PUBLIC: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";

    #[test]
    fn published_keys_are_read_and_written_back() {
        for text in [EXAMPLE, SUMDB, GO_PUBLIC] {
            let key: VerifyingKey = text.parse().unwrap();
            assert_eq!(key.to_string(), text);
            assert_eq!(key.key_type(), KeyType::Note);
        }
        let secret = SigningKey::from_secret_text(GO_SECRET).unwrap();
        assert_eq!(secret.secret_text(), GO_SECRET);
        assert_eq!(secret.verifying_key().to_string(), GO_PUBLIC);
    }

    #[test]
    fn every_changed_letter_of_a_key_makes_it_another_or_none() {
        for (place, letter) in EXAMPLE.char_indices() {
            for other in ['A', 'b', '3', '+', '/', '=', ' ', '\n', 'é'] {
                let mut text = EXAMPLE.to_owned();
                text.replace_range(place..=place, &other.to_string());
                if other != letter {
                    assert!(text.parse::<VerifyingKey>().is_err(), "{text:?}");
                }
            }
        }
        for end in 0..EXAMPLE.len() {
            assert!(EXAMPLE.get(..end).unwrap().parse::<VerifyingKey>().is_err());
        }
    }

    #[test]
    fn what_is_wrong_with_a_key_is_named() {
        let with = |name: &str, bytes: &[u8]| format!("{name}+530d903a+{}", line::to_base64(bytes)).parse();
        let no_key: Result<VerifyingKey, _> = Err(KeyError::Name);
        let point = *SUMDB.parse::<VerifyingKey>().unwrap().public_bytes();
        let note = [&[1], point.as_slice()].concat();
        assert_eq!(with("", &note), no_key);
        assert_eq!(with("a b", &note), no_key);
        assert_eq!(with("a\u{a0}b", &note), no_key);
        assert_eq!(with("a\tb", &note), no_key);
        assert_eq!(with(&"a".repeat(256), &note), no_key);
        assert_eq!(with("a", &note), Err(KeyError::Id));
        assert_eq!(with("a", &[&[2], point.as_slice()].concat()), Err(KeyError::Type));
        assert_eq!(with("a", &[&[6], point.as_slice()].concat()), Err(KeyError::Type));
        assert_eq!(with("a", &note[..32]), Err(KeyError::Length));
        assert_eq!(with("a", &[]), Err(KeyError::Length));
        assert_eq!("a+530D903A+AQ==".parse::<VerifyingKey>(), Err(KeyError::Form));
        assert_eq!("a+530d903a".parse::<VerifyingKey>(), Err(KeyError::Form));
    }

    #[test]
    fn a_point_of_small_order_or_in_a_second_encoding_is_no_key() {
        let mut neutral = [0; 32];
        neutral[0] = 1;
        // y = p + 3 encodes y = 3 a second time (RFC 8032, section 5.1.3 demands y < p).
        let mut above = [0xff; 32];
        above[0] = 0xf0;
        above[31] = 0x7f;
        for public in [[0; 32], neutral, above] {
            assert_eq!(VerifyingKey::new("a", KeyType::Note, &public), Err(KeyError::Point));
        }
        let mut three = [0; 32];
        three[0] = 3;
        assert!(VerifyingKey::new("a", KeyType::Note, &three).is_ok());
    }

    #[test]
    fn one_key_has_another_id_for_each_type_and_name() {
        let seed = [7; 32];
        let id = |name, key_type| {
            SigningKey::from_seed(name, key_type, &seed)
                .unwrap()
                .verifying_key()
                .id()
        };
        let ids = [
            id("a", KeyType::Note),
            id("a", KeyType::Cosignature),
            id("b", KeyType::Note),
        ];
        assert!(ids[0] != ids[1] && ids[1] != ids[2] && ids[0] != ids[2]);
    }

    #[test]
    fn a_secret_is_not_shown() {
        let key = SigningKey::from_secret_text(GO_SECRET).unwrap();
        let shown = format!("{key:?}");
        assert!(shown.contains(GO_PUBLIC));
        assert!(!shown.contains("AYEKFALV") && !shown.contains("810a14"));
        assert_eq!(SigningKey::from_secret_text(GO_PUBLIC).map(|_| ()), Err(KeyError::Form));
    }

    proptest! {
        #[test]
        fn a_changed_message_or_signature_is_not_believed(
            seed: [u8; 32], mut message in prop::collection::vec(any::<u8>(), 1..40),
            place: prop::sample::Index, change in 1_u8..
        ) {
            let key = SigningKey::from_seed("a", KeyType::Note, &seed).unwrap();
            let signature = key.sign(&message);
            prop_assert!(key.verifying_key().has_signed(&message, &signature));
            let mut changed = signature;
            changed[place.index(64)] ^= change;
            prop_assert!(!key.verifying_key().has_signed(&message, &changed));
            let place = place.index(message.len());
            message[place] ^= change;
            prop_assert!(!key.verifying_key().has_signed(&message, &signature));
        }
    }
}
