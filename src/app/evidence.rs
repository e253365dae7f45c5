//! Files behind daily entries: taken in clean, kept in the data directory, shown to their owner and the reviewer.

use crate::app::App;
use crate::app::context::Context;
use crate::app::disclosure::Look;
use crate::app::error::Code;
use crate::app::error::Error;
use crate::domain::access::Scope;
use crate::domain::activity::EVIDENCE_MAXIMUM;
use crate::domain::ids::ActivityId;
use crate::domain::ids::EvidenceId;
use crate::domain::instant::Zone;
use crate::platform::evidence::CleanEvidence;
use crate::platform::evidence::EvidenceError;
use crate::platform::files::FilesError;
use crate::store;
use crate::store::backend::AnyConnection;

pub use crate::platform::evidence::EVIDENCE_BYTES;
pub use crate::platform::evidence::EvidenceKind;
pub use crate::store::evidence::EvidenceRow;

/// A file with its content.
#[derive(Clone, Debug)]
pub struct EvidenceFile {
    /// What is known of it.
    pub row: EvidenceRow,
    /// What it is.
    pub kind: EvidenceKind,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// A file as it is told of.
#[derive(Clone, Debug)]
pub struct Evidence {
    /// What is known of it.
    pub row: EvidenceRow,
    /// Whether it was added by this call.
    pub is_new: bool,
}

impl App {
    /// Adds a file to one's own draft or returned entry. The same content again gives the file that is there.
    pub fn add_evidence(
        &self,
        context: &Context,
        scope: &Scope,
        activity_id: ActivityId,
        bytes: &[u8],
    ) -> Result<Evidence, Error> {
        // Looked up before the work of cleaning, which nobody should be able to cause for a strange id.
        self.store
            .read(|connection| check_open(connection, scope, activity_id))?;
        let clean = self.evidence.clean(bytes).map_err(refusal)?;
        let id = EvidenceId::new(self.entropy.uuid(context.now)?);
        self.files.put(id.uuid(), &clean.bytes)?;
        let result = self
            .store
            .write(|connection| insert(connection, context, scope, activity_id, id, &clean));
        match &result {
            Ok(evidence) if evidence.is_new => {}
            // Not taken, or there already: the bytes are nobody's.
            Ok(_) | Err(_) => self.files.remove(id.uuid())?,
        }
        result
    }

    /// Takes a file off one's own draft or returned entry.
    pub fn remove_evidence(&self, scope: &Scope, id: EvidenceId) -> Result<(), Error> {
        self.store.write(|connection| {
            let row = store::evidence::find(connection, scope, id)?.ok_or(Error::NotFound)?;
            check_open(connection, scope, row.activity_id)?;
            Ok::<_, Error>(store::evidence::delete(connection, scope, id)?)
        })?;
        Ok(self.files.remove(id.uuid())?)
    }

    /// A file that is one's own, or that the reach of a reviewer covers.
    pub fn readable_evidence(
        &self,
        context: &Context,
        own: &Scope,
        team: Option<&Scope>,
        id: EvidenceId,
    ) -> Result<EvidenceFile, Error> {
        if let Some(file) = self.own_evidence(own, id)? {
            return Ok(file);
        }
        let team = team.ok_or(Error::NotFound)?;
        self.evidence_to_review(context, team, id)?.ok_or(Error::NotFound)
    }

    fn own_evidence(&self, scope: &Scope, id: EvidenceId) -> Result<Option<EvidenceFile>, Error> {
        let row = self
            .store
            .read(|connection| Ok::<_, Error>(store::evidence::find(connection, scope, id)?))?;
        row.map(|row| self.with_content(row)).transpose()
    }

    /// The file of an entry within the caller's reach as a reviewer.
    fn evidence_to_review(
        &self,
        context: &Context,
        scope: &Scope,
        id: EvidenceId,
    ) -> Result<Option<EvidenceFile>, Error> {
        let today = Zone::default().date(context.now);
        let row = self.store.read(|connection| {
            let Some(row) = store::evidence::find_for_review(connection, scope, id)? else {
                return Ok::<_, Error>(None);
            };
            let team = store::team::subordinates(connection, scope, today)?;
            let entry = store::activity::find_for_review(connection, scope, &team, row.activity_id)?;
            Ok(entry.filter(|entry| entry.employee_id == row.employee_id).map(|_| row))
        })?;
        let Some(row) = row else { return Ok(None) };
        self.store.write(|connection| {
            let look = Look {
                employee: row.employee_id,
                purpose: "activity_review",
                subject: format!("evidence/{}", row.id),
                fields: &["file"],
            };
            self.disclose(connection, context, &look)
        })?;
        self.with_content(row).map(Some)
    }

    fn with_content(&self, row: EvidenceRow) -> Result<EvidenceFile, Error> {
        let kind = EvidenceKind::from_media_type(&row.media_type);
        Ok(EvidenceFile {
            kind: kind.ok_or(store::error::Error::Corrupt("evidence.media_type"))?,
            bytes: self.files.get(row.id.uuid(), &row.sha256)?,
            row,
        })
    }

    /// Refuses a data directory that is not the one which this database was first used with: another instance's files
    /// would be missing here. To be called before serving.
    pub fn check_data_directory(&self) -> Result<(), Error> {
        let marker = self.files.marker(&self.entropy)?;
        let known = self
            .store
            .write(|connection| Ok::<_, Error>(store::data_directory::claim(connection, &marker)?))?;
        if known == marker {
            Ok(())
        } else {
            Err(Error::internal(
                "this data directory is not the one that belongs to this database; all instances must share one",
            ))
        }
    }
}

fn check_open(connection: &mut AnyConnection, scope: &Scope, id: ActivityId) -> Result<(), Error> {
    let entry = store::activity::find(connection, scope, id)?.ok_or(Error::NotFound)?;
    if entry.state.is_editable() {
        Ok(())
    } else {
        Err(Error::Conflict(Code::WrongState))
    }
}

fn insert(
    connection: &mut AnyConnection,
    context: &Context,
    scope: &Scope,
    activity_id: ActivityId,
    id: EvidenceId,
    clean: &CleanEvidence,
) -> Result<Evidence, Error> {
    let owner = scope.person().ok_or(Error::NotFound)?;
    check_open(connection, scope, activity_id)?;
    let there = store::evidence::list(connection, scope, owner, &[activity_id])?;
    if let Some(same) = there.iter().find(|row| row.sha256 == clean.sha256) {
        return Ok(Evidence {
            row: same.clone(),
            is_new: false,
        });
    }
    if there.len() >= EVIDENCE_MAXIMUM {
        return Err(Error::field(
            "evidence",
            "too_many",
            format!("Satu kegiatan memuat paling banyak {EVIDENCE_MAXIMUM} berkas bukti."),
            format!("An entry holds at most {EVIDENCE_MAXIMUM} files."),
        ));
    }
    let row = EvidenceRow {
        employee_id: owner,
        id,
        activity_id,
        media_type: clean.kind.media_type().to_owned(),
        size_bytes: i32::try_from(clean.bytes.len()).map_err(Error::internal)?,
        sha256: clean.sha256.to_vec(),
        created_at: context.now,
    };
    store::evidence::insert(connection, scope, &row)?;
    Ok(Evidence { row, is_new: true })
}

pub(super) fn refusal(error: EvidenceError) -> Error {
    let wrong = |indonesian: &str, english: &str| Error::field("body", error.code(), indonesian, english);
    match error {
        EvidenceError::TooLarge => Error::Refused(Code::BodyTooLarge),
        EvidenceError::UnknownKind => Error::Refused(Code::UnsupportedMediaType),
        EvidenceError::Busy => Error::Busy(2),
        EvidenceError::Empty => wrong("Berkas ini kosong.", "The file is empty."),
        EvidenceError::Broken => wrong(
            "Berkas ini terpotong atau rusak. Silakan kirim ulang.",
            "The file is cut off or broken. Send it again.",
        ),
        EvidenceError::TooManyPixels => wrong(
            "Gambar ini terlalu besar. Kecilkan menjadi paling banyak 40 megapiksel.",
            "The image is too large. Shrink it to at most 40 megapixels.",
        ),
        EvidenceError::Polyglot => wrong(
            "Berkas ini bukan PDF biasa. Cetak ulang sebagai PDF, lalu kirim.",
            "This is not a plain PDF. Print it as PDF again and send that.",
        ),
        EvidenceError::ActiveContent => wrong(
            "PDF ini memuat skrip atau berkas lain di dalamnya. Cetak ulang sebagai PDF, lalu kirim.",
            "The PDF carries scripts or files. Print it as PDF again and send that.",
        ),
    }
}

impl From<FilesError> for Error {
    fn from(cause: FilesError) -> Self {
        Self::internal(cause)
    }
}
