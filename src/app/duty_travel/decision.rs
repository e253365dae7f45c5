//! Deciding a journey: the approver that a circular names lets it pass, and superior or head approve or refuse it.

use crate::app::App;
use crate::app::context::Context;
use crate::app::duty_travel::Decision;
use crate::app::duty_travel::Judged;
use crate::app::duty_travel::SeenTravel;
use crate::app::duty_travel::destination_of;
use crate::app::duty_travel::field;
use crate::app::duty_travel::invalid;
use crate::app::duty_travel::may_decide;
use crate::app::duty_travel::open_travel;
use crate::app::duty_travel::out_of_order;
use crate::app::duty_travel::read;
use crate::app::duty_travel::save;
use crate::app::duty_travel::take_turn;
use crate::app::duty_travel::written;
use crate::app::error::Code;
use crate::app::error::Error;
use crate::app::leave::official;
use crate::domain::access::Role;
use crate::domain::access::Scope;
use crate::domain::duty_travel::ban;
use crate::domain::duty_travel::ban::Exception;
use crate::domain::duty_travel::request;
use crate::domain::duty_travel::request::TravelFault;
use crate::domain::duty_travel::state::TravelState;
use crate::domain::duty_travel::state::TravelStep;
use crate::domain::ids::DutyTravelId;
use crate::domain::notice::NoticeContent;
use crate::domain::signer_rule;
use crate::store::backend::AnyConnection;
use crate::store::duty_travel::DutyTravelRow;

/// What someone says about a journey.
#[derive(Clone, Debug)]
pub struct SaidOfTravel {
    /// Whether it may be made.
    pub is_approved: bool,
    /// Why; needed where it may not.
    pub note: Option<String>,
    /// The number of the assignment letter, where it is known by now.
    pub letter_number: Option<String>,
    /// The number of the travel order.
    pub travel_order_number: Option<String>,
}

impl App {
    /// The approver that the rule of a circular names lets a journey pass, with a reason: from every ban whose rule names
    /// a role that the caller holds. It still waits for its decision. The same again changes nothing.
    ///
    /// Who is not named is told that there is no such journey, as every stranger is.
    pub fn except_travel(
        &self,
        context: &Context,
        scope: &Scope,
        id: DutyTravelId,
        reason: &str,
    ) -> Result<SeenTravel, Error> {
        self.store.write(|connection| {
            let within = |connection: &mut AnyConnection, row: &DutyTravelRow| {
                let judged = self.judged_now(connection, scope, row)?;
                Ok(named_roles(context, row, &judged).next().is_some())
            };
            let was = open_travel(connection, context, scope, id, within)?;
            let judged = self.judged_now(connection, scope, &was)?;
            let mut exceptions: Vec<Exception> = read(&was.exceptions)?;
            let open: Vec<_> = ban::open_bans(&judged.restrictions, &exceptions).cloned().collect();
            let mut own = Vec::new();
            for restriction in open {
                if let Some(role) = restriction.role.filter(|role| is_named(context, *role, &was)) {
                    own.push(Exception {
                        circular_id: restriction.circular_id,
                        reason: reason.to_owned(),
                        by: official(connection, context, role)?,
                        at: context.now,
                    });
                }
            }
            if own.is_empty() {
                return Self::seen_travel(connection, context.now, was);
            }
            was.state.after(TravelStep::Except).map_err(out_of_order)?;
            exceptions.extend(own);
            let row = DutyTravelRow {
                bans: written(&judged.restrictions)?,
                exceptions: written(&exceptions)?,
                ..was.clone()
            };
            let row = save(connection, context, scope, &was, row, "except", Some(reason))?;
            let news = NoticeContent::TravelExcepted {
                from: row.first_day,
                to: row.last_day,
                destination_code: row.destination_code.clone(),
            };
            self.notify(connection, row.employee_id, news, context.now)?;
            Self::seen_travel(connection, context.now, row)
        })
    }

    /// Superior or head decide a journey; an approved one takes its days in the same transaction, and its traveller is
    /// told. One that a circular bans is refused with the circular's number until it is excepted. The same again changes
    /// nothing.
    pub fn decide_travel(
        &self,
        context: &Context,
        scope: &Scope,
        id: DutyTravelId,
        said: &SaidOfTravel,
    ) -> Result<SeenTravel, Error> {
        self.store.write(|connection| {
            let within =
                |connection: &mut AnyConnection, row: &DutyTravelRow| may_decide(connection, context, scope, row);
            let was = open_travel(connection, context, scope, id, within)?;
            take_turn(connection, was.employee_id)?;
            let earlier: Option<Decision> = was.decision.as_ref().map(read).transpose()?;
            if earlier.is_some_and(|earlier| {
                earlier.is_approved == said.is_approved && earlier.by.account_id == context.account()
            }) {
                return Self::seen_travel(connection, context.now, was);
            }
            let step = if said.is_approved {
                TravelStep::Approve
            } else {
                TravelStep::Refuse
            };
            let state = was.state.after(step).map_err(out_of_order)?;
            let judged = self.judged_now(connection, scope, &was)?;
            if said.is_approved {
                Self::check_approval(&was, &judged)?;
            }
            // Only what someone without a post is called hangs on this.
            let role = [Role::AgencyHead, Role::BkdHead]
                .into_iter()
                .find(|role| context.actor.has(*role))
                .unwrap_or(Role::Superior);
            let decision = Decision {
                is_approved: said.is_approved,
                note: said.note.clone(),
                by: official(connection, context, role)?,
                at: context.now,
            };
            let row = DutyTravelRow {
                state,
                letter_number: said.letter_number.clone().or_else(|| was.letter_number.clone()),
                travel_order_number: said
                    .travel_order_number
                    .clone()
                    .or_else(|| was.travel_order_number.clone()),
                is_outside_region: judged.is_outside_region,
                bans: written(&judged.restrictions)?,
                decision: Some(written(&decision)?),
                ..was.clone()
            };
            if state == TravelState::Approved {
                self.take_days(connection, context, &row, &judged.days)?;
            }
            let note = said.note.as_deref();
            let row = save(connection, context, scope, &was, row, "decide", note)?;
            let news = NoticeContent::TravelDecided {
                from: row.first_day,
                to: row.last_day,
                destination_code: row.destination_code.clone(),
                is_approved: said.is_approved,
            };
            self.notify(connection, row.employee_id, news, context.now)?;
            Self::seen_travel(connection, context.now, row)
        })
    }

    /// What the rules say of a journey that was handed in, as they stand now.
    fn judged_now(&self, connection: &mut AnyConnection, scope: &Scope, row: &DutyTravelRow) -> Result<Judged, Error> {
        let destination = destination_of(row)?;
        let about = (&destination, row.period());
        let asked_at = row.submitted_at.unwrap_or(row.created_at);
        self.judge_travel(connection, scope, row.employee_id, about, asked_at, Some(row.id))
    }

    /// Refuses an approval that the rules do not allow: bans first, by the circular's number.
    fn check_approval(row: &DutyTravelRow, judged: &Judged) -> Result<(), Error> {
        let exceptions: Vec<Exception> = read(&row.exceptions)?;
        if let Some(ban) = ban::open_bans(&judged.restrictions, &exceptions).next() {
            return Err(Error::RefusedField(Code::TravelBanned, field(&request::banned(ban))));
        }
        // A ban that nobody could lift when the journey was handed in may have been excepted from since.
        let others: Vec<TravelFault> = judged
            .faults
            .iter()
            .filter(|fault| !matches!(fault, TravelFault::Banned { .. }))
            .cloned()
            .collect();
        if others.is_empty() {
            Ok(())
        } else {
            Err(invalid(&others))
        }
    }
}

/// Whether the caller holds a role that a rule names, over the traveller's agency.
fn is_named(context: &Context, role: Role, row: &DutyTravelRow) -> bool {
    signer_rule::holds(context.actor.grants(), role, &row.agency_code)
}

/// The roles named by the bans on a journey that the caller holds.
fn named_roles<'a>(context: &'a Context, row: &'a DutyTravelRow, judged: &'a Judged) -> impl Iterator<Item = Role> {
    judged
        .restrictions
        .iter()
        .filter(|restriction| restriction.is_ban)
        .filter_map(|restriction| restriction.role)
        .filter(|role| is_named(context, *role, row))
}
