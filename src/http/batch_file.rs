//! The files of a batch: the ZIP that counts, and tables and a map for people. Streamed, never held.

use crate::app::App;
use crate::app::batch::download::Download;
use crate::app::batch::download::FileKind;
use crate::app::error::Error;
use crate::domain::access::Action;
use crate::domain::ids::BatchId;
use crate::http::actor::Caller;
use crate::http::call;
use crate::http::problem::Problem;
use crate::http::problem::ProblemView;
use actix_web::http::header;
use actix_web::web::{Bytes, Data, Path};
use actix_web::{HttpResponse, get};
use futures_util::stream;
use uuid::Uuid;

const fn content_type(kind: FileKind) -> &'static str {
    match kind {
        FileKind::Archive => "application/zip",
        FileKind::Rows => "application/x-ndjson",
        FileKind::Csv => "text/csv; charset=utf-8",
        FileKind::Workbook => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        FileKind::Map => "application/geo+json",
    }
}

async fn answer(app: Data<App>, caller: Caller, id: Uuid, kind: FileKind) -> Result<HttpResponse, Problem> {
    let scope = caller.may(Action::ReadBatchRows)?;
    let id = BatchId::new(id);
    let download: Download = call::run(&app, move |app| app.download_batch(&caller.context, &scope, id, kind)).await?;
    let pieces = stream::unfold(download.bytes, |mut bytes| async move {
        let piece = bytes.next().await?;
        Some((piece.map(Bytes::from), bytes))
    });
    Ok(HttpResponse::Ok()
        .content_type(content_type(kind))
        .insert_header((header::ETAG, format!("\"{}\"", download.tag)))
        .insert_header((header::CACHE_CONTROL, "private, no-store"))
        .insert_header((
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{}\"", download.file_name),
        ))
        .streaming(pieces))
}

/// The same files under `/v1/batches/{id}.csv` and so on, for those who read the address that way.
pub(crate) async fn by_ending(
    app: Data<App>,
    caller: Caller,
    path: Path<(Uuid, String)>,
) -> Result<HttpResponse, Problem> {
    let (id, ending) = path.into_inner();
    let kind = [
        FileKind::Archive,
        FileKind::Rows,
        FileKind::Csv,
        FileKind::Workbook,
        FileKind::Map,
    ]
    .into_iter()
    .find(|kind| kind.ending() == ending)
    .ok_or(Error::NotFound)?;
    answer(app, caller, id, kind).await
}

/// Downloads the ZIP of `manifest.json`, `rows.ndjson`, `cells.ndjson` and, once sent, `submission.json`
/// (api-spec/export-format.md).
#[utoipa::path(operation_id = "read_batch_file", tag = "batches", params(
    ("id" = Uuid, Path, description = "The batch"),
), responses(
    (status = 200, content_type = "application/zip", body = Vec<u8>),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/v1/batches/{id}/file")]
pub(crate) async fn archive(app: Data<App>, caller: Caller, path: Path<Uuid>) -> Result<HttpResponse, Problem> {
    answer(app, caller, path.into_inner(), FileKind::Archive).await
}

/// Downloads the rows as CSV for Indonesian spreadsheets: semicolons, byte order mark, formulas guarded.
#[utoipa::path(operation_id = "read_batch_csv", tag = "batches", params(
    ("id" = Uuid, Path, description = "The batch"),
), responses(
    (status = 200, content_type = "text/csv", body = String),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/v1/batches/{id}/file.csv")]
pub(crate) async fn csv(app: Data<App>, caller: Caller, path: Path<Uuid>) -> Result<HttpResponse, Problem> {
    answer(app, caller, path.into_inner(), FileKind::Csv).await
}

/// Downloads the rows as a workbook; after each 1,000,000 rows the next sheet begins with the same headings.
#[utoipa::path(operation_id = "read_batch_xlsx", tag = "batches", params(
    ("id" = Uuid, Path, description = "The batch"),
), responses(
    (status = 200, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", body = Vec<u8>),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/v1/batches/{id}/file.xlsx")]
pub(crate) async fn xlsx(app: Data<App>, caller: Caller, path: Path<Uuid>) -> Result<HttpResponse, Problem> {
    answer(app, caller, path.into_inner(), FileKind::Workbook).await
}

/// Downloads `rows.ndjson` as sealed: one canonical JSON object a line.
#[utoipa::path(operation_id = "read_batch_ndjson", tag = "batches", params(
    ("id" = Uuid, Path, description = "The batch"),
), responses(
    (status = 200, content_type = "application/x-ndjson", body = String),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/v1/batches/{id}/file.ndjson")]
pub(crate) async fn ndjson(app: Data<App>, caller: Caller, path: Path<Uuid>) -> Result<HttpResponse, Problem> {
    answer(app, caller, path.into_inner(), FileKind::Rows).await
}

/// Downloads the blurred map: centres of a fixed grid of 0.01 degree with counts, no people.
#[utoipa::path(operation_id = "read_batch_geojson", tag = "batches", params(
    ("id" = Uuid, Path, description = "The batch"),
), responses(
    (status = 200, content_type = "application/geo+json", body = Object),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/v1/batches/{id}/file.geojson")]
pub(crate) async fn geojson(app: Data<App>, caller: Caller, path: Path<Uuid>) -> Result<HttpResponse, Problem> {
    answer(app, caller, path.into_inner(), FileKind::Map).await
}
