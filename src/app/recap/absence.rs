//! Absence over a calendar year beside the levels of PP 94/2021: counted and told, never acted on.

use crate::app::App;
use crate::app::context::Context;
use crate::app::error::Error;
use crate::app::recap::day::Background;
use crate::app::recap::day::PeopleDays;
use crate::app::recap::day::year_dates;
use crate::app::recap::sheet::places;
use crate::app::rule_table::RuleTables;
use crate::domain::access::AgencyCode;
use crate::domain::access::Scope;
use crate::domain::ids::EmployeeId;
use crate::domain::person_name::titled;
use crate::domain::recap::discipline::AbsenceCount;
use crate::domain::recap::discipline::DisciplineRules;
use crate::domain::recap::discipline::Level;
use crate::store;
use std::collections::HashMap;

/// People whose year is decided at once: a year of 50 is some 36,000 slots.
const PEOPLE_AT_ONCE: usize = 50;

/// Someone with days of absence.
#[derive(Clone)]
pub struct Absence {
    /// Their place among the agency's people, from 1.
    pub ordinal: i32,
    /// Who.
    pub employee_id: EmployeeId,
    /// With titles.
    pub name: String,
    /// NIP, or another number.
    pub number: String,
    /// `pns`, `pppk` or `non_asn`.
    pub number_kind: String,
    /// How it counts.
    pub count: AbsenceCount,
    /// The highest level of each basis that is reached.
    pub reached: Vec<Level>,
}

/// Names are personal.
impl std::fmt::Debug for Absence {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Absence({})", self.employee_id)
    }
}

impl App {
    /// Up to `limit` people of an agency who have days of absence in a year, those in other agencies included, after the
    /// one of place `after`; with the levels in force.
    pub fn absences(
        &self,
        context: &Context,
        scope: &Scope,
        agency: &AgencyCode,
        year: i32,
        after: i32,
        limit: u32,
    ) -> Result<(DisciplineRules, Vec<Absence>), Error> {
        if !(2000..=2100).contains(&year) {
            return Err(Error::field(
                "year",
                "out_of_limits",
                "Tahun 2000 sampai 2100.",
                "A year is from 2000 to 2100.",
            ));
        }
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        self.store.read(|connection| {
            if self.rule_book(connection)?.agency(agency.as_str()).is_none() {
                return Err(Error::NotFound);
            }
            let Some(dates) = year_dates(year, context.now) else {
                return Ok((DisciplineRules::shipped(), Vec::new()));
            };
            let rules: RuleTables<DisciplineRules> = RuleTables::load(connection)?;
            let rules = rules.on(dates.1);
            let background = Background::load(self, connection, dates, context.now)?;
            let places: Vec<(i32, EmployeeId)> = (1..)
                .zip(places(connection, scope, agency, dates)?)
                .map(|(ordinal, place)| (ordinal, place.employee_id))
                .filter(|(ordinal, _)| *ordinal > after)
                .collect();
            let mut found: Vec<(i32, EmployeeId, AbsenceCount)> = Vec::new();
            for part in places.chunks(PEOPLE_AT_ONCE) {
                let people: Vec<EmployeeId> = part.iter().map(|(_, person)| *person).collect();
                let days = PeopleDays::load(&background, connection, &people, dates)?;
                found.extend(part.iter().filter_map(|(ordinal, person)| {
                    let count = rules.count(&days.records(*person, None));
                    (count.cumulative_days() > 0).then_some((*ordinal, *person, count))
                }));
                if found.len() >= limit {
                    break;
                }
            }
            found.truncate(limit);
            let people: Vec<EmployeeId> = found.iter().map(|(_, person, _)| *person).collect();
            let numbers = store::batch_unit::list_numbers(connection, &people, dates.1)?;
            let mut numbers: HashMap<EmployeeId, String> = numbers.into_iter().collect();
            let rows = store::recap::list_people(connection, &people)?;
            let mut named: HashMap<EmployeeId, (String, String)> = rows
                .into_iter()
                .map(|(id, kind, name, front, back)| (id, (kind, titled(&front, &name, &back))))
                .collect();
            let absences = found
                .into_iter()
                .map(|(ordinal, employee_id, count)| {
                    let (number_kind, name) = named.remove(&employee_id).unwrap_or_default();
                    Absence {
                        ordinal,
                        employee_id,
                        name,
                        number: numbers.remove(&employee_id).unwrap_or_default(),
                        number_kind,
                        reached: rules.reached(&count).into_iter().cloned().collect(),
                        count,
                    }
                })
                .collect();
            Ok((rules.clone(), absences))
        })
    }
}
