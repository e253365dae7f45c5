//! What an audit found: exact bounds for each stratum, for all of them together, and one plain sentence.

use crate::domain::audit::stopping::Stopping;
use crate::domain::language::Language;
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

/// A whole report.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct AuditReport {
    /// Each stratum for itself, at the full confidence.
    pub strata: Vec<StratumReport>,
    /// All together: by union-intersection, or with a sequence by sharing the risk evenly and adding the bounds.
    pub total: StratumReport,
    /// How sure each claim is, basis points.
    pub confidence_bp: u16,
    /// When the auditors may look.
    pub stopping: Stopping,
}

/// Works the report out.
///
/// A unit that is open or inconclusive counts as clean below and as deviating above, so that the
/// bounds hold however it ends; with a sequence only what is settled counts. `Err` where the counts contradict each other.
pub fn report(
    samples: &[StratumSample],
    confidence_bp: u16,
    stopping: Stopping,
) -> Result<AuditReport, StatisticsError> {
    let risk = Risk::of_confidence(confidence_bp)?;
    let filled: Vec<&StratumSample> = samples.iter().filter(|sample| sample.population > 0).collect();
    let strata = filled.iter().map(|sample| bounds(sample, risk, stopping));
    let strata = strata.collect::<Result<Vec<_>, _>>()?;
    let mut total = StratumReport {
        count: StratumCount::nothing("all".to_owned()),
        counted: StratumCount::nothing("all".to_owned()),
        interval: Interval { lower: 0, upper: 0 },
        upper: 0,
    };
    for stratum in &strata {
        total.count.add(&stratum.count);
        total.counted.add(&stratum.counted);
    }
    match stopping {
        Stopping::Fixed => {
            let findings = |is_clean| strata.iter().map(move |stratum| stratum.count.finding(is_clean));
            let (clean, deviating): (Vec<_>, Vec<_>) = (findings(true).collect(), findings(false).collect());
            let half = risk.shared_by(2)?;
            total.interval.lower = stratified::lower_bound(&clean, half)?;
            total.interval.upper = stratified::upper_bound(&deviating, half)?;
            total.upper = stratified::upper_bound(&deviating, risk)?;
        }
        Stopping::Sequence(_) => {
            let shared = risk.shared_by(u32::try_from(filled.len()).unwrap_or(u32::MAX))?;
            for sample in filled {
                let part = bounds(sample, shared, stopping)?;
                total.interval.lower += part.interval.lower;
                total.interval.upper += part.interval.upper;
                total.upper += part.upper;
            }
        }
    }
    Ok(AuditReport {
        strata,
        total,
        confidence_bp,
        stopping,
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

    /// The one sentence that the audit stands for.
    pub fn claim(&self, language: Language) -> String {
        if self.stopping.may_extend() {
            return self.claim_at_any_look(language);
        }
        let total = &self.total;
        let confidence = percent(u64::from(self.confidence_bp), 10_000, language);
        let rate = percent(total.upper, total.count.population, language);
        let number = |value| language.grouped(value);
        let (upper, population) = (number(total.upper), number(total.count.population));
        let (sample, upheld) = (number(total.count.sample), number(total.count.upheld));
        let unsettled = number(total.count.inconclusive + total.count.open);
        match language {
            Language::Indonesian => {
                let opening = if self.is_final() { "" } else { "Sementara: " };
                format!(
                    "{opening}Dengan tingkat keyakinan {confidence}, paling banyak {upper} dari {population} slot \
                     ({rate}) menyimpang; dari {sample} slot yang diperiksa, {upheld} dinyatakan menyimpang dan \
                     {unsettled} belum dapat dipastikan."
                )
            }
            Language::English => {
                let opening = if self.is_final() { "" } else { "Provisional: " };
                format!(
                    "{opening}With {confidence} confidence at most {upper} of {population} slots ({rate}) deviate; of \
                     {sample} slots checked, {upheld} were found to deviate and {unsettled} could not be settled."
                )
            }
        }
    }
}

impl AuditReport {
    /// The claim of a sequence, which is as true while cases are open.
    fn claim_at_any_look(&self, language: Language) -> String {
        let (total, counted) = (&self.total, &self.total.counted);
        let confidence = percent(u64::from(self.confidence_bp), 10_000, language);
        let rate = percent(total.upper, total.count.population, language);
        let number = |value| language.grouped(value);
        let (upper, population) = (number(total.upper), number(total.count.population));
        let (sample, looked) = (number(total.count.sample), number(counted.sample));
        let (upheld, unsettled) = (number(counted.upheld), number(counted.inconclusive));
        match language {
            Language::Indonesian => format!(
                "Dengan tingkat keyakinan {confidence}, kapan pun dilihat, paling banyak {upper} dari {population} slot \
                 ({rate}) menyimpang; {looked} dari {sample} slot terundi sudah dihitung menurut urutan undian, {upheld} \
                 dinyatakan menyimpang dan {unsettled} tidak dapat dipastikan."
            ),
            Language::English => format!(
                "With {confidence} confidence, whenever one looks, at most {upper} of {population} slots ({rate}) \
                 deviate; {looked} of {sample} drawn slots are counted, in the order of the draw: {upheld} were found to \
                 deviate and {unsettled} could not be settled."
            ),
        }
    }
}

/// A share as percent with one decimal, rounded up so that the claim stays true: `4,9 %`.
pub(super) fn percent(part: u64, whole: u64, language: Language) -> String {
    let tenths = (u128::from(part) * 1_000).div_ceil(u128::from(whole.max(1)));
    let (whole, tenth) = (tenths / 10, tenths % 10);
    match (tenth, language) {
        (0, _) => format!("{whole} %"),
        (_, Language::Indonesian) => format!("{whole},{tenth} %"),
        (_, Language::English) => format!("{whole}.{tenth} %"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A sample all of whose cases are settled, with the deviations at its end.
    fn sample(name: &str, population: u64, size: usize, upheld: usize) -> StratumSample {
        let mut outcomes = vec![Some(CaseOutcome::Withdrawn); size - upheld];
        outcomes.resize(size, Some(CaseOutcome::Upheld));
        StratumSample {
            name: name.to_owned(),
            population,
            outcomes,
        }
    }

    fn fixed(samples: &[StratumSample], confidence_bp: u16) -> AuditReport {
        report(samples, confidence_bp, Stopping::Fixed).unwrap()
    }

    fn watched(samples: &[StratumSample]) -> AuditReport {
        report(samples, 9_500, Stopping::from_weights(Some((1, 50))).unwrap()).unwrap()
    }

    #[test]
    fn one_stratum_is_its_own_total() {
        let report = fixed(&[sample("all", 1_200, 102, 1)], 9_000);
        assert_eq!(report.total.upper, 43);
        assert_eq!(report.total.interval, Interval { lower: 1, upper: 52 });
        assert_eq!((report.strata.len(), &report.strata[0]), (1, &report.total));
    }

    #[test]
    fn the_claim_is_one_plain_sentence_with_written_numbers() {
        let report = fixed(&[sample("all", 1_200, 102, 1)], 9_000);
        assert_eq!(
            report.claim(Language::Indonesian),
            "Dengan tingkat keyakinan 90 %, paling banyak 43 dari 1.200 slot (3,6 %) menyimpang; dari 102 slot yang \
             diperiksa, 1 dinyatakan menyimpang dan 0 belum dapat dipastikan."
        );
        assert!(
            report
                .claim(Language::English)
                .starts_with("With 90 % confidence at most 43 of 1,200 slots (3.6 %)")
        );
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
        assert!(doubtful.claim(Language::Indonesian).starts_with("Sementara: "));
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
    fn a_claim_of_a_sequence_says_how_much_is_counted_and_is_never_provisional() {
        let mut early = sample("all", 1_000, 80, 0);
        early.outcomes[74] = None;
        let found = watched(&[early]);
        let upper = found.total.upper;
        assert_eq!(
            found.claim(Language::English),
            format!(
                "With 95 % confidence, whenever one looks, at most {upper} of 1,000 slots (4.{} %) deviate; 74 of 80 drawn \
                 slots are counted, in the order of the draw: 0 were found to deviate and 0 could not be settled.",
                upper - 40
            )
        );
        assert!(found.claim(Language::Indonesian).contains("74 dari 80 slot terundi"));
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
            let report = report(&[sample("a", 0, 0, 0)], 9_500, stopping).unwrap();
            assert_eq!((report.strata.len(), report.total.upper), (0, 0));
            assert!(report.claim(Language::Indonesian).contains("0 dari 0 slot"));
        }
    }

    #[test]
    fn rates_are_rounded_up_and_thousands_set_apart() {
        assert_eq!(percent(1, 3, Language::Indonesian), "33,4 %");
        assert_eq!(percent(9_500, 10_000, Language::English), "95 %");
    }
}
