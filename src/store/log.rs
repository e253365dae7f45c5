//! Transparency logs: their entries and the hashes of their trees. Entries are only added, and take their place once.

use crate::domain::ids::DataKeyId;
use crate::domain::ids::LogEntryId;
use crate::domain::instant::Instant;
use crate::store::backend::AnyConnection;
use crate::store::backend::per_backend;
use crate::store::error::Error;
use crate::store::schema::log;
use crate::store::schema::log_entry;
use crate::store::schema::log_opening;
use crate::store::schema::log_tile;
use diesel::prelude::*;
use diesel::upsert::excluded;

/// One log: how far it has grown.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = log)]
pub struct LogRow {
    /// `audit`, or `agency/<code>`.
    pub name: String,
    /// What its checkpoints call it; unique in the world.
    pub origin: String,
    /// Entries that have their place.
    pub size: i64,
    /// The roots of the complete subtrees at the right edge, 32 bytes each, largest first.
    pub edge: Vec<u8>,
}

/// One entry.
#[derive(Clone, Debug, Queryable, Insertable, Selectable)]
#[diesel(table_name = log_entry, treat_none_as_default_value = false)]
pub struct LogEntryRow {
    /// Its id.
    pub id: LogEntryId,
    /// The log that it belongs to.
    pub log_name: String,
    /// Its place in the log, from 0; none until the log has grown by it.
    pub position: Option<i64>,
    /// When it was added.
    pub added_at: Instant,
    /// What kind of entry.
    pub kind: String,
    /// What it is about, as `audit/<id>`.
    pub subject: String,
    /// The leaf: canonical JSON.
    pub content: String,
}

/// The salt and private record that an entry commits to, sealed.
#[derive(Clone, Debug, Queryable, Insertable, Selectable)]
#[diesel(table_name = log_opening, treat_none_as_default_value = false)]
pub struct LogOpeningRow {
    /// The entry.
    pub entry_id: LogEntryId,
    /// The key that sealed it.
    pub key_id: DataKeyId,
    /// Nonce and ciphertext.
    pub sealed: Vec<u8>,
}

/// A row of hashes, as C2SP tlog-tiles cuts them.
#[derive(Clone, Debug, Queryable, Insertable, Selectable)]
#[diesel(table_name = log_tile, treat_none_as_default_value = false)]
pub struct LogTileRow {
    /// The log.
    pub log_name: String,
    /// 0 for hashes of leaves.
    pub level: i16,
    /// Its number within the level, from 0.
    pub number: i64,
    /// One to 256 hashes of 32 bytes.
    pub hashes: Vec<u8>,
}

/// Begins a log where there is none of that name. One that is there is only read: its row is another's turn.
pub fn begin_if_absent(connection: &mut AnyConnection, name: &str, origin: &str) -> Result<(), Error> {
    if find(connection, name)?.is_some() {
        return Ok(());
    }
    let row = (
        log::name.eq(name),
        log::origin.eq(origin),
        log::size.eq(0_i64),
        log::edge.eq(Vec::<u8>::new()),
    );
    per_backend!(connection, inner => diesel::insert_into(log::table)
        .values(row)
        .on_conflict(log::name)
        .do_nothing()
        .execute(inner))?;
    Ok(())
}

/// A log by its name.
pub fn find(connection: &mut AnyConnection, name: &str) -> Result<Option<LogRow>, Error> {
    Ok(log::table
        .find(name)
        .select(LogRow::as_select())
        .first(connection)
        .optional()?)
}

/// All logs, by name.
pub fn list(connection: &mut AnyConnection) -> Result<Vec<LogRow>, Error> {
    Ok(log::table
        .order(log::name)
        .select(LogRow::as_select())
        .load(connection)?)
}

/// The names of the logs that entries belong to.
pub fn list_names_of_entries(connection: &mut AnyConnection) -> Result<Vec<String>, Error> {
    Ok(log_entry::table
        .select(log_entry::log_name)
        .distinct()
        .order(log_entry::log_name)
        .load(connection)?)
}

/// Takes a log's turn: whoever else would let it grow waits until this transaction has ended.
pub fn take_turn(connection: &mut AnyConnection, name: &str) -> Result<Option<LogRow>, Error> {
    diesel::update(log::table.find(name))
        .set(log::size.eq(log::size))
        .execute(connection)?;
    find(connection, name)
}

/// Says how far a log has grown. The caller has its turn.
pub fn set_size(connection: &mut AnyConnection, row: &LogRow) -> Result<(), Error> {
    diesel::update(log::table.find(&row.name))
        .set((log::size.eq(row.size), log::edge.eq(&row.edge)))
        .execute(connection)?;
    Ok(())
}

/// Adds an entry that has no place yet.
pub fn insert_entry(connection: &mut AnyConnection, row: &LogEntryRow) -> Result<(), Error> {
    diesel::insert_into(log_entry::table).values(row).execute(connection)?;
    Ok(())
}

/// Adds what an entry commits to.
pub fn insert_opening(connection: &mut AnyConnection, row: &LogOpeningRow) -> Result<(), Error> {
    diesel::insert_into(log_opening::table)
        .values(row)
        .execute(connection)?;
    Ok(())
}

/// Whether any entry of a log waits for its place.
pub fn is_any_waiting(connection: &mut AnyConnection, name: &str) -> Result<bool, Error> {
    let waiting = log_entry::table
        .filter(log_entry::log_name.eq(name))
        .filter(log_entry::position.is_null());
    Ok(diesel::select(diesel::dsl::exists(waiting)).get_result(connection)?)
}

/// The names of the logs of which any entry waits for its place.
pub fn list_names_waiting(connection: &mut AnyConnection) -> Result<Vec<String>, Error> {
    Ok(log_entry::table
        .filter(log_entry::position.is_null())
        .select(log_entry::log_name)
        .distinct()
        .load(connection)?)
}

/// Entries that wait for their place, oldest first.
pub fn list_waiting(connection: &mut AnyConnection, name: &str, limit: i64) -> Result<Vec<LogEntryRow>, Error> {
    Ok(log_entry::table
        .filter(log_entry::log_name.eq(name))
        .filter(log_entry::position.is_null())
        .order((log_entry::added_at, log_entry::id))
        .limit(limit)
        .select(LogEntryRow::as_select())
        .load(connection)?)
}

/// Gives an entry its place, for good.
pub fn set_position(connection: &mut AnyConnection, id: LogEntryId, position: i64) -> Result<(), Error> {
    diesel::update(log_entry::table.find(id))
        .set(log_entry::position.eq(position))
        .execute(connection)?;
    Ok(())
}

/// Entries with a place, from one on, in the log's order.
pub fn list_from(connection: &mut AnyConnection, name: &str, from: i64, limit: i64) -> Result<Vec<LogEntryRow>, Error> {
    Ok(log_entry::table
        .filter(log_entry::log_name.eq(name))
        .filter(log_entry::position.ge(from))
        .order(log_entry::position)
        .limit(limit)
        .select(LogEntryRow::as_select())
        .load(connection)?)
}

/// Entries about something, oldest first.
pub fn list_of_subject(connection: &mut AnyConnection, name: &str, subject: &str) -> Result<Vec<LogEntryRow>, Error> {
    Ok(log_entry::table
        .filter(log_entry::log_name.eq(name))
        .filter(log_entry::subject.eq(subject))
        .order((log_entry::added_at, log_entry::id))
        .select(LogEntryRow::as_select())
        .load(connection)?)
}

/// What these entries commit to, as far as it was not forgotten.
pub fn list_openings(connection: &mut AnyConnection, ids: &[LogEntryId]) -> Result<Vec<LogOpeningRow>, Error> {
    Ok(log_opening::table
        .filter(log_opening::entry_id.eq_any(ids))
        .select(LogOpeningRow::as_select())
        .load(connection)?)
}

/// A row of hashes.
pub fn find_tile(
    connection: &mut AnyConnection,
    name: &str,
    level: i16,
    number: i64,
) -> Result<Option<Vec<u8>>, Error> {
    Ok(log_tile::table
        .find((name, level, number))
        .select(log_tile::hashes)
        .first(connection)
        .optional()?)
}

/// Every row of hashes of a log, by level and number.
pub fn list_tiles(connection: &mut AnyConnection, name: &str) -> Result<Vec<LogTileRow>, Error> {
    Ok(log_tile::table
        .filter(log_tile::log_name.eq(name))
        .order((log_tile::level, log_tile::number))
        .select(LogTileRow::as_select())
        .load(connection)?)
}

/// Writes rows of hashes; one that is there already grows.
pub fn save_tiles(connection: &mut AnyConnection, rows: &[LogTileRow]) -> Result<(), Error> {
    // A hundred rows of 8 kB are near what one statement should carry.
    for rows in rows.chunks(100) {
        per_backend!(connection, inner => diesel::insert_into(log_tile::table)
            .values(rows)
            .on_conflict((log_tile::log_name, log_tile::level, log_tile::number))
            .do_update()
            .set(log_tile::hashes.eq(excluded(log_tile::hashes)))
            .execute(inner))?;
    }
    Ok(())
}
