//! Days and halves of days that journeys took, each with the assignment that it replaced.

use crate::domain::half::DayPart;
use crate::domain::ids::DutyTravelId;
use crate::domain::ids::EmployeeId;
use crate::store::backend::AnyConnection;
use crate::store::backend::per_backend;
use crate::store::columns::Json;
use crate::store::error::Error;
use crate::store::schema::travel_day;
use chrono::NaiveDate;
use diesel::prelude::*;

/// One taken day, or half of it.
#[derive(Clone, Debug, PartialEq, Queryable, Insertable, Selectable)]
#[diesel(table_name = travel_day, treat_none_as_default_value = false)]
pub struct TravelDayRow {
    /// Whose.
    pub employee_id: EmployeeId,
    /// When.
    pub work_date: NaiveDate,
    /// Which part of it.
    pub slots: DayPart,
    /// The journey behind it.
    pub travel_id: DutyTravelId,
    /// The assignment that was there before.
    pub replaced: Option<Json>,
}

/// Adds days. Each half of a day belongs to one journey at most.
pub fn insert(connection: &mut AnyConnection, rows: &[TravelDayRow]) -> Result<(), Error> {
    for rows in rows.chunks(500) {
        per_backend!(connection, inner => diesel::insert_into(travel_day::table).values(rows).execute(inner))?;
    }
    Ok(())
}

/// The days of a journey from a date on, in order.
pub fn list(
    connection: &mut AnyConnection,
    employee_id: EmployeeId,
    travel_id: DutyTravelId,
    from: NaiveDate,
) -> Result<Vec<TravelDayRow>, Error> {
    Ok(travel_day::table
        .filter(travel_day::employee_id.eq(employee_id))
        .filter(travel_day::travel_id.eq(travel_id))
        .filter(travel_day::work_date.ge(from))
        .order(travel_day::work_date)
        .select(TravelDayRow::as_select())
        .load(connection)?)
}

/// Takes days of a journey away, without touching any assignment.
pub fn delete(
    connection: &mut AnyConnection,
    employee_id: EmployeeId,
    travel_id: DutyTravelId,
    from: NaiveDate,
) -> Result<(), Error> {
    diesel::delete(
        travel_day::table
            .filter(travel_day::employee_id.eq(employee_id))
            .filter(travel_day::travel_id.eq(travel_id))
            .filter(travel_day::work_date.ge(from)),
    )
    .execute(connection)?;
    Ok(())
}
