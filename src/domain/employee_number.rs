//! The numbers that people are known by: NIP, NI PPPK, and an internal number for staff who have neither.
//!
//! A number is not an identity: a NI PPPK changes with a new contract (domain.md 1.7), so ids never come from it.

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Characters of internal numbers and activation codes: none that are mistaken for one another (0 O, 1 I L).
///
/// There are 31 of them, a prime, which lets one check character catch every single slip and every swap.
pub const CLEAR_CHARACTERS: &str = "23456789ABCDEFGHJKMNPQRSTUVWXYZ";
const CLEAR_COUNT: u32 = 31;
const INTERNAL_LENGTH: usize = 6;

/// How many different internal numbers there are: 31 to the power of 6.
pub const INTERNAL_NUMBERS: u32 = 887_503_681;

/// The employment behind a number.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EmployeeNumberKind {
    /// Civil servant with a NIP.
    Pns,
    /// Contract employee of the state with a NI PPPK.
    Pppk,
    /// Works for the agency without either number.
    NonAsn,
}

impl EmployeeNumberKind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Pns, Self::Pppk, Self::NonAsn];

    /// The spelling in columns, JSON and files.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Pns => "pns",
            Self::Pppk => "pppk",
            Self::NonAsn => "non_asn",
        }
    }

    /// The inverse of [`EmployeeNumberKind::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// Sex as digit 15 of the number and the personnel export know it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Sex {
    /// Digit 1; `M`, `L` or `Pria` in exports.
    Male,
    /// Digit 2; `F`, `P` or `Wanita` in exports.
    Female,
}

/// What is wrong with a number, in the order in which the rules are tried.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum EmployeeNumberError {
    /// Nothing was given.
    #[error("no number given")]
    Missing,
    /// A spreadsheet's `1.98609E+17`: the digits are lost for good.
    #[error("the number is in scientific notation, its last digits are lost")]
    ScientificNotation,
    /// Holds something else than digits.
    #[error("the number holds something else than digits")]
    NotDigits,
    /// Not exactly 18 digits.
    #[error("the number does not have 18 digits")]
    Length,
    /// Digits 1-8 are no date.
    #[error("digits 1-8 are not a date of birth")]
    BirthDate,
    /// Digits 13-14 are neither a month nor a contract code.
    #[error("digits 13-14 are neither a month nor a contract code")]
    Appointment,
    /// Not 16 to 60 years old when appointed.
    #[error("the age at appointment is not between 16 and 60")]
    AppointmentAge,
    /// Digit 15 is neither 1 nor 2.
    #[error("digit 15 is neither 1 nor 2")]
    Sex,
    /// Digits 16-18 are 000.
    #[error("the serial is 000")]
    Serial,
    /// An internal number whose last character does not fit the others.
    #[error("the check character of the internal number does not fit")]
    CheckCharacter,
}

/// A checked number in its bare form: 18 digits, or `N-` with seven characters.
#[derive(Clone, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct EmployeeNumber {
    kind: EmployeeNumberKind,
    bare: String,
}

impl EmployeeNumber {
    /// Reads a NIP, a NI PPPK or an internal number as people and spreadsheets write it.
    pub fn parse(text: &str) -> Result<Self, EmployeeNumberError> {
        let bare = normalise(text);
        if bare.is_empty() {
            return Err(EmployeeNumberError::Missing);
        }
        if let Some(payload) = bare.strip_prefix(['N', 'n']) {
            return Self::internal(payload.strip_prefix('-').unwrap_or(payload));
        }
        if is_scientific(&bare) {
            return Err(EmployeeNumberError::ScientificNotation);
        }
        let kind = check_digits(&bare)?;
        Ok(Self { kind, bare })
    }

    /// Makes the internal number for `ordinal` (taken modulo [`INTERNAL_NUMBERS`]); different ordinals below that
    /// give different numbers. Draw the ordinal at random, so that a number says nothing about when it was given.
    pub fn from_ordinal(ordinal: u32) -> Self {
        let mut rest = ordinal % INTERNAL_NUMBERS;
        let mut values = [0_u32; INTERNAL_LENGTH];
        for value in values.iter_mut().rev() {
            *value = rest % CLEAR_COUNT;
            rest /= CLEAR_COUNT;
        }
        let payload: String = values.iter().copied().filter_map(clear_character).collect();
        let check = clear_character(check_value(&values)).unwrap_or_default();
        Self {
            kind: EmployeeNumberKind::NonAsn,
            bare: format!("N-{payload}{check}"),
        }
    }

    fn internal(payload: &str) -> Result<Self, EmployeeNumberError> {
        let values: Option<Vec<u32>> = payload.chars().map(clear_value).collect();
        let values = values.ok_or(EmployeeNumberError::NotDigits)?;
        let Some((check, head)) = values.split_last() else {
            return Err(EmployeeNumberError::Length);
        };
        if head.len() != INTERNAL_LENGTH {
            return Err(EmployeeNumberError::Length);
        }
        if check_value(head) != *check {
            return Err(EmployeeNumberError::CheckCharacter);
        }
        Ok(Self {
            kind: EmployeeNumberKind::NonAsn,
            bare: format!("N-{}", payload.to_ascii_uppercase()),
        })
    }

    /// The employment that the number tells.
    pub const fn kind(&self) -> EmployeeNumberKind {
        self.kind
    }

    /// The form for columns, JSON and comparison: 18 digits, or `N-` with seven characters.
    pub fn as_str(&self) -> &str {
        &self.bare
    }

    /// The form for letters and screens: `19860926 201505 1 001`.
    pub fn printed(&self) -> String {
        let groups = (
            self.bare.get(0..8),
            self.bare.get(8..14),
            self.bare.get(14..15),
            self.bare.get(15..18),
        );
        match groups {
            (Some(birth), Some(appointment), Some(sex), Some(serial)) => {
                format!("{birth} {appointment} {sex} {serial}")
            }
            (_, _, _, _) => self.bare.clone(),
        }
    }

    /// The date of birth in digits 1-8; `None` for an internal number.
    pub fn birth_date(&self) -> Option<NaiveDate> {
        birth_date(&self.bare)
    }

    /// The first day of service in digits 9-14: of the month for a civil servant, of the year for a contract employee, whose
    /// number tells no month; `None` for an internal number (domain.md 1.7).
    pub fn service_from(&self) -> Option<NaiveDate> {
        let year = self.bare.get(8..12)?.parse().ok()?;
        let month = match self.kind {
            EmployeeNumberKind::Pns => self.bare.get(12..14)?.parse().ok()?,
            EmployeeNumberKind::Pppk => 1,
            EmployeeNumberKind::NonAsn => return None,
        };
        NaiveDate::from_ymd_opt(year, month, 1)
    }

    /// The sex in digit 15; `None` for an internal number.
    pub fn sex(&self) -> Option<Sex> {
        sex(&self.bare)
    }
}

/// A number names a person; it must not slip into a log through `Debug`.
impl fmt::Debug for EmployeeNumber {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "EmployeeNumber({}, hidden)", self.kind.code())
    }
}

/// What someone meant to sign in with: a number in its bare form however it is typed, anything else trimmed.
pub fn username(text: &str) -> String {
    EmployeeNumber::parse(text).map_or_else(|_| text.trim().to_owned(), |number| number.bare)
}

/// Drops what spreadsheets and letters put around and between the digits: spaces, dots, apostrophes, invisible marks.
pub fn normalise(text: &str) -> String {
    if is_scientific(text.trim_matches(is_clutter)) {
        // Without its dot and sign the lost number could look like a whole one.
        return text.trim_matches(is_clutter).to_owned();
    }
    text.chars().filter(|character| !is_clutter(*character)).collect()
}

fn is_clutter(character: char) -> bool {
    character.is_whitespace()
        || matches!(
            character,
            '.' | '\'' | '`' | '\u{2018}' | '\u{2019}' | '\u{feff}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2060}'
        )
}

/// `1.98609E+17`, `1,98609E+17`, `2E17`.
fn is_scientific(text: &str) -> bool {
    let Some((mantissa, exponent)) = text.split_once(['E', 'e']) else {
        return false;
    };
    let is_number = |part: &str, extra: &[char]| {
        part.contains(|character: char| character.is_ascii_digit())
            && part
                .chars()
                .all(|character| character.is_ascii_digit() || extra.contains(&character))
    };
    is_number(mantissa, &['.', ',']) && is_number(exponent, &['+', '-'])
}

/// The rules of domain.md 1.7. There is no check digit in a NIP, so these are all that can be tested.
fn check_digits(bare: &str) -> Result<EmployeeNumberKind, EmployeeNumberError> {
    if !bare.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(EmployeeNumberError::NotDigits);
    }
    if bare.len() != 18 {
        return Err(EmployeeNumberError::Length);
    }
    let number = |from: usize, to: usize| bare.get(from..to).and_then(|digits| digits.parse::<i32>().ok());
    let birth = birth_date(bare).ok_or(EmployeeNumberError::BirthDate)?;
    let year = number(8, 12).ok_or(EmployeeNumberError::Appointment)?;
    let code = number(12, 14).ok_or(EmployeeNumberError::Appointment)?;
    let years = year - birth.year();
    let (kind, highest_age, lowest_age) = match code {
        1..=12 => {
            let months = years * 12 + code - i32::try_from(birth.month()).unwrap_or(0);
            let age = months.div_euclid(12);
            (EmployeeNumberKind::Pns, age, age)
        }
        // Only the year is known: the birthday may lie on either side of the appointment.
        20..=99 => (EmployeeNumberKind::Pppk, years, years - 1),
        _ => return Err(EmployeeNumberError::Appointment),
    };
    if highest_age < 16 || lowest_age > 60 {
        return Err(EmployeeNumberError::AppointmentAge);
    }
    if sex(bare).is_none() {
        return Err(EmployeeNumberError::Sex);
    }
    if number(15, 18) == Some(0) {
        return Err(EmployeeNumberError::Serial);
    }
    Ok(kind)
}

fn birth_date(bare: &str) -> Option<NaiveDate> {
    // chrono alone would take spaces and signs between the digits.
    let digits = bare
        .get(0..8)
        .filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))?;
    let date = NaiveDate::parse_from_str(digits, "%Y%m%d").ok()?;
    // Nobody at work was born earlier; years such as 0198 are digits that slipped.
    (date.year() >= 1900).then_some(date)
}

fn sex(bare: &str) -> Option<Sex> {
    match (bare.len(), bare.get(14..15)) {
        (18, Some("1")) => Some(Sex::Male),
        (18, Some("2")) => Some(Sex::Female),
        (_, _) => None,
    }
}

/// The character that stands for `value`, 0 to 30; `None` above.
pub fn clear_character(value: u32) -> Option<char> {
    usize::try_from(value)
        .ok()
        .and_then(|index| CLEAR_CHARACTERS.chars().nth(index))
}

fn clear_value(character: char) -> Option<u32> {
    let upper = character.to_ascii_uppercase();
    CLEAR_CHARACTERS
        .chars()
        .position(|candidate| candidate == upper)
        .and_then(|index| u32::try_from(index).ok())
}

/// Sum of value times place, modulo 31. Places and differences stay below the prime, so no slip and no swap cancels.
fn check_value(values: &[u32]) -> u32 {
    let sum: u32 = values
        .iter()
        .zip(2..)
        .map(|(value, place): (&u32, u32)| value * place)
        .sum();
    sum % CLEAR_COUNT
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const CASES: &str = include_str!("../../tests/fixtures/nip_cases.jsonl");

    #[derive(Deserialize)]
    struct Case {
        input: String,
        kind: Option<EmployeeNumberKind>,
        valid: bool,
        note: String,
    }

    #[test]
    fn the_number_tells_from_when_a_person_serves() {
        let from = |text: &str| EmployeeNumber::parse(text).unwrap().service_from();
        assert_eq!(from("198609262015051901"), NaiveDate::from_ymd_opt(2015, 5, 1));
        assert_eq!(from("198609262022211901"), NaiveDate::from_ymd_opt(2022, 1, 1));
        assert_eq!(EmployeeNumber::from_ordinal(7).service_from(), None);
    }

    #[test]
    fn every_committed_case_is_read_as_expected() {
        let cases: Vec<Case> = CASES.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(cases.len(), 13);
        for case in cases {
            let read = EmployeeNumber::parse(&case.input);
            assert_eq!(read.is_ok(), case.valid, "{}", case.note);
            assert_eq!(read.ok().map(|number| number.kind()), case.kind, "{}", case.note);
        }
    }

    #[test]
    fn each_damage_has_its_own_error() {
        let error = |text: &str| EmployeeNumber::parse(text).unwrap_err();
        assert_eq!(error(" \u{feff}'"), EmployeeNumberError::Missing);
        assert_eq!(error("1.98609E+17"), EmployeeNumberError::ScientificNotation);
        assert_eq!(error("'1,98609E+17"), EmployeeNumberError::ScientificNotation);
        assert_eq!(error("19860926201505190A"), EmployeeNumberError::NotDigits);
        assert_eq!(
            error("１９８６０９２６２０１５０５１９０１"),
            EmployeeNumberError::NotDigits
        );
        assert_eq!(error(" 19910513201803190"), EmployeeNumberError::Length);
        assert_eq!(error("1986092620150519011"), EmployeeNumberError::Length);
        assert_eq!(error("198613262015051901"), EmployeeNumberError::BirthDate);
        assert_eq!(error("000009262015051901"), EmployeeNumberError::BirthDate);
        assert_eq!(error("198609262015131901"), EmployeeNumberError::Appointment);
        assert_eq!(error("198609262015001901"), EmployeeNumberError::Appointment);
        assert_eq!(error("201509261986051901"), EmployeeNumberError::AppointmentAge);
        assert_eq!(error("198609262015053901"), EmployeeNumberError::Sex);
        assert_eq!(error("198609262015051000"), EmployeeNumberError::Serial);
    }

    #[test]
    fn the_age_at_appointment_is_16_to_60_at_both_edges() {
        let is_valid = |text: &str| EmployeeNumber::parse(text).is_ok();
        assert!(is_valid("199909012015091001"));
        assert!(!is_valid("199910012015091001"), "15 years and 11 months");
        assert!(is_valid("195409012015081001"), "60 years and 11 months");
        assert!(!is_valid("195409012015091001"), "61 years");
        assert!(is_valid("196201012023211001"), "60 or 61 in that year");
        assert!(!is_valid("196101012023211001"));
    }

    #[test]
    fn a_number_is_printed_in_its_groups_and_says_what_it_holds() {
        let number = EmployeeNumber::parse("'198609262015051001").unwrap();
        assert_eq!(number.printed(), "19860926 201505 1 001");
        assert_eq!(number.as_str(), "198609262015051001");
        assert_eq!(number.birth_date(), NaiveDate::from_ymd_opt(1986, 9, 26));
        assert_eq!(number.sex(), Some(Sex::Male));
        assert_eq!(EmployeeNumber::parse(&number.printed()), Ok(number));
    }

    #[test]
    fn a_number_signs_in_however_it_is_typed_and_a_name_as_it_is() {
        assert_eq!(username(" 19860926 201505 1 001 "), "198609262015051001");
        let number = EmployeeNumber::from_ordinal(7);
        assert_eq!(username(&number.as_str().to_lowercase()), number.as_str());
        assert_eq!(username(" auditor.satu "), "auditor.satu");
    }

    #[test]
    fn debug_never_shows_a_number() {
        let number = EmployeeNumber::parse("198609262015051001").unwrap();
        assert_eq!(format!("{number:?}"), "EmployeeNumber(pns, hidden)");
    }

    #[test]
    fn an_internal_number_reads_back_however_it_is_typed() {
        let number = EmployeeNumber::from_ordinal(123_456_789);
        assert_eq!(number.kind(), EmployeeNumberKind::NonAsn);
        assert_eq!(number.as_str().len(), 9);
        assert_eq!(number.printed(), number.as_str());
        assert_eq!(number.birth_date(), None);
        assert_eq!(number.sex(), None);
        let typed = format!(" {} ", number.as_str().to_lowercase().replace('-', " "));
        assert_eq!(EmployeeNumber::parse(&typed), Ok(number));
        assert_eq!(EmployeeNumber::parse("N-"), Err(EmployeeNumberError::Length));
        assert_eq!(EmployeeNumber::parse("N-222O222"), Err(EmployeeNumberError::NotDigits));
    }

    proptest! {
        #[test]
        fn the_check_character_catches_every_slip_and_every_swap(ordinal in 0..INTERNAL_NUMBERS, place in 2_usize..9, other in 0_u32..31) {
            let number = EmployeeNumber::from_ordinal(ordinal);
            prop_assert_eq!(EmployeeNumber::parse(number.as_str()), Ok(number.clone()));
            let mut slipped: Vec<char> = number.as_str().chars().collect();
            slipped[place] = clear_character(other).unwrap();
            let slipped: String = slipped.into_iter().collect();
            prop_assert_eq!(EmployeeNumber::parse(&slipped).is_ok(), slipped == number.as_str());
            if place < 8 {
                let mut swapped: Vec<char> = number.as_str().chars().collect();
                swapped.swap(place, place + 1);
                let swapped: String = swapped.into_iter().collect();
                prop_assert_eq!(EmployeeNumber::parse(&swapped).is_ok(), swapped == number.as_str());
            }
        }

        #[test]
        fn no_text_makes_the_reader_panic(text in "\\PC{0,40}") {
            let _ = EmployeeNumber::parse(&text);
        }
    }
}
