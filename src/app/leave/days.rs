//! The days that a letter of leave frees: assignments over those of the roster, which are kept and put back.

use crate::app::App;
use crate::app::approved_day::Replaced;
use crate::app::context::Context;
use crate::app::error::Error;
use crate::domain::assignment::AssignmentSource;
use crate::store;
use crate::store::assignment::AssignmentRow;
use crate::store::backend::AnyConnection;
use crate::store::leave_day::LeaveDayRow;
use crate::store::leave_request::LeaveRequestRow;
use chrono::NaiveDate;
use std::collections::HashMap;

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
            let replaced = there.remove(date).map(|row| Replaced::of(&row).written());
            days.push(LeaveDayRow {
                employee_id: person,
                work_date: *date,
                request_id: request.id,
                replaced: replaced.transpose()?,
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
                travel_id: None,
                destination_code: None,
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
                restored.push(Replaced::read(replaced)?.on(person, day.work_date));
            }
        }
        let dates: Vec<NaiveDate> = gone.iter().map(|row| row.work_date).collect();
        store::leave_day::delete(connection, person, request.id, from)?;
        store::assignment::delete(connection, person, &dates)?;
        store::assignment::replace(connection, &restored)?;
        self.note_late_days(connection, context, &gone)?;
        Ok(i32::try_from(days.len()).unwrap_or(i32::MAX))
    }
}
