//! Audits of an agency that seals on an instance of its own: its population comes from the batches that BKD holds.

use crate::audit::people_at_home;
use crate::batch::{DAY, decide, share};
use crate::circular;
use crate::federation::{Pair, pair};
use crate::harness::TestApp;
use crate::harness::client::{Answer, Client};
use crate::harness::people::{Person, make_employee};
use serde_json::{Value, json};
use sherlok::domain::digest::Digest;
use sherlok::domain::work_mode::{WorkGroup, WorkMode};

/// Puts the agency's first people on BKD's staff list under their numbers, each with another pseudonym than there; gives
/// their sign-in names.
pub(crate) fn on_staff_list(bkd: &TestApp, count: u64) -> Vec<String> {
    let names = (0..count).map(|serial| make_employee(bkd.app(), "1.01", serial, WorkGroup::Administration).1);
    let names = names.collect();
    bkd.execute("UPDATE employee SET pseudonym = 'B' || pseudonym");
    names
}

/// Both instances after a day whose batch BKD holds; both people are on its staff list.
pub(crate) fn held() -> (Pair, String, Vec<String>) {
    held_from(pair(3, |_| None))
}

/// The same of two instances that are just set up.
pub(crate) fn held_from(pair: Pair) -> (Pair, String, Vec<String>) {
    let pair = pair.lived();
    let names = on_staff_list(&pair.bkd, 2);
    let batch = pair.sent(None);
    let pair = pair.registered();
    pair.bring(&pair.dispatch(&batch)).expect(200);
    (pair, batch, names)
}

pub(crate) fn day_plan(size: u32) -> Value {
    json!({ "from": DAY, "to": DAY, "agencies": ["1.01"], "size": size })
}

fn count_path() -> String {
    format!("/v1/audit-population?from={DAY}&to={DAY}&agencies=1.01")
}

/// Brings a batch to BKD, going on from what was cosigned last.
pub(crate) fn bring_next(pair: &Pair, batch: &str) {
    let cosigned = pair.officer.get("/v1/federation/agencies/1.01").expect(200)["cosigned_size"].clone();
    let file = pair.operator.get(&format!("{batch}/dispatch?from_size={cosigned}"));
    file.expect(200);
    pair.bring(&file.bytes).expect(200);
}

fn plan(pair: &Pair) -> Answer {
    pair.officer.post("/v1/audits", &day_plan(6))
}

/// The codes that a plan is refused with, and what was said.
#[track_caller]
fn refused(answer: &Answer) -> Vec<(String, String)> {
    let problem = answer.problem(422, "invalid_fields");
    let fields = problem["fields"].as_array().unwrap().iter();
    fields
        .map(|field| {
            assert!(field["field"].as_str().unwrap().starts_with("agencies["), "{field}");
            (
                field["code"].as_str().unwrap().to_owned(),
                field["message"].as_str().unwrap().to_owned(),
            )
        })
        .collect()
}

fn codes(answer: &Answer) -> Vec<String> {
    refused(answer).into_iter().map(|(code, _)| code).collect()
}

fn cancel(pair: &Pair, audit: &Value) {
    let path = format!("/v1/audits/{}/cancellation", audit["id"].as_str().unwrap());
    let reason = json!({ "reason": "Versi baru diperlukan." });
    pair.officer.post(&path, &reason).expect(200);
}

fn population(client: &Client, audit: &Value) -> String {
    let id = audit["id"].as_str().unwrap();
    client.get(&format!("/v1/audits/{id}/population")).text()
}

/// A circular at BKD's instance that has everybody at home in March.
fn asked_by_circular(bkd: &TestApp) {
    let officer = bkd.official("bkd_officer");
    circular::issued(&officer, &circular::text("4 Tahun 2026", &json!({})));
}

#[test]
fn the_population_is_the_expected_rows_of_the_batch_and_whose_they_are_says_bkds_staff_list() {
    let (pair, batch, _) = held();
    // Somebody of whom the agency tells nothing.
    make_employee(pair.bkd.app(), "1.01", 5, WorkGroup::Administration);
    let audit = plan(&pair).expect(201);
    assert_eq!(audit["population"], 6);
    let units = population(&pair.officer, &audit);
    let pseudonyms: Vec<&str> = units.lines().map(|unit| unit.split('/').nth(2).unwrap()).collect();
    assert_eq!(
        pseudonyms,
        ["P0000000", "P0000000", "P0000000", "P0000001", "P0000001", "P0000001"]
    );
    assert_eq!(audit["population_sha256"], Digest::of(units.as_bytes()).to_string());
    let id = batch.rsplit('/').next().unwrap();
    assert_eq!(
        audit["federated"],
        json!([{
            "agency": "1.01",
            "batches": [{ "id": id, "from": DAY, "to": DAY, "version": 1, "slots": 3 }],
            "unlisted": 1,
            "unlisted_numbers": ["198609262010051905"],
        }])
    );
    let path = format!("/v1/audits/{}", audit["id"].as_str().unwrap());
    assert_eq!(pair.officer.get(&path).expect(200), audit);
    let counted = pair.officer.get(&count_path()).expect(200);
    assert_eq!(
        counted["agencies"],
        json!([{ "agency": "1.01", "population": 6, "refusals": [] }])
    );
}

#[test]
fn numbers_that_bkd_does_not_know_are_refused_by_number() {
    let pair = pair(3, |_| None).lived();
    let batch = pair.sent(None);
    let pair = pair.registered();
    pair.bring(&pair.dispatch(&batch)).expect(200);
    let counted = pair.officer.get(&count_path()).expect(200);
    assert_eq!(counted["agencies"][0]["population"], 0);
    assert_eq!(counted["agencies"][0]["refusals"][0]["code"], "employee_unknown");
    let said = refused(&plan(&pair));
    assert_eq!(said.len(), 1);
    assert_eq!(said[0].0, "employee_unknown");
    assert!(
        said[0].1.contains("198609262010051900, 198609262010051901"),
        "{}",
        said[0].1
    );
    assert_eq!(pair.officer.get("/v1/audits").expect(200)["items"], json!([]));
    // One of them is in another agency on that date.
    pair.bkd.agency("1.02");
    make_employee(pair.bkd.app(), "1.02", 0, WorkGroup::Administration);
    assert_eq!(codes(&plan(&pair)), ["employee_unknown", "employee_foreign"]);
}

#[test]
fn slots_in_no_batch_are_refused_by_date_and_rejected_batches_are_none() {
    let mut pair = pair(3, |_| None).lived();
    on_staff_list(&pair.bkd, 2);
    let morning = pair.sent(Some("morning"));
    pair = pair.registered();
    pair.bring(&pair.dispatch(&morning)).expect(200);
    let said = refused(&plan(&pair));
    assert_eq!(said[0].0, "batch_missing");
    assert!(said[0].1.contains("2026-03-02 (siang, sore)"), "{}", said[0].1);
    let (midday, afternoon) = (pair.sent(Some("midday")), pair.sent(Some("afternoon")));
    bring_next(&pair, &midday);
    bring_next(&pair, &afternoon);
    let audit = plan(&pair).expect(201);
    assert_eq!(audit["population"], 6);
    assert_eq!(audit["federated"][0]["batches"].as_array().unwrap().len(), 3);
    assert_eq!(audit["federated"][0]["batches"][1]["slot"], "midday");
    // Another deployment of the day: the batch is sent back, and a circular asks.
    let (pair, batch, _) = held();
    asked_by_circular(&pair.bkd);
    let finding = json!({ "code": "wrong_mode", "text": "Moda tidak sesuai." });
    let reject = json!({ "decision": "reject", "findings": [finding] });
    decide(&pair.officer, &batch, &reject).expect(200);
    let said = refused(&plan(&pair));
    assert_eq!(said.len(), 1);
    assert!(said[0].1.contains("2026-03-02 (pagi, siang, sore)"), "{}", said[0].1);
}

#[test]
fn rows_that_were_open_when_sealed_are_refused() {
    let mut pair = pair(3, |_| None);
    on_staff_list(&pair.bkd, 2);
    share(&pair.near, "2026-03-02T08:30:00+07:00", 12.0, 1);
    pair.set_clock("2026-03-02T10:00:00+07:00");
    let batch = pair.sent(None);
    pair = pair.registered();
    pair.bring(&pair.dispatch(&batch)).expect(200);
    // What has closed by then is sound.
    let early = plan(&pair).expect(201);
    assert_eq!(early["population"], 2);
    cancel(&pair, &early);
    pair.set_clock("2026-03-02T17:30:00+07:00");
    let said = refused(&plan(&pair));
    assert_eq!(said.len(), 1);
    assert_eq!(said[0].0, "rows_open");
    assert!(said[0].1.contains("2026-03-02 (4)"), "{}", said[0].1);
}

#[test]
fn a_later_version_changes_nothing_of_a_plan_and_all_of_the_next() {
    let (pair, batch, _) = held();
    let audit = plan(&pair).expect(201);
    let before = (population(&pair.officer, &audit), audit["federated"].clone());
    // A late share makes a second version.
    share(&pair.near, "2026-03-02T12:00:00+07:00", 5.0, 3);
    let second = pair.sent(None);
    assert_ne!(second, batch);
    bring_next(&pair, &second);
    let path = format!("/v1/audits/{}", audit["id"].as_str().unwrap());
    let after = pair.officer.get(&path).expect(200);
    assert_eq!((population(&pair.officer, &after), after["federated"].clone()), before);
    cancel(&pair, &audit);
    let anew = plan(&pair).expect(201);
    assert_eq!(anew["federated"][0]["batches"][0]["version"], 2);
    assert_eq!(
        second.rsplit('/').next().unwrap(),
        anew["federated"][0]["batches"][0]["id"]
    );
}

#[test]
fn both_kinds_of_agency_stand_in_one_plan_and_parallel_plans_make_one() {
    let (pair, _, _) = held();
    let own = people_at_home(&pair.bkd, "1.02", 2, &[DAY]);
    let body = json!({ "from": DAY, "to": DAY, "agencies": ["1.02", "1.01"], "size": 3 });
    let officer = &pair.officer;
    let answers: Vec<Answer> = std::thread::scope(|scope| {
        let calls: Vec<_> = (0..4)
            .map(|_| scope.spawn(|| officer.post("/v1/audits", &body)))
            .collect();
        calls.into_iter().map(|call| call.join().unwrap()).collect()
    });
    let (made, rest): (Vec<_>, Vec<_>) = answers.iter().partition(|answer| answer.status == 201);
    assert_eq!(made.len(), 1);
    assert!(rest.iter().all(|answer| answer.status == 409 || answer.status == 503));
    let audit = made[0].expect(201);
    assert_eq!(
        audit["samples"],
        json!([
            { "name": "1.01", "population": 6, "size": 3 },
            { "name": "1.02", "population": own.len() * 3, "size": 3 },
        ])
    );
    assert_eq!(audit["federated"].as_array().unwrap().len(), 1);
    let listed = officer.get("/v1/audits").expect(200);
    assert!(listed["items"][0].get("federated").is_none());
}

#[test]
fn whoever_stands_twice_in_a_slot_makes_no_frame() {
    let mut pair = pair(3, |_| None);
    // The agency gives the same person two pseudonyms, by an old and a new number.
    let twin: Person = pair.dinas.employee("1.01");
    pair.dinas.assign(&twin, DAY, WorkMode::Wfh);
    on_staff_list(&pair.bkd, 2);
    let number = &twin.username;
    let near = pair.bkd.literal(pair.near.id.uuid());
    pair.bkd.execute(&format!(
        "INSERT INTO employee_number (employee_id, number, valid_from) VALUES ({near}, '{number}', '2020-01-01')"
    ));
    pair = pair.lived();
    let batch = pair.sent(None);
    pair = pair.registered();
    pair.bring(&pair.dispatch(&batch)).expect(200);
    assert_eq!(codes(&plan(&pair)), ["employee_twice"]);
}
