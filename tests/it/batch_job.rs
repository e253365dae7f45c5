//! What batches do by themselves, and how BKD sees at a glance who has reported.

use crate::batch::{DAY, Scene, path, scene, share, submit};
use crate::circular::issued;
use crate::circular::text;
use crate::harness::client::Client;
use crate::harness::people::Person;
use serde_json::{Value, json};
use sherlok::app::batch::job::Round;
use uuid::Uuid;

/// Lets an agency's slots be sealed at their close.
fn seal_at_close(officer: &Client, agency: &str) {
    let body = json!({ "seals_at_close": true, "needs_second_person": false });
    officer
        .with_header("if-match", "\"0\"")
        .put(&format!("/v1/agencies/{agency}/batch-setting"), &body)
        .expect(200);
}

fn items(answer: &Value) -> &[Value] {
    answer["items"].as_array().unwrap()
}

#[test]
fn a_slot_is_sealed_when_it_closes_once_by_whichever_instance() {
    let mut scene = scene();
    seal_at_close(&scene.officer, "1.01");
    share(&scene.near, "2026-03-02T08:30:00+07:00", 12.0, 1);
    let twin = scene.app.twin();
    scene.set_clock("2026-03-02T09:10:00+07:00");
    assert_eq!(
        scene.app.app().seal_due(scene.app.app().now()).unwrap(),
        Round::default(),
        "grace is still running"
    );
    scene.set_clock("2026-03-02T09:10:01+07:00");
    let now = scene.app.app().now();
    let rounds = std::thread::scope(|threads| {
        let one = threads.spawn(|| scene.app.app().seal_due(now).unwrap());
        let other = threads.spawn(|| twin.app().seal_due(now).unwrap());
        [one.join().unwrap(), other.join().unwrap()]
    });
    assert_eq!(rounds[0].sealed + rounds[1].sealed, 1, "{rounds:?}");
    assert_eq!(rounds[0].failed + rounds[1].failed, 0, "{rounds:?}");
    assert_eq!(scene.app.app().seal_due(now).unwrap(), Round::default());
    let list = scene.operator.get("/v1/batches").expect(200);
    assert_eq!(items(&list).len(), 1);
    let batch = &items(&list)[0];
    assert_eq!(
        (&batch["kind"], &batch["slot"], &batch["prepared_by"]),
        (&json!("slot"), &json!("morning"), &Value::Null)
    );
    assert_eq!(
        (&batch["counts"]["received"], &batch["counts"]["missed"]),
        (&json!(1), &json!(1))
    );
    let sent = submit(&scene.operator, &path(batch)).expect(200);
    assert_eq!(sent["approved_by"], sent["submitted_by"]);
}

#[test]
fn a_day_without_anybody_expected_is_not_sealed_by_itself() {
    let mut scene = scene();
    seal_at_close(&scene.officer, "1.01");
    scene.set_clock("2026-03-03T09:30:00+07:00");
    assert_eq!(
        scene.app.app().seal_due(scene.app.app().now()).unwrap(),
        Round::default()
    );
}

#[test]
fn late_truths_are_gathered_for_a_day_into_one_supplement() {
    let mut scene = scene().lived();
    let first = scene.seal().expect(201);
    assert_eq!(first["supplement_due_at"], "2026-03-03T10:30:00.000Z");
    share(&scene.near, "2026-03-02T12:00:00+07:00", 5.0, 3);
    share(&scene.far, "2026-03-02T16:00:00+07:00", 5.0, 4);
    scene.set_clock("2026-03-03T17:29:59+07:00");
    assert_eq!(
        scene.app.app().seal_due(scene.app.app().now()).unwrap(),
        Round::default()
    );
    scene.set_clock("2026-03-03T17:30:00+07:00");
    let round = scene.app.app().seal_due(scene.app.app().now()).unwrap();
    assert_eq!(
        round,
        Round {
            supplements: 1,
            ..Round::default()
        }
    );
    let list = scene.operator.get("/v1/batches").expect(200);
    let versions: Vec<(&Value, &Value)> = items(&list)
        .iter()
        .map(|it| (&it["version"], &it["counts"]["received"]))
        .collect();
    assert_eq!(versions, [(&json!(2), &json!(4)), (&json!(1), &json!(2))]);
    assert_eq!(items(&list)[0]["supersedes"], first["id"]);
}

#[test]
fn nothing_new_makes_no_supplement_and_is_asked_once() {
    let mut scene = scene().lived();
    let path = scene.sealed();
    scene.set_clock("2026-03-03T17:30:00+07:00");
    assert_eq!(
        scene.app.app().seal_due(scene.app.app().now()).unwrap(),
        Round::default()
    );
    assert_eq!(scene.operator.get(&path).expect(200)["supplement_due_at"], Value::Null);
}

#[test]
fn a_correction_of_the_roster_is_a_late_truth() {
    let mut scene = scene().lived();
    let first = scene.seal().expect(201);
    scene.set_clock("2026-03-03T17:30:00+07:00");
    assert_eq!(
        scene.app.app().seal_due(scene.app.app().now()).unwrap(),
        Round::default()
    );
    let entry =
        json!({ "employee_id": scene.far.id.uuid(), "date": DAY, "mode": "sick", "reason": "Surat dokter menyusul" });
    scene
        .operator
        .post("/v1/rosters", &json!({ "agency": "1.01", "items": [entry] }))
        .expect(200);
    let due = scene.operator.get(&path(&first)).expect(200)["supplement_due_at"].clone();
    assert_eq!(due, "2026-03-04T10:30:00.000Z");
    scene.set_clock("2026-03-04T17:30:00+07:00");
    let round = scene.app.app().seal_due(scene.app.app().now()).unwrap();
    assert_eq!((round.supplements, round.failed), (1, 0));
    let list = scene.operator.get("/v1/batches").expect(200);
    let newest = &items(&list)[0];
    assert_eq!(
        (&newest["version"], &newest["counts"]["excused"]),
        (&json!(2), &json!(2))
    );
}

#[test]
fn an_accepted_correction_of_a_sealed_day_makes_a_new_version_in_which_nothing_is_missed() {
    let mut scene = scene().lived();
    let first = sealed_and_compared(&mut scene);
    let missed = |batch: &Value| (batch["counts"]["missed"].clone(), batch["counts"]["excused"].clone());
    assert_eq!(missed(&first), (json!(4), json!(0)));
    let correct = |scene: &Scene, person: &Person, slot: Value| {
        let body = json!({
            "id": Uuid::now_v7(), "date": DAY, "slot": slot, "kind": "attended", "reason": "Ponsel saya rusak hari itu",
        });
        let view = person.client.post("/v1/corrections", &body).expect(201);
        let path = format!("/v1/corrections/{}/decision", view["id"].as_str().unwrap());
        let operator = scene.operator.with_header("if-match", "\"1\"");
        operator.post(&path, &json!({"accept": true})).expect(200);
    };
    correct(&scene, &scene.near, json!("midday"));
    correct(&scene, &scene.far, Value::Null);
    assert_eq!(due(&scene, &first), "2026-03-04T10:30:00.000Z");
    scene.set_clock("2026-03-04T17:30:00+07:00");
    let round = scene.app.app().seal_due(scene.app.app().now()).unwrap();
    assert_eq!((round.supplements, round.failed), (1, 0));
    let newest = items(&scene.operator.get("/v1/batches").expect(200))[0].clone();
    assert_eq!((&newest["version"], &newest["supersedes"]), (&json!(2), &first["id"]));
    assert_eq!(missed(&newest), (json!(1), json!(3)));
    let rows = scene.operator.get(&format!("{}/file.ndjson", path(&newest))).text();
    let row = |person: &Person, slot: &str| -> Value {
        let rows = rows.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        let mut of = rows.filter(|row| row["employee_number"] == json!(person.username) && row["slot"] == slot);
        of.next().unwrap()
    };
    let excused = row(&scene.near, "midday");
    assert_eq!(
        (&excused["state"], &excused["expected"]),
        (&json!("excused"), &json!(false))
    );
    assert_eq!(row(&scene.near, "afternoon")["state"], "missed");
    // A share that came stays what it was, whatever is accepted of the day.
    assert_eq!(row(&scene.far, "morning")["state"], "received");
}

/// Seals the day and lets the comparison that follows every sealing pass without anything new.
fn sealed_and_compared(scene: &mut Scene) -> Value {
    let first = scene.seal().expect(201);
    scene.set_clock("2026-03-03T17:30:00+07:00");
    assert_eq!(
        scene.app.app().seal_due(scene.app.app().now()).unwrap(),
        Round::default()
    );
    assert_eq!(due(scene, &first), Value::Null);
    first
}

fn due(scene: &Scene, batch: &Value) -> Value {
    scene.operator.get(&path(batch)).expect(200)["supplement_due_at"].clone()
}

/// The circular that asks for a share in the morning only.
fn mornings_only(number: &str, changes: &Value) -> Value {
    let slot =
        json!({ "slot": "morning", "window": { "opens_minute": 450, "closes_minute": 540 }, "grace_minutes": 10 });
    let mut body = text(number, &json!({ "rules": [{ "kind": "checkin", "slots": [slot] }] }));
    for (key, value) in changes.as_object().unwrap() {
        body[key] = value.clone();
    }
    body
}

/// Versions and the counts of expected slots, newest first.
fn expected(scene: &Scene) -> Vec<(i64, i64)> {
    let list = scene.operator.get("/v1/batches").expect(200);
    let number = |value: &Value| value.as_i64().unwrap();
    items(&list)
        .iter()
        .map(|batch| (number(&batch["version"]), number(&batch["counts"]["expected"])))
        .collect()
}

#[test]
fn a_circular_issued_for_past_days_calls_for_a_supplement_of_what_was_sealed_of_them() {
    let mut scene = scene().lived();
    let first = sealed_and_compared(&mut scene);
    // Those of later days and of other places leave the sealed day as it is.
    issued(
        &scene.officer,
        &mornings_only("5 Tahun 2026", &json!({ "effective_from": "2026-03-03" })),
    );
    issued(
        &scene.officer,
        &mornings_only("6 Tahun 2026", &json!({ "jurisdiction_code": "36.01" })),
    );
    assert_eq!(due(&scene, &first), Value::Null);

    issued(
        &scene.officer,
        &mornings_only("7 Tahun 2026", &json!({ "effective_from": DAY })),
    );
    assert_eq!(due(&scene, &first), "2026-03-04T10:30:00.000Z");
    scene.set_clock("2026-03-04T17:29:59+07:00");
    assert_eq!(
        scene.app.app().seal_due(scene.app.app().now()).unwrap(),
        Round::default()
    );
    scene.set_clock("2026-03-04T17:30:00+07:00");
    let round = scene.app.app().seal_due(scene.app.app().now()).unwrap();
    assert_eq!((round.supplements, round.failed), (1, 0));
    assert_eq!(expected(&scene), [(2, 2), (1, 6)]);
}

#[test]
fn a_circular_taken_back_for_past_days_calls_for_a_supplement_too() {
    let scene = scene();
    let id = issued(&scene.officer, &mornings_only("5 Tahun 2026", &json!({})));
    let mut scene = scene.lived();
    let first = sealed_and_compared(&mut scene);
    assert_eq!(expected(&scene), [(1, 2)]);
    let taken_back =
        json!({ "effective_from": DAY, "rules": [], "relations": [{ "kind": "revokes", "target_id": id }] });
    issued(&scene.officer, &text("6 Tahun 2026", &taken_back));
    assert_eq!(due(&scene, &first), "2026-03-04T10:30:00.000Z");
    scene.set_clock("2026-03-04T17:30:00+07:00");
    let round = scene.app.app().seal_due(scene.app.app().now()).unwrap();
    assert_eq!((round.supplements, round.failed), (1, 0));
    assert_eq!(expected(&scene), [(2, 6), (1, 2)]);
}

#[test]
fn a_circular_that_changes_nothing_of_a_sealed_day_makes_no_new_version() {
    let mut scene = scene().lived();
    let first = sealed_and_compared(&mut scene);
    let travel = json!({ "kind": "travel", "outside_region": "banned" });
    issued(&scene.officer, &text("5 Tahun 2026", &json!({ "rules": [travel] })));
    scene.set_clock("2026-03-04T17:30:00+07:00");
    assert_eq!(
        scene.app.app().seal_due(scene.app.app().now()).unwrap(),
        Round::default()
    );
    assert_eq!((expected(&scene), due(&scene, &first)), (vec![(1, 6)], Value::Null));
}

#[test]
fn a_check_that_an_instance_left_undone_is_done_by_the_next_round() {
    let mut scene = scene().lived();
    let path = scene.sealed();
    let at = if scene.app.is_postgres() {
        "'2026-03-02T10:30:00Z'"
    } else {
        "1772447400000"
    };
    scene
        .app
        .execute(&format!("UPDATE batch SET state = 'submitted', submitted_at = {at}"));
    assert_eq!(
        scene.app.app().seal_due(scene.app.app().now()).unwrap(),
        Round::default(),
        "it may still be at work"
    );
    scene.set_clock("2026-03-02T17:31:00+07:00");
    let round = scene.app.app().seal_due(scene.app.app().now()).unwrap();
    assert_eq!(
        round,
        Round {
            received: 1,
            ..Round::default()
        }
    );
    assert_eq!(scene.officer.get(&path).expect(200)["state"], "received");
}

#[test]
fn a_sealing_left_undone_is_taken_over() {
    let mut scene = scene().lived();
    let path = scene.sealed();
    let old = scene.operator.get(&path).expect(200);
    share(&scene.near, "2026-03-02T12:00:00+07:00", 5.0, 3);
    let (id, at) = if scene.app.is_postgres() {
        ("'019cac40-0000-7000-8000-000000000001'", "'2026-03-02T10:29:00Z'")
    } else {
        ("X'019cac40000070008000000000000001'", "1772447340000")
    };
    scene.app.execute(&format!(
        "INSERT INTO batch (id, agency_code, from_date, to_date, slot, version, state, opened_at, findings, answers) \
         VALUES ({id}, '1.01', '{DAY}', '{DAY}', 0, 2, 'open', {at}, '[]', '[]')"
    ));
    scene.seal().problem(503, "busy");
    scene.set_clock("2026-03-02T17:45:00+07:00");
    let new = scene.seal().expect(201);
    assert_eq!((&new["version"], &new["supersedes"]), (&json!(2), &old["id"]));
}

fn seal_slot(scene: &Scene, slot: &str) -> String {
    let body = json!({ "from": DAY, "to": DAY, "slot": slot });
    path(&scene.operator.post("/v1/agencies/1.01/batches", &body).expect(201))
}

fn overview(client: &Client) -> Value {
    client.get(&format!("/v1/batches/overview?date={DAY}")).expect(200)
}

fn reporting(scene: &Scene) -> Vec<String> {
    let answer = overview(&scene.officer);
    let slots = items(&answer)
        .iter()
        .take(1)
        .flat_map(|line| line["slots"].as_array().unwrap());
    slots
        .map(|slot| slot["reporting"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn the_deadlines_of_a_circular_are_the_deadlines() {
    let mut scene = scene();
    let slot = |slot: &str, opens: u16, closes: u16, due: u16| {
        json!({ "slot": slot, "window": { "opens_minute": opens, "closes_minute": closes }, "grace_minutes": 0,
                "report_due_minute": due })
    };
    let check_in = json!({ "kind": "checkin", "slots": [
        slot("morning", 390, 440, 450), slot("midday", 660, 680, 690), slot("afternoon", 870, 900, 900),
    ] });
    issued(&scene.officer, &text("734 Tahun 2026", &json!({ "rules": [check_in] })));
    let due: Vec<Value> = overview(&scene.officer)["items"][0]["slots"]
        .as_array()
        .unwrap()
        .iter()
        .map(|slot| slot["due_at"].clone())
        .collect();
    // 07.30, 11.30, and 15.00 with the quarter of an hour that sending takes after a close at the same minute.
    assert_eq!(
        due,
        [
            "2026-03-02T00:30:00.000Z",
            "2026-03-02T04:30:00.000Z",
            "2026-03-02T08:15:00.000Z"
        ]
    );
    assert_eq!(reporting(&scene), ["missing", "pending", "pending"]);
    scene.set_clock("2026-03-02T15:15:00+07:00");
    submit(&scene.operator, &seal_slot(&scene, "afternoon")).expect(200);
    assert_eq!(reporting(&scene), ["missing", "missing", "sent"]);
}

#[test]
fn bkd_sees_who_has_sent_who_is_late_and_who_is_missing() {
    let mut scene = scene();
    scene.app.agency("1.02");
    assert_eq!(reporting(&scene), ["pending", "pending", "pending"]);
    scene.set_clock("2026-03-02T11:10:00+07:00");
    let morning = seal_slot(&scene, "morning");
    assert_eq!(
        reporting(&scene),
        ["pending", "pending", "pending"],
        "sealed is not sent"
    );
    submit(&scene.operator, &morning).expect(200);
    assert_eq!(reporting(&scene), ["sent", "pending", "pending"]);
    scene.set_clock("2026-03-02T15:40:00.001+07:00");
    assert_eq!(reporting(&scene), ["sent", "missing", "pending"]);
    submit(&scene.operator, &seal_slot(&scene, "midday")).expect(200);
    assert_eq!(reporting(&scene), ["sent", "late", "pending"]);

    let answer = overview(&scene.officer);
    assert_eq!(
        answer["totals"],
        json!({ "sent": 1, "late": 1, "missing": 0, "pending": 1, "not_expected": 3 })
    );
    assert_eq!(answer["items"][0]["slots"][0]["due_at"], "2026-03-02T04:10:00.000Z");
    assert_eq!(answer["items"][0]["slots"][0]["is_partial"], false);
    assert_eq!(items(&answer).len(), 2);
    assert_eq!(
        items(&overview(&scene.operator)).len(),
        1,
        "an agency sees its own line"
    );
    let page = scene
        .officer
        .get(&format!("/v1/batches/overview?date={DAY}&limit=1"))
        .expect(200);
    let cursor = page["next_cursor"].as_str().unwrap();
    let rest = scene
        .officer
        .get(&format!("/v1/batches/overview?date={DAY}&limit=1&cursor={cursor}"))
        .expect(200);
    assert_eq!(
        (&rest["items"][0]["agency"], rest.get("next_cursor")),
        (&json!("1.02"), None)
    );
    assert_eq!(rest["totals"], answer["totals"]);
    scene.near.client.get("/v1/batches/overview").problem(403, "forbidden");
    scene
        .officer
        .get("/v1/batches/overview?date=x")
        .names_field(422, "date");
}
