//! How long a browser stays signed in: while it is used, and never longer than a working day.

use crate::domain::instant::Instant;
use chrono::Duration;

/// Minutes without a call after which a session ends, where nothing is set.
pub const DEFAULT_IDLE_MINUTES: u16 = 30;
/// Hours after which a session ends however much it is used, where nothing is set.
pub const DEFAULT_HOURS: u16 = 12;
/// What a session must have been quiet for before a call is noted: reads would write each time otherwise.
const NOTED_EVERY: Duration = Duration::minutes(1);

/// The two ends of every session.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct BrowserLimits {
    idle: Duration,
    whole: Duration,
}

impl BrowserLimits {
    /// Ends after `idle_minutes` without a call and after `hours` in any case.
    pub fn new(idle_minutes: u16, hours: u16) -> Self {
        Self {
            idle: Duration::minutes(i64::from(idle_minutes)),
            whole: Duration::hours(i64::from(hours)),
        }
    }

    /// When a session that begins now ends in any case.
    pub fn end(&self, now: Instant) -> Instant {
        now.plus(self.whole)
    }

    /// How a session stands that ends at `ends_at` and was last seen at `seen_at`; none if it is over.
    pub fn standing(&self, ends_at: Instant, seen_at: Instant, now: Instant) -> Option<Standing> {
        let idle_ends_at = seen_at.plus(self.idle);
        if now >= ends_at || now >= idle_ends_at {
            return None;
        }
        let is_noted = now.since(seen_at) >= NOTED_EVERY;
        let idle_ends_at = if is_noted { now.plus(self.idle) } else { idle_ends_at };
        Some(Standing {
            idle_ends_at: idle_ends_at.min(ends_at),
            ends_at,
            is_noted,
        })
    }
}

impl Default for BrowserLimits {
    fn default() -> Self {
        Self::new(DEFAULT_IDLE_MINUTES, DEFAULT_HOURS)
    }
}

/// A session that lasts.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Standing {
    /// When it ends unless it is used before.
    pub idle_ends_at: Instant,
    /// When it ends in any case.
    pub ends_at: Instant,
    /// Whether this call is to be written down as its last.
    pub is_noted: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(time: &str) -> Instant {
        Instant::parse(&format!("2026-03-02T{time}Z")).unwrap()
    }

    #[test]
    fn a_session_ends_half_an_hour_after_its_last_call() {
        let (limits, end) = (BrowserLimits::default(), at("20:00:00"));
        let standing = |now: &str| limits.standing(end, at("08:00:00"), at(now));
        assert!(standing("08:29:59.999").is_some());
        assert_eq!(standing("08:30:00"), None);
    }

    #[test]
    fn a_session_ends_after_its_hours_however_much_it_is_used() {
        let limits = BrowserLimits::default();
        let end = limits.end(at("08:00:00"));
        assert_eq!(end, at("20:00:00"));
        let last = limits.standing(end, at("19:59:00"), at("19:59:59.999")).unwrap();
        assert_eq!(last.idle_ends_at, end, "the idle end is never after the other one");
        assert_eq!(limits.standing(end, at("19:59:59"), end), None);
    }

    #[test]
    fn a_call_is_noted_once_a_minute_and_moves_the_idle_end() {
        let (limits, end) = (BrowserLimits::default(), at("20:00:00"));
        let early = limits.standing(end, at("08:00:00"), at("08:00:59.999")).unwrap();
        assert_eq!((early.is_noted, early.idle_ends_at), (false, at("08:30:00")));
        let later = limits.standing(end, at("08:00:00"), at("08:01:00")).unwrap();
        assert_eq!((later.is_noted, later.idle_ends_at), (true, at("08:31:00")));
    }
}
