//! Samples in which likelier deviations are drawn more often: chances by weight, and totals that the weights do not bend.
//!
//! Poisson sampling with the ticket as permanent random number (`api-spec/audit-sampling.md`, section 6.5). Exact fractions.

use crate::domain::statistics::StatisticsError;
use num_bigint::BigUint;
use num_rational::Ratio;
use std::cmp::Reverse;

/// The chance of being drawn, above zero and at most one.
pub type Chance = Ratio<u128>;

/// The chance of each unit if `size` are to be drawn on average and each as often as it weighs.
///
/// `size * weight / sum of weights`. Units for which that is one or more are drawn for certain, and the others share what
/// is left of the size in the same way, until no other is left above one. The answer is in the order of the weights.
/// `Err` where a weight is zero (such a unit could never be drawn, so nothing would be known of it), where there are no
/// units, or fewer than are to be drawn.
pub fn chances(weights: &[u32], size: u64) -> Result<Vec<Chance>, StatisticsError> {
    let population = u64::try_from(weights.len()).ok().ok_or(StatisticsError::Population)?;
    if weights.is_empty() {
        return Err(StatisticsError::Population);
    }
    if size > population || size == 0 {
        return Err(StatisticsError::Sample);
    }
    if weights.contains(&0) {
        return Err(StatisticsError::Weight);
    }
    let mut sorted = weights.to_vec();
    sorted.sort_unstable_by_key(|weight| Reverse(*weight));
    let mut rest: u128 = sorted.iter().copied().map(u128::from).sum();
    let mut left = u128::from(size);
    let mut largest = u32::MAX;
    for weight in sorted {
        let weight_of_one = u128::from(weight);
        if left * weight_of_one < rest {
            // Every unit up to this weight has a chance below one.
            largest = weight;
            break;
        }
        left -= 1;
        rest -= weight_of_one;
        largest = 0;
    }
    Ok(weights
        .iter()
        .map(|weight| {
            if *weight > largest {
                Ratio::from_integer(1)
            } else {
                Ratio::new(left * u128::from(*weight), rest)
            }
        })
        .collect())
}

/// A drawn unit with what was found of it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Drawn {
    /// Its chance of being drawn.
    pub chance: Chance,
    /// What is counted of it: 1 for a deviation, 0 for none, or an amount.
    pub value: u64,
}

/// An estimate of a total with its uncertainty, both exact fractions.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Estimate {
    /// The total over all units.
    pub total: Ratio<BigUint>,
    /// The variance of that estimate.
    pub variance: Ratio<BigUint>,
}

/// The total over the population by Horvitz and Thompson, with its variance under Poisson sampling: `sum y / p` and
/// `sum (1 - p) y^2 / p^2`.
///
/// Both are right on average whatever the weights. `Err` where a chance is not above zero and at most one.
pub fn estimate(drawn: &[Drawn]) -> Result<Estimate, StatisticsError> {
    let nothing = || Ratio::from_integer(BigUint::default());
    let mut estimate = Estimate {
        total: nothing(),
        variance: nothing(),
    };
    for unit in drawn {
        let (part, whole) = (*unit.chance.numer(), *unit.chance.denom());
        if part == 0 || part > whole {
            return Err(StatisticsError::Weight);
        }
        let (part, whole) = (BigUint::from(part), BigUint::from(whole));
        let scaled = &whole * unit.value;
        estimate.variance += Ratio::new(&scaled * ((&whole - &part) * unit.value), &part * &part);
        estimate.total += Ratio::new(scaled, part);
    }
    Ok(estimate)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::sampling::Seed;
    use proptest::prelude::*;

    type Fraction = Ratio<BigUint>;

    fn wide(chance: Chance) -> Fraction {
        Ratio::new(BigUint::from(*chance.numer()), BigUint::from(*chance.denom()))
    }

    fn whole(value: u64) -> Fraction {
        Ratio::from_integer(BigUint::from(value))
    }

    #[test]
    fn equal_weights_give_equal_chances() {
        assert_eq!(chances(&[7; 10], 4), Ok(vec![Ratio::new(2, 5); 10]));
    }

    #[test]
    fn heavy_units_are_certain_and_the_others_share_the_rest() {
        // 3 of 5: 100 is certain; of the others 2 are left for 20, 10, 5, 5, and with them 20 is certain, too.
        let found = chances(&[5, 100, 10, 20, 5], 3).unwrap();
        let quarter = Ratio::new(1, 4);
        assert_eq!(
            found,
            [
                quarter,
                Ratio::from_integer(1),
                Ratio::new(1, 2),
                Ratio::from_integer(1),
                quarter
            ]
        );
    }

    #[test]
    fn a_census_draws_every_unit_for_certain() {
        assert_eq!(chances(&[1, 50, 3], 3), Ok(vec![Ratio::from_integer(1); 3]));
    }

    #[test]
    fn what_could_not_be_drawn_is_refused() {
        assert_eq!(chances(&[], 0), Err(StatisticsError::Population));
        assert_eq!(chances(&[1], 2), Err(StatisticsError::Sample));
        assert_eq!(chances(&[1], 0), Err(StatisticsError::Sample));
        assert_eq!(chances(&[1, 0, 1], 2), Err(StatisticsError::Weight));
        for chance in [Ratio::new(0, 1), Ratio::new(3, 2)] {
            assert_eq!(estimate(&[Drawn { chance, value: 1 }]), Err(StatisticsError::Weight));
        }
    }

    #[test]
    fn total_and_variance_are_right_on_average_over_every_possible_sample() {
        let values = [3, 0, 1, 2, 1, 7];
        let chances = chances(&[9, 1, 2, 3, 4, 1], 3).unwrap();
        let (mut mean, mut square, mut variance) = (whole(0), whole(0), whole(0));
        for sample in 0_u32..1 << values.len() {
            let mut likelihood = whole(1);
            let mut drawn = Vec::new();
            for (place, (value, chance)) in values.into_iter().zip(&chances).enumerate() {
                if sample >> place & 1 == 1 {
                    likelihood *= wide(*chance);
                    drawn.push(Drawn { chance: *chance, value });
                } else {
                    likelihood *= whole(1) - wide(*chance);
                }
            }
            let found = estimate(&drawn).unwrap();
            mean += &likelihood * &found.total;
            square += &likelihood * &found.total * &found.total;
            variance += likelihood * found.variance;
        }
        assert_eq!(mean, whole(values.into_iter().sum()));
        assert_eq!(square - &mean * &mean, variance);
    }

    #[test]
    fn tickets_draw_about_as_many_units_as_were_asked_for_and_heavier_ones_more_often() {
        let weights: Vec<u32> = (0..4_000).map(|unit| if unit % 40 == 0 { 10 } else { 1 }).collect();
        let chances = chances(&weights, 200).unwrap();
        let seed = Seed::new("63454660390103169462");
        let drawn: Vec<usize> = (0..4_000)
            .filter(|unit| {
                let chance = chances[*unit];
                seed.ticket(&format!("unit-{unit}"))
                    .is_below(*chance.numer(), *chance.denom())
            })
            .collect();
        // 200 expected, of them 41 heavy; standard deviations below 14 and 6.
        let heavy = drawn.iter().filter(|unit| *unit % 40 == 0).count();
        assert!((145..=255).contains(&drawn.len()), "{}", drawn.len());
        assert!((17..=65).contains(&heavy), "{heavy}");
    }

    proptest! {
        #[test]
        fn chances_add_up_to_the_size_and_keep_the_order_of_the_weights(
            weights in proptest::collection::vec(1_u32..=u32::MAX, 1..60),
            share in 1_usize..60,
        ) {
            let size = share.min(weights.len());
            let found = chances(&weights, u64::try_from(size).unwrap()).unwrap();
            let sum: Fraction = found.iter().copied().map(wide).fold(whole(0), |sum, chance| sum + chance);
            prop_assert_eq!(sum, whole(u64::try_from(size).unwrap()));
            for (one, chance) in weights.iter().zip(&found) {
                prop_assert!(*chance <= Ratio::from_integer(1));
                for (other, than) in weights.iter().zip(&found) {
                    prop_assert!(one < other || chance >= than);
                }
            }
        }

        #[test]
        fn a_larger_size_only_adds_units(
            weights in proptest::collection::vec(1_u32..1_000, 2..60),
            share in 1_usize..60,
        ) {
            let size = u64::try_from(share.min(weights.len() - 1)).unwrap();
            let (few, many) = (chances(&weights, size).unwrap(), chances(&weights, size + 1).unwrap());
            prop_assert!(few.iter().zip(&many).all(|(few, many)| few <= many));
        }
    }
}
