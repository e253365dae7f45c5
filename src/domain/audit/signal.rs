//! How often what stood out about a drawn slot went with a deviation. Signals inform the next plan; they decide nothing.

use crate::domain::flag::Flag;
use crate::domain::notice::CaseOutcome;
use crate::domain::place::Place;
use crate::domain::statistics::Risk;
use crate::domain::statistics::StatisticsError;
use crate::domain::statistics::bound::Finding;
use std::collections::BTreeMap;

/// Something that could be seen about a slot before anyone looked at it.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Signal {
    /// Nothing came in.
    Missing,
    /// The outcome of place of its share.
    Place(Place),
    /// A flag of its share.
    Flag(Flag),
}

impl Signal {
    /// `record`, `place` or `flag`.
    pub const fn kind(self) -> &'static str {
        match self {
            Self::Missing => "record",
            Self::Place(_) => "place",
            Self::Flag(_) => "flag",
        }
    }

    /// `missing`, or the code of the outcome or flag.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Place(place) => place.code(),
            Self::Flag(flag) => flag.code(),
        }
    }
}

/// How the drawn slots with a signal ended.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct SignalCount {
    /// Upheld as deviations.
    pub upheld: u64,
    /// Found in order, or taken back.
    pub cleared: u64,
    /// Could not be settled.
    pub inconclusive: u64,
    /// Not settled yet.
    pub open: u64,
}

impl SignalCount {
    /// Takes in a case as it ended; `None` while it is open.
    pub const fn add(&mut self, ended: Option<CaseOutcome>) {
        let count = match ended {
            None => &mut self.open,
            Some(CaseOutcome::Upheld) => &mut self.upheld,
            Some(CaseOutcome::Withdrawn) => &mut self.cleared,
            Some(CaseOutcome::Inconclusive) => &mut self.inconclusive,
        };
        *count += 1;
    }

    /// All of them.
    pub const fn cases(self) -> u64 {
        self.upheld + self.cleared + self.inconclusive + self.open
    }

    /// The rate of deviations among slots with the signal, basis points, rounded outwards; each side with half the risk.
    /// Cases that are open or inconclusive may be either.
    ///
    /// How many slots of the population have the signal is not known; the bounds are those for all of them
    /// (`population`), which is never fewer. `Err` where there are more cases than units.
    pub fn precision_bp(self, population: u64, risk: Risk) -> Result<(u64, u64), StatisticsError> {
        let half = risk.shared_by(2)?;
        let found = |deviations| Finding {
            population,
            sample: self.cases(),
            deviations,
        };
        let lower = found(self.upheld).lower_bound(half)?;
        let upper = found(self.cases() - self.cleared).upper_bound(half)?;
        let whole = population.max(1);
        Ok((lower * 10_000 / whole, (upper * 10_000).div_ceil(whole)))
    }
}

/// Counts cases by their signals: what each had, and how it ended. A case counts under each of its signals.
pub fn count(cases: impl IntoIterator<Item = (Vec<Signal>, Option<CaseOutcome>)>) -> BTreeMap<Signal, SignalCount> {
    let mut counts: BTreeMap<Signal, SignalCount> = BTreeMap::new();
    for (signals, ended) in cases {
        for signal in signals {
            counts.entry(signal).or_default().add(ended);
        }
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_case_counts_under_each_of_its_signals() {
        let outside = Signal::Place(Place::Outside);
        let mock = Signal::Flag(Flag::MockProvider);
        let counts = count([
            (vec![outside, mock], Some(CaseOutcome::Upheld)),
            (vec![outside], Some(CaseOutcome::Withdrawn)),
            (vec![Signal::Missing], None),
            (vec![Signal::Missing], Some(CaseOutcome::Inconclusive)),
        ]);
        let expected = SignalCount {
            upheld: 1,
            cleared: 1,
            ..SignalCount::default()
        };
        assert_eq!(counts[&outside], expected);
        assert_eq!((counts[&mock].upheld, counts[&mock].cases()), (1, 1));
        assert_eq!(
            (counts[&Signal::Missing].open, counts[&Signal::Missing].inconclusive),
            (1, 1)
        );
        assert_eq!(counts.len(), 3);
    }

    #[test]
    fn the_precision_of_few_cases_says_little_and_that_of_all_says_everything() {
        let risk = Risk::of_confidence(9_500).unwrap();
        let few = SignalCount {
            upheld: 1,
            cleared: 1,
            ..SignalCount::default()
        };
        let (lower, upper) = few.precision_bp(1_000, risk).unwrap();
        assert!(lower < 300 && upper > 9_700, "{lower} {upper}");
        assert_eq!(few.precision_bp(2, risk), Ok((5_000, 5_000)));
        assert_eq!(few.precision_bp(1, risk), Err(StatisticsError::Sample));
    }

    #[test]
    fn what_is_open_widens_the_precision_to_both_sides() {
        let risk = Risk::of_confidence(9_500).unwrap();
        let open = SignalCount {
            open: 2,
            ..SignalCount::default()
        };
        assert_eq!(open.precision_bp(2, risk), Ok((0, 10_000)));
    }
}
