//! One person at a time: non-ASN newcomers, transfers, the end of a career, a changed number.

use crate::harness::TestApp;
use crate::harness::client::Client;
use chrono::Duration;
use serde_json::{Value, json};

const STAFF: &str = "/v1/agencies/1.01/employees";

fn members(client: &Client, address: &str) -> Vec<Value> {
    client.get(address).expect(200)["items"].as_array().unwrap().clone()
}

#[test]
fn staff_without_a_nip_get_an_internal_number_once_per_key() {
    let app = TestApp::start();
    let operator = app.official("agency_operator:1.01");
    let body = json!({ "name": "Pak Kebun", "position": "Petugas Taman", "phone": "+62 812 3456 7890", "email": "" });
    let keyed = operator.with_header("idempotency-key", "satu");
    let first = keyed.post(STAFF, &body).expect(201);
    assert_eq!(first["number_kind"], "non_asn");
    assert_eq!(first["phone"], "081234567890");
    let number = first["number"].as_str().unwrap();
    assert!(number.starts_with("N-") && number.len() == 9, "{number}");
    assert_eq!(keyed.post(STAFF, &body).expect(201), first);
    keyed
        .post(STAFF, &json!({ "name": "Lain" }))
        .problem(409, "idempotency_conflict");
    assert_eq!(members(&operator, STAFF).len(), 1);
    operator.post(STAFF, &body).expect(201);
    assert_eq!(members(&operator, STAFF).len(), 2);
}

#[test]
fn each_bad_field_of_a_newcomer_is_named() {
    let app = TestApp::start();
    let operator = app.official("agency_operator:1.01");
    for (field, value) in [
        ("name", json!(" ")),
        ("name", json!("x".repeat(201))),
        ("front_title", json!("x".repeat(51))),
        ("back_title", json!("x".repeat(101))),
        ("email", json!("bukan")),
        ("phone", json!("123")),
        ("unit_code", json!("TIDAK-ADA")),
        ("work_group", json!("guru")),
        ("nik", json!("3601")),
    ] {
        let mut body = json!({ "name": "Pak Kebun" });
        body[field] = value;
        operator.post(STAFF, &body).names_field(422, field);
    }
    assert_eq!(members(&operator, STAFF).len(), 0);
}

#[test]
fn a_transfer_keeps_the_past_with_the_old_agency() {
    let app = TestApp::start();
    let person = app.employee("1.01");
    app.agency("1.02");
    let address = format!("/v1/employees/{}/transfer", person.id);
    let body = json!({ "agency": "1.02", "date": "2026-03-04", "position": "Analis" });
    app.official("agency_operator:1.01")
        .post(&address, &body)
        .problem(403, "forbidden");
    let officer = app.official("bkd_officer");
    officer.post(&address, &body).expect(204);
    officer.post(&address, &body).problem(409, "wrong_state");
    let on =
        |agency: &str, date: &str| members(&officer, &format!("/v1/agencies/{agency}/employees?date={date}")).len();
    assert_eq!((on("1.01", "2026-03-03"), on("1.02", "2026-03-03")), (1, 0));
    assert_eq!((on("1.01", "2026-03-04"), on("1.02", "2026-03-04")), (0, 1));
    let there = members(&officer, "/v1/agencies/1.02/employees?date=2026-03-04");
    assert_eq!(
        (there[0]["grade"].as_str(), there[0]["position"].as_str()),
        (Some("III/b"), Some("Analis"))
    );
    app.advance(Duration::days(2));
    let old = app.official("agency_operator:1.01");
    old.get(&format!("{STAFF}/{}", person.id)).problem(404, "not_found");
    let new = app.official("agency_operator:1.02");
    new.get(&format!("/v1/agencies/1.02/employees/{}", person.id))
        .expect(200);
}

#[test]
fn a_transfer_never_reaches_into_the_past_or_to_nowhere() {
    let app = TestApp::start();
    let person = app.employee("1.01");
    app.agency("1.02");
    let officer = app.official("bkd_officer");
    let transfer = |body: Value| officer.post(&format!("/v1/employees/{}/transfer", person.id), &body);
    transfer(json!({ "agency": "1.02", "date": "2026-03-01" })).names_field(422, "date");
    transfer(json!({ "agency": "1.02", "date": "2027-03-04" })).names_field(422, "date");
    transfer(json!({ "agency": "1.02", "date": "besok" })).names_field(422, "date");
    transfer(json!({ "agency": "9.99", "date": "2026-03-02" })).names_field(422, "agency");
    transfer(json!({ "agency": "1.01", "date": "2026-03-02" })).problem(409, "wrong_state");
    let unknown = "/v1/employees/01955555-0000-7000-8000-000000000000/transfer";
    officer
        .post(unknown, &json!({ "agency": "1.02", "date": "2026-03-02" }))
        .problem(404, "not_found");
    assert_eq!(members(&officer, STAFF).len(), 1);
}

#[test]
fn retirement_ends_the_membership_and_bkd_may_take_a_person_back() {
    let app = TestApp::start();
    let person = app.employee("1.01");
    let operator = app.official("agency_operator:1.01");
    let address = format!("/v1/employees/{}/retirement", person.id);
    operator
        .post(&address, &json!({ "date": "2019-12-31" }))
        .names_field(422, "date");
    operator
        .post(&address, &json!({ "date": "2026-03-02", "reason": "transfer" }))
        .names_field(422, "reason");
    operator
        .post(&address, &json!({ "date": "2026-03-02", "reason": "death" }))
        .expect(204);
    operator
        .post(&address, &json!({ "date": "2026-03-02" }))
        .problem(409, "wrong_state");
    assert_eq!(members(&operator, STAFF).len(), 1, "the last day still counts");
    app.advance(Duration::days(1));
    let operator = app.official("agency_operator:1.01");
    assert_eq!(members(&operator, STAFF).len(), 0);
    assert_eq!(members(&operator, &format!("{STAFF}?date=2026-03-02")).len(), 1);
    operator
        .post(&address, &json!({ "date": "2026-03-03" }))
        .problem(404, "not_found");
    let officer = app.official("bkd_officer");
    let back = json!({ "agency": "1.01", "date": "2026-03-03" });
    officer
        .post(&format!("/v1/employees/{}/transfer", person.id), &back)
        .expect(204);
    assert_eq!(members(&operator, STAFF).len(), 1);
}

#[test]
fn who_leaves_heads_nothing_any_more() {
    let app = TestApp::start();
    let head = app.employee("1.01");
    let operator = app.official("agency_operator:1.01");
    let units = format!("code,parent,head\nTOP,,{}\n", head.username);
    operator
        .send(
            "POST",
            "/v1/agencies/1.01/units/import",
            Some("text/csv"),
            units.as_bytes(),
        )
        .expect(200);
    app.agency("1.02");
    let officer = app.official("bkd_officer");
    let body = json!({ "agency": "1.02", "date": "2026-03-02" });
    officer
        .post(&format!("/v1/employees/{}/transfer", head.id), &body)
        .expect(204);
    let unit = &members(&operator, "/v1/agencies/1.01/units")[0];
    assert!(unit.get("head").is_none(), "{unit}");
}

#[test]
fn a_changed_number_signs_in_and_the_old_one_still_finds_the_person() {
    let app = TestApp::start();
    let person = app.employee("1.01");
    let operator = app.official("agency_operator:1.01");
    let address = format!("/v1/employees/{}/numbers", person.id);
    let change = |number: &str, date: &str| operator.post(&address, &json!({ "number": number, "date": date }));
    change("1986092620152119", "2026-03-02").names_field(422, "number");
    change("1.98609E+17", "2026-03-02").names_field(422, "number");
    change("198609262015211901", "2026-03-03").names_field(422, "date");
    change("198609262015211901", "2019-12-31").names_field(422, "date");
    let other = app.employee("1.02");
    change(&other.username, "2026-03-02").problem(409, "already_exists");
    change("19860926 201521 1 901", "2026-03-01").expect(204);
    let now = &members(&operator, STAFF)[0];
    assert_eq!(
        (now["number"].as_str(), now["number_kind"].as_str()),
        (Some("198609262015211901"), Some("pppk"))
    );
    app.nobody()
        .sign_in("19860926 201521 1 901", crate::harness::people::PASSWORD)
        .expect(200);
    app.nobody()
        .sign_in(&person.username, crate::harness::people::PASSWORD)
        .problem(401, "invalid_credentials");
    // An export that still has the old number names the same person.
    let file = format!("NIP;NAMA\n{};Contoh 0\n", person.username);
    let report = operator
        .send(
            "POST",
            "/v1/agencies/1.01/employees/import",
            Some("text/csv"),
            file.as_bytes(),
        )
        .expect(200);
    assert_eq!(
        (report["unchanged"].as_u64(), report["created"].as_u64()),
        (Some(1), Some(0))
    );
    let both = format!("NIP;NAMA\n{};Contoh 0\n198609262015211901;Contoh 0\n", person.username);
    let report = operator
        .send(
            "POST",
            "/v1/agencies/1.01/employees/import",
            Some("text/csv"),
            both.as_bytes(),
        )
        .expect(200);
    assert_eq!(report["findings"][0]["code"], "number_repeated");
}

#[test]
fn a_stranger_s_people_are_not_found() {
    let app = TestApp::start();
    let person = app.employee("1.01");
    let foreign = app.official("agency_operator:1.02");
    foreign.get(&format!("{STAFF}/{}", person.id)).problem(404, "not_found");
    foreign
        .get(&format!("/v1/agencies/1.02/employees/{}", person.id))
        .problem(404, "not_found");
    for (call, body) in [
        ("retirement", json!({ "date": "2026-03-02" })),
        (
            "numbers",
            json!({ "number": "198609262015211901", "date": "2026-03-02" }),
        ),
        ("reset", json!({})),
    ] {
        foreign
            .post(&format!("/v1/employees/{}/{call}", person.id), &body)
            .problem(404, "not_found");
    }
    foreign.post(STAFF, &json!({ "name": "x" })).problem(404, "not_found");
    person.client.get(STAFF).problem(403, "forbidden");
    app.official("administrator").get(STAFF).problem(403, "forbidden");
}
