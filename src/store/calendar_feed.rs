//! The addresses under which calendar programs read a person's slots.

use crate::domain::access::Scope;
use crate::domain::ids::EmployeeId;
use crate::domain::instant::Instant;
use crate::store::backend::AnyConnection;
use crate::store::backend::per_backend;
use crate::store::error::Error;
use crate::store::schema::calendar_feed;
use diesel::prelude::*;
use diesel::upsert::excluded;

/// One person's address.
#[derive(Clone, Debug, Queryable, Insertable, Selectable)]
#[diesel(table_name = calendar_feed)]
pub struct FeedRow {
    /// Whose.
    pub employee_id: EmployeeId,
    /// SHA-256 of the secret part of the address.
    pub token_digest: Vec<u8>,
    /// When it was made.
    pub created_at: Instant,
}

/// Sets the scope's own address; the one before it ends.
pub fn replace(connection: &mut AnyConnection, scope: &Scope, row: &FeedRow) -> Result<(), Error> {
    if scope.person() != Some(row.employee_id) {
        return Err(Error::Missing);
    }
    per_backend!(connection, inner => diesel::insert_into(calendar_feed::table)
        .values(row)
        .on_conflict(calendar_feed::employee_id)
        .do_update()
        .set((
            calendar_feed::token_digest.eq(excluded(calendar_feed::token_digest)),
            calendar_feed::created_at.eq(excluded(calendar_feed::created_at)),
        ))
        .execute(inner))?;
    Ok(())
}

/// The scope's own address.
pub fn find_own(connection: &mut AnyConnection, scope: &Scope) -> Result<Option<FeedRow>, Error> {
    let owner = scope.person().ok_or(Error::Missing)?;
    Ok(calendar_feed::table
        .find(owner)
        .select(FeedRow::as_select())
        .first(connection)
        .optional()?)
}

/// Ends the scope's own address.
pub fn delete(connection: &mut AnyConnection, scope: &Scope) -> Result<(), Error> {
    let owner = scope.person().ok_or(Error::Missing)?;
    diesel::delete(calendar_feed::table.find(owner)).execute(connection)?;
    Ok(())
}

/// Whose address has this digest.
pub fn find_by_digest(connection: &mut AnyConnection, digest: &[u8]) -> Result<Option<FeedRow>, Error> {
    Ok(calendar_feed::table
        .filter(calendar_feed::token_digest.eq(digest))
        .select(FeedRow::as_select())
        .first(connection)
        .optional()?)
}
