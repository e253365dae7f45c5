//! The built pages of `web/dist` on the wire: hashed files are kept for a year, the others are asked for anew each time.

use crate::domain::digest::Digest;
use crate::http::entity_tag::is_known;
use crate::http::entity_tag::tag_of;
use crate::http::entity_tag::tag_of_digest;
use actix_web::http::header;
use actix_web::http::header::HeaderMap;
use actix_web::web::{self, Bytes, Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// A debug build reads the folder when the service starts; a release build holds it.
#[derive(rust_embed::Embed)]
#[folder = "web/dist"]
#[allow_missing = true]
struct Embedded;

/// What a page may do: nothing but what comes from this service, and tiles of maps from the server that the operator named.
fn content_security_policy(tile_origin: Option<&str>) -> String {
    let tiles = tile_origin.map_or_else(String::new, |origin| format!(" {origin}"));
    format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'{tiles}; \
         img-src 'self' data:{tiles}; manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; \
         frame-ancestors 'none'"
    )
}

/// The position is for these pages alone; the other senses of the phone are for nobody.
const PERMISSIONS_POLICY: &str = "geolocation=(self), camera=(), microphone=(), payment=(), usb=()";

/// The folder of files whose names hold a hash of their content.
const HASHED_FOLDER: &str = "assets/";

/// The pages' files, and what pages may do.
#[derive(Debug)]
pub struct WebFiles {
    /// Every file by its path below the root, as `app/index.html`.
    files: BTreeMap<String, WebFile>,
    policy: String,
}

/// A file and its compressed forms.
#[derive(Debug, Default)]
struct WebFile {
    plain: Option<Form>,
    brotli: Option<Form>,
    gzip: Option<Form>,
}

/// Bytes and the tag that names them.
#[derive(Debug)]
struct Form {
    bytes: Bytes,
    tag: String,
}

impl Form {
    fn new(content: Cow<'static, [u8]>, tag: String) -> Self {
        let bytes = match content {
            Cow::Borrowed(bytes) => Bytes::from_static(bytes),
            Cow::Owned(bytes) => Bytes::from(bytes),
        };
        Self { bytes, tag }
    }
}

impl WebFiles {
    /// The files that this build holds; none where the pages were not built.
    pub fn embedded() -> Self {
        // The digests were made with the binary: nothing is read before somebody asks for it.
        Self::of_forms(Embedded::iter().filter_map(|name| {
            let file = Embedded::get(&name)?;
            let tag = tag_of_digest(&Digest::from(file.metadata.sha256_hash()));
            Some((name.into_owned(), Form::new(file.data, tag)))
        }))
    }

    /// From paths and contents; `x.br` and `x.gz` are compressed forms of `x` and not files by themselves.
    pub fn of(contents: impl IntoIterator<Item = (String, Cow<'static, [u8]>)>) -> Self {
        Self::of_forms(contents.into_iter().map(|(path, content)| {
            let tag = tag_of(&content);
            (path, Form::new(content, tag))
        }))
    }

    fn of_forms(forms: impl Iterator<Item = (String, Form)>) -> Self {
        let mut files = BTreeMap::<String, WebFile>::new();
        for (path, form) in forms {
            let form = Some(form);
            if let Some(path) = path.strip_suffix(".br") {
                files.entry(path.to_owned()).or_default().brotli = form;
            } else if let Some(path) = path.strip_suffix(".gz") {
                files.entry(path.to_owned()).or_default().gzip = form;
            } else {
                files.entry(path).or_default().plain = form;
            }
        }
        files.retain(|_, file| file.plain.is_some());
        Self {
            files,
            policy: content_security_policy(None),
        }
    }

    /// The same files, whose pages may also load tiles of maps from an origin such as `https://tiles.example`.
    #[must_use]
    pub fn with_tiles_from(mut self, origin: Option<&str>) -> Self {
        self.policy = content_security_policy(origin);
        self
    }

    /// Whether the page of a room, as `app`, is there.
    pub fn has_room(&self, room: &str) -> bool {
        self.files.contains_key(&format!("{room}/index.html"))
    }

    /// Registers the folders that are there, and the door where the phone's pages are.
    pub fn configure(files: &Data<Self>, config: &mut ServiceConfig) {
        config.app_data(files.clone());
        let folders: BTreeSet<&str> = files
            .files
            .keys()
            .filter_map(|path| Some(path.split_once('/')?.0))
            .collect();
        for folder in folders {
            config.service(web::resource(format!("/{folder}/{{path:.*}}")).route(web::get().to(read)));
            if files.has_room(folder) {
                config.service(web::redirect(format!("/{folder}"), format!("/{folder}/")));
            }
        }
        if files.has_room("app") {
            config.service(web::redirect("/", "/app/"));
        }
    }

    fn find(&self, address: &str) -> Option<(String, &WebFile)> {
        let mut path = address.trim_start_matches('/').to_owned();
        if path.ends_with('/') {
            path.push_str("index.html");
        }
        let file = self.files.get(&path)?;
        Some((path, file))
    }
}

/// Answers with a file in the smallest form that the caller takes.
async fn read(request: HttpRequest, files: Data<WebFiles>) -> HttpResponse {
    let Some((path, file)) = files.find(request.path()) else {
        return HttpResponse::NotFound()
            .insert_header((header::CACHE_CONTROL, "no-store"))
            .finish();
    };
    let forms = [("br", &file.brotli), ("gzip", &file.gzip)];
    let compressed = forms.into_iter().find_map(|(name, form)| {
        form.as_ref()
            .filter(|_| takes(request.headers(), name))
            .map(|form| (Some(name), form))
    });
    let Some((encoding, form)) = compressed.or_else(|| file.plain.as_ref().map(|form| (None, form))) else {
        return HttpResponse::NotFound().finish();
    };
    let is_known = is_known(request.headers(), &form.tag);
    let mut response = if is_known {
        HttpResponse::NotModified()
    } else {
        HttpResponse::Ok()
    };
    let caching = if path.starts_with(HASHED_FOLDER) {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    response
        .insert_header((header::ETAG, form.tag.as_str()))
        .insert_header((header::CACHE_CONTROL, caching))
        .insert_header((header::VARY, "Accept-Encoding"))
        .insert_header((header::CONTENT_SECURITY_POLICY, files.policy.as_str()))
        .insert_header((header::REFERRER_POLICY, "no-referrer"))
        .insert_header((header::PERMISSIONS_POLICY, PERMISSIONS_POLICY))
        .insert_header((header::CROSS_ORIGIN_OPENER_POLICY, "same-origin"))
        .insert_header((header::X_FRAME_OPTIONS, "DENY"));
    if is_known {
        return response.finish();
    }
    response.content_type(content_type(&path));
    if let Some(encoding) = encoding {
        response.insert_header((header::CONTENT_ENCODING, encoding));
    }
    response.body(form.bytes.clone())
}

/// Whether Accept-Encoding names the coding and does not give it a weight of zero.
fn takes(headers: &HeaderMap, coding: &str) -> bool {
    let values = headers.get_all(header::ACCEPT_ENCODING);
    values.filter_map(|value| value.to_str().ok()).any(|value| {
        value.split(',').any(|part| {
            let (name, parameters) = part.split_once(';').unwrap_or((part, ""));
            let weight = parameters.trim().strip_prefix("q=").map_or(Ok(1.0), str::parse::<f32>);
            name.trim().eq_ignore_ascii_case(coding) && weight.is_ok_and(|weight| weight > 0.0)
        })
    })
}

/// By the ending; what is not known is bytes, which no browser runs.
fn content_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map_or("", |(_, ending)| ending) {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::dev::ServiceResponse;
    use actix_web::test::{TestRequest, call_service, init_service, read_body};

    fn planted() -> Data<WebFiles> {
        let contents = [
            ("app/index.html", "<!doctype html>"),
            ("app/sw.js", "//"),
            ("assets/app-1234.js", "let x"),
            ("assets/app-1234.js.br", "brotli"),
            ("assets/app-1234.js.gz", "gzip"),
        ];
        Data::new(WebFiles::of(
            contents.map(|(path, text)| (path.to_owned(), Cow::Borrowed(text.as_bytes()))),
        ))
    }

    async fn asked(address: &str, headers: &[(&str, &str)]) -> ServiceResponse {
        let files = planted();
        let service = init_service(actix_web::App::new().configure(|config| WebFiles::configure(&files, config))).await;
        let mut request = TestRequest::get().uri(address);
        for (name, value) in headers {
            request = request.insert_header((*name, *value));
        }
        call_service(&service, request.to_request()).await
    }

    fn header_of<'a>(response: &'a ServiceResponse, name: &str) -> &'a str {
        response.headers().get(name).map_or("", |value| value.to_str().unwrap())
    }

    #[actix_web::test]
    async fn web_files_come_in_the_smallest_form_that_is_taken() {
        for (accepted, coding, body) in [
            ("gzip, deflate, br, zstd", "br", "brotli"),
            ("gzip;q=0.8, br;q=0", "gzip", "gzip"),
            ("identity", "", "let x"),
            ("", "", "let x"),
        ] {
            let response = asked("/assets/app-1234.js", &[("accept-encoding", accepted)]).await;
            assert_eq!(header_of(&response, "content-encoding"), coding, "{accepted}");
            assert_eq!(header_of(&response, "vary"), "Accept-Encoding");
            assert_eq!(header_of(&response, "content-type"), "text/javascript; charset=utf-8");
            assert_eq!(
                header_of(&response, "cache-control"),
                "public, max-age=31536000, immutable"
            );
            assert_eq!(read_body(response).await, body.as_bytes(), "{accepted}");
        }
        assert_eq!(asked("/assets/app-1234.js.br", &[]).await.status(), 404);
    }

    #[actix_web::test]
    async fn web_pages_are_asked_for_anew_and_not_sent_again() {
        let first = asked("/app/", &[]).await;
        assert_eq!(header_of(&first, "cache-control"), "no-cache");
        let tag = header_of(&first, "etag").to_owned();
        let second = asked("/app/", &[("if-none-match", &format!("\"other\", W/{tag}"))]).await;
        assert_eq!(
            (second.status().as_u16(), header_of(&second, "etag")),
            (304, tag.as_str())
        );
        assert!(read_body(second).await.is_empty());
        assert_eq!(asked("/app/", &[("if-none-match", "\"other\"")]).await.status(), 200);
    }

    #[actix_web::test]
    async fn web_pages_may_do_nothing_that_leads_elsewhere() {
        for address in ["/app/", "/app/sw.js"] {
            let response = asked(address, &[]).await;
            let policy = header_of(&response, "content-security-policy");
            assert!(policy.starts_with("default-src 'none'; "), "{policy}");
            assert!(!policy.contains("unsafe") && !policy.contains("http"), "{policy}");
            assert!(header_of(&response, "permissions-policy").starts_with("geolocation=(self)"));
            assert_eq!(header_of(&response, "referrer-policy"), "no-referrer");
        }
    }

    #[test]
    fn a_tile_server_is_let_in_for_pictures_and_calls_and_for_nothing_else() {
        let policy = content_security_policy(Some("https://tiles.example"));
        let with: Vec<&str> = policy
            .split("; ")
            .filter(|part| part.contains("https://tiles.example"))
            .collect();
        assert_eq!(
            with,
            [
                "connect-src 'self' https://tiles.example",
                "img-src 'self' data: https://tiles.example"
            ]
        );
        assert_eq!(
            policy.replace(" https://tiles.example", ""),
            content_security_policy(None)
        );
    }

    #[actix_web::test]
    async fn web_addresses_without_a_file_are_not_found_and_the_door_leads_to_the_phone() {
        for address in ["/app/assets/none.js", "/app/../Cargo.toml", "/assets/"] {
            assert_eq!(asked(address, &[]).await.status(), 404, "{address}");
        }
        for door in ["/", "/app"] {
            let response = asked(door, &[]).await;
            assert_eq!(
                (response.status().as_u16(), header_of(&response, "location")),
                (307, "/app/")
            );
        }
    }
}
