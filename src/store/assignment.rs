//! Plain assignments: written in bulk, read by agency and period.

use crate::domain::access::AgencyCode;
use crate::domain::access::Scope;
use crate::domain::assignment::AssignmentSource;
use crate::domain::ids::AccountId;
use crate::domain::ids::DutyTravelId;
use crate::domain::ids::EmployeeId;
use crate::domain::ids::SiteId;
use crate::domain::instant::Instant;
use crate::domain::person_name::titled;
use crate::domain::work_mode::WorkMode;
use crate::store::backend::AnyConnection;
use crate::store::backend::per_backend;
use crate::store::error::Error;
use crate::store::schema::assignment;
use crate::store::schema::employee;
use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::upsert::excluded;

/// One person's mode on one date.
#[derive(Clone, Debug, Queryable, Insertable, Selectable)]
#[diesel(table_name = assignment, treat_none_as_default_value = false)]
pub struct AssignmentRow {
    /// Whose.
    pub employee_id: EmployeeId,
    /// When.
    pub work_date: NaiveDate,
    /// The agency that set it.
    pub agency_code: String,
    /// The mode.
    pub mode: WorkMode,
    /// The office or duty post, if it is not the usual one.
    pub site_id: Option<SiteId>,
    /// The shift of this date alone, by its code.
    pub shift: Option<String>,
    /// How it came about.
    pub source: AssignmentSource,
    /// Why, where a reason was given. May tell of health: not for everybody.
    pub reason: Option<String>,
    /// The journey that the day belongs to.
    pub travel_id: Option<DutyTravelId>,
    /// Where that leads, by Kemendagri code.
    pub destination_code: Option<String>,
    /// Who set it last.
    pub created_by: AccountId,
    /// When it was set last.
    pub created_at: Instant,
}

/// Sets assignments of an agency; those of the same person and date are replaced.
pub fn upsert(
    connection: &mut AnyConnection,
    scope: &Scope,
    agency: &AgencyCode,
    rows: &[AssignmentRow],
) -> Result<(), Error> {
    if !scope.covers(agency) || rows.iter().any(|row| row.agency_code != agency.as_str()) {
        return Err(Error::Missing);
    }
    replace(connection, rows)
}

/// Sets assignments of people whose leave or journey is granted or ends, in place of what was there; the caller has
/// proven that it may, and keeps what it replaces.
pub fn replace(connection: &mut AnyConnection, rows: &[AssignmentRow]) -> Result<(), Error> {
    for rows in rows.chunks(500) {
        per_backend!(connection, inner => diesel::insert_into(assignment::table)
            .values(rows)
            .on_conflict((assignment::employee_id, assignment::work_date))
            .do_update()
            .set((
                assignment::agency_code.eq(excluded(assignment::agency_code)),
                assignment::mode.eq(excluded(assignment::mode)),
                assignment::site_id.eq(excluded(assignment::site_id)),
                assignment::shift.eq(excluded(assignment::shift)),
                assignment::source.eq(excluded(assignment::source)),
                assignment::reason.eq(excluded(assignment::reason)),
                assignment::travel_id.eq(excluded(assignment::travel_id)),
                assignment::destination_code.eq(excluded(assignment::destination_code)),
                assignment::created_by.eq(excluded(assignment::created_by)),
                assignment::created_at.eq(excluded(assignment::created_at)),
            ))
            .execute(inner))?;
    }
    Ok(())
}

/// An assignment with its person's name.
#[derive(Clone)]
pub struct Listed {
    /// The assignment.
    pub row: AssignmentRow,
    /// With titles.
    pub name: String,
}

/// Names are personal.
impl std::fmt::Debug for Listed {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Listed({})", self.row.employee_id)
    }
}

/// Up to `limit` assignments of an agency from one date to another, both inclusive, by date and person.
pub fn list(
    connection: &mut AnyConnection,
    scope: &Scope,
    agency: &AgencyCode,
    (from, to): (NaiveDate, NaiveDate),
    after: Option<(NaiveDate, EmployeeId)>,
    limit: i64,
) -> Result<Vec<Listed>, Error> {
    if !scope.covers(agency) {
        return Err(Error::Missing);
    }
    let mut query = assignment::table
        .inner_join(employee::table.on(employee::id.eq(assignment::employee_id)))
        .filter(assignment::agency_code.eq(agency.as_str()))
        .filter(assignment::work_date.between(from, to))
        .order((assignment::work_date, assignment::employee_id))
        .limit(limit)
        .select((
            AssignmentRow::as_select(),
            (employee::front_title, employee::name, employee::back_title),
        ))
        .into_boxed();
    if let Some((date, id)) = after {
        let later = assignment::work_date
            .gt(date)
            .or(assignment::work_date.eq(date).and(assignment::employee_id.gt(id)));
        query = query.filter(later);
    }
    let rows: Vec<(AssignmentRow, (String, String, String))> = query.load(connection)?;
    let listed = |(row, (front_title, name, back_title)): (AssignmentRow, (String, String, String))| Listed {
        row,
        name: titled(&front_title, &name, &back_title),
    };
    Ok(rows.into_iter().map(listed).collect())
}

/// The assignment of one person on one date.
pub fn find(
    connection: &mut AnyConnection,
    employee_id: EmployeeId,
    work_date: NaiveDate,
) -> Result<Option<AssignmentRow>, Error> {
    Ok(assignment::table
        .find((employee_id, work_date))
        .select(AssignmentRow::as_select())
        .first(connection)
        .optional()?)
}

/// The assignments of one person from one date to another, both inclusive, in order.
pub fn list_of(
    connection: &mut AnyConnection,
    employee_id: EmployeeId,
    from: NaiveDate,
    to: NaiveDate,
) -> Result<Vec<AssignmentRow>, Error> {
    Ok(assignment::table
        .filter(assignment::employee_id.eq(employee_id))
        .filter(assignment::work_date.between(from, to))
        .order(assignment::work_date)
        .select(AssignmentRow::as_select())
        .load(connection)?)
}

/// Takes assignments of one person away: circulars alone rule those dates again.
pub fn delete(connection: &mut AnyConnection, employee_id: EmployeeId, dates: &[NaiveDate]) -> Result<(), Error> {
    diesel::delete(
        assignment::table
            .filter(assignment::employee_id.eq(employee_id))
            .filter(assignment::work_date.eq_any(dates.to_vec())),
    )
    .execute(connection)?;
    Ok(())
}
