//! Outages: declared ones, and the runs of the service's instances between whose ends it did not live.

use crate::domain::ids::AccountId;
use crate::domain::ids::InstanceRunId;
use crate::domain::ids::OutageId;
use crate::domain::instant::Instant;
use crate::domain::recap::outage::OutageScope;
use crate::store::backend::AnyConnection;
use crate::store::error::Error;
use crate::store::schema::instance_run;
use crate::store::schema::outage;
use diesel::prelude::*;

/// One declared outage.
#[derive(Clone, Debug, Queryable, Insertable, Selectable)]
#[diesel(table_name = outage, treat_none_as_default_value = false)]
pub struct OutageRow {
    /// Its id.
    pub id: OutageId,
    /// When it began.
    pub from_at: Instant,
    /// When it ended.
    pub to_at: Instant,
    /// `all`, `agency` or `region`.
    pub scope_kind: String,
    /// The agency's or region's code.
    pub scope_code: Option<String>,
    /// What happened.
    pub reason: String,
    /// Who declared it.
    pub declared_by: AccountId,
    /// When.
    pub declared_at: Instant,
    /// Who took it back.
    pub withdrawn_by: Option<AccountId>,
    /// When.
    pub withdrawn_at: Option<Instant>,
}

impl OutageRow {
    /// Whom it touched.
    pub fn scope(&self) -> Result<OutageScope, Error> {
        let code = self.scope_code.clone();
        match (self.scope_kind.as_str(), code) {
            ("all", None) => Ok(OutageScope::All),
            ("agency", Some(code)) => Ok(OutageScope::Agency { code }),
            ("region", Some(code)) => {
                let code = code.parse().ok().ok_or(Error::Corrupt("outage.scope_code"))?;
                Ok(OutageScope::Region { code })
            }
            _ => Err(Error::Corrupt("outage.scope_kind")),
        }
    }
}

/// Adds an outage.
pub fn insert(connection: &mut AnyConnection, row: &OutageRow) -> Result<(), Error> {
    diesel::insert_into(outage::table).values(row).execute(connection)?;
    Ok(())
}

/// One outage.
pub fn find(connection: &mut AnyConnection, id: OutageId) -> Result<Option<OutageRow>, Error> {
    Ok(outage::table
        .find(id)
        .select(OutageRow::as_select())
        .first(connection)
        .optional()?)
}

/// Up to `limit` outages, newest first, after a key.
pub fn list(
    connection: &mut AnyConnection,
    after: Option<(Instant, OutageId)>,
    limit: i64,
) -> Result<Vec<OutageRow>, Error> {
    let mut query = outage::table
        .order((outage::from_at.desc(), outage::id.desc()))
        .limit(limit)
        .select(OutageRow::as_select())
        .into_boxed();
    if let Some((at, id)) = after {
        query = query.filter(outage::from_at.lt(at).or(outage::from_at.eq(at).and(outage::id.lt(id))));
    }
    Ok(query.load(connection)?)
}

/// The outages that stand and touch a time.
pub fn list_between(connection: &mut AnyConnection, from: Instant, to: Instant) -> Result<Vec<OutageRow>, Error> {
    Ok(outage::table
        .filter(outage::to_at.gt(from))
        .filter(outage::from_at.lt(to))
        .filter(outage::withdrawn_at.is_null())
        .order((outage::from_at, outage::id))
        .select(OutageRow::as_select())
        .load(connection)?)
}

/// Takes an outage back; gives whether it stood.
pub fn withdraw(connection: &mut AnyConnection, id: OutageId, by: AccountId, at: Instant) -> Result<bool, Error> {
    let stands = outage::table.find(id).filter(outage::withdrawn_at.is_null());
    let changed = diesel::update(stands)
        .set((outage::withdrawn_by.eq(Some(by)), outage::withdrawn_at.eq(Some(at))))
        .execute(connection)?;
    Ok(changed == 1)
}

/// Writes down that an instance began to live.
pub fn insert_run(connection: &mut AnyConnection, id: InstanceRunId, at: Instant) -> Result<(), Error> {
    diesel::insert_into(instance_run::table)
        .values((
            instance_run::id.eq(id),
            instance_run::started_at.eq(at),
            instance_run::last_seen_at.eq(at),
        ))
        .execute(connection)?;
    Ok(())
}

/// Writes down that an instance still lives; gives whether its run is known.
pub fn touch_run(connection: &mut AnyConnection, id: InstanceRunId, at: Instant) -> Result<bool, Error> {
    let run = instance_run::table.find(id).filter(instance_run::last_seen_at.le(at));
    let changed = diesel::update(run)
        .set(instance_run::last_seen_at.eq(at))
        .execute(connection)?;
    Ok(changed == 1)
}

/// When instances lived, as far as it touches a time.
pub fn list_runs(connection: &mut AnyConnection, from: Instant, to: Instant) -> Result<Vec<(Instant, Instant)>, Error> {
    Ok(instance_run::table
        .filter(instance_run::last_seen_at.ge(from))
        .filter(instance_run::started_at.le(to))
        .order((instance_run::started_at, instance_run::id))
        .select((instance_run::started_at, instance_run::last_seen_at))
        .load(connection)?)
}
