//! Calendar files through their routes: a year in and out, and a person's own slots for their calendar program.

use crate::harness::TestApp;
use crate::harness::client::{Answer, Client};
use serde_json::json;

fn import(client: &Client, year: i32, version: &str, file: &[u8]) -> Answer {
    client.with_header("if-match", version).send(
        "PUT",
        &format!("/v1/calendars/{year}/file.ics"),
        Some("text/calendar"),
        file,
    )
}

fn file(events: &[&str]) -> String {
    let events = events
        .join("\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:1\r\n")
        .replace('|', "\r\n");
    format!(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:1\r\n{events}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
}

#[test]
fn a_year_goes_out_and_comes_back_the_same() {
    let app = TestApp::start();
    let officer = app.official("bkd_officer");
    let shipped = officer.get("/v1/calendars/2026").expect(200);
    let answer = app.employee("1.01").client.get("/v1/calendars/2026/file.ics");
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("etag"), "\"0\"");
    let replaced = import(&officer, 2026, "\"0\"", answer.text().as_bytes()).expect(200);
    assert_eq!(
        (&replaced["holidays"], &replaced["version"]),
        (&shipped["holidays"], &json!(1))
    );
    import(&officer, 2026, "\"0\"", answer.text().as_bytes()).problem(412, "stale_version");
    let own = app.employee("1.01").client;
    assert_eq!(
        import(&own, 2026, "\"1\"", b"x").status,
        403,
        "only BKD replaces a year"
    );
    own.get("/v1/calendars/1999/file.ics").problem(404, "not_found");
}

#[test]
fn broken_events_are_named_and_nothing_changes() {
    let app = TestApp::start();
    let officer = app.official("bkd_officer");
    let before = officer.get("/v1/calendars/2026").expect(200);
    let good = "DTSTART;VALUE=DATE:20260101|SUMMARY:Tahun Baru";
    let cases = [
        (
            file(&[good, "DTSTART;VALUE=DATE:20260230|SUMMARY:x"]),
            "event[2].dtstart",
        ),
        (
            file(&["DTSTART;VALUE=DATE:20260320|SUMMARY:", good]),
            "event[1].summary",
        ),
        (
            file(&["DTSTART;VALUE=DATE:20260320|RRULE:FREQ=YEARLY|SUMMARY:x"]),
            "event[1].rrule",
        ),
        (file(&["DTSTART;VALUE=DATE:20270101|SUMMARY:x"]), "holidays"),
        (file(&[good, good]), "holidays[1].date"),
        ("tanggal;nama".to_owned(), "file"),
    ];
    for (text, field) in cases {
        import(&officer, 2026, "\"0\"", text.as_bytes()).names_field(422, field);
    }
    import(&officer, 2026, "\"0\"", &[0xff, 0xfe]).names_field(422, "file");
    import(&officer, 2026, "\"0\"", &vec![b'x'; 600_000]).problem(413, "body_too_large");
    officer
        .with_header("if-match", "\"0\"")
        .send("PUT", "/v1/calendars/2026/file.ics", Some("application/json"), b"{}")
        .problem(415, "unsupported_media_type");
    officer
        .send(
            "PUT",
            "/v1/calendars/2026/file.ics",
            Some("text/calendar"),
            file(&[good]).as_bytes(),
        )
        .problem(428, "version_required");
    assert_eq!(officer.get("/v1/calendars/2026").expect(200), before);
}

#[test]
fn a_feed_shows_the_slots_that_are_asked_for_and_follows_the_roster() {
    let app = TestApp::start();
    let person = app.employee("1.01");
    let operator = app.official("agency_operator:1.01");
    person.client.get("/v1/me/calendar-feed").problem(404, "not_found");
    let made = person.client.post("/v1/me/calendar-feed", &json!({})).expect(201);
    let path = made["path"].as_str().unwrap().to_owned();
    let feed = || app.nobody().get(&path);
    // At the office nobody is asked to share.
    assert_eq!(feed().text().matches("BEGIN:VEVENT").count(), 0);
    let entry = json!({"employee_id": person.id.uuid(), "date": "2026-03-04", "mode": "wfh"});
    operator
        .post("/v1/rosters", &json!({"agency": "1.01", "items": [entry]}))
        .expect(200);
    let answer = feed();
    assert!(answer.header("content-type").starts_with("text/calendar"));
    let text = answer.text();
    assert_eq!(text.matches("BEGIN:VEVENT").count(), 3);
    assert_eq!(text.matches("BEGIN:VALARM").count(), 6);
    assert!(text.contains("DTSTART:20260304T003000Z"), "{text}");
    assert!(text.contains("Bagikan lokasi: pagi (WFH)"), "{text}");
    for secret in [person.username.as_str(), &person.id.to_string(), "GEO:", "LOCATION"] {
        assert!(!text.contains(secret), "{secret}");
    }
    assert!(person.client.get("/v1/me/calendar-feed").expect(200)["created_at"].is_string());
}

#[test]
fn a_new_address_ends_the_old_one_and_both_end_when_it_is_taken_back() {
    let app = TestApp::start();
    let person = app.employee("1.01").client;
    let make = || {
        let made = person.post("/v1/me/calendar-feed", &json!({})).expect(201);
        made["path"].as_str().unwrap().to_owned()
    };
    let (first, second) = (make(), make());
    assert_ne!(first, second);
    app.nobody().get(&first).problem(404, "not_found");
    assert_eq!(app.nobody().get(&second).status, 200);
    person.delete("/v1/me/calendar-feed").expect(204);
    person.delete("/v1/me/calendar-feed").expect(204);
    app.nobody().get(&second).problem(404, "not_found");
    for path in ["/feeds/x.ics", "/feeds/AAAAAAAAAAAAAAAAAAAAAAAAAAA.ics"] {
        app.nobody().get(path).problem(404, "not_found");
    }
    app.official("bkd_officer")
        .post("/v1/me/calendar-feed", &json!({}))
        .problem(403, "forbidden");
}
