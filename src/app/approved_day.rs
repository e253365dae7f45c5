//! Days that an approval takes from the roster: what stood on them is kept, so that it can be put back.

use crate::app::App;
use crate::app::context::Context;
use crate::app::error::Error;
use crate::domain::access::AgencyCode;
use crate::domain::assignment::AssignmentSource;
use crate::domain::ids::AccountId;
use crate::domain::ids::DutyTravelId;
use crate::domain::ids::EmployeeId;
use crate::domain::ids::SiteId;
use crate::domain::instant::Instant;
use crate::domain::work_mode::WorkMode;
use crate::store;
use crate::store::assignment::AssignmentRow;
use crate::store::backend::AnyConnection;
use crate::store::columns::Json;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// What an assignment was before an approval replaced it.
#[derive(Debug, Deserialize, Serialize)]
pub(crate) struct Replaced {
    agency_code: String,
    mode: WorkMode,
    site_id: Option<SiteId>,
    #[serde(default)]
    shift: Option<String>,
    source: AssignmentSource,
    reason: Option<String>,
    #[serde(default)]
    travel_id: Option<DutyTravelId>,
    #[serde(default)]
    destination_code: Option<String>,
    created_by: AccountId,
    created_at: Instant,
}

impl Replaced {
    pub(crate) fn of(row: &AssignmentRow) -> Self {
        Self {
            agency_code: row.agency_code.clone(),
            mode: row.mode,
            site_id: row.site_id,
            shift: row.shift.clone(),
            source: row.source,
            reason: row.reason.clone(),
            travel_id: row.travel_id,
            destination_code: row.destination_code.clone(),
            created_by: row.created_by,
            created_at: row.created_at,
        }
    }

    /// The journey that the day belonged to.
    pub(crate) const fn travel_id(&self) -> Option<DutyTravelId> {
        self.travel_id
    }

    pub(crate) fn written(&self) -> Result<Json, Error> {
        Ok(Json(serde_json::to_value(self).map_err(Error::internal)?))
    }

    pub(crate) fn read(stored: &Json) -> Result<Self, Error> {
        let replaced = serde_json::from_value(stored.0.clone()).ok();
        Ok(replaced.ok_or(store::error::Error::Corrupt("replaced assignment"))?)
    }

    pub(crate) fn on(self, employee_id: EmployeeId, work_date: NaiveDate) -> AssignmentRow {
        AssignmentRow {
            employee_id,
            work_date,
            agency_code: self.agency_code,
            mode: self.mode,
            site_id: self.site_id,
            shift: self.shift,
            source: self.source,
            reason: self.reason,
            travel_id: self.travel_id,
            destination_code: self.destination_code,
            created_by: self.created_by,
            created_at: self.created_at,
        }
    }
}

impl App {
    /// What was sealed of days that have come is compared with the truth a day from now.
    pub(crate) fn note_late_days(
        &self,
        connection: &mut AnyConnection,
        context: &Context,
        rows: &[AssignmentRow],
    ) -> Result<(), Error> {
        let book = self.rule_book(connection)?;
        for row in rows {
            let agency = book
                .agency(&row.agency_code)
                .ok_or(store::error::Error::Corrupt("assignment.agency_code"))?;
            if row.work_date <= agency.zone.date(context.now) {
                let code = AgencyCode::parse(&row.agency_code)
                    .ok()
                    .ok_or(store::error::Error::Corrupt("assignment.agency_code"))?;
                self.note_late_truth(connection, &code, row.work_date, context.now)?;
            }
        }
        Ok(())
    }
}
