//! Work days: the week, national holidays and joint leave. Islamic dates move, so every year can be replaced.

use chrono::{Datelike, NaiveDate, Weekday};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The holidays of 2020 to 2027 as the joint decrees of three ministers set them (data/README.md).
const NATIONAL: &str = include_str!("../../data/calendar/holidays_id_2020_2027.csv");

/// No run of days off is longer; a calendar that claims one is not searched further.
const LONGEST_BREAK_DAYS: usize = 366;

/// Why a day is free.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HolidayKind {
    /// Hari libur nasional.
    NationalHoliday,
    /// Cuti bersama; does not reduce annual leave.
    JointLeave,
}

impl HolidayKind {
    /// The spelling in columns, JSON and files.
    pub const fn code(self) -> &'static str {
        match self {
            Self::NationalHoliday => "national_holiday",
            Self::JointLeave => "joint_leave",
        }
    }

    /// The inverse of [`HolidayKind::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::NationalHoliday, Self::JointLeave]
            .into_iter()
            .find(|kind| kind.code() == code)
    }
}

/// One free day.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Holiday {
    /// The date.
    pub date: NaiveDate,
    /// Holiday or joint leave.
    pub kind: HolidayKind,
    /// Its name in Indonesian.
    pub name: String,
}

/// What a date is before any circular or roster is asked.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum DayKind<'a> {
    /// A day of the work week.
    WorkDay,
    /// Not in the work week.
    Weekend,
    /// In the work week or not, but free by decree.
    Holiday(&'a Holiday),
}

/// The holidays of a number of years over a five-day week.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Calendar {
    holidays: BTreeMap<NaiveDate, Holiday>,
}

impl Calendar {
    /// The calendar that ships with the service: 2020 to 2027.
    pub fn national() -> Self {
        let parse = |line: &str| {
            let mut fields = line.splitn(3, ',');
            Some(Holiday {
                date: fields.next()?.parse().ok()?,
                kind: HolidayKind::from_code(fields.next()?)?,
                name: fields.next()?.trim().to_owned(),
            })
        };
        Self::default().with(NATIONAL.lines().filter_map(parse))
    }

    /// Adds holidays; a date that has one already gets the new one.
    #[must_use]
    pub fn with(mut self, holidays: impl IntoIterator<Item = Holiday>) -> Self {
        self.holidays
            .extend(holidays.into_iter().map(|holiday| (holiday.date, holiday)));
        self
    }

    /// Replaces everything that is known about a year; holidays of other years are left out.
    #[must_use]
    pub fn with_year(mut self, year: i32, holidays: impl IntoIterator<Item = Holiday>) -> Self {
        self.holidays.retain(|date, _| date.year() != year);
        self.with(holidays.into_iter().filter(|holiday| holiday.date.year() == year))
    }

    /// The holidays of a year in order.
    pub fn year(&self, year: i32) -> impl Iterator<Item = &Holiday> {
        self.holidays
            .values()
            .filter(move |holiday| holiday.date.year() == year)
    }

    /// What the date is.
    pub fn day_kind(&self, date: NaiveDate) -> DayKind<'_> {
        if let Some(holiday) = self.holidays.get(&date) {
            DayKind::Holiday(holiday)
        } else if matches!(date.weekday(), Weekday::Sat | Weekday::Sun) {
            DayKind::Weekend
        } else {
            DayKind::WorkDay
        }
    }

    /// Whether people work on the date by calendar: Monday to Friday without holiday (Perpres 21/2023).
    pub fn is_work_day(&self, date: NaiveDate) -> bool {
        self.day_kind(date) == DayKind::WorkDay
    }

    /// The first work day after the date.
    pub fn next_work_day(&self, date: NaiveDate) -> NaiveDate {
        date.iter_days()
            .skip(1)
            .take(LONGEST_BREAK_DAYS)
            .find(|day| self.is_work_day(*day))
            .unwrap_or(date)
    }

    /// The date `count` work days after `date`, which itself is not counted; `date` for 0.
    pub fn add_work_days(&self, date: NaiveDate, count: u16) -> NaiveDate {
        (0..count).fold(date, |day, _| self.next_work_day(day))
    }

    /// The work days of a period, both ends inside.
    pub fn work_days(&self, from: NaiveDate, to: NaiveDate) -> impl Iterator<Item = NaiveDate> {
        from.iter_days()
            .take_while(move |day| *day <= to)
            .filter(|day| self.is_work_day(*day))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn every_line_of_the_shipped_calendar_is_read() {
        let lines = NATIONAL.lines().skip(1).filter(|line| !line.trim().is_empty()).count();
        assert_eq!(Calendar::national().holidays.len(), lines);
        for year in 2020..=2027 {
            assert!(Calendar::national().year(year).count() >= 15, "{year}");
        }
    }

    #[test]
    fn march_2026_has_seventeen_work_days() {
        // The monthly recap of the domain report, section 4, counts them.
        let calendar = Calendar::national();
        assert_eq!(calendar.work_days(day("2026-03-01"), day("2026-03-31")).count(), 17);
    }

    #[test]
    fn weekends_holidays_and_joint_leave_are_no_work_days() {
        let calendar = Calendar::national();
        assert_eq!(calendar.day_kind(day("2026-03-01")), DayKind::Weekend);
        assert_eq!(calendar.day_kind(day("2026-03-02")), DayKind::WorkDay);
        assert!(
            matches!(calendar.day_kind(day("2020-08-17")), DayKind::Holiday(holiday) if holiday.kind == HolidayKind::NationalHoliday)
        );
        assert!(
            matches!(calendar.day_kind(day("2020-08-21")), DayKind::Holiday(holiday) if holiday.kind == HolidayKind::JointLeave)
        );
    }

    #[test]
    fn the_next_work_day_skips_a_long_weekend() {
        // 20 and 21 August 2020 are a holiday and joint leave, then comes a weekend.
        let calendar = Calendar::national();
        assert_eq!(calendar.next_work_day(day("2020-08-19")), day("2020-08-24"));
        assert_eq!(calendar.add_work_days(day("2020-08-18"), 3), day("2020-08-25"));
        assert_eq!(calendar.add_work_days(day("2020-08-22"), 0), day("2020-08-22"));
    }

    #[test]
    fn a_year_is_replaced_as_a_whole() {
        let moved = Holiday {
            date: day("2026-05-04"),
            kind: HolidayKind::NationalHoliday,
            name: "Hari uji".to_owned(),
        };
        let stray = Holiday {
            date: day("2027-05-04"),
            ..moved.clone()
        };
        let calendar = Calendar::national().with_year(2026, [moved.clone(), stray]);
        assert_eq!(calendar.year(2026).collect::<Vec<_>>(), [&moved]);
        assert!(calendar.is_work_day(day("2026-08-17")));
        assert!(calendar.is_work_day(day("2027-05-04")));
    }

    proptest! {
        #[test]
        fn adding_work_days_counts_exactly_the_work_days_passed(start in 0_u64..2_500, count in 0_u16..40) {
            let calendar = Calendar::national();
            let from = day("2020-01-01") + chrono::Days::new(start);
            let to = calendar.add_work_days(from, count);
            prop_assert_eq!(calendar.work_days(from.succ_opt().unwrap(), to).count(), usize::from(count));
            prop_assert!(count == 0 || calendar.is_work_day(to));
        }
    }
}
