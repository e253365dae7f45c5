//! Registering agencies and keeping them right.

use crate::app::App;
use crate::app::context::Context;
use crate::app::error::Error;
use crate::app::event::note_event;
use crate::domain::access::AgencyCode;
use crate::domain::access::Scope;
use crate::domain::circular::jurisdiction::JurisdictionCode;
use crate::domain::instant::Zone;
use crate::store;
pub use crate::store::agency::AgencyRow;
use crate::store::backend::AnyConnection;
use crate::store::columns::Json;
use chrono::NaiveDate;
use serde_json::json;

/// What an agency is registered with.
#[derive(Clone, Debug)]
pub struct AgencyDraft {
    /// Its name.
    pub name: String,
    /// The region that it serves.
    pub region: JurisdictionCode,
    /// The zone of its duty places.
    pub zone: Zone,
    /// What kinds of service it gives: words such as `health`.
    pub service_kinds: Vec<String>,
}

impl App {
    /// Registers an agency; a code that is taken is a conflict.
    pub fn create_agency(
        &self,
        context: &Context,
        _scope: &Scope,
        code: &AgencyCode,
        draft: &AgencyDraft,
    ) -> Result<AgencyRow, Error> {
        let row = AgencyRow {
            code: code.as_str().to_owned(),
            name: draft.name.clone(),
            region_code: draft.region.as_str().to_owned(),
            zone: draft.zone.name().to_owned(),
            service_kinds: Json(json!(draft.service_kinds)),
            version: 1,
            created_at: context.now,
        };
        self.store.write(|connection| {
            store::agency::insert(connection, &row)?;
            note_event(connection, context, "agency", &row.code, "create", None)?;
            self.move_rule_epoch(connection)
        })?;
        Ok(row)
    }

    /// The scope's agencies by code; one more than `limit`.
    pub fn list_agencies(&self, scope: &Scope, after: Option<&str>, limit: u32) -> Result<Vec<AgencyRow>, Error> {
        self.store
            .read(|connection| Ok(store::agency::list(connection, scope, after, i64::from(limit) + 1)?))
    }

    /// One agency within the scope.
    pub fn find_agency(&self, scope: &Scope, code: &AgencyCode) -> Result<AgencyRow, Error> {
        self.store.read(|connection| agency_row(connection, scope, code))
    }

    /// Changes an agency that the caller has seen at `version`. Past days keep what they were judged by.
    pub fn update_agency(
        &self,
        context: &Context,
        scope: &Scope,
        code: &AgencyCode,
        version: i32,
        draft: &AgencyDraft,
    ) -> Result<AgencyRow, Error> {
        self.store.write(|connection| {
            let before = agency_row(connection, scope, code)?;
            let row = AgencyRow {
                name: draft.name.clone(),
                region_code: draft.region.as_str().to_owned(),
                zone: draft.zone.name().to_owned(),
                service_kinds: Json(json!(draft.service_kinds)),
                version: before.version.saturating_add(1),
                ..before
            };
            if !store::agency::update(connection, scope, &row, version)? {
                return Err(Error::Stale);
            }
            note_event(connection, context, "agency", &row.code, "update", None)?;
            self.move_rule_epoch(connection)?;
            Ok(row)
        })
    }
}

/// The agency, or not found: out of scope and unknown look the same.
pub(crate) fn agency_row(connection: &mut AnyConnection, scope: &Scope, code: &AgencyCode) -> Result<AgencyRow, Error> {
    if !scope.covers(code) {
        return Err(Error::NotFound);
    }
    store::agency::find(connection, code.as_str())?.ok_or(Error::NotFound)
}

/// Today where the agency's duty places are.
pub(crate) fn today(agency: &AgencyRow, context: &Context) -> Result<NaiveDate, Error> {
    let zone = Zone::from_name(&agency.zone).ok_or(store::error::Error::Corrupt("agency.zone"))?;
    Ok(zone.date(context.now))
}
