//! Floor 3: use cases. Each is allowed, loads, decides with the domain, and saves in one transaction. No async here.

pub mod account;
pub mod activation;
pub mod activity;
pub mod activity_review;
pub mod agency;
pub mod agency_day;
pub mod agency_day_watch;
pub mod agency_roster;
mod approved_day;
pub mod audit;
pub mod basemap;
pub mod batch;
pub mod branding;
pub mod browser_session;
pub mod calendar;
pub mod calendar_feed;
pub mod calendar_file;
pub mod case;
pub mod check_in;
mod check_in_group;
mod check_in_receipt;
mod check_in_slot;
pub mod circular;
pub mod circular_issue;
pub mod circular_preview;
pub mod colleague;
pub mod committer;
pub mod context;
pub mod correction;
pub mod day;
pub mod disclosure;
pub mod dispatch;
pub mod duty;
pub mod duty_facts;
pub(crate) mod duty_memory;
pub mod duty_travel;
pub mod employee;
pub mod error;
pub mod event;
pub mod evidence;
pub mod federation;
pub mod home;
pub mod import;
pub mod job;
pub mod keyring;
pub mod leave;
pub mod letter;
pub mod log;
pub mod mail;
pub mod monthly_report;
pub mod notice;
pub mod once;
pub mod outage;
pub mod own_schedule;
pub mod person_mark;
pub mod personnel;
#[cfg(feature = "print")]
mod print;
pub mod privacy;
pub mod recap;
pub mod region_outline;
pub mod retention;
pub mod role;
pub mod roster;
pub mod rule_book;
pub mod rule_table;
pub mod sign_in;
pub mod site;
pub mod tls;
pub mod unit;
pub mod work_schedule;
pub(crate) mod writing;

use crate::app::case::reminder::Reminding;
use crate::app::context::Context;
use crate::app::dispatch::Bkd;
use crate::app::error::Error;
use crate::app::keyring::Keyring;
use crate::app::log::LogKeys;
use crate::app::log::cosign::Witnesses;
use crate::app::outage::Heartbeat;
use crate::app::retention::Forgetting;
use crate::app::rule_book::Shelf;
use crate::app::writing::Writing;
use crate::domain::access::Actor;
use crate::domain::browser_session::BrowserLimits;
use crate::domain::instant::Instant;
use crate::domain::retention::Retention;
use crate::platform::clock::Clock;
use crate::platform::dispatch_files::DispatchFiles;
use crate::platform::entropy::Entropy;
use crate::platform::evidence::reader::EvidenceReader;
use crate::platform::files::Files;
use crate::platform::mail::Mail;
use crate::platform::password::Passwords;
#[cfg(feature = "print")]
use crate::platform::print::Printer;
use crate::platform::secrets::Secrets;
use crate::platform::token::Tokens;
use crate::store::Store;
use std::path::PathBuf;

/// Everything that use cases work with. One per process, shared.
#[derive(Debug)]
pub struct App {
    pub(crate) store: Store,
    pub(crate) clock: Clock,
    pub(crate) entropy: Entropy,
    pub(crate) tokens: Tokens,
    pub(crate) passwords: Passwords,
    pub(crate) keyring: Keyring,
    pub(crate) log_keys: LogKeys,
    pub(crate) witnesses: Witnesses,
    pub(crate) directory: PathBuf,
    pub(crate) shelf: Shelf,
    pub(crate) files: Files,
    pub(crate) evidence: EvidenceReader,
    pub(crate) dispatch_files: DispatchFiles,
    pub(crate) bkd: Option<Bkd>,
    pub(crate) mail: Mail,
    pub(crate) writing: Writing,
    pub(crate) home_changes_in_quarter: usize,
    pub(crate) retention: Retention,
    pub(crate) browser_limits: BrowserLimits,
    pub(crate) forgetting: Forgetting,
    pub(crate) reminding: Reminding,
    pub(crate) heartbeat: Heartbeat,
    #[cfg(feature = "print")]
    pub(crate) printer: Printer,
    #[cfg(feature = "print")]
    pub(crate) public_url: Option<String>,
}

/// What an [`App`] is made of.
#[derive(Debug)]
pub struct Parts {
    /// An open, migrated database.
    pub store: Store,
    /// The clock.
    pub clock: Clock,
    /// The source of randomness.
    pub entropy: Entropy,
    /// The deployment's keys.
    pub secrets: Secrets,
    /// What logs and receipts are signed with.
    pub log_keys: LogKeys,
    /// The cost of passwords.
    pub passwords: Passwords,
    /// The data directory, for files that do not belong in the database.
    pub directory: PathBuf,
    /// Where mail goes.
    pub mail: Mail,
    /// How often a person may change one home in a calendar quarter without asking anybody.
    pub home_changes_in_quarter: usize,
    /// How long positions are kept.
    pub retention: Retention,
    /// How long browsers stay signed in.
    pub browser_limits: BrowserLimits,
    /// What makes PDFs.
    #[cfg(feature = "print")]
    pub printer: Printer,
    /// Where the service is reached from outside, for addresses on documents.
    #[cfg(feature = "print")]
    pub public_url: Option<String>,
}

/// Files that may be decoded at once: each may take hundreds of megabytes.
const PARALLEL_EVIDENCE: usize = 2;

impl App {
    /// Puts the parts together; starts nothing.
    pub fn new(parts: Parts) -> Self {
        Self {
            tokens: Tokens::new(&parts.secrets),
            keyring: Keyring::new(parts.secrets.master()),
            log_keys: parts.log_keys,
            witnesses: Witnesses::default(),
            store: parts.store,
            clock: parts.clock,
            entropy: parts.entropy,
            passwords: parts.passwords,
            files: Files::new(&parts.directory),
            evidence: EvidenceReader::new(PARALLEL_EVIDENCE),
            dispatch_files: DispatchFiles::new(&parts.directory),
            bkd: None,
            mail: parts.mail,
            home_changes_in_quarter: parts.home_changes_in_quarter,
            retention: parts.retention,
            browser_limits: parts.browser_limits,
            forgetting: Forgetting::default(),
            reminding: Reminding::default(),
            heartbeat: Heartbeat::default(),
            #[cfg(feature = "print")]
            printer: parts.printer,
            #[cfg(feature = "print")]
            public_url: parts.public_url,
            directory: parts.directory,
            shelf: Shelf::default(),
            writing: Writing::default(),
        }
    }

    /// Has these witness the deployment's logs.
    #[must_use]
    pub fn with_witnesses(self, witnesses: Witnesses) -> Self {
        Self { witnesses, ..self }
    }

    /// The same, of an agency that sends its batches to BKD's instance.
    #[must_use]
    pub fn with_bkd(self, bkd: Option<Bkd>) -> Self {
        Self { bkd, ..self }
    }

    /// The present by the service's clock.
    pub fn now(&self) -> Instant {
        self.clock.now()
    }

    /// The database, for commands that work beside the service.
    pub const fn store(&self) -> &Store {
        &self.store
    }

    /// Where mail goes.
    pub const fn mail(&self) -> &Mail {
        &self.mail
    }

    /// The data directory.
    pub const fn directory(&self) -> &PathBuf {
        &self.directory
    }

    /// Whether the database answers, its schema is current, and the last shares could be written.
    pub fn check_ready(&self) -> Result<(), Error> {
        let pending = self
            .store
            .read(|connection| crate::store::migration::pending(connection).map_err(Error::from))
            .inspect_err(|error| {
                tracing::warn!(%error, cause = ?std::error::Error::source(error).map(ToString::to_string), "not ready");
            });
        // Whatever it is, this instance should be left alone for a while.
        match pending {
            Ok(0) if self.writing.works(self.now()) => Ok(()),
            Ok(_) | Err(_) => Err(Error::Busy(5)),
        }
    }

    /// Turns a bearer token into the circumstances of a call, or says that it proves nothing.
    pub fn authenticate(&self, token: &str) -> Result<Context, Error> {
        let now = self.now();
        let actor: Actor = self
            .tokens
            .read(token, now)
            .map_err(|_cause| Error::Unauthenticated(error::Code::Unauthenticated))?;
        if self.keyring.is_revoked(actor.session(), now) {
            return Err(Error::Unauthenticated(error::Code::Unauthenticated));
        }
        Ok(Context { actor, now })
    }
}
