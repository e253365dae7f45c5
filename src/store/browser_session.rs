//! Sessions of browsers: which cookie stands for which session, and when it was last used.

use crate::domain::ids::SessionId;
use crate::domain::instant::Instant;
use crate::store::account::SessionRow;
use crate::store::backend::AnyConnection;
use crate::store::error::Error;
use crate::store::schema::browser_session;
use crate::store::schema::session;
use diesel::prelude::*;

/// What is stored of a session's cookie.
#[derive(Clone, Debug, Queryable, Insertable, Selectable)]
#[diesel(table_name = browser_session)]
pub struct BrowserSessionRow {
    /// SHA-256 of the cookie's value.
    pub digest: Vec<u8>,
    /// The session that it stands for.
    pub session_id: SessionId,
    /// When it was last used, within a minute.
    pub seen_at: Instant,
}

/// Adds the cookie of a session.
pub fn insert(connection: &mut AnyConnection, row: &BrowserSessionRow) -> Result<(), Error> {
    diesel::insert_into(browser_session::table)
        .values(row)
        .execute(connection)?;
    Ok(())
}

/// The session of a cookie's digest, unless it was ended, and when the cookie was last used.
pub fn find(connection: &mut AnyConnection, digest: &[u8]) -> Result<Option<(SessionRow, Instant)>, Error> {
    Ok(browser_session::table
        .inner_join(session::table.on(session::id.eq(browser_session::session_id)))
        .filter(browser_session::digest.eq(digest))
        .filter(session::revoked_at.is_null())
        .select((SessionRow::as_select(), browser_session::seen_at))
        .first(connection)
        .optional()?)
}

/// When a session's cookie was last used; none of a session without one.
pub fn find_use(connection: &mut AnyConnection, id: SessionId) -> Result<Option<Instant>, Error> {
    Ok(browser_session::table
        .filter(browser_session::session_id.eq(id))
        .select(browser_session::seen_at)
        .first(connection)
        .optional()?)
}

/// Notes that a cookie is used; an earlier moment than the noted one changes nothing.
pub fn note_use(connection: &mut AnyConnection, digest: &[u8], now: Instant) -> Result<(), Error> {
    diesel::update(
        browser_session::table
            .find(digest)
            .filter(browser_session::seen_at.lt(now)),
    )
    .set(browser_session::seen_at.eq(now))
    .execute(connection)?;
    Ok(())
}
