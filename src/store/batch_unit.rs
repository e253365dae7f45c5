//! What a batch is made of besides duties: people's pseudonyms and numbers, and the shares that fill their slots.

use crate::domain::access::AgencyCode;
use crate::domain::access::Scope;
use crate::domain::ids::CheckInId;
use crate::domain::ids::DataKeyId;
use crate::domain::ids::EmployeeId;
use crate::domain::instant::Instant;
use crate::domain::person_name::titled;
use crate::domain::place::Place;
use crate::domain::slot::Slot;
use crate::domain::work_mode::WorkMode;
use crate::store::backend::AnyConnection;
use crate::store::backend::per_backend;
use crate::store::columns::Json;
use crate::store::columns::sql::Document;
use crate::store::columns::sql::Id;
use crate::store::columns::sql::Moment;
use crate::store::error::Error;
use crate::store::schema::assignment;
use crate::store::schema::check_in;
use crate::store::schema::check_in_position;
use crate::store::schema::employee;
use crate::store::schema::employee_number;
use crate::store::schema::membership;
use crate::store::schema::unit;
use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Binary, Date, Integer, Nullable, SmallInt, Text};
use std::collections::{BTreeSet, HashMap};

/// People asked for in one statement; SQLite binds at most 32,766 values.
const PEOPLE_AT_ONCE: usize = 5_000;

/// The share that represents a slot, as it was judged.
#[derive(Clone, Debug, QueryableByName)]
pub struct ShareRow {
    /// Whose.
    #[diesel(sql_type = Id)]
    pub employee_id: EmployeeId,
    /// The slot that it fills.
    #[diesel(sql_type = SmallInt)]
    pub slot: Slot,
    /// Outcome of place.
    #[diesel(sql_type = SmallInt)]
    pub place: Place,
    /// Outcome of time, as its code.
    #[diesel(sql_type = Text)]
    pub time: String,
    /// Capture by the service's clock.
    #[diesel(sql_type = Moment)]
    pub corrected_at: Instant,
    /// Its id.
    #[diesel(sql_type = Id)]
    pub check_in_id: CheckInId,
    /// The UTC date in its id.
    #[diesel(sql_type = Date)]
    pub id_day: NaiveDate,
    /// Capture by the phone's clock.
    #[diesel(sql_type = Moment)]
    pub captured_at: Instant,
    /// The mode that it was judged by.
    #[diesel(sql_type = Text)]
    pub mode: WorkMode,
    /// How it came in.
    #[diesel(sql_type = Text)]
    pub channel: String,
    /// Metres to the fence's centre.
    #[diesel(sql_type = Nullable<Integer>)]
    pub distance_metres: Option<i32>,
    /// What was odd.
    #[diesel(sql_type = Document)]
    pub flags: Json,
    /// The key of its position; none once the position was forgotten.
    #[diesel(sql_type = Nullable<Id>)]
    pub key_id: Option<DataKeyId>,
    /// The sealed position.
    #[diesel(sql_type = Nullable<Binary>)]
    pub sealed: Option<Vec<u8>>,
}

/// The pseudonyms of people.
pub fn list_pseudonyms(
    connection: &mut AnyConnection,
    people: &[EmployeeId],
) -> Result<Vec<(EmployeeId, String)>, Error> {
    let mut found = Vec::with_capacity(people.len());
    for people in people.chunks(PEOPLE_AT_ONCE) {
        let rows: Vec<(EmployeeId, String)> = employee::table
            .filter(employee::id.eq_any(people))
            .select((employee::id, employee::pseudonym))
            .load(connection)?;
        found.extend(rows);
    }
    Ok(found)
}

/// The present names, with titles, of the people behind pseudonyms in the rows of an agency, by pseudonym; whom the staff
/// list does not know is not among them. The scope must cover the agency.
pub fn list_names(
    connection: &mut AnyConnection,
    scope: &Scope,
    agency: &AgencyCode,
    pseudonyms: &[&str],
) -> Result<HashMap<String, String>, Error> {
    hold(scope, agency)?;
    let mut found = HashMap::with_capacity(pseudonyms.len());
    for pseudonyms in pseudonyms.chunks(PEOPLE_AT_ONCE) {
        let rows: Vec<(String, String, String, String)> = employee::table
            .filter(employee::pseudonym.eq_any(pseudonyms))
            .select((
                employee::pseudonym,
                employee::front_title,
                employee::name,
                employee::back_title,
            ))
            .load(connection)?;
        let named = rows
            .into_iter()
            .map(|(pseudonym, front, name, back)| (pseudonym, titled(&front, &name, &back)));
        found.extend(named);
    }
    Ok(found)
}

/// The numbers by which people are known on a date: the newest that holds, or else the oldest there is.
pub fn list_numbers(
    connection: &mut AnyConnection,
    people: &[EmployeeId],
    work_date: NaiveDate,
) -> Result<Vec<(EmployeeId, String)>, Error> {
    let mut found = Vec::with_capacity(people.len());
    for people in people.chunks(PEOPLE_AT_ONCE) {
        let rows: Vec<(EmployeeId, String, NaiveDate)> = employee_number::table
            .filter(employee_number::employee_id.eq_any(people))
            .order((employee_number::employee_id, employee_number::valid_from.desc()))
            .select((
                employee_number::employee_id,
                employee_number::number,
                employee_number::valid_from,
            ))
            .load(connection)?;
        let mut last: Option<(EmployeeId, String, NaiveDate)> = None;
        for row in rows {
            let is_next_person = last.as_ref().is_none_or(|kept| kept.0 != row.0);
            let is_better = last.as_ref().is_none_or(|kept| kept.2 > work_date);
            if is_next_person {
                found.extend(last.take().map(|(employee, number, _)| (employee, number)));
                last = Some(row);
            } else if is_better {
                last = Some(row);
            }
        }
        found.extend(last.map(|(employee, number, _)| (employee, number)));
    }
    Ok(found)
}

/// Shares of an agency's people, each looked up by key: PostgreSQL has no statistics of a day that has just begun, and would
/// read the results of every agency.
const SHARES: &str = "\
    SELECT s.employee_id, s.slot, s.place, s.time, s.corrected_at, s.check_in_id, s.id_day, \
           c.captured_at, c.mode, c.channel, c.distance_metres, c.flags, p.key_id, p.sealed \
    FROM (SELECT DISTINCT employee_id FROM membership WHERE agency_code = $1) m CROSS JOIN {result} \
    INNER JOIN check_in c ON c.id_day = s.id_day AND c.id = s.check_in_id AND c.employee_id = s.employee_id \
    LEFT JOIN check_in_position p ON p.id_day = s.id_day AND p.id = s.check_in_id AND p.employee_id = s.employee_id";
/// The offset keeps the search apart from the join, which would otherwise be free to begin with the day.
const RESULTS_ON_POSTGRES: &str = "LATERAL (SELECT * FROM slot_result r WHERE r.work_date = $2 \
    AND r.employee_id = m.employee_id AND r.agency_code = $1 AND ($3 = 0 OR r.slot = $3) OFFSET 0) s";
const RESULTS_ON_SQLITE: &str = "slot_result s ON s.work_date = $2 AND s.employee_id = m.employee_id \
    AND +s.agency_code = $1 AND ($3 = 0 OR +s.slot = $3)";

/// The representative shares of an agency's slots on a date, with their sealed positions. The scope must cover the agency.
///
/// Whoever shared as one of the agency has a membership there, now or then: results are found by person and not by agency.
pub fn list_shares(
    connection: &mut AnyConnection,
    scope: &Scope,
    agency: &AgencyCode,
    work_date: NaiveDate,
    slot: Option<Slot>,
) -> Result<Vec<ShareRow>, Error> {
    hold(scope, agency)?;
    let statement = match connection {
        AnyConnection::Postgres(_) => SHARES.replace("{result}", RESULTS_ON_POSTGRES),
        AnyConnection::Sqlite(_) => SHARES.replace("{result}", RESULTS_ON_SQLITE).replace('$', "?"),
    };
    // No slot has the number 0.
    let slot = slot.map_or(0, Slot::ordinal);
    Ok(per_backend!(connection, inner => sql_query(statement)
        .bind::<Text, _>(agency.as_str())
        .bind::<Date, _>(work_date)
        .bind::<SmallInt, _>(slot)
        .load(inner))?)
}

/// Where a share was, sealed, and whose it is.
#[derive(Clone, Debug, Queryable)]
pub struct PlaceRow {
    /// The share.
    pub check_in_id: CheckInId,
    /// Whose.
    pub employee_id: EmployeeId,
    /// The person in batches.
    pub pseudonym: String,
    /// Capture by the phone's clock.
    pub captured_at: Instant,
    /// The key of the position.
    pub key_id: DataKeyId,
    /// The sealed position.
    pub sealed: Vec<u8>,
}

/// The sealed positions of these shares, as far as they are kept. Two people may have a share of the same id each.
pub fn list_places(connection: &mut AnyConnection, ids: &[CheckInId]) -> Result<Vec<PlaceRow>, Error> {
    let days: BTreeSet<NaiveDate> = ids.iter().map(|id| id.day()).collect();
    Ok(check_in::table
        .inner_join(
            check_in_position::table.on(check_in_position::id_day
                .eq(check_in::id_day)
                .and(check_in_position::id.eq(check_in::id))
                .and(check_in_position::employee_id.eq(check_in::employee_id))),
        )
        .inner_join(employee::table.on(employee::id.eq(check_in::employee_id)))
        .filter(check_in::id_day.eq_any(days))
        .filter(check_in::id.eq_any(ids))
        .select((
            check_in::id,
            check_in::employee_id,
            employee::pseudonym,
            check_in::captured_at,
            check_in_position::key_id,
            check_in_position::sealed,
        ))
        .load(connection)?)
}

/// The modes to which anybody was assigned on a date, by agency.
pub fn list_assigned_modes(
    connection: &mut AnyConnection,
    work_date: NaiveDate,
) -> Result<Vec<(String, WorkMode)>, Error> {
    Ok(assignment::table
        .filter(assignment::work_date.eq(work_date))
        .select((assignment::agency_code, assignment::mode))
        .distinct()
        .load(connection)?)
}

/// A number, and an agency with the dates, both inclusive, of a membership of the person behind it.
pub type StandingRow = (String, String, NaiveDate, Option<NaiveDate>);

/// Which of these people were members of some agency on a date, and of which; for the receiver's check.
pub fn list_standings(connection: &mut AnyConnection, numbers: &[String]) -> Result<Vec<StandingRow>, Error> {
    let mut found = Vec::with_capacity(numbers.len());
    for numbers in numbers.chunks(PEOPLE_AT_ONCE) {
        let rows: Vec<StandingRow> = employee_number::table
            .inner_join(membership::table.on(membership::employee_id.eq(employee_number::employee_id)))
            .filter(employee_number::number.eq_any(numbers))
            .select((
                employee_number::number,
                membership::agency_code,
                membership::valid_from,
                membership::valid_to,
            ))
            .load(connection)?;
        found.extend(rows);
    }
    Ok(found)
}

/// A stretch of somebody in an agency, as a table of rows tells of it beside a number.
#[derive(Clone, Queryable)]
pub struct MemberRow {
    /// A number of the person.
    pub number: String,
    /// First day.
    pub valid_from: NaiveDate,
    /// Last day; open is the present.
    pub valid_to: Option<NaiveDate>,
    /// The unit's name as registered.
    pub registered_unit: Option<String>,
    /// The unit's name as the personnel system has it.
    pub known_unit: Option<String>,
    /// Titles before the name; may be empty.
    pub front_title: String,
    /// The name without titles.
    pub name: String,
    /// Titles after the name; may be empty.
    pub back_title: String,
}

/// Names and numbers are personal.
impl std::fmt::Debug for MemberRow {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("MemberRow")
    }
}

/// The people of an agency between two dates, both inclusive, by number and first day. The scope must cover the agency.
pub fn list_members(
    connection: &mut AnyConnection,
    scope: &Scope,
    agency: &AgencyCode,
    from: NaiveDate,
    to: NaiveDate,
) -> Result<Vec<MemberRow>, Error> {
    hold(scope, agency)?;
    Ok(membership::table
        .inner_join(employee_number::table.on(employee_number::employee_id.eq(membership::employee_id)))
        .inner_join(employee::table.on(employee::id.eq(membership::employee_id)))
        .left_join(unit::table.on(membership::unit_id.eq(unit::id.nullable())))
        .filter(membership::agency_code.eq(agency.as_str()))
        .filter(membership::valid_from.le(to))
        .filter(membership::valid_to.is_null().or(membership::valid_to.ge(from)))
        .order((employee_number::number, membership::valid_from))
        .select((
            employee_number::number,
            membership::valid_from,
            membership::valid_to,
            unit::name.nullable(),
            membership::unit_name,
            employee::front_title,
            employee::name,
            employee::back_title,
        ))
        .load(connection)?)
}

/// A scope that does not reach the agency finds nothing there.
fn hold(scope: &Scope, agency: &AgencyCode) -> Result<(), Error> {
    if scope.covers(agency) {
        Ok(())
    } else {
        Err(Error::Missing)
    }
}
