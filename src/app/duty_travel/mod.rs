//! Duty travel: who may see and act on a journey, and what the rules say about it today.

mod days;
pub mod decision;
pub mod ending;
pub mod request;

use crate::app::App;
use crate::app::activity::stale;
use crate::app::context::Context;
use crate::app::error::Code;
use crate::app::error::Error;
use crate::app::error::FieldError;
use crate::app::event::note_step;
use crate::app::leave::name_of;
use crate::app::leave::work_parts;
use crate::app::rule_book::AgencyFacts;
use crate::domain::access::Reach;
use crate::domain::access::Role;
use crate::domain::access::Scope;
use crate::domain::duty_travel::Destination;
use crate::domain::duty_travel::ban;
use crate::domain::duty_travel::ban::Exception;
use crate::domain::duty_travel::ban::Restriction;
use crate::domain::duty_travel::period::TravelPeriod;
use crate::domain::duty_travel::request::Circumstances;
use crate::domain::duty_travel::request::TravelFault;
use crate::domain::duty_travel::request::check;
use crate::domain::duty_travel::state::OutOfOrder;
use crate::domain::half::DayPart;
use crate::domain::ids::DutyTravelId;
use crate::domain::ids::EmployeeId;
use crate::domain::instant::Instant;
use crate::domain::instant::Zone;
use crate::domain::language::Language;
use crate::domain::leave::opinion::Official;
use crate::domain::region;
use crate::store;
use crate::store::backend::AnyConnection;
use crate::store::columns::Json;
use crate::store::duty_travel::DutyTravelRow;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Who approved or refused a journey.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
pub struct Decision {
    /// Whether it was approved.
    pub is_approved: bool,
    /// What they wrote.
    pub note: Option<String>,
    /// Who, as called then.
    pub by: Official,
    /// When.
    pub at: Instant,
}

/// A journey as someone sees it.
#[derive(Clone, Debug)]
pub struct SeenTravel {
    /// The journey.
    pub row: DutyTravelRow,
    /// The traveller's name with titles.
    pub name: String,
    /// Where it leads.
    pub destination: Destination,
    /// The date at the destination.
    pub today: NaiveDate,
    /// What circulars say.
    pub restrictions: Vec<Restriction>,
    /// Who let it pass all the same.
    pub exceptions: Vec<Exception>,
    /// Who approved or refused it.
    pub decision: Option<Decision>,
}

/// A journey held against the rules.
pub(crate) struct Judged {
    /// The traveller's agency today.
    pub(crate) agency: AgencyFacts,
    /// Whether it leads out of the agency's region.
    pub(crate) is_outside_region: bool,
    /// The days on which the person would work, each with the part that the journey takes.
    pub(crate) days: Vec<(NaiveDate, DayPart)>,
    /// What circulars say.
    pub(crate) restrictions: Vec<Restriction>,
    /// What it does not meet.
    pub(crate) faults: Vec<TravelFault>,
}

impl App {
    /// Holds a journey of a person against the rules as they stand. `asked_at` is when it was handed in: whoever waits for
    /// an official does not come too late by it.
    pub(crate) fn judge_travel(
        &self,
        connection: &mut AnyConnection,
        scope: &Scope,
        person: EmployeeId,
        (destination, travel): (&Destination, TravelPeriod),
        asked_at: Instant,
        except: Option<DutyTravelId>,
    ) -> Result<Judged, Error> {
        let period = travel.period;
        let duties = self.duties(connection, &[person], period.first, period.last)?;
        let about_today = Zone::default().date(asked_at);
        let (_, agency) = duties
            .member(person, about_today)
            .filter(|(member, _)| member.covers(about_today))
            .ok_or(Error::Refused(Code::NoMembership))?;
        let agency = agency.clone();
        let is_outside_region = region::is_outside(&agency.jurisdiction, &destination.code);
        let held: Vec<_> = period.dates().map(|date| duties.book().held(&agency, date)).collect();
        let restrictions = ban::restrictions(held.iter().map(|held| &*held.rules), is_outside_region);
        let (days, absent_on) = work_parts(&duties, person, travel.days());
        let others: Vec<TravelPeriod> = store::duty_travel::list_of(connection, scope, person)?
            .into_iter()
            .filter(|row| Some(row.id) != except && row.state.holds_days())
            .map(|row| row.period())
            .collect();
        let about = Circumstances {
            today: agency.zone.date(asked_at),
            work_days: days.len(),
            others: &others,
            absent_on,
            restrictions: &restrictions,
        };
        let faults = check(travel, &about);
        Ok(Judged {
            agency,
            is_outside_region,
            days,
            restrictions,
            faults,
        })
    }

    /// A row with what a reader needs beside it.
    pub(crate) fn seen_travel(
        connection: &mut AnyConnection,
        now: Instant,
        row: DutyTravelRow,
    ) -> Result<SeenTravel, Error> {
        let person = store::employee::find(connection, row.employee_id)?.ok_or(Error::NotFound)?;
        let destination = destination_of(&row)?;
        Ok(SeenTravel {
            name: name_of(&person),
            today: destination.zone.date(now),
            destination,
            restrictions: read(&row.bans)?,
            exceptions: read(&row.exceptions)?,
            decision: row.decision.as_ref().map(read).transpose()?,
            row,
        })
    }
}

pub(crate) fn destination_of(row: &DutyTravelRow) -> Result<Destination, Error> {
    let destination = Destination::read(&row.destination_code);
    Ok(destination.ok_or(store::error::Error::Corrupt("duty_travel.destination_code"))?)
}

/// Whether a scope over other people's journeys shows this one: as one of its agencies, or as the direct superior.
pub(crate) fn is_within(
    connection: &mut AnyConnection,
    context: &Context,
    scope: &Scope,
    row: &DutyTravelRow,
) -> Result<bool, Error> {
    if let Some(codes) = scope.agencies() {
        if codes.contains(&row.agency_code.as_str()) {
            return Ok(true);
        }
        return is_superior(connection, context, row);
    }
    Ok(true)
}

/// Whether the caller is the direct superior of the traveller today.
pub(crate) fn is_superior(
    connection: &mut AnyConnection,
    context: &Context,
    row: &DutyTravelRow,
) -> Result<bool, Error> {
    if !context.actor.has(Role::Superior) {
        return Ok(false);
    }
    let superior = store::team::direct_superior(connection, row.employee_id, Zone::default().date(context.now))?;
    Ok(superior.is_some() && superior == context.employee())
}

/// Whether the caller may decide this journey: the direct superior, the head of the agency, or the head of BKD where
/// nobody stands above the traveller.
pub(crate) fn may_decide(
    connection: &mut AnyConnection,
    context: &Context,
    scope: &Scope,
    row: &DutyTravelRow,
) -> Result<bool, Error> {
    if is_superior(connection, context, row)? {
        return Ok(true);
    }
    match scope.reach() {
        Reach::Agencies(_) => Ok(scope
            .agencies()
            .is_some_and(|codes| codes.contains(&row.agency_code.as_str()))),
        Reach::Everyone => {
            let today = Zone::default().date(context.now);
            Ok(store::team::direct_superior(connection, row.employee_id, today)?.is_none())
        }
        Reach::Own(_) | Reach::Subordinates(_) | Reach::Assigned(_) => Ok(false),
    }
}

/// The journey that the caller may act on, as `is_within` says. Nobody acts on their own.
pub(crate) fn open_travel(
    connection: &mut AnyConnection,
    context: &Context,
    scope: &Scope,
    id: DutyTravelId,
    is_within: impl Fn(&mut AnyConnection, &DutyTravelRow) -> Result<bool, Error>,
) -> Result<DutyTravelRow, Error> {
    for row in store::duty_travel::find_all(connection, scope, id)? {
        // The caller knows their own journey, so saying no tells nothing new.
        if context.employee() == Some(row.employee_id) {
            return Err(Error::Forbidden);
        }
        if is_within(connection, &row)? {
            return Ok(row);
        }
    }
    Err(Error::NotFound)
}

/// Takes a person's turn over their days, which leave takes too: two approvals at once wait for each other.
pub(crate) fn take_turn(connection: &mut AnyConnection, person: EmployeeId) -> Result<(), Error> {
    Ok(store::leave_entry::hold(connection, person)?)
}

/// Writes a changed journey and the step that changed it.
pub(crate) fn save(
    connection: &mut AnyConnection,
    context: &Context,
    scope: &Scope,
    was: &DutyTravelRow,
    row: DutyTravelRow,
    action: &'static str,
    reason: Option<&str>,
) -> Result<DutyTravelRow, Error> {
    let row = DutyTravelRow {
        updated_at: context.now,
        version: was.version.saturating_add(1),
        ..row
    };
    store::duty_travel::update(connection, scope, &row, was.version).map_err(stale)?;
    note_step(
        connection,
        context,
        ("duty_travel", &subject(row.employee_id, row.id)),
        action,
        (Some(was.state.code()), Some(row.state.code())),
        reason,
    )?;
    Ok(row)
}

/// Ids are made by clients, so the person belongs to the name of the thing.
pub(crate) fn subject(employee_id: EmployeeId, id: DutyTravelId) -> String {
    format!("{employee_id}/{id}")
}

/// Faults as fields of the request, in both languages.
pub(crate) fn invalid(faults: &[TravelFault]) -> Error {
    Error::Invalid(faults.iter().map(field).collect())
}

pub(crate) fn field(fault: &TravelFault) -> FieldError {
    FieldError::new(
        fault.field(),
        fault.code(),
        fault.sentence(Language::Indonesian),
        fault.sentence(Language::English),
    )
}

pub(crate) fn out_of_order(_error: OutOfOrder) -> Error {
    Error::Conflict(Code::WrongState)
}

pub(crate) fn written<T: Serialize>(value: &T) -> Result<Json, Error> {
    Ok(Json(serde_json::to_value(value).map_err(Error::internal)?))
}

pub(crate) fn read<T: serde::de::DeserializeOwned>(stored: &Json) -> Result<T, Error> {
    let value = serde_json::from_value(stored.0.clone()).ok();
    Ok(value.ok_or(store::error::Error::Corrupt("duty_travel"))?)
}
