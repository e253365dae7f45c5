//! Recaps: read, closed as a version, compared.

use crate::app::App;
use crate::app::error::Error;
use crate::app::recap::sheet::Which;
use crate::domain::access::Action;
use crate::domain::month::Month;
use crate::http::actor::Caller;
use crate::http::body::Body;
use crate::http::call;
use crate::http::language::Spoken;
use crate::http::page;
use crate::http::page::Page;
use crate::http::problem::Problem;
use crate::http::problem::ProblemView;
use crate::http::query::Query;
use crate::http::recap_difference::PersonDifferenceView;
use crate::http::recap_difference::RecapDifferenceView;
use crate::http::recap_view::RecapVersionView;
use crate::http::recap_view::RecapView;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Json, Path};
use actix_web::{HttpResponse, get, post};
use garde::Validate;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

/// Which state, and which people.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct RecapQuery {
    /// A closed version; 0 for the present truth. The newest closed one, else the present truth, where nothing is asked for.
    #[param(minimum = 0)]
    version: Option<i32>,
    /// 1 to 200; 50 where nothing is asked for.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// Which two states.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct DifferenceQuery {
    /// The earlier version; the newest where nothing is asked for.
    #[param(minimum = 1)]
    from: Option<i32>,
    /// The later version; 0, or nothing, for the present truth.
    #[param(minimum = 0)]
    to: Option<i32>,
    /// 1 to 200; 50 where nothing is asked for.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// What the closer wants to say.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CloseRecapBody {
    /// Stands beside the version.
    #[garde(inner(length(chars, max = 500)))]
    #[schema(max_length = 500)]
    note: Option<String>,
}

/// A malformed month names no recap.
pub(crate) fn month_of(text: &str) -> Result<Month, Error> {
    text.parse().map_err(|_cause| Error::NotFound)
}

/// The state that a version's number asks for.
pub(crate) const fn which(version: Option<i32>) -> Which {
    match version {
        None => Which::Newest,
        Some(0) => Which::Present,
        Some(version) => Which::Version(version),
    }
}

/// Reads the recap of an agency and month with a page of its people. A recap that is not final is provisional, said in
/// words; it is never refused.
#[utoipa::path(operation_id = "read_recap", tag = "recaps", params(
    ("code" = String, Path, description = "The agency's code"),
    ("month" = String, Path, description = "Such as 2026-03"), RecapQuery,
), responses(
    (status = 200, body = RecapView),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/v1/agencies/{code}/recaps/{month}")]
pub(crate) async fn read(
    app: Data<App>,
    caller: Caller,
    spoken: Spoken,
    path: Path<(String, String)>,
    query: Result<Query<RecapQuery>, Problem>,
) -> Result<Json<RecapView>, Problem> {
    let (code, month) = path.into_inner();
    let (scope, agency) = caller.may_in(Action::ReadRecap, &code)?;
    let (month, query) = (month_of(&month)?, query?.into_inner());
    let limit = page::limit(query.limit)?;
    let after: i32 = page::decode(query.cursor.as_deref())?.unwrap_or(0);
    let which = which(query.version);
    let recap = call::run(&app, move |app| {
        let more = limit.saturating_add(1);
        app.recap(&caller.context, &scope, &agency, month, which, after, more)
    })
    .await?;
    Ok(Json(RecapView::new(recap, limit, spoken.0)))
}

/// Closes a month that is over: its lines are frozen as a version (201). Where nothing has changed since the newest
/// version, that one comes back (200). A correction afterwards shows in the difference; closing again makes a new version.
#[utoipa::path(operation_id = "close_recap", tag = "recaps", request_body = CloseRecapBody, params(
    ("code" = String, Path, description = "The agency's code"),
    ("month" = String, Path, description = "Such as 2026-03"),
), responses(
    (status = 201, body = RecapVersionView),
    (status = 200, body = RecapVersionView),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[post("/v1/agencies/{code}/recaps/{month}/closure")]
pub(crate) async fn close(
    app: Data<App>,
    caller: Caller,
    path: Path<(String, String)>,
    body: Body,
) -> Result<HttpResponse, Problem> {
    let (code, month) = path.into_inner();
    let (scope, agency) = caller.may_in(Action::CloseRecap, &code)?;
    let month = month_of(&month)?;
    let body: CloseRecapBody = body.json(&scope).await?;
    let note = body
        .note
        .map(|note| note.trim().to_owned())
        .filter(|note| !note.is_empty());
    let (row, is_new) = call::run(&app, move |app| {
        app.close_recap(&caller.context, &scope, &agency, month, note.as_deref())
    })
    .await?;
    let status = if is_new { StatusCode::CREATED } else { StatusCode::OK };
    Ok(HttpResponse::build(status).json(RecapVersionView::from(row)))
}

/// Lists the closed versions of a month, newest first.
#[utoipa::path(operation_id = "list_recap_versions", tag = "recaps", params(
    ("code" = String, Path, description = "The agency's code"),
    ("month" = String, Path, description = "Such as 2026-03"),
), responses(
    (status = 200, body = Page<RecapVersionView>),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/v1/agencies/{code}/recaps/{month}/versions")]
pub(crate) async fn versions(
    app: Data<App>,
    caller: Caller,
    path: Path<(String, String)>,
) -> Result<Json<Page<RecapVersionView>>, Problem> {
    let (code, month) = path.into_inner();
    let (scope, agency) = caller.may_in(Action::ReadRecap, &code)?;
    let month = month_of(&month)?;
    let rows = call::run(&app, move |app| app.recap_versions(&scope, &agency, month)).await?;
    Ok(Json(Page::new(
        rows,
        u32::MAX,
        |row| row.version,
        RecapVersionView::from,
    )))
}

/// Tells what two states of a recap differ in: the newest closed version and the present truth unless others are named.
#[utoipa::path(operation_id = "read_recap_difference", tag = "recaps", params(
    ("code" = String, Path, description = "The agency's code"),
    ("month" = String, Path, description = "Such as 2026-03"), DifferenceQuery,
), responses(
    (status = 200, body = RecapDifferenceView),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/v1/agencies/{code}/recaps/{month}/difference")]
pub(crate) async fn difference(
    app: Data<App>,
    caller: Caller,
    path: Path<(String, String)>,
    query: Result<Query<DifferenceQuery>, Problem>,
) -> Result<Json<RecapDifferenceView>, Problem> {
    let (code, month) = path.into_inner();
    let (scope, agency) = caller.may_in(Action::ReadRecap, &code)?;
    let (month, query) = (month_of(&month)?, query?.into_inner());
    let limit = page::limit(query.limit)?;
    let after: usize = page::decode(query.cursor.as_deref())?.unwrap_or(0);
    let states = (query.from, which(Some(query.to.unwrap_or(0))));
    let found = call::run(&app, move |app| {
        app.recap_difference(&caller.context, &scope, &agency, month, states)
    })
    .await?;
    let people = found.people.len();
    let rows: Vec<_> = (1_usize..).zip(found.people).skip(after).collect();
    let page = Page::new(
        rows,
        limit,
        |(number, _)| *number,
        |(_, person)| PersonDifferenceView::from(person),
    );
    Ok(Json(RecapDifferenceView {
        from: found.from,
        to: found.to,
        people,
        items: page.items,
        next_cursor: page.next_cursor,
    }))
}
