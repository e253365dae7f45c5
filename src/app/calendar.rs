//! The calendar of a year: read by everybody, replaced by BKD when a decree moves a day.

use crate::app::App;
use crate::app::context::Context;
use crate::app::error::Error;
use crate::app::error::FieldError;
use crate::domain::access::Scope;
use crate::domain::calendar::Holiday;
use crate::domain::event::Event;
use crate::store;
use chrono::Datelike;

/// The years that a calendar is kept for.
pub const YEARS: std::ops::RangeInclusive<i32> = 2000..=2100;

/// Most free days of a year that are taken.
pub const MOST_HOLIDAYS: usize = 120;

/// One year of the calendar.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct CalendarYear {
    /// Which.
    pub year: i32,
    /// How often it was replaced; 0 for one that is as it ships.
    pub version: i32,
    /// Holidays and joint leave in order.
    pub holidays: Vec<Holiday>,
}

impl App {
    /// One year; a year that nobody has told anything about has no holidays.
    pub fn calendar_year(&self, _scope: &Scope, year: i32) -> Result<CalendarYear, Error> {
        if !YEARS.contains(&year) {
            return Err(Error::NotFound);
        }
        self.store.read(|connection| {
            let book = self.rule_book(connection)?;
            Ok(CalendarYear {
                year,
                version: store::calendar::version(connection, year)?,
                holidays: book.calendar().year(year).cloned().collect(),
            })
        })
    }

    /// Replaces a year, if `version` is the current one.
    pub fn update_calendar_year(
        &self,
        context: &Context,
        scope: &Scope,
        year: i32,
        version: i32,
        holidays: &[Holiday],
    ) -> Result<CalendarYear, Error> {
        if !YEARS.contains(&year) {
            return Err(Error::NotFound);
        }
        check(year, holidays)?;
        self.store.write(|connection| {
            if store::calendar::version(connection, year)? != version {
                return Err(Error::Stale);
            }
            let next = version.saturating_add(1);
            store::calendar::update(connection, year, next, holidays, context.account(), context.now)?;
            self.move_rule_epoch(connection)?;
            store::event::append(
                connection,
                &Event {
                    subject_kind: "calendar",
                    subject_id: year.to_string(),
                    at: context.now,
                    account_id: Some(context.account()),
                    action: "replace",
                    from_state: None,
                    to_state: None,
                    reason: None,
                },
            )?;
            Ok(())
        })?;
        self.calendar_year(scope, year)
    }
}

fn check(year: i32, holidays: &[Holiday]) -> Result<(), Error> {
    let mut faults = Vec::new();
    if holidays.is_empty() || holidays.len() > MOST_HOLIDAYS {
        faults.push(FieldError::new(
            "holidays",
            "out_of_limits",
            "Satu tahun memuat 1 sampai 120 hari libur.",
            "A year has 1 to 120 free days.",
        ));
    }
    for (index, holiday) in holidays.iter().enumerate() {
        if holiday.date.year() != year {
            faults.push(FieldError::new(
                format!("holidays[{index}].date"),
                "other_year",
                "Tanggal ini bukan pada tahun tersebut.",
                "The date is not of that year.",
            ));
        }
        let is_repeated = holidays.iter().take(index).any(|earlier| earlier.date == holiday.date);
        if is_repeated {
            faults.push(FieldError::new(
                format!("holidays[{index}].date"),
                "twice",
                "Tanggal ini sudah disebut.",
                "The date is named twice.",
            ));
        }
        if !(1..=200).contains(&holiday.name.trim().chars().count()) {
            faults.push(FieldError::new(
                format!("holidays[{index}].name"),
                "out_of_limits",
                "Nama hari libur berisi 1 sampai 200 karakter.",
                "A name has 1 to 200 characters.",
            ));
        }
    }
    if faults.is_empty() {
        Ok(())
    } else {
        Err(Error::Invalid(faults))
    }
}
