//! Fields of bodies that many calls share: texts of people, codes.

use crate::app::error::Error;
use crate::domain::access::AgencyCode;
use crate::domain::activity::sentence::of_text;
use crate::domain::language::Language;
use crate::domain::text::bounded;

/// A text trimmed and checked, or the field named with what is wrong.
pub(crate) fn text(field: &str, text: &str, minimum: usize, maximum: usize) -> Result<String, Error> {
    bounded(text, minimum, maximum).map_err(|error| {
        Error::field(
            field,
            error.code(),
            of_text(error, Language::Indonesian),
            of_text(error, Language::English),
        )
    })
}

/// A text that may be absent; a blank one is absent too.
pub(crate) fn optional_text(field: &str, given: Option<&str>, maximum: usize) -> Result<Option<String>, Error> {
    let checked = text(field, given.unwrap_or(""), 0, maximum)?;
    Ok((!checked.is_empty()).then_some(checked))
}

/// An agency's code in a body.
pub(crate) fn agency_code(field: &str, given: &str) -> Result<AgencyCode, Error> {
    AgencyCode::parse(given).ok().ok_or_else(|| {
        Error::field(
            field,
            "malformed",
            "Kode perangkat daerah terdiri dari 1 sampai 20 huruf, angka, titik dan garis hubung.",
            "An agency code is 1 to 20 letters, digits, dots and hyphens.",
        )
    })
}
