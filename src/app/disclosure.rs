//! Who looked at one's data, and writing down each look before anything is shown.

use crate::app::App;
use crate::app::context::Context;
use crate::app::error::Error;
use crate::domain::access::Scope;
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
        Ok(store::disclosure::insert(connection, &row)?)
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
