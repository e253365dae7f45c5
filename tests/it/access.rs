//! Role x operation: every operation of the OpenAPI file is called by every role, and the statuses are the committed
//! table `access_table.md`. An operation without a row fails, and so does a changed answer.
//!
//! Calls carry an empty object as body and ids that do not exist, so a role that is let in gets 404, 422 or a list, and
//! one that is not gets 403 or 404 before its body is looked at. What the reach of a role covers is tested where the
//! noun is tested.

use crate::harness::TestApp;
use crate::harness::client::Client;
use serde_json::Value;
use std::fmt::Write;

const TABLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/access_table.md");
const ROLES: [&str; 12] = [
    "nobody",
    "employee",
    "superior",
    "agency_operator",
    "agency_head",
    "leave_officer",
    "signer",
    "bkd_officer",
    "bkd_head",
    "bkd_auditor",
    "data_protection_officer",
    "administrator",
];

/// Someone of a role; those of an agency belong to 1.01, which is the agency that addresses name.
fn person(app: &TestApp, role: &str) -> Client {
    match role {
        "nobody" => app.nobody(),
        "employee" => app.employee("1.01").client,
        "superior" => app.superior("1.01").client,
        "agency_operator" | "agency_head" | "leave_officer" => app.official(&format!("{role}:1.01")),
        _ => app.official(role),
    }
}

/// An address with every parameter filled in: the agency exists, nothing else does.
pub(crate) fn filled(path: &str) -> String {
    let mut address = String::new();
    for part in path.split_inclusive('/') {
        match part
            .split_once('{')
            .and_then(|(before, rest)| Some((before, rest.split_once('}')?)))
        {
            None => address.push_str(part),
            Some((before, (name, after))) => {
                let value = match name {
                    "code" => "1.01",
                    "year" => "2026",
                    "month" => "2026-02",
                    "username" => "tidak-ada",
                    _ => "01955555-0000-7000-8000-000000000000",
                };
                write!(address, "{before}{value}{after}").unwrap();
            }
        }
    }
    address
}

#[test]
fn every_role_gets_at_every_operation_what_the_table_says() {
    let app = TestApp::start();
    app.agency("1.01");
    let document = app.nobody().get("/docs/openapi.json").expect(200);
    let mut text = String::from(
        "# Role x operation\n\nStatuses of calls with an empty body and unknown ids. Written by \
         `SHERLOK_UPDATE=1 cargo nextest run every_role_gets`; review every change of it.\n\n",
    );
    writeln!(text, "| operation | {} |", ROLES.join(" | ")).unwrap();
    writeln!(text, "| --- |{}", " --- |".repeat(ROLES.len())).unwrap();
    let people: Vec<Client> = ROLES.iter().map(|role| person(&app, role)).collect();
    let mut rows = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let Some(name) = operation["operationId"].as_str() else {
                continue;
            };
            let body = operation["requestBody"]["content"]
                .as_object()
                .and_then(|content| content.keys().next());
            let call = |role: &str, client: &Client| {
                // Signing out would take the client away from the rows that follow.
                let client = if ["delete_session", "delete_sessions"].contains(&name) {
                    person(&app, role)
                } else {
                    client.clone()
                };
                let client = if operation["parameters"].to_string().contains("If-Match") {
                    client.with_header("if-match", "\"1\"")
                } else {
                    client
                };
                let bytes: &[u8] = if body.is_some() { b"{}" } else { b"" };
                client
                    .send(&method.to_uppercase(), &filled(path), body.map(String::as_str), bytes)
                    .status
            };
            let statuses: Vec<String> = ROLES
                .iter()
                .zip(&people)
                .map(|(role, client)| call(role, client).to_string())
                .collect();
            rows.push(format!("| {name} | {} |", statuses.join(" | ")));
        }
    }
    rows.sort();
    text.push_str(&rows.join("\n"));
    text.push('\n');
    assert!(!text.contains("| 5"), "an operation answered 5xx:\n{text}");
    #[expect(clippy::disallowed_methods, reason = "a switch of the test itself")]
    if std::env::var("SHERLOK_UPDATE").is_ok() {
        std::fs::write(TABLE, &text).unwrap();
    }
    let committed = std::fs::read_to_string(TABLE).unwrap_or_default();
    for row in text.lines() {
        assert!(
            committed.lines().any(|line| line == row),
            "not in access_table.md:\n{row}"
        );
    }
    assert_eq!(
        committed.lines().count(),
        text.lines().count(),
        "access_table.md has rows of operations that are gone"
    );
}

#[test]
fn every_operation_needs_a_sign_in_unless_it_says_otherwise() {
    let app = TestApp::start();
    let document = app.nobody().get("/docs/openapi.json").expect(200);
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            // `security: [{}]` in the document is how an operation says so.
            let is_open = operation["security"] == serde_json::json!([{}]);
            let status = app
                .nobody()
                .send(&method.to_uppercase(), &filled(path), None, b"")
                .status;
            let is_refused = status == 401;
            assert_eq!(
                !is_open, is_refused,
                "{method} {path}: {status}, security {}",
                operation["security"]
            );
        }
    }
}

#[test]
fn every_operation_is_named_described_and_says_how_it_refuses() {
    let app = TestApp::start();
    let document = app.nobody().get("/docs/openapi.json").expect(200);
    let mut names = std::collections::BTreeSet::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let at = format!("{method} {path}");
            assert!(
                names.insert(operation["operationId"].as_str().expect(&at).to_owned()),
                "{at}: name used twice"
            );
            assert!(
                operation["summary"].as_str().is_some_and(|text| text.len() > 6),
                "{at}: no summary"
            );
            assert!(operation["tags"][0].is_string(), "{at}: no tag");
            if operation["tags"][0] != "operations" {
                let refusal = &operation["responses"]["4XX"]["content"]["application/problem+json"];
                assert_ne!(*refusal, Value::Null, "{at}: no problem documented");
            }
        }
    }
}
