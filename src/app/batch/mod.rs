//! Batches: sealing, sending, receiving, deciding, reading, and the jobs that do some of it by themselves.

pub mod answer;
pub mod decision;
pub mod download;
pub mod job;
pub mod overview;
pub mod own_row;
pub mod proof;
pub mod row_list;
pub mod seal;
pub(in crate::app) mod sealed_row;
pub mod setting;
mod sheet;
pub mod submission;
mod truth;

use crate::app::App;
use crate::app::context::Context;
use crate::app::error::Code;
use crate::app::error::Error;
use crate::domain::access::Action;
use crate::domain::access::Scope;
use crate::domain::access::Target;
use crate::domain::access::may;
use crate::domain::batch::answer::Answer;
use crate::domain::batch::finding::Finding;
use crate::domain::batch::manifest::Manifest;
use crate::domain::batch::state::BatchState;
use crate::domain::batch::state::StepError;
use crate::domain::batch::submission::Receipt;
use crate::domain::canonical;
use crate::domain::digest::Digest;
use crate::domain::event::Event;
use crate::domain::ids::AccountId;
use crate::domain::ids::BatchId;
use crate::domain::instant::Instant;
use crate::domain::notice::FINDINGS_TOLD;
use crate::domain::notice::NoticeContent;
use crate::store;
use crate::store::backend::AnyConnection;
use crate::store::batch::BatchRow;
pub use crate::store::batch::Filter;
use crate::store::batch::Sight;

/// A sealed batch as those who may see it do.
#[derive(Clone, Debug)]
pub struct Batch {
    /// What was sealed.
    pub manifest: Manifest,
    /// The digest of the batch.
    pub manifest_sha256: Digest,
    /// Where it stands.
    pub state: BatchState,
    /// The newest later version within sight.
    pub superseded_by: Option<BatchId>,
    /// When it is compared with the truth again.
    pub supplement_due_at: Option<Instant>,
    /// When it was sent.
    pub submitted_at: Option<Instant>,
    /// Sign-in name of who sent it.
    pub submitted_by: Option<String>,
    /// Sign-in name of who approved it.
    pub approved_by: Option<String>,
    /// When BKD held it.
    pub received_at: Option<Instant>,
    /// The receipt's number.
    pub receipt_number: Option<String>,
    /// When BKD decided.
    pub decided_at: Option<Instant>,
    /// Sign-in name of who decided; none where the check itself rejected a broken file.
    pub decided_by: Option<String>,
    /// What was found.
    pub findings: Vec<Finding>,
    /// What the agency answered, oldest first.
    pub answers: Vec<Answer>,
}

impl App {
    /// A batch within the caller's sight.
    pub fn find_batch(&self, context: &Context, scope: &Scope, id: BatchId) -> Result<Batch, Error> {
        let sight = sight(context, scope);
        self.store.read(|connection| {
            let row = find_sealed(connection, &sight, id)?;
            seen(connection, &sight, &row)
        })
    }

    /// Batches within the caller's sight, newest first, one more than `limit` if there are more.
    pub fn list_batches(
        &self,
        context: &Context,
        scope: &Scope,
        filter: &Filter,
        after: Option<BatchId>,
        limit: u32,
    ) -> Result<Vec<Batch>, Error> {
        let sight = sight(context, scope);
        self.store.read(|connection| {
            let rows = store::batch::list(connection, &sight, filter, after, i64::from(limit).saturating_add(1))?;
            rows.iter().map(|row| seen(connection, &sight, row)).collect()
        })
    }

    /// The receipt of a batch; not found until BKD holds it.
    pub fn find_receipt(&self, context: &Context, scope: &Scope, id: BatchId) -> Result<Receipt, Error> {
        let batch = self.find_batch(context, scope, id)?;
        let (Some(number), Some(received_at)) = (batch.receipt_number, batch.received_at) else {
            return Err(Error::NotFound);
        };
        Ok(Receipt {
            format: batch.manifest.format,
            number,
            batch_id: batch.manifest.batch_id,
            agency: batch.manifest.agency.into(),
            version: batch.manifest.version,
            manifest_sha256: batch.manifest_sha256,
            rows: batch.manifest.counts.rows,
            received_at,
        })
    }
}

/// What the caller may see: within the permission to read, and in every state where they may seal.
pub(in crate::app) fn sight(context: &Context, scope: &Scope) -> Sight {
    let seal = may(&context.actor, Action::SealBatch, Target::Any).ok();
    Sight::new(scope, seal.as_ref())
}

/// A batch in sight whose rows are fixed. One that is still being written is nobody's yet.
fn find_sealed(connection: &mut AnyConnection, sight: &Sight, id: BatchId) -> Result<BatchRow, Error> {
    store::batch::find(connection, sight, id)?
        .filter(|row| row.state != BatchState::Open)
        .ok_or(Error::NotFound)
}

/// Like [`find_sealed`], for a step that only those take whose scope covers the batch's agency.
pub(in crate::app) fn find_held(
    connection: &mut AnyConnection,
    sight: &Sight,
    scope: &Scope,
    id: BatchId,
) -> Result<BatchRow, Error> {
    let row = find_sealed(connection, sight, id)?;
    if scope
        .agencies()
        .is_none_or(|codes| codes.contains(&row.agency_code.as_str()))
    {
        Ok(row)
    } else {
        Err(Error::NotFound)
    }
}

/// The state of the newest later version.
fn newest_later(connection: &mut AnyConnection, row: &BatchRow) -> Result<Option<BatchState>, Error> {
    let later = store::batch::list_later(connection, row)?;
    Ok(later
        .into_iter()
        .map(|(_, state)| state)
        .find(|state| *state != BatchState::Open))
}

/// Writes a step, or a look at the rows, into the batch's chain of events.
pub(in crate::app) fn log(
    connection: &mut AnyConnection,
    row: &BatchRow,
    at: Instant,
    account_id: Option<AccountId>,
    action: &'static str,
    from: Option<BatchState>,
) -> Result<(), Error> {
    log_with_reason(connection, row, (at, account_id), action, from, None)
}

/// As [`log`], with what somebody said about it.
fn log_with_reason(
    connection: &mut AnyConnection,
    row: &BatchRow,
    (at, account_id): (Instant, Option<AccountId>),
    action: &'static str,
    from: Option<BatchState>,
    reason: Option<&str>,
) -> Result<(), Error> {
    let event = Event {
        subject_kind: "batch",
        subject_id: row.id.to_string(),
        at,
        account_id,
        action,
        from_state: from.map(|state| state.code().to_owned()),
        to_state: Some(row.state.code().to_owned()),
        reason: reason.map(ToOwned::to_owned),
    };
    Ok(store::event::append(connection, &event)?)
}

/// Tells the agency what became of a batch that BKD or its check decided.
pub(in crate::app) fn tell_decision(
    app: &App,
    connection: &mut AnyConnection,
    row: &BatchRow,
    findings: &[Finding],
    now: Instant,
) -> Result<(), Error> {
    let (batch_id, from, to) = (row.id, row.from_date, row.to_date);
    let content = match row.state {
        BatchState::Accepted => NoticeContent::BatchAccepted { batch_id, from, to },
        BatchState::Rejected => NoticeContent::BatchRejected {
            batch_id,
            from,
            to,
            findings: u32::try_from(findings.len()).unwrap_or(u32::MAX),
            told: findings
                .iter()
                .take(FINDINGS_TOLD)
                .map(|finding| finding.text.clone())
                .collect(),
            is_answerable: row.receipt_number.is_some(),
        },
        BatchState::Open | BatchState::Sealed | BatchState::Submitted | BatchState::Received => return Ok(()),
    };
    app.tell_agency(connection, &row.agency_code, &content, now)
}

pub(in crate::app) fn manifest_of(row: &BatchRow) -> Result<(Manifest, Digest), Error> {
    let text = row.manifest.as_deref();
    let manifest = text.and_then(|text| canonical::from_str(text).ok());
    match (manifest, row.digest()) {
        (Some(manifest), Some(digest)) => Ok((manifest, digest)),
        (None, _) | (_, None) => Err(store::error::Error::Corrupt("batch.manifest").into()),
    }
}

fn seen(connection: &mut AnyConnection, sight: &Sight, row: &BatchRow) -> Result<Batch, Error> {
    let (manifest, manifest_sha256) = manifest_of(row)?;
    let superseded_by = store::batch::list_later(connection, row)?
        .into_iter()
        .find(|(_, state)| *state != BatchState::Open && sight.covers(&row.agency_code, *state))
        .map(|(id, _)| id);
    Ok(Batch {
        manifest,
        manifest_sha256,
        state: row.state,
        superseded_by,
        supplement_due_at: row.supplement_due_at,
        submitted_at: row.submitted_at,
        submitted_by: row.submitted_by_name.clone(),
        approved_by: row.approved_by_name.clone(),
        received_at: row.received_at,
        receipt_number: row.receipt_number.clone(),
        decided_at: row.decided_at,
        decided_by: row.decided_by_name.clone(),
        findings: row.findings()?,
        answers: row.answers()?,
    })
}

impl From<StepError> for Error {
    fn from(error: StepError) -> Self {
        Self::Conflict(match error {
            StepError::OutOfOrder(_) => Code::WrongState,
            StepError::Superseded => Code::Superseded,
        })
    }
}
