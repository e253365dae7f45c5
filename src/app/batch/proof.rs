//! What the logs say of batches, and the proofs made of it: that BKD holds a batch, and that one's own row is in it.

use crate::app::App;
use crate::app::context::Context;
use crate::app::error::Error;
use crate::app::log::read;
use crate::domain::access::AgencyCode;
use crate::domain::access::Scope;
use crate::domain::audit_log::entry::Entry;
use crate::domain::audit_log::facts::BatchFacts;
use crate::domain::audit_log::facts::Facts;
use crate::domain::audit_log::subject::Subject;
use crate::domain::batch::row_tree::RowSecret;
use crate::domain::digest::Digest;
use crate::domain::ids::BatchId;
use crate::domain::instant::Instant;
use crate::domain::log::checkpoint::SignedCheckpoint;
use crate::domain::log::proof::Proof;
use crate::domain::log_name::LogName;
use crate::store;
use crate::store::backend::AnyConnection;
use crate::store::batch::BatchRow;
use crate::store::log::LogEntryRow;

impl App {
    /// What the salts of a batch's rows are made from; makes the agency's key of the month on first need.
    pub(in crate::app) fn row_secret(
        &self,
        connection: &mut AnyConnection,
        agency: &AgencyCode,
        batch: BatchId,
        sealed_at: Instant,
    ) -> Result<RowSecret, Error> {
        let (_, key) = self.keyring.key_for(connection, &self.entropy, agency, sealed_at)?;
        Ok(RowSecret::of(&key.batch_key(), batch))
    }

    /// Writes a sealed batch into the agency's log, in the caller's transaction.
    pub(super) fn log_sealed(
        &self,
        connection: &mut AnyConnection,
        agency: &AgencyCode,
        row: &BatchRow,
        now: Instant,
    ) -> Result<(), Error> {
        let entry = Entry::public(now, Subject::Batch(row.id), Facts::BatchSealed(facts(row)?));
        self.add_entry_to(connection, &LogName::Agency(agency.clone()), &entry)
            .map(drop)
    }

    /// Writes a received batch into BKD's log, in the caller's transaction.
    pub(in crate::app) fn log_received(
        &self,
        connection: &mut AnyConnection,
        row: &BatchRow,
        now: Instant,
    ) -> Result<(), Error> {
        self.log_public(
            connection,
            now,
            Subject::Batch(row.id),
            Facts::BatchReceived(facts(row)?),
        )
    }

    /// The proof that BKD's log says it holds a batch: C2SP tlog-proof with the entry in its line `extra`. Where this
    /// instance sends to BKD's, the proof that was answered there. The same text whenever it is asked for.
    /// [`Error::NotFound`] until BKD holds it.
    pub fn prove_received(&self, context: &Context, scope: &Scope, id: BatchId) -> Result<String, Error> {
        let sight = super::sight(context, scope);
        self.store
            .read(|connection| super::find_sealed(connection, &sight, id))?;
        if self.sends_to_bkd() {
            return self.kept_proof(id);
        }
        self.prove_batch(&LogName::Audit, id, "batch_received")
    }

    /// The proof that the agency's log says it sealed a batch.
    pub(super) fn prove_sealed(&self, row: &BatchRow) -> Result<String, Error> {
        let agency = AgencyCode::parse(&row.agency_code).map_err(Error::internal)?;
        self.prove_batch(&LogName::Agency(agency), row.id, "batch_sealed")
    }

    fn prove_batch(&self, log: &LogName, id: BatchId, kind: &str) -> Result<String, Error> {
        let (name, subject) = (log.to_string(), Subject::Batch(id).to_string());
        let entry = |connection: &mut AnyConnection| {
            let entries = store::log::list_of_subject(connection, &name, &subject)?;
            entries
                .into_iter()
                .find(|entry| entry.kind == kind)
                .ok_or(Error::NotFound)
        };
        if self.store.read(entry)?.position.is_none() {
            self.grow_log(log)?;
        }
        let witness = self.log_keys.witness().verifying_key().name();
        self.store.read(|connection| {
            let entry = entry(connection)?;
            prove(connection, &entry, witness)
        })
    }
}

/// The proof of an entry under the first checkpoint that covers it, with the line of the deployment's own witness:
/// those of others come later.
fn prove(connection: &mut AnyConnection, entry: &LogEntryRow, witness: &str) -> Result<String, Error> {
    let corrupt = || store::error::Error::Corrupt("log_entry.position");
    let position = entry.position.ok_or_else(corrupt)?;
    let row = store::log_checkpoint::find_covering(connection, &entry.log_name, position.saturating_add(1))?;
    let row = row.ok_or_else(corrupt)?;
    let index = u64::try_from(position).map_err(Error::internal)?;
    let size = u64::try_from(row.size).map_err(Error::internal)?;
    let hashes = read::prove_inclusion(connection, &entry.log_name, index, size)?;
    let note = read::with_cosignatures(connection, &row, Some(witness))?;
    let checkpoint = SignedCheckpoint::parse(note.as_bytes()).map_err(Error::internal)?;
    let proof = Proof::new(Some(entry.content.clone().into_bytes()), index, hashes, checkpoint);
    Ok(proof.map_err(Error::internal)?.to_string())
}

fn facts(row: &BatchRow) -> Result<BatchFacts, Error> {
    let corrupt = store::error::Error::Corrupt("batch.rows_root");
    let (manifest, manifest_sha256) = super::manifest_of(row)?;
    let rows_root = row.rows_root.as_deref().and_then(Digest::from_bytes).ok_or(corrupt)?;
    Ok(BatchFacts {
        agency: manifest.agency,
        from: manifest.from,
        to: manifest.to,
        version: u64::from(manifest.version),
        rows: manifest.counts.rows,
        rows_root,
        manifest_sha256,
    })
}
