//! Everything that judging reads and many people share: circulars in the world, holidays, sites, agencies, units.
//! Small tables; read whole and kept until the epoch moves.

use crate::domain::calendar::Holiday;
use crate::domain::calendar::HolidayKind;
use crate::domain::circular::content::Content;
use crate::domain::circular::lifecycle::Circular;
use crate::domain::circular::lifecycle::CircularState;
use crate::domain::ids::CircularId;
use crate::domain::ids::SiteId;
use crate::domain::ids::UnitId;
use crate::domain::place::Fence;
use crate::store::agency::AgencyRow;
use crate::store::backend::AnyConnection;
use crate::store::columns::Json;
use crate::store::error::Error;
use crate::store::schema::agency;
use crate::store::schema::calendar_day;
use crate::store::schema::calendar_year;
use crate::store::schema::circular;
use crate::store::schema::rule_epoch;
use crate::store::schema::site;
use crate::store::schema::unit;
use chrono::NaiveDate;
use diesel::prelude::*;

/// A site as judging needs it.
#[derive(Clone, Debug)]
pub struct SiteInUse {
    /// Which.
    pub id: SiteId,
    /// Whose.
    pub agency_code: String,
    /// The unit that sits there; none for the whole agency.
    pub unit_id: Option<UnitId>,
    /// Where.
    pub fence: Fence,
    /// First day.
    pub valid_from: NaiveDate,
    /// Last day; open is the present.
    pub valid_to: Option<NaiveDate>,
}

/// The epoch of the rules: what was read under one number is still true while it stands.
pub fn epoch(connection: &mut AnyConnection) -> Result<i64, Error> {
    Ok(rule_epoch::table.select(rule_epoch::epoch).first(connection)?)
}

/// Gives the rules a new epoch, in the transaction of whatever changed them. It must never have been used before.
pub fn set_epoch(connection: &mut AnyConnection, epoch: i64) -> Result<(), Error> {
    diesel::update(rule_epoch::table)
        .set(rule_epoch::epoch.eq(epoch))
        .execute(connection)?;
    Ok(())
}

/// Every circular that was ever issued, revoked ones too: they still rule their own days.
pub fn list_circulars(connection: &mut AnyConnection) -> Result<Vec<Circular>, Error> {
    let rows: Vec<(CircularId, String, Option<NaiveDate>, Json)> = circular::table
        .filter(circular::state.eq_any(["issued", "revoked"]))
        .select((circular::id, circular::state, circular::revoked_from, circular::body))
        .load(connection)?;
    rows.into_iter()
        .map(|(id, state, revoked_from, Json(body))| {
            let content: Content = serde_json::from_value(body)
                .ok()
                .ok_or(Error::Corrupt("circular.body"))?;
            let state = CircularState::from_code(&state).ok_or(Error::Corrupt("circular.state"))?;
            Ok(Circular {
                id,
                content,
                state,
                revoked_from,
            })
        })
        .collect()
}

/// The years whose holidays BKD has set anew.
pub fn list_replaced_years(connection: &mut AnyConnection) -> Result<Vec<i32>, Error> {
    Ok(calendar_year::table.select(calendar_year::year).load(connection)?)
}

/// The holidays that BKD has set in place of those that ship with the service.
pub fn list_holidays(connection: &mut AnyConnection) -> Result<Vec<Holiday>, Error> {
    let rows: Vec<(NaiveDate, String, String)> = calendar_day::table.load(connection)?;
    rows.into_iter()
        .map(|(date, kind, name)| {
            let kind = HolidayKind::from_code(&kind).ok_or(Error::Corrupt("calendar_day.kind"))?;
            Ok(Holiday { date, kind, name })
        })
        .collect()
}

/// Every site of every agency.
pub fn list_sites(connection: &mut AnyConnection) -> Result<Vec<SiteInUse>, Error> {
    type Row = (SiteId, String, Option<UnitId>, Json, NaiveDate, Option<NaiveDate>);
    let rows: Vec<Row> = site::table
        .order(site::id)
        .select((
            site::id,
            site::agency_code,
            site::unit_id,
            site::fence,
            site::valid_from,
            site::valid_to,
        ))
        .load(connection)?;
    rows.into_iter()
        .map(|(id, agency_code, unit_id, Json(fence), valid_from, valid_to)| {
            let fence = serde_json::from_value(fence).ok().ok_or(Error::Corrupt("site.fence"))?;
            Ok(SiteInUse {
                id,
                agency_code,
                unit_id,
                fence,
                valid_from,
                valid_to,
            })
        })
        .collect()
}

/// Every agency.
pub fn list_agencies(connection: &mut AnyConnection) -> Result<Vec<AgencyRow>, Error> {
    Ok(agency::table.select(AgencyRow::as_select()).load(connection)?)
}

/// Every unit with the unit above it.
pub fn list_unit_parents(connection: &mut AnyConnection) -> Result<Vec<(UnitId, Option<UnitId>)>, Error> {
    Ok(unit::table.select((unit::id, unit::parent_id)).load(connection)?)
}
