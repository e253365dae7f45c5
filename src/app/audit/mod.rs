//! Audits: planned over a fixed population, seeded once, drawn, reviewed case by case, closed and reported.

pub mod bundle;
pub mod draw;
pub mod extension;
pub mod federated_population;
pub mod population;
pub mod reassignment;
mod record;
pub mod seed;
mod signal;
mod unit;

use crate::app::App;
use crate::app::audit::federated_population::{FederatedSource, sources_of};
use crate::app::case::hearing::Hearings;
use crate::app::context::Context;
use crate::app::error::Code;
use crate::app::error::Error;
use crate::domain::access::Scope;
use crate::domain::audit::AuditError;
use crate::domain::audit::AuditState;
use crate::domain::audit::may_close;
use crate::domain::audit::report::AuditReport;
use crate::domain::audit::report::StratumSample;
use crate::domain::audit::report::report;
use crate::domain::audit::second_review::Agreement;
use crate::domain::audit::seed::SeedMaterial;
use crate::domain::audit::seed::SeedRule;
use crate::domain::audit::signal::Signal;
use crate::domain::audit::signal::SignalCount;
use crate::domain::audit::targeted;
use crate::domain::audit::targeted::TargetedRule;
use crate::domain::case::objection::ObjectionCount;
use crate::domain::case::progress::Progress;
use crate::domain::event::Event;
use crate::domain::ids::AuditId;
use crate::domain::log_name::LogName;
use crate::domain::statistics::Risk;
use crate::store;
use crate::store::audit::AuditRow;
use crate::store::audit::StratumRow;
use crate::store::backend::AnyConnection;
use crate::store::case::CaseRow;

/// An audit with what belongs to it.
#[derive(Clone, Debug)]
pub struct Audit {
    /// Plan, seed and state.
    pub row: AuditRow,
    /// Codes of the audited agencies.
    pub agencies: Vec<String>,
    /// Strata with their sizes.
    pub strata: Vec<StratumRow>,
    /// Which units are picked beforehand; none where all are left to chance.
    pub targeted: Option<TargetedRule>,
    /// How the seed is made.
    pub seed_rule: SeedRule,
    /// What it was made of; nothing before there is a seed.
    pub seed_material: SeedMaterial,
    /// What the units of each agency with an instance of its own were taken from; not told in lists.
    pub federated: Vec<FederatedSource>,
}

/// A report with the audit that it is about.
#[derive(Clone, Debug)]
pub struct AuditFindings {
    /// The audit.
    pub audit: Audit,
    /// What it found.
    pub report: AuditReport,
    /// How the drawn slots ended by what stood out about them, each with its precision in basis points.
    pub signals: Vec<(Signal, SignalCount, (u64, u64))>,
    /// How the blind second review compares.
    pub agreement: Agreement,
    /// At least so many of the drawn units would get the same finding twice, at the audit's confidence.
    pub agreed_lower: u64,
    /// Whether somebody is to look again and has not.
    pub is_second_review_pending: bool,
    /// What became of objections.
    pub objections: ObjectionCount,
}

impl AuditFindings {
    /// Whether nothing of it can change but by an objection that may still come.
    pub const fn is_final(&self) -> bool {
        self.report.is_final() && !self.is_second_review_pending
    }
}

impl From<AuditError> for Error {
    fn from(error: AuditError) -> Self {
        Self::Conflict(match error {
            AuditError::SeedSet => Code::SeedSet,
            AuditError::SeedMissing => Code::SeedMissing,
            AuditError::CasesOpen { .. } => Code::CasesOpen,
            AuditError::SizeFixed => Code::SampleSizeFixed,
            AuditError::State(_) => Code::WrongState,
        })
    }
}

impl App {
    /// An audit by its id.
    pub fn find_audit(&self, scope: &Scope, id: AuditId) -> Result<Audit, Error> {
        self.store.read(|connection| whole(connection, scope, id))
    }

    /// Audits, newest plan first; one more than `limit` if there are more.
    pub fn list_audits(
        &self,
        scope: &Scope,
        state: Option<AuditState>,
        after: Option<AuditId>,
        limit: u32,
    ) -> Result<Vec<Audit>, Error> {
        self.store.read(|connection| {
            let rows = store::audit::list(connection, scope, state, after, i64::from(limit) + 1)?;
            rows.into_iter().map(|row| with_parts(connection, row)).collect()
        })
    }

    /// Closes an audit whose cases are all settled, and its cases with it.
    pub fn close_audit(&self, context: &Context, scope: &Scope, id: AuditId) -> Result<Audit, Error> {
        // The report names the places of verdicts in the log.
        self.grow_log(&LogName::Audit)?;
        self.store.write(|connection| {
            let row = found(connection, scope, id)?;
            let cases = store::case::list_all(connection, scope, id)?;
            let hearings = Hearings::of_audit(connection, id)?;
            let is_open = |case: &&CaseRow| !hearings.progress(case).is_settled();
            let open = cases.iter().filter(is_open).count();
            if may_close(row.state, u64::try_from(open).unwrap_or(u64::MAX))? {
                store::case::close_all(connection, id, context.now)?;
                store::audit::set_closed(connection, scope, id, context.account(), context.now)?;
                log(connection, context, id, "close", row.state, AuditState::Closed)?;
                self.log_close(connection, context, id)?;
            }
            whole(connection, scope, id)
        })
    }

    /// What a drawn audit has found so far.
    pub fn report_audit(&self, scope: &Scope, id: AuditId) -> Result<AuditFindings, Error> {
        self.store.read(|connection| {
            let audit = whole(connection, scope, id)?;
            if matches!(audit.row.state, AuditState::Planned | AuditState::Cancelled) {
                return Err(Error::Conflict(Code::WrongState));
            }
            let cases = store::case::list_all(connection, scope, id)?;
            let hearings = Hearings::of_audit(connection, id)?;
            let progress: Vec<(&CaseRow, Progress)> =
                cases.iter().map(|case| (case, hearings.progress(case))).collect();
            let is_targeted = |stratum: &&StratumRow| audit.targeted.is_some() && stratum.name == targeted::STRATUM;
            let (beside, strata): (Vec<_>, Vec<_>) = audit.strata.iter().partition(is_targeted);
            let samples = |strata: Vec<&StratumRow>| -> Vec<StratumSample> {
                strata.into_iter().map(|stratum| sample(stratum, &progress)).collect()
            };
            let (samples, beside) = (samples(strata), samples(beside));
            let confidence_bp = audit.row.confidence()?;
            let report = report(&samples, beside.first(), confidence_bp, audit.row.stopping()?);
            let report = report.map_err(Error::internal)?;
            let risk = Risk::of_confidence(confidence_bp).map_err(Error::internal)?;
            let agreement = hearings.agreement(&cases);
            let agreed_lower = agreement.lower_bound(risk).map_err(Error::internal)?;
            let objections = ObjectionCount::of(progress.iter().map(|(_, progress)| progress));
            let units = report.random.count.population;
            let signals = signal::of_cases(connection, &progress, audit.targeted.as_ref(), (units, risk))?;
            Ok(AuditFindings {
                audit,
                report,
                signals,
                agreement,
                agreed_lower,
                is_second_review_pending: progress.iter().any(|(_, progress)| progress.is_second_look_pending()),
                objections,
            })
        })
    }
}

/// What became of the cases of a stratum, in ticket order.
fn sample(stratum: &StratumRow, cases: &[(&CaseRow, Progress)]) -> StratumSample {
    let mut cases: Vec<_> = cases.iter().filter(|(case, _)| case.stratum == stratum.name).collect();
    cases.sort_unstable_by_key(|(case, _)| case.draw_order);
    StratumSample {
        name: stratum.name.clone(),
        population: u64::try_from(stratum.population).unwrap_or(0),
        outcomes: cases.into_iter().map(|(_, progress)| progress.result()).collect(),
    }
}

pub(super) fn found(connection: &mut AnyConnection, scope: &Scope, id: AuditId) -> Result<AuditRow, Error> {
    store::audit::find(connection, scope, id)?.ok_or(Error::NotFound)
}

pub(super) fn whole(connection: &mut AnyConnection, scope: &Scope, id: AuditId) -> Result<Audit, Error> {
    let row = found(connection, scope, id)?;
    Ok(Audit {
        federated: sources_of(connection, id)?,
        ..with_parts(connection, row)?
    })
}

fn with_parts(connection: &mut AnyConnection, row: AuditRow) -> Result<Audit, Error> {
    Ok(Audit {
        agencies: store::audit::list_agencies(connection, row.id)?,
        strata: store::audit::list_strata(connection, row.id)?,
        targeted: row.targeted_rule()?,
        seed_rule: row.seed_rule()?,
        seed_material: row.seed_material()?.unwrap_or_default(),
        federated: Vec::new(),
        row,
    })
}

/// Writes a step of an audit into its chain of events.
pub(super) fn log(
    connection: &mut AnyConnection,
    context: &Context,
    id: AuditId,
    action: &'static str,
    from: AuditState,
    to: AuditState,
) -> Result<(), Error> {
    log_reason(connection, context, id, (action, None), from, to)
}

/// Like [`log`], with the reason that was given.
pub(super) fn log_reason(
    connection: &mut AnyConnection,
    context: &Context,
    id: AuditId,
    (action, reason): (&'static str, Option<&str>),
    from: AuditState,
    to: AuditState,
) -> Result<(), Error> {
    let event = Event {
        subject_kind: "audit",
        subject_id: id.to_string(),
        at: context.now,
        account_id: Some(context.account()),
        action,
        from_state: Some(from.code().to_owned()),
        to_state: Some(to.code().to_owned()),
        reason: reason.map(str::to_owned),
    };
    Ok(store::event::append(connection, &event)?)
}
