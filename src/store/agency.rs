//! Agencies.

use crate::domain::instant::Instant;
use crate::store::backend::AnyConnection;
use crate::store::columns::Json;
use crate::store::error::Error;
use crate::store::schema::agency;
use diesel::prelude::*;

/// One agency (OPD).
#[derive(Clone, Debug, Queryable, Insertable, Selectable)]
#[diesel(table_name = agency)]
pub struct AgencyRow {
    /// Its code, as the government numbers it.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Kemendagri code of the region that it serves, such as `36` or `36.01`.
    pub region_code: String,
    /// IANA zone of its duty places.
    pub zone: String,
    /// What kinds of service it gives, a JSON list of codes such as `health`.
    pub service_kinds: Json,
    /// Raised by every change.
    pub version: i32,
    /// When it was made.
    pub created_at: Instant,
}

/// Adds an agency; a taken code is a duplicate.
pub fn insert(connection: &mut AnyConnection, row: &AgencyRow) -> Result<(), Error> {
    diesel::insert_into(agency::table).values(row).execute(connection)?;
    Ok(())
}

/// The agency of a code.
pub fn find(connection: &mut AnyConnection, code: &str) -> Result<Option<AgencyRow>, Error> {
    Ok(agency::table
        .find(code)
        .select(AgencyRow::as_select())
        .first(connection)
        .optional()?)
}
