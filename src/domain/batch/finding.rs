//! Findings: what BKD, or its automatic check, holds against a row of a batch or the batch as a whole.

use serde::{Deserialize, Serialize};

/// Most findings that one batch carries; beyond that a rejection says nothing more.
pub const MAX_FINDINGS: usize = 1_000;
/// Longest text of a finding, characters.
pub const MAX_TEXT_CHARACTERS: usize = 500;
/// Longest code or field name of a finding, bytes.
pub const MAX_CODE_BYTES: usize = 40;

/// One finding.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Finding {
    /// Line of `rows.ndjson`, from 1; absent where the finding is about the batch.
    pub row: Option<u64>,
    /// Field of the row or the manifest; absent where no single one is meant.
    pub field: Option<String>,
    /// A stable word for programs.
    pub code: String,
    /// A sentence for people.
    pub text: String,
}

/// What BKD's automatic check can find (domain.md 2.7).
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum CheckCode {
    /// The manifest is of another format version, or not canonical.
    Format,
    /// Bytes or SHA-256 of a file differ from the manifest.
    Digest,
    /// A count of the manifest differs from the rows.
    Count,
    /// A line is not a canonical row.
    Row,
    /// The unit id does not agree with the row's own agency, date or slot.
    Unit,
    /// Rows are not in rising order of their units.
    Order,
    /// The unit occurred before.
    Duplicate,
    /// The date or slot is outside what the batch covers.
    Coverage,
    /// Nobody with this number is known.
    EmployeeUnknown,
    /// The person belonged to another agency on that date.
    EmployeeForeign,
    /// State, mode and outcome contradict each other.
    ModeClash,
    /// A map cell lies off the globe.
    Cell,
}

impl CheckCode {
    /// The stable word.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Format => "format",
            Self::Digest => "digest",
            Self::Count => "count",
            Self::Row => "row_unreadable",
            Self::Unit => "unit_mismatch",
            Self::Order => "row_order",
            Self::Duplicate => "duplicate_slot",
            Self::Coverage => "outside_coverage",
            Self::EmployeeUnknown => "employee_unknown",
            Self::EmployeeForeign => "employee_foreign",
            Self::ModeClash => "mode_clash",
            Self::Cell => "cell_off_the_globe",
        }
    }

    /// Whether the file itself is not what it says it is. Such a batch is rejected at once; the other findings are
    /// laid before a person.
    pub const fn is_breakage(self) -> bool {
        match self {
            Self::Format
            | Self::Digest
            | Self::Count
            | Self::Row
            | Self::Unit
            | Self::Order
            | Self::Duplicate
            | Self::Coverage
            | Self::Cell => true,
            Self::EmployeeUnknown | Self::EmployeeForeign | Self::ModeClash => false,
        }
    }

    /// The sentence, in Indonesian: findings are read by the agency's operator.
    pub const fn text(self) -> &'static str {
        match self {
            Self::Format => "Manifes tidak sesuai format sherlok-batch/1.",
            Self::Digest => "Isi berkas tidak cocok dengan sidik SHA-256 atau ukuran di manifes.",
            Self::Count => "Jumlah di manifes tidak sama dengan isi berkas.",
            Self::Row => "Baris tidak dapat dibaca atau tidak dalam bentuk baku.",
            Self::Unit => "Identitas unit tidak sesuai dengan isi barisnya.",
            Self::Order => "Baris tidak urut menurut identitas unit.",
            Self::Duplicate => "Sesi yang sama tercatat lebih dari satu kali.",
            Self::Coverage => "Tanggal atau sesi di luar cakupan kiriman.",
            Self::EmployeeUnknown => "Nomor pegawai tidak dikenal.",
            Self::EmployeeForeign => "Pegawai tercatat di perangkat daerah lain pada tanggal ini.",
            Self::ModeClash => "Keadaan, jenis kerja, dan hasil lokasi saling bertentangan.",
            Self::Cell => "Sel peta berada di luar bumi.",
        }
    }

    /// The finding at a row and field.
    pub fn finding(self, row: Option<u64>, field: Option<&str>) -> Finding {
        Finding {
            row,
            field: field.map(ToOwned::to_owned),
            code: self.code().to_owned(),
            text: self.text().to_owned(),
        }
    }
}

/// What is wrong with a finding that a person wrote.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum FindingError {
    /// More than [`MAX_FINDINGS`].
    #[error("more than 1,000 findings")]
    TooMany,
    /// Row 0, or beyond the last row.
    #[error("the batch has no such row")]
    Row,
    /// Not 1 to 40 of `a-z 0-9 _`.
    #[error("a code or field has 1 to 40 of a-z, 0-9 and _")]
    Code,
    /// Empty or longer than 500 characters.
    #[error("a text has 1 to 500 characters")]
    Text,
}

/// Holds findings written by a person against the batch's number of rows. The error names the finding's index.
pub fn validate(findings: &[Finding], rows: u64) -> Result<(), (usize, FindingError)> {
    if findings.len() > MAX_FINDINGS {
        return Err((MAX_FINDINGS, FindingError::TooMany));
    }
    let is_word = |text: &str| {
        (1..=MAX_CODE_BYTES).contains(&text.len())
            && text
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
    };
    for (index, finding) in findings.iter().enumerate() {
        if finding.row.is_some_and(|row| row == 0 || row > rows) {
            return Err((index, FindingError::Row));
        }
        if !is_word(&finding.code) || finding.field.as_deref().is_some_and(|field| !is_word(field)) {
            return Err((index, FindingError::Code));
        }
        if finding.text.trim().is_empty() || finding.text.chars().count() > MAX_TEXT_CHARACTERS {
            return Err((index, FindingError::Text));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finding() -> Finding {
        Finding {
            row: Some(3),
            field: Some("mode".to_owned()),
            code: "mode_clash".to_owned(),
            text: "Pegawai cuti, tetapi tercatat hadir.".to_owned(),
        }
    }

    #[test]
    fn a_finding_names_a_row_that_exists() {
        assert_eq!(validate(&[finding()], 3), Ok(()));
        assert_eq!(validate(&[finding()], 2), Err((0, FindingError::Row)));
        let zero = Finding {
            row: Some(0),
            ..finding()
        };
        assert_eq!(validate(&[finding(), zero], 3), Err((1, FindingError::Row)));
    }

    #[test]
    fn codes_are_words_and_texts_are_sentences() {
        let code = |code: &str| {
            validate(
                &[Finding {
                    code: code.to_owned(),
                    ..finding()
                }],
                3,
            )
        };
        assert_eq!(code("Mode"), Err((0, FindingError::Code)));
        assert_eq!(code(""), Err((0, FindingError::Code)));
        assert_eq!(code(&"a".repeat(41)), Err((0, FindingError::Code)));
        let text = |text: &str| {
            validate(
                &[Finding {
                    text: text.to_owned(),
                    ..finding()
                }],
                3,
            )
        };
        assert_eq!(text(" "), Err((0, FindingError::Text)));
        assert_eq!(text(&"\u{e9}".repeat(500)), Ok(()));
        assert_eq!(text(&"a".repeat(501)), Err((0, FindingError::Text)));
    }
}
