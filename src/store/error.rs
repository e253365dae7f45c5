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
            other => Self::Database(other),
        }
    }
}

/// PostgreSQL's deadlock (40P01) and SQLite's busy states carry no kind of their own in diesel.
fn is_lock_conflict(message: &str) -> bool {
    ["deadlock detected", "database is locked", "database table is locked"]
        .iter()
        .any(|text| message.contains(text))
}

impl From<PoolError> for Error {
    fn from(error: PoolError) -> Self {
        Self::Busy(Box::new(error))
    }
}
