//! The sealed files of batches in pieces of whole lines.

use crate::domain::ids::BatchId;
use crate::store::backend::AnyConnection;
use crate::store::error::Error;
use crate::store::schema::batch_chunk;
use diesel::prelude::*;

/// Lines of one piece: about 250 kB, so that streaming holds little and writing takes few statements.
pub const CHUNK_LINES: usize = 500;

/// Which sealed file.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum SealedFile {
    /// `rows.ndjson`.
    Rows,
    /// `cells.ndjson`.
    Cells,
}

impl SealedFile {
    const fn column(self) -> i16 {
        match self {
            Self::Rows => 1,
            Self::Cells => 2,
        }
    }
}

/// Adds a piece to an open batch; the database refuses it once the batch is sealed.
pub fn insert(
    connection: &mut AnyConnection,
    batch_id: BatchId,
    file: SealedFile,
    sequence: i32,
    content: &str,
) -> Result<(), Error> {
    diesel::insert_into(batch_chunk::table)
        .values((
            batch_chunk::batch_id.eq(batch_id),
            batch_chunk::file.eq(file.column()),
            batch_chunk::sequence.eq(sequence),
            batch_chunk::content.eq(content),
        ))
        .execute(connection)?;
    Ok(())
}

/// The first piece whose sequence is greater than `after` (-1 for the first of all), with its sequence.
pub fn find_next(
    connection: &mut AnyConnection,
    batch_id: BatchId,
    file: SealedFile,
    after: i32,
) -> Result<Option<(i32, String)>, Error> {
    Ok(list_next(connection, batch_id, file, after, 1)?.pop())
}

/// Up to `limit` pieces whose sequence is greater than `after` (-1 for the first of all), in order, with their sequences.
pub fn list_next(
    connection: &mut AnyConnection,
    batch_id: BatchId,
    file: SealedFile,
    after: i32,
    limit: i64,
) -> Result<Vec<(i32, String)>, Error> {
    Ok(batch_chunk::table
        .filter(batch_chunk::batch_id.eq(batch_id))
        .filter(batch_chunk::file.eq(file.column()))
        .filter(batch_chunk::sequence.gt(after))
        .order(batch_chunk::sequence)
        .limit(limit)
        .select((batch_chunk::sequence, batch_chunk::content))
        .load(connection)?)
}

/// The piece of this sequence, from 0.
pub fn find(
    connection: &mut AnyConnection,
    batch_id: BatchId,
    file: SealedFile,
    sequence: i32,
) -> Result<Option<String>, Error> {
    Ok(batch_chunk::table
        .find((batch_id, file.column(), sequence))
        .select(batch_chunk::content)
        .first(connection)
        .optional()?)
}

/// How many pieces a file has.
pub fn count(connection: &mut AnyConnection, batch_id: BatchId, file: SealedFile) -> Result<i32, Error> {
    let last: Option<i32> = batch_chunk::table
        .filter(batch_chunk::batch_id.eq(batch_id))
        .filter(batch_chunk::file.eq(file.column()))
        .select(diesel::dsl::max(batch_chunk::sequence))
        .first(connection)?;
    Ok(last.map_or(0, |last| last.saturating_add(1)))
}

/// Removes the pieces of an open batch.
pub fn delete_open(connection: &mut AnyConnection, batch_id: BatchId) -> Result<(), Error> {
    diesel::delete(batch_chunk::table.filter(batch_chunk::batch_id.eq(batch_id))).execute(connection)?;
    Ok(())
}
