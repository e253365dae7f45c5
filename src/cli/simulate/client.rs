//! A client of the public API: signs in, keeps its token fresh, and turns refusals into errors with their problem.

use serde_json::Value;
use serde_json::json;
use std::fmt;
use std::time::Duration;
use ureq::Agent;
use ureq::http::Response;

/// How a call ended that did not go well.
#[derive(Debug, thiserror::Error)]
pub enum CallError {
    /// The service answered with a problem. Its text holds no personal data (the service's own rule).
    #[error("{call} was answered {status}: {problem}")]
    Refused {
        /// Method and path.
        call: String,
        /// HTTP status.
        status: u16,
        /// The body, RFC 9457.
        problem: String,
    },
    /// There was no answer, or none that can be read.
    #[error("{call} got no answer")]
    Unreachable {
        /// Method and path.
        call: String,
        /// Why.
        #[source]
        source: ureq::Error,
    },
    /// An answer lacks something that it should have.
    #[error("{call} answered without {missing}")]
    Incomplete {
        /// Method and path.
        call: String,
        /// The field.
        missing: &'static str,
    },
}

impl CallError {
    /// The status of a refusal.
    pub const fn status(&self) -> Option<u16> {
        match self {
            Self::Refused { status, .. } => Some(*status),
            Self::Unreachable { .. } | Self::Incomplete { .. } => None,
        }
    }
}

/// The way to one service.
#[derive(Clone, Debug)]
pub struct Client {
    agent: Agent,
    base_url: String,
}

/// Whoever signed in, with what keeps them signed in.
#[derive(Clone)]
pub struct Session {
    client: Client,
    access_token: String,
    refresh_token: String,
}

/// Tokens must not slip into a log through `Debug`.
impl fmt::Debug for Session {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Session(hidden)")
    }
}

/// What a call carries.
#[derive(Clone, Copy, Debug)]
pub enum Body<'a> {
    /// Nothing.
    Empty,
    /// JSON.
    Json(&'a Value),
    /// A file with its media type.
    File(&'static str, &'a [u8]),
}

impl Client {
    /// A client of the service at `base_url`, as `http://127.0.0.1:8080`.
    pub fn new(base_url: &str) -> Self {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(Duration::from_mins(1)))
            .build();
        Self {
            agent: config.new_agent(),
            base_url: base_url.trim_end_matches('/').to_owned(),
        }
    }

    /// Signs in from a device.
    pub fn sign_in(&self, username: &str, password: &str, device_id: &str) -> Result<Session, CallError> {
        let body = json!({ "username": username, "password": password, "device_id": device_id });
        let answer = self.call("POST", "/v1/sessions", &[], Body::Json(&body))?;
        Session::new(self.clone(), &answer)
    }

    /// Calls without a session and gives the JSON of the answer; `Null` where it has none.
    pub fn call(&self, method: &str, path: &str, headers: &[(&str, &str)], body: Body<'_>) -> Result<Value, CallError> {
        let bytes = self.bytes(method, path, headers, body)?;
        Ok(serde_json::from_slice(&bytes).unwrap_or(Value::Null))
    }

    fn bytes(&self, method: &str, path: &str, headers: &[(&str, &str)], body: Body<'_>) -> Result<Vec<u8>, CallError> {
        let call = format!("{method} {path}");
        let unreachable = |source| CallError::Unreachable {
            call: call.clone(),
            source,
        };
        let mut answer = self.send(method, path, headers, body).map_err(unreachable)?;
        let bytes = answer
            .body_mut()
            .with_config()
            .limit(64 << 20)
            .read_to_vec()
            .map_err(unreachable)?;
        let status = answer.status().as_u16();
        if (200..300).contains(&status) {
            return Ok(bytes);
        }
        let problem = String::from_utf8_lossy(&bytes).into_owned();
        Err(CallError::Refused { call, status, problem })
    }

    fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Body<'_>,
    ) -> Result<Response<ureq::Body>, ureq::Error> {
        let mut request = ureq::http::Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.base_url));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        match body {
            Body::Empty => self.agent.run(request.body(())?),
            Body::Json(value) => {
                let bytes = value.to_string().into_bytes();
                self.agent
                    .run(request.header("content-type", "application/json").body(bytes)?)
            }
            Body::File(media_type, bytes) => self.agent.run(request.header("content-type", media_type).body(bytes)?),
        }
    }
}

impl Session {
    fn new(client: Client, answer: &Value) -> Result<Self, CallError> {
        Ok(Self {
            client,
            access_token: text(answer, "access_token", "POST /v1/sessions")?,
            refresh_token: text(answer, "refresh_token", "POST /v1/sessions")?,
        })
    }

    /// GET.
    pub fn get(&mut self, path: &str) -> Result<Value, CallError> {
        self.call("GET", path, &[], Body::Empty)
    }

    /// GET of a file.
    pub fn download(&mut self, path: &str) -> Result<Vec<u8>, CallError> {
        self.fresh(|client, bearer| client.bytes("GET", path, &[("authorization", bearer)], Body::Empty))
    }

    /// POST of JSON whose body carries an id of its own, or may be repeated anyway.
    pub fn post(&mut self, path: &str, body: &Value) -> Result<Value, CallError> {
        self.call("POST", path, &[], Body::Json(body))
    }

    /// Sends one share from a device.
    pub fn share(&mut self, device_id: &str, body: &Value) -> Result<Value, CallError> {
        self.call("POST", "/v1/check-ins", &[("x-device-id", device_id)], Body::Json(body))
    }

    /// POST of JSON; `key` makes a repetition safe.
    pub fn post_keyed(&mut self, path: &str, key: &str, body: &Value) -> Result<Value, CallError> {
        self.call("POST", path, &[("idempotency-key", key)], Body::Json(body))
    }

    /// A change of something that two people may edit, as of the `version` that was read.
    pub fn call_matching(&mut self, method: &str, path: &str, version: i64, body: &Value) -> Result<Value, CallError> {
        self.call(
            method,
            path,
            &[("if-match", &format!("\"{version}\""))],
            Body::Json(body),
        )
    }

    /// Any call as whoever signed in. A token that ran out is exchanged for a new one, once.
    pub fn call(
        &mut self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Body<'_>,
    ) -> Result<Value, CallError> {
        self.fresh(|client, bearer| {
            let mut all = headers.to_vec();
            all.push(("authorization", bearer));
            client.call(method, path, &all, body)
        })
    }

    fn fresh<T>(&mut self, call: impl Fn(&Client, &str) -> Result<T, CallError>) -> Result<T, CallError> {
        let answer = call(&self.client, &format!("Bearer {}", self.access_token));
        match answer {
            Err(error) if error.status() == Some(401) => {
                let body = json!({ "refresh_token": self.refresh_token });
                let tokens = self
                    .client
                    .call("POST", "/v1/sessions/refresh", &[], Body::Json(&body))?;
                *self = Self::new(self.client.clone(), &tokens)?;
                call(&self.client, &format!("Bearer {}", self.access_token))
            }
            Ok(_) | Err(_) => answer,
        }
    }
}

/// A text field that an answer must have.
pub fn text(answer: &Value, field: &'static str, call: &str) -> Result<String, CallError> {
    answer
        .get(field)
        .and_then(Value::as_str)
        .map(str::to_owned)
        .ok_or_else(|| CallError::Incomplete {
            call: call.to_owned(),
            missing: field,
        })
}
