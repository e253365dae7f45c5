//! Blind second reviews on the wire: which units, opened and written by somebody who does not know the first finding.

use crate::app::App;
use crate::app::case::second_review::SecondReview;
use crate::domain::access::Action;
use crate::domain::case::CaseFinding;
use crate::domain::ids::AuditId;
use crate::domain::ids::CaseId;
use crate::domain::slot::Slot;
use crate::domain::text;
use crate::http::actor::Caller;
use crate::http::body::Body;
use crate::http::call;
use crate::http::case::ReviewCaseBody;
use crate::http::case::checked;
use crate::http::case::wrong_text;
use crate::http::case_file::LookQuery;
use crate::http::case_file::OpenedView;
use crate::http::language::Spoken;
use crate::http::page::Page;
use crate::http::precondition::IfMatch;
use crate::http::precondition::etag;
use crate::http::problem::Problem;
use crate::http::problem::ProblemView;
use crate::http::query::Query;
use actix_web::web::{Data, Json, Path};
use actix_web::{HttpResponse, get, post};
use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A unit that is reviewed once more, without the person and without a finding until both are written.
#[derive(Debug, Serialize, ToSchema)]
pub struct SecondReviewView {
    /// The case that is looked at again.
    id: Uuid,
    /// The audit.
    audit_id: Uuid,
    /// The drawn unit.
    unit: String,
    /// The agency's code.
    agency: String,
    /// Its work date.
    work_date: NaiveDate,
    /// Its slot.
    #[schema(value_type = String)]
    slot: Slot,
    /// Its place in the second draw, from 1.
    draw_order: i32,
    /// Its ticket in the second draw, in full: the audit's seed with `/second-review` behind it.
    ticket: String,
    /// Who looks again; absent where nobody else is independent of the agency.
    #[serde(skip_serializing_if = "Option::is_none")]
    auditor: Option<String>,
    /// Whether the second finding is written.
    is_written: bool,
    /// What the auditor found; absent until both findings are written.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    first_finding: Option<CaseFinding>,
    /// What the second auditor found; absent until both findings are written.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    second_finding: Option<CaseFinding>,
    /// For If-Match.
    version: i32,
}

impl From<&SecondReview> for SecondReviewView {
    fn from(review: &SecondReview) -> Self {
        let (row, case) = (&review.row, &review.case);
        Self {
            id: row.case_id.uuid(),
            audit_id: row.audit_id.uuid(),
            unit: case.unit.clone(),
            agency: case.agency_code.clone(),
            work_date: case.work_date,
            slot: case.slot,
            draw_order: row.draw_order,
            ticket: row.ticket.clone(),
            auditor: review.auditor.clone(),
            is_written: row.finding.is_some(),
            first_finding: review.findings.map(|(first, _)| first),
            second_finding: review.findings.map(|(_, second)| second),
            version: row.version,
        }
    }
}

/// A second review opened.
#[derive(Debug, Serialize, ToSchema)]
pub struct SecondReviewFileView {
    /// What is looked at again.
    #[serde(flatten)]
    review: SecondReviewView,
    /// The person's day.
    #[serde(flatten)]
    opened: OpenedView,
    /// What the caller wrote.
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
}

/// Lists the units of an audit that are reviewed once more: all for BKD's officers, one's own for auditors.
///
/// Which they are anyone can compute: the tickets of the drawn units with `/second-review` behind the audit's seed, the
/// smallest tenth.
#[utoipa::path(operation_id = "list_second_reviews", tag = "audits", params(
    ("id" = Uuid, Path, description = "The audit"),
), responses(
    (status = 200, body = Page<SecondReviewView>),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/v1/audits/{id}/second-reviews")]
pub(crate) async fn list(
    app: Data<App>,
    caller: Caller,
    path: Path<Uuid>,
) -> Result<Json<Page<SecondReviewView>>, Problem> {
    let scope = caller.may(Action::ListCases)?;
    let audit = AuditId::new(path.into_inner());
    let rows = call::run(&app, move |app| app.list_second_reviews(&scope, audit)).await?;
    Ok(Json(Page::new(
        rows,
        u32::MAX,
        |review| review.row.case_id,
        |review| SecondReviewView::from(&review),
    )))
}

/// Opens a case for its second review: the person, the share and the place of duty, without what was found first.
///
/// The look is written into the person's list of accesses, with its purpose, before the answer leaves.
#[utoipa::path(operation_id = "read_second_review", tag = "cases", params(
    ("id" = Uuid, Path, description = "The case"), LookQuery,
), responses(
    (status = 200, body = SecondReviewFileView, headers(("ETag" = String, description = "The version, for If-Match"))),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/v1/second-reviews/{id}")]
pub(crate) async fn read(
    app: Data<App>,
    caller: Caller,
    spoken: Spoken,
    path: Path<Uuid>,
    query: Query<LookQuery>,
) -> Result<HttpResponse, Problem> {
    let scope = caller.may(Action::ReviewCase)?;
    let purpose = query.into_inner().purpose;
    let purpose = purpose
        .map(|purpose| text::bounded(&purpose, 3, 200))
        .transpose()
        .map_err(|error| wrong_text("purpose", error))?;
    let id = CaseId::new(path.into_inner());
    let file = call::run(&app, move |app| {
        app.look_again(&caller.context, &scope, id, purpose.as_deref())
    })
    .await?;
    Ok(HttpResponse::Ok()
        .insert_header(etag(file.review.row.version))
        .json(SecondReviewFileView {
            note: file.review.row.note.clone(),
            review: SecondReviewView::from(&file.review),
            opened: OpenedView::new(file.opened, spoken.0),
        }))
}

/// Writes the second finding, once. Where both differ and one proposes a deviation, the person is heard and somebody who
/// wrote neither decides; nothing is decided by it.
#[utoipa::path(operation_id = "write_second_review", tag = "cases", request_body = ReviewCaseBody, params(
    ("id" = Uuid, Path, description = "The case"),
    ("If-Match" = String, Header, description = "The version that was read"),
), responses(
    (status = 200, body = SecondReviewView),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[post("/v1/second-reviews/{id}")]
pub(crate) async fn write(
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
    let review = call::run(&app, move |app| {
        app.review_again(&caller.context, &scope, id, version, &review)
    })
    .await?;
    Ok(HttpResponse::Ok()
        .insert_header(etag(review.row.version))
        .json(SecondReviewView::from(&review)))
}
