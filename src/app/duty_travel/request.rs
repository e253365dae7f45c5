//! Asking for a journey: handed in at once or as a draft, and read back by its traveller and by officials.

use crate::app::App;
use crate::app::context::Context;
use crate::app::duty_travel::Judged;
use crate::app::duty_travel::SeenTravel;
use crate::app::duty_travel::destination_of;
use crate::app::duty_travel::invalid;
use crate::app::duty_travel::is_within;
use crate::app::duty_travel::out_of_order;
use crate::app::duty_travel::save;
use crate::app::duty_travel::subject;
use crate::app::duty_travel::take_turn;
use crate::app::duty_travel::written;
use crate::app::error::Code;
use crate::app::error::Error;
use crate::app::event::note_step;
use crate::domain::access::Role;
use crate::domain::access::Scope;
use crate::domain::duty_travel::Destination;
use crate::domain::duty_travel::ban::Exception;
use crate::domain::duty_travel::period::TravelPeriod;
use crate::domain::duty_travel::request::TravelFault;
use crate::domain::duty_travel::request::check_reach;
use crate::domain::duty_travel::state::TravelState;
use crate::domain::duty_travel::state::TravelStep;
use crate::domain::ids::DutyTravelId;
use crate::domain::ids::EmployeeId;
use crate::domain::instant::Zone;
use crate::store;
use crate::store::duty_travel::DutyTravelFilter;
use crate::store::duty_travel::DutyTravelRow;
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// A journey as its traveller asks for it.
#[derive(Clone, Debug, Serialize)]
pub struct NewTravel {
    /// Made by the client.
    pub id: DutyTravelId,
    /// Where it leads, by Kemendagri code.
    pub destination_code: String,
    /// When.
    pub period: TravelPeriod,
    /// What for.
    pub purpose: String,
    /// What it rests on.
    pub basis: Option<String>,
    /// Whether a virtual meeting was thought of instead.
    pub virtual_alternative_considered: bool,
    /// The number of the assignment letter, if it is there already.
    pub letter_number: Option<String>,
    /// The number of the travel order.
    pub travel_order_number: Option<String>,
    /// Whether it is handed in at once.
    pub is_submitted: bool,
}

impl App {
    /// Takes a journey; `true` for a new one. The same id with the same claim again gives it as it stands now; with another
    /// claim it is a conflict. A journey to a region that nobody knows is refused by its field, as a draft too.
    pub fn create_travel(
        &self,
        context: &Context,
        scope: &Scope,
        new: &NewTravel,
    ) -> Result<(SeenTravel, bool), Error> {
        let owner = scope.person().ok_or(Error::NotFound)?;
        let claim = serde_json::to_vec(new).map_err(Error::internal)?;
        let claim_digest = Sha256::digest(claim).to_vec();
        let destination = Destination::named(&new.destination_code);
        let destination = destination.ok_or_else(|| invalid(&[TravelFault::UnknownRegion]))?;
        // Before rules are loaded for the dates: what was loaded is remembered by date.
        check_reach(new.period, Zone::default().date(context.now)).map_err(|fault| invalid(&[fault]))?;
        let is_new = self.store.write(|connection| {
            take_turn(connection, owner)?;
            if let Some(earlier) = store::duty_travel::find_own(connection, scope, new.id)? {
                return if earlier.claim_digest == claim_digest {
                    Ok(false)
                } else {
                    Err(Error::Conflict(Code::IdConflict))
                };
            }
            let about = (&destination, new.period);
            let judged = self.judge_travel(connection, scope, owner, about, context.now, None)?;
            let draft = DutyTravelRow {
                employee_id: owner,
                id: new.id,
                agency_code: judged.agency.code.clone(),
                claim_digest: claim_digest.clone(),
                destination_code: new.destination_code.clone(),
                is_outside_region: judged.is_outside_region,
                first_day: new.period.period.first,
                last_day: new.period.period.last,
                first_slots: new.period.first_slots,
                last_slots: new.period.last_slots,
                purpose: new.purpose.clone(),
                basis: new.basis.clone(),
                virtual_alternative_considered: new.virtual_alternative_considered,
                letter_number: new.letter_number.clone(),
                travel_order_number: new.travel_order_number.clone(),
                state: TravelState::Draft,
                bans: written(&judged.restrictions)?,
                exceptions: written(&Vec::<Exception>::new())?,
                decision: None,
                report: None,
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
            store::duty_travel::insert(connection, scope, &row)?;
            let id = subject(owner, row.id);
            let states = (None, Some(row.state.code()));
            note_step(connection, context, ("duty_travel", &id), "create", states, None)?;
            Ok(true)
        })?;
        Ok((self.own_travel(context, scope, new.id)?, is_new))
    }

    /// Hands one's own draft in. One that was handed in already stays as it is.
    pub fn submit_travel(&self, context: &Context, scope: &Scope, id: DutyTravelId) -> Result<SeenTravel, Error> {
        let owner = scope.person().ok_or(Error::NotFound)?;
        self.store.write(|connection| {
            take_turn(connection, owner)?;
            let was = store::duty_travel::find_own(connection, scope, id)?.ok_or(Error::NotFound)?;
            if was.state == TravelState::Submitted {
                return Ok::<_, Error>(());
            }
            was.state.after(TravelStep::Submit).map_err(out_of_order)?;
            let destination = destination_of(&was)?;
            let about = (&destination, was.period());
            let judged = self.judge_travel(connection, scope, owner, about, context.now, Some(id))?;
            let draft = DutyTravelRow {
                agency_code: judged.agency.code.clone(),
                is_outside_region: judged.is_outside_region,
                bans: written(&judged.restrictions)?,
                ..was.clone()
            };
            let row = handed_in(draft, &judged, context)?;
            save(connection, context, scope, &was, row, "submit", None)?;
            Ok(())
        })?;
        self.own_travel(context, scope, id)
    }

    /// One's own journey.
    pub fn own_travel(&self, context: &Context, scope: &Scope, id: DutyTravelId) -> Result<SeenTravel, Error> {
        self.store.read(|connection| {
            let row = store::duty_travel::find_own(connection, scope, id)?.ok_or(Error::NotFound)?;
            Self::seen_travel(connection, context.now, row)
        })
    }

    /// One's own journeys, newest first: one more than `limit`, to show that there are more.
    pub fn own_travels(
        &self,
        context: &Context,
        scope: &Scope,
        states: &[TravelState],
        before: Option<DutyTravelId>,
        limit: u32,
    ) -> Result<Vec<SeenTravel>, Error> {
        let owner = scope.person().ok_or(Error::NotFound)?;
        let limit = usize::try_from(limit).unwrap_or(usize::MAX).saturating_add(1);
        self.store.read(|connection| {
            let rows = store::duty_travel::list_of(connection, scope, owner)?;
            rows.into_iter()
                .filter(|row| states.is_empty() || states.contains(&row.state))
                .filter(|row| before.is_none_or(|before| row.id < before))
                .take(limit)
                .map(|row| Self::seen_travel(connection, context.now, row))
                .collect()
        })
    }

    /// A journey that is one's own, or within the caller's reach as superior or official.
    pub fn readable_travel(
        &self,
        context: &Context,
        own: Option<&Scope>,
        others: Option<&Scope>,
        id: DutyTravelId,
    ) -> Result<SeenTravel, Error> {
        self.store.read(|connection| {
            if let Some(own) = own
                && let Some(row) = store::duty_travel::find_own(connection, own, id)?
            {
                return Self::seen_travel(connection, context.now, row);
            }
            let scope = others.ok_or(Error::NotFound)?;
            for row in store::duty_travel::find_all(connection, scope, id)? {
                if is_within(connection, context, scope, &row)? {
                    return Self::seen_travel(connection, context.now, row);
                }
            }
            Err(Error::NotFound)
        })
    }

    /// The journeys within the caller's reach that wait for a decision, or are in the named states; by id, one more than
    /// `limit`. One's own are not among them.
    pub fn travels(
        &self,
        context: &Context,
        scope: &Scope,
        states: &[TravelState],
        after: Option<DutyTravelId>,
        limit: u32,
    ) -> Result<Vec<SeenTravel>, Error> {
        let waiting = [TravelState::Submitted];
        let filter = DutyTravelFilter {
            states: if states.is_empty() { &waiting[..] } else { states }.to_vec(),
            except: context.employee(),
            after,
            limit: i64::from(limit).saturating_add(1),
        };
        let most = usize::try_from(limit).unwrap_or(usize::MAX).saturating_add(1);
        self.store.read(|connection| {
            let mut found: BTreeMap<(DutyTravelId, EmployeeId), DutyTravelRow> = BTreeMap::new();
            let mut rows = store::duty_travel::list_of_agencies(connection, scope, &filter)?;
            if context.actor.has(Role::Superior)
                && let Some(superior) = context.employee()
            {
                let today = Zone::default().date(context.now);
                let team = store::team::subordinates_of(connection, scope, superior, today)?;
                rows.extend(store::duty_travel::list_of_team(connection, scope, &team, &filter)?);
            }
            for row in rows {
                found.insert((row.id, row.employee_id), row);
            }
            found
                .into_values()
                .take(most)
                .map(|row| Self::seen_travel(connection, context.now, row))
                .collect()
        })
    }
}

fn handed_in(draft: DutyTravelRow, judged: &Judged, context: &Context) -> Result<DutyTravelRow, Error> {
    if !judged.faults.is_empty() {
        return Err(invalid(&judged.faults));
    }
    Ok(DutyTravelRow {
        state: draft.state.after(TravelStep::Submit).map_err(out_of_order)?,
        submitted_at: Some(context.now),
        ..draft
    })
}
