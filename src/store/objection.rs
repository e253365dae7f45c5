//! Objections of people to upheld findings. What the head of BKD decides stands beside the decision, which is not touched.

use crate::domain::access::Scope;
use crate::domain::case::objection::Objection;
use crate::domain::case::objection::ObjectionOutcome;
use crate::domain::case::objection::ObjectionState;
use crate::domain::ids::AccountId;
use crate::domain::ids::AuditId;
use crate::domain::ids::CaseId;
use crate::domain::ids::EmployeeId;
use crate::domain::instant::Instant;
use crate::store::backend::AnyConnection;
use crate::store::case::CaseRow;
use crate::store::error::Error;
use crate::store::schema::audit_case;
use crate::store::schema::case_objection;
use diesel::prelude::*;

/// One objection.
#[derive(Clone, Queryable, Insertable, Selectable, AsChangeset)]
#[diesel(table_name = case_objection, treat_none_as_default_value = false, treat_none_as_null = true, primary_key(employee_id, case_id))]
pub struct ObjectionRow {
    /// Whose it is.
    pub employee_id: EmployeeId,
    /// The case.
    pub case_id: CaseId,
    /// The audit that drew the case.
    pub audit_id: AuditId,
    /// What the person wrote.
    pub reason: String,
    /// When.
    pub objected_at: Instant,
    /// What the head of BKD decided.
    pub outcome: Option<ObjectionOutcome>,
    /// Why; the person reads it.
    pub decision: Option<String>,
    /// Who decided.
    pub decided_by: Option<AccountId>,
    /// When.
    pub decided_at: Option<Instant>,
}

/// What people write is personal.
impl std::fmt::Debug for ObjectionRow {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "ObjectionRow({})", self.case_id)
    }
}

impl From<&ObjectionRow> for Objection {
    fn from(row: &ObjectionRow) -> Self {
        Self { outcome: row.outcome }
    }
}

/// Adds an objection of the scope's own.
pub fn insert(connection: &mut AnyConnection, scope: &Scope, row: &ObjectionRow) -> Result<(), Error> {
    if scope.person() != Some(row.employee_id) {
        return Err(Error::Missing);
    }
    diesel::insert_into(case_objection::table)
        .values(row)
        .execute(connection)?;
    Ok(())
}

/// The objection in a case that the caller has found within its reach.
pub fn find(connection: &mut AnyConnection, case: &CaseRow) -> Result<Option<ObjectionRow>, Error> {
    Ok(case_objection::table
        .find((case.employee_id, case.id))
        .select(ObjectionRow::as_select())
        .first(connection)
        .optional()?)
}

/// Writes the decision on an objection of a case that the caller has found within its reach.
pub fn update(connection: &mut AnyConnection, row: &ObjectionRow) -> Result<(), Error> {
    diesel::update(case_objection::table.find((row.employee_id, row.case_id)))
        .set(row)
        .execute(connection)?;
    Ok(())
}

/// How the objections of an audit stand, by case.
pub fn list_of_audit(connection: &mut AnyConnection, audit_id: AuditId) -> Result<Vec<(CaseId, Objection)>, Error> {
    let rows: Vec<(CaseId, Option<ObjectionOutcome>)> = case_objection::table
        .filter(case_objection::audit_id.eq(audit_id))
        .select((case_objection::case_id, case_objection::outcome))
        .load(connection)?;
    Ok(rows
        .into_iter()
        .map(|(id, outcome)| (id, Objection { outcome }))
        .collect())
}

/// The cases that were objected to, oldest first; for whom the scope lets read every case.
pub fn list(
    connection: &mut AnyConnection,
    scope: &Scope,
    state: Option<ObjectionState>,
    after: Option<CaseId>,
    limit: i64,
) -> Result<Vec<(CaseRow, ObjectionRow)>, Error> {
    crate::store::audit::hold(scope)?;
    let mut query = audit_case::table
        .inner_join(
            case_objection::table.on(case_objection::employee_id
                .eq(audit_case::employee_id)
                .and(case_objection::case_id.eq(audit_case::id))),
        )
        .order(audit_case::id)
        .limit(limit)
        .select((CaseRow::as_select(), ObjectionRow::as_select()))
        .into_boxed();
    match state {
        Some(ObjectionState::Pending) => query = query.filter(case_objection::outcome.is_null()),
        Some(ObjectionState::Decided) => query = query.filter(case_objection::outcome.is_not_null()),
        None => {}
    }
    if let Some(after) = after {
        query = query.filter(audit_case::id.gt(after));
    }
    Ok(query.load(connection)?)
}

/// Cases whose objection is not decided. For jobs; nobody is shown them.
pub fn list_pending(connection: &mut AnyConnection) -> Result<Vec<(CaseRow, ObjectionRow)>, Error> {
    Ok(audit_case::table
        .inner_join(
            case_objection::table.on(case_objection::employee_id
                .eq(audit_case::employee_id)
                .and(case_objection::case_id.eq(audit_case::id))),
        )
        .filter(case_objection::outcome.is_null())
        .order(audit_case::id)
        .select((CaseRow::as_select(), ObjectionRow::as_select()))
        .load(connection)?)
}
