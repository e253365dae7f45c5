//! Positions that came with a dispatch, each sealed to BKD's key; they are forgotten by the month of their work date.

use crate::domain::batch::unit::SlotUnit;
use crate::domain::dispatch::opening::{Seal, SealedOpening};
use crate::domain::ids::BatchId;
use crate::domain::month::Month;
use crate::store::backend::{AnyConnection, per_backend};
use crate::store::columns::sql;
use crate::store::error::Error;
use crate::store::schema::sealed_opening;
use chrono::NaiveDate;
use diesel::dsl::min;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Date, Text};

/// A position on its way.
#[derive(Insertable)]
#[diesel(table_name = sealed_opening)]
struct OpeningRow {
    work_date: NaiveDate,
    batch_id: BatchId,
    unit: String,
    sealed: Vec<u8>,
}

/// Adds seals to an open batch, one statement for all; the database refuses them once the batch is sealed. Lines of
/// positions that the agency no longer keeps are left out.
pub fn insert_all(connection: &mut AnyConnection, batch_id: BatchId, lines: &[SealedOpening]) -> Result<(), Error> {
    let rows: Vec<OpeningRow> = lines
        .iter()
        .filter_map(|line| {
            Some(OpeningRow {
                work_date: line.unit.work_date(),
                batch_id,
                unit: line.unit.to_string(),
                sealed: line.sealed.as_ref()?.bytes().to_vec(),
            })
        })
        .collect();
    if !rows.is_empty() {
        per_backend!(connection, inner => diesel::insert_into(sealed_opening::table).values(&rows).execute(inner))?;
    }
    Ok(())
}

/// The seal of a unit in a batch; none where it was forgotten, here or before it was sent.
pub fn find(connection: &mut AnyConnection, batch_id: BatchId, unit: &SlotUnit) -> Result<Option<Seal>, Error> {
    let sealed: Option<Vec<u8>> = sealed_opening::table
        .find((unit.work_date(), batch_id, unit.as_str()))
        .select(sealed_opening::sealed)
        .first(connection)
        .optional()?;
    let corrupt = Error::Corrupt("sealed_opening.sealed");
    sealed.map(|bytes| Seal::new(bytes).ok().ok_or(corrupt)).transpose()
}

/// The first work date, at or after `from`, of which there is a seal.
pub fn oldest_date(connection: &mut AnyConnection, from: NaiveDate) -> Result<Option<NaiveDate>, Error> {
    Ok(sealed_opening::table
        .filter(sealed_opening::work_date.ge(from))
        .select(min(sealed_opening::work_date))
        .first(connection)?)
}

/// Deletes the seals of a month, at most `piece` of them; gives how many, and whether there may be more.
pub fn delete_month(connection: &mut AnyConnection, month: Month, piece: i64) -> Result<(i64, bool), Error> {
    type Key = (NaiveDate, BatchId, String);
    let end: Option<Key> = sealed_opening::table
        .filter(sealed_opening::work_date.between(month.first(), month.last()))
        .order((
            sealed_opening::work_date,
            sealed_opening::batch_id,
            sealed_opening::unit,
        ))
        .offset(piece.saturating_sub(1))
        .limit(1)
        .select((
            sealed_opening::work_date,
            sealed_opening::batch_id,
            sealed_opening::unit,
        ))
        .first(connection)
        .optional()?;
    let deleted = match &end {
        None => {
            diesel::delete(sealed_opening::table.filter(sealed_opening::work_date.between(month.first(), month.last())))
                .execute(connection)?
        }
        Some((date, batch, unit)) => per_backend!(connection, inner => sql_query(
            "DELETE FROM sealed_opening WHERE work_date >= $1 AND (work_date, batch_id, unit) <= ($2, $3, $4)"
        )
        .bind::<Date, _>(month.first())
        .bind::<Date, _>(*date)
        .bind::<sql::Id, _>(*batch)
        .bind::<Text, _>(unit)
        .execute(inner))?,
    };
    Ok((i64::try_from(deleted).unwrap_or(i64::MAX), end.is_some()))
}
