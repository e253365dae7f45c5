//! Rosters of agencies through their routes: made, changed, handed in, decided, published, superseded.

use crate::harness::people::Person;
use crate::harness::rosters::{
    change, codes, decide, entries, half_at_home, item, make, mode, notices, planned, publish, scene, submit,
};
use serde_json::{Value, json};
use sherlok::domain::work_mode::WorkMode;

#[test]
fn a_draft_says_who_works_where_and_why() {
    let scene = scene(&half_at_home());
    let made = make(&scene.operator, "2026-03-02", "2026-03-08");
    let view = made.expect(201);
    let id = view["id"].as_str().unwrap();
    assert_eq!(
        (made.header("location"), made.header("etag")),
        (format!("/v1/rosters/{id}").as_str(), "\"1\"")
    );
    assert_eq!(
        (&view["state"], &view["due_on"], &view["is_late"]),
        (&json!("draft"), &json!("2026-03-03"), &json!(false))
    );
    assert_eq!(
        view["deadline"],
        "Jadwal ini diajukan kepada BKD paling lambat 3 Maret 2026."
    );
    let days = view["days"].as_array().unwrap();
    assert_eq!(days.len(), 5, "{view}");
    assert!(
        days.iter().all(|day| day["modes"] == json!({"wfo": 4, "wfh": 4})),
        "{view}"
    );
    assert_eq!(
        (&view["shortfalls"]["total"], &view["findings"]["total"]),
        (&json!(0), &json!(0))
    );
    let monday = entries(&scene.operator, id, "2026-03-02");
    assert_eq!(monday.len(), 8);
    let at_home = monday.iter().find(|entry| entry["mode"] == "wfh").unwrap();
    assert_eq!(
        at_home["sentence"],
        "Di rumah: WFH paling banyak 50% menurut SE 4 Tahun 2026; hari kantor 2 dari 5 hari kerja."
    );
    let english = scene.operator.with_header("accept-language", "en");
    let told = planned(&english, id, "2026-03-02", &scene.people[0])["sentence"].to_string();
    assert!(told.contains("under circular 4 Tahun 2026"), "{told}");
}

#[test]
fn a_roster_lives_from_draft_to_publication_and_becomes_everybodys_day() {
    let scene = scene(&half_at_home());
    let id = scene.made("2026-03-02", "2026-03-08");
    let id = id.as_str();
    // BKD does not see what the agency still works on, and the operator does not hand in.
    scene.bkd.get(&format!("/v1/rosters/{id}")).problem(404, "not_found");
    assert_eq!(
        scene.bkd.get("/v1/agencies/1.01/rosters").expect(200)["items"],
        json!([])
    );
    submit(&scene.operator, id, 1, &json!({})).problem(403, "forbidden");
    publish(&scene.operator, id, 1).problem(409, "wrong_state");
    let submitted = submit(&scene.head, id, 1, &json!({})).expect(200);
    assert_eq!(
        (&submitted["state"], &submitted["is_late"]),
        (&json!("submitted"), &json!(false))
    );
    assert_eq!(submitted["deadline"], "Diajukan tepat waktu; batasnya 3 Maret 2026.");
    change(&scene.operator, id, 2, &[item(&scene.people[0], "2026-03-03", "wfo")]).problem(409, "wrong_state");
    assert_eq!(
        scene.bkd.get("/v1/agencies/1.01/rosters").expect(200)["items"][0]["id"],
        json!(id)
    );
    assert_eq!(entries(&scene.bkd, id, "2026-03-06").len(), 8);
    assert_eq!(
        decide(&scene.bkd, id, 2, &json!({"decision": "receive"})).expect(200)["state"],
        "received"
    );
    assert_eq!(
        notices(&scene.operator, "roster_decided")[0]["title"],
        "Jadwal diterima BKD"
    );
    assert_eq!(mode(&scene.people[0], "2026-03-02"), "wfo", "nothing holds yet");
    let published = publish(&scene.operator, id, 3).expect(200);
    assert_eq!(
        (&published["state"], &published["written"], &published["kept"]),
        (&json!("published"), &json!(40), &json!(0))
    );
    assert_eq!(published["stands_on"].as_array().unwrap().len(), 5);
    for date in ["2026-03-02", "2026-03-06"] {
        for person in &scene.people {
            assert_eq!(
                mode(person, date),
                planned(&scene.operator, id, date, person)["mode"],
                "{date}"
            );
        }
    }
    for person in &scene.people {
        let told = notices(&person.client, "roster_published");
        assert_eq!(told.len(), 1);
        assert!(
            told[0]["body"]
                .as_str()
                .unwrap()
                .contains("2 Maret 2026 sampai 8 Maret 2026"),
            "{told:?}"
        );
    }
    let steps: Vec<_> = scene.actions(id).into_iter().map(|(action, _)| action).collect();
    assert_eq!(steps, ["make", "submit", "decide", "publish"]);
}

#[test]
fn a_change_by_hand_is_checked_at_once_and_a_broken_rule_needs_a_reason() {
    let scene = scene(&half_at_home());
    let id = scene.made("2026-03-03", "2026-03-04");
    let at_office: Vec<&Person> = scene
        .people
        .iter()
        .filter(|person| planned(&scene.operator, &id, "2026-03-03", person)["mode"] == "wfo")
        .collect();
    let changed = change(&scene.operator, &id, 1, &[item(at_office[0], "2026-03-03", "wfh")]);
    assert_eq!(changed.header("etag"), "\"2\"");
    let view = changed.expect(200);
    assert_eq!(view["findings"]["broken_rules"], 1);
    let finding = &view["findings"]["items"][0];
    assert_eq!(
        (&finding["code"], &finding["weight"], &finding["date"]),
        (&json!("quota"), &json!("rule"), &json!("2026-03-03"))
    );
    assert_eq!(
        finding["sentence"],
        "3 Maret 2026: WFH paling banyak 50% dari 8 orang berarti paling banyak 4 orang, pada jadwal 5 orang."
    );
    assert_eq!(view["shortfalls"]["total"], 0, "the roster as it was made had none");
    let entry = planned(&scene.operator, &id, "2026-03-03", at_office[0]);
    assert_eq!(
        (&entry["sentence"], &entry["is_by_hand"]),
        (
            &json!("Di rumah: diubah dengan alasan: Ada tamu dari pusat."),
            &json!(true)
        )
    );
    for reason in [json!({}), json!({"reason": "  "})] {
        let refused = submit(&scene.head, &id, 2, &reason).names_field(422, "reason");
        assert_eq!(refused["fields"][1]["code"], "quota", "{refused}");
    }
    assert_eq!(scene.read(&id)["state"], "draft");
    let body = json!({"reason": "Gedung sedang diperbaiki"});
    let view = submit(&scene.head, &id, 2, &body).expect(200);
    assert_eq!(
        (&view["state"], &view["submission_reason"]),
        (&json!("submitted"), &body["reason"])
    );
    assert_eq!(view["findings"]["broken_rules"], 1);
}

#[test]
fn after_the_circulars_day_it_is_taken_all_the_same_and_marked_as_late() {
    let mut scene = scene(&half_at_home());
    let id = scene.made("2026-03-05", "2026-03-06");
    scene.app.set_clock("2026-03-04T00:00:00+07:00");
    scene.head.renew();
    let view = submit(&scene.head, &id, 1, &json!({})).expect(200);
    assert_eq!((&view["state"], &view["is_late"]), (&json!("submitted"), &json!(true)));
    assert_eq!(
        view["deadline"],
        "Diajukan sesudah batas 3 Maret 2026. Jadwal tetap diterima dan ditandai terlambat."
    );
}

#[test]
fn a_returned_roster_is_mended_or_answered_for() {
    let scene = scene(&half_at_home());
    let id = scene.made("2026-03-03", "2026-03-04");
    decide(&scene.bkd, &id, 1, &json!({"decision": "receive"})).problem(404, "not_found");
    submit(&scene.head, &id, 1, &json!({})).expect(200);
    decide(&scene.bkd, &id, 2, &json!({"decision": "return"})).names_field(422, "findings");
    decide(
        &scene.bkd,
        &id,
        2,
        &json!({"decision": "return", "findings": [{"text": " "}]}),
    )
    .names_field(422, "findings[0].text");
    decide(&scene.bkd, &id, 2, &json!({"decision": "accept"})).names_field(422, "decision");
    let remark = json!({"text": "Loket hari Selasa kosong", "date": "2026-03-03"});
    let view = decide(&scene.bkd, &id, 2, &json!({"decision": "return", "findings": [remark]})).expect(200);
    assert_eq!((&view["state"], &view["remarks"][0]), (&json!("returned"), &remark));
    let told = &notices(&scene.operator, "roster_decided")[0];
    assert!(
        told["body"].as_str().unwrap().contains("Loket hari Selasa kosong."),
        "{told}"
    );
    submit(&scene.head, &id, 3, &json!({})).names_field(422, "reason");
    let person = &scene.people[0];
    let changed = change(&scene.operator, &id, 3, &[item(person, "2026-03-03", "wfo")]).expect(200);
    assert_eq!(changed["state"], "draft");
    scene.bkd.get(&format!("/v1/rosters/{id}")).problem(404, "not_found");
    submit(&scene.head, &id, 4, &json!({})).expect(200);
    decide(&scene.bkd, &id, 5, &json!({"decision": "return", "findings": [remark]})).expect(200);
    let answered = json!({"reason": "Loket dibuka pukul 10.00"});
    assert_eq!(submit(&scene.head, &id, 6, &answered).expect(200)["state"], "submitted");
}

#[test]
fn publishing_never_writes_over_leave_or_corrections_nor_days_that_have_passed() {
    let mut scene = scene(&half_at_home());
    let granted = json!({"agency": "1.01", "items": [
        {"employee_id": scene.people[0].id.uuid(), "date": "2026-03-03", "mode": "sick", "reason": "Tifus"},
    ]});
    scene.operator.post("/v1/rosters", &granted).expect(200);
    let id = scene.made("2026-03-02", "2026-03-04");
    let entry = planned(&scene.operator, &id, "2026-03-03", &scene.people[0]);
    assert_eq!(entry["mode"], "sick");
    assert_eq!(
        entry["sentence"],
        "Sakit: sudah ditetapkan lebih dulu dan tidak diubah oleh jadwal ini."
    );
    change(&scene.operator, &id, 1, &[item(&scene.people[0], "2026-03-03", "wfo")]).names_field(422, "items[0].date");
    submit(&scene.head, &id, 1, &json!({})).expect(200);
    decide(&scene.bkd, &id, 2, &json!({"decision": "receive"})).expect(200);
    // Granted after the roster was made.
    let late = json!({"agency": "1.01", "items": [
        {"employee_id": scene.people[1].id.uuid(), "date": "2026-03-04", "mode": "leave", "reason": "Cuti"},
    ]});
    scene.operator.post("/v1/rosters", &late).expect(200);
    scene.app.set_clock("2026-03-03T08:00:00+07:00");
    scene.operator.renew();
    let view = publish(&scene.operator, &id, 3).expect(200);
    assert_eq!((&view["written"], &view["kept"]), (&json!(14), &json!(2)));
    assert_eq!(view["stands_on"], json!(["2026-03-03", "2026-03-04"]));
    let listed = scene
        .operator
        .get("/v1/rosters?agency=1.01&from=2026-03-02&to=2026-03-04")
        .expect(200);
    let listed = listed["items"].as_array().unwrap();
    assert_eq!(listed.len(), 16, "nothing was written for Monday");
    let kept: Vec<&Value> = listed.iter().filter(|row| row["source"] == "approval").collect();
    assert_eq!(
        (kept.len(), &kept[0]["mode"], &kept[1]["mode"]),
        (2, &json!("sick"), &json!("leave"))
    );
}

#[test]
fn a_later_roster_takes_the_days_of_an_earlier_one_and_supersedes_it_when_none_is_left() {
    let scene = scene(&half_at_home());
    let first = scene.published("2026-03-03", "2026-03-06");
    let second = scene.published("2026-03-05", "2026-03-05");
    let view = scene.read(&first);
    assert_eq!(
        (&view["state"], &view["stands_on"]),
        (&json!("published"), &json!(["2026-03-03", "2026-03-04", "2026-03-06"]))
    );
    assert_eq!(scene.read(&second)["stands_on"], json!(["2026-03-05"]));
    let third = scene.published("2026-03-03", "2026-03-09");
    for id in [&first, &second] {
        let view = scene.read(id);
        assert_eq!((&view["state"], &view["stands_on"]), (&json!("superseded"), &json!([])));
        assert_eq!(
            scene.actions(id).last().unwrap(),
            &("supersede".to_owned(), Some("superseded".to_owned()))
        );
    }
    assert_eq!(scene.read(&third)["stands_on"].as_array().unwrap().len(), 5);
    publish(&scene.operator, &first, 5).problem(409, "wrong_state");
}

#[test]
fn those_who_live_in_the_named_regions_are_at_home_first_by_village_and_never_by_position() {
    let scene = scene(&half_at_home());
    // The position lies in Serang; the village is one of Tangerang.
    for person in &scene.people[..2] {
        let home = scene
            .app
            .verified_home(person, crate::harness::homes::HOME, "2026-01-01");
        let home = scene.app.literal(home.uuid());
        scene.app.execute(&format!(
            "UPDATE home SET village_code = '36.71.01.1001' WHERE id = {home}"
        ));
    }
    let id = scene.made("2026-03-02", "2026-03-13");
    for person in &scene.people[..2] {
        for date in ["2026-03-02", "2026-03-03", "2026-03-13"] {
            let entry = planned(&scene.operator, &id, date, person);
            assert_eq!(
                (&entry["mode"], &entry["reason"]["kind"]),
                (&json!("wfh"), &json!("away_first"))
            );
        }
    }
    assert!(
        !scene
            .operator
            .get(&format!("/v1/rosters/{id}/entries"))
            .text()
            .contains("36.71")
    );
    let passed = [item(&scene.people[0], "2026-03-02", "wfo")];
    let view = change(&scene.operator, &id, 1, &passed).expect(200);
    assert_eq!(
        view["findings"]["broken_rules"], 0,
        "who was changed by hand has a reason: {view}"
    );
}

#[test]
fn picket_of_the_day_before_and_levels_come_from_what_is_registered() {
    let scene = scene(&json!([
        {"kind": "work_mode", "group": "administration", "mode": "wfh"},
        {"kind": "picket", "min_per_day": 3, "levels": ["echelon_iii", "staff"]},
    ]));
    let manager = scene.app.literal(scene.people[7].id.uuid());
    scene.app.execute(&format!(
        "UPDATE membership SET echelon = 'III.a' WHERE employee_id = {manager}"
    ));
    for person in &scene.people[..2] {
        scene.app.assign(person, "2026-02-27", WorkMode::Picket);
    }
    let id = scene.made("2026-03-02", "2026-03-04");
    for person in &scene.people[..2] {
        assert_eq!(planned(&scene.operator, &id, "2026-03-02", person)["mode"], "wfh");
    }
    let view = scene.read(&id);
    assert!(
        view["days"]
            .as_array()
            .unwrap()
            .iter()
            .all(|day| day["modes"]["picket"] == 3),
        "{view}"
    );
    let alone = planned(&scene.operator, &id, "2026-03-03", &scene.people[7]);
    assert_eq!(
        alone["sentence"],
        "Piket: giliran ke-2 dari 3 menurut SE 4 Tahun 2026, sedikitnya 3 orang sehari, mewakili eselon III; berturut-turut karena belum ada pengganti."
    );
    let off: Vec<Value> = (0..8).map(|at| item(&scene.people[at], "2026-03-03", "wfh")).collect();
    let view = change(&scene.operator, &id, 1, &off).expect(200);
    let mut found = codes(&view["findings"]);
    found.retain(|code| code.starts_with("picket"));
    assert_eq!(found, ["picket_short", "picket_level", "picket_level"]);
}
