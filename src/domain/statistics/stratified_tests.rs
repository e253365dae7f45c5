//! The parts of the search for a bound over strata, each by itself: what guides it and what decides.

use super::{DIGITS, Search, Verdict, combined, total};
use crate::domain::statistics::Risk;
use crate::domain::statistics::bound::Finding;
use crate::domain::statistics::coverage_tests::choices;
use num_bigint::BigUint;

fn finding(population: u64, sample: u64, deviations: u64) -> Finding {
    Finding {
        population,
        sample,
        deviations,
    }
}

/// Strata alike and unlike, few and many.
fn several() -> [Vec<Finding>; 3] {
    [
        vec![finding(200, 50, 0), finding(100, 25, 0)],
        vec![finding(1_000, 57, 2), finding(300, 40, 0), finding(5_000, 90, 1)],
        vec![finding(30, 10, 0); 12],
    ]
}

fn risk(confidence_bp: u16) -> Risk {
    Risk::of_confidence(confidence_bp).unwrap()
}

fn full(findings: &[Finding]) -> Vec<u64> {
    findings.iter().map(|finding| finding.most()).collect()
}

/// Every way of spreading deviations over the strata.
fn spreads(findings: &[Finding]) -> Vec<Vec<u64>> {
    let room = |finding: &Finding| usize::try_from(finding.most() - finding.deviations).unwrap();
    let limits: Vec<usize> = findings.iter().map(room).collect();
    let counted = |spread: Vec<usize>| -> Vec<u64> {
        let further = spread.iter().zip(findings);
        further
            .map(|(more, finding)| finding.deviations + u64::try_from(*more).unwrap())
            .collect()
    };
    choices(&limits).into_iter().map(counted).collect()
}

#[test]
fn units_are_moved_until_no_other_spread_of_the_same_total_costs_less() {
    for findings in [
        &[finding(8, 3, 0), finding(6, 2, 1)][..],
        &[finding(20, 3, 1), finding(4, 1, 0)],
        &[finding(5, 2, 0), finding(4, 2, 1), finding(6, 3, 2)],
        &[finding(5, 1, 0), finding(5, 1, 0), finding(5, 1, 0)],
    ] {
        let all = spreads(findings);
        for digits in [2, 3, 5, 8, DIGITS] {
            let mut search = Search::new(findings, risk(9_000), digits);
            search.cap <<= DIGITS;
            for spread in &all {
                let mut settled = spread.clone();
                let slack = search.settle(&mut settled);
                assert_eq!(total(&settled), total(spread));
                let loss = search.loss(&settled).unwrap();
                for other in all.iter().filter(|other| total(other) == total(spread)) {
                    let least = search.loss(other).unwrap().most + &slack;
                    assert!(
                        loss.least <= least,
                        "{findings:?} {digits} {spread:?} {settled:?} {other:?}"
                    );
                }
                // Of the rounding of a few units of the last digit each, and of nothing else.
                assert!(slack < BigUint::from(1_u16 << 10), "{findings:?} {spread:?} {slack}");
            }
        }
    }
}

#[test]
fn from_wherever_the_search_begins_it_comes_to_the_bound() {
    for findings in &several() {
        let bound = combined(findings, risk(9_500), DIGITS);
        let mut search = Search::new(findings, risk(9_500), DIGITS);
        let likely = search.likely_spread(full(findings));
        assert!(total(&likely).abs_diff(bound) <= 1);
        for steps in 0..=3 {
            let (mut more, mut fewer) = (likely.clone(), likely.clone());
            *more.first_mut().unwrap() += steps;
            *fewer.last_mut().unwrap() -= steps.min(fewer.last().unwrap() - findings.last().unwrap().deviations);
            assert_eq!(search.walk(more), Some(bound), "{findings:?} {steps} more");
            assert_eq!(search.walk(fewer), Some(bound), "{findings:?} {steps} fewer");
        }
    }
}

#[test]
fn what_guides_the_search_is_next_to_the_bound() {
    for findings in [
        &[finding(200, 50, 0), finding(100, 25, 0)][..],
        &[finding(1_000, 57, 2), finding(300, 40, 0), finding(5_000, 90, 1)],
        &[finding(30_000, 57, 1), finding(40_000, 300, 20), finding(80, 40, 0)],
        &[finding(30, 10, 0); 12],
        &[finding(250_000, 10_000, 300), finding(250_000, 10_000, 310)],
    ] {
        for confidence_bp in [5_000, 9_500, 9_999] {
            let bound = combined(findings, risk(confidence_bp), DIGITS);
            let mut search = Search::new(findings, risk(confidence_bp), DIGITS);
            let (low, high) = search.neighbours(full(findings));
            assert_eq!(search.guess(&low), Verdict::Possible);
            assert_eq!(search.guess(&high), Verdict::RuledOut);
            let apart = total(&high) - total(&low);
            assert!(
                (1..=u64::try_from(findings.len()).unwrap()).contains(&apart),
                "{findings:?} {low:?} {high:?}"
            );
            let likely = total(&search.fill(&low, &high));
            assert!(
                likely.abs_diff(bound) <= 1,
                "{findings:?} {confidence_bp}: {likely} {bound}"
            );
        }
    }
}

#[test]
fn a_total_is_decided_only_where_the_slack_can_not_turn_the_answer() {
    let findings = [finding(200, 50, 0), finding(100, 25, 0)];
    let mut search = Search::new(&findings, risk(9_500), DIGITS);
    let mut best = |total: u64| {
        let mut spread = vec![total - 5, 5];
        search.settle(&mut spread);
        spread
    };
    // The published bound is 16.
    let (possible, ruled_out) = (best(16), best(17));
    let whole = BigUint::from(1_u8) << DIGITS;
    for slack in [BigUint::default(), whole.clone(), &whole << 4_u8] {
        assert_eq!(search.decide(&possible, &slack), Some(Verdict::Possible));
    }
    let loss = search.loss(&ruled_out).unwrap();
    for (slack, verdict) in [
        (BigUint::default(), Some(Verdict::RuledOut)),
        (BigUint::from(1_u16 << 10), Some(Verdict::RuledOut)),
        (whole.clone(), None),
        (loss.least, None),
        (whole << 4_u8, None),
    ] {
        assert_eq!(search.decide(&ruled_out, &slack), verdict, "{slack}");
    }
}

#[test]
fn where_the_digits_do_not_tell_more_are_taken_and_the_bound_is_the_same() {
    for findings in &several() {
        let bound = combined(findings, risk(9_500), DIGITS);
        assert_eq!(Search::new(findings, risk(9_500), 2).bound(), None);
        for digits in [2, 5, 16] {
            assert_eq!(combined(findings, risk(9_500), digits), bound, "{findings:?} {digits}");
        }
    }
}
