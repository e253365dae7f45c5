//! The ledger of annual leave, and the row on which those who write about a person's leave take turns.

use crate::domain::access::Scope;
use crate::domain::ids::AccountId;
use crate::domain::ids::EmployeeId;
use crate::domain::ids::LeaveEntryId;
use crate::domain::ids::LeaveRequestId;
use crate::domain::instant::Instant;
use crate::domain::leave::ledger::Entry;
use crate::domain::leave::ledger::EntryKind;
use crate::store::backend::AnyConnection;
use crate::store::backend::per_backend;
use crate::store::error::Error;
use crate::store::schema::leave_account;
use crate::store::schema::leave_entry;
use chrono::NaiveDate;
use diesel::prelude::*;

/// One row of a person's ledger.
#[derive(Clone, Debug, Eq, PartialEq, Queryable, Insertable, Selectable)]
#[diesel(table_name = leave_entry, treat_none_as_default_value = false)]
pub struct LeaveEntryRow {
    /// Whose.
    pub employee_id: EmployeeId,
    /// Its id.
    pub id: LeaveEntryId,
    /// The year that gave the days.
    pub year: i32,
    /// Why.
    pub kind: EntryKind,
    /// Days with their sign.
    pub days: i32,
    /// From when it counts.
    pub effective_on: NaiveDate,
    /// The request that it belongs to.
    pub request_id: Option<LeaveRequestId>,
    /// What the official wrote.
    pub reason: Option<String>,
    /// Who; none where time did it.
    pub created_by: Option<AccountId>,
    /// When.
    pub created_at: Instant,
}

impl LeaveEntryRow {
    /// What the rules need of it.
    pub const fn entry(&self) -> Entry {
        Entry {
            year: self.year,
            kind: self.kind,
            days: self.days,
            effective_on: self.effective_on,
        }
    }
}

/// Takes the person's turn: whoever else writes about this person's leave waits, or is repeated, until this one has
/// committed.
pub fn hold(connection: &mut AnyConnection, employee_id: EmployeeId) -> Result<(), Error> {
    let row = (leave_account::employee_id.eq(employee_id), leave_account::version.eq(1));
    per_backend!(connection, inner => diesel::insert_into(leave_account::table)
        .values(row)
        .on_conflict(leave_account::employee_id)
        .do_update()
        .set(leave_account::version.eq(leave_account::version + 1))
        .execute(inner))?;
    Ok(())
}

/// The first day of service that an official entered, if one did.
pub fn find_service_from(connection: &mut AnyConnection, employee_id: EmployeeId) -> Result<Option<NaiveDate>, Error> {
    let from: Option<Option<NaiveDate>> = leave_account::table
        .find(employee_id)
        .select(leave_account::service_from)
        .first(connection)
        .optional()?;
    Ok(from.flatten())
}

/// Enters the first day of service of someone whose turn was taken.
pub fn set_service_from(
    connection: &mut AnyConnection,
    _scope: &Scope,
    employee_id: EmployeeId,
    service_from: NaiveDate,
) -> Result<(), Error> {
    diesel::update(leave_account::table.find(employee_id))
        .set(leave_account::service_from.eq(Some(service_from)))
        .execute(connection)?;
    Ok(())
}

/// The whole ledger of a person whom the caller has found within its scope, in the order in which it was written.
pub fn list(
    connection: &mut AnyConnection,
    _scope: &Scope,
    employee_id: EmployeeId,
) -> Result<Vec<LeaveEntryRow>, Error> {
    Ok(leave_entry::table
        .filter(leave_entry::employee_id.eq(employee_id))
        .order((leave_entry::created_at, leave_entry::id))
        .select(LeaveEntryRow::as_select())
        .load(connection)?)
}

/// Adds rows. Nothing changes or deletes one; the database refuses it.
pub fn insert(connection: &mut AnyConnection, _scope: &Scope, rows: &[LeaveEntryRow]) -> Result<(), Error> {
    if rows.is_empty() {
        return Ok(());
    }
    per_backend!(connection, inner => diesel::insert_into(leave_entry::table).values(rows).execute(inner))?;
    Ok(())
}
