//! People to be told by mail: one row a person, so that many notices make one mail.

use crate::domain::ids::EmployeeId;
use crate::domain::instant::Instant;
use crate::store::backend::AnyConnection;
use crate::store::backend::per_backend;
use crate::store::error::Error;
use crate::store::schema::employee;
use crate::store::schema::mail_outbox;
use diesel::prelude::*;

/// A person whose mail is due.
#[derive(Debug, Queryable)]
pub struct DueMail {
    /// Whom to tell.
    pub employee_id: EmployeeId,
    /// When the newest of the notices was queued.
    pub queued_at: Instant,
    /// How often it was tried.
    pub attempts: i32,
    /// The due moment by which this row was found; proves a claim.
    pub next_at: Instant,
}

/// Queues a person; one who waits already keeps their place.
pub fn queue(connection: &mut AnyConnection, employee_id: EmployeeId, now: Instant) -> Result<(), Error> {
    let row = (
        mail_outbox::employee_id.eq(employee_id),
        mail_outbox::queued_at.eq(now),
        mail_outbox::attempts.eq(0),
        mail_outbox::next_at.eq(now),
    );
    per_backend!(connection, inner => diesel::insert_into(mail_outbox::table)
        .values(row)
        .on_conflict(mail_outbox::employee_id)
        .do_update()
        .set(mail_outbox::queued_at.eq(now))
        .execute(inner))?;
    Ok(())
}

/// Up to `limit` people whose mail is due, longest waiting first.
pub fn list_due(connection: &mut AnyConnection, now: Instant, limit: i64) -> Result<Vec<DueMail>, Error> {
    Ok(mail_outbox::table
        .filter(mail_outbox::next_at.le(now))
        .order((mail_outbox::next_at, mail_outbox::employee_id))
        .limit(limit)
        .select((
            mail_outbox::employee_id,
            mail_outbox::queued_at,
            mail_outbox::attempts,
            mail_outbox::next_at,
        ))
        .load(connection)?)
}

/// Takes a due mail for this instance until `until`; `false` where another instance was first.
pub fn claim(connection: &mut AnyConnection, mail: &DueMail, until: Instant) -> Result<bool, Error> {
    let unclaimed = mail_outbox::table
        .find(mail.employee_id)
        .filter(mail_outbox::next_at.eq(mail.next_at));
    let claimed = diesel::update(unclaimed)
        .set((
            mail_outbox::next_at.eq(until),
            mail_outbox::attempts.eq(mail_outbox::attempts + 1),
        ))
        .execute(connection)?;
    Ok(claimed == 1)
}

/// Takes a person off the queue, unless a newer notice was queued meanwhile: then the next mail is due at `next_at`.
pub fn finish(connection: &mut AnyConnection, mail: &DueMail, next_at: Instant) -> Result<(), Error> {
    let row = mail_outbox::table.find(mail.employee_id);
    let removed = diesel::delete(row.filter(mail_outbox::queued_at.eq(mail.queued_at))).execute(connection)?;
    if removed == 0 {
        diesel::update(row)
            .set((mail_outbox::next_at.eq(next_at), mail_outbox::attempts.eq(0)))
            .execute(connection)?;
    }
    Ok(())
}

/// The mail address of a person, if one is known.
pub fn address(connection: &mut AnyConnection, employee_id: EmployeeId) -> Result<Option<String>, Error> {
    Ok(employee::table
        .find(employee_id)
        .select(employee::email)
        .first::<Option<String>>(connection)
        .optional()?
        .flatten())
}
