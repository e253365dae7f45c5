//! The seed of an audit: its rule is fixed with the plan, what was published is checked against the rule; and giving up
//! a plan before the draw, in public.

use crate::app::App;
use crate::app::audit::Audit;
use crate::app::audit::found;
use crate::app::audit::log;
use crate::app::audit::log_reason;
use crate::app::audit::whole;
use crate::app::context::Context;
use crate::app::error::Error;
use crate::domain::access::Scope;
use crate::domain::audit::AuditState;
use crate::domain::audit::may_cancel;
use crate::domain::audit::may_seed;
use crate::domain::audit::plan::AuditPlan;
use crate::domain::audit::second_review::SHARE_BP;
use crate::domain::audit::seed::SeedFault;
use crate::domain::audit::seed::SeedKind;
use crate::domain::audit::seed::SeedMaterial;
use crate::domain::audit::seed::SeedRule;
use crate::domain::audit_log::entry::Entry;
use crate::domain::audit_log::facts::Facts;
use crate::domain::audit_log::facts::Nothing;
use crate::domain::audit_log::facts::PlanFacts;
use crate::domain::audit_log::facts::SeedFacts;
use crate::domain::audit_log::facts::StoppingFacts;
use crate::domain::audit_log::facts::StratumFacts;
use crate::domain::audit_log::record::Record;
use crate::domain::audit_log::subject::Name;
use crate::domain::audit_log::subject::Subject;
use crate::domain::digest::Digest;
use crate::domain::ids::AuditId;
use crate::domain::instant::Instant;
use crate::domain::log_name::LogName;
use crate::store;
use crate::store::audit::NewSeed;
use crate::store::backend::AnyConnection;

/// How whoever plans wishes the seed to be made.
#[derive(Clone, Copy, Debug)]
pub struct SeedWish {
    /// Out of what.
    pub kind: SeedKind,
    /// The instant whose beacon is to be used.
    pub draw_at: Option<Instant>,
}

impl SeedWish {
    /// The rule for a plan that is made now.
    pub(super) fn rule(self, now: Instant) -> Result<SeedRule, Error> {
        SeedRule::new(self.kind, self.draw_at, now).map_err(fault)
    }
}

/// The plan as it stands in the audit log; its leaf's digest goes into the seed.
pub(super) fn plan_entry(
    (id, at): (AuditId, Instant),
    plan: &AuditPlan,
    rule: &SeedRule,
    samples: Vec<StratumFacts>,
    (population, population_sha256): (u64, Digest),
) -> Entry {
    let facts = PlanFacts {
        from: plan.from,
        to: plan.to,
        agencies: plan.agencies.clone(),
        strata: plan.strata,
        samples,
        confidence_bp: plan.confidence_bp,
        tolerable_bp: plan.tolerable_bp,
        expected_bp: plan.expected_bp,
        stopping: match plan.stopping.weights() {
            None => StoppingFacts {
                code: Name::fixed(),
                a: None,
                b: None,
            },
            Some((a, b)) => StoppingFacts {
                code: Name::sequence(),
                a: Some(u64::from(a)),
                b: Some(u64::from(b)),
            },
        },
        population,
        population_sha256,
        seed: *rule,
        second_review_bp: SHARE_BP,
        targeted: plan.targeted.clone(),
        code_version: env!("CARGO_PKG_VERSION").to_owned(),
    };
    Entry::public(at, Subject::Audit(id), Facts::Plan(Box::new(facts)))
}

impl App {
    /// Makes the seed of what was published, once; the same again changes nothing. It must be what the plan says.
    pub fn seed_audit(
        &self,
        context: &Context,
        scope: &Scope,
        id: AuditId,
        material: &SeedMaterial,
        evidence: Option<&str>,
    ) -> Result<Audit, Error> {
        self.grow_log(&LogName::Audit)?;
        self.store.write(|connection| {
            let row = found(connection, scope, id)?;
            let seed = row.seed_rule()?.seed(row.plan_digest()?, material).map_err(fault)?;
            if may_seed(row.state, row.seed.as_deref(), &seed)? {
                let new = NewSeed {
                    seed: &seed,
                    material,
                    evidence,
                };
                store::audit::set_seed(connection, scope, id, new, context.account(), context.now)?;
                log(connection, context, id, "seed", row.state, row.state)?;
                self.log_seed(connection, context, (id, row.seed_rule()?.kind), new, evidence)?;
            }
            whole(connection, scope, id)
        })
    }

    /// Says in BKD's log what the seed is and what it was made of; the words about it stay private.
    fn log_seed(
        &self,
        connection: &mut AnyConnection,
        context: &Context,
        (id, kind): (AuditId, SeedKind),
        new: NewSeed<'_>,
        evidence: Option<&str>,
    ) -> Result<(), Error> {
        let facts = SeedFacts {
            kind,
            seed: new.seed.to_owned(),
            beacon: new.material.beacon.clone(),
            dice: new.material.dice.clone(),
        };
        let said = (Subject::Audit(id), Facts::Seed(Box::new(facts)));
        match evidence {
            None => self.log_public(connection, context.now, said.0, said.1),
            Some(evidence) => {
                let record = Record::Seed {
                    evidence: evidence.to_owned(),
                };
                self.log_private(connection, context.now, said, record, None)
            }
        }
    }

    /// Gives up a plan before its draw. It stays on the list with the reason, and its days may be planned anew.
    pub fn cancel_audit(&self, context: &Context, scope: &Scope, id: AuditId, reason: &str) -> Result<Audit, Error> {
        self.store.write(|connection| {
            let row = found(connection, scope, id)?;
            if may_cancel(row.state)? {
                store::audit::set_cancelled(connection, scope, id, reason, context.account(), context.now)?;
                let (from, to) = (row.state, AuditState::Cancelled);
                log_reason(connection, context, id, ("cancel", Some(reason)), from, to)?;
                let record = Record::PlanCancelled {
                    reason: reason.to_owned(),
                };
                let said = (Subject::Audit(id), Facts::PlanCancelled(Nothing {}));
                self.log_private(connection, context.now, said, record, None)?;
            }
            whole(connection, scope, id)
        })
    }
}

fn fault(fault: SeedFault) -> Error {
    let indonesian = match fault {
        SeedFault::DrawAt => "Waktu pengundian diisi bila, dan hanya bila, angka acak memakai suar publik.",
        SeedFault::TooSoon => "Waktu pengundian paling cepat 10 menit setelah rencana dibuat.",
        SeedFault::TooLate => "Waktu pengundian paling lambat 92 hari setelah rencana dibuat.",
        SeedFault::Beacon => "Suar publik diisi bila, dan hanya bila, rencana memintanya.",
        SeedFault::OtherRound => "Suar ini dari putaran lain daripada yang ditetapkan dalam rencana.",
        SeedFault::Forged(_) => "Suar ini bukan suar quicknet yang asli untuk putaran itu.",
        SeedFault::Dice => "Angka dadu diisi bila, dan hanya bila, rencana memintanya.",
        SeedFault::DiceForm => "Angka dadu berupa 20 sampai 200 angka 0 sampai 9 tanpa spasi.",
        SeedFault::Text => "Angka acak berupa teks diisi bila, dan hanya bila, rencana memintanya.",
        SeedFault::TextForm => {
            "Angka acak ditulis 20 sampai 200 karakter, tanpa spasi di awal dan akhir serta tanpa karakter kendali."
        }
    };
    Error::field(
        fault.field(),
        fault.code(),
        indonesian,
        format!("Please check: {fault}."),
    )
}
