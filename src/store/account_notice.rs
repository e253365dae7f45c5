//! Rows of notices to officials who are on no staff list: by account, since there is no person to name.

use crate::domain::access::Scope;
use crate::domain::ids::AccountId;
use crate::domain::ids::NoticeId;
use crate::domain::instant::Instant;
use crate::domain::notice::Told;
use crate::store::backend::AnyConnection;
use crate::store::columns::Json;
use crate::store::error::Error;
use crate::store::notice::NoticeFilter;
use crate::store::schema::account_notice;
use diesel::prelude::*;

#[derive(Queryable, Insertable, Selectable)]
#[diesel(table_name = account_notice, treat_none_as_default_value = false)]
struct AccountNoticeRow {
    account_id: AccountId,
    id: NoticeId,
    kind: String,
    params: Json,
    created_at: Instant,
    seen_at: Option<Instant>,
}

impl TryFrom<AccountNoticeRow> for Told {
    type Error = Error;

    fn try_from(row: AccountNoticeRow) -> Result<Self, Error> {
        let content = serde_json::from_value(row.params.0).ok();
        Ok(Self {
            id: row.id,
            content: content.ok_or(Error::Corrupt("account_notice.params"))?,
            created_at: row.created_at,
            seen_at: row.seen_at,
            handed_over_at: None,
        })
    }
}

/// Adds a notice. Writing one shows nothing to anybody, so whatever was allowed to happen may be told.
pub fn insert(connection: &mut AnyConnection, account_id: AccountId, told: &Told) -> Result<(), Error> {
    let params = serde_json::to_value(&told.content).ok();
    let row = AccountNoticeRow {
        account_id,
        id: told.id,
        kind: told.content.kind().to_owned(),
        params: Json(params.ok_or(Error::Corrupt("account_notice.params"))?),
        created_at: told.created_at,
        seen_at: told.seen_at,
    };
    diesel::insert_into(account_notice::table)
        .values(row)
        .execute(connection)?;
    Ok(())
}

/// The notices of the scope's account, newest first.
pub fn list(connection: &mut AnyConnection, scope: &Scope, filter: NoticeFilter) -> Result<Vec<Told>, Error> {
    let owner = scope.account().ok_or(Error::Missing)?;
    let mut query = account_notice::table
        .filter(account_notice::account_id.eq(owner))
        .select(AccountNoticeRow::as_select())
        .into_boxed();
    if let Some(is_seen) = filter.is_seen {
        query = if is_seen {
            query.filter(account_notice::seen_at.is_not_null())
        } else {
            query.filter(account_notice::seen_at.is_null())
        };
    }
    if let Some(before) = filter.before {
        query = query.filter(account_notice::id.lt(before));
    }
    query
        .order(account_notice::id.desc())
        .limit(filter.limit)
        .load(connection)?
        .into_iter()
        .map(Told::try_from)
        .collect()
}

/// A notice of the scope's account.
pub fn find(connection: &mut AnyConnection, scope: &Scope, id: NoticeId) -> Result<Option<Told>, Error> {
    let owner = scope.account().ok_or(Error::Missing)?;
    account_notice::table
        .find((owner, id))
        .select(AccountNoticeRow::as_select())
        .first(connection)
        .optional()?
        .map(Told::try_from)
        .transpose()
}

/// Marks a notice of the scope's account as seen.
pub fn see(connection: &mut AnyConnection, scope: &Scope, id: NoticeId, at: Instant) -> Result<(), Error> {
    let owner = scope.account().ok_or(Error::Missing)?;
    diesel::update(account_notice::table.find((owner, id)))
        .set(account_notice::seen_at.eq(Some(at)))
        .execute(connection)?;
    Ok(())
}
