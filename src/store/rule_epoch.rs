//! The one number that moves whenever circulars, calendars, rosters, sites or agencies change.

use crate::store::backend::AnyConnection;
use crate::store::error::Error;
use crate::store::schema::rule_epoch;
use diesel::prelude::*;

/// The number now.
pub fn find(connection: &mut AnyConnection) -> Result<i64, Error> {
    Ok(rule_epoch::table.find(1).select(rule_epoch::epoch).first(connection)?)
}

/// Moves it on; whoever keeps what they read under the old one reads again.
pub fn update(connection: &mut AnyConnection) -> Result<(), Error> {
    diesel::update(rule_epoch::table.find(1))
        .set(rule_epoch::epoch.eq(rule_epoch::epoch + 1))
        .execute(connection)?;
    Ok(())
}
