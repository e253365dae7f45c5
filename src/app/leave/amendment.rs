//! Amending one's own draft: before it is handed in, or after the leave officer sent it back to be completed.

use crate::app::App;
use crate::app::context::Context;
use crate::app::error::Code;
use crate::app::error::Error;
use crate::app::leave::SeenRequest;
use crate::app::leave::invalid;
use crate::app::leave::judge::Asked;
use crate::app::leave::request::NewLeaveRequest;
use crate::app::leave::request::handed_in;
use crate::app::leave::save;
use crate::domain::access::Scope;
use crate::domain::leave::request;
use crate::domain::leave::state::LeaveState;
use crate::store;
use crate::store::leave_request::LeaveRequestRow;

impl App {
    /// Replaces what a draft of one's own says, and hands it in where that is asked for. Anything but a draft is a
    /// conflict.
    pub fn amend_leave_request(
        &self,
        context: &Context,
        scope: &Scope,
        amended: &NewLeaveRequest,
    ) -> Result<SeenRequest, Error> {
        let owner = scope.person().ok_or(Error::NotFound)?;
        let id = amended.id;
        self.store.write(|connection| {
            store::leave_entry::hold(connection, owner)?;
            let was = store::leave_request::find_own(connection, scope, id)?.ok_or(Error::NotFound)?;
            if was.state != LeaveState::Draft {
                return Err(Error::Conflict(Code::WrongState));
            }
            let applicant = self.applicant(connection, owner, context.now)?;
            request::check_reach(amended.period, applicant.today).map_err(|fault| invalid(vec![fault]))?;
            let asked = Asked {
                on: applicant.today,
                except: Some(id),
            };
            let judged = self.judge(connection, scope, &applicant, amended.kind, amended.period, asked)?;
            let draft = LeaveRequestRow {
                agency_code: applicant.agency.code.clone(),
                kind: amended.kind,
                first_day: amended.period.first,
                last_day: amended.period.last,
                days: judged.days,
                work_days: judged.work_days,
                reason: amended.reason.clone(),
                evidence: amended.evidence.clone(),
                address: amended.address.clone(),
                phone: amended.phone.clone(),
                ..was.clone()
            };
            let (row, action) = if amended.is_submitted {
                (handed_in(draft, &judged, context)?, "submit")
            } else {
                (draft, "amend")
            };
            save(connection, context, scope, &was, row, action)?;
            Ok::<_, Error>(())
        })?;
        self.own_leave_request(context, scope, id)
    }
}
