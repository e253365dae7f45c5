//! Shares, their sealed positions and the results of slots: set-based, for a group of claims at a time.

use crate::domain::check_in::TimeOutcome;
use crate::domain::flag::Flag;
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
use crate::store::backend::per_backend;
use crate::store::columns::Json;
use crate::store::columns::code_columns;
use crate::store::columns::column;
use crate::store::columns::sql;
use crate::store::error::Error;
use crate::store::schema::agency_slot_count;
use crate::store::schema::check_in;
use crate::store::schema::check_in_aside;
use crate::store::schema::check_in_position;
use crate::store::schema::slot_result;
use chrono::NaiveDate;
use diesel::backend::Backend;
use diesel::deserialize::{self, FromSql, Queryable};
use diesel::expression::AsExpression;
use diesel::expression::{AppearsOnTable, Expression, ValidGrouping, is_aggregate};
use diesel::internal::derives::as_expression::Bound;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::serialize::{self, Output, ToSql};
use diesel::sql_types::{Array, Bool, Date, Nullable, SingleValue, Text};
use std::collections::BTreeMap;

code_columns!(TimeOutcome);

/// One stored share: what it was judged to be. Never changed.
#[derive(Clone, Debug, Queryable, Insertable, Selectable)]
#[diesel(table_name = check_in, treat_none_as_default_value = false)]
pub struct CheckInRow {
    /// The UTC date inside the id.
    pub id_day: NaiveDate,
    /// Made by the phone.
    pub id: CheckInId,
    /// Whose.
    pub employee_id: EmployeeId,
    /// The agency on the work date.
    pub agency_code: String,
    /// SHA-256 of the claim.
    pub claim_digest: Vec<u8>,
    /// `app`, or another way in.
    pub channel: String,
    /// The phone, as it calls itself.
    pub device_id: Option<String>,
    /// By the phone's clock.
    pub captured_at: Instant,
    /// By the phone's clock.
    pub sent_at: Option<Instant>,
    /// By ours.
    pub received_at: Instant,
    /// Capture by ours.
    pub corrected_at: Instant,
    /// IANA zone in which the work date was decided.
    pub zone: String,
    /// Minutes that its clocks were ahead of UTC at capture.
    pub offset_minutes: i16,
    /// The date that it belongs to.
    pub work_date: NaiveDate,
    /// The slot that it falls in.
    pub slot: Option<Slot>,
    /// The mode that it was judged by.
    pub mode: WorkMode,
    /// Outcome of place.
    pub place: Place,
    /// Outcome of time.
    pub time: TimeOutcome,
    /// Metres to the place of duty.
    pub distance_metres: Option<i32>,
    /// Whether it may represent its slot.
    pub is_countable: bool,
    /// Whether it represented its slot when it came in.
    pub counted: bool,
    /// Codes of what is odd.
    pub flags: Json,
    /// The home compared with.
    pub home_id: Option<HomeId>,
    /// The site compared with.
    pub site_id: Option<SiteId>,
    /// For the reviewer.
    pub note: Option<String>,
    /// What was signed when it was recorded.
    pub receipt_id: Option<ReceiptId>,
    /// Its place in that, from 0.
    pub receipt_index: Option<i16>,
}

/// The sealed position of a share.
#[derive(Clone, Debug, Queryable, Insertable, Selectable)]
#[diesel(table_name = check_in_position, treat_none_as_default_value = false)]
pub struct PositionRow {
    /// As in `check_in`.
    pub id_day: NaiveDate,
    /// As in `check_in`.
    pub id: CheckInId,
    /// As in `check_in`.
    pub employee_id: EmployeeId,
    /// The key that opens it.
    pub key_id: DataKeyId,
    /// Nonce and ciphertext.
    pub sealed: Vec<u8>,
}

/// The representative of a slot.
#[derive(Clone, Debug, Queryable, Insertable, Selectable)]
#[diesel(table_name = slot_result, treat_none_as_default_value = false)]
pub struct SlotResultRow {
    /// Whose.
    pub employee_id: EmployeeId,
    /// Which day.
    pub work_date: NaiveDate,
    /// Which slot.
    pub slot: Slot,
    /// The agency on that day.
    pub agency_code: String,
    /// Where the representative is.
    pub id_day: NaiveDate,
    /// Which share it is.
    pub check_in_id: CheckInId,
    /// Its outcome of place.
    pub place: Place,
    /// Its outcome of time.
    pub time: TimeOutcome,
    /// Its capture.
    pub corrected_at: Instant,
}

impl CheckInRow {
    /// What is odd about it. A flag that is no longer known is left out.
    pub fn read_flags(&self) -> Vec<Flag> {
        let codes = self.flags.0.as_array().into_iter().flatten();
        codes.filter_map(|code| Flag::from_code(code.as_str()?)).collect()
    }
}

/// A share that represents no slot, or no longer.
#[derive(Clone, Debug, Queryable, Insertable, Selectable)]
#[diesel(table_name = check_in_aside)]
pub struct AsideRow {
    /// Whose.
    pub employee_id: EmployeeId,
    /// The date that it belongs to.
    pub work_date: NaiveDate,
    /// Which share.
    pub check_in_id: CheckInId,
    /// Its capture by our clock.
    pub corrected_at: Instant,
}

/// How many slots of an agency and day have a representative of an outcome.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd, Queryable, Insertable, Selectable)]
#[diesel(table_name = agency_slot_count, treat_none_as_default_value = false)]
pub struct CountRow {
    /// Which agency.
    pub agency_code: String,
    /// Which day.
    pub work_date: NaiveDate,
    /// Which slot.
    pub slot: Slot,
    /// Which outcome.
    pub place: Place,
    /// Whose part of the count: each writer adds to its own, so that none waits for another's commit.
    pub part: i16,
    /// How many, or by how many more.
    pub count: i64,
}

/// The shares with these ids of these people; unknown ones are left out.
pub fn list_by_key(connection: &mut AnyConnection, keys: &[(CheckInId, EmployeeId)]) -> Result<Vec<CheckInRow>, Error> {
    let mut keys = keys.to_vec();
    keys.sort_unstable();
    keys.dedup();
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    match connection {
        AnyConnection::Postgres(inner) => {
            let query = check_in::table
                .filter(HasKey::of(&keys))
                .select(CheckInRow::as_select());
            Ok(query.load(inner)?)
        }
        // A statement a share costs nothing within one process, and SQLite would scan the table for a list of keys.
        AnyConnection::Sqlite(inner) => {
            let mut found = Vec::with_capacity(keys.len());
            for (id, person) in keys {
                let query = check_in::table
                    .find((id.day(), id, person))
                    .select(CheckInRow::as_select());
                found.extend(query.first(inner).optional()?);
            }
            Ok(found)
        }
    }
}

/// Whether a share is one of these, in a form in which PostgreSQL looks each up by the primary key. Three lists, one a
/// column, would be taken for the shares of these people, and everything that they ever shared would be read.
struct HasKey {
    days: Vec<NaiveDate>,
    ids: Vec<CheckInId>,
    people: Vec<EmployeeId>,
}

impl HasKey {
    fn of(keys: &[(CheckInId, EmployeeId)]) -> Self {
        Self {
            days: keys.iter().map(|(id, _)| id.day()).collect(),
            ids: keys.iter().map(|(id, _)| *id).collect(),
            people: keys.iter().map(|(_, person)| *person).collect(),
        }
    }
}

impl QueryFragment<Pg> for HasKey {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("(check_in.id_day, check_in.id, check_in.employee_id) IN ");
        out.push_sql("(SELECT * FROM unnest(");
        out.push_bind_param::<Array<Date>, _>(&self.days)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<sql::Id>, _>(&self.ids)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<sql::Id>, _>(&self.people)?;
        out.push_sql("))");
        Ok(())
    }
}

impl QueryId for HasKey {
    type QueryId = Self;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl Expression for HasKey {
    type SqlType = Bool;
}

impl AppearsOnTable<check_in::table> for HasKey {}

impl ValidGrouping<()> for HasKey {
    type IsAggregate = is_aggregate::No;
}

/// Results of these people, dates and slots, all with all.
pub fn list_results(
    connection: &mut AnyConnection,
    people: &[EmployeeId],
    dates: &[NaiveDate],
    slots: &[Slot],
) -> Result<Vec<SlotResultRow>, Error> {
    Ok(per_backend!(connection, inner => slot_result::table
        .filter(slot_result::employee_id.eq_any(people))
        .filter(slot_result::work_date.eq_any(dates))
        .filter(slot_result::slot.eq_any(slots))
        .select(SlotResultRow::as_select())
        .load(inner))?)
}

/// The counters of an agency and day, their parts added up.
pub fn list_counts(
    connection: &mut AnyConnection,
    agency: &str,
    date: NaiveDate,
) -> Result<BTreeMap<(Slot, Place), i64>, Error> {
    let parts: Vec<(Slot, Place, i64)> = agency_slot_count::table
        .filter(agency_slot_count::agency_code.eq(agency))
        .filter(agency_slot_count::work_date.eq(date))
        .select((
            agency_slot_count::slot,
            agency_slot_count::place,
            agency_slot_count::count,
        ))
        .load(connection)?;
    let mut counts = BTreeMap::new();
    for (slot, place, count) in parts {
        *counts.entry((slot, place)).or_default() += count;
    }
    counts.retain(|_, count| *count != 0);
    Ok(counts)
}

/// The counters of an agency and day, counted anew from the results; a test holds the two together.
pub fn recount(
    connection: &mut AnyConnection,
    agency: &str,
    date: NaiveDate,
) -> Result<BTreeMap<(Slot, Place), i64>, Error> {
    let rows: Vec<(Slot, Place, i64)> = slot_result::table
        .filter(slot_result::agency_code.eq(agency))
        .filter(slot_result::work_date.eq(date))
        .group_by((slot_result::slot, slot_result::place))
        .select((slot_result::slot, slot_result::place, diesel::dsl::count_star()))
        .load(connection)?;
    Ok(rows
        .into_iter()
        .map(|(slot, place, count)| ((slot, place), count))
        .collect())
}

/// Days that one list of a person's shares may span.
pub const MOST_DAYS: usize = 366;

/// One person's shares from one work date to another, both inclusive and at most a year apart, newest capture first,
/// at most `limit` after a key.
pub fn list_own(
    connection: &mut AnyConnection,
    person: EmployeeId,
    from: NaiveDate,
    to: NaiveDate,
    after: Option<(Instant, CheckInId)>,
    limit: usize,
) -> Result<Vec<CheckInRow>, Error> {
    // Each date is named: the keys begin with it.
    let dates: Vec<NaiveDate> = from
        .iter_days()
        .take_while(|date| *date <= to)
        .take(MOST_DAYS)
        .collect();
    let mut keys: Vec<(Instant, CheckInId)> = per_backend!(connection, inner => slot_result::table
        .filter(slot_result::employee_id.eq(person))
        .filter(slot_result::work_date.eq_any(&dates))
        .select((slot_result::corrected_at, slot_result::check_in_id))
        .load(inner))?;
    let aside: Vec<(Instant, CheckInId)> = per_backend!(connection, inner => check_in_aside::table
        .filter(check_in_aside::employee_id.eq(person))
        .filter(check_in_aside::work_date.eq_any(&dates))
        .select((check_in_aside::corrected_at, check_in_aside::check_in_id))
        .load(inner))?;
    keys.extend(aside);
    keys.retain(|key| after.is_none_or(|after| *key < after));
    keys.sort_unstable_by(|one, other| other.cmp(one));
    keys.truncate(limit);
    let keys: Vec<(CheckInId, EmployeeId)> = keys.into_iter().map(|(_, id)| (id, person)).collect();
    let mut rows = list_by_key(connection, &keys)?;
    rows.sort_unstable_by_key(|row| std::cmp::Reverse((row.corrected_at, row.id)));
    Ok(rows)
}

/// The sealed position of one share.
pub fn find_position(
    connection: &mut AnyConnection,
    person: EmployeeId,
    id: CheckInId,
) -> Result<Option<PositionRow>, Error> {
    Ok(check_in_position::table
        .find((id.day(), id, person))
        .select(PositionRow::as_select())
        .first(connection)
        .optional()?)
}
