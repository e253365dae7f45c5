//! Cases as the person they are about reads and answers them.

use crate::app::App;
use crate::app::case::Case;
use crate::app::case::OwnCase;
use crate::app::case::evidence::CaseEvidenceRow;
use crate::domain::access::Action;
use crate::domain::case::CaseFinding;
use crate::domain::case::CaseState;
use crate::domain::case::ReplyPart;
use crate::domain::case::ReviewMethod;
use crate::domain::case::sentence::CaseFacts;
use crate::domain::case::sentence::sentence;
use crate::domain::ids::CaseId;
use crate::domain::language::Language;
use crate::domain::notice::CaseOutcome;
use crate::domain::slot::Slot;
use crate::http::actor::Caller;
use crate::http::body::Body;
use crate::http::call;
use crate::http::case::ReplyToCaseBody;
use crate::http::case::reply;
use crate::http::case_evidence::CaseEvidenceView;
use crate::http::case_evidence::files;
use crate::http::language::Spoken;
use crate::http::objection::ObjectionView;
use crate::http::objection::objection_view;
use crate::http::page;
use crate::http::page::Page;
use crate::http::precondition::IfMatch;
use crate::http::precondition::etag;
use crate::http::problem::Problem;
use crate::http::problem::ProblemView;
use crate::http::query::Query;
use crate::http::sealed_row::SealedRowView;
use actix_web::web::{Data, Json, Path};
use actix_web::{HttpResponse, get, post};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// What the person wrote.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReplyView {
    /// In their own words.
    pub(super) text: String,
    /// A link to what backs it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) link: Option<String>,
    /// Who can confirm it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) witness: Option<String>,
    /// Files that back it.
    pub(super) evidence: Vec<CaseEvidenceView>,
    /// When.
    #[schema(format = DateTime)]
    pub(super) replied_at: String,
}

/// The reply of a case with its files, if there is one.
pub(super) fn reply_view(case: &Case, evidence: &[CaseEvidenceRow]) -> Option<ReplyView> {
    let row = &case.row;
    let (text, at) = row.reply.clone().zip(row.replied_at)?;
    Some(ReplyView {
        text,
        link: row.reply_link.clone(),
        witness: row.reply_witness.clone(),
        evidence: files(evidence, ReplyPart::Reply),
        replied_at: at.to_string(),
    })
}

/// A case about oneself.
#[derive(Debug, Serialize, ToSchema)]
pub struct OwnCaseView {
    /// Its id.
    id: Uuid,
    /// The drawn unit: look for it in the published population.
    unit: String,
    /// Its work date.
    work_date: NaiveDate,
    /// Its slot.
    #[schema(value_type = String)]
    slot: Slot,
    /// As of now.
    #[schema(value_type = String)]
    state: CaseState,
    /// What it means and what comes next, in a sentence or two.
    message: String,
    /// Whether a reply is taken now.
    may_reply: bool,
    /// What one's agency sealed of the slot, where it has an instance of its own: the same that the auditor reads.
    #[serde(skip_serializing_if = "Option::is_none")]
    sealed_row: Option<SealedRowView>,
    /// What the auditor found.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    finding: Option<CaseFinding>,
    /// How.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    method: Option<ReviewMethod>,
    /// What the auditor wrote.
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
    /// When the time to reply ends; absent until the notice was seen or handed over.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    reply_due_at: Option<String>,
    /// Working days that the time was made longer by, because of leave or sickness; 0 once it does not run.
    reply_paused_days: u16,
    /// Files that were added to what is not sent yet, for `/v1/case-evidence/{id}`.
    evidence: Vec<CaseEvidenceView>,
    /// One's own reply.
    #[serde(skip_serializing_if = "Option::is_none")]
    reply: Option<ReplyView>,
    /// How it was decided, before any objection.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    outcome: Option<CaseOutcome>,
    /// Why.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    /// Whether an objection to the head of BKD is taken now.
    may_object: bool,
    /// When the time to object ends; absent until the notice of the decision was seen or handed over.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    objection_due_at: Option<String>,
    /// One's own objection, and what came of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    objection: Option<ObjectionView>,
    /// For If-Match.
    version: i32,
}

impl OwnCaseView {
    pub(super) fn new(own: &OwnCase, language: Language) -> Self {
        let case = &own.case;
        let (row, clock) = (&case.row, case.progress.clock);
        // While somebody is to look again, the person is told nothing that the second look may change.
        let finding = case.progress.told_finding();
        let state = match (case.state, finding) {
            (CaseState::Reviewed, None) => CaseState::Assigned,
            (state, _) => state,
        };
        let paused_days = clock.map_or(0, |clock| clock.paused_days);
        let facts = CaseFacts {
            slot: row.slot,
            work_date: row.work_date,
            state,
            finding,
            outcome: row.outcome,
            reply_due: clock.map(|clock| (clock.due_at, case.zone)),
            paused_days,
            may_object: case.may_object,
            objection_due: case.objection_clock.map(|clock| (clock.due_at, case.zone)),
            objection: case.progress.objection.and_then(|objection| objection.outcome),
        };
        let part = match (case.may_reply, case.may_object) {
            (true, _) => Some(ReplyPart::Reply),
            (false, true) => Some(ReplyPart::Objection),
            (false, false) => None,
        };
        let is_told = finding.is_some();
        Self {
            id: row.id.uuid(),
            unit: row.unit.clone(),
            work_date: row.work_date,
            slot: row.slot,
            state,
            message: sentence(&facts, language),
            may_reply: case.may_reply,
            sealed_row: own.sealed.clone().map(SealedRowView::from),
            finding,
            method: row.method.filter(|_| is_told),
            note: case.hearing.proposing_note(row).filter(|_| is_told).map(str::to_owned),
            reply_due_at: clock.map(|clock| clock.due_at.to_string()),
            reply_paused_days: paused_days,
            evidence: part.map(|part| files(&own.evidence, part)).unwrap_or_default(),
            reply: reply_view(case, &own.evidence),
            outcome: row.outcome,
            reason: row.reason.clone(),
            may_object: case.may_object,
            objection_due_at: case.objection_clock.map(|clock| clock.due_at.to_string()),
            objection: objection_view(case, &own.evidence),
            version: row.version,
        }
    }
}

/// Which page.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct OwnCaseQuery {
    /// 1 to 200; 50 where nothing is asked for.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// Lists the cases about the caller, newest first, each with what it means and what comes next.
#[utoipa::path(operation_id = "list_my_cases", tag = "own data", params(OwnCaseQuery), responses(
    (status = 200, body = Page<OwnCaseView>),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/v1/me/cases")]
pub(crate) async fn list(
    app: Data<App>,
    caller: Caller,
    spoken: Spoken,
    query: Query<OwnCaseQuery>,
) -> Result<Json<Page<OwnCaseView>>, Problem> {
    let scope = caller.may(Action::ReadOwn)?;
    let limit = page::limit(query.limit)?;
    let after = page::decode::<CaseId>(query.cursor.as_deref())?;
    let rows = call::run(&app, move |app| {
        app.list_own_cases(&caller.context, &scope, after, limit)
    })
    .await?;
    Ok(Json(Page::new(
        rows,
        limit,
        |own| own.case.row.id,
        |own| OwnCaseView::new(&own, spoken.0),
    )))
}

/// Replies to a proposed deviation, once, while it is time: by default until three working days after the notice was seen
/// or handed over, not counting leave and sickness. Files are added before.
#[utoipa::path(operation_id = "reply_to_case", tag = "cases", request_body = ReplyToCaseBody, params(
    ("id" = Uuid, Path, description = "The case"),
    ("If-Match" = String, Header, description = "The version that was read"),
), responses(
    (status = 200, body = OwnCaseView),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[post("/v1/cases/{id}/reply")]
pub(crate) async fn answer(
    app: Data<App>,
    caller: Caller,
    spoken: Spoken,
    path: Path<Uuid>,
    version: Result<IfMatch, Problem>,
    body: Body,
) -> Result<HttpResponse, Problem> {
    let scope = caller.may(Action::WriteOwn)?;
    let IfMatch(version) = version?;
    let body: ReplyToCaseBody = body.json(&scope).await?;
    let reply = reply(&body)?;
    let id = CaseId::new(path.into_inner());
    let own = call::run(&app, move |app| {
        app.reply_to_case(&caller.context, &scope, id, version, &reply)
    })
    .await?;
    Ok(HttpResponse::Ok()
        .insert_header(etag(own.case.row.version))
        .json(OwnCaseView::new(&own, spoken.0)))
}
