//! What an audit found: exact bounds for each stratum, for all of them together, and one plain sentence.

use crate::domain::language::Language;
use crate::domain::statistics::Risk;
use crate::domain::statistics::StatisticsError;
use crate::domain::statistics::bound::Finding;
use crate::domain::statistics::bound::Interval;

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

/// What is known about the deviations of one stratum, or of all.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct StratumReport {
    /// The counts it rests on.
    pub count: StratumCount,
    /// Both sides, each with half the risk. Units that are open or inconclusive may be either.
    pub interval: Interval,
    /// The largest number of deviations that is not ruled out, all the risk on this side.
    pub upper: u64,
}

/// A whole report.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct AuditReport {
    /// Each stratum for itself, at the full confidence.
    pub strata: Vec<StratumReport>,
    /// All together. With several strata the risk is shared evenly and the bounds are added.
    pub total: StratumReport,
    /// How sure each claim is, basis points.
    pub confidence_bp: u16,
}

/// Works the report out. A unit that is open or inconclusive counts as clean below and as deviating above, so that the
/// bounds hold however it ends. `Err` where the counts contradict each other.
pub fn report(counts: Vec<StratumCount>, confidence_bp: u16) -> Result<AuditReport, StatisticsError> {
    let risk = Risk::of_confidence(confidence_bp)?;
    let strata = counts
        .into_iter()
        .filter(|count| count.population > 0)
        .map(|count| bounds(count, risk))
        .collect::<Result<Vec<_>, _>>()?;
    let shared = risk.shared_by(u32::try_from(strata.len()).unwrap_or(u32::MAX))?;
    let mut total = StratumReport {
        count: StratumCount {
            name: "all".to_owned(),
            population: 0,
            sample: 0,
            upheld: 0,
            inconclusive: 0,
            open: 0,
        },
        interval: Interval { lower: 0, upper: 0 },
        upper: 0,
    };
    for stratum in &strata {
        let part = bounds(stratum.count.clone(), shared)?;
        total.count.population += part.count.population;
        total.count.sample += part.count.sample;
        total.count.upheld += part.count.upheld;
        total.count.inconclusive += part.count.inconclusive;
        total.count.open += part.count.open;
        total.interval.lower += part.interval.lower;
        total.interval.upper += part.interval.upper;
        total.upper += part.upper;
    }
    Ok(AuditReport {
        strata,
        total,
        confidence_bp,
    })
}

fn bounds(count: StratumCount, risk: Risk) -> Result<StratumReport, StatisticsError> {
    let found = |deviations| Finding {
        population: count.population,
        sample: count.sample,
        deviations,
    };
    let half = risk.shared_by(2)?;
    let most = count.upheld + count.inconclusive + count.open;
    let interval = Interval {
        lower: found(count.upheld).lower_bound(half)?,
        upper: found(most).upper_bound(half)?,
    };
    let upper = found(most).upper_bound(risk)?;
    Ok(StratumReport { count, interval, upper })
}

impl AuditReport {
    /// Whether no case is open.
    pub const fn is_final(&self) -> bool {
        self.total.count.open == 0
    }

    /// The one sentence that the audit stands for.
    pub fn claim(&self, language: Language) -> String {
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

    fn count(name: &str, population: u64, sample: u64, upheld: u64) -> StratumCount {
        StratumCount {
            name: name.to_owned(),
            population,
            sample,
            upheld,
            inconclusive: 0,
            open: 0,
        }
    }

    #[test]
    fn one_stratum_is_its_own_total() {
        let report = report(vec![count("all", 1_200, 102, 1)], 9_000).unwrap();
        assert_eq!(report.total.upper, 43);
        assert_eq!(report.total.interval, Interval { lower: 1, upper: 52 });
        assert_eq!(report.strata, vec![report.total.clone()]);
    }

    #[test]
    fn the_claim_is_one_plain_sentence_with_written_numbers() {
        let report = report(vec![count("all", 1_200, 102, 1)], 9_000).unwrap();
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
        let settled = report(vec![count("all", 1_200, 102, 1)], 9_000).unwrap();
        let mut doubtful = count("all", 1_200, 102, 1);
        doubtful.inconclusive = 1;
        doubtful.open = 1;
        let doubtful = report(vec![doubtful], 9_000).unwrap();
        assert_eq!(doubtful.total.interval.lower, settled.total.interval.lower);
        assert_eq!(doubtful.total.upper, 75);
        assert!(!doubtful.is_final() && settled.is_final());
        assert!(doubtful.claim(Language::Indonesian).starts_with("Sementara: "));
    }

    #[test]
    fn several_strata_share_the_risk_so_that_the_sum_is_as_sure() {
        let report = report(vec![count("a", 200, 50, 0), count("b", 100, 25, 0)], 9_500).unwrap();
        let risk = Risk::of_confidence(9_500).unwrap().shared_by(2).unwrap();
        let part = |population, sample| {
            Finding {
                population,
                sample,
                deviations: 0,
            }
            .upper_bound(risk)
            .unwrap()
        };
        assert_eq!(report.total.upper, part(200, 50) + part(100, 25));
        assert!(report.total.upper >= report.strata.iter().map(|stratum| stratum.upper).sum());
        assert_eq!(report.total.count.population, 300);
    }

    #[test]
    fn an_empty_audit_claims_nothing_and_fails_nowhere() {
        let report = report(vec![count("a", 0, 0, 0)], 9_500).unwrap();
        assert_eq!((report.strata.len(), report.total.upper), (0, 0));
        assert!(report.claim(Language::Indonesian).contains("0 dari 0 slot"));
    }

    #[test]
    fn rates_are_rounded_up_and_thousands_set_apart() {
        assert_eq!(percent(1, 3, Language::Indonesian), "33,4 %");
        assert_eq!(percent(9_500, 10_000, Language::English), "95 %");
    }
}
