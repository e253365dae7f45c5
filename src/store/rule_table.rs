//! Documents of rules that BKD sets, each from a date on.

use crate::domain::ids::AccountId;
use crate::domain::instant::Instant;
use crate::store::backend::AnyConnection;
use crate::store::backend::per_backend;
use crate::store::columns::Json;
use crate::store::error::Error;
use crate::store::schema::rule_table;
use chrono::NaiveDate;
use diesel::dsl::max;
use diesel::prelude::*;

/// One table from one date on.
#[derive(Clone, Debug, PartialEq, Queryable, Insertable, Selectable)]
#[diesel(table_name = rule_table)]
pub struct RuleTableRow {
    /// Which table.
    pub name: String,
    /// First date on which it holds.
    pub effective_from: NaiveDate,
    /// The document.
    pub body: Json,
    /// Rises with every change: of any date's document of this name, or of this date's.
    pub version: i32,
    /// Who set it.
    pub updated_by: AccountId,
    /// When.
    pub updated_at: Instant,
}

/// The table that holds on a date; `None` where what ships holds.
pub fn find(connection: &mut AnyConnection, name: &str, on: NaiveDate) -> Result<Option<RuleTableRow>, Error> {
    Ok(rule_table::table
        .filter(rule_table::name.eq(name))
        .filter(rule_table::effective_from.le(on))
        .order(rule_table::effective_from.desc())
        .select(RuleTableRow::as_select())
        .first(connection)
        .optional()?)
}

/// Every table of a name, oldest first.
pub fn list(connection: &mut AnyConnection, name: &str) -> Result<Vec<RuleTableRow>, Error> {
    Ok(rule_table::table
        .filter(rule_table::name.eq(name))
        .order(rule_table::effective_from)
        .select(RuleTableRow::as_select())
        .load(connection)?)
}

/// The version of the last change; 0 where nothing was ever set.
pub fn version(connection: &mut AnyConnection, name: &str) -> Result<i32, Error> {
    let version: Option<i32> = rule_table::table
        .filter(rule_table::name.eq(name))
        .select(max(rule_table::version))
        .first(connection)?;
    Ok(version.unwrap_or(0))
}

/// Sets the table of a date in place of the one that may be there.
pub fn upsert(connection: &mut AnyConnection, row: &RuleTableRow) -> Result<(), Error> {
    per_backend!(connection, inner => diesel::insert_into(rule_table::table)
        .values(row)
        .on_conflict((rule_table::name, rule_table::effective_from))
        .do_update()
        .set((
            rule_table::body.eq(&row.body),
            rule_table::version.eq(row.version),
            rule_table::updated_by.eq(row.updated_by),
            rule_table::updated_at.eq(row.updated_at),
        ))
        .execute(inner))?;
    Ok(())
}
