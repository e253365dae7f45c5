//! Agencies that run an instance of their own: the keys of their logs, registered here and public in BKD's log.

use crate::app::App;
use crate::app::agency::agency_row;
use crate::app::context::Context;
use crate::app::error::Error;
use crate::app::event::note_event;
use crate::domain::access::AgencyCode;
use crate::domain::access::Scope;
use crate::domain::audit_log::facts::KeyRole;
use crate::domain::ids::CaseId;
use crate::domain::instant::Instant;
use crate::domain::log::key::KeyType;
use crate::domain::log::key::VerifyingKey;
use crate::store;
use crate::store::backend::AnyConnection;
use crate::store::federation::FederatedRow;
use chrono::NaiveDate;

pub use crate::store::verdict::Verdict;

/// A federated agency and how far its log was cosigned.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Federated {
    /// The agency and its key.
    pub row: FederatedRow,
    /// Entries of its log in the checkpoint that was cosigned last.
    pub cosigned: i64,
    /// When that was; none while none was.
    pub cosigned_at: Option<Instant>,
    /// When its last dispatch was taken.
    pub received_at: Option<Instant>,
}

impl App {
    /// Registers an agency's key, or changes it as of the version that the caller has seen. The same key again changes
    /// nothing. Each change stands in BKD's log.
    pub fn register_federated(
        &self,
        context: &Context,
        scope: &Scope,
        agency: &AgencyCode,
        key: &str,
        version: Option<i32>,
    ) -> Result<Federated, Error> {
        let key = agency_key(agency, key)?;
        self.store.write(|connection| {
            agency_row(connection, scope, agency)?;
            let before = store::federation::find(connection, agency)?;
            let row = FederatedRow {
                agency_code: agency.as_str().to_owned(),
                origin: key.name().to_owned(),
                verifying_key: key.to_string(),
                registered_at: context.now,
                registered_by: context.account(),
                version: before.as_ref().map_or(1, |row| row.version.saturating_add(1)),
            };
            match before {
                Some(before) if before.verifying_key == row.verifying_key => {
                    return whole(connection, before);
                }
                Some(before) => {
                    if version != Some(before.version) || !store::federation::update(connection, &row, before.version)?
                    {
                        return Err(Error::Stale);
                    }
                    if before.origin != row.origin {
                        self.distrust_log(connection, context, &before.origin, KeyRole::Agency)?;
                    }
                    self.trust_log(connection, context, &key, (KeyRole::Agency, KeyRole::Agency))?;
                }
                None if version.is_some() => return Err(Error::Stale),
                None => {
                    store::federation::insert(connection, &row)?;
                    self.trust_log(connection, context, &key, (KeyRole::Witnessed, KeyRole::Agency))?;
                }
            }
            note_event(
                connection,
                context,
                "agency",
                agency.as_str(),
                "register_key",
                Some(&row.verifying_key),
            )?;
            whole(connection, row)
        })
    }

    /// One federated agency within the scope.
    pub fn find_federated(&self, scope: &Scope, agency: &AgencyCode) -> Result<Federated, Error> {
        self.store.read(|connection| {
            agency_row(connection, scope, agency)?;
            let row = store::federation::find(connection, agency)?.ok_or(Error::NotFound)?;
            whole(connection, row)
        })
    }

    /// The federated agencies of the scope, by code; one more than `limit`.
    pub fn list_federated(&self, scope: &Scope, after: Option<&str>, limit: u32) -> Result<Vec<Federated>, Error> {
        self.store.read(|connection| {
            let rows = store::federation::list(connection, scope, after, i64::from(limit).saturating_add(1))?;
            rows.into_iter().map(|row| whole(connection, row)).collect()
        })
    }

    /// What the decided cases of a federated agency's slots came to, of work dates from `from` on, in the order in which the
    /// cases were made; one more than `limit` if there are more.
    pub fn list_verdicts(
        &self,
        scope: &Scope,
        agency: &AgencyCode,
        from: NaiveDate,
        after: Option<CaseId>,
        limit: u32,
    ) -> Result<Vec<Verdict>, Error> {
        self.store.read(|connection| {
            store::federation::find(connection, agency)?.ok_or(Error::NotFound)?;
            let page = (after, i64::from(limit).saturating_add(1));
            Ok(store::verdict::list_decided(connection, scope, agency, from, page)?)
        })
    }
}

/// The key as registered.
pub(crate) fn parsed(row: &FederatedRow) -> Result<VerifyingKey, Error> {
    let corrupt = store::error::Error::Corrupt("federated_agency.verifying_key");
    Ok(row.verifying_key.parse().ok().ok_or(corrupt)?)
}

fn whole(connection: &mut AnyConnection, row: FederatedRow) -> Result<Federated, Error> {
    let witnessed = store::log_checkpoint::find_witnessed(connection, &row.origin)?;
    let witnessed = witnessed.filter(|witnessed| !witnessed.note.is_empty());
    Ok(Federated {
        cosigned: witnessed.as_ref().map_or(0, |witnessed| witnessed.size),
        cosigned_at: witnessed.map(|witnessed| witnessed.witnessed_at),
        received_at: store::federation::find_last_received_at(connection, &row.agency_code)?,
        row,
    })
}

/// A key of the log of this agency and no other: its name ends in `/agency/` and the code.
fn agency_key(agency: &AgencyCode, text: &str) -> Result<VerifyingKey, Error> {
    let key: Option<VerifyingKey> = text.trim().parse().ok();
    let key = key.filter(|key| key.key_type() == KeyType::Note).ok_or_else(|| {
        Error::field(
            "verifying_key",
            "malformed",
            "Ini bukan kunci log. Salin kunci dari /v1/logs pada layanan perangkat daerah.",
            "Not the key of a log. Copy it from /v1/logs of the agency's instance.",
        )
    })?;
    let is_own = key.name().ends_with(&format!("/agency/{agency}"));
    // The name becomes the subject of an entry.
    let is_short = key.name().parse::<crate::domain::audit_log::subject::Name>().is_ok();
    if is_own && is_short {
        Ok(key)
    } else {
        Err(Error::field(
            "verifying_key",
            "other_log",
            format!("Kunci ini milik log lain; namanya harus berakhir dengan /agency/{agency}."),
            format!("The key is of another log; its name must end in /agency/{agency}."),
        ))
    }
}
