//! What making and checking a roster reads about an agency's people: what was granted, who was on picket, where they live.

use crate::domain::access::AgencyCode;
use crate::domain::access::Scope;
use crate::domain::assignment::AssignmentSource;
use crate::domain::half::DayPart;
use crate::domain::home::HomeRank;
use crate::domain::home::HomeState;
use crate::domain::ids::EmployeeId;
use crate::domain::work_mode::WorkMode;
use crate::store::backend::AnyConnection;
use crate::store::backend::per_backend;
use crate::store::error::Error;
use crate::store::schema::assignment;
use crate::store::schema::home;
use chrono::NaiveDate;
use diesel::prelude::*;

/// What was set for somebody in a part of a date, and how it came about.
pub type Set = (EmployeeId, NaiveDate, DayPart, WorkMode, AssignmentSource);

/// Every assignment of an agency from one date to another, both inclusive.
pub fn list_set(
    connection: &mut AnyConnection,
    scope: &Scope,
    agency: &AgencyCode,
    (from, to): (NaiveDate, NaiveDate),
) -> Result<Vec<Set>, Error> {
    if !scope.covers(agency) {
        return Err(Error::Missing);
    }
    Ok(assignment::table
        .filter(assignment::agency_code.eq(agency.as_str()))
        .filter(assignment::work_date.between(from, to))
        .order((assignment::employee_id, assignment::work_date))
        .select((
            assignment::employee_id,
            assignment::work_date,
            assignment::slots,
            assignment::mode,
            assignment::source,
        ))
        .load(connection)?)
}

/// A stretch of living in a village: whose, from when, until when, the village's code.
pub type Stay = (EmployeeId, NaiveDate, Option<NaiveDate>, String);

/// Where these people lived by their verified primary homes; the positions stay sealed. The caller has found the people
/// within its scope.
pub fn list_stays(connection: &mut AnyConnection, _scope: &Scope, people: &[EmployeeId]) -> Result<Vec<Stay>, Error> {
    let mut stays = Vec::new();
    for part in people.chunks(10_000) {
        type Row = (EmployeeId, Option<NaiveDate>, Option<NaiveDate>, Option<String>);
        let rows: Vec<Row> = per_backend!(connection, inner => home::table
            .filter(home::employee_id.eq_any(part))
            .filter(home::rank.eq(HomeRank::Primary))
            .filter(home::state.eq_any([HomeState::Verified, HomeState::Superseded]))
            .filter(home::valid_from.is_not_null())
            .filter(home::village_code.is_not_null())
            .select((home::employee_id, home::valid_from, home::valid_to, home::village_code))
            .load(inner))?;
        stays.extend(
            rows.into_iter()
                .filter_map(|(person, from, to, village)| Some((person, from?, to, village?))),
        );
    }
    Ok(stays)
}
