//! How a seed is made through the routes: the rule comes with the plan, what was published must fit it; and cancelling.

use crate::audit::{EVENING, SEED, people_at_home, plan_body};
use crate::harness::TestApp;
use serde_json::{Value, json};
use sherlok::domain::digest::Digest;

/// Round 123 of drand's quicknet, published on 23 August 2023 at 15:15:33 UTC.
fn round_123() -> Value {
    json!({
        "round": 123,
        "randomness": "fb8f7bc29bf24db51871ec8c79f3a1e4bd0557bc0dfcee9ed1d924e69d1c60dc",
        "signature": "b75c69d0b72a5d906e854e808ba7e2accb1542ac355ae486d591aa9d43765482e26cd02df835d3546d23c4b13e0dfc92",
    })
}

fn with_rule(rule: &Value) -> Value {
    let mut plan = plan_body(&["1.01"], 2);
    plan["seed_rule"] = rule.clone();
    plan
}

/// A service on the evening after the audited days.
fn started() -> TestApp {
    let app = TestApp::start();
    people_at_home(&app, "1.01", 2, &["2026-03-02", "2026-03-03"]);
    app.set_clock(EVENING);
    app
}

#[test]
fn dice_alone_are_mixed_with_the_plan_and_called_the_weaker_kind() {
    let app = started();
    let officer = app.official("bkd_officer");
    let audit = officer
        .post("/v1/audits", &with_rule(&json!({ "kind": "dice" })))
        .expect(201);
    assert_eq!(audit["seed_rule"], json!({ "kind": "dice", "strength": "weaker" }));
    let path = format!("/v1/audits/{}/seed", audit["id"].as_str().unwrap());
    for (body, field) in [
        (json!({}), "dice"),
        (json!({ "seed": SEED }), "dice"),
        (json!({ "seed": SEED, "dice": SEED }), "seed"),
        (json!({ "dice": SEED, "beacon": round_123() }), "beacon"),
        (json!({ "dice": "1" }), "dice"),
        (json!({ "dice": &SEED[1..] }), "dice"),
        (json!({ "dice": format!("{SEED} ") }), "dice"),
    ] {
        officer.post(&path, &body).names_field(422, field);
    }
    let seeded = officer.post(&path, &json!({ "dice": SEED })).expect(200);
    let plan = audit["plan_sha256"].as_str().unwrap();
    let lines = format!("bkd-audit-seed/v1\n{plan}\n\n{SEED}\n");
    assert_eq!(seeded["seed"], Digest::of(lines.as_bytes()).to_string());
    assert_eq!((&seeded["seed_dice"], seeded.get("seed_beacon")), (&json!(SEED), None));
    officer.post(&path, &json!({ "dice": SEED })).expect(200);
    let other = json!({ "dice": SEED.replace('6', "7") });
    officer.post(&path, &other).problem(409, "seed_set");
}

#[test]
fn a_beacon_belongs_to_an_instant_that_the_plan_names_ahead() {
    let app = started();
    let officer = app.official("bkd_officer");
    let rule = |draw_at: &str| json!({ "kind": "beacon_and_dice", "draw_at": draw_at });
    // EVENING is 11:00 UTC.
    for bad in [
        json!({ "kind": "beacon_and_dice" }),
        json!({ "kind": "dice", "draw_at": "2026-03-03T12:00:00Z" }),
        rule("2026-03-03T11:09:59Z"),
        rule("2026-06-04T00:00:00Z"),
    ] {
        officer
            .post("/v1/audits", &with_rule(&bad))
            .names_field(422, "seed_rule.draw_at");
    }
    let unknown = with_rule(&json!({ "kind": "coin" }));
    officer.post("/v1/audits", &unknown).names_field(422, "seed_rule.kind");
    let audit = officer
        .post("/v1/audits", &with_rule(&rule("2026-03-03T11:10:00Z")))
        .expect(201);
    let round = audit["seed_rule"]["round"].as_u64().unwrap();
    // 1,772,536,200 seconds after 1970, 1,692,803,367 of them before the first round.
    assert_eq!(round, (1_772_536_200 - 1_692_803_367) / 3 + 1);
    assert_eq!(audit["seed_rule"]["strength"], "strong");
    let path = format!("/v1/audits/{}/seed", audit["id"].as_str().unwrap());
    let other_round = json!({ "dice": SEED, "beacon": round_123() });
    officer.post(&path, &other_round).names_field(422, "beacon.round");
    // Another round's signature is not that of this round.
    let mut moved = other_round.clone();
    moved["beacon"]["round"] = json!(round);
    officer.post(&path, &moved).names_field(422, "beacon.signature");
    moved["beacon"]["randomness"] = json!("00".repeat(32));
    officer.post(&path, &moved).names_field(422, "beacon.randomness");
    officer.post(&path, &json!({ "dice": SEED })).names_field(422, "beacon");
    let path = format!("/v1/audits/{}", audit["id"].as_str().unwrap());
    assert!(officer.get(&path).expect(200).get("seed").is_none());
}

#[test]
fn the_beacon_of_the_named_round_and_dice_make_a_seed_that_is_drawn_with() {
    let app = TestApp::start();
    // The evening on which round 123 was published.
    app.set_clock("2023-08-23T22:00:00+07:00");
    people_at_home(&app, "1.01", 2, &["2023-08-22"]);
    let (mut officer, _auditor) = (app.official("bkd_officer"), app.official("bkd_auditor"));
    let rule = json!({ "kind": "beacon_and_dice", "draw_at": "2023-08-23T15:15:34Z" });
    let plan = json!({ "from": "2023-08-22", "to": "2023-08-22", "agencies": ["1.01"], "size": 2, "seed_rule": rule });
    let audit = officer.post("/v1/audits", &plan).expect(201);
    assert_eq!(audit["seed_rule"]["round"], 123);
    let path = format!("/v1/audits/{}", audit["id"].as_str().unwrap());
    app.set_clock("2023-08-23T22:16:00+07:00");
    officer.renew();
    let body = json!({ "dice": SEED, "beacon": round_123() });
    let seeded = officer.post(&format!("{path}/seed"), &body).expect(200);
    let (plan, randomness) = (
        audit["plan_sha256"].as_str().unwrap(),
        round_123()["randomness"].as_str().unwrap().to_owned(),
    );
    let lines = format!("bkd-audit-seed/v1\n{plan}\n{randomness}\n{SEED}\n");
    assert_eq!(seeded["seed"], Digest::of(lines.as_bytes()).to_string());
    assert_eq!(
        (&seeded["seed_beacon"], &seeded["seed_dice"]),
        (&round_123(), &json!(SEED))
    );
    officer.post(&format!("{path}/seed"), &body).expect(200);
    officer.send("POST", &format!("{path}/draw"), None, &[]).expect(200);
    let tickets = officer.get(&format!("{path}/tickets")).expect(200);
    assert_eq!(tickets["items"].as_array().unwrap().len(), 2);
}

#[test]
fn a_cancelled_plan_stays_on_the_list_and_its_days_may_be_planned_anew() {
    let app = started();
    let (officer, auditor) = (app.official("bkd_officer"), app.official("bkd_auditor"));
    let first = officer.post("/v1/audits", &plan_body(&["1.01"], 1)).expect(201);
    let path = format!("/v1/audits/{}", first["id"].as_str().unwrap());
    let cancellation = format!("{path}/cancellation");
    officer
        .post(&cancellation, &json!({ "reason": "pendek" }))
        .names_field(422, "reason");
    let reason = json!({ "reason": "Periode yang direncanakan keliru." });
    auditor.post(&cancellation, &reason).problem(403, "forbidden");
    let cancelled = officer.post(&cancellation, &reason).expect(200);
    assert_eq!(
        (&cancelled["state"], &cancelled["cancel_reason"]),
        (&json!("cancelled"), &reason["reason"])
    );
    // Again is the same; every other step is refused.
    assert_eq!(officer.post(&cancellation, &reason).expect(200), cancelled);
    let seed = json!({ "seed": SEED });
    officer.post(&format!("{path}/seed"), &seed).problem(409, "wrong_state");
    for step in ["draw", "closure"] {
        officer
            .send("POST", &format!("{path}/{step}"), None, &[])
            .problem(409, "wrong_state");
    }
    officer.get(&format!("{path}/report")).problem(409, "wrong_state");
    let second = officer.post("/v1/audits", &plan_body(&["1.01"], 1)).expect(201);
    assert_ne!(second["plan_sha256"], first["plan_sha256"]);
    officer
        .post("/v1/audits", &plan_body(&["1.01"], 1))
        .problem(409, "audit_overlap");
    let listed = officer.get("/v1/audits").expect(200);
    let states: Vec<&Value> = listed["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|audit| &audit["state"])
        .collect();
    assert_eq!(states, ["planned", "cancelled"]);
    let reasons = app.reasons("audit", first["id"].as_str().unwrap());
    assert_eq!(reasons.last().unwrap().as_deref(), reason["reason"].as_str());
}

#[test]
fn a_drawn_audit_is_not_cancelled() {
    let app = started();
    let (officer, _auditor) = (app.official("bkd_officer"), app.official("bkd_auditor"));
    let id = crate::audit::drawn(&officer, &plan_body(&["1.01"], 1));
    let reason = json!({ "reason": "Hasilnya tidak menyenangkan." });
    officer
        .post(&format!("/v1/audits/{id}/cancellation"), &reason)
        .problem(409, "wrong_state");
    let unknown = "0195d3a0-0000-7000-8000-000000000000";
    officer
        .post(&format!("/v1/audits/{unknown}/cancellation"), &reason)
        .problem(404, "not_found");
}
