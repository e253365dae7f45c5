//! Targeted picks in a bundle: all of them examined, fixed with the plan, and added to the bounds one for one.

use super::bundle_tests::{Change, caught, failure, with};
use super::example::Example;
use super::report_text::ReportDocument;
use super::verify::{Check, Trust, is_sound, verify};
use super::{Files, POPULATION, REPORT_JSON, REPORT_TEXT, SAMPLE};
use crate::domain::audit::targeted::{STRATUM, TargetedRule};
use crate::domain::audit_log::entry::Entry;
use crate::domain::audit_log::facts::{Facts, PlanFacts};
use crate::domain::canonical;
use crate::domain::flag::Flag;

fn text<'a>(files: &'a Files, name: &str) -> &'a str {
    std::str::from_utf8(&files[name]).unwrap()
}

fn report(files: &Files) -> ReportDocument {
    canonical::from_str(text(files, REPORT_JSON).trim_end()).unwrap()
}

/// Both at once: looked at early, extended, and with targeted units.
fn watched() -> Example {
    Example {
        targeted_every: Some(9),
        decide: Example::targeted().decide,
        ..Example::watched()
    }
}

#[test]
fn a_bundle_with_targeted_units_passes_every_check() {
    for example in [Example::targeted(), watched()] {
        let checked = verify(&example.files(), &Trust::FirstSight);
        assert!(is_sound(&checked), "{checked:?}");
        let line = |place: usize| checked[place].outcome.clone().unwrap();
        assert_eq!(line(6), "60 units in 3 strata, 6 of them targeted");
        assert!(line(7).starts_with("21 units drawn again"), "{}", line(7));
    }
}

#[test]
fn the_targeted_units_are_drawn_as_a_whole_and_in_the_order_of_their_tickets() {
    let files = Example::targeted().files();
    let marked: Vec<&str> = text(&files, POPULATION)
        .lines()
        .filter_map(|line| line.strip_suffix("\ttargeted"))
        .collect();
    assert_eq!(marked.len(), 6);
    let sample: Vec<&str> = text(&files, SAMPLE)
        .lines()
        .filter(|line| line.contains("\"stratum\":\"targeted\""))
        .collect();
    assert_eq!(sample.len(), 6);
    assert!(
        marked
            .iter()
            .all(|unit| text(&files, SAMPLE).contains(&format!("\"unit\":\"{unit}\"")))
    );
}

#[test]
fn the_report_adds_what_was_found_to_the_bounds_of_the_others() {
    for example in [Example::targeted(), watched()] {
        let report = report(&example.files());
        let (random, targeted) = (report.random.unwrap(), report.targeted.unwrap());
        assert_eq!((targeted.population, targeted.sample), (6, 6));
        assert_eq!((targeted.upheld, targeted.inconclusive, targeted.open), (2, 1, 0));
        assert_eq!((targeted.lower, targeted.upper, targeted.upper_one_sided), (2, 3, 3));
        assert_eq!(report.total.upper_one_sided, random.upper_one_sided + 3);
        assert_eq!(report.total.lower, random.lower + 2);
        assert_eq!(report.total.population, random.population + 6);
        assert!(report.strata.iter().all(|stratum| stratum.name != STRATUM));
        assert!(
            report.claim_en.contains("all 6 flagged slots are checked, of which 2"),
            "{}",
            report.claim_en
        );
    }
    let usual = Example::default().files();
    assert_eq!((report(&usual).random, report(&usual).targeted), (None, None));
    let targeted = Example::targeted().files();
    assert!(text(&targeted, REPORT_TEXT).contains("\ntargeted: 6 units, 6 drawn, 2 upheld, 1 inconclusive, 0 open;"));
}

#[test]
fn a_change_of_a_mark_is_found_with_the_population() {
    let sound = Example::targeted().files();
    let unmarked: Change = |text| text.replacen("\ttargeted", "", 1);
    let marked: Change = |text| text.replacen("morning\n", "morning\ttargeted\n", 1);
    let misspelt: Change = |text| text.replacen("\ttargeted", "\tTargeted", 1);
    for change in [unmarked, marked, misspelt] {
        let (check, words) = failure(&with(sound.clone(), POPULATION, change)).unwrap();
        assert_eq!(check, Check::Population, "{words}");
    }
    let in_both: Change = |text| {
        let line = text.lines().find(|line| line.ends_with("\ttargeted")).unwrap();
        let unit = line.trim_end_matches("\ttargeted");
        text.replacen(line, &format!("{unit}\n{line}"), 1)
    };
    let (check, words) = failure(&with(sound, POPULATION, in_both)).unwrap();
    assert!(check == Check::Population && words.contains("do not rise"), "{words}");
}

/// A plan that says something else about its targeted units, signed as everything is.
fn changed(tamper: fn(&mut Entry)) -> Example {
    Example {
        tamper,
        ..Example::targeted()
    }
}

fn plan(entry: &mut Entry) -> Option<&mut PlanFacts> {
    if let Facts::Plan(facts) = &mut entry.facts {
        Some(facts)
    } else {
        None
    }
}

#[test]
fn a_plan_that_does_not_examine_all_targeted_units_is_caught_although_everything_is_signed() {
    let part = changed(|entry| {
        if let Some(facts) = plan(entry) {
            facts.samples[2].size -= 1;
        }
    });
    caught(&part, Check::Population, "the targeted units are not examined in full");
    let too_many = changed(|entry| {
        if let Some(facts) = plan(entry) {
            facts.targeted = TargetedRule::new(vec![Flag::ClockSkew], 5).ok();
        }
    });
    caught(&too_many, Check::Population, "the rule picks 6 units and allows 5");
    let no_rule = changed(|entry| {
        if let Some(facts) = plan(entry) {
            facts.targeted = None;
        }
    });
    caught(&no_rule, Check::Population, "population.txt, line 5");
    let no_stratum = changed(|entry| {
        if let Some(facts) = plan(entry) {
            facts.samples.pop();
        }
    });
    caught(
        &no_stratum,
        Check::Population,
        "it targets units and has no stratum of them",
    );
    let drawn_in_part = Example {
        tamper: |entry| {
            if let Facts::Draw(facts) = &mut entry.facts {
                facts.strata[2].size -= 1;
            }
        },
        ..Example::targeted()
    };
    caught(
        &drawn_in_part,
        Check::Draw,
        "stratum targeted has 5 drawn units, 6 came before or were planned",
    );
}

#[test]
fn a_rule_that_found_nothing_leaves_an_empty_stratum_and_the_usual_claim() {
    let none = Example {
        targeted_every: Some(1_000),
        ..Example::default()
    };
    let files = none.files();
    assert_eq!(failure(&files), None);
    let (found, usual) = (report(&files), report(&Example::default().files()));
    assert_eq!((found.targeted, found.random), (None, None));
    assert_eq!(found.claim, usual.claim);
}

#[test]
fn bounds_that_leave_the_targeted_units_out_are_caught() {
    let milder = changed(|entry| {
        if let Facts::Bound(facts) = &mut entry.facts {
            facts.targeted = None;
        }
    });
    caught(&milder, Check::Bounds, "the bounds are not those of the counts");
}
