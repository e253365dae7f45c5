//! A test of the crash tests: a service that is wrong on purpose is caught, soon.

use super::kill::kill_until;
use super::phone::Crew;
use super::power::{Bench, Disk, recorded};
use super::recording;
use super::results::Bar;
use super::{conclude, counted, dice, is_on_postgres};
use crate::harness::process::Service;

/// Trials in which a fault must be found.
const TRIALS: usize = 50;

#[test]
fn a_service_that_answers_before_the_commit_is_caught_by_killing_it() {
    if is_on_postgres() {
        println!("not run beside PostgreSQL: it commits what it was told to, whether or not the service still lives");
        return;
    }
    if !recording::is_possible() {
        println!("not run: strace can't slow a disk down here");
        return;
    }
    let mut dice = dice("early answer");
    let mut service = Service::prepare()
        .with("RUST_LOG", "error")
        .with("SHERLOK_SABOTAGE", "early_answer");
    let crew = Crew::hire(&service, 10, &mut dice);
    let trials = kill_until(&mut service, &crew, TRIALS, &mut dice, || crew.lost() > 0);
    println!("answering early is caught after {trials} kills");
    assert!(crew.lost() > 0, "not caught in {trials} kills");
    conclude(&[counted("sabotage.early_answer.trials_until_caught", trials).bar(Bar::AtMost(50.0))]);
}

#[test]
fn a_database_that_does_not_sync_is_caught_when_the_power_fails() {
    if is_on_postgres() {
        println!("not run beside PostgreSQL: the fault is one of SQLite's settings");
        return;
    }
    let mut dice = dice("synchronous off");
    let recording = recorded(Some("synchronous_off"), 200, &mut dice);
    let bench = Bench::new(&recording);
    let mut is_caught = || {
        let point = dice.below(recording.events.len());
        let mut disk = Disk::new(&recording);
        recording.events[..point].iter().for_each(|event| disk.apply(event));
        bench.open(&disk, &mut dice).is_some()
    };
    let trials = (1..=TRIALS).find(|_| is_caught());
    println!("a database without syncs is caught after {trials:?} crash states");
    let trials = trials.expect("not caught");
    conclude(&[counted("sabotage.synchronous_off.trials_until_caught", trials).bar(Bar::AtMost(50.0))]);
}
