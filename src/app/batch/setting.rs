//! How an agency's batches come about: sealed by themselves or by hand, sent by one person or two.

use crate::app::App;
use crate::app::context::Context;
use crate::app::error::Error;
use crate::domain::access::AgencyCode;
use crate::domain::access::Scope;
use crate::store;
use crate::store::batch_setting::BatchSettingRow;

/// One agency's settings.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct BatchSetting {
    /// Whether each slot is sealed by itself when it closes.
    pub seals_at_close: bool,
    /// Whether somebody else than the preparer must send.
    pub needs_second_person: bool,
    /// Raised by every change; 0 where nothing was ever set.
    pub version: i32,
}

impl App {
    /// The settings of an agency.
    pub fn find_batch_setting(&self, scope: &Scope, agency: &AgencyCode) -> Result<BatchSetting, Error> {
        self.store.read(|connection| {
            if !scope.covers(agency) || self.rule_book(connection)?.agency(agency.as_str()).is_none() {
                return Err(Error::NotFound);
            }
            let row = store::batch_setting::find(connection, agency)?;
            Ok(BatchSetting {
                seals_at_close: row.seals_at_close,
                needs_second_person: row.needs_second_person,
                version: row.version,
            })
        })
    }

    /// Writes settings in place of those of `setting.version`, which must be the current one; gives the new version.
    pub fn replace_batch_setting(
        &self,
        context: &Context,
        scope: &Scope,
        agency: &AgencyCode,
        setting: BatchSetting,
    ) -> Result<BatchSetting, Error> {
        let next = BatchSetting {
            version: setting.version.saturating_add(1),
            ..setting
        };
        let row = BatchSettingRow {
            agency_code: agency.as_str().to_owned(),
            seals_at_close: next.seals_at_close,
            needs_second_person: next.needs_second_person,
            version: next.version,
        };
        self.store.write(|connection| {
            if !scope.covers(agency) || self.rule_book(connection)?.agency(agency.as_str()).is_none() {
                return Err(Error::NotFound);
            }
            // Looked at first: on PostgreSQL a refused insert would end the transaction.
            let current = store::batch_setting::find(connection, agency)?;
            if current.version != setting.version || !store::batch_setting::replace(connection, &row, current.version)?
            {
                return Err(Error::Stale);
            }
            self.log_setting(
                connection,
                context,
                &format!("batch/{agency}"),
                (current.version > 0).then(|| said(&current)),
                Some(said(&row)),
            )?;
            Ok(next)
        })
    }
}

/// A setting in words, for the log.
fn said(row: &BatchSettingRow) -> String {
    format!(
        "seals_at_close {}, needs_second_person {}",
        row.seals_at_close, row.needs_second_person
    )
}
