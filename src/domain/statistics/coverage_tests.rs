//! Bounds hold at least as often as they say: by counting every sample and every order, not by simulation.

use crate::domain::statistics::Risk;
use crate::domain::statistics::bound::{Finding, Interval};
use crate::domain::statistics::sequence::{Prior, look, running};
use crate::domain::statistics::stratified;

const LARGEST: usize = 60;

fn at(number: usize) -> u64 {
    u64::try_from(number).unwrap()
}

fn finding(population: usize, sample: usize, deviations: usize) -> Finding {
    Finding {
        population: at(population),
        sample: at(sample),
        deviations: at(deviations),
    }
}

fn risk(confidence_bp: u16) -> Risk {
    Risk::of_confidence(confidence_bp).unwrap()
}

fn holds(interval: Interval, truth: usize) -> bool {
    (interval.lower..=interval.upper).contains(&at(truth))
}

/// Pascal's triangle: subsets of a number of units, by size; zero where there are none.
fn subsets() -> impl Fn(usize, usize) -> u128 {
    let mut triangle = vec![vec![1_u128]];
    for row in 1..=LARGEST {
        let last = &triangle[row - 1];
        let inner = (1..row).map(|place| last[place - 1] + last[place]);
        triangle.push(std::iter::once(1).chain(inner).chain([1]).collect());
    }
    move |of, count| triangle[of].get(count).copied().unwrap_or(0)
}

#[test]
fn both_bounds_and_the_interval_cover_every_truth_up_to_60_units() {
    let subsets = subsets();
    for population in 1..=LARGEST {
        for sample in 0..=population {
            let ends: Vec<(Interval, u64, u64)> = (0..=sample)
                .map(|deviations| {
                    let found = finding(population, sample, deviations);
                    let sides = (found.lower_bound(risk(9_000)), found.upper_bound(risk(9_000)));
                    (found.interval(risk(9_000)).unwrap(), sides.0.unwrap(), sides.1.unwrap())
                })
                .collect();
            for truth in 0..=population {
                let (mut two_sided, mut above, mut below) = (0, 0, 0);
                for (found, (interval, lower, upper)) in ends.iter().enumerate().take(truth + 1) {
                    let samples = subsets(truth, found) * subsets(population - truth, sample - found);
                    two_sided += if holds(*interval, truth) { samples } else { 0 };
                    above += if at(truth) <= *upper { samples } else { 0 };
                    below += if at(truth) >= *lower { samples } else { 0 };
                }
                let least = two_sided.min(above).min(below);
                assert!(
                    least * 10 >= subsets(population, sample) * 9,
                    "{population} {sample} {truth}"
                );
            }
        }
    }
}

/// Every way of choosing one number up to each limit.
pub(super) fn choices(limits: &[usize]) -> Vec<Vec<usize>> {
    limits.iter().fold(vec![vec![]], |grown, limit| {
        let longer = |shorter: &Vec<usize>| {
            let shorter = shorter.clone();
            (0..=*limit).map(move |last| shorter.iter().copied().chain([last]).collect())
        };
        grown.iter().flat_map(longer).collect()
    })
}

#[test]
fn totals_over_strata_cover_every_truth() {
    let subsets = subsets();
    for strata in [
        &[(8, 3), (6, 2)][..],
        &[(12, 5), (12, 5)],
        &[(14, 6), (5, 4)],
        &[(20, 3), (3, 1)],
        &[(5, 2), (4, 2), (6, 3)],
        &[(7, 3), (3, 3), (4, 0), (5, 2)],
    ] {
        let sizes: Vec<usize> = strata.iter().map(|(_, sample)| *sample).collect();
        let populations: Vec<usize> = strata.iter().map(|(population, _)| *population).collect();
        let bounds: Vec<(Vec<usize>, u64, Interval)> = choices(&sizes)
            .into_iter()
            .map(|found| {
                let counts = strata.iter().zip(&found);
                let findings: Vec<Finding> = counts
                    .map(|((population, sample), found)| finding(*population, *sample, *found))
                    .collect();
                let upper = stratified::upper_bound(&findings, risk(9_000)).unwrap();
                let interval = stratified::interval(&findings, risk(9_000)).unwrap();
                (found, upper, interval)
            })
            .collect();
        let all: u128 = strata
            .iter()
            .map(|(population, sample)| subsets(*population, *sample))
            .product();
        for truth in choices(&populations) {
            let total = truth.iter().sum();
            let (mut above, mut two_sided) = (0, 0);
            for (found, upper, interval) in &bounds {
                let parts = strata.iter().zip(&truth).zip(found);
                let samples: u128 = parts
                    .map(|(((population, sample), truth), found)| {
                        subsets(*truth, *found) * subsets(population - truth, sample - found)
                    })
                    .product();
                above += if at(total) <= *upper { samples } else { 0 };
                two_sided += if holds(*interval, total) { samples } else { 0 };
            }
            assert!(above.min(two_sided) * 10 >= all * 9, "{strata:?} {truth:?}");
        }
    }
}

/// Of all orders of the units, those in which every single look holds: counted place by place.
fn orders_that_hold(truth: usize, looks: &[Vec<Interval>]) -> u128 {
    let mut orders = vec![1_u128];
    for look in looks {
        let mut longer = vec![0; look.len()];
        for (found, count) in orders.iter().enumerate() {
            longer[found] += count;
            longer[found + 1] += count;
        }
        for (found, count) in longer.iter_mut().enumerate() {
            if found > truth || !holds(look[found], truth) {
                *count = 0;
            }
        }
        orders = longer;
    }
    orders[truth]
}

#[test]
fn all_looks_of_a_sequence_together_cover_every_truth_up_to_60_units() {
    let subsets = subsets();
    for (a, b) in [(1, 1), (1, 20)] {
        let prior = Prior::new(a, b).unwrap();
        for population in (1..=LARGEST).step_by(if a == b { 7 } else { 1 }) {
            let looks: Vec<Vec<Interval>> = (1..=population)
                .map(|sample| {
                    (0..=sample)
                        .map(|found| look(finding(population, sample, found), prior, risk(9_000)).unwrap())
                        .collect()
                })
                .collect();
            for truth in 0..=population {
                let orders = orders_that_hold(truth, &looks);
                assert!(
                    orders * 10 >= subsets(population, truth) * 9,
                    "{population} {truth} {prior:?}"
                );
            }
        }
    }
}

#[test]
fn bounds_of_a_whole_series_cover_every_truth_at_every_step() {
    let population = 11_usize;
    let prior = Prior::new(1, 3).unwrap();
    for truth in 0..=population {
        let (mut held, mut orders) = (0_u32, 0_u32);
        for order in (0_u32..1 << population).filter(|order| order.count_ones() == u32::try_from(truth).unwrap()) {
            let verdicts: Vec<bool> = (0..population).map(|place| order >> place & 1 == 1).collect();
            let holds_at = |count: usize| {
                let known = running(at(population), &verdicts[..count], prior, risk(8_000)).unwrap();
                holds(known, truth)
            };
            orders += 1;
            held += u32::from((1..=population).all(holds_at));
        }
        assert!(held * 10 >= orders * 8, "{truth}: {held} of {orders}");
    }
}
