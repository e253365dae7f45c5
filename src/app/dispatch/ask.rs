//! Asking BKD's instance what became of what was sent: its decisions on batches, and what the cases of audits came to.

use crate::app::App;
use crate::app::dispatch::send::{Stopped, read};
use crate::app::error::Error;
use crate::domain::access::AgencyCode;
use crate::domain::batch::answer::Answer;
use crate::domain::batch::finding::Finding;
use crate::domain::batch::state::BatchState;
use crate::domain::batch::unit::SlotUnit;
use crate::domain::dispatch::pause;
use crate::domain::event::Event;
use crate::domain::ids::{AccountId, BatchId};
use crate::domain::instant::{Instant, Zone};
use crate::domain::notice::CaseOutcome;
use crate::platform::remote::Signed;
use crate::store;
use crate::store::backend::AnyConnection;
use crate::store::batch::BatchRow;
use crate::store::columns::Json;
use crate::store::dispatch::DispatchRow;
use crate::store::verdict::ReceivedVerdictRow;
use chrono::{Days, Duration, NaiveDate};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::PoisonError;
use uuid::Uuid;

/// Batches of one round; the rest waits for the next.
const ROUND: i64 = 20;
/// Batches that were received longer ago are asked for no more.
const ASKED_FOR: Duration = Duration::days(400);
/// Verdicts of slots further back are asked for no more, and stay as they are.
const VERDICT_DAYS: Days = Days::new(400);
/// Between two questions for verdicts.
const VERDICT_PAUSE: Duration = Duration::hours(1);
/// Verdicts of one page.
const PAGE: u32 = 200;

/// A batch as BKD's instance tells it.
#[derive(Deserialize)]
struct Told {
    state: BatchState,
    decided_at: Option<Instant>,
    decided_by: Option<String>,
    findings: Vec<Finding>,
    answers: Vec<ToldAnswer>,
}

#[derive(Deserialize)]
struct ToldAnswer {
    text: String,
    answered_at: Instant,
    answered_by: String,
}

#[derive(Deserialize)]
struct Page {
    items: Vec<ToldVerdict>,
    next_cursor: Option<String>,
}

#[derive(Deserialize)]
struct ToldVerdict {
    unit: SlotUnit,
    outcome: CaseOutcome,
    decided_at: Instant,
}

impl App {
    /// Asks for what is due; gives how many batches and verdicts are others than before. Safe on several instances at once.
    pub fn ask_bkd(&self, now: Instant) -> Result<u32, Error> {
        let Some(bkd) = &self.bkd else { return Ok(0) };
        let Some(remote) = &bkd.remote else { return Ok(0) };
        let due = self.store.read(|connection| {
            let since = now.plus(-ASKED_FOR);
            store::dispatch::list_awaiting(connection, now, since, ROUND).map_err(Error::from)
        })?;
        let is_verdict_time = {
            let last = bkd.asked_verdicts.lock().unwrap_or_else(PoisonError::into_inner);
            last.is_none_or(|last| now.since(last) >= VERDICT_PAUSE)
        };
        if due.is_empty() && !is_verdict_time {
            return Ok(0);
        }
        let agencies = self.store.read(store::dispatch::list_agencies)?;
        if agencies.is_empty() {
            return Ok(0);
        }
        let signed = match remote.sign_in() {
            Ok(signed) => signed,
            Err(error) => {
                tracing::warn!(%error, "BKD's instance was not asked");
                for row in due {
                    self.ask_later(row, now)?;
                }
                return Ok(0);
            }
        };
        let mut changed = 0_u32;
        for row in due {
            match self.ask_decision(&signed, row.batch_id, now) {
                Ok(is_changed) => changed = changed.saturating_add(u32::from(is_changed)),
                // One batch's trouble keeps none of the others waiting.
                Err(stopped) => tracing::warn!(batch = %row.batch_id, problem = %stopped, "no decision was read"),
            }
            self.ask_later(row, now)?;
        }
        if is_verdict_time {
            for code in agencies {
                let agency = AgencyCode::parse(&code).map_err(Error::internal)?;
                match self.ask_verdicts(&signed, &agency, now) {
                    Ok(count) => changed = changed.saturating_add(count),
                    Err(stopped) => tracing::warn!(%agency, problem = %stopped, "no verdicts were read"),
                }
            }
            *bkd.asked_verdicts.lock().unwrap_or_else(PoisonError::into_inner) = Some(now);
        }
        Ok(changed)
    }

    /// Asks again later: soon after a batch was received, and ever more seldom.
    fn ask_later(&self, row: DispatchRow, now: Instant) -> Result<(), Error> {
        let attempts = row.attempts.saturating_add(1);
        let later = DispatchRow {
            attempts,
            next_attempt_at: now.plus(pause::after(u32::try_from(attempts).unwrap_or(u32::MAX))),
            ..row
        };
        self.store
            .write(|connection| store::dispatch::save(connection, &later).map_err(Error::from))
    }

    /// Reads what BKD decided on one batch. What the agency answered here and BKD has not is told there first.
    fn ask_decision(&self, signed: &Signed<'_>, id: BatchId, now: Instant) -> Result<bool, Stopped> {
        let mut told: Told = read(&signed.get(&format!("/v1/batches/{id}"))?)?;
        let own = self.store.read(|connection| {
            let row = store::batch::find_any(connection, id)?.ok_or(Error::NotFound)?;
            Ok::<_, Error>(row.answers()?)
        })?;
        if told.state == BatchState::Rejected {
            for answer in own.iter().skip(told.answers.len()) {
                let body = serde_json::json!({ "text": answer.text });
                told = read(&signed.post(&format!("/v1/batches/{id}/answer"), &body)?)?;
            }
        }
        Ok(self.keep_decision(id, &told, now)?)
    }

    /// Keeps BKD's word on a batch and tells whoever runs the agency; gives whether it is another one than before.
    fn keep_decision(&self, id: BatchId, told: &Told, now: Instant) -> Result<bool, Error> {
        self.store.write(|connection| {
            let row = store::batch::find_any(connection, id)?.ok_or(Error::NotFound)?;
            let (findings, mut answers) = (row.findings()?, row.answers()?);
            let is_known = row.state == told.state && findings == told.findings && answers.len() >= told.answers.len();
            let is_word = |state| {
                matches!(
                    state,
                    BatchState::Received | BatchState::Accepted | BatchState::Rejected
                )
            };
            // An answer that BKD has not read yet keeps the batch received here.
            let is_behind = told.state == BatchState::Rejected && answers.len() > told.answers.len();
            if is_known || is_behind || !is_word(row.state) || !is_word(told.state) {
                return Ok(false);
            }
            for answer in told.answers.iter().skip(answers.len()) {
                answers.push(Answer {
                    text: answer.text.clone(),
                    at: answer.answered_at,
                    // An account of BKD's instance, which is nobody's here.
                    by: AccountId::new(Uuid::nil()),
                    by_name: answer.answered_by.clone(),
                });
            }
            let from = row.state;
            let new: Vec<Finding> = told.findings.iter().skip(findings.len()).cloned().collect();
            let decided = BatchRow {
                state: told.state,
                decided_at: told.decided_at,
                decided_by: None,
                decided_by_name: told.decided_by.clone(),
                findings: Json(serde_json::to_value(&told.findings).map_err(Error::internal)?),
                answers: Json(serde_json::to_value(&answers).map_err(Error::internal)?),
                ..row
            };
            if !store::batch::update(connection, &decided, from)? {
                return Err(Error::Busy(1));
            }
            crate::app::batch::log(connection, &decided, now, None, "keep_decision", Some(from))?;
            if decided.state != from {
                crate::app::batch::tell_decision(self, connection, &decided, &new, now)?;
            }
            tracing::info!(batch = %id, state = decided.state.code(), "BKD's decision was kept");
            Ok(true)
        })
    }

    /// Reads what the cases of an agency's units came to, and puts it in the place of what was read before; gives how many
    /// are others.
    fn ask_verdicts(&self, signed: &Signed<'_>, agency: &AgencyCode, now: Instant) -> Result<u32, Stopped> {
        let today = Zone::default().date(now);
        let from = today.checked_sub_days(VERDICT_DAYS).unwrap_or(today);
        let mut told = Vec::new();
        let mut cursor: Option<String> = None;
        loop {
            let next = cursor.map(|cursor| format!("&cursor={cursor}")).unwrap_or_default();
            let path = format!("/v1/federation/agencies/{agency}/verdicts?from={from}&limit={PAGE}{next}");
            let page: Page = read(&signed.get(&path)?)?;
            told.extend(page.items);
            cursor = page.next_cursor;
            if cursor.is_none() {
                break;
            }
        }
        Ok(self.keep_verdicts(agency, from, &told, now)?)
    }

    fn keep_verdicts(
        &self,
        agency: &AgencyCode,
        from: NaiveDate,
        told: &[ToldVerdict],
        now: Instant,
    ) -> Result<u32, Error> {
        self.store.write(|connection| {
            let rows = received(connection, agency, from, told)?;
            let before = store::verdict::list_received(connection, agency, from)?;
            if rows == before {
                return Ok(0);
            }
            store::verdict::replace_received(connection, agency, from, &rows)?;
            let others = rows.iter().filter(|row| !before.contains(row)).count();
            let gone = before
                .iter()
                .filter(|row| !rows.iter().any(|other| other.unit == row.unit))
                .count();
            let changed = others.saturating_add(gone);
            let event = Event {
                subject_kind: "agency",
                subject_id: agency.to_string(),
                at: now,
                account_id: None,
                action: "keep_verdicts",
                from_state: None,
                to_state: None,
                reason: Some(changed.to_string()),
            };
            store::event::append(connection, &event)?;
            Ok(u32::try_from(changed).unwrap_or(u32::MAX))
        })
    }
}

/// The verdicts of this agency's known people, by unit. A person who was drawn by several audits in one slot has the one
/// that was decided last.
fn received(
    connection: &mut AnyConnection,
    agency: &AgencyCode,
    from: NaiveDate,
    told: &[ToldVerdict],
) -> Result<Vec<ReceivedVerdictRow>, Error> {
    let is_own = |unit: &SlotUnit| unit.agency() == agency.as_str() && unit.work_date() >= from;
    let pseudonyms: BTreeSet<&str> = told.iter().map(|verdict| verdict.unit.pseudonym()).collect();
    let pseudonyms: Vec<String> = pseudonyms.into_iter().map(str::to_owned).collect();
    let people: HashMap<String, _> = store::verdict::list_people(connection, &pseudonyms)?
        .into_iter()
        .collect();
    let mut rows: BTreeMap<&SlotUnit, ReceivedVerdictRow> = BTreeMap::new();
    for verdict in told.iter().filter(|verdict| is_own(&verdict.unit)) {
        let Some(employee_id) = people.get(verdict.unit.pseudonym()) else {
            continue;
        };
        let row = ReceivedVerdictRow {
            unit: verdict.unit.to_string(),
            agency_code: agency.to_string(),
            employee_id: *employee_id,
            work_date: verdict.unit.work_date(),
            slot: verdict.unit.slot(),
            outcome: verdict.outcome,
            decided_at: verdict.decided_at,
        };
        let is_later = rows
            .get(&verdict.unit)
            .is_none_or(|other| other.decided_at <= row.decided_at);
        if is_later {
            rows.insert(&verdict.unit, row);
        }
    }
    Ok(rows.into_values().collect())
}
