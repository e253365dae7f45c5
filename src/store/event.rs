//! The chains of what was done.

use crate::domain::access::AgencyCode;
use crate::domain::access::Scope;
use crate::domain::event::Event;
use crate::domain::event::NO_HASH;
use crate::domain::ids::AccountId;
use crate::domain::instant::Instant;
use crate::store::backend::AnyConnection;
use crate::store::error::Error;
use crate::store::event_agency::agency_of;
use crate::store::schema::account;
use crate::store::schema::event;
use diesel::prelude::*;

/// Adds an event to the end of its subject's chain. Two that are added at once clash, and one is repeated.
///
/// Beside the event stands the agency whose thing it is, so that its history can be listed; it is found from the thing
/// itself and no part of the hash. A thing that was just taken away keeps the agency of the event before.
pub fn append(connection: &mut AnyConnection, new: &Event) -> Result<(), Error> {
    let last: Option<(i32, Vec<u8>, Option<String>)> = event::table
        .filter(event::subject_kind.eq(new.subject_kind))
        .filter(event::subject_id.eq(&new.subject_id))
        .order(event::sequence.desc())
        .select((event::sequence, event::hash, event::agency_code))
        .first(connection)
        .optional()?;
    let (sequence, previous, before) = last.map_or((1, NO_HASH.to_vec(), None), |(sequence, hash, agency)| {
        (sequence + 1, hash, agency)
    });
    let agency = agency_of(connection, new.subject_kind, &new.subject_id, new.at)?.or(before);
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
            event::agency_code.eq(agency),
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

/// Where a page of an agency's history begins after: time, kind and id of the subject, place in its chain.
pub type HistoryKey = (Instant, String, String, i32);

/// Which of an agency's events.
#[derive(Clone, Debug, Default)]
pub struct HistoryFilter {
    /// Only of this kind of thing.
    pub subject_kind: Option<String>,
    /// Only at this time or later.
    pub from: Option<Instant>,
    /// Only before this time.
    pub before: Option<Instant>,
    /// After this one.
    pub after: Option<HistoryKey>,
}

/// An event of an agency, without its reason: that is for whoever may see the thing itself.
#[derive(Clone, Debug, Eq, PartialEq, Queryable)]
pub struct HistoryRow {
    /// When.
    pub at: Instant,
    /// What kind of thing.
    pub subject_kind: String,
    /// Which one.
    pub subject_id: String,
    /// Its place in the thing's chain, from 1.
    pub sequence: i32,
    /// What.
    pub action: String,
    /// The state before.
    pub from_state: Option<String>,
    /// The state after.
    pub to_state: Option<String>,
    /// How who did it is called; none where the service did it by itself.
    pub by: Option<String>,
}

/// Up to `limit` events of an agency within reach, newest first.
pub fn list_of_agency(
    connection: &mut AnyConnection,
    scope: &Scope,
    agency: &AgencyCode,
    filter: &HistoryFilter,
    limit: i64,
) -> Result<Vec<HistoryRow>, Error> {
    if !scope.covers(agency) {
        return Err(Error::Missing);
    }
    let mut query = event::table
        .left_join(account::table.on(account::id.nullable().eq(event::account_id)))
        .filter(event::agency_code.eq(agency.as_str()))
        .order((
            event::at.desc(),
            event::subject_kind.desc(),
            event::subject_id.desc(),
            event::sequence.desc(),
        ))
        .limit(limit)
        .select((
            event::at,
            event::subject_kind,
            event::subject_id,
            event::sequence,
            event::action,
            event::from_state,
            event::to_state,
            account::display_name.nullable(),
        ))
        .into_boxed();
    if let Some(kind) = &filter.subject_kind {
        query = query.filter(event::subject_kind.eq(kind.clone()));
    }
    if let Some(from) = filter.from {
        query = query.filter(event::at.ge(from));
    }
    if let Some(before) = filter.before {
        query = query.filter(event::at.lt(before));
    }
    if let Some((at, kind, id, sequence)) = &filter.after {
        let in_chain = event::subject_id.eq(id.clone()).and(event::sequence.lt(*sequence));
        let in_kind = event::subject_kind
            .eq(kind.clone())
            .and(event::subject_id.lt(id.clone()).or(in_chain));
        let at_once = event::at.eq(*at).and(event::subject_kind.lt(kind.clone()).or(in_kind));
        query = query.filter(event::at.lt(*at).or(at_once));
    }
    Ok(query.load(connection)?)
}
