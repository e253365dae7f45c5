//! Outages through their routes, and the service's own record: who missed a slot then is excused by rule.

use crate::harness::TestApp;
use crate::harness::client::Client;
use crate::harness::people::Person;
use serde_json::{Value, json};
use sherlok::domain::work_mode::WorkMode;

fn outage(from: &str, to: &str, scope: &Value) -> Value {
    json!({"from": from, "to": to, "scope": scope, "reason": "Jaringan provinsi putus"})
}

/// The status and the reasons of a date, of the only person of an agency.
fn day(client: &Client, agency: &str, date: &str) -> (String, Vec<String>) {
    let month = &date[..7];
    let recap = client.get(&format!("/v1/agencies/{agency}/recaps/{month}")).expect(200);
    let days = recap["items"][0]["days"].as_array().unwrap();
    let day = days.iter().find(|day| day["date"] == date).unwrap();
    let reasons = day["reasons"].as_array().unwrap();
    let codes = reasons.iter().map(|reason| reason["code"].as_str().unwrap().to_owned());
    (day["status"].as_str().unwrap().to_owned(), codes.collect())
}

fn scene() -> (TestApp, Client) {
    let app = TestApp::start();
    let officer = app.official("bkd_officer");
    for agency in ["1.01", "1.02"] {
        let person = app.employee(agency);
        app.assign(&person, "2026-02-04", WorkMode::Wfh);
    }
    (app, officer)
}

const MORNING: (&str, &str) = ("2026-02-04T07:00:00+07:00", "2026-02-04T08:30:00+07:00");
const WHOLE_DAY: (&str, &str) = ("2026-02-04T06:00:00+07:00", "2026-02-04T18:00:00+07:00");

#[test]
fn a_slot_that_an_outage_took_most_of_is_excused_and_the_reason_is_said() {
    let (_app, officer) = scene();
    assert_eq!(day(&officer, "1.01", "2026-02-04").0, "absent");
    let body = outage(MORNING.0, MORNING.1, &json!({"kind": "all"}));
    let declared = officer.post("/v1/outages", &body).expect(201);
    let (status, reasons) = day(&officer, "1.01", "2026-02-04");
    assert_eq!(status, "incomplete");
    assert!(reasons.contains(&"slot_in_outage".to_owned()) && reasons.contains(&"slot_missed".to_owned()));
    let withdrawal = format!("/v1/outages/{}/withdrawal", declared["id"].as_str().unwrap());
    let reason = json!({"reason": "Salah tanggal, maaf"});
    officer.post(&withdrawal, &reason).expect(200);
    officer.post(&withdrawal, &reason).problem(409, "wrong_state");
    assert_eq!(day(&officer, "1.01", "2026-02-04").0, "absent");
    // Half of the window is not most of it.
    let half = outage(MORNING.0, "2026-02-04T08:15:00+07:00", &json!({"kind": "all"}));
    officer.post("/v1/outages", &half).expect(201);
    assert_eq!(day(&officer, "1.01", "2026-02-04").0, "absent");
    let list = officer.get("/v1/outages").expect(200);
    assert_eq!(list["items"].as_array().unwrap().len(), 2);
}

#[test]
fn the_person_is_told_that_a_missed_slot_is_excused() {
    let (app, officer) = scene();
    let person = app.employee("1.01");
    app.assign(&person, "2026-02-04", WorkMode::Wfh);
    let slot = || {
        let day = person.client.get("/v1/me/day?date=2026-02-04").expect(200);
        (
            day["slots"][0]["state"].clone(),
            day["slots"][0]["message"].as_str().unwrap().to_owned(),
        )
    };
    assert_eq!(slot().0, "missed");
    officer
        .post("/v1/outages", &outage(MORNING.0, MORNING.1, &json!({"kind": "all"})))
        .expect(201);
    let (state, message) = slot();
    assert_eq!(state, "excused");
    assert!(message.starts_with("Layanan terganggu pada sesi pagi"), "{message}");
}

#[test]
fn an_outage_reaches_as_far_as_it_was_declared() {
    let (_app, officer) = scene();
    let agency = json!({"kind": "agency", "code": "1.02"});
    officer
        .post("/v1/outages", &outage(WHOLE_DAY.0, WHOLE_DAY.1, &agency))
        .expect(201);
    assert_eq!(day(&officer, "1.01", "2026-02-04").0, "absent");
    assert_eq!(day(&officer, "1.02", "2026-02-04").0, "present");
    let elsewhere = json!({"kind": "region", "code": "31"});
    officer
        .post("/v1/outages", &outage(WHOLE_DAY.0, WHOLE_DAY.1, &elsewhere))
        .expect(201);
    assert_eq!(day(&officer, "1.01", "2026-02-04").0, "absent");
    let here = json!({"kind": "region", "code": "36"});
    officer
        .post("/v1/outages", &outage(WHOLE_DAY.0, WHOLE_DAY.1, &here))
        .expect(201);
    assert_eq!(day(&officer, "1.01", "2026-02-04").0, "present");
}

#[test]
fn a_wrong_outage_is_refused_by_its_field() {
    let (app, officer) = scene();
    let all = json!({"kind": "all"});
    let cases = [
        (outage(MORNING.1, MORNING.0, &all), "to"),
        (outage(MORNING.0, MORNING.0, &all), "to"),
        (outage(MORNING.0, "2026-04-04T07:00:00+07:00", &all), "to"),
        (outage("kemarin", MORNING.1, &all), "from"),
        (outage(MORNING.0, MORNING.1, &json!({"kind": "agency"})), "scope.code"),
        (
            outage(MORNING.0, MORNING.1, &json!({"kind": "agency", "code": "9.99"})),
            "scope.code",
        ),
        (
            outage(MORNING.0, MORNING.1, &json!({"kind": "region", "code": "x"})),
            "scope.code",
        ),
        (
            outage(MORNING.0, MORNING.1, &json!({"kind": "all", "code": "1.01"})),
            "scope.code",
        ),
        (outage(MORNING.0, MORNING.1, &json!({"kind": "dunia"})), "scope.kind"),
        (
            json!({"from": MORNING.0, "to": MORNING.1, "scope": all, "reason": "putus"}),
            "reason",
        ),
    ];
    for (body, field) in cases {
        officer.post("/v1/outages", &body).names_field(422, field);
    }
    assert!(
        officer.get("/v1/outages").expect(200)["items"]
            .as_array()
            .unwrap()
            .is_empty()
    );
    let unknown = "/v1/outages/01955555-0000-7000-8000-000000000000/withdrawal";
    officer
        .post(unknown, &json!({"reason": "Salah tanggal, maaf"}))
        .problem(404, "not_found");
    app.official("agency_operator:1.01")
        .post("/v1/outages", &json!({}))
        .problem(403, "forbidden");
    app.official("agency_operator:1.01").get("/v1/outages").expect(200);
}

#[test]
fn outages_come_in_pages_newest_first() {
    let (_app, officer) = scene();
    for day in ["05", "03", "04"] {
        let (from, to) = (format!("2026-02-{day}T07:00:00Z"), format!("2026-02-{day}T08:00:00Z"));
        officer
            .post("/v1/outages", &outage(&from, &to, &json!({"kind": "all"})))
            .expect(201);
    }
    let first = officer.get("/v1/outages?limit=2").expect(200);
    let cursor = first["next_cursor"].as_str().unwrap();
    let second = officer.get(&format!("/v1/outages?limit=2&cursor={cursor}")).expect(200);
    let from = |page: &Value, index: usize| page["items"][index]["from"].as_str().unwrap()[8..10].to_owned();
    assert_eq!([from(&first, 0), from(&first, 1), from(&second, 0)], ["05", "04", "03"]);
    assert_eq!(second["next_cursor"], Value::Null);
}

#[test]
fn the_service_s_own_silence_is_an_outage() {
    let app = TestApp::start();
    let mut operator = app.official("agency_operator:1.01");
    let person: Person = app.employee("1.01");
    app.assign(&person, "2026-03-03", WorkMode::Wfh);
    app.assign(&person, "2026-03-04", WorkMode::Wfh);
    let live = |date: &str, from: &str, to: &str| {
        let at = |clock: &str| {
            app.set_clock(&format!("{date}T{clock}:00+07:00"));
            app.app().beat().unwrap();
        };
        at(from);
        // A tick every minute keeps one run going.
        while app.clock.now() < sherlok::domain::instant::Instant::parse(&format!("{date}T{to}:00+07:00")).unwrap() {
            app.advance(chrono::Duration::minutes(1));
            app.app().beat().unwrap();
        }
    };
    live("2026-03-03", "07:00", "07:40");
    // Silent for an hour and a quarter of the morning's hour and a half.
    live("2026-03-03", "08:55", "09:00");
    live("2026-03-03", "09:00", "18:00");
    // The whole night is silence too, but no slot is open then.
    live("2026-03-04", "07:00", "18:00");
    app.set_clock("2026-03-05T08:00:00+07:00");
    operator.renew();
    let (status, reasons) = day(&operator, "1.01", "2026-03-03");
    assert_eq!(status, "incomplete");
    assert_eq!(reasons.iter().filter(|reason| *reason == "slot_in_outage").count(), 1);
    assert_eq!(day(&operator, "1.01", "2026-03-04").0, "absent");
}

#[test]
fn without_a_record_nothing_is_claimed() {
    let (app, officer) = scene();
    // The service began to live long after the day: what was before is not known.
    app.app().beat().unwrap();
    app.app().run_jobs();
    assert_eq!(day(&officer, "1.01", "2026-02-04").0, "absent");
}
