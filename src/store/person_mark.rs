//! Marks on people that a roster reads. Kinds and reasons may tell of health: callers show them only to whom they belong.

use crate::domain::access::AgencyCode;
use crate::domain::access::Scope;
use crate::domain::ids::AccountId;
use crate::domain::ids::EmployeeId;
use crate::domain::ids::MarkId;
use crate::domain::instant::Instant;
use crate::domain::person_name::titled;
use crate::domain::roster::mark::Mark;
use crate::domain::roster::mark::MarkEffect;
use crate::domain::roster::mark::MarkKind;
use crate::store::backend::AnyConnection;
use crate::store::error::Error;
use crate::store::schema::employee;
use crate::store::schema::person_mark;
use chrono::NaiveDate;
use diesel::prelude::*;

/// One mark.
#[derive(Clone, Queryable, Insertable, Selectable)]
#[diesel(table_name = person_mark, treat_none_as_default_value = false)]
pub struct MarkRow {
    /// Whose.
    pub employee_id: EmployeeId,
    /// Its id.
    pub id: MarkId,
    /// The agency that set it. Counts only while the person is on its staff.
    pub agency_code: String,
    /// What for.
    pub kind: MarkKind,
    /// What it does.
    pub effect: MarkEffect,
    /// First day.
    pub valid_from: NaiveDate,
    /// Last day, inclusive.
    pub valid_to: NaiveDate,
    /// Why.
    pub reason: String,
    /// Who set it.
    pub set_by: AccountId,
    /// When.
    pub set_at: Instant,
}

/// Kinds and reasons may tell of health.
impl std::fmt::Debug for MarkRow {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "MarkRow({})", self.id)
    }
}

impl MarkRow {
    /// The mark as a roster needs it.
    pub const fn mark(&self) -> Mark {
        Mark {
            kind: self.kind,
            effect: self.effect,
            from: self.valid_from,
            to: self.valid_to,
        }
    }
}

/// Adds a mark.
pub fn insert(connection: &mut AnyConnection, _scope: &Scope, row: &MarkRow) -> Result<(), Error> {
    diesel::insert_into(person_mark::table)
        .values(row)
        .execute(connection)?;
    Ok(())
}

/// A mark of the agency.
pub fn find(
    connection: &mut AnyConnection,
    scope: &Scope,
    agency: &AgencyCode,
    (employee, id): (EmployeeId, MarkId),
) -> Result<Option<MarkRow>, Error> {
    if !scope.covers(agency) {
        return Err(Error::Missing);
    }
    Ok(person_mark::table
        .find((employee, id))
        .filter(person_mark::agency_code.eq(agency.as_str()))
        .select(MarkRow::as_select())
        .first(connection)
        .optional()?)
}

/// Gives a mark another last day.
pub fn update_last_day(
    connection: &mut AnyConnection,
    _scope: &Scope,
    (employee, id): (EmployeeId, MarkId),
    last_day: NaiveDate,
) -> Result<(), Error> {
    diesel::update(person_mark::table.find((employee, id)))
        .set(person_mark::valid_to.eq(last_day))
        .execute(connection)?;
    Ok(())
}

/// Takes away a mark that has not begun.
pub fn delete(
    connection: &mut AnyConnection,
    _scope: &Scope,
    (employee, id): (EmployeeId, MarkId),
) -> Result<(), Error> {
    diesel::delete(person_mark::table.find((employee, id))).execute(connection)?;
    Ok(())
}

/// A mark with its person's name.
#[derive(Clone)]
pub struct ListedMark {
    /// The mark.
    pub row: MarkRow,
    /// With titles.
    pub name: String,
}

/// Names are personal.
impl std::fmt::Debug for ListedMark {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "ListedMark({})", self.row.id)
    }
}

/// Up to `limit` marks of an agency that hold on a date or later, by person and id.
pub fn list(
    connection: &mut AnyConnection,
    scope: &Scope,
    agency: &AgencyCode,
    from: NaiveDate,
    after: Option<(EmployeeId, MarkId)>,
    limit: i64,
) -> Result<Vec<ListedMark>, Error> {
    if !scope.covers(agency) {
        return Err(Error::Missing);
    }
    let mut query = person_mark::table
        .inner_join(employee::table.on(employee::id.eq(person_mark::employee_id)))
        .filter(person_mark::agency_code.eq(agency.as_str()))
        .filter(person_mark::valid_to.ge(from))
        .order((person_mark::employee_id, person_mark::id))
        .limit(limit)
        .select((
            MarkRow::as_select(),
            (employee::front_title, employee::name, employee::back_title),
        ))
        .into_boxed();
    if let Some((person, id)) = after {
        let later = person_mark::employee_id
            .gt(person)
            .or(person_mark::employee_id.eq(person).and(person_mark::id.gt(id)));
        query = query.filter(later);
    }
    let rows: Vec<(MarkRow, (String, String, String))> = query.load(connection)?;
    let listed = |(row, (front, name, back)): (MarkRow, (String, String, String))| ListedMark {
        row,
        name: titled(&front, &name, &back),
    };
    Ok(rows.into_iter().map(listed).collect())
}

/// The marks of an agency's people that touch the dates, both inclusive: what a roster reads.
pub fn list_between(
    connection: &mut AnyConnection,
    scope: &Scope,
    agency: &AgencyCode,
    (from, to): (NaiveDate, NaiveDate),
) -> Result<Vec<(EmployeeId, Mark)>, Error> {
    if !scope.covers(agency) {
        return Err(Error::Missing);
    }
    let rows: Vec<MarkRow> = person_mark::table
        .filter(person_mark::agency_code.eq(agency.as_str()))
        .filter(person_mark::valid_from.le(to))
        .filter(person_mark::valid_to.ge(from))
        .order((person_mark::employee_id, person_mark::id))
        .select(MarkRow::as_select())
        .load(connection)?;
    Ok(rows.into_iter().map(|row| (row.employee_id, row.mark())).collect())
}

/// One's own marks, newest first.
pub fn list_own(connection: &mut AnyConnection, scope: &Scope) -> Result<Vec<MarkRow>, Error> {
    let person = scope.person().ok_or(Error::Missing)?;
    Ok(person_mark::table
        .filter(person_mark::employee_id.eq(person))
        .order(person_mark::id.desc())
        .limit(200)
        .select(MarkRow::as_select())
        .load(connection)?)
}
