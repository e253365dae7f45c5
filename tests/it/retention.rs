//! Raw positions are forgotten when their time is over; judgements, batches and cases go on without them.

use crate::audit::{cases, drawn};
use crate::batch::{DAY, path, scene};
use crate::harness::TestApp;
use crate::harness::client::Client;
use crate::harness::shares::{MORNING, at_home, claim, share};
use diesel::connection::SimpleConnection;
use diesel::sql_types::BigInt;
use diesel::{QueryableByName, RunQueryDsl, sql_query};
use serde_json::{Value, json};
use sherlok::app::retention::Forgotten;
use sherlok::domain::month::Month;
use sherlok::store;
use sherlok::store::backend::AnyConnection;
use sherlok::store::retention::{Forgetting, Table};

/// The last moment at which the positions of March 2026 are kept, and the first at which they are not.
const LAST: &str = "2026-06-29T23:59:59Z";
const OVER: &str = "2026-06-30T00:00:00Z";

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

fn count(app: &TestApp, what: &str) -> i64 {
    counted(&mut app.app().store().connect().unwrap(), what)
}

fn counted(connection: &mut AnyConnection, what: &str) -> i64 {
    let query = format!("SELECT count(*) AS count FROM {what}");
    sql_query(query).get_result::<Count>(connection).unwrap().count
}

/// Partitions of positions that hold March 2026.
fn partitions(app: &TestApp) -> i64 {
    count(
        app,
        "pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r' \
         AND relname = 'check_in_position_2026_03'",
    )
}

fn forgotten(rows: i64) -> Forgotten {
    Forgotten { rows, months_held: 0 }
}

/// What stands in the chain of a month: sequence and action.
fn chain(app: &TestApp, month: &str) -> Vec<(i32, String)> {
    let subject = format!("positions/{month}");
    let links = app
        .app()
        .store()
        .read(|connection| store::event::list(connection, "retention", &subject))
        .unwrap();
    links
        .into_iter()
        .map(|link| {
            assert_eq!(link.account_id, None, "the service did it by itself");
            (link.sequence, link.action)
        })
        .collect()
}

#[test]
fn positions_are_forgotten_ninety_days_after_their_month_and_nothing_else_is() {
    let (app, mut person) = at_home();
    app.app().prepare().unwrap();
    share(&person.client, &claim(MORNING, 12.0, 12.5, 1)).expect(201);
    let judged = person
        .client
        .get("/v1/me/check-ins?from=2026-03-02&to=2026-03-02")
        .expect(200);
    if app.is_postgres() {
        assert_eq!(partitions(&app), 1);
    }
    app.set_clock(LAST);
    assert_eq!(app.app().forget(Table::Positions).unwrap(), forgotten(0));
    assert_eq!(count(&app, "check_in_position"), 1);
    app.set_clock(OVER);
    assert_eq!(app.app().forget(Table::Positions).unwrap(), forgotten(1));
    assert_eq!(count(&app, "check_in_position"), 0);
    if app.is_postgres() {
        assert_eq!(partitions(&app), 0, "the partition itself is gone");
    }
    assert_eq!((count(&app, "check_in"), count(&app, "slot_result")), (1, 1));
    person.client.renew();
    let after = person
        .client
        .get("/v1/me/check-ins?from=2026-03-02&to=2026-03-02")
        .expect(200);
    assert_eq!(after, judged);
    assert_eq!(chain(&app, "2026-03"), [(1, "forget".to_owned())]);
    assert_eq!(
        count(
            &app,
            "event WHERE reason = '1 positions, 90 days after the end of the month'"
        ),
        1
    );
    assert_eq!(
        app.app().forget(Table::Positions).unwrap(),
        forgotten(0),
        "there is no more"
    );
    assert_eq!(chain(&app, "2026-03").len(), 1);
}

#[test]
fn the_jobs_forget_once_a_day() {
    let (app, person) = at_home();
    share(&person.client, &claim(MORNING, 12.0, 12.5, 1)).expect(201);
    app.set_clock(LAST);
    app.app().run_jobs();
    assert_eq!(count(&app, "check_in_position"), 1);
    app.set_clock(OVER);
    app.app().run_jobs();
    assert_eq!(count(&app, "check_in_position"), 0);
}

#[test]
fn shares_after_a_month_was_forgotten_are_kept_in_their_own_month() {
    let (app, mut person) = at_home();
    app.app().prepare().unwrap();
    share(&person.client, &claim(MORNING, 12.0, 12.5, 1)).expect(201);
    app.set_clock("2026-06-30T08:45:00+07:00");
    app.app().prepare().unwrap();
    app.app().forget(Table::Positions).unwrap();
    person.client.renew();
    share(&person.client, &claim("2026-06-30T08:40:00+07:00", 12.0, 12.5, 2)).expect(201);
    assert_eq!(app.app().forget(Table::Positions).unwrap(), forgotten(0));
    assert_eq!(count(&app, "check_in_position"), 1);
    if app.is_postgres() {
        assert_eq!(count(&app, "check_in_position_2026_06"), 1);
    }
}

#[test]
fn the_date_of_a_share_counts_and_not_the_date_that_an_odd_clock_put_into_its_id() {
    let (app, person) = at_home();
    app.app().prepare().unwrap();
    let mut serial = 0;
    let mut with_id = |id: &str| {
        serial += 1;
        let mut claim = claim(MORNING, 12.0, 12.5, serial);
        claim["id"] = json!(id);
        share(&person.client, &claim).expect(201);
    };
    // 2020, February 2026 (whose partition is there), 2 March 2026, April 2026 and the year 2059.
    for id in [
        "01700000-0000-7abc-8def-000000000001",
        "019c8000-0000-7abc-8def-000000000002",
        "019cac1d-7de0-7abc-8def-000000000003",
        "019d5000-0000-7abc-8def-000000000004",
        "028f0000-0000-7abc-8def-000000000005",
    ] {
        with_id(id);
    }
    // February is over and March is not.
    app.set_clock("2026-06-01T00:00:00Z");
    assert_eq!(app.app().forget(Table::Positions).unwrap(), forgotten(0));
    assert_eq!(count(&app, "check_in_position"), 5);
    if app.is_postgres() {
        let february = "pg_class WHERE relnamespace = current_schema()::regnamespace \
                        AND relname = 'check_in_position_2026_02'";
        assert_eq!(count(&app, february), 0, "what was to be kept of it was moved");
    }
    // March is over: all but the one that claims to be of April, which goes with April.
    app.set_clock(OVER);
    assert_eq!(app.app().forget(Table::Positions).unwrap(), forgotten(4));
    app.set_clock("2026-07-30T00:00:00Z");
    assert_eq!(app.app().forget(Table::Positions).unwrap(), forgotten(1));
    assert_eq!(count(&app, "check_in"), 5);
}

/// Closes an audit, all of whose cases were found valid.
fn close(app: &TestApp, officer: &Client, auditor: &Client, audit: &str) {
    for case in cases(auditor, audit) {
        let id = case["id"].as_str().unwrap();
        let body = json!({ "finding": "valid" });
        crate::case::step(auditor, id, "review", 1, &body).expect(200);
    }
    officer
        .send("POST", &format!("/v1/audits/{audit}/closure"), None, &[])
        .expect(200);
    assert_eq!(count(app, "audit_case WHERE closed_at IS NULL"), 0);
}

#[test]
fn a_month_waits_for_its_open_cases_and_a_case_says_that_the_position_is_gone() {
    let (app, person) = at_home();
    app.app().prepare().unwrap();
    share(&person.client, &claim(MORNING, 340.0, 25.0, 1)).expect(201);
    app.set_clock("2026-03-02T18:00:00+07:00");
    let mut officer = app.official("bkd_officer");
    let mut auditor = app.official("bkd_auditor");
    let audit = drawn(
        &officer,
        &json!({ "from": DAY, "to": DAY, "agencies": ["1.01"], "size": 3 }),
    );
    app.set_clock(OVER);
    officer.renew();
    auditor.renew();
    let held = Forgotten {
        rows: 0,
        months_held: 1,
    };
    assert_eq!(app.app().forget(Table::Positions).unwrap(), held);
    let case = cases(&auditor, &audit)
        .into_iter()
        .find(|case| case["slot"] == "morning")
        .unwrap();
    let address = format!("/v1/cases/{}", case["id"].as_str().unwrap());
    let file = auditor.get(&address).expect(200);
    assert_eq!(file["record"]["is_position_forgotten"], false);
    assert!(file["record"]["position"].is_object() && file["record"]["position_message"].is_null());
    close(&app, &officer, &auditor, &audit);
    assert_eq!(app.app().forget(Table::Positions).unwrap(), forgotten(1));
    let file = auditor.get(&address).expect(200);
    let record = &file["record"];
    assert_eq!(
        (
            &record["is_position_forgotten"],
            &record["place"],
            &record["distance_metres"]
        ),
        (&json!(true), &json!("outside"), &json!(340))
    );
    assert!(record["position"].is_null() && record["accuracy_metres"].is_null());
    let message = record["position_message"].as_str().unwrap();
    assert!(
        message.starts_with("Titik lokasi ini sudah tidak disimpan"),
        "{message}"
    );
    let english = auditor.with_header("accept-language", "en").get(&address).expect(200);
    let message = english["record"]["position_message"].as_str().unwrap();
    assert!(message.starts_with("This position is no longer kept"), "{message}");
}

#[test]
fn sealed_batches_stay_as_they_are_and_later_ones_are_sealed_without_commitments() {
    let mut scene = scene().lived();
    let first = scene.sealed();
    let download = |scene: &crate::batch::Scene, batch: &str, form: &str| {
        let answer = scene.operator.get(&format!("{batch}/file.{form}"));
        assert_eq!(answer.status, 200, "{form}");
        answer.text()
    };
    let before = download(&scene, &first, "ndjson");
    scene.set_clock(OVER);
    assert_eq!(scene.app.app().forget(Table::Positions).unwrap(), forgotten(2));
    assert_eq!(download(&scene, &first, "ndjson"), before);
    download(&scene, &first, "geojson");
    let again = scene
        .operator
        .post("/v1/agencies/1.01/batches", &json!({ "from": DAY, "to": "2026-03-03" }))
        .expect(201);
    let rows: Vec<Value> = download(&scene, &path(&again), "ndjson")
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let received: Vec<&Value> = rows.iter().filter(|row| row["state"] == "received").collect();
    assert_eq!(received.len(), 2);
    for row in received {
        assert!(row["commitment"].is_null() && row["place"].is_string(), "{row}");
    }
}

#[test]
fn a_month_without_a_partition_of_its_own_goes_in_bounded_pieces() {
    let (app, person) = at_home();
    for serial in 1..=5 {
        share(&person.client, &claim(MORNING, 12.0, 12.5, serial)).expect(201);
    }
    let march: Month = "2026-03".parse().unwrap();
    let piece = || {
        app.app()
            .store()
            .write(|connection| {
                store::retention::forget_month(connection, Table::Positions, march, "2026-04-01".parse().unwrap(), 2)
            })
            .unwrap()
    };
    assert_eq!(piece(), Forgetting::Piece(2));
    assert_eq!(count(&app, "check_in_position"), 3);
    assert_eq!(piece(), Forgetting::Piece(2));
    assert_eq!(piece(), Forgetting::Done(1));
    assert_eq!(piece(), Forgetting::Done(0));
}

#[test]
fn two_instances_forget_a_month_once() {
    let (app, person) = at_home();
    app.app().prepare().unwrap();
    for serial in 1..=20 {
        share(&person.client, &claim(MORNING, 12.0, 12.5, serial)).expect(201);
    }
    let twin = app.twin();
    app.set_clock(OVER);
    let rounds = std::thread::scope(|threads| {
        let one = threads.spawn(|| app.app().forget(Table::Positions).unwrap());
        let other = threads.spawn(|| twin.app().forget(Table::Positions).unwrap());
        [one.join().unwrap(), other.join().unwrap()]
    });
    assert_eq!(rounds[0].rows + rounds[1].rows, 20, "{rounds:?}");
    assert_eq!(count(&app, "check_in_position"), 0);
    assert_eq!(chain(&app, "2026-03").len(), 1);
}

#[test]
fn a_table_that_is_being_read_is_not_waited_for_but_tried_again() {
    let (app, person) = at_home();
    app.app().prepare().unwrap();
    share(&person.client, &claim(MORNING, 12.0, 12.5, 1)).expect(201);
    app.set_clock(OVER);
    let mut reader = app.app().store().connect().unwrap();
    reader.batch_execute("BEGIN").unwrap();
    assert_eq!(counted(&mut reader, "check_in_position"), 1);
    let round = std::thread::scope(|threads| {
        let forgetting = threads.spawn(|| app.app().forget(Table::Positions));
        std::thread::sleep(std::time::Duration::from_millis(1_500));
        reader.batch_execute("COMMIT").unwrap();
        forgetting.join().unwrap()
    });
    assert_eq!(round.unwrap(), forgotten(1));
    assert_eq!(count(&app, "check_in_position"), 0);
}

/// The last moment at which the shares of March 2026 are kept, and the first at which they are not.
const LAST_OF_SHARES: &str = "2031-03-31T23:59:59Z";
const SHARES_OVER: &str = "2031-04-01T00:00:00Z";

#[test]
fn shares_are_forgotten_five_years_after_their_month_and_whoever_asks_is_told() {
    let mut scene = scene().lived();
    let sealed = scene.sealed();
    let recap = "/v1/agencies/1.01/recaps/2026-03";
    scene.set_clock("2026-04-02T08:00:00+07:00");
    scene.operator.post(&format!("{recap}/closure"), &json!({})).expect(201);
    let closed = scene.operator.get(recap).expect(200);
    let app = &scene.app;
    let shares = count(app, "check_in");
    let results = count(app, "slot_result");
    assert!(shares > 0 && results > 0);

    scene.set_clock(LAST_OF_SHARES);
    scene.app.app().run_jobs();
    assert_eq!(count(&scene.app, "check_in"), shares);
    assert!(count(&scene.app, "check_in_receipt") > 0);
    scene.set_clock(SHARES_OVER);
    scene.app.app().run_jobs();
    let app = &scene.app;
    assert_eq!((count(app, "check_in"), count(app, "slot_result")), (0, results));
    assert_eq!(count(app, "check_in_receipt"), 0);
    assert_eq!(count(app, "event WHERE subject_id = 'shares/2026-03'"), 1);
    assert_eq!(app.app().forget(Table::Shares).unwrap(), forgotten(0));

    // What was sealed and closed stays; what would have to be read from shares is refused.
    assert_eq!(scene.operator.get(&format!("{sealed}/file.ndjson")).status, 200);
    let of_version = scene.operator.get(&format!("{recap}?version=1")).expect(200);
    assert_eq!(of_version["lines"], closed["lines"]);
    scene
        .operator
        .get(&format!("{recap}?version=0"))
        .problem(422, "no_longer_kept");
    let body = json!({ "from": DAY, "to": "2026-03-03" });
    scene
        .operator
        .post("/v1/agencies/1.01/batches", &body)
        .problem(422, "no_longer_kept");
}
