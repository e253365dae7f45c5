//! Which levels of absence people were told of, and to which date an agency's days were looked through for them.

use crate::domain::ids::EmployeeId;
use crate::domain::instant::Instant;
use crate::store::backend::AnyConnection;
use crate::store::backend::per_backend;
use crate::store::error::Error;
use crate::store::schema::absence_notice;
use crate::store::schema::absence_watch;
use chrono::NaiveDate;
use diesel::prelude::*;

/// A level that somebody was told of.
#[derive(Clone, Debug, Eq, Insertable, PartialEq)]
#[diesel(table_name = absence_notice)]
pub struct AbsenceNoticeRow {
    /// Who.
    pub employee_id: EmployeeId,
    /// The calendar year of the count.
    pub year: i32,
    /// `cumulative` or `consecutive`.
    pub basis: String,
    /// The days of the level.
    pub min_days: i32,
    /// When.
    pub told_at: Instant,
}

/// Keeps that somebody was told of a level; false where they had been told before.
pub fn insert(connection: &mut AnyConnection, row: &AbsenceNoticeRow) -> Result<bool, Error> {
    let added = per_backend!(connection, inner => diesel::insert_into(absence_notice::table)
        .values(row)
        .on_conflict_do_nothing()
        .execute(inner))?;
    Ok(added == 1)
}

/// The last date of an agency that was looked through; none where nothing was yet.
pub fn done_to(connection: &mut AnyConnection, agency: &str) -> Result<Option<NaiveDate>, Error> {
    Ok(absence_watch::table
        .find(agency)
        .select(absence_watch::done_to)
        .first(connection)
        .optional()?)
}

/// Moves that date on.
pub fn set_done_to(connection: &mut AnyConnection, agency: &str, date: NaiveDate) -> Result<(), Error> {
    per_backend!(connection, inner => diesel::insert_into(absence_watch::table)
        .values((absence_watch::agency_code.eq(agency), absence_watch::done_to.eq(date)))
        .on_conflict(absence_watch::agency_code)
        .do_update()
        .set(absence_watch::done_to.eq(date))
        .execute(inner))?;
    Ok(())
}
