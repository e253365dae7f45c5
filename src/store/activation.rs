//! Activation codes, as digests.

use crate::domain::access::AgencyCode;
use crate::domain::access::Scope;
use crate::domain::ids::AccountId;
use crate::domain::ids::EmployeeId;
use crate::domain::ids::UnitId;
use crate::domain::instant::Instant;
use crate::store::backend::AnyConnection;
use crate::store::backend::per_backend;
use crate::store::error::Error;
use crate::store::schema::account;
use crate::store::schema::activation_code;
use crate::store::schema::employee;
use crate::store::schema::employee_number;
use crate::store::schema::membership;
use crate::store::schema::unit;
use chrono::NaiveDate;
use diesel::prelude::*;

/// What is stored of a code.
#[derive(Clone, Debug, Queryable, Insertable, Selectable)]
#[diesel(table_name = activation_code, treat_none_as_default_value = false)]
pub struct ActivationCodeRow {
    /// Whose.
    pub account_id: AccountId,
    /// SHA-256 over account and code.
    pub digest: Vec<u8>,
    /// When it was made.
    pub created_at: Instant,
    /// Until when it is good.
    pub expires_at: Instant,
    /// When it was used.
    pub used_at: Option<Instant>,
}

/// Someone who may get a code.
#[derive(Clone, Queryable)]
pub struct Recipient {
    /// The account.
    pub account_id: AccountId,
    /// What it signs in with.
    pub username: String,
    /// The person.
    pub employee_id: EmployeeId,
    /// Title before the name, name, title after it.
    pub name: (String, String, String),
    /// The present number.
    pub number: String,
    /// The unit's code and name, where the person has one.
    pub unit: Option<(String, String)>,
    /// Until when the present code is good, if one was made and not used.
    pub expires_at: Option<Instant>,
}

/// Names and numbers are personal.
impl std::fmt::Debug for Recipient {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Recipient({})", self.employee_id)
    }
}

/// Members of the agency on a date whose account waits for activation, by unit's code and name.
pub fn list_pending(
    connection: &mut AnyConnection,
    scope: &Scope,
    agency: &AgencyCode,
    unit_id: Option<UnitId>,
    date: NaiveDate,
) -> Result<Vec<Recipient>, Error> {
    if !scope.covers(agency) {
        return Err(Error::Missing);
    }
    let mut query = membership::table
        .inner_join(employee::table.on(employee::id.eq(membership::employee_id)))
        .inner_join(employee_number::table.on(employee_number::employee_id.eq(membership::employee_id)))
        .inner_join(account::table.on(account::employee_id.eq(membership::employee_id.nullable())))
        .left_join(unit::table.on(unit::id.nullable().eq(membership::unit_id)))
        .left_join(
            activation_code::table.on(activation_code::account_id
                .eq(account::id)
                .and(activation_code::used_at.is_null())),
        )
        .filter(membership::agency_code.eq(agency.as_str()))
        .filter(membership::valid_from.le(date))
        .filter(membership::valid_to.is_null().or(membership::valid_to.ge(date)))
        .filter(employee_number::valid_to.is_null())
        .filter(account::state.eq("pending"))
        .order((unit::code, employee::name, employee::id))
        .select((
            account::id,
            account::username,
            employee::id,
            (employee::front_title, employee::name, employee::back_title),
            employee_number::number,
            (unit::code, unit::name).nullable(),
            activation_code::expires_at.nullable(),
        ))
        .into_boxed();
    if let Some(unit_id) = unit_id {
        query = query.filter(membership::unit_id.eq(Some(unit_id)));
    }
    Ok(query.load(connection)?)
}

/// Puts a code in place of whatever the account had.
pub fn replace(connection: &mut AnyConnection, _scope: &Scope, rows: &[ActivationCodeRow]) -> Result<(), Error> {
    for part in rows.chunks(500) {
        let accounts: Vec<AccountId> = part.iter().map(|row| row.account_id).collect();
        diesel::delete(activation_code::table.filter(activation_code::account_id.eq_any(accounts)))
            .execute(connection)?;
        per_backend!(connection, inner => diesel::insert_into(activation_code::table).values(part).execute(inner))?;
    }
    Ok(())
}

/// The code of an account.
pub fn find(connection: &mut AnyConnection, account: AccountId) -> Result<Option<ActivationCodeRow>, Error> {
    Ok(activation_code::table
        .find(account)
        .select(ActivationCodeRow::as_select())
        .first(connection)
        .optional()?)
}

/// Marks the code of an account as used.
pub fn mark_used(connection: &mut AnyConnection, account: AccountId, now: Instant) -> Result<(), Error> {
    diesel::update(activation_code::table.find(account))
        .set(activation_code::used_at.eq(Some(now)))
        .execute(connection)?;
    Ok(())
}

/// Takes an account's password away and lets it wait for activation again.
pub fn reset_account(connection: &mut AnyConnection, _scope: &Scope, id: AccountId) -> Result<(), Error> {
    diesel::update(account::table.find(id))
        .set((account::state.eq("pending"), account::password_hash.eq(None::<String>)))
        .execute(connection)?;
    Ok(())
}
