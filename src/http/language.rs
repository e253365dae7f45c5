//! The language that a caller asks for.

use crate::domain::language::Language;
use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::{FromRequest, HttpRequest};
use std::convert::Infallible;
use std::future::{Ready, ready};

/// The language of sentences in an answer; asking for none is never wrong.
#[derive(Clone, Copy, Debug)]
pub struct Spoken(pub Language);

impl FromRequest for Spoken {
    type Error = Infallible;
    type Future = Ready<Result<Self, Infallible>>;

    fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        ready(Ok(Self(language_of(request))))
    }
}

/// By Accept-Language: whichever of `id` and `en` has the greater weight; Indonesian on a tie.
pub fn language_of(request: &HttpRequest) -> Language {
    let value = request
        .headers()
        .get(header::ACCEPT_LANGUAGE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or("");
    let mut best = (0.0, Language::Indonesian);
    for part in value.split(',') {
        let (tag, parameters) = part.split_once(';').unwrap_or((part, ""));
        let weight: f32 = parameters
            .trim()
            .strip_prefix("q=")
            .map_or(Ok(1.0), str::parse)
            .unwrap_or(0.0);
        let language = match tag.trim().split('-').next().unwrap_or("") {
            "en" => Language::English,
            "id" => Language::Indonesian,
            _ => continue,
        };
        if weight > best.0 || (weight >= best.0 && language == Language::Indonesian) {
            best = (weight, language);
        }
    }
    best.1
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    #[test]
    fn the_greater_weight_wins_and_indonesian_a_tie() {
        let spoken = |value: &str| {
            let request = TestRequest::default().insert_header((header::ACCEPT_LANGUAGE, value));
            language_of(&request.to_http_request())
        };
        assert_eq!(spoken("en-GB,en;q=0.9,id;q=0.8"), Language::English);
        assert_eq!(spoken("en;q=0.5, id-ID;q=0.5"), Language::Indonesian);
        assert_eq!(spoken("fr"), Language::Indonesian);
        assert_eq!(spoken(""), Language::Indonesian);
    }
}
