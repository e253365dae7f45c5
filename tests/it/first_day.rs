//! The day of being taken on: what had passed before a person could share counts nowhere as missed.

use crate::circular::{issued, text};
use crate::harness::TestApp;
use crate::harness::people::Person;
use crate::harness::shares::{claim, share};
use serde_json::{Value, json};

const MIDDAY: &str = "2026-03-02T12:00:00+07:00";

/// Lets a person's only membership begin on the day of the tests.
fn taken_on_today(app: &TestApp, person: &Person) {
    app.execute(&format!(
        "UPDATE membership SET valid_from = '2026-03-02' WHERE employee_id = {}",
        app.literal(person.id.uuid())
    ));
}

/// Lets a person come from another agency on the day of the tests.
fn transferred_today(app: &TestApp, person: &Person) {
    taken_on_today(app, person);
    app.agency("1.02");
    app.execute(&format!(
        "INSERT INTO membership (employee_id, valid_from, valid_to, agency_code, work_group) \
         VALUES ({}, '2020-01-01', '2026-03-01', '1.02', 'administration')",
        app.literal(person.id.uuid())
    ));
}

struct Scene {
    app: TestApp,
    veteran: Person,
    transferred: Person,
    sharing: Person,
    silent: Person,
}

/// Four at home by circular, two of them taken on today; one of those shares at midday. It is evening.
fn scene() -> Scene {
    let app = TestApp::start();
    issued(&app.official("bkd_officer"), &text("Nomor 4 Tahun 2026", &json!({})));
    let [veteran, transferred, sharing, silent] = [(); 4].map(|()| app.employee("1.01"));
    transferred_today(&app, &transferred);
    taken_on_today(&app, &sharing);
    taken_on_today(&app, &silent);
    app.set_clock(MIDDAY);
    let again = app.signed_in(&sharing.username);
    share(&again, &claim(MIDDAY, 0.0, 12.5, 1)).expect(201);
    app.set_clock("2026-03-02T17:30:00+07:00");
    let again = |person: Person| Person {
        client: app.signed_in(&person.username),
        ..person
    };
    Scene {
        veteran: again(veteran),
        transferred: again(transferred),
        sharing: again(sharing),
        silent: again(silent),
        app,
    }
}

#[test]
fn the_agencys_day_counts_nothing_missed_on_the_day_of_being_taken_on() {
    let scene = scene();
    let operator = scene.app.official("agency_operator:1.01");
    let day = operator.get("/v1/agencies/1.01/day").expect(200);
    let numbers = |slot: usize| {
        ["expected", "received", "missed", "excused"].map(|name| day["slots"][slot][name].as_i64().unwrap())
    };
    assert_eq!(numbers(0), [2, 0, 2, 2]);
    assert_eq!(numbers(1), [3, 1, 2, 1], "who shared was asked");
    assert_eq!(numbers(2), [2, 0, 2, 2]);
    let behind = |slot: &str, number: &str| {
        let path = format!("/v1/agencies/1.01/day/people?slot={slot}&state={number}");
        let page = operator.get(&path).expect(200);
        let mut people: Vec<Value> = page["items"].as_array().unwrap().clone();
        people.sort_by_key(|person| person["employee_id"].to_string());
        people
            .iter()
            .map(|person| (person["employee_id"].clone(), person["state"].clone()))
            .collect::<Vec<_>>()
    };
    let sorted = |people: &[&Person], state: &str| {
        let mut ids: Vec<Value> = people.iter().map(|person| json!(person.id.uuid())).collect();
        ids.sort_by_key(Value::to_string);
        ids.into_iter().map(|id| (id, json!(state))).collect::<Vec<_>>()
    };
    let old = [&scene.veteran, &scene.transferred];
    assert_eq!(behind("morning", "missed"), sorted(&old, "missed"));
    assert_eq!(
        behind("morning", "excused"),
        sorted(&[&scene.sharing, &scene.silent], "excused")
    );
    assert_eq!(behind("midday", "expected").len(), 3);
    assert_eq!(behind("midday", "received"), sorted(&[&scene.sharing], "received"));
    assert_eq!(behind("midday", "excused"), sorted(&[&scene.silent], "excused"));
    // The next day asks everybody.
    scene.app.set_clock("2026-03-03T17:30:00+07:00");
    let operator = scene.app.official("agency_operator:1.01");
    let next = operator.get("/v1/agencies/1.01/day").expect(200);
    assert_eq!(
        (&next["slots"][0]["missed"], &next["slots"][0]["excused"]),
        (&json!(4), &json!(0))
    );
}

#[test]
fn ones_own_day_says_that_what_passed_does_not_count() {
    let scene = scene();
    let day = scene.silent.client.get("/v1/me/day").expect(200);
    let morning = &day["slots"][0];
    assert_eq!(morning["state"], "excused");
    assert_eq!(
        morning["message"],
        "Sesi pagi tidak dihitung, karena hari ini hari pertama Anda tercatat. Tidak ada yang perlu dilakukan."
    );
    let day = scene.transferred.client.get("/v1/me/day").expect(200);
    assert_eq!(day["slots"][0]["state"], "missed");
}

#[test]
fn a_sealed_row_of_the_day_of_being_taken_on_is_excused_and_an_audit_never_draws_it() {
    let scene = scene();
    let operator = scene.app.official("agency_operator:1.01");
    let body = json!({ "from": "2026-03-02", "to": "2026-03-02" });
    let batch = operator.post("/v1/agencies/1.01/batches", &body).expect(201);
    let path = format!("/v1/batches/{}/file.ndjson", batch["id"].as_str().unwrap());
    let rows: Vec<Value> = operator
        .get(&path)
        .text()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(rows.len(), 12);
    let of = |person: &Person| -> Vec<(String, bool)> {
        let number = json!(person.username);
        let mut of: Vec<&Value> = rows.iter().filter(|row| row["employee_number"] == number).collect();
        of.sort_by_key(|row| row["unit_id"].to_string());
        of.iter()
            .map(|row| {
                (
                    format!("{} {}", row["slot"].as_str().unwrap(), row["state"].as_str().unwrap()),
                    row["expected"].as_bool().unwrap(),
                )
            })
            .collect()
    };
    let row = |text: &str, expected: bool| (text.to_owned(), expected);
    assert!(of(&scene.silent).contains(&row("morning excused", false)));
    assert!(of(&scene.sharing).contains(&row("midday received", true)));
    assert!(of(&scene.sharing).contains(&row("afternoon excused", false)));
    for person in [&scene.veteran, &scene.transferred] {
        assert!(of(person).contains(&row("morning missed", true)));
    }
    scene.app.set_clock("2026-03-03T17:30:00+07:00");
    let plan = json!({ "from": "2026-03-02", "to": "2026-03-02", "agencies": ["1.01"], "size": 2 });
    let audit = scene.app.official("bkd_officer").post("/v1/audits", &plan).expect(201);
    assert_eq!(audit["population"], 3 + 3 + 1);
}
