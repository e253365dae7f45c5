//! Agencies.

use crate::domain::access::Scope;
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

/// A page of the scope's agencies by code.
pub fn list(
    connection: &mut AnyConnection,
    scope: &Scope,
    after: Option<&str>,
    limit: i64,
) -> Result<Vec<AgencyRow>, Error> {
    let mut query = agency::table
        .order(agency::code)
        .limit(limit)
        .select(AgencyRow::as_select())
        .into_boxed();
    if let Some(agencies) = scope.agencies() {
        let agencies: Vec<String> = agencies.into_iter().map(str::to_owned).collect();
        query = query.filter(agency::code.eq_any(agencies));
    }
    if let Some(after) = after {
        query = query.filter(agency::code.gt(after.to_owned()));
    }
    Ok(query.load(connection)?)
}

/// Replaces what is known of an agency that stands at `version`; gives whether it did.
pub fn update(connection: &mut AnyConnection, _scope: &Scope, row: &AgencyRow, version: i32) -> Result<bool, Error> {
    let standing = agency::table.find(&row.code).filter(agency::version.eq(version));
    Ok(diesel::update(standing)
        .set((
            agency::name.eq(&row.name),
            agency::region_code.eq(&row.region_code),
            agency::zone.eq(&row.zone),
            agency::service_kinds.eq(&row.service_kinds),
            agency::version.eq(row.version),
        ))
        .execute(connection)?
        > 0)
}
