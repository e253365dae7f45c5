//! The tree of units: imported, changed, and what it says about superiors and people without a unit.

use crate::harness::TestApp;
use crate::harness::client::{Answer, Client};
use serde_json::Value;

const STAFF: &str = "/v1/agencies/1.01/employees/import";
const UNITS: &str = "/v1/agencies/1.01/units/import";

fn import(client: &Client, address: &str, text: &str) -> Answer {
    client.send("POST", address, Some("text/csv"), text.as_bytes())
}

fn codes(report: &Value) -> Vec<String> {
    let findings = report["findings"].as_array().unwrap();
    findings
        .iter()
        .map(|finding| {
            format!(
                "{} {} {}",
                finding["row"],
                finding["field"].as_str().unwrap(),
                finding["code"].as_str().unwrap()
            )
        })
        .collect()
}

fn units(client: &Client) -> Vec<Value> {
    client.get("/v1/agencies/1.01/units").expect(200)["items"]
        .as_array()
        .unwrap()
        .clone()
}

#[test]
fn units_go_in_as_a_tree_whatever_their_order_and_twice_changes_nothing() {
    let app = TestApp::start();
    let operator = app.official("agency_operator:1.01");
    import(&operator, STAFF, "NIP;NAMA;GELAR DEPAN\n196802111993031901;SATU;Drs.\n").expect(200);
    let text = "code,parent,head,name\nA1,A,,Seksi Satu\nA,TOP,,Bidang A\nTOP,,19680211 199303 1 901,Dinas\n";
    let report = import(&operator, UNITS, text).expect(200);
    assert_eq!((report["created"].as_u64(), codes(&report).len()), (Some(3), 0));
    let stored = units(&operator);
    assert_eq!(stored[1]["code"], "A1");
    assert_eq!(stored[1]["parent"], "A");
    assert_eq!(stored[2]["head"]["name"], "Drs. SATU");
    let again = import(&operator, UNITS, text).expect(200);
    assert_eq!(
        (
            again["created"].as_u64(),
            again["updated"].as_u64(),
            again["unchanged"].as_u64()
        ),
        (Some(0), Some(0), Some(3))
    );
    assert_eq!(units(&operator), stored);
}

#[test]
fn circles_unknown_parents_repeated_codes_and_strange_heads_are_named() {
    let app = TestApp::start();
    let stranger = app.employee("1.02");
    let operator = app.official("agency_operator:1.01");
    let text = format!(
        "kode;induk;pimpinan;nama\nA;B;;x\nB;A;;x\nC;NOWHERE;;x\nD;;{};x\nD;;;y\nE;;123;x\nF;;;=1+1\n",
        stranger.username
    );
    let report = import(&operator, UNITS, &text).expect(200);
    assert_eq!(
        (report["created"].as_u64(), report["refused"].as_u64()),
        (Some(1), Some(6))
    );
    assert_eq!(
        codes(&report),
        [
            "2 parent parent_cycle",
            "3 parent parent_cycle",
            "4 parent parent_unknown",
            "5 head head_unknown",
            "6 code code_repeated",
            "7 head number_length",
            "8 name unsafe_text",
        ]
    );
    let stored = units(&operator);
    assert_eq!(stored.len(), 1);
    assert!(stored[0].get("head").is_none(), "a stranger never heads a unit");
}

#[test]
fn a_circle_through_standing_units_is_refused() {
    let app = TestApp::start();
    let operator = app.official("agency_operator:1.01");
    import(&operator, UNITS, "code,parent\nTOP,\nLEAF,TOP\n").expect(200);
    let report = import(&operator, UNITS, "code,parent\nTOP,LEAF\n").expect(200);
    assert_eq!(codes(&report), ["2 parent parent_cycle"]);
    assert!(units(&operator)[1].get("parent").is_none());
}

#[test]
fn people_join_a_unit_that_comes_after_them_by_its_name() {
    let app = TestApp::start();
    let operator = app.official("agency_operator:1.01");
    let staff = "NIP;NAMA;UNOR NAMA\n199012012019032904;SITI;Bidang  Aptika\n";
    import(&operator, STAFF, staff).expect(200);
    let report = import(&operator, UNITS, "code,parent,name\nAP,,BIDANG APTIKA\n").expect(200);
    assert_eq!(report["joined"], 1);
    let person = &operator.get("/v1/agencies/1.01/employees?unit=AP").expect(200)["items"][0];
    assert_eq!(
        (person["unit_code"].as_str(), person["unit_name"].as_str()),
        (Some("AP"), Some("BIDANG APTIKA"))
    );
    let again = import(&operator, STAFF, staff).expect(200);
    assert_eq!(again["unchanged"], 1);
    operator
        .get("/v1/agencies/1.01/employees?unit=XX")
        .names_field(422, "unit_code");
}

#[test]
fn a_head_is_a_superior_at_the_next_sign_in_and_a_file_without_heads_keeps_them() {
    let app = TestApp::start();
    let head = app.employee("1.01");
    let operator = app.official("agency_operator:1.01");
    import(&operator, UNITS, &format!("code,parent,head\nTOP,,{}\n", head.username)).expect(200);
    let roles = app.signed_in(&head.username).get("/v1/me").expect(200)["roles"].to_string();
    assert!(roles.contains("superior"), "{roles}");
    import(&operator, UNITS, "code,parent,name\nTOP,,Dinas\n").expect(200);
    assert_eq!(units(&operator)[0]["head"]["employee_id"], head.id.to_string());
    import(&operator, UNITS, "code,parent,head\nTOP,,\n").expect(200);
    assert!(units(&operator)[0].get("head").is_none());
    assert_eq!(units(&operator)[0]["name"], "Dinas");
}

#[test]
fn units_of_another_agency_are_not_found() {
    let app = TestApp::start();
    app.agency("1.01");
    let foreign = app.official("agency_operator:1.02");
    foreign.get("/v1/agencies/1.01/units").problem(404, "not_found");
    import(&foreign, UNITS, "code,parent\nA,\n").problem(404, "not_found");
    let officer = app.official("bkd_officer");
    officer.get("/v1/agencies/1.01/units").expect(200);
    officer.get("/v1/agencies/9.99/units").problem(404, "not_found");
    import(&officer, UNITS, "").problem(403, "forbidden");
}
