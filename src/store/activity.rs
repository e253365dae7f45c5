//! Rows of daily entries. Lists walk by (work date, start, id, person), so that a cursor is never ambiguous.

use crate::domain::access::Scope;
use crate::domain::activity::ActivityState;
use crate::domain::activity::Decision;
use crate::domain::activity::entry::Channel;
use crate::domain::ids::ActivityId;
use crate::domain::ids::EmployeeId;
use crate::domain::instant::Instant;
use crate::domain::work_mode::WorkMode;
use crate::store::backend::AnyConnection;
use crate::store::backend::MultiBackend;
use crate::store::backend::per_backend;
use crate::store::error::Error;
use crate::store::schema::activity;
use crate::store::schema::activity_day;
use chrono::NaiveDate;
use diesel::prelude::*;

/// One entry as it is kept.
#[derive(Clone, Debug, Eq, PartialEq, Queryable, Insertable, Selectable, AsChangeset)]
#[diesel(table_name = activity, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct ActivityRow {
    /// Whose it is.
    pub employee_id: EmployeeId,
    /// Its id, made by the client or the service.
    pub id: ActivityId,
    /// The agency of the person on the work date.
    pub agency_code: String,
    /// SHA-256 of the fields as first sent; tells a repeated call from another one.
    pub claim_digest: Vec<u8>,
    /// The day of the work.
    pub work_date: NaiveDate,
    /// Start in minutes after local midnight.
    pub start_minute: i16,
    /// End in minutes after local midnight.
    pub end_minute: i16,
    /// What was done.
    pub description: String,
    /// What came out of it.
    pub output: String,
    /// How much of it.
    pub quantity: Option<i32>,
    /// In which unit.
    pub unit: Option<String>,
    /// The item of the performance plan.
    pub skp_item: Option<String>,
    /// How it was handed over.
    pub channel: Option<Channel>,
    /// An address of evidence.
    pub link: Option<String>,
    /// The person's mode on the work date, as known when it was last written.
    pub mode: WorkMode,
    /// Where it stands.
    pub state: ActivityState,
    /// When it was made.
    pub created_at: Instant,
    /// When it last changed.
    pub updated_at: Instant,
    /// When it was last handed in.
    pub submitted_at: Option<Instant>,
    /// When it goes to the next superior too, unless decided.
    pub escalates_at: Option<Instant>,
    /// The next superior, once it has gone there.
    pub escalated_to: Option<EmployeeId>,
    /// What the last review said.
    pub decision: Option<Decision>,
    /// Why.
    pub review_note: Option<String>,
    /// Who decided.
    pub reviewer_id: Option<EmployeeId>,
    /// When.
    pub reviewed_at: Option<Instant>,
    /// Rises with every change.
    pub version: i32,
}

/// Where a list goes on: the last entry of the page before.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct ActivityCursor {
    /// Its work date.
    pub work_date: NaiveDate,
    /// Its start.
    pub start_minute: i16,
    /// Its id.
    pub id: ActivityId,
    /// Its owner.
    pub employee_id: EmployeeId,
}

/// Which entries a list holds.
#[derive(Clone, Debug, Default)]
pub struct ActivityFilter {
    /// First work date.
    pub from: Option<NaiveDate>,
    /// Last work date.
    pub to: Option<NaiveDate>,
    /// Only these states; empty for all.
    pub states: Vec<ActivityState>,
    /// Only those after this one.
    pub after: Option<ActivityCursor>,
    /// At most so many.
    pub limit: i64,
}

/// Takes the person's turn on a date: whoever else writes an entry of that date waits until this one has committed.
pub fn hold_day(connection: &mut AnyConnection, scope: &Scope, work_date: NaiveDate) -> Result<(), Error> {
    let row = (
        activity_day::employee_id.eq(own(scope)?),
        activity_day::work_date.eq(work_date),
        activity_day::version.eq(1),
    );
    per_backend!(connection, inner => diesel::insert_into(activity_day::table)
        .values(row)
        .on_conflict((activity_day::employee_id, activity_day::work_date))
        .do_update()
        .set(activity_day::version.eq(activity_day::version + 1))
        .execute(inner))?;
    Ok(())
}

/// Adds an entry of the scope's own.
pub fn insert(connection: &mut AnyConnection, scope: &Scope, row: &ActivityRow) -> Result<(), Error> {
    if own(scope)? != row.employee_id {
        return Err(Error::Missing);
    }
    diesel::insert_into(activity::table).values(row).execute(connection)?;
    Ok(())
}

/// Replaces an entry that has not changed since version `was`; a changed one is missing.
pub fn update(connection: &mut AnyConnection, scope: &Scope, row: &ActivityRow, was: i32) -> Result<(), Error> {
    own(scope)?;
    replace(connection, row, was)
}

/// Like [`update`], for the service's own jobs, which act for nobody.
pub fn update_by_service(connection: &mut AnyConnection, row: &ActivityRow, was: i32) -> Result<(), Error> {
    replace(connection, row, was)
}

fn replace(connection: &mut AnyConnection, row: &ActivityRow, was: i32) -> Result<(), Error> {
    let unchanged = activity::table
        .find((row.employee_id, row.id))
        .filter(activity::version.eq(was));
    match diesel::update(unchanged).set(row).execute(connection)? {
        0 => Err(Error::Missing),
        _ => Ok(()),
    }
}

/// An entry of the scope's own.
pub fn find(connection: &mut AnyConnection, scope: &Scope, id: ActivityId) -> Result<Option<ActivityRow>, Error> {
    Ok(activity::table
        .find((own(scope)?, id))
        .select(ActivityRow::as_select())
        .first(connection)
        .optional()?)
}

/// An entry within the reach of a reviewer; drafts are nobody's business.
///
/// It is of one of `team`, whom the caller has found to be the subordinates of the scope's person, or it has escalated to
/// that person.
pub fn find_for_review(
    connection: &mut AnyConnection,
    scope: &Scope,
    team: &[EmployeeId],
    id: ActivityId,
) -> Result<Option<ActivityRow>, Error> {
    let reviewer = own(scope)?;
    Ok(activity::table
        .filter(activity::id.eq(id))
        .filter(
            activity::employee_id
                .eq_any(team)
                .or(activity::escalated_to.eq(reviewer)),
        )
        .filter(activity::state.ne(ActivityState::Draft))
        .select(ActivityRow::as_select())
        .first(connection)
        .optional()?)
}

/// The hours of the person's entries of a date, without rejected ones and without `except`.
pub fn hours(
    connection: &mut AnyConnection,
    scope: &Scope,
    work_date: NaiveDate,
    except: ActivityId,
) -> Result<Vec<(i16, i16)>, Error> {
    Ok(activity::table
        .filter(activity::employee_id.eq(own(scope)?))
        .filter(activity::work_date.eq(work_date))
        .filter(activity::id.ne(except))
        .filter(activity::state.ne(ActivityState::Rejected))
        .order(activity::start_minute)
        .select((activity::start_minute, activity::end_minute))
        .load(connection)?)
}

/// The scope's own entries.
pub fn list(connection: &mut AnyConnection, scope: &Scope, filter: &ActivityFilter) -> Result<Vec<ActivityRow>, Error> {
    let query = activity::table
        .filter(activity::employee_id.eq(own(scope)?))
        .into_boxed();
    page(connection, query, filter)
}

/// Entries of `team` and those that have escalated to the scope's person; no drafts.
pub fn list_for_review(
    connection: &mut AnyConnection,
    scope: &Scope,
    team: &[EmployeeId],
    filter: &ActivityFilter,
) -> Result<Vec<ActivityRow>, Error> {
    let reviewer = own(scope)?;
    let query = activity::table
        .filter(
            activity::employee_id
                .eq_any(team.to_vec())
                .or(activity::escalated_to.eq(reviewer)),
        )
        .filter(activity::state.ne(ActivityState::Draft))
        .into_boxed();
    page(connection, query, filter)
}

type Boxed<'a> = activity::BoxedQuery<'a, MultiBackend>;

fn page<'a>(
    connection: &mut AnyConnection,
    mut query: Boxed<'a>,
    filter: &'a ActivityFilter,
) -> Result<Vec<ActivityRow>, Error> {
    if let Some(from) = filter.from {
        query = query.filter(activity::work_date.ge(from));
    }
    if let Some(to) = filter.to {
        query = query.filter(activity::work_date.le(to));
    }
    if !filter.states.is_empty() {
        query = query.filter(activity::state.eq_any(&filter.states));
    }
    if let Some(after) = filter.after {
        let same_date = activity::work_date.eq(after.work_date);
        let same_start = same_date.and(activity::start_minute.eq(after.start_minute));
        let same_id = same_start.and(activity::id.eq(after.id));
        query = query.filter(
            activity::work_date
                .gt(after.work_date)
                .or(same_date.and(activity::start_minute.gt(after.start_minute)))
                .or(same_start.and(activity::id.gt(after.id)))
                .or(same_id.and(activity::employee_id.gt(after.employee_id))),
        );
    }
    Ok(query
        .order((
            activity::work_date,
            activity::start_minute,
            activity::id,
            activity::employee_id,
        ))
        .limit(filter.limit)
        .select(ActivityRow::as_select())
        .load(connection)?)
}

/// What a total needs of one entry: its state, last decision, start and end.
pub type CountedEntry = (ActivityState, Option<Decision>, i16, i16);

/// Every entry of a person between two dates, both inclusive; for totals.
pub fn list_of_month(
    connection: &mut AnyConnection,
    employee_id: EmployeeId,
    from: NaiveDate,
    to: NaiveDate,
) -> Result<Vec<CountedEntry>, Error> {
    Ok(activity::table
        .filter(activity::employee_id.eq(employee_id))
        .filter(activity::work_date.between(from, to))
        .select((
            activity::state,
            activity::decision,
            activity::start_minute,
            activity::end_minute,
        ))
        .load(connection)?)
}

/// Locks every entry of a person between two dates; gives how many.
pub fn lock_month(
    connection: &mut AnyConnection,
    employee_id: EmployeeId,
    from: NaiveDate,
    to: NaiveDate,
    now: Instant,
) -> Result<usize, Error> {
    let open = activity::table
        .filter(activity::employee_id.eq(employee_id))
        .filter(activity::work_date.between(from, to))
        .filter(activity::state.ne(ActivityState::Locked));
    Ok(diesel::update(open)
        .set((
            activity::state.eq(ActivityState::Locked),
            activity::updated_at.eq(now),
            activity::version.eq(activity::version + 1),
        ))
        .execute(connection)?)
}

/// Up to `limit` entries that have waited too long, longest first; for the job that escalates them.
pub fn list_overdue(connection: &mut AnyConnection, now: Instant, limit: i64) -> Result<Vec<ActivityRow>, Error> {
    Ok(activity::table
        .filter(activity::state.eq(ActivityState::Submitted))
        .filter(activity::escalates_at.le(now))
        .order((activity::escalates_at, activity::employee_id, activity::id))
        .limit(limit)
        .select(ActivityRow::as_select())
        .load(connection)?)
}

fn own(scope: &Scope) -> Result<EmployeeId, Error> {
    scope.person().ok_or(Error::Missing)
}
