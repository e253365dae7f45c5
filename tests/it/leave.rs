//! Leave through its routes: the whole way of a request, the four outcomes at both steps, and what comes back.

use crate::harness::TestApp;
use crate::harness::client::{Answer, Client};
use crate::harness::people::Person;
use crate::harness::teams::{Team, team};
use serde_json::{Value, json};
use sherlok::app::batch::job::Round;
use uuid::Uuid;

/// An agency with its team, its leave officer and its head.
pub(crate) struct Scene {
    pub(crate) app: TestApp,
    pub(crate) team: Team,
    pub(crate) officer: Client,
    pub(crate) head: Client,
}

pub(crate) fn scene() -> Scene {
    let (app, team) = team();
    Scene {
        officer: app.official("leave_officer:1.01"),
        head: app.official("agency_head:1.01"),
        app,
        team,
    }
}

/// A request with a fresh id, handed in at once.
pub(crate) fn request(kind: &str, from: &str, to: &str) -> Value {
    json!({
        "id": Uuid::now_v7(), "kind": kind, "from": from, "to": to, "submit": true,
        "reason": "Menjenguk orang tua yang dirawat", "evidence": "Surat RSUD nomor 12",
        "address": "Jalan Contoh 5, Serang", "phone": "0812-0000-0000",
    })
}

pub(crate) fn step(client: &Client, id: &str, step: &str, body: &Value) -> Answer {
    client.post(&format!("/v1/leave-requests/{id}/{step}"), body)
}

/// Asks for a leave; gives the id.
pub(crate) fn asked(person: &Person, kind: &str, from: &str, to: &str) -> String {
    let view = person
        .client
        .post("/v1/leave-requests", &request(kind, from, to))
        .expect(201);
    assert_eq!(view["state"], "submitted");
    view["id"].as_str().unwrap().to_owned()
}

pub(crate) fn approve() -> Value {
    json!({"outcome": "approve"})
}

impl Scene {
    /// Asks for a leave of the team's member that has gone as far as to the authority.
    pub(crate) fn considered(&self, kind: &str, from: &str, to: &str) -> String {
        let id = asked(&self.team.member, kind, from, to);
        step(&self.officer, &id, "check", &json!({})).expect(200);
        let view = step(&self.team.superior.client, &id, "consideration", &approve()).expect(200);
        assert_eq!(view["state"], "considered");
        id
    }

    /// Asks for a leave of the team's member that has its letter.
    pub(crate) fn granted(&self, kind: &str, from: &str, to: &str) -> String {
        let id = self.considered(kind, from, to);
        step(&self.head, &id, "decision", &approve()).expect(200);
        step(&self.head, &id, "letter", &json!({})).expect(200);
        id
    }

    fn state(&self, id: &str) -> Value {
        let view = self
            .team
            .member
            .client
            .get(&format!("/v1/leave-requests/{id}"))
            .expect(200);
        view["state"].clone()
    }

    pub(crate) fn left(&self) -> Value {
        self.team.member.client.get("/v1/me/leave-balance").expect(200)["left"].clone()
    }
}

fn ids(client: &Client, query: &str) -> Vec<String> {
    let page = client.get(&format!("/v1/leave-requests{query}")).expect(200);
    let items = page["items"].as_array().unwrap().clone();
    items
        .iter()
        .map(|item| item["id"].as_str().unwrap().to_owned())
        .collect()
}

pub(crate) fn day(person: &Person, date: &str) -> Value {
    person.client.get(&format!("/v1/me/day?date={date}")).expect(200)
}

#[test]
fn a_request_goes_its_way_and_its_letter_frees_the_days() {
    let scene = scene();
    let member = &scene.team.member;
    let body = request("annual", "2026-03-09", "2026-03-11");
    let view = member.client.post("/v1/leave-requests", &body).expect(201);
    assert_eq!(
        (&view["days"], &view["work_days"], &view["authority"]),
        (&json!(3), &json!(3), &json!("agency_head"))
    );
    // The same again is the same; another claim under the id is not.
    member.client.post("/v1/leave-requests", &body).expect(200);
    let mut other = body.clone();
    other["to"] = json!("2026-03-12");
    member
        .client
        .post("/v1/leave-requests", &other)
        .problem(409, "id_conflict");
    let id = view["id"].as_str().unwrap().to_owned();
    // It waits for one after the other, and only for them.
    assert_eq!(ids(&scene.officer, ""), [id.as_str()]);
    assert_eq!(ids(&scene.team.superior.client, ""), [""; 0]);
    step(&scene.team.superior.client, &id, "consideration", &approve()).problem(409, "wrong_state");
    step(&scene.head, &id, "decision", &approve()).problem(409, "wrong_state");
    for _ in 0..2 {
        let view = step(&scene.officer, &id, "check", &json!({})).expect(200);
        assert_eq!(view["state"], "balance_checked");
    }
    assert_eq!(ids(&scene.team.superior.client, ""), [id.as_str()]);
    for _ in 0..2 {
        step(&scene.team.superior.client, &id, "consideration", &approve()).expect(200);
    }
    assert_eq!(ids(&scene.head, ""), [id.as_str()]);
    for _ in 0..2 {
        let view = step(&scene.head, &id, "decision", &approve()).expect(200);
        assert_eq!((&view["state"], &view["is_granted"]), (&json!("decided"), &json!(true)));
    }
    // Nothing is free before the letter.
    assert_eq!(day(member, "2026-03-09")["mode"], "wfo");
    assert_eq!(scene.left()["total"], 12);
    let letter = step(&scene.head, &id, "letter", &json!({})).expect(200);
    assert_eq!(letter["number"], "800/1-1.01/2026");
    assert_eq!(step(&scene.head, &id, "letter", &json!({})).expect(200), letter);
    assert_eq!(
        scene.left(),
        json!({"before": 0, "previous": 0, "current": 9, "total": 9})
    );
    for date in ["2026-03-09", "2026-03-10", "2026-03-11"] {
        let day = day(member, date);
        assert_eq!(day["mode"], "leave");
        assert!(
            day["slots"]
                .as_array()
                .unwrap()
                .iter()
                .all(|slot| slot["state"] == "excused"),
            "{day}"
        );
    }
    assert_eq!(day(member, "2026-03-12")["mode"], "wfo");
    // The agency's day knows, and so does time.
    for (now, state) in [
        ("2026-03-08T12:00:00+07:00", "letter_issued"),
        ("2026-03-09T10:00:00+07:00", "running"),
        ("2026-03-12T00:30:00+07:00", "ended"),
    ] {
        scene.app.set_clock(now);
        let mut person = member.client.clone();
        person.renew();
        let view = person.get(&format!("/v1/leave-requests/{id}")).expect(200);
        assert_eq!(view["state"], state);
    }
    scene.app.set_clock("2026-03-09T10:00:00+07:00");
    let operator = scene.app.official("agency_operator:1.01");
    let day = operator.get("/v1/agencies/1.01/day?date=2026-03-09").expect(200);
    assert!(
        day["slots"].as_array().unwrap().iter().all(|slot| slot["excused"] == 1),
        "{day}"
    );
}

#[test]
fn whatever_the_superior_says_the_authority_decides() {
    let scene = scene();
    for (outcome, from, to) in [
        ("defer", "2026-03-09", "2026-03-09"),
        ("refuse", "2026-03-10", "2026-03-10"),
    ] {
        let id = asked(&scene.team.member, "annual", from, to);
        step(&scene.officer, &id, "check", &json!({})).expect(200);
        step(
            &scene.team.superior.client,
            &id,
            "consideration",
            &json!({"outcome": outcome}),
        )
        .names_field(422, "note");
        let said = json!({"outcome": outcome, "note": "Ada pemeriksaan BPK"});
        let view = step(&scene.team.superior.client, &id, "consideration", &said).expect(200);
        assert_eq!(view["consideration"]["outcome"], outcome);
        let view = step(&scene.head, &id, "decision", &approve()).expect(200);
        assert_eq!(view["is_granted"], true);
        step(&scene.head, &id, "letter", &json!({})).expect(200);
    }
    assert_eq!(scene.left()["total"], 10);
}

#[test]
fn a_refused_or_deferred_leave_has_no_letter_and_gives_its_days_free() {
    let scene = scene();
    for outcome in ["refuse", "defer"] {
        let id = scene.considered("annual", "2026-03-09", "2026-03-11");
        let said = json!({"outcome": outcome, "note": "Akhir tahun anggaran"});
        let view = step(&scene.head, &id, "decision", &said).expect(200);
        assert_eq!(
            (&view["state"], &view["is_granted"]),
            (&json!("decided"), &json!(false))
        );
        assert_eq!(ids(&scene.head, ""), [""; 0]);
        step(&scene.head, &id, "letter", &json!({})).problem(409, "wrong_state");
        // Once decided it stays so, and the person may ask again for the same days: the loop does.
        step(&scene.head, &id, "decision", &approve()).problem(409, "wrong_state");
        step(&scene.team.member.client, &id, "withdrawal", &json!({})).problem(409, "wrong_state");
    }
    let balance = scene.team.member.client.get("/v1/me/leave-balance").expect(200);
    assert_eq!((&balance["reserved"], &balance["available"]), (&json!(0), &json!(12)));
    let notices = scene.team.member.client.get("/v1/me/notices").expect(200);
    let told = notices["items"].as_array().unwrap();
    assert_eq!(
        told.iter().filter(|notice| notice["kind"] == "leave_decided").count(),
        2
    );
}

#[test]
fn a_request_is_sent_back_completed_and_handed_in_again() {
    let scene = scene();
    let member = &scene.team.member;
    let id = asked(member, "sick", "2026-03-02", "2026-03-20");
    let missing = json!({"note": "Lebih dari 14 hari memerlukan surat dokter pemerintah"});
    step(&scene.officer, &id, "return", &json!({"note": " "})).names_field(422, "note");
    step(&scene.team.superior.client, &id, "return", &missing).problem(403, "forbidden");
    step(&scene.officer, &id, "return", &missing).expect(204);
    // It is with its applicant alone again.
    step(&scene.officer, &id, "return", &missing).problem(404, "not_found");
    assert_eq!(ids(&scene.officer, ""), [""; 0]);
    let own = member.client.get(&format!("/v1/leave-requests/{id}")).expect(200);
    assert_eq!(
        (&own["state"], &own["returned"]["note"]),
        (&json!("draft"), &missing["note"])
    );
    let told = crate::harness::rosters::notices(&member.client, "leave_returned");
    assert_eq!(
        told[0]["body"],
        "Permohonan cuti 2 Maret 2026 sampai 20 Maret 2026 dikembalikan untuk dilengkapi. Catatan: Lebih dari 14 hari \
         memerlukan surat dokter pemerintah. Silakan lengkapi lalu kirim kembali."
    );
    let mut body = request("sick", "2026-03-02", "2026-03-13");
    body.as_object_mut().unwrap().remove("id");
    body["evidence"] = json!("Surat dokter RSUD Nomor 12");
    body["submit"] = json!(false);
    let path = format!("/v1/leave-requests/{id}");
    scene.team.colleague.client.put(&path, &body).problem(404, "not_found");
    let mut strange = body.clone();
    strange["to"] = json!("2026-03-01");
    member.client.put(&path, &strange).names_field(422, "to");
    let draft = member.client.put(&path, &body).expect(200);
    assert_eq!(
        (&draft["state"], &draft["to"], &draft["evidence"]),
        (&json!("draft"), &json!("2026-03-13"), &body["evidence"])
    );
    body["submit"] = json!(true);
    assert_eq!(member.client.put(&path, &body).expect(200)["state"], "submitted");
    member.client.put(&path, &body).problem(409, "wrong_state");
    step(&scene.officer, &id, "check", &json!({})).expect(200);
    step(&scene.officer, &id, "return", &missing).problem(409, "wrong_state");
}

#[test]
fn deferred_days_of_annual_leave_go_on_into_the_next_year() {
    let mut scene = scene();
    let id = scene.considered("annual", "2026-03-09", "2026-03-25");
    let said = json!({"outcome": "defer", "note": "Pemeriksaan BPK sampai akhir tahun"});
    let view = step(&scene.head, &id, "decision", &said).expect(200);
    let days = view["days"].as_i64().unwrap();
    assert!((7..=12).contains(&days), "{days}");
    assert_eq!(scene.left()["total"], 12);
    scene.app.set_clock("2027-01-04T08:00:00+07:00");
    scene.team.member.client.renew();
    // Without the deferral six days of the year before would be left.
    assert_eq!(
        (&scene.left()["previous"], &scene.left()["current"]),
        (&json!(days), &json!(12))
    );
}

#[test]
fn other_dates_go_back_to_the_applicant_at_either_step() {
    let scene = scene();
    let member = &scene.team.member.client;
    let id = asked(&scene.team.member, "annual", "2026-03-09", "2026-03-11");
    step(&scene.officer, &id, "check", &json!({})).expect(200);
    let change = |from: &str, to: &str| json!({"outcome": "change", "note": "Ada rapat", "from": from, "to": to});
    let superior = &scene.team.superior.client;
    step(superior, &id, "consideration", &change("2026-03-09", "2026-03-11")).names_field(422, "from");
    step(superior, &id, "consideration", &change("2026-03-12", "2026-03-11")).names_field(422, "to");
    step(
        superior,
        &id,
        "consideration",
        &json!({"outcome": "change", "note": "Ada rapat", "from": "2026-03-12"}),
    )
    .names_field(422, "to");
    step(superior, &id, "consideration", &change("2026-03-12", "2026-03-16")).expect(200);
    assert_eq!(scene.state(&id), "changed");
    // Nobody goes on before the applicant has spoken, and nobody accepts for them.
    step(&scene.head, &id, "decision", &approve()).problem(409, "wrong_state");
    step(&scene.team.colleague.client, &id, "acceptance", &json!({})).problem(404, "not_found");
    let view = step(member, &id, "acceptance", &json!({})).expect(200);
    assert_eq!(
        (&view["state"], &view["from"], &view["days"]),
        (&json!("considered"), &json!("2026-03-12"), &json!(3))
    );
    step(member, &id, "acceptance", &json!({})).problem(409, "wrong_state");
    step(&scene.head, &id, "decision", &change("2026-03-12", "2026-03-13")).expect(200);
    assert_eq!(scene.state(&id), "changed");
    let view = step(member, &id, "acceptance", &json!({})).expect(200);
    assert_eq!(
        (&view["state"], &view["is_granted"], &view["days"]),
        (&json!("decided"), &json!(true), &json!(2))
    );
    let letter = step(&scene.head, &id, "letter", &json!({})).expect(200);
    assert_eq!(
        (&letter["facts"]["from"], &letter["facts"]["decision"]["outcome"]),
        (&json!("2026-03-12"), &json!("change"))
    );
    assert_eq!(scene.left()["total"], 10);
}

#[test]
fn a_change_that_the_rules_do_not_allow_is_not_accepted_and_may_be_withdrawn() {
    let scene = scene();
    let id = asked(&scene.team.member, "annual", "2026-03-09", "2026-03-11");
    step(&scene.officer, &id, "check", &json!({})).expect(200);
    let long = json!({"outcome": "change", "note": "Sekalian saja", "from": "2026-04-01", "to": "2026-04-30"});
    step(&scene.team.superior.client, &id, "consideration", &long).expect(200);
    step(&scene.team.member.client, &id, "acceptance", &json!({})).names_field(422, "to");
    for _ in 0..2 {
        let view = step(&scene.team.member.client, &id, "withdrawal", &json!({})).expect(200);
        assert_eq!(view["state"], "withdrawn");
    }
    step(&scene.team.member.client, &id, "acceptance", &json!({})).problem(409, "wrong_state");
}

#[test]
fn long_leave_is_for_bkd_to_decide_and_takes_the_years_annual_leave() {
    let scene = scene();
    let bkd = scene.app.official("bkd_head");
    let id = scene.considered("long", "2026-04-01", "2026-05-29");
    step(&scene.head, &id, "decision", &approve()).problem(404, "not_found");
    assert_eq!(ids(&bkd, ""), [id.as_str()]);
    step(&bkd, &id, "decision", &approve()).expect(200);
    let letter = step(&bkd, &id, "letter", &json!({})).expect(200);
    assert_eq!(letter["number"], "800/1-bkd/2026");
    assert_eq!(letter["facts"]["days"], 59);
    assert_eq!(scene.left()["total"], 0);
    step(
        &scene.team.member.client,
        &id,
        "cancellation",
        &json!({"reason": "Batal"}),
    )
    .expect(200);
    assert_eq!(scene.left()["total"], 12);
}

#[test]
fn sickness_that_began_before_makes_past_days_sick() {
    let scene = scene();
    scene.granted("sick", "2026-02-26", "2026-03-03");
    for (date, mode) in [
        ("2026-02-26", "sick"),
        ("2026-02-28", "off"),
        ("2026-03-02", "sick"),
        ("2026-03-03", "sick"),
        ("2026-03-04", "wfo"),
    ] {
        assert_eq!(day(&scene.team.member, date)["mode"], mode, "{date}");
    }
    assert_eq!(scene.left()["total"], 12);
}

#[test]
fn whoever_has_nobody_above_goes_straight_to_the_authority() {
    let scene = scene();
    let id = asked(&scene.team.head, "annual", "2026-03-09", "2026-03-09");
    let view = step(&scene.officer, &id, "check", &json!({})).expect(200);
    assert_eq!(
        (&view["state"], &view["consideration"]),
        (&json!("considered"), &Value::Null)
    );
    step(&scene.head, &id, "decision", &approve()).expect(200);
    let letter = step(&scene.head, &id, "letter", &json!({})).expect(200);
    assert_eq!(letter["facts"]["consideration"], Value::Null);
}

#[test]
fn sickness_granted_afterwards_is_a_late_truth_of_a_sealed_day() {
    let mut day = crate::batch::scene().lived();
    let sealed = day.sealed();
    day.set_clock("2026-03-03T17:30:00+07:00");
    assert_eq!(day.app.app().seal_due(day.app.app().now()).unwrap(), Round::default());
    assert_eq!(day.operator.get(&sealed).expect(200)["supplement_due_at"], Value::Null);
    let (officer, head) = (
        day.app.official("leave_officer:1.01"),
        day.app.official("agency_head:1.01"),
    );
    let id = asked(&day.far, "sick", "2026-03-02", "2026-03-04");
    step(&officer, &id, "check", &json!({})).expect(200);
    step(&head, &id, "decision", &approve()).expect(200);
    step(&head, &id, "letter", &json!({})).expect(200);
    let due = day.operator.get(&sealed).expect(200)["supplement_due_at"].clone();
    assert_eq!(due, "2026-03-04T10:30:00.000Z");
    // The roster is told that there is an absence by approval, and not why.
    let roster = day
        .operator
        .get("/v1/rosters?agency=1.01&from=2026-03-03&to=2026-03-04")
        .expect(200);
    for entry in roster["items"].as_array().unwrap() {
        assert_eq!(
            (&entry["mode"], &entry["source"], &entry["reason"]),
            (&json!("sick"), &json!("approval"), &Value::Null)
        );
    }
}

#[test]
fn whoever_waits_for_an_official_does_not_come_too_late_by_it() {
    let scene = scene();
    let id = asked(&scene.team.member, "annual", "2026-03-03", "2026-03-04");
    scene.app.set_clock("2026-03-05T09:00:00+07:00");
    let [officer, superior, head] = [&scene.officer, &scene.team.superior.client, &scene.head].map(|client| {
        let mut client = client.clone();
        client.renew();
        client
    });
    step(&officer, &id, "check", &json!({})).expect(200);
    step(&superior, &id, "consideration", &approve()).expect(200);
    step(&head, &id, "decision", &approve()).expect(200);
    step(&head, &id, "letter", &json!({})).expect(200);
    let member = scene.app.signed_in(&scene.team.member.username);
    assert_eq!(member.get("/v1/me/day?date=2026-03-03").expect(200)["mode"], "leave");
    assert_eq!(member.get("/v1/me/leave-balance").expect(200)["left"]["total"], 10);
}
