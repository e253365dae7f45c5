//! Offices and duty posts on the wire.

use crate::app::App;
use crate::app::error::Error;
use crate::app::error::FieldError;
use crate::app::once::OnceKey;
use crate::app::site::ListedSite;
use crate::app::site::SiteDraft;
use crate::domain::access::Action;
use crate::domain::ids::SiteId;
use crate::domain::place::Fence;
use crate::domain::place::Position;
use crate::domain::site::DEFAULT_RADIUS_METRES;
use crate::domain::site::SiteKind;
use crate::http::actor::Caller;
use crate::http::body::Body;
use crate::http::call;
use crate::http::check_in::position_error;
use crate::http::field;
use crate::http::page;
use crate::http::page::Page;
use crate::http::precondition::IdempotencyKey;
use crate::http::precondition::IfMatch;
use crate::http::precondition::etag;
use crate::http::problem::Problem;
use crate::http::problem::ProblemView;
use crate::http::query::Query;
use actix_web::web::{Data, Json, Path};
use actix_web::{HttpResponse, get, post, put};
use chrono::NaiveDate;
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// A point.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PointBody {
    /// Degrees north.
    #[garde(range(min = -90.0, max = 90.0))]
    #[schema(minimum = -90, maximum = 90, example = -6.1701)]
    latitude: f64,
    /// Degrees east.
    #[garde(range(min = -180.0, max = 180.0))]
    #[schema(minimum = -180, maximum = 180, example = 106.1603)]
    longitude: f64,
}

/// Where a share counts as at the site.
#[derive(Clone, Debug, Deserialize, Serialize, Validate, ToSchema)]
#[serde(tag = "shape", rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum FenceBody {
    /// Everything up to a distance from a point.
    Circle {
        /// The middle.
        #[garde(dive)]
        centre: PointBody,
        /// 10 to 5,000; 100 where nothing is said.
        #[garde(range(min = 10, max = 5_000))]
        #[serde(default = "usual_radius")]
        #[schema(minimum = 10, maximum = 5_000)]
        radius_metres: u32,
    },
    /// Everything inside a ring without holes; the last corner joins the first by itself.
    Polygon {
        /// 3 to 500 corners in order.
        #[garde(length(min = 3, max = 500), dive)]
        #[schema(min_items = 3, max_items = 500)]
        corners: Vec<PointBody>,
    },
}

const fn usual_radius() -> u32 {
    DEFAULT_RADIUS_METRES
}

/// A site.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SiteBody {
    /// For people.
    #[garde(length(chars, min = 1, max = 200))]
    #[schema(min_length = 1, max_length = 200)]
    name: String,
    /// `office` or `duty_post`; `office` where nothing is said.
    #[garde(skip)]
    #[serde(default)]
    #[schema(value_type = Option<String>, pattern = "^(office|duty_post)$")]
    kind: SiteKind,
    /// Code of the unit that sits there; absent for the whole agency.
    #[garde(inner(length(chars, min = 1, max = 64)))]
    #[schema(min_length = 1, max_length = 64)]
    unit_code: Option<String>,
    /// Where.
    #[garde(dive)]
    fence: FenceBody,
    /// First day on which it is used; today, or as it is, where nothing is said.
    #[garde(skip)]
    valid_from: Option<NaiveDate>,
    /// Last day on which it is used; absent for an open end.
    #[garde(skip)]
    valid_to: Option<NaiveDate>,
}

/// A site as it stands.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SiteView {
    /// Its id.
    id: Uuid,
    /// For people.
    name: String,
    /// `office` or `duty_post`.
    #[schema(value_type = String)]
    kind: SiteKind,
    /// Code of the unit that sits there.
    #[serde(skip_serializing_if = "Option::is_none")]
    unit_code: Option<String>,
    /// Where.
    fence: FenceBody,
    /// First day.
    valid_from: NaiveDate,
    /// Last day.
    #[serde(skip_serializing_if = "Option::is_none")]
    valid_to: Option<NaiveDate>,
    /// Raised by every change; also the `ETag`.
    version: i32,
}

impl From<ListedSite> for SiteView {
    fn from(site: ListedSite) -> Self {
        let point = |position: &Position| PointBody {
            latitude: position.latitude(),
            longitude: position.longitude(),
        };
        Self {
            id: site.row.id.uuid(),
            name: site.row.name,
            kind: site.row.kind,
            unit_code: site.unit_code,
            fence: match &site.fence {
                Fence::Circle { centre, radius_metres } => FenceBody::Circle {
                    centre: point(centre),
                    radius_metres: *radius_metres,
                },
                Fence::Polygon { corners } => FenceBody::Polygon {
                    corners: corners.iter().map(point).collect(),
                },
            },
            valid_from: site.row.valid_from,
            valid_to: site.row.valid_to,
            version: site.row.version,
        }
    }
}

impl SiteBody {
    fn parse(self) -> Result<SiteDraft, Error> {
        let position = |path: &str, point: PointBody| {
            Position::from_degrees(point.latitude, point.longitude).map_err(|error| {
                let wrong = position_error(error);
                Error::Invalid(vec![FieldError {
                    field: format!("{path}.{}", wrong.field),
                    ..wrong
                }])
            })
        };
        let fence = match self.fence {
            FenceBody::Circle { centre, radius_metres } => Fence::Circle {
                centre: position("fence.centre", centre)?,
                radius_metres,
            },
            FenceBody::Polygon { corners } => Fence::Polygon {
                corners: corners
                    .into_iter()
                    .enumerate()
                    .map(|(index, corner)| position(&format!("fence.corners[{index}]"), corner))
                    .collect::<Result<_, _>>()?,
            },
        };
        Ok(SiteDraft {
            name: field::text("name", &self.name, 1, 200)?,
            kind: self.kind,
            unit_code: self.unit_code,
            fence,
            valid_from: self.valid_from,
            valid_to: self.valid_to,
        })
    }
}

/// Which page.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct SiteQuery {
    /// 1 to 200; 50 where nothing is asked for.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// Adds an office or duty post to an agency.
#[utoipa::path(operation_id = "create_site", tag = "staff", request_body = SiteBody, params(
    ("code" = String, Path, description = "The agency's code"),
    ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated call give the first answer"),
), responses(
    (status = 201, body = SiteView),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[post("/v1/agencies/{code}/sites")]
pub(crate) async fn create(
    app: Data<App>,
    caller: Caller,
    path: Path<String>,
    key: Result<IdempotencyKey, Problem>,
    body: Body,
) -> Result<HttpResponse, Problem> {
    let (scope, agency) = caller.may_in(Action::WriteStaff, &path)?;
    let IdempotencyKey(key) = key?;
    let (body, bytes) = body.json_and_bytes::<SiteBody>(&scope).await?;
    let once = OnceKey::new(key, "create_site", agency.as_str(), &bytes);
    let draft = body.parse()?;
    let site = call::run(&app, move |app| {
        app.create_site(&caller.context, &scope, &once, &agency, &draft)
    })
    .await?;
    Ok(HttpResponse::Created()
        .insert_header(etag(site.row.version))
        .json(SiteView::from(site)))
}

/// Lists an agency's sites, ended ones too, in the order in which they were made.
#[utoipa::path(operation_id = "list_sites", tag = "staff", params(
    ("code" = String, Path, description = "The agency's code"), SiteQuery,
), responses(
    (status = 200, body = Page<SiteView>),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/v1/agencies/{code}/sites")]
pub(crate) async fn list(
    app: Data<App>,
    caller: Caller,
    path: Path<String>,
    query: Query<SiteQuery>,
) -> Result<Json<Page<SiteView>>, Problem> {
    let (scope, agency) = caller.may_in(Action::ReadStaff, &path)?;
    let limit = page::limit(query.limit)?;
    let after: Option<SiteId> = page::decode(query.cursor.as_deref())?;
    let rows = call::run(&app, move |app| app.list_sites(&scope, &agency, after, limit)).await?;
    Ok(Json(Page::new(rows, limit, |site| site.row.id, SiteView::from)))
}

/// Changes a site. Another fence or unit ends the site today and begins a new one, with an id of its own, tomorrow: what
/// was judged stays as it was.
#[utoipa::path(operation_id = "update_site", tag = "staff", request_body = SiteBody, params(
    ("code" = String, Path, description = "The agency's code"),
    ("id" = Uuid, Path, description = "The site"),
    ("If-Match" = String, Header, description = "The version that was loaded"),
), responses(
    (status = 200, body = SiteView),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[put("/v1/agencies/{code}/sites/{id}")]
pub(crate) async fn update(
    app: Data<App>,
    caller: Caller,
    path: Path<(String, Uuid)>,
    version: Result<IfMatch, Problem>,
    body: Body,
) -> Result<HttpResponse, Problem> {
    let (code, id) = path.into_inner();
    let (scope, agency) = caller.may_in(Action::WriteStaff, &code)?;
    let IfMatch(version) = version?;
    let body: SiteBody = body.json(&scope).await?;
    let draft = body.parse()?;
    let site = call::run(&app, move |app| {
        app.update_site(&caller.context, &scope, &agency, SiteId::new(id), version, &draft)
    })
    .await?;
    Ok(HttpResponse::Ok()
        .insert_header(etag(site.row.version))
        .json(SiteView::from(site)))
}
