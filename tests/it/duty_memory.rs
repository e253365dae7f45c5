//! What the writer remembers of people is forgotten by the same commit that changes it, whoever makes it.

use crate::harness::TestApp;
use crate::harness::homes::{HOME, at_metres};
use crate::harness::people::Person;
use crate::harness::shares::{MORNING, at_home, claim, share};
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use serde_json::{Value, json};
use sherlok::domain::work_mode::WorkMode;
use sherlok::store;
use sherlok::store::backend::AnyConnection;
use std::collections::BTreeMap;
use uuid::Uuid;

const AGENCIES: [&str; 3] = ["1.01", "1.02", "1.03"];

fn epochs(app: &TestApp) -> BTreeMap<String, i64> {
    let read = app
        .app()
        .store()
        .read(|connection| store::duty::read_epochs(connection, &AGENCIES));
    read.unwrap().agencies.into_iter().collect()
}

/// The agencies whose number has moved, and none has gone back.
#[track_caller]
fn moved_by(app: &TestApp, statement: &str) -> Vec<String> {
    let before = epochs(app);
    app.execute(statement);
    let after = epochs(app);
    assert!(before.iter().all(|(code, epoch)| after[code] >= *epoch), "{statement}");
    after
        .into_iter()
        .filter(|(code, epoch)| before[code] != *epoch)
        .map(|(code, _)| code)
        .collect()
}

/// A statement that is not kept would be planned anew for every group of shares.
#[test]
fn the_question_for_the_numbers_is_planned_once_a_connection() {
    let app = TestApp::start();
    if !app.is_postgres() {
        println!("on PostgreSQL only: SQLite's text differs with the number of agencies");
        return;
    }
    let planned = app.app().store().read(|connection| {
        for _ in 0..3 {
            store::duty::read_epochs(connection, &AGENCIES)?;
        }
        let AnyConnection::Postgres(inner) = connection else {
            panic!("another database than the harness says")
        };
        let kept = "(SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%duty_epoch%rule_epoch%' AND name <> '')";
        Ok::<i64, store::error::Error>(diesel::select(sql::<BigInt>(kept)).get_result(inner)?)
    });
    assert_eq!(planned.unwrap(), 1);
}

#[test]
fn every_change_of_what_duties_are_read_from_moves_the_numbers_of_the_agencies_it_concerns() {
    let app = TestApp::start();
    let person = app.employee("1.01");
    for agency in ["1.02", "1.03"] {
        app.agency(agency);
    }
    let employee = app.literal(person.id.uuid());
    let whose = format!("WHERE employee_id = {employee}");
    let [first, both] = [vec!["1.01"], vec!["1.01", "1.02"]];

    // An assignment concerns the agency that makes it, or made it before.
    let nobody = app.literal(Uuid::nil());
    let created_at = if app.is_postgres() { "now()" } else { "0" };
    let assignment = format!(
        "INSERT INTO assignment (employee_id, work_date, agency_code, mode, source, created_by, created_at) \
         VALUES ({employee}, '2026-03-02', '1.01', 'wfh', 'roster', {nobody}, {created_at})"
    );
    assert_eq!(moved_by(&app, &assignment), first);
    assert_eq!(
        moved_by(&app, &format!("UPDATE assignment SET mode = 'wfo' {whose}")),
        first
    );
    let upsert = format!("{assignment} ON CONFLICT (employee_id, work_date, slots) DO UPDATE SET mode = 'wfa'");
    assert_eq!(moved_by(&app, &upsert), first);
    assert_eq!(
        moved_by(&app, &format!("UPDATE assignment SET agency_code = '1.02' {whose}")),
        both
    );
    assert_eq!(moved_by(&app, &format!("DELETE FROM assignment {whose}")), ["1.02"]);

    // A home concerns every agency that the person belonged to, once it counts.
    let home = app.verified_home(&person, HOME, "2026-01-05");
    assert_eq!(
        moved_by(&app, &format!("UPDATE home SET valid_from = NULL {whose}")),
        first
    );
    assert!(moved_by(&app, &format!("UPDATE home SET address = 'Jalan Lain' {whose}")).is_empty());
    assert_eq!(
        moved_by(&app, &format!("UPDATE home SET valid_from = '2026-02-01' {whose}")),
        first
    );
    assert_eq!(
        moved_by(
            &app,
            &format!("DELETE FROM home WHERE id = {}", app.literal(home.uuid()))
        ),
        first
    );

    // So does a membership, the agency that it leads away from among them.
    let ended = format!("UPDATE membership SET valid_to = '2026-03-31' {whose}");
    assert_eq!(moved_by(&app, &ended), first);
    let begun = format!(
        "INSERT INTO membership (employee_id, valid_from, agency_code, work_group) \
         VALUES ({employee}, '2026-04-01', '1.02', 'administration')"
    );
    assert_eq!(moved_by(&app, &begun), both);
    let elsewhere = format!("UPDATE membership SET agency_code = '1.03' {whose} AND valid_from = '2026-04-01'");
    assert_eq!(moved_by(&app, &elsewhere), AGENCIES);
    assert_eq!(
        moved_by(
            &app,
            &format!("DELETE FROM membership {whose} AND valid_from = '2026-04-01'")
        ),
        ["1.01", "1.03"]
    );
}

/// The next share of a person, at the same place and a few minutes later than the one before.
struct Shares<'a> {
    person: &'a Person,
    made: u32,
}

impl Shares<'_> {
    fn next(&mut self) -> Value {
        self.made += 1;
        let captured_at = format!("2026-03-02T08:{:02}:00+07:00", 30 + self.made);
        share(&self.person.client, &claim(&captured_at, 12.0, 18.5, self.made)).expect(201)
    }

    fn judged(&mut self) -> (Value, Value) {
        let answer = self.next();
        (answer["mode"].clone(), answer["place"].clone())
    }
}

#[test]
fn a_share_is_judged_by_what_stands_now_and_not_by_what_was_remembered() {
    let (app, person) = at_home();
    let mut shares = Shares {
        person: &person,
        made: 0,
    };
    // Nothing is remembered of the first, the third is judged from memory.
    for _ in 0..3 {
        assert_eq!(shares.judged(), (json!("wfh"), json!("inside")));
    }
    let whose = format!("WHERE employee_id = {}", app.literal(person.id.uuid()));
    app.execute(&format!("UPDATE assignment SET mode = 'wfa' {whose}"));
    assert_eq!(shares.judged().0, json!("wfa"));
    app.execute(&format!("DELETE FROM assignment {whose}"));
    app.assign(&person, "2026-03-02", WorkMode::Wfh);
    assert_eq!(shares.judged(), (json!("wfh"), json!("inside")));

    // Another home, five kilometres away.
    app.execute(&format!("UPDATE home SET valid_to = '2026-03-01' {whose}"));
    assert_eq!(shares.judged().1, json!("unverifiable"));
    app.verified_home(&person, at_metres(5_000.0), "2026-03-02");
    assert_eq!(shares.judged().1, json!("outside"));
}

#[test]
fn what_another_instance_changes_is_seen_by_the_next_share() {
    let (app, person) = at_home();
    app.agency("1.02");
    let mut shares = Shares {
        person: &person,
        made: 0,
    };
    for _ in 0..3 {
        assert_eq!(shares.next()["mode"], "wfh");
    }
    let twin = app.twin();
    let operator = twin.official("agency_operator:1.01");
    let item = json!({ "employee_id": person.id.uuid(), "date": "2026-03-02", "mode": "wfa" });
    let body = json!({ "agency": "1.01", "items": [item] });
    operator.post("/v1/rosters", &body).expect(200);
    assert_eq!(shares.next()["mode"], "wfa");

    let officer = twin.official("bkd_officer");
    let address = format!("/v1/employees/{}/transfer", person.id.uuid());
    officer
        .post(&address, &json!({ "agency": "1.02", "date": "2026-03-03" }))
        .expect(204);
    app.set_clock("2026-03-03T09:20:00+07:00");
    let moved = share(
        &app.signed_in(&person.username),
        &claim("2026-03-03T08:30:00+07:00", 12.0, 18.5, 50),
    )
    .expect(201);
    assert_eq!(moved["mode"], "wfo", "the new agency has assigned nothing: {moved}");
    assert_eq!(
        app.app()
            .store()
            .read(|connection| store::check_in::list_counts(connection, "1.02", "2026-03-03".parse().unwrap()))
            .unwrap()
            .len(),
        1
    );
}

#[test]
fn an_old_share_among_new_ones_is_judged_by_its_own_day() {
    let (app, person) = at_home();
    let other = app.employee("1.01");
    app.verified_home(&other, HOME, "2026-01-05");
    app.assign(&other, "2026-03-02", WorkMode::Wfh);
    app.assign(&person, "2026-02-20", WorkMode::Wfa);
    for serial in 1..4 {
        assert_eq!(
            share(&person.client, &claim(MORNING, 12.0, 18.5, serial)).expect(201)["mode"],
            "wfh"
        );
    }
    let old = claim("2026-02-20T08:30:00+07:00", 12.0, 18.5, 9);
    let both = json!({ "check_ins": [old, claim("2026-03-02T08:36:00+07:00", 12.0, 18.5, 10)] });
    let answer = person.client.post("/v1/check-ins/batch", &both).expect(200);
    let modes: Vec<&Value> = answer["results"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["check_in"]["mode"])
        .collect();
    assert_eq!(modes, ["wfa", "wfh"]);
    // The old day did not become what is usual.
    assert_eq!(
        share(&other.client, &claim(MORNING, 12.0, 18.5, 11)).expect(201)["mode"],
        "wfh"
    );
    assert_eq!(
        share(&person.client, &claim("2026-03-02T08:37:00+07:00", 12.0, 18.5, 12)).expect(201)["mode"],
        "wfh"
    );
}

#[test]
fn an_old_day_that_was_remembered_and_has_changed_is_read_anew() {
    let (app, person) = at_home();
    let mut shares = Shares {
        person: &person,
        made: 0,
    };
    for _ in 0..3 {
        assert_eq!(shares.next()["mode"], "wfh");
    }
    app.set_clock("2026-03-04T09:00:00+07:00");
    let whose = format!("WHERE employee_id = {}", app.literal(person.id.uuid()));
    app.execute(&format!("UPDATE assignment SET mode = 'wfa' {whose}"));
    let late = claim("2026-03-02T08:50:00+07:00", 12.0, 18.5, 60);
    assert_eq!(
        share(&app.signed_in(&person.username), &late).expect(201)["mode"],
        "wfa"
    );
}

/// What the tests above are worth: with a trigger less the same change goes unseen. On SQLite a debug build compares what is
/// remembered with what stands at every share, and ends there.
#[test]
fn without_a_trigger_the_change_would_not_be_seen() {
    let (app, person) = at_home();
    if !app.is_postgres() {
        println!("on PostgreSQL only: on SQLite the writer itself finds the difference");
        return;
    }
    let mut shares = Shares {
        person: &person,
        made: 0,
    };
    for _ in 0..3 {
        assert_eq!(shares.next()["mode"], "wfh");
    }
    for age in ["old", "new"] {
        app.execute(&format!("DROP TRIGGER duty_epoch_update_{age} ON assignment"));
    }
    let whose = format!("WHERE employee_id = {}", app.literal(person.id.uuid()));
    app.execute(&format!("UPDATE assignment SET mode = 'wfa' {whose}"));
    assert_eq!(shares.next()["mode"], "wfh");
}
