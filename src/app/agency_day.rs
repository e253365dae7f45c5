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
use crate::domain::circular::mode::DayMode;
use crate::domain::circular::mode::ModeReason;
use crate::domain::circular::mode::day_off;
use crate::domain::day::Duty;
use crate::domain::day::SlotState;
use crate::domain::day::SlotTime;
use crate::domain::day::slot_state;
use crate::domain::day::slot_time;
use crate::domain::flag::Flag;
use crate::domain::half::Half;
use crate::domain::half::Halved;
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
use std::collections::{BTreeMap, BTreeSet, HashMap};
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
    /// How many of them are in which mode; whoever has a mode for each half of the day is counted in both.
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
    /// Those of `received` whose share has a flag.
    Flagged,
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
            "flagged" => Some(Self::Flagged),
            place => Place::from_code(place).map(Self::At),
        }
    }
}

/// One person behind a number.
#[derive(Clone, Debug)]
pub struct PersonBehind {
    /// Who, and the slot's result.
    pub person: PersonInSlot,
    /// The person's mode in the slot.
    pub mode: WorkMode,
    /// How the slot stands.
    pub state: SlotState,
    /// What is odd about the share, if there is one. Flags inform; they decide nothing.
    pub flags: Vec<Flag>,
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
    rules: KindRules,
}

/// What holds for people of one kind on the date.
struct KindRules {
    held: Arc<HeldRules>,
    modes: Halved<DayMode>,
    /// Where they share in each half: in the zone of the place that a journey leads to, else in the agency's.
    zones: Halved<Zone>,
    is_first_day: bool,
}

impl KindRules {
    /// The modes that they have on the date, each once.
    fn modes_held(&self) -> BTreeSet<WorkMode> {
        self.modes.parts().map(|(_, part)| part.mode).collect()
    }

    /// How a slot stands by the clock where they are; over where their schedule does not have it.
    fn time(&self, slot: Slot, date: NaiveDate, now: Instant) -> SlotTime {
        let rule = self.held.check_in.slot(slot);
        rule.map_or(SlotTime::Over, |rule| {
            slot_time(rule, *self.zones.of(self.held.middle.half_of(rule.window)), date, now)
        })
    }

    /// What a slot asks of those who have shared in it, or have not; nothing where their schedule has no such slot.
    fn duty(&self, slot: Slot, has_shared: bool, time: SlotTime) -> Duty {
        let duty = match self.held.check_in.slot(slot) {
            Some(rule) => self.held.duty(&self.modes, rule),
            None => match Duty::of(self.mode_in(slot), &self.held.check_in) {
                Duty::Required => Duty::NotRequired,
                other @ (Duty::Excused | Duty::NotRequired) => other,
            },
        };
        duty.in_slot(self.is_first_day, has_shared, time)
    }

    /// The mode in a slot; where their schedule has no such slot, that of the half in which it usually lies.
    fn mode_in(&self, slot: Slot) -> WorkMode {
        let half = match self.held.check_in.slot(slot) {
            Some(rule) => self.held.middle.half_of(rule.window),
            None => Half::usual_of(slot),
        };
        self.modes.of(half).mode
    }
}

impl Counted {
    fn rules(&self, kind: &Kind) -> KindRules {
        let whose = Whose {
            unit_id: kind.unit_id,
            starts: &kind.starts.0,
        };
        let assigned = kind.assigned.as_slice();
        let held = self.book.held_for(&self.agency, whose, self.date, assigned);
        let of = (kind.work_group, kind.echelon.as_deref());
        let modes = self.book.mode_of_kind(&self.agency, &held, of, assigned);
        let zone = |half| {
            kind.destination(half)
                .and_then(region::zone_of)
                .unwrap_or(self.agency.zone)
        };
        KindRules {
            held,
            modes,
            zones: Halved::parted(zone(Half::Morning), zone(Half::Afternoon)),
            is_first_day: kind.is_first_day,
        }
    }

    /// The kinds of whom a slot asks this while it stands so, beside whether they have shared in it.
    fn kinds_where(
        &self,
        (slot, now): (Slot, Instant),
        shared: &[bool],
        is_so: impl Fn(Duty, SlotTime) -> bool,
    ) -> Vec<(Kind, bool)> {
        let mut kinds: Vec<(Kind, bool)> = Vec::new();
        for counted in &self.kinds {
            let time = counted.rules.time(slot, self.date, now);
            for has_shared in shared {
                let kind = (counted.count.kind.clone(), *has_shared);
                if is_so(counted.rules.duty(slot, *has_shared, time), time) && !kinds.contains(&kind) {
                    kinds.push(kind);
                }
            }
        }
        kinds
    }

    /// The slots that anybody is asked in, in the order of the day: the agency's own windows, else those of somebody's
    /// schedule.
    fn slots(&self) -> Vec<SlotRule> {
        let everybody = || std::iter::once(&self.held).chain(self.kinds.iter().map(|kind| &kind.rules.held));
        let rule = |slot| everybody().find_map(|held| held.check_in.slot(slot).copied());
        Slot::ALL.into_iter().filter_map(rule).collect()
    }

    /// Where a slot stands for everybody together: running from the first who may share in it to the last.
    fn time_of_all(&self, slot: Slot, now: Instant) -> SlotTime {
        let of_agency = self.held.check_in.slot(slot);
        let mut times: Vec<SlotTime> = of_agency
            .map(|rule| slot_time(rule, self.agency.zone, self.date, now))
            .into_iter()
            .collect();
        let kinds = self.kinds.iter().map(|kind| &kind.rules);
        let with_slot = kinds.filter(|rules| rules.held.check_in.slot(slot).is_some());
        times.extend(with_slot.map(|rules| rules.time(slot, self.date, now)));
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
        let rules = || {
            self.kinds
                .iter()
                .filter_map(|kind| kind.rules.held.check_in.slot(rule.slot))
        };
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
            let people = kind.count.people;
            let has_shared = kind.count.has_shared(rule.slot);
            let time = kind.rules.time(rule.slot, self.date, now);
            let duty = kind.rules.duty(rule.slot, has_shared, time);
            if duty == Duty::Required {
                counts.expected += people;
            }
            match slot_state(duty, has_shared, time) {
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
                for mode in kind.rules.modes_held() {
                    *modes.entry(mode).or_insert(0) += kind.count.people;
                }
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
            let at = (slot, context.now);
            let silent = |is_so: &dyn Fn(Duty, SlotTime) -> bool| Which::Of(counted.kinds_where(at, &[false], is_so));
            let which = match behind {
                Behind::Missed => silent(&|duty, time| duty == Duty::Required && time == SlotTime::Over),
                Behind::Awaited => silent(&|duty, time| duty == Duty::Required && time != SlotTime::Over),
                Behind::Excused => silent(&|duty, _| duty == Duty::Excused),
                Behind::NotRequired => silent(&|duty, _| duty == Duty::NotRequired),
                Behind::Expected => {
                    Which::Of(counted.kinds_where(at, &[false, true], |duty, _| duty == Duty::Required))
                }
                Behind::Received => Which::Received(None),
                Behind::Flagged => Which::Flagged,
                Behind::At(place) => Which::Received(Some(place)),
            };
            let on = (counted.date, slot);
            let has_schedules = counted.has_schedules;
            let limit = i64::from(limit);
            let people = store::agency_day::list(connection, scope, agency, on, &which, has_schedules, after, limit)?;
            let mut flags = flags(connection, &people)?;
            Ok(people
                .into_iter()
                .map(|person| {
                    let rules = counted.rules(&person.kind);
                    let has_shared = person.result.is_some();
                    let time = rules.time(slot, counted.date, context.now);
                    PersonBehind {
                        state: slot_state(rules.duty(slot, has_shared, time), has_shared, time),
                        mode: rules.mode_in(slot),
                        flags: flags.remove(&person.employee_id).unwrap_or_default(),
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
            let rules = counted.rules(&count.kind);
            counted.kinds.push(CountedKind { count, rules });
        }
        Ok(counted)
    }
}

/// What is odd about the shares that represent these people's slots.
fn flags(
    connection: &mut store::backend::AnyConnection,
    people: &[PersonInSlot],
) -> Result<HashMap<EmployeeId, Vec<Flag>>, Error> {
    let keys: Vec<_> = people
        .iter()
        .filter_map(|person| Some((person.check_in_id?, person.employee_id)))
        .collect();
    let shares = store::check_in::list_by_key(connection, &keys)?;
    Ok(shares
        .into_iter()
        .map(|share| (share.employee_id, share.read_flags()))
        .collect())
}
