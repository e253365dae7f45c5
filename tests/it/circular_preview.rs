//! A preview of a circular: whom it would touch on which day, and that looking changes nothing.

use crate::circular::{issue, text};
use crate::harness::TestApp;
use crate::harness::client::Client;
use serde_json::{Value, json};

fn drafted(officer: &Client, body: &Value) -> String {
    let answer = officer.post("/v1/circulars", body).expect(201);
    answer["id"].as_str().unwrap().to_owned()
}

fn preview(officer: &Client, id: &str, query: &str) -> Value {
    officer.get(&format!("/v1/circulars/{id}/preview{query}")).expect(200)
}

#[test]
fn a_preview_says_whom_a_draft_would_touch_and_what_happens_then_is_the_same() {
    let app = TestApp::start();
    let officer = app.official("bkd_officer");
    let people: Vec<_> = (0..3).map(|_| app.employee("1.01")).collect();
    app.employee("1.02");
    // One of them has a roster, which goes before any circular.
    let entry = json!({"employee_id": people[0].id.uuid(), "date": "2026-03-03", "mode": "picket"});
    app.official("agency_operator:1.01")
        .post("/v1/rosters", &json!({"agency": "1.01", "items": [entry]}))
        .expect(200);
    let slots = json!([{"slot": "morning", "window": {"opens_minute": 420, "closes_minute": 480}, "grace_minutes": 5}]);
    let rules = json!([
        {"kind": "work_mode", "group": "administration", "mode": "wfh"},
        {"kind": "checkin", "slots": slots},
    ]);
    let id = drafted(&officer, &text("4 Tahun 2026", &json!({"rules": rules})));
    let seen = preview(&officer, &id, "?from=2026-03-02&to=2026-03-08");
    let agency = &seen["items"][0];
    assert_eq!(
        (&agency["agency"]["code"], seen["items"].as_array().unwrap().len()),
        (&json!("1.01"), 2)
    );
    let day = &agency["days"][0];
    assert_eq!(
        (&day["staff"], &day["before"], &day["after"]),
        (&json!(3), &json!({"wfo": 3}), &json!({"wfh": 3}))
    );
    assert_eq!(day["moves"], json!([{"from": "wfo", "to": "wfh", "people": 3}]));
    assert_eq!((&day["asked_before"], &day["asked_after"]), (&json!(0), &json!(3)));
    assert_eq!(day["slots_after"][0]["window"]["opens_minute"], 420);
    assert_eq!(
        day["message"],
        "3 dari 3 pegawai berubah (3 dari WFO menjadi WFH); jam sesi juga berubah."
    );
    let next = &agency["days"][1];
    assert_eq!(next["after"], json!({"wfh": 2, "picket": 1}));
    let sunday = &agency["days"][6];
    assert_eq!((&sunday["before"], &sunday["moves"]), (&json!({"off": 3}), &json!([])));
    // Nothing was changed by looking.
    let mode = || people[1].client.get("/v1/me/day?date=2026-03-03").expect(200)["mode"].clone();
    assert_eq!(mode(), "wfo");
    issue(&officer, &id, &json!({})).expect(200);
    assert_eq!(mode(), "wfh", "what was foreseen came");
    let after = preview(&officer, &id, "?from=2026-03-02&to=2026-03-02");
    assert_eq!(after["items"][0]["days"][0]["is_changed"], false);
}

#[test]
fn a_preview_pages_through_agencies_and_stays_in_the_jurisdiction() {
    let app = TestApp::start();
    let officer = app.official("bkd_officer");
    for agency in ["1.01", "1.02", "1.03"] {
        app.employee(agency);
    }
    let id = drafted(&officer, &text("5 Tahun 2026", &json!({})));
    let first = preview(&officer, &id, "?limit=2");
    assert_eq!(
        (&first["from"], &first["to"], &first["items"][1]["agency"]["code"]),
        (&json!("2026-03-02"), &json!("2026-03-15"), &json!("1.02"))
    );
    let cursor = first["next_cursor"].as_str().unwrap();
    let second = preview(&officer, &id, &format!("?limit=2&cursor={cursor}"));
    assert_eq!(
        (&second["items"][0]["agency"]["code"], second.get("next_cursor")),
        (&json!("1.03"), None)
    );
    let one = preview(&officer, &id, "?agency=1.02");
    assert_eq!(one["items"].as_array().unwrap().len(), 1);
    assert_eq!(one.get("message"), None);
    let picket = json!([{"kind": "picket", "min_per_day": 5, "levels": []}]);
    let by_roster = drafted(&officer, &text("9 Tahun 2026", &json!({"rules": picket})));
    assert!(
        preview(&officer, &by_roster, "")["message"]
            .as_str()
            .unwrap()
            .contains("jadwal kerja")
    );
    let elsewhere = drafted(&officer, &text("6 Tahun 2026", &json!({"jurisdiction_code": "32"})));
    assert_eq!(preview(&officer, &elsewhere, "")["items"], json!([]));
}

#[test]
fn a_preview_names_clashes_and_is_for_those_who_write_rules() {
    let app = TestApp::start();
    let officer = app.official("bkd_officer");
    app.employee("1.01");
    crate::circular::issued(&officer, &text("7 Tahun 2026", &json!({})));
    let id = drafted(&officer, &text("8 Tahun 2026", &json!({})));
    assert_eq!(preview(&officer, &id, "")["conflicts"].as_array().unwrap().len(), 1);
    let path = format!("/v1/circulars/{id}/preview");
    app.employee("1.01").client.get(&path).problem(403, "forbidden");
    app.official("agency_head:1.01").get(&path).problem(403, "forbidden");
    officer
        .get(&format!("{path}?from=2026-03-02&to=2026-04-02"))
        .names_field(422, "to");
    officer
        .get(&format!("{path}?from=2026-03-02&to=2026-03-01"))
        .names_field(422, "to");
    officer.get(&format!("{path}?agency=a+b%0A")).names_field(422, "agency");
    officer
        .get("/v1/circulars/01900000-0000-7000-8000-000000000000/preview")
        .problem(404, "not_found");
}
