//! The day of an agency: how many people of which kind have shared in which slots, and who they are.

use crate::domain::access::AgencyCode;
use crate::domain::access::Scope;
use crate::domain::assignment::DayAssignment;
use crate::domain::check_in::TimeOutcome;
use crate::domain::half::DayPart;
use crate::domain::half::Half;
use crate::domain::ids::CheckInId;
use crate::domain::ids::EmployeeId;
use crate::domain::ids::UnitId;
use crate::domain::instant::Instant;
use crate::domain::place::Place;
use crate::domain::slot::Slot;
use crate::domain::work_mode::WorkGroup;
use crate::domain::work_mode::WorkMode;
use crate::store::agency_day_statement::count_statement;
use crate::store::agency_day_statement::list_statement;
use crate::store::backend::AnyConnection;
use crate::store::backend::per_backend;
use crate::store::check_in;
use crate::store::columns::ScheduleStarts;
use crate::store::columns::sql::Id;
use crate::store::columns::sql::Moment;
use crate::store::error::Error;
use crate::store::membership;
use crate::store::schema::employee;
use chrono::NaiveDate;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Bool, Date, Integer, Nullable, SmallInt, Text};
use std::collections::HashMap;
use uuid::Uuid;

/// What decides a person's mode and windows, given an agency and a date: people of the same kind have the same.
///
/// Unit, own schedules and shift are read only of an agency that has schedules: elsewhere they change nothing, and people
/// need not be told apart by them.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct Kind {
    /// How circulars group the person.
    pub work_group: WorkGroup,
    /// The echelon of the post, as the personnel export spells it.
    pub echelon: Option<String>,
    /// What the agency assigned the person to on the date: for all of it, or for its halves.
    pub assigned: Vec<DayAssignment>,
    /// Whether the date is the person's first on any staff list.
    pub is_first_day: bool,
    /// The provinces that journeys lead to, by Kemendagri code: their zones decide the windows. First that of the day or of
    /// its morning, then that of an afternoon of its own.
    destinations: [Option<String>; 2],
    /// The unit, where it matters.
    pub unit_id: Option<UnitId>,
    /// From which dates on the person has which schedule of their own, where it matters.
    pub starts: ScheduleStarts,
    /// The same as the database writes it, for comparing.
    starts_text: String,
    /// What was assigned, as the database writes it.
    assigned_text: String,
}

impl Kind {
    /// The province that a journey leads to in a part of the date.
    pub fn destination(&self, half: Half) -> Option<&str> {
        let [first, afternoon] = &self.destinations;
        let has_afternoon = self
            .assigned
            .iter()
            .any(|assigned| assigned.slots == DayPart::Afternoon);
        let is_of_first = self
            .assigned
            .iter()
            .any(|assigned| assigned.slots != DayPart::Afternoon && assigned.slots.covers(half));
        match half {
            Half::Afternoon if has_afternoon => afternoon.as_deref(),
            Half::Morning | Half::Afternoon => first.as_deref().filter(|_| is_of_first),
        }
    }

    /// The kind as [`list`] compares it, for those whose slot has a representative or those whose slot has none.
    fn key(&self, has_shared: bool) -> String {
        let echelon = self.echelon.as_deref().unwrap_or_default();
        let first = if self.is_first_day { "first" } else { "" };
        let shared = if has_shared { "shared" } else { "" };
        let shift = self.assigned.iter().find_map(|assigned| assigned.shift.as_deref());
        let unit = self
            .unit_id
            .map_or_else(String::new, |unit| unit.uuid().simple().to_string());
        format!(
            "{}|{echelon}|{}|{first}|{shared}|{}|{unit}|{}",
            self.work_group.code(),
            self.assigned_text,
            shift.unwrap_or_default(),
            self.starts_text
        )
    }
}

/// What a kind is read from.
#[derive(QueryableByName)]
struct KindColumns {
    #[diesel(sql_type = Text)]
    work_group: WorkGroup,
    #[diesel(sql_type = Nullable<Text>)]
    echelon: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    slots: Option<DayPart>,
    #[diesel(sql_type = Nullable<Text>)]
    mode: Option<WorkMode>,
    #[diesel(sql_type = Nullable<Text>)]
    destination: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    afternoon_mode: Option<WorkMode>,
    #[diesel(sql_type = Nullable<Text>)]
    afternoon_destination: Option<String>,
    #[diesel(sql_type = Bool)]
    is_first_day: bool,
    #[diesel(sql_type = Nullable<Text>)]
    shift: Option<String>,
    #[diesel(sql_type = Nullable<Id>)]
    unit_id: Option<UnitId>,
    #[diesel(sql_type = Text)]
    starts: String,
}

impl KindColumns {
    fn kind(self) -> Result<Kind, Error> {
        let starts = if self.starts.is_empty() {
            ScheduleStarts::default()
        } else {
            let starts = serde_json::from_str(&self.starts).ok();
            ScheduleStarts(starts.ok_or(Error::Corrupt("membership.schedule_starts"))?)
        };
        let code = |text: &Option<String>| text.clone().unwrap_or_default();
        let assigned_text = format!(
            "{}|{}|{}|{}|{}",
            self.slots.map_or("", DayPart::code),
            self.mode.map_or("", WorkMode::code),
            code(&self.destination),
            self.afternoon_mode.map_or("", WorkMode::code),
            code(&self.afternoon_destination)
        );
        let first = self.mode.map(|mode| (mode, self.slots.unwrap_or_default()));
        let afternoon = self.afternoon_mode.map(|mode| (mode, DayPart::Afternoon));
        // A shift is of the whole day, whichever half it was left on.
        let mut shift = self.shift;
        let assigned = first.into_iter().chain(afternoon).map(|(mode, slots)| DayAssignment {
            mode,
            slots,
            shift: shift.take(),
        });
        Ok(Kind {
            work_group: self.work_group,
            echelon: self.echelon,
            assigned: assigned.collect(),
            assigned_text,
            is_first_day: self.is_first_day,
            destinations: [self.destination, self.afternoon_destination],
            unit_id: self.unit_id,
            starts,
            starts_text: self.starts,
        })
    }
}

/// How many people of one kind have shared in exactly these slots.
#[derive(Clone, Debug)]
pub struct KindCount {
    /// The kind.
    pub kind: Kind,
    /// Bit 1 for the morning, 2 for midday, 3 for the afternoon.
    shared: i32,
    /// How many.
    pub people: i64,
}

impl KindCount {
    /// Whether these people have shared in a slot.
    pub const fn has_shared(&self, slot: Slot) -> bool {
        self.shared & (1 << slot.ordinal()) != 0
    }
}

#[derive(QueryableByName)]
struct KindRow {
    #[diesel(embed)]
    columns: KindColumns,
    #[diesel(sql_type = Integer)]
    shared: i32,
    #[diesel(sql_type = BigInt)]
    people: i64,
}

/// Everybody on an agency's staff on a date, by kind and by the slots that have a share. `has_schedules` says whether the
/// agency has schedules of its own, by which people are told apart too.
pub fn count(
    connection: &mut AnyConnection,
    scope: &Scope,
    agency: &AgencyCode,
    date: NaiveDate,
    has_schedules: bool,
) -> Result<Vec<KindCount>, Error> {
    if !scope.covers(agency) {
        return Err(Error::Missing);
    }
    let newcomers = newcomers(connection, agency, date)?;
    plan_for_sets(connection)?;
    let statement = count_statement(has_schedules, !matches!(connection, AnyConnection::Postgres(_)));
    let rows: Vec<KindRow> = per_backend!(connection, inner => sql_query(statement)
        .bind::<Text, _>(agency.as_str())
        .bind::<Date, _>(date)
        .bind::<Text, _>(newcomers)
        .load(inner))?;
    rows.into_iter()
        .map(|row| {
            Ok(KindCount {
                kind: row.columns.kind()?,
                shared: row.shared,
                people: row.people,
            })
        })
        .collect()
}

/// The people whose first day it is, as a JSON list of their ids in 32 hexadecimal digits: looked up before, since
/// whoever asks of everybody on the staff whether they were anywhere before reads the whole table.
fn newcomers(connection: &mut AnyConnection, agency: &AgencyCode, date: NaiveDate) -> Result<String, Error> {
    let people = membership::list_newcomers(connection, agency.as_str(), date)?;
    let ids = people.iter().map(|person| person.uuid().simple().to_string());
    Ok(ids.collect::<serde_json::Value>().to_string())
}

/// Keeps PostgreSQL, until the transaction ends, from joining a day's rows one by one.
///
/// Its statistics know nothing of a day that has just begun, so it expects one row where there are thousands.
fn plan_for_sets(connection: &mut AnyConnection) -> Result<(), Error> {
    if let AnyConnection::Postgres(inner) = connection {
        inner.batch_execute("SET LOCAL enable_nestloop = off; SET LOCAL jit = off")?;
    }
    Ok(())
}

/// How many slots have a representative of each outcome: what the writers of shares count.
pub fn list_places(
    connection: &mut AnyConnection,
    scope: &Scope,
    agency: &AgencyCode,
    date: NaiveDate,
) -> Result<Vec<(Slot, Place, i64)>, Error> {
    if !scope.covers(agency) {
        return Err(Error::Missing);
    }
    let counts = check_in::list_counts(connection, agency.as_str(), date)?;
    Ok(counts
        .into_iter()
        .map(|((slot, place), count)| (slot, place, count))
        .collect())
}

/// One person in a slot.
#[derive(Clone)]
pub struct PersonInSlot {
    /// Who.
    pub employee_id: EmployeeId,
    /// Without titles.
    pub name: String,
    /// Titles before the name; may be empty.
    pub front_title: String,
    /// Titles after the name; may be empty.
    pub back_title: String,
    /// What the unit is called, where one is known.
    pub unit: Option<String>,
    /// What decides the mode.
    pub kind: Kind,
    /// The representative's outcome of place and time and its capture, if the slot has one.
    pub result: Option<(Place, TimeOutcome, Instant)>,
    /// The representative, if the slot has one.
    pub check_in_id: Option<CheckInId>,
}

/// Names are personal.
impl std::fmt::Debug for PersonInSlot {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "PersonInSlot({})", self.employee_id)
    }
}

/// Which people of a slot.
#[derive(Clone, Debug)]
pub enum Which {
    /// Those whose slot has a representative, of one outcome if one is named.
    Received(Option<Place>),
    /// Those whose slot has a representative with a flag.
    Flagged,
    /// Those of these kinds whose slot has a representative, or has none, as beside the kind.
    Of(Vec<(Kind, bool)>),
}

impl Which {
    /// The condition, and the text that its sixth parameter stands for.
    fn condition(&self) -> (&'static str, String) {
        const OF_KINDS: &str = "m.work_group || '|' || coalesce(m.echelon, '') \
            || '|' || coalesce(a.slots, '') || '|' || coalesce(a.mode, '') \
            || '|' || coalesce(substr(a.destination_code, 1, 2), '') || '|' || coalesce(b.mode, '') \
            || '|' || coalesce(substr(b.destination_code, 1, 2), '') \
            || '|' || CASE WHEN {first_day} THEN 'first' ELSE '' END \
            || '|' || CASE WHEN s.place IS NULL THEN '' ELSE 'shared' END \
            || '|' || {own_key} IN ({keys})";
        const FLAGGED: &str = "s.place IS NOT NULL AND {sixth} = '' AND CAST((SELECT c.flags FROM check_in c \
            WHERE c.id_day = s.id_day AND c.id = s.check_in_id AND c.employee_id = s.employee_id) AS text) <> '[]'";
        match self {
            Self::Received(None) => ("s.place IS NOT NULL AND {sixth} = ''", String::new()),
            Self::Received(Some(place)) => ("CAST(s.place AS text) = {sixth}", place.rank().to_string()),
            Self::Flagged => (FLAGGED, String::new()),
            Self::Of(kinds) => {
                let keys = kinds.iter().map(|(kind, has_shared)| kind.key(*has_shared));
                (OF_KINDS, keys.collect::<serde_json::Value>().to_string())
            }
        }
    }
}

#[derive(QueryableByName)]
struct PersonRow {
    #[diesel(sql_type = Id)]
    employee_id: EmployeeId,
    #[diesel(embed)]
    columns: KindColumns,
    #[diesel(sql_type = Nullable<Text>)]
    unit: Option<String>,
    #[diesel(sql_type = Nullable<Id>)]
    check_in_id: Option<CheckInId>,
    #[diesel(sql_type = Nullable<SmallInt>)]
    place: Option<Place>,
    #[diesel(sql_type = Nullable<Text>)]
    time: Option<TimeOutcome>,
    #[diesel(sql_type = Nullable<Moment>)]
    corrected_at: Option<Instant>,
}

/// Up to `limit` people of a slot by their ids, after the one that the page before ended with; `has_schedules` as for
/// [`count`].
#[expect(clippy::too_many_arguments, reason = "which people of which slot of which agency")]
pub fn list(
    connection: &mut AnyConnection,
    scope: &Scope,
    agency: &AgencyCode,
    (date, slot): (NaiveDate, Slot),
    which: &Which,
    has_schedules: bool,
    after: Option<EmployeeId>,
    limit: i64,
) -> Result<Vec<PersonInSlot>, Error> {
    if !scope.covers(agency) {
        return Err(Error::Missing);
    }
    let newcomers = newcomers(connection, agency, date)?;
    plan_for_sets(connection)?;
    let (condition, sixth) = which.condition();
    let after = after.unwrap_or(EmployeeId::new(Uuid::nil()));
    let statement = list_statement(
        condition,
        has_schedules,
        !matches!(connection, AnyConnection::Postgres(_)),
    );
    let rows: Vec<PersonRow> = per_backend!(connection, inner => sql_query(statement)
        .bind::<Text, _>(agency.as_str())
        .bind::<Date, _>(date)
        .bind::<SmallInt, _>(slot)
        .bind::<Id, _>(after)
        .bind::<BigInt, _>(limit)
        .bind::<Text, _>(sixth)
        .bind::<Text, _>(newcomers)
        .load(inner))?;
    let ids: Vec<EmployeeId> = rows.iter().map(|row| row.employee_id).collect();
    let mut names = names(connection, &ids)?;
    rows.into_iter()
        .map(|row| {
            let (name, front_title, back_title) = names.remove(&row.employee_id).ok_or(Error::Corrupt("membership"))?;
            Ok(PersonInSlot {
                employee_id: row.employee_id,
                name,
                front_title,
                back_title,
                unit: row.unit,
                kind: row.columns.kind()?,
                check_in_id: row.check_in_id,
                result: match (row.place, row.time, row.corrected_at) {
                    (Some(place), Some(time), Some(at)) => Some((place, time, at)),
                    _ => None,
                },
            })
        })
        .collect()
}

type Names = HashMap<EmployeeId, (String, String, String)>;

fn names(connection: &mut AnyConnection, ids: &[EmployeeId]) -> Result<Names, Error> {
    let rows: Vec<(EmployeeId, String, String, String)> = employee::table
        .filter(employee::id.eq_any(ids))
        .select((
            employee::id,
            employee::name,
            employee::front_title,
            employee::back_title,
        ))
        .load(connection)?;
    Ok(rows
        .into_iter()
        .map(|(id, name, front_title, back_title)| (id, (name, front_title, back_title)))
        .collect())
}
