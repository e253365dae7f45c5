//! Daily entries through the routes, as superiors see and decide them.

use crate::harness::client::Client;
use crate::harness::teams::{entry, handed_in, review, team};
use serde_json::{Value, json};
use uuid::Uuid;

fn listed(client: &Client, query: &str) -> Vec<Value> {
    let page = client.get(&format!("/v1/activities{query}")).expect(200);
    page["items"].as_array().unwrap().clone()
}

fn notices(client: &Client) -> Vec<Value> {
    client.get("/v1/me/notices").expect(200)["items"]
        .as_array()
        .unwrap()
        .clone()
}

#[test]
fn the_direct_superior_sees_what_the_team_handed_in_and_nothing_else() {
    let (_app, team) = team();
    let id = handed_in(&team.member.client);
    team.colleague
        .client
        .post("/v1/activities", &entry("2026-03-02", "07:30", "08:30"))
        .expect(201);
    handed_in(&team.stranger.client);
    let seen = listed(&team.superior.client, "?state=submitted");
    assert_eq!(seen.len(), 1);
    assert_eq!(seen[0]["id"], json!(id));
    assert_eq!(seen[0]["employee"]["id"], json!(team.member.id.uuid()));
    assert!(seen[0]["employee"]["name"].as_str().unwrap().starts_with("Contoh"));
    // A draft of the team is nobody's business, and the head above is not the direct superior.
    assert_eq!(listed(&team.superior.client, "?state=draft"), Vec::<Value>::new());
    assert_eq!(listed(&team.head.client, ""), Vec::<Value>::new());
    team.superior.client.get(&format!("/v1/activities/{id}")).expect(200);
    team.head
        .client
        .get(&format!("/v1/activities/{id}"))
        .problem(404, "not_found");
}

#[test]
fn whoever_is_no_superior_may_not_review() {
    let (_app, team) = team();
    let id = handed_in(&team.member.client);
    review(&team.colleague.client, &id, "approved", "").problem(403, "forbidden");
    team.colleague.client.get("/v1/activities").problem(403, "forbidden");
    review(&team.other_superior.client, &id, "approved", "").problem(404, "not_found");
    review(&team.head.client, &id, "approved", "").problem(404, "not_found");
    let unknown = Uuid::now_v7().to_string();
    review(&team.superior.client, &unknown, "approved", "").problem(404, "not_found");
}

#[test]
fn nobody_reviews_their_own_entry() {
    let (_app, team) = team();
    let id = handed_in(&team.superior.client);
    review(&team.superior.client, &id, "approved", "").problem(403, "forbidden");
    assert_eq!(listed(&team.superior.client, ""), Vec::<Value>::new());
    // The head above is the superior's superior.
    let decided = review(&team.head.client, &id, "approved", "").expect(200);
    assert_eq!(decided["state"], "approved");
}

#[test]
fn a_decision_is_kept_told_and_repeatable() {
    let (_app, team) = team();
    let id = handed_in(&team.member.client);
    let decided = review(&team.superior.client, &id, "approved", " Bagus ").expect(200);
    assert_eq!(decided["review"]["note"], "Bagus");
    assert_eq!(
        review(&team.superior.client, &id, "approved", "Bagus").expect(200),
        decided
    );
    review(&team.superior.client, &id, "rejected", "Berubah pikiran").problem(409, "wrong_state");
    let told = notices(&team.member.client);
    assert_eq!(told.len(), 1);
    assert_eq!(told[0]["kind"], "activity_reviewed");
    assert_eq!(told[0]["title"], "Kegiatan disetujui");
    assert_eq!(told[0]["facts"]["activity_id"], json!(id));
}

#[test]
fn a_return_says_why_and_the_owner_reads_it() {
    let (_app, team) = team();
    let id = handed_in(&team.member.client);
    for note in ["", "  ", "ab"] {
        review(&team.superior.client, &id, "returned", note).names_field(422, "note");
    }
    review(&team.superior.client, &id, "rejected", "").names_field(422, "note");
    review(&team.superior.client, &id, "returned", &"a".repeat(1_001)).names_field(422, "note");
    review(&team.superior.client, &id, "perhaps", "abc").names_field(422, "decision");
    review(&team.superior.client, &id, "returned", &"a".repeat(1_000)).expect(200);
    let own = team.member.client.get(&format!("/v1/activities/{id}")).expect(200);
    assert_eq!(
        (&own["state"], &own["review"]["decision"]),
        (&json!("returned"), &json!("returned"))
    );
    assert!(
        notices(&team.member.client)[0]["body"]
            .as_str()
            .unwrap()
            .contains("aaa")
    );
}

#[test]
fn an_entry_that_waits_too_long_goes_to_the_next_superior_and_is_never_approved_by_time() {
    let (app, team) = team();
    let id = handed_in(&team.member.client);
    app.set_clock("2026-03-05T23:59:00+07:00");
    assert_eq!(app.app().escalate_activities().unwrap(), 0);
    app.set_clock("2026-03-06T00:00:00+07:00");
    assert_eq!(app.app().escalate_activities().unwrap(), 1);
    assert_eq!(app.app().escalate_activities().unwrap(), 0);
    let head = app.signed_in(&team.head.username);
    let seen = listed(&head, "?state=escalated");
    assert_eq!((seen.len(), &seen[0]["id"]), (1, &json!(id)));
    assert_eq!(notices(&head)[0]["kind"], "activity_escalated");
    app.set_clock("2026-06-01T08:00:00+07:00");
    app.app().escalate_activities().unwrap();
    // The first superior may still decide.
    let superior = app.signed_in(&team.superior.username);
    assert_eq!(listed(&superior, "")[0]["state"], "escalated");
    review(&superior, &id, "approved", "").expect(200);
    let head = app.signed_in(&team.head.username);
    review(&head, &id, "approved", "").problem(409, "wrong_state");
}

#[test]
fn the_next_superior_may_decide_what_has_escalated() {
    let (app, team) = team();
    let id = handed_in(&team.member.client);
    app.set_clock("2026-03-06T08:00:00+07:00");
    assert_eq!(app.app().escalate_activities().unwrap(), 1);
    let head = app.signed_in(&team.head.username);
    assert_eq!(review(&head, &id, "approved", "").expect(200)["state"], "approved");
}

#[test]
fn without_a_next_superior_an_entry_goes_on_waiting() {
    let (app, team) = team();
    let id = handed_in(&team.superior.client);
    app.set_clock("2026-03-09T08:00:00+07:00");
    assert_eq!(app.app().escalate_activities().unwrap(), 0);
    assert_eq!(app.app().escalate_activities().unwrap(), 0);
    let head = app.signed_in(&team.head.username);
    assert_eq!(listed(&head, "?state=submitted")[0]["id"], json!(id));
}

#[test]
fn two_instances_escalate_an_entry_once() {
    let (app, team) = team();
    handed_in(&team.member.client);
    handed_in(&team.colleague.client);
    let twin = app.twin();
    app.set_clock("2026-03-06T08:00:00+07:00");
    let moved: usize = std::thread::scope(|scope| {
        let jobs = [&app, &twin].map(|instance| scope.spawn(|| instance.app().escalate_activities().unwrap()));
        jobs.into_iter().map(|job| job.join().unwrap()).sum()
    });
    assert_eq!(moved, 2);
    let head = app.signed_in(&team.head.username);
    assert_eq!(notices(&head).len(), 2);
}

#[test]
fn the_list_of_a_superior_is_paged_across_people() {
    let (_app, team) = team();
    handed_in(&team.member.client);
    handed_in(&team.colleague.client);
    let first = team.superior.client.get("/v1/activities?limit=1").expect(200);
    let cursor = first["next_cursor"].as_str().unwrap();
    let second = listed(&team.superior.client, &format!("?limit=1&cursor={cursor}"));
    assert_ne!(first["items"][0]["employee"]["id"], second[0]["employee"]["id"]);
}
