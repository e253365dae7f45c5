//! Bounds that hold however often one looks and whenever one stops: the prior-posterior-ratio confidence sequence.
//!
//! Waudby-Smith and Ramdas 2020, for sampling without replacement; exactly, by whole numbers
//! (`api-spec/audit-sampling.md`, section 6.4).

use crate::domain::statistics::bound::{Finding, Interval};
use crate::domain::statistics::{Risk, StatisticsError};
use num_bigint::BigUint;

/// Largest weight of a prior.
pub const LARGEST_WEIGHT: u32 = 1_000_000;

/// What is thought of the number of deviations beforehand: beta-binomial with weights `a` and `b`. It decides how soon
/// the bounds narrow and never whether they hold.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Prior {
    a: u32,
    b: u32,
}

impl Prior {
    /// A prior of two weights: as if `a - 1` deviating and `b - 1` sound units had been seen. `Err` outside 1 to
    /// [`LARGEST_WEIGHT`].
    pub fn new(a: u32, b: u32) -> Result<Self, StatisticsError> {
        if (1..=LARGEST_WEIGHT).contains(&a) && (1..=LARGEST_WEIGHT).contains(&b) {
            Ok(Self { a, b })
        } else {
            Err(StatisticsError::Prior)
        }
    }

    /// The two weights.
    pub const fn weights(self) -> (u32, u32) {
        (self.a, self.b)
    }
}

/// Every number of deviations that one look does not rule out, all the risk over both sides together.
///
/// The finding must be of the first units in ticket order. Holds at every size of the sample at once. `Err` where the
/// numbers contradict each other.
pub fn look(finding: Finding, prior: Prior, risk: Risk) -> Result<Interval, StatisticsError> {
    finding.check()?;
    Ok(Look::new(finding, prior, risk).ends())
}

/// What a whole series of looks does not rule out: one after each unit, in ticket order, `true` where it deviates.
///
/// Where the looks contradict each other, which happens no more often than the risk, the last one alone. `Err` where there
/// are more verdicts than units.
pub fn running(population: u64, verdicts: &[bool], prior: Prior, risk: Risk) -> Result<Interval, StatisticsError> {
    let mut finding = Finding {
        population,
        sample: 0,
        deviations: 0,
    };
    finding.check()?;
    let mut look = Look::new(finding, prior, risk);
    let mut upper = Edge::new(finding, &look);
    // The lower end is the upper end of the units that do not deviate, seen from the other side.
    let mut sound = Edge::new(finding, &look);
    for deviates in verdicts {
        let pseudo_units = look.pseudo_units();
        finding.sample += 1;
        finding.deviations += u64::from(*deviates);
        finding.check()?;
        upper.take(*deviates, pseudo_units);
        sound.take(!*deviates, pseudo_units);
        look.take(*deviates);
        let peak = look.peak();
        upper.fall(&look.left, &look.right, peak);
        sound.fall(&look.left, &look.right, population - peak);
    }
    let (lower, upper) = (population - sound.marked, upper.marked);
    let known = Interval {
        lower: lower.clamp(finding.deviations, finding.most()),
        upper: upper.clamp(finding.deviations, finding.most()),
    };
    if known.lower <= known.upper {
        Ok(known)
    } else {
        Ok(look.ends())
    }
}

/// The smallest sample, of at most `most` units, with which one look proves that fewer than `intolerable` units deviate,
/// if no more deviate in it than expected.
///
/// The acceptance number is `expected_bp` of the sample, rounded up, as for a plan of fixed size. `None` where no such
/// sample does. `Err` where the numbers contradict each other.
pub fn sample_size(
    population: u64,
    intolerable: u64,
    expected_bp: u16,
    prior: Prior,
    risk: Risk,
    most: u64,
) -> Result<Option<u64>, StatisticsError> {
    let nothing = Finding {
        population,
        sample: 0,
        deviations: 0,
    };
    nothing.check()?;
    if intolerable > population {
        return Err(StatisticsError::TolerableRate);
    }
    let mut look = Look::new(nothing, prior, risk);
    let mut chance = look.left.clone();
    for sample in 1..=most.min(population) {
        let Finding {
            sample: taken,
            deviations,
            ..
        } = look.finding;
        let deviates = (sample * u64::from(expected_bp)).div_ceil(10_000) > deviations;
        chance *= if deviates {
            intolerable.saturating_sub(deviations)
        } else {
            (population - intolerable).saturating_sub(taken - deviations)
        };
        chance *= look.pseudo_units();
        look.take(deviates);
        if look.peak() < intolerable && chance <= look.right {
            return Ok(Some(sample));
        }
    }
    Ok(None)
}

/// One look. A number of deviations `m` stays as long as its chance of giving this very series is more than the risk
/// times the prior's chance of it:
/// `m..(x down) (N-m)..(n-x down) (a+b)..(n up) d > N..(n down) a..(x up) b..(n-x up) r`, the risk being `r / d`.
struct Look {
    finding: Finding,
    prior: Prior,
    /// `(a+b)..(n up) d`.
    left: BigUint,
    /// `N..(n down) a..(x up) b..(n-x up) r`.
    right: BigUint,
}

impl Look {
    fn new(finding: Finding, prior: Prior, risk: Risk) -> Self {
        let (numerator, denominator) = risk.fraction();
        let mut look = Self {
            finding: Finding {
                sample: 0,
                deviations: 0,
                ..finding
            },
            prior,
            left: BigUint::from(denominator),
            right: BigUint::from(numerator),
        };
        for place in 0..finding.sample {
            look.take(place < finding.deviations);
        }
        look
    }

    /// Takes the next unit.
    fn take(&mut self, deviates: bool) {
        let Finding {
            population,
            sample,
            deviations,
        } = self.finding;
        let (a, b) = (u64::from(self.prior.a), u64::from(self.prior.b));
        self.left *= self.pseudo_units();
        self.right *= population - sample;
        self.right *= if deviates {
            a + deviations
        } else {
            b + (sample - deviations)
        };
        self.finding.sample += 1;
        self.finding.deviations += u64::from(deviates);
    }

    /// The units taken and those that the prior stands for.
    fn pseudo_units(&self) -> u64 {
        u64::from(self.prior.a) + u64::from(self.prior.b) + self.finding.sample
    }

    /// The likeliest number of deviations: chances rise up to here and fall from here on. It is never ruled out, because
    /// the prior's chance is an average.
    fn peak(&self) -> u64 {
        let Finding {
            population,
            sample,
            deviations,
        } = self.finding;
        let peak = u128::from(deviations) * (u128::from(population) + 1) / u128::from(sample.max(1));
        u64::try_from(peak)
            .unwrap_or(u64::MAX)
            .clamp(deviations, self.finding.most())
    }

    /// The range that this look does not rule out.
    fn ends(&self) -> Interval {
        let Finding {
            population,
            sample,
            deviations,
        } = self.finding;
        let turned = Finding {
            deviations: sample - deviations,
            ..self.finding
        };
        let peak = self.peak();
        let mut upper = Edge::new(self.finding, self);
        upper.fall(&self.left, &self.right, peak);
        let mut sound = Edge::new(turned, self);
        sound.fall(&self.left, &self.right, population - peak);
        Interval {
            lower: population - sound.marked,
            upper: upper.marked,
        }
    }
}

/// The upper end of a range as units are taken, and the left side of the comparison there.
struct Edge {
    finding: Finding,
    marked: u64,
    chance: BigUint,
}

impl Edge {
    /// Where everything that was not taken deviates.
    fn new(finding: Finding, look: &Look) -> Self {
        let marked = finding.most();
        Self {
            finding,
            marked,
            chance: chance(finding, marked, &look.left),
        }
    }

    /// Takes the next unit. The end moves only where it must, because one more unit is known to be sound.
    fn take(&mut self, deviates: bool, pseudo_units: u64) {
        if !deviates && self.marked == self.finding.most() {
            self.step();
        }
        let Finding {
            population,
            sample,
            deviations,
        } = self.finding;
        self.chance *= pseudo_units;
        // Nothing is left of the chance where more was found than this end allows.
        self.chance *= if deviates {
            self.marked.saturating_sub(deviations)
        } else {
            population - self.marked - (sample - deviations)
        };
        self.finding.sample += 1;
        self.finding.deviations += u64::from(deviates);
    }

    /// One deviating unit less.
    fn step(&mut self) {
        let Finding {
            population,
            sample,
            deviations,
        } = self.finding;
        let sound = population - self.marked + 1;
        let chance = std::mem::take(&mut self.chance);
        // Whole numbers at each division, because what is left is a product of factorials.
        self.chance = chance * self.marked.saturating_sub(deviations) * sound
            / self.marked.max(1)
            / (sound - (sample - deviations));
        self.marked -= 1;
    }

    /// Goes down to the largest number that is not ruled out, and no further than the peak.
    fn fall(&mut self, left: &BigUint, right: &BigUint, peak: u64) {
        // A step costs two divisions, a chance of its own all of its factors: step while the way is likely to be short.
        for _ in 0..4 * self.finding.sample + 16 {
            if self.marked <= peak || self.chance > *right {
                return;
            }
            self.step();
        }
        let (mut low, mut high) = (peak, self.marked.max(peak));
        while low < high {
            let middle = high - (high - low) / 2;
            if chance(self.finding, middle, left) > *right {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        if low < self.marked {
            self.marked = low;
            self.chance = chance(self.finding, low, left);
        }
    }
}

/// The left side of the comparison for `marked` deviations, between those found and the most there can be.
fn chance(finding: Finding, marked: u64, left: &BigUint) -> BigUint {
    let Finding {
        population,
        sample,
        deviations,
    } = finding;
    let found = (0..deviations).map(|place| marked - place);
    let sound = (0..sample - deviations).map(|place| population - marked - place);
    found
        .chain(sound)
        .fold(left.clone(), |product, factor| product * factor)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn risk(confidence_bp: u16) -> Risk {
        Risk::of_confidence(confidence_bp).unwrap()
    }

    fn prior(a: u32, b: u32) -> Prior {
        Prior::new(a, b).unwrap()
    }

    fn finding(population: u64, sample: u64, deviations: u64) -> Finding {
        Finding {
            population,
            sample,
            deviations,
        }
    }

    #[test]
    fn a_census_leaves_no_doubt_and_nothing_checked_says_nothing() {
        for deviations in 0..=25 {
            let ends = Interval {
                lower: deviations,
                upper: deviations,
            };
            assert_eq!(look(finding(25, 25, deviations), prior(1, 20), risk(9_500)), Ok(ends));
        }
        let nothing = Interval { lower: 0, upper: 25 };
        assert_eq!(look(finding(25, 0, 0), prior(1, 20), risk(9_500)), Ok(nothing));
        assert_eq!(running(25, &[], prior(1, 20), risk(9_500)), Ok(nothing));
    }

    #[test]
    fn what_contradicts_itself_is_refused() {
        let wrong = |found| look(found, prior(1, 1), risk(9_500)).unwrap_err();
        assert_eq!(wrong(finding(10, 11, 0)), StatisticsError::Sample);
        assert_eq!(wrong(finding(10, 5, 6)), StatisticsError::Deviations);
        assert_eq!(
            running(1, &[true, true], prior(1, 1), risk(9_500)),
            Err(StatisticsError::Sample)
        );
        for (a, b) in [(0, 1), (1, 0), (LARGEST_WEIGHT + 1, 1), (1, LARGEST_WEIGHT + 1)] {
            assert_eq!(Prior::new(a, b), Err(StatisticsError::Prior));
        }
        assert_eq!(prior(1, LARGEST_WEIGHT).weights(), (1, LARGEST_WEIGHT));
    }

    #[test]
    fn a_long_series_of_many_units_is_followed_at_every_step() {
        let verdicts: Vec<bool> = (0..1_500).map(|place| place % 50 == 49).collect();
        let found = running(1_000_000, &verdicts, prior(1, 50), risk(9_500)).unwrap();
        let last = look(finding(1_000_000, 1_500, 30), prior(1, 50), risk(9_500)).unwrap();
        assert!(found.lower >= last.lower && found.upper <= last.upper);
        assert!(
            (8_000..20_000).contains(&found.lower) && (20_000..40_000).contains(&found.upper),
            "{found:?}"
        );
    }

    #[test]
    fn looks_that_contradict_each_other_leave_the_last_one() {
        let verdicts: Vec<bool> = (0..120).map(|place| place >= 60).collect();
        let found = running(200, &verdicts, prior(1, 1), risk(9_500)).unwrap();
        assert_eq!(found, look(finding(200, 120, 60), prior(1, 1), risk(9_500)).unwrap());
        let early = running(200, &verdicts[..60], prior(1, 1), risk(9_500)).unwrap();
        assert!(early.upper < 60, "{early:?}");
    }

    #[test]
    fn the_smallest_sample_is_where_one_look_first_proves_it() {
        let first = |prior| sample_size(1_000, 50, 0, prior, risk(9_500), 10_000).unwrap();
        assert_eq!([1, 20, 50].map(|b| first(prior(1, b))), [Some(144), Some(88), Some(74)]);
        assert_eq!(sample_size(1_000, 50, 0, prior(1, 50), risk(9_500), 73), Ok(None));
        assert_eq!(sample_size(0, 0, 0, prior(1, 50), risk(9_500), 10), Ok(None));
        let above = sample_size(10, 11, 0, prior(1, 50), risk(9_500), 10);
        assert_eq!(above, Err(StatisticsError::TolerableRate));
    }

    #[test]
    fn no_number_of_deviations_is_likelier_than_the_peak() {
        for population in 1..=12 {
            for sample in 0..=population {
                for deviations in 0..=sample {
                    let found = finding(population, sample, deviations);
                    let look = Look::new(found, prior(1, 1), risk(9_500));
                    let at = |marked| chance(found, marked, &look.left);
                    let largest = (deviations..=found.most()).map(at).max();
                    assert_eq!(Some(at(look.peak())), largest, "{found:?}");
                }
            }
        }
    }

    #[test]
    fn ends_that_lie_far_off_are_those_of_looking_at_every_number() {
        for (sample, deviations) in [(0, 0), (1, 0), (1, 1), (3, 1), (12, 2), (40, 0), (40, 9), (40, 40)] {
            let found = finding(3_000, sample, deviations);
            let series = Look::new(found, prior(1, 5), risk(9_000));
            let mut possible =
                (deviations..=found.most()).filter(|marked| chance(found, *marked, &series.left) > series.right);
            let lower = possible.next().unwrap();
            let upper = possible.next_back().unwrap_or(lower);
            assert_eq!(series.ends(), Interval { lower, upper }, "{found:?}");
        }
    }

    #[test]
    fn a_series_of_far_ends_leaves_what_every_one_of_its_looks_leaves() {
        for every in [2, 7, 50] {
            let verdicts: Vec<bool> = (1..=60).map(|place| place % every == 0).collect();
            let (mut lower, mut upper) = (0, 3_000);
            let mut found = finding(3_000, 0, 0);
            for (count, deviates) in (1..).zip(&verdicts) {
                found.sample += 1;
                found.deviations += u64::from(*deviates);
                let ends = look(found, prior(1, 5), risk(9_000)).unwrap();
                (lower, upper) = (ends.lower.max(lower), ends.upper.min(upper));
                let series = running(3_000, &verdicts[..count], prior(1, 5), risk(9_000));
                assert_eq!(series, Ok(Interval { lower, upper }), "{found:?}");
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(60))]

        #[test]
        fn no_smaller_sample_would_do(
            population in 1_u64..120,
            tolerable in 1_u64..=100,
            expected_bp in 0_u16..1_500,
            b in 1_u32..60,
        ) {
            let intolerable = (population * tolerable).div_ceil(100);
            let proves = |sample: u64| {
                let number = (sample * u64::from(expected_bp)).div_ceil(10_000);
                look(finding(population, sample, number), prior(1, b), risk(9_000)).unwrap().upper < intolerable
            };
            let expected = (1..=population).find(|sample| proves(*sample));
            prop_assert_eq!(sample_size(population, intolerable, expected_bp, prior(1, b), risk(9_000), 10_000), Ok(expected));
        }
    }
}
