//! Entity tags: the name of a file's bytes, so that nobody is sent what they hold already.

use crate::domain::digest::Digest;
use actix_web::http::header;
use actix_web::http::header::HeaderMap;

/// A strong tag of these bytes.
pub(crate) fn tag_of(bytes: &[u8]) -> String {
    tag_of_digest(&Digest::of(bytes))
}

/// The same tag, of bytes whose digest is known.
pub(crate) fn tag_of_digest(digest: &Digest) -> String {
    let digest = digest.to_string();
    format!("\"{}\"", digest.get(..32).unwrap_or_default())
}

/// Whether the caller holds these bytes already.
pub(crate) fn is_known(headers: &HeaderMap, tag: &str) -> bool {
    let values = headers.get_all(header::IF_NONE_MATCH);
    values.filter_map(|value| value.to_str().ok()).any(|value| {
        value
            .split(',')
            .map(|known| known.trim().trim_start_matches("W/"))
            .any(|known| known == tag || known == "*")
    })
}
