//! Which data directory belongs to this database.

use crate::store::backend::AnyConnection;
use crate::store::backend::per_backend;
use crate::store::error::Error;
use crate::store::schema::data_directory;
use diesel::prelude::*;

/// Remembers the marker of the first directory that was used with the database; gives the remembered one.
pub fn claim(connection: &mut AnyConnection, marker: &str) -> Result<String, Error> {
    let row = (data_directory::id.eq(1), data_directory::marker.eq(marker));
    per_backend!(connection, inner => diesel::insert_into(data_directory::table)
        .values(row)
        .on_conflict_do_nothing()
        .execute(inner))?;
    Ok(data_directory::table
        .find(1)
        .select(data_directory::marker)
        .first(connection)?)
}
