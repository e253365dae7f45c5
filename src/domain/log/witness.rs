//! What a witness answers to a new checkpoint (C2SP tlog-witness, add-checkpoint), from what it knows.
//! Keeping the checkpoint before answering, and one at a time for each log, is up to the caller.

use crate::domain::digest::Digest;
use crate::domain::log::checkpoint::{CheckpointError, SignedCheckpoint};
use crate::domain::log::consistency::{self, ConsistencyError, Head};
use crate::domain::log::fork::Fork;
use crate::domain::log::key::{KeyType, VerifyingKey};
use crate::domain::log::note::NoteError;
use crate::domain::log::{line, note, tree};
use std::fmt;

/// Most hashes of a consistency proof that a request may bring.
pub const MAX_HASHES: usize = 63;

/// Longest request, in bytes.
pub const MAX_BYTES: usize = note::MAX_BYTES + 4096;

/// Why a request can't be read. All are answered with 400.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum RequestError {
    /// Longer than [`MAX_BYTES`].
    #[error("the request is longer than 266240 bytes")]
    TooLong,
    /// No empty line before the checkpoint.
    #[error("the request is not an old size, hashes, an empty line and a checkpoint")]
    Form,
    /// The first line is not `old` and a decimal number below 2^63 without leading zeros.
    #[error("the old size is not a plain number below 2^63")]
    Old,
    /// A line that is not base64 of 32 bytes, or more than [`MAX_HASHES`].
    #[error("the consistency proof is not up to 63 lines of base64 of 32 bytes")]
    Hashes,
    /// The checkpoint is malformed.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
}

/// A log's request to cosign its checkpoint.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Request {
    old: u64,
    proof: Vec<Digest>,
    checkpoint: SignedCheckpoint,
}

impl Request {
    /// A request to cosign `checkpoint`, of a log that believes the witness has seen `old` leaves; `proof` as
    /// [`consistency::prove`] gives it.
    pub fn new(old: u64, proof: Vec<Digest>, checkpoint: SignedCheckpoint) -> Result<Self, RequestError> {
        if old > tree::MAX_SIZE {
            return Err(RequestError::Old);
        }
        if proof.len() > MAX_HASHES {
            return Err(RequestError::Hashes);
        }
        Ok(Self { old, proof, checkpoint })
    }

    /// Reads a request.
    pub fn parse(bytes: &[u8]) -> Result<Self, RequestError> {
        if bytes.len() > MAX_BYTES {
            return Err(RequestError::TooLong);
        }
        let (head, checkpoint) = line::head(bytes).ok_or(RequestError::Form)?;
        let mut lines = head.into_iter();
        let old = lines.next().and_then(|line| line.strip_prefix("old "));
        let old = old.and_then(line::number).ok_or(RequestError::Old)?;
        let proof = line::hashes(lines, MAX_HASHES).ok_or(RequestError::Hashes)?;
        Self::new(old, proof, SignedCheckpoint::parse(checkpoint)?)
    }

    /// The checkpoint to cosign; its origin says of which log the witness must know keys and last checkpoint.
    pub const fn checkpoint(&self) -> &SignedCheckpoint {
        &self.checkpoint
    }
}

impl fmt::Display for Request {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(formatter, "old {}", self.old)?;
        for hash in &self.proof {
            writeln!(formatter, "{}", hash.to_base64())?;
        }
        write!(formatter, "\n{}", self.checkpoint)
    }
}

/// What to answer.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Decision {
    /// 200: keep the checkpoint as the last one, then answer with a cosignature.
    Cosign,
    /// 200: the text is that of the last checkpoint; the cosignature that was kept is answered again.
    CosignedBefore,
    /// 400: the old size is above the checkpoint's.
    OldAboveSize,
    /// 403: no key trusted for the origin has signed, or a trusted one's signature is wrong.
    Untrusted(NoteError),
    /// 404: no key is trusted for the origin.
    UnknownOrigin,
    /// 409: the last size is another; it is the answer's body.
    Conflict {
        /// Leaves of the last checkpoint, 0 without one.
        size: u64,
    },
    /// 422: the checkpoint does not go on from the last one.
    Inconsistent(ConsistencyError),
}

impl Decision {
    /// The HTTP status that C2SP tlog-witness demands.
    pub const fn status(&self) -> u16 {
        match self {
            Self::Cosign | Self::CosignedBefore => 200,
            Self::OldAboveSize => 400,
            Self::Untrusted(_) => 403,
            Self::UnknownOrigin => 404,
            Self::Conflict { .. } => 409,
            Self::Inconsistent(_) => 422,
        }
    }
}

/// The answer, and what is to be raised beside it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Verdict {
    /// What to answer.
    pub decision: Decision,
    /// The checkpoint contradicts the last one under one trusted key, whatever is answered.
    pub fork: Option<Fork>,
}

/// Decides on a request. `trusted` are the keys of type 0x01 believed for the checkpoint's origin, `last` is the
/// checkpoint of that origin that was cosigned last, as it was kept.
pub fn decide(request: &Request, trusted: &[VerifyingKey], last: Option<&SignedCheckpoint>) -> Verdict {
    Verdict {
        decision: decision(request, trusted, last),
        fork: last.and_then(|last| Fork::find(last, &request.checkpoint, trusted)),
    }
}

fn decision(request: &Request, trusted: &[VerifyingKey], last: Option<&SignedCheckpoint>) -> Decision {
    let keys: Vec<&VerifyingKey> = trusted.iter().filter(|key| key.key_type() == KeyType::Note).collect();
    if keys.is_empty() {
        return Decision::UnknownOrigin;
    }
    if let Err(error) = request.checkpoint.note().verify(&keys) {
        return Decision::Untrusted(error);
    }
    let new = request.checkpoint.checkpoint().head();
    if request.old > new.size {
        return Decision::OldAboveSize;
    }
    let seen = last.map_or_else(
        || Head {
            size: 0,
            root: tree::empty_root(),
        },
        |last| *last.checkpoint().head(),
    );
    if request.old != seen.size {
        return Decision::Conflict { size: seen.size };
    }
    match consistency::verify(&seen, new, &request.proof) {
        Err(error) => Decision::Inconsistent(error),
        Ok(()) if last.is_some_and(|last| last.note().text() == request.checkpoint.note().text()) => {
            Decision::CosignedBefore
        }
        Ok(()) => Decision::Cosign,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::log::checkpoint::Checkpoint;
    use crate::domain::log::key::SigningKey;
    use crate::domain::log::tree::tests::{grown, root_by_definition};

    const ORIGIN: &str = "log.example";

    fn log() -> SigningKey {
        SigningKey::from_seed(ORIGIN, KeyType::Note, &[5; 32]).unwrap()
    }

    fn signed(size: u64, root: Digest) -> SignedCheckpoint {
        SignedCheckpoint::sign(Checkpoint::new(ORIGIN, size, root).unwrap(), &log()).unwrap()
    }

    fn checkpoint(size: u64) -> SignedCheckpoint {
        let (leaves, _) = grown(size);
        signed(size, root_by_definition(&leaves))
    }

    fn request(old: u64, new: u64) -> Request {
        let (_, nodes) = grown(new);
        let proof = consistency::prove(old, new, |node| nodes.get(&node).copied()).unwrap();
        Request::new(old, proof.unwrap_or_default(), checkpoint(new)).unwrap()
    }

    fn decided(request: &Request, last: Option<u64>) -> Decision {
        let last = last.map(checkpoint);
        let verdict = decide(request, &[log().verifying_key().clone()], last.as_ref());
        assert_eq!(verdict.fork, None);
        verdict.decision
    }

    #[test]
    fn a_request_is_written_and_read_back() {
        for (old, new) in [(0, 0), (0, 5), (3, 7), (7, 7)] {
            let request = request(old, new);
            assert_eq!(Request::parse(request.to_string().as_bytes()), Ok(request));
        }
    }

    #[test]
    fn what_goes_on_from_the_last_checkpoint_is_cosigned() {
        assert_eq!(decided(&request(0, 5), None), Decision::Cosign);
        assert_eq!(decided(&request(0, 0), None), Decision::Cosign);
        assert_eq!(decided(&request(0, 5), Some(0)), Decision::Cosign);
        assert_eq!(decided(&request(5, 9), Some(5)), Decision::Cosign);
        assert_eq!(decided(&request(5, 5), Some(5)), Decision::CosignedBefore);
        assert_eq!(decided(&request(0, 0), Some(0)), Decision::CosignedBefore);
    }

    #[test]
    fn other_extension_lines_are_cosigned_anew() {
        // The cosignature that was kept is of another text.
        let body = format!("{}more\n", checkpoint(5).checkpoint());
        let longer = SignedCheckpoint::sign(Checkpoint::parse(&body).unwrap(), &log()).unwrap();
        let request = Request::new(5, Vec::new(), longer).unwrap();
        assert_eq!(decided(&request, Some(5)), Decision::Cosign);
    }

    #[test]
    fn each_refusal_has_its_status() {
        let conflict = Decision::Conflict { size: 5 };
        assert_eq!(decided(&request(3, 9), Some(5)), conflict);
        assert_eq!(decided(&request(0, 9), Some(5)), conflict);
        assert_eq!(decided(&request(0, 3), Some(5)), conflict);
        assert_eq!(decided(&request(3, 9), None), Decision::Conflict { size: 0 });
        assert_eq!(decided(&request(6, 5), Some(5)), Decision::OldAboveSize);
        let unknown = decide(&request(0, 5), &[], None);
        assert_eq!(unknown.decision, Decision::UnknownOrigin);
        let stranger = SigningKey::from_seed(ORIGIN, KeyType::Note, &[6; 32]).unwrap();
        let untrusted = decide(&request(9, 5), &[stranger.verifying_key().clone()], None);
        assert_eq!(untrusted.decision, Decision::Untrusted(NoteError::Unsigned));
        let witness = SigningKey::from_seed(ORIGIN, KeyType::Cosignature, &[5; 32]).unwrap();
        let wrong_type = decide(&request(0, 5), &[witness.verifying_key().clone()], None);
        assert_eq!(wrong_type.decision, Decision::UnknownOrigin);
        let statuses = [
            Decision::Cosign,
            Decision::CosignedBefore,
            Decision::OldAboveSize,
            Decision::Untrusted(NoteError::Unsigned),
            Decision::UnknownOrigin,
            conflict,
            Decision::Inconsistent(ConsistencyError::TooShort),
        ]
        .map(|decision| decision.status());
        assert_eq!(statuses, [200, 200, 400, 403, 404, 409, 422]);
    }

    #[test]
    fn a_forged_signature_is_untrusted_even_beside_a_sound_one() {
        let sound = request(0, 5);
        let text = sound.to_string();
        let line = text.lines().last().unwrap();
        // The last 16 letters of the line hold the end of the signature.
        let mut forged = line.to_owned();
        forged.replace_range(line.len() - 16..line.len() - 12, "AAAA");
        let request = Request::parse(format!("{text}{forged}\n").as_bytes()).unwrap();
        let refused = Decision::Untrusted(NoteError::BadSignature {
            name: ORIGIN.to_owned(),
        });
        assert_eq!(decided(&request, None), refused);
    }

    #[test]
    fn a_proof_that_does_not_fit_is_inconsistent() {
        let whole = request(5, 9);
        for cut in 0..whole.proof.len() {
            let short = Request {
                proof: whole.proof[..cut].to_vec(),
                ..whole.clone()
            };
            assert_eq!(
                decided(&short, Some(5)),
                Decision::Inconsistent(ConsistencyError::TooShort)
            );
        }
        let with_proof = Request {
            proof: vec![tree::empty_root()],
            ..request(0, 5)
        };
        assert_eq!(
            decided(&with_proof, None),
            Decision::Inconsistent(ConsistencyError::TooLong)
        );
        let no_leaves = Request::new(0, Vec::new(), signed(0, tree::leaf_hash(b"x"))).unwrap();
        assert_eq!(
            decided(&no_leaves, None),
            Decision::Inconsistent(ConsistencyError::EmptyRoot)
        );
    }

    #[test]
    fn another_root_of_the_last_size_is_raised_whatever_is_answered() {
        let trusted = [log().verifying_key().clone()];
        let (last, other) = (checkpoint(5), signed(5, tree::leaf_hash(b"other")));
        for (old, decision) in [
            (5, Decision::Inconsistent(ConsistencyError::OtherRoot)),
            (0, Decision::Conflict { size: 5 }),
            (6, Decision::OldAboveSize),
        ] {
            let request = Request::new(old, Vec::new(), other.clone()).unwrap();
            let verdict = decide(&request, &trusted, Some(&last));
            assert_eq!(verdict.decision, decision);
            let fork = verdict.fork.unwrap();
            assert_eq!((fork.first(), fork.second()), (&last, &other));
        }
    }

    #[test]
    fn what_is_wrong_with_a_request_is_named() {
        let text = request(5, 9).to_string();
        let hash = format!("\n{}", tree::empty_root().to_base64());
        for (text, error) in [
            (String::new(), RequestError::Form),
            ("old 5\n".to_owned(), RequestError::Form),
            (text.replace("old 5", "old 05"), RequestError::Old),
            (text.replace("old 5", "old"), RequestError::Old),
            (text.replace("old 5", "old  5"), RequestError::Old),
            (text.replace("old 5", "old 9223372036854775808"), RequestError::Old),
            (text.replace("old 5", "old 5\r"), RequestError::Old),
            (text.replace("old 5", "old 5\nold 5"), RequestError::Hashes),
            (
                text.replace("old 5", &format!("old 5{}", hash.repeat(63))),
                RequestError::Hashes,
            ),
            (text.replacen("\n\n", "\n\n\n", 1), CheckpointError::Origin.into()),
            ("x".repeat(MAX_BYTES + 1), RequestError::TooLong),
        ] {
            assert_eq!(
                Request::parse(text.as_bytes()),
                Err(error),
                "{:?}",
                text.get(..60).unwrap_or(&text)
            );
        }
        let bare = text.split_once("\n\n").unwrap().0;
        assert_eq!(
            Request::parse(format!("{bare}\n\n").as_bytes()),
            Err(CheckpointError::Note(NoteError::Form).into())
        );
        let widest = format!("old 5{}\n\n{}", hash.repeat(63), checkpoint(9));
        assert!(Request::parse(widest.as_bytes()).is_ok());
    }
}
