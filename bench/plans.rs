//! How PostgreSQL carries out what the service asks most, at a nation's size: `EXPLAIN (ANALYZE, BUFFERS)` of the
//! statements of each call, as Markdown for `bench/README.md`.
//!
//! The statements are not written down here a second time: the cluster's `auto_explain` logs what the service really
//! sends, with the plan that its prepared statements really have by then.

use crate::deployment::{Deployment, exchange};
use crate::load::{self, Pace};
use crate::people;
use crate::postgres;
use crate::seed::{self, History};
use crate::shots::{self, Shots};
use sherlok::platform::clock::Clock;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::time::Duration;

const DATABASE: &str = "plans";
/// Enough for PostgreSQL to settle on the plan of a prepared statement on each connection.
const WARM: usize = 64;
/// Characters of a statement that are printed; lists of columns go on for long.
const STATEMENT: usize = 600;

/// Fills a database with `rows` shares and prints the plans.
pub(crate) fn run(people: u32, rows: u64) {
    let url = postgres::create_database(DATABASE);
    let mut deployment = Deployment::prepare("plans", Some(url.clone()));
    eprintln!("filling a database with {people} people and {rows} shares");
    seed::fill(&deployment, people, History::of_rows(rows, people), Clock::System.now());
    for setting in [
        "session_preload_libraries = 'auto_explain'",
        "auto_explain.log_min_duration = 0",
        "auto_explain.log_analyze = on",
        "auto_explain.log_buffers = on",
    ] {
        postgres::as_superuser(&format!("ALTER DATABASE {DATABASE} SET {setting}"));
    }
    deployment.start(&[("SHERLOK_CONNECTIONS", "1")]);
    let now = Clock::System.now();
    let mut shots = Shots::new(people::tokens(&deployment.secrets(), people, now), now);
    let operator = people::operator_token(&deployment.secrets(), now);
    println!(
        "Plans at {} shares of {people} people.",
        postgres::psql_at(&url, "SELECT count(*) FROM check_in")
    );
    let mut share = Vec::new();
    shots.share(&mut share);
    show(&deployment, "A new share", &mut |into| shots.share(into));
    let _ = ask(&deployment, &share);
    // An id made a moment ago is not looked up at once.
    std::thread::sleep(Duration::from_secs(11));
    show(&deployment, "The same share again", &mut |into| {
        into.extend_from_slice(&share);
        true
    });
    show(&deployment, "A person's day", &mut |into| shots.day(into));
    show(&deployment, "The board of an agency", &mut |into| {
        shots::board(&operator, into)
    });
    deployment.stop();
    postgres::drop_database(DATABASE);
}

/// Asks until the statements are prepared, then once more, and prints what that took.
fn show(deployment: &Deployment, title: &str, next: &mut dyn FnMut(&mut Vec<u8>) -> bool) {
    let mut left = WARM;
    let outcome = load::run(
        deployment.address,
        1,
        Pace::Closed,
        Duration::from_mins(2),
        &mut |into| {
            left = left.saturating_sub(1);
            left > 0 && next(into)
        },
    );
    assert!(
        outcome.statuses.keys().all(|status| (200..300).contains(status)),
        "{:?}",
        outcome.statuses
    );
    let mut log = File::open(postgres::log_path()).unwrap();
    log.seek(SeekFrom::End(0)).unwrap();
    let mut request = Vec::new();
    assert!(next(&mut request), "there is a request left");
    ask(deployment, &request);
    // The server writes its log before it answers, but through the kernel's buffers of another process.
    std::thread::sleep(Duration::from_millis(300));
    let mut text = Vec::new();
    log.read_to_end(&mut text).unwrap();
    println!("\n### {title}\n");
    for plan in plans(&String::from_utf8_lossy(&text)) {
        println!("```\n{plan}\n```\n");
    }
}

fn ask(deployment: &Deployment, request: &[u8]) -> String {
    let text = String::from_utf8_lossy(request);
    let text = text.replacen("Host: sherlok\r\n", "Host: sherlok\r\nConnection: close\r\n", 1);
    let answer = exchange(deployment.address, text.as_bytes()).unwrap();
    assert!(answer.starts_with("HTTP/1.1 20"), "{answer}");
    answer
}

/// The plans in a piece of the log, each with its statement in front.
fn plans(log: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut is_inside = false;
    for line in log.lines() {
        if let Some(rest) = line.strip_prefix('\t') {
            if let Some(plan) = found.last_mut().filter(|_| is_inside) {
                plan.push('\n');
                match rest.strip_prefix("Query Text: ") {
                    Some(statement) => plan.extend(statement.chars().take(STATEMENT)),
                    None => plan.push_str(rest),
                }
            }
            continue;
        }
        is_inside = line.ends_with("plan:");
        if is_inside {
            let duration = line.split_once("duration: ").map_or("", |(_, rest)| rest);
            found.push(duration.trim_end_matches("plan:").trim().to_owned());
        }
    }
    found
}
