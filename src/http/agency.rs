//! Agencies on the wire.

use crate::app::App;
use crate::app::agency::AgencyDraft;
use crate::app::agency::AgencyRow;
use crate::app::error::Error;
use crate::domain::access::Action;
use crate::domain::circular::jurisdiction::JurisdictionCode;
use crate::domain::instant::Zone;
use crate::http::actor::Caller;
use crate::http::body::Body;
use crate::http::call;
use crate::http::field;
use crate::http::page;
use crate::http::page::Page;
use crate::http::precondition::IfMatch;
use crate::http::precondition::etag;
use crate::http::problem::Problem;
use crate::http::problem::ProblemView;
use crate::http::query::Query;
use actix_web::web::{Data, Json, Path};
use actix_web::{HttpResponse, get, post, put};
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// An agency to register.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CreateAgencyBody {
    /// As the government numbers it: 1 to 20 letters, digits, dots and hyphens, beginning with a letter or digit.
    #[garde(length(chars, min = 1, max = 20))]
    #[schema(
        min_length = 1,
        max_length = 20,
        pattern = "^[A-Za-z0-9][A-Za-z0-9.-]*$",
        example = "1.01"
    )]
    code: String,
    /// Its name.
    #[garde(length(chars, min = 1, max = 200))]
    #[schema(min_length = 1, max_length = 200, example = "Dinas Pendidikan dan Kebudayaan")]
    name: String,
    /// Kemendagri code of the region that it serves: `36` for Banten, `36.01` for Pandeglang.
    #[garde(length(chars, min = 2, max = 13))]
    #[schema(
        min_length = 2,
        max_length = 13,
        pattern = "^[0-9]{2}([.][0-9]{2}([.][0-9]{2}([.][0-9]{4})?)?)?$",
        example = "36"
    )]
    region_code: String,
    /// IANA zone of its duty places; `Asia/Jakarta` where nothing is said.
    #[garde(skip)]
    #[serde(default)]
    #[schema(value_type = Option<String>, pattern = "^Asia/(Jakarta|Makassar|Jayapura)$")]
    zone: Zone,
    /// What kinds of service it gives, for circulars that exempt some: words such as `health`, `public_service`.
    #[garde(length(max = 20), inner(length(chars, min = 1, max = 40)))]
    #[serde(default)]
    #[schema(max_items = 20)]
    service_kinds: Vec<String>,
}

/// What an agency is changed to.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct UpdateAgencyBody {
    /// Its name.
    #[garde(length(chars, min = 1, max = 200))]
    #[schema(min_length = 1, max_length = 200)]
    name: String,
    /// Kemendagri code of the region that it serves.
    #[garde(length(chars, min = 2, max = 13))]
    #[schema(
        min_length = 2,
        max_length = 13,
        pattern = "^[0-9]{2}([.][0-9]{2}([.][0-9]{2}([.][0-9]{4})?)?)?$"
    )]
    region_code: String,
    /// IANA zone of its duty places.
    #[garde(skip)]
    #[schema(value_type = String, pattern = "^Asia/(Jakarta|Makassar|Jayapura)$")]
    zone: Zone,
    /// What kinds of service it gives.
    #[garde(length(max = 20), inner(length(chars, min = 1, max = 40)))]
    #[schema(max_items = 20)]
    service_kinds: Vec<String>,
}

/// An agency.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AgencyView {
    /// Its code.
    code: String,
    /// Its name.
    name: String,
    /// Kemendagri code of the region that it serves.
    region_code: String,
    /// IANA zone of its duty places.
    zone: String,
    /// What kinds of service it gives.
    #[schema(value_type = Vec<String>)]
    service_kinds: serde_json::Value,
    /// Raised by every change; also the `ETag`.
    version: i32,
}

impl From<AgencyRow> for AgencyView {
    fn from(row: AgencyRow) -> Self {
        Self {
            code: row.code,
            name: row.name,
            region_code: row.region_code,
            zone: row.zone,
            service_kinds: row.service_kinds.0,
            version: row.version,
        }
    }
}

/// Which page.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct AgencyQuery {
    /// 1 to 200; 50 where nothing is asked for.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

fn draft(name: &str, region_code: &str, zone: Zone, service_kinds: Vec<String>) -> Result<AgencyDraft, Error> {
    let region: Option<JurisdictionCode> = region_code.parse().ok();
    let region = region.filter(|region| region.depth() > 0).ok_or_else(|| {
        Error::field(
            "region_code",
            "malformed",
            "Kode wilayah berbentuk 36 atau 36.01.",
            "A region code looks like 36 or 36.01.",
        )
    })?;
    let is_word = |kind: &String| kind.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    if !service_kinds.iter().all(is_word) {
        return Err(Error::field(
            "service_kinds",
            "malformed",
            "Jenis layanan ditulis dengan huruf kecil dan garis bawah, misalnya public_service.",
            "Kinds of service are lower-case words with underscores, such as public_service.",
        ));
    }
    Ok(AgencyDraft {
        name: field::text("name", name, 1, 200)?,
        region,
        zone,
        service_kinds,
    })
}

/// Registers an agency.
#[utoipa::path(operation_id = "create_agency", tag = "staff", request_body = CreateAgencyBody, responses(
    (status = 201, body = AgencyView),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[post("/v1/agencies")]
pub(crate) async fn create(app: Data<App>, caller: Caller, body: Body) -> Result<HttpResponse, Problem> {
    let scope = caller.may(Action::WriteAgency)?;
    let body: CreateAgencyBody = body.json(&scope).await?;
    let code = field::agency_code("code", &body.code)?;
    let draft = draft(&body.name, &body.region_code, body.zone, body.service_kinds)?;
    let row = call::run(&app, move |app| {
        app.create_agency(&caller.context, &scope, &code, &draft)
    })
    .await?;
    Ok(HttpResponse::Created()
        .insert_header(etag(row.version))
        .json(AgencyView::from(row)))
}

/// Lists the agencies that the caller has to do with, by code.
#[utoipa::path(operation_id = "list_agencies", tag = "staff", params(AgencyQuery), responses(
    (status = 200, body = Page<AgencyView>),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/v1/agencies")]
pub(crate) async fn list(
    app: Data<App>,
    caller: Caller,
    query: Query<AgencyQuery>,
) -> Result<Json<Page<AgencyView>>, Problem> {
    let scope = caller.may(Action::ReadAgency)?;
    let limit = page::limit(query.limit)?;
    let after: Option<String> = page::decode(query.cursor.as_deref())?;
    let rows = call::run(&app, move |app| app.list_agencies(&scope, after.as_deref(), limit)).await?;
    Ok(Json(Page::new(rows, limit, |row| row.code.clone(), AgencyView::from)))
}

/// Shows one agency.
#[utoipa::path(operation_id = "read_agency", tag = "staff", params(
    ("code" = String, Path, description = "The agency's code"),
), responses(
    (status = 200, body = AgencyView),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/v1/agencies/{code}")]
pub(crate) async fn read(app: Data<App>, caller: Caller, path: Path<String>) -> Result<HttpResponse, Problem> {
    let (scope, code) = caller.may_in(Action::ReadAgency, &path)?;
    let row = call::run(&app, move |app| app.find_agency(&scope, &code)).await?;
    Ok(HttpResponse::Ok()
        .insert_header(etag(row.version))
        .json(AgencyView::from(row)))
}

/// Changes an agency. Past days keep what they were judged by.
#[utoipa::path(operation_id = "update_agency", tag = "staff", request_body = UpdateAgencyBody, params(
    ("code" = String, Path, description = "The agency's code"),
    ("If-Match" = String, Header, description = "The version that was loaded"),
), responses(
    (status = 200, body = AgencyView),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[put("/v1/agencies/{code}")]
pub(crate) async fn update(
    app: Data<App>,
    caller: Caller,
    path: Path<String>,
    version: Result<IfMatch, Problem>,
    body: Body,
) -> Result<HttpResponse, Problem> {
    let (scope, code) = caller.may_in(Action::WriteAgency, &path)?;
    let IfMatch(version) = version?;
    let body: UpdateAgencyBody = body.json(&scope).await?;
    let draft = draft(&body.name, &body.region_code, body.zone, body.service_kinds)?;
    let row = call::run(&app, move |app| {
        app.update_agency(&caller.context, &scope, &code, version, &draft)
    })
    .await?;
    Ok(HttpResponse::Ok()
        .insert_header(etag(row.version))
        .json(AgencyView::from(row)))
}
