//! Cases: listed, looked at, reviewed, replied to, decided and objected to. Every state is told as of the call's moment.

pub mod evidence;
pub mod hearing;
pub mod look;
pub mod objection;
pub mod record;
pub mod reminder;
pub mod second_review;
pub mod step;
mod verdict;

use crate::app::App;
use crate::app::case::hearing::Hearing;
use crate::app::case::record::{SealedRow, sealed_row};
use crate::app::context::Context;
use crate::app::error::Code;
use crate::app::error::Error;
use crate::domain::access::Scope;
use crate::domain::case::CaseState;
use crate::domain::case::clock::Clock;
use crate::domain::case::clock::LONGEST_PAUSE_DAYS;
use crate::domain::case::progress::CaseError;
use crate::domain::case::progress::Progress;
use crate::domain::ids::AccountId;
use crate::domain::ids::AuditId;
use crate::domain::ids::CaseId;
use crate::domain::ids::NoticeId;
use crate::domain::instant::Instant;
use crate::domain::instant::Zone;
use crate::domain::work_mode::WorkMode;
use crate::store;
use crate::store::backend::AnyConnection;
use crate::store::case::CaseRow;
use crate::store::case_evidence::CaseEvidenceRow;
use chrono::Days;
use std::collections::BTreeSet;

/// A case as of a moment.
#[derive(Clone, Debug)]
pub struct Case {
    /// What is stored.
    pub row: CaseRow,
    /// The blind second review and the objection.
    pub hearing: Hearing,
    /// What the rules say by.
    pub progress: Progress,
    /// Where it stands.
    pub state: CaseState,
    /// Whether the person may reply now.
    pub may_reply: bool,
    /// Whether the person may object now.
    pub may_object: bool,
    /// The clock of an objection that was not made, once it runs.
    pub objection_clock: Option<Clock>,
    /// The zone of the agency's clocks, in which the person reads when a time ends.
    pub zone: Zone,
    /// How its auditor is called.
    pub auditor: String,
    /// How its second reviewer is called.
    pub second_reviewer: Option<String>,
}

/// A case as the person has it.
#[derive(Clone, Debug)]
pub struct OwnCase {
    /// The case.
    pub case: Case,
    /// The files behind what the person said or is about to say.
    pub evidence: Vec<CaseEvidenceRow>,
    /// The row that the unit was taken from, where the agency seals on an instance of its own.
    pub sealed: Option<SealedRow>,
}

impl Case {
    /// Whether the account is to look at the case again without knowing what was found first.
    pub fn is_blind_to(&self, account: AccountId) -> bool {
        let look = self.progress.second_look;
        look.is_some_and(|look| look.auditor == account && look.finding.is_none())
    }
}

impl From<CaseError> for Error {
    fn from(error: CaseError) -> Self {
        Self::Conflict(match error {
            CaseError::State(_) => Code::WrongState,
            CaseError::ReplyPending => Code::ReplyPending,
            CaseError::ReplyOver => Code::ReplyOver,
            CaseError::ObjectionOver => Code::ObjectionOver,
            CaseError::SecondPersonNeeded => Code::SecondPersonNeeded,
            CaseError::SecondReviewPending => Code::SecondReviewPending,
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

    /// The caller's own cases with their files, newest first; one more than `limit` if there are more.
    pub fn list_own_cases(
        &self,
        context: &Context,
        scope: &Scope,
        after: Option<CaseId>,
        limit: u32,
    ) -> Result<Vec<OwnCase>, Error> {
        self.store.read(|connection| {
            store::case::list_own(connection, scope, after, i64::from(limit) + 1)?
                .into_iter()
                .map(|row| self.own_case(connection, context.now, row))
                .collect()
        })
    }

    /// A case of the caller's own with its files.
    pub(super) fn own_case(
        &self,
        connection: &mut AnyConnection,
        now: Instant,
        row: CaseRow,
    ) -> Result<OwnCase, Error> {
        Ok(OwnCase {
            evidence: store::case_evidence::list(connection, &row)?,
            sealed: sealed_row(connection, &row)?,
            case: self.as_of(connection, now, row)?,
        })
    }

    /// Derives where a case stands at a moment.
    pub(super) fn as_of(&self, connection: &mut AnyConnection, now: Instant, row: CaseRow) -> Result<Case, Error> {
        let hearing = Hearing::load(connection, &row)?;
        let progress = hearing.progress(&row, self.clock_of(connection, &row)?);
        let objection_clock = match hearing.objection {
            Some(_) => None,
            None => self.objection_clock(connection, &row)?,
        };
        Ok(Case {
            state: progress.state(now),
            may_reply: progress.may_reply(now).is_ok(),
            may_object: progress.may_object(objection_clock, now).is_ok(),
            objection_clock,
            zone: self.zone_of(connection, &row)?,
            auditor: called(connection, row.auditor_id)?,
            second_reviewer: row.second_reviewer_id.map(|id| called(connection, id)).transpose()?,
            hearing,
            progress,
            row,
        })
    }

    fn zone_of(&self, connection: &mut AnyConnection, row: &CaseRow) -> Result<Zone, Error> {
        let book = self.rule_book(connection)?;
        Ok(book
            .agency(&row.agency_code)
            .map(|agency| agency.zone)
            .unwrap_or_default())
    }

    /// The clock of the reply: as kept by a later step, or from the moment at which the notice reached the person.
    pub(super) fn clock_of(&self, connection: &mut AnyConnection, row: &CaseRow) -> Result<Option<Clock>, Error> {
        match row.kept_clock() {
            Some(kept) => Ok(Some(kept)),
            None => self.running_clock(connection, row, row.notice_id),
        }
    }

    /// The clock of an objection, from the moment at which the notice of the decision reached the person.
    pub(super) fn objection_clock(
        &self,
        connection: &mut AnyConnection,
        row: &CaseRow,
    ) -> Result<Option<Clock>, Error> {
        self.running_clock(connection, row, row.decision_notice_id)
    }

    /// A clock that runs from the moment at which a notice reached the person, for as many working days as it told them.
    /// Leave and sickness pause it as they stand now, so also what was approved after the notice.
    fn running_clock(
        &self,
        connection: &mut AnyConnection,
        row: &CaseRow,
        notice_id: Option<NoticeId>,
    ) -> Result<Option<Clock>, Error> {
        let Some(notice_id) = notice_id else { return Ok(None) };
        let notice = store::notice::find_of_case(connection, row.employee_id, notice_id)?;
        let Some((notice, reached_at)) = notice.and_then(|notice| notice.reached_at().map(|at| (notice, at))) else {
            return Ok(None);
        };
        let Some(working_days) = notice.content.clock_days() else {
            return Ok(None);
        };
        let zone = self.zone_of(connection, row)?;
        let reached_on = zone.date(reached_at);
        // Memberships hold for every date; of assignments those of the absence are read below.
        let duties = self.duties(connection, &[row.employee_id], reached_on, reached_on)?;
        let last = reached_on
            .checked_add_days(Days::new(u64::from(LONGEST_PAUSE_DAYS)))
            .unwrap_or(reached_on);
        let away: BTreeSet<_> = store::duty::list_assigned(connection, &[row.employee_id], reached_on, last)?
            .into_iter()
            .filter(|assigned| matches!(assigned.mode, WorkMode::Leave | WorkMode::Sick))
            .map(|assigned| assigned.work_date)
            .collect();
        let is_work_day = |date| duties.is_work_day(row.employee_id, date);
        Ok(Some(Clock::new(reached_at, zone, working_days, is_work_day, &away)))
    }
}

fn called(connection: &mut AnyConnection, account: AccountId) -> Result<String, Error> {
    Ok(store::account::find(connection, account)?.map_or_else(String::new, |row| row.display_name))
}
