//! The private PostgreSQL that `tests/tools/with-postgres.sh` runs around a command.

use crate::deployment::cpu_micros;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Its URL; the benchmark is started inside `with-postgres.sh`.
pub(crate) fn url() -> String {
    #[expect(clippy::disallowed_methods, reason = "the benchmark's one switch")]
    std::env::var("TEST_DATABASE_URL").expect("run through tests/tools/with-postgres.sh, as make bench does")
}

/// A new, empty database in the same cluster; its URL.
pub(crate) fn create_database(name: &str) -> String {
    psql(&format!("CREATE DATABASE {name}"));
    let url = url();
    let (cluster, _) = url.rsplit_once('/').expect("the URL names a database");
    format!("{cluster}/{name}")
}

/// Takes a database of [`create_database`] away again.
pub(crate) fn drop_database(name: &str) {
    // Autovacuum may be in it, which only a superuser may end.
    as_superuser(&format!("DROP DATABASE {name} WITH (FORCE)"));
}

/// Runs SQL as the superuser of the private cluster.
pub(crate) fn as_superuser(statement: &str) {
    psql_at(&url().replacen("://sherlok@", "://owner@", 1), statement);
}

/// The cluster's log.
pub(crate) fn log_path() -> PathBuf {
    #[expect(clippy::disallowed_methods, reason = "with-postgres.sh says where it is")]
    let directory = std::env::var("TEST_POSTGRES_DIRECTORY").unwrap();
    Path::new(&directory).with_file_name("log")
}

/// Runs SQL with psql and gives what it prints, unaligned.
pub(crate) fn psql(statement: &str) -> String {
    psql_at(&url(), statement)
}

/// Like [`psql`], in the database of a URL.
pub(crate) fn psql_at(url: &str, statement: &str) -> String {
    let output = Command::new("psql")
        .args(["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-c", statement, url])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

/// CPU time that the whole cluster has used, microseconds.
pub(crate) fn cpu_micros_of_all() -> f64 {
    #[expect(clippy::disallowed_methods, reason = "with-postgres.sh says where it is")]
    let directory = std::env::var("TEST_POSTGRES_DIRECTORY").unwrap();
    let file = std::fs::read_to_string(format!("{directory}/postmaster.pid")).unwrap();
    let postmaster: u32 = file.lines().next().unwrap().parse().unwrap();
    let mut sum = cpu_micros(postmaster, true);
    for entry in std::fs::read_dir("/proc").unwrap().flatten() {
        let Some(process) = entry.file_name().to_str().and_then(|name| name.parse::<u32>().ok()) else {
            continue;
        };
        let Ok(text) = std::fs::read_to_string(format!("/proc/{process}/stat")) else {
            continue;
        };
        let parent = text
            .rsplit_once(") ")
            .and_then(|(_, rest)| rest.split(' ').nth(1)?.parse().ok());
        if parent == Some(postmaster) {
            sum += cpu_micros(process, false);
        }
    }
    sum
}

/// Transactions a second of `pgbench` with 64 clients, each inserting one share and its sealed position as the service
/// stores them: the same tables and indexes, one transaction a share.
pub(crate) fn pgbench(seconds: u64, people: u32) -> f64 {
    let script = std::env::temp_dir().join(format!("sherlok-pgbench-{}.sql", std::process::id()));
    std::fs::write(
        &script,
        include_str!("single_insert.sql").replace("{people}", &people.to_string()),
    )
    .unwrap();
    let output = Command::new("pgbench")
        .args([
            "-n",
            "-M",
            "prepared",
            "-c",
            "64",
            "-j",
            "2",
            "-T",
            &seconds.to_string(),
            "-f",
        ])
        .arg(&script)
        .arg(url())
        .output()
        .unwrap();
    std::fs::remove_file(&script).unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    let rate = text.lines().find_map(|line| line.strip_prefix("tps = "));
    rate.and_then(|rest| rest.split(' ').next()?.parse().ok())
        .unwrap_or_else(|| panic!("{text}{}", String::from_utf8_lossy(&output.stderr)))
}
