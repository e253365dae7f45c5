//! A government's own name, crest and colours on the wire. Pages load them from here, so that no build is needed.

use crate::app::branding::Branding;
use crate::http::entity_tag::is_known;
use crate::http::entity_tag::tag_of;
use actix_web::http::header;
use actix_web::web::{self, Bytes, Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};

/// A crest is a picture and nothing else, also where somebody opens it by itself.
const CREST_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; sandbox";

/// Registers both files; they are there whether anything is set or not.
pub fn configure(config: &mut ServiceConfig) {
    config
        .route("/branding/colours.css", web::get().to(colours))
        .route("/branding/crest", web::get().to(crest));
}

async fn colours(request: HttpRequest, branding: Data<Branding>) -> HttpResponse {
    file(&request, Bytes::from(branding.stylesheet()), "text/css; charset=utf-8")
}

async fn crest(request: HttpRequest, branding: Data<Branding>) -> HttpResponse {
    branding.crest().map_or_else(
        || HttpResponse::NotFound().finish(),
        |crest| file(&request, Bytes::from(crest.bytes.clone()), crest.content_type),
    )
}

/// Asked for anew each time, and sent only if it has changed.
fn file(request: &HttpRequest, bytes: Bytes, content_type: &str) -> HttpResponse {
    let tag = tag_of(&bytes);
    let is_known = is_known(request.headers(), &tag);
    let mut response = if is_known {
        HttpResponse::NotModified()
    } else {
        HttpResponse::Ok()
    };
    response
        .insert_header((header::ETAG, tag))
        .insert_header((header::CACHE_CONTROL, "no-cache"))
        .insert_header((header::CONTENT_SECURITY_POLICY, CREST_POLICY));
    if is_known {
        return response.finish();
    }
    response.content_type(content_type).body(bytes)
}
