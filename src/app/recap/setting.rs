//! How an agency's recap is headed and signed.

use crate::app::App;
use crate::app::context::Context;
use crate::app::error::Error;
use crate::app::event::note_event;
use crate::domain::access::AgencyCode;
use crate::domain::access::Scope;
use crate::domain::ids::EmployeeId;
use crate::store;
use crate::store::backend::AnyConnection;

pub use crate::store::recap_setting::RecapSettingRow;

impl App {
    /// The settings of an agency.
    pub fn recap_setting(&self, scope: &Scope, agency: &AgencyCode) -> Result<RecapSettingRow, Error> {
        self.store.read(|connection| {
            if !scope.covers(agency) || self.rule_book(connection)?.agency(agency.as_str()).is_none() {
                return Err(Error::NotFound);
            }
            Ok(store::recap_setting::find(connection, agency)?)
        })
    }

    /// Writes settings in place of those of `row.version`, which must be the current one. Whoever signs is, or was, on
    /// the agency's staff.
    pub fn replace_recap_setting(
        &self,
        context: &Context,
        scope: &Scope,
        agency: &AgencyCode,
        row: &RecapSettingRow,
    ) -> Result<RecapSettingRow, Error> {
        let next = RecapSettingRow {
            agency_code: agency.as_str().to_owned(),
            version: row.version.saturating_add(1),
            ..row.clone()
        };
        self.store.write(|connection| {
            if !scope.covers(agency) || self.rule_book(connection)?.agency(agency.as_str()).is_none() {
                return Err(Error::NotFound);
            }
            for (field, signer) in [
                ("officer_employee_id", row.officer_id),
                ("head_employee_id", row.head_id),
            ] {
                if let Some(signer) = signer
                    && !is_of_staff(connection, agency, signer)?
                {
                    return Err(Error::field(
                        field,
                        "unknown",
                        "Pegawai ini bukan anggota perangkat daerah.",
                        "Not on the agency's staff.",
                    ));
                }
            }
            let current = store::recap_setting::find(connection, agency)?;
            if current.version != row.version || !store::recap_setting::replace(connection, &next, current.version)? {
                return Err(Error::Stale);
            }
            note_event(connection, context, "recap_setting", agency.as_str(), "set", None)?;
            self.log_setting(
                connection,
                context,
                &format!("recap/{agency}"),
                (current.version > 0).then(|| said(&current)),
                Some(said(&next)),
            )
        })?;
        Ok(next)
    }
}

/// The settings in words, for the log.
fn said(row: &RecapSettingRow) -> String {
    let text = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
    let person = |id: Option<EmployeeId>| id.map_or_else(|| "-".to_owned(), |id| id.to_string());
    format!(
        "government {}, place {}, officer {}, head {}",
        text(&row.government),
        text(&row.place),
        person(row.officer_id),
        person(row.head_id)
    )
}

fn is_of_staff(connection: &mut AnyConnection, agency: &AgencyCode, person: EmployeeId) -> Result<bool, Error> {
    let members = store::membership::list(connection, &[person])?;
    Ok(members.iter().any(|member| member.agency_code == agency.as_str()))
}
