//! XLSX written row by row: finished rows wait in a temporary file, not in memory.

use crate::platform::table::Cell;
use crate::platform::table::guarded;
use chrono::{Datelike, NaiveDateTime, Timelike};
use rust_xlsxwriter::{
    Color, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook as XlsxWorkbook, Worksheet,
    XlsxError,
};
use std::io;
use std::io::Write;

/// The height of a line of text, points.
const LINE_POINTS: f64 = 15.0;

/// Rows of one sheet, headings included, below Excel's limit of 1,048,576.
const SHEET_ROWS: u32 = 1_000_001;

/// A workbook in the making. When a sheet is full the next begins with the same headings.
pub struct Workbook {
    book: XlsxWorkbook,
    sheet_name: String,
    title_lines: Vec<String>,
    headings: Vec<String>,
    frozen_columns: u16,
    sheet_rows: u32,
    sheets: usize,
    /// Sheets that bear the present name.
    named_sheets: usize,
    next_row: u32,
    formats: Formats,
    /// Of what stands below a printed table.
    plain: Formats,
    bold: Format,
    heading: Format,
}

/// How the cells of a row look.
struct Formats {
    text: Format,
    count: Format,
    percent: Format,
    sign: Format,
    empty: Option<Format>,
}

impl Formats {
    /// For machines and for reading on a screen.
    fn plain() -> Self {
        Self {
            text: Format::new().set_num_format("@"),
            count: Format::new(),
            percent: Format::new().set_num_format("0.0#"),
            sign: Format::new(),
            empty: None,
        }
    }

    /// For paper: boxes, long texts on several lines, signs and numbers in the middle.
    fn boxed() -> Self {
        let boxed = || {
            Format::new()
                .set_border(FormatBorder::Thin)
                .set_align(FormatAlign::VerticalCenter)
        };
        let centred = || boxed().set_align(FormatAlign::Center);
        Self {
            text: boxed().set_num_format("@").set_text_wrap(),
            count: centred(),
            percent: centred().set_num_format("0.0#"),
            sign: centred(),
            empty: Some(boxed()),
        }
    }
}

impl std::fmt::Debug for Workbook {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Workbook")
    }
}

impl Workbook {
    /// Starts a workbook. `created_at` stands in its properties, so that the same content gives the same file;
    /// `sheet_name` has at most 25 characters.
    pub fn new(title: &str, sheet_name: &str, created_at: NaiveDateTime, headings: &[&str]) -> io::Result<Self> {
        Self::below(title, sheet_name, created_at, &[], headings, 0)
    }

    /// Like [`Workbook::new`], with lines of a title above the headings and so many columns that stay in sight.
    pub fn below(
        title: &str,
        sheet_name: &str,
        created_at: NaiveDateTime,
        title_lines: &[String],
        headings: &[&str],
        frozen_columns: u16,
    ) -> io::Result<Self> {
        let mut book = XlsxWorkbook::new();
        let created_at = excel_time(created_at).map_err(failed)?;
        book.set_properties(&DocProperties::new().set_title(title).set_creation_datetime(&created_at));
        let mut workbook = Self {
            book,
            sheet_name: sheet_name.to_owned(),
            title_lines: title_lines.to_vec(),
            headings: headings.iter().map(|heading| (*heading).to_owned()).collect(),
            frozen_columns,
            sheet_rows: SHEET_ROWS,
            sheets: 0,
            named_sheets: 0,
            next_row: 0,
            formats: if title_lines.is_empty() {
                Formats::plain()
            } else {
                Formats::boxed()
            },
            plain: Formats::plain(),
            bold: Format::new().set_bold(),
            heading: if title_lines.is_empty() {
                Format::new().set_bold()
            } else {
                Format::new()
                    .set_bold()
                    .set_border(FormatBorder::Thin)
                    .set_background_color(Color::RGB(0x00ED_EDED))
                    .set_align(FormatAlign::Center)
                    .set_align(FormatAlign::VerticalCenter)
                    .set_text_wrap()
            },
        };
        workbook.add_sheet()?;
        Ok(workbook)
    }

    fn add_sheet(&mut self) -> io::Result<()> {
        self.sheets = self.sheets.saturating_add(1);
        self.named_sheets = self.named_sheets.saturating_add(1);
        let name = if self.named_sheets == 1 {
            self.sheet_name.clone()
        } else {
            format!("{} {}", self.sheet_name, self.named_sheets)
        };
        let sheet = self.book.add_worksheet_with_constant_memory().map_err(failed)?;
        sheet.set_name(name).map_err(failed)?;
        for (row, line) in (0..).zip(&self.title_lines) {
            sheet
                .write_string_with_format(row, 0, guarded(line), &self.bold)
                .map_err(failed)?;
        }
        // An empty row keeps a title from the headings.
        let head = match u32::try_from(self.title_lines.len()).unwrap_or(u32::MAX) {
            0 => 0,
            lines => lines.saturating_add(1),
        };
        sheet
            .set_freeze_panes(head.saturating_add(1), self.frozen_columns)
            .map_err(failed)?;
        // As offices print: A4 across, as wide as the page, the headings on every page.
        sheet.set_paper_size(9).set_landscape().set_print_fit_to_pages(1, 0);
        sheet.set_margins(0.3, 0.3, 0.4, 0.5, 0.2, 0.25);
        sheet.set_footer("&RHalaman &P dari &N");
        sheet.set_repeat_rows(head, head).map_err(failed)?;
        for (column, heading) in (0_u16..).zip(&self.headings) {
            let width = if self.title_lines.is_empty() {
                width(heading)
            } else {
                printed_width(heading)
            };
            sheet.set_column_width(column, width).map_err(failed)?;
            sheet
                .write_string_with_format(head, column, heading, &self.heading)
                .map_err(failed)?;
        }
        if !self.title_lines.is_empty() {
            sheet.set_row_height(head, 2.0 * LINE_POINTS).map_err(failed)?;
        }
        self.next_row = head.saturating_add(1);
        Ok(())
    }

    /// Begins a sheet of another kind with headings of its own and no title; rows go there from now on. The name has at
    /// most 25 characters.
    pub fn add_other_sheet(&mut self, sheet_name: &str, headings: &[&str]) -> io::Result<()> {
        sheet_name.clone_into(&mut self.sheet_name);
        self.headings = headings.iter().map(|heading| (*heading).to_owned()).collect();
        self.title_lines.clear();
        self.frozen_columns = 0;
        self.named_sheets = 0;
        self.formats = Formats::plain();
        self.heading = Format::new().set_bold();
        self.add_sheet()
    }

    /// Writes one row. Texts become text cells, so that no spreadsheet rounds a NIP.
    pub fn row(&mut self, cells: &[Cell<'_>]) -> io::Result<()> {
        self.any_row(cells, true)
    }

    /// Writes one row of what stands below a table: legends, signatures.
    pub fn row_below(&mut self, cells: &[Cell<'_>]) -> io::Result<()> {
        self.any_row(cells, false)
    }

    fn any_row(&mut self, cells: &[Cell<'_>], is_of_table: bool) -> io::Result<()> {
        if self.next_row >= self.sheet_rows {
            self.add_sheet()?;
        }
        let formats = if is_of_table { &self.formats } else { &self.plain };
        let row = self.next_row;
        self.next_row = row.saturating_add(1);
        let index = self.sheets.saturating_sub(1);
        let sheet: &mut Worksheet = self.book.worksheet_from_index(index).map_err(failed)?;
        if is_of_table && !self.title_lines.is_empty() {
            // Not every program makes room for a text on several lines by itself.
            let columns = self.headings.iter().zip(cells);
            let lines = columns.map(|(heading, cell)| lines(cell, printed_width(heading))).max();
            let height = f64::from(lines.unwrap_or(1)) * LINE_POINTS;
            sheet.set_row_height(row, height).map_err(failed)?;
        }
        for (column, cell) in (0_u16..).zip(cells) {
            match cell {
                Cell::Text(text) => {
                    sheet
                        .write_string_with_format(row, column, guarded(text), &formats.text)
                        .map_err(failed)?;
                }
                Cell::Count(count) => {
                    // Counts beyond 2^32 do not occur; a cell holds a double anyway.
                    let count = u32::try_from(*count).unwrap_or(u32::MAX);
                    sheet
                        .write_number_with_format(row, column, count, &formats.count)
                        .map_err(failed)?;
                }
                Cell::Percent(bp) => {
                    let percent = f64::from(*bp) / 100.0;
                    sheet
                        .write_number_with_format(row, column, percent, &formats.percent)
                        .map_err(failed)?;
                }
                Cell::HalfDays(halves) => {
                    let days = f64::from(*halves) / 2.0;
                    sheet
                        .write_number_with_format(row, column, days, &formats.count)
                        .map_err(failed)?;
                }
                Cell::Sign(sign) => {
                    sheet
                        .write_string_with_format(row, column, &**sign, &formats.sign)
                        .map_err(failed)?;
                }
                Cell::Empty => {
                    if let Some(format) = &formats.empty {
                        sheet.write_blank(row, column, format).map_err(failed)?;
                    }
                }
            }
        }
        Ok(())
    }

    /// Bounds what is printed to what was written, the title included.
    pub fn set_print_area(&mut self) -> io::Result<()> {
        let last_row = self.next_row.saturating_sub(1);
        let last_column = u16::try_from(self.headings.len().saturating_sub(1)).unwrap_or(u16::MAX);
        let index = self.sheets.saturating_sub(1);
        let sheet: &mut Worksheet = self.book.worksheet_from_index(index).map_err(failed)?;
        sheet.set_print_area(0, 0, last_row, last_column).map_err(failed)?;
        Ok(())
    }

    /// Writes the file, front to back.
    pub fn finish(mut self, target: impl Write + Send) -> io::Result<()> {
        self.book.save_to_writer(target).map_err(failed)
    }
}

/// Characters that fit a column: a printed NIP has 21, the code of a row some 50, names of offices many.
fn width(heading: &str) -> f64 {
    match heading {
        "Kode baris" => 52.0,
        "Perangkat daerah" | "Unit kerja" | "Nama" | "Jabatan" => 32.0,
        "NIP" => 23.0,
        heading if heading.len() <= 2 => 5.0,
        "Tanggal" | "Kelas jarak" | "Waktu" | "Lokasi" | "Tanda" => 20.0,
        heading if heading.starts_with("Nomor") => 23.0,
        _ => 14.0,
    }
}

/// How many lines a cell takes in a column so many characters wide, words kept whole.
fn lines(cell: &Cell<'_>, width: f64) -> u32 {
    let Cell::Text(text) = cell else { return 1 };
    let (mut lines, mut used) = (1, 0.0);
    for word in text.split(' ') {
        let long = f64::from(u32::try_from(word.chars().count()).unwrap_or(u32::MAX));
        if used > 0.0 && used + 1.0 + long > width {
            lines += 1;
            used = long;
        } else {
            used += if used > 0.0 { 1.0 + long } else { long };
        }
    }
    lines
}

/// The same for a table that is printed as wide as a page: as narrow as its longest word allows, since every character
/// makes the print smaller. A sign has up to three.
fn printed_width(heading: &str) -> f64 {
    match heading {
        "NIP" => 21.5,
        "Nama" => 24.0,
        "Jabatan" => 22.0,
        "Pangkat/Gol" => 8.5,
        "WFO" | "WFH" | "LKH" | "TL1" | "TL2" | "TL3" | "TL4" => 4.8,
        "PSW1" | "PSW2" | "PSW3" | "PSW4" => 5.8,
        "% Hadir" => 6.5,
        "LKH Disetujui" | "% Potongan" => 9.5,
        _ => 3.8,
    }
}

fn excel_time(moment: NaiveDateTime) -> Result<ExcelDateTime, XlsxError> {
    let year = u16::try_from(moment.year()).unwrap_or(u16::MAX);
    let part = |number: u32| u8::try_from(number).unwrap_or(u8::MAX);
    let minute = part(moment.minute());
    let hour = u16::try_from(moment.hour()).unwrap_or(u16::MAX);
    ExcelDateTime::from_ymd(year, part(moment.month()), part(moment.day()))?.and_hms(hour, minute, moment.second())
}

fn failed(error: XlsxError) -> io::Error {
    io::Error::other(error)
}

#[cfg(test)]
mod tests {
    use super::*;
    use calamine::{Data, Reader, Xlsx};
    use std::io::Cursor;

    fn created_at() -> NaiveDateTime {
        chrono::NaiveDate::from_ymd_opt(2026, 3, 2)
            .unwrap()
            .and_hms_opt(9, 0, 0)
            .unwrap()
    }

    fn workbook() -> Vec<u8> {
        let mut workbook = Workbook::new("Kiriman", "Baris", created_at(), &["NIP", "Jumlah", "Catatan"]).unwrap();
        workbook
            .row(&[Cell::text("198609262015051001"), Cell::Count(3), Cell::text("=1+1")])
            .unwrap();
        let mut file = Vec::new();
        workbook.finish(&mut file).unwrap();
        file
    }

    #[test]
    fn a_nip_is_a_text_cell_and_a_formula_is_not_one() {
        let mut read: Xlsx<_> = Xlsx::new(Cursor::new(workbook())).unwrap();
        let range = read.worksheet_range("Baris").unwrap();
        assert_eq!(range.get_value((0, 0)), Some(&Data::String("NIP".to_owned())));
        assert_eq!(
            range.get_value((1, 0)),
            Some(&Data::String("198609262015051001".to_owned()))
        );
        assert_eq!(range.get_value((1, 1)), Some(&Data::Float(3.0)));
        assert_eq!(range.get_value((1, 2)), Some(&Data::String("'=1+1".to_owned())));
        assert!(read.worksheet_formula("Baris").unwrap().is_empty());
    }

    #[test]
    fn a_full_sheet_is_followed_by_another_with_the_same_headings() {
        let mut workbook = Workbook::new("Kiriman", "Baris", created_at(), &["Nomor"]).unwrap();
        workbook.sheet_rows = 3;
        for number in 1..=5 {
            workbook.row(&[Cell::Count(number)]).unwrap();
        }
        let mut file = Vec::new();
        workbook.finish(&mut file).unwrap();
        let mut read: Xlsx<_> = Xlsx::new(Cursor::new(file)).unwrap();
        let columns: Vec<Vec<String>> = ["Baris", "Baris 2", "Baris 3"]
            .iter()
            .map(|name| {
                let range = read.worksheet_range(name).unwrap();
                range.rows().map(|row| row[0].to_string()).collect()
            })
            .collect();
        assert_eq!(
            columns,
            [vec!["Nomor", "1", "2"], vec!["Nomor", "3", "4"], vec!["Nomor", "5"]]
        );
        assert_eq!(read.sheet_names().len(), 3);
        const { assert!(SHEET_ROWS <= 1_048_576, "Excel's limit") };
    }

    #[test]
    fn a_long_text_has_room_for_its_lines() {
        let text = |text: &'static str| lines(&Cell::text(text), 22.0);
        assert_eq!(text(""), 1);
        assert_eq!(text("Kepala Bidang Statistik"), 2);
        assert_eq!(
            text("Kepala Dinas Komunikasi, Informatika, Statistik dan Persandian"),
            4
        );
        assert_eq!(lines(&Cell::Count(7), 3.0), 1);
    }

    #[test]
    fn a_title_stands_above_headings_that_are_repeated_on_every_page() {
        let title = ["PEMERINTAH".to_owned(), "=BULAN".to_owned()];
        let mut workbook = Workbook::below("Rekap", "Rekap", created_at(), &title, &["No", "NIP", "%"], 2).unwrap();
        workbook
            .row(&[Cell::Count(1), Cell::text("198609262015051001"), Cell::Percent(7_650)])
            .unwrap();
        workbook.row(&[Cell::Sign("-".into())]).unwrap();
        workbook.set_print_area().unwrap();
        let mut file = Vec::new();
        workbook.finish(&mut file).unwrap();
        let mut read: Xlsx<_> = Xlsx::new(Cursor::new(&file)).unwrap();
        let range = read.worksheet_range("Rekap").unwrap();
        let text = |row, column| range.get_value((row, column)).map(ToString::to_string);
        assert_eq!(text(1, 0).as_deref(), Some("'=BULAN"));
        assert_eq!(
            (text(3, 0).as_deref(), text(3, 1).as_deref()),
            (Some("No"), Some("NIP"))
        );
        assert_eq!(
            range.get_value((4, 1)),
            Some(&Data::String("198609262015051001".to_owned()))
        );
        assert_eq!(range.get_value((4, 2)), Some(&Data::Float(76.5)));
        assert_eq!(text(5, 0).as_deref(), Some("-"));
        let names: Vec<String> = read
            .defined_names()
            .iter()
            .map(|(name, area)| format!("{name} {area}"))
            .collect();
        assert!(
            names
                .iter()
                .any(|name| name.contains("Print_Area") && name.ends_with("$A$1:$C$6")),
            "{names:?}"
        );
        assert!(
            names
                .iter()
                .any(|name| name.contains("Print_Titles") && name.ends_with("$4:$4")),
            "{names:?}"
        );
    }

    #[test]
    fn the_same_rows_give_the_same_workbook() {
        assert!(workbook() == workbook());
    }
}
