//! Calls to other servers: bytes there, status and bytes back, within bounds. Nothing is followed and nothing is kept.

use rustls::crypto::aws_lc_rs;
use std::sync::Arc;
use std::time::Duration;
use ureq::Agent;
use ureq::tls::{RootCerts, TlsConfig};

/// How long a call may take from its beginning to the end of its answer.
const TIMEOUT: Duration = Duration::from_secs(20);

/// There was no answer, or none within the bounds.
#[derive(Debug, thiserror::Error)]
#[error("there was no answer")]
pub struct Unreachable(#[source] ureq::Error);

/// What was answered.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// The body.
    pub bytes: Vec<u8>,
}

/// A caller of other servers, over HTTP or HTTPS with the public certificate authorities.
#[derive(Clone, Debug)]
pub struct WebClient {
    agent: Agent,
}

impl Default for WebClient {
    fn default() -> Self {
        Self {
            agent: agent(TIMEOUT, RootCerts::WebPki),
        }
    }
}

/// What calls other servers: over the TLS that the service itself speaks, no longer than `patience`, wherever it was sent
/// to and nowhere else.
pub(super) fn agent(patience: Duration, roots: RootCerts) -> Agent {
    let tls = TlsConfig::builder()
        .root_certs(roots)
        .unversioned_rustls_crypto_provider(Arc::new(aws_lc_rs::default_provider()))
        .build();
    Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .timeout_global(Some(patience))
        .tls_config(tls)
        .build()
        .new_agent()
}

impl WebClient {
    /// POST of a text; the answer has at most `limit` bytes.
    pub fn post_text(&self, address: &str, text: &str, limit: u64) -> Result<Answer, Unreachable> {
        let request = self
            .agent
            .post(address)
            .header("content-type", "text/plain; charset=utf-8");
        let mut answer = request.send(text).map_err(Unreachable)?;
        let bytes = answer.body_mut().with_config().limit(limit).read_to_vec();
        Ok(Answer {
            status: answer.status().as_u16(),
            bytes: bytes.map_err(Unreachable)?,
        })
    }
}
