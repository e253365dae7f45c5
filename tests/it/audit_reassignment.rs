//! An auditor who can't go on: what they have not done goes to others by the rule that gave it out, and stands in the log.

use crate::audit::{EVENING, cases, drawn, people_at_home, plan_body};
use crate::harness::TestApp;
use crate::harness::client::{Answer, Client};
use serde_json::{Value, json};

fn username(client: &Client) -> String {
    client.get("/v1/me").expect(200)["username"]
        .as_str()
        .unwrap()
        .to_owned()
}

fn reassign(client: &Client, audit: &str, auditor: &str) -> Answer {
    let body = json!({ "auditor": auditor, "reason": "Auditor pindah tugas." });
    client.post(&format!("/v1/audits/{audit}/reassignment"), &body)
}

fn second_reviews(client: &Client, audit: &str) -> Vec<Value> {
    let page = client.get(&format!("/v1/audits/{audit}/second-reviews")).expect(200);
    page["items"].as_array().unwrap().clone()
}

fn holders(officer: &Client, audit: &str) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let of = |case: &Value| (text(&case["id"]), text(&case["auditor"]));
    cases(officer, audit).iter().map(of).collect()
}

#[test]
fn what_is_not_done_goes_to_others_and_what_was_written_stays() {
    let app = TestApp::start();
    people_at_home(&app, "1.01", 4, &["2026-03-02", "2026-03-03"]);
    app.set_clock(EVENING);
    let officer = app.official("bkd_officer");
    let auditors = [
        app.official("bkd_auditor"),
        app.official("bkd_auditor"),
        app.official("bkd_auditor"),
    ];
    let audit = drawn(&officer, &plan_body(&["1.01"], 21));
    let leaving = &auditors[0];
    let name = username(leaving);
    let held = cases(leaving, &audit);
    assert_eq!(held.len(), 7);
    let done = held[0]["id"].as_str().unwrap();
    let review = json!({ "finding": "valid", "method": "map" });
    let version = leaving.get(&format!("/v1/cases/{done}")).expect(200)["version"].clone();
    leaving
        .with_header("if-match", &format!("\"{version}\""))
        .post(&format!("/v1/cases/{done}/review"), &review)
        .expect(200);
    let seconds = second_reviews(leaving, &audit).len();

    let given = reassign(&officer, &audit, &name).expect(200);
    assert_eq!(
        (&given["reviews"], &given["second_reviews"]),
        (&json!(6), &json!(seconds))
    );
    let left: Vec<Value> = cases(leaving, &audit).iter().map(|case| case["id"].clone()).collect();
    assert_eq!(left, [json!(done)]);
    assert_eq!(second_reviews(leaving, &audit).len(), 0);
    // The others share them evenly, and nobody looks twice at one case.
    let shares: Vec<usize> = auditors[1..]
        .iter()
        .map(|auditor| cases(auditor, &audit).len())
        .collect();
    assert_eq!(shares.iter().sum::<usize>(), 20);
    for auditor in &auditors[1..] {
        let held: Vec<Value> = cases(auditor, &audit).iter().map(|case| case["id"].clone()).collect();
        assert!((8..=12).contains(&held.len()), "{shares:?}");
        for review in second_reviews(auditor, &audit) {
            assert!(!held.contains(&review["id"]));
        }
    }
    // Nothing is left to give.
    let before = holders(&officer, &audit);
    let again = reassign(&officer, &audit, &name).expect(200);
    assert_eq!(again, json!({ "reviews": 0, "second_reviews": 0, "decisions": 0 }));
    assert_eq!(holders(&officer, &audit), before);
    app.app().grow_log(&sherlok::domain::log_name::LogName::Audit).unwrap();
    assert_eq!(app.app().check_logs().unwrap(), []);
}

#[test]
fn without_another_independent_auditor_nothing_changes() {
    let app = TestApp::start();
    people_at_home(&app, "1.01", 2, &["2026-03-02", "2026-03-03"]);
    people_at_home(&app, "1.02", 1, &["2026-03-02"]);
    app.set_clock(EVENING);
    let officer = app.official("bkd_officer");
    let only = app.official("bkd_auditor");
    let audit = drawn(&officer, &plan_body(&["1.01"], 3));
    let before = holders(&officer, &audit);
    reassign(&officer, &audit, &username(&only)).problem(409, "no_independent_auditor");
    assert_eq!(holders(&officer, &audit), before);
    reassign(&officer, &audit, "nobody.here").names_field(422, "auditor");
    for stranger in [&only, &app.official("administrator")] {
        reassign(stranger, &audit, "nobody.here").problem(403, "forbidden");
    }
    let planned = officer.post("/v1/audits", &plan_body(&["1.02"], 1)).expect(201);
    reassign(&officer, planned["id"].as_str().unwrap(), &username(&only)).problem(409, "wrong_state");
}
