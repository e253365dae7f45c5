//! Single rows of a sealed batch, found without reading all of it: rows rise by their units.

use crate::app::error::Error;
use crate::domain::batch::row::Row;
use crate::domain::batch::unit::SlotUnit;
use crate::domain::canonical;
use crate::domain::ids::BatchId;
use crate::store;
use crate::store::backend::AnyConnection;
use crate::store::batch_chunk::SealedFile;
use std::collections::BTreeSet;

/// The rows of these units, in their order; units that the batch does not have are left out.
pub(in crate::app) fn find_rows(
    connection: &mut AnyConnection,
    batch: BatchId,
    units: &BTreeSet<SlotUnit>,
) -> Result<Vec<Row>, Error> {
    let (Some(first), Some(last)) = (units.first(), units.last()) else {
        return Ok(Vec::new());
    };
    let count = store::batch_chunk::count(connection, batch, SealedFile::Rows)?;
    let mut found = Vec::with_capacity(units.len());
    for sequence in first_piece(connection, batch, count, first)?..count {
        for row in rows_of(connection, batch, sequence)? {
            if row.unit_id > *last {
                return Ok(found);
            }
            if units.contains(&row.unit_id) {
                found.push(row);
            }
        }
        if found.len() == units.len() {
            break;
        }
    }
    Ok(found)
}

/// The last piece that does not begin behind the unit, by halves.
fn first_piece(connection: &mut AnyConnection, batch: BatchId, count: i32, unit: &SlotUnit) -> Result<i32, Error> {
    let (mut low, mut high) = (0, count.saturating_sub(1));
    while low < high {
        let middle = high - (high - low) / 2;
        let rows = rows_of(connection, batch, middle)?;
        if rows.first().is_some_and(|row| row.unit_id <= *unit) {
            low = middle;
        } else {
            high = middle - 1;
        }
    }
    Ok(low)
}

fn rows_of(connection: &mut AnyConnection, batch: BatchId, sequence: i32) -> Result<Vec<Row>, Error> {
    let corrupt = || store::error::Error::Corrupt("batch_chunk.content");
    let text = store::batch_chunk::find(connection, batch, SealedFile::Rows, sequence)?.ok_or_else(corrupt)?;
    let rows = text
        .lines()
        .map(|line| canonical::from_str(line).map_err(|_cause| corrupt()));
    Ok(rows.collect::<Result<_, _>>()?)
}
