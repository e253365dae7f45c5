//! Homes on the wire, for their owners. No coordinate of a home goes to a phone.

use crate::app::App;
use crate::app::error::Error;
use crate::app::home::HomeDraft;
use crate::app::home::HomeRow;
use crate::app::once::OnceKey;
use crate::domain::access::Action;
use crate::domain::circular::jurisdiction::JurisdictionCode;
use crate::domain::home::DEFAULT_RADIUS_METRES;
use crate::domain::home::HomeKind;
use crate::domain::home::HomeRank;
use crate::domain::home::HomeState;
use crate::domain::ids::HomeId;
use crate::domain::place::Position;
use crate::domain::position_record::PositionRecord;
use crate::http::actor::Caller;
use crate::http::body::Body;
use crate::http::call;
use crate::http::check_in::LARGEST_ACCURACY_METRES;
use crate::http::check_in::accuracy_millimetres;
use crate::http::check_in::position_error;
use crate::http::check_in::positive;
use crate::http::field;
use crate::http::page;
use crate::http::page::Page;
use crate::http::precondition::IdempotencyKey;
use crate::http::problem::Problem;
use crate::http::problem::ProblemView;
use crate::http::query::Query;
use actix_web::web::{Data, Json};
use actix_web::{HttpResponse, get, post};
use chrono::NaiveDate;
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// A home to register.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CreateHomeBody {
    /// `primary`, or `secondary` for a second place beside it; `primary` where nothing is said.
    #[garde(skip)]
    #[serde(default)]
    #[schema(value_type = Option<String>, pattern = "^(primary|secondary)$")]
    rank: HomeRank,
    /// `ktp` for the address on the identity card, `domicile` for another, `temporary`; `domicile` where nothing is said.
    #[garde(skip)]
    #[serde(default)]
    #[schema(value_type = Option<String>, pattern = "^(ktp|domicile|temporary)$")]
    kind: HomeKind,
    /// In words, so that the operator can compare it with the point.
    #[garde(length(chars, min = 5, max = 500))]
    #[schema(min_length = 5, max_length = 500)]
    address: String,
    /// Kemendagri code of the village.
    #[garde(inner(length(chars, min = 13, max = 13)))]
    #[schema(
        min_length = 13,
        max_length = 13,
        pattern = "^[0-9]{2}[.][0-9]{2}[.][0-9]{2}[.][0-9]{4}$",
        example = "36.04.05.2003"
    )]
    village_code: Option<String>,
    /// Degrees north, -90 to 90. (0, 0) is refused.
    #[garde(range(min = -90.0, max = 90.0))]
    #[schema(minimum = -90, maximum = 90, example = -6.119_731_2)]
    latitude: f64,
    /// Degrees east, -180 to 180.
    #[garde(range(min = -180.0, max = 180.0))]
    #[schema(minimum = -180, maximum = 180, example = 106.173_461_8)]
    longitude: f64,
    /// Radius of the 68 % circle in metres, above 0, at most 100,000; absent where the point was placed by hand.
    #[garde(inner(custom(positive), range(max = LARGEST_ACCURACY_METRES)))]
    #[schema(exclusive_minimum = 0, maximum = 100_000)]
    accuracy_metres: Option<f64>,
}

impl CreateHomeBody {
    fn parse(self) -> Result<HomeDraft, Error> {
        let village = self
            .village_code
            .as_deref()
            .map(str::parse::<JurisdictionCode>)
            .transpose();
        let village = village
            .ok()
            .filter(|code| code.as_ref().is_none_or(|code| code.depth() == 4));
        let village = village.ok_or_else(|| {
            Error::field(
                "village_code",
                "malformed",
                "Kode desa atau kelurahan berbentuk 36.04.05.2003.",
                "A village code looks like 36.04.05.2003.",
            )
        })?;
        let position = Position::from_degrees(self.latitude, self.longitude);
        let position = position.map_err(|error| Error::Invalid(vec![position_error(error)]))?;
        Ok(HomeDraft {
            rank: self.rank,
            kind: self.kind,
            address: field::text("address", &self.address, 5, 500)?,
            village_code: village.map(|code| code.as_str().to_owned()),
            position: PositionRecord {
                accuracy_millimetres: self.accuracy_metres.map(accuracy_millimetres),
                ..PositionRecord::point(position)
            },
        })
    }
}

/// A version of a home, without its position.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct HomeView {
    /// Its id.
    pub(crate) id: Uuid,
    /// `primary` or `secondary`.
    #[schema(value_type = String)]
    pub(crate) rank: HomeRank,
    /// `ktp`, `domicile` or `temporary`.
    #[schema(value_type = String)]
    pub(crate) kind: HomeKind,
    /// `submitted`, `verified`, `returned` or `superseded`.
    #[schema(value_type = String)]
    pub(crate) state: HomeState,
    /// In words.
    pub(crate) address: String,
    /// Kemendagri code of the village.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) village_code: Option<String>,
    /// Metres around the point that count as at home, unless the circular says otherwise.
    pub(crate) radius_metres: i32,
    /// First day on which it counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) valid_from: Option<NaiveDate>,
    /// Last day on which it counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) valid_to: Option<NaiveDate>,
    /// When it was sent in, RFC 3339.
    #[schema(format = DateTime)]
    pub(crate) submitted_at: String,
    /// When it was decided, RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    pub(crate) decided_at: Option<String>,
    /// Why it was returned, or why its radius is its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) reason: Option<String>,
    /// 1 for the person's first version.
    pub(crate) ordinal: i32,
}

impl From<HomeRow> for HomeView {
    fn from(row: HomeRow) -> Self {
        let usual = i32::try_from(DEFAULT_RADIUS_METRES).unwrap_or(i32::MAX);
        Self {
            id: row.id.uuid(),
            rank: row.rank,
            kind: row.kind,
            state: row.state,
            address: row.address,
            village_code: row.village_code,
            radius_metres: row.radius_metres.unwrap_or(usual),
            valid_from: row.valid_from,
            valid_to: row.valid_to,
            submitted_at: row.submitted_at.to_string(),
            decided_at: row.decided_at.map(|at| at.to_string()),
            reason: row.reason,
            ordinal: row.ordinal,
        }
    }
}

/// Which page.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct OwnHomeQuery {
    /// 1 to 200; 50 where nothing is asked for.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// Registers one's own home, or a new version of it. It waits for the operator and counts from the next work day after
/// it was verified; until then the present one does.
#[utoipa::path(operation_id = "create_my_home", tag = "home", request_body = CreateHomeBody, params(
    ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated call give the first answer"),
), responses(
    (status = 201, body = HomeView),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[post("/v1/me/homes")]
pub(crate) async fn create_own(
    app: Data<App>,
    caller: Caller,
    key: Result<IdempotencyKey, Problem>,
    body: Body,
) -> Result<HttpResponse, Problem> {
    let scope = caller.may(Action::WriteOwn)?;
    let IdempotencyKey(key) = key?;
    let (body, bytes) = body.json_and_bytes::<CreateHomeBody>(&scope).await?;
    let once = OnceKey::new(key, "create_my_home", "", &bytes);
    let draft = body.parse()?;
    let row = call::run(&app, move |app| app.submit_home(&caller.context, &scope, &once, &draft)).await?;
    Ok(HttpResponse::Created().json(HomeView::from(row)))
}

/// Lists every version of one's own homes, newest first.
#[utoipa::path(operation_id = "list_my_homes", tag = "home", params(OwnHomeQuery), responses(
    (status = 200, body = Page<HomeView>),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/v1/me/homes")]
pub(crate) async fn list_own(
    app: Data<App>,
    caller: Caller,
    query: Query<OwnHomeQuery>,
) -> Result<Json<Page<HomeView>>, Problem> {
    let scope = caller.may(Action::ReadOwn)?;
    let limit = page::limit(query.limit)?;
    let before: Option<HomeId> = page::decode(query.cursor.as_deref())?;
    let mut rows = call::run(&app, move |app| app.list_own_homes(&scope)).await?;
    rows.reverse();
    // A person has a handful of versions, so they are read whole.
    if let Some(before) = before {
        rows.retain(|row| row.id < before);
    }
    Ok(Json(Page::new(rows, limit, |row| row.id, HomeView::from)))
}
