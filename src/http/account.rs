//! Accounts of BKD's and the agencies' officials on the wire: listed, closed, opened, started anew.

use crate::app::App;
use crate::app::account::AccountFilter;
use crate::app::account::NewStart;
use crate::app::account::Official;
use crate::domain::access::Action;
use crate::domain::access::Role;
use crate::http::actor::Caller;
use crate::http::body::Body;
use crate::http::call;
use crate::http::field;
use crate::http::page;
use crate::http::page::Page;
use crate::http::problem::Problem;
use crate::http::problem::ProblemView;
use crate::http::query::Query;
use crate::http::sign_in::GrantView;
use actix_web::http::header;
use actix_web::web::{Data, Json, Path};
use actix_web::{HttpResponse, get, post, put};
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// Whether an account can be signed in to.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum AccountStateBody {
    /// It can, once it has a password.
    Active,
    /// It can't.
    Disabled,
}

/// Which accounts.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct AccountQuery {
    /// Only those that hold this role, such as `agency_operator`.
    #[param(value_type = Option<String>)]
    role: Option<Role>,
    /// 1 to 200; 50 where nothing is asked for.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// An official's account.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OfficialView {
    /// The account.
    account_id: Uuid,
    /// What it signs in with.
    username: String,
    /// How the person is greeted.
    display_name: String,
    /// `pending` until a code was exchanged for a password, `active`, or `disabled`.
    state: String,
    /// Whether it is the account of a member of staff.
    is_staff: bool,
    /// Roles granted to it.
    roles: Vec<GrantView>,
    /// When it was made, RFC 3339.
    #[schema(format = DateTime)]
    created_at: String,
    /// When its password was last set.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    password_set_at: Option<String>,
}

impl From<Official> for OfficialView {
    fn from(official: Official) -> Self {
        let account = official.account;
        Self {
            account_id: account.id.uuid(),
            username: account.username,
            display_name: account.display_name,
            state: account.state,
            is_staff: account.employee_id.is_some(),
            roles: official.grants.into_iter().map(GrantView::from).collect(),
            created_at: account.created_at.to_string(),
            password_set_at: account.password_set_at.map(|at| at.to_string()),
        }
    }
}

/// What an account is to be.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SetAccountStateBody {
    /// `active` or `disabled`.
    #[garde(skip)]
    state: AccountStateBody,
    /// Why, for the record.
    #[garde(inner(length(chars, max = 500)))]
    #[schema(max_length = 500)]
    reason: Option<String>,
}

/// A code to start anew with, told once.
#[derive(Serialize, ToSchema)]
pub(crate) struct AccountCodeView {
    /// What to sign in with.
    username: String,
    /// Twelve characters in three groups, to be exchanged at `POST /v1/activations`.
    #[schema(example = "K7QX-29MA-3TPD")]
    code: String,
    /// Until when it is good, RFC 3339.
    #[schema(format = DateTime)]
    expires_at: String,
}

impl From<NewStart> for AccountCodeView {
    fn from(start: NewStart) -> Self {
        Self {
            username: start.username,
            code: start.code.printed(),
            expires_at: start.expires_at.to_string(),
        }
    }
}

/// Lists the accounts of officials by username: those that no personnel import brought, and those of staff who hold a
/// granted role.
#[utoipa::path(operation_id = "list_accounts", tag = "accounts", params(AccountQuery), responses(
    (status = 200, body = Page<OfficialView>),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/v1/accounts")]
pub(crate) async fn list(
    app: Data<App>,
    caller: Caller,
    query: Query<AccountQuery>,
) -> Result<Json<Page<OfficialView>>, Problem> {
    let scope = caller.may(Action::GrantRole)?;
    let limit = page::limit(query.limit)?;
    let filter = AccountFilter {
        role: query.role,
        after: page::decode(query.cursor.as_deref())?,
        limit: i64::from(limit) + 1,
    };
    let rows = call::run(&app, move |app| app.list_officials(&scope, &filter)).await?;
    let key = |official: &Official| official.account.username.clone();
    Ok(Json(Page::new(rows, limit, key, OfficialView::from)))
}

/// Closes an official's account or opens it again.
///
/// Closing ends its sessions at once; its roles wait for it. The last active administrator can't be closed (409
/// `last_administrator`). Setting what is so already changes nothing.
#[utoipa::path(operation_id = "replace_account_state", tag = "accounts", request_body = SetAccountStateBody, params(
    ("username" = String, Path, description = "NIP, internal number or name"),
), responses(
    (status = 204, description = "Set."),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[put("/v1/accounts/{username}/state")]
pub(crate) async fn set_state(
    app: Data<App>,
    caller: Caller,
    path: Path<String>,
    body: Body,
) -> Result<HttpResponse, Problem> {
    let scope = caller.may(Action::GrantRole)?;
    let body: SetAccountStateBody = body.json(&scope).await?;
    let reason = field::optional_text("reason", body.reason.as_deref(), 500)?;
    let is_disabled = matches!(body.state, AccountStateBody::Disabled);
    let username = path.into_inner();
    call::run(&app, move |app| {
        app.set_account_state(&caller.context, &scope, &username, is_disabled, reason.as_deref())
    })
    .await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Takes an official's password away, ends their sessions and gives a one-time code: for a lost phone or password.
///
/// The last active administrator changes the password at `PUT /v1/me/password` instead (409 `last_administrator`).
#[utoipa::path(operation_id = "reset_account", tag = "accounts", params(
    ("username" = String, Path, description = "NIP, internal number or name"),
), responses(
    (status = 200, body = AccountCodeView),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[post("/v1/accounts/{username}/reset")]
pub(crate) async fn reset(app: Data<App>, caller: Caller, path: Path<String>) -> Result<HttpResponse, Problem> {
    let scope = caller.may(Action::GrantRole)?;
    let username = path.into_inner();
    let start = call::run(&app, move |app| app.reset_account(&caller.context, &scope, &username)).await?;
    // The code is as good as a password: no cache on the way may keep it.
    Ok(HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .json(AccountCodeView::from(start)))
}
