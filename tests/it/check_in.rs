//! Shares from the phone to the record: outcomes, retries, limits, and two instances on one database.

use crate::harness::TestApp;
use crate::harness::client::{Answer, Client};
use crate::harness::homes::{HOME, at_metres};
use crate::harness::shares::{MORNING, at_home, claim, share};
use chrono::NaiveDate;
use serde_json::{Value, json};
use sherlok::domain::work_mode::WorkMode;
use sherlok::store;

#[test]
fn a_share_at_home_is_inside_on_time_and_counted() {
    let (_app, person) = at_home();
    let answer = share(&person.client, &claim(MORNING, 12.0, 18.5, 1)).expect(201);
    assert_eq!(answer["place"], "inside");
    assert_eq!(answer["time"], "on_time");
    assert_eq!(answer["slot"], "morning");
    assert_eq!(answer["work_date"], "2026-03-02");
    assert_eq!(answer["mode"], "wfh");
    assert_eq!(answer["counted"], true);
    assert_eq!(answer["distance_metres"], 12);
    assert_eq!(answer["flags"], json!([]));
    assert_eq!(answer["zone"], "Asia/Jakarta");
    assert_eq!(answer["message"], "Lokasi Anda di rumah. Diterima untuk sesi pagi.");
}

#[test]
fn the_sentence_says_whether_the_share_counts() {
    let (app, person) = at_home();
    let said = |claim: &Value| {
        let answer = share(&person.client, claim).expect(201);
        (
            answer["counted"].clone(),
            answer["message"].as_str().unwrap().to_owned(),
        )
    };
    share(&person.client, &claim(MORNING, 12.0, 18.5, 1)).expect(201);
    // A second share farther away fills nothing.
    assert_eq!(
        said(&claim("2026-03-02T08:40:00+07:00", 340.0, 25.0, 2)),
        (
            json!(false),
            "Lokasi Anda 340 m dari rumah terdaftar. Anda dapat memberi penjelasan. Tersimpan. Sesi pagi sudah terisi \
             kiriman Anda yang lain; yang itu yang dihitung."
                .to_owned()
        )
    );
    app.assign(&person, "2026-02-27", WorkMode::Wfh);
    let (counted, late) = said(&claim("2026-02-27T08:30:00+07:00", 12.0, 18.5, 3));
    assert_eq!(counted, json!(false));
    assert!(
        late.ends_with("belum dihitung untuk sesi pagi: diterima lebih dari 24 jam setelah diambil."),
        "{late}"
    );
    let (counted, ahead) = said(&claim("2026-03-02T12:00:00+07:00", 12.0, 18.5, 4));
    assert_eq!(counted, json!(false));
    assert!(
        ahead.ends_with("belum dihitung untuk sesi siang: menurut jam kami waktunya belum tiba."),
        "{ahead}"
    );
    let english = person.client.with_header("accept-language", "en");
    let second = share(&english, &claim("2026-03-02T08:41:00+07:00", 340.0, 25.0, 5)).expect(201);
    assert!(
        second["message"]
            .as_str()
            .unwrap()
            .ends_with("fills the morning slot already; that one counts."),
        "{second}"
    );
}

#[test]
fn a_made_up_position_is_not_called_home() {
    let (_app, person) = at_home();
    let mut made_up = claim(MORNING, 12.0, 18.5, 1);
    made_up["mock"] = json!(true);
    let answer = share(&person.client, &made_up).expect(201);
    assert_eq!((&answer["place"], &answer["counted"]), (&json!("inside"), &json!(true)));
    assert_eq!(
        answer["message"],
        "Titik yang dikirim 12 m dari tempat tugas, tetapi ponsel menandainya sebagai lokasi buatan, jadi belum \
         menunjukkan di mana Anda berada. Diterima untuk sesi pagi."
    );
}

#[test]
fn each_place_is_told_by_distance_radius_and_accuracy() {
    let (app, person) = at_home();
    let place = |metres, accuracy, serial| {
        share(&person.client, &claim(MORNING, metres, accuracy, serial)).expect(201)["place"].clone()
    };
    assert_eq!(place(150.0, 20.0, 1), "inside");
    assert_eq!(place(190.0, 20.0, 2), "probable");
    assert_eq!(place(210.0, 20.0, 3), "uncertain");
    assert_eq!(place(340.0, 25.0, 4), "outside");
    assert_eq!(place(10.0, 2_500.0, 5), "unusable");
    let stranger = app.employee("1.01");
    app.assign(&stranger, "2026-03-02", WorkMode::Wfh);
    assert_eq!(
        share(&stranger.client, &claim(MORNING, 0.0, 5.0, 6)).expect(201)["place"],
        "unverifiable"
    );
}

#[test]
fn a_retry_gets_the_same_answer_and_another_claim_a_conflict() {
    let (_app, person) = at_home();
    let mut first = claim(MORNING, 12.0, 18.5, 1);
    first["sent_at"] = json!("2026-03-02T08:58:59+07:00");
    let answer = share(&person.client, &first).expect(201);
    first["sent_at"] = json!("2026-03-02T08:59:00+07:00");
    assert_eq!(share(&person.client, &first).expect(200), answer);
    for (field, value) in [
        ("latitude", json!(-6.2)),
        ("accuracy_metres", json!(18.6)),
        ("captured_at", json!("2026-03-02T08:30:01+07:00")),
        ("mock", json!(false)),
        ("note", json!("")),
    ] {
        let mut other = first.clone();
        other[field] = value;
        share(&person.client, &other).problem(409, "id_conflict");
    }
}

#[test]
fn the_same_id_of_another_person_is_their_own_record() {
    let (app, person) = at_home();
    let other = app.employee("1.01");
    let claim = claim(MORNING, 12.0, 18.5, 1);
    share(&person.client, &claim).expect(201);
    share(&other.client, &claim).expect(201);
    share(&person.client, &claim).expect(200);
}

#[test]
fn an_id_made_a_moment_ago_is_known_again_in_a_group_with_others_and_on_another_instance() {
    // One second before the tests' clock: such an id is not looked up before the insert has found it known.
    const NOW: &str = "2026-03-02T08:58:59+07:00";
    let (app, person) = at_home();
    let twin = app.twin();
    // SQLite serves one process; the second instance takes part on PostgreSQL.
    let elsewhere = if app.is_postgres() {
        person.client.at(&twin.base_url)
    } else {
        person.client.clone()
    };
    let first = claim(NOW, 12.0, 18.5, 1);
    let answer = share(&person.client, &first).expect(201);
    assert_eq!(share(&person.client, &first).expect(200), answer);
    assert_eq!(share(&elsewhere, &first).expect(200), answer);
    let mut other = first.clone();
    other["latitude"] = json!(-6.2);
    share(&person.client, &other).problem(409, "id_conflict");
    share(&elsewhere, &other).problem(409, "id_conflict");
    let both = json!({ "check_ins": [first, claim(NOW, 10.0, 5.0, 2), other] });
    let results = person.client.post("/v1/check-ins/batch", &both).expect(200)["results"].clone();
    let statuses: Vec<&Value> = results
        .as_array()
        .unwrap()
        .iter()
        .map(|result| &result["status"])
        .collect();
    assert_eq!(statuses, [200, 201, 409]);
    assert_eq!(results[0]["check_in"], answer);
}

#[test]
fn fifty_identical_claims_at_once_make_one_record_and_one_answer() {
    let (app, person) = at_home();
    let twin = app.twin();
    let clients = [person.client.clone(), person.client.at(&twin.base_url)];
    let claim = claim(MORNING, 12.0, 18.5, 1);
    let answers: Vec<Answer> = std::thread::scope(|scope| {
        let calls: Vec<_> = (0..50)
            .map(|index| {
                // SQLite serves one process; the second instance takes part on PostgreSQL.
                let client = if app.is_postgres() {
                    &clients[index % 2]
                } else {
                    &clients[0]
                };
                scope.spawn(|| share(client, &claim))
            })
            .collect();
        calls.into_iter().map(|call| call.join().unwrap()).collect()
    });
    let created = answers.iter().filter(|answer| answer.status == 201).count();
    assert_eq!(
        created,
        1,
        "{:?}",
        answers.iter().map(|answer| answer.status).collect::<Vec<_>>()
    );
    let first = answers[0].json();
    for answer in &answers {
        assert!(answer.status == 201 || answer.status == 200);
        assert_eq!(answer.json(), first);
    }
    let own = person.client.get("/v1/me/check-ins").expect(200);
    assert_eq!(own["items"].as_array().unwrap().len(), 1);
    app.counters_agree("1.01", "2026-03-02");
}

#[test]
fn many_people_at_once_on_two_instances_are_each_recorded_and_counted_once() {
    let app = TestApp::start();
    let twin = app.twin();
    let people: Vec<_> = (0..12).map(|_| app.employee("1.01")).collect();
    std::thread::scope(|scope| {
        for (index, person) in people.iter().enumerate() {
            for attempt in 0..4_u32 {
                let instance = if app.is_postgres() && attempt % 2 == 1 {
                    &twin
                } else {
                    &app
                };
                let client = person.client.at(&instance.base_url);
                let serial = u32::try_from(index).unwrap() * 10 + attempt / 2;
                scope.spawn(move || {
                    let answer = share(&client, &claim(MORNING, f64::from(attempt / 2) * 10.0, 9.0, serial));
                    assert!([200, 201].contains(&answer.status), "{}", answer.text());
                });
            }
        }
    });
    for person in &people {
        let own = person.client.get("/v1/me/check-ins").expect(200);
        let items = own["items"].as_array().unwrap();
        assert_eq!(items.len(), 2);
        assert_eq!(items.iter().filter(|item| item["counted"] == true).count(), 1);
    }
    app.counters_agree("1.01", "2026-03-02");
}

#[test]
fn the_best_share_represents_the_slot_whatever_came_first() {
    let (app, person) = at_home();
    let counted = |client: &Client| {
        let own = client.get("/v1/me/check-ins").expect(200);
        let items = own["items"].as_array().unwrap().clone();
        items
            .into_iter()
            .filter(|item| item["counted"] == true)
            .map(|item| item["place"].clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        share(&person.client, &claim(MORNING, 900.0, 20.0, 1)).expect(201)["counted"],
        true
    );
    assert_eq!(counted(&person.client), ["outside"]);
    assert_eq!(
        share(&person.client, &claim("2026-03-02T08:40:00+07:00", 5.0, 20.0, 2)).expect(201)["counted"],
        true
    );
    assert_eq!(counted(&person.client), ["inside"]);
    assert_eq!(
        share(&person.client, &claim("2026-03-02T08:45:00+07:00", 5.0, 9.0, 3)).expect(201)["counted"],
        false
    );
    assert_eq!(
        share(&person.client, &claim("2026-03-02T08:20:00+07:00", 5.0, 9.0, 4)).expect(201)["counted"],
        true
    );
    assert_eq!(counted(&person.client).len(), 1);
    app.counters_agree("1.01", "2026-03-02");
}

#[test]
fn an_offline_week_sent_twice_in_shuffled_order_gives_the_same_final_state() {
    let mut states = Vec::new();
    for order in [1_usize, 7] {
        let app = TestApp::start();
        let person = app.employee("1.01");
        app.verified_home(&person, HOME, "2026-01-05");
        let mut week = Vec::new();
        for day in 2..=6 {
            app.assign(&person, &format!("2026-03-0{day}"), WorkMode::Wfh);
            for (slot, time) in ["08:00", "08:20", "12:00", "16:00", "20:00"].into_iter().enumerate() {
                let serial = u32::try_from(day * 10 + slot).unwrap();
                let at = format!("2026-03-0{day}T{time}:00+07:00");
                week.push(claim(&at, f64::from(serial % 7) * 60.0, 15.0, serial));
            }
        }
        app.set_clock("2026-03-06T20:30:00+07:00");
        let client = app.signed_in(&person.username);
        for round in 0..2 {
            let shuffled: Vec<&Value> = (0..week.len())
                .map(|index| &week[(index * order + round * 3) % week.len()])
                .collect();
            let answer = client
                .post("/v1/check-ins/batch", &json!({ "check_ins": shuffled }))
                .expect(200);
            let statuses: Vec<u64> = answer["results"]
                .as_array()
                .unwrap()
                .iter()
                .map(|item| item["status"].as_u64().unwrap())
                .collect();
            assert!(
                statuses
                    .iter()
                    .all(|status| *status == if round == 0 { 201 } else { 200 }),
                "{statuses:?}"
            );
        }
        for day in 2..=6 {
            app.counters_agree("1.01", &format!("2026-03-0{day}"));
        }
        states.push(client.get("/v1/me/check-ins?limit=200").expect(200));
    }
    assert_eq!(states[0], states[1]);
    let items = states[0]["items"].as_array().unwrap();
    assert_eq!(items.len(), 25);
    // Only the last 24 hours fill slots by themselves: Friday's three.
    assert_eq!(items.iter().filter(|item| item["counted"] == true).count(), 3);
    assert_eq!(
        items
            .iter()
            .filter(|item| item["flags"][0]["code"] == "received_late")
            .count(),
        19 + 1
    );
}

#[test]
fn a_batch_takes_the_good_and_names_what_is_wrong_with_the_rest() {
    let (_app, person) = at_home();
    let mut broken = claim(MORNING, 5.0, 9.0, 2);
    broken["latitude"] = json!(91.5);
    let mut typo = claim(MORNING, 5.0, 9.0, 3);
    typo["accuracy"] = json!(3);
    let good = claim(MORNING, 5.0, 9.0, 1);
    let mut other = good.clone();
    other["note"] = json!("lain");
    let batch = json!({ "check_ins": [good, broken, typo, good, other] });
    let answer = person.client.post("/v1/check-ins/batch", &batch).expect(200);
    let results = answer["results"].as_array().unwrap();
    let statuses: Vec<_> = results.iter().map(|item| item["status"].as_u64().unwrap()).collect();
    assert_eq!(statuses, [201, 422, 422, 200, 409]);
    assert_eq!(results[1]["problem"]["fields"][0]["field"], "latitude");
    assert_eq!(results[2]["problem"]["fields"][0]["field"], "accuracy");
    assert_eq!(results[3]["check_in"], results[0]["check_in"]);
    person
        .client
        .post("/v1/check-ins/batch", &json!({ "check_ins": [good, [null]] }))
        .names_field(422, "check_ins[1]");
    person
        .client
        .post("/v1/check-ins/batch", &json!({ "check_ins": [] }))
        .names_field(422, "check_ins");
    let many: Vec<Value> = (0..201).map(|serial| claim(MORNING, 0.0, 5.0, serial)).collect();
    person
        .client
        .post("/v1/check-ins/batch", &json!({ "check_ins": many }))
        .names_field(422, "check_ins");
}

#[test]
fn time_is_judged_by_capture_in_the_zone_of_duty() {
    let (app, person) = at_home();
    app.set_clock("2026-03-02T09:30:00+07:00");
    let client = app.signed_in(&person.username);
    let judged = |captured_at: &str, serial| share(&client, &claim(captured_at, 5.0, 9.0, serial)).expect(201);
    assert_eq!(judged("2026-03-02T00:59:59Z", 1)["time"], "backfilled");
    assert_eq!(judged("2026-03-02T09:05:00+07:00", 2)["time"], "late");
    let outside = judged("2026-03-02T09:10:00.001+07:00", 3);
    assert_eq!(
        (&outside["time"], outside.get("slot"), &outside["counted"]),
        (&json!("outside_window"), None, &json!(false))
    );
}

#[test]
fn only_staff_share_and_the_role_is_checked_before_the_body() {
    let app = TestApp::start();
    let officer = app.official("bkd_officer");
    officer.post("/v1/check-ins", &json!({})).problem(403, "forbidden");
    officer
        .post("/v1/check-ins/batch", &json!({}))
        .problem(403, "forbidden");
    app.nobody()
        .post("/v1/check-ins", &json!({}))
        .problem(401, "unauthenticated");
}

#[test]
fn the_past_is_judged_by_the_home_of_that_day() {
    let app = TestApp::start();
    let person = app.employee("1.01");
    let first = app.verified_home(&person, HOME, "2026-01-05");
    app.assign(&person, "2026-03-01", WorkMode::Wfh);
    app.assign(&person, "2026-03-02", WorkMode::Wfh);
    app.close_home(first, "2026-03-01");
    app.verified_home(&person, at_metres(5_000.0), "2026-03-02");
    let yesterday = share(&person.client, &claim("2026-03-01T16:00:00+07:00", 5.0, 9.0, 1)).expect(201);
    assert_eq!(yesterday["place"], "inside");
    assert_eq!(
        share(&person.client, &claim(MORNING, 5.0, 9.0, 2)).expect(201)["place"],
        "outside"
    );
    assert_eq!(
        share(&person.client, &claim(MORNING, 5_000.0, 9.0, 3)).expect(201)["place"],
        "inside"
    );
}

#[test]
fn one_s_own_list_is_paged_without_gaps() {
    let (_app, person) = at_home();
    for minute in 0..7 {
        share(
            &person.client,
            &claim(&format!("2026-03-02T08:3{minute}:00+07:00"), 5.0, 9.0, minute),
        )
        .expect(201);
    }
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = person
            .client
            .get(&format!("/v1/me/check-ins?limit=3{cursor}"))
            .expect(200);
        seen.extend(
            page["items"]
                .as_array()
                .unwrap()
                .iter()
                .map(|item| item["captured_at"].as_str().unwrap().to_owned()),
        );
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    let mut sorted = seen.clone();
    sorted.sort();
    sorted.reverse();
    assert_eq!((seen.len(), seen), (7, sorted));
    person.client.get("/v1/me/check-ins?limit=0").names_field(422, "limit");
    person
        .client
        .get("/v1/me/check-ins?cursor=xyz")
        .names_field(422, "cursor");
    person
        .client
        .get("/v1/me/check-ins?from=2026-03-02&to=2026-03-01")
        .names_field(422, "to");
    let span = |to: &str| format!("/v1/me/check-ins?from=2025-03-02&to={to}");
    person.client.get(&span("2026-03-02")).expect(200);
    person.client.get(&span("2026-03-03")).names_field(422, "to");
    person.client.get("/v1/me/check-ins?from=besok").expect(422);
}

#[test]
fn positions_are_stored_sealed_and_apart_from_the_judgement() {
    let (app, person) = at_home();
    let body = claim(MORNING, 12.0, 18.5, 1);
    let id = body["id"].as_str().unwrap().parse::<uuid::Uuid>().unwrap();
    share(&person.client, &body).expect(201);
    let id = sherlok::domain::ids::CheckInId::new(id);
    let find = |connection: &mut _| store::check_in::find_position(connection, person.id, id);
    let position = app.app().store().read(find).unwrap().unwrap();
    let latitude = i32::to_be_bytes(
        sherlok::domain::place::Position::from_degrees(at_metres(12.0).0, 106.0)
            .unwrap()
            .latitude_e7(),
    );
    assert!(!position.sealed.windows(4).any(|window| window == latitude));
    assert_eq!(position.id_day, NaiveDate::from_ymd_opt(2026, 3, 2).unwrap());
}
