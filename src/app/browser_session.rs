//! Officials at a browser: an opaque cookie in place of tokens, which the page itself can't read.

use crate::app::App;
use crate::app::context::Context;
use crate::app::error::Code;
use crate::app::error::Error;
use crate::app::sign_in::Credentials;
use crate::app::sign_in::actor;
use crate::app::sign_in::open_session;
use crate::domain::browser_session::Standing;
use crate::domain::instant::Instant;
use crate::platform::token::Tokens;
use crate::store;
use crate::store::account::SessionRow;
use crate::store::backend::AnyConnection;
use crate::store::browser_session::BrowserSessionRow;

/// A session that a cookie has proven, or a new one. The cookie itself is not in it.
#[derive(Clone, Debug)]
pub struct BrowserSession {
    /// When it ends, used or not.
    pub standing: Standing,
    /// What the page sends with everything that changes something. No secret from the page, only from others' pages.
    pub csrf_token: String,
}

/// A browser that has just signed in.
pub struct BrowserSignIn {
    /// 256 bits of randomness in base64url; only its digest is kept.
    pub cookie: String,
    /// The circumstances of a call of the new session.
    pub context: Context,
    /// The session.
    pub session: BrowserSession,
}

impl std::fmt::Debug for BrowserSignIn {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("BrowserSignIn(hidden)")
    }
}

impl App {
    /// Checks a password as [`App::sign_in`] does and opens a session for a browser. The one that its cookie stood for
    /// before, if it did, ends.
    pub fn sign_in_browser(&self, credentials: &Credentials, before: Option<&str>) -> Result<BrowserSignIn, Error> {
        let now = self.now();
        let account = self.check_credentials(credentials, now)?;
        let cookie = Tokens::cookie(self.entropy.bytes()?);
        let ends_at = self.browser_limits.end(now);
        let session = self.new_session(&account, credentials, (now, ends_at))?;
        let (actor, ended) = self.store.write(|connection| {
            let ended = before.map_or(Ok(None), |before| find(connection, before))?;
            if let Some((before, _)) = &ended {
                store::account::revoke_session(connection, before.id, "signed_out", now)?;
            }
            open_session(connection, &account, &session)?;
            let row = BrowserSessionRow {
                digest: Tokens::digest(&cookie).to_vec(),
                session_id: session.id,
                seen_at: now,
            };
            store::browser_session::insert(connection, &row)?;
            Ok::<_, Error>((actor(connection, &account, session.id)?, ended))
        })?;
        self.keyring.revoke(ended.map(|(before, _)| before.id), now);
        let standing = self.browser_limits.standing(ends_at, now, now);
        Ok(BrowserSignIn {
            context: Context { actor, now },
            session: BrowserSession {
                standing: standing.ok_or(Error::Unauthenticated(Code::Unauthenticated))?,
                csrf_token: self.tokens.csrf_token(&cookie),
            },
            cookie,
        })
    }

    /// Turns a cookie into the circumstances of a call with the roles that the account holds now, or says that it proves
    /// nothing. Reads the database, and writes to it once a minute at most.
    pub fn authenticate_browser(&self, cookie: &str) -> Result<(Context, BrowserSession), Error> {
        let now = self.now();
        let refused = || Error::Unauthenticated(Code::Unauthenticated);
        let (actor, standing) = self.store.read(|connection| {
            let (session, seen_at) = find(connection, cookie)?.ok_or_else(refused)?;
            let standing = self.browser_limits.standing(session.expires_at, seen_at, now);
            let standing = standing.ok_or_else(refused)?;
            let account = store::account::find(connection, session.account_id)?;
            let account = account
                .filter(|account| account.state == "active")
                .ok_or_else(refused)?;
            Ok::<_, Error>((actor(connection, &account, session.id)?, standing))
        })?;
        if standing.is_noted {
            let digest = Tokens::digest(cookie);
            self.store
                .write(|connection| store::browser_session::note_use(connection, &digest, now))?;
        }
        let session = BrowserSession {
            standing,
            csrf_token: self.tokens.csrf_token(cookie),
        };
        Ok((Context { actor, now }, session))
    }

    /// Whether the session that a call was made with goes on, for answers that last longer than a call. Asking is no use
    /// of the session: a board that is only looked at does not keep it.
    pub fn goes_on(&self, context: &Context) -> Result<bool, Error> {
        let now = self.now();
        let id = context.actor.session();
        if self.keyring.is_revoked(id, now) {
            return Ok(false);
        }
        self.store.read(|connection| {
            let session = store::account::find_session(connection, id)?;
            let Some(session) = session.filter(|session| session.revoked_at.is_none()) else {
                return Ok(false);
            };
            Ok(match store::browser_session::find_use(connection, id)? {
                Some(seen_at) => self.browser_limits.standing(session.expires_at, seen_at, now).is_some(),
                None => now < session.expires_at,
            })
        })
    }

    /// Whether `given` is what the page of a cookie must know to change anything.
    pub fn is_csrf_token(&self, cookie: &str, given: &str) -> bool {
        self.tokens.is_csrf_token(cookie, given)
    }
}

/// The session of a cookie, unless it was ended, and when it was last used.
fn find(connection: &mut AnyConnection, cookie: &str) -> Result<Option<(SessionRow, Instant)>, store::error::Error> {
    store::browser_session::find(connection, &Tokens::digest(cookie))
}
