//! Transparency logs: entries in the transaction of what they tell, their place in the tree, and what is signed.

pub mod check;
pub mod cosign;
pub mod grow;
pub(crate) mod key;
pub mod read;
pub mod witness;

use crate::app::App;
use crate::app::context::Context;
use crate::app::error::Error;
use crate::domain::access::AgencyCode;
use crate::domain::audit_log::entry::Entry;
use crate::domain::audit_log::facts::ExportFacts;
use crate::domain::audit_log::facts::Facts;
use crate::domain::audit_log::facts::Nothing;
use crate::domain::audit_log::record::Opening;
use crate::domain::audit_log::record::Record;
use crate::domain::audit_log::subject::Subject;
use crate::domain::batch::commitment::Salt;
use crate::domain::dispatch::openings_key::OpeningsKeyPair;
use crate::domain::ids::LogEntryId;
use crate::domain::instant::Instant;
use crate::domain::log::key::KeyError;
use crate::domain::log::key::KeyType;
use crate::domain::log::key::SigningKey;
use crate::domain::log_name::LogName;
use crate::domain::log_name::key_seed;
use crate::store;
use crate::store::backend::AnyConnection;
use crate::store::log::LogEntryRow;
use crate::store::log::LogOpeningRow;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

/// Whose data key seals the private records that belong to no agency.
pub(crate) const OWN_RECORDS: &str = "bkd-audit-log";

/// The keys that sign logs, receipts and what is witnessed. The same on every instance of a deployment.
#[derive(Debug)]
pub struct LogKeys {
    deployment: String,
    secret: Secret,
    receipts: SigningKey,
    witness: SigningKey,
    openings: OpeningsKeyPair,
    /// Whether this process has seen to it that the log names its keys.
    are_logged: AtomicBool,
    /// Entries that this process has added.
    serial: AtomicU32,
}

struct Secret([u8; 32]);

impl std::fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Secret(hidden)")
    }
}

impl LogKeys {
    /// The keys of a deployment by its name in logs; without one it is named after its own keys.
    pub fn new(name: Option<&str>, secret: [u8; 32]) -> Result<Self, KeyError> {
        let deployment = if let Some(name) = name {
            name.to_owned()
        } else {
            let key = SigningKey::from_seed("sherlok", KeyType::Note, &key_seed(&secret, "name"))?;
            format!("sherlok-{}", key.verifying_key().id())
        };
        let key = |suffix: &str, key_type| {
            let name = format!("{deployment}/{suffix}");
            SigningKey::from_seed(&name, key_type, &key_seed(&secret, suffix))
        };
        Ok(Self {
            receipts: key("receipts", KeyType::Note)?,
            witness: key("witness", KeyType::Cosignature)?,
            openings: OpeningsKeyPair::from_seed(&format!("{deployment}/openings"), &key_seed(&secret, "openings"))
                .map_err(|_cause| KeyError::Name)?,
            deployment,
            secret: Secret(secret),
            are_logged: AtomicBool::new(false),
            serial: AtomicU32::new(0),
        })
    }

    /// The key that signs receipts of shares.
    pub const fn receipts(&self) -> &SigningKey {
        &self.receipts
    }

    /// The key that says when a checkpoint was seen.
    pub const fn witness(&self) -> &SigningKey {
        &self.witness
    }

    /// The key that positions are sealed to, on their way here.
    pub const fn openings(&self) -> &OpeningsKeyPair {
        &self.openings
    }

    /// The origin of a log, which is also the name of its key.
    pub fn origin(&self, log: &LogName) -> String {
        log.origin(&self.deployment)
    }

    /// The key that signs the checkpoints of a log.
    pub fn of(&self, log: &LogName) -> Result<SigningKey, KeyError> {
        let seed = key_seed(&self.secret.0, &log.to_string());
        SigningKey::from_seed(&self.origin(log), KeyType::Note, &seed)
    }
}

impl App {
    /// Adds an entry that hides nothing to BKD's log, in the caller's transaction.
    pub(crate) fn log_public(
        &self,
        connection: &mut AnyConnection,
        at: Instant,
        subject: Subject,
        facts: Facts,
    ) -> Result<(), Error> {
        self.add_entry(connection, &Entry::public(at, subject, facts)).map(drop)
    }

    /// Adds an entry with a private record to BKD's log, in the caller's transaction. The record is sealed with the
    /// key of the agency whose people it is about, so that it is forgotten with their data.
    pub(crate) fn log_private(
        &self,
        connection: &mut AnyConnection,
        at: Instant,
        (subject, facts): (Subject, Facts),
        record: Record,
        agency: Option<&AgencyCode>,
    ) -> Result<(), Error> {
        let opening = Opening {
            salt: Salt::new(self.entropy.bytes()?),
            record,
        };
        let entry = Entry::private(at, subject, facts, &opening).map_err(Error::internal)?;
        let id = self.add_entry(connection, &entry)?;
        let own = AgencyCode::parse(OWN_RECORDS).map_err(Error::internal)?;
        let (key_id, key) = self
            .keyring
            .key_for(connection, &self.entropy, agency.unwrap_or(&own), at)?;
        let text = opening.to_text().map_err(Error::internal)?;
        let sealed = key.seal(&opening_seal(id), text.as_bytes(), self.entropy.bytes()?)?;
        store::log::insert_opening(
            connection,
            &LogOpeningRow {
                entry_id: id,
                key_id,
                sealed,
            },
        )?;
        Ok(())
    }

    /// Says in BKD's log that a setting was changed; the values stand in the private record.
    pub(crate) fn log_setting(
        &self,
        connection: &mut AnyConnection,
        context: &Context,
        name: &str,
        before: Option<String>,
        after: Option<String>,
    ) -> Result<(), Error> {
        let subject = Subject::Setting(name.parse().map_err(Error::internal)?);
        let record = Record::SettingChanged {
            account: Some(context.account()).filter(|id| !id.uuid().is_nil()),
            before,
            after,
        };
        let said = (subject, Facts::SettingChanged(Nothing {}));
        self.log_private(connection, context.now, said, record, None)
    }

    /// Says in BKD's log that somebody's data leave the service as a file, in the transaction that is committed before the
    /// first byte goes. `subject` is what was taken, `what` names it in the private record.
    pub(crate) fn log_export(
        &self,
        connection: &mut AnyConnection,
        context: &Context,
        (subject, what): (Subject, String),
        format: &str,
        agency: &AgencyCode,
    ) -> Result<(), Error> {
        let facts = Facts::Export(ExportFacts {
            format: format.parse().map_err(Error::internal)?,
            sha256: None,
        });
        let record = Record::Export {
            account: context.account(),
            subject: what,
            purpose: None,
        };
        self.log_private(connection, context.now, (subject, facts), record, Some(agency))
    }

    fn add_entry(&self, connection: &mut AnyConnection, entry: &Entry) -> Result<LogEntryId, Error> {
        self.add_entry_to(connection, &LogName::Audit, entry)
    }

    /// Adds an entry to a log, in the caller's transaction. It waits for its place.
    pub(crate) fn add_entry_to(
        &self,
        connection: &mut AnyConnection,
        name: &LogName,
        entry: &Entry,
    ) -> Result<LogEntryId, Error> {
        let content = String::from_utf8(entry.leaf().map_err(Error::internal)?).map_err(Error::internal)?;
        let row = LogEntryRow {
            id: self.log_entry_id(entry.at)?,
            log_name: name.to_string(),
            position: None,
            added_at: entry.at,
            kind: entry.facts.kind().to_owned(),
            subject: entry.subject.to_string(),
            content,
        };
        store::log::begin_if_absent(connection, &row.log_name, &self.log_keys.origin(name))?;
        store::log::insert_entry(connection, &row)?;
        Ok(row.id)
    }

    /// An id behind those of this process that were made before in the same millisecond, so that entries of one
    /// transaction take their places in the order in which they were added.
    fn log_entry_id(&self, at: Instant) -> Result<LogEntryId, Error> {
        let serial = self.log_keys.serial.fetch_add(1, Ordering::Relaxed);
        let [first, second, third, last] = serial.to_be_bytes();
        let mut bytes = [0; 10];
        // Version and variant take the upper bits of the first and the third byte: 26 bits of the serial stay.
        let ordered = [
            (first & 0x03) << 2 | second >> 6,
            second << 2 | third >> 6,
            third & 0x3f,
            last,
        ];
        let (front, random) = bytes.split_at_mut(4);
        front.copy_from_slice(&ordered);
        random.copy_from_slice(&self.entropy.bytes::<6>()?);
        let millis = u64::try_from(at.millis()).unwrap_or(0);
        let id = uuid::Builder::from_unix_timestamp_millis(millis, &bytes).into_uuid();
        Ok(LogEntryId::new(id))
    }

    /// What an entry commits to; none where it hides nothing or its record was forgotten.
    pub(crate) fn opening(
        &self,
        connection: &mut AnyConnection,
        row: &LogOpeningRow,
    ) -> Result<Option<Opening>, Error> {
        let keys = self.keyring.keys(connection, &[row.key_id])?;
        let Some(key) = keys.get(&row.key_id) else {
            return Ok(None);
        };
        let text = key.open(&opening_seal(row.entry_id), &row.sealed)?;
        let text = String::from_utf8(text).map_err(Error::internal)?;
        Opening::parse(&text).map(Some).map_err(Error::internal)
    }
}

/// The associated data of a sealed record.
fn opening_seal(id: LogEntryId) -> Vec<u8> {
    format!("log_opening/{id}/sealed/1").into_bytes()
}
