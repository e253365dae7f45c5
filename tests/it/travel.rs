//! Duty travel through its routes: asked for, decided, made, reported; its days taken from the roster and given back.

use crate::harness::TestApp;
use crate::harness::client::{Answer, Client};
use crate::harness::people::Person;
use crate::harness::teams::{Team, team};
use serde_json::{Value, json};
use sherlok::domain::work_mode::WorkMode;
use sherlok::store;
use uuid::Uuid;

/// An agency with its team, its operator and its head as officials.
pub(crate) struct Scene {
    pub(crate) app: TestApp,
    pub(crate) team: Team,
    pub(crate) operator: Client,
    pub(crate) head: Client,
}

pub(crate) fn scene() -> Scene {
    let (app, team) = team();
    Scene {
        operator: app.official("agency_operator:1.01"),
        head: app.official("agency_head:1.01"),
        app,
        team,
    }
}

/// A journey with a fresh id, handed in at once.
pub(crate) fn journey(destination_code: &str, from: &str, to: &str) -> Value {
    json!({
        "id": Uuid::now_v7(), "destination_code": destination_code, "from": from, "to": to, "submit": true,
        "purpose": "Rapat koordinasi kepegawaian", "basis": "Undangan BKN nomor 12",
        "virtual_alternative_considered": true,
    })
}

pub(crate) fn step(client: &Client, id: &str, step: &str, body: &Value) -> Answer {
    client.post(&format!("/v1/duty-travels/{id}/{step}"), body)
}

pub(crate) fn approve() -> Value {
    json!({"decision": "approve", "letter_number": "800/12-ST/2026"})
}

/// Asks for a journey; gives the id.
pub(crate) fn asked(person: &Person, destination_code: &str, from: &str, to: &str) -> String {
    let view = person
        .client
        .post("/v1/duty-travels", &journey(destination_code, from, to))
        .expect(201);
    assert_eq!(view["state"], "submitted");
    view["id"].as_str().unwrap().to_owned()
}

impl Scene {
    /// Asks for a journey of the team's member that the head approves; gives the id.
    pub(crate) fn approved(&self, destination_code: &str, from: &str, to: &str) -> String {
        let id = asked(&self.team.member, destination_code, from, to);
        step(&self.head, &id, "decision", &approve()).expect(200);
        id
    }

    fn read(&self, id: &str) -> Value {
        let mut member = self.team.member.client.clone();
        member.renew();
        member.get(&format!("/v1/duty-travels/{id}")).expect(200)
    }

    /// The chain of a journey's events: action and state.
    fn actions(&self, id: &str) -> Vec<(String, Option<String>)> {
        let subject = format!("{}/{id}", self.team.member.id);
        let links = self
            .app
            .app()
            .store()
            .read(|connection| store::event::list(connection, "duty_travel", &subject))
            .unwrap();
        links.into_iter().map(|link| (link.action, link.to_state)).collect()
    }
}

fn ids(client: &Client, query: &str) -> Vec<String> {
    let page = client.get(&format!("/v1/duty-travels{query}")).expect(200);
    let items = page["items"].as_array().unwrap().clone();
    items
        .iter()
        .map(|item| item["id"].as_str().unwrap().to_owned())
        .collect()
}

fn day(person: &Person, date: &str) -> Value {
    person.client.get(&format!("/v1/me/day?date={date}")).expect(200)
}

fn notices(person: &Person) -> Vec<String> {
    let told = person.client.get("/v1/me/notices").expect(200);
    let items = told["items"].as_array().unwrap().clone();
    items
        .iter()
        .map(|notice| notice["kind"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn a_journey_goes_its_way_from_asking_to_closing() {
    let scene = scene();
    let member = &scene.team.member;
    let body = journey("73.71", "2026-03-05", "2026-03-10");
    let view = member.client.post("/v1/duty-travels", &body).expect(201);
    assert_eq!(
        view["destination"],
        json!({"code": "73.71", "name": "Kota Makassar, Sulawesi Selatan"})
    );
    assert_eq!(
        (&view["zone"], &view["is_outside_region"], &view["restrictions"]),
        (&json!("Asia/Makassar"), &json!(true), &json!([]))
    );
    // The same again is the same; another claim under the id is not.
    member.client.post("/v1/duty-travels", &body).expect(200);
    let mut other = body.clone();
    other["to"] = json!("2026-03-11");
    member
        .client
        .post("/v1/duty-travels", &other)
        .problem(409, "id_conflict");
    let id = view["id"].as_str().unwrap().to_owned();
    // It waits for superior and head, the operator sees it too, and nothing is taken yet.
    for client in [&scene.team.superior.client, &scene.head, &scene.operator] {
        assert_eq!(ids(client, ""), [id.as_str()]);
    }
    assert_eq!(day(member, "2026-03-05")["mode"], "wfo");
    step(&scene.operator, &id, "decision", &approve()).problem(403, "forbidden");
    for _ in 0..2 {
        let view = step(&scene.team.superior.client, &id, "decision", &approve()).expect(200);
        assert_eq!(
            (&view["state"], &view["letter_number"], &view["decision"]["is_approved"]),
            (&json!("approved"), &json!("800/12-ST/2026"), &json!(true))
        );
    }
    step(
        &scene.head,
        &id,
        "decision",
        &json!({"decision": "refuse", "note": "Tidak jadi"}),
    )
    .problem(409, "wrong_state");
    assert_eq!(ids(&scene.head, ""), [""; 0]);
    assert_eq!(ids(&scene.head, "?state=approved"), [id.as_str()]);
    // Work days are days of the journey, free ones stay free.
    for (date, mode) in [
        ("2026-03-04", "wfo"),
        ("2026-03-05", "duty_travel"),
        ("2026-03-07", "off"),
        ("2026-03-10", "duty_travel"),
        ("2026-03-11", "wfo"),
    ] {
        assert_eq!(day(member, date)["mode"], mode, "{date}");
    }
    assert_eq!(notices(member), ["travel_decided"]);
    step(
        &member.client,
        &id,
        "report",
        &json!({"report": "Rapat menghasilkan notula."}),
    )
    .problem(409, "wrong_state");
    scene.app.set_clock("2026-03-05T00:30:00+08:00");
    assert_eq!(scene.read(&id)["state"], "ongoing");
    scene.app.set_clock("2026-03-11T09:00:00+07:00");
    let [mut member, mut head] = [member.client.clone(), scene.head.clone()];
    member.renew();
    head.renew();
    for _ in 0..2 {
        let told = json!({"report": "Rapat menghasilkan notula."});
        assert_eq!(step(&member, &id, "report", &told).expect(200)["state"], "reported");
    }
    for _ in 0..2 {
        assert_eq!(step(&head, &id, "closure", &json!({})).expect(200)["state"], "closed");
    }
    step(&member, &id, "cancellation", &json!({"reason": "Terlambat"})).problem(409, "wrong_state");
    let chain = scene.actions(&id);
    let actions: Vec<&str> = chain.iter().map(|(action, _)| action.as_str()).collect();
    assert_eq!(actions, ["create", "decide", "report", "close"]);
}

#[test]
fn a_draft_is_its_travellers_alone_until_it_is_handed_in() {
    let scene = scene();
    let member = &scene.team.member;
    let mut body = journey("32.73", "2026-03-05", "2026-03-06");
    body["submit"] = json!(false);
    let view = member.client.post("/v1/duty-travels", &body).expect(201);
    assert_eq!(view["state"], "draft");
    let id = view["id"].as_str().unwrap();
    let path = format!("/v1/duty-travels/{id}");
    for client in [&scene.team.superior.client, &scene.head, &scene.team.colleague.client] {
        client.get(&path).problem(404, "not_found");
    }
    step(&scene.head, id, "decision", &approve()).problem(404, "not_found");
    for _ in 0..2 {
        assert_eq!(
            step(&member.client, id, "submission", &json!({})).expect(200)["state"],
            "submitted"
        );
    }
    scene.head.get(&path).expect(200);
    // Of another agency, or of no unit above: nothing to see.
    for client in [
        &scene.team.stranger.client,
        &scene.team.other_superior.client,
        &scene.team.colleague.client,
    ] {
        client.get(&path).problem(404, "not_found");
    }
    let other_head = scene.app.official("agency_head:1.02");
    other_head.get(&path).problem(404, "not_found");
    step(&other_head, id, "decision", &approve()).problem(404, "not_found");
    let list = member.client.get("/v1/me/duty-travels").expect(200);
    assert_eq!(list["items"].as_array().unwrap().len(), 1);
}

#[test]
fn what_a_journey_does_not_meet_is_named_by_its_field_and_nothing_is_kept() {
    let scene = scene();
    let member = &scene.team.member.client;
    let post = |change: &Value| {
        let mut body = journey("73.71", "2026-03-05", "2026-03-06");
        for (key, value) in change.as_object().unwrap() {
            body[key] = value.clone();
        }
        member.post("/v1/duty-travels", &body)
    };
    for code in ["99", "36.99", "33.01.01", "ID", "Bandung"] {
        // A draft to nowhere is refused as well.
        for submit in [true, false] {
            let problem =
                post(&json!({"destination_code": code, "submit": submit})).names_field(422, "destination_code");
            assert_eq!(problem["fields"][0]["code"], "unknown_region", "{code}");
        }
    }
    post(&json!({"destination_code": "1"})).names_field(422, "destination_code");
    post(&json!({"to": "2026-03-04"})).names_field(422, "to");
    post(&json!({"to": "2026-06-05"})).names_field(422, "to");
    post(&json!({"from": "2026-01-29"})).names_field(422, "from");
    post(&json!({"from": "2026-03-07", "to": "2026-03-08"})).names_field(422, "from");
    post(&json!({"purpose": "  "})).names_field(422, "purpose");
    post(&json!({"id": Uuid::new_v4()})).names_field(422, "id");
    post(&json!({"travel": 1})).expect(422);
    scene.app.assign(&scene.team.member, "2026-03-06", WorkMode::Leave);
    let problem = post(&json!({})).names_field(422, "from");
    assert_eq!(problem["fields"][0]["code"], "absent_already");
    assert_eq!(member.get("/v1/me/duty-travels").expect(200)["items"], json!([]));
    post(&json!({"to": "2026-03-05"})).expect(201);
    // Its days are spoken for.
    let problem = post(&json!({"to": "2026-03-05"})).names_field(422, "from");
    assert_eq!(problem["fields"][0]["code"], "overlap");
}

#[test]
fn a_refused_journey_has_a_note_and_gives_its_days_free() {
    let scene = scene();
    let id = asked(&scene.team.member, "32.73", "2026-03-05", "2026-03-06");
    step(&scene.head, &id, "decision", &json!({"decision": "refuse"})).names_field(422, "note");
    let said = json!({"decision": "refuse", "note": "Ada pemeriksaan BPK"});
    let view = step(&scene.head, &id, "decision", &said).expect(200);
    assert_eq!(
        (&view["state"], &view["decision"]["note"]),
        (&json!("refused"), &json!("Ada pemeriksaan BPK"))
    );
    step(&scene.head, &id, "decision", &approve()).problem(409, "wrong_state");
    assert_eq!(day(&scene.team.member, "2026-03-05")["mode"], "wfo");
    asked(&scene.team.member, "32.73", "2026-03-05", "2026-03-06");
}

#[test]
fn nobody_decides_their_own_and_bkd_decides_where_nobody_stands_above() {
    let scene = scene();
    let bkd = scene.app.official("bkd_head");
    let own = asked(&scene.team.superior, "32.73", "2026-03-05", "2026-03-06");
    step(&scene.team.superior.client, &own, "decision", &approve()).problem(403, "forbidden");
    // The superior has a head above, so it is not for BKD.
    step(&bkd, &own, "decision", &approve()).problem(404, "not_found");
    step(&scene.team.head.client, &own, "decision", &approve()).expect(200);
    let heads = asked(&scene.team.head, "32.73", "2026-03-05", "2026-03-06");
    step(&scene.team.superior.client, &heads, "decision", &approve()).problem(404, "not_found");
    step(&bkd, &heads, "decision", &approve()).expect(200);
}

#[test]
fn a_journey_called_off_gives_its_days_back_to_the_roster() {
    let scene = scene();
    let member = &scene.team.member;
    scene.app.assign(member, "2026-03-05", WorkMode::Wfh);
    let id = scene.approved("73.71", "2026-03-05", "2026-03-06");
    assert_eq!(day(member, "2026-03-05")["mode"], "duty_travel");
    step(&member.client, &id, "cancellation", &json!({"reason": " "})).names_field(422, "reason");
    for _ in 0..2 {
        let view = step(&member.client, &id, "cancellation", &json!({"reason": "Rapat virtual"})).expect(200);
        assert_eq!(
            (&view["state"], &view["end_reason"]),
            (&json!("cancelled"), &json!("Rapat virtual"))
        );
    }
    assert_eq!(day(member, "2026-03-05")["mode"], "wfh");
    assert_eq!(day(member, "2026-03-06")["mode"], "wfo");
    // What the traveller did themselves is not told to them.
    assert_eq!(notices(member), ["travel_decided"]);
    // What an operator has set since stays.
    let id = scene.approved("73.71", "2026-03-05", "2026-03-06");
    let set = json!({"agency": "1.01", "items": [
        {"employee_id": member.id.uuid(), "date": "2026-03-06", "mode": "training", "reason": "Diklat mendadak"},
    ]});
    scene.operator.post("/v1/rosters", &set).expect(200);
    step(
        &scene.team.superior.client,
        &id,
        "cancellation",
        &json!({"reason": "Anggaran habis"}),
    )
    .expect(200);
    assert_eq!(day(member, "2026-03-05")["mode"], "wfh");
    assert_eq!(day(member, "2026-03-06")["mode"], "training");
    assert!(notices(member).contains(&"travel_ended".to_owned()));
}

#[test]
fn a_journey_called_off_under_way_keeps_its_days_up_to_today() {
    let scene = scene();
    let id = scene.approved("94.01", "2026-03-04", "2026-03-06");
    // Past midnight on the second day in Papua, and still the first in Banten.
    scene.app.set_clock("2026-03-04T23:00:00+07:00");
    let mut member = scene.team.member.client.clone();
    member.renew();
    let view = step(&member, &id, "cancellation", &json!({"reason": "Dipanggil pulang"})).expect(200);
    assert_eq!(
        (&view["state"], &view["to"]),
        (&json!("cancelled"), &json!("2026-03-05"))
    );
    let mode = |date: &str| member.get(&format!("/v1/me/day?date={date}")).expect(200)["mode"].clone();
    assert_eq!(mode("2026-03-05"), "duty_travel");
    assert_eq!(mode("2026-03-06"), "wfo");
    // Over is over.
    let again = scene.app.signed_in(&scene.team.member.username);
    let body = journey("32.73", "2026-03-06", "2026-03-06");
    let next = again.post("/v1/duty-travels", &body).expect(201)["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let mut head = scene.head.clone();
    head.renew();
    step(&head, &next, "decision", &approve()).expect(200);
    scene.app.set_clock("2026-03-06T09:00:00+07:00");
    member.renew();
    step(&member, &next, "cancellation", &json!({"reason": "Tidak jadi"})).problem(409, "wrong_state");
}

#[test]
fn leave_over_a_journey_falls_back_to_what_was_there_before_it() {
    let scene = scene();
    let member = &scene.team.member;
    scene.app.assign(member, "2026-03-09", WorkMode::Wfh);
    let id = scene.approved("73.71", "2026-03-09", "2026-03-10");
    let officer = scene.app.official("leave_officer:1.01");
    let leave = crate::leave::asked(member, "annual", "2026-03-09", "2026-03-09");
    crate::leave::step(&officer, &leave, "check", &json!({})).expect(200);
    crate::leave::step(
        &scene.team.superior.client,
        &leave,
        "consideration",
        &crate::leave::approve(),
    )
    .expect(200);
    crate::leave::step(&scene.head, &leave, "decision", &crate::leave::approve()).expect(200);
    crate::leave::step(&scene.head, &leave, "letter", &json!({})).expect(200);
    assert_eq!(day(member, "2026-03-09")["mode"], "leave");
    step(&member.client, &id, "cancellation", &json!({"reason": "Cuti"})).expect(200);
    assert_eq!(day(member, "2026-03-09")["mode"], "leave");
    crate::leave::step(&member.client, &leave, "cancellation", &json!({"reason": "Batal cuti"})).expect(200);
    assert_eq!(day(member, "2026-03-09")["mode"], "wfh");
    assert_eq!(day(member, "2026-03-10")["mode"], "wfo");
}

#[test]
fn two_who_decide_at_once_take_the_days_once() {
    let scene = scene();
    let id = asked(&scene.team.member, "73.71", "2026-03-09", "2026-03-10");
    let statuses: Vec<u16> = std::thread::scope(|threads| {
        let clients = [scene.head.clone(), scene.team.superior.client.clone()];
        let calls = clients.map(|client| {
            let id = &id;
            threads.spawn(move || step(&client, id, "decision", &approve()).status)
        });
        calls.into_iter().map(|call| call.join().unwrap()).collect()
    });
    assert_eq!(
        statuses.iter().filter(|status| **status == 200).count(),
        1,
        "{statuses:?}"
    );
    assert!(
        statuses.iter().all(|status| matches!(status, 200 | 409 | 412)),
        "{statuses:?}"
    );
    assert_eq!(day(&scene.team.member, "2026-03-09")["mode"], "duty_travel");
    assert_eq!(notices(&scene.team.member), ["travel_decided"]);
}

#[test]
fn a_list_goes_on_where_the_page_before_ended() {
    let scene = scene();
    let made: Vec<String> = ["2026-03-09", "2026-03-10", "2026-03-11"]
        .iter()
        .map(|date| asked(&scene.team.member, "32.73", date, date))
        .collect();
    let mut sorted = made.clone();
    sorted.sort();
    for client in [&scene.operator, &scene.team.superior.client] {
        let first = client.get("/v1/duty-travels?limit=2").expect(200);
        let cursor = first["next_cursor"].as_str().unwrap();
        let second = client
            .get(&format!("/v1/duty-travels?limit=2&cursor={cursor}"))
            .expect(200);
        assert_eq!(second["next_cursor"], Value::Null);
        let seen: Vec<&str> = [&first, &second]
            .iter()
            .flat_map(|page| page["items"].as_array().unwrap())
            .map(|item| item["id"].as_str().unwrap())
            .collect();
        assert_eq!(seen, sorted);
    }
    scene
        .operator
        .get("/v1/duty-travels?state=gone")
        .names_field(422, "state");
}
