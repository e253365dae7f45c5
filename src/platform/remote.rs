//! The way to another instance's public API: signs in, asks, sends pieces.

use crate::platform::web_client;
use serde::Deserialize;
use std::fmt;
use std::path::Path;
use std::time::Duration;
use ureq::Agent;
use ureq::tls::{PemItem, RootCerts, parse_pem};

/// How long a call may take.
const PATIENCE: Duration = Duration::from_mins(2);
/// Most bytes of an answer.
const MOST_ANSWER_BYTES: u64 = 1 << 20;

/// An instance, and the account by which it is called. The password is never shown.
pub struct Remote {
    agent: Agent,
    base_url: String,
    username: String,
    password: String,
}

impl fmt::Debug for Remote {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Remote({})", self.base_url)
    }
}

/// The instance can't be called by these settings.
#[derive(Debug, thiserror::Error)]
pub enum RemoteSetupError {
    /// Neither `https://` nor, for a trial, `http://` before the address.
    #[error("the address must begin with https:// (or http:// on a network of one's own)")]
    Address,
    /// The file of certificates can't be read or holds none.
    #[error("the file of certificates can't be read or holds none")]
    Certificates,
}

/// A call got no answer that counts.
#[derive(Debug, thiserror::Error)]
pub enum RemoteError {
    /// No connection, or it was cut.
    #[error("no answer: {0}")]
    Unreachable(#[from] ureq::Error),
    /// The account was not signed in.
    #[error("the sign-in was answered {0}")]
    SignIn(u16),
}

/// What came back.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Whether it is plain text and not JSON.
    pub is_text: bool,
    /// Its body.
    pub body: Vec<u8>,
}

/// A remote instance with a session.
#[derive(Debug)]
pub struct Signed<'a> {
    remote: &'a Remote,
    token: Token,
}

struct Token(String);

impl fmt::Debug for Token {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Token(hidden)")
    }
}

#[derive(Deserialize)]
struct Session {
    access_token: String,
}

impl Remote {
    /// The instance at `base_url`. With `certificates`, a PEM file, those are trusted and no others.
    pub fn new(
        base_url: &str,
        username: String,
        password: String,
        certificates: Option<&Path>,
    ) -> Result<Self, RemoteSetupError> {
        if !base_url.starts_with("https://") && !base_url.starts_with("http://") {
            return Err(RemoteSetupError::Address);
        }
        let roots = certificates.map(roots).transpose()?;
        Ok(Self {
            agent: web_client::agent(PATIENCE, roots.unwrap_or(RootCerts::WebPki)),
            base_url: base_url.trim_end_matches('/').to_owned(),
            username,
            password,
        })
    }

    /// Where it is.
    pub fn address(&self) -> &str {
        &self.base_url
    }

    /// Signs in anew.
    pub fn sign_in(&self) -> Result<Signed<'_>, RemoteError> {
        let body = serde_json::json!({ "username": self.username, "password": self.password });
        let request = ureq::http::Request::builder()
            .method("POST")
            .uri(format!("{}/v1/sessions", self.base_url))
            .header("content-type", "application/json")
            .body(body.to_string().into_bytes());
        let answer = answer(self.agent.run(request.map_err(ureq::Error::from)?)?)?;
        let session: Option<Session> = serde_json::from_slice(&answer.body).ok();
        match session {
            Some(session) if answer.status == 200 => Ok(Signed {
                remote: self,
                token: Token(session.access_token),
            }),
            Some(_) | None => Err(RemoteError::SignIn(answer.status)),
        }
    }
}

impl Signed<'_> {
    /// GET.
    pub fn get(&self, path: &str) -> Result<Answer, RemoteError> {
        let request = self.request("GET", path).body(()).map_err(ureq::Error::from)?;
        answer(self.remote.agent.run(request)?)
    }

    /// PUT of bytes.
    pub fn put(&self, path: &str, bytes: &[u8]) -> Result<Answer, RemoteError> {
        let request = self
            .request("PUT", path)
            .header("content-type", "application/octet-stream")
            .body(bytes.to_vec())
            .map_err(ureq::Error::from)?;
        answer(self.remote.agent.run(request)?)
    }

    /// POST of JSON.
    pub fn post(&self, path: &str, body: &serde_json::Value) -> Result<Answer, RemoteError> {
        let request = self
            .request("POST", path)
            .header("content-type", "application/json")
            .body(body.to_string().into_bytes())
            .map_err(ureq::Error::from)?;
        answer(self.remote.agent.run(request)?)
    }

    fn request(&self, method: &str, path: &str) -> ureq::http::request::Builder {
        ureq::http::Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.remote.base_url))
            .header("authorization", format!("Bearer {}", self.token.0))
    }
}

fn answer(mut response: ureq::http::Response<ureq::Body>) -> Result<Answer, RemoteError> {
    let kind = response
        .headers()
        .get("content-type")
        .and_then(|kind| kind.to_str().ok());
    Ok(Answer {
        status: response.status().as_u16(),
        is_text: kind.is_some_and(|kind| kind.starts_with("text/plain")),
        body: response
            .body_mut()
            .with_config()
            .limit(MOST_ANSWER_BYTES)
            .read_to_vec()?,
    })
}

fn roots(path: &Path) -> Result<RootCerts, RemoteSetupError> {
    let pem = std::fs::read(path).map_err(|_cause| RemoteSetupError::Certificates)?;
    let mut certificates = Vec::new();
    for item in parse_pem(&pem) {
        if let PemItem::Certificate(certificate) = item.map_err(|_cause| RemoteSetupError::Certificates)? {
            certificates.push(certificate);
        }
    }
    if certificates.is_empty() {
        return Err(RemoteSetupError::Certificates);
    }
    Ok(RootCerts::new_with_certs(&certificates))
}
