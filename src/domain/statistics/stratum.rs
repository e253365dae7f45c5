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

#[cfg(test)]
mod tests {
    use super::*;

    fn finding(population: u64, sample: u64, deviations: u64) -> Finding {
        Finding {
            population,
            sample,
            deviations,
        }
    }

    /// Every finding of up to `most` units that leaves some unchecked.
    fn findings(most: u64) -> impl Iterator<Item = Finding> {
        (2..=most).flat_map(|population| {
            (1..population)
                .flat_map(move |sample| (0..=sample).map(move |deviations| finding(population, sample, deviations)))
        })
    }

    fn ways(of: u64, count: u64) -> u128 {
        let sets = (0..1_u32 << of).filter(|set| u64::from(set.count_ones()) == count);
        u128::try_from(sets.count()).unwrap()
    }

    /// Of all samples, those with no more deviations than found, if `marked` units deviate.
    fn tail(finding: Finding, marked: u64) -> u128 {
        let sound = finding.population - marked;
        (0..=finding.deviations.min(marked))
            .map(|found| ways(marked, found) * ways(sound, finding.sample - found))
            .sum()
    }

    #[test]
    fn the_share_lost_is_that_of_the_counted_tails() {
        for finding in findings(8) {
            let stratum = Stratum::new(finding, 64);
            for marked in finding.deviations..finding.most() {
                let (before, after) = (tail(finding, marked), tail(finding, marked + 1));
                let expected = ((before - after) << 64) / before;
                let found = stratum.share_lost(marked);
                assert!(
                    found.abs_diff(expected) <= (expected >> 28) + 1,
                    "{finding:?} {marked}: {found} {expected}"
                );
            }
        }
    }

    #[test]
    fn a_share_too_small_for_its_digits_counts_as_nothing() {
        let stratum = Stratum::new(finding(1_000_000, 10_000, 5_000), 64);
        assert_eq!(stratum.share_lost(5_000), 0);
        // Half of all: P(X = x) is 1 in 125, P(X <= x) one half, and a hundredth was drawn. About 1 in 6,250.
        let once_in = (1_u128 << 64) / stratum.share_lost(500_000);
        assert!((6_100..6_500).contains(&once_in), "{once_in}");
        assert_eq!(stratum.share_lost(stratum.finding.most() - 1) >> 58, 63);
    }

    #[test]
    fn no_unit_that_is_marked_costs_more_than_the_limit_and_the_next_one_does() {
        for finding in findings(8) {
            let stratum = Stratum::new(finding, 64);
            let (low, high) = (finding.deviations, finding.most());
            for place in low..high {
                let limit = stratum.share_lost(place);
                for limit in [limit - limit.min(1), limit, limit + 1] {
                    let expected = (low..high).find(|marked| stratum.share_lost(*marked) > limit);
                    let found = stratum.marked_within(limit, low, high);
                    assert_eq!(found, expected.unwrap_or(high), "{finding:?} {limit}");
                }
            }
        }
    }

    #[test]
    fn a_loss_is_the_logarithm_of_the_counted_tail_and_not_told_above_the_cap() {
        let endless = BigUint::from(1_u8) << 100_u8;
        for finding in findings(8) {
            let all = tail(finding, finding.deviations);
            for marked in finding.deviations..=finding.most() {
                let loss = Stratum::new(finding, 64).loss(marked, &endless).unwrap();
                let expected = ln(&all.into(), &tail(finding, marked).into(), 64);
                assert!(
                    loss.least <= expected.most && expected.least <= loss.most,
                    "{finding:?} {marked}"
                );
                assert!(&loss.most - &loss.least <= BigUint::from(8_u8), "{finding:?} {marked}");
                let capped = |cap: &BigUint| Stratum::new(finding, 64).loss(marked, cap);
                assert_eq!(capped(&loss.least), Some(loss.clone()));
                if loss.least > BigUint::default() {
                    assert_eq!(capped(&(&loss.least - 1_u8)), None);
                }
            }
        }
    }

    #[test]
    fn a_tail_far_below_the_digits_that_are_asked_for_has_its_logarithm() {
        let mut stratum = Stratum::new(finding(2_000, 1_000, 0), 64);
        assert_eq!(stratum.loss(1_000, &(BigUint::from(1_382_u16) << 64_u8)), None);
        let loss = stratum.compute(1_000, &(BigUint::from(1_383_u16) << 64_u8)).unwrap();
        // The logarithm of the ways to choose half of 2,000: 1382.26799353748...
        let decimals = |end: &BigUint| ((end * 10_000_000_000_u64) >> 64_u8).to_string();
        assert_eq!(
            [&loss.least, &loss.most].map(decimals),
            ["13822679935374", "13822679935374"]
        );
    }
}
