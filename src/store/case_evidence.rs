//! Rows of the files behind replies and objections; their bytes lie in the data directory.

use crate::domain::access::Scope;
use crate::domain::case::ReplyPart;
use crate::domain::ids::CaseId;
use crate::domain::ids::EmployeeId;
use crate::domain::ids::EvidenceId;
use crate::domain::instant::Instant;
use crate::store::backend::AnyConnection;
use crate::store::case::CaseRow;
use crate::store::error::Error;
use crate::store::schema::case_evidence;
use diesel::prelude::*;

/// One file behind what the person said in a case.
#[derive(Clone, Debug, Eq, PartialEq, Queryable, Insertable, Selectable)]
#[diesel(table_name = case_evidence)]
pub struct CaseEvidenceRow {
    /// Whose it is.
    pub employee_id: EmployeeId,
    /// Its id.
    pub id: EvidenceId,
    /// The case.
    pub case_id: CaseId,
    /// What it backs.
    pub part: ReplyPart,
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
pub fn insert(connection: &mut AnyConnection, scope: &Scope, row: &CaseEvidenceRow) -> Result<(), Error> {
    if scope.person() != Some(row.employee_id) {
        return Err(Error::Missing);
    }
    diesel::insert_into(case_evidence::table)
        .values(row)
        .execute(connection)?;
    Ok(())
}

/// Takes a file of the scope's own away.
pub fn delete(connection: &mut AnyConnection, scope: &Scope, id: EvidenceId) -> Result<(), Error> {
    let owner = scope.person().ok_or(Error::Missing)?;
    diesel::delete(case_evidence::table.find((owner, id))).execute(connection)?;
    Ok(())
}

/// The files of a case that the caller has found within its reach, oldest first.
pub fn list(connection: &mut AnyConnection, case: &CaseRow) -> Result<Vec<CaseEvidenceRow>, Error> {
    Ok(case_evidence::table
        .filter(case_evidence::employee_id.eq(case.employee_id))
        .filter(case_evidence::case_id.eq(case.id))
        .order(case_evidence::id)
        .select(CaseEvidenceRow::as_select())
        .load(connection)?)
}

/// A file by its id. The caller shows it only after it has found the case within its reach.
pub fn find(connection: &mut AnyConnection, id: EvidenceId) -> Result<Option<CaseEvidenceRow>, Error> {
    Ok(case_evidence::table
        .filter(case_evidence::id.eq(id))
        .select(CaseEvidenceRow::as_select())
        .first(connection)
        .optional()?)
}
