//! Audits: their plans, seeds and states. What a fixed plan may not change is held by triggers as well.

use crate::domain::access::AgencyCode;
use crate::domain::access::Scope;
use crate::domain::audit::AuditState;
use crate::domain::audit::plan::AuditPlan;
use crate::domain::audit::plan::Strata;
use crate::domain::audit::seed::SeedMaterial;
use crate::domain::audit::seed::SeedRule;
use crate::domain::audit::stopping::Stopping;
use crate::domain::audit::targeted::TargetedRule;
use crate::domain::canonical;
use crate::domain::digest::Digest;
use crate::domain::ids::AccountId;
use crate::domain::ids::AuditId;
use crate::domain::instant::Instant;
use crate::store::backend::AnyConnection;
use crate::store::error::Error;
use crate::store::schema::audit;
use crate::store::schema::audit_agency;
use crate::store::schema::audit_stratum;
use chrono::NaiveDate;
use diesel::prelude::*;

/// One audit.
#[derive(Clone, Debug, Queryable, Insertable, Selectable)]
#[diesel(table_name = audit, treat_none_as_default_value = false)]
pub struct AuditRow {
    /// Its id.
    pub id: AuditId,
    /// First work date.
    pub from_date: NaiveDate,
    /// Last work date, inclusive.
    pub to_date: NaiveDate,
    /// What the population is divided into.
    pub strata: Strata,
    /// How sure the claim must be, basis points.
    pub confidence_bp: i32,
    /// The rate that must not go unnoticed, basis points.
    pub tolerable_bp: i32,
    /// The rate that is expected anyway, basis points.
    pub expected_bp: i32,
    /// Units for each stratum, where the plan fixes them.
    pub sample_size: Option<i32>,
    /// The first weight of the prior, where the sample may be looked at early and extended.
    pub sequence_a: Option<i32>,
    /// The second.
    pub sequence_b: Option<i32>,
    /// Which units are picked beforehand and examined in full, as canonical JSON; none where all are left to chance.
    pub targeted_rule: Option<String>,
    /// How far it has come.
    pub state: AuditState,
    /// Units in the population.
    pub population: i64,
    /// SHA-256 of the population's text; set when it is whole.
    pub population_sha256: Option<Vec<u8>>,
    /// SHA-256 of the plan's entry in the audit log; set together with the population's.
    pub plan_sha256: Option<Vec<u8>>,
    /// How the seed is to be made, as canonical JSON.
    pub seed_rule: String,
    /// The seed.
    pub seed: Option<String>,
    /// What it was made of, as canonical JSON.
    pub seed_material: Option<String>,
    /// How the seed was made, in words.
    pub seed_evidence: Option<String>,
    /// When the seed was accepted.
    pub seeded_at: Option<Instant>,
    /// Who entered it.
    pub seeded_by: Option<AccountId>,
    /// When the plan was made and the population fixed.
    pub planned_at: Instant,
    /// Who planned.
    pub planned_by: AccountId,
    /// When the sample was drawn.
    pub drawn_at: Option<Instant>,
    /// Who drew.
    pub drawn_by: Option<AccountId>,
    /// When it was closed.
    pub closed_at: Option<Instant>,
    /// Who closed it.
    pub closed_by: Option<AccountId>,
    /// When it was cancelled.
    pub cancelled_at: Option<Instant>,
    /// Who cancelled it.
    pub cancelled_by: Option<AccountId>,
    /// Why, in public.
    pub cancel_reason: Option<String>,
    /// Raised by every change.
    pub version: i32,
}

impl AuditRow {
    /// A plan whose population is about to be written. `Err` if one of its rules can't be written.
    pub fn planned(
        id: AuditId,
        plan: &AuditPlan,
        seed_rule: &SeedRule,
        planned_at: Instant,
        planned_by: AccountId,
    ) -> Result<Self, Error> {
        let seed_rule = canonical::to_string(seed_rule)
            .ok()
            .ok_or(Error::Corrupt("audit.seed_rule"))?;
        let targeted_rule = plan.targeted.as_ref().map(canonical::to_string).transpose();
        let weights = plan.stopping.weights();
        let stored = |weight: u32| i32::try_from(weight).ok();
        Ok(Self {
            id,
            from_date: plan.from,
            to_date: plan.to,
            strata: plan.strata,
            confidence_bp: plan.confidence_bp.into(),
            tolerable_bp: plan.tolerable_bp.into(),
            expected_bp: plan.expected_bp.into(),
            sample_size: plan.sample_size.and_then(|size| i32::try_from(size).ok()),
            sequence_a: weights.and_then(|(a, _)| stored(a)),
            sequence_b: weights.and_then(|(_, b)| stored(b)),
            targeted_rule: targeted_rule.ok().ok_or(Error::Corrupt("audit.targeted_rule"))?,
            state: AuditState::Planned,
            population: 0,
            population_sha256: None,
            plan_sha256: None,
            seed_rule,
            seed: None,
            seed_material: None,
            seed_evidence: None,
            seeded_at: None,
            seeded_by: None,
            planned_at,
            planned_by,
            drawn_at: None,
            drawn_by: None,
            closed_at: None,
            closed_by: None,
            cancelled_at: None,
            cancelled_by: None,
            cancel_reason: None,
            version: 1,
        })
    }

    /// How sure the claim must be, basis points.
    pub fn confidence(&self) -> Result<u16, Error> {
        u16::try_from(self.confidence_bp)
            .ok()
            .ok_or(Error::Corrupt("audit.confidence_bp"))
    }

    /// How the seed is to be made.
    pub fn seed_rule(&self) -> Result<SeedRule, Error> {
        canonical::from_str(&self.seed_rule)
            .ok()
            .ok_or(Error::Corrupt("audit.seed_rule"))
    }

    /// Which units are picked beforehand; none where all are left to chance.
    pub fn targeted_rule(&self) -> Result<Option<TargetedRule>, Error> {
        let read = self.targeted_rule.as_deref().map(canonical::from_str).transpose();
        read.ok().ok_or(Error::Corrupt("audit.targeted_rule"))
    }

    /// What the seed was made of; none before there is a seed.
    pub fn seed_material(&self) -> Result<Option<SeedMaterial>, Error> {
        let read = |text| canonical::from_str(text).ok();
        match &self.seed_material {
            Some(text) => Ok(Some(read(text).ok_or(Error::Corrupt("audit.seed_material"))?)),
            None => Ok(None),
        }
    }

    /// The digest of the plan's entry in the audit log.
    pub fn plan_digest(&self) -> Result<Digest, Error> {
        self.plan_sha256
            .as_deref()
            .and_then(Digest::from_bytes)
            .ok_or(Error::Corrupt("audit.plan_sha256"))
    }

    /// When the auditors may look and stop.
    pub fn stopping(&self) -> Result<Stopping, Error> {
        let corrupt = Error::Corrupt("audit.sequence_a");
        let read = |weight: Option<i32>| weight.map(u32::try_from).transpose().ok();
        match (read(self.sequence_a), read(self.sequence_b)) {
            (Some(a), Some(b)) => Stopping::from_weights(a.zip(b)).ok().ok_or(corrupt),
            (None, _) | (_, None) => Err(corrupt),
        }
    }

    /// The digest of the population.
    pub fn digest(&self) -> Result<Digest, Error> {
        self.population_sha256
            .as_deref()
            .and_then(Digest::from_bytes)
            .ok_or(Error::Corrupt("audit.population_sha256"))
    }
}

/// One stratum of an audit.
#[derive(Clone, Debug, Queryable, Insertable, Selectable)]
#[diesel(table_name = audit_stratum)]
pub struct StratumRow {
    /// The audit.
    pub audit_id: AuditId,
    /// The agency's code, `all`, or `targeted`.
    pub name: String,
    /// Units in it.
    pub population: i64,
    /// Units to draw.
    pub sample_size: i64,
}

/// Audits of BKD concern everybody; a scope that reaches less finds none.
pub(crate) fn hold(scope: &Scope) -> Result<(), Error> {
    if scope.agencies().is_none() {
        Ok(())
    } else {
        Err(Error::Missing)
    }
}

/// Adds a plan with its agencies. The same agency and period again is a duplicate.
pub fn insert(connection: &mut AnyConnection, scope: &Scope, row: &AuditRow, plan: &AuditPlan) -> Result<(), Error> {
    hold(scope)?;
    diesel::insert_into(audit::table).values(row).execute(connection)?;
    for agency in &plan.agencies {
        diesel::insert_into(audit_agency::table)
            .values((
                audit_agency::audit_id.eq(row.id),
                audit_agency::agency_code.eq(agency.as_str()),
                audit_agency::from_date.eq(row.from_date),
                audit_agency::to_date.eq(row.to_date),
                audit_agency::is_cancelled.eq(false),
            ))
            .execute(connection)?;
    }
    Ok(())
}

/// Adds a stratum with its size.
pub fn insert_stratum(connection: &mut AnyConnection, scope: &Scope, row: &StratumRow) -> Result<(), Error> {
    hold(scope)?;
    diesel::insert_into(audit_stratum::table)
        .values(row)
        .execute(connection)?;
    Ok(())
}

/// The first audit, cancelled ones left out, that covers one of the agencies on some day of the period.
pub fn find_overlap(connection: &mut AnyConnection, plan: &AuditPlan) -> Result<Option<AuditId>, Error> {
    let codes: Vec<&str> = plan.agencies.iter().map(AgencyCode::as_str).collect();
    Ok(audit_agency::table
        .filter(audit_agency::agency_code.eq_any(codes))
        .filter(audit_agency::is_cancelled.eq(false))
        .filter(audit_agency::from_date.le(plan.to))
        .filter(audit_agency::to_date.ge(plan.from))
        .select(audit_agency::audit_id)
        .first(connection)
        .optional()?)
}

/// The audit of an id.
pub fn find(connection: &mut AnyConnection, scope: &Scope, id: AuditId) -> Result<Option<AuditRow>, Error> {
    hold(scope)?;
    Ok(audit::table
        .find(id)
        .select(AuditRow::as_select())
        .first(connection)
        .optional()?)
}

/// When the sample of an audit was drawn.
pub fn drawn_at(connection: &mut AnyConnection, id: AuditId) -> Result<Option<Instant>, Error> {
    let found: Option<Option<Instant>> = audit::table
        .find(id)
        .select(audit::drawn_at)
        .first(connection)
        .optional()?;
    Ok(found.flatten())
}

/// Whether there is an audit of that id, which says nothing about it.
pub fn exists(connection: &mut AnyConnection, id: AuditId) -> Result<bool, Error> {
    Ok(diesel::select(diesel::dsl::exists(audit::table.find(id))).get_result(connection)?)
}

/// Audits, newest plan first; `after` is the last id of the page before.
pub fn list(
    connection: &mut AnyConnection,
    scope: &Scope,
    state: Option<AuditState>,
    after: Option<AuditId>,
    limit: i64,
) -> Result<Vec<AuditRow>, Error> {
    hold(scope)?;
    let mut query = audit::table
        // Ids are UUIDv7: their order is that of time.
        .order(audit::id.desc())
        .limit(limit)
        .select(AuditRow::as_select())
        .into_boxed();
    if let Some(state) = state {
        query = query.filter(audit::state.eq(state));
    }
    if let Some(after) = after {
        query = query.filter(audit::id.lt(after));
    }
    Ok(query.load(connection)?)
}

/// The agencies of an audit, in the order of their codes.
pub fn list_agencies(connection: &mut AnyConnection, id: AuditId) -> Result<Vec<String>, Error> {
    Ok(audit_agency::table
        .filter(audit_agency::audit_id.eq(id))
        .order(audit_agency::agency_code)
        .select(audit_agency::agency_code)
        .load(connection)?)
}

/// The strata of an audit, in the order of their names.
pub fn list_strata(connection: &mut AnyConnection, id: AuditId) -> Result<Vec<StratumRow>, Error> {
    Ok(audit_stratum::table
        .filter(audit_stratum::audit_id.eq(id))
        .order(audit_stratum::name)
        .select(StratumRow::as_select())
        .load(connection)?)
}

/// Fixes the population and the plan's entry in the audit log; from here on neither it nor the plan can change.
pub fn fix_population(
    connection: &mut AnyConnection,
    scope: &Scope,
    id: AuditId,
    population: i64,
    digest: Digest,
    plan: Digest,
) -> Result<(), Error> {
    hold(scope)?;
    diesel::update(audit::table.find(id))
        .set((
            audit::population.eq(population),
            audit::population_sha256.eq(Some(digest.bytes().to_vec())),
            audit::plan_sha256.eq(Some(plan.bytes().to_vec())),
        ))
        .execute(connection)?;
    Ok(())
}

/// A seed with what it was made of.
#[derive(Clone, Copy, Debug)]
pub struct NewSeed<'a> {
    /// The seed.
    pub seed: &'a str,
    /// What it was made of.
    pub material: &'a SeedMaterial,
    /// How it was made, in words.
    pub evidence: Option<&'a str>,
}

/// Sets the seed of an audit that has none.
pub fn set_seed(
    connection: &mut AnyConnection,
    scope: &Scope,
    id: AuditId,
    new: NewSeed<'_>,
    by: AccountId,
    at: Instant,
) -> Result<(), Error> {
    hold(scope)?;
    let material = canonical::to_string(new.material)
        .ok()
        .ok_or(Error::Corrupt("audit.seed_material"))?;
    diesel::update(audit::table.find(id).filter(audit::seed.is_null()))
        .set((
            audit::seed.eq(Some(new.seed)),
            audit::seed_material.eq(Some(material)),
            audit::seed_evidence.eq(new.evidence),
            audit::seeded_by.eq(Some(by)),
            audit::seeded_at.eq(Some(at)),
            audit::version.eq(audit::version + 1),
        ))
        .execute(connection)?;
    Ok(())
}

/// Moves an audit on to `drawn`.
pub fn set_drawn(
    connection: &mut AnyConnection,
    scope: &Scope,
    id: AuditId,
    by: AccountId,
    at: Instant,
) -> Result<(), Error> {
    hold(scope)?;
    diesel::update(audit::table.find(id))
        .set((
            audit::state.eq(AuditState::Drawn),
            audit::drawn_by.eq(Some(by)),
            audit::drawn_at.eq(Some(at)),
            audit::version.eq(audit::version + 1),
        ))
        .execute(connection)?;
    Ok(())
}

/// Extends the sample of a stratum; the database refuses to shrink it, and to extend one whose size is fixed.
pub fn set_sample_size(
    connection: &mut AnyConnection,
    scope: &Scope,
    id: AuditId,
    stratum: &str,
    size: i64,
) -> Result<(), Error> {
    hold(scope)?;
    diesel::update(audit_stratum::table.find((id, stratum)))
        .set(audit_stratum::sample_size.eq(size))
        .execute(connection)?;
    diesel::update(audit::table.find(id))
        .set(audit::version.eq(audit::version + 1))
        .execute(connection)?;
    Ok(())
}

/// Moves an audit on from `drawn` to `in_review`; one that is there already stays.
pub fn begin_review(connection: &mut AnyConnection, id: AuditId) -> Result<(), Error> {
    diesel::update(audit::table.find(id).filter(audit::state.eq(AuditState::Drawn)))
        .set((
            audit::state.eq(AuditState::InReview),
            audit::version.eq(audit::version + 1),
        ))
        .execute(connection)?;
    Ok(())
}

/// Closes an audit.
pub fn set_closed(
    connection: &mut AnyConnection,
    scope: &Scope,
    id: AuditId,
    by: AccountId,
    at: Instant,
) -> Result<(), Error> {
    hold(scope)?;
    diesel::update(audit::table.find(id))
        .set((
            audit::state.eq(AuditState::Closed),
            audit::closed_by.eq(Some(by)),
            audit::closed_at.eq(Some(at)),
            audit::version.eq(audit::version + 1),
        ))
        .execute(connection)?;
    Ok(())
}

/// Cancels an audit in public; its agencies may be planned for the same days again.
pub fn set_cancelled(
    connection: &mut AnyConnection,
    scope: &Scope,
    id: AuditId,
    reason: &str,
    by: AccountId,
    at: Instant,
) -> Result<(), Error> {
    hold(scope)?;
    diesel::update(audit::table.find(id))
        .set((
            audit::state.eq(AuditState::Cancelled),
            audit::cancel_reason.eq(Some(reason)),
            audit::cancelled_by.eq(Some(by)),
            audit::cancelled_at.eq(Some(at)),
            audit::version.eq(audit::version + 1),
        ))
        .execute(connection)?;
    diesel::update(audit_agency::table.filter(audit_agency::audit_id.eq(id)))
        .set(audit_agency::is_cancelled.eq(true))
        .execute(connection)?;
    Ok(())
}
