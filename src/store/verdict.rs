//! What the cases of audits came to, on its way: told at BKD's instance by the drawn unit, kept at the agency's.

use crate::domain::access::{AgencyCode, Scope};
use crate::domain::case::objection::ObjectionOutcome;
use crate::domain::ids::{CaseId, EmployeeId};
use crate::domain::instant::Instant;
use crate::domain::notice::CaseOutcome;
use crate::domain::slot::Slot;
use crate::store::backend::{AnyConnection, per_backend};
use crate::store::error::Error;
use crate::store::schema::{audit_batch, audit_case, case_objection, employee, received_verdict};
use chrono::NaiveDate;
use diesel::prelude::*;

/// Rows that one statement inserts; SQLite binds at most 32,766 values.
const ROWS_AT_ONCE: usize = 500;
/// Pseudonyms asked for in one statement.
const PEOPLE_AT_ONCE: usize = 5_000;

/// What a decided case of a federated agency came to.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Verdict {
    /// The case.
    pub case: CaseId,
    /// The drawn unit, as the agency's batch has it.
    pub unit: String,
    /// With what the head of BKD decided on an objection.
    pub outcome: CaseOutcome,
    /// When the case was decided.
    pub decided_at: Instant,
}

/// A verdict at the agency's instance.
#[derive(Clone, Debug, Eq, PartialEq, Queryable, Insertable, Selectable)]
#[diesel(table_name = received_verdict)]
pub struct ReceivedVerdictRow {
    /// The drawn unit.
    pub unit: String,
    /// The agency of the unit.
    pub agency_code: String,
    /// Whose slot it is.
    pub employee_id: EmployeeId,
    /// The work date of the unit.
    pub work_date: NaiveDate,
    /// The slot of the unit.
    pub slot: Slot,
    /// What the case came to.
    pub outcome: CaseOutcome,
    /// When it was decided.
    pub decided_at: Instant,
}

/// Case, unit, decision, when, and what was decided on an objection.
type Found = (
    CaseId,
    String,
    Option<CaseOutcome>,
    Option<Instant>,
    Option<ObjectionOutcome>,
);

/// The decided cases of an agency's units that were taken from its batches, by case, of work dates from `from` on.
///
/// While an objection pends, a decision has no effect and is left out. The scope must cover the agency.
pub fn list_decided(
    connection: &mut AnyConnection,
    scope: &Scope,
    agency: &AgencyCode,
    from: NaiveDate,
    (after, limit): (Option<CaseId>, i64),
) -> Result<Vec<Verdict>, Error> {
    if !scope.covers(agency) {
        return Err(Error::Missing);
    }
    let mut query = audit_case::table
        .left_join(
            case_objection::table.on(case_objection::employee_id
                .eq(audit_case::employee_id)
                .and(case_objection::case_id.eq(audit_case::id))),
        )
        .filter(audit_case::agency_code.eq(agency.as_str()))
        .filter(audit_case::work_date.ge(from))
        .filter(audit_case::outcome.is_not_null())
        .filter(
            case_objection::objected_at
                .nullable()
                .is_null()
                .or(case_objection::outcome.nullable().is_not_null()),
        )
        .filter(diesel::dsl::exists(
            audit_batch::table
                .filter(audit_batch::audit_id.eq(audit_case::audit_id))
                .filter(audit_batch::agency_code.eq(audit_case::agency_code)),
        ))
        .order(audit_case::id)
        .limit(limit)
        .select((
            audit_case::id,
            audit_case::unit,
            audit_case::outcome,
            audit_case::decided_at,
            case_objection::outcome.nullable(),
        ))
        .into_boxed();
    if let Some(after) = after {
        query = query.filter(audit_case::id.gt(after));
    }
    let rows: Vec<Found> = query.load(connection)?;
    let verdict = |(case, unit, outcome, decided_at, amended): Found| {
        let outcome = amended.map_or(outcome, |amended| Some(amended.case_outcome()));
        Some(Verdict {
            case,
            unit,
            outcome: outcome?,
            decided_at: decided_at?,
        })
    };
    Ok(rows.into_iter().filter_map(verdict).collect())
}

/// The verdicts of an agency's units from a work date on, by unit.
pub fn list_received(
    connection: &mut AnyConnection,
    agency: &AgencyCode,
    from: NaiveDate,
) -> Result<Vec<ReceivedVerdictRow>, Error> {
    Ok(received_verdict::table
        .filter(received_verdict::agency_code.eq(agency.as_str()))
        .filter(received_verdict::work_date.ge(from))
        .order(received_verdict::unit)
        .select(ReceivedVerdictRow::as_select())
        .load(connection)?)
}

/// Puts these in the place of all of an agency's verdicts from a work date on.
pub fn replace_received(
    connection: &mut AnyConnection,
    agency: &AgencyCode,
    from: NaiveDate,
    rows: &[ReceivedVerdictRow],
) -> Result<(), Error> {
    diesel::delete(
        received_verdict::table
            .filter(received_verdict::agency_code.eq(agency.as_str()))
            .filter(received_verdict::work_date.ge(from)),
    )
    .execute(connection)?;
    for rows in rows.chunks(ROWS_AT_ONCE) {
        per_backend!(connection, inner => diesel::insert_into(received_verdict::table).values(rows).execute(inner))?;
    }
    Ok(())
}

/// The people behind pseudonyms, in no order.
pub fn list_people(connection: &mut AnyConnection, pseudonyms: &[String]) -> Result<Vec<(String, EmployeeId)>, Error> {
    let mut found = Vec::with_capacity(pseudonyms.len());
    for pseudonyms in pseudonyms.chunks(PEOPLE_AT_ONCE) {
        let rows: Vec<(String, EmployeeId)> = employee::table
            .filter(employee::pseudonym.eq_any(pseudonyms))
            .select((employee::pseudonym, employee::id))
            .load(connection)?;
        found.extend(rows);
    }
    Ok(found)
}
