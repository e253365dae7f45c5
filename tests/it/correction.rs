//! The right of correction through its routes: asked for, considered, decided, and what it does to the recap.

use crate::harness::TestApp;
use crate::harness::client::Client;
use crate::harness::homes::HOME;
use crate::harness::rosters::notices;
use crate::harness::shares::{MORNING, claim, share};
use crate::harness::teams::{Team, team};
use serde_json::{Value, json};
use sherlok::domain::work_mode::WorkMode;
use uuid::Uuid;

const DATE: &str = "2026-02-04";

fn wish(kind: &str) -> Value {
    json!({"id": Uuid::now_v7(), "date": DATE, "kind": kind, "reason": "Ponsel saya rusak hari itu"})
}

fn with(field: &str, value: Value) -> Value {
    let mut body = wish("attended");
    body[field] = value;
    body
}

fn submitted(client: &Client, body: &Value) -> String {
    let view = client.post("/v1/corrections", body).expect(201);
    assert_eq!(view["state"], "submitted");
    view["id"].as_str().unwrap().to_owned()
}

fn step(client: &Client, id: &str, step: &str, version: i32, body: &Value) -> crate::harness::client::Answer {
    client
        .with_header("if-match", &format!("\"{version}\""))
        .post(&format!("/v1/corrections/{id}/{step}"), body)
}

/// What stands in the member's cell of the date.
fn sign(operator: &Client, team: &Team) -> String {
    let recap = operator.get("/v1/agencies/1.01/recaps/2026-02?version=0").expect(200);
    let id = team.member.id.uuid().to_string();
    let line = recap["items"]
        .as_array()
        .unwrap()
        .iter()
        .find(|line| line["employee_id"] == id)
        .unwrap();
    let day = line["days"]
        .as_array()
        .unwrap()
        .iter()
        .find(|day| day["date"] == DATE)
        .unwrap();
    day["sign"].as_str().unwrap().to_owned()
}

/// A team whose member shared nothing on a day at home, and the agency's operator.
fn scene() -> (TestApp, Team, Client) {
    let (app, team) = team();
    app.assign(&team.member, DATE, WorkMode::Wfh);
    let operator = app.official("agency_operator:1.01");
    (app, team, operator)
}

#[test]
fn a_correction_is_supported_by_the_superior_and_accepted_by_the_operator() {
    let (_app, team, operator) = scene();
    assert_eq!(sign(&operator, &team), "TK");
    let id = submitted(&team.member.client, &wish("attended"));
    let notes = operator.get("/v1/agencies/1.01/recaps/2026-02").expect(200)["notes"].clone();
    assert_eq!(notes[0]["message"], "1 permohonan koreksi menunggu keputusan.");
    let superior = &team.superior.client;
    let waiting = superior.get("/v1/corrections?state=submitted").expect(200);
    assert_eq!(waiting["items"][0]["id"], id);
    let considered = step(superior, &id, "consideration", 1, &json!({"support": true})).expect(200);
    assert_eq!(
        (&considered["state"], &considered["supported"]),
        (&json!("considered"), &json!(true))
    );
    assert_eq!(sign(&operator, &team), "TK");
    let decided = step(
        &operator,
        &id,
        "decision",
        2,
        &json!({"accept": true, "note": "Terbukti"}),
    )
    .expect(200);
    assert_eq!(
        (&decided["state"], &decided["version"]),
        (&json!("accepted"), &json!(3))
    );
    assert_eq!(sign(&operator, &team), "R");
    let told = &notices(&team.member.client, "correction_decided")[0];
    assert_eq!(
        told["body"],
        "Koreksi yang Anda ajukan untuk 4 Februari 2026 diterima. Catatan: Terbukti. Rekap sudah memakainya; tidak ada \
         yang perlu dilakukan."
    );
    // The trail stays with the person.
    let own = team.member.client.get("/v1/me/corrections").expect(200);
    assert_eq!(
        (&own["items"][0]["decision_note"], &own["items"][0]["supported"]),
        (&json!("Terbukti"), &json!(true))
    );
    step(&operator, &id, "decision", 3, &json!({"accept": false, "note": "Lain"})).problem(409, "wrong_state");
}

#[test]
fn one_slot_a_mode_and_a_permission_each_do_their_own() {
    let (_app, team, operator) = scene();
    let accept = |body: &Value| {
        let id = submitted(&team.member.client, body);
        step(&operator, &id, "decision", 1, &json!({"accept": true})).expect(200);
    };
    accept(&with("slot", json!("morning")));
    assert_eq!(sign(&operator, &team), "R*");
    let mut travel = wish("mode");
    travel["mode"] = json!("duty_travel");
    accept(&travel);
    assert_eq!(sign(&operator, &team), "DL");
    let roster = operator
        .get(&format!("/v1/rosters?agency=1.01&from={DATE}&to={DATE}"))
        .expect(200);
    assert_eq!(
        (&roster["items"][0]["mode"], &roster["items"][0]["source"]),
        (&json!("duty_travel"), &json!("correction"))
    );
    accept(&wish("permission"));
    assert_eq!(sign(&operator, &team), "I");
}

#[test]
fn a_refusal_needs_a_reason_and_changes_nothing_of_the_day() {
    let (_app, team, operator) = scene();
    let id = submitted(&team.member.client, &wish("attended"));
    let superior = &team.superior.client;
    step(superior, &id, "consideration", 1, &json!({"support": false})).names_field(422, "note");
    step(
        superior,
        &id,
        "consideration",
        1,
        &json!({"support": false, "note": "  "}),
    )
    .names_field(422, "note");
    let said = json!({"support": false, "note": "Tidak ada bukti"});
    step(superior, &id, "consideration", 2, &said).problem(412, "stale_version");
    step(superior, &id, "consideration", 1, &said).expect(200);
    step(superior, &id, "consideration", 2, &said).problem(409, "wrong_state");
    step(&operator, &id, "decision", 2, &json!({"accept": false})).names_field(422, "note");
    let refused = step(
        &operator,
        &id,
        "decision",
        2,
        &json!({"accept": false, "note": "Belum terbukti"}),
    )
    .expect(200);
    assert_eq!(refused["state"], "refused");
    assert_eq!(sign(&operator, &team), "TK");
    let notes = operator.get("/v1/agencies/1.01/recaps/2026-02").expect(200)["notes"].clone();
    assert_eq!(notes, json!([]));
}

#[test]
fn the_same_id_is_the_same_correction_and_another_content_a_conflict() {
    let (_app, team, operator) = scene();
    let body = wish("attended");
    submitted(&team.member.client, &body);
    team.member.client.post("/v1/corrections", &body).expect(200);
    let mut other = body.clone();
    other["reason"] = json!("Alasan yang sama sekali lain");
    team.member
        .client
        .post("/v1/corrections", &other)
        .problem(409, "id_conflict");
    // The same id of another person is that person's own.
    team.colleague.client.post("/v1/corrections", &body).expect(201);
    assert_eq!(
        operator.get("/v1/corrections").expect(200)["items"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
    assert_eq!(
        team.member.client.get("/v1/me/corrections").expect(200)["items"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
}

#[test]
fn what_is_wrong_is_named_and_nothing_is_stored() {
    let (_app, team, _operator) = scene();
    let cases = [
        (with("id", json!("7c9e6679-7425-40de-944b-e07fc1f90ae7")), "id"),
        (with("id", json!("x")), "id"),
        (with("date", json!("2026-03-03")), "date"),
        (with("date", json!("2025-02-28")), "date"),
        (with("slot", json!("noon")), "slot"),
        (with("kind", json!("right")), "kind"),
        (with("kind", json!("mode")), "mode"),
        (with("mode", json!("wfo")), "mode"),
        (with("reason", json!("Sakit")), "reason"),
        (with("reason", json!("          x")), "reason"),
        (with("reason", json!("x".repeat(1_001))), "reason"),
        (with("link", json!("ftp://contoh.go.id")), "link"),
        (with("employee_id", json!(Uuid::nil())), "employee_id"),
    ];
    for (body, field) in cases {
        team.member
            .client
            .post("/v1/corrections", &body)
            .names_field(422, field);
    }
    let mut slotted = wish("permission");
    slotted["slot"] = json!("morning");
    team.member
        .client
        .post("/v1/corrections", &slotted)
        .names_field(422, "slot");
    assert!(
        team.member.client.get("/v1/me/corrections").expect(200)["items"]
            .as_array()
            .unwrap()
            .is_empty()
    );
}

#[test]
fn strangers_find_no_correction_and_nobody_decides_on_their_own() {
    let (app, team, operator) = scene();
    let id = submitted(&team.member.client, &wish("attended"));
    let accept = json!({"accept": true});
    step(
        &team.other_superior.client,
        &id,
        "consideration",
        1,
        &json!({"support": true}),
    )
    .problem(404, "not_found");
    let foreign = app.official("agency_operator:1.02");
    step(&foreign, &id, "decision", 1, &accept).problem(404, "not_found");
    assert!(
        foreign.get("/v1/corrections").expect(200)["items"]
            .as_array()
            .unwrap()
            .is_empty()
    );
    for client in [
        &team.member.client,
        &app.official("bkd_officer"),
        &app.official("administrator"),
    ] {
        step(client, &id, "decision", 1, &accept).problem(403, "forbidden");
        client.get("/v1/corrections").problem(403, "forbidden");
    }
    operator.post("/v1/corrections", &json!({})).problem(403, "forbidden");
    // An operator who is on the staff asks like everybody else, and somebody else decides.
    let username = &team.member.username;
    let administrator = app.official("administrator");
    let grant = json!({"role": "agency_operator", "agency": "1.01"});
    let granted = administrator.post(&format!("/v1/accounts/{username}/roles"), &grant);
    assert!(granted.status < 300, "{}", granted.text());
    let both = app.signed_in(username);
    step(&both, &id, "decision", 1, &accept).problem(409, "second_person_needed");
    step(&operator, &id, "decision", 1, &accept).expect(200);
}

#[test]
fn whoever_considers_or_decides_sees_the_day_as_it_stands() {
    let (app, team, operator) = scene();
    let id = submitted(&team.member.client, &wish("attended"));
    let path = format!("/v1/corrections/{id}/day");
    for client in [&team.superior.client, &operator] {
        let day = client.get(&path).expect(200);
        assert_eq!((&day["date"], &day["mode"]), (&json!(DATE), &json!("wfh")));
        let slots = day["slots"].as_array().unwrap();
        assert_eq!(slots.len(), 3);
        for slot in slots {
            assert_eq!((&slot["state"], &slot["flags"]), (&json!("missed"), &json!([])));
            assert!(
                slot.get("place").is_none() && slot.get("captured_at").is_none(),
                "{slot}"
            );
        }
    }
    for stranger in [
        &team.colleague.client,
        &app.official("agency_head:1.01"),
        &app.official("bkd_head"),
    ] {
        stranger.get(&path).problem(403, "forbidden");
    }
    for stranger in [&team.other_superior.client, &app.official("agency_operator:1.02")] {
        stranger.get(&path).problem(404, "not_found");
    }
}

#[test]
fn the_day_of_a_correction_tells_a_share_without_its_position() {
    let (app, team, operator) = scene();
    app.verified_home(&team.member, HOME, "2026-01-05");
    app.assign(&team.member, "2026-03-02", WorkMode::Wfh);
    share(&team.member.client, &claim(MORNING, 900.0, 18.5, 1)).expect(201);
    let body = with("date", json!("2026-03-02"));
    let id = submitted(&team.member.client, &body);
    let answer = operator.get(&format!("/v1/corrections/{id}/day"));
    let text = answer.text();
    assert!(!text.contains("latitude") && !text.contains("distance"), "{text}");
    let morning = &answer.expect(200)["slots"][0];
    assert_eq!(
        (&morning["state"], &morning["place"], &morning["captured_at"]),
        (&json!("received"), &json!("outside"), &json!(MORNING))
    );
}
