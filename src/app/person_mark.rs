//! Marks on people that exempt them from a roster's turns or let them come first: set and ended by the agency.

use crate::app::App;
use crate::app::agency::agency_row;
use crate::app::agency::today;
use crate::app::context::Context;
use crate::app::error::Error;
use crate::app::event::note_event;
use crate::app::once::OnceKey;
use crate::domain::access::AgencyCode;
use crate::domain::access::Scope;
use crate::domain::ids::EmployeeId;
use crate::domain::ids::MarkId;
use crate::domain::roster::mark::MarkDraft;
use crate::domain::roster::mark::MarkFault;
use crate::domain::roster::mark::check;
use crate::store;
use chrono::NaiveDate;

pub use crate::store::person_mark::ListedMark;
pub use crate::store::person_mark::MarkRow;

impl App {
    /// Marks a person on the agency's staff for a stretch of days. Rosters made from now on, and checks of those that stand,
    /// reckon with it.
    pub fn set_mark(
        &self,
        context: &Context,
        scope: &Scope,
        once: &OnceKey,
        agency: &AgencyCode,
        draft: &MarkDraft,
    ) -> Result<MarkId, Error> {
        self.once(context, once, |connection| {
            let today = today(&agency_row(connection, scope, agency)?, context)?;
            let mark = draft.mark;
            check(&mark, today).map_err(fault)?;
            let posts = store::membership::list(connection, &[draft.employee_id])?;
            let is_member = posts
                .iter()
                .any(|post| post.agency_code == agency.as_str() && post.covers(mark.from));
            if !is_member {
                return Err(Error::field(
                    "employee_id",
                    "unknown",
                    "Pegawai ini bukan anggota perangkat daerah pada tanggal mulai.",
                    "Not on the agency's staff on the first day.",
                ));
            }
            let row = MarkRow {
                employee_id: draft.employee_id,
                id: MarkId::new(self.entropy.uuid(context.now)?),
                agency_code: agency.as_str().to_owned(),
                kind: mark.kind,
                effect: mark.effect,
                valid_from: mark.from,
                valid_to: mark.to,
                reason: draft.reason.clone(),
                set_by: context.account(),
                set_at: context.now,
            };
            store::person_mark::insert(connection, scope, &row)?;
            // The chain of events is read by more people than the mark: neither kind nor reason stands in it.
            note_event(connection, context, "mark", &row.id.to_string(), "set", None)?;
            Ok(row.id)
        })
    }

    /// Ends a mark on a day from yesterday on, before its last one; one that has not begun by then is taken away.
    pub fn end_mark(
        &self,
        context: &Context,
        scope: &Scope,
        agency: &AgencyCode,
        (employee, id): (EmployeeId, MarkId),
        last_day: NaiveDate,
    ) -> Result<(), Error> {
        self.store.write(|connection| {
            let today = today(&agency_row(connection, scope, agency)?, context)?;
            let row = store::person_mark::find(connection, scope, agency, (employee, id))?.ok_or(Error::NotFound)?;
            let yesterday = today.pred_opt().unwrap_or(today);
            if last_day < yesterday || last_day > row.valid_to {
                return Err(Error::field(
                    "last_day",
                    "out_of_limits",
                    "Hari terakhir paling cepat kemarin dan tidak melewati hari terakhir semula.",
                    "The last day is yesterday at the earliest, and not after the one that stands.",
                ));
            }
            if last_day < row.valid_from {
                store::person_mark::delete(connection, scope, (employee, id))?;
            } else {
                store::person_mark::update_last_day(connection, scope, (employee, id), last_day)?;
            }
            note_event(connection, context, "mark", &id.to_string(), "end", None)
        })
    }

    /// Up to `limit` of an agency's marks that hold today or later, by person.
    pub fn list_marks(
        &self,
        context: &Context,
        scope: &Scope,
        agency: &AgencyCode,
        after: Option<(EmployeeId, MarkId)>,
        limit: u32,
    ) -> Result<Vec<ListedMark>, Error> {
        self.store.read(|connection| {
            let today = today(&agency_row(connection, scope, agency)?, context)?;
            let limit = i64::from(limit);
            Ok(store::person_mark::list(
                connection, scope, agency, today, after, limit,
            )?)
        })
    }

    /// The caller's own marks, newest first, the last 200.
    pub fn list_own_marks(&self, scope: &Scope) -> Result<Vec<MarkRow>, Error> {
        self.store
            .read(|connection| Ok(store::person_mark::list_own(connection, scope)?))
    }
}

fn fault(fault: MarkFault) -> Error {
    let (field, code, indonesian) = match fault {
        MarkFault::Past => ("from", "out_of_limits", "Tanda berlaku mulai hari ini atau sesudahnya."),
        MarkFault::Length => (
            "to",
            "out_of_limits",
            "Hari terakhir tidak mendahului hari pertama dan paling jauh 366 hari dari hari ini.",
        ),
        MarkFault::PriorityOnly => ("effect", "not_fitting", "Jenis ini hanya memberi prioritas."),
    };
    Error::field(field, code, indonesian, format!("Not possible: {fault}."))
}
