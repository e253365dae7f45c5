//! What the agency hears of BKD's word on a batch, and its answer where the rows are right.

use crate::batch::{Scene, decide, path, scene, submit};
use crate::harness::client::{Answer, Client};
use serde_json::{Value, json};

const TEXT: &str = "Surat cuti dibatalkan pada 1 Maret; datanya sudah benar.";

fn rejection() -> Value {
    let finding = |row, text: &str| json!({ "row": row, "field": "mode", "code": "mode_clash", "text": text });
    json!({ "decision": "reject", "findings": [
        finding(1, "Pegawai cuti, tetapi tercatat WFH."), finding(2, "Pegawai dinas luar"), finding(3, "Ketiga"),
        finding(4, "Keempat"),
    ] })
}

fn answer(client: &Client, path: &str, text: &str) -> Answer {
    client.post(&format!("{path}/answer"), &json!({ "text": text }))
}

fn notices(client: &Client) -> Vec<Value> {
    client.get("/v1/me/notices").expect(200)["items"]
        .as_array()
        .unwrap()
        .clone()
}

/// A batch that was sent and that BKD's people rejected.
fn rejected() -> (Scene, String) {
    let scene = scene().lived();
    let path = scene.sent();
    decide(&scene.officer, &path, &rejection()).expect(200);
    (scene, path)
}

#[test]
fn those_who_run_and_head_the_agency_are_told_the_findings() {
    let mut scene = scene().lived();
    let administrator = scene.app.official("administrator");
    let grant = json!({ "role": "agency_operator", "agency": "1.01" });
    administrator
        .post(&format!("/v1/accounts/{}/roles", scene.near.username), &grant)
        .expect(204);
    scene.near.client.renew();
    let head = scene.app.official("agency_head:1.01");
    let stranger = scene.app.official("agency_operator:1.02");
    let path = scene.sent();
    assert!(notices(&scene.operator).is_empty());
    decide(&scene.officer, &path, &rejection()).expect(200);
    // An official on no staff list, a head, and a member of staff who runs the agency.
    for client in [&scene.operator, &head, &scene.near.client] {
        let told = notices(client);
        assert_eq!(told.len(), 1);
        assert_eq!(told[0]["kind"], "batch_rejected");
        assert!(path.ends_with(told[0]["facts"]["batch_id"].as_str().unwrap()));
        assert_eq!(
            told[0]["body"],
            "Kiriman 2 Maret 2026 belum dapat diterima; ada 4 catatan. Pegawai cuti, tetapi tercatat \
             WFH. Pegawai dinas luar. Ketiga. Silakan perbaiki dan kirim versi baru, atau jawab catatannya bila datanya \
             sudah benar."
        );
    }
    assert!(notices(&stranger).is_empty());
    assert!(notices(&scene.far.client).is_empty());
    assert!(notices(&scene.officer).is_empty());
    // The same decision again tells nothing again.
    decide(&scene.officer, &path, &rejection()).expect(200);
    assert_eq!(notices(&head).len(), 1);
}

#[test]
fn an_official_s_notice_is_seen_once_and_is_nobody_else_s() {
    let (scene, _) = rejected();
    let id = notices(&scene.operator)[0]["id"].as_str().unwrap().to_owned();
    let see = |client: &Client| client.send("POST", &format!("/v1/me/notices/{id}/seen"), None, &[]);
    see(&scene.app.official("agency_operator:1.01")).problem(404, "not_found");
    see(&scene.near.client).problem(404, "not_found");
    let first = see(&scene.operator).expect(200);
    scene.app.advance(chrono::Duration::seconds(5));
    assert_eq!(see(&scene.operator).expect(200), first);
    assert_eq!(
        scene.operator.get("/v1/me/notices?unseen=true").expect(200)["items"],
        json!([])
    );
    assert_eq!(
        scene.operator.get("/v1/me/notices?unseen=false").expect(200)["items"],
        json!([first])
    );
}

#[test]
fn an_accepted_batch_is_told_too() {
    let scene = scene().lived();
    let path = scene.sent();
    decide(&scene.officer, &path, &json!({ "decision": "accept" })).expect(200);
    assert_eq!(notices(&scene.operator)[0]["kind"], "batch_accepted");
}

#[test]
fn a_batch_whose_rows_are_right_is_answered_and_looked_at_again() {
    let (scene, path) = rejected();
    let before = scene.operator.get(&path).expect(200);
    // Sealing what is the same makes no new version: without an answer this would be the end.
    assert_eq!(scene.seal().expect(200)["id"], before["id"]);
    let answered = answer(&scene.operator, &path, TEXT).expect(200);
    for same in [
        "id",
        "version",
        "manifest_sha256",
        "receipt_number",
        "findings",
        "submitted_at",
    ] {
        assert_eq!(answered[same], before[same], "{same}");
    }
    assert_eq!(
        (&answered["state"], &answered["decided_at"], &answered["decided_by"]),
        (&json!("received"), &Value::Null, &Value::Null)
    );
    assert_eq!(answered["answers"][0]["text"], TEXT);
    assert_eq!(scene.officer.get(&path).expect(200)["answers"], answered["answers"]);
    assert_eq!(
        answer(&scene.operator, &path, TEXT).expect(200),
        answered,
        "the same again"
    );
    answer(&scene.operator, &path, "Jawaban yang lain lagi.").problem(409, "wrong_state");
    // BKD may still not be content, and is answered again.
    decide(&scene.officer, &path, &rejection()).expect(200);
    let again = answer(&scene.operator, &path, TEXT).expect(200);
    assert_eq!(again["answers"].as_array().unwrap().len(), 2);
    assert_eq!(again["findings"].as_array().unwrap().len(), 8);
    decide(&scene.officer, &path, &json!({ "decision": "accept" })).expect(200);
    answer(&scene.operator, &path, "Terima kasih banyak.").problem(409, "wrong_state");
}

#[test]
fn only_the_agency_answers_and_only_what_people_rejected() {
    let (scene, path) = rejected();
    let stranger = scene.app.official("agency_operator:1.02");
    answer(&stranger, &path, TEXT).problem(404, "not_found");
    answer(&scene.officer, &path, TEXT).problem(403, "forbidden");
    for text in ["", "   ", "singkat", &"x".repeat(2_001)] {
        answer(&scene.operator, &path, text).names_field(422, "text");
    }
    assert_eq!(scene.operator.get(&path).expect(200)["state"], "rejected");
}

#[test]
fn a_batch_that_was_never_rejected_takes_no_answer() {
    let scene = scene().lived();
    let path = scene.sealed();
    answer(&scene.operator, &path, TEXT).problem(409, "wrong_state");
    submit(&scene.operator, &path).expect(200);
    answer(&scene.operator, &path, TEXT).problem(409, "wrong_state");
}

#[test]
fn a_broken_file_is_told_and_takes_no_answer() {
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
    assert_eq!(submit(&scene.operator, &path).expect(200)["state"], "rejected");
    let told = notices(&scene.operator).remove(0);
    assert_eq!(told["facts"]["is_answerable"], false);
    assert!(
        told["body"]
            .as_str()
            .unwrap()
            .ends_with("Silakan segel ulang dan kirim versi baru."),
        "{told}"
    );
    answer(&scene.operator, &path, TEXT).problem(409, "wrong_state");
}

#[test]
fn a_newer_version_takes_the_place_of_an_answer() {
    let (mut scene, first) = rejected();
    // The phone of the second person sends what it kept.
    crate::batch::share(&scene.near, "2026-03-02T12:00:00+07:00", 12.0, 9);
    scene.set_clock("2026-03-02T17:40:00+07:00");
    let newer = scene.seal().expect(201);
    assert_ne!(path(&newer), first);
    answer(&scene.operator, &first, TEXT).problem(409, "superseded");
}
