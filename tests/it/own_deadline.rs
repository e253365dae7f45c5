//! Deadlines and first days count the working days of the person's own schedule where one holds.

use crate::case;
use crate::harness::TestApp;
use crate::harness::people::Person;
use crate::harness::teams::{handed_in, team};
use serde_json::{Value, json};

/// Gives a person of 1.01 a schedule of their own from a date on.
fn start(app: &TestApp, person: &Person, from: &str, schedule: &Value) {
    let operator = app.official("agency_operator:1.01");
    let body = json!({"name": format!("Jadwal {from}"), "schedule": schedule});
    let made = operator.post("/v1/agencies/1.01/schedules", &body).expect(201);
    let body = json!({"from": from, "schedule_id": made["id"], "employee_ids": [person.id.uuid()]});
    operator.post("/v1/agencies/1.01/schedule-starts", &body).expect(200);
}

fn week(days: &[&str]) -> Value {
    json!({"kind": "week", "hours": [{"days": days, "starts_minute": 450, "ends_minute": 840}]})
}

/// One shift by a pattern from 4 March on, or assigned a day at a time.
fn shifts(days: Option<&[Option<&str>]>) -> Value {
    let mut schedule = json!({"kind": "shifts", "shifts": [
        {"code": "pagi", "name": "Pagi", "starts_minute": 420, "ends_minute": 840},
    ]});
    if let Some(days) = days {
        schedule["pattern"] = json!({"first_day": "2026-03-04", "days": days});
    }
    schedule
}

#[test]
fn a_home_of_somebody_with_six_days_takes_effect_on_saturday() {
    let app = TestApp::start();
    let (six, five) = (app.employee("1.01"), app.employee("1.01"));
    start(
        &app,
        &six,
        "2026-03-03",
        &week(&["Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]),
    );
    // A Friday.
    app.set_clock("2026-03-06T10:00:00+07:00");
    let operator = app.official("agency_operator:1.01");
    let first_day = |person: &Person| {
        let home = json!({
            "address": "Kampung Contoh RT 01/02", "village_code": "36.04.05.2003",
            "latitude": -6.119_731_2, "longitude": 106.173_461_8, "accuracy_metres": 12.5,
        });
        let client = app.signed_in(&person.username);
        let id = client.post("/v1/me/homes", &home).expect(201)["id"].clone();
        let path = format!("/v1/homes/{}/verification", id.as_str().unwrap());
        operator.post(&path, &json!({"decision": "verified"})).expect(200)["valid_from"].clone()
    };
    assert_eq!(first_day(&six), "2026-03-07");
    assert_eq!(first_day(&five), "2026-03-09");
}

#[test]
fn a_review_may_take_three_working_days_of_the_person() {
    let (app, team) = team();
    start(&app, &team.member, "2026-03-03", &week(&["Mon", "Sat", "Sun"]));
    handed_in(&team.member.client);
    // Saturday, Sunday and Monday are left.
    app.set_clock("2026-03-09T23:59:00+07:00");
    assert_eq!(app.app().escalate_activities().unwrap(), 0);
    app.set_clock("2026-03-10T00:00:00+07:00");
    assert_eq!(app.app().escalate_activities().unwrap(), 1);
}

#[test]
fn the_time_to_reply_is_three_days_of_the_pattern_or_of_the_calendar_where_nothing_is_known_ahead() {
    let due = |schedule: &Value| {
        let scene = case::scene();
        start(&scene.app, &scene.person, "2026-03-04", schedule);
        let (_, _, id) = scene.proposed();
        scene.notices_reach_the_person();
        scene.own_case(&id)["reply_due_at"].clone()
    };
    // Seen on Tuesday; free on Wednesday and Thursday: Friday, Saturday and Sunday are left.
    let pattern = shifts(Some(&[None, None, Some("pagi"), Some("pagi"), Some("pagi")]));
    assert_eq!(due(&pattern), "2026-03-08T17:00:00.000Z");
    assert_eq!(due(&shifts(None)), "2026-03-06T17:00:00.000Z");
}
