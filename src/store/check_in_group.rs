//! What the writers of shares put into the database, a group at a time: one statement a table, on SQLite a few.
//!
//! Nothing here waits for a person's lock. Two writers that meet over one share or one slot are told apart by the keys:
//! whoever comes second gives up and judges again.

use crate::domain::check_in::TimeOutcome;
use crate::domain::ids::CheckInId;
use crate::domain::ids::DataKeyId;
use crate::domain::ids::EmployeeId;
use crate::domain::ids::HomeId;
use crate::domain::ids::ReceiptId;
use crate::domain::ids::SiteId;
use crate::domain::instant::Instant;
use crate::domain::place::Place;
use crate::domain::slot::Slot;
use crate::domain::work_mode::WorkMode;
use crate::store::backend::AnyConnection;
use crate::store::check_in::AsideRow;
use crate::store::check_in::CheckInRow;
use crate::store::check_in::CountRow;
use crate::store::check_in::PositionRow;
use crate::store::check_in::SlotResultRow;
use crate::store::check_in::list_results;
use crate::store::columns::Json;
use crate::store::columns::sql;
use crate::store::error::Error;
use crate::store::schema::slot_result;
use chrono::NaiveDate;
use diesel::connection::SimpleConnection;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::serialize::{self, Output, ToSql, WriteTuple};
use diesel::sql_types::{Array, BigInt, Binary, Bool, Date, HasSqlType, Integer, Nullable, SmallInt, SqlType, Text};
use diesel::sqlite::Sqlite;
use std::collections::HashMap;
use std::fmt::Debug;
use std::marker::PhantomData;
use std::sync::Arc;

/// Rows of the statement that SQLite keeps prepared for each table. What is left of a group, less than so many rows, is a
/// statement of its own size, parsed anew.
const PREPARED_ROWS: usize = 16;

/// A row that is inserted along with many others, and how.
trait Inserted: Debug {
    /// Its composite type on PostgreSQL, which also names the statements.
    type Composite: SqlType + QueryId + 'static;
    /// Table and columns.
    const INTO: &'static str;
    /// What stands behind the rows.
    const TAIL: &'static str;
    /// Writes its values as PostgreSQL takes a composite one.
    fn write(&self, out: &mut Output<'_, '_, Pg>) -> serialize::Result;
    /// Names its values in a statement of SQLite.
    fn push<'b>(&'b self, out: &mut AstPass<'_, 'b, Sqlite>) -> QueryResult<()>;
}

macro_rules! inserted {
    ($row:ty as $composite:ident = $composite_name:literal, into $table:literal
     ($first:ident: $first_rust:ty = $first_sql:ty, $($field:ident: $rust:ty = $sql:ty,)+) $tail:literal) => {
        #[derive(Clone, Copy, Debug, QueryId, SqlType)]
        #[diesel(postgres_type(name = $composite_name))]
        struct $composite;

        impl Inserted for $row {
            type Composite = $composite;
            const INTO: &'static str = concat!("INTO ", $table, " (", stringify!($first), $(", ", stringify!($field),)+ ")");
            const TAIL: &'static str = $tail;

            fn write(&self, out: &mut Output<'_, '_, Pg>) -> serialize::Result {
                WriteTuple::<($first_sql, $($sql,)+)>::write_tuple(&(&self.$first, $(&self.$field,)+), out)
            }

            fn push<'b>(&'b self, out: &mut AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
                out.push_bind_param::<$first_sql, $first_rust>(&self.$first)?;
                $(
                    out.push_sql(", ");
                    out.push_bind_param::<$sql, $rust>(&self.$field)?;
                )+
                Ok(())
            }
        }
    };
}

/// An insert on PostgreSQL: one parameter, an array of a composite type that is there for it (`migrations`).
///
/// Its text never changes, so the connection plans it once, where a statement with a value a cell would be planned for
/// each size of a group; and an array of rows costs a third less than an array a column, which would be laid side by side.
struct PostgresRows<'a, Row>(Vec<Composite<'a, Row>>);

#[derive(Debug)]
struct Composite<'a, Row>(&'a Row);

impl<Row: Inserted> ToSql<Row::Composite, Pg> for Composite<'_, Row> {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        self.0.write(out)
    }
}

impl<Row: Inserted> QueryFragment<Pg> for PostgresRows<'_, Row>
where
    Pg: HasSqlType<Row::Composite>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("INSERT ");
        out.push_sql(Row::INTO);
        out.push_sql(" SELECT * FROM unnest(");
        out.push_bind_param::<Array<Row::Composite>, _>(&self.0)?;
        out.push_sql(")");
        out.push_sql(Row::TAIL);
        Ok(())
    }
}

impl<Row: Inserted> QueryId for PostgresRows<'_, Row> {
    type QueryId = Row::Composite;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl<Row> RunQueryDsl<PgConnection> for PostgresRows<'_, Row> {}

fn insert_on_postgres<Row: Inserted>(connection: &mut PgConnection, rows: &[Row]) -> QueryResult<usize>
where
    Pg: HasSqlType<Row::Composite>,
{
    PostgresRows(rows.iter().map(Composite).collect()).execute(connection)
}

/// Rows of one statement on SQLite: `COUNT`, prepared once, or with 0 as many as there are.
struct SqliteRows<'a, Row, const COUNT: usize>(&'a [Row]);

/// Names the prepared statement of an insert.
struct Prepared<Composite, const COUNT: usize>(PhantomData<Composite>);

impl<Row: Inserted, const COUNT: usize> QueryFragment<Sqlite> for SqliteRows<'_, Row, COUNT> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        if COUNT == 0 {
            out.unsafe_to_cache_prepared();
        }
        out.push_sql("INSERT OR FAIL ");
        out.push_sql(Row::INTO);
        for (index, row) in self.0.iter().enumerate() {
            out.push_sql(if index == 0 { " VALUES (" } else { ", (" });
            row.push(&mut out)?;
            out.push_sql(")");
        }
        out.push_sql(Row::TAIL);
        Ok(())
    }
}

impl<Row: Inserted, const COUNT: usize> QueryId for SqliteRows<'_, Row, COUNT> {
    type QueryId = Prepared<Row::Composite, COUNT>;
    const HAS_STATIC_QUERY_ID: bool = COUNT > 0;
}

impl<Row, const COUNT: usize> RunQueryDsl<SqliteConnection> for SqliteRows<'_, Row, COUNT> {}

/// Inserts rows; gives how many were written.
///
/// Rows before one that can't be written stay (`OR FAIL`) until the caller rolls back, as it must after any error: to be
/// able to take a statement back by itself, SQLite would copy every page that it changes.
fn insert_on_sqlite<Row: Inserted>(connection: &mut SqliteConnection, rows: &[Row]) -> QueryResult<usize> {
    let (chunks, rest) = rows.as_chunks::<PREPARED_ROWS>();
    let mut written = 0;
    for chunk in chunks {
        written += SqliteRows::<_, PREPARED_ROWS>(chunk).execute(connection)?;
    }
    if !rest.is_empty() {
        written += SqliteRows::<_, 0>(rest).execute(connection)?;
    }
    Ok(written)
}

inserted! {
    Arc<CheckInRow> as InsertedShare = "inserted_check_in", into "check_in" (
        id_day: NaiveDate = Date,
        id: CheckInId = sql::Id,
        employee_id: EmployeeId = sql::Id,
        agency_code: String = Text,
        claim_digest: Vec<u8> = Binary,
        channel: String = Text,
        device_id: Option<String> = Nullable<Text>,
        captured_at: Instant = sql::Moment,
        sent_at: Option<Instant> = Nullable<sql::Moment>,
        received_at: Instant = sql::Moment,
        corrected_at: Instant = sql::Moment,
        zone: String = Text,
        offset_minutes: i16 = SmallInt,
        work_date: NaiveDate = Date,
        slot: Option<Slot> = Nullable<SmallInt>,
        mode: WorkMode = Text,
        place: Place = SmallInt,
        time: TimeOutcome = Text,
        distance_metres: Option<i32> = Nullable<Integer>,
        is_countable: bool = Bool,
        counted: bool = Bool,
        flags: Json = sql::Document,
        home_id: Option<HomeId> = Nullable<sql::Id>,
        site_id: Option<SiteId> = Nullable<sql::Id>,
        note: Option<String> = Nullable<Text>,
        receipt_id: Option<ReceiptId> = Nullable<sql::Id>,
        receipt_index: Option<i16> = Nullable<SmallInt>,
    ) ""
}

inserted! {
    PositionRow as InsertedPosition = "inserted_check_in_position", into "check_in_position" (
        id_day: NaiveDate = Date,
        id: CheckInId = sql::Id,
        employee_id: EmployeeId = sql::Id,
        key_id: DataKeyId = sql::Id,
        sealed: Vec<u8> = Binary,
    ) ""
}

inserted! {
    &SlotResultRow as InsertedSlotResult = "inserted_slot_result", into "slot_result" (
        employee_id: EmployeeId = sql::Id,
        work_date: NaiveDate = Date,
        slot: Slot = SmallInt,
        agency_code: String = Text,
        id_day: NaiveDate = Date,
        check_in_id: CheckInId = sql::Id,
        place: Place = SmallInt,
        time: TimeOutcome = Text,
        corrected_at: Instant = sql::Moment,
    ) " ON CONFLICT DO NOTHING"
}

inserted! {
    AsideRow as InsertedAside = "inserted_check_in_aside", into "check_in_aside" (
        employee_id: EmployeeId = sql::Id,
        work_date: NaiveDate = Date,
        check_in_id: CheckInId = sql::Id,
        corrected_at: Instant = sql::Moment,
    ) ""
}

inserted! {
    CountRow as InsertedCount = "inserted_agency_slot_count", into "agency_slot_count" (
        agency_code: String = Text,
        work_date: NaiveDate = Date,
        slot: Slot = SmallInt,
        place: Place = SmallInt,
        part: i16 = SmallInt,
        count: i64 = BigInt,
    ) " ON CONFLICT (agency_code, work_date, slot, place, part) DO UPDATE SET count = agency_slot_count.count + excluded.count"
}

/// Keeps PostgreSQL, on a writer's own connection, to plans by index: made once, good for tables of any size. Its
/// statistics of a day that has just begun would have it read whole tables.
pub fn plan_by_index(connection: &mut AnyConnection) -> Result<(), Error> {
    if let AnyConnection::Postgres(inner) = connection {
        inner.batch_execute(
            "SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off; SET enable_hashjoin = off; \
             SET enable_mergejoin = off; SET jit = off;",
        )?;
    }
    Ok(())
}

/// Lets shares represent their slots where nothing stands in them; gives the results that stood in the others.
///
/// The rows must be in order of person, so that two writers never wait for each other in a circle.
pub fn claim_slots(connection: &mut AnyConnection, rows: &[&SlotResultRow]) -> Result<Vec<SlotResultRow>, Error> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let inserted = match connection {
        AnyConnection::Postgres(inner) => insert_on_postgres(inner, rows)?,
        AnyConnection::Sqlite(inner) => insert_on_sqlite(inner, rows)?,
    };
    if inserted == rows.len() {
        return Ok(Vec::new());
    }
    let mut standing = list_results(
        connection,
        &sorted(rows.iter().map(|row| row.employee_id)),
        &sorted(rows.iter().map(|row| row.work_date)),
        &sorted(rows.iter().map(|row| row.slot)),
    )?;
    let claimed: HashMap<_, CheckInId> = rows.iter().map(|row| (key(row), row.check_in_id)).collect();
    standing.retain(|row| claimed.get(&key(row)).is_some_and(|id| *id != row.check_in_id));
    all_written(inserted + standing.len(), rows.len())?;
    Ok(standing)
}

/// Lets better shares represent slots, the second of each pair in place of the first, which is as it was read.
/// [`Error::Busy`] where one no longer stands so: nothing of the transaction may be kept then.
pub fn replace_results(
    connection: &mut AnyConnection,
    pairs: &[(&SlotResultRow, &SlotResultRow)],
) -> Result<(), Error> {
    for (old, new) in pairs {
        let replaced = diesel::update(slot_result::table)
            .filter(slot_result::employee_id.eq(old.employee_id))
            .filter(slot_result::work_date.eq(old.work_date))
            .filter(slot_result::slot.eq(old.slot))
            .filter(slot_result::check_in_id.eq(old.check_in_id))
            .set((
                slot_result::agency_code.eq(&new.agency_code),
                slot_result::id_day.eq(new.id_day),
                slot_result::check_in_id.eq(new.check_in_id),
                slot_result::place.eq(new.place),
                slot_result::time.eq(new.time),
                slot_result::corrected_at.eq(new.corrected_at),
            ))
            .execute(connection)?;
        all_written(replaced, 1)?;
    }
    Ok(())
}

fn key(row: &SlotResultRow) -> (EmployeeId, NaiveDate, Slot) {
    (row.employee_id, row.work_date, row.slot)
}

/// Each value once, in order.
fn sorted<T: Ord>(values: impl Iterator<Item = T>) -> Vec<T> {
    let mut values: Vec<T> = values.collect();
    values.sort_unstable();
    values.dedup();
    values
}

/// Adds shares and their sealed positions. [`Error::Busy`] where one of them is there already: nothing of the
/// transaction may be kept then.
pub fn insert(
    connection: &mut AnyConnection,
    rows: &[Arc<CheckInRow>],
    positions: &[PositionRow],
) -> Result<(), Error> {
    match insert_all(connection, rows, positions).map_err(Error::from) {
        // Nobody asks first whether a key is free: it hardly ever is not, and asking costs each row a search more.
        Err(Error::Duplicate(constraint)) => Err(Error::Busy(constraint.into())),
        other => other,
    }
}

fn insert_all(connection: &mut AnyConnection, rows: &[Arc<CheckInRow>], positions: &[PositionRow]) -> QueryResult<()> {
    if rows.is_empty() {
        return Ok(());
    }
    match connection {
        AnyConnection::Postgres(inner) => {
            insert_on_postgres(inner, rows)?;
            insert_on_postgres(inner, positions)?;
        }
        AnyConnection::Sqlite(inner) => {
            insert_on_sqlite(inner, rows)?;
            insert_on_sqlite(inner, positions)?;
        }
    }
    Ok(())
}

/// Sets shares aside that represent no slot, or no longer: what no result names is found by these.
pub fn set_aside(connection: &mut AnyConnection, rows: &[AsideRow]) -> Result<(), Error> {
    if rows.is_empty() {
        return Ok(());
    }
    match connection {
        AnyConnection::Postgres(inner) => insert_on_postgres(inner, rows)?,
        AnyConnection::Sqlite(inner) => insert_on_sqlite(inner, rows)?,
    };
    Ok(())
}

/// Moves counters by the rows' counts, each in the writer's own part. The rows must be in order, so that two writers
/// that share a part never wait for each other in a circle.
pub fn add_counts(connection: &mut AnyConnection, rows: &[CountRow]) -> Result<(), Error> {
    if rows.is_empty() {
        return Ok(());
    }
    match connection {
        AnyConnection::Postgres(inner) => insert_on_postgres(inner, rows)?,
        AnyConnection::Sqlite(inner) => insert_on_sqlite(inner, rows)?,
    };
    Ok(())
}

fn all_written(written: usize, expected: usize) -> Result<(), Error> {
    if written == expected {
        Ok(())
    } else {
        Err(Error::Busy("another writer was first".into()))
    }
}
