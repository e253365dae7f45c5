//! Telling a person and their superior when absence comes to a number of PP 94/2021: once a level, whatever is recounted.

use crate::harness::TestApp;
use crate::harness::client::Client;
use crate::harness::people::Person;
use crate::harness::rosters::notices;
use crate::harness::teams::{Team, team};
use serde_json::{Value, json};
use sherlok::domain::work_mode::WorkMode;
use uuid::Uuid;

/// Runs the job at ten in the morning of a date in March 2026; gives how many levels it told of.
fn round(app: &TestApp, day: u32) -> u32 {
    app.set_clock(&format!("2026-03-{day:02}T10:00:00+07:00"));
    app.app().tell_absence(app.app().now()).unwrap()
}

fn absent(app: &TestApp, person: &Person, days: &[u32]) {
    for day in days {
        app.assign(person, &format!("2026-03-{day:02}"), WorkMode::Wfh);
    }
}

fn told(app: &TestApp, person: &Person, kind: &str) -> Vec<Value> {
    notices(&app.signed_in(&person.username), kind)
}

/// Has the operator accept that the person was there.
fn corrected(app: &TestApp, person: &Person, date: &str) {
    let body = json!({"id": Uuid::now_v7(), "date": date, "kind": "attended", "reason": "Ponsel saya rusak hari itu"});
    let view = app
        .signed_in(&person.username)
        .post("/v1/corrections", &body)
        .expect(201);
    let path = format!("/v1/corrections/{}/decision", view["id"].as_str().unwrap());
    let operator: Client = app.official("agency_operator:1.01").with_header("if-match", "\"1\"");
    operator.post(&path, &json!({"accept": true})).expect(200);
}

fn scene() -> (TestApp, Team) {
    let (app, team) = team();
    absent(&app, &team.member, &[3, 4, 5, 9, 10]);
    (app, team)
}

#[test]
fn a_level_is_told_once_to_the_person_and_the_superior_also_when_it_is_counted_anew() {
    let (app, team) = scene();
    let kinds = ["absence_counted", "team_absence_counted"];
    let count = || [&team.member, &team.superior].map(|person| kinds.map(|kind| told(&app, person, kind).len()));
    assert_eq!(round(&app, 6), 0, "two settled days");
    assert_eq!(round(&app, 7), 1, "three");
    assert_eq!(count(), [[1, 0], [0, 1]]);
    let own = &told(&app, &team.member, kinds[0])[0];
    assert_eq!(
        own["body"],
        "Dalam tahun 2026 tercatat 3 hari kerja tanpa keterangan; 3 hari adalah batas yang disebut PP 94/2021. Bila ada \
         yang keliru atau belum tercatat, seperti izin, sakit, atau gangguan jaringan, silakan ajukan koreksi. Ini \
         pemberitahuan, bukan sanksi."
    );
    assert_eq!(own["facts"]["from_days"], 3);
    let superiors = told(&app, &team.superior, kinds[1])[0]["body"].clone();
    assert!(
        superiors
            .as_str()
            .unwrap()
            .contains("Silakan tanyakan keadaannya lebih dahulu")
    );
    // The same round again, by this instance or another, tells nobody anything.
    assert_eq!(round(&app, 7), 0);
    // A correction takes one away, a later day makes it three again: known already.
    corrected(&app, &team.member, "2026-03-04");
    assert_eq!(round(&app, 11), 0);
    assert_eq!(count(), [[1, 0], [0, 1]]);
    assert_eq!(round(&app, 12), 1, "the fourth day is the next level");
    assert_eq!(count(), [[2, 0], [0, 2]]);
    assert_eq!(told(&app, &team.member, kinds[0])[0]["facts"]["from_days"], 4);
    assert_eq!(told(&app, &team.stranger, kinds[0]).len(), 0);
}

#[test]
fn the_levels_are_those_of_civil_servants() {
    let (app, team) = scene();
    app.execute(&format!(
        "UPDATE employee SET number_kind = 'pppk' WHERE id = {}",
        app.literal(team.member.id.uuid())
    ));
    assert_eq!(round(&app, 7), 0);
    assert_eq!(told(&app, &team.member, "absence_counted").len(), 0);
}

#[test]
fn several_levels_at_once_are_told_as_one() {
    let (app, team) = scene();
    assert_eq!(round(&app, 12), 1);
    let own = told(&app, &team.member, "absence_counted");
    assert_eq!((own.len(), &own[0]["facts"]["from_days"]), (1, &json!(4)));
    // The lower ones were passed with it and are not told later.
    corrected(&app, &team.member, "2026-03-04");
    corrected(&app, &team.member, "2026-03-05");
    absent(&app, &team.member, &[11]);
    assert_eq!(round(&app, 13), 0);
}
