//! Answers kept for repeated requests.

use crate::domain::ids::AccountId;
use crate::domain::instant::Instant;
use crate::store::backend::AnyConnection;
use crate::store::columns::Json;
use crate::store::error::Error;
use crate::store::schema::idempotency;
use diesel::prelude::*;
use serde_json::Value;

/// The first answer to a key.
#[derive(Debug)]
pub struct Earlier {
    /// SHA-256 of the request that it answered.
    pub request_digest: Vec<u8>,
    /// The answer's body.
    pub answer: Value,
}

/// The first answer to a key of an account and operation.
pub fn find(
    connection: &mut AnyConnection,
    account: AccountId,
    operation: &str,
    key: &str,
) -> Result<Option<Earlier>, Error> {
    let row: Option<(Vec<u8>, Json)> = idempotency::table
        .find((account, operation, key))
        .select((idempotency::request_digest, idempotency::answer))
        .first(connection)
        .optional()?;
    Ok(row.map(|(request_digest, Json(answer))| Earlier { request_digest, answer }))
}

/// Keeps an answer. A key that was used meanwhile is a duplicate.
pub fn insert(
    connection: &mut AnyConnection,
    account: AccountId,
    operation: &str,
    key: &str,
    request_digest: &[u8],
    answer: Value,
    now: Instant,
) -> Result<(), Error> {
    diesel::insert_into(idempotency::table)
        .values((
            idempotency::account_id.eq(account),
            idempotency::operation.eq(operation),
            idempotency::key.eq(key),
            idempotency::request_digest.eq(request_digest),
            idempotency::answer.eq(Json(answer)),
            idempotency::created_at.eq(now),
        ))
        .execute(connection)?;
    Ok(())
}

/// Drops answers older than a moment; gives how many.
pub fn delete_before(connection: &mut AnyConnection, before: Instant) -> Result<usize, Error> {
    Ok(diesel::delete(idempotency::table.filter(idempotency::created_at.lt(before))).execute(connection)?)
}
