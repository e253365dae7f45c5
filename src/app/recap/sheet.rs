//! The recap of an agency and month: as it stands now, or as it was closed.

use crate::app::App;
use crate::app::context::Context;
use crate::app::error::Error;
use crate::app::recap::day::Background;
use crate::app::recap::day::PeopleDays;
use crate::domain::access::AgencyCode;
use crate::domain::access::Scope;
use crate::domain::circular::rule::PositionLevel;
use crate::domain::ids::EmployeeId;
use crate::domain::instant::Instant;
use crate::domain::month::Month;
use crate::domain::person_name::titled;
use crate::domain::recap::grade;
use crate::domain::recap::sheet::Heading;
use crate::domain::recap::sheet::Line;
use crate::domain::recap::sheet::Note;
use crate::domain::recap::sheet::Sheet;
use crate::domain::recap::sheet::Signer;
use crate::domain::recap::sheet::Standing;
use crate::domain::recap::sheet::totals;
use crate::domain::region;
use crate::store;
use crate::store::backend::AnyConnection;
use crate::store::membership::MembershipRow;
use crate::store::recap_version::RecapVersionRow;
use chrono::{Duration, NaiveDate};
use std::cmp::Reverse;
use std::collections::HashMap;

/// People whose days are decided at once: a month of 200 is some 18,000 slots.
pub(super) const PEOPLE_AT_ONCE: usize = 200;

/// How long shares captured in time may still come in (design section 5).
const LATE_SHARES: Duration = Duration::hours(24);

/// Which state of a recap is asked for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Which {
    /// The newest closed version, or the present truth where none was closed.
    Newest,
    /// The present truth.
    Present,
    /// One closed version.
    Version(i32),
}

/// A part of a recap.
#[derive(Debug)]
pub struct RecapPage {
    /// Everything beside the people.
    pub heading: Heading,
    /// Lines with their numbers, from 1.
    pub lines: Vec<(i32, Line)>,
}

/// One person's place on the sheet.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub(super) employee_id: EmployeeId,
    grade: Option<String>,
    position: Option<String>,
}

impl App {
    /// Up to `limit` lines of a recap after the one numbered `after`, with the heading.
    #[expect(clippy::too_many_arguments, reason = "which part of which recap")]
    pub fn recap(
        &self,
        context: &Context,
        scope: &Scope,
        agency: &AgencyCode,
        month: Month,
        which: Which,
        after: i32,
        limit: u32,
    ) -> Result<RecapPage, Error> {
        self.store.read(|connection| {
            if let Some(row) = closed(connection, scope, agency, month, which)? {
                let from = (month, row.version);
                let lines = store::recap_version::list_lines(connection, scope, agency, from, after, i64::from(limit))?;
                return Ok(RecapPage {
                    heading: closed_heading(&row)?,
                    lines,
                });
            }
            let background = Background::load(self, connection, (month.first(), month.last()), context.now)?;
            let heading = self.heading(connection, &background, agency, month)?;
            let places = places(connection, scope, agency, (month.first(), month.last()))?;
            let wanted = usize::try_from(limit).unwrap_or(usize::MAX);
            let numbered: Vec<(i32, Place)> = (1..)
                .zip(places)
                .filter(|(number, _)| *number > after)
                .take(wanted)
                .collect();
            let (numbers, places): (Vec<i32>, Vec<Place>) = numbered.into_iter().unzip();
            let lines = lines(connection, &background, agency, month, &places)?;
            Ok(RecapPage {
                heading,
                lines: numbers.into_iter().zip(lines).collect(),
            })
        })
    }

    /// The whole recap as one value, in one snapshot: what a printed sheet is made from.
    pub fn recap_sheet(
        &self,
        context: &Context,
        scope: &Scope,
        agency: &AgencyCode,
        month: Month,
        which: Which,
    ) -> Result<Sheet, Error> {
        self.store.read(|connection| {
            if let Some(row) = closed(connection, scope, agency, month, which)? {
                return Ok(Sheet {
                    heading: closed_heading(&row)?,
                    lines: closed_lines(connection, scope, agency, month, row.version)?,
                });
            }
            self.present_sheet(connection, scope, agency, month, context.now)
        })
    }

    /// The present truth, whole.
    pub(super) fn present_sheet(
        &self,
        connection: &mut AnyConnection,
        scope: &Scope,
        agency: &AgencyCode,
        month: Month,
        now: Instant,
    ) -> Result<Sheet, Error> {
        let dates = (month.first(), month.last());
        let background = Background::load(self, connection, dates, now)?;
        let heading = self.heading(connection, &background, agency, month)?;
        let mut all = Vec::new();
        for part in places(connection, scope, agency, dates)?.chunks(PEOPLE_AT_ONCE) {
            all.extend(lines(connection, &background, agency, month, part)?);
        }
        Ok(Sheet { heading, lines: all })
    }

    /// The government that an agency's documents name: as the agency set it, else by its region.
    #[cfg(feature = "print")]
    pub(crate) fn government_of(&self, connection: &mut AnyConnection, agency: &str) -> Result<String, Error> {
        let code = AgencyCode::parse(agency).map_err(Error::internal)?;
        if let Some(government) = store::recap_setting::find(connection, &code)?.government {
            return Ok(government);
        }
        let book = self.rule_book(connection)?;
        let facts = book.agency(agency).ok_or(Error::NotFound)?;
        Ok(government(facts.jurisdiction.as_str()))
    }

    /// The heading of the present truth.
    #[expect(clippy::unused_self, reason = "a use case's part, beside the others")]
    pub(super) fn heading(
        &self,
        connection: &mut AnyConnection,
        background: &Background,
        agency: &AgencyCode,
        month: Month,
    ) -> Result<Heading, Error> {
        let facts = background.book.agency(agency.as_str()).ok_or(Error::NotFound)?;
        let setting = store::recap_setting::find(connection, agency)?;
        let (today, last) = (facts.zone.date(background.now), month.last());
        let dates = (month.first(), last);
        let mut notes = Vec::new();
        if today <= last {
            notes.push(Note::MonthRuns { last_day: last });
        } else if background.now.since(facts.zone.at_minute(last, 1_440)) < LATE_SHARES {
            notes.push(Note::LateSharesMayCome);
        }
        if store::recap::has_open_reviews(connection, agency, dates)? {
            notes.push(Note::ReviewsOpen);
        }
        let count = store::correction::count_open(connection, agency, dates)?;
        if count > 0 {
            notes.push(Note::CorrectionsOpen {
                count: u32::try_from(count).unwrap_or(u32::MAX),
            });
        }
        Ok(Heading {
            government: setting
                .government
                .unwrap_or_else(|| government(facts.jurisdiction.as_str())),
            agency_code: facts.code.clone(),
            agency: facts.name.clone(),
            month,
            standing: if notes.is_empty() {
                Standing::Ready
            } else {
                Standing::Provisional
            },
            version: None,
            notes,
            place: setting.place,
            date: today,
            officer: signer(connection, setting.officer_id, today)?,
            head: signer(connection, setting.head_id, today)?,
        })
    }
}

/// `Pemerintah Provinsi Banten`, `Pemerintah Kabupaten Serang`.
fn government(code: &str) -> String {
    match region::region_name(code) {
        Some(name) if code.len() == 2 => format!("Pemerintah Provinsi {name}"),
        Some(name) => format!("Pemerintah {name}"),
        None => "Pemerintah".to_owned(),
    }
}

/// Someone who signs, with the post held on the date.
pub(crate) fn signer(
    connection: &mut AnyConnection,
    person: Option<EmployeeId>,
    date: NaiveDate,
) -> Result<Option<Signer>, Error> {
    let Some(person) = person else { return Ok(None) };
    let Some((_, _, name, front, back)) = store::recap::list_people(connection, &[person])?.pop() else {
        return Ok(None);
    };
    let members = store::membership::list(connection, &[person])?;
    let post = members.iter().rev().find(|member| member.valid_from <= date);
    let number = store::batch_unit::list_numbers(connection, &[person], date)?.pop();
    Ok(Some(Signer {
        position: post.and_then(|post| post.position.clone()).unwrap_or_default(),
        name: titled(&front, &name, &back),
        rank: post
            .and_then(|post| post.grade.as_deref())
            .map(grade::rank)
            .unwrap_or_default(),
        number: number.map(|(_, number)| number).unwrap_or_default(),
    }))
}

/// Everybody who was on the agency's staff between the dates: by level of post, grade and name, as offices list people.
pub(super) fn places(
    connection: &mut AnyConnection,
    scope: &Scope,
    agency: &AgencyCode,
    dates: (NaiveDate, NaiveDate),
) -> Result<Vec<Place>, Error> {
    let mut last: HashMap<EmployeeId, (MembershipRow, String)> = HashMap::new();
    for (member, name) in store::recap::list_members(connection, scope, agency, dates)? {
        let is_later = last
            .get(&member.employee_id)
            .is_none_or(|(held, _)| held.valid_from < member.valid_from);
        if is_later {
            last.insert(member.employee_id, (member, name));
        }
    }
    let mut members: Vec<(MembershipRow, String)> = last.into_values().collect();
    members.sort_by_cached_key(|(member, name)| {
        (
            PositionLevel::from_echelon(member.echelon.as_deref()),
            Reverse(grade::order(member.grade.as_deref())),
            name.clone(),
            member.employee_id,
        )
    });
    Ok(members
        .into_iter()
        .map(|(member, _)| Place {
            employee_id: member.employee_id,
            grade: member.grade,
            position: member.position,
        })
        .collect())
}

/// The lines of some people, in their order, as things stand now.
pub(super) fn lines(
    connection: &mut AnyConnection,
    background: &Background,
    agency: &AgencyCode,
    month: Month,
    places: &[Place],
) -> Result<Vec<Line>, Error> {
    let people: Vec<EmployeeId> = places.iter().map(|place| place.employee_id).collect();
    let days = PeopleDays::load(background, connection, &people, (month.first(), month.last()))?;
    let numbers: HashMap<EmployeeId, String> = store::batch_unit::list_numbers(connection, &people, month.last())?
        .into_iter()
        .collect();
    let names: HashMap<EmployeeId, String> = store::recap::list_people(connection, &people)?
        .into_iter()
        .map(|(id, _, name, front, back)| (id, titled(&front, &name, &back)))
        .collect();
    let missing = || store::error::Error::Corrupt("membership.employee_id");
    places
        .iter()
        .map(|place| {
            let person = place.employee_id;
            let records = days.records(person, Some(agency.as_str()));
            Ok(Line {
                employee_id: person,
                number: numbers.get(&person).cloned().unwrap_or_default(),
                name: names.get(&person).cloned().ok_or_else(missing)?,
                grade: place.grade.clone(),
                position: place.position.clone(),
                totals: totals(&records, days.entries(person), |date| background.rules.on(date)),
                days: records,
            })
        })
        .collect()
}

/// The closed version that is asked for; `None` where the present truth is. A version that is not there is not found.
pub(super) fn closed(
    connection: &mut AnyConnection,
    scope: &Scope,
    agency: &AgencyCode,
    month: Month,
    which: Which,
) -> Result<Option<RecapVersionRow>, Error> {
    match which {
        Which::Present => Ok(None),
        Which::Newest => Ok(store::recap_version::find(connection, scope, agency, month, None)?),
        Which::Version(version) => {
            let row = store::recap_version::find(connection, scope, agency, month, Some(version))?;
            row.map(Some).ok_or(Error::NotFound)
        }
    }
}

/// The heading of a closed version.
pub(super) fn closed_heading(row: &RecapVersionRow) -> Result<Heading, Error> {
    let heading = serde_json::from_value(row.heading.0.clone()).ok();
    Ok(heading.ok_or(store::error::Error::Corrupt("recap_version.heading"))?)
}

/// Every line of a closed version.
pub(super) fn closed_lines(
    connection: &mut AnyConnection,
    scope: &Scope,
    agency: &AgencyCode,
    month: Month,
    version: i32,
) -> Result<Vec<Line>, Error> {
    let lines = store::recap_version::list_lines(connection, scope, agency, (month, version), 0, i64::MAX)?;
    Ok(lines.into_iter().map(|(_, line)| line).collect())
}
