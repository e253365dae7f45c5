//! Balances of annual leave on the wire.

use crate::app::App;
use crate::app::leave::balance::LeaveBalance;
use crate::app::leave::balance::OpeningBalance;
use crate::domain::access::Action;
use crate::domain::ids::EmployeeId;
use crate::domain::ids::LeaveRequestId;
use crate::domain::leave::ledger::Split;
use crate::http::actor::Caller;
use crate::http::body::Body;
use crate::http::call;
use crate::http::field;
use crate::http::problem::Problem;
use crate::http::problem::ProblemView;
use crate::http::wire::LeaveEntryKindName;
use actix_web::web::{Data, Json, Path};
use actix_web::{get, post};
use chrono::NaiveDate;
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// Days of the present year and the two before it, as the form has them.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LeaveSplitView {
    /// Of the year before the last (N-2).
    before: i32,
    /// Of the last year (N-1).
    previous: i32,
    /// Of the present year (N).
    current: i32,
    /// All of them.
    total: i32,
}

impl From<Split> for LeaveSplitView {
    fn from(split: Split) -> Self {
        Self {
            before: split.before,
            previous: split.previous,
            current: split.current,
            total: split.total(),
        }
    }
}

/// One row of a balance.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LeaveEntryView {
    /// The year that gave the days.
    year: i32,
    /// Why it was added.
    kind: LeaveEntryKindName,
    /// Days with their sign.
    days: i32,
    /// From when it counts.
    effective_on: NaiveDate,
    /// The request that it belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<Uuid>,
    /// What the official wrote.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

/// A balance of annual leave.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LeaveBalanceView {
    /// The present year (N).
    year: i32,
    /// What is left; days of granted leave that is still to come are off already.
    left: LeaveSplitView,
    /// Days that requests on their way have spoken for.
    reserved: i32,
    /// What a new request may still take.
    available: i32,
    /// First day of service, if it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    service_from: Option<NaiveDate>,
    /// The rows, oldest first. They are only ever added to.
    entries: Vec<LeaveEntryView>,
}

impl From<LeaveBalance> for LeaveBalanceView {
    fn from(balance: LeaveBalance) -> Self {
        Self {
            year: balance.year,
            reserved: balance.reserved,
            available: balance.left.total().saturating_sub(balance.reserved),
            left: balance.left.into(),
            service_from: balance.service_from,
            entries: balance
                .entries
                .into_iter()
                .map(|row| LeaveEntryView {
                    year: row.year,
                    kind: row.kind.into(),
                    days: row.days,
                    effective_on: row.effective_on,
                    request_id: row.request_id.map(LeaveRequestId::uuid),
                    reason: row.reason,
                })
                .collect(),
        }
    }
}

/// What is left of a year, from older records.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OpenLeaveBalanceBody {
    /// The year that gave the days: this one or one of the two before.
    #[garde(range(min = 2000, max = 2100))]
    #[schema(minimum = 2000, maximum = 2100)]
    year: i32,
    /// Days that are left of it.
    #[garde(range(min = 0, max = 400))]
    #[schema(minimum = 0, maximum = 400)]
    days: i32,
    /// Where the figure comes from.
    #[garde(length(chars, min = 3, max = 500))]
    #[schema(min_length = 3, max_length = 500)]
    reason: String,
    /// First day of service, where the employee's number does not tell it.
    #[garde(skip)]
    service_from: Option<NaiveDate>,
}

/// Reads one's own balance of annual leave.
#[utoipa::path(operation_id = "read_my_leave_balance", tag = "leave", responses(
    (status = 200, body = LeaveBalanceView),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/v1/me/leave-balance")]
pub(crate) async fn read_own(app: Data<App>, caller: Caller) -> Result<Json<LeaveBalanceView>, Problem> {
    let scope = caller.may(Action::ReadOwn)?;
    let balance = call::run(&app, move |app| app.own_leave_balance(&caller.context, &scope)).await?;
    Ok(Json(balance.into()))
}

/// Reads the balance of a member of the leave officer's agencies.
#[utoipa::path(operation_id = "read_leave_balance", tag = "leave", params(
    ("id" = Uuid, Path, description = "The person"),
), responses(
    (status = 200, body = LeaveBalanceView),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/v1/employees/{id}/leave-balance")]
pub(crate) async fn read(app: Data<App>, caller: Caller, path: Path<Uuid>) -> Result<Json<LeaveBalanceView>, Problem> {
    let scope = caller.may(Action::CheckLeave)?;
    let id = EmployeeId::new(path.into_inner());
    let balance = call::run(&app, move |app| app.leave_balance(&caller.context, &scope, id)).await?;
    Ok(Json(balance.into()))
}

/// Enters what is left of a year from older records. The ledger gets the difference, so the same call again adds nothing.
#[utoipa::path(operation_id = "open_leave_balance", tag = "leave", request_body = OpenLeaveBalanceBody, params(
    ("id" = Uuid, Path, description = "The person"),
), responses(
    (status = 200, body = LeaveBalanceView),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[post("/v1/employees/{id}/leave-balance")]
pub(crate) async fn open(
    app: Data<App>,
    caller: Caller,
    path: Path<Uuid>,
    body: Body,
) -> Result<Json<LeaveBalanceView>, Problem> {
    let scope = caller.may(Action::WriteLeaveBalance)?;
    let body: OpenLeaveBalanceBody = body.json(&scope).await?;
    let opening = OpeningBalance {
        year: body.year,
        days: body.days,
        reason: field::text("reason", &body.reason, 3, 500)?,
        service_from: body.service_from,
    };
    let id = EmployeeId::new(path.into_inner());
    let balance = call::run(&app, move |app| {
        app.open_leave_balance(&caller.context, &scope, id, &opening)
    })
    .await?;
    Ok(Json(balance.into()))
}
