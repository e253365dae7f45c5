//! The agency's day: numbers for each slot, the people behind each, and how fast.

use crate::circular::{issued, text};
use crate::harness::TestApp;
use crate::harness::client::Client;
use crate::harness::homes::HOME;
use crate::harness::people::Person;
use crate::harness::shares::{MORNING, claim, share};
use serde_json::{Value, json};
use sherlok::domain::work_mode::{WorkGroup, WorkMode};
use std::time::Instant;

const NUMBERS: [&str; 12] = [
    "expected",
    "received",
    "awaited",
    "missed",
    "excused",
    "not_required",
    "inside",
    "probable",
    "uncertain",
    "unverifiable",
    "unusable",
    "outside",
];

fn day(client: &Client, query: &str) -> Value {
    client.get(&format!("/v1/agencies/1.01/day{query}")).expect(200)
}

/// Everybody behind a number of the morning, in pages of two.
fn behind(client: &Client, number: &str) -> Vec<Value> {
    let mut people = Vec::new();
    let mut query = format!("slot=morning&state={number}&limit=2");
    loop {
        let page = client.get(&format!("/v1/agencies/1.01/day/people?{query}")).expect(200);
        people.extend(page["items"].as_array().unwrap().iter().cloned());
        let Some(cursor) = page["next_cursor"].as_str() else {
            return people;
        };
        query = format!("slot=morning&state={number}&limit=2&cursor={cursor}");
    }
}

/// An agency in which every state of a slot is somebody's: administration works from home by circular.
struct Scene {
    app: TestApp,
    operator: Client,
    inside: Person,
    outside: Person,
    silent: Person,
    unasked: Person,
}

fn scene() -> Scene {
    let app = TestApp::start();
    issued(&app.official("bkd_officer"), &text("Nomor 4 Tahun 2026", &json!({})));
    let people: Vec<Person> = (0..5).map(|_| app.employee("1.01")).collect();
    let [inside, outside, silent, on_leave, unasked] = <[Person; 5]>::try_from(people).ok().unwrap();
    app.employee_of("1.01", WorkGroup::PublicService);
    app.employee("1.02");
    app.verified_home(&inside, HOME, "2026-01-05");
    app.verified_home(&outside, HOME, "2026-01-05");
    app.assign(&on_leave, "2026-03-02", WorkMode::Leave);
    app.assign(&unasked, "2026-03-02", WorkMode::Wfo);
    share(&inside.client, &claim(MORNING, 12.0, 18.5, 1)).expect(201);
    share(&outside.client, &claim(MORNING, 900.0, 18.5, 2)).expect(201);
    share(&unasked.client, &claim(MORNING, 0.0, 18.5, 3)).expect(201);
    let operator = app.official("agency_operator:1.01");
    Scene {
        app,
        operator,
        inside,
        outside,
        silent,
        unasked,
    }
}

#[test]
fn everybody_is_in_exactly_one_number_of_a_slot() {
    let scene = scene();
    let day = day(&scene.operator, "");
    assert_eq!(
        (&day["date"], &day["staff"], &day["is_work_day"]),
        (&json!("2026-03-02"), &json!(6), &json!(true))
    );
    assert_eq!(day["modes"], json!({"leave": 1, "wfh": 3, "wfo": 2}));
    assert_eq!(day["circulars"][0]["number"], "Nomor 4 Tahun 2026");
    let morning = &day["slots"][0];
    let number = |name: &str| morning[name].as_i64().unwrap();
    assert_eq!(
        (morning["slot"].as_str(), morning["time"].as_str()),
        (Some("morning"), Some("running"))
    );
    assert_eq!((number("expected"), number("received"), number("unasked")), (3, 3, 1));
    assert_eq!((number("awaited"), number("missed")), (1, 0));
    assert_eq!((number("excused"), number("not_required")), (1, 1));
    assert_eq!((number("inside"), number("outside"), number("unverifiable")), (1, 1, 1));
    for slot in day["slots"].as_array().unwrap() {
        let sum: i64 = ["received", "awaited", "missed", "excused", "not_required"]
            .iter()
            .map(|name| slot[*name].as_i64().unwrap())
            .sum();
        assert_eq!(sum, 6, "{slot}");
    }
    scene.app.set_clock("2026-03-02T09:11:00+07:00");
    let later = self::day(&scene.app.official("agency_operator:1.01"), "");
    assert_eq!(
        (&later["slots"][0]["awaited"], &later["slots"][0]["missed"]),
        (&json!(0), &json!(1))
    );
    assert_eq!(later["slots"][0]["time"], "over");
}

#[test]
fn the_list_behind_a_number_is_as_long_as_the_number_says() {
    let scene = scene();
    for at in ["2026-03-02T08:59:00+07:00", "2026-03-02T09:11:00+07:00"] {
        scene.app.set_clock(at);
        let operator = scene.app.official("agency_operator:1.01");
        let morning = day(&operator, "")["slots"][0].clone();
        for number in NUMBERS {
            let people = behind(&operator, number);
            assert_eq!(
                u64::try_from(people.len()).unwrap(),
                morning[number].as_u64().unwrap(),
                "{number} at {at}: {people:?}"
            );
            let names: Vec<&str> = people
                .iter()
                .map(|person| person["employee_id"].as_str().unwrap())
                .collect();
            assert!(names.is_sorted(), "{names:?}");
        }
    }
    scene.app.set_clock("2026-03-02T08:59:30+07:00");
    let outside = behind(&scene.operator, "outside");
    assert_eq!(outside[0]["employee_id"], json!(scene.outside.id.uuid()));
    assert_eq!(
        (&outside[0]["mode"], &outside[0]["state"], &outside[0]["time"]),
        (&json!("wfh"), &json!("received"), &json!("on_time"))
    );
    let received = behind(&scene.operator, "received");
    let unasked = received
        .iter()
        .find(|person| person["employee_id"] == json!(scene.unasked.id.uuid()))
        .unwrap();
    assert_eq!(unasked["mode"], "wfo");
    assert_eq!(
        behind(&scene.operator, "inside")[0]["employee_id"],
        json!(scene.inside.id.uuid())
    );
    let text = scene
        .operator
        .get("/v1/agencies/1.01/day/people?slot=morning&state=received")
        .text();
    assert!(!text.contains("latitude") && !text.contains("distance"), "{text}");
}

#[test]
fn flagged_people_are_listed_with_their_grounds_and_their_unit() {
    let scene = scene();
    assert_eq!(
        behind(&scene.operator, "flagged").len(),
        1,
        "the share that nobody asked for"
    );
    let mut made_up = claim("2026-03-02T08:31:00+07:00", 3.0, 12.0, 7);
    made_up["mock"] = json!(true);
    share(&scene.silent.client, &made_up).expect(201);
    let unit = scene.app.unit("1.01", &scene.outside, None);
    scene.app.join(&scene.silent, unit);
    let flagged = behind(&scene.operator, "flagged");
    let of = |person: &Person| {
        let found = flagged.iter().find(|row| row["employee_id"] == json!(person.id.uuid()));
        found.cloned().unwrap_or_default()
    };
    assert_eq!(flagged.len(), 2);
    assert_eq!(of(&scene.silent)["flags"], json!(["mock_provider"]));
    assert_eq!(of(&scene.silent)["unit"], "Unit");
    assert_eq!(of(&scene.unasked)["flags"], json!(["not_required"]));
    // Nothing odd: the same list, without grounds.
    assert_eq!(behind(&scene.operator, "inside")[0]["flags"], json!([]));
}

#[test]
fn a_changed_roster_changes_the_numbers_at_once() {
    let scene = scene();
    let entry =
        json!({"employee_id": scene.inside.id.uuid(), "date": "2026-03-02", "mode": "sick", "reason": "Surat dokter"});
    scene
        .operator
        .post("/v1/rosters", &json!({"agency": "1.01", "items": [entry]}))
        .expect(200);
    let morning = day(&scene.operator, "")["slots"][0].clone();
    // The share stays: it happened.
    assert_eq!(
        (&morning["expected"], &morning["received"], &morning["unasked"]),
        (&json!(2), &json!(3), &json!(2))
    );
    assert_eq!(day(&scene.operator, "")["slots"][1]["excused"], 2);
}

#[test]
fn a_free_day_asks_nobody() {
    let scene = scene();
    let sunday = day(&scene.operator, "?date=2026-03-08");
    assert_eq!(
        (&sunday["is_work_day"], &sunday["day_off"]),
        (&json!(false), &json!("weekend"))
    );
    assert_eq!(sunday["modes"], json!({"off": 6}));
    assert_eq!(
        (&sunday["slots"][0]["expected"], &sunday["slots"][0]["not_required"]),
        (&json!(0), &json!(6))
    );
}

#[test]
fn an_agencys_day_is_for_its_own_operators_and_for_bkd() {
    let scene = scene();
    for role in ["agency_head:1.01", "bkd_officer", "bkd_head"] {
        let client = scene.app.official(role);
        assert_eq!(day(&client, "")["staff"], 6);
        client
            .get("/v1/agencies/1.01/day/people?slot=morning&state=missed")
            .expect(200);
    }
    let foreign = scene.app.official("agency_operator:1.02");
    for path in [
        "/v1/agencies/1.01/day",
        "/v1/agencies/1.01/day/people?slot=morning&state=missed",
        "/v1/agencies/1.01/day/people",
    ] {
        foreign.get(path).problem(404, "not_found");
        for role in ["bkd_auditor", "administrator", "data_protection_officer"] {
            scene.app.official(role).get(path).problem(403, "forbidden");
        }
        scene.inside.client.get(path).problem(403, "forbidden");
        scene.app.nobody().get(path).problem(401, "unauthenticated");
    }
    scene
        .app
        .official("bkd_officer")
        .get("/v1/agencies/9.99/day")
        .problem(404, "not_found");
}

#[test]
fn strange_questions_about_a_day_are_refused() {
    let scene = scene();
    for query in ["date=1999-12-31", "date=x", "day=2026-03-02"] {
        assert_eq!(
            scene.operator.get(&format!("/v1/agencies/1.01/day?{query}")).status,
            422,
            "{query}"
        );
    }
    for query in [
        "state=missed",
        "slot=morning",
        "slot=night&state=missed",
        "slot=morning&state=lost",
        "slot=morning&state=missed&limit=0",
        "slot=morning&state=missed&limit=201",
        "slot=morning&state=missed&cursor=x",
        "slot=morning&state=missed&date=2101-01-01",
    ] {
        assert_eq!(
            scene
                .operator
                .get(&format!("/v1/agencies/1.01/day/people?{query}"))
                .status,
            422,
            "{query}"
        );
    }
}

/// Ten thousand people, half of them with a roster entry, nine in ten of their slots filled.
fn crowd(app: &TestApp) {
    app.agency("1.01");
    let statements = if app.is_postgres() {
        "CREATE TEMP TABLE crowd AS SELECT gen_random_uuid() AS id, n FROM generate_series(1, 10000) AS n;
         INSERT INTO employee (id, number_kind, name, front_title, back_title, pseudonym, version, created_at, updated_at)
            SELECT id, 'non_asn', 'Contoh ' || n, '', '', 'X' || n, 1, now(), now() FROM crowd;
         INSERT INTO membership (employee_id, valid_from, agency_code, work_group)
            SELECT id, '2020-01-01', '1.01', CASE n % 3 WHEN 0 THEN 'educator' WHEN 1 THEN 'administration' ELSE 'public_service' END FROM crowd;
         INSERT INTO assignment (employee_id, work_date, agency_code, mode, source, created_by, created_at)
            SELECT id, '2026-03-02', '1.01', CASE n % 8 WHEN 0 THEN 'wfo' WHEN 2 THEN 'leave' ELSE 'wfh' END, 'roster', id, now() FROM crowd WHERE n % 2 = 0;
         INSERT INTO slot_result (employee_id, work_date, slot, agency_code, id_day, check_in_id, place, time, corrected_at)
            SELECT id, '2026-03-02', s, '1.01', '2026-03-02', gen_random_uuid(), 1 + (n + s) % 6, 'on_time', now()
            FROM crowd, generate_series(1, 3) AS s WHERE (n + s) % 10 > 0;
         INSERT INTO agency_slot_count SELECT agency_code, work_date, slot, place, 0, count(*) FROM slot_result GROUP BY 1, 2, 3, 4;
         DROP TABLE crowd;"
    } else {
        "CREATE TEMP TABLE crowd AS WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < 10000)
            SELECT randomblob(16) AS id, n FROM s;
         INSERT INTO employee (id, number_kind, name, front_title, back_title, pseudonym, version, created_at, updated_at)
            SELECT id, 'non_asn', 'Contoh ' || n, '', '', 'X' || n, 1, 0, 0 FROM crowd;
         INSERT INTO membership (employee_id, valid_from, agency_code, work_group)
            SELECT id, '2020-01-01', '1.01', CASE n % 3 WHEN 0 THEN 'educator' WHEN 1 THEN 'administration' ELSE 'public_service' END FROM crowd;
         INSERT INTO assignment (employee_id, work_date, agency_code, mode, source, created_by, created_at)
            SELECT id, '2026-03-02', '1.01', CASE n % 8 WHEN 0 THEN 'wfo' WHEN 2 THEN 'leave' ELSE 'wfh' END, 'roster', id, 0 FROM crowd WHERE n % 2 = 0;
         INSERT INTO slot_result (employee_id, work_date, slot, agency_code, id_day, check_in_id, place, time, corrected_at)
            SELECT id, '2026-03-02', s.n, '1.01', '2026-03-02', randomblob(16), 1 + (crowd.n + s.n) % 6, 'on_time', 0
            FROM crowd, (SELECT 1 AS n UNION SELECT 2 UNION SELECT 3) AS s WHERE (crowd.n + s.n) % 10 > 0;
         INSERT INTO agency_slot_count SELECT agency_code, work_date, slot, place, 0, count(*) FROM slot_result GROUP BY 1, 2, 3, 4;
         DROP TABLE crowd;"
    };
    app.execute(statements);
}

#[test]
fn ten_thousand_people_are_counted_in_well_under_fifty_milliseconds() {
    let app = TestApp::start();
    issued(&app.official("bkd_officer"), &text("Nomor 4 Tahun 2026", &json!({})));
    crowd(&app);
    let operator = app.official("agency_operator:1.01");
    let median = |path: &str| {
        let mut times: Vec<f64> = (0..15)
            .map(|_| {
                let begun = Instant::now();
                operator.get(path).expect(200);
                begun.elapsed().as_secs_f64() * 1_000.0
            })
            .collect();
        times.sort_by(f64::total_cmp);
        times[7]
    };
    let counted = day(&operator, "");
    assert_eq!(counted["staff"], 10_000);
    let morning = &counted["slots"][0];
    let places: i64 = NUMBERS[6..]
        .iter()
        .map(|number| morning[*number].as_i64().unwrap())
        .sum();
    assert_eq!(places, morning["received"].as_i64().unwrap());
    let numbers = median("/v1/agencies/1.01/day");
    let people = median("/v1/agencies/1.01/day/people?slot=morning&state=awaited&limit=200");
    let database = if app.is_postgres() { "PostgreSQL" } else { "SQLite" };
    println!("an agency's day of 10,000 on {database}: numbers {numbers:.1} ms, a page of people {people:.1} ms");
    // Tests run unoptimised and beside each other; the release build is held to 50 ms by bench/.
    assert!(numbers < 500.0, "{numbers} ms");
}
