//! The OpenAPI file: collected from the handlers, written out by `sherlok spec`, served at `/docs`.

use crate::http::browser_session::COOKIE;
use crate::http::routes;
use utoipa::OpenApi;
use utoipa::openapi::security::{
    ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme,
};
use utoipa::openapi::{RefOr, Schema};
use utoipa_actix_web::AppExt;

#[derive(OpenApi)]
#[openapi(info(
    title = "Sherlok",
    description = "Attendance by location check-in for civil servants (ASN), non-ASN staff and teachers. Times are RFC 3339, \
                   dates are local work dates, answers to refused calls are RFC 9457 problems with a stable `code`; sentences \
                   are Indonesian, or English by Accept-Language.",
    license(name = "Apache-2.0", identifier = "Apache-2.0")
))]
struct Document;

/// The document of every operation in [`routes::configure`].
pub fn document() -> utoipa::openapi::OpenApi {
    let (_, collected) = actix_web::App::new()
        .into_utoipa_app()
        .openapi(Document::openapi())
        .configure(|config| routes::configure(config))
        .split_for_parts();
    finish(collected)
}

/// Adds what every operation shares: the two ways to prove who calls.
pub fn finish(mut document: utoipa::openapi::OpenApi) -> utoipa::openapi::OpenApi {
    let bearer = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .bearer_format("JWT")
        .build();
    let cookie = ApiKeyValue::with_description(
        COOKIE,
        "A browser's session, from `POST /v1/sessions/browser`. Calls that are not GET or HEAD also carry the session's \
         `csrf_token` in the header `X-CSRF-Token`. A bearer token goes before it.",
    );
    let components = document.components.get_or_insert_with(Default::default);
    components.add_security_scheme("bearer", SecurityScheme::Http(bearer));
    components.add_security_scheme("cookie", SecurityScheme::ApiKey(ApiKey::Cookie(cookie)));
    open_parts(&mut document);
    let ways = ["bearer", "cookie"].map(|name| SecurityRequirement::new(name, Vec::<String>::new()));
    document.security = Some(ways.to_vec());
    document
}

/// Lets schemas that are parts of an `allOf` take the fields of their siblings: as a whole they are refused otherwise.
/// The service itself still refuses fields that none of them knows.
fn open_parts(document: &mut utoipa::openapi::OpenApi) {
    let Some(components) = &mut document.components else {
        return;
    };
    let parts: Vec<String> = components.schemas.values().flat_map(parts_of).collect();
    for part in parts {
        if let Some(RefOr::T(Schema::Object(object))) = components.schemas.get_mut(&part) {
            object.additional_properties = None;
        }
    }
}

/// The names of the schemas that a choice of `allOf`s is put together from.
fn parts_of(schema: &RefOr<Schema>) -> Vec<String> {
    let RefOr::T(Schema::OneOf(choice)) = schema else {
        return Vec::new();
    };
    let wholes = choice.items.iter().filter_map(|item| match item {
        RefOr::T(Schema::AllOf(whole)) => Some(&whole.items),
        RefOr::T(_) | RefOr::Ref(_) => None,
    });
    let references = wholes.flatten().filter_map(|part| match part {
        RefOr::Ref(reference) => reference.ref_location.rsplit('/').next(),
        RefOr::T(_) => None,
    });
    references.map(str::to_owned).collect()
}

/// The document as committed: pretty JSON with a final newline.
pub fn text() -> String {
    let mut text = document().to_pretty_json().unwrap_or_default();
    text.push('\n');
    text
}
