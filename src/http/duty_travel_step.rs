//! The steps of a journey on the wire. Each may be repeated: the same step again changes nothing.

use crate::app::App;
use crate::app::duty_travel::decision::SaidOfTravel;
use crate::app::error::Error;
use crate::domain::access::Action;
use crate::domain::ids::DutyTravelId;
use crate::http::actor::Caller;
use crate::http::body::Body;
use crate::http::call;
use crate::http::duty_travel::DutyTravelView;
use crate::http::duty_travel::own_or_others;
use crate::http::field;
use crate::http::problem::Problem;
use crate::http::problem::ProblemView;
use actix_web::post;
use actix_web::web::{Data, Json, Path};
use garde::Validate;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// Whether a journey may be made.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum TravelDecisionName {
    /// It may.
    Approve,
    /// It may not.
    Refuse,
}

/// What someone says about a journey.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DecideDutyTravelBody {
    /// Whether it may be made.
    #[garde(skip)]
    decision: TravelDecisionName,
    /// Why: at least 3 characters where it may not.
    #[garde(inner(length(chars, max = 500)))]
    #[schema(max_length = 500)]
    note: Option<String>,
    /// The number of the assignment letter (surat tugas).
    #[garde(inner(length(chars, max = 100)))]
    #[schema(max_length = 100)]
    letter_number: Option<String>,
    /// The number of the travel order (SPPD).
    #[garde(inner(length(chars, max = 100)))]
    #[schema(max_length = 100)]
    travel_order_number: Option<String>,
}

impl DecideDutyTravelBody {
    fn parse(self) -> Result<SaidOfTravel, Error> {
        let is_approved = self.decision == TravelDecisionName::Approve;
        let note = if is_approved {
            field::optional_text("note", self.note.as_deref(), 500)?
        } else {
            Some(field::text("note", self.note.as_deref().unwrap_or(""), 3, 500)?)
        };
        Ok(SaidOfTravel {
            is_approved,
            note,
            letter_number: field::optional_text("letter_number", self.letter_number.as_deref(), 100)?,
            travel_order_number: field::optional_text("travel_order_number", self.travel_order_number.as_deref(), 100)?,
        })
    }
}

/// Why a journey is let pass, or called off.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TravelReasonBody {
    /// In words.
    #[garde(length(chars, min = 3, max = 500))]
    #[schema(min_length = 3, max_length = 500)]
    reason: String,
}

/// What came of a journey.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReportDutyTravelBody {
    /// In words.
    #[garde(length(chars, min = 3, max = 4_000))]
    #[schema(min_length = 3, max_length = 4_000)]
    report: String,
}

/// Hands one's own draft in; the rules are asked now.
#[utoipa::path(operation_id = "submit_duty_travel", tag = "duty travel", params(
    ("id" = Uuid, Path, description = "The journey"),
), responses(
    (status = 200, body = DutyTravelView),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[post("/v1/duty-travels/{id}/submission")]
pub(crate) async fn submit(app: Data<App>, caller: Caller, path: Path<Uuid>) -> Result<Json<DutyTravelView>, Problem> {
    let scope = caller.may(Action::WriteOwn)?;
    let id = DutyTravelId::new(path.into_inner());
    let seen = call::run(&app, move |app| app.submit_travel(&caller.context, &scope, id)).await?;
    Ok(Json(seen.into()))
}

/// The approver that a circular's rule names lets a journey pass its ban, with a reason; it still waits for the decision.
/// Nobody excepts their own (403); who is not named does not find it (404).
#[utoipa::path(operation_id = "except_duty_travel", tag = "duty travel", request_body = TravelReasonBody, params(
    ("id" = Uuid, Path, description = "The journey"),
), responses(
    (status = 200, body = DutyTravelView),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[post("/v1/duty-travels/{id}/exception")]
pub(crate) async fn except(
    app: Data<App>,
    caller: Caller,
    path: Path<Uuid>,
    body: Body,
) -> Result<Json<DutyTravelView>, Problem> {
    let scope = caller.may(Action::ExceptTravel)?;
    let body: TravelReasonBody = body.json(&scope).await?;
    let reason = field::text("reason", &body.reason, 3, 500)?;
    let id = DutyTravelId::new(path.into_inner());
    let seen = call::run(&app, move |app| app.except_travel(&caller.context, &scope, id, &reason)).await?;
    Ok(Json(seen.into()))
}

/// The direct superior or the head of the agency approves or refuses a journey; of whoever has nobody above, the head of
/// BKD. An approved one takes its days at once. One that a circular bans is not approved (409, the circular is named)
/// before it was excepted. Nobody decides their own (403).
#[utoipa::path(operation_id = "decide_duty_travel", tag = "duty travel", request_body = DecideDutyTravelBody, params(
    ("id" = Uuid, Path, description = "The journey"),
), responses(
    (status = 200, body = DutyTravelView),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[post("/v1/duty-travels/{id}/decision")]
pub(crate) async fn decide(
    app: Data<App>,
    caller: Caller,
    path: Path<Uuid>,
    body: Body,
) -> Result<Json<DutyTravelView>, Problem> {
    let scope = caller.may(Action::DecideTravel)?;
    let body: DecideDutyTravelBody = body.json(&scope).await?;
    let said = body.parse()?;
    let id = DutyTravelId::new(path.into_inner());
    let seen = call::run(&app, move |app| app.decide_travel(&caller.context, &scope, id, &said)).await?;
    Ok(Json(seen.into()))
}

/// Calls a journey off: one's own, or as whoever may decide it. Days that have not begun are what the roster said before.
#[utoipa::path(operation_id = "cancel_duty_travel", tag = "duty travel", request_body = TravelReasonBody, params(
    ("id" = Uuid, Path, description = "The journey"),
), responses(
    (status = 200, body = DutyTravelView),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[post("/v1/duty-travels/{id}/cancellation")]
pub(crate) async fn cancel(
    app: Data<App>,
    caller: Caller,
    path: Path<Uuid>,
    body: Body,
) -> Result<Json<DutyTravelView>, Problem> {
    let (own, others) = own_or_others(&caller, Action::WriteOwn, Action::DecideTravel)?;
    let Some(any) = own.as_ref().or(others.as_ref()) else {
        return Err(Error::Forbidden.into());
    };
    let body: TravelReasonBody = body.json(any).await?;
    let reason = field::text("reason", &body.reason, 3, 500)?;
    let id = DutyTravelId::new(path.into_inner());
    let seen = call::run(&app, move |app| {
        app.cancel_travel(&caller.context, own.as_ref(), others.as_ref(), id, &reason)
    })
    .await?;
    Ok(Json(seen.into()))
}

/// Reports one's own journey, from its first day on.
#[utoipa::path(operation_id = "report_duty_travel", tag = "duty travel", request_body = ReportDutyTravelBody, params(
    ("id" = Uuid, Path, description = "The journey"),
), responses(
    (status = 200, body = DutyTravelView),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[post("/v1/duty-travels/{id}/report")]
pub(crate) async fn tell(
    app: Data<App>,
    caller: Caller,
    path: Path<Uuid>,
    body: Body,
) -> Result<Json<DutyTravelView>, Problem> {
    let scope = caller.may(Action::WriteOwn)?;
    let body: ReportDutyTravelBody = body.json(&scope).await?;
    let report = field::text("report", &body.report, 3, 4_000)?;
    let id = DutyTravelId::new(path.into_inner());
    let seen = call::run(&app, move |app| app.report_travel(&caller.context, &scope, id, &report)).await?;
    Ok(Json(seen.into()))
}

/// Takes note of the report of a journey, as whoever may decide it.
#[utoipa::path(operation_id = "close_duty_travel", tag = "duty travel", params(
    ("id" = Uuid, Path, description = "The journey"),
), responses(
    (status = 200, body = DutyTravelView),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[post("/v1/duty-travels/{id}/closure")]
pub(crate) async fn close(app: Data<App>, caller: Caller, path: Path<Uuid>) -> Result<Json<DutyTravelView>, Problem> {
    let scope = caller.may(Action::DecideTravel)?;
    let id = DutyTravelId::new(path.into_inner());
    let seen = call::run(&app, move |app| app.close_travel(&caller.context, &scope, id)).await?;
    Ok(Json(seen.into()))
}
