//! One drawn case through the routes: seen only by whom it is assigned to, heard before it is decided.

use crate::audit::{EVENING, cases, drawn_by, people_at_home, plan_body};
use crate::harness::TestApp;
use crate::harness::client::{Answer, Client};
use crate::harness::homes::{HOME, at_metres};
use crate::harness::people::Person;
use serde_json::{Value, json};
use sherlok::domain::audit::second_review;
use sherlok::domain::batch::unit::SlotUnit;

const MORNING: &str = "2026-03-02T08:30:00+07:00";
const NOTE: &str = "Titik berada 340 m dari rumah terdaftar.";
pub(crate) const REASON: &str = "Tanggapan tidak menjelaskan jarak tersebut.";

/// A drawn audit of one person's every slot of two days, with two auditors.
pub(crate) struct Scene {
    pub(crate) app: TestApp,
    pub(crate) person: Person,
    pub(crate) officer: Client,
    pub(crate) auditors: [Client; 2],
    pub(crate) audit: String,
}

/// The person shared in the morning of Monday from 340 m away, and never again. The slot that is drawn to be reviewed once
/// more is the last one, which no test of the first review looks at.
pub(crate) fn scene() -> Scene {
    scene_reviewed_again("2026-03-03", "afternoon")
}

/// The same with the seed that draws this slot to be reviewed once more: one of six.
pub(crate) fn scene_reviewed_again(work_date: &str, slot: &str) -> Scene {
    let app = TestApp::start();
    let mut person = people_at_home(&app, "1.01", 1, &["2026-03-02", "2026-03-03"]).remove(0);
    app.verified_home(&person, HOME, "2026-01-05");
    let (latitude, longitude) = at_metres(340.0);
    let claim = json!({
        "id": "019cac1d-7de0-7abc-8def-0123456789ab", "captured_at": MORNING, "latitude": latitude,
        "longitude": longitude, "accuracy_metres": 25.0,
    });
    person.client.post("/v1/check-ins", &claim).expect(201);
    app.set_clock(EVENING);
    let officer = app.official("bkd_officer");
    let auditors = [app.official("bkd_auditor"), app.official("bkd_auditor")];
    let audit = drawn_by(&officer, &plan_body(&["1.01"], 6), |units| {
        let is_wanted = |seed: &String| {
            let drawn = second_review::draw(seed, second_review::SHARE_BP, units.iter().map(String::as_str)).unwrap();
            let unit: SlotUnit = drawn[0].id.parse().unwrap();
            unit.work_date().to_string() == work_date && json!(unit.slot()) == slot
        };
        (1..10_000)
            .map(|number| format!("dice on the table {number:06}"))
            .find(is_wanted)
            .unwrap()
    });
    person.client = app.signed_in(&person.username);
    Scene {
        app,
        person,
        officer,
        auditors,
        audit,
    }
}

impl Scene {
    /// A case that the auditor at a place holds.
    fn case_of(&self, auditor: usize) -> Value {
        cases(&self.auditors[auditor], &self.audit)
            .into_iter()
            .find(|case| case["state"] == "assigned")
            .expect("each holds three")
    }

    /// Whoever holds the case of a slot, that case, and the other auditor.
    pub(crate) fn holder(&self, work_date: &str, slot: &str) -> (Client, Value, Client) {
        for (own, other) in [(0, 1), (1, 0)] {
            let found = cases(&self.auditors[own], &self.audit)
                .into_iter()
                .find(|case| case["work_date"] == work_date && case["slot"] == slot);
            if let Some(case) = found {
                return (self.auditors[own].clone(), case, self.auditors[other].clone());
            }
        }
        panic!("every slot was drawn");
    }

    /// A case in which a deviation was proposed, its auditor and its second reviewer.
    pub(crate) fn proposed(&self) -> (Client, Client, String) {
        let (auditor, case, second) = self.holder("2026-03-02", "morning");
        let id = case["id"].as_str().unwrap().to_owned();
        let finding = json!({ "finding": "invalid_proposed", "method": "map", "note": NOTE });
        step(&auditor, &id, "review", 1, &finding).expect(200);
        (auditor, second, id)
    }

    /// A case in which a deviation was upheld after the reply, its auditor and whoever decided.
    pub(crate) fn upheld(&self) -> (Client, Client, String) {
        let (auditor, second, id) = self.proposed();
        step(&self.person.client, &id, "reply", 2, &reply()).expect(200);
        let uphold = json!({ "outcome": "upheld", "reason": REASON });
        step(&second, &id, "decision", 3, &uphold).expect(200);
        (auditor, second, id)
    }

    /// The person, signed in anew.
    pub(crate) fn client(&self) -> Client {
        self.app.signed_in(&self.person.username)
    }

    /// The report of the audit.
    pub(crate) fn report(&self) -> Value {
        let officer = self.app.official("bkd_officer");
        officer.get(&format!("/v1/audits/{}/report", self.audit)).expect(200)
    }

    /// The notices reach the person at this moment.
    pub(crate) fn notices_reach_the_person(&self) {
        let now = self.app.clock.now();
        let literal = if self.app.is_postgres() {
            format!("'{now}'")
        } else {
            now.millis().to_string()
        };
        self.app
            .execute(&format!("UPDATE notice SET seen_at = {literal} WHERE seen_at IS NULL"));
    }

    pub(crate) fn own_case(&self, id: &str) -> Value {
        let client = self.app.signed_in(&self.person.username);
        let page = client.get("/v1/me/cases?limit=200").expect(200);
        let found = page["items"].as_array().unwrap().iter().find(|case| case["id"] == id);
        found.expect("it is one's own").clone()
    }
}

/// One step of a case with the version that was read.
pub(crate) fn step(client: &Client, id: &str, step: &str, version: i64, body: &Value) -> Answer {
    let tag = format!("\"{version}\"");
    client
        .with_header("if-match", &tag)
        .post(&format!("/v1/cases/{id}/{step}"), body)
}

pub(crate) fn reply() -> Value {
    json!({ "text": "Saya sedang di puskesmas mengantar anak.", "witness": "Kepala Seksi" })
}

#[test]
fn an_auditor_finds_only_what_is_assigned_to_them() {
    let scene = scene();
    let (mine, theirs) = (scene.case_of(0), scene.case_of(1));
    assert_eq!(cases(&scene.auditors[0], &scene.audit).len(), 3);
    assert_eq!(cases(&scene.officer, &scene.audit).len(), 6);
    let path = |case: &Value| format!("/v1/cases/{}", case["id"].as_str().unwrap());
    scene.auditors[0].get(&path(&mine)).expect(200);
    scene.auditors[0].get(&path(&theirs)).problem(404, "not_found");
    let finding = json!({ "finding": "valid" });
    step(
        &scene.auditors[0],
        theirs["id"].as_str().unwrap(),
        "review",
        1,
        &finding,
    )
    .problem(404, "not_found");
    scene.officer.get(&path(&mine)).problem(403, "forbidden");
    scene.person.client.get(&path(&mine)).problem(403, "forbidden");
    scene
        .app
        .official("agency_operator:1.01")
        .get(&path(&mine))
        .problem(403, "forbidden");
    // Lists carry neither names nor positions.
    let list = scene.officer.get(&format!("/v1/audits/{}/cases", scene.audit)).text();
    assert!(!list.contains("Contoh 0") && !list.contains("latitude"));
}

#[test]
fn a_look_shows_position_and_home_and_stands_in_the_list_of_accesses() {
    let scene = scene();
    let (auditor, case, _) = scene.holder("2026-03-02", "morning");
    let id = case["id"].as_str().unwrap();
    let opened = auditor.get(&format!("/v1/cases/{id}?purpose=Memeriksa%20jarak"));
    let file = opened.expect(200);
    assert_eq!(opened.header("etag"), "\"1\"");
    assert_eq!(
        (&file["record"]["place"], &file["record"]["distance_metres"]),
        (&json!("outside"), &json!(340))
    );
    let (latitude, _) = at_metres(340.0);
    assert!((file["record"]["position"]["latitude"].as_f64().unwrap() - latitude).abs() < 1e-6);
    assert_eq!(file["record"]["accuracy_metres"], 25.0);
    assert_eq!(file["duty_places"][0]["kind"], "home");
    assert_eq!(file["duty_places"][0]["radius_metres"], 200);
    assert!((file["duty_places"][0]["centre"]["latitude"].as_f64().unwrap() - HOME.0).abs() < 1e-6);
    assert!(file["person"]["name"].as_str().unwrap().starts_with("Contoh"));
    auditor.get(&format!("/v1/cases/{id}")).expect(200);
    let accesses = scene.person.client.get("/v1/me/accesses").expect(200)["items"].clone();
    assert_eq!(accesses.as_array().unwrap().len(), 2);
    assert_eq!(accesses[1]["purpose"], "Memeriksa jarak");
    assert_eq!(accesses[0]["purpose"], "case_review");
    assert_eq!(accesses[0]["subject"], format!("case/{id}"));
    assert!(accesses[0]["by"].as_str().unwrap().starts_with("bkd_auditor"));
    assert!(accesses[0]["fields"].as_array().unwrap().contains(&json!("position")));
    auditor
        .get(&format!("/v1/cases/{id}?purpose=x"))
        .names_field(422, "purpose");
}

#[test]
fn a_look_that_is_refused_is_nobodys_access() {
    let scene = scene();
    let theirs = scene.case_of(1);
    scene.auditors[0]
        .get(&format!("/v1/cases/{}", theirs["id"].as_str().unwrap()))
        .problem(404, "not_found");
    assert_eq!(
        scene.person.client.get("/v1/me/accesses").expect(200)["items"],
        json!([])
    );
}

#[test]
fn nothing_is_shown_when_the_look_cannot_be_written_down() {
    let scene = scene();
    let mine = scene.case_of(0);
    scene.app.execute("ALTER TABLE disclosure RENAME TO disclosure_away");
    let answer = scene.auditors[0].get(&format!("/v1/cases/{}", mine["id"].as_str().unwrap()));
    assert!(answer.status >= 500, "{}", answer.status);
    assert!(!answer.text().contains("latitude") && !answer.text().contains("Contoh"));
}

#[test]
fn a_slot_without_a_share_is_a_case_like_any_other() {
    let scene = scene();
    let (auditor, case, _) = scene.holder("2026-03-03", "midday");
    let file = auditor
        .get(&format!("/v1/cases/{}", case["id"].as_str().unwrap()))
        .expect(200);
    assert!(file.get("record").is_none());
    assert_eq!(file["duty_places"][0]["kind"], "home");
}

#[test]
fn a_look_at_a_slot_without_a_share_does_not_say_that_a_position_was_seen() {
    let scene = scene();
    let (auditor, case, _) = scene.holder("2026-03-03", "midday");
    auditor
        .get(&format!("/v1/cases/{}", case["id"].as_str().unwrap()))
        .expect(200);
    let accesses = scene.person.client.get("/v1/me/accesses").expect(200)["items"].clone();
    // Nobody gave a phone number, and nothing came that could be looked at but what had come the day before.
    assert_eq!(
        accesses[0]["fields"],
        json!(["name", "duty_place", "earlier_check_ins"])
    );
}

#[test]
fn the_head_of_bkd_sees_cases_without_positions() {
    let scene = scene();
    let (_, case, _) = scene.holder("2026-03-02", "morning");
    let head = scene.app.official("bkd_head");
    let file = head
        .get(&format!("/v1/cases/{}", case["id"].as_str().unwrap()))
        .expect(200);
    assert_eq!(file["is_without_positions"], true);
    assert_eq!(file["record"]["place"], "outside");
    assert!(file["record"].get("position").is_none());
    assert_eq!(file["duty_places"], json!([]));
    let accesses = scene.person.client.get("/v1/me/accesses").expect(200)["items"].clone();
    assert_eq!(accesses[0]["fields"], json!(["name", "check_in"]));
}

#[test]
fn a_proposed_deviation_is_heard_before_a_second_person_upholds_it() {
    let scene = scene();
    let (auditor, second, id) = scene.proposed();
    assert_eq!(scene.own_case(&id)["state"], "reviewed");
    let uphold = json!({ "outcome": "upheld", "reason": REASON });
    step(&second, &id, "decision", 2, &uphold).problem(409, "reply_pending");
    scene.notices_reach_the_person();
    let asked = scene.own_case(&id);
    assert_eq!(
        (&asked["state"], &asked["may_reply"], &asked["note"]),
        (&json!("notified"), &json!(true), &json!(NOTE))
    );
    // Seen on Tuesday: Wednesday, Thursday and Friday are left.
    assert_eq!(asked["reply_due_at"], "2026-03-06T17:00:00.000Z");
    assert!(
        asked["message"]
            .as_str()
            .unwrap()
            .ends_with("paling lambat 6 Maret 2026, pukul 24.00 WIB.")
    );
    step(&second, &id, "decision", 2, &uphold).problem(409, "reply_pending");
    let replied = step(&scene.person.client, &id, "reply", 2, &reply()).expect(200);
    assert_eq!(
        (&replied["state"], &replied["reply"]["witness"]),
        (&json!("replied"), &json!("Kepala Seksi"))
    );
    step(&scene.person.client, &id, "reply", 3, &reply()).problem(409, "wrong_state");
    step(&auditor, &id, "decision", 3, &uphold).problem(409, "second_person_needed");
    let file = second.get(&format!("/v1/cases/{id}")).expect(200);
    assert_eq!(file["reply"]["text"], reply()["text"]);
    let decided = step(&second, &id, "decision", 3, &uphold).expect(200);
    assert_eq!(
        (&decided["state"], &decided["outcome"]),
        (&json!("decided"), &json!("upheld"))
    );
    step(&second, &id, "decision", 4, &uphold).problem(409, "wrong_state");
    let told = scene.own_case(&id);
    assert_eq!((&told["outcome"], &told["reason"]), (&json!("upheld"), &json!(REASON)));
    let report = scene
        .officer
        .get(&format!("/v1/audits/{}/report", scene.audit))
        .expect(200);
    assert_eq!(report["total"]["deviations"], 1);
    assert_eq!(report["total"]["interval"]["lower"], 1);
}

#[test]
fn the_head_decides_when_the_time_to_reply_has_passed() {
    let scene = scene();
    let (_, _, id) = scene.proposed();
    scene.notices_reach_the_person();
    scene.app.set_clock("2026-03-07T00:00:00+07:00");
    assert_eq!(scene.own_case(&id)["state"], "no_reply");
    let late = scene.app.signed_in(&scene.person.username);
    step(&late, &id, "reply", 2, &reply()).problem(409, "reply_over");
    let head = scene.app.official("bkd_head");
    let withdrawn = json!({ "outcome": "withdrawn", "reason": "Jarak terjelaskan oleh akurasi." });
    let decided = step(&head, &id, "decision", 2, &withdrawn).expect(200);
    assert_eq!(decided["outcome"], "withdrawn");
    assert!(
        scene.own_case(&id)["message"]
            .as_str()
            .unwrap()
            .contains("Hasilnya sesuai")
    );
}

#[test]
fn the_clock_stands_while_the_notice_has_not_reached_the_person() {
    let scene = scene();
    let (_, second, id) = scene.proposed();
    scene.app.set_clock("2026-04-20T09:00:00+07:00");
    assert_eq!(scene.own_case(&id)["state"], "reviewed");
    let head = scene.app.official("bkd_head");
    let uphold = json!({ "outcome": "upheld", "reason": REASON });
    step(&head, &id, "decision", 2, &uphold).problem(409, "reply_pending");
    drop(second);
    // Leave pauses the clock: ill on Tuesday and Wednesday.
    scene.notices_reach_the_person();
    scene
        .app
        .assign(&scene.person, "2026-04-21", sherlok::domain::work_mode::WorkMode::Sick);
    scene
        .app
        .assign(&scene.person, "2026-04-22", sherlok::domain::work_mode::WorkMode::Sick);
    assert_eq!(scene.own_case(&id)["reply_due_at"], "2026-04-27T17:00:00.000Z");
}

#[test]
fn a_reply_needs_no_opened_notice() {
    let scene = scene();
    let (_, _, id) = scene.proposed();
    step(&scene.person.client, &id, "reply", 2, &reply()).expect(200);
}

#[test]
fn only_a_proposed_deviation_opens_the_reply() {
    let scene = scene();
    let case = scene.case_of(0);
    let id = case["id"].as_str().unwrap();
    step(&scene.person.client, id, "reply", 1, &reply()).problem(409, "wrong_state");
    step(&scene.auditors[0], id, "review", 1, &json!({ "finding": "valid" })).expect(200);
    step(&scene.person.client, id, "reply", 2, &reply()).problem(409, "wrong_state");
    let head = scene.app.official("bkd_head");
    let uphold = json!({ "outcome": "upheld", "reason": REASON });
    step(&head, id, "decision", 2, &uphold).problem(409, "wrong_state");
    step(&scene.auditors[0], id, "review", 2, &json!({ "finding": "valid" })).problem(409, "wrong_state");
}

#[test]
fn a_stale_version_changes_nothing() {
    let scene = scene();
    let case = scene.case_of(0);
    let id = case["id"].as_str().unwrap();
    let finding = json!({ "finding": "inconclusive" });
    let path = format!("/v1/cases/{id}/review");
    scene.auditors[0].post(&path, &finding).problem(428, "version_required");
    step(&scene.auditors[0], id, "review", 7, &finding).problem(412, "stale_version");
    scene.auditors[0]
        .with_header("if-match", "*")
        .post(&path, &finding)
        .problem(412, "stale_version");
    let reviewed = step(&scene.auditors[0], id, "review", 1, &finding);
    assert_eq!(reviewed.expect(200)["version"], 2);
    assert_eq!(reviewed.header("etag"), "\"2\"");
    let (_, _, proposed) = scene.proposed_unless(id);
    step(&scene.person.client, &proposed, "reply", 1, &reply()).problem(412, "stale_version");
}

impl Scene {
    /// A proposed deviation in another case than `taken`.
    fn proposed_unless(&self, taken: &str) -> (Client, Client, String) {
        let (auditor, case, second) = self.holder("2026-03-02", "morning");
        if case["id"] != taken {
            return self.proposed();
        }
        drop((auditor, second));
        let (auditor, case, second) = self.holder("2026-03-02", "midday");
        let id = case["id"].as_str().unwrap().to_owned();
        let finding = json!({ "finding": "invalid_proposed", "note": NOTE });
        step(&auditor, &id, "review", 1, &finding).expect(200);
        (auditor, second, id)
    }
}

#[test]
fn every_field_of_every_step_has_its_limits() {
    let scene = scene();
    let (auditor, case, second) = scene.holder("2026-03-02", "morning");
    let id = case["id"].as_str().unwrap();
    for (field, body) in [
        ("finding", json!({ "finding": "guilty" })),
        ("finding", json!({ "note": NOTE })),
        ("method", json!({ "finding": "valid", "method": "rumour" })),
        ("note", json!({ "finding": "invalid_proposed" })),
        ("note", json!({ "finding": "invalid_proposed", "note": "pendek" })),
        ("note", json!({ "finding": "invalid_proposed", "note": "          " })),
        ("note", json!({ "finding": "valid", "note": "a".repeat(2_001) })),
        ("note", json!({ "finding": "valid", "note": "a\u{0}b" })),
        ("x", json!({ "finding": "valid", "x": 1 })),
    ] {
        step(&auditor, id, "review", 1, &body).names_field(422, field);
    }
    let (_, _, id) = scene.proposed();
    for (field, body) in [
        ("text", json!({})),
        ("text", json!({ "text": "  " })),
        ("text", json!({ "text": "a".repeat(4_001) })),
        (
            "link",
            json!({ "text": "Saya di rumah.", "link": "javascript:alert(1)" }),
        ),
        ("link", json!({ "text": "Saya di rumah.", "link": "https://a b" })),
        (
            "link",
            json!({ "text": "Saya di rumah.", "link": format!("https://{}", "a".repeat(500)) }),
        ),
        (
            "witness",
            json!({ "text": "Saya di rumah.", "witness": "a".repeat(201) }),
        ),
        ("employee", json!({ "text": "Saya di rumah.", "employee": 1 })),
    ] {
        step(&scene.person.client, &id, "reply", 2, &body).names_field(422, field);
    }
    for (field, body) in [
        ("outcome", json!({ "outcome": "maybe", "reason": REASON })),
        ("outcome", json!({ "reason": REASON })),
        ("reason", json!({ "outcome": "upheld" })),
        ("reason", json!({ "outcome": "upheld", "reason": "pendek" })),
        ("reason", json!({ "outcome": "upheld", "reason": "a".repeat(2_001) })),
    ] {
        step(&second, &id, "decision", 2, &body).names_field(422, field);
    }
    assert_eq!(scene.own_case(&id)["version"], 2);
}
