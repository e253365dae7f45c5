//! Files behind replies and objections: taken in clean, kept in the data directory, fixed once the words were sent.

use crate::app::App;
use crate::app::case::Case;
use crate::app::context::Context;
use crate::app::disclosure::Look;
use crate::app::error::Code;
use crate::app::error::Error;
use crate::app::evidence::EvidenceKind;
use crate::app::evidence::refusal;
use crate::domain::access::Scope;
use crate::domain::case::EVIDENCE_MAXIMUM;
use crate::domain::case::ReplyPart;
use crate::domain::ids::CaseId;
use crate::domain::ids::EvidenceId;
use crate::platform::evidence::CleanEvidence;
use crate::store;
use crate::store::backend::AnyConnection;
use crate::store::case::CaseRow;

pub use crate::store::case_evidence::CaseEvidenceRow;

/// A file with its content.
#[derive(Clone, Debug)]
pub struct CaseEvidenceFile {
    /// What is known of it.
    pub row: CaseEvidenceRow,
    /// What it is.
    pub kind: EvidenceKind,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// A file as it is told of.
#[derive(Clone, Debug)]
pub struct CaseEvidence {
    /// What is known of it.
    pub row: CaseEvidenceRow,
    /// Whether it was added by this call.
    pub is_new: bool,
}

/// Whether the words that a file backs were sent; before that, only its owner sees it.
pub(super) const fn is_sent(case: &Case, part: ReplyPart) -> bool {
    match part {
        ReplyPart::Reply => case.row.replied_at.is_some(),
        ReplyPart::Objection => case.hearing.objection.is_some(),
    }
}

impl App {
    /// Adds a file to what the person is about to say in a case of their own: to the reply, or later to the objection. The
    /// same content again gives the file that is there.
    pub fn add_case_evidence(
        &self,
        context: &Context,
        scope: &Scope,
        id: CaseId,
        bytes: &[u8],
    ) -> Result<CaseEvidence, Error> {
        // Looked up before the work of cleaning, which nobody should be able to cause for a strange id.
        self.store
            .read(|connection| self.open_part(connection, context, scope, id))?;
        let clean = self.evidence.clean(bytes).map_err(refusal)?;
        let file = EvidenceId::new(self.entropy.uuid(context.now)?);
        self.files.put(file.uuid(), &clean.bytes)?;
        let result = self.store.write(|connection| {
            let (case, part) = self.open_part(connection, context, scope, id)?;
            insert(connection, context, scope, &case, (part, file), &clean)
        });
        match &result {
            Ok(evidence) if evidence.is_new => {}
            // Not taken, or there already: the bytes are nobody's.
            Ok(_) | Err(_) => self.files.remove(file.uuid())?,
        }
        result
    }

    /// Takes a file off what was not sent yet.
    pub fn remove_case_evidence(&self, context: &Context, scope: &Scope, id: EvidenceId) -> Result<(), Error> {
        self.store.write(|connection| {
            let row = store::case_evidence::find(connection, id)?;
            let owner = scope.person();
            let row = row
                .filter(|row| Some(row.employee_id) == owner)
                .ok_or(Error::NotFound)?;
            let (_, part) = self.open_part(connection, context, scope, row.case_id)?;
            if part != row.part {
                return Err(Error::Conflict(Code::WrongState));
            }
            Ok::<_, Error>(store::case_evidence::delete(connection, scope, id)?)
        })?;
        Ok(self.files.remove(id.uuid())?)
    }

    /// A file of one's own, or of a case that the caller may open, once it was sent; such a look is written down first.
    pub fn readable_case_evidence(
        &self,
        context: &Context,
        own: Option<&Scope>,
        cases: Option<&Scope>,
        id: EvidenceId,
    ) -> Result<CaseEvidenceFile, Error> {
        let row = self.store.write(|connection| {
            let row = store::case_evidence::find(connection, id)?.ok_or(Error::NotFound)?;
            if own.and_then(Scope::person) == Some(row.employee_id) {
                return Ok::<_, Error>(row);
            }
            let scope = cases.ok_or(Error::NotFound)?;
            let case = store::case::find(connection, scope, row.case_id)?.ok_or(Error::NotFound)?;
            let case = self.as_of(connection, context.now, case)?;
            if case.row.employee_id != row.employee_id || !is_sent(&case, row.part) {
                return Err(Error::NotFound);
            }
            if case.is_blind_to(context.account()) {
                return Err(Error::Forbidden);
            }
            let look = Look {
                employee: row.employee_id,
                purpose: match row.part {
                    ReplyPart::Reply => "case_decision",
                    ReplyPart::Objection => "objection_decision",
                },
                subject: format!("case/{}", row.case_id),
                fields: &["file"],
            };
            self.disclose(connection, context, &look)?;
            Ok(row)
        })?;
        let kind = EvidenceKind::from_media_type(&row.media_type);
        Ok(CaseEvidenceFile {
            kind: kind.ok_or(store::error::Error::Corrupt("case_evidence.media_type"))?,
            bytes: self.files.get(row.id.uuid(), &row.sha256)?,
            row,
        })
    }

    /// The case and what the person may say in it now.
    fn open_part(
        &self,
        connection: &mut AnyConnection,
        context: &Context,
        scope: &Scope,
        id: CaseId,
    ) -> Result<(CaseRow, ReplyPart), Error> {
        let row = store::case::find(connection, scope, id)?.ok_or(Error::NotFound)?;
        let case = self.as_of(connection, context.now, row)?;
        let part = if case.may_reply {
            ReplyPart::Reply
        } else if case.may_object {
            ReplyPart::Objection
        } else {
            return Err(Error::Conflict(Code::WrongState));
        };
        Ok((case.row, part))
    }
}

fn insert(
    connection: &mut AnyConnection,
    context: &Context,
    scope: &Scope,
    case: &CaseRow,
    (part, id): (ReplyPart, EvidenceId),
    clean: &CleanEvidence,
) -> Result<CaseEvidence, Error> {
    let mut there = store::case_evidence::list(connection, case)?;
    there.retain(|row| row.part == part);
    if let Some(same) = there.iter().find(|row| row.sha256 == clean.sha256) {
        return Ok(CaseEvidence {
            row: same.clone(),
            is_new: false,
        });
    }
    if there.len() >= EVIDENCE_MAXIMUM {
        return Err(Error::field(
            "evidence",
            "too_many",
            format!("Satu tanggapan memuat paling banyak {EVIDENCE_MAXIMUM} berkas bukti."),
            format!("A reply holds at most {EVIDENCE_MAXIMUM} files."),
        ));
    }
    let row = CaseEvidenceRow {
        employee_id: case.employee_id,
        id,
        case_id: case.id,
        part,
        media_type: clean.kind.media_type().to_owned(),
        size_bytes: i32::try_from(clean.bytes.len()).map_err(Error::internal)?,
        sha256: clean.sha256.to_vec(),
        created_at: context.now,
    };
    store::case_evidence::insert(connection, scope, &row)?;
    Ok(CaseEvidence { row, is_new: true })
}
