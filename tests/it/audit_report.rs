//! Lists of audits and their cases, and the report with its exact bounds.

use crate::audit::{EVENING, SEED, cases, people_at_home, plan_body};
use crate::harness::TestApp;
use serde_json::json;

#[test]
fn lists_are_paged_and_filtered_by_state() {
    let app = TestApp::start();
    let dates = ["2026-03-02", "2026-03-03", "2026-03-04"];
    people_at_home(&app, "1.01", 2, &dates);
    app.set_clock("2026-03-04T18:00:00+07:00");
    let (officer, _auditor) = (app.official("bkd_officer"), app.official("bkd_auditor"));
    for date in dates {
        let plan = json!({ "from": date, "to": date, "agencies": ["1.01"], "size": 5 });
        officer.post("/v1/audits", &plan).expect(201);
    }
    let first = officer.get("/v1/audits?limit=2").expect(200);
    assert_eq!(first["items"][0]["from"], "2026-03-04");
    let cursor = first["next_cursor"].as_str().unwrap();
    let second = officer.get(&format!("/v1/audits?limit=2&cursor={cursor}")).expect(200);
    assert_eq!(second["items"].as_array().unwrap().len(), 1);
    assert!(second.get("next_cursor").is_none());
    assert_eq!(officer.get("/v1/audits?state=drawn").expect(200)["items"], json!([]));
    officer.get("/v1/audits?state=lost").expect(422);
    officer.get("/v1/audits?limit=0").names_field(422, "limit");
    officer.get("/v1/audits?cursor=x").names_field(422, "cursor");
    let id = second["items"][0]["id"].as_str().unwrap().to_owned();
    officer
        .post(&format!("/v1/audits/{id}/seed"), &json!({ "seed": SEED }))
        .expect(200);
    officer
        .send("POST", &format!("/v1/audits/{id}/draw"), None, &[])
        .expect(200);
    let mut seen = Vec::new();
    let mut path = format!("/v1/audits/{id}/cases?limit=2");
    loop {
        let page = officer.get(&path).expect(200);
        seen.extend(page["items"].as_array().unwrap().clone());
        let Some(cursor) = page["next_cursor"].as_str() else {
            break;
        };
        path = format!("/v1/audits/{id}/cases?limit=2&cursor={cursor}");
    }
    assert_eq!(seen, cases(&officer, &id));
    assert_eq!(seen.len(), 5);
    let none = officer.get(&format!("/v1/audits/{id}/cases?state=decided")).expect(200);
    assert_eq!(none["items"], json!([]));
}

#[test]
fn a_report_has_exact_bounds_and_one_plain_sentence() {
    let app = TestApp::start();
    people_at_home(&app, "1.01", 10, &["2026-03-02"]);
    app.set_clock(EVENING);
    let (officer, auditor) = (app.official("bkd_officer"), app.official("bkd_auditor"));
    let plan = plan_body(&["1.01"], 12);
    let planned = officer.post("/v1/audits", &plan).expect(201);
    let id = planned["id"].as_str().unwrap().to_owned();
    let report = |language: &str| {
        officer
            .with_header("accept-language", language)
            .get(&format!("/v1/audits/{id}/report"))
    };
    report("id").problem(409, "wrong_state");
    officer
        .post(&format!("/v1/audits/{id}/seed"), &json!({ "seed": SEED }))
        .expect(200);
    officer
        .send("POST", &format!("/v1/audits/{id}/draw"), None, &[])
        .expect(200);
    let before = report("id").expect(200);
    assert_eq!(
        (&before["is_final"], &before["total"]["open"]),
        (&json!(false), &json!(12))
    );
    assert_eq!(before["total"]["upper"], 30);
    assert!(before["claim"].as_str().unwrap().starts_with("Sementara: "));
    officer
        .send("POST", &format!("/v1/audits/{id}/closure"), None, &[])
        .problem(409, "cases_open");
    let mut findings = ["inconclusive"].into_iter().chain(std::iter::repeat("valid"));
    for case in cases(&auditor, &id) {
        let path = format!("/v1/cases/{}/review", case["id"].as_str().unwrap());
        let body = json!({ "finding": findings.next().unwrap() });
        auditor.with_header("if-match", "\"1\"").post(&path, &body).expect(200);
    }
    assert_eq!(
        officer.get(&format!("/v1/audits/{id}")).expect(200)["state"],
        "in_review"
    );
    let after = report("en").expect(200);
    assert_eq!(
        (&after["is_final"], &after["total"]["inconclusive"]),
        (&json!(true), &json!(1))
    );
    assert_eq!(after["total"]["deviations"], 0);
    // 30 units, 12 checked, at most one of them deviating: 8 of 30 are not ruled out at 95 %, 9 are.
    assert_eq!(after["total"]["upper"], 8);
    assert_eq!(after["total"]["interval"]["lower"], 0);
    assert_eq!(
        after["claim"],
        "With 95 % confidence at most 8 of 30 slots (26.7 %) deviate; of 12 slots checked, 0 were found to deviate and 1 \
         could not be settled."
    );
    let closed = officer
        .send("POST", &format!("/v1/audits/{id}/closure"), None, &[])
        .expect(200);
    assert_eq!(closed["state"], "closed");
    officer
        .send("POST", &format!("/v1/audits/{id}/closure"), None, &[])
        .expect(200);
    assert!(cases(&officer, &id).iter().all(|case| case["state"] == "closed"));
}
