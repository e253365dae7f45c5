//! Monthly reports through the routes: compiled, handed in, assessed, closed.

use crate::harness::client::Client;
use crate::harness::teams::{Team, entry, handed_in, review, team};
use serde_json::{Value, json};

fn compile(client: &Client, month: &str) -> Value {
    let body = json!({ "month": month, "highlights": "Surat edaran selesai", "plan": "Sosialisasi" });
    client.post("/v1/monthly-reports", &body).json()
}

/// Compiles March on its last day and hands it in; gives the address of the report.
fn handed_in_report(app: &crate::harness::TestApp, team: &Team) -> String {
    app.set_clock("2026-03-31T16:00:00+07:00");
    let client = app.signed_in(&team.member.username);
    let report = compile(&client, "2026-03");
    let path = format!("/v1/monthly-reports/{}", report["id"].as_str().unwrap());
    client.post(&format!("{path}/submission"), &json!({})).expect(200);
    path
}

fn assess(client: &Client, path: &str, results: &str, note: &str) -> crate::harness::client::Answer {
    let body = json!({ "results": results, "behaviour": "meets", "note": note });
    client.post(&format!("{path}/assessment"), &body)
}

#[test]
fn a_report_counts_the_entries_of_its_month() {
    let (_app, team) = team();
    let client = &team.member.client;
    let approved = handed_in(client);
    review(&team.superior.client, &approved, "approved", "").expect(200);
    client
        .post("/v1/activities", &entry("2026-03-02", "08:30", "08:45"))
        .expect(201);
    client
        .post("/v1/activities", &entry("2026-02-28", "08:30", "09:45"))
        .expect(201);
    handed_in(&team.colleague.client);
    let report = compile(client, "2026-03");
    assert_eq!(report["state"], "compiled");
    let totals = &report["totals"];
    assert_eq!((&totals["entries"], &totals["approved"]), (&json!(2), &json!(1)));
    assert_eq!(
        (&totals["minutes"], &totals["approved_minutes"]),
        (&json!(75), &json!(60))
    );
    assert_eq!(
        (&totals["by_state"]["draft"], &totals["by_state"]["locked"]),
        (&json!(1), &json!(0))
    );
}

#[test]
fn a_month_is_compiled_again_and_absent_sections_stay() {
    let (_app, team) = team();
    let client = &team.member.client;
    let first = compile(client, "2026-03");
    let answer = client.post(
        "/v1/monthly-reports",
        &json!({ "month": "2026-03", "obstacles": "Jaringan" }),
    );
    let again = answer.expect(200);
    assert_eq!(again["id"], first["id"]);
    assert_eq!(
        (&again["highlights"], &again["obstacles"]),
        (&json!("Surat edaran selesai"), &json!("Jaringan"))
    );
    assert_eq!(answer.header("etag"), "\"2\"");
}

#[test]
fn wrong_months_and_long_sections_are_named() {
    let (_app, team) = team();
    let client = &team.member.client;
    for month in ["2026-13", "2026-3", "March", "", "1999-12", "2026-04", "2099-01"] {
        client
            .post("/v1/monthly-reports", &json!({ "month": month }))
            .names_field(422, "month");
    }
    for field in ["highlights", "obstacles", "plan"] {
        let body = json!({ "month": "2026-03", (field): "a".repeat(4_001) });
        client.post("/v1/monthly-reports", &body).names_field(422, field);
        let body = json!({ "month": "2026-03", (field): "a".repeat(4_000) });
        assert!(matches!(client.post("/v1/monthly-reports", &body).status, 200 | 201));
    }
    client
        .post("/v1/monthly-reports", &json!({ "month": "2026-03", "state": "closed" }))
        .names_field(422, "state");
}

#[test]
fn a_report_is_handed_in_from_the_last_day_with_highlights() {
    let (app, team) = team();
    let client = &team.member.client;
    let report = client
        .post("/v1/monthly-reports", &json!({ "month": "2026-03" }))
        .expect(201);
    let path = format!("/v1/monthly-reports/{}/submission", report["id"].as_str().unwrap());
    app.set_clock("2026-03-30T23:59:00+07:00");
    let client = app.signed_in(&team.member.username);
    client.post(&path, &json!({})).names_field(422, "month");
    app.set_clock("2026-03-31T00:00:00+07:00");
    client.post(&path, &json!({})).names_field(422, "highlights");
    compile(&client, "2026-03");
    let submitted = client.post(&path, &json!({})).expect(200);
    assert_eq!(submitted["state"], "submitted");
    assert_eq!(client.post(&path, &json!({})).expect(200), submitted);
    let again = client.post("/v1/monthly-reports", &json!({ "month": "2026-03" }));
    again.problem(409, "wrong_state");
}

#[test]
fn the_direct_superior_assesses_and_the_owner_is_told() {
    let (app, team) = team();
    let path = handed_in_report(&app, &team);
    let superior = app.signed_in(&team.superior.username);
    let listed = superior
        .get("/v1/monthly-reports?state=submitted&month=2026-03")
        .expect(200);
    assert_eq!(listed["items"][0]["employee"]["id"], json!(team.member.id.uuid()));
    superior.get(&path).expect(200);
    assess(&superior, &path, "below", "").names_field(422, "note");
    assess(&superior, &path, "splendid", "abc").names_field(422, "results");
    assess(&superior, &path, "above", &"a".repeat(2_001)).names_field(422, "note");
    let rated = assess(&superior, &path, "above", "Kerja bagus").expect(200);
    assert_eq!(rated["assessment"]["results"], "above");
    assert_eq!(assess(&superior, &path, "above", "Kerja bagus").expect(200), rated);
    let client = app.signed_in(&team.member.username);
    let notices = client.get("/v1/me/notices").expect(200);
    assert_eq!(notices["items"].as_array().unwrap().len(), 1);
    assert_eq!(
        notices["items"][0]["body"],
        "Laporan Maret 2026: hasil kerja di atas ekspektasi, perilaku kerja sesuai ekspektasi. \
         Buka laporan untuk membaca catatannya."
    );
}

#[test]
fn a_report_is_nobody_elses_business() {
    let (app, team) = team();
    let client = &team.member.client;
    let report = compile(client, "2026-03");
    let draft = format!("/v1/monthly-reports/{}", report["id"].as_str().unwrap());
    // Not handed in yet: not even the superior's.
    team.superior.client.get(&draft).problem(404, "not_found");
    let empty = team.superior.client.get("/v1/monthly-reports").expect(200);
    assert_eq!(empty["items"], json!([]));
    let asked = team
        .superior
        .client
        .get("/v1/monthly-reports?state=compiled")
        .expect(200);
    assert_eq!(asked["items"], json!([]));
    let path = handed_in_report(&app, &team);
    for username in [&team.colleague.username, &team.stranger.username, &team.head.username] {
        app.signed_in(username).get(&path).problem(404, "not_found");
    }
    let head = app.signed_in(&team.head.username);
    assess(&head, &path, "meets", "").problem(404, "not_found");
    let colleague = app.signed_in(&team.colleague.username);
    assess(&colleague, &path, "meets", "").problem(403, "forbidden");
}

#[test]
fn nobody_assesses_their_own_report() {
    let (app, team) = team();
    app.set_clock("2026-03-31T16:00:00+07:00");
    let superior = app.signed_in(&team.superior.username);
    let report = compile(&superior, "2026-03");
    let path = format!("/v1/monthly-reports/{}", report["id"].as_str().unwrap());
    superior.post(&format!("{path}/submission"), &json!({})).expect(200);
    assess(&superior, &path, "above", "Saya hebat").problem(403, "forbidden");
}

#[test]
fn three_days_after_the_rating_the_month_is_closed_and_its_entries_locked() {
    let (app, team) = team();
    let approved = handed_in(&team.member.client);
    review(&team.superior.client, &approved, "approved", "").expect(200);
    let path = handed_in_report(&app, &team);
    app.set_clock("2026-04-01T08:00:00+07:00");
    let superior = app.signed_in(&team.superior.username);
    assess(&superior, &path, "meets", "").expect(200);
    app.set_clock("2026-04-04T07:59:59+07:00");
    assert_eq!(app.app().close_monthly_reports().unwrap(), 0);
    app.set_clock("2026-04-04T08:00:00+07:00");
    assert_eq!(app.app().close_monthly_reports().unwrap(), 1);
    assert_eq!(app.app().close_monthly_reports().unwrap(), 0);
    let client = app.signed_in(&team.member.username);
    let report = client.get(&path).expect(200);
    assert_eq!(
        (&report["state"], &report["totals"]["approved"]),
        (&json!("closed"), &json!(1))
    );
    let locked = client.get(&format!("/v1/activities/{approved}")).expect(200);
    assert_eq!(
        (&locked["state"], &locked["review"]["decision"]),
        (&json!("locked"), &json!("approved"))
    );
    let problem = client
        .post("/v1/activities", &entry("2026-03-31", "08:00", "09:00"))
        .names_field(422, "work_date");
    assert!(
        problem["fields"].to_string().contains("month_closed")
            || problem["fields"].to_string().contains("entry_closed")
    );
    let superior = app.signed_in(&team.superior.username);
    assess(&superior, &path, "above", "Terlambat").problem(409, "wrong_state");
}

#[test]
fn a_closed_month_takes_no_entry_even_while_its_days_are_open() {
    let (app, team) = team();
    let path = handed_in_report(&app, &team);
    let superior = app.signed_in(&team.superior.username);
    assess(&superior, &path, "meets", "").expect(200);
    app.set_clock("2026-04-03T16:00:00+07:00");
    assert_eq!(app.app().close_monthly_reports().unwrap(), 1);
    let client = app.signed_in(&team.member.username);
    let problem = client
        .post("/v1/activities", &entry("2026-03-31", "08:00", "09:00"))
        .names_field(422, "work_date");
    assert_eq!(problem["fields"][0]["code"], "month_closed");
    client
        .post("/v1/activities", &entry("2026-04-01", "08:00", "09:00"))
        .expect(201);
}

#[test]
fn ones_own_reports_are_listed_by_month() {
    let (_app, team) = team();
    let client = &team.member.client;
    for month in ["2026-03", "2026-01", "2026-02"] {
        compile(client, month);
    }
    let first = client.get("/v1/me/monthly-reports?limit=2").expect(200);
    assert_eq!(
        (&first["items"][0]["month"], &first["items"][1]["month"]),
        (&json!("2026-01"), &json!("2026-02"))
    );
    let cursor = first["next_cursor"].as_str().unwrap();
    let rest = client
        .get(&format!("/v1/me/monthly-reports?cursor={cursor}"))
        .expect(200);
    assert_eq!(rest["items"][0]["month"], "2026-03");
    client
        .get("/v1/me/monthly-reports?month=2026-3")
        .names_field(422, "month");
    client
        .get("/v1/me/monthly-reports?state=nope")
        .names_field(422, "state");
}
