//! Wrapped data keys, one an agency and month.

use crate::domain::access::AgencyCode;
use crate::domain::ids::DataKeyId;
use crate::domain::instant::Instant;
use crate::store::backend::AnyConnection;
use crate::store::backend::per_backend;
use crate::store::error::Error;
use crate::store::schema::data_key;
use diesel::prelude::*;

/// The id and wrapped key of an agency and month.
pub fn find(
    connection: &mut AnyConnection,
    agency: &AgencyCode,
    month: &str,
) -> Result<Option<(DataKeyId, Vec<u8>)>, Error> {
    Ok(data_key::table
        .filter(data_key::agency_code.eq(agency.as_str()))
        .filter(data_key::month.eq(month))
        .select((data_key::id, data_key::wrapped))
        .first(connection)
        .optional()?)
}

/// Wrapped keys by id.
pub fn list(connection: &mut AnyConnection, ids: &[DataKeyId]) -> Result<Vec<(DataKeyId, Vec<u8>)>, Error> {
    Ok(data_key::table
        .filter(data_key::id.eq_any(ids))
        .select((data_key::id, data_key::wrapped))
        .load(connection)?)
}

/// Adds a key unless the agency and month has one.
pub fn insert_if_absent(
    connection: &mut AnyConnection,
    id: DataKeyId,
    agency: &AgencyCode,
    month: &str,
    wrapped: &[u8],
    now: Instant,
) -> Result<(), Error> {
    let row = (
        data_key::id.eq(id),
        data_key::agency_code.eq(agency.as_str()),
        data_key::month.eq(month),
        data_key::wrapped.eq(wrapped),
        data_key::created_at.eq(now),
    );
    per_backend!(connection, inner => diesel::insert_into(data_key::table)
        .values(row)
        .on_conflict_do_nothing()
        .execute(inner))?;
    Ok(())
}
