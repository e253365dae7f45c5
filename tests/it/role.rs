//! Accounts and roles: who holds which, that somebody always can set the service up, and that what was taken away is gone.

use crate::harness::TestApp;
use crate::harness::client::Client;
use crate::harness::people::PASSWORD;
use serde_json::{Value, json};
use std::thread;

fn administrator_role() -> Value {
    json!({ "role": "administrator" })
}

fn revoke(client: &Client, username: &str, role: &Value) -> crate::harness::client::Answer {
    let path = format!("/v1/accounts/{username}/roles");
    client.send("DELETE", &path, Some("application/json"), role.to_string().as_bytes())
}

fn username(client: &Client) -> String {
    client.get("/v1/me").expect(200)["username"]
        .as_str()
        .unwrap()
        .to_owned()
}

#[test]
fn the_last_active_administrator_keeps_the_role() {
    let app = TestApp::start();
    let first = app.official("administrator");
    let name = username(&first);
    revoke(&first, &name, &administrator_role()).problem(409, "last_administrator");
    // The refusal took nothing away.
    assert_eq!(first.get("/v1/me").expect(200)["roles"], json!([administrator_role()]));
    let second = app.official("administrator");
    revoke(&second, &name, &administrator_role()).expect(204);
    revoke(&second, &username(&second), &administrator_role()).problem(409, "last_administrator");
    // A role that nobody holds is told as such, whoever is last.
    revoke(&second, &name, &administrator_role()).problem(409, "wrong_state");
}

#[test]
fn an_administrator_who_was_never_activated_does_not_count_as_one() {
    let app = TestApp::start();
    let first = app.official("administrator");
    let second = app.official("administrator");
    let waiting = username(&second);
    app.execute(&format!(
        "UPDATE account SET state = 'pending' WHERE username = '{waiting}'"
    ));
    revoke(&first, &username(&first), &administrator_role()).problem(409, "last_administrator");
}

#[test]
fn two_administrators_who_revoke_at_once_on_two_instances_leave_one() {
    let app = TestApp::start();
    let twin = app.twin();
    for _ in 0..5 {
        let pair = [app.official("administrator"), app.official("administrator")];
        let names = [username(&pair[0]), username(&pair[1])];
        let others: Vec<Client> = vec![pair[0].clone(), pair[1].at(&twin.base_url)];
        let answers: Vec<u16> = thread::scope(|scope| {
            let calls: Vec<_> = others
                .iter()
                .zip(&names)
                .map(|(client, name)| scope.spawn(move || revoke(client, name, &administrator_role()).status))
                .collect();
            calls.into_iter().map(|call| call.join().unwrap()).collect()
        });
        let mut sorted = answers.clone();
        sorted.sort_unstable();
        assert_eq!(sorted, [204, 409], "{answers:?}");
        // The one who is left is replaced, so that the next pair is alone again.
        let left = &names[answers.iter().position(|status| *status == 409).unwrap()];
        app.execute(&format!(
            "UPDATE account SET state = 'disabled' WHERE username = '{left}'"
        ));
    }
}

#[test]
fn a_revoked_role_works_no_longer() {
    let app = TestApp::start();
    let administrator = app.official("administrator");
    let mut person = app.employee("1.01");
    let grant = json!({ "role": "agency_operator", "agency": "1.01" });
    administrator
        .post(&format!("/v1/accounts/{}/roles", person.username), &grant)
        .expect(204);
    person.client.renew();
    person.client.get("/v1/agencies/1.01/employees").expect(200);
    let refresh_token = person.client.refresh_token.clone().unwrap();
    revoke(&administrator, &person.username, &grant).expect(204);
    person
        .client
        .get("/v1/agencies/1.01/employees")
        .problem(401, "unauthenticated");
    app.nobody()
        .post("/v1/sessions/refresh", &json!({ "refresh_token": refresh_token }))
        .problem(401, "invalid_refresh_token");
    // What is left of the account goes on.
    person.client.renew();
    person.client.get("/v1/me/day").expect(200);
    person
        .client
        .get("/v1/agencies/1.01/employees")
        .problem(403, "forbidden");
}

#[test]
fn other_instances_learn_of_ended_sessions_with_their_next_jobs() {
    let app = TestApp::start();
    let twin = app.twin();
    let administrator = app.official("administrator");
    let officer = app.official("bkd_officer");
    let name = username(&officer);
    let there = officer.at(&twin.base_url);
    there.get("/v1/agencies").expect(200);
    revoke(&administrator, &name, &json!({ "role": "bkd_officer" })).expect(204);
    twin.app().run_jobs();
    there.get("/v1/agencies").problem(401, "unauthenticated");
}

#[test]
fn a_role_is_granted_only_for_an_agency_that_is_registered() {
    let app = TestApp::start();
    app.agency("dindik");
    let administrator = app.official("administrator");
    let name = username(&app.official("signer"));
    let path = format!("/v1/accounts/{name}/roles");
    let of = |agency: &str| json!({ "role": "agency_operator", "agency": agency });
    administrator.post(&path, &of("9.99")).names_field(422, "agency");
    administrator.post(&path, &of("DINDIK")).names_field(422, "agency");
    administrator.post(&path, &of("dindik")).expect(204);
    let new = |agency: &str| {
        json!({
            "username": "operator.baru", "display_name": "Operator Baru", "password": "sandi-operator-1",
            "roles": [{ "role": "signer" }, of(agency)],
        })
    };
    administrator
        .post("/v1/accounts", &new("9.99"))
        .names_field(422, "roles[1].agency");
    administrator.post("/v1/accounts", &new("dindik")).expect(201);
}

#[test]
fn usernames_that_differ_by_case_only_are_one() {
    let app = TestApp::start();
    let administrator = app.official("administrator");
    let body =
        |username: &str| json!({ "username": username, "display_name": "Auditor", "password": PASSWORD, "roles": [] });
    assert_eq!(
        administrator.post("/v1/accounts", &body(" Auditor.Satu ")).expect(201)["username"],
        "Auditor.Satu"
    );
    administrator
        .post("/v1/accounts", &body("auditor.SATU"))
        .problem(409, "already_exists");
    assert_eq!(
        app.signed_in("AUDITOR.satu").get("/v1/me").expect(200)["username"],
        "Auditor.Satu"
    );
    // Guesses count together, however the name is written.
    for name in [
        "auditor.satu",
        "Auditor.satu",
        "aUditor.satu",
        "auDitor.satu",
        "audItor.satu",
        "audiTor.satu",
    ] {
        app.nobody()
            .sign_in(name, "tebakan-belaka")
            .problem(401, "invalid_credentials");
    }
    app.nobody()
        .sign_in("AUDITOR.SATU", PASSWORD)
        .problem(429, "too_many_attempts");
}

#[test]
fn a_username_that_no_one_can_type_is_named() {
    let app = TestApp::start();
    let administrator = app.official("administrator");
    for username in ["    ", "a\u{7}bcd", "abc\ndef", "dua kata", "a/b/c", "\u{202e}abcd"] {
        let body = json!({ "username": username, "display_name": "X", "password": PASSWORD, "roles": [] });
        administrator.post("/v1/accounts", &body).names_field(422, "username");
    }
    for display_name in ["  ", "a\u{7}b"] {
        let body = json!({ "username": "petugas", "display_name": display_name, "password": PASSWORD, "roles": [] });
        administrator
            .post("/v1/accounts", &body)
            .names_field(422, "display_name");
    }
    app.nobody()
        .sign_in("petugas", PASSWORD)
        .problem(401, "invalid_credentials");
}
