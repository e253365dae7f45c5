//! One's own month: what each day was, as the agency's recap has it.

use crate::harness::TestApp;
use crate::harness::people::Person;
use serde_json::{Value, json};
use sherlok::domain::place::Place;
use sherlok::domain::slot::Slot;
use sherlok::domain::work_mode::WorkMode;

fn month(person: &Person, query: &str) -> Value {
    person.client.get(&format!("/v1/me/month{query}")).expect(200)
}

fn day<'a>(month: &'a Value, date: &str) -> &'a Value {
    let days = month["days"].as_array().unwrap();
    days.iter().find(|day| day["date"] == date).unwrap()
}

#[test]
fn a_month_tells_each_day_as_the_recap_has_it() {
    let app = TestApp::start();
    let operator = app.official("agency_operator:1.01");
    let person = app.employee("1.01");
    let colleague = app.employee("1.01");
    for date in ["2026-02-02", "2026-02-03", "2026-02-04", "2026-02-05"] {
        app.assign(&person, date, WorkMode::Wfh);
    }
    app.assign(&person, "2026-02-06", WorkMode::Leave);
    app.full_day(&person, "2026-02-02");
    app.result(&person, "2026-02-03", Slot::Morning, Place::Inside, "07:45");
    app.result(&person, "2026-02-05", Slot::Morning, Place::Outside, "07:45");

    let own = month(&person, "?month=2026-02");
    assert_eq!(own["month"], "2026-02");
    assert_eq!(own["days"].as_array().unwrap().len(), 28);
    let signs = [
        ("2026-02-01", "-", "free"),
        ("2026-02-02", "R", "present"),
        ("2026-02-03", "R*", "incomplete"),
        ("2026-02-04", "TK", "absent"),
        ("2026-02-05", "R?", "to_explain"),
        ("2026-02-06", "C", "leave"),
        ("2026-02-17", "L", "holiday"),
    ];
    for (date, sign, status) in signs {
        let day = day(&own, date);
        assert_eq!((&day["sign"], &day["status"]), (&json!(sign), &json!(status)), "{date}");
    }
    assert_eq!(day(&own, "2026-02-02")["mode"], "wfh");

    let recap = operator.get("/v1/agencies/1.01/recaps/2026-02").expect(200);
    let lines = recap["items"].as_array().unwrap();
    let id = |person: &Person| json!(person.id.uuid().to_string());
    let line = lines.iter().find(|line| line["employee_id"] == id(&person)).unwrap();
    assert_eq!(line["days"], own["days"]);
    // Nobody sees another's month.
    assert_ne!(month(&colleague, "?month=2026-02")["days"], own["days"]);
}

#[test]
fn the_month_that_runs_is_told_unless_another_is_named() {
    let app = TestApp::start();
    let person = app.employee("1.01");
    let own = month(&person, "");
    assert_eq!(own["month"], "2026-03");
    assert_eq!(day(&own, "2026-03-02")["status"], "pending");
    assert_eq!(day(&own, "2026-03-31")["status"], "pending");
    let english = person.client.with_header("accept-language", "en");
    let told = |month: &Value| day(month, "2026-03-02")["reasons"][0]["message"].clone();
    assert_ne!(told(&own), told(&english.get("/v1/me/month").expect(200)));
}

#[test]
fn only_months_of_a_century_are_told_and_only_to_members_of_staff() {
    let app = TestApp::start();
    let person = app.employee("1.01");
    person.client.get("/v1/me/month?month=2100-12").expect(200);
    for (month, code) in [
        ("2101-01", "out_of_limits"),
        ("2026-13", "malformed"),
        ("maret", "malformed"),
    ] {
        let problem = person
            .client
            .get(&format!("/v1/me/month?month={month}"))
            .problem(422, "invalid_fields");
        assert_eq!(problem["fields"][0]["field"], "month");
        assert_eq!(problem["fields"][0]["code"], code, "{month}");
    }
    person.client.get("/v1/me/month?moon=2026-03").expect(422);
    app.official("bkd_officer").get("/v1/me/month").expect(403);
    app.nobody().get("/v1/me/month").problem(401, "unauthenticated");
}
