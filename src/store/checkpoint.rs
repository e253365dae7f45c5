//! Copies SQLite's log back into the database file beside the writer, who would otherwise stop to do it.

use crate::store::backend::AnyConnection;
use crate::store::error::Error;
use diesel::connection::SimpleConnection;
use std::time::Duration;

/// How often the log is copied back. Pages that change often are copied once for many changes.
pub const EVERY: Duration = Duration::from_millis(250);

/// Pages in the log (250 MiB) at which the writer itself copies what is left, so that the log begins anew. Everybody
/// waits meanwhile: at a quarter of it, four times as often, one share in a hundred took 22 ms instead of 16.
const WRITER_HELPS_AT: u32 = 64_000;

/// Leaves copying back to [`copy_back`] on another connection, until the log is long. PostgreSQL has its own processes
/// for it.
pub fn leave_to_others(connection: &mut AnyConnection) -> Result<(), Error> {
    if let AnyConnection::Sqlite(inner) = connection {
        inner.batch_execute(&format!("PRAGMA wal_autocheckpoint = {WRITER_HELPS_AT}"))?;
    }
    Ok(())
}

/// Copies back what the log holds so far, without waiting for anybody: readers and the writer go on.
pub fn copy_back(connection: &mut AnyConnection) -> Result<(), Error> {
    if let AnyConnection::Sqlite(inner) = connection {
        inner.batch_execute("PRAGMA wal_checkpoint(PASSIVE)")?;
    }
    Ok(())
}
