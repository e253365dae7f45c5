//! Sessions on the wire.

use crate::app::App;
use crate::app::sign_in::Credentials;
use crate::app::sign_in::Password;
use crate::app::sign_in::Profile;
use crate::app::sign_in::Signed;
use crate::domain::access::AgencyCode;
use crate::domain::access::Grant;
use crate::domain::access::Role;
use crate::http::actor::Caller;
use crate::http::body::Body;
use crate::http::browser_session::without_cookie;
use crate::http::call;
use crate::http::call::HeavyWork;
use crate::http::problem::Problem;
use crate::http::problem::ProblemView;
use actix_web::web::{Data, Json};
use actix_web::{HttpResponse, delete, get, post, put};
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// Who wants to sign in.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CreateSessionBody {
    /// NIP (18 digits), internal number, or a chosen name.
    #[garde(length(chars, min = 1, max = 64))]
    #[schema(min_length = 1, max_length = 64)]
    username: String,
    /// The password.
    #[garde(length(chars, min = 1, max = 128))]
    #[schema(min_length = 1, max_length = 128, format = Password)]
    password: String,
    /// Random per install, kept by the client: a device that has signed in before is never slowed down by the
    /// failures of others.
    #[garde(inner(length(chars, min = 8, max = 64)))]
    #[schema(min_length = 8, max_length = 64)]
    device_id: Option<String>,
}

impl From<CreateSessionBody> for Credentials {
    fn from(body: CreateSessionBody) -> Self {
        Self {
            username: body.username,
            password: Password::new(body.password),
            device_id: body.device_id.unwrap_or_default(),
        }
    }
}

/// What a signed-in client holds.
#[derive(Serialize, ToSchema)]
pub(crate) struct SessionView {
    /// For `Authorization: Bearer`.
    access_token: String,
    /// Always `Bearer`.
    token_type: &'static str,
    /// Seconds until the access token runs out.
    expires_in: i64,
    /// Exchange it before it is 60 days old. Each is good once; a repeated exchange within 10 minutes gives the same answer.
    refresh_token: String,
}

impl From<Signed> for SessionView {
    fn from(signed: Signed) -> Self {
        Self {
            access_token: signed.access_token,
            token_type: "Bearer",
            expires_in: signed.expires_in,
            refresh_token: signed.refresh_token,
        }
    }
}

/// A refresh token to exchange.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RefreshSessionBody {
    /// The newest refresh token of the session.
    #[garde(length(chars, min = 1, max = 100))]
    #[schema(min_length = 1, max_length = 100)]
    refresh_token: String,
}

/// Both passwords.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChangePasswordBody {
    /// The present one.
    #[garde(length(chars, min = 1, max = 128))]
    #[schema(min_length = 1, max_length = 128, format = Password)]
    current_password: String,
    /// 10 to 128 characters, not the username.
    #[garde(length(chars, min = 10, max = 128))]
    #[schema(min_length = 10, max_length = 128, format = Password)]
    new_password: String,
}

/// A role held.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct GrantView {
    /// The role's code, such as `agency_operator`.
    #[schema(value_type = String)]
    pub(crate) role: Role,
    /// The agency that it is held for, where it is bound to one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub(crate) agency: Option<AgencyCode>,
}

impl From<Grant> for GrantView {
    fn from(grant: Grant) -> Self {
        Self {
            role: grant.role,
            agency: grant.agency,
        }
    }
}

/// The signed-in person.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProfileView {
    /// The account.
    account_id: Uuid,
    /// What they sign in with.
    username: String,
    /// How they are greeted.
    display_name: String,
    /// The member of staff, if it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    employee_id: Option<Uuid>,
    /// Roles held.
    roles: Vec<GrantView>,
}

impl From<Profile> for ProfileView {
    fn from(profile: Profile) -> Self {
        Self {
            account_id: profile.account.id.uuid(),
            username: profile.account.username,
            display_name: profile.account.display_name,
            employee_id: profile.account.employee_id.map(crate::domain::ids::EmployeeId::uuid),
            roles: profile.grants.into_iter().map(GrantView::from).collect(),
        }
    }
}

/// Signs in.
///
/// After five failures from unknown devices each next attempt has to wait, up to 15 minutes (429); a known device never waits.
#[utoipa::path(operation_id = "create_session", tag = "sign-in", security(()), request_body = CreateSessionBody, responses(
    (status = 200, body = SessionView),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[post("/v1/sessions")]
pub(crate) async fn create(app: Data<App>, heavy: Data<HeavyWork>, body: Body) -> Result<Json<SessionView>, Problem> {
    let body: CreateSessionBody = body.public_json().await?;
    let signed = call::run_heavy(&app, &heavy, move |app| app.sign_in(&body.into())).await?;
    Ok(Json(signed.into()))
}

/// Exchanges a refresh token for new tokens.
#[utoipa::path(operation_id = "refresh_session", tag = "sign-in", security(()), request_body = RefreshSessionBody, responses(
    (status = 200, body = SessionView),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[post("/v1/sessions/refresh")]
pub(crate) async fn refresh(app: Data<App>, body: Body) -> Result<Json<SessionView>, Problem> {
    let body: RefreshSessionBody = body.public_json().await?;
    let signed = call::run(&app, move |app| app.refresh(&body.refresh_token)).await?;
    Ok(Json(signed.into()))
}

/// Signs out: ends the session that the call was made with.
#[utoipa::path(operation_id = "delete_session", tag = "sign-in", responses(
    (status = 204, description = "Signed out."),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[delete("/v1/sessions/current")]
pub(crate) async fn delete(app: Data<App>, caller: Caller) -> Result<HttpResponse, Problem> {
    let is_browser = caller.browser.is_some();
    call::run(&app, move |app| app.sign_out(&caller.context)).await?;
    let response = HttpResponse::NoContent();
    Ok(if is_browser { without_cookie(response) } else { response }.finish())
}

/// Who is signed in, with which roles.
#[utoipa::path(operation_id = "read_me", tag = "sign-in", responses(
    (status = 200, body = ProfileView),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/v1/me")]
pub(crate) async fn me(app: Data<App>, caller: Caller) -> Result<Json<ProfileView>, Problem> {
    Ok(Json(
        call::run(&app, move |app| app.profile(&caller.context)).await?.into(),
    ))
}

/// Changes one's own password. Every session of the account ends, this one too.
#[utoipa::path(operation_id = "update_password", tag = "sign-in", request_body = ChangePasswordBody, responses(
    (status = 204, description = "Changed; sign in again."),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[put("/v1/me/password")]
pub(crate) async fn change_password(
    app: Data<App>,
    heavy: Data<HeavyWork>,
    caller: Caller,
    body: Body,
) -> Result<HttpResponse, Problem> {
    // Whoever is signed in has an account, so there is nothing further to ask permission for.
    let body: ChangePasswordBody = body.public_json().await?;
    let (current, new) = (Password::new(body.current_password), Password::new(body.new_password));
    call::run_heavy(&app, &heavy, move |app| {
        app.change_password(&caller.context, &current, &new)
    })
    .await?;
    Ok(HttpResponse::NoContent().finish())
}
