//! Calls whose body carries no id of its own: the Idempotency-Key makes a repeated one give the first answer.

use crate::app::App;
use crate::app::context::Context;
use crate::app::error::Code;
use crate::app::error::Error;
use crate::store;
use crate::store::backend::AnyConnection;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

/// What makes two requests the same request.
#[derive(Clone, Debug)]
pub struct OnceKey {
    /// The client's key, 1 to 100 characters; without one every call stands for itself.
    pub key: Option<String>,
    /// The operation's name, so that one key can't leak an answer of another operation.
    pub operation: &'static str,
    /// SHA-256 over address and body.
    pub request_digest: [u8; 32],
}

impl OnceKey {
    /// Digests a request: its path parameters and its body as received.
    pub fn new(key: Option<String>, operation: &'static str, path: &str, body: &[u8]) -> Self {
        let mut hash = Sha256::new();
        hash.update(path.as_bytes());
        hash.update([0]);
        hash.update(body);
        Self {
            key,
            operation,
            request_digest: hash.finalize().into(),
        }
    }
}

impl App {
    /// Does `work` in one write transaction, at most once per key: a repetition gets the answer of the first.
    /// The same key with another request is a conflict.
    pub(crate) fn once<T: Serialize + DeserializeOwned>(
        &self,
        context: &Context,
        once: &OnceKey,
        mut work: impl FnMut(&mut AnyConnection) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let Some(key) = &once.key else {
            return self.store.write(work);
        };
        self.store.write(|connection| {
            if let Some(earlier) = store::idempotency::find(connection, context.account(), once.operation, key)? {
                if earlier.request_digest != once.request_digest {
                    return Err(Error::Conflict(Code::IdempotencyConflict));
                }
                return serde_json::from_value(earlier.answer).map_err(Error::internal);
            }
            let answer = work(connection)?;
            let stored = serde_json::to_value(&answer).map_err(Error::internal)?;
            store::idempotency::insert(
                connection,
                context.account(),
                once.operation,
                key,
                &once.request_digest,
                stored,
                context.now,
            )?;
            Ok(answer)
        })
    }
}
