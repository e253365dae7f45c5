//! Units on the wire.

use crate::app::App;
use crate::app::unit::ListedUnit;
use crate::app::unit::UnitReport;
use crate::domain::access::Action;
use crate::domain::language::Language;
use crate::domain::person_name::titled;
use crate::http::actor::Caller;
use crate::http::body::Body;
use crate::http::call;
use crate::http::import;
use crate::http::import::FindingView;
use crate::http::language::Spoken;
use crate::http::page;
use crate::http::page::Page;
use crate::http::problem::Problem;
use crate::http::problem::ProblemView;
use crate::http::query::Query;
use actix_web::web::{Data, Json, Path};
use actix_web::{get, post};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// What became of a file of units.
#[derive(Serialize, ToSchema)]
pub(crate) struct UnitReportView {
    /// Rows with content.
    rows: usize,
    /// Units that are new.
    created: usize,
    /// Units of which something has changed.
    updated: usize,
    /// Units of which nothing has changed.
    unchanged: usize,
    /// Rows that stayed out.
    refused: usize,
    /// People without a unit who were found their unit by its name.
    joined: usize,
    /// What to say about rows, in their order.
    findings: Vec<FindingView>,
}

impl UnitReportView {
    fn new(report: &UnitReport, language: Language) -> Self {
        Self {
            rows: report.row_count,
            created: report.created,
            updated: report.updated,
            unchanged: report.unchanged,
            refused: report.refused,
            joined: report.joined,
            findings: import::findings(&report.findings, language),
        }
    }
}

/// A part of an agency.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UnitView {
    /// Its id.
    id: Uuid,
    /// Unique within the agency.
    code: String,
    /// For people.
    name: String,
    /// Code of the unit above.
    #[serde(skip_serializing_if = "Option::is_none")]
    parent: Option<String>,
    /// Who leads it; absent while the post is vacant.
    #[serde(skip_serializing_if = "Option::is_none")]
    head: Option<UnitHeadView>,
}

/// Who leads a unit.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UnitHeadView {
    /// The person.
    employee_id: Uuid,
    /// With titles.
    name: String,
}

impl From<ListedUnit> for UnitView {
    fn from(unit: ListedUnit) -> Self {
        let head = unit.row.head_employee_id.zip(unit.head);
        Self {
            id: unit.row.id.uuid(),
            code: unit.row.code,
            name: unit.row.name,
            parent: unit.parent_code,
            head: head.map(|(id, (front_title, name, back_title))| UnitHeadView {
                employee_id: id.uuid(),
                name: titled(&front_title, &name, &back_title),
            }),
        }
    }
}

/// Which page.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct UnitQuery {
    /// 1 to 200; 50 where nothing is asked for.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// Imports an agency's units, as CSV or XLSX with the columns `code`, `parent`, `head` (a NIP or internal number) and
/// `name`.
///
/// A row with a known code changes that unit. Circles and unknown parents stay out. People whose unit was not known yet
/// join it by its name.
#[utoipa::path(operation_id = "import_units", tag = "staff",
    request_body(content(
        (String = "text/csv"),
        (String = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    )),
    params(("code" = String, Path, description = "The agency's code")),
    responses(
        (status = 200, body = UnitReportView),
        (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
        (status = 503, body = ProblemView, content_type = "application/problem+json"),
    ))]
#[post("/v1/agencies/{code}/units/import")]
pub(crate) async fn import_units(
    app: Data<App>,
    caller: Caller,
    path: Path<String>,
    Spoken(language): Spoken,
    body: Body,
) -> Result<Json<UnitReportView>, Problem> {
    let (scope, agency) = caller.may_in(Action::WriteStaff, &path)?;
    let bytes = import::file(body, &scope).await?;
    let report = call::run(&app, move |app| {
        app.import_units(&caller.context, &scope, &agency, &bytes)
    })
    .await?;
    Ok(Json(UnitReportView::new(&report, language)))
}

/// Lists an agency's units by code.
#[utoipa::path(operation_id = "list_units", tag = "staff", params(
    ("code" = String, Path, description = "The agency's code"), UnitQuery,
), responses(
    (status = 200, body = Page<UnitView>),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/v1/agencies/{code}/units")]
pub(crate) async fn list(
    app: Data<App>,
    caller: Caller,
    path: Path<String>,
    query: Query<UnitQuery>,
) -> Result<Json<Page<UnitView>>, Problem> {
    let (scope, agency) = caller.may_in(Action::ReadStaff, &path)?;
    let limit = page::limit(query.limit)?;
    let after: Option<String> = page::decode(query.cursor.as_deref())?;
    let rows = call::run(&app, move |app| {
        app.list_units(&scope, &agency, after.as_deref(), limit)
    })
    .await?;
    Ok(Json(Page::new(
        rows,
        limit,
        |unit| unit.row.code.clone(),
        UnitView::from,
    )))
}
