//! `sherlok check-logs` by the real binary: nothing to say of sound logs, and a changed row by name.

use crate::harness::process::Service;
use diesel::connection::SimpleConnection;
use sherlok::store::Store;
use sherlok::store::backend::AnyConnection;
use std::process::{Command, Output};
use std::time::{Duration, Instant};

fn check(service: &Service) -> Output {
    Command::new(env!("CARGO_BIN_EXE_sherlok"))
        .arg("check-logs")
        .env("SHERLOK_DATABASE_URL", service.database_url())
        .env("SHERLOK_DATA_DIR", service.directory())
        .output()
        .unwrap()
}

#[test]
fn a_changed_row_is_named_and_fails_the_command() {
    let mut service = Service::prepare();
    service.start();
    let deadline = Instant::now() + Duration::from_mins(1);
    while service.client().get("/logs/audit/checkpoint").status != 200 {
        assert!(Instant::now() < deadline, "no checkpoint:\n{}", service.log());
        std::thread::sleep(Duration::from_millis(50));
    }
    service.kill();
    let sound = check(&service);
    assert!(sound.status.success(), "{sound:?}");
    assert_eq!(String::from_utf8_lossy(&sound.stdout), "audit: 3 entries\n");

    let store = Store::open(service.location(), 1).unwrap();
    match &mut store.connect().unwrap() {
        AnyConnection::Postgres(inner) => inner.batch_execute(
            "ALTER TABLE log_entry DISABLE TRIGGER USER;
             UPDATE log_entry SET kind = 'plan' WHERE position = 1;
             ALTER TABLE log_entry ENABLE TRIGGER USER",
        ),
        AnyConnection::Sqlite(inner) => {
            inner.batch_execute("DROP TRIGGER log_entry_update; UPDATE log_entry SET kind = 'plan' WHERE position = 1")
        }
    }
    .unwrap();
    drop(store);
    let damaged = check(&service);
    assert!(!damaged.status.success());
    let said = String::from_utf8_lossy(&damaged.stdout).into_owned();
    assert!(said.lines().any(|line| line.starts_with("audit: log_entry")), "{said}");
}
