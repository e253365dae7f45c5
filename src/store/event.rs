//! The chains of what was done.

use crate::domain::event::Event;
use crate::domain::event::NO_HASH;
use crate::domain::ids::AccountId;
use crate::domain::instant::Instant;
use crate::store::backend::AnyConnection;
use crate::store::error::Error;
use crate::store::schema::event;
use diesel::prelude::*;

/// Adds an event to the end of its subject's chain. Two that are added at once clash, and one is repeated.
pub fn append(connection: &mut AnyConnection, new: &Event) -> Result<(), Error> {
    let last: Option<(i32, Vec<u8>)> = event::table
        .filter(event::subject_kind.eq(new.subject_kind))
        .filter(event::subject_id.eq(&new.subject_id))
        .order(event::sequence.desc())
        .select((event::sequence, event::hash))
        .first(connection)
        .optional()?;
    let (sequence, previous) = last.map_or((1, NO_HASH.to_vec()), |(sequence, hash)| (sequence + 1, hash));
    let hash = new.hash(&previous, sequence);
    diesel::insert_into(event::table)
        .values((
            event::subject_kind.eq(new.subject_kind),
            event::subject_id.eq(&new.subject_id),
            event::sequence.eq(sequence),
            event::at.eq(new.at),
            event::account_id.eq(new.account_id),
            event::action.eq(new.action),
            event::from_state.eq(&new.from_state),
            event::to_state.eq(&new.to_state),
            event::reason.eq(&new.reason),
            event::previous_hash.eq(previous),
            event::hash.eq(hash.to_vec()),
        ))
        .execute(connection)?;
    Ok(())
}

/// One link of a chain, as stored.
#[derive(Clone, Debug, Eq, PartialEq, Queryable)]
pub struct Link {
    /// From 1.
    pub sequence: i32,
    /// When.
    pub at: Instant,
    /// Who; none where the service did it by itself.
    pub account_id: Option<AccountId>,
    /// What.
    pub action: String,
    /// The state after.
    pub to_state: Option<String>,
    /// Why.
    pub reason: Option<String>,
}

/// The chain of a subject, oldest first.
pub fn list(connection: &mut AnyConnection, subject_kind: &str, subject_id: &str) -> Result<Vec<Link>, Error> {
    Ok(event::table
        .filter(event::subject_kind.eq(subject_kind))
        .filter(event::subject_id.eq(subject_id))
        .order(event::sequence)
        .select((
            event::sequence,
            event::at,
            event::account_id,
            event::action,
            event::to_state,
            event::reason,
        ))
        .load(connection)?)
}
