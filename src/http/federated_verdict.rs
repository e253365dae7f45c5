//! What the cases of a federated agency's slots came to, for its own instance.

use crate::app::App;
use crate::app::federation::Verdict;
use crate::domain::access::Action;
use crate::domain::ids::CaseId;
use crate::domain::notice::CaseOutcome;
use crate::http::actor::Caller;
use crate::http::call;
use crate::http::page;
use crate::http::page::Page;
use crate::http::problem::{Problem, ProblemView};
use crate::http::query::Query;
use actix_web::get;
use actix_web::web::{Data, Json, Path};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Which verdicts.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct VerdictQuery {
    /// Only of slots of work dates from here on.
    from: NaiveDate,
    /// 1 to 200; 50 where nothing is asked for.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// What a decided case came to.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct VerdictView {
    /// The drawn slot, as the agency's batch has it.
    unit: String,
    /// `upheld`, `withdrawn` or `inconclusive`, with what the head of BKD decided on an objection.
    #[schema(value_type = String)]
    outcome: CaseOutcome,
    /// When the case was decided.
    #[schema(format = DateTime)]
    decided_at: String,
}

impl From<Verdict> for VerdictView {
    fn from(verdict: Verdict) -> Self {
        Self {
            unit: verdict.unit,
            outcome: verdict.outcome,
            decided_at: verdict.decided_at.to_string(),
        }
    }
}

/// Lists what the decided cases of an agency's slots came to, so that its own instance corrects its recaps. A decision to
/// which the person objected is left out until the head of BKD has decided.
#[utoipa::path(operation_id = "list_federated_verdicts", tag = "federation", params(
    ("code" = String, Path, description = "The agency's code"), VerdictQuery,
), responses(
    (status = 200, body = Page<VerdictView>),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/v1/federation/agencies/{code}/verdicts")]
pub(crate) async fn list(
    app: Data<App>,
    caller: Caller,
    path: Path<String>,
    query: Result<Query<VerdictQuery>, Problem>,
) -> Result<Json<Page<VerdictView>>, Problem> {
    let (scope, code) = caller.may_in(Action::SendDispatch, &path)?;
    let query = query?.into_inner();
    let limit = page::limit(query.limit)?;
    let after = page::decode::<CaseId>(query.cursor.as_deref())?;
    let rows = call::run(&app, move |app| {
        app.list_verdicts(&scope, &code, query.from, after, limit)
    })
    .await?;
    Ok(Json(Page::new(rows, limit, |verdict| verdict.case, VerdictView::from)))
}
