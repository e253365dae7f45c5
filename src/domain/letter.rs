//! Letters of all kinds: the number from its register, the code that anyone can verify, the name as initials.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The registers that ship with the service: one for all letters of every issuer.
const SHIPPED: &str = include_str!("../../data/reference/letter_registers.json");

/// The issuer of letters that BKD signs.
pub const BKD: &str = "bkd";

/// Most rows of a table of registers.
pub const MOST_REGISTERS: usize = 500;

/// What a letter is about.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LetterKind {
    /// Surat izin cuti.
    Leave,
    /// Surat pemberitahuan kenaikan gaji berkala.
    PeriodicSalaryIncrease,
    /// Penetapan angka kredit.
    CreditPointDetermination,
    /// Surat keputusan kenaikan pangkat.
    Promotion,
}

impl LetterKind {
    /// Every kind, in the order of the documentation.
    pub const ALL: [Self; 4] = [
        Self::Leave,
        Self::PeriodicSalaryIncrease,
        Self::CreditPointDetermination,
        Self::Promotion,
    ];

    /// The spelling in columns and JSON.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Leave => "leave",
            Self::PeriodicSalaryIncrease => "periodic_salary_increase",
            Self::CreditPointDetermination => "credit_point_determination",
            Self::Promotion => "promotion",
        }
    }

    /// The inverse of [`LetterKind::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// What it is called on paper.
    pub const fn indonesian(self) -> &'static str {
        match self {
            Self::Leave => "Surat Izin Cuti",
            Self::PeriodicSalaryIncrease => "Surat Pemberitahuan Kenaikan Gaji Berkala",
            Self::CreditPointDetermination => "Penetapan Angka Kredit",
            Self::Promotion => "Surat Keputusan Kenaikan Pangkat",
        }
    }
}

/// Where a letter stands.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LetterState {
    /// It holds.
    Issued,
    /// It holds no more; its number stays taken.
    Revoked,
}

impl LetterState {
    /// Both states.
    pub const ALL: [Self; 2] = [Self::Issued, Self::Revoked];

    /// The spelling in columns and JSON.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Issued => "issued",
            Self::Revoked => "revoked",
        }
    }

    /// The inverse of [`LetterState::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }
}

/// How an issuer numbers its letters. The first row that fits holds.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Register {
    /// An agency's code, or `bkd`; none for every issuer that has no row of its own.
    pub issuer: Option<String>,
    /// For which letters; none for all.
    pub letter: Option<LetterKind>,
    /// Stands for `{classification}`.
    pub classification: String,
    /// Stands for `{unit}`; the issuer's own code where it is empty.
    pub unit: String,
    /// The number's form: text around `{classification}`, `{serial}`, `{unit}` and `{year}`; serial and year are needed.
    pub format: String,
    /// Where its letters are dated: `Serang`; none where that is left to whoever prints.
    pub place: Option<String>,
}

/// What is wrong with a register.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum RegisterFault {
    /// Longer than 100 characters, empty, or with control characters.
    #[error("the format has 1 to 100 characters")]
    Length,
    /// Without serial or year, two letters could bear one number.
    #[error("the format needs {{serial}} and {{year}}, each once")]
    SerialOrYear,
    /// A placeholder that does not exist, or a brace alone.
    #[error("the format holds an unknown placeholder")]
    Placeholder,
}

/// The registers that hold where BKD has set none.
pub fn shipped() -> Vec<Register> {
    serde_json::from_str(SHIPPED).unwrap_or_default()
}

/// The register of an issuer for a kind of letter.
pub fn find<'a>(registers: &'a [Register], issuer: &str, letter: LetterKind) -> Option<&'a Register> {
    registers.iter().find(|register| {
        register.issuer.as_deref().is_none_or(|own| own == issuer) && register.letter.is_none_or(|own| own == letter)
    })
}

impl Register {
    /// Whether its numbers can be told from one another and read back.
    pub fn check(&self) -> Result<(), RegisterFault> {
        let place = self.place.as_deref().unwrap_or("");
        let parts = [self.format.as_str(), &self.classification, &self.unit, place];
        let is_sound = |text: &&str| text.chars().count() <= 100 && !text.chars().any(char::is_control);
        if self.format.trim().is_empty() || !parts.iter().all(is_sound) {
            return Err(RegisterFault::Length);
        }
        let count = |placeholder: &str| self.format.matches(placeholder).count();
        if count("{serial}") != 1 || count("{year}") != 1 {
            return Err(RegisterFault::SerialOrYear);
        }
        // A unit or classification with braces would be read as a placeholder.
        let rest = self.write("", 0, 0);
        if rest.contains(['{', '}']) {
            return Err(RegisterFault::Placeholder);
        }
        Ok(())
    }

    /// The number of the `serial`th letter of a year.
    pub fn write(&self, issuer: &str, serial: i32, year: i32) -> String {
        let unit = if self.unit.is_empty() { issuer } else { &self.unit };
        self.format
            .replace("{serial}", &serial.to_string())
            .replace("{year}", &year.to_string())
            .replace("{classification}", &self.classification)
            .replace("{unit}", unit)
    }
}

/// What stands behind the address of verification: 128 random bits, 22 characters that need no escape in an address.
#[derive(Clone, Eq, PartialEq)]
pub struct VerificationCode(String);

impl VerificationCode {
    /// Writes random bytes as a code.
    pub fn from_random(bytes: [u8; 16]) -> Self {
        Self(URL_SAFE_NO_PAD.encode(bytes))
    }

    /// Reads one back; `None` for what no letter can bear.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        (bytes.len() == 16).then(|| Self(text.to_owned()))
    }

    /// The 22 characters.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Whoever has the code can verify the letter; it does not belong in a log.
impl fmt::Debug for VerificationCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("VerificationCode(hidden)")
    }
}

/// A name as initials: `Contoh Satu` is `C. S.`
pub fn initials(name: &str) -> String {
    let letters = name
        .split_whitespace()
        .filter_map(|word| word.chars().find(|letter| letter.is_alphabetic()))
        .map(|letter| format!("{}.", letter.to_uppercase()));
    letters.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn register(format: &str) -> Register {
        Register {
            issuer: None,
            letter: None,
            classification: "800.1.11.4".to_owned(),
            unit: "BKD".to_owned(),
            format: format.to_owned(),
            place: None,
        }
    }

    #[test]
    fn the_shipped_registers_are_sound_and_number_every_letter() {
        for register in shipped() {
            assert_eq!(register.check(), Ok(()));
        }
        for kind in LetterKind::ALL {
            assert!(find(&shipped(), "1.01", kind).is_some(), "{kind:?}");
        }
    }

    #[test]
    fn a_number_is_written_as_its_register_says() {
        let usual = register("{classification}/{serial}-{unit}/{year}");
        assert_eq!(usual.write("1.01", 7, 2026), "800.1.11.4/7-BKD/2026");
        let own = Register {
            unit: String::new(),
            ..usual
        };
        assert_eq!(own.write("1.01", 7, 2026), "800.1.11.4/7-1.01/2026");
        assert_eq!(
            register("Nomor {serial} Tahun {year}").write("", 4, 2026),
            "Nomor 4 Tahun 2026"
        );
    }

    #[test]
    fn a_format_must_tell_letters_apart() {
        assert_eq!(register("{serial}/{year}").check(), Ok(()));
        for format in ["{year}", "{serial}", "{serial}{serial}/{year}"] {
            assert_eq!(register(format).check(), Err(RegisterFault::SerialOrYear), "{format}");
        }
        for format in ["{serial}/{year}/{month}", "{serial}/{year}}"] {
            assert_eq!(register(format).check(), Err(RegisterFault::Placeholder), "{format}");
        }
        for format in [String::new(), "x".repeat(101), "{serial}\n{year}".to_owned()] {
            assert_eq!(register(&format).check(), Err(RegisterFault::Length), "{format}");
        }
    }

    #[test]
    fn the_first_register_that_fits_an_issuer_holds() {
        let own = Register {
            issuer: Some("1.01".to_owned()),
            ..register("{serial}/{year}")
        };
        let all = [own.clone(), register("{serial}-{year}")];
        assert_eq!(find(&all, "1.01", LetterKind::Leave), Some(&own));
        assert_eq!(find(&all, "1.02", LetterKind::Leave), all.get(1));
        assert_eq!(find(&[own], "1.02", LetterKind::Leave), None);
    }

    #[test]
    fn names_are_told_as_initials_only() {
        assert_eq!(initials("Contoh Satu"), "C. S.");
        assert_eq!(initials("  siti 'aisyah  binti-x "), "S. A. B.");
        assert_eq!(initials(""), "");
    }

    #[test]
    fn codes_read_back_and_are_what_serde_writes() {
        for kind in LetterKind::ALL {
            assert_eq!(LetterKind::from_code(kind.code()), Some(kind));
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.code());
        }
        for state in LetterState::ALL {
            assert_eq!(LetterState::from_code(state.code()), Some(state));
            assert_eq!(serde_json::to_value(state).unwrap(), state.code());
        }
    }

    proptest! {
        #[test]
        fn a_code_holds_all_its_bits_and_nothing_shorter_is_one(bytes: [u8; 16]) {
            let code = VerificationCode::from_random(bytes);
            prop_assert_eq!(code.as_str().len(), 22);
            prop_assert!(code.as_str().bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)));
            prop_assert_eq!(VerificationCode::parse(code.as_str()), Some(code.clone()));
            prop_assert_eq!(VerificationCode::parse(code.as_str().get(..21).unwrap()), None);
        }
    }
}
