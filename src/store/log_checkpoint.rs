//! What was signed about logs: checkpoints and cosignatures of one's own, and the states of others that were witnessed.

use crate::domain::instant::Instant;
use crate::store::backend::AnyConnection;
use crate::store::backend::per_backend;
use crate::store::error::Error;
use crate::store::schema::log;
use crate::store::schema::log_checkpoint;
use crate::store::schema::log_cosignature;
use crate::store::schema::witnessed_fork;
use crate::store::schema::witnessed_log;
use diesel::prelude::*;
use diesel::upsert::excluded;

/// A signed checkpoint.
#[derive(Clone, Debug, Queryable, Insertable, Selectable)]
#[diesel(table_name = log_checkpoint, treat_none_as_default_value = false)]
pub struct CheckpointRow {
    /// The log.
    pub log_name: String,
    /// Entries that it covers.
    pub size: i64,
    /// The root of their tree.
    pub root: Vec<u8>,
    /// When it was signed.
    pub signed_at: Instant,
    /// The signed note, to the byte.
    pub note: String,
}

/// A witness's signature under a checkpoint.
#[derive(Clone, Debug, Queryable, Insertable, Selectable)]
#[diesel(table_name = log_cosignature, treat_none_as_default_value = false)]
pub struct CosignatureRow {
    /// The log.
    pub log_name: String,
    /// The checkpoint's size.
    pub size: i64,
    /// The witness's name.
    pub witness: String,
    /// When the witness says that it saw the checkpoint.
    pub signed_at: Instant,
    /// The line of the note, without its line end.
    pub line: String,
}

/// The last state of another log that was cosigned here.
#[derive(Clone, Debug, Queryable, Insertable, AsChangeset, Selectable)]
#[diesel(table_name = witnessed_log, treat_none_as_default_value = false)]
pub struct WitnessedRow {
    /// The log's origin.
    pub origin: String,
    /// The key that must sign its checkpoints, in the form of C2SP signed-note.
    pub verifying_key: String,
    /// Its size.
    pub size: i64,
    /// Its root.
    pub root: Vec<u8>,
    /// The checkpoint as it came; empty while none has come.
    pub note: String,
    /// The line that was answered.
    pub cosignature: String,
    /// When.
    pub witnessed_at: Instant,
}

/// Two roots of one size under one signature.
#[derive(Clone, Debug, Queryable, Insertable, Selectable)]
#[diesel(table_name = witnessed_fork, treat_none_as_default_value = false)]
pub struct ForkRow {
    /// The log's origin.
    pub origin: String,
    /// The size that both have.
    pub size: i64,
    /// The root that came second.
    pub root: Vec<u8>,
    /// The checkpoint that was cosigned.
    pub note: String,
    /// The one that contradicts it.
    pub other_note: String,
    /// When it came.
    pub found_at: Instant,
}

/// Keeps a signed checkpoint; one of that size that stands already stays.
pub fn insert(connection: &mut AnyConnection, row: &CheckpointRow) -> Result<(), Error> {
    per_backend!(connection, inner => diesel::insert_into(log_checkpoint::table)
        .values(row)
        .on_conflict((log_checkpoint::log_name, log_checkpoint::size))
        .do_nothing()
        .execute(inner))?;
    Ok(())
}

/// The newest checkpoint of a log.
pub fn find_latest(connection: &mut AnyConnection, name: &str) -> Result<Option<CheckpointRow>, Error> {
    Ok(log_checkpoint::table
        .filter(log_checkpoint::log_name.eq(name))
        .order(log_checkpoint::size.desc())
        .select(CheckpointRow::as_select())
        .first(connection)
        .optional()?)
}

/// The newest checkpoint of every log that has one, by name.
pub fn list_newest(connection: &mut AnyConnection) -> Result<Vec<CheckpointRow>, Error> {
    let is_newest = log_checkpoint::log_name
        .eq(log::name)
        .and(log_checkpoint::size.eq(log::size));
    Ok(log_checkpoint::table
        .inner_join(log::table.on(is_newest))
        .order(log_checkpoint::log_name)
        .select(CheckpointRow::as_select())
        .load(connection)?)
}

/// The lines of witnesses under the newest checkpoints, by log and name.
pub fn list_newest_cosignatures(connection: &mut AnyConnection) -> Result<Vec<CosignatureRow>, Error> {
    let is_newest = log_cosignature::log_name
        .eq(log::name)
        .and(log_cosignature::size.eq(log::size));
    Ok(log_cosignature::table
        .inner_join(log::table.on(is_newest))
        .order((log_cosignature::log_name, log_cosignature::witness))
        .select(CosignatureRow::as_select())
        .load(connection)?)
}

/// The first checkpoint that covers so many entries or more.
pub fn find_covering(connection: &mut AnyConnection, name: &str, size: i64) -> Result<Option<CheckpointRow>, Error> {
    Ok(log_checkpoint::table
        .filter(log_checkpoint::log_name.eq(name))
        .filter(log_checkpoint::size.ge(size))
        .order(log_checkpoint::size)
        .select(CheckpointRow::as_select())
        .first(connection)
        .optional()?)
}

/// Every checkpoint of a log, smallest first.
pub fn list(connection: &mut AnyConnection, name: &str) -> Result<Vec<CheckpointRow>, Error> {
    Ok(log_checkpoint::table
        .filter(log_checkpoint::log_name.eq(name))
        .order(log_checkpoint::size)
        .select(CheckpointRow::as_select())
        .load(connection)?)
}

/// Keeps a witness's line; the first one of a witness stays.
pub fn insert_cosignature(connection: &mut AnyConnection, row: &CosignatureRow) -> Result<(), Error> {
    per_backend!(connection, inner => diesel::insert_into(log_cosignature::table)
        .values(row)
        .on_conflict_do_nothing()
        .execute(inner))?;
    Ok(())
}

/// The lines of witnesses under a checkpoint, by their names.
pub fn list_cosignatures(connection: &mut AnyConnection, name: &str, size: i64) -> Result<Vec<CosignatureRow>, Error> {
    Ok(log_cosignature::table
        .filter(log_cosignature::log_name.eq(name))
        .filter(log_cosignature::size.eq(size))
        .order(log_cosignature::witness)
        .select(CosignatureRow::as_select())
        .load(connection)?)
}

/// The largest size that a witness has cosigned.
pub fn last_cosigned_size(connection: &mut AnyConnection, name: &str, witness: &str) -> Result<Option<i64>, Error> {
    Ok(log_cosignature::table
        .filter(log_cosignature::log_name.eq(name))
        .filter(log_cosignature::witness.eq(witness))
        .select(diesel::dsl::max(log_cosignature::size))
        .first(connection)?)
}

/// The last witnessed state of another log. The caller's transaction holds the row, so that two calls take turns.
pub fn take_witnessed(connection: &mut AnyConnection, origin: &str) -> Result<Option<WitnessedRow>, Error> {
    diesel::update(witnessed_log::table.find(origin))
        .set(witnessed_log::size.eq(witnessed_log::size))
        .execute(connection)?;
    Ok(witnessed_log::table
        .find(origin)
        .select(WitnessedRow::as_select())
        .first(connection)
        .optional()?)
}

/// The last witnessed state of another log, without taking its turn.
pub fn find_witnessed(connection: &mut AnyConnection, origin: &str) -> Result<Option<WitnessedRow>, Error> {
    Ok(witnessed_log::table
        .find(origin)
        .select(WitnessedRow::as_select())
        .first(connection)
        .optional()?)
}

/// The logs that are witnessed here, by origin.
pub fn list_witnessed(connection: &mut AnyConnection) -> Result<Vec<WitnessedRow>, Error> {
    Ok(witnessed_log::table
        .order(witnessed_log::origin)
        .select(WitnessedRow::as_select())
        .load(connection)?)
}

/// Keeps the state of a witnessed log.
pub fn save_witnessed(connection: &mut AnyConnection, row: &WitnessedRow) -> Result<(), Error> {
    per_backend!(connection, inner => diesel::insert_into(witnessed_log::table)
        .values(row)
        .on_conflict(witnessed_log::origin)
        .do_update()
        .set((
            witnessed_log::verifying_key.eq(excluded(witnessed_log::verifying_key)),
            witnessed_log::size.eq(excluded(witnessed_log::size)),
            witnessed_log::root.eq(excluded(witnessed_log::root)),
            witnessed_log::note.eq(excluded(witnessed_log::note)),
            witnessed_log::cosignature.eq(excluded(witnessed_log::cosignature)),
            witnessed_log::witnessed_at.eq(excluded(witnessed_log::witnessed_at)),
        ))
        .execute(inner))?;
    Ok(())
}

/// Keeps a proof of misbehaviour; the same one again changes nothing. Says whether it is new.
pub fn insert_fork(connection: &mut AnyConnection, row: &ForkRow) -> Result<bool, Error> {
    let inserted = per_backend!(connection, inner => diesel::insert_into(witnessed_fork::table)
        .values(row)
        .on_conflict_do_nothing()
        .execute(inner))?;
    Ok(inserted == 1)
}

/// Proofs of misbehaviour, by origin and size.
pub fn list_forks(connection: &mut AnyConnection) -> Result<Vec<ForkRow>, Error> {
    Ok(witnessed_fork::table
        .order((witnessed_fork::origin, witnessed_fork::size))
        .select(ForkRow::as_select())
        .load(connection)?)
}
