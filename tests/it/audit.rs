//! Random verifications through the routes: the population before the seed, the draw that anyone can repeat, the report.

use crate::harness::TestApp;
use crate::harness::client::Client;
use crate::harness::people::Person;
use serde_json::{Value, json};
use sherlok::domain::digest::Digest;
use sherlok::domain::sampling::{Seed, draw};
use sherlok::domain::work_mode::WorkMode;
use std::collections::BTreeMap;

/// Tuesday, after the slots of Monday and Tuesday have closed.
pub(crate) const EVENING: &str = "2026-03-03T18:00:00+07:00";
pub(crate) const SEED: &str = "63454660390103169462";

/// People of an agency who were to share their location on these dates.
pub(crate) fn people_at_home(app: &TestApp, agency: &str, count: usize, dates: &[&str]) -> Vec<Person> {
    (0..count)
        .map(|_| {
            let person = app.employee(agency);
            for date in dates {
                app.assign(&person, date, WorkMode::Wfh);
            }
            person
        })
        .collect()
}

pub(crate) fn plan_body(agencies: &[&str], size: u32) -> Value {
    json!({ "from": "2026-03-02", "to": "2026-03-03", "agencies": agencies, "size": size })
}

/// A planned, seeded and drawn audit; gives its id.
pub(crate) fn drawn(officer: &Client, plan: &Value) -> String {
    drawn_by(officer, plan, |_| SEED.to_owned())
}

/// The same with the seed that is chosen for its population.
pub(crate) fn drawn_by(officer: &Client, plan: &Value, seed: impl FnOnce(&[String]) -> String) -> String {
    let audit = officer.post("/v1/audits", plan).expect(201);
    let id = audit["id"].as_str().unwrap().to_owned();
    let seed = seed(&population(officer, &id));
    officer
        .post(&format!("/v1/audits/{id}/seed"), &json!({ "seed": seed }))
        .expect(200);
    officer
        .send("POST", &format!("/v1/audits/{id}/draw"), None, &[])
        .expect(200);
    id
}

/// Every case of an audit within the client's reach.
pub(crate) fn cases(client: &Client, audit: &str) -> Vec<Value> {
    let page = client.get(&format!("/v1/audits/{audit}/cases?limit=200")).expect(200);
    page["items"].as_array().unwrap().clone()
}

fn population(client: &Client, audit: &str) -> Vec<String> {
    let answer = client.get(&format!("/v1/audits/{audit}/population"));
    assert_eq!(answer.status, 200);
    assert!(answer.header("content-type").starts_with("text/plain"));
    let text = answer.text();
    assert!(text.is_empty() || text.ends_with('\n'));
    text.split_terminator('\n').map(str::to_owned).collect()
}

#[test]
fn the_population_is_what_was_expected_received_or_not() {
    let app = TestApp::start();
    let people = people_at_home(&app, "1.01", 3, &["2026-03-02", "2026-03-03"]);
    // In the office, on leave, and of another agency: nothing was expected of these.
    let (office, leave) = (app.employee("1.01"), app.employee("1.01"));
    app.assign(&office, "2026-03-02", WorkMode::Wfo);
    app.assign(&leave, "2026-03-02", WorkMode::Leave);
    people_at_home(&app, "1.02", 1, &["2026-03-02"]);
    app.set_clock(EVENING);
    let officer = app.official("bkd_officer");
    let audit = officer.post("/v1/audits", &plan_body(&["1.01"], 5)).expect(201);
    assert_eq!(audit["state"], "planned");
    assert_eq!(audit["population"], people.len() * 2 * 3);
    assert_eq!(
        audit["samples"],
        json!([{ "name": "1.01", "population": 18, "size": 5 }])
    );
    let units = population(&officer, audit["id"].as_str().unwrap());
    let mut sorted = units.clone();
    sorted.sort();
    sorted.dedup();
    assert_eq!(units, sorted);
    assert_eq!(units.len(), 18);
    assert!(units.iter().all(|unit| unit.starts_with("1.01/2026-03-0")));
    assert!(
        units.iter().all(|unit| !unit.contains("198609")),
        "no NIP in a unit's id"
    );
    let text = units.join("\n") + "\n";
    assert_eq!(audit["population_sha256"], Digest::of(text.as_bytes()).to_string());
}

#[test]
fn slots_that_are_still_open_are_not_in_the_population() {
    let app = TestApp::start();
    people_at_home(&app, "1.01", 2, &["2026-03-02"]);
    // Morning closes at 09.00 with ten minutes of grace.
    app.set_clock("2026-03-02T09:10:00+07:00");
    let officer = app.official("bkd_officer");
    let plan = json!({ "from": "2026-03-02", "to": "2026-03-02", "agencies": ["1.01"] });
    officer.post("/v1/audits", &plan).names_field(422, "agencies");
    app.set_clock("2026-03-02T09:10:01+07:00");
    let audit = officer.post("/v1/audits", &plan).expect(201);
    assert_eq!(audit["population"], 2);
}

#[test]
fn one_plan_covers_an_agency_and_a_day() {
    let app = TestApp::start();
    people_at_home(&app, "1.01", 1, &["2026-03-02", "2026-03-03"]);
    people_at_home(&app, "1.02", 1, &["2026-03-02", "2026-03-03"]);
    app.set_clock(EVENING);
    let officer = app.official("bkd_officer");
    officer.post("/v1/audits", &plan_body(&["1.01"], 1)).expect(201);
    officer
        .post("/v1/audits", &plan_body(&["1.01"], 2))
        .problem(409, "audit_overlap");
    let part = json!({ "from": "2026-03-03", "to": "2026-03-03", "agencies": ["1.02", "1.01"] });
    officer.post("/v1/audits", &part).problem(409, "audit_overlap");
    officer.post("/v1/audits", &plan_body(&["1.02"], 1)).expect(201);
    assert_eq!(
        officer.get("/v1/audits").expect(200)["items"].as_array().unwrap().len(),
        2
    );
}

#[test]
fn a_repeated_plan_with_the_same_key_gets_the_first_answer() {
    let app = TestApp::start();
    people_at_home(&app, "1.01", 1, &["2026-03-02", "2026-03-03"]);
    app.set_clock(EVENING);
    let officer = app.official("bkd_officer").with_header("idempotency-key", "rencana-1");
    let first = officer.post("/v1/audits", &plan_body(&["1.01"], 1)).expect(201);
    let again = officer.post("/v1/audits", &plan_body(&["1.01"], 1)).expect(201);
    assert_eq!(first, again);
    officer
        .post("/v1/audits", &plan_body(&["1.01"], 2))
        .problem(409, "idempotency_conflict");
}

#[test]
fn every_part_of_a_plan_has_its_limits() {
    let app = TestApp::start();
    people_at_home(&app, "1.01", 1, &["2026-03-02", "2026-03-03"]);
    app.set_clock(EVENING);
    let officer = app.official("bkd_officer");
    let with = |field: &str, value: Value| {
        let mut body = plan_body(&["1.01"], 1);
        body[field] = value;
        officer.post("/v1/audits", &body)
    };
    for (field, value) in [
        ("from", json!("2026-13-01")),
        ("from", json!(7)),
        ("to", json!("2026-03-01")),
        ("to", json!("2026-03-04")),
        ("agencies", json!([])),
        ("agencies", json!(["1.01", "1.01"])),
        ("agencies[0]", Value::Null),
        ("strata", json!("province")),
        ("size", json!(0)),
        ("size", json!(10_001)),
        ("confidence_bp", json!(4_999)),
        ("confidence_bp", json!(10_000)),
        ("tolerable_bp", json!(0)),
        ("tolerable_bp", json!(10_001)),
        ("expected_bp", json!(500)),
        ("surprise", json!(1)),
    ] {
        if field == "agencies[0]" {
            with("agencies", json!(["9.99"])).names_field(422, field);
            with("agencies", json!(["a/b"])).names_field(422, field);
        } else {
            with(field, value).names_field(422, field);
        }
    }
    let too_long = json!({ "from": "2025-12-01", "to": "2026-03-03", "agencies": ["1.01"] });
    officer.post("/v1/audits", &too_long).names_field(422, "to");
    officer
        .send("POST", "/v1/audits", Some("application/json"), b"{")
        .problem(400, "malformed_json");
    assert_eq!(officer.get("/v1/audits").expect(200)["items"], json!([]));
}

#[test]
fn the_seed_is_set_once_byte_for_byte() {
    let app = TestApp::start();
    people_at_home(&app, "1.01", 1, &["2026-03-02", "2026-03-03"]);
    app.set_clock(EVENING);
    let (officer, _auditor) = (app.official("bkd_officer"), app.official("bkd_auditor"));
    let audit = officer.post("/v1/audits", &plan_body(&["1.01"], 1)).expect(201);
    let path = format!("/v1/audits/{}", audit["id"].as_str().unwrap());
    officer
        .send("POST", &format!("{path}/draw"), None, &[])
        .problem(409, "seed_missing");
    let seed = |value: Value| officer.post(&format!("{path}/seed"), &json!({ "seed": value }));
    let (first, other) = ("0042".repeat(5), "42".repeat(10));
    for bad in [
        json!(""),
        json!("1"),
        json!("9".repeat(19)),
        json!(format!(" {first}")),
        json!(format!("{first}\n")),
        json!(format!("{first}\u{0}b")),
        json!(42),
        json!("9".repeat(201)),
    ] {
        seed(bad).names_field(422, "seed");
    }
    let evidence = json!({ "seed": first, "evidence": "Dadu dilempar di depan umum, 4 Maret 2026." });
    let seeded = officer.post(&format!("{path}/seed"), &evidence).expect(200);
    assert_eq!((&seeded["seed"], &seeded["state"]), (&json!(first), &json!("planned")));
    assert_eq!(seeded["seed_rule"], json!({ "kind": "text", "strength": "weakest" }));
    assert!(seeded["seed_evidence"].as_str().unwrap().starts_with("Dadu"));
    seed(json!(first)).expect(200);
    seed(json!(other)).problem(409, "seed_set");
    officer.send("POST", &format!("{path}/draw"), None, &[]).expect(200);
    seed(json!(first)).expect(200);
    seed(json!(other)).problem(409, "seed_set");
}

#[test]
fn anyone_can_draw_the_same_sample_from_seed_and_population() {
    let app = TestApp::start();
    people_at_home(&app, "1.01", 4, &["2026-03-02", "2026-03-03"]);
    people_at_home(&app, "1.02", 2, &["2026-03-02"]);
    app.set_clock(EVENING);
    let (officer, _auditor) = (app.official("bkd_officer"), app.official("bkd_auditor"));
    let audit = drawn(&officer, &plan_body(&["1.02", "1.01"], 4));
    let units = population(&officer, &audit);
    for agency in ["1.01", "1.02"] {
        let stratum = units
            .iter()
            .map(String::as_str)
            .filter(|unit| unit.starts_with(&format!("{agency}/")));
        let expected = draw(&Seed::new(SEED), stratum, 4).unwrap();
        let found: Vec<Value> = cases(&officer, &audit)
            .into_iter()
            .filter(|case| case["stratum"] == agency)
            .collect();
        assert_eq!(found.len(), 4);
        for (place, (case, drawn)) in found.iter().zip(&expected).enumerate() {
            assert_eq!(case["unit"], drawn.id);
            assert_eq!(case["ticket"], drawn.ticket.as_str());
            assert_eq!(case["draw_order"], place + 1);
            assert_eq!((&case["agency"], &case["state"]), (&json!(agency), &json!("assigned")));
        }
    }
    // Drawing again changes nothing.
    let before = cases(&officer, &audit);
    officer
        .send("POST", &format!("/v1/audits/{audit}/draw"), None, &[])
        .expect(200);
    assert_eq!(cases(&officer, &audit), before);
}

#[test]
fn one_stratum_of_all_agencies_gives_one_sample() {
    let app = TestApp::start();
    people_at_home(&app, "1.01", 3, &["2026-03-02"]);
    people_at_home(&app, "1.02", 3, &["2026-03-02"]);
    app.set_clock(EVENING);
    let (officer, _auditor) = (app.official("bkd_officer"), app.official("bkd_auditor"));
    let mut plan = plan_body(&["1.01", "1.02"], 7);
    plan["strata"] = json!("whole");
    let audit = drawn(&officer, &plan);
    let units = population(&officer, &audit);
    let expected = draw(&Seed::new(SEED), units.iter().map(String::as_str), 7).unwrap();
    let found: Vec<Value> = cases(&officer, &audit)
        .iter()
        .map(|case| case["unit"].clone())
        .collect();
    assert_eq!(found, expected.iter().map(|drawn| json!(drawn.id)).collect::<Vec<_>>());
}

#[test]
fn without_a_size_the_rates_decide_it() {
    let app = TestApp::start();
    people_at_home(&app, "1.01", 10, &["2026-03-02"]);
    app.set_clock(EVENING);
    let officer = app.official("bkd_officer");
    let plan = json!({ "from": "2026-03-02", "to": "2026-03-02", "agencies": ["1.01"], "tolerable_bp": 1000 });
    // 30 units of which 3 must not go unnoticed: C(27, n) / C(30, n) <= 5 % from n = 19 on.
    let audit = officer.post("/v1/audits", &plan).expect(201);
    assert_eq!(
        audit["samples"][0],
        json!({ "name": "1.01", "population": 30, "size": 19 })
    );
}

#[test]
fn cases_are_spread_evenly_over_auditors_of_other_agencies() {
    let app = TestApp::start();
    people_at_home(&app, "1.01", 2, &["2026-03-02", "2026-03-03"]);
    app.set_clock(EVENING);
    let (officer, administrator) = (app.official("bkd_officer"), app.official("administrator"));
    let grant = json!({ "role": "bkd_auditor" });
    // A colleague of the audited people, an operator of their agency, and two who have nothing to do with it.
    let colleague = app.employee("1.01");
    administrator
        .post(&format!("/v1/accounts/{}/roles", colleague.username), &grant)
        .expect(204);
    let outsider = app.employee("1.02");
    administrator
        .post(&format!("/v1/accounts/{}/roles", outsider.username), &grant)
        .expect(204);
    app.official("bkd_auditor");
    let audit = drawn(&officer, &plan_body(&["1.01"], 12));
    let mut held: BTreeMap<String, usize> = BTreeMap::new();
    for case in cases(&officer, &audit) {
        *held.entry(case["auditor"].as_str().unwrap().to_owned()).or_default() += 1;
    }
    assert_eq!(held.values().copied().collect::<Vec<_>>(), [6, 6]);
    assert_eq!(cases(&app.signed_in(&colleague.username), &audit).len(), 0);
    assert_eq!(cases(&app.signed_in(&outsider.username), &audit).len(), 6);
}

#[test]
fn nothing_is_drawn_while_no_auditor_is_independent() {
    let app = TestApp::start();
    people_at_home(&app, "1.01", 2, &["2026-03-02"]);
    app.set_clock(EVENING);
    let officer = app.official("bkd_officer");
    let audit = officer.post("/v1/audits", &plan_body(&["1.01"], 2)).expect(201);
    let path = format!("/v1/audits/{}", audit["id"].as_str().unwrap());
    officer
        .post(&format!("{path}/seed"), &json!({ "seed": SEED }))
        .expect(200);
    officer
        .send("POST", &format!("{path}/draw"), None, &[])
        .problem(409, "no_independent_auditor");
    assert_eq!(officer.get(&path).expect(200)["state"], "planned");
    app.official("bkd_auditor");
    officer.send("POST", &format!("{path}/draw"), None, &[]).expect(200);
    assert_eq!(officer.get(&path).expect(200)["state"], "drawn");
}

#[test]
fn what_is_fixed_is_held_by_the_database_too() {
    let app = TestApp::start();
    people_at_home(&app, "1.01", 2, &["2026-03-02"]);
    app.set_clock(EVENING);
    let (officer, _auditor) = (app.official("bkd_officer"), app.official("bkd_auditor"));
    drawn(&officer, &plan_body(&["1.01"], 2));
    for statement in [
        "UPDATE audit SET seed = 'lain'",
        "UPDATE audit SET population = 1",
        "UPDATE audit SET tolerable_bp = 9000",
        "UPDATE audit SET to_date = '2026-03-09'",
        "UPDATE audit_chunk SET units = ''",
        "DELETE FROM audit_chunk",
        "UPDATE audit_case SET finding = 'invalid_proposed'",
    ] {
        assert!(app.try_execute(statement).is_err(), "{statement}");
    }
}

#[test]
fn two_instances_that_draw_at_once_draw_one_sample() {
    let app = TestApp::start();
    people_at_home(&app, "1.01", 6, &["2026-03-02", "2026-03-03"]);
    app.set_clock(EVENING);
    let (officer, _auditor) = (app.official("bkd_officer"), app.official("bkd_auditor"));
    let twin = app.twin();
    let audit = officer.post("/v1/audits", &plan_body(&["1.01"], 10)).expect(201);
    let id = audit["id"].as_str().unwrap().to_owned();
    officer
        .post(&format!("/v1/audits/{id}/seed"), &json!({ "seed": SEED }))
        .expect(200);
    let callers: Vec<_> = [officer.clone(), officer.at(&twin.base_url)]
        .into_iter()
        .cycle()
        .take(6)
        .map(|client| {
            let path = format!("/v1/audits/{id}/draw");
            std::thread::spawn(move || client.send("POST", &path, None, &[]).status)
        })
        .collect();
    for caller in callers {
        let status = caller.join().unwrap();
        assert!(status == 200 || status == 503, "{status}");
    }
    assert_eq!(cases(&officer, &id).len(), 10);
}

#[test]
fn only_bkd_runs_and_reads_audits() {
    let app = TestApp::start();
    let person = people_at_home(&app, "1.01", 1, &["2026-03-02"]).remove(0);
    app.set_clock(EVENING);
    let (officer, auditor) = (app.official("bkd_officer"), app.official("bkd_auditor"));
    let audit = drawn(&officer, &plan_body(&["1.01"], 1));
    let employee = app.signed_in(&person.username);
    for stranger in [
        &employee,
        &app.official("agency_operator:1.01"),
        &app.official("administrator"),
    ] {
        for path in ["", "/population", "/report", "/cases"] {
            stranger
                .get(&format!("/v1/audits/{audit}{path}"))
                .problem(403, "forbidden");
        }
        // The role is asked for before the body is read.
        stranger.post("/v1/audits", &json!({})).problem(403, "forbidden");
        for step in ["seed", "extension"] {
            stranger
                .post(&format!("/v1/audits/{audit}/{step}"), &json!({}))
                .problem(403, "forbidden");
        }
    }
    auditor.get(&format!("/v1/audits/{audit}")).expect(200);
    auditor.post("/v1/audits", &json!({})).problem(403, "forbidden");
    auditor
        .send("POST", &format!("/v1/audits/{audit}/closure"), None, &[])
        .problem(403, "forbidden");
    let unknown = "0195d3a0-0000-7000-8000-000000000000";
    for path in ["", "/population", "/report", "/cases"] {
        officer
            .get(&format!("/v1/audits/{unknown}{path}"))
            .problem(404, "not_found");
        officer
            .get(&format!("/v1/audits/tidak-ada{path}"))
            .problem(404, "not_found");
    }
    officer
        .post(&format!("/v1/audits/{unknown}/seed"), &json!({ "seed": SEED }))
        .problem(404, "not_found");
    officer
        .send("POST", &format!("/v1/audits/{unknown}/draw"), None, &[])
        .problem(404, "not_found");
    officer
        .send("POST", &format!("/v1/audits/{unknown}/closure"), None, &[])
        .problem(404, "not_found");
}
