//! Proofs for the shelf (C2SP tlog-proof): an entry's place in a log and a checkpoint that vouches for it, in one file.

use crate::domain::digest::Digest;
use crate::domain::log::checkpoint::{CheckpointError, SignedCheckpoint};
use crate::domain::log::inclusion::{self, InclusionError};
use crate::domain::log::policy::{Policy, TrustError, Witnessed};
use crate::domain::log::{line, note, tree};
use std::fmt;

/// The first line.
const FORMAT: &str = "c2sp.org/tlog-proof@v1";

/// Most hashes of a proof: enough for any tree.
pub const MAX_HASHES: usize = 63;

/// Longest extra data, in bytes.
pub const MAX_EXTRA_BYTES: usize = 64 * 1024;

/// Longest proof, in bytes.
pub const MAX_BYTES: usize = note::MAX_BYTES + 128 * 1024;

/// Why a text is no proof, or proves nothing.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum ProofError {
    /// Longer than [`MAX_BYTES`].
    #[error("the proof is longer than 393216 bytes")]
    TooLong,
    /// Another first line than `c2sp.org/tlog-proof@v1`.
    #[error("the proof is of another format")]
    Format,
    /// No index line, or no empty line before the checkpoint.
    #[error("the proof is not format, index, hashes, an empty line and a checkpoint")]
    Form,
    /// Not base64 of 1 to [`MAX_EXTRA_BYTES`] bytes.
    #[error("the extra data of the proof is not base64 of 1 to 65536 bytes")]
    Extra,
    /// Not a decimal number below 2^63 without leading zeros.
    #[error("the index of the proof is not a plain number below 2^63")]
    Index,
    /// A line that is not base64 of 32 bytes, or more than [`MAX_HASHES`].
    #[error("the hashes of the proof are not up to 63 lines of base64 of 32 bytes")]
    Hashes,
    /// The checkpoint is malformed.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// The checkpoint is not believed.
    #[error(transparent)]
    Trust(#[from] TrustError),
    /// The entry is not where the proof says.
    #[error(transparent)]
    Inclusion(#[from] InclusionError),
}

/// Where an entry stands and who vouches for it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Proof {
    extra: Option<Vec<u8>>,
    index: u64,
    hashes: Vec<Digest>,
    checkpoint: SignedCheckpoint,
}

impl Proof {
    /// The proof that entry `index` is in the tree of the checkpoint; `hashes` as [`inclusion::prove`] gives them.
    ///
    /// `extra` says something beside it that nothing vouches for.
    pub fn new(
        extra: Option<Vec<u8>>,
        index: u64,
        hashes: Vec<Digest>,
        checkpoint: SignedCheckpoint,
    ) -> Result<Self, ProofError> {
        if extra
            .as_ref()
            .is_some_and(|extra| extra.is_empty() || extra.len() > MAX_EXTRA_BYTES)
        {
            return Err(ProofError::Extra);
        }
        if index >= tree::MAX_SIZE {
            return Err(ProofError::Index);
        }
        if hashes.len() > MAX_HASHES {
            return Err(ProofError::Hashes);
        }
        Ok(Self {
            extra,
            index,
            hashes,
            checkpoint,
        })
    }

    /// Reads a proof.
    pub fn parse(bytes: &[u8]) -> Result<Self, ProofError> {
        if bytes.len() > MAX_BYTES {
            return Err(ProofError::TooLong);
        }
        let (head, checkpoint) = line::head(bytes).ok_or(ProofError::Form)?;
        let mut lines = head.into_iter().peekable();
        if lines.next() != Some(FORMAT) {
            return Err(ProofError::Format);
        }
        let extra = match lines.peek().and_then(|line| line.strip_prefix("extra ")) {
            None => None,
            Some(encoded) => {
                lines.next();
                Some(line::base64(encoded).ok_or(ProofError::Extra)?)
            }
        };
        let index = lines.next().and_then(|line| line.strip_prefix("index "));
        let index = line::number(index.ok_or(ProofError::Form)?).ok_or(ProofError::Index)?;
        let hashes = line::hashes(lines, MAX_HASHES).ok_or(ProofError::Hashes)?;
        Self::new(extra, index, hashes, SignedCheckpoint::parse(checkpoint)?)
    }

    /// The data beside the proof. Nothing vouches for it.
    pub fn extra(&self) -> Option<&[u8]> {
        self.extra.as_deref()
    }

    /// The place of the entry, from 0.
    pub const fn index(&self) -> u64 {
        self.index
    }

    /// The checkpoint of the tree.
    pub const fn checkpoint(&self) -> &SignedCheckpoint {
        &self.checkpoint
    }

    /// Checks that `entry` stands at the index of the checkpoint's tree, whoever signed the checkpoint.
    pub fn check_place(&self, entry: &[u8]) -> Result<(), InclusionError> {
        let head = self.checkpoint.checkpoint().head();
        inclusion::verify(&tree::leaf_hash(entry), self.index, head.size, &self.hashes, &head.root)
    }

    /// Checks that a believed checkpoint has `entry` at the index, and tells which known witnesses had seen it when.
    pub fn verify(&self, entry: &[u8], policy: &Policy) -> Result<Vec<Witnessed>, ProofError> {
        let witnessed = policy.check(&self.checkpoint)?;
        self.check_place(entry)?;
        Ok(witnessed)
    }
}

impl fmt::Display for Proof {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(formatter, "{FORMAT}")?;
        if let Some(extra) = &self.extra {
            writeln!(formatter, "extra {}", line::to_base64(extra))?;
        }
        writeln!(formatter, "index {}", self.index)?;
        for hash in &self.hashes {
            writeln!(formatter, "{}", hash.to_base64())?;
        }
        write!(formatter, "\n{}", self.checkpoint)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::log::checkpoint::Checkpoint;
    use crate::domain::log::key::{KeyType, SigningKey};
    use crate::domain::log::note::NoteError;
    use crate::domain::log::tree::tests::grown;

    fn log() -> SigningKey {
        SigningKey::from_seed("log.example", KeyType::Note, &[3; 32]).unwrap()
    }

    /// The proof of the entry "4" of a tree of seven.
    fn sample(extra: Option<Vec<u8>>) -> Proof {
        let (leaves, nodes) = grown(7);
        let hashes = inclusion::prove(4, 7, |node| nodes.get(&node).copied())
            .unwrap()
            .unwrap();
        let checkpoint = Checkpoint::new("log.example", 7, tree::root(&leaves)).unwrap();
        Proof::new(extra, 4, hashes, SignedCheckpoint::sign(checkpoint, &log()).unwrap()).unwrap()
    }

    fn policy() -> Policy {
        Policy::of_log(log().verifying_key().clone()).unwrap()
    }

    #[test]
    fn a_proof_is_written_read_back_and_verified() {
        for extra in [None, Some(b"beside it".to_vec())] {
            let proof = sample(extra);
            let read = Proof::parse(proof.to_string().as_bytes()).unwrap();
            assert_eq!(read, proof);
            assert_eq!(read.verify(b"4", &policy()), Ok(Vec::new()));
            assert_eq!(read.verify(b"5", &policy()), Err(InclusionError::Root.into()));
        }
        assert_eq!(
            sample(Some(b"x".to_vec())).to_string().lines().nth(1),
            Some("extra eA==")
        );
    }

    #[test]
    fn every_changed_byte_of_a_proof_is_found() {
        let text = sample(None).to_string();
        let policy = policy();
        for place in 0..text.len() {
            for change in [1, 2, 4, 8, 16, 32, 64, 128, 255] {
                let mut bytes = text.as_bytes().to_vec();
                bytes[place] ^= change;
                let believed = Proof::parse(&bytes).and_then(|proof| proof.verify(b"4", &policy));
                assert!(believed.is_err(), "byte {place} changed by {change}");
            }
            assert!(Proof::parse(&text.as_bytes()[..place]).is_err(), "cut at {place}");
        }
    }

    #[test]
    fn what_is_wrong_with_a_proof_is_named() {
        let text = sample(None).to_string();
        let (head, checkpoint) = text.split_once("\n\n").unwrap();
        let with = |head: &str| Proof::parse(format!("{head}\n\n{checkpoint}").as_bytes());
        let hash = tree::empty_root().to_base64();
        for (head, error) in [
            (head.replace("@v1", "@v2"), ProofError::Format),
            (format!("\u{feff}{head}"), ProofError::Format),
            (FORMAT.to_owned(), ProofError::Form),
            (head.replace("index", "Index"), ProofError::Form),
            (head.replace("index 4", "index 04"), ProofError::Index),
            (head.replace("index 4", "index -4"), ProofError::Index),
            (head.replace("index 4", "index 9223372036854775807"), ProofError::Index),
            (head.replace("index 4", "index 4\nindex 4"), ProofError::Hashes),
            (head.replace("index 4", "index 4 "), ProofError::Index),
            (format!("{head}\r"), ProofError::Hashes),
            (format!("{head}{}", format!("\n{hash}").repeat(63)), ProofError::Hashes),
            (head.replace("index", "extra \nindex"), ProofError::Extra),
            (head.replace("index", "extra eA\nindex"), ProofError::Extra),
            (head.replace("index", "extra eA==\nextra eA==\nindex"), ProofError::Form),
            (format!("{head}\nextra eA=="), ProofError::Hashes),
        ] {
            assert_eq!(with(&head), Err(error), "{head:?}");
        }
        assert_eq!(Proof::parse(head.as_bytes()), Err(ProofError::Form));
        assert_eq!(Proof::parse(&vec![b'x'; MAX_BYTES + 1]), Err(ProofError::TooLong));
        assert_eq!(
            Proof::parse(format!("{head}\n\n\n{checkpoint}").as_bytes()),
            Err(CheckpointError::Origin.into())
        );
        let long = with(&head.replace("index", &format!("extra {}\nindex", line::to_base64(&vec![0; 65_537]))));
        assert_eq!(long, Err(ProofError::Extra));
    }

    #[test]
    fn a_proof_is_worth_what_its_checkpoint_is() {
        let stranger = SigningKey::from_seed("log.example", KeyType::Note, &[4; 32]).unwrap();
        let elsewhere = SigningKey::from_seed("another.example", KeyType::Note, &[3; 32]).unwrap();
        let under = |key: &SigningKey| {
            let policy = Policy::of_log(key.verifying_key().clone()).unwrap();
            sample(None).verify(b"4", &policy)
        };
        assert_eq!(under(&stranger), Err(TrustError::Note(NoteError::Unsigned).into()));
        assert_eq!(under(&elsewhere), Err(TrustError::Origin.into()));
        assert_eq!(
            sample(None).verify(b"4", &Policy::default()),
            Err(TrustError::Origin.into())
        );
    }
}
