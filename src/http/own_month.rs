//! One's own month on the wire.

use crate::app::App;
use crate::domain::access::Action;
use crate::http::actor::Caller;
use crate::http::call;
use crate::http::language::Spoken;
use crate::http::monthly_report::parse_month;
use crate::http::problem::Problem;
use crate::http::problem::ProblemView;
use crate::http::query::Query;
use crate::http::recap_view::RecapDayView;
use actix_web::get;
use actix_web::web::{Data, Json};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Which month.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct MonthQuery {
    /// `2026-03`, of the years 2000 to 2100; the one that runs unless given.
    #[param(pattern = "^20[0-9]{2}-(0[1-9]|1[0-2])$")]
    month: Option<String>,
}

/// One's own month.
#[derive(Debug, Serialize, ToSchema)]
pub struct MyMonthView {
    /// Which, `2026-03`.
    month: String,
    /// Its days on which one was on an agency's staff, in order, as the recap has them. What is decided later still
    /// changes them.
    days: Vec<RecapDayView>,
}

/// Reads one's own month: what each day was, or is to be, and why.
#[utoipa::path(operation_id = "read_my_month", tag = "the employee's day", params(MonthQuery), responses(
    (status = 200, body = MyMonthView),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/v1/me/month")]
pub(crate) async fn read(
    app: Data<App>,
    caller: Caller,
    spoken: Spoken,
    query: Query<MonthQuery>,
) -> Result<Json<MyMonthView>, Problem> {
    let scope = caller.may(Action::ReadOwn)?;
    let month = query.month.as_deref().map(parse_month).transpose()?;
    let (month, days) = call::run(&app, move |app| app.my_month(&caller.context, &scope, month)).await?;
    Ok(Json(MyMonthView {
        month: month.to_string(),
        days: days.iter().map(|day| RecapDayView::new(day, spoken.0)).collect(),
    }))
}
