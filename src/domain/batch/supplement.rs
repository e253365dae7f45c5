//! Late truths: what becomes known after sealing is gathered for a day and then sealed as one new version.

use crate::domain::instant::Instant;
use chrono::Duration;

/// How long late truths are gathered (design section 5). It is also how long after its capture a share counts by
/// itself, so that one supplement holds every share that may still come.
pub const GATHERING: Duration = Duration::hours(24);

/// When a freshly sealed batch is compared with the truth again; only if something changed is there a new version.
///
/// A day after its last slot closed (`closes_at`, grace included), or after sealing where that came later.
pub fn first_due_at(sealed_at: Instant, closes_at: Instant) -> Instant {
    sealed_at.max(closes_at).plus(GATHERING)
}

/// When it is compared again after a truth became known at `truth_at` (a correction, a changed assignment). While a
/// comparison is already due, later truths wait for it instead of pushing it away.
pub fn due_at(pending: Option<Instant>, truth_at: Instant) -> Instant {
    pending.unwrap_or_else(|| truth_at.plus(GATHERING))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Instant {
        Instant::parse(text).unwrap()
    }

    #[test]
    fn a_batch_is_compared_a_day_after_its_close_even_if_sealed_early() {
        let close = at("2026-03-02T10:10:00Z");
        assert_eq!(
            first_due_at(at("2026-03-02T10:10:30Z"), close),
            at("2026-03-03T10:10:30Z")
        );
        assert_eq!(
            first_due_at(at("2026-03-02T03:00:00Z"), close),
            at("2026-03-03T10:10:00Z")
        );
    }

    #[test]
    fn the_first_late_truth_starts_the_day_and_later_ones_join_it() {
        let first = due_at(None, at("2026-03-05T12:00:00Z"));
        assert_eq!(first, at("2026-03-06T12:00:00Z"));
        assert_eq!(due_at(Some(first), at("2026-03-06T11:00:00Z")), first);
    }
}
