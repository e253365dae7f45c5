//! What an import says about each row that it could not take as it stands, in words for the person who sent the file.

use crate::domain::employee_number::EmployeeNumberError;
use crate::domain::language::Language;

/// Whether the row went in all the same.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Severity {
    /// The row stayed out.
    Error,
    /// The row went in; a person should look at it.
    Warning,
}

impl Severity {
    /// The spelling in JSON.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }
}

/// Why a row stayed out, or what to look at. Holds no personal text: the sender has the file.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Reason {
    /// The number breaks a rule of domain.md 1.7.
    Number(EmployeeNumberError),
    /// A workbook kept the number as a number and lost its last digits.
    NumberLostDigits,
    /// The same number stood in an earlier row.
    NumberRepeated {
        /// That row.
        first_row: u32,
    },
    /// The person is registered with another agency now.
    BelongsElsewhere,
    /// The row has more cells than the header, or ends before the last column that is needed: its cells have shifted.
    Shifted,
    /// The person has left; only a person may say that they came back.
    MembershipEnded,
    /// Someone else's account bears the number as its name; the person went in without one.
    AccountTaken,
    /// A cell that must be filled is empty.
    Empty,
    /// More characters than the field takes.
    TooLong {
        /// As many as it takes.
        most: usize,
    },
    /// Begins like a spreadsheet formula, or holds control characters.
    Unsafe,
    /// The date of birth is neither `dd-mm-yyyy` nor `yyyy-mm-dd`.
    BirthDateUnreadable,
    /// The column of the date of birth and the number disagree.
    BirthDateDiffers,
    /// The column of the sex holds something unknown.
    SexUnreadable,
    /// The column of the sex and the number disagree.
    SexDiffers,
    /// The kind of employment and the number disagree.
    KindDiffers,
    /// The legal status says that the person has left.
    HasLeft,
    /// Not an e-mail address; the field was left empty.
    EmailUnreadable,
    /// Not a phone number; the field was left empty.
    PhoneUnreadable,
    /// No unit has this code or name yet; the person went in without a unit.
    UnitUnknown,
    /// The code holds other characters than letters, digits and `. - _ /`.
    CodeUnreadable,
    /// The same code stood in an earlier row.
    CodeRepeated {
        /// That row.
        first_row: u32,
    },
    /// Neither this file nor the agency has a unit with the parent's code.
    ParentUnknown,
    /// Following the parents leads back to the unit.
    ParentCycle,
    /// The head is not an employee of the agency.
    HeadUnknown,
}

impl Reason {
    /// The stable code for programs.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Number(EmployeeNumberError::Missing) => "number_missing",
            Self::Number(EmployeeNumberError::ScientificNotation) => "number_scientific_notation",
            Self::Number(EmployeeNumberError::NotDigits) => "number_not_digits",
            Self::Number(EmployeeNumberError::Length) => "number_length",
            Self::Number(EmployeeNumberError::BirthDate) => "number_birth_date",
            Self::Number(EmployeeNumberError::Appointment) => "number_appointment",
            Self::Number(EmployeeNumberError::AppointmentAge) => "number_appointment_age",
            Self::Number(EmployeeNumberError::Sex) => "number_sex",
            Self::Number(EmployeeNumberError::Serial) => "number_serial",
            Self::Number(EmployeeNumberError::CheckCharacter) => "number_check_character",
            Self::NumberLostDigits => "number_lost_digits",
            Self::NumberRepeated { .. } => "number_repeated",
            Self::BelongsElsewhere => "belongs_elsewhere",
            Self::Shifted => "cells_shifted",
            Self::MembershipEnded => "membership_ended",
            Self::AccountTaken => "account_taken",
            Self::Empty => "empty",
            Self::TooLong { .. } => "too_long",
            Self::Unsafe => "unsafe_text",
            Self::BirthDateUnreadable => "birth_date_unreadable",
            Self::BirthDateDiffers => "birth_date_differs",
            Self::SexUnreadable => "sex_unreadable",
            Self::SexDiffers => "sex_differs",
            Self::KindDiffers => "kind_differs",
            Self::HasLeft => "has_left",
            Self::EmailUnreadable => "email_unreadable",
            Self::PhoneUnreadable => "phone_unreadable",
            Self::UnitUnknown => "unit_unknown",
            Self::CodeUnreadable => "code_unreadable",
            Self::CodeRepeated { .. } => "code_repeated",
            Self::ParentUnknown => "parent_unknown",
            Self::ParentCycle => "parent_cycle",
            Self::HeadUnknown => "head_unknown",
        }
    }

    /// Whether the row stays out.
    pub const fn severity(&self) -> Severity {
        match self {
            Self::Number(_)
            | Self::NumberLostDigits
            | Self::NumberRepeated { .. }
            | Self::BelongsElsewhere
            | Self::Shifted
            | Self::MembershipEnded
            | Self::Empty
            | Self::TooLong { .. }
            | Self::Unsafe
            | Self::SexDiffers
            | Self::HasLeft
            | Self::CodeUnreadable
            | Self::CodeRepeated { .. }
            | Self::ParentUnknown
            | Self::ParentCycle => Severity::Error,
            Self::BirthDateUnreadable
            | Self::BirthDateDiffers
            | Self::SexUnreadable
            | Self::KindDiffers
            | Self::EmailUnreadable
            | Self::PhoneUnreadable
            | Self::UnitUnknown
            | Self::HeadUnknown
            | Self::AccountTaken => Severity::Warning,
        }
    }

    /// The sentence for the sender.
    pub fn sentence(&self, language: Language) -> String {
        match language {
            Language::Indonesian => self.indonesian(),
            Language::English => self.english(),
        }
    }

    /// The sentence for the sender, in Indonesian, with the next step.
    pub fn indonesian(&self) -> String {
        let sentence = match self {
            Self::Number(error) => number_indonesian(*error),
            Self::NumberLostDigits => {
                "NIP tersimpan sebagai angka sehingga digit terakhirnya hilang. Ubah format kolom menjadi Teks, lalu isi ulang dari sumbernya."
            }
            Self::NumberRepeated { first_row } => {
                return format!("NIP ini sudah ada di baris {first_row}. Hapus salah satunya.");
            }
            Self::BelongsElsewhere => {
                "Pegawai ini tercatat di instansi lain. Minta BKD memproses mutasinya terlebih dahulu."
            }
            Self::Shifted => {
                "Jumlah sel pada baris ini tidak sama dengan judul kolom. Periksa titik koma atau baris baru di dalam sel."
            }
            Self::MembershipEnded => {
                "Pegawai ini sudah tercatat berhenti. Bila ia kembali bekerja, minta BKD mencatatnya."
            }
            Self::AccountTaken => {
                "Sudah ada akun dengan nomor ini. Pegawai diterima tanpa akun; minta administrator memeriksanya."
            }
            Self::Empty => "Kolom ini wajib diisi.",
            Self::TooLong { most } => return format!("Isi kolom ini paling banyak {most} karakter."),
            Self::Unsafe => {
                "Isi sel diawali tanda rumus (=, +, - atau @) atau memuat karakter kendali. Tulis sebagai teks biasa."
            }
            Self::BirthDateUnreadable => {
                "Tanggal lahir tidak terbaca. Tulis hh-bb-tttt, misalnya 26-09-1986. Data lain tetap diterima."
            }
            Self::BirthDateDiffers => {
                "Tanggal lahir berbeda dengan NIP. Data tetap diterima; mohon periksa mana yang benar."
            }
            Self::SexUnreadable => "Jenis kelamin tidak dikenali. Isi M atau F. Data lain tetap diterima.",
            Self::SexDiffers => "Jenis kelamin berbeda dengan digit ke-15 NIP. Periksa keduanya.",
            Self::KindDiffers => {
                "Jenis pegawai berbeda dengan yang terbaca dari NIP. Yang dipakai adalah NIP; mohon diperiksa."
            }
            Self::HasLeft => {
                "Kedudukan hukum menunjukkan pegawai sudah tidak aktif. Catat tanggal berhentinya melalui menu pegawai."
            }
            Self::EmailUnreadable => "Alamat surel tidak terbaca dan dikosongkan. Data lain tetap diterima.",
            Self::PhoneUnreadable => "Nomor HP tidak terbaca dan dikosongkan. Data lain tetap diterima.",
            Self::UnitUnknown => {
                "Unit kerja belum terdaftar. Pegawai diterima tanpa unit; ia akan masuk ke unitnya begitu unit itu diimpor."
            }
            Self::CodeUnreadable => {
                "Kode hanya boleh berisi huruf, angka, titik, garis hubung, garis bawah dan garis miring."
            }
            Self::CodeRepeated { first_row } => {
                return format!("Kode unit ini sudah ada di baris {first_row}. Hapus salah satunya.");
            }
            Self::ParentUnknown => "Unit induk dengan kode ini tidak ada, baik di berkas maupun di instansi.",
            Self::ParentCycle => "Unit ini menjadi induk dari dirinya sendiri. Periksa susunan induknya.",
            Self::HeadUnknown => {
                "Pimpinan unit belum terdaftar sebagai pegawai instansi. Unit diterima tanpa pimpinan; impor pegawai dahulu, lalu ulangi."
            }
        };
        sentence.to_owned()
    }

    /// The sentence for the sender, in English.
    pub fn english(&self) -> String {
        let sentence = match self {
            Self::Number(error) => number_english(*error),
            Self::NumberLostDigits => {
                "The number was kept as a number, so its last digits are lost. Make the column Text and fill it again from its source."
            }
            Self::NumberRepeated { first_row } => {
                return format!("This number stands in row {first_row} already. Remove one of them.");
            }
            Self::BelongsElsewhere => {
                "This person is registered with another agency. Ask BKD to record the transfer first."
            }
            Self::Shifted => {
                "The row does not have as many cells as the header. Look for a semicolon or a line end within a cell."
            }
            Self::MembershipEnded => "This person is recorded as having left. If they came back, ask BKD to record it.",
            Self::AccountTaken => {
                "An account of this number exists already. The person was taken without one; ask the administrator."
            }
            Self::Empty => "This column must be filled.",
            Self::TooLong { most } => return format!("This column takes at most {most} characters."),
            Self::Unsafe => {
                "The cell begins like a formula (=, +, - or @) or holds control characters. Write plain text."
            }
            Self::BirthDateUnreadable => {
                "The date of birth can't be read. Write dd-mm-yyyy, for example 26-09-1986. The rest was taken."
            }
            Self::BirthDateDiffers => {
                "The date of birth differs from the number. The row was taken; please check which is right."
            }
            Self::SexUnreadable => "The sex is unknown. Write M or F. The rest was taken.",
            Self::SexDiffers => "The sex differs from digit 15 of the number. Check both.",
            Self::KindDiffers => {
                "The kind of employment differs from what the number says. The number counts; please check."
            }
            Self::HasLeft => {
                "The legal status says that this person has left. Record the date of leaving in the staff list."
            }
            Self::EmailUnreadable => "The e-mail address can't be read and was left empty. The rest was taken.",
            Self::PhoneUnreadable => "The phone number can't be read and was left empty. The rest was taken.",
            Self::UnitUnknown => {
                "The unit is not registered yet. The person was taken without a unit and joins it once it is imported."
            }
            Self::CodeUnreadable => "A code takes letters, digits, dots, hyphens, underscores and slashes only.",
            Self::CodeRepeated { first_row } => {
                return format!("This unit code stands in row {first_row} already. Remove one of them.");
            }
            Self::ParentUnknown => "No parent unit has this code, neither in the file nor in the agency.",
            Self::ParentCycle => "This unit ends up as its own parent. Check the order of parents.",
            Self::HeadUnknown => {
                "The head is not an employee of the agency yet. The unit was taken without a head; import the staff, then repeat."
            }
        };
        sentence.to_owned()
    }
}

const fn number_indonesian(error: EmployeeNumberError) -> &'static str {
    match error {
        EmployeeNumberError::Missing => {
            "NIP kosong. Untuk pegawai non-ASN tanpa NIP, tambahkan melalui menu pegawai agar mendapat nomor internal."
        }
        EmployeeNumberError::ScientificNotation => {
            "NIP tertulis dalam notasi ilmiah (misalnya 1.98609E+17) sehingga digitnya hilang. Ubah format kolom menjadi Teks, lalu isi ulang dari sumbernya."
        }
        EmployeeNumberError::NotDigits => "NIP hanya boleh berisi angka.",
        EmployeeNumberError::Length => "NIP harus tepat 18 digit.",
        EmployeeNumberError::BirthDate => "Digit 1-8 NIP bukan tanggal lahir yang sah.",
        EmployeeNumberError::Appointment => "Digit 13-14 NIP bukan bulan pengangkatan dan bukan kode kontrak PPPK.",
        EmployeeNumberError::AppointmentAge => "Usia saat diangkat menurut NIP tidak di antara 16 dan 60 tahun.",
        EmployeeNumberError::Sex => "Digit ke-15 NIP harus 1 atau 2.",
        EmployeeNumberError::Serial => "Nomor urut NIP (digit 16-18) tidak boleh 000.",
        EmployeeNumberError::CheckCharacter => "Karakter terakhir nomor internal tidak cocok. Periksa penulisannya.",
    }
}

const fn number_english(error: EmployeeNumberError) -> &'static str {
    match error {
        EmployeeNumberError::Missing => {
            "The number is empty. Add non-ASN staff without a NIP in the staff list; they get an internal number."
        }
        EmployeeNumberError::ScientificNotation => {
            "The number is in scientific notation (for example 1.98609E+17), so digits are lost. Make the column Text and fill it again from its source."
        }
        EmployeeNumberError::NotDigits => "A NIP holds digits only.",
        EmployeeNumberError::Length => "A NIP has exactly 18 digits.",
        EmployeeNumberError::BirthDate => "Digits 1-8 are not a date of birth.",
        EmployeeNumberError::Appointment => "Digits 13-14 are neither a month of appointment nor a PPPK contract code.",
        EmployeeNumberError::AppointmentAge => "The age at appointment is not between 16 and 60.",
        EmployeeNumberError::Sex => "Digit 15 must be 1 or 2.",
        EmployeeNumberError::Serial => "The serial (digits 16-18) must not be 000.",
        EmployeeNumberError::CheckCharacter => {
            "The last character of the internal number does not fit. Check the spelling."
        }
    }
}

/// One thing to say about one row.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Finding {
    /// The row as a spreadsheet numbers it; the header is 1.
    pub row: u32,
    /// The column by its proper name.
    pub field: &'static str,
    /// What is the matter.
    pub reason: Reason,
}

impl Finding {
    /// Names the row, the column and the reason.
    pub const fn new(row: u32, field: &'static str, reason: Reason) -> Self {
        Self { row, field, reason }
    }
}

/// Text that is safe to keep and to show again in a spreadsheet, at most `most` characters.
///
/// A first character of `= + - @` would be a formula where the text is opened later; control characters break files.
pub fn plain_text(text: &str, most: usize) -> Result<&str, Reason> {
    if text.starts_with(['=', '+', '-', '@']) || text.chars().any(char::is_control) {
        return Err(Reason::Unsafe);
    }
    if text.chars().count() > most {
        return Err(Reason::TooLong { most });
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_and_control_characters_are_not_plain_text() {
        for text in ["=HYPERLINK(\"x\")", "+1", "-1", "@SUM(A1)", "a\tb", "a\0"] {
            assert_eq!(plain_text(text, 100), Err(Reason::Unsafe), "{text:?}");
        }
        assert_eq!(plain_text("Siti Nur'aini-Putri", 100), Ok("Siti Nur'aini-Putri"));
    }

    #[test]
    fn the_longest_text_is_taken_and_one_more_is_not() {
        assert!(plain_text(&"é".repeat(20), 20).is_ok());
        assert_eq!(plain_text(&"é".repeat(21), 20), Err(Reason::TooLong { most: 20 }));
    }

    #[test]
    fn every_reason_speaks_both_languages() {
        let reasons = [
            Reason::Number(EmployeeNumberError::Length),
            Reason::NumberRepeated { first_row: 7 },
            Reason::TooLong { most: 200 },
            Reason::CodeRepeated { first_row: 7 },
            Reason::HeadUnknown,
        ];
        for reason in reasons {
            assert!(reason.indonesian().ends_with('.'));
            assert!(reason.english().ends_with('.'));
            assert_ne!(reason.indonesian(), reason.english());
        }
        assert!(Reason::NumberRepeated { first_row: 7 }.indonesian().contains("baris 7"));
    }
}
