//! Outlines of regions on the wire: what is known, and the import of a GeoJSON file.

use crate::app::App;
use crate::app::error::Code;
use crate::app::error::Error;
use crate::app::region_outline::FILE_LIMIT;
use crate::app::region_outline::OutlineSet;
use crate::app::region_outline::OutlineSummary;
use crate::domain::access::Action;
use crate::http::actor::Caller;
use crate::http::body::Body;
use crate::http::call;
use crate::http::precondition::IfMatch;
use crate::http::precondition::etag;
use crate::http::problem::Problem;
use crate::http::problem::ProblemView;
use actix_web::web::Data;
use actix_web::{HttpResponse, get, put};
use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

/// Media types that name a GeoJSON file; what it is, its content decides.
const MEDIA_TYPES: [&str; 3] = ["application/geo+json", "application/json", "application/octet-stream"];

/// The outline of one region, without its corners.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RegionOutlineView {
    /// Kemendagri code.
    code: String,
    /// Its name, as the source spells it.
    name: String,
    /// Where it comes from.
    source: String,
    /// Of which date it is.
    date: NaiveDate,
    /// How far it may be from the true border, metres; nothing is flagged within that distance.
    accuracy_metres: i32,
    /// How many corners it has.
    corners: i32,
}

impl From<OutlineSummary> for RegionOutlineView {
    fn from(outline: OutlineSummary) -> Self {
        Self {
            code: outline.code,
            name: outline.name,
            source: outline.source,
            date: outline.dated_on,
            accuracy_metres: outline.accuracy_metres,
            corners: outline.corners,
        }
    }
}

/// Every outline.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RegionOutlinesView {
    /// For If-Match: how often outlines were imported; 0 where none were.
    version: i32,
    /// When they were imported last, RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    imported_at: Option<String>,
    /// By code.
    items: Vec<RegionOutlineView>,
}

fn answer((set, outlines): (OutlineSet, Vec<OutlineSummary>)) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header(etag(set.version))
        .json(RegionOutlinesView {
            version: set.version,
            imported_at: set.imported_at.map(|at| at.to_string()),
            items: outlines.into_iter().map(RegionOutlineView::from).collect(),
        })
}

/// Lists the outlines of regions, without their corners.
#[utoipa::path(operation_id = "list_region_outlines", tag = "rules", responses(
    (status = 200, body = RegionOutlinesView),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/v1/region-outlines")]
pub(crate) async fn list(app: Data<App>, caller: Caller) -> Result<HttpResponse, Problem> {
    let scope = caller.may(Action::ReadRules)?;
    let found = call::run(&app, move |app| app.region_outlines(&scope)).await?;
    Ok(answer(found))
}

/// Replaces all outlines of regions by those of a GeoJSON file (RFC 7946, up to 8 MiB): a `FeatureCollection` of `Polygon`
/// and `MultiPolygon`, each with `code` (Kemendagri), `name`, `source`, `date` and `accuracy_metres`.
///
/// At most 600 regions, 100,000 corners in all and 10,000 a ring; no line crosses itself, holes lie inside. What is wrong is
/// named by feature; then nothing is changed.
#[utoipa::path(operation_id = "import_region_outlines", tag = "rules", params(
    ("If-Match" = String, Header, description = "The ETag of the loaded version"),
), request_body(content(
    (String = "application/geo+json"), (String = "application/json"), (String = "application/octet-stream"),
)), responses(
    (status = 200, body = RegionOutlinesView),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[put("/v1/region-outlines")]
pub(crate) async fn import(
    app: Data<App>,
    caller: Caller,
    version: Result<IfMatch, Problem>,
    body: Body,
) -> Result<HttpResponse, Problem> {
    let scope = caller.may(Action::WriteOutlines)?;
    let IfMatch(version) = version?;
    if !MEDIA_TYPES.contains(&body.content_type()) {
        return Err(Error::Refused(Code::UnsupportedMediaType).into());
    }
    let file = body.bytes(&scope, FILE_LIMIT).await?;
    let replaced = call::run(&app, move |app| {
        app.import_region_outlines(&caller.context, &scope, version, &file)
    })
    .await?;
    Ok(answer(replaced))
}
