//! The day of an agency: numbers for each slot, and the people behind each number.

use crate::app::App;
use crate::app::context::Context;
use crate::app::day::checked;
use crate::app::error::Error;
use crate::app::rule_book::AgencyFacts;
use crate::app::rule_book::HeldRules;
use crate::app::rule_book::RuleBook;
use crate::domain::access::AgencyCode;
use crate::domain::access::Scope;
use crate::domain::circular::mode::ModeReason;
use crate::domain::circular::mode::PersonFacts;
use crate::domain::circular::mode::day_off;
use crate::domain::circular::mode::mode_on;
use crate::domain::circular::rule::PositionLevel;
use crate::domain::day::Duty;
use crate::domain::day::SlotState;
use crate::domain::day::SlotTime;
use crate::domain::day::slot_state;
use crate::domain::day::slot_time;
use crate::domain::ids::EmployeeId;
use crate::domain::instant::Instant;
use crate::domain::instant::Zone;
use crate::domain::place::Place;
use crate::domain::region;
use crate::domain::slot::Slot;
use crate::domain::slot::SlotRule;
use crate::domain::work_mode::WorkMode;
use crate::store;
use crate::store::agency_day::Kind;
use crate::store::agency_day::KindCount;
use crate::store::agency_day::Which;
use chrono::NaiveDate;
use std::collections::BTreeMap;
use std::sync::Arc;

pub use crate::store::agency_day::PersonInSlot;

/// The numbers of one slot. Every member of staff is in exactly one of `received`, `awaited`, `missed`, `excused` and
/// `not_required`.
#[derive(Clone, Debug)]
pub struct SlotCounts {
    /// The window, its grace and its deadline.
    pub rule: SlotRule,
    /// When it opens and closes, grace left aside.
    pub window: (Instant, Instant),
    /// Where it stands now at the agency.
    pub time: SlotTime,
    /// People who are asked to share, whether they have or not.
    pub expected: i64,
    /// People whose slot has a share, asked or not.
    pub received: i64,
    /// Of those, people who were not asked.
    pub unasked: i64,
    /// People who are asked, have not shared, and still can.
    pub awaited: i64,
    /// People who were asked and have not shared in time.
    pub missed: i64,
    /// People without a share who are free for an accepted reason.
    pub excused: i64,
    /// People without a share of whom none is asked.
    pub not_required: i64,
    /// How many shares have which outcome of place.
    pub places: BTreeMap<Place, i64>,
}

/// The numbers of a day.
#[derive(Clone, Debug)]
pub struct AgencyDay {
    /// The agency.
    pub agency: AgencyFacts,
    /// The date.
    pub date: NaiveDate,
    /// The rules of the date.
    pub held: Arc<HeldRules>,
    /// Why nobody works who is not called in; none on a work day.
    pub day_off: Option<ModeReason>,
    /// Everybody on the staff.
    pub staff: i64,
    /// How many of them are in which mode.
    pub modes: BTreeMap<WorkMode, i64>,
    /// In the order of the day.
    pub slots: Vec<SlotCounts>,
}

/// The numbers whose people can be listed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Behind {
    /// Behind `expected`.
    Expected,
    /// Behind `received`.
    Received,
    /// Behind `awaited`.
    Awaited,
    /// Behind `missed`.
    Missed,
    /// Behind `excused`.
    Excused,
    /// Behind `not_required`.
    NotRequired,
    /// Behind an outcome of place.
    At(Place),
}

impl Behind {
    /// From the name of the number.
    pub fn from_code(code: &str) -> Option<Self> {
        match code {
            "expected" => Some(Self::Expected),
            "received" => Some(Self::Received),
            "awaited" => Some(Self::Awaited),
            "missed" => Some(Self::Missed),
            "excused" => Some(Self::Excused),
            "not_required" => Some(Self::NotRequired),
            place => Place::from_code(place).map(Self::At),
        }
    }
}

/// One person behind a number.
#[derive(Clone, Debug)]
pub struct PersonBehind {
    /// Who, and the slot's result.
    pub person: PersonInSlot,
    /// The person's mode on the date.
    pub mode: WorkMode,
    /// How the slot stands.
    pub state: SlotState,
}

/// What an agency's day is made from: the rules, and everybody counted by kind.
struct Counted {
    book: Arc<RuleBook>,
    agency: AgencyFacts,
    held: Arc<HeldRules>,
    date: NaiveDate,
    kinds: Vec<KindCount>,
}

impl Counted {
    fn mode(&self, kind: &Kind) -> WorkMode {
        let facts = PersonFacts {
            work_group: kind.work_group,
            level: PositionLevel::from_echelon(kind.echelon.as_deref()),
            agency_code: &self.agency.code,
            service_kinds: &self.agency.service_kinds,
        };
        mode_on(&self.held.rules, self.book.calendar(), &facts, kind.assigned.as_slice()).mode
    }

    /// What a slot asks of people of a kind who have shared in it, or have not.
    fn duty_in_slot(&self, kind: &Kind, has_shared: bool, time: SlotTime) -> Duty {
        let duty = Duty::of(self.mode(kind), &self.held.check_in);
        duty.in_slot(kind.is_first_day, has_shared, time)
    }

    /// The zone in which people of a kind share: of the place that a journey leads to, else of the agency.
    fn zone(&self, kind: &Kind) -> Zone {
        let destination = kind.destination.as_deref().and_then(region::zone_of);
        destination.unwrap_or(self.agency.zone)
    }

    /// How a slot stands for people of a kind, by the clock where they are.
    fn time(&self, kind: &Kind, rule: &SlotRule, now: Instant) -> SlotTime {
        slot_time(rule, self.zone(kind), self.date, now)
    }

    /// Of whom a slot asks this, beside whether they have shared in it.
    fn kinds_of(&self, duty: Duty, rule: &SlotRule, now: Instant, shared: &[bool]) -> Vec<(Kind, bool)> {
        let mut kinds: Vec<(Kind, bool)> = Vec::new();
        for count in &self.kinds {
            let time = self.time(&count.kind, rule, now);
            for has_shared in shared {
                let kind = (count.kind.clone(), *has_shared);
                if self.duty_in_slot(&count.kind, *has_shared, time) == duty && !kinds.contains(&kind) {
                    kinds.push(kind);
                }
            }
        }
        kinds
    }

    fn slot(&self, rule: &SlotRule, places: &[(Slot, Place, i64)], now: Instant) -> SlotCounts {
        let zone = self.agency.zone;
        let time = slot_time(rule, zone, self.date, now);
        let mut counts = SlotCounts {
            rule: *rule,
            window: (
                zone.at_minute(self.date, rule.window.opens_minute),
                zone.at_minute(self.date, rule.window.closes_minute),
            ),
            time,
            expected: 0,
            received: 0,
            unasked: 0,
            awaited: 0,
            missed: 0,
            excused: 0,
            not_required: 0,
            places: places
                .iter()
                .filter(|(slot, _, _)| *slot == rule.slot)
                .map(|(_, place, count)| (*place, *count))
                .collect(),
        };
        for count in &self.kinds {
            let has_shared = count.has_shared(rule.slot);
            let time = self.time(&count.kind, rule, now);
            let duty = self.duty_in_slot(&count.kind, has_shared, time);
            if duty == Duty::Required {
                counts.expected += count.people;
            }
            match slot_state(duty, has_shared, time) {
                SlotState::Received => {
                    counts.received += count.people;
                    if duty != Duty::Required {
                        counts.unasked += count.people;
                    }
                }
                SlotState::Expected | SlotState::Open => counts.awaited += count.people,
                SlotState::Missed => counts.missed += count.people,
                SlotState::Excused => counts.excused += count.people,
                SlotState::NotRequired => counts.not_required += count.people,
            }
        }
        counts
    }
}

impl App {
    /// The numbers of an agency's day; today in its zone unless a date is given.
    pub fn agency_day(
        &self,
        context: &Context,
        scope: &Scope,
        agency: &AgencyCode,
        date: Option<NaiveDate>,
    ) -> Result<AgencyDay, Error> {
        let date = date.map(checked).transpose()?;
        self.store.read(|connection| {
            let counted = self.counted(connection, context, scope, agency, date)?;
            let places = store::agency_day::list_places(connection, scope, agency, counted.date)?;
            let mut modes = BTreeMap::new();
            for count in &counted.kinds {
                *modes.entry(counted.mode(&count.kind)).or_insert(0) += count.people;
            }
            let rules = &counted.held.check_in.slots;
            Ok(AgencyDay {
                slots: rules
                    .iter()
                    .map(|rule| counted.slot(rule, &places, context.now))
                    .collect(),
                day_off: day_off(&counted.held.rules, counted.book.calendar()),
                staff: counted.kinds.iter().map(|count| count.people).sum(),
                modes,
                agency: counted.agency,
                date: counted.date,
                held: counted.held,
            })
        })
    }

    /// Up to `limit` of the people behind a number of a slot, by their ids.
    #[expect(
        clippy::too_many_arguments,
        reason = "which people of which slot of which agency on which date"
    )]
    pub fn people_behind(
        &self,
        context: &Context,
        scope: &Scope,
        agency: &AgencyCode,
        date: Option<NaiveDate>,
        slot: Slot,
        behind: Behind,
        after: Option<EmployeeId>,
        limit: u32,
    ) -> Result<Vec<PersonBehind>, Error> {
        let date = date.map(checked).transpose()?;
        self.store.read(|connection| {
            let counted = self.counted(connection, context, scope, agency, date)?;
            // A slot that the circular does not ask for has nobody behind any number.
            let Some(rule) = counted.held.check_in.slot(slot) else {
                return Ok(Vec::new());
            };
            let of = |duty, shared: &[bool]| counted.kinds_of(duty, rule, context.now, shared);
            let silent = |duty| Which::Of(of(duty, &[false]));
            let silent_while = |is_wanted: &dyn Fn(SlotTime) -> bool| {
                let mut kinds = of(Duty::Required, &[false]);
                kinds.retain(|(kind, _)| is_wanted(counted.time(kind, rule, context.now)));
                Which::Of(kinds)
            };
            let which = match behind {
                Behind::Missed => silent_while(&|time| time == SlotTime::Over),
                Behind::Awaited => silent_while(&|time| time != SlotTime::Over),
                Behind::Excused => silent(Duty::Excused),
                Behind::NotRequired => silent(Duty::NotRequired),
                Behind::Expected => Which::Of(of(Duty::Required, &[false, true])),
                Behind::Received => Which::Received(None),
                Behind::At(place) => Which::Received(Some(place)),
            };
            let on = (counted.date, slot);
            let people = store::agency_day::list(connection, scope, agency, on, &which, after, i64::from(limit))?;
            Ok(people
                .into_iter()
                .map(|person| {
                    let has_shared = person.result.is_some();
                    let time = counted.time(&person.kind, rule, context.now);
                    let duty = counted.duty_in_slot(&person.kind, has_shared, time);
                    PersonBehind {
                        state: slot_state(duty, has_shared, time),
                        mode: counted.mode(&person.kind),
                        person,
                    }
                })
                .collect())
        })
    }

    fn counted(
        &self,
        connection: &mut store::backend::AnyConnection,
        context: &Context,
        scope: &Scope,
        agency: &AgencyCode,
        date: Option<NaiveDate>,
    ) -> Result<Counted, Error> {
        let book = self.rule_book(connection)?;
        let facts = book.agency(agency.as_str()).ok_or(Error::NotFound)?.clone();
        let date = date.unwrap_or_else(|| facts.zone.date(context.now));
        Ok(Counted {
            held: book.held(&facts, date),
            kinds: store::agency_day::count(connection, scope, agency, date)?,
            agency: facts,
            date,
            book,
        })
    }
}
