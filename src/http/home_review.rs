//! Homes on the wire, for the operators who verify them. Each look at a position is written down.

use crate::app::App;
use crate::app::home::HomeVerdict;
use crate::app::home::ListedHome;
use crate::app::home::OpenedHome;
use crate::domain::access::Action;
use crate::domain::employee_number::EmployeeNumber;
use crate::domain::home::HomeDecision;
use crate::domain::home::HomeState;
use crate::domain::ids::HomeId;
use crate::domain::language::Language;
use crate::domain::person_name::titled;
use crate::http::actor::Caller;
use crate::http::body::Body;
use crate::http::call;
use crate::http::field;
use crate::http::home::HomeView;
use crate::http::language::Spoken;
use crate::http::page;
use crate::http::page::Page;
use crate::http::problem::Problem;
use crate::http::problem::ProblemView;
use crate::http::query::Query;
use crate::http::sentence;
use actix_web::web::{Data, Json, Path};
use actix_web::{HttpResponse, get, post};
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// A home and whose it is, without its position.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ReviewedHomeView {
    /// The agency whose operator decides.
    agency: String,
    /// The person.
    employee_id: Uuid,
    /// With titles.
    name: String,
    /// The number in its printed groups.
    number_printed: String,
    /// The home.
    #[serde(flatten)]
    home: HomeView,
}

impl From<ListedHome> for ReviewedHomeView {
    fn from(listed: ListedHome) -> Self {
        let (front_title, name, back_title) = listed.name;
        Self {
            agency: listed.row.agency_code.clone(),
            employee_id: listed.row.employee_id.uuid(),
            name: titled(&front_title, &name, &back_title),
            number_printed: EmployeeNumber::parse(&listed.number)
                .map_or_else(|_| listed.number.clone(), |number| number.printed()),
            home: listed.row.into(),
        }
    }
}

/// A home with its position.
#[derive(Serialize, ToSchema)]
pub(crate) struct OpenedHomeView {
    /// What lists show.
    #[serde(flatten)]
    home: ReviewedHomeView,
    /// Degrees north; absent once the position was forgotten.
    #[serde(skip_serializing_if = "Option::is_none")]
    latitude: Option<f64>,
    /// Degrees east.
    #[serde(skip_serializing_if = "Option::is_none")]
    longitude: Option<f64>,
    /// How well it was measured; absent where the point was placed by hand.
    #[serde(skip_serializing_if = "Option::is_none")]
    accuracy_metres: Option<f64>,
    /// What looks odd about the home; hints for whoever decides, which refuse nothing.
    warnings: Vec<HomeWarningView>,
}

/// What looks odd about a home.
#[derive(Serialize, ToSchema)]
pub(crate) struct HomeWarningView {
    /// `far_from_village`: the point lies more than 40 km from where a map would write the village's name.
    code: &'static str,
    /// In the caller's language, with what to do next.
    message: String,
}

impl OpenedHomeView {
    fn new(opened: OpenedHome, language: Language) -> Self {
        let far = opened.far_from.map(|(village, metres)| HomeWarningView {
            code: "far_from_village",
            message: sentence::far_home(village.name, metres, language),
        });
        let position = opened.position.map(|record| record.position);
        let accuracy = opened.position.and_then(|record| record.accuracy_millimetres);
        Self {
            home: opened.listed.into(),
            latitude: position.map(crate::domain::place::Position::latitude),
            longitude: position.map(crate::domain::place::Position::longitude),
            accuracy_metres: accuracy.map(|millimetres| f64::from(millimetres) / 1_000.0),
            warnings: far.into_iter().collect(),
        }
    }
}

/// What the operator says.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct VerifyHomeBody {
    /// `verified` or `returned`.
    #[garde(skip)]
    #[schema(value_type = String, pattern = "^(verified|returned)$")]
    decision: HomeDecision,
    /// What the employee has to change; needed for `returned` and for a radius of its own.
    #[garde(inner(length(chars, max = 500)))]
    #[schema(max_length = 500)]
    reason: Option<String>,
    /// A radius for this home only, such as for a house on a large plot.
    #[garde(inner(range(min = 10, max = 5_000)))]
    #[schema(minimum = 10, maximum = 5_000)]
    radius_metres: Option<u32>,
}

/// Which homes.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct HomeQuery {
    /// Only this state: `submitted`, `verified`, `returned` or `superseded`.
    #[param(value_type = Option<String>, pattern = "^(submitted|verified|returned|superseded)$")]
    state: Option<HomeState>,
    /// Only this agency.
    agency: Option<String>,
    /// 1 to 200; 50 where nothing is asked for.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// Lists the homes of the operator's agencies, oldest submission first, without positions.
#[utoipa::path(operation_id = "list_homes", tag = "home", params(HomeQuery), responses(
    (status = 200, body = Page<ReviewedHomeView>),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/v1/homes")]
pub(crate) async fn list(
    app: Data<App>,
    caller: Caller,
    query: Query<HomeQuery>,
) -> Result<Json<Page<ReviewedHomeView>>, Problem> {
    let query = query.into_inner();
    let scope = match &query.agency {
        Some(agency) => caller.may_in(Action::ReadHomes, agency)?.0,
        None => caller.may(Action::ReadHomes)?,
    };
    let limit = page::limit(query.limit)?;
    let after: Option<HomeId> = page::decode(query.cursor.as_deref())?;
    let rows = call::run(&app, move |app| app.list_homes(&scope, query.state, after, limit)).await?;
    Ok(Json(Page::new(
        rows,
        limit,
        |listed| listed.row.id,
        ReviewedHomeView::from,
    )))
}

/// Shows a home with its position. The look is written down before it is shown, and its owner can read who looked.
#[utoipa::path(operation_id = "read_home", tag = "home", params(
    ("id" = Uuid, Path, description = "The home"),
), responses(
    (status = 200, body = OpenedHomeView),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/v1/homes/{id}")]
pub(crate) async fn read(
    app: Data<App>,
    caller: Caller,
    path: Path<Uuid>,
    spoken: Spoken,
) -> Result<HttpResponse, Problem> {
    let scope = caller.may(Action::ReadHomes)?;
    let id = HomeId::new(path.into_inner());
    let opened = call::run(&app, move |app| app.open_home(&caller.context, &scope, id)).await?;
    Ok(HttpResponse::Ok().json(OpenedHomeView::new(opened, spoken.0)))
}

/// Verifies or returns a home that waits. Verified, it counts from the next work day; the employee is told either way.
#[utoipa::path(operation_id = "verify_home", tag = "home", request_body = VerifyHomeBody, params(
    ("id" = Uuid, Path, description = "The home"),
), responses(
    (status = 200, body = ReviewedHomeView),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[post("/v1/homes/{id}/verification")]
pub(crate) async fn verify(
    app: Data<App>,
    caller: Caller,
    path: Path<Uuid>,
    body: Body,
) -> Result<Json<ReviewedHomeView>, Problem> {
    let scope = caller.may(Action::VerifyHome)?;
    let body: VerifyHomeBody = body.json(&scope).await?;
    let id = HomeId::new(path.into_inner());
    let verdict = HomeVerdict {
        decision: body.decision,
        reason: field::optional_text("reason", body.reason.as_deref(), 500)?,
        radius_metres: body.radius_metres,
    };
    let listed = call::run(&app, move |app| app.decide_home(&caller.context, &scope, id, &verdict)).await?;
    Ok(Json(listed.into()))
}
