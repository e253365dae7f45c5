//! The manifest of a sealed batch: what it covers, how much is in it, and the digests that fix every byte.

use crate::domain::access::AgencyCode;
use crate::domain::batch::FORMAT;
use crate::domain::batch::coverage::Coverage;
use crate::domain::batch::coverage::CoverageKind;
use crate::domain::batch::coverage::MAX_DAYS;
use crate::domain::batch::row::Row;
use crate::domain::batch::row::RowState;
use crate::domain::canonical;
use crate::domain::canonical::CanonicalError;
use crate::domain::digest::Digest;
use crate::domain::ids::BatchId;
use crate::domain::instant::Instant;
use crate::domain::place::Place;
use crate::domain::slot::Slot;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Name of the manifest in the ZIP.
pub const MANIFEST_FILE: &str = "manifest.json";
/// Name of the rows in the ZIP.
pub const ROWS_FILE: &str = "rows.ndjson";
/// Name of the blurred map in the ZIP.
pub const CELLS_FILE: &str = "cells.ndjson";
/// Name of the sending in the ZIP.
pub const SUBMISSION_FILE: &str = "submission.json";

/// `manifest.json`. Its digest is the digest of the batch.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// [`FORMAT`].
    pub format: String,
    /// The batch.
    pub batch_id: BatchId,
    /// The agency's code.
    pub agency: AgencyCode,
    /// The agency's name at sealing.
    pub agency_name: String,
    /// Slot, day or period.
    pub kind: CoverageKind,
    /// First work date.
    pub from: NaiveDate,
    /// Last work date, inclusive.
    pub to: NaiveDate,
    /// The slot, where only one is covered.
    pub slot: Option<Slot>,
    /// 1 for the first batch of this coverage, one more for each that supersedes it.
    pub version: u32,
    /// The version before.
    pub supersedes: Option<Superseded>,
    /// When the rows were fixed.
    pub sealed_at: Instant,
    /// Sign-in name of who sealed it; absent where it was sealed automatically at the close.
    pub prepared_by: Option<String>,
    /// Totals over the rows.
    pub counts: Counts,
    /// Every other sealed file, in the order of the ZIP.
    pub files: Vec<FileEntry>,
}

/// The version that a batch takes the place of.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Superseded {
    /// Its id.
    pub batch_id: BatchId,
    /// SHA-256 of its manifest.
    pub manifest_sha256: Digest,
}

/// One sealed file.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileEntry {
    /// Name in the ZIP.
    pub name: String,
    /// Size.
    pub bytes: u64,
    /// Lines.
    pub rows: u64,
    /// Digest of the content.
    pub sha256: Digest,
}

/// Totals over the rows.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Counts {
    /// All rows.
    pub rows: u64,
    /// Different employee numbers.
    pub employees: u64,
    /// Rows of which a share was expected.
    pub expected: u64,
    /// Rows received, expected or not.
    pub received: u64,
    /// Rows received that nobody expected.
    pub unexpected: u64,
    /// Rows missed.
    pub missed: u64,
    /// Rows still open at sealing.
    pub open: u64,
    /// Rows excused.
    pub excused: u64,
    /// Rows not required.
    pub not_required: u64,
    /// Received rows by outcome of place.
    pub places: PlaceCounts,
}

/// Received rows by outcome of place.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlaceCounts {
    /// Inside.
    pub inside: u64,
    /// Probable.
    pub probable: u64,
    /// Uncertain.
    pub uncertain: u64,
    /// Unverifiable.
    pub unverifiable: u64,
    /// Unusable.
    pub unusable: u64,
    /// Outside.
    pub outside: u64,
}

impl Counts {
    /// Counts one row. `employees` is counted by whoever remembers the numbers.
    pub fn add(&mut self, row: &Row) {
        let raise = |count: &mut u64| *count = count.saturating_add(1);
        raise(&mut self.rows);
        if row.expected {
            raise(&mut self.expected);
        }
        match row.state {
            RowState::Received => {
                raise(&mut self.received);
                if !row.expected {
                    raise(&mut self.unexpected);
                }
            }
            RowState::Missed => raise(&mut self.missed),
            RowState::Open => raise(&mut self.open),
            RowState::Excused => raise(&mut self.excused),
            RowState::NotRequired => raise(&mut self.not_required),
        }
        match row.place {
            Some(Place::Inside) => raise(&mut self.places.inside),
            Some(Place::Probable) => raise(&mut self.places.probable),
            Some(Place::Uncertain) => raise(&mut self.places.uncertain),
            Some(Place::Unverifiable) => raise(&mut self.places.unverifiable),
            Some(Place::Unusable) => raise(&mut self.places.unusable),
            Some(Place::Outside) => raise(&mut self.places.outside),
            None => {}
        }
    }
}

impl Manifest {
    /// The manifest as it lies in the ZIP, and its digest.
    pub fn print(&self) -> Result<(String, Digest), CanonicalError> {
        let text = canonical::to_string(self)?;
        let digest = Digest::of(text.as_bytes());
        Ok((text, digest))
    }

    /// What the batch covers.
    pub const fn coverage(&self) -> Coverage {
        Coverage::stored(self.from, self.to, self.slot)
    }

    /// The entry of one file.
    pub fn file(&self, name: &str) -> Option<&FileEntry> {
        self.files.iter().find(|file| file.name == name)
    }

    /// Whether format, kind and version say the same as the rest.
    pub fn is_coherent(&self) -> bool {
        let names: Vec<&str> = self.files.iter().map(|file| file.name.as_str()).collect();
        self.format == FORMAT
            && self.kind == self.coverage().kind()
            && self.from <= self.to
            && self.to.signed_duration_since(self.from).num_days() < MAX_DAYS
            && (self.slot.is_none() || self.from == self.to)
            && self.version >= 1
            && (self.version == 1) == self.supersedes.is_none()
            && names == [ROWS_FILE, CELLS_FILE]
    }

    /// Whether two manifests seal the same content: the same files for the same coverage.
    pub fn has_the_content_of(&self, other: &Self) -> bool {
        self.agency == other.agency && self.coverage() == other.coverage() && self.files == other.files
    }
}
