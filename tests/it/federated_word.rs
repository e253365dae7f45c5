//! What BKD decides comes back to the agency's instance: on its batches, and in the cases of its people.

use crate::audit::cases;
use crate::batch::{DAY, decide, path};
use crate::case::{REASON, reply, step};
use crate::federated_audit::held_from;
use crate::federated_case::{Scene, drawn};
use crate::federation::{Pair, count, pair};
use crate::harness::client::Client;
use serde_json::{Value, json};

const RECAP: &str = "/v1/agencies/1.01/recaps/2026-03";

fn with_line() -> Pair {
    pair(3, |bkd| Some(bkd.base_url.clone()))
}

/// The agency's batch, sent by its instance itself.
fn sent() -> (Pair, String) {
    let pair = with_line().lived();
    let batch = pair.sent(None);
    let pair = pair.registered();
    assert_eq!(send(&pair), 1);
    (pair, batch)
}

fn send(pair: &Pair) -> u32 {
    let app = pair.dinas.app();
    app.send_dispatches(app.now()).unwrap()
}

/// Asks BKD's instance; gives how much is different.
fn ask(pair: &Pair) -> u32 {
    let app = pair.dinas.app();
    app.ask_bkd(app.now()).unwrap()
}

fn kinds(client: &Client) -> Vec<String> {
    let told = client.get("/v1/me/notices").expect(200);
    let items = told["items"].as_array().unwrap().iter();
    items.map(|told| told["kind"].as_str().unwrap().to_owned()).collect()
}

fn rejected() -> Value {
    json!({
        "decision": "reject",
        "findings": [{ "row": 1, "field": "mode", "code": "mode_clash", "text": "Pegawai cuti, tetapi tercatat WFH." }],
    })
}

#[test]
fn an_accepted_batch_is_accepted_on_the_agencys_instance_and_its_people_are_told() {
    let (mut pair, batch) = sent();
    assert_eq!(ask(&pair), 0, "BKD has not decided");
    decide(&pair.officer, &batch, &json!({ "decision": "accept" })).expect(200);
    assert_eq!(ask(&pair), 0, "the pause is not over");
    pair.set_clock("2026-03-02T17:45:00+07:00");
    assert_eq!(ask(&pair), 1);
    let (here, there) = (
        pair.operator.get(&batch).expect(200),
        pair.officer.get(&batch).expect(200),
    );
    for field in ["state", "decided_at", "decided_by", "findings"] {
        assert_eq!(here[field], there[field], "{field}");
    }
    assert_eq!(here["state"], "accepted");
    assert_eq!(kinds(&pair.operator), ["batch_accepted"]);
    pair.set_clock("2026-03-03T17:45:00+07:00");
    assert_eq!(ask(&pair), 0);
    assert_eq!(kinds(&pair.operator).len(), 1, "told once");
    assert_eq!(pair.dinas.app().check_logs().unwrap(), []);
}

#[test]
fn a_rejection_comes_with_its_findings_and_an_answer_goes_back() {
    let (mut pair, batch) = sent();
    decide(&pair.officer, &batch, &rejected()).expect(200);
    assert_eq!(ask(&pair), 1);
    let here = pair.operator.get(&batch).expect(200);
    assert_eq!(
        (&here["state"], &here["findings"]),
        (&json!("rejected"), &rejected()["findings"])
    );
    assert_eq!(kinds(&pair.operator), ["batch_rejected"]);
    let words = "Pegawai ini tidak cuti pada tanggal itu; surat cutinya dibatalkan.";
    pair.operator
        .post(&format!("{batch}/answer"), &json!({ "text": words }))
        .expect(200);
    pair.set_clock("2026-03-02T17:45:00+07:00");
    assert_eq!(ask(&pair), 0, "BKD has it, and nothing is another thing here");
    let there = pair.officer.get(&batch).expect(200);
    assert_eq!(
        (&there["state"], &there["answers"][0]["text"]),
        (&json!("received"), &json!(words))
    );
    assert_eq!(pair.operator.get(&batch).expect(200)["state"], "received");
    // Asked twice at once, also from two instances: once.
    decide(&pair.officer, &batch, &json!({ "decision": "accept" })).expect(200);
    pair.set_clock("2026-03-02T18:45:00+07:00");
    let changed: u32 = std::thread::scope(|scope| {
        let calls: Vec<_> = (0..2)
            .map(|_| {
                scope.spawn(|| {
                    let app = pair.dinas.app();
                    app.ask_bkd(app.now()).unwrap_or(0)
                })
            })
            .collect();
        calls.into_iter().map(|call| call.join().unwrap()).sum()
    });
    assert_eq!(changed, 1);
    assert_eq!(
        pair.operator.get(&batch).expect(200)["answers"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    assert_eq!(kinds(&pair.operator), ["batch_accepted", "batch_rejected"]);
}

#[test]
fn an_instance_that_is_not_reached_asks_again_and_changes_nothing() {
    let (pair, batch) = sent();
    decide(&pair.officer, &batch, &rejected()).expect(200);
    pair.bkd
        .execute("UPDATE account SET password_hash = 'x' WHERE username = 'agency_operator-0'");
    assert_eq!(ask(&pair), 0);
    assert_eq!(pair.operator.get(&batch).expect(200)["state"], "received");
    assert_eq!(count(&pair.dinas, "received_verdict"), 0);
    pair.dinas.set_clock("2026-03-02T18:45:00+07:00");
    assert_eq!(ask(&pair), 0);
}

/// A case in which the slot from outside was upheld at BKD's instance; gives its id.
fn upheld(scene: &Scene) -> String {
    let (auditor, id, second) = scene.holder("P0000001", "morning");
    let note = "Titik berada jauh dari rumah menurut catatan perangkat daerah.";
    let finding = json!({ "finding": "invalid_proposed", "method": "map", "note": note });
    step(auditor, &id, "review", 1, &finding).expect(200);
    let again = second.get(&format!("/v1/second-reviews/{id}"));
    if again.status == 200 {
        let second = second.with_header("if-match", "\"1\"");
        second.post(&format!("/v1/second-reviews/{id}"), &finding).expect(200);
    }
    let version = || own(scene, &id)["version"].as_i64().unwrap();
    step(&scene.person(1), &id, "reply", version(), &reply()).expect(200);
    let uphold = json!({ "outcome": "upheld", "reason": REASON });
    let is_theirs = |case: &Value| case["id"] == id.as_str();
    let decides = if cases(second, &scene.audit).iter().any(is_theirs) {
        second
    } else {
        &scene.pair.head
    };
    step(decides, &id, "decision", version(), &uphold).expect(200);
    id
}

fn own(scene: &Scene, id: &str) -> Value {
    let page = scene.person(1).get("/v1/me/cases").expect(200);
    let found = page["items"].as_array().unwrap().iter().find(|case| case["id"] == id);
    found.unwrap().clone()
}

/// What stands in the recap of the agency's instance for the person far from home.
fn sign(scene: &Scene) -> String {
    let recap = scene.pair.operator.get(RECAP).expect(200);
    let person = scene.pair.far.id.uuid().to_string();
    let lines = recap["items"].as_array().unwrap();
    let line = lines
        .iter()
        .find(|line| line["employee_id"] == person.as_str())
        .unwrap();
    let days = line["days"].as_array().unwrap();
    let day = days.iter().find(|day| day["date"] == DAY).unwrap();
    day["sign"].as_str().unwrap().to_owned()
}

#[test]
fn an_upheld_finding_corrects_the_agencys_own_recap_and_an_objection_takes_it_back() {
    let mut scene = drawn(held_from(with_line()));
    // The batch was brought as a file; with the proof, the instance knows that BKD has it.
    let batch = path(&scene.pair.operator.get("/v1/batches").expect(200)["items"][0]);
    let receipt = scene.pair.bring(&scene.pair.dispatch(&batch)).text();
    let put = scene
        .pair
        .operator
        .send("PUT", &format!("{batch}/proof"), Some("text/plain"), receipt.as_bytes());
    put.expect(200);
    assert_eq!((ask(&scene.pair), sign(&scene)), (0, "R?".to_owned()));
    let id = upheld(&scene);
    scene.pair.set_clock("2026-03-02T19:00:00+07:00");
    assert_eq!((ask(&scene.pair), sign(&scene)), (1, "TK".to_owned()));
    scene.pair.set_clock("2026-03-02T20:30:00+07:00");
    assert_eq!((ask(&scene.pair), count(&scene.pair.dinas, "received_verdict")), (0, 1));
    // While an objection pends the finding has no effect; withdrawn, it has none any more.
    let version = own(&scene, &id)["version"].as_i64().unwrap();
    let objection = json!({ "reason": "Saya berada di lokasi tugas yang benar." });
    step(&scene.person(1), &id, "objection", version, &objection).expect(200);
    scene.pair.set_clock("2026-03-02T22:00:00+07:00");
    assert_eq!((ask(&scene.pair), sign(&scene)), (1, "R?".to_owned()));
    let version = own(&scene, &id)["version"].as_i64().unwrap();
    let withdrawn = json!({ "outcome": "withdrawn", "reason": REASON });
    let decided = step(&scene.pair.head, &id, "objection/decision", version, &withdrawn);
    decided.expect(200);
    scene.pair.set_clock("2026-03-02T23:30:00+07:00");
    assert_eq!(ask(&scene.pair), 1);
    assert_ne!(sign(&scene), "TK");
}

#[test]
fn verdicts_are_told_to_whoever_sends_for_the_agency_alone() {
    let scene = drawn(held_from(with_line()));
    upheld(&scene);
    let path = format!("/v1/federation/agencies/1.01/verdicts?from={DAY}");
    let told = scene.pair.sender.get(&path).expect(200);
    let unit = format!("1.01/{DAY}/P0000001/morning");
    assert_eq!(told["items"].as_array().unwrap().len(), 1);
    assert_eq!(
        (&told["items"][0]["unit"], &told["items"][0]["outcome"]),
        (&json!(unit), &json!("upheld"))
    );
    assert!(!told.to_string().contains("198609"));
    let stranger = scene.pair.bkd.official("agency_operator:1.02");
    stranger.get(&path).problem(404, "not_found");
    scene.person(1).get(&path).problem(403, "forbidden");
    scene.pair.head.get(&path).problem(403, "forbidden");
    let later = "/v1/federation/agencies/1.01/verdicts?from=2026-03-03";
    assert_eq!(scene.pair.sender.get(later).expect(200)["items"], json!([]));
    scene
        .pair
        .sender
        .get("/v1/federation/agencies/1.01/verdicts")
        .names_field(422, "from");
}
