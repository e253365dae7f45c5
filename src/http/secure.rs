//! Keeping to HTTPS where it is served: browsers remember it for a year.

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{HeaderValue, STRICT_TRANSPORT_SECURITY};
use actix_web::middleware::Next;

/// Names that everything on a machine shares: remembering HTTPS for them would shut other programs' pages out.
const SHARED_NAMES: [&str; 2] = ["localhost", "127.0.0.1"];

/// Middleware: tells a browser that came by HTTPS to this service itself to keep to it (RFC 6797).
pub(crate) async fn keep_to_https(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let is_to_remember = request.app_config().secure() && {
        let connection = request.connection_info();
        let host = connection.host();
        let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
        !SHARED_NAMES.contains(&name)
    };
    let mut response = next.call(request).await?;
    if is_to_remember {
        let year = HeaderValue::from_static("max-age=31536000");
        response.headers_mut().insert(STRICT_TRANSPORT_SECURITY, year);
    }
    Ok(response)
}
