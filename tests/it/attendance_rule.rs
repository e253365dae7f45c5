//! The dated tables of recaps through their routes, and the counts of absence beside them.

use crate::harness::TestApp;
use crate::harness::client::Client;
use crate::harness::people::Person;
use serde_json::{Value, json};
use sherlok::domain::work_mode::WorkMode;

fn allowance(from: &str, absent_bp: u16) -> Value {
    json!({"effective_from": from, "scheme": "Pergub Contoh", "bands": [
        {"code": "TL1", "minutes_from": 1, "minutes_to": 30, "percent_bp": 25},
        {"code": "TL2", "minutes_from": 31, "percent_bp": 125, "without_entry": true},
    ], "absent_bp": absent_bp, "cap_bp": 1_000, "outage_excused_from_bp": 5_000, "outage_least_minutes": 5})
}

fn set(client: &Client, address: &str, version: i32, body: &Value) -> crate::harness::client::Answer {
    client
        .with_header("if-match", &format!("\"{version}\""))
        .put(address, body)
}

/// Someone who was absent on these dates of February.
fn absent(app: &TestApp, agency: &str, dates: &[&str]) -> Person {
    let person = app.employee(agency);
    for date in dates {
        app.assign(&person, date, WorkMode::Wfh);
    }
    person
}

fn deduction(client: &Client) -> Value {
    let recap = client.get("/v1/agencies/1.01/recaps/2026-02").expect(200);
    recap["items"][0]["totals"]["deduction_percent"].clone()
}

#[test]
fn a_table_counts_from_its_date_on_and_past_days_by_the_one_of_their_date() {
    let app = TestApp::start();
    let officer = app.official("bkd_officer");
    absent(&app, "1.01", &["2026-02-03", "2026-02-19"]);
    assert_eq!(deduction(&officer), "8,0");
    let address = "/v1/allowance-rules";
    let shipped = officer.get(address).expect(200);
    assert_eq!(
        (&shipped["items"][0]["version"], &shipped["items"][0]["absent_bp"]),
        (&json!(0), &json!(400))
    );
    assert_eq!(
        shipped["items"][0]["bands"][3],
        json!({"code": "TL4", "minutes_from": 91, "percent_bp": 200, "without_entry": true})
    );
    set(&officer, address, 0, &allowance("2026-02-10", 350)).expect(200);
    assert_eq!(deduction(&officer), "7,5");
    set(&officer, address, 0, &allowance("2026-02-10", 300)).problem(412, "stale_version");
    set(&officer, address, 1, &allowance("2026-02-10", 525)).expect(200);
    assert_eq!(deduction(&officer), "9,25");
    // The cap is that of the month's last day.
    set(&officer, address, 0, &allowance("2026-02-01", 9_000)).expect(200);
    assert_eq!(deduction(&officer), "10,0");
    let list = officer.get(address).expect(200);
    let from: Vec<&Value> = list["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|set| &set["effective_from"])
        .collect();
    assert_eq!(from, [&Value::Null, &json!("2026-02-01"), &json!("2026-02-10")]);
}

#[test]
fn a_wrong_table_is_refused_by_its_field_and_nothing_is_set() {
    let app = TestApp::start();
    let officer = app.official("bkd_officer");
    let with = |pointer: &str, value: Value| {
        let mut body = allowance("2026-02-10", 300);
        *body.pointer_mut(pointer).unwrap() = value;
        body
    };
    let cases = [
        (with("/bands/0/code", json!("TL5")), "bands[0].code"),
        (with("/bands/1/code", json!("TL1")), "bands[1].code"),
        (with("/bands/1/minutes_from", json!(30)), "bands[1].minutes_from"),
        (with("/bands/0/minutes_from", json!(0)), "bands[0].minutes_from"),
        (with("/bands/0/percent_bp", json!(10_001)), "bands[0].percent_bp"),
        (with("/absent_bp", json!(10_001)), "absent_bp"),
        (with("/outage_excused_from_bp", json!(0)), "outage_excused_from_bp"),
        (with("/outage_least_minutes", json!(1)), "outage_least_minutes"),
        (with("/scheme", json!("  ")), "scheme"),
        (with("/effective_from", json!("1999-12-31")), "effective_from"),
        (with("/effective_from", json!("2026-02-30")), "effective_from"),
    ];
    for (body, field) in cases {
        set(&officer, "/v1/allowance-rules", 0, &body).names_field(422, field);
    }
    officer
        .put("/v1/allowance-rules", &allowance("2026-02-10", 300))
        .problem(428, "version_required");
    assert_eq!(
        officer.get("/v1/allowance-rules").expect(200)["items"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    let operator = app.official("agency_operator:1.01");
    operator.get("/v1/allowance-rules").expect(200);
    for address in ["/v1/allowance-rules", "/v1/discipline-rules"] {
        set(&operator, address, 0, &json!({})).problem(403, "forbidden");
    }
}

#[test]
fn two_who_set_a_table_at_once_do_not_overwrite_each_other() {
    let app = TestApp::start();
    let officer = app.official("bkd_officer");
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let calls: Vec<_> = [310, 320, 330]
            .map(|absent_bp| {
                let officer = officer.clone();
                scope.spawn(move || set(&officer, "/v1/allowance-rules", 0, &allowance("2026-02-10", absent_bp)).status)
            })
            .into_iter()
            .collect();
        calls.into_iter().map(|call| call.join().unwrap()).collect()
    });
    assert_eq!(
        statuses.iter().filter(|status| **status == 200).count(),
        1,
        "{statuses:?}"
    );
    assert!(
        statuses.iter().all(|status| [200, 412].contains(status)),
        "{statuses:?}"
    );
}

const DISCIPLINE: &str = "/v1/agencies/1.01/discipline";

#[test]
fn absence_is_counted_beside_the_levels_and_nothing_is_imposed() {
    let app = TestApp::start();
    let operator = app.official("agency_operator:1.01");
    let four = absent(&app, "1.01", &["2026-02-03", "2026-02-04", "2026-02-05", "2026-02-19"]);
    let one = absent(&app, "1.01", &["2026-02-03"]);
    absent(&app, "1.01", &[]);
    let list = operator.get(&format!("{DISCIPLINE}?year=2026")).expect(200);
    assert!(
        list["message"]
            .as_str()
            .unwrap()
            .contains("Hukuman disiplin tidak dijatuhkan oleh sistem")
    );
    let items = list["items"].as_array().unwrap();
    assert_eq!(items.len(), 2);
    assert_eq!(items[0]["employee_id"], four.id.uuid().to_string());
    assert_eq!(
        (&items[0]["absent_days"], &items[0]["consecutive_days"]),
        (&json!(4), &json!(3))
    );
    assert_eq!(items[0]["reached"][0]["sanction_id"], "Teguran tertulis");
    assert!(items[0]["message"].as_str().unwrap().contains("tanyakan dahulu"));
    assert_eq!(items[1]["employee_id"], one.id.uuid().to_string());
    assert_eq!(
        (&items[1]["reached"], items[1]["reached"].as_array().unwrap().len()),
        (&json!([]), 0)
    );
    assert!(items[1]["message"].as_str().unwrap().contains("2 hari lagi"));
    // In pages, and only of the year.
    let page = operator.get(&format!("{DISCIPLINE}?year=2026&limit=1")).expect(200);
    let cursor = page["next_cursor"].as_str().unwrap();
    let next = operator
        .get(&format!("{DISCIPLINE}?year=2026&limit=1&cursor={cursor}"))
        .expect(200);
    assert_eq!((&next["items"][0], &next["next_cursor"]), (&items[1], &Value::Null));
    for year in [2025, 2027] {
        let other = operator.get(&format!("{DISCIPLINE}?year={year}")).expect(200);
        assert!(other["items"].as_array().unwrap().is_empty(), "{year}");
    }
}

#[test]
fn absence_of_an_agency_is_for_its_own_and_bkd() {
    let app = TestApp::start();
    let person = absent(&app, "1.01", &["2026-02-03"]);
    let address = format!("{DISCIPLINE}?year=2026");
    app.official("agency_operator:1.02")
        .get(&address)
        .problem(404, "not_found");
    person.client.get(&address).problem(403, "forbidden");
    app.official("bkd_auditor").get(&address).problem(403, "forbidden");
    let officer = app.official("bkd_officer");
    officer.get(&address).expect(200);
    for wrong in ["?year=1999", "?year=2101", "?year=x", ""] {
        officer.get(&format!("{DISCIPLINE}{wrong}")).names_field(422, "year");
    }
}

#[test]
fn levels_are_data_too() {
    let app = TestApp::start();
    let officer = app.official("bkd_officer");
    absent(&app, "1.01", &["2026-02-03"]);
    let address = "/v1/discipline-rules";
    let shipped = officer.get(address).expect(200)["items"][0].clone();
    assert_eq!(shipped["levels"].as_array().unwrap().len(), 10);
    assert_eq!(shipped["minutes_per_day"], Value::Null);
    let level = |days: u16| {
        json!({"severity": "light", "sanction_id": "Teguran uji", "sanction_en": "Test reprimand", "min_days": days,
            "basis": "cumulative"})
    };
    let body = |levels: &[Value]| json!({"effective_from": "2026-01-01", "levels": levels, "minutes_per_day": 450});
    set(&officer, address, 0, &body(&[level(2), level(2)])).names_field(422, "levels[1].min_days");
    set(&officer, address, 0, &body(&[])).names_field(422, "levels");
    set(&officer, address, 0, &body(&[level(1)])).expect(200);
    let list = officer.get(&format!("{DISCIPLINE}?year=2026")).expect(200);
    assert_eq!(list["items"][0]["reached"][0]["sanction_id"], "Teguran uji");
}
