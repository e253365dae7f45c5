//! What batches refuse: bad spans, strangers, changes behind their back, one person alone, and two at once.

use crate::batch::{DAY, decide, scene, submit};
use diesel::connection::SimpleConnection;
use serde_json::{Value, json};

#[test]
fn bad_spans_are_named_and_nothing_is_sealed() {
    let scene = scene().lived();
    let seal = |body: &Value| scene.operator.post("/v1/agencies/1.01/batches", body);
    seal(&json!({ "from": DAY, "to": "2026-03-01" })).names_field(422, "to");
    seal(&json!({ "from": DAY, "to": "2026-03-03" })).names_field(422, "to");
    seal(&json!({ "from": "2025-11-30", "to": DAY })).names_field(422, "to");
    seal(&json!({ "from": "2026-03-01", "to": DAY, "slot": "morning" })).names_field(422, "slot");
    seal(&json!({ "from": DAY, "to": DAY, "slot": "noon" })).names_field(422, "slot");
    seal(&json!({ "from": "2026-02-30", "to": DAY })).names_field(422, "from");
    seal(&json!({ "from": DAY })).names_field(422, "to");
    seal(&json!({ "from": DAY, "to": DAY, "slots": [] })).names_field(422, "slots");
    let broken = scene
        .operator
        .send("POST", "/v1/agencies/1.01/batches", Some("application/json"), b"{");
    broken.problem(400, "malformed_json");
    let key = scene.operator.with_header("idempotency-key", &"k".repeat(101));
    key.post("/v1/agencies/1.01/batches", &json!({ "from": DAY, "to": DAY }))
        .names_field(422, "Idempotency-Key");
    assert_eq!(scene.operator.get("/v1/batches").expect(200)["items"], json!([]));
}

#[test]
fn a_strangers_batch_is_not_found_and_a_role_without_the_right_is_refused() {
    let scene = scene().lived();
    let batch = scene.sent();
    let stranger = scene.app.official("agency_operator:1.02");
    for call in [
        "",
        "/receipt",
        "/file",
        "/file.csv",
        "/file.xlsx",
        "/file.ndjson",
        "/file.geojson",
    ] {
        stranger.get(&format!("{batch}{call}")).problem(404, "not_found");
        scene
            .near
            .client
            .get(&format!("{batch}{call}"))
            .problem(403, "forbidden");
        scene
            .app
            .nobody()
            .get(&format!("{batch}{call}"))
            .problem(401, "unauthenticated");
    }
    submit(&stranger, &batch).problem(404, "not_found");
    submit(&scene.officer, &batch).problem(403, "forbidden");
    decide(&scene.operator, &batch, &json!({})).problem(403, "forbidden");
    stranger
        .post("/v1/agencies/1.01/batches", &json!({}))
        .problem(404, "not_found");
    scene
        .officer
        .post("/v1/agencies/1.01/batches", &json!({}))
        .problem(403, "forbidden");
    assert_eq!(stranger.get("/v1/batches").expect(200)["items"], json!([]));
    let auditor = scene.app.official("bkd_auditor");
    auditor.get(&batch).expect(200);
    auditor.get(&format!("{batch}/file")).problem(403, "forbidden");
    for id in ["x", "01955b3c-7000-7abc-8def-0123456789ab", "..%2f"] {
        scene
            .officer
            .get(&format!("/v1/batches/{id}"))
            .problem(404, "not_found");
    }
}

#[test]
fn what_is_sealed_cannot_be_changed_in_the_database() {
    let scene = scene().lived();
    scene.sealed();
    for statement in [
        "UPDATE batch_chunk SET content = ''",
        "DELETE FROM batch_chunk",
        "DELETE FROM batch",
        "UPDATE batch SET manifest = '{}'",
        "UPDATE batch SET version = 2",
        "UPDATE batch SET state = 'open', manifest = NULL",
        "INSERT INTO batch_chunk (batch_id, file, sequence, content) SELECT id, 1, 99, '{}' FROM batch",
    ] {
        let refused = scene.app.app().store().connect().unwrap().batch_execute(statement);
        let error = refused.unwrap_err().to_string();
        assert!(error.contains("batch"), "{statement}: {error}");
    }
    assert_eq!(scene.seal().expect(200)["version"], 1);
}

#[test]
fn rows_changed_behind_the_triggers_are_rejected_with_a_finding() {
    let scene = scene().lived();
    let path = scene.sealed();
    let off = if scene.app.is_postgres() {
        "ALTER TABLE batch_chunk DISABLE TRIGGER USER"
    } else {
        "DROP TRIGGER batch_chunk_update"
    };
    scene.app.execute(off);
    scene
        .app
        .execute("UPDATE batch_chunk SET content = replace(content, 'outside', 'inside') WHERE file = 1");
    let sent = submit(&scene.operator, &path).expect(200);
    assert_eq!(
        (&sent["state"], &sent["receipt_number"]),
        (&json!("rejected"), &Value::Null)
    );
    let codes: Vec<&str> = sent["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["code"].as_str().unwrap())
        .collect();
    assert_eq!(codes, ["count", "digest"]);
    scene.operator.get(&format!("{path}/receipt")).problem(404, "not_found");
}

#[test]
fn a_person_of_another_agency_is_a_finding_for_people_not_a_breakage() {
    let scene = scene().lived();
    let path = scene.sealed();
    scene.app.agency("1.02");
    scene.app.execute(&format!(
        "UPDATE membership SET agency_code = '1.02' WHERE employee_id = {}",
        scene.app.literal(scene.far.id.uuid())
    ));
    let sent = submit(&scene.operator, &path).expect(200);
    assert_eq!(sent["state"], "received");
    let findings = sent["findings"].as_array().unwrap();
    assert_eq!(findings.len(), 3);
    assert!(findings.iter().all(|finding| finding["code"] == "employee_foreign"));
}

#[test]
fn where_two_people_are_asked_for_the_preparer_does_not_send() {
    let scene = scene().lived();
    let setting = "/v1/agencies/1.01/batch-setting";
    let answer = scene.operator.get(setting);
    assert_eq!(
        answer.expect(200),
        json!({ "seals_at_close": false, "needs_second_person": false })
    );
    assert_eq!(answer.header("etag"), "\"0\"");
    let body = json!({ "seals_at_close": false, "needs_second_person": true });
    scene.operator.put(setting, &body).problem(403, "forbidden");
    scene.officer.put(setting, &body).problem(428, "version_required");
    let seen = scene.officer.with_header("if-match", "\"0\"");
    assert_eq!(seen.put(setting, &body).header("etag"), "\"1\"");
    seen.put(setting, &body).problem(412, "stale_version");
    seen.put("/v1/agencies/9.99/batch-setting", &body)
        .problem(404, "not_found");

    let path = scene.sealed();
    submit(&scene.operator, &path).problem(409, "second_person_needed");
    let head = scene.app.official("agency_head:1.01");
    let sent = submit(&head, &path).expect(200);
    assert_eq!(sent["approved_by"], sent["submitted_by"]);
    assert_ne!(sent["approved_by"], sent["prepared_by"]);
}

#[test]
fn two_instances_that_seal_at_once_make_one_version() {
    let scene = scene().lived();
    let twin = scene.app.twin();
    let clients = [scene.operator.clone(), scene.operator.at(&twin.base_url)];
    let body = json!({ "from": DAY, "to": DAY });
    let sealing = (0..8).map(|index| {
        let (client, body) = (clients[index % 2].clone(), body.clone());
        std::thread::spawn(move || client.post("/v1/agencies/1.01/batches", &body).status)
    });
    let sealing: Vec<_> = sealing.collect();
    let mut answers: Vec<u16> = sealing.into_iter().map(|thread| thread.join().unwrap()).collect();
    answers.sort_unstable();
    assert_eq!(
        answers.iter().filter(|status| **status == 201).count(),
        1,
        "{answers:?}"
    );
    assert!(
        answers.iter().all(|status| [200, 201, 503].contains(status)),
        "{answers:?}"
    );
    let list = scene.operator.get("/v1/batches").expect(200);
    assert_eq!(list["items"].as_array().unwrap().len(), 1);
    assert_eq!(scene.seal().expect(200)["version"], 1);
}
