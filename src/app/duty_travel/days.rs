//! The days that an approved journey takes: assignments over those of the roster, which are kept and put back.

use crate::app::App;
use crate::app::approved_day::Approved;
use crate::app::approved_day::Replaced;
use crate::app::context::Context;
use crate::app::error::Error;
use crate::domain::assignment::AssignmentSource;
use crate::domain::half::DayPart;
use crate::domain::work_mode::WorkMode;
use crate::store;
use crate::store::assignment::AssignmentRow;
use crate::store::backend::AnyConnection;
use crate::store::duty_travel::DutyTravelRow;
use crate::store::travel_day::TravelDayRow;
use chrono::NaiveDate;

impl App {
    /// Makes the dates days of a journey: judged by the clock of its destination, and bound to no place. What the roster
    /// said is kept.
    pub(super) fn take_days(
        &self,
        connection: &mut AnyConnection,
        context: &Context,
        travel: &DutyTravelRow,
        days: &[(NaiveDate, DayPart)],
    ) -> Result<(), Error> {
        let kept = self.take_approved_days(
            connection,
            context,
            approved(travel),
            days,
            |(work_date, slots), agency_code| AssignmentRow {
                employee_id: travel.employee_id,
                work_date,
                slots,
                agency_code,
                mode: WorkMode::DutyTravel,
                site_id: None,
                shift: None,
                source: AssignmentSource::Approval,
                reason: travel.letter_number.clone(),
                travel_id: Some(travel.id),
                destination_code: Some(travel.destination_code.clone()),
                created_by: context.account(),
                created_at: context.now,
            },
        )?;
        let days: Vec<TravelDayRow> = kept
            .into_iter()
            .map(|(work_date, slots, replaced)| TravelDayRow {
                employee_id: travel.employee_id,
                work_date,
                slots,
                travel_id: travel.id,
                replaced,
            })
            .collect();
        Ok(store::travel_day::insert(connection, &days)?)
    }

    /// Gives the days of a journey from a date on back to roster and circulars; what an operator has set on them since
    /// stays. Where leave stands on such a day, the day falls back to what was there before the journey when leave ends.
    pub(super) fn give_days_back(
        &self,
        connection: &mut AnyConnection,
        context: &Context,
        travel: &DutyTravelRow,
        from: NaiveDate,
    ) -> Result<(), Error> {
        let person = travel.employee_id;
        let days = store::travel_day::list(connection, person, travel.id, from)?;
        let taken: Vec<NaiveDate> = days.iter().map(|day| day.work_date).collect();
        for leave in store::leave_day::list_on(connection, person, &taken)? {
            let kept = Replaced::read(leave.replaced.as_ref())?;
            if kept.iter().all(|one| one.travel_id() != Some(travel.id)) {
                continue;
            }
            let mut before: Vec<Replaced> = kept
                .into_iter()
                .filter(|one| one.travel_id() != Some(travel.id))
                .collect();
            for day in days.iter().filter(|day| day.work_date == leave.work_date) {
                before.extend(Replaced::read(day.replaced.as_ref())?);
            }
            let before = Replaced::written(&before)?;
            store::leave_day::update_replaced(connection, person, leave.work_date, before.as_ref())?;
        }
        store::travel_day::delete(connection, person, travel.id, from)?;
        let kept = days.iter().map(|day| (day.work_date, day.replaced.as_ref()));
        self.restore_days(connection, context, approved(travel), kept, |row| {
            row.travel_id == Some(travel.id)
        })
    }
}

fn approved(travel: &DutyTravelRow) -> Approved<'_> {
    Approved {
        employee_id: travel.employee_id,
        first_day: travel.first_day,
        last_day: travel.last_day,
        agency_code: &travel.agency_code,
    }
}
