//! People's days: what is stored about them, loaded for many at once, and each decided by the rules of its date.

use crate::app::App;
use crate::app::day::MyDay;
use crate::app::error::Code;
use crate::app::error::Error;
use crate::app::own_schedule::Whose;
use crate::app::rule_book::AgencyFacts;
use crate::app::rule_book::HeldRules;
use crate::app::rule_book::RuleBook;
use crate::app::rule_table::RuleTables;
use crate::domain::assignment::DayAssignment;
use crate::domain::circular::mode::ModeReason;
use crate::domain::day::Duty;
use crate::domain::day::SlotState;
use crate::domain::day::SlotTime;
use crate::domain::day::slot_time;
use crate::domain::half::DayPart;
use crate::domain::half::Half;
use crate::domain::half::Halved;
use crate::domain::ids::EmployeeId;
use crate::domain::instant::Instant;
use crate::domain::instant::Zone;
use crate::domain::notice::CaseOutcome;
use crate::domain::place::Place;
use crate::domain::recap::allowance::AllowanceRules;
use crate::domain::recap::outage;
use crate::domain::recap::outage::OutageScope;
use crate::domain::recap::outage::Stretch;
use crate::domain::recap::status::DayFacts;
use crate::domain::recap::status::DayRecord;
use crate::domain::recap::status::Excuse;
use crate::domain::recap::status::SlotFacts;
use crate::domain::recap::status::SlotShare;
use crate::domain::recap::status::WorkClock;
use crate::domain::recap::status::decide;
use crate::domain::recap::status::decide_halves;
use crate::domain::region;
use crate::domain::slot::Slot;
use crate::store;
use crate::store::backend::AnyConnection;
use crate::store::duty::Assigned;
use crate::store::membership::MembershipRow;
use chrono::{Days, Duration, NaiveDate};
use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

/// How far around the dates runs of instances are read: a longer silence would not be seen.
const RUNS_AROUND: Duration = Duration::days(92);

/// What does not depend on people: rules, outages, the present.
#[derive(Debug)]
pub(super) struct Background {
    pub(super) book: Arc<RuleBook>,
    pub(super) rules: RuleTables<AllowanceRules>,
    outages: Vec<(Stretch, OutageScope)>,
    alive: Vec<Stretch>,
    shares_kept_from: NaiveDate,
    pub(super) now: Instant,
}

impl Background {
    /// Loads what holds from one date to another, both inclusive.
    pub(super) fn load(
        app: &App,
        connection: &mut AnyConnection,
        (from, to): (NaiveDate, NaiveDate),
        now: Instant,
    ) -> Result<Self, Error> {
        let begins = Zone::Jayapura.at_minute(from, 0);
        // A night shift may end two days after the date that it belongs to.
        let ends = Zone::Jakarta.at_minute(to, 0).plus(Duration::days(3));
        let outages = store::outage::list_between(connection, begins, ends)?
            .into_iter()
            .map(|row| Ok(((row.from_at, row.to_at), row.scope()?)))
            .collect::<Result<_, store::error::Error>>()?;
        Ok(Self {
            book: app.rule_book(connection)?,
            rules: RuleTables::load(connection)?,
            outages,
            alive: store::outage::list_runs(connection, begins.plus(-RUNS_AROUND), ends.plus(RUNS_AROUND))?,
            shares_kept_from: app.shares_kept_from(now),
            now,
        })
    }

    /// The outages that touch an agency on a date.
    fn outages_of(&self, agency: &AgencyFacts, rules: &AllowanceRules) -> Vec<Stretch> {
        let least = Duration::minutes(i64::from(rules.outage_least_minutes));
        let mut stretches = outage::gaps(&self.alive, least);
        let declared = self
            .outages
            .iter()
            .filter(|(_, scope)| scope.touches(&agency.code, &agency.jurisdiction));
        stretches.extend(declared.map(|(stretch, _)| *stretch));
        stretches
    }
}

impl App {
    /// Excuses the missed slots of a day that outages took the most of.
    pub(crate) fn excuse_outages(
        &self,
        connection: &mut AnyConnection,
        day: &mut MyDay,
        now: Instant,
    ) -> Result<(), Error> {
        let background = Background::load(self, connection, (day.date, day.date), now)?;
        let rules = background.rules.on(day.date);
        let outages = background.outages_of(&day.agency, rules);
        for slot in day.slots.iter_mut().filter(|slot| slot.state == SlotState::Missed) {
            let window = (slot.opens_at, slot.closes_at);
            if outage::is_excused(window, &outages, rules.outage_excused_from_bp) {
                slot.in_outage = true;
                slot.state = SlotState::Excused;
            }
        }
        Ok(())
    }
}

/// One date of those people of an agency who have the same rules on it and share by the same clock: the agency's own, or
/// that of a journey's destination.
#[derive(Debug)]
struct AgencyDate {
    held: Arc<HeldRules>,
    midnight: Instant,
    times: Vec<SlotTime>,
    in_outage: Vec<bool>,
    clock: Option<WorkClock>,
    is_over: bool,
}

impl AgencyDate {
    fn new(
        background: &Background,
        outages: &[Stretch],
        (date, zone): (NaiveDate, Zone),
        held: Arc<HeldRules>,
    ) -> Self {
        let share_bp = background.rules.on(date).outage_excused_from_bp;
        let slots = &held.check_in.slots;
        let times = slots.iter().map(|rule| slot_time(rule, zone, date, background.now));
        let in_outage = slots.iter().map(|rule| {
            let opens = zone.at_minute(date, rule.window.opens_minute);
            let closes = zone.at_minute(date, rule.window.closes_minute);
            outage::is_excused((opens, closes), outages, share_bp)
        });
        Self {
            midnight: zone.at_minute(date, 0),
            times: times.collect(),
            in_outage: in_outage.collect(),
            clock: clock(&held),
            is_over: date < zone.date(background.now),
            held,
        }
    }
}

/// The hours of a date, where the circular in force says that they count and a schedule sets them: the person's or unit's
/// own where it stands, else that of a circular.
fn clock(held: &HeldRules) -> Option<WorkClock> {
    held.rules.check_in_terms().filter(|(terms, _)| terms.clock_counts)?;
    let hours = held.hours()?;
    Some(WorkClock {
        starts_minute: hours.starts_minute,
        ends_minute: hours.ends_minute,
    })
}

/// A slot of a person and date.
type Key = (EmployeeId, NaiveDate, Slot);

/// What is stored about some people from one date to another.
#[derive(Debug)]
pub(super) struct PeopleDays<'a> {
    background: &'a Background,
    from: NaiveDate,
    to: NaiveDate,
    members: HashMap<EmployeeId, Vec<MembershipRow>>,
    assigned: HashMap<(EmployeeId, NaiveDate), Vec<Assigned>>,
    shares: HashMap<Key, (Place, Instant)>,
    latest: HashMap<(Key, Place), Instant>,
    outcomes: HashMap<Key, CaseOutcome>,
    accepted: HashSet<(EmployeeId, NaiveDate, Option<Slot>)>,
    permitted: HashSet<(EmployeeId, NaiveDate)>,
    entries: HashMap<EmployeeId, (u16, u16)>,
    dates: HashMap<DateKey, AgencyDate>,
}

impl<'a> PeopleDays<'a> {
    /// Loads everything that the days of these people are decided from; refused where shares of the dates may be gone.
    pub(super) fn load(
        background: &'a Background,
        connection: &mut AnyConnection,
        people: &[EmployeeId],
        (from, to): (NaiveDate, NaiveDate),
    ) -> Result<Self, Error> {
        if from < background.shares_kept_from {
            return Err(Error::Refused(Code::NoLongerKept));
        }
        let mut members: HashMap<EmployeeId, Vec<MembershipRow>> = HashMap::with_capacity(people.len());
        for row in store::membership::list(connection, people)? {
            members.entry(row.employee_id).or_default().push(row);
        }
        let days: Vec<NaiveDate> = from.iter_days().take_while(|date| *date <= to).collect();
        let mut assigned: HashMap<_, Vec<Assigned>> = HashMap::new();
        for row in store::duty::list_assigned(connection, people, from, to)? {
            assigned.entry((row.employee_id, row.work_date)).or_default().push(row);
        }
        let dates = dates(background, &members, &assigned, &days);
        let shares = store::check_in::list_results(connection, people, &days, &Slot::ALL)?
            .into_iter()
            .map(|row| {
                (
                    (row.employee_id, row.work_date, row.slot),
                    (row.place, row.corrected_at),
                )
            })
            .collect();
        let timed: BTreeSet<NaiveDate> = dates
            .iter()
            .filter(|(_, date)| date.clock.is_some())
            .map(|((_, date, ..), _)| *date)
            .collect();
        let timed: Vec<NaiveDate> = timed.into_iter().collect();
        let mut latest = HashMap::new();
        if !timed.is_empty() {
            for (person, date, slot, place, at) in store::recap::list_latest(connection, people, &timed)? {
                if let (Some(slot), Some(at)) = (slot, at) {
                    latest.insert(((person, date, slot), place), at);
                }
            }
        }
        let mut outcomes = HashMap::new();
        for (person, date, slot, outcome) in store::recap::list_outcomes(connection, people, (from, to))? {
            // In the order of their decisions: the last one stands.
            outcomes.extend(outcome.map(|outcome| ((person, date, slot), outcome)));
        }
        let (mut accepted, mut permitted) = (HashSet::new(), HashSet::new());
        for (person, date, slot, wish) in store::correction::list_accepted(connection, people, (from, to))? {
            match wish.as_str() {
                "attended" => {
                    accepted.insert((person, date, slot));
                }
                "permission" => {
                    permitted.insert((person, date));
                }
                _ => {}
            }
        }
        Ok(Self {
            background,
            from,
            to,
            members,
            assigned,
            shares,
            latest,
            outcomes,
            accepted,
            permitted,
            entries: entries(connection, people, (from, to))?,
            dates,
        })
    }

    /// The days of a person on which they were on some agency's staff; of one agency where it is named.
    pub(super) fn records(&self, person: EmployeeId, agency: Option<&str>) -> Vec<DayRecord> {
        let days = self.from.iter_days().take_while(|date| *date <= self.to);
        days.filter_map(|date| self.record(person, agency, date)).collect()
    }

    /// Dates with entries that the person handed in, and with approved ones.
    pub(super) fn entries(&self, person: EmployeeId) -> (u16, u16) {
        self.entries.get(&person).copied().unwrap_or_default()
    }

    fn record(&self, person: EmployeeId, agency: Option<&str>, date: NaiveDate) -> Option<DayRecord> {
        let members = self.members.get(&person)?;
        let member = members.iter().find(|member| member.covers(date))?;
        if agency.is_some_and(|agency| agency != member.agency_code) {
            return None;
        }
        let facts = self.background.book.agency(&member.agency_code)?;
        let given = assigned_on(&self.assigned, member, date);
        let place = place_of(&given.held(&self.background.book, facts, member, date));
        let date_in = |half| {
            let zone = given.zone(half).unwrap_or(facts.zone);
            self.dates.get(&(member.agency_code.clone(), date, zone, place))
        };
        let halves = Halved::parted(date_in(Half::Morning)?, date_in(Half::Afternoon)?);
        let held = &halves.of(Half::Morning).held;
        let modes = self.background.book.mode(facts, held, member, &given.days).merged();
        let excuse = if self.permitted.contains(&(person, date)) {
            Some(Excuse::Correction)
        } else {
            store::membership::is_first_day(members, date).then_some(Excuse::FirstDay)
        };
        let slots = |part: DayPart| -> Vec<SlotFacts> {
            let rules = held.check_in.slots.iter().enumerate();
            let asked = rules.map(|(index, rule)| (index, rule, held.middle.half_of(rule.window)));
            asked
                .filter(|(_, _, half)| part.covers(*half))
                .filter_map(|(index, rule, half)| self.slot((person, date, rule.slot), index, halves.of(half)))
                .collect()
        };
        let parts = modes.map(|part, mode| (part, mode, slots(part)));
        let day = |half| {
            let (part, mode, slots) = parts.of(half);
            DayFacts {
                date,
                part: *part,
                mode: mode.mode,
                is_holiday: matches!(mode.because, ModeReason::Holiday { .. }),
                is_over: halves.of(half).is_over,
                duty: Duty::of(mode.mode, &held.check_in),
                excuse,
                slots,
                clock: halves.of(half).clock,
            }
        };
        let rules = self.background.rules.on(date);
        Some(match parts.all_day() {
            Some(_) => decide(&day(Half::Afternoon), rules),
            None => decide_halves(&day(Half::Morning), &day(Half::Afternoon), rules),
        })
    }

    /// What is known of the slot of this place in its date.
    fn slot(&self, key: Key, index: usize, on: &AgencyDate) -> Option<SlotFacts> {
        let (person, date, slot) = key;
        let minute = |at: Instant| i32::try_from(at.since(on.midnight).num_minutes()).unwrap_or(i32::MAX);
        let share = self.shares.get(&key).map(|(place, at)| {
            let last = self.latest.get(&(key, *place)).copied();
            SlotShare {
                place: *place,
                first_minute: minute(*at),
                last_minute: minute(last.map_or(*at, |last| last.max(*at))),
            }
        });
        Some(SlotFacts {
            slot,
            time: *on.times.get(index)?,
            share,
            outcome: self.outcomes.get(&key).copied(),
            is_accepted: self.accepted.contains(&(person, date, Some(slot)))
                || self.accepted.contains(&(person, date, None)),
            is_in_outage: *on.in_outage.get(index)?,
        })
    }
}

/// An agency, a date, the zone by whose clock some of its people share on it, and the place in memory of their rules.
type DateKey = (String, NaiveDate, Zone, usize);

/// Rules of one book are the same where they lie in the same place: the book keeps each as long as it lives, and a date
/// keeps its own beside it.
fn place_of(held: &Arc<HeldRules>) -> usize {
    Arc::as_ptr(held).addr()
}

/// What a member's own agency assigned for a date.
struct Given {
    days: Vec<DayAssignment>,
    /// Of the places that journeys lead to, each with the part of the date.
    zones: Vec<(DayPart, Zone)>,
}

impl Given {
    /// The zone of the place that a journey leads to in a half of the date.
    fn zone(&self, half: Half) -> Option<Zone> {
        let there = self.zones.iter().find(|(part, _)| part.covers(half));
        there.map(|(_, zone)| *zone)
    }

    fn held(&self, book: &RuleBook, agency: &AgencyFacts, member: &MembershipRow, date: NaiveDate) -> Arc<HeldRules> {
        book.held_for(agency, Whose::of(member), date, &self.days)
    }
}

/// What the member's own agency assigned for a date; what another one did holds no more.
fn assigned_on(
    assigned: &HashMap<(EmployeeId, NaiveDate), Vec<Assigned>>,
    member: &MembershipRow,
    date: NaiveDate,
) -> Given {
    let rows = assigned.get(&(member.employee_id, date)).into_iter().flatten();
    let rows = rows.filter(|row| row.agency_code == member.agency_code);
    Given {
        days: rows.clone().map(Assigned::day).collect(),
        zones: rows
            .filter_map(|row| Some((row.slots, region::zone_of(row.destination_code.as_deref()?)?)))
            .collect(),
    }
}

/// What holds for these people on each of the days, once for all who have the same rules.
fn dates(
    background: &Background,
    members: &HashMap<EmployeeId, Vec<MembershipRow>>,
    assigned: &HashMap<(EmployeeId, NaiveDate), Vec<Assigned>>,
    days: &[NaiveDate],
) -> HashMap<DateKey, AgencyDate> {
    let mut dates = HashMap::new();
    let Some(last) = days.last() else { return dates };
    let mut outages: HashMap<&str, Vec<Stretch>> = HashMap::new();
    for member in members.values().flatten() {
        let Some(agency) = background.book.agency(&member.agency_code) else {
            continue;
        };
        let outages = outages
            .entry(&agency.code)
            .or_insert_with(|| background.outages_of(agency, background.rules.on(*last)));
        for date in days.iter().take(366).filter(|date| member.covers(**date)) {
            let given = assigned_on(assigned, member, *date);
            let held = given.held(&background.book, agency, member, *date);
            for zone in Half::ALL.map(|half| given.zone(half).unwrap_or(agency.zone)) {
                dates
                    .entry((agency.code.clone(), *date, zone, place_of(&held)))
                    .or_insert_with(|| AgencyDate::new(background, outages, (*date, zone), Arc::clone(&held)));
            }
        }
    }
    dates
}

/// Dates with entries handed in, and with approved ones, by person.
fn entries(
    connection: &mut AnyConnection,
    people: &[EmployeeId],
    dates: (NaiveDate, NaiveDate),
) -> Result<HashMap<EmployeeId, (u16, u16)>, Error> {
    let mut approved: HashMap<(EmployeeId, NaiveDate), bool> = HashMap::new();
    for (person, date, decision) in store::recap::list_entries(connection, people, dates)? {
        let is_approved = decision == Some(crate::domain::activity::Decision::Approved);
        *approved.entry((person, date)).or_default() |= is_approved;
    }
    let mut counts: HashMap<EmployeeId, (u16, u16)> = HashMap::new();
    for ((person, _), is_approved) in approved {
        let count = counts.entry(person).or_default();
        count.0 += 1;
        count.1 += u16::from(is_approved);
    }
    Ok(counts)
}

/// The dates of a year that are over or run, in the zone that sees a date first; `None` for a year ahead.
pub(super) fn year_dates(year: i32, now: Instant) -> Option<(NaiveDate, NaiveDate)> {
    let first = NaiveDate::from_ymd_opt(year, 1, 1)?;
    let last = NaiveDate::from_ymd_opt(year.checked_add(1)?, 1, 1)?.checked_sub_days(Days::new(1))?;
    let last = last.min(Zone::Jayapura.date(now));
    (first <= last).then_some((first, last))
}
