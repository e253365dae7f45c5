//! An agency's history through its route: who changed what and when, and what it does not tell.

use crate::harness::TestApp;
use crate::harness::client::Client;
use chrono::Duration;
use serde_json::{Value, json};

const TODAY: &str = "2026-03-02";
const YESTERDAY: &str = "2026-03-01";
const CSV: &str = "text/csv";
const STAFF: &str = "NIP BARU;NAMA;JABATAN NAMA\n198503122010012003;DEWI LESTARI;Analis\n";

fn history(client: &Client, query: &str) -> Vec<Value> {
    let page = client.get(&format!("/v1/agencies/1.01/events{query}")).expect(200);
    page["items"].as_array().unwrap().clone()
}

/// What was done, as `mark set`.
fn steps(events: &[Value]) -> Vec<String> {
    let text = |event: &Value, name: &str| event[name].as_str().unwrap().to_owned();
    events
        .iter()
        .map(|event| format!("{} {}", text(event, "subject_kind"), text(event, "action")))
        .collect()
}

/// A person taken in, a mark set and ended, codes made; the newest is the last call.
fn lived(app: &TestApp) -> (Client, String) {
    let operator = app.official("agency_operator:1.01");
    operator
        .send(
            "POST",
            "/v1/agencies/1.01/employees/import",
            Some(CSV),
            STAFF.as_bytes(),
        )
        .expect(200);
    let staff = operator.get("/v1/agencies/1.01/employees").expect(200);
    let person = staff["items"][0]["id"].as_str().unwrap().to_owned();
    app.advance(Duration::minutes(1));
    let mark = json!({
        "employee_id": person, "kind": "pregnant", "effect": "exempt_at_home",
        "from": TODAY, "to": TODAY, "reason": "Surat dokter",
    });
    let set = operator.post("/v1/agencies/1.01/marks", &mark).expect(201);
    let mark = set["id"].as_str().unwrap();
    app.advance(Duration::minutes(1));
    operator
        .post(
            &format!("/v1/agencies/1.01/marks/{person}/{mark}/end"),
            &json!({"last_day": YESTERDAY}),
        )
        .expect(204);
    app.advance(Duration::minutes(1));
    operator
        .post(&format!("/v1/employees/{person}/reset"), &json!({}))
        .expect(200);
    (operator, person)
}

#[test]
fn an_agency_reads_who_changed_what_and_when_newest_first() {
    let app = TestApp::start();
    let (operator, person) = lived(&app);
    let events = history(&operator, "");
    assert_eq!(
        steps(&events),
        [
            "employee reset",
            // It had not begun by its last day, so it was taken away; its end is told all the same.
            "mark end",
            "mark set",
            "agency import_employees",
        ]
    );
    assert_eq!(events[0]["subject_id"], json!(person));
    assert!(
        events
            .iter()
            .all(|event| event["by"].is_string() && event["at"].is_string())
    );
    // Neither what a mark is for nor why anything was done.
    let told = serde_json::to_string(&events).unwrap();
    for word in ["pregnant", "Surat dokter", "reason", "LESTARI"] {
        assert!(!told.contains(word), "{word}");
    }
}

#[test]
fn pages_filters_and_dates_show_each_event_once() {
    let app = TestApp::start();
    let (operator, _) = lived(&app);
    let mut seen = Vec::new();
    let mut address = "/v1/agencies/1.01/events?limit=1".to_owned();
    loop {
        let page = operator.get(&address).expect(200);
        seen.extend(page["items"].as_array().unwrap().clone());
        let Some(cursor) = page["next_cursor"].as_str() else {
            break;
        };
        address = format!("/v1/agencies/1.01/events?limit=1&cursor={cursor}");
    }
    assert_eq!(seen, history(&operator, ""));
    assert_eq!(
        steps(&history(&operator, "?subject_kind=mark")),
        ["mark end", "mark set"]
    );
    assert_eq!(history(&operator, &format!("?from={TODAY}&to={TODAY}")).len(), 4);
    assert_eq!(history(&operator, &format!("?to={YESTERDAY}")), Vec::<Value>::new());
    operator
        .get("/v1/agencies/1.01/events?limit=201")
        .problem(422, "invalid_fields");
    operator
        .get("/v1/agencies/1.01/events?kind=mark")
        .problem(422, "invalid_fields");
}

#[test]
fn another_agency_and_who_has_no_say_in_it_read_nothing() {
    let app = TestApp::start();
    lived(&app);
    let foreign = app.official("agency_operator:1.02");
    foreign.get("/v1/agencies/1.01/events").problem(404, "not_found");
    assert_eq!(foreign.get("/v1/agencies/1.02/events").expect(200)["items"], json!([]));
    app.employee("1.01")
        .client
        .get("/v1/agencies/1.01/events")
        .problem(403, "forbidden");
    let officer = app.official("bkd_officer");
    officer.get("/v1/agencies/1.01/events").problem(403, "forbidden");
    assert_eq!(history(&app.official("agency_head:1.01"), "").len(), 4);
}
