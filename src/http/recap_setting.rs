//! How an agency's recap is headed and signed, on the wire.

use crate::app::App;
use crate::app::recap::setting::RecapSettingRow;
use crate::domain::access::Action;
use crate::domain::ids::EmployeeId;
use crate::http::actor::Caller;
use crate::http::body::Body;
use crate::http::call;
use crate::http::precondition::IfMatch;
use crate::http::precondition::etag;
use crate::http::problem::Problem;
use crate::http::problem::ProblemView;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, get, put};
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// What stands above and below the recap.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecapSettingBody {
    /// `Pemerintah Provinsi Banten`; by the agency's region where it is left out.
    #[garde(inner(length(chars, min = 3, max = 200)))]
    #[schema(min_length = 3, max_length = 200)]
    government: Option<String>,
    /// Where it is signed.
    #[garde(inner(length(chars, min = 2, max = 100)))]
    #[schema(min_length = 2, max_length = 100)]
    place: Option<String>,
    /// Who makes it: someone of the agency's staff.
    #[garde(skip)]
    officer_employee_id: Option<Uuid>,
    /// Who heads the agency: someone of its staff.
    #[garde(skip)]
    head_employee_id: Option<Uuid>,
}

/// What stands above and below the recap.
#[derive(Debug, Serialize, ToSchema)]
pub struct RecapSettingView {
    /// Absent where the agency's region names it.
    #[serde(skip_serializing_if = "Option::is_none")]
    government: Option<String>,
    /// Where it is signed.
    #[serde(skip_serializing_if = "Option::is_none")]
    place: Option<String>,
    /// Who makes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    officer_employee_id: Option<Uuid>,
    /// Who heads the agency.
    #[serde(skip_serializing_if = "Option::is_none")]
    head_employee_id: Option<Uuid>,
    /// Raised by every change; also the `ETag`. 0 where nothing was set.
    version: i32,
}

fn answer(row: RecapSettingRow) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header(etag(row.version))
        .json(RecapSettingView {
            government: row.government,
            place: row.place,
            officer_employee_id: row.officer_id.map(EmployeeId::uuid),
            head_employee_id: row.head_id.map(EmployeeId::uuid),
            version: row.version,
        })
}

/// Reads how an agency's recaps are headed and signed.
#[utoipa::path(operation_id = "read_recap_setting", tag = "recaps", params(
    ("code" = String, Path, description = "The agency's code"),
), responses(
    (status = 200, body = RecapSettingView),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/v1/agencies/{code}/recap-setting")]
pub(crate) async fn read(app: Data<App>, caller: Caller, code: Path<String>) -> Result<HttpResponse, Problem> {
    let (scope, agency) = caller.may_in(Action::ReadRecap, &code)?;
    Ok(answer(
        call::run(&app, move |app| app.recap_setting(&scope, &agency)).await?,
    ))
}

/// Says how an agency's recaps are headed and signed. Versions that are closed stay as they are.
#[utoipa::path(operation_id = "replace_recap_setting", tag = "recaps", request_body = RecapSettingBody, params(
    ("code" = String, Path, description = "The agency's code"),
    ("If-Match" = String, Header, description = "The ETag of the loaded version"),
), responses(
    (status = 200, body = RecapSettingView),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[put("/v1/agencies/{code}/recap-setting")]
pub(crate) async fn replace(
    app: Data<App>,
    caller: Caller,
    code: Path<String>,
    version: Result<IfMatch, Problem>,
    body: Body,
) -> Result<HttpResponse, Problem> {
    let (scope, agency) = caller.may_in(Action::CloseRecap, &code)?;
    let IfMatch(version) = version?;
    let body: RecapSettingBody = body.json(&scope).await?;
    let trimmed = |text: Option<String>| text.map(|text| text.trim().to_owned());
    let row = RecapSettingRow {
        agency_code: agency.as_str().to_owned(),
        government: trimmed(body.government),
        place: trimmed(body.place),
        officer_id: body.officer_employee_id.map(EmployeeId::new),
        head_id: body.head_employee_id.map(EmployeeId::new),
        version,
    };
    let replaced = call::run(&app, move |app| {
        app.replace_recap_setting(&caller.context, &scope, &agency, &row)
    })
    .await?;
    Ok(answer(replaced))
}
