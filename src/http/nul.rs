//! No text that comes in holds U+0000: PostgreSQL keeps none, and nobody means one.

use crate::app::error::Error;
use crate::domain::activity::sentence::of_text;
use crate::domain::language::Language;
use crate::domain::text::TextError;
use crate::http::problem::Problem;
use actix_web::ResponseError;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use serde_json::Value;

/// Refuses a JSON body in which a text or a name holds U+0000; names the field.
pub(crate) fn refuse_in_json(bytes: &[u8]) -> Result<(), Error> {
    // Raw, it is no JSON; escaped, it looks like this. What only looks like it is read whole, and let through.
    if !bytes.windows(6).any(|six| six == br"\u0000") {
        return Ok(());
    }
    serde_json::from_slice(bytes).map_or(Ok(()), |value| refuse_in_value(&value))
}

/// Like [`refuse_in_json`], for a body that was read already.
pub(crate) fn refuse_in_value(value: &Value) -> Result<(), Error> {
    match path(value) {
        None => Ok(()),
        Some(path) => Err(control_character(path.strip_prefix('.').unwrap_or(&path))),
    }
}

/// Where the first U+0000 is, if there is one: `.roles[0].agency`.
fn path(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => text.contains('\0').then(String::new),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .find_map(|(index, item)| path(item).map(|rest| format!("[{index}]{rest}"))),
        Value::Object(members) => members.iter().find_map(|(name, member)| {
            if name.contains('\0') {
                return Some(format!(".{}", name.replace('\0', "")));
            }
            path(member).map(|rest| format!(".{name}{rest}"))
        }),
        Value::Null | Value::Bool(_) | Value::Number(_) => None,
    }
}

/// Refuses an address that holds U+0000: nothing is called so.
pub(crate) async fn refuse_in_address(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let refusal = if request.path().contains("%00") {
        Some(Error::NotFound)
    } else if request.query_string().contains("%00") {
        Some(control_character(&parameter_with_nul(request.query_string())))
    } else {
        None
    };
    match refusal {
        Some(error) => Ok(request.into_response(Problem::from(error).error_response())),
        None => Ok(next.call(request).await?.map_into_boxed_body()),
    }
}

/// The name of the first parameter that holds U+0000, in its name or its value.
fn parameter_with_nul(query: &str) -> String {
    form_urlencoded::parse(query.as_bytes())
        .find(|(name, value)| name.contains('\0') || value.contains('\0'))
        .map_or_else(String::new, |(name, _)| name.replace('\0', ""))
}

fn control_character(field: &str) -> Error {
    let sentence = |language| of_text(TextError::Control, language);
    Error::field(
        field,
        TextError::Control.code(),
        sentence(Language::Indonesian),
        sentence(Language::English),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_field_is_named_wherever_it_is() {
        for (value, expected) in [
            (json!({ "note": "a\0b" }), "note"),
            (
                json!({ "roles": [{ "agency": "x" }, { "agency": "\0" }] }),
                "roles[1].agency",
            ),
            (json!({ "a": { "b\0": 1 } }), "a.b"),
        ] {
            let Err(Error::Invalid(fields)) = refuse_in_json(value.to_string().as_bytes()) else {
                panic!("{value} was let through");
            };
            assert_eq!(fields[0].field, expected);
        }
    }

    #[test]
    fn what_only_looks_like_it_is_let_through() {
        for text in [
            r#"{"note":"a\\u0000"}"#,
            r#"{"note":"\u0001"}"#,
            "{}",
            "no json \\u0000",
        ] {
            assert!(refuse_in_json(text.as_bytes()).is_ok(), "{text}");
        }
    }
}
