//! The limits of a share's fields and times: what lies beyond is refused and named, what lies on them is taken.

use crate::harness::shares::{MORNING, at_home, claim, share};
use serde_json::json;
use sherlok::store;

#[test]
fn a_wrong_clock_is_corrected_by_the_time_of_sending_and_flagged() {
    let (_app, person) = at_home();
    // The phone is an hour ahead: it says 09.35 and sends at 09.59 by its own clock, which is 08.59.
    let mut skewed = claim("2026-03-02T09:35:00+07:00", 5.0, 9.0, 1);
    skewed["sent_at"] = json!("2026-03-02T09:59:00+07:00");
    let answer = share(&person.client, &skewed).expect(201);
    assert_eq!(
        (&answer["slot"], &answer["time"]),
        (&json!("morning"), &json!("on_time"))
    );
    assert_eq!(answer["flags"][0]["code"], "clock_skew");
    assert!(
        answer["flags"][0]["message"]
            .as_str()
            .unwrap()
            .contains("waktu otomatis")
    );
}

#[test]
fn the_limits_of_time_are_kept_to_the_millisecond() {
    let (app, person) = at_home();
    let try_at = |captured_at: &str, serial| share(&person.client, &claim(captured_at, 5.0, 9.0, serial));
    let late = try_at("2026-03-01T08:59:00+07:00", 1).expect(201);
    assert_eq!(
        late["flags"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|flag| flag["code"] == "received_late")
            .count(),
        0
    );
    let later = try_at("2026-03-01T08:58:59.999+07:00", 2).expect(201);
    assert!(later["flags"].to_string().contains("received_late"));
    assert_eq!(later["counted"], false);
    try_at("2026-01-30T08:59:00+07:00", 3).expect(201);
    try_at("2026-01-30T08:58:59.999+07:00", 4).problem(422, "captured_too_old");
    assert!(
        try_at("2026-03-03T08:59:00+07:00", 5).expect(201)["flags"]
            .to_string()
            .contains("captured_ahead")
    );
    try_at("2026-03-03T08:59:00.001+07:00", 6).problem(422, "captured_in_future");
    try_at("2099-01-01T00:00:00Z", 7).names_field(422, "captured_at");
    let mut ancient = claim(MORNING, 5.0, 9.0, 8);
    ancient["captured_at"] = json!("1970-01-01T00:00:00Z");
    share(&person.client, &ancient).names_field(422, "captured_at");
    let stored = |from: &str, to: &str| {
        let path = format!("/v1/me/check-ins?from={from}&to={to}");
        person.client.get(&path).expect(200)["items"].as_array().unwrap().len()
    };
    assert_eq!(stored("2025-07-01", "2026-06-30"), 4);
    assert_eq!(stored("2098-06-01", "2099-05-30"), 0);
    person
        .client
        .get("/v1/me/check-ins?from=1969-06-01&to=1970-05-30")
        .problem(422, "no_longer_kept");
    let ancient: chrono::NaiveDate = "1970-01-01".parse().unwrap();
    let counted = app
        .app()
        .store()
        .read(|connection| store::check_in::recount(connection, "1.01", ancient));
    assert!(counted.unwrap().is_empty());
}

#[test]
fn a_share_ahead_of_our_clock_fills_no_slot() {
    let (app, person) = at_home();
    app.set_clock("2026-03-02T08:00:00+07:00");
    let answer = share(&person.client, &claim("2026-03-02T12:00:00+07:00", 5.0, 9.0, 1)).expect(201);
    assert_eq!((&answer["slot"], &answer["counted"]), (&json!("midday"), &json!(false)));
}

#[test]
fn every_bad_field_is_named_and_nothing_is_stored() {
    let (_app, person) = at_home();
    let bad = [
        ("latitude", json!(91.5)),
        ("latitude", json!(-90.1)),
        ("latitude", json!("-6.1")),
        ("latitude", json!(null)),
        ("longitude", json!(180.1)),
        ("longitude", json!(-181)),
        ("accuracy_metres", json!(-1)),
        ("accuracy_metres", json!(0)),
        ("accuracy_metres", json!(1e9)),
        ("altitude_metres", json!(20_001)),
        ("provider", json!("dukun")),
        ("mock", json!("ya")),
        ("note", json!("a".repeat(501))),
        ("captured_at", json!("kemarin pagi sekali!!")),
        ("captured_at", json!("2026-02-30T08:00:00+07:00")),
        ("captured_at", json!(1_772_000_000)),
        ("sent_at", json!("2026-03-02 08:30:00 WIB")),
        ("id", json!("7c9e6679-7425-40de-944b-e07fc1f90ae7")),
        ("id", json!("bukan-uuid")),
        ("work_mode", json!("wfh")),
    ];
    for (field, value) in bad {
        let mut body = claim(MORNING, 5.0, 9.0, 1);
        body[field] = value;
        share(&person.client, &body).names_field(422, field);
    }
    for field in ["id", "captured_at", "latitude", "longitude", "accuracy_metres"] {
        let mut body = claim(MORNING, 5.0, 9.0, 1);
        body.as_object_mut().unwrap().remove(field);
        share(&person.client, &body).names_field(422, field);
    }
    let mut null_island = claim(MORNING, 5.0, 9.0, 1);
    (null_island["latitude"], null_island["longitude"]) = (json!(0), json!(0.0));
    share(&person.client, &null_island).names_field(422, "latitude");
    let not_a_number = claim(MORNING, 5.0, 9.0, 1).to_string().replace("9.0", "NaN");
    let send = |bytes: &[u8]| {
        person
            .client
            .send("POST", "/v1/check-ins", Some("application/json"), bytes)
    };
    send(not_a_number.as_bytes()).problem(400, "malformed_json");
    send(&vec![b' '; 2_000_000]).problem(413, "body_too_large");
    send(&[b"[".repeat(100_000), b"]".repeat(100_000)].concat()).names_field(422, ".");
    send(&[b"{\"a\":".repeat(100_000), b"}".repeat(100_000)].concat()).expect(422);
    assert_eq!(person.client.get("/v1/me/check-ins").expect(200)["items"], json!([]));
}

#[test]
fn the_edges_of_every_field_are_taken() {
    let (_app, person) = at_home();
    let edges = [
        ("latitude", json!(90)),
        ("latitude", json!(-90)),
        ("longitude", json!(180)),
        ("longitude", json!(-180)),
        ("accuracy_metres", json!(0.001)),
        ("accuracy_metres", json!(100_000)),
        ("altitude_metres", json!(-1_000)),
        ("altitude_metres", json!(20_000)),
        ("note", json!("é".repeat(500))),
        ("mock", json!(true)),
        ("provider", json!("gps")),
    ];
    for (serial, (field, value)) in edges.into_iter().enumerate() {
        let mut body = claim(MORNING, 5.0, 9.0, u32::try_from(serial).unwrap());
        body[field] = value;
        share(&person.client, &body).expect(201);
    }
}
