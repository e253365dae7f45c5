//! What this instance sends to BKD's, how far it got, and the proofs that came back.

use crate::domain::access::Scope;
use crate::domain::batch::state::BatchState;
use crate::domain::ids::BatchId;
use crate::domain::instant::Instant;
use crate::store::backend::AnyConnection;
use crate::store::backend::per_backend;
use crate::store::batch::BatchRow;
use crate::store::error::Error;
use crate::store::schema::batch;
use crate::store::schema::batch_proof;
use crate::store::schema::dispatch;
use diesel::prelude::*;
use diesel::upsert::excluded;

/// A dispatch on its way.
#[derive(Clone, Debug, Queryable, Insertable, Selectable)]
#[diesel(table_name = dispatch, treat_none_as_default_value = false)]
pub struct DispatchRow {
    /// The batch that it brings.
    pub batch_id: BatchId,
    /// SHA-256 of the file, once it was made.
    pub sha256: Option<Vec<u8>>,
    /// Its length.
    pub bytes: i64,
    /// The size of the agency's log from which its checkpoint is proved to go on.
    pub from_size: i64,
    /// When the file was made.
    pub made_at: Option<Instant>,
    /// Attempts to send it.
    pub attempts: i32,
    /// When it is tried again.
    pub next_attempt_at: Instant,
    /// What BKD's instance answered last, or why it was not reached.
    pub problem: Option<String>,
    /// Its name (`domain::dispatch::problem`); there where the words are.
    pub problem_code: Option<String>,
}

/// A dispatch as it is listed.
#[derive(Clone, Debug)]
pub struct SentRow {
    /// The dispatch.
    pub dispatch: DispatchRow,
    /// What it brings.
    pub batch: BatchRow,
    /// When BKD's proof came.
    pub proved_at: Option<Instant>,
}

/// BKD's proof that it holds a batch.
#[derive(Clone, Debug, Queryable, Insertable, Selectable)]
#[diesel(table_name = batch_proof)]
pub struct ProofRow {
    /// The batch.
    pub batch_id: BatchId,
    /// The size of the agency's log that BKD has cosigned.
    pub size: i64,
    /// The proof, to the byte.
    pub content: String,
    /// When it came.
    pub kept_at: Instant,
}

/// The dispatch of a batch.
pub fn find(connection: &mut AnyConnection, id: BatchId) -> Result<Option<DispatchRow>, Error> {
    Ok(dispatch::table
        .find(id)
        .select(DispatchRow::as_select())
        .first(connection)
        .optional()?)
}

/// Dispatches whose turn it is and of which no proof came, oldest batch first.
pub fn list_due(connection: &mut AnyConnection, now: Instant, limit: i64) -> Result<Vec<DispatchRow>, Error> {
    Ok(dispatch::table
        .filter(dispatch::next_attempt_at.le(now))
        .filter(diesel::dsl::not(diesel::dsl::exists(
            batch_proof::table.filter(batch_proof::batch_id.eq(dispatch::batch_id)),
        )))
        .order(dispatch::batch_id)
        .limit(limit)
        .select(DispatchRow::as_select())
        .load(connection)?)
}

/// Dispatches of which a proof came since `since`, whose batch BKD may still decide, and whose turn it is to be asked for.
pub fn list_awaiting(
    connection: &mut AnyConnection,
    now: Instant,
    since: Instant,
    limit: i64,
) -> Result<Vec<DispatchRow>, Error> {
    Ok(dispatch::table
        .inner_join(batch::table.on(batch::id.eq(dispatch::batch_id)))
        .inner_join(batch_proof::table.on(batch_proof::batch_id.eq(dispatch::batch_id)))
        .filter(dispatch::next_attempt_at.le(now))
        .filter(batch_proof::kept_at.ge(since))
        .filter(batch::state.eq_any([BatchState::Received, BatchState::Rejected]))
        .order((dispatch::next_attempt_at, dispatch::batch_id))
        .limit(limit)
        .select(DispatchRow::as_select())
        .load(connection)?)
}

/// The agencies of which BKD has a batch, by code.
pub fn list_agencies(connection: &mut AnyConnection) -> Result<Vec<String>, Error> {
    Ok(batch_proof::table
        .inner_join(batch::table.on(batch::id.eq(batch_proof::batch_id)))
        .select(batch::agency_code)
        .distinct()
        .order(batch::agency_code)
        .load(connection)?)
}

/// The dispatches of the scope's agencies, newest batch first, from behind `after` on.
pub fn list(
    connection: &mut AnyConnection,
    scope: &Scope,
    agency: Option<&str>,
    after: Option<BatchId>,
    limit: i64,
) -> Result<Vec<SentRow>, Error> {
    let mut query = dispatch::table
        .inner_join(batch::table.on(batch::id.eq(dispatch::batch_id)))
        .left_join(batch_proof::table.on(batch_proof::batch_id.eq(dispatch::batch_id)))
        // Ids are UUIDv7: their order is that of time.
        .order(dispatch::batch_id.desc())
        .limit(limit)
        .select((
            DispatchRow::as_select(),
            BatchRow::as_select(),
            batch_proof::kept_at.nullable(),
        ))
        .into_boxed();
    if let Some(codes) = scope.agencies() {
        query = query.filter(batch::agency_code.eq_any(codes));
    }
    if let Some(agency) = agency {
        query = query.filter(batch::agency_code.eq(agency));
    }
    if let Some(after) = after {
        query = query.filter(dispatch::batch_id.lt(after));
    }
    let rows: Vec<(DispatchRow, BatchRow, Option<Instant>)> = query.load(connection)?;
    let whole = |(dispatch, batch, proved_at)| SentRow {
        dispatch,
        batch,
        proved_at,
    };
    Ok(rows.into_iter().map(whole).collect())
}

/// Writes a dispatch; one of the same batch becomes this one.
pub fn save(connection: &mut AnyConnection, row: &DispatchRow) -> Result<(), Error> {
    per_backend!(connection, inner => diesel::insert_into(dispatch::table)
        .values(row)
        .on_conflict(dispatch::batch_id)
        .do_update()
        .set((
            dispatch::sha256.eq(excluded(dispatch::sha256)),
            dispatch::bytes.eq(excluded(dispatch::bytes)),
            dispatch::from_size.eq(excluded(dispatch::from_size)),
            dispatch::made_at.eq(excluded(dispatch::made_at)),
            dispatch::attempts.eq(excluded(dispatch::attempts)),
            dispatch::next_attempt_at.eq(excluded(dispatch::next_attempt_at)),
            dispatch::problem.eq(excluded(dispatch::problem)),
            dispatch::problem_code.eq(excluded(dispatch::problem_code)),
        ))
        .execute(inner))?;
    Ok(())
}

/// BKD's proof of a batch.
pub fn find_proof(connection: &mut AnyConnection, id: BatchId) -> Result<Option<ProofRow>, Error> {
    Ok(batch_proof::table
        .find(id)
        .select(ProofRow::as_select())
        .first(connection)
        .optional()?)
}

/// The largest size of an agency's log that BKD has cosigned, as far as its proofs came here; 0 before the first.
pub fn find_cosigned(connection: &mut AnyConnection, agency: &str) -> Result<i64, Error> {
    let largest: Option<i64> = batch_proof::table
        .inner_join(batch::table.on(batch::id.eq(batch_proof::batch_id)))
        .filter(batch::agency_code.eq(agency))
        .select(diesel::dsl::max(batch_proof::size))
        .first(connection)?;
    Ok(largest.unwrap_or(0))
}

/// Keeps BKD's proof of a batch; a second one is a duplicate.
pub fn insert_proof(connection: &mut AnyConnection, row: &ProofRow) -> Result<(), Error> {
    diesel::insert_into(batch_proof::table)
        .values(row)
        .execute(connection)?;
    Ok(())
}
