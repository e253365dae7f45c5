//! Asking other deployments to witness our logs: each newest checkpoint goes to each witness that has not cosigned it.

use crate::app::App;
use crate::app::error::Error;
use crate::domain::instant::Instant;
use crate::domain::log::checkpoint::SignedCheckpoint;
use crate::domain::log::key::VerifyingKey;
use crate::domain::log::note::SignatureLine;
use crate::domain::log::note::Signed;
use crate::domain::log::policy::Policy;
use crate::domain::log::witness::Request;
use crate::platform::web_client::WebClient;
use crate::store;
use crate::store::log_checkpoint::CheckpointRow;
use crate::store::log_checkpoint::CosignatureRow;

/// Longest answer of a witness that is read, in bytes.
const LONGEST_ANSWER: u64 = 64 * 1_024;

/// The witnesses of this deployment's logs.
#[derive(Debug, Default)]
pub struct Witnesses {
    asked: Vec<Witness>,
    client: WebClient,
}

#[derive(Debug)]
struct Witness {
    key: VerifyingKey,
    address: String,
}

/// Why a witness has not cosigned.
#[derive(Debug, thiserror::Error)]
enum Unwitnessed {
    #[error("the witness can't be reached")]
    Unreachable(#[from] crate::platform::web_client::Unreachable),
    #[error("the witness answered {0}")]
    Refused(u16),
    #[error("the witness has seen more than this log has")]
    Ahead,
    #[error("the answer is no cosignature of this checkpoint by the witness's key")]
    Answer,
    #[error(transparent)]
    Own(#[from] Error),
}

impl Witnesses {
    /// Those of a policy that have an address.
    pub fn of(policy: &Policy) -> Self {
        let witness = |(key, address): (&VerifyingKey, &str)| Witness {
            key: key.clone(),
            address: address.trim_end_matches('/').to_owned(),
        };
        Self {
            asked: policy.reachable_witnesses().map(witness).collect(),
            client: WebClient::default(),
        }
    }
}

impl App {
    /// Asks every witness for every log whose newest checkpoint it has not cosigned; gives how many did. Blocks on the
    /// network: for the ticker, never for a request. A witness that can't be reached is left alone until the next round.
    pub fn ask_witnesses(&self) -> Result<usize, Error> {
        let mut cosigned = 0;
        if self.witnesses.asked.is_empty() {
            return Ok(cosigned);
        }
        let heads = self.store.read(|connection| {
            let mut heads = Vec::new();
            for log in store::log::list(connection)? {
                heads.extend(store::log_checkpoint::find_latest(connection, &log.name)?);
            }
            Ok::<_, Error>(heads)
        })?;
        for witness in &self.witnesses.asked {
            for head in &heads {
                match self.ask_witness(witness, head) {
                    Ok(is_new) => cosigned += usize::from(is_new),
                    Err(Unwitnessed::Own(error)) => return Err(error),
                    Err(error) => {
                        let (witness_name, log) = (witness.key.name(), &head.log_name);
                        tracing::warn!(witness = witness_name, log, %error, "a log was not cosigned");
                        if matches!(error, Unwitnessed::Unreachable(_)) {
                            break;
                        }
                    }
                }
            }
        }
        Ok(cosigned)
    }

    fn ask_witness(&self, witness: &Witness, head: &CheckpointRow) -> Result<bool, Unwitnessed> {
        let name = witness.key.name();
        let last = self.store.read(|connection| {
            Ok::<_, Error>(store::log_checkpoint::last_cosigned_size(
                connection,
                &head.log_name,
                name,
            )?)
        })?;
        if last == Some(head.size) {
            return Ok(false);
        }
        let mut old = last.unwrap_or(0);
        // What it has seen may be another size than is known here, once: an answer was lost.
        for _ in 0..2 {
            let request = self.witness_request(head, old)?;
            let address = format!("{}/add-checkpoint", witness.address);
            let answer = self.witnesses.client.post_text(&address, &request, LONGEST_ANSWER)?;
            match answer.status {
                200 => return self.keep_cosignature(witness, head, &answer.bytes).map(|()| true),
                409 => {
                    let text = String::from_utf8_lossy(&answer.bytes);
                    let seen: i64 = text.trim_end().parse().map_err(|_cause| Unwitnessed::Refused(409))?;
                    if seen > head.size {
                        return Err(Unwitnessed::Ahead);
                    }
                    old = seen;
                }
                status => return Err(Unwitnessed::Refused(status)),
            }
        }
        Err(Unwitnessed::Refused(409))
    }

    fn witness_request(&self, head: &CheckpointRow, old: i64) -> Result<String, Error> {
        let signed = SignedCheckpoint::parse(head.note.as_bytes())
            .map_err(|_cause| store::error::Error::Corrupt("log_checkpoint.note"))?;
        let old = u64::try_from(old).map_err(Error::internal)?;
        let size = signed.checkpoint().size();
        let proof = self
            .store
            .read(|connection| super::read::prove_consistency(connection, &head.log_name, old, size))?;
        let request = Request::new(old, proof, signed).map_err(Error::internal)?;
        Ok(request.to_string())
    }

    fn keep_cosignature(&self, witness: &Witness, head: &CheckpointRow, answer: &[u8]) -> Result<(), Unwitnessed> {
        let (line, seconds) = cosignature_in(answer, &witness.key, head).ok_or(Unwitnessed::Answer)?;
        let row = CosignatureRow {
            log_name: head.log_name.clone(),
            size: head.size,
            witness: witness.key.name().to_owned(),
            signed_at: Instant::from_millis(seconds.saturating_mul(1_000)),
            line: line.to_string(),
        };
        self.store
            .write(|connection| Ok::<_, Error>(store::log_checkpoint::insert_cosignature(connection, &row)?))?;
        Ok(())
    }
}

/// The first line of an answer that is this key's for the checkpoint, and its time in Unix seconds.
fn cosignature_in(answer: &[u8], key: &VerifyingKey, head: &CheckpointRow) -> Option<(SignatureLine, i64)> {
    let text = str::from_utf8(answer).ok()?.strip_suffix('\n')?;
    for line in text.split('\n') {
        let line = SignatureLine::parse(line)?;
        let mut signed = SignedCheckpoint::parse(head.note.as_bytes()).ok()?;
        signed.add(line.clone()).ok()?;
        let Ok(verified) = signed.note().verify(&[key]) else {
            continue;
        };
        if let Some((_, Signed::At(time))) = verified.first() {
            return Some((line, i64::try_from(*time).ok()?));
        }
    }
    None
}
