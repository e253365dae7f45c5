//! Cases on the wire: for auditors, for the head of BKD, and for the person they are about.

use crate::app::App;
use crate::app::case::Case;
use crate::app::case::step::Decision;
use crate::app::case::step::Reply;
use crate::app::case::step::Review;
use crate::app::error::Error;
use crate::domain::access::Action;
use crate::domain::case::CaseFinding;
use crate::domain::case::CaseState;
use crate::domain::case::ReviewMethod;
use crate::domain::case::objection::ObjectionOutcome;
use crate::domain::ids::AccountId;
use crate::domain::ids::AuditId;
use crate::domain::ids::CaseId;
use crate::domain::notice::CaseOutcome;
use crate::domain::slot::Slot;
use crate::domain::text;
use crate::http::actor::Caller;
use crate::http::body::Body;
use crate::http::call;
use crate::http::page;
use crate::http::page::Page;
use crate::http::precondition::IfMatch;
use crate::http::precondition::etag;
use crate::http::problem::Problem;
use crate::http::problem::ProblemView;
use crate::http::query::Query;
use actix_web::web::{Data, Json, Path};
use actix_web::{HttpResponse, get, post};
use chrono::NaiveDate;
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// What an auditor finds.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReviewCaseBody {
    /// `valid`, `invalid_proposed` (asks the person to reply) or `inconclusive` (never counts against anyone).
    #[garde(skip)]
    #[schema(value_type = String, pattern = "^(valid|invalid_proposed|inconclusive)$")]
    finding: CaseFinding,
    /// `map` (where it is absent), `call`, `visit` or `documents`.
    #[garde(skip)]
    #[schema(value_type = Option<String>, pattern = "^(map|call|visit|documents)$")]
    method: Option<ReviewMethod>,
    /// Why; the person reads it. 10 to 2,000 characters where a deviation is proposed, otherwise optional.
    #[garde(inner(length(chars, max = 2000)))]
    #[schema(max_length = 2000)]
    note: Option<String>,
}

/// What the person says.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReplyToCaseBody {
    /// In their own words, 3 to 4,000 characters.
    #[garde(length(chars, min = 3, max = 4000))]
    #[schema(min_length = 3, max_length = 4000)]
    text: String,
    /// An http or https address of something that backs it, up to 500 characters; never fetched.
    #[garde(inner(length(chars, max = 500)))]
    #[schema(max_length = 500)]
    link: Option<String>,
    /// Who can confirm it, such as the direct superior; up to 200 characters.
    #[garde(inner(length(chars, max = 200)))]
    #[schema(max_length = 200)]
    witness: Option<String>,
}

/// What the second person decides.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DecideCaseBody {
    /// `upheld`, `withdrawn` or `inconclusive`.
    #[garde(skip)]
    #[schema(value_type = String, pattern = "^(upheld|withdrawn|inconclusive)$")]
    outcome: CaseOutcome,
    /// Why; the person reads it. 10 to 2,000 characters.
    #[garde(length(chars, min = 10, max = 2000))]
    #[schema(min_length = 10, max_length = 2000)]
    reason: String,
}

/// A drawn case without the person: what was drawn, and how it stands.
#[derive(Debug, Serialize, ToSchema)]
pub struct CaseView {
    /// Its id.
    id: Uuid,
    /// The audit that drew it.
    audit_id: Uuid,
    /// The drawn unit, as in the population.
    unit: String,
    /// The agency's code.
    agency: String,
    /// Its work date.
    work_date: NaiveDate,
    /// Its slot.
    #[schema(value_type = String)]
    slot: Slot,
    /// The stratum that it was drawn in.
    stratum: String,
    /// Its place in the draw of its stratum, from 1.
    draw_order: i32,
    /// Its ticket number in full.
    ticket: String,
    /// `assigned`, `reviewed`, `notified`, `replied`, `no_reply`, `decided`, `objected` or `closed`, as of now.
    #[schema(value_type = String)]
    state: CaseState,
    /// Who reviews it.
    auditor: String,
    /// Who decides a proposed deviation; absent where that is the head of BKD.
    #[serde(skip_serializing_if = "Option::is_none")]
    second_reviewer: Option<String>,
    /// What the caller has to do with it: `review` or `decide`; absent where it is assigned to others.
    #[serde(skip_serializing_if = "Option::is_none")]
    part: Option<&'static str>,
    /// What was found.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    finding: Option<CaseFinding>,
    /// How.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    method: Option<ReviewMethod>,
    /// When.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    reviewed_at: Option<String>,
    /// When the notice reached the person.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    notified_at: Option<String>,
    /// When the time to reply ends.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    reply_due_at: Option<String>,
    /// When the person replied.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    replied_at: Option<String>,
    /// How it was decided, before any objection.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    outcome: Option<CaseOutcome>,
    /// When.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    decided_at: Option<String>,
    /// Whether two auditors who looked independently came to different findings.
    is_disputed: bool,
    /// When the person objected.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    objected_at: Option<String>,
    /// What the head of BKD decided on it: `upheld` or `withdrawn`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    objection_outcome: Option<ObjectionOutcome>,
    /// What it counts as now, the objection included: `upheld`, `withdrawn` or `inconclusive`; absent while it is open.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    result: Option<CaseOutcome>,
    /// For If-Match.
    version: i32,
}

impl CaseView {
    /// The case as `caller` sees it. Whoever is to look again without knowing what was found reads a case that is new.
    pub(super) fn new(case: &Case, caller: AccountId) -> Self {
        let row = &case.row;
        let part = if row.auditor_id == caller {
            Some("review")
        } else if row.second_reviewer_id == Some(caller) {
            Some("decide")
        } else {
            None
        };
        let is_blind = case.is_blind_to(caller);
        let objection = case.hearing.objection.as_ref();
        let clock = case.progress.clock;
        Self {
            id: row.id.uuid(),
            audit_id: row.audit_id.uuid(),
            unit: row.unit.clone(),
            agency: row.agency_code.clone(),
            work_date: row.work_date,
            slot: row.slot,
            stratum: row.stratum.clone(),
            draw_order: row.draw_order,
            ticket: row.ticket.clone(),
            state: if is_blind { CaseState::Assigned } else { case.state },
            auditor: case.auditor.clone(),
            second_reviewer: case.second_reviewer.clone().filter(|_| !is_blind),
            part,
            finding: row.finding.filter(|_| !is_blind),
            method: row.method.filter(|_| !is_blind),
            reviewed_at: row.reviewed_at.filter(|_| !is_blind).map(|at| at.to_string()),
            notified_at: clock.filter(|_| !is_blind).map(|clock| clock.started_at.to_string()),
            reply_due_at: clock.filter(|_| !is_blind).map(|clock| clock.due_at.to_string()),
            replied_at: row.replied_at.filter(|_| !is_blind).map(|at| at.to_string()),
            outcome: row.outcome.filter(|_| !is_blind),
            decided_at: row.decided_at.filter(|_| !is_blind).map(|at| at.to_string()),
            is_disputed: case.progress.is_disputed(),
            objected_at: objection.map(|objection| objection.objected_at.to_string()),
            objection_outcome: objection.and_then(|objection| objection.outcome),
            result: case.progress.result().filter(|_| !is_blind),
            version: row.version,
        }
    }
}

/// Which cases.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct CaseQuery {
    /// Only those that stand so now.
    #[param(value_type = Option<String>)]
    state: Option<CaseState>,
    /// 1 to 200; 50 where nothing is asked for.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// Lists the cases of an audit in the order of the draw: all for BKD's officers, the assigned ones for auditors.
///
/// No names and no positions: those are shown one case at a time, and each look is written down.
#[utoipa::path(operation_id = "list_cases", tag = "audits", params(
    ("id" = Uuid, Path, description = "The audit"), CaseQuery,
), responses(
    (status = 200, body = Page<CaseView>),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/v1/audits/{id}/cases")]
pub(crate) async fn list(
    app: Data<App>,
    caller: Caller,
    path: Path<Uuid>,
    query: Query<CaseQuery>,
) -> Result<Json<Page<CaseView>>, Problem> {
    let scope = caller.may(Action::ListCases)?;
    let limit = page::limit(query.limit)?;
    let after = page::decode::<usize>(query.cursor.as_deref())?.unwrap_or(0);
    let audit = AuditId::new(path.into_inner());
    let account = caller.context.account();
    let rows = call::run(&app, move |app| {
        app.list_cases(&caller.context, &scope, audit, query.state, after, limit)
    })
    .await?;
    Ok(Json(Page::new(
        rows,
        limit,
        |(place, _)| *place,
        |(_, case)| CaseView::new(&case, account),
    )))
}

/// Writes the auditor's finding. `invalid_proposed` tells the person and opens the reply; nothing is decided by it.
#[utoipa::path(operation_id = "review_case", tag = "cases", request_body = ReviewCaseBody, params(
    ("id" = Uuid, Path, description = "The case"),
    ("If-Match" = String, Header, description = "The version that was read"),
), responses(
    (status = 200, body = CaseView),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[post("/v1/cases/{id}/review")]
pub(crate) async fn review(
    app: Data<App>,
    caller: Caller,
    path: Path<Uuid>,
    version: Result<IfMatch, Problem>,
    body: Body,
) -> Result<HttpResponse, Problem> {
    let scope = caller.may(Action::ReviewCase)?;
    let IfMatch(version) = version?;
    let body: ReviewCaseBody = body.json(&scope).await?;
    let review = checked(&body)?;
    let id = CaseId::new(path.into_inner());
    let account = caller.context.account();
    let case = call::run(&app, move |app| {
        app.review_case(&caller.context, &scope, id, version, &review)
    })
    .await?;
    Ok(HttpResponse::Ok()
        .insert_header(etag(case.row.version))
        .json(CaseView::new(&case, account)))
}

/// Decides a proposed deviation, after the reply or its time. Upholding takes another person than the one who proposed.
#[utoipa::path(operation_id = "decide_case", tag = "cases", request_body = DecideCaseBody, params(
    ("id" = Uuid, Path, description = "The case"),
    ("If-Match" = String, Header, description = "The version that was read"),
), responses(
    (status = 200, body = CaseView),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[post("/v1/cases/{id}/decision")]
pub(crate) async fn decide(
    app: Data<App>,
    caller: Caller,
    path: Path<Uuid>,
    version: Result<IfMatch, Problem>,
    body: Body,
) -> Result<HttpResponse, Problem> {
    let scope = caller.may(Action::DecideCase)?;
    let IfMatch(version) = version?;
    let body: DecideCaseBody = body.json(&scope).await?;
    let reason = text::bounded(&body.reason, 10, 2_000).map_err(|error| wrong_text("reason", error))?;
    let decision = Decision {
        outcome: body.outcome,
        reason,
    };
    let id = CaseId::new(path.into_inner());
    let account = caller.context.account();
    let case = call::run(&app, move |app| {
        app.decide_case(&caller.context, &scope, id, version, &decision)
    })
    .await?;
    Ok(HttpResponse::Ok()
        .insert_header(etag(case.row.version))
        .json(CaseView::new(&case, account)))
}

/// Checks a finding: where a deviation is proposed it says why.
pub(super) fn checked(body: &ReviewCaseBody) -> Result<Review, Error> {
    let note = match body.finding {
        CaseFinding::InvalidProposed => {
            let note = body.note.as_deref().unwrap_or_default();
            Some(text::bounded(note, 10, 2_000).map_err(|error| wrong_text("note", error))?)
        }
        CaseFinding::Valid | CaseFinding::Inconclusive => {
            text::optional(body.note.as_deref(), 2_000).map_err(|error| wrong_text("note", error))?
        }
    };
    Ok(Review {
        finding: body.finding,
        method: body.method.unwrap_or(ReviewMethod::Map),
        note,
    })
}

/// Checks a reply's parts.
pub(super) fn reply(body: &ReplyToCaseBody) -> Result<Reply, Error> {
    let link = text::optional(body.link.as_deref(), 500).map_err(|error| wrong_text("link", error))?;
    let is_address = |link: &String| {
        let rest = link.strip_prefix("https://").or_else(|| link.strip_prefix("http://"));
        rest.is_some_and(|rest| !rest.is_empty() && !rest.contains(char::is_whitespace))
    };
    if link.as_ref().is_some_and(|link| !is_address(link)) {
        return Err(Error::field(
            "link",
            "malformed",
            "Tautan diawali http:// atau https:// dan tanpa spasi.",
            "A link begins with http:// or https:// and has no white space.",
        ));
    }
    Ok(Reply {
        text: text::bounded(&body.text, 3, 4_000).map_err(|error| wrong_text("text", error))?,
        link,
        witness: text::optional(body.witness.as_deref(), 200).map_err(|error| wrong_text("witness", error))?,
    })
}

/// A text that can't be kept, named as a field.
pub(super) fn wrong_text(field: &'static str, error: text::TextError) -> Error {
    Error::field(
        field,
        error.code(),
        "Tulisan ini kosong, terlalu pendek, terlalu panjang, atau memuat karakter kendali.",
        format!("Please check: {error}."),
    )
}
