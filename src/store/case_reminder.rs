//! Who was reminded of what in a case: once each.

use crate::domain::case::reminder::Reminder;
use crate::domain::instant::Instant;
use crate::store::backend::AnyConnection;
use crate::store::backend::per_backend;
use crate::store::case::CaseRow;
use crate::store::error::Error;
use crate::store::schema::case_reminder;
use diesel::prelude::*;

/// Keeps that somebody is told; false where that was done before.
pub fn insert(connection: &mut AnyConnection, case: &CaseRow, reminder: Reminder, at: Instant) -> Result<bool, Error> {
    let row = (
        case_reminder::employee_id.eq(case.employee_id),
        case_reminder::case_id.eq(case.id),
        case_reminder::reminder.eq(reminder.code()),
        case_reminder::told_at.eq(at),
    );
    let added = per_backend!(connection, inner => diesel::insert_into(case_reminder::table)
        .values(row)
        .on_conflict_do_nothing()
        .execute(inner))?;
    Ok(added == 1)
}
