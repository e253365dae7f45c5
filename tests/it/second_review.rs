//! The blind second review through the routes: a tenth by tickets, by another auditor who does not know the first finding.

use crate::audit::{EVENING, cases, drawn, people_at_home, plan_body};
use crate::case::{REASON, Scene, reply, scene_reviewed_again, step};
use crate::harness::TestApp;
use crate::harness::client::{Answer, Client};
use serde_json::{Value, json};
use sherlok::domain::audit::second_review;

const NOTE: &str = "Jarak ini tidak dapat dijelaskan.";

/// The morning of Monday is the slot that is reviewed once more.
fn scene() -> Scene {
    scene_reviewed_again("2026-03-02", "morning")
}

fn listed(client: &Client, audit: &str) -> Vec<Value> {
    let page = client.get(&format!("/v1/audits/{audit}/second-reviews")).expect(200);
    page["items"].as_array().unwrap().clone()
}

fn write(client: &Client, id: &str, version: i64, body: &Value) -> Answer {
    let client = client.with_header("if-match", &format!("\"{version}\""));
    client.post(&format!("/v1/second-reviews/{id}"), body)
}

/// The auditor of the case, whoever looks again, and its id.
fn pair(scene: &Scene) -> (Client, Client, String) {
    let (auditor, case, other) = scene.holder("2026-03-02", "morning");
    (auditor, other, case["id"].as_str().unwrap().to_owned())
}

#[test]
fn a_tenth_is_drawn_by_the_tickets_of_the_seed_with_a_suffix() {
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
    let units: Vec<String> = cases(&officer, &audit)
        .iter()
        .map(|case| case["unit"].as_str().unwrap().to_owned())
        .collect();
    let expected = second_review::draw(
        crate::audit::SEED,
        second_review::SHARE_BP,
        units.iter().map(String::as_str),
    )
    .unwrap();
    let found = listed(&officer, &audit);
    assert_eq!((units.len(), found.len()), (21, 3));
    for (review, drawn) in found.iter().zip(&expected) {
        assert_eq!(
            (review["unit"].as_str(), review["ticket"].as_str()),
            (Some(drawn.id.as_str()), Some(drawn.ticket.as_str()))
        );
    }
    // Each is somebody's who does not hold the case, and everybody sees their own only.
    let mut own = 0;
    for auditor in &auditors {
        let held: Vec<Value> = cases(auditor, &audit)
            .into_iter()
            .map(|case| case["id"].clone())
            .collect();
        for review in listed(auditor, &audit) {
            assert!(!held.contains(&review["id"]));
            own += 1;
        }
    }
    assert_eq!(own, 3);
    // The same call again draws nothing anew.
    officer
        .send("POST", &format!("/v1/audits/{audit}/draw"), None, &[])
        .expect(200);
    assert_eq!(listed(&officer, &audit), found);
}

#[test]
fn whoever_looks_again_sees_the_day_and_not_the_finding() {
    let scene = scene();
    let (auditor, other, id) = pair(&scene);
    let finding = json!({ "finding": "invalid_proposed", "method": "map", "note": NOTE });
    step(&auditor, &id, "review", 1, &finding).expect(200);
    let opened = other.get(&format!("/v1/second-reviews/{id}"));
    let file = opened.expect(200);
    assert_eq!(opened.header("etag"), "\"1\"");
    assert_eq!(
        (&file["record"]["place"], &file["duty_places"][0]["kind"]),
        (&json!("outside"), &json!("home"))
    );
    assert!(file["record"]["position"]["latitude"].is_number());
    let text = file.to_string();
    for word in ["invalid_proposed", NOTE, "first_finding", "notified", "reply"] {
        assert!(!text.contains(word), "{word}: {text}");
    }
    // The look stands in the person's list of accesses.
    let accesses = scene.person.client.get("/v1/me/accesses").expect(200)["items"].clone();
    assert_eq!(
        (&accesses[0]["purpose"], &accesses[0]["subject"]),
        (&json!("second_review"), &json!(format!("case/{id}")))
    );
    // Nobody else opens it, and they find the case nowhere else.
    other.get(&format!("/v1/cases/{id}")).problem(404, "not_found");
    auditor
        .get(&format!("/v1/second-reviews/{id}"))
        .problem(404, "not_found");
    scene
        .officer
        .get(&format!("/v1/second-reviews/{id}"))
        .problem(403, "forbidden");
    assert_eq!(listed(&auditor, &scene.audit), Vec::<Value>::new());
    // Not even through another role that they hold.
    let review = &listed(&scene.officer, &scene.audit)[0];
    assert_eq!(
        (&review["first_finding"], &review["is_written"]),
        (&Value::Null, &json!(false))
    );
}

#[test]
fn a_second_role_does_not_lift_the_blindfold() {
    let scene = scene();
    let (auditor, other, id) = pair(&scene);
    let finding = json!({ "finding": "invalid_proposed", "note": NOTE });
    step(&auditor, &id, "review", 1, &finding).expect(200);
    let name = listed(&scene.officer, &scene.audit)[0]["auditor"]
        .as_str()
        .unwrap()
        .to_owned();
    let administrator = scene.app.official("administrator");
    let path = format!("/v1/accounts/{name}/roles");
    administrator.post(&path, &json!({ "role": "bkd_head" })).expect(204);
    drop(other);
    let both = scene.app.signed_in(&name);
    both.get(&format!("/v1/cases/{id}")).problem(403, "forbidden");
    let case = cases(&both, &scene.audit)
        .into_iter()
        .find(|case| case["id"] == id.as_str())
        .unwrap();
    assert_eq!((&case["state"], &case["finding"]), (&json!("assigned"), &Value::Null));
}

#[test]
fn two_who_agree_are_counted_and_nothing_else_happens() {
    let scene = scene();
    let (auditor, other, id) = pair(&scene);
    let before = scene.report()["second_review"].clone();
    assert_eq!(
        before,
        json!({ "drawn": 1, "pairs": 0, "matches": 0, "pending": 1, "lower": 0, "lower_bp": 0 })
    );
    step(&auditor, &id, "review", 1, &json!({ "finding": "valid" })).expect(200);
    // Until the second look the person is told nothing that it may change.
    let own = scene.own_case(&id);
    assert_eq!((&own["state"], &own["finding"]), (&json!("assigned"), &Value::Null));
    let written = write(&other, &id, 1, &json!({ "finding": "valid" })).expect(200);
    assert_eq!(
        (&written["first_finding"], &written["second_finding"]),
        (&json!("valid"), &json!("valid"))
    );
    write(&other, &id, 2, &json!({ "finding": "valid" })).problem(409, "wrong_state");
    let own = scene.own_case(&id);
    assert_eq!((&own["state"], &own["finding"]), (&json!("reviewed"), &json!("valid")));
    // One of six drawn, one match: P(X >= 1) of Hyper(6, M, 1) is M / 6, above 5 % from M = 1 on.
    assert_eq!(
        scene.report()["second_review"],
        json!({ "drawn": 1, "pairs": 1, "matches": 1, "pending": 0, "lower": 1, "lower_bp": 1_666 })
    );
}

#[test]
fn a_second_finding_that_doubts_asks_the_person_and_somebody_else_decides() {
    let scene = scene();
    let (auditor, other, id) = pair(&scene);
    let doubt = json!({ "finding": "invalid_proposed", "method": "map", "note": NOTE });
    write(&other, &id, 1, &json!({ "finding": "invalid_proposed" })).names_field(422, "note");
    // Before the first is written nobody is asked.
    write(&other, &id, 1, &doubt).expect(200);
    assert_eq!(scene.own_case(&id)["may_reply"], false);
    step(
        &auditor,
        &id,
        "review",
        1,
        &json!({ "finding": "valid", "note": "Sudah jelas bagi saya." }),
    )
    .expect(200);
    let own = scene.own_case(&id);
    assert_eq!(
        (&own["may_reply"], &own["finding"], &own["note"]),
        (&json!(true), &json!("invalid_proposed"), &json!(NOTE))
    );
    assert_eq!(scene.report()["total"]["deviations"], 0);
    assert_eq!(scene.report()["second_review"]["matches"], 0);
    step(&scene.person.client, &id, "reply", 2, &reply()).expect(200);
    let uphold = json!({ "outcome": "upheld", "reason": REASON });
    // Neither of the two upholds; with two auditors that leaves the head of BKD.
    step(&auditor, &id, "decision", 3, &uphold).problem(409, "second_person_needed");
    step(&other, &id, "decision", 3, &uphold).problem(404, "not_found");
    let head = scene.app.official("bkd_head");
    let file = head.get(&format!("/v1/cases/{id}")).expect(200);
    assert_eq!(
        (
            &file["is_disputed"],
            &file["finding"],
            &file["second_finding"]["finding"]
        ),
        (&json!(true), &json!("valid"), &json!("invalid_proposed"))
    );
    step(&head, &id, "decision", 3, &uphold).expect(200);
    assert_eq!(scene.report()["total"]["deviations"], 1);
}

#[test]
fn upholding_waits_for_the_second_look_and_withdrawing_does_not() {
    let scene = scene();
    let (auditor, other, id) = pair(&scene);
    let doubt = json!({ "finding": "invalid_proposed", "note": NOTE });
    step(&auditor, &id, "review", 1, &doubt).expect(200);
    step(&scene.person.client, &id, "reply", 2, &reply()).expect(200);
    let head = scene.app.official("bkd_head");
    let uphold = json!({ "outcome": "upheld", "reason": REASON });
    step(&head, &id, "decision", 3, &uphold).problem(409, "second_review_pending");
    write(&other, &id, 7, &json!({ "finding": "valid" })).problem(412, "stale_version");
    write(&other, &id, 1, &json!({ "finding": "valid" })).expect(200);
    let withdrawn = json!({ "outcome": "withdrawn", "reason": REASON });
    step(&head, &id, "decision", 3, &withdrawn).expect(200);
    assert_eq!(scene.report()["second_review"]["matches"], 0);
    assert_eq!(scene.report()["total"]["deviations"], 0);
}

#[test]
fn an_audit_is_not_closed_before_its_second_reviews_are_written() {
    let scene = scene();
    let (_, other, id) = pair(&scene);
    for auditor in &scene.auditors {
        for case in cases(auditor, &scene.audit) {
            step(
                auditor,
                case["id"].as_str().unwrap(),
                "review",
                1,
                &json!({ "finding": "valid" }),
            )
            .expect(200);
        }
    }
    let close = || {
        let path = format!("/v1/audits/{}/closure", scene.audit);
        scene.officer.send("POST", &path, None, &[])
    };
    assert_eq!(scene.report()["is_final"], false);
    close().problem(409, "cases_open");
    write(&other, &id, 1, &json!({ "finding": "inconclusive" })).expect(200);
    let report = scene.report();
    // Two looks that differ without a doubt about the person could not be settled.
    assert_eq!(
        (&report["is_final"], &report["total"]["inconclusive"]),
        (&json!(true), &json!(1))
    );
    close().expect(200);
}

#[test]
fn where_nobody_else_is_independent_a_unit_stays_without_and_counts_as_not_agreed() {
    let app = TestApp::start();
    people_at_home(&app, "1.01", 1, &["2026-03-02"]);
    app.set_clock(EVENING);
    let officer = app.official("bkd_officer");
    let auditor = app.official("bkd_auditor");
    let audit = drawn(&officer, &plan_body(&["1.01"], 3));
    for case in cases(&auditor, &audit) {
        step(
            &auditor,
            case["id"].as_str().unwrap(),
            "review",
            1,
            &json!({ "finding": "valid" }),
        )
        .expect(200);
    }
    let review = &listed(&officer, &audit)[0];
    assert_eq!(review["auditor"], Value::Null);
    let report = officer.get(&format!("/v1/audits/{audit}/report")).expect(200);
    assert_eq!(
        report["second_review"],
        json!({ "drawn": 1, "pairs": 0, "matches": 0, "pending": 1, "lower": 0, "lower_bp": 0 })
    );
    officer
        .send("POST", &format!("/v1/audits/{audit}/closure"), None, &[])
        .expect(200);
}
