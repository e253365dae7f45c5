//! Writing down what was done, in the transaction that does it, and the history that an agency reads.

use crate::app::App;
use crate::app::agency::agency_row;
use crate::app::context::Context;
use crate::app::error::Error;
use crate::domain::access::AgencyCode;
use crate::domain::access::Scope;
use crate::domain::event::Event;
use crate::domain::instant::Zone;
use crate::store;
use crate::store::backend::AnyConnection;
use crate::store::event::HistoryFilter;
pub use crate::store::event::HistoryKey;
pub use crate::store::event::HistoryRow;
use chrono::NaiveDate;

/// Which of an agency's events.
#[derive(Clone, Debug, Default)]
pub struct HistoryQuery {
    /// Only of this kind of thing.
    pub subject_kind: Option<String>,
    /// First date, where the agency's duty places are.
    pub from: Option<NaiveDate>,
    /// Last date, inclusive.
    pub to: Option<NaiveDate>,
    /// After this one.
    pub after: Option<HistoryKey>,
    /// How many.
    pub limit: u32,
}

impl App {
    /// Who changed what in an agency, newest first; one more than the limit, so that the caller knows of a next page.
    pub fn list_history(
        &self,
        scope: &Scope,
        agency: &AgencyCode,
        query: &HistoryQuery,
    ) -> Result<Vec<HistoryRow>, Error> {
        self.store.read(|connection| {
            let row = agency_row(connection, scope, agency)?;
            let zone = Zone::from_name(&row.zone).ok_or(store::error::Error::Corrupt("agency.zone"))?;
            let midnight = |date: NaiveDate| zone.at_minute(date, 0);
            let filter = HistoryFilter {
                subject_kind: query.subject_kind.clone(),
                from: query.from.map(midnight),
                before: query.to.and_then(|to| to.succ_opt()).map(midnight),
                after: query.after.clone(),
            };
            let limit = i64::from(query.limit) + 1;
            Ok(store::event::list_of_agency(connection, scope, agency, &filter, limit)?)
        })
    }
}

/// Adds an event without states to the chain of a thing: made, changed, moved.
pub(crate) fn note_event(
    connection: &mut AnyConnection,
    context: &Context,
    subject_kind: &'static str,
    subject_id: &str,
    action: &'static str,
    reason: Option<&str>,
) -> Result<(), Error> {
    note_step(
        connection,
        context,
        (subject_kind, subject_id),
        action,
        (None, None),
        reason,
    )
}

/// Adds an event that takes a thing from one state to another.
pub(crate) fn note_step(
    connection: &mut AnyConnection,
    context: &Context,
    (subject_kind, subject_id): (&'static str, &str),
    action: &'static str,
    (from_state, to_state): (Option<&str>, Option<&str>),
    reason: Option<&str>,
) -> Result<(), Error> {
    // The command line acts for nobody's account.
    let account_id = Some(context.account()).filter(|id| !id.uuid().is_nil());
    let event = Event {
        subject_kind,
        subject_id: subject_id.to_owned(),
        at: context.now,
        account_id,
        action,
        from_state: from_state.map(str::to_owned),
        to_state: to_state.map(str::to_owned),
        reason: reason.map(str::to_owned),
    };
    Ok(store::event::append(connection, &event)?)
}
