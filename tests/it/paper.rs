//! Documents as PDF through their routes: the recap, the letter of leave and the roster.

use crate::harness::TestApp;
use crate::harness::client::Client;
use crate::harness::rosters;
use crate::leave::{scene, step};
use lopdf::Document;
use serde_json::json;
use sherlok::domain::work_mode::WorkMode;

/// The PDF behind an address, with its number of pages.
fn pdf(client: &Client, path: &str) -> (Vec<u8>, usize) {
    let answer = client.get(path);
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.header("content-type"), "application/pdf");
    assert!(answer.header("content-disposition").ends_with(".pdf\""));
    let pages = Document::load_mem(&answer.bytes).unwrap().get_pages().len();
    (answer.bytes.clone(), pages)
}

#[test]
fn a_recap_is_printed_for_those_who_read_recaps() {
    let app = TestApp::start();
    let operator = app.official("agency_operator:1.01");
    let person = app.employee("1.01");
    app.assign(&person, "2026-02-03", WorkMode::Wfh);
    app.full_day(&person, "2026-02-03");
    let path = "/v1/agencies/1.01/recaps/2026-02.pdf";
    let (first, pages) = pdf(&operator, path);
    assert_eq!(pages, 1);
    assert_eq!(
        pdf(&operator, path).0,
        first,
        "the same facts at the same time, the same bytes"
    );
    person.client.get(path).problem(403, "forbidden");
    app.official("agency_operator:1.02").get(path).problem(404, "not_found");
    operator
        .get("/v1/agencies/1.01/recaps/2026-13.pdf")
        .problem(404, "not_found");
}

#[test]
fn a_letter_of_leave_is_printed_for_its_holder_and_its_officers() {
    let scene = scene();
    let id = scene.granted("annual", "2026-03-09", "2026-03-11");
    let letter = step(&scene.head, &id, "letter", &json!({})).expect(200);
    let path = format!("/v1/letters/{}/file.pdf", letter["id"].as_str().unwrap());
    let (_, pages) = pdf(&scene.team.member.client, &path);
    assert_eq!(pages, 1);
    pdf(&scene.head, &path);
    scene.app.employee("1.01").client.get(&path).problem(404, "not_found");
    scene.app.nobody().get(&path).problem(401, "unauthenticated");
}

#[test]
fn a_roster_is_printed_for_those_who_read_it() {
    let scene = rosters::scene(&rosters::half_at_home());
    let id = scene.made("2026-03-02", "2026-03-06");
    let path = format!("/v1/rosters/{id}/file.pdf");
    let (_, pages) = pdf(&scene.operator, &path);
    assert_eq!(pages, 1);
    // BKD sees what was handed in, nobody else's agency anything.
    scene.bkd.get(&path).problem(404, "not_found");
    rosters::submit(&scene.head, &id, 1, &json!({})).expect(200);
    pdf(&scene.bkd, &path);
    scene
        .app
        .official("agency_operator:1.02")
        .get(&path)
        .problem(404, "not_found");
    scene.people[0].client.get(&path).problem(403, "forbidden");
    assert!(scene.actions(&id).iter().any(|(action, _)| action == "read_file"));
}
