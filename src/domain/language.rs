//! The two languages in which the service speaks to people; Indonesian comes first.

use crate::domain::instant::long_date;
use chrono::{Datelike, NaiveDate};

/// A language of sentences; codes and field names are the same in both.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Language {
    /// Bahasa Indonesia.
    #[default]
    Indonesian,
    /// English.
    English,
}

impl Language {
    /// The tag of RFC 5646, as `Content-Language` carries it.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Indonesian => "id",
            Self::English => "en",
        }
    }

    /// The one of the two sentences that is in this language.
    pub const fn choose<'a>(self, indonesian: &'a str, english: &'a str) -> &'a str {
        match self {
            Self::Indonesian => indonesian,
            Self::English => english,
        }
    }

    /// A date written out: `23 November 2026` in both, with each language's month names.
    pub fn date(self, date: NaiveDate) -> String {
        match self {
            Self::Indonesian => long_date(date),
            Self::English => format!("{} {}", date.day(), date.format("%B %Y")),
        }
    }

    /// Dates from the first to the last, both inclusive: `2 Maret 2026 sampai 6 Maret 2026`, and one date where both are the
    /// same.
    pub fn days(self, from: NaiveDate, to: NaiveDate) -> String {
        let (first, last) = (self.date(from), self.date(to));
        if from == to {
            first
        } else {
            format!("{first} {} {last}", self.choose("sampai", "to"))
        }
    }

    /// Thousands apart: `1.329` in Indonesian, `1,329` in English.
    pub fn grouped(self, value: u64) -> String {
        let mark = self.choose(".", ",");
        let digits = value.to_string();
        let mut written = String::new();
        for (index, digit) in digits.chars().enumerate() {
            if index > 0 && (digits.len() - index).is_multiple_of(3) {
                written.push_str(mark);
            }
            written.push(digit);
        }
        written
    }

    /// The month of a date: `Maret 2026`, `March 2026`.
    pub fn month(self, date: NaiveDate) -> String {
        let written = self.date(date);
        written
            .split_once(' ')
            .map_or_else(String::new, |(_, month)| month.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_as_the_language_does() {
        assert_eq!(Language::Indonesian.grouped(1_234_567), "1.234.567");
        assert_eq!(Language::English.grouped(1_329), "1,329");
        assert_eq!(Language::English.grouped(999), "999");
    }

    #[test]
    fn a_single_day_is_said_once() {
        let date = |day| NaiveDate::from_ymd_opt(2026, 3, day).unwrap();
        assert_eq!(Language::Indonesian.days(date(2), date(2)), "2 Maret 2026");
        assert_eq!(
            Language::Indonesian.days(date(2), date(6)),
            "2 Maret 2026 sampai 6 Maret 2026"
        );
        assert_eq!(Language::English.days(date(2), date(2)), "2 March 2026");
        assert_eq!(Language::English.days(date(2), date(6)), "2 March 2026 to 6 March 2026");
    }

    #[test]
    fn months_are_named_in_the_language() {
        let date = NaiveDate::from_ymd_opt(2026, 3, 2).unwrap();
        assert_eq!(Language::Indonesian.date(date), "2 Maret 2026");
        assert_eq!(Language::English.date(date), "2 March 2026");
        assert_eq!(Language::Indonesian.month(date), "Maret 2026");
        assert_eq!(Language::default(), Language::Indonesian);
    }
}
