//! What administrators do with accounts of officials: list them, close and open them, give a new start.

use crate::harness::TestApp;
use crate::harness::client::Client;
use crate::harness::people::PASSWORD;
use serde_json::{Value, json};

fn items(client: &Client, address: &str) -> Vec<Value> {
    client.get(address).expect(200)["items"].as_array().unwrap().clone()
}

fn usernames(client: &Client, address: &str) -> Vec<String> {
    items(client, address)
        .iter()
        .map(|item| item["username"].as_str().unwrap().to_owned())
        .collect()
}

fn username(client: &Client) -> String {
    client.get("/v1/me").expect(200)["username"]
        .as_str()
        .unwrap()
        .to_owned()
}

fn set_state(client: &Client, username: &str, state: &str) -> crate::harness::client::Answer {
    client.put(
        &format!("/v1/accounts/{username}/state"),
        &json!({ "state": state, "reason": "Mutasi" }),
    )
}

fn reset(client: &Client, username: &str) -> crate::harness::client::Answer {
    client.send("POST", &format!("/v1/accounts/{username}/reset"), None, &[])
}

#[test]
fn officials_are_listed_by_name_and_staff_without_a_role_are_not() {
    let app = TestApp::start();
    let administrator = app.official("administrator");
    let auditor = username(&app.official("bkd_auditor"));
    let operator = app.employee("1.01");
    let plain = app.employee("1.01");
    let grant = json!({ "role": "agency_operator", "agency": "1.01" });
    administrator
        .post(&format!("/v1/accounts/{}/roles", operator.username), &grant)
        .expect(204);
    // An account without any role, whose person is not on a staff list, is there as well.
    let body = json!({ "username": "belum.berperan", "display_name": "Baru", "password": PASSWORD, "roles": [] });
    administrator.post("/v1/accounts", &body).expect(201);
    let all = usernames(&administrator, "/v1/accounts");
    let mut expected = vec![
        operator.username.clone(),
        username(&administrator),
        auditor.clone(),
        "belum.berperan".to_owned(),
    ];
    expected.sort();
    assert_eq!(all, expected);
    assert!(!all.contains(&plain.username));
    assert_eq!(usernames(&administrator, "/v1/accounts?role=bkd_auditor"), [auditor]);
    administrator.get("/v1/accounts?role=raja").names_field(422, "role");
    let staff = items(&administrator, "/v1/accounts?role=agency_operator").remove(0);
    assert_eq!((&staff["is_staff"], &staff["state"]), (&json!(true), &json!("active")));
    assert_eq!(staff["roles"], json!([grant]));
    // Page by page the same.
    let mut paged = Vec::new();
    let mut address = "/v1/accounts?limit=1".to_owned();
    loop {
        let page = administrator.get(&address).expect(200);
        paged.extend(
            page["items"]
                .as_array()
                .unwrap()
                .iter()
                .map(|item| item["username"].as_str().unwrap().to_owned()),
        );
        let Some(cursor) = page["next_cursor"].as_str() else {
            break;
        };
        address = format!("/v1/accounts?limit=1&cursor={cursor}");
    }
    assert_eq!(paged, expected);
}

#[test]
fn a_closed_account_is_out_at_once_and_comes_back_with_its_roles() {
    let app = TestApp::start();
    let administrator = app.official("administrator");
    let officer = app.official("bkd_officer");
    let name = username(&officer);
    set_state(&administrator, &name, "disabled").expect(204);
    set_state(&administrator, &name, "disabled").expect(204);
    officer.get("/v1/agencies").problem(401, "unauthenticated");
    app.nobody()
        .post(
            "/v1/sessions/refresh",
            &json!({ "refresh_token": officer.refresh_token.clone().unwrap() }),
        )
        .problem(401, "invalid_refresh_token");
    app.nobody()
        .sign_in(&name, PASSWORD)
        .problem(401, "invalid_credentials");
    reset(&administrator, &name).problem(409, "wrong_state");
    assert_eq!(
        items(&administrator, "/v1/accounts?role=bkd_officer")[0]["state"],
        "disabled"
    );
    set_state(&administrator, &name, "active").expect(204);
    app.signed_in(&name).get("/v1/agencies").expect(200);
}

#[test]
fn a_reset_account_starts_anew_with_a_code_told_once() {
    let app = TestApp::start();
    let administrator = app.official("administrator");
    let officer = app.official("bkd_officer");
    let name = username(&officer);
    let answer = reset(&administrator, &name);
    assert_eq!(answer.header("cache-control"), "no-store");
    let start = answer.expect(200);
    officer.get("/v1/agencies").problem(401, "unauthenticated");
    app.nobody()
        .sign_in(&name, PASSWORD)
        .problem(401, "invalid_credentials");
    assert_eq!(
        items(&administrator, "/v1/accounts?role=bkd_officer")[0]["state"],
        "pending"
    );
    // Closed and opened in between it still waits for its code.
    set_state(&administrator, &name, "disabled").expect(204);
    let activation = json!({ "username": name, "code": start["code"], "password": "sandi-baru-sekali" });
    app.nobody()
        .post("/v1/activations", &activation)
        .problem(401, "invalid_activation_code");
    set_state(&administrator, &name, "active").expect(204);
    app.nobody().post("/v1/activations", &activation).expect(204);
    let mut back = app.nobody();
    back.sign_in(&name, "sandi-baru-sekali").expect(200);
    back.get("/v1/agencies").expect(200);
}

#[test]
fn the_last_administrator_is_neither_closed_nor_reset() {
    let app = TestApp::start();
    let administrator = app.official("administrator");
    let own = username(&administrator);
    set_state(&administrator, &own, "disabled").problem(409, "last_administrator");
    reset(&administrator, &own).problem(409, "last_administrator");
    administrator.get("/v1/accounts").expect(200);
    let second = username(&app.official("administrator"));
    set_state(&administrator, &second, "disabled").expect(204);
    set_state(&administrator, &own, "disabled").problem(409, "last_administrator");
    set_state(&administrator, &second, "active").expect(204);
    set_state(&administrator, &own, "disabled").expect(204);
}

#[test]
fn staff_without_a_role_are_not_the_administrators_to_touch() {
    let app = TestApp::start();
    let administrator = app.official("administrator");
    let person = app.employee("1.01");
    set_state(&administrator, &person.username, "disabled").problem(404, "not_found");
    reset(&administrator, &person.username).problem(404, "not_found");
    person.client.get("/v1/me/day").expect(200);
    let officer = app.official("bkd_officer");
    officer.get("/v1/accounts").problem(403, "forbidden");
    set_state(&officer, &person.username, "disabled").problem(403, "forbidden");
}

#[test]
fn each_bad_field_of_a_state_is_named() {
    let app = TestApp::start();
    let administrator = app.official("administrator");
    let name = username(&app.official("signer"));
    let path = format!("/v1/accounts/{name}/state");
    administrator
        .put(&path, &json!({ "state": "pending" }))
        .names_field(422, "state");
    administrator.put(&path, &json!({})).names_field(422, "state");
    let long = json!({ "state": "active", "reason": "x".repeat(501) });
    administrator.put(&path, &long).names_field(422, "reason");
    let control = json!({ "state": "active", "reason": "a\u{7}b" });
    administrator.put(&path, &control).names_field(422, "reason");
}
