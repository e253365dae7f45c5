//! Objections: made by the person within their time, decided once by the head of BKD.

use crate::app::App;
use crate::app::case::Case;
use crate::app::case::OwnCase;
use crate::app::case::hearing::Hearing;
use crate::app::case::step::check_version;
use crate::app::case::step::is_own_agency;
use crate::app::case::step::loaded;
use crate::app::case::step::save;
use crate::app::context::Context;
use crate::app::error::Error;
use crate::domain::access::Role;
use crate::domain::access::Scope;
use crate::domain::case::objection::ObjectionOutcome;
use crate::domain::case::objection::ObjectionState;
use crate::domain::ids::CaseId;
use crate::domain::instant::Zone;
use crate::domain::notice::NoticeContent;
use crate::store;
use crate::store::backend::AnyConnection;
use crate::store::case::CaseRow;
use crate::store::objection::ObjectionRow;

/// What the head of BKD says.
#[derive(Clone, Debug)]
pub struct ObjectionDecision {
    /// Whether the finding stands.
    pub outcome: ObjectionOutcome,
    /// Why; the person reads it.
    pub reason: String,
}

impl App {
    /// Takes the person's objection to an upheld finding, while it is time. From now on the finding has no effect until
    /// the head of BKD has decided.
    pub fn object_to_case(
        &self,
        context: &Context,
        scope: &Scope,
        id: CaseId,
        version: i32,
        reason: &str,
    ) -> Result<OwnCase, Error> {
        self.store.write(|connection| {
            let mut row = loaded(connection, scope, id)?;
            let clock = self.objection_clock(connection, &row)?;
            let progress = Hearing::load(connection, &row)?.progress(&row, None);
            progress.may_object(clock, context.now)?;
            check_version(&row, version)?;
            let objection = ObjectionRow {
                employee_id: row.employee_id,
                case_id: row.id,
                audit_id: row.audit_id,
                reason: reason.to_owned(),
                objected_at: context.now,
                outcome: None,
                decision: None,
                decided_by: None,
                decided_at: None,
            };
            store::objection::insert(connection, scope, &objection)?;
            for head in store::account::list_with_role(connection, Role::BkdHead)? {
                let told = NoticeContent::ObjectionMade {
                    audit_id: row.audit_id,
                    case_id: row.id,
                    work_date: row.work_date,
                };
                self.tell_official(connection, head, told, context.now)?;
            }
            save(connection, context, &mut row, "object", None, "objected")?;
            self.own_case(connection, context.now, row)
        })
    }

    /// Decides on an objection: the finding stands, or it is taken back, in the report and in the recap too. Nobody does
    /// who found or decided it, or belongs to the agency.
    pub fn decide_objection(
        &self,
        context: &Context,
        scope: &Scope,
        id: CaseId,
        version: i32,
        decision: &ObjectionDecision,
    ) -> Result<Case, Error> {
        self.store.write(|connection| {
            let mut row = loaded(connection, scope, id)?;
            let hearing = Hearing::load(connection, &row)?;
            let progress = hearing.progress(&row, None);
            progress.may_decide_objection(context.account(), context.now)?;
            if is_own_agency(connection, &row, context.account())? {
                return Err(Error::Forbidden);
            }
            check_version(&row, version)?;
            let objection = hearing.objection.ok_or(Error::NotFound)?;
            let objection = ObjectionRow {
                outcome: Some(decision.outcome),
                decision: Some(decision.reason.clone()),
                decided_by: Some(context.account()),
                decided_at: Some(context.now),
                ..objection
            };
            store::objection::update(connection, &objection)?;
            self.tell_objection(connection, context, &row, decision.outcome)?;
            let reason = Some(decision.reason.clone());
            let to_state = decision.outcome.code();
            save(connection, context, &mut row, "decide_objection", reason, to_state)?;
            self.log_verdict(connection, context, &row, true)?;
            self.as_of(connection, context.now, row)
        })
    }

    /// Cases with an objection, oldest draw first; one more than `limit` if there are more.
    pub fn list_objections(
        &self,
        context: &Context,
        scope: &Scope,
        state: Option<ObjectionState>,
        after: Option<CaseId>,
        limit: u32,
    ) -> Result<Vec<Case>, Error> {
        self.store.read(|connection| {
            store::objection::list(connection, scope, state, after, i64::from(limit) + 1)?
                .into_iter()
                .map(|(row, _)| self.as_of(connection, context.now, row))
                .collect()
        })
    }

    /// Tells the person, whoever had decided, and of a finding that is taken back the direct superior, who was told of it.
    fn tell_objection(
        &self,
        connection: &mut AnyConnection,
        context: &Context,
        row: &CaseRow,
        outcome: ObjectionOutcome,
    ) -> Result<(), Error> {
        let (case_id, work_date) = (row.id, row.work_date);
        let told = NoticeContent::ObjectionDecided {
            case_id,
            work_date,
            outcome,
        };
        self.notify(connection, row.employee_id, told, context.now)?;
        if let Some(decider) = row.decided_by {
            let told = NoticeContent::DecisionReviewed {
                audit_id: row.audit_id,
                case_id,
                work_date,
                outcome,
            };
            self.tell_account(connection, decider, told, context.now)?;
        }
        if outcome == ObjectionOutcome::Withdrawn {
            let today = Zone::default().date(context.now);
            if let Some(superior) = store::team::direct_superior(connection, row.employee_id, today)? {
                let told = NoticeContent::TeamCaseWithdrawn { case_id, work_date };
                self.notify(connection, superior, told, context.now)?;
            }
        }
        Ok(())
    }
}
