//! What an audit found: exact bounds for each stratum and for all of them together, and beside them what was targeted.

use crate::domain::audit::stopping::Stopping;
use crate::domain::audit::targeted;
use crate::domain::notice::CaseOutcome;
use crate::domain::statistics::Risk;
use crate::domain::statistics::StatisticsError;
use crate::domain::statistics::bound::Finding;
use crate::domain::statistics::bound::Interval;
use crate::domain::statistics::sequence::running;
use crate::domain::statistics::stratified;

/// The counts of one stratum.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct StratumCount {
    /// Its name.
    pub name: String,
    /// Units in it.
    pub population: u64,
    /// Units drawn.
    pub sample: u64,
    /// Cases decided as upheld.
    pub upheld: u64,
    /// Cases that could not be settled.
    pub inconclusive: u64,
    /// Cases that are not settled yet.
    pub open: u64,
}

impl StratumCount {
    const fn nothing(name: String) -> Self {
        Self {
            name,
            population: 0,
            sample: 0,
            upheld: 0,
            inconclusive: 0,
            open: 0,
        }
    }

    /// What was found if every unit whose case is open or inconclusive were clean, or were not.
    const fn finding(&self, is_clean: bool) -> Finding {
        let doubtful = if is_clean { 0 } else { self.inconclusive + self.open };
        Finding {
            population: self.population,
            sample: self.sample,
            deviations: self.upheld + doubtful,
        }
    }

    fn add(&mut self, part: &Self) {
        self.population += part.population;
        self.sample += part.sample;
        self.upheld += part.upheld;
        self.inconclusive += part.inconclusive;
        self.open += part.open;
    }
}

/// A drawn sample of a stratum with what became of its cases, in ticket order; `None` is not settled yet.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct StratumSample {
    /// The stratum's name.
    pub name: String,
    /// Units in it.
    pub population: u64,
    /// One for each drawn unit.
    pub outcomes: Vec<Option<CaseOutcome>>,
}

impl StratumSample {
    fn count(&self, outcomes: &[Option<CaseOutcome>]) -> StratumCount {
        let mut count = StratumCount::nothing(self.name.clone());
        count.population = self.population;
        for outcome in outcomes {
            count.sample += 1;
            match outcome {
                None => count.open += 1,
                Some(CaseOutcome::Upheld) => count.upheld += 1,
                Some(CaseOutcome::Inconclusive) => count.inconclusive += 1,
                Some(CaseOutcome::Withdrawn) => {}
            }
        }
        count
    }

    /// The outcomes up to the first case that is not settled: all that may count while others are still open, because
    /// which cases are settled first is not left to chance.
    fn settled(&self) -> &[Option<CaseOutcome>] {
        let first_open = self.outcomes.iter().position(Option::is_none);
        first_open
            .and_then(|place| self.outcomes.get(..place))
            .unwrap_or(&self.outcomes)
    }
}

/// What is known about the deviations of one stratum, or of all.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct StratumReport {
    /// Every drawn unit.
    pub count: StratumCount,
    /// Those that the bounds rest on: all of them, or with a sequence the first ones that are settled.
    pub counted: StratumCount,
    /// Both sides, each with half the risk; with a sequence all the risk over both. Units that are open or inconclusive
    /// may be either.
    pub interval: Interval,
    /// The largest number of deviations that is not ruled out, all the risk on this side.
    pub upper: u64,
}

impl StratumReport {
    fn nothing(name: &str) -> Self {
        Self {
            count: StratumCount::nothing(name.to_owned()),
            counted: StratumCount::nothing(name.to_owned()),
            interval: Interval { lower: 0, upper: 0 },
            upper: 0,
        }
    }

    /// Adds the bounds of a part, and not its counts.
    const fn add_bounds(&mut self, part: &Self) {
        self.interval.lower += part.interval.lower;
        self.interval.upper += part.interval.upper;
        self.upper += part.upper;
    }
}

/// A whole report.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct AuditReport {
    /// Each random stratum for itself, at the full confidence.
    pub strata: Vec<StratumReport>,
    /// The random strata together: by union-intersection, or with a sequence by sharing the risk evenly and adding the
    /// bounds.
    pub random: StratumReport,
    /// The targeted units, counted one for one; none where the plan targets none or none was found.
    pub targeted: Option<StratumReport>,
    /// All units: the bounds of the random strata with what was found among the targeted units added.
    pub total: StratumReport,
    /// How sure each claim is, basis points.
    pub confidence_bp: u16,
    /// When the auditors may look.
    pub stopping: Stopping,
}

/// Works the report out of the samples of the random strata and the targeted units, all of which are examined.
///
/// A unit that is open or inconclusive counts as clean below and as deviating above, so that the
/// bounds hold however it ends; with a sequence only what is settled counts. Bounds come from the random strata alone.
/// `Err` where the counts contradict each other, or the targeted units are not all there.
pub fn report(
    samples: &[StratumSample],
    targeted: Option<&StratumSample>,
    confidence_bp: u16,
    stopping: Stopping,
) -> Result<AuditReport, StatisticsError> {
    let risk = Risk::of_confidence(confidence_bp)?;
    let filled: Vec<&StratumSample> = samples.iter().filter(|sample| sample.population > 0).collect();
    let strata = filled.iter().map(|sample| bounds(sample, risk, stopping));
    let strata = strata.collect::<Result<Vec<_>, _>>()?;
    let mut random = StratumReport::nothing("random");
    for stratum in &strata {
        random.count.add(&stratum.count);
        random.counted.add(&stratum.counted);
    }
    match stopping {
        Stopping::Fixed => {
            let findings = |is_clean| strata.iter().map(move |stratum| stratum.count.finding(is_clean));
            let (clean, deviating): (Vec<_>, Vec<_>) = (findings(true).collect(), findings(false).collect());
            let half = risk.shared_by(2)?;
            random.interval.lower = stratified::lower_bound(&clean, half)?;
            random.interval.upper = stratified::upper_bound(&deviating, half)?;
            random.upper = stratified::upper_bound(&deviating, risk)?;
        }
        Stopping::Sequence(_) => {
            let shared = risk.shared_by(u32::try_from(filled.len()).unwrap_or(u32::MAX))?;
            for sample in filled {
                random.add_bounds(&bounds(sample, shared, stopping)?);
            }
        }
    }
    let targeted = targeted
        .filter(|sample| sample.population > 0)
        .map(census)
        .transpose()?;
    let mut total = StratumReport::nothing("all");
    for part in [&random].into_iter().chain(&targeted) {
        total.count.add(&part.count);
        total.counted.add(&part.counted);
        total.add_bounds(part);
    }
    Ok(AuditReport {
        strata,
        random,
        targeted,
        total,
        confidence_bp,
        stopping,
    })
}

/// What is known of units all of which are examined: what was found, and what may still be found. There is no chance in
/// it, so that it holds at every look and in whatever order cases are settled.
fn census(sample: &StratumSample) -> Result<StratumReport, StatisticsError> {
    let mut count = sample.count(&sample.outcomes);
    targeted::STRATUM.clone_into(&mut count.name);
    if count.sample != count.population {
        return Err(StatisticsError::Sample);
    }
    let (lower, upper) = (count.finding(true).deviations, count.finding(false).deviations);
    Ok(StratumReport {
        counted: count.clone(),
        count,
        interval: Interval { lower, upper },
        upper,
    })
}

fn bounds(sample: &StratumSample, risk: Risk, stopping: Stopping) -> Result<StratumReport, StatisticsError> {
    let count = sample.count(&sample.outcomes);
    match stopping {
        Stopping::Fixed => {
            let half = risk.shared_by(2)?;
            let (clean, deviating) = (count.finding(true), count.finding(false));
            Ok(StratumReport {
                interval: Interval {
                    lower: clean.lower_bound(half)?,
                    upper: deviating.upper_bound(half)?,
                },
                upper: deviating.upper_bound(risk)?,
                counted: count.clone(),
                count,
            })
        }
        Stopping::Sequence(prior) => {
            let settled = sample.settled();
            let series = |is_clean: bool| {
                let deviates = |outcome: &Option<CaseOutcome>| match outcome {
                    Some(CaseOutcome::Upheld) => true,
                    Some(CaseOutcome::Withdrawn) => false,
                    Some(CaseOutcome::Inconclusive) | None => !is_clean,
                };
                let verdicts: Vec<bool> = settled.iter().map(deviates).collect();
                running(sample.population, &verdicts, prior, risk)
            };
            let upper = series(false)?.upper;
            Ok(StratumReport {
                interval: Interval {
                    lower: series(true)?.lower.min(upper),
                    upper,
                },
                upper,
                counted: sample.count(settled),
                count,
            })
        }
    }
}

impl AuditReport {
    /// Whether no case is open.
    pub const fn is_final(&self) -> bool {
        self.total.count.open == 0
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::domain::language::Language;
    use proptest::prelude::*;

    /// A sample all of whose cases are settled, with the deviations at its end.
    pub(in crate::domain::audit) fn sample(name: &str, population: u64, size: usize, upheld: usize) -> StratumSample {
        let mut outcomes = vec![Some(CaseOutcome::Withdrawn); size - upheld];
        outcomes.resize(size, Some(CaseOutcome::Upheld));
        StratumSample {
            name: name.to_owned(),
            population,
            outcomes,
        }
    }

    pub(in crate::domain::audit) fn fixed(samples: &[StratumSample], confidence_bp: u16) -> AuditReport {
        report(samples, None, confidence_bp, Stopping::Fixed).unwrap()
    }

    pub(in crate::domain::audit) fn watched(samples: &[StratumSample]) -> AuditReport {
        report(samples, None, 9_500, Stopping::from_weights(Some((1, 50))).unwrap()).unwrap()
    }

    #[test]
    fn one_stratum_is_its_own_total() {
        let report = fixed(&[sample("all", 1_200, 102, 1)], 9_000);
        assert_eq!(report.total.upper, 43);
        assert_eq!(report.total.interval, Interval { lower: 1, upper: 52 });
        assert_eq!((report.strata.len(), report.strata[0].upper), (1, 43));
        assert_eq!(
            report.strata[0].count,
            StratumCount {
                name: "all".to_owned(),
                ..report.random.count
            }
        );
        assert_eq!(report.targeted, None);
    }

    #[test]
    fn what_is_not_settled_widens_the_bounds_to_both_sides() {
        let settled = fixed(&[sample("all", 1_200, 102, 1)], 9_000);
        let mut doubtful = sample("all", 1_200, 102, 1);
        doubtful.outcomes[0] = None;
        doubtful.outcomes[1] = Some(CaseOutcome::Inconclusive);
        let doubtful = fixed(&[doubtful], 9_000);
        assert_eq!(doubtful.total.interval.lower, settled.total.interval.lower);
        assert_eq!(doubtful.total.upper, 75);
        assert_eq!((doubtful.total.count.open, doubtful.total.count.inconclusive), (1, 1));
        assert!(!doubtful.is_final() && settled.is_final());
    }

    #[test]
    fn several_strata_are_bounded_together_by_union_intersection() {
        let report = fixed(
            &[sample("a", 200, 50, 0), sample("b", 100, 25, 0), sample("c", 0, 0, 0)],
            9_500,
        );
        assert_eq!((report.total.upper, report.strata.len()), (16, 2));
        assert_eq!(report.total.interval.lower, 0);
        assert!(report.total.interval.upper > 16);
        assert_eq!((report.total.count.population, report.total.count.sample), (300, 75));
    }

    #[test]
    fn with_a_sequence_only_what_is_settled_before_the_first_open_case_counts() {
        let mut early = sample("all", 1_000, 80, 0);
        early.outcomes[74] = None;
        early.outcomes[79] = Some(CaseOutcome::Upheld);
        let found = watched(&[early.clone()]);
        assert_eq!((found.total.counted.sample, found.total.count.sample), (74, 80));
        assert_eq!((found.total.counted.upheld, found.total.count.upheld), (0, 1));
        // 74 clean units are the first that prove less than 5 % of 1,000 with this prior.
        assert!(found.total.upper < 50);
        early.outcomes[73] = None;
        assert!(watched(&[early]).total.upper >= 50);
    }

    #[test]
    fn what_cannot_be_settled_counts_to_both_sides_of_a_sequence() {
        let clean = watched(&[sample("all", 1_000, 80, 0)]).total;
        let mut doubtful = sample("all", 1_000, 80, 0);
        for place in [10, 30, 50] {
            doubtful.outcomes[place] = Some(CaseOutcome::Inconclusive);
        }
        let doubtful = watched(&[doubtful]).total;
        assert_eq!(doubtful.interval.lower, clean.interval.lower);
        assert!(doubtful.upper > clean.upper);
        let census = watched(&[sample("all", 30, 30, 4)]).total;
        assert_eq!(census.interval, Interval { lower: 4, upper: 4 });
    }

    #[test]
    fn several_strata_of_a_sequence_share_the_risk() {
        let parts = [sample("a", 1_000, 80, 0), sample("b", 500, 60, 1)];
        let found = watched(&parts);
        let alone: u64 = found.strata.iter().map(|stratum| stratum.upper).sum();
        assert!(found.total.upper > alone);
        let one = watched(&parts[..1]);
        assert_eq!(one.total.upper, one.strata[0].upper);
    }

    #[test]
    fn an_empty_audit_claims_nothing_and_fails_nowhere() {
        for stopping in [Stopping::Fixed, Stopping::from_weights(Some((1, 1))).unwrap()] {
            let report = report(&[sample("a", 0, 0, 0)], None, 9_500, stopping).unwrap();
            assert_eq!((report.strata.len(), report.total.upper), (0, 0));
            assert!(report.claim(Language::Indonesian).contains("0 dari 0 slot"));
        }
    }

    /// Targeted units, the first of them clean.
    pub(in crate::domain::audit) fn targeted(units: usize, upheld: usize) -> StratumSample {
        sample(targeted::STRATUM, u64::try_from(units).unwrap(), units, upheld)
    }

    #[test]
    fn targeted_units_are_counted_one_for_one_and_move_no_bound_of_the_others() {
        let samples = [sample("a", 200, 50, 0), sample("b", 100, 25, 1)];
        let mut flagged = targeted(9, 3);
        flagged.outcomes[0] = Some(CaseOutcome::Inconclusive);
        flagged.outcomes[1] = None;
        for stopping in [Stopping::Fixed, Stopping::from_weights(Some((1, 50))).unwrap()] {
            let without = report(&samples, None, 9_500, stopping).unwrap();
            let with = report(&samples, Some(&flagged), 9_500, stopping).unwrap();
            assert_eq!((&with.strata, &with.random), (&without.strata, &without.random));
            let beside = with.targeted.unwrap();
            assert_eq!(beside.interval, Interval { lower: 3, upper: 5 });
            assert_eq!((beside.upper, beside.count.population), (5, 9));
            assert_eq!(with.total.upper, without.total.upper + 5);
            assert_eq!(with.total.interval.lower, without.total.interval.lower + 3);
            assert_eq!(with.total.interval.upper, without.total.interval.upper + 5);
            assert_eq!((with.total.count.population, with.total.count.open), (309, 1));
        }
    }

    #[test]
    fn targeted_units_that_were_not_all_drawn_are_refused() {
        let mut part = targeted(9, 3);
        part.outcomes.pop();
        let refused = report(&[sample("a", 200, 50, 0)], Some(&part), 9_500, Stopping::Fixed);
        assert_eq!(refused, Err(StatisticsError::Sample));
    }

    fn any_outcome() -> impl Strategy<Value = Option<CaseOutcome>> {
        prop_oneof![
            Just(None),
            Just(Some(CaseOutcome::Upheld)),
            Just(Some(CaseOutcome::Inconclusive)),
            Just(Some(CaseOutcome::Withdrawn)),
        ]
    }

    fn any_sample() -> impl Strategy<Value = StratumSample> {
        (0_u64..40, proptest::collection::vec(any_outcome(), 0..20)).prop_map(|(more, outcomes)| StratumSample {
            name: "a".to_owned(),
            population: u64::try_from(outcomes.len()).unwrap() + more,
            outcomes,
        })
    }

    fn any_stopping() -> impl Strategy<Value = Stopping> {
        prop_oneof![Just(None), Just(Some((1, 50))), Just(Some((3, 2)))]
            .prop_map(|weights| Stopping::from_weights(weights).unwrap())
    }

    proptest! {
        #[test]
        fn a_targeted_unit_never_changes_a_random_bound_and_the_total_is_never_below_what_was_found(
            samples in proptest::collection::vec(any_sample(), 0..4),
            outcomes in proptest::collection::vec(any_outcome(), 0..12),
            stopping in any_stopping(),
        ) {
            let flagged = StratumSample {
                name: targeted::STRATUM.to_owned(),
                population: u64::try_from(outcomes.len()).unwrap(),
                outcomes,
            };
            let without = report(&samples, None, 9_500, stopping).unwrap();
            let with = report(&samples, Some(&flagged), 9_500, stopping).unwrap();
            prop_assert_eq!(&with.strata, &without.strata);
            prop_assert_eq!(&with.random, &without.random);
            let (total, beside) = (&with.total, flagged.count(&flagged.outcomes));
            prop_assert_eq!(total.upper - with.random.upper, beside.upheld + beside.inconclusive + beside.open);
            prop_assert_eq!(total.interval.lower - with.random.interval.lower, beside.upheld);
            // With a sequence what lies behind an open case is not counted yet among the drawn ones.
            prop_assert!(total.upper >= with.random.counted.upheld + beside.upheld);
            prop_assert!(total.upper >= total.interval.lower && total.upper <= total.count.population);
            prop_assert!(total.interval.lower >= beside.upheld);
        }

        #[test]
        fn with_a_fixed_size_targeted_units_are_a_stratum_that_was_checked_as_a_whole(
            samples in proptest::collection::vec(any_sample(), 1..4),
            outcomes in proptest::collection::vec(any_outcome(), 1..12),
        ) {
            let flagged = StratumSample {
                name: targeted::STRATUM.to_owned(),
                population: u64::try_from(outcomes.len()).unwrap(),
                outcomes,
            };
            let beside = report(&samples, Some(&flagged), 9_500, Stopping::Fixed).unwrap();
            let among: Vec<StratumSample> = samples.into_iter().chain([flagged]).collect();
            let among = report(&among, None, 9_500, Stopping::Fixed).unwrap();
            prop_assert_eq!(beside.total.upper, among.total.upper);
            prop_assert_eq!(beside.total.interval, among.total.interval);
        }
    }
}
