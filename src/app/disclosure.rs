//! Who looked at one's data, and writing down each look before anything is shown.

use crate::app::App;
use crate::app::context::Context;
use crate::app::error::Error;
use crate::app::log::OWN_RECORDS;
use crate::domain::access::AgencyCode;
use crate::domain::access::Scope;
use crate::domain::audit_log::facts::Facts;
use crate::domain::audit_log::facts::Nothing;
use crate::domain::audit_log::record::Record;
use crate::domain::audit_log::subject::Subject;
use crate::domain::ids::AuditEventId;
use crate::domain::ids::EmployeeId;
use crate::store;
use crate::store::backend::AnyConnection;
use crate::store::disclosure::DisclosureRow;

/// A look that is about to happen.
#[derive(Clone, Debug)]
pub(crate) struct Look<'a> {
    /// Whose data.
    pub(crate) employee: EmployeeId,
    /// What for.
    pub(crate) purpose: &'a str,
    /// What is looked at, as `kind/id`.
    pub(crate) subject: String,
    /// Which fields.
    pub(crate) fields: &'a [&'a str],
}

/// One look as its subject reads it.
#[derive(Clone, Debug)]
pub struct Access {
    /// The look.
    pub row: DisclosureRow,
    /// How the looker is called; empty if the account is gone.
    pub by: String,
}

impl App {
    /// Writes a look down in the caller's transaction. Show the data only after it has been committed.
    pub(crate) fn disclose(
        &self,
        connection: &mut AnyConnection,
        context: &Context,
        look: &Look<'_>,
    ) -> Result<(), Error> {
        let row = DisclosureRow {
            employee_id: look.employee,
            id: AuditEventId::new(self.entropy.uuid(context.now)?),
            at: context.now,
            account_id: context.account(),
            purpose: look.purpose.to_owned(),
            subject: look.subject.clone(),
            fields: look.fields.join(","),
        };
        store::disclosure::insert(connection, &row)?;
        // The newest agency of whoever is looked at; people of none are told of all the same.
        let memberships = store::membership::list(connection, &[look.employee])?;
        let agency = memberships.iter().max_by_key(|membership| membership.valid_from);
        let agency = match agency {
            Some(membership) => AgencyCode::parse(&membership.agency_code).map_err(Error::internal)?,
            None => AgencyCode::parse(OWN_RECORDS).map_err(Error::internal)?,
        };
        let mut fields: Vec<String> = look.fields.iter().map(|field| (*field).to_owned()).collect();
        fields.sort_unstable();
        let record = Record::Disclosure {
            account: row.account_id,
            employee: row.employee_id,
            subject: row.subject,
            fields,
            purpose: row.purpose,
        };
        let said = (Subject::Agency(agency.clone()), Facts::Disclosure(Nothing {}));
        self.log_private(connection, context.now, said, record, Some(&agency))
    }

    /// The looks at the caller's own data, newest first; one more than `limit`, so that the caller knows of a next page.
    pub fn list_accesses(&self, scope: &Scope, after: Option<AuditEventId>, limit: u32) -> Result<Vec<Access>, Error> {
        self.store.read(|connection| {
            let rows = store::disclosure::list_own(connection, scope, after, i64::from(limit) + 1)?;
            let access = |(row, by): (DisclosureRow, Option<String>)| Access {
                row,
                by: by.unwrap_or_default(),
            };
            Ok(rows.into_iter().map(access).collect())
        })
    }
}
