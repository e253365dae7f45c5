//! Rows of requests for leave. Lists walk by id, which is the time of making.

use crate::domain::access::Role;
use crate::domain::access::Scope;
use crate::domain::ids::EmployeeId;
use crate::domain::ids::LeaveRequestId;
use crate::domain::ids::LetterId;
use crate::domain::instant::Instant;
use crate::domain::leave::LeaveKind;
use crate::domain::leave::request::Period;
use crate::domain::leave::state::LeaveState;
use crate::store::backend::AnyConnection;
use crate::store::backend::MultiBackend;
use crate::store::columns::Json;
use crate::store::error::Error;
use crate::store::schema::leave_request;
use chrono::NaiveDate;
use diesel::prelude::*;

/// One request as it is kept.
#[derive(Clone, PartialEq, Queryable, Insertable, Selectable, AsChangeset)]
#[diesel(table_name = leave_request, treat_none_as_null = true, treat_none_as_default_value = false)]
#[diesel(primary_key(employee_id, id))]
pub struct LeaveRequestRow {
    /// Whose.
    pub employee_id: EmployeeId,
    /// Its id, made by the client.
    pub id: LeaveRequestId,
    /// The agency of the person when it was handed in.
    pub agency_code: String,
    /// SHA-256 of the claim as first sent.
    pub claim_digest: Vec<u8>,
    /// Which kind.
    pub kind: LeaveKind,
    /// First day.
    pub first_day: NaiveDate,
    /// Last day.
    pub last_day: NaiveDate,
    /// Days as the kind counts them.
    pub days: i32,
    /// Days on which the person would have worked.
    pub work_days: i32,
    /// Why. May tell of health: not for everybody.
    pub reason: String,
    /// What backs it, in words. Not for everybody either.
    pub evidence: Option<String>,
    /// Where the person is meanwhile.
    pub address: String,
    /// The telephone number there.
    pub phone: Option<String>,
    /// Where it stands.
    pub state: LeaveState,
    /// Who decides, by the signer rules of the day on which it was handed in.
    pub authority: Option<Role>,
    /// Whether the authority granted it.
    pub is_granted: bool,
    /// What the leave officer last missed, if it was ever sent back.
    pub returned: Option<Json>,
    /// What the leave officer found.
    pub checked: Option<Json>,
    /// What the direct superior considered.
    pub consideration: Option<Json>,
    /// What the authority decided.
    pub decision: Option<Json>,
    /// The days that its letter took off the balance.
    pub taken: Option<Json>,
    /// Its letter.
    pub letter_id: Option<LetterId>,
    /// Why it was cancelled or cut short.
    pub end_reason: Option<String>,
    /// When it was made.
    pub created_at: Instant,
    /// When it last changed.
    pub updated_at: Instant,
    /// When it was handed in.
    pub submitted_at: Option<Instant>,
    /// Rises with every change.
    pub version: i32,
}

/// Reasons are health data.
impl std::fmt::Debug for LeaveRequestRow {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "LeaveRequestRow({}, {})", self.id, self.state.code())
    }
}

impl LeaveRequestRow {
    /// Its dates.
    pub const fn period(&self) -> Period {
        Period {
            first: self.first_day,
            last: self.last_day,
        }
    }
}

/// Which requests a list holds.
#[derive(Clone, Debug)]
pub struct LeaveRequestFilter {
    /// Only these states; empty for none.
    pub states: Vec<LeaveState>,
    /// Only those after this one.
    pub after: Option<LeaveRequestId>,
    /// At most so many.
    pub limit: i64,
}

/// Adds a request of the scope's own.
pub fn insert(connection: &mut AnyConnection, scope: &Scope, row: &LeaveRequestRow) -> Result<(), Error> {
    if scope.person() != Some(row.employee_id) {
        return Err(Error::Missing);
    }
    diesel::insert_into(leave_request::table)
        .values(row)
        .execute(connection)?;
    Ok(())
}

/// Replaces a request whose owner's turn was taken, if it is still of version `was`.
pub fn update(connection: &mut AnyConnection, _scope: &Scope, row: &LeaveRequestRow, was: i32) -> Result<(), Error> {
    let unchanged = leave_request::table
        .find((row.employee_id, row.id))
        .filter(leave_request::version.eq(was));
    match diesel::update(unchanged).set(row).execute(connection)? {
        0 => Err(Error::Missing),
        _ => Ok(()),
    }
}

/// A request of the scope's own.
pub fn find_own(
    connection: &mut AnyConnection,
    scope: &Scope,
    id: LeaveRequestId,
) -> Result<Option<LeaveRequestRow>, Error> {
    let owner = scope.person().ok_or(Error::Missing)?;
    Ok(leave_request::table
        .find((owner, id))
        .select(LeaveRequestRow::as_select())
        .first(connection)
        .optional()?)
}

/// Requests of this id that have been handed in; ids are made by clients, so two people may have the same. The caller
/// decides who may see which.
pub fn find_all(
    connection: &mut AnyConnection,
    _scope: &Scope,
    id: LeaveRequestId,
) -> Result<Vec<LeaveRequestRow>, Error> {
    Ok(leave_request::table
        .filter(leave_request::id.eq(id))
        .filter(leave_request::submitted_at.is_not_null())
        .select(LeaveRequestRow::as_select())
        .load(connection)?)
}

/// Everything that one person ever asked for, whose rows the caller has found within its scope.
pub fn list_of(
    connection: &mut AnyConnection,
    _scope: &Scope,
    employee_id: EmployeeId,
) -> Result<Vec<LeaveRequestRow>, Error> {
    Ok(leave_request::table
        .filter(leave_request::employee_id.eq(employee_id))
        .order(leave_request::id.desc())
        .select(LeaveRequestRow::as_select())
        .load(connection)?)
}

/// Requests of the scope's agencies.
pub fn list_of_agencies(
    connection: &mut AnyConnection,
    scope: &Scope,
    filter: &LeaveRequestFilter,
) -> Result<Vec<LeaveRequestRow>, Error> {
    let mut query = handed_in();
    if let Some(codes) = scope.agencies() {
        query =
            query.filter(leave_request::agency_code.eq_any(codes.into_iter().map(str::to_owned).collect::<Vec<_>>()));
    }
    page(connection, query, filter)
}

/// Requests that wait for an authority: in one agency where the role is bound to one.
pub fn list_of_authority(
    connection: &mut AnyConnection,
    _scope: &Scope,
    authority: Role,
    agency: Option<&str>,
    filter: &LeaveRequestFilter,
) -> Result<Vec<LeaveRequestRow>, Error> {
    let mut query = handed_in().filter(leave_request::authority.eq(Some(authority)));
    if let Some(code) = agency {
        query = query.filter(leave_request::agency_code.eq(code.to_owned()));
    }
    page(connection, query, filter)
}

/// Requests of these people, whom the caller has found to be the scope's subordinates.
pub fn list_of_team(
    connection: &mut AnyConnection,
    _scope: &Scope,
    team: &[EmployeeId],
    filter: &LeaveRequestFilter,
) -> Result<Vec<LeaveRequestRow>, Error> {
    let query = handed_in().filter(leave_request::employee_id.eq_any(team.to_vec()));
    page(connection, query, filter)
}

type Boxed = leave_request::BoxedQuery<'static, MultiBackend>;

fn handed_in() -> Boxed {
    leave_request::table
        .filter(leave_request::submitted_at.is_not_null())
        .into_boxed()
}

fn page(
    connection: &mut AnyConnection,
    mut query: Boxed,
    filter: &LeaveRequestFilter,
) -> Result<Vec<LeaveRequestRow>, Error> {
    if let Some(after) = filter.after {
        query = query.filter(leave_request::id.gt(after));
    }
    Ok(query
        .filter(leave_request::state.eq_any(filter.states.clone()))
        .order((leave_request::id, leave_request::employee_id))
        .limit(filter.limit)
        .select(LeaveRequestRow::as_select())
        .load(connection)?)
}
