//! The real binary as a process of its own, to be killed.

use super::client::Client;
use super::database::Database;
use super::people::{self, PASSWORD};
use sherlok::app::log::LogKeys;
use sherlok::app::role::NewAccount;
use sherlok::app::sign_in::{Credentials, Password};
use sherlok::app::{App, Parts};
use sherlok::domain::access::{Actor, AgencyCode, Grant, Role};
use sherlok::domain::work_mode::WorkGroup;
use sherlok::platform::clock::Clock;
use sherlok::platform::entropy::Entropy;
use sherlok::platform::password::{Cost, Passwords};
use sherlok::platform::secrets::Secrets;
use sherlok::platform::token::Tokens;
use sherlok::store::backend::Location;
use std::ffi::OsString;
use std::fs::File;
use std::io::Read;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

/// A service that can be started and killed, on one database.
pub(crate) struct Service {
    database: Database,
    child: Option<Child>,
    port: u16,
    settings: Vec<(String, String)>,
    /// A program and its arguments that run the binary.
    wrapper: Vec<OsString>,
    log: tempfile::NamedTempFile,
}

impl Service {
    /// Makes the database and nothing else.
    pub(crate) fn prepare() -> Self {
        Self::on(Database::create())
    }

    /// For a database that is there.
    pub(crate) fn on(database: Database) -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let rate = ("SHERLOK_CALLS_PER_SECOND".to_owned(), "100000".to_owned());
        Self {
            database,
            child: None,
            port,
            settings: vec![rate],
            wrapper: Vec::new(),
            log: tempfile::NamedTempFile::new().unwrap(),
        }
    }

    /// The same service with one more setting.
    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.settings.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The same service, run by another program.
    pub(crate) fn under(mut self, wrapper: Vec<OsString>) -> Self {
        self.wrapper = wrapper;
        self
    }

    /// From the next start on, another program runs the binary; none if it is empty.
    pub(crate) fn run_by(&mut self, wrapper: Vec<OsString>) {
        self.wrapper = wrapper;
    }

    /// Someone of agency 1.01, with the tests' password; gives the username.
    pub(crate) fn add_employee(&self, serial: usize) -> String {
        add(&self.app(), serial)
    }

    /// Someone with a role of agency 1.01 who is on no staff list, with the tests' password; gives the username.
    pub(crate) fn add_official(&self, role: Role) -> String {
        let app = self.app();
        people::make_agency(&app, "1.01");
        let new = NewAccount {
            username: role.code().to_owned(),
            display_name: role.code().to_owned(),
            password: Password::new(PASSWORD.to_owned()),
            grants: vec![Grant {
                role,
                agency: Some(AgencyCode::parse("1.01").unwrap()),
            }],
        };
        app.add_account(&new).unwrap();
        new.username
    }

    /// So many people of agency 1.01, signed in; and what signs their tokens.
    pub(crate) fn add_people(&self, number: usize) -> (Tokens, Vec<Actor>) {
        let app = self.app();
        let secrets = Secrets::load_or_create(self.database.directory(), &Entropy::Os).unwrap();
        let tokens = Tokens::new(&secrets);
        let sign_in = |serial| {
            let signed = app.sign_in(&Credentials {
                username: add(&app, serial),
                password: Password::new(PASSWORD.to_owned()),
                device_id: String::new(),
            });
            tokens.read(&signed.unwrap().access_token, Clock::System.now()).unwrap()
        };
        let actors = (0..number).map(sign_in).collect();
        (tokens, actors)
    }

    fn app(&self) -> App {
        let secrets = Secrets::load_or_create(self.database.directory(), &Entropy::Os).unwrap();
        App::new(Parts {
            store: self.database.open(),
            clock: Clock::System,
            entropy: Entropy::Os,
            log_keys: LogKeys::new(None, secrets.log_key).unwrap(),
            secrets,
            passwords: Passwords::new(Cost::Least).unwrap(),
            directory: self.database.directory().to_path_buf(),
            mail: sherlok::platform::mail::Mail::Off,
            home_changes_in_quarter: sherlok::domain::home::DEFAULT_CHANGES_IN_QUARTER,
            retention: sherlok::domain::retention::Retention::default(),
            browser_limits: sherlok::domain::browser_session::BrowserLimits::default(),
            #[cfg(feature = "print")]
            printer: sherlok::platform::print::Printer::new(None).unwrap(),
            #[cfg(feature = "print")]
            public_url: Some("https://sherlok.example".to_owned()),
        })
    }

    /// Starts the binary and waits until it is ready.
    pub(crate) fn start(&mut self) {
        self.spawn();
        self.await_ready();
    }

    /// Starts the binary.
    pub(crate) fn spawn(&mut self) {
        self.child = Some(self.command().spawn().unwrap());
    }

    /// Runs the binary when it is not expected to serve; gives how it ended.
    pub(crate) fn run_to_its_end(&self) -> ExitStatus {
        let mut child = self.command().spawn().unwrap();
        let deadline = Instant::now() + Duration::from_secs(30);
        while Instant::now() < deadline {
            if let Some(status) = child.try_wait().unwrap() {
                return status;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        child.kill().unwrap();
        child.wait().unwrap();
        panic!("the service goes on serving:\n{}", self.log());
    }

    fn command(&self) -> Command {
        let log = File::options().append(true).open(self.log.path()).unwrap();
        let binary = env!("CARGO_BIN_EXE_sherlok");
        let mut command = match self.wrapper.split_first() {
            None => Command::new(binary),
            Some((program, arguments)) => {
                let mut command = Command::new(program);
                command.args(arguments).arg(binary);
                command
            }
        };
        command
            .arg("serve")
            .env("SHERLOK_LISTEN", format!("127.0.0.1:{}", self.port))
            .env("SHERLOK_DATABASE_URL", self.database.url())
            .env("SHERLOK_DATA_DIR", self.database.directory())
            .env("RUST_LOG", "info")
            .envs(self.settings.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log);
        command
    }

    /// Waits until the binary is ready.
    pub(crate) fn await_ready(&self) {
        let client = self.client();
        let deadline = Instant::now() + Duration::from_mins(1);
        while Instant::now() < deadline {
            if client.try_get("/readyz").is_some_and(|answer| answer.status == 200) {
                return;
            }
            std::thread::sleep(Duration::from_millis(3));
        }
        panic!("the service did not get ready:\n{}", self.log());
    }

    /// Whether the process that was started still runs.
    pub(crate) fn is_running(&mut self) -> bool {
        self.child
            .as_mut()
            .is_some_and(|child| child.try_wait().unwrap().is_none())
    }

    /// The id of the running process.
    pub(crate) fn process_id(&self) -> u32 {
        self.child.as_ref().unwrap().id()
    }

    /// SIGTERM: asks it to end in good order.
    pub(crate) fn terminate(&self) {
        let told = Command::new("kill").arg(self.process_id().to_string()).status();
        assert!(told.unwrap().success());
    }

    /// SIGKILL: no goodbye, no flush.
    pub(crate) fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }

    /// Where it serves.
    pub(crate) fn base_url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The port of the loopback that it serves on.
    pub(crate) const fn port(&self) -> u16 {
        self.port
    }

    /// A client of this service.
    pub(crate) fn client(&self) -> Client {
        Client::new(&self.base_url())
    }

    /// A client signed in with the tests' password.
    pub(crate) fn signed_in(&self, username: &str) -> Client {
        let mut client = self.client();
        client.sign_in(username, PASSWORD).expect(200);
        client
    }

    /// Where its database is.
    pub(crate) fn location(&self) -> Location {
        self.database.location()
    }

    /// Its database as a setting.
    pub(crate) fn database_url(&self) -> String {
        self.database.url()
    }

    /// Its data directory.
    pub(crate) fn directory(&self) -> &Path {
        self.database.directory()
    }

    /// The file of its SQLite database.
    pub(crate) fn database_file(&self) -> PathBuf {
        self.directory().join("sherlok.db")
    }

    /// Everything that was logged so far.
    pub(crate) fn log(&self) -> String {
        let mut text = String::new();
        File::open(self.log.path()).unwrap().read_to_string(&mut text).unwrap();
        text
    }
}

/// Someone of agency 1.01; gives the username.
fn add(app: &App, serial: usize) -> String {
    people::make_agency(app, "1.01");
    people::make_employee(app, "1.01", u64::try_from(serial).unwrap(), WorkGroup::Administration).1
}

impl Drop for Service {
    fn drop(&mut self) {
        self.kill();
    }
}
