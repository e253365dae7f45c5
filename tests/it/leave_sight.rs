//! Who sees how much of a leave, who may not act on their own, and what strangers are told: nothing.

use crate::harness::client::Client;
use crate::leave::{Scene, approve, asked, request, scene, step};
use serde_json::{Value, json};

const HEALTH: [&str; 4] = ["reason", "evidence", "address", "phone"];

fn seen(client: &Client, id: &str) -> Value {
    client.get(&format!("/v1/leave-requests/{id}")).expect(200)
}

/// Grants a role to a member of the team, who signs in again.
fn with_role(scene: &Scene, username: &str, role: &str) -> Client {
    scene
        .app
        .official("administrator")
        .post(
            &format!("/v1/accounts/{username}/roles"),
            &json!({"role": role, "agency": "1.01"}),
        )
        .expect(204);
    scene.app.signed_in(username)
}

#[test]
fn the_reason_is_for_the_applicant_the_officer_and_the_authority() {
    let scene = scene();
    let id = scene.considered("sick", "2026-03-02", "2026-03-04");
    for client in [&scene.team.member.client, &scene.officer, &scene.head] {
        let view = seen(client, &id);
        for field in HEALTH {
            assert!(view[field].is_string(), "{field} of {view}");
        }
    }
    // The superior knows kind, dates and days, and nothing that tells of health.
    let view = seen(&scene.team.superior.client, &id);
    assert_eq!(
        (&view["kind"], &view["from"], &view["days"]),
        (&json!("sick"), &json!("2026-03-02"), &json!(3))
    );
    for field in HEALTH {
        assert_eq!(view[field], Value::Null, "{field}");
    }
    let list = scene
        .team
        .superior
        .client
        .get("/v1/leave-requests?state=considered")
        .expect(200);
    assert_eq!(list["items"][0]["id"], json!(id));
    let text = list.to_string();
    assert!(!text.contains("Menjenguk") && !text.contains("RSUD"), "{text}");
}

#[test]
fn strangers_do_not_learn_that_a_request_exists() {
    let scene = scene();
    let id = scene.considered("annual", "2026-03-09", "2026-03-11");
    let path = format!("/v1/leave-requests/{id}");
    let team = &scene.team;
    let strangers = [
        team.colleague.client.clone(),
        team.stranger.client.clone(),
        team.other_superior.client.clone(),
        // Above the superior, but not the direct one.
        team.head.client.clone(),
        scene.app.official("leave_officer:1.02"),
        scene.app.official("agency_head:1.02"),
        // Another authority than the one that decides.
        scene.app.official("bkd_head"),
        scene.app.official("signer"),
    ];
    for client in &strangers {
        client.get(&path).problem(404, "not_found");
        let page = client.get("/v1/leave-requests?state=considered");
        assert!(page.status == 403 || page.expect(200)["items"] == json!([]));
    }
    for role in [
        "agency_operator:1.01",
        "bkd_officer",
        "bkd_auditor",
        "administrator",
        "data_protection_officer",
    ] {
        let client = scene.app.official(role);
        client.get(&path).problem(403, "forbidden");
        client.get("/v1/leave-requests").problem(403, "forbidden");
    }
    for (at, body) in [
        ("check", json!({})),
        ("consideration", approve()),
        ("decision", approve()),
        ("letter", json!({})),
        ("recall", json!({"from": "2026-03-10", "reason": "Bencana"})),
        ("cancellation", json!({"reason": "Batal"})),
        ("submission", json!({})),
        ("withdrawal", json!({})),
        ("acceptance", json!({})),
    ] {
        for client in &strangers {
            let status = step(client, &id, at, &body).status;
            assert!(status == 403 || status == 404, "{at}: {status}");
        }
    }
    assert_eq!(seen(&team.member.client, &id)["state"], "considered");
}

#[test]
fn a_draft_is_nobodys_business() {
    let scene = scene();
    let mut body = request("annual", "2026-03-09", "2026-03-11");
    body["submit"] = json!(false);
    let view = scene.team.member.client.post("/v1/leave-requests", &body).expect(201);
    assert_eq!(view["state"], "draft");
    let id = view["id"].as_str().unwrap();
    for client in [&scene.officer, &scene.head, &scene.team.superior.client] {
        client
            .get(&format!("/v1/leave-requests/{id}"))
            .problem(404, "not_found");
    }
    step(&scene.officer, id, "check", &json!({})).problem(404, "not_found");
    for _ in 0..2 {
        let view = step(&scene.team.member.client, id, "submission", &json!({})).expect(200);
        assert_eq!(view["state"], "submitted");
    }
}

#[test]
fn nobody_acts_on_their_own_request() {
    let scene = scene();
    let member = &scene.team.member;
    let officer = with_role(&scene, &member.username, "leave_officer");
    let id = asked(member, "annual", "2026-03-09", "2026-03-11");
    step(&officer, &id, "check", &json!({})).problem(403, "forbidden");
    assert_eq!(
        officer.get("/v1/leave-requests").expect(200)["items"],
        json!([]),
        "one's own does not wait for oneself"
    );
    officer
        .post(
            &format!("/v1/employees/{}/leave-balance", member.id),
            &json!({"year": 2025, "days": 6, "reason": "Catatan lama"}),
        )
        .problem(403, "forbidden");
    step(&scene.officer, &id, "check", &json!({})).expect(200);
    step(&scene.team.superior.client, &id, "consideration", &approve()).expect(200);
    let head = with_role(&scene, &member.username, "agency_head");
    step(&head, &id, "decision", &approve()).problem(403, "forbidden");
    step(&scene.head, &id, "decision", &approve()).expect(200);
    step(&head, &id, "letter", &json!({})).problem(403, "forbidden");
    // The one above considers, also where they hold the authority as well.
    let superior = with_role(&scene, &scene.team.superior.username, "agency_head");
    step(&superior, &id, "letter", &json!({})).expect(200);
}

#[test]
fn balances_are_for_their_owners_and_leave_officers() {
    let scene = scene();
    let id = scene.team.member.id;
    let path = format!("/v1/employees/{id}/leave-balance");
    assert_eq!(scene.officer.get(&path).expect(200)["available"], 12);
    scene
        .app
        .official("leave_officer:1.02")
        .get(&path)
        .problem(404, "not_found");
    for client in [&scene.team.superior.client, &scene.team.colleague.client, &scene.head] {
        client.get(&path).problem(403, "forbidden");
    }
    let body = json!({"year": 2025, "days": 6, "reason": "Catatan lama"});
    scene
        .app
        .official("agency_operator:1.02")
        .post(&path, &body)
        .problem(404, "not_found");
    scene.head.post(&path, &json!({})).problem(403, "forbidden");
}

#[test]
fn the_same_id_of_two_people_is_two_requests() {
    let scene = scene();
    let body = request("annual", "2026-03-09", "2026-03-10");
    scene.team.member.client.post("/v1/leave-requests", &body).expect(201);
    let mut other = body.clone();
    other["kind"] = json!("sick");
    scene
        .team
        .stranger
        .client
        .post("/v1/leave-requests", &other)
        .expect(201);
    let id = body["id"].as_str().unwrap();
    assert_eq!(seen(&scene.team.member.client, id)["kind"], "annual");
    assert_eq!(seen(&scene.team.stranger.client, id)["kind"], "sick");
    assert_eq!(seen(&scene.officer, id)["kind"], "annual");
    assert_eq!(seen(&scene.app.official("leave_officer:1.02"), id)["kind"], "sick");
}
