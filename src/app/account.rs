//! Accounts of officials: who there is, closing and opening them, and a new start after a lost password.

use crate::app::App;
use crate::app::context::Context;
use crate::app::error::Code;
use crate::app::error::Error;
use crate::app::event::note_event;
use crate::app::event::note_step;
use crate::app::role::find_named;
use crate::app::role::keep_an_administrator;
use crate::domain::access::Grant;
use crate::domain::access::Role;
use crate::domain::access::Scope;
use crate::domain::activation::ActivationCode;
use crate::domain::activation::GOOD_FOR;
use crate::domain::instant::Instant;
use crate::store;
pub use crate::store::account::AccountFilter;
use crate::store::account::AccountRow;
use crate::store::backend::AnyConnection;

/// An account with the roles granted to it.
#[derive(Clone, Debug)]
pub struct Official {
    /// The account.
    pub account: AccountRow,
    /// Roles granted and not revoked.
    pub grants: Vec<Grant>,
}

/// A code for an account to start anew with. It is told once: only its digest is kept.
#[derive(Clone, Debug)]
pub struct NewStart {
    /// What the account signs in with.
    pub username: String,
    /// The code.
    pub code: ActivationCode,
    /// Until when it is good.
    pub expires_at: Instant,
}

impl App {
    /// Accounts of officials by username: those that no personnel import brought, and those of staff who hold a granted
    /// role. One more than the filter's limit, so that the caller knows of a next page.
    pub fn list_officials(&self, _scope: &Scope, filter: &AccountFilter) -> Result<Vec<Official>, Error> {
        self.store.read(|connection| {
            let accounts = store::account::list_officials(connection, filter)?;
            let ids: Vec<_> = accounts.iter().map(|account| account.id).collect();
            let mut grants = store::account::grants_of(connection, &ids)?;
            Ok(accounts
                .into_iter()
                .map(|account| Official {
                    grants: grants.remove(&account.id).unwrap_or_default(),
                    account,
                })
                .collect())
        })
    }

    /// Closes an official's account, and ends its sessions, or opens it again with the roles that it holds. An account
    /// that is so already stays as it is. The last active administrator can't be closed.
    pub fn set_account_state(
        &self,
        context: &Context,
        _scope: &Scope,
        username: &str,
        is_disabled: bool,
        reason: Option<&str>,
    ) -> Result<(), Error> {
        let ended = self.store.write(|connection| {
            let Official { account, grants } = find_official(connection, username)?;
            if is_disabled == (account.state == "disabled") {
                return Ok::<_, Error>(Vec::new());
            }
            let (action, state) = match (is_disabled, account.password_hash.is_some()) {
                (true, _) => ("disable", "disabled"),
                (false, true) => ("enable", "active"),
                (false, false) => ("enable", "pending"),
            };
            store::account::set_state(connection, account.id, state)?;
            if is_disabled && is_administrator(&grants) {
                keep_an_administrator(connection)?;
            }
            note_step(
                connection,
                context,
                ("account", &account.id.to_string()),
                action,
                (Some(&account.state), Some(state)),
                reason,
            )?;
            if is_disabled {
                Ok(store::account::revoke_sessions(
                    connection,
                    account.id,
                    "disabled",
                    context.now,
                )?)
            } else {
                Ok(Vec::new())
            }
        })?;
        self.keyring.revoke(ended, context.now);
        Ok(())
    }

    /// Takes an official's password away, ends their sessions and gives a one-time code, as for staff. Not for an account
    /// that is closed, nor for the last active administrator.
    pub fn reset_account(&self, context: &Context, scope: &Scope, username: &str) -> Result<NewStart, Error> {
        let (start, ended) = self.store.write(|connection| {
            let Official { account, grants } = find_official(connection, username)?;
            if account.state == "disabled" {
                return Err(Error::Conflict(Code::WrongState));
            }
            let (code, row) = self.new_code(account.id, context.now)?;
            store::activation::reset_account(connection, scope, account.id)?;
            if is_administrator(&grants) {
                keep_an_administrator(connection)?;
            }
            store::activation::replace(connection, scope, &[row])?;
            let ended = store::account::revoke_sessions(connection, account.id, "password_changed", context.now)?;
            note_event(connection, context, "account", &account.id.to_string(), "reset", None)?;
            let start = NewStart {
                username: account.username,
                code,
                expires_at: context.now.plus(GOOD_FOR),
            };
            Ok::<_, Error>((start, ended))
        })?;
        self.keyring.revoke(ended, context.now);
        Ok(start)
    }
}

/// The account of a name, where it is an official's. Those of staff without a granted role are their operator's to reset,
/// and an administrator does not learn of them.
fn find_official(connection: &mut AnyConnection, username: &str) -> Result<Official, Error> {
    let account = find_named(connection, username)?;
    let grants = store::account::grants(connection, account.id)?;
    if account.employee_id.is_some() && grants.is_empty() {
        return Err(Error::NotFound);
    }
    Ok(Official { account, grants })
}

fn is_administrator(grants: &[Grant]) -> bool {
    grants.iter().any(|grant| grant.role == Role::Administrator)
}
