//! Cases: listed, looked at, reviewed, replied to and decided. Every state is told as of the call's moment.

pub mod look;
pub mod step;
mod verdict;

use crate::app::App;
use crate::app::context::Context;
use crate::app::error::Code;
use crate::app::error::Error;
use crate::domain::access::Scope;
use crate::domain::case::CaseState;
use crate::domain::case::progress::CaseError;
use crate::domain::case::progress::ReplyClock;
use crate::domain::ids::AccountId;
use crate::domain::ids::AuditId;
use crate::domain::ids::CaseId;
use crate::domain::instant::Instant;
use crate::domain::instant::Zone;
use crate::domain::work_mode::WorkMode;
use crate::store;
use crate::store::backend::AnyConnection;
use crate::store::case::CaseRow;
use chrono::Days;
use std::collections::BTreeSet;

/// Days after the notice in which absences are looked for; longer ones are settled by a person.
const ABSENCE_DAYS: u64 = 180;

/// A case as of a moment.
#[derive(Clone, Debug)]
pub struct Case {
    /// What is stored.
    pub row: CaseRow,
    /// Where it stands.
    pub state: CaseState,
    /// The clock of the reply, once it runs.
    pub clock: Option<ReplyClock>,
    /// How its auditor is called.
    pub auditor: String,
    /// How its second reviewer is called.
    pub second_reviewer: Option<String>,
}

impl From<CaseError> for Error {
    fn from(error: CaseError) -> Self {
        Self::Conflict(match error {
            CaseError::State(_) => Code::WrongState,
            CaseError::ReplyPending => Code::ReplyPending,
            CaseError::ReplyOver => Code::ReplyOver,
            CaseError::SecondPersonNeeded => Code::SecondPersonNeeded,
        })
    }
}

impl App {
    /// The cases of an audit within reach, in the order of the draw; with `state`, only those that stand so now. A sample
    /// is small, so paging happens here: from the place `after` on, one more than `limit` if there are more.
    pub fn list_cases(
        &self,
        context: &Context,
        scope: &Scope,
        audit_id: AuditId,
        state: Option<CaseState>,
        after: usize,
        limit: u32,
    ) -> Result<Vec<(usize, Case)>, Error> {
        let limit = usize::try_from(limit).map_err(Error::internal)?.saturating_add(1);
        self.store.read(|connection| {
            if !store::audit::exists(connection, audit_id)? {
                return Err(Error::NotFound);
            }
            let mut found = Vec::new();
            for (place, row) in store::case::list(connection, scope, audit_id)?
                .into_iter()
                .enumerate()
                .skip(after)
            {
                let case = self.as_of(connection, context.now, row)?;
                if state.is_none_or(|state| state == case.state) {
                    found.push((place + 1, case));
                }
                if found.len() == limit {
                    break;
                }
            }
            Ok(found)
        })
    }

    /// The caller's own cases, newest first; one more than `limit` if there are more.
    pub fn list_own_cases(
        &self,
        context: &Context,
        scope: &Scope,
        after: Option<CaseId>,
        limit: u32,
    ) -> Result<Vec<Case>, Error> {
        self.store.read(|connection| {
            store::case::list_own(connection, scope, after, i64::from(limit) + 1)?
                .into_iter()
                .map(|row| self.as_of(connection, context.now, row))
                .collect()
        })
    }

    /// Derives where a case stands at a moment.
    pub(super) fn as_of(&self, connection: &mut AnyConnection, now: Instant, row: CaseRow) -> Result<Case, Error> {
        let clock = self.clock_of(connection, &row)?;
        Ok(Case {
            state: row.progress(clock).state(now),
            clock,
            auditor: called(connection, row.auditor_id)?,
            second_reviewer: row.second_reviewer_id.map(|id| called(connection, id)).transpose()?,
            row,
        })
    }

    /// The clock of the reply: as kept by a later step, or from the moment at which the notice reached the person.
    pub(super) fn clock_of(&self, connection: &mut AnyConnection, row: &CaseRow) -> Result<Option<ReplyClock>, Error> {
        if let Some(kept) = row.kept_clock() {
            return Ok(Some(kept));
        }
        let Some(notice_id) = row.notice_id else {
            return Ok(None);
        };
        let Some(reached_at) = store::notice::reached_at_of_case(connection, row.employee_id, notice_id)? else {
            return Ok(None);
        };
        // Memberships hold for every date; of assignments those of the absence are read below.
        let about = Zone::default().date(reached_at);
        let duties = self.duties(connection, &[row.employee_id], about, about)?;
        let zone = duties
            .book()
            .agency(&row.agency_code)
            .map(|agency| agency.zone)
            .unwrap_or_default();
        let reached_on = zone.date(reached_at);
        let last = reached_on
            .checked_add_days(Days::new(ABSENCE_DAYS))
            .unwrap_or(reached_on);
        let away: BTreeSet<_> = store::duty::list_assigned(connection, &[row.employee_id], reached_on, last)?
            .into_iter()
            .filter(|assigned| matches!(assigned.mode, WorkMode::Leave | WorkMode::Sick))
            .map(|assigned| assigned.work_date)
            .collect();
        let is_work_day = |date| duties.is_work_day(row.employee_id, date);
        Ok(Some(ReplyClock::new(reached_at, zone, is_work_day, &away)))
    }
}

fn called(connection: &mut AnyConnection, account: AccountId) -> Result<String, Error> {
    Ok(store::account::find(connection, account)?.map_or_else(String::new, |row| row.display_name))
}
