//! A recap as a table for people. Streamed, never held.

use crate::app::App;
use crate::app::recap::download::RecapFile;
use crate::domain::access::Action;
use crate::http::actor::Caller;
use crate::http::call;
#[cfg(feature = "print")]
use crate::http::pdf;
use crate::http::problem::Problem;
use crate::http::problem::ProblemView;
use crate::http::query::Query;
use crate::http::recap::month_of;
use crate::http::recap::which;
use actix_web::http::header;
use actix_web::web::{Bytes, Data, Path};
use actix_web::{HttpResponse, get};
use futures_util::stream;
use serde::Deserialize;
use utoipa::IntoParams;

/// Which state.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct RecapFileQuery {
    /// A closed version; 0 for the present truth. The newest closed one, else the present truth, where nothing is asked for.
    #[param(minimum = 0)]
    version: Option<i32>,
}

const fn content_type(file: RecapFile) -> &'static str {
    match file {
        RecapFile::Csv => "text/csv; charset=utf-8",
        RecapFile::Workbook => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    }
}

async fn answer(
    app: Data<App>,
    caller: Caller,
    path: Path<(String, String)>,
    query: Result<Query<RecapFileQuery>, Problem>,
    file: RecapFile,
) -> Result<HttpResponse, Problem> {
    let (code, month) = path.into_inner();
    let (scope, agency) = caller.may_in(Action::ReadRecap, &code)?;
    let (month, which) = (month_of(&month)?, which(query?.version));
    let download = call::run(&app, move |app| {
        app.download_recap(&caller.context, &scope, &agency, month, which, file)
    })
    .await?;
    let pieces = stream::unfold(download.bytes, |mut bytes| async move {
        let piece = bytes.next().await?;
        Some((piece.map(Bytes::from), bytes))
    });
    Ok(HttpResponse::Ok()
        .content_type(content_type(file))
        .insert_header((header::CACHE_CONTROL, "private, no-store"))
        .insert_header((
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{}\"", download.file_name),
        ))
        .streaming(pieces))
}

/// Downloads the recap as CSV for Indonesian spreadsheets: semicolons, byte order mark, formulas guarded, NIP in groups.
#[utoipa::path(operation_id = "read_recap_csv", tag = "recaps", params(
    ("code" = String, Path, description = "The agency's code"),
    ("month" = String, Path, description = "Such as 2026-03"), RecapFileQuery,
), responses(
    (status = 200, content_type = "text/csv", body = String),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/v1/agencies/{code}/recaps/{month}.csv")]
pub(crate) async fn csv(
    app: Data<App>,
    caller: Caller,
    path: Path<(String, String)>,
    query: Result<Query<RecapFileQuery>, Problem>,
) -> Result<HttpResponse, Problem> {
    answer(app, caller, path, query, RecapFile::Csv).await
}

/// Downloads the recap as a workbook to be printed: A4 across, headings on every page, NIP as text.
#[utoipa::path(operation_id = "read_recap_xlsx", tag = "recaps", params(
    ("code" = String, Path, description = "The agency's code"),
    ("month" = String, Path, description = "Such as 2026-03"), RecapFileQuery,
), responses(
    (status = 200, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", body = Vec<u8>),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/v1/agencies/{code}/recaps/{month}.xlsx")]
pub(crate) async fn xlsx(
    app: Data<App>,
    caller: Caller,
    path: Path<(String, String)>,
    query: Result<Query<RecapFileQuery>, Problem>,
) -> Result<HttpResponse, Problem> {
    answer(app, caller, path, query, RecapFile::Workbook).await
}

/// Downloads the recap as PDF: A4 across, headings on every page, two signatures. At most 1,000 people.
#[cfg(feature = "print")]
#[utoipa::path(operation_id = "read_recap_pdf", tag = "recaps", params(
    ("code" = String, Path, description = "The agency's code"),
    ("month" = String, Path, description = "Such as 2026-03"), RecapFileQuery,
), responses(
    (status = 200, content_type = "application/pdf", body = Vec<u8>),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/v1/agencies/{code}/recaps/{month}.pdf")]
pub(crate) async fn print(
    app: Data<App>,
    caller: Caller,
    path: Path<(String, String)>,
    query: Result<Query<RecapFileQuery>, Problem>,
) -> Result<HttpResponse, Problem> {
    let (code, month) = path.into_inner();
    let (scope, agency) = caller.may_in(Action::ReadRecap, &code)?;
    let (month, which) = (month_of(&month)?, which(query?.version));
    let (file_name, file) = call::run(&app, move |app| {
        app.print_recap(&caller.context, &scope, &agency, month, which)
    })
    .await?;
    Ok(pdf::answer(&file_name, file))
}
