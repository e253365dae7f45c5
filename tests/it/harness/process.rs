//! The real binary as a process of its own, to be killed.

use super::client::Client;
use super::database::Database;
use super::people::{self, PASSWORD};
use sherlok::app::{App, Parts};
use sherlok::platform::clock::Clock;
use sherlok::platform::entropy::Entropy;
use sherlok::platform::password::{Cost, Passwords};
use sherlok::platform::secrets::Secrets;
use std::fs::File;
use std::io::Read;
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// A service that can be started and killed, on one database.
pub(crate) struct Service {
    database: Database,
    child: Option<Child>,
    port: u16,
}

impl Service {
    /// Makes the database and nothing else.
    pub(crate) fn prepare() -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        Self {
            database: Database::create(),
            child: None,
            port,
        }
    }

    /// Someone of agency 1.01, with the tests' password; gives the username.
    pub(crate) fn add_employee(&self, serial: usize) -> String {
        let app = App::new(Parts {
            store: self.database.open(),
            clock: Clock::System,
            entropy: Entropy::Os,
            secrets: Secrets::load_or_create(self.database.directory(), &Entropy::Os).unwrap(),
            passwords: Passwords::new(Cost::Least).unwrap(),
            directory: self.database.directory().to_path_buf(),
            mail: sherlok::platform::mail::Mail::Off,
        });
        people::make_agency(&app, "1.01");
        people::make_employee(
            &app,
            "1.01",
            u64::try_from(serial).unwrap(),
            sherlok::domain::work_mode::WorkGroup::Administration,
        )
        .1
    }

    /// Starts the binary and waits until it is ready.
    pub(crate) fn start(&mut self) {
        let log = File::options().create(true).append(true).open(self.log_path()).unwrap();
        let child = Command::new(env!("CARGO_BIN_EXE_sherlok"))
            .arg("serve")
            .env("SHERLOK_LISTEN", format!("127.0.0.1:{}", self.port))
            .env("SHERLOK_DATABASE_URL", self.database.url())
            .env("SHERLOK_DATA_DIR", self.database.directory())
            .env("RUST_LOG", "info")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .unwrap();
        self.child = Some(child);
        let client = self.client();
        for _ in 0..600 {
            if client.try_get("/readyz").is_some_and(|answer| answer.status == 200) {
                return;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        panic!("the service did not get ready:\n{}", self.log());
    }

    /// SIGKILL: no goodbye, no flush.
    pub(crate) fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }

    /// A client of this service.
    pub(crate) fn client(&self) -> Client {
        Client::new(&format!("http://127.0.0.1:{}", self.port))
    }

    /// A client signed in with the tests' password.
    pub(crate) fn signed_in(&self, username: &str) -> Client {
        let mut client = self.client();
        client.sign_in(username, PASSWORD).expect(200);
        client
    }

    /// Everything that was logged so far.
    pub(crate) fn log(&self) -> String {
        let mut text = String::new();
        File::open(self.log_path()).unwrap().read_to_string(&mut text).unwrap();
        text
    }

    fn log_path(&self) -> std::path::PathBuf {
        self.database.directory().join("log")
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        self.kill();
    }
}
