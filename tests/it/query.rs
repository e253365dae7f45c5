//! Parameters behind the question mark: unknown ones are refused, and what is wrong is told by its name.

use crate::harness::TestApp;
use serde_json::Value;

/// An account with every role that an agency's reach or the whole province needs to get as far as the parameters.
const ROLES: [&str; 5] = [
    "agency_operator:1.01",
    "bkd_officer",
    "bkd_auditor",
    "administrator",
    "data_protection_officer",
];

#[test]
fn a_parameter_that_is_wrong_is_named() {
    let app = TestApp::start();
    let operator = app.official("agency_operator:1.01");
    operator
        .get("/v1/agencies/1.01/employees?limit=banyak")
        .names_field(422, "limit");
    operator
        .get("/v1/agencies/1.01/employees?date=kemarin")
        .names_field(422, "date");
    operator
        .get("/v1/agencies/1.01/employees?tanggal=2026-03-02")
        .names_field(422, "tanggal");
    operator
        .get("/v1/agencies/1.01/employees?limit=1&limit=2")
        .names_field(422, "limit");
    operator
        .get("/v1/agencies/1.01/day/people?slot=morning")
        .names_field(422, "state");
    operator
        .get("/v1/agencies/1.01/day/people?slot=malam&state=missed")
        .names_field(422, "slot");
}

#[test]
fn a_parameter_that_no_call_knows_is_refused_by_every_call() {
    let app = TestApp::start();
    let mut clients: Vec<_> = ROLES.iter().map(|role| app.official(role)).collect();
    clients.push(app.superior("1.01").client);
    let document = app.nobody().get("/docs/openapi.json").expect(200);
    let mut asked = 0;
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
            if !parameters.iter().any(|parameter| parameter["in"] == "query") {
                continue;
            }
            asked += 1;
            let address = format!("{}?tidak_dikenal=1", crate::access::filled(path));
            let is_refused = clients.iter().any(|client| {
                let answer = client.send(&method.to_uppercase(), &address, None, b"");
                let body = serde_json::from_slice::<Value>(&answer.bytes).unwrap_or_default();
                answer.status == 422 && body["fields"][0]["field"] == "tidak_dikenal"
            });
            assert!(is_refused, "{method} {path} takes a parameter that it does not know");
        }
    }
    assert!(asked > 20, "{asked}");
}
