//! A disk that is full, a database that may not be written, a file that is damaged: a clear error, no acknowledgement,
//! and work goes on when the trouble is over.

use super::phone::Crew;
use super::small_disk::{SmallDisk, fill, succeeds};
use super::{dice, is_on_postgres};
use crate::harness::database::Database;
use crate::harness::process::Service;
use diesel::sql_types::{BigInt, Text};
use diesel::{QueryableByName, RunQueryDsl, sql_query};
use std::os::unix::fs::FileExt;

fn is_skipped(why: &str) -> bool {
    if is_on_postgres() {
        println!("not run beside PostgreSQL: {why}");
    }
    is_on_postgres()
}

/// The phones go on; nothing is acknowledged any more once the trouble is felt, and both probes tell it.
pub(super) fn trouble_is_told(service: &Service, crew: &Crew, words: &[&str]) {
    crew.work(|| {
        let refused = crew.refused();
        crew.wait_until(|| crew.refused() > refused + 20);
        let acknowledged = crew.acknowledged();
        let refused = crew.refused();
        crew.wait_until(|| crew.refused() > refused + 100);
        assert_eq!(crew.acknowledged(), acknowledged, "acknowledged what can't be written");
        service.client().get("/readyz").problem(503, "busy");
        service.client().get("/livez").expect(200);
    });
    assert!(crew.faults().is_empty(), "{:?}", crew.faults());
    let log = service.log();
    assert!(
        words.iter().any(|word| log.contains(word)),
        "none of {words:?} in the log:\n{log:.4000}"
    );
}

/// Shares are acknowledged again by the same process, and a new one finds them all.
pub(super) fn trouble_is_over(service: &mut Service, crew: &Crew) {
    crew.work_until_acknowledged(100);
    service.await_ready();
    assert!(service.is_running());
    service.kill();
    service.start();
    let verdict = crew.settle(&service.location());
    println!("{verdict:?}");
    assert_eq!((verdict.lost, verdict.doubled), (0, 0), "{verdict:?}");
}

#[test]
fn a_full_disk_is_told_and_nothing_is_acknowledged() {
    if is_skipped("a cluster's full disk has its own test") {
        return;
    }
    let Some(disk) = SmallDisk::mount(24) else {
        println!("not run: no file system can be mounted here");
        return;
    };
    let mut dice = dice("full disk");
    println!("the disk is a tmpfs of 24 MiB");
    let mut service = Service::on(Database::create_file_in(disk.path()));
    let crew = Crew::hire(&service, 6, &mut dice);
    service.start();
    crew.work_until_acknowledged(50);
    let filler = disk.path().join("filler");
    fill(&filler);
    trouble_is_told(&service, &crew, &["disk is full", "disk I/O error"]);
    // A service that is started now says what is wrong, or comes up and refuses.
    service.kill();
    service.spawn();
    let is_up = (0..200).any(|_| {
        std::thread::sleep(std::time::Duration::from_millis(20));
        service.client().try_get("/livez").is_some()
    });
    if is_up {
        println!("started on a full disk, the service comes up");
        let acknowledged = crew.acknowledged();
        crew.work(|| std::thread::sleep(std::time::Duration::from_secs(1)));
        println!(
            "and acknowledges {} shares that fit",
            crew.acknowledged() - acknowledged
        );
    } else {
        assert!(service.log().contains("disk is full"), "{}", service.log());
        println!("started on a full disk, the service says so and ends");
    }
    std::fs::remove_file(&filler).unwrap();
    if !service.is_running() {
        service.start();
    }
    trouble_is_over(&mut service, &crew);
}

/// The process may not let a file grow (`RLIMIT_FSIZE`), which SQLite takes for a failing disk; it needs no mount.
#[test]
fn a_file_that_may_not_grow_is_told_and_nothing_is_acknowledged() {
    if is_skipped("its processes are its own") {
        return;
    }
    let mut dice = dice("file size");
    let wrapper = ["env", "--ignore-signal=XFSZ"].map(Into::into).to_vec();
    let mut service = Service::on(Database::create()).under(wrapper);
    let crew = Crew::hire(&service, 6, &mut dice);
    service.start();
    crew.work_until_acknowledged(50);
    let process = service.process_id().to_string();
    let limit = |bytes: &str| {
        let limited = succeeds("prlimit", &["--pid", &process, &format!("--fsize={bytes}:")]);
        assert!(limited, "prlimit failed");
    };
    limit("4096");
    trouble_is_told(&service, &crew, &["disk is full", "disk I/O error"]);
    limit("unlimited");
    trouble_is_over(&mut service, &crew);
}

/// Does something at the end, also of a failed test: its directory must be removable.
struct AtEnd<F: Fn()>(F);

impl<F: Fn()> Drop for AtEnd<F> {
    fn drop(&mut self) {
        (self.0)();
    }
}

#[test]
fn a_database_that_may_not_be_written_is_told_and_nothing_is_acknowledged() {
    if is_skipped("a read-only cluster has its own test") {
        return;
    }
    let mut dice = dice("read-only file");
    let mut service = Service::prepare();
    let crew = Crew::hire(&service, 6, &mut dice);
    service.start();
    crew.work_until_acknowledged(50);
    let files: Vec<String> = ["sherlok.db", "sherlok.db-wal"]
        .map(|name| service.directory().join(name).to_str().unwrap().to_owned())
        .to_vec();
    let change = |flag: &str| files.iter().all(|file| succeeds("chattr", &[flag, file]));
    if !change("+i") {
        change("-i");
        println!("not run: this file system or user can't make a file immutable (chattr +i)");
        return;
    }
    {
        let _free = AtEnd(|| {
            change("-i");
        });
        trouble_is_told(
            &service,
            &crew,
            &["readonly database", "disk I/O error", "unable to open"],
        );
    }
    trouble_is_over(&mut service, &crew);
}

#[test]
fn a_service_does_not_start_on_a_disk_that_may_not_be_written() {
    if is_skipped("a read-only cluster has its own test") {
        return;
    }
    let Some(disk) = SmallDisk::mount(24) else {
        println!("not run: no file system can be mounted here");
        return;
    };
    let service = Service::on(Database::create_file_in(disk.path()));
    service.add_employee(0);
    disk.remount("ro");
    let status = service.run_to_its_end();
    disk.remount("rw");
    let log = service.log();
    assert!(!status.success());
    assert!(
        log.contains("unable to open database file") || log.contains("Read-only file system"),
        "{log}"
    );
}

#[derive(QueryableByName)]
struct Root {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = BigInt)]
    page: i64,
}

/// Overwrites the first page of each table and index of shares.
fn damage(service: &Service) {
    let mut connection = service.location().open().unwrap();
    let query = "SELECT name, rootpage AS page FROM sqlite_master WHERE tbl_name = 'check_in' AND rootpage > 0";
    let roots: Vec<Root> = sql_query(query).load(&mut connection).unwrap();
    drop(connection);
    let file = std::fs::File::options()
        .write(true)
        .open(service.database_file())
        .unwrap();
    for root in &roots {
        let offset = (u64::try_from(root.page).unwrap() - 1) * 4_096;
        file.write_all_at(&[0xA5; 4_096], offset).unwrap();
        println!("damaged {}", root.name);
    }
    assert!(!roots.is_empty());
}

#[test]
fn a_damaged_database_is_told_and_nothing_is_acknowledged() {
    if is_skipped("PostgreSQL's pages are its own") {
        return;
    }
    let mut dice = dice("damaged file");
    let mut service = Service::prepare();
    let crew = Crew::hire(&service, 6, &mut dice);
    service.start();
    crew.work_until_acknowledged(100);
    service.kill();
    // Closing the last connection brings the write-ahead log into the file.
    drop(service.location().open().unwrap());
    let whole = std::fs::read(service.database_file()).unwrap();
    damage(&service);
    service.start();
    trouble_is_told(&service, &crew, &["the database is damaged: restore it from a backup"]);
    service.kill();
    for name in ["sherlok.db-wal", "sherlok.db-shm"] {
        drop(std::fs::remove_file(service.directory().join(name)));
    }
    std::fs::write(service.database_file(), [0x5A; 8_192]).unwrap();
    let status = service.run_to_its_end();
    assert!(!status.success());
    assert!(service.log().contains("file is not a database"), "{}", service.log());
    // The backup, put back.
    std::fs::write(service.database_file(), whole).unwrap();
    service.start();
    trouble_is_over(&mut service, &crew);
}
