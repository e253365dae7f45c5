//! Faults made on purpose, to show that the crash tests find them. No part of a release build.

use std::sync::OnceLock;

/// What this process does wrong.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Sabotage {
    /// SQLite's commits do not wait for the disk.
    SynchronousOff,
    /// Shares are acknowledged before their transaction has committed.
    EarlyAnswer,
}

static CHOSEN: OnceLock<Sabotage> = OnceLock::new();

impl Sabotage {
    /// Reads the value of `SHERLOK_SABOTAGE`.
    pub fn from_code(code: &str) -> Option<Self> {
        match code {
            "synchronous_off" => Some(Self::SynchronousOff),
            "early_answer" => Some(Self::EarlyAnswer),
            _ => None,
        }
    }

    /// Does this wrong from now on; the first choice of a process stays.
    pub fn choose(self) {
        CHOSEN.get_or_init(|| self);
    }

    /// Whether this process does this wrong.
    pub fn is_chosen(self) -> bool {
        CHOSEN.get() == Some(&self)
    }
}
