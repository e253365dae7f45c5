//! Officials at a browser: the cookie, the CSRF token, both ends of a session, and what ends it before.

use crate::harness::TestApp;
use crate::harness::client::{Answer, Client};
use crate::harness::people::PASSWORD;
use chrono::Duration;
use serde_json::{Value, json};

const SESSION: &str = "/v1/sessions/browser";

fn sign_in(client: &Client, username: &str) -> Answer {
    client.post(SESSION, &json!({ "username": username, "password": PASSWORD }))
}

/// What a browser keeps of an answer: the cookie's name and value.
fn cookie(answer: &Answer) -> String {
    let header = answer.header("set-cookie");
    header.split(';').next().unwrap().to_owned()
}

/// A page that has signed in, with the answer: its client sends the cookie, and nothing else.
fn page(app: &TestApp, username: &str) -> (Client, Value) {
    let answer = sign_in(&app.nobody(), username);
    let body = answer.expect(201);
    (app.nobody().with_header("cookie", &cookie(&answer)), body)
}

/// The same page, with the token in the header.
fn with_token(page: &Client, body: &Value) -> Client {
    page.with_header("x-csrf-token", body["csrf_token"].as_str().unwrap())
}

fn username(client: &Client) -> String {
    client.get("/v1/me").expect(200)["username"]
        .as_str()
        .unwrap()
        .to_owned()
}

fn official(app: &TestApp, role: &str) -> String {
    username(&app.official(role))
}

#[test]
fn signing_in_sets_a_cookie_that_no_page_and_no_other_site_can_use() {
    let app = TestApp::start();
    let name = official(&app, "agency_operator:1.01");
    let answer = sign_in(&app.nobody(), &name);
    let body = answer.expect(201);
    assert_eq!(body["profile"]["username"], name.as_str());
    assert_eq!(
        body["profile"]["roles"],
        json!([{ "role": "agency_operator", "agency": "1.01" }])
    );
    let header = answer.header("set-cookie");
    let (pair, attributes) = header.split_once("; ").unwrap();
    assert_eq!(attributes, "Path=/; Secure; HttpOnly; SameSite=Strict");
    let value = pair.strip_prefix("__Host-sherlok=").unwrap();
    assert_eq!(value.len(), 43, "256 bits in base64url");
    assert!(!answer.text().contains(value), "the page never sees the cookie");
    assert_eq!(answer.header("cache-control"), "no-store");
    let second = sign_in(&app.nobody(), &name);
    assert_ne!(cookie(&second), pair);
    assert_ne!(second.json()["csrf_token"], body["csrf_token"]);
}

#[test]
fn a_page_learns_at_its_start_whether_it_is_signed_in() {
    let app = TestApp::start();
    let (page, body) = page(&app, &official(&app, "bkd_officer"));
    app.nobody().get(SESSION).problem(401, "unauthenticated");
    let read = page.get(SESSION);
    assert_eq!(read.expect(200), body, "a page that was loaded again finds what it had");
    assert_eq!(read.header("cache-control"), "no-store");
    assert_eq!(body["idle_ends_at"], "2026-03-02T02:29:00.000Z");
    assert_eq!(body["ends_at"], "2026-03-02T13:59:00.000Z");
    // A token goes before a cookie, and has no session in a browser.
    let other = app.official("bkd_auditor");
    let both = page.with_token(other.token.as_deref().unwrap());
    assert_eq!(username(&both), username(&other));
    both.get(SESSION).problem(404, "not_found");
    both.delete(SESSION).problem(404, "not_found");
    page.with_token("x").get(SESSION).problem(401, "unauthenticated");
    // Cookies of others stand before and behind it.
    let among = app.nobody().with_header("cookie", "a=b; __Host-sherlok=x; c=d");
    among.get(SESSION).problem(401, "unauthenticated");
}

#[test]
fn what_changes_something_needs_the_csrf_token_and_reading_does_not() {
    let app = TestApp::start();
    let (page, body) = page(&app, &official(&app, "administrator"));
    let new = json!({ "username": "baru.satu", "display_name": "Baru", "password": PASSWORD, "roles": [] });
    page.get("/v1/accounts").expect(200);
    assert_eq!(page.send("HEAD", "/v1/accounts", None, b"").status, 200);
    let (_, others) = self::page(&app, &official(&app, "administrator"));
    let others = others["csrf_token"].as_str().unwrap();
    let own = body["csrf_token"].as_str().unwrap();
    for wrong in ["", "x", others, &own[..own.len() - 1]] {
        let refused = page.with_header("x-csrf-token", wrong).post("/v1/accounts", &new);
        refused.problem(403, "csrf_token_needed");
    }
    let refused = page.post("/v1/accounts", &new).problem(403, "csrf_token_needed");
    assert_eq!(
        refused["title"],
        "Halaman ini perlu dimuat ulang sebelum perubahan dapat disimpan."
    );
    page.put("/v1/accounts/baru.satu/state", &json!({ "state": "disabled" }))
        .problem(403, "csrf_token_needed");
    page.delete(SESSION).problem(403, "csrf_token_needed");
    assert_eq!(page.get(SESSION).status, 200, "nothing of that ended the session");
    with_token(&page, &body).post("/v1/accounts", &new).expect(201);
    // Whoever is not signed in is told that first.
    app.nobody().post("/v1/accounts", &new).problem(401, "unauthenticated");
}

#[test]
fn a_session_ends_when_it_is_left_alone_and_lasts_while_it_is_used() {
    let app = TestApp::start();
    let (page, _) = page(&app, &official(&app, "bkd_officer"));
    app.advance(Duration::seconds(59));
    let seen = page.get(SESSION).expect(200);
    assert_eq!(
        seen["idle_ends_at"], "2026-03-02T02:29:00.000Z",
        "less than a minute moves nothing"
    );
    app.advance(Duration::seconds(1));
    assert_eq!(
        page.get(SESSION).expect(200)["idle_ends_at"],
        "2026-03-02T02:30:00.000Z"
    );
    app.advance(Duration::minutes(30) - Duration::milliseconds(1));
    assert_eq!(
        page.get(SESSION).expect(200)["idle_ends_at"],
        "2026-03-02T02:59:59.999Z"
    );
    app.advance(Duration::minutes(30));
    page.get(SESSION).problem(401, "unauthenticated");
}

#[test]
fn a_session_ends_after_twelve_hours_however_much_it_is_used() {
    let app = TestApp::start();
    let (page, body) = page(&app, &official(&app, "bkd_officer"));
    for _ in 0..35 {
        app.advance(Duration::minutes(20));
        page.get("/v1/me").expect(200);
    }
    app.advance(Duration::minutes(20) - Duration::milliseconds(1));
    let last = page.get(SESSION).expect(200);
    assert_eq!(last["idle_ends_at"], body["ends_at"], "no promise beyond the end");
    app.advance(Duration::milliseconds(1));
    page.get(SESSION).problem(401, "unauthenticated");
}

#[test]
fn signing_out_ends_one_session_and_signing_out_everywhere_all_of_them() {
    let app = TestApp::start();
    let twin = app.twin();
    let name = official(&app, "bkd_officer");
    let phone = app.signed_in(&name);
    let ((one, one_body), (two, two_body), (three, _)) = (page(&app, &name), page(&app, &name), page(&app, &name));
    let stranger = app.official("bkd_officer");
    let gone = with_token(&one, &one_body).delete(SESSION);
    gone.expect(204);
    assert!(gone.header("set-cookie").starts_with("__Host-sherlok=; Max-Age=0;"));
    one.get("/v1/me").problem(401, "unauthenticated");
    one.at(&twin.base_url).get("/v1/me").problem(401, "unauthenticated");
    two.get("/v1/me").expect(200);
    phone.get("/v1/me").expect(200);
    with_token(&two, &two_body).delete("/v1/sessions").expect(204);
    for client in [&two, &three, &phone] {
        client.get("/v1/me").problem(401, "unauthenticated");
    }
    let token = phone.refresh_token.clone().unwrap();
    phone
        .post("/v1/sessions/refresh", &json!({ "refresh_token": token }))
        .problem(401, "invalid_refresh_token");
    stranger.get("/v1/me").expect(200);
    // From the phone it works as well, for the browser too.
    let (page, _) = page(&app, &name);
    app.signed_in(&name).delete("/v1/sessions").expect(204);
    page.get("/v1/me").problem(401, "unauthenticated");
}

#[test]
fn signing_in_again_ends_what_the_browser_had_before() {
    let app = TestApp::start();
    let name = official(&app, "bkd_officer");
    let (page, _) = page(&app, &name);
    let again = sign_in(&page, &name);
    again.expect(201);
    page.get("/v1/me").problem(401, "unauthenticated");
    let page = app.nobody().with_header("cookie", &cookie(&again));
    page.get("/v1/me").expect(200);
    // A wrong password ends nothing.
    let wrong = json!({ "username": name, "password": "bukan-itu-juga" });
    page.post(SESSION, &wrong).problem(401, "invalid_credentials");
    page.get("/v1/me").expect(200);
}

#[test]
fn whatever_ends_refresh_tokens_ends_the_session_in_the_browser() {
    let app = TestApp::start();
    let administrator = app.official("administrator");
    let name = official(&app, "bkd_officer");
    let ended = |page: &Client| page.get("/v1/me").problem(401, "unauthenticated");

    let (changing, body) = page(&app, &name);
    let passwords = json!({ "current_password": PASSWORD, "new_password": "sandi-baru-sekali" });
    changing
        .put("/v1/me/password", &passwords)
        .problem(403, "csrf_token_needed");
    with_token(&changing, &body)
        .put("/v1/me/password", &passwords)
        .expect(204);
    ended(&changing);

    let name = official(&app, "bkd_officer");
    let (resetting, _) = page(&app, &name);
    let reset = administrator.send("POST", &format!("/v1/accounts/{name}/reset"), None, &[]);
    reset.expect(200);
    ended(&resetting);

    let name = official(&app, "bkd_officer");
    let (closing, _) = page(&app, &name);
    let state = json!({ "state": "disabled", "reason": "Mutasi" });
    administrator
        .put(&format!("/v1/accounts/{name}/state"), &state)
        .expect(204);
    ended(&closing);
    sign_in(&app.nobody(), &name).problem(401, "invalid_credentials");

    let name = official(&app, "bkd_officer");
    let (losing, _) = page(&app, &name);
    administrator
        .send(
            "DELETE",
            &format!("/v1/accounts/{name}/roles"),
            Some("application/json"),
            br#"{"role":"bkd_officer"}"#,
        )
        .expect(204);
    ended(&losing);
}

#[test]
fn a_role_that_is_granted_holds_at_once() {
    let app = TestApp::start();
    app.agency("1.01");
    let name = official(&app, "bkd_officer");
    let (page, _) = page(&app, &name);
    page.get("/v1/accounts").problem(403, "forbidden");
    let grant = json!({ "role": "administrator" });
    let administrator = app.official("administrator");
    administrator
        .post(&format!("/v1/accounts/{name}/roles"), &grant)
        .expect(204);
    page.get("/v1/accounts").expect(200);
}

#[test]
fn guessing_at_one_door_slows_the_other_one_down() {
    let app = TestApp::start();
    let name = official(&app, "bkd_officer");
    let wrong = json!({ "username": name, "password": "tebakan-belaka" });
    for guess in 0..6 {
        let door = if guess % 2 == 0 { SESSION } else { "/v1/sessions" };
        app.nobody().post(door, &wrong).problem(401, "invalid_credentials");
    }
    let slowed = sign_in(&app.nobody(), &name);
    slowed.problem(429, "too_many_attempts");
    assert_eq!(slowed.header("retry-after"), "2");
    assert_eq!(slowed.header("set-cookie"), "");
    app.nobody()
        .post(SESSION, &json!({ "username": name }))
        .names_field(422, "password");
}
