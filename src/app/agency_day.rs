//! The day of an agency: numbers for each slot, and the people behind each number.

use crate::app::App;
use crate::app::context::Context;
use crate::app::day::checked;
use crate::app::error::Error;
use crate::app::own_schedule::Whose;
use crate::app::rule_book::AgencyFacts;
use crate::app::rule_book::HeldRules;
use crate::app::rule_book::RuleBook;
use crate::domain::access::AgencyCode;
use crate::domain::access::Scope;
use crate::domain::circular::mode::ModeReason;
use crate::domain::circular::mode::day_off;
use crate::domain::day::Duty;
use crate::domain::day::SlotState;
use crate::domain::day::SlotTime;
use crate::domain::day::slot_state;
use crate::domain::day::slot_time;
use crate::domain::ids::EmployeeId;
use crate::domain::instant::Instant;
use crate::domain::place::Place;
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
    /// Where it stands now.
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
    has_schedules: bool,
    kinds: Vec<CountedKind>,
}

/// People of one kind, and what holds for them.
struct CountedKind {
    count: KindCount,
    held: Arc<HeldRules>,
    mode: WorkMode,
}

/// What a slot asks of people with these rules in this mode; nothing where their schedule has no such slot on the date.
fn duty_in(slot: Slot, mode: WorkMode, held: &HeldRules) -> Duty {
    match Duty::of(mode, &held.check_in) {
        Duty::Required if held.check_in.slot(slot).is_none() => Duty::NotRequired,
        duty => duty,
    }
}

impl CountedKind {
    fn duty(&self, slot: Slot) -> Duty {
        duty_in(slot, self.mode, &self.held)
    }
}

impl Counted {
    fn rules(&self, kind: &Kind) -> (Arc<HeldRules>, WorkMode) {
        let whose = Whose {
            unit_id: kind.unit_id,
            starts: &kind.starts.0,
        };
        let assigned = kind.assigned.as_slice();
        let held = self.book.held_for(&self.agency, whose, self.date, assigned);
        let of = (kind.work_group, kind.echelon.as_deref());
        let mode = self.book.mode_of_kind(&self.agency, &held, of, assigned).mode;
        (held, mode)
    }

    /// A slot as it stands for people with these rules; over where their schedule does not have it.
    fn time(&self, held: &HeldRules, slot: Slot, now: Instant) -> SlotTime {
        let rule = held.check_in.slot(slot);
        rule.map_or(SlotTime::Over, |rule| slot_time(rule, self.agency.zone, self.date, now))
    }

    /// The kinds for which a slot stands so.
    fn kinds_where(&self, is_so: impl Fn(&CountedKind) -> bool) -> Vec<Kind> {
        let mut kinds: Vec<Kind> = Vec::new();
        for counted in &self.kinds {
            let kind = &counted.count.kind;
            if is_so(counted) && !kinds.contains(kind) {
                kinds.push(kind.clone());
            }
        }
        kinds
    }

    /// The slots that anybody is asked in, in the order of the day: the agency's own windows, else those of somebody's
    /// schedule.
    fn slots(&self) -> Vec<SlotRule> {
        let everybody = || std::iter::once(&self.held).chain(self.kinds.iter().map(|kind| &kind.held));
        let rule = |slot| everybody().find_map(|held| held.check_in.slot(slot).copied());
        Slot::ALL.into_iter().filter_map(rule).collect()
    }

    /// Where a slot stands for everybody together: running from the first who may share in it to the last.
    fn time_of_all(&self, slot: Slot, now: Instant) -> SlotTime {
        let everybody = std::iter::once(&self.held).chain(self.kinds.iter().map(|kind| &kind.held));
        let times: Vec<SlotTime> = everybody
            .filter(|held| held.check_in.slot(slot).is_some())
            .map(|held| self.time(held, slot, now))
            .collect();
        if times.iter().all(|time| *time == SlotTime::Ahead) {
            SlotTime::Ahead
        } else if times.iter().all(|time| *time == SlotTime::Over) {
            SlotTime::Over
        } else {
            SlotTime::Running
        }
    }

    fn slot(&self, rule: &SlotRule, places: &[(Slot, Place, i64)], now: Instant) -> SlotCounts {
        let zone = self.agency.zone;
        let rules = || self.kinds.iter().filter_map(|kind| kind.held.check_in.slot(rule.slot));
        let opens = rules().map(|own| own.window.opens_minute).min();
        let closes = rules().map(|own| own.window.closes_minute).max();
        let mut counts = SlotCounts {
            rule: *rule,
            window: (
                zone.at_minute(self.date, opens.unwrap_or(rule.window.opens_minute)),
                zone.at_minute(self.date, closes.unwrap_or(rule.window.closes_minute)),
            ),
            time: self.time_of_all(rule.slot, now),
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
        for kind in &self.kinds {
            let (duty, people) = (kind.duty(rule.slot), kind.count.people);
            if duty == Duty::Required {
                counts.expected += people;
            }
            let time = self.time(&kind.held, rule.slot, now);
            match slot_state(duty, kind.count.has_shared(rule.slot), time) {
                SlotState::Received => {
                    counts.received += people;
                    if duty != Duty::Required {
                        counts.unasked += people;
                    }
                }
                SlotState::Expected | SlotState::Open => counts.awaited += people,
                SlotState::Missed => counts.missed += people,
                SlotState::Excused => counts.excused += people,
                SlotState::NotRequired => counts.not_required += people,
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
            for kind in &counted.kinds {
                *modes.entry(kind.mode).or_insert(0) += kind.count.people;
            }
            Ok(AgencyDay {
                slots: counted
                    .slots()
                    .iter()
                    .map(|rule| counted.slot(rule, &places, context.now))
                    .collect(),
                day_off: day_off(&counted.held.rules, counted.held.own.as_ref(), counted.book.calendar()),
                staff: counted.kinds.iter().map(|kind| kind.count.people).sum(),
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
            // A slot in which nobody is asked has nobody behind any number.
            if counted.slots().iter().all(|rule| rule.slot != slot) {
                return Ok(Vec::new());
            }
            let is_over = |kind: &CountedKind| counted.time(&kind.held, slot, context.now) == SlotTime::Over;
            let asked = |wanted: bool| {
                let kinds = counted.kinds_where(|kind| kind.duty(slot) == Duty::Required && is_over(kind) == wanted);
                Which::Silent(kinds)
            };
            let silent = |duty| Which::Silent(counted.kinds_where(|kind| kind.duty(slot) == duty));
            let which = match behind {
                Behind::Missed => asked(true),
                Behind::Awaited => asked(false),
                Behind::Excused => silent(Duty::Excused),
                Behind::NotRequired => silent(Duty::NotRequired),
                Behind::Expected => Which::OfKinds(counted.kinds_where(|kind| kind.duty(slot) == Duty::Required)),
                Behind::Received => Which::Received(None),
                Behind::At(place) => Which::Received(Some(place)),
            };
            let on = (counted.date, slot);
            let has_schedules = counted.has_schedules;
            let limit = i64::from(limit);
            let people = store::agency_day::list(connection, scope, agency, on, &which, has_schedules, after, limit)?;
            Ok(people
                .into_iter()
                .map(|person| {
                    let (held, mode) = counted.rules(&person.kind);
                    let time = counted.time(&held, slot, context.now);
                    let duty = duty_in(slot, mode, &held);
                    PersonBehind {
                        state: slot_state(duty, person.result.is_some(), time),
                        mode,
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
        let has_schedules = book.has_schedules(&facts);
        let counts = store::agency_day::count(connection, scope, agency, date, has_schedules)?;
        let mut counted = Counted {
            held: book.held(&facts, date),
            kinds: Vec::with_capacity(counts.len()),
            agency: facts,
            date,
            has_schedules,
            book,
        };
        for count in counts {
            let (held, mode) = counted.rules(&count.kind);
            counted.kinds.push(CountedKind { count, held, mode });
        }
        Ok(counted)
    }
}
