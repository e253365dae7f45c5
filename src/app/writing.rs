//! Whether shares can be written, as far as the writer knows; readiness tells it.

use crate::app::error::Error;
use crate::domain::instant::Instant;
use crate::store;
use std::sync::atomic::{AtomicI64, Ordering};

/// Milliseconds that one failure counts for: long enough for a probe to see it, short enough that an instance without
/// calls is tried again.
const COUNTS_FOR: i64 = 15_000;
/// No failure since the last success.
const NEVER: i64 = 0;
/// The database said that it is damaged.
const DAMAGED: i64 = i64::MAX;

/// When the last group of shares failed.
#[derive(Debug, Default)]
pub(crate) struct Writing(AtomicI64);

impl Writing {
    /// A group was committed. A damaged database stays one until the service is started anew.
    pub(crate) fn succeeded(&self) {
        // A read first: the line stays shared between cores while all is well.
        let failed_at = self.0.load(Ordering::Relaxed);
        if failed_at != NEVER && failed_at != DAMAGED {
            self.0.store(NEVER, Ordering::Relaxed);
        }
    }

    /// A group was committed, or failed now.
    pub(crate) fn ended<T>(&self, outcome: &Result<T, Error>, now: Instant) {
        match outcome {
            Ok(_) => self.succeeded(),
            Err(Error::Internal(cause)) if matches!(cause.downcast_ref(), Some(store::error::Error::Damaged(_))) => {
                self.0.store(DAMAGED, Ordering::Relaxed);
            }
            Err(_) => {
                self.0.fetch_max(now.millis(), Ordering::Relaxed);
            }
        }
    }

    /// Whether shares can be written, for all that is known now.
    pub(crate) fn works(&self, now: Instant) -> bool {
        let failed_at = self.0.load(Ordering::Relaxed);
        failed_at == NEVER || now.millis() >= failed_at.saturating_add(COUNTS_FOR)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: u32) -> Instant {
        Instant::parse(&format!("2026-03-02T08:59:{second:02}Z")).unwrap()
    }

    #[test]
    fn a_failure_is_over_with_the_next_success_or_after_a_while() {
        let writing = Writing::default();
        assert!(writing.works(at(0)));
        writing.ended(&Err::<(), _>(Error::Busy(1)), at(0));
        assert!(!writing.works(at(14)) && writing.works(at(15)));
        writing.ended(&Ok(()), at(1));
        assert!(writing.works(at(1)));
    }

    #[test]
    fn damage_stays() {
        let writing = Writing::default();
        let damaged = store::error::Error::Damaged("torn".into());
        writing.ended(&Err::<(), _>(damaged.into()), at(0));
        writing.ended(&Ok(()), at(1));
        writing.ended(&Err::<(), _>(Error::Busy(1)), at(2));
        assert!(!writing.works(at(59)));
    }
}
