//! Dispatches on the wire: fetched where an agency runs its own instance, brought whole or in pieces where BKD is.

use crate::app::App;
use crate::app::dispatch::{MOST_FILE_BYTES, MOST_PIECE_BYTES, Progress};
use crate::app::error::Code;
use crate::app::error::Error;
use crate::domain::access::Action;
use crate::domain::digest::Digest;
use crate::domain::ids::BatchId;
use crate::domain::log::proof;
use crate::http::actor::Caller;
use crate::http::batch_view::BatchView;
use crate::http::body::Body;
use crate::http::call;
use crate::http::problem::Problem;
use crate::http::problem::ProblemView;
use crate::http::query::Query;
use actix_web::http::header;
use actix_web::web::{Bytes, Data, Json, Path};
use actix_web::{HttpResponse, get, post, put};
use futures_util::stream;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// Media types that a dispatch may come under; what it is, its content decides.
const MEDIA_TYPES: [&str; 2] = ["application/zip", "application/octet-stream"];

/// From where on a dispatch has to prove that the log goes on.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct DispatchQuery {
    /// The `cosigned_size` that BKD's instance tells of the agency. Without it, the largest of which BKD's proof came here.
    #[param(minimum = 0)]
    from_size: Option<u64>,
}

/// Where a piece belongs.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct PieceQuery {
    /// Bytes before it.
    #[param(minimum = 0)]
    offset: u64,
    /// Bytes of the whole dispatch, at most 512 MiB.
    #[param(minimum = 1)]
    size: u64,
}

/// How far a dispatch has come.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DispatchProgressView {
    /// Bytes that are here; the next piece begins behind them.
    received_bytes: u64,
}

fn answer(progress: Progress) -> HttpResponse {
    match progress {
        Progress::Taken(receipt) => HttpResponse::Ok()
            .content_type("text/plain; charset=utf-8")
            .body(receipt),
        Progress::Partial(received_bytes) => HttpResponse::Accepted().json(DispatchProgressView { received_bytes }),
    }
}

fn digest(text: &str) -> Result<Digest, Error> {
    text.parse().map_err(|_cause| Error::NotFound)
}

/// Downloads the dispatch of a sent batch, to be brought to BKD's instance (`federation.md`).
///
/// 409 `not_federated` where the settings do not name BKD's keys.
#[utoipa::path(operation_id = "read_batch_dispatch", tag = "federation", params(
    ("id" = Uuid, Path, description = "The batch"),
    DispatchQuery,
), responses(
    (status = 200, content_type = "application/zip", body = Vec<u8>),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/v1/batches/{id}/dispatch")]
pub(crate) async fn read(
    app: Data<App>,
    caller: Caller,
    path: Path<Uuid>,
    query: Query<DispatchQuery>,
) -> Result<HttpResponse, Problem> {
    let scope = caller.may(Action::SealBatch)?;
    let id = BatchId::new(path.into_inner());
    let from_size = query.from_size;
    let download = call::run(&app, move |app| {
        app.download_dispatch(&caller.context, &scope, id, from_size)
    })
    .await?;
    let pieces = stream::unfold(download.bytes, |mut bytes| async move {
        let piece = bytes.next().await?;
        Some((piece.map(Bytes::from), bytes))
    });
    Ok(HttpResponse::Ok()
        .content_type("application/zip")
        .insert_header((header::ETAG, format!("\"{}\"", download.tag)))
        .insert_header((header::CACHE_CONTROL, "private, no-store"))
        .insert_header((
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{}\"", download.file_name),
        ))
        .streaming(pieces))
}

/// Keeps the proof that BKD's instance answered to the batch's dispatch; the batch is received from then on.
///
/// The same proof again changes nothing. What is not BKD's proof of this batch is refused by the field `proof`.
#[utoipa::path(operation_id = "keep_batch_proof", tag = "federation", request_body(content((String = "text/plain"))), params(
    ("id" = Uuid, Path, description = "The batch"),
), responses(
    (status = 200, body = BatchView),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[put("/v1/batches/{id}/proof")]
pub(crate) async fn keep(
    app: Data<App>,
    caller: Caller,
    path: Path<Uuid>,
    body: Body,
) -> Result<Json<BatchView>, Problem> {
    let scope = caller.may(Action::SealBatch)?;
    let bytes = body.bytes(&scope, proof::MAX_BYTES).await?;
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let id = BatchId::new(path.into_inner());
    let batch = call::run(&app, move |app| {
        app.keep_batch_proof(&caller.context, &scope, id, &text)
    })
    .await?;
    Ok(Json(batch.into()))
}

/// Takes a dispatch of up to 64 MiB as one file and answers the proof that BKD holds the batch (C2SP tlog-proof).
///
/// The same dispatch again gets the same answer. 422 `dispatch_refused` names the check that failed as its field; then
/// nothing was stored.
#[utoipa::path(operation_id = "receive_dispatch", tag = "federation", request_body(content((Vec<u8> = "application/zip"), (Vec<u8> = "application/octet-stream"))), responses(
    (status = 200, body = String, content_type = "text/plain; charset=utf-8"),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[post("/v1/federation/batches")]
pub(crate) async fn receive(app: Data<App>, caller: Caller, body: Body) -> Result<HttpResponse, Problem> {
    let scope = caller.may(Action::SendDispatch)?;
    if !MEDIA_TYPES.contains(&body.content_type()) {
        return Err(Error::Refused(Code::UnsupportedMediaType).into());
    }
    let bytes = body.bytes(&scope, MOST_FILE_BYTES).await?;
    let receipt = call::run(&app, move |app| app.receive_dispatch(&caller.context, &scope, &bytes)).await?;
    Ok(answer(Progress::Taken(receipt)))
}

/// Tells how far a dispatch has come: the number of bytes (202), or the receipt once it was taken (200).
#[utoipa::path(operation_id = "read_dispatch_progress", tag = "federation", params(
    ("digest" = String, Path, description = "SHA-256 of the dispatch, 64 hexadecimal digits"),
), responses(
    (status = 200, body = String, content_type = "text/plain; charset=utf-8"),
    (status = 202, body = DispatchProgressView),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/v1/federation/dispatches/{digest}")]
pub(crate) async fn read_progress(app: Data<App>, caller: Caller, path: Path<String>) -> Result<HttpResponse, Problem> {
    let scope = caller.may(Action::SendDispatch)?;
    let digest = digest(&path)?;
    let progress = call::run(&app, move |app| app.dispatch_progress(&caller.context, &scope, &digest)).await?;
    Ok(answer(progress))
}

/// Writes a piece of up to 4 MiB of a dispatch. A piece that would leave a gap is not written.
///
/// 202 with the number of bytes that are here, from where the sender goes on; with the last byte the dispatch is checked
/// and the receipt answered (200), or it is refused as a whole. An account has one dispatch under way; a piece of another
/// one takes its place.
#[utoipa::path(operation_id = "write_dispatch_piece", tag = "federation", request_body(content((Vec<u8> = "application/octet-stream"))), params(
    ("digest" = String, Path, description = "SHA-256 of the dispatch, 64 hexadecimal digits"),
    PieceQuery,
), responses(
    (status = 200, body = String, content_type = "text/plain; charset=utf-8"),
    (status = 202, body = DispatchProgressView),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[put("/v1/federation/dispatches/{digest}")]
pub(crate) async fn write(
    app: Data<App>,
    caller: Caller,
    path: Path<String>,
    query: Result<Query<PieceQuery>, Problem>,
    body: Body,
) -> Result<HttpResponse, Problem> {
    let scope = caller.may(Action::SendDispatch)?;
    let query = query?;
    let digest = digest(&path)?;
    if !MEDIA_TYPES.contains(&body.content_type()) {
        return Err(Error::Refused(Code::UnsupportedMediaType).into());
    }
    let bytes = body.bytes(&scope, MOST_PIECE_BYTES).await?;
    let place = (query.offset, query.size);
    let progress = call::run(&app, move |app| {
        app.write_dispatch_piece(&caller.context, &scope, &digest, place, &bytes)
    })
    .await?;
    Ok(answer(progress))
}
