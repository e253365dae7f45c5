//! Shares on a journey: by the clock of the destination, flagged where they lie outside what is open, never judged by it.

use crate::circular::{issued, text};
use crate::harness::client::Client;
use crate::harness::shares::{claim, share};
use crate::region_outline::{import, square};
use crate::travel::{Scene, approve, asked, scene, step};
use serde_json::{Value, json};
use sherlok::domain::work_mode::WorkMode;

/// A circular of March 2026 under which travellers share in the usual slots; more rules may follow.
fn travellers_share(more: &[Value]) -> Value {
    let slot = |slot: &str, opens: u16, closes: u16| json!({"slot": slot, "window": {"opens_minute": opens, "closes_minute": closes}, "grace_minutes": 10});
    let slots = [
        slot("morning", 450, 540),
        slot("midday", 690, 810),
        slot("afternoon", 930, 1020),
    ];
    let mut rules = vec![json!({"kind": "checkin", "slots": slots, "required_modes": ["wfh", "duty_travel"]})];
    rules.extend_from_slice(more);
    text("6 Tahun 2026", &json!({"rules": rules}))
}

/// A claim from a place on a journey.
fn from(captured_at: &str, (latitude, longitude): (f64, f64), serial: u32) -> Value {
    let mut claim = claim(captured_at, 0.0, 10.0, serial);
    claim["latitude"] = json!(latitude);
    claim["longitude"] = json!(longitude);
    claim
}

const MAKASSAR: (f64, f64) = (-5.135_399, 119.423_79);
const BANDUNG: (f64, f64) = (-6.914_744, 107.609_81);
const SERANG: (f64, f64) = (-6.119_731, 106.173_461);

fn renewed(client: &Client) -> Client {
    let mut client = client.clone();
    client.renew();
    client
}

fn codes(view: &Value) -> Vec<&str> {
    let flags = view["flags"].as_array().unwrap();
    flags.iter().map(|flag| flag["code"].as_str().unwrap()).collect()
}

impl Scene {
    /// Lets the team's member share at a moment from a place, and gives what came of it.
    fn shared(&self, at: &str, place: (f64, f64), serial: u32) -> Value {
        self.app.set_clock(at);
        share(&renewed(&self.team.member.client), &from(at, place, serial)).expect(201)
    }
}

#[test]
fn a_share_on_a_journey_is_judged_by_the_clock_of_the_destination() {
    let scene = scene();
    issued(&scene.app.official("bkd_officer"), &travellers_share(&[]));
    scene.approved("73.71", "2026-03-09", "2026-03-10");
    let view = scene.shared("2026-03-09T08:30:00+08:00", MAKASSAR, 1);
    assert_eq!(
        (
            &view["slot"],
            &view["time"],
            &view["zone"],
            &view["work_date"],
            &view["counted"]
        ),
        (
            &json!("morning"),
            &json!("on_time"),
            &json!("Asia/Makassar"),
            &json!("2026-03-09"),
            &json!(true)
        )
    );
    // Bound to no place: nothing to compare with, and nothing held against it.
    assert_eq!((&view["place"], codes(&view)), (&json!("unverifiable"), Vec::new()));
    // Half past eight in Banten is half past nine there.
    let late = scene.shared("2026-03-09T08:30:00+07:00", MAKASSAR, 2);
    assert_eq!((&late["slot"], &late["time"]), (&Value::Null, &json!("outside_window")));
    // At home again the clock is that of home.
    let home = scene.shared("2026-03-11T08:30:00+07:00", SERANG, 3);
    assert_eq!(
        (&home["slot"], &home["zone"]),
        (&json!("morning"), &json!("Asia/Jakarta"))
    );
}

#[test]
fn the_own_day_on_a_journey_names_the_place_and_opens_by_its_clock() {
    let scene = scene();
    issued(&scene.app.official("bkd_officer"), &travellers_share(&[]));
    scene.approved("94.01", "2026-03-09", "2026-03-10");
    let member = &scene.team.member.client;
    let day = member.get("/v1/me/day?date=2026-03-09").expect(200);
    assert_eq!(
        (&day["mode"], &day["zone"], &day["slots"][0]["opens_at"]),
        (
            &json!("duty_travel"),
            &json!("Asia/Jayapura"),
            &json!("2026-03-09T07:30:00+09:00")
        )
    );
    let message = day["reason"]["message"].as_str().unwrap();
    assert!(
        message.contains(day["destination"]["name"].as_str().unwrap()) && message.contains("WIT"),
        "{message}"
    );
    assert_eq!(
        member.get("/v1/me/day?date=2026-03-06").expect(200)["destination"],
        Value::Null
    );
    // The journey's first day begins two hours before it does in Banten.
    scene.app.set_clock("2026-03-08T21:59:00+07:00");
    assert_eq!(renewed(member).get("/v1/me/day").expect(200)["date"], "2026-03-08");
    scene.app.set_clock("2026-03-08T22:01:00+07:00");
    assert_eq!(renewed(member).get("/v1/me/day").expect(200)["date"], "2026-03-09");
    // The calendar program shows the same windows, and where to.
    let address = renewed(member).post("/v1/me/calendar-feed", &json!({})).expect(201);
    let feed = scene
        .app
        .nobody()
        .get(address["path"].as_str().unwrap())
        .text()
        .replace("\r\n ", "");
    assert!(feed.contains("DTSTART:20260308T223000Z"), "{feed}");
    assert!(feed.contains("Dinas luar ke"), "{feed}");
}

#[test]
fn the_agencys_day_counts_a_traveller_by_the_clock_there() {
    let scene = scene();
    issued(&scene.app.official("bkd_officer"), &travellers_share(&[]));
    scene.approved("73.71", "2026-03-09", "2026-03-09");
    scene.app.assign(&scene.team.colleague, "2026-03-09", WorkMode::Wfh);
    // A quarter past nine in Makassar: the traveller's morning is over, the colleague's runs.
    scene.app.set_clock("2026-03-09T08:15:00+07:00");
    let operator = renewed(&scene.operator);
    let path = "/v1/agencies/1.01/day?date=2026-03-09";
    let day = operator.get(path).expect(200);
    assert_eq!(
        (
            &day["slots"][0]["expected"],
            &day["slots"][0]["missed"],
            &day["slots"][0]["awaited"]
        ),
        (&json!(2), &json!(1), &json!(1)),
        "{day}"
    );
    let behind = |number: &str| {
        let page = operator
            .get(&format!(
                "/v1/agencies/1.01/day/people?date=2026-03-09&slot=morning&state={number}"
            ))
            .expect(200);
        let items = page["items"].as_array().unwrap().clone();
        items
            .iter()
            .map(|item| item["mode"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(behind("missed"), ["duty_travel"]);
    assert_eq!(behind("awaited"), ["wfh"]);
    assert_eq!(behind("expected").len(), 2);
}

#[test]
fn a_sealed_row_stands_by_the_clock_of_the_destination() {
    let scene = scene();
    issued(&scene.app.official("bkd_officer"), &travellers_share(&[]));
    scene.approved("73.71", "2026-03-09", "2026-03-09");
    scene.app.assign(&scene.team.colleague, "2026-03-09", WorkMode::Wfh);
    scene.app.set_clock("2026-03-09T08:15:00+07:00");
    let operator = renewed(&scene.operator);
    let dates = json!({"from": "2026-03-09", "to": "2026-03-09"});
    let batch = operator.post("/v1/agencies/1.01/batches", &dates).expect(201);
    let path = format!("/v1/batches/{}/rows", batch["id"].as_str().unwrap());
    let rows = operator.get(&path).expect(200)["items"].clone();
    let morning = |mode: &str| {
        let rows = rows.as_array().unwrap();
        let row = rows.iter().find(|row| row["mode"] == mode && row["slot"] == "morning");
        row.unwrap()["state"].clone()
    };
    assert_eq!(
        (morning("duty_travel"), morning("wfh")),
        (json!("missed"), json!("open"))
    );
}

#[test]
fn the_recap_counts_a_journey_as_dl() {
    let scene = scene();
    issued(&scene.app.official("bkd_officer"), &travellers_share(&[]));
    scene.approved("73.71", "2026-03-09", "2026-03-10");
    for (at, serial) in [("08:00", 1), ("12:00", 2), ("16:00", 3)] {
        scene.shared(&format!("2026-03-09T{at}:00+08:00"), MAKASSAR, serial);
    }
    scene.app.set_clock("2026-03-12T09:00:00+07:00");
    let recap = renewed(&scene.operator)
        .get("/v1/agencies/1.01/recaps/2026-03")
        .expect(200);
    let lines = recap["lines"].as_array().or(recap["items"].as_array()).unwrap();
    let id = scene.team.member.id.uuid().to_string();
    let line = lines.iter().find(|line| line["employee_id"] == id.as_str()).unwrap();
    let sign = |date: &str| {
        let days = line["days"].as_array().unwrap();
        days.iter().find(|day| day["date"] == date).unwrap()["sign"].clone()
    };
    assert_eq!(sign("2026-03-09"), "DL");
    // Nothing was shared on the second day.
    assert_eq!(sign("2026-03-10"), "TK");
    assert_eq!(line["totals"]["travel"], 1);
}

/// The outlines of Banten and West Java as squares, with an accuracy in metres.
fn outlines(accuracy: u32) -> Vec<Value> {
    vec![
        square("36", (105.0, -7.1), 1.75, accuracy),
        square("32", (106.75, -7.9), 2.1, accuracy),
    ]
}

const BAN: &str = r#"{"kind": "travel", "outside_region": "banned", "exception_approver": "Kepala perangkat daerah", "exception_role": "agency_head"}"#;

#[test]
fn a_share_outside_what_a_ban_leaves_open_is_flagged_in_words_and_judged_all_the_same() {
    let scene = scene();
    let officer = scene.app.official("bkd_officer");
    import(&officer, 0, &outlines(5_000)).expect(200);
    issued(&officer, &travellers_share(&[serde_json::from_str(BAN).unwrap()]));
    scene.approved("36.04", "2026-03-09", "2026-03-10");
    let inside = scene.shared("2026-03-09T08:00:00+07:00", SERANG, 1);
    assert_eq!(codes(&inside), [""; 0]);
    let outside = scene.shared("2026-03-09T12:00:00+07:00", BANDUNG, 2);
    assert_eq!(codes(&outside), ["outside_allowed_region"]);
    assert_eq!(
        (&outside["place"], &outside["slot"], &outside["counted"]),
        (&json!("unverifiable"), &json!("midday"), &json!(true))
    );
    let message = outside["flags"][0]["message"].as_str().unwrap();
    assert!(
        message.contains("tetap dihitung") && message.contains("beri tahu atasan"),
        "{message}"
    );
    // The next day is judged by the same rules; nobody loses the day before.
    let day = renewed(&scene.team.member.client)
        .get("/v1/me/day?date=2026-03-09")
        .expect(200);
    assert_eq!(day["slots"][1]["state"], "received");
}

#[test]
fn an_excepted_journey_may_be_where_it_leads() {
    let scene = scene();
    let officer = scene.app.official("bkd_officer");
    import(&officer, 0, &outlines(5_000)).expect(200);
    issued(&officer, &travellers_share(&[serde_json::from_str(BAN).unwrap()]));
    let id = asked(&scene.team.member, "32.73", "2026-03-09", "2026-03-10");
    step(&scene.head, &id, "exception", &json!({"reason": "Rapat anggaran"})).expect(200);
    step(&scene.head, &id, "decision", &approve()).expect(200);
    assert_eq!(codes(&scene.shared("2026-03-09T08:00:00+07:00", BANDUNG, 1)), [""; 0]);
    assert_eq!(codes(&scene.shared("2026-03-09T12:00:00+07:00", SERANG, 2)), [""; 0]);
    assert_eq!(
        codes(&scene.shared("2026-03-09T16:00:00+07:00", MAKASSAR, 3)),
        ["outside_allowed_region"]
    );
}

#[test]
fn nothing_is_flagged_near_a_coarse_border_without_a_ban_or_without_outlines() {
    let scene = scene();
    let officer = scene.app.official("bkd_officer");
    let circular = issued(&officer, &travellers_share(&[serde_json::from_str(BAN).unwrap()]));
    scene.approved("36.04", "2026-03-09", "2026-03-12");
    // No outline is known.
    assert_eq!(codes(&scene.shared("2026-03-09T08:00:00+07:00", BANDUNG, 1)), [""; 0]);
    // Ten kilometres east of a line that may be fifteen off, and of one that may be five.
    let near = (-6.5, 106.84);
    import(&renewed(&officer), 0, &outlines(15_000)).expect(200);
    assert_eq!(codes(&scene.shared("2026-03-09T12:00:00+07:00", near, 2)), [""; 0]);
    import(&renewed(&officer), 1, &outlines(5_000)).expect(200);
    let flagged = scene.shared("2026-03-10T08:00:00+07:00", near, 3);
    assert_eq!(codes(&flagged), ["outside_allowed_region"]);
    let back = json!({"from": "2026-03-11", "reason": "Keadaan pulih"});
    renewed(&officer)
        .post(&format!("/v1/circulars/{circular}/revocation"), &back)
        .expect(200);
    let free = scene.shared("2026-03-11T08:00:00+07:00", BANDUNG, 4);
    assert!(!codes(&free).contains(&"outside_allowed_region"), "{free}");
}
