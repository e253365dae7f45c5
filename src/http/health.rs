//! Whether the service lives and is ready.

use crate::app::App;
use crate::http::call;
use crate::http::problem::Problem;
use crate::http::problem::ProblemView;
use actix_web::get;
use actix_web::web::{Data, Json};
use serde::Serialize;
use utoipa::ToSchema;

/// The service's state.
#[derive(Debug, Serialize, ToSchema)]
pub struct HealthView {
    /// `ok`.
    status: &'static str,
    /// The service's version.
    version: &'static str,
}

const OK: HealthView = HealthView {
    status: "ok",
    version: env!("CARGO_PKG_VERSION"),
};

/// The process answers.
#[utoipa::path(operation_id = "read_liveness", tag = "operations", security(()), responses((status = 200, body = HealthView)))]
#[get("/livez")]
pub(crate) async fn live() -> Json<HealthView> {
    Json(OK)
}

/// The database answers and its schema is current.
#[utoipa::path(operation_id = "read_readiness", tag = "operations", security(()), responses(
    (status = 200, body = HealthView),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/readyz")]
pub(crate) async fn ready(app: Data<App>) -> Result<Json<HealthView>, Problem> {
    call::run(&app, App::check_ready).await?;
    Ok(Json(OK))
}
