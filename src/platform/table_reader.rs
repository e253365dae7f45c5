//! Bytes of a CSV file or an XLSX workbook to a table, within limits that no file can talk its way around.

use crate::domain::table::Cell;
use crate::domain::table::Row;
use crate::domain::table::Table;
use crate::platform::workbook_reader;

/// How much a file may hold. An agency of 10,000 people fills about a tenth of each.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Limits {
    /// Bytes of the file as sent.
    pub file_bytes: usize,
    /// Bytes of a workbook's parts together, after inflation.
    pub inflated_bytes: u64,
    /// Parts in a workbook.
    pub parts: usize,
    /// Rows with content, without the header.
    pub rows: usize,
    /// Columns.
    pub columns: usize,
    /// Bytes of all cells together.
    pub text_bytes: usize,
}

/// The limits of every import.
pub const LIMITS: Limits = Limits {
    file_bytes: 16 * 1024 * 1024,
    inflated_bytes: 128 * 1024 * 1024,
    parts: 500,
    rows: 30_000,
    columns: 128,
    text_bytes: 64 * 1024 * 1024,
};

/// Why a file can't be read as a table.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum TableError {
    /// No header.
    #[error("the file is empty")]
    Empty,
    /// More bytes, rows, columns or text than [`Limits`] allow, or a workbook that inflates beyond them.
    #[error("the file is too large: {0}")]
    TooLarge(&'static str),
    /// Text in another encoding than UTF-8.
    #[error("the text is not UTF-8")]
    NotUtf8,
    /// An old `.xls` workbook or one with a password.
    #[error("the workbook is of the old kind or locked with a password")]
    OldOrLocked,
    /// A workbook that does not follow its own format.
    #[error("the workbook is damaged")]
    Damaged,
}

/// Reads a file by what it holds, not by what it is called.
pub fn read(bytes: &[u8], limits: &Limits) -> Result<Table, TableError> {
    if bytes.len() > limits.file_bytes {
        return Err(TableError::TooLarge("bytes"));
    }
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        workbook_reader::read(bytes, limits)
    } else if bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]) {
        Err(TableError::OldOrLocked)
    } else {
        read_csv(bytes, limits)
    }
}

fn read_csv(bytes: &[u8], limits: &Limits) -> Result<Table, TableError> {
    let text = std::str::from_utf8(bytes).ok().ok_or(TableError::NotUtf8)?;
    if text.contains('\0') {
        // UTF-16 without a mark passes for UTF-8.
        return Err(TableError::NotUtf8);
    }
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut records = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter(text))
        .from_reader(text.as_bytes());
    let mut gathering = Gathering::new(limits);
    let mut numbers = RowNumbers::default();
    let mut record = csv::StringRecord::new();
    while records.read_record(&mut record).ok().ok_or(TableError::Damaged)? {
        let start = record.position().map_or(0, csv::Position::byte);
        let quoted_line_ends = record.iter().map(|field| field.matches('\n').count()).sum();
        let number = numbers.next(text, usize::try_from(start).unwrap_or(usize::MAX), quoted_line_ends);
        gathering.add(number, record.iter().map(Cell::from_text).collect())?;
    }
    gathering.finish()
}

/// Counts rows as a spreadsheet does: blank lines count, line ends within quotes don't.
#[derive(Default)]
struct RowNumbers {
    counted_to: usize,
    line_ends: usize,
    quoted_line_ends: usize,
    previous: u32,
}

impl RowNumbers {
    /// The number of the record that begins at or shortly after `start`: csv points at the line end before it.
    fn next(&mut self, text: &str, start: usize, quoted_line_ends: usize) -> u32 {
        let between = text.as_bytes().get(self.counted_to..).unwrap_or_default();
        let ahead = start.saturating_sub(self.counted_to);
        let skipped = between
            .iter()
            .skip(ahead)
            .take_while(|byte| matches!(byte, b'\r' | b'\n'))
            .count();
        self.line_ends += between
            .iter()
            .take(ahead + skipped)
            .filter(|byte| **byte == b'\n')
            .count();
        self.counted_to += ahead + skipped;
        let number = u32::try_from((self.line_ends + 1).saturating_sub(self.quoted_line_ends)).unwrap_or(u32::MAX);
        self.quoted_line_ends += quoted_line_ends;
        // Files whose lines end in a carriage return alone have no line feeds to count.
        self.previous = number.max(self.previous.saturating_add(1));
        self.previous
    }
}

/// The most frequent of `;`, `,` and tab in the first line with content.
fn delimiter(text: &str) -> u8 {
    let line = text.lines().find(|line| !line.trim().is_empty()).unwrap_or("");
    let count = |delimiter: &u8| line.bytes().filter(|byte| byte == delimiter).count();
    // `max_by_key` keeps the last of equals: the one that Indonesian spreadsheets write.
    [b'\t', b',', b';'].into_iter().max_by_key(count).unwrap_or(b';')
}

/// Collects rows, counts them against the limits, takes the first with content for the header.
pub(super) struct Gathering<'a> {
    limits: &'a Limits,
    header: Vec<String>,
    rows: Vec<Row>,
    text_bytes: usize,
}

impl<'a> Gathering<'a> {
    pub(super) const fn new(limits: &'a Limits) -> Self {
        Self {
            limits,
            header: Vec::new(),
            rows: Vec::new(),
            text_bytes: 0,
        }
    }

    /// Takes the next row. Blank rows are left out, but keep their number.
    pub(super) fn add(&mut self, number: u32, cells: Vec<Cell>) -> Result<(), TableError> {
        if cells.len() > self.limits.columns {
            return Err(TableError::TooLarge("columns"));
        }
        self.text_bytes += cells.iter().map(|cell| cell.text().len()).sum::<usize>();
        if self.text_bytes > self.limits.text_bytes {
            return Err(TableError::TooLarge("text"));
        }
        if cells.iter().all(|cell| *cell == Cell::Empty) {
            return Ok(());
        }
        if self.header.is_empty() {
            self.header = cells.iter().map(|cell| cell.text().to_owned()).collect();
            return Ok(());
        }
        if self.rows.len() == self.limits.rows {
            return Err(TableError::TooLarge("rows"));
        }
        self.rows.push(Row { number, cells });
        Ok(())
    }

    pub(super) fn finish(self) -> Result<Table, TableError> {
        if self.header.is_empty() {
            return Err(TableError::Empty);
        }
        Ok(Table {
            header: self.header,
            rows: self.rows,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::personnel;
    use proptest::prelude::*;

    const EXPORT: &[u8] = include_bytes!("../../tests/fixtures/simpeg_siasn_export_synthetic.csv");

    fn texts(bytes: &[u8]) -> Vec<(u32, Vec<String>)> {
        let table = read(bytes, &LIMITS).unwrap();
        let header = (1, table.header.clone());
        let rows = table.rows.iter().map(|row| {
            (
                row.number,
                row.cells.iter().map(|cell| cell.text().to_owned()).collect(),
            )
        });
        std::iter::once(header).chain(rows).collect()
    }

    fn row(number: u32, cells: &[&str]) -> (u32, Vec<String>) {
        (number, cells.iter().map(|cell| (*cell).to_owned()).collect())
    }

    #[test]
    fn the_siasn_export_is_read_with_its_mark_line_ends_and_apostrophes() {
        let table = read(EXPORT, &LIMITS).unwrap();
        assert_eq!((table.header.len(), table.rows.len()), (69, 8));
        assert_eq!(table.header[0], "PNS ID");
        assert_eq!(personnel::read::read(&table).unwrap().findings, []);
    }

    #[test]
    fn semicolons_commas_and_tabs_are_told_apart_by_the_header() {
        for text in ["a;b\r\n1;2,5", "a,b\n1,\"2,5\"", "a\tb\n1\t2,5\n"] {
            assert_eq!(
                texts(text.as_bytes()),
                [row(1, &["a", "b"]), row(2, &["1", "2,5"])],
                "{text:?}"
            );
        }
    }

    #[test]
    fn rows_are_numbered_as_a_spreadsheet_shows_them() {
        let text = "a;b\n\n\"x\ny\";1\n;\nz;2\n";
        assert_eq!(
            texts(text.as_bytes()),
            [row(1, &["a", "b"]), row(3, &["x\ny", "1"]), row(5, &["z", "2"])]
        );
        let old = "a;b\rx;1\rz;2";
        assert_eq!(
            texts(old.as_bytes()),
            [row(1, &["a", "b"]), row(2, &["x", "1"]), row(3, &["z", "2"])]
        );
    }

    #[test]
    fn other_encodings_and_old_workbooks_are_named_not_guessed() {
        let error = |bytes: &[u8]| read(bytes, &LIMITS).unwrap_err();
        assert_eq!(error(b"NAMA\nJos\xe9"), TableError::NotUtf8);
        assert_eq!(error(b"N\0A\0;\0"), TableError::NotUtf8);
        assert_eq!(
            error(&[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, 0, 0]),
            TableError::OldOrLocked
        );
        assert_eq!(error(b" \r\n;;\r\n"), TableError::Empty);
        assert_eq!(error(b""), TableError::Empty);
    }

    #[test]
    fn each_limit_of_a_text_file_holds_at_its_edge() {
        let limits = Limits {
            file_bytes: 40,
            rows: 2,
            columns: 3,
            text_bytes: 12,
            ..LIMITS
        };
        let outcome = |text: &str| read(text.as_bytes(), &limits).map(|table| table.rows.len());
        assert_eq!(outcome("a;b;c\n1;2;3\n1;2;3"), Ok(2));
        assert_eq!(outcome("a;b;c\n1;2;3\n1;2;3\n1;2;3"), Err(TableError::TooLarge("rows")));
        assert_eq!(outcome("a;b;c;d"), Err(TableError::TooLarge("columns")));
        assert_eq!(outcome("aaaa\nbbbb\ncccc"), Ok(2));
        assert_eq!(outcome("aaaa\nbbbb\nccccc"), Err(TableError::TooLarge("text")));
        assert_eq!(outcome(&"\n".repeat(40)), Err(TableError::Empty));
        assert_eq!(outcome(&"\n".repeat(41)), Err(TableError::TooLarge("bytes")));
    }

    proptest! {
        #[test]
        fn no_bytes_make_the_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = read(&bytes, &LIMITS);
            let archive = [b"PK\x03\x04".as_slice(), &bytes].concat();
            let _ = read(&archive, &LIMITS);
        }
    }
}
