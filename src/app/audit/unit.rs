//! The units of a population, a date of an agency at a time: what was expected, whose it is, and which flags it has.

use crate::app::audit::federated_population::FederatedPopulation;
use crate::app::audit::record::records_of;
use crate::app::error::Error;
use crate::app::own_schedule::Whose;
use crate::app::rule_book::RuleBook;
use crate::domain::access::AgencyCode;
use crate::domain::assignment::DayAssignment;
use crate::domain::batch::unit::SlotUnit;
use crate::domain::day::Duty;
use crate::domain::day::SlotTime;
use crate::domain::day::slot_time;
use crate::domain::flag::Flag;
use crate::domain::ids::EmployeeId;
use crate::domain::instant::Instant;
use crate::domain::slot::Slot;
use crate::domain::slot::SlotRule;
use crate::store;
use crate::store::backend::AnyConnection;
use chrono::NaiveDate;
use std::collections::{BTreeSet, HashMap, HashSet};

/// People whose shares are looked up in one statement; SQLite binds at most 32,766 values.
const PEOPLE_AT_ONCE: usize = 5_000;

/// The units of an agency's date.
pub(super) struct DayUnits {
    /// In the order of their ids, each with whose it is.
    pub(super) units: Vec<(SlotUnit, EmployeeId)>,
    /// The flags of their standing shares; a unit without a share or without a flag is left out.
    pub(super) flags: HashMap<(EmployeeId, Slot), Vec<Flag>>,
}

/// The units of an agency's date: from its batches, or from what is known here. Flags of the latter are looked up where
/// they are `wanted`.
pub(super) fn units(
    connection: &mut AnyConnection,
    book: &RuleBook,
    agency: &AgencyCode,
    source: Option<&mut FederatedPopulation>,
    (date, now): (NaiveDate, Instant),
    wanted: bool,
) -> Result<DayUnits, Error> {
    if let Some(source) = source {
        return source.units(connection, date);
    }
    let units = expected_units(connection, book, agency, date, now)?;
    let flags = if wanted {
        flags_of_units(connection, date, &units)?
    } else {
        HashMap::new()
    };
    Ok(DayUnits { units, flags })
}

/// The expected slots of an agency's date that have closed by `now`, in the order of their ids.
fn expected_units(
    connection: &mut AnyConnection,
    book: &RuleBook,
    agency: &AgencyCode,
    date: NaiveDate,
    now: Instant,
) -> Result<Vec<(SlotUnit, EmployeeId)>, Error> {
    let facts = book.agency(agency.as_str()).ok_or(Error::NotFound)?;
    let is_closed = |rule: &SlotRule| slot_time(rule, facts.zone, date, now) == SlotTime::Over;
    let every = book.every_held(facts, date);
    if !every.iter().flat_map(|held| &held.check_in.slots).any(is_closed) {
        return Ok(Vec::new());
    }
    let members = store::duty::list_members(connection, agency.as_str(), date, date)?;
    let mut assigned: HashMap<EmployeeId, Vec<DayAssignment>> = HashMap::new();
    for row in store::duty::list_agency_assigned(connection, agency.as_str(), date, date)? {
        assigned.entry(row.employee_id).or_default().push(row.day());
    }
    let mut closed: HashMap<EmployeeId, Vec<Slot>> = HashMap::new();
    for member in &members {
        let given = assigned.get(&member.employee_id).map_or(&[][..], Vec::as_slice);
        let held = book.held_for(facts, Whose::of(member), date, given);
        let modes = book.mode(facts, &held, member, given);
        let slots = held.check_in.slots.iter();
        let asked = slots.filter(|rule| is_closed(rule) && held.duty(&modes, rule) == Duty::Required);
        closed.insert(member.employee_id, asked.map(|rule| rule.slot).collect());
    }
    let required: Vec<EmployeeId> = members
        .iter()
        .map(|member| member.employee_id)
        .filter(|employee| closed.get(employee).is_some_and(|slots| !slots.is_empty()))
        .collect();
    // Closed slots of somebody's first day are expected only where there is a share, as in batches.
    let newcomers = store::membership::list_newcomers(connection, agency.as_str(), date)?;
    let begun: Vec<EmployeeId> = required.iter().filter(|id| newcomers.contains(id)).copied().collect();
    let mut shared: HashSet<(EmployeeId, Slot)> = HashSet::new();
    for people in begun.chunks(PEOPLE_AT_ONCE) {
        let results = store::check_in::list_results(connection, people, &[date], &Slot::ALL)?;
        shared.extend(results.into_iter().map(|result| (result.employee_id, result.slot)));
    }
    let is_asked = |employee: EmployeeId, slot: Slot| {
        let has_shared = shared.contains(&(employee, slot));
        Duty::Required.in_slot(newcomers.contains(&employee), has_shared, SlotTime::Over) == Duty::Required
    };
    let mut units = Vec::with_capacity(required.len() * Slot::ALL.len());
    for (employee, pseudonym) in store::audit_population::list_pseudonyms(connection, &required)? {
        let slots = closed.get(&employee).into_iter().flatten();
        for slot in slots.filter(|slot| is_asked(employee, **slot)) {
            let unit = SlotUnit::new(agency, date, &pseudonym, *slot).map_err(Error::internal)?;
            units.push((unit, employee));
        }
    }
    units.sort_unstable();
    Ok(units)
}

/// The flags of the standing share of each of these units of one agency and date, as of now. A unit without a share, and
/// one whose share has no flag, is left out.
fn flags_of_units(
    connection: &mut AnyConnection,
    date: NaiveDate,
    units: &[(SlotUnit, EmployeeId)],
) -> Result<HashMap<(EmployeeId, Slot), Vec<Flag>>, Error> {
    let asked: HashSet<(EmployeeId, Slot)> = units.iter().map(|(unit, person)| (*person, unit.slot())).collect();
    let people: Vec<EmployeeId> = asked
        .iter()
        .map(|(person, _)| *person)
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect();
    let records = records_of(connection, date, &Slot::ALL, &people)?.into_iter();
    Ok(records
        .map(|(slot, record)| (slot, record.flags))
        .filter(|(slot, flags)| asked.contains(slot) && !flags.is_empty())
        .collect())
}
