//! Corrections that people ask for. A superior finds those of the team, an operator those of the agency.

use crate::domain::access::AgencyCode;
use crate::domain::access::Scope;
use crate::domain::ids::AccountId;
use crate::domain::ids::CorrectionId;
use crate::domain::ids::EmployeeId;
use crate::domain::instant::Instant;
use crate::domain::recap::correction::CorrectionState;
use crate::domain::recap::correction::CorrectionWish;
use crate::domain::slot::Slot;
use crate::domain::work_mode::WorkMode;
use crate::store::backend::AnyConnection;
use crate::store::backend::per_backend;
use crate::store::error::Error;
use crate::store::schema::correction;
use chrono::NaiveDate;
use diesel::prelude::*;

/// One correction.
#[derive(Clone, Queryable, Insertable, Selectable, AsChangeset)]
#[diesel(table_name = correction, treat_none_as_null = true, treat_none_as_default_value = false)]
#[diesel(primary_key(employee_id, id))]
pub struct CorrectionRow {
    /// Whose.
    pub employee_id: EmployeeId,
    /// Made by the client.
    pub id: CorrectionId,
    /// The agency on the date.
    pub agency_code: String,
    /// SHA-256 of what was sent; tells a repeated call from another one.
    pub claim_digest: Vec<u8>,
    /// Which day.
    pub work_date: NaiveDate,
    /// Which slot; none for the day.
    pub slot: Option<Slot>,
    /// The kind of the wish.
    pub wish: String,
    /// The mode that it asks for.
    pub mode: Option<WorkMode>,
    /// Why.
    pub reason: String,
    /// A link to what backs it; never fetched.
    pub link: Option<String>,
    /// How far it has come.
    pub state: CorrectionState,
    /// When it came in.
    pub submitted_at: Instant,
    /// Whether the superior supports it.
    pub is_supported: Option<bool>,
    /// What the superior wrote.
    pub consideration_note: Option<String>,
    /// Which superior.
    pub considered_by: Option<EmployeeId>,
    /// When.
    pub considered_at: Option<Instant>,
    /// What the operator wrote.
    pub decision_note: Option<String>,
    /// Which operator.
    pub decided_by: Option<AccountId>,
    /// When.
    pub decided_at: Option<Instant>,
    /// Raised by every change.
    pub version: i32,
}

/// Reasons are personal.
impl std::fmt::Debug for CorrectionRow {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "CorrectionRow({}, version {})", self.id, self.version)
    }
}

impl CorrectionRow {
    /// What the person says is right.
    pub fn read_wish(&self) -> Result<CorrectionWish, Error> {
        CorrectionWish::from_parts(&self.wish, self.mode).ok_or(Error::Corrupt("correction.wish"))
    }
}

/// Where a list goes on: submission and id of the last one.
pub type CorrectionCursor = (Instant, CorrectionId);

/// Whose corrections a list holds.
#[derive(Clone, Debug)]
pub enum Whose {
    /// The scope's own.
    Own,
    /// Of these subordinates of the scope's person.
    Team(Vec<EmployeeId>),
    /// Of the scope's agencies.
    Agencies,
}

/// Adds a correction of the scope's own.
pub fn insert(connection: &mut AnyConnection, scope: &Scope, row: &CorrectionRow) -> Result<(), Error> {
    if scope.person() != Some(row.employee_id) {
        return Err(Error::Missing);
    }
    diesel::insert_into(correction::table).values(row).execute(connection)?;
    Ok(())
}

/// A correction of the scope's own.
pub fn find_own(
    connection: &mut AnyConnection,
    scope: &Scope,
    id: CorrectionId,
) -> Result<Option<CorrectionRow>, Error> {
    let owner = scope.person().ok_or(Error::Missing)?;
    Ok(correction::table
        .find((owner, id))
        .select(CorrectionRow::as_select())
        .first(connection)
        .optional()?)
}

/// A correction within reach.
pub fn find(
    connection: &mut AnyConnection,
    scope: &Scope,
    whose: &Whose,
    id: CorrectionId,
) -> Result<Option<CorrectionRow>, Error> {
    let mut query = correction::table
        .filter(correction::id.eq(id))
        .select(CorrectionRow::as_select())
        .into_boxed();
    match whose {
        Whose::Own => query = query.filter(correction::employee_id.eq(scope.person().ok_or(Error::Missing)?)),
        Whose::Team(people) => query = query.filter(correction::employee_id.eq_any(people.clone())),
        Whose::Agencies => {
            if let Some(codes) = scope.agencies() {
                query = query.filter(correction::agency_code.eq_any(codes));
            }
        }
    }
    Ok(query.first(connection).optional()?)
}

/// Up to `limit` corrections, oldest first, after a key.
pub fn list(
    connection: &mut AnyConnection,
    scope: &Scope,
    whose: &Whose,
    state: Option<CorrectionState>,
    after: Option<CorrectionCursor>,
    limit: i64,
) -> Result<Vec<CorrectionRow>, Error> {
    let mut query = correction::table
        .order((correction::submitted_at, correction::id))
        .limit(limit)
        .select(CorrectionRow::as_select())
        .into_boxed();
    match whose {
        Whose::Own => query = query.filter(correction::employee_id.eq(scope.person().ok_or(Error::Missing)?)),
        Whose::Team(people) => query = query.filter(correction::employee_id.eq_any(people.clone())),
        Whose::Agencies => {
            if let Some(codes) = scope.agencies() {
                query = query.filter(correction::agency_code.eq_any(codes));
            }
        }
    }
    if let Some(state) = state {
        query = query.filter(correction::state.eq(state));
    }
    if let Some((at, id)) = after {
        query = query.filter(
            correction::submitted_at
                .gt(at)
                .or(correction::submitted_at.eq(at).and(correction::id.gt(id))),
        );
    }
    Ok(query.load(connection)?)
}

/// Replaces a correction that stands at `version`; gives whether it did.
pub fn update(connection: &mut AnyConnection, row: &CorrectionRow, version: i32) -> Result<bool, Error> {
    let stands = correction::table
        .find((row.employee_id, row.id))
        .filter(correction::version.eq(version));
    Ok(diesel::update(stands).set(row).execute(connection)? == 1)
}

/// Person, date, slot (none for the day) and kind of an accepted wish.
pub type AcceptedRow = (EmployeeId, NaiveDate, Option<Slot>, String);

/// What was accepted for these people between dates, both inclusive.
pub fn list_accepted(
    connection: &mut AnyConnection,
    people: &[EmployeeId],
    (from, to): (NaiveDate, NaiveDate),
) -> Result<Vec<AcceptedRow>, Error> {
    let mut found = Vec::new();
    // SQLite binds at most 32,766 values.
    for part in people.chunks(10_000) {
        let rows: Vec<AcceptedRow> = per_backend!(connection, inner => correction::table
            .filter(correction::employee_id.eq_any(part))
            .filter(correction::work_date.between(from, to))
            .filter(correction::state.eq(CorrectionState::Accepted))
            .select((
                correction::employee_id,
                correction::work_date,
                correction::slot,
                correction::wish,
            ))
            .load(inner))?;
        found.extend(rows);
    }
    Ok(found)
}

/// How many of an agency's corrections of these dates wait for a decision.
pub fn count_open(
    connection: &mut AnyConnection,
    agency: &AgencyCode,
    (from, to): (NaiveDate, NaiveDate),
) -> Result<i64, Error> {
    Ok(correction::table
        .filter(correction::agency_code.eq(agency.as_str()))
        .filter(correction::work_date.between(from, to))
        .filter(correction::state.eq_any([CorrectionState::Submitted, CorrectionState::Considered]))
        .count()
        .get_result(connection)?)
}
