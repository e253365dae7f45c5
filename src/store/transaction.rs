//! Read and write transactions, and the rule for repeating them.

use crate::store::Store;
use crate::store::backend::AnyConnection;
use crate::store::error::Error;
use diesel::connection::AnsiTransactionManager;
use diesel::connection::TransactionManager;
use std::convert::Infallible;
use std::time::Duration;

/// How often a write that met another one is tried before the caller hears of it.
const ATTEMPTS: u32 = 8;

/// Errors that a transaction's work may end in: the store's own must be recognisable, to know when to repeat.
pub trait WorkError: From<Error> {
    /// Whether the same work may succeed when tried again at once.
    fn is_repeatable(&self) -> bool;
}

impl WorkError for Error {
    fn is_repeatable(&self) -> bool {
        matches!(self, Self::Busy(_))
    }
}

/// How rehearsed work ended.
enum Ended<T, E> {
    Done(T),
    Failed(E),
}

impl<T, E: WorkError> From<Error> for Ended<T, E> {
    fn from(error: Error) -> Self {
        Self::Failed(error.into())
    }
}

impl<T, E: WorkError> WorkError for Ended<T, E> {
    fn is_repeatable(&self) -> bool {
        match self {
            Self::Done(_) => false,
            Self::Failed(error) => error.is_repeatable(),
        }
    }
}

/// How strictly PostgreSQL keeps transactions apart.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Isolation {
    /// Two transactions act as if one came after the other; the loser is repeated.
    Serializable,
    /// Each statement sees what is committed; for work that holds its own locks.
    ReadCommitted,
}

impl Store {
    /// Runs `work` with a connection for reading, in one snapshot.
    pub fn read<T, E: WorkError>(&self, work: impl FnOnce(&mut AnyConnection) -> Result<T, E>) -> Result<T, E> {
        let mut attempt = 1;
        loop {
            let mut connection = self.readers.get().map_err(Error::from)?;
            let sql = match &*connection {
                AnyConnection::Postgres(_) => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
                AnyConnection::Sqlite(_) => "BEGIN",
            };
            match begin(&mut connection, sql) {
                Ok(()) => return finish(&mut connection, work),
                // Its connection was cut while it lay in the pool, which now drops it.
                Err(Error::Unavailable(_)) if attempt < ATTEMPTS => attempt += 1,
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// Runs `work` in one write transaction and commits it durably. When another write was in the way the whole of
    /// `work` is repeated, so it must not touch anything but the connection.
    pub fn write<T, E: WorkError>(&self, work: impl FnMut(&mut AnyConnection) -> Result<T, E>) -> Result<T, E> {
        self.write_isolated(Isolation::Serializable, work)
    }

    /// Like [`Store::write`], but nothing is kept: for telling what a change would come to.
    pub fn rehearse<T, E: WorkError>(&self, mut work: impl FnMut(&mut AnyConnection) -> Result<T, E>) -> Result<T, E> {
        // A transaction whose work fails is rolled back, so what was done is handed out as a failure.
        let ended: Result<Infallible, Ended<T, E>> = self.write(|connection| {
            Err(match work(connection) {
                Ok(value) => Ended::Done(value),
                Err(error) => Ended::Failed(error),
            })
        });
        match ended {
            Ok(never) => match never {},
            Err(Ended::Done(value)) => Ok(value),
            Err(Ended::Failed(error)) => Err(error),
        }
    }

    /// Like [`Store::write`], for work that takes its turn on rows which many want at once, such as a counter: on
    /// PostgreSQL the others wait for it instead of being repeated. Work must raise the rows of its turn first, and read
    /// what hangs on them afterwards.
    pub fn write_in_turn<T, E: WorkError>(&self, work: impl FnMut(&mut AnyConnection) -> Result<T, E>) -> Result<T, E> {
        self.write_isolated(Isolation::ReadCommitted, work)
    }

    fn write_isolated<T, E: WorkError>(
        &self,
        isolation: Isolation,
        mut work: impl FnMut(&mut AnyConnection) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut attempt = 1;
        loop {
            let mut connection = self.writers.get().map_err(Error::from)?;
            let result = write_once(&mut connection, isolation, &mut work);
            match result {
                Err(error) if error.is_repeatable() && attempt < ATTEMPTS => {
                    drop(connection);
                    // Steps differ by thread, so that two losers do not meet again.
                    let step = u64::from(attempt) * (3 + u64::from(std::process::id() % 7));
                    std::thread::sleep(Duration::from_millis(step));
                    attempt += 1;
                }
                other => return other,
            }
        }
    }
}

/// Runs `work` once in a write transaction on a given connection.
pub(crate) fn write_once<T, E: WorkError>(
    connection: &mut AnyConnection,
    isolation: Isolation,
    work: impl FnOnce(&mut AnyConnection) -> Result<T, E>,
) -> Result<T, E> {
    let sql = match (&*connection, isolation) {
        (AnyConnection::Postgres(_), Isolation::Serializable) => "BEGIN ISOLATION LEVEL SERIALIZABLE",
        (AnyConnection::Postgres(_), Isolation::ReadCommitted) => "BEGIN ISOLATION LEVEL READ COMMITTED",
        (AnyConnection::Sqlite(_), _) => "BEGIN IMMEDIATE",
    };
    begin(connection, sql)?;
    finish(connection, work)
}

/// Runs `work` inside a savepoint: its failure leaves the outer transaction alive.
pub fn nested<T, E: WorkError>(
    connection: &mut AnyConnection,
    work: impl FnOnce(&mut AnyConnection) -> Result<T, E>,
) -> Result<T, E> {
    begin_nested(connection)?;
    finish(connection, work)
}

/// Begins with this statement. A connection that can't even begin is marked, so that its pool drops it: diesel marks
/// only those that break later.
fn begin(connection: &mut AnyConnection, sql: &str) -> Result<(), Error> {
    let begun = match connection {
        AnyConnection::Postgres(inner) => AnsiTransactionManager::begin_transaction_sql(inner, sql),
        AnyConnection::Sqlite(inner) => AnsiTransactionManager::begin_transaction_sql(inner, sql),
    }
    .map_err(Error::from);
    if begun.as_ref().is_err_and(|error| !error.is_repeatable()) {
        match connection {
            AnyConnection::Postgres(inner) => AnsiTransactionManager::transaction_manager_status_mut(inner),
            AnyConnection::Sqlite(inner) => AnsiTransactionManager::transaction_manager_status_mut(inner),
        }
        .set_in_error();
    }
    begun
}

fn begin_nested(connection: &mut AnyConnection) -> Result<(), Error> {
    match connection {
        AnyConnection::Postgres(inner) => AnsiTransactionManager::begin_transaction(inner),
        AnyConnection::Sqlite(inner) => AnsiTransactionManager::begin_transaction(inner),
    }
    .map_err(Error::from)
}

fn finish<T, E: WorkError>(
    connection: &mut AnyConnection,
    work: impl FnOnce(&mut AnyConnection) -> Result<T, E>,
) -> Result<T, E> {
    match work(connection) {
        Ok(value) => {
            match connection {
                AnyConnection::Postgres(inner) => AnsiTransactionManager::commit_transaction(inner),
                AnyConnection::Sqlite(inner) => AnsiTransactionManager::commit_transaction(inner),
            }
            .map_err(Error::from)?;
            Ok(value)
        }
        Err(error) => {
            // The first error is the one to report; a connection that can't even roll back is dropped by the pool.
            let _ = match connection {
                AnyConnection::Postgres(inner) => AnsiTransactionManager::rollback_transaction(inner),
                AnyConnection::Sqlite(inner) => AnsiTransactionManager::rollback_transaction(inner),
            };
            Err(error)
        }
    }
}
