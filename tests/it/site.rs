//! Offices and duty posts: circles and polygons, versions, and fences that the past keeps.

use crate::harness::TestApp;
use chrono::Duration;
use serde_json::{Value, json};

const SITES: &str = "/v1/agencies/1.01/sites";

fn point(latitude: f64, longitude: f64) -> Value {
    json!({ "latitude": latitude, "longitude": longitude })
}

fn circle() -> Value {
    json!({ "name": "Kantor", "fence": { "shape": "circle", "centre": point(-6.17, 106.16), "radius_metres": 150 } })
}

fn polygon(corners: &[(f64, f64)]) -> Value {
    let corners: Vec<Value> = corners
        .iter()
        .map(|(latitude, longitude)| point(*latitude, *longitude))
        .collect();
    json!({ "name": "Pos", "kind": "duty_post", "fence": { "shape": "polygon", "corners": corners } })
}

#[test]
fn an_office_has_a_circle_and_a_duty_post_a_polygon() {
    let app = TestApp::start();
    let operator = app.official("agency_operator:1.01");
    let office = operator.post(SITES, &circle());
    assert_eq!(office.header("etag"), "\"1\"");
    let office = office.expect(201);
    assert_eq!(
        (office["kind"].as_str(), office["valid_from"].as_str()),
        (Some("office"), Some("2026-03-02"))
    );
    assert_eq!(office["fence"]["radius_metres"], 150);
    let post = polygon(&[(-6.17, 106.16), (-6.17, 106.17), (-6.18, 106.17)]);
    let post = operator.post(SITES, &post).expect(201);
    assert_eq!(post["fence"]["corners"].as_array().unwrap().len(), 3);
    let listed = operator.get(SITES).expect(200)["items"].clone();
    assert_eq!(listed, json!([office, post]));
    let page = operator.get(&format!("{SITES}?limit=1")).expect(200);
    let next = format!("{SITES}?limit=1&cursor={}", page["next_cursor"].as_str().unwrap());
    assert_eq!(operator.get(&next).expect(200)["items"][0], post);
}

#[test]
fn each_bad_field_of_a_site_is_named() {
    let app = TestApp::start();
    let operator = app.official("agency_operator:1.01");
    let with = |field: &str, value: Value| {
        let mut body = circle();
        body[field] = value;
        operator.post(SITES, &body)
    };
    with("name", json!(" ")).names_field(422, "name");
    with("kind", json!("mall")).names_field(422, "kind");
    with("unit_code", json!("TIDAK-ADA")).names_field(422, "unit_code");
    with("valid_to", json!("2026-03-01")).names_field(422, "valid_to");
    with("warna", json!(1)).names_field(422, "warna");
    let fence = |fence: Value, field: &str| {
        with("fence", fence).names_field(422, field);
    };
    fence(
        json!({ "shape": "circle", "centre": point(0.0, 0.0) }),
        "fence.centre.latitude",
    );
    fence(
        json!({ "shape": "polygon", "corners": [point(-6.17, 106.16), point(-6.16, 106.17), point(-6.17, 106.17), point(-6.16, 106.16)] }),
        "fence.corners",
    );
    for wrong in [
        json!({ "shape": "circle", "centre": point(-6.17, 106.16), "radius_metres": 9 }),
        json!({ "shape": "circle", "centre": point(-6.17, 106.16), "radius_metres": 5_001 }),
        json!({ "shape": "circle", "centre": point(91.5, 106.16) }),
        json!({ "shape": "polygon", "corners": [point(-6.17, 106.16), point(-6.16, 106.17)] }),
        json!({ "shape": "square" }),
        json!({ "shape": "circle", "centre": point(-6.17, 106.16), "corners": [] }),
    ] {
        with("fence", wrong).expect(422);
    }
    assert_eq!(operator.get(SITES).expect(200)["items"].as_array().unwrap().len(), 0);
}

#[test]
fn a_stale_version_changes_nothing() {
    let app = TestApp::start();
    let operator = app.official("agency_operator:1.01");
    let id = operator.post(SITES, &circle()).expect(201)["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let address = format!("{SITES}/{id}");
    let mut renamed = circle();
    renamed["name"] = json!("Kantor Baru");
    operator.put(&address, &renamed).problem(428, "version_required");
    let at = |version: &str| operator.with_header("if-match", version).put(&address, &renamed);
    at("\"2\"").problem(412, "stale_version");
    let changed = at("\"1\"").expect(200);
    assert_eq!(
        (changed["id"].as_str(), changed["name"].as_str()),
        (Some(id.as_str()), Some("Kantor Baru"))
    );
    at("\"1\"").problem(412, "stale_version");
    let unknown = format!("{SITES}/01955555-0000-7000-8000-000000000000");
    operator
        .with_header("if-match", "\"1\"")
        .put(&unknown, &renamed)
        .problem(404, "not_found");
}

#[test]
fn another_fence_begins_tomorrow_as_a_site_of_its_own() {
    let app = TestApp::start();
    let operator = app.official("agency_operator:1.01");
    let id = operator.post(SITES, &circle()).expect(201)["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let mut moved = circle();
    moved["fence"]["centre"] = point(-6.2, 106.2);
    let put = |id: &str, version: &str, body: &Value| {
        operator
            .with_header("if-match", version)
            .put(&format!("{SITES}/{id}"), body)
            .expect(200)
    };
    let begun = put(&id, "\"1\"", &moved);
    assert_ne!(begun["id"], id.as_str());
    assert_eq!(
        (begun["valid_from"].as_str(), begun["version"].as_i64()),
        (Some("2026-03-03"), Some(1))
    );
    let listed = operator.get(SITES).expect(200)["items"].clone();
    assert_eq!(listed[0]["valid_to"], "2026-03-02");
    assert_eq!(listed[0]["fence"], circle()["fence"], "the past keeps its fence");
    // What has not begun yet may still change in place.
    moved["fence"]["radius_metres"] = json!(300);
    let again = put(begun["id"].as_str().unwrap(), "\"1\"", &moved);
    assert_eq!(
        (again["id"].clone(), again["fence"]["radius_metres"].as_i64()),
        (begun["id"].clone(), Some(300))
    );
    app.advance(Duration::days(1));
    assert_eq!(
        app.official("bkd_officer").get(SITES).expect(200)["items"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
}

#[test]
fn a_repeated_creation_under_a_key_is_one_site_and_strangers_find_none() {
    let app = TestApp::start();
    let operator = app.official("agency_operator:1.01");
    let keyed = operator.with_header("idempotency-key", "kantor");
    let first = keyed.post(SITES, &circle()).expect(201);
    assert_eq!(keyed.post(SITES, &circle()).expect(201), first);
    let foreign = app.official("agency_operator:1.02");
    foreign.get(SITES).problem(404, "not_found");
    foreign.post(SITES, &circle()).problem(404, "not_found");
    let other = format!("/v1/agencies/1.02/sites/{}", first["id"].as_str().unwrap());
    foreign
        .with_header("if-match", "\"1\"")
        .put(&other, &circle())
        .problem(404, "not_found");
    app.employee("1.01").client.get(SITES).problem(403, "forbidden");
}
