//! Every other value of every byte of a bundle is detected: a random sample in the test command, all with
//! `make bench-changes`.

use super::example::{Example, audit};
use super::lines::bundle_document;
use super::verify::{Check, Trust, is_sound, verify};
use super::{BUNDLE_JSON, Files, NAMES};
use crate::domain::audit::seed::SeedKind;
use crate::domain::fuzz::Random;
use std::thread;
use std::time::Instant;

/// Changes one byte and says whether the bundle passes for sound nevertheless; the files are left as they were.
fn passes_with(files: &mut Files, name: &str, place: usize, change: u8) -> bool {
    files.get_mut(name).unwrap()[place] ^= change;
    let passes = is_sound(&verify(files, &Trust::FirstSight));
    files.get_mut(name).unwrap()[place] ^= change;
    passes
}

/// A random byte of a random file, and what is done to it.
fn any_change(files: &Files, random: &mut Random) -> (&'static str, usize, u8) {
    let whole: usize = files.values().map(Vec::len).sum();
    let mut place = random.up_to(whole - 1);
    let change = u8::try_from(random.up_to(254)).unwrap() + 1;
    for name in NAMES {
        if place < files[name].len() {
            return (name, place, change);
        }
        place -= files[name].len();
    }
    panic!("the place lies in one of the files");
}

#[test]
fn a_random_change_of_a_random_byte_is_detected() {
    for (example, start) in [
        (Example::default(), 1),
        (Example::watched(), 2),
        (Example::targeted(), 4),
    ] {
        let mut files = example.files();
        let mut random = Random(start);
        for _ in 0..2_000 {
            let (name, place, change) = any_change(&files, &mut random);
            assert!(
                !passes_with(&mut files, name, place, change),
                "{name}, byte {place} changed by {change}"
            );
        }
        assert!(is_sound(&verify(&files, &Trust::FirstSight)), "left as it was");
    }
}

#[test]
fn a_random_change_is_detected_also_where_the_list_of_files_is_written_anew() {
    for (example, start) in [(Example::watched(), 3), (Example::targeted(), 5)] {
        let sound = Example {
            kind: SeedKind::Dice,
            ..example
        }
        .files();
        let mut random = Random(start);
        for _ in 0..500 {
            let (name, place, change) = any_change(&sound, &mut random);
            if name == BUNDLE_JSON {
                continue;
            }
            let mut files = sound.clone();
            files.get_mut(name).unwrap()[place] ^= change;
            files.remove(BUNDLE_JSON);
            let document = bundle_document(audit(), &files).unwrap();
            files.insert(BUNDLE_JSON.to_owned(), document);
            let checked = verify(&files, &Trust::FirstSight);
            let found = checked.last().unwrap();
            assert!(
                found.outcome.is_err() && found.check != Check::Files,
                "{name}, byte {place} changed by {change}: {found:?}"
            );
        }
    }
}

#[test]
#[ignore = "millions of verifications: make bench-changes"]
#[expect(clippy::print_stdout, reason = "progress and figure of a long run")]
fn every_change_of_every_byte_is_detected() {
    let sound = Example::watched().files();
    let whole: usize = sound.values().map(Vec::len).sum();
    assert!((16_384..=65_536).contains(&whole), "{whole} bytes");
    let begun = Instant::now();
    let workers = thread::available_parallelism().map_or(1, usize::from);
    for name in NAMES {
        let length = sound[name].len();
        thread::scope(|scope| {
            for worker in 0..workers {
                let mut files = sound.clone();
                scope.spawn(move || {
                    for place in (worker..length).step_by(workers) {
                        for change in 1..=u8::MAX {
                            assert!(
                                !passes_with(&mut files, name, place, change),
                                "{name}, byte {place} changed by {change}"
                            );
                        }
                    }
                });
            }
        });
        println!("{name}: {length} bytes, {} changes, all detected", length * 255);
    }
    println!(
        "{} changes of {whole} bytes, all detected, in {} s by {workers} threads",
        whole * 255,
        begun.elapsed().as_secs()
    );
}
