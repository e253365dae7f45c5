//! How many units must be checked so that a clean enough sample proves a tolerable population.

use crate::domain::statistics::tail::Law;
use crate::domain::statistics::{LARGEST_POPULATION, Risk, StatisticsError};

/// How the sample is thought to be drawn.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Model {
    /// Without replacement out of a known population: what really happens. Exact.
    #[default]
    Hypergeometric,
    /// Out of an endless population: the numbers of the printed tables, never too small.
    Binomial,
}

/// What the sample is to prove. Rates and confidence in basis points.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Plan {
    /// Units in the population.
    pub population: u64,
    /// The share of deviations that must not be exceeded unnoticed, 1 to 10,000.
    pub tolerable_bp: u16,
    /// The share of deviations that honest work is expected to have; below the tolerable one.
    pub expected_bp: u16,
    /// How sure the claim must be, 1 to 9,999.
    pub confidence_bp: u16,
    /// How the sample is thought to be drawn.
    pub model: Model,
}

/// The answer to a plan.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct SampleSize {
    /// Units to check.
    pub size: u64,
    /// Deviations up to which the claim still holds.
    pub acceptance_number: u64,
}

impl Plan {
    /// The smallest sample that proves the claim as long as it holds no more deviations than expected.
    ///
    /// The smallest `n` with `P(X <= k) <= 1 - confidence` where `k` is the expected rate times `n`, rounded up, and
    /// `ceil(tolerable rate * population)` units deviate (AICPA; `api-spec/audit-sampling.md`, section 5).
    /// `Err` for rates and confidences out of range and where even the whole population would not do.
    pub fn sample_size(&self) -> Result<SampleSize, StatisticsError> {
        let risk = Risk::of_confidence(self.confidence_bp)?;
        if !(1..=10_000).contains(&self.tolerable_bp) {
            return Err(StatisticsError::TolerableRate);
        }
        if self.expected_bp >= self.tolerable_bp {
            return Err(StatisticsError::ExpectedRate);
        }
        if !(1..=LARGEST_POPULATION).contains(&self.population) {
            return Err(StatisticsError::Population);
        }
        let mut number = u64::from(self.expected_bp > 0);
        let mut stride = 1;
        loop {
            let (fewest, most) = self.sizes_with(number);
            if fewest > self.largest_size() {
                return Err(StatisticsError::Unreachable);
            }
            if self.is_proof(most, number, risk) {
                let size = self.smallest_proof(fewest, most, number, risk);
                return Ok(SampleSize {
                    size,
                    acceptance_number: number,
                });
            }
            // The tail shrinks as the sample grows and grows with the acceptance number. So if `number` would not do
            // even with the largest sample of `number + stride`, nothing between the two does either.
            let (_, far) = self.sizes_with(number + stride);
            if self.is_proof(far, number, risk) {
                number += 1;
                stride = (stride / 2).max(1);
            } else {
                number += stride + 1;
                stride *= 2;
            }
        }
    }

    fn largest_size(&self) -> u64 {
        match self.model {
            Model::Hypergeometric => self.population,
            Model::Binomial => LARGEST_POPULATION,
        }
    }

    /// The sample sizes whose acceptance number is `number`, both ends inclusive.
    fn sizes_with(&self, number: u64) -> (u64, u64) {
        let largest = self.largest_size();
        if self.expected_bp == 0 {
            return (1, largest);
        }
        let most_with = |number: u64| number.saturating_mul(10_000) / u64::from(self.expected_bp);
        (most_with(number.saturating_sub(1)) + 1, most_with(number).min(largest))
    }

    fn is_proof(&self, sample: u64, number: u64, risk: Risk) -> bool {
        let tolerable = u64::from(self.tolerable_bp);
        let law = match self.model {
            Model::Hypergeometric => Law::Hypergeometric {
                population: self.population,
                marked: (self.population * tolerable).div_ceil(10_000),
                sample,
            },
            Model::Binomial => Law::Binomial {
                sample,
                marked: tolerable,
                of: 10_000,
            },
        };
        law.tail_is_at_most(number, risk)
    }

    /// Halves the range; `most` is a proof.
    fn smallest_proof(&self, fewest: u64, most: u64, number: u64, risk: Risk) -> u64 {
        let (mut low, mut high) = (fewest, most);
        while low < high {
            let middle = low + (high - low) / 2;
            if self.is_proof(middle, number, risk) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        high
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn plan(population: u64, tolerable_bp: u16, expected_bp: u16, confidence_bp: u16, model: Model) -> Plan {
        Plan {
            population,
            tolerable_bp,
            expected_bp,
            confidence_bp,
            model,
        }
    }

    fn size(plan: Plan) -> (u64, u64) {
        let found = plan.sample_size().unwrap();
        (found.size, found.acceptance_number)
    }

    #[test]
    fn the_sizes_are_those_of_the_printed_tables() {
        // AICPA, Audit Sampling, table A-1 (95 %) and A-2 (90 %): expected, tolerable, size, acceptance number.
        let table_95 = [
            (0, 200, (149, 0)),
            (0, 300, (99, 0)),
            (0, 400, (74, 0)),
            (0, 500, (59, 0)),
            (0, 600, (49, 0)),
            (0, 700, (42, 0)),
            (0, 800, (36, 0)),
            (0, 900, (32, 0)),
            (0, 1_000, (29, 0)),
            (0, 1_500, (19, 0)),
            (0, 2_000, (14, 0)),
            (100, 400, (156, 2)),
            (100, 500, (93, 1)),
            (150, 500, (124, 2)),
            (200, 500, (181, 4)),
        ];
        for (expected_bp, tolerable_bp, answer) in table_95 {
            let plan = plan(1_000_000, tolerable_bp, expected_bp, 9_500, Model::Binomial);
            assert_eq!(size(plan), answer, "{plan:?}");
        }
        assert_eq!(size(plan(1_000, 500, 0, 9_000, Model::Binomial)), (45, 0));
    }

    #[test]
    fn a_known_population_needs_fewer_units_than_an_endless_one() {
        assert_eq!(size(plan(1_000, 500, 0, 9_500, Model::Hypergeometric)), (57, 0));
        assert_eq!(size(plan(1, 500, 0, 9_500, Model::Hypergeometric)), (1, 0));
    }

    #[test]
    fn ten_million_units_are_planned_exactly_and_at_once() {
        // ceil(ln 0.05 / ln 0.95) and its neighbours; far from the boundary both models meet.
        assert_eq!(size(plan(10_000_000, 500, 0, 9_500, Model::Hypergeometric)), (59, 0));
        assert_eq!(size(plan(10_000_000, 1, 0, 9_500, Model::Hypergeometric)).1, 0);
        let (units, number) = size(plan(10_000_000, 500, 480, 9_500, Model::Hypergeometric));
        assert_eq!(number, (units * 480).div_ceil(10_000));
        assert_eq!(size(plan(4_294_967_295, 500, 0, 9_500, Model::Hypergeometric)), (59, 0));
    }

    #[test]
    fn what_no_sample_could_prove_is_refused() {
        let refused = |plan: Plan| plan.sample_size().unwrap_err();
        assert_eq!(
            refused(plan(100, 0, 0, 9_500, Model::Binomial)),
            StatisticsError::TolerableRate
        );
        assert_eq!(
            refused(plan(100, 10_001, 0, 9_500, Model::Binomial)),
            StatisticsError::TolerableRate
        );
        assert_eq!(
            refused(plan(100, 500, 500, 9_500, Model::Binomial)),
            StatisticsError::ExpectedRate
        );
        assert_eq!(
            refused(plan(100, 500, 0, 0, Model::Binomial)),
            StatisticsError::Confidence
        );
        assert_eq!(
            refused(plan(100, 500, 0, 10_000, Model::Binomial)),
            StatisticsError::Confidence
        );
        assert_eq!(
            refused(plan(0, 500, 0, 9_500, Model::Binomial)),
            StatisticsError::Population
        );
        assert_eq!(
            refused(plan(1 << 32, 500, 0, 9_500, Model::Binomial)),
            StatisticsError::Population
        );
        // 4 % and 5 % of ten units are one unit both.
        assert_eq!(
            refused(plan(10, 500, 400, 9_500, Model::Hypergeometric)),
            StatisticsError::Unreachable
        );
    }

    /// Looks at every size from one up: nothing in common with the search above but the tail.
    fn first_by_looking(plan: Plan) -> Option<u64> {
        let risk = Risk::of_confidence(plan.confidence_bp).unwrap();
        (1..=plan.largest_size().min(3_000)).find(|sample| {
            let number = (sample * u64::from(plan.expected_bp)).div_ceil(10_000);
            plan.is_proof(*sample, number, risk)
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(150))]

        #[test]
        fn no_smaller_sample_would_do(
            population in 1_u64..600,
            tolerable_bp in 1_u16..=10_000,
            share in 0_u16..=9,
            confidence_bp in 5_000_u16..10_000,
        ) {
            let expected_bp = u16::try_from(u32::from(tolerable_bp) * u32::from(share) / 10).unwrap();
            let plan = plan(population, tolerable_bp, expected_bp, confidence_bp, Model::Hypergeometric);
            let found = plan.sample_size().ok().map(|found| found.size);
            prop_assert_eq!(found, first_by_looking(plan));
        }

        #[test]
        fn no_smaller_sample_of_an_endless_population_would_do(
            tolerable_bp in 200_u16..=10_000,
            share in 0_u16..=6,
            confidence_bp in 5_000_u16..9_990,
        ) {
            let expected_bp = u16::try_from(u32::from(tolerable_bp) * u32::from(share) / 10).unwrap();
            let plan = plan(1, tolerable_bp, expected_bp, confidence_bp, Model::Binomial);
            let found = plan.sample_size().unwrap().size;
            prop_assert_eq!(first_by_looking(plan), (found <= 3_000).then_some(found));
        }
    }
}
