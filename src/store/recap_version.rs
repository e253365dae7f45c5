//! Closed recaps: a row a version, a line a person. Never changed; a trigger holds it.

use crate::domain::access::AgencyCode;
use crate::domain::access::Scope;
use crate::domain::ids::AccountId;
use crate::domain::ids::EmployeeId;
use crate::domain::instant::Instant;
use crate::domain::month::Month;
use crate::domain::recap::sheet::Line;
use crate::store::backend::AnyConnection;
use crate::store::backend::per_backend;
use crate::store::columns::Json;
use crate::store::error::Error;
use crate::store::schema::recap_line;
use crate::store::schema::recap_version;
use diesel::prelude::*;

/// Lines that one statement inserts.
const LINES_AT_ONCE: usize = 500;

/// One closed version.
#[derive(Clone, Debug, Queryable, Insertable, Selectable)]
#[diesel(table_name = recap_version, treat_none_as_default_value = false)]
pub struct RecapVersionRow {
    /// Whose.
    pub agency_code: String,
    /// Which month, `2026-03`.
    pub month: String,
    /// From 1.
    pub version: i32,
    /// The heading.
    pub heading: Json,
    /// How many lines.
    pub people: i32,
    /// SHA-256 of the lines.
    pub digest: Vec<u8>,
    /// What the closer wrote.
    pub note: Option<String>,
    /// Who closed it.
    pub closed_by: AccountId,
    /// Under which name.
    pub closed_by_name: String,
    /// When.
    pub closed_at: Instant,
}

#[derive(Insertable)]
#[diesel(table_name = recap_line)]
struct LineRow {
    employee_id: EmployeeId,
    agency_code: String,
    month: String,
    version: i32,
    ordinal: i32,
    line: Json,
}

fn hold(scope: &Scope, agency: &AgencyCode) -> Result<(), Error> {
    if scope.covers(agency) {
        Ok(())
    } else {
        Err(Error::Missing)
    }
}

/// Adds a version with its lines, in their order.
pub fn insert(
    connection: &mut AnyConnection,
    scope: &Scope,
    agency: &AgencyCode,
    row: &RecapVersionRow,
    lines: &[Line],
) -> Result<(), Error> {
    hold(scope, agency)?;
    diesel::insert_into(recap_version::table)
        .values(row)
        .execute(connection)?;
    let mut ordinal = 0;
    for part in lines.chunks(LINES_AT_ONCE) {
        let rows: Vec<LineRow> = part
            .iter()
            .map(|line| {
                ordinal += 1;
                Ok(LineRow {
                    employee_id: line.employee_id,
                    agency_code: row.agency_code.clone(),
                    month: row.month.clone(),
                    version: row.version,
                    ordinal,
                    line: Json(
                        serde_json::to_value(line)
                            .ok()
                            .ok_or(Error::Corrupt("recap_line.line"))?,
                    ),
                })
            })
            .collect::<Result<_, Error>>()?;
        per_backend!(connection, inner => diesel::insert_into(recap_line::table).values(&rows).execute(inner))?;
    }
    Ok(())
}

/// A version of a month; the newest unless one is named.
pub fn find(
    connection: &mut AnyConnection,
    scope: &Scope,
    agency: &AgencyCode,
    month: Month,
    version: Option<i32>,
) -> Result<Option<RecapVersionRow>, Error> {
    hold(scope, agency)?;
    let mut query = recap_version::table
        .filter(recap_version::agency_code.eq(agency.as_str()))
        .filter(recap_version::month.eq(month.to_string()))
        .order(recap_version::version.desc())
        .select(RecapVersionRow::as_select())
        .into_boxed();
    if let Some(version) = version {
        query = query.filter(recap_version::version.eq(version));
    }
    Ok(query.first(connection).optional()?)
}

/// The versions of a month, newest first.
pub fn list(
    connection: &mut AnyConnection,
    scope: &Scope,
    agency: &AgencyCode,
    month: Month,
) -> Result<Vec<RecapVersionRow>, Error> {
    hold(scope, agency)?;
    Ok(recap_version::table
        .filter(recap_version::agency_code.eq(agency.as_str()))
        .filter(recap_version::month.eq(month.to_string()))
        .order(recap_version::version.desc())
        .select(RecapVersionRow::as_select())
        .load(connection)?)
}

/// Up to `limit` lines of a version after an ordinal, each with its own.
pub fn list_lines(
    connection: &mut AnyConnection,
    scope: &Scope,
    agency: &AgencyCode,
    (month, version): (Month, i32),
    after: i32,
    limit: i64,
) -> Result<Vec<(i32, Line)>, Error> {
    hold(scope, agency)?;
    let rows: Vec<(i32, Json)> = recap_line::table
        .filter(recap_line::agency_code.eq(agency.as_str()))
        .filter(recap_line::month.eq(month.to_string()))
        .filter(recap_line::version.eq(version))
        .filter(recap_line::ordinal.gt(after))
        .order(recap_line::ordinal)
        .limit(limit)
        .select((recap_line::ordinal, recap_line::line))
        .load(connection)?;
    rows.into_iter()
        .map(|(ordinal, line)| {
            let line = serde_json::from_value(line.0)
                .ok()
                .ok_or(Error::Corrupt("recap_line.line"))?;
            Ok((ordinal, line))
        })
        .collect()
}
