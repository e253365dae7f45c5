//! Activation codes: printed by unit, good once, renewed on purpose only; and the reset of one person.

use crate::harness::TestApp;
use crate::harness::client::{Answer, Client};
use chrono::Duration;
use serde_json::{Value, json};

const CODES: &str = "/v1/agencies/1.01/activation-codes";
const SITI: &str = "199012012019032904";
const BUDI: &str = "199012012019031905";

/// Two people in two units, imported.
fn staff(app: &TestApp) -> Client {
    let operator = app.official("agency_operator:1.01");
    let units = b"code,parent,name\nA,,Bidang A\nB,,=Bidang B\nC,,Bidang C\n";
    operator
        .send("POST", "/v1/agencies/1.01/units/import", Some("text/csv"), units)
        .expect(200);
    let people = format!("NIP;NAMA;UNOR NAMA\n{SITI};SITI;Bidang C\n{BUDI};BUDI;Bidang A\n");
    operator
        .send(
            "POST",
            "/v1/agencies/1.01/employees/import",
            Some("text/csv"),
            people.as_bytes(),
        )
        .expect(200);
    operator
}

fn items(answer: &Answer) -> Vec<Value> {
    answer.expect(200)["items"].as_array().unwrap().clone()
}

fn activate(app: &TestApp, username: &str, code: &str, password: &str) -> Answer {
    let body = json!({ "username": username, "code": code, "password": password });
    app.nobody().post("/v1/activations", &body)
}

#[test]
fn a_code_opens_its_account_once() {
    let app = TestApp::start();
    let operator = staff(&app);
    let answer = operator.post(CODES, &json!({}));
    assert_eq!(answer.header("cache-control"), "no-store");
    let codes = items(&answer);
    let units: Vec<_> = codes.iter().map(|code| code["unit_name"].as_str().unwrap()).collect();
    assert_eq!(units, ["Bidang A", "Bidang C"]);
    let code = codes[1]["code"].as_str().unwrap();
    assert_eq!(codes[1]["username"], SITI);
    activate(&app, SITI, code, "pendek").names_field(422, "password");
    activate(&app, SITI, code, SITI).names_field(422, "password");
    app.nobody()
        .sign_in(SITI, "sandi-siti-baru")
        .problem(401, "invalid_credentials");
    let typed = code.to_lowercase().replace('-', " ");
    activate(&app, "19901201 201903 2 904", &typed, "sandi-siti-baru").expect(204);
    activate(&app, SITI, code, "sandi-siti-lain").problem(401, "invalid_activation_code");
    let mut siti = app.nobody();
    siti.sign_in(SITI, "sandi-siti-baru").expect(200);
    assert_eq!(siti.get("/v1/me").expect(200)["display_name"], "SITI");
}

#[test]
fn a_wrong_code_of_another_and_an_unknown_name_get_the_same_answer() {
    let app = TestApp::start();
    let operator = staff(&app);
    let codes = items(&operator.post(CODES, &json!({})));
    let code = codes[0]["code"].as_str().unwrap();
    for (username, code) in [
        (SITI, code),
        ("199012012019032999", code),
        (BUDI, "2222-2222-2222"),
        (BUDI, "x"),
        ("bukan siapa-siapa", code),
    ] {
        activate(&app, username, code, "sandi-yang-cukup").problem(401, "invalid_activation_code");
    }
    // However often someone guessed, the right code still works.
    activate(&app, BUDI, code, "sandi-yang-cukup").expect(204);
}

#[test]
fn who_has_a_good_code_keeps_it_unless_codes_are_renewed() {
    let app = TestApp::start();
    let operator = staff(&app);
    let first = items(&operator.post(CODES, &json!({})));
    assert_eq!(items(&operator.post(CODES, &json!({}))).len(), 0);
    let renewed = items(&operator.post(CODES, &json!({ "unit_code": "A", "renew": true })));
    assert_eq!(renewed.len(), 1);
    let old = first[0]["code"].as_str().unwrap();
    activate(&app, BUDI, old, "sandi-yang-cukup").problem(401, "invalid_activation_code");
    activate(&app, BUDI, renewed[0]["code"].as_str().unwrap(), "sandi-yang-cukup").expect(204);
    let rest = items(&operator.post(CODES, &json!({ "renew": true })));
    assert_eq!(rest.len(), 1, "an active account gets no code");
    assert_eq!(rest[0]["username"], SITI);
}

#[test]
fn a_code_runs_out_after_thirty_days() {
    let app = TestApp::start();
    let operator = staff(&app);
    let codes = items(&operator.post(CODES, &json!({})));
    let code = codes[0]["code"].as_str().unwrap();
    app.advance(Duration::days(30) + Duration::milliseconds(1));
    activate(&app, BUDI, code, "sandi-yang-cukup").problem(401, "invalid_activation_code");
    let operator = app.official("agency_operator:1.01");
    assert_eq!(items(&operator.post(CODES, &json!({}))).len(), 2);
}

#[test]
fn the_sheet_to_print_is_a_table_without_formulas() {
    let app = TestApp::start();
    let operator = app.official("agency_operator:1.01");
    let body = json!({ "name": "+Pak Kebun" });
    operator.post("/v1/agencies/1.01/employees", &body).expect(201);
    let answer = operator.with_header("accept", "text/csv").post(CODES, &json!({}));
    assert_eq!(answer.header("content-type"), "text/csv; charset=utf-8");
    let text = answer.text();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(
        lines[0],
        "\u{feff}kode_unit;unit;nama;nama_pengguna;kode_aktivasi;berlaku_sampai"
    );
    assert!(lines[1].starts_with(";;'+Pak Kebun;N-"), "{}", lines[1]);
    assert!(lines[1].ends_with(";1 April 2026"), "{}", lines[1]);
}

#[test]
fn a_reset_ends_sessions_and_password_and_gives_a_new_code() {
    let app = TestApp::start();
    let person = app.employee("1.01");
    let operator = app.official("agency_operator:1.01");
    let code = operator
        .post(&format!("/v1/employees/{}/reset", person.id), &json!({}))
        .expect(200);
    person.client.get("/v1/me").problem(401, "unauthenticated");
    app.nobody()
        .sign_in(&person.username, crate::harness::people::PASSWORD)
        .problem(401, "invalid_credentials");
    activate(
        &app,
        &person.username,
        code["code"].as_str().unwrap(),
        "sandi-yang-baru",
    )
    .expect(204);
    app.nobody().sign_in(&person.username, "sandi-yang-baru").expect(200);
}

#[test]
fn codes_are_for_the_agency_s_operator_alone() {
    let app = TestApp::start();
    staff(&app);
    app.official("agency_operator:1.02")
        .post(CODES, &json!({}))
        .problem(404, "not_found");
    app.official("bkd_officer")
        .post(CODES, &json!({}))
        .problem(403, "forbidden");
    app.official("agency_operator:1.01")
        .post(CODES, &json!({ "unit_code": "TIDAK-ADA" }))
        .names_field(422, "unit_code");
    app.official("agency_operator:1.01")
        .post(CODES, &json!({ "renew": "ya" }))
        .names_field(422, "renew");
}
