//! Accounts, roles, sessions, refresh tokens and failed sign-ins.

use crate::domain::access::AgencyCode;
use crate::domain::access::Grant;
use crate::domain::access::Role;
use crate::domain::ids::AccountId;
use crate::domain::ids::EmployeeId;
use crate::domain::ids::SessionId;
use crate::domain::instant::Instant;
use crate::store::backend::AnyConnection;
use crate::store::backend::per_backend;
use crate::store::error::Error;
use crate::store::schema::account;
use crate::store::schema::known_device;
use crate::store::schema::refresh_token;
use crate::store::schema::role_grant;
use crate::store::schema::session;
use crate::store::schema::sign_in_failure;
use crate::store::schema::unit;
use diesel::dsl::exists;
use diesel::prelude::*;
use diesel::select;
use std::collections::HashMap;

/// One account.
#[derive(Clone, Debug, Queryable, Insertable, Selectable)]
#[diesel(table_name = account, treat_none_as_default_value = false)]
pub struct AccountRow {
    /// Its id.
    pub id: AccountId,
    /// NIP, internal number, or a chosen name.
    pub username: String,
    /// The member of staff, if it is one.
    pub employee_id: Option<EmployeeId>,
    /// How it is greeted.
    pub display_name: String,
    /// PHC string; none before activation.
    pub password_hash: Option<String>,
    /// `pending`, `active` or `disabled`.
    pub state: String,
    /// When it was made.
    pub created_at: Instant,
    /// When its password was last set.
    pub password_set_at: Option<Instant>,
}

/// Whether there is any account.
pub fn exists_any(connection: &mut AnyConnection) -> Result<bool, Error> {
    Ok(select(exists(account::table.select(account::id))).get_result(connection)?)
}

diesel::define_sql_function! {
    /// Small letters for large ones, of ASCII.
    fn lower(text: diesel::sql_types::Text) -> diesel::sql_types::Text;
}

/// The account of a username, whatever the case of its letters.
pub fn find_by_username(connection: &mut AnyConnection, username: &str) -> Result<Option<AccountRow>, Error> {
    Ok(account::table
        .filter(lower(account::username).eq(username.to_ascii_lowercase()))
        .select(AccountRow::as_select())
        .first(connection)
        .optional()?)
}

/// The account of an id.
pub fn find(connection: &mut AnyConnection, id: AccountId) -> Result<Option<AccountRow>, Error> {
    Ok(account::table
        .find(id)
        .select(AccountRow::as_select())
        .first(connection)
        .optional()?)
}

/// Adds an account; a taken username is a duplicate.
pub fn insert(connection: &mut AnyConnection, row: &AccountRow) -> Result<(), Error> {
    diesel::insert_into(account::table).values(row).execute(connection)?;
    Ok(())
}

/// Ties an account to a member of staff.
pub fn set_employee(connection: &mut AnyConnection, id: AccountId, employee: EmployeeId) -> Result<(), Error> {
    diesel::update(account::table.find(id))
        .set(account::employee_id.eq(Some(employee)))
        .execute(connection)?;
    Ok(())
}

/// Sets a password and makes the account active.
pub fn set_password(connection: &mut AnyConnection, id: AccountId, hash: &str, now: Instant) -> Result<(), Error> {
    let row = (
        account::password_hash.eq(Some(hash)),
        account::state.eq("active"),
        account::password_set_at.eq(Some(now)),
    );
    diesel::update(account::table.find(id)).set(row).execute(connection)?;
    Ok(())
}

/// Grants a role, unless it is held already.
pub fn grant(
    connection: &mut AnyConnection,
    id: AccountId,
    grant: &Grant,
    granted_by: Option<AccountId>,
    now: Instant,
) -> Result<(), Error> {
    if grants(connection, id)?.contains(grant) {
        return Ok(());
    }
    diesel::insert_into(role_grant::table)
        .values((
            role_grant::account_id.eq(id),
            role_grant::role.eq(grant.role.code()),
            role_grant::agency_code.eq(grant.agency.as_ref().map_or("", AgencyCode::as_str)),
            role_grant::granted_at.eq(now),
            role_grant::granted_by.eq(granted_by),
        ))
        .execute(connection)?;
    Ok(())
}

/// Ends a role; gives whether it was held.
pub fn revoke(connection: &mut AnyConnection, id: AccountId, grant: &Grant, now: Instant) -> Result<bool, Error> {
    let held = role_grant::table
        .filter(role_grant::account_id.eq(id))
        .filter(role_grant::role.eq(grant.role.code()))
        .filter(role_grant::agency_code.eq(grant.agency.as_ref().map_or("", AgencyCode::as_str)))
        .filter(role_grant::revoked_at.is_null());
    Ok(diesel::update(held)
        .set(role_grant::revoked_at.eq(Some(now)))
        .execute(connection)?
        > 0)
}

/// The roles granted to an account and not revoked, without those that follow from being staff.
pub fn grants(connection: &mut AnyConnection, id: AccountId) -> Result<Vec<Grant>, Error> {
    let rows: Vec<(String, String)> = role_grant::table
        .filter(role_grant::account_id.eq(id))
        .filter(role_grant::revoked_at.is_null())
        .order((role_grant::role, role_grant::agency_code))
        .select((role_grant::role, role_grant::agency_code))
        .load(connection)?;
    rows.iter().map(|(role, agency)| read_grant(role, agency)).collect()
}

/// As [`grants`], of many accounts at once.
pub fn grants_of(connection: &mut AnyConnection, ids: &[AccountId]) -> Result<HashMap<AccountId, Vec<Grant>>, Error> {
    let rows: Vec<(AccountId, String, String)> = role_grant::table
        .filter(role_grant::account_id.eq_any(ids))
        .filter(role_grant::revoked_at.is_null())
        .order((role_grant::account_id, role_grant::role, role_grant::agency_code))
        .select((role_grant::account_id, role_grant::role, role_grant::agency_code))
        .load(connection)?;
    let mut found: HashMap<AccountId, Vec<Grant>> = HashMap::new();
    for (id, role, agency) in rows {
        found.entry(id).or_default().push(read_grant(&role, &agency)?);
    }
    Ok(found)
}

fn read_grant(role: &str, agency: &str) -> Result<Grant, Error> {
    let role = Role::from_code(role).ok_or(Error::Corrupt("role_grant.role"))?;
    let agency = (!agency.is_empty()).then(|| AgencyCode::parse(agency)).transpose();
    Ok(Grant {
        role,
        agency: agency.ok().ok_or(Error::Corrupt("role_grant.agency_code"))?,
    })
}

/// Which accounts of officials.
#[derive(Clone, Debug)]
pub struct AccountFilter {
    /// Only those that hold this role.
    pub role: Option<Role>,
    /// Only usernames after this one.
    pub after: Option<String>,
    /// How many.
    pub limit: i64,
}

/// Accounts without a member of staff behind them, and those of staff who hold a granted role, by username.
pub fn list_officials(connection: &mut AnyConnection, filter: &AccountFilter) -> Result<Vec<AccountRow>, Error> {
    let mut holders = role_grant::table
        .filter(role_grant::revoked_at.is_null())
        .select(role_grant::account_id)
        .distinct()
        .into_boxed();
    if let Some(role) = filter.role {
        holders = holders.filter(role_grant::role.eq(role.code()));
    }
    // Few hold a role, whatever the number of staff: their ids are found first.
    let holders: Vec<AccountId> = holders.load(connection)?;
    let after = filter.after.clone().unwrap_or_default();
    let mut found: Vec<AccountRow> = Vec::new();
    for part in holders.chunks(1_000) {
        let rows: Vec<AccountRow> = account::table
            .filter(account::id.eq_any(part))
            .filter(account::username.gt(&after))
            .order(account::username)
            .limit(filter.limit)
            .select(AccountRow::as_select())
            .load(connection)?;
        found.extend(rows);
    }
    if filter.role.is_none() {
        let rows: Vec<AccountRow> = account::table
            .filter(account::employee_id.is_null())
            .filter(account::username.gt(&after))
            .order(account::username)
            .limit(filter.limit)
            .select(AccountRow::as_select())
            .load(connection)?;
        found.extend(rows);
    }
    found.sort_by(|left, right| left.username.cmp(&right.username));
    found.dedup_by(|left, right| left.id == right.id);
    found.truncate(usize::try_from(filter.limit).unwrap_or(usize::MAX));
    Ok(found)
}

/// Sets `pending`, `active` or `disabled`.
pub fn set_state(connection: &mut AnyConnection, id: AccountId, state: &str) -> Result<(), Error> {
    diesel::update(account::table.find(id))
        .set(account::state.eq(state))
        .execute(connection)?;
    Ok(())
}

/// The active accounts that hold a role, each with the member of staff behind it, in the order of their ids.
pub fn list_with_role(
    connection: &mut AnyConnection,
    role: Role,
) -> Result<Vec<(AccountId, Option<EmployeeId>)>, Error> {
    Ok(account::table
        .inner_join(role_grant::table.on(role_grant::account_id.eq(account::id)))
        .filter(role_grant::role.eq(role.code()))
        .filter(role_grant::revoked_at.is_null())
        .filter(account::state.eq("active"))
        .order(account::id)
        .select((account::id, account::employee_id))
        .distinct()
        .load(connection)?)
}

/// The active accounts that run or head an agency, each with the member of staff behind it, in the order of their ids.
pub fn list_of_agency(
    connection: &mut AnyConnection,
    agency: &str,
) -> Result<Vec<(AccountId, Option<EmployeeId>)>, Error> {
    let roles = [Role::AgencyOperator.code(), Role::AgencyHead.code()];
    Ok(account::table
        .inner_join(role_grant::table.on(role_grant::account_id.eq(account::id)))
        .filter(role_grant::agency_code.eq(agency))
        .filter(role_grant::role.eq_any(roles))
        .filter(role_grant::revoked_at.is_null())
        .filter(account::state.eq("active"))
        .order(account::id)
        .select((account::id, account::employee_id))
        .distinct()
        .load(connection)?)
}

/// Whether the person heads a unit.
pub fn heads_a_unit(connection: &mut AnyConnection, employee: EmployeeId) -> Result<bool, Error> {
    Ok(select(exists(unit::table.filter(unit::head_employee_id.eq(Some(employee))))).get_result(connection)?)
}

/// One chain of refresh tokens.
#[derive(Clone, Debug, Queryable, Insertable, Selectable)]
#[diesel(table_name = session, treat_none_as_default_value = false)]
pub struct SessionRow {
    /// Its id.
    pub id: SessionId,
    /// Whose it is.
    pub account_id: AccountId,
    /// The phone or browser, as it calls itself; may be empty.
    pub device_id: String,
    /// When the person signed in.
    pub created_at: Instant,
    /// When the newest refresh token runs out.
    pub expires_at: Instant,
    /// When it was ended.
    pub revoked_at: Option<Instant>,
    /// `signed_out`, `reused`, `password_changed`, `role_revoked` or `disabled`.
    pub revoked_reason: Option<String>,
}

/// Adds a session.
pub fn insert_session(connection: &mut AnyConnection, row: &SessionRow) -> Result<(), Error> {
    diesel::insert_into(session::table).values(row).execute(connection)?;
    Ok(())
}

/// The session of an id.
pub fn find_session(connection: &mut AnyConnection, id: SessionId) -> Result<Option<SessionRow>, Error> {
    Ok(session::table
        .find(id)
        .select(SessionRow::as_select())
        .first(connection)
        .optional()?)
}

/// Moves the end of a session.
pub fn extend_session(connection: &mut AnyConnection, id: SessionId, expires_at: Instant) -> Result<(), Error> {
    diesel::update(session::table.find(id))
        .set(session::expires_at.eq(expires_at))
        .execute(connection)?;
    Ok(())
}

/// Ends a session for a reason; an ended one keeps its first reason.
pub fn revoke_session(connection: &mut AnyConnection, id: SessionId, reason: &str, now: Instant) -> Result<(), Error> {
    diesel::update(session::table.find(id).filter(session::revoked_at.is_null()))
        .set((
            session::revoked_at.eq(Some(now)),
            session::revoked_reason.eq(Some(reason)),
        ))
        .execute(connection)?;
    Ok(())
}

/// The sessions that were ended after a moment, and when.
pub fn list_revoked_sessions(
    connection: &mut AnyConnection,
    after: Instant,
) -> Result<Vec<(SessionId, Option<Instant>)>, Error> {
    Ok(session::table
        .filter(session::revoked_at.gt(Some(after)))
        .select((session::id, session::revoked_at))
        .load(connection)?)
}

/// Ends every session of an account; gives their ids.
pub fn revoke_sessions(
    connection: &mut AnyConnection,
    account: AccountId,
    reason: &str,
    now: Instant,
) -> Result<Vec<SessionId>, Error> {
    let ids: Vec<SessionId> = session::table
        .filter(session::account_id.eq(account))
        .filter(session::revoked_at.is_null())
        .select(session::id)
        .load(connection)?;
    for id in &ids {
        revoke_session(connection, *id, reason, now)?;
    }
    Ok(ids)
}

/// What is stored of a refresh token.
#[derive(Clone, Debug, Queryable, Insertable, Selectable)]
#[diesel(table_name = refresh_token, treat_none_as_default_value = false)]
pub struct RefreshTokenRow {
    /// SHA-256 of the token.
    pub digest: Vec<u8>,
    /// The chain that it belongs to.
    pub session_id: SessionId,
    /// 0 for the first of the chain.
    pub generation: i32,
    /// When it was given out.
    pub issued_at: Instant,
    /// When it was first exchanged.
    pub used_at: Option<Instant>,
}

/// A refresh token by its digest.
pub fn find_refresh(connection: &mut AnyConnection, digest: &[u8]) -> Result<Option<RefreshTokenRow>, Error> {
    Ok(refresh_token::table
        .find(digest)
        .select(RefreshTokenRow::as_select())
        .first(connection)
        .optional()?)
}

/// Adds a refresh token.
pub fn insert_refresh(connection: &mut AnyConnection, row: &RefreshTokenRow) -> Result<(), Error> {
    diesel::insert_into(refresh_token::table)
        .values(row)
        .execute(connection)?;
    Ok(())
}

/// Marks a refresh token as exchanged.
pub fn use_refresh(connection: &mut AnyConnection, digest: &[u8], now: Instant) -> Result<(), Error> {
    diesel::update(refresh_token::table.find(digest))
        .set(refresh_token::used_at.eq(Some(now)))
        .execute(connection)?;
    Ok(())
}

/// Whether the account has signed in from the device before.
pub fn is_known_device(connection: &mut AnyConnection, id: AccountId, device: &str) -> Result<bool, Error> {
    Ok(!device.is_empty() && select(exists(known_device::table.find((id, device)))).get_result(connection)?)
}

/// Remembers a device of an account.
pub fn remember_device(connection: &mut AnyConnection, id: AccountId, device: &str, now: Instant) -> Result<(), Error> {
    if device.is_empty() {
        return Ok(());
    }
    let row = (
        known_device::account_id.eq(id),
        known_device::device_id.eq(device),
        known_device::first_at.eq(now),
    );
    per_backend!(connection, inner => diesel::insert_into(known_device::table)
        .values(row)
        .on_conflict_do_nothing()
        .execute(inner))?;
    Ok(())
}

/// Failures in a row and the moment of the last, of a username from a device (`""`: all unknown ones together).
pub fn find_failures(
    connection: &mut AnyConnection,
    username: &str,
    device: &str,
) -> Result<Option<(i32, Instant)>, Error> {
    Ok(sign_in_failure::table
        .find((username, device))
        .select((sign_in_failure::failures, sign_in_failure::last_at))
        .first(connection)
        .optional()?)
}

/// Counts one more failure.
pub fn add_failure(connection: &mut AnyConnection, username: &str, device: &str, now: Instant) -> Result<(), Error> {
    let row = (
        sign_in_failure::username.eq(username),
        sign_in_failure::device_id.eq(device),
        sign_in_failure::failures.eq(1),
        sign_in_failure::last_at.eq(now),
    );
    per_backend!(connection, inner => diesel::insert_into(sign_in_failure::table)
        .values(row)
        .on_conflict((sign_in_failure::username, sign_in_failure::device_id))
        .do_update()
        .set((sign_in_failure::failures.eq(sign_in_failure::failures + 1), sign_in_failure::last_at.eq(now)))
        .execute(inner))?;
    Ok(())
}

/// Forgets the failures of a username from a device.
pub fn clear_failures(connection: &mut AnyConnection, username: &str, device: &str) -> Result<(), Error> {
    diesel::delete(sign_in_failure::table.find((username, device))).execute(connection)?;
    Ok(())
}
