//! Loads the people and work days that a roster is made from and held against.

use crate::app::App;
use crate::app::error::Error;
use crate::app::own_schedule::Whose;
use crate::app::rule_book::AgencyFacts;
use crate::app::rule_book::RuleBook;
use crate::domain::access::AgencyCode;
use crate::domain::access::Scope;
use crate::domain::assignment::AssignmentSource;
use crate::domain::assignment::DayAssignment;
use crate::domain::circular::mode::day_off;
use crate::domain::circular::rule::PositionLevel;
use crate::domain::ids::EmployeeId;
use crate::domain::instant::Zone;
use crate::domain::roster::frame::Agency;
use crate::domain::roster::frame::Domicile;
use crate::domain::roster::frame::Frame;
use crate::domain::roster::frame::Person;
use crate::domain::roster::frame::Post;
use crate::domain::roster::terms::DayTerms;
use crate::domain::work_mode::WorkMode;
use crate::store;
use crate::store::backend::AnyConnection;
use crate::store::membership::MembershipRow;
use crate::store::roster_frame::Set;
use chrono::NaiveDate;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// How far back the last work day before a period is looked for.
const LONGEST_BREAK_DAYS: usize = 14;

/// A frame with what else the same look at the rules told.
#[derive(Debug)]
pub(super) struct Loaded {
    /// The frame.
    pub(super) frame: Frame,
    /// The earliest day by which a circular of the period wants the roster at BKD.
    pub(super) due_on: Option<NaiveDate>,
    /// The agency's zone.
    pub(super) zone: Zone,
}

impl App {
    /// Loads an agency's people and work days of a period.
    pub(super) fn roster_frame(
        &self,
        connection: &mut AnyConnection,
        scope: &Scope,
        agency: &AgencyCode,
        (from, to): (NaiveDate, NaiveDate),
    ) -> Result<Loaded, Error> {
        let book = self.rule_book(connection)?;
        let facts = book.agency(agency.as_str()).ok_or(Error::NotFound)?;
        let before = work_day_before(&book, facts, from);
        let members = store::duty::list_members(connection, agency.as_str(), from, to)?;
        let period = (before.unwrap_or(from), to);
        let free = free_days(connection, &book, facts, &members, (from, to))?;
        let mut due_on: Option<NaiveDate> = None;
        let mut days = Vec::new();
        for date in from.iter_days().take_while(|date| *date <= to) {
            let held = book.held(facts, date);
            for (rule, _) in held.rules.reporting().filter(|(rule, _)| rule.what == "roster") {
                due_on = due_on.into_iter().chain(rule.due_on).min();
            }
            if free.is_work_day(&book, facts, &members, date) {
                days.push(DayTerms::read(&held.rules, &facts.service_kinds));
            }
        }
        let mut people: BTreeMap<EmployeeId, Person> = BTreeMap::new();
        for member in members {
            let person = people.entry(member.employee_id).or_insert_with(|| Person {
                id: member.employee_id,
                posts: Vec::new(),
                domiciles: Vec::new(),
                granted: Vec::new(),
                free: free.of(member.employee_id),
                marks: Vec::new(),
                had_picket: false,
            });
            person.posts.push(Post {
                from: member.valid_from,
                to: member.valid_to,
                work_group: member.work_group,
                level: PositionLevel::from_echelon(member.echelon.as_deref()),
            });
        }
        let set = store::roster_frame::list_set(connection, scope, agency, period)?;
        for one in set {
            settle(&mut people, one, from, before);
        }
        for (id, mark) in store::person_mark::list_between(connection, scope, agency, (from, to))? {
            if let Some(person) = people.get_mut(&id) {
                person.marks.push(mark);
            }
        }
        let ids: Vec<EmployeeId> = people.keys().copied().collect();
        for (id, since, until, village) in store::roster_frame::list_stays(connection, scope, &ids)? {
            // A code that is none of the ministry's says nothing of where the person lives.
            if let (Some(person), Ok(village)) = (people.get_mut(&id), village.parse()) {
                person.domiciles.push(Domicile {
                    from: since,
                    to: until,
                    village,
                });
            }
        }
        let agency = Agency {
            code: facts.code.clone(),
            region: facts.jurisdiction.clone(),
            service_kinds: facts.service_kinds.clone(),
        };
        Ok(Loaded {
            frame: Frame::new(&agency, days, people.into_values().collect()),
            due_on,
            zone: facts.zone,
        })
    }
}

/// Approvals and corrections are kept; of the roster before only the last day's picket matters.
fn settle(
    people: &mut BTreeMap<EmployeeId, Person>,
    (id, date, slots, mode, source): Set,
    from: NaiveDate,
    before: Option<NaiveDate>,
) {
    let Some(person) = people.get_mut(&id) else { return };
    if date < from {
        person.had_picket |= Some(date) == before && mode == WorkMode::Picket;
        return;
    }
    match source {
        AssignmentSource::Approval | AssignmentSource::Correction => person.granted.push((date, slots, mode)),
        AssignmentSource::Roster => {}
    }
}

fn work_day_before(book: &RuleBook, agency: &AgencyFacts, from: NaiveDate) -> Option<NaiveDate> {
    from.pred_opt()?
        .iter_days()
        .rev()
        .take(LONGEST_BREAK_DAYS)
        .find(|date| {
            let held = book.held(agency, *date);
            day_off(&held.rules, held.own.as_ref(), book.calendar()).is_none()
        })
}

/// On which days of a period which people are free by the schedules of units and of their own. Known only of an agency that
/// has schedules; in any other, all are free on the same days.
#[derive(Debug, Default)]
struct FreeDays(Option<HashMap<EmployeeId, BTreeSet<NaiveDate>>>);

impl FreeDays {
    fn of(&self, person: EmployeeId) -> BTreeSet<NaiveDate> {
        let free = self.0.as_ref().and_then(|free| free.get(&person));
        free.cloned().unwrap_or_default()
    }

    /// Whether anybody works on a date.
    fn is_work_day(&self, book: &RuleBook, agency: &AgencyFacts, members: &[MembershipRow], date: NaiveDate) -> bool {
        match &self.0 {
            None => {
                let held = book.held(agency, date);
                day_off(&held.rules, held.own.as_ref(), book.calendar()).is_none()
            }
            Some(free) => {
                let works = |person| free.get(&person).is_none_or(|dates| !dates.contains(&date));
                members.iter().any(|member| works(member.employee_id))
            }
        }
    }
}

fn free_days(
    connection: &mut AnyConnection,
    book: &RuleBook,
    agency: &AgencyFacts,
    members: &[MembershipRow],
    (from, to): (NaiveDate, NaiveDate),
) -> Result<FreeDays, Error> {
    if !book.has_schedules(agency) {
        return Ok(FreeDays::default());
    }
    // A shift that was named for a date is worked whatever the pattern says; the mode is what a roster decides.
    let mut named: HashMap<(EmployeeId, NaiveDate), DayAssignment> = HashMap::new();
    for row in store::duty::list_agency_assigned(connection, &agency.code, from, to)? {
        if row.shift.is_some() {
            named.insert((row.employee_id, row.work_date), row.day());
        }
    }
    let mut free: HashMap<EmployeeId, BTreeSet<NaiveDate>> = HashMap::new();
    for member in members {
        for date in from.iter_days().take_while(|date| *date <= to) {
            let named = named.get(&(member.employee_id, date));
            let held = book.held_for(agency, Whose::of(member), date, named.map_or(&[], std::slice::from_ref));
            let is_free = day_off(&held.rules, held.own.as_ref(), book.calendar()).is_some();
            if member.covers(date) && is_free {
                free.entry(member.employee_id).or_default().insert(date);
            }
        }
    }
    Ok(FreeDays(Some(free)))
}
