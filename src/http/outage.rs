//! Outages on the wire.

use crate::app::App;
use crate::app::error::Error;
use crate::app::outage::NewOutage;
use crate::app::outage::OutageRow;
use crate::domain::access::Action;
use crate::domain::ids::OutageId;
use crate::domain::instant::Instant;
use crate::domain::recap::outage::OutageScope;
use crate::http::actor::Caller;
use crate::http::body::Body;
use crate::http::call;
use crate::http::field;
use crate::http::page;
use crate::http::page::Page;
use crate::http::problem::Problem;
use crate::http::problem::ProblemView;
use crate::http::query::Query;
use actix_web::web::{Data, Json, Path};
use actix_web::{HttpResponse, get, post};
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// Whom an outage touched.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum OutageScopeKindView {
    /// Everybody.
    All,
    /// One agency.
    Agency,
    /// The agencies of a region.
    Region,
}

/// Whom an outage touched.
#[derive(Clone, Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OutageScopeView {
    /// How far it reached.
    #[garde(skip)]
    kind: OutageScopeKindView,
    /// The agency's code, or the region's Kemendagri code; left out for `all`.
    #[garde(inner(length(chars, min = 1, max = 20)))]
    #[schema(min_length = 1, max_length = 20)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    code: Option<String>,
}

/// An outage to declare.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeclareOutageBody {
    /// When it began.
    #[garde(skip)]
    #[schema(value_type = String, format = DateTime)]
    from: Instant,
    /// When it ended, at most 31 days later.
    #[garde(skip)]
    #[schema(value_type = String, format = DateTime)]
    to: Instant,
    /// Whom it touched.
    #[garde(dive)]
    scope: OutageScopeView,
    /// What happened; everybody reads it.
    #[garde(length(chars, min = 10, max = 500))]
    #[schema(min_length = 10, max_length = 500)]
    reason: String,
}

/// Why an outage is taken back.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WithdrawOutageBody {
    /// In words.
    #[garde(length(chars, min = 10, max = 500))]
    #[schema(min_length = 10, max_length = 500)]
    reason: String,
}

/// Which outages.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct OutageQuery {
    /// 1 to 200; 50 where nothing is asked for.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// One outage.
#[derive(Debug, Serialize, ToSchema)]
pub struct OutageView {
    /// Its id.
    id: Uuid,
    /// When it began.
    #[schema(format = DateTime)]
    from: String,
    /// When it ended.
    #[schema(format = DateTime)]
    to: String,
    /// Whom it touched.
    scope: OutageScopeView,
    /// What happened.
    reason: String,
    /// When it was declared.
    #[schema(format = DateTime)]
    declared_at: String,
    /// When it was taken back; it excuses nothing any more.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    withdrawn_at: Option<String>,
}

impl From<OutageRow> for OutageView {
    fn from(row: OutageRow) -> Self {
        let kind = match row.scope_kind.as_str() {
            "agency" => OutageScopeKindView::Agency,
            "region" => OutageScopeKindView::Region,
            _ => OutageScopeKindView::All,
        };
        Self {
            id: row.id.uuid(),
            from: row.from_at.to_string(),
            to: row.to_at.to_string(),
            scope: OutageScopeView {
                kind,
                code: row.scope_code,
            },
            reason: row.reason,
            declared_at: row.declared_at.to_string(),
            withdrawn_at: row.withdrawn_at.map(|at| at.to_string()),
        }
    }
}

/// Reads the scope; a code is there exactly where it is needed.
fn scope_of(view: OutageScopeView) -> Result<OutageScope, Error> {
    let wrong = |indonesian: &str, english: &str| Error::field("scope.code", "not_fitting", indonesian, english);
    match (view.kind, view.code) {
        (OutageScopeKindView::All, None) => Ok(OutageScope::All),
        (OutageScopeKindView::Agency, Some(code)) => Ok(OutageScope::Agency { code }),
        (OutageScopeKindView::Region, Some(code)) => match code.parse() {
            Ok(code) => Ok(OutageScope::Region { code }),
            Err(_) => Err(wrong(
                "Kode wilayah seperti 36 atau 36.04.",
                "A region's code is like 36 or 36.04.",
            )),
        },
        (OutageScopeKindView::All, Some(_)) => Err(wrong("Kosongkan kode untuk semua.", "No code goes with `all`.")),
        (OutageScopeKindView::Agency | OutageScopeKindView::Region, None) => {
            Err(wrong("Sebutkan kodenya.", "A code is needed."))
        }
    }
}

/// Declares a time in which sharing was not possible. Slots that it took the most of are excused where they were missed.
#[utoipa::path(operation_id = "declare_outage", tag = "recaps", request_body = DeclareOutageBody, responses(
    (status = 201, body = OutageView),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[post("/v1/outages")]
pub(crate) async fn declare(app: Data<App>, caller: Caller, body: Body) -> Result<HttpResponse, Problem> {
    let scope = caller.may(Action::WriteRules)?;
    let body: DeclareOutageBody = body.json(&scope).await?;
    let new = NewOutage {
        from: body.from,
        to: body.to,
        scope: scope_of(body.scope)?,
        reason: field::text("reason", &body.reason, 10, 500)?,
    };
    let row = call::run(&app, move |app| app.declare_outage(&caller.context, &scope, &new)).await?;
    Ok(HttpResponse::Created().json(OutageView::from(row)))
}

/// Lists declared outages, newest first.
#[utoipa::path(operation_id = "list_outages", tag = "recaps", params(OutageQuery), responses(
    (status = 200, body = Page<OutageView>),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/v1/outages")]
pub(crate) async fn list(
    app: Data<App>,
    caller: Caller,
    query: Result<Query<OutageQuery>, Problem>,
) -> Result<Json<Page<OutageView>>, Problem> {
    let scope = caller.may(Action::ReadRules)?;
    let query = query?.into_inner();
    let limit = page::limit(query.limit)?;
    let after = page::decode(query.cursor.as_deref())?;
    let rows = call::run(&app, move |app| app.outages(&scope, after, limit.saturating_add(1))).await?;
    Ok(Json(Page::new(
        rows,
        limit,
        |row| (row.from_at, row.id),
        OutageView::from,
    )))
}

/// Takes an outage back that was declared by mistake. It stays in the list and excuses nothing any more.
#[utoipa::path(operation_id = "withdraw_outage", tag = "recaps", request_body = WithdrawOutageBody, params(
    ("id" = Uuid, Path, description = "The outage"),
), responses(
    (status = 200, body = OutageView),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[post("/v1/outages/{id}/withdrawal")]
pub(crate) async fn withdraw(
    app: Data<App>,
    caller: Caller,
    id: Path<Uuid>,
    body: Body,
) -> Result<Json<OutageView>, Problem> {
    let scope = caller.may(Action::WriteRules)?;
    let body: WithdrawOutageBody = body.json(&scope).await?;
    let id = OutageId::new(id.into_inner());
    let reason = field::text("reason", &body.reason, 10, 500)?;
    let row = call::run(&app, move |app| {
        app.withdraw_outage(&caller.context, &scope, id, &reason)
    })
    .await?;
    Ok(Json(row.into()))
}
