//! The units of agencies.

use crate::domain::access::AgencyCode;
use crate::domain::access::Scope;
use crate::domain::ids::EmployeeId;
use crate::domain::ids::UnitId;
use crate::store::backend::AnyConnection;
use crate::store::backend::per_backend;
use crate::store::error::Error;
use crate::store::schema::employee;
use crate::store::schema::unit;
use diesel::prelude::*;

/// One unit.
#[derive(Clone, Debug, Eq, PartialEq, Queryable, Insertable, Selectable)]
#[diesel(table_name = unit, treat_none_as_default_value = false)]
pub struct UnitRow {
    /// Its id.
    pub id: UnitId,
    /// Whose.
    pub agency_code: String,
    /// Unique within the agency.
    pub code: String,
    /// For people.
    pub name: String,
    /// The unit above.
    pub parent_id: Option<UnitId>,
    /// Who leads it.
    pub head_employee_id: Option<EmployeeId>,
}

/// Every unit of an agency, by code.
pub fn list(connection: &mut AnyConnection, scope: &Scope, agency: &AgencyCode) -> Result<Vec<UnitRow>, Error> {
    if !scope.covers(agency) {
        return Err(Error::Missing);
    }
    Ok(unit::table
        .filter(unit::agency_code.eq(agency.as_str()))
        .order(unit::code)
        .select(UnitRow::as_select())
        .load(connection)?)
}

/// A page of an agency's units by code, each with the code of its parent and its head's titles and name.
pub fn list_page(
    connection: &mut AnyConnection,
    scope: &Scope,
    agency: &AgencyCode,
    after: Option<&str>,
    limit: i64,
) -> Result<Vec<ListedUnit>, Error> {
    if !scope.covers(agency) {
        return Err(Error::Missing);
    }
    let parent = diesel::alias!(unit as parent);
    let mut query = unit::table
        .left_join(parent.on(parent.field(unit::id).nullable().eq(unit::parent_id)))
        .left_join(employee::table.on(employee::id.nullable().eq(unit::head_employee_id)))
        .filter(unit::agency_code.eq(agency.as_str()))
        .order(unit::code)
        .limit(limit)
        .select((
            UnitRow::as_select(),
            parent.field(unit::code).nullable(),
            (employee::front_title, employee::name, employee::back_title).nullable(),
        ))
        .into_boxed();
    if let Some(after) = after {
        query = query.filter(unit::code.gt(after));
    }
    let rows: Vec<ListedRow> = query.load(connection)?;
    Ok(rows
        .into_iter()
        .map(|(row, parent_code, head)| ListedUnit { row, parent_code, head })
        .collect())
}

type ListedRow = (UnitRow, Option<String>, Option<(String, String, String)>);

/// A unit with what a list shows beside it.
#[derive(Clone, Debug)]
pub struct ListedUnit {
    /// The unit.
    pub row: UnitRow,
    /// The code of the unit above.
    pub parent_code: Option<String>,
    /// The head's title before the name, name, and title after it.
    pub head: Option<(String, String, String)>,
}

/// Adds units; their parents must stand already.
pub fn insert(connection: &mut AnyConnection, _scope: &Scope, rows: &[UnitRow]) -> Result<(), Error> {
    for part in rows.chunks(500) {
        per_backend!(connection, inner => diesel::insert_into(unit::table).values(part).execute(inner))?;
    }
    Ok(())
}

/// Replaces name, parent and head of a unit.
pub fn update(connection: &mut AnyConnection, _scope: &Scope, row: &UnitRow) -> Result<(), Error> {
    diesel::update(unit::table.find(row.id))
        .set((
            unit::name.eq(&row.name),
            unit::parent_id.eq(row.parent_id),
            unit::head_employee_id.eq(row.head_employee_id),
        ))
        .execute(connection)?;
    Ok(())
}

/// Makes the posts vacant that a person holds as the head of units of an agency.
pub fn vacate(
    connection: &mut AnyConnection,
    scope: &Scope,
    agency: &AgencyCode,
    head: EmployeeId,
) -> Result<(), Error> {
    if !scope.covers(agency) {
        return Err(Error::Missing);
    }
    let led = unit::table
        .filter(unit::agency_code.eq(agency.as_str()))
        .filter(unit::head_employee_id.eq(Some(head)));
    diesel::update(led)
        .set(unit::head_employee_id.eq(None::<EmployeeId>))
        .execute(connection)?;
    Ok(())
}

/// What a unit is called.
pub fn find_name(connection: &mut AnyConnection, id: UnitId) -> Result<Option<String>, Error> {
    Ok(unit::table.find(id).select(unit::name).first(connection).optional()?)
}
