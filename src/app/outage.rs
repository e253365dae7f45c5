//! Outages: declared by BKD, and told by the service's own record of when its instances lived.

use crate::app::App;
use crate::app::context::Context;
use crate::app::error::Code;
use crate::app::error::Error;
use crate::app::event::note_event;
use crate::domain::access::Scope;
use crate::domain::ids::InstanceRunId;
use crate::domain::ids::OutageId;
use crate::domain::instant::Instant;
use crate::domain::recap::outage::LONGEST_DAYS;
use crate::domain::recap::outage::OutageScope;
use crate::store;
use chrono::Duration;
use std::sync::{Mutex, PoisonError};

pub use crate::store::outage::OutageRow;

/// A run that was not seen for longer has ended, even if its process goes on: it could not write.
const LONGEST_SILENCE: Duration = Duration::minutes(2);

/// This process's present run, and when it was last written down.
#[derive(Debug, Default)]
pub(crate) struct Heartbeat(Mutex<Option<(InstanceRunId, Instant)>>);

/// What BKD declares.
#[derive(Clone, Debug)]
pub struct NewOutage {
    /// When it began.
    pub from: Instant,
    /// When it ended, or is expected to.
    pub to: Instant,
    /// Whom it touched.
    pub scope: OutageScope,
    /// What happened.
    pub reason: String,
}

impl App {
    /// Declares an outage.
    pub fn declare_outage(&self, context: &Context, _scope: &Scope, new: &NewOutage) -> Result<OutageRow, Error> {
        if new.to <= new.from || new.to.since(new.from) > Duration::days(LONGEST_DAYS) {
            return Err(Error::field(
                "to",
                "out_of_limits",
                "Gangguan berakhir setelah dimulai, paling lama 31 hari.",
                "An outage ends after it began, at most 31 days later.",
            ));
        }
        let (scope_kind, scope_code) = match &new.scope {
            OutageScope::All => ("all", None),
            OutageScope::Agency { code } => ("agency", Some(code.clone())),
            OutageScope::Region { code } => ("region", Some(code.as_str().to_owned())),
        };
        let row = OutageRow {
            id: OutageId::new(self.entropy.uuid(context.now)?),
            from_at: new.from,
            to_at: new.to,
            scope_kind: scope_kind.to_owned(),
            scope_code,
            reason: new.reason.clone(),
            declared_by: context.account(),
            declared_at: context.now,
            withdrawn_by: None,
            withdrawn_at: None,
        };
        self.store.write(|connection| {
            if let OutageScope::Agency { code } = &new.scope
                && self.rule_book(connection)?.agency(code).is_none()
            {
                return Err(Error::field(
                    "scope.code",
                    "unknown",
                    "Perangkat daerah ini tidak dikenal.",
                    "No such agency.",
                ));
            }
            store::outage::insert(connection, &row)?;
            note_event(
                connection,
                context,
                "outage",
                &row.id.to_string(),
                "declare",
                Some(&row.reason),
            )
        })?;
        Ok(row)
    }

    /// Takes an outage back, once.
    pub fn withdraw_outage(
        &self,
        context: &Context,
        _scope: &Scope,
        id: OutageId,
        reason: &str,
    ) -> Result<OutageRow, Error> {
        self.store.write(|connection| {
            if store::outage::find(connection, id)?.is_none() {
                return Err(Error::NotFound);
            }
            if !store::outage::withdraw(connection, id, context.account(), context.now)? {
                return Err(Error::Conflict(Code::WrongState));
            }
            note_event(connection, context, "outage", &id.to_string(), "withdraw", Some(reason))?;
            store::outage::find(connection, id)?.ok_or(Error::NotFound)
        })
    }

    /// Up to `limit` outages, newest first.
    pub fn outages(
        &self,
        _scope: &Scope,
        after: Option<(Instant, OutageId)>,
        limit: u32,
    ) -> Result<Vec<OutageRow>, Error> {
        self.store
            .read(|connection| Ok(store::outage::list(connection, after, i64::from(limit))?))
    }

    /// Writes down that this instance lives. After a silence a new run begins, so that the silence shows.
    pub fn beat(&self) -> Result<(), Error> {
        let now = self.now();
        let mut beat = self.heartbeat.0.lock().unwrap_or_else(PoisonError::into_inner);
        let running = beat.filter(|(_, seen)| now.since(*seen) <= LONGEST_SILENCE);
        if let Some((id, _)) = running
            && self
                .store
                .write(|connection| store::outage::touch_run(connection, id, now).map_err(Error::from))?
        {
            *beat = Some((id, now));
            return Ok(());
        }
        let id = InstanceRunId::new(self.entropy.uuid(now)?);
        self.store
            .write(|connection| store::outage::insert_run(connection, id, now).map_err(Error::from))?;
        *beat = Some((id, now));
        Ok(())
    }
}
