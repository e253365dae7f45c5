//! Planning: the population is what was expected, by roster and circular, and it is fixed before there is a seed.

use crate::app::App;
use crate::app::audit::Audit;
use crate::app::audit::found;
use crate::app::audit::log;
use crate::app::audit::record::records_of;
use crate::app::audit::seed::SeedWish;
use crate::app::audit::seed::plan_entry;
use crate::app::context::Context;
use crate::app::error::Code;
use crate::app::error::Error;
use crate::app::error::FieldError;
use crate::app::once::OnceKey;
use crate::app::own_schedule::Whose;
use crate::app::rule_book::RuleBook;
use crate::domain::access::AgencyCode;
use crate::domain::access::Scope;
use crate::domain::assignment::DayAssignment;
use crate::domain::audit::AuditState;
use crate::domain::audit::plan::AuditPlan;
use crate::domain::audit::seed::SeedRule;
use crate::domain::audit::targeted;
use crate::domain::audit::targeted::TargetedFault;
use crate::domain::audit_log::facts::StratumFacts;
use crate::domain::batch::unit::SlotUnit;
use crate::domain::day::Duty;
use crate::domain::day::SlotTime;
use crate::domain::day::slot_time;
use crate::domain::digest::Digest;
use crate::domain::digest::RunningDigest;
use crate::domain::flag::Flag;
use crate::domain::ids::AuditId;
use crate::domain::ids::EmployeeId;
use crate::domain::instant::Instant;
use crate::domain::instant::Zone;
use crate::domain::language::Language;
use crate::domain::log_name::LogName;
use crate::domain::slot::Slot;
use crate::domain::slot::SlotRule;
use crate::store;
use crate::store::audit::AuditRow;
use crate::store::audit::StratumRow;
use crate::store::audit_population::CHUNK_UNITS;
use crate::store::audit_population::ChunkRow;
use crate::store::backend::AnyConnection;
use chrono::NaiveDate;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// People whose shares are looked up in one statement; SQLite binds at most 32,766 values.
const PEOPLE_AT_ONCE: usize = 5_000;

/// How much of an agency there is to sample, as of now.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct AgencyPopulation {
    /// The agency.
    pub agency: AgencyCode,
    /// Its expected slots of the period that have closed.
    pub population: u64,
    /// Of those, slots whose standing share has a flag; a slot counts under each of its flags.
    pub flags: BTreeMap<Flag, u64>,
    /// Slots whose share has one of the picked flags.
    pub targeted: u64,
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
        refuse_federated(connection, plan)?;
        if store::audit::find_overlap(connection, plan)?.is_some() {
            return Err(Error::Conflict(Code::AuditOverlap));
        }
        let id = AuditId::new(self.entropy.uuid(context.now)?);
        let row = AuditRow::planned(id, plan, rule, context.now, context.account())?;
        store::audit::insert(connection, scope, &row, plan)?;
        let mut writer = Writer::new(id);
        if plan.targeted.is_some() {
            writer.strata.insert(targeted::STRATUM.to_owned(), 0);
        }
        for agency in &plan.agencies {
            writer.stratum(connection, &plan.strata.stratum_of(agency))?;
            for date in plan.from.iter_days().take_while(|date| *date <= plan.to) {
                let units = expected_units(connection, &book, agency, date, context.now)?;
                let flags = match &plan.targeted {
                    Some(_) => flags_of_units(connection, date, &units)?,
                    None => HashMap::new(),
                };
                for (unit, employee) in units {
                    let flags = flags.get(&(employee, unit.slot())).map_or(&[][..], Vec::as_slice);
                    let is_targeted = plan.targeted.as_ref().is_some_and(|rule| rule.picks(flags));
                    writer.push(connection, unit.as_str(), is_targeted, employee)?;
                }
            }
        }
        let (strata, digest) = writer.finish(connection)?;
        let population: u64 = strata.values().sum();
        if population == 0 {
            return Err(Error::field(
                "agencies",
                "empty_population",
                "Tidak ada slot wajib yang sudah ditutup pada periode dan perangkat daerah ini.",
                "No expected slot of these agencies has closed within the period.",
            ));
        }
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
    /// where that is asked for: what a plan with the same parts would fix. Nothing is kept, and an earlier plan of the
    /// same days is no hindrance.
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
            refuse_federated(connection, &plan)?;
            let mut counts = Vec::with_capacity(plan.agencies.len());
            for agency in &plan.agencies {
                let mut count = AgencyPopulation {
                    agency: agency.clone(),
                    population: 0,
                    flags: BTreeMap::new(),
                    targeted: 0,
                };
                for date in plan.from.iter_days().take_while(|date| *date <= plan.to) {
                    let units = expected_units(connection, &book, agency, date, context.now)?;
                    count.population += u64::try_from(units.len()).map_err(Error::internal)?;
                    if let Some(picked) = picked {
                        for flags in flags_of_units(connection, date, &units)?.into_values() {
                            count.add(&flags, picked);
                        }
                    }
                }
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

/// What is expected in an agency that runs an instance of its own is known there; its rosters are not here.
fn refuse_federated(connection: &mut AnyConnection, plan: &AuditPlan) -> Result<(), Error> {
    let codes = store::federation::list_codes(connection)?;
    let federated = plan
        .agencies
        .iter()
        .position(|agency| codes.iter().any(|code| code == agency.as_str()));
    match federated {
        Some(index) => Err(Error::field(
            format!("agencies[{index}]"),
            "federated",
            "Uji petik atas perangkat daerah dengan layanan sendiri belum tersedia di sini.",
            "Audits of an agency that runs an instance of its own are not available here yet.",
        )),
        None => Ok(()),
    }
}

fn stored(count: u64) -> Result<i64, Error> {
    i64::try_from(count).map_err(Error::internal)
}

/// The expected slots of an agency's date that have closed by `now`, in the order of their ids.
fn expected_units(
    connection: &mut AnyConnection,
    book: &RuleBook,
    agency: &AgencyCode,
    date: NaiveDate,
    now: Instant,
) -> Result<Vec<(SlotUnit, EmployeeId)>, Error> {
    let facts = book.agency(agency.as_str()).ok_or(Error::NotFound)?;
    let is_closed = |rule: &SlotRule| slot_time(rule, facts.zone, date, now) == SlotTime::Over;
    let every = book.every_held(facts, date);
    if !every.iter().flat_map(|held| &held.check_in.slots).any(is_closed) {
        return Ok(Vec::new());
    }
    let members = store::duty::list_members(connection, agency.as_str(), date, date)?;
    let mut assigned: HashMap<EmployeeId, Vec<DayAssignment>> = HashMap::new();
    for row in store::duty::list_agency_assigned(connection, agency.as_str(), date, date)? {
        assigned.entry(row.employee_id).or_default().push(row.day());
    }
    let mut closed: HashMap<EmployeeId, Vec<Slot>> = HashMap::new();
    for member in &members {
        let given = assigned.get(&member.employee_id).map_or(&[][..], Vec::as_slice);
        let held = book.held_for(facts, Whose::of(member), date, given);
        let modes = book.mode(facts, &held, member, given);
        let slots = held.check_in.slots.iter();
        let asked = slots.filter(|rule| is_closed(rule) && held.duty(&modes, rule) == Duty::Required);
        closed.insert(member.employee_id, asked.map(|rule| rule.slot).collect());
    }
    let required: Vec<EmployeeId> = members
        .iter()
        .map(|member| member.employee_id)
        .filter(|employee| closed.get(employee).is_some_and(|slots| !slots.is_empty()))
        .collect();
    // Closed slots of somebody's first day are expected only where there is a share, as in batches.
    let newcomers = store::membership::list_newcomers(connection, agency.as_str(), date)?;
    let begun: Vec<EmployeeId> = required.iter().filter(|id| newcomers.contains(id)).copied().collect();
    let mut shared: HashSet<(EmployeeId, Slot)> = HashSet::new();
    for people in begun.chunks(PEOPLE_AT_ONCE) {
        let results = store::check_in::list_results(connection, people, &[date], &Slot::ALL)?;
        shared.extend(results.into_iter().map(|result| (result.employee_id, result.slot)));
    }
    let is_asked = |employee: EmployeeId, slot: Slot| {
        let has_shared = shared.contains(&(employee, slot));
        Duty::Required.in_slot(newcomers.contains(&employee), has_shared, SlotTime::Over) == Duty::Required
    };
    let mut units = Vec::with_capacity(required.len() * Slot::ALL.len());
    for (employee, pseudonym) in store::audit_population::list_pseudonyms(connection, &required)? {
        let slots = closed.get(&employee).into_iter().flatten();
        for slot in slots.filter(|slot| is_asked(employee, **slot)) {
            let unit = SlotUnit::new(agency, date, &pseudonym, *slot).map_err(Error::internal)?;
            units.push((unit, employee));
        }
    }
    units.sort_unstable();
    Ok(units)
}

/// The flags of the standing share of each of these units of one agency and date, as of now. A unit without a share, and
/// one whose share has no flag, is left out.
fn flags_of_units(
    connection: &mut AnyConnection,
    date: NaiveDate,
    units: &[(SlotUnit, EmployeeId)],
) -> Result<HashMap<(EmployeeId, Slot), Vec<Flag>>, Error> {
    let asked: HashSet<(EmployeeId, Slot)> = units.iter().map(|(unit, person)| (*person, unit.slot())).collect();
    let people: Vec<EmployeeId> = asked
        .iter()
        .map(|(person, _)| *person)
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect();
    let records = records_of(connection, date, &Slot::ALL, &people)?.into_iter();
    Ok(records
        .map(|(slot, record)| (slot, record.flags))
        .filter(|(slot, flags)| asked.contains(slot) && !flags.is_empty())
        .collect())
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
