//! Circulars on the wire.

use crate::app::App;
use crate::app::circular::CircularFilter;
use crate::app::circular::CircularInFull;
use crate::app::circular::Registered;
use crate::app::error::Error;
use crate::app::once::OnceKey;
use crate::domain::access::Action;
use crate::domain::circular::content::Content;
use crate::domain::ids::CircularId;
use crate::http::actor::Caller;
use crate::http::body::Body;
use crate::http::call;
use crate::http::circular_view::CircularBody;
use crate::http::circular_view::CircularQuery;
use crate::http::circular_view::CircularView;
use crate::http::circular_view::IssueCircularBody;
use crate::http::circular_view::RevokeCircularBody;
use crate::http::page;
use crate::http::page::Page;
use crate::http::precondition::IdempotencyKey;
use crate::http::precondition::IfMatch;
use crate::http::precondition::etag;
use crate::http::problem::Problem;
use crate::http::problem::ProblemView;
use crate::http::query::Query;
use actix_web::web::{Data, Json, Path};
use actix_web::{HttpResponse, get, post, put};
use garde::Validate;
use serde::Deserialize;

/// The text as the domain reads it; its faults are found there, all at once.
#[derive(Deserialize)]
#[serde(transparent)]
struct CircularText(Content);

impl Validate for CircularText {
    type Context = ();

    fn validate_into(&self, (): &(), _parent: &mut dyn FnMut() -> garde::Path, _report: &mut garde::Report) {}
}

fn answer(
    app: &App,
    caller: &Caller,
    found: CircularInFull,
    mut response: actix_web::HttpResponseBuilder,
) -> HttpResponse {
    let today = app.western_date(&caller.context);
    response
        .insert_header(etag(found.registered.version))
        .json(CircularView::new(found.registered, found.conflicts, today))
}

/// Drafts a circular.
#[utoipa::path(operation_id = "create_circular", tag = "rules", request_body = CircularBody, params(
    ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated call give the first answer"),
), responses(
    (status = 201, body = CircularView),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[post("/v1/circulars")]
pub(crate) async fn create(
    app: Data<App>,
    caller: Caller,
    key: IdempotencyKey,
    body: Body,
) -> Result<HttpResponse, Problem> {
    let scope = caller.may(Action::WriteRules)?;
    let (CircularText(text), bytes) = body.json_and_bytes(&scope).await?;
    let once = OnceKey::new(key.0, "create_circular", "", &bytes);
    let context = caller.context.clone();
    let found = call::run(&app, move |app| app.create_circular(&context, &scope, &text, &once)).await?;
    let mut response = HttpResponse::Created();
    response.insert_header(("location", format!("/v1/circulars/{}", found.registered.circular.id)));
    Ok(answer(&app, &caller, found, response))
}

/// Lists circulars with all their rules, the one signed last first. Drafts are seen only by those who write them.
#[utoipa::path(operation_id = "list_circulars", tag = "rules", params(CircularQuery), responses(
    (status = 200, body = Page<CircularView>),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/v1/circulars")]
pub(crate) async fn list(
    app: Data<App>,
    caller: Caller,
    query: Query<CircularQuery>,
) -> Result<Json<Page<CircularView>>, Problem> {
    let scope = caller.may(Action::ReadRules)?;
    let query = query.into_inner();
    let limit = page::limit(query.limit)?;
    let filter = CircularFilter {
        state: query.state,
        jurisdiction: query.jurisdiction_code,
        is_public: caller.may(Action::WriteRules).is_err(),
        after: page::decode(query.cursor.as_deref())?,
    };
    let rows = call::run(&app, move |app| app.circulars(&scope, &filter, limit.saturating_add(1))).await?;
    let today = app.western_date(&caller.context);
    let key = |row: &Registered| (row.circular.content.signed_on, row.circular.id);
    Ok(Json(Page::new(rows, limit, key, |row| {
        CircularView::new(row, Vec::new(), today)
    })))
}

/// Reads one circular.
#[utoipa::path(operation_id = "read_circular", tag = "rules", params(("id" = Uuid, Path)), responses(
    (status = 200, body = CircularView),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/v1/circulars/{id}")]
pub(crate) async fn read(app: Data<App>, caller: Caller, id: Path<CircularId>) -> Result<HttpResponse, Problem> {
    let scope = caller.may(Action::ReadRules)?;
    let may_see_drafts = caller.may(Action::WriteRules).is_ok();
    let id = id.into_inner();
    let found = call::run(&app, move |app| app.circular(&scope, id, may_see_drafts)).await?;
    Ok(answer(&app, &caller, found, HttpResponse::Ok()))
}

/// Replaces the text of a circular that is not issued yet; it is a draft again.
#[utoipa::path(operation_id = "update_circular", tag = "rules", request_body = CircularBody, params(
    ("id" = Uuid, Path),
    ("If-Match" = String, Header, description = "The ETag of the loaded version"),
), responses(
    (status = 200, body = CircularView),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[put("/v1/circulars/{id}")]
pub(crate) async fn update(
    app: Data<App>,
    caller: Caller,
    id: Path<CircularId>,
    version: Result<IfMatch, Problem>,
    body: Body,
) -> Result<HttpResponse, Problem> {
    let scope = caller.may(Action::WriteRules)?;
    let IfMatch(version) = version?;
    let CircularText(text) = body.json(&scope).await?;
    let (context, id) = (caller.context.clone(), id.into_inner());
    let found = call::run(&app, move |app| {
        app.update_circular(&context, &scope, id, version, &text)
    })
    .await?;
    Ok(answer(&app, &caller, found, HttpResponse::Ok()))
}

/// Lays a draft before whoever issues it.
#[utoipa::path(operation_id = "submit_circular", tag = "rules", params(("id" = Uuid, Path)), responses(
    (status = 200, body = CircularView),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[post("/v1/circulars/{id}/review")]
pub(crate) async fn submit(app: Data<App>, caller: Caller, id: Path<CircularId>) -> Result<HttpResponse, Problem> {
    let scope = caller.may(Action::WriteRules)?;
    let (context, id) = (caller.context.clone(), id.into_inner());
    let found = call::run(&app, move |app| app.submit_circular(&context, &scope, id)).await?;
    Ok(answer(&app, &caller, found, HttpResponse::Ok()))
}

/// Puts a circular into the world. Its text is frozen from now on. Somebody else than its writer does so. Each circular
/// that it clashes with (`conflicts`) is acknowledged with the one that decides; otherwise the rules that both have are
/// named and nothing is changed.
#[utoipa::path(operation_id = "issue_circular", tag = "rules", request_body = IssueCircularBody, params(
    ("id" = Uuid, Path),
), responses(
    (status = 200, body = CircularView),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[post("/v1/circulars/{id}/issue")]
pub(crate) async fn issue(
    app: Data<App>,
    caller: Caller,
    id: Path<CircularId>,
    body: Body,
) -> Result<HttpResponse, Problem> {
    let scope = caller.may(Action::WriteRules)?;
    let body: IssueCircularBody = body.json_or_default(&scope).await?;
    let (context, id) = (caller.context.clone(), id.into_inner());
    let said = body.acknowledged();
    let found = call::run(&app, move |app| app.issue_circular(&context, &scope, id, &said)).await?;
    Ok(answer(&app, &caller, found, HttpResponse::Ok()))
}

/// Ends an issued circular from a day on, never from one that has passed.
#[utoipa::path(operation_id = "revoke_circular", tag = "rules", request_body = RevokeCircularBody, params(
    ("id" = Uuid, Path),
), responses(
    (status = 200, body = CircularView),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[post("/v1/circulars/{id}/revocation")]
pub(crate) async fn revoke(
    app: Data<App>,
    caller: Caller,
    id: Path<CircularId>,
    body: Body,
) -> Result<HttpResponse, Problem> {
    let scope = caller.may(Action::WriteRules)?;
    let body: RevokeCircularBody = body.json(&scope).await?;
    if body.reason.trim().is_empty() {
        let (indonesian, english) = ("Sebutkan alasannya.", "Say why.");
        return Err(Error::field("reason", "missing", indonesian, english).into());
    }
    let (context, id) = (caller.context.clone(), id.into_inner());
    let found = call::run(&app, move |app| {
        app.revoke_circular(&context, &scope, id, body.from, body.reason.trim())
    })
    .await?;
    Ok(answer(&app, &caller, found, HttpResponse::Ok()))
}
