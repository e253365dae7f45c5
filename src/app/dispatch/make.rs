//! Making a dispatch of a sent batch, as it stands in the agency's log.

use crate::app::App;
use crate::app::batch::download::Download;
use crate::app::check_in::position_seal;
use crate::app::context::Context;
use crate::app::error::Code;
use crate::app::error::Error;
use crate::app::log::read;
use crate::domain::access::AgencyCode;
use crate::domain::access::Scope;
use crate::domain::audit_log::subject::Subject;
use crate::domain::batch::FORMAT as BATCH_FORMAT;
use crate::domain::batch::commitment::Opening;
use crate::domain::batch::commitment::commit;
use crate::domain::batch::manifest::{CELLS_FILE, MANIFEST_FILE, ROWS_FILE, SUBMISSION_FILE};
use crate::domain::batch::row::Row;
use crate::domain::batch::submission::Submission;
use crate::domain::canonical;
use crate::domain::digest::Digest;
use crate::domain::dispatch::header::Header;
use crate::domain::dispatch::opening::{ReleasedOpening, Seal, SealedOpening};
use crate::domain::dispatch::openings_key::OpeningsKey;
use crate::domain::dispatch::{CHECKPOINT_FILE, FORMAT, HEADER_FILE, OPENINGS_FILE, PROOF_FILE};
use crate::domain::ids::{BatchId, DataKeyId};
use crate::domain::instant::Instant;
use crate::domain::log::checkpoint::SignedCheckpoint;
use crate::domain::log::proof::Proof;
use crate::domain::log::witness::Request;
use crate::domain::log_name::LogName;
use crate::domain::position_record::PositionRecord;
use crate::platform::archive::Archive;
use crate::platform::byte_stream;
use crate::platform::opening_seal;
use crate::store;
use crate::store::backend::AnyConnection;
use crate::store::batch::BatchRow;
use crate::store::batch_chunk::SealedFile;
use crate::store::batch_unit::PlaceRow;
use crate::store::dispatch::DispatchRow;
use std::collections::HashMap;
use std::fs::File;
use std::io::{self, BufWriter, Write};

/// Rows whose positions are looked up in one statement.
const ROWS_AT_ONCE: usize = 500;

/// The small documents, and what the large ones are written from.
struct Source<'a> {
    row: &'a BatchRow,
    openings: &'a OpeningsKey,
    header: String,
    manifest: String,
    submission: String,
    proof: String,
    request: String,
}

impl App {
    /// The dispatch of a sent batch as a file, made on first need. It proves that the agency's log goes on from the size
    /// `from_size`; without one, from the largest of which BKD's proof came here.
    pub fn download_dispatch(
        &self,
        context: &Context,
        scope: &Scope,
        id: BatchId,
        from_size: Option<u64>,
    ) -> Result<Download, Error> {
        let sight = crate::app::batch::sight(context, scope);
        let (row, from_size) = self.store.write(|connection| {
            let row = crate::app::batch::find_held(connection, &sight, scope, id)?;
            let cosigned = store::dispatch::find_cosigned(connection, &row.agency_code)?;
            // The look is on record before the first byte leaves.
            crate::app::batch::log(
                connection,
                &row,
                context.now,
                Some(context.account()),
                "read_rows",
                Some(row.state),
            )?;
            let from_size = match from_size {
                Some(size) => size,
                None => u64::try_from(cosigned).map_err(Error::internal)?,
            };
            Ok::<_, Error>((row, from_size))
        })?;
        let (digest, mut file) = self.dispatch_of(&row, from_size, context.now)?;
        let seat = crate::app::batch::download::take_seat()?;
        let (mut sender, bytes) = byte_stream::channel();
        std::thread::Builder::new()
            .name("dispatch-download".to_owned())
            .spawn(move || {
                let _seat = seat;
                // A reader who left is no news.
                let _ = io::copy(&mut file, &mut sender).and_then(|_| sender.finish());
            })
            .map_err(Error::internal)?;
        Ok(Download {
            file_name: format!("dispatch-{}-{id}.zip", row.agency_code),
            tag: digest.to_string(),
            bytes,
        })
    }

    /// The file of a sent batch's dispatch and its digest: the one that was made for this size, or a new one.
    pub(super) fn dispatch_of(&self, row: &BatchRow, from_size: u64, now: Instant) -> Result<(Digest, File), Error> {
        let earlier = self
            .store
            .read(|connection| Ok::<_, Error>(store::dispatch::find(connection, row.id)?))?;
        let size = i64::try_from(from_size).map_err(|_cause| Error::Conflict(Code::WrongState))?;
        if let Some(earlier) = earlier.as_ref().filter(|earlier| earlier.from_size == size)
            && let Some(digest) = earlier.sha256.as_deref().and_then(Digest::from_bytes)
            && let Some(file) = self.dispatch_files.open_outgoing(row.id.uuid(), &digest)?
        {
            return Ok((digest, file));
        }
        let (digest, bytes) = self.make_dispatch(row, from_size)?;
        let made = DispatchRow {
            batch_id: row.id,
            sha256: Some(digest.bytes().to_vec()),
            bytes: i64::try_from(bytes).map_err(Error::internal)?,
            from_size: size,
            made_at: Some(now),
            attempts: earlier.as_ref().map_or(0, |row| row.attempts),
            next_attempt_at: earlier.as_ref().map_or(now, |row| row.next_attempt_at),
            problem: earlier.as_ref().and_then(|row| row.problem.clone()),
            problem_code: earlier.and_then(|row| row.problem_code),
        };
        self.store
            .write(|connection| store::dispatch::save(connection, &made).map_err(Error::from))?;
        let file = self.dispatch_files.open_outgoing(row.id.uuid(), &digest)?;
        // Another call may have made one since.
        Ok((digest, file.ok_or(Error::Busy(1))?))
    }

    fn make_dispatch(&self, row: &BatchRow, from_size: u64) -> Result<(Digest, u64), Error> {
        let bkd = self.bkd.as_ref().ok_or(Error::Conflict(Code::NotFederated))?;
        let submitted = row.submitted_at.zip(row.submitted_by_name.clone());
        let (submitted_at, submitted_by) = submitted.ok_or(Error::Conflict(Code::WrongState))?;
        let (manifest, manifest_sha256) = crate::app::batch::manifest_of(row)?;
        let agency = AgencyCode::parse(&row.agency_code).map_err(Error::internal)?;
        let sealed_at = row.sealed_at.ok_or(store::error::Error::Corrupt("batch.sealed_at"))?;
        let log = LogName::Agency(agency.clone());
        self.grow_log(&log)?;
        let (secret, proof, request) = self.store.read(|connection| {
            let secret = self.row_secret(connection, &agency, row.id, sealed_at)?;
            let (proof, request) = prove(connection, &log, row.id, from_size)?;
            Ok::<_, Error>((secret, proof, request))
        })?;
        let submission = Submission {
            format: BATCH_FORMAT.to_owned(),
            batch_id: row.id,
            manifest_sha256,
            submitted_at,
            submitted_by,
            approved_by: row.approved_by_name.clone(),
        };
        let header = Header {
            format: FORMAT.to_owned(),
            agency: manifest.agency,
            batch_id: row.id,
            manifest_sha256,
            openings_key: bkd.openings.to_string(),
            rows_secret: secret,
        };
        let source = Source {
            row,
            openings: &bkd.openings,
            header: header.print().map_err(Error::internal)?,
            manifest: row.manifest.clone().unwrap_or_default(),
            submission: canonical::to_string(&submission).map_err(Error::internal)?,
            proof,
            request,
        };
        let kept = self.dispatch_files.put(row.id.uuid(), |file| {
            self.write_dispatch(&source, file).map_err(io::Error::other)
        });
        Ok(kept?)
    }

    fn write_dispatch(&self, source: &Source<'_>, file: &mut File) -> Result<(), Error> {
        let id = source.row.id;
        let mut archive = Archive::new(BufWriter::new(file));
        archive.file(HEADER_FILE, false, |file| wrote(file, &source.header))?;
        archive.file(MANIFEST_FILE, false, |file| wrote(file, &source.manifest))?;
        archive.file(ROWS_FILE, false, |file| self.copy_lines(id, SealedFile::Rows, file))?;
        archive.file(CELLS_FILE, false, |file| self.copy_lines(id, SealedFile::Cells, file))?;
        archive.file(SUBMISSION_FILE, false, |file| wrote(file, &source.submission))?;
        archive.file(OPENINGS_FILE, false, |file| self.write_openings(source, file))?;
        archive.file(PROOF_FILE, false, |file| wrote(file, &source.proof))?;
        archive.file(CHECKPOINT_FILE, false, |file| wrote(file, &source.request))?;
        Ok(archive.finish()?.flush()?)
    }

    fn copy_lines(&self, id: BatchId, sealed: SealedFile, target: &mut dyn Write) -> Result<(), Error> {
        let mut written = Ok(());
        self.each_line(id, sealed, |line| {
            if written.is_ok() {
                written = writeln!(target, "{line}");
            }
        })?;
        Ok(written?)
    }

    /// A line for each row that commits to a position, in the rows' order.
    fn write_openings(&self, source: &Source<'_>, target: &mut dyn Write) -> Result<(), Error> {
        let mut waiting: Vec<Row> = Vec::with_capacity(ROWS_AT_ONCE);
        let mut failed = None;
        self.each_line(source.row.id, SealedFile::Rows, |line| {
            match canonical::from_str::<Row>(line) {
                Ok(row) if row.commitment.is_some() => waiting.push(row),
                Ok(_) => {}
                Err(error) => failed = failed.take().or_else(|| Some(Error::internal(error))),
            }
            if waiting.len() >= ROWS_AT_ONCE && failed.is_none() {
                failed = self.seal_openings(source, &waiting, target).err();
                waiting.clear();
            }
        })?;
        match failed {
            Some(error) => Err(error),
            None => self.seal_openings(source, &waiting, target),
        }
    }

    fn seal_openings(&self, source: &Source<'_>, rows: &[Row], target: &mut dyn Write) -> Result<(), Error> {
        let (places, keys) = self.store.read(|connection| {
            let ids: Vec<_> = rows.iter().filter_map(|row| row.check_in_id).collect();
            let places = store::batch_unit::list_places(connection, &ids)?;
            let key_ids: Vec<DataKeyId> = places.iter().map(|place| place.key_id).collect();
            let keys = self.keyring.keys(connection, &key_ids)?;
            Ok::<_, Error>((places, keys))
        })?;
        let of: HashMap<_, &PlaceRow> = places
            .iter()
            .map(|place| ((place.check_in_id, place.pseudonym.as_str()), place))
            .collect();
        for row in rows {
            let place = row.check_in_id.and_then(|id| of.get(&(id, row.unit_id.pseudonym())));
            let key = place.and_then(|place| keys.get(&place.key_id));
            let sealed = match (place, key) {
                (Some(place), Some(key)) => {
                    let bytes = key.open(&position_seal(place.employee_id, place.check_in_id), &place.sealed)?;
                    let corrupt = store::error::Error::Corrupt("check_in_position.sealed");
                    let record = PositionRecord::from_bytes(&bytes).ok_or(corrupt)?;
                    let opening = Opening {
                        unit: row.unit_id.clone(),
                        check_in_id: place.check_in_id,
                        captured_at: place.captured_at,
                        position: record.position,
                        accuracy_millimetres: record.accuracy_millimetres,
                    };
                    let salt = key.batch_key().salt(&row.unit_id);
                    if row.commitment != Some(commit(&salt, &opening).map_err(Error::internal)?) {
                        return Err(store::error::Error::Corrupt("check_in_position.sealed").into());
                    }
                    let text = ReleasedOpening::new(opening, salt).print().map_err(Error::internal)?;
                    Some(seal(source.openings, row, &text)?)
                }
                // Position or key were forgotten since the batch was sealed.
                _ => None,
            };
            let line = SealedOpening {
                sealed,
                unit: row.unit_id.clone(),
            };
            let line = line.print().map_err(Error::internal)?;
            wrote(target, &line)?;
            wrote(target, "\n")?;
        }
        Ok(())
    }
}

fn seal(key: &OpeningsKey, row: &Row, text: &str) -> Result<Seal, Error> {
    opening_seal::seal(key, &row.unit_id, text).map_err(Error::internal)
}

fn wrote(target: &mut dyn Write, text: &str) -> Result<(), Error> {
    Ok(target.write_all(text.as_bytes())?)
}

/// The proof that a batch is in its agency's log, and that the log goes on from a size; under the newest checkpoint, with
/// the log's own signature alone.
fn prove(
    connection: &mut AnyConnection,
    log: &LogName,
    id: BatchId,
    from_size: u64,
) -> Result<(String, String), Error> {
    let corrupt = || store::error::Error::Corrupt("log_entry");
    let name = log.to_string();
    let entries = store::log::list_of_subject(connection, &name, &Subject::Batch(id).to_string())?;
    let entry = entries
        .into_iter()
        .find(|entry| entry.kind == "batch_sealed")
        .ok_or_else(corrupt)?;
    let position = entry.position.ok_or_else(corrupt)?;
    let index = u64::try_from(position).map_err(Error::internal)?;
    let newest = store::log_checkpoint::find_latest(connection, &name)?.ok_or_else(corrupt)?;
    let size = u64::try_from(newest.size).map_err(Error::internal)?;
    if from_size > size {
        // BKD has seen more of this log than there is: the database is an older one.
        return Err(Error::Conflict(Code::WrongState));
    }
    let checkpoint = SignedCheckpoint::parse(newest.note.as_bytes()).map_err(Error::internal)?;
    let hashes = read::prove_inclusion(connection, &name, index, size)?;
    let proof = Proof::new(Some(entry.content.into_bytes()), index, hashes, checkpoint.clone());
    let growth = read::prove_consistency(connection, &name, from_size, size)?;
    let request = Request::new(from_size, growth, checkpoint).map_err(Error::internal)?;
    Ok((proof.map_err(Error::internal)?.to_string(), request.to_string()))
}
