//! Batches from sealing to BKD's decision: versions, states, people, and what bad input gets.

use crate::harness::TestApp;
use crate::harness::client::{Answer, Client};
use crate::harness::homes::HOME;
use crate::harness::people::Person;
use crate::harness::shares;
use crate::harness::shares::claim;
use serde_json::{Value, json};
use sherlok::domain::work_mode::WorkMode;

/// The day of most tests, a Monday.
pub(crate) const DAY: &str = "2026-03-02";

/// An agency with two people at home that day, its operator, and BKD.
pub(crate) struct Scene {
    pub(crate) app: TestApp,
    pub(crate) near: Person,
    pub(crate) far: Person,
    pub(crate) operator: Client,
    pub(crate) officer: Client,
}

/// Shares a position some metres from home, captured at a moment.
pub(crate) fn share(person: &Person, captured_at: &str, metres: f64, serial: u32) {
    shares::share(&person.client, &claim(captured_at, metres, 12.5, serial)).expect(201);
}

pub(crate) fn scene() -> Scene {
    let app = TestApp::start();
    let (near, far) = (app.employee("1.01"), app.employee("1.01"));
    for person in [&near, &far] {
        app.verified_home(person, HOME, "2026-01-05");
        app.assign(person, DAY, WorkMode::Wfh);
    }
    let operator = app.official("agency_operator:1.01");
    let officer = app.official("bkd_officer");
    Scene {
        app,
        near,
        far,
        operator,
        officer,
    }
}

impl Scene {
    /// The morning's shares, one inside and one far outside, and the clock after the last slot.
    pub(crate) fn lived(mut self) -> Self {
        share(&self.near, "2026-03-02T08:30:00+07:00", 12.0, 1);
        share(&self.far, "2026-03-02T08:31:00+07:00", 4_000.0, 2);
        self.set_clock("2026-03-02T17:30:00+07:00");
        self
    }

    /// Moves the clock; everybody signs in again.
    pub(crate) fn set_clock(&mut self, to: &str) {
        self.app.set_clock(to);
        for client in [
            &mut self.near.client,
            &mut self.far.client,
            &mut self.operator,
            &mut self.officer,
        ] {
            client.renew();
        }
    }

    pub(crate) fn seal(&self) -> Answer {
        self.operator
            .post("/v1/agencies/1.01/batches", &json!({ "from": DAY, "to": DAY }))
    }

    /// Seals the day and gives the batch's address.
    pub(crate) fn sealed(&self) -> String {
        path(&self.seal().expect(201))
    }

    /// Seals and sends the day.
    pub(crate) fn sent(&self) -> String {
        let path = self.sealed();
        submit(&self.operator, &path).expect(200);
        path
    }
}

pub(crate) fn path(batch: &Value) -> String {
    format!("/v1/batches/{}", batch["id"].as_str().unwrap())
}

pub(crate) fn submit(client: &Client, path: &str) -> Answer {
    client.post(&format!("{path}/submission"), &json!({}))
}

pub(crate) fn decide(client: &Client, path: &str, body: &Value) -> Answer {
    client.post(&format!("{path}/decision"), body)
}

fn finding() -> Value {
    json!({ "row": 1, "field": "mode", "code": "mode_clash", "text": "Pegawai cuti, tetapi tercatat WFH." })
}

#[test]
fn a_batch_is_sealed_sent_received_and_accepted() {
    let scene = scene().lived();
    let answer = scene.seal();
    let batch = answer.expect(201);
    assert_eq!(answer.header("location"), path(&batch));
    assert_eq!(
        (&batch["state"], &batch["version"], &batch["kind"], &batch["format"]),
        (&json!("sealed"), &json!(1), &json!("day"), &json!("sherlok-batch/1"))
    );
    let counts = &batch["counts"];
    assert_eq!(
        (&counts["rows"], &counts["employees"], &counts["expected"]),
        (&json!(6), &json!(2), &json!(6))
    );
    assert_eq!(
        (&counts["received"], &counts["missed"], &counts["open"]),
        (&json!(2), &json!(4), &json!(0))
    );
    assert_eq!((&counts["inside"], &counts["outside"]), (&json!(1), &json!(1)));

    let path = path(&batch);
    let sent = submit(&scene.operator, &path).expect(200);
    assert_eq!((&sent["state"], &sent["findings"]), (&json!("received"), &json!([])));
    assert_eq!(sent["manifest_sha256"], batch["manifest_sha256"]);
    let receipt = scene.officer.get(&format!("{path}/receipt")).expect(200);
    assert_eq!(receipt["number"], sent["receipt_number"]);
    assert_eq!(receipt["manifest_sha256"], batch["manifest_sha256"]);
    assert!(
        receipt["number"]
            .as_str()
            .unwrap()
            .starts_with("TT-1.01-20260302-20260302-v1-")
    );
    assert_eq!(submit(&scene.operator, &path).expect(200), sent, "sending twice");

    let accepted = decide(&scene.officer, &path, &json!({ "decision": "accept" })).expect(200);
    assert_eq!(accepted["state"], "accepted");
    assert_eq!(
        decide(&scene.officer, &path, &json!({ "decision": "accept" })).expect(200),
        accepted
    );
}

#[test]
fn a_rejection_names_rows_and_the_agency_reads_why() {
    let scene = scene().lived();
    let path = scene.sent();
    decide(&scene.officer, &path, &json!({ "decision": "reject" })).names_field(422, "findings");
    let body = json!({ "decision": "reject", "findings": [finding()] });
    decide(&scene.officer, &path, &body).expect(200);
    let read = scene.operator.get(&path).expect(200);
    assert_eq!(
        (&read["state"], &read["findings"]),
        (&json!("rejected"), &json!([finding()]))
    );
}

#[test]
fn findings_are_about_rows_that_exist_in_words_that_last() {
    let scene = scene().lived();
    let path = scene.sent();
    for (field, value, named) in [
        ("row", json!(0), "findings[0].row"),
        ("row", json!(7), "findings[0].row"),
        ("row", json!(-1), "findings[0].row"),
        ("code", json!("Mode"), "findings[0].code"),
        ("code", json!("a".repeat(41)), "findings[0].code"),
        ("text", json!(" "), "findings[0].text"),
        ("text", json!("a".repeat(501)), "findings[0].text"),
        ("more", json!(1), "findings[0].more"),
    ] {
        let mut finding = finding();
        finding[field] = value;
        decide(
            &scene.officer,
            &path,
            &json!({ "decision": "reject", "findings": [finding] }),
        )
        .names_field(422, named);
    }
    decide(&scene.officer, &path, &json!({ "decision": "maybe" })).names_field(422, "decision");
    assert_eq!(scene.officer.get(&path).expect(200)["state"], "received");
}

#[test]
fn the_same_truth_is_the_same_batch_and_a_late_truth_a_new_version() {
    let scene = scene().lived();
    let first = scene.seal().expect(201);
    let again = scene.seal().expect(200);
    assert_eq!(again, first);
    share(&scene.near, "2026-03-02T12:00:00+07:00", 5.0, 3);
    let second = scene.seal().expect(201);
    assert_eq!((&second["version"], &second["supersedes"]), (&json!(2), &first["id"]));
    assert_eq!(second["counts"]["received"], 3);
    assert_eq!(
        scene.operator.get(&path(&first)).expect(200)["superseded_by"],
        second["id"]
    );
    assert_eq!(scene.seal().expect(200)["id"], second["id"]);
}

#[test]
fn a_repeated_key_gives_the_same_batch_whatever_happened_since() {
    let scene = scene().lived();
    let operator = scene.operator.with_header("idempotency-key", "seal-1");
    let body = json!({ "from": DAY, "to": DAY });
    let first = operator.post("/v1/agencies/1.01/batches", &body).expect(201);
    share(&scene.near, "2026-03-02T12:00:00+07:00", 5.0, 3);
    let again = operator.post("/v1/agencies/1.01/batches", &body).expect(200);
    assert_eq!(again["id"], first["id"]);
    let other = json!({ "from": DAY, "to": DAY, "slot": "morning" });
    operator
        .post("/v1/agencies/1.01/batches", &other)
        .problem(409, "idempotency_conflict");
}

#[test]
fn steps_out_of_order_are_conflicts() {
    let scene = scene().lived();
    let path = scene.sealed();
    scene.operator.get(&format!("{path}/receipt")).problem(404, "not_found");
    let accept = json!({ "decision": "accept" });
    decide(&scene.officer, &path, &accept).problem(404, "not_found");
    submit(&scene.operator, &path).expect(200);
    decide(&scene.officer, &path, &accept).expect(200);
    let reject = json!({ "decision": "reject", "findings": [finding()] });
    decide(&scene.officer, &path, &reject).problem(409, "wrong_state");
    let other = scene.app.official("bkd_officer");
    decide(&other, &path, &accept).problem(409, "wrong_state");
    assert_eq!(submit(&scene.operator, &path).expect(200)["state"], "accepted");
}

#[test]
fn an_old_version_is_neither_sent_nor_decided() {
    let scene = scene().lived();
    let sealed = scene.sealed();
    share(&scene.near, "2026-03-02T12:00:00+07:00", 5.0, 3);
    let newer = scene.sent();
    submit(&scene.operator, &sealed).problem(409, "superseded");
    share(&scene.far, "2026-03-02T12:01:00+07:00", 5.0, 4);
    let newest = scene.sealed();
    let seen = scene.officer.get(&newer).expect(200);
    assert_eq!(seen["superseded_by"], Value::Null, "BKD does not see what was not sent");
    submit(&scene.operator, &newest).expect(200);
    decide(&scene.officer, &newer, &json!({ "decision": "accept" })).problem(409, "superseded");
    decide(&scene.officer, &newest, &json!({ "decision": "accept" })).expect(200);
}

#[test]
fn a_batch_covers_a_slot_a_day_or_a_period() {
    let scene = scene().lived();
    let seal = |body: &Value| scene.operator.post("/v1/agencies/1.01/batches", body).expect(201);
    let slot = seal(&json!({ "from": DAY, "to": DAY, "slot": "morning" }));
    assert_eq!(
        (&slot["kind"], &slot["slot"], &slot["counts"]["rows"]),
        (&json!("slot"), &json!("morning"), &json!(2))
    );
    scene.app.advance(chrono::Duration::milliseconds(1));
    let period = seal(&json!({ "from": "2026-02-23", "to": DAY }));
    assert_eq!(
        (&period["kind"], &period["counts"]["rows"]),
        (&json!("period"), &json!(6))
    );
    let list = scene.operator.get("/v1/batches?limit=1").expect(200);
    assert_eq!(list["items"][0]["id"], period["id"]);
    let cursor = list["next_cursor"].as_str().unwrap();
    let rest = scene
        .operator
        .get(&format!("/v1/batches?limit=1&cursor={cursor}"))
        .expect(200);
    assert_eq!((&rest["items"][0]["id"], rest.get("next_cursor")), (&slot["id"], None));
    assert_eq!(scene.officer.get("/v1/batches").expect(200)["items"], json!([]));
    submit(&scene.operator, &path(&slot)).expect(200);
    let received = scene.officer.get("/v1/batches?state=received&agency=1.01").expect(200);
    assert_eq!(received["items"].as_array().unwrap().len(), 1);
    for empty in [
        "?agency=1.02",
        "?agency=a/b",
        "?state=accepted",
        "?from=2026-03-03",
        "?to=2026-03-01",
    ] {
        assert_eq!(
            scene.officer.get(&format!("/v1/batches{empty}")).expect(200)["items"],
            json!([]),
            "{empty}"
        );
    }
    for (query, named) in [
        ("?state=open", "state"),
        ("?state=x", "state"),
        ("?limit=0", "limit"),
        ("?cursor=x", "cursor"),
    ] {
        scene
            .officer
            .get(&format!("/v1/batches{query}"))
            .names_field(422, named);
    }
}

#[test]
fn rows_of_open_slots_are_open_not_missed() {
    let scene = scene();
    share(&scene.near, "2026-03-02T08:30:00+07:00", 12.0, 1);
    let counts = scene.seal().expect(201)["counts"].clone();
    assert_eq!(
        (&counts["received"], &counts["missed"], &counts["open"]),
        (&json!(1), &json!(0), &json!(5))
    );
}

#[test]
fn who_the_roster_calls_in_is_not_required_and_says_so() {
    let mut scene = scene();
    let rules = json!([{ "kind": "work_mode", "group": "administration", "mode": "wfh" }]);
    crate::circular::issued(
        &scene.officer,
        &crate::circular::text("734 Tahun 2026", &json!({ "rules": rules })),
    );
    let called_in = scene.app.employee("1.01");
    scene.app.assign(&called_in, DAY, WorkMode::Picket);
    let unassigned = scene.app.employee("1.01");
    scene.set_clock("2026-03-02T17:30:00+07:00");
    let path = scene.sealed();
    let counts = scene.operator.get(&path).expect(200)["counts"].clone();
    assert_eq!(
        (&counts["not_required"], &counts["missed"], &counts["expected"]),
        (&json!(3), &json!(9), &json!(9))
    );
    let rows = scene.operator.get(&format!("{path}/file.ndjson")).text();
    let states = |person: &Person| rows.lines().filter(|line| line.contains(&person.username)).count();
    assert_eq!((states(&called_in), states(&unassigned)), (3, 3));
    assert!(
        rows.contains(r#""mode":"picket","place":null,"slot":"midday","state":"not_required""#),
        "{rows}"
    );
}

#[test]
fn leave_excuses_and_a_share_in_spite_of_it_is_not_expected() {
    let scene = scene();
    let ill = scene.app.employee("1.01");
    scene.app.assign(&ill, DAY, WorkMode::Sick);
    let scene = scene.lived();
    scene.app.execute(
        "UPDATE assignment SET mode = 'leave' WHERE mode = 'wfh' AND employee_id = (SELECT employee_id FROM \
                       check_in WHERE distance_metres > 3000)",
    );
    let counts = scene.seal().expect(201)["counts"].clone();
    assert_eq!((&counts["expected"], &counts["excused"]), (&json!(3), &json!(5)));
    assert_eq!(
        (&counts["received"], &counts["unexpected"], &counts["missed"]),
        (&json!(2), &json!(1), &json!(2))
    );
}
