//! What the writer of shares puts into the database, a group at a time: one statement, on SQLite a few a table.
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
use crate::store::check_in_receipt::ReceiptRow;
use crate::store::columns::Json;
use crate::store::columns::sql;
use crate::store::error::Error;
use crate::store::schema::check_in_receipt;
use crate::store::schema::slot_result;
use chrono::NaiveDate;
use diesel::connection::SimpleConnection;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::serialize::{self, Output, ToSql, WriteTuple};
use diesel::sql_types::{Array, BigInt, Binary, Bool, Date, HasSqlType, Integer, Nullable, SmallInt, SqlType, Text};
use diesel::sqlite::Sqlite;
use std::collections::HashSet;
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

/// A group's inserts on PostgreSQL in one statement, with a parameter a table: an array of a composite type that is there
/// for it (`migrations`).
///
/// Its text never changes, so the connection plans it once, where a statement with a value a cell would be planned for
/// each size of a group; and an array of rows costs a third less than an array a column, which would be laid side by side.
#[derive(Debug)]
struct PostgresGroup<'a> {
    results: Vec<Composite<'a, &'a SlotResultRow>>,
    shares: Vec<Composite<'a, Arc<CheckInRow>>>,
    positions: Vec<Composite<'a, PositionRow>>,
    aside: Vec<Composite<'a, AsideRow>>,
    counts: Vec<Composite<'a, CountRow>>,
    receipt: &'a ReceiptRow,
}

impl<'a> PostgresGroup<'a> {
    fn new(rows: &NewRows<'a>) -> Self {
        Self {
            results: rows.results.iter().map(Composite).collect(),
            shares: rows.shares.iter().map(Composite).collect(),
            positions: rows.positions.iter().map(Composite).collect(),
            aside: rows.aside.iter().map(Composite).collect(),
            counts: rows.counts.iter().map(Composite).collect(),
            receipt: rows.receipt,
        }
    }
}

#[derive(Debug)]
struct Composite<'a, Row>(&'a Row);

impl<Row: Inserted> ToSql<Row::Composite, Pg> for Composite<'_, Row> {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        self.0.write(out)
    }
}

/// Writes the insert of a table's rows, with `head` before it and `tail` behind it.
fn push_rows<'b, Row: Inserted>(
    out: &mut AstPass<'_, 'b, Pg>,
    head: &'static str,
    rows: &'b Vec<Composite<'_, Row>>,
    tail: &'static str,
) -> QueryResult<()>
where
    Pg: HasSqlType<Row::Composite>,
{
    out.push_sql(head);
    out.push_sql("INSERT ");
    out.push_sql(Row::INTO);
    out.push_sql(" SELECT * FROM unnest(");
    out.push_bind_param::<Array<Row::Composite>, _>(rows)?;
    out.push_sql(")");
    out.push_sql(Row::TAIL);
    out.push_sql(tail);
    Ok(())
}

impl QueryFragment<Pg> for PostgresGroup<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        push_rows(&mut out, "WITH new_result AS (", &self.results, "), ")?;
        push_rows(&mut out, "new_share AS (", &self.shares, "), ")?;
        push_rows(&mut out, "new_position AS (", &self.positions, "), ")?;
        push_rows(&mut out, "new_aside AS (", &self.aside, "), ")?;
        push_rows(&mut out, "new_count AS (", &self.counts, ") ")?;
        out.push_sql("INSERT INTO check_in_receipt (id_day, id, leaves, note) VALUES (");
        out.push_bind_param::<Date, _>(&self.receipt.id_day)?;
        out.push_sql(", ");
        out.push_bind_param::<sql::Id, _>(&self.receipt.id)?;
        out.push_sql(", ");
        out.push_bind_param::<Binary, _>(&self.receipt.leaves)?;
        out.push_sql(", ");
        out.push_bind_param::<Text, _>(&self.receipt.note)?;
        out.push_sql(")");
        Ok(())
    }
}

/// Names the prepared statement of a group.
struct GroupStatement;

impl QueryId for PostgresGroup<'_> {
    type QueryId = GroupStatement;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl RunQueryDsl<PgConnection> for PostgresGroup<'_> {}

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
    ) ""
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

/// The results that stand in the slots of these rows.
pub fn list_standing(connection: &mut AnyConnection, rows: &[&SlotResultRow]) -> Result<Vec<SlotResultRow>, Error> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let wanted: HashSet<_> = rows.iter().map(|row| key(row)).collect();
    let mut standing = list_results(
        connection,
        &sorted(rows.iter().map(|row| row.employee_id)),
        &sorted(rows.iter().map(|row| row.work_date)),
        &sorted(rows.iter().map(|row| row.slot)),
    )?;
    standing.retain(|row| wanted.contains(&key(row)));
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

/// What a group adds, each table's rows in the order of its key, so that two writers never wait for each other in a circle.
#[derive(Debug)]
pub struct NewRows<'a> {
    /// Results of slots in which nothing stands.
    pub results: &'a [&'a SlotResultRow],
    /// The shares.
    pub shares: &'a [Arc<CheckInRow>],
    /// Their sealed positions.
    pub positions: &'a [PositionRow],
    /// Shares that represent no slot, or no longer: what no result names is found by these.
    pub aside: &'a [AsideRow],
    /// By how much counters move, each in the writer's own part.
    pub counts: &'a [CountRow],
    /// What was signed for the shares.
    pub receipt: &'a ReceiptRow,
}

/// Adds a group's rows; on PostgreSQL by one statement, which is a transaction by itself where the caller has begun none.
///
/// [`Error::Busy`] where a row is there already: nothing of the transaction may be kept then. Nobody asks first whether a
/// key is free: it hardly ever is not, and asking costs each row a search more.
pub fn insert(connection: &mut AnyConnection, rows: &NewRows<'_>) -> Result<(), Error> {
    let inserted = match connection {
        AnyConnection::Postgres(inner) => PostgresGroup::new(rows).execute(inner).map(drop),
        AnyConnection::Sqlite(inner) => insert_group_on_sqlite(inner, rows),
    };
    match inserted.map_err(Error::from) {
        Err(Error::Duplicate(constraint)) => Err(Error::Busy(constraint.into())),
        other => other,
    }
}

/// Whether rows were refused because a result stands in a slot that was taken for free.
pub fn is_of_a_result(error: &Error) -> bool {
    matches!(error, Error::Busy(constraint) if constraint.to_string().contains("slot_result"))
}

fn insert_group_on_sqlite(connection: &mut SqliteConnection, rows: &NewRows<'_>) -> QueryResult<()> {
    insert_on_sqlite(connection, rows.results)?;
    insert_on_sqlite(connection, rows.shares)?;
    insert_on_sqlite(connection, rows.positions)?;
    insert_on_sqlite(connection, rows.aside)?;
    insert_on_sqlite(connection, rows.counts)?;
    let receipt = diesel::insert_into(check_in_receipt::table).values(rows.receipt);
    receipt.execute(connection).map(drop)
}

fn all_written(written: usize, expected: usize) -> Result<(), Error> {
    if written == expected {
        Ok(())
    } else {
        Err(Error::Busy("another writer was first".into()))
    }
}
