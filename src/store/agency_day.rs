//! The day of an agency: how many people of which kind have shared in which slots, and who they are.

use crate::domain::access::AgencyCode;
use crate::domain::access::Scope;
use crate::domain::assignment::DayAssignment;
use crate::domain::check_in::TimeOutcome;
use crate::domain::ids::CheckInId;
use crate::domain::ids::EmployeeId;
use crate::domain::ids::UnitId;
use crate::domain::instant::Instant;
use crate::domain::place::Place;
use crate::domain::slot::Slot;
use crate::domain::work_mode::WorkGroup;
use crate::domain::work_mode::WorkMode;
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
    /// What the agency assigned the person to on the date.
    pub assigned: Option<DayAssignment>,
    /// Whether the date is the person's first on any staff list.
    pub is_first_day: bool,
    /// The province that a journey leads to, by Kemendagri code: its zone decides the windows.
    pub destination: Option<String>,
    /// The unit, where it matters.
    pub unit_id: Option<UnitId>,
    /// From which dates on the person has which schedule of their own, where it matters.
    pub starts: ScheduleStarts,
    /// The same as the database writes it, for comparing.
    starts_text: String,
}

impl Kind {
    /// The kind as [`list`] compares it, for those whose slot has a representative or those whose slot has none.
    fn key(&self, has_shared: bool) -> String {
        let echelon = self.echelon.as_deref().unwrap_or_default();
        let mode = self.assigned.as_ref().map_or("", |assigned| assigned.mode.code());
        let destination = self.destination.as_deref().unwrap_or_default();
        let first = if self.is_first_day { "first" } else { "" };
        let shared = if has_shared { "shared" } else { "" };
        let shift = self.assigned.as_ref().and_then(|assigned| assigned.shift.as_deref());
        let unit = self
            .unit_id
            .map_or_else(String::new, |unit| unit.uuid().simple().to_string());
        format!(
            "{}|{echelon}|{mode}|{destination}|{first}|{shared}|{}|{unit}|{}",
            self.work_group.code(),
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
    mode: Option<WorkMode>,
    #[diesel(sql_type = Bool)]
    is_first_day: bool,
    #[diesel(sql_type = Nullable<Text>)]
    destination: Option<String>,
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
        let shift = self.shift;
        Ok(Kind {
            work_group: self.work_group,
            echelon: self.echelon,
            assigned: self.mode.map(|mode| DayAssignment { mode, shift }),
            is_first_day: self.is_first_day,
            destination: self.destination,
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

/// PostgreSQL joins whole sets by hash; see [`plan_for_sets`].
const COUNT_ON_POSTGRES: &str = "\
    SELECT m.work_group, m.echelon, a.mode, substr(a.destination_code, 1, 2) AS destination, {own}, \
           coalesce(s.shared, 0) AS shared, \
           (m.valid_from = $2 AND replace(m.employee_id::text, '-', '') IN \
               (SELECT jsonb_array_elements_text($3::jsonb))) AS is_first_day, \
           count(*) AS people \
    FROM membership m \
    LEFT JOIN assignment a ON a.employee_id = m.employee_id AND a.agency_code = $1 AND a.work_date = $2 \
    LEFT JOIN (SELECT employee_id, sum(1 << slot)::integer AS shared FROM slot_result \
               WHERE agency_code = $1 AND work_date = $2 GROUP BY employee_id) s ON s.employee_id = m.employee_id \
    WHERE m.agency_code = $1 AND m.valid_from <= $2 AND (m.valid_to IS NULL OR m.valid_to >= $2) \
    GROUP BY m.work_group, m.echelon, a.mode, substr(a.destination_code, 1, 2), {group}s.shared, is_first_day";

/// What tells people of an agency with schedules apart beside group, echelon and mode: as selected, and as grouped.
const OWN_ON_POSTGRES: (&str, &str) = (
    "a.shift, m.unit_id, CAST(m.schedule_starts AS text) AS starts",
    "a.shift, m.unit_id, m.schedule_starts, ",
);

/// The same for an agency without, of which all are alike.
const NONE_ON_POSTGRES: (&str, &str) = (
    "CAST(NULL AS text) AS shift, CAST(NULL AS uuid) AS unit_id, '' AS starts",
    "",
);

/// SQLite looks each person up by primary key, which beats every join that it would make. The plus signs keep it from
/// the indexes that begin with the agency, of which it thinks too well before it has statistics.
const COUNT_ON_SQLITE: &str = "\
    SELECT work_group, echelon, mode, destination, {own}, shared, is_first_day, count(*) AS people FROM ( \
        SELECT m.work_group, m.echelon, a.mode, substr(a.destination_code, 1, 2) AS destination, {inner} \
               (m.valid_from = ?2 AND lower(hex(m.employee_id)) IN (SELECT value FROM json_each(?3))) AS is_first_day, \
               (SELECT coalesce(sum(1 << slot), 0) FROM slot_result s \
                WHERE s.employee_id = m.employee_id AND s.work_date = ?2 AND +s.agency_code = ?1) AS shared \
        FROM membership m \
        LEFT JOIN assignment a \
            ON a.employee_id = m.employee_id AND a.work_date = ?2 AND +a.agency_code = ?1 \
        WHERE m.agency_code = ?1 AND m.valid_from <= ?2 AND (m.valid_to IS NULL OR m.valid_to >= ?2)) \
    GROUP BY work_group, echelon, mode, destination, {group}shared, is_first_day";

const OWN_ON_SQLITE: (&str, &str) = ("shift, unit_id, starts", "shift, unit_id, starts, ");
const INNER_ON_SQLITE: &str = "m.unit_id, m.schedule_starts AS starts, a.shift,";
const NONE_ON_SQLITE: (&str, &str) = ("NULL AS shift, NULL AS unit_id, '' AS starts", "");

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
    let (text, own, inner) = match (&connection, has_schedules) {
        (AnyConnection::Postgres(_), true) => (COUNT_ON_POSTGRES, OWN_ON_POSTGRES, ""),
        (AnyConnection::Postgres(_), false) => (COUNT_ON_POSTGRES, NONE_ON_POSTGRES, ""),
        (AnyConnection::Sqlite(_), true) => (COUNT_ON_SQLITE, OWN_ON_SQLITE, INNER_ON_SQLITE),
        (AnyConnection::Sqlite(_), false) => (COUNT_ON_SQLITE, NONE_ON_SQLITE, ""),
    };
    let (selected, grouped) = own;
    let statement = text
        .replace("{own}", selected)
        .replace("{group}", grouped)
        .replace("{inner}", inner);
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
        const OF_KINDS: &str = "m.work_group || '|' || coalesce(m.echelon, '') || '|' || coalesce(a.mode, '') \
            || '|' || coalesce(substr(a.destination_code, 1, 2), '') \
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

const LIST: &str = "\
    SELECT m.employee_id, m.work_group, m.echelon, a.mode, substr(a.destination_code, 1, 2) AS destination, {own}, \
           {first_day} AS is_first_day, s.check_in_id, s.place, s.time, s.corrected_at, \
           coalesce((SELECT u.name FROM unit u WHERE u.id = m.unit_id), m.unit_name) AS unit \
    FROM membership m \
    LEFT JOIN assignment a \
        ON a.employee_id = m.employee_id AND {aside}a.agency_code = {first} AND a.work_date = {second} \
    LEFT JOIN slot_result s \
        ON s.employee_id = m.employee_id AND {aside}s.agency_code = {first} AND s.work_date = {second} AND s.slot = {third} \
    WHERE m.agency_code = {first} AND m.valid_from <= {second} AND (m.valid_to IS NULL OR m.valid_to >= {second}) \
        AND m.employee_id > {fourth} AND {condition} \
    ORDER BY m.employee_id LIMIT {fifth}";

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
    let statement = statement(
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

/// The list in the words of a backend. `aside` keeps SQLite from the indexes that begin with the agency, as in
/// [`COUNT_ON_SQLITE`].
fn statement(condition: &str, has_schedules: bool, is_sqlite: bool) -> String {
    let (mark, aside, id, list) = if is_sqlite {
        (
            "?",
            "+",
            "lower(hex(m.employee_id))",
            "SELECT value FROM json_each({list})",
        )
    } else {
        let id = "replace(m.employee_id::text, '-', '')";
        ("$", "", id, "SELECT jsonb_array_elements_text({list}::jsonb)")
    };
    let newcomers = list.replace("{list}", "{seventh}");
    let (own, own_key) = match (has_schedules, is_sqlite) {
        (false, true) => (NONE_ON_SQLITE.0, "'||'"),
        (false, false) => (NONE_ON_POSTGRES.0, "'||'"),
        (true, true) => (
            "a.shift, m.unit_id, m.schedule_starts AS starts",
            "coalesce(a.shift, '') || '|' || lower(hex(coalesce(m.unit_id, ''))) || '|' || m.schedule_starts",
        ),
        (true, false) => (
            OWN_ON_POSTGRES.0,
            "coalesce(a.shift, '') || '|' || replace(coalesce(CAST(m.unit_id AS text), ''), '-', '') \
             || '|' || CAST(m.schedule_starts AS text)",
        ),
    };
    let mut text = LIST
        .replace("{aside}", aside)
        .replace("{condition}", condition)
        .replace("{own_key}", own_key)
        .replace("{own}", own)
        .replace(
            "{first_day}",
            &format!("(m.valid_from = {{second}} AND {id} IN ({newcomers}))"),
        )
        .replace("{keys}", &list.replace("{list}", "{sixth}"));
    for (name, number) in [
        ("first", 1),
        ("second", 2),
        ("third", 3),
        ("fourth", 4),
        ("fifth", 5),
        ("sixth", 6),
        ("seventh", 7),
    ] {
        text = text.replace(&format!("{{{name}}}"), &format!("{mark}{number}"));
    }
    text
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
