//! Documents as PDF: templates in the Typst language, facts as JSON, fonts that ship with the service.
//! Needs no network and reads no file outside the folder of an agency's own templates.

mod facts;
mod fonts;
mod qr;
mod slots;
mod sources;
mod typeset;

pub use sources::SHIPPED;
pub use sources::Shipped;
pub use typeset::Mistake;

use crate::domain::instant::Instant;
use facts::Facts;
use serde_json::Value;
use slots::Slots;
use sources::{Fingerprint, Sources};
use std::collections::HashMap;
use std::io;
use std::path::Path;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;
use typeset::Task;

/// How long one document may take. A recap of 120 people takes about a second in a release build.
const TIME_LIMIT: Duration = Duration::from_mins(1);

/// Documents in the making at once; each takes some hundred megabytes at most, and one core or more.
const AT_ONCE: usize = 3;

/// What a thread that sets a document needs: a template may nest deeply.
const STACK_BYTES: usize = 32 * 1_024 * 1_024;

/// Makes PDFs. Cheap to clone; clones share what they know and how much runs at once.
#[derive(Clone, Debug)]
pub struct Printer {
    own: Option<Sources>,
    slots: Slots,
    time_limit: Duration,
    /// Own templates that did not end in time, as their folder was then. They are not tried again until it changes,
    /// since a thread that sets a document can't be stopped.
    endless: Arc<Mutex<HashMap<String, Fingerprint>>>,
}

/// A document as it came out of one set of templates.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Printed {
    /// The file. PDF/A-2a and PDF/UA-1 from the shipped templates, PDF/A-2u from an agency's own.
    pub pdf: Vec<u8>,
    /// What the template's author may want to mend; the document is sound all the same.
    pub warnings: Vec<Mistake>,
}

/// Why there is no document.
#[derive(Debug, thiserror::Error)]
pub enum PrintError {
    /// No template of this name ships, and none is in the folder of own templates.
    #[error("there is no template named {0:?}")]
    Unknown(String),
    /// The folder of own templates can't be read.
    #[error("the folder of templates {0} can't be read")]
    Folder(String, #[source] io::Error),
    /// The facts are more than 4 MiB of JSON.
    #[error("the facts are {0} bytes of JSON; a document takes 4 MiB at most")]
    TooLarge(usize),
    /// The fact `confirmation_url` is too long for a QR code.
    #[error("the confirmation_url is too long for a QR code")]
    Code,
    /// The template has mistakes, or the facts are not what it expects.
    #[error("the template can't be used: {}", joined(.0))]
    Template(Vec<Mistake>),
    /// The document took too long.
    #[error("the document was not ready in time")]
    TooSlow,
    /// Too many documents are in the making; worth another try in a while.
    #[error("too many documents are in the making; try again later")]
    Busy,
    /// The typesetter gave up; its own message went to standard error.
    #[error("the typesetter gave up")]
    Failed,
}

fn joined(mistakes: &[Mistake]) -> String {
    let lines: Vec<String> = mistakes.iter().map(ToString::to_string).collect();
    lines.join("; ")
}

impl Printer {
    /// A printer with the shipped templates and, before them, those of a folder. A file there goes before the shipped
    /// one of the same name and is read anew for each document.
    pub fn new(templates: Option<&Path>) -> Result<Self, PrintError> {
        let own = templates
            .map(|folder| Sources::own(folder).map_err(|error| PrintError::Folder(folder.display().to_string(), error)))
            .transpose()?;
        Ok(Self {
            own,
            slots: Slots::new(AT_ONCE),
            time_limit: TIME_LIMIT,
            endless: Arc::default(),
        })
    }

    /// The document `name` (as in `recap`) with these facts. The same input gives the same bytes; `now` stands in the
    /// file as the time of its making. Blocks for up to two minutes: call it where blocking is fine.
    ///
    /// Where an agency's own template can't be used, the shipped one is, and the log says what is wrong with the other.
    pub fn pdf(&self, name: &str, facts: &Value, now: Instant) -> Result<Vec<u8>, PrintError> {
        let facts = Facts::new(facts)?;
        if let Some(own) = &self.own {
            match self.typeset_own(own, name, &facts, now) {
                Ok(printed) => return Ok(printed.pdf),
                Err(error) if is_of_template(&error) && Sources::Shipped.has(name) => {
                    tracing::error!(
                        template = name,
                        reason = facts.hidden_in(&error.to_string()),
                        "an agency's own template can't be used; the shipped one is printed instead"
                    );
                }
                Err(error) => return Err(error),
            }
        }
        self.typeset(&Sources::Shipped, name, &facts, now)
            .map(|printed| printed.pdf)
    }

    /// Like [`Printer::pdf`], but with no falling back: what is wrong with an own template is the error.
    pub fn proof(&self, name: &str, facts: &Value, now: Instant) -> Result<Printed, PrintError> {
        let facts = Facts::new(facts)?;
        let sources = self.own.as_ref().unwrap_or(&Sources::Shipped);
        self.typeset(sources, name, &facts, now)
    }

    fn typeset_own(&self, own: &Sources, name: &str, facts: &Facts, now: Instant) -> Result<Printed, PrintError> {
        let fingerprint = own.fingerprint();
        let is_endless = |endless: &HashMap<String, Fingerprint>| endless.get(name) == Some(&fingerprint);
        if is_endless(&self.endless.lock().unwrap_or_else(PoisonError::into_inner)) {
            return Err(PrintError::TooSlow);
        }
        let outcome = self.typeset(own, name, facts, now);
        if matches!(outcome, Err(PrintError::TooSlow)) {
            let mut endless = self.endless.lock().unwrap_or_else(PoisonError::into_inner);
            endless.insert(name.to_owned(), fingerprint);
        }
        outcome
    }

    /// Sets the document in a thread of its own, since nothing else can bound its time: a template is a program.
    fn typeset(&self, sources: &Sources, name: &str, facts: &Facts, now: Instant) -> Result<Printed, PrintError> {
        if !sources.has(name) {
            return Err(PrintError::Unknown(name.to_owned()));
        }
        let slot = self.slots.take(self.time_limit).ok_or(PrintError::Busy)?;
        let task = Task {
            name: name.to_owned(),
            sources: sources.clone(),
            facts: facts.clone(),
            now,
        };
        let (sender, receiver) = mpsc::sync_channel(1);
        let spawned = thread::Builder::new()
            .name("print".to_owned())
            .stack_size(STACK_BYTES)
            .spawn(move || {
                let outcome = task.run();
                // Free before the answer, so that whoever has it can print again at once.
                drop(slot);
                // Nobody waits any more where the time was over.
                let _ = sender.send(outcome);
            });
        if spawned.is_err() {
            return Err(PrintError::Busy);
        }
        match receiver.recv_timeout(self.time_limit) {
            Ok(outcome) => outcome.map_err(PrintError::Template),
            Err(RecvTimeoutError::Timeout) => Err(PrintError::TooSlow),
            Err(RecvTimeoutError::Disconnected) => Err(PrintError::Failed),
        }
    }
}

/// Whether another template might do better.
const fn is_of_template(error: &PrintError) -> bool {
    match error {
        PrintError::Template(_) | PrintError::TooSlow | PrintError::Failed => true,
        PrintError::Unknown(_)
        | PrintError::Folder(..)
        | PrintError::TooLarge(_)
        | PrintError::Code
        | PrintError::Busy => false,
    }
}

#[cfg(test)]
mod tests;
