//! A network that delays, cuts and repeats: in the end the service holds what the phones believe.

use super::phone::Crew;
use super::{Dice, conclude, count, counted, dice, is_on_postgres, none};
use crate::harness::process::Service;
use crate::harness::proxy::Proxy;
use std::sync::atomic::Ordering;

/// Cuts and repeats of the network in the test command.
const FAULTS: usize = 300;

#[test]
fn a_bad_network_loses_and_doubles_nothing() {
    let mut dice = dice("network");
    let mut service = Service::prepare().with("RUST_LOG", "error");
    let crew = Crew::hire(&service, 8, &mut dice);
    service.start();
    let proxy = Proxy::before(service.port(), Dice::new(dice.roll()));
    let crew = crew.behind(&proxy.base_url());
    let wanted = count("CRASH_NETWORK", FAULTS);
    let faults = &proxy.faults;
    // So many in all, and enough of each kind.
    let is_enough = || {
        let kinds = [
            &faults.delays,
            &faults.lost_requests,
            &faults.lost_answers,
            &faults.repeats,
        ];
        faults.trials() >= wanted && kinds.iter().all(|kind| kind.load(Ordering::SeqCst) > wanted / 50)
    };
    crew.work(|| {
        while !is_enough() {
            // A network that does nothing more is told from one that takes its time.
            let seen = faults.trials();
            crew.wait_until(|| is_enough() || faults.trials() > seen + 50);
        }
    });
    let trials = faults.trials();
    println!("{faults:?}, {} shares acknowledged", crew.acknowledged());
    // Repeats that are still under way arrive before the rows are counted.
    std::thread::sleep(std::time::Duration::from_millis(500));
    let crew = crew.straight_to(&service);
    let verdict = crew.settle(&service.location());
    println!("{trials} faults: {verdict:?}");
    // The rows of the short names are SQLite's.
    let name = if is_on_postgres() {
        "network.postgres"
    } else {
        "network"
    };
    conclude(&[
        counted(format!("{name}.trials"), trials),
        none(format!("{name}.lost"), verdict.lost),
        none(format!("{name}.doubled"), verdict.doubled),
    ]);
}
