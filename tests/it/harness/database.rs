//! One database a test: a SQLite file of its own, or a schema of its own on the PostgreSQL of `TEST_DATABASE_URL`.

use diesel::connection::SimpleConnection;
use sherlok::store::Store;
use sherlok::store::backend::Location;
use std::path::Path;
use std::sync::Arc;

/// The database of one test; gone when the last user is.
pub(crate) struct Database {
    inner: Arc<Inner>,
}

struct Inner {
    directory: tempfile::TempDir,
    postgres: Option<Postgres>,
}

struct Postgres {
    url: String,
    /// The test's own schema; none where the whole database is its own.
    schema: Option<String>,
}

impl Database {
    /// Makes an empty, migrated one.
    pub(crate) fn create() -> Self {
        let directory = tempfile::tempdir().unwrap();
        #[expect(clippy::disallowed_methods, reason = "the test command's one switch")]
        let postgres = std::env::var("TEST_DATABASE_URL").ok().map(|url| {
            let schema = format!("test_{}", uuid::Uuid::now_v7().simple());
            let database = Postgres {
                url,
                schema: Some(schema.clone()),
            };
            database.execute(&format!("CREATE SCHEMA {schema}"));
            database
        });
        Self::made_of(directory, postgres)
    }

    /// An empty, migrated SQLite file in a directory that is made below `parent`.
    pub(crate) fn create_file_in(parent: &Path) -> Self {
        Self::made_of(tempfile::tempdir_in(parent).unwrap(), None)
    }

    /// A whole PostgreSQL database, migrated; it is left as it is afterwards.
    pub(crate) fn whole(url: String) -> Self {
        let postgres = Postgres { url, schema: None };
        Self::made_of(tempfile::tempdir().unwrap(), Some(postgres))
    }

    fn made_of(directory: tempfile::TempDir, postgres: Option<Postgres>) -> Self {
        let database = Self {
            inner: Arc::new(Inner { directory, postgres }),
        };
        drop(Store::open(database.location(), 1).unwrap());
        database
    }

    /// The same database for another instance.
    pub(crate) fn share(&self) -> Self {
        Self {
            inner: Arc::clone(&self.inner),
        }
    }

    /// Opens it for one service.
    pub(crate) fn open(&self) -> Store {
        Store::open_migrated(self.location(), 6).unwrap()
    }

    /// A directory that lives as long as the database.
    pub(crate) fn directory(&self) -> &Path {
        self.inner.directory.path()
    }

    /// Where it is.
    pub(crate) fn location(&self) -> Location {
        Location::parse(&self.url()).unwrap()
    }

    /// Where it is, as a setting.
    pub(crate) fn url(&self) -> String {
        match &self.inner.postgres {
            None => format!("sqlite:{}", self.directory().join("sherlok.db").display()),
            Some(Postgres { url, schema: None }) => url.clone(),
            Some(Postgres {
                url,
                schema: Some(schema),
            }) => format!("{url}?options=-csearch_path%3D{schema}"),
        }
    }
}

impl Postgres {
    fn execute(&self, statement: &str) {
        let mut connection = Location::parse(&self.url).unwrap().open().unwrap();
        connection.batch_execute(statement).unwrap();
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        if let Some(postgres) = &self.postgres
            && let Some(schema) = &postgres.schema
        {
            // Connections of a service that is still stopping must not hold the schema up.
            postgres.execute(&format!("SET lock_timeout = '5s'; DROP SCHEMA {schema} CASCADE"));
        }
    }
}
