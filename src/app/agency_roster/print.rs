//! A roster as PDF to be pinned to the wall, from the agency's own template where it has one.

use crate::app::App;
use crate::app::agency_roster::RosterRow;
use crate::app::agency_roster::within_reach;
use crate::app::context::Context;
use crate::app::duty::Duties;
use crate::app::error::Error;
use crate::app::event::note_event;
use crate::app::print::printed;
use crate::app::recap::sheet::signer;
use crate::app::rule_book::AgencyFacts;
use crate::app::rule_book::RuleBook;
use crate::domain::access::AgencyCode;
use crate::domain::access::Scope;
use crate::domain::circular::rule::PositionLevel;
use crate::domain::circular::rule::Subject;
use crate::domain::half::Halved;
use crate::domain::ids::EmployeeId;
use crate::domain::ids::RosterId;
use crate::domain::person_name::titled;
use crate::domain::roster::print;
use crate::domain::roster::print::PrintedPerson;
use crate::domain::roster::print::RosterSheet;
use crate::domain::roster::state::RosterState;
use crate::domain::schedule::Shift;
use crate::domain::work_mode::WorkMode;
use crate::store;
use crate::store::backend::AnyConnection;
use chrono::NaiveDate;
use std::collections::HashMap;

/// Most people of one printed roster, some 40 pages.
const MOST_PEOPLE: usize = 1_000;

impl App {
    /// A roster as PDF, with the name that the file should have. Records who reads it.
    pub fn print_roster(&self, context: &Context, scope: &Scope, id: RosterId) -> Result<(String, Vec<u8>), Error> {
        let (sheet, name) = self.store.read(|connection| {
            let (row, agency) = within_reach(connection, scope, id)?;
            let name = format!("jadwal-{agency}-{}-{}.pdf", row.from_date, row.to_date);
            Ok::<_, Error>((self.roster_sheet(connection, scope, &agency, row)?, name))
        })?;
        // The look is on record before the first byte leaves.
        self.store
            .write(|connection| note_event(connection, context, "roster", &id.to_string(), "read_file", None))?;
        let pdf = printed(self.printer.pdf("roster", &print::facts(&sheet), context.now))?;
        Ok((name, pdf))
    }

    fn roster_sheet(
        &self,
        connection: &mut AnyConnection,
        scope: &Scope,
        agency: &AgencyCode,
        row: RosterRow,
    ) -> Result<RosterSheet, Error> {
        let book = self.rule_book(connection)?;
        let facts = book.agency(agency.as_str()).ok_or(Error::NotFound)?;
        let mut days: HashMap<EmployeeId, HashMap<NaiveDate, Halved<WorkMode>>> = HashMap::new();
        for (person, date, modes, _) in store::agency_roster::list_modes(connection, scope, agency, row.id)? {
            days.entry(person).or_default().insert(date, modes);
        }
        if days.len() > MOST_PEOPLE {
            return Err(Error::field(
                "id",
                "out_of_limits",
                "PDF paling banyak memuat 1.000 pegawai.",
                "A PDF has 1,000 people at most.",
            ));
        }
        let people_ids: Vec<EmployeeId> = days.keys().copied().collect();
        let duties = self.duties(connection, &people_ids, row.from_date, row.to_date)?;
        let (shifts, shift_days) = shifts(&duties, agency, &days);
        let setting = store::recap_setting::find(connection, agency)?;
        let today = facts.zone.date(row.submitted_at.unwrap_or(row.created_at));
        Ok(RosterSheet {
            government: self.government_of(connection, agency.as_str())?,
            agency: facts.name.clone(),
            from: row.from_date,
            to: row.to_date,
            version: row.version,
            is_published: row.state == RosterState::Published,
            basis: basis(&book, facts, (row.from_date, row.to_date)),
            people: people(connection, agency, row.from_date, days, shift_days)?,
            shifts,
            place: setting.place,
            signed_on: row.submitted_at.map(|at| facts.zone.date(at)),
            head: signer(connection, setting.head_id, today)?,
            note: row.note,
        })
    }
}

/// The people in the order of their levels and names, each with the post held on the first date.
fn people(
    connection: &mut AnyConnection,
    agency: &AgencyCode,
    from: NaiveDate,
    mut days: HashMap<EmployeeId, HashMap<NaiveDate, Halved<WorkMode>>>,
    mut shifts: HashMap<EmployeeId, HashMap<NaiveDate, usize>>,
) -> Result<Vec<PrintedPerson>, Error> {
    let ids: Vec<EmployeeId> = days.keys().copied().collect();
    let mut posts: HashMap<EmployeeId, (PositionLevel, String)> = HashMap::with_capacity(ids.len());
    for member in store::membership::list(connection, &ids)? {
        // In the order of their days: the last one that has begun, else the first one of this agency.
        if member.agency_code == agency.as_str()
            && (member.valid_from <= from || !posts.contains_key(&member.employee_id))
        {
            let level = PositionLevel::from_echelon(member.echelon.as_deref());
            posts.insert(member.employee_id, (level, member.position.unwrap_or_default()));
        }
    }
    let mut people: Vec<(PositionLevel, PrintedPerson)> = store::recap::list_people(connection, &ids)?
        .into_iter()
        .map(|(id, _, name, front, back)| {
            let (level, post) = posts
                .remove(&id)
                .unwrap_or_else(|| (PositionLevel::Staff, String::new()));
            let person = PrintedPerson {
                name: titled(&front, &name, &back),
                post,
                days: days.remove(&id).unwrap_or_default(),
                shifts: shifts.remove(&id).unwrap_or_default(),
            };
            (level, person)
        })
        .collect();
    people.sort_by(|(one_level, one), (other_level, other)| (one_level, &one.name).cmp(&(other_level, &other.name)));
    Ok(people.into_iter().map(|(_, person)| person).collect())
}

/// Shifts by the time at which they begin, and for each person and date the place of theirs among them.
type ShiftDays = (Vec<Shift>, HashMap<EmployeeId, HashMap<NaiveDate, usize>>);

/// The shifts of the people of a roster on its dates, by the schedules and by what was named for a date alone.
fn shifts(
    duties: &Duties,
    agency: &AgencyCode,
    days: &HashMap<EmployeeId, HashMap<NaiveDate, Halved<WorkMode>>>,
) -> ShiftDays {
    let mut found: Vec<(EmployeeId, NaiveDate, Shift)> = Vec::new();
    for (person, dates) in days {
        for date in dates.keys() {
            let day = duties.day(*person, *date);
            let day = day.filter(|day| *day.member.agency_code == *agency.as_str());
            let shift = day.and_then(|day| day.held.own.as_ref()?.shift.clone());
            found.extend(shift.map(|shift| (*person, *date, shift)));
        }
    }
    let mut shifts: Vec<Shift> = Vec::new();
    for (_, _, shift) in &found {
        if !shifts.contains(shift) {
            shifts.push(shift.clone());
        }
    }
    shifts.sort_by(|one, other| {
        (one.starts_minute, one.ends_minute, &one.code, &one.name).cmp(&(
            other.starts_minute,
            other.ends_minute,
            &other.code,
            &other.name,
        ))
    });
    let mut places: HashMap<EmployeeId, HashMap<NaiveDate, usize>> = HashMap::new();
    for (person, date, shift) in found {
        if let Some(place) = shifts.iter().position(|other| *other == shift) {
            places.entry(person).or_default().insert(date, place);
        }
    }
    (shifts, places)
}

/// The circulars of the period that say where people work, in the order in which they come into it.
fn basis(book: &RuleBook, agency: &AgencyFacts, (from, to): (NaiveDate, NaiveDate)) -> Vec<String> {
    let mut numbers: Vec<String> = Vec::new();
    for date in from.iter_days().take_while(|date| *date <= to) {
        for entry in &book.held(agency, date).rules.decided {
            let is_about_places = matches!(
                entry.subject,
                Subject::Quota | Subject::Picket | Subject::Priority | Subject::Exempt | Subject::WorkMode { .. }
            );
            let number = entry.by.number.to_string();
            if is_about_places && !numbers.contains(&number) {
                numbers.push(number);
            }
        }
    }
    numbers
}
