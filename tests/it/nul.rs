//! U+0000 in what comes in: named and refused on both databases, wherever it stands, and harmful to nothing beside it.

use crate::harness::TestApp;
use crate::harness::client::Answer;
use crate::harness::shares::{MORNING, at_home, claim, share};
use serde_json::{Value, json};

/// The one field that a 422 names.
fn named(answer: &Answer) -> String {
    let body = answer.problem(422, "invalid_fields");
    assert_eq!(body["fields"][0]["code"], "control_character");
    body["fields"][0]["field"].as_str().unwrap().to_owned()
}

#[test]
fn a_call_without_sign_in_is_refused_with_its_field() {
    let app = TestApp::start();
    let nobody = app.nobody();
    let sign_in = json!({ "username": "a\0bcd", "password": "kata-sandi" });
    assert_eq!(named(&nobody.post("/v1/sessions", &sign_in)), "username");
    let activation = json!({ "username": "1986", "code": "A\0", "password": "kata-sandi-baru" });
    assert_eq!(named(&nobody.post("/v1/activations", &activation)), "code");
}

#[test]
fn a_share_with_it_is_refused_and_those_beside_it_are_taken() {
    let (_app, person) = at_home();
    let mut noted = claim(MORNING, 12.0, 18.5, 1);
    noted["note"] = json!("a\0b");
    assert_eq!(named(&share(&person.client, &noted)), "note");
    let both = json!({ "check_ins": [noted, claim(MORNING, 12.0, 18.5, 2)] });
    let results = person.client.post("/v1/check-ins/batch", &both).expect(200)["results"].clone();
    let statuses: Vec<&Value> = results
        .as_array()
        .unwrap()
        .iter()
        .map(|result| &result["status"])
        .collect();
    assert_eq!(statuses, [422, 201]);
    assert_eq!(results[0]["problem"]["fields"][0]["field"], "note");
    // A backslash before the same letters is text like any other.
    noted["note"] = json!("a\\u0000b");
    share(&person.client, &noted).expect(201);
}

#[test]
fn nothing_is_called_so_in_an_address() {
    let app = TestApp::start();
    let administrator = app.official("administrator");
    let role = json!({ "role": "bkd_officer" });
    administrator
        .post("/v1/accounts/a%00b/roles", &role)
        .problem(404, "not_found");
    let account = json!({ "username": "petugas", "display_name": "a\0", "password": "kata-sandi-panjang" });
    assert_eq!(named(&administrator.post("/v1/accounts", &account)), "display_name");
    let operator = app.official("agency_operator:1.01");
    assert_eq!(named(&operator.get("/v1/agencies/1.01/employees?unit=a%00")), "unit");
}
