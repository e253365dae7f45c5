//! Those who act in the demo, signed in through the public API: officials by name, staff by their simulated person.

use crate::cli::simulate::client::CallError;
use crate::cli::simulate::client::Client;
use crate::cli::simulate::client::Session;
use crate::domain::simulation::person::Person;
use std::collections::BTreeMap;

/// Everybody's password in the demo.
pub const PASSWORD: &str = "berbagi-lokasi";

/// Who runs the service itself.
pub const ADMINISTRATOR: &str = "administrator";
/// Who runs BKD's side.
pub const BKD_OFFICER: &str = "petugas.bkd";
/// Who heads BKD.
pub const BKD_HEAD: &str = "pimpinan.bkd";
/// Who handles leave at one agency.
pub const LEAVE_OFFICER: &str = "petugas.cuti";
/// Who signs letters.
pub const SIGNER: &str = "penanda.tangan";
/// Who answers for the protection of personal data.
pub const DATA_PROTECTION_OFFICER: &str = "pelindung.data";
/// Who verify the sampled records.
pub const AUDITORS: [&str; 2] = ["auditor.satu", "auditor.dua"];

/// Accounts and their sessions.
#[derive(Debug)]
pub struct Cast {
    client: Client,
    sessions: BTreeMap<String, Session>,
    /// For each person of the workforce, in order, what they sign in with.
    usernames: Vec<Option<String>>,
}

impl Cast {
    /// Nobody yet.
    pub const fn new(client: Client) -> Self {
        Self {
            client,
            sessions: BTreeMap::new(),
            usernames: Vec::new(),
        }
    }

    /// The way to the service, for calls without a session.
    pub const fn client(&self) -> &Client {
        &self.client
    }

    /// Fixes what the people of the workforce sign in with.
    pub fn employ(&mut self, usernames: Vec<Option<String>>) {
        self.usernames = usernames;
    }

    /// What a person signs in with; `None` for someone whom the import refused.
    pub fn username(&self, person: usize) -> Option<&str> {
        self.usernames.get(person)?.as_deref()
    }

    /// The session of an account; signs in at its first call.
    pub fn official(&mut self, username: &str) -> Result<&mut Session, CallError> {
        self.session(username, username)
    }

    /// The session of a person, from their own phone; `None` for someone without an account.
    pub fn employee(&mut self, index: usize, person: &Person) -> Result<Option<&mut Session>, CallError> {
        let Some(username) = self.username(index).map(str::to_owned) else {
            return Ok(None);
        };
        self.session(&username, &person.phone.device_id).map(Some)
    }

    fn session(&mut self, username: &str, device_id: &str) -> Result<&mut Session, CallError> {
        // Two look-ups, since the borrow of a found session would outlast the sign-in of a missing one.
        if !self.sessions.contains_key(username) {
            let session = self.client.sign_in(username, PASSWORD, device_id)?;
            self.sessions.insert(username.to_owned(), session);
        }
        self.sessions.get_mut(username).ok_or_else(|| CallError::Incomplete {
            call: "POST /v1/sessions".to_owned(),
            missing: "session",
        })
    }
}

/// The account that runs an agency's staff list.
pub fn operator_of(agency: &str) -> String {
    format!("operator.{agency}")
}

/// The account that heads an agency and approves its batches.
pub fn head_of(agency: &str) -> String {
    format!("kepala.{agency}")
}
