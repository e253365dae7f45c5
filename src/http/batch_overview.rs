//! Who has sent, who is late, who is missing; and how an agency's batches come about.

use crate::app::App;
use crate::app::batch::overview::AgencyReports;
use crate::app::batch::overview::Overview;
use crate::app::batch::setting::BatchSetting;
use crate::domain::access::Action;
use crate::domain::deadline::SlotReport;
use crate::domain::ids::BatchId;
use crate::http::actor::Caller;
use crate::http::body::Body;
use crate::http::call;
use crate::http::page;
use crate::http::precondition::IfMatch;
use crate::http::precondition::etag;
use crate::http::problem::Problem;
use crate::http::problem::ProblemView;
use crate::http::query::Query;
use actix_web::web::{Data, Json, Path};
use actix_web::{FromRequest, HttpRequest, HttpResponse, get, put};
use chrono::NaiveDate;
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// Which date and page.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct OverviewQuery {
    /// The work date; today where none is given.
    date: Option<NaiveDate>,
    /// Agencies of one page, 1 to 200; 200 where nothing is asked for.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// How one slot of an agency stands.
#[derive(Debug, Serialize, ToSchema)]
pub struct SlotReportView {
    /// The slot.
    slot: &'static str,
    /// `not_expected`, `pending`, `sent`, `late` or `missing`.
    reporting: &'static str,
    /// When the report is due.
    #[schema(format = DateTime)]
    due_at: String,
    /// When the first report that covers the slot was sent.
    #[schema(format = DateTime)]
    submitted_at: Option<String>,
    /// That report.
    batch_id: Option<Uuid>,
    /// Whether it was sealed before the slot closed: a supplement is to be expected.
    is_partial: bool,
}

impl From<SlotReport> for SlotReportView {
    fn from(report: SlotReport) -> Self {
        Self {
            slot: report.slot.code(),
            reporting: report.reporting.code(),
            due_at: report.due_at.to_string(),
            submitted_at: report.submitted_at.map(|at| at.to_string()),
            batch_id: report.batch_id.map(BatchId::uuid),
            is_partial: report.is_partial,
        }
    }
}

/// How one agency stands.
#[derive(Debug, Serialize, ToSchema)]
pub struct AgencyReportsView {
    /// Its code.
    agency: String,
    /// Its name.
    name: String,
    /// Its slots in the order of the day.
    slots: Vec<SlotReportView>,
}

impl From<AgencyReports> for AgencyReportsView {
    fn from(reports: AgencyReports) -> Self {
        Self {
            agency: reports.agency,
            name: reports.name,
            slots: reports.slots.into_iter().map(SlotReportView::from).collect(),
        }
    }
}

/// Slots by how they stand, over every agency within reach.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReportTotalsView {
    /// In time.
    sent: u64,
    /// After the deadline.
    late: u64,
    /// Overdue.
    missing: u64,
    /// Not due yet.
    pending: u64,
    /// Nothing to report.
    not_expected: u64,
}

/// Who has sent, who is late, who is missing.
#[derive(Debug, Serialize, ToSchema)]
pub struct OverviewView {
    /// The work date.
    date: NaiveDate,
    /// Over all agencies, whatever the page.
    totals: ReportTotalsView,
    /// Agencies by code.
    items: Vec<AgencyReportsView>,
    /// Give it back as `cursor` for the next page; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
}

impl OverviewView {
    fn new(mut overview: Overview, limit: u32) -> Self {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let has_more = overview.agencies.len() > limit;
        overview.agencies.truncate(limit);
        let last = overview.agencies.last().filter(|_| has_more);
        Self {
            date: overview.work_date,
            totals: ReportTotalsView {
                sent: overview.totals.sent,
                late: overview.totals.late,
                missing: overview.totals.missing,
                pending: overview.totals.pending,
                not_expected: overview.totals.not_expected,
            },
            next_cursor: last.map(|reports| page::encode(&reports.agency)),
            items: overview.agencies.into_iter().map(AgencyReportsView::from).collect(),
        }
    }
}

/// Shows how agencies stand with their reports of a date against the deadlines: all of them to BKD, their own to agencies.
#[utoipa::path(operation_id = "read_batch_overview", tag = "batches", params(OverviewQuery), responses(
    (status = 200, body = OverviewView),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/v1/batches/overview")]
pub(crate) async fn read(
    app: Data<App>,
    caller: Caller,
    query: Query<OverviewQuery>,
) -> Result<Json<OverviewView>, Problem> {
    let scope = caller.may(Action::ReadBatch)?;
    let limit = page::limit(query.limit.or(Some(page::LARGEST_PAGE)))?;
    let after = page::decode::<String>(query.cursor.as_deref())?;
    let date = query.date;
    let overview = call::run(&app, move |app| {
        app.batch_overview(&scope, date, after.as_deref(), limit, caller.context.now)
    })
    .await?;
    Ok(Json(OverviewView::new(overview, limit)))
}

/// How an agency's batches come about.
#[derive(Debug, Deserialize, Serialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BatchSettingBody {
    /// Whether each slot is sealed by itself when it closes. It is never sent by itself.
    #[garde(skip)]
    seals_at_close: bool,
    /// Whether somebody else than the preparer must send.
    #[garde(skip)]
    needs_second_person: bool,
}

/// Reads how an agency's batches come about; its version is the `ETag`, `"0"` where nothing was ever set.
#[utoipa::path(operation_id = "read_batch_setting", tag = "batches", params(
    ("code" = String, Path, description = "The agency's code"),
), responses(
    (status = 200, body = BatchSettingBody),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/v1/agencies/{code}/batch-setting")]
pub(crate) async fn read_setting(app: Data<App>, caller: Caller, path: Path<String>) -> Result<HttpResponse, Problem> {
    let (scope, agency) = caller.may_in(Action::ReadBatch, &path)?;
    let setting = call::run(&app, move |app| app.find_batch_setting(&scope, &agency)).await?;
    Ok(setting_answer(setting))
}

/// Sets how an agency's batches come about.
#[utoipa::path(operation_id = "replace_batch_setting", tag = "batches", request_body = BatchSettingBody, params(
    ("code" = String, Path, description = "The agency's code"),
    ("If-Match" = String, Header, description = "The version that the caller has seen"),
), responses(
    (status = 200, body = BatchSettingBody),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[put("/v1/agencies/{code}/batch-setting")]
pub(crate) async fn replace_setting(
    app: Data<App>,
    caller: Caller,
    path: Path<String>,
    body: Body,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let (scope, agency) = caller.may_in(Action::WriteAgency, &path)?;
    let seen = IfMatch::extract(&request).await?;
    let body: BatchSettingBody = body.json(&scope).await?;
    let setting = BatchSetting {
        seals_at_close: body.seals_at_close,
        needs_second_person: body.needs_second_person,
        version: seen.0,
    };
    let setting = call::run(&app, move |app| {
        app.replace_batch_setting(&caller.context, &scope, &agency, setting)
    })
    .await?;
    Ok(setting_answer(setting))
}

fn setting_answer(setting: BatchSetting) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header(etag(setting.version))
        .json(BatchSettingBody {
            seals_at_close: setting.seals_at_close,
            needs_second_person: setting.needs_second_person,
        })
}
