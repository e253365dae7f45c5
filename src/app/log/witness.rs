//! As a witness of other logs: what they have signed is cosigned once it is kept that it goes on from what was seen.

use crate::app::App;
use crate::app::context::Context;
use crate::app::error::Error;
use crate::app::error::FieldError;
use crate::app::event::note_event;
use crate::domain::access::Role;
use crate::domain::access::Scope;
use crate::domain::audit_log::facts::Facts;
use crate::domain::audit_log::facts::KeyFacts;
use crate::domain::audit_log::facts::KeyRole;
use crate::domain::audit_log::subject::Subject;
use crate::domain::event::Event;
use crate::domain::instant::Instant;
use crate::domain::log::checkpoint::SignedCheckpoint;
use crate::domain::log::cosignature;
use crate::domain::log::fork::Fork;
use crate::domain::log::key::KeyType;
use crate::domain::log::key::VerifyingKey;
use crate::domain::log::tree;
use crate::domain::log::witness;
use crate::domain::log::witness::Decision;
use crate::domain::log::witness::Request;
use crate::domain::notice::NoticeContent;
use crate::store;
use crate::store::backend::AnyConnection;
pub use crate::store::log_checkpoint::ForkRow;
use crate::store::log_checkpoint::WitnessedRow;

/// What a log's request comes to.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum WitnessAnswer {
    /// The line of the cosignature, with its line end.
    Cosigned(String),
    /// Another size was cosigned last: this one.
    Conflict(u64),
    /// Refused, with the status of C2SP tlog-witness and the reason.
    Refused(u16, String),
}

/// A log that is cosigned here.
#[derive(Clone, Debug)]
pub struct WitnessedLog {
    /// Its last state.
    pub last: WitnessedRow,
    /// Where it has contradicted itself.
    pub forks: Vec<ForkRow>,
}

impl App {
    /// Answers a log that asks for a cosignature. Looking at the last state and keeping the new one is one transaction,
    /// committed before the answer; the same checkpoint again gets the same line.
    pub fn cosign(&self, body: &[u8]) -> Result<WitnessAnswer, Error> {
        let request = match Request::parse(body) {
            Ok(request) => request,
            Err(error) => return Ok(WitnessAnswer::Refused(400, error.to_string())),
        };
        let now = self.now();
        self.store
            .write_in_turn(|connection| self.cosign_once(connection, &request, now))
    }

    fn cosign_once(
        &self,
        connection: &mut AnyConnection,
        request: &Request,
        now: Instant,
    ) -> Result<WitnessAnswer, Error> {
        let signed = request.checkpoint();
        let row = store::log_checkpoint::take_witnessed(connection, signed.checkpoint().origin())?;
        let mut trusted = Vec::new();
        let mut last = None;
        if let Some(row) = &row {
            trusted.extend(witnessed_key(row)?);
            last = last_checkpoint(row)?;
        }
        let verdict = witness::decide(request, &trusted, last.as_ref());
        if let Some(fork) = &verdict.fork {
            self.raise_fork(connection, fork, now)?;
        }
        match (verdict.decision, row) {
            (Decision::Cosign, Some(row)) => self.keep_and_sign(connection, signed, row, now),
            (Decision::CosignedBefore, Some(row)) => Ok(WitnessAnswer::Cosigned(format!("{}\n", row.cosignature))),
            (Decision::Conflict { size }, _) => Ok(WitnessAnswer::Conflict(size)),
            (decision, _) => Ok(WitnessAnswer::Refused(decision.status(), reason(&decision))),
        }
    }

    fn keep_and_sign(
        &self,
        connection: &mut AnyConnection,
        signed: &SignedCheckpoint,
        row: WitnessedRow,
        now: Instant,
    ) -> Result<WitnessAnswer, Error> {
        // A clock that was set back must not have a later state seen earlier.
        let at = now.max(row.witnessed_at);
        let seconds = u64::try_from(at.millis() / 1_000).unwrap_or(0);
        let line = cosignature::sign(signed, self.log_keys.witness(), seconds).map_err(Error::internal)?;
        let head = signed.checkpoint().head();
        let row = WitnessedRow {
            size: i64::try_from(head.size).map_err(Error::internal)?,
            root: head.root.bytes().to_vec(),
            note: signed.to_string(),
            cosignature: line.to_string(),
            witnessed_at: at,
            ..row
        };
        store::log_checkpoint::save_witnessed(connection, &row)?;
        Ok(WitnessAnswer::Cosigned(format!("{}\n", row.cosignature)))
    }

    /// Keeps the proof that a log told two stories, and tells the heads of BKD once.
    pub(in crate::app) fn raise_fork(
        &self,
        connection: &mut AnyConnection,
        fork: &Fork,
        now: Instant,
    ) -> Result<(), Error> {
        let second = fork.second().checkpoint();
        let row = ForkRow {
            origin: second.origin().to_owned(),
            size: i64::try_from(second.size()).map_err(Error::internal)?,
            root: second.root().bytes().to_vec(),
            note: fork.first().to_string(),
            other_note: fork.second().to_string(),
            found_at: now,
        };
        if !store::log_checkpoint::insert_fork(connection, &row)? {
            return Ok(());
        }
        tracing::error!(
            origin = row.origin,
            size = row.size,
            "a witnessed log has signed two roots of one size"
        );
        let event = Event {
            subject_kind: "witnessed_log",
            subject_id: row.origin.clone(),
            at: now,
            account_id: None,
            action: "fork",
            from_state: None,
            to_state: None,
            reason: None,
        };
        store::event::append(connection, &event)?;
        let content = NoticeContent::LogForked {
            origin: row.origin,
            size: second.size(),
        };
        for head in store::account::list_with_role(connection, Role::BkdHead)? {
            self.tell_official(connection, head, content.clone(), now)?;
        }
        Ok(())
    }

    /// The logs that are cosigned here, by origin.
    pub fn list_witnessed(&self, _scope: &Scope) -> Result<Vec<WitnessedLog>, Error> {
        self.store.read(|connection| {
            let mut forks = store::log_checkpoint::list_forks(connection)?;
            let logs = store::log_checkpoint::list_witnessed(connection)?;
            let with_forks = |last: WitnessedRow| WitnessedLog {
                forks: forks.extract_if(.., |fork| fork.origin == last.origin).collect(),
                last,
            };
            Ok(logs.into_iter().map(with_forks).collect())
        })
    }

    /// Cosigns the log of this key from now on; a log that is cosigned already changes its key and goes on from the state
    /// that was seen. Which keys are believed stands in BKD's log.
    pub fn set_witnessed(&self, context: &Context, _scope: &Scope, key: &VerifyingKey) -> Result<WitnessedLog, Error> {
        if key.key_type() != KeyType::Note {
            return Err(wrong_key());
        }
        let origin = key.name();
        self.store.write(|connection| {
            if store::log::list(connection)?.iter().any(|log| log.origin == origin) {
                return Err(own_log());
            }
            if store::federation::has_origin(connection, origin)? {
                return Err(agency_log());
            }
            let last = self.trust_log(connection, context, key, (KeyRole::Witnessed, KeyRole::Witnessed))?;
            let forks = store::log_checkpoint::list_forks(connection)?;
            Ok(WitnessedLog {
                forks: forks.into_iter().filter(|fork| fork.origin == last.origin).collect(),
                last,
            })
        })
    }

    /// Cosigns the log of this key from now on, from the state that was seen of it, in the caller's transaction. The key,
    /// and the end of the one before, stand in BKD's log as what they sign: `was` the one before, `is` this one.
    pub(crate) fn trust_log(
        &self,
        connection: &mut AnyConnection,
        context: &Context,
        key: &VerifyingKey,
        (was, is): (KeyRole, KeyRole),
    ) -> Result<WitnessedRow, Error> {
        let origin = key.name();
        let row = store::log_checkpoint::take_witnessed(connection, origin)?;
        let row = row.unwrap_or_else(|| unseen(origin, context.now));
        let text = key.to_string();
        if row.verifying_key == text && was == is {
            return Ok(row);
        }
        self.revoke_log_key(connection, context, &row, was)?;
        let subject = Subject::Key(origin.parse().map_err(|_cause| wrong_key())?);
        self.log_public(connection, context.now, subject, Facts::KeyAdded(facts(key, is)))?;
        note_event(connection, context, "witnessed_log", origin, "set_key", None)?;
        let row = WitnessedRow {
            verifying_key: text,
            ..row
        };
        store::log_checkpoint::save_witnessed(connection, &row)?;
        Ok(row)
    }

    /// Cosigns a log no longer; what was seen of it stays.
    pub(crate) fn distrust_log(
        &self,
        connection: &mut AnyConnection,
        context: &Context,
        origin: &str,
        was: KeyRole,
    ) -> Result<(), Error> {
        let Some(row) = store::log_checkpoint::take_witnessed(connection, origin)? else {
            return Ok(());
        };
        self.revoke_log_key(connection, context, &row, was)?;
        note_event(connection, context, "witnessed_log", origin, "revoke_key", None)?;
        let row = WitnessedRow {
            verifying_key: String::new(),
            ..row
        };
        Ok(store::log_checkpoint::save_witnessed(connection, &row)?)
    }

    fn revoke_log_key(
        &self,
        connection: &mut AnyConnection,
        context: &Context,
        row: &WitnessedRow,
        was: KeyRole,
    ) -> Result<(), Error> {
        let Some(key) = witnessed_key(row)? else {
            return Ok(());
        };
        let subject = Subject::Key(row.origin.parse().map_err(Error::internal)?);
        self.log_public(connection, context.now, subject, Facts::KeyRevoked(facts(&key, was)))
    }
}

/// The text is not the key of a log that can be witnessed.
pub fn wrong_key() -> Error {
    Error::Invalid(vec![FieldError::new(
        "verifying_key",
        "log_key",
        "Kunci penanda tangan log diperlukan, dengan nama berisi paling banyak 100 huruf, angka, titik, tanda hubung dan garis miring.",
        "The key that signs a log is needed, named with at most 100 letters, digits, dots, hyphens and slashes.",
    )])
}

fn own_log() -> Error {
    Error::Invalid(vec![FieldError::new(
        "verifying_key",
        "own_log",
        "Log itu milik layanan ini sendiri, sehingga tidak disaksikan di sini.",
        "That log is this service's own and is not witnessed here.",
    )])
}

fn agency_log() -> Error {
    Error::Invalid(vec![FieldError::new(
        "verifying_key",
        "agency_log",
        "Log itu milik perangkat daerah dengan layanan sendiri; kuncinya didaftarkan di sana.",
        "That log is of an agency that runs an instance of its own; its key is registered there.",
    )])
}

/// Nothing of it has come yet.
fn unseen(origin: &str, now: Instant) -> WitnessedRow {
    WitnessedRow {
        origin: origin.to_owned(),
        verifying_key: String::new(),
        size: 0,
        root: tree::empty_root().bytes().to_vec(),
        note: String::new(),
        cosignature: String::new(),
        witnessed_at: now,
    }
}

fn facts(key: &VerifyingKey, role: KeyRole) -> KeyFacts {
    KeyFacts {
        role,
        verifier: super::key::verifier(key),
    }
}

/// The key that is believed; none of a log that was not trusted yet, or is no longer.
fn witnessed_key(row: &WitnessedRow) -> Result<Option<VerifyingKey>, Error> {
    if row.verifying_key.is_empty() {
        return Ok(None);
    }
    let corrupt = |_cause| store::error::Error::Corrupt("witnessed_log.verifying_key");
    Ok(Some(row.verifying_key.parse().map_err(corrupt)?))
}

fn last_checkpoint(row: &WitnessedRow) -> Result<Option<SignedCheckpoint>, Error> {
    if row.note.is_empty() {
        return Ok(None);
    }
    let corrupt = |_cause| store::error::Error::Corrupt("witnessed_log.note");
    Ok(Some(SignedCheckpoint::parse(row.note.as_bytes()).map_err(corrupt)?))
}

fn reason(decision: &Decision) -> String {
    match decision {
        Decision::OldAboveSize => "the old size is above the checkpoint's".to_owned(),
        Decision::Untrusted(error) => error.to_string(),
        Decision::UnknownOrigin => "no key is known of this origin".to_owned(),
        Decision::Inconsistent(error) => error.to_string(),
        Decision::Cosign | Decision::CosignedBefore | Decision::Conflict { .. } => String::new(),
    }
}
