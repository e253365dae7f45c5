//! Reads the 69-column personnel export of SIASN, row by row, taking only what the service needs.
//!
//! Everything else (religion, marriage, NIK, NPWP, BPJS, addresses) is dropped here, at the door (domain.md section 4).

pub mod columns;
pub mod merge;
pub mod read;
pub mod text;

use crate::domain::employee_number::EmployeeNumber;
use crate::domain::import_report::Finding;
use std::fmt;

/// One person of the file, checked; nothing that is not needed.
#[derive(Clone, Eq, PartialEq)]
pub struct PersonnelRow {
    /// Where it stands in the file.
    pub row: u32,
    /// NIP, NI PPPK or internal number.
    pub number: EmployeeNumber,
    /// Without titles.
    pub name: String,
    /// `Drs.`
    pub title_before: Option<String>,
    /// `M.Si`
    pub title_after: Option<String>,
    /// `IV/b`, or a Roman numeral for PPPK.
    pub grade: Option<String>,
    /// What the person does.
    pub position: Option<String>,
    /// `II.a`; only heads have one.
    pub echelon: Option<String>,
    /// The unit's code, where the export has one.
    pub unit_code: Option<String>,
    /// The unit's name.
    pub unit_name: Option<String>,
    /// As the export words it.
    pub legal_status: Option<String>,
    /// The official address before the private one.
    pub email: Option<String>,
    /// Digits from 0 on.
    pub phone: Option<String>,
}

/// A row is a person; it must not slip into a log through `Debug`.
impl fmt::Debug for PersonnelRow {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "PersonnelRow({}, hidden)", self.row)
    }
}

/// Which of the optional columns a file has: an absent one changes nothing, an empty cell may.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "one for each column, each asked for by name"
)]
pub struct Present {
    /// `GELAR DEPAN`.
    pub title_before: bool,
    /// `GELAR BELAKANG`.
    pub title_after: bool,
    /// `GOL AKHIR NAMA`.
    pub grade: bool,
    /// `JABATAN NAMA`.
    pub position: bool,
    /// `ESELON NAMA`.
    pub echelon: bool,
    /// `UNOR ID` or `UNOR NAMA`.
    pub unit: bool,
    /// `KEDUDUKAN HUKUM NAMA`.
    pub legal_status: bool,
}

/// What a file holds after reading: people, and what to say about rows and columns.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Personnel {
    /// The rows that can go in, in the file's order.
    pub rows: Vec<PersonnelRow>,
    /// What to say, in the order of rows.
    pub findings: Vec<Finding>,
    /// Rows with content, taken or not.
    pub row_count: usize,
    /// Which optional columns there are.
    pub present: Present,
    /// Columns that are kept, by the names in the file.
    pub kept_columns: Vec<String>,
    /// Columns that were only compared with the number and then dropped.
    pub compared_columns: Vec<String>,
    /// Columns that were never looked at.
    pub dropped_columns: Vec<String>,
    /// Those of the dropped columns that the SIASN export does not have.
    pub unknown_columns: Vec<String>,
}
