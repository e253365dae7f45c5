//! Days that letters of leave freed, each with the assignment that it replaced.

use crate::domain::ids::EmployeeId;
use crate::domain::ids::LeaveRequestId;
use crate::store::backend::AnyConnection;
use crate::store::backend::per_backend;
use crate::store::columns::Json;
use crate::store::error::Error;
use crate::store::schema::leave_day;
use chrono::NaiveDate;
use diesel::prelude::*;

/// One freed day.
#[derive(Clone, Debug, PartialEq, Queryable, Insertable, Selectable)]
#[diesel(table_name = leave_day, treat_none_as_default_value = false)]
pub struct LeaveDayRow {
    /// Whose.
    pub employee_id: EmployeeId,
    /// When.
    pub work_date: NaiveDate,
    /// The request behind it.
    pub request_id: LeaveRequestId,
    /// The assignment that was there before.
    pub replaced: Option<Json>,
}

/// Adds days. A day can be free only once.
pub fn insert(connection: &mut AnyConnection, rows: &[LeaveDayRow]) -> Result<(), Error> {
    for rows in rows.chunks(500) {
        per_backend!(connection, inner => diesel::insert_into(leave_day::table).values(rows).execute(inner))?;
    }
    Ok(())
}

/// The days of a request from a date on, in order.
pub fn list(
    connection: &mut AnyConnection,
    employee_id: EmployeeId,
    request_id: LeaveRequestId,
    from: NaiveDate,
) -> Result<Vec<LeaveDayRow>, Error> {
    Ok(leave_day::table
        .filter(leave_day::employee_id.eq(employee_id))
        .filter(leave_day::request_id.eq(request_id))
        .filter(leave_day::work_date.ge(from))
        .order(leave_day::work_date)
        .select(LeaveDayRow::as_select())
        .load(connection)?)
}

/// The days of one person that leave has taken, of these dates.
pub fn list_on(
    connection: &mut AnyConnection,
    employee_id: EmployeeId,
    dates: &[NaiveDate],
) -> Result<Vec<LeaveDayRow>, Error> {
    Ok(leave_day::table
        .filter(leave_day::employee_id.eq(employee_id))
        .filter(leave_day::work_date.eq_any(dates.to_vec()))
        .order(leave_day::work_date)
        .select(LeaveDayRow::as_select())
        .load(connection)?)
}

/// Changes what a day of leave gives back when it ends early.
pub fn update_replaced(
    connection: &mut AnyConnection,
    employee_id: EmployeeId,
    work_date: NaiveDate,
    replaced: Option<&Json>,
) -> Result<(), Error> {
    diesel::update(leave_day::table.find((employee_id, work_date)))
        .set(leave_day::replaced.eq(replaced))
        .execute(connection)?;
    Ok(())
}

/// Takes days of a request away, without touching any assignment.
pub fn delete(
    connection: &mut AnyConnection,
    employee_id: EmployeeId,
    request_id: LeaveRequestId,
    from: NaiveDate,
) -> Result<(), Error> {
    diesel::delete(
        leave_day::table
            .filter(leave_day::employee_id.eq(employee_id))
            .filter(leave_day::request_id.eq(request_id))
            .filter(leave_day::work_date.ge(from)),
    )
    .execute(connection)?;
    Ok(())
}
