//! Methods as RFC 9110 wants them: HEAD wherever GET is, and 405 with what is allowed for those that an address lacks.

use crate::app::error::Code;
use crate::http::problem::Problem;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{ALLOW, HeaderValue};
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{HttpMessage, HttpRequest, HttpResponse, ResponseError};
use utoipa::openapi::OpenApi;
use utoipa::openapi::path::PathItem;

/// Every address of the document with the methods that it takes.
#[derive(Debug)]
pub struct Addresses(Vec<(Vec<String>, Vec<Method>)>);

impl Addresses {
    /// Reads them from the document, so that they can't differ from it.
    pub fn new(document: &OpenApi) -> Self {
        let segments = |path: &str| path.split('/').map(str::to_owned).collect();
        Self(
            document
                .paths
                .paths
                .iter()
                .map(|(path, item)| (segments(path), methods(item)))
                .collect(),
        )
    }

    /// The methods of an address; none if it does not exist.
    fn allowed(&self, path: &str) -> Vec<&Method> {
        let asked: Vec<&str> = path.split('/').collect();
        let is_match = |segments: &Vec<String>| {
            segments.len() == asked.len()
                && segments.iter().zip(&asked).all(|(segment, part)| {
                    segment == part || (segment.contains('{') && !part.is_empty() && ends_alike(segment, part))
                })
        };
        let fixed = |segments: &[String]| segments.iter().filter(|segment| !segment.contains('{')).count();
        let matches: Vec<_> = self.0.iter().filter(|(segments, _)| is_match(segments)).collect();
        // `employees/import` is not an employee called `import`: the address with the most fixed parts is meant.
        let most = matches.iter().map(|(segments, _)| fixed(segments)).max();
        matches
            .into_iter()
            .filter(|(segments, _)| Some(fixed(segments)) == most)
            .flat_map(|(_, methods)| methods)
            .collect()
    }
}

/// Whether a part fits a segment such as `{id}.csv`.
fn ends_alike(segment: &str, part: &str) -> bool {
    segment
        .rsplit_once('}')
        .is_none_or(|(_, ending)| part.ends_with(ending))
}

fn methods(item: &PathItem) -> Vec<Method> {
    [
        (Method::GET, item.get.is_some()),
        (Method::HEAD, item.get.is_some()),
        (Method::PUT, item.put.is_some()),
        (Method::POST, item.post.is_some()),
        (Method::DELETE, item.delete.is_some()),
        (Method::PATCH, item.patch.is_some()),
    ]
    .into_iter()
    .filter_map(|(method, is_there)| is_there.then_some(method))
    .collect()
}

/// That a call said HEAD before it was answered as GET is.
struct Head;

/// Whether the call said HEAD, for answers whose body has no end.
pub(crate) fn is_head(request: &HttpRequest) -> bool {
    request.extensions().contains::<Head>()
}

/// Lets HEAD be answered as GET is, role, look and all; the server leaves the body out, since the call itself said HEAD.
pub(crate) async fn answer_head(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    if request.method() == Method::HEAD {
        request.head_mut().method = Method::GET;
        request.extensions_mut().insert(Head);
    }
    next.call(request).await
}

/// What answers everything that no route took: 405 where the address takes other methods, else 404.
pub(crate) async fn unrouted(request: HttpRequest, addresses: Data<Addresses>) -> HttpResponse {
    let allowed = addresses.allowed(request.path());
    if allowed.is_empty() || allowed.contains(&request.method()) {
        return Problem::new(Code::NoSuchRoute).error_response();
    }
    let mut response = Problem::new(Code::MethodNotAllowed).error_response();
    let list = allowed
        .iter()
        .map(|method| method.as_str())
        .collect::<Vec<_>>()
        .join(", ");
    if let Ok(value) = HeaderValue::from_str(&list) {
        response.headers_mut().insert(ALLOW, value);
    }
    response
}
