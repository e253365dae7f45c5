//! One's own slots in one's own calendar program, on the wire.

use crate::app::App;
use crate::domain::access::Action;
use crate::domain::digest::Digest;
use crate::domain::instant::Instant;
use crate::http::actor::Caller;
use crate::http::call;
use crate::http::problem::Problem;
use crate::http::problem::ProblemView;
use crate::http::rate::Limiter;
use actix_web::http::header;
use actix_web::web::{Data, Json, Path};
use actix_web::{HttpResponse, delete, get, post};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// An address, told once.
#[derive(Serialize, ToSchema)]
pub(crate) struct NewCalendarFeedView {
    /// Where a calendar program reads it, below the service's own address. Whoever knows it sees the times of the slots.
    #[schema(example = "/feeds/kM3yJv1xQ2m8Zt0aB7cDeFgHiJk.ics")]
    path: String,
    /// When it was made.
    #[schema(format = DateTime)]
    created_at: String,
}

/// That there is an address; the address itself was told when it was made.
#[derive(Serialize, ToSchema)]
pub(crate) struct CalendarFeedView {
    /// When it was made.
    #[schema(format = DateTime)]
    created_at: String,
}

/// Makes an address under which a calendar program reads one's own slots, with reminders; the one before it ends.
#[utoipa::path(operation_id = "create_my_calendar_feed", tag = "the employee's day", responses(
    (status = 201, body = NewCalendarFeedView),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[post("/v1/me/calendar-feed")]
pub(crate) async fn create(app: Data<App>, caller: Caller) -> Result<HttpResponse, Problem> {
    let scope = caller.may(Action::WriteOwn)?;
    let (token, created_at) = call::run(&app, move |app| app.create_calendar_feed(&caller.context, &scope)).await?;
    Ok(HttpResponse::Created()
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .json(NewCalendarFeedView {
            path: format!("/feeds/{token}.ics"),
            created_at: created_at.to_string(),
        }))
}

/// Tells whether there is an address, and since when.
#[utoipa::path(operation_id = "read_my_calendar_feed", tag = "the employee's day", responses(
    (status = 200, body = CalendarFeedView),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/v1/me/calendar-feed")]
pub(crate) async fn read_own(app: Data<App>, caller: Caller) -> Result<Json<CalendarFeedView>, Problem> {
    let scope = caller.may(Action::ReadOwn)?;
    let created_at: Instant = call::run(&app, move |app| app.calendar_feed(&scope)).await?;
    Ok(Json(CalendarFeedView {
        created_at: created_at.to_string(),
    }))
}

/// Ends the address.
#[utoipa::path(operation_id = "delete_my_calendar_feed", tag = "the employee's day", responses(
    (status = 204, description = "Ended, or there was none."),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[delete("/v1/me/calendar-feed")]
pub(crate) async fn remove(app: Data<App>, caller: Caller) -> Result<HttpResponse, Problem> {
    let scope = caller.may(Action::WriteOwn)?;
    call::run(&app, move |app| app.delete_calendar_feed(&scope)).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Reads the slots behind an address as a calendar file: a week back and 60 days ahead, no place and no name. Needs no
/// sign-in: the address is the secret.
#[utoipa::path(operation_id = "read_calendar_feed", tag = "the employee's day", params(
    ("token" = String, Path, description = "The secret part of the address", min_length = 27, max_length = 27),
), responses(
    (status = 200, content_type = "text/calendar", body = String),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
), security(()))]
#[get("/feeds/{token}.ics")]
pub(crate) async fn read(app: Data<App>, limiter: Data<Limiter>, token: Path<String>) -> Result<HttpResponse, Problem> {
    let token = token.into_inner();
    // The address is the credential that calls are counted for.
    let digest = Digest::of(token.as_bytes());
    let key = Uuid::from_slice(digest.bytes().get(..16).unwrap_or_default()).unwrap_or_default();
    limiter.check_credential(key)?;
    let text = call::run(&app, move |app| app.read_calendar_feed(&token)).await?;
    Ok(HttpResponse::Ok()
        .content_type("text/calendar; charset=utf-8")
        .insert_header((header::CACHE_CONTROL, "private, max-age=900"))
        .insert_header(("X-Robots-Tag", "noindex"))
        .body(text))
}
