//! Sending a batch to BKD, the check that BKD's side makes of it, and the receipt.

use crate::app::App;
use crate::app::batch::Batch;
use crate::app::batch::find_held;
use crate::app::batch::find_sealed;
use crate::app::batch::log;
use crate::app::batch::manifest_of;
use crate::app::batch::newest_later;
use crate::app::batch::seen;
use crate::app::batch::sight;
use crate::app::batch::tell_decision;
use crate::app::context::Context;
use crate::app::dispatch::send::queue_dispatch;
use crate::app::error::Code;
use crate::app::error::Error;
use crate::domain::access::AgencyCode;
use crate::domain::access::Scope;
use crate::domain::batch::check::Check;
use crate::domain::batch::check::Outcome;
use crate::domain::batch::check::Standing;
use crate::domain::batch::manifest::Manifest;
use crate::domain::batch::state::BatchState;
use crate::domain::batch::state::BatchStep;
use crate::domain::batch::submission::approver;
use crate::domain::batch::submission::receipt_number;
use crate::domain::digest::Digest;
use crate::domain::ids::BatchId;
use crate::domain::instant::Instant;
use crate::store;
use crate::store::batch::BatchRow;
use crate::store::batch_chunk::SealedFile;
use crate::store::columns::Json;
use chrono::NaiveDate;
use serde::Deserialize;
use std::borrow::Cow;
use std::collections::HashMap;
use std::collections::HashSet;

impl App {
    /// Sends a sealed batch: BKD's check runs at once and gives the receipt, or rejects a broken file. Sending a batch
    /// that was sent already changes nothing and answers the same.
    pub fn submit_batch(&self, context: &Context, scope: &Scope, id: BatchId) -> Result<Batch, Error> {
        let sight = sight(context, scope);
        let row = self.store.write(|connection| {
            // BKD sees sent batches, but only the agency's own people send.
            let row = find_held(connection, &sight, scope, id)?;
            if row.state.is_sent() {
                return Ok(row);
            }
            let newest = newest_later(connection, &row)?;
            let state = row.state.after(BatchStep::Submit, newest)?;
            let agency = AgencyCode::parse(&row.agency_code).map_err(Error::internal)?;
            let setting = store::batch_setting::find(connection, &agency)?;
            let approved_by = approver(row.prepared_by, context.account(), setting.needs_second_person)
                .ok()
                .ok_or(Error::Conflict(Code::SecondPersonNeeded))?;
            let name = store::account::find(connection, context.account())?.map(|account| account.username);
            let from = row.state;
            let sent = BatchRow {
                state,
                submitted_at: Some(context.now),
                submitted_by: Some(context.account()),
                submitted_by_name: name.clone(),
                approved_by,
                approved_by_name: approved_by.and(name),
                ..row
            };
            if store::batch::update(connection, &sent, from)? {
                log(
                    connection,
                    &sent,
                    context.now,
                    Some(context.account()),
                    "submit",
                    Some(from),
                )?;
                if self.sends_to_bkd() {
                    queue_dispatch(connection, sent.id, context.now)?;
                }
                Ok(sent)
            } else {
                Err(Error::Busy(1))
            }
        })?;
        // BKD's own instance says when it has the batch.
        if row.state == BatchState::Submitted && !self.sends_to_bkd() {
            self.receive(&row, context.now)?;
        }
        self.store.read(|connection| {
            let row = find_sealed(connection, &sight, id)?;
            seen(connection, &sight, &row)
        })
    }

    /// BKD's side: checks a submitted batch line by line, then gives the receipt or rejects it. Two instances that do
    /// it at once come to the same answer, and the first one's stands.
    pub(super) fn receive(&self, row: &BatchRow, now: Instant) -> Result<(), Error> {
        let (manifest, digest) = manifest_of(row)?;
        let outcome = self.check(row, &manifest)?;
        let step = if outcome.is_broken {
            BatchStep::Reject
        } else {
            BatchStep::Receive
        };
        let answered = BatchRow {
            state: row.state.after(step, None)?,
            findings: Json(serde_json::to_value(&outcome.findings).map_err(Error::internal)?),
            received_at: (!outcome.is_broken).then_some(now),
            receipt_number: (!outcome.is_broken)
                .then(|| receipt_number(&row.agency_code, row.coverage(), manifest.version, digest)),
            decided_at: outcome.is_broken.then_some(now),
            ..row.clone()
        };
        self.store.write(|connection| {
            if store::batch::update(connection, &answered, BatchState::Submitted)? {
                log(connection, &answered, now, None, "check", Some(BatchState::Submitted))?;
                if !outcome.is_broken {
                    self.log_received(connection, &answered, now)?;
                }
                tell_decision(self, connection, &answered, &outcome.findings, now)?;
            }
            Ok::<_, Error>(())
        })?;
        tracing::info!(batch = %row.id, state = answered.state.code(), findings = outcome.findings.len(), "batch checked");
        Ok(())
    }

    fn check(&self, row: &BatchRow, manifest: &Manifest) -> Result<Outcome, Error> {
        let standings = self.standings(row.id)?;
        let agency = row.agency_code.clone();
        let standing = move |number: &str, work_date: NaiveDate| {
            let Some(memberships) = standings.get(number) else {
                return Standing::Unknown;
            };
            let is_own = memberships
                .iter()
                .any(|(code, from, to)| *code == agency && *from <= work_date && to.is_none_or(|to| to >= work_date));
            if is_own { Standing::Own } else { Standing::Foreign }
        };
        let mut check = Check::new(manifest, &standing);
        let digest = row.manifest.as_deref().map(|text| Digest::of(text.as_bytes()));
        if digest != row.digest() {
            check.manifest_differs();
        }
        self.each_line(row.id, SealedFile::Rows, |line| check.row(line))?;
        self.each_line(row.id, SealedFile::Cells, |line| check.cell(line))?;
        Ok(check.finish())
    }

    /// Memberships by number of everybody in a batch: as many as people, not as rows.
    fn standings(&self, id: BatchId) -> Result<HashMap<String, Vec<Membership>>, Error> {
        let mut numbers = HashSet::new();
        self.each_line(id, SealedFile::Rows, |line| {
            // A line that is no row is the check's to find.
            if let Ok(row) = serde_json::from_str::<Numbered<'_>>(line) {
                numbers.insert(row.employee_number.into_owned());
            }
        })?;
        let numbers: Vec<String> = numbers.into_iter().collect();
        let rows = self
            .store
            .read(|connection| store::batch_unit::list_standings(connection, &numbers).map_err(Error::from))?;
        let mut standings: HashMap<String, Vec<Membership>> = HashMap::new();
        for (number, agency, from, to) in rows {
            standings.entry(number).or_default().push((agency, from, to));
        }
        Ok(standings)
    }

    /// Gives the lines of a sealed file one by one, a piece in memory at a time.
    pub(in crate::app) fn each_line(
        &self,
        id: BatchId,
        file: SealedFile,
        mut take: impl FnMut(&str),
    ) -> Result<(), Error> {
        let mut after = -1;
        while let Some((sequence, text)) = self
            .store
            .read(|connection| store::batch_chunk::find_next(connection, id, file, after).map_err(Error::from))?
        {
            text.lines().for_each(&mut take);
            after = sequence;
        }
        Ok(())
    }
}

/// As much of a row as tells whose it is.
#[derive(Deserialize)]
struct Numbered<'a> {
    #[serde(borrow)]
    employee_number: Cow<'a, str>,
}

/// An agency's code, and from when to when.
type Membership = (String, NaiveDate, Option<NaiveDate>);
