//! Granting and revoking roles, and making the first accounts.

use crate::app::App;
use crate::app::context::Context;
use crate::app::error::Code;
use crate::app::error::Error;
use crate::app::event::note_event;
use crate::domain::access::Grant;
use crate::domain::access::Role;
use crate::domain::access::Scope;
use crate::domain::audit_log::facts::Facts;
use crate::domain::audit_log::facts::Nothing;
use crate::domain::audit_log::record::Record;
use crate::domain::audit_log::subject::Subject;
use crate::domain::employee_number::username;
use crate::domain::ids::AccountId;
use crate::platform::password::Password;
use crate::store;
use crate::store::account::AccountRow;
use crate::store::backend::AnyConnection;

/// An account that is not born from a personnel import.
#[derive(Clone, Debug)]
pub struct NewAccount {
    /// As [`crate::domain::username::parse`] takes it.
    pub username: String,
    /// How it is greeted.
    pub display_name: String,
    /// Its first password.
    pub password: Password,
    /// What it may do.
    pub grants: Vec<Grant>,
}

impl App {
    /// Whether anyone can sign in yet; where nobody can, the service is new.
    pub fn has_accounts(&self) -> Result<bool, Error> {
        self.store
            .read(|connection| Ok(store::account::exists_any(connection)?))
    }

    /// Makes an active account with roles, from the command line: the first administrator is made so.
    pub fn add_account(&self, new: &NewAccount) -> Result<AccountId, Error> {
        Ok(self.insert_account(None, new)?.id)
    }

    fn insert_account(&self, context: Option<&Context>, new: &NewAccount) -> Result<AccountRow, Error> {
        let username = crate::domain::username::parse(&new.username).map_err(|_cause| {
            Error::field(
                "username",
                "malformed",
                "Nama pengguna terdiri dari 3 sampai 64 huruf, angka, titik, garis hubung, garis bawah atau tanda @.",
                "A username is 3 to 64 letters, digits, dots, hyphens, underscores or at signs.",
            )
        })?;
        if !new.password.is_acceptable(&username) {
            return Err(crate::app::sign_in::unacceptable_password("password"));
        }
        let now = self.now();
        let id = AccountId::new(self.entropy.uuid(now)?);
        let hash = self.passwords.hash(&new.password)?;
        self.store.write(|connection| {
            for (index, grant) in new.grants.iter().enumerate() {
                check_agency(connection, grant, &format!("roles[{index}].agency"))?;
            }
            let row = AccountRow {
                id,
                username: username.clone(),
                employee_id: None,
                display_name: new.display_name.clone(),
                password_hash: Some(hash.clone()),
                state: "active".to_owned(),
                created_at: now,
                password_set_at: Some(now),
            };
            store::account::insert(connection, &row)?;
            for grant in &new.grants {
                store::account::grant(connection, id, grant, None, now)?;
                self.log_role(connection, context, id, grant, true)?;
            }
            Ok(row)
        })
    }

    /// Makes an account with roles at an administrator's word; it is active at once.
    pub fn create_account(&self, context: &Context, _scope: &Scope, new: &NewAccount) -> Result<AccountRow, Error> {
        let account = self.insert_account(Some(context), new)?;
        tracing::info!(account = %account.id, by = %context.account(), "account created");
        Ok(account)
    }

    /// Says in BKD's log that a role was given or taken; whose it is stands in the private record.
    fn log_role(
        &self,
        connection: &mut AnyConnection,
        context: Option<&Context>,
        account: AccountId,
        grant: &Grant,
        is_given: bool,
    ) -> Result<(), Error> {
        let name = format!("role/{}", grant.role.code());
        let held = grant
            .agency
            .as_ref()
            .map_or_else(|| account.to_string(), |agency| format!("{account} {agency}"));
        let (before, after) = if is_given {
            (None, Some(held))
        } else {
            (Some(held), None)
        };
        let record = Record::SettingChanged {
            account: context.map(Context::account).filter(|id| !id.uuid().is_nil()),
            before,
            after,
        };
        let said = (
            Subject::Setting(name.parse().map_err(Error::internal)?),
            Facts::SettingChanged(Nothing {}),
        );
        let now = context.map_or_else(|| self.now(), |context| context.now);
        self.log_private(connection, now, said, record, None)
    }

    /// Grants a role to the account of a username.
    pub fn grant_role(&self, context: &Context, _scope: &Scope, username: &str, grant: &Grant) -> Result<(), Error> {
        self.store.write(|connection| {
            let account = find_named(connection, username)?;
            check_agency(connection, grant, "agency")?;
            store::account::grant(connection, account.id, grant, Some(context.account()), context.now)?;
            self.log_role(connection, Some(context), account.id, grant, true)?;
            note_role(connection, context, account.id, "grant_role", grant)
        })
    }

    /// Ends a role of the account of a username, and with it every session of that account: what was signed in with the
    /// role works no longer. A role that is not held is a conflict, and so is the last administrator's.
    pub fn revoke_role(&self, context: &Context, _scope: &Scope, username: &str, grant: &Grant) -> Result<(), Error> {
        let ended = self.store.write(|connection| {
            let account = find_named(connection, username)?;
            if !store::account::revoke(connection, account.id, grant, context.now)? {
                return Err(Error::Conflict(Code::WrongState));
            }
            if grant.role == Role::Administrator {
                keep_an_administrator(connection)?;
            }
            self.log_role(connection, Some(context), account.id, grant, false)?;
            note_role(connection, context, account.id, "revoke_role", grant)?;
            Ok(store::account::revoke_sessions(
                connection,
                account.id,
                "role_revoked",
                context.now,
            )?)
        })?;
        self.keyring.revoke(ended, context.now);
        Ok(())
    }
}

/// The account of a name as it is typed.
pub(crate) fn find_named(connection: &mut AnyConnection, name: &str) -> Result<AccountRow, Error> {
    store::account::find_by_username(connection, &username(name))?.ok_or(Error::NotFound)
}

/// Refuses a change after which nobody could set the service up any more. Two such changes at once look at each other's
/// rows, so that one of them is repeated and finds that it would be the last.
pub(crate) fn keep_an_administrator(connection: &mut AnyConnection) -> Result<(), Error> {
    if store::account::list_with_role(connection, Role::Administrator)?.is_empty() {
        return Err(Error::Conflict(Code::LastAdministrator));
    }
    Ok(())
}

/// A role is held for an agency that is registered under exactly that code.
fn check_agency(connection: &mut AnyConnection, grant: &Grant, field: &str) -> Result<(), Error> {
    let Some(agency) = &grant.agency else { return Ok(()) };
    if store::agency::find(connection, agency.as_str())?.is_none() {
        return Err(Error::field(
            field,
            "unknown",
            "Perangkat daerah dengan kode ini belum terdaftar.",
            "No agency is registered under this code.",
        ));
    }
    Ok(())
}

fn note_role(
    connection: &mut AnyConnection,
    context: &Context,
    account: AccountId,
    action: &'static str,
    grant: &Grant,
) -> Result<(), Error> {
    let agency = grant
        .agency
        .as_ref()
        .map_or_else(String::new, |agency| format!(":{agency}"));
    let role = format!("{}{agency}", grant.role.code());
    note_event(
        connection,
        context,
        "account",
        &account.to_string(),
        action,
        Some(&role),
    )
}
