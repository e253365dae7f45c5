//! A whole audit in a folder, for whoever wants to check it without us. Norm: `api-spec/audit-bundle.md`.
//!
//! Reads and writes no file: a bundle is a map from names to bytes.

pub mod build;
#[cfg(test)]
mod bundle_tests;
#[cfg(test)]
mod change_tests;
pub mod derive;
#[cfg(test)]
pub(crate) mod example;
pub mod ledger;
pub mod lines;
pub mod report_text;
#[cfg(test)]
mod targeted_tests;
pub mod verify;

use std::collections::BTreeMap;
use std::fmt;

/// The files of a bundle by their names, parts of a name apart by `/`.
pub type Files = BTreeMap<String, Vec<u8>>;

/// The list of files with their digests.
pub const BUNDLE_JSON: &str = "bundle.json";
/// The keys that are trusted (C2SP tlog-policy).
pub const POLICY: &str = "policy.txt";
/// The units, one a line, in the order of the population's digest.
pub const POPULATION: &str = "population.txt";
/// The last checkpoint, with its cosignatures.
pub const CHECKPOINT: &str = "log/checkpoint";
/// The checkpoint in force before the seed, with its cosignatures.
pub const PLAN_CHECKPOINT: &str = "log/plan-checkpoint";
/// The proof that the last checkpoint continues the earlier one.
pub const CONSISTENCY: &str = "log/consistency";
/// The entries of the log that the audit consists of.
pub const ENTRIES: &str = "log/entries.ndjson";
/// The drawn units.
pub const SAMPLE: &str = "sample.ndjson";
/// How each drawn unit was decided.
pub const VERDICTS: &str = "verdicts.ndjson";
/// What was counted and what follows from it.
pub const REPORT_JSON: &str = "report.json";
/// The same to read.
pub const REPORT_TEXT: &str = "report.txt";

/// Every file of a bundle, in the order of their names by bytes.
pub const NAMES: [&str; 11] = [
    BUNDLE_JSON,
    CHECKPOINT,
    CONSISTENCY,
    ENTRIES,
    PLAN_CHECKPOINT,
    POLICY,
    POPULATION,
    REPORT_JSON,
    REPORT_TEXT,
    SAMPLE,
    VERDICTS,
];

/// The files whose digests the log holds in the entry `report`.
pub const BOUND: [&str; 6] = [POLICY, POPULATION, REPORT_JSON, REPORT_TEXT, SAMPLE, VERDICTS];

/// What is wrong, and where: a file, and the line or entry in it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Fault {
    /// Where.
    pub place: String,
    /// What.
    pub what: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.place, self.what)
    }
}

impl std::error::Error for Fault {}

impl Fault {
    /// A fault of a file as a whole, or of an entry.
    pub(crate) fn of(place: impl fmt::Display, what: impl fmt::Display) -> Self {
        Self {
            place: place.to_string(),
            what: what.to_string(),
        }
    }

    /// A fault of a line, counted from 1.
    pub(crate) fn of_line(file: &str, line: usize, what: impl fmt::Display) -> Self {
        Self::of(format_args!("{file}, line {line}"), what)
    }

    /// A fault of the entry with this index.
    pub(crate) fn of_entry(index: u64, what: impl fmt::Display) -> Self {
        Self::of(format_args!("entry {index}"), what)
    }
}
