//! Who calls: bearer token or cookie in, [`Caller`] out, or 401. The only way to get one.

use crate::app::App;
use crate::app::browser_session::BrowserSession;
use crate::app::context::Context;
use crate::app::error::Code;
use crate::app::error::Error;
use crate::domain::access::Action;
use crate::domain::access::AgencyCode;
use crate::domain::access::Scope;
use crate::domain::access::Target;
use crate::domain::access::may;
use crate::http::browser_session::Presented;
use crate::http::problem::Problem;
use crate::http::rate::Limiter;
use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest};
use futures_util::future::{Either, LocalBoxFuture, Ready, ready};

/// A proven caller. Its permissions are asked for before any body is read.
#[derive(Clone, Debug)]
pub struct Caller {
    /// The call's circumstances.
    pub context: Context,
    /// The session in a browser, if the call was made with its cookie.
    pub browser: Option<BrowserSession>,
}

impl Caller {
    /// A proven caller, unless its account calls too often.
    fn within_limits(
        context: Context,
        browser: Option<BrowserSession>,
        limiter: Option<&Data<Limiter>>,
    ) -> Result<Self, Error> {
        limiter.map_or(Ok(()), |limiter| limiter.check(context.account()))?;
        Ok(Self { context, browser })
    }

    /// Permission for something that no single agency is named for.
    pub fn may(&self, action: Action) -> Result<Scope, Problem> {
        Ok(may(&self.context.actor, action, Target::Any).map_err(Error::from)?)
    }

    /// Permission for something within one agency, named in the address as it came. A malformed code is unknown.
    pub fn may_in(&self, action: Action, agency: &str) -> Result<(Scope, AgencyCode), Problem> {
        let code = AgencyCode::parse(agency);
        // The role is checked first: whoever may not do this at all learns nothing about codes.
        let any = self.may(action)?;
        let code = code.ok().ok_or(Error::NotFound)?;
        let scope = may(&self.context.actor, action, Target::Agency(&code)).map_err(Error::from)?;
        drop(any);
        Ok((scope, code))
    }
}

impl FromRequest for Caller {
    type Error = Problem;
    type Future = Either<Ready<Result<Self, Problem>>, LocalBoxFuture<'static, Result<Self, Problem>>>;

    fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        // A token goes before a cookie, and is proven without waiting: phones call most.
        let has_token = request.headers().contains_key(header::AUTHORIZATION);
        let presented = (!has_token).then(|| Presented::in_call(request)).flatten();
        match (presented, request.app_data::<Data<App>>().cloned()) {
            (Some(presented), Some(app)) => {
                let limiter = request.app_data::<Data<Limiter>>().cloned();
                Either::Right(Box::pin(async move {
                    let (context, browser) = presented.prove(&app).await?;
                    Ok(Self::within_limits(context, Some(browser), limiter.as_ref())?)
                }))
            }
            (_, _) => Either::Left(ready(by_token(request).map_err(Problem::from))),
        }
    }
}

fn by_token(request: &HttpRequest) -> Result<Caller, Error> {
    let refused = || Error::Unauthenticated(Code::Unauthenticated);
    let app = request.app_data::<Data<App>>().ok_or_else(refused)?;
    let value = request
        .headers()
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .ok_or_else(refused)?;
    let (scheme, token) = value.split_once(' ').ok_or_else(refused)?;
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(refused());
    }
    Caller::within_limits(
        app.authenticate(token.trim())?,
        None,
        request.app_data::<Data<Limiter>>(),
    )
}
