//! Rosters on the wire.

use crate::app::App;
use crate::app::once::OnceKey;
use crate::app::roster::Listed;
use crate::domain::access::Action;
use crate::domain::assignment::Entry;
use crate::domain::half::DayPart;
use crate::domain::ids::EmployeeId;
use crate::domain::ids::SiteId;
use crate::domain::work_mode::WorkMode;
use crate::http::actor::Caller;
use crate::http::body::Body;
use crate::http::call;
use crate::http::day::DayPartView;
use crate::http::page;
use crate::http::page::Page;
use crate::http::precondition::IdempotencyKey;
use crate::http::problem::Problem;
use crate::http::problem::ProblemView;
use crate::http::query::Query;
use actix_web::web::{Data, Json};
use actix_web::{get, post};
use chrono::NaiveDate;
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// The mode of a person on a date.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum WorkModeView {
    /// Work from office.
    Wfo,
    /// Work from home.
    Wfh,
    /// Work from anywhere.
    Wfa,
    /// Picket duty (piket).
    Picket,
    /// Official travel (dinas luar).
    DutyTravel,
    /// Leave (cuti).
    Leave,
    /// Ill (sakit).
    Sick,
    /// Training (diklat).
    Training,
    /// Not a work day for this person.
    Off,
}

/// One entry.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RosterEntryBody {
    /// Someone on the agency's staff on the date.
    #[garde(skip)]
    employee_id: Uuid,
    /// At most 366 days from today.
    #[garde(skip)]
    date: NaiveDate,
    /// Replaces whatever was set for the person and this part of the date.
    #[garde(skip)]
    #[schema(value_type = WorkModeView)]
    mode: WorkMode,
    /// For which part of the day, the whole of it unless said; the other half stays what it was.
    #[garde(skip)]
    #[serde(default)]
    #[schema(value_type = DayPartView)]
    slots: DayPart,
    /// For `wfo` and `picket`: a site of the agency other than the usual one.
    #[garde(skip)]
    site_id: Option<Uuid>,
    /// The code of a shift of the person's schedule, for this date alone; absent leaves the schedule's pattern as it is.
    #[garde(inner(length(chars, min = 1, max = 20)))]
    #[schema(min_length = 1, max_length = 20)]
    shift: Option<String>,
    /// Needed for leave, sickness, travel and training, and for days that have passed.
    #[garde(inner(length(chars, max = 500)))]
    #[schema(max_length = 500)]
    reason: Option<String>,
}

/// Entries of one agency; all are set or none is.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetRosterBody {
    /// The agency's code.
    #[garde(length(chars, min = 1, max = 20))]
    #[schema(min_length = 1, max_length = 20)]
    agency: String,
    /// Each person and part of a date once.
    #[garde(length(min = 1, max = 5_000), dive)]
    #[schema(min_items = 1, max_items = 5_000)]
    items: Vec<RosterEntryBody>,
}

/// What was set.
#[derive(Debug, Serialize, ToSchema)]
pub struct RosterSetView {
    /// How many entries.
    accepted: usize,
}

/// Which entries.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct RosterQuery {
    /// The agency's code.
    agency: String,
    /// First date.
    from: NaiveDate,
    /// Last date, at most 92 days with the first.
    to: NaiveDate,
    /// 1 to 200; 50 where nothing is asked for.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// One entry as it stands.
#[derive(Debug, Serialize, ToSchema)]
pub struct RosterEntryView {
    /// Who.
    employee_id: Uuid,
    /// With titles.
    name: String,
    /// When.
    date: NaiveDate,
    /// What.
    #[schema(value_type = WorkModeView)]
    mode: WorkMode,
    /// For which part of the day.
    #[schema(value_type = DayPartView)]
    slots: DayPart,
    /// Where, if not the usual place.
    #[serde(skip_serializing_if = "Option::is_none")]
    site_id: Option<Uuid>,
    /// The shift that was named for this date alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    shift: Option<String>,
    /// `roster`, `approval` or `correction`.
    source: &'static str,
    /// Why. Reasons of leave and sickness are only for leave officers and are not told here.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

impl From<Listed> for RosterEntryView {
    fn from(listed: Listed) -> Self {
        let row = listed.row;
        let is_health = matches!(row.mode, WorkMode::Leave | WorkMode::Sick);
        Self {
            employee_id: row.employee_id.uuid(),
            name: listed.name,
            date: row.work_date,
            mode: row.mode,
            slots: row.slots,
            site_id: row.site_id.map(SiteId::uuid),
            shift: row.shift,
            source: row.source.code(),
            reason: row.reason.filter(|_| !is_health),
        }
    }
}

/// Says who works where. Entries of today and later are the roster; absences, journeys and days that have passed need a reason.
#[utoipa::path(operation_id = "set_roster", tag = "rules", request_body = SetRosterBody, params(
    ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated call give the first answer"),
), responses(
    (status = 200, body = RosterSetView),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[post("/v1/rosters")]
pub(crate) async fn set(
    app: Data<App>,
    caller: Caller,
    key: IdempotencyKey,
    body: Body,
) -> Result<Json<RosterSetView>, Problem> {
    let any = caller.may(Action::WriteStaff)?;
    let (body, bytes): (SetRosterBody, _) = body.json_and_bytes(&any).await?;
    let (scope, agency) = caller.may_in(Action::WriteStaff, &body.agency)?;
    let once = OnceKey::new(key.0, "set_roster", "", &bytes);
    let entries: Vec<Entry> = body
        .items
        .into_iter()
        .map(|item| Entry {
            employee_id: EmployeeId::new(item.employee_id),
            work_date: item.date,
            mode: item.mode,
            slots: item.slots,
            site_id: item.site_id.map(SiteId::new),
            shift: item.shift,
            reason: item.reason.filter(|reason| !reason.trim().is_empty()),
        })
        .collect();
    let accepted = call::run(&app, move |app| {
        app.set_roster(&caller.context, &scope, &agency, &entries, &once)
    })
    .await?;
    Ok(Json(RosterSetView { accepted }))
}

/// Lists what an agency has set, by date and person.
#[utoipa::path(operation_id = "list_rosters", tag = "rules", params(RosterQuery), responses(
    (status = 200, body = Page<RosterEntryView>),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/v1/rosters")]
pub(crate) async fn list(
    app: Data<App>,
    caller: Caller,
    query: Result<Query<RosterQuery>, Problem>,
) -> Result<Json<Page<RosterEntryView>>, Problem> {
    caller.may(Action::ReadStaff)?;
    let query = query?.into_inner();
    let (scope, agency) = caller.may_in(Action::ReadStaff, &query.agency)?;
    let limit = page::limit(query.limit)?;
    let after = page::decode(query.cursor.as_deref())?;
    let rows = call::run(&app, move |app| {
        app.roster(&scope, &agency, (query.from, query.to), after, limit.saturating_add(1))
    })
    .await?;
    let key = |listed: &Listed| (listed.row.work_date, listed.row.employee_id, listed.row.slots);
    Ok(Json(Page::new(rows, limit, key, RosterEntryView::from)))
}
