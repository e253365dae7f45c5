//! Drawn cases. Whoever is not assigned to a case, or is not the person it is about, does not find it here.

use crate::domain::access::Reach;
use crate::domain::access::Scope;
use crate::domain::batch::unit::SlotUnit;
use crate::domain::case::CaseFinding;
use crate::domain::case::ReviewMethod;
use crate::domain::case::clock::Clock;
use crate::domain::case::objection::Objection;
use crate::domain::case::progress::Progress;
use crate::domain::case::progress::SecondLook;
use crate::domain::ids::AccountId;
use crate::domain::ids::AuditId;
use crate::domain::ids::CaseId;
use crate::domain::ids::EmployeeId;
use crate::domain::ids::NoticeId;
use crate::domain::instant::Instant;
use crate::domain::notice::CaseOutcome;
use crate::domain::slot::Slot;
use crate::store::backend::AnyConnection;
use crate::store::backend::MultiBackend;
use crate::store::backend::per_backend;
use crate::store::error::Error;
use crate::store::schema::audit_case;
use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::Bool;

/// Rows that one statement inserts; SQLite binds at most 32,766 values.
const ROWS_AT_ONCE: usize = 500;

/// One case.
#[derive(Clone, Queryable, Insertable, Selectable, AsChangeset)]
#[diesel(table_name = audit_case, treat_none_as_default_value = false, treat_none_as_null = true, primary_key(employee_id, id))]
pub struct CaseRow {
    /// Whom it is about.
    pub employee_id: EmployeeId,
    /// Its id.
    pub id: CaseId,
    /// The audit that drew it.
    pub audit_id: AuditId,
    /// The drawn unit.
    pub unit: String,
    /// The agency of the unit.
    pub agency_code: String,
    /// The work date of the unit.
    pub work_date: NaiveDate,
    /// The slot of the unit.
    pub slot: Slot,
    /// The stratum that it was drawn in.
    pub stratum: String,
    /// Its place in the draw of its stratum, from 1.
    pub draw_order: i32,
    /// Its ticket number in full.
    pub ticket: String,
    /// Who reviews it.
    pub auditor_id: AccountId,
    /// Who decides, besides the head of BKD.
    pub second_reviewer_id: Option<AccountId>,
    /// What the auditor found.
    pub finding: Option<CaseFinding>,
    /// How.
    pub method: Option<ReviewMethod>,
    /// What the auditor wrote; the person reads it.
    pub review_note: Option<String>,
    /// When.
    pub reviewed_at: Option<Instant>,
    /// The notice that tells the person of a proposed deviation.
    pub notice_id: Option<NoticeId>,
    /// When that notice reached the person, once it matters.
    pub notified_at: Option<Instant>,
    /// When the time to reply ended, once it matters.
    pub reply_due_at: Option<Instant>,
    /// The reply.
    pub reply: Option<String>,
    /// A link to what backs it.
    pub reply_link: Option<String>,
    /// Who can confirm it.
    pub reply_witness: Option<String>,
    /// When the person replied.
    pub replied_at: Option<Instant>,
    /// The decision.
    pub outcome: Option<CaseOutcome>,
    /// Its reason.
    pub reason: Option<String>,
    /// Who decided.
    pub decided_by: Option<AccountId>,
    /// When.
    pub decided_at: Option<Instant>,
    /// The notice that tells the person of an upheld finding, which the time to object runs from.
    pub decision_notice_id: Option<NoticeId>,
    /// When the audit was closed over it.
    pub closed_at: Option<Instant>,
    /// Raised by every change.
    pub version: i32,
}

/// Notes and replies are personal.
impl std::fmt::Debug for CaseRow {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "CaseRow({}, version {})", self.id, self.version)
    }
}

impl CaseRow {
    /// A drawn unit that an auditor has just been given. `drawn_in` is the stratum and the place in its draw, from 1.
    pub fn assigned(
        id: CaseId,
        employee_id: EmployeeId,
        audit_id: AuditId,
        unit: &SlotUnit,
        drawn_in: (String, i32),
        ticket: &str,
        auditor_id: AccountId,
    ) -> Self {
        Self {
            employee_id,
            id,
            audit_id,
            unit: unit.to_string(),
            agency_code: unit.agency().to_owned(),
            work_date: unit.work_date(),
            slot: unit.slot(),
            stratum: drawn_in.0,
            draw_order: drawn_in.1,
            ticket: ticket.to_owned(),
            auditor_id,
            second_reviewer_id: None,
            finding: None,
            method: None,
            review_note: None,
            reviewed_at: None,
            notice_id: None,
            notified_at: None,
            reply_due_at: None,
            reply: None,
            reply_link: None,
            reply_witness: None,
            replied_at: None,
            outcome: None,
            reason: None,
            decided_by: None,
            decided_at: None,
            decision_notice_id: None,
            closed_at: None,
            version: 1,
        }
    }

    /// What the rules need, given the clock of the reply, the blind second review and the objection.
    pub fn progress(
        &self,
        clock: Option<Clock>,
        second_look: Option<SecondLook>,
        objection: Option<Objection>,
    ) -> Progress {
        Progress {
            auditor: self.auditor_id,
            second_reviewer: self.second_reviewer_id,
            finding: self.finding,
            second_look,
            is_proposed: self.notice_id.is_some(),
            is_replied: self.replied_at.is_some(),
            outcome: self.outcome,
            decided_by: self.decided_by,
            is_closed: self.closed_at.is_some(),
            clock,
            objection,
        }
    }

    /// The clock as it was kept by a later step.
    pub fn kept_clock(&self) -> Option<Clock> {
        self.notified_at
            .zip(self.reply_due_at)
            .map(|(started_at, due_at)| Clock {
                started_at,
                due_at,
                paused_days: 0,
            })
    }
}

type Condition<'a> = Box<dyn BoxableExpression<audit_case::table, MultiBackend, SqlType = Bool> + 'a>;

/// Everyone's cases, one person's, or those assigned to one account.
fn within(scope: &Scope) -> Result<Condition<'_>, Error> {
    match scope.reach() {
        Reach::Everyone => Ok(Box::new(audit_case::version.ge(0))),
        Reach::Own(employee) => Ok(Box::new(audit_case::employee_id.eq(*employee))),
        Reach::Assigned(account) => Ok(Box::new(
            audit_case::auditor_id.eq(*account).or(audit_case::second_reviewer_id
                .is_not_null()
                .and(audit_case::second_reviewer_id.assume_not_null().eq(*account))),
        )),
        Reach::Agencies(_) | Reach::Subordinates(_) => Err(Error::Missing),
    }
}

/// Adds the drawn cases of an audit.
pub fn insert_all(connection: &mut AnyConnection, rows: &[CaseRow]) -> Result<(), Error> {
    for rows in rows.chunks(ROWS_AT_ONCE) {
        per_backend!(connection, inner => diesel::insert_into(audit_case::table).values(rows).execute(inner))?;
    }
    Ok(())
}

/// A case within reach.
pub fn find(connection: &mut AnyConnection, scope: &Scope, id: CaseId) -> Result<Option<CaseRow>, Error> {
    Ok(audit_case::table
        .filter(audit_case::id.eq(id))
        .filter(within(scope)?)
        .select(CaseRow::as_select())
        .first(connection)
        .optional()?)
}

/// The case behind another row of it, which the caller has found within its reach.
pub fn find_by_key(
    connection: &mut AnyConnection,
    employee_id: EmployeeId,
    id: CaseId,
) -> Result<Option<CaseRow>, Error> {
    Ok(audit_case::table
        .find((employee_id, id))
        .select(CaseRow::as_select())
        .first(connection)
        .optional()?)
}

/// Cases of audits that are not closed for which somebody may be reminded: without a finding, or asked and not decided.
/// For jobs; nobody is shown them.
pub fn list_waiting(connection: &mut AnyConnection) -> Result<Vec<CaseRow>, Error> {
    Ok(audit_case::table
        .filter(audit_case::closed_at.is_null())
        .filter(audit_case::outcome.is_null())
        .filter(audit_case::finding.is_null().or(audit_case::notice_id.is_not_null()))
        .order(audit_case::id)
        .select(CaseRow::as_select())
        .load(connection)?)
}

/// The cases of an audit within reach, stratum by stratum in the order of the draw. A sample is small: all at once.
pub fn list(connection: &mut AnyConnection, scope: &Scope, audit_id: AuditId) -> Result<Vec<CaseRow>, Error> {
    Ok(audit_case::table
        .filter(audit_case::audit_id.eq(audit_id))
        .filter(within(scope)?)
        .order((audit_case::stratum, audit_case::draw_order))
        .select(CaseRow::as_select())
        .load(connection)?)
}

/// Every case of an audit, for whoever counts them; the scope must reach all audits.
pub fn list_all(connection: &mut AnyConnection, scope: &Scope, audit_id: AuditId) -> Result<Vec<CaseRow>, Error> {
    crate::store::audit::hold(scope)?;
    Ok(audit_case::table
        .filter(audit_case::audit_id.eq(audit_id))
        .order((audit_case::stratum, audit_case::draw_order))
        .select(CaseRow::as_select())
        .load(connection)?)
}

/// The scope's own cases, newest first.
pub fn list_own(
    connection: &mut AnyConnection,
    scope: &Scope,
    after: Option<CaseId>,
    limit: i64,
) -> Result<Vec<CaseRow>, Error> {
    let owner = scope.person().ok_or(Error::Missing)?;
    let mut query = audit_case::table
        .filter(audit_case::employee_id.eq(owner))
        .order(audit_case::id.desc())
        .limit(limit)
        .select(CaseRow::as_select())
        .into_boxed();
    if let Some(after) = after {
        query = query.filter(audit_case::id.lt(after));
    }
    Ok(query.load(connection)?)
}

/// Replaces a case whose version is the one before `row`'s; gives whether it was.
pub fn update(connection: &mut AnyConnection, row: &CaseRow) -> Result<bool, Error> {
    let target = audit_case::table
        .find((row.employee_id, row.id))
        .filter(audit_case::version.eq(row.version - 1));
    Ok(diesel::update(target).set(row).execute(connection)? == 1)
}

/// Closes every case of an audit.
pub fn close_all(connection: &mut AnyConnection, audit_id: AuditId, at: Instant) -> Result<(), Error> {
    diesel::update(audit_case::table.filter(audit_case::audit_id.eq(audit_id)))
        .set((
            audit_case::closed_at.eq(Some(at)),
            audit_case::version.eq(audit_case::version + 1),
        ))
        .execute(connection)?;
    Ok(())
}

/// The cases of an audit that are neither decided nor closed and that this account reviews or decides.
pub fn list_held(
    connection: &mut AnyConnection,
    scope: &Scope,
    audit_id: AuditId,
    account: AccountId,
) -> Result<Vec<CaseRow>, Error> {
    crate::store::audit::hold(scope)?;
    Ok(audit_case::table
        .filter(audit_case::audit_id.eq(audit_id))
        .filter(audit_case::closed_at.is_null())
        .filter(audit_case::outcome.is_null())
        .filter(
            audit_case::auditor_id.eq(account).or(audit_case::second_reviewer_id
                .is_not_null()
                .and(audit_case::second_reviewer_id.assume_not_null().eq(account))),
        )
        .order((audit_case::stratum, audit_case::draw_order))
        .select(CaseRow::as_select())
        .load(connection)?)
}

/// How many cases that are neither decided nor closed each account holds as the one who reviews.
pub fn count_open_by_auditor(connection: &mut AnyConnection) -> Result<Vec<(AccountId, i64)>, Error> {
    Ok(audit_case::table
        .filter(audit_case::closed_at.is_null())
        .filter(audit_case::outcome.is_null())
        .group_by(audit_case::auditor_id)
        .select((audit_case::auditor_id, diesel::dsl::count_star()))
        .load(connection)?)
}

/// The units of an agency and period that were drawn, for flagging them in BKD's lists.
pub fn list_sampled_units(
    connection: &mut AnyConnection,
    scope: &Scope,
    agency: &str,
    from: NaiveDate,
    to: NaiveDate,
) -> Result<Vec<String>, Error> {
    crate::store::audit::hold(scope)?;
    Ok(audit_case::table
        .filter(audit_case::agency_code.eq(agency))
        .filter(audit_case::work_date.between(from, to))
        .order(audit_case::unit)
        .select(audit_case::unit)
        .load(connection)?)
}
