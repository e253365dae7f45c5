//! Activation codes on the wire: printed by unit, exchanged once for a password.

use crate::app::App;
use crate::app::activation::IssuedCode;
use crate::app::activation::code_sheet;
use crate::app::sign_in::Password;
use crate::domain::access::Action;
use crate::domain::ids::EmployeeId;
use crate::http::actor::Caller;
use crate::http::body::Body;
use crate::http::call;
use crate::http::call::HeavyWork;
use crate::http::problem::Problem;
use crate::http::problem::ProblemView;
use actix_web::http::header;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse, post};
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// For whom to make codes.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CreateActivationCodesBody {
    /// Only members of the unit with this code.
    #[garde(inner(length(chars, min = 1, max = 64)))]
    #[schema(min_length = 1, max_length = 64)]
    unit_code: Option<String>,
    /// Also for those who have a good code already; the old one ends. For when the paper got lost.
    #[garde(skip)]
    #[serde(default)]
    renew: bool,
}

/// A code, told once.
#[derive(Serialize, ToSchema)]
pub(crate) struct ActivationCodeView {
    /// Code of the person's unit.
    #[serde(skip_serializing_if = "Option::is_none")]
    unit_code: Option<String>,
    /// Name of the person's unit.
    #[serde(skip_serializing_if = "Option::is_none")]
    unit_name: Option<String>,
    /// The person.
    employee_id: Uuid,
    /// With titles.
    name: String,
    /// What to sign in with.
    username: String,
    /// Twelve characters in three groups.
    #[schema(example = "K7QX-29MA-3TPD")]
    code: String,
    /// Until when it is good, RFC 3339.
    #[schema(format = DateTime)]
    expires_at: String,
}

impl From<IssuedCode> for ActivationCodeView {
    fn from(issued: IssuedCode) -> Self {
        let (unit_code, unit_name) = issued.unit.unzip();
        Self {
            unit_code,
            unit_name,
            employee_id: issued.employee_id.uuid(),
            name: issued.name,
            username: issued.username,
            code: issued.code.printed(),
            expires_at: issued.expires_at.to_string(),
        }
    }
}

/// Codes by unit and name. The whole answer at once: codes are told only here.
#[derive(Serialize, ToSchema)]
pub(crate) struct ActivationCodesView {
    /// One for each person.
    items: Vec<ActivationCodeView>,
}

/// A code to exchange.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ActivateBody {
    /// NIP, NI PPPK or internal number, as printed beside the code.
    #[garde(length(chars, min = 1, max = 100))]
    #[schema(min_length = 1, max_length = 100)]
    username: String,
    /// The code, with or without hyphens, in any case.
    #[garde(length(chars, min = 1, max = 40))]
    #[schema(min_length = 1, max_length = 40)]
    code: String,
    /// 10 to 128 characters, not the username.
    #[garde(length(chars, min = 10, max = 128))]
    #[schema(min_length = 10, max_length = 128, format = Password)]
    password: String,
}

fn wants_csv(request: &HttpRequest) -> bool {
    let accept = request
        .headers()
        .get(header::ACCEPT)
        .and_then(|value| value.to_str().ok());
    accept.is_some_and(|accept| accept.split(',').any(|part| part.trim().starts_with("text/csv")))
}

/// Makes one-time codes for members whose account was never activated, by unit and name; as a table for printing where
/// `Accept` names `text/csv`.
///
/// Who has a good code keeps it and is left out, unless `renew` is set. Nobody can read a code again.
#[utoipa::path(operation_id = "create_activation_codes", tag = "staff", request_body = CreateActivationCodesBody, params(
    ("code" = String, Path, description = "The agency's code"),
), responses(
    (status = 200, content((ActivationCodesView = "application/json"), (String = "text/csv"))),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[post("/v1/agencies/{code}/activation-codes")]
pub(crate) async fn create_codes(
    app: Data<App>,
    caller: Caller,
    path: Path<String>,
    request: HttpRequest,
    body: Body,
) -> Result<HttpResponse, Problem> {
    let (scope, agency) = caller.may_in(Action::WriteStaff, &path)?;
    let body: CreateActivationCodesBody = body.json(&scope).await?;
    let is_csv = wants_csv(&request);
    let (issued, sheet) = call::run(&app, move |app| {
        let unit_code = body.unit_code.as_deref();
        let issued = app.issue_codes(&caller.context, &scope, &agency, unit_code, body.renew)?;
        let sheet = code_sheet(&issued)?;
        Ok((issued, sheet))
    })
    .await?;
    let mut answer = HttpResponse::Ok();
    // Codes are as good as passwords: no cache on the way may keep them.
    answer.insert_header((header::CACHE_CONTROL, "no-store"));
    Ok(if is_csv {
        answer
            .content_type("text/csv; charset=utf-8")
            .insert_header((
                header::CONTENT_DISPOSITION,
                "attachment; filename=\"kode-aktivasi.csv\"",
            ))
            .body(sheet)
    } else {
        answer.json(ActivationCodesView {
            items: issued.into_iter().map(ActivationCodeView::from).collect(),
        })
    })
}

/// Takes a person's password away, ends their sessions and gives a new code: for a lost phone or password.
#[utoipa::path(operation_id = "reset_employee", tag = "staff", params(
    ("id" = Uuid, Path, description = "The person"),
), responses(
    (status = 200, body = ActivationCodeView),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[post("/v1/employees/{id}/reset")]
pub(crate) async fn reset(app: Data<App>, caller: Caller, path: Path<Uuid>) -> Result<HttpResponse, Problem> {
    let scope = caller.may(Action::WriteStaff)?;
    let id = EmployeeId::new(path.into_inner());
    let issued = call::run(&app, move |app| app.reset_employee(&caller.context, &scope, id)).await?;
    Ok(HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .json(ActivationCodeView::from(issued)))
}

/// Exchanges a code for a password; sign in with it afterwards.
#[utoipa::path(operation_id = "create_activation", tag = "sign-in", security(()), request_body = ActivateBody, responses(
    (status = 204, description = "Activated."),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[post("/v1/activations")]
pub(crate) async fn activate(app: Data<App>, heavy: Data<HeavyWork>, body: Body) -> Result<HttpResponse, Problem> {
    let body: ActivateBody = body.public_json().await?;
    let password = Password::new(body.password);
    call::run_heavy(&app, &heavy, move |app| {
        app.activate(&body.username, &body.code, &password)
    })
    .await?;
    Ok(HttpResponse::NoContent().finish())
}
