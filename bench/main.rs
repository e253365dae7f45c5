//! Measures the real binary on this machine: `sherlok-bench COMMAND`, as `make bench` calls it.
//!
//! The load, the service and the database share the machine's cores; only ratios within one run mean something.
#![expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a benchmark fails by panicking, and counts in floating point"
)]

mod against_wrk;
mod deployment;
mod growth;
mod load;
mod people;
mod plans;
mod plot;
mod postgres;
mod reads;
mod results;
mod seed;
mod shots;
mod slow_fsync;
mod throughput;

use std::time::Duration;

/// `--name value` of the command line.
fn text(name: &str) -> Option<String> {
    let mut arguments = std::env::args().skip_while(|argument| argument != name);
    arguments.nth(1)
}

/// A number of the command line, or what is usual.
fn option(name: &str, usual: f64) -> f64 {
    text(name).map_or(usual, |text| {
        text.parse().unwrap_or_else(|_| panic!("{name} needs a number"))
    })
}

fn seconds(name: &str, usual: f64) -> Duration {
    Duration::from_secs_f64(option(name, usual))
}

/// A number of rows, or the part of it that `--part` names: 0.01 fills a hundredth.
fn part(rows: f64) -> u64 {
    (rows * option("--part", 1.0)) as u64
}

fn main() {
    let command = std::env::args().nth(1).unwrap_or_default();
    let rows = match command.as_str() {
        "throughput" => throughput::run(&throughput::Plan {
            people: option("--people", 100_000.0) as u32,
            days: option("--days", 10.0) as u64,
            rounds: option("--rounds", 5.0) as usize,
            round: seconds("--seconds", 2.0),
        }),
        "shares" => {
            throughput::shares(
                text("--database").as_deref() == Some("sqlite"),
                option("--connections", 128.0) as usize,
                &throughput::Plan {
                    people: option("--people", 100_000.0) as u32,
                    days: option("--days", 2.0) as u64,
                    rounds: option("--rounds", 5.0) as usize,
                    round: seconds("--seconds", 5.0),
                },
                text("--against").map(std::path::PathBuf::from),
            );
            return;
        }
        "slot" => throughput::slot(&throughput::SlotPlan {
            people: option("--people", 100_000.0) as u32,
            days: option("--days", 10.0) as u64,
            rate: option("--rate", 5_222.0),
            time: seconds("--seconds", 900.0),
        }),
        "reads" => {
            let binary = deployment::binary();
            let mut rows = reads::export(&postgres::url(), &binary, option("--rows", 1_000_000.0) as u32);
            rows.extend(reads::draw(&binary, option("--units", 10_000_000.0) as u32));
            rows
        }
        "growth" => growth::run(&growth::Plan {
            people: option("--people", 100_000.0) as u32,
            postgres_rows: [10_000.0, 1_000_000.0, 10_000_000.0].map(part).to_vec(),
            sqlite_rows: [10_000.0, 1_000_000.0, 5_000_000.0].map(part).to_vec(),
            repeated: option("--repeated", 5_000.0) as usize,
            rounds: option("--rounds", 7.0) as usize,
            round: seconds("--seconds", 2.0),
        }),
        "plans" => {
            plans::run(option("--people", 100_000.0) as u32, part(14_000_000.0));
            return;
        }
        "load" => against_wrk::run(option("--rounds", 7.0) as usize, seconds("--seconds", 3.0)),
        other => {
            eprintln!("unknown command {other:?}: throughput, shares, slot, reads, growth, plans, load");
            std::process::exit(2);
        }
    };
    print!("{}", results::table(&rows));
    println!("written to {}", results::write("throughput", &rows).display());
}
