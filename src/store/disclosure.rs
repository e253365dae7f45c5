//! Looks at a person's data: who, when, what for, at which fields. Written before the data leave, never changed.

use crate::domain::access::Scope;
use crate::domain::ids::AccountId;
use crate::domain::ids::AuditEventId;
use crate::domain::ids::EmployeeId;
use crate::domain::instant::Instant;
use crate::store::backend::AnyConnection;
use crate::store::error::Error;
use crate::store::schema::account;
use crate::store::schema::disclosure;
use diesel::prelude::*;

/// One look.
#[derive(Clone, Debug, Queryable, Insertable, Selectable)]
#[diesel(table_name = disclosure, treat_none_as_default_value = false)]
pub struct DisclosureRow {
    /// Whose data.
    pub employee_id: EmployeeId,
    /// Its id; sorts by time.
    pub id: AuditEventId,
    /// When.
    pub at: Instant,
    /// Who looked.
    pub account_id: AccountId,
    /// What for, in words or as a code.
    pub purpose: String,
    /// What was looked at, as `kind/id`: `case/0195...`, `home/0195...`.
    pub subject: String,
    /// Which fields, separated by commas.
    pub fields: String,
}

/// Adds a look. Call it in the transaction whose commit comes before the answer leaves.
pub fn insert(connection: &mut AnyConnection, row: &DisclosureRow) -> Result<(), Error> {
    diesel::insert_into(disclosure::table).values(row).execute(connection)?;
    Ok(())
}

/// The looks at the scope's own data, newest first, each with the looker's name; `after` is the last id of the page before.
pub fn list_own(
    connection: &mut AnyConnection,
    scope: &Scope,
    after: Option<AuditEventId>,
    limit: i64,
) -> Result<Vec<(DisclosureRow, Option<String>)>, Error> {
    let owner = scope.person().ok_or(Error::Missing)?;
    let mut query = disclosure::table
        .left_join(account::table.on(account::id.eq(disclosure::account_id)))
        .filter(disclosure::employee_id.eq(owner))
        .order(disclosure::id.desc())
        .limit(limit)
        .select((DisclosureRow::as_select(), account::display_name.nullable()))
        .into_boxed();
    if let Some(after) = after {
        query = query.filter(disclosure::id.lt(after));
    }
    Ok(query.load(connection)?)
}
