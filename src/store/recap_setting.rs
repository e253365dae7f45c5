//! How an agency's recap is headed and signed.

use crate::domain::access::AgencyCode;
use crate::domain::ids::EmployeeId;
use crate::store::backend::AnyConnection;
use crate::store::error::Error;
use crate::store::schema::recap_setting;
use diesel::prelude::*;

/// One agency's settings.
#[derive(Clone, Debug, Eq, PartialEq, Queryable, Insertable, Selectable, AsChangeset)]
#[diesel(table_name = recap_setting, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct RecapSettingRow {
    /// Whose.
    pub agency_code: String,
    /// `Pemerintah Provinsi Banten`.
    pub government: Option<String>,
    /// Where it is signed.
    pub place: Option<String>,
    /// Who makes it.
    pub officer_id: Option<EmployeeId>,
    /// Who heads the agency.
    pub head_id: Option<EmployeeId>,
    /// Raised by every change; 0 where nothing was ever set.
    pub version: i32,
}

/// The settings of an agency; nothing where none were set.
pub fn find(connection: &mut AnyConnection, agency: &AgencyCode) -> Result<RecapSettingRow, Error> {
    let row: Option<RecapSettingRow> = recap_setting::table
        .find(agency.as_str())
        .select(RecapSettingRow::as_select())
        .first(connection)
        .optional()?;
    Ok(row.unwrap_or_else(|| RecapSettingRow {
        agency_code: agency.as_str().to_owned(),
        government: None,
        place: None,
        officer_id: None,
        head_id: None,
        version: 0,
    }))
}

/// Writes settings in place of those of `version`, which the caller has just read in this transaction.
pub fn replace(connection: &mut AnyConnection, row: &RecapSettingRow, version: i32) -> Result<bool, Error> {
    if version == 0 {
        diesel::insert_into(recap_setting::table)
            .values(row)
            .execute(connection)?;
        return Ok(true);
    }
    let stands = recap_setting::table
        .find(&row.agency_code)
        .filter(recap_setting::version.eq(version));
    Ok(diesel::update(stands).set(row).execute(connection)? == 1)
}
