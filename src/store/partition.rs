//! Monthly partitions of shares on PostgreSQL, made ahead, so that the default partition only ever holds odd clocks.

use crate::store::backend::AnyConnection;
use crate::store::error::Error;
use chrono::{Datelike, Months, NaiveDate};
use diesel::connection::SimpleConnection;

/// Months made ahead of the present one.
const AHEAD: u32 = 3;

/// Makes the partitions of this month, the month before and the next three, where they are missing. SQLite has none.
pub fn make_ahead(connection: &mut AnyConnection, today: NaiveDate) -> Result<(), Error> {
    let AnyConnection::Postgres(inner) = connection else {
        return Ok(());
    };
    let this_month = today.with_day(1).unwrap_or(today);
    let first = this_month.checked_sub_months(Months::new(1)).unwrap_or(this_month);
    for step in 0..=AHEAD + 1 {
        let (Some(from), Some(to)) = (
            first.checked_add_months(Months::new(step)),
            first.checked_add_months(Months::new(step + 1)),
        ) else {
            break;
        };
        for table in ["check_in", "check_in_position", "check_in_receipt"] {
            // A month whose rows already went to the default partition keeps them there; they are found all the same.
            inner.batch_execute(&format!(
                "DO $$ BEGIN CREATE TABLE IF NOT EXISTS {table}_{} PARTITION OF {table} FOR VALUES FROM ('{from}') TO ('{to}'); \
                 EXCEPTION WHEN check_violation THEN NULL; END $$",
                from.format("%Y_%m"),
            ))?;
        }
    }
    Ok(())
}
