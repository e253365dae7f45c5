//! Both trees of migrations, embedded, run at start.

use crate::store::backend::AnyConnection;
use crate::store::error::Error;
use diesel::connection::SimpleConnection;
use diesel::migration::MigrationSource;
use diesel::pg::Pg;
use diesel::sql_types::BigInt;
use diesel::sqlite::Sqlite;
use diesel::{QueryableByName, RunQueryDsl, sql_query};
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

/// How many embedded migrations are not applied yet. Only reads, so that readiness can be asked of a read-only pool.
pub fn pending(connection: &mut AnyConnection) -> Result<usize, Error> {
    let applied =
        sql_query("SELECT count(*) AS count FROM __diesel_schema_migrations").get_result::<Applied>(connection)?;
    let embedded = match connection {
        AnyConnection::Postgres(_) => MigrationSource::<Pg>::migrations(&POSTGRES).map(|list| list.len()),
        AnyConnection::Sqlite(_) => MigrationSource::<Sqlite>::migrations(&SQLITE).map(|list| list.len()),
    };
    let applied = usize::try_from(applied.count).unwrap_or(0);
    Ok(embedded.map_err(Error::Migration)?.saturating_sub(applied))
}

#[derive(QueryableByName)]
struct Applied {
    #[diesel(sql_type = BigInt)]
    count: i64,
}
