//! Targeted picks through the routes: flagged slots that are all examined, apart from the draw and from its bounds.

use crate::audit::{EVENING, SEED, cases, people_at_home, plan_body};
use crate::audit_bundle::{checked, looked_at_again};
use crate::case::{REASON, reply, step};
use crate::harness::TestApp;
use crate::harness::client::Client;
use crate::harness::homes::HOME;
use crate::harness::people::Person;
use crate::harness::shares::{MORNING, claim, share};
use serde_json::{Value, json};
use sherlok::domain::sampling::{Seed, draw};
use std::collections::BTreeSet;

const DAY: &str = "from=2026-03-02&to=2026-03-02";

/// Two agencies on one day, some of whose people shared in the morning.
struct Scene {
    app: TestApp,
    officer: Client,
    auditors: [Client; 2],
    people: Vec<Person>,
}

/// Three of eight people of 1.01 and one of two of 1.02 shared a made-up position that stands. One more sent one that a
/// better share took the slot from, and another shared as one should.
fn scene() -> Scene {
    let app = TestApp::start();
    app.app().prepare().unwrap();
    let mut people = people_at_home(&app, "1.01", 8, &["2026-03-02"]);
    people.extend(people_at_home(&app, "1.02", 2, &["2026-03-02"]));
    let mut serial = 0;
    let mut send = |person: &Person, metres: f64, is_made_up: bool| {
        serial += 1;
        let mut claim = claim(MORNING, metres, 18.5, serial);
        claim["mock"] = json!(is_made_up);
        share(&person.client, &claim).expect(201);
    };
    for person in &people {
        app.verified_home(person, HOME, "2026-01-05");
    }
    for flagged in [0, 1, 2, 8] {
        send(&people[flagged], 12.0, true);
    }
    send(&people[3], 340.0, true);
    send(&people[3], 12.0, false);
    send(&people[4], 12.0, false);
    app.set_clock(EVENING);
    Scene {
        officer: app.official("bkd_officer"),
        auditors: [app.official("bkd_auditor"), app.official("bkd_auditor")],
        people,
        app,
    }
}

/// A plan of both agencies that targets made-up positions.
fn targeting(size: u32) -> Value {
    let mut plan = plan_body(&["1.01", "1.02"], size);
    plan["targeted"] = json!({ "flags": ["mock_provider"] });
    plan
}

fn lines(officer: &Client, id: &str) -> Vec<String> {
    let text = officer.get(&format!("/v1/audits/{id}/population")).text();
    text.split_terminator('\n').map(str::to_owned).collect()
}

/// The units of an audit's stratum, as the drawn cases tell them in the order of the draw.
fn units(officer: &Client, id: &str, stratum: &str) -> Vec<String> {
    let of = |case: &Value| case["unit"].as_str().unwrap().to_owned();
    let all = cases(officer, id);
    all.iter().filter(|case| case["stratum"] == stratum).map(of).collect()
}

#[test]
fn flagged_slots_are_a_stratum_of_their_own_and_no_other_draw_knows_them() {
    let scene = scene();
    let planned = scene.officer.post("/v1/audits", &targeting(4)).expect(201);
    assert_eq!(planned["targeted"], json!({ "flags": ["mock_provider"], "most": 200 }));
    assert_eq!(
        planned["samples"],
        json!([
            { "name": "1.01", "population": 21, "size": 4 },
            { "name": "1.02", "population": 5, "size": 4 },
            { "name": "targeted", "population": 4, "size": 4 },
        ])
    );
    assert_eq!(planned["population"], 30);
    let id = planned["id"].as_str().unwrap();
    let lines = lines(&scene.officer, id);
    let text = lines.join("\n") + "\n";
    let digest = sherlok::domain::digest::Digest::of(text.as_bytes()).to_string();
    assert_eq!(planned["population_sha256"], digest);
    let marked: BTreeSet<String> = lines
        .iter()
        .filter_map(|line| line.strip_suffix("\ttargeted"))
        .map(str::to_owned)
        .collect();
    assert_eq!(marked.len(), 4);
    assert!(marked.iter().all(|unit| unit.ends_with("/morning")));
    for statement in [
        "UPDATE audit SET targeted_rule = NULL",
        "UPDATE audit SET targeted_rule = '{}'",
    ] {
        assert!(scene.app.try_execute(statement).is_err(), "{statement}");
    }

    scene
        .officer
        .post(&format!("/v1/audits/{id}/seed"), &json!({ "seed": SEED }))
        .expect(200);
    scene
        .officer
        .send("POST", &format!("/v1/audits/{id}/draw"), None, &[])
        .expect(200);
    let seed = Seed::new(SEED);
    let expected = |own: Vec<&str>, size: usize| -> Vec<String> {
        draw(&seed, own, size)
            .unwrap()
            .into_iter()
            .map(|drawn| drawn.id)
            .collect()
    };
    for agency in ["1.01", "1.02"] {
        let own = lines.iter().map(String::as_str);
        let own = own.filter(|line| line.starts_with(&format!("{agency}/")) && !line.contains('\t'));
        assert_eq!(units(&scene.officer, id, agency), expected(own.collect(), 4));
    }
    let beside = units(&scene.officer, id, "targeted");
    assert_eq!(beside, expected(marked.iter().map(String::as_str).collect(), 4));
    // Their cases are given out like all others.
    let held: Vec<usize> = scene.auditors.iter().map(|auditor| cases(auditor, id).len()).collect();
    assert_eq!(held, [6, 6]);
}

#[test]
fn a_rule_that_picks_too_many_is_refused_with_their_number() {
    let scene = scene();
    let mut plan = targeting(4);
    plan["targeted"]["most"] = json!(3);
    let refused = scene
        .officer
        .post("/v1/audits", &plan)
        .names_field(422, "targeted.most");
    let field = &refused["fields"][0];
    assert_eq!(field["code"], "too_many");
    assert!(
        refused.to_string().contains("Ada 4 slot bertanda, paling banyak 3."),
        "{refused}"
    );
    assert_eq!(scene.officer.get("/v1/audits").expect(200)["items"], json!([]));
    plan["targeted"]["most"] = json!(4);
    scene.officer.post("/v1/audits", &plan).expect(201);
}

#[test]
fn every_part_of_a_rule_has_its_limits() {
    let scene = scene();
    scene.app.agency("targeted");
    let with = |targeted: Value| {
        let mut plan = targeting(4);
        plan["targeted"] = targeted;
        scene.officer.post("/v1/audits", &plan)
    };
    for (field, targeted) in [
        ("targeted.flags", json!({ "flags": [] })),
        ("targeted.flags", json!({ "flags": ["mock_provider", "mock_provider"] })),
        ("targeted.flags[1]", json!({ "flags": ["mock_provider", "outside"] })),
        ("targeted.most", json!({ "flags": ["mock_provider"], "most": 0 })),
        ("targeted.most", json!({ "flags": ["mock_provider"], "most": 10_001 })),
        ("targeted.least", json!({ "flags": ["mock_provider"], "least": 1 })),
    ] {
        with(targeted).names_field(422, field);
    }
    with(json!({})).expect(422);
    let mut reserved = targeting(4);
    reserved["agencies"] = json!(["1.01", "targeted"]);
    scene.officer.post("/v1/audits", &reserved).names_field(422, "agencies");
    assert_eq!(scene.officer.get("/v1/audits").expect(200)["items"], json!([]));
    let usual = scene.officer.post("/v1/audits", &plan_body(&["1.01"], 4)).expect(201);
    assert_eq!(usual.get("targeted"), None);
    let usual = lines(&scene.officer, usual["id"].as_str().unwrap());
    assert!(usual.len() == 24 && usual.iter().all(|line| !line.contains('\t')));
}

#[test]
fn whoever_plans_is_told_beforehand_how_many_a_rule_would_pick() {
    let scene = scene();
    let count = |flags: &str| {
        let address = format!("/v1/audit-population?{DAY}&agencies=1.01,1.02{flags}");
        scene.officer.get(&address)
    };
    let usual = count("").expect(200);
    assert_eq!(usual["agencies"][0], json!({ "agency": "1.01", "population": 24 }));
    assert_eq!(usual.get("targeted"), None);
    let told = count("&flags=").expect(200);
    assert_eq!(
        told["agencies"][0],
        json!({
            "agency": "1.01", "population": 24, "targeted": 0,
            "flags": [{ "flag": "mock_provider", "slots": 3 }],
        })
    );
    let told = count("&flags=clock_skew,mock_provider").expect(200);
    assert_eq!(
        (&told["targeted"], &told["agencies"][1]["targeted"], &told["population"]),
        (&json!(4), &json!(1), &json!(30))
    );
    assert_eq!(count("&flags=clock_skew").expect(200)["targeted"], 0);
    let long = "mock_provider,".repeat(20) + "mock_provider";
    for wrong in ["outside", "mock_provider,", ",", "MOCK_PROVIDER", long.as_str()] {
        count(&format!("&flags={wrong}")).names_field(422, "flags");
    }
}

/// Reviews every case of the audit: the first targeted one that is not looked at again deviates, another can't be settled.
fn review_all(scene: &Scene, id: &str) {
    let again: Vec<(&Client, String)> = scene
        .auditors
        .iter()
        .flat_map(|auditor| {
            looked_at_again(auditor, id)
                .into_iter()
                .map(move |case| (auditor, case))
        })
        .collect();
    for (auditor, case) in &again {
        auditor
            .with_header("if-match", "\"1\"")
            .post(&format!("/v1/second-reviews/{case}"), &json!({ "finding": "valid" }))
            .expect(200);
    }
    let held = |auditor: &Client| -> Vec<(String, bool)> {
        let of = |case: &Value| (case["id"].as_str().unwrap().to_owned(), case["stratum"] == "targeted");
        // Whoever is to decide what another proposed finds that case as well.
        let all = cases(auditor, id).into_iter();
        all.filter(|case| case["state"] == "assigned")
            .map(|case| of(&case))
            .collect()
    };
    let mut findings = ["invalid_proposed", "inconclusive"].into_iter();
    let mut deviating = None;
    for auditor in &scene.auditors {
        for (case, is_targeted) in held(auditor) {
            let is_free = is_targeted && again.iter().all(|(_, seen)| *seen != case);
            let finding = if is_free { findings.next() } else { None };
            let mut body = json!({ "finding": finding.unwrap_or("valid") });
            if finding == Some("invalid_proposed") {
                body["note"] = json!("Ponsel menandai titik ini sebagai lokasi buatan.");
                deviating = Some(case.clone());
            }
            step(auditor, &case, "review", 1, &body).expect(200);
        }
    }
    let case = deviating.expect("at most two of four are looked at again");
    let is_theirs = |client: &Client| {
        let page = client.get("/v1/me/cases?limit=200").expect(200);
        page["items"].as_array().unwrap().iter().any(|own| own["id"] == *case)
    };
    let mut clients = scene.people.iter().map(|person| scene.app.signed_in(&person.username));
    let person = clients.find(is_theirs).expect("it is one of theirs");
    step(&person, &case, "reply", 2, &reply()).expect(200);
    let upheld = json!({ "outcome": "upheld", "reason": REASON });
    step(&scene.app.official("bkd_head"), &case, "decision", 3, &upheld).expect(200);
}

#[test]
fn what_was_targeted_is_added_one_by_one_and_two_programs_say_so() {
    let scene = scene();
    let officer = &scene.officer;
    let mut plan = targeting(3);
    plan["stopping"] = json!("sequence");
    plan["prior"] = json!({ "a": 1, "b": 3 });
    let planned = officer.post("/v1/audits", &plan).expect(201);
    let id = planned["id"].as_str().unwrap().to_owned();
    let path = |end: &str| format!("/v1/audits/{id}/{end}");
    scene.app.advance(chrono::Duration::minutes(1));
    officer.post(&path("seed"), &json!({ "seed": SEED })).expect(200);
    officer.send("POST", &path("draw"), None, &[]).expect(200);
    // More tickets are drawn of the random strata alone.
    let more = json!({ "samples": [{ "name": "targeted", "size": 99 }] });
    assert_eq!(
        officer.post(&path("extension"), &more).expect(200)["samples"][2]["size"],
        4
    );
    let extended = officer.post(&path("extension"), &json!({ "size": 9 })).expect(200);
    let sizes: Vec<i64> = extended["samples"]
        .as_array()
        .unwrap()
        .iter()
        .map(|sample| sample["size"].as_i64().unwrap())
        .collect();
    assert_eq!(sizes, [9, 5, 4]);

    review_all(&scene, &id);
    officer.send("POST", &path("closure"), None, &[]).expect(200);
    let report = officer.get(&path("report")).expect(200);
    let beside = &report["targeted"];
    assert_eq!((&beside["population"], &beside["sample"]), (&json!(4), &json!(4)));
    assert_eq!((&beside["deviations"], &beside["inconclusive"]), (&json!(1), &json!(1)));
    assert_eq!(beside["interval"], json!({ "lower": 1, "upper": 2 }));
    let upper = |part: &Value| part["upper"].as_u64().unwrap();
    assert_eq!(upper(&report["total"]), upper(&report["random"]) + 2);
    assert_eq!(report["random"]["deviations"], 0);
    let strata: Vec<&Value> = report["strata"]
        .as_array()
        .unwrap()
        .iter()
        .map(|part| &part["name"])
        .collect();
    assert_eq!(strata, ["1.01", "1.02"]);
    let claim = report["claim"].as_str().unwrap();
    assert!(
        claim.contains("4 slot bertanda diperiksa semua, 1 di antaranya dinyatakan menyimpang"),
        "{claim}"
    );
    // Of a flag of the rule everything is known; what was targeted says nothing about any other signal.
    let signals = report["signals"].as_array().unwrap();
    let made_up = signals.iter().find(|signal| signal["code"] == "mock_provider").unwrap();
    assert_eq!((&made_up["cases"], &made_up["deviations"]), (&json!(4), &json!(1)));
    assert_eq!(
        (&made_up["lower_bp"], &made_up["upper_bp"]),
        (&json!(2_500), &json!(5_000))
    );
    let others = signals.iter().filter(|signal| signal["kind"] != "flag");
    assert_eq!(others.map(|signal| signal["cases"].as_u64().unwrap()).sum::<u64>(), 14);

    let (printed, files) = checked(officer.get(&path("bundle")).bytes);
    assert!(
        printed.contains("30 units in 3 strata, 4 of them targeted"),
        "{printed}"
    );
    assert!(printed.contains("18 units drawn again, 1 extensions"), "{printed}");
    let written = files.iter().find(|(name, _)| name == "report.json").unwrap();
    let written: Value = serde_json::from_slice(&written.1).unwrap();
    assert_eq!(
        (&written["claim"], upper(&report["total"])),
        (&report["claim"], written["total"]["upper_one_sided"].as_u64().unwrap())
    );
    assert_eq!(scene.app.app().check_logs().unwrap(), []);
}

#[test]
fn a_rule_that_finds_nothing_and_an_agency_without_slots_leave_an_audit_that_closes() {
    let scene = scene();
    scene.app.agency("1.03");
    let mut plan = plan_body(&["1.01", "1.03"], 2);
    plan["targeted"] = json!({ "flags": ["no_accuracy"] });
    let audit = scene.officer.post("/v1/audits", &plan).expect(201);
    let id = audit["id"].as_str().unwrap().to_owned();
    let path = |end: &str| format!("/v1/audits/{id}/{end}");
    scene.app.advance(chrono::Duration::minutes(1));
    scene.officer.post(&path("seed"), &json!({ "seed": SEED })).expect(200);
    scene.officer.send("POST", &path("draw"), None, &[]).expect(200);
    assert_eq!(
        audit["samples"][1],
        json!({ "name": "1.03", "population": 0, "size": 0 })
    );
    assert_eq!(
        audit["samples"][2],
        json!({ "name": "targeted", "population": 0, "size": 0 })
    );
    for auditor in &scene.auditors {
        for case in looked_at_again(auditor, &id) {
            let body = json!({ "finding": "valid" });
            let auditor = auditor.with_header("if-match", "\"1\"");
            auditor.post(&format!("/v1/second-reviews/{case}"), &body).expect(200);
        }
        for case in cases(auditor, &id) {
            let body = json!({ "finding": "valid" });
            step(auditor, case["id"].as_str().unwrap(), "review", 1, &body).expect(200);
        }
    }
    scene.officer.send("POST", &path("closure"), None, &[]).expect(200);
    let report = scene.officer.get(&path("report")).expect(200);
    assert_eq!((report.get("targeted"), report.get("random")), (None, None));
    assert!(!report["claim"].as_str().unwrap().contains("bertanda"));
    let (printed, _) = checked(scene.officer.get(&path("bundle")).bytes);
    assert!(
        printed.contains("24 units in 3 strata, 0 of them targeted"),
        "{printed}"
    );
}
