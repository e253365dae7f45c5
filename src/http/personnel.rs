//! The personnel import on the wire.

use crate::app::App;
use crate::app::personnel::PersonnelReport;
use crate::domain::access::Action;
use crate::domain::language::Language;
use crate::http::actor::Caller;
use crate::http::body::Body;
use crate::http::call;
use crate::http::import;
use crate::http::import::FindingView;
use crate::http::language::Spoken;
use crate::http::problem::Problem;
use crate::http::problem::ProblemView;
use crate::http::query::Query;
use actix_web::post;
use actix_web::web::{Data, Json, Path};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// What became of a personnel export.
#[derive(Serialize, ToSchema)]
pub(crate) struct PersonnelReportView {
    /// Rows with content.
    rows: usize,
    /// People who are new.
    created: usize,
    /// People of whom something has changed.
    updated: usize,
    /// People of whom nothing has changed.
    unchanged: usize,
    /// Rows that stayed out.
    refused: usize,
    /// Members of the agency whom the file does not name; nothing was done to them.
    not_in_file: usize,
    /// What to say about rows, in their order.
    findings: Vec<FindingView>,
    /// Columns that were kept.
    kept_columns: Vec<String>,
    /// Columns that were compared with the number and then dropped.
    compared_columns: Vec<String>,
    /// Columns that were dropped unread: religion, marriage, NIK, NPWP, BPJS and all else that is not needed.
    dropped_columns: Vec<String>,
    /// Those of the dropped columns that the SIASN export does not have; a misspelt name would be among them.
    unknown_columns: Vec<String>,
}

/// How to import.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ImportQuery {
    /// Reports what the file would change and changes nothing; `false` where nothing is said.
    #[serde(default)]
    dry_run: bool,
}

impl PersonnelReportView {
    fn new(report: PersonnelReport, language: Language) -> Self {
        Self {
            rows: report.row_count,
            created: report.created,
            updated: report.updated,
            unchanged: report.unchanged,
            refused: report.refused,
            not_in_file: report.not_in_file,
            findings: import::findings_beside(&report.findings, &report.cells, language),
            kept_columns: report.kept_columns,
            compared_columns: report.compared_columns,
            dropped_columns: report.dropped_columns,
            unknown_columns: report.unknown_columns,
        }
    }
}

/// Imports an agency's staff from the SIASN export, as CSV or XLSX.
///
/// Good rows go in, bad ones are named with row, field, code and a sentence. The same file again changes nothing. New
/// people get an account that waits for its activation code.
#[utoipa::path(operation_id = "import_employees", tag = "staff",
    request_body(content(
        (String = "text/csv"),
        (String = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    )),
    params(("code" = String, Path, description = "The agency's code"), ImportQuery),
    responses(
        (status = 200, body = PersonnelReportView),
        (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
        (status = 503, body = ProblemView, content_type = "application/problem+json"),
    ))]
#[post("/v1/agencies/{code}/employees/import")]
pub(crate) async fn import_employees(
    app: Data<App>,
    caller: Caller,
    path: Path<String>,
    query: Query<ImportQuery>,
    Spoken(language): Spoken,
    body: Body,
) -> Result<Json<PersonnelReportView>, Problem> {
    let (scope, agency) = caller.may_in(Action::WriteStaff, &path)?;
    let bytes = import::file(body, &scope).await?;
    let report = call::run(&app, move |app| {
        app.import_personnel(&caller.context, &scope, &agency, &bytes, query.dry_run)
    })
    .await?;
    Ok(Json(PersonnelReportView::new(report, language)))
}
