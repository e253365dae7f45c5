//! Accounts and roles on the wire.

use crate::app::App;
use crate::app::error::Error;
use crate::app::role::NewAccount;
use crate::app::sign_in::Password;
use crate::domain::access::Action;
use crate::domain::access::AgencyCode;
use crate::domain::access::Grant;
use crate::domain::access::Role;
use crate::http::actor::Caller;
use crate::http::body::Body;
use crate::http::call;
use crate::http::call::HeavyWork;
use crate::http::field;
use crate::http::problem::Problem;
use crate::http::problem::ProblemView;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, delete, post};
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// A role, and the agency where it is bound to one.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct GrantBody {
    /// The role's code, such as `agency_operator`.
    #[garde(length(chars, min = 1, max = 40))]
    #[schema(min_length = 1, max_length = 40)]
    role: String,
    /// The agency's code: required for `agency_operator`, `agency_head` and `leave_officer`, refused for the others.
    #[garde(inner(length(chars, min = 1, max = 20)))]
    #[schema(min_length = 1, max_length = 20)]
    agency: Option<String>,
}

impl GrantBody {
    fn parse(&self, path: &str) -> Result<Grant, Error> {
        let role = Role::from_code(&self.role)
            .filter(|role| !matches!(role, Role::Employee | Role::Superior))
            .ok_or_else(|| {
                Error::field(
                    format!("{path}role"),
                    "unknown",
                    "Peran ini tidak dikenal atau tidak diberikan dengan tangan.",
                    "Not a role that can be granted.",
                )
            })?;
        let agency = self
            .agency
            .as_deref()
            .map(AgencyCode::parse)
            .transpose()
            .map_err(|_cause| {
                Error::field(
                    format!("{path}agency"),
                    "malformed",
                    "Kode perangkat daerah tidak sesuai.",
                    "Not an agency code.",
                )
            })?;
        if role.is_bound_to_agency() != agency.is_some() {
            return Err(Error::field(
                format!("{path}agency"),
                "mismatch",
                "Peran perangkat daerah wajib menyebut kodenya; peran lain tidak.",
                "Roles of an agency must name it; others must not.",
            ));
        }
        Ok(Grant { role, agency })
    }
}

/// An account that no personnel import brings.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CreateAccountBody {
    /// 3 to 64 letters, digits, dots, hyphens, underscores and at signs; names that differ by case only are the same. A
    /// NIP in any of its printed forms is kept in its bare form.
    #[garde(length(chars, min = 3, max = 64))]
    #[schema(min_length = 3, max_length = 64)]
    username: String,
    /// How the person is greeted.
    #[garde(length(chars, min = 1, max = 200))]
    #[schema(min_length = 1, max_length = 200)]
    display_name: String,
    /// 10 to 128 characters, not the username.
    #[garde(length(chars, min = 10, max = 128))]
    #[schema(min_length = 10, max_length = 128, format = Password)]
    password: String,
    /// Up to 20 roles.
    #[garde(length(max = 20), dive)]
    #[schema(max_items = 20)]
    roles: Vec<GrantBody>,
}

/// The account made.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AccountView {
    /// Its id.
    account_id: Uuid,
    /// What it signs in with.
    username: String,
}

/// Makes an account for someone who is not on an agency's staff list, such as BKD's auditors.
#[utoipa::path(operation_id = "create_account", tag = "accounts", request_body = CreateAccountBody, responses(
    (status = 201, body = AccountView),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[post("/v1/accounts")]
pub(crate) async fn create_account(
    app: Data<App>,
    heavy: Data<HeavyWork>,
    caller: Caller,
    body: Body,
) -> Result<HttpResponse, Problem> {
    let scope = caller.may(Action::GrantRole)?;
    let body: CreateAccountBody = body.json(&scope).await?;
    let grants = body
        .roles
        .iter()
        .enumerate()
        .map(|(index, role)| role.parse(&format!("roles[{index}].")));
    let new = NewAccount {
        grants: grants.collect::<Result<_, _>>()?,
        display_name: field::text("display_name", &body.display_name, 1, 200)?,
        username: body.username,
        password: Password::new(body.password),
    };
    let account = call::run_heavy(&app, &heavy, move |app| {
        app.create_account(&caller.context, &scope, &new)
    })
    .await?;
    Ok(HttpResponse::Created().json(AccountView {
        account_id: account.id.uuid(),
        username: account.username,
    }))
}

/// Grants a role to an account; granting it again changes nothing.
#[utoipa::path(operation_id = "create_role_grant", tag = "accounts", request_body = GrantBody, params(
    ("username" = String, Path, description = "NIP, internal number or name"),
), responses(
    (status = 204, description = "Granted."),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[post("/v1/accounts/{username}/roles")]
pub(crate) async fn grant(
    app: Data<App>,
    caller: Caller,
    path: Path<String>,
    body: Body,
) -> Result<HttpResponse, Problem> {
    let scope = caller.may(Action::GrantRole)?;
    let held = body.json::<GrantBody>(&scope).await?.parse("")?;
    let username = path.into_inner();
    call::run(&app, move |app| {
        app.grant_role(&caller.context, &scope, &username, &held)
    })
    .await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Ends a role of an account, and every session of it: the person signs in again with what is left. The last active
/// administrator keeps the role (409 `last_administrator`).
#[utoipa::path(operation_id = "delete_role_grant", tag = "accounts", request_body = GrantBody, params(
    ("username" = String, Path, description = "NIP, internal number or name"),
), responses(
    (status = 204, description = "Ended."),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[delete("/v1/accounts/{username}/roles")]
pub(crate) async fn revoke(
    app: Data<App>,
    caller: Caller,
    path: Path<String>,
    body: Body,
) -> Result<HttpResponse, Problem> {
    let scope = caller.may(Action::GrantRole)?;
    let held = body.json::<GrantBody>(&scope).await?.parse("")?;
    let username = path.into_inner();
    call::run(&app, move |app| {
        app.revoke_role(&caller.context, &scope, &username, &held)
    })
    .await?;
    Ok(HttpResponse::NoContent().finish())
}
