//! One person's own day: the mode and why, and how each slot stands.

use crate::app::App;
use crate::app::context::Context;
use crate::app::duty::Duties;
use crate::app::duty::PersonPart;
use crate::app::error::Code;
use crate::app::error::Error;
use crate::app::rule_book::AgencyFacts;
use crate::domain::access::Scope;
use crate::domain::day::SlotState;
use crate::domain::day::slot_state;
use crate::domain::day::slot_time;
use crate::domain::half::Halved;
use crate::domain::ids::EmployeeId;
use crate::domain::instant::Instant;
use crate::domain::instant::Zone;
use crate::domain::schedule::day::OwnDay;
use crate::domain::slot::Slot;
use crate::domain::slot::SlotRule;
use crate::domain::work_mode::WorkMode;
use crate::store;
use crate::store::backend::AnyConnection;
use crate::store::check_in::CheckInRow;
use chrono::{Datelike, Duration, NaiveDate};

/// One slot of a person's day.
#[derive(Clone, Debug)]
pub struct MySlot {
    /// The window, its grace and its deadline.
    pub rule: SlotRule,
    /// The mode in it.
    pub mode: WorkMode,
    /// The zone in which its window is meant.
    pub zone: Zone,
    /// When it opens.
    pub opens_at: Instant,
    /// When its window closes.
    pub closes_at: Instant,
    /// When its grace is over.
    pub grace_ends_at: Instant,
    /// How it stands.
    pub state: SlotState,
    /// The share that represents it.
    pub received: Option<CheckInRow>,
    /// Whether outages of the service took the most of its window, so that missing it is excused.
    pub in_outage: bool,
    /// Whether it had passed on the person's first day on any staff list, so that missing it is excused.
    pub on_first_day: bool,
}

/// One person's day.
#[derive(Clone, Debug)]
pub struct MyDay {
    /// The date.
    pub date: NaiveDate,
    /// The agency on that date.
    pub agency: AgencyFacts,
    /// The mode, why, and where a journey leads: all day, or in each half where they differ.
    pub parts: Halved<PersonPart>,
    /// The date by the schedule of one's own or of one's unit, where there is one that holds.
    pub own: Option<OwnDay>,
    /// In the order of the day.
    pub slots: Vec<MySlot>,
}

impl App {
    /// The caller's own day; unless a date is given the one that runs where the caller is on duty.
    pub fn my_day(&self, context: &Context, scope: &Scope, date: Option<NaiveDate>) -> Result<MyDay, Error> {
        let person = scope.person().ok_or(Error::NotFound)?;
        let given = date.map(checked).transpose()?;
        self.store.read(|connection| {
            // The western zone sees a date last; the other two are on it or on the next one.
            let first = given.unwrap_or_else(|| Zone::Jakarta.date(context.now));
            let last = first.succ_opt().unwrap_or(first);
            let duties = self.duties(connection, &[person], first, last)?;
            let running = duties.running_date(person, context.now);
            let date = given.or(running).ok_or(Error::Refused(Code::NoMembership))?;
            self.day_of(connection, &duties, person, date, context.now)
        })
    }

    /// The day of a person whom the caller has found within its scope; `duties` hold the date.
    pub(crate) fn day_of(
        &self,
        connection: &mut AnyConnection,
        duties: &Duties,
        person: EmployeeId,
        date: NaiveDate,
        now: Instant,
    ) -> Result<MyDay, Error> {
        let mut day = my_day_on(connection, duties, person, date, now)?;
        if day.slots.iter().any(|slot| slot.state == SlotState::Missed) {
            self.excuse_outages(connection, &mut day, now)?;
        }
        Ok(day)
    }
}

/// Dates far from any calendar name no day that could be told about.
pub(crate) fn checked(date: NaiveDate) -> Result<NaiveDate, Error> {
    if (2000..=2100).contains(&date.year()) {
        Ok(date)
    } else {
        Err(Error::field(
            "date",
            "out_of_limits",
            "Tanggal dari tahun 2000 sampai 2100.",
            "A date is from 2000 to 2100.",
        ))
    }
}

fn my_day_on(
    connection: &mut AnyConnection,
    duties: &Duties,
    person: EmployeeId,
    date: NaiveDate,
    now: Instant,
) -> Result<MyDay, Error> {
    let day = duties.day(person, date).ok_or(Error::Refused(Code::NoMembership))?;
    let is_first_day = duties.is_first_day(person, date);
    let results = store::check_in::list_results(connection, &[person], &[date], &Slot::ALL)?;
    let keys: Vec<_> = results.iter().map(|result| (result.check_in_id, person)).collect();
    let shares = store::check_in::list_by_key(connection, &keys)?;
    let slots = day
        .held
        .check_in
        .slots
        .iter()
        .map(|rule| {
            let representative = results.iter().find(|result| result.slot == rule.slot);
            let received = representative.and_then(|result| shares.iter().find(|share| share.id == result.check_in_id));
            let (duty, part) = (day.duty(rule), day.in_slot(rule));
            let zone = part.zone;
            let closes_at = zone.at_minute(date, rule.window.closes_minute);
            let time = slot_time(rule, zone, date, now);
            let asked = duty.in_slot(is_first_day, received.is_some(), time);
            MySlot {
                rule: *rule,
                mode: part.mode.mode,
                zone,
                opens_at: zone.at_minute(date, rule.window.opens_minute),
                closes_at,
                grace_ends_at: closes_at.plus(Duration::minutes(i64::from(rule.grace_minutes))),
                state: slot_state(asked, received.is_some(), time),
                received: received.cloned(),
                in_outage: false,
                on_first_day: asked != duty,
            }
        })
        .collect();
    Ok(MyDay {
        date,
        agency: day.agency.clone(),
        own: day.held.own.clone(),
        parts: day.parts.merged(),
        slots,
    })
}
