//! Rows of evidence: what lies in the data directory, and for which entry.

use crate::domain::access::Scope;
use crate::domain::ids::ActivityId;
use crate::domain::ids::EmployeeId;
use crate::domain::ids::EvidenceId;
use crate::domain::instant::Instant;
use crate::store::backend::AnyConnection;
use crate::store::error::Error;
use crate::store::schema::evidence;
use diesel::prelude::*;

/// One file behind one entry.
#[derive(Clone, Debug, Eq, PartialEq, Queryable, Insertable, Selectable)]
#[diesel(table_name = evidence)]
pub struct EvidenceRow {
    /// Whose it is.
    pub employee_id: EmployeeId,
    /// Its id.
    pub id: EvidenceId,
    /// The entry that it backs.
    pub activity_id: ActivityId,
    /// `image/jpeg`, `image/png` or `application/pdf`.
    pub media_type: String,
    /// Bytes as kept.
    pub size_bytes: i32,
    /// SHA-256 of the bytes as kept.
    pub sha256: Vec<u8>,
    /// When it came.
    pub created_at: Instant,
}

/// Adds a file of the scope's own.
pub fn insert(connection: &mut AnyConnection, scope: &Scope, row: &EvidenceRow) -> Result<(), Error> {
    if scope.person() != Some(row.employee_id) {
        return Err(Error::Missing);
    }
    diesel::insert_into(evidence::table).values(row).execute(connection)?;
    Ok(())
}

/// Takes a file of the scope's own away.
pub fn delete(connection: &mut AnyConnection, scope: &Scope, id: EvidenceId) -> Result<(), Error> {
    let owner = scope.person().ok_or(Error::Missing)?;
    diesel::delete(evidence::table.find((owner, id))).execute(connection)?;
    Ok(())
}

/// The files behind entries of a person whose entries the caller has loaded within a scope, oldest first.
pub fn list(
    connection: &mut AnyConnection,
    scope: &Scope,
    employee_id: EmployeeId,
    activities: &[ActivityId],
) -> Result<Vec<EvidenceRow>, Error> {
    scope.person().ok_or(Error::Missing)?;
    Ok(evidence::table
        .filter(evidence::employee_id.eq(employee_id))
        .filter(evidence::activity_id.eq_any(activities))
        .order(evidence::id)
        .select(EvidenceRow::as_select())
        .load(connection)?)
}

/// A file of the scope's own.
pub fn find(connection: &mut AnyConnection, scope: &Scope, id: EvidenceId) -> Result<Option<EvidenceRow>, Error> {
    let owner = scope.person().ok_or(Error::Missing)?;
    Ok(evidence::table
        .find((owner, id))
        .select(EvidenceRow::as_select())
        .first(connection)
        .optional()?)
}

/// A file of anyone, by a reviewer. The caller shows it only after it has found the entry within the reviewer's reach.
pub fn find_for_review(
    connection: &mut AnyConnection,
    scope: &Scope,
    id: EvidenceId,
) -> Result<Option<EvidenceRow>, Error> {
    scope.person().ok_or(Error::Missing)?;
    Ok(evidence::table
        .filter(evidence::id.eq(id))
        .select(EvidenceRow::as_select())
        .first(connection)
        .optional()?)
}
