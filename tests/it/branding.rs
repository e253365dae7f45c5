//! A government's own name, crest and colours, by the real binary: served, and refused by name where they can't be read.

use crate::harness::TestApp;
use crate::harness::process::Service;

#[test]
fn what_is_set_is_served_and_asked_for_anew() {
    let directory = tempfile::tempdir().unwrap();
    let crest = directory.path().join("lambang");
    std::fs::write(&crest, "<svg xmlns='http://www.w3.org/2000/svg'/>").unwrap();
    let mut service = Service::prepare()
        .with("SHERLOK_GOVERNMENT_NAME", "Pemerintah Provinsi Contoh")
        .with("SHERLOK_CREST", &crest.display().to_string())
        .with("SHERLOK_ACTION_COLOUR", "#8A1538")
        .with("SHERLOK_ACTION_COLOUR_DARK", "#f2a0b5")
        .with("SHERLOK_MAP_TILES", "https://tiles.example/{z}/{x}/{y}.png")
        .with("SHERLOK_MAP_ATTRIBUTION", "© Contoh");
    service.start();
    let client = service.client();
    let colours = client.get("/branding/colours.css");
    assert_eq!(colours.header("content-type"), "text/css; charset=utf-8");
    let text = colours.text();
    for part in [
        "--government:\"Pemerintah Provinsi Contoh\"",
        "--crest:url(\"/branding/crest\")",
        "--action:#8a1538",
        "--action:#f2a0b5",
    ] {
        assert!(text.contains(part), "{text}");
    }
    let known = client.with_header("if-none-match", colours.header("etag"));
    let again = known.get("/branding/colours.css");
    assert_eq!((again.status, again.bytes.len()), (304, 0));
    let crest = client.get("/branding/crest");
    assert_eq!(crest.header("content-type"), "image/svg+xml");
    assert!(crest.header("content-security-policy").contains("sandbox"));
    let operator = service.add_official(sherlok::domain::access::Role::AgencyOperator);
    let map = service.signed_in(&operator).get("/v1/map").expect(200);
    assert_eq!(
        map,
        serde_json::json!({
            "basemap": "tiles", "url": "https://tiles.example/{z}/{x}/{y}.png", "attribution": "© Contoh",
        })
    );
    let page = client.get("/app/");
    if page.status == 200 {
        assert!(
            page.header("content-security-policy")
                .contains("img-src 'self' data: https://tiles.example;")
        );
    }
}

#[test]
fn without_settings_nothing_is_changed() {
    let app = TestApp::start();
    let colours = app.nobody().get("/branding/colours.css");
    assert_eq!((colours.status, colours.text().as_str()), (200, ""));
    assert_eq!(app.nobody().get("/branding/crest").status, 404);
}

#[test]
fn what_nobody_could_read_is_refused_at_the_start_by_its_setting() {
    for (name, value, why) in [
        ("SHERLOK_ACTION_COLOUR", "#e08a00", "4.5 is needed"),
        ("SHERLOK_ACTION_COLOUR_DARK", "#0f5257", "4.5 is needed"),
        ("SHERLOK_ACTION_COLOUR", "teal", "six digits"),
        ("SHERLOK_CREST", "/dev/null", "neither an SVG nor a PNG"),
    ] {
        let service = Service::prepare().with(name, value);
        assert!(!service.run_to_its_end().success(), "{name}={value}");
        let log = service.log();
        assert!(
            log.contains(&format!("{name} is not valid")) && log.contains(why),
            "{log}"
        );
    }
}
