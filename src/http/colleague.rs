//! Who else of the unit is away, beside a request for leave or a journey.

use crate::app::App;
use crate::app::colleague::ColleagueAway;
use crate::app::colleague::UnitInPeriod;
use crate::domain::access::Action;
use crate::domain::ids::DutyTravelId;
use crate::domain::ids::LeaveRequestId;
use crate::domain::leave::request::Period;
use crate::http::actor::Caller;
use crate::http::call;
use crate::http::leave_request::hats;
use crate::http::problem::Problem;
use crate::http::problem::ProblemView;
use actix_web::get;
use actix_web::web::{Data, Json, Path};
use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// Somebody of the unit who is away, or asks to be. Why they are is not told.
#[derive(Debug, Serialize, ToSchema)]
pub struct ColleagueAwayView {
    /// With titles.
    name: String,
    /// The first day within the period.
    from: NaiveDate,
    /// The last day within the period.
    to: NaiveDate,
    /// Whether it is on the roster; else it is leave that is still asked for.
    is_settled: bool,
}

impl From<ColleagueAway> for ColleagueAwayView {
    fn from(away: ColleagueAway) -> Self {
        Self {
            name: away.colleague.name,
            from: away.first,
            to: away.last,
            is_settled: away.is_settled,
        }
    }
}

/// The unit of the person in the days that they ask for.
#[derive(Debug, Serialize, ToSchema)]
pub struct UnitInPeriodView {
    /// What the unit is called, where one is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    unit: Option<String>,
    /// How many people it has beside the one who asks.
    others: usize,
    /// Who of them is away, by name.
    away: Vec<ColleagueAwayView>,
}

impl From<UnitInPeriod> for UnitInPeriodView {
    fn from(unit: UnitInPeriod) -> Self {
        Self {
            unit: unit.name,
            others: unit.others,
            away: unit.away.into_iter().map(ColleagueAwayView::from).collect(),
        }
    }
}

/// Tells who else of the applicant's unit is away on the days of a request within reach, as leave officer, direct superior
/// or authority. The reasons of others are not told.
#[utoipa::path(operation_id = "read_leave_request_unit", tag = "leave", params(
    ("id" = Uuid, Path, description = "The request"),
), responses(
    (status = 200, body = UnitInPeriodView),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/v1/leave-requests/{id}/unit")]
pub(crate) async fn of_leave(
    app: Data<App>,
    caller: Caller,
    path: Path<Uuid>,
) -> Result<Json<UnitInPeriodView>, Problem> {
    let hats = hats(&caller)?;
    let id = LeaveRequestId::new(path.into_inner());
    let unit = call::run(&app, move |app| {
        let row = app.readable_leave_request(&caller.context, None, &hats, id)?.row;
        app.colleagues_away(&caller.context, row.employee_id, row.period())
    })
    .await?;
    Ok(Json(unit.into()))
}

/// Tells who else of the traveller's unit is away on the days of a journey within reach. The reasons of others are not
/// told.
#[utoipa::path(operation_id = "read_duty_travel_unit", tag = "duty travel", params(
    ("id" = Uuid, Path, description = "The journey"),
), responses(
    (status = 200, body = UnitInPeriodView),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/v1/duty-travels/{id}/unit")]
pub(crate) async fn of_travel(
    app: Data<App>,
    caller: Caller,
    path: Path<Uuid>,
) -> Result<Json<UnitInPeriodView>, Problem> {
    let scope = caller.may(Action::ReadTravel)?;
    let id = DutyTravelId::new(path.into_inner());
    let unit = call::run(&app, move |app| {
        let row = app.readable_travel(&caller.context, None, Some(&scope), id)?.row;
        let period = Period {
            first: row.first_day,
            last: row.last_day,
        };
        app.colleagues_away(&caller.context, row.employee_id, period)
    })
    .await?;
    Ok(Json(unit.into()))
}
