//! The transparency logs on the wire, as C2SP tlog-tiles has them. Nothing in them is about anybody, so that no sign-in is
//! asked for.

use crate::app::App;
use crate::app::error::Error;
use crate::app::log::read::LogHead;
use crate::app::log::read::NewestCheckpoint;
use crate::domain::instant::Instant;
use crate::domain::log::tile::Resource;
use crate::domain::log_name::LogName;
use crate::http::call;
use crate::http::problem::Problem;
use crate::http::problem::ProblemView;
use actix_web::http::header;
use actix_web::web::{self, Data, Json, Path, ServiceConfig};
use actix_web::{HttpResponse, get};
use serde::Serialize;
use utoipa::ToSchema;

/// What has its place stays for ever.
const FOR_EVER: &str = "public, max-age=31536000, immutable";

/// One log.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LogView {
    /// `audit`, or `agency/` and an agency's code. Its files are under `/logs/` and this name: `checkpoint`, `tile/...`.
    name: String,
    /// What its checkpoints call it.
    origin: String,
    /// The key that signs its checkpoints, as C2SP signed-note writes keys.
    verifying_key: String,
    /// Entries that the newest checkpoint covers.
    size: i64,
    /// That checkpoint; absent while the log has no entry.
    #[serde(skip_serializing_if = "Option::is_none")]
    newest: Option<NewestCheckpointView>,
}

/// What the newest checkpoint of a log says.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct NewestCheckpointView {
    /// The root over all entries, base64, as the checkpoint writes it.
    root: String,
    /// When it was signed.
    #[schema(format = DateTime)]
    signed_at: String,
    /// Who cosigned it, by name.
    witnesses: Vec<WitnessView>,
}

/// A witness of a checkpoint.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WitnessView {
    /// The name in its cosignature.
    name: String,
    /// When it says that it saw the checkpoint.
    #[schema(format = DateTime)]
    seen_at: String,
}

/// The logs of a deployment and the keys of what it signs beside them.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LogsView {
    /// By name.
    items: Vec<LogView>,
    /// The key that signs receipts of shares.
    receipts_key: String,
    /// The key of its cosignatures.
    witness_key: String,
    /// The key that agencies with an instance of their own seal positions to (`federation.md`).
    openings_key: String,
}

impl From<LogHead> for LogView {
    fn from(head: LogHead) -> Self {
        Self {
            name: head.name.to_string(),
            origin: head.origin,
            verifying_key: head.verifying_key,
            size: head.size,
            newest: head.newest.map(NewestCheckpointView::from),
        }
    }
}

impl From<NewestCheckpoint> for NewestCheckpointView {
    fn from(newest: NewestCheckpoint) -> Self {
        let witness = |(name, seen_at): (String, Instant)| WitnessView {
            name,
            seen_at: seen_at.to_string(),
        };
        Self {
            root: newest.root.to_base64(),
            signed_at: newest.signed_at.to_string(),
            witnesses: newest.witnesses.into_iter().map(witness).collect(),
        }
    }
}

/// Lists the transparency logs of this deployment with their keys and newest checkpoints.
///
/// The files of a log are read as C2SP tlog-tiles has it: `/logs/{name}/checkpoint`, `/logs/{name}/tile/...`.
#[utoipa::path(operation_id = "list_logs", tag = "logs", security(()), responses(
    (status = 200, body = LogsView),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/v1/logs")]
pub(crate) async fn list(app: Data<App>) -> Result<Json<LogsView>, Problem> {
    let keys = app.public_keys();
    let heads = call::run(&app, App::list_logs).await?;
    Ok(Json(LogsView {
        items: heads.into_iter().map(LogView::from).collect(),
        receipts_key: keys.receipts,
        witness_key: keys.witness,
        openings_key: keys.openings,
    }))
}

/// Registers the files of the logs.
pub fn configure(config: &mut ServiceConfig) {
    config
        .route("/logs/audit/{file:.*}", web::get().to(of_audit))
        .route("/logs/agency/{code}/{file:.*}", web::get().to(of_agency));
}

async fn of_audit(app: Data<App>, path: Path<String>) -> Result<HttpResponse, Problem> {
    file(app, LogName::Audit, &path.into_inner()).await
}

async fn of_agency(app: Data<App>, path: Path<(String, String)>) -> Result<HttpResponse, Problem> {
    let (code, path) = path.into_inner();
    let log: LogName = format!("agency/{code}").parse().map_err(|_cause| Error::NotFound)?;
    file(app, log, &path).await
}

async fn file(app: Data<App>, log: LogName, path: &str) -> Result<HttpResponse, Problem> {
    if path == "checkpoint" {
        let text = call::run(&app, move |app| app.newest_checkpoint(&log)).await?;
        return Ok(HttpResponse::Ok()
            .content_type("text/plain; charset=utf-8")
            .insert_header((header::CACHE_CONTROL, "no-cache"))
            .body(text));
    }
    let resource: Resource = path.parse().map_err(|_cause| Error::NotFound)?;
    let bytes = call::run(&app, move |app| app.log_resource(&log, resource)).await?;
    Ok(HttpResponse::Ok()
        .content_type("application/octet-stream")
        .insert_header((header::CACHE_CONTROL, FOR_EVER))
        .body(bytes))
}
