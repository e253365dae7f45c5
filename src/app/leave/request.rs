//! Requests for leave, by their applicants: written, handed in, listed, taken back; other dates accepted.

use crate::app::App;
use crate::app::context::Context;
use crate::app::error::Code;
use crate::app::error::Error;
use crate::app::event::note_step;
use crate::app::leave::Hats;
use crate::app::leave::SeenRequest;
use crate::app::leave::Sight;
use crate::app::leave::in_turn;
use crate::app::leave::invalid;
use crate::app::leave::judge::Asked;
use crate::app::leave::judge::Judged;
use crate::app::leave::read;
use crate::app::leave::save;
use crate::app::leave::sight_of;
use crate::app::leave::subject;
use crate::app::leave::written;
use crate::domain::access::AgencyCode;
use crate::domain::access::Scope;
use crate::domain::ids::EmployeeId;
use crate::domain::ids::LeaveRequestId;
use crate::domain::instant::Zone;
use crate::domain::leave::LeaveKind;
use crate::domain::leave::opinion::Opinion;
use crate::domain::leave::opinion::Outcome;
use crate::domain::leave::request;
use crate::domain::leave::request::Period;
use crate::domain::leave::state::LeaveState;
use crate::domain::leave::state::LeaveStep;
use crate::domain::leave::state::OutOfOrder;
use crate::domain::signer_rule::may_sign;
use crate::store;
use crate::store::backend::AnyConnection;
use crate::store::leave_request::LeaveRequestFilter;
use crate::store::leave_request::LeaveRequestRow;
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// A new request as it came.
#[derive(Clone, Debug, Serialize)]
pub struct NewLeaveRequest {
    /// The client's id.
    pub id: LeaveRequestId,
    /// Which kind.
    pub kind: LeaveKind,
    /// When.
    pub period: Period,
    /// Why.
    pub reason: String,
    /// What backs it, in words.
    pub evidence: Option<String>,
    /// Where the person is meanwhile.
    pub address: String,
    /// The telephone number there.
    pub phone: Option<String>,
    /// Whether it is handed in at once.
    pub is_submitted: bool,
}

impl App {
    /// Takes a request; `true` for a new one. The same id with the same claim again gives the request as it stands now;
    /// with another claim it is a conflict.
    pub fn create_leave_request(
        &self,
        context: &Context,
        scope: &Scope,
        new: &NewLeaveRequest,
    ) -> Result<(SeenRequest, bool), Error> {
        let owner = scope.person().ok_or(Error::NotFound)?;
        let claim = serde_json::to_vec(new).map_err(Error::internal)?;
        let claim_digest = Sha256::digest(claim).to_vec();
        let about_today = Zone::default().date(context.now);
        // Before rules are loaded for the dates: what was loaded is remembered by date.
        request::check_reach(new.period, about_today).map_err(|fault| invalid(vec![fault]))?;
        let is_new = self.store.write(|connection| {
            store::leave_entry::hold(connection, owner)?;
            if let Some(earlier) = store::leave_request::find_own(connection, scope, new.id)? {
                return if earlier.claim_digest == claim_digest {
                    Ok(false)
                } else {
                    Err(Error::Conflict(Code::IdConflict))
                };
            }
            let applicant = self.applicant(connection, owner, context.now)?;
            let asked = Asked {
                on: applicant.today,
                except: None,
            };
            let judged = self.judge(connection, scope, &applicant, new.kind, new.period, asked)?;
            let draft = LeaveRequestRow {
                employee_id: owner,
                id: new.id,
                agency_code: applicant.agency.code.clone(),
                claim_digest: claim_digest.clone(),
                kind: new.kind,
                first_day: new.period.first,
                last_day: new.period.last,
                days: judged.days,
                work_days: judged.work_days,
                reason: new.reason.clone(),
                evidence: new.evidence.clone(),
                address: new.address.clone(),
                phone: new.phone.clone(),
                state: LeaveState::Draft,
                authority: None,
                is_granted: false,
                returned: None,
                checked: None,
                consideration: None,
                decision: None,
                taken: None,
                letter_id: None,
                end_reason: None,
                created_at: context.now,
                updated_at: context.now,
                submitted_at: None,
                version: 1,
            };
            let row = if new.is_submitted {
                handed_in(draft, &judged, context)?
            } else {
                draft
            };
            store::leave_request::insert(connection, scope, &row)?;
            let id = subject(owner, row.id);
            note_step(
                connection,
                context,
                ("leave_request", &id),
                "create",
                (None, Some(row.state.code())),
                None,
            )?;
            Ok(true)
        })?;
        Ok((self.own_leave_request(context, scope, new.id)?, is_new))
    }

    /// Hands one's own draft in. One that was handed in already stays as it is.
    pub fn submit_leave_request(
        &self,
        context: &Context,
        scope: &Scope,
        id: LeaveRequestId,
    ) -> Result<SeenRequest, Error> {
        let owner = scope.person().ok_or(Error::NotFound)?;
        self.store.write(|connection| {
            store::leave_entry::hold(connection, owner)?;
            let was = store::leave_request::find_own(connection, scope, id)?.ok_or(Error::NotFound)?;
            if was.state == LeaveState::Submitted {
                return Ok::<_, Error>(());
            }
            was.state.after(LeaveStep::Submit).map_err(out_of_order)?;
            let applicant = self.applicant(connection, owner, context.now)?;
            let asked = Asked {
                on: applicant.today,
                except: Some(id),
            };
            let judged = self.judge(connection, scope, &applicant, was.kind, was.period(), asked)?;
            let draft = LeaveRequestRow {
                agency_code: applicant.agency.code.clone(),
                days: judged.days,
                work_days: judged.work_days,
                ..was.clone()
            };
            let row = handed_in(draft, &judged, context)?;
            save(connection, context, scope, &was, row, "submit")?;
            Ok(())
        })?;
        self.own_leave_request(context, scope, id)
    }

    /// Takes one's own request back before it was decided. One that was taken back stays so.
    pub fn withdraw_leave_request(
        &self,
        context: &Context,
        scope: &Scope,
        id: LeaveRequestId,
    ) -> Result<SeenRequest, Error> {
        let owner = scope.person().ok_or(Error::NotFound)?;
        self.store.write(|connection| {
            store::leave_entry::hold(connection, owner)?;
            let was = store::leave_request::find_own(connection, scope, id)?.ok_or(Error::NotFound)?;
            if was.state == LeaveState::Withdrawn {
                return Ok::<_, Error>(());
            }
            let state = was.state.after(LeaveStep::Withdraw).map_err(out_of_order)?;
            let row = LeaveRequestRow { state, ..was.clone() };
            save(connection, context, scope, &was, row, "withdraw")?;
            Ok(())
        })?;
        self.own_leave_request(context, scope, id)
    }

    /// Accepts the other dates that the superior or the authority named; they are held against the rules like new ones.
    pub fn accept_leave_change(
        &self,
        context: &Context,
        scope: &Scope,
        id: LeaveRequestId,
    ) -> Result<SeenRequest, Error> {
        let owner = scope.person().ok_or(Error::NotFound)?;
        self.store.write(|connection| {
            store::leave_entry::hold(connection, owner)?;
            let was = store::leave_request::find_own(connection, scope, id)?.ok_or(Error::NotFound)?;
            let decision: Option<Opinion> = read(was.decision.as_ref())?;
            let consideration: Option<Opinion> = read(was.consideration.as_ref())?;
            let is_open = |opinion: &Opinion| opinion.outcome == Outcome::Change && opinion.accepted_at.is_none();
            let is_decided = decision.is_some();
            let step = if is_decided {
                LeaveStep::AcceptDecided
            } else {
                LeaveStep::AcceptConsidered
            };
            let state = was.state.after(step).map_err(out_of_order)?;
            let mut opinion = decision
                .or(consideration)
                .filter(is_open)
                .ok_or(Error::Conflict(Code::WrongState))?;
            let period = opinion.period.ok_or(Error::Conflict(Code::WrongState))?;
            let applicant = self.applicant(connection, owner, context.now)?;
            let asked = Asked {
                on: applicant.today,
                except: Some(id),
            };
            let judged = self.judge(connection, scope, &applicant, was.kind, period, asked)?;
            if !judged.faults.is_empty() {
                return Err(invalid(judged.faults));
            }
            opinion.accepted_at = Some(context.now);
            let opinion = written(&opinion)?;
            let (consideration, decision) = if is_decided {
                (was.consideration.clone(), opinion)
            } else {
                (opinion, None)
            };
            let row = LeaveRequestRow {
                state,
                first_day: period.first,
                last_day: period.last,
                days: judged.days,
                work_days: judged.work_days,
                // Who decided the dates keeps deciding; other dates may ask for another authority only before that.
                authority: if is_decided { was.authority } else { judged.authority },
                is_granted: is_decided,
                consideration,
                decision,
                ..was.clone()
            };
            save(connection, context, scope, &was, row, "accept")?;
            Ok(())
        })?;
        self.own_leave_request(context, scope, id)
    }

    /// One's own request.
    pub fn own_leave_request(
        &self,
        context: &Context,
        scope: &Scope,
        id: LeaveRequestId,
    ) -> Result<SeenRequest, Error> {
        self.store.read(|connection| {
            let row = store::leave_request::find_own(connection, scope, id)?.ok_or(Error::NotFound)?;
            self.seen(connection, context.now, row, Sight::Own)
        })
    }

    /// One's own requests, newest first: one more than `limit`, to show that there are more.
    pub fn own_leave_requests(
        &self,
        context: &Context,
        scope: &Scope,
        states: &[LeaveState],
        before: Option<LeaveRequestId>,
        limit: u32,
    ) -> Result<Vec<SeenRequest>, Error> {
        let owner = scope.person().ok_or(Error::NotFound)?;
        let limit = usize::try_from(limit).unwrap_or(usize::MAX).saturating_add(1);
        self.store.read(|connection| {
            let rows = store::leave_request::list_of(connection, scope, owner)?;
            rows.into_iter()
                .filter(|row| states.is_empty() || states.contains(&row.state))
                .filter(|row| before.is_none_or(|before| row.id < before))
                .take(limit)
                .map(|row| self.seen(connection, context.now, row, Sight::Own))
                .collect()
        })
    }

    /// A request that is one's own, or that one of the caller's hats shows.
    pub fn readable_leave_request(
        &self,
        context: &Context,
        own: Option<&Scope>,
        hats: &Hats,
        id: LeaveRequestId,
    ) -> Result<SeenRequest, Error> {
        self.store.read(|connection| {
            if let Some(own) = own
                && let Some(row) = store::leave_request::find_own(connection, own, id)?
            {
                return self.seen(connection, context.now, row, Sight::Own);
            }
            let scope = hats.any().ok_or(Error::NotFound)?;
            for row in store::leave_request::find_all(connection, scope, id)? {
                if let Some(sight) = sight_of(connection, context, hats, &row)? {
                    return self.seen(connection, context.now, row, sight);
                }
            }
            Err(Error::NotFound)
        })
    }

    /// What waits for the caller in each hat, or what is in the named states; by id, one more than `limit`.
    pub fn leave_requests(
        &self,
        context: &Context,
        hats: &Hats,
        states: &[LeaveState],
        after: Option<LeaveRequestId>,
        limit: u32,
    ) -> Result<Vec<SeenRequest>, Error> {
        let filter = |waiting: &[LeaveState]| LeaveRequestFilter {
            states: if states.is_empty() { waiting } else { states }.to_vec(),
            after,
            limit: i64::from(limit).saturating_add(1),
        };
        let waits = |row: &LeaveRequestRow| !states.is_empty() || row.state != LeaveState::Decided || row.is_granted;
        let most = usize::try_from(limit).unwrap_or(usize::MAX).saturating_add(1);
        self.store.read(|connection| {
            let mut found: BTreeMap<(LeaveRequestId, EmployeeId), (LeaveRequestRow, Sight)> = BTreeMap::new();
            if let Some(scope) = &hats.superior {
                let today = Zone::default().date(context.now);
                let team = store::team::subordinates(connection, scope, today)?;
                let filter = filter(&[LeaveState::BalanceChecked]);
                for row in store::leave_request::list_of_team(connection, scope, &team, &filter)? {
                    found.insert((row.id, row.employee_id), (row, Sight::Limited));
                }
            }
            let mut whole = Vec::new();
            if let Some(scope) = &hats.officer {
                let filter = filter(&[LeaveState::Submitted]);
                whole.extend(store::leave_request::list_of_agencies(connection, scope, &filter)?);
            }
            if let Some(scope) = &hats.authority {
                let filter = filter(&[LeaveState::Considered, LeaveState::Decided]);
                for grant in context.actor.grants() {
                    if !may_sign(grant.role) {
                        continue;
                    }
                    let agency = grant.agency.as_ref().map(AgencyCode::as_str);
                    let rows = store::leave_request::list_of_authority(connection, scope, grant.role, agency, &filter)?;
                    whole.extend(rows);
                }
            }
            for row in whole {
                found.insert((row.id, row.employee_id), (row, Sight::Whole));
            }
            // What is one's own never waits for oneself.
            found
                .into_values()
                .filter(|(row, _)| context.employee() != Some(row.employee_id) && waits(row))
                .take(most)
                .map(|(row, sight)| self.seen(connection, context.now, row, sight))
                .collect()
        })
    }
}

impl Hats {
    /// Any permission to look at other people's leave.
    pub fn any(&self) -> Option<&Scope> {
        self.officer
            .as_ref()
            .or(self.authority.as_ref())
            .or(self.superior.as_ref())
    }
}

pub(super) fn handed_in(draft: LeaveRequestRow, judged: &Judged, context: &Context) -> Result<LeaveRequestRow, Error> {
    if !judged.faults.is_empty() {
        return Err(invalid(judged.faults.clone()));
    }
    Ok(LeaveRequestRow {
        state: draft.state.after(LeaveStep::Submit).map_err(out_of_order)?,
        authority: judged.authority,
        submitted_at: Some(context.now),
        ..draft
    })
}

pub(crate) fn out_of_order(_error: OutOfOrder) -> Error {
    Error::Conflict(Code::WrongState)
}

/// The request that the caller may act on, as `is_within` says, with its applicant's turn taken. Nobody acts on their own.
pub(crate) fn open_leave_request(
    connection: &mut AnyConnection,
    context: &Context,
    scope: &Scope,
    id: LeaveRequestId,
    is_within: impl Fn(&mut AnyConnection, &LeaveRequestRow) -> Result<bool, Error>,
) -> Result<LeaveRequestRow, Error> {
    for row in store::leave_request::find_all(connection, scope, id)? {
        // The caller knows their own request, so saying no tells nothing new.
        if context.employee() == Some(row.employee_id) {
            return Err(Error::Forbidden);
        }
        if is_within(connection, &row)? {
            return in_turn(connection, scope, &row);
        }
    }
    Err(Error::NotFound)
}
