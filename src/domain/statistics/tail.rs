//! Decides whether a lower tail is at most a given risk: quickly by whole numbers with a proven margin, and where the
//! margin can't tell, by exact big integers. Either way the answer is the true one.

use crate::domain::statistics::Risk;
use num_bigint::BigUint;
use std::ops::{AddAssign, DivAssign, MulAssign};

/// How the number of deviations in a sample is spread.
#[derive(Clone, Copy, Debug)]
pub(super) enum Law {
    /// `sample` units without replacement out of `population`, of which `marked` deviate.
    Hypergeometric {
        /// Units in all.
        population: u64,
        /// Units that deviate.
        marked: u64,
        /// Units drawn; at most `population`.
        sample: u64,
    },
    /// `sample` independent units that each deviate with the chance `marked / of`.
    Binomial {
        /// Units drawn.
        sample: u64,
        /// Numerator of the chance.
        marked: u64,
        /// Denominator of the chance.
        of: u64,
    },
}

/// Sums of the weights at or below, and above, the point; the true sums lie between `least` and `most`.
#[derive(Default)]
pub(super) struct Sums<W> {
    /// At or below the point, rounded down.
    pub(super) below_least: W,
    /// At or below the point, rounded up.
    pub(super) below_most: W,
    /// Above the point, rounded down.
    pub(super) above_least: W,
    /// Above the point, rounded up.
    pub(super) above_most: W,
}

/// What weights are added up in: machine words for a quick look, big integers for as many digits as are wanted.
pub(super) trait Weight:
    Clone + Default + PartialEq + From<u128> + for<'a> AddAssign<&'a Self> + MulAssign<u128> + DivAssign<u128>
{
}

impl Weight for u128 {}
impl Weight for BigUint {}

impl<W: Weight> Sums<W> {
    /// Adds one weight that lies between `least` and `least + slack`.
    fn add(&mut self, is_below: bool, least: &W, slack: u128) {
        let (sum_least, sum_most) = if is_below {
            (&mut self.below_least, &mut self.below_most)
        } else {
            (&mut self.above_least, &mut self.above_most)
        };
        *sum_least += least;
        *sum_most += least;
        *sum_most += &W::from(slack);
    }
}

impl Law {
    /// Whether `P(X <= point) <= risk`. Total: sums that would overflow are decided by big integers.
    pub(super) fn tail_is_at_most(self, point: u64, risk: Risk) -> bool {
        let (least, greatest) = self.support();
        if point < least {
            return true;
        }
        if point >= greatest {
            return false;
        }
        self.decide_quickly(point, risk)
            .unwrap_or_else(|| self.decide_exactly(point, risk))
    }

    /// The numbers of deviations that can come out, both ends inclusive.
    pub(super) fn support(self) -> (u64, u64) {
        match self {
            Self::Hypergeometric {
                population,
                marked,
                sample,
            } => ((marked + sample).saturating_sub(population), marked.min(sample)),
            Self::Binomial { sample, marked, of } if marked >= of => (sample, sample),
            Self::Binomial { marked: 0, .. } => (0, 0),
            Self::Binomial { sample, .. } => (0, sample),
        }
    }

    /// `P(X = at + 1) / P(X = at)` as a fraction.
    fn step(self, at: u64) -> (u128, u128) {
        match self {
            Self::Hypergeometric {
                population,
                marked,
                sample,
            } => {
                // On the support this is at least one.
                let rest = population + at + 1 - marked - sample;
                (product(marked - at, sample - at), product(at + 1, rest))
            }
            Self::Binomial { sample, marked, of } => (product(sample - at, marked), product(at + 1, of - marked)),
        }
    }

    /// Where the weights are largest: they rise up to here and fall from here on.
    fn mode(self) -> u64 {
        let mode = match self {
            Self::Hypergeometric {
                population,
                marked,
                sample,
            } => product(sample + 1, marked + 1) / u128::from(population + 2),
            Self::Binomial { sample, marked, of } => product(sample + 1, marked) / u128::from(of),
        };
        let (least, greatest) = self.support();
        u64::try_from(mode).unwrap_or(u64::MAX).clamp(least, greatest)
    }

    fn largest_factor(self) -> u128 {
        match self {
            Self::Hypergeometric { population, .. } => product(population + 1, population + 1),
            Self::Binomial { sample, of, .. } => product(sample + 1, of),
        }
    }

    /// Adds up the weights on both sides of a point of the support, relative to the largest, which is `one`.
    ///
    /// Walking away from the mode every step's ratio is at most one, so a weight that came by rounding down `m` times
    /// is less than `m` units too small. Once a weight rounds to nothing, the ones behind it are at most `m` units each.
    /// `one` times the largest factor of a step must fit into a weight.
    pub(super) fn sums<W: Weight>(self, point: u64, one: &W) -> Sums<W> {
        let (least, greatest) = self.support();
        let (mode, nothing) = (self.mode(), W::default());
        let mut sums = Sums::default();
        sums.add(mode <= point, one, 0);
        let (mut weight, mut slack) = (one.clone(), 0_u128);
        for at in mode..greatest {
            let (up, down) = self.step(at);
            weight *= up;
            weight /= down;
            slack += 1;
            if weight == nothing {
                let below = point.saturating_sub(at).min(greatest - at);
                sums.add(true, &nothing, slack * u128::from(below));
                sums.add(false, &nothing, slack * u128::from(greatest - at - below));
                break;
            }
            sums.add(at < point, &weight, slack);
        }
        (weight, slack) = (one.clone(), 0);
        for at in (least..mode).rev() {
            let (up, down) = self.step(at);
            weight *= down;
            weight /= up;
            slack += 1;
            if weight == nothing {
                let above = at.saturating_sub(point).min(at - least + 1);
                sums.add(false, &nothing, slack * u128::from(above));
                sums.add(true, &nothing, slack * u128::from(at - least + 1 - above));
                break;
            }
            sums.add(at <= point, &weight, slack);
        }
        sums
    }

    /// Looks with 126 bits; `None` where they can't tell.
    fn decide_quickly(self, point: u64, risk: Risk) -> Option<bool> {
        let (numerator, denominator) = risk.fraction();
        let (least, greatest) = self.support();
        let room = bits(self.largest_factor()).max(bits(u128::from(greatest - least) + 2) + bits(denominator.into()));
        let sums = self.sums(point, &(1_u128 << 126_u32.checked_sub(room)?));
        let (risk, safety) = (u128::from(numerator), u128::from(denominator - numerator));
        if sums.below_most.checked_mul(safety)? <= sums.above_least.checked_mul(risk)? {
            Some(true)
        } else if sums.below_least.checked_mul(safety)? > sums.above_most.checked_mul(risk)? {
            Some(false)
        } else {
            None
        }
    }

    fn decide_exactly(self, point: u64, risk: Risk) -> bool {
        let (numerator, denominator) = risk.fraction();
        let (tail, total) = self.exact_tail(point);
        tail * denominator <= total * numerator
    }

    /// `P(X <= point)` as an exact fraction, for a point on the support.
    fn exact_tail(self, point: u64) -> (BigUint, BigUint) {
        match self {
            // Swapping marked and drawn units changes nothing; looking at the unmarked ones turns the tail round.
            // Both only make the numbers shorter.
            Self::Hypergeometric {
                population,
                marked,
                sample,
            } if sample > marked => Self::Hypergeometric {
                population,
                marked: sample,
                sample: marked,
            }
            .exact_tail(point),
            Self::Hypergeometric {
                population,
                marked,
                sample,
            } if marked > population - marked => {
                let turned = Self::Hypergeometric {
                    population,
                    marked: population - marked,
                    sample,
                };
                if point >= sample {
                    return (BigUint::from(1_u8), BigUint::from(1_u8));
                }
                let (tail, total) = turned.exact_tail(sample - point - 1);
                (&total - tail, total)
            }
            Self::Hypergeometric {
                population,
                marked,
                sample,
            } => (
                self.exact_sum(point, choose(population - marked, sample)),
                choose(population, sample),
            ),
            Self::Binomial { sample, marked, of } => {
                let exponent = u32::try_from(sample).unwrap_or(u32::MAX);
                let first = BigUint::from(of - marked).pow(exponent);
                (self.exact_sum(point, first), BigUint::from(of).pow(exponent))
            }
        }
    }

    /// Adds the weights from zero up to the point; each division is exact because every weight is a whole number.
    fn exact_sum(self, point: u64, first: BigUint) -> BigUint {
        let (_, greatest) = self.support();
        let mut weight = first;
        let mut sum = weight.clone();
        for at in 0..point.min(greatest) {
            let (up, down) = self.step(at);
            weight = weight * up / down;
            sum += &weight;
        }
        sum
    }
}

fn product(one: u64, other: u64) -> u128 {
    u128::from(one) * u128::from(other)
}

const fn bits(value: u128) -> u32 {
    128 - value.leading_zeros()
}

fn choose(of: u64, count: u64) -> BigUint {
    let count = count.min(of.saturating_sub(count));
    (0..count).fold(BigUint::from(1_u8), |chosen, at| chosen * (of - at) / (at + 1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn risk(confidence_bp: u16) -> Risk {
        Risk::of_confidence(confidence_bp).unwrap()
    }

    fn hypergeometric(population: u64, marked: u64, sample: u64) -> Law {
        Law::Hypergeometric {
            population,
            marked,
            sample,
        }
    }

    /// Counts subsets by Pascal's triangle in plain integers: nothing in common with the code above.
    fn counted(population: u64, marked: u64, sample: u64, point: u64) -> (u128, u128) {
        let mut triangle = vec![vec![1_u128]];
        for row in 1..=usize::try_from(population).unwrap() {
            let last = &triangle[row - 1];
            let inner = (1..row).map(|place| last[place - 1] + last[place]);
            triangle.push(std::iter::once(1).chain(inner).chain([1]).collect());
        }
        let at = |of: u64, count: u64| {
            let row = &triangle[usize::try_from(of).unwrap()];
            row.get(usize::try_from(count).unwrap()).copied().unwrap_or(0)
        };
        let tail = (0..=point.min(sample)).map(|x| at(marked, x) * at(population - marked, sample - x));
        (tail.sum(), at(population, sample))
    }

    #[test]
    fn both_ways_agree_with_counting_for_every_population_up_to_14() {
        for population in 1..=14_u64 {
            for marked in 0..=population {
                for sample in 0..=population {
                    for point in 0..=sample {
                        let law = hypergeometric(population, marked, sample);
                        let (tail, total) = counted(population, marked, sample, point);
                        for confidence_bp in [1, 5_000, 9_000, 9_500, 9_999] {
                            let (a, d) = risk(confidence_bp).fraction();
                            let expected = tail * u128::from(d) <= total * u128::from(a);
                            let found = law.tail_is_at_most(point, risk(confidence_bp));
                            assert_eq!(found, expected, "{law:?} {point} {confidence_bp}");
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn a_tail_that_equals_the_risk_exactly_is_at_most_the_risk() {
        // One deviation among N, drawn or not: P(X = 0) = (N - n) / N.
        let tie = hypergeometric(10_000_000, 1, 9_500_000);
        assert_eq!(tie.decide_quickly(0, risk(9_500)), None);
        assert!(tie.tail_is_at_most(0, risk(9_500)));
        assert!(!hypergeometric(10_000_000, 1, 9_499_999).tail_is_at_most(0, risk(9_500)));
        let half = Law::Binomial {
            sample: 1,
            marked: 1,
            of: 2,
        };
        assert!(half.tail_is_at_most(0, risk(5_000)));
        assert!(!half.tail_is_at_most(0, risk(5_001)));
    }

    /// Every law of up to `most` units with each point of its support.
    fn laws(most: u64) -> impl Iterator<Item = (Law, u64)> {
        let triples = (1..=most).flat_map(move |population| {
            (0..=population).flat_map(move |marked| (0..=population).map(move |sample| (population, marked, sample)))
        });
        triples.flat_map(|(population, marked, sample)| {
            let binomial = Law::Binomial {
                sample,
                marked,
                of: population,
            };
            [hypergeometric(population, marked, sample), binomial]
                .into_iter()
                .flat_map(|law| {
                    let (least, greatest) = law.support();
                    (least..=greatest).map(move |point| (law, point))
                })
        })
    }

    /// Of all samples, those with `at` deviations: counted, nothing in common with the code above.
    fn weight(law: Law, at: u64) -> u128 {
        let choose = |of: u64, count: u64| -> u128 {
            let ways = (0..1_u32 << of).filter(|set| u64::from(set.count_ones()) == count);
            u128::try_from(ways.count()).unwrap()
        };
        match law {
            Law::Hypergeometric {
                population,
                marked,
                sample,
            } => choose(marked, at) * choose(population - marked, sample - at),
            Law::Binomial { sample, marked, of } => {
                let power = |base: u64, exponent: u64| u128::from(base).pow(u32::try_from(exponent).unwrap());
                choose(sample, at) * power(marked, at) * power(of - marked, sample - at)
            }
        }
    }

    #[test]
    fn the_exact_tail_is_the_counted_one_wherever_there_is_one() {
        for (law, point) in laws(8) {
            let (least, greatest) = law.support();
            if least == greatest {
                continue;
            }
            let [tail, total] = [point, greatest].map(|last| (least..=last).map(|at| weight(law, at)).sum::<u128>());
            let found = law.exact_tail(point);
            assert_eq!(found.0 * total, found.1 * tail, "{law:?} {point}");
        }
    }

    #[test]
    fn weights_are_largest_at_the_mode_and_no_step_has_a_larger_factor_than_the_largest() {
        for (law, at) in laws(8) {
            assert!(weight(law, at) <= weight(law, law.mode()), "{law:?} {at}");
            if at < law.support().1 {
                let (up, down) = law.step(at);
                assert_eq!(weight(law, at + 1) * down, weight(law, at) * up, "{law:?} {at}");
                assert!(up.max(down) <= law.largest_factor(), "{law:?} {at}");
            }
        }
    }

    #[test]
    fn the_true_sums_lie_between_the_rounded_ones_and_those_are_no_wider_apart_than_was_rounded() {
        for one in [1_u128, 7, 64, 1 << 40] {
            for (law, point) in laws(8) {
                let (least, greatest) = law.support();
                let largest = weight(law, law.mode());
                let sums = law.sums(point, &one);
                let sides = [
                    (least..=point, sums.below_least, sums.below_most),
                    (point + 1..=greatest, sums.above_least, sums.above_most),
                ];
                for (places, floor, ceiling) in sides {
                    let truth = places.clone().map(|at| weight(law, at)).sum::<u128>() * one;
                    assert!(
                        floor * largest <= truth && truth <= ceiling * largest,
                        "{law:?} {point} {one}"
                    );
                    // A weight that came by so many steps is at most so many units too small.
                    let rounded: u64 = places.map(|at| at.abs_diff(law.mode())).sum();
                    assert!(ceiling - floor <= u128::from(rounded), "{law:?} {point} {one}");
                }
            }
        }
    }

    #[test]
    fn the_quick_way_decides_whatever_is_not_next_to_a_tie() {
        for (law, point) in laws(8) {
            let (least, greatest) = law.support();
            if point == greatest {
                continue;
            }
            let [tail, total] = [point, greatest].map(|last| (least..=last).map(|at| weight(law, at)).sum::<u128>());
            for confidence_bp in [1, 5_000, 9_999] {
                let (a, d) = risk(confidence_bp).fraction();
                let (left, right) = (tail * u128::from(d), total * u128::from(a));
                if left != right {
                    let quick = law.decide_quickly(point, risk(confidence_bp));
                    assert_eq!(quick, Some(left < right), "{law:?} {point} {confidence_bp}");
                }
            }
        }
        let large = crate::domain::statistics::LARGEST_POPULATION;
        // P(X = 0) is 0.95 to the power of 58 and 59, almost: 0.0510 and 0.0485.
        for (sample, is_proof) in [(58, false), (59, true)] {
            let law = hypergeometric(large, large.div_ceil(20), sample);
            assert_eq!(law.decide_quickly(0, risk(9_500)), Some(is_proof));
        }
        // Half of a sample of half of everything: about one half.
        let half = hypergeometric(large, large / 2, large / 2);
        assert_eq!(half.decide_quickly(large / 4 - 100_000, risk(9_500)), Some(true));
        assert_eq!(half.decide_quickly(large / 4, risk(9_500)), Some(false));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(400))]

        #[test]
        fn populations_up_to_60_agree_with_counting(
            population in 1_u64..=60,
            marked in 0_u64..=60,
            sample in 0_u64..=60,
            point in 0_u64..=60,
            confidence_bp in 1_u16..10_000,
        ) {
            let (marked, sample) = (marked.min(population), sample.min(population));
            let (tail, total) = counted(population, marked, sample, point);
            let (a, d) = risk(confidence_bp).fraction();
            let expected = tail * u128::from(d) <= total * u128::from(a);
            let law = hypergeometric(population, marked, sample);
            prop_assert_eq!(law.tail_is_at_most(point, risk(confidence_bp)), expected);
        }

        #[test]
        fn the_quick_way_never_contradicts_the_exact_way(
            population in 1_u64..3_000,
            marked in 0_u64..3_000,
            sample in 0_u64..3_000,
            point in 0_u64..200,
            confidence_bp in 1_u16..10_000,
        ) {
            let (marked, sample) = (marked.min(population), sample.min(population));
            for law in [
                hypergeometric(population, marked, sample),
                Law::Binomial { sample, marked, of: population + 1 },
            ] {
                let (least, greatest) = law.support();
                if point < least || point >= greatest {
                    continue;
                }
                if let Some(quick) = law.decide_quickly(point, risk(confidence_bp)) {
                    prop_assert_eq!(quick, law.decide_exactly(point, risk(confidence_bp)));
                }
            }
        }
    }
}
