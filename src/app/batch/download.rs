//! The files of a batch, written while they are sent: a piece of the sealed rows in memory at a time.

use crate::app::App;
use crate::app::batch::find_sealed;
use crate::app::batch::log;
use crate::app::batch::manifest_of;
use crate::app::batch::sheet::HEADINGS;
use crate::app::batch::sheet::PersonDay;
use crate::app::batch::sheet::SheetRow;
use crate::app::batch::sheet::Surroundings;
use crate::app::batch::sheet::TOTAL_HEADINGS;
use crate::app::batch::sheet::totals;
use crate::app::batch::sight;
use crate::app::context::Context;
use crate::app::error::Error;
use crate::domain::access::AgencyCode;
use crate::domain::access::Scope;
use crate::domain::audit_log::subject::Subject;
use crate::domain::batch::FORMAT;
use crate::domain::batch::cell::CellCount;
use crate::domain::batch::manifest::CELLS_FILE;
use crate::domain::batch::manifest::MANIFEST_FILE;
use crate::domain::batch::manifest::Manifest;
use crate::domain::batch::manifest::ROWS_FILE;
use crate::domain::batch::manifest::SUBMISSION_FILE;
use crate::domain::batch::submission::Submission;
use crate::domain::canonical;
use crate::domain::digest::Digest;
use crate::domain::ids::BatchId;
use crate::domain::instant::Zone;
use crate::platform::archive::Archive;
use crate::platform::byte_stream;
use crate::platform::byte_stream::ByteReceiver;
use crate::platform::byte_stream::ByteSender;
use crate::platform::map_file::MapFile;
use crate::platform::table::Cell;
use crate::platform::table::CsvTable;
use crate::platform::workbook::Workbook;
use crate::store;
use crate::store::Store;
use crate::store::batch::BatchRow;
use crate::store::batch_chunk::SealedFile;
use std::io;
use std::io::Write;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;

/// Downloads that may run at once on this instance; each has a thread of its own that waits for its reader.
const AT_ONCE: usize = 64;
/// Pieces read in one transaction, about 250 kB each: fewer turns with the database, and still little memory for each of
/// many who read slowly.
const PIECES_AT_ONCE: i64 = 2;
static RUNNING: AtomicUsize = AtomicUsize::new(0);

/// In what form a batch is wanted.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum FileKind {
    /// The ZIP of the sealed files: what counts.
    Archive,
    /// `rows.ndjson` itself.
    Rows,
    /// A table for Indonesian spreadsheets.
    Csv,
    /// The same as a workbook.
    Workbook,
    /// The blurred map.
    Map,
}

impl FileKind {
    /// The ending of the file's name.
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Archive => "zip",
            Self::Rows => "ndjson",
            Self::Csv => "csv",
            Self::Workbook => "xlsx",
            Self::Map => "geojson",
        }
    }
}

/// A file on its way.
#[derive(Debug)]
pub struct Download {
    /// What to call it.
    pub file_name: String,
    /// Changes when the bytes do.
    pub tag: String,
    /// Its bytes; an error in between means that the file is not whole.
    pub bytes: ByteReceiver,
}

/// Taken by a download; the end of it frees the seat.
#[derive(Debug)]
pub(crate) struct Seat;

impl Drop for Seat {
    fn drop(&mut self) {
        RUNNING.fetch_sub(1, Ordering::SeqCst);
    }
}

/// A seat among the downloads that run at once, or word to come back.
pub(crate) fn take_seat() -> Result<Seat, Error> {
    let seat = Seat;
    if RUNNING.fetch_add(1, Ordering::SeqCst) < AT_ONCE {
        Ok(seat)
    } else {
        Err(Error::Busy(5))
    }
}

impl App {
    /// Starts writing a batch in some form, and records who reads it. At most 64 are written at once.
    pub fn download_batch(
        &self,
        context: &Context,
        scope: &Scope,
        id: BatchId,
        kind: FileKind,
    ) -> Result<Download, Error> {
        let sight = sight(context, scope);
        // The look is on record before the first byte leaves.
        let (row, zone, members) = self.store.write(|connection| {
            let row = find_sealed(connection, &sight, id)?;
            let book = self.rule_book(connection)?;
            let zone = book
                .agency(&row.agency_code)
                .map_or_else(Zone::default, |facts| facts.zone);
            log(
                connection,
                &row,
                context.now,
                Some(context.account()),
                "read_rows",
                Some(row.state),
            )?;
            let agency = AgencyCode::parse(&row.agency_code).map_err(Error::internal)?;
            let what = (Subject::Batch(id), format!("batch/{id}"));
            self.log_export(connection, context, what, kind.ending(), &agency)?;
            let members = match kind {
                FileKind::Csv | FileKind::Workbook => {
                    store::batch_unit::list_members(connection, scope, &agency, row.from_date, row.to_date)?
                }
                FileKind::Archive | FileKind::Rows | FileKind::Map => Vec::new(),
            };
            Ok::<_, Error>((row, zone, members))
        })?;
        let (manifest, digest) = manifest_of(&row)?;
        let around = Surroundings::new(&manifest.agency_name, zone, members);
        // Names of people and units are not sealed: the bytes of a table change with them.
        let names = around.digest().to_string();
        let names = names.get(..8).unwrap_or_default();
        let seat = take_seat()?;
        let (sender, bytes) = byte_stream::channel();
        let download = Download {
            file_name: file_name(&manifest, kind),
            tag: format!("{digest}-{}-{}-{names}", kind.ending(), u8::from(row.state.is_sent())),
            bytes,
        };
        let source = Source {
            store: self.store.clone(),
            row,
            around,
            manifest,
            digest,
        };
        std::thread::Builder::new()
            .name("batch-download".to_owned())
            .spawn(move || {
                let _seat = seat;
                if let Err(error) = source.write(kind, sender) {
                    // A reader who left is no news; anything else is.
                    if error.kind() != io::ErrorKind::BrokenPipe {
                        tracing::error!(%error, "a batch could not be written out");
                    }
                }
            })
            .map_err(Error::internal)?;
        Ok(download)
    }
}

fn file_name(manifest: &Manifest, kind: FileKind) -> String {
    let slot = manifest
        .slot
        .map_or_else(String::new, |slot| format!("-{}", slot.code()));
    format!(
        "batch-{}-{}-{}{slot}-v{}.{}",
        manifest.agency,
        manifest.from.format("%Y%m%d"),
        manifest.to.format("%Y%m%d"),
        manifest.version,
        kind.ending()
    )
}

/// What a file is written from.
struct Source {
    store: Store,
    row: BatchRow,
    manifest: Manifest,
    digest: Digest,
    around: Surroundings,
}

impl Source {
    fn write(&self, kind: FileKind, mut target: ByteSender) -> io::Result<()> {
        match kind {
            FileKind::Archive => self.write_archive(&mut target)?,
            FileKind::Rows => self.copy(SealedFile::Rows, &mut target)?,
            FileKind::Csv => {
                let mut table = CsvTable::new(&mut target, &HEADINGS)?;
                self.each_told(&mut |cells| table.row(cells))?;
                table.finish()?;
            }
            FileKind::Workbook => {
                let created_at = self.manifest.sealed_at.utc().naive_utc();
                let title = format!("Kiriman {} {}", self.manifest.agency, self.manifest.from);
                let mut workbook = Workbook::new(&title, "Baris", created_at, &HEADINGS)?;
                self.each_told(&mut |cells| workbook.row(cells))?;
                workbook.add_other_sheet("Jumlah", &TOTAL_HEADINGS)?;
                for (heading, count) in totals(&self.manifest.counts) {
                    workbook.row(&[Cell::text(heading), Cell::Count(count)])?;
                }
                workbook.finish(&mut target)?;
            }
            FileKind::Map => {
                let mut map = MapFile::new(&mut target)?;
                self.each_line(SealedFile::Cells, |line| {
                    let count: CellCount = serde_json::from_str(line).map_err(io::Error::other)?;
                    map.feature(&count)
                })?;
                map.finish()?;
            }
        }
        target.finish()
    }

    fn write_archive(&self, target: &mut ByteSender) -> io::Result<()> {
        let mut archive = Archive::new(target);
        let manifest = self.row.manifest.clone().unwrap_or_default();
        archive.file(MANIFEST_FILE, false, |file| file.write_all(manifest.as_bytes()))?;
        for (name, sealed) in [(ROWS_FILE, SealedFile::Rows), (CELLS_FILE, SealedFile::Cells)] {
            let bytes = self.manifest.file(name).map_or(0, |file| file.bytes);
            archive.file(name, bytes > u64::from(u32::MAX) / 2, |file| self.copy(sealed, file))?;
        }
        if let (Some(submitted_at), Some(submitted_by)) = (self.row.submitted_at, self.row.submitted_by_name.clone()) {
            let submission = Submission {
                format: FORMAT.to_owned(),
                batch_id: self.row.id,
                manifest_sha256: self.digest,
                submitted_at,
                submitted_by,
                approved_by: self.row.approved_by_name.clone(),
            };
            let text = canonical::to_string(&submission).map_err(io::Error::other)?;
            archive.file(SUBMISSION_FILE, false, |file| file.write_all(text.as_bytes()))?;
        }
        archive.finish().map(drop)
    }

    fn copy(&self, sealed: SealedFile, target: &mut dyn Write) -> io::Result<()> {
        self.each_piece(sealed, |text| target.write_all(text.as_bytes()))
    }

    /// Every row as people read it, a person's day in its order.
    fn each_told(&self, take: &mut impl FnMut(&[Cell<'_>]) -> io::Result<()>) -> io::Result<()> {
        let mut day = PersonDay::default();
        self.each_line(SealedFile::Rows, |line| {
            let row: SheetRow<'_> = serde_json::from_str(line).map_err(io::Error::other)?;
            day.add(&row, &self.around, take)
        })?;
        day.give(take)
    }

    fn each_line(&self, sealed: SealedFile, mut take: impl FnMut(&str) -> io::Result<()>) -> io::Result<()> {
        self.each_piece(sealed, |text| text.lines().try_for_each(&mut take))
    }

    /// Reads the next pieces while the last ones are written out. A connection is held for reading them only, so that a
    /// slow reader keeps nobody from the database.
    fn each_piece(&self, sealed: SealedFile, mut take: impl FnMut(&str) -> io::Result<()>) -> io::Result<()> {
        std::thread::scope(|scope| {
            // Hands over without keeping: those being written and those just read are all there are in memory.
            let (sender, receiver) = mpsc::sync_channel(0);
            let reading = move || {
                let mut after = -1;
                loop {
                    let read = self.list_pieces(sealed, after);
                    let last = read.as_ref().ok().and_then(|pieces| pieces.last());
                    let next = last.map(|(sequence, _)| *sequence);
                    // Nobody takes them where the writer stopped early.
                    let is_taken = sender.send(read).is_ok();
                    match next {
                        Some(sequence) if is_taken => after = sequence,
                        Some(_) | None => break,
                    }
                }
            };
            std::thread::Builder::new()
                .name("batch-read".to_owned())
                .spawn_scoped(scope, reading)?;
            for pieces in receiver {
                for (_, text) in pieces? {
                    take(&text)?;
                }
            }
            Ok(())
        })
    }

    fn list_pieces(&self, sealed: SealedFile, after: i32) -> io::Result<Vec<(i32, String)>> {
        self.store
            .read(|connection| store::batch_chunk::list_next(connection, self.row.id, sealed, after, PIECES_AT_ONCE))
            .map_err(io::Error::other)
    }
}
