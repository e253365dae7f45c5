//! The real binary is killed under load at random moments, its start among them, and asked afterwards.

use super::phone::Crew;
use super::recording;
use super::{Dice, conclude, count, counted, database_name, dice, is_on_postgres, none};
use crate::harness::process::Service;
use std::ffi::OsString;

/// Kills that the test command makes for each database.
const KILLS: usize = 100;
const PHONES: usize = 10;
/// Milliseconds between readiness, or the start of the process, and the kill, at most.
const WORK: u64 = 200;
const STARTING: u64 = 80;

#[test]
fn nothing_acknowledged_is_lost_or_doubled_when_the_service_is_killed() {
    let mut dice = dice("kill -9");
    let mut service = Service::prepare().with("RUST_LOG", "error");
    let crew = Crew::hire(&service, PHONES, &mut dice);
    let wanted = count("CRASH_KILLS", KILLS);
    let mut kills = kill_until(&mut service, &crew, wanted, &mut dice, || false);
    // On a busy machine little is acknowledged between two kills; then there are more of them.
    while crew.acknowledged() <= wanted * 10 && kills < wanted * 4 {
        kills += kill_until(&mut service, &crew, 10, &mut dice, || false);
    }
    service.start();
    let verdict = crew.settle(&service.location());
    println!("{kills} kills: {verdict:?}");
    assert!(verdict.acknowledged > wanted * 10, "too little happened: {verdict:?}");
    let name = database_name();
    conclude(&[
        counted(format!("{name}.kill9.kills"), kills),
        counted(format!("{name}.kill9.acknowledged"), verdict.acknowledged),
        none(format!("{name}.kill9.lost"), verdict.lost),
        none(format!("{name}.kill9.doubled"), verdict.doubled),
    ]);
}

/// Runs a program so that each write and each sync of a file takes 1 ms longer.
fn slow_disk() -> Vec<OsString> {
    let words = "strace -D -f --seccomp-bpf -qq -o /dev/null -e trace=pwrite64,fsync,fdatasync \
                 -e inject=pwrite64,fsync,fdatasync:delay_enter=1000";
    words.split_whitespace().map(OsString::from).collect()
}

/// Starts and kills the service under load, at most `most` times, until something is seen; gives how often.
pub(super) fn kill_until(
    service: &mut Service,
    crew: &Crew,
    most: usize,
    dice: &mut Dice,
    is_seen: impl Fn() -> bool,
) -> usize {
    let may_slow = !is_on_postgres() && recording::is_possible();
    if !may_slow {
        println!("no disk is slowed down: PostgreSQL's is its own, and elsewhere it takes strace and leave to use it");
    }
    crew.work(|| {
        for kill in 1..=most {
            // On a slow disk a commit takes long, and so does the moment after an answer that came too early.
            service.run_by(if may_slow && dice.one_in(2) {
                slow_disk()
            } else {
                Vec::new()
            });
            service.spawn();
            if dice.one_in(4) {
                // While it starts, recovery of the database included.
                dice.wait(STARTING);
            } else {
                service.await_ready();
                dice.wait(WORK);
                if dice.one_in(2) {
                    // Right after an answer, when one that came too early is not committed yet.
                    crew.wait_for_an_answer();
                }
            }
            service.kill();
            if is_seen() {
                return kill;
            }
        }
        most
    })
}
