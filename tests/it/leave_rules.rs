//! What a request is held against, field by field; the tables that BKD replaces; balances from older records.

use crate::harness::client::Client;
use crate::harness::people::Person;
use crate::leave::{approve, asked, request, scene, step};
use serde_json::{Value, json};
use uuid::Uuid;

/// Demands that a request names the rule that it does not meet, with its field.
#[track_caller]
fn refused(person: &Person, body: &Value, field: &str, code: &str) {
    let problem = person.client.post("/v1/leave-requests", body).names_field(422, field);
    let fields = problem["fields"].as_array().unwrap();
    assert!(
        fields
            .iter()
            .any(|named| named["field"] == field && named["code"] == code),
        "{code} is not among {fields:?}"
    );
}

fn table(client: &Client, path: &str) -> (Value, String) {
    let answer = client.get(path);
    (answer.expect(200), answer.header("etag").to_owned())
}

#[test]
fn each_rule_that_a_request_does_not_meet_is_named_with_its_field() {
    let scene = scene();
    let member = &scene.team.member;
    let annual = |from, to| request("annual", from, to);
    refused(member, &annual("2026-03-02", "2026-03-31"), "to", "over_balance");
    refused(member, &annual("2026-02-27", "2026-03-02"), "from", "too_far_back");
    refused(member, &annual("2026-03-11", "2026-03-10"), "to", "before_from");
    refused(member, &annual("2027-03-04", "2027-03-04"), "from", "too_far_ahead");
    refused(member, &annual("2026-12-31", "2027-01-04"), "to", "crosses_year");
    refused(member, &annual("2026-03-07", "2026-03-08"), "from", "no_work_day");
    refused(
        member,
        &request("joint", "2026-03-09", "2026-03-09"),
        "kind",
        "kind_not_requestable",
    );
    refused(
        member,
        &request("maternity", "2026-03-09", "2026-06-09"),
        "to",
        "too_long",
    );
    asked(member, "annual", "2026-03-09", "2026-03-11");
    refused(member, &request("sick", "2026-03-11", "2026-03-12"), "from", "overlap");
    // What the first one has spoken for is not there for the next: ten days are asked for, nine are left.
    refused(member, &annual("2026-04-06", "2026-04-17"), "to", "over_balance");
    let operator = scene.app.official("agency_operator:1.01");
    let set = json!({"agency": "1.01", "items": [
        {"employee_id": member.id.uuid(), "date": "2026-03-16", "mode": "sick", "reason": "Demam"},
    ]});
    operator.post("/v1/rosters", &set).expect(200);
    refused(member, &annual("2026-03-13", "2026-03-16"), "from", "absent_already");
}

#[test]
fn leave_that_goes_on_from_leave_is_together_no_longer_than_its_kind() {
    let scene = scene();
    let member = &scene.team.member;
    asked(member, "important_reason", "2026-03-09", "2026-04-03");
    // Only a weekend lies between: together more than the month that the kind gives.
    refused(
        member,
        &request("important_reason", "2026-04-06", "2026-04-10"),
        "to",
        "too_long_together",
    );
    // After a day at work it is another leave.
    asked(member, "important_reason", "2026-04-07", "2026-04-10");
}

#[test]
fn bad_input_is_named_and_nothing_is_stored() {
    let scene = scene();
    let member = &scene.team.member;
    let good = request("annual", "2026-03-09", "2026-03-11");
    let with = |field: &str, value: Value| {
        let mut body = good.clone();
        body[field] = value;
        body
    };
    for (field, value) in [
        ("id", json!(Uuid::new_v4())),
        ("id", json!("x")),
        ("kind", json!("holiday")),
        ("from", json!("2026-02-30")),
        ("to", json!(7)),
        ("reason", json!("  a ")),
        ("reason", json!("x".repeat(1_001))),
        ("evidence", json!("x".repeat(501))),
        ("address", json!("")),
        ("phone", json!("0".repeat(31))),
        ("address", json!("Jalan \u{0} 5")),
        ("days", json!(3)),
    ] {
        member
            .client
            .post("/v1/leave-requests", &with(field, value))
            .names_field(422, field);
    }
    // A draft may break rules of leave, but not the calendar.
    let mut draft = request("annual", "2026-03-02", "2026-03-31");
    draft["submit"] = json!(false);
    let id = draft["id"].as_str().unwrap().to_owned();
    member.client.post("/v1/leave-requests", &draft).expect(201);
    step(&member.client, &id, "submission", &json!({})).names_field(422, "to");
    draft["id"] = json!(Uuid::now_v7());
    draft["to"] = json!("2026-03-01");
    member.client.post("/v1/leave-requests", &draft).names_field(422, "to");
    let list = member.client.get("/v1/me/leave-requests").expect(200);
    assert_eq!(list["items"].as_array().unwrap().len(), 1);
    member
        .client
        .get("/v1/me/leave-requests?state=flying")
        .names_field(422, "state");
    member
        .client
        .get("/v1/me/leave-requests?limit=0")
        .names_field(422, "limit");
}

#[test]
fn own_requests_are_paged_newest_first() {
    let scene = scene();
    let member = &scene.team.member;
    let made: Vec<String> = (9..=13)
        .map(|date| {
            let date = format!("2026-03-{date:02}");
            asked(member, "annual", &date, &date)
        })
        .collect();
    let mut seen = Vec::new();
    let mut query = "limit=2".to_owned();
    loop {
        let page = member.client.get(&format!("/v1/me/leave-requests?{query}")).expect(200);
        for item in page["items"].as_array().unwrap() {
            seen.insert(0, item["id"].as_str().unwrap().to_owned());
        }
        let Some(cursor) = page["next_cursor"].as_str() else {
            break;
        };
        query = format!("limit=2&cursor={cursor}");
    }
    assert_eq!(seen, made);
    let mut waiting = Vec::new();
    let mut query = "limit=3".to_owned();
    loop {
        let page = scene.officer.get(&format!("/v1/leave-requests?{query}")).expect(200);
        for item in page["items"].as_array().unwrap() {
            waiting.push(item["id"].as_str().unwrap().to_owned());
        }
        let Some(cursor) = page["next_cursor"].as_str() else {
            break;
        };
        query = format!("limit=3&cursor={cursor}");
    }
    assert_eq!(waiting, made);
}

#[test]
fn contract_employees_and_others_have_what_the_table_gives_them() {
    let scene = scene();
    let member = &scene.team.member;
    let become_kind = |kind: &str| {
        scene.app.execute(&format!(
            "UPDATE employee SET number_kind = '{kind}' WHERE id = {}",
            scene.app.literal(member.id.uuid())
        ));
    };
    become_kind("pppk");
    refused(
        member,
        &request("important_reason", "2026-03-09", "2026-03-09"),
        "kind",
        "kind_not_for_employment",
    );
    become_kind("non_asn");
    refused(
        member,
        &request("annual", "2026-03-09", "2026-03-09"),
        "kind",
        "kind_not_for_employment",
    );
    // BKD gives them six days from this year on, and says so in the table.
    let bkd = scene.app.official("bkd_officer");
    let (shipped, etag) = table(&bkd, "/v1/leave-kinds");
    assert_eq!((&shipped["version"], etag.as_str()), (&json!(0), "\"0\""));
    let mut items = shipped["items"].as_array().unwrap().clone();
    let mut sixth = items[0].clone();
    sixth["employee_kinds"] = json!(["non_asn"]);
    sixth["days"] = json!(6);
    sixth["most_after_one_year"] = json!(6);
    sixth["most_after_two_years"] = json!(6);
    items.push(sixth);
    let set = json!({"effective_from": "2026-01-01", "items": items});
    let matched = |version: &str| bkd.with_header("if-match", version);
    bkd.put("/v1/leave-kinds", &set).problem(428, "version_required");
    matched("\"1\"")
        .put("/v1/leave-kinds", &set)
        .problem(412, "stale_version");
    let stored = matched(&etag).put("/v1/leave-kinds", &set).expect(200);
    assert_eq!(
        (&stored["version"], &stored["effective_from"]),
        (&json!(1), &json!("2026-01-01"))
    );
    matched(&etag)
        .put("/v1/leave-kinds", &set)
        .problem(412, "stale_version");
    let balance = member.client.get("/v1/me/leave-balance").expect(200);
    assert_eq!(balance["available"], 6);
    refused(
        member,
        &request("annual", "2026-04-06", "2026-04-14"),
        "to",
        "over_balance",
    );
    asked(member, "annual", "2026-04-06", "2026-04-13");
    // An older date still has what held then.
    let (old, _) = table(&bkd, "/v1/leave-kinds?date=2025-12-31");
    assert_eq!(old["items"], shipped["items"]);
}

#[test]
fn a_table_that_does_not_hold_together_is_refused_by_its_field() {
    let scene = scene();
    let bkd = scene.app.official("bkd_officer").with_header("if-match", "\"0\"");
    let (kinds, _) = table(&bkd, "/v1/leave-kinds");
    let broken = |field: &str, value: Value| {
        let mut body = json!({"effective_from": "2026-03-02", "items": kinds["items"]});
        body["items"][0][field] = value;
        body
    };
    for (field, value) in [
        ("days", json!(401)),
        ("days", json!(19)),
        ("counting", json!("hours")),
        ("employee_kinds", json!([])),
        ("employee_kinds", json!(["pns", "pppk"])),
        ("name", json!("")),
        ("surprise", json!(1)),
    ] {
        let answer = bkd.put("/v1/leave-kinds", &broken(field, value.clone()));
        let problem = answer.expect(422);
        let named = problem["fields"].to_string();
        assert!(named.contains("items["), "{field} {value}: {named}");
    }
    for date in ["2025-12-31", "2027-03-04"] {
        let body = json!({"effective_from": date, "items": kinds["items"]});
        bkd.put("/v1/leave-kinds", &body).names_field(422, "effective_from");
    }
    bkd.put("/v1/leave-kinds", &json!({"effective_from": "2026-03-02", "items": []}))
        .names_field(422, "items");
    let (rules, _) = table(&bkd, "/v1/signer-rules");
    let mut body = json!({"effective_from": "2026-03-02", "items": rules["items"]});
    body["items"][0]["signer"] = json!("bkd_officer");
    bkd.put("/v1/signer-rules", &body).names_field(422, "items[0].signer");
    let (registers, _) = table(&bkd, "/v1/letter-registers");
    let mut body = json!({"effective_from": "2026-03-02", "items": registers["items"]});
    body["items"][0]["format"] = json!("{serial}/{month}");
    bkd.put("/v1/letter-registers", &body)
        .names_field(422, "items[0].format");
    for path in ["/v1/leave-kinds", "/v1/signer-rules", "/v1/letter-registers"] {
        for role in ["leave_officer:1.01", "agency_head:1.01", "administrator", "signer"] {
            scene.app.official(role).put(path, &json!({})).problem(403, "forbidden");
            scene.app.official(role).get(path).expect(200);
        }
    }
}

#[test]
fn signer_rules_are_data() {
    let scene = scene();
    let bkd = scene.app.official("bkd_head").with_header("if-match", "\"0\"");
    let rules = json!({"effective_from": "2026-03-02", "items": [
        {"letter": "leave", "grades": ["III"], "signer": "signer"},
        {"letter": "periodic_salary_increase", "signer": "bkd_head"},
    ]});
    bkd.put("/v1/signer-rules", &rules).expect(200);
    let id = scene.considered("annual", "2026-03-09", "2026-03-09");
    let view = scene.officer.get(&format!("/v1/leave-requests/{id}")).expect(200);
    assert_eq!(view["authority"], "signer");
    step(&scene.head, &id, "decision", &approve()).problem(404, "not_found");
    let signer = scene.app.official("signer");
    assert_eq!(
        signer.get("/v1/leave-requests").expect(200)["items"][0]["id"],
        json!(id)
    );
    step(&signer, &id, "decision", &approve()).expect(200);
    step(&signer, &id, "letter", &json!({})).expect(200);
    // Nobody is named for grade IV.
    scene.app.execute(&format!(
        "UPDATE membership SET grade = 'IV/a' WHERE employee_id = {}",
        scene.app.literal(scene.team.colleague.id.uuid())
    ));
    refused(
        &scene.team.colleague,
        &request("annual", "2026-03-09", "2026-03-09"),
        "kind",
        "no_authority",
    );
}

#[test]
fn older_balances_are_entered_with_their_reason_and_go_first() {
    let scene = scene();
    let member = &scene.team.member;
    let path = format!("/v1/employees/{}/leave-balance", member.id);
    let operator = scene.app.official("agency_operator:1.01");
    let open = |year: i32, days: i32| json!({"year": year, "days": days, "reason": "Buku cuti 2025"});
    for (body, field) in [
        (open(2023, 1), "year"),
        (open(2027, 1), "year"),
        (open(2025, 7), "days"),
        (open(2026, 13), "days"),
        (open(2025, -1), "days"),
        (json!({"year": 2025, "days": 6}), "reason"),
        (
            json!({"year": 2025, "days": 6, "reason": "Buku", "service_from": "2026-03-03"}),
            "service_from",
        ),
    ] {
        operator.post(&path, &body).names_field(422, field);
    }
    for _ in 0..2 {
        let view = operator.post(&path, &open(2025, 6)).expect(200);
        assert_eq!(
            view["left"],
            json!({"before": 0, "previous": 6, "current": 12, "total": 18})
        );
        assert_eq!(view["entries"].as_array().unwrap().len(), 2);
    }
    operator.post(&path, &open(2024, 2)).expect(200);
    operator.post(&path, &open(2026, 10)).expect(200);
    scene.granted("annual", "2026-04-06", "2026-04-17");
    assert_eq!(
        scene.left(),
        json!({"before": 0, "previous": 0, "current": 8, "total": 8})
    );
    let balance = member.client.get("/v1/me/leave-balance").expect(200);
    let debits: Vec<(i64, i64)> = balance["entries"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|entry| entry["kind"] == "debit")
        .map(|entry| (entry["year"].as_i64().unwrap(), entry["days"].as_i64().unwrap()))
        .collect();
    assert_eq!(debits, [(2024, -2), (2025, -6), (2026, -2)]);
    assert!(scene.app.try_execute("UPDATE leave_entry SET days = 99").is_err());
    assert!(scene.app.try_execute("DELETE FROM leave_entry").is_err());
}

#[test]
fn service_that_no_number_tells_is_entered() {
    let scene = scene();
    let member = &scene.team.member;
    scene.app.execute(&format!(
        "UPDATE employee_number SET number = 'N-2222222' WHERE employee_id = {}",
        scene.app.literal(member.id.uuid())
    ));
    refused(
        member,
        &request("annual", "2026-03-09", "2026-03-09"),
        "kind",
        "service_unknown",
    );
    let path = format!("/v1/employees/{}/leave-balance", member.id);
    let enter = |from: &str| json!({"year": 2025, "days": 0, "reason": "SK CPNS", "service_from": from});
    scene.officer.post(&path, &enter("2025-03-10")).expect(200);
    refused(
        member,
        &request("annual", "2026-03-09", "2026-03-09"),
        "kind",
        "service_too_short",
    );
    asked(member, "annual", "2026-03-10", "2026-03-10");
}

#[test]
fn a_year_turns_and_six_days_carry_over() {
    let scene = scene();
    scene.granted("annual", "2026-03-09", "2026-03-11");
    scene.app.set_clock("2027-01-04T09:00:00+07:00");
    let member = scene.app.signed_in(&scene.team.member.username);
    let balance = member.get("/v1/me/leave-balance").expect(200);
    assert_eq!(
        balance["left"],
        json!({"before": 0, "previous": 6, "current": 12, "total": 18})
    );
    let kinds: Vec<&str> = balance["entries"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| entry["kind"].as_str().unwrap())
        .collect();
    assert_eq!(kinds, ["credit", "debit", "credit", "expiry"]);
}

#[test]
fn two_requests_at_once_do_not_spend_the_same_days() {
    let scene = scene();
    let member = &scene.team.member;
    let twin = scene.app.twin();
    // Each fits alone; together they do not.
    let bodies = [
        request("annual", "2026-04-06", "2026-04-17"),
        request("annual", "2026-05-04", "2026-05-13"),
    ];
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let calls: Vec<_> = bodies
            .iter()
            .zip([member.client.clone(), member.client.at(&twin.base_url)])
            .map(|(body, client)| {
                scope.spawn(move || {
                    loop {
                        let status = client.post("/v1/leave-requests", body).status;
                        if status != 503 {
                            return status;
                        }
                    }
                })
            })
            .collect();
        calls.into_iter().map(|call| call.join().unwrap()).collect()
    });
    let mut sorted = statuses.clone();
    sorted.sort_unstable();
    assert_eq!(sorted, [201, 422], "{statuses:?}");
    assert_eq!(
        member.client.get("/v1/me/leave-requests").expect(200)["items"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
}
