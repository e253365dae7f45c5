//! An agency's staff as its operator sees it.

use crate::domain::access::AgencyCode;
use crate::domain::access::Scope;
use crate::domain::ids::EmployeeId;
use crate::domain::ids::UnitId;
use crate::store::backend::AnyConnection;
use crate::store::employee::EmployeeRow;
use crate::store::error::Error;
use crate::store::membership::MembershipRow;
use crate::store::schema::account;
use crate::store::schema::employee;
use crate::store::schema::employee_number;
use crate::store::schema::membership;
use crate::store::schema::unit;
use chrono::NaiveDate;
use diesel::prelude::*;

/// One member with post, present number, unit and the state of the account.
#[derive(Clone, Debug, Queryable)]
pub struct Member {
    /// The person.
    pub person: EmployeeRow,
    /// The post held on the date.
    pub post: MembershipRow,
    /// The present number.
    pub number: String,
    /// The unit's code and name.
    pub unit: Option<(String, String)>,
    /// `pending`, `active` or `disabled`.
    pub account_state: Option<String>,
}

/// Which members a list holds.
#[derive(Clone, Debug)]
pub struct MemberFilter {
    /// Only members on this date.
    pub date: NaiveDate,
    /// Only this person.
    pub employee: Option<EmployeeId>,
    /// Only this unit.
    pub unit: Option<UnitId>,
    /// Only those after this name and id.
    pub after: Option<(String, EmployeeId)>,
    /// At most so many.
    pub limit: i64,
}

/// Members of the agency by name.
pub fn list(
    connection: &mut AnyConnection,
    scope: &Scope,
    agency: &AgencyCode,
    filter: &MemberFilter,
) -> Result<Vec<Member>, Error> {
    if !scope.covers(agency) {
        return Err(Error::Missing);
    }
    let mut query = membership::table
        .inner_join(employee::table.on(employee::id.eq(membership::employee_id)))
        .inner_join(
            employee_number::table.on(employee_number::employee_id
                .eq(membership::employee_id)
                .and(employee_number::valid_to.is_null())),
        )
        .left_join(unit::table.on(unit::id.nullable().eq(membership::unit_id)))
        .left_join(account::table.on(account::employee_id.eq(membership::employee_id.nullable())))
        .filter(membership::agency_code.eq(agency.as_str()))
        .filter(membership::valid_from.le(filter.date))
        .filter(membership::valid_to.is_null().or(membership::valid_to.ge(filter.date)))
        .order((employee::name, employee::id))
        .limit(filter.limit)
        .select((
            EmployeeRow::as_select(),
            MembershipRow::as_select(),
            employee_number::number,
            (unit::code, unit::name).nullable(),
            account::state.nullable(),
        ))
        .into_boxed();
    if let Some(id) = filter.employee {
        query = query.filter(employee::id.eq(id));
    }
    if let Some(id) = filter.unit {
        query = query.filter(membership::unit_id.eq(Some(id)));
    }
    if let Some((name, id)) = &filter.after {
        query = query.filter(
            employee::name
                .gt(name.clone())
                .or(employee::name.eq(name.clone()).and(employee::id.gt(*id))),
        );
    }
    Ok(query.load(connection)?)
}
