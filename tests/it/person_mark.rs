//! Marks through their routes: what the roster makes of them, and who learns what they are for.

use crate::harness::client::{Answer, Client};
use crate::harness::people::Person;
use crate::harness::rosters::{Scene, change, codes, half_at_home, item, planned, scene};
use serde_json::{Value, json};

fn set(client: &Client, person: &Person, change: &Value) -> Answer {
    let mut body = json!({
        "employee_id": person.id.uuid(), "kind": "pregnant", "effect": "exempt_at_home",
        "from": "2026-03-02", "to": "2026-03-31", "reason": "Surat dokter nomor 5",
    });
    body.as_object_mut()
        .unwrap()
        .extend(change.as_object().unwrap().clone());
    client.post("/v1/agencies/1.01/marks", &body)
}

fn end(client: &Client, person: &Person, id: &Value, last_day: &str) -> Answer {
    let address = format!(
        "/v1/agencies/1.01/marks/{}/{}/end",
        person.id.uuid(),
        id.as_str().unwrap()
    );
    client.post(&address, &json!({"last_day": last_day}))
}

fn modes(scene: &Scene, id: &str, person: &Person) -> Vec<Value> {
    let days = ["2026-03-02", "2026-03-03", "2026-03-04", "2026-03-05"];
    days.map(|day| planned(&scene.operator, id, day, person)["mode"].clone())
        .to_vec()
}

#[test]
fn an_exempt_person_takes_no_turns_and_the_roster_does_not_say_why() {
    let scene = scene(&half_at_home());
    let marked = &scene.people[3];
    set(&scene.operator, marked, &json!({})).expect(201);
    let id = scene.made("2026-03-02", "2026-03-05");
    assert_eq!(modes(&scene, &id, marked), ["wfh", "wfh", "wfh", "wfh"]);
    let entry = planned(&scene.operator, &id, "2026-03-03", marked);
    assert_eq!(
        entry["sentence"],
        "Di rumah: dikecualikan dari giliran oleh perangkat daerah."
    );
    assert!(!entry.to_string().contains("pregnant") && !entry.to_string().contains("hamil"));
    // Half of the other seven at most are at home too.
    let view = scene.read(&id);
    assert_eq!(view["days"][0]["modes"]["wfh"], 1 + 3);
    // Whoever is called in all the same is found by the check.
    let view = change(&scene.operator, &id, 1, &[item(marked, "2026-03-03", "picket")]).expect(200);
    assert!(codes(&view["findings"]).contains(&"tied"), "{view}");
}

#[test]
fn a_quota_may_count_the_exempt() {
    let mut rules = half_at_home();
    rules[0]["counts_exempt"] = json!(true);
    let scene = scene(&rules);
    set(&scene.operator, &scene.people[3], &json!({})).expect(201);
    let id = scene.made("2026-03-02", "2026-03-02");
    assert_eq!(scene.read(&id)["days"][0]["modes"]["wfh"], 4);
}

#[test]
fn a_mark_lets_somebody_come_first_where_the_circular_says_so() {
    let mut rules = half_at_home();
    rules[1] = json!({"kind": "priority", "order": 1, "criterion": {"is": "small_child"}});
    let scene = scene(&rules);
    let parent = &scene.people[5];
    let first = json!({"kind": "small_child", "effect": "priority", "reason": "Anak berusia 1 tahun"});
    set(&scene.operator, parent, &first).expect(201);
    let id = scene.made("2026-03-02", "2026-03-05");
    assert_eq!(modes(&scene, &id, parent), ["wfh", "wfh", "wfh", "wfh"]);
}

#[test]
fn kinds_of_health_are_told_to_the_person_alone() {
    let scene = scene(&half_at_home());
    let (ill, parent) = (&scene.people[0], &scene.people[1]);
    set(&scene.operator, ill, &json!({"kind": "chronic_illness"})).expect(201);
    set(
        &scene.operator,
        parent,
        &json!({"kind": "small_child", "reason": "Anak kecil"}),
    )
    .expect(201);
    let listed = scene.operator.get("/v1/agencies/1.01/marks").expect(200);
    let of = |person: &Person| {
        let of = |mark: &&Value| mark["employee_id"] == json!(person.id.uuid());
        listed["items"].as_array().unwrap().iter().find(of).unwrap().clone()
    };
    assert_eq!(of(ill)["effect"], "exempt_at_home");
    assert!(of(ill)["kind"].is_null() && of(ill)["reason"].is_null());
    assert_eq!(
        (&of(parent)["kind"], &of(parent)["reason"]),
        (&json!("small_child"), &json!("Anak kecil"))
    );
    let own = ill.client.get("/v1/me/marks").expect(200);
    assert_eq!(
        (&own["items"][0]["kind"], &own["items"][0]["reason"]),
        (&json!("chronic_illness"), &json!("Surat dokter nomor 5"))
    );
    assert_eq!(
        parent.client.get("/v1/me/marks").expect(200)["items"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    for other in [
        &scene.head,
        &scene.bkd,
        &parent.client,
        &scene.app.official("leave_officer:1.01"),
    ] {
        other.get("/v1/agencies/1.01/marks").problem(403, "forbidden");
    }
}

#[test]
fn a_mark_ends_early_and_its_limits_are_named() {
    let scene = scene(&half_at_home());
    let person = &scene.people[0];
    let set_to = |change: &Value| set(&scene.operator, person, change);
    let field = |change: Value| set_to(&change).problem(422, "invalid_fields")["fields"][0]["field"].clone();
    assert_eq!(field(json!({"from": "2026-03-01"})), "from");
    assert_eq!(field(json!({"to": "2026-03-01"})), "to");
    assert_eq!(field(json!({"to": "2027-03-04"})), "to");
    assert_eq!(field(json!({"kind": "public_transport"})), "effect");
    assert_eq!(field(json!({"kind": "tired"})), "kind");
    assert_eq!(field(json!({"reason": " "})), "reason");
    assert_eq!(field(json!({"employee_id": uuid::Uuid::now_v7()})), "employee_id");
    let foreign = scene.app.official("agency_operator:1.02");
    set(&foreign, person, &json!({})).problem(404, "not_found");
    let id = set_to(&json!({})).expect(201)["id"].clone();
    end(&foreign, person, &id, "2026-03-03").problem(404, "not_found");
    end(&scene.operator, &scene.people[1], &id, "2026-03-03").problem(404, "not_found");
    end(&scene.operator, person, &id, "2026-04-01").problem(422, "invalid_fields");
    end(&scene.operator, person, &id, "2026-03-03").expect(204);
    let later = set_to(&json!({"from": "2026-03-20"})).expect(201)["id"].clone();
    end(&scene.operator, person, &later, "2026-03-02").expect(204);
    let own = person.client.get("/v1/me/marks").expect(200);
    assert_eq!(own["items"].as_array().unwrap().len(), 1);
    assert_eq!(own["items"][0]["to"], "2026-03-03");
}
