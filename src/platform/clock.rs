//! The only room that reads the time.

use crate::domain::instant::Instant;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// Where the service gets its time from.
#[derive(Clone, Debug)]
pub enum Clock {
    /// The machine's clock.
    System,
    /// A clock that tests set and move, in milliseconds since 1970.
    Fixed(Arc<AtomicI64>),
}

impl Clock {
    /// A clock that stands still until it is moved.
    pub fn fixed(at: Instant) -> Self {
        Self::Fixed(Arc::new(AtomicI64::new(at.millis())))
    }

    /// The present, cut to milliseconds.
    #[expect(clippy::disallowed_methods, reason = "this is the room that may")]
    pub fn now(&self) -> Instant {
        match self {
            Self::System => Instant::new(chrono::Utc::now()),
            Self::Fixed(at) => Instant::from_millis(at.load(Ordering::SeqCst)),
        }
    }

    /// Moves a fixed clock; the machine's can't be moved.
    pub fn set(&self, to: Instant) {
        if let Self::Fixed(at) = self {
            at.store(to.millis(), Ordering::SeqCst);
        }
    }
}
