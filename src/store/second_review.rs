//! Blind second reviews: which drawn units are looked at again, by whom, and what they found.

use crate::domain::access::Reach;
use crate::domain::access::Scope;
use crate::domain::case::CaseFinding;
use crate::domain::case::ReviewMethod;
use crate::domain::case::progress::SecondLook;
use crate::domain::ids::AccountId;
use crate::domain::ids::AuditId;
use crate::domain::ids::CaseId;
use crate::domain::ids::EmployeeId;
use crate::domain::instant::Instant;
use crate::store::backend::AnyConnection;
use crate::store::backend::per_backend;
use crate::store::case::CaseRow;
use crate::store::error::Error;
use crate::store::schema::audit_case;
use crate::store::schema::second_review;
use diesel::prelude::*;

/// Rows that one statement inserts; SQLite binds at most 32,766 values.
const ROWS_AT_ONCE: usize = 1_000;

/// One second review.
#[derive(Clone, Queryable, Insertable, Selectable, AsChangeset)]
#[diesel(table_name = second_review, treat_none_as_default_value = false, treat_none_as_null = true, primary_key(employee_id, case_id))]
pub struct SecondReviewRow {
    /// Whom it is about.
    pub employee_id: EmployeeId,
    /// The case, which gives it its name.
    pub case_id: CaseId,
    /// The audit.
    pub audit_id: AuditId,
    /// Its place in the second draw, from 1.
    pub draw_order: i32,
    /// Its ticket in the second draw, in full.
    pub ticket: String,
    /// Who looks again; none where nobody else is independent of the agency.
    pub auditor_id: Option<AccountId>,
    /// What they found.
    pub finding: Option<CaseFinding>,
    /// How.
    pub method: Option<ReviewMethod>,
    /// What they wrote; the person reads it where it proposes a deviation.
    pub note: Option<String>,
    /// When.
    pub reviewed_at: Option<Instant>,
    /// Raised by every change.
    pub version: i32,
}

/// Notes are personal.
impl std::fmt::Debug for SecondReviewRow {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "SecondReviewRow({}, version {})", self.case_id, self.version)
    }
}

impl SecondReviewRow {
    /// What the rules need; none where nobody could be found.
    pub fn look(&self) -> Option<SecondLook> {
        self.auditor_id.map(|auditor| SecondLook {
            auditor,
            finding: self.finding,
        })
    }
}

/// Whose second reviews are within reach: one account's, or everyone's.
fn reviewer(scope: &Scope) -> Result<Option<AccountId>, Error> {
    match scope.reach() {
        Reach::Everyone => Ok(None),
        Reach::Assigned(account) => Ok(Some(*account)),
        Reach::Own(_) | Reach::Agencies(_) | Reach::Subordinates(_) => Err(Error::Missing),
    }
}

/// Adds the second reviews of an audit that was just drawn.
pub fn insert_all(connection: &mut AnyConnection, rows: &[SecondReviewRow]) -> Result<(), Error> {
    for rows in rows.chunks(ROWS_AT_ONCE) {
        per_backend!(connection, inner => diesel::insert_into(second_review::table).values(rows).execute(inner))?;
    }
    Ok(())
}

/// The second review of a case that the caller has found within its reach.
pub fn find_of_case(connection: &mut AnyConnection, case: &CaseRow) -> Result<Option<SecondReviewRow>, Error> {
    Ok(second_review::table
        .find((case.employee_id, case.id))
        .select(SecondReviewRow::as_select())
        .first(connection)
        .optional()?)
}

/// A second review within reach.
pub fn find(connection: &mut AnyConnection, scope: &Scope, id: CaseId) -> Result<Option<SecondReviewRow>, Error> {
    let mut query = second_review::table
        .filter(second_review::case_id.eq(id))
        .select(SecondReviewRow::as_select())
        .into_boxed();
    if let Some(account) = reviewer(scope)? {
        query = query.filter(second_review::auditor_id.eq(Some(account)));
    }
    Ok(query.first(connection).optional()?)
}

/// The second reviews of an audit within reach, in the order of their tickets, each with its case. A tenth of a sample is
/// small: all at once.
pub fn list(
    connection: &mut AnyConnection,
    scope: &Scope,
    audit_id: AuditId,
) -> Result<Vec<(SecondReviewRow, CaseRow)>, Error> {
    let mut query = second_review::table
        .inner_join(
            audit_case::table.on(audit_case::employee_id
                .eq(second_review::employee_id)
                .and(audit_case::id.eq(second_review::case_id))),
        )
        .filter(second_review::audit_id.eq(audit_id))
        .order(second_review::draw_order)
        .select((SecondReviewRow::as_select(), CaseRow::as_select()))
        .into_boxed();
    if let Some(account) = reviewer(scope)? {
        query = query.filter(second_review::auditor_id.eq(Some(account)));
    }
    Ok(query.load(connection)?)
}

/// Every second review of an audit, for whoever counts them.
pub fn list_of_audit(connection: &mut AnyConnection, audit_id: AuditId) -> Result<Vec<SecondReviewRow>, Error> {
    Ok(second_review::table
        .filter(second_review::audit_id.eq(audit_id))
        .order(second_review::draw_order)
        .select(SecondReviewRow::as_select())
        .load(connection)?)
}

/// Cases of audits that are not closed whose second review is missing. For jobs; nobody is shown them.
pub fn list_waiting(connection: &mut AnyConnection) -> Result<Vec<CaseRow>, Error> {
    Ok(audit_case::table
        .inner_join(
            second_review::table.on(audit_case::employee_id
                .eq(second_review::employee_id)
                .and(audit_case::id.eq(second_review::case_id))),
        )
        .filter(audit_case::closed_at.is_null())
        .filter(second_review::auditor_id.is_not_null())
        .filter(second_review::finding.is_null())
        .order(audit_case::id)
        .select(CaseRow::as_select())
        .load(connection)?)
}

/// Replaces a second review whose version is the one before `row`'s; gives whether it was.
pub fn update(connection: &mut AnyConnection, row: &SecondReviewRow) -> Result<bool, Error> {
    let target = second_review::table
        .find((row.employee_id, row.case_id))
        .filter(second_review::version.eq(row.version - 1));
    Ok(diesel::update(target).set(row).execute(connection)? == 1)
}
