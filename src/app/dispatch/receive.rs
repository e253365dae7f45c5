//! Taking a dispatch: every check in its order, then everything at once, then the answer, always the same.

use crate::app::App;
use crate::app::context::Context;
use crate::app::dispatch::MOST_BYTES;
use crate::app::dispatch::check::{Checked, Failure, NAMES, check_key, copy_lines};
use crate::app::error::Code;
use crate::app::error::Error;
use crate::app::error::FieldError;
use crate::domain::access::AgencyCode;
use crate::domain::access::Scope;
use crate::domain::batch::state::BatchState;
use crate::domain::batch::submission::receipt_number;
use crate::domain::digest::Digest;
use crate::domain::dispatch::verify::{Believed, Known, forked, verify};
use crate::domain::dispatch::{Check, Refusal};
use crate::domain::log::checkpoint::SignedCheckpoint;
use crate::domain::log::cosignature;
use crate::domain::log::fork::Fork;
use crate::domain::log::key::VerifyingKey;
use crate::domain::log::note::SignatureLine;
use crate::domain::log::proof::Proof;
use crate::domain::log::witness;
use crate::platform::sealed_archive::SealedArchive;
use crate::store;
use crate::store::backend::AnyConnection;
use crate::store::batch::BatchRow;
use crate::store::columns::Json;
use crate::store::federation::ReceivedRow;
use crate::store::log_checkpoint::WitnessedRow;
use std::fs::File;

/// How far a dispatch has come.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Progress {
    /// So many bytes are here; the next piece begins behind them.
    Partial(u64),
    /// It was taken; this is the receipt.
    Taken(String),
}

impl App {
    /// Takes a whole dispatch and gives the receipt: the proof that the agency's log has the batch, with the time at
    /// which it was seen here. The same dispatch, and another one of the same batch, gets the same answer.
    pub fn receive_dispatch(&self, context: &Context, scope: &Scope, bytes: &[u8]) -> Result<String, Error> {
        let digest = Digest::of(bytes);
        let size = u64::try_from(bytes.len()).map_err(Error::internal)?;
        match self.write_dispatch_piece(context, scope, &digest, (0, size), bytes)? {
            Progress::Taken(receipt) => Ok(receipt),
            // Another call of the same account brings another dispatch.
            Progress::Partial(_) => Err(Error::Busy(1)),
        }
    }

    /// How far the caller's dispatch of this digest has come; nothing of an unknown one.
    pub fn dispatch_progress(&self, context: &Context, scope: &Scope, digest: &Digest) -> Result<Progress, Error> {
        if let Some(receipt) = self.receipt_of(scope, digest)? {
            return Ok(Progress::Taken(receipt));
        }
        let sender = context.account().uuid();
        Ok(Progress::Partial(self.dispatch_files.length(sender, digest)?))
    }

    /// Writes a piece of a dispatch at its `offset`. With the last of `size` bytes the dispatch is checked and taken. A
    /// piece that would leave a gap is not written.
    pub fn write_dispatch_piece(
        &self,
        context: &Context,
        scope: &Scope,
        digest: &Digest,
        (offset, size): (u64, u64),
        bytes: &[u8],
    ) -> Result<Progress, Error> {
        if let Some(receipt) = self.receipt_of(scope, digest)? {
            return Ok(Progress::Taken(receipt));
        }
        let length = u64::try_from(bytes.len()).map_err(Error::internal)?;
        if size > MOST_BYTES || offset.saturating_add(length) > size {
            return Err(Error::Refused(Code::BodyTooLarge));
        }
        let sender = context.account().uuid();
        let here = self.dispatch_files.write(sender, digest, offset, bytes)?;
        if here < size {
            return Ok(Progress::Partial(here));
        }
        let taken = match self.dispatch_files.take_incoming(sender, digest)? {
            Some(file) => self.take(context, scope, digest, &file),
            None => Err(Refusal::new(Check::Archive, "the bytes are not those of the digest").into()),
        };
        match taken {
            Ok(receipt) => Ok(Progress::Taken(receipt)),
            Err(Failure::Failed(error)) => Err(error),
            Err(Failure::Refused(refusal)) => Err(self.refuse(context, *refusal)?),
        }
    }

    /// The answer that was given to a dispatch, for whom it may be told.
    fn receipt_of(&self, scope: &Scope, digest: &Digest) -> Result<Option<String>, Error> {
        self.store.read(|connection| {
            let Some(row) = store::federation::find_received(connection, digest)? else {
                return Ok(None);
            };
            let batch = store::batch::find_any(connection, row.batch_id)?;
            let agency = batch.and_then(|batch| AgencyCode::parse(&batch.agency_code).ok());
            Ok(agency.filter(|agency| scope.covers(agency)).map(|_| row.receipt))
        })
    }

    fn take(&self, context: &Context, scope: &Scope, digest: &Digest, file: &File) -> Result<String, Failure> {
        let checked = self.check_rows(scope, SealedArchive::open(file.try_clone()?, &NAMES)?)?;
        self.store.write(|connection| {
            let mut archive = SealedArchive::open(file.try_clone()?, &NAMES)?;
            self.store_dispatch(connection, context, &checked, digest, &mut archive)
        })
    }

    /// Checks the log, then stores batch, checkpoint and answer; all in the caller's transaction.
    fn store_dispatch(
        &self,
        connection: &mut AnyConnection,
        context: &Context,
        checked: &Checked,
        digest: &Digest,
        archive: &mut SealedArchive,
    ) -> Result<String, Failure> {
        let (papers, manifest) = (&checked.papers, &checked.papers.manifest);
        let id = manifest.batch_id;
        if let Some(row) = store::batch::find_any(connection, id)? {
            let received = store::federation::find_of_batch(connection, id)?;
            let is_same = row.digest() == Some(papers.manifest_sha256) && row.agency_code == checked.agency.as_str();
            return match received.filter(|_| is_same) {
                Some(received) => Ok(received.receipt),
                None => Err(Refusal::new(Check::Batch, "the id is another batch's").into()),
            };
        }
        let version = i32::try_from(manifest.version).map_err(Error::internal)?;
        let key = check_key(connection, &checked.agency)?;
        let (witnessed, believed) = believe(connection, &key, checked)?;
        if store::batch::has_version(connection, &checked.agency, manifest.coverage(), version)? {
            return Err(Refusal::new(Check::Batch, "another batch has this version").into());
        }
        let line = self.line_under(context, &witnessed, &believed)?;
        let receipt = receipt(&believed.proof, line.clone())?;
        let row = received_row(checked, context, version)?;
        let supersedes_id = match manifest.supersedes {
            Some(before) => store::batch::find_any(connection, before.batch_id)?.map(|row| row.id),
            None => None,
        };
        let row = BatchRow { supersedes_id, ..row };
        let open = BatchRow::open(id, &checked.agency, manifest.coverage(), version, manifest.sealed_at);
        store::batch::insert(connection, &open)?;
        copy_lines(connection, archive, &row, &checked.digests)?;
        if !store::batch::update(connection, &row, BatchState::Open)? {
            return Err(Error::Busy(1).into());
        }
        crate::app::batch::log(connection, &row, context.now, Some(context.account()), "receive", None)?;
        self.log_received(connection, &row, context.now)?;
        let signed = believed.proof.checkpoint();
        let size = i64::try_from(signed.checkpoint().size()).map_err(Error::internal)?;
        if !believed.is_last {
            let row = WitnessedRow {
                size,
                root: signed.checkpoint().root().bytes().to_vec(),
                note: signed.to_string(),
                cosignature: line.to_string(),
                witnessed_at: context.now.max(witnessed.witnessed_at),
                ..witnessed
            };
            store::log_checkpoint::save_witnessed(connection, &row)?;
        }
        let row = ReceivedRow {
            batch_id: id,
            sha256: digest.bytes().to_vec(),
            origin: key.name().to_owned(),
            size,
            note: signed.to_string(),
            receipt,
            received_at: context.now,
        };
        store::federation::insert_received(connection, &row)?;
        tracing::info!(batch = %id, agency = %checked.agency, size, "dispatch taken");
        Ok(row.receipt)
    }

    /// The line under the checkpoint: the one that was given before, or a new one with this moment.
    fn line_under(
        &self,
        context: &Context,
        witnessed: &WitnessedRow,
        believed: &Believed,
    ) -> Result<SignatureLine, Error> {
        if believed.is_last {
            let corrupt = store::error::Error::Corrupt("witnessed_log.cosignature");
            return Ok(SignatureLine::parse(&witnessed.cosignature).ok_or(corrupt)?);
        }
        // A clock that was set back must not have a later state seen earlier.
        let at = context.now.max(witnessed.witnessed_at);
        let seconds = u64::try_from(at.millis() / 1_000).unwrap_or(0);
        cosignature::sign(believed.proof.checkpoint(), self.log_keys.witness(), seconds).map_err(Error::internal)
    }

    /// What the sender is told; and what has to be kept of a log that contradicts itself.
    fn refuse(&self, context: &Context, refusal: Refusal) -> Result<Error, Error> {
        if let Some(fork) = &refusal.fork {
            self.store
                .write(|connection| self.raise_fork(connection, fork, context.now))?;
        }
        tracing::warn!(check = refusal.check.code(), detail = %refusal.detail, "dispatch refused");
        let (check, detail) = (refusal.check, refusal.detail);
        let field = FieldError::new(
            check.code(),
            "failed",
            format!("{} ({detail})", check.indonesian()),
            format!("{} ({detail})", check.english()),
        );
        Ok(Error::RefusedField(Code::DispatchRefused, field))
    }
}

/// Holds the log's word against what was cosigned; the log's row is this transaction's.
fn believe(
    connection: &mut AnyConnection,
    key: &VerifyingKey,
    checked: &Checked,
) -> Result<(WitnessedRow, Believed), Failure> {
    let corrupt = || store::error::Error::Corrupt("witnessed_log.note");
    let read = |note: &str| SignedCheckpoint::parse(note.as_bytes()).map_err(|_cause| corrupt());
    let witnessed = store::log_checkpoint::take_witnessed(connection, key.name())?.ok_or_else(corrupt)?;
    let last = match witnessed.note.as_str() {
        "" => None,
        note => Some(read(note)?),
    };
    let papers = &checked.papers;
    let known = Known {
        key,
        last: last.as_ref(),
    };
    let believed = verify(
        checked.proof.as_bytes(),
        checked.request.as_bytes(),
        papers.manifest.batch_id,
        &papers.said(checked.read.rows_root),
        known,
    );
    // A size that was cosigned before the last one may contradict too.
    if matches!(&believed, Err(refusal) if refusal.check == Check::Consistency)
        && let Ok(request) = witness::Request::parse(checked.request.as_bytes())
        && let Ok(size) = i64::try_from(request.checkpoint().checkpoint().size())
        && let Some(note) = store::federation::find_checkpoint(connection, key.name(), size)?
        && let Some(fork) = Fork::find(&read(&note)?, request.checkpoint(), std::slice::from_ref(key))
    {
        return Err(forked(fork).into());
    }
    Ok((witnessed, believed?))
}

/// The agency's proof with the line that says when it was seen here.
fn receipt(proof: &Proof, line: SignatureLine) -> Result<String, Error> {
    let text = proof.to_string();
    let mut cosigned = proof.checkpoint().clone();
    cosigned.add(line).map_err(Error::internal)?;
    let head = text.strip_suffix(&proof.checkpoint().to_string());
    let head = head.ok_or_else(|| Error::internal("a proof ends in its checkpoint"))?;
    Ok(format!("{head}{cosigned}"))
}

fn received_row(checked: &Checked, context: &Context, version: i32) -> Result<BatchRow, Error> {
    let (papers, manifest) = (&checked.papers, &checked.papers.manifest);
    let coverage = manifest.coverage();
    let number = receipt_number(
        checked.agency.as_str(),
        coverage,
        manifest.version,
        papers.manifest_sha256,
    );
    let (text, _) = manifest.print().map_err(Error::internal)?;
    let open = BatchRow::open(
        manifest.batch_id,
        &checked.agency,
        coverage,
        version,
        manifest.sealed_at,
    );
    Ok(BatchRow {
        state: BatchState::Received,
        prepared_by_name: manifest.prepared_by.clone(),
        sealed_at: Some(manifest.sealed_at),
        manifest: Some(text),
        manifest_sha256: Some(papers.manifest_sha256.bytes().to_vec()),
        rows_root: Some(checked.read.rows_root.bytes().to_vec()),
        submitted_at: Some(papers.submission.submitted_at),
        submitted_by_name: Some(papers.submission.submitted_by.clone()),
        approved_by_name: papers.submission.approved_by.clone(),
        received_at: Some(context.now),
        receipt_number: Some(number),
        findings: Json(serde_json::to_value(&checked.read.findings).map_err(Error::internal)?),
        ..open
    })
}
