//! One's own day: the mode and why, each slot and what to do.

use crate::circular::{issued, text};
use crate::harness::TestApp;
use crate::harness::people::Person;
use crate::harness::shares::{MORNING, at_home, claim, share};
use serde_json::{Value, json};
use sherlok::domain::work_mode::{WorkGroup, WorkMode};

fn day(person: &Person, query: &str) -> Value {
    person.client.get(&format!("/v1/me/day{query}")).expect(200)
}

fn states(day: &Value) -> Vec<&str> {
    day["slots"]
        .as_array()
        .unwrap()
        .iter()
        .map(|slot| slot["state"].as_str().unwrap())
        .collect()
}

fn message(day: &Value, slot: usize) -> &str {
    day["slots"][slot]["message"].as_str().unwrap()
}

#[test]
fn without_a_circular_people_are_at_the_office_and_share_nothing() {
    let app = TestApp::start();
    let person = app.employee("1.01");
    let day = day(&person, "");
    assert_eq!(
        (&day["date"], &day["zone"], &day["mode"]),
        (&json!("2026-03-02"), &json!("Asia/Jakarta"), &json!("wfo"))
    );
    assert_eq!(day["agency"], json!({"code": "1.01", "name": "Dinas Contoh 1.01"}));
    assert_eq!(day["reason"]["kind"], "no_circular");
    assert_eq!(
        day["reason"]["message"],
        "Anda bekerja di kantor (WFO); tidak ada surat edaran yang mengatur lain."
    );
    assert_eq!(states(&day), ["not_required"; 3]);
    assert_eq!(message(&day, 0), "Tidak perlu berbagi lokasi pada sesi ini.");
}

#[test]
fn a_circular_sends_its_work_group_home_and_its_number_is_the_reason() {
    let app = TestApp::start();
    let officer = app.official("bkd_officer");
    let person = app.employee("1.01");
    let id = issued(&officer, &text("Nomor 4 Tahun 2026", &json!({})));
    let at_home = day(&person, "");
    assert_eq!(at_home["mode"], "wfh");
    assert_eq!(
        at_home["reason"],
        json!({
            "kind": "circular", "circular_id": id, "circular_number": "Nomor 4 Tahun 2026",
            "message": "Anda bekerja di rumah (WFH) menurut Surat Edaran Nomor 4 Tahun 2026.",
        })
    );
    assert_eq!(states(&at_home), ["open", "expected", "expected"]);
    assert_eq!(
        message(&at_home, 0),
        "Sesi pagi sedang dibuka sampai pukul 09.00. Silakan bagikan lokasi Anda."
    );
    assert_eq!(message(&at_home, 1), "Sesi siang dibuka pukul 11.30.");
    assert_eq!(at_home["slots"][0]["opens_at"], "2026-03-02T07:30:00+07:00");
    let counter = app.employee_of("1.01", WorkGroup::PublicService);
    assert_eq!(day(&counter, "")["mode"], "wfo");
    let over = day(&person, "?date=2026-04-01");
    assert_eq!(
        (&over["mode"], &over["reason"]["kind"]),
        (&json!("wfo"), &json!("no_circular"))
    );
}

#[test]
fn a_slot_is_open_then_in_grace_then_missed() {
    let app = TestApp::start();
    let officer = app.official("bkd_officer");
    let person = app.employee("1.01");
    issued(&officer, &text("Nomor 4 Tahun 2026", &json!({})));
    let at = |moment: &str| {
        app.set_clock(moment);
        Person {
            client: app.signed_in(&person.username),
            username: person.username.clone(),
            agency: person.agency.clone(),
            id: person.id,
        }
    };
    let person = at("2026-03-02T09:05:00+07:00");
    let grace = day(&person, "");
    assert_eq!(states(&grace), ["open", "expected", "expected"]);
    assert_eq!(
        message(&grace, 0),
        "Sesi pagi sudah tutup pukul 09.00; masih diterima sampai pukul 09.10 sebagai terlambat. Silakan bagikan lokasi Anda."
    );
    let person = at("2026-03-02T09:10:01+07:00");
    let missed = day(&person, "");
    assert_eq!(states(&missed), ["missed", "expected", "expected"]);
    assert!(
        message(&missed, 0).starts_with("Belum ada lokasi untuk sesi pagi (07.30-09.00)."),
        "{missed}"
    );
}

#[test]
fn a_received_share_tells_its_outcome_and_never_where_home_is() {
    let (_app, person) = at_home();
    let sent = claim(MORNING, 340.0, 25.0, 1);
    share(&person.client, &sent).expect(201);
    let answer = person.client.get("/v1/me/day");
    let day = answer.expect(200);
    assert_eq!(day["reason"]["kind"], "assigned");
    assert_eq!(states(&day), ["received", "expected", "expected"]);
    assert_eq!(
        day["slots"][0]["received"],
        json!({
            "check_in_id": sent["id"], "captured_at": "2026-03-02T08:30:00+07:00", "place": "outside", "time": "on_time",
            "distance_metres": 340,
        })
    );
    assert_eq!(
        message(&day, 0),
        "Lokasi Anda 340 m dari rumah terdaftar. Anda dapat memberi penjelasan. Diterima untuk sesi pagi."
    );
    let text = answer.text();
    for secret in ["latitude", "longitude", "-6.1", "106.1"] {
        assert!(!text.contains(secret), "{secret}");
    }
}

#[test]
fn leave_excuses_and_says_so() {
    let app = TestApp::start();
    let person = app.employee("1.01");
    app.assign(&person, "2026-03-02", WorkMode::Leave);
    let day = day(&person, "");
    assert_eq!(states(&day), ["excused"; 3]);
    assert_eq!(
        day["reason"]["message"],
        "Anda sedang cuti menurut jadwal kerja perangkat daerah Anda."
    );
    assert_eq!(message(&day, 2), "Anda sedang cuti, jadi tidak perlu berbagi lokasi.");
}

#[test]
fn an_extension_carries_the_parents_rules_and_both_are_named() {
    let app = TestApp::start();
    let officer = app.official("bkd_officer");
    let person = app.employee("1.01");
    issued(
        &officer,
        &text("800/734-BKD/2026", &json!({"effective_to": "2026-03-06"})),
    );
    let extends = json!({
        "relations": [{"kind": "extends", "text": "800/734-BKD/2026"}], "rules": [],
        "effective_from": "2026-03-07", "effective_to": "2026-03-20",
    });
    issued(&officer, &text("800/789-BKD/2026", &extends));
    let carried = day(&person, "?date=2026-03-09");
    assert_eq!(carried["mode"], "wfh");
    assert_eq!(carried["reason"]["carried_by"], json!(["800/789-BKD/2026"]));
    assert_eq!(
        carried["reason"]["message"],
        "Anda bekerja di rumah (WFH) menurut Surat Edaran 800/734-BKD/2026, diperpanjang dengan 800/789-BKD/2026."
    );
    assert_eq!(day(&person, "?date=2026-03-26")["mode"], "wfo");
}

#[test]
fn a_revocation_sends_people_back_from_its_day_on() {
    let app = TestApp::start();
    let officer = app.official("bkd_officer");
    let person = app.employee("1.01");
    let id = issued(&officer, &text("Nomor 4 Tahun 2026", &json!({})));
    let revocation = json!({"from": "2026-03-04", "reason": "Keadaan pulih"});
    officer
        .post(&format!("/v1/circulars/{id}/revocation"), &revocation)
        .expect(200);
    assert_eq!(day(&person, "?date=2026-03-03")["mode"], "wfh");
    assert_eq!(day(&person, "?date=2026-03-04")["mode"], "wfo");
}

#[test]
fn exemptions_and_terms_of_the_circular_reach_the_day() {
    let app = TestApp::start();
    let officer = app.official("bkd_officer");
    let (clerk, exempt) = (app.employee("1.01"), app.employee("1.02"));
    let slot = json!({"slot": "morning", "window": {"opens_minute": 390, "closes_minute": 540}, "grace_minutes": 15, "report_due_minute": 450});
    let rules = json!({"rules": [
        {"kind": "work_mode", "group": "administration", "mode": "wfh"},
        {"kind": "exempt", "agency_code": "1.02", "mode": "wfo"},
        {"kind": "checkin", "slots": [slot], "required_modes": ["wfh", "wfo"]},
    ]});
    issued(&officer, &text("Nomor 4 Tahun 2026", &rules));
    let kept = day(&exempt, "");
    assert_eq!(
        (&kept["mode"], &kept["reason"]["kind"]),
        (&json!("wfo"), &json!("exempt"))
    );
    let home = day(&clerk, "");
    // The deadline closes the slot, grace and all; one slot is asked for, of people at the office too.
    assert_eq!(home["slots"][0]["closes_at"], "2026-03-02T07:30:00+07:00");
    assert_eq!((states(&home), states(&kept)), (vec!["missed"], vec!["missed"]));
}

#[test]
fn free_days_are_off_by_calendar_and_the_calendar_can_move_them() {
    let app = TestApp::start();
    let officer = app.official("bkd_officer");
    let person = app.employee("1.01");
    issued(&officer, &text("Nomor 4 Tahun 2026", &json!({"effective_to": null})));
    let sunday = day(&person, "?date=2026-03-08");
    assert_eq!(
        (&sunday["mode"], &sunday["reason"]["kind"]),
        (&json!("off"), &json!("weekend"))
    );
    assert_eq!(states(&sunday), ["not_required"; 3]);
    let holiday = day(&person, "?date=2026-08-17");
    assert_eq!(holiday["reason"]["kind"], "holiday");
    assert!(
        holiday["reason"]["message"]
            .as_str()
            .unwrap()
            .starts_with("Libur nasional: Hari Kemerdekaan")
    );
    let moved =
        json!({"holidays": [{"date": "2026-08-18", "kind": "joint_leave", "name": "Cuti Bersama Kemerdekaan"}]});
    officer
        .with_header("if-match", "\"0\"")
        .put("/v1/calendars/2026", &moved)
        .expect(200);
    assert_eq!(day(&person, "?date=2026-08-17")["mode"], "wfh");
    let joint = day(&person, "?date=2026-08-18");
    assert_eq!(
        (&joint["reason"]["kind"], &joint["reason"]["message"]),
        (&json!("joint_leave"), &json!("Cuti bersama: Kemerdekaan."))
    );
}

#[test]
fn sentences_come_in_english_for_those_who_ask() {
    let app = TestApp::start();
    let officer = app.official("bkd_officer");
    let person = app.employee("1.01");
    issued(&officer, &text("Nomor 4 Tahun 2026", &json!({})));
    let day = person
        .client
        .with_header("accept-language", "en")
        .get("/v1/me/day")
        .expect(200);
    assert_eq!(
        day["reason"]["message"],
        "You work from home (WFH) by circular Nomor 4 Tahun 2026."
    );
    assert_eq!(
        message(&day, 0),
        "The morning slot is open until 09:00. Please share your location."
    );
}

#[test]
fn strange_dates_and_strangers_get_no_day() {
    let app = TestApp::start();
    let person = app.employee("1.01");
    for date in ["1999-12-31", "2101-01-01", "262142-12-31", "2026-02-30", "besok"] {
        assert_eq!(
            person.client.get(&format!("/v1/me/day?date={date}")).status,
            422,
            "{date}"
        );
    }
    person.client.get("/v1/me/day?dat=2026-03-02").expect(422);
    person.client.get("/v1/me/day?date=2100-12-31").expect(200);
    app.nobody().get("/v1/me/day").problem(401, "unauthenticated");
    for role in ["agency_operator:1.01", "bkd_officer", "bkd_auditor", "administrator"] {
        app.official(role).get("/v1/me/day").problem(403, "forbidden");
    }
}
