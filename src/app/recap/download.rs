//! A recap as a table for people, written while it is sent: a few hundred people in memory at a time.

use crate::app::App;
use crate::app::batch::download::take_seat;
use crate::app::context::Context;
use crate::app::error::Error;
use crate::app::event::note_event;
use crate::app::recap::day::Background;
use crate::app::recap::sheet::PEOPLE_AT_ONCE;
use crate::app::recap::sheet::Place;
use crate::app::recap::sheet::Which;
use crate::app::recap::sheet::closed;
use crate::app::recap::sheet::closed_heading;
use crate::app::recap::sheet::lines;
use crate::app::recap::sheet::places;
use crate::app::recap::table::cells;
use crate::app::recap::table::closing_rows;
use crate::domain::access::AgencyCode;
use crate::domain::access::Scope;
use crate::domain::audit_log::subject::Subject;
use crate::domain::month::Month;
use crate::domain::recap::sheet::Heading;
use crate::domain::recap::sheet::Line;
use crate::domain::recap::sheet::headings;
use crate::platform::byte_stream;
use crate::platform::byte_stream::ByteReceiver;
use crate::platform::byte_stream::ByteSender;
use crate::platform::table::Cell;
use crate::platform::table::CsvTable;
use crate::platform::table::csv_line;
use crate::platform::workbook::Workbook;
use crate::store;
use crate::store::Store;
use std::io;
use std::io::Write;

/// Columns that stay in sight: number, NIP and name.
const FROZEN_COLUMNS: u16 = 3;

/// In what form a recap is wanted.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum RecapFile {
    /// A table for Indonesian spreadsheets.
    Csv,
    /// The same as a workbook.
    Workbook,
}

impl RecapFile {
    /// The ending of the file's name.
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Workbook => "xlsx",
        }
    }
}

/// A file on its way.
#[derive(Debug)]
pub struct RecapDownload {
    /// What to call it.
    pub file_name: String,
    /// Its bytes; an error in between means that the file is not whole.
    pub bytes: ByteReceiver,
}

/// Where the lines come from.
enum Lines {
    Closed(i32),
    Present(Box<Background>, Vec<Place>),
}

/// What a file is written from.
struct Source {
    store: Store,
    scope: Scope,
    agency: AgencyCode,
    month: Month,
    heading: Heading,
    lines: Lines,
    created_at: chrono::NaiveDateTime,
}

impl App {
    /// Records who takes a recap as a file; before the first byte leaves.
    pub(crate) fn note_recap_file(
        &self,
        context: &Context,
        agency: &AgencyCode,
        subject: &str,
        format: &str,
    ) -> Result<(), Error> {
        self.store.write(|connection| {
            note_event(connection, context, "recap", subject, "read_file", None)?;
            let what = (Subject::Agency(agency.clone()), format!("recap/{subject}"));
            self.log_export(connection, context, what, format, agency)
        })
    }

    /// Starts writing a recap, and records who reads it.
    pub fn download_recap(
        &self,
        context: &Context,
        scope: &Scope,
        agency: &AgencyCode,
        month: Month,
        which: Which,
        file: RecapFile,
    ) -> Result<RecapDownload, Error> {
        let (heading, lines) = self.store.read(|connection| {
            if let Some(row) = closed(connection, scope, agency, month, which)? {
                return Ok::<_, Error>((closed_heading(&row)?, Lines::Closed(row.version)));
            }
            let dates = (month.first(), month.last());
            let background = Background::load(self, connection, dates, context.now)?;
            let heading = self.heading(connection, &background, agency, month)?;
            let places = places(connection, scope, agency, dates)?;
            Ok((heading, Lines::Present(Box::new(background), places)))
        })?;
        let subject = format!("{agency}/{month}");
        self.note_recap_file(context, agency, &subject, file.ending())?;
        let seat = take_seat()?;
        let (sender, bytes) = byte_stream::channel();
        let version = heading
            .version
            .map_or_else(String::new, |version| format!("-v{version}"));
        let download = RecapDownload {
            file_name: format!("rekap-{agency}-{month}{version}.{}", file.ending()),
            bytes,
        };
        let source = Source {
            store: self.store.clone(),
            scope: scope.clone(),
            agency: agency.clone(),
            month,
            created_at: context.now.utc().naive_utc(),
            heading,
            lines,
        };
        std::thread::Builder::new()
            .name("recap-download".to_owned())
            .spawn(move || {
                let _seat = seat;
                if let Err(error) = source.write(file, sender) {
                    // A reader who left is no news; anything else is.
                    if error.kind() != io::ErrorKind::BrokenPipe {
                        tracing::error!(%error, "a recap could not be written out");
                    }
                }
            })
            .map_err(Error::internal)?;
        Ok(download)
    }
}

impl Source {
    fn write(&self, file: RecapFile, mut target: ByteSender) -> io::Result<()> {
        let columns = headings(self.month);
        let names: Vec<&str> = columns.iter().map(String::as_str).collect();
        let title = self.heading.title_lines();
        let closing = closing_rows(&self.heading, columns.len());
        match file {
            RecapFile::Csv => {
                let mut table = CsvTable::below(&mut target, &title, &names)?;
                self.each_line(&mut |number, line| table.row(&cells(&self.heading, number, line)))?;
                let target = table.finish()?;
                for row in closing {
                    let fields: Vec<&str> = row.iter().map(String::as_str).collect();
                    target.write_all(csv_line(&fields)?.as_bytes())?;
                }
            }
            RecapFile::Workbook => {
                let name = format!("Rekap {} {}", self.agency, self.month);
                let sheet = format!("Rekap {}", self.month);
                let mut workbook = Workbook::below(&name, &sheet, self.created_at, &title, &names, FROZEN_COLUMNS)?;
                self.each_line(&mut |number, line| workbook.row(&cells(&self.heading, number, line)))?;
                for row in closing {
                    // A legend stands at the left, one piece a field; here it is one line over all columns.
                    let is_legend = row.first().is_some_and(|text| !text.is_empty());
                    let row = if is_legend { vec![row.join(";")] } else { row };
                    let cells: Vec<Cell<'_>> = row
                        .iter()
                        .map(|text| Cell::optional(Some(text.as_str()).filter(|text| !text.is_empty())))
                        .collect();
                    workbook.row_below(&cells)?;
                }
                workbook.set_print_area()?;
                workbook.finish(&mut target)?;
            }
        }
        target.finish()
    }

    /// Every line with its number. A connection is held only while some are read.
    fn each_line(&self, take: &mut impl FnMut(i32, &Line) -> io::Result<()>) -> io::Result<()> {
        match &self.lines {
            Lines::Closed(version) => {
                let mut after = 0;
                loop {
                    let limit = i64::try_from(PEOPLE_AT_ONCE).unwrap_or(i64::MAX);
                    let (from, scope) = ((self.month, *version), &self.scope);
                    let read = self.store.read(|connection| {
                        store::recap_version::list_lines(connection, scope, &self.agency, from, after, limit)
                    });
                    let part = read.map_err(io::Error::other)?;
                    let Some((last, _)) = part.last() else { return Ok(()) };
                    after = *last;
                    part.iter().try_for_each(|(number, line)| take(*number, line))?;
                }
            }
            Lines::Present(background, places) => {
                let mut number = 0;
                for part in places.chunks(PEOPLE_AT_ONCE) {
                    let read: Result<Vec<Line>, Error> = self
                        .store
                        .read(|connection| lines(connection, background, &self.agency, self.month, part));
                    for line in &read.map_err(io::Error::other)? {
                        number += 1;
                        take(number, line)?;
                    }
                }
                Ok(())
            }
        }
    }
}
