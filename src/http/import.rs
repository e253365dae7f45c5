//! Reports of imports on the wire, and the files that they are about.

use crate::app::error::Code;
use crate::app::error::Error;
use crate::app::import::FILE_LIMIT;
use crate::domain::access::Scope;
use crate::domain::import_report::Finding;
use crate::domain::language::Language;
use crate::domain::table::Cell;
use crate::http::body::Body;
use crate::http::problem::Problem;
use actix_web::web::Bytes;
use serde::Serialize;
use utoipa::ToSchema;

/// The media types of files that can be imported. What a file is, its content decides.
const MEDIA_TYPES: [&str; 3] = [
    "text/csv",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/octet-stream",
];

/// One thing to say about one row.
#[derive(Serialize, ToSchema)]
pub(crate) struct FindingView {
    /// The row as a spreadsheet numbers it; the header is 1.
    row: u32,
    /// The column.
    field: &'static str,
    /// Stable name of what is the matter.
    code: &'static str,
    /// `error`: the row stayed out; `warning`: it went in, and a person should look.
    #[schema(pattern = "^(error|warning)$")]
    severity: &'static str,
    /// A sentence with the next step.
    message: String,
    /// The name that the row gives, where it is a row of people and gives one.
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    /// What stands in the cell, where it is told.
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<String>,
}

/// Findings in the caller's language.
pub(crate) fn findings(findings: &[Finding], language: Language) -> Vec<FindingView> {
    findings
        .iter()
        .map(|finding| FindingView {
            row: finding.row,
            field: finding.field,
            code: finding.reason.code(),
            severity: finding.reason.severity().code(),
            message: finding.reason.sentence(language),
            name: None,
            value: None,
        })
        .collect()
}

/// Findings in the caller's language, each beside the name in its row and the cell that it is about.
pub(crate) fn findings_beside(found: &[Finding], cells: &[(Cell, Cell)], language: Language) -> Vec<FindingView> {
    let told = |cell: &Cell| Some(cell.text().to_owned()).filter(|text| !text.is_empty());
    findings(found, language)
        .into_iter()
        .zip(cells)
        .map(|(view, (name, value))| FindingView {
            name: told(name),
            value: told(value),
            ..view
        })
        .collect()
}

/// Reads an uploaded file for a caller who was allowed in.
pub(crate) async fn file(body: Body, scope: &Scope) -> Result<Bytes, Problem> {
    if !MEDIA_TYPES.contains(&body.content_type()) {
        return Err(Error::Refused(Code::UnsupportedMediaType).into());
    }
    body.bytes(scope, FILE_LIMIT).await
}
