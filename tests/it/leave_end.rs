//! Granted leave that is given up or cut short: what comes back, and to whom.

use crate::harness::people::Person;
use crate::leave::{approve, day, scene, step};
use serde_json::{Value, json};
use sherlok::domain::work_mode::WorkMode;

#[test]
fn a_cancelled_leave_gives_everything_back() {
    let scene = scene();
    let member = &scene.team.member;
    scene.app.assign(member, "2026-03-10", WorkMode::Wfh);
    let id = scene.granted("annual", "2026-03-09", "2026-03-11");
    assert_eq!(day(member, "2026-03-10")["mode"], "leave");
    step(&member.client, &id, "cancellation", &json!({})).names_field(422, "reason");
    let reason = json!({"reason": "Rencana berubah"});
    step(&scene.team.colleague.client, &id, "cancellation", &reason).problem(404, "not_found");
    for _ in 0..2 {
        let view = step(&member.client, &id, "cancellation", &reason).expect(200);
        assert_eq!(view["state"], "cancelled");
    }
    assert_eq!(scene.left()["total"], 12);
    assert_eq!(day(member, "2026-03-09")["mode"], "wfo");
    // What the roster had said stands again.
    assert_eq!(day(member, "2026-03-10")["mode"], "wfh");
    let view = member.client.get(&format!("/v1/leave-requests/{id}")).expect(200);
    let letter = view["letter_id"].as_str().unwrap();
    let letter = member.client.get(&format!("/v1/letters/{letter}")).expect(200);
    assert_eq!(letter["state"], "revoked");
    // The days are free for another request, and a leave that has begun is not cancelled.
    let id = scene.granted("annual", "2026-03-09", "2026-03-11");
    scene.app.set_clock("2026-03-09T08:00:00+07:00");
    let mut officer = scene.officer.clone();
    officer.renew();
    step(&officer, &id, "cancellation", &reason).problem(409, "wrong_state");
}

#[test]
fn whoever_is_called_back_gets_the_unused_days() {
    let scene = scene();
    let member = &scene.team.member;
    scene.app.assign(member, "2026-03-12", WorkMode::Picket);
    let id = scene.granted("annual", "2026-03-09", "2026-03-13");
    assert_eq!(scene.left()["total"], 7);
    scene.app.set_clock("2026-03-10T15:00:00+07:00");
    let mut head = scene.head.clone();
    head.renew();
    let recall = |from: &str| json!({"from": from, "reason": "Ada bencana"});
    for from in ["2026-03-09", "2026-03-14"] {
        step(&head, &id, "recall", &recall(from)).names_field(422, "from");
    }
    let mut superior = scene.team.superior.client.clone();
    superior.renew();
    step(&superior, &id, "recall", &recall("2026-03-11")).problem(403, "forbidden");
    for _ in 0..2 {
        let view = step(&head, &id, "recall", &recall("2026-03-11")).expect(200);
        assert_eq!(
            (&view["state"], &view["to"], &view["days"]),
            (&json!("recalled"), &json!("2026-03-10"), &json!(2))
        );
    }
    let person = Person {
        client: scene.app.signed_in(&member.username),
        id: member.id,
        username: member.username.clone(),
        agency: member.agency.clone(),
    };
    assert_eq!(
        person.client.get("/v1/me/leave-balance").expect(200)["left"]["total"],
        10
    );
    let modes: Vec<Value> = (9..=13)
        .map(|date| day(&person, &format!("2026-03-{date:02}"))["mode"].clone())
        .collect();
    assert_eq!(modes, ["leave", "leave", "wfo", "picket", "wfo"]);
    let told = person.client.get("/v1/me/notices").expect(200);
    assert_eq!(told["items"][0]["kind"], "leave_ended");
}

#[test]
fn what_an_operator_set_during_a_leave_outlives_its_recall() {
    let scene = scene();
    let id = scene.granted("annual", "2026-03-09", "2026-03-11");
    let operator = scene.app.official("agency_operator:1.01");
    let set = json!({"agency": "1.01", "items": [
        {"employee_id": scene.team.member.id.uuid(), "date": "2026-03-10", "mode": "wfa"},
    ]});
    operator.post("/v1/rosters", &set).expect(200);
    step(
        &scene.team.member.client,
        &id,
        "cancellation",
        &json!({"reason": "Batal"}),
    )
    .expect(200);
    assert_eq!(day(&scene.team.member, "2026-03-10")["mode"], "wfa");
    assert_eq!(scene.left()["total"], 12);
}

#[test]
fn a_leave_officer_cancels_what_was_granted_and_the_person_is_told() {
    let scene = scene();
    let id = scene.considered("annual", "2026-03-09", "2026-03-11");
    let reason = json!({"reason": "Permintaan pemohon lewat telepon"});
    // What was not granted yet is withdrawn, not cancelled.
    step(&scene.officer, &id, "cancellation", &reason).problem(409, "wrong_state");
    step(&scene.head, &id, "decision", &approve()).expect(200);
    let view = step(&scene.officer, &id, "cancellation", &reason).expect(200);
    assert_eq!(view["state"], "cancelled");
    step(&scene.head, &id, "letter", &json!({})).problem(409, "wrong_state");
    let told = scene.team.member.client.get("/v1/me/notices").expect(200);
    let told = told["items"].as_array().unwrap();
    assert!(told.iter().any(|notice| notice["kind"] == "leave_ended"), "{told:?}");
    let balance = scene.team.member.client.get("/v1/me/leave-balance").expect(200);
    assert_eq!(balance["available"], 12);
}
