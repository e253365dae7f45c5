//! What a dispatch is checked for before anything that was received earlier matters: its papers, rows and openings.

use crate::app::App;
use crate::app::error::Error;
use crate::app::federation::parsed;
use crate::domain::access::AgencyCode;
use crate::domain::access::Scope;
use crate::domain::batch::check::Standing;
use crate::domain::batch::manifest::{CELLS_FILE, MANIFEST_FILE, ROWS_FILE, SUBMISSION_FILE};
use crate::domain::digest::{Digest, RunningDigest};
use crate::domain::dispatch::opening::SealedOpening;
use crate::domain::dispatch::verify::{Papers, Read, Reading};
use crate::domain::dispatch::{CHECKPOINT_FILE, Check, HEADER_FILE, LONGEST_LINE, OPENINGS_FILE, PROOF_FILE, Refusal};
use crate::domain::log::key::VerifyingKey;
use crate::domain::log::proof;
use crate::domain::log::witness;
use crate::platform::sealed_archive::SealedArchive;
use crate::store;
use crate::store::backend::AnyConnection;
use crate::store::batch::BatchRow;
use crate::store::batch_chunk::{CHUNK_LINES, SealedFile};
use crate::store::transaction::WorkError;
use chrono::NaiveDate;
use serde::Deserialize;
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::io;

/// The files of a dispatch, in their order.
pub(super) const NAMES: [&str; 8] = [
    HEADER_FILE,
    MANIFEST_FILE,
    ROWS_FILE,
    CELLS_FILE,
    SUBMISSION_FILE,
    OPENINGS_FILE,
    PROOF_FILE,
    CHECKPOINT_FILE,
];
/// Their places in it.
const HEADER: usize = 0;
const MANIFEST: usize = 1;
const ROWS: usize = 2;
const CELLS: usize = 3;
const SUBMISSION: usize = 4;
const OPENINGS: usize = 5;
const PROOF: usize = 6;
const CHECKPOINT: usize = 7;

/// Most bytes of each of the three small documents.
const MOST_PAPER_BYTES: u64 = 64 * 1024;
/// Most bytes of a file of lines, unpacked.
const MOST_LINE_BYTES: u64 = 2 << 30;

/// Why a dispatch was not taken: by a check, or because the call did not happen.
pub(super) enum Failure {
    Refused(Box<Refusal>),
    Failed(Error),
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(Box::new(refusal))
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

impl From<store::error::Error> for Failure {
    fn from(error: store::error::Error) -> Self {
        Self::Failed(error.into())
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        // What the archive itself is at fault for has these two kinds; anything else is the disk's.
        if matches!(
            error.kind(),
            io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof | io::ErrorKind::InvalidInput
        ) {
            Refusal::new(Check::Archive, error.to_string()).into()
        } else {
            Self::Failed(error.into())
        }
    }
}

impl WorkError for Failure {
    fn is_repeatable(&self) -> bool {
        matches!(self, Self::Failed(error) if error.is_repeatable())
    }
}

/// A dispatch whose rows were read and hold.
pub(super) struct Checked {
    pub(super) agency: AgencyCode,
    pub(super) papers: Papers,
    pub(super) read: Read,
    pub(super) proof: String,
    pub(super) request: String,
    /// Of rows, cells and openings as they were read.
    pub(super) digests: [Digest; 3],
}

impl App {
    /// Checks everything that needs nothing of what was received before.
    pub(super) fn check_rows(&self, scope: &Scope, mut archive: SealedArchive) -> Result<Checked, Failure> {
        let header = archive.text(HEADER, MOST_PAPER_BYTES)?;
        let (manifest, submission) = (
            archive.text(MANIFEST, MOST_PAPER_BYTES)?,
            archive.text(SUBMISSION, MOST_PAPER_BYTES)?,
        );
        let papers = Papers::read(&header, &manifest, &submission)?;
        let agency = papers.header.agency.clone();
        self.store
            .read(|connection| check_sender(connection, scope, &agency).map(drop))?;
        let standings = self.standings_of(&agency, &mut archive)?;
        let standing = |number: &str, date: NaiveDate| {
            let is_foreign = standings.get(number).is_some_and(|others| {
                others
                    .iter()
                    .any(|(from, to)| *from <= date && to.is_none_or(|to| to >= date))
            });
            // Whom the staff list here does not know, the agency knows.
            if is_foreign { Standing::Foreign } else { Standing::Own }
        };
        let mut reading = Reading::new(&papers, &standing);
        let mut rows = RunningDigest::default();
        archive.each_line(ROWS, MOST_LINE_BYTES, LONGEST_LINE, |line| {
            count(&mut rows, line);
            reading.row(line);
            Ok::<_, Failure>(())
        })?;
        let mut cells = RunningDigest::default();
        archive.each_line(CELLS, MOST_LINE_BYTES, LONGEST_LINE, |line| {
            count(&mut cells, line);
            reading.cell(line);
            Ok::<_, Failure>(())
        })?;
        let mut openings = RunningDigest::default();
        archive.each_line(OPENINGS, MOST_LINE_BYTES, LONGEST_LINE, |line| {
            count(&mut openings, line);
            reading.opening(line);
            Ok::<_, Failure>(())
        })?;
        let read = reading.finish()?;
        if papers.header.openings_key != self.log_keys.openings().public().to_string() {
            return Err(Refusal::new(Check::Openings, "positions are sealed to another key").into());
        }
        let limit = |bytes: usize| u64::try_from(bytes).unwrap_or(u64::MAX);
        Ok(Checked {
            agency,
            read,
            proof: archive.text(PROOF, limit(proof::MAX_BYTES))?,
            request: archive.text(CHECKPOINT, limit(witness::MAX_BYTES))?,
            digests: [rows.finish(), cells.finish(), openings.finish()],
            papers,
        })
    }

    /// When the people of the rows belonged to other agencies than this one, by their numbers.
    fn standings_of(
        &self,
        agency: &AgencyCode,
        archive: &mut SealedArchive,
    ) -> Result<HashMap<String, Vec<Stay>>, Failure> {
        let mut numbers = HashSet::new();
        archive.each_line(ROWS, MOST_LINE_BYTES, LONGEST_LINE, |line| {
            // A line that is no row is the check's to find.
            if let Ok(row) = serde_json::from_str::<Numbered<'_>>(line) {
                numbers.insert(row.employee_number.into_owned());
            }
            Ok::<_, Failure>(())
        })?;
        let numbers: Vec<String> = numbers.into_iter().collect();
        let rows = self
            .store
            .read(|connection| store::batch_unit::list_standings(connection, &numbers).map_err(Failure::from))?;
        let mut stays: HashMap<String, Vec<Stay>> = HashMap::new();
        for (number, of, from, to) in rows {
            if of != agency.as_str() {
                stays.entry(number).or_default().push((from, to));
            }
        }
        Ok(stays)
    }
}

/// First and last day of a membership, both inclusive; open is the present.
type Stay = (NaiveDate, Option<NaiveDate>);

/// As much of a row as tells whose it is.
#[derive(Deserialize)]
struct Numbered<'a> {
    #[serde(borrow)]
    employee_number: Cow<'a, str>,
}

fn count(digest: &mut RunningDigest, line: &str) {
    digest.update(line.as_bytes());
    digest.update(b"\n");
}

/// The sender may bring what this agency sealed, and the agency is federated.
fn check_sender(connection: &mut AnyConnection, scope: &Scope, agency: &AgencyCode) -> Result<VerifyingKey, Failure> {
    if !scope.covers(agency) {
        return Err(Refusal::new(Check::Agency, "the sender is another agency's").into());
    }
    check_key(connection, agency)
}

pub(super) fn check_key(connection: &mut AnyConnection, agency: &AgencyCode) -> Result<VerifyingKey, Failure> {
    let row = store::federation::find(connection, agency)?;
    let row = row.ok_or_else(|| Refusal::new(Check::Agency, "no key is registered for the agency"))?;
    Ok(parsed(&row)?)
}

/// Stores the lines of rows and cells in pieces and each sealed opening; they must be those that were checked.
pub(super) fn copy_lines(
    connection: &mut AnyConnection,
    archive: &mut SealedArchive,
    row: &BatchRow,
    digests: &[Digest; 3],
) -> Result<(), Failure> {
    let [rows, cells, openings] = digests;
    for (place, file, checked) in [(ROWS, SealedFile::Rows, rows), (CELLS, SealedFile::Cells, cells)] {
        let (mut sequence, mut lines, mut text) = (0, 0, String::new());
        copied(archive, place, checked, |line| {
            text.push_str(line);
            text.push('\n');
            lines += 1;
            if lines == CHUNK_LINES {
                store::batch_chunk::insert(connection, row.id, file, sequence, &text)?;
                text.clear();
                (sequence, lines) = (sequence + 1, 0);
            }
            Ok(())
        })?;
        if !text.is_empty() {
            store::batch_chunk::insert(connection, row.id, file, sequence, &text)?;
        }
    }
    let mut waiting: Vec<SealedOpening> = Vec::with_capacity(CHUNK_LINES);
    copied(archive, OPENINGS, openings, |line| {
        waiting.push(SealedOpening::parse(line).map_err(Error::internal)?);
        if waiting.len() == CHUNK_LINES {
            store::sealed_opening::insert_all(connection, row.id, &waiting)?;
            waiting.clear();
        }
        Ok(())
    })?;
    Ok(store::sealed_opening::insert_all(connection, row.id, &waiting)?)
}

/// Reads a file's lines once more; they must be those that were checked.
fn copied(
    archive: &mut SealedArchive,
    place: usize,
    checked: &Digest,
    mut take: impl FnMut(&str) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let mut digest = RunningDigest::default();
    archive.each_line(place, MOST_LINE_BYTES, LONGEST_LINE, |line| {
        count(&mut digest, line);
        take(line)
    })?;
    if digest.finish() == *checked {
        Ok(())
    } else {
        Err(Error::internal("the file changed while it was read").into())
    }
}
