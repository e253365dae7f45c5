//! Judged, durable shares a second, against a plain answer of the same service and against pgbench, in turn.

use crate::deployment::Deployment;
use crate::load::{self, Outcome, Pace};
use crate::people;
use crate::plot;
use crate::postgres;
use crate::results::{Bar, Row, median};
use crate::seed::{self, History};
use crate::shots::{self, Shots};
use crate::slow_fsync;
use diesel::connection::SimpleConnection;
use sherlok::domain::instant::{Instant, Zone};
use sherlok::platform::clock::Clock;
use sherlok::store::backend::{AnyConnection, Location};
use std::path::PathBuf;
use std::time::Duration;

/// What is measured how often.
pub(crate) struct Plan {
    pub(crate) people: u32,
    pub(crate) days: u64,
    pub(crate) rounds: usize,
    pub(crate) round: Duration,
}

/// A soak at a steady rate.
pub(crate) struct SlotPlan {
    pub(crate) people: u32,
    pub(crate) days: u64,
    pub(crate) rate: f64,
    pub(crate) time: Duration,
}

/// Figures of one case, a value a round.
#[derive(Default)]
pub(crate) struct Series {
    pub(crate) rate: Vec<f64>,
    p50: Vec<f64>,
    p99: Vec<f64>,
    cpu_service: Vec<f64>,
    cpu_database: Vec<f64>,
}

impl Series {
    fn add(&mut self, outcome: &Outcome, count: f64, cpu: (f64, f64)) {
        self.rate.push(count / outcome.elapsed.as_secs_f64());
        self.p50.push(outcome.quantile_ms(0.5));
        self.p99.push(outcome.quantile_ms(0.99));
        self.cpu_service.push(cpu.0 / count);
        self.cpu_database.push(cpu.1 / count);
    }
}

/// A filled deployment and the requests for it.
pub(crate) struct Scene {
    pub(crate) deployment: Deployment,
    pub(crate) shots: Shots,
    now: Instant,
}

impl Scene {
    pub(crate) fn prepare(name: &str, url: Option<String>, people: u32, days: u64) -> Self {
        let deployment = Deployment::prepare(name, url);
        eprintln!("{name}: filling a database with {people} people and {days} days of shares");
        seed::fill(&deployment, people, History::of_days(days), Clock::System.now());
        let now = Clock::System.now();
        let tokens = people::tokens(&deployment.secrets(), people, now);
        Self {
            deployment,
            shots: Shots::new(tokens, now),
            now,
        }
    }

    /// Takes the results of the last two days away once fewer than `needed` shares are left that would be a first.
    fn make_room(&mut self, needed: u64) {
        if self.shots.left() >= needed {
            return;
        }
        let from = self.now.utc().date_naive() - chrono::Days::new(1);
        let clear = format!(
            "DELETE FROM slot_result WHERE work_date >= '{from}'; DELETE FROM agency_slot_count WHERE work_date >= '{from}'"
        );
        let location = Location::parse(&self.deployment.database_url).unwrap();
        match location.open().unwrap() {
            AnyConnection::Postgres(mut inner) => {
                inner.batch_execute(&clear).unwrap();
                inner.batch_execute("VACUUM ANALYZE slot_result").unwrap();
                inner.batch_execute("VACUUM agency_slot_count").unwrap();
            }
            AnyConnection::Sqlite(mut inner) => inner
                .batch_execute(&format!("BEGIN IMMEDIATE; {clear}; COMMIT"))
                .unwrap(),
        }
        self.shots.restart();
    }

    /// A share of everybody that does not count: a service that has run for a day has met them all, has its caches warm and
    /// its statements prepared.
    fn meet_everybody(&mut self) {
        let people = self.shots.people();
        self.make_room(people as u64);
        let mut strangers = people;
        let outcome = load::run(
            self.deployment.address,
            128,
            Pace::Closed,
            Duration::from_mins(5),
            &mut |into| {
                let is_next = strangers > 0;
                strangers = strangers.saturating_sub(1);
                is_next && self.shots.share(into)
            },
        );
        assert_eq!(
            outcome.statuses.get(&201),
            Some(&(people as u64)),
            "somebody was not met"
        );
        self.deployment.wait_until_idle();
    }

    fn database_cpu(&self) -> f64 {
        if self.deployment.database_url.starts_with("sqlite:") {
            0.0
        } else {
            postgres::cpu_micros_of_all()
        }
    }

    /// One round of shares over 128 connections while four others ask for days without a pause; the days' latencies.
    fn days_beside_shares(&mut self, round: Duration) -> Outcome {
        let address = self.deployment.address;
        let mut days = self.shots.days();
        let outcome = std::thread::scope(|threads| {
            let asking = threads.spawn(move || load::run(address, 4, Pace::Closed, round, &mut days));
            self.shares(128, round, &mut Series::default());
            asking.join().unwrap()
        });
        assert_eq!(
            outcome.answers(),
            outcome.statuses.get(&200).copied().unwrap_or(0),
            "{:?}",
            outcome.statuses
        );
        outcome
    }

    /// One round of shares over so many connections; all must be new and recorded.
    pub(crate) fn shares(&mut self, connections: usize, round: Duration, series: &mut Series) {
        self.make_room(40_000 * round.as_secs().max(1));
        let before = (self.deployment.cpu_micros(), self.database_cpu());
        let outcome = load::run(self.deployment.address, connections, Pace::Closed, round, &mut |into| {
            self.shots.share(into)
        });
        let after = (self.deployment.cpu_micros(), self.database_cpu());
        let created = outcome.statuses.get(&201).copied().unwrap_or(0);
        assert_eq!(
            created,
            outcome.answers(),
            "not every share was recorded: {:?}",
            outcome.statuses
        );
        assert_eq!(outcome.broken, 0, "connections broke");
        series.add(&outcome, created as f64, (after.0 - before.0, after.1 - before.1));
    }
}

/// The table of rates.
#[expect(
    clippy::too_many_lines,
    reason = "one round after another, then one row after another"
)]
pub(crate) fn run(plan: &Plan) -> Vec<Row> {
    let mut on_postgres = Scene::prepare("throughput-postgres", Some(postgres::url()), plan.people, plan.days);
    let mut on_sqlite = Scene::prepare("throughput-sqlite", None, plan.people, plan.days);
    let mut singles = [Series::default(), Series::default()];
    let settings: &[(&str, &str)] = &[];
    on_postgres.deployment.start(settings);
    on_sqlite.deployment.start(settings);
    let at_rest = [on_postgres.deployment.memory_mb().0, on_sqlite.deployment.memory_mb().0];
    let mut answers = Series::default();
    let mut pgbench = Vec::new();
    let mut cases: Vec<(&str, usize, Series)> = Vec::new();
    for database in ["postgres", "sqlite"] {
        for connections in [64, 128, 256] {
            cases.push((database, connections, Series::default()));
        }
    }
    let mut batches = Vec::new();
    let mut days = Series::default();
    let mut days_under_load = Series::default();
    for scene in [&mut on_postgres, &mut on_sqlite] {
        scene.meet_everybody();
    }
    for round in 0..plan.rounds {
        eprintln!("round {} of {}", round + 1, plan.rounds);
        let address = on_postgres.deployment.address;
        let before = on_postgres.deployment.cpu_micros();
        let outcome = load::run(address, 128, Pace::Closed, plan.round, &mut shots::plain);
        let cpu = on_postgres.deployment.cpu_micros() - before;
        answers.add(&outcome, outcome.answers() as f64, (cpu, 0.0));
        pgbench.push(postgres::pgbench(plan.round.as_secs().max(1), plan.people));
        for (database, connections, series) in &mut cases {
            let scene = if *database == "postgres" {
                &mut on_postgres
            } else {
                &mut on_sqlite
            };
            scene.shares(*connections, plan.round, series);
        }
        let before = shares_in_postgres();
        let shots = &mut on_postgres.shots;
        let outcome = load::run(address, 16, Pace::Closed, plan.round, &mut |into| shots.batch(into));
        assert_eq!(
            outcome.answers(),
            outcome.statuses.get(&200).copied().unwrap_or(0),
            "{:?}",
            outcome.statuses
        );
        let recorded = shares_in_postgres() - before;
        assert_eq!(
            recorded,
            outcome.answers() * 200,
            "not every share of a batch was recorded"
        );
        batches.push(recorded as f64 / outcome.elapsed.as_secs_f64());
        let outcome = load::run(address, 64, Pace::Closed, plan.round, &mut |into| shots.day(into));
        assert_eq!(
            outcome.answers(),
            outcome.statuses.get(&200).copied().unwrap_or(0),
            "{:?}",
            outcome.statuses
        );
        days.add(&outcome, outcome.answers() as f64, (0.0, 0.0));
        let outcome = on_postgres.days_beside_shares(plan.round);
        days_under_load.add(&outcome, outcome.answers() as f64, (0.0, 0.0));
    }
    let peaks = [on_postgres.deployment.memory_mb().1, on_sqlite.deployment.memory_mb().1];
    let boards = [board_ms(&on_postgres), board_ms(&on_sqlite)];
    let seals = [seal(&on_postgres), seal(&on_sqlite)];
    // The same code with one transaction a request.
    for (scene, series) in [&mut on_postgres, &mut on_sqlite].into_iter().zip(&mut singles) {
        scene.deployment.stop();
        scene.deployment.start(&[("SHERLOK_GROUP", "1")]);
        scene.meet_everybody();
        for _ in 0..plan.rounds.min(3) {
            scene.shares(128, plan.round, series);
        }
    }
    let slow = slow_fsync::run(&mut on_sqlite, plan.rounds.min(3), plan.round);
    let plain_rate = median(&mut answers.rate);
    let pgbench_rate = median(&mut pgbench);
    let mut rows = vec![
        Row::new("plain.rate", plain_rate, "1/s"),
        Row::new("plain.cpu_us", median(&mut answers.cpu_service), "us"),
        Row::new("pgbench.rate", pgbench_rate, "1/s"),
    ];
    let mut grouped_cpu = [0.0; 2];
    for (database, connections, series) in &mut cases {
        let is_postgres = *database == "postgres";
        let rate = median(&mut series.rate);
        let name = if *connections == 128 {
            format!("{database}.checkin")
        } else {
            format!("{database}.checkin_{connections}")
        };
        rows.push(Row::new(format!("{name}.rate"), rate, "1/s"));
        let mut ratio = Row::new(format!("{name}.ratio_to_plain"), rate / plain_rate, "").ratio_to("plain.rate");
        let mut p99 = Row::new(format!("{name}.p99_ms"), median(&mut series.p99), "ms");
        if *connections == 128 {
            ratio = ratio.bar(Bar::AtLeast(if is_postgres { 0.12 } else { 0.06 }));
            p99 = p99.bar(Bar::AtMost(25.0));
        }
        rows.push(ratio);
        if is_postgres {
            let ratio = Row::new(format!("{name}.ratio_to_pgbench"), rate / pgbench_rate, "").ratio_to("pgbench.rate");
            rows.push(if *connections == 128 {
                ratio.bar(Bar::AtLeast(2.3))
            } else {
                ratio
            });
        }
        rows.push(Row::new(format!("{name}.p50_ms"), median(&mut series.p50), "ms"));
        rows.push(p99);
        let (service, in_database) = (median(&mut series.cpu_service), median(&mut series.cpu_database));
        rows.push(Row::new(format!("{name}.cpu_service_us"), service, "us"));
        rows.push(Row::new(format!("{name}.cpu_database_us"), in_database, "us"));
        if *connections == 128 {
            grouped_cpu[usize::from(!is_postgres)] = service + in_database;
        }
    }
    for (index, (database, series)) in ["postgres", "sqlite"].iter().zip(&mut singles).enumerate() {
        let cpu = median(&mut series.cpu_service) + median(&mut series.cpu_database);
        rows.push(Row::new(
            format!("{database}.single.rate"),
            median(&mut series.rate),
            "1/s",
        ));
        rows.push(Row::new(format!("{database}.single.cpu_us"), cpu, "us"));
        let row = Row::new(
            format!("{database}.checkin.cpu_ratio_to_single"),
            grouped_cpu[index] / cpu,
            "",
        );
        rows.push(row.bar(Bar::AtMost(1.0 / 6.0)));
    }
    rows.extend([
        Row::new("postgres.batch.rows_per_s", median(&mut batches), "1/s").bar(Bar::AtLeast(18_000.0)),
        Row::new("postgres.day_view.rate", median(&mut days.rate), "1/s"),
        Row::new("postgres.day_view.p99_ms", median(&mut days.p99), "ms"),
        Row::new(
            "postgres.day_view_under_load.rate",
            median(&mut days_under_load.rate),
            "1/s",
        ),
        Row::new(
            "postgres.day_view_under_load.p99_ms",
            median(&mut days_under_load.p99),
            "ms",
        ),
        Row::new("postgres.agency_day.p50_ms", boards[0], "ms").bar(Bar::AtMost(50.0)),
        Row::new("sqlite.agency_day.p50_ms", boards[1], "ms").bar(Bar::AtMost(50.0)),
        Row::new("postgres.seal.s", seals[0].0, "s"),
        Row::new("postgres.seal.extra_mb", seals[0].1, "MB"),
        Row::new("sqlite.seal.s", seals[1].0, "s"),
        Row::new("sqlite.seal.extra_mb", seals[1].1, "MB"),
        Row::new("memory.rest_mb", at_rest[0].max(at_rest[1]), "MB"),
        Row::new("memory.postgres_peak_mb", peaks[0], "MB"),
        Row::new("memory.sqlite_peak_mb", peaks[1], "MB"),
        Row::new("memory.peak_mb", peaks[0].max(peaks[1]), "MB").bar(Bar::AtMost(150.0)),
    ]);
    rows.extend(slow);
    rows
}

/// Rows of `check_in`.
fn shares_in_postgres() -> u64 {
    postgres::psql("SELECT count(*) FROM check_in").parse().unwrap()
}

/// Shares on one database by one binary, or by two in turn over the same rows: for finding where the time goes.
pub(crate) fn shares(on_sqlite: bool, connections: usize, plan: &Plan, against: Option<PathBuf>) {
    let url = (!on_sqlite).then(postgres::url);
    let mut scene = Scene::prepare("shares", url, plan.people, plan.days);
    let own = scene.deployment.binary.clone();
    let mut cases: Vec<(PathBuf, Series)> = std::iter::once(own)
        .chain(against)
        .map(|binary| (binary, Series::default()))
        .collect();
    for _ in 0..plan.rounds {
        for (binary, series) in &mut cases {
            scene.deployment.binary.clone_from(binary);
            scene.deployment.start(&[]);
            scene.meet_everybody();
            scene.shares(connections, plan.round, series);
            let (now, peak) = scene.deployment.memory_mb();
            println!("memory {now:.0} MB, at its peak {peak:.0} MB");
            scene.deployment.stop();
        }
    }
    for (binary, series) in &mut cases {
        println!(
            "{}: {:.0}/s, p50 {:.1} ms, p99 {:.1} ms, CPU a share {:.1} us in the service and {:.1} us in the database",
            binary.display(),
            median(&mut series.rate),
            median(&mut series.p50),
            median(&mut series.p99),
            median(&mut series.cpu_service),
            median(&mut series.cpu_database),
        );
    }
}

/// How fast the board of an agency of 10,000 answers, one call after another, below the burst that one credential has.
fn board_ms(scene: &Scene) -> f64 {
    let operator = people::operator_token(&scene.deployment.secrets(), scene.now);
    let mut left = 200;
    let outcome = load::run(
        scene.deployment.address,
        1,
        Pace::Closed,
        Duration::from_mins(1),
        &mut |into| {
            left -= 1;
            left >= 0 && shots::board(&operator, into)
        },
    );
    assert_eq!(
        outcome.answers(),
        outcome.statuses.get(&200).copied().unwrap_or(0),
        "{:?}",
        outcome.statuses
    );
    outcome.quantile_ms(0.5)
}

/// How long it takes to seal the present day of an agency of 10,000 (30,000 rows), in seconds, and by how many MB the
/// service's memory grows at its peak.
fn seal(scene: &Scene) -> (f64, f64) {
    scene.deployment.forget_peak();
    let (before, _) = scene.deployment.memory_mb();
    let operator = people::operator_token(&scene.deployment.secrets(), scene.now);
    let date = Zone::Jakarta.date(scene.now);
    let mut is_sent = false;
    let outcome = load::run(
        scene.deployment.address,
        1,
        Pace::Closed,
        Duration::from_mins(1),
        &mut |into| !std::mem::replace(&mut is_sent, true) && shots::seal(&operator, date, into),
    );
    assert_eq!(outcome.statuses.get(&201), Some(&1), "{:?}", outcome.statuses);
    (outcome.elapsed.as_secs_f64(), scene.deployment.memory_mb().1 - before)
}

/// The nation's slot: so many shares a second for so long, on PostgreSQL.
pub(crate) fn slot(plan: &SlotPlan) -> Vec<Row> {
    let mut scene = Scene::prepare("slot", Some(postgres::url()), plan.people, plan.days);
    scene.deployment.start(&[]);
    let count = |what: &str| {
        postgres::psql(&format!("SELECT count(*) FROM {what}"))
            .parse::<f64>()
            .unwrap()
    };
    let before = count("check_in");
    let shots = &mut scene.shots;
    let outcome = load::run(
        scene.deployment.address,
        256,
        Pace::Open(plan.rate),
        plan.time,
        &mut |into| {
            if shots.left() == 0 {
                shots.restart();
            }
            shots.share(into)
        },
    );
    let acknowledged = outcome.statuses.get(&201).copied().unwrap_or(0) as f64;
    println!(
        "answers by status: {:?}; broken connections: {}",
        outcome.statuses, outcome.broken
    );
    let lost = acknowledged - (count("check_in") - before);
    let picture = plot::latencies(
        "slot.png",
        &format!(
            "A nation's slot: {:.0} shares a second on PostgreSQL, {} lost",
            outcome.rate(&[201]),
            lost
        ),
        &outcome.seconds(),
        100.0,
    );
    println!("drawn: {}", picture.display());
    vec![
        Row::new("slot.seconds", plan.time.as_secs_f64(), "s"),
        Row::new("slot.rate", outcome.rate(&[201]), "1/s"),
        Row::new("slot.p50_ms", outcome.quantile_ms(0.5), "ms"),
        Row::new("slot.p99_ms", outcome.quantile_ms(0.99), "ms").bar(Bar::AtMost(100.0)),
        Row::new("slot.lost", lost, "").bar(Bar::AtMost(0.0)),
    ]
}
