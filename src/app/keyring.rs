//! Data keys in memory: opened once, remembered by id. Also the sessions that ended a moment ago.

use crate::app::error::Error;
use crate::domain::access::AgencyCode;
use crate::domain::ids::DataKeyId;
use crate::domain::ids::SessionId;
use crate::domain::instant::Instant;
use crate::platform::cipher::Key;
use crate::platform::entropy::Entropy;
use crate::platform::token::ACCESS_SECONDS;
use crate::store;
use crate::store::backend::AnyConnection;
use chrono::{Datelike, Duration};
use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};

/// Opened keys. Remembering by id is safe even when the transaction that made a key is rolled back: such an id is
/// never met again.
#[derive(Debug)]
pub(crate) struct Keyring {
    master: Key,
    opened: RwLock<HashMap<DataKeyId, Key>>,
    in_use: RwLock<InUse>,
    revoked: RwLock<HashMap<SessionId, Instant>>,
}

/// The keys that shares of a month are sealed with, by agency.
#[derive(Debug, Default)]
struct InUse {
    month: (i32, u32),
    keys: HashMap<String, (DataKeyId, Key)>,
}

impl Keyring {
    pub(crate) fn new(master: Key) -> Self {
        Self {
            master,
            opened: RwLock::default(),
            in_use: RwLock::default(),
            revoked: RwLock::default(),
        }
    }

    /// The key of an agency and UTC month (`2026-03`); makes it on first need, in the caller's transaction.
    pub(crate) fn key_for(
        &self,
        connection: &mut AnyConnection,
        entropy: &Entropy,
        agency: &AgencyCode,
        now: Instant,
    ) -> Result<(DataKeyId, Key), Error> {
        let month = month_text(now);
        if let Some((id, wrapped)) = store::data_key::find(connection, agency, &month)? {
            return Ok((id, self.opened(id, &wrapped)?));
        }
        let id = DataKeyId::new(entropy.uuid(now)?);
        let wrapped = Key::new(entropy.bytes()?).wrapped_by(&self.master, id.uuid().as_bytes(), entropy.bytes()?)?;
        store::data_key::insert_if_absent(connection, id, agency, &month, &wrapped, now)?;
        // Another instance may have been first; the row that stands is the key.
        let (id, wrapped) =
            store::data_key::find(connection, agency, &month)?.ok_or(store::error::Error::Corrupt("data_key"))?;
        Ok((id, self.opened(id, &wrapped)?))
    }

    /// Like [`Keyring::key_for`], from memory where it can, for a caller that asks at most once for an agency in a
    /// transaction. A key that the transaction itself makes is not remembered: it may yet be rolled back.
    pub(crate) fn key_in_use(
        &self,
        connection: &mut AnyConnection,
        entropy: &Entropy,
        agency: &str,
        now: Instant,
    ) -> Result<(DataKeyId, Key), Error> {
        let date = now.utc().date_naive();
        let month = (date.year(), date.month());
        {
            let in_use = self.in_use.read().unwrap_or_else(PoisonError::into_inner);
            if let Some((id, key)) = in_use.keys.get(agency).filter(|_| in_use.month == month) {
                return Ok((*id, key.clone()));
            }
        }
        let code = AgencyCode::parse(agency)
            .ok()
            .ok_or(store::error::Error::Corrupt("membership.agency_code"))?;
        let Some((id, wrapped)) = store::data_key::find(connection, &code, &month_text(now))? else {
            return self.key_for(connection, entropy, &code, now);
        };
        let key = self.opened(id, &wrapped)?;
        let mut in_use = self.in_use.write().unwrap_or_else(PoisonError::into_inner);
        if in_use.month != month {
            in_use.month = month;
            in_use.keys.clear();
        }
        in_use.keys.insert(agency.to_owned(), (id, key.clone()));
        Ok((id, key))
    }

    /// The keys of these ids, for opening what they sealed. An id whose key was destroyed is left out.
    pub(crate) fn keys(
        &self,
        connection: &mut AnyConnection,
        ids: &[DataKeyId],
    ) -> Result<HashMap<DataKeyId, Key>, Error> {
        let mut found = HashMap::new();
        let mut unknown = Vec::new();
        {
            let opened = self.opened.read().unwrap_or_else(PoisonError::into_inner);
            for id in ids {
                match opened.get(id) {
                    Some(key) => drop(found.insert(*id, key.clone())),
                    None => unknown.push(*id),
                }
            }
        }
        unknown.sort_unstable();
        unknown.dedup();
        if !unknown.is_empty() {
            for (id, wrapped) in store::data_key::list(connection, &unknown)? {
                found.insert(id, self.opened(id, &wrapped)?);
            }
        }
        Ok(found)
    }

    fn opened(&self, id: DataKeyId, wrapped: &[u8]) -> Result<Key, Error> {
        if let Some(key) = self.opened.read().unwrap_or_else(PoisonError::into_inner).get(&id) {
            return Ok(key.clone());
        }
        let key = self.master.unwrap_key(id.uuid().as_bytes(), wrapped)?;
        self.opened
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(id, key.clone());
        Ok(key)
    }

    /// Remembers sessions that end now until their last access tokens have run out.
    pub(crate) fn revoke(&self, sessions: impl IntoIterator<Item = SessionId>, now: Instant) {
        self.revoke_all(sessions.into_iter().map(|session| (session, now)), now);
    }

    /// Remembers sessions that ended a while ago, on whichever instance.
    pub(crate) fn revoke_all(&self, ended: impl IntoIterator<Item = (SessionId, Instant)>, now: Instant) {
        let mut revoked = self.revoked.write().unwrap_or_else(PoisonError::into_inner);
        revoked.retain(|_, ended_at| now.since(*ended_at) <= Duration::seconds(ACCESS_SECONDS));
        revoked.extend(ended);
    }

    /// Whether the session is known to have ended within the life of an access token.
    pub(crate) fn is_revoked(&self, session: SessionId, now: Instant) -> bool {
        let revoked = self.revoked.read().unwrap_or_else(PoisonError::into_inner);
        revoked
            .get(&session)
            .is_some_and(|ended_at| now.since(*ended_at) <= Duration::seconds(ACCESS_SECONDS))
    }
}

/// The UTC month of a moment: `2026-03`.
fn month_text(now: Instant) -> String {
    now.utc().format("%Y-%m").to_string()
}

/// Names a row and column as the associated data of a seal.
pub(crate) fn seal_name(table: &str, id: uuid::Uuid, column: &str) -> Vec<u8> {
    format!("{table}/{id}/{column}/1").into_bytes()
}
