//! What others say about a request for leave: the leave officer checks, the direct superior considers, the authority
//! decides. Nobody does any of it for themselves.

use crate::app::App;
use crate::app::context::Context;
use crate::app::error::Code;
use crate::app::error::Error;
use crate::app::leave::SeenRequest;
use crate::app::leave::Sight;
use crate::app::leave::balance::balance_for;
use crate::app::leave::invalid;
use crate::app::leave::is_authority;
use crate::app::leave::judge::Asked;
use crate::app::leave::official;
use crate::app::leave::read;
use crate::app::leave::request::open_leave_request;
use crate::app::leave::request::out_of_order;
use crate::app::leave::save;
use crate::app::leave::written;
use crate::domain::access::AgencyCode;
use crate::domain::access::Role;
use crate::domain::access::Scope;
use crate::domain::ids::LeaveRequestId;
use crate::domain::instant::Instant;
use crate::domain::instant::Zone;
use crate::domain::leave::ledger::Split;
use crate::domain::leave::opinion::Official;
use crate::domain::leave::opinion::Opinion;
use crate::domain::leave::opinion::Outcome;
use crate::domain::leave::opinion::Returned;
use crate::domain::leave::opinion::Said;
use crate::domain::leave::opinion::SaidFault;
use crate::domain::leave::request;
use crate::domain::leave::state::LeaveState;
use crate::domain::leave::state::LeaveStep;
use crate::domain::notice::NoticeContent;
use crate::store;
use crate::store::backend::AnyConnection;
use crate::store::leave_request::LeaveRequestRow;
use serde::{Deserialize, Serialize};

/// What the leave officer found.
#[derive(Debug, Deserialize, Serialize)]
struct Checked {
    /// Who.
    by: Official,
    /// When.
    at: Instant,
    /// What was left of annual leave.
    left: Split,
}

impl App {
    /// The leave officer sends a request back to be completed: it is a draft again, which nobody else sees, and its
    /// applicant is told what is missing.
    pub fn return_leave_request(
        &self,
        context: &Context,
        scope: &Scope,
        id: LeaveRequestId,
        note: &str,
    ) -> Result<(), Error> {
        self.store.write(|connection| {
            let within = |_: &mut _, row: &LeaveRequestRow| {
                Ok(AgencyCode::parse(&row.agency_code).is_ok_and(|code| scope.covers(&code)))
            };
            let was = open_leave_request(connection, context, scope, id, within)?;
            let state = was.state.after(LeaveStep::Return).map_err(out_of_order)?;
            let returned = Returned {
                by: official(connection, context, Role::LeaveOfficer)?,
                at: context.now,
                note: note.to_owned(),
            };
            let row = LeaveRequestRow {
                state,
                submitted_at: None,
                returned: written(&returned)?,
                ..was.clone()
            };
            let row = save(connection, context, scope, &was, row, "return")?;
            let news = NoticeContent::LeaveReturned {
                from: row.first_day,
                to: row.last_day,
                note: note.to_owned(),
            };
            self.notify(connection, row.employee_id, news, context.now)?;
            Ok(())
        })
    }

    /// The leave officer finds balance and papers right; the request goes to the direct superior, or straight to the
    /// authority where nobody stands above the applicant. The same officer's check again changes nothing.
    pub fn check_leave_request(
        &self,
        context: &Context,
        scope: &Scope,
        id: LeaveRequestId,
    ) -> Result<SeenRequest, Error> {
        self.store.write(|connection| {
            let within = |_: &mut _, row: &LeaveRequestRow| {
                Ok(AgencyCode::parse(&row.agency_code).is_ok_and(|code| scope.covers(&code)))
            };
            let was = open_leave_request(connection, context, scope, id, within)?;
            let earlier: Option<Checked> = read(was.checked.as_ref())?;
            if earlier.is_some_and(|checked| checked.by.account_id == context.account()) {
                return self.seen(connection, context.now, was, Sight::Whole);
            }
            let state = was.state.after(LeaveStep::Check).map_err(out_of_order)?;
            let applicant = self.applicant(connection, was.employee_id, context.now)?;
            let handed_in = was.submitted_at.unwrap_or(context.now);
            let asked = Asked {
                on: applicant.agency.zone.date(handed_in),
                except: Some(id),
            };
            let judged = self.judge(connection, scope, &applicant, was.kind, was.period(), asked)?;
            if !judged.faults.is_empty() {
                return Err(invalid(judged.faults));
            }
            let checked = Checked {
                by: official(connection, context, Role::LeaveOfficer)?,
                at: context.now,
                left: balance_for(connection, scope, &applicant, was.first_day)?,
            };
            let superior = store::team::direct_superior(connection, was.employee_id, applicant.today)?;
            let state = match superior {
                Some(_) => state,
                None => state.after(LeaveStep::PassOver).map_err(out_of_order)?,
            };
            let row = LeaveRequestRow {
                state,
                days: judged.days,
                work_days: judged.work_days,
                authority: judged.authority,
                checked: written(&checked)?,
                ..was.clone()
            };
            let row = save(connection, context, scope, &was, row, "check")?;
            self.seen(connection, context.now, row, Sight::Whole)
        })
    }

    /// The direct superior speaks. Whatever they say, the authority decides; a change goes back to the applicant first.
    /// The same words again change nothing.
    pub fn consider_leave_request(
        &self,
        context: &Context,
        scope: &Scope,
        id: LeaveRequestId,
        said: &Said,
    ) -> Result<SeenRequest, Error> {
        let superior = scope.person().ok_or(Error::NotFound)?;
        let today = Zone::default().date(context.now);
        self.store.write(|connection| {
            let within = |connection: &mut _, row: &LeaveRequestRow| {
                Ok(store::team::direct_superior(connection, row.employee_id, today)? == Some(superior))
            };
            let was = open_leave_request(connection, context, scope, id, within)?;
            let earlier: Option<Opinion> = read(was.consideration.as_ref())?;
            if was.state != LeaveState::BalanceChecked
                && earlier.is_some_and(|opinion| opinion.is_same(said, context.account()))
            {
                return self.seen(connection, context.now, was, Sight::Limited);
            }
            let state = was
                .state
                .after(LeaveStep::Consider(said.outcome))
                .map_err(out_of_order)?;
            let opinion = opinion(connection, context, &was, said, Role::Superior)?;
            let row = LeaveRequestRow {
                state,
                consideration: written(&opinion)?,
                ..was.clone()
            };
            let row = save(connection, context, scope, &was, row, "consider")?;
            self.tell_of(connection, &row, &opinion, context.now, false)?;
            self.seen(connection, context.now, row, Sight::Limited)
        })
    }

    /// The authority decides. A granted leave waits for its letter; a change goes back to the applicant first. The same
    /// words again change nothing.
    pub fn decide_leave_request(
        &self,
        context: &Context,
        scope: &Scope,
        id: LeaveRequestId,
        said: &Said,
    ) -> Result<SeenRequest, Error> {
        self.store.write(|connection| {
            let within = |_: &mut _, row: &LeaveRequestRow| Ok(is_authority(context, row));
            let was = open_leave_request(connection, context, scope, id, within)?;
            let earlier: Option<Opinion> = read(was.decision.as_ref())?;
            if earlier.is_some_and(|opinion| opinion.is_same(said, context.account())) {
                return self.seen(connection, context.now, was, Sight::Whole);
            }
            let state = was.state.after(LeaveStep::Decide(said.outcome)).map_err(out_of_order)?;
            let role = was.authority.ok_or(Error::Conflict(Code::WrongState))?;
            let opinion = opinion(connection, context, &was, said, role)?;
            let row = LeaveRequestRow {
                state,
                is_granted: opinion.is_favourable(),
                decision: written(&opinion)?,
                ..was.clone()
            };
            let row = save(connection, context, scope, &was, row, "decide")?;
            if opinion.outcome == Outcome::Defer {
                // The days go on into the next year only if the year that gave them is written down.
                let applicant = self.applicant(connection, row.employee_id, context.now)?;
                self.bring_up(connection, scope, &applicant, context.now)?;
            }
            self.tell_of(connection, &row, &opinion, context.now, true)?;
            self.seen(connection, context.now, row, Sight::Whole)
        })
    }

    fn tell_of(
        &self,
        connection: &mut AnyConnection,
        row: &LeaveRequestRow,
        opinion: &Opinion,
        now: Instant,
        is_decision: bool,
    ) -> Result<(), Error> {
        let news = match (opinion.outcome, opinion.period) {
            (Outcome::Change, Some(period)) => NoticeContent::LeaveChanged {
                from: period.first,
                to: period.last,
            },
            // What the superior considers is advice; the decision is told.
            _ if !is_decision => return Ok(()),
            _ => NoticeContent::LeaveDecided {
                from: row.first_day,
                to: row.last_day,
                is_granted: row.is_granted,
            },
        };
        self.notify(connection, row.employee_id, news, now)?;
        Ok(())
    }
}

fn said_fault(fault: SaidFault) -> Error {
    let (field, code, indonesian, english) = fault.told();
    Error::field(field, code, indonesian, english)
}

/// What someone said, checked against the dates asked for.
fn opinion(
    connection: &mut AnyConnection,
    context: &Context,
    row: &LeaveRequestRow,
    said: &Said,
    role: Role,
) -> Result<Opinion, Error> {
    let said = said.clone().check(row.period()).map_err(said_fault)?;
    if let Some(period) = said.period {
        let today = Zone::default().date(context.now);
        request::check_reach(period, today).map_err(|fault| invalid(vec![fault]))?;
    }
    Ok(Opinion {
        outcome: said.outcome,
        note: said.note,
        period: said.period,
        by: official(connection, context, role)?,
        at: context.now,
        accepted_at: None,
    })
}
