//! Giving an auditor's cases to others on the wire.

use crate::app::App;
use crate::app::audit::reassignment::Reassigned;
use crate::domain::access::Action;
use crate::domain::ids::AuditId;
use crate::http::actor::Caller;
use crate::http::body::Body;
use crate::http::call;
use crate::http::problem::Problem;
use crate::http::problem::ProblemView;
use actix_web::post;
use actix_web::web::{Data, Json, Path};
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// Whose work is given to others, and why.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReassignCasesBody {
    /// The auditor's username.
    #[garde(length(chars, min = 1, max = 64))]
    #[schema(min_length = 1, max_length = 64)]
    auditor: String,
    /// Why, 10 to 500 characters; it stays in the history of the audit.
    #[garde(length(chars, min = 10, max = 500))]
    #[schema(min_length = 10, max_length = 500)]
    reason: String,
}

/// How much was given to others.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ReassignedView {
    /// Cases without a finding.
    reviews: u32,
    /// Blind second reviews that were not written.
    second_reviews: u32,
    /// Proposed deviations that were not decided.
    decisions: u32,
}

impl From<Reassigned> for ReassignedView {
    fn from(given: Reassigned) -> Self {
        Self {
            reviews: given.reviews,
            second_reviews: given.second_reviews,
            decisions: given.decisions,
        }
    }
}

/// Gives what an auditor has not done yet to others.
///
/// For one who left, fell ill, or should not go on. Others take it by the rule that gave it out (independent of the
/// agency, fewest cases first), so that nobody chooses who judges whom; each new assignment stands in BKD's log. What was
/// written stays. A repeated call finds nothing left.
#[utoipa::path(operation_id = "reassign_cases", tag = "audits", request_body = ReassignCasesBody, params(
    ("id" = Uuid, Path, description = "The audit"),
), responses(
    (status = 200, body = ReassignedView),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[post("/v1/audits/{id}/reassignment")]
pub(crate) async fn reassign(
    app: Data<App>,
    caller: Caller,
    path: Path<Uuid>,
    body: Body,
) -> Result<Json<ReassignedView>, Problem> {
    let scope = caller.may(Action::RunAudit)?;
    let body: ReassignCasesBody = body.json(&scope).await?;
    let id = AuditId::new(path.into_inner());
    let given = call::run(&app, move |app| {
        app.reassign_cases(&caller.context, &scope, id, &body.auditor, &body.reason)
    })
    .await?;
    Ok(Json(given.into()))
}
