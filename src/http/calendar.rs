//! The calendar of a year on the wire.

use crate::app::App;
use crate::app::calendar::CalendarYear;
use crate::domain::access::Action;
use crate::domain::calendar::Holiday;
use crate::domain::calendar::HolidayKind;
use crate::http::actor::Caller;
use crate::http::body::Body;
use crate::http::call;
use crate::http::precondition::IfMatch;
use crate::http::precondition::etag;
use crate::http::problem::Problem;
use crate::http::problem::ProblemView;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, get, put};
use chrono::NaiveDate;
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Why a day is free.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum HolidayKindView {
    /// Hari libur nasional.
    NationalHoliday,
    /// Cuti bersama.
    JointLeave,
}

/// One free day.
#[derive(Clone, Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HolidayView {
    /// The date, of the year in the address.
    #[garde(skip)]
    date: NaiveDate,
    /// Why it is free.
    #[garde(skip)]
    kind: HolidayKindView,
    /// Its name in Indonesian.
    #[garde(length(chars, min = 1, max = 200))]
    #[schema(min_length = 1, max_length = 200)]
    name: String,
}

impl From<Holiday> for HolidayView {
    fn from(holiday: Holiday) -> Self {
        Self {
            date: holiday.date,
            kind: match holiday.kind {
                HolidayKind::NationalHoliday => HolidayKindView::NationalHoliday,
                HolidayKind::JointLeave => HolidayKindView::JointLeave,
            },
            name: holiday.name,
        }
    }
}

impl From<HolidayView> for Holiday {
    fn from(view: HolidayView) -> Self {
        Self {
            date: view.date,
            kind: match view.kind {
                HolidayKindView::NationalHoliday => HolidayKind::NationalHoliday,
                HolidayKindView::JointLeave => HolidayKind::JointLeave,
            },
            name: view.name.trim().to_owned(),
        }
    }
}

/// All free days of a year beside weekends.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UpdateCalendarBody {
    /// Each date once.
    #[garde(length(min = 1, max = 120), dive)]
    #[schema(min_items = 1, max_items = 120)]
    holidays: Vec<HolidayView>,
}

/// One year.
#[derive(Debug, Serialize, ToSchema)]
pub struct CalendarView {
    /// Which.
    year: i32,
    /// How often it was replaced; 0 for a year as it ships. Also the `ETag`.
    version: i32,
    /// Holidays and joint leave in order; empty for a year that nobody has told anything about.
    holidays: Vec<HolidayView>,
}

impl From<CalendarYear> for CalendarView {
    fn from(year: CalendarYear) -> Self {
        Self {
            year: year.year,
            version: year.version,
            holidays: year.holidays.into_iter().map(HolidayView::from).collect(),
        }
    }
}

pub(crate) fn answer(year: CalendarYear) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header(etag(year.version))
        .json(CalendarView::from(year))
}

/// Reads the holidays and joint leave of a year, 2000 to 2100.
#[utoipa::path(operation_id = "read_calendar", tag = "rules", params(
    ("year" = i32, Path, minimum = 2000, maximum = 2100),
), responses(
    (status = 200, body = CalendarView),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/v1/calendars/{year}")]
pub(crate) async fn read(app: Data<App>, caller: Caller, year: Path<i32>) -> Result<HttpResponse, Problem> {
    let scope = caller.may(Action::ReadRules)?;
    let year = year.into_inner();
    Ok(answer(
        call::run(&app, move |app| app.calendar_year(&scope, year)).await?,
    ))
}

/// Replaces the holidays and joint leave of a year: Islamic dates move, and decrees come late.
#[utoipa::path(operation_id = "update_calendar", tag = "rules", request_body = UpdateCalendarBody, params(
    ("year" = i32, Path, minimum = 2000, maximum = 2100),
    ("If-Match" = String, Header, description = "The ETag of the loaded version"),
), responses(
    (status = 200, body = CalendarView),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[put("/v1/calendars/{year}")]
pub(crate) async fn update(
    app: Data<App>,
    caller: Caller,
    year: Path<i32>,
    version: Result<IfMatch, Problem>,
    body: Body,
) -> Result<HttpResponse, Problem> {
    let scope = caller.may(Action::WriteRules)?;
    let IfMatch(version) = version?;
    let body: UpdateCalendarBody = body.json(&scope).await?;
    let holidays: Vec<Holiday> = body.holidays.into_iter().map(Holiday::from).collect();
    let year = year.into_inner();
    let replaced = call::run(&app, move |app| {
        app.update_calendar_year(&caller.context, &scope, year, version, &holidays)
    })
    .await?;
    Ok(answer(replaced))
}
