//! Rosters of agencies with their entries, and which of them stands for which day.

use crate::domain::access::AgencyCode;
use crate::domain::access::Scope;
use crate::domain::half::Halved;
use crate::domain::ids::AccountId;
use crate::domain::ids::EmployeeId;
use crate::domain::ids::RosterId;
use crate::domain::instant::Instant;
use crate::domain::person_name::titled;
use crate::domain::roster::state::RosterState;
use crate::domain::work_mode::WorkMode;
use crate::store::backend::AnyConnection;
use crate::store::backend::per_backend;
use crate::store::columns::Json;
use crate::store::error::Error;
use crate::store::schema::employee;
use crate::store::schema::roster;
use crate::store::schema::roster_day;
use crate::store::schema::roster_entry;
use chrono::NaiveDate;
use diesel::dsl::count_star;
use diesel::prelude::*;
use diesel::upsert::excluded;
use std::collections::BTreeMap;

/// A roster without its entries.
#[derive(Clone, Debug, Queryable, Insertable, AsChangeset, Selectable)]
#[diesel(table_name = roster, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct RosterRow {
    /// Its id.
    pub id: RosterId,
    /// Whose.
    pub agency_code: String,
    /// First date.
    pub from_date: NaiveDate,
    /// Last date, inclusive.
    pub to_date: NaiveDate,
    /// Where it stands.
    pub state: RosterState,
    /// What the agency noted.
    pub note: Option<String>,
    /// What could not be met when it was made.
    pub shortfalls: Json,
    /// What the last check found.
    pub findings: Json,
    /// When that was.
    pub checked_at: Instant,
    /// The day by which a circular wants it at BKD.
    pub due_on: Option<NaiveDate>,
    /// Who made it.
    pub created_by: AccountId,
    /// When.
    pub created_at: Instant,
    /// Who handed it in last.
    pub submitted_by: Option<AccountId>,
    /// When.
    pub submitted_at: Option<Instant>,
    /// Why although rules are not kept.
    pub submission_reason: Option<String>,
    /// Whether it was handed in after `due_on`.
    pub is_late: bool,
    /// Who decided last.
    pub decided_by: Option<AccountId>,
    /// When.
    pub decided_at: Option<Instant>,
    /// What BKD wrote with the decision.
    pub remarks: Json,
    /// Who published it.
    pub published_by: Option<AccountId>,
    /// When.
    pub published_at: Option<Instant>,
    /// How many assignments that wrote.
    pub written_count: Option<i32>,
    /// How many it left as they were granted or corrected.
    pub kept_count: Option<i32>,
    /// When the last of its days went to another roster.
    pub superseded_at: Option<Instant>,
    /// Raised by every change.
    pub version: i32,
}

/// One person's mode on a work day of a roster.
#[derive(Clone, Debug, Queryable, Insertable, Selectable)]
#[diesel(table_name = roster_entry, treat_none_as_default_value = false)]
pub struct EntryRow {
    /// Whose roster.
    pub roster_id: RosterId,
    /// When.
    pub work_date: NaiveDate,
    /// Who.
    pub employee_id: EmployeeId,
    /// What: all day, or in its first half.
    pub mode: WorkMode,
    /// What in its second half, where that has a mode of its own.
    pub afternoon_mode: Option<WorkMode>,
    /// Why, as facts.
    pub reason: Json,
    /// Whether somebody changed it.
    pub is_by_hand: bool,
}

/// Adds a roster.
pub fn insert(connection: &mut AnyConnection, row: &RosterRow) -> Result<(), Error> {
    diesel::insert_into(roster::table).values(row).execute(connection)?;
    Ok(())
}

/// The roster of an id. Who may see it is the caller's to ask.
pub fn find(connection: &mut AnyConnection, id: RosterId) -> Result<Option<RosterRow>, Error> {
    Ok(roster::table
        .find(id)
        .select(RosterRow::as_select())
        .first(connection)
        .optional()?)
}

/// Replaces a roster if its version is still `seen`; gives whether it was.
pub fn update(connection: &mut AnyConnection, row: &RosterRow, seen: i32) -> Result<bool, Error> {
    let target = roster::table.find(row.id).filter(roster::version.eq(seen));
    Ok(diesel::update(target).set(row).execute(connection)? == 1)
}

/// Rosters of an agency, newest first; only those that were handed in where `is_sent`.
pub fn list(
    connection: &mut AnyConnection,
    agency: &AgencyCode,
    is_sent: bool,
    after: Option<RosterId>,
    limit: i64,
) -> Result<Vec<RosterRow>, Error> {
    let mut query = roster::table
        .filter(roster::agency_code.eq(agency.as_str()))
        .order(roster::id.desc())
        .limit(limit)
        .select(RosterRow::as_select())
        .into_boxed();
    if is_sent {
        query = query.filter(roster::state.ne(RosterState::Draft));
    }
    if let Some(after) = after {
        query = query.filter(roster::id.lt(after));
    }
    Ok(query.load(connection)?)
}

/// Adds entries of an agency's roster; those of the same person and date are replaced.
pub fn upsert_entries(
    connection: &mut AnyConnection,
    scope: &Scope,
    agency: &AgencyCode,
    rows: &[EntryRow],
) -> Result<(), Error> {
    if !scope.covers(agency) {
        return Err(Error::Missing);
    }
    for rows in rows.chunks(1_000) {
        per_backend!(connection, inner => diesel::insert_into(roster_entry::table)
            .values(rows)
            .on_conflict((roster_entry::roster_id, roster_entry::work_date, roster_entry::employee_id))
            .do_update()
            .set((
                roster_entry::mode.eq(excluded(roster_entry::mode)),
                roster_entry::afternoon_mode.eq(excluded(roster_entry::afternoon_mode)),
                roster_entry::reason.eq(excluded(roster_entry::reason)),
                roster_entry::is_by_hand.eq(excluded(roster_entry::is_by_hand)),
            ))
            .execute(inner))?;
    }
    Ok(())
}

/// An entry without its reason: who, when, what, whether by hand.
pub type Planned = (EmployeeId, NaiveDate, Halved<WorkMode>, bool);

/// Every entry of a roster of an agency within reach, without reasons: who, when, what, whether by hand.
pub fn list_modes(
    connection: &mut AnyConnection,
    scope: &Scope,
    agency: &AgencyCode,
    id: RosterId,
) -> Result<Vec<Planned>, Error> {
    if !scope.covers(agency) {
        return Err(Error::Missing);
    }
    let rows: Vec<(EmployeeId, NaiveDate, WorkMode, Option<WorkMode>, bool)> = roster_entry::table
        .filter(roster_entry::roster_id.eq(id))
        .order((roster_entry::work_date, roster_entry::employee_id))
        .select((
            roster_entry::employee_id,
            roster_entry::work_date,
            roster_entry::mode,
            roster_entry::afternoon_mode,
            roster_entry::is_by_hand,
        ))
        .load(connection)?;
    Ok(rows
        .into_iter()
        .map(|(id, date, mode, afternoon, is_by_hand)| (id, date, modes_of(mode, afternoon), is_by_hand))
        .collect())
}

/// How many people a roster has in which mode on which day; whoever has one for each half is counted in both.
pub fn count_modes(connection: &mut AnyConnection, id: RosterId) -> Result<Vec<(NaiveDate, WorkMode, i64)>, Error> {
    let of_days: Vec<(NaiveDate, WorkMode, i64)> = roster_entry::table
        .filter(roster_entry::roster_id.eq(id))
        .group_by((roster_entry::work_date, roster_entry::mode))
        .select((roster_entry::work_date, roster_entry::mode, count_star()))
        .load(connection)?;
    let of_afternoons: Vec<(NaiveDate, Option<WorkMode>, i64)> = roster_entry::table
        .filter(roster_entry::roster_id.eq(id))
        .filter(roster_entry::afternoon_mode.is_not_null())
        .group_by((roster_entry::work_date, roster_entry::afternoon_mode))
        .select((roster_entry::work_date, roster_entry::afternoon_mode, count_star()))
        .load(connection)?;
    let of_afternoons = of_afternoons
        .into_iter()
        .filter_map(|(date, mode, count)| Some((date, mode?, count)));
    let mut counts: BTreeMap<(NaiveDate, &str), (WorkMode, i64)> = BTreeMap::new();
    for (date, mode, count) in of_days.into_iter().chain(of_afternoons) {
        counts.entry((date, mode.code())).or_insert((mode, 0)).1 += count;
    }
    Ok(counts
        .into_iter()
        .map(|((date, _), (mode, count))| (date, mode, count))
        .collect())
}

/// The modes of an entry as rules read them.
pub const fn modes_of(mode: WorkMode, afternoon: Option<WorkMode>) -> Halved<WorkMode> {
    match afternoon {
        None => Halved::whole(mode),
        Some(afternoon) => Halved::parted(mode, afternoon),
    }
}

/// An entry with its person's name.
#[derive(Clone)]
pub struct ListedEntry {
    /// The entry.
    pub row: EntryRow,
    /// With titles.
    pub name: String,
}

/// Names are personal.
impl std::fmt::Debug for ListedEntry {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "ListedEntry({})", self.row.employee_id)
    }
}

/// Up to `limit` entries of a roster of an agency within reach, by date and person, of one date or all.
pub fn list_entries(
    connection: &mut AnyConnection,
    scope: &Scope,
    agency: &AgencyCode,
    (id, date): (RosterId, Option<NaiveDate>),
    after: Option<(NaiveDate, EmployeeId)>,
    limit: i64,
) -> Result<Vec<ListedEntry>, Error> {
    if !scope.covers(agency) {
        return Err(Error::Missing);
    }
    let mut query = roster_entry::table
        .inner_join(employee::table.on(employee::id.eq(roster_entry::employee_id)))
        .filter(roster_entry::roster_id.eq(id))
        .order((roster_entry::work_date, roster_entry::employee_id))
        .limit(limit)
        .select((
            EntryRow::as_select(),
            (employee::front_title, employee::name, employee::back_title),
        ))
        .into_boxed();
    if let Some(date) = date {
        query = query.filter(roster_entry::work_date.eq(date));
    }
    if let Some((date, person)) = after {
        let later = roster_entry::work_date.gt(date).or(roster_entry::work_date
            .eq(date)
            .and(roster_entry::employee_id.gt(person)));
        query = query.filter(later);
    }
    let rows: Vec<(EntryRow, (String, String, String))> = query.load(connection)?;
    Ok(rows
        .into_iter()
        .map(|(row, (front_title, name, back_title))| ListedEntry {
            row,
            name: titled(&front_title, &name, &back_title),
        })
        .collect())
}

/// The days for which a roster stands.
pub fn list_days(connection: &mut AnyConnection, id: RosterId) -> Result<Vec<NaiveDate>, Error> {
    Ok(roster_day::table
        .filter(roster_day::roster_id.eq(id))
        .order(roster_day::work_date)
        .select(roster_day::work_date)
        .load(connection)?)
}

/// The rosters that stand for days of an agency.
pub fn list_standing(
    connection: &mut AnyConnection,
    agency: &AgencyCode,
    dates: &[NaiveDate],
) -> Result<Vec<RosterId>, Error> {
    Ok(per_backend!(connection, inner => roster_day::table
        .filter(roster_day::agency_code.eq(agency.as_str()))
        .filter(roster_day::work_date.eq_any(dates))
        .select(roster_day::roster_id)
        .distinct()
        .order(roster_day::roster_id)
        .load(inner))?)
}

/// Lets a roster stand for days of an agency, in place of whichever did.
pub fn stand(
    connection: &mut AnyConnection,
    agency: &AgencyCode,
    dates: &[NaiveDate],
    id: RosterId,
) -> Result<(), Error> {
    let rows: Vec<_> = dates
        .iter()
        .map(|date| {
            (
                roster_day::agency_code.eq(agency.as_str()),
                roster_day::work_date.eq(*date),
                roster_day::roster_id.eq(id),
            )
        })
        .collect();
    per_backend!(connection, inner => diesel::insert_into(roster_day::table)
        .values(&rows)
        .on_conflict((roster_day::agency_code, roster_day::work_date))
        .do_update()
        .set(roster_day::roster_id.eq(excluded(roster_day::roster_id)))
        .execute(inner))?;
    Ok(())
}
