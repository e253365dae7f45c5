//! The connection to either database: chosen by the URL's scheme, opened, tuned and asserted.

#![expect(missing_docs, reason = "the derive for both backends writes items without them")]

use crate::store::error::Error;
use crate::store::postgres_url;
use diesel::connection::SimpleConnection;
use diesel::pg::PgConnection;
use diesel::r2d2::CustomizeConnection;
use diesel::r2d2::ManageConnection;
use diesel::r2d2::R2D2Connection;
use diesel::sql_types::Text;
use diesel::sqlite::SqliteConnection;
use diesel::{Connection as _, QueryableByName, RunQueryDsl, sql_query};
use std::fmt;
use std::path::PathBuf;

/// One connection to the one database that this process uses.
#[derive(diesel::MultiConnection)]
pub enum AnyConnection {
    /// PostgreSQL, 15 or newer.
    Postgres(PgConnection),
    /// SQLite, bundled.
    Sqlite(SqliteConnection),
}

impl fmt::Debug for AnyConnection {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Postgres(_) => "AnyConnection::Postgres",
            Self::Sqlite(_) => "AnyConnection::Sqlite",
        })
    }
}

impl AnyConnection {
    /// Whether a transaction in it failed so that nothing can be sent any more.
    pub fn is_broken(&mut self) -> bool {
        R2D2Connection::is_broken(self)
    }
}

/// Writes one expression, compiled once per backend, for what diesel can't say through the enum: batch insert,
/// ON CONFLICT, batch RETURNING.
macro_rules! per_backend {
    ($connection:expr, $inner:ident => $expression:expr) => {
        match $connection {
            $crate::store::backend::AnyConnection::Postgres($inner) => $expression,
            $crate::store::backend::AnyConnection::Sqlite($inner) => $expression,
        }
    };
}
pub(crate) use per_backend;

/// Where the database is, by the scheme of `SHERLOK_DATABASE_URL`.
#[derive(Clone, Eq, PartialEq)]
pub enum Location {
    /// `sqlite:PATH`.
    Sqlite(PathBuf),
    /// `postgres://...`, given to libpq as it stands.
    Postgres(String),
}

/// A PostgreSQL URL may hold a password.
impl fmt::Debug for Location {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(formatter, "Location::Sqlite({})", path.display()),
            Self::Postgres(_) => formatter.write_str("Location::Postgres(hidden)"),
        }
    }
}

impl Location {
    /// Reads a URL; any other scheme is refused rather than guessed, and so is PostgreSQL over a network without TLS.
    pub fn parse(url: &str) -> Result<Self, Error> {
        if let Some(path) = url.strip_prefix("sqlite:") {
            let path = path.strip_prefix("//").unwrap_or(path);
            if path.is_empty() || path == ":memory:" {
                return Err(Error::Setup("sqlite: needs the path of a file".to_owned()));
            }
            return Ok(Self::Sqlite(PathBuf::from(path)));
        }
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            postgres_url::check(url, cfg!(feature = "postgres-tls"))
                .map_err(|fault| Error::Setup(fault.to_string()))?;
            return Ok(Self::Postgres(url.to_owned()));
        }
        Err(Error::Setup(
            "the database URL must begin with sqlite: or postgres://".to_owned(),
        ))
    }

    /// Whether this is SQLite, with its one writer.
    pub const fn is_sqlite(&self) -> bool {
        matches!(self, Self::Sqlite(_))
    }

    /// Opens, tunes and asserts one connection.
    pub fn open(&self) -> Result<AnyConnection, Error> {
        match self {
            Self::Sqlite(path) => {
                let path = path
                    .to_str()
                    .ok_or_else(|| Error::Setup("the database path is not UTF-8".to_owned()))?;
                let mut connection = SqliteConnection::establish(path).map_err(Error::Connect)?;
                tune_sqlite(&mut connection)?;
                Ok(AnyConnection::Sqlite(connection))
            }
            Self::Postgres(url) => {
                let mut connection = PgConnection::establish(url).map_err(Error::Connect)?;
                tune_postgres(&mut connection)?;
                Ok(AnyConnection::Postgres(connection))
            }
        }
    }
}

#[derive(QueryableByName)]
struct Setting {
    #[diesel(sql_type = Text)]
    value: String,
}

fn tune_sqlite(connection: &mut SqliteConnection) -> Result<(), Error> {
    // busy_timeout first: switching to WAL itself may have to wait.
    connection.batch_execute(
        "PRAGMA busy_timeout = 15000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; \
         PRAGMA cache_size = -16000; PRAGMA temp_store = MEMORY;",
    )?;
    for (pragma, expected) in [("journal_mode", "wal"), ("synchronous", "2"), ("foreign_keys", "1")] {
        let query = format!("SELECT CAST({pragma} AS TEXT) AS value FROM pragma_{pragma}");
        let found = sql_query(query).get_result::<Setting>(connection)?.value;
        if found != expected {
            return Err(Error::Setup(format!(
                "SQLite refused {pragma} = {expected}: it says {found}"
            )));
        }
    }
    #[cfg(debug_assertions)]
    if crate::store::sabotage::Sabotage::SynchronousOff.is_chosen() {
        connection.batch_execute("PRAGMA synchronous = OFF")?;
    }
    Ok(())
}

fn tune_postgres(connection: &mut PgConnection) -> Result<(), Error> {
    connection
        .batch_execute("SET timezone = 'UTC'; SET synchronous_commit = on; SET client_min_messages = warning;")?;
    let fsync = sql_query("SELECT current_setting('fsync') AS value")
        .get_result::<Setting>(connection)?
        .value;
    if fsync != "on" {
        return Err(Error::Setup(
            "PostgreSQL runs with fsync = off: an acknowledged check-in could be lost".to_owned(),
        ));
    }
    Ok(())
}

/// Opens connections for the pools.
#[derive(Clone, Debug)]
pub(crate) struct Opener(pub(crate) Location);

impl ManageConnection for Opener {
    type Connection = AnyConnection;
    type Error = Error;

    fn connect(&self) -> Result<AnyConnection, Error> {
        self.0.open()
    }

    fn is_valid(&self, connection: &mut AnyConnection) -> Result<(), Error> {
        connection.ping().map_err(Error::from)
    }

    fn has_broken(&self, connection: &mut AnyConnection) -> bool {
        std::thread::panicking() || connection.is_broken()
    }
}

/// Makes a pooled SQLite connection refuse to write, so that only the one writer does. There are several of them, and the
/// system's own cache stands behind theirs, so that each keeps a quarter of what the writer keeps.
#[derive(Debug)]
pub(crate) struct ReadOnly;

impl CustomizeConnection<AnyConnection, Error> for ReadOnly {
    fn on_acquire(&self, connection: &mut AnyConnection) -> Result<(), Error> {
        if let AnyConnection::Sqlite(sqlite) = connection {
            sqlite.batch_execute("PRAGMA query_only = ON; PRAGMA cache_size = -4000")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scheme_decides_and_nothing_is_guessed() {
        assert!(
            Location::parse("sqlite:/var/lib/sherlok/sherlok.db")
                .unwrap()
                .is_sqlite()
        );
        assert!(
            !Location::parse("postgres://sherlok@localhost/sherlok")
                .unwrap()
                .is_sqlite()
        );
        for url in ["sherlok.db", "mysql://x", "", "sqlite:", "sqlite::memory:"] {
            assert!(Location::parse(url).is_err(), "{url}");
        }
    }

    #[test]
    fn a_database_beyond_this_machine_is_refused_without_tls() {
        let refusal = Location::parse("postgres://sherlok:secret@db/sherlok?sslmode=disable").unwrap_err();
        assert!(
            matches!(&refusal, Error::Setup(text) if text.contains("beyond this machine")),
            "{refusal}"
        );
    }

    #[test]
    fn debug_hides_the_password_of_a_url() {
        let location = Location::parse("postgres://a:secret@localhost/x").unwrap();
        assert!(!format!("{location:?}").contains("secret"));
    }
}
