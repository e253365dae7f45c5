//! A whole service for one test: own database, own port, a clock that stands still, people of every role.
//! Goes only through the routes, except for setting the scene.

pub(crate) mod bad_line;
pub(crate) mod client;
pub(crate) mod database;
pub(crate) mod homes;
pub(crate) mod people;
pub(crate) mod process;
pub(crate) mod proxy;
pub(crate) mod results;
pub(crate) mod rosters;
pub(crate) mod shares;
pub(crate) mod teams;

use actix_web::web::Data;
use client::Client;
use database::Database;
use sherlok::app::App;
use sherlok::app::Parts;
use sherlok::app::dispatch::Bkd;
use sherlok::app::log::LogKeys;
use sherlok::app::log::cosign::Witnesses;
use sherlok::domain::home::DEFAULT_CHANGES_IN_QUARTER;
use sherlok::domain::instant::Instant;
use sherlok::domain::retention::Retention;
use sherlok::http::agency_day_events::DayStreams;
use sherlok::http::server;
use sherlok::http::server::Shared;
use sherlok::platform::clock::Clock;
use sherlok::platform::entropy::Entropy;
use sherlok::platform::mail::Mail;
use sherlok::platform::password::{Cost, Passwords};
use sherlok::platform::remote::Remote;
use sherlok::platform::secrets::Secrets;
use std::net::TcpListener;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// People who may follow an agency's day at once in tests.
pub(crate) const MOST_STREAMS: usize = 12;

/// When every test begins: Monday 2 March 2026, 08.59 in Jakarta, one minute before the morning slot closes.
pub(crate) const BEGINNING: &str = "2026-03-02T08:59:00+07:00";

/// One running service.
pub(crate) struct TestApp {
    pub(crate) clock: Clock,
    pub(crate) shared: Shared,
    pub(crate) base_url: String,
    handle: actix_web::dev::ServerHandle,
    serial: AtomicU64,
    // Last, so that the database outlives the service.
    database: Database,
}

/// What is another for one service than for the others.
pub(crate) struct Setup {
    /// How often one home may be changed in a quarter.
    pub(crate) home_changes: usize,
    /// What its logs are named after.
    pub(crate) name: &'static str,
    /// Whom it asks to witness its logs.
    pub(crate) witnesses: Witnesses,
    /// Where its randomness begins.
    pub(crate) seed: u64,
    /// BKD's instance, where this one is an agency's own.
    pub(crate) bkd: Option<Bkd>,
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            home_changes: DEFAULT_CHANGES_IN_QUARTER,
            name: "sherlok.example",
            witnesses: Witnesses::default(),
            seed: 1,
            bkd: None,
        }
    }
}

impl TestApp {
    /// Starts a service on a database of its own.
    pub(crate) fn start() -> Self {
        Self::start_with(Setup::default())
    }

    /// Like [`TestApp::start`], with other settings.
    pub(crate) fn start_with(setup: Setup) -> Self {
        let clock = Clock::fixed(Instant::parse(BEGINNING).unwrap());
        Self::on(Database::create(), clock, setup)
    }

    /// A second instance on the same database and clock, as behind a proxy.
    pub(crate) fn twin(&self) -> Self {
        let setup = Setup {
            seed: 2,
            ..Setup::default()
        };
        Self::on(self.database.share(), self.clock.clone(), setup)
    }

    /// The instance of an agency that sends its batches to this one, on SQLite and by the same clock. `seed` makes its
    /// ids; `remote` is how it sends by itself.
    pub(crate) fn dinas(&self, seed: u64, remote: Option<Remote>) -> Self {
        let database = Database::create_file_in(&std::env::temp_dir());
        self.dinas_on(database, seed, remote)
    }

    /// An agency's instance once more, on the database of `before`.
    pub(crate) fn dinas_again(&self, before: &Self, seed: u64, remote: Option<Remote>) -> Self {
        self.dinas_on(before.database.share(), seed, remote)
    }

    fn dinas_on(&self, database: Database, seed: u64, remote: Option<Remote>) -> Self {
        let keys = self.app().public_keys();
        let (witness, openings) = (keys.witness.parse().unwrap(), keys.openings.parse().unwrap());
        let setup = Setup {
            name: "dinas.example",
            seed,
            bkd: Some(Bkd::new(witness, openings, remote).unwrap()),
            ..Setup::default()
        };
        Self::on(database, self.clock.clone(), setup)
    }

    fn on(database: Database, clock: Clock, setup: Setup) -> Self {
        // Deployments of other names have other keys.
        let log_key = *sherlok::domain::digest::Digest::of(setup.name.as_bytes()).bytes();
        let app = App::new(Parts {
            store: database.open(),
            clock: clock.clone(),
            entropy: Entropy::seeded(setup.seed),
            secrets: Secrets {
                token_key: [1; 32],
                refresh_key: [2; 32],
                master_key: [3; 32],
                log_key,
            },
            log_keys: LogKeys::new(Some(setup.name), log_key).unwrap(),
            passwords: Passwords::new(Cost::Least).unwrap(),
            directory: database.directory().to_path_buf(),
            mail: Mail::capture(),
            home_changes_in_quarter: setup.home_changes,
            retention: Retention::default(),
            browser_limits: sherlok::domain::browser_session::BrowserLimits::default(),
            #[cfg(feature = "print")]
            printer: sherlok::platform::print::Printer::new(None).unwrap(),
            #[cfg(feature = "print")]
            public_url: Some("https://sherlok.example".to_owned()),
        });
        let mut shared = Shared::new(app.with_witnesses(setup.witnesses).with_bkd(setup.bkd)).unwrap();
        // Few, and with a sign of life that no test has to wait for.
        shared.streams = Data::new(DayStreams::new(MOST_STREAMS, Duration::from_millis(200)));
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base_url = format!("http://{}", listener.local_addr().unwrap());
        let (sender, receiver) = std::sync::mpsc::channel();
        let serving = shared.clone();
        std::thread::spawn(move || {
            actix_web::rt::System::new().block_on(async {
                let server = server::serve(listener, serving, 2).unwrap();
                sender.send(server.handle()).unwrap();
                server.await.unwrap();
            });
        });
        let handle = receiver.recv().unwrap();
        Self {
            clock,
            shared,
            base_url,
            handle,
            serial: AtomicU64::new(0),
            database,
        }
    }

    /// The use cases, for setting a scene that has no route.
    pub(crate) fn app(&self) -> &App {
        &self.shared.app
    }

    /// A client that has not signed in.
    pub(crate) fn nobody(&self) -> Client {
        Client::new(&self.base_url)
    }

    /// Moves the clock to a moment, written in RFC 3339.
    pub(crate) fn set_clock(&self, to: &str) {
        self.clock.set(Instant::parse(to).unwrap());
    }

    /// Moves the clock on.
    pub(crate) fn advance(&self, by: chrono::Duration) {
        self.clock.set(self.clock.now().plus(by));
    }

    /// A number that this service has not given out before.
    pub(crate) fn next_serial(&self) -> u64 {
        self.serial.fetch_add(1, Ordering::SeqCst)
    }

    /// The reasons in the trail of a thing, oldest first.
    pub(crate) fn reasons(&self, subject_kind: &str, subject_id: &str) -> Vec<Option<String>> {
        let links = self
            .app()
            .store()
            .read(|connection| sherlok::store::event::list(connection, subject_kind, subject_id))
            .unwrap();
        links.into_iter().map(|link| link.reason).collect()
    }

    /// Whether the database is PostgreSQL.
    pub(crate) fn is_postgres(&self) -> bool {
        !self.app().store().location().is_sqlite()
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        drop(self.handle.stop(false));
    }
}
