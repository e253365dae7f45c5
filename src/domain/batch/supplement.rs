//! Late truths: what becomes known after sealing is gathered for a day and then sealed as one new version.

use crate::domain::instant::Instant;
use chrono::Duration;

/// How long late truths are gathered, hours (design section 5). It is also how long after its capture a share counts,
/// so that one supplement holds every share that may still come.
pub const GATHERING_HOURS: i64 = 24;

/// What is known of a sealed batch when the question is whether it needs a supplement.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Sealed {
    /// When its rows were fixed.
    pub sealed_at: Instant,
    /// When the last slot that it covers closes, grace included.
    pub closes_at: Instant,
    /// The earliest change of one of its units after sealing, if there was one.
    pub first_change_at: Option<Instant>,
}

/// When a new version is to be sealed; `None` while nothing asks for one.
///
/// A batch that was sealed before its last slot closed needs one in any case, a day after that close.
pub fn due_at(sealed: Sealed) -> Option<Instant> {
    let early = (sealed.sealed_at < sealed.closes_at).then_some(sealed.closes_at);
    let late = sealed.first_change_at.filter(|change| *change > sealed.sealed_at);
    early.or(late).map(|from| from.plus(Duration::hours(GATHERING_HOURS)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Instant {
        Instant::parse(text).unwrap()
    }

    fn sealed(first_change_at: Option<&str>) -> Sealed {
        Sealed {
            sealed_at: at("2026-03-02T10:15:00Z"),
            closes_at: at("2026-03-02T10:10:00Z"),
            first_change_at: first_change_at.map(at),
        }
    }

    #[test]
    fn nothing_new_asks_for_no_supplement() {
        assert_eq!(due_at(sealed(None)), None);
        assert_eq!(due_at(sealed(Some("2026-03-02T10:14:59Z"))), None);
    }

    #[test]
    fn the_first_late_truth_starts_a_day_of_gathering() {
        assert_eq!(
            due_at(sealed(Some("2026-03-02T12:00:00Z"))),
            Some(at("2026-03-03T12:00:00Z"))
        );
    }

    #[test]
    fn a_batch_sealed_before_its_close_is_supplemented_a_day_after_it() {
        let early = Sealed {
            sealed_at: at("2026-03-02T03:00:00Z"),
            first_change_at: Some(at("2026-03-02T04:00:00Z")),
            ..sealed(None)
        };
        assert_eq!(due_at(early), Some(at("2026-03-03T10:10:00Z")));
    }
}
