//! Tables for people's spreadsheets: what a cell may hold, and CSV as Indonesian Excel opens it.

use crate::domain::recap::allowance::percent_text;
use crate::domain::recap::day_sum::DaySum;
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
    /// A percentage in basis points.
    Percent(u32),
    /// Halves of days, written as days: `4` or `4,5`.
    HalfDays(u16),
    /// A sign made of those of a fixed list of ours, such as a lone `-`: written as it is.
    Sign(Cow<'static, str>),
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
pub struct CsvTable<W: Write> {
    writer: csv::Writer<W>,
}

impl<W: Write> std::fmt::Debug for CsvTable<W> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("CsvTable")
    }
}

impl<W: Write> CsvTable<W> {
    /// Writes the mark and the headings.
    pub fn new(target: W, headings: &[&str]) -> io::Result<Self> {
        Self::below(target, &[], headings)
    }

    /// Writes the mark, lines of a title with an empty one after them, and the headings.
    pub fn below(mut target: W, title: &[String], headings: &[&str]) -> io::Result<Self> {
        target.write_all("\u{feff}".as_bytes())?;
        for line in title {
            target.write_all(csv_line(&[line])?.as_bytes())?;
        }
        if !title.is_empty() {
            target.write_all(b"\r\n")?;
        }
        let mut writer = csv::WriterBuilder::new()
            .delimiter(b';')
            .terminator(csv::Terminator::CRLF)
            .from_writer(target);
        writer.write_record(headings).map_err(io::Error::from)?;
        Ok(Self { writer })
    }

    /// Writes one row.
    pub fn row(&mut self, cells: &[Cell<'_>]) -> io::Result<()> {
        for cell in cells {
            let field = match cell {
                Cell::Text(text) => guarded(text),
                Cell::Count(count) => Cow::Owned(count.to_string()),
                Cell::Percent(bp) => Cow::Owned(percent_text(*bp)),
                Cell::HalfDays(halves) => Cow::Owned(DaySum::of_halves(*halves).to_string()),
                Cell::Sign(sign) => Cow::Borrowed(&**sign),
                Cell::Empty => Cow::Borrowed(""),
            };
            self.writer.write_field(field.as_bytes()).map_err(io::Error::from)?;
        }
        self.writer.write_record(None::<&[u8]>).map_err(io::Error::from)
    }

    /// Writes what is buffered and gives the target back.
    pub fn finish(self) -> io::Result<W> {
        self.writer
            .into_inner()
            .map_err(|error| io::Error::other(error.to_string()))
    }
}

/// One line of such a file by itself, for what stands above and below a table; text is guarded as in cells.
pub fn csv_line(fields: &[&str]) -> io::Result<String> {
    if fields.iter().all(|field| field.is_empty()) {
        return Ok("\r\n".to_owned());
    }
    let mut writer = csv::WriterBuilder::new()
        .delimiter(b';')
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    writer.write_record(fields.iter().map(|field| guarded(field).into_owned()))?;
    let bytes = writer
        .into_inner()
        .map_err(|error| io::Error::other(error.to_string()))?;
    String::from_utf8(bytes).map_err(io::Error::other)
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
        String::from_utf8(table.finish().unwrap()).unwrap()
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
    fn signs_and_percentages_are_written_as_printed() {
        let rows = [
            vec![Cell::Sign("-".into()), Cell::Percent(7_650)],
            vec![Cell::HalfDays(9), Cell::HalfDays(8)],
        ];
        assert_eq!(csv(&rows), "\u{feff}a;b\r\n-;76,5\r\n4,5;4\r\n");
        assert_eq!(csv_line(&["", ""]).unwrap(), "\r\n");
        assert_eq!(csv_line(&["=1", "x;y"]).unwrap(), "'=1;\"x;y\"\r\n");
        let mut table = CsvTable::below(Vec::new(), &["JUDUL".to_owned()], &["a"]).unwrap();
        table.row(&[Cell::Count(1)]).unwrap();
        assert_eq!(
            String::from_utf8(table.finish().unwrap()).unwrap(),
            "\u{feff}JUDUL\r\n\r\na\r\n1\r\n"
        );
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
        assert!(table.writer.get_ref().0 > 1_190_000, "the writer holds rows back");
    }

    proptest! {
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
