//! What happens to batches without a caller: sealing at a slot's close, supplements, and receipts left undone.

use crate::app::App;
use crate::app::batch::overview::is_anyone_expected;
use crate::app::batch::seal::Preparer;
use crate::app::error::Error;
use crate::domain::access::Action;
use crate::domain::access::Actor;
use crate::domain::access::AgencyCode;
use crate::domain::access::Grant;
use crate::domain::access::Role;
use crate::domain::access::Scope;
use crate::domain::access::Target;
use crate::domain::access::may;
use crate::domain::batch::coverage::Coverage;
use crate::domain::batch::supplement;
use crate::domain::circular::jurisdiction::JurisdictionCode;
use crate::domain::deadline;
use crate::domain::ids::AccountId;
use crate::domain::ids::SessionId;
use crate::domain::instant::Instant;
use crate::domain::instant::Zone;
use crate::store;
use crate::store::backend::AnyConnection;
use crate::store::batch::BatchRow;
use chrono::{Duration, NaiveDate};
use uuid::Uuid;

/// A slot that closed longer ago than this is not sealed by itself any more: after a long standstill the agency should
/// look before it reports.
const SEALED_WITHIN: Duration = Duration::hours(12);
/// Comparisons and receipts of one round; the rest waits for the next.
const ROUND: i64 = 50;
/// A batch whose check has not answered for this long was left by an instance that stopped.
const LEFT_BEHIND: Duration = Duration::minutes(1);

/// What one round did.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Round {
    /// Slots sealed at their close.
    pub sealed: u32,
    /// Batches that a late truth gave a new version.
    pub supplements: u32,
    /// Receipts given for batches left behind.
    pub received: u32,
    /// What failed and will be tried again.
    pub failed: u32,
}

impl App {
    /// Does what is due at `now`. Safe on several instances at once: a constraint lets one of them make each version,
    /// the others pass over it.
    pub fn seal_due(&self, now: Instant) -> Result<Round, Error> {
        let mut round = Round::default();
        for (agency, coverage) in self.closed_slots(now)? {
            let sealed = job_scope(&agency)
                .and_then(|scope| self.seal(&scope, &agency, coverage, &Preparer::default(), now))
                .map(|outcome| outcome.is_new);
            tally(sealed, &mut round.sealed, &mut round.failed);
        }
        let due = self
            .store
            .read(|connection| store::batch::list_supplements(connection, now, ROUND).map_err(Error::from))?;
        for row in due {
            tally(self.supplement(&row, now), &mut round.supplements, &mut round.failed);
        }
        let left = self
            .store
            .read(|connection| store::batch::list_submitted(connection, ROUND).map_err(Error::from))?;
        for row in left.into_iter().filter(|_| !self.sends_to_bkd()) {
            let is_left = row.submitted_at.is_none_or(|at| now.since(at) >= LEFT_BEHIND);
            if is_left {
                tally(
                    self.receive(&row, now).map(|()| true),
                    &mut round.received,
                    &mut round.failed,
                );
            }
        }
        Ok(round)
    }

    /// Closed slots of agencies that seal at the close, of which there is no version yet.
    fn closed_slots(&self, now: Instant) -> Result<Vec<(AgencyCode, Coverage)>, Error> {
        self.store.read(|connection| {
            let book = self.rule_book(connection)?;
            let mut closed = Vec::new();
            for code in store::batch_setting::list_sealing_at_close(connection)? {
                let Some(facts) = book.agency(&code) else { continue };
                let agency = AgencyCode::parse(&code).map_err(Error::internal)?;
                let today = facts.zone.date(now);
                // A night shift of yesterday may close this morning.
                for work_date in [Some(today), today.pred_opt()].into_iter().flatten() {
                    let assigned = store::duty::list_agency_assigned(connection, &code, work_date, work_date)?;
                    if !is_anyone_expected(&book, facts, work_date, assigned.into_iter().map(|row| row.mode)) {
                        continue;
                    }
                    for rule in &book.latest_slots(facts, work_date) {
                        let closes_at = deadline::closes_at(rule, facts.zone, work_date);
                        let is_due = now > closes_at && now.since(closes_at) <= SEALED_WITHIN;
                        let coverage = Coverage::of_slot(work_date, rule.slot);
                        if is_due && store::batch::find_latest(connection, &agency, coverage)?.is_none() {
                            closed.push((agency.clone(), coverage));
                        }
                    }
                }
            }
            Ok(closed)
        })
    }

    /// Compares a sealed batch with the truth; gives whether it made a new version.
    fn supplement(&self, row: &BatchRow, now: Instant) -> Result<bool, Error> {
        let agency = AgencyCode::parse(&row.agency_code).map_err(Error::internal)?;
        let is_federated =
            |connection: &mut AnyConnection| store::federation::is_federated(connection, agency.as_str());
        if self.store.read(is_federated)? {
            // What is true of these days is known on the agency's own instance.
            self.store
                .write(|connection| store::batch::update_supplement(connection, row.id, None).map_err(Error::from))?;
            return Ok(false);
        }
        let scope = job_scope(&agency)?;
        let outcome = self.seal(&scope, &agency, row.coverage(), &Preparer::default(), now)?;
        if !outcome.is_new {
            self.store
                .write(|connection| store::batch::update_supplement(connection, row.id, None).map_err(Error::from))?;
        }
        Ok(outcome.is_new)
    }

    /// Tells an agency's sealed batches that something of a past date changed, in the transaction of the change: a
    /// correction, an assignment, a share that counts after all. A day later they are compared with the truth.
    pub fn note_late_truth(
        &self,
        connection: &mut AnyConnection,
        agency: &AgencyCode,
        work_date: NaiveDate,
        now: Instant,
    ) -> Result<(), Error> {
        let dates = work_date..=work_date;
        store::batch::note_late_truth(connection, &[agency.as_str()], &dates, supplement::due_at(None, now))?;
        Ok(())
    }

    /// Like [`App::note_late_truth`], for rules that changed for every agency of a jurisdiction from a day on: what was
    /// sealed of that day or a later one is compared. Where the rules ask for the same as before, nothing is sealed anew.
    pub fn note_late_rules(
        &self,
        connection: &mut AnyConnection,
        jurisdiction: &JurisdictionCode,
        first_day: NaiveDate,
        now: Instant,
    ) -> Result<(), Error> {
        let book = self.rule_book(connection)?;
        let agencies: Vec<&str> = book
            .agencies()
            .filter(|agency| jurisdiction.covers(&agency.jurisdiction))
            .map(|agency| agency.code.as_str())
            .collect();
        // Nothing is sealed ahead, and the day begins in the east.
        let dates = first_day..=Zone::Jayapura.date(now);
        store::batch::note_late_truth(connection, &agencies, &dates, supplement::due_at(None, now))?;
        Ok(())
    }
}

/// What a job may do for one agency: what its operator may.
pub(in crate::app) fn job_scope(agency: &AgencyCode) -> Result<Scope, Error> {
    Ok(may(&job_actor(agency), Action::SealBatch, Target::Agency(agency))?)
}

/// The service itself, working for one agency as its operator would.
pub(in crate::app) fn job_actor(agency: &AgencyCode) -> Actor {
    let grants = vec![Grant {
        role: Role::AgencyOperator,
        agency: Some(agency.clone()),
    }];
    Actor::new(AccountId::new(Uuid::nil()), None, SessionId::new(Uuid::nil()), grants)
}

fn tally(result: Result<bool, Error>, done: &mut u32, failed: &mut u32) {
    match result {
        Ok(true) => *done = done.saturating_add(1),
        // Nothing to do, or another instance, or a person, is at it.
        Ok(false) | Err(Error::Busy(_)) => {}
        Err(error) => {
            tracing::error!(%error, "a batch job failed");
            *failed = failed.saturating_add(1);
        }
    }
}
