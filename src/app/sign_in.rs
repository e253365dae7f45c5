//! Signing in, staying signed in over bad networks, and signing out.

use crate::app::App;
use crate::app::context::Context;
use crate::app::error::Code;
use crate::app::error::Error;
use crate::domain::access::Actor;
use crate::domain::access::Grant;
use crate::domain::access::Role;
use crate::domain::employee_number::username;
use crate::domain::ids::SessionId;
use crate::domain::instant::Instant;
pub use crate::platform::password::Password;
use crate::platform::token::ACCESS_SECONDS;
use crate::platform::token::Tokens;
use crate::store;
use crate::store::account::AccountRow;
use crate::store::account::RefreshTokenRow;
use crate::store::account::SessionRow;
use crate::store::backend::AnyConnection;
use chrono::Duration;

/// How long a refresh token is good for.
pub const REFRESH_DAYS: i64 = 60;
/// How long a used refresh token still gives its successor: phones lose answers (clients.md section 0, item 10).
pub const REFRESH_GRACE: Duration = Duration::minutes(10);
/// Failures from unknown devices before delays begin.
const FREE_FAILURES: i32 = 5;
/// The longest delay.
const LONGEST_DELAY_SECONDS: i64 = 900;

/// What a person types to sign in.
#[derive(Clone, Debug)]
pub struct Credentials {
    /// NIP, internal number or name.
    pub username: String,
    /// The password.
    pub password: Password,
    /// Random per install, made by the client; empty where there is none.
    pub device_id: String,
}

/// What a signed-in client holds.
#[derive(Clone, Debug)]
pub struct Signed {
    /// Short-lived.
    pub access_token: String,
    /// Seconds until the access token runs out.
    pub expires_in: i64,
    /// Good once, for 60 days.
    pub refresh_token: String,
}

/// The signed-in person as shown to themselves.
#[derive(Clone, Debug)]
pub struct Profile {
    /// The account.
    pub account: AccountRow,
    /// Roles held now.
    pub grants: Vec<Grant>,
}

/// Seconds to wait before the next attempt after so many failures in a row: none up to 5, then 2, 4, 8 ... 900.
pub fn delay_seconds(failures: i32) -> i64 {
    match u32::try_from(failures.saturating_sub(FREE_FAILURES)) {
        Ok(0) | Err(_) => 0,
        Ok(over) => 2_i64.saturating_pow(over.min(20)).min(LONGEST_DELAY_SECONDS),
    }
}

/// The answer to a password that may not be one.
pub(crate) fn unacceptable_password(field: &str) -> Error {
    Error::field(
        field,
        "password",
        "Kata sandi harus 10 sampai 128 karakter dan tidak sama dengan nama pengguna.",
        "A password has 10 to 128 characters and is not the username.",
    )
}

impl App {
    /// Checks a password and opens a session. Takes tens of milliseconds of CPU.
    pub fn sign_in(&self, credentials: &Credentials) -> Result<Signed, Error> {
        let now = self.now();
        let account = self.check_credentials(credentials, now)?;
        let refresh_token = self.tokens.first_refresh(self.entropy.bytes()?);
        let ends_at = now.plus(Duration::days(REFRESH_DAYS));
        let session = self.new_session(&account, credentials, (now, ends_at))?;
        let actor = self.store.write(|connection| {
            open_session(connection, &account, &session)?;
            insert_refresh(connection, &refresh_token, session.id, 0, now)?;
            actor(connection, &account, session.id)
        })?;
        self.signed(&actor, refresh_token, now)
    }

    /// The active account that a name and password belong to. Failures from unknown devices slow the next attempt down.
    pub(crate) fn check_credentials(&self, credentials: &Credentials, now: Instant) -> Result<AccountRow, Error> {
        // Failures count against the name whatever the case that it is typed in.
        let username = username(&credentials.username).to_ascii_lowercase();
        let username = username.as_str();
        let (account, is_known) = self.store.read(|connection| {
            let account = store::account::find_by_username(connection, username)?;
            let is_known = match &account {
                Some(account) => store::account::is_known_device(connection, account.id, &credentials.device_id)?,
                None => false,
            };
            if !is_known {
                let failures = store::account::find_failures(connection, username, "")?;
                check_delay(failures, now)?;
            }
            Ok::<_, Error>((account, is_known))
        })?;
        let hash = account
            .as_ref()
            .filter(|account| account.state == "active")
            .and_then(|a| a.password_hash.as_deref());
        if !self.passwords.verify(&credentials.password, hash) {
            // A known device is never slowed down: NIPs are public, and nobody may lock an agency out by guessing.
            if !is_known {
                self.store
                    .write(|connection| store::account::add_failure(connection, username, "", now))?;
            }
            return Err(Error::Unauthenticated(Code::InvalidCredentials));
        }
        account.ok_or(Error::Unauthenticated(Code::InvalidCredentials))
    }

    /// A session of an account from one moment to the other, not stored yet.
    pub(crate) fn new_session(
        &self,
        account: &AccountRow,
        credentials: &Credentials,
        (created_at, expires_at): (Instant, Instant),
    ) -> Result<SessionRow, Error> {
        Ok(SessionRow {
            id: SessionId::new(self.entropy.uuid(created_at)?),
            account_id: account.id,
            device_id: credentials.device_id.clone(),
            created_at,
            expires_at,
            revoked_at: None,
            revoked_reason: None,
        })
    }

    /// Exchanges a refresh token. Repeated within the grace it gives the same successor; later, or after sign-out,
    /// it ends the whole session: someone else may hold the token.
    pub fn refresh(&self, refresh_token: &str) -> Result<Signed, Error> {
        let now = self.now();
        let digest = Tokens::digest(refresh_token);
        let refused = || Error::Unauthenticated(Code::InvalidRefreshToken);
        let successor = self.tokens.successor(refresh_token);
        let outcome = self.store.write(|connection| {
            let token = store::account::find_refresh(connection, &digest)?.ok_or_else(refused)?;
            let session = store::account::find_session(connection, token.session_id)?.ok_or_else(refused)?;
            if session.revoked_at.is_some() || now.since(token.issued_at) > Duration::days(REFRESH_DAYS) {
                return Err(refused());
            }
            match token.used_at {
                Some(used_at) if now.since(used_at) > REFRESH_GRACE => {
                    store::account::revoke_session(connection, session.id, "reused", now)?;
                    return Ok(Exchange::Reused(session.id));
                }
                Some(_) => {}
                None => {
                    store::account::use_refresh(connection, &digest, now)?;
                    insert_refresh(
                        connection,
                        &successor,
                        session.id,
                        token.generation.saturating_add(1),
                        now,
                    )?;
                    store::account::extend_session(connection, session.id, now.plus(Duration::days(REFRESH_DAYS)))?;
                }
            }
            let account = store::account::find(connection, session.account_id)?.ok_or_else(refused)?;
            if account.state != "active" {
                return Err(refused());
            }
            Ok(Exchange::Done(actor(connection, &account, session.id)?))
        })?;
        match outcome {
            Exchange::Done(actor) => self.signed(&actor, successor, now),
            Exchange::Reused(session) => {
                self.keyring.revoke([session], now);
                tracing::warn!(%session, "a used refresh token came back; the session is ended");
                Err(refused())
            }
        }
    }

    /// Ends the session that the call was made with. Access tokens of it stop at once here, and on other instances when
    /// their jobs run next, within half a minute.
    pub fn sign_out(&self, context: &Context) -> Result<(), Error> {
        let session = context.actor.session();
        self.store
            .write(|connection| store::account::revoke_session(connection, session, "signed_out", context.now))?;
        self.keyring.revoke([session], context.now);
        Ok(())
    }

    /// Ends every session of the account that calls, on phones and in browsers, this one too.
    pub fn sign_out_everywhere(&self, context: &Context) -> Result<(), Error> {
        let ended = self.store.write(|connection| {
            store::account::revoke_sessions(connection, context.account(), "signed_out", context.now)
        })?;
        self.keyring.revoke(ended, context.now);
        Ok(())
    }

    /// Learns which sessions were ended on other instances, or before this one started, while their access tokens last.
    pub(crate) fn learn_ended_sessions(&self) -> Result<(), Error> {
        let now = self.now();
        let after = now.plus(-Duration::seconds(ACCESS_SECONDS));
        let ended = self
            .store
            .read(|connection| Ok::<_, Error>(store::account::list_revoked_sessions(connection, after)?))?;
        let ended = ended
            .into_iter()
            .filter_map(|(session, ended_at)| Some((session, ended_at?)));
        self.keyring.revoke_all(ended, now);
        Ok(())
    }

    /// The account that calls.
    pub fn profile(&self, context: &Context) -> Result<Profile, Error> {
        self.store.read(|connection| {
            let account = store::account::find(connection, context.account())?.ok_or(Error::NotFound)?;
            Ok(Profile {
                account,
                grants: context.actor.grants().to_vec(),
            })
        })
    }

    /// Changes one's own password; every other session of the account ends.
    pub fn change_password(&self, context: &Context, current: &Password, new: &Password) -> Result<(), Error> {
        let account = self.profile(context)?.account;
        if !self.passwords.verify(current, account.password_hash.as_deref()) {
            return Err(Error::Unauthenticated(Code::InvalidCredentials));
        }
        if !new.is_acceptable(&account.username) {
            return Err(unacceptable_password("new_password"));
        }
        let hash = self.passwords.hash(new)?;
        let ended = self.store.write(|connection| {
            store::account::set_password(connection, account.id, &hash, context.now)?;
            store::account::revoke_sessions(connection, account.id, "password_changed", context.now)
        })?;
        self.keyring.revoke(ended, context.now);
        Ok(())
    }

    fn signed(&self, actor: &Actor, refresh_token: String, now: Instant) -> Result<Signed, Error> {
        Ok(Signed {
            access_token: self.tokens.issue(actor, now)?,
            expires_in: ACCESS_SECONDS,
            refresh_token,
        })
    }
}

/// How the exchange of a refresh token ended. Reuse is an outcome, not an error: its mark must be committed.
enum Exchange {
    Done(Actor),
    Reused(SessionId),
}

/// Stores a session of an account that has proven itself, and forgets its failures.
pub(crate) fn open_session(
    connection: &mut AnyConnection,
    account: &AccountRow,
    session: &SessionRow,
) -> Result<(), store::error::Error> {
    store::account::clear_failures(connection, &account.username.to_ascii_lowercase(), "")?;
    store::account::remember_device(connection, account.id, &session.device_id, session.created_at)?;
    store::account::insert_session(connection, session)
}

fn check_delay(failures: Option<(i32, Instant)>, now: Instant) -> Result<(), Error> {
    let Some((failures, last_at)) = failures else {
        return Ok(());
    };
    let wait = delay_seconds(failures) - now.since(last_at).num_seconds();
    u64::try_from(wait)
        .ok()
        .filter(|wait| *wait > 0)
        .map_or(Ok(()), |wait| Err(Error::TooMany(Code::TooManyAttempts, wait)))
}

fn insert_refresh(
    connection: &mut AnyConnection,
    token: &str,
    session_id: SessionId,
    generation: i32,
    now: Instant,
) -> Result<(), store::error::Error> {
    let digest = Tokens::digest(token).to_vec();
    store::account::insert_refresh(
        connection,
        &RefreshTokenRow {
            digest,
            session_id,
            generation,
            issued_at: now,
            used_at: None,
        },
    )
}

/// The actor of an account: its granted roles, and those that follow from being staff.
pub(crate) fn actor(connection: &mut AnyConnection, account: &AccountRow, session: SessionId) -> Result<Actor, Error> {
    let mut grants = store::account::grants(connection, account.id)?;
    if let Some(employee) = account.employee_id {
        grants.push(Grant {
            role: Role::Employee,
            agency: None,
        });
        if store::account::heads_a_unit(connection, employee)? {
            grants.push(Grant {
                role: Role::Superior,
                agency: None,
            });
        }
    }
    Ok(Actor::new(account.id, account.employee_id, session, grants))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delays_begin_after_five_failures_and_double_to_a_quarter_of_an_hour() {
        let delays: Vec<i64> = [0, 5, 6, 7, 10, 14, 15, 1_000].into_iter().map(delay_seconds).collect();
        assert_eq!(delays, [0, 0, 2, 4, 32, 512, 900, 900]);
    }
}
