//! Logarithms and Fisher's combination of tests, to as many binary digits as it takes; every side of a comparison proven.

use crate::domain::statistics::Risk;
use num_bigint::BigUint;

/// Digits that are worked with beyond those asked for. Fewer than 2^40 roundings of a few units each can't use them up.
const GUARD: u64 = 64;

/// A real number that is not below zero, between two whole numbers of units of 2^-precision, both ends inclusive.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(super) struct Span {
    /// Not more than the number.
    pub(super) least: BigUint,
    /// Not less than the number.
    pub(super) most: BigUint,
}

impl std::ops::AddAssign<&Self> for Span {
    fn add_assign(&mut self, other: &Self) {
        self.least += &other.least;
        self.most += &other.most;
    }
}

/// The natural logarithm of `numerator / denominator`, in units of 2^-precision.
///
/// The fraction must be at least one; anything less counts as one. `denominator` is not zero.
pub(super) fn ln(numerator: &BigUint, denominator: &BigUint, precision: u64) -> Span {
    if numerator <= denominator {
        return Span::default();
    }
    // numerator / denominator = 2^doublings * m with 1/2 < m < 2, and ln m = 2 artanh((m - 1) / (m + 1)).
    let doublings = numerator.bits() - denominator.bits();
    let whole = denominator << doublings;
    let sum = numerator + &whole;
    let digits = precision + GUARD;
    let ln_2 = twice_artanh(&BigUint::from(1_u8), &BigUint::from(3_u8), digits) * doublings;
    // Everything rounds down, so each of the two sums falls short by less than one unit of 2^-precision.
    let (least, most) = if *numerator >= whole {
        let rest = twice_artanh(&(numerator - &whole), &sum, digits);
        let least: BigUint = (ln_2 + rest) >> GUARD;
        let most = &least + 2_u8;
        (least, most)
    } else {
        let rest = twice_artanh(&(&whole - numerator), &sum, digits);
        let most: BigUint = ((ln_2 - rest) >> GUARD) + 2_u8;
        let least = &most - most.clone().min(BigUint::from(4_u8));
        (least, most)
    };
    Span { least, most }
}

/// Twice the area hyperbolic tangent of a fraction up to 1/3, in units of 2^-digits, rounded down a little.
fn twice_artanh(numerator: &BigUint, denominator: &BigUint, digits: u64) -> BigUint {
    let nothing = BigUint::default();
    let mut power: BigUint = (numerator << digits) / denominator;
    let square: BigUint = (&power * &power) >> digits;
    let mut sum = BigUint::default();
    let mut odd = 1_u64;
    while power != nothing {
        sum += &power / odd;
        power = (power * &square) >> digits;
        odd += 2;
    }
    sum << 1_u8
}

/// Whether chance alone brings the product of `tests` independent tests' tails to `exp(-value)` or less with more than
/// the risk: `exp(-value) (1 + value + ... + value^(tests-1) / (tests-1)!) > risk` (Fisher's combination).
///
/// `value` in units of 2^-precision, `tests` two or more. Decided by as many digits as it takes: apart from zero the
/// exponential of a fraction is no fraction, so the two sides are never equal.
pub(super) fn is_likelier(value: &BigUint, precision: u64, tests: u32, risk: Risk) -> bool {
    let (numerator, denominator) = risk.fraction();
    let safety = denominator - numerator;
    let mut digits = GUARD;
    loop {
        let Exponential { first, others, .. } = Exponential::new(value, precision, tests, digits);
        if first.least * safety > others.most * numerator {
            return true;
        }
        if first.most * safety <= others.least * numerator {
            return false;
        }
        digits *= 2;
    }
}

/// About the value at which [`is_likelier`] changes, in units of 2^-precision: half of the critical value of chi-squared
/// with `2 tests` degrees of freedom. It guides a search and decides nothing.
pub(super) fn critical_value(tests: u32, risk: Risk, precision: u64) -> BigUint {
    let (numerator, denominator) = risk.fraction();
    let mut value = BigUint::from(tests) << precision;
    // Newton's method on the logarithm of the chance, which is concave and falls: it never steps below the value.
    for _ in 0..precision {
        let Exponential { first, last, others } = Exponential::new(&value, precision, tests, GUARD);
        let chance = &first.least * denominator;
        let risk = (&first.least + others.least) * numerator;
        let step = |over: &BigUint, under: &BigUint| -> BigUint {
            // Where the chance hardly falls, the logarithm must be known better than the value.
            let distance = (&first.least * ln(over, under, GUARD).least) << precision;
            (distance / last.least.clone().max(BigUint::from(1_u8))) >> GUARD
        };
        let next = &value + step(&chance, &risk) - step(&risk, &chance).min(value.clone());
        if next == value {
            break;
        }
        value = next;
    }
    value
}

/// The exponential of a value as the sum of its powers over factorials, in units of 2^-digits.
struct Exponential {
    /// The terms below `tests`.
    first: Span,
    /// The last of those.
    last: Span,
    /// All other terms.
    others: Span,
}

impl Exponential {
    fn new(value: &BigUint, precision: u64, tests: u32, digits: u64) -> Self {
        let (one, unit) = (BigUint::from(1_u8) << digits, BigUint::from(1_u8));
        let mut term = Span {
            least: one.clone(),
            most: one,
        };
        let mut parts = Self {
            first: Span::default(),
            last: Span::default(),
            others: Span::default(),
        };
        let twice: BigUint = value << 1_u8;
        for number in 1_u64.. {
            if number <= u64::from(tests) {
                parts.first += &term;
                parts.last = term.clone();
            } else {
                parts.others += &term;
                // From here on every term is at most half the one before, so that the rest is at most the last one.
                if (BigUint::from(number) << precision) > twice && term.most <= unit {
                    parts.others.most += &term.most;
                    break;
                }
            }
            term.least = ((term.least * value) >> precision) / number;
            term.most = ((term.most * value) >> precision) / number + 1_u8;
        }
        parts
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Decimal digits of both ends.
    fn decimals(span: &Span, precision: u64, digits: u32) -> [String; 2] {
        let scale = BigUint::from(10_u8).pow(digits);
        [&span.least, &span.most].map(|end| ((end * &scale) >> precision).to_string())
    }

    fn number(value: u128) -> BigUint {
        BigUint::from(value)
    }

    #[test]
    fn logarithms_are_those_of_the_tables() {
        // Abramowitz and Stegun, tables 1.1 and 4.2, to thirty digits.
        for (value, digits) in [
            (2, "693147180559945309417232121458"),
            (3, "1098612288668109691395245236922"),
            (10, "2302585092994045684017991454684"),
        ] {
            let span = ln(&number(value), &number(1), 160);
            assert_eq!(decimals(&span, 160, 30), [digits, digits]);
        }
        assert_eq!(ln(&number(7), &number(7), 64), Span::default());
    }

    #[test]
    fn critical_values_are_half_of_the_tabulated_chi_squared() {
        // NIST/SEMATECH e-Handbook, table 1.3.6.7.4: 9.488, 18.307 and 13.277 for 4 and 10 degrees of freedom, and
        // 124.342 for 100.
        for (tests, confidence_bp, least, most) in [
            (2, 9_500, 9_487, 9_489),
            (5, 9_500, 18_306, 18_308),
            (2, 9_900, 13_276, 13_278),
            (50, 9_500, 124_341, 124_343),
        ] {
            let risk = Risk::of_confidence(confidence_bp).unwrap();
            let thousandths = |value: u64| (BigUint::from(value) << 40_u8) / 2_000_u16;
            assert!(is_likelier(&thousandths(least), 40, tests, risk));
            assert!(!is_likelier(&thousandths(most), 40, tests, risk));
            let critical = critical_value(tests, risk, 40);
            assert!(thousandths(least) < critical && critical < thousandths(most));
        }
    }

    #[test]
    fn the_guiding_value_is_within_a_few_units_of_where_the_answer_changes() {
        let few = BigUint::from(64_u8);
        for tests in [2, 3, 40, 300] {
            for confidence_bp in [1, 5_000, 9_500, 9_999] {
                let risk = Risk::of_confidence(confidence_bp).unwrap();
                let critical = critical_value(tests, risk, 40);
                assert!(
                    is_likelier(&(&critical - &few), 40, tests, risk),
                    "{tests} {confidence_bp}"
                );
                assert!(
                    !is_likelier(&(&critical + &few), 40, tests, risk),
                    "{tests} {confidence_bp}"
                );
            }
        }
        assert!(is_likelier(&BigUint::default(), 40, 2, Risk::of_confidence(1).unwrap()));
    }

    #[test]
    fn the_value_at_which_the_answer_changes_is_found_to_as_many_digits_as_are_asked_for() {
        // The root of exp(-v) (1 + v) = 0.05 by Newton's method in sixty decimal digits.
        let risk = Risk::of_confidence(9_500).unwrap();
        let (mut low, mut high) = (number(4) << 160_u8, number(5) << 160_u8);
        while &low + 1_u8 < high {
            let middle: BigUint = (&low + &high) >> 1_u8;
            if is_likelier(&middle, 160, 2, risk) {
                low = middle;
            } else {
                high = middle;
            }
        }
        let found = Span { least: low, most: high };
        let root = "47438645183905783758502737858333195550344618514";
        assert_eq!(decimals(&found, 160, 46), [root, root]);
    }

    #[test]
    fn both_parts_of_an_exponential_lie_between_their_ends() {
        for (value, precision, tests, digits) in [
            (0, 0, 2, 5),
            (1, 0, 2, 8),
            (3, 1, 3, 6),
            (5, 0, 2, 10),
            (17, 3, 5, 12),
            (40, 2, 4, 20),
        ] {
            let parts = Exponential::new(&number(value), precision, tests, digits);
            // Sixty terms over one denominator; those behind them are far below the digits.
            let (mut term, mut over) = (number(1), number(1));
            let mut sums: [BigUint; 3] = Default::default();
            let mut terms = Vec::new();
            for place in 1..=60_u64 {
                terms.push((term.clone(), over.clone()));
                term *= value;
                over = (over * place) << precision;
            }
            let whole = terms.last().unwrap().1.clone();
            for (place, (term, over)) in (1..).zip(&terms) {
                let scaled = (term << digits) * (&whole / over);
                sums[usize::from(place > tests)] += &scaled;
                if place == tests {
                    sums[2] = scaled;
                }
            }
            for (part, truth) in [&parts.first, &parts.others, &parts.last].into_iter().zip(&sums) {
                assert!(
                    &part.least * &whole <= *truth && *truth <= &part.most * &whole,
                    "{value} {precision} {tests}"
                );
            }
        }
    }

    proptest! {
        #[test]
        fn a_logarithm_of_a_product_is_the_sum(
            one in 1_u64..u64::MAX,
            two in 1_u64..u64::MAX,
            three in 1_u64..u64::MAX,
        ) {
            let mut sorted = [one, two, three];
            sorted.sort_unstable();
            let [low, middle, high] = sorted.map(BigUint::from);
            let whole = ln(&high, &low, 128);
            let mut sum = ln(&high, &middle, 128);
            sum += &ln(&middle, &low, 128);
            prop_assert!(sum.least <= whole.most && whole.least <= sum.most);
            prop_assert!(whole.most - whole.least <= BigUint::from(4_u8));
        }

        #[test]
        fn more_digits_only_narrow_a_logarithm(one in 1_u64..u64::MAX, two in 1_u64..u64::MAX) {
            let (low, high) = (BigUint::from(one.min(two)), BigUint::from(one.max(two)));
            let (coarse, fine) = (ln(&high, &low, 64), ln(&high, &low, 192));
            prop_assert!(coarse.least << 128_u8 <= fine.least && fine.most <= coarse.most << 128_u8);
        }
    }
}
