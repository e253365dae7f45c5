//! How a journey ends: called off, or made, reported and taken note of.

use crate::app::App;
use crate::app::context::Context;
use crate::app::duty_travel::SeenTravel;
use crate::app::duty_travel::destination_of;
use crate::app::duty_travel::may_decide;
use crate::app::duty_travel::open_travel;
use crate::app::duty_travel::out_of_order;
use crate::app::duty_travel::save;
use crate::app::duty_travel::take_turn;
use crate::app::error::Code;
use crate::app::error::Error;
use crate::domain::access::Scope;
use crate::domain::duty_travel::state::TravelState;
use crate::domain::duty_travel::state::TravelStep;
use crate::domain::ids::DutyTravelId;
use crate::domain::notice::NoticeContent;
use crate::store;
use crate::store::backend::AnyConnection;
use crate::store::duty_travel::DutyTravelRow;

impl App {
    /// Calls a journey off: its traveller, or whoever may decide it. Days that have not begun are what roster and circulars
    /// say again; a journey under way keeps its days up to today at the destination. One whose last day has passed, or
    /// that was reported, can't be called off. The same again changes nothing.
    pub fn cancel_travel(
        &self,
        context: &Context,
        own: Option<&Scope>,
        others: Option<&Scope>,
        id: DutyTravelId,
        reason: &str,
    ) -> Result<SeenTravel, Error> {
        self.store.write(|connection| {
            let (scope, was, is_own) = cancellable(connection, context, own, others, id)?;
            take_turn(connection, was.employee_id)?;
            if was.state == TravelState::Cancelled {
                return Self::seen_travel(connection, context.now, was);
            }
            let state = was.state.after(TravelStep::Cancel).map_err(out_of_order)?;
            let today = destination_of(&was)?.zone.date(context.now);
            let mut row = DutyTravelRow {
                state,
                end_reason: Some(reason.to_owned()),
                ..was.clone()
            };
            if was.state == TravelState::Approved {
                if today >= was.last_day {
                    return Err(Error::Conflict(Code::WrongState));
                }
                let from = if today < was.first_day {
                    was.first_day
                } else {
                    row.last_day = today;
                    row.last_slots = was.period().part_on(today).unwrap_or_default();
                    today.succ_opt().unwrap_or(today)
                };
                self.give_days_back(connection, context, &was, from)?;
                if !is_own {
                    let news = NoticeContent::TravelEnded {
                        from,
                        to: was.last_day,
                        reason: reason.to_owned(),
                    };
                    self.notify(connection, was.employee_id, news, context.now)?;
                }
            }
            let row = save(connection, context, scope, &was, row, "cancel", Some(reason))?;
            Self::seen_travel(connection, context.now, row)
        })
    }

    /// The traveller tells what came of a journey, from its first day on. The same words again change nothing.
    pub fn report_travel(
        &self,
        context: &Context,
        scope: &Scope,
        id: DutyTravelId,
        report: &str,
    ) -> Result<SeenTravel, Error> {
        self.store.write(|connection| {
            let was = store::duty_travel::find_own(connection, scope, id)?.ok_or(Error::NotFound)?;
            if was.state == TravelState::Reported && was.report.as_deref() == Some(report) {
                return Self::seen_travel(connection, context.now, was);
            }
            let state = was.state.after(TravelStep::Report).map_err(out_of_order)?;
            if destination_of(&was)?.zone.date(context.now) < was.first_day {
                return Err(Error::Conflict(Code::WrongState));
            }
            let row = DutyTravelRow {
                state,
                report: Some(report.to_owned()),
                ..was.clone()
            };
            let row = save(connection, context, scope, &was, row, "report", None)?;
            Self::seen_travel(connection, context.now, row)
        })
    }

    /// Whoever may decide a journey takes note of its report. The same again changes nothing.
    pub fn close_travel(&self, context: &Context, scope: &Scope, id: DutyTravelId) -> Result<SeenTravel, Error> {
        self.store.write(|connection| {
            let within =
                |connection: &mut AnyConnection, row: &DutyTravelRow| may_decide(connection, context, scope, row);
            let was = open_travel(connection, context, scope, id, within)?;
            if was.state == TravelState::Closed {
                return Self::seen_travel(connection, context.now, was);
            }
            let state = was.state.after(TravelStep::Close).map_err(out_of_order)?;
            let row = DutyTravelRow { state, ..was.clone() };
            let row = save(connection, context, scope, &was, row, "close", None)?;
            Self::seen_travel(connection, context.now, row)
        })
    }
}

/// The journey that the caller may call off, with the permission that counts, and whether it is their own.
fn cancellable<'a>(
    connection: &mut AnyConnection,
    context: &Context,
    own: Option<&'a Scope>,
    others: Option<&'a Scope>,
    id: DutyTravelId,
) -> Result<(&'a Scope, DutyTravelRow, bool), Error> {
    if let Some(own) = own
        && let Some(row) = store::duty_travel::find_own(connection, own, id)?
    {
        return Ok((own, row, true));
    }
    let scope = others.ok_or(Error::NotFound)?;
    let within = |connection: &mut AnyConnection, row: &DutyTravelRow| may_decide(connection, context, scope, row);
    let row = open_travel(connection, context, scope, id, within)?;
    Ok((scope, row, false))
}
