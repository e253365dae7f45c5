//! Objection to the head of BKD through the routes: once, in time, without effect while it pends, and amending what follows.

use crate::case::{REASON, Scene, scene, step};
use crate::harness::client::Client;
use crate::harness::rosters::notices;
use serde_json::{Value, json};

const WORDS: &str = "Saya menjemput anak; surat puskesmas saya lampirkan.";
const GRANTED: &str = "Surat puskesmas menjelaskan jarak tersebut.";

fn objection() -> Value {
    json!({ "reason": WORDS })
}

fn granted() -> Value {
    json!({ "outcome": "withdrawn", "reason": GRANTED })
}

fn decided(head: &Client, id: &str, version: i64, body: &Value) -> crate::harness::client::Answer {
    step(head, id, "objection/decision", version, body)
}

fn deviations(scene: &Scene) -> (Value, Value) {
    let report = scene.report();
    (report["total"]["deviations"].clone(), report["total"]["open"].clone())
}

#[test]
fn a_granted_objection_takes_the_finding_back() {
    let scene = scene();
    let (_, second, id) = scene.upheld();
    assert_eq!(deviations(&scene), (json!(1), json!(5)));
    let mut head = scene.app.official("bkd_head");
    // The time to object begins when the notice of the decision reached the person.
    let before = scene.own_case(&id);
    assert_eq!(
        (&before["may_object"], &before["objection_due_at"]),
        (&json!(true), &Value::Null)
    );
    scene.notices_reach_the_person();
    let told = scene.own_case(&id);
    // Seen on Tuesday, 3 March: fourteen working days, with Nyepi, Idul Fitri and joint leave between.
    assert_eq!(told["objection_due_at"], "2026-03-30T17:00:00.000Z");
    assert!(
        told["message"]
            .as_str()
            .unwrap()
            .ends_with("kepada Kepala BKD paling lambat 30 Maret 2026, pukul 24.00 WIB.")
    );
    let objected = step(&scene.client(), &id, "objection", 4, &objection()).expect(200);
    assert_eq!(
        (
            &objected["state"],
            &objected["may_object"],
            &objected["objection"]["reason"]
        ),
        (&json!("objected"), &json!(false), &json!(WORDS))
    );
    step(&scene.client(), &id, "objection", 5, &objection()).problem(409, "wrong_state");
    // While it pends the case is open, for the report and for closing.
    assert_eq!(deviations(&scene), (json!(0), json!(6)));
    assert_eq!(
        scene.report()["objections"],
        json!({"pending": 1, "upheld": 0, "withdrawn": 0})
    );
    // The head of BKD is told, finds it in a list and opens it.
    let told = notices(&head, "objection_made");
    assert_eq!(
        (told.len(), &told[0]["facts"]["audit_id"], &told[0]["facts"]["case_id"]),
        (1, &json!(scene.audit), &json!(id))
    );
    let listed = head.get("/v1/objections?state=pending").expect(200);
    assert_eq!(
        (listed["items"].as_array().unwrap().len(), &listed["items"][0]["id"]),
        (1, &json!(id))
    );
    assert!(!listed.to_string().contains("Contoh"));
    let file = head.get(&format!("/v1/cases/{id}")).expect(200);
    assert_eq!(file["objection"]["reason"], WORDS);
    let amended = decided(&head, &id, 5, &granted()).expect(200);
    assert_eq!(
        (
            &amended["state"],
            &amended["outcome"],
            &amended["objection_outcome"],
            &amended["result"]
        ),
        (
            &json!("decided"),
            &json!("upheld"),
            &json!("withdrawn"),
            &json!("withdrawn")
        )
    );
    decided(&head, &id, 6, &granted()).problem(409, "wrong_state");
    assert_eq!(deviations(&scene), (json!(0), json!(5)));
    assert_eq!(
        scene.report()["objections"],
        json!({"pending": 0, "upheld": 0, "withdrawn": 1})
    );
    let own = scene.own_case(&id);
    assert!(own["message"].as_str().unwrap().contains("menerima keberatan Anda"));
    assert_eq!(own["objection"]["decision"], GRANTED);
    assert_eq!(notices(&scene.client(), "objection_decided").len(), 1);
    let told = notices(&second, "decision_reviewed");
    assert_eq!((told.len(), &told[0]["facts"]["audit_id"]), (1, &json!(scene.audit)));
    head.renew();
    assert_eq!(head.get("/v1/objections?state=pending").expect(200)["items"], json!([]));
    assert_eq!(
        head.get("/v1/objections?state=decided").expect(200)["items"][0]["id"],
        json!(id)
    );
    // Every step stands in the chain of the case.
    assert_eq!(scene.app.reasons("case", &id).last().unwrap().as_deref(), Some(GRANTED));
}

#[test]
fn an_objection_that_is_not_granted_lets_the_finding_stand() {
    let scene = scene();
    let (_, _, id) = scene.upheld();
    step(&scene.person.client, &id, "objection", 4, &objection()).expect(200);
    let head = scene.app.official("bkd_head");
    let stands = json!({ "outcome": "upheld", "reason": "Surat itu tentang hari yang lain." });
    let amended = decided(&head, &id, 5, &stands).expect(200);
    assert_eq!(
        (&amended["result"], &amended["objection_outcome"]),
        (&json!("upheld"), &json!("upheld"))
    );
    assert_eq!(deviations(&scene), (json!(1), json!(5)));
    assert!(
        scene.own_case(&id)["message"]
            .as_str()
            .unwrap()
            .contains("temuan tetap berlaku")
    );
    step(&scene.person.client, &id, "objection", 6, &objection()).problem(409, "wrong_state");
}

#[test]
fn a_late_objection_is_refused_with_a_sentence_and_leave_makes_the_time_longer() {
    let scene = scene();
    let (_, _, id) = scene.upheld();
    scene.notices_reach_the_person();
    scene.app.set_clock("2026-03-31T00:00:00+07:00");
    let late = step(&scene.client(), &id, "objection", 4, &objection()).problem(409, "objection_over");
    assert_eq!(late["title"], "Waktu mengajukan keberatan sudah berakhir.");
    assert!(
        scene.own_case(&id)["message"]
            .as_str()
            .unwrap()
            .ends_with("Waktu mengajukan keberatan sudah berakhir.")
    );
    scene
        .app
        .assign(&scene.person, "2026-03-05", sherlok::domain::work_mode::WorkMode::Sick);
    step(&scene.client(), &id, "objection", 4, &objection()).expect(200);
}

#[test]
fn only_an_upheld_finding_of_ones_own_is_objected_to() {
    let scene = scene();
    let (_, second, id) = scene.proposed();
    step(&scene.person.client, &id, "objection", 2, &objection()).problem(409, "wrong_state");
    step(&scene.person.client, &id, "reply", 2, &crate::case::reply()).expect(200);
    let withdrawn = json!({ "outcome": "withdrawn", "reason": REASON });
    step(&second, &id, "decision", 3, &withdrawn).expect(200);
    step(&scene.person.client, &id, "objection", 4, &objection()).problem(409, "wrong_state");
    let colleague = scene.app.employee("1.01");
    step(&colleague.client, &id, "objection", 4, &objection()).problem(404, "not_found");
    for (field, body) in [
        ("reason", json!({})),
        ("reason", json!({ "reason": "pendek" })),
        ("reason", json!({ "reason": "a".repeat(4_001) })),
        ("x", json!({ "reason": WORDS, "x": 1 })),
    ] {
        step(&scene.person.client, &id, "objection", 4, &body).names_field(422, field);
    }
}

#[test]
fn nobody_decides_on_an_objection_who_decided_the_case_or_is_of_the_agency() {
    let scene = scene();
    let (_, _, id) = scene.proposed();
    step(&scene.person.client, &id, "reply", 2, &crate::case::reply()).expect(200);
    let deciding = scene.app.official("bkd_head");
    let uphold = json!({ "outcome": "upheld", "reason": REASON });
    step(&deciding, &id, "decision", 3, &uphold).expect(200);
    step(&scene.person.client, &id, "objection", 4, &objection()).expect(200);
    decided(&deciding, &id, 5, &granted()).problem(409, "second_person_needed");
    let colleague = scene.app.employee("1.01");
    let administrator = scene.app.official("administrator");
    let path = format!("/v1/accounts/{}/roles", colleague.username);
    administrator.post(&path, &json!({ "role": "bkd_head" })).expect(204);
    let of_agency = scene.app.signed_in(&colleague.username);
    decided(&of_agency, &id, 5, &granted()).problem(403, "forbidden");
    for role in ["bkd_officer", "bkd_auditor", "agency_head:1.01"] {
        decided(&scene.app.official(role), &id, 5, &granted()).problem(403, "forbidden");
    }
    decided(&scene.app.official("bkd_head"), &id, 4, &granted()).problem(412, "stale_version");
    let inconclusive = json!({ "outcome": "inconclusive", "reason": REASON });
    decided(&scene.app.official("bkd_head"), &id, 5, &inconclusive).names_field(422, "outcome");
    decided(&scene.app.official("bkd_head"), &id, 5, &granted()).expect(200);
}

#[test]
fn the_superior_who_was_told_of_a_finding_is_told_that_it_was_taken_back() {
    let scene = scene();
    let superior = scene.app.superior("1.01");
    scene.app.execute(&format!(
        "UPDATE membership SET unit_id = (SELECT id FROM unit WHERE head_employee_id = {}) WHERE employee_id = {}",
        scene.app.literal(superior.id.uuid()),
        scene.app.literal(scene.person.id.uuid()),
    ));
    let (_, _, id) = scene.upheld();
    step(&scene.person.client, &id, "objection", 4, &objection()).expect(200);
    decided(&scene.app.official("bkd_head"), &id, 5, &granted()).expect(200);
    let told = scene.app.signed_in(&superior.username);
    assert_eq!(notices(&told, "team_case_upheld").len(), 1);
    assert_eq!(notices(&told, "team_case_withdrawn").len(), 1);
    // The notice of an upheld finding starts a clock, so that the superior may hand it over.
    let waiting = told.get("/v1/notices").expect(200);
    assert_eq!(waiting["items"].as_array().unwrap().len(), 2);
}

#[test]
fn the_times_are_data_and_a_running_one_keeps_what_its_notice_told() {
    let scene = scene();
    let shipped = scene.person.client.get("/v1/case-rules").expect(200);
    assert_eq!(
        shipped["items"],
        json!([{ "version": 0, "reply_working_days": 3, "objection_working_days": 14, "waiting_days": 7 }])
    );
    let body = json!({
        "effective_from": "2026-03-01", "reply_working_days": 5, "objection_working_days": 2, "waiting_days": 10,
    });
    let officer = scene.app.official("bkd_officer");
    scene.auditors[0]
        .with_header("if-match", "\"0\"")
        .put("/v1/case-rules", &body)
        .problem(403, "forbidden");
    let set = |body: &Value, version: &str| officer.with_header("if-match", version).put("/v1/case-rules", body);
    set(&json!({ "effective_from": "2026-03-01", "reply_working_days": 0, "objection_working_days": 2, "waiting_days": 10 }), "\"0\"")
        .names_field(422, "reply_working_days");
    set(&body, "\"0\"").expect(200);
    set(&body, "\"0\"").problem(412, "stale_version");
    let (_, second, id) = scene.proposed();
    scene.notices_reach_the_person();
    // Five working days from Tuesday: until Tuesday, 10 March.
    assert_eq!(scene.own_case(&id)["reply_due_at"], "2026-03-10T17:00:00.000Z");
    let shorter = json!({
        "effective_from": "2026-03-01", "reply_working_days": 1, "objection_working_days": 1, "waiting_days": 10,
    });
    set(&shorter, "\"1\"").expect(200);
    assert_eq!(scene.own_case(&id)["reply_due_at"], "2026-03-10T17:00:00.000Z");
    step(&scene.person.client, &id, "reply", 2, &crate::case::reply()).expect(200);
    let uphold = json!({ "outcome": "upheld", "reason": REASON });
    step(&second, &id, "decision", 3, &uphold).expect(200);
    scene.notices_reach_the_person();
    assert_eq!(scene.own_case(&id)["objection_due_at"], "2026-03-04T17:00:00.000Z");
}

#[test]
fn the_recap_counts_a_finding_from_its_decision_on_and_never_while_an_objection_pends() {
    let scene = scene();
    // Every slot of Monday is there, so that only the finding can take one away.
    for slot in ["midday", "afternoon"] {
        let slot = if slot == "midday" {
            sherlok::domain::slot::Slot::Midday
        } else {
            sherlok::domain::slot::Slot::Afternoon
        };
        scene.app.result(
            &scene.person,
            "2026-03-02",
            slot,
            sherlok::domain::place::Place::Inside,
            "12:00",
        );
    }
    let operator = scene.app.official("agency_operator:1.01");
    let reasons = || {
        let recap = operator.get("/v1/agencies/1.01/recaps/2026-03").expect(200);
        let days = recap["items"][0]["days"].as_array().unwrap().clone();
        let monday = days.into_iter().find(|day| day["date"] == "2026-03-02").unwrap();
        let is_upheld = monday.to_string().contains("slot_upheld");
        let notes = recap["notes"].to_string();
        (is_upheld, notes.contains("reviews_open"))
    };
    assert!(!reasons().0);
    let (_, _, id) = scene.upheld();
    assert!(reasons().0);
    step(&scene.person.client, &id, "objection", 4, &objection()).expect(200);
    assert!(!reasons().0);
    assert!(reasons().1);
    decided(&scene.app.official("bkd_head"), &id, 5, &granted()).expect(200);
    assert!(!reasons().0);
}

#[test]
fn an_audit_is_not_closed_over_a_pending_objection_and_closing_takes_no_right_away() {
    let scene = scene();
    let (_, _, id) = scene.upheld();
    for (own, other) in [(0, 1), (1, 0)] {
        for case in crate::audit::cases(&scene.auditors[own], &scene.audit) {
            if case["state"] == "assigned" && case["part"] == "review" {
                let case = case["id"].as_str().unwrap();
                step(&scene.auditors[own], case, "review", 1, &json!({ "finding": "valid" })).expect(200);
            }
        }
        let again = scene.auditors[other]
            .get(&format!("/v1/audits/{}/second-reviews", scene.audit))
            .expect(200);
        for review in again["items"].as_array().unwrap() {
            if review["is_written"] == false {
                let path = format!("/v1/second-reviews/{}", review["id"].as_str().unwrap());
                let client = scene.auditors[other].with_header("if-match", "\"1\"");
                client.post(&path, &json!({ "finding": "valid" })).expect(200);
            }
        }
    }
    let close = || {
        let path = format!("/v1/audits/{}/closure", scene.audit);
        scene.officer.send("POST", &path, None, &[])
    };
    step(&scene.person.client, &id, "objection", 4, &objection()).expect(200);
    close().problem(409, "cases_open");
    let head = scene.app.official("bkd_head");
    let stands = json!({ "outcome": "upheld", "reason": REASON });
    decided(&head, &id, 5, &stands).expect(200);
    close().expect(200);
    assert_eq!(scene.own_case(&id)["state"], "closed");

    let scene = self::scene();
    let (_, _, id) = scene.upheld();
    // Closed meanwhile, as far as the objection can tell.
    scene.app.execute(&format!(
        "UPDATE audit_case SET closed_at = decided_at WHERE id = {}",
        scene.app.literal(id.parse().unwrap())
    ));
    let objected = step(&scene.person.client, &id, "objection", 4, &objection()).expect(200);
    assert_eq!(objected["state"], "objected");
    decided(&scene.app.official("bkd_head"), &id, 5, &granted()).expect(200);
    assert_eq!(deviations(&scene).0, 0);
}
