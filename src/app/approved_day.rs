//! Days, and halves of days, that an approval takes from the roster: what stood on them is kept, so that it can be put
//! back.

use crate::app::App;
use crate::app::context::Context;
use crate::app::error::Error;
use crate::domain::access::AgencyCode;
use crate::domain::assignment::AssignmentSource;
use crate::domain::half::DayPart;
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
use std::collections::HashMap;

/// What an assignment was before an approval replaced it.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Replaced {
    agency_code: String,
    mode: WorkMode,
    slots: DayPart,
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
    fn of(row: &AssignmentRow, slots: DayPart) -> Self {
        Self {
            agency_code: row.agency_code.clone(),
            mode: row.mode,
            slots,
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

    /// What stood on one date, for keeping; `None` where nothing did.
    pub(crate) fn written(all: &[Self]) -> Result<Option<Json>, Error> {
        if all.is_empty() {
            return Ok(None);
        }
        Ok(Some(Json(serde_json::to_value(all).map_err(Error::internal)?)))
    }

    /// What was kept of one date.
    pub(crate) fn read(stored: Option<&Json>) -> Result<Vec<Self>, Error> {
        let Some(stored) = stored else { return Ok(Vec::new()) };
        let replaced = serde_json::from_value(stored.0.clone()).ok();
        Ok(replaced.ok_or(store::error::Error::Corrupt("replaced assignment"))?)
    }

    fn on(self, employee_id: EmployeeId, work_date: NaiveDate, slots: DayPart) -> AssignmentRow {
        AssignmentRow {
            employee_id,
            work_date,
            slots,
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

/// A date, the part of it that an approval took, and what stood there before.
pub(crate) type KeptDay = (NaiveDate, DayPart, Option<Json>);

/// Whose days an approval takes, and in which agency's name where the person has none on a date.
#[derive(Clone, Copy)]
pub(crate) struct Approved<'a> {
    pub(crate) employee_id: EmployeeId,
    pub(crate) first_day: NaiveDate,
    pub(crate) last_day: NaiveDate,
    pub(crate) agency_code: &'a str,
}

impl App {
    /// Puts an assignment of an approval on each of the dates, or on one half of it, made by `row` from the date, its part
    /// and the agency in whose name it binds. Gives what stood on each date before, to be kept by the caller.
    pub(crate) fn take_approved_days(
        &self,
        connection: &mut AnyConnection,
        context: &Context,
        approved: Approved<'_>,
        dates: &[(NaiveDate, DayPart)],
        row: impl Fn((NaiveDate, DayPart), String) -> AssignmentRow,
    ) -> Result<Vec<KeptDay>, Error> {
        let (person, from, to) = (approved.employee_id, approved.first_day, approved.last_day);
        let there = store::assignment::list_of(connection, person, from, to)?;
        let duties = self.duties(connection, &[person], from, to)?;
        let mut kept = Vec::with_capacity(dates.len());
        let mut rows = Vec::with_capacity(dates.len());
        for (date, slots) in dates.iter().copied() {
            let on_date = there.iter().filter(|row| row.work_date == date);
            let replaced: Vec<Replaced> = on_date
                .filter_map(|row| Some(Replaced::of(row, row.slots.common(slots)?)))
                .collect();
            kept.push((date, slots, Replaced::written(&replaced)?));
            // An assignment binds only while its agency is the person's own.
            let agency_code = duties
                .member(person, date)
                .map_or(approved.agency_code, |(member, _)| &member.agency_code);
            rows.push(row((date, slots), agency_code.to_owned()));
        }
        store::assignment::replace(connection, &rows)?;
        self.note_late_days(connection, context, &rows)?;
        Ok(kept)
    }

    /// Puts back what stood on these days of an approval, where `is_ours` says that its assignment still stands; what an
    /// operator has set since stays.
    pub(crate) fn restore_days<'d>(
        &self,
        connection: &mut AnyConnection,
        context: &Context,
        approved: Approved<'_>,
        days: impl Iterator<Item = (NaiveDate, Option<&'d Json>)>,
        is_ours: impl Fn(&AssignmentRow) -> bool,
    ) -> Result<(), Error> {
        let person = approved.employee_id;
        let there = store::assignment::list_of(connection, person, approved.first_day, approved.last_day)?;
        let mut ours: HashMap<NaiveDate, Vec<AssignmentRow>> = HashMap::new();
        for row in there.into_iter().filter(is_ours) {
            ours.entry(row.work_date).or_default().push(row);
        }
        let mut gone = Vec::new();
        let mut restored = Vec::new();
        for (date, replaced) in days {
            let rows = ours.remove(&date).unwrap_or_default();
            for replaced in Replaced::read(replaced)? {
                for slots in rows.iter().filter_map(|row| row.slots.common(replaced.slots)) {
                    restored.push(replaced.clone().on(person, date, slots));
                }
            }
            gone.extend(rows);
        }
        let keys: Vec<(NaiveDate, DayPart)> = gone.iter().map(|row| (row.work_date, row.slots)).collect();
        store::assignment::delete(connection, person, &keys)?;
        store::assignment::replace(connection, &restored)?;
        self.note_late_days(connection, context, &gone)
    }

    /// What was sealed of days that have come is compared with the truth a day from now.
    fn note_late_days(
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
