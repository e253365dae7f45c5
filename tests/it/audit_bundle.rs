//! The bundle of an audit that was lived through the routes, checked by both verifiers.

use crate::audit::{EVENING, SEED, cases, people_at_home, plan_body};
use crate::bundle::{python, sherlok};
use crate::harness::TestApp;
use serde_json::json;
use std::fs;

#[test]
fn a_closed_audit_is_checked_without_the_service_by_two_programs() {
    let app = TestApp::start();
    app.app().prepare().unwrap();
    people_at_home(&app, "1.01", 6, &["2026-03-02"]);
    people_at_home(&app, "1.02", 4, &["2026-03-02"]);
    app.set_clock(EVENING);
    let (officer, auditor) = (app.official("bkd_officer"), app.official("bkd_auditor"));
    let planned = officer.post("/v1/audits", &plan_body(&["1.01", "1.02"], 5)).expect(201);
    let id = planned["id"].as_str().unwrap().to_owned();
    // Whoever watches must be able to tell that the plan stood before the seed.
    app.advance(chrono::Duration::minutes(1));
    officer
        .post(&format!("/v1/audits/{id}/seed"), &json!({ "seed": SEED }))
        .expect(200);
    officer
        .send("POST", &format!("/v1/audits/{id}/draw"), None, &[])
        .expect(200);
    let path = format!("/v1/audits/{id}/bundle");
    officer.get(&path).problem(409, "wrong_state");
    let mut findings = ["inconclusive"].into_iter().chain(std::iter::repeat("valid"));
    for case in cases(&auditor, &id) {
        let review = format!("/v1/cases/{}/review", case["id"].as_str().unwrap());
        let body = json!({ "finding": findings.next().unwrap() });
        auditor
            .with_header("if-match", "\"1\"")
            .post(&review, &body)
            .expect(200);
    }
    officer
        .send("POST", &format!("/v1/audits/{id}/closure"), None, &[])
        .expect(200);
    assert_eq!(auditor.get(&path).status, 403);
    let answer = officer.get(&path);
    assert_eq!((answer.status, answer.header("content-type")), (200, "application/zip"));
    assert_eq!(officer.get(&path).bytes, answer.bytes);

    let folder = tempfile::tempdir().unwrap();
    let archive = folder.path().join("audit.zip");
    fs::write(&archive, &answer.bytes).unwrap();
    let (is_sound, printed, complaint) = sherlok(&[archive.to_str().unwrap()]);
    assert!(is_sound, "{printed}{complaint}");
    assert_eq!(printed.lines().count(), 12, "{printed}");

    let files = sherlok::platform::archive::read(answer.bytes).unwrap();
    fs::create_dir(folder.path().join("log")).unwrap();
    fs::remove_file(archive).unwrap();
    for (name, content) in &files {
        fs::write(folder.path().join(name), content).unwrap();
    }
    match python(folder.path()) {
        Ok((is_sound, printed)) => assert!(is_sound, "{printed}"),
        Err(why) => println!("skipped: {why} (pip install consistent_sampler; TEST_PYTHON names the interpreter)"),
    }
    // No name, number or id of a person leaves with it.
    for (name, content) in &files {
        let text = String::from_utf8(content.clone()).unwrap();
        assert!(!text.contains("198609"), "{name}");
    }
    assert_eq!(app.app().check_logs().unwrap(), []);
}
