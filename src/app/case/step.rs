//! The steps of a case: the auditor's finding, the person's reply, the second person's decision.

use crate::app::App;
use crate::app::audit::draw::auditors;
use crate::app::case::Case;
use crate::app::context::Context;
use crate::app::error::Error;
use crate::domain::access::AgencyCode;
use crate::domain::access::Scope;
use crate::domain::case::CaseFinding;
use crate::domain::case::ReviewMethod;
use crate::domain::case::progress::REPLY_WORKING_DAYS;
use crate::domain::case::progress::second_reviewer;
use crate::domain::event::Event;
use crate::domain::ids::AccountId;
use crate::domain::ids::CaseId;
use crate::domain::instant::Zone;
use crate::domain::notice::CaseOutcome;
use crate::domain::notice::NoticeContent;
use crate::store;
use crate::store::backend::AnyConnection;
use crate::store::case::CaseRow;

/// What an auditor writes. The note is at least 10 characters where something is doubted.
#[derive(Clone, Debug)]
pub struct Review {
    /// What was found.
    pub finding: CaseFinding,
    /// How.
    pub method: ReviewMethod,
    /// Why; the person reads it.
    pub note: Option<String>,
}

/// What the person says.
#[derive(Clone, Debug)]
pub struct Reply {
    /// In their own words.
    pub text: String,
    /// An address of something that backs it; never fetched.
    pub link: Option<String>,
    /// Who can confirm it.
    pub witness: Option<String>,
}

/// What the second person says.
#[derive(Clone, Debug)]
pub struct Decision {
    /// How it ends.
    pub outcome: CaseOutcome,
    /// Why; the person reads it.
    pub reason: String,
}

impl App {
    /// Writes the auditor's finding. A proposed deviation tells the person and chooses who will decide.
    pub fn review_case(
        &self,
        context: &Context,
        scope: &Scope,
        id: CaseId,
        version: i32,
        review: &Review,
    ) -> Result<Case, Error> {
        self.store.write(|connection| {
            let mut row = loaded(connection, scope, id)?;
            if row.auditor_id != context.account() {
                return Err(Error::NotFound);
            }
            let clock = self.clock_of(connection, &row)?;
            row.progress(clock).may_review(context.now)?;
            check_version(&row, version)?;
            row.finding = Some(review.finding);
            row.method = Some(review.method);
            row.review_note.clone_from(&review.note);
            row.reviewed_at = Some(context.now);
            if review.finding == CaseFinding::InvalidProposed {
                row.second_reviewer_id = independent_of(connection, &row)?;
                row.notice_id = Some(self.notify(
                    connection,
                    row.employee_id,
                    NoticeContent::CaseOpened {
                        case_id: row.id,
                        work_date: row.work_date,
                        reply_working_days: REPLY_WORKING_DAYS,
                    },
                    context.now,
                )?);
            }
            save(connection, context, &mut row, "review", None, review.finding.code())?;
            self.log_verdict(connection, context, &row, false)?;
            store::audit::begin_review(connection, row.audit_id)?;
            self.as_of(connection, context.now, row)
        })
    }

    /// Takes the person's reply, while it is time.
    pub fn reply_to_case(
        &self,
        context: &Context,
        scope: &Scope,
        id: CaseId,
        version: i32,
        reply: &Reply,
    ) -> Result<Case, Error> {
        self.store.write(|connection| {
            let mut row = loaded(connection, scope, id)?;
            let clock = self.clock_of(connection, &row)?;
            row.progress(clock).may_reply(context.now)?;
            check_version(&row, version)?;
            row.notified_at = clock.map(|clock| clock.started_at);
            row.reply_due_at = clock.map(|clock| clock.due_at);
            row.reply = Some(reply.text.clone());
            row.reply_link.clone_from(&reply.link);
            row.reply_witness.clone_from(&reply.witness);
            row.replied_at = Some(context.now);
            save(connection, context, &mut row, "reply", None, "replied")?;
            self.as_of(connection, context.now, row)
        })
    }

    /// Decides a proposed deviation after the reply or its time, and tells the person.
    pub fn decide_case(
        &self,
        context: &Context,
        scope: &Scope,
        id: CaseId,
        version: i32,
        decision: &Decision,
    ) -> Result<Case, Error> {
        self.store.write(|connection| {
            let mut row = loaded(connection, scope, id)?;
            let clock = self.clock_of(connection, &row)?;
            row.progress(clock)
                .may_decide(context.account(), decision.outcome, context.now)?;
            if is_own_agency(connection, &row, context.account())? {
                return Err(Error::Forbidden);
            }
            check_version(&row, version)?;
            row.notified_at = clock.map(|clock| clock.started_at);
            row.reply_due_at = clock.map(|clock| clock.due_at);
            row.outcome = Some(decision.outcome);
            row.reason = Some(decision.reason.clone());
            row.decided_by = Some(context.account());
            row.decided_at = Some(context.now);
            let told = NoticeContent::CaseDecided {
                case_id: row.id,
                work_date: row.work_date,
                outcome: decision.outcome,
            };
            self.notify(connection, row.employee_id, told, context.now)?;
            if decision.outcome == CaseOutcome::Upheld {
                let today = Zone::default().date(context.now);
                if let Some(superior) = store::team::direct_superior(connection, row.employee_id, today)? {
                    let told = NoticeContent::TeamCaseUpheld {
                        case_id: row.id,
                        work_date: row.work_date,
                    };
                    self.notify(connection, superior, told, context.now)?;
                }
            }
            let reason = Some(decision.reason.clone());
            save(connection, context, &mut row, "decide", reason, decision.outcome.code())?;
            self.log_verdict(connection, context, &row, false)?;
            self.as_of(connection, context.now, row)
        })
    }
}

fn loaded(connection: &mut AnyConnection, scope: &Scope, id: CaseId) -> Result<CaseRow, Error> {
    store::case::find(connection, scope, id)?.ok_or(Error::NotFound)
}

const fn check_version(row: &CaseRow, version: i32) -> Result<(), Error> {
    if row.version == version {
        Ok(())
    } else {
        Err(Error::Stale)
    }
}

/// Raises the version and keeps the row; somebody who was faster makes it stale.
fn save(
    connection: &mut AnyConnection,
    context: &Context,
    row: &mut CaseRow,
    action: &'static str,
    reason: Option<String>,
    to_state: &str,
) -> Result<(), Error> {
    row.version += 1;
    if !store::case::update(connection, row)? {
        return Err(Error::Stale);
    }
    let event = Event {
        subject_kind: "case",
        subject_id: row.id.to_string(),
        at: context.now,
        account_id: Some(context.account()),
        action,
        from_state: None,
        to_state: Some(to_state.to_owned()),
        reason,
    };
    Ok(store::event::append(connection, &event)?)
}

/// Another auditor who has nothing to do with the agency.
fn independent_of(connection: &mut AnyConnection, row: &CaseRow) -> Result<Option<AccountId>, Error> {
    let agency = AgencyCode::parse(&row.agency_code).map_err(Error::internal)?;
    let mut others = auditors(connection, row.work_date)?;
    others.retain(|auditor| !auditor.own_agencies.contains(&agency));
    Ok(second_reviewer(&others, row.auditor_id))
}

/// Whether the account belongs to the agency of the case, or is the very person.
fn is_own_agency(connection: &mut AnyConnection, row: &CaseRow, account: AccountId) -> Result<bool, Error> {
    let employee = store::account::find(connection, account)?.and_then(|account| account.employee_id);
    let Some(employee) = employee else {
        return Ok(false);
    };
    let memberships = store::membership::list(connection, &[employee])?;
    Ok(memberships.iter().any(|membership| {
        membership.agency_code == row.agency_code && membership.valid_to.is_none_or(|last| last >= row.work_date)
    }))
}
