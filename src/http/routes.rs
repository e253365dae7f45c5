//! The one table of routes. An operation that is not here does not exist, also not in the OpenAPI file.

use crate::app::error::Error;
use crate::http::agency_day;
use crate::http::calendar;
use crate::http::check_in;
use crate::http::circular;
use crate::http::day;
use crate::http::disclosure;
use crate::http::health;
use crate::http::problem::Problem;
use crate::http::role;
use crate::http::roster;
use crate::http::sign_in;
use actix_web::HttpResponse;
use actix_web::web::{self, PathConfig, QueryConfig};
use utoipa_actix_web::service_config::ServiceConfig;

/// Registers every operation. Fixed paths stand before those with parameters that would swallow them.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config
        // operations
        .service(health::live)
        .service(health::ready)
        // sign-in
        .service(sign_in::create)
        .service(sign_in::refresh)
        .service(sign_in::delete)
        .service(sign_in::me)
        .service(sign_in::change_password)
        // check-ins
        .service(check_in::create_batch)
        .service(check_in::create)
        .service(check_in::list_own)
        // accounts
        .service(role::create_account)
        .service(role::grant)
        .service(role::revoke)
        // the day
        .service(day::read)
        .service(agency_day::people)
        .service(agency_day::read)
        // rules
        .service(circular::create)
        .service(circular::list)
        .service(circular::read)
        .service(circular::update)
        .service(circular::submit)
        .service(circular::issue)
        .service(circular::revoke)
        .service(calendar::read)
        .service(calendar::update)
        .service(roster::set)
        .service(roster::list)
        // own data
        .service(disclosure::list);
}

/// A path parameter that does not parse names nothing that exists.
pub fn path_config() -> PathConfig {
    PathConfig::default().error_handler(|_, _| Problem::from(Error::NotFound).into())
}

/// A query parameter that does not parse is named like a field.
pub fn query_config() -> QueryConfig {
    QueryConfig::default().error_handler(|error, _| {
        let sentence = error.to_string();
        let quoted = sentence.split('`').nth(1).unwrap_or("query").to_owned();
        let problem = Error::field(
            quoted,
            "malformed",
            "Parameter alamat ini tidak sesuai.",
            format!("Query: {sentence}."),
        );
        Problem::from(problem).into()
    })
}

/// What answers an address that does not exist.
pub(crate) async fn no_such_route() -> Result<HttpResponse, Problem> {
    Err(Problem::new(crate::app::error::Code::NoSuchRoute))
}

/// Everything that a server needs beside the routes themselves.
pub fn fallback(config: &mut web::ServiceConfig) {
    config
        .app_data(path_config())
        .app_data(query_config())
        .default_service(web::route().to(no_such_route));
}
