//! One calendar month, the period of reports and recaps.

use chrono::{Datelike, Days, Months, NaiveDate};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// A month of the years 2000 to 2199, spelled `2026-03`.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Month(NaiveDate);

/// The text does not spell a month of the years 2000 to 2199 as `2026-03`.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("not a month like 2026-03")]
pub struct MonthError;

impl Month {
    /// The month that holds `date`.
    pub fn of(date: NaiveDate) -> Self {
        Self(date.with_day(1).unwrap_or(date))
    }

    /// Its first day.
    pub const fn first(self) -> NaiveDate {
        self.0
    }

    /// Its last day.
    pub fn last(self) -> NaiveDate {
        self.0
            .checked_add_months(Months::new(1))
            .and_then(|next| next.checked_sub_days(Days::new(1)))
            .unwrap_or(self.0)
    }

    /// Whether `date` lies in it.
    pub fn contains(self, date: NaiveDate) -> bool {
        Self::of(date) == self
    }
}

impl fmt::Display for Month {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:04}-{:02}", self.0.year(), self.0.month())
    }
}

impl FromStr for Month {
    type Err = MonthError;

    fn from_str(text: &str) -> Result<Self, MonthError> {
        let (year, month) = text.split_once('-').ok_or(MonthError)?;
        let digits = |part: &str, length| part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit());
        if !digits(year, 4) || !digits(month, 2) {
            return Err(MonthError);
        }
        let (Ok(year), Ok(month)) = (year.parse(), month.parse()) else {
            return Err(MonthError);
        };
        if !(2000..2200).contains(&year) {
            return Err(MonthError);
        }
        NaiveDate::from_ymd_opt(year, month, 1).map(Self).ok_or(MonthError)
    }
}

impl Serialize for Month {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Month {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_knows_its_days() {
        let month: Month = "2028-02".parse().unwrap();
        assert_eq!(month.first().to_string(), "2028-02-01");
        assert_eq!(month.last().to_string(), "2028-02-29");
        assert!(month.contains(month.last()));
        assert!(!month.contains(month.last().succ_opt().unwrap()));
        assert_eq!(month.to_string(), "2028-02");
    }

    #[test]
    fn only_four_and_two_digits_spell_a_month() {
        for wrong in [
            "2026-3", "2026-13", "2026-00", "26-03", "2026/03", "+026-03", "1999-12", "2200-01", "",
        ] {
            assert_eq!(wrong.parse::<Month>(), Err(MonthError), "{wrong}");
        }
    }
}
