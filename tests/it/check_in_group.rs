//! What a group of shares takes for new or for free is found after all where it stands already.

use crate::harness::TestApp;
use crate::harness::people::Person;
use crate::harness::shares::{MORNING, at_home, claim, share};
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use serde_json::Value;
use sherlok::domain::ids::ReceiptId;
use sherlok::store;
use sherlok::store::backend::AnyConnection;
use sherlok::store::check_in_group::NewRows;
use sherlok::store::check_in_receipt::ReceiptRow;
use std::sync::Arc;
use std::time::Duration;
use uuid::Uuid;

const MIDDAY: &str = "2026-03-02T12:00:00+07:00";
const AFTERNOON: &str = "2026-03-02T16:00:00+07:00";
const DAY: &str = "2026-03-02";

/// A share of somebody whose token may have run out, at a moment that has just passed.
#[track_caller]
fn share_at(app: &TestApp, person: &Person, moment: &str, metres: f64, serial: u32) -> Value {
    app.set_clock(&moment.replace(":00:00+", ":00:30+").replace(":30:00+", ":30:30+"));
    share(&app.signed_in(&person.username), &claim(moment, metres, 18.5, serial)).expect(201)
}

#[test]
fn a_share_that_is_there_already_is_told_apart_from_a_failure() {
    let (app, person) = at_home();
    share(&person.client, &claim(MORNING, 12.0, 18.5, 1)).expect(201);
    let outcome = app.app().store().write(|connection| {
        let id = claim(MORNING, 12.0, 18.5, 1)["id"].as_str().unwrap().parse().unwrap();
        let rows = store::check_in::list_by_key(connection, &[(id, person.id)])?;
        let rows: Vec<_> = rows.into_iter().map(Arc::new).collect();
        let position = store::check_in::find_position(connection, person.id, id)?.unwrap();
        let receipt = ReceiptRow {
            id_day: rows[0].id_day,
            id: ReceiptId::new(Uuid::nil()),
            leaves: Vec::new(),
            note: String::new(),
        };
        store::check_in_group::insert(
            connection,
            &NewRows {
                results: &[],
                shares: &rows,
                positions: &[position],
                aside: &[],
                counts: &[],
                receipt: &receipt,
            },
        )
    });
    assert!(matches!(outcome, Err(store::error::Error::Busy(_))), "{outcome:?}");
}

#[test]
fn a_slot_that_was_taken_unseen_goes_to_the_better_share() {
    for (metres, counts) in [(5_000.0, false), (0.0, true)] {
        let (app, person) = at_home();
        // Remembered the second time.
        share_at(&app, &person, MORNING, 300.0, 1);
        share_at(&app, &person, MORNING, 400.0, 5);
        // As if another instance had recorded the share, and at midday.
        let whose = format!("employee_id = {}", app.literal(person.id.uuid()));
        app.execute(&format!("UPDATE slot_result SET slot = 2 WHERE {whose}"));
        app.execute("UPDATE agency_slot_count SET slot = 2");
        assert_eq!(share_at(&app, &person, MIDDAY, metres, 2)["counted"], counts);
        app.counters_agree("1.01", DAY);
        // For some groups nothing is guessed now.
        assert_eq!(
            share_at(&app, &person, MORNING, 20.0, 3)["counted"],
            true,
            "it is free after all"
        );
        assert_eq!(share_at(&app, &person, AFTERNOON, 20.0, 4)["counted"], true);
        app.counters_agree("1.01", DAY);
    }
}

#[test]
fn slots_that_another_instance_takes_are_counted_once() {
    let (app, person) = at_home();
    if !app.is_postgres() {
        println!("on PostgreSQL only: SQLite serves one process");
        return;
    }
    let twin = app.twin();
    share_at(&app, &person, MORNING, 20.0, 1);
    share_at(&app, &person, MORNING, 30.0, 4);
    app.set_clock("2026-03-02T16:10:00+07:00");
    let here = app.signed_in(&person.username);
    let there = here.at(&twin.base_url);
    for (moment, serial) in [(MIDDAY, 2), (AFTERNOON, 3)] {
        assert_eq!(
            share(&there, &claim(moment, 20.0, 9.0, serial)).expect(201)["counted"],
            true
        );
        assert_eq!(
            share(&here, &claim(moment, 5_000.0, 9.0, serial + 10)).expect(201)["counted"],
            false
        );
    }
    app.counters_agree("1.01", DAY);
}

/// Searches of the results by index so far, as far as the writer's connection has told.
fn searches(app: &TestApp) -> i64 {
    let counted = app.app().store().read(|connection| {
        let AnyConnection::Postgres(inner) = connection else {
            panic!("another database than the harness says")
        };
        let counted = "(SELECT coalesce(sum(idx_scan), 0)::bigint FROM pg_stat_user_tables \
                        WHERE schemaname = current_schema() AND relname = 'slot_result')";
        Ok::<i64, store::error::Error>(diesel::select(sql::<BigInt>(counted)).get_result(inner)?)
    });
    counted.unwrap()
}

#[test]
fn whoever_is_remembered_takes_a_slot_without_a_search() {
    let (app, person) = at_home();
    if !app.is_postgres() {
        println!("on PostgreSQL only: SQLite counts no searches");
        return;
    }
    // A connection tells at most once a second, before it begins the next statement: each share what those before cost.
    let told = |moment, metres, serial| {
        std::thread::sleep(Duration::from_millis(1_200));
        share_at(&app, &person, moment, metres, serial);
        searches(&app)
    };
    // Whose agency was never asked for is remembered the second time.
    told(MORNING, 20.0, 1);
    told(MORNING, 30.0, 2);
    let unknown = told(MIDDAY, 20.0, 3);
    assert!(unknown > 0, "nothing was remembered");
    assert_eq!(told(AFTERNOON, 20.0, 4), unknown, "midday");
    assert_eq!(told(AFTERNOON, 10.0, 5), unknown, "afternoon");
    assert!(told(AFTERNOON, 20.0, 6) > unknown, "the afternoon was taken");
}
