//! Offices and duty posts of an agency.

use crate::app::App;
use crate::app::agency::agency_row;
use crate::app::agency::today;
use crate::app::context::Context;
use crate::app::employee::unit_id;
use crate::app::error::Error;
use crate::app::event::note_event;
use crate::app::once::OnceKey;
use crate::domain::access::AgencyCode;
use crate::domain::access::Scope;
use crate::domain::ids::SiteId;
use crate::domain::ids::UnitId;
use crate::domain::place::Fence;
use crate::domain::site::SiteError;
use crate::domain::site::SiteKind;
use crate::domain::site::check_days;
use crate::domain::site::check_fence;
use crate::store;
use crate::store::backend::AnyConnection;
use crate::store::columns::Json;
use crate::store::site::SiteRow;
use chrono::NaiveDate;
use std::collections::HashMap;

/// A site as its agency describes it.
#[derive(Clone, Debug)]
pub struct SiteDraft {
    /// For people.
    pub name: String,
    /// Office or duty post.
    pub kind: SiteKind,
    /// The unit that sits there; none for the whole agency.
    pub unit_code: Option<String>,
    /// Where.
    pub fence: Fence,
    /// First day; today where nothing is said.
    pub valid_from: Option<NaiveDate>,
    /// Last day; open is the present.
    pub valid_to: Option<NaiveDate>,
}

/// A site with the code of its unit.
#[derive(Clone, Debug)]
pub struct ListedSite {
    /// The site.
    pub row: SiteRow,
    /// Where.
    pub fence: Fence,
    /// The code of the unit that sits there.
    pub unit_code: Option<String>,
}

impl App {
    /// Adds a site; it counts from its first day on.
    pub fn create_site(
        &self,
        context: &Context,
        scope: &Scope,
        once: &OnceKey,
        agency: &AgencyCode,
        draft: &SiteDraft,
    ) -> Result<ListedSite, Error> {
        check_fence(&draft.fence).map_err(site_problem)?;
        let id = self.once(context, once, |connection| {
            let today = today(&agency_row(connection, scope, agency)?, context)?;
            let valid_from = draft.valid_from.unwrap_or(today);
            check_days(valid_from, draft.valid_to).map_err(site_problem)?;
            let row = SiteRow {
                id: SiteId::new(self.entropy.uuid(context.now)?),
                agency_code: agency.as_str().to_owned(),
                unit_id: draft_unit(connection, scope, agency, draft)?,
                name: draft.name.clone(),
                kind: draft.kind,
                fence: fence_column(&draft.fence)?,
                valid_from,
                valid_to: draft.valid_to,
                version: 1,
            };
            store::site::insert(connection, scope, &row)?;
            note_event(connection, context, "site", &row.id.to_string(), "create", None)?;
            self.move_rule_epoch(connection)?;
            Ok(row.id)
        })?;
        self.find_site(scope, agency, id)
    }

    /// A site of the agency.
    pub fn find_site(&self, scope: &Scope, agency: &AgencyCode, id: SiteId) -> Result<ListedSite, Error> {
        self.store.read(|connection| {
            agency_row(connection, scope, agency)?;
            let row = store::site::find(connection, scope, agency, id)?.ok_or(Error::NotFound)?;
            let codes = unit_codes(connection, scope, agency)?;
            listed(row, &codes)
        })
    }

    /// The agency's sites in the order in which they were made; one more than `limit`.
    pub fn list_sites(
        &self,
        scope: &Scope,
        agency: &AgencyCode,
        after: Option<SiteId>,
        limit: u32,
    ) -> Result<Vec<ListedSite>, Error> {
        self.store.read(|connection| {
            agency_row(connection, scope, agency)?;
            let codes = unit_codes(connection, scope, agency)?;
            let rows = store::site::list(connection, scope, agency, after, i64::from(limit) + 1)?;
            rows.into_iter().map(|row| listed(row, &codes)).collect()
        })
    }

    /// Changes a site that the caller has seen at `version`; gives the site that holds from now on.
    ///
    /// A fence that days were judged by stays theirs: another fence or unit ends the site today and begins a new one,
    /// with an id of its own, tomorrow.
    pub fn update_site(
        &self,
        context: &Context,
        scope: &Scope,
        agency: &AgencyCode,
        id: SiteId,
        version: i32,
        draft: &SiteDraft,
    ) -> Result<ListedSite, Error> {
        check_fence(&draft.fence).map_err(site_problem)?;
        let current = self.store.write(|connection| {
            let today = today(&agency_row(connection, scope, agency)?, context)?;
            let before = store::site::find(connection, scope, agency, id)?.ok_or(Error::NotFound)?;
            if before.version != version {
                return Err(Error::Stale);
            }
            let wanted = SiteRow {
                unit_id: draft_unit(connection, scope, agency, draft)?,
                name: draft.name.clone(),
                kind: draft.kind,
                fence: fence_column(&draft.fence)?,
                valid_from: draft.valid_from.unwrap_or(before.valid_from),
                valid_to: draft.valid_to,
                version: version.saturating_add(1),
                ..before.clone()
            };
            let has_moved = before.read_fence()? != draft.fence || wanted.unit_id != before.unit_id;
            let current = if has_moved && before.valid_from <= today {
                self.succeed(connection, context, scope, &before, &wanted, today)?
            } else {
                check_days(wanted.valid_from, wanted.valid_to).map_err(site_problem)?;
                replace(connection, scope, &wanted, version)?;
                id
            };
            note_event(connection, context, "site", &id.to_string(), "update", None)?;
            self.move_rule_epoch(connection)?;
            Ok(current)
        })?;
        self.find_site(scope, agency, current)
    }

    fn succeed(
        &self,
        connection: &mut AnyConnection,
        context: &Context,
        scope: &Scope,
        before: &SiteRow,
        wanted: &SiteRow,
        today: NaiveDate,
    ) -> Result<SiteId, Error> {
        let ended = SiteRow {
            valid_to: Some(before.valid_to.map_or(today, |to| to.min(today))),
            version: wanted.version,
            ..before.clone()
        };
        replace(connection, scope, &ended, before.version)?;
        let tomorrow = today.succ_opt().unwrap_or(today);
        let begun = SiteRow {
            id: SiteId::new(self.entropy.uuid(context.now)?),
            valid_from: wanted.valid_from.max(tomorrow),
            version: 1,
            ..wanted.clone()
        };
        check_days(begun.valid_from, begun.valid_to).map_err(site_problem)?;
        store::site::insert(connection, scope, &begun)?;
        Ok(begun.id)
    }
}

fn replace(connection: &mut AnyConnection, scope: &Scope, row: &SiteRow, version: i32) -> Result<(), Error> {
    if store::site::update(connection, scope, row, version)? {
        Ok(())
    } else {
        Err(Error::Stale)
    }
}

fn listed(row: SiteRow, codes: &HashMap<UnitId, String>) -> Result<ListedSite, Error> {
    Ok(ListedSite {
        fence: row.read_fence()?,
        unit_code: row.unit_id.and_then(|unit| codes.get(&unit).cloned()),
        row,
    })
}

fn unit_codes(
    connection: &mut AnyConnection,
    scope: &Scope,
    agency: &AgencyCode,
) -> Result<HashMap<UnitId, String>, Error> {
    let units = store::unit::list(connection, scope, agency)?;
    Ok(units.into_iter().map(|unit| (unit.id, unit.code)).collect())
}

fn draft_unit(
    connection: &mut AnyConnection,
    scope: &Scope,
    agency: &AgencyCode,
    draft: &SiteDraft,
) -> Result<Option<UnitId>, Error> {
    match &draft.unit_code {
        Some(code) => Ok(Some(unit_id(connection, scope, agency, code)?)),
        None => Ok(None),
    }
}

fn fence_column(fence: &Fence) -> Result<Json, Error> {
    Ok(Json(serde_json::to_value(fence).map_err(Error::internal)?))
}

fn site_problem(error: SiteError) -> Error {
    let (field, code, indonesian) = match error {
        SiteError::Radius => (
            "fence.radius_metres",
            "out_of_limits",
            "Radius harus 10 sampai 5.000 meter.",
        ),
        SiteError::Corners => (
            "fence.corners",
            "out_of_limits",
            "Batas lokasi harus memiliki 3 sampai 500 titik.",
        ),
        SiteError::RepeatedCorner => (
            "fence.corners",
            "repeated",
            "Ada dua titik berurutan yang sama. Titik terakhir tidak perlu mengulang titik pertama.",
        ),
        SiteError::Crossing => ("fence.corners", "crossing", "Garis batas lokasi saling memotong."),
        SiteError::TooWide => ("fence.corners", "out_of_limits", "Batas lokasi lebih lebar dari 20 km."),
        SiteError::Dates => ("valid_to", "out_of_limits", "Tanggal akhir mendahului tanggal mulai."),
    };
    Error::field(field, code, indonesian, format!("Not possible: {error}."))
}
