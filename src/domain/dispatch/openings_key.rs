//! The key that positions are sealed to: X25519, named and numbered like the keys of C2SP signed-note.

use crate::domain::digest::Digest;
use crate::domain::log::key::is_name;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::fmt;
use std::str::FromStr;

/// A public key that openings are sealed to (HPKE, RFC 9180): `<name>+<id>+<base64 of 32 bytes>`.
///
/// The id is the first four bytes of SHA-256 over the name, a line feed, `x25519` and the key, so that a slip in typing
/// is found.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct OpeningsKey {
    name: String,
    public: [u8; 32],
}

/// The text is not a key.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("not a key of the form name+id+base64 of 32 bytes")]
pub struct OpeningsKeyError;

/// Both halves. The secret one is never shown.
pub struct OpeningsKeyPair {
    public: OpeningsKey,
    secret: [u8; 32],
}

impl OpeningsKey {
    /// A key of this name. A name is as keys of logs have it; a key by which nothing would be secret is refused.
    pub fn new(name: &str, public: [u8; 32]) -> Result<Self, OpeningsKeyError> {
        // The points of small order that RFC 7748, section 6.1, warns of first.
        let is_weak = public == [0; 32] || public == one();
        if !is_name(name) || is_weak {
            return Err(OpeningsKeyError);
        }
        Ok(Self {
            name: name.to_owned(),
            public,
        })
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The 32 bytes of RFC 7748.
    pub const fn public_bytes(&self) -> &[u8; 32] {
        &self.public
    }

    fn id(&self) -> String {
        let named = [self.name.as_bytes(), b"\nx25519", &self.public].concat();
        let mut text = Digest::of(&named).to_string();
        text.truncate(8);
        text
    }
}

const fn one() -> [u8; 32] {
    let mut bytes = [0; 32];
    let [first, ..] = &mut bytes;
    *first = 1;
    bytes
}

impl fmt::Display for OpeningsKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{}+{}+{}",
            self.name,
            self.id(),
            STANDARD.encode(self.public)
        )
    }
}

impl FromStr for OpeningsKey {
    type Err = OpeningsKeyError;

    fn from_str(text: &str) -> Result<Self, OpeningsKeyError> {
        let (name, rest) = text.split_once('+').ok_or(OpeningsKeyError)?;
        let (_, encoded) = rest.split_once('+').ok_or(OpeningsKeyError)?;
        let bytes = STANDARD.decode(encoded).ok().ok_or(OpeningsKeyError)?;
        let key = Self::new(name, bytes.try_into().ok().ok_or(OpeningsKeyError)?)?;
        if key.to_string() == text {
            Ok(key)
        } else {
            Err(OpeningsKeyError)
        }
    }
}

impl OpeningsKeyPair {
    /// The pair of a seed: the X25519 form of the Ed25519 key of that seed (RFC 8032, section 5.1.5, steps 1 and 2).
    pub fn from_seed(name: &str, seed: &[u8; 32]) -> Result<Self, OpeningsKeyError> {
        let signing = ed25519_dalek::SigningKey::from_bytes(seed);
        Ok(Self {
            public: OpeningsKey::new(name, signing.verifying_key().to_montgomery().to_bytes())?,
            secret: signing.to_scalar_bytes(),
        })
    }

    /// The half that may be known.
    pub const fn public(&self) -> &OpeningsKey {
        &self.public
    }

    /// The 32 bytes of the secret half, clamped when they are used (RFC 7748, section 5).
    pub const fn secret_bytes(&self) -> &[u8; 32] {
        &self.secret
    }
}

impl fmt::Debug for OpeningsKeyPair {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "OpeningsKeyPair({})", self.public)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_reads_back_and_a_slip_is_found() {
        let pair = OpeningsKeyPair::from_seed("bkd.example/openings", &[7; 32]).unwrap();
        let text = pair.public().to_string();
        assert_eq!(text.parse::<OpeningsKey>().as_ref(), Ok(pair.public()));
        for place in 0..text.len() {
            let mut slip = text.clone().into_bytes();
            slip[place] = if slip[place] == b'x' { b'y' } else { b'x' };
            let slip = String::from_utf8(slip).unwrap();
            assert!(slip.parse::<OpeningsKey>().is_err(), "{slip}");
        }
        assert!(OpeningsKey::new("a b", *pair.public().public_bytes()).is_err());
        assert!(OpeningsKey::new("a", [0; 32]).is_err());
        assert!(OpeningsKey::new("a", one()).is_err());
    }

    #[test]
    fn nothing_shows_the_secret_half() {
        let pair = OpeningsKeyPair::from_seed("n", &[7; 32]).unwrap();
        assert!(!format!("{pair:?}").contains(&hex::encode(pair.secret_bytes())));
    }
}
