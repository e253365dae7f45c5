//! The register of circulars.

use crate::domain::circular::content::Content;
use crate::domain::circular::jurisdiction::JurisdictionCode;
use crate::domain::circular::lifecycle::Circular;
use crate::domain::circular::lifecycle::CircularState;
use crate::domain::ids::AccountId;
use crate::domain::ids::CircularId;
use crate::domain::instant::Instant;
use crate::store::backend::AnyConnection;
use crate::store::columns::Json;
use crate::store::error::Error;
use crate::store::schema::circular;
use chrono::NaiveDate;
use diesel::prelude::*;

/// A circular with what the register keeps beside it.
#[derive(Clone, Debug)]
pub struct Registered {
    /// The circular.
    pub circular: Circular,
    /// Raised by every change.
    pub version: i32,
    /// Who drafted it.
    pub created_by: AccountId,
    /// When it was drafted.
    pub created_at: Instant,
    /// When it was issued.
    pub issued_at: Option<Instant>,
    /// When it was revoked.
    pub revoked_at: Option<Instant>,
}

#[derive(Queryable, Insertable, AsChangeset, Selectable)]
#[diesel(table_name = circular, treat_none_as_null = true, treat_none_as_default_value = false)]
struct CircularRow {
    id: CircularId,
    number: String,
    number_key: String,
    title: String,
    jurisdiction_code: String,
    state: CircularState,
    signed_on: NaiveDate,
    effective_from: NaiveDate,
    effective_to: Option<NaiveDate>,
    revoked_from: Option<NaiveDate>,
    body: Json,
    version: i32,
    created_by: AccountId,
    created_at: Instant,
    issued_at: Option<Instant>,
    revoked_at: Option<Instant>,
}

impl CircularRow {
    fn of(registered: &Registered) -> Result<Self, Error> {
        let circular = &registered.circular;
        let content = &circular.content;
        Ok(Self {
            id: circular.id,
            number: content.number.as_str().to_owned(),
            number_key: content.number.key(),
            title: content.title.clone(),
            jurisdiction_code: content.jurisdiction_code.as_str().to_owned(),
            state: circular.state,
            signed_on: content.signed_on,
            effective_from: content.effective_from,
            effective_to: content.effective_to,
            revoked_from: circular.revoked_from,
            body: Json(
                serde_json::to_value(content)
                    .ok()
                    .ok_or(Error::Corrupt("circular.body"))?,
            ),
            version: registered.version,
            created_by: registered.created_by,
            created_at: registered.created_at,
            issued_at: registered.issued_at,
            revoked_at: registered.revoked_at,
        })
    }

    fn read(self) -> Result<Registered, Error> {
        let content: Content = serde_json::from_value(self.body.0)
            .ok()
            .ok_or(Error::Corrupt("circular.body"))?;
        Ok(Registered {
            circular: Circular {
                id: self.id,
                content,
                state: self.state,
                revoked_from: self.revoked_from,
            },
            version: self.version,
            created_by: self.created_by,
            created_at: self.created_at,
            issued_at: self.issued_at,
            revoked_at: self.revoked_at,
        })
    }
}

/// Adds a circular; a number that its jurisdiction has already is a duplicate.
pub fn insert(connection: &mut AnyConnection, registered: &Registered) -> Result<(), Error> {
    diesel::insert_into(circular::table)
        .values(CircularRow::of(registered)?)
        .execute(connection)?;
    Ok(())
}

/// Replaces a circular if its version in the register is still `seen`; gives whether it was.
pub fn update(connection: &mut AnyConnection, registered: &Registered, seen: i32) -> Result<bool, Error> {
    let row = CircularRow::of(registered)?;
    let target = circular::table.find(row.id).filter(circular::version.eq(seen));
    Ok(diesel::update(target).set(&row).execute(connection)? == 1)
}

/// The circular of an id.
pub fn find(connection: &mut AnyConnection, id: CircularId) -> Result<Option<Registered>, Error> {
    circular::table
        .find(id)
        .select(CircularRow::as_select())
        .first(connection)
        .optional()?
        .map(CircularRow::read)
        .transpose()
}

/// The circulars that bear a number, in whichever jurisdiction and spelling.
pub fn list_by_number(connection: &mut AnyConnection, number_key: &str) -> Result<Vec<(CircularId, String)>, Error> {
    Ok(circular::table
        .filter(circular::number_key.eq(number_key))
        .order((circular::jurisdiction_code, circular::id))
        .select((circular::id, circular::jurisdiction_code))
        .load(connection)?)
}

/// Which circulars a list holds.
#[derive(Clone, Debug, Default)]
pub struct CircularFilter {
    /// Only of this state.
    pub state: Option<CircularState>,
    /// Only of exactly this jurisdiction.
    pub jurisdiction: Option<JurisdictionCode>,
    /// Only those that were issued, revoked ones included.
    pub is_public: bool,
    /// Only after this one in the list's order: date of signature and id.
    pub after: Option<(NaiveDate, CircularId)>,
}

/// Up to `limit` circulars, the one signed last first.
pub fn list(connection: &mut AnyConnection, filter: &CircularFilter, limit: i64) -> Result<Vec<Registered>, Error> {
    let mut query = circular::table.select(CircularRow::as_select()).into_boxed();
    if let Some(state) = filter.state {
        query = query.filter(circular::state.eq(state));
    }
    if let Some(jurisdiction) = &filter.jurisdiction {
        query = query.filter(circular::jurisdiction_code.eq(jurisdiction.as_str()));
    }
    if filter.is_public {
        query = query.filter(circular::state.eq_any([CircularState::Issued, CircularState::Revoked]));
    }
    if let Some((signed_on, id)) = filter.after {
        let later = circular::signed_on
            .lt(signed_on)
            .or(circular::signed_on.eq(signed_on).and(circular::id.lt(id)));
        query = query.filter(later);
    }
    query
        .order((circular::signed_on.desc(), circular::id.desc()))
        .limit(limit)
        .load(connection)?
        .into_iter()
        .map(CircularRow::read)
        .collect()
}
