//! A share that is sent again is found by its own key: what the same person shared before is not read for it.

use crate::harness::shares::{MORNING, at_home, claim, share};
use diesel::sql_types::BigInt;
use diesel::{QueryableByName, RunQueryDsl, sql_query};
use serde_json::{Value, json};
use sherlok::domain::ids::{CheckInId, EmployeeId};
use sherlok::store;
use sherlok::store::backend::AnyConnection;
use uuid::Uuid;

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// Rows of shares that this transaction has fetched so far by any index; PostgreSQL counts them.
fn fetched(connection: &mut AnyConnection) -> i64 {
    sql_query(
        "SELECT coalesce(sum(idx_tup_fetch + seq_tup_read), 0)::bigint AS count FROM pg_stat_xact_user_tables \
         WHERE schemaname = current_schema() AND relname LIKE 'check\\_in%'",
    )
    .get_result::<Count>(connection)
    .unwrap()
    .count
}

fn key(claim: &Value, person: EmployeeId) -> (CheckInId, EmployeeId) {
    (CheckInId::from_client(claim["id"].as_str().unwrap()).unwrap(), person)
}

#[test]
fn a_known_share_is_looked_up_without_reading_the_persons_other_shares() {
    let (app, person) = at_home();
    app.app().prepare().unwrap();
    let claims: Vec<Value> = (1..=60).map(|serial| claim(MORNING, 12.0, 12.5, serial)).collect();
    person
        .client
        .post("/v1/check-ins/batch", &json!({ "check_ins": claims }))
        .expect(200);
    let wanted = [key(&claims[7], person.id), key(&claims[31], person.id)];
    let (rows, read) = app
        .app()
        .store()
        .write(|connection| {
            store::check_in_group::plan_by_index(connection)?;
            let is_postgres = matches!(connection, AnyConnection::Postgres(_));
            let before = if is_postgres { fetched(connection) } else { 0 };
            let rows = store::check_in::list_by_key(connection, &wanted)?;
            let after = if is_postgres { fetched(connection) } else { 2 };
            Ok::<_, store::error::Error>((rows, after - before))
        })
        .unwrap();
    let mut found: Vec<CheckInId> = rows.iter().map(|row| row.id).collect();
    found.sort();
    let mut ids = wanted.map(|(id, _)| id);
    ids.sort();
    assert_eq!(found, ids);
    assert_eq!(read, 2, "rows read for two shares");
}

#[test]
fn a_key_is_a_pair_and_unknown_ones_are_left_out() {
    let (app, person) = at_home();
    let other = app.employee("1.01");
    let claims = [claim(MORNING, 12.0, 12.5, 1), claim(MORNING, 12.0, 12.5, 2)];
    share(&person.client, &claims[0]).expect(201);
    share(&other.client, &claims[0]).expect(201);
    share(&other.client, &claims[1]).expect(201);
    let list = |keys: &[(CheckInId, EmployeeId)]| {
        let rows = app
            .app()
            .store()
            .read(|connection| store::check_in::list_by_key(connection, keys))
            .unwrap();
        let mut found: Vec<_> = rows.into_iter().map(|row| (row.id, row.employee_id)).collect();
        found.sort();
        found
    };
    assert_eq!(list(&[]), []);
    assert_eq!(list(&[key(&claims[1], person.id)]), []);
    assert_eq!(
        list(&[
            key(&claims[1], person.id),
            key(&claims[0], person.id),
            key(&claims[0], person.id)
        ]),
        [key(&claims[0], person.id)]
    );
    // More than a statement with a value a cell could bind.
    let mut many: Vec<(CheckInId, EmployeeId)> = (0..20_000u128)
        .map(|serial| (CheckInId::new(Uuid::from_u128(serial)), person.id))
        .collect();
    many.push(key(&claims[0], other.id));
    assert_eq!(list(&many), [key(&claims[0], other.id)]);
}

#[test]
fn one_known_share_among_many_new_ones_is_answered_again_and_nothing_is_written_twice() {
    const NOW: &str = "2026-03-02T08:58:59+07:00";
    let (_app, person) = at_home();
    let claims: Vec<Value> = (1..=60).map(|serial| claim(NOW, 12.0, 18.5, serial)).collect();
    let answer = share(&person.client, &claims[40]).expect(201);
    // The first attempt takes it for new and fails behind rows that are written already.
    let send = || {
        person
            .client
            .post("/v1/check-ins/batch", &json!({ "check_ins": claims }))
            .expect(200)["results"]
            .clone()
    };
    let first = send();
    for (index, result) in first.as_array().unwrap().iter().enumerate() {
        assert_eq!(result["status"], if index == 40 { 200 } else { 201 }, "{index}");
    }
    assert_eq!(first[40]["check_in"], answer);
    for (before, again) in first.as_array().unwrap().iter().zip(send().as_array().unwrap()) {
        assert_eq!(again["status"], 200);
        assert_eq!(again["check_in"], before["check_in"]);
    }
    let list = person.client.get("/v1/me/check-ins?limit=200").expect(200);
    assert_eq!(list["items"].as_array().unwrap().len(), 60);
}
