//! Objections on the wire: made by the person, listed and decided by the head of BKD.

use crate::app::App;
use crate::app::case::Case;
use crate::app::case::evidence::CaseEvidenceRow;
use crate::app::case::objection::ObjectionDecision;
use crate::domain::access::Action;
use crate::domain::case::ReplyPart;
use crate::domain::case::objection::ObjectionOutcome;
use crate::domain::case::objection::ObjectionState;
use crate::domain::ids::CaseId;
use crate::domain::text;
use crate::http::actor::Caller;
use crate::http::body::Body;
use crate::http::call;
use crate::http::case::CaseView;
use crate::http::case::wrong_text;
use crate::http::case_evidence::CaseEvidenceView;
use crate::http::case_evidence::files;
use crate::http::language::Spoken;
use crate::http::own_case::OwnCaseView;
use crate::http::page;
use crate::http::page::Page;
use crate::http::precondition::IfMatch;
use crate::http::precondition::etag;
use crate::http::problem::Problem;
use crate::http::problem::ProblemView;
use crate::http::query::Query;
use actix_web::web::{Data, Json, Path};
use actix_web::{HttpResponse, get, post};
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// What the person objects.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ObjectToCaseBody {
    /// Why the finding is wrong, in their own words, 10 to 4,000 characters.
    #[garde(length(chars, min = 10, max = 4000))]
    #[schema(min_length = 10, max_length = 4000)]
    reason: String,
}

/// What the head of BKD decides.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DecideObjectionBody {
    /// `upheld` (the finding stands) or `withdrawn` (it is taken back).
    #[garde(skip)]
    #[schema(value_type = String, pattern = "^(upheld|withdrawn)$")]
    outcome: ObjectionOutcome,
    /// Why; the person reads it. 10 to 2,000 characters.
    #[garde(length(chars, min = 10, max = 2000))]
    #[schema(min_length = 10, max_length = 2000)]
    reason: String,
}

/// An objection, and what came of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct ObjectionView {
    /// What the person wrote.
    reason: String,
    /// Files that back it.
    evidence: Vec<CaseEvidenceView>,
    /// When.
    #[schema(format = DateTime)]
    objected_at: String,
    /// What the head of BKD decided: `upheld` or `withdrawn`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    outcome: Option<ObjectionOutcome>,
    /// Why.
    #[serde(skip_serializing_if = "Option::is_none")]
    decision: Option<String>,
    /// When.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    decided_at: Option<String>,
}

/// The objection of a case with its files, if there is one.
pub(super) fn objection_view(case: &Case, evidence: &[CaseEvidenceRow]) -> Option<ObjectionView> {
    case.hearing.objection.as_ref().map(|objection| ObjectionView {
        reason: objection.reason.clone(),
        evidence: files(evidence, ReplyPart::Objection),
        objected_at: objection.objected_at.to_string(),
        outcome: objection.outcome,
        decision: objection.decision.clone(),
        decided_at: objection.decided_at.map(|at| at.to_string()),
    })
}

/// Which objections.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ObjectionQuery {
    /// `pending` or `decided`.
    #[param(value_type = Option<String>, pattern = "^(pending|decided)$")]
    state: Option<ObjectionState>,
    /// 1 to 200; 50 where nothing is asked for.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// Objects to an upheld finding about oneself, once, while it is time: by default until fourteen working days after the
/// notice of the decision was seen or handed over. The finding has no effect until the head of BKD has decided.
#[utoipa::path(operation_id = "object_to_case", tag = "cases", request_body = ObjectToCaseBody, params(
    ("id" = Uuid, Path, description = "The case"),
    ("If-Match" = String, Header, description = "The version that was read"),
), responses(
    (status = 200, body = OwnCaseView),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[post("/v1/cases/{id}/objection")]
pub(crate) async fn make(
    app: Data<App>,
    caller: Caller,
    spoken: Spoken,
    path: Path<Uuid>,
    version: Result<IfMatch, Problem>,
    body: Body,
) -> Result<HttpResponse, Problem> {
    let scope = caller.may(Action::WriteOwn)?;
    let IfMatch(version) = version?;
    let body: ObjectToCaseBody = body.json(&scope).await?;
    let reason = text::bounded(&body.reason, 10, 4_000).map_err(|error| wrong_text("reason", error))?;
    let id = CaseId::new(path.into_inner());
    let own = call::run(&app, move |app| {
        app.object_to_case(&caller.context, &scope, id, version, &reason)
    })
    .await?;
    Ok(HttpResponse::Ok()
        .insert_header(etag(own.case.row.version))
        .json(OwnCaseView::new(&own, spoken.0)))
}

/// Lists the cases that were objected to, for the head of BKD, the oldest draw first. No names: those are shown one case
/// at a time, and each look is written down.
#[utoipa::path(operation_id = "list_objections", tag = "cases", params(ObjectionQuery), responses(
    (status = 200, body = Page<CaseView>),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/v1/objections")]
pub(crate) async fn list(
    app: Data<App>,
    caller: Caller,
    query: Query<ObjectionQuery>,
) -> Result<Json<Page<CaseView>>, Problem> {
    let scope = caller.may(Action::DecideObjection)?;
    let limit = page::limit(query.limit)?;
    let after = page::decode::<CaseId>(query.cursor.as_deref())?;
    let account = caller.context.account();
    let rows = call::run(&app, move |app| {
        app.list_objections(&caller.context, &scope, query.state, after, limit)
    })
    .await?;
    Ok(Json(Page::new(
        rows,
        limit,
        |case| case.row.id,
        |case| CaseView::new(&case, account),
    )))
}

/// Decides on an objection: the finding stands, or it is taken back, which amends the report and the recap. It takes
/// somebody who neither found nor decided it and is not of the agency.
#[utoipa::path(operation_id = "decide_objection", tag = "cases", request_body = DecideObjectionBody, params(
    ("id" = Uuid, Path, description = "The case"),
    ("If-Match" = String, Header, description = "The version that was read"),
), responses(
    (status = 200, body = CaseView),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[post("/v1/cases/{id}/objection/decision")]
pub(crate) async fn decide(
    app: Data<App>,
    caller: Caller,
    path: Path<Uuid>,
    version: Result<IfMatch, Problem>,
    body: Body,
) -> Result<HttpResponse, Problem> {
    let scope = caller.may(Action::DecideObjection)?;
    let IfMatch(version) = version?;
    let body: DecideObjectionBody = body.json(&scope).await?;
    let decision = ObjectionDecision {
        outcome: body.outcome,
        reason: text::bounded(&body.reason, 10, 2_000).map_err(|error| wrong_text("reason", error))?,
    };
    let id = CaseId::new(path.into_inner());
    let account = caller.context.account();
    let case = call::run(&app, move |app| {
        app.decide_objection(&caller.context, &scope, id, version, &decision)
    })
    .await?;
    Ok(HttpResponse::Ok()
        .insert_header(etag(case.row.version))
        .json(CaseView::new(&case, account)))
}
