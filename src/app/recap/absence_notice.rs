//! Telling people, and their direct superiors, when days of absence come to a number that PP 94/2021 names: once for each
//! level and year, whatever is counted anew. The service counts and tells; it imposes nothing.

use crate::app::App;
use crate::app::batch::job::job_scope;
use crate::app::error::Error;
use crate::app::recap::day::Background;
use crate::app::recap::day::PeopleDays;
use crate::app::rule_table::RuleTables;
use crate::domain::access::AgencyCode;
use crate::domain::ids::EmployeeId;
use crate::domain::instant::Instant;
use crate::domain::instant::Zone;
use crate::domain::notice::AbsenceFact;
use crate::domain::notice::NoticeContent;
use crate::domain::person_name::titled;
use crate::domain::recap::discipline::AbsenceCount;
use crate::domain::recap::discipline::Basis;
use crate::domain::recap::discipline::DisciplineRules;
use crate::domain::recap::discipline::Level;
use crate::domain::recap::discipline::highest;
use crate::domain::recap::status::DayRecord;
use crate::domain::recap::status::DayStatus;
use crate::store;
use crate::store::absence_notice::AbsenceNoticeRow;
use crate::store::backend::AnyConnection;
use chrono::{Datelike, Days, NaiveDate};

/// A share counts when it comes in up to 24 hours after its capture, so a date is settled two days later.
const SETTLED_AFTER: Days = Days::new(2);
/// Dates of one agency that a round looks through, at most; what lies before them after a standstill is not told.
const DATES_AT_ONCE: u64 = 7;
/// People whose days are decided at once.
const PEOPLE_AT_ONCE: usize = 50;
/// People whose year is: a whole year of so many takes some megabytes.
const YEARS_AT_ONCE: usize = 10;

/// What a look at an agency's settled dates found.
struct Found {
    dates: (NaiveDate, NaiveDate),
    rules: DisciplineRules,
    people: Vec<(EmployeeId, AbsenceCount)>,
}

impl App {
    /// Looks through the dates of each agency that are settled by now, counts the year of whoever was absent on one, and
    /// tells them and their superiors of levels that they were not told of; gives how many levels. Of PNS only: the
    /// levels are theirs. Safe on several instances at once.
    pub fn tell_absence(&self, now: Instant) -> Result<u32, Error> {
        let agencies: Vec<(String, Zone)> = self.store.read(|connection| {
            let book = self.rule_book(connection)?;
            Ok::<_, Error>(
                book.agencies()
                    .map(|agency| (agency.code.clone(), agency.zone))
                    .collect(),
            )
        })?;
        let mut told = 0;
        for (code, zone) in agencies {
            let settled = zone.date(now) - SETTLED_AFTER;
            let agency = AgencyCode::parse(&code).map_err(Error::internal)?;
            // Deciding days takes its time: in a snapshot of its own, so that nobody's share waits for it.
            let found = self
                .store
                .read(|connection| self.newly_absent(connection, &agency, settled, now))?;
            let Some(found) = found else { continue };
            told += self.store.write(|connection| {
                let mut told = 0;
                for (person, count) in &found.people {
                    told += self.tell_levels(connection, *person, count, &found, now)?;
                }
                store::absence_notice::set_done_to(connection, &code, found.dates.1)?;
                Ok::<_, Error>(told)
            })?;
        }
        Ok(told)
    }

    fn newly_absent(
        &self,
        connection: &mut AnyConnection,
        agency: &AgencyCode,
        settled: NaiveDate,
        now: Instant,
    ) -> Result<Option<Found>, Error> {
        let done_to = store::absence_notice::done_to(connection, agency.as_str())?;
        let earliest = settled - Days::new(DATES_AT_ONCE - 1);
        let from = done_to.map_or(settled, |done| (done + Days::new(1)).max(earliest));
        if from > settled {
            return Ok(None);
        }
        let scope = job_scope(agency)?;
        let dates = (from, settled);
        let background = Background::load(self, connection, dates, now)?;
        let members = store::membership::list_members(connection, &scope, agency, dates)?;
        let mut absent = Vec::new();
        for part in members.chunks(PEOPLE_AT_ONCE) {
            let days = PeopleDays::load(&background, connection, part, dates)?;
            let is_absent = |person: &&EmployeeId| {
                let records = days.records(**person, Some(agency.as_str()));
                let mut parts = records.iter().flat_map(DayRecord::parts);
                parts.any(|(_, status, _)| status == DayStatus::Absent)
            };
            absent.extend(part.iter().filter(is_absent).copied());
        }
        let rows = store::recap::list_people(connection, &absent)?;
        let civil_servants: Vec<EmployeeId> = rows
            .into_iter()
            .filter(|(_, kind, ..)| kind == "pns")
            .map(|(person, ..)| person)
            .collect();
        let rules: RuleTables<DisciplineRules> = RuleTables::load(connection)?;
        let rules = rules.on(settled).clone();
        let mut people = Vec::new();
        let new_year = NaiveDate::from_ymd_opt(settled.year(), 1, 1);
        if let Some(year) = new_year
            .map(|first| (first, settled))
            .filter(|_| !civil_servants.is_empty())
        {
            let background = Background::load(self, connection, year, now)?;
            for part in civil_servants.chunks(YEARS_AT_ONCE) {
                let days = PeopleDays::load(&background, connection, part, year)?;
                let counts = part
                    .iter()
                    .map(|person| (*person, rules.count(&days.records(*person, None))));
                people.extend(counts);
            }
        }
        Ok(Some(Found { dates, rules, people }))
    }

    /// Tells a person and their superior of the highest level of each basis that is new to them; the lower ones that
    /// were passed with it are kept as told.
    fn tell_levels(
        &self,
        connection: &mut AnyConnection,
        person: EmployeeId,
        count: &AbsenceCount,
        found: &Found,
        now: Instant,
    ) -> Result<u32, Error> {
        let year = found.dates.1.year();
        let mut new: Vec<&Level> = Vec::new();
        for level in found.rules.passed(count) {
            let row = AbsenceNoticeRow {
                employee_id: person,
                year,
                basis: level.basis.code().to_owned(),
                min_days: i32::from(level.min_days),
                told_at: now,
            };
            if store::absence_notice::insert(connection, &row)? {
                new.push(level);
            }
        }
        let mut told = 0;
        for level in highest(&new) {
            let fact = AbsenceFact {
                year,
                days: match level.basis {
                    Basis::Cumulative => count.cumulative_days(),
                    Basis::Consecutive => count.consecutive_days,
                },
                from_days: level.min_days,
                basis: level.basis,
            };
            self.notify(connection, person, NoticeContent::AbsenceCounted(fact), now)?;
            let today = Zone::default().date(now);
            if let Some(superior) = store::team::direct_superior(connection, person, today)? {
                let rows = store::recap::list_people(connection, &[person])?;
                let name = rows.first().map(|(_, _, name, front, back)| titled(front, name, back));
                let content = NoticeContent::TeamAbsenceCounted {
                    employee_id: person,
                    name: name.unwrap_or_default(),
                    fact,
                };
                self.notify(connection, superior, content, now)?;
            }
            told += 1;
        }
        Ok(told)
    }
}
