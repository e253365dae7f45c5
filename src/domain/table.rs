//! A rectangular file as people send it: named columns and rows of text. Read from bytes in platform/table.rs.

use std::fmt;

/// One cell.
#[derive(Clone, Eq, PartialEq)]
pub enum Cell {
    /// Nothing, or only white space.
    Empty,
    /// Trimmed text; numbers and dates of a workbook are written out (dates as `yyyy-mm-dd`).
    Text(String),
    /// A number of a workbook with more digits than the workbook keeps: what was typed is lost.
    Lost,
}

impl Cell {
    /// Trims the text of a cell.
    pub fn from_text(text: &str) -> Self {
        let text = text.trim_matches(|character: char| character.is_whitespace() || character == '\u{feff}');
        if text.is_empty() {
            Self::Empty
        } else {
            Self::Text(text.to_owned())
        }
    }

    /// The text; empty for an empty or lost cell.
    pub fn text(&self) -> &str {
        match self {
            Self::Text(text) => text,
            Self::Empty | Self::Lost => "",
        }
    }
}

/// One row with the number that a spreadsheet shows beside it: 1 is the header, 2 the first row of content.
#[derive(Clone, Eq, PartialEq)]
pub struct Row {
    /// As a spreadsheet shows it.
    pub number: u32,
    /// In the order of the header; may be shorter.
    pub cells: Vec<Cell>,
}

impl Row {
    /// The cell under the column with that index; empty where the row is too short.
    pub fn cell(&self, column: Option<usize>) -> &Cell {
        column.and_then(|index| self.cells.get(index)).unwrap_or(&Cell::Empty)
    }
}

/// The whole file: a header and the rows that are not blank.
#[derive(Clone, Eq, PartialEq)]
pub struct Table {
    /// Names as written, trimmed.
    pub header: Vec<String>,
    /// In the file's order.
    pub rows: Vec<Row>,
}

/// Tables hold people; only their size may reach a log.
impl fmt::Debug for Table {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "Table({} columns, {} rows)",
            self.header.len(),
            self.rows.len()
        )
    }
}

impl fmt::Debug for Row {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Row({})", self.number)
    }
}

impl fmt::Debug for Cell {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Empty => "Cell(empty)",
            Self::Text(_) => "Cell(hidden)",
            Self::Lost => "Cell(lost)",
        })
    }
}

/// Brings a column's name to the form in which names are compared: upper case, single spaces, no underscores.
pub fn column_key(name: &str) -> String {
    let plain = name.replace(['_', '\u{feff}'], " ");
    plain.split_whitespace().collect::<Vec<_>>().join(" ").to_uppercase()
}

/// What is wrong with a header as a whole; the file is then refused.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum HeaderError {
    /// A column that the reader can't do without is absent.
    #[error("the column {0} is missing")]
    Missing(&'static str),
    /// Two columns claim to be the same.
    #[error("the column {0} occurs twice")]
    Repeated(&'static str),
}

impl Table {
    /// What stands in a row under a column; empty where either is missing.
    pub fn told(&self, row: u32, column: &str) -> Cell {
        let key = column_key(column);
        let column = self.header.iter().position(|name| column_key(name) == key);
        self.rows
            .binary_search_by_key(&row, |row| row.number)
            .ok()
            .and_then(|index| self.rows.get(index))
            .map_or(Cell::Empty, |row| row.cell(column).clone())
    }

    /// The index of the column that has one of `names` (compared by [`column_key`]), `None` where there is none.
    ///
    /// The first name is the proper one. An earlier name wins over a later one; the same name twice is an error.
    pub fn column(&self, names: &[&'static str]) -> Result<Option<usize>, HeaderError> {
        for name in names {
            let key = column_key(name);
            let mut found = (0..).zip(&self.header).filter(|(_, column)| column_key(column) == key);
            if let Some((index, _)) = found.next() {
                return match found.next() {
                    Some(_) => Err(HeaderError::Repeated(name)),
                    None => Ok(Some(index)),
                };
            }
        }
        Ok(None)
    }

    /// Whether the row's cells stand under their columns: as many as the header has at most, none missing up to
    /// `last_needed`, and nothing written under columns without a name at the header's end.
    ///
    /// A separator within a name or a post pushes every later cell one column on. Where the last column was empty the
    /// row then merely ends in one empty cell too many; a row that ends in separators of its own looks the same. Which of
    /// the two it is can't be told, and a wrong post in the records is worse than a row to be sent again: it is refused.
    /// Separators that end the header as well shift nothing and are taken. Cells of a workbook bear their column's
    /// name, and empty ones at a row's end are not kept by its reader.
    pub fn is_aligned(&self, row: &Row, last_needed: usize) -> bool {
        let named = self
            .header
            .iter()
            .rposition(|name| !name.is_empty())
            .map_or(0, |last| last + 1);
        let mut unnamed = row.cells.iter().skip(named);
        row.cells.len() > last_needed
            && row.cells.len() <= self.header.len()
            && unnamed.all(|cell| *cell == Cell::Empty)
    }

    /// As [`Table::column`], but absence is an error.
    pub fn required_column(&self, names: &[&'static str]) -> Result<usize, HeaderError> {
        self.column(names)?
            .ok_or_else(|| HeaderError::Missing(names.first().copied().unwrap_or("")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(header: &[&str]) -> Table {
        Table {
            header: header.iter().map(|name| (*name).to_owned()).collect(),
            rows: Vec::new(),
        }
    }

    fn row(texts: &[&str]) -> Row {
        Row {
            number: 2,
            cells: texts.iter().map(|text| Cell::from_text(text)).collect(),
        }
    }

    #[test]
    fn columns_are_found_whatever_their_case_spacing_and_order() {
        let table = table(&["nama", "\u{feff} nip_baru ", "UNOR  NAMA"]);
        assert_eq!(table.column(&["NIP BARU", "NIP"]), Ok(Some(1)));
        assert_eq!(table.column(&["UNOR NAMA"]), Ok(Some(2)));
        assert_eq!(table.column(&["EMAIL"]), Ok(None));
        assert_eq!(table.required_column(&["EMAIL"]), Err(HeaderError::Missing("EMAIL")));
    }

    #[test]
    fn a_column_that_occurs_twice_is_an_error_not_a_choice() {
        let table = table(&["NIP BARU", "NAMA", "nip baru"]);
        assert_eq!(table.column(&["NIP BARU"]), Err(HeaderError::Repeated("NIP BARU")));
    }

    #[test]
    fn a_row_is_aligned_when_nothing_is_missing_or_beyond() {
        let table = table(&["NIP", "NAMA", "ESELON"]);
        assert!(table.is_aligned(&row(&["1", "SITI", ""]), 1));
        assert!(table.is_aligned(&row(&["1", "SITI"]), 1));
        assert!(!table.is_aligned(&row(&["1"]), 1));
        assert!(!table.is_aligned(&row(&["1", "SITI", "", "x"]), 1));
    }

    #[test]
    fn a_row_with_a_cell_too_many_is_shifted_also_where_the_last_one_is_empty() {
        let table = table(&["NIP", "NAMA", "JABATAN", "ESELON"]);
        // `SITI; S.Pd` in two cells: the post would be `S.Pd`, and the echelon the post.
        assert!(!table.is_aligned(&row(&["1", "SITI", "S.Pd", "Guru", ""]), 1));
        assert!(table.is_aligned(&row(&["1", "SITI, S.Pd", "Guru", ""]), 1));
    }

    #[test]
    fn separators_that_end_the_header_too_shift_nothing() {
        let table = table(&["NIP", "NAMA", "JABATAN", "", ""]);
        assert!(table.is_aligned(&row(&["1", "SITI", "Guru", "", ""]), 1));
        assert!(table.is_aligned(&row(&["1", "SITI", "Guru"]), 1));
        assert!(!table.is_aligned(&row(&["1", "SITI", "S.Pd", "Guru", ""]), 1));
        assert!(!table.is_aligned(&row(&["1", "SITI", "Guru", "", "", ""]), 1));
    }

    #[test]
    fn cells_never_show_their_text_in_debug() {
        let row = Row {
            number: 2,
            cells: vec![Cell::from_text(" CONTOH SATU ")],
        };
        assert_eq!(row.cell(Some(0)).text(), "CONTOH SATU");
        assert_eq!(row.cell(Some(1)), &Cell::Empty);
        assert_eq!(format!("{row:?} {:?}", row.cells), "Row(2) [Cell(hidden)]");
    }
}
