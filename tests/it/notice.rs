//! Notices through the routes, their clock, and the mail that follows them.

use crate::harness::TestApp;
use crate::harness::client::Client;
use crate::harness::people::Person;
use crate::harness::teams::{handed_in, review, team};
use chrono::NaiveDate;
use serde_json::{Value, json};
use sherlok::domain::ids::{CaseId, NoticeId};
use sherlok::domain::notice::{Notice, NoticeContent};
use sherlok::store;
use uuid::Uuid;

/// Tells a person that a case of theirs was opened; gives the notice's id.
fn open_case(app: &TestApp, person: &Person) -> String {
    // Each a second later, so that their ids are in order.
    app.advance(chrono::Duration::seconds(1));
    let milliseconds = u64::try_from(app.app().now().millis()).unwrap();
    let id = uuid::Builder::from_unix_timestamp_millis(milliseconds, &[0; 10]).into_uuid();
    let notice = Notice {
        id: NoticeId::new(id),
        employee_id: person.id,
        content: NoticeContent::CaseOpened {
            case_id: CaseId::new(Uuid::now_v7()),
            work_date: NaiveDate::from_ymd_opt(2026, 2, 27).unwrap(),
            reply_working_days: 3,
        },
        created_at: app.app().now(),
        seen_at: None,
        handed_over: None,
    };
    app.app()
        .store()
        .write(|connection| store::notice::insert(connection, &notice))
        .unwrap();
    notice.id.to_string()
}

fn own(client: &Client, query: &str) -> Vec<Value> {
    let page = client.get(&format!("/v1/me/notices{query}")).expect(200);
    page["items"].as_array().unwrap().clone()
}

fn hand_over(client: &Client, id: &str) -> crate::harness::client::Answer {
    client.post(&format!("/v1/notices/{id}/handover"), &json!({}))
}

#[test]
fn a_notice_is_seen_once_and_then_no_longer_unseen() {
    let (app, team) = team();
    let id = open_case(&app, &team.member);
    let client = &team.member.client;
    let unseen = own(client, "?unseen=true");
    assert_eq!((unseen.len(), &unseen[0]["id"]), (1, &json!(id)));
    assert_eq!(unseen[0]["seen_at"], Value::Null);
    let path = format!("/v1/me/notices/{id}/seen");
    let seen = client.post(&path, &json!({})).expect(200);
    assert_eq!(seen["seen_at"], "2026-03-02T01:59:01.000Z");
    app.advance(chrono::Duration::minutes(3));
    assert_eq!(client.post(&path, &json!({})).expect(200), seen);
    assert_eq!(own(client, "?unseen=true"), Vec::<Value>::new());
    assert_eq!(own(client, "?unseen=false").len(), 1);
}

#[test]
fn a_notice_speaks_the_language_that_is_asked_for() {
    let (app, team) = team();
    open_case(&app, &team.member);
    let indonesian = &own(&team.member.client, "")[0];
    assert_eq!(indonesian["title"], "Tanggapan Anda diperlukan");
    assert!(indonesian["body"].as_str().unwrap().contains("27 Februari 2026"));
    let english = &own(&team.member.client.with_header("accept-language", "en-GB"), "")[0];
    assert_eq!(english["title"], "Your reply is needed");
}

#[test]
fn notices_are_newest_first_and_paged() {
    let (app, team) = team();
    let ids: Vec<String> = (0..3).map(|_| open_case(&app, &team.member)).collect();
    let client = &team.member.client;
    let first = client.get("/v1/me/notices?limit=2").expect(200);
    assert_eq!(first["items"][0]["id"], json!(ids[2]));
    let cursor = first["next_cursor"].as_str().unwrap();
    let rest = own(client, &format!("?limit=2&cursor={cursor}"));
    assert_eq!((rest.len(), &rest[0]["id"]), (1, &json!(ids[0])));
    client.get("/v1/me/notices?cursor=x").names_field(422, "cursor");
    client.get("/v1/me/notices?unseen=maybe").expect(422);
}

#[test]
fn nobody_reads_or_marks_the_notice_of_another() {
    let (app, team) = team();
    let id = open_case(&app, &team.member);
    assert_eq!(own(&team.colleague.client, ""), Vec::<Value>::new());
    let path = format!("/v1/me/notices/{id}/seen");
    for other in [&team.colleague.client, &team.superior.client] {
        other.post(&path, &json!({})).problem(404, "not_found");
    }
}

#[test]
fn the_direct_superior_hands_a_case_over_without_reading_it() {
    let (app, team) = team();
    let id = open_case(&app, &team.member);
    open_case(&app, &team.stranger);
    let listed = team.superior.client.get("/v1/notices").expect(200);
    assert_eq!(listed["items"].as_array().unwrap().len(), 1);
    let waiting = &listed["items"][0];
    assert_eq!(
        (&waiting["id"], &waiting["employee"]["id"]),
        (&json!(id), &json!(team.member.id.uuid()))
    );
    assert!(waiting.get("body").is_none() && waiting.get("facts").is_none());
    app.advance(chrono::Duration::minutes(1));
    let handed = hand_over(&team.superior.client, &id).expect(200);
    assert_eq!(handed["handed_over_at"], "2026-03-02T02:00:02.000Z");
    app.advance(chrono::Duration::minutes(1));
    assert_eq!(hand_over(&team.superior.client, &id).expect(200), handed);
    assert_eq!(team.superior.client.get("/v1/notices").expect(200)["items"], json!([]));
    assert_eq!(
        own(&team.member.client, "")[0]["handed_over_at"],
        handed["handed_over_at"]
    );
    let reached = app
        .app()
        .store()
        .read(|connection| store::notice::find_of_case(connection, team.member.id, id.parse().unwrap()))
        .map(|notice| notice.and_then(|notice| notice.reached_at()));
    assert_eq!(reached.unwrap().unwrap().to_string(), "2026-03-02T02:00:02.000Z");
}

#[test]
fn only_the_direct_superior_hands_over_and_only_what_starts_a_clock() {
    let (app, team) = team();
    let id = open_case(&app, &team.member);
    hand_over(&team.head.client, &id).problem(404, "not_found");
    hand_over(&team.other_superior.client, &id).problem(404, "not_found");
    hand_over(&team.colleague.client, &id).problem(403, "forbidden");
    let own_case = open_case(&app, &team.superior);
    hand_over(&team.superior.client, &own_case).problem(403, "forbidden");
    hand_over(&team.head.client, &own_case).expect(200);
    let activity = handed_in(&team.member.client);
    review(&team.superior.client, &activity, "approved", "").expect(200);
    let about_activity = own(&team.member.client, "?limit=1");
    assert_eq!(about_activity[0]["kind"], "activity_reviewed");
    hand_over(&team.superior.client, about_activity[0]["id"].as_str().unwrap()).problem(409, "wrong_state");
}

#[test]
fn many_notices_make_one_mail_that_tells_nothing() {
    let (app, team) = team();
    app.execute(&format!(
        "UPDATE employee SET email = 'contoh1@example.invalid' WHERE id = {}",
        app.literal(team.member.id.uuid())
    ));
    for _ in 0..2 {
        let activity = handed_in(&team.member.client);
        review(&team.superior.client, &activity, "rejected", "Bukan tugas kantor").expect(200);
    }
    assert_eq!(app.app().send_waiting_mail().unwrap(), 1);
    assert_eq!(app.app().send_waiting_mail().unwrap(), 0);
    let mails = app.app().mail().captured();
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].to, "contoh1@example.invalid");
    assert!(mails[0].body.contains("2 pemberitahuan"));
    assert!(!mails[0].body.contains("tugas kantor"));
}

#[test]
fn whoever_has_read_already_or_has_no_address_gets_no_mail() {
    let (app, team) = team();
    app.execute(&format!(
        "UPDATE employee SET email = 'contoh1@example.invalid' WHERE id = {}",
        app.literal(team.member.id.uuid())
    ));
    for person in [&team.member, &team.colleague] {
        let activity = handed_in(&person.client);
        review(&team.superior.client, &activity, "approved", "").expect(200);
    }
    let notice = own(&team.member.client, "")[0]["id"].as_str().unwrap().to_owned();
    team.member
        .client
        .post(&format!("/v1/me/notices/{notice}/seen"), &json!({}))
        .expect(200);
    assert_eq!(app.app().send_waiting_mail().unwrap(), 0);
    assert_eq!(app.app().mail().captured(), Vec::new());
}

#[test]
fn two_instances_send_a_mail_once() {
    let (app, team) = team();
    app.execute("UPDATE employee SET email = 'contoh1@example.invalid'");
    let twin = app.twin();
    for person in [&team.member, &team.colleague] {
        let activity = handed_in(&person.client);
        review(&team.superior.client, &activity, "approved", "").expect(200);
    }
    let sent: usize = std::thread::scope(|scope| {
        let jobs = [&app, &twin].map(|instance| scope.spawn(|| instance.app().send_waiting_mail().unwrap()));
        jobs.into_iter().map(|job| job.join().unwrap()).sum()
    });
    assert_eq!(sent, 2);
}
