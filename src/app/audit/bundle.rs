//! A whole audit in a folder: what BKD's log says of it, with proofs, and everything that follows. For closed audits.

use crate::app::App;
use crate::app::audit::found;
use crate::app::context::Context;
use crate::app::error::Code;
use crate::app::error::Error;
use crate::app::log::read;
use crate::domain::access::Scope;
use crate::domain::audit::AuditState;
use crate::domain::audit_log::entry::Entry;
use crate::domain::audit_log::facts::Facts;
use crate::domain::audit_log::facts::Nothing;
use crate::domain::audit_log::subject::Subject;
use crate::domain::bundle::Files;
use crate::domain::bundle::build;
use crate::domain::bundle::build::Source;
use crate::domain::bundle::derive;
use crate::domain::bundle::lines::LoggedEntry;
use crate::domain::digest::Digest;
use crate::domain::ids::AuditId;
use crate::domain::ids::LogEntryId;
use crate::domain::log_name::LogName;
use crate::platform::archive::Archive;
use crate::store;
use crate::store::backend::AnyConnection;
use crate::store::log::LogEntryRow;
use std::collections::HashMap;

/// Openings asked for in one statement; SQLite binds at most 32,766 values.
const OPENINGS_AT_ONCE: usize = 5_000;

impl App {
    /// Says in BKD's log what an audit found and which digests its report has, and that it is closed, in the caller's
    /// transaction. Its entries must have their places; [`Error::Busy`] where one came in between.
    pub(super) fn log_close(
        &self,
        connection: &mut AnyConnection,
        context: &Context,
        id: AuditId,
    ) -> Result<(), Error> {
        let subject = Subject::Audit(id);
        let rows = entries_of(connection, id)?;
        let entries = self.opened(connection, &rows)?;
        let population = population(connection, id)?;
        let policy = self.bundle_policy()?;
        let bounds = derive::bounds_of(id, &population, &entries).map_err(Error::internal)?;
        self.log_public(connection, context.now, subject.clone(), Facts::Bound(bounds))?;
        let files = build::bound_files(id, &policy, &population, &entries).map_err(Error::internal)?;
        let report = build::report_facts(&files).map_err(Error::internal)?;
        self.log_public(connection, context.now, subject.clone(), Facts::Report(report))?;
        self.log_public(connection, context.now, subject, Facts::AuditClosed(Nothing {}))
    }

    /// The files of a closed audit's bundle (`api-spec/audit-bundle.md`), which anyone checks without this service.
    pub fn bundle_audit(&self, scope: &Scope, id: AuditId) -> Result<Files, Error> {
        let log = LogName::Audit;
        let name = log.to_string();
        self.store.read(|connection| {
            if found(connection, scope, id)?.state == AuditState::Closed {
                Ok(())
            } else {
                Err(Error::Conflict(Code::WrongState))
            }
        })?;
        self.grow_log(&log)?;
        self.store.read(|connection| {
            let rows = entries_of(connection, id)?;
            let mut entries = self.opened(connection, &rows)?;
            let newest = store::log_checkpoint::find_latest(connection, &name)?.ok_or(Error::NotFound)?;
            let size = u64::try_from(newest.size).map_err(Error::internal)?;
            for entry in &mut entries {
                entry.proof = read::prove_inclusion(connection, &name, entry.index, size)?;
            }
            // The checkpoint that was signed when the plan stood: no seed is taken before it.
            let plan = rows.iter().find(|row| row.kind == "plan").and_then(|row| row.position);
            let corrupt = store::error::Error::Corrupt("log_entry.position");
            let plan = plan.ok_or(corrupt)?.saturating_add(1);
            let signed = store::log_checkpoint::find_covering(connection, &name, plan)?.ok_or(Error::NotFound)?;
            let earlier = u64::try_from(signed.size).map_err(Error::internal)?;
            let consistency = read::prove_consistency(connection, &name, earlier, size)?;
            let source = Source {
                audit: id,
                policy: &self.bundle_policy()?,
                population: &population(connection, id)?,
                entries: &entries,
                checkpoint: &read::with_cosignatures(connection, &newest, None)?,
                plan_checkpoint: &read::with_cosignatures(connection, &signed, None)?,
                consistency: &consistency,
            };
            build::build(&source).map_err(Error::internal)
        })
    }

    /// The same as one ZIP.
    pub fn bundle_archive(&self, scope: &Scope, id: AuditId) -> Result<Vec<u8>, Error> {
        let mut archive = Archive::new(Vec::new());
        for (name, content) in &self.bundle_audit(scope, id)? {
            let added = archive.file(name, false, |file| file.write_all(content));
            added.map_err(Error::internal)?;
        }
        archive.finish().map_err(Error::internal)
    }

    /// Whom a bundle asks to be believed: the log, and the deployment's own witness for the time.
    fn bundle_policy(&self) -> Result<String, Error> {
        let log = self.log_keys.of(&LogName::Audit).map_err(Error::internal)?;
        Ok(format!(
            "log {}\nwitness bkd {}\nquorum bkd\n",
            log.verifying_key(),
            self.log_keys.witness().verifying_key()
        ))
    }

    /// Entries with what opens them, where a bundle opens it.
    fn opened(&self, connection: &mut AnyConnection, rows: &[LogEntryRow]) -> Result<Vec<LoggedEntry>, Error> {
        let is_opened = |kind: &str| matches!(kind, "verdict" | "verdict_amended" | "second_review" | "seed");
        let ids: Vec<LogEntryId> = rows
            .iter()
            .filter(|row| is_opened(&row.kind))
            .map(|row| row.id)
            .collect();
        let mut openings = HashMap::with_capacity(ids.len());
        for ids in ids.chunks(OPENINGS_AT_ONCE) {
            for row in store::log::list_openings(connection, ids)? {
                openings.insert(row.entry_id, self.opening(connection, &row)?);
            }
        }
        let mut entries = Vec::with_capacity(rows.len());
        for row in rows {
            let entry = Entry::parse(row.content.as_bytes()).map_err(Error::internal)?;
            let opening = openings.remove(&row.id).flatten();
            entries.push(LoggedEntry {
                // An entry that was added a moment ago has its place in a moment.
                index: u64::try_from(row.position.ok_or(Error::Busy(1))?).map_err(Error::internal)?,
                entry,
                opening,
                proof: Vec::<Digest>::new(),
            });
        }
        Ok(entries)
    }
}

/// The entries about an audit in the order of the log.
fn entries_of(connection: &mut AnyConnection, id: AuditId) -> Result<Vec<LogEntryRow>, Error> {
    let subject = Subject::Audit(id).to_string();
    let mut rows = store::log::list_of_subject(connection, &LogName::Audit.to_string(), &subject)?;
    rows.sort_by_key(|row| row.position.unwrap_or(i64::MAX));
    Ok(rows)
}

fn population(connection: &mut AnyConnection, id: AuditId) -> Result<String, Error> {
    let mut text = String::new();
    let mut after = -1;
    while let Some(chunk) = store::audit_population::find_next(connection, id, after)? {
        after = chunk.sequence;
        text.push_str(&chunk.units);
    }
    Ok(text)
}
