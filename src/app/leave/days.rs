//! The days that a letter of leave frees: assignments over those of the roster, which are kept and put back.

use crate::app::App;
use crate::app::approved_day::Approved;
use crate::app::context::Context;
use crate::app::error::Error;
use crate::domain::assignment::AssignmentSource;
use crate::domain::half::DayPart;
use crate::store;
use crate::store::assignment::AssignmentRow;
use crate::store::backend::AnyConnection;
use crate::store::leave_day::LeaveDayRow;
use crate::store::leave_request::LeaveRequestRow;
use chrono::NaiveDate;

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
        // No kind of leave is granted by halves of days.
        let days: Vec<(NaiveDate, DayPart)> = dates.iter().map(|date| (*date, DayPart::All)).collect();
        let kept = self.take_approved_days(
            connection,
            context,
            approved(request),
            &days,
            |(work_date, slots), agency_code| AssignmentRow {
                employee_id: request.employee_id,
                work_date,
                slots,
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
            },
        )?;
        let days: Vec<LeaveDayRow> = kept
            .into_iter()
            .map(|(work_date, _, replaced)| LeaveDayRow {
                employee_id: request.employee_id,
                work_date,
                request_id: request.id,
                replaced,
            })
            .collect();
        Ok(store::leave_day::insert(connection, &days)?)
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
        let days = store::leave_day::list(connection, request.employee_id, request.id, from)?;
        store::leave_day::delete(connection, request.employee_id, request.id, from)?;
        let kept = days.iter().map(|day| (day.work_date, day.replaced.as_ref()));
        self.restore_days(connection, context, approved(request), kept, |row| {
            row.mode == request.kind.mode() && row.source == AssignmentSource::Approval
        })?;
        Ok(i32::try_from(days.len()).unwrap_or(i32::MAX))
    }
}

fn approved(request: &LeaveRequestRow) -> Approved<'_> {
    Approved {
        employee_id: request.employee_id,
        first_day: request.first_day,
        last_day: request.last_day,
        agency_code: &request.agency_code,
    }
}
