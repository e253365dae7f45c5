//! Outlines of regions: small in number, read whole with the rules, replaced together.

use crate::domain::circular::jurisdiction::JurisdictionCode;
use crate::domain::ids::AccountId;
use crate::domain::instant::Instant;
use crate::domain::region_outline::RegionOutline;
use crate::store::backend::AnyConnection;
use crate::store::backend::per_backend;
use crate::store::columns::Json;
use crate::store::error::Error;
use crate::store::schema::region_outline;
use crate::store::schema::region_outline_set;
use chrono::NaiveDate;
use diesel::prelude::*;

/// One outline as it is kept.
#[derive(Debug, Queryable, Insertable, Selectable)]
#[diesel(table_name = region_outline)]
struct OutlineRow {
    code: String,
    name: String,
    source: String,
    dated_on: NaiveDate,
    accuracy_metres: i32,
    corners: i32,
    parts: Json,
}

/// What a list tells of an outline, without its corners.
#[derive(Clone, Debug, PartialEq, Queryable)]
pub struct OutlineSummary {
    /// Kemendagri code.
    pub code: String,
    /// Its name, as the source spells it.
    pub name: String,
    /// Where it comes from.
    pub source: String,
    /// Of which date it is.
    pub dated_on: NaiveDate,
    /// How far it may be from the true border, metres.
    pub accuracy_metres: i32,
    /// How many corners it has.
    pub corners: i32,
}

/// How often the outlines were replaced, and when last.
#[derive(Clone, Copy, Debug, PartialEq, Queryable)]
pub struct OutlineSet {
    /// 0 where nobody has imported any.
    pub version: i32,
    /// When the last import was.
    pub imported_at: Option<Instant>,
}

/// Every outline, by code.
pub fn list(connection: &mut AnyConnection) -> Result<Vec<RegionOutline>, Error> {
    let rows: Vec<OutlineRow> = region_outline::table
        .order(region_outline::code)
        .select(OutlineRow::as_select())
        .load(connection)?;
    rows.into_iter().map(read).collect()
}

/// What every outline is, without its corners; by code.
pub fn list_summaries(connection: &mut AnyConnection) -> Result<Vec<OutlineSummary>, Error> {
    Ok(region_outline::table
        .order(region_outline::code)
        .select((
            region_outline::code,
            region_outline::name,
            region_outline::source,
            region_outline::dated_on,
            region_outline::accuracy_metres,
            region_outline::corners,
        ))
        .load(connection)?)
}

/// How the set as a whole stands.
pub fn find_set(connection: &mut AnyConnection) -> Result<OutlineSet, Error> {
    Ok(region_outline_set::table
        .find(1_i16)
        .select((region_outline_set::version, region_outline_set::imported_at))
        .first(connection)?)
}

/// Puts these outlines in the place of all that were there, if the set is still of version `was`.
pub fn replace(
    connection: &mut AnyConnection,
    outlines: &[RegionOutline],
    was: i32,
    imported_by: AccountId,
    imported_at: Instant,
) -> Result<(), Error> {
    let unchanged = region_outline_set::table
        .find(1_i16)
        .filter(region_outline_set::version.eq(was));
    let raised = diesel::update(unchanged)
        .set((
            region_outline_set::version.eq(was.saturating_add(1)),
            region_outline_set::imported_at.eq(Some(imported_at)),
            region_outline_set::imported_by.eq(Some(imported_by)),
        ))
        .execute(connection)?;
    if raised == 0 {
        return Err(Error::Missing);
    }
    diesel::delete(region_outline::table).execute(connection)?;
    let rows = outlines.iter().map(written).collect::<Result<Vec<_>, Error>>()?;
    for rows in rows.chunks(100) {
        per_backend!(connection, inner => diesel::insert_into(region_outline::table).values(rows).execute(inner))?;
    }
    Ok(())
}

fn written(outline: &RegionOutline) -> Result<OutlineRow, Error> {
    let corrupt = || Error::Corrupt("region_outline");
    Ok(OutlineRow {
        code: outline.code.as_str().to_owned(),
        name: outline.name.clone(),
        source: outline.source.clone(),
        dated_on: outline.dated_on,
        accuracy_metres: i32::try_from(outline.accuracy_metres).ok().ok_or_else(corrupt)?,
        corners: i32::try_from(outline.corners()).ok().ok_or_else(corrupt)?,
        parts: Json(serde_json::to_value(&outline.parts).ok().ok_or_else(corrupt)?),
    })
}

fn read(row: OutlineRow) -> Result<RegionOutline, Error> {
    let corrupt = || Error::Corrupt("region_outline");
    Ok(RegionOutline {
        code: row.code.parse::<JurisdictionCode>().ok().ok_or_else(corrupt)?,
        name: row.name,
        source: row.source,
        dated_on: row.dated_on,
        accuracy_metres: u32::try_from(row.accuracy_metres).ok().ok_or_else(corrupt)?,
        parts: serde_json::from_value(row.parts.0).ok().ok_or_else(corrupt)?,
    })
}
