//! A whole audit as a file, for whoever checks it without the service.

use crate::app::App;
use crate::domain::access::Action;
use crate::domain::ids::AuditId;
use crate::http::actor::Caller;
use crate::http::call;
use crate::http::problem::Problem;
use crate::http::problem::ProblemView;
use actix_web::http::header;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, get};
use uuid::Uuid;

/// Gives a closed audit as a ZIP that anyone checks with `sherlok verify`, without this service.
///
/// Format: `api-spec/audit-bundle.md`. It names no person; drawn slots stand in it by their pseudonyms, with how each
/// was decided. 409 until the audit is closed.
#[utoipa::path(operation_id = "read_audit_bundle", tag = "audits", params(
    ("id" = Uuid, Path, description = "The audit"),
), responses(
    (status = 200, body = Vec<u8>, content_type = "application/zip"),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/v1/audits/{id}/bundle")]
pub(crate) async fn read(app: Data<App>, caller: Caller, path: Path<Uuid>) -> Result<HttpResponse, Problem> {
    let scope = caller.may(Action::RunAudit)?;
    let id = AuditId::new(path.into_inner());
    let bytes = call::run(&app, move |app| app.bundle_archive(&scope, id)).await?;
    Ok(HttpResponse::Ok()
        .content_type("application/zip")
        .insert_header((
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"audit-{id}.zip\""),
        ))
        .body(bytes))
}
