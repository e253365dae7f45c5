//! Tables for people's spreadsheets: what a cell may hold, and CSV as Indonesian Excel opens it.

use std::borrow::Cow;
use std::io;
use std::io::Write;

/// One cell.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Cell<'a> {
    /// Text; guarded against being read as a formula.
    Text(Cow<'a, str>),
    /// A number of things.
    Count(u64),
    /// Nothing.
    Empty,
}

impl<'a> Cell<'a> {
    /// Text.
    pub fn text(text: impl Into<Cow<'a, str>>) -> Self {
        Self::Text(text.into())
    }

    /// Text, or nothing where there is none.
    pub fn optional(text: Option<impl Into<Cow<'a, str>>>) -> Self {
        text.map_or(Self::Empty, Self::text)
    }
}

/// Puts an apostrophe before text that a spreadsheet would run as a formula.
///
/// For text cells of files for people only:
/// numbers and canonical files stay as they are, since southern latitudes begin with a minus.
pub fn guarded(text: &str) -> Cow<'_, str> {
    let is_formula = text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
    if is_formula {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
}

/// A number of 18 digits (NIP) in its printed groups, `19860926 201505 1 001`: readable, and no spreadsheet turns it
/// into 1.98609E+17. Anything else comes back as it is.
pub fn grouped_number(number: &str) -> Cow<'_, str> {
    let is_long = number.len() == 18 && number.bytes().all(|byte| byte.is_ascii_digit());
    let group = |from: usize, to: usize| number.get(from..to).unwrap_or_default();
    if is_long {
        Cow::Owned([group(0, 8), group(8, 14), group(14, 15), group(15, 18)].join(" "))
    } else {
        Cow::Borrowed(number)
    }
}

/// CSV with a byte order mark, semicolons and CRLF: a double click opens it rightly in an Excel that speaks Indonesian.
///
/// Quotes as RFC 4180 does, only where a field needs it. Written here because the writer of the `csv` crate, which looks at
/// each byte through a state machine, took a seventh of the time of an export of a million rows.
pub struct CsvTable<W: Write> {
    target: W,
    line: Vec<u8>,
}

impl<W: Write> std::fmt::Debug for CsvTable<W> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("CsvTable")
    }
}

impl<W: Write> CsvTable<W> {
    /// Writes the mark and the headings.
    pub fn new(mut target: W, headings: &[&str]) -> io::Result<Self> {
        target.write_all("\u{feff}".as_bytes())?;
        let mut table = Self {
            target,
            line: Vec::new(),
        };
        for heading in headings {
            table.field(heading);
        }
        table.end_line()?;
        Ok(table)
    }

    /// Writes one row.
    pub fn row(&mut self, cells: &[Cell<'_>]) -> io::Result<()> {
        for cell in cells {
            match cell {
                Cell::Text(text) => self.field(&guarded(text)),
                Cell::Count(count) => self.field(&count.to_string()),
                Cell::Empty => self.field(""),
            }
        }
        self.end_line()
    }

    fn field(&mut self, text: &str) {
        let needs_quotes = text.bytes().any(|byte| matches!(byte, b';' | b'"' | b'\r' | b'\n'));
        if needs_quotes {
            self.line.push(b'"');
            self.line.extend_from_slice(text.replace('"', "\"\"").as_bytes());
            self.line.push(b'"');
        } else {
            self.line.extend_from_slice(text.as_bytes());
        }
        self.line.push(b';');
    }

    fn end_line(&mut self) -> io::Result<()> {
        // The last field has no semicolon behind it.
        self.line.pop();
        self.line.extend_from_slice(b"\r\n");
        self.target.write_all(&self.line)?;
        self.line.clear();
        Ok(())
    }

    /// Gives the target back.
    pub fn finish(self) -> W {
        self.target
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn csv(rows: &[Vec<Cell<'_>>]) -> String {
        let mut table = CsvTable::new(Vec::new(), &["a", "b"]).unwrap();
        for row in rows {
            table.row(row).unwrap();
        }
        String::from_utf8(table.finish()).unwrap()
    }

    #[test]
    fn indonesian_excel_gets_a_mark_semicolons_and_crlf() {
        let rows = [
            vec![Cell::text("x;y"), Cell::Count(7)],
            vec![Cell::Empty, Cell::Count(0)],
        ];
        assert_eq!(csv(&rows), "\u{feff}a;b\r\n\"x;y\";7\r\n;0\r\n");
    }

    #[test]
    fn text_that_looks_like_a_formula_is_guarded() {
        for text in ["=1+1", "+62", "-6.1", "@sum", "\tx", "\rx", "＝1"] {
            assert_eq!(guarded(text), format!("'{text}"));
        }
        assert_eq!(guarded("6-1"), "6-1");
        assert_eq!(guarded(""), "");
    }

    #[test]
    fn a_nip_is_printed_in_its_groups() {
        assert_eq!(grouped_number("198609262015051001"), "19860926 201505 1 001");
        assert_eq!(grouped_number("N-0001"), "N-0001");
    }

    /// Takes rows and forgets them, counting bytes.
    struct Sink(u64);

    impl Write for Sink {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0 += u64::try_from(bytes.len()).unwrap();
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn rows_leave_as_they_come() {
        let mut table = CsvTable::new(Sink(0), &["a"]).unwrap();
        for _ in 0..100_000 {
            table.row(&[Cell::text("0123456789")]).unwrap();
        }
        assert!(table.target.0 > 1_190_000, "the writer holds rows back");
    }

    /// What the `csv` crate makes of the same guarded texts.
    fn by_the_crate(rows: &[Vec<String>]) -> String {
        let mut writer = csv::WriterBuilder::new()
            .delimiter(b';')
            .terminator(csv::Terminator::CRLF)
            .from_writer("\u{feff}".as_bytes().to_vec());
        writer.write_record(["a", "b"]).unwrap();
        for row in rows {
            writer
                .write_record(row.iter().map(|text| guarded(text).into_owned()))
                .unwrap();
        }
        String::from_utf8(writer.into_inner().unwrap()).unwrap()
    }

    proptest! {
        #[test]
        fn fields_are_quoted_as_the_csv_crate_quotes_them(
            rows in prop::collection::vec(prop::collection::vec("[a;\"\r\n =é]{0,6}", 2), 0..5)
        ) {
            let cells: Vec<Vec<Cell<'_>>> =
                rows.iter().map(|row| row.iter().map(|text| Cell::text(text.as_str())).collect()).collect();
            prop_assert_eq!(csv(&cells), by_the_crate(&rows));
        }

        #[test]
        fn no_field_of_a_csv_begins_like_a_formula(one in any::<String>(), other in any::<String>()) {
            let text = csv(&[vec![Cell::text(one.as_str()), Cell::text(other)]]);
            let mut reader = csv::ReaderBuilder::new().delimiter(b';').from_reader(text.as_bytes());
            for record in reader.records() {
                let record = record.unwrap();
                prop_assert_eq!(record.len(), 2);
                for field in &record {
                    prop_assert!(!field.starts_with(['=', '+', '-', '@', '\t', '\r']), "{:?}", field);
                }
                prop_assert!(record[0].ends_with(&one));
            }
        }
    }
}
