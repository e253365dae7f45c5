//! The number of a circular: kept as it is printed, read into parts where its form is known.

use serde::{Deserialize, Serialize};
use std::fmt;

/// The longest number that is taken, in characters.
pub const LONGEST: usize = 100;

/// A circular's number as printed. Two forms are alive, `800/1865-BKD/2020` and `Nomor 4 Tahun 2026`; no form is demanded.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CircularNumber(String);

/// What could be read out of a number; every part may be missing.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
pub struct NumberParts {
    /// The archive's classification: `800`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub classification: Option<String>,
    /// The running number: `1865`, `4`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub serial: Option<String>,
    /// The unit that drafted it: `BKD`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// The year: 2020.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub year: Option<u16>,
}

impl CircularNumber {
    /// Takes the printed text; white space is trimmed and runs of it become one space.
    pub fn new(text: &str) -> Self {
        Self(text.split_whitespace().collect::<Vec<_>>().join(" "))
    }

    /// The number as printed.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Reads the parts of the two known forms and of their near relations; unknown forms give no parts.
    pub fn parts(&self) -> NumberParts {
        let bare = without_title(&self.0);
        by_slashes(&bare).or_else(|| by_words(&bare)).unwrap_or_default()
    }

    /// The same for all spellings of one number: `SE Nomor 4 Tahun 2026` and `4/2026` agree, as do
    /// `800/1357 -BKD/2021` and `800/1357-BKD/2021`.
    pub fn key(&self) -> String {
        let parts = self.parts();
        let Some(serial) = parts.serial else {
            return self.0.to_uppercase();
        };
        let unit = parts.unit.map(|unit| format!("-{}", unit.to_uppercase()));
        [
            parts.classification,
            Some(format!("{serial}{}", unit.unwrap_or_default())),
            parts.year.map(|year| year.to_string()),
        ]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join("/")
    }
}

impl fmt::Display for CircularNumber {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// Drops `Surat Edaran`, `SE`, `Nomor`, `No.` and the colon in front of the number itself.
fn without_title(text: &str) -> String {
    text.split_whitespace()
        .skip_while(|word| {
            let bare = word.trim_matches(|sign: char| !sign.is_alphanumeric()).to_lowercase();
            matches!(bare.as_str(), "" | "surat" | "edaran" | "se" | "nomor" | "no")
        })
        .collect::<Vec<_>>()
        .join(" ")
}

fn year(text: &str) -> Option<u16> {
    let year = text.parse().ok()?;
    (text.len() == 4 && (1945..=2199).contains(&year)).then_some(year)
}

fn is_serial(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|sign| sign.is_ascii_digit())
}

/// `800/1865-BKD/2020`, `800/1234/BKD/2021`, `440/2420/SJ`, `4/2026`.
fn by_slashes(text: &str) -> Option<NumberParts> {
    let compact: String = text.chars().filter(|sign| !sign.is_whitespace()).collect();
    let mut pieces: Vec<&str> = compact.split('/').collect();
    if pieces.len() < 2 || pieces.iter().any(|piece| piece.is_empty()) {
        return None;
    }
    let year = pieces.last().and_then(|piece| year(piece));
    if year.is_some() {
        pieces.pop();
    }
    let (classification, serial, unit) = match pieces.as_slice() {
        [serial] => (None, *serial, None),
        [classification, serial] => (Some(*classification), *serial, None),
        [classification, serial, unit] => (Some(*classification), *serial, Some(*unit)),
        _ => return None,
    };
    let (serial, unit) = match serial.split_once('-') {
        Some((serial, unit)) => (serial, Some(unit)),
        None => (serial, unit),
    };
    is_serial(serial).then(|| NumberParts {
        classification: classification.map(str::to_owned),
        serial: Some(serial.to_owned()),
        unit: unit.filter(|unit| !unit.is_empty()).map(str::to_owned),
        year,
    })
}

/// `4 Tahun 2026`.
fn by_words(text: &str) -> Option<NumberParts> {
    let words: Vec<&str> = text.split(' ').collect();
    let [serial, word, year_word] = words.as_slice() else {
        return None;
    };
    if !word.eq_ignore_ascii_case("tahun") || !is_serial(serial) {
        return None;
    }
    Some(NumberParts {
        serial: Some((*serial).to_owned()),
        year: Some(year(year_word)?),
        ..NumberParts::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(text: &str) -> [Option<String>; 4] {
        let parts = CircularNumber::new(text).parts();
        [
            parts.classification,
            parts.serial,
            parts.unit,
            parts.year.map(|year| year.to_string()),
        ]
    }

    fn some(texts: [&str; 4]) -> [Option<String>; 4] {
        texts.map(|text| (!text.is_empty()).then(|| text.to_owned()))
    }

    #[test]
    fn both_living_forms_are_read_into_parts() {
        assert_eq!(parts("800/1865-BKD/2020"), some(["800", "1865", "BKD", "2020"]));
        assert_eq!(parts("Nomor 4 Tahun 2026"), some(["", "4", "", "2026"]));
        assert_eq!(parts("4 Tahun 2026"), some(["", "4", "", "2026"]));
    }

    #[test]
    fn near_relations_of_the_forms_are_read_too() {
        assert_eq!(parts("800/1357 -BKD/2021"), some(["800", "1357", "BKD", "2021"]));
        assert_eq!(parts("443.2/29-BPBD/2021"), some(["443.2", "29", "BPBD", "2021"]));
        assert_eq!(parts("440/2420/SJ"), some(["440", "2420", "SJ", ""]));
        assert_eq!(
            parts("Surat Edaran Nomor : 800/734-BKD/2020"),
            some(["800", "734", "BKD", "2020"])
        );
        assert_eq!(parts("SE No. 12/2024"), some(["", "12", "", "2024"]));
    }

    #[test]
    fn an_unknown_form_is_kept_as_text_without_parts() {
        let number = CircularNumber::new("  Instruksi   lisan Gubernur ");
        assert_eq!(number.as_str(), "Instruksi lisan Gubernur");
        assert_eq!(number.parts(), NumberParts::default());
        assert_eq!(number.key(), "INSTRUKSI LISAN GUBERNUR");
    }

    #[test]
    fn spellings_of_one_number_share_a_key() {
        let key = |text: &str| CircularNumber::new(text).key();
        assert_eq!(key("Nomor 4 Tahun 2026"), key("SE 4/2026"));
        assert_eq!(key("800/1357 -BKD/2021"), key("SE Nomor: 800/1357-bkd/2021"));
        assert_ne!(key("4 Tahun 2026"), key("4 Tahun 2025"));
        assert_ne!(key("800/734-BKD/2020"), key("800/734-BPBD/2020"));
    }
}
