//! Travel under circulars: what is banned is named by the circular's number, and only whoever it names lets it pass.

use crate::circular::{issued, text};
use crate::harness::TestApp;
use crate::harness::client::Client;
use crate::travel::{approve, asked, journey, scene, step};
use serde_json::{Value, json};
use sherlok::domain::circular::archive::archive;

/// A ban on travel out of the region in March 2026 that the given role may except.
fn ban(role: Option<&str>) -> Value {
    let mut travel = json!({"kind": "travel", "outside_region": "banned"});
    if let Some(role) = role {
        travel["exception_approver"] = json!("Sekretaris Daerah");
        travel["exception_role"] = json!(role);
    }
    text("5 Tahun 2026", &json!({"rules": [travel]}))
}

/// A circular of the press reports as it is sent to the register, without relations to others.
fn archived(number: &str) -> Value {
    let found = archive()
        .into_iter()
        .find(|archived| archived.content.number.as_str() == number);
    let mut body = serde_json::to_value(found.unwrap().content).unwrap();
    body["relations"] = json!([]);
    body
}

fn field(problem: &Value) -> (&str, &str) {
    let field = &problem["fields"][0];
    (field["code"].as_str().unwrap(), field["message"].as_str().unwrap())
}

#[test]
fn the_circular_of_june_2021_holds_a_journey_until_the_head_of_the_agency_excepts_it() {
    let app = TestApp::start();
    app.set_clock("2021-06-22T08:00:00+07:00");
    let officer = app.official("bkd_officer");
    issued(&officer, &archived("800/1357-BKD/2021"));
    let person = app.employee("1.01");
    let head = app.official("agency_head:1.01");
    let id = asked(&person, "32.73", "2021-06-24", "2021-06-25");
    let problem = step(&head, &id, "decision", &approve()).problem(409, "travel_banned");
    let (code, message) = field(&problem);
    assert_eq!(code, "travel_banned");
    assert!(
        message.contains("800/1357-BKD/2021") && message.contains("Kepala perangkat daerah"),
        "{message}"
    );
    assert_eq!(
        person.client.get("/v1/me/day?date=2021-06-24").expect(200)["mode"],
        "wfh"
    );
    // No other role, nor the same role elsewhere.
    for role in ["signer", "bkd_head", "agency_head:1.02"] {
        let other = app.official(role);
        step(&other, &id, "exception", &json!({"reason": "Boleh saja"})).problem(404, "not_found");
    }
    step(&head, &id, "exception", &json!({})).names_field(422, "reason");
    for _ in 0..2 {
        let view = step(&head, &id, "exception", &json!({"reason": "Rapat anggaran mendesak"})).expect(200);
        assert_eq!(view["state"], "submitted");
        let restriction = &view["restrictions"][0];
        assert_eq!(
            (
                &restriction["circular_number"],
                &restriction["role"],
                &restriction["exception"]["reason"]
            ),
            (
                &json!("800/1357-BKD/2021"),
                &json!("agency_head"),
                &json!("Rapat anggaran mendesak")
            )
        );
    }
    step(&head, &id, "decision", &approve()).expect(200);
    assert_eq!(
        person.client.get("/v1/me/day?date=2021-06-24").expect(200)["mode"],
        "duty_travel"
    );
    let told = person.client.get("/v1/me/notices").expect(200);
    let kinds: Vec<&str> = told["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|notice| notice["kind"].as_str().unwrap())
        .collect();
    assert!(
        kinds.contains(&"travel_excepted") && kinds.contains(&"travel_decided"),
        "{kinds:?}"
    );
}

#[test]
fn pandeglang_refuses_a_journey_by_its_circulars_number_and_names_nobody_who_excepts() {
    let app = TestApp::start();
    app.set_clock("2020-11-17T08:00:00+07:00");
    let officer = app.official("bkd_officer");
    let agency = json!({"code": "3.01", "name": "Dinas Pandeglang", "region_code": "36.01"});
    officer.post("/v1/agencies", &agency).expect(201);
    issued(&officer, &archived("800/2688-BKD/2020"));
    let person = app.employee("3.01");
    let refused = person
        .client
        .post("/v1/duty-travels", &journey("36.73", "2020-11-19", "2020-11-20"));
    let problem = refused.names_field(422, "destination_code");
    let (code, message) = field(&problem);
    assert_eq!(code, "travel_banned");
    assert!(message.contains("800/2688-BKD/2020"), "{message}");
    assert_eq!(person.client.get("/v1/me/duty-travels").expect(200)["items"], json!([]));
    let in_english = person.client.with_header("accept-language", "en");
    let problem = in_english
        .post("/v1/duty-travels", &journey("36.73", "2020-11-19", "2020-11-20"))
        .expect(422);
    assert!(
        field(&problem).1.starts_with("Circular 800/2688-BKD/2020 bans"),
        "{problem}"
    );
    // Within the regency, and after the circular's last day, it goes its way.
    person
        .client
        .post("/v1/duty-travels", &journey("36.01.21", "2020-11-19", "2020-11-20"))
        .expect(201);
    person
        .client
        .post("/v1/duty-travels", &journey("36.73", "2020-12-21", "2020-12-22"))
        .expect(201);
    // The province is not ruled by it.
    let other = app.employee("1.01");
    other
        .client
        .post("/v1/duty-travels", &journey("32.73", "2020-11-19", "2020-11-20"))
        .expect(201);
}

#[test]
fn the_first_circular_of_2020_asks_to_travel_only_where_it_is_urgent_and_holds_nothing() {
    let app = TestApp::start();
    app.set_clock("2020-03-23T08:00:00+07:00");
    let officer = app.official("bkd_officer");
    issued(&officer, &archived("800/734-BKD/2020"));
    let person = app.employee("1.01");
    let head = app.official("agency_head:1.01");
    let id = asked(&person, "31.71", "2020-03-24", "2020-03-24");
    let view = head.get(&format!("/v1/duty-travels/{id}")).expect(200);
    assert_eq!(
        (
            &view["restrictions"][0]["circular_number"],
            &view["restrictions"][0]["is_ban"]
        ),
        (&json!("800/734-BKD/2020"), &json!(false))
    );
    step(&head, &id, "exception", &json!({"reason": "Mendesak"})).problem(404, "not_found");
    step(&head, &id, "decision", &approve()).expect(200);
}

#[test]
fn only_the_role_that_the_rule_names_excepts_and_never_from_its_own() {
    let scene = scene();
    let officer = scene.app.official("bkd_officer");
    issued(&officer, &ban(Some("signer")));
    let id = asked(&scene.team.member, "32.73", "2026-03-05", "2026-03-06");
    let reason = json!({"reason": "Ditugaskan Gubernur"});
    for client in [&scene.head, &scene.app.official("bkd_head")] {
        step(client, &id, "exception", &reason).problem(404, "not_found");
    }
    for client in [
        &scene.team.superior.client,
        &scene.operator,
        &scene.team.member.client,
        &officer,
    ] {
        step(client, &id, "exception", &reason).problem(403, "forbidden");
    }
    let secretary = scene.app.official("signer");
    step(&secretary, &id, "exception", &reason).expect(200);
    // Whoever excepts does not decide.
    step(&secretary, &id, "decision", &approve()).problem(403, "forbidden");
    step(&scene.team.superior.client, &id, "decision", &approve()).expect(200);
    step(&secretary, &id, "exception", &reason).expect(200);
}

#[test]
fn a_ban_that_comes_after_the_asking_holds_the_decision() {
    let scene = scene();
    let officer = scene.app.official("bkd_officer");
    let inside = asked(&scene.team.member, "36.04", "2026-03-05", "2026-03-06");
    let outside = asked(&scene.team.member, "32.73", "2026-03-09", "2026-03-10");
    let later = asked(&scene.team.member, "32.73", "2026-04-01", "2026-04-02");
    let id = issued(&officer, &ban(Some("agency_head")));
    step(&scene.head, &inside, "decision", &approve()).expect(200);
    step(&scene.head, &later, "decision", &approve()).expect(200);
    step(&scene.head, &outside, "decision", &approve()).problem(409, "travel_banned");
    // Refusing needs no exception; neither does a ban that is gone.
    let back = json!({"from": "2026-03-09", "reason": "Keadaan pulih"});
    officer
        .post(&format!("/v1/circulars/{id}/revocation"), &back)
        .expect(200);
    step(&scene.head, &outside, "decision", &approve()).expect(200);
}

#[test]
fn a_ban_that_nobody_could_lift_holds_the_decision_too() {
    let scene = scene();
    let outside = asked(&scene.team.member, "32.73", "2026-03-09", "2026-03-10");
    issued(&scene.app.official("bkd_officer"), &ban(None));
    let problem = step(&scene.head, &outside, "decision", &approve()).problem(409, "travel_banned");
    assert!(field(&problem).1.contains("5 Tahun 2026"), "{problem}");
    let said = json!({"decision": "refuse", "note": "Dilarang surat edaran"});
    step(&scene.head, &outside, "decision", &said).expect(200);
}

#[test]
fn a_roster_does_not_go_around_a_ban() {
    let scene = scene();
    let set = |client: &Client, date: &str| {
        let items = json!([{"employee_id": scene.team.member.id.uuid(), "date": date, "mode": "duty_travel", "reason": "Surat tugas 12"}]);
        client.post("/v1/rosters", &json!({"agency": "1.01", "items": items}))
    };
    set(&scene.operator, "2026-03-05").expect(200);
    issued(&scene.app.official("bkd_officer"), &ban(Some("agency_head")));
    let problem = set(&scene.operator, "2026-03-06").names_field(422, "items[0].mode");
    assert!(field(&problem).1.contains("5 Tahun 2026"), "{problem}");
    // Outside the circular's days, and for a day that has passed, it may.
    set(&scene.operator, "2026-04-01").expect(200);
    set(&scene.operator, "2026-02-27").expect(200);
}

#[test]
fn a_circular_names_only_authorities_who_except() {
    let app = TestApp::start();
    let officer = app.official("bkd_officer");
    let draft = officer.post("/v1/circulars", &ban(Some("agency_operator")));
    let view = draft.json();
    let id = view["id"].as_str().map(str::to_owned);
    let refused = match id {
        Some(id) => officer.post(&format!("/v1/circulars/{id}/issue"), &json!({})),
        None => draft,
    };
    refused.names_field(422, "rules[0].exception_role");
}
