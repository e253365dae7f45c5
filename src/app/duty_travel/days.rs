//! The days that an approved journey takes: assignments over those of the roster, which are kept and put back.

use crate::app::App;
use crate::app::approved_day::Replaced;
use crate::app::context::Context;
use crate::app::error::Error;
use crate::domain::assignment::AssignmentSource;
use crate::domain::work_mode::WorkMode;
use crate::store;
use crate::store::assignment::AssignmentRow;
use crate::store::backend::AnyConnection;
use crate::store::duty_travel::DutyTravelRow;
use crate::store::travel_day::TravelDayRow;
use chrono::NaiveDate;
use std::collections::HashMap;

impl App {
    /// Makes the dates days of a journey: judged by the clock of its destination, and bound to no place. What the roster
    /// said is kept.
    pub(super) fn take_days(
        &self,
        connection: &mut AnyConnection,
        context: &Context,
        travel: &DutyTravelRow,
        dates: &[NaiveDate],
    ) -> Result<(), Error> {
        let person = travel.employee_id;
        let there = store::assignment::list_of(connection, person, travel.first_day, travel.last_day)?;
        let mut there: HashMap<NaiveDate, AssignmentRow> = there.into_iter().map(|row| (row.work_date, row)).collect();
        let duties = self.duties(connection, &[person], travel.first_day, travel.last_day)?;
        let mut days = Vec::with_capacity(dates.len());
        let mut rows = Vec::with_capacity(dates.len());
        for date in dates {
            let replaced = there.remove(date).map(|row| Replaced::of(&row).written());
            days.push(TravelDayRow {
                employee_id: person,
                work_date: *date,
                travel_id: travel.id,
                replaced: replaced.transpose()?,
            });
            // An assignment binds only while its agency is the person's own.
            let agency_code = duties
                .member(person, *date)
                .map_or_else(|| travel.agency_code.clone(), |(member, _)| member.agency_code.clone());
            rows.push(AssignmentRow {
                employee_id: person,
                work_date: *date,
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
            });
        }
        store::travel_day::insert(connection, &days)?;
        store::assignment::replace(connection, &rows)?;
        self.note_late_days(connection, context, &rows)
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
        let there = store::assignment::list_of(connection, person, from.max(travel.first_day), travel.last_day)?;
        let ours: HashMap<NaiveDate, AssignmentRow> = there
            .into_iter()
            .filter(|row| row.travel_id == Some(travel.id))
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
        let taken: Vec<NaiveDate> = days.iter().map(|day| day.work_date).collect();
        for leave in store::leave_day::list_on(connection, person, &taken)? {
            let is_ours = match &leave.replaced {
                Some(replaced) => Replaced::read(replaced)?.travel_id() == Some(travel.id),
                None => false,
            };
            if let Some(day) = days.iter().find(|day| is_ours && day.work_date == leave.work_date) {
                store::leave_day::update_replaced(connection, person, day.work_date, day.replaced.as_ref())?;
            }
        }
        let dates: Vec<NaiveDate> = gone.iter().map(|row| row.work_date).collect();
        store::travel_day::delete(connection, person, travel.id, from)?;
        store::assignment::delete(connection, person, &dates)?;
        store::assignment::replace(connection, &restored)?;
        self.note_late_days(connection, context, &gone)
    }
}
