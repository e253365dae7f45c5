//! The results of an agency are found by its people: those of other agencies on the same day are not read for it.

use crate::batch::{DAY, scene};
use chrono::NaiveDate;
use diesel::sql_types::BigInt;
use diesel::{QueryableByName, RunQueryDsl, sql_query};
use sherlok::domain::access::{Action, Actor, AgencyCode, Target, may};
use sherlok::domain::ids::{AccountId, SessionId};
use sherlok::domain::role::{Grant, Role};
use sherlok::domain::slot::Slot;
use sherlok::store;
use sherlok::store::agency_day::Which;
use sherlok::store::backend::AnyConnection;
use uuid::Uuid;

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// Results that this transaction has read so far; PostgreSQL counts them. SQLite does not, and answers 0.
fn results_read(connection: &mut AnyConnection) -> i64 {
    match connection {
        AnyConnection::Postgres(_) => {
            let counted = "SELECT coalesce(sum(idx_tup_fetch + seq_tup_read), 0)::bigint AS count \
                           FROM pg_stat_xact_user_tables \
                           WHERE schemaname = current_schema() AND relname = 'slot_result'";
            sql_query(counted).get_result::<Count>(connection).unwrap().count
        }
        AnyConnection::Sqlite(_) => 0,
    }
}

#[test]
fn an_agencys_day_is_read_without_the_results_of_others() {
    let scene = scene().lived();
    let app = scene.app.app();
    // Many colleagues who did not share, and twenty thousand results of another agency.
    scene.app.execute(if scene.app.is_postgres() {
        "CREATE TEMP TABLE crowd AS SELECT gen_random_uuid() AS id, n FROM generate_series(1, 2000) AS n; \
         INSERT INTO employee (id, number_kind, name, front_title, back_title, pseudonym, version, created_at, updated_at) \
            SELECT id, 'non_asn', 'Contoh', '', '', 'X' || n, 1, now(), now() FROM crowd; \
         INSERT INTO membership (employee_id, valid_from, agency_code, work_group) \
            SELECT id, '2020-01-01', '1.01', 'administration' FROM crowd; \
         INSERT INTO slot_result SELECT gen_random_uuid(), '2026-03-02', 1, '9.99', '2026-03-02', gen_random_uuid(), 1, \
            'on_time', now() FROM generate_series(1, 20000); \
         DROP TABLE crowd; ANALYZE slot_result; ANALYZE membership"
    } else {
        "CREATE TEMP TABLE crowd AS WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < 20000) \
            SELECT randomblob(16) AS id, n FROM s; \
         INSERT INTO employee (id, number_kind, name, front_title, back_title, pseudonym, version, created_at, updated_at) \
            SELECT id, 'non_asn', 'Contoh', '', '', 'X' || n, 1, 0, 0 FROM crowd WHERE n <= 2000; \
         INSERT INTO membership (employee_id, valid_from, agency_code, work_group) \
            SELECT id, '2020-01-01', '1.01', 'administration' FROM crowd WHERE n <= 2000; \
         INSERT INTO slot_result SELECT randomblob(16), '2026-03-02', 1, '9.99', '2026-03-02', randomblob(16), 1, \
            'on_time', 0 FROM crowd; \
         DROP TABLE crowd"
    });
    let agency: AgencyCode = AgencyCode::parse("1.01").unwrap();
    let grant = Grant {
        role: Role::AgencyOperator,
        agency: Some(agency.clone()),
    };
    let actor = Actor::new(
        AccountId::new(Uuid::nil()),
        None,
        SessionId::new(Uuid::nil()),
        vec![grant],
    );
    let scope = may(&actor, Action::SealBatch, Target::Agency(&agency)).unwrap();
    let day: NaiveDate = DAY.parse().unwrap();
    let read = app
        .store()
        .write(|connection| {
            let shares = store::batch_unit::list_shares(connection, &scope, &agency, day, None)?;
            let some = store::batch_unit::list_shares(connection, &scope, &agency, day, Some(Slot::Midday))?;
            assert_eq!((shares.len(), some.len()), (2, 0));
            let people = store::agency_day::count(connection, &scope, &agency, day, false)?;
            let mornings = people.iter().filter(|kind| kind.has_shared(Slot::Morning));
            assert_eq!(mornings.map(|kind| kind.people).sum::<i64>(), 2);
            let which = Which::Received(None);
            let at = (day, Slot::Morning);
            let listed = store::agency_day::list(connection, &scope, &agency, at, &which, false, None, 200)?;
            assert_eq!(listed.len(), 2);
            Ok::<_, store::error::Error>(results_read(connection))
        })
        .unwrap();
    assert!(read < 100, "{read} results read for two people");
}
