//! The calendar of a year through its routes.

use crate::harness::TestApp;
use crate::harness::client::{Answer, Client};
use serde_json::{Value, json};

fn put(client: &Client, year: i32, version: &str, holidays: &Value) -> Answer {
    client
        .with_header("if-match", version)
        .put(&format!("/v1/calendars/{year}"), &json!({ "holidays": holidays }))
}

fn holiday(date: &str) -> Value {
    json!({"date": date, "kind": "national_holiday", "name": "Hari Raya Idul Fitri"})
}

#[test]
fn the_years_that_ship_are_there_and_others_are_empty() {
    let app = TestApp::start();
    let person = app.employee("1.01").client;
    let answer = person.get("/v1/calendars/2026");
    let year = answer.expect(200);
    assert_eq!((answer.header("etag"), &year["version"]), ("\"0\"", &json!(0)));
    assert!(year["holidays"].as_array().unwrap().len() >= 15);
    assert_eq!(year["holidays"][0]["date"], "2026-01-01");
    assert_eq!(person.get("/v1/calendars/2040").expect(200)["holidays"], json!([]));
    for year in ["1999", "2101", "x"] {
        person.get(&format!("/v1/calendars/{year}")).problem(404, "not_found");
    }
}

#[test]
fn a_year_is_replaced_as_a_whole_by_whoever_saw_the_last_version() {
    let app = TestApp::start();
    let officer = app.official("bkd_officer");
    let days = json!([holiday("2026-03-21"), {"date": "2026-03-23", "kind": "joint_leave", "name": "Cuti Bersama"}]);
    put(&officer, 2026, "\"1\"", &days).problem(412, "stale_version");
    officer
        .put("/v1/calendars/2026", &json!({"holidays": days}))
        .problem(428, "version_required");
    let replaced = put(&officer, 2026, "\"0\"", &days).expect(200);
    assert_eq!((&replaced["version"], &replaced["holidays"]), (&json!(1), &days));
    put(&officer, 2026, "\"0\"", &days).problem(412, "stale_version");
    let moved = json!([holiday("2026-03-20")]);
    assert_eq!(put(&officer, 2026, "\"1\"", &moved).expect(200)["holidays"], moved);
    assert!(
        officer.get("/v1/calendars/2027").expect(200)["holidays"]
            .as_array()
            .unwrap()
            .len()
            >= 15
    );
}

#[test]
fn wrong_days_are_named_and_change_nothing() {
    let app = TestApp::start();
    let officer = app.official("bkd_officer");
    let before = officer.get("/v1/calendars/2026").expect(200);
    let many: Vec<Value> = (0..121).map(|_| holiday("2026-03-21")).collect();
    let cases = [
        (json!([]), "holidays"),
        (json!(many), "holidays"),
        (
            json!([holiday("2026-03-21"), holiday("2027-03-21")]),
            "holidays[1].date",
        ),
        (
            json!([holiday("2026-03-21"), holiday("2026-03-21")]),
            "holidays[1].date",
        ),
        (json!([holiday("2026-02-30")]), "holidays[0].date"),
        (
            json!([{"date": "2026-03-21", "kind": "party", "name": "x"}]),
            "holidays[0].kind",
        ),
        (
            json!([{"date": "2026-03-21", "kind": "joint_leave", "name": ""}]),
            "holidays[0].name",
        ),
        (
            json!([{"date": "2026-03-21", "kind": "joint_leave", "name": "x".repeat(201)}]),
            "holidays[0].name",
        ),
    ];
    for (holidays, field) in cases {
        put(&officer, 2026, "\"0\"", &holidays).names_field(422, field);
    }
    assert_eq!(officer.get("/v1/calendars/2026").expect(200), before);
}

#[test]
fn only_bkd_edits_calendars() {
    let app = TestApp::start();
    for client in [
        app.employee("1.01").client,
        app.official("agency_operator:1.01"),
        app.official("bkd_auditor"),
    ] {
        client.put("/v1/calendars/2026", &json!({})).problem(403, "forbidden");
        client.get("/v1/calendars/2026").expect(200);
    }
    app.nobody().get("/v1/calendars/2026").problem(401, "unauthenticated");
}
