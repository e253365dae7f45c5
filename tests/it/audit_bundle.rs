//! The bundle of an audit that was lived through the routes, checked by both verifiers.

use crate::audit::{EVENING, SEED, cases, people_at_home, plan_body};
use crate::bundle::{python, sherlok};
use crate::case::{REASON, reply, step};
use crate::harness::TestApp;
use crate::harness::client::Client;
use serde_json::{Value, json};
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

    let (printed, _) = checked(answer.bytes);
    assert!(printed.contains("0 extensions"), "{printed}");
    assert_eq!(app.app().check_logs().unwrap(), []);
}

/// Has both programs check a bundle; gives what ours printed, and the files.
pub(crate) fn checked(archived: Vec<u8>) -> (String, Vec<(String, Vec<u8>)>) {
    let folder = tempfile::tempdir().unwrap();
    let archive = folder.path().join("audit.zip");
    fs::write(&archive, &archived).unwrap();
    let (is_sound, printed, complaint) = sherlok(&[archive.to_str().unwrap()]);
    assert!(is_sound, "{printed}{complaint}");
    assert_eq!(printed.lines().count(), 12, "{printed}");

    let files = sherlok::platform::archive::read(archived).unwrap();
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
    (printed, files.into_iter().collect())
}

/// The second reviews that are somebody's, in the order of their tickets.
pub(crate) fn looked_at_again(client: &Client, audit: &str) -> Vec<String> {
    let page = client.get(&format!("/v1/audits/{audit}/second-reviews")).expect(200);
    let items = page["items"].as_array().unwrap();
    items
        .iter()
        .map(|item| item["id"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn an_audit_that_was_extended_and_reviewed_a_second_time_is_checked_by_two_programs() {
    let app = TestApp::start();
    app.app().prepare().unwrap();
    let people = people_at_home(&app, "1.01", 2, &["2026-03-02", "2026-03-03"]);
    app.set_clock(EVENING);
    let officer = app.official("bkd_officer");
    let auditors = [app.official("bkd_auditor"), app.official("bkd_auditor")];
    let mut plan = plan_body(&["1.01"], 2);
    plan["stopping"] = json!("sequence");
    plan["prior"] = json!({ "a": 1, "b": 3 });
    let planned = officer.post("/v1/audits", &plan).expect(201);
    let id = planned["id"].as_str().unwrap().to_owned();
    app.advance(chrono::Duration::minutes(1));
    let path = |end: &str| format!("/v1/audits/{id}/{end}");
    officer.post(&path("seed"), &json!({ "seed": SEED })).expect(200);
    officer.send("POST", &path("draw"), None, &[]).expect(200);
    officer.post(&path("extension"), &json!({ "size": 4 })).expect(200);
    officer.post(&path("extension"), &json!({ "size": 12 })).expect(200);

    // One of the first two, one of the two and one of the eight that came later.
    let again: Vec<(&Client, String)> = auditors
        .iter()
        .flat_map(|auditor| {
            looked_at_again(auditor, &id)
                .into_iter()
                .map(move |case| (auditor, case))
        })
        .collect();
    let [agreed, differed, doubted] = again.as_slice() else {
        panic!("{} second reviews", again.len());
    };
    let look = |(auditor, case): &(&Client, String), body: &Value| {
        let auditor = auditor.with_header("if-match", "\"1\"");
        auditor.post(&format!("/v1/second-reviews/{case}"), body).expect(200);
    };
    look(differed, &json!({ "finding": "inconclusive" }));
    for auditor in &auditors {
        for case in cases(auditor, &id) {
            let finding = json!({ "finding": "valid" });
            step(auditor, case["id"].as_str().unwrap(), "review", 1, &finding).expect(200);
        }
    }
    look(agreed, &json!({ "finding": "valid" }));
    look(
        doubted,
        &json!({ "finding": "invalid_proposed", "note": "Jarak ini tidak dapat dijelaskan." }),
    );
    let case = doubted.1.as_str();
    let is_theirs = |client: &Client| {
        let page = client.get("/v1/me/cases?limit=200").expect(200);
        page["items"].as_array().unwrap().iter().any(|own| own["id"] == case)
    };
    let mut clients = people.iter().map(|person| app.signed_in(&person.username));
    let person = clients.find(is_theirs).expect("it is one of theirs");
    step(&person, case, "reply", 3, &reply()).expect(200);
    let upheld = json!({ "outcome": "upheld", "reason": REASON });
    step(&app.official("bkd_head"), case, "decision", 4, &upheld).expect(200);

    officer.send("POST", &path("closure"), None, &[]).expect(200);
    let report = officer.get(&path("report")).expect(200);
    assert_eq!(
        (&report["total"]["deviations"], &report["total"]["inconclusive"]),
        (&json!(1), &json!(1))
    );
    let (printed, files) = checked(officer.get(&path("bundle")).bytes);
    assert!(printed.contains("12 units drawn again, 2 extensions"), "{printed}");
    assert!(
        printed.contains("12 lines as they must be, 0 units open, 3 of 3 second reviews"),
        "{printed}"
    );
    // What the bundle says is what the service reports.
    let verdicts = files.iter().find(|(name, _)| name == "verdicts.ndjson").unwrap();
    let verdicts = String::from_utf8(verdicts.1.clone()).unwrap();
    let count = |outcome: &str| verdicts.matches(&format!("\"outcome\":\"{outcome}\"")).count();
    assert_eq!([count("upheld"), count("inconclusive"), count("withdrawn")], [1, 1, 10]);
    assert_eq!(app.app().check_logs().unwrap(), []);
}
