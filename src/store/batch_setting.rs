//! How an agency's batches come about.

use crate::domain::access::AgencyCode;
use crate::store::backend::AnyConnection;
use crate::store::error::Error;
use crate::store::schema::batch_setting;
use diesel::prelude::*;

/// One agency's settings.
#[derive(Clone, Debug, Eq, PartialEq, Queryable, Insertable, Selectable)]
#[diesel(table_name = batch_setting)]
pub struct BatchSettingRow {
    /// Whose.
    pub agency_code: String,
    /// Whether each slot is sealed by itself when it closes.
    pub seals_at_close: bool,
    /// Whether somebody else than the preparer must send.
    pub needs_second_person: bool,
    /// Raised by every change; 0 where nothing was ever set.
    pub version: i32,
}

/// The settings of an agency; everything off where none were set.
pub fn find(connection: &mut AnyConnection, agency: &AgencyCode) -> Result<BatchSettingRow, Error> {
    let row: Option<BatchSettingRow> = batch_setting::table
        .find(agency.as_str())
        .select(BatchSettingRow::as_select())
        .first(connection)
        .optional()?;
    Ok(row.unwrap_or_else(|| BatchSettingRow {
        agency_code: agency.as_str().to_owned(),
        seals_at_close: false,
        needs_second_person: false,
        version: 0,
    }))
}

/// Codes of the agencies whose slots are sealed when they close.
pub fn list_sealing_at_close(connection: &mut AnyConnection) -> Result<Vec<String>, Error> {
    Ok(batch_setting::table
        .filter(batch_setting::seals_at_close.eq(true))
        .order(batch_setting::agency_code)
        .select(batch_setting::agency_code)
        .load(connection)?)
}

/// Writes settings in place of those of `version`; gives whether that was the current one.
pub fn replace(connection: &mut AnyConnection, row: &BatchSettingRow, version: i32) -> Result<bool, Error> {
    if version == 0 {
        return match diesel::insert_into(batch_setting::table)
            .values(row)
            .execute(connection)
        {
            Ok(_) => Ok(true),
            Err(diesel::result::Error::DatabaseError(diesel::result::DatabaseErrorKind::UniqueViolation, _)) => {
                Ok(false)
            }
            Err(error) => Err(error.into()),
        };
    }
    let stands = batch_setting::table
        .find(&row.agency_code)
        .filter(batch_setting::version.eq(version));
    let changed = diesel::update(stands)
        .set((
            batch_setting::seals_at_close.eq(row.seals_at_close),
            batch_setting::needs_second_person.eq(row.needs_second_person),
            batch_setting::version.eq(row.version),
        ))
        .execute(connection)?;
    Ok(changed == 1)
}
