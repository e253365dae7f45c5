//! Planning: the population is what was expected, by roster and circular, and it is fixed before there is a seed.

use crate::app::App;
use crate::app::audit::Audit;
use crate::app::audit::federated_population::FederatedPopulation;
use crate::app::audit::found;
use crate::app::audit::log;
use crate::app::audit::seed::SeedWish;
use crate::app::audit::seed::plan_entry;
use crate::app::audit::unit::units;
use crate::app::context::Context;
use crate::app::error::Code;
use crate::app::error::Error;
use crate::app::error::FieldError;
use crate::app::once::OnceKey;
use crate::app::rule_book::RuleBook;
use crate::domain::access::AgencyCode;
use crate::domain::access::Scope;
use crate::domain::audit::AuditState;
use crate::domain::audit::plan::AuditPlan;
use crate::domain::audit::seed::SeedRule;
use crate::domain::audit::targeted;
use crate::domain::audit::targeted::TargetedFault;
use crate::domain::audit_log::facts::StratumFacts;
use crate::domain::digest::Digest;
use crate::domain::digest::RunningDigest;
use crate::domain::flag::Flag;
use crate::domain::ids::AuditId;
use crate::domain::ids::EmployeeId;
use crate::domain::instant::Zone;
use crate::domain::language::Language;
use crate::domain::log_name::LogName;
use crate::store;
use crate::store::audit::AuditRow;
use crate::store::audit::StratumRow;
use crate::store::audit_population::CHUNK_UNITS;
use crate::store::audit_population::ChunkRow;
use crate::store::backend::AnyConnection;
use std::collections::BTreeMap;

/// How much of an agency there is to sample, as of now.
#[derive(Clone, Debug)]
pub struct AgencyPopulation {
    /// The agency.
    pub agency: AgencyCode,
    /// Its expected slots of the period that have closed; where there are faults, those that are known.
    pub population: u64,
    /// Of those, slots whose standing share has a flag; a slot counts under each of its flags.
    pub flags: BTreeMap<Flag, u64>,
    /// Slots whose share has one of the picked flags.
    pub targeted: u64,
    /// Why a plan would be refused.
    pub faults: Vec<FieldError>,
}

impl AgencyPopulation {
    /// Takes in the flags of a slot.
    fn add(&mut self, flags: &[Flag], picked: &[Flag]) {
        for flag in flags {
            *self.flags.entry(*flag).or_insert(0) += 1;
        }
        self.targeted += u64::from(flags.iter().any(|flag| picked.contains(flag)));
    }
}

impl App {
    /// Plans an audit and fixes its population: every expected slot of the period that has closed, grace included.
    /// An overlap with an earlier plan is a conflict, so that nobody draws again until the sample pleases.
    pub fn plan_audit(
        &self,
        context: &Context,
        scope: &Scope,
        once: &OnceKey,
        plan: AuditPlan,
        seed: SeedWish,
    ) -> Result<Audit, Error> {
        let plan = checked(plan, context)?;
        let rule = seed.rule(context.now)?;
        self.check_shares_are_kept(plan.from, context.now)?;
        let id = self.once(context, once, |connection| {
            self.fix_plan(connection, context, scope, &plan, &rule)
        })?;
        // The plan is signed before anybody can give a seed.
        self.grow_log(&LogName::Audit)?;
        self.find_audit(scope, id)
    }

    fn fix_plan(
        &self,
        connection: &mut AnyConnection,
        context: &Context,
        scope: &Scope,
        plan: &AuditPlan,
        rule: &SeedRule,
    ) -> Result<AuditId, Error> {
        let book = self.rule_book(connection)?;
        refuse_unknown(&book, plan)?;
        if store::audit::find_overlap(connection, plan)?.is_some() {
            return Err(Error::Conflict(Code::AuditOverlap));
        }
        let id = AuditId::new(self.entropy.uuid(context.now)?);
        let row = AuditRow::planned(id, plan, rule, context.now, context.account())?;
        store::audit::insert(connection, scope, &row, plan)?;
        let mut writer = Writer::new(id);
        let mut faults = Vec::new();
        if plan.targeted.is_some() {
            writer.strata.insert(targeted::STRATUM.to_owned(), 0);
        }
        for (place, agency) in plan.agencies.iter().enumerate() {
            writer.stratum(connection, &plan.strata.stratum_of(agency))?;
            let mut source = FederatedPopulation::of(connection, &book, agency, plan, context.now)?;
            for date in plan.from.iter_days().take_while(|date| *date <= plan.to) {
                let when = (date, context.now);
                let day = units(
                    connection,
                    &book,
                    agency,
                    source.as_mut(),
                    when,
                    plan.targeted.is_some(),
                )?;
                for (unit, employee) in day.units {
                    let flags = day.flags.get(&(employee, unit.slot())).map_or(&[][..], Vec::as_slice);
                    let is_targeted = plan.targeted.as_ref().is_some_and(|rule| rule.picks(flags));
                    writer.push(connection, unit.as_str(), is_targeted, employee)?;
                }
            }
            if let Some(source) = source {
                faults.extend(source.faults(place));
                source.keep(connection, id)?;
            }
        }
        if !faults.is_empty() {
            return Err(Error::Invalid(faults));
        }
        let (strata, digest) = writer.finish(connection)?;
        let population = whole(&strata)?;
        let mut samples = Vec::with_capacity(strata.len());
        for (name, population) in strata {
            let size = match &plan.targeted {
                Some(rule) if name == targeted::STRATUM => {
                    rule.check(population).map_err(too_many)?;
                    population
                }
                Some(_) | None => plan.terms().size_of(population).map_err(Error::internal)?,
            };
            samples.push(StratumFacts {
                name: name.clone(),
                population,
                size,
            });
            let row = StratumRow {
                audit_id: id,
                name,
                population: stored(population)?,
                sample_size: stored(size)?,
            };
            store::audit::insert_stratum(connection, scope, &row)?;
        }
        let entry = plan_entry((id, context.now), plan, rule, samples, (population, digest));
        let leaf = Digest::of(&entry.leaf().map_err(Error::internal)?);
        store::audit::fix_population(connection, scope, id, stored(population)?, digest, leaf)?;
        self.add_entry_to(connection, &LogName::Audit, &entry)?;
        log(
            connection,
            context,
            id,
            "plan",
            AuditState::Planned,
            AuditState::Planned,
        )?;
        Ok(id)
    }

    /// How many expected slots of each agency have closed within the period as of now, and which of them have which flags
    /// where that is asked for: what a plan with the same parts would fix, or why it would be refused. Nothing is kept, and
    /// an earlier plan of the same days is no hindrance.
    pub fn count_population(
        &self,
        context: &Context,
        scope: &Scope,
        plan: AuditPlan,
        picked: Option<&[Flag]>,
    ) -> Result<Vec<AgencyPopulation>, Error> {
        store::audit::hold(scope)?;
        let plan = checked(plan, context)?;
        self.check_shares_are_kept(plan.from, context.now)?;
        self.store.read(|connection| {
            let book = self.rule_book(connection)?;
            refuse_unknown(&book, &plan)?;
            let mut counts = Vec::with_capacity(plan.agencies.len());
            for (place, agency) in plan.agencies.iter().enumerate() {
                let mut source = FederatedPopulation::of(connection, &book, agency, &plan, context.now)?;
                let mut count = AgencyPopulation {
                    agency: agency.clone(),
                    population: 0,
                    flags: BTreeMap::new(),
                    targeted: 0,
                    faults: Vec::new(),
                };
                for date in plan.from.iter_days().take_while(|date| *date <= plan.to) {
                    let when = (date, context.now);
                    let day = units(connection, &book, agency, source.as_mut(), when, picked.is_some())?;
                    count.population += u64::try_from(day.units.len()).map_err(Error::internal)?;
                    if let Some(picked) = picked {
                        for flags in day.flags.values() {
                            count.add(flags, picked);
                        }
                    }
                }
                count.faults = source.map(|source| source.faults(place)).unwrap_or_default();
                counts.push(count);
            }
            Ok(counts)
        })
    }

    /// The piece of an audit's population after the sequence `after` (-1 for the first): its sequence and its lines.
    pub fn next_population_piece(
        &self,
        scope: &Scope,
        id: AuditId,
        after: i32,
    ) -> Result<Option<(i32, String)>, Error> {
        self.store.read(|connection| {
            found(connection, scope, id)?;
            let chunk = store::audit_population::find_next(connection, id, after)?;
            Ok(chunk.map(|chunk| (chunk.sequence, chunk.units)))
        })
    }
}

/// The plan with sound parts, or every fault as a field of the call.
fn checked(plan: AuditPlan, context: &Context) -> Result<AuditPlan, Error> {
    // The day ends last in the west: what lies behind in Jakarta lies behind everywhere.
    let today = Zone::Jakarta.date(context.now);
    plan.checked(today).map_err(|faults| {
        let fields = faults.into_iter().map(|fault| {
            let (indonesian, english) = ("Bagian rencana ini perlu diperbaiki.", fault.to_string());
            FieldError::new(
                fault.field(),
                fault.code(),
                indonesian,
                format!("Please check: {english}."),
            )
        });
        Error::Invalid(fields.collect())
    })
}

fn refuse_unknown(book: &RuleBook, plan: &AuditPlan) -> Result<(), Error> {
    let unknown = plan
        .agencies
        .iter()
        .position(|agency| book.agency(agency.as_str()).is_none());
    match unknown {
        Some(index) => Err(Error::field(
            format!("agencies[{index}]"),
            "unknown",
            "Perangkat daerah ini belum terdaftar.",
            "There is no such agency.",
        )),
        None => Ok(()),
    }
}

/// Units of all strata; a plan without any is refused.
fn whole(strata: &BTreeMap<String, u64>) -> Result<u64, Error> {
    let population: u64 = strata.values().sum();
    if population > 0 {
        return Ok(population);
    }
    Err(Error::field(
        "agencies",
        "empty_population",
        "Tidak ada slot wajib yang sudah ditutup pada periode dan perangkat daerah ini.",
        "No expected slot of these agencies has closed within the period.",
    ))
}

fn stored(count: u64) -> Result<i64, Error> {
    i64::try_from(count).map_err(Error::internal)
}

/// The rule picks more than it allows: whoever plans narrows it, and nobody chooses among what it picked.
fn too_many(fault: TargetedFault) -> Error {
    let TargetedFault::TooMany { found, most } = fault else {
        return Error::internal(fault);
    };
    let written = |language: Language| (language.grouped(found), language.grouped(u64::from(most)));
    let ((ada, batas), (there, allowed)) = (written(Language::Indonesian), written(Language::English));
    Error::field(
        fault.field(),
        fault.code(),
        format!("Ada {ada} slot bertanda, paling banyak {batas}. Kurangi tandanya atau naikkan batasnya."),
        format!("{there} slots have such a flag, and {allowed} are allowed. Choose fewer flags or allow more."),
    )
}

/// Writes the population piece by piece and counts it.
struct Writer {
    chunk: ChunkRow,
    /// Targeted units of the piece.
    targeted: u64,
    strata: BTreeMap<String, u64>,
    digest: RunningDigest,
}

impl Writer {
    fn new(id: AuditId) -> Self {
        Self {
            chunk: ChunkRow::new(id, 0, ""),
            targeted: 0,
            strata: BTreeMap::new(),
            digest: RunningDigest::default(),
        }
    }

    /// The units that follow belong to this stratum.
    fn stratum(&mut self, connection: &mut AnyConnection, name: &str) -> Result<(), Error> {
        if self.chunk.stratum != name {
            self.flush(connection)?;
            name.clone_into(&mut self.chunk.stratum);
            self.strata.entry(name.to_owned()).or_insert(0);
        }
        Ok(())
    }

    fn push(
        &mut self,
        connection: &mut AnyConnection,
        unit: &str,
        is_targeted: bool,
        employee: EmployeeId,
    ) -> Result<(), Error> {
        self.chunk.push(unit, is_targeted, employee);
        self.targeted += u64::from(is_targeted);
        if self.chunk.len() >= CHUNK_UNITS {
            self.flush(connection)
        } else {
            Ok(())
        }
    }

    fn flush(&mut self, connection: &mut AnyConnection) -> Result<(), Error> {
        if self.chunk.is_empty() {
            return Ok(());
        }
        self.digest.update(self.chunk.units.as_bytes());
        let units = u64::try_from(self.chunk.len()).map_err(Error::internal)?;
        let beside = std::mem::take(&mut self.targeted);
        *self.strata.entry(self.chunk.stratum.clone()).or_insert(0) += units - beside;
        if beside > 0 {
            *self.strata.entry(targeted::STRATUM.to_owned()).or_insert(0) += beside;
        }
        let next = ChunkRow::new(self.chunk.audit_id, self.chunk.sequence + 1, &self.chunk.stratum);
        let full = std::mem::replace(&mut self.chunk, next);
        Ok(store::audit_population::insert(connection, &full)?)
    }

    fn finish(mut self, connection: &mut AnyConnection) -> Result<(BTreeMap<String, u64>, Digest), Error> {
        self.flush(connection)?;
        Ok((self.strata, self.digest.finish()))
    }
}
