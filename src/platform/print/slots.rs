//! How many documents may be in the making at once.

use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

/// A counted number of slots. Clones share them.
#[derive(Clone, Debug)]
pub(super) struct Slots(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    free: Mutex<usize>,
    freed: Condvar,
}

/// A slot that is taken until this is dropped, by a panic too.
#[derive(Debug)]
pub(super) struct Slot(Arc<Shared>);

impl Slots {
    pub(super) fn new(count: usize) -> Self {
        Self(Arc::new(Shared {
            free: Mutex::new(count),
            freed: Condvar::new(),
        }))
    }

    /// Waits for a free slot, `longest` at most.
    pub(super) fn take(&self, longest: Duration) -> Option<Slot> {
        let free = self.0.free.lock().unwrap_or_else(PoisonError::into_inner);
        let (mut free, _) = self
            .0
            .freed
            .wait_timeout_while(free, longest, |free| *free == 0)
            .unwrap_or_else(PoisonError::into_inner);
        *free = free.checked_sub(1)?;
        Some(Slot(Arc::clone(&self.0)))
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        let mut free = self.0.free.lock().unwrap_or_else(PoisonError::into_inner);
        *free = free.saturating_add(1);
        self.0.freed.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slot_is_had_only_while_one_is_free() {
        let slots = Slots::new(2);
        let one = slots.take(Duration::ZERO).unwrap();
        let _other = slots.take(Duration::ZERO).unwrap();
        assert!(slots.take(Duration::from_millis(5)).is_none());
        drop(one);
        assert!(slots.take(Duration::ZERO).is_some());
    }

    #[test]
    fn a_thread_that_panics_gives_its_slot_back() {
        let slots = Slots::new(1);
        let slot = slots.take(Duration::ZERO).unwrap();
        let ended = std::thread::spawn(move || {
            let _slot = slot;
            panic!("as a typesetter may");
        })
        .join();
        assert!(ended.is_err());
        assert!(slots.take(Duration::ZERO).is_some());
    }

    #[test]
    fn who_waits_is_woken_when_a_slot_is_free_again() {
        let slots = Slots::new(1);
        let slot = slots.take(Duration::ZERO).unwrap();
        let waiting = {
            let slots = slots.clone();
            std::thread::spawn(move || slots.take(Duration::from_secs(20)).is_some())
        };
        drop(slot);
        assert!(waiting.join().unwrap());
    }
}
