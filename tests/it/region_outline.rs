//! Outlines of regions through their routes: imported whole, or not at all, with every fault named by its feature.

use crate::harness::TestApp;
use crate::harness::client::{Answer, Client};
use serde_json::{Value, json};

/// A region drawn as a square: its south-western corner as longitude and latitude, and its side in degrees.
pub(crate) fn square(code: &str, (west, south): (f64, f64), side: f64, accuracy_metres: u32) -> Value {
    let (east, north) = (west + side, south + side);
    json!({"type": "Feature",
        "properties": {"code": code, "name": format!("Wilayah {code}"), "source": "Peta uji", "date": "2026-01-02",
            "accuracy_metres": accuracy_metres},
        "geometry": {"type": "Polygon",
            "coordinates": [[[west, south], [east, south], [east, north], [west, north], [west, south]]]}})
}

fn collection(features: &[Value]) -> Value {
    json!({"type": "FeatureCollection", "features": features})
}

/// Imports outlines in the place of those of a version.
pub(crate) fn import(client: &Client, version: i32, features: &[Value]) -> Answer {
    put(client, version, collection(features).to_string().as_bytes())
}

fn put(client: &Client, version: i32, file: &[u8]) -> Answer {
    client.with_header("if-match", &format!("\"{version}\"")).send(
        "PUT",
        "/v1/region-outlines",
        Some("application/geo+json"),
        file,
    )
}

fn codes(client: &Client) -> Vec<String> {
    let view = client.get("/v1/region-outlines").expect(200);
    let items = view["items"].as_array().unwrap().clone();
    items
        .iter()
        .map(|item| item["code"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn an_import_takes_the_place_of_all_that_were_there() {
    let app = TestApp::start();
    let administrator = app.official("administrator");
    let empty = administrator.get("/v1/region-outlines");
    assert_eq!(
        (empty.expect(200)["version"].clone(), empty.header("etag")),
        (json!(0), "\"0\"")
    );
    let one = square("36", (105.0, -7.1), 1.75, 5_000);
    let answer = import(&administrator, 0, &[one.clone(), square("32", (106.75, -7.9), 2.1, 0)]);
    assert_eq!(answer.header("etag"), "\"1\"");
    let view = answer.expect(200);
    assert_eq!(
        view["items"][1],
        json!({"code": "36", "name": "Wilayah 36", "source": "Peta uji", "date": "2026-01-02",
            "accuracy_metres": 5_000, "corners": 4})
    );
    // Everybody who reads rules sees them; BKD imports too, and an old version is not overwritten.
    assert_eq!(codes(&app.employee("1.01").client), ["32", "36"]);
    let officer = app.official("bkd_officer");
    import(&officer, 0, std::slice::from_ref(&one)).problem(412, "stale_version");
    import(&officer, 1, &[one]).expect(200);
    assert_eq!(codes(&officer), ["36"]);
}

#[test]
fn the_coarse_file_that_ships_can_be_imported() {
    let app = TestApp::start();
    let officer = app.official("bkd_officer");
    let file = include_bytes!("../../data/regions/outlines_coarse.geojson");
    put(&officer, 0, file).expect(200);
    assert_eq!(codes(&officer), ["31", "32", "36"]);
}

#[test]
fn a_bad_feature_is_named_and_nothing_is_changed() {
    let app = TestApp::start();
    let officer = app.official("bkd_officer");
    let good = square("36", (105.0, -7.1), 1.75, 5_000);
    import(&officer, 0, std::slice::from_ref(&good)).expect(200);
    let bad = |change: &dyn Fn(&mut Value)| {
        let mut feature = square("32", (106.75, -7.9), 2.1, 0);
        change(&mut feature);
        import(&officer, 1, &[good.clone(), feature])
    };
    let crossing = bad(&|feature| {
        let ring = feature["geometry"]["coordinates"][0].as_array_mut().unwrap();
        ring.swap(1, 2);
    });
    let problem = crossing.names_field(422, "features[1].geometry");
    assert_eq!(problem["fields"][0]["code"], "crossing");
    assert!(
        problem["fields"][0]["message"]
            .as_str()
            .unwrap()
            .starts_with("Wilayah 32 (32):"),
        "{problem}"
    );
    bad(&|feature| feature["properties"]["code"] = json!("99")).names_field(422, "features[1].properties.code");
    bad(&|feature| feature["properties"]["code"] = json!("36")).names_field(422, "features[1].properties.code");
    bad(&|feature| feature["properties"]["source"] = json!("\u{0}")).names_field(422, "features[1].properties.source");
    bad(&|feature| feature["properties"]["accuracy_metres"] = json!(50_001))
        .names_field(422, "features[1].properties.accuracy_metres");
    bad(&|feature| feature["geometry"]["coordinates"][0][0] = json!([-7.9, 106.75]))
        .names_field(422, "features[1].geometry");
    bad(&|feature| feature["geometry"]["coordinates"][0] = json!([])).names_field(422, "features[1].geometry");
    put(&officer, 1, b"bukan json").names_field(422, "file");
    import(&officer, 1, &[]).names_field(422, "features");
    officer
        .put("/v1/region-outlines", &collection(std::slice::from_ref(&good)))
        .problem(428, "version_required");
    let text = officer.with_header("if-match", "\"1\"");
    text.send("PUT", "/v1/region-outlines", Some("text/plain"), b"{}")
        .problem(415, "unsupported_media_type");
    put(&officer, 1, &vec![b' '; 8 * 1024 * 1024 + 1]).problem(413, "body_too_large");
    let view = officer.get("/v1/region-outlines").expect(200);
    assert_eq!((&view["version"], codes(&officer)), (&json!(1), vec!["36".to_owned()]));
}
