//! Sending without anybody's hand: piece by piece, from where a cut connection stopped, until BKD's proof is here.

use crate::app::App;
use crate::app::dispatch::MOST_PIECE_BYTES;
use crate::app::error::Error;
use crate::domain::batch::state::BatchState;
use crate::domain::digest::Digest;
use crate::domain::dispatch::pause;
use crate::domain::dispatch::problem::Problem;
use crate::domain::ids::BatchId;
use crate::domain::instant::Instant;
use crate::platform::remote::{Answer, Remote, RemoteError, Signed};
use crate::store;
use crate::store::backend::AnyConnection;
use crate::store::batch::BatchRow;
use crate::store::dispatch::DispatchRow;
use serde::Deserialize;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};

/// Dispatches of one round; the rest waits for the next.
const ROUND: i64 = 20;
/// Bytes of one piece as it is sent.
const PIECE_BYTES: usize = MOST_PIECE_BYTES / 4;

/// Why an attempt did not end with a proof.
#[derive(Debug, thiserror::Error)]
pub(super) enum Stopped {
    /// BKD's instance was not reached, or said that it can't now.
    #[error("{0}")]
    Unreachable(String),
    /// BKD's instance refused, with the problem that it answered.
    #[error("{1}")]
    Refused(Problem, String),
    /// This instance's own trouble.
    #[error(transparent)]
    Own(#[from] Error),
}

impl From<RemoteError> for Stopped {
    fn from(error: RemoteError) -> Self {
        match error {
            RemoteError::SignIn(status @ 400..=403) => {
                Self::Refused(Problem::SignIn, RemoteError::SignIn(status).to_string())
            }
            RemoteError::SignIn(_) | RemoteError::Unreachable(_) => Self::Unreachable(error.to_string()),
        }
    }
}

impl Stopped {
    const fn problem(&self) -> Problem {
        match self {
            Self::Unreachable(_) => Problem::Unreachable,
            Self::Refused(problem, _) => *problem,
            Self::Own(_) => Problem::Own,
        }
    }
}

/// As much of a problem (RFC 9457) as names it.
#[derive(Default, Deserialize)]
struct Told {
    code: Option<String>,
    #[serde(default)]
    fields: Vec<ToldField>,
}

#[derive(Deserialize)]
struct ToldField {
    field: String,
}

/// How far BKD has cosigned the agency's log.
#[derive(Deserialize)]
struct Cosigned {
    cosigned_size: u64,
}

/// How many bytes BKD has.
#[derive(Deserialize)]
struct Received {
    received_bytes: u64,
}

/// What came of a question about a dispatch.
enum Answered {
    Bytes(u64),
    Receipt(String),
}

impl App {
    /// Whether sent batches go to BKD's instance.
    pub(crate) const fn sends_to_bkd(&self) -> bool {
        self.bkd.is_some()
    }

    /// Sends what is due, oldest batch first; gives how many proofs came back. Two instances that do it at once get the
    /// same answers.
    pub fn send_dispatches(&self, now: Instant) -> Result<u32, Error> {
        let Some(remote) = self.bkd.as_ref().and_then(|bkd| bkd.remote.as_ref()) else {
            return Ok(0);
        };
        let due = self
            .store
            .read(|connection| Ok::<_, Error>(store::dispatch::list_due(connection, now, ROUND)?))?;
        let mut sent = 0_u32;
        for row in due {
            let batch = self
                .store
                .read(|connection| Ok::<_, Error>(store::batch::find_any(connection, row.batch_id)?))?;
            let Some(batch) = batch.filter(|batch| batch.state == BatchState::Submitted) else {
                continue;
            };
            let receipt = self.send(remote, &batch, &row, now);
            let kept = receipt.and_then(|receipt| self.keep_proof(&batch, &receipt, None, now).map_err(Stopped::from));
            match kept {
                Ok(()) => sent = sent.saturating_add(1),
                Err(stopped) => {
                    self.put_off(row.batch_id, &stopped, now)?;
                    // Nobody else is reached either; what was refused keeps none of the others waiting.
                    if matches!(stopped.problem(), Problem::Unreachable | Problem::SignIn) {
                        break;
                    }
                }
            }
        }
        Ok(sent)
    }

    /// Says when it is tried again, later with each attempt.
    fn put_off(&self, id: BatchId, stopped: &Stopped, now: Instant) -> Result<(), Error> {
        tracing::warn!(batch = %id, problem = %stopped, "a dispatch did not arrive");
        self.store.write(|connection| {
            let Some(row) = store::dispatch::find(connection, id)? else {
                return Ok(());
            };
            let attempts = row.attempts.saturating_add(1);
            let problem: String = stopped.to_string().chars().take(1_000).collect();
            let later = DispatchRow {
                attempts,
                next_attempt_at: now.plus(pause::after(u32::try_from(attempts).unwrap_or(u32::MAX))),
                problem: Some(problem),
                problem_code: Some(stopped.problem().code().to_owned()),
                ..row
            };
            Ok::<_, Error>(store::dispatch::save(connection, &later)?)
        })
    }

    /// One attempt: gives BKD's receipt.
    fn send(&self, remote: &Remote, batch: &BatchRow, row: &DispatchRow, now: Instant) -> Result<String, Stopped> {
        let signed = remote.sign_in()?;
        // It may have been taken already, and the answer lost.
        if let Some(digest) = row.sha256.as_deref().and_then(Digest::from_bytes)
            && let Answered::Receipt(receipt) = asked(&signed.get(&path(&digest))?)?
        {
            return Ok(receipt);
        }
        let answer = signed.get(&format!("/v1/federation/agencies/{}", batch.agency_code))?;
        let cosigned: Cosigned = read(&answer)?;
        let (digest, mut file) = self.dispatch_of(batch, cosigned.cosigned_size, now)?;
        let size = file.metadata().map_err(Error::from)?.len();
        let mut here = match asked(&signed.get(&path(&digest))?)? {
            Answered::Receipt(receipt) => return Ok(receipt),
            Answered::Bytes(bytes) => bytes,
        };
        loop {
            let piece = piece(&mut file, here)?;
            match asked(&sent(&signed, &digest, (here, size), &piece)?)? {
                Answered::Receipt(receipt) => return Ok(receipt),
                Answered::Bytes(bytes) if bytes > here => here = bytes,
                Answered::Bytes(_) => return Err(Stopped::Unreachable("no byte more was taken".to_owned())),
            }
        }
    }
}

/// Lets a batch that was just sent be dispatched, in the caller's transaction.
pub(in crate::app) fn queue_dispatch(
    connection: &mut AnyConnection,
    batch_id: BatchId,
    now: Instant,
) -> Result<(), Error> {
    let row = DispatchRow {
        batch_id,
        sha256: None,
        bytes: 0,
        from_size: 0,
        made_at: None,
        attempts: 0,
        next_attempt_at: now,
        problem: None,
        problem_code: None,
    };
    Ok(store::dispatch::save(connection, &row)?)
}

fn path(digest: &Digest) -> String {
    format!("/v1/federation/dispatches/{digest}")
}

fn sent(signed: &Signed<'_>, digest: &Digest, (offset, size): (u64, u64), bytes: &[u8]) -> Result<Answer, Stopped> {
    Ok(signed.put(&format!("{}?offset={offset}&size={size}", path(digest)), bytes)?)
}

fn piece(file: &mut File, offset: u64) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::with_capacity(PIECE_BYTES);
    file.seek(SeekFrom::Start(offset))?;
    let most = u64::try_from(PIECE_BYTES).map_err(Error::internal)?;
    Read::by_ref(file).take(most).read_to_end(&mut bytes)?;
    Ok(bytes)
}

pub(super) fn read<T: for<'de> Deserialize<'de>>(answer: &Answer) -> Result<T, Stopped> {
    let text = String::from_utf8_lossy(&answer.body);
    if (200..300).contains(&answer.status) {
        serde_json::from_str(&text).map_err(|_cause| Stopped::Unreachable("the answer can't be read".to_owned()))
    } else if answer.status < 500 && answer.status != 429 && answer.status != 408 {
        let told: Told = serde_json::from_str(&text).unwrap_or_default();
        let field = told.fields.first().map(|field| field.field.as_str());
        let problem = Problem::of_answer(answer.status, told.code.as_deref(), field);
        Err(Stopped::Refused(problem, format!("{}: {text}", answer.status)))
    } else {
        Err(Stopped::Unreachable(format!("{}: {text}", answer.status)))
    }
}

/// A receipt is text, the number of bytes is JSON.
fn asked(answer: &Answer) -> Result<Answered, Stopped> {
    if answer.status == 200 && answer.is_text {
        let receipt = String::from_utf8(answer.body.clone());
        return receipt
            .map(Answered::Receipt)
            .map_err(|_cause| Stopped::Unreachable("the receipt can't be read".to_owned()));
    }
    read::<Received>(answer).map(|received| Answered::Bytes(received.received_bytes))
}
