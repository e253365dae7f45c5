//! Calls per credential. Never per address: mobile carriers put whole villages behind one.

use crate::app::error::Code;
use crate::app::error::Error;
use crate::domain::ids::AccountId;
use actix_web::web::Data;
use governor::clock::Clock;
use governor::clock::DefaultClock;
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use std::num::NonZeroU32;
use std::time::Duration;
use uuid::Uuid;

/// Lets each account make a burst of calls, then so many a second.
#[derive(Debug)]
pub struct Limiter {
    credentials: DefaultKeyedRateLimiter<Uuid>,
    clock: DefaultClock,
}

impl Limiter {
    /// `burst` calls at once (at least 200 by design section 5), refilled at `per_second`.
    pub fn new(per_second: NonZeroU32, burst: NonZeroU32) -> Self {
        let quota = Quota::per_second(per_second).allow_burst(burst);
        Self {
            credentials: RateLimiter::keyed(quota),
            clock: DefaultClock::default(),
        }
    }

    /// Counts one call; too many are refused with the seconds to wait.
    pub fn check(&self, account: AccountId) -> Result<(), Error> {
        self.check_credential(account.uuid())
    }

    /// Like [`Limiter::check`], for what stands in place of an account where nobody signs in.
    pub fn check_credential(&self, credential: Uuid) -> Result<(), Error> {
        self.credentials.check_key(&credential).map_err(|refused| {
            let wait = refused.wait_time_from(self.clock.now()).as_secs();
            Error::TooMany(Code::TooManyRequests, wait.saturating_add(1))
        })
    }

    /// Forgets accounts whose budget is full again; without it whoever makes up credentials fills the memory.
    pub fn tidy(&self) {
        self.credentials.retain_recent();
        self.credentials.shrink_to_fit();
    }

    /// Whose calls are remembered.
    fn known(&self) -> usize {
        self.credentials.len()
    }
}

/// Forgets every now and then whoever has a full budget, as long as the server's system runs.
pub fn tidy_every(limiter: Data<Limiter>, period: Duration) {
    actix_web::rt::spawn(async move {
        let mut ticks = actix_web::rt::time::interval(period);
        loop {
            ticks.tick().await;
            limiter.tidy();
            tracing::debug!(known = limiter.known(), "credentials whose calls are counted");
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_passes_and_the_next_call_waits() {
        let limiter = Limiter::new(NonZeroU32::MIN, NonZeroU32::new(200).unwrap());
        let account = AccountId::new(Uuid::from_u128(1));
        for _ in 0..200 {
            limiter.check(account).unwrap();
        }
        assert!(matches!(limiter.check(account), Err(Error::TooMany(Code::TooManyRequests, wait)) if wait > 0));
        limiter.check(AccountId::new(Uuid::from_u128(2))).unwrap();
    }

    #[test]
    fn whoever_has_a_full_budget_again_is_forgotten() {
        let slow = NonZeroU32::MIN;
        let limiter = Limiter::new(slow, NonZeroU32::new(200).unwrap());
        limiter.check(AccountId::new(Uuid::from_u128(1))).unwrap();
        limiter.tidy();
        assert_eq!(limiter.known(), 1, "its budget is not full yet");
        let quick = Limiter::new(NonZeroU32::new(1_000).unwrap(), NonZeroU32::new(200).unwrap());
        for number in 0..500 {
            quick.check(AccountId::new(Uuid::from_u128(number))).unwrap();
        }
        assert_eq!(quick.known(), 500);
        std::thread::sleep(Duration::from_millis(20));
        quick.tidy();
        assert_eq!(quick.known(), 0);
    }
}
