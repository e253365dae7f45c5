//! What two people may edit: versions out as `ETag`, back in as If-Match. And the Idempotency-Key.

use crate::app::error::Code;
use crate::app::error::Error;
use crate::http::problem::Problem;
use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::{FromRequest, HttpRequest};
use std::future::{Ready, ready};

/// The version that the caller has seen; 428 without one, 412 later if it is not the current one.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct IfMatch(pub i32);

impl FromRequest for IfMatch {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        ready(match request.headers().get(header::IF_MATCH) {
            None => Err(Problem::new(Code::VersionRequired)),
            Some(value) => value
                .to_str()
                .ok()
                .and_then(|text| text.trim().trim_start_matches("W/").trim_matches('"').parse().ok())
                .map(IfMatch)
                // A tag that we never gave out matches nothing.
                .ok_or_else(|| Problem::from(Error::Stale)),
        })
    }
}

/// A version as an `ETag` header.
pub fn etag(version: i32) -> (header::HeaderName, String) {
    (header::ETAG, format!("\"{version}\""))
}

/// The Idempotency-Key header, if there is one: 1 to 100 visible ASCII characters.
#[derive(Clone, Debug)]
pub struct IdempotencyKey(pub Option<String>);

impl FromRequest for IdempotencyKey {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        let Some(value) = request.headers().get("idempotency-key") else {
            return ready(Ok(Self(None)));
        };
        let key = value.to_str().ok().filter(|key| (1..=100).contains(&key.len()));
        ready(key.map(|key| Self(Some(key.to_owned()))).ok_or_else(|| {
            Error::field(
                "Idempotency-Key",
                "out_of_limits",
                "Idempotency-Key berisi 1 sampai 100 karakter ASCII.",
                "An Idempotency-Key has 1 to 100 ASCII characters.",
            )
            .into()
        }))
    }
}
