//! Audits that may be looked at early and extended: the stopping rule in plan and report, and the next tickets.

use crate::audit::{EVENING, SEED, cases, drawn, people_at_home, plan_body};
use crate::harness::TestApp;
use crate::harness::client::{Answer, Client};
use serde_json::{Value, json};

/// A plan of one agency that may be extended.
fn watched(size: u32) -> Value {
    let mut plan = plan_body(&["1.01"], size);
    plan["stopping"] = json!("sequence");
    plan["prior"] = json!({ "a": 1, "b": 3 });
    plan
}

fn extend(officer: &Client, id: &str, body: &Value) -> Answer {
    officer.post(&format!("/v1/audits/{id}/extension"), body)
}

/// Stratum, place in the draw and ticket of every drawn unit.
fn tickets(officer: &Client, id: &str) -> Vec<Value> {
    let page = officer.get(&format!("/v1/audits/{id}/tickets?limit=200")).expect(200);
    page["items"].as_array().unwrap().clone()
}

#[test]
fn a_plan_says_when_one_may_look() {
    let app = TestApp::start();
    people_at_home(&app, "1.01", 2, &["2026-03-02", "2026-03-03"]);
    app.set_clock(EVENING);
    let officer = app.official("bkd_officer");
    let with = |stopping: Value, prior: Value| {
        let mut body = plan_body(&["1.01"], 2);
        body["stopping"] = stopping;
        body["prior"] = prior;
        officer.post("/v1/audits", &body)
    };
    let (sequence, nothing) = (json!("sequence"), Value::Null);
    with(json!("often"), nothing.clone()).names_field(422, "stopping");
    with(json!("fixed"), json!({ "a": 1, "b": 1 })).names_field(422, "prior");
    with(sequence.clone(), json!({ "a": 0, "b": 1 })).names_field(422, "prior.a");
    with(sequence.clone(), json!({ "a": 1, "b": 1_000_001 })).names_field(422, "prior.b");
    with(sequence.clone(), json!({ "a": 1 })).expect(422);
    let planned = with(sequence, nothing).expect(201);
    assert_eq!(planned["stopping"], "sequence");
    assert_eq!(planned["prior"], json!({ "a": 1, "b": 50 }));
    let id = planned["id"].as_str().unwrap();
    assert_eq!(officer.get(&format!("/v1/audits/{id}")).expect(200), planned);
    for statement in [
        "UPDATE audit SET sequence_b = 1",
        "UPDATE audit SET sequence_a = NULL, sequence_b = NULL",
    ] {
        assert!(app.try_execute(statement).is_err(), "{statement}");
    }
}

#[test]
fn a_usual_plan_has_a_fixed_size_that_nobody_extends() {
    let app = TestApp::start();
    people_at_home(&app, "1.01", 4, &["2026-03-02"]);
    app.set_clock(EVENING);
    let (officer, _auditor) = (app.official("bkd_officer"), app.official("bkd_auditor"));
    let id = drawn(&officer, &plan_body(&["1.01"], 2));
    let audit = officer.get(&format!("/v1/audits/{id}")).expect(200);
    assert_eq!((&audit["stopping"], audit.get("prior")), (&json!("fixed"), None));
    extend(&officer, &id, &json!({ "size": 3 })).problem(409, "sample_size_fixed");
    assert_eq!(cases(&officer, &id).len(), 2);
    let grow = "UPDATE audit_stratum SET sample_size = sample_size + 1";
    assert!(
        app.try_execute(grow).is_err(),
        "a fixed size is held by the database too"
    );
}

#[test]
fn an_extension_takes_the_next_tickets_of_the_same_seed() {
    let app = TestApp::start();
    people_at_home(&app, "1.01", 10, &["2026-03-02"]);
    app.set_clock(EVENING);
    let (officer, auditor) = (app.official("bkd_officer"), app.official("bkd_auditor"));
    let planned = officer.post("/v1/audits", &watched(4)).expect(201);
    let id = planned["id"].as_str().unwrap().to_owned();
    extend(&officer, &id, &json!({ "size": 9 })).problem(409, "wrong_state");
    officer
        .post(&format!("/v1/audits/{id}/seed"), &json!({ "seed": SEED }))
        .expect(200);
    extend(&officer, &id, &json!({ "size": 9 })).problem(409, "wrong_state");
    officer
        .send("POST", &format!("/v1/audits/{id}/draw"), None, &[])
        .expect(200);
    let first = tickets(&officer, &id);
    let extended = extend(&officer, &id, &json!({ "size": 9 })).expect(200);
    assert_eq!(
        extended["samples"],
        json!([{ "name": "1.01", "population": 30, "size": 9 }])
    );
    let second = tickets(&officer, &id);
    assert_eq!((first.len(), second.len()), (4, 9));
    assert_eq!(first[..], second[..4], "what was drawn before is the beginning");
    let numbers: Vec<&str> = second.iter().map(|ticket| ticket["ticket"].as_str().unwrap()).collect();
    assert!(numbers.is_sorted());
    let places: Vec<i64> = second
        .iter()
        .map(|ticket| ticket["draw_order"].as_i64().unwrap())
        .collect();
    assert_eq!(places, (1..=9).collect::<Vec<i64>>());
    assert_eq!(cases(&auditor, &id).len(), 9);

    // The same again, and less, change nothing; named strata grow, and never beyond what there is.
    for body in [
        json!({ "size": 9 }),
        json!({ "size": 2 }),
        json!({ "samples": [{ "name": "1.01", "size": 5 }] }),
    ] {
        assert_eq!(extend(&officer, &id, &body).expect(200), extended);
    }
    let all = extend(&officer, &id, &json!({ "samples": [{ "name": "1.01", "size": 99 }] })).expect(200);
    assert_eq!(all["samples"][0]["size"], 30);
    let whole = tickets(&officer, &id);
    assert_eq!((whole.len(), &whole[..9]), (30, &second[..]));
    for statement in ["UPDATE audit_stratum SET sample_size = 1", "DELETE FROM audit_stratum"] {
        assert!(app.try_execute(statement).is_err(), "{statement}");
    }
}

#[test]
fn the_extended_sample_is_the_one_that_a_larger_plan_would_have_drawn() {
    let app = TestApp::start();
    people_at_home(&app, "1.01", 8, &["2026-03-02"]);
    app.set_clock(EVENING);
    let (officer, _auditor) = (app.official("bkd_officer"), app.official("bkd_auditor"));
    let id = drawn(&officer, &watched(3));
    extend(&officer, &id, &json!({ "size": 7 })).expect(200);
    extend(&officer, &id, &json!({ "size": 11 })).expect(200);
    let answer = officer.get(&format!("/v1/audits/{id}/population"));
    let population = answer.text();
    let seed = sherlok::domain::sampling::Seed::new(SEED);
    let once = sherlok::domain::sampling::draw(&seed, population.lines(), 11).unwrap();
    let units: Vec<String> = once.into_iter().map(|drawn| drawn.id).collect();
    let found: Vec<String> = tickets(&officer, &id)
        .iter()
        .map(|ticket| ticket["unit"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(found, units);
}

#[test]
fn every_part_of_an_extension_has_its_limits() {
    let app = TestApp::start();
    people_at_home(&app, "1.01", 4, &["2026-03-02"]);
    app.set_clock(EVENING);
    let (officer, auditor) = (app.official("bkd_officer"), app.official("bkd_auditor"));
    let id = drawn(&officer, &watched(2));
    let sample = |name: &str, size: u32| json!({ "name": name, "size": size });
    for (field, body) in [
        ("size", json!({})),
        ("size", json!({ "size": 3, "samples": [sample("1.01", 3)] })),
        ("size", json!({ "size": 0 })),
        ("size", json!({ "size": 10_001 })),
        ("samples", json!({ "samples": [] })),
        ("samples[0].size", json!({ "samples": [sample("1.01", 0)] })),
        (
            "samples[1].name",
            json!({ "samples": [sample("1.01", 3), sample("1.01", 4)] }),
        ),
        (
            "samples[1].name",
            json!({ "samples": [sample("1.01", 3), sample("1.02", 4)] }),
        ),
        ("surprise", json!({ "size": 3, "surprise": 1 })),
    ] {
        extend(&officer, &id, &body).names_field(422, field);
    }
    assert_eq!(cases(&officer, &id).len(), 2, "nothing is half extended");
    assert_eq!(extend(&auditor, &id, &json!({ "size": 3 })).status, 403);
    let stranger = "018f0000-0000-7000-8000-000000000000";
    extend(&officer, stranger, &json!({ "size": 3 })).problem(404, "not_found");
}

#[test]
fn a_report_of_a_sequence_counts_what_is_settled_in_the_order_of_the_draw() {
    let app = TestApp::start();
    people_at_home(&app, "1.01", 10, &["2026-03-02"]);
    app.set_clock(EVENING);
    let (officer, auditor) = (app.official("bkd_officer"), app.official("bkd_auditor"));
    let id = drawn(&officer, &watched(12));
    let report = || {
        let english = officer.with_header("accept-language", "en");
        english.get(&format!("/v1/audits/{id}/report")).expect(200)
    };
    let review = |case: &Value| {
        let path = format!("/v1/cases/{}/review", case["id"].as_str().unwrap());
        let body = json!({ "finding": "valid" });
        auditor.with_header("if-match", "\"1\"").post(&path, &body).expect(200);
    };
    let nothing = report();
    assert_eq!(
        (&nothing["total"]["upper"], &nothing["total"]["counted"]["sample"]),
        (&json!(30), &json!(0))
    );
    assert_eq!(nothing["audit"]["stopping"], "sequence");
    let mut assigned = cases(&auditor, &id);
    let place = |case: &Value| {
        let units = tickets(&officer, &id);
        units.iter().position(|ticket| ticket["unit"] == case["unit"])
    };
    assigned.sort_by_key(place);
    // All but the fourth: only the first three count.
    for case in assigned.iter().take(3).chain(&assigned[4..]) {
        review(case);
    }
    let early = report();
    assert_eq!(
        early["total"]["counted"],
        json!({ "sample": 3, "deviations": 0, "inconclusive": 0 })
    );
    assert_eq!(
        (&early["total"]["open"], &early["is_final"]),
        (&json!(1), &json!(false))
    );
    review(&assigned[3]);
    let late = report();
    assert_eq!(late["total"]["counted"]["sample"], 12);
    let upper = |report: &Value| report["total"]["upper"].as_u64().unwrap();
    assert!(upper(&late) < upper(&early) && upper(&early) < 30);
    let claim = late["claim"].as_str().unwrap();
    let start = format!(
        "With 95 % confidence, whenever one looks, at most {} of 30 slots",
        upper(&late)
    );
    assert!(claim.starts_with(&start), "{claim}");

    // More tickets open the report again and take nothing back.
    extend(&officer, &id, &json!({ "size": 20 })).expect(200);
    let extended = report();
    assert_eq!((upper(&extended), &extended["is_final"]), (upper(&late), &json!(false)));
    assert_eq!(extended["total"]["sample"], 20);
}

#[test]
fn an_extension_is_an_event_of_the_audit() {
    let app = TestApp::start();
    people_at_home(&app, "1.01", 4, &["2026-03-02"]);
    app.set_clock(EVENING);
    let (officer, _auditor) = (app.official("bkd_officer"), app.official("bkd_auditor"));
    let id = drawn(&officer, &watched(2));
    extend(&officer, &id, &json!({ "size": 5 })).expect(200);
    extend(&officer, &id, &json!({ "size": 5 })).expect(200);
    let reasons: Vec<String> = app.reasons("audit", &id).into_iter().flatten().collect();
    assert_eq!(reasons, ["1.01: 2 -> 5"], "once, however often it was asked for");
}
