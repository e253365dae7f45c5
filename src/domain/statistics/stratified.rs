//! What samples of several strata say about all of them together: Stark's union-intersection bound, exactly.

use crate::domain::statistics::bound::{Finding, Interval};
use crate::domain::statistics::logarithm::{Span, critical_value, is_likelier};
use crate::domain::statistics::stratum::Stratum;
use crate::domain::statistics::{Risk, StatisticsError};
use num_bigint::BigUint;

/// Binary digits of the first attempt; doubled until every comparison is decided.
const DIGITS: u64 = 64;
/// Digits at most of the value that guides the search.
const GUIDE: u64 = 40;

/// The largest number of deviations in all strata together that the findings do not rule out.
///
/// One-sided (`api-spec/audit-sampling.md`, section 6.3). A total is ruled out if, however it is spread over the strata,
/// Fisher's combination of the strata's tails is at most the risk. A stratum that was checked as a whole, or not at all,
/// is no test: it adds what is known of it. `Err` where the numbers contradict each other.
pub fn upper_bound(findings: &[Finding], risk: Risk) -> Result<u64, StatisticsError> {
    for finding in findings {
        finding.check()?;
    }
    let is_test = |finding: &&Finding| (1..finding.population).contains(&finding.sample);
    let known: u64 = findings
        .iter()
        .filter(|finding| !is_test(finding))
        .map(|finding| finding.most())
        .sum();
    let tests: Vec<Finding> = findings.iter().filter(is_test).copied().collect();
    Ok(match tests.as_slice() {
        [] => known,
        // With one test the combination is the test itself.
        [one] => known + one.upper_bound(risk)?,
        several => known + combined(several, risk, DIGITS),
    })
}

/// The smallest number of deviations in all strata together that the findings do not rule out.
///
/// The upper bound of the units that do not deviate, seen from the other side.
pub fn lower_bound(findings: &[Finding], risk: Risk) -> Result<u64, StatisticsError> {
    let turned: Vec<Finding> = findings
        .iter()
        .map(|finding| finding.turned())
        .collect::<Result<_, _>>()?;
    let all: u64 = findings.iter().map(|finding| finding.population).sum();
    Ok(all - upper_bound(&turned, risk)?)
}

/// The two-sided interval: each side with half the risk.
pub fn interval(findings: &[Finding], risk: Risk) -> Result<Interval, StatisticsError> {
    let half = risk.shared_by(2)?;
    Ok(Interval {
        lower: lower_bound(findings, half)?,
        upper: upper_bound(findings, half)?,
    })
}

/// The bound of several tests, beginning with so many binary digits.
fn combined(tests: &[Finding], risk: Risk, mut digits: u64) -> u64 {
    loop {
        if let Some(bound) = Search::new(tests, risk, digits).bound() {
            return bound;
        }
        digits *= 2;
    }
}

/// What a unit costs, and the place of its stratum.
type Unit = (Span, usize);

/// Whether a total is ruled out, as far as the digits tell.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Verdict {
    Possible,
    RuledOut,
}

/// The search for the largest total that is possible, with so many binary digits.
struct Search {
    strata: Vec<Stratum>,
    tests: u32,
    risk: Risk,
    digits: u64,
    /// About the loss at which a total is ruled out.
    critical: BigUint,
    /// A loss at which it certainly is.
    cap: BigUint,
}

impl Search {
    fn new(tests: &[Finding], risk: Risk, digits: u64) -> Self {
        let count = u32::try_from(tests.len()).unwrap_or(u32::MAX);
        let guide = digits.min(GUIDE);
        let critical = critical_value(count, risk, guide) << (digits - guide);
        let mut cap = &critical * 4_u8;
        // Certainly beyond the critical value, however small that is.
        while is_likelier(&cap, digits, count, risk) {
            cap <<= 1_u8;
        }
        Self {
            strata: tests.iter().map(|finding| Stratum::new(*finding, digits)).collect(),
            tests: count,
            risk,
            digits,
            critical,
            cap,
        }
    }

    /// The bound; `None` where the digits do not do.
    fn bound(&mut self) -> Option<u64> {
        let full: Vec<u64> = self.strata.iter().map(|stratum| stratum.finding.most()).collect();
        if self.guess(&full) == Verdict::Possible {
            return (self.decide(&full, &BigUint::default())? == Verdict::Possible).then(|| full.iter().sum());
        }
        let spread = self.likely_spread(full);
        self.walk(spread)
    }

    /// The bound, unit by unit from some way of spreading a total; `None` where the digits do not do.
    fn walk(&mut self, mut spread: Vec<u64>) -> Option<u64> {
        let (mut possible, mut ruled_out) = (None, false);
        loop {
            let slack = self.settle(&mut spread);
            match self.decide(&spread, &slack)? {
                Verdict::Possible => possible = Some(total(&spread)),
                Verdict::RuledOut => ruled_out = true,
            }
            match (possible, ruled_out) {
                // Each step is one unit, so that they are neighbours.
                (Some(possible), true) => return Some(possible),
                (Some(possible), false) => {
                    // Where every next unit is beyond the cap, each larger total has such a unit and is ruled out.
                    if self.push(&mut spread).is_none() {
                        return Some(possible);
                    }
                }
                (None, _) => self.pop(&mut spread)?,
            }
        }
    }

    /// All losses together; `None` where one is above the cap.
    fn loss(&mut self, spread: &[u64]) -> Option<Span> {
        let mut sum = Span::default();
        for (stratum, marked) in self.strata.iter_mut().zip(spread) {
            sum += &stratum.loss(*marked, &self.cap)?;
        }
        Some(sum)
    }

    /// A quick opinion about one way of spreading a total.
    fn guess(&mut self, spread: &[u64]) -> Verdict {
        let mut sum = BigUint::default();
        for (stratum, marked) in self.strata.iter_mut().zip(spread) {
            match stratum.loss(*marked, &self.cap) {
                Some(loss) => sum += loss.least,
                None => return Verdict::RuledOut,
            }
            if sum > self.critical {
                return Verdict::RuledOut;
            }
        }
        Verdict::Possible
    }

    /// What the best spread of a total says, given one that loses at most `slack` more than the best.
    ///
    /// `None` where the digits can't tell. There are no ties: the logarithm of a fraction other than one is no root of a
    /// polynomial with whole coefficients.
    fn decide(&mut self, spread: &[u64], slack: &BigUint) -> Option<Verdict> {
        let loss = self.loss(spread)?;
        let is_likelier = |loss: &BigUint| is_likelier(loss, self.digits, self.tests, self.risk);
        if is_likelier(&loss.most) {
            Some(Verdict::Possible)
        } else if loss.least > *slack && !is_likelier(&(loss.least - slack)) {
            Some(Verdict::RuledOut)
        } else {
            None
        }
    }

    /// Spreads about the largest possible total so that no unit costs more than another would have cost.
    fn likely_spread(&mut self, full: Vec<u64>) -> Vec<u64> {
        let (low, high) = self.neighbours(full);
        self.fill(&low, &high)
    }

    /// The last spread that seems possible and the first that does not, where all units up to a cost are taken.
    ///
    /// They differ by units of one cost only, or by a single one.
    fn neighbours(&mut self, full: Vec<u64>) -> (Vec<u64>, Vec<u64>) {
        let mut low: Vec<u64> = self.strata.iter().map(|stratum| stratum.finding.deviations).collect();
        let mut high = full;
        let (mut least, mut most) = (0_u128, 1_u128 << 64);
        while least < most && total(&high) - total(&low) > 1 {
            let limit = least + (most - least) / 2;
            let ends = low.iter().zip(&high);
            let middle: Vec<u64> = self
                .strata
                .iter()
                .zip(ends)
                .map(|(stratum, (low, high))| stratum.marked_within(limit, *low, *high))
                .collect();
            if self.guess(&middle) == Verdict::Possible {
                low = middle;
                least = limit + 1;
            } else {
                high = middle;
                most = limit;
            }
        }
        (low, high)
    }

    /// Goes from `low` towards `high` by the cheapest units for as long as the total seems possible.
    fn fill(&mut self, low: &[u64], high: &[u64]) -> Vec<u64> {
        let mut units: Vec<(u128, usize)> = Vec::new();
        for (place, stratum) in self.strata.iter().enumerate() {
            let (from, to) = (
                low.get(place).copied().unwrap_or(0),
                high.get(place).copied().unwrap_or(0),
            );
            units.extend((from..to).map(|marked| (stratum.share_lost(marked), place)));
        }
        units.sort_unstable();
        let with = |count: usize| {
            let mut spread = low.to_vec();
            for (_, place) in units.iter().take(count) {
                if let Some(marked) = spread.get_mut(*place) {
                    *marked += 1;
                }
            }
            spread
        };
        let (mut fewest, mut most) = (0, units.len());
        while fewest < most {
            let middle = most - (most - fewest) / 2;
            if self.guess(&with(middle)) == Verdict::Possible {
                fewest = middle;
            } else {
                most = middle - 1;
            }
        }
        with(fewest)
    }

    /// What the next unit of a stratum costs; `None` where there is none or its cost is beyond every other.
    fn next_cost(&mut self, place: usize, marked: u64) -> Option<Span> {
        let stratum = self.strata.get_mut(place)?;
        if marked >= stratum.finding.most() {
            return None;
        }
        let before = stratum.loss(marked, &self.cap)?;
        let after = stratum.loss(marked + 1, &self.cap)?;
        Some(difference(&after, &before))
    }

    /// What the last unit of a stratum cost; `None` where there is none to take away.
    fn last_cost(&mut self, place: usize, marked: u64) -> Option<Span> {
        let stratum = self.strata.get_mut(place)?;
        if marked <= stratum.finding.deviations {
            return None;
        }
        let before = stratum.loss(marked - 1, &self.cap)?;
        let after = stratum.loss(marked, &self.cap)?;
        Some(difference(&after, &before))
    }

    /// The stratum whose next unit is cheapest, the one whose last unit was dearest, and what both cost.
    fn ends(&mut self, spread: &[u64]) -> (Option<Unit>, Option<Unit>) {
        let (mut cheapest, mut dearest): (Option<Unit>, Option<Unit>) = (None, None);
        for (place, marked) in spread.iter().enumerate() {
            if let Some(cost) = self.next_cost(place, *marked)
                && cheapest.as_ref().is_none_or(|(best, _)| cost.least < best.least)
            {
                cheapest = Some((cost, place));
            }
            if let Some(cost) = self.last_cost(place, *marked)
                && dearest.as_ref().is_none_or(|(best, _)| cost.most > best.most)
            {
                dearest = Some((cost, place));
            }
        }
        (cheapest, dearest)
    }

    /// Moves units from where they certainly cost more to where they cost less, and says how much more than the best
    /// spread of the same total this one can still lose.
    ///
    /// Losses are convex: against any other spread, each of at most all units that are placed otherwise there saves no
    /// more than the dearest last unit here and costs no less than the cheapest next one.
    fn settle(&mut self, spread: &mut [u64]) -> BigUint {
        loop {
            let (Some((next, to)), Some((last, from))) = self.ends(spread) else {
                return BigUint::default();
            };
            if last.least > next.most {
                shift(spread, from, to);
                continue;
            }
            if last.most <= next.least {
                return BigUint::default();
            }
            let found: u64 = self.strata.iter().map(|stratum| stratum.finding.deviations).sum();
            return (last.most - next.least) * (total(spread) - found);
        }
    }

    fn push(&mut self, spread: &mut [u64]) -> Option<()> {
        let (_, place) = self.ends(spread).0?;
        *spread.get_mut(place)? += 1;
        Some(())
    }

    fn pop(&mut self, spread: &mut [u64]) -> Option<()> {
        let (_, place) = self.ends(spread).1?;
        *spread.get_mut(place)? -= 1;
        Some(())
    }
}

fn total(spread: &[u64]) -> u64 {
    spread.iter().sum()
}

fn shift(spread: &mut [u64], from: usize, to: usize) {
    if let Some(marked) = spread.get_mut(from) {
        *marked -= 1;
    }
    if let Some(marked) = spread.get_mut(to) {
        *marked += 1;
    }
}

/// One loss less another that is not larger.
fn difference(larger: &Span, smaller: &Span) -> Span {
    Span {
        least: &larger.least - larger.least.clone().min(smaller.most.clone()),
        most: &larger.most - larger.most.clone().min(smaller.least.clone()),
    }
}

#[cfg(test)]
#[path = "stratified_tests.rs"]
mod search_tests;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::statistics::LARGEST_POPULATION;

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
    fn two_clean_strata_have_the_published_bound() {
        let findings = [finding(200, 50, 0), finding(100, 25, 0)];
        assert_eq!(upper_bound(&findings, risk(9_500)), Ok(16));
    }

    #[test]
    fn a_single_stratum_has_the_bound_of_its_own() {
        for deviations in 0..=3 {
            let one = finding(1_200, 102, deviations);
            assert_eq!(upper_bound(&[one], risk(9_000)), one.upper_bound(risk(9_000)));
            assert_eq!(interval(&[one], risk(9_000)), one.interval(risk(9_000)));
        }
    }

    #[test]
    fn a_stratum_that_was_checked_as_a_whole_or_not_at_all_only_adds_what_is_known_of_it() {
        let one = finding(1_200, 102, 1);
        let census = finding(30, 30, 4);
        let untouched = finding(7, 0, 0);
        assert_eq!(upper_bound(&[one, census, untouched], risk(9_000)), Ok(43 + 4 + 7));
        let alone = one.lower_bound(risk(9_000)).unwrap();
        assert_eq!(lower_bound(&[one, census, untouched], risk(9_000)), Ok(alone + 4));
        assert_eq!(upper_bound(&[census, finding(0, 0, 0)], risk(9_000)), Ok(4));
        assert_eq!(upper_bound(&[], risk(9_000)), Ok(0));
    }

    #[test]
    fn contradicting_numbers_are_refused_wherever_they_stand() {
        let sound = finding(10, 5, 0);
        assert_eq!(
            upper_bound(&[sound, finding(10, 11, 0)], risk(9_500)),
            Err(StatisticsError::Sample)
        );
        assert_eq!(
            lower_bound(&[sound, finding(10, 5, 6)], risk(9_500)),
            Err(StatisticsError::Deviations)
        );
        let large = finding(LARGEST_POPULATION + 1, 5, 0);
        assert_eq!(
            upper_bound(&[sound, large], risk(9_500)),
            Err(StatisticsError::Population)
        );
    }

    #[test]
    fn a_sample_that_found_nothing_but_deviations_rules_nothing_out() {
        let findings = [finding(40, 10, 10), finding(50, 10, 10)];
        assert_eq!(upper_bound(&findings, risk(9_500)), Ok(90));
        assert_eq!(
            lower_bound(&[finding(40, 10, 0), finding(50, 10, 0)], risk(9_500)),
            Ok(0)
        );
    }

    #[test]
    fn a_confidence_next_to_nothing_leaves_what_was_found() {
        let findings = [finding(4, 3, 1), finding(5, 4, 0)];
        assert_eq!(upper_bound(&findings, risk(1)), Ok(1));
    }

    #[test]
    fn a_hundred_strata_and_ten_million_units_are_bounded() {
        let hundred: Vec<Finding> = (0..100).map(|place| finding(30_000 + place, 57, place % 3)).collect();
        let upper = upper_bound(&hundred, risk(9_500)).unwrap();
        let alone: u64 = hundred.iter().map(|one| one.upper_bound(risk(9_500)).unwrap()).sum();
        // About 1.75 % of the sample deviates; ten thousand times as many units are far from sure.
        assert!((80_000..alone).contains(&upper), "{upper} {alone}");
        let large: Vec<Finding> = (0..40).map(|place| finding(250_000, 10_000, 300 + place)).collect();
        let found = interval(&large, risk(9_500)).unwrap();
        let estimate = 25 * large.iter().map(|one| one.deviations).sum::<u64>();
        assert!(found.lower < estimate && estimate < found.upper && found.upper - found.lower < estimate / 5);
    }

    #[test]
    fn equal_strata_whose_units_all_cost_the_same_are_decided_too() {
        let equal = [finding(30, 10, 0); 12];
        let upper = upper_bound(&equal, risk(9_500)).unwrap();
        // The best spread is even: three each are possible and one more is not, as a walk through all totals says.
        let likelihood = |three: i32, four: i32| -> f64 {
            let log = |marked: u32| {
                (0..marked)
                    .map(|at| (f64::from(20 - at) / f64::from(30 - at)).ln())
                    .sum::<f64>()
            };
            -(f64::from(three) * log(3) + f64::from(four) * log(4))
        };
        let chance = |loss: f64| {
            let terms = (1..12).scan(1.0, |term, k| {
                *term *= loss / f64::from(k);
                Some(*term)
            });
            (1.0 + terms.sum::<f64>()) * (-loss).exp()
        };
        let expected = (0..12)
            .take_while(|four| chance(likelihood(12 - four, *four)) > 0.05)
            .last();
        assert_eq!(Some(upper), expected.map(|four| 36 + u64::try_from(four).unwrap()));
    }
}
