//! Loads the people and work days that a roster is made from and held against.

use crate::app::App;
use crate::app::error::Error;
use crate::app::rule_book::AgencyFacts;
use crate::app::rule_book::RuleBook;
use crate::domain::access::AgencyCode;
use crate::domain::access::Scope;
use crate::domain::assignment::AssignmentSource;
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
use crate::store::roster_frame::Set;
use chrono::NaiveDate;
use std::collections::BTreeMap;

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
        let mut due_on: Option<NaiveDate> = None;
        let mut days = Vec::new();
        for date in from.iter_days().take_while(|date| *date <= to) {
            let held = book.held(facts, date);
            for (rule, _) in held.rules.reporting().filter(|(rule, _)| rule.what == "roster") {
                due_on = due_on.into_iter().chain(rule.due_on).min();
            }
            if day_off(&held.rules, book.calendar()).is_none() {
                days.push(DayTerms::read(&held.rules, &facts.service_kinds));
            }
        }
        let mut people: BTreeMap<EmployeeId, Person> = BTreeMap::new();
        for member in store::duty::list_members(connection, agency.as_str(), from, to)? {
            let person = people.entry(member.employee_id).or_insert_with(|| Person {
                id: member.employee_id,
                posts: Vec::new(),
                domiciles: Vec::new(),
                granted: Vec::new(),
                had_picket: false,
            });
            person.posts.push(Post {
                from: member.valid_from,
                to: member.valid_to,
                work_group: member.work_group,
                level: PositionLevel::from_echelon(member.echelon.as_deref()),
            });
        }
        let set = store::roster_frame::list_set(connection, scope, agency, (before.unwrap_or(from), to))?;
        for one in set {
            settle(&mut people, one, from, before);
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
    (id, date, mode, source): Set,
    from: NaiveDate,
    before: Option<NaiveDate>,
) {
    let Some(person) = people.get_mut(&id) else { return };
    if date < from {
        person.had_picket |= Some(date) == before && mode == WorkMode::Picket;
        return;
    }
    match source {
        AssignmentSource::Approval | AssignmentSource::Correction => person.granted.push((date, mode)),
        AssignmentSource::Roster => {}
    }
}

fn work_day_before(book: &RuleBook, agency: &AgencyFacts, from: NaiveDate) -> Option<NaiveDate> {
    from.pred_opt()?
        .iter_days()
        .rev()
        .take(LONGEST_BREAK_DAYS)
        .find(|date| day_off(&book.held(agency, *date).rules, book.calendar()).is_none())
}
