//! Both trees of migrations, embedded, run at start.

use crate::store::backend::AnyConnection;
use crate::store::backend::per_backend;
use crate::store::error::Error;
use diesel::connection::SimpleConnection;
use diesel_migrations::EmbeddedMigrations;
use diesel_migrations::MigrationHarness;
use diesel_migrations::embed_migrations;

const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");
const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
/// Any number that no other program uses on the same database; keeps two starting instances apart.
const LOCK: &str = "7305437021";

/// Brings the schema up to date. Two instances that start together take turns.
pub fn run(connection: &mut AnyConnection) -> Result<(), Error> {
    match connection {
        AnyConnection::Postgres(inner) => {
            inner.batch_execute(&format!("SELECT pg_advisory_lock({LOCK})"))?;
            let result = inner
                .run_pending_migrations(POSTGRES)
                .map(|_| ())
                .map_err(Error::Migration);
            inner.batch_execute(&format!("SELECT pg_advisory_unlock({LOCK})"))?;
            result
        }
        AnyConnection::Sqlite(inner) => inner
            .run_pending_migrations(SQLITE)
            .map(|_| ())
            .map_err(Error::Migration),
    }
}

/// Takes every migration back, newest first; for the test that goes up, down and up again.
pub fn revert_all(connection: &mut AnyConnection) -> Result<(), Error> {
    match connection {
        AnyConnection::Postgres(inner) => inner.revert_all_migrations(POSTGRES).map(|_| ()),
        AnyConnection::Sqlite(inner) => inner.revert_all_migrations(SQLITE).map(|_| ()),
    }
    .map_err(Error::Migration)
}

/// Names of the migrations that are embedded but not yet applied.
pub fn pending(connection: &mut AnyConnection) -> Result<usize, Error> {
    let source = match connection {
        AnyConnection::Postgres(_) => POSTGRES,
        AnyConnection::Sqlite(_) => SQLITE,
    };
    per_backend!(connection, inner => inner.pending_migrations(source).map(|list| list.len())).map_err(Error::Migration)
}
