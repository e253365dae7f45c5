//! Rosters of agencies: strangers, stale versions, repeats, two at once, and bad input.

use crate::harness::rosters::{
    change, decide, half_at_home, item, make, mode, notices, planned, publish, scene, submit,
};
use serde_json::{Value, json};

#[test]
fn the_same_step_repeated_changes_nothing_and_a_stale_version_is_refused() {
    let scene = scene(&half_at_home());
    let id = scene.made("2026-03-03", "2026-03-04");
    let path = format!("/v1/rosters/{id}/submission");
    scene.head.post(&path, &json!({})).problem(428, "version_required");
    submit(&scene.head, &id, 7, &json!({})).problem(412, "stale_version");
    change(&scene.operator, &id, 1, &[item(&scene.people[0], "2026-03-03", "wfo")]).expect(200);
    // The head has seen another text than the one that stands.
    submit(&scene.head, &id, 1, &json!({})).problem(412, "stale_version");
    change(&scene.operator, &id, 1, &[item(&scene.people[1], "2026-03-03", "wfo")]).problem(412, "stale_version");
    let first = submit(&scene.head, &id, 2, &json!({})).expect(200);
    assert_eq!(submit(&scene.head, &id, 2, &json!({})).expect(200), first);
    let other = scene.app.official("agency_head:1.01");
    submit(&other, &id, 2, &json!({})).problem(412, "stale_version");
    let received = decide(&scene.bkd, &id, 3, &json!({"decision": "receive"})).expect(200);
    assert_eq!(
        decide(&scene.bkd, &id, 3, &json!({"decision": "receive"})).expect(200),
        received
    );
    let back = json!({"decision": "return", "findings": [{"text": "Piket kurang"}]});
    decide(&scene.bkd, &id, 3, &back).problem(412, "stale_version");
    decide(&scene.bkd, &id, 4, &back).problem(409, "wrong_state");
    let published = publish(&scene.head, &id, 4).expect(200);
    assert_eq!(publish(&scene.head, &id, 4).expect(200), published);
    assert_eq!(scene.actions(&id).len(), 5);
    assert_eq!(notices(&scene.people[0].client, "roster_published").len(), 1);
}

#[test]
fn a_roster_whose_days_have_all_passed_is_not_published() {
    let mut scene = scene(&half_at_home());
    let id = scene.received("2026-03-02", "2026-03-03");
    scene.app.set_clock("2026-03-04T00:00:00+07:00");
    scene.operator.renew();
    publish(&scene.operator, &id, 3).problem(409, "wrong_state");
}

#[test]
fn two_publications_at_once_leave_one_roster_standing() {
    let scene = scene(&half_at_home());
    let rosters = [
        scene.received("2026-03-03", "2026-03-13"),
        scene.received("2026-03-03", "2026-03-13"),
    ];
    let twin = scene.app.twin();
    let clients = [scene.operator.clone(), scene.operator.at(&twin.base_url)];
    std::thread::scope(|scope| {
        for (client, id) in clients.iter().zip(&rosters) {
            scope.spawn(move || publish(client, id, 3).expect(200));
        }
    });
    let views: Vec<Value> = rosters.iter().map(|id| scene.read(id)).collect();
    let mut states: Vec<&str> = views.iter().map(|view| view["state"].as_str().unwrap()).collect();
    states.sort_unstable();
    assert_eq!(states, ["published", "superseded"]);
    let standing = views.iter().find(|view| view["state"] == "published").unwrap();
    assert_eq!(standing["stands_on"].as_array().unwrap().len(), 9);
    let id = standing["id"].as_str().unwrap();
    for person in &scene.people {
        assert_eq!(
            mode(person, "2026-03-04"),
            planned(&scene.operator, id, "2026-03-04", person)["mode"]
        );
    }
}

#[test]
fn one_roster_published_by_two_people_at_once_is_published_once() {
    let scene = scene(&half_at_home());
    let id = scene.received("2026-03-03", "2026-03-04");
    let clients = [scene.operator.clone(), scene.head.clone()];
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let calls: Vec<_> = clients
            .iter()
            .map(|client| scope.spawn(|| publish(client, &id, 3).status))
            .collect();
        calls.into_iter().map(|call| call.join().unwrap()).collect()
    });
    assert!(statuses.contains(&200) && statuses.contains(&412), "{statuses:?}");
    assert_eq!(notices(&scene.people[0].client, "roster_published").len(), 1);
}

#[test]
fn strangers_learn_nothing_and_roles_do_what_is_theirs() {
    let scene = scene(&half_at_home());
    let id = scene.made("2026-03-03", "2026-03-04");
    let paths = [
        format!("/v1/rosters/{id}"),
        format!("/v1/rosters/{id}/entries"),
        "/v1/agencies/1.01/rosters".to_owned(),
    ];
    for role in ["agency_operator:1.02", "agency_head:1.02"] {
        let stranger = scene.app.official(role);
        for path in &paths {
            stranger.get(path).problem(404, "not_found");
        }
        publish(&stranger, &id, 1).problem(404, "not_found");
    }
    let operator = scene.app.official("agency_operator:1.02");
    make(&operator, "2026-03-03", "2026-03-04").problem(404, "not_found");
    change(&operator, &id, 1, &[item(&scene.people[0], "2026-03-03", "wfo")]).problem(404, "not_found");
    submit(&scene.app.official("agency_head:1.02"), &id, 1, &json!({})).problem(404, "not_found");
    for role in [
        "bkd_auditor",
        "administrator",
        "data_protection_officer",
        "leave_officer:1.01",
    ] {
        let official = scene.app.official(role);
        for path in &paths {
            official.get(path).problem(403, "forbidden");
        }
        official
            .post("/v1/agencies/1.01/rosters", &json!({}))
            .problem(403, "forbidden");
    }
    scene.people[0].client.get(&paths[0]).problem(403, "forbidden");
    make(&scene.head, "2026-03-03", "2026-03-04").problem(403, "forbidden");
    decide(&scene.head, &id, 1, &json!({})).problem(403, "forbidden");
    submit(&scene.bkd, &id, 1, &json!({})).problem(403, "forbidden");
    publish(&scene.bkd, &id, 1).problem(403, "forbidden");
    let unknown = "01955555-0000-7000-8000-000000000000";
    scene
        .operator
        .get(&format!("/v1/rosters/{unknown}"))
        .problem(404, "not_found");
    publish(&scene.operator, unknown, 1).problem(404, "not_found");
    scene.operator.get("/v1/rosters/x").problem(404, "not_found");
    scene
        .app
        .official("bkd_head")
        .get("/v1/agencies/9.99/rosters")
        .problem(404, "not_found");
}

#[test]
fn wrong_periods_and_changes_are_named_and_nothing_is_kept() {
    let scene = scene(&half_at_home());
    for (from, to, field) in [
        ("2026-03-01", "2026-03-06", "from"),
        ("2026-03-06", "2026-03-05", "to"),
        ("2026-03-02", "2026-04-02", "to"),
        ("2026-03-07", "2026-03-08", "to"),
        ("2027-03-02", "2027-03-04", "to"),
        ("2026-02-30", "2026-03-05", "from"),
    ] {
        make(&scene.operator, from, to).names_field(422, field);
    }
    make(&scene.operator, "2026-03-02", "2026-04-01").expect(201);
    let long = json!({"from": "2026-03-02", "to": "2026-03-03", "note": "x".repeat(501)});
    scene
        .operator
        .post("/v1/agencies/1.01/rosters", &long)
        .names_field(422, "note");
    let nobody = scene.app.official("agency_operator:1.03");
    let body = json!({"from": "2026-03-02", "to": "2026-03-03"});
    nobody.post("/v1/agencies/1.03/rosters", &body).names_field(422, "from");
    let id = scene.made("2026-03-02", "2026-03-08");
    let (person, stranger) = (&scene.people[0], scene.app.employee("1.02"));
    let with = |field: &str, value: Value| {
        let mut item = item(person, "2026-03-03", "wfh");
        item[field] = value;
        item
    };
    for (wrong, field) in [
        (item(&stranger, "2026-03-03", "wfh"), "items[1].employee_id"),
        (item(person, "2026-03-07", "wfh"), "items[1].date"),
        (item(person, "2026-03-09", "wfh"), "items[1].date"),
        (item(person, "2026-03-02", "wfo"), "items[1].date"),
        (item(person, "2026-03-03", "leave"), "items[1].mode"),
        (with("mode", json!("holiday")), "items[1].mode"),
        (with("reason", json!(" ")), "items[1].reason"),
        (with("reason", json!("x".repeat(501))), "items[1].reason"),
        (with("site_id", Value::Null), "items[1].site_id"),
    ] {
        change(&scene.operator, &id, 1, &[item(person, "2026-03-02", "wfo"), wrong]).names_field(422, field);
    }
    change(&scene.operator, &id, 1, &[]).names_field(422, "items");
    let view = scene.read(&id);
    assert_eq!((&view["version"], &view["findings"]["total"]), (&json!(1), &json!(0)));
    for query in ["limit=0", "date=x", "cursor=x", "mode=wfh"] {
        assert_eq!(
            scene.operator.get(&format!("/v1/rosters/{id}/entries?{query}")).status,
            422,
            "{query}"
        );
    }
}

#[test]
fn entries_and_rosters_are_paged_and_a_repeated_key_makes_one_roster() {
    let scene = scene(&half_at_home());
    let once = scene.operator.with_header("idempotency-key", "maret");
    let id = make(&once, "2026-03-03", "2026-03-04").expect(201)["id"].clone();
    assert_eq!(make(&once, "2026-03-03", "2026-03-04").expect(201)["id"], id);
    make(&once, "2026-03-03", "2026-03-05").problem(409, "idempotency_conflict");
    scene.app.advance(chrono::Duration::seconds(1));
    let newer = scene.made("2026-03-03", "2026-03-03");
    let first = scene.operator.get("/v1/agencies/1.01/rosters?limit=1").expect(200);
    assert_eq!(first["items"][0]["id"], json!(newer));
    let cursor = first["next_cursor"].as_str().unwrap();
    let rest = scene
        .operator
        .get(&format!("/v1/agencies/1.01/rosters?limit=1&cursor={cursor}"))
        .expect(200);
    assert_eq!((&rest["items"][0]["id"], &rest["next_cursor"]), (&id, &Value::Null));
    let path = format!("/v1/rosters/{}/entries?limit=5", id.as_str().unwrap());
    let mut seen = Vec::new();
    let mut page = scene.operator.get(&path).expect(200);
    loop {
        seen.extend(
            page["items"]
                .as_array()
                .unwrap()
                .iter()
                .map(|entry| (entry["date"].to_string(), entry["employee_id"].to_string())),
        );
        let Some(cursor) = page["next_cursor"].as_str().map(str::to_owned) else {
            break;
        };
        page = scene.operator.get(&format!("{path}&cursor={cursor}")).expect(200);
    }
    let mut sorted = seen.clone();
    sorted.sort();
    sorted.dedup();
    assert_eq!((seen.len(), sorted), (16, seen));
}
