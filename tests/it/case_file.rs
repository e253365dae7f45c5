//! What an opened case shows beside the share, and to whom.

use crate::audit::cases;
use crate::case::{REASON, reply, scene, step};
use crate::harness::client::Client;
use serde_json::{Value, json};

#[test]
fn earlier_shares_are_told_by_time_and_distance_and_never_as_points() {
    let scene = scene();
    let (auditor, case, _) = scene.holder("2026-03-03", "midday");
    let file = auditor
        .get(&format!("/v1/cases/{}", case["id"].as_str().unwrap()))
        .expect(200);
    assert_eq!(
        file["earlier"],
        json!([{
            "work_date": "2026-03-02", "slot": "morning", "captured_at": "2026-03-02T01:30:00.000Z", "mode": "wfh",
            "place": "outside", "distance_metres": 340,
        }])
    );
    // The share that is looked at is none of them.
    let (auditor, case, _) = scene.holder("2026-03-02", "morning");
    let file = auditor
        .get(&format!("/v1/cases/{}", case["id"].as_str().unwrap()))
        .expect(200);
    assert_eq!(file["earlier"], json!([]));
    // Whom the case is not assigned to sees none.
    let (_, case, _) = scene.holder("2026-03-03", "midday");
    let head = scene.app.official("bkd_head");
    let file = head
        .get(&format!("/v1/cases/{}", case["id"].as_str().unwrap()))
        .expect(200);
    assert_eq!(file["earlier"], json!([]));
}

#[test]
fn a_case_says_what_the_caller_has_to_do_with_it() {
    let scene = scene();
    let (auditor, second, id) = scene.proposed();
    let part = |client: &Client| {
        let listed = cases(client, &scene.audit);
        let case = listed.iter().find(|case| case["id"] == id.as_str());
        case.expect("it is within reach")["part"].clone()
    };
    assert_eq!((part(&auditor), part(&second)), (json!("review"), json!("decide")));
    assert_eq!(part(&scene.officer), Value::Null);
    let opened = second.get(&format!("/v1/cases/{id}")).expect(200);
    assert_eq!(opened["part"], "decide");
}

#[test]
fn a_report_tells_how_what_stood_out_ended() {
    let scene = scene();
    let (_, second, id) = scene.proposed();
    step(&scene.person.client, &id, "reply", 2, &reply()).expect(200);
    let uphold = json!({ "outcome": "upheld", "reason": REASON });
    step(&second, &id, "decision", 3, &uphold).expect(200);
    let report = scene
        .officer
        .get(&format!("/v1/audits/{}/report", scene.audit))
        .expect(200);
    // All six slots were drawn: one share from outside, upheld; five in which nothing came, still open.
    assert_eq!(
        report["signals"],
        json!([
            {
                "kind": "record", "code": "missing", "cases": 5, "deviations": 0, "cleared": 0, "inconclusive": 0,
                "open": 5, "lower_bp": 0, "upper_bp": 10_000,
            },
            {
                "kind": "place", "code": "outside", "cases": 1, "deviations": 1, "cleared": 0, "inconclusive": 0,
                "open": 0, "lower_bp": 1_666, "upper_bp": 10_000,
            },
        ])
    );
}
