//! Granting and revoking roles, and making the first accounts.

use crate::app::App;
use crate::app::context::Context;
use crate::app::error::Code;
use crate::app::error::Error;
use crate::domain::access::Grant;
use crate::domain::access::Scope;
use crate::domain::ids::AccountId;
use crate::platform::password::Password;
use crate::store;
use crate::store::account::AccountRow;

/// An account that is not born from a personnel import.
#[derive(Clone, Debug)]
pub struct NewAccount {
    /// 3 to 64 characters.
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
        if !new.password.is_acceptable(&new.username) {
            return Err(crate::app::sign_in::unacceptable_password("password"));
        }
        let now = self.now();
        let id = AccountId::new(self.entropy.uuid(now)?);
        let hash = self.passwords.hash(&new.password)?;
        self.store.write(|connection| {
            store::account::insert(
                connection,
                &AccountRow {
                    id,
                    username: new.username.clone(),
                    employee_id: None,
                    display_name: new.display_name.clone(),
                    password_hash: Some(hash.clone()),
                    state: "active".to_owned(),
                    created_at: now,
                    password_set_at: Some(now),
                },
            )?;
            for grant in &new.grants {
                store::account::grant(connection, id, grant, None, now)?;
            }
            Ok(id)
        })
    }

    /// Makes an account with roles at an administrator's word; it is active at once.
    pub fn create_account(&self, context: &Context, _scope: &Scope, new: &NewAccount) -> Result<AccountId, Error> {
        let id = self.add_account(new)?;
        tracing::info!(account = %id, by = %context.account(), "account created");
        Ok(id)
    }

    /// Grants a role to the account of a username.
    pub fn grant_role(&self, context: &Context, _scope: &Scope, username: &str, grant: &Grant) -> Result<(), Error> {
        self.store.write(|connection| {
            let account = store::account::find_by_username(connection, username)?.ok_or(Error::NotFound)?;
            store::account::grant(connection, account.id, grant, Some(context.account()), context.now)?;
            Ok(())
        })
    }

    /// Ends a role of the account of a username; a role that is not held is a conflict.
    pub fn revoke_role(&self, context: &Context, _scope: &Scope, username: &str, grant: &Grant) -> Result<(), Error> {
        self.store.write(|connection| {
            let account = store::account::find_by_username(connection, username)?.ok_or(Error::NotFound)?;
            if store::account::revoke(connection, account.id, grant, context.now)? {
                Ok(())
            } else {
                Err(Error::Conflict(Code::WrongState))
            }
        })
    }
}
