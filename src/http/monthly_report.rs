//! Monthly reports on the wire.

use crate::app::App;
use crate::app::error::Error;
use crate::app::monthly_report::MonthlyReport;
use crate::app::monthly_report::MonthlyReportFilter;
use crate::app::monthly_report::Rating;
use crate::domain::access::Action;
use crate::domain::ids::EmployeeId;
use crate::domain::ids::MonthlyReportId;
use crate::domain::month::Month;
use crate::domain::monthly_report::MonthlyReportState;
use crate::domain::monthly_report::Sections;
use crate::http::activity::OwnerView;
use crate::http::activity::states;
use crate::http::actor::Caller;
use crate::http::body::Body;
use crate::http::call;
use crate::http::page;
use crate::http::page::Page;
use crate::http::precondition::etag;
use crate::http::problem::Problem;
use crate::http::problem::ProblemView;
use crate::http::query::Query;
use crate::http::wire::ExpectationName;
use crate::http::wire::MonthlyReportStateName;
use actix_web::web::{Data, Json, Path};
use actix_web::{HttpResponse, get, post};
use garde::Validate;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// A month to count, and what to say about it.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[garde(allow_unvalidated)]
#[serde(deny_unknown_fields)]
pub struct CompileMonthlyReportBody {
    /// `2026-03`.
    #[schema(pattern = "^2[01][0-9]{2}-(0[1-9]|1[0-2])$", example = "2026-03")]
    month: String,
    /// What went well or mattered most; needed to hand the report in. Absent sections stay as they are.
    #[schema(max_length = 4000)]
    highlights: Option<String>,
    /// What stood in the way.
    #[schema(max_length = 4000)]
    obstacles: Option<String>,
    /// What comes next month.
    #[schema(max_length = 4000)]
    plan: Option<String>,
}

/// A rating of a month.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[garde(allow_unvalidated)]
#[serde(deny_unknown_fields)]
pub struct AssessMonthlyReportBody {
    /// Work results (hasil kerja).
    results: ExpectationName,
    /// Behaviour (perilaku kerja).
    behaviour: ExpectationName,
    /// At least 3 characters where either is below expectation.
    #[schema(max_length = 2000)]
    note: Option<String>,
}

/// The counted entries of a month.
#[derive(Debug, Serialize, ToSchema)]
pub struct TotalsView {
    /// All of them, drafts included.
    entries: u32,
    /// Those that a reviewer approved.
    approved: u32,
    /// Minutes of all but the rejected.
    minutes: u32,
    /// Minutes of the approved.
    approved_minutes: u32,
    /// Entries by state.
    by_state: BTreeMap<&'static str, u32>,
}

/// The rating.
#[derive(Debug, Serialize, ToSchema)]
pub struct AssessmentView {
    /// Work results.
    results: ExpectationName,
    /// Behaviour.
    behaviour: ExpectationName,
    /// The superior's words.
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
    /// When.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    at: Option<String>,
}

/// A monthly report.
#[derive(Debug, Serialize, ToSchema)]
pub struct MonthlyReportView {
    /// Its id.
    id: Uuid,
    /// Whose it is; absent on one's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    employee: Option<OwnerView>,
    /// `2026-03`.
    month: String,
    /// Where it stands.
    state: MonthlyReportStateName,
    /// The counted entries, as of the last step.
    totals: TotalsView,
    /// What mattered most.
    #[serde(skip_serializing_if = "Option::is_none")]
    highlights: Option<String>,
    /// What stood in the way.
    #[serde(skip_serializing_if = "Option::is_none")]
    obstacles: Option<String>,
    /// What comes next.
    #[serde(skip_serializing_if = "Option::is_none")]
    plan: Option<String>,
    /// The rating.
    #[serde(skip_serializing_if = "Option::is_none")]
    assessment: Option<AssessmentView>,
    /// When it was last compiled.
    #[schema(format = DateTime)]
    compiled_at: String,
    /// When it was handed in.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    submitted_at: Option<String>,
    /// When it was closed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    closed_at: Option<String>,
    /// Rises with every change.
    version: i32,
}

impl From<MonthlyReport> for MonthlyReportView {
    fn from(report: MonthlyReport) -> Self {
        let (row, totals) = (report.row, report.totals);
        let employee = report.name.map(|name| OwnerView {
            id: row.employee_id.uuid(),
            name,
        });
        let assessed_at = row.assessed_at.map(|at| at.to_string());
        let assessment = row
            .results
            .zip(row.behaviour)
            .map(|(results, behaviour)| AssessmentView {
                results: results.into(),
                behaviour: behaviour.into(),
                note: row.assessment_note,
                at: assessed_at,
            });
        Self {
            id: row.id.uuid(),
            employee,
            month: row.month,
            state: row.state.into(),
            totals: TotalsView {
                entries: totals.entries,
                approved: totals.approved,
                minutes: totals.minutes,
                approved_minutes: totals.approved_minutes,
                by_state: totals
                    .by_state
                    .into_iter()
                    .map(|(state, count)| (state.code(), count))
                    .collect(),
            },
            highlights: row.highlights,
            obstacles: row.obstacles,
            plan: row.plan,
            assessment,
            compiled_at: row.compiled_at.to_string(),
            submitted_at: row.submitted_at.map(|at| at.to_string()),
            closed_at: row.closed_at.map(|at| at.to_string()),
            version: row.version,
        }
    }
}

/// Which reports.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct MonthlyReportQuery {
    /// Only of this month, `2026-03`.
    #[param(pattern = "^2[01][0-9]{2}-(0[1-9]|1[0-2])$")]
    month: Option<String>,
    /// States, separated by commas.
    #[param(pattern = "^[a-z]+(,[a-z]+)*$", max_length = 100)]
    state: Option<String>,
    /// 1 to 200; 50 where nothing is asked for.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

impl MonthlyReportQuery {
    fn parse(&self) -> Result<(MonthlyReportFilter, u32), Error> {
        let limit = page::limit(self.limit)?;
        let filter = MonthlyReportFilter {
            month: self.month.as_deref().map(parse_month).transpose()?,
            states: states(self.state.as_deref(), MonthlyReportState::from_code)?,
            after: page::decode::<(Month, EmployeeId)>(self.cursor.as_deref())?,
            limit: i64::from(limit) + 1,
        };
        Ok((filter, limit))
    }
}

pub(crate) fn parse_month(text: &str) -> Result<Month, Error> {
    text.parse().ok().ok_or_else(|| {
        Error::field(
            "month",
            "malformed",
            "Tulis bulan seperti 2026-03.",
            "Write the month like 2026-03.",
        )
    })
}

fn page_of(rows: Vec<MonthlyReport>, limit: u32) -> Page<MonthlyReportView> {
    let key = |report: &MonthlyReport| (report.row.month.clone(), report.row.employee_id);
    Page::new(rows, limit, key, MonthlyReportView::from)
}

fn answer(mut response: actix_web::HttpResponseBuilder, report: MonthlyReport) -> HttpResponse {
    response.insert_header(etag(report.row.version));
    response.json(MonthlyReportView::from(report))
}

/// Compiles one's own month: counts its entries and keeps the sections given. May be called until it is handed in.
#[utoipa::path(operation_id = "compile_monthly_report", tag = "monthly reports", request_body = CompileMonthlyReportBody, responses(
    (status = 200, body = MonthlyReportView, description = "Compiled again."),
    (status = 201, body = MonthlyReportView, description = "Compiled for the first time."),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[post("/v1/monthly-reports")]
pub(crate) async fn compile(app: Data<App>, caller: Caller, body: Body) -> Result<HttpResponse, Problem> {
    let scope = caller.may(Action::WriteOwn)?;
    let body: CompileMonthlyReportBody = body.json(&scope).await?;
    let month = parse_month(&body.month)?;
    let sections = Sections {
        highlights: body.highlights,
        obstacles: body.obstacles,
        plan: body.plan,
    };
    let (report, is_new) = call::run(&app, move |app| {
        app.compile_monthly_report(&caller.context, &scope, month, &sections)
    })
    .await?;
    let response = if is_new {
        HttpResponse::Created()
    } else {
        HttpResponse::Ok()
    };
    Ok(answer(response, report))
}

/// Lists one's own reports by month.
#[utoipa::path(operation_id = "list_my_monthly_reports", tag = "monthly reports", params(MonthlyReportQuery), responses(
    (status = 200, body = Page<MonthlyReportView>),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/v1/me/monthly-reports")]
pub(crate) async fn list_own(
    app: Data<App>,
    caller: Caller,
    query: Query<MonthlyReportQuery>,
) -> Result<Json<Page<MonthlyReportView>>, Problem> {
    let scope = caller.may(Action::ReadOwn)?;
    let (filter, limit) = query.parse()?;
    let rows = call::run(&app, move |app| app.monthly_reports(&scope, &filter)).await?;
    Ok(Json(page_of(rows, limit)))
}

/// Lists the reports that one's subordinates have handed in.
#[utoipa::path(operation_id = "list_monthly_reports", tag = "monthly reports", params(MonthlyReportQuery), responses(
    (status = 200, body = Page<MonthlyReportView>),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/v1/monthly-reports")]
pub(crate) async fn list(
    app: Data<App>,
    caller: Caller,
    query: Query<MonthlyReportQuery>,
) -> Result<Json<Page<MonthlyReportView>>, Problem> {
    let scope = caller.may(Action::ReviewActivity)?;
    let (filter, limit) = query.parse()?;
    let rows = call::run(&app, move |app| {
        app.monthly_reports_to_assess(&caller.context, &scope, &filter)
    })
    .await?;
    Ok(Json(page_of(rows, limit)))
}

/// Reads a report: one's own, or one that a subordinate has handed in.
#[utoipa::path(operation_id = "read_monthly_report", tag = "monthly reports", params(
    ("id" = Uuid, Path, description = "The report"),
), responses(
    (status = 200, body = MonthlyReportView),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/v1/monthly-reports/{id}")]
pub(crate) async fn read(app: Data<App>, caller: Caller, path: Path<Uuid>) -> Result<HttpResponse, Problem> {
    let own = caller.may(Action::ReadOwn)?;
    let team = caller.may(Action::ReviewActivity).ok();
    let id = MonthlyReportId::new(path.into_inner());
    let report = call::run(&app, move |app| {
        app.readable_monthly_report(&caller.context, &own, team.as_ref(), id)
    })
    .await?;
    Ok(answer(HttpResponse::Ok(), report))
}

/// Hands one's own report in, from the last day of its month on.
#[utoipa::path(operation_id = "submit_monthly_report", tag = "monthly reports", params(
    ("id" = Uuid, Path, description = "The report"),
), responses(
    (status = 200, body = MonthlyReportView),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[post("/v1/monthly-reports/{id}/submission")]
pub(crate) async fn submit(app: Data<App>, caller: Caller, path: Path<Uuid>) -> Result<HttpResponse, Problem> {
    let scope = caller.may(Action::WriteOwn)?;
    let id = MonthlyReportId::new(path.into_inner());
    let report = call::run(&app, move |app| app.submit_monthly_report(&caller.context, &scope, id)).await?;
    Ok(answer(HttpResponse::Ok(), report))
}

/// Rates a subordinate's report; the owner is told. It closes three days after the last rating.
#[utoipa::path(operation_id = "assess_monthly_report", tag = "monthly reports", request_body = AssessMonthlyReportBody, params(
    ("id" = Uuid, Path, description = "The report"),
), responses(
    (status = 200, body = MonthlyReportView),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[post("/v1/monthly-reports/{id}/assessment")]
pub(crate) async fn assess(
    app: Data<App>,
    caller: Caller,
    path: Path<Uuid>,
    body: Body,
) -> Result<HttpResponse, Problem> {
    let scope = caller.may(Action::ReviewActivity)?;
    let body: AssessMonthlyReportBody = body.json(&scope).await?;
    let rating = Rating {
        results: body.results.into(),
        behaviour: body.behaviour.into(),
        note: body.note,
    };
    let id = MonthlyReportId::new(path.into_inner());
    let report = call::run(&app, move |app| {
        app.assess_monthly_report(&caller.context, &scope, id, &rating)
    })
    .await?;
    Ok(answer(HttpResponse::Ok(), report))
}
