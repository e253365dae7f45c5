//! One stratum of a bound over several: what each further deviating unit would cost in likelihood.

use crate::domain::statistics::bound::Finding;
use crate::domain::statistics::logarithm::{Span, ln};
use crate::domain::statistics::tail::Law;
use num_bigint::BigUint;
use std::collections::BTreeMap;

/// Digits beyond those, so that a tail is known to about as many digits as its logarithm is asked for.
const GUARD: u64 = 80;

/// One stratum: how unlikely its finding is, by the number of its units that deviate.
pub(super) struct Stratum {
    /// What was found in it.
    pub(super) finding: Finding,
    digits: u64,
    /// `-ln P(X <= x)` by the number of units that deviate, as far as it was asked for; `None` where it is above the cap.
    losses: BTreeMap<u64, Option<Span>>,
}

impl Stratum {
    /// A stratum whose losses are worked out to so many binary digits.
    pub(super) const fn new(finding: Finding, digits: u64) -> Self {
        Self {
            finding,
            digits,
            losses: BTreeMap::new(),
        }
    }

    /// `-ln P(X <= x)` if `marked` units deviate; `None` where that is certainly more than the cap.
    ///
    /// Convex in `marked`: nothing at the least possible number, and every further unit costs more than the one before.
    pub(super) fn loss(&mut self, marked: u64, cap: &BigUint) -> Option<Span> {
        if let Some(known) = self.losses.get(&marked) {
            return known.clone();
        }
        let found = self.compute(marked, cap);
        self.losses.insert(marked, found.clone());
        found
    }

    fn compute(&self, marked: u64, cap: &BigUint) -> Option<Span> {
        let law = Law::Hypergeometric {
            population: self.finding.population,
            marked,
            sample: self.finding.sample,
        };
        let point = self.finding.deviations;
        if law.support().1 <= point {
            return Some(Span::default());
        }
        let mut scale = self.digits + GUARD;
        loop {
            let sums = law.sums(point, &(BigUint::from(1_u8) << scale));
            let least = ln(&(&sums.below_most + &sums.above_least), &sums.below_most, self.digits).least;
            if least > *cap {
                return None;
            }
            if sums.below_least > BigUint::default() {
                let most = ln(&(&sums.below_least + &sums.above_most), &sums.below_least, self.digits).most;
                return Some(Span { least, most });
            }
            scale *= 2;
        }
    }

    /// About the share of `P(X <= x)` that is lost when one more than `marked` units deviate, in units of 2^-64.
    ///
    /// `P(X = x) / P(X <= x) * (n - x) / (N - marked)`: the unit that is marked next was drawn, and it is the one too
    /// many. Rounded, and nothing where it is very small: it guides the search and decides nothing.
    pub(super) fn share_lost(&self, marked: u64) -> u128 {
        let Finding {
            population,
            sample,
            deviations,
        } = self.finding;
        let (mut term, mut sum) = (1_u128 << 32, 1_u128 << 32);
        for count in (1..=deviations).rev() {
            let rest = (population + count).saturating_sub(marked + sample);
            let drawn_out = u128::from(marked - count + 1) * u128::from(sample - count + 1);
            term = term * (u128::from(count) * u128::from(rest)) / drawn_out;
            sum += term;
            if sum >> 64 > 0 {
                return 0;
            }
            if term == 0 {
                break;
            }
        }
        (u128::from(sample - deviations) << 96) / u128::from((population - marked).max(1)) / sum
    }

    /// The largest number of deviating units between `low` and `high` of which none costs more than the limit.
    pub(super) fn marked_within(&self, limit: u128, mut low: u64, mut high: u64) -> u64 {
        while low < high {
            let middle = low + (high - low) / 2;
            if self.share_lost(middle) <= limit {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }
}
