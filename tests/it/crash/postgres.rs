//! PostgreSQL goes away under load, in every way that it can: the service says 503, and works again by itself when
//! PostgreSQL does. On a cluster of its own, so that no other test is disturbed.

use super::disk::trouble_is_over;
use super::phone::Crew;
use super::small_disk::{SmallDisk, fill};
use super::{conclude, count, counted, dice, is_on_postgres, none};
use crate::harness::database::Database;
use crate::harness::process::Service;
use diesel::connection::SimpleConnection;
use sherlok::store::backend::Location;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// Outages in the test command.
const OUTAGES: usize = 6;

struct Cluster {
    directory: String,
    port: String,
}

impl Cluster {
    fn make() -> Self {
        Self::of(&tool(&["make"]))
    }

    /// A cluster whose files lie in a directory.
    fn make_in(directory: &Path) -> Self {
        let mut command = tool_command(&["make"]);
        Self::of(&output(command.env("POSTGRES_DIRECTORY", directory)))
    }

    fn of(made: &str) -> Self {
        let (directory, port) = made.trim().split_once(' ').unwrap();
        Self {
            directory: directory.to_owned(),
            port: port.to_owned(),
        }
    }

    fn url(&self) -> String {
        format!("postgres://sherlok@127.0.0.1:{}/sherlok", self.port)
    }

    fn stop(&self, mode: &str) {
        tool(&["stop", &self.directory, mode]);
    }

    fn start(&self) {
        tool(&["start", &self.directory]);
    }

    fn log(&self) -> String {
        std::fs::read_to_string(Path::new(&self.directory).join("log")).unwrap()
    }

    /// Runs statements as the superuser.
    fn execute(&self, statements: &str) {
        let url = format!("postgres://owner@127.0.0.1:{}/postgres", self.port);
        let mut connection = Location::parse(&url).unwrap().open().unwrap();
        connection.batch_execute(statements).unwrap();
    }

    fn cut_connections(&self) {
        self.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'sherlok'");
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        tool(&["remove", &self.directory]);
    }
}

fn tool_command(arguments: &[&str]) -> Command {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tools/postgres-cluster.sh");
    let mut command = Command::new(script);
    command.args(arguments).stdin(Stdio::null()).stderr(Stdio::inherit());
    command
}

fn output(command: &mut Command) -> String {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?} failed");
    String::from_utf8(output.stdout).unwrap()
}

fn tool(arguments: &[&str]) -> String {
    output(&mut tool_command(arguments))
}

fn is_skipped() -> bool {
    if !is_on_postgres() {
        println!("not run beside SQLite: it is about a PostgreSQL that stops");
    }
    !is_on_postgres()
}

#[test]
fn postgres_may_stop_restart_and_cut_connections_under_load() {
    if is_skipped() {
        return;
    }
    let mut dice = dice("PostgreSQL's outages");
    let cluster = Cluster::make();
    let mut service = Service::on(Database::whole(cluster.url())).with("RUST_LOG", "error");
    let crew = Crew::hire(&service, 10, &mut dice);
    service.start();
    let process = service.process_id();
    let outages = count("CRASH_RESTARTS", OUTAGES);
    let is_over = AtomicBool::new(false);
    crew.work(|| {
        std::thread::scope(|scope| {
            // Someone who reads all the while: told 503 or answered, never that the service made a mistake.
            let reading = scope.spawn(|| {
                let mut statuses = std::collections::BTreeMap::new();
                while !is_over.load(Ordering::SeqCst) {
                    let answer = crew.reader().get("/v1/me/check-ins?limit=5");
                    *statuses.entry(answer.status).or_insert(0) += 1;
                    assert!(
                        [200, 503].contains(&answer.status),
                        "{}: {}",
                        answer.status,
                        answer.text()
                    );
                    std::thread::sleep(Duration::from_millis(20));
                }
                statuses
            });
            for outage in 0..outages {
                dice.wait(400);
                let refused = crew.refused();
                match outage % 3 {
                    0 | 1 => {
                        cluster.stop(if outage % 3 == 0 { "immediate" } else { "fast" });
                        crew.wait_until(|| crew.refused() > refused + 10);
                        service.client().get("/readyz").problem(503, "busy");
                        service.client().get("/livez").expect(200);
                        cluster.start();
                    }
                    _ => {
                        for _ in 0..5 {
                            cluster.cut_connections();
                            dice.wait(60);
                        }
                    }
                }
                // It works again without being started again.
                let goal = crew.acknowledged() + 50;
                crew.wait_until(|| crew.acknowledged() >= goal);
                service.await_ready();
            }
            is_over.store(true, Ordering::SeqCst);
            println!("reading was answered {:?}", reading.join().unwrap());
        });
    });
    assert!(service.is_running() && service.process_id() == process);
    assert_eq!(
        crew.cut.load(Ordering::SeqCst),
        0,
        "the service left calls without an answer"
    );
    let verdict = crew.settle(&service.location());
    println!("{outages} outages, {} calls refused: {verdict:?}", crew.refused());
    conclude(&[
        counted("postgres.restart.trials", outages),
        none("postgres.restart.lost", verdict.lost),
        none("postgres.restart.doubled", verdict.doubled),
    ]);
}

#[test]
fn a_read_only_postgres_is_told_and_nothing_is_acknowledged() {
    if is_skipped() {
        return;
    }
    let mut dice = dice("read-only PostgreSQL");
    let cluster = Cluster::make();
    let mut service = Service::on(Database::whole(cluster.url()));
    let crew = Crew::hire(&service, 4, &mut dice);
    service.start();
    crew.work_until_acknowledged(50);
    // As after a switch-over, when the service still talks to the one that now follows.
    cluster.execute("ALTER ROLE sherlok SET default_transaction_read_only = on");
    cluster.cut_connections();
    crew.work(|| {
        let (acknowledged, refused) = (crew.acknowledged(), crew.refused());
        crew.wait_until(|| crew.refused() > refused + 50);
        assert_eq!(crew.acknowledged(), acknowledged, "acknowledged what can't be written");
        service.client().get("/readyz").problem(503, "busy");
        service.client().get("/livez").expect(200);
        assert!(service.log().contains("read-only transaction"), "{}", service.log());
        cluster.execute("ALTER ROLE sherlok RESET default_transaction_read_only");
        cluster.cut_connections();
        crew.wait_until(|| crew.acknowledged() > acknowledged + 50);
        service.await_ready();
    });
    let verdict = crew.settle(&service.location());
    assert_eq!((verdict.lost, verdict.doubled), (0, 0), "{verdict:?}");
}

/// PostgreSQL ends itself when its log can't grow. Nothing of it is acknowledged, and all is there when there is room.
#[test]
fn a_full_disk_of_postgres_is_told_and_nothing_is_acknowledged() {
    if is_skipped() {
        return;
    }
    let Some(disk) = SmallDisk::mount(256) else {
        println!("not run: no file system can be mounted here");
        return;
    };
    let mut dice = dice("PostgreSQL's full disk");
    let cluster = Cluster::make_in(disk.path());
    let mut service = Service::on(Database::whole(cluster.url())).with("RUST_LOG", "error");
    let crew = Crew::hire(&service, 6, &mut dice);
    service.start();
    crew.work_until_acknowledged(50);
    let filler = disk.path().join("filler");
    crew.work(|| {
        fill(&filler);
        // What still fits is acknowledged; then nothing is.
        let refused = crew.refused();
        crew.wait_until(|| crew.refused() > refused + 50);
        let (acknowledged, refused) = (crew.acknowledged(), crew.refused());
        crew.wait_until(|| crew.refused() > refused + 100);
        assert_eq!(crew.acknowledged(), acknowledged, "acknowledged what can't be written");
        service.client().get("/readyz").problem(503, "busy");
        service.client().get("/livez").expect(200);
    });
    assert!(crew.faults().is_empty(), "{:?}", crew.faults());
    let log = cluster.log();
    assert!(log.contains("No space left on device"), "{log:.4000}");
    std::fs::remove_file(&filler).unwrap();
    cluster.start();
    trouble_is_over(&mut service, &crew);
}
