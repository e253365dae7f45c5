//! What holds for people on dates: loaded for many at once, then asked one by one.

use crate::app::App;
use crate::app::duty_facts;
use crate::app::duty_facts::AgencyCodes;
use crate::app::duty_facts::AssignedDay;
use crate::app::duty_facts::DutyFacts;
use crate::app::duty_facts::DutyMember;
use crate::app::error::Error;
use crate::app::keyring::seal_name;
use crate::app::rule_book::AgencyFacts;
use crate::app::rule_book::HeldRules;
use crate::app::rule_book::RuleBook;
use crate::domain::assignment::DayAssignment;
use crate::domain::check_in::DutyDay;
use crate::domain::check_in::DutyFence;
use crate::domain::check_in::DutyPart;
use crate::domain::check_in::running_date;
use crate::domain::circular::mode::DayMode;
use crate::domain::day::Duty;
use crate::domain::duty_travel::Destination;
use crate::domain::half::DayPart;
use crate::domain::half::Half;
use crate::domain::half::Halved;
use crate::domain::home;
use crate::domain::home::Home;
use crate::domain::ids::EmployeeId;
use crate::domain::ids::HomeId;
use crate::domain::ids::SiteId;
use crate::domain::instant::Instant;
use crate::domain::instant::Zone;
use crate::domain::place::Fence;
use crate::domain::place::Position;
use crate::domain::position_record::PositionRecord;
use crate::domain::slot::SlotRule;
use crate::domain::work_mode::DutyPlace;
use crate::domain::work_mode::WorkMode;
use crate::store;
use crate::store::backend::AnyConnection;
use chrono::NaiveDate;
use std::collections::HashMap;
use std::sync::Arc;

/// The associated data of a sealed home.
pub(crate) fn home_seal(id: HomeId) -> Vec<u8> {
    seal_name("home", id.uuid(), "sealed_position")
}

/// An opened home and the radius that it has of its own.
#[derive(Debug)]
struct OpenHome {
    home: Home,
    position: Position,
    radius_metres: Option<u32>,
}

/// Memberships, assignments and homes of some people around some dates.
#[derive(Debug)]
pub struct Duties {
    book: Arc<RuleBook>,
    facts: HashMap<EmployeeId, Arc<DutyFacts>>,
    homes: HashMap<EmployeeId, Vec<OpenHome>>,
}

/// One person's day, before any place is looked at.
#[derive(Debug)]
pub struct PersonDay<'a> {
    /// The membership that holds, or the nearest one where none does.
    pub member: &'a DutyMember,
    /// Its agency.
    pub agency: &'a AgencyFacts,
    /// What holds there.
    pub held: Arc<HeldRules>,
    /// What holds all day, or in each half.
    pub parts: Halved<PersonPart>,
}

/// What holds for a person in one part of a day.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct PersonPart {
    /// The mode, and why.
    pub mode: DayMode,
    /// Where a journey leads, if the part belongs to one.
    pub destination: Option<Destination>,
    /// The zone in which its windows are meant: of the destination, else of the agency.
    pub zone: Zone,
    /// The office or duty post that was named for it.
    named_site: Option<SiteId>,
}

impl PersonDay<'_> {
    /// What holds in a slot.
    pub fn in_slot(&self, rule: &SlotRule) -> &PersonPart {
        self.parts.of(self.held.middle.half_of(rule.window))
    }

    /// What a slot asks.
    pub fn duty(&self, rule: &SlotRule) -> Duty {
        Duty::of(self.in_slot(rule).mode.mode, &self.held.check_in)
    }

    /// The zone in which the date begins.
    pub fn first_zone(&self) -> Zone {
        self.parts.of(Half::Morning).zone
    }

    /// The modes that hold in a part of it.
    pub fn modes_in(&self, part: DayPart) -> impl Iterator<Item = WorkMode> {
        let held = self.parts.parts().filter(move |(its, _)| its.meets(part));
        held.map(|(_, held)| held.mode.mode)
    }
}

impl App {
    /// Loads what holds for these people from one date to another, with their homes opened.
    pub(crate) fn duties(
        &self,
        connection: &mut AnyConnection,
        people: &[EmployeeId],
        from: NaiveDate,
        to: NaiveDate,
    ) -> Result<Duties, Error> {
        let book = self.rule_book(connection)?;
        let facts = duty_facts::load(connection, &mut AgencyCodes::default(), people, (from, to))?;
        let facts = facts.into_iter().map(|(person, facts)| (person, Arc::new(facts)));
        self.duties_of(connection, book, facts.collect())
    }

    /// What holds for people of whom the facts are known, with their homes opened.
    pub(crate) fn duties_of(
        &self,
        connection: &mut AnyConnection,
        book: Arc<RuleBook>,
        facts: HashMap<EmployeeId, Arc<DutyFacts>>,
    ) -> Result<Duties, Error> {
        let sealed = || {
            facts
                .iter()
                .flat_map(|(person, facts)| facts.homes().iter().map(|home| (*person, home)))
        };
        let key_ids: Vec<_> = sealed().map(|(_, home)| home.key_id).collect();
        let keys = self.keyring.keys(connection, &key_ids)?;
        let mut homes: HashMap<EmployeeId, Vec<OpenHome>> = HashMap::with_capacity(facts.len());
        for (person, sealed) in sealed() {
            // A home whose key was destroyed is forgotten, as if it had never been registered.
            let Some(key) = keys.get(&sealed.key_id) else { continue };
            let bytes = key.open(&home_seal(sealed.home.id), &sealed.sealed_position)?;
            let record =
                PositionRecord::from_bytes(&bytes).ok_or(store::error::Error::Corrupt("home.sealed_position"))?;
            homes.entry(person).or_default().push(OpenHome {
                home: sealed.home.clone(),
                position: record.position,
                radius_metres: sealed.radius_metres.and_then(|radius| u32::try_from(radius).ok()),
            });
        }
        Ok(Duties { book, facts, homes })
    }
}

impl Duties {
    /// The rules that these days were read with.
    pub fn book(&self) -> &RuleBook {
        &self.book
    }

    /// The membership that holds for a person, or the nearest one where none does, and its agency; `None` for someone
    /// who never belonged to one. Whoever has one on some date has one on every date.
    pub fn member(&self, person: EmployeeId, date: NaiveDate) -> Option<(&DutyMember, &AgencyFacts)> {
        let member = self.facts.get(&person)?.member_on(date)?;
        Some((member, self.book.agency(&member.agency_code)?))
    }

    /// Whether a date counts for the person's deadlines; by the calendar for someone who never belonged to an agency.
    pub fn is_work_day(&self, person: EmployeeId, date: NaiveDate) -> bool {
        match self.member(person, date) {
            Some((member, agency)) => self.book.is_work_day(agency, member.whose(), date),
            None => self.book.calendar().is_work_day(date),
        }
    }

    /// The person's first work day after a date; the next day where none comes within a year.
    pub fn next_work_day(&self, person: EmployeeId, date: NaiveDate) -> NaiveDate {
        let next = date.succ_opt().unwrap_or(date);
        let mut days = next.iter_days().take(366);
        days.find(|day| self.is_work_day(person, *day)).unwrap_or(next)
    }

    /// Whether a date is the first on which the person was on any staff list.
    pub fn is_first_day(&self, person: EmployeeId, date: NaiveDate) -> bool {
        let first = self.facts.get(&person).and_then(|facts| facts.members().first());
        first.is_some_and(|first| first.valid_from == date)
    }

    /// A person's day; `None` for someone who never belonged to an agency.
    pub fn day(&self, person: EmployeeId, date: NaiveDate) -> Option<PersonDay<'_>> {
        let (member, agency) = self.member(person, date)?;
        let assigned: Vec<DayAssignment> = self.assigned_on(person, date).map(AssignedDay::day).collect();
        let held = self.book.held_for(agency, member.whose(), date, &assigned);
        let modes = self
            .book
            .mode_at_level(agency, &held, (member.work_group, member.level), &assigned);
        Some(PersonDay {
            parts: modes.map(|part, mode| self.part(person, agency, date, part, mode)),
            member,
            agency,
            held,
        })
    }

    fn part(
        &self,
        person: EmployeeId,
        agency: &AgencyFacts,
        date: NaiveDate,
        part: DayPart,
        mode: DayMode,
    ) -> PersonPart {
        let assigned = || self.assigned_on(person, date).filter(|day| day.slots().meets(part));
        let destination = assigned()
            .filter(|_| mode.mode == WorkMode::DutyTravel)
            .find_map(|day| Destination::read(day.destination_code()?));
        PersonPart {
            zone: destination.as_ref().map_or(agency.zone, |destination| destination.zone),
            named_site: assigned().find_map(AssignedDay::site),
            mode,
            destination,
        }
    }

    /// The date that runs for a person now: at the destination of a journey, else at the agency. `None` for someone who
    /// never belonged to one.
    pub fn running_date(&self, person: EmployeeId, now: Instant) -> Option<NaiveDate> {
        self.member(person, Zone::default().date(now))?;
        let zone_on = |date| {
            self.day(person, date)
                .map_or_else(Zone::default, |day| day.first_zone())
        };
        Some(running_date(now, zone_on))
    }

    /// A person's day as judging needs it, with the fence of each place of duty.
    pub fn duty_day(&self, person: EmployeeId, date: NaiveDate) -> Option<DutyDay> {
        let day = self.day(person, date)?;
        let rule = Arc::clone(&day.held.check_in);
        let duty_part = |_, part: PersonPart| DutyPart {
            mode: part.mode.mode,
            duty_fence: match part.mode.mode.duty_place() {
                DutyPlace::Unfixed => DutyFence::Nothing,
                DutyPlace::Site => {
                    match self
                        .book
                        .site((&*day.member.agency_code, day.member.unit_id), part.named_site, date)
                    {
                        Some((id, fence)) => DutyFence::Site(id, fence.clone()),
                        None => DutyFence::Nothing,
                    }
                }
                DutyPlace::Home => self.homes_on(person, date, rule.home_radius_metres),
            },
            zone: part.zone,
            allowed: self
                .book
                .allowed_area(&day.held, day.agency, part.mode.mode, part.destination.as_ref()),
        };
        Some(DutyDay {
            parts: day.parts.map(duty_part),
            middle: day.held.middle,
            rule: Arc::clone(&rule),
        })
    }

    fn assigned_on(&self, person: EmployeeId, date: NaiveDate) -> impl Iterator<Item = &AssignedDay> {
        let facts = self.facts.get(&person).into_iter();
        facts.flat_map(move |facts| facts.assigned_on(date))
    }

    fn homes_on(&self, person: EmployeeId, date: NaiveDate, usual_radius_metres: u32) -> DutyFence {
        let Some(open) = self.homes.get(&person) else {
            return DutyFence::Nothing;
        };
        let homes: Vec<Home> = open.iter().map(|open| open.home.clone()).collect();
        let fences: Vec<(HomeId, Fence)> = home::in_force(&homes, date)
            .into_iter()
            .filter_map(|home| open.iter().find(|open| open.home.id == home.id))
            .map(|open| {
                let radius_metres = open.radius_metres.unwrap_or(usual_radius_metres);
                (
                    open.home.id,
                    Fence::Circle {
                        centre: open.position,
                        radius_metres,
                    },
                )
            })
            .collect();
        if fences.is_empty() {
            DutyFence::Nothing
        } else {
            DutyFence::Homes(fences)
        }
    }
}
