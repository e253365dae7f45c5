//! Schedules of an agency on the wire: made, listed, given to units and people.

use crate::app::App;
use crate::app::error::Error;
use crate::app::once::OnceKey;
use crate::app::work_schedule::ListedSchedule;
use crate::app::work_schedule::ListedStart;
use crate::app::work_schedule::PersonStarts;
use crate::app::work_schedule::Whom;
use crate::domain::access::Action;
use crate::domain::ids::EmployeeId;
use crate::domain::ids::ScheduleId;
use crate::domain::ids::ScheduleStartId;
use crate::domain::schedule::WorkSchedule;
use crate::domain::schedule::start::ScheduleStart;
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
use crate::http::schedule_rule::WorkScheduleView;
use actix_web::web::{Data, Json, Path};
use actix_web::{HttpResponse, get, post};
use chrono::NaiveDate;
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// A schedule to be made.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ScheduleBody {
    /// For people, once in the agency.
    #[garde(length(chars, min = 1, max = 100))]
    #[schema(min_length = 1, max_length = 100)]
    name: String,
    /// Its days and hours.
    #[garde(skip)]
    #[schema(value_type = WorkScheduleView)]
    schedule: WorkSchedule,
}

/// A schedule. It is never changed: another one begins.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AgencyScheduleView {
    /// Its id.
    id: Uuid,
    /// For people.
    name: String,
    /// Its days and hours.
    #[schema(value_type = WorkScheduleView)]
    schedule: WorkSchedule,
}

impl From<ListedSchedule> for AgencyScheduleView {
    fn from(listed: ListedSchedule) -> Self {
        Self {
            id: listed.id.uuid(),
            name: listed.name,
            schedule: listed.schedule,
        }
    }
}

/// Who gets which schedule from when on. With neither `unit_code` nor `employee_ids` it is the whole agency.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ScheduleStartBody {
    /// The first date, from tomorrow on and at most 366 days ahead.
    #[garde(skip)]
    from: NaiveDate,
    /// A schedule of the agency; absent to end the one before, so that what is above holds again.
    #[garde(skip)]
    schedule_id: Option<Uuid>,
    /// A unit; those below it that have none of their own follow.
    #[garde(inner(length(chars, min = 1, max = 64)))]
    #[schema(min_length = 1, max_length = 64)]
    unit_code: Option<String>,
    /// People on the agency's staff on the first date.
    #[garde(inner(length(min = 1, max = 500)))]
    #[schema(min_items = 1, max_items = 500)]
    employee_ids: Option<Vec<Uuid>>,
}

/// What was set.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ScheduleStartedView {
    /// How many people, or 1 for a unit or an agency.
    accepted: usize,
}

/// From when on which schedule.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ScheduleStartView {
    /// The first date.
    from: NaiveDate,
    /// The schedule; absent where the one before ends.
    #[serde(skip_serializing_if = "Option::is_none")]
    schedule_id: Option<Uuid>,
}

impl From<ScheduleStart> for ScheduleStartView {
    fn from(start: ScheduleStart) -> Self {
        Self {
            from: start.from,
            schedule_id: start.schedule_id.map(ScheduleId::uuid),
        }
    }
}

/// From when on a unit, or the whole agency, has which schedule.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UnitScheduleStartView {
    /// The unit; absent for the whole agency.
    #[serde(skip_serializing_if = "Option::is_none")]
    unit_code: Option<String>,
    /// Which from when on.
    #[serde(flatten)]
    start: ScheduleStartView,
}

impl From<ListedStart> for UnitScheduleStartView {
    fn from(listed: ListedStart) -> Self {
        Self {
            unit_code: listed.unit_code,
            start: listed.start.into(),
        }
    }
}

/// Someone with schedules of their own.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PersonScheduleView {
    /// Who.
    employee_id: Uuid,
    /// With titles.
    name: String,
    /// In the order of their dates.
    starts: Vec<ScheduleStartView>,
}

impl From<PersonStarts> for PersonScheduleView {
    fn from(person: PersonStarts) -> Self {
        Self {
            employee_id: person.employee_id.uuid(),
            name: person.name,
            starts: person.starts.into_iter().map(ScheduleStartView::from).collect(),
        }
    }
}

/// Which page.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ScheduleQuery {
    /// 1 to 200; 50 where nothing is asked for.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// Makes a schedule: a week of five or six days, or shifts. Nobody has it before it is given to a unit or to people.
#[utoipa::path(operation_id = "create_schedule", tag = "schedules", request_body = ScheduleBody, params(
    ("code" = String, Path, description = "The agency's code"),
    ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated call give the first answer"),
), responses(
    (status = 201, body = AgencyScheduleView),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[post("/v1/agencies/{code}/schedules")]
pub(crate) async fn create(
    app: Data<App>,
    caller: Caller,
    path: Path<String>,
    key: Result<IdempotencyKey, Problem>,
    body: Body,
) -> Result<HttpResponse, Problem> {
    let (scope, agency) = caller.may_in(Action::WriteStaff, &path)?;
    let IdempotencyKey(key) = key?;
    let (body, bytes) = body.json_and_bytes::<ScheduleBody>(&scope).await?;
    let once = OnceKey::new(key, "create_schedule", agency.as_str(), &bytes);
    let name = field::text("name", &body.name, 1, 100)?;
    let made = call::run(&app, move |app| {
        app.create_schedule(&caller.context, &scope, &once, &agency, &name, &body.schedule)
    })
    .await?;
    Ok(HttpResponse::Created().json(AgencyScheduleView::from(made)))
}

/// Lists an agency's schedules in the order in which they were made.
#[utoipa::path(operation_id = "list_schedules", tag = "schedules", params(
    ("code" = String, Path, description = "The agency's code"), ScheduleQuery,
), responses(
    (status = 200, body = Page<AgencyScheduleView>),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/v1/agencies/{code}/schedules")]
pub(crate) async fn list(
    app: Data<App>,
    caller: Caller,
    path: Path<String>,
    query: Result<Query<ScheduleQuery>, Problem>,
) -> Result<Json<Page<AgencyScheduleView>>, Problem> {
    let (scope, agency) = caller.may_in(Action::ReadStaff, &path)?;
    let query = query?;
    let limit = page::limit(query.limit)?;
    let after: Option<ScheduleId> = page::decode(query.cursor.as_deref())?;
    let more = limit.saturating_add(1);
    let rows = call::run(&app, move |app| app.list_schedules(&scope, &agency, after, more)).await?;
    Ok(Json(Page::new(rows, limit, |row| row.id, AgencyScheduleView::from)))
}

/// Gives a schedule to a unit, to the whole agency or to people, from tomorrow or a later date on. What has begun is never
/// changed; one that begins on the same date is replaced.
#[utoipa::path(operation_id = "start_schedule", tag = "schedules", request_body = ScheduleStartBody, params(
    ("code" = String, Path, description = "The agency's code"),
    ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated call give the first answer"),
), responses(
    (status = 200, body = ScheduleStartedView),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[post("/v1/agencies/{code}/schedule-starts")]
pub(crate) async fn give(
    app: Data<App>,
    caller: Caller,
    path: Path<String>,
    key: Result<IdempotencyKey, Problem>,
    body: Body,
) -> Result<Json<ScheduleStartedView>, Problem> {
    let (scope, agency) = caller.may_in(Action::WriteStaff, &path)?;
    let IdempotencyKey(key) = key?;
    let (body, bytes) = body.json_and_bytes::<ScheduleStartBody>(&scope).await?;
    let once = OnceKey::new(key, "start_schedule", agency.as_str(), &bytes);
    let whom = whom(body.unit_code, body.employee_ids)?;
    let start = ScheduleStart {
        from: body.from,
        schedule_id: body.schedule_id.map(ScheduleId::new),
    };
    let accepted = call::run(&app, move |app| {
        app.start_schedule(&caller.context, &scope, &once, &agency, &whom, start)
    })
    .await?;
    Ok(Json(ScheduleStartedView { accepted }))
}

fn whom(unit_code: Option<String>, employee_ids: Option<Vec<Uuid>>) -> Result<Whom, Error> {
    match (unit_code, employee_ids) {
        (None, None) => Ok(Whom::Agency),
        (Some(unit), None) => Ok(Whom::Unit(unit)),
        (None, Some(people)) => {
            let mut people: Vec<EmployeeId> = people.into_iter().map(EmployeeId::new).collect();
            people.sort_unstable();
            people.dedup();
            Ok(Whom::People(people))
        }
        (Some(_), Some(_)) => Err(Error::field(
            "employee_ids",
            "not_fitting",
            "Pilih salah satu: unit atau pegawai.",
            "Either a unit or people, not both.",
        )),
    }
}

/// Lists from when on which unit of an agency has which schedule, in the order in which it was set.
#[utoipa::path(operation_id = "list_schedule_starts", tag = "schedules", params(
    ("code" = String, Path, description = "The agency's code"), ScheduleQuery,
), responses(
    (status = 200, body = Page<UnitScheduleStartView>),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/v1/agencies/{code}/schedule-starts")]
pub(crate) async fn list_starts(
    app: Data<App>,
    caller: Caller,
    path: Path<String>,
    query: Result<Query<ScheduleQuery>, Problem>,
) -> Result<Json<Page<UnitScheduleStartView>>, Problem> {
    let (scope, agency) = caller.may_in(Action::ReadStaff, &path)?;
    let query = query?;
    let limit = page::limit(query.limit)?;
    let after: Option<ScheduleStartId> = page::decode(query.cursor.as_deref())?;
    let more = limit.saturating_add(1);
    let rows = call::run(&app, move |app| app.list_schedule_starts(&scope, &agency, after, more)).await?;
    Ok(Json(Page::new(rows, limit, |row| row.id, UnitScheduleStartView::from)))
}

/// Lists the people of an agency who have, or had, schedules of their own, by their ids.
#[utoipa::path(operation_id = "list_schedule_people", tag = "schedules", params(
    ("code" = String, Path, description = "The agency's code"), ScheduleQuery,
), responses(
    (status = 200, body = Page<PersonScheduleView>),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/v1/agencies/{code}/schedule-starts/people")]
pub(crate) async fn list_people(
    app: Data<App>,
    caller: Caller,
    path: Path<String>,
    query: Result<Query<ScheduleQuery>, Problem>,
) -> Result<Json<Page<PersonScheduleView>>, Problem> {
    let (scope, agency) = caller.may_in(Action::ReadStaff, &path)?;
    let query = query?;
    let limit = page::limit(query.limit)?;
    let after: Option<EmployeeId> = page::decode(query.cursor.as_deref())?;
    let more = limit.saturating_add(1);
    let rows = call::run(&app, move |app| {
        app.list_schedule_people(&caller.context, &scope, &agency, after, more)
    })
    .await?;
    Ok(Json(Page::new(
        rows,
        limit,
        |row| row.employee_id,
        PersonScheduleView::from,
    )))
}
