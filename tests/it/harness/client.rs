//! A client of the public API, and the answers that it gets.

use super::people::PASSWORD;
use actix_web::web::Data;
use serde_json::Value;
use sherlok::app::App;
use sherlok::app::role::NewAccount;
use sherlok::app::sign_in::Password;
use sherlok::domain::access::{Grant, Role};
use std::time::Duration;
use ureq::http::{HeaderMap, Request};

/// Someone who calls, signed in or not.
#[derive(Clone)]
pub(crate) struct Client {
    agent: ureq::Agent,
    base_url: String,
    pub(crate) token: Option<String>,
    pub(crate) refresh_token: Option<String>,
    credentials: Option<(String, String)>,
    headers: Vec<(String, String)>,
    app: Option<Data<App>>,
}

/// What came back.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) bytes: Vec<u8>,
    call: String,
}

impl Client {
    pub(crate) fn new(base_url: &str) -> Self {
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .allow_non_standard_methods(true)
            .timeout_global(Some(Duration::from_mins(1)))
            .build();
        Self {
            agent: config.into(),
            base_url: base_url.to_owned(),
            token: None,
            refresh_token: None,
            credentials: None,
            headers: Vec::new(),
            app: None,
        }
    }

    /// The same client with one more header on every call.
    pub(crate) fn with_header(&self, name: &str, value: &str) -> Self {
        let mut client = self.clone();
        client.headers.push((name.to_owned(), value.to_owned()));
        client
    }

    /// The same client with another bearer token.
    pub(crate) fn with_token(&self, token: &str) -> Self {
        Self {
            token: Some(token.to_owned()),
            ..self.clone()
        }
    }

    /// The same person at another instance.
    pub(crate) fn at(&self, base_url: &str) -> Self {
        Self {
            base_url: base_url.to_owned(),
            ..self.clone()
        }
    }

    /// Signs in and keeps the tokens.
    pub(crate) fn sign_in(&mut self, username: &str, password: &str) -> Answer {
        let answer = self.post(
            "/v1/sessions",
            &serde_json::json!({ "username": username, "password": password }),
        );
        if answer.status == 200 {
            let body = answer.json();
            self.token = body["access_token"].as_str().map(str::to_owned);
            self.refresh_token = body["refresh_token"].as_str().map(str::to_owned);
            self.credentials = Some((username.to_owned(), password.to_owned()));
        }
        answer
    }

    /// The same client, which can bring a colleague of the same service.
    pub(crate) fn of(self, app: &Data<App>) -> Self {
        Self {
            app: Some(app.clone()),
            ..self
        }
    }

    /// An officer of BKD who issues what this one drafted; made when the first one is asked for.
    pub(crate) fn colleague(&self) -> Self {
        let username = "bkd-penerbit";
        let account = NewAccount {
            username: username.to_owned(),
            display_name: username.to_owned(),
            password: Password::new(PASSWORD.to_owned()),
            grants: vec![Grant {
                role: Role::BkdOfficer,
                agency: None,
            }],
        };
        // From the second time on it is there already.
        drop(self.app.as_ref().unwrap().add_account(&account));
        let mut client = Self::new(&self.base_url);
        client.sign_in(username, PASSWORD).expect(200);
        client
    }

    /// Signs in again as the same person: access tokens do not live through a moved clock.
    pub(crate) fn renew(&mut self) {
        let (username, password) = self.credentials.clone().unwrap();
        self.sign_in(&username, &password).expect(200);
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        self.send("GET", path, None, &[])
    }

    pub(crate) fn delete(&self, path: &str) -> Answer {
        self.send("DELETE", path, None, &[])
    }

    pub(crate) fn post(&self, path: &str, body: &Value) -> Answer {
        self.send("POST", path, Some("application/json"), body.to_string().as_bytes())
    }

    pub(crate) fn put(&self, path: &str, body: &Value) -> Answer {
        self.send("PUT", path, Some("application/json"), body.to_string().as_bytes())
    }

    /// A call to a service that may be gone.
    pub(crate) fn try_get(&self, path: &str) -> Option<Answer> {
        self.try_send("GET", path, None, &[]).ok()
    }

    /// A call to a service that may be killed while it works.
    pub(crate) fn try_post(&self, path: &str, body: &Value) -> Option<Answer> {
        self.try_send("POST", path, Some("application/json"), body.to_string().as_bytes())
            .ok()
    }

    /// Reads an answer to its end without keeping it; gives its length. The answer must be a 200.
    pub(crate) fn count_bytes(&self, path: &str) -> u64 {
        let mut request = Request::builder().uri(format!("{}{path}", self.base_url));
        if let Some(token) = &self.token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        let mut response = self.agent.run(request.body(()).unwrap()).unwrap();
        assert_eq!(response.status().as_u16(), 200, "{path}");
        let mut body = response.body_mut().with_config().limit(u64::MAX).reader();
        std::io::copy(&mut body, &mut std::io::sink()).unwrap()
    }

    /// Begins to read an answer that has no end; it must be a 200. Reading gives up a minute after it began.
    pub(crate) fn follow(&self, path: &str) -> impl std::io::Read + Send + use<> {
        let mut request = Request::builder().uri(format!("{}{path}", self.base_url));
        if let Some(token) = &self.token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        let response = self.agent.run(request.body(()).unwrap()).unwrap();
        assert_eq!(response.status().as_u16(), 200, "{path}");
        assert_eq!(response.headers()["content-type"], "text/event-stream", "{path}");
        response.into_body().into_reader()
    }

    /// Any call with any bytes.
    pub(crate) fn send(&self, method: &str, path: &str, content_type: Option<&str>, bytes: &[u8]) -> Answer {
        self.try_send(method, path, content_type, bytes)
            .unwrap_or_else(|error| panic!("{method} {path}: {error}"))
    }

    fn try_send(
        &self,
        method: &str,
        path: &str,
        content_type: Option<&str>,
        bytes: &[u8],
    ) -> Result<Answer, ureq::Error> {
        let mut request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.base_url));
        if let Some(token) = &self.token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        if let Some(content_type) = content_type {
            request = request.header("content-type", content_type);
        }
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        let request = request.body(bytes.to_vec()).unwrap();
        let mut response = self.agent.run(request)?;
        // A stream of events has no end to wait for.
        let has_end = response
            .headers()
            .get("content-type")
            .is_none_or(|kind| kind != "text/event-stream");
        let bytes = if has_end {
            let body = response.body_mut().with_config();
            body.limit(512 * 1024 * 1024).read_to_vec()?
        } else {
            Vec::new()
        };
        let call = format!("{method} {path}");
        Ok(Answer {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            bytes,
            call,
        })
    }
}

impl Answer {
    /// The body as JSON.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or_else(|_| panic!("{}: {} {}", self.call, self.status, self.text()))
    }

    /// The body as text.
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    /// A header's value, empty if it is not there.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or("")
    }

    /// Demands a status; gives the body as JSON, `null` where there is none.
    #[track_caller]
    pub(crate) fn expect(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}: {}", self.call, self.text());
        if self.bytes.is_empty() || !self.header("content-type").contains("json") {
            Value::Null
        } else {
            self.json()
        }
    }

    /// Demands a problem of a status and code; gives it.
    #[track_caller]
    pub(crate) fn problem(&self, status: u16, code: &str) -> Value {
        let body = self.expect(status);
        assert_eq!(self.header("content-type"), "application/problem+json", "{}", self.call);
        assert_eq!(body["code"], code, "{}: {body}", self.call);
        body
    }

    /// Demands a problem that names a field.
    #[track_caller]
    pub(crate) fn names_field(&self, status: u16, field: &str) -> Value {
        let body = self.expect(status);
        let fields = body["fields"].as_array().cloned().unwrap_or_default();
        assert!(
            fields.iter().any(|named| named["field"] == field),
            "{}: {field} is not named in {body}",
            self.call
        );
        body
    }
}
