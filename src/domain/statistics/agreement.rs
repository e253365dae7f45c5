//! How far two reviewers who did not know of each other agree, and what that says of all verdicts.

use crate::domain::statistics::bound::Finding;
use crate::domain::statistics::{Risk, StatisticsError};
use num_rational::Ratio;
use std::collections::BTreeMap;

/// What a blind second review of some of the verdicts came to.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Agreement {
    /// Verdicts that were given twice.
    pub pairs: u64,
    /// Of those, the same both times.
    pub matches: u64,
    /// Pairs that would match by chance alone, times `pairs`: the products of how often each verdict was given first and
    /// second, added up.
    chance: u128,
}

impl Agreement {
    /// Counts pairs of a first and a second verdict.
    pub fn of<V: Ord>(pairs: impl IntoIterator<Item = (V, V)>) -> Self {
        let mut agreement = Self::default();
        let mut given: BTreeMap<V, (u64, u64)> = BTreeMap::new();
        for (first, second) in pairs {
            agreement.pairs += 1;
            agreement.matches += u64::from(first == second);
            given.entry(first).or_default().0 += 1;
            given.entry(second).or_default().1 += 1;
        }
        let products = given
            .into_values()
            .map(|(first, second)| u128::from(first) * u128::from(second));
        agreement.chance = products.sum();
        agreement
    }

    /// At least so many of `verdicts` would be the same again, had all of them been given twice.
    ///
    /// One-sided and exact, if the pairs are a random sample of the verdicts. `Err` where there are more pairs than
    /// verdicts.
    pub fn fewest_matches(&self, verdicts: u64, risk: Risk) -> Result<u64, StatisticsError> {
        Finding {
            population: verdicts,
            sample: self.pairs,
            deviations: self.matches,
        }
        .lower_bound(risk)
    }

    /// Cohen's kappa: the agreement beyond chance as a share of what there could be, at most one; below zero where the
    /// reviewers agree less often than by chance. `None` without pairs and where both always gave the same one verdict.
    pub fn kappa(&self) -> Option<Ratio<i128>> {
        let expected = i128::try_from(self.chance).ok()?;
        let pairs = i128::from(self.pairs);
        let beyond = pairs * pairs - expected;
        (beyond != 0).then(|| Ratio::new(pairs * i128::from(self.matches) - expected, beyond))
    }
}

/// How many of the verdicts are given twice: a tenth, rounded up.
pub const fn second_reviews(verdicts: u64) -> u64 {
    verdicts.div_ceil(10)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(both_yes: usize, yes_no: usize, no_yes: usize, both_no: usize) -> Agreement {
        let pairs = |pair, count| std::iter::repeat_n(pair, count);
        Agreement::of(
            pairs((true, true), both_yes)
                .chain(pairs((true, false), yes_no))
                .chain(pairs((false, true), no_yes))
                .chain(pairs((false, false), both_no)),
        )
    }

    #[test]
    fn kappa_is_that_of_the_text_books() {
        // 50 applications read by two people: agreement 35 of 50, by chance one half (Cohen 1960, worked).
        let read = table(20, 5, 10, 15);
        assert_eq!((read.pairs, read.matches), (50, 35));
        assert_eq!(read.kappa(), Some(Ratio::new(2, 5)));
        assert_eq!(table(10, 0, 0, 7).kappa(), Some(Ratio::from_integer(1)));
        assert_eq!(table(0, 5, 5, 0).kappa(), Some(Ratio::from_integer(-1)));
        // Independent of each other: as often as by chance.
        assert_eq!(table(4, 4, 4, 4).kappa(), Some(Ratio::from_integer(0)));
    }

    #[test]
    fn kappa_says_nothing_where_nobody_could_have_differed() {
        assert_eq!(table(9, 0, 0, 0).kappa(), None);
        assert_eq!(table(0, 0, 0, 0).kappa(), None);
    }

    #[test]
    fn all_three_verdicts_count() {
        let found = Agreement::of([
            ("valid", "valid"),
            ("invalid", "inconclusive"),
            ("inconclusive", "inconclusive"),
        ]);
        assert_eq!((found.pairs, found.matches), (3, 2));
        // By chance (1 * 1 + 1 * 0 + 1 * 2) / 9.
        assert_eq!(found.kappa(), Some(Ratio::new(1, 2)));
    }

    #[test]
    fn the_tenth_speaks_for_all_verdicts_as_far_as_a_sample_can() {
        let risk = Risk::of_confidence(9_500).unwrap();
        let all_alike = table(12, 0, 0, 0);
        let least = all_alike.fewest_matches(120, risk).unwrap();
        let turned = Finding {
            population: 120,
            sample: 12,
            deviations: 0,
        };
        assert_eq!(least, 120 - turned.upper_bound(risk).unwrap());
        assert!(table(11, 1, 0, 0).fewest_matches(120, risk).unwrap() < least);
        assert_eq!(all_alike.fewest_matches(12, risk), Ok(12));
        assert_eq!(all_alike.fewest_matches(11, risk), Err(StatisticsError::Sample));
    }

    #[test]
    fn a_tenth_is_rounded_up() {
        assert_eq!([0, 1, 10, 11, 57].map(second_reviews), [0, 1, 1, 2, 6]);
    }
}
