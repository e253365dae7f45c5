//! The years of the calendar that were replaced; the others are as they ship.

use crate::domain::calendar::Holiday;
use crate::domain::ids::AccountId;
use crate::domain::instant::Instant;
use crate::store::backend::AnyConnection;
use crate::store::backend::per_backend;
use crate::store::error::Error;
use crate::store::schema::calendar_day;
use crate::store::schema::calendar_year;
use chrono::NaiveDate;
use diesel::prelude::*;

/// How often a year was replaced; 0 for one that is as it ships.
pub fn version(connection: &mut AnyConnection, year: i32) -> Result<i32, Error> {
    let version = calendar_year::table
        .find(year)
        .select(calendar_year::version)
        .first(connection)
        .optional()?;
    Ok(version.unwrap_or(0))
}

/// Replaces a year; `version` is the new one.
pub fn update(
    connection: &mut AnyConnection,
    year: i32,
    version: i32,
    holidays: &[Holiday],
    by: AccountId,
    now: Instant,
) -> Result<(), Error> {
    let first = NaiveDate::from_ymd_opt(year, 1, 1).ok_or(Error::Missing)?;
    let last = NaiveDate::from_ymd_opt(year, 12, 31).ok_or(Error::Missing)?;
    diesel::delete(calendar_day::table.filter(calendar_day::day.between(first, last))).execute(connection)?;
    let rows: Vec<_> = holidays
        .iter()
        .map(|holiday| {
            (
                calendar_day::day.eq(holiday.date),
                calendar_day::kind.eq(holiday.kind),
                calendar_day::name.eq(&holiday.name),
            )
        })
        .collect();
    per_backend!(connection, inner => diesel::insert_into(calendar_day::table).values(&rows).execute(inner))?;
    let row = (
        calendar_year::version.eq(version),
        calendar_year::updated_at.eq(now),
        calendar_year::updated_by.eq(by),
    );
    let changed = diesel::update(calendar_year::table.find(year))
        .set(row)
        .execute(connection)?;
    if changed == 0 {
        diesel::insert_into(calendar_year::table)
            .values((calendar_year::year.eq(year), row))
            .execute(connection)?;
    }
    Ok(())
}
