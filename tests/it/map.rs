//! What maps are drawn on: which basemap there is, its file in parts, and what ships.

use crate::harness::TestApp;
use crate::harness::client::{Answer, Client};
use serde_json::json;

const BASEMAP: &str = "/map/basemap.pmtiles";

fn part(client: &Client, range: &str) -> Answer {
    client.with_header("range", range).get(BASEMAP)
}

#[test]
fn a_basemap_is_there_as_soon_as_its_file_is() {
    let app = TestApp::start();
    let officer = app.official("bkd_officer");
    app.nobody().get("/v1/map").problem(401, "unauthenticated");
    assert_eq!(officer.get("/v1/map").expect(200), json!({ "basemap": "none" }));
    app.nobody().get(BASEMAP).problem(404, "not_found");
    std::fs::write(app.app().directory().join("basemap.pmtiles"), b"PMTiles").unwrap();
    assert_eq!(
        officer.get("/v1/map").expect(200),
        json!({ "basemap": "file", "url": BASEMAP })
    );
    assert_eq!(app.nobody().get(BASEMAP).text(), "PMTiles");
}

#[test]
fn a_basemap_is_read_in_parts() {
    let app = TestApp::start();
    let path = app.app().directory().join("basemap.pmtiles");
    // More than one piece, and not a multiple of it.
    let content: Vec<u8> = (0..700_001_u32).map(|index| index.to_le_bytes()[1]).collect();
    std::fs::write(&path, &content).unwrap();
    let client = app.nobody();

    let whole = client.get(BASEMAP);
    assert_eq!((whole.status, whole.header("accept-ranges")), (200, "bytes"));
    assert_eq!(whole.header("content-type"), "application/vnd.pmtiles");
    assert_eq!(whole.header("content-length"), "700001");
    assert!(whole.bytes == content);
    for (range, from, to) in [
        ("bytes=0-126", 0, 127),
        ("bytes=262143-262145", 262_143, 262_146),
        ("bytes=-5", 699_996, 700_001),
    ] {
        let answer = part(&client, range);
        assert_eq!(answer.status, 206, "{range}");
        assert_eq!(
            answer.header("content-range"),
            format!("bytes {from}-{}/700001", to - 1)
        );
        assert_eq!(answer.header("content-length"), (to - from).to_string());
        assert!(answer.bytes == content[from..to], "{range}");
    }
    let large = part(&client, "bytes=1-");
    assert!(large.status == 206 && large.bytes == content[1..]);
    let beyond = part(&client, "bytes=700001-");
    assert_eq!((beyond.status, beyond.header("content-range")), (416, "bytes */700001"));
    assert_eq!(
        part(&client, "bytes=0-1,5-6").status,
        200,
        "several parts are answered with the whole"
    );

    let tag = whole.header("etag").to_owned();
    assert_eq!(client.with_header("if-none-match", &tag).get(BASEMAP).status, 304);
    let same = client.with_header("if-range", &tag);
    assert_eq!(part(&same, "bytes=0-1").status, 206);
    std::fs::write(&path, b"another one").unwrap();
    let other = part(&same, "bytes=0-1");
    assert_eq!((other.status, other.text().as_str()), (200, "another one"));
    let head = client.send("HEAD", BASEMAP, None, b"");
    assert_eq!(
        (head.status, head.header("content-length"), head.bytes.len()),
        (200, "11", 0)
    );
}

#[test]
fn outlines_and_names_ship_with_the_service() {
    let app = TestApp::start();
    let outlines = app.nobody().get("/map/provinces.geojson");
    assert_eq!(outlines.header("content-type"), "application/geo+json");
    let codes: Vec<_> = outlines.json()["features"]
        .as_array()
        .unwrap()
        .iter()
        .map(|feature| feature["properties"]["code"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(codes, ["31", "32", "36"]);
    let labels = app.nobody().get("/map/villages.json");
    assert_eq!(labels.header("content-type"), "application/json");
    let labels = labels.json();
    assert_eq!(
        labels.as_array().unwrap().len(),
        sherlok::domain::village::villages().len()
    );
    for label in labels.as_array().unwrap() {
        let (latitude, longitude) = (
            label["latitude"].as_f64().unwrap(),
            label["longitude"].as_f64().unwrap(),
        );
        assert!(
            (-7.1..-5.5).contains(&latitude) && (104.9..106.9).contains(&longitude),
            "{label}"
        );
    }
}
