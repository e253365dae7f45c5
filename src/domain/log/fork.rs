//! Two roots of one size under one signature: proof that a log's operator told two stories.

use crate::domain::log::checkpoint::SignedCheckpoint;
use crate::domain::log::key::VerifyingKey;
use crate::domain::log::note::Signed;

/// Two checkpoints of one origin and size with different roots, both signed by the same key. Whoever holds both and
/// the key can check it again.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Fork {
    first: SignedCheckpoint,
    second: SignedCheckpoint,
    key: VerifyingKey,
}

impl Fork {
    /// The fork that these two are, if one of the keys signed both.
    pub fn find(first: &SignedCheckpoint, second: &SignedCheckpoint, keys: &[VerifyingKey]) -> Option<Self> {
        let (one, other) = (first.checkpoint(), second.checkpoint());
        if one.origin() != other.origin() || one.size() != other.size() || one.root() == other.root() {
            return None;
        }
        let has_signed = |signed: &SignedCheckpoint, key: &VerifyingKey| {
            let verified = signed.note().verify(&[key]);
            verified.is_ok_and(|said| said.iter().any(|(_, said)| *said == Signed::Text))
        };
        let key = keys
            .iter()
            .find(|key| has_signed(first, key) && has_signed(second, key))?;
        Some(Self {
            first: first.clone(),
            second: second.clone(),
            key: key.clone(),
        })
    }

    /// The checkpoint that was known first.
    pub const fn first(&self) -> &SignedCheckpoint {
        &self.first
    }

    /// The one that contradicts it.
    pub const fn second(&self) -> &SignedCheckpoint {
        &self.second
    }

    /// The key that signed both.
    pub const fn key(&self) -> &VerifyingKey {
        &self.key
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::log::checkpoint::Checkpoint;
    use crate::domain::log::key::{KeyType, SigningKey};
    use crate::domain::log::tree;

    fn signed(origin: &str, size: u64, entry: &[u8], key: &SigningKey) -> SignedCheckpoint {
        let checkpoint = Checkpoint::new(origin, size, tree::leaf_hash(entry)).unwrap();
        SignedCheckpoint::sign(checkpoint, key).unwrap()
    }

    #[test]
    fn two_roots_of_one_size_under_one_key_are_a_fork_and_nothing_less_is() {
        let log = SigningKey::from_seed("log", KeyType::Note, &[1; 32]).unwrap();
        let other = SigningKey::from_seed("log", KeyType::Note, &[2; 32]).unwrap();
        let keys = [other.verifying_key().clone(), log.verifying_key().clone()];
        let first = signed("log", 5, b"a", &log);
        let second = signed("log", 5, b"b", &log);
        let fork = Fork::find(&first, &second, &keys).unwrap();
        assert_eq!(
            (fork.first(), fork.second(), fork.key()),
            (&first, &second, log.verifying_key())
        );
        for innocent in [
            first.clone(),
            signed("log", 6, b"b", &log),
            signed("another", 5, b"b", &log),
            signed("log", 5, b"b", &other),
        ] {
            assert_eq!(Fork::find(&first, &innocent, &keys), None);
        }
        assert_eq!(Fork::find(&first, &second, &keys[..1]), None);
        let mut forged = second.to_string();
        forged.replace_range(forged.len() - 6..forged.len() - 3, "AAA");
        let forged = SignedCheckpoint::parse(forged.as_bytes()).unwrap();
        assert_eq!(Fork::find(&first, &forged, &keys), None);
    }
}
