//! Plain assignments: written in bulk, read by agency and period.
//!
//! A person's date has one row for the whole day, or one at most for each half: what is written takes from what stands
//! there only the half that it is for.

use crate::domain::access::AgencyCode;
use crate::domain::access::Scope;
use crate::domain::assignment::AssignmentSource;
use crate::domain::half::DayPart;
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
use std::collections::HashMap;

/// One person's mode on one date, or in one half of it.
#[derive(Clone, Debug, Queryable, Insertable, Selectable)]
#[diesel(table_name = assignment, treat_none_as_default_value = false)]
pub struct AssignmentRow {
    /// Whose.
    pub employee_id: EmployeeId,
    /// When.
    pub work_date: NaiveDate,
    /// For which part of the date.
    pub slots: DayPart,
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

/// Sets assignments of an agency; those of the same person and part of a date are replaced.
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
        make_room(connection, rows)?;
        insert(connection, rows)?;
    }
    Ok(())
}

/// Takes away what stands for another part of the same dates, and leaves the half of it that is not written anew.
fn make_room(connection: &mut AnyConnection, rows: &[AssignmentRow]) -> Result<(), Error> {
    let mut people: Vec<EmployeeId> = rows.iter().map(|row| row.employee_id).collect();
    people.sort_unstable();
    people.dedup();
    let dates = || rows.iter().map(|row| row.work_date);
    let (Some(from), Some(to)) = (dates().min(), dates().max()) else {
        return Ok(());
    };
    let mut query = assignment::table
        .filter(assignment::employee_id.eq_any(people))
        .filter(assignment::work_date.between(from, to))
        .select(AssignmentRow::as_select())
        .into_boxed();
    if rows.iter().all(|row| row.slots == DayPart::All) {
        query = query.filter(assignment::slots.ne(DayPart::All));
    }
    let standing: Vec<AssignmentRow> = query.load(connection)?;
    let mut written: HashMap<(EmployeeId, NaiveDate), Vec<DayPart>> = HashMap::new();
    for row in rows {
        written
            .entry((row.employee_id, row.work_date))
            .or_default()
            .push(row.slots);
    }
    let mut halves = Vec::new();
    for row in standing {
        let Some(parts) = written.get(&(row.employee_id, row.work_date)) else {
            continue;
        };
        let left = parts
            .iter()
            .try_fold(row.slots, |left: DayPart, part| left.without(*part));
        if left == Some(row.slots) || parts.contains(&row.slots) {
            continue;
        }
        delete(connection, row.employee_id, &[(row.work_date, row.slots)])?;
        halves.extend(left.map(|slots| AssignmentRow { slots, ..row }));
    }
    for rows in halves.chunks(500) {
        insert(connection, rows)?;
    }
    Ok(())
}

fn insert(connection: &mut AnyConnection, rows: &[AssignmentRow]) -> Result<(), Error> {
    per_backend!(connection, inner => diesel::insert_into(assignment::table)
            .values(rows)
            .on_conflict((assignment::employee_id, assignment::work_date, assignment::slots))
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
    after: Option<(NaiveDate, EmployeeId, DayPart)>,
    limit: i64,
) -> Result<Vec<Listed>, Error> {
    if !scope.covers(agency) {
        return Err(Error::Missing);
    }
    let mut query = assignment::table
        .inner_join(employee::table.on(employee::id.eq(assignment::employee_id)))
        .filter(assignment::agency_code.eq(agency.as_str()))
        .filter(assignment::work_date.between(from, to))
        .order((assignment::work_date, assignment::employee_id, assignment::slots.desc()))
        .limit(limit)
        .select((
            AssignmentRow::as_select(),
            (employee::front_title, employee::name, employee::back_title),
        ))
        .into_boxed();
    if let Some((date, id, slots)) = after {
        // By its code the morning comes after the afternoon.
        let on_date = assignment::employee_id
            .gt(id)
            .or(assignment::employee_id.eq(id).and(assignment::slots.lt(slots)));
        let later = assignment::work_date
            .gt(date)
            .or(assignment::work_date.eq(date).and(on_date));
        query = query.filter(later);
    }
    let rows: Vec<(AssignmentRow, (String, String, String))> = query.load(connection)?;
    let listed = |(row, (front_title, name, back_title)): (AssignmentRow, (String, String, String))| Listed {
        row,
        name: titled(&front_title, &name, &back_title),
    };
    Ok(rows.into_iter().map(listed).collect())
}

/// The assignments of one person on one date, in the order of the day.
pub fn list_on(
    connection: &mut AnyConnection,
    employee_id: EmployeeId,
    work_date: NaiveDate,
) -> Result<Vec<AssignmentRow>, Error> {
    list_of(connection, employee_id, work_date, work_date)
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
        .order((assignment::work_date, assignment::slots.desc()))
        .select(AssignmentRow::as_select())
        .load(connection)?)
}

/// Takes assignments of one person away: circulars alone rule those parts of the dates again.
pub fn delete(
    connection: &mut AnyConnection,
    employee_id: EmployeeId,
    keys: &[(NaiveDate, DayPart)],
) -> Result<(), Error> {
    for part in DayPart::ALL {
        let dates: Vec<NaiveDate> = keys.iter().filter(|key| key.1 == part).map(|key| key.0).collect();
        if dates.is_empty() {
            continue;
        }
        diesel::delete(
            assignment::table
                .filter(assignment::employee_id.eq(employee_id))
                .filter(assignment::work_date.eq_any(dates))
                .filter(assignment::slots.eq(part)),
        )
        .execute(connection)?;
    }
    Ok(())
}
