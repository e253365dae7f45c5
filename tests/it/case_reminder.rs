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
