//! Schedules of agencies, and from which date on units and people have which.

use crate::domain::access::AgencyCode;
use crate::domain::access::Scope;
use crate::domain::ids::AccountId;
use crate::domain::ids::EmployeeId;
use crate::domain::ids::ScheduleId;
use crate::domain::ids::ScheduleStartId;
use crate::domain::ids::UnitId;
use crate::domain::instant::Instant;
use crate::domain::person_name::titled;
use crate::domain::schedule::WorkSchedule;
use crate::domain::schedule::start::ScheduleStart;
use crate::store::backend::AnyConnection;
use crate::store::columns::Json;
use crate::store::columns::ScheduleStarts;
use crate::store::error::Error;
use crate::store::schema::employee;
use crate::store::schema::membership;
use crate::store::schema::schedule_start;
use crate::store::schema::work_schedule;
use chrono::NaiveDate;
use diesel::prelude::*;

/// One schedule.
#[derive(Clone, Debug, Queryable, Insertable, Selectable)]
#[diesel(table_name = work_schedule, treat_none_as_default_value = false)]
pub struct ScheduleRow {
    /// Its id.
    pub id: ScheduleId,
    /// Whose.
    pub agency_code: String,
    /// For people, once in the agency.
    pub name: String,
    /// As [`WorkSchedule`] writes itself.
    pub body: Json,
    /// Who made it.
    pub created_by: AccountId,
    /// When.
    pub created_at: Instant,
}

impl ScheduleRow {
    /// The schedule itself.
    pub fn read_schedule(&self) -> Result<WorkSchedule, Error> {
        serde_json::from_value(self.body.0.clone())
            .ok()
            .ok_or(Error::Corrupt("work_schedule.body"))
    }
}

/// A schedule of a unit, or of the whole agency, from a date on.
#[derive(Clone, Debug, Queryable, Insertable, Selectable)]
#[diesel(table_name = schedule_start, treat_none_as_default_value = false)]
pub struct StartRow {
    /// Its id.
    pub id: ScheduleStartId,
    /// Whose.
    pub agency_code: String,
    /// The unit; none for the whole agency.
    pub unit_id: Option<UnitId>,
    /// First date.
    pub valid_from: NaiveDate,
    /// The schedule; none ends the one before.
    pub schedule_id: Option<ScheduleId>,
    /// Who set it.
    pub set_by: AccountId,
    /// When.
    pub set_at: Instant,
}

/// Adds a schedule; [`Error::Duplicate`] where the agency has one of the name.
pub fn insert(connection: &mut AnyConnection, _scope: &Scope, row: &ScheduleRow) -> Result<(), Error> {
    diesel::insert_into(work_schedule::table)
        .values(row)
        .execute(connection)?;
    Ok(())
}

/// Up to `limit` of an agency's schedules in the order in which they were made.
pub fn list(
    connection: &mut AnyConnection,
    scope: &Scope,
    agency: &AgencyCode,
    after: Option<ScheduleId>,
    limit: i64,
) -> Result<Vec<ScheduleRow>, Error> {
    if !scope.covers(agency) {
        return Err(Error::Missing);
    }
    let mut query = work_schedule::table
        .filter(work_schedule::agency_code.eq(agency.as_str()))
        .order(work_schedule::id)
        .limit(limit)
        .select(ScheduleRow::as_select())
        .into_boxed();
    if let Some(after) = after {
        query = query.filter(work_schedule::id.gt(after));
    }
    Ok(query.load(connection)?)
}

/// A schedule of the agency.
pub fn find(
    connection: &mut AnyConnection,
    scope: &Scope,
    agency: &AgencyCode,
    id: ScheduleId,
) -> Result<Option<ScheduleRow>, Error> {
    if !scope.covers(agency) {
        return Err(Error::Missing);
    }
    Ok(work_schedule::table
        .find(id)
        .filter(work_schedule::agency_code.eq(agency.as_str()))
        .select(ScheduleRow::as_select())
        .first(connection)
        .optional()?)
}

/// Every schedule of every agency, for the rules in memory.
pub fn list_all(connection: &mut AnyConnection) -> Result<Vec<ScheduleRow>, Error> {
    Ok(work_schedule::table.select(ScheduleRow::as_select()).load(connection)?)
}

/// From when on which unit has which schedule, everywhere, for the rules in memory.
pub fn list_all_starts(connection: &mut AnyConnection) -> Result<Vec<StartRow>, Error> {
    Ok(schedule_start::table.select(StartRow::as_select()).load(connection)?)
}

/// Up to `limit` of an agency's starts in the order in which they were set.
pub fn list_starts(
    connection: &mut AnyConnection,
    scope: &Scope,
    agency: &AgencyCode,
    after: Option<ScheduleStartId>,
    limit: i64,
) -> Result<Vec<StartRow>, Error> {
    if !scope.covers(agency) {
        return Err(Error::Missing);
    }
    let mut query = schedule_start::table
        .filter(schedule_start::agency_code.eq(agency.as_str()))
        .order(schedule_start::id)
        .limit(limit)
        .select(StartRow::as_select())
        .into_boxed();
    if let Some(after) = after {
        query = query.filter(schedule_start::id.gt(after));
    }
    Ok(query.load(connection)?)
}

/// Sets a start in place of one of the same unit and date.
pub fn replace_start(connection: &mut AnyConnection, _scope: &Scope, row: &StartRow) -> Result<(), Error> {
    let of_the_date = schedule_start::table
        .filter(schedule_start::agency_code.eq(&row.agency_code))
        .filter(schedule_start::valid_from.eq(row.valid_from));
    match row.unit_id {
        Some(unit) => diesel::delete(of_the_date.filter(schedule_start::unit_id.eq(unit))).execute(connection)?,
        None => diesel::delete(of_the_date.filter(schedule_start::unit_id.is_null())).execute(connection)?,
    };
    diesel::insert_into(schedule_start::table)
        .values(row)
        .execute(connection)?;
    Ok(())
}

/// Sets from when on a person has which schedule, in the membership that began on `valid_from`.
pub fn replace_own_starts(
    connection: &mut AnyConnection,
    _scope: &Scope,
    (employee, valid_from): (EmployeeId, NaiveDate),
    starts: &ScheduleStarts,
) -> Result<(), Error> {
    diesel::update(membership::table.find((employee, valid_from)))
        .set(membership::schedule_starts.eq(starts))
        .execute(connection)?;
    Ok(())
}

/// Someone with schedules of their own.
#[derive(Clone)]
pub struct PersonStarts {
    /// Who.
    pub employee_id: EmployeeId,
    /// With titles.
    pub name: String,
    /// In the order of their dates.
    pub starts: Vec<ScheduleStart>,
}

/// Names are personal.
impl std::fmt::Debug for PersonStarts {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "PersonStarts({})", self.employee_id)
    }
}

/// Up to `limit` people on an agency's staff on a date who have, or had, schedules of their own, by their ids.
pub fn list_people(
    connection: &mut AnyConnection,
    scope: &Scope,
    agency: &AgencyCode,
    date: NaiveDate,
    after: Option<EmployeeId>,
    limit: i64,
) -> Result<Vec<PersonStarts>, Error> {
    if !scope.covers(agency) {
        return Err(Error::Missing);
    }
    let mut query = membership::table
        .inner_join(employee::table.on(employee::id.eq(membership::employee_id)))
        .filter(membership::agency_code.eq(agency.as_str()))
        .filter(membership::valid_from.le(date))
        .filter(membership::valid_to.is_null().or(membership::valid_to.ge(date)))
        .filter(membership::schedule_starts.ne(ScheduleStarts::default()))
        .order(membership::employee_id)
        .limit(limit)
        .select((
            membership::employee_id,
            membership::schedule_starts,
            (employee::front_title, employee::name, employee::back_title),
        ))
        .into_boxed();
    if let Some(after) = after {
        query = query.filter(membership::employee_id.gt(after));
    }
    let rows: Vec<(EmployeeId, ScheduleStarts, (String, String, String))> = query.load(connection)?;
    let person =
        |(employee_id, starts, (front, name, back)): (EmployeeId, ScheduleStarts, (String, String, String))| {
            PersonStarts {
                employee_id,
                name: titled(&front, &name, &back),
                starts: starts.0,
            }
        };
    Ok(rows.into_iter().map(person).collect())
}
