//! The lines and documents of a bundle, each in canonical JSON: read strictly, written in one way.

use crate::domain::audit_log::entry::Entry;
use crate::domain::audit_log::facts::FileFacts;
use crate::domain::audit_log::record::Opening;
use crate::domain::audit_log::subject::Name;
use crate::domain::bundle::BUNDLE_JSON;
use crate::domain::bundle::CONSISTENCY;
use crate::domain::bundle::ENTRIES;
use crate::domain::bundle::Fault;
use crate::domain::bundle::Files;
use crate::domain::canonical;
use crate::domain::canonical::CanonicalError;
use crate::domain::digest::Digest;
use crate::domain::ids::AuditId;
use crate::domain::notice::CaseOutcome;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The format's name and version.
pub const FORMAT: &str = "sherlok-audit-bundle/1";

/// Most hashes of an inclusion or consistency proof (RFC 9162: trees below 2^63 leaves).
const MOST_HASHES: usize = 63;

/// An entry as it stands in the log, with what proves that.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct LoggedEntry {
    /// Its place in the log, from 0.
    pub index: u64,
    /// The entry.
    pub entry: Entry,
    /// What opens its commitment, where it is opened.
    pub opening: Option<Opening>,
    /// The inclusion proof towards the last checkpoint.
    pub proof: Vec<Digest>,
}

/// `bundle.json`.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BundleDocument {
    /// The audit.
    pub audit: AuditId,
    /// Every other file, in the order of their names by bytes.
    pub files: Vec<FileFacts>,
    /// [`FORMAT`].
    pub format: String,
}

/// A line of `sample.ndjson`: a drawn unit, in the order of the strata's names and within one of the tickets.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SampleLine {
    /// Its place in the draw of its stratum, from 1.
    pub order: u64,
    /// The stratum.
    pub stratum: String,
    /// The ticket in full.
    pub ticket: String,
    /// The unit.
    pub unit: String,
}

/// A line of `verdicts.ndjson`: how a drawn unit was decided, in the order of the sample. An undecided unit has none.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VerdictLine {
    /// The entry of the log that says so.
    pub index: u64,
    /// The unit's place in the draw of its stratum.
    pub order: u64,
    /// How it counts.
    pub outcome: CaseOutcome,
    /// The stratum.
    pub stratum: String,
    /// The unit.
    pub unit: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct EntryLine {
    entry: Value,
    index: u64,
    opening: Option<Value>,
    proof: Vec<String>,
}

/// Lines of canonical JSON, each ended by one LF.
pub(crate) fn to_lines<T: Serialize>(items: &[T]) -> Result<Vec<u8>, CanonicalError> {
    let mut text = String::new();
    for item in items {
        text.push_str(&canonical::to_string(item)?);
        text.push('\n');
    }
    Ok(text.into_bytes())
}

/// The lines of a text whose last line is ended too; an empty text has none.
pub(crate) fn split<'a>(file: &str, bytes: &'a [u8]) -> Result<Vec<&'a str>, Fault> {
    let text = std::str::from_utf8(bytes).ok().ok_or(Fault::of(file, "not UTF-8"))?;
    if text.is_empty() {
        return Ok(Vec::new());
    }
    let text = text
        .strip_suffix('\n')
        .ok_or(Fault::of(file, "the last line has no end"))?;
    Ok(text.split('\n').collect())
}

fn read<T: Serialize + DeserializeOwned>(file: &str, line: usize, text: &str) -> Result<T, Fault> {
    canonical::from_str(text).map_err(|error| Fault::of_line(file, line, error))
}

/// Reads `log/entries.ndjson`. Indexes must rise.
pub(crate) fn read_entries(bytes: &[u8]) -> Result<Vec<LoggedEntry>, Fault> {
    let mut entries: Vec<LoggedEntry> = Vec::new();
    for (number, text) in (1..).zip(split(ENTRIES, bytes)?) {
        let fault = |what: &dyn std::fmt::Display| Fault::of_line(ENTRIES, number, what);
        let line: EntryLine = read(ENTRIES, number, text)?;
        let leaf = canonical::to_string(&line.entry).map_err(|error| fault(&error))?;
        let entry = Entry::parse(leaf.as_bytes()).map_err(|error| fault(&error))?;
        let opening = match &line.opening {
            Some(opening) => {
                let text = canonical::to_string(opening).map_err(|error| fault(&error))?;
                Some(Opening::parse(&text).map_err(|error| fault(&error))?)
            }
            None => None,
        };
        let proof = hashes(line.proof.iter().map(String::as_str))
            .ok_or_else(|| fault(&"the proof is not a list of hashes in base64"))?;
        if entries.last().is_some_and(|last| last.index >= line.index) {
            return Err(fault(&"the indexes do not rise"));
        }
        entries.push(LoggedEntry {
            index: line.index,
            entry,
            opening,
            proof,
        });
    }
    Ok(entries)
}

/// Writes what [`read_entries`] reads.
pub(crate) fn write_entries(entries: &[LoggedEntry]) -> Result<Vec<u8>, Fault> {
    let mut lines = Vec::with_capacity(entries.len());
    for entry in entries {
        let fault = |what: &dyn std::fmt::Display| Fault::of_entry(entry.index, what);
        let parsed = |text: &str| serde_json::from_str::<Value>(text).map_err(|error| fault(&error));
        let leaf = entry.entry.leaf().map_err(|error| fault(&error))?;
        let leaf = String::from_utf8(leaf).map_err(|error| fault(&error))?;
        let opening = match &entry.opening {
            Some(opening) => Some(parsed(&opening.to_text().map_err(|error| fault(&error))?)?),
            None => None,
        };
        lines.push(EntryLine {
            entry: parsed(&leaf)?,
            index: entry.index,
            opening,
            proof: entry.proof.iter().map(Digest::to_base64).collect(),
        });
    }
    to_lines(&lines).map_err(|error| Fault::of(ENTRIES, error))
}

fn hashes<'a>(texts: impl IntoIterator<Item = &'a str>) -> Option<Vec<Digest>> {
    let hashes: Vec<Digest> = texts.into_iter().map(Digest::from_base64).collect::<Option<_>>()?;
    (hashes.len() <= MOST_HASHES).then_some(hashes)
}

/// Reads `log/consistency`: one hash a line.
pub(crate) fn read_consistency(bytes: &[u8]) -> Result<Vec<Digest>, Fault> {
    hashes(split(CONSISTENCY, bytes)?).ok_or(Fault::of(CONSISTENCY, "not up to 63 lines of hashes in base64"))
}

/// Writes what [`read_consistency`] reads.
pub(crate) fn write_consistency(hashes: &[Digest]) -> Vec<u8> {
    let lines: String = hashes.iter().map(|hash| hash.to_base64() + "\n").collect();
    lines.into_bytes()
}

/// Length and digest of a file.
pub(crate) fn file_facts(name: &str, bytes: &[u8]) -> Result<FileFacts, Fault> {
    let name: Name = name.parse().map_err(|error| Fault::of(name, error))?;
    Ok(FileFacts {
        name,
        bytes: u64::try_from(bytes.len()).unwrap_or(u64::MAX),
        sha256: Digest::of(bytes),
    })
}

/// The text of `bundle.json` for these files; itself left out.
pub(crate) fn bundle_document(audit: AuditId, files: &Files) -> Result<Vec<u8>, Fault> {
    let listed = files
        .iter()
        .filter(|(name, _)| name.as_str() != BUNDLE_JSON)
        .map(|(name, bytes)| file_facts(name, bytes))
        .collect::<Result<_, _>>()?;
    let document = BundleDocument {
        audit,
        files: listed,
        format: FORMAT.to_owned(),
    };
    let mut text = canonical::to_string(&document).map_err(|error| Fault::of(BUNDLE_JSON, error))?;
    text.push('\n');
    Ok(text.into_bytes())
}

/// Reads `bundle.json`.
pub(crate) fn read_bundle_document(bytes: &[u8]) -> Result<BundleDocument, Fault> {
    match split(BUNDLE_JSON, bytes)?.as_slice() {
        [line] => {
            let document: BundleDocument = read(BUNDLE_JSON, 1, line)?;
            if document.format == FORMAT {
                Ok(document)
            } else {
                Err(Fault::of(BUNDLE_JSON, format_args!("the format is not {FORMAT}")))
            }
        }
        _ => Err(Fault::of(BUNDLE_JSON, "not one line")),
    }
}
