//! Corrections on the wire: asked for, considered, decided.

use crate::app::App;
use crate::app::correction::Correction;
use crate::app::correction::CorrectionRow;
use crate::app::correction::NewCorrection;
use crate::app::error::Error;
use crate::domain::access::Action;
use crate::domain::ids::CorrectionId;
use crate::domain::recap::correction::CorrectionState;
use crate::domain::recap::correction::CorrectionWish;
use crate::domain::slot::Slot;
use crate::domain::work_mode::WorkMode;
use crate::http::actor::Caller;
use crate::http::body::Body;
use crate::http::call;
use crate::http::circular_rule::SlotView;
use crate::http::page;
use crate::http::page::Page;
use crate::http::precondition::IfMatch;
use crate::http::precondition::etag;
use crate::http::problem::Problem;
use crate::http::problem::ProblemView;
use crate::http::query::Query;
use crate::http::roster::WorkModeView;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Json, Path};
use actix_web::{HttpResponse, get, post};
use chrono::NaiveDate;
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// What is right.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CorrectionKindView {
    /// I worked, although a share is missing or does not count.
    Attended,
    /// I was excused (izin).
    Permission,
    /// Another mode held: `mode` says which.
    Mode,
}

/// How far a correction has come.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CorrectionStateView {
    /// Waiting for the superior; the operator may decide without.
    Submitted,
    /// The superior has said what they think.
    Considered,
    /// It counts.
    Accepted,
    /// It does not; the note says why.
    Refused,
}

/// What a person asks for.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SubmitCorrectionBody {
    /// A UUIDv7 made by the client; repeating the call with it is safe.
    #[garde(skip)]
    id: Uuid,
    /// A day of the last 366.
    #[garde(skip)]
    date: NaiveDate,
    /// For `attended`: the slot; the whole day where it is left out.
    #[garde(skip)]
    #[schema(value_type = Option<SlotView>)]
    slot: Option<Slot>,
    /// What is right.
    #[garde(skip)]
    kind: CorrectionKindView,
    /// For `mode`: which held.
    #[garde(skip)]
    #[schema(value_type = Option<WorkModeView>)]
    mode: Option<WorkMode>,
    /// Why.
    #[garde(length(chars, min = 10, max = 1_000))]
    #[schema(min_length = 10, max_length = 1_000)]
    reason: String,
    /// A link to what backs it; it is shown, never fetched.
    #[garde(inner(length(chars, max = 500)), inner(prefix("https://")))]
    #[schema(max_length = 500, pattern = "^https://")]
    link: Option<String>,
}

/// What the superior says.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConsiderCorrectionBody {
    /// Whether it is supported.
    #[garde(skip)]
    support: bool,
    /// Needed where it is not.
    #[garde(inner(length(chars, max = 1_000)))]
    #[schema(max_length = 1_000)]
    note: Option<String>,
}

/// What the operator says.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DecideCorrectionBody {
    /// Whether it counts.
    #[garde(skip)]
    accept: bool,
    /// Needed where it does not.
    #[garde(inner(length(chars, max = 1_000)))]
    #[schema(max_length = 1_000)]
    note: Option<String>,
}

/// Which corrections.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct CorrectionQuery {
    /// Only these.
    #[param(inline, value_type = Option<CorrectionStateView>)]
    state: Option<CorrectionState>,
    /// 1 to 200; 50 where nothing is asked for.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// One correction with its trail.
#[derive(Debug, Serialize, ToSchema)]
pub struct CorrectionView {
    /// Its id.
    id: Uuid,
    /// Whose.
    employee_id: Uuid,
    /// With titles, where others read it.
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    /// Which day.
    date: NaiveDate,
    /// Which slot; absent for the day.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<SlotView>)]
    slot: Option<&'static str>,
    /// What is right: `attended`, `permission` or `mode`.
    #[schema(value_type = CorrectionKindView)]
    kind: String,
    /// Which mode held.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<WorkModeView>)]
    mode: Option<WorkMode>,
    /// Why.
    reason: String,
    /// A link to what backs it.
    #[serde(skip_serializing_if = "Option::is_none")]
    link: Option<String>,
    /// How far it has come.
    #[schema(value_type = CorrectionStateView)]
    state: CorrectionState,
    /// When it came in.
    #[schema(format = DateTime)]
    submitted_at: String,
    /// Whether the superior supports it.
    #[serde(skip_serializing_if = "Option::is_none")]
    supported: Option<bool>,
    /// What the superior wrote.
    #[serde(skip_serializing_if = "Option::is_none")]
    consideration_note: Option<String>,
    /// When.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    considered_at: Option<String>,
    /// What the operator wrote.
    #[serde(skip_serializing_if = "Option::is_none")]
    decision_note: Option<String>,
    /// When.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    decided_at: Option<String>,
    /// Raised by every step; also the `ETag`.
    version: i32,
}

impl CorrectionView {
    fn new(row: CorrectionRow, name: Option<String>) -> Self {
        Self {
            id: row.id.uuid(),
            employee_id: row.employee_id.uuid(),
            name,
            date: row.work_date,
            slot: row.slot.map(Slot::code),
            kind: row.wish,
            mode: row.mode,
            reason: row.reason,
            link: row.link,
            state: row.state,
            submitted_at: row.submitted_at.to_string(),
            supported: row.is_supported,
            consideration_note: row.consideration_note,
            considered_at: row.considered_at.map(|at| at.to_string()),
            decision_note: row.decision_note,
            decided_at: row.decided_at.map(|at| at.to_string()),
            version: row.version,
        }
    }
}

fn answer(correction: Correction) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header(etag(correction.row.version))
        .json(CorrectionView::new(correction.row, correction.name))
}

fn correction_of(body: SubmitCorrectionBody) -> Result<NewCorrection, Error> {
    let id = CorrectionId::new(body.id);
    if body.id.get_version() != Some(uuid::Version::SortRand) {
        return Err(Error::field(
            "id",
            "not_version_7",
            "Id harus UUID versi 7.",
            "The id must be a UUID of version 7.",
        ));
    }
    let wish = match (body.kind, body.mode) {
        (CorrectionKindView::Attended, None) => CorrectionWish::Attended,
        (CorrectionKindView::Permission, None) => CorrectionWish::Permission,
        (CorrectionKindView::Mode, Some(mode)) => CorrectionWish::Mode { mode },
        (CorrectionKindView::Mode, None) => {
            return Err(Error::field(
                "mode",
                "missing",
                "Sebutkan jenis kerjanya.",
                "Say which mode held.",
            ));
        }
        (CorrectionKindView::Attended | CorrectionKindView::Permission, Some(_)) => {
            return Err(Error::field(
                "mode",
                "not_fitting",
                "Jenis kerja hanya untuk koreksi jenis kerja.",
                "Only a correction of the mode names one.",
            ));
        }
    };
    Ok(NewCorrection {
        id,
        work_date: body.date,
        slot: body.slot,
        wish,
        reason: body.reason,
        link: body.link,
    })
}

/// Asks for a correction of one's own day: what is right, and why. The superior considers it, the operator decides.
#[utoipa::path(operation_id = "submit_correction", tag = "recaps", request_body = SubmitCorrectionBody, responses(
    (status = 201, body = CorrectionView),
    (status = 200, body = CorrectionView, description = "The same again"),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[post("/v1/corrections")]
pub(crate) async fn submit(app: Data<App>, caller: Caller, body: Body) -> Result<HttpResponse, Problem> {
    let scope = caller.may(Action::WriteOwn)?;
    let body: SubmitCorrectionBody = body.json(&scope).await?;
    let new = correction_of(body)?;
    let (row, is_new) = call::run(&app, move |app| app.submit_correction(&caller.context, &scope, &new)).await?;
    let status = if is_new { StatusCode::CREATED } else { StatusCode::OK };
    Ok(HttpResponse::build(status)
        .insert_header(etag(row.version))
        .json(CorrectionView::new(row, None)))
}

/// Lists one's own corrections, oldest first, with what was said about each.
#[utoipa::path(operation_id = "list_my_corrections", tag = "recaps", params(CorrectionQuery), responses(
    (status = 200, body = Page<CorrectionView>),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/v1/me/corrections")]
pub(crate) async fn list_own(
    app: Data<App>,
    caller: Caller,
    query: Result<Query<CorrectionQuery>, Problem>,
) -> Result<Json<Page<CorrectionView>>, Problem> {
    let scope = caller.may(Action::ReadOwn)?;
    let query = query?.into_inner();
    let limit = page::limit(query.limit)?;
    let after = page::decode(query.cursor.as_deref())?;
    let (state, more) = (query.state, limit.saturating_add(1));
    let rows = call::run(&app, move |app| app.own_corrections(&scope, state, after, more)).await?;
    let key = |row: &CorrectionRow| (row.submitted_at, row.id);
    Ok(Json(Page::new(rows, limit, key, |row| CorrectionView::new(row, None))))
}

/// Lists the corrections of one's team, or of the agency's people, oldest first.
#[utoipa::path(operation_id = "list_corrections", tag = "recaps", params(CorrectionQuery), responses(
    (status = 200, body = Page<CorrectionView>),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/v1/corrections")]
pub(crate) async fn list(
    app: Data<App>,
    caller: Caller,
    query: Result<Query<CorrectionQuery>, Problem>,
) -> Result<Json<Page<CorrectionView>>, Problem> {
    let scope = caller.may(Action::ReadCorrections)?;
    let query = query?.into_inner();
    let limit = page::limit(query.limit)?;
    let after = page::decode(query.cursor.as_deref())?;
    let (state, more) = (query.state, limit.saturating_add(1));
    let rows = call::run(&app, move |app| {
        app.corrections(&caller.context, &scope, state, after, more)
    })
    .await?;
    let key = |correction: &Correction| (correction.row.submitted_at, correction.row.id);
    let view = |correction: Correction| CorrectionView::new(correction.row, correction.name);
    Ok(Json(Page::new(rows, limit, key, view)))
}

/// Supports a subordinate's correction, or says why not. The operator decides.
#[utoipa::path(operation_id = "consider_correction", tag = "recaps", request_body = ConsiderCorrectionBody, params(
    ("id" = Uuid, Path, description = "The correction"),
    ("If-Match" = String, Header, description = "The ETag of the loaded version"),
), responses(
    (status = 200, body = CorrectionView),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[post("/v1/corrections/{id}/consideration")]
pub(crate) async fn consider(
    app: Data<App>,
    caller: Caller,
    id: Path<Uuid>,
    version: Result<IfMatch, Problem>,
    body: Body,
) -> Result<HttpResponse, Problem> {
    let scope = caller.may(Action::ConsiderCorrection)?;
    let IfMatch(version) = version?;
    let body: ConsiderCorrectionBody = body.json(&scope).await?;
    let id = CorrectionId::new(id.into_inner());
    let considered = call::run(&app, move |app| {
        let said = (body.support, body.note.as_deref());
        app.consider_correction(&caller.context, &scope, id, version, said)
    })
    .await?;
    Ok(answer(considered))
}

/// Decides on a correction. What is accepted counts in the recap from then on; the trail stays.
#[utoipa::path(operation_id = "decide_correction", tag = "recaps", request_body = DecideCorrectionBody, params(
    ("id" = Uuid, Path, description = "The correction"),
    ("If-Match" = String, Header, description = "The ETag of the loaded version"),
), responses(
    (status = 200, body = CorrectionView),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[post("/v1/corrections/{id}/decision")]
pub(crate) async fn decide(
    app: Data<App>,
    caller: Caller,
    id: Path<Uuid>,
    version: Result<IfMatch, Problem>,
    body: Body,
) -> Result<HttpResponse, Problem> {
    let scope = caller.may(Action::DecideCorrection)?;
    let IfMatch(version) = version?;
    let body: DecideCorrectionBody = body.json(&scope).await?;
    let id = CorrectionId::new(id.into_inner());
    let decided = call::run(&app, move |app| {
        let said = (body.accept, body.note.as_deref());
        app.decide_correction(&caller.context, &scope, id, version, said)
    })
    .await?;
    Ok(answer(decided))
}
