//! BKD's proof comes back to the agency's instance: checked against BKD's key, then kept for good.

use crate::app::App;
use crate::app::batch::Batch;
use crate::app::context::Context;
use crate::app::error::Code;
use crate::app::error::Error;
use crate::domain::access::AgencyCode;
use crate::domain::access::Scope;
use crate::domain::audit_log::subject::Subject;
use crate::domain::batch::state::BatchState;
use crate::domain::batch::state::BatchStep;
use crate::domain::batch::submission::receipt_number;
use crate::domain::ids::{AccountId, BatchId};
use crate::domain::instant::Instant;
use crate::domain::log::policy::Policy;
use crate::domain::log::proof::Proof;
use crate::domain::log_name::LogName;
use crate::store;
use crate::store::backend::AnyConnection;
use crate::store::batch::BatchRow;
use crate::store::dispatch::{DispatchRow, ProofRow};

impl App {
    /// Keeps the proof that BKD answered to a dispatch, as somebody of the agency brings it. The same one again changes
    /// nothing.
    pub fn keep_batch_proof(&self, context: &Context, scope: &Scope, id: BatchId, text: &str) -> Result<Batch, Error> {
        let sight = crate::app::batch::sight(context, scope);
        let row = self
            .store
            .read(|connection| crate::app::batch::find_held(connection, &sight, scope, id))?;
        self.keep_proof(&row, text, Some(context.account()), context.now)?;
        self.find_batch(context, scope, id)
    }

    /// Checks a proof and keeps it; the batch is received from then on.
    pub(super) fn keep_proof(
        &self,
        row: &BatchRow,
        text: &str,
        account: Option<AccountId>,
        now: Instant,
    ) -> Result<(), Error> {
        let bkd = self.bkd.as_ref().ok_or(Error::Conflict(Code::NotFederated))?;
        let agency = AgencyCode::parse(&row.agency_code).map_err(Error::internal)?;
        let log = LogName::Agency(agency);
        let key = self.log_keys.of(&log).map_err(Error::internal)?;
        let policy = format!("log {}\nwitness bkd {}\nquorum bkd\n", key.verifying_key(), bkd.witness);
        let policy = Policy::parse(policy.as_bytes()).map_err(Error::internal)?;
        let proof = Proof::parse(text.as_bytes()).map_err(|error| refused(&error.to_string()))?;
        let entry = proof.extra().unwrap_or_default().to_vec();
        let seen = proof
            .verify(&entry, &policy)
            .map_err(|error| refused(&error.to_string()))?;
        let seconds = seen.iter().map(|witnessed| witnessed.time).max().unwrap_or(0);
        let received_at = i64::try_from(seconds).map_err(Error::internal)?.saturating_mul(1_000);
        let size = i64::try_from(proof.checkpoint().checkpoint().size()).map_err(Error::internal)?;
        self.store.write(|connection| {
            if let Some(kept) = store::dispatch::find_proof(connection, row.id)? {
                return if kept.content == text {
                    Ok(())
                } else {
                    Err(Error::Conflict(Code::AlreadyExists))
                };
            }
            if own_entry(connection, &log, row.id)?.as_bytes() != entry {
                return Err(refused("the entry is not that of this batch"));
            }
            let kept = ProofRow {
                batch_id: row.id,
                size,
                content: text.to_owned(),
                kept_at: now,
            };
            store::dispatch::insert_proof(connection, &kept)?;
            // From now on it is asked what BKD decides.
            if let Some(sent) = store::dispatch::find(connection, row.id)? {
                let asking = DispatchRow {
                    attempts: 0,
                    next_attempt_at: now,
                    problem: None,
                    problem_code: None,
                    ..sent
                };
                store::dispatch::save(connection, &asking)?;
            }
            let row = store::batch::find_any(connection, row.id)?.ok_or(Error::NotFound)?;
            if row.state != BatchState::Submitted {
                return Ok(());
            }
            let (manifest, digest) = crate::app::batch::manifest_of(&row)?;
            let number = receipt_number(&row.agency_code, row.coverage(), manifest.version, digest);
            let received = BatchRow {
                state: row.state.after(BatchStep::Receive, None)?,
                received_at: Some(Instant::from_millis(received_at)),
                receipt_number: Some(number),
                ..row
            };
            if !store::batch::update(connection, &received, BatchState::Submitted)? {
                return Err(Error::Busy(1));
            }
            crate::app::batch::log(
                connection,
                &received,
                now,
                account,
                "keep_proof",
                Some(BatchState::Submitted),
            )
        })?;
        // The dispatch has done its work; its file can be made again.
        Ok(self.dispatch_files.remove_outgoing(row.id.uuid())?)
    }

    /// BKD's proof of a batch, to the byte, where this instance sends to BKD's; not found until it came.
    pub(crate) fn kept_proof(&self, id: BatchId) -> Result<String, Error> {
        self.store.read(|connection| {
            let kept = store::dispatch::find_proof(connection, id)?;
            Ok(kept.ok_or(Error::NotFound)?.content)
        })
    }
}

/// What the agency's log says of a batch.
fn own_entry(connection: &mut AnyConnection, log: &LogName, id: BatchId) -> Result<String, Error> {
    let subject = Subject::Batch(id).to_string();
    let entries = store::log::list_of_subject(connection, &log.to_string(), &subject)?;
    let entry = entries.into_iter().find(|entry| entry.kind == "batch_sealed");
    Ok(entry.ok_or(store::error::Error::Corrupt("log_entry"))?.content)
}

fn refused(what: &str) -> Error {
    Error::field(
        "proof",
        "not_proved",
        format!("Ini bukan bukti terima BKD untuk kiriman ini ({what})."),
        format!("Not BKD's proof of this batch ({what})."),
    )
}
