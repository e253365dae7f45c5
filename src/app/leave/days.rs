//! The days that a letter of leave frees: assignments over those of the roster, which are kept and put back.

use crate::app::App;
use crate::app::context::Context;
use crate::app::error::Error;
use crate::domain::access::AgencyCode;
use crate::domain::assignment::AssignmentSource;
use crate::domain::ids::AccountId;
use crate::domain::ids::EmployeeId;
use crate::domain::ids::SiteId;
use crate::domain::instant::Instant;
use crate::domain::work_mode::WorkMode;
use crate::store;
use crate::store::assignment::AssignmentRow;
use crate::store::backend::AnyConnection;
use crate::store::columns::Json;
use crate::store::leave_day::LeaveDayRow;
use crate::store::leave_request::LeaveRequestRow;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// What an assignment was before a letter replaced it.
#[derive(Debug, Deserialize, Serialize)]
struct Replaced {
    agency_code: String,
    mode: WorkMode,
    site_id: Option<SiteId>,
    #[serde(default)]
    shift: Option<String>,
    source: AssignmentSource,
    reason: Option<String>,
    created_by: AccountId,
    created_at: Instant,
}

impl Replaced {
    fn of(row: &AssignmentRow) -> Self {
        Self {
            agency_code: row.agency_code.clone(),
            mode: row.mode,
            site_id: row.site_id,
            shift: row.shift.clone(),
            source: row.source,
            reason: row.reason.clone(),
            created_by: row.created_by,
            created_at: row.created_at,
        }
    }

    fn on(self, employee_id: EmployeeId, work_date: NaiveDate) -> AssignmentRow {
        AssignmentRow {
            employee_id,
            work_date,
            agency_code: self.agency_code,
            mode: self.mode,
            site_id: self.site_id,
            shift: self.shift,
            source: self.source,
            reason: self.reason,
            created_by: self.created_by,
            created_at: self.created_at,
        }
    }
}

impl App {
    /// Frees the days of a leave: nobody is asked for a share on them. What the roster said is kept.
    pub(super) fn free_days(
        &self,
        connection: &mut AnyConnection,
        context: &Context,
        request: &LeaveRequestRow,
        dates: &[NaiveDate],
        letter_number: &str,
    ) -> Result<(), Error> {
        let person = request.employee_id;
        let there = store::assignment::list_of(connection, person, request.first_day, request.last_day)?;
        let mut there: HashMap<NaiveDate, AssignmentRow> = there.into_iter().map(|row| (row.work_date, row)).collect();
        let duties = self.duties(connection, &[person], request.first_day, request.last_day)?;
        let mut days = Vec::with_capacity(dates.len());
        let mut rows = Vec::with_capacity(dates.len());
        for date in dates {
            let replaced = there.remove(date).map(|row| serde_json::to_value(Replaced::of(&row)));
            days.push(LeaveDayRow {
                employee_id: person,
                work_date: *date,
                request_id: request.id,
                replaced: replaced.transpose().map_err(Error::internal)?.map(Json),
            });
            // An assignment binds only while its agency is the person's own.
            let agency_code = duties
                .member(person, *date)
                .map_or_else(|| request.agency_code.clone(), |(member, _)| member.agency_code.clone());
            rows.push(AssignmentRow {
                employee_id: person,
                work_date: *date,
                agency_code,
                mode: request.kind.mode(),
                site_id: None,
                shift: None,
                source: AssignmentSource::Approval,
                reason: Some(letter_number.to_owned()),
                created_by: context.account(),
                created_at: context.now,
            });
        }
        store::leave_day::insert(connection, &days)?;
        store::assignment::replace(connection, &rows)?;
        self.note_late_days(connection, context, &rows)
    }

    /// Makes the days of a leave from a date on work days again, as roster and circulars say; what an operator has set on
    /// them since stays. Gives how many there were.
    pub(super) fn unfree_days(
        &self,
        connection: &mut AnyConnection,
        context: &Context,
        request: &LeaveRequestRow,
        from: NaiveDate,
    ) -> Result<i32, Error> {
        let person = request.employee_id;
        let days = store::leave_day::list(connection, person, request.id, from)?;
        let there = store::assignment::list_of(connection, person, from.max(request.first_day), request.last_day)?;
        let ours: HashMap<NaiveDate, AssignmentRow> = there
            .into_iter()
            .filter(|row| row.mode == request.kind.mode() && row.source == AssignmentSource::Approval)
            .map(|row| (row.work_date, row))
            .collect();
        let mut gone = Vec::new();
        let mut restored = Vec::new();
        for day in &days {
            let Some(row) = ours.get(&day.work_date) else { continue };
            gone.push(row.clone());
            if let Some(replaced) = &day.replaced {
                let replaced: Replaced = serde_json::from_value(replaced.0.clone())
                    .ok()
                    .ok_or(store::error::Error::Corrupt("leave_day.replaced"))?;
                restored.push(replaced.on(person, day.work_date));
            }
        }
        let dates: Vec<NaiveDate> = gone.iter().map(|row| row.work_date).collect();
        store::leave_day::delete(connection, person, request.id, from)?;
        store::assignment::delete(connection, person, &dates)?;
        store::assignment::replace(connection, &restored)?;
        self.note_late_days(connection, context, &gone)?;
        Ok(i32::try_from(days.len()).unwrap_or(i32::MAX))
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
