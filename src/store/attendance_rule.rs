//! Dated tables that recaps are counted by, as documents.

use crate::domain::ids::AccountId;
use crate::domain::instant::Instant;
use crate::store::backend::AnyConnection;
use crate::store::columns::Json;
use crate::store::error::Error;
use crate::store::schema::attendance_rule;
use chrono::NaiveDate;
use diesel::prelude::*;

/// One table from one date on.
#[derive(Clone, Debug, Queryable, Insertable, Selectable, AsChangeset)]
#[diesel(table_name = attendance_rule)]
pub struct AttendanceRuleRow {
    /// `allowance` or `discipline`.
    pub kind: String,
    /// The first day that it holds for.
    pub effective_from: NaiveDate,
    /// Raised by every change, from 1.
    pub version: i32,
    /// The table.
    pub body: Json,
    /// Who set it last.
    pub set_by: AccountId,
    /// When.
    pub set_at: Instant,
}

/// Every table of a kind, by date.
pub fn list(connection: &mut AnyConnection, kind: &str) -> Result<Vec<AttendanceRuleRow>, Error> {
    Ok(attendance_rule::table
        .filter(attendance_rule::kind.eq(kind))
        .order(attendance_rule::effective_from)
        .select(AttendanceRuleRow::as_select())
        .load(connection)?)
}

/// Writes a table in place of that of `version`, 0 for none; gives whether that was the current one.
pub fn replace(connection: &mut AnyConnection, row: &AttendanceRuleRow, version: i32) -> Result<bool, Error> {
    let stands = attendance_rule::table.find((&row.kind, row.effective_from));
    let current: Option<i32> = stands.select(attendance_rule::version).first(connection).optional()?;
    if current.unwrap_or(0) != version {
        return Ok(false);
    }
    if current.is_none() {
        diesel::insert_into(attendance_rule::table)
            .values(row)
            .execute(connection)?;
        return Ok(true);
    }
    let changed = diesel::update(
        attendance_rule::table
            .find((&row.kind, row.effective_from))
            .filter(attendance_rule::version.eq(version)),
    )
    .set(row)
    .execute(connection)?;
    Ok(changed == 1)
}
