//! The steps of a request for leave on the wire. Each may be repeated: the same step again changes nothing.

use crate::app::App;
use crate::app::error::Error;
use crate::domain::access::Action;
use crate::domain::ids::LeaveRequestId;
use crate::domain::leave::opinion::Said;
use crate::domain::leave::request::Period;
use crate::http::actor::Caller;
use crate::http::body::Body;
use crate::http::call;
use crate::http::field;
use crate::http::leave_request::LeaveRequestView;
use crate::http::leave_request::own_or_hats;
use crate::http::letter::LetterView;
use crate::http::problem::Problem;
use crate::http::problem::ProblemView;
use crate::http::wire::OutcomeName;
use actix_web::web::{Data, Json, Path};
use actix_web::{HttpResponse, post};
use chrono::NaiveDate;
use garde::Validate;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// What the direct superior or the authority says.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[garde(allow_unvalidated)]
#[serde(deny_unknown_fields)]
pub(crate) struct OpinionBody {
    /// Which box of the form.
    outcome: OutcomeName,
    /// Why: at least 3 characters unless it is an approval.
    #[schema(max_length = 500)]
    note: Option<String>,
    /// First day of other dates; with `change` and only then.
    from: Option<NaiveDate>,
    /// Last day of other dates.
    to: Option<NaiveDate>,
}

impl OpinionBody {
    fn parse(self) -> Result<Said, Error> {
        let period = match (self.from, self.to) {
            (Some(first), Some(last)) => Some(Period { first, last }),
            (None, None) => None,
            (Some(_), None) => return Err(half_missing("to")),
            (None, Some(_)) => return Err(half_missing("from")),
        };
        Ok(Said {
            outcome: self.outcome.into(),
            note: self
                .note
                .map(|note| note.trim().to_owned())
                .filter(|note| !note.is_empty()),
            period,
        })
    }
}

fn half_missing(field: &'static str) -> Error {
    Error::field(
        field,
        "missing",
        "Sebutkan tanggal awal dan tanggal akhir bersama-sama.",
        "Name the first and the last day together.",
    )
}

/// What a leave officer misses.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReturnLeaveBody {
    /// What is missing, for the applicant: seen by nobody else.
    #[garde(length(chars, min = 3, max = 500))]
    #[schema(min_length = 3, max_length = 500)]
    note: String,
}

/// Why a leave is given up.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CancelLeaveBody {
    /// In words.
    #[garde(length(chars, min = 3, max = 500))]
    #[schema(min_length = 3, max_length = 500)]
    reason: String,
}

/// From when a person is called back, and why.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RecallLeaveBody {
    /// First day back: after the first day of the leave, within it.
    #[garde(skip)]
    from: NaiveDate,
    /// In words; told to the person.
    #[garde(length(chars, min = 3, max = 500))]
    #[schema(min_length = 3, max_length = 500)]
    reason: String,
}

/// Hands one's own draft in; the rules are asked now.
#[utoipa::path(operation_id = "submit_leave_request", tag = "leave", params(
    ("id" = Uuid, Path, description = "The request"),
), responses(
    (status = 200, body = LeaveRequestView),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[post("/v1/leave-requests/{id}/submission")]
pub(crate) async fn submit(
    app: Data<App>,
    caller: Caller,
    path: Path<Uuid>,
) -> Result<Json<LeaveRequestView>, Problem> {
    let scope = caller.may(Action::WriteOwn)?;
    let id = LeaveRequestId::new(path.into_inner());
    let seen = call::run(&app, move |app| app.submit_leave_request(&caller.context, &scope, id)).await?;
    Ok(Json(seen.into()))
}

/// Takes one's own request back before it was decided.
#[utoipa::path(operation_id = "withdraw_leave_request", tag = "leave", params(
    ("id" = Uuid, Path, description = "The request"),
), responses(
    (status = 200, body = LeaveRequestView),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[post("/v1/leave-requests/{id}/withdrawal")]
pub(crate) async fn withdraw(
    app: Data<App>,
    caller: Caller,
    path: Path<Uuid>,
) -> Result<Json<LeaveRequestView>, Problem> {
    let scope = caller.may(Action::WriteOwn)?;
    let id = LeaveRequestId::new(path.into_inner());
    let seen = call::run(&app, move |app| app.withdraw_leave_request(&caller.context, &scope, id)).await?;
    Ok(Json(seen.into()))
}

/// Accepts the other dates that were named for one's own request.
#[utoipa::path(operation_id = "accept_leave_change", tag = "leave", params(
    ("id" = Uuid, Path, description = "The request"),
), responses(
    (status = 200, body = LeaveRequestView),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[post("/v1/leave-requests/{id}/acceptance")]
pub(crate) async fn accept(
    app: Data<App>,
    caller: Caller,
    path: Path<Uuid>,
) -> Result<Json<LeaveRequestView>, Problem> {
    let scope = caller.may(Action::WriteOwn)?;
    let id = LeaveRequestId::new(path.into_inner());
    let seen = call::run(&app, move |app| app.accept_leave_change(&caller.context, &scope, id)).await?;
    Ok(Json(seen.into()))
}

/// Sends a request back to be completed: it is a draft again, and its applicant is told what is missing.
#[utoipa::path(operation_id = "return_leave_request", tag = "leave", request_body = ReturnLeaveBody, params(
    ("id" = Uuid, Path, description = "The request"),
), responses(
    (status = 204, description = "It is with its applicant again."),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[post("/v1/leave-requests/{id}/return")]
pub(crate) async fn send_back(
    app: Data<App>,
    caller: Caller,
    path: Path<Uuid>,
    body: Body,
) -> Result<HttpResponse, Problem> {
    let scope = caller.may(Action::CheckLeave)?;
    let body: ReturnLeaveBody = body.json(&scope).await?;
    let note = field::text("note", &body.note, 3, 500)?;
    let id = LeaveRequestId::new(path.into_inner());
    call::run(&app, move |app| {
        app.return_leave_request(&caller.context, &scope, id, &note)
    })
    .await?;
    Ok(HttpResponse::NoContent().finish())
}

/// The leave officer finds balance and papers right. Nobody checks their own (403).
#[utoipa::path(operation_id = "check_leave_request", tag = "leave", params(
    ("id" = Uuid, Path, description = "The request"),
), responses(
    (status = 200, body = LeaveRequestView),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[post("/v1/leave-requests/{id}/check")]
pub(crate) async fn check(app: Data<App>, caller: Caller, path: Path<Uuid>) -> Result<Json<LeaveRequestView>, Problem> {
    let scope = caller.may(Action::CheckLeave)?;
    let id = LeaveRequestId::new(path.into_inner());
    let seen = call::run(&app, move |app| app.check_leave_request(&caller.context, &scope, id)).await?;
    Ok(Json(seen.into()))
}

/// The direct superior considers a request; whatever they say, the authority decides.
#[utoipa::path(operation_id = "consider_leave_request", tag = "leave", request_body = OpinionBody, params(
    ("id" = Uuid, Path, description = "The request"),
), responses(
    (status = 200, body = LeaveRequestView),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[post("/v1/leave-requests/{id}/consideration")]
pub(crate) async fn consider(
    app: Data<App>,
    caller: Caller,
    path: Path<Uuid>,
    body: Body,
) -> Result<Json<LeaveRequestView>, Problem> {
    let scope = caller.may(Action::ConsiderLeave)?;
    let body: OpinionBody = body.json(&scope).await?;
    let said = body.parse()?;
    let id = LeaveRequestId::new(path.into_inner());
    let seen = call::run(&app, move |app| {
        app.consider_leave_request(&caller.context, &scope, id, &said)
    })
    .await?;
    Ok(Json(seen.into()))
}

/// The authority that the signer rules name decides a request; the applicant is told. Nobody decides their own (403).
#[utoipa::path(operation_id = "decide_leave_request", tag = "leave", request_body = OpinionBody, params(
    ("id" = Uuid, Path, description = "The request"),
), responses(
    (status = 200, body = LeaveRequestView),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[post("/v1/leave-requests/{id}/decision")]
pub(crate) async fn decide(
    app: Data<App>,
    caller: Caller,
    path: Path<Uuid>,
    body: Body,
) -> Result<Json<LeaveRequestView>, Problem> {
    let scope = caller.may(Action::DecideLeave)?;
    let body: OpinionBody = body.json(&scope).await?;
    let said = body.parse()?;
    let id = LeaveRequestId::new(path.into_inner());
    let seen = call::run(&app, move |app| {
        app.decide_leave_request(&caller.context, &scope, id, &said)
    })
    .await?;
    Ok(Json(seen.into()))
}

/// The authority signs the letter of a granted leave: it takes its number, the days come off the balance, and nobody asks
/// for a share on them. Signing again gives the letter that is there.
#[utoipa::path(operation_id = "issue_leave_letter", tag = "leave", params(
    ("id" = Uuid, Path, description = "The request"),
), responses(
    (status = 200, body = LetterView),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[post("/v1/leave-requests/{id}/letter")]
pub(crate) async fn issue_letter(
    app: Data<App>,
    caller: Caller,
    path: Path<Uuid>,
) -> Result<Json<LetterView>, Problem> {
    let scope = caller.may(Action::DecideLeave)?;
    let id = LeaveRequestId::new(path.into_inner());
    let letter = call::run(&app, move |app| app.issue_leave_letter(&caller.context, &scope, id)).await?;
    Ok(Json(letter.into()))
}

/// Gives a granted leave up before it begins: one's own, or as leave officer. Its letter is revoked and its days return.
#[utoipa::path(operation_id = "cancel_leave_request", tag = "leave", request_body = CancelLeaveBody, params(
    ("id" = Uuid, Path, description = "The request"),
), responses(
    (status = 200, body = LeaveRequestView),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[post("/v1/leave-requests/{id}/cancellation")]
pub(crate) async fn cancel(
    app: Data<App>,
    caller: Caller,
    path: Path<Uuid>,
    body: Body,
) -> Result<Json<LeaveRequestView>, Problem> {
    let own = caller.may(Action::WriteOwn);
    let officer = caller.may(Action::CheckLeave);
    let any = match (&own, officer) {
        (Ok(own), _) => own.clone(),
        (Err(_), Ok(officer)) => officer,
        (Err(_), Err(refused)) => return Err(refused),
    };
    let body: CancelLeaveBody = body.json(&any).await?;
    let reason = field::text("reason", &body.reason, 3, 500)?;
    let (own, hats) = own_or_hats(&caller, Action::WriteOwn)?;
    let id = LeaveRequestId::new(path.into_inner());
    let seen = call::run(&app, move |app| {
        app.cancel_leave_request(&caller.context, own.as_ref(), &hats, id, &reason)
    })
    .await?;
    Ok(Json(seen.into()))
}

/// Calls a person back to duty: the days from `from` on are work days again and return to the balance.
#[utoipa::path(operation_id = "recall_leave", tag = "leave", request_body = RecallLeaveBody, params(
    ("id" = Uuid, Path, description = "The request"),
), responses(
    (status = 200, body = LeaveRequestView),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[post("/v1/leave-requests/{id}/recall")]
pub(crate) async fn recall(
    app: Data<App>,
    caller: Caller,
    path: Path<Uuid>,
    body: Body,
) -> Result<Json<LeaveRequestView>, Problem> {
    let scope = caller.may(Action::DecideLeave)?;
    let body: RecallLeaveBody = body.json(&scope).await?;
    let reason = field::text("reason", &body.reason, 3, 500)?;
    let id = LeaveRequestId::new(path.into_inner());
    let seen = call::run(&app, move |app| {
        app.recall_leave(&caller.context, &scope, id, body.from, &reason)
    })
    .await?;
    Ok(Json(seen.into()))
}
