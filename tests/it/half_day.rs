//! Days whose halves have modes of their own: everything that reads a day's mode follows the half of the slot.

use crate::circular::{issued, text};
use crate::harness::TestApp;
use crate::harness::client::Client;
use crate::harness::homes::HOME;
use crate::harness::people::Person;
use crate::harness::rosters;
use crate::harness::shares::{claim, share};
use crate::travel::{approve, journey, step};
use serde_json::{Value, json};

const EVENING: &str = "2026-03-02T17:30:00+07:00";

fn set(operator: &Client, person: &Person, slots: &str, mode: &str) {
    let mut item = json!({"employee_id": person.id.uuid(), "date": "2026-03-02", "slots": slots, "mode": mode});
    if matches!(mode, "sick" | "duty_travel") {
        item["reason"] = json!("Surat tugas 12");
    }
    let body = json!({"agency": "1.01", "items": [item]});
    assert_eq!(operator.post("/v1/rosters", &body).expect(200), json!({"accepted": 1}));
}

fn listed(operator: &Client) -> Vec<(String, String)> {
    let page = operator
        .get("/v1/rosters?agency=1.01&from=2026-03-02&to=2026-03-02")
        .expect(200);
    let items = page["items"].as_array().unwrap();
    let text = |item: &Value, field: &str| item[field].as_str().unwrap().to_owned();
    items
        .iter()
        .map(|item| (text(item, "slots"), text(item, "mode")))
        .collect()
}

fn pairs(rows: &[(&str, &str)]) -> Vec<(String, String)> {
    rows.iter()
        .map(|(slots, mode)| ((*slots).to_owned(), (*mode).to_owned()))
        .collect()
}

/// A field of each slot of a person's day, in the order of the day.
fn of_slots(person: &Person, field: &str) -> Vec<String> {
    let day = person.client.get("/v1/me/day?date=2026-03-02").expect(200);
    let slots = day["slots"].as_array().unwrap().clone();
    slots
        .iter()
        .map(|slot| slot[field].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn half_a_day_takes_its_half_from_what_stood_there_and_leaves_the_other() {
    let app = TestApp::start();
    let operator = app.official("agency_operator:1.01");
    let person = app.employee("1.01");
    set(&operator, &person, "all", "wfh");
    set(&operator, &person, "afternoon", "duty_travel");
    assert_eq!(
        listed(&operator),
        pairs(&[("morning", "wfh"), ("afternoon", "duty_travel")])
    );
    let day = person.client.get("/v1/me/day?date=2026-03-02").expect(200);
    assert_eq!((&day["part"], &day["mode"]), (&json!("morning"), &json!("wfh")));
    assert_eq!(day["afternoon"]["mode"], "duty_travel");
    assert_eq!(
        day["reason"]["message"],
        "Paruh pertama hari: Anda bekerja di rumah (WFH) menurut jadwal kerja perangkat daerah Anda."
    );
    assert_eq!(of_slots(&person, "mode"), ["wfh", "duty_travel", "duty_travel"]);
    assert_eq!(of_slots(&person, "state"), ["open", "not_required", "not_required"]);
    set(&operator, &person, "morning", "wfo");
    assert_eq!(
        listed(&operator),
        pairs(&[("morning", "wfo"), ("afternoon", "duty_travel")])
    );
    // A page may end between the halves.
    let page = |cursor: &str| {
        operator
            .get(&format!(
                "/v1/rosters?agency=1.01&from=2026-03-02&to=2026-03-02&limit=1{cursor}"
            ))
            .expect(200)
    };
    let first = page("");
    let next = page(&format!("&cursor={}", first["next_cursor"].as_str().unwrap()));
    assert_eq!(
        (&first["items"][0]["slots"], &next["items"][0]["slots"]),
        (&json!("morning"), &json!("afternoon"))
    );
    assert_eq!(next.get("next_cursor"), None);
    // The whole day takes both; a day whose halves are alike is told as one.
    set(&operator, &person, "all", "wfa");
    assert_eq!(listed(&operator), pairs(&[("all", "wfa")]));
    set(&operator, &person, "morning", "wfo");
    set(&operator, &person, "afternoon", "wfo");
    let day = person.client.get("/v1/me/day?date=2026-03-02").expect(200);
    assert_eq!((&day["part"], day.get("afternoon")), (&json!("all"), None));
}

#[test]
fn a_half_is_named_once_and_has_no_shift_of_its_own() {
    let app = TestApp::start();
    let operator = app.official("agency_operator:1.01");
    let person = app.employee("1.01");
    let item =
        |slots: &str| json!({"employee_id": person.id.uuid(), "date": "2026-03-02", "slots": slots, "mode": "wfh"});
    let post = |items: &[Value]| operator.post("/v1/rosters", &json!({"agency": "1.01", "items": items}));
    post(&[item("morning"), item("all")]).names_field(422, "items[1].date");
    post(&[item("afternoon"), item("afternoon")]).names_field(422, "items[1].date");
    post(&[item("morning"), item("afternoon")]).expect(200);
    let mut shift = item("morning");
    shift["shift"] = json!("malam");
    post(&[shift]).names_field(422, "items[0].shift");
    post(&[item("noon")]).names_field(422, "items[0].slots");
}

#[test]
fn a_roster_keeps_granted_halves_and_is_published_by_the_halves_that_were_set_by_hand() {
    let scene = rosters::scene(&rosters::half_at_home());
    let (changed, travelling) = (&scene.people[0], &scene.people[1]);
    let entry = |person: &Person, slots: &str, mode: &str| {
        json!({
            "employee_id": person.id.uuid(), "date": "2026-03-03", "slots": slots, "mode": mode,
            "reason": "Kebutuhan layanan",
        })
    };
    let granted = json!({"agency": "1.01", "items": [entry(travelling, "afternoon", "duty_travel")]});
    scene.operator.post("/v1/rosters", &granted).expect(200);
    let id = scene.made("2026-03-03", "2026-03-03");
    let planned = |person: &Person| {
        let page = scene.operator.get(&format!("/v1/rosters/{id}/entries")).expect(200);
        let entries = page["items"].as_array().unwrap().clone();
        let entry = entries
            .iter()
            .find(|entry| entry["employee_id"] == json!(person.id.uuid()));
        let entry = entry.unwrap().clone();
        (entry["mode"].clone(), entry["afternoon_mode"].clone())
    };
    assert_eq!(planned(travelling), (json!("wfo"), json!("duty_travel")));
    let put = |version: u32, items: &[Value]| {
        rosters::at(&scene.operator, version).put(&format!("/v1/rosters/{id}/entries"), &json!({"items": items}))
    };
    put(1, &[entry(travelling, "all", "wfh")]).names_field(422, "items[0].date");
    put(1, &[entry(travelling, "afternoon", "wfh")]).names_field(422, "items[0].date");
    put(1, &[entry(changed, "morning", "wfh"), entry(changed, "all", "wfo")]).names_field(422, "items[1].date");
    let items = [
        entry(changed, "morning", "wfh"),
        entry(changed, "afternoon", "wfo"),
        entry(travelling, "morning", "wfa"),
    ];
    put(1, &items).expect(200);
    assert_eq!(planned(changed), (json!("wfh"), json!("wfo")));
    assert_eq!(planned(travelling), (json!("wfa"), json!("duty_travel")));
    let reason = json!({"reason": "Kebutuhan layanan"});
    rosters::submit(&scene.head, &id, 2, &reason).expect(200);
    rosters::decide(&scene.bkd, &id, 3, &json!({"decision": "receive"})).expect(200);
    rosters::publish(&scene.operator, &id, 4).expect(200);
    let set_for = |person: &Person| {
        let page = scene
            .operator
            .get("/v1/rosters?agency=1.01&from=2026-03-03&to=2026-03-03")
            .expect(200);
        let items = page["items"].as_array().unwrap().clone();
        let of = items
            .iter()
            .filter(|item| item["employee_id"] == json!(person.id.uuid()));
        of.map(|item| (item["slots"].clone(), item["mode"].clone()))
            .collect::<Vec<_>>()
    };
    let halves = |morning: &str, afternoon: &str| {
        [
            (json!("morning"), json!(morning)),
            (json!("afternoon"), json!(afternoon)),
        ]
    };
    assert_eq!(set_for(changed), halves("wfh", "wfo"));
    assert_eq!(set_for(travelling), halves("wfa", "duty_travel"));
}

/// Somebody at home in the morning and on a journey in the afternoon, somebody ill in the morning and at home after it, and
/// somebody at home all day, by circular. The first has shared in the morning. It is evening.
struct Scene {
    app: TestApp,
    traveller: Person,
    ill: Person,
    usual: Person,
}

fn scene() -> Scene {
    let app = TestApp::start();
    issued(&app.official("bkd_officer"), &text("Nomor 4 Tahun 2026", &json!({})));
    let operator = app.official("agency_operator:1.01");
    let [traveller, ill, usual] = [(); 3].map(|()| app.employee("1.01"));
    app.verified_home(&traveller, HOME, "2026-01-05");
    set(&operator, &traveller, "afternoon", "duty_travel");
    set(&operator, &ill, "morning", "sick");
    let at_home = share(&traveller.client, &claim("2026-03-02T08:30:00+07:00", 20.0, 10.0, 1)).expect(201);
    assert_eq!((&at_home["mode"], &at_home["place"]), (&json!("wfh"), &json!("inside")));
    app.set_clock("2026-03-02T12:30:00+07:00");
    let again = app.signed_in(&traveller.username);
    let under_way = share(&again, &claim("2026-03-02T12:30:00+07:00", 90_000.0, 10.0, 2)).expect(201);
    assert_eq!(
        (&under_way["mode"], &under_way["place"]),
        (&json!("duty_travel"), &json!("unverifiable")),
        "nobody is held against their home on a journey"
    );
    app.set_clock(EVENING);
    let again = |person: Person| Person {
        client: app.signed_in(&person.username),
        ..person
    };
    Scene {
        traveller: again(traveller),
        ill: again(ill),
        usual: again(usual),
        app,
    }
}

#[test]
fn the_agencys_day_counts_each_slot_by_the_mode_of_its_half() {
    let scene = scene();
    let operator = scene.app.official("agency_operator:1.01");
    let day = operator.get("/v1/agencies/1.01/day").expect(200);
    let numbers = |slot: usize| {
        ["expected", "received", "unasked", "missed", "excused", "not_required"]
            .map(|name| day["slots"][slot][name].as_i64().unwrap())
    };
    assert_eq!(numbers(0), [2, 1, 0, 1, 1, 0]);
    assert_eq!(numbers(1), [2, 1, 1, 2, 0, 0]);
    assert_eq!(numbers(2), [2, 0, 0, 2, 0, 1]);
    assert_eq!(day["staff"], 3);
    assert_eq!(of_slots(&scene.ill, "state"), ["excused", "missed", "missed"]);
    let behind = |slot: &str, number: &str| {
        let path = format!("/v1/agencies/1.01/day/people?slot={slot}&state={number}");
        let page = operator.get(&path).expect(200);
        let people = page["items"].as_array().unwrap().clone();
        let mut told: Vec<(Value, Value)> = people
            .iter()
            .map(|person| (person["employee_id"].clone(), person["mode"].clone()))
            .collect();
        told.sort_by_key(|(id, _)| id.to_string());
        told
    };
    let one = |person: &Person, mode: &str| (json!(person.id.uuid()), json!(mode));
    assert_eq!(behind("morning", "excused"), [one(&scene.ill, "sick")]);
    assert_eq!(behind("morning", "received"), [one(&scene.traveller, "wfh")]);
    assert_eq!(behind("midday", "received"), [one(&scene.traveller, "duty_travel")]);
    assert_eq!(
        behind("afternoon", "not_required"),
        [one(&scene.traveller, "duty_travel")]
    );
    assert_eq!(
        behind("afternoon", "missed"),
        [one(&scene.ill, "wfh"), one(&scene.usual, "wfh")]
    );
}

#[test]
fn sealed_rows_and_an_audits_population_follow_the_halves() {
    let scene = scene();
    let operator = scene.app.official("agency_operator:1.01");
    let body = json!({ "from": "2026-03-02", "to": "2026-03-02" });
    let batch = operator.post("/v1/agencies/1.01/batches", &body).expect(201);
    let path = format!("/v1/batches/{}/file.ndjson", batch["id"].as_str().unwrap());
    let mut rows: Vec<String> = operator
        .get(&path)
        .text()
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .map(|row| {
            let of = |field: &str| row[field].as_str().unwrap().to_owned();
            let who = [
                (&scene.traveller, "traveller"),
                (&scene.ill, "ill"),
                (&scene.usual, "usual"),
            ]
            .into_iter()
            .find(|(person, _)| json!(person.username) == row["employee_number"])
            .unwrap()
            .1;
            format!(
                "{who} {} {} {} {}",
                of("slot"),
                of("mode"),
                of("state"),
                row["expected"]
            )
        })
        .collect();
    rows.sort_unstable();
    assert_eq!(
        rows,
        [
            "ill afternoon wfh missed true",
            "ill midday wfh missed true",
            "ill morning sick excused false",
            "traveller afternoon duty_travel not_required false",
            "traveller midday duty_travel received false",
            "traveller morning wfh received true",
            "usual afternoon wfh missed true",
            "usual midday wfh missed true",
            "usual morning wfh missed true",
        ]
    );
    scene.app.set_clock("2026-03-03T17:30:00+07:00");
    let plan = json!({ "from": "2026-03-02", "to": "2026-03-02", "agencies": ["1.01"], "size": 2 });
    let audit = scene.app.official("bkd_officer").post("/v1/audits", &plan).expect(201);
    assert_eq!(audit["population"], 1 + 2 + 3);
}

#[test]
fn the_recap_counts_halves_and_its_cell_shows_both() {
    let scene = scene();
    scene.app.set_clock("2026-03-03T09:00:00+07:00");
    let operator = scene.app.official("agency_operator:1.01");
    let page = operator.get("/v1/agencies/1.01/recaps/2026-03").expect(200);
    let line = |person: &Person| {
        let lines = page["items"].as_array().unwrap();
        lines
            .iter()
            .find(|line| line["number"] == json!(person.username))
            .unwrap()
            .clone()
    };
    let second = |line: &Value| {
        let days = line["days"].as_array().unwrap();
        days.iter().find(|day| day["date"] == "2026-03-02").unwrap().clone()
    };
    let traveller = line(&scene.traveller);
    assert_eq!(second(&traveller)["sign"], "R/DL");
    assert_eq!(second(&traveller)["afternoon"]["mode"], "duty_travel");
    let totals = |line: &Value, names: &[&str]| -> Vec<Value> {
        names.iter().map(|name| line["totals"][*name].clone()).collect()
    };
    assert_eq!(
        totals(&traveller, &["work_days", "present", "home", "travel", "absent"]),
        [json!(1), json!(1), json!(0.5), json!(0.5), json!(0)]
    );
    let ill = line(&scene.ill);
    assert_eq!(second(&ill)["sign"], "S/TK");
    assert_eq!(
        totals(&ill, &["work_days", "sick", "absent", "deduction_percent"]),
        [json!(1), json!(0.5), json!(0.5), json!("2,0")]
    );
    assert_eq!(second(&line(&scene.usual))["sign"], "TK");
    let csv = operator.get("/v1/agencies/1.01/recaps/2026-03.csv").text();
    assert!(csv.contains(";R/DL;") && csv.contains(";0,5;"), "{csv}");
}

#[test]
fn the_calendar_feed_holds_the_slots_of_the_halves_in_which_one_is_asked() {
    let scene = scene();
    let events = |person: &Person| {
        let feed = person.client.post("/v1/me/calendar-feed", &json!({})).expect(201);
        let text = scene.app.nobody().get(feed["path"].as_str().unwrap()).text();
        text.split("BEGIN:VEVENT")
            .filter(|event| event.contains("DTSTART:20260302T"))
            .map(|event| {
                ["pagi", "siang", "sore"]
                    .into_iter()
                    .find(|slot| event.contains(&format!("lokasi: {slot}")))
                    .unwrap()
            })
            .collect::<Vec<_>>()
    };
    assert_eq!(events(&scene.traveller), ["pagi"]);
    assert_eq!(events(&scene.ill), ["siang", "sore"]);
    assert_eq!(events(&scene.usual), ["pagi", "siang", "sore"]);
}

#[test]
fn a_journey_may_take_half_a_day_and_gives_it_back() {
    let scene = crate::travel::scene();
    let member = &scene.team.member;
    let operator = &scene.operator;
    set(operator, member, "all", "wfh");
    let ask = |from: &str, to: &str, parts: &Value| {
        let mut body = journey("73.71", from, to);
        for (name, part) in parts.as_object().unwrap() {
            body[name] = part.clone();
        }
        member.client.post("/v1/duty-travels", &body)
    };
    ask("2026-03-02", "2026-03-03", &json!({"from_slots": "morning"})).names_field(422, "from_slots");
    ask("2026-03-02", "2026-03-03", &json!({"to_slots": "afternoon"})).names_field(422, "to_slots");
    ask(
        "2026-03-02",
        "2026-03-02",
        &json!({"from_slots": "morning", "to_slots": "all"}),
    )
    .names_field(422, "to_slots");
    let view = ask("2026-03-02", "2026-03-02", &json!({"from_slots": "afternoon"})).expect(201);
    assert_eq!(
        (&view["from_slots"], &view["to_slots"]),
        (&json!("afternoon"), &json!("afternoon"))
    );
    let id = view["id"].as_str().unwrap();
    step(&scene.head, id, "decision", &approve()).expect(200);
    assert_eq!(
        listed(operator),
        pairs(&[("morning", "wfh"), ("afternoon", "duty_travel")])
    );
    let day = member.client.get("/v1/me/day?date=2026-03-02").expect(200);
    assert_eq!((&day["zone"], &day["mode"]), (&json!("Asia/Jakarta"), &json!("wfh")));
    assert_eq!(day["afternoon"]["zone"], "Asia/Makassar");
    assert_eq!(day["afternoon"]["destination"]["code"], "73.71");
    assert_eq!(day["slots"][0]["opens_at"], "2026-03-02T07:30:00+07:00");
    assert_eq!(day["slots"][2]["opens_at"], "2026-03-02T15:30:00+08:00");
    // Another journey may begin where this one does not reach.
    ask("2026-03-02", "2026-03-02", &json!({})).names_field(422, "from");
    ask("2026-03-02", "2026-03-02", &json!({"from_slots": "morning"})).expect(201);
    // Called off before its day has begun, the half is what it was.
    let later = ask(
        "2026-03-04",
        "2026-03-05",
        &json!({"from_slots": "afternoon", "to_slots": "morning"}),
    )
    .expect(201);
    let later = later["id"].as_str().unwrap();
    step(&scene.head, later, "decision", &approve()).expect(200);
    let modes = |date: &str| {
        let day = member.client.get(&format!("/v1/me/day?date={date}")).expect(200);
        (day["mode"].clone(), day["afternoon"]["mode"].clone())
    };
    assert_eq!(modes("2026-03-04"), (json!("wfo"), json!("duty_travel")));
    assert_eq!(modes("2026-03-05"), (json!("duty_travel"), json!("wfo")));
    step(
        &member.client,
        later,
        "cancellation",
        &json!({"reason": "Rapat ditunda"}),
    )
    .expect(200);
    assert_eq!(modes("2026-03-04"), (json!("wfo"), Value::Null));
}
