//! Dated memberships with the post that a person holds in them.

use crate::domain::access::AgencyCode;
use crate::domain::access::Scope;
use crate::domain::ids::EmployeeId;
use crate::domain::ids::UnitId;
use crate::domain::membership::EndReason;
use crate::domain::membership::Stretch;
use crate::domain::work_mode::WorkGroup;
use crate::store::backend::AnyConnection;
use crate::store::backend::per_backend;
use crate::store::columns::ScheduleStarts;
use crate::store::error::Error;
use crate::store::schema::membership;
use chrono::NaiveDate;
use diesel::prelude::*;
use std::collections::HashSet;

/// One stretch in one agency, both days inclusive, with the post held in it.
#[derive(Clone, Debug, Eq, PartialEq, Queryable, Insertable, Selectable, AsChangeset)]
#[diesel(table_name = membership, treat_none_as_null = true, treat_none_as_default_value = false)]
#[diesel(primary_key(employee_id, valid_from))]
pub struct MembershipRow {
    /// Whose.
    pub employee_id: EmployeeId,
    /// First day.
    pub valid_from: NaiveDate,
    /// Last day; open is the present.
    pub valid_to: Option<NaiveDate>,
    /// The agency.
    pub agency_code: String,
    /// The unit within it, where it is registered.
    pub unit_id: Option<UnitId>,
    /// The unit's name as the personnel system has it.
    pub unit_name: Option<String>,
    /// Kedudukan hukum, as the personnel system words it.
    pub legal_status: Option<String>,
    /// Golongan ruang, such as `III/b`.
    pub grade: Option<String>,
    /// Jabatan.
    pub position: Option<String>,
    /// Eselon of the post, such as `II.a`.
    pub echelon: Option<String>,
    /// How circulars group the person.
    pub work_group: WorkGroup,
    /// Why it ended.
    pub end_reason: Option<EndReason>,
    /// From which dates on the person has which schedule of the agency of their own.
    pub schedule_starts: ScheduleStarts,
}

impl MembershipRow {
    /// The stretch without the post.
    pub fn stretch(&self) -> Result<Stretch, Error> {
        Ok(Stretch {
            agency: AgencyCode::parse(&self.agency_code)
                .ok()
                .ok_or(Error::Corrupt("membership.agency_code"))?,
            valid_from: self.valid_from,
            valid_to: self.valid_to,
        })
    }

    /// Whether the date lies in the stretch.
    pub fn covers(&self, date: NaiveDate) -> bool {
        self.valid_from <= date && self.valid_to.is_none_or(|to| date <= to)
    }
}

/// Whether a date is the first on which someone was on any staff list. `stretches` are all of one person, in order.
pub fn is_first_day(stretches: &[MembershipRow], date: NaiveDate) -> bool {
    stretches.first().is_some_and(|first| first.valid_from == date)
}

/// The people of an agency for whom a date is the first on any staff list; on almost every date nobody.
pub fn list_newcomers(
    connection: &mut AnyConnection,
    agency: &str,
    date: NaiveDate,
) -> Result<HashSet<EmployeeId>, Error> {
    let begun: Vec<EmployeeId> = membership::table
        .filter(membership::agency_code.eq(agency))
        .filter(membership::valid_from.eq(date))
        .select(membership::employee_id)
        .load(connection)?;
    let stretches = list(connection, &begun)?;
    Ok(stretches
        .chunk_by(|one, next| one.employee_id == next.employee_id)
        .filter(|stretches| is_first_day(stretches, date))
        .filter_map(|stretches| stretches.first().map(|first| first.employee_id))
        .collect())
}

/// Adds stretches, however many.
pub fn insert(connection: &mut AnyConnection, _scope: &Scope, rows: &[MembershipRow]) -> Result<(), Error> {
    for part in rows.chunks(500) {
        per_backend!(connection, inner => diesel::insert_into(membership::table).values(part).execute(inner))?;
    }
    Ok(())
}

/// Every stretch of these people, by person and first day. The caller has found them within its scope, judges their
/// shares, or needs to know only whether they belong elsewhere.
pub fn list(connection: &mut AnyConnection, people: &[EmployeeId]) -> Result<Vec<MembershipRow>, Error> {
    let mut found = Vec::new();
    // An array on PostgreSQL, a list of places on SQLite, which takes 32,766.
    for part in people.chunks(10_000) {
        let rows: Vec<MembershipRow> = per_backend!(connection, inner => membership::table
            .filter(membership::employee_id.eq_any(part))
            .order((membership::employee_id, membership::valid_from))
            .select(MembershipRow::as_select())
            .load(inner))?;
        found.extend(rows);
    }
    Ok(found)
}

/// Replaces everything about a stretch but whose it is and when it began.
pub fn update(connection: &mut AnyConnection, _scope: &Scope, row: &MembershipRow) -> Result<(), Error> {
    diesel::update(membership::table.find((row.employee_id, row.valid_from)))
        .set(row)
        .execute(connection)?;
    Ok(())
}

/// Gives people of the agency who have no unit the unit that bears their unit's name; gives how many.
///
/// `names` are compared as they are written in the memberships.
pub fn join_unit(
    connection: &mut AnyConnection,
    scope: &Scope,
    agency: &AgencyCode,
    unit: UnitId,
    names: &[String],
) -> Result<usize, Error> {
    if !scope.covers(agency) {
        return Err(Error::Missing);
    }
    let homeless = membership::table
        .filter(membership::agency_code.eq(agency.as_str()))
        .filter(membership::unit_id.is_null())
        .filter(membership::unit_name.eq_any(names));
    Ok(diesel::update(homeless)
        .set(membership::unit_id.eq(Some(unit)))
        .execute(connection)?)
}

/// The distinct unit names of people of the agency who have no unit.
pub fn list_unknown_unit_names(
    connection: &mut AnyConnection,
    scope: &Scope,
    agency: &AgencyCode,
) -> Result<Vec<String>, Error> {
    if !scope.covers(agency) {
        return Err(Error::Missing);
    }
    let names: Vec<Option<String>> = membership::table
        .filter(membership::agency_code.eq(agency.as_str()))
        .filter(membership::unit_id.is_null())
        .filter(membership::unit_name.is_not_null())
        .select(membership::unit_name)
        .distinct()
        .load(connection)?;
    Ok(names.into_iter().flatten().collect())
}

/// Who works for the agency between the dates, both inclusive, each once.
pub fn list_members(
    connection: &mut AnyConnection,
    scope: &Scope,
    agency: &AgencyCode,
    (from, to): (NaiveDate, NaiveDate),
) -> Result<Vec<EmployeeId>, Error> {
    if !scope.covers(agency) {
        return Err(Error::Missing);
    }
    Ok(membership::table
        .filter(membership::agency_code.eq(agency.as_str()))
        .filter(membership::valid_from.le(to))
        .filter(membership::valid_to.is_null().or(membership::valid_to.ge(from)))
        .select(membership::employee_id)
        .distinct()
        .load(connection)?)
}
