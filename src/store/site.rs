//! Offices and duty posts.

use crate::domain::access::AgencyCode;
use crate::domain::access::Scope;
use crate::domain::ids::SiteId;
use crate::domain::ids::UnitId;
use crate::domain::place::Fence;
use crate::domain::site::SiteKind;
use crate::store::backend::AnyConnection;
use crate::store::columns::Json;
use crate::store::error::Error;
use crate::store::schema::site;
use chrono::NaiveDate;
use diesel::prelude::*;

/// One site.
#[derive(Clone, Debug, Queryable, Insertable, Selectable, AsChangeset)]
#[diesel(table_name = site, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct SiteRow {
    /// Its id.
    pub id: SiteId,
    /// Whose.
    pub agency_code: String,
    /// The unit that sits there; none for the whole agency.
    pub unit_id: Option<UnitId>,
    /// For people.
    pub name: String,
    /// Office or duty post.
    pub kind: SiteKind,
    /// Where, as [`Fence`] writes itself.
    pub fence: Json,
    /// First day.
    pub valid_from: NaiveDate,
    /// Last day; open is the present.
    pub valid_to: Option<NaiveDate>,
    /// Raised by every change.
    pub version: i32,
}

impl SiteRow {
    /// The fence.
    pub fn read_fence(&self) -> Result<Fence, Error> {
        serde_json::from_value(self.fence.0.clone())
            .ok()
            .ok_or(Error::Corrupt("site.fence"))
    }
}

/// Adds a site.
pub fn insert(connection: &mut AnyConnection, _scope: &Scope, row: &SiteRow) -> Result<(), Error> {
    diesel::insert_into(site::table).values(row).execute(connection)?;
    Ok(())
}

/// A page of an agency's sites, in the order in which they were made.
pub fn list(
    connection: &mut AnyConnection,
    scope: &Scope,
    agency: &AgencyCode,
    after: Option<SiteId>,
    limit: i64,
) -> Result<Vec<SiteRow>, Error> {
    if !scope.covers(agency) {
        return Err(Error::Missing);
    }
    let mut query = site::table
        .filter(site::agency_code.eq(agency.as_str()))
        .order(site::id)
        .limit(limit)
        .select(SiteRow::as_select())
        .into_boxed();
    if let Some(after) = after {
        query = query.filter(site::id.gt(after));
    }
    Ok(query.load(connection)?)
}

/// A site of the agency.
pub fn find(
    connection: &mut AnyConnection,
    scope: &Scope,
    agency: &AgencyCode,
    id: SiteId,
) -> Result<Option<SiteRow>, Error> {
    if !scope.covers(agency) {
        return Err(Error::Missing);
    }
    Ok(site::table
        .find(id)
        .filter(site::agency_code.eq(agency.as_str()))
        .select(SiteRow::as_select())
        .first(connection)
        .optional()?)
}

/// Replaces a site that stands at `version`; gives whether it did.
pub fn update(connection: &mut AnyConnection, _scope: &Scope, row: &SiteRow, version: i32) -> Result<bool, Error> {
    let standing = site::table.find(row.id).filter(site::version.eq(version));
    Ok(diesel::update(standing).set(row).execute(connection)? > 0)
}
