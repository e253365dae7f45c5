//! What was signed for shares, a row a transaction.

use crate::domain::ids::ReceiptId;
use crate::store::backend::AnyConnection;
use crate::store::error::Error;
use crate::store::schema::check_in_receipt;
use chrono::NaiveDate;
use diesel::prelude::*;

/// The leaves of one transaction's tree and its signed checkpoint. Never changed.
#[derive(Clone, Debug, Queryable, Insertable, Selectable)]
#[diesel(table_name = check_in_receipt, treat_none_as_default_value = false)]
pub struct ReceiptRow {
    /// The UTC date inside the id.
    pub id_day: NaiveDate,
    /// Its id.
    pub id: ReceiptId,
    /// Hashes of the leaves, 32 bytes each.
    pub leaves: Vec<u8>,
    /// The signed checkpoint of their tree, as it stands under every receipt.
    pub note: String,
}

/// What was signed under these ids; what is no longer kept is left out.
pub fn list(connection: &mut AnyConnection, ids: &[ReceiptId]) -> Result<Vec<ReceiptRow>, Error> {
    let mut days: Vec<NaiveDate> = ids.iter().map(|id| id.day()).collect();
    days.sort_unstable();
    days.dedup();
    Ok(check_in_receipt::table
        .filter(check_in_receipt::id_day.eq_any(days))
        .filter(check_in_receipt::id.eq_any(ids))
        .select(ReceiptRow::as_select())
        .load(connection)?)
}
