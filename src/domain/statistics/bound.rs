//! What a checked sample says about the whole population: exact bounds on the number of deviations.

use crate::domain::statistics::tail::Law;
use crate::domain::statistics::{LARGEST_POPULATION, Risk, StatisticsError};
use serde::{Deserialize, Serialize};

/// What was found in a simple random sample without replacement.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Finding {
    /// Units in the population.
    pub population: u64,
    /// Units checked.
    pub sample: u64,
    /// Of those, units that deviate.
    pub deviations: u64,
}

/// A range of the number of deviations in the population, both ends inclusive.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct Interval {
    /// At least so many units deviate.
    pub lower: u64,
    /// At most so many units deviate.
    pub upper: u64,
}

impl Finding {
    /// `Err` where the numbers contradict each other.
    pub(super) fn check(self) -> Result<(), StatisticsError> {
        if self.population > LARGEST_POPULATION {
            Err(StatisticsError::Population)
        } else if self.sample > self.population {
            Err(StatisticsError::Sample)
        } else if self.deviations > self.sample {
            Err(StatisticsError::Deviations)
        } else {
            Ok(())
        }
    }

    /// The number of deviations in the population if every unit that was not checked deviates.
    pub(super) const fn most(self) -> u64 {
        self.population - (self.sample - self.deviations)
    }

    /// The same finding with the units that do not deviate counted in place of those that do.
    pub(super) fn turned(self) -> Result<Self, StatisticsError> {
        self.check()?;
        Ok(Self {
            deviations: self.sample - self.deviations,
            ..self
        })
    }

    /// The largest number of deviations that this finding does not rule out: `max { M : P(X <= x) > risk }`.
    ///
    /// One-sided (`api-spec/audit-sampling.md`, section 6). `Err` where the numbers contradict each other.
    pub fn upper_bound(self, risk: Risk) -> Result<u64, StatisticsError> {
        self.check()?;
        // More deviations in the population make few in the sample less likely, so the answer is found by halving.
        let mut low = self.deviations;
        let mut high = self.most();
        while low < high {
            let middle = high - (high - low) / 2;
            let law = Law::Hypergeometric {
                population: self.population,
                marked: middle,
                sample: self.sample,
            };
            if law.tail_is_at_most(self.deviations, risk) {
                high = middle - 1;
            } else {
                low = middle;
            }
        }
        Ok(low)
    }

    /// The smallest number of deviations that this finding does not rule out: `min { M : P(X >= x) > risk }`.
    ///
    /// The upper bound of the units that do not deviate, seen from the other side.
    pub fn lower_bound(self, risk: Risk) -> Result<u64, StatisticsError> {
        Ok(self.population - self.turned()?.upper_bound(risk)?)
    }

    /// The two-sided interval: each side with half the risk.
    pub fn interval(self, risk: Risk) -> Result<Interval, StatisticsError> {
        let half = risk.shared_by(2)?;
        Ok(Interval {
            lower: self.lower_bound(half)?,
            upper: self.upper_bound(half)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn finding(population: u64, sample: u64, deviations: u64) -> Finding {
        Finding {
            population,
            sample,
            deviations,
        }
    }

    fn risk(confidence_bp: u16) -> Risk {
        Risk::of_confidence(confidence_bp).unwrap()
    }

    #[test]
    fn the_upper_bounds_are_the_published_ones() {
        let bounds: Vec<u64> = (0..4)
            .map(|deviations| finding(1_200, 102, deviations).upper_bound(risk(9_000)).unwrap())
            .collect();
        assert_eq!(bounds, [25, 43, 59, 75]);
    }

    #[test]
    fn a_census_leaves_no_doubt() {
        for deviations in 0..=40 {
            let census = finding(40, 40, deviations).interval(risk(9_500)).unwrap();
            assert_eq!(
                census,
                Interval {
                    lower: deviations,
                    upper: deviations
                }
            );
        }
    }

    #[test]
    fn nothing_checked_says_nothing() {
        let nothing = finding(40, 0, 0).interval(risk(9_500)).unwrap();
        assert_eq!(nothing, Interval { lower: 0, upper: 40 });
        assert_eq!(finding(0, 0, 0).upper_bound(risk(9_500)), Ok(0));
    }

    #[test]
    fn contradicting_numbers_are_refused() {
        assert_eq!(
            finding(10, 11, 0).upper_bound(risk(9_500)),
            Err(StatisticsError::Sample)
        );
        assert_eq!(
            finding(10, 5, 6).upper_bound(risk(9_500)),
            Err(StatisticsError::Deviations)
        );
        assert_eq!(
            finding(10, 5, 6).interval(risk(9_500)),
            Err(StatisticsError::Deviations)
        );
        assert_eq!(
            finding(1 << 32, 5, 0).upper_bound(risk(9_500)),
            Err(StatisticsError::Population)
        );
        let largest = finding(LARGEST_POPULATION, 5, 5);
        assert_eq!(largest.upper_bound(risk(9_500)), Ok(LARGEST_POPULATION));
    }

    #[test]
    fn a_sample_of_the_planned_size_bounds_the_rate_below_the_tolerable_one() {
        // 5 % of 1,000 are 50: the plan's 57 clean units prove less than that, 56 do not.
        assert!(finding(1_000, 57, 0).upper_bound(risk(9_500)).unwrap() < 50);
        assert!(finding(1_000, 56, 0).upper_bound(risk(9_500)).unwrap() >= 50);
    }

    #[test]
    fn bounds_of_ten_million_units_are_exact_and_quick() {
        let upper = finding(10_000_000, 59, 0).upper_bound(risk(9_500)).unwrap();
        assert!((490_000..500_000).contains(&upper), "{upper}");
        let wide = finding(10_000_000, 5_000_000, 2_500_000).interval(risk(9_500)).unwrap();
        assert!(wide.lower < 5_000_000 && wide.upper > 5_000_000 && wide.upper - wide.lower < 10_000);
    }

    /// Counts samples by Pascal's triangle; small populations only.
    fn chances(population: u64) -> Vec<Vec<u128>> {
        let mut triangle = vec![vec![1_u128]];
        for row in 1..=usize::try_from(population).unwrap() {
            let last = &triangle[row - 1];
            let inner = (1..row).map(|place| last[place - 1] + last[place]);
            triangle.push(std::iter::once(1).chain(inner).chain([1]).collect());
        }
        triangle
    }

    #[test]
    fn the_interval_covers_the_truth_at_least_as_often_as_it_says() {
        // Every population up to 60 in steps, every truth, a few sample sizes: coverage is enumerated, not simulated.
        for population in (4..=60_u64).step_by(14) {
            let triangle = chances(population);
            let at = |of: u64, count: u64| {
                triangle[usize::try_from(of).unwrap()]
                    .get(usize::try_from(count).unwrap())
                    .copied()
                    .unwrap_or(0)
            };
            for sample in [1, population / 4, population / 2, population - 1] {
                let intervals: Vec<Interval> = (0..=sample)
                    .map(|deviations| finding(population, sample, deviations).interval(risk(9_000)).unwrap())
                    .collect();
                for truth in 0..=population {
                    let covered: u128 = (0..=sample)
                        .zip(&intervals)
                        .filter(|(_, interval)| (interval.lower..=interval.upper).contains(&truth))
                        .map(|(found, _)| at(truth, found) * at(population - truth, sample - found))
                        .sum();
                    assert!(
                        covered * 10 >= at(population, sample) * 9,
                        "{population} {sample} {truth}"
                    );
                }
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]

        #[test]
        fn the_bound_is_the_last_number_that_is_not_ruled_out(
            population in 1_u64..=60,
            sample in 0_u64..=60,
            deviations in 0_u64..=60,
            confidence_bp in 1_u16..10_000,
        ) {
            let sample = sample.min(population);
            let deviations = deviations.min(sample);
            let triangle = chances(population);
            let at = |of: u64, count: u64| {
                triangle[usize::try_from(of).unwrap()].get(usize::try_from(count).unwrap()).copied().unwrap_or(0)
            };
            let (a, d) = risk(confidence_bp).fraction();
            let expected = (0..=population).rfind(|marked| {
                let tail: u128 = (0..=deviations).map(|x| at(*marked, x) * at(population - marked, sample - x)).sum();
                tail * u128::from(d) > at(population, sample) * u128::from(a)
            });
            let found = finding(population, sample, deviations).upper_bound(risk(confidence_bp)).unwrap();
            prop_assert_eq!(Some(found), expected);
        }

        #[test]
        fn more_deviations_never_lower_the_bounds(
            population in 2_u64..5_000,
            sample in 1_u64..500,
            deviations in 0_u64..500,
        ) {
            let sample = sample.min(population);
            let deviations = deviations.min(sample - 1);
            let one = finding(population, sample, deviations).interval(risk(9_500)).unwrap();
            let more = finding(population, sample, deviations + 1).interval(risk(9_500)).unwrap();
            prop_assert!(one.lower <= more.lower && one.upper <= more.upper);
            let unchecked_or_clean = sample - deviations;
            prop_assert!(deviations <= one.lower && one.lower <= one.upper);
            prop_assert!(one.upper <= population - unchecked_or_clean);
        }
    }
}
