//! What a recap reads about people on dates besides duties: reviews, latest shares, entries, names.

use crate::domain::access::AgencyCode;
use crate::domain::access::Scope;
use crate::domain::activity::Decision;
use crate::domain::case::objection::ObjectionOutcome;
use crate::domain::ids::EmployeeId;
use crate::domain::instant::Instant;
use crate::domain::notice::CaseOutcome;
use crate::domain::place::Place;
use crate::domain::slot::Slot;
use crate::store::backend::AnyConnection;
use crate::store::backend::per_backend;
use crate::store::error::Error;
use crate::store::membership::MembershipRow;
use crate::store::schema::activity;
use crate::store::schema::audit_case;
use crate::store::schema::case_objection;
use crate::store::schema::check_in;
use crate::store::schema::employee;
use crate::store::schema::membership;
use crate::store::schema::received_verdict;
use chrono::NaiveDate;
use diesel::prelude::*;

/// A person's id, kind of number, name, and titles before and after it.
pub type PersonRow = (EmployeeId, String, String, String, String);

/// Names of people whom the caller has found within its scope.
pub fn list_people(connection: &mut AnyConnection, people: &[EmployeeId]) -> Result<Vec<PersonRow>, Error> {
    let mut found = Vec::with_capacity(people.len());
    for part in people.chunks(5_000) {
        let rows: Vec<PersonRow> = per_backend!(connection, inner => employee::table
            .filter(employee::id.eq_any(part))
            .select((
                employee::id,
                employee::number_kind,
                employee::name,
                employee::front_title,
                employee::back_title,
            ))
            .load(inner))?;
        found.extend(rows);
    }
    Ok(found)
}

/// An agency's memberships that touch the dates, both inclusive, each with the person's name, in no order.
pub fn list_members(
    connection: &mut AnyConnection,
    scope: &Scope,
    agency: &AgencyCode,
    (from, to): (NaiveDate, NaiveDate),
) -> Result<Vec<(MembershipRow, String)>, Error> {
    if !scope.covers(agency) {
        return Err(Error::Missing);
    }
    Ok(membership::table
        .inner_join(employee::table.on(employee::id.eq(membership::employee_id)))
        .filter(membership::agency_code.eq(agency.as_str()))
        .filter(membership::valid_from.le(to))
        .filter(membership::valid_to.is_null().or(membership::valid_to.ge(from)))
        .select((MembershipRow::as_select(), employee::name))
        .load(connection)?)
}

/// Person, date, slot, and what the review came to.
pub type OutcomeRow = (EmployeeId, NaiveDate, Slot, Option<CaseOutcome>);

/// What decided reviews of these people's slots came to, between dates, both inclusive, oldest decision first.
///
/// What the head of BKD decided on an objection takes the decision's place; while one pends, the review has no effect and
/// is left out. What BKD's own instance told of its cases comes last.
pub fn list_outcomes(
    connection: &mut AnyConnection,
    people: &[EmployeeId],
    (from, to): (NaiveDate, NaiveDate),
) -> Result<Vec<OutcomeRow>, Error> {
    type Row = (
        EmployeeId,
        NaiveDate,
        Slot,
        Option<CaseOutcome>,
        Option<Instant>,
        Option<ObjectionOutcome>,
    );
    let rows: Vec<Row> = per_backend!(connection, inner => audit_case::table
        .left_join(
            case_objection::table.on(case_objection::employee_id
                .eq(audit_case::employee_id)
                .and(case_objection::case_id.eq(audit_case::id))),
        )
        .filter(audit_case::employee_id.eq_any(people))
        .filter(audit_case::work_date.between(from, to))
        .filter(audit_case::outcome.is_not_null())
        .order((audit_case::decided_at, audit_case::id))
        .select((
            audit_case::employee_id,
            audit_case::work_date,
            audit_case::slot,
            audit_case::outcome,
            case_objection::objected_at.nullable(),
            case_objection::outcome.nullable(),
        ))
        .load(inner))?;
    let told: Vec<OutcomeRow> = per_backend!(connection, inner => received_verdict::table
        .filter(received_verdict::employee_id.eq_any(people))
        .filter(received_verdict::work_date.between(from, to))
        .order((received_verdict::decided_at, received_verdict::unit))
        .select((
            received_verdict::employee_id,
            received_verdict::work_date,
            received_verdict::slot,
            received_verdict::outcome.nullable(),
        ))
        .load(inner))?;
    let own = rows
        .into_iter()
        .filter(|(.., objected_at, amended)| objected_at.is_none() || amended.is_some())
        .map(|(person, date, slot, outcome, _, amended)| {
            let outcome = amended.map_or(outcome, |amended| Some(amended.case_outcome()));
            (person, date, slot, outcome)
        });
    Ok(own.chain(told).collect())
}

/// Whether reviews of an agency's slots between dates, both inclusive, are not settled, or objected to.
pub fn has_open_reviews(
    connection: &mut AnyConnection,
    agency: &AgencyCode,
    (from, to): (NaiveDate, NaiveDate),
) -> Result<bool, Error> {
    let open: Option<NaiveDate> = audit_case::table
        .left_join(
            case_objection::table.on(case_objection::employee_id
                .eq(audit_case::employee_id)
                .and(case_objection::case_id.eq(audit_case::id))),
        )
        .filter(audit_case::agency_code.eq(agency.as_str()))
        .filter(audit_case::work_date.between(from, to))
        .filter(
            audit_case::outcome
                .is_null()
                .and(audit_case::closed_at.is_null())
                .or(case_objection::objected_at
                    .nullable()
                    .is_not_null()
                    .and(case_objection::outcome.is_null())),
        )
        .select(audit_case::work_date)
        .first(connection)
        .optional()?;
    Ok(open.is_some())
}

/// Person, date, slot, outcome of place, and the latest capture of those that may stand for the slot.
pub type LatestRow = (EmployeeId, NaiveDate, Option<Slot>, Place, Option<Instant>);

/// The latest captures of these people on these dates, by slot and outcome of place.
pub fn list_latest(
    connection: &mut AnyConnection,
    people: &[EmployeeId],
    dates: &[NaiveDate],
) -> Result<Vec<LatestRow>, Error> {
    Ok(per_backend!(connection, inner => check_in::table
        .filter(check_in::employee_id.eq_any(people))
        .filter(check_in::work_date.eq_any(dates))
        .filter(check_in::is_countable.eq(true))
        .filter(check_in::slot.is_not_null())
        .group_by((check_in::employee_id, check_in::work_date, check_in::slot, check_in::place))
        .select((
            check_in::employee_id,
            check_in::work_date,
            check_in::slot,
            check_in::place,
            diesel::dsl::max(check_in::corrected_at),
        ))
        .load(inner))?)
}

/// The dates of these people's entries that were handed in, each with what the last review said; a date may come twice.
pub fn list_entries(
    connection: &mut AnyConnection,
    people: &[EmployeeId],
    (from, to): (NaiveDate, NaiveDate),
) -> Result<Vec<(EmployeeId, NaiveDate, Option<Decision>)>, Error> {
    Ok(per_backend!(connection, inner => activity::table
        .filter(activity::employee_id.eq_any(people))
        .filter(activity::work_date.between(from, to))
        .filter(activity::submitted_at.is_not_null())
        .select((activity::employee_id, activity::work_date, activity::decision))
        .load(inner))?)
}
