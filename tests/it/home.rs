//! Homes: registered, verified or returned, in force from the next work day, and each look at a position told.

use crate::harness::Setup;
use crate::harness::TestApp;
use crate::harness::client::{Answer, Client};
use chrono::Duration;
use serde_json::{Value, json};

const OWN: &str = "/v1/me/homes";

fn home() -> Value {
    json!({
        "address": "Kampung Contoh RT 01/02", "village_code": "36.04.05.2003",
        "latitude": -6.119_731_2, "longitude": 106.173_461_8, "accuracy_metres": 12.5,
    })
}

fn submit(client: &Client) -> String {
    client.post(OWN, &home()).expect(201)["id"].as_str().unwrap().to_owned()
}

fn decide(operator: &Client, id: &str, body: &Value) -> Answer {
    operator.post(&format!("/v1/homes/{id}/verification"), body)
}

fn own(client: &Client) -> Vec<Value> {
    client.get(OWN).expect(200)["items"].as_array().unwrap().clone()
}

#[test]
fn a_home_waits_for_the_operator_and_counts_from_the_next_work_day() {
    let app = TestApp::start();
    let person = app.employee("1.01");
    let operator = app.official("agency_operator:1.01");
    // A Friday: Monday is the next work day.
    app.set_clock("2026-03-06T10:00:00+07:00");
    let (person, operator) = (app.signed_in(&person.username), {
        drop(operator);
        app.official("agency_operator:1.01")
    });
    let id = submit(&person);
    let waiting = operator.get("/v1/homes?state=submitted").expect(200);
    assert_eq!(waiting["items"][0]["id"], id.as_str());
    assert_eq!(waiting["items"][0]["name"], "Contoh 0");
    let decided = decide(&operator, &id, &json!({ "decision": "verified" })).expect(200);
    assert_eq!(
        (decided["state"].as_str(), decided["valid_from"].as_str()),
        (Some("verified"), Some("2026-03-09"))
    );
    let mine = own(&person);
    assert_eq!(
        (mine[0]["state"].as_str(), mine[0]["radius_metres"].as_i64()),
        (Some("verified"), Some(200))
    );
    let notices = person.get("/v1/me/notices");
    if notices.status == 200 {
        assert_eq!(notices.expect(200)["items"][0]["kind"], "home_verified");
    }
    decide(&operator, &id, &json!({ "decision": "verified" })).problem(409, "wrong_state");
}

#[test]
fn no_coordinate_of_a_home_goes_to_the_phone() {
    let app = TestApp::start();
    let person = app.employee("1.01");
    let created = person.client.post(OWN, &home());
    created.expect(201);
    for text in [created.text(), person.client.get(OWN).text()] {
        assert!(
            !text.contains("latitude") && !text.contains("6.1197") && !text.contains("106.17"),
            "{text}"
        );
    }
}

#[test]
fn a_position_is_sealed_in_the_database_and_each_look_is_told_to_its_owner() {
    let app = TestApp::start();
    let person = app.employee("1.01");
    let operator = app.official("agency_operator:1.01");
    let id = submit(&person.client);
    let list = operator.get("/v1/homes").text();
    assert!(!list.contains("latitude"), "a list never shows positions");
    assert_eq!(
        person.client.get("/v1/me/accesses").expect(200)["items"]
            .as_array()
            .unwrap()
            .len(),
        0
    );
    let opened = operator.get(&format!("/v1/homes/{id}")).expect(200);
    assert_eq!(
        (opened["latitude"].as_f64(), opened["longitude"].as_f64()),
        (Some(-6.119_731_2), Some(106.173_461_8))
    );
    assert_eq!(opened["accuracy_metres"], 12.5);
    let accesses = person.client.get("/v1/me/accesses").expect(200);
    assert_eq!(accesses["items"][0]["purpose"], "home_verification");
    assert_eq!(accesses["items"][0]["subject"], format!("home/{id}"));
}

#[test]
fn a_returned_home_needs_a_reason_and_the_next_version_takes_its_place() {
    let app = TestApp::start();
    let person = app.employee("1.01");
    let operator = app.official("agency_operator:1.01");
    let first = submit(&person.client);
    decide(&operator, &first, &json!({ "decision": "returned" })).names_field(422, "reason");
    decide(&operator, &first, &json!({ "decision": "returned", "reason": "  " })).names_field(422, "reason");
    let body = json!({ "decision": "returned", "reason": "Titiknya di laut." });
    decide(&operator, &first, &body).expect(200);
    let second = submit(&person.client);
    let third = submit(&person.client);
    let states: Vec<_> = own(&person.client)
        .iter()
        .map(|home| (home["ordinal"].as_i64().unwrap(), home["state"].clone()))
        .collect();
    assert_eq!(
        states,
        [
            (3, json!("submitted")),
            (2, json!("superseded")),
            (1, json!("returned"))
        ]
    );
    decide(&operator, &second, &json!({ "decision": "verified" })).problem(409, "wrong_state");
    decide(&operator, &third, &json!({ "decision": "verified" })).expect(200);
}

#[test]
fn the_home_before_counts_until_the_eve_of_the_new_one() {
    let app = TestApp::start();
    let person = app.employee("1.01");
    let operator = app.official("agency_operator:1.01");
    decide(&operator, &submit(&person.client), &json!({ "decision": "verified" })).expect(200);
    app.advance(Duration::days(7));
    let (client, operator) = (app.signed_in(&person.username), app.official("agency_operator:1.01"));
    decide(&operator, &submit(&client), &json!({ "decision": "verified" })).expect(200);
    let mine = own(&client);
    assert_eq!(
        (mine[0]["valid_from"].as_str(), mine[0].get("valid_to")),
        (Some("2026-03-10"), None)
    );
    assert_eq!(
        (mine[1]["state"].as_str(), mine[1]["valid_to"].as_str()),
        (Some("superseded"), Some("2026-03-09"))
    );
}

#[test]
fn the_third_change_of_a_quarter_is_refused() {
    let app = TestApp::start();
    let person = app.employee("1.01");
    for _ in 0..3 {
        let (client, operator) = (app.signed_in(&person.username), app.official("agency_operator:1.01"));
        decide(&operator, &submit(&client), &json!({ "decision": "verified" })).expect(200);
        app.advance(Duration::days(7));
    }
    let client = app.signed_in(&person.username);
    let body = client.post(OWN, &home()).names_field(422, "rank");
    assert_eq!(body["fields"][0]["code"], "too_many_changes");
    app.set_clock("2026-04-01T08:00:00+07:00");
    submit(&app.signed_in(&person.username));
}

#[test]
fn the_deployment_sets_how_many_changes_a_quarter_has() {
    let app = TestApp::start_with(Setup {
        home_changes: 1,
        ..Setup::default()
    });
    let person = app.employee("1.01");
    for _ in 0..2 {
        let (client, operator) = (app.signed_in(&person.username), app.official("agency_operator:1.01"));
        decide(&operator, &submit(&client), &json!({ "decision": "verified" })).expect(200);
        app.advance(Duration::days(7));
    }
    let client = app.signed_in(&person.username);
    let body = client.post(OWN, &home()).names_field(422, "rank");
    assert_eq!(body["fields"][0]["code"], "too_many_changes");
    let sentence = body["fields"][0]["message"].as_str().unwrap();
    assert!(sentence.contains("1 kali"), "{sentence}");
}

#[test]
fn a_home_absurdly_far_from_its_village_is_shown_to_the_operator_and_refused_by_nothing() {
    let app = TestApp::start();
    let person = app.employee("1.01");
    let operator = app.official("agency_operator:1.01");
    let opened = |body: &Value| {
        let id = person.client.post(OWN, body).expect(201)["id"]
            .as_str()
            .unwrap()
            .to_owned();
        (operator.get(&format!("/v1/homes/{id}")).expect(200), id)
    };
    assert_eq!(opened(&home()).0["warnings"], json!([]));
    // The point of another province, and then a village that the table does not hold, and none.
    let mut far = home();
    (far["latitude"], far["longitude"]) = (json!(-7.250_4), json!(112.768_8));
    let (shown, id) = opened(&far);
    assert_eq!(shown["warnings"][0]["code"], "far_from_village");
    let message = shown["warnings"][0]["message"].as_str().unwrap();
    assert!(message.contains(" 74") && message.contains("km dari"), "{message}");
    let english = operator
        .with_header("accept-language", "en")
        .get(&format!("/v1/homes/{id}"))
        .expect(200);
    let message = english["warnings"][0]["message"].as_str().unwrap();
    assert!(message.contains("Ask the employee"), "{message}");
    for village in [json!("31.71.01.1001"), Value::Null] {
        far["village_code"] = village;
        assert_eq!(opened(&far).0["warnings"], json!([]));
    }
    let (_, id) = opened(&far);
    decide(&operator, &id, &json!({ "decision": "verified" })).expect(200);
}

#[test]
fn a_secondary_home_needs_a_primary_one() {
    let app = TestApp::start();
    let person = app.employee("1.01");
    let mut body = home();
    body["rank"] = json!("secondary");
    person.client.post(OWN, &body).names_field(422, "rank");
    submit(&person.client);
    person.client.post(OWN, &body).expect(201);
}

#[test]
fn a_radius_of_its_own_needs_a_reason() {
    let app = TestApp::start();
    let person = app.employee("1.01");
    let operator = app.official("agency_operator:1.01");
    let id = submit(&person.client);
    let verify = |extra: Value| {
        let mut body = json!({ "decision": "verified" });
        body.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        decide(&operator, &id, &body)
    };
    verify(json!({ "radius_metres": 9, "reason": "x" })).names_field(422, "radius_metres");
    verify(json!({ "radius_metres": 5_001, "reason": "x" })).names_field(422, "radius_metres");
    verify(json!({ "radius_metres": 400 })).names_field(422, "reason");
    let decided = verify(json!({ "radius_metres": 400, "reason": "Rumah di tengah sawah." })).expect(200);
    assert_eq!(decided["radius_metres"], 400);
}

#[test]
fn each_bad_field_of_a_home_is_named_and_nothing_is_stored() {
    let app = TestApp::start();
    let person = app.employee("1.01");
    for (field, value) in [
        ("latitude", json!(91.5)),
        ("latitude", json!(-90.000_1)),
        ("latitude", json!("x")),
        ("latitude", Value::Null),
        ("longitude", json!(180.1)),
        ("accuracy_metres", json!(0)),
        ("accuracy_metres", json!(-1)),
        ("accuracy_metres", json!(1_000_000_000)),
        ("address", json!("abc")),
        ("address", json!("x".repeat(501))),
        ("address", json!("Kampung\u{0}Contoh")),
        ("village_code", json!("36.04")),
        ("village_code", json!("36.04.05.200x")),
        ("rank", json!("third")),
        ("kind", json!("hotel")),
        ("radius_metres", json!(5)),
    ] {
        let mut body = home();
        body[field] = value;
        person.client.post(OWN, &body).names_field(422, field);
    }
    let mut zero = home();
    zero["latitude"] = json!(0);
    zero["longitude"] = json!(0);
    person.client.post(OWN, &zero).names_field(422, "latitude");
    let nan = br#"{"address":"Kampung Contoh","latitude":NaN,"longitude":106.1}"#;
    person
        .client
        .send("POST", OWN, Some("application/json"), nan)
        .problem(400, "malformed_json");
    assert_eq!(own(&person.client).len(), 0);
}

#[test]
fn homes_of_another_agency_are_not_found_and_nobody_decides_their_own() {
    let app = TestApp::start();
    let person = app.employee("1.01");
    let id = submit(&person.client);
    let foreign = app.official("agency_operator:1.02");
    assert_eq!(
        foreign.get("/v1/homes").expect(200)["items"].as_array().unwrap().len(),
        0
    );
    foreign.get(&format!("/v1/homes/{id}")).problem(404, "not_found");
    foreign.get("/v1/homes?agency=1.01").problem(404, "not_found");
    decide(&foreign, &id, &json!({ "decision": "verified" })).problem(404, "not_found");
    for role in ["bkd_officer", "bkd_auditor", "administrator", "agency_head:1.01"] {
        app.official(role)
            .get(&format!("/v1/homes/{id}"))
            .problem(403, "forbidden");
    }
    let administrator = app.official("administrator");
    let grant = json!({ "role": "agency_operator", "agency": "1.01" });
    administrator
        .post(&format!("/v1/accounts/{}/roles", person.username), &grant)
        .expect(204);
    let both = app.signed_in(&person.username);
    decide(&both, &id, &json!({ "decision": "verified" })).problem(403, "forbidden");
}

#[test]
fn a_repeated_registration_under_a_key_is_one_version() {
    let app = TestApp::start();
    let person = app.employee("1.01");
    let keyed = person.client.with_header("idempotency-key", "rumah-1");
    let first = keyed.post(OWN, &home()).expect(201);
    assert_eq!(keyed.post(OWN, &home()).expect(201), first);
    assert_eq!(own(&person.client).len(), 1);
}

#[test]
fn a_waiting_home_goes_with_its_owner_to_the_new_agency() {
    let app = TestApp::start();
    let person = app.employee("1.01");
    let id = submit(&person.client);
    app.agency("1.02");
    let officer = app.official("bkd_officer");
    let body = json!({ "agency": "1.02", "date": "2026-03-02" });
    officer
        .post(&format!("/v1/employees/{}/transfer", person.id), &body)
        .expect(204);
    app.official("agency_operator:1.01")
        .get(&format!("/v1/homes/{id}"))
        .problem(404, "not_found");
    app.official("agency_operator:1.02")
        .get(&format!("/v1/homes/{id}"))
        .expect(200);
}
