//! Where the demo plays: a fresh data directory, a running service, and a clock that can live past days.

use crate::app::App;
use crate::app::role::NewAccount;
use crate::app::sign_in::Password;
use crate::cli::config::Config;
use crate::cli::serve;
use crate::cli::simulate::client::Client;
use crate::domain::access::Grant;
use crate::domain::access::Role;
use crate::domain::instant::Instant;
use crate::http::server;
use crate::http::server::Running;
use crate::platform::clock::Clock;
use crate::platform::tls::Following;
use std::error::Error;
use std::path::PathBuf;

/// The running service and its clock.
#[derive(Debug)]
pub struct Stage {
    clock: Clock,
    running: Running,
    _following: Option<Following>,
    base_url: String,
    // Last, so that the files outlive the service.
    directory: Directory,
}

/// The data directory; one that the demo made for itself goes when it ends.
#[derive(Debug)]
struct Directory {
    path: PathBuf,
    is_own: bool,
}

impl Drop for Directory {
    fn drop(&mut self) {
        if self.is_own {
            // Nobody is left to tell, and the system clears its temporary files some day.
            drop(std::fs::remove_dir_all(&self.path));
        }
    }
}

impl Stage {
    /// Starts a service on a new database at the past moment `at`, with one administrator.
    ///
    /// Where nothing names a data directory everything is kept in a temporary one. A database with accounts
    /// is refused: the demo never writes into anyone's records.
    pub fn open(at: Instant, administrator: &str, password: &str) -> Result<Self, Box<dyn Error>> {
        let own = std::env::temp_dir().join(format!("sherlok-demo-{}-{}", std::process::id(), at.millis()));
        let config = Config::from_environment_or_in(&own)?;
        let directory = Directory {
            is_own: config.data_directory == own,
            path: config.data_directory.clone(),
        };
        let clock = Clock::shifted();
        clock.set(at);
        let app = serve::open_at(&config, clock.clone())?;
        refuse_used(&app)?;
        app.add_account(&NewAccount {
            username: administrator.to_owned(),
            display_name: "Administrator Simulasi".to_owned(),
            password: Password::new(password.to_owned()),
            grants: vec![Grant {
                role: Role::Administrator,
                agency: None,
            }],
        })?;
        let doors = serve::doors(&config)?;
        let plain = doors.plain.as_ref();
        // The demo's people speak to it over HTTP, whoever else comes by HTTPS.
        let plain = plain.ok_or("SHERLOK_LISTEN must be an address for the demo")?;
        let base_url = format!("http://{}", plain.local_addr()?);
        let following = doors.tls.as_ref().map(|(_, tls)| tls.follow()).transpose()?;
        let running = server::start(doors, serve::shared(app, &config)?, config.workers)?;
        Ok(Self {
            clock,
            running,
            _following: following,
            base_url,
            directory,
        })
    }

    /// The address of the service, as `http://127.0.0.1:8080`.
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// A client of the service.
    pub fn client(&self) -> Client {
        Client::new(&self.base_url)
    }

    /// Makes it `at`; the clock goes on from there.
    pub fn set_clock(&self, at: Instant) {
        self.clock.set(at);
    }

    /// Makes it the present.
    pub fn come_back(&self) {
        self.clock.come_back();
    }

    /// Serves until it is told to stop.
    pub fn wait(self) -> Result<(), Box<dyn Error>> {
        let Self { running, directory, .. } = self;
        running.wait()?;
        drop(directory);
        Ok(())
    }

    /// Stops at once.
    pub fn close(self) -> Result<(), Box<dyn Error>> {
        let Self { running, directory, .. } = self;
        running.stop()?;
        drop(directory);
        Ok(())
    }
}

fn refuse_used(app: &App) -> Result<(), Box<dyn Error>> {
    if app.has_accounts()? {
        return Err("the database is in use; the demo wants a fresh data directory".into());
    }
    Ok(())
}
