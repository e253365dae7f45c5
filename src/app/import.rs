//! Files that people send to be read row by row.

use crate::app::error::Error;
use crate::domain::table::HeaderError;
use crate::domain::table::Table;
use crate::platform::table_reader;
use crate::platform::table_reader::LIMITS;
use crate::platform::table_reader::TableError;

/// Most bytes of a file.
pub const FILE_LIMIT: usize = LIMITS.file_bytes;

/// Reads CSV or XLSX; says in plain words what is wrong with the file as a whole.
pub(crate) fn read_table(bytes: &[u8]) -> Result<Table, Error> {
    table_reader::read(bytes, &LIMITS).map_err(|error| {
        let (code, indonesian, english) = match error {
            TableError::Empty => ("file_empty", "Berkas ini kosong.", "The file is empty."),
            TableError::TooLarge(_) => (
                "file_too_large",
                "Berkas ini terlalu besar. Pecah menjadi beberapa berkas, paling banyak 30.000 baris dan 128 kolom.",
                "The file is too large. Split it; each takes at most 30,000 rows and 128 columns.",
            ),
            TableError::NotUtf8 => (
                "file_not_utf8",
                "Teks berkas ini bukan UTF-8. Simpan ulang sebagai CSV UTF-8 atau XLSX.",
                "The text is not UTF-8. Save it again as CSV UTF-8 or XLSX.",
            ),
            TableError::OldOrLocked => (
                "file_old_or_locked",
                "Berkas Excel ini berformat lama (.xls) atau terkunci sandi. Simpan ulang sebagai XLSX tanpa sandi.",
                "The workbook is of the old kind (.xls) or locked. Save it again as XLSX without a password.",
            ),
            TableError::Damaged => (
                "file_damaged",
                "Berkas ini rusak dan tidak dapat dibaca. Simpan ulang, lalu kirim lagi.",
                "The file is damaged. Save it again and send it once more.",
            ),
        };
        Error::field("file", code, indonesian, english)
    })
}

/// A header that can't be worked with, as a wrong field of the request.
pub(crate) fn header_problem(error: &HeaderError) -> Error {
    match error {
        HeaderError::Missing(column) => Error::field(
            *column,
            "column_missing",
            format!("Kolom {column} tidak ada di baris judul."),
            format!("The header has no column {column}."),
        ),
        HeaderError::Repeated(column) => Error::field(
            *column,
            "column_repeated",
            format!("Kolom {column} muncul dua kali di baris judul."),
            format!("The header has the column {column} twice."),
        ),
    }
}
