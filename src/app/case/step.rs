//! The steps of a case: the auditor's finding, the person's reply, the second person's decision.

use crate::app::App;
use crate::app::audit::draw::auditors;
use crate::app::case::Case;
use crate::app::case::OwnCase;
use crate::app::case::hearing::Hearing;
use crate::app::context::Context;
use crate::app::error::Error;
use crate::app::rule_table::RuleTables;
use crate::domain::access::AgencyCode;
use crate::domain::access::Scope;
use crate::domain::audit::assignment::next;
use crate::domain::case::CaseFinding;
use crate::domain::case::ReviewMethod;
use crate::domain::case::progress::Progress;
use crate::domain::case::rules::CaseRules;
use crate::domain::event::Event;
use crate::domain::ids::AccountId;
use crate::domain::ids::CaseId;
use crate::domain::instant::Zone;
use crate::domain::notice::CaseOutcome;
use crate::domain::notice::NoticeContent;
use crate::store;
use crate::store::backend::AnyConnection;
use crate::store::case::CaseRow;
use chrono::NaiveDate;

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
            let hearing = Hearing::load(connection, &row)?;
            hearing.progress(&row, None).may_review(context.now)?;
            check_version(&row, version)?;
            row.finding = Some(review.finding);
            row.method = Some(review.method);
            row.review_note.clone_from(&review.note);
            row.reviewed_at = Some(context.now);
            self.propose(connection, context, &mut row, &hearing)?;
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
    ) -> Result<OwnCase, Error> {
        self.store.write(|connection| {
            let mut row = loaded(connection, scope, id)?;
            let clock = self.clock_of(connection, &row)?;
            let hearing = Hearing::load(connection, &row)?;
            hearing.progress(&row, clock).may_reply(context.now)?;
            check_version(&row, version)?;
            row.notified_at = clock.map(|clock| clock.started_at);
            row.reply_due_at = clock.map(|clock| clock.due_at);
            row.reply = Some(reply.text.clone());
            row.reply_link.clone_from(&reply.link);
            row.reply_witness.clone_from(&reply.witness);
            row.replied_at = Some(context.now);
            save(connection, context, &mut row, "reply", None, "replied")?;
            self.own_case(connection, context.now, row)
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
            Hearing::load(connection, &row)?.progress(&row, clock).may_decide(
                context.account(),
                decision.outcome,
                context.now,
            )?;
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
            self.tell_decision(connection, context, &mut row, decision.outcome)?;
            let reason = Some(decision.reason.clone());
            save(connection, context, &mut row, "decide", reason, decision.outcome.code())?;
            self.log_verdict(connection, context, &row, false)?;
            self.as_of(connection, context.now, row)
        })
    }

    /// Asks the person to reply and chooses who will decide, where the findings by now say that this has to be done.
    pub(super) fn propose(
        &self,
        connection: &mut AnyConnection,
        context: &Context,
        row: &mut CaseRow,
        hearing: &Hearing,
    ) -> Result<(), Error> {
        let progress = hearing.progress(row, None);
        if !progress.has_to_be_proposed() {
            return Ok(());
        }
        row.second_reviewer_id = independent_of(connection, row, &progress)?;
        let today = Zone::default().date(context.now);
        let rules = case_rules(connection, today)?;
        let told = NoticeContent::CaseOpened {
            case_id: row.id,
            work_date: row.work_date,
            reply_working_days: rules.reply_working_days,
        };
        row.notice_id = Some(self.notify(connection, row.employee_id, told, context.now)?);
        Ok(())
    }

    /// Tells the person of a decision, and the direct superior of an upheld one. The time to object runs from the notice.
    fn tell_decision(
        &self,
        connection: &mut AnyConnection,
        context: &Context,
        row: &mut CaseRow,
        outcome: CaseOutcome,
    ) -> Result<(), Error> {
        let (case_id, work_date) = (row.id, row.work_date);
        let today = Zone::default().date(context.now);
        match outcome {
            CaseOutcome::Upheld => {
                let told = NoticeContent::CaseUpheld {
                    case_id,
                    work_date,
                    objection_working_days: case_rules(connection, today)?.objection_working_days,
                };
                row.decision_notice_id = Some(self.notify(connection, row.employee_id, told, context.now)?);
                if let Some(superior) = store::team::direct_superior(connection, row.employee_id, today)? {
                    let told = NoticeContent::TeamCaseUpheld { case_id, work_date };
                    self.notify(connection, superior, told, context.now)?;
                }
            }
            CaseOutcome::Withdrawn | CaseOutcome::Inconclusive => {
                let told = NoticeContent::CaseDecided {
                    case_id,
                    work_date,
                    outcome,
                };
                self.notify(connection, row.employee_id, told, context.now)?;
            }
        }
        Ok(())
    }
}

pub(super) fn loaded(connection: &mut AnyConnection, scope: &Scope, id: CaseId) -> Result<CaseRow, Error> {
    store::case::find(connection, scope, id)?.ok_or(Error::NotFound)
}

pub(super) const fn check_version(row: &CaseRow, version: i32) -> Result<(), Error> {
    if row.version == version {
        Ok(())
    } else {
        Err(Error::Stale)
    }
}

/// The times that hold on a date.
pub(super) fn case_rules(connection: &mut AnyConnection, date: NaiveDate) -> Result<CaseRules, Error> {
    Ok(*RuleTables::load(connection)?.on(date))
}

/// Raises the version and keeps the row; somebody who was faster makes it stale.
pub(crate) fn save(
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
    note(connection, context, row.id, action, reason, to_state)
}

/// Writes a step into the chain of events of its case.
pub(super) fn note(
    connection: &mut AnyConnection,
    context: &Context,
    id: CaseId,
    action: &'static str,
    reason: Option<String>,
    to_state: &str,
) -> Result<(), Error> {
    let event = Event {
        subject_kind: "case",
        subject_id: id.to_string(),
        at: context.now,
        account_id: Some(context.account()),
        action,
        from_state: None,
        to_state: Some(to_state.to_owned()),
        reason,
    };
    Ok(store::event::append(connection, &event)?)
}

/// An auditor who wrote none of the findings and has nothing to do with the agency; where there is none, the head of BKD
/// decides.
fn independent_of(
    connection: &mut AnyConnection,
    row: &CaseRow,
    progress: &Progress,
) -> Result<Option<AccountId>, Error> {
    let agency = AgencyCode::parse(&row.agency_code).map_err(Error::internal)?;
    let mut auditors = auditors(connection, row.work_date)?;
    Ok(next(&mut auditors, &agency, |account| !progress.is_reviewer(account)))
}

/// Whether the account belongs to the agency of the case by staff list or role, or is the very person.
pub(super) fn is_own_agency(connection: &mut AnyConnection, row: &CaseRow, account: AccountId) -> Result<bool, Error> {
    let grants = store::account::grants(connection, account)?;
    let has_role = |agency: &AgencyCode| agency.as_str() == row.agency_code;
    if grants.iter().filter_map(|grant| grant.agency.as_ref()).any(has_role) {
        return Ok(true);
    }
    let employee = store::account::find(connection, account)?.and_then(|account| account.employee_id);
    let Some(employee) = employee else {
        return Ok(false);
    };
    if employee == row.employee_id {
        return Ok(true);
    }
    let memberships = store::membership::list(connection, &[employee])?;
    Ok(memberships.iter().any(|membership| {
        membership.agency_code == row.agency_code && membership.valid_to.is_none_or(|last| last >= row.work_date)
    }))
}
