//! Reminders of cases: the person on the last day, officials when something has waited too long, each once.

use crate::case::{REASON, Scene, reply, scene, step};
use crate::harness::client::Client;
use crate::harness::rosters::notices;
use serde_json::{Value, json};

/// Runs the job at a moment; gives how many reminders were new.
fn round(scene: &Scene, at: &str) -> usize {
    scene.app.set_clock(at);
    scene.app.app().remind_of_cases(scene.app.app().now()).unwrap()
}

fn waiting(client: &mut Client) -> Vec<(Value, Value)> {
    client.renew();
    notices(client, "cases_waiting")
        .into_iter()
        .map(|notice| (notice["facts"]["what"].clone(), notice["facts"]["count"].clone()))
        .collect()
}

#[test]
fn the_person_is_reminded_once_on_the_last_day() {
    let scene = scene();
    scene.proposed();
    scene.notices_reach_the_person();
    assert_eq!(round(&scene, "2026-03-05T23:59:00+07:00"), 0);
    assert_eq!(round(&scene, "2026-03-06T00:00:00+07:00"), 1);
    assert_eq!(round(&scene, "2026-03-06T09:00:00+07:00"), 0);
    let told = notices(&scene.client(), "reply_due");
    assert_eq!(told.len(), 1);
    let body = told[0]["body"].as_str().unwrap();
    assert!(body.ends_with("sampai 6 Maret 2026 pukul 24.00 WIB."), "{body}");
}

#[test]
fn auditors_are_told_of_what_has_waited_a_week_and_once() {
    let mut scene = scene();
    assert_eq!(round(&scene, "2026-03-09T18:00:00+07:00"), 0);
    // Six cases and one second review, drawn on the evening of 3 March.
    assert_eq!(round(&scene, "2026-03-10T18:00:00+07:00"), 7);
    assert_eq!(round(&scene, "2026-03-11T18:00:00+07:00"), 0);
    let mut told = Vec::new();
    for auditor in &mut scene.auditors {
        told.extend(waiting(auditor));
    }
    told.sort_by_key(|(what, _)| what.to_string());
    assert_eq!(
        told,
        [
            (json!("review"), json!(3)),
            (json!("review"), json!(3)),
            (json!("second_review"), json!(1)),
        ]
    );
}

#[test]
fn whoever_decides_and_the_head_of_bkd_are_told_of_what_waits_for_them() {
    let scene = scene();
    let (_, mut second, id) = scene.proposed();
    let mut head = scene.app.official("bkd_head");
    step(&scene.person.client, &id, "reply", 2, &reply()).expect(200);
    round(&scene, "2026-03-10T18:00:00+07:00");
    assert!(waiting(&mut second).contains(&(json!("decision"), json!(1))));
    second.renew();
    let uphold = json!({ "outcome": "upheld", "reason": REASON });
    step(&second, &id, "decision", 3, &uphold).expect(200);
    let words = json!({ "reason": "Surat puskesmas saya lampirkan di sini." });
    step(&scene.client(), &id, "objection", 4, &words).expect(200);
    assert_eq!(round(&scene, "2026-03-17T17:00:00+07:00"), 0);
    assert_eq!(round(&scene, "2026-03-17T18:00:00+07:00"), 1);
    assert_eq!(waiting(&mut head), [(json!("objection"), json!(1))]);
}

#[test]
fn the_daily_job_reminds() {
    let scene = scene();
    scene.proposed();
    scene.notices_reach_the_person();
    scene.app.set_clock("2026-03-06T07:00:00+07:00");
    scene.app.app().run_jobs();
    assert_eq!(notices(&scene.client(), "reply_due").len(), 1);
    scene.app.app().run_jobs();
    assert_eq!(notices(&scene.client(), "reply_due").len(), 1);
}

#[test]
fn leave_that_is_approved_after_the_notice_makes_the_time_longer_in_words() {
    let mut leave = crate::leave::scene();
    leave.app.assign(
        &leave.team.member,
        "2026-03-02",
        sherlok::domain::work_mode::WorkMode::Wfh,
    );
    leave.app.set_clock(crate::audit::EVENING);
    let auditor = leave.app.official("bkd_auditor");
    let officer = leave.app.official("bkd_officer");
    let plan = json!({ "from": "2026-03-02", "to": "2026-03-02", "agencies": ["1.01"], "size": 1 });
    let audit = crate::audit::drawn(&officer, &plan);
    let case = crate::audit::cases(&auditor, &audit).remove(0);
    let id = case["id"].as_str().unwrap();
    let finding = json!({ "finding": "invalid_proposed", "note": "Belum ada lokasi untuk sesi ini." });
    step(&auditor, id, "review", 1, &finding).expect(200);
    let own = || {
        let client = leave.app.signed_in(&leave.team.member.username);
        client.get("/v1/me/cases").expect(200)["items"][0].clone()
    };
    let client = leave.app.signed_in(&leave.team.member.username);
    let notice = notices(&client, "case_opened").remove(0);
    let path = format!("/v1/me/notices/{}/seen", notice["id"].as_str().unwrap());
    client.post(&path, &json!({})).expect(200);
    // Seen on Tuesday: Wednesday, Thursday and Friday are left.
    let before = own();
    assert_eq!(
        (&before["reply_due_at"], &before["reply_paused_days"]),
        (&json!("2026-03-06T17:00:00.000Z"), &json!(0))
    );
    for person in [&mut leave.team.member, &mut leave.team.superior] {
        person.client = leave.app.signed_in(&person.username);
    }
    leave.officer.renew();
    leave.head.renew();
    leave.granted("sick", "2026-03-04", "2026-03-05");
    let client = leave.app.signed_in(&leave.team.member.username);
    let after = client.get("/v1/me/cases").expect(200)["items"][0].clone();
    assert_eq!(
        (&after["reply_due_at"], &after["reply_paused_days"]),
        (&json!("2026-03-10T17:00:00.000Z"), &json!(2))
    );
    let message = after["message"].as_str().unwrap();
    assert!(
        message.ends_with("Sudah diperpanjang 2 hari kerja karena Anda cuti atau sakit."),
        "{message}"
    );
}
