//! Rosters through their routes: what is taken, what it does to a day, and what is refused.

use crate::harness::TestApp;
use crate::harness::client::Client;
use crate::harness::people::Person;
use serde_json::{Value, json};

fn item(person: &Person, date: &str, mode: &str) -> Value {
    json!({"employee_id": person.id.uuid(), "date": date, "mode": mode})
}

fn reasoned(person: &Person, date: &str, mode: &str, reason: &str) -> Value {
    let mut item = item(person, date, mode);
    item["reason"] = json!(reason);
    item
}

fn body(items: &[Value]) -> Value {
    json!({"agency": "1.01", "items": items})
}

fn mode(person: &Person, date: &str) -> Value {
    person.client.get(&format!("/v1/me/day?date={date}")).expect(200)["mode"].clone()
}

fn listed(client: &Client, query: &str) -> Vec<Value> {
    let page = client.get(&format!("/v1/rosters?agency=1.01&{query}")).expect(200);
    page["items"].as_array().unwrap().clone()
}

#[test]
fn a_roster_sets_the_mode_of_the_day_and_the_last_word_counts() {
    let app = TestApp::start();
    let operator = app.official("agency_operator:1.01");
    let person = app.employee("1.01");
    assert_eq!(mode(&person, "2026-03-03"), "wfo");
    let set = operator.post(
        "/v1/rosters",
        &body(&[
            item(&person, "2026-03-03", "wfh"),
            item(&person, "2026-03-04", "picket"),
        ]),
    );
    assert_eq!(set.expect(200), json!({"accepted": 2}));
    assert_eq!(
        (mode(&person, "2026-03-03"), mode(&person, "2026-03-04")),
        (json!("wfh"), json!("picket"))
    );
    operator
        .post("/v1/rosters", &body(&[item(&person, "2026-03-03", "wfa")]))
        .expect(200);
    assert_eq!(mode(&person, "2026-03-03"), "wfa");
    assert_eq!(listed(&operator, "from=2026-03-01&to=2026-03-31").len(), 2);
}

#[test]
fn absences_need_a_reason_which_is_not_told_to_everyone() {
    let app = TestApp::start();
    let operator = app.official("agency_operator:1.01");
    let person = app.employee("1.01");
    for mode in ["leave", "sick", "duty_travel", "training"] {
        operator
            .post("/v1/rosters", &body(&[item(&person, "2026-03-03", mode)]))
            .names_field(422, "items[0].reason");
        operator
            .post("/v1/rosters", &body(&[reasoned(&person, "2026-03-03", mode, "  ")]))
            .names_field(422, "items[0].reason");
    }
    let entries = [
        reasoned(&person, "2026-03-03", "sick", "Tifus"),
        reasoned(&person, "2026-03-04", "duty_travel", "Surat tugas 12"),
    ];
    operator.post("/v1/rosters", &body(&entries)).expect(200);
    let rows = listed(&operator, "from=2026-03-03&to=2026-03-04");
    assert_eq!(
        (&rows[0]["mode"], &rows[0]["source"], &rows[0]["reason"]),
        (&json!("sick"), &json!("approval"), &Value::Null)
    );
    assert_eq!(rows[1]["reason"], "Surat tugas 12");
    assert_eq!(mode(&person, "2026-03-03"), "sick");
}

#[test]
fn a_day_that_has_passed_is_changed_only_as_a_correction_with_a_reason() {
    let app = TestApp::start();
    let operator = app.official("agency_operator:1.01");
    let person = app.employee("1.01");
    let past = body(&[item(&person, "2026-02-27", "wfh")]);
    operator.post("/v1/rosters", &past).names_field(422, "items[0].reason");
    let corrected = body(&[reasoned(&person, "2026-02-27", "wfh", "Jadwal tertukar")]);
    operator.post("/v1/rosters", &corrected).expect(200);
    let rows = listed(&operator, "from=2026-02-27&to=2026-02-27");
    assert_eq!(
        (&rows[0]["source"], &rows[0]["reason"]),
        (&json!("correction"), &json!("Jadwal tertukar"))
    );
    // Today is no past yet.
    operator
        .post("/v1/rosters", &body(&[item(&person, "2026-03-02", "wfh")]))
        .expect(200);
}

#[test]
fn one_wrong_entry_refuses_them_all_and_is_named() {
    let app = TestApp::start();
    let operator = app.official("agency_operator:1.01");
    let person = app.employee("1.01");
    let stranger = app.employee("1.02");
    let good = item(&person, "2026-03-03", "wfh");
    let with = |field: &str, value: Value| {
        let mut item = good.clone();
        item[field] = value;
        item
    };
    let unknown = json!("01955555-0000-7000-8000-000000000000");
    let mut misplaced = with("site_id", unknown.clone());
    misplaced["mode"] = json!("wfo");
    let cases = [
        (item(&stranger, "2026-03-04", "wfh"), "items[1].employee_id"),
        (with("employee_id", unknown.clone()), "items[1].employee_id"),
        (with("employee_id", json!("x")), "items[1].employee_id"),
        (item(&person, "2019-12-31", "wfh"), "items[1].date"),
        (item(&person, "2027-03-04", "wfh"), "items[1].date"),
        (item(&person, "2026-02-30", "wfh"), "items[1].date"),
        (item(&person, "2026-03-03", "wfo"), "items[1].date"),
        (item(&person, "2026-03-04", "holiday"), "items[1].mode"),
        (with("slot", json!("morning")), "items[1].slot"),
        (with("slots", json!("noon")), "items[1].slots"),
        (with("site_id", unknown), "items[1].site_id"),
        (misplaced, "items[1].site_id"),
        (with("reason", json!("x".repeat(501))), "items[1].reason"),
    ];
    for (wrong, field) in cases {
        operator
            .post("/v1/rosters", &body(&[good.clone(), wrong]))
            .names_field(422, field);
    }
    operator.post("/v1/rosters", &body(&[])).names_field(422, "items");
    operator
        .post("/v1/rosters", &json!({"agency": "1.01"}))
        .names_field(422, "items");
    let many: Vec<Value> = (0..5_001).map(|_| good.clone()).collect();
    operator.post("/v1/rosters", &body(&many)).names_field(422, "items");
    assert!(listed(&operator, "from=2026-03-01&to=2026-03-31").is_empty());
}

#[test]
fn only_the_agencys_own_operator_sets_its_roster() {
    let app = TestApp::start();
    let person = app.employee("1.01");
    let entry = body(&[item(&person, "2026-03-03", "wfh")]);
    let foreign = app.official("agency_operator:1.02");
    foreign.post("/v1/rosters", &entry).problem(404, "not_found");
    foreign
        .get("/v1/rosters?agency=1.01&from=2026-03-01&to=2026-03-02")
        .problem(404, "not_found");
    for role in ["agency_head:1.01", "bkd_officer", "bkd_auditor", "administrator"] {
        app.official(role)
            .post("/v1/rosters", &json!({}))
            .problem(403, "forbidden");
    }
    person.client.post("/v1/rosters", &json!({})).problem(403, "forbidden");
    person.client.get("/v1/rosters").problem(403, "forbidden");
    for role in ["agency_head:1.01", "bkd_officer", "bkd_head"] {
        app.official(role)
            .get("/v1/rosters?agency=1.01&from=2026-03-01&to=2026-03-02")
            .expect(200);
    }
    app.official("bkd_officer")
        .get("/v1/rosters?agency=9.99&from=2026-03-01&to=2026-03-02")
        .problem(404, "not_found");
    app.nobody().post("/v1/rosters", &entry).problem(401, "unauthenticated");
}

#[test]
fn lists_are_paged_by_date_and_person_over_at_most_92_days() {
    let app = TestApp::start();
    let operator = app.official("agency_operator:1.01");
    let people = [app.employee("1.01"), app.employee("1.01")];
    let items: Vec<Value> = ["2026-03-03", "2026-03-04"]
        .iter()
        .flat_map(|date| people.iter().map(|person| item(person, date, "wfh")))
        .collect();
    operator.post("/v1/rosters", &body(&items)).expect(200);
    let mut seen = Vec::new();
    let mut query = "from=2026-03-01&to=2026-05-31&limit=3".to_owned();
    loop {
        let page = operator.get(&format!("/v1/rosters?agency=1.01&{query}")).expect(200);
        seen.extend(
            page["items"]
                .as_array()
                .unwrap()
                .iter()
                .map(|row| (row["date"].clone(), row["employee_id"].clone())),
        );
        let Some(cursor) = page["next_cursor"].as_str() else {
            break;
        };
        query = format!("from=2026-03-01&to=2026-05-31&limit=3&cursor={cursor}");
    }
    let wanted: Vec<(Value, Value)> = items
        .iter()
        .map(|item| (item["date"].clone(), item["employee_id"].clone()))
        .collect();
    assert_eq!(seen, wanted);
    for query in [
        "from=2026-03-01&to=2026-06-01",
        "from=2026-03-02&to=2026-03-01",
        "from=2026-03-01",
        "from=x&to=2026-03-01",
        "from=2026-03-01&to=2026-03-01&limit=0",
    ] {
        assert_eq!(
            operator.get(&format!("/v1/rosters?agency=1.01&{query}")).status,
            422,
            "{query}"
        );
    }
}

#[test]
fn a_repeated_roster_under_one_key_is_set_once() {
    let app = TestApp::start();
    let operator = app
        .official("agency_operator:1.01")
        .with_header("idempotency-key", "senin");
    let person = app.employee("1.01");
    let first = body(&[item(&person, "2026-03-03", "wfh")]);
    operator.post("/v1/rosters", &first).expect(200);
    operator.post("/v1/rosters", &first).expect(200);
    let other = body(&[item(&person, "2026-03-03", "wfo")]);
    operator
        .post("/v1/rosters", &other)
        .problem(409, "idempotency_conflict");
    assert_eq!(mode(&person, "2026-03-03"), "wfh");
}
