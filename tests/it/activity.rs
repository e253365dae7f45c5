//! Daily entries through the routes, as their owner files them.

use crate::circular::{issued, text};
use crate::harness::client::Answer;
use crate::harness::client::Client;
use crate::harness::teams::{entry, handed_in, review, team};
use serde_json::{Value, json};
use sherlok::domain::work_mode::WorkMode;
use uuid::Uuid;

const TODAY: &str = "2026-03-02";

fn file(client: &Client, body: &Value) -> Answer {
    client.post("/v1/activities", body)
}

/// An entry of today with one field changed; `null` takes the field out.
fn with(field: &str, value: Value) -> Value {
    let mut body = entry(TODAY, "07:30", "08:30");
    if value.is_null() {
        body.as_object_mut().unwrap().remove(field);
    } else {
        body[field] = value;
    }
    body
}

fn items(client: &Client, query: &str) -> Vec<Value> {
    let page = client.get(&format!("/v1/me/activities{query}")).expect(200);
    page["items"].as_array().unwrap().clone()
}

#[test]
fn an_entry_is_filed_once_and_the_same_again_gives_the_same() {
    let (_app, team) = team();
    let body = entry(TODAY, "07:30", "08:30");
    let first = file(&team.member.client, &body);
    let made = first.expect(201);
    assert_eq!(
        (&made["state"], &made["minutes"], &made["mode"]),
        (&json!("draft"), &json!(60), &json!("wfo"))
    );
    assert_eq!(first.header("etag"), "\"1\"");
    assert_eq!(file(&team.member.client, &body).expect(200), made);
    let mut other = body.clone();
    other["output"] = json!("Yang lain");
    file(&team.member.client, &other).problem(409, "id_conflict");
    assert_eq!(items(&team.member.client, "").len(), 1);
    // The same id of another person is that person's own entry.
    file(&team.colleague.client, &body).expect(201);
}

#[test]
fn a_repeated_call_after_an_edit_gives_the_entry_as_it_stands() {
    let (_app, team) = team();
    let client = &team.member.client;
    let body = entry(TODAY, "07:30", "08:30");
    let id = file(client, &body).expect(201)["id"].as_str().unwrap().to_owned();
    let mut changed = body.clone();
    changed.as_object_mut().unwrap().remove("id");
    changed["output"] = json!("Surat edaran");
    client
        .with_header("if-match", "\"1\"")
        .put(&format!("/v1/activities/{id}"), &changed)
        .expect(200);
    let again = file(client, &body).expect(200);
    assert_eq!(
        (&again["output"], &again["version"]),
        (&json!("Surat edaran"), &json!(2))
    );
}

#[test]
fn without_an_id_the_idempotency_key_makes_it_once() {
    let (_app, team) = team();
    let body = with("id", Value::Null);
    let client = team.member.client.with_header("idempotency-key", "kegiatan-1");
    let first = file(&client, &body).expect(201);
    assert_eq!(file(&client, &body).expect(201), first);
    let mut other = body.clone();
    other["output"] = json!("Yang lain");
    file(&client, &other).problem(409, "idempotency_conflict");
    assert_eq!(items(&client, "").len(), 1);
}

#[test]
fn each_wrong_field_is_named_and_nothing_is_kept() {
    let (_app, team) = team();
    let client = &team.member.client;
    let cases = [
        ("id", json!("bukan-uuid")),
        ("id", json!("7c9e6679-7425-40de-944b-e07fc1f90ae7")),
        ("work_date", Value::Null),
        ("work_date", json!("2026-02-30")),
        ("work_date", json!("2026-03-03")),
        ("work_date", json!("2026-02-26")),
        ("work_date", json!("1970-01-01")),
        ("work_date", json!("2099-01-01")),
        ("work_date", json!(20_260_302)),
        ("start", json!("7:30")),
        ("start", json!("25:00")),
        ("end", json!("07:30")),
        ("end", json!("09:00")),
        ("end", json!("24:01")),
        ("description", json!("ab")),
        ("description", json!("   ")),
        ("description", json!("a".repeat(2_001))),
        ("description", json!("a\u{0}bc")),
        ("output", Value::Null),
        ("output", json!("a".repeat(501))),
        ("quantity", json!(0)),
        ("quantity", json!(100_001)),
        ("quantity", json!(-1)),
        ("quantity", json!(1.5)),
        ("unit", json!("a".repeat(51))),
        ("unit", Value::Null),
        ("skp_item", json!("a".repeat(101))),
        ("channel", json!("fax")),
        ("link", json!("javascript:alert(1)")),
        ("link", json!(format!("https://a.go.id/{}", "a".repeat(500)))),
        ("state", json!("approved")),
        ("mode", json!("wfh")),
    ];
    for (field, value) in cases {
        let answer = file(client, &with(field, value.clone()));
        answer.names_field(422, field);
    }
    file(client, &json!([])).expect(422);
    client
        .send("POST", "/v1/activities", Some("application/json"), b"{\"id\":")
        .problem(400, "malformed_json");
    client
        .send("POST", "/v1/activities", Some("text/plain"), b"{}")
        .problem(415, "unsupported_media_type");
    client
        .send(
            "POST",
            "/v1/activities",
            Some("application/json"),
            &vec![b' '; 2_000_000],
        )
        .problem(413, "body_too_large");
    assert_eq!(items(client, ""), Vec::<Value>::new());
}

#[test]
fn the_edges_of_each_field_are_inside() {
    let (_app, team) = team();
    let client = &team.member.client;
    let minute = |start: u32| format!("{:02}:{:02}", start / 60, start % 60);
    let cases = [
        ("description", json!("abc")),
        ("description", json!("é".repeat(2_000))),
        ("output", json!("ab")),
        ("output", json!("a".repeat(500))),
        ("quantity", json!(100_000)),
        ("unit", json!("a".repeat(50))),
        ("skp_item", json!("a".repeat(100))),
        ("link", json!("http://a.id")),
    ];
    for (start, (field, value)) in (0..).step_by(10).zip(cases) {
        let mut body = with(field, value);
        body["start"] = json!(minute(start));
        body["end"] = json!(minute(start + 10));
        file(client, &body).expect(201);
    }
}

#[test]
fn a_refusal_speaks_the_language_that_is_asked_for() {
    let (_app, team) = team();
    let body = with("end", json!("07:00"));
    let indonesian = file(&team.member.client, &body).names_field(422, "end");
    assert_eq!(
        indonesian["fields"][0]["message"],
        "Jam selesai harus setelah jam mulai pada hari yang sama."
    );
    let client = team.member.client.with_header("accept-language", "en");
    let english = file(&client, &body).names_field(422, "end");
    assert_eq!(
        english["fields"][0]["message"],
        "The end must come after the start on the same day."
    );
}

#[test]
fn hours_are_taken_once_and_touching_is_fine() {
    let (_app, team) = team();
    let client = &team.member.client;
    file(client, &entry(TODAY, "07:30", "08:00")).expect(201);
    let problem = file(client, &entry(TODAY, "07:59", "08:30")).names_field(422, "start");
    assert_eq!(problem["fields"][0]["code"], "overlap");
    file(client, &entry(TODAY, "08:00", "08:30")).expect(201);
    file(client, &entry("2026-03-01", "07:30", "08:00")).expect(201);
    file(&team.colleague.client, &entry(TODAY, "07:30", "08:00")).expect(201);
}

#[test]
fn two_entries_sent_at_once_for_the_same_hour_leave_one() {
    let (_app, team) = team();
    let client = team.member.client.clone();
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let calls: Vec<_> = (0..8)
            .map(|_| scope.spawn(|| file(&client, &entry(TODAY, "07:30", "08:30")).status))
            .collect();
        calls.into_iter().map(|call| call.join().unwrap()).collect()
    });
    assert_eq!(
        statuses.iter().filter(|status| **status == 201).count(),
        1,
        "{statuses:?}"
    );
    assert!(
        statuses.iter().all(|status| matches!(status, 201 | 422 | 503)),
        "{statuses:?}"
    );
    assert_eq!(items(&client, "").len(), 1);
}

#[test]
fn an_entry_is_open_for_three_days_and_then_closed() {
    let (app, team) = team();
    app.set_clock("2026-03-05T23:59:00+07:00");
    let client = app.signed_in(&team.member.username);
    file(&client, &entry(TODAY, "07:30", "08:30")).expect(201);
    app.set_clock("2026-03-06T00:00:00+07:00");
    let client = app.signed_in(&team.member.username);
    let problem = file(&client, &entry(TODAY, "09:30", "10:30")).names_field(422, "work_date");
    assert_eq!(problem["fields"][0]["code"], "entry_closed");
    assert_eq!(
        problem["fields"][0]["message"],
        "Kegiatan tanggal ini dapat diisi sampai 5 Maret 2026."
    );
}

#[test]
fn a_circular_may_leave_entries_open_for_longer_and_ask_for_quicker_reviews() {
    let (app, team) = team();
    let rules = json!({"rules": [
        {"kind": "activity", "open_days": 2, "open_day_count": "working", "review_working_days": 1},
    ]});
    let officer = app.official("bkd_officer");
    issued(&officer, &text("5 Tahun 2026", &rules));
    // Friday's entry is open on Saturday, Sunday, Monday and Tuesday.
    app.set_clock("2026-03-10T23:00:00+07:00");
    let client = app.signed_in(&team.member.username);
    let made = file(&client, &entry("2026-03-06", "07:30", "08:30")).expect(201);
    let path = format!("/v1/activities/{}/submission", made["id"].as_str().unwrap());
    let submitted = client.post(&path, &json!({})).expect(200);
    assert_eq!(submitted["escalates_at"], "2026-03-11T17:00:00.000Z");
    let problem = file(&client, &entry("2026-03-05", "07:30", "08:30")).names_field(422, "work_date");
    assert_eq!(problem["fields"][0]["code"], "entry_closed");
    // Days before the circular keep to the usual rule.
    let problem = file(&client, &entry("2026-03-01", "07:30", "08:30")).names_field(422, "work_date");
    assert_eq!(
        problem["fields"][0]["message"],
        "Kegiatan tanggal ini dapat diisi sampai 4 Maret 2026."
    );
}

#[test]
fn nobody_files_work_for_a_day_of_leave() {
    let (app, team) = team();
    app.assign(&team.member, TODAY, WorkMode::Leave);
    let problem = file(&team.member.client, &entry(TODAY, "07:30", "08:30")).names_field(422, "work_date");
    assert_eq!(problem["fields"][0]["code"], "on_leave");
}

#[test]
fn only_the_current_version_of_a_draft_is_edited() {
    let (_app, team) = team();
    let client = &team.member.client;
    let body = entry(TODAY, "07:30", "08:30");
    let id = file(client, &body).expect(201)["id"].as_str().unwrap().to_owned();
    let path = format!("/v1/activities/{id}");
    let mut changed = body.clone();
    changed.as_object_mut().unwrap().remove("id");
    changed["start"] = json!("06:30");
    client.put(&path, &changed).problem(428, "version_required");
    let at = |version: &str| client.with_header("if-match", version);
    at("\"2\"").put(&path, &changed).problem(412, "stale_version");
    at("\"abc\"").put(&path, &changed).problem(412, "stale_version");
    let edited = at("\"1\"").put(&path, &changed);
    assert_eq!(edited.expect(200)["start"], "06:30");
    assert_eq!(edited.header("etag"), "\"2\"");
    at("\"1\"").put(&path, &changed).problem(412, "stale_version");
    at("\"2\"").put(&path, &body).names_field(422, "id");
    client.post(&format!("{path}/submission"), &json!({})).expect(200);
    at("\"3\"").put(&path, &changed).problem(409, "wrong_state");
}

#[test]
fn an_edit_may_not_move_onto_taken_hours() {
    let (_app, team) = team();
    let client = &team.member.client;
    file(client, &entry(TODAY, "07:30", "08:00")).expect(201);
    let second = file(client, &entry(TODAY, "08:00", "08:30")).expect(201);
    let mut changed = with("id", Value::Null);
    changed["start"] = json!("07:45");
    client
        .with_header("if-match", "\"1\"")
        .put(&format!("/v1/activities/{}", second["id"].as_str().unwrap()), &changed)
        .names_field(422, "start");
}

#[test]
fn an_entry_is_handed_in_once() {
    let (_app, team) = team();
    let client = &team.member.client;
    let id = file(client, &entry(TODAY, "07:30", "08:30")).expect(201)["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let path = format!("/v1/activities/{id}/submission");
    let submitted = client.post(&path, &json!({})).expect(200);
    assert_eq!(submitted["state"], "submitted");
    // Handed in on Monday: Tuesday to Thursday are the three working days.
    assert_eq!(submitted["escalates_at"], "2026-03-05T17:00:00.000Z");
    assert_eq!(client.post(&path, &json!({})).expect(200), submitted);
}

#[test]
fn nobody_reaches_the_entry_of_a_stranger() {
    let (_app, team) = team();
    let id = handed_in(&team.member.client);
    for client in [
        &team.colleague.client,
        &team.stranger.client,
        &team.other_superior.client,
    ] {
        client.get(&format!("/v1/activities/{id}")).problem(404, "not_found");
        client
            .post(&format!("/v1/activities/{id}/submission"), &json!({}))
            .problem(404, "not_found");
        let edit = client.with_header("if-match", "\"1\"");
        edit.put(&format!("/v1/activities/{id}"), &with("id", Value::Null))
            .problem(404, "not_found");
    }
    team.member.client.get("/v1/activities/abc").problem(404, "not_found");
    let unknown = Uuid::now_v7();
    team.member
        .client
        .get(&format!("/v1/activities/{unknown}"))
        .problem(404, "not_found");
}

#[test]
fn ones_own_list_is_by_date_and_hour_filtered_and_paged() {
    let (_app, team) = team();
    let client = &team.member.client;
    for (date, start, end) in [
        (TODAY, "08:00", "08:30"),
        ("2026-02-28", "10:00", "11:00"),
        (TODAY, "07:30", "08:00"),
    ] {
        file(client, &entry(date, start, end)).expect(201);
    }
    handed_in(&team.colleague.client);
    let starts = |query: &str| -> Vec<String> {
        items(client, query)
            .iter()
            .map(|item| item["start"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(starts(""), ["10:00", "07:30", "08:00"]);
    assert_eq!(starts("?from=2026-03-01"), ["07:30", "08:00"]);
    assert_eq!(starts("?to=2026-02-28"), ["10:00"]);
    assert_eq!(starts("?state=submitted"), Vec::<String>::new());
    assert_eq!(starts("?state=draft,approved").len(), 3);
    let first = client.get("/v1/me/activities?limit=2").expect(200);
    let cursor = first["next_cursor"].as_str().unwrap();
    assert_eq!(starts(&format!("?limit=2&cursor={cursor}")), ["08:00"]);
    for (query, field) in [
        ("?state=done", "state"),
        ("?limit=0", "limit"),
        ("?limit=201", "limit"),
        ("?cursor=abc", "cursor"),
        ("?from=2026-03-02&to=2026-03-01", "to"),
    ] {
        client.get(&format!("/v1/me/activities{query}")).names_field(422, field);
    }
    client.get("/v1/me/activities?form=2026-03-01").expect(422);
    client.get("/v1/me/activities?from=kemarin").expect(422);
}

#[test]
fn a_returned_entry_is_mended_and_handed_in_again_after_its_days() {
    let (app, team) = team();
    let id = handed_in(&team.member.client);
    app.set_clock("2026-03-09T08:00:00+07:00");
    let superior = app.signed_in(&team.superior.username);
    review(&superior, &id, "returned", "Lampirkan notula").expect(200);
    app.set_clock("2026-03-12T08:00:00+07:00");
    let client = app.signed_in(&team.member.username);
    let path = format!("/v1/activities/{id}");
    let edited = client
        .with_header("if-match", "\"2\"")
        .put(&path, &with("id", Value::Null))
        .expect(200);
    assert_eq!(edited["state"], "draft");
    app.set_clock("2026-03-13T08:00:00+07:00");
    let client = app.signed_in(&team.member.username);
    client
        .post(&format!("{path}/submission"), &json!({}))
        .names_field(422, "work_date");
}

#[test]
fn a_rejected_entry_gives_its_hours_free() {
    let (_app, team) = team();
    let id = handed_in(&team.member.client);
    review(&team.superior.client, &id, "rejected", "Bukan tugas kantor").expect(200);
    file(&team.member.client, &entry(TODAY, "07:30", "08:30")).expect(201);
}
