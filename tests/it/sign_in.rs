//! Signing in, staying in over bad networks, signing out.

use crate::harness::TestApp;
use crate::harness::client::Client;
use crate::harness::people::PASSWORD;
use chrono::Duration;
use serde_json::json;

fn refresh(client: &Client, token: &str) -> crate::harness::client::Answer {
    client.post("/v1/sessions/refresh", &json!({ "refresh_token": token }))
}

#[test]
fn a_right_password_opens_a_session_and_a_wrong_one_does_not() {
    let app = TestApp::start();
    let person = app.employee("1.01");
    let me = person.client.get("/v1/me").expect(200);
    assert_eq!(me["username"], person.username.as_str());
    assert_eq!(me["roles"], json!([{ "role": "employee" }]));
    let wrong = json!({ "username": person.username, "password": "bukan-itu-juga" });
    app.nobody()
        .post("/v1/sessions", &wrong)
        .problem(401, "invalid_credentials");
    let unknown = json!({ "username": "tidak-ada", "password": PASSWORD });
    app.nobody()
        .post("/v1/sessions", &unknown)
        .problem(401, "invalid_credentials");
}

#[test]
fn a_password_is_never_repeated_in_an_answer() {
    let app = TestApp::start();
    let body = json!({ "username": "x", "password": { "rahasia-besar": 1 } });
    let answer = app.nobody().post("/v1/sessions", &body);
    answer.names_field(422, "password");
    assert!(!answer.text().contains("rahasia-besar"));
}

#[test]
fn without_a_good_token_nothing_opens() {
    let app = TestApp::start();
    let person = app.employee("1.01");
    app.nobody().get("/v1/me").problem(401, "unauthenticated");
    let token = person.client.token.clone().unwrap();
    let claims = token.split('.').nth(1).unwrap();
    let unsigned = format!("eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.{claims}.");
    for forged in [unsigned.as_str(), "x", "a.b.c", &token[..token.len() - 2]] {
        person
            .client
            .with_token(forged)
            .get("/v1/me")
            .problem(401, "unauthenticated");
    }
    app.advance(Duration::seconds(601));
    person.client.get("/v1/me").problem(401, "unauthenticated");
}

#[test]
fn a_lost_answer_to_a_refresh_is_given_again_within_ten_minutes() {
    let app = TestApp::start();
    let client = app.employee("1.01").client;
    let first = client.refresh_token.clone().unwrap();
    let successor = refresh(&client, &first).expect(200)["refresh_token"].clone();
    app.advance(Duration::minutes(10));
    assert_eq!(refresh(&client, &first).expect(200)["refresh_token"], successor);
    refresh(&client, successor.as_str().unwrap()).expect(200);
}

#[test]
fn a_used_refresh_token_that_comes_back_later_ends_the_whole_session() {
    let app = TestApp::start();
    let client = app.employee("1.01").client;
    let first = client.refresh_token.clone().unwrap();
    let second = refresh(&client, &first).expect(200);
    let (access, second) = (
        second["access_token"].as_str().unwrap(),
        second["refresh_token"].as_str().unwrap(),
    );
    app.advance(Duration::minutes(10) + Duration::milliseconds(1));
    refresh(&client, &first).problem(401, "invalid_refresh_token");
    refresh(&client, second).problem(401, "invalid_refresh_token");
    client.with_token(access).get("/v1/me").problem(401, "unauthenticated");
}

#[test]
fn a_refresh_token_lasts_sixty_days() {
    let app = TestApp::start();
    let client = app.employee("1.01").client;
    app.advance(Duration::days(60));
    let next = refresh(&client, &client.refresh_token.clone().unwrap()).expect(200);
    app.advance(Duration::days(60) + Duration::milliseconds(1));
    refresh(&client, next["refresh_token"].as_str().unwrap()).problem(401, "invalid_refresh_token");
}

#[test]
fn signing_out_ends_access_and_refresh_at_once() {
    let app = TestApp::start();
    let client = app.employee("1.01").client;
    client.delete("/v1/sessions/current").expect(204);
    client.get("/v1/me").problem(401, "unauthenticated");
    refresh(&client, &client.refresh_token.clone().unwrap()).problem(401, "invalid_refresh_token");
}

#[test]
fn guessing_slows_unknown_devices_down_but_never_a_known_one() {
    let app = TestApp::start();
    let person = app.employee("1.01");
    let attempt = |password: &str, device: &str| {
        let body = json!({ "username": person.username, "password": password, "device_id": device });
        app.nobody().post("/v1/sessions", &body)
    };
    attempt(PASSWORD, "ponsel-saya-sendiri").expect(200);
    for guess in 0..6 {
        attempt("tebakan-belaka", &format!("ponsel-asing-{guess}")).problem(401, "invalid_credentials");
    }
    let slowed = attempt(PASSWORD, "ponsel-asing-baru");
    slowed.problem(429, "too_many_attempts");
    assert_eq!(slowed.header("retry-after"), "2");
    attempt(PASSWORD, "ponsel-saya-sendiri").expect(200);
    // The success of a known device clears the count; without it the delay runs out by itself.
    for guess in 0..6 {
        attempt("tebakan-belaka", &format!("ponsel-asing-{guess}"));
    }
    app.advance(Duration::seconds(2));
    attempt(PASSWORD, "ponsel-asing-baru").expect(200);
}

#[test]
fn a_new_password_ends_the_other_sessions() {
    let app = TestApp::start();
    let person = app.employee("1.01");
    let other = app.signed_in(&person.username);
    let change = |current: &str, new: &str| {
        person.client.put(
            "/v1/me/password",
            &json!({ "current_password": current, "new_password": new }),
        )
    };
    change("bukan-yang-itu", "sandi-baru-sekali").problem(401, "invalid_credentials");
    change(PASSWORD, "pendek").names_field(422, "new_password");
    change(PASSWORD, "sandi-baru-sekali").expect(204);
    other.get("/v1/me").problem(401, "unauthenticated");
    app.nobody()
        .sign_in(&person.username, PASSWORD)
        .problem(401, "invalid_credentials");
    app.nobody().sign_in(&person.username, "sandi-baru-sekali").expect(200);
}

#[test]
fn an_administrator_grants_and_revokes_roles() {
    let app = TestApp::start();
    app.agency("1.01");
    let administrator = app.official("administrator");
    let body = json!({
        "username": "auditor.satu", "display_name": "Auditor Satu", "password": "sandi-auditor-1",
        "roles": [{ "role": "bkd_auditor" }],
    });
    administrator.post("/v1/accounts", &body).expect(201);
    administrator.post("/v1/accounts", &body).problem(409, "already_exists");
    let grant = json!({ "role": "agency_operator", "agency": "1.01" });
    administrator
        .post("/v1/accounts/auditor.satu/roles", &grant)
        .expect(204);
    administrator
        .post("/v1/accounts/tidak.ada/roles", &grant)
        .problem(404, "not_found");
    administrator
        .post("/v1/accounts/auditor.satu/roles", &json!({ "role": "agency_operator" }))
        .names_field(422, "agency");
    administrator
        .post("/v1/accounts/auditor.satu/roles", &json!({ "role": "employee" }))
        .names_field(422, "role");
    let mut auditor = app.nobody();
    auditor.sign_in("auditor.satu", "sandi-auditor-1").expect(200);
    let roles = auditor.get("/v1/me").expect(200)["roles"].clone();
    assert_eq!(
        roles,
        json!([{ "role": "agency_operator", "agency": "1.01" }, { "role": "bkd_auditor" }])
    );
    auditor.post("/v1/accounts", &json!({})).problem(403, "forbidden");
}

#[test]
fn problems_speak_indonesian_first_and_english_when_asked() {
    let app = TestApp::start();
    let answer = app.nobody().get("/v1/me").problem(401, "unauthenticated");
    assert_eq!(answer["title"], "Silakan masuk terlebih dahulu.");
    let english = app
        .nobody()
        .with_header("accept-language", "en-GB,id;q=0.5")
        .get("/v1/me");
    assert_eq!(english.problem(401, "unauthenticated")["title"], "Sign in first.");
    app.nobody().get("/v1/tidak-ada").problem(404, "no_such_route");
    let refused = app.nobody().delete("/v1/me");
    refused.problem(405, "method_not_allowed");
    assert_eq!(refused.header("allow"), "GET, HEAD");
    app.nobody()
        .send("TRACE", "/v1/check-ins", None, b"")
        .problem(405, "method_not_allowed");
}

#[test]
fn broken_oversized_and_misspelt_bodies_are_named() {
    let app = TestApp::start();
    let client = app.nobody();
    let send = |bytes: &[u8]| client.send("POST", "/v1/sessions", Some("application/json"), bytes);
    send(b"{\"username\":").problem(400, "malformed_json");
    send(b"{} {}").names_field(422, "username");
    send(br#"{"username":"a","password":"b","x":1}"#).names_field(422, "x");
    send(br#"{"username":7,"password":"b"}"#).names_field(422, "username");
    send(br#"{"username":"","password":"b"}"#).names_field(422, "username");
    send(br#"{"username":"a","username":"b","password":"c"}"#).expect(422);
    let large = format!("{{\"username\":\"{}\"}}", "a".repeat(2_000_000));
    send(large.as_bytes()).problem(413, "body_too_large");
    client
        .send("POST", "/v1/sessions", Some("text/plain"), b"{}")
        .problem(415, "unsupported_media_type");
}

#[test]
fn the_service_says_that_it_lives_and_is_ready() {
    let app = TestApp::start();
    app.nobody().get("/livez").expect(200);
    assert_eq!(app.nobody().get("/readyz").expect(200)["status"], "ok");
    assert_eq!(app.nobody().get("/docs/openapi.json").expect(200)["openapi"], "3.1.0");
    assert!(app.nobody().get("/docs/").text().contains("swagger-ui"));
    assert!(app.nobody().get("/docs").text().contains("swagger-ui"));
    // Whoever begins at the door is led to the pages, or to the description where no pages were built.
    let door = app.nobody().get("/").text();
    assert_eq!(door.contains("swagger-ui"), !sherlok::http::server::has_pages());
}

#[test]
fn head_is_answered_where_get_is_and_with_no_body() {
    let app = TestApp::start();
    let person = app.employee("1.01");
    let head = |client: &Client, path: &str| client.send("HEAD", path, None, b"");
    for path in ["/livez", "/docs/openapi.json", "/v1/me"] {
        let (whole, asked) = (person.client.get(path), head(&person.client, path));
        assert_eq!((asked.status, asked.bytes.len()), (200, 0), "{path}");
        for name in ["content-type", "content-length"] {
            assert_eq!(asked.header(name), whole.header(name), "{path}: {name}");
        }
    }
    assert_eq!(head(&app.nobody(), "/v1/me").status, 401);
    assert_eq!(head(&app.nobody(), "/v1/tidak-ada").status, 404);
    let refused = head(&app.nobody(), "/v1/sessions");
    assert_eq!((refused.status, refused.header("allow")), (405, "POST, DELETE"));
}
