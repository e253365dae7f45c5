//! Browsers that sign in: the cookie, what proves a call made with it, and the session on the wire.

use crate::app::App;
use crate::app::browser_session::BrowserSession;
use crate::app::context::Context;
use crate::app::error::Code;
use crate::app::error::Error;
use crate::app::sign_in::Profile;
use crate::http::actor::Caller;
use crate::http::body::Body;
use crate::http::call;
use crate::http::call::HeavyWork;
use crate::http::problem::Problem;
use crate::http::problem::ProblemView;
use crate::http::sign_in::CreateSessionBody;
use crate::http::sign_in::ProfileView;
use actix_web::http::Method;
use actix_web::http::header;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, delete, get, post};
use serde::Serialize;
use utoipa::ToSchema;

/// The cookie's name. Browsers take `__Host-` only from a secure origin and send it to this very host alone; those that run
/// on this machine (`localhost`, `127.0.0.1`) count as secure.
pub(crate) const COOKIE: &str = "__Host-sherlok";
/// What a call that changes something carries beside the cookie.
pub(crate) const CSRF_HEADER: &str = "X-CSRF-Token";
/// Everything that a cookie of ours is beside its value. It is gone when the browser is closed.
const ATTRIBUTES: &str = "Path=/; Secure; HttpOnly; SameSite=Strict";

/// What a call brings in place of a token.
#[derive(Debug)]
pub(crate) struct Presented {
    cookie: String,
    /// None where nothing is changed, so that nothing needs to be shown.
    csrf_token: Option<String>,
}

impl Presented {
    /// The cookie of a call, if it has one.
    pub(crate) fn in_call(request: &HttpRequest) -> Option<Self> {
        let is_read = [Method::GET, Method::HEAD].contains(request.method());
        let shown = || {
            let value = request.headers().get(CSRF_HEADER)?;
            value.to_str().ok().map(str::to_owned)
        };
        Some(Self {
            cookie: cookie(request)?.to_owned(),
            csrf_token: (!is_read).then(|| shown().unwrap_or_default()),
        })
    }

    /// Whoever the cookie proves; a change must show that it comes from our own page.
    pub(crate) async fn prove(self, app: &Data<App>) -> Result<(Context, BrowserSession), Problem> {
        call::run(app, move |app| {
            let (context, session) = app.authenticate_browser(&self.cookie)?;
            match self.csrf_token {
                Some(shown) if !app.is_csrf_token(&self.cookie, &shown) => Err(Error::Refused(Code::CsrfTokenNeeded)),
                Some(_) | None => Ok((context, session)),
            }
        })
        .await
    }
}

/// The value of our cookie in a call.
fn cookie(request: &HttpRequest) -> Option<&str> {
    let mut pairs = request
        .headers()
        .get_all(header::COOKIE)
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'));
    pairs
        .find_map(|pair| pair.trim().split_once('=').filter(|(name, _)| *name == COOKIE))
        .map(|(_, value)| value)
}

/// Takes the cookie from the browser.
pub(crate) fn without_cookie(mut response: HttpResponseBuilder) -> HttpResponseBuilder {
    response.insert_header((header::SET_COOKIE, format!("{COOKIE}=; Max-Age=0; {ATTRIBUTES}")));
    response
}

/// A browser's session.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct BrowserSessionView {
    /// Who is signed in.
    profile: ProfileView,
    /// For the header `X-CSRF-Token` of every call with the cookie that is not GET or HEAD. The same for the whole session.
    csrf_token: String,
    /// When the session ends unless a call is made before, RFC 3339; kept to the minute.
    #[schema(format = DateTime)]
    idle_ends_at: String,
    /// When the session ends in any case, RFC 3339.
    #[schema(format = DateTime)]
    ends_at: String,
}

impl BrowserSessionView {
    fn new(session: BrowserSession, profile: Profile) -> Self {
        Self {
            profile: profile.into(),
            csrf_token: session.csrf_token,
            idle_ends_at: session.standing.idle_ends_at.to_string(),
            ends_at: session.standing.ends_at.to_string(),
        }
    }
}

/// Signs a browser in: the answer sets the cookie `__Host-sherlok`, which the page can't read.
///
/// Takes and refuses what `POST /v1/sessions` does, by the same count of failures. A session that the browser had before
/// ends.
#[utoipa::path(operation_id = "create_browser_session", tag = "sign-in", security(()), request_body = CreateSessionBody, responses(
    (status = 201, body = BrowserSessionView, headers(("Set-Cookie", description = "`__Host-sherlok`"))),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[post("/v1/sessions/browser")]
pub(crate) async fn create(
    request: HttpRequest,
    app: Data<App>,
    heavy: Data<HeavyWork>,
    body: Body,
) -> Result<HttpResponse, Problem> {
    let body: CreateSessionBody = body.public_json().await?;
    let before = cookie(&request).map(str::to_owned);
    let (signed, profile) = call::run_heavy(&app, &heavy, move |app| {
        let signed = app.sign_in_browser(&body.into(), before.as_deref())?;
        let profile = app.profile(&signed.context)?;
        Ok((signed, profile))
    })
    .await?;
    Ok(HttpResponse::Created()
        .insert_header((header::SET_COOKIE, format!("{COOKIE}={}; {ATTRIBUTES}", signed.cookie)))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .json(BrowserSessionView::new(signed.session, profile)))
}

/// The session of the cookie, for a page that has just been opened: 401 where nobody is signed in.
#[utoipa::path(operation_id = "read_browser_session", tag = "sign-in", responses(
    (status = 200, body = BrowserSessionView),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json",
        description = "401 without a session; 404 for a call with a bearer token, which has no cookie."),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/v1/sessions/browser")]
pub(crate) async fn read(app: Data<App>, caller: Caller) -> Result<HttpResponse, Problem> {
    let session = caller.browser.ok_or(Error::NotFound)?;
    let profile = call::run(&app, move |app| app.profile(&caller.context)).await?;
    Ok(HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .json(BrowserSessionView::new(session, profile)))
}

/// Signs the browser out: its session ends and the cookie is taken back.
#[utoipa::path(operation_id = "delete_browser_session", tag = "sign-in", responses(
    (status = 204, description = "Signed out."),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json",
        description = "401 without a session; 404 for a call with a bearer token, which has no cookie."),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[delete("/v1/sessions/browser")]
pub(crate) async fn delete(app: Data<App>, caller: Caller) -> Result<HttpResponse, Problem> {
    if caller.browser.is_none() {
        return Err(Error::NotFound.into());
    }
    call::run(&app, move |app| app.sign_out(&caller.context)).await?;
    Ok(without_cookie(HttpResponse::NoContent()).finish())
}

/// Signs the account out everywhere: every session ends, in browsers and on phones, this one too.
#[utoipa::path(operation_id = "delete_sessions", tag = "sign-in", responses(
    (status = 204, description = "Signed out everywhere."),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[delete("/v1/sessions")]
pub(crate) async fn delete_all(app: Data<App>, caller: Caller) -> Result<HttpResponse, Problem> {
    call::run(&app, move |app| app.sign_out_everywhere(&caller.context)).await?;
    Ok(without_cookie(HttpResponse::NoContent()).finish())
}
