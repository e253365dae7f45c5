//! Planning beforehand: how much there is to sample, and what a sample of it would prove.

use crate::audit::{EVENING, cases, drawn, people_at_home, plan_body};
use crate::harness::TestApp;
use serde_json::json;

const PERIOD: &str = "from=2026-03-02&to=2026-03-03";

#[test]
fn the_population_that_is_counted_is_the_one_that_a_plan_fixes() {
    let app = TestApp::start();
    people_at_home(&app, "1.01", 3, &["2026-03-02", "2026-03-03"]);
    people_at_home(&app, "1.02", 1, &["2026-03-02"]);
    app.set_clock(EVENING);
    let officer = app.official("bkd_officer");
    let address = format!("/v1/audit-population?{PERIOD}&agencies=1.02,1.01");
    let counted = officer.get(&address).expect(200);
    let expected = json!({
        "agencies": [
            { "agency": "1.01", "population": 18, "refusals": [] },
            { "agency": "1.02", "population": 3, "refusals": [] },
        ],
        "population": 21,
    });
    assert_eq!(counted, expected);
    let planned = officer.post("/v1/audits", &plan_body(&["1.01", "1.02"], 5)).expect(201);
    assert_eq!(planned["population"], counted["population"]);
    // Counting looks at the days of an earlier plan as well.
    assert_eq!(officer.get(&address).expect(200), expected);
}

#[test]
fn a_population_is_counted_for_sound_periods_and_known_agencies_only() {
    let app = TestApp::start();
    people_at_home(&app, "1.01", 1, &["2026-03-02"]);
    app.set_clock(EVENING);
    let officer = app.official("bkd_officer");
    let count = |query: &str| officer.get(&format!("/v1/audit-population?{query}"));
    for (query, field) in [
        ("from=2026-03-03&to=2026-03-02&agencies=1.01", "to"),
        ("from=2026-03-02&to=2026-03-04&agencies=1.01", "to"),
        ("from=2025-11-01&to=2026-03-02&agencies=1.01", "to"),
        ("from=2026-03-02&to=2026-03-03&agencies=1.01,1.01", "agencies"),
        ("from=2026-03-02&to=2026-03-03&agencies=1.01,9.99", "agencies[1]"),
        ("from=2026-03-02&to=2026-03-03&agencies=", "agencies"),
        ("from=2026-03-02&to=2026-03-03", "agencies"),
    ] {
        count(query).names_field(422, field);
    }
    let auditor = app.official("bkd_auditor");
    let refused = auditor.get(&format!("/v1/audit-population?{PERIOD}&agencies=1.01"));
    refused.problem(403, "forbidden");
}

#[test]
fn a_forecast_has_exact_bounds_and_one_plain_sentence() {
    let app = TestApp::start();
    let officer = app.official("bkd_officer");
    let address = "/v1/audit-planner?populations=1200&size=102&confidence_bp=9000";
    let forecast = officer.get(address).expect(200);
    assert_eq!(
        forecast["sentence"],
        "102 kasus tanpa temuan membuktikan paling banyak 2,1 % slot menyimpang (25 dari 1.200), dengan tingkat keyakinan \
         90 %."
    );
    assert_eq!(
        (&forecast["clean_upper"], &forecast["clean_upper_bp"]),
        (&json!(25), &json!(209))
    );
    let prospects = forecast["strata"][0]["prospects"].as_array().unwrap();
    let bounds: Vec<_> = prospects
        .iter()
        .map(|prospect| prospect["upper"].as_u64().unwrap())
        .collect();
    assert_eq!(bounds, [25, 43, 59, 75]);
    let tolerable: Vec<_> = prospects
        .iter()
        .map(|prospect| prospect["is_tolerable"] == true)
        .collect();
    assert_eq!(tolerable, [true, true, true, false]);
    let english = officer.with_header("accept-language", "en").get(address).expect(200);
    assert!(
        english["sentence"]
            .as_str()
            .unwrap()
            .starts_with("102 cases without a finding")
    );
    // Without a size the rates decide: the printed 57 of 1,000.
    let sized = officer.get("/v1/audit-planner?populations=1000,0,1000").expect(200);
    assert_eq!(
        (&sized["size"], sized["strata"].as_array().unwrap().len()),
        (&json!(114), 2)
    );
}

#[test]
fn every_part_of_a_forecast_has_its_limits() {
    let app = TestApp::start();
    let officer = app.official("bkd_officer");
    for (query, field) in [
        ("populations=", "populations"),
        ("populations=1,,2", "populations"),
        ("populations=%2B5", "populations"),
        ("populations=4294967296", "populations"),
        ("populations=00000000005", "populations"),
        ("populations=10&size=0", "size"),
        ("populations=10&size=10001", "size"),
        ("populations=10&confidence_bp=4999", "confidence_bp"),
        ("populations=10&confidence_bp=10000", "confidence_bp"),
        ("populations=10&tolerable_bp=0", "tolerable_bp"),
        ("populations=10&tolerable_bp=200&expected_bp=200", "expected_bp"),
        ("populations=10&rate=2", "rate"),
        ("size=3", "populations"),
    ] {
        officer
            .get(&format!("/v1/audit-planner?{query}"))
            .names_field(422, field);
    }
    let many = vec!["5"; 1_001].join(",");
    officer
        .get(&format!("/v1/audit-planner?populations={many}"))
        .names_field(422, "populations");
    let codes = vec!["a"; 8_001].join(",");
    let range = "from=2026-03-02&to=2026-03-02";
    officer
        .get(&format!("/v1/audit-population?{range}&agencies={codes}"))
        .names_field(422, "agencies");
    let most = vec!["4294967295"; 1_000].join(",");
    officer
        .get(&format!("/v1/audit-planner?populations={most}&size=1"))
        .expect(200);
}

#[test]
fn tickets_are_for_whoever_watches_a_draw_and_name_nobody() {
    let app = TestApp::start();
    people_at_home(&app, "1.01", 3, &["2026-03-02", "2026-03-03"]);
    people_at_home(&app, "1.02", 2, &["2026-03-02", "2026-03-03"]);
    app.set_clock(EVENING);
    let officer = app.official("bkd_officer");
    let auditors = [app.official("bkd_auditor"), app.official("bkd_auditor")];
    let id = drawn(&officer, &plan_body(&["1.01", "1.02"], 4));
    // An auditor sees every ticket, though only some of the cases.
    assert!(cases(&auditors[0], &id).len() < 8);
    let mut tickets = Vec::new();
    let mut address = format!("/v1/audits/{id}/tickets?limit=3");
    loop {
        let page = auditors[0].get(&address).expect(200);
        tickets.extend(page["items"].as_array().unwrap().clone());
        let Some(cursor) = page["next_cursor"].as_str() else {
            break;
        };
        address = format!("/v1/audits/{id}/tickets?limit=3&cursor={cursor}");
    }
    let expected: Vec<_> = cases(&officer, &id)
        .iter()
        .map(|case| {
            json!({
                "stratum": case["stratum"], "draw_order": case["draw_order"],
                "unit": case["unit"], "ticket": case["ticket"],
            })
        })
        .collect();
    assert_eq!(tickets, expected);
    officer
        .get(&format!("/v1/audits/{id}/tickets?cursor=x"))
        .names_field(422, "cursor");
    let unknown = "/v1/audits/0195d3a0-0000-7000-8000-000000000000/tickets";
    officer.get(unknown).problem(404, "not_found");
}

#[test]
fn there_are_no_tickets_before_the_draw() {
    let app = TestApp::start();
    people_at_home(&app, "1.01", 1, &["2026-03-02", "2026-03-03"]);
    app.set_clock(EVENING);
    let officer = app.official("bkd_officer");
    let planned = officer.post("/v1/audits", &plan_body(&["1.01"], 2)).expect(201);
    let id = planned["id"].as_str().unwrap();
    let page = officer.get(&format!("/v1/audits/{id}/tickets")).expect(200);
    assert_eq!(page["items"], json!([]));
}
