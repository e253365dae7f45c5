//! Request bodies: read only once a permission is at hand, bounded, drained when too large, and precise about what is wrong.

use crate::app::error::Code;
use crate::app::error::Error;
use crate::app::error::FieldError;
use crate::domain::access::Scope;
use crate::http::nul;
use crate::http::problem::Problem;
use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::web::{Bytes, BytesMut};
use actix_web::{FromRequest, HttpRequest};
use futures_util::StreamExt;
use garde::Validate;
use serde::de::DeserializeOwned;
use std::future::{Ready, ready};
use std::time::Duration;
use tokio::time::{Instant, timeout_at};

/// Largest JSON body, bytes.
pub const JSON_LIMIT: usize = 1_048_576;
/// What is read on and thrown away beyond a limit, so that the client gets to read the refusal.
const DRAIN_LIMIT: usize = 32 * 1_048_576;

/// How long a body may take whatever its size; a request's head has as long (`server.rs`).
const PATIENCE: Duration = Duration::from_secs(20);
/// How much longer it may take for each byte that came: 500 bytes a second, less than the poorest phone network gives.
const PATIENCE_PER_BYTE: Duration = Duration::from_millis(2);

/// A body that has not been read yet.
pub struct Body {
    payload: Payload,
    content_type: String,
}

impl std::fmt::Debug for Body {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Body(unread)")
    }
}

impl FromRequest for Body {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let content_type = request
            .headers()
            .get(header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .map(|value| value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase())
            .unwrap_or_default();
        ready(Ok(Self {
            payload: payload.take(),
            content_type,
        }))
    }
}

impl Body {
    /// The media type that the client names, lower case, without parameters.
    pub fn content_type(&self) -> &str {
        &self.content_type
    }

    /// Reads and checks a JSON body for a caller who was allowed in.
    pub async fn json<T: DeserializeOwned + Validate<Context = ()>>(self, _scope: &Scope) -> Result<T, Problem> {
        self.public_json().await
    }

    /// Like [`Body::json`], for a call that may come without a body: the default then.
    pub async fn json_or_default<T: Default + DeserializeOwned + Validate<Context = ()>>(
        self,
        scope: &Scope,
    ) -> Result<T, Problem> {
        if !self.content_type.is_empty() {
            return self.json(scope).await;
        }
        let bytes = self.read(JSON_LIMIT).await?;
        if bytes.is_empty() {
            Ok(T::default())
        } else {
            Err(Error::Refused(Code::UnsupportedMediaType).into())
        }
    }

    /// Like [`Body::json`], for a list whose items [`from_value`] takes or refuses one by one: what no text may hold is
    /// looked for there, so that one item does not spoil the others.
    pub async fn json_of_items<T: DeserializeOwned + Validate<Context = ()>>(
        self,
        _scope: &Scope,
    ) -> Result<T, Problem> {
        self.check_json()?;
        read_whole(&self.read(JSON_LIMIT).await?)
    }

    /// Like [`Body::json`], also giving the bytes as they came, for calls that may be repeated under a key.
    pub async fn json_and_bytes<T: DeserializeOwned + Validate<Context = ()>>(
        self,
        _scope: &Scope,
    ) -> Result<(T, Bytes), Problem> {
        self.check_json()?;
        let bytes = self.read(JSON_LIMIT).await?;
        Ok((parse(&bytes)?, bytes))
    }

    /// Reads and checks a JSON body of a call that needs no permission: signing in.
    pub async fn public_json<T: DeserializeOwned + Validate<Context = ()>>(self) -> Result<T, Problem> {
        self.check_json()?;
        let bytes = self.read(JSON_LIMIT).await?;
        parse(&bytes)
    }

    /// Reads a body of any type, up to `limit` bytes, for a caller who was allowed in.
    pub async fn bytes(self, _scope: &Scope, limit: usize) -> Result<Bytes, Problem> {
        self.read(limit).await
    }

    /// Reads a body of any type, up to `limit` bytes, of a call that proves itself by what it brings.
    pub async fn public_bytes(self, limit: usize) -> Result<Bytes, Problem> {
        self.read(limit).await
    }

    fn check_json(&self) -> Result<(), Problem> {
        let is_json = self.content_type == "application/json" || self.content_type.ends_with("+json");
        if is_json {
            Ok(())
        } else {
            Err(Error::Refused(Code::UnsupportedMediaType).into())
        }
    }

    async fn read(mut self, limit: usize) -> Result<Bytes, Problem> {
        let mut body = BytesMut::new();
        let mut seen: usize = 0;
        let mut deadline = Instant::now() + PATIENCE;
        loop {
            let next = timeout_at(deadline, self.payload.next()).await;
            // A client that sends a byte now and then would hold its connection for ever.
            let Some(chunk) = next.map_err(|_elapsed| Error::Refused(Code::BodyIncomplete))? else {
                break;
            };
            let chunk = chunk.map_err(|_cause| Error::Refused(Code::BodyIncomplete))?;
            deadline += PATIENCE_PER_BYTE.saturating_mul(u32::try_from(chunk.len()).unwrap_or(u32::MAX));
            seen = seen.saturating_add(chunk.len());
            if seen > DRAIN_LIMIT.max(limit) {
                break;
            }
            if seen <= limit {
                body.extend_from_slice(&chunk);
            }
        }
        if seen > limit {
            Err(Error::Refused(Code::BodyTooLarge).into())
        } else {
            Ok(body.freeze())
        }
    }
}

fn parse<T: DeserializeOwned + Validate<Context = ()>>(bytes: &[u8]) -> Result<T, Problem> {
    nul::refuse_in_json(bytes)?;
    read_whole(bytes)
}

fn read_whole<T: DeserializeOwned + Validate<Context = ()>>(bytes: &[u8]) -> Result<T, Problem> {
    // Serde would also read a struct from an array of its fields.
    if bytes.trim_ascii_start().first() == Some(&b'[') {
        return Err(not_an_object().into());
    }
    // To follow where it stands costs as much as reading: only what can't be read is read again, to say what is wrong.
    if let Ok(value) = serde_json::from_slice(bytes) {
        return Ok(check(value)?);
    }
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let value = read_value(&mut deserializer)?;
    deserializer
        .end()
        .map_err(|_cause| Error::Refused(Code::MalformedJson))?;
    Ok(check(value)?)
}

/// Reads and checks one value of a list whose items are taken or refused one by one.
pub(crate) fn from_value<T: DeserializeOwned + Validate<Context = ()>>(value: serde_json::Value) -> Result<T, Error> {
    if value.is_object() {
        nul::refuse_in_value(&value)?;
        check(read_value(value)?)
    } else {
        Err(not_an_object())
    }
}

fn not_an_object() -> Error {
    Error::field(
        ".",
        "wrong_type",
        "Isinya harus berupa objek JSON.",
        "A JSON object is needed.",
    )
}

fn read_value<'de, T: serde::Deserialize<'de>>(
    deserializer: impl serde::Deserializer<'de, Error = serde_json::Error>,
) -> Result<T, Error> {
    serde_path_to_error::deserialize(deserializer).map_err(|error| {
        let field = error.path().to_string();
        let cause = error.into_inner();
        match cause.classify() {
            serde_json::error::Category::Data => Error::Invalid(vec![unreadable(&field, &cause.to_string())]),
            serde_json::error::Category::Io
            | serde_json::error::Category::Syntax
            | serde_json::error::Category::Eof => Error::Refused(Code::MalformedJson),
        }
    })
}

fn check<T: Validate<Context = ()>>(value: T) -> Result<T, Error> {
    value.validate().map_err(|report| {
        let fields = report
            .iter()
            .map(|(path, error)| {
                FieldError::new(
                    path.to_string(),
                    "out_of_limits",
                    "Isian ini di luar batas yang diperbolehkan.",
                    format!("Out of limits: {}.", error.message()),
                )
            })
            .collect();
        Error::Invalid(fields)
    })?;
    Ok(value)
}

/// Serde's own sentence names the expected type; its position in the text helps nobody.
pub(super) fn unreadable(field: &str, sentence: &str) -> FieldError {
    let sentence = sentence.split(" at line ").next().unwrap_or_default();
    let quoted = |prefix: &str| {
        sentence
            .strip_prefix(prefix)
            .and_then(|rest| rest.split('`').next())
            .map(str::to_owned)
    };
    let within = |name: String| {
        if field == "." { name } else { format!("{field}.{name}") }
    };
    if let Some(missing) = quoted("missing field `") {
        return FieldError::new(
            within(missing),
            "missing",
            "Isian ini wajib ada.",
            "This field is required.",
        );
    }
    if let Some(repeated) = quoted("duplicate field `") {
        return FieldError::new(
            within(repeated),
            "repeated",
            "Isian ini ditulis dua kali.",
            "This field is given twice.",
        );
    }
    if quoted("unknown field `").is_some() {
        return FieldError::new(
            field,
            "unknown_field",
            "Isian ini tidak dikenal.",
            "This field is not known here.",
        );
    }
    FieldError::new(
        field,
        "wrong_type",
        "Isi atau jenis isian ini tidak sesuai.",
        format!("Not as expected: {sentence}."),
    )
}
