//! A request for leave held against everything that is known: its kind, the person, the balance, other absences.

use crate::app::App;
use crate::app::error::Error;
use crate::app::leave::Applicant;
use crate::app::leave::balance::balance_for;
use crate::app::leave::balance::is_pending;
use crate::app::leave::balance::reserved;
use crate::app::leave::work_dates;
use crate::app::rule_table::RuleTables;
use crate::domain::access::Role;
use crate::domain::access::Scope;
use crate::domain::ids::LeaveRequestId;
use crate::domain::leave::LeaveKind;
use crate::domain::leave::request;
use crate::domain::leave::request::Circumstances;
use crate::domain::leave::request::Period;
use crate::domain::leave::request::RequestFault;
use crate::domain::leave::state::LeaveState;
use crate::domain::letter::LetterKind;
use crate::domain::signer_rule::SignerRule;
use crate::domain::signer_rule::Subject;
use crate::domain::signer_rule::signer;
use crate::store;
use crate::store::backend::AnyConnection;
use crate::store::leave_request::LeaveRequestRow;
use chrono::{Datelike, NaiveDate};

/// Days in a row on which nobody works, at most: a longer gap has a work day in it whatever the calendar says.
const LONGEST_GAP_DAYS: i32 = 31;

/// When a leave was asked for, and which request is left aside because it is the same.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asked {
    /// The date at the person's agency. Who waits for an official does not come too late by it.
    pub(crate) on: NaiveDate,
    /// The request itself, if it is written already.
    pub(crate) except: Option<LeaveRequestId>,
}

/// What the rules say of a request.
#[derive(Clone, Debug)]
pub(crate) struct Judged {
    pub(crate) days: i32,
    pub(crate) work_days: i32,
    pub(crate) authority: Option<Role>,
    pub(crate) faults: Vec<RequestFault>,
}

impl App {
    /// Holds dates of a kind against every rule.
    pub(crate) fn judge(
        &self,
        connection: &mut AnyConnection,
        scope: &Scope,
        applicant: &Applicant,
        kind: LeaveKind,
        period: Period,
        asked: Asked,
    ) -> Result<Judged, Error> {
        let Asked { on, except } = asked;
        let rule = applicant.rule(kind, period.first);
        let id = applicant.id();
        if let Err(fault) = request::check_reach(period, on) {
            return Ok(Judged {
                days: 0,
                work_days: 0,
                authority: None,
                faults: vec![fault],
            });
        }
        let duties = self.duties(connection, &[id], period.first, period.last)?;
        let (dates, absent_on) = work_dates(&duties, id, period);
        let work_days = i32::try_from(dates.len()).unwrap_or(i32::MAX);
        let requests = store::leave_request::list_of(connection, scope, id)?;
        let others: Vec<Period> = requests
            .iter()
            .filter(|row| Some(row.id) != except && has_days(row))
            .map(LeaveRequestRow::period)
            .collect();
        let of_kind: Vec<Period> = requests
            .iter()
            .filter(|row| Some(row.id) != except && row.kind == kind && has_days(row))
            .map(LeaveRequestRow::period)
            .collect();
        let chain = self.chain(connection, applicant, period, &of_kind)?;
        let left = balance_for(connection, scope, applicant, period.first)?;
        let about = Circumstances {
            rule,
            today: on,
            service_from: applicant.service_from,
            work_days,
            available: left.total() - reserved(applicant, &requests, period.first.year(), except),
            chain,
            others: &others,
            absent_on,
        };
        let mut faults = request::check(kind, period, &about);
        let authority = authority_for(connection, applicant, kind, period)?;
        if authority.is_none() {
            faults.push(RequestFault::NoAuthority);
        }
        Ok(Judged {
            days: rule.map_or(0, |rule| request::counted_days(rule, period, work_days)),
            work_days,
            authority,
            faults,
        })
    }
}

impl App {
    /// The period with the leave of its kind beside it, where the person would not work on any day between.
    fn chain(
        &self,
        connection: &mut AnyConnection,
        applicant: &Applicant,
        period: Period,
        of_kind: &[Period],
    ) -> Result<Period, Error> {
        let (id, mut failed) = (applicant.id(), None);
        let chain = request::chained(period, of_kind, |gap| {
            if gap.calendar_days() > LONGEST_GAP_DAYS {
                return false;
            }
            match self.duties(connection, &[id], gap.first, gap.last) {
                Ok(duties) => work_dates(&duties, id, gap).0.is_empty(),
                Err(error) => {
                    failed.get_or_insert(error);
                    false
                }
            }
        });
        failed.map_or(Ok(chain), Err)
    }
}

/// Whether a request has its days, or may get them.
fn has_days(row: &LeaveRequestRow) -> bool {
    is_pending(row)
        || match row.state {
            LeaveState::LetterIssued | LeaveState::Recalled => true,
            LeaveState::Draft
            | LeaveState::Submitted
            | LeaveState::BalanceChecked
            | LeaveState::Considered
            | LeaveState::Changed
            | LeaveState::Decided
            | LeaveState::Withdrawn
            | LeaveState::Cancelled => false,
        }
}

fn authority_for(
    connection: &mut AnyConnection,
    applicant: &Applicant,
    kind: LeaveKind,
    period: Period,
) -> Result<Option<Role>, Error> {
    let rules: RuleTables<Vec<SignerRule>> = RuleTables::load(connection)?;
    let subject = Subject {
        letter: LetterKind::Leave,
        leave_kind: Some(kind),
        employment: applicant.employment,
        grade: applicant.member.grade.as_deref(),
        echelon: applicant.member.echelon.as_deref(),
        days: Some(period.calendar_days()),
    };
    Ok(signer(rules.on(applicant.today), &subject))
}
