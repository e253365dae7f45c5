//! What is true of an agency's work date at this moment: who was expected, who shared, and how it was judged.

use crate::app::App;
use crate::app::check_in::position_seal;
use crate::app::error::Error;
use crate::app::own_schedule::Whose;
use crate::app::rule_book::AgencyFacts;
use crate::app::rule_book::HeldRules;
use crate::app::rule_book::RuleBook;
use crate::domain::access::AgencyCode;
use crate::domain::access::Scope;
use crate::domain::assignment::DayAssignment;
use crate::domain::batch::cell::Cell;
use crate::domain::batch::commitment::Opening;
use crate::domain::batch::commitment::commit;
use crate::domain::batch::distance::DistanceClass;
use crate::domain::batch::row::Row;
use crate::domain::batch::row::RowState;
use crate::domain::batch::unit::SlotUnit;
use crate::domain::check_in::TimeOutcome;
use crate::domain::day::Duty;
use crate::domain::day::SlotState;
use crate::domain::day::slot_state;
use crate::domain::day::slot_time;
use crate::domain::deadline;
use crate::domain::half::DayPart;
use crate::domain::half::Half;
use crate::domain::ids::DataKeyId;
use crate::domain::ids::EmployeeId;
use crate::domain::instant::Instant;
use crate::domain::instant::Zone;
use crate::domain::position_record::PositionRecord;
use crate::domain::region;
use crate::domain::slot::Slot;
use crate::domain::slot::SlotRule;
use crate::domain::work_mode::WorkGroup;
use crate::domain::work_mode::WorkMode;
use crate::platform::cipher::Key;
use crate::store;
use crate::store::backend::AnyConnection;
use crate::store::batch_unit::ShareRow;
use crate::store::membership::MembershipRow;
use chrono::NaiveDate;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

/// One agency's one work date, loaded.
pub(super) struct Truth {
    agency: AgencyCode,
    facts: AgencyFacts,
    book: Arc<RuleBook>,
    work_date: NaiveDate,
    slot: Option<Slot>,
    members: Vec<MembershipRow>,
    newcomers: HashSet<EmployeeId>,
    accepted: HashSet<(EmployeeId, Option<Slot>)>,
    assigned: HashMap<EmployeeId, Vec<DayAssignment>>,
    /// The zones of those who travel, each with the part of the date that they travel on.
    zones: HashMap<EmployeeId, Vec<(DayPart, Zone)>>,
    shares: HashMap<(EmployeeId, Slot), ShareRow>,
    pseudonyms: HashMap<EmployeeId, String>,
    numbers: HashMap<EmployeeId, String>,
    keys: HashMap<DataKeyId, Key>,
}

/// One person's one unit before it is known what became of it.
struct Unit<'a> {
    employee: EmployeeId,
    slot: Slot,
    work_group: WorkGroup,
    mode: WorkMode,
    /// The rule that asks for it, and the half of the day that it belongs to.
    asked: Option<(&'a SlotRule, Half)>,
    duty: Duty,
    /// Whether the circular alone would have asked for a share.
    is_taken_back: bool,
}

impl Truth {
    /// Reads what is known of the date. The scope must cover the agency.
    pub(super) fn load(
        app: &App,
        connection: &mut AnyConnection,
        scope: &Scope,
        agency: &AgencyCode,
        work_date: NaiveDate,
        slot: Option<Slot>,
    ) -> Result<Self, Error> {
        let book = app.rule_book(connection)?;
        let facts = book.agency(agency.as_str()).ok_or(Error::NotFound)?.clone();
        let shares = store::batch_unit::list_shares(connection, scope, agency, work_date, slot)?;
        let members = store::duty::list_members(connection, agency.as_str(), work_date, work_date)?;
        let mut assigned: HashMap<EmployeeId, Vec<DayAssignment>> = HashMap::new();
        let mut zones: HashMap<EmployeeId, Vec<(DayPart, Zone)>> = HashMap::new();
        for row in store::duty::list_agency_assigned(connection, agency.as_str(), work_date, work_date)? {
            assigned.entry(row.employee_id).or_default().push(row.day());
            if let Some(zone) = row.destination_code.as_deref().and_then(region::zone_of) {
                zones.entry(row.employee_id).or_default().push((row.slots, zone));
            }
        }
        let mut people: Vec<EmployeeId> = members.iter().map(|member| member.employee_id).collect();
        people.extend(shares.iter().map(|share| share.employee_id));
        people.sort_unstable();
        people.dedup();
        // What a correction gives as the mode is an assignment; the rest counts as an accepted reason.
        let accepted = store::correction::list_accepted(connection, &people, (work_date, work_date))?
            .into_iter()
            .filter(|(.., wish)| wish != "mode")
            .map(|(employee, _, slot, _)| (employee, slot))
            .collect();
        let key_ids: Vec<DataKeyId> = shares.iter().filter_map(|share| share.key_id).collect();
        Ok(Self {
            pseudonyms: store::batch_unit::list_pseudonyms(connection, &people)?
                .into_iter()
                .collect(),
            numbers: store::batch_unit::list_numbers(connection, &people, work_date)?
                .into_iter()
                .collect(),
            keys: app.keyring.keys(connection, &key_ids)?,
            shares: shares
                .into_iter()
                .map(|share| ((share.employee_id, share.slot), share))
                .collect(),
            agency: agency.clone(),
            facts,
            book,
            work_date,
            slot,
            members,
            accepted,
            newcomers: store::membership::list_newcomers(connection, agency.as_str(), work_date)?,
            assigned,
            zones,
        })
    }

    /// The agency's name.
    pub(super) fn agency_name(&self) -> &str {
        &self.facts.name
    }

    /// When the last slot in question closes for the last of the people, grace included, also where they travel in a
    /// later zone; `None` where the rules ask for none.
    pub(super) fn closes_at(&self) -> Option<Instant> {
        let travelled = self.zones.values().flatten().map(|(_, zone)| *zone);
        let zones: BTreeSet<Zone> = travelled.chain([self.facts.zone]).collect();
        let slots = self.book.latest_slots(&self.facts, self.work_date);
        let asked = slots.iter().filter(|rule| self.is_covered(rule.slot));
        asked
            .flat_map(|rule| {
                zones
                    .iter()
                    .map(|zone| deadline::closes_at(rule, *zone, self.work_date))
            })
            .max()
    }

    /// By whose clock a person shares in one half of the date.
    fn zone_of(&self, employee: EmployeeId, half: Half) -> Zone {
        let travels = self.zones.get(&employee).map_or(&[][..], Vec::as_slice);
        let there = travels.iter().find(|(slots, _)| slots.covers(half));
        there.map_or(self.facts.zone, |(_, zone)| *zone)
    }

    fn is_covered(&self, slot: Slot) -> bool {
        self.slot.is_none_or(|only| only == slot)
    }

    /// A member's rules of the date, given what the person was assigned to.
    fn held(&self, member: &MembershipRow, assigned: &[DayAssignment]) -> Arc<HeldRules> {
        self.book
            .held_for(&self.facts, Whose::of(member), self.work_date, assigned)
    }

    /// Whether the circular alone would ask a member who was assigned to something for shares.
    fn would_be_asked(&self, member: &MembershipRow, assigned: &[DayAssignment]) -> bool {
        if assigned.is_empty() {
            return false;
        }
        let held = self.held(member, &[]);
        let modes = self.book.mode(&self.facts, &held, member, &[]);
        // Nothing is assigned here, so nothing parts the day.
        let mode = modes.all_day();
        mode.is_some_and(|mode| Duty::of(mode.mode, &held.check_in) == Duty::Required)
    }

    /// The rows of the date in the order of the file, each with the map cell of its share.
    pub(super) fn into_rows(mut self, now: Instant) -> Result<Vec<(Row, Option<Cell>)>, Error> {
        let mut shares = std::mem::take(&mut self.shares);
        let mut rows = Vec::with_capacity(self.members.len().saturating_mul(3));
        for member in &self.members {
            let none = Vec::new();
            let assigned = self.assigned.get(&member.employee_id).unwrap_or(&none);
            let held = self.held(member, assigned);
            let modes = self.book.mode(&self.facts, &held, member, assigned);
            for rule in held.check_in.slots.iter().filter(|rule| self.is_covered(rule.slot)) {
                let half = held.middle.half_of(rule.window);
                let duty = held.duty(&modes, rule);
                let unit = Unit {
                    employee: member.employee_id,
                    slot: rule.slot,
                    work_group: member.work_group,
                    mode: modes.of(half).mode,
                    asked: Some((rule, half)),
                    duty,
                    is_taken_back: duty == Duty::NotRequired && self.would_be_asked(member, assigned),
                };
                let share = shares.remove(&(member.employee_id, rule.slot));
                rows.extend(self.row(&unit, share.as_ref(), now)?);
            }
        }
        // Shares that fill a slot which the rules of the date no longer ask for, or of people who belong elsewhere now.
        let groups: HashMap<EmployeeId, WorkGroup> = self
            .members
            .iter()
            .map(|member| (member.employee_id, member.work_group))
            .collect();
        for ((employee, slot), share) in shares {
            let unit = Unit {
                employee,
                slot,
                work_group: groups.get(&employee).copied().unwrap_or_default(),
                mode: share.mode,
                asked: None,
                duty: Duty::NotRequired,
                is_taken_back: false,
            };
            rows.extend(self.row(&unit, Some(&share), now)?);
        }
        rows.sort_unstable_by(|(one, _), (other, _)| one.unit_id.cmp(&other.unit_id));
        Ok(rows)
    }

    fn row(
        &self,
        unit: &Unit<'_>,
        share: Option<&ShareRow>,
        now: Instant,
    ) -> Result<Option<(Row, Option<Cell>)>, Error> {
        let time = unit
            .asked
            .map(|(rule, half)| slot_time(rule, self.zone_of(unit.employee, half), self.work_date, now));
        let is_first_day = self.newcomers.contains(&unit.employee);
        let is_accepted = [Some(unit.slot), None]
            .into_iter()
            .any(|slot| self.accepted.contains(&(unit.employee, slot)));
        let duty = match time {
            Some(_) if is_accepted && share.is_none() && unit.duty == Duty::Required => Duty::Excused,
            Some(time) => unit.duty.in_slot(is_first_day, share.is_some(), time),
            None => unit.duty,
        };
        let state = match time.map(|time| slot_state(duty, share.is_some(), time)) {
            None | Some(SlotState::Received) => RowState::Received,
            Some(SlotState::Expected | SlotState::Open) => RowState::Open,
            Some(SlotState::Missed) => RowState::Missed,
            Some(SlotState::Excused) => RowState::Excused,
            Some(SlotState::NotRequired) if unit.is_taken_back => RowState::NotRequired,
            Some(SlotState::NotRequired) => return Ok(None),
        };
        let missing = || store::error::Error::Corrupt("employee");
        let pseudonym = self.pseudonyms.get(&unit.employee).ok_or_else(missing)?;
        let unit_id = SlotUnit::new(&self.agency, self.work_date, pseudonym, unit.slot).map_err(Error::internal)?;
        let (opening, cell) = match share {
            Some(share) => self.opening(&unit_id, share)?,
            None => (None, None),
        };
        let row = Row {
            agency: self.agency.clone(),
            work_date: self.work_date,
            slot: unit.slot,
            employee_number: self.numbers.get(&unit.employee).ok_or_else(missing)?.clone(),
            work_group: unit.work_group,
            mode: unit.mode,
            expected: duty == Duty::Required,
            state,
            place: share.map(|share| share.place),
            distance_class: share
                .and_then(|share| share.distance_metres)
                .map(|metres| DistanceClass::of_metres(f64::from(metres))),
            time: share
                .map(|share| {
                    TimeOutcome::from_code(&share.time).ok_or(store::error::Error::Corrupt("slot_result.time"))
                })
                .transpose()?,
            captured_at: share.map(|share| share.corrected_at),
            channel: share.map(|share| share.channel.clone()),
            flags: share.map(flags).transpose()?.unwrap_or_default(),
            check_in_id: share.map(|share| share.check_in_id),
            commitment: opening
                .map(|(key, opening)| commit(&key.batch_key().salt(&unit_id), &opening))
                .transpose()
                .map_err(Error::internal)?,
            unit_id,
        };
        Ok(Some((row, cell)))
    }
}

impl Truth {
    /// The opened position of a share with its key, and its map cell; nothing where key or position were forgotten.
    fn opening(&self, unit_id: &SlotUnit, share: &ShareRow) -> Result<Opened<'_>, Error> {
        let key = share.key_id.and_then(|id| self.keys.get(&id));
        let (Some(key), Some(sealed)) = (key, &share.sealed) else {
            return Ok((None, None));
        };
        let plain = key.open(&position_seal(share.employee_id, share.check_in_id), sealed)?;
        let record =
            PositionRecord::from_bytes(&plain).ok_or(store::error::Error::Corrupt("check_in_position.sealed"))?;
        let opening = Opening {
            unit: unit_id.clone(),
            check_in_id: share.check_in_id,
            captured_at: share.captured_at,
            position: record.position,
            accuracy_millimetres: record.accuracy_millimetres,
        };
        Ok((Some((key, opening)), Some(Cell::of(record.position))))
    }
}

/// An opening with the key that it was sealed under, and the map cell of its position.
type Opened<'a> = (Option<(&'a Key, Opening)>, Option<Cell>);

fn flags(share: &ShareRow) -> Result<Vec<String>, Error> {
    let mut flags: Vec<String> = serde_json::from_value(share.flags.0.clone())
        .ok()
        .ok_or(store::error::Error::Corrupt("check_in.flags"))?;
    flags.sort_unstable();
    Ok(flags)
}
