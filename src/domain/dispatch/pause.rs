//! How long a dispatch waits before it is tried again.

use chrono::Duration;

/// Before the second attempt.
const FIRST: Duration = Duration::minutes(1);
/// Longest wait: an office that mends its network in the night has its proofs in the morning.
const LONGEST: Duration = Duration::hours(6);

/// The pause after so many attempts that did not arrive: a minute, doubled each time, six hours at most.
pub fn after(attempts: u32) -> Duration {
    let doublings = attempts.saturating_sub(1).min(10);
    let pause = FIRST.checked_mul(1_i32.checked_shl(doublings).unwrap_or(i32::MAX));
    pause.map_or(LONGEST, |pause| pause.min(LONGEST))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_end_growing() {
        let minutes = [0, 1, 2, 3, 9, 10, u32::MAX].map(|attempts| after(attempts).num_minutes());
        assert_eq!(minutes, [1, 1, 2, 4, 256, 360, 360]);
    }
}
