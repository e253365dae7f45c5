//! Rows of notices: what one person was told, and when they had it.

use crate::domain::access::Scope;
use crate::domain::ids::EmployeeId;
use crate::domain::ids::NoticeId;
use crate::domain::instant::Instant;
use crate::domain::notice::Handover;
use crate::domain::notice::Notice;
use crate::store::backend::AnyConnection;
use crate::store::columns::Json;
use crate::store::error::Error;
use crate::store::schema::notice;
use diesel::prelude::*;

#[derive(Queryable, Insertable, Selectable)]
#[diesel(table_name = notice, treat_none_as_default_value = false)]
struct NoticeRow {
    employee_id: EmployeeId,
    id: NoticeId,
    kind: String,
    params: Json,
    created_at: Instant,
    seen_at: Option<Instant>,
    handed_over_at: Option<Instant>,
    handed_over_by: Option<EmployeeId>,
}

impl TryFrom<NoticeRow> for Notice {
    type Error = Error;

    fn try_from(row: NoticeRow) -> Result<Self, Error> {
        let content = serde_json::from_value(row.params.0).ok();
        Ok(Self {
            id: row.id,
            employee_id: row.employee_id,
            content: content.ok_or(Error::Corrupt("notice.params"))?,
            created_at: row.created_at,
            seen_at: row.seen_at,
            handed_over: row
                .handed_over_by
                .zip(row.handed_over_at)
                .map(|(by, at)| Handover { by, at }),
        })
    }
}

/// Adds a notice. Writing one shows nothing to anybody, so whatever was allowed to happen may be told.
pub fn insert(connection: &mut AnyConnection, notice: &Notice) -> Result<(), Error> {
    let params = serde_json::to_value(&notice.content).ok();
    let row = NoticeRow {
        employee_id: notice.employee_id,
        id: notice.id,
        kind: notice.content.kind().to_owned(),
        params: Json(params.ok_or(Error::Corrupt("notice.params"))?),
        created_at: notice.created_at,
        seen_at: notice.seen_at,
        handed_over_at: notice.handed_over.map(|handover| handover.at),
        handed_over_by: notice.handed_over.map(|handover| handover.by),
    };
    diesel::insert_into(notice::table).values(row).execute(connection)?;
    Ok(())
}

/// What a list of one's own notices leaves out.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoticeFilter {
    /// Only those that were seen (`true`) or not (`false`).
    pub is_seen: Option<bool>,
    /// Only those older than this one.
    pub before: Option<NoticeId>,
    /// At most so many.
    pub limit: i64,
}

/// The scope's own notices, newest first.
pub fn list(connection: &mut AnyConnection, scope: &Scope, filter: NoticeFilter) -> Result<Vec<Notice>, Error> {
    let owner = scope.person().ok_or(Error::Missing)?;
    let mut query = notice::table
        .filter(notice::employee_id.eq(owner))
        .select(NoticeRow::as_select())
        .into_boxed();
    if let Some(is_seen) = filter.is_seen {
        query = if is_seen {
            query.filter(notice::seen_at.is_not_null())
        } else {
            query.filter(notice::seen_at.is_null())
        };
    }
    if let Some(before) = filter.before {
        query = query.filter(notice::id.lt(before));
    }
    query
        .order(notice::id.desc())
        .limit(filter.limit)
        .load(connection)?
        .into_iter()
        .map(Notice::try_from)
        .collect()
}

/// A notice of the scope's own.
pub fn find(connection: &mut AnyConnection, scope: &Scope, id: NoticeId) -> Result<Option<Notice>, Error> {
    let owner = scope.person().ok_or(Error::Missing)?;
    find_of(connection, owner, id)
}

/// A notice of one of `team`, whom the caller has found to be the subordinates of the scope's person.
pub fn find_in_team(
    connection: &mut AnyConnection,
    scope: &Scope,
    team: &[EmployeeId],
    id: NoticeId,
) -> Result<Option<Notice>, Error> {
    scope.person().ok_or(Error::Missing)?;
    notice::table
        .filter(notice::employee_id.eq_any(team))
        .filter(notice::id.eq(id))
        .select(NoticeRow::as_select())
        .first(connection)
        .optional()?
        .map(Notice::try_from)
        .transpose()
}

/// Notices of some kinds that `team` has neither seen nor been handed, oldest first, at most `limit` after `after`.
pub fn list_unreached(
    connection: &mut AnyConnection,
    scope: &Scope,
    team: &[EmployeeId],
    kinds: &[&str],
    after: Option<NoticeId>,
    limit: i64,
) -> Result<Vec<Notice>, Error> {
    scope.person().ok_or(Error::Missing)?;
    let mut query = notice::table
        .filter(notice::employee_id.eq_any(team))
        .filter(notice::kind.eq_any(kinds))
        .filter(notice::seen_at.is_null())
        .filter(notice::handed_over_at.is_null())
        .select(NoticeRow::as_select())
        .into_boxed();
    if let Some(after) = after {
        query = query.filter(notice::id.gt(after));
    }
    query
        .order(notice::id.asc())
        .limit(limit)
        .load(connection)?
        .into_iter()
        .map(Notice::try_from)
        .collect()
}

/// How many notices a person has not seen.
pub fn count_unseen(connection: &mut AnyConnection, owner: EmployeeId) -> Result<i64, Error> {
    Ok(notice::table
        .filter(notice::employee_id.eq(owner))
        .filter(notice::seen_at.is_null())
        .count()
        .get_result(connection)?)
}

/// Keeps when a notice was first seen and first handed over; what it says never changes.
pub fn update(connection: &mut AnyConnection, scope: &Scope, notice: &Notice) -> Result<(), Error> {
    scope.person().ok_or(Error::Missing)?;
    diesel::update(notice::table.find((notice.employee_id, notice.id)))
        .set((
            notice::seen_at.eq(notice.seen_at),
            notice::handed_over_at.eq(notice.handed_over.map(|handover| handover.at)),
            notice::handed_over_by.eq(notice.handed_over.map(|handover| handover.by)),
        ))
        .execute(connection)?;
    Ok(())
}

/// The notice that a clock of a case runs from, for a case that the caller has found within its reach.
pub fn find_of_case(connection: &mut AnyConnection, owner: EmployeeId, id: NoticeId) -> Result<Option<Notice>, Error> {
    find_of(connection, owner, id)
}

fn find_of(connection: &mut AnyConnection, owner: EmployeeId, id: NoticeId) -> Result<Option<Notice>, Error> {
    notice::table
        .find((owner, id))
        .select(NoticeRow::as_select())
        .first(connection)
        .optional()?
        .map(Notice::try_from)
        .transpose()
}
