//! Who hears of cases beside their auditors, and who has a hand in one.
//!
//! BKD in the rows of a batch, the direct superior of an upheld finding, the person alone, and nobody of the agency.

use crate::audit::drawn;
use crate::batch::{DAY, scene};
use crate::case::{REASON, Scene, reply, step};
use serde_json::{Value, json};
use sherlok::store;
use uuid::Uuid;

#[test]
fn drawn_rows_are_flagged_for_bkd_and_for_nobody_else() {
    let mut batches = scene().lived();
    batches.set_clock("2026-03-02T18:00:00+07:00");
    let batch = batches.sent();
    let _auditor = batches.app.official("bkd_auditor");
    let rows = |client: &crate::harness::client::Client| {
        let mut rows: Vec<Value> = Vec::new();
        let mut address = format!("{batch}/rows?limit=2");
        loop {
            let page = client.get(&address).expect(200);
            rows.extend(page["items"].as_array().unwrap().clone());
            let Some(cursor) = page["next_cursor"].as_str() else {
                return rows;
            };
            address = format!("{batch}/rows?limit=2&cursor={cursor}");
        }
    };
    assert!(rows(&batches.officer).iter().all(|row| row["is_sampled"] == false));
    let plan = json!({ "from": DAY, "to": DAY, "agencies": ["1.01"], "size": 2 });
    let audit = drawn(&batches.officer, &plan);
    let cases = crate::audit::cases(&batches.officer, &audit);
    let mut units: Vec<&Value> = cases.iter().map(|case| &case["unit"]).collect();
    units.sort_by_key(ToString::to_string);
    let listed = rows(&batches.officer);
    assert_eq!(listed.len(), 6);
    let flagged: Vec<&Value> = listed
        .iter()
        .filter(|row| row["is_sampled"] == true)
        .map(|row| &row["unit_id"])
        .collect();
    assert_eq!(flagged, units);
    assert!(rows(&batches.operator).iter().all(|row| row["is_sampled"].is_null()));
    batches
        .near
        .client
        .get(&format!("{batch}/rows"))
        .problem(403, "forbidden");
    batches
        .officer
        .get(&format!("{batch}/rows?cursor=x"))
        .names_field(422, "cursor");
    let unknown = "/v1/batches/0195d3a0-0000-7000-8000-000000000000/rows";
    batches.officer.get(unknown).problem(404, "not_found");
}

#[test]
fn the_direct_superior_is_told_of_an_upheld_finding_only() {
    for (outcome, told) in [("upheld", 1), ("withdrawn", 0)] {
        let scene = crate::case::scene();
        let superior = scene.app.superior("1.01");
        scene.app.execute(&format!(
            "UPDATE membership SET unit_id = (SELECT id FROM unit WHERE head_employee_id = {}) WHERE employee_id = {}",
            scene.app.literal(superior.id.uuid()),
            scene.app.literal(scene.person.id.uuid()),
        ));
        let (_, second, id) = scene.proposed();
        step(&scene.person.client, &id, "reply", 2, &reply()).expect(200);
        let decision = json!({ "outcome": outcome, "reason": REASON });
        step(&second, &id, "decision", 3, &decision).expect(200);
        let unseen = scene
            .app
            .app()
            .store()
            .read(|connection| store::notice::count_unseen(connection, superior.id))
            .unwrap();
        assert_eq!(unseen, told, "{outcome}");
    }
}

#[test]
fn a_notice_handed_over_by_the_superior_starts_the_clock() {
    let scene: Scene = crate::case::scene();
    let (_, _, id) = scene.proposed();
    let now = scene.app.clock.now();
    let literal = if scene.app.is_postgres() {
        format!("'{now}'")
    } else {
        now.millis().to_string()
    };
    let superior = scene.app.literal(Uuid::from_u128(7));
    scene.app.execute(&format!(
        "UPDATE notice SET handed_over_at = {literal}, handed_over_by = {superior}"
    ));
    let asked = scene.own_case(&id);
    assert_eq!(
        (&asked["state"], &asked["reply_due_at"]),
        (&json!("notified"), &json!("2026-03-06T17:00:00.000Z"))
    );
}

#[test]
fn a_name_stands_with_its_titles_on_their_sides_wherever_it_is_read() {
    let scene = crate::case::scene();
    scene
        .app
        .execute("UPDATE employee SET front_title = 'Drs.', name = 'CONTOH SATU', back_title = 'M.Si'");
    let titled = "Drs. CONTOH SATU, M.Si";
    let (auditor, _, id) = scene.proposed();
    let file = auditor.get(&format!("/v1/cases/{id}")).expect(200);
    assert_eq!(file["person"]["name"], titled);
    let operator = scene.app.official("agency_operator:1.01");
    for address in [
        "/v1/agencies/1.01/employees",
        "/v1/agencies/1.01/day/people?date=2026-03-03&slot=midday&state=missed",
        "/v1/rosters?agency=1.01&from=2026-03-02&to=2026-03-03",
        "/v1/homes?state=verified",
    ] {
        let page = operator.get(address).expect(200);
        assert_eq!(page["items"][0]["name"], titled, "{address}");
    }
}

#[test]
fn a_case_is_answered_by_its_own_person_only() {
    let scene = crate::case::scene();
    let (_, _, id) = scene.proposed();
    let colleague = scene.app.employee("1.01");
    step(&colleague.client, &id, "reply", 2, &reply()).problem(404, "not_found");
    assert_eq!(colleague.client.get("/v1/me/cases").expect(200)["items"], json!([]));
    step(&scene.auditors[0], &id, "reply", 2, &reply()).problem(403, "forbidden");
    step(
        &scene.person.client,
        "0195d3a0-0000-7000-8000-000000000000",
        "reply",
        2,
        &reply(),
    )
    .problem(404, "not_found");
    step(&scene.person.client, "bukan-id", "reply", 2, &reply()).problem(404, "not_found");
}

#[test]
fn nobody_of_the_agency_decides() {
    let scene = crate::case::scene();
    let (_, _, id) = scene.proposed();
    let colleague = scene.app.employee("1.01");
    let administrator = scene.app.official("administrator");
    let path = format!("/v1/accounts/{}/roles", colleague.username);
    administrator.post(&path, &json!({ "role": "bkd_head" })).expect(204);
    step(&scene.person.client, &id, "reply", 2, &reply()).expect(200);
    let head = scene.app.signed_in(&colleague.username);
    let withdrawn = json!({ "outcome": "withdrawn", "reason": REASON });
    step(&head, &id, "decision", 3, &withdrawn).problem(403, "forbidden");
}

#[test]
fn being_drawn_is_told_as_no_accusation() {
    let scene = crate::case::scene();
    let page = scene.person.client.get("/v1/me/cases?limit=2").expect(200);
    let message = page["items"][0]["message"].as_str().unwrap();
    assert!(message.contains("bukan tuduhan"), "{message}");
    let cursor = page["next_cursor"].as_str().unwrap();
    let next = scene
        .person
        .client
        .get(&format!("/v1/me/cases?limit=200&cursor={cursor}"))
        .expect(200);
    assert_eq!(next["items"].as_array().unwrap().len(), 4);
    let english = scene
        .person
        .client
        .with_header("accept-language", "en")
        .get("/v1/me/cases")
        .expect(200);
    assert!(
        english["items"][0]["message"]
            .as_str()
            .unwrap()
            .contains("no accusation")
    );
}
