//! Dispatches: how a sealed batch travels from an agency's own instance to BKD's, with everything that proves it.
//!
//! Norm: `api-spec/federation.md`.

#[cfg(test)]
mod fuzz_tests;
pub mod header;
pub mod opening;
pub mod openings_key;
pub mod pause;
pub mod problem;
pub mod verify;

use crate::domain::log::fork::Fork;

/// The version of the format.
pub const FORMAT: &str = "sherlok-dispatch/1";

/// The file that comes first: what the dispatch is of.
pub const HEADER_FILE: &str = "dispatch.json";
/// The sealed positions, a line for each row that commits to one.
pub const OPENINGS_FILE: &str = "openings.ndjson";
/// The proof that the agency's log has the batch: C2SP tlog-proof.
pub const PROOF_FILE: &str = "batch.tlog-proof";
/// The checkpoint of that log and how it goes on from the one that BKD has seen: C2SP tlog-witness, add-checkpoint.
pub const CHECKPOINT_FILE: &str = "add-checkpoint";

/// Longest line of rows, cells or openings, in bytes.
pub const LONGEST_LINE: usize = 16 * 1024;

/// What a dispatch is held against, in this order. The first check that fails is named.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Check {
    /// The archive has exactly the files of the format, once each and in order, within their bounds.
    Archive,
    /// `dispatch.json` is canonical and of this version.
    Format,
    /// `manifest.json` and `submission.json` are canonical, coherent and of one batch.
    Manifest,
    /// The agency is registered as federated and is the sender's.
    Agency,
    /// Rows and cells are those of the manifest, by the rules of the batch format.
    Rows,
    /// Each row with a commitment has its opening, sealed to the receiver's key, and no other row has one.
    Openings,
    /// The entry of the agency's log says the batch.
    Entry,
    /// The root of the tree over the rows, recomputed, is the entry's.
    RowRoot,
    /// The agency's registered key has signed the checkpoint.
    Checkpoint,
    /// No other root of that size was signed before.
    Fork,
    /// The entry stands in the checkpoint's tree.
    Inclusion,
    /// The checkpoint goes on from the one that was cosigned last.
    Consistency,
    /// No other batch has this id, or this version of what it covers.
    Batch,
}

impl Check {
    /// Every check, in the order in which they are made.
    pub const ALL: [Self; 13] = [
        Self::Archive,
        Self::Format,
        Self::Manifest,
        Self::Agency,
        Self::Rows,
        Self::Openings,
        Self::Entry,
        Self::RowRoot,
        Self::Checkpoint,
        Self::Fork,
        Self::Inclusion,
        Self::Consistency,
        Self::Batch,
    ];

    /// The name in answers.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Archive => "archive",
            Self::Format => "format",
            Self::Agency => "agency",
            Self::Manifest => "manifest",
            Self::Rows => "rows",
            Self::Openings => "openings",
            Self::Entry => "entry",
            Self::RowRoot => "row_root",
            Self::Checkpoint => "checkpoint",
            Self::Inclusion => "inclusion",
            Self::Consistency => "consistency",
            Self::Fork => "fork",
            Self::Batch => "batch",
        }
    }

    /// Reads [`Check::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|check| check.code() == code)
    }

    /// What did not hold, in Indonesian.
    pub const fn indonesian(self) -> &'static str {
        match self {
            Self::Archive => "Berkas ini bukan paket kiriman yang utuh.",
            Self::Format => "Kepala paket ini tidak sesuai format yang dikenal.",
            Self::Agency => "Paket ini bukan dari perangkat daerah yang terdaftar dengan kunci untuk pengirimnya.",
            Self::Manifest => "Manifes paket ini tidak sesuai.",
            Self::Rows => "Baris paket ini tidak sesuai dengan manifesnya.",
            Self::Openings => "Posisi tersegel dalam paket ini tidak sesuai dengan barisnya.",
            Self::Entry => "Catatan log perangkat daerah bukan tentang kiriman ini.",
            Self::RowRoot => "Akar pohon baris tidak sama dengan catatan log perangkat daerah.",
            Self::Checkpoint => "Titik periksa log tidak ditandatangani dengan kunci perangkat daerah yang terdaftar.",
            Self::Inclusion => "Catatan kiriman tidak terbukti ada di log perangkat daerah.",
            Self::Consistency => "Log perangkat daerah bukan lanjutan dari yang terakhir ditandatangani BKD.",
            Self::Fork => "Log perangkat daerah pernah menyatakan isi lain untuk ukuran yang sama. Keduanya disimpan.",
            Self::Batch => "Kiriman lain dengan pengenal atau versi ini sudah diterima.",
        }
    }

    /// The same in English.
    pub const fn english(self) -> &'static str {
        match self {
            Self::Archive => "This file is not a whole dispatch.",
            Self::Format => "The head of this dispatch is of no known format.",
            Self::Agency => "This dispatch is not of an agency that is registered with a key for its sender.",
            Self::Manifest => "The manifest of this dispatch is not sound.",
            Self::Rows => "The rows of this dispatch are not those of its manifest.",
            Self::Openings => "The sealed positions of this dispatch are not those of its rows.",
            Self::Entry => "The entry of the agency's log is not about this batch.",
            Self::RowRoot => "The root of the tree over the rows is not the one in the agency's log.",
            Self::Checkpoint => "The checkpoint is not signed by the agency's registered key.",
            Self::Inclusion => "The entry is not proved to stand in the agency's log.",
            Self::Consistency => "The agency's log does not go on from the checkpoint that was cosigned last.",
            Self::Fork => "The agency's log said another root for the same size before. Both are kept.",
            Self::Batch => "Another batch of this id or version was received.",
        }
    }
}

/// Why a dispatch is not taken.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Refusal {
    /// The check that failed.
    pub check: Check,
    /// What exactly, for whoever made the dispatch. Names no person.
    pub detail: String,
    /// Leaves of the agency's log that were cosigned last, where the dispatch goes on from elsewhere.
    pub cosigned: Option<u64>,
    /// The proof that the agency's log told two stories, to be kept.
    pub fork: Option<Box<Fork>>,
}

impl Refusal {
    /// A check that failed.
    pub fn new(check: Check, detail: impl Into<String>) -> Self {
        Self {
            check,
            detail: detail.into(),
            cosigned: None,
            fork: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_check_has_a_name_and_a_sentence_of_its_own() {
        let distinct = |of: fn(Check) -> &'static str| Check::ALL.map(of).into_iter().collect::<BTreeSet<_>>().len();
        assert_eq!(distinct(Check::code), Check::ALL.len());
        assert_eq!(distinct(Check::indonesian), Check::ALL.len());
        assert_eq!(distinct(Check::english), Check::ALL.len());
        assert!(Check::ALL.is_sorted());
    }
}
