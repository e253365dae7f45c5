//! Agencies: who registers them, who sees which, and that two people can't overwrite each other.

use crate::harness::TestApp;
use serde_json::json;

#[test]
fn bkd_registers_an_agency_once() {
    let app = TestApp::start();
    let officer = app.official("bkd_officer");
    let body = json!({ "code": "1.02", "name": " Dinas Kesehatan ", "region_code": "36", "service_kinds": ["health"] });
    let created = officer.post("/v1/agencies", &body);
    assert_eq!(created.header("etag"), "\"1\"");
    let created = created.expect(201);
    assert_eq!(created["name"], "Dinas Kesehatan");
    assert_eq!(created["zone"], "Asia/Jakarta");
    officer.post("/v1/agencies", &body).problem(409, "already_exists");
    let named = |code: &str| json!({ "code": code, "name": "Dinas Pendidikan", "region_code": "36" });
    officer.post("/v1/agencies", &named("Dindik")).expect(201);
    // Letters of another case make no other agency.
    officer
        .post("/v1/agencies", &named("DINDIK"))
        .problem(409, "already_exists");
    assert_eq!(officer.get("/v1/agencies/1.02").expect(200), created);
    officer.get("/v1/agencies/9.99").problem(404, "not_found");
    officer.get("/v1/agencies/a%2Fb").problem(404, "not_found");
}

#[test]
fn each_bad_field_of_an_agency_is_named() {
    let app = TestApp::start();
    let officer = app.official("bkd_officer");
    let good = json!({ "code": "1.02", "name": "Dinas", "region_code": "36.01", "zone": "Asia/Makassar" });
    let with = |field: &str, value: serde_json::Value| {
        let mut body = good.clone();
        body[field] = value;
        officer.post("/v1/agencies", &body)
    };
    for (field, value) in [
        ("code", json!("a/b")),
        ("code", json!("")),
        ("code", json!("x".repeat(21))),
        ("name", json!("   ")),
        ("name", json!("x".repeat(201))),
        ("name", json!("a\u{0}b")),
        ("region_code", json!("ID")),
        ("region_code", json!("3601")),
        ("zone", json!("Europe/Berlin")),
        ("kind", json!("x")),
    ] {
        with(field, value).names_field(422, field);
    }
    with("service_kinds", json!(["Kesehatan!"])).names_field(422, "service_kinds");
    officer.get("/v1/agencies/1.02").problem(404, "not_found");
}

#[test]
fn an_operator_sees_their_own_agency_only() {
    let app = TestApp::start();
    let operator = app.official("agency_operator:1.01");
    app.agency("1.02");
    let page = operator.get("/v1/agencies").expect(200);
    assert_eq!(page["items"].as_array().unwrap().len(), 1);
    operator.get("/v1/agencies/1.02").problem(404, "not_found");
    operator.post("/v1/agencies", &json!({})).problem(403, "forbidden");
    let officer = app.official("bkd_officer");
    let first = officer.get("/v1/agencies?limit=1").expect(200);
    assert_eq!(first["items"][0]["code"], "1.01");
    let cursor = first["next_cursor"].as_str().unwrap();
    let second = officer
        .get(&format!("/v1/agencies?limit=1&cursor={cursor}"))
        .expect(200);
    assert_eq!(second["items"][0]["code"], "1.02");
    assert!(second.get("next_cursor").is_none());
    officer.get("/v1/agencies?limit=201").names_field(422, "limit");
    officer.get("/v1/agencies?cursor=%25").names_field(422, "cursor");
}

#[test]
fn a_change_needs_the_version_that_was_loaded() {
    let app = TestApp::start();
    app.agency("1.01");
    let officer = app.official("bkd_officer");
    let body = json!({ "name": "Dinas Baru", "region_code": "36.02", "zone": "Asia/Jakarta", "service_kinds": [] });
    officer.put("/v1/agencies/1.01", &body).problem(428, "version_required");
    let at = |version: &str| officer.with_header("if-match", version).put("/v1/agencies/1.01", &body);
    at("\"7\"").problem(412, "stale_version");
    let changed = at("\"1\"");
    assert_eq!(changed.header("etag"), "\"2\"");
    assert_eq!(changed.expect(200)["name"], "Dinas Baru");
    at("\"1\"").problem(412, "stale_version");
}
