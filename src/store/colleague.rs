//! The people who work in one unit, and who of them is away.

use crate::domain::ids::EmployeeId;
use crate::domain::leave::request::Period;
use crate::domain::leave::state::LeaveState;
use crate::domain::person_name::titled;
use crate::domain::work_mode::WorkMode;
use crate::store::backend::AnyConnection;
use crate::store::error::Error;
use crate::store::membership::MembershipRow;
use crate::store::schema::assignment;
use crate::store::schema::employee;
use crate::store::schema::leave_request;
use crate::store::schema::membership;
use chrono::NaiveDate;
use diesel::prelude::*;

/// The modes in which somebody is not at work for the unit.
const AWAY: [WorkMode; 4] = [
    WorkMode::Leave,
    WorkMode::Sick,
    WorkMode::Training,
    WorkMode::DutyTravel,
];

/// The states in which leave is asked for, and not yet on the roster.
const ASKED: [LeaveState; 4] = [
    LeaveState::Submitted,
    LeaveState::BalanceChecked,
    LeaveState::Considered,
    LeaveState::Changed,
];

/// Somebody of the unit.
#[derive(Clone)]
pub struct Colleague {
    /// Who.
    pub employee_id: EmployeeId,
    /// With titles.
    pub name: String,
}

/// Names are personal.
impl std::fmt::Debug for Colleague {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Colleague({})", self.employee_id)
    }
}

/// Everybody else in the unit of a membership on a date, by name. `member` is one that the caller has found within its
/// scope; nobody where no unit is known.
pub fn list(connection: &mut AnyConnection, member: &MembershipRow, date: NaiveDate) -> Result<Vec<Colleague>, Error> {
    if member.unit_id.is_none() && member.unit_name.is_none() {
        return Ok(Vec::new());
    }
    let mut query = membership::table
        .inner_join(employee::table.on(employee::id.eq(membership::employee_id)))
        .filter(membership::agency_code.eq(member.agency_code.clone()))
        .filter(membership::employee_id.ne(member.employee_id))
        .filter(membership::valid_from.le(date))
        .filter(membership::valid_to.is_null().or(membership::valid_to.ge(date)))
        .order((employee::name, employee::id))
        .select((
            employee::id,
            employee::front_title,
            employee::name,
            employee::back_title,
        ))
        .into_boxed();
    query = match member.unit_id {
        Some(unit) => query.filter(membership::unit_id.eq(unit)),
        None => query.filter(membership::unit_name.eq(member.unit_name.clone())),
    };
    let rows: Vec<(EmployeeId, String, String, String)> = query.load(connection)?;
    Ok(rows
        .into_iter()
        .map(|(employee_id, front_title, name, back_title)| Colleague {
            employee_id,
            name: titled(&front_title, &name, &back_title),
        })
        .collect())
}

/// The dates of a period on which these people are away by the roster, in order.
pub fn list_away(
    connection: &mut AnyConnection,
    people: &[EmployeeId],
    period: Period,
) -> Result<Vec<(EmployeeId, NaiveDate)>, Error> {
    Ok(assignment::table
        .filter(assignment::employee_id.eq_any(people.to_vec()))
        .filter(assignment::work_date.between(period.first, period.last))
        .filter(assignment::mode.eq_any(AWAY))
        .order(assignment::work_date)
        .select((assignment::employee_id, assignment::work_date))
        .load(connection)?)
}

/// First and last day of the leave that these people ask for, where it meets a period.
pub fn list_asked(
    connection: &mut AnyConnection,
    people: &[EmployeeId],
    period: Period,
) -> Result<Vec<(EmployeeId, NaiveDate, NaiveDate)>, Error> {
    Ok(leave_request::table
        .filter(leave_request::employee_id.eq_any(people.to_vec()))
        .filter(leave_request::first_day.le(period.last))
        .filter(leave_request::last_day.ge(period.first))
        .filter(leave_request::state.eq_any(ASKED))
        .order(leave_request::first_day)
        .select((
            leave_request::employee_id,
            leave_request::first_day,
            leave_request::last_day,
        ))
        .load(connection)?)
}
