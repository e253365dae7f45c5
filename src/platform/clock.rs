//! The only room that reads the time.

use crate::domain::instant::Instant;
use chrono::Duration;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// Where the service gets its time from.
#[derive(Clone, Debug)]
pub enum Clock {
    /// The machine's clock.
    System,
    /// A clock that tests set and move, in milliseconds since 1970.
    Fixed(Arc<AtomicI64>),
    /// The machine's clock, so many milliseconds ahead: the demo lives past days with it and comes back by 0.
    Shifted(Arc<AtomicI64>),
}

impl Clock {
    /// A clock that stands still until it is moved.
    pub fn fixed(at: Instant) -> Self {
        Self::Fixed(Arc::new(AtomicI64::new(at.millis())))
    }

    /// The machine's clock that can be moved.
    pub fn shifted() -> Self {
        Self::Shifted(Arc::new(AtomicI64::new(0)))
    }

    /// The present, cut to milliseconds.
    pub fn now(&self) -> Instant {
        match self {
            Self::System => Self::machine(),
            Self::Fixed(at) => Instant::from_millis(at.load(Ordering::SeqCst)),
            Self::Shifted(by) => Self::machine().plus(Duration::milliseconds(by.load(Ordering::SeqCst))),
        }
    }

    #[expect(clippy::disallowed_methods, reason = "this is the room that may")]
    fn machine() -> Instant {
        Instant::new(chrono::Utc::now())
    }

    /// Moves a fixed or shifted clock; the machine's own can't be moved.
    pub fn set(&self, to: Instant) {
        match self {
            Self::System => {}
            Self::Fixed(at) => at.store(to.millis(), Ordering::SeqCst),
            Self::Shifted(by) => by.store(to.since(Self::machine()).num_milliseconds(), Ordering::SeqCst),
        }
    }

    /// Brings a shifted clock back to the machine's time.
    pub fn come_back(&self) {
        if let Self::Shifted(by) = self {
            by.store(0, Ordering::SeqCst);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shifted_clock_goes_on_from_where_it_was_set_and_comes_back() {
        let clock = Clock::shifted();
        let past = Instant::parse("2026-03-02T00:00:00Z").unwrap();
        clock.set(past);
        assert!(clock.now() >= past && clock.now() < past.plus(Duration::minutes(1)));
        clock.come_back();
        assert!(clock.now().since(Clock::System.now()).num_seconds().abs() < 60);
    }
}
