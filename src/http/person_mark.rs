//! Marks on people on the wire. Kinds and reasons that tell of health are shown to the person alone.

use crate::app::App;
use crate::app::once::OnceKey;
use crate::app::person_mark::ListedMark;
use crate::app::person_mark::MarkRow;
use crate::domain::access::Action;
use crate::domain::ids::EmployeeId;
use crate::domain::ids::MarkId;
use crate::domain::roster::mark::Mark;
use crate::domain::roster::mark::MarkDraft;
use crate::domain::roster::mark::MarkEffect;
use crate::domain::roster::mark::MarkKind;
use crate::http::actor::Caller;
use crate::http::body::Body;
use crate::http::call;
use crate::http::field;
use crate::http::page;
use crate::http::page::Page;
use crate::http::precondition::IdempotencyKey;
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

/// What makes a person one of those whom circulars spare.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MarkKindView {
    /// Pregnant or nursing.
    Pregnant,
    /// A chronic illness.
    ChronicIllness,
    /// A disability.
    Disability,
    /// A small child at home.
    SmallChild,
    /// Cares for somebody of the family.
    FamilyCare,
    /// Comes by public transport; priority only.
    PublicTransport,
    /// Is on a long way home or back; priority only.
    LongJourney,
}

/// What a mark does.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MarkEffectView {
    /// Takes no turns, works at home.
    ExemptAtHome,
    /// Takes no turns, works at the office.
    ExemptAtOffice,
    /// Comes first where the circular in force gives priority to the kind.
    Priority,
}

/// A mark.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MarkBody {
    /// Someone on the agency's staff on the first day.
    #[garde(skip)]
    employee_id: Uuid,
    /// What for. Kinds that tell of health are told to nobody but the person.
    #[garde(skip)]
    #[schema(value_type = MarkKindView)]
    kind: MarkKind,
    /// What it does.
    #[garde(skip)]
    #[schema(value_type = MarkEffectView)]
    effect: MarkEffect,
    /// First day, today or later.
    #[garde(skip)]
    from: NaiveDate,
    /// Last day, at most 366 days from today.
    #[garde(skip)]
    to: NaiveDate,
    /// Why.
    #[garde(length(chars, min = 1, max = 500))]
    #[schema(min_length = 1, max_length = 500)]
    reason: String,
}

/// Kinds and reasons may tell of health.
impl std::fmt::Debug for MarkBody {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "MarkBody({})", self.employee_id)
    }
}

/// When a mark ends.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct EndMarkBody {
    /// From yesterday on, not after the last day that stands. Before the first day the mark is taken away.
    #[garde(skip)]
    last_day: NaiveDate,
}

/// What was set.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MarkSetView {
    /// The mark's id.
    id: Uuid,
}

/// A mark as the agency sees it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MarkView {
    /// Its id.
    id: Uuid,
    /// Whose.
    employee_id: Uuid,
    /// With titles.
    name: String,
    /// What it does.
    #[schema(value_type = MarkEffectView)]
    effect: MarkEffect,
    /// First day.
    from: NaiveDate,
    /// Last day.
    to: NaiveDate,
    /// What for; not told where it is about health.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<MarkKindView>)]
    kind: Option<MarkKind>,
    /// Why; not told where it is about health.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

impl From<ListedMark> for MarkView {
    fn from(listed: ListedMark) -> Self {
        let row = listed.row;
        let is_health = row.kind.is_health();
        Self {
            id: row.id.uuid(),
            employee_id: row.employee_id.uuid(),
            name: listed.name,
            effect: row.effect,
            from: row.valid_from,
            to: row.valid_to,
            kind: Some(row.kind).filter(|_| !is_health),
            reason: Some(row.reason).filter(|_| !is_health),
        }
    }
}

/// One's own mark, in whole.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OwnMarkView {
    /// Its id.
    id: Uuid,
    /// The agency that set it.
    agency: String,
    /// What for.
    #[schema(value_type = MarkKindView)]
    kind: MarkKind,
    /// What it does.
    #[schema(value_type = MarkEffectView)]
    effect: MarkEffect,
    /// First day.
    from: NaiveDate,
    /// Last day.
    to: NaiveDate,
    /// Why.
    reason: String,
}

impl From<MarkRow> for OwnMarkView {
    fn from(row: MarkRow) -> Self {
        Self {
            id: row.id.uuid(),
            agency: row.agency_code,
            kind: row.kind,
            effect: row.effect,
            from: row.valid_from,
            to: row.valid_to,
            reason: row.reason,
        }
    }
}

/// One's own marks.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OwnMarksView {
    /// Newest first, the last 200.
    items: Vec<OwnMarkView>,
}

/// Which page.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct MarkQuery {
    /// 1 to 200; 50 where nothing is asked for.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// Marks a person for a stretch of days: exempt from a roster's turns, or first where the circular in force says so.
#[utoipa::path(operation_id = "set_mark", tag = "rosters", request_body = MarkBody, params(
    ("code" = String, Path, description = "The agency's code"),
    ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated call give the first answer"),
), responses(
    (status = 201, body = MarkSetView),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[post("/v1/agencies/{code}/marks")]
pub(crate) async fn set(
    app: Data<App>,
    caller: Caller,
    path: Path<String>,
    key: Result<IdempotencyKey, Problem>,
    body: Body,
) -> Result<HttpResponse, Problem> {
    let (scope, agency) = caller.may_in(Action::WriteRoster, &path)?;
    let IdempotencyKey(key) = key?;
    let (body, bytes) = body.json_and_bytes::<MarkBody>(&scope).await?;
    let once = OnceKey::new(key, "set_mark", agency.as_str(), &bytes);
    let draft = MarkDraft {
        employee_id: EmployeeId::new(body.employee_id),
        mark: Mark {
            kind: body.kind,
            effect: body.effect,
            from: body.from,
            to: body.to,
        },
        reason: field::text("reason", &body.reason, 1, 500)?,
    };
    let id = call::run(&app, move |app| {
        app.set_mark(&caller.context, &scope, &once, &agency, &draft)
    })
    .await?;
    Ok(HttpResponse::Created().json(MarkSetView { id: id.uuid() }))
}

/// Ends a mark on a day from yesterday on; one that has not begun by then is taken away.
#[utoipa::path(operation_id = "end_mark", tag = "rosters", request_body = EndMarkBody, params(
    ("code" = String, Path, description = "The agency's code"),
    ("employee_id" = Uuid, Path, description = "Whose"),
    ("id" = Uuid, Path, description = "The mark"),
), responses(
    (status = 204),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[post("/v1/agencies/{code}/marks/{employee_id}/{id}/end")]
pub(crate) async fn end(
    app: Data<App>,
    caller: Caller,
    path: Path<(String, Uuid, Uuid)>,
    body: Body,
) -> Result<HttpResponse, Problem> {
    let (code, employee, id) = path.into_inner();
    let (scope, agency) = caller.may_in(Action::WriteRoster, &code)?;
    let body: EndMarkBody = body.json(&scope).await?;
    call::run(&app, move |app| {
        let whose = (EmployeeId::new(employee), MarkId::new(id));
        app.end_mark(&caller.context, &scope, &agency, whose, body.last_day)
    })
    .await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Lists an agency's marks that hold today or later, by person: what they do, and what for only where it is not about
/// health.
#[utoipa::path(operation_id = "list_marks", tag = "rosters", params(
    ("code" = String, Path, description = "The agency's code"), MarkQuery,
), responses(
    (status = 200, body = Page<MarkView>),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/v1/agencies/{code}/marks")]
pub(crate) async fn list(
    app: Data<App>,
    caller: Caller,
    path: Path<String>,
    query: Result<Query<MarkQuery>, Problem>,
) -> Result<Json<Page<MarkView>>, Problem> {
    let (scope, agency) = caller.may_in(Action::WriteRoster, &path)?;
    let query = query?;
    let limit = page::limit(query.limit)?;
    let after: Option<(EmployeeId, MarkId)> = page::decode(query.cursor.as_deref())?;
    let more = limit.saturating_add(1);
    let rows = call::run(&app, move |app| {
        app.list_marks(&caller.context, &scope, &agency, after, more)
    })
    .await?;
    let key = |listed: &ListedMark| (listed.row.employee_id, listed.row.id);
    Ok(Json(Page::new(rows, limit, key, MarkView::from)))
}

/// Lists one's own marks in whole: what for, why, and what they do.
#[utoipa::path(operation_id = "list_own_marks", tag = "rosters", responses(
    (status = 200, body = OwnMarksView),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/v1/me/marks")]
pub(crate) async fn list_own(app: Data<App>, caller: Caller) -> Result<Json<OwnMarksView>, Problem> {
    let scope = caller.may(Action::ReadOwn)?;
    let rows = call::run(&app, move |app| app.list_own_marks(&scope)).await?;
    Ok(Json(OwnMarksView {
        items: rows.into_iter().map(OwnMarkView::from).collect(),
    }))
}
