//! Issuing a circular: by somebody else than its writer, and never over another one without a word.

use crate::circular::{drafted, issue, issued, put, text};
use crate::harness::TestApp;
use serde_json::{Value, json};

#[test]
fn whoever_wrote_a_circular_or_changed_it_last_cannot_issue_it() {
    let app = TestApp::start();
    let [drafter, editor] = [(); 2].map(|()| app.official("bkd_officer"));
    let id = drafted(&drafter, &text("1 Tahun 2026", &json!({})));
    let path = format!("/v1/circulars/{id}/issue");
    let problem = drafter.post(&path, &json!({}));
    problem.problem(403, "own_draft");
    assert_eq!(
        problem.json()["title"],
        "Surat edaran diterbitkan oleh orang lain daripada penulisnya. Mintalah rekan atau Kepala BKD menerbitkannya."
    );
    put(
        &editor,
        &id,
        "\"1\"",
        &text("1 Tahun 2026", &json!({"title": "Judul baru"})),
    )
    .expect(200);
    editor.post(&path, &json!({})).problem(403, "own_draft");
    drafter.post(&path, &json!({})).problem(403, "own_draft");
    assert_eq!(
        drafter.get(&format!("/v1/circulars/{id}")).expect(200)["state"],
        "draft"
    );
    // A call without any body is fine where there is nothing to acknowledge.
    app.official("bkd_head").send("POST", &path, None, &[]).expect(200);
}

#[test]
fn circulars_that_clash_are_not_issued_until_somebody_says_which_decides() {
    let app = TestApp::start();
    let officer = app.official("bkd_officer");
    let first = issued(&officer, &text("1 Tahun 2026", &json!({})));
    let rules = json!([
        {"kind": "gathering", "banned": true},
        {"kind": "work_mode", "group": "administration", "mode": "wfo"},
    ]);
    let later = json!({"signed_on": "2026-03-02", "rules": rules});
    let stranger = drafted(&officer, &text("2 Tahun 2026", &later));
    let path = format!("/v1/circulars/{stranger}");
    let clash = officer.get(&path).expect(200)["conflicts"].clone();
    let named = json!([{"circular_id": first, "number": "1 Tahun 2026", "kinds": ["work_mode"], "decides": "this"}]);
    assert_eq!(clash, named);
    let refused = issue(&officer, &stranger, &json!({})).names_field(422, "rules[1]");
    let field = &refused["fields"][0];
    assert_eq!(field["code"], "circular_conflict");
    let message = field["message"].as_str().unwrap();
    assert!(
        message.starts_with("2 Tahun 2026 dan 1 Tahun 2026 sama-sama mengatur work_mode pada hari yang sama."),
        "{message}"
    );
    let word = |id: &str, decides: &str| json!({"precedence": [{"circular_id": id, "decides": decides}]});
    issue(&officer, &stranger, &word(&first, "other")).names_field(422, "precedence[0].decides");
    let both = json!({"precedence": [
        {"circular_id": first, "decides": "this"}, {"circular_id": stranger, "decides": "this"},
    ]});
    issue(&officer, &stranger, &both).names_field(422, "precedence[1].circular_id");
    issue(&officer, &stranger, &word(&first, "me")).names_field(422, "precedence[0].decides");
    assert_eq!(officer.get(&path).expect(200)["state"], "draft", "nothing half done");
    let person = app.employee("1.01");
    let mode = || person.client.get("/v1/me/day").expect(200)["mode"].clone();
    assert_eq!(mode(), "wfh");
    let view = issue(&officer, &stranger, &word(&first, "this")).expect(200);
    assert_eq!((&view["state"], &view["conflicts"]), (&json!("issued"), &named));
    assert_eq!(mode(), "wfo", "the one that was said to decide does");
    let reasons = app.reasons("circular", &stranger);
    assert_eq!(
        reasons.last().unwrap().as_deref(),
        Some("1 Tahun 2026 (work_mode): yang berlaku surat edaran ini")
    );
    // Who says how it stands to the others clashes with none of them.
    let related =
        json!({"relations": [{"kind": "amends", "text": "1 Tahun 2026"}, {"kind": "revokes", "text": "2 Tahun 2026"}]});
    let related = drafted(&officer, &text("3 Tahun 2026", &related));
    let view = issue(&officer, &related, &json!({})).expect(200);
    assert_eq!(view["conflicts"], Value::Null);
}
