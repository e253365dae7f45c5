//! A year of holidays as a calendar file on the wire.

use crate::app::App;
use crate::app::calendar_file::FILE_LIMIT;
use crate::app::error::Code;
use crate::app::error::Error;
use crate::domain::access::Action;
use crate::http::actor::Caller;
use crate::http::body::Body;
use crate::http::calendar::CalendarView;
use crate::http::calendar::answer;
use crate::http::call;
use crate::http::precondition::IfMatch;
use crate::http::precondition::etag;
use crate::http::problem::Problem;
use crate::http::problem::ProblemView;
use actix_web::http::header;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, get, put};

/// Media types that name a calendar file; what it is, its content decides.
const MEDIA_TYPES: [&str; 2] = ["text/calendar", "application/octet-stream"];

/// Downloads the holidays and joint leave of a year, 2000 to 2100, as a calendar file (iCalendar).
#[utoipa::path(operation_id = "read_calendar_file", tag = "rules", params(
    ("year" = i32, Path, minimum = 2000, maximum = 2100),
), responses(
    (status = 200, content_type = "text/calendar", body = String),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/v1/calendars/{year}/file.ics")]
pub(crate) async fn read(app: Data<App>, caller: Caller, year: Path<i32>) -> Result<HttpResponse, Problem> {
    let scope = caller.may(Action::ReadRules)?;
    let year = year.into_inner();
    let (found, text) = call::run(&app, move |app| app.calendar_file(&caller.context, &scope, year)).await?;
    Ok(HttpResponse::Ok()
        .content_type("text/calendar; charset=utf-8")
        .insert_header(etag(found.version))
        .insert_header((
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"hari-libur-{year}.ics\""),
        ))
        .body(text))
}

/// Replaces a year by what a calendar file (iCalendar, up to 512 KiB) says of it: events of whole days, one or several.
///
/// Events of other years are left out. What is wrong is named by event, as the file counts them, and property; then
/// nothing is changed.
#[utoipa::path(operation_id = "import_calendar_file", tag = "rules", params(
    ("year" = i32, Path, minimum = 2000, maximum = 2100),
    ("If-Match" = String, Header, description = "The ETag of the loaded version"),
), request_body(content((String = "text/calendar"), (String = "application/octet-stream"))), responses(
    (status = 200, body = CalendarView),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[put("/v1/calendars/{year}/file.ics")]
pub(crate) async fn import(
    app: Data<App>,
    caller: Caller,
    year: Path<i32>,
    version: Result<IfMatch, Problem>,
    body: Body,
) -> Result<HttpResponse, Problem> {
    let scope = caller.may(Action::WriteRules)?;
    let IfMatch(version) = version?;
    if !MEDIA_TYPES.contains(&body.content_type()) {
        return Err(Error::Refused(Code::UnsupportedMediaType).into());
    }
    let file = body.bytes(&scope, FILE_LIMIT).await?;
    let year = year.into_inner();
    let replaced = call::run(&app, move |app| {
        app.import_calendar_file(&caller.context, &scope, year, version, &file)
    })
    .await?;
    Ok(answer(replaced))
}
