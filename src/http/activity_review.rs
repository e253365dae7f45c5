//! Daily entries on the wire, for whoever reviews them.

use crate::app::App;
use crate::domain::access::Action;
use crate::domain::ids::ActivityId;
use crate::http::activity::ActivityQuery;
use crate::http::activity::ActivityView;
use crate::http::activity::answer;
use crate::http::activity::page_of;
use crate::http::actor::Caller;
use crate::http::body::Body;
use crate::http::call;
use crate::http::page::Page;
use crate::http::problem::Problem;
use crate::http::problem::ProblemView;
use crate::http::query::Query;
use crate::http::wire::DecisionName;
use actix_web::web::{Data, Json, Path};
use actix_web::{HttpResponse, get, post};
use garde::Validate;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A review.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[garde(allow_unvalidated)]
#[serde(deny_unknown_fields)]
pub struct ReviewActivityBody {
    /// What is decided.
    decision: DecisionName,
    /// Why: at least 3 characters for a return or rejection.
    #[schema(max_length = 1000)]
    note: Option<String>,
}

/// Reads an entry: one's own, or a subordinate's that has been handed in.
#[utoipa::path(operation_id = "read_activity", tag = "activities", params(
    ("id" = Uuid, Path, description = "The entry"),
), responses(
    (status = 200, body = ActivityView),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/v1/activities/{id}")]
pub(crate) async fn read(app: Data<App>, caller: Caller, path: Path<Uuid>) -> Result<HttpResponse, Problem> {
    let own = caller.may(Action::ReadOwn)?;
    let team = caller.may(Action::ReviewActivity).ok();
    let id = ActivityId::new(path.into_inner());
    let activity = call::run(&app, move |app| {
        app.readable_activity(&caller.context, &own, team.as_ref(), id)
    })
    .await?;
    Ok(answer(HttpResponse::Ok(), activity))
}

/// Lists the entries of one's subordinates, and those that have escalated to oneself. Drafts stay with their owners.
#[utoipa::path(operation_id = "list_activities", tag = "activities", params(ActivityQuery), responses(
    (status = 200, body = Page<ActivityView>),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/v1/activities")]
pub(crate) async fn list(
    app: Data<App>,
    caller: Caller,
    query: Query<ActivityQuery>,
) -> Result<Json<Page<ActivityView>>, Problem> {
    let scope = caller.may(Action::ReviewActivity)?;
    let (filter, limit) = query.parse()?;
    let rows = call::run(&app, move |app| {
        app.activities_to_review(&caller.context, &scope, &filter)
    })
    .await?;
    Ok(Json(page_of(rows, limit)))
}

/// Approves, returns or rejects a subordinate's entry; the owner is told. Nobody reviews their own (403).
#[utoipa::path(operation_id = "review_activity", tag = "activities", request_body = ReviewActivityBody, params(
    ("id" = Uuid, Path, description = "The entry"),
), responses(
    (status = 200, body = ActivityView),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[post("/v1/activities/{id}/review")]
pub(crate) async fn review(
    app: Data<App>,
    caller: Caller,
    path: Path<Uuid>,
    body: Body,
) -> Result<HttpResponse, Problem> {
    let scope = caller.may(Action::ReviewActivity)?;
    let body: ReviewActivityBody = body.json(&scope).await?;
    let id = ActivityId::new(path.into_inner());
    let activity = call::run(&app, move |app| {
        app.review_activity(&caller.context, &scope, id, body.decision.into(), body.note.as_deref())
    })
    .await?;
    Ok(answer(HttpResponse::Ok(), activity))
}
