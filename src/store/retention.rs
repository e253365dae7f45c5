//! Forgetting the positions, or the shares, of a month. On PostgreSQL its partition is dropped; elsewhere the rows go in pieces.

use crate::domain::ids::CheckInId;
use crate::domain::month::Month;
use crate::store;
use crate::store::backend::AnyConnection;
use crate::store::backend::per_backend;
use crate::store::columns::sql;
use crate::store::error::Error;
use crate::store::schema::audit_case;
use crate::store::schema::case_objection;
use crate::store::schema::check_in;
use crate::store::schema::check_in_position;
use crate::store::schema::check_in_receipt;
use crate::store::schema::slot_result;
use chrono::NaiveDate;
use diesel::connection::SimpleConnection;
use diesel::dsl::{count_star, min};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Date, Text};
use diesel::{QueryableByName, sql_query};
use uuid::Uuid;

/// Instances on PostgreSQL take turns under this lock, one a schema.
const TAKE_TURN: &str =
    "SELECT pg_try_advisory_xact_lock(hashtextextended('sherlok retention ' || current_schema(), 0)) AS is_it";

/// What is forgotten.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Table {
    /// Raw positions; shares and judgements stay.
    Positions,
    /// Shares, whose positions are gone; the results of slots stay.
    Shares,
    /// Positions that other instances sent, sealed; the rows of their batches stay.
    Openings,
}

impl Table {
    /// What the months of it are called in the chain of events.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Positions => "positions",
            Self::Shares => "shares",
            Self::Openings => "openings",
        }
    }
}

/// What lies in partitions by the day in a share's id.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum ByShare {
    Positions,
    Shares,
}

impl ByShare {
    const fn table(self) -> &'static str {
        match self {
            Self::Positions => "check_in_position",
            Self::Shares => "check_in",
        }
    }
}

/// What one transaction did to a month.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Forgetting {
    /// Another instance is at it.
    ElsewhereInProgress,
    /// So many rows were deleted, and there may be more.
    Piece(i64),
    /// So many rows were deleted, and none that may go is left.
    Done(i64),
}

/// The smallest day of an id, or of a sealed position's work date, at or after `from`, of which there is a row.
pub fn oldest_day(connection: &mut AnyConnection, table: Table, from: NaiveDate) -> Result<Option<NaiveDate>, Error> {
    Ok(match table {
        Table::Positions => check_in_position::table
            .filter(check_in_position::id_day.ge(from))
            .select(min(check_in_position::id_day))
            .first(connection)?,
        Table::Shares => check_in::table
            .filter(check_in::id_day.ge(from))
            .select(min(check_in::id_day))
            .first(connection)?,
        Table::Openings => store::sealed_opening::oldest_date(connection, from)?,
    })
}

/// How many cases that are not closed yet, or whose objection is not decided, concern a month, by their date or by the
/// share that their auditor looks at.
pub fn count_open_cases(connection: &mut AnyConnection, month: Month) -> Result<i64, Error> {
    let (first, last) = (month.first(), month.last());
    let cases = || {
        audit_case::table
            .left_join(
                case_objection::table.on(case_objection::employee_id
                    .eq(audit_case::employee_id)
                    .and(case_objection::case_id.eq(audit_case::id))),
            )
            .left_join(
                slot_result::table.on(slot_result::employee_id
                    .eq(audit_case::employee_id)
                    .and(slot_result::work_date.eq(audit_case::work_date))
                    .and(slot_result::slot.eq(audit_case::slot))),
            )
            .filter(
                audit_case::closed_at.is_null().or(case_objection::objected_at
                    .nullable()
                    .is_not_null()
                    .and(case_objection::outcome.is_null())),
            )
    };
    let by_date: i64 = cases()
        .filter(audit_case::work_date.between(first, last))
        .select(count_star())
        .first(connection)?;
    // A share's id may carry another month than its work date: night shifts, and odd clocks.
    let by_share: i64 = cases()
        .filter(audit_case::work_date.lt(first).or(audit_case::work_date.gt(last)))
        .filter(slot_result::id_day.between(first, last))
        .select(count_star())
        .first(connection)?;
    Ok(by_date + by_share)
}

/// Deletes the rows whose ids lie in `month` and whose work date lies before `kept_from`, at most `piece` of them where
/// the month has no partition of its own. Runs in the caller's transaction.
pub fn forget_month(
    connection: &mut AnyConnection,
    table: Table,
    month: Month,
    kept_from: NaiveDate,
    piece: i64,
) -> Result<Forgetting, Error> {
    if let AnyConnection::Postgres(inner) = connection
        && !sql_query(TAKE_TURN).get_result::<Truth>(inner)?.is_it
    {
        return Ok(Forgetting::ElsewhereInProgress);
    }
    let table = match table {
        Table::Positions => ByShare::Positions,
        Table::Shares => ByShare::Shares,
        Table::Openings => return forget_openings(connection, month, kept_from, piece),
    };
    if let AnyConnection::Postgres(inner) = connection {
        // A month that still goes on, or has not begun, holds a few shares of odd clocks at most.
        let is_over = month.last() < kept_from;
        let partition = format!("{}_{}", table.table(), month.first().format("%Y_%m"));
        let is_there = sql_query("SELECT to_regclass($1) IS NOT NULL AS is_it")
            .bind::<Text, _>(&partition)
            .get_result::<Truth>(inner)?
            .is_it;
        if is_over && is_there {
            return drop_partition(inner, table, &partition, month, kept_from).map(Forgetting::Done);
        }
    }
    let end = end_of_piece(connection, table, month, kept_from, piece)?;
    let deleted = delete_until(connection, table, month, kept_from, end)?;
    Ok(if end.is_some() {
        Forgetting::Piece(deleted)
    } else {
        Forgetting::Done(deleted)
    })
}

/// Sealed positions are told by their work date alone, so that a month goes as a whole or not at all.
fn forget_openings(
    connection: &mut AnyConnection,
    month: Month,
    kept_from: NaiveDate,
    piece: i64,
) -> Result<Forgetting, Error> {
    if month.last() >= kept_from {
        return Ok(Forgetting::Done(0));
    }
    let (deleted, is_more) = store::sealed_opening::delete_month(connection, month, piece)?;
    Ok(if is_more {
        Forgetting::Piece(deleted)
    } else {
        Forgetting::Done(deleted)
    })
}

#[derive(QueryableByName)]
struct Truth {
    #[diesel(sql_type = Bool)]
    is_it: bool,
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// Drops the partition of a month. Its few shares with odd clocks, whose work date is to be kept, move to the default
/// partition. Everything that reads much comes before the table is locked, and the lock is not waited for long: whoever
/// shares meanwhile would wait behind it.
fn drop_partition(
    inner: &mut PgConnection,
    table: ByShare,
    partition: &str,
    month: Month,
    kept_from: NaiveDate,
) -> Result<i64, Error> {
    let all = sql_query(format!("SELECT count(*) AS count FROM {partition}"))
        .get_result::<Count>(inner)?
        .count;
    let kept = sql_query("SELECT count(*) AS count FROM check_in WHERE id_day BETWEEN $1 AND $2 AND work_date >= $3")
        .bind::<Date, _>(month.first())
        .bind::<Date, _>(month.last())
        .bind::<Date, _>(kept_from)
        .get_result::<Count>(inner)?
        .count;
    inner.batch_execute(&format!(
        "SET LOCAL lock_timeout = '1s'; ALTER TABLE {} DETACH PARTITION {partition}",
        table.table(),
    ))?;
    let moved = if kept == 0 {
        0
    } else {
        let moving = match table {
            ByShare::Positions => format!(
                "INSERT INTO check_in_position (id_day, id, employee_id, key_id, sealed) \
                 SELECT p.id_day, p.id, p.employee_id, p.key_id, p.sealed FROM {partition} p \
                 JOIN check_in c ON c.id_day = p.id_day AND c.id = p.id AND c.employee_id = p.employee_id \
                 WHERE c.work_date >= $1"
            ),
            ByShare::Shares => format!("INSERT INTO check_in SELECT * FROM {partition} WHERE work_date >= $1"),
        };
        sql_query(moving).bind::<Date, _>(kept_from).execute(inner)?
    };
    inner.batch_execute(&format!("DROP TABLE {partition}"))?;
    Ok(all - i64::try_from(moved).unwrap_or(all))
}

/// The key of the last of the first `piece` rows whose share belongs to a date before `kept_from`; none where there
/// are fewer.
fn end_of_piece(
    connection: &mut AnyConnection,
    table: ByShare,
    month: Month,
    kept_from: NaiveDate,
    piece: i64,
) -> Result<Option<(NaiveDate, CheckInId)>, Error> {
    if table == ByShare::Shares {
        return Ok(check_in::table
            .filter(check_in::id_day.between(month.first(), month.last()))
            .filter(check_in::work_date.lt(kept_from))
            .order((check_in::id_day, check_in::id))
            .offset(piece.saturating_sub(1))
            .limit(1)
            .select((check_in::id_day, check_in::id))
            .first(connection)
            .optional()?);
    }
    Ok(check_in_position::table
        .inner_join(
            check_in::table.on(check_in::id_day
                .eq(check_in_position::id_day)
                .and(check_in::id.eq(check_in_position::id))
                .and(check_in::employee_id.eq(check_in_position::employee_id))),
        )
        .filter(check_in_position::id_day.between(month.first(), month.last()))
        .filter(check_in::work_date.lt(kept_from))
        .order((check_in_position::id_day, check_in_position::id))
        .offset(piece.saturating_sub(1))
        .limit(1)
        .select((check_in_position::id_day, check_in_position::id))
        .first(connection)
        .optional()?)
}

/// Deletes the rows of a month up to a key, or all of them, whose share belongs to a date before `kept_from`.
fn delete_until(
    connection: &mut AnyConnection,
    table: ByShare,
    month: Month,
    kept_from: NaiveDate,
    end: Option<(NaiveDate, CheckInId)>,
) -> Result<i64, Error> {
    let (day, id) = end.unwrap_or_else(|| (month.last(), CheckInId::new(Uuid::max())));
    // A range of the key: SQLite would go through the whole table for a list of keys. It numbers these names in the order
    // of their appearance, so the text serves both.
    let statement = match table {
        ByShare::Positions => {
            "DELETE FROM check_in_position WHERE id_day >= $1 AND (id_day, id) <= ($2, $3) AND EXISTS (\
             SELECT 1 FROM check_in c WHERE c.id_day = check_in_position.id_day AND c.id = check_in_position.id \
             AND c.employee_id = check_in_position.employee_id AND c.work_date < $4)"
        }
        ByShare::Shares => "DELETE FROM check_in WHERE id_day >= $1 AND (id_day, id) <= ($2, $3) AND work_date < $4",
    };
    let deleted = per_backend!(connection, inner => sql_query(statement)
        .bind::<Date, _>(month.first())
        .bind::<Date, _>(day)
        .bind::<sql::Id, _>(id)
        .bind::<Date, _>(kept_from)
        .execute(inner))?;
    Ok(i64::try_from(deleted).unwrap_or(i64::MAX))
}

/// Deletes what was signed in a month for its shares, which are gone. Few shares of odd clocks outlive it.
pub fn forget_receipts(connection: &mut AnyConnection, month: Month) -> Result<(), Error> {
    if let AnyConnection::Postgres(inner) = connection {
        let partition = format!("check_in_receipt_{}", month.first().format("%Y_%m"));
        inner.batch_execute(&format!(
            "SET LOCAL lock_timeout = '1s'; DROP TABLE IF EXISTS {partition}"
        ))?;
    }
    let of_month = check_in_receipt::id_day.between(month.first(), month.last());
    diesel::delete(check_in_receipt::table.filter(of_month)).execute(connection)?;
    Ok(())
}
