//! Whether what is asked most stays as quick when the store grows: a share sent again, and a person's day.
//!
//! Each size has a database of its own, all served side by side; they are measured in turn, round by round.

use crate::deployment::{Deployment, exchange};
use crate::load::{self, Outcome, Pace};
use crate::people;
use crate::postgres;
use crate::results::{Bar, Row, median};
use crate::seed::{self, History};
use crate::shots::Shots;
use sherlok::platform::clock::Clock;
use std::time::Duration;

/// What is measured how often.
pub(crate) struct Plan {
    pub(crate) people: u32,
    /// Shares in the databases on PostgreSQL, the smallest first.
    pub(crate) postgres_rows: Vec<u64>,
    /// The same on SQLite.
    pub(crate) sqlite_rows: Vec<u64>,
    /// Shares that are made through the service, to be sent again.
    pub(crate) repeated: usize,
    pub(crate) rounds: usize,
    pub(crate) round: Duration,
}

/// How often a size may be slower than the smallest.
const MOST: f64 = 1.5;

/// One size of one database.
struct Size {
    rows: u64,
    database: Option<String>,
    deployment: Deployment,
    shots: Option<Shots>,
    /// Requests that were answered once, whole.
    known: Vec<Vec<u8>>,
    turn: usize,
    duplicates: Series,
    days: Series,
}

/// Figures of one kind of call, a value a round.
#[derive(Default)]
struct Series {
    p50: Vec<f64>,
    p99: Vec<f64>,
    rate: Vec<f64>,
}

impl Size {
    fn prepare(plan: &Plan, rows: u64, is_postgres: bool) -> Self {
        let kind = if is_postgres { "postgres" } else { "sqlite" };
        let database = is_postgres.then(|| format!("growth_{rows}"));
        let url = database.as_deref().map(postgres::create_database);
        let deployment = Deployment::prepare(&format!("growth-{kind}-{rows}"), url);
        eprintln!(
            "{kind}: filling a database with {} people and {rows} shares",
            plan.people
        );
        seed::fill(
            &deployment,
            plan.people,
            History::of_rows(rows, plan.people),
            Clock::System.now(),
        );
        Self {
            rows,
            database,
            deployment,
            shots: None,
            known: Vec::new(),
            turn: 0,
            duplicates: Series::default(),
            days: Series::default(),
        }
    }

    /// Starts the service, makes the shares that are to be sent again, and checks that sending them again says the same.
    fn start(&mut self, plan: &Plan) {
        let now = Clock::System.now();
        let mut shots = Shots::new(people::tokens(&self.deployment.secrets(), plan.people, now), now);
        self.deployment.start(&[]);
        let known = &mut self.known;
        let outcome = load::run(
            self.deployment.address,
            64,
            Pace::Closed,
            Duration::from_mins(5),
            &mut |into| {
                let is_more = known.len() < plan.repeated && shots.share(into);
                if is_more {
                    known.push(into.clone());
                }
                is_more
            },
        );
        demand_all(&outcome, 201);
        for _ in 0..20 {
            let mut request = Vec::new();
            assert!(shots.share(&mut request), "no slot is left to share in");
            let text = String::from_utf8(request).unwrap();
            let request = text.replacen("Host: sherlok\r\n", "Host: sherlok\r\nConnection: close\r\n", 1);
            let ask = || exchange(self.deployment.address, request.as_bytes()).unwrap();
            let (first, again) = (ask(), ask());
            assert!(
                first.starts_with("HTTP/1.1 201") && again.starts_with("HTTP/1.1 200"),
                "{first}\n{again}"
            );
            let body = |answer: &str| answer.split_once("\r\n\r\n").unwrap().1.to_owned();
            assert_eq!(body(&first), body(&again));
        }
        self.shots = Some(shots);
    }

    fn duplicates(&mut self, connections: usize, time: Duration) -> Outcome {
        let (known, turn) = (&self.known, &mut self.turn);
        let outcome = load::run(self.deployment.address, connections, Pace::Closed, time, &mut |into| {
            *turn += 1;
            into.extend_from_slice(&known[*turn * 1_009 % known.len()]);
            true
        });
        demand_all(&outcome, 200);
        outcome
    }

    fn days(&mut self, connections: usize, time: Duration) -> Outcome {
        let shots = self.shots.as_mut().expect("it was started");
        let outcome = load::run(self.deployment.address, connections, Pace::Closed, time, &mut |into| {
            shots.day(into)
        });
        demand_all(&outcome, 200);
        outcome
    }

    /// One round: latency with one connection, rate with sixteen.
    fn round(&mut self, time: Duration) {
        let (one, many) = (self.duplicates(1, time), self.duplicates(16, time));
        self.duplicates.add(&one, &many);
        let (one, many) = (self.days(1, time), self.days(16, time));
        self.days.add(&one, &many);
    }
}

impl Drop for Size {
    fn drop(&mut self) {
        self.deployment.stop();
        if let Some(database) = &self.database {
            postgres::drop_database(database);
        }
        let _ = std::fs::remove_dir_all(&self.deployment.directory);
    }
}

impl Series {
    fn add(&mut self, one: &Outcome, many: &Outcome) {
        self.p50.push(one.quantile_ms(0.5));
        self.p99.push(one.quantile_ms(0.99));
        self.rate.push(many.rate(&[200]));
    }
}

/// The table of sizes.
pub(crate) fn run(plan: &Plan) -> Vec<Row> {
    let mut all: Vec<Vec<Size>> = [(&plan.postgres_rows, true), (&plan.sqlite_rows, false)]
        .into_iter()
        .map(|(sizes, is_postgres)| {
            sizes
                .iter()
                .map(|rows| Size::prepare(plan, *rows, is_postgres))
                .collect()
        })
        .collect();
    for size in all.iter_mut().flatten() {
        size.start(plan);
        // Warm caches and prepared statements; nothing of it counts.
        size.duplicates(16, plan.round);
        size.days(16, plan.round);
    }
    for round in 0..plan.rounds {
        eprintln!("round {} of {}", round + 1, plan.rounds);
        for size in all.iter_mut().flatten() {
            size.round(plan.round);
        }
    }
    let mut rows = Vec::new();
    for (sizes, prefix) in all.iter_mut().zip(["growth", "sqlite.growth"]) {
        for (kind, series) in [
            (
                "duplicate_check",
                (|size| &mut size.duplicates) as fn(&mut Size) -> &mut Series,
            ),
            ("day_view", |size| &mut size.days),
        ] {
            let name = format!("{prefix}.{kind}");
            let mut middles = Vec::new();
            for size in sizes.iter_mut() {
                let at = format!("{name}.{}", size.rows);
                let figures = series(size);
                let middle = median(&mut figures.p50);
                middles.push(middle);
                rows.push(Row::new(format!("{at}.p50_ms"), middle, "ms"));
                rows.push(Row::new(format!("{at}.p99_ms"), median(&mut figures.p99), "ms"));
                rows.push(Row::new(format!("{at}.rate"), median(&mut figures.rate), "1/s"));
            }
            if let [first, .., last] = middles.as_slice() {
                rows.push(Row::new(name, last / first, "").bar(Bar::AtMost(MOST)));
            }
        }
    }
    rows
}

fn demand_all(outcome: &Outcome, status: u16) {
    assert_eq!(
        outcome.answers(),
        outcome.statuses.get(&status).copied().unwrap_or(0),
        "{:?}",
        outcome.statuses
    );
    assert_eq!(outcome.broken, 0, "connections broke");
}
