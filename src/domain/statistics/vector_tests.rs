//! Sizes, bounds, totals and sequences are those of `api-spec/vectors/statistics.json`, which another program made.

use crate::domain::statistics::bound::{Finding, Interval};
use crate::domain::statistics::plan::{Model, Plan};
use crate::domain::statistics::sequence::{Prior, look, running};
use crate::domain::statistics::{Risk, StatisticsError, stratified};
use serde::Deserialize;

#[derive(Deserialize)]
struct Vectors {
    sizes: Vec<Sizes>,
    bounds: Vec<UpperTable>,
    lower_bounds: Vec<LowerTable>,
    stratified: Vec<Total>,
    sequences: Vec<SequenceTable>,
    runs: Vec<Run>,
    first_proofs: Vec<FirstProof>,
}

/// Confidence, strata, upper bound and the interval's ends.
type Total = (u16, Vec<Stratum>, u64, u64, u64);
/// Units, units checked, units that deviate.
type Stratum = (u64, u64, u64);

#[derive(Deserialize)]
struct Sizes {
    confidence_bp: u16,
    tolerable_bp: u16,
    expected_bp: u16,
    /// For each N from 1.
    #[serde(rename = "sizes")]
    by_population: Vec<Option<u64>>,
}

type Table<T> = Vec<Vec<Vec<T>>>;

#[derive(Deserialize)]
struct UpperTable {
    confidence_bp: u16,
    upper: Table<u64>,
}

#[derive(Deserialize)]
struct LowerTable {
    confidence_bp: u16,
    lower: Table<u64>,
}

#[derive(Deserialize)]
struct SequenceTable {
    confidence_bp: u16,
    a: u32,
    b: u32,
    ends: Table<(u64, u64)>,
}

#[derive(Deserialize)]
struct Run {
    confidence_bp: u16,
    a: u32,
    b: u32,
    population: u64,
    verdicts: Vec<u8>,
    ends: Vec<(u64, u64)>,
}

#[derive(Deserialize)]
struct FirstProof {
    population: u64,
    tolerable_bp: u64,
    confidence_bp: u16,
    a: u32,
    b: u32,
    size: u64,
}

fn vectors() -> Vectors {
    serde_json::from_str(include_str!("../../../api-spec/vectors/statistics.json")).unwrap()
}

fn risk(confidence_bp: u16) -> Risk {
    Risk::of_confidence(confidence_bp).unwrap()
}

/// Every finding of a table with its entry: for each N from 1, each n from 0, each x from 0.
fn findings<T: Copy>(table: Table<T>) -> impl Iterator<Item = (Finding, T)> {
    (1_u64..).zip(table).flat_map(|(population, samples)| {
        (0_u64..).zip(samples).flat_map(move |(sample, entries)| {
            (0_u64..).zip(entries).map(move |(deviations, entry)| {
                let finding = Finding {
                    population,
                    sample,
                    deviations,
                };
                (finding, entry)
            })
        })
    })
}

#[test]
fn every_size_up_to_60_units_is_that_of_the_fractions() {
    let mut compared = 0;
    for vector in vectors().sizes {
        for (population, size) in (1..).zip(vector.by_population) {
            let plan = Plan {
                population,
                tolerable_bp: vector.tolerable_bp,
                expected_bp: vector.expected_bp,
                confidence_bp: vector.confidence_bp,
                model: Model::Hypergeometric,
            };
            let found = plan.sample_size().map(|found| found.size);
            assert_eq!(found, size.ok_or(StatisticsError::Unreachable), "{plan:?}");
            compared += 1;
        }
    }
    assert!(compared >= 7_000, "{compared}");
}

#[test]
fn every_bound_up_to_60_units_is_that_of_the_fractions() {
    let mut compared = 0;
    for vector in vectors().bounds {
        for (finding, upper) in findings(vector.upper) {
            assert_eq!(
                finding.upper_bound(risk(vector.confidence_bp)),
                Ok(upper),
                "{finding:?}"
            );
            compared += 1;
        }
    }
    // Three confidences, and for N units (N + 1)(N + 2) / 2 findings.
    assert_eq!(compared, 3 * 39_710);
    for vector in vectors().lower_bounds {
        for (finding, lower) in findings(vector.lower) {
            assert_eq!(
                finding.lower_bound(risk(vector.confidence_bp)),
                Ok(lower),
                "{finding:?}"
            );
        }
    }
}

fn stratum((population, sample, deviations): Stratum) -> Finding {
    Finding {
        population,
        sample,
        deviations,
    }
}

#[test]
fn every_total_over_strata_is_that_of_all_ways_of_spreading_it() {
    let vectors = vectors().stratified;
    assert!(vectors.len() > 5_000, "{}", vectors.len());
    for (confidence_bp, strata, upper, _, _) in vectors {
        let findings: Vec<Finding> = strata.iter().copied().map(stratum).collect();
        assert_eq!(
            stratified::upper_bound(&findings, risk(confidence_bp)),
            Ok(upper),
            "{strata:?}"
        );
    }
}

#[test]
fn every_interval_over_strata_is_that_of_all_ways_of_spreading_it() {
    for (confidence_bp, strata, _, lower, upper) in vectors().stratified {
        let findings: Vec<Finding> = strata.iter().copied().map(stratum).collect();
        let found = stratified::interval(&findings, risk(confidence_bp));
        assert_eq!(found, Ok(Interval { lower, upper }), "{strata:?}");
    }
}

#[test]
fn every_look_is_that_of_the_fractions() {
    for vector in vectors().sequences {
        let prior = Prior::new(vector.a, vector.b).unwrap();
        for (finding, (lower, upper)) in findings(vector.ends) {
            let found = look(finding, prior, risk(vector.confidence_bp));
            assert_eq!(found, Ok(Interval { lower, upper }), "{finding:?} {prior:?}");
        }
    }
}

#[test]
fn every_series_of_looks_is_that_of_the_fractions() {
    for run in vectors().runs {
        let prior = Prior::new(run.a, run.b).unwrap();
        let verdicts: Vec<bool> = run.verdicts.iter().map(|verdict| *verdict == 1).collect();
        for (count, (lower, upper)) in (1..).zip(run.ends) {
            let found = running(run.population, &verdicts[..count], prior, risk(run.confidence_bp));
            assert_eq!(found, Ok(Interval { lower, upper }), "{count} of {verdicts:?}");
        }
    }
}

#[test]
fn clean_samples_first_prove_the_tolerable_rate_at_the_published_sizes() {
    for vector in vectors().first_proofs {
        let prior = Prior::new(vector.a, vector.b).unwrap();
        let intolerable = (vector.population * vector.tolerable_bp).div_ceil(10_000);
        let upper = |sample| {
            let finding = Finding {
                population: vector.population,
                sample,
                deviations: 0,
            };
            look(finding, prior, risk(vector.confidence_bp)).unwrap().upper
        };
        assert!(upper(vector.size) < intolerable && upper(vector.size - 1) >= intolerable);
    }
    // The price of looking at any time: 57 units where one looks once.
    let sizes: Vec<u64> = vectors().first_proofs.iter().map(|vector| vector.size).collect();
    assert_eq!(sizes, [144, 88, 74]);
}
