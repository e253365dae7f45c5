//! XLSX to a table. Every part is measured before calamine sees the file: it trusts sizes that the file claims.

use crate::domain::table::Cell;
use crate::domain::table::Table;
use crate::platform::table_reader::Gathering;
use crate::platform::table_reader::Limits;
use crate::platform::table_reader::TableError;
use calamine::DataRef;
use calamine::ExcelDateTime;
use calamine::Reader;
use calamine::Xlsx;
use std::collections::BTreeMap;
use std::io::Cursor;
use std::io::Read;
use std::panic::AssertUnwindSafe;
use std::panic::catch_unwind;
use zip::ZipArchive;

/// More shared strings than any file within the limits holds; calamine reserves room for as many as are claimed.
const MOST_SHARED_STRINGS: u64 = 2_000_000;

/// Numbers from here on have more digits than a workbook keeps (15).
const PRECISE_BELOW: f64 = 1e15;

/// Reads the first sheet.
pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Table, TableError> {
    measure(bytes, limits)?;
    // The parsers below are other people's: a panic of theirs on a crafted file is a damaged file, not a fault of ours.
    catch_unwind(AssertUnwindSafe(|| read_sheet(bytes, limits))).unwrap_or(Err(TableError::Damaged))
}

/// Checks the directory's claims and what really comes out, part by part, before anything is parsed.
fn measure(bytes: &[u8], limits: &Limits) -> Result<(), TableError> {
    const ENTRY_MARK: &[u8] = b"PK\x01\x02";
    let entries = bytes.windows(ENTRY_MARK.len()).filter(|window| *window == ENTRY_MARK);
    if entries.take(limits.parts + 1).count() > limits.parts {
        return Err(TableError::TooLarge("parts"));
    }
    let damaged = |_| TableError::Damaged;
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(damaged)?;
    if archive.len() > limits.parts {
        return Err(TableError::TooLarge("parts"));
    }
    // A part with a trailing descriptor claims nothing here; it is measured below like the others.
    let claimed = archive.decompressed_size().unwrap_or(0);
    if claimed > u128::from(limits.inflated_bytes) {
        return Err(TableError::TooLarge("inflated bytes"));
    }
    // The same bytes inflated twice over are how a small file becomes a large one.
    if archive.has_duplicate_names() || archive.has_overlapping_entries().map_err(damaged)? {
        return Err(TableError::Damaged);
    }
    let mut left = limits.inflated_bytes;
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(damaged)?;
        let mut content = Vec::new();
        // To the end, so that the checksum is compared; one byte more than allowed, so that excess shows.
        let read = part.take(left + 1).read_to_end(&mut content);
        left = u64::try_from(content.len())
            .ok()
            .and_then(|length| left.checked_sub(length))
            .ok_or(TableError::TooLarge("inflated bytes"))?;
        read.ok().ok_or(TableError::Damaged)?;
        check_claims(&content)?;
    }
    Ok(())
}

/// Refuses parts whose claims would make calamine reserve memory beyond measure, and encodings that could hide them.
fn check_claims(content: &[u8]) -> Result<(), TableError> {
    let is_text = content
        .iter()
        .all(|byte| *byte >= b' ' || matches!(byte, b'\t' | b'\n' | b'\r'));
    if !is_text {
        // Pictures and the like; calamine must not meet them where it expects XML, so they may not look like XML.
        let looks_like_markup = content.iter().take(256).any(|byte| *byte == b'<');
        return if looks_like_markup {
            Err(TableError::Damaged)
        } else {
            Ok(())
        };
    }
    let text = String::from_utf8_lossy(content);
    for (_, rest) in text
        .match_indices("uniqueCount")
        .filter_map(|(at, _)| text.split_at_checked(at))
    {
        let Some((_, value)) = rest.split_once(['"', '\'']) else {
            continue;
        };
        let claimed = value.split(['"', '\'']).next().unwrap_or("").trim();
        match claimed.parse::<u64>() {
            Ok(count) if count <= MOST_SHARED_STRINGS => {}
            Ok(_) | Err(_) => return Err(TableError::TooLarge("shared strings")),
        }
    }
    Ok(())
}

fn read_sheet(bytes: &[u8], limits: &Limits) -> Result<Table, TableError> {
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).ok().ok_or(TableError::Damaged)?;
    let sheet = workbook.sheet_names().first().cloned().ok_or(TableError::Empty)?;
    let mut cells = workbook
        .worksheet_cells_reader(&sheet)
        .ok()
        .ok_or(TableError::Damaged)?;
    let mut rows: BTreeMap<u32, Vec<Cell>> = BTreeMap::new();
    let mut text_bytes = 0;
    while let Some(cell) = cells.next_cell().ok().ok_or(TableError::Damaged)? {
        let value = read_cell(cell.get_value());
        if value == Cell::Empty {
            continue;
        }
        // Counted here already: a thousand cells may share one long string.
        text_bytes += value.text().len();
        if text_bytes > limits.text_bytes {
            return Err(TableError::TooLarge("text"));
        }
        let (row, column) = cell.get_position();
        let column = usize::try_from(column).unwrap_or(usize::MAX);
        if column >= limits.columns {
            return Err(TableError::TooLarge("columns"));
        }
        let row = rows.entry(row).or_default();
        if row.len() <= column {
            row.resize(column + 1, Cell::Empty);
        }
        if let Some(place) = row.get_mut(column) {
            *place = value;
        }
        // The header is a row too.
        if rows.len() > limits.rows + 1 {
            return Err(TableError::TooLarge("rows"));
        }
    }
    let width = rows.values().next().map_or(0, Vec::len);
    let mut gathering = Gathering::new(limits);
    for (row, mut cells) in rows {
        // A workbook leaves out the empty cells at the end of a row.
        if cells.len() < width {
            cells.resize(width, Cell::Empty);
        }
        gathering.add(row.saturating_add(1), cells)?;
    }
    gathering.finish()
}

fn read_cell(value: &DataRef<'_>) -> Cell {
    match value {
        DataRef::String(text) | DataRef::DurationIso(text) => Cell::from_text(text),
        DataRef::SharedString(text) => Cell::from_text(text),
        DataRef::Int(number) => Cell::Text(number.to_string()),
        DataRef::Float(number) => read_number(*number),
        DataRef::Bool(truth) => Cell::Text(truth.to_string()),
        DataRef::DateTime(moment) => read_moment(*moment),
        DataRef::DateTimeIso(text) => Cell::from_text(text.split('T').next().unwrap_or("")),
        DataRef::Error(_) => Cell::Lost,
        DataRef::Empty => Cell::Empty,
    }
}

fn read_number(number: f64) -> Cell {
    if !number.is_finite() || number.abs() >= PRECISE_BELOW {
        Cell::Lost
    } else {
        Cell::Text(number.to_string())
    }
}

fn read_moment(moment: ExcelDateTime) -> Cell {
    if moment.is_duration() {
        return read_number(moment.as_f64());
    }
    let (year, month, day, ..) = moment.to_ymd_hms_milli();
    Cell::Text(format!("{year:04}-{month:02}-{day:02}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::personnel;
    use crate::domain::table::Row;
    use crate::platform::table_reader;
    use crate::platform::table_reader::LIMITS;
    use rust_xlsxwriter::Format;
    use rust_xlsxwriter::Workbook;
    use std::io::Write;
    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    fn rows(bytes: &[u8]) -> Vec<Row> {
        table_reader::read(bytes, &LIMITS).unwrap().rows
    }

    /// A workbook made by hand from its sheet and its shared strings.
    fn by_hand(sheet_data: &str, shared_strings: &str) -> Vec<u8> {
        let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
        let relationships = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
        let package = "http://schemas.openxmlformats.org/package/2006/relationships";
        let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
        let parts = [
            (
                "_rels/.rels",
                format!(
                    r#"<Relationships xmlns="{package}"><Relationship Id="rId1" Type="{relationships}/officeDocument" Target="xl/workbook.xml"/></Relationships>"#
                ),
            ),
            (
                "xl/workbook.xml",
                format!(
                    r#"<workbook xmlns="{main}" xmlns:r="{relationships}"><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>"#
                ),
            ),
            (
                "xl/_rels/workbook.xml.rels",
                format!(
                    r#"<Relationships xmlns="{package}"><Relationship Id="rId1" Type="{relationships}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#
                ),
            ),
            (
                "xl/worksheets/sheet1.xml",
                format!(r#"<worksheet xmlns="{main}"><sheetData>{sheet_data}</sheetData></worksheet>"#),
            ),
            ("xl/sharedStrings.xml", shared_strings.to_owned()),
        ];
        for (name, content) in parts {
            archive.start_file(name, SimpleFileOptions::default()).unwrap();
            archive.write_all(content.as_bytes()).unwrap();
        }
        archive.finish().unwrap().into_inner()
    }

    const STRINGS: &str = r#"<sst uniqueCount="2"><si><t>NIP</t></si><si><t>NAMA</t></si></sst>"#;
    const HEADER: &str = r#"<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>"#;

    #[test]
    fn a_workbook_of_the_export_reads_like_the_text_file() {
        let text = include_bytes!("../../tests/fixtures/simpeg_siasn_export_synthetic.csv");
        let from_text = table_reader::read(text, &LIMITS).unwrap();
        let mut workbook = Workbook::new();
        let sheet = workbook.add_worksheet();
        for (column, name) in (0..).zip(&from_text.header) {
            sheet.write_string(0, column, name).unwrap();
        }
        for (row, cells) in (1..).zip(&from_text.rows) {
            for (column, cell) in (0..).zip(&cells.cells) {
                sheet.write_string(row, column, cell.text()).unwrap();
            }
        }
        let from_workbook = table_reader::read(&workbook.save_to_buffer().unwrap(), &LIMITS).unwrap();
        assert_eq!(from_workbook.header, from_text.header);
        let people = |table| personnel::read::read(table).unwrap().rows;
        assert_eq!(people(&from_workbook), people(&from_text));
    }

    #[test]
    fn a_number_with_18_digits_is_reported_as_lost_and_short_ones_and_dates_are_kept() {
        let mut workbook = Workbook::new();
        let sheet = workbook.add_worksheet();
        let date_format = Format::new().set_num_format("dd-mm-yyyy");
        for (column, name) in (0..).zip(["NIP", "NAMA", "NOMOR HP", "TANGGAL LAHIR"]) {
            sheet.write_string(0, column, name).unwrap();
        }
        sheet.write_number(1, 0, 198_609_262_015_051_901.0).unwrap();
        sheet.write_string(1, 1, "SITI").unwrap();
        sheet.write_number(1, 2, 81_234_567_890.0).unwrap();
        sheet.write_number_with_format(1, 3, 31_681.0, &date_format).unwrap();
        let rows = rows(&workbook.save_to_buffer().unwrap());
        assert!(rows[0].cells[0] == Cell::Lost);
        assert_eq!(rows[0].cells[2].text(), "81234567890");
        assert_eq!(rows[0].cells[3].text(), "1986-09-26");
    }

    #[test]
    fn rows_keep_their_spreadsheet_numbers_and_gain_their_empty_cells() {
        let sheet = format!(r#"{HEADER}<row r="4"><c r="A4" t="inlineStr"><is><t>x</t></is></c></row>"#);
        let rows = rows(&by_hand(&sheet, STRINGS));
        assert_eq!(rows.len(), 1);
        assert_eq!((rows[0].number, rows[0].cells.len()), (4, 2));
    }

    #[test]
    fn an_error_value_is_lost_and_not_a_name() {
        let sheet = format!(r#"{HEADER}<row r="2"><c r="A2" t="e"><v>#N/A</v></c></row>"#);
        assert!(rows(&by_hand(&sheet, STRINGS))[0].cells[0] == Cell::Lost);
    }

    #[test]
    fn a_claim_of_a_billion_shared_strings_is_refused_before_memory_is_reserved() {
        for claim in ["10000000000", "99999999999999999999999", " 10000000000 ", "-1", "x"] {
            let strings = STRINGS.replace("\"2\"", &format!("\"{claim}\""));
            let outcome = table_reader::read(&by_hand(HEADER, &strings), &LIMITS);
            assert_eq!(outcome, Err(TableError::TooLarge("shared strings")), "{claim}");
        }
        let wide: Vec<u8> = STRINGS.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let wide = String::from_utf8(wide).unwrap();
        assert_eq!(
            table_reader::read(&by_hand(HEADER, &wide), &LIMITS),
            Err(TableError::Damaged)
        );
    }

    #[test]
    fn a_workbook_that_inflates_beyond_the_limit_is_refused() {
        let limits = Limits {
            inflated_bytes: 100_000,
            ..LIMITS
        };
        let bomb = by_hand(&format!("{HEADER}{}", " ".repeat(200_000)), STRINGS);
        assert!(bomb.len() < 5_000);
        assert_eq!(
            table_reader::read(&bomb, &limits),
            Err(TableError::TooLarge("inflated bytes"))
        );
    }

    #[test]
    fn a_workbook_that_lies_about_its_size_is_refused() {
        let limits = Limits {
            inflated_bytes: 100_000,
            ..LIMITS
        };
        let mut bomb = by_hand(&format!("{HEADER}{}", " ".repeat(200_000)), STRINGS);
        let honest = u32::try_from(200_000 + HEADER.len()).unwrap();
        let mark = |length: u32| length.to_le_bytes();
        // The claimed size of the sheet stands in its local header and in the directory.
        let sheet_overhead = "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData></sheetData></worksheet>".len();
        let claim = mark(honest + u32::try_from(sheet_overhead).unwrap());
        let places: Vec<usize> = (0..bomb.len() - 4).filter(|at| bomb[*at..at + 4] == claim).collect();
        assert_eq!(places.len(), 2);
        for at in places {
            bomb[at..at + 4].copy_from_slice(&mark(100));
        }
        assert!(table_reader::read(&bomb, &limits).is_err());
    }

    #[test]
    fn a_workbook_with_too_many_parts_is_refused() {
        let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
        for index in 0..=LIMITS.parts {
            archive
                .start_file(format!("{index}"), SimpleFileOptions::default())
                .unwrap();
        }
        let bytes = archive.finish().unwrap().into_inner();
        assert_eq!(table_reader::read(&bytes, &LIMITS), Err(TableError::TooLarge("parts")));
    }

    #[test]
    fn one_long_string_in_many_cells_counts_every_time() {
        let limits = Limits {
            text_bytes: 10_000,
            ..LIMITS
        };
        let strings = STRINGS.replace("NAMA", &"x".repeat(3_000));
        let sheet = [1, 2, 3, 4]
            .map(|row| format!(r#"<row r="{row}"><c r="A{row}" t="s"><v>1</v></c></row>"#))
            .concat();
        assert_eq!(
            table_reader::read(&by_hand(&sheet, &strings), &limits),
            Err(TableError::TooLarge("text"))
        );
    }

    #[test]
    fn a_cell_far_to_the_right_is_refused_and_a_cell_far_down_is_one_row() {
        let right = format!(r#"{HEADER}<row r="2"><c r="XFD2"><v>1</v></c></row>"#);
        assert_eq!(
            table_reader::read(&by_hand(&right, STRINGS), &LIMITS),
            Err(TableError::TooLarge("columns"))
        );
        let down = format!(r#"{HEADER}<row r="1048576"><c r="A1048576"><v>1</v></c></row>"#);
        assert_eq!(rows(&by_hand(&down, STRINGS))[0].number, 1_048_576);
    }

    #[test]
    fn broken_markup_and_foreign_archives_are_damaged_files() {
        assert_eq!(
            table_reader::read(&by_hand("<row", STRINGS), &LIMITS),
            Err(TableError::Damaged)
        );
        let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
        archive.start_file("notes.txt", SimpleFileOptions::default()).unwrap();
        archive.write_all(b"hello").unwrap();
        let bytes = archive.finish().unwrap().into_inner();
        assert_eq!(table_reader::read(&bytes, &LIMITS), Err(TableError::Damaged));
        let whole = by_hand(HEADER, STRINGS);
        assert_eq!(
            table_reader::read(&whole[..whole.len() - 30], &LIMITS),
            Err(TableError::Damaged)
        );
    }
}
