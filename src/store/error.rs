//! What can go wrong between the service and its database.

use diesel::r2d2::PoolError;
use diesel::result::DatabaseErrorKind;

/// A failed call to the database, sorted by what the caller can do about it.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The row is not there, or not within the scope.
    #[error("no such row in scope")]
    Missing,
    /// A unique constraint refused a row; the text names the constraint (PostgreSQL) or its columns (SQLite).
    #[error("duplicate row: {0}")]
    Duplicate(String),
    /// Another transaction was in the way, also after retries, or no connection was free in time.
    #[error("the database is busy")]
    Busy(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// A stored value does not read back as what it must be.
    #[error("corrupt value stored in {0}")]
    Corrupt(&'static str),
    /// The settings or the server do not allow a safe start.
    #[error("{0}")]
    Setup(String),
    /// No connection could be made.
    #[error("can't connect to the database")]
    Connect(#[source] diesel::ConnectionError),
    /// A schema change failed.
    #[error("a migration failed")]
    Migration(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The database is there and can't work now: connection cut, disk full, read-only.
    #[error("the database can't be used now")]
    Unavailable(#[source] diesel::result::Error),
    /// The database's file is damaged; only a backup helps.
    #[error("the database is damaged: restore it from a backup")]
    Damaged(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// Everything else that the database said.
    #[error("the database refused a statement")]
    Database(#[source] diesel::result::Error),
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "diesel's errors may grow; what is not named here can't be acted on"
)]
impl From<diesel::result::Error> for Error {
    fn from(error: diesel::result::Error) -> Self {
        match error {
            diesel::result::Error::NotFound => Self::Missing,
            diesel::result::Error::DatabaseError(DatabaseErrorKind::UniqueViolation, ref information) => {
                Self::Duplicate(
                    information
                        .constraint_name()
                        .unwrap_or_else(|| information.message())
                        .to_owned(),
                )
            }
            diesel::result::Error::DatabaseError(DatabaseErrorKind::SerializationFailure, _) => {
                Self::Busy(Box::new(error))
            }
            diesel::result::Error::DatabaseError(_, ref information) if is_lock_conflict(information.message()) => {
                Self::Busy(Box::new(error))
            }
            diesel::result::Error::DatabaseError(_, ref information) if is_damage(information.message()) => {
                Self::Damaged(Box::new(error))
            }
            diesel::result::Error::DatabaseError(_, ref information) if is_outage(information.message()) => {
                Self::Unavailable(error)
            }
            // A transaction manager in error belongs to a connection that broke before.
            diesel::result::Error::BrokenTransactionManager
            | diesel::result::Error::DatabaseError(
                DatabaseErrorKind::ClosedConnection | DatabaseErrorKind::ReadOnlyTransaction,
                _,
            ) => Self::Unavailable(error),
            other => Self::Database(other),
        }
    }
}

/// PostgreSQL's deadlock and lock timeout (40P01, 55P03) and SQLite's busy states carry no kind of their own in diesel.
fn is_lock_conflict(message: &str) -> bool {
    [
        "deadlock detected",
        "due to lock timeout",
        "database is locked",
        "database table is locked",
    ]
    .iter()
    .any(|text| message.contains(text))
}

/// SQLite's words for a file that is not what it was: its result codes 11 and 26.
fn is_damage(message: &str) -> bool {
    ["database disk image is malformed", "file is not a database"]
        .iter()
        .any(|text| message.contains(text))
}

/// SQLite's words for a disk that is full, fails or may not be written (its result codes 13, 10, 8 and 14), and
/// PostgreSQL's for a full disk and for stopping (53100, 57P01 to 57P03).
fn is_outage(message: &str) -> bool {
    [
        "database or disk is full",
        "disk I/O error",
        "attempt to write a readonly database",
        "unable to open database file",
        "No space left on device",
        "terminating connection",
        "the database system is",
        "server closed the connection",
        "no connection to the server",
        "connection to server",
    ]
    .iter()
    .any(|text| message.contains(text))
}

impl From<PoolError> for Error {
    fn from(error: PoolError) -> Self {
        Self::Busy(Box::new(error))
    }
}
