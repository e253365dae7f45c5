//! The witness on the wire: cosigning other logs as C2SP tlog-witness has it, and who says whose.

use crate::app::App;
use crate::app::log::witness::ForkRow;
use crate::app::log::witness::WitnessAnswer;
use crate::app::log::witness::WitnessedLog;
use crate::app::log::witness::wrong_key;
use crate::domain::access::Action;
use crate::domain::instant::Instant;
use crate::domain::log::key::VerifyingKey;
use crate::domain::log::witness::MAX_BYTES;
use crate::http::actor::Caller;
use crate::http::body::Body;
use crate::http::call;
use crate::http::page::Page;
use crate::http::problem::Problem;
use crate::http::problem::ProblemView;
use actix_web::http::StatusCode;
use actix_web::web::{self, Data, Json, ServiceConfig};
use actix_web::{HttpResponse, get, put};
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Whose log is cosigned.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SetWitnessedLogBody {
    /// The key that signs the log's checkpoints, as C2SP signed-note writes keys: `name+id+base64`. The name is the log's
    /// origin.
    #[garde(length(bytes, min = 1, max = 400))]
    #[schema(min_length = 1, max_length = 400)]
    verifying_key: String,
}

/// Two checkpoints of one size that the log's key has signed, with different roots. Anyone who has the key can check them.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LogForkView {
    /// Entries that both speak of.
    size: i64,
    /// The checkpoint that was cosigned here, as it came.
    note: String,
    /// The one that contradicts it, as it came.
    other_note: String,
    /// When the second one came.
    #[schema(value_type = String, format = DateTime)]
    found_at: Instant,
}

/// A log that is cosigned here.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WitnessedLogView {
    /// Its name.
    origin: String,
    /// The key that has to sign its checkpoints; empty where none is believed any longer.
    verifying_key: String,
    /// Entries that the last cosigned checkpoint covers, 0 while none has come.
    size: i64,
    /// That checkpoint, as it came; absent while none has come.
    #[serde(skip_serializing_if = "Option::is_none")]
    checkpoint: Option<String>,
    /// When it was cosigned; absent while none has come.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    witnessed_at: Option<Instant>,
    /// Where the log has contradicted itself, by size.
    forks: Vec<LogForkView>,
}

impl From<WitnessedLog> for WitnessedLogView {
    fn from(log: WitnessedLog) -> Self {
        let has_come = !log.last.note.is_empty();
        let fork = |row: ForkRow| LogForkView {
            size: row.size,
            note: row.note,
            other_note: row.other_note,
            found_at: row.found_at,
        };
        Self {
            origin: log.last.origin,
            verifying_key: log.last.verifying_key,
            size: log.last.size,
            checkpoint: has_come.then_some(log.last.note),
            witnessed_at: has_come.then_some(log.last.witnessed_at),
            forks: log.forks.into_iter().map(fork).collect(),
        }
    }
}

/// Lists the logs that are cosigned here, by origin, with every contradiction that was found.
#[utoipa::path(operation_id = "list_witnessed_logs", tag = "logs", responses(
    (status = 200, body = Page<WitnessedLogView>),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/v1/witnessed-logs")]
pub(crate) async fn list(app: Data<App>, caller: Caller) -> Result<Json<Page<WitnessedLogView>>, Problem> {
    let scope = caller.may(Action::ReadWitness)?;
    let logs = call::run(&app, move |app| app.list_witnessed(&scope)).await?;
    Ok(Json(Page::new(
        logs,
        u32::MAX,
        |log| log.last.origin.clone(),
        WitnessedLogView::from,
    )))
}

/// Has a log cosigned here from now on, or changes the key that signs it. The change stands in BKD's log.
#[utoipa::path(operation_id = "set_witnessed_log", tag = "logs", request_body = SetWitnessedLogBody, responses(
    (status = 200, body = WitnessedLogView),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[put("/v1/witnessed-logs")]
pub(crate) async fn replace(app: Data<App>, caller: Caller, body: Body) -> Result<Json<WitnessedLogView>, Problem> {
    let scope = caller.may(Action::WriteWitness)?;
    let body: SetWitnessedLogBody = body.json(&scope).await?;
    let key: VerifyingKey = body.verifying_key.parse().map_err(|_cause| wrong_key())?;
    let log = call::run(&app, move |app| app.set_witnessed(&caller.context, &scope, &key)).await?;
    Ok(Json(log.into()))
}

/// Registers the call of C2SP tlog-witness.
pub fn configure(config: &mut ServiceConfig) {
    config.route("/witness/add-checkpoint", web::post().to(add_checkpoint));
}

/// Who may ask is decided by the signature on the checkpoint, so that no sign-in is asked for.
async fn add_checkpoint(app: Data<App>, body: Body) -> Result<HttpResponse, Problem> {
    let bytes = body.public_bytes(MAX_BYTES).await?;
    let answer = call::run(&app, move |app| app.cosign(&bytes)).await?;
    Ok(match answer {
        WitnessAnswer::Cosigned(line) => HttpResponse::Ok().content_type("text/plain; charset=utf-8").body(line),
        WitnessAnswer::Conflict(size) => HttpResponse::Conflict()
            .content_type("text/x.tlog.size")
            .body(format!("{size}\n")),
        WitnessAnswer::Refused(status, reason) => {
            let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST);
            HttpResponse::build(status)
                .content_type("text/plain; charset=utf-8")
                .body(format!("{reason}\n"))
        }
    })
}
