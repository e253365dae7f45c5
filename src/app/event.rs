//! Writing down what was done, in the transaction that does it.

use crate::app::context::Context;
use crate::app::error::Error;
use crate::domain::event::Event;
use crate::store;
use crate::store::backend::AnyConnection;

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
