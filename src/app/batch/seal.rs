//! Sealing: the rows of an agency's dates are fixed, piece by piece, so that nobody's check-in waits for it.

use crate::app::App;
use crate::app::batch::Batch;
use crate::app::batch::log;
use crate::app::batch::manifest_of;
use crate::app::batch::seen;
use crate::app::batch::sight;
use crate::app::batch::truth::Truth;
use crate::app::context::Context;
use crate::app::error::Code;
use crate::app::error::Error;
use crate::app::once::OnceKey;
use crate::domain::access::AgencyCode;
use crate::domain::access::Scope;
use crate::domain::batch::coverage::Coverage;
use crate::domain::batch::coverage::CoverageError;
use crate::domain::batch::manifest::Manifest;
use crate::domain::batch::manifest::Superseded;
use crate::domain::batch::seal::SealHeader;
use crate::domain::batch::seal::Sealing;
use crate::domain::batch::state::BatchState;
use crate::domain::batch::state::BatchStep;
use crate::domain::batch::supplement;
use crate::domain::digest::Digest;
use crate::domain::ids::AccountId;
use crate::domain::ids::BatchId;
use crate::domain::instant::Instant;
use crate::domain::slot::Slot;
use crate::store;
use crate::store::backend::AnyConnection;
use crate::store::batch::BatchRow;
use crate::store::batch_chunk::CHUNK_LINES;
use crate::store::batch_chunk::SealedFile;
use chrono::{Duration, NaiveDate};
use serde::{Deserialize, Serialize};

/// An open version older than this was left behind by an instance that stopped; another may take its place.
const LEFT_BEHIND: Duration = Duration::minutes(15);
/// Pieces that are written in one transaction: long enough to be quick, short enough to let check-ins in between.
const PIECES_AT_ONCE: usize = 8;

/// What an agency asks to seal.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct SealRequest {
    /// First work date.
    pub from: NaiveDate,
    /// Last work date, inclusive.
    pub to: NaiveDate,
    /// One slot of a single date, or all.
    pub slot: Option<Slot>,
}

/// Who stands behind a sealing.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(super) struct Preparer {
    /// The account; none where the slot's close does it.
    pub(super) account: Option<AccountId>,
    /// Its sign-in name.
    pub(super) name: Option<String>,
}

/// Sealed, or found sealed already with the same content.
#[derive(Clone, Debug)]
pub(super) struct Outcome {
    pub(super) row: BatchRow,
    pub(super) is_new: bool,
}

/// What is kept for a repeated request.
#[derive(Serialize, Deserialize)]
struct Kept {
    batch_id: BatchId,
}

impl App {
    /// Seals the rows of an agency's dates. Where the newest version has the same content, that one comes back and the
    /// second value is false. While another call seals the same coverage, this one is told to try again.
    pub fn seal_batch(
        &self,
        context: &Context,
        scope: &Scope,
        agency: &AgencyCode,
        request: SealRequest,
        once: &OnceKey,
    ) -> Result<(Batch, bool), Error> {
        let sight = sight(context, scope);
        if let Some(kept) = self.kept(context, once)? {
            let batch = self.store.read(|connection| {
                let row = super::find_sealed(connection, &sight, kept.batch_id)?;
                seen(connection, &sight, &row)
            })?;
            return Ok((batch, false));
        }
        let (zone, name) = self.store.read(|connection| {
            let book = self.rule_book(connection)?;
            let facts = book.agency(agency.as_str()).ok_or(Error::NotFound)?;
            let account = store::account::find(connection, context.account())?;
            Ok::<_, Error>((facts.zone, account.map(|account| account.username)))
        })?;
        let today = zone.date(context.now);
        let coverage = Coverage::new(request.from, request.to, request.slot, today).map_err(field_error)?;
        self.check_shares_are_kept(request.from, context.now)?;
        let preparer = Preparer {
            account: Some(context.account()),
            name,
        };
        let outcome = self.seal(scope, agency, coverage, &preparer, context.now)?;
        self.keep(context, once, outcome.row.id)?;
        let batch = self.store.read(|connection| seen(connection, &sight, &outcome.row))?;
        Ok((batch, outcome.is_new))
    }

    fn kept(&self, context: &Context, once: &OnceKey) -> Result<Option<Kept>, Error> {
        let Some(key) = &once.key else { return Ok(None) };
        let earlier = self.store.read(|connection| {
            store::idempotency::find(connection, context.account(), once.operation, key).map_err(Error::from)
        })?;
        match earlier {
            None => Ok(None),
            Some(earlier) if earlier.request_digest == once.request_digest => serde_json::from_value(earlier.answer)
                .map_err(Error::internal)
                .map(Some),
            Some(_) => Err(Error::Conflict(Code::IdempotencyConflict)),
        }
    }

    /// Sealing is repeatable by itself, so its answer may be kept after it: a crash in between costs nothing.
    fn keep(&self, context: &Context, once: &OnceKey, batch_id: BatchId) -> Result<(), Error> {
        if once.key.is_none() {
            return Ok(());
        }
        self.once(context, once, |_| Ok(Kept { batch_id })).map(drop)
    }

    /// Seals a coverage for whoever stands behind it.
    pub(super) fn seal(
        &self,
        scope: &Scope,
        agency: &AgencyCode,
        coverage: Coverage,
        preparer: &Preparer,
        now: Instant,
    ) -> Result<Outcome, Error> {
        let is_federated =
            |connection: &mut AnyConnection| store::federation::is_federated(connection, agency.as_str());
        if self.store.read(is_federated)? {
            return Err(Error::Conflict(Code::FederatedAgency));
        }
        let (open, previous) = self.open_version(agency, coverage, now)?;
        let filled = self.fill(scope, agency, &open, previous.as_ref(), preparer, now);
        let result = match filled {
            Ok(Some(row)) => Ok(Outcome { row, is_new: true }),
            Ok(None) => previous
                .map(|row| Outcome { row, is_new: false })
                .ok_or_else(|| Error::internal("nothing to be the same as")),
            Err(error) => Err(error),
        };
        if !matches!(result, Ok(Outcome { is_new: true, .. })) {
            self.discard(open.id)?;
        }
        result
    }

    /// Takes the next version of a coverage for this call; gives the sealed version before it too.
    fn open_version(
        &self,
        agency: &AgencyCode,
        coverage: Coverage,
        now: Instant,
    ) -> Result<(BatchRow, Option<BatchRow>), Error> {
        let id = BatchId::new(self.entropy.uuid(now)?);
        self.store.write(|connection| {
            let mut latest = store::batch::find_latest(connection, agency, coverage)?;
            if let Some(left) = latest.as_ref().filter(|row| row.state == BatchState::Open) {
                if now.since(left.opened_at) < LEFT_BEHIND {
                    return Err(Error::Busy(2));
                }
                store::batch_chunk::delete_open(connection, left.id)?;
                store::batch::delete_open(connection, left.id)?;
                latest = store::batch::find_latest(connection, agency, coverage)?;
            }
            let version = latest.as_ref().map_or(1, |row| row.version.saturating_add(1));
            let open = BatchRow::open(id, agency, coverage, version, now);
            match store::batch::insert(connection, &open) {
                // Another instance took the version between our look and our step.
                Err(store::error::Error::Duplicate(_)) => Err(Error::Busy(2)),
                other => Ok(other.map(|()| (open, latest))?),
            }
        })
    }

    /// Writes the rows of an open version and seals it; `None` where the content is that of the version before.
    fn fill(
        &self,
        scope: &Scope,
        agency: &AgencyCode,
        open: &BatchRow,
        previous: Option<&BatchRow>,
        preparer: &Preparer,
        now: Instant,
    ) -> Result<Option<BatchRow>, Error> {
        let coverage = open.coverage();
        let secret = self
            .store
            .write(|connection| self.row_secret(connection, agency, open.id, now))?;
        let mut sealing = Sealing::new(agency.clone(), coverage, secret);
        let mut pieces = Pieces::new(open.id);
        let mut closes_at = now;
        let mut agency_name = String::new();
        for work_date in coverage.dates() {
            let day = self
                .store
                .read(|connection| Truth::load(self, connection, scope, agency, work_date, coverage.slot()))?;
            closes_at = closes_at.max(day.closes_at().unwrap_or(closes_at));
            day.agency_name().clone_into(&mut agency_name);
            for (row, cell) in day.into_rows(now)? {
                pieces.push(sealing.row(&row, cell).map_err(Error::internal)?);
                if pieces.is_full() {
                    self.write_pieces(&mut pieces)?;
                }
            }
        }
        let before = previous.map(manifest_of).transpose()?;
        let header = SealHeader {
            batch_id: open.id,
            agency_name,
            version: u32::try_from(open.version).map_err(Error::internal)?,
            supersedes: before.as_ref().map(|(manifest, digest)| Superseded {
                batch_id: manifest.batch_id,
                manifest_sha256: *digest,
            }),
            sealed_at: now,
            prepared_by: preparer.name.clone(),
        };
        let rows_root = sealing.rows_root();
        let (cells, manifest) = sealing.finish(header).map_err(Error::internal)?;
        if before.is_some_and(|(before, _)| before.has_the_content_of(&manifest)) {
            return Ok(None);
        }
        self.write_pieces(&mut pieces)?;
        let row = sealed_row(
            open,
            previous,
            preparer,
            (&manifest, rows_root),
            supplement::first_due_at(now, closes_at),
        )?;
        self.store.write(|connection| {
            for (sequence, lines) in (0_i32..).zip(cells.chunks(CHUNK_LINES)) {
                store::batch_chunk::insert(connection, row.id, SealedFile::Cells, sequence, &lines.concat())?;
            }
            if let Some(previous) = previous {
                store::batch::update_supplement(connection, previous.id, None)?;
            }
            if store::batch::update(connection, &row, BatchState::Open)? {
                self.log_sealed(connection, agency, &row, now)?;
                log(connection, &row, now, preparer.account, "seal", Some(BatchState::Open))
            } else {
                // Someone thought this call had stopped and took its place.
                Err(Error::Busy(2))
            }
        })?;
        tracing::info!(batch = %row.id, version = row.version, rows = manifest.counts.rows, "batch sealed");
        Ok(Some(row))
    }

    fn write_pieces(&self, pieces: &mut Pieces) -> Result<(), Error> {
        let (first, texts) = pieces.take();
        self.store.write(|connection| {
            for (sequence, text) in (first..).zip(&texts) {
                store::batch_chunk::insert(connection, pieces.batch_id, SealedFile::Rows, sequence, text)?;
            }
            Ok::<_, Error>(())
        })
    }

    fn discard(&self, id: BatchId) -> Result<(), Error> {
        self.store.write(|connection| {
            store::batch_chunk::delete_open(connection, id)?;
            store::batch::delete_open(connection, id)?;
            Ok(())
        })
    }
}

fn sealed_row(
    open: &BatchRow,
    previous: Option<&BatchRow>,
    preparer: &Preparer,
    (manifest, rows_root): (&Manifest, Digest),
    supplement_due_at: Instant,
) -> Result<BatchRow, Error> {
    let (text, digest) = manifest.print().map_err(Error::internal)?;
    Ok(BatchRow {
        state: open.state.after(BatchStep::Seal, None)?,
        supersedes_id: previous.map(|row| row.id),
        prepared_by: preparer.account,
        prepared_by_name: preparer.name.clone(),
        sealed_at: Some(manifest.sealed_at),
        manifest: Some(text),
        manifest_sha256: Some(digest.bytes().to_vec()),
        rows_root: Some(rows_root.bytes().to_vec()),
        supplement_due_at: Some(supplement_due_at),
        ..open.clone()
    })
}

/// Lines on their way into pieces.
struct Pieces {
    batch_id: BatchId,
    next: i32,
    lines: usize,
    texts: Vec<String>,
}

impl Pieces {
    const fn new(batch_id: BatchId) -> Self {
        Self {
            batch_id,
            next: 0,
            lines: 0,
            texts: Vec::new(),
        }
    }

    fn push(&mut self, line: String) {
        match self
            .texts
            .last_mut()
            .filter(|_| !self.lines.is_multiple_of(CHUNK_LINES))
        {
            Some(text) => text.push_str(&line),
            None => self.texts.push(line),
        }
        self.lines = self.lines.saturating_add(1);
    }

    const fn is_full(&self) -> bool {
        self.lines >= CHUNK_LINES * PIECES_AT_ONCE
    }

    /// The pieces so far and the sequence of the first; the next ones follow them.
    fn take(&mut self) -> (i32, Vec<String>) {
        let first = self.next;
        let texts = std::mem::take(&mut self.texts);
        self.next = first.saturating_add(i32::try_from(texts.len()).unwrap_or(i32::MAX));
        self.lines = 0;
        (first, texts)
    }
}

fn field_error(error: CoverageError) -> Error {
    match error {
        CoverageError::Reversed => Error::field(
            "to",
            "before_from",
            "Tanggal akhir mendahului tanggal awal.",
            "The last date is before the first.",
        ),
        CoverageError::TooLong => Error::field(
            "to",
            "too_long",
            "Satu kiriman paling lama 92 hari.",
            "A batch covers at most 92 days.",
        ),
        CoverageError::SlotOfManyDays => Error::field(
            "slot",
            "several_days",
            "Satu sesi hanya untuk satu tanggal.",
            "A slot is of a single date.",
        ),
        CoverageError::Future => Error::field(
            "to",
            "in_future",
            "Tanggal ini belum tiba.",
            "That date is still to come.",
        ),
    }
}
