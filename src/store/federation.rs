//! Agencies that run an instance of their own, and what came from them.

use crate::domain::access::AgencyCode;
use crate::domain::access::Scope;
use crate::domain::digest::Digest;
use crate::domain::ids::AccountId;
use crate::domain::ids::BatchId;
use crate::domain::instant::Instant;
use crate::store::backend::AnyConnection;
use crate::store::batch::BatchRow;
use crate::store::error::Error;
use crate::store::schema::batch;
use crate::store::schema::federated_agency;
use crate::store::schema::received_dispatch;
use diesel::prelude::*;

/// An agency with the key of its log.
#[derive(Clone, Debug, Eq, PartialEq, Queryable, Insertable, Selectable)]
#[diesel(table_name = federated_agency)]
pub struct FederatedRow {
    /// The agency.
    pub agency_code: String,
    /// What checkpoints of its log call it; the key's name.
    pub origin: String,
    /// The key, as C2SP signed-note writes it.
    pub verifying_key: String,
    /// When this key was registered.
    pub registered_at: Instant,
    /// By whom.
    pub registered_by: AccountId,
    /// From 1; one more with each key.
    pub version: i32,
}

/// A dispatch that was taken.
#[derive(Clone, Debug, Queryable, Insertable, Selectable)]
#[diesel(table_name = received_dispatch)]
pub struct ReceivedRow {
    /// The batch that it brought.
    pub batch_id: BatchId,
    /// SHA-256 of the file.
    pub sha256: Vec<u8>,
    /// The agency's log.
    pub origin: String,
    /// Its size in the checkpoint that came along.
    pub size: i64,
    /// That checkpoint as it came.
    pub note: String,
    /// What was answered.
    pub receipt: String,
    /// When.
    pub received_at: Instant,
}

/// A federated agency.
pub fn find(connection: &mut AnyConnection, agency: &AgencyCode) -> Result<Option<FederatedRow>, Error> {
    Ok(federated_agency::table
        .find(agency.as_str())
        .select(FederatedRow::as_select())
        .first(connection)
        .optional()?)
}

/// Whether an agency seals on an instance of its own.
pub fn is_federated(connection: &mut AnyConnection, agency: &str) -> Result<bool, Error> {
    let found = federated_agency::table.find(agency);
    Ok(diesel::select(diesel::dsl::exists(found)).get_result(connection)?)
}

/// Which of the agencies seal on an instance of their own.
pub fn list_codes(connection: &mut AnyConnection) -> Result<Vec<String>, Error> {
    Ok(federated_agency::table
        .select(federated_agency::agency_code)
        .order(federated_agency::agency_code)
        .load(connection)?)
}

/// The scope's federated agencies by code, from behind `after` on.
pub fn list(
    connection: &mut AnyConnection,
    scope: &Scope,
    after: Option<&str>,
    limit: i64,
) -> Result<Vec<FederatedRow>, Error> {
    let mut query = federated_agency::table
        .filter(federated_agency::agency_code.gt(after.unwrap_or_default()))
        .order(federated_agency::agency_code)
        .limit(limit)
        .select(FederatedRow::as_select())
        .into_boxed();
    if let Some(codes) = scope.agencies() {
        query = query.filter(federated_agency::agency_code.eq_any(codes));
    }
    Ok(query.load(connection)?)
}

/// Whether a log is that of an agency which seals on an instance of its own.
pub fn has_origin(connection: &mut AnyConnection, origin: &str) -> Result<bool, Error> {
    let found = federated_agency::table.filter(federated_agency::origin.eq(origin));
    Ok(diesel::select(diesel::dsl::exists(found)).get_result(connection)?)
}

/// Registers an agency that is not there.
pub fn insert(connection: &mut AnyConnection, row: &FederatedRow) -> Result<(), Error> {
    diesel::insert_into(federated_agency::table)
        .values(row)
        .execute(connection)?;
    Ok(())
}

/// Gives an agency another key, if the one before is of `version`; gives whether it was.
pub fn update(connection: &mut AnyConnection, row: &FederatedRow, version: i32) -> Result<bool, Error> {
    let held = federated_agency::table
        .find(&row.agency_code)
        .filter(federated_agency::version.eq(version));
    let changed = diesel::update(held)
        .set((
            federated_agency::origin.eq(&row.origin),
            federated_agency::verifying_key.eq(&row.verifying_key),
            federated_agency::registered_at.eq(row.registered_at),
            federated_agency::registered_by.eq(row.registered_by),
            federated_agency::version.eq(row.version),
        ))
        .execute(connection)?;
    Ok(changed == 1)
}

/// A dispatch that was taken, by the digest of its file.
pub fn find_received(connection: &mut AnyConnection, digest: &Digest) -> Result<Option<ReceivedRow>, Error> {
    Ok(received_dispatch::table
        .filter(received_dispatch::sha256.eq(digest.bytes().as_slice()))
        .select(ReceivedRow::as_select())
        .first(connection)
        .optional()?)
}

/// The dispatch that brought a batch.
pub fn find_of_batch(connection: &mut AnyConnection, id: BatchId) -> Result<Option<ReceivedRow>, Error> {
    Ok(received_dispatch::table
        .find(id)
        .select(ReceivedRow::as_select())
        .first(connection)
        .optional()?)
}

/// Dispatches that were taken, with the batches that they brought: the scope's, the last first, from behind `after` on.
pub fn list_received(
    connection: &mut AnyConnection,
    scope: &Scope,
    agency: Option<&str>,
    after: Option<(Instant, BatchId)>,
    limit: i64,
) -> Result<Vec<(ReceivedRow, BatchRow)>, Error> {
    let mut query = received_dispatch::table
        .inner_join(batch::table.on(batch::id.eq(received_dispatch::batch_id)))
        .order((
            received_dispatch::received_at.desc(),
            received_dispatch::batch_id.desc(),
        ))
        .limit(limit)
        .select((ReceivedRow::as_select(), BatchRow::as_select()))
        .into_boxed();
    if let Some(codes) = scope.agencies() {
        query = query.filter(batch::agency_code.eq_any(codes));
    }
    if let Some(agency) = agency {
        query = query.filter(batch::agency_code.eq(agency));
    }
    if let Some((at, id)) = after {
        let earlier = received_dispatch::received_at.lt(at);
        let same = received_dispatch::received_at.eq(at);
        query = query.filter(earlier.or(same.and(received_dispatch::batch_id.lt(id))));
    }
    Ok(query.load(connection)?)
}

/// When the last dispatch of an agency was taken.
pub fn find_last_received_at(connection: &mut AnyConnection, agency: &str) -> Result<Option<Instant>, Error> {
    Ok(received_dispatch::table
        .inner_join(batch::table.on(batch::id.eq(received_dispatch::batch_id)))
        .filter(batch::agency_code.eq(agency))
        .order(received_dispatch::received_at.desc())
        .select(received_dispatch::received_at)
        .first(connection)
        .optional()?)
}

/// A checkpoint of this size of a log that came with a dispatch.
pub fn find_checkpoint(connection: &mut AnyConnection, origin: &str, size: i64) -> Result<Option<String>, Error> {
    Ok(received_dispatch::table
        .filter(received_dispatch::origin.eq(origin))
        .filter(received_dispatch::size.eq(size))
        .select(received_dispatch::note)
        .first(connection)
        .optional()?)
}

/// Keeps a dispatch that was taken, with its answer.
pub fn insert_received(connection: &mut AnyConnection, row: &ReceivedRow) -> Result<(), Error> {
    diesel::insert_into(received_dispatch::table)
        .values(row)
        .execute(connection)?;
    Ok(())
}
