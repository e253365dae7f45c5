//! The keys in use stand in the log before anything else that they sign.

use crate::app::App;
use crate::app::error::Error;
use crate::domain::audit_log::entry::Entry;
use crate::domain::audit_log::facts::Facts;
use crate::domain::audit_log::facts::KeyFacts;
use crate::domain::audit_log::facts::KeyRole;
use crate::domain::audit_log::subject::Subject;
use crate::domain::log::key::VerifyingKey;
use crate::domain::log_name::LogName;
use crate::store;
use crate::store::backend::AnyConnection;
use std::sync::atomic::Ordering;

impl App {
    /// Says in BKD's log which keys sign from now on, where it does not say so already, and which no longer do. Once a
    /// process: keys change with a start only.
    pub(crate) fn log_keys_in_use(&self) -> Result<(), Error> {
        if self.log_keys.are_logged.load(Ordering::Relaxed) {
            return Ok(());
        }
        let audit = self.log_keys.of(&LogName::Audit).map_err(Error::internal)?;
        let keys = [
            (KeyRole::Log, audit.verifying_key()),
            (KeyRole::Witness, self.log_keys.witness().verifying_key()),
            (KeyRole::Receipts, self.log_keys.receipts().verifying_key()),
        ];
        let now = self.now();
        self.store.write(|connection| {
            for (role, key) in keys {
                let subject = Subject::Key(key.name().parse().map_err(Error::internal)?);
                let facts = KeyFacts {
                    role,
                    verifier: verifier(key),
                };
                let before = in_use(connection, &subject)?;
                if before.as_ref() == Some(&facts) {
                    continue;
                }
                if let Some(before) = before {
                    self.log_public(connection, now, subject.clone(), Facts::KeyRevoked(before))?;
                }
                self.log_public(connection, now, subject, Facts::KeyAdded(facts))?;
            }
            Ok::<_, Error>(())
        })?;
        self.log_keys.are_logged.store(true, Ordering::Relaxed);
        Ok(())
    }
}

/// The key's type and bytes, as the last part of its text has them.
pub(in crate::app) fn verifier(key: &VerifyingKey) -> String {
    let text = key.to_string();
    text.splitn(3, '+').nth(2).unwrap_or_default().to_owned()
}

/// The key of that name that was added last and not revoked since.
fn in_use(connection: &mut AnyConnection, subject: &Subject) -> Result<Option<KeyFacts>, Error> {
    let mut in_use = None;
    for row in store::log::list_of_subject(connection, &LogName::Audit.to_string(), &subject.to_string())? {
        let facts = Entry::parse(row.content.as_bytes()).map_err(Error::internal)?.facts;
        if let Facts::KeyAdded(facts) = facts {
            in_use = Some(facts);
        } else if let Facts::KeyRevoked(_) = facts {
            in_use = None;
        }
    }
    Ok(in_use)
}
