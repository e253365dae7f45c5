//! Dispatches: made and sent where an agency runs its own instance, taken where BKD is.

mod ask;
mod check;
mod keep;
pub mod list;
mod make;
mod receive;
pub(in crate::app) mod send;

pub use crate::app::dispatch::receive::Progress;

use crate::domain::dispatch::openings_key::OpeningsKey;
use crate::domain::instant::Instant;
use crate::domain::log::key::{KeyType, VerifyingKey};
use crate::platform::remote::Remote;
use std::sync::Mutex;

/// Most bytes of a dispatch: 512 MiB, some million rows.
pub const MOST_BYTES: u64 = 512 << 20;
/// Most bytes of one piece of a dispatch: 4 MiB.
pub const MOST_PIECE_BYTES: usize = 4 << 20;
/// Most bytes of a dispatch that is brought as one file; larger ones come in pieces.
pub const MOST_FILE_BYTES: usize = 64 << 20;

/// BKD's instance as that of an agency knows it.
#[derive(Debug)]
pub struct Bkd {
    witness: VerifyingKey,
    openings: OpeningsKey,
    remote: Option<Remote>,
    /// When its verdicts were asked for last.
    asked_verdicts: Mutex<Option<Instant>>,
}

/// The key is not one that signs cosignatures.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("not a key of cosignatures")]
pub struct NoWitnessKey;

impl Bkd {
    /// BKD by its two public keys; without `remote`, dispatches travel as files.
    pub fn new(witness: VerifyingKey, openings: OpeningsKey, remote: Option<Remote>) -> Result<Self, NoWitnessKey> {
        if witness.key_type() == KeyType::Cosignature {
            Ok(Self {
                witness,
                openings,
                remote,
                asked_verdicts: Mutex::default(),
            })
        } else {
            Err(NoWitnessKey)
        }
    }
}
