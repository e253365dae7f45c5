//! What a personnel import reads and writes, for thousands of people at once.

use crate::domain::access::Scope;
use crate::domain::ids::AccountId;
use crate::domain::ids::EmployeeId;
use crate::store::account::AccountRow;
use crate::store::backend::AnyConnection;
use crate::store::backend::per_backend;
use crate::store::employee::EmployeeRow;
use crate::store::error::Error;
use crate::store::schema::account;
use crate::store::schema::employee;
use crate::store::schema::employee_number;
use chrono::NaiveDate;
use diesel::prelude::*;

/// Rows of one statement: far below the variables that either database takes.
const PART: usize = 500;

/// A number that a person has or had.
#[derive(Clone, Queryable, Insertable, Selectable)]
#[diesel(table_name = employee_number, treat_none_as_default_value = false)]
pub struct NumberRow {
    /// Whose.
    pub employee_id: EmployeeId,
    /// In its bare form.
    pub number: String,
    /// First day.
    pub valid_from: NaiveDate,
    /// Last day; open is the present.
    pub valid_to: Option<NaiveDate>,
}

/// A number names a person.
impl std::fmt::Debug for NumberRow {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "NumberRow({})", self.employee_id)
    }
}

/// The people who have or had these numbers, wherever they work: an import must know who belongs elsewhere.
pub fn find_by_numbers(
    connection: &mut AnyConnection,
    _scope: &Scope,
    numbers: &[&str],
) -> Result<Vec<(NumberRow, EmployeeRow)>, Error> {
    let mut found = Vec::new();
    for part in numbers.chunks(PART) {
        let rows: Vec<(NumberRow, EmployeeRow)> = employee_number::table
            .inner_join(employee::table.on(employee::id.eq(employee_number::employee_id)))
            .filter(employee_number::number.eq_any(part))
            .select((NumberRow::as_select(), EmployeeRow::as_select()))
            .load(connection)?;
        found.extend(rows);
    }
    Ok(found)
}

/// The numbers of a person, oldest first.
pub fn list_numbers(connection: &mut AnyConnection, _scope: &Scope, id: EmployeeId) -> Result<Vec<NumberRow>, Error> {
    Ok(employee_number::table
        .filter(employee_number::employee_id.eq(id))
        .order((employee_number::valid_from, employee_number::number))
        .select(NumberRow::as_select())
        .load(connection)?)
}

/// Sets the last day of a number.
pub fn close_number(
    connection: &mut AnyConnection,
    _scope: &Scope,
    row: &NumberRow,
    valid_to: NaiveDate,
) -> Result<(), Error> {
    diesel::update(employee_number::table.find((row.employee_id, &row.number)))
        .set(employee_number::valid_to.eq(Some(valid_to)))
        .execute(connection)?;
    Ok(())
}

/// Adds people.
pub fn insert_people(connection: &mut AnyConnection, _scope: &Scope, rows: &[EmployeeRow]) -> Result<(), Error> {
    for part in rows.chunks(PART) {
        per_backend!(connection, inner => diesel::insert_into(employee::table).values(part).execute(inner))?;
    }
    Ok(())
}

/// Adds numbers.
pub fn insert_numbers(connection: &mut AnyConnection, _scope: &Scope, rows: &[NumberRow]) -> Result<(), Error> {
    for part in rows.chunks(PART) {
        per_backend!(connection, inner => diesel::insert_into(employee_number::table).values(part).execute(inner))?;
    }
    Ok(())
}

/// Replaces what is known about a person.
pub fn update_person(connection: &mut AnyConnection, _scope: &Scope, row: &EmployeeRow) -> Result<(), Error> {
    diesel::update(employee::table.find(row.id))
        .set((
            employee::number_kind.eq(&row.number_kind),
            employee::name.eq(&row.name),
            employee::front_title.eq(&row.front_title),
            employee::back_title.eq(&row.back_title),
            employee::email.eq(&row.email),
            employee::phone.eq(&row.phone),
            employee::version.eq(row.version),
            employee::updated_at.eq(row.updated_at),
        ))
        .execute(connection)?;
    Ok(())
}

/// The accounts of these usernames.
pub fn list_accounts(
    connection: &mut AnyConnection,
    _scope: &Scope,
    usernames: &[&str],
) -> Result<Vec<AccountRow>, Error> {
    let mut found = Vec::new();
    for part in usernames.chunks(PART) {
        let rows: Vec<AccountRow> = account::table
            .filter(account::username.eq_any(part))
            .select(AccountRow::as_select())
            .load(connection)?;
        found.extend(rows);
    }
    Ok(found)
}

/// Adds accounts.
pub fn insert_accounts(connection: &mut AnyConnection, _scope: &Scope, rows: &[AccountRow]) -> Result<(), Error> {
    for part in rows.chunks(PART) {
        per_backend!(connection, inner => diesel::insert_into(account::table).values(part).execute(inner))?;
    }
    Ok(())
}

/// The account of a person.
pub fn find_account(
    connection: &mut AnyConnection,
    _scope: &Scope,
    employee: EmployeeId,
) -> Result<Option<AccountRow>, Error> {
    Ok(account::table
        .filter(account::employee_id.eq(Some(employee)))
        .select(AccountRow::as_select())
        .first(connection)
        .optional()?)
}

/// Changes what an account signs in with and how it is greeted.
pub fn rename_account(
    connection: &mut AnyConnection,
    _scope: &Scope,
    id: AccountId,
    username: &str,
    display_name: &str,
) -> Result<(), Error> {
    diesel::update(account::table.find(id))
        .set((account::username.eq(username), account::display_name.eq(display_name)))
        .execute(connection)?;
    Ok(())
}
