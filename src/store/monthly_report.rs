//! Rows of monthly reports.

use crate::domain::access::Scope;
use crate::domain::ids::EmployeeId;
use crate::domain::ids::MonthlyReportId;
use crate::domain::instant::Instant;
use crate::domain::month::Month;
use crate::domain::monthly_report::Expectation;
use crate::domain::monthly_report::MonthlyReportState;
use crate::store::backend::AnyConnection;
use crate::store::columns::Json;
use crate::store::error::Error;
use crate::store::schema::monthly_report;
use diesel::prelude::*;

/// One report as it is kept.
#[derive(Clone, Debug, PartialEq, Queryable, Insertable, Selectable, AsChangeset)]
#[diesel(table_name = monthly_report, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct MonthlyReportRow {
    /// Whose it is.
    pub employee_id: EmployeeId,
    /// The month, `2026-03`.
    pub month: String,
    /// Its id.
    pub id: MonthlyReportId,
    /// The agency of the person when it was compiled.
    pub agency_code: String,
    /// Where it stands.
    pub state: MonthlyReportState,
    /// The counted entries.
    pub totals: Json,
    /// What mattered most.
    pub highlights: Option<String>,
    /// What stood in the way.
    pub obstacles: Option<String>,
    /// What comes next.
    pub plan: Option<String>,
    /// The rating of the results.
    pub results: Option<Expectation>,
    /// The rating of the behaviour.
    pub behaviour: Option<Expectation>,
    /// The assessor's words.
    pub assessment_note: Option<String>,
    /// Who assessed.
    pub assessor_id: Option<EmployeeId>,
    /// When it was last counted.
    pub compiled_at: Instant,
    /// When it was handed in.
    pub submitted_at: Option<Instant>,
    /// When it was last assessed.
    pub assessed_at: Option<Instant>,
    /// When it was closed.
    pub closed_at: Option<Instant>,
    /// Rises with every change.
    pub version: i32,
}

/// Adds a report of the scope's own.
pub fn insert(connection: &mut AnyConnection, scope: &Scope, row: &MonthlyReportRow) -> Result<(), Error> {
    if scope.person() != Some(row.employee_id) {
        return Err(Error::Missing);
    }
    diesel::insert_into(monthly_report::table)
        .values(row)
        .execute(connection)?;
    Ok(())
}

/// Replaces a report that has not changed since version `was`; a changed one is missing.
pub fn update(connection: &mut AnyConnection, scope: &Scope, row: &MonthlyReportRow, was: i32) -> Result<(), Error> {
    scope.person().ok_or(Error::Missing)?;
    replace(connection, row, was)
}

/// Like [`update`], for the service's own jobs, which act for nobody.
pub fn update_by_service(connection: &mut AnyConnection, row: &MonthlyReportRow, was: i32) -> Result<(), Error> {
    replace(connection, row, was)
}

fn replace(connection: &mut AnyConnection, row: &MonthlyReportRow, was: i32) -> Result<(), Error> {
    let unchanged = monthly_report::table
        .find((row.employee_id, &row.month))
        .filter(monthly_report::version.eq(was));
    match diesel::update(unchanged).set(row).execute(connection)? {
        0 => Err(Error::Missing),
        _ => Ok(()),
    }
}

/// The scope's own report of a month.
pub fn find_by_month(
    connection: &mut AnyConnection,
    scope: &Scope,
    month: Month,
) -> Result<Option<MonthlyReportRow>, Error> {
    let owner = scope.person().ok_or(Error::Missing)?;
    Ok(monthly_report::table
        .find((owner, month.to_string()))
        .select(MonthlyReportRow::as_select())
        .first(connection)
        .optional()?)
}

/// A report by its id, of one of `people`: the scope's person or those whom the caller has found to be within its reach.
pub fn find(
    connection: &mut AnyConnection,
    scope: &Scope,
    people: &[EmployeeId],
    id: MonthlyReportId,
) -> Result<Option<MonthlyReportRow>, Error> {
    scope.person().ok_or(Error::Missing)?;
    Ok(monthly_report::table
        .filter(monthly_report::employee_id.eq_any(people))
        .filter(monthly_report::id.eq(id))
        .select(MonthlyReportRow::as_select())
        .first(connection)
        .optional()?)
}

/// Which reports a list holds.
#[derive(Clone, Debug, Default)]
pub struct MonthlyReportFilter {
    /// Only of this month.
    pub month: Option<Month>,
    /// Only these states; empty for all.
    pub states: Vec<MonthlyReportState>,
    /// Only those after this month and person.
    pub after: Option<(Month, EmployeeId)>,
    /// At most so many.
    pub limit: i64,
}

/// Reports of `people` (see [`find`]), by month and person.
pub fn list(
    connection: &mut AnyConnection,
    scope: &Scope,
    people: &[EmployeeId],
    filter: &MonthlyReportFilter,
) -> Result<Vec<MonthlyReportRow>, Error> {
    scope.person().ok_or(Error::Missing)?;
    let mut query = monthly_report::table
        .filter(monthly_report::employee_id.eq_any(people))
        .select(MonthlyReportRow::as_select())
        .into_boxed();
    if let Some(month) = filter.month {
        query = query.filter(monthly_report::month.eq(month.to_string()));
    }
    if !filter.states.is_empty() {
        query = query.filter(monthly_report::state.eq_any(&filter.states));
    }
    if let Some((month, employee_id)) = filter.after {
        let same_month = monthly_report::month.eq(month.to_string());
        query = query.filter(
            monthly_report::month
                .gt(month.to_string())
                .or(same_month.and(monthly_report::employee_id.gt(employee_id))),
        );
    }
    Ok(query
        .order((monthly_report::month, monthly_report::employee_id))
        .limit(filter.limit)
        .load(connection)?)
}

/// Whether the person's report of the month is closed.
pub fn is_closed(connection: &mut AnyConnection, employee_id: EmployeeId, month: Month) -> Result<bool, Error> {
    let state: Option<MonthlyReportState> = monthly_report::table
        .find((employee_id, month.to_string()))
        .select(monthly_report::state)
        .first(connection)
        .optional()?;
    Ok(state == Some(MonthlyReportState::Closed))
}

/// Up to `limit` reports that were assessed before a moment and are not closed; for the job that closes them.
pub fn list_to_close(
    connection: &mut AnyConnection,
    assessed_before: Instant,
    limit: i64,
) -> Result<Vec<MonthlyReportRow>, Error> {
    Ok(monthly_report::table
        .filter(monthly_report::state.eq(MonthlyReportState::Assessed))
        .filter(monthly_report::assessed_at.le(assessed_before))
        .order((monthly_report::assessed_at, monthly_report::employee_id))
        .limit(limit)
        .select(MonthlyReportRow::as_select())
        .load(connection)?)
}
