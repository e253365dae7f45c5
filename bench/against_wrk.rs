//! What the load generator itself costs: the plain answer asked for by wrk and by ours, in turn.

use crate::deployment::{Deployment, cpu_micros};
use crate::load::{self, Pace};
use crate::results::{Row, median};
use crate::shots;
use std::process::Command;
use std::time::Duration;

const CONNECTIONS: usize = 128;

/// The table of both.
pub(crate) fn run(rounds: usize, round: Duration) -> Vec<Row> {
    let mut deployment = Deployment::prepare("load", None);
    deployment.start(&[]);
    let seconds = round.as_secs().max(1);
    let (mut ours, mut wrks) = (Vec::new(), Vec::new());
    let (mut our_cpu, mut wrk_cpu) = (Vec::new(), Vec::new());
    for number in 0..=rounds {
        let before = cpu_micros(std::process::id(), false);
        let outcome = load::run(
            deployment.address,
            CONNECTIONS,
            Pace::Closed,
            Duration::from_secs(seconds),
            &mut shots::plain,
        );
        let used = cpu_micros(std::process::id(), false) - before;
        assert_eq!(
            outcome.answers(),
            outcome.statuses.get(&200).copied().unwrap_or(0),
            "{:?}",
            outcome.statuses
        );
        // With the children that have ended, less our own time.
        let of_children = || cpu_micros(std::process::id(), true) - cpu_micros(std::process::id(), false);
        let before = of_children();
        let (rate, answers) = wrk(&deployment, seconds);
        let used_by_wrk = of_children() - before;
        // The first round warms both up.
        if number > 0 {
            ours.push(outcome.rate(&[200]));
            our_cpu.push(used / outcome.answers() as f64);
            wrks.push(rate);
            wrk_cpu.push(used_by_wrk / answers);
        }
    }
    let (rate, rate_of_wrk) = (median(&mut ours), median(&mut wrks));
    vec![
        Row::new("load.wrk_rate", rate_of_wrk, "1/s"),
        Row::new("load.rate", rate, "1/s"),
        Row::new("load.ratio_to_wrk", rate / rate_of_wrk, "").ratio_to("load.wrk_rate"),
        Row::new("load.cpu_us", median(&mut our_cpu), "us"),
        Row::new("load.wrk_cpu_us", median(&mut wrk_cpu), "us"),
    ]
}

/// Answers a second and answers in all, by wrk on one thread, as ours has one.
fn wrk(deployment: &Deployment, seconds: u64) -> (f64, f64) {
    let output = Command::new("wrk")
        .args(["-t1", &format!("-c{CONNECTIONS}"), &format!("-d{seconds}s")])
        .arg(format!("http://{}/livez", deployment.address))
        .output()
        .expect("make bench-load installs wrk");
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(!text.contains("Non-2xx"), "{text}");
    let rate = text
        .lines()
        .find_map(|line| line.trim().strip_prefix("Requests/sec:")?.trim().parse().ok());
    let answers = text
        .lines()
        .find_map(|line| line.trim().split_once(" requests in ")?.0.parse().ok());
    rate.zip(answers).unwrap_or_else(|| panic!("{text}"))
}
