//! What the units of agencies with an instance of their own were taken from, kept with the audit.

use crate::domain::access::AgencyCode;
use crate::domain::audit::frame::{Held, Stay};
use crate::domain::batch::coverage::Coverage;
use crate::domain::batch::state::BatchState;
use crate::domain::ids::{AuditId, BatchId, EmployeeId};
use crate::domain::slot::Slot;
use crate::store::backend::{AnyConnection, per_backend};
use crate::store::error::Error;
use crate::store::schema::{audit_batch, audit_unlisted, batch, employee_number, membership};
use chrono::NaiveDate;
use diesel::prelude::*;

/// Rows that one statement inserts, and numbers that one asks for; SQLite binds at most 32,766 values.
const AT_ONCE: usize = 5_000;

/// The batch that the units of a slot were taken from.
#[derive(Clone, Debug, Eq, PartialEq, Queryable, Insertable, Selectable)]
#[diesel(table_name = audit_batch)]
pub struct AuditBatchRow {
    /// The audit.
    pub audit_id: AuditId,
    /// The agency.
    pub agency_code: String,
    /// The work date.
    pub work_date: NaiveDate,
    /// The slot.
    pub slot: Slot,
    /// The batch.
    pub batch_id: BatchId,
}

/// Somebody of whom no row told.
#[derive(Clone, Debug, Queryable, Insertable, Selectable)]
#[diesel(table_name = audit_unlisted)]
pub struct UnlistedRow {
    /// The audit.
    pub audit_id: AuditId,
    /// The agency.
    pub agency_code: String,
    /// The person.
    pub employee_id: EmployeeId,
}

/// The batches of an agency that BKD holds and that touch the dates, both inclusive; what was sealed last comes first.
pub fn list_held(
    connection: &mut AnyConnection,
    agency: &AgencyCode,
    (from, to): (NaiveDate, NaiveDate),
) -> Result<Vec<Held>, Error> {
    type Found = (BatchId, NaiveDate, NaiveDate, i16, i32);
    let rows: Vec<Found> = batch::table
        .filter(batch::agency_code.eq(agency.as_str()))
        .filter(batch::from_date.le(to))
        .filter(batch::to_date.ge(from))
        .filter(batch::state.eq_any([BatchState::Received, BatchState::Accepted]))
        .order((batch::sealed_at.desc(), batch::version.desc(), batch::id.desc()))
        .select((batch::id, batch::from_date, batch::to_date, batch::slot, batch::version))
        .load(connection)?;
    let held = |(id, from, to, slot, version): Found| Held {
        id,
        coverage: Coverage::stored(from, to, Slot::from_ordinal(slot)),
        version,
    };
    Ok(rows.into_iter().map(held).collect())
}

/// Where the staff list has the people of these numbers, in no order; a number that it does not have is not among them.
pub fn list_stays(connection: &mut AnyConnection, numbers: &[String]) -> Result<Vec<(String, Stay)>, Error> {
    type Found = (String, EmployeeId, String, NaiveDate, Option<NaiveDate>);
    let mut found = Vec::with_capacity(numbers.len());
    for numbers in numbers.chunks(AT_ONCE) {
        let rows: Vec<Found> = employee_number::table
            .inner_join(membership::table.on(membership::employee_id.eq(employee_number::employee_id)))
            .filter(employee_number::number.eq_any(numbers))
            .select((
                employee_number::number,
                employee_number::employee_id,
                membership::agency_code,
                membership::valid_from,
                membership::valid_to,
            ))
            .load(connection)?;
        found.extend(rows.into_iter().map(|(number, employee, agency, from, to)| {
            let stay = Stay {
                employee,
                agency,
                from,
                to,
            };
            (number, stay)
        }));
    }
    Ok(found)
}

/// Keeps where the units come from; the database refuses it once the population is fixed.
pub fn insert(connection: &mut AnyConnection, rows: &[AuditBatchRow]) -> Result<(), Error> {
    for rows in rows.chunks(AT_ONCE) {
        per_backend!(connection, inner => diesel::insert_into(audit_batch::table).values(rows).execute(inner))?;
    }
    Ok(())
}

/// Keeps of whom no row told; the database refuses it once the population is fixed.
pub fn insert_unlisted(connection: &mut AnyConnection, rows: &[UnlistedRow]) -> Result<(), Error> {
    for rows in rows.chunks(AT_ONCE) {
        per_backend!(connection, inner => diesel::insert_into(audit_unlisted::table).values(rows).execute(inner))?;
    }
    Ok(())
}

/// The batch that a slot's units were taken from; none where the agency's rosters are here.
pub fn find(
    connection: &mut AnyConnection,
    audit_id: AuditId,
    agency: &str,
    (work_date, slot): (NaiveDate, Slot),
) -> Result<Option<BatchId>, Error> {
    Ok(audit_batch::table
        .find((audit_id, agency, work_date, slot))
        .select(audit_batch::batch_id)
        .first(connection)
        .optional()?)
}

/// Every slot of an audit whose units were taken from a batch, by agency, date and slot.
pub fn list(connection: &mut AnyConnection, audit_id: AuditId) -> Result<Vec<AuditBatchRow>, Error> {
    Ok(audit_batch::table
        .filter(audit_batch::audit_id.eq(audit_id))
        .order((audit_batch::agency_code, audit_batch::work_date, audit_batch::slot))
        .select(AuditBatchRow::as_select())
        .load(connection)?)
}

/// Of each agency the numbers of the people of whom no row told, by agency and number.
pub fn list_unlisted(connection: &mut AnyConnection, audit_id: AuditId) -> Result<Vec<(String, String)>, Error> {
    Ok(audit_unlisted::table
        .inner_join(employee_number::table.on(employee_number::employee_id.eq(audit_unlisted::employee_id)))
        .filter(audit_unlisted::audit_id.eq(audit_id))
        .filter(employee_number::valid_to.is_null())
        .order((audit_unlisted::agency_code, employee_number::number))
        .select((audit_unlisted::agency_code, employee_number::number))
        .load(connection)?)
}

/// Id, what it covers, and which version of that.
pub type BatchVersion = (BatchId, Coverage, i32);

/// The batches of these ids, in no order.
pub fn list_batches(connection: &mut AnyConnection, ids: &[BatchId]) -> Result<Vec<BatchVersion>, Error> {
    type Found = (BatchId, NaiveDate, NaiveDate, i16, i32);
    let mut found = Vec::with_capacity(ids.len());
    for ids in ids.chunks(AT_ONCE) {
        let rows: Vec<Found> = batch::table
            .filter(batch::id.eq_any(ids))
            .select((batch::id, batch::from_date, batch::to_date, batch::slot, batch::version))
            .load(connection)?;
        found.extend(
            rows.into_iter().map(|(id, from, to, slot, version)| {
                (id, Coverage::stored(from, to, Slot::from_ordinal(slot)), version)
            }),
        );
    }
    Ok(found)
}
