//! A sound bundle passes every check; whatever is changed in it is found, by the check that is there for it.

use super::example::{Example, at, audit, policy};
use super::lines::bundle_document;
use super::verify::{Check, Checked, Trust, is_sound, verify};
use super::{BUNDLE_JSON, CHECKPOINT, CONSISTENCY, ENTRIES, Files, NAMES, PLAN_CHECKPOINT, POLICY, POPULATION};
use super::{REPORT_TEXT, SAMPLE, VERDICTS};
use crate::domain::audit::seed::SeedKind;
use crate::domain::audit_log::facts::Facts;
use crate::domain::audit_log::record::SecondReview;
use crate::domain::digest::Digest;
use crate::domain::fuzz::time_spent;
use crate::domain::ids::{AccountId, CaseId};
use crate::domain::log::policy::Policy;
use std::path::Path;
use uuid::Uuid;

/// The folder of the committed bundles.
const VECTORS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/api-spec/vectors");

pub(super) fn failure(files: &Files) -> Option<(Check, String)> {
    let checked = verify(files, &Trust::FirstSight);
    let last = checked.last().unwrap();
    match &last.outcome {
        Ok(_) => {
            assert!(is_sound(&checked), "{checked:?}");
            None
        }
        Err(fault) => Some((last.check, fault.to_string())),
    }
}

/// Writes `bundle.json` anew, as somebody would who changed the other files.
pub(super) fn rewritten(mut files: Files) -> Files {
    files.remove(BUNDLE_JSON);
    let document = bundle_document(audit(), &files).unwrap();
    files.insert(BUNDLE_JSON.to_owned(), document);
    files
}

pub(super) fn with(mut files: Files, name: &str, change: Change) -> Files {
    let text = String::from_utf8(files[name].clone()).unwrap();
    let changed = change(text.clone());
    assert_ne!(changed, text, "{name}");
    files.insert(name.to_owned(), changed.into_bytes());
    rewritten(files)
}

#[test]
fn a_sound_bundle_passes_every_check() {
    for kind in [SeedKind::BeaconAndDice, SeedKind::Dice, SeedKind::Text] {
        let example = Example {
            kind,
            ..Example::default()
        };
        let checked = verify(&example.files(), &Trust::FirstSight);
        assert!(is_sound(&checked), "{checked:?}");
        let line = |place: usize| checked[place].outcome.clone().unwrap();
        assert!(line(1).contains("trusted on first sight: bkd.example/audit-log+"));
        assert_eq!(line(7), "15 units drawn again, 0 extensions");
        assert_eq!(line(9), "14 lines as they must be, 1 units open, 2 of 2 second reviews");
    }
    let watched = verify(&Example::watched().files(), &Trust::FirstSight);
    assert!(is_sound(&watched), "{watched:?}");
    let line = |place: usize| watched[place].outcome.clone().unwrap();
    assert_eq!(line(7), "15 units drawn again, 1 extensions");
    // Two of the first thirteen, and one of the two that the extension added.
    assert!(line(9).ends_with("3 of 3 second reviews"), "{}", line(9));
}

#[test]
fn the_committed_bundles_are_those_that_are_built() {
    for (folder, example) in [
        ("bundle", Example::default()),
        ("bundle-sequence", Example::watched()),
        ("bundle-targeted", Example::targeted()),
    ] {
        let (built, folder) = (example.files(), Path::new(VECTORS).join(folder));
        if std::env::vars().any(|(name, _)| name == "SHERLOK_UPDATE") {
            for (name, bytes) in &built {
                let path = folder.join(name);
                std::fs::create_dir_all(path.parent().unwrap()).unwrap();
                std::fs::write(path, bytes).unwrap();
            }
        }
        let committed: Files = NAMES
            .iter()
            .map(|name| ((*name).to_owned(), std::fs::read(folder.join(name)).unwrap()))
            .collect();
        assert!(committed == built, "run with SHERLOK_UPDATE=1");
        assert_eq!(failure(&committed), None);
    }
}

#[test]
fn every_flipped_byte_of_every_file_is_detected() {
    let mut files = Example::default().files();
    let whole: usize = files.values().map(Vec::len).sum();
    assert!((16_384..=65_536).contains(&whole), "{whole} bytes");
    for name in NAMES {
        for place in 0..files[name].len() {
            let bit = 1 << (place % 8);
            files.get_mut(name).unwrap()[place] ^= bit;
            assert!(failure(&files).is_some(), "{name}, byte {place}");
            files.get_mut(name).unwrap()[place] ^= bit;
        }
    }
    assert_eq!(failure(&files), None);
}

#[test]
fn flipped_bytes_are_detected_also_where_the_list_of_files_is_written_anew() {
    let sound = Example {
        kind: SeedKind::Dice,
        units: [12, 6],
        sizes: [[4, 3], [5, 3]],
        ..Example::watched()
    }
    .files();
    assert_eq!(failure(&sound), None);
    for name in NAMES.into_iter().filter(|name| *name != BUNDLE_JSON) {
        // Every seventh byte: here each is checked as far as the log, the draw and the bounds.
        for place in (0..sound[name].len()).step_by(7) {
            let mut files = sound.clone();
            files.get_mut(name).unwrap()[place] ^= 1;
            let found = failure(&rewritten(files));
            let found = found.unwrap_or_else(|| panic!("{name}, byte {place}"));
            assert_ne!(found.0, Check::Files, "{name}, byte {place}: {}", found.1);
        }
    }
}

#[test]
fn files_that_are_missing_foreign_or_cut_are_named() {
    let sound = Example::default().files();
    for name in NAMES {
        let mut missing = sound.clone();
        missing.remove(name);
        assert_eq!(
            failure(&missing),
            Some((Check::Files, format!("{name}: the file is missing")))
        );
        let mut cut = sound.clone();
        if cut.get_mut(name).unwrap().pop().is_some() {
            let found = failure(&cut).unwrap();
            assert!(found.0 == Check::Files && found.1.starts_with(name), "{found:?}");
        }
    }
    let mut foreign = sound;
    foreign.insert("notes.txt".to_owned(), Vec::new());
    assert!(failure(&foreign).unwrap().1.starts_with("notes.txt: no such file"));
}

pub(super) type Change = fn(String) -> String;

/// Changes a file, writes the list of files anew, and looks for the check that finds it.
fn changes_are_found(cases: &[(&str, Change, Check, &str)]) {
    let sound = Example::default().files();
    for (name, change, check, words) in cases {
        let found = failure(&with(sound.clone(), name, *change)).unwrap();
        let is_expected = found.0 == *check && found.1.contains(words);
        assert!(is_expected, "{check:?} {words}: {found:?}");
    }
}

#[test]
fn a_change_in_the_log_or_the_policy_is_found_by_the_check_that_is_there_for_it() {
    let no_quorum: Change = |text| text.replace("quorum inspektorat", "quorum none");
    let two_spaces: Change = |text| text.replace("log bkd", "log  bkd");
    let upheld: Change = |text| text.replacen("\"withdrawn\"", "\"upheld\"", 1);
    let moved: Change = |text| text.replacen("\"index\":1,", "\"index\":0,", 1);
    let last_checkpoint: Change = |_| text_of(&Example::default().files(), CHECKPOINT);
    changes_are_found(&[
        (POLICY, no_quorum, Check::Report, POLICY),
        (POLICY, two_spaces, Check::Report, POLICY),
        (CHECKPOINT, |text| cosignature_cut(&text), Check::Signatures, CHECKPOINT),
        (CONSISTENCY, |text| line_cut(&text, 0), Check::Consistency, CONSISTENCY),
        (PLAN_CHECKPOINT, last_checkpoint, Check::Consistency, CONSISTENCY),
        (ENTRIES, upheld, Check::Entries, ENTRIES),
        (ENTRIES, moved, Check::Entries, "line 1"),
        (
            ENTRIES,
            |text| line_cut(&text, 0),
            Check::Order,
            "it comes before the plan",
        ),
        (
            ENTRIES,
            |text| line_cut(&text, 1),
            Check::Order,
            "it comes before the seed",
        ),
    ]);
}

#[test]
fn a_change_in_what_follows_from_the_log_is_found_by_the_check_that_is_there_for_it() {
    let upheld: Change = |text| text.replacen("withdrawn", "upheld", 1);
    let other_word: Change = |text| text.replace("upheld", "uphold");
    changes_are_found(&[
        (POPULATION, |text| line_cut(&text, 7), Check::Population, "SHA-256"),
        (POPULATION, |text| line_turned(&text), Check::Population, "line 2"),
        (SAMPLE, |text| line_cut(&text, 2), Check::Sample, "line 3"),
        (VERDICTS, upheld, Check::Verdicts, "line 2"),
        (VERDICTS, |text| line_cut(&text, 13), Check::Verdicts, "line 14"),
        (REPORT_TEXT, other_word, Check::Report, REPORT_TEXT),
    ]);
}

#[test]
fn a_file_of_another_audit_is_found() {
    let other = Example {
        sizes: [[8, 5], [8, 5]],
        ..Example::watched()
    }
    .files();
    for (name, check, words) in [
        (CHECKPOINT, Check::Consistency, CONSISTENCY),
        (SAMPLE, Check::Sample, "line 9"),
    ] {
        let mut files = Example::watched().files();
        files.insert(name.to_owned(), other[name].clone());
        let found = failure(&rewritten(files)).unwrap();
        assert!(found.0 == check && found.1.contains(words), "{name}: {found:?}");
    }
}

fn text_of(files: &Files, name: &str) -> String {
    String::from_utf8(files[name].clone()).unwrap()
}

fn cosignature_cut(note: &str) -> String {
    let lines: Vec<&str> = note.lines().collect();
    lines[..lines.len() - 1].join("\n") + "\n"
}

fn line_cut(text: &str, place: usize) -> String {
    let mut lines: Vec<&str> = text.lines().collect();
    lines.remove(place);
    lines.join(
        "
",
    ) + "
"
}

fn line_turned(text: &str) -> String {
    let mut lines: Vec<&str> = text.lines().collect();
    lines.swap(0, 1);
    lines.join("\n") + "\n"
}

pub(super) fn caught(example: &Example, check: Check, words: &str) {
    let found = failure(&example.files()).unwrap();
    let is_expected = found.0 == check && found.1.contains(words);
    assert!(is_expected, "{check:?} {words}: {found:?}");
}

#[test]
fn a_plan_or_seed_that_is_false_is_caught_although_everything_is_signed() {
    let sound = Example::default;
    let late = Example {
        // 15:15:33, the second in which the beacon came.
        seen_at: 1_692_803_733,
        ..sound()
    };
    caught(
        &late,
        Check::Order,
        "witness inspektorat saw it when the seed could be known",
    );
    let chosen = Example {
        tamper: |entry| {
            if let Facts::Seed(facts) = &mut entry.facts {
                facts.seed = "0".repeat(64);
            }
        },
        ..sound()
    };
    caught(&chosen, Check::Seed, "not the mix of plan, beacon and dice");
    let early = Example {
        tamper: |entry| {
            if matches!(entry.facts, Facts::Seed(_)) {
                entry.at = at("2023-08-23T15:15:32Z");
            }
        },
        seen_at: 1_692_802_860,
        ..sound()
    };
    caught(&early, Check::Seed, "before its beacon was published");
    let other_round = Example {
        tamper: |entry| {
            if let Facts::Plan(facts) = &mut entry.facts {
                facts.seed.round = Some(124);
            }
        },
        ..sound()
    };
    caught(&other_round, Check::Seed, "the round is not that of the instant");
}

#[test]
fn a_draw_verdict_or_report_that_is_false_is_caught_although_everything_is_signed() {
    let sound = Example::default;
    let drawn = Example {
        tamper: |entry| {
            if let Facts::Extension(facts) = &mut entry.facts {
                facts.strata[0].sha256 = Digest::of(b"another sample");
            }
        },
        ..Example::watched()
    };
    caught(&drawn, Check::Draw, "stratum 1.01 was drawn otherwise");
    let fewer = Example {
        sizes: [[8, 5], [7, 5]],
        ..Example::watched()
    };
    caught(&fewer, Check::Draw, "stratum 1.01 has 7 drawn units, 8 came before");
    let extended = Example {
        weights: None,
        ..Example::watched()
    };
    caught(&extended, Check::Draw, "a sample of fixed size was extended");
    let alone = Example {
        decide: |number, verdict| {
            if number == 0 {
                verdict.decided_by = Some(verdict.reviewed_by);
            }
        },
        ..sound()
    };
    caught(&alone, Check::Order, "upheld without a second person");
    let foreign = Example {
        decide: |number, verdict| {
            if number == 1 {
                verdict.unit = "1.01/2023-08-21/99999999/midday".parse().unwrap();
            }
        },
        ..sound()
    };
    caught(&foreign, Check::Verdicts, "the unit was not drawn");
    let rounder = Example {
        tamper: |entry| {
            if let Facts::Bound(facts) = &mut entry.facts {
                facts.total.upper_one_sided -= 1;
            }
        },
        ..sound()
    };
    caught(&rounder, Check::Bounds, "the bounds are not those of the counts");
    let milder = Example {
        retouch: |files| {
            let text = String::from_utf8(files[REPORT_TEXT].clone()).unwrap();
            files.insert(REPORT_TEXT.to_owned(), text.replace("at most", "about").into_bytes());
        },
        ..sound()
    };
    caught(&milder, Check::Report, "report.txt: entry");
}

#[test]
fn a_second_review_that_is_false_is_caught_although_everything_is_signed() {
    let of = |look_again: fn(usize, &mut SecondReview)| Example {
        look_again,
        ..Example::watched()
    };
    let foreign = of(|number, review| {
        if number == 0 {
            review.unit = "1.01/2023-08-21/99999999/midday".parse().unwrap();
        }
    });
    caught(&foreign, Check::Verdicts, "the unit was not drawn for a second review");
    let same = of(|_, review| review.reviewer = AccountId::new(Uuid::from_u128(1)));
    caught(&same, Check::Verdicts, "whoever looked again had a part in the verdict");
    let other_case = of(|_, review| review.case = CaseId::new(Uuid::from_u128(9)));
    caught(&other_case, Check::Verdicts, "it is about another case than the unit's");
    let none_due = Example {
        tamper: |entry| {
            if let Facts::Plan(facts) = &mut entry.facts {
                facts.second_review_bp = 0;
            }
        },
        ..Example::watched()
    };
    caught(&none_due, Check::Verdicts, "the unit was not drawn for a second review");
    let all_due = Example {
        tamper: |entry| {
            if let Facts::Plan(facts) = &mut entry.facts {
                facts.second_review_bp = 10_000;
            }
        },
        ..Example::watched()
    };
    let checked = verify(&all_due.files(), &Trust::FirstSight);
    assert!(checked[9].outcome.clone().unwrap().ends_with("3 of 15 second reviews"));
    let twice = of(|_, review| review.unit = "1.01/2023-08-21/00000000/afternoon".parse().unwrap());
    caught(&twice, Check::Order, "the unit was reviewed a second time already");
}

#[test]
fn a_policy_that_the_user_brings_decides() {
    let files = Example::default().files();
    let given = |text: &str| Trust::Policy(Box::new(Policy::parse(text.as_bytes()).unwrap()));
    assert!(is_sound(&verify(&files, &given(&policy()))));
    let own = policy();
    let log = own.lines().next().unwrap();
    assert!(is_sound(&verify(&files, &given(&format!("{log}\nquorum none\n")))));
    let stranger = crate::domain::log::key::SigningKey::from_seed(
        super::example::ORIGIN,
        crate::domain::log::key::KeyType::Note,
        &[9; 32],
    )
    .unwrap();
    let stranger = given(&format!("log {}\nquorum none\n", stranger.verifying_key()));
    let checked = verify(&files, &stranger);
    let last: &Checked = checked.last().unwrap();
    assert_eq!((last.check, checked.len()), (Check::Signatures, 2));
    assert!(
        last.outcome
            .as_ref()
            .unwrap_err()
            .what
            .contains("by the policy that was given")
    );
}

#[test]
fn a_bundle_of_many_units_is_checked_as_well() {
    let files = Example {
        units: [3_000, 2_000],
        sizes: [[60, 60], [60, 60]],
        ..Example::default()
    }
    .files();
    assert_eq!(failure(&files), None);
}

#[test]
#[ignore = "make bench-changes: building the bundle takes longer than checking it"]
#[expect(clippy::print_stdout, reason = "the figure")]
fn a_bundle_of_100_000_units_is_checked_in_less_than_ten_seconds() {
    let files = Example {
        units: [60_000, 40_000],
        sizes: [[60, 60], [60, 60]],
        ..Example::default()
    }
    .files();
    // Checking is done by one thread: on a machine that does nothing else this is the time that passes.
    let begun = std::time::Instant::now();
    let before = time_spent(begun);
    assert_eq!(failure(&files), None);
    let taken = time_spent(begun).saturating_sub(before);
    let bytes: usize = files.values().map(Vec::len).sum();
    println!(
        "100,000 units, {bytes} bytes: checked in {} ms of processor time",
        taken.as_millis()
    );
    assert!(taken.as_secs() < 10, "{taken:?}");
}
