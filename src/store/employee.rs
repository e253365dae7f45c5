//! People and their numbers.

use crate::domain::ids::EmployeeId;
use crate::domain::instant::Instant;
use crate::store::backend::AnyConnection;
use crate::store::error::Error;
use crate::store::schema::employee;
use crate::store::schema::employee_number;
use chrono::NaiveDate;
use diesel::prelude::*;

/// One person on some agency's staff.
#[derive(Clone, Queryable, Insertable, Selectable)]
#[diesel(table_name = employee, treat_none_as_default_value = false)]
pub struct EmployeeRow {
    /// Theirs for good, whatever their number becomes.
    pub id: EmployeeId,
    /// `pns`, `pppk` or `non_asn`.
    pub number_kind: String,
    /// Without titles.
    pub name: String,
    /// Titles before the name; may be empty.
    pub front_title: String,
    /// Titles after the name; may be empty.
    pub back_title: String,
    /// For notices.
    pub email: Option<String>,
    /// For calls by the operator.
    pub phone: Option<String>,
    /// Stands for the person in batches and samples.
    pub pseudonym: String,
    /// Raised by every change.
    pub version: i32,
    /// When first seen.
    pub created_at: Instant,
    /// When last changed.
    pub updated_at: Instant,
}

/// Names and numbers are personal.
impl std::fmt::Debug for EmployeeRow {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "EmployeeRow({})", self.id)
    }
}

/// Adds a person.
pub fn insert(connection: &mut AnyConnection, row: &EmployeeRow) -> Result<(), Error> {
    diesel::insert_into(employee::table).values(row).execute(connection)?;
    Ok(())
}

/// The person of an id.
pub fn find(connection: &mut AnyConnection, id: EmployeeId) -> Result<Option<EmployeeRow>, Error> {
    Ok(employee::table
        .find(id)
        .select(EmployeeRow::as_select())
        .first(connection)
        .optional()?)
}

/// Adds a number of a person; a number of someone else is a duplicate.
pub fn insert_number(
    connection: &mut AnyConnection,
    id: EmployeeId,
    number: &str,
    valid_from: NaiveDate,
) -> Result<(), Error> {
    diesel::insert_into(employee_number::table)
        .values((
            employee_number::employee_id.eq(id),
            employee_number::number.eq(number),
            employee_number::valid_from.eq(valid_from),
        ))
        .execute(connection)?;
    Ok(())
}
