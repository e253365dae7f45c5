//! What follows from the log and the population alone: sample, verdicts, bounds. Nothing of it can be chosen.

use crate::domain::agency_code::AgencyCode;
use crate::domain::audit::report::AuditReport;
use crate::domain::audit::report::StratumReport;
use crate::domain::audit::report::StratumSample;
use crate::domain::audit::report::report;
use crate::domain::audit::second_review;
use crate::domain::audit::stopping::Stopping;
use crate::domain::audit::targeted;
use crate::domain::audit_log::facts::BoundFacts;
use crate::domain::audit_log::facts::DrawFacts;
use crate::domain::audit_log::facts::PlanFacts;
use crate::domain::audit_log::facts::StratumBound;
use crate::domain::audit_log::facts::drawn_digest;
use crate::domain::audit_log::record::Verdict;
use crate::domain::batch::unit::SlotUnit;
use crate::domain::bundle::Fault;
use crate::domain::bundle::POPULATION;
use crate::domain::bundle::ledger::Ledger;
use crate::domain::bundle::ledger::Step;
use crate::domain::bundle::lines::LoggedEntry;
use crate::domain::bundle::lines::SampleLine;
use crate::domain::bundle::lines::VerdictLine;
use crate::domain::bundle::lines::split;
use crate::domain::digest::Digest;
use crate::domain::ids::AuditId;
use crate::domain::notice::CaseOutcome;
use crate::domain::sampling::Draw;
use crate::domain::sampling::Rising;
use crate::domain::sampling::Seed;
use std::collections::BTreeMap;
use std::collections::HashSet;

/// Checks that the population is the one of the plan, unit by unit, and gives the units of each stratum.
pub(crate) fn strata<'a>(plan: &PlanFacts, population: &'a [u8]) -> Result<BTreeMap<String, Vec<&'a str>>, Fault> {
    let mut strata: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for sample in &plan.samples {
        strata.insert(sample.name.clone(), Vec::new());
    }
    if plan.samples.len() != strata.len() || !plan.samples.is_sorted_by_key(|sample| &sample.name) {
        return Err(Fault::of(
            "plan",
            "its strata are not in the order of their names, or one stands twice",
        ));
    }
    check_targeted(plan)?;
    let mut rising = Rising::default();
    for (number, line) in (1..).zip(split(POPULATION, population)?) {
        let fault = |what: &dyn std::fmt::Display| Fault::of_line(POPULATION, number, what);
        // Without a rule no unit is marked, and a mark belongs to no unit.
        let (line, is_targeted) = match plan.targeted {
            Some(_) => targeted::read_line(line),
            None => (line, false),
        };
        if !rising.holds(line) {
            return Err(fault(&"the units do not rise by their bytes"));
        }
        let unit: SlotUnit = line.parse().map_err(|error| fault(&error))?;
        if unit.work_date() < plan.from || unit.work_date() > plan.to {
            return Err(fault(&"the unit lies outside the period of the plan"));
        }
        let agency = AgencyCode::parse(unit.agency()).map_err(|error| fault(&error))?;
        if !plan.agencies.contains(&agency) {
            return Err(fault(&"the unit is of an agency that the plan does not name"));
        }
        let name = if is_targeted {
            targeted::STRATUM.to_owned()
        } else {
            plan.strata.stratum_of(&agency)
        };
        strata
            .get_mut(&name)
            .ok_or_else(|| fault(&"the unit is of a stratum that the plan does not name"))?
            .push(line);
    }
    if Digest::of(population) != plan.population_sha256 {
        return Err(Fault::of(POPULATION, "its SHA-256 is not that of the plan"));
    }
    let mut whole = 0;
    for sample in &plan.samples {
        let units = strata.get(&sample.name).map_or(0, Vec::len);
        let units = u64::try_from(units).unwrap_or(u64::MAX);
        if units != sample.population {
            let what = format_args!(
                "stratum {} has {units} units, the plan says {}",
                sample.name, sample.population
            );
            return Err(Fault::of(POPULATION, what));
        }
        whole += units;
    }
    if whole != plan.population {
        return Err(Fault::of(
            POPULATION,
            "the strata do not add up to the population of the plan",
        ));
    }
    Ok(strata)
}

/// Checks that the targeted units are a stratum of their own, that all of them are to be examined, and that there are no
/// more of them than the rule allows.
fn check_targeted(plan: &PlanFacts) -> Result<(), Fault> {
    let Some(rule) = &plan.targeted else {
        return Ok(());
    };
    let fault = |what: &dyn std::fmt::Display| Err(Fault::of("plan", what));
    if plan.agencies.iter().any(|agency| agency.as_str() == targeted::STRATUM) {
        return fault(&"an agency has the name of the targeted stratum");
    }
    let Some(stratum) = plan.samples.iter().find(|sample| sample.name == targeted::STRATUM) else {
        return fault(&"it targets units and has no stratum of them");
    };
    if stratum.size != stratum.population {
        return fault(&"the targeted units are not examined in full");
    }
    rule.check(stratum.population).or_else(|error| fault(&error))
}

/// Draws again: everything that was drawn by the last extension, in the order of the sample.
///
/// Names the first step whose sizes or digest are others.
pub(crate) fn sample(ledger: &Ledger, strata: &BTreeMap<String, Vec<&str>>) -> Result<Vec<SampleLine>, Fault> {
    check_sizes(ledger, strata)?;
    let seed = Seed::new(ledger.seed.facts.seed.as_str());
    let last = ledger.draws.last().ok_or(Fault::of("draw", "there is none"))?;
    let sizes = sizes_of(last, strata)?;
    let mut lines = Vec::new();
    let mut drawn_by_stratum = BTreeMap::new();
    for (name, units) in strata {
        let size = sizes.get(name.as_str()).copied().unwrap_or(0);
        let mut draw = Draw::new(seed.clone(), size);
        for unit in units {
            draw.offer(unit).map_err(|error| Fault::of_entry(last.index, error))?;
        }
        let drawn = draw.finish().map_err(|error| Fault::of_entry(last.index, error))?;
        for (order, unit) in (1..).zip(&drawn) {
            lines.push(SampleLine {
                order,
                stratum: name.clone(),
                ticket: unit.ticket.as_str().to_owned(),
                unit: unit.id.clone(),
            });
        }
        drawn_by_stratum.insert(name.as_str(), drawn);
    }
    for step in &ledger.draws {
        let sizes = sizes_of(step, strata)?;
        for stratum in &step.facts.strata {
            let drawn = drawn_by_stratum
                .get(stratum.name.as_str())
                .map_or(&[][..], Vec::as_slice);
            let size = sizes.get(stratum.name.as_str()).copied().unwrap_or(0);
            let prefix = drawn.iter().take(size);
            let digest = drawn_digest(prefix.map(|unit| (unit.id.as_str(), unit.ticket.as_str())));
            if digest != stratum.sha256 {
                let what = format_args!(
                    "stratum {} was drawn otherwise than seed and population say",
                    stratum.name
                );
                return Err(Fault::of_entry(step.index, what));
            }
        }
    }
    Ok(lines)
}

/// Checks that the draw has the sizes of the plan, that no extension is smaller than what came before it, and that the
/// plan's rule for stopping allows extensions.
fn check_sizes(ledger: &Ledger, strata: &BTreeMap<String, Vec<&str>>) -> Result<(), Fault> {
    if let Some(extension) = ledger.draws.get(1)
        && !stopping(&ledger.plan.facts)?.may_extend()
    {
        return Err(Fault::of_entry(extension.index, "a sample of fixed size was extended"));
    }
    let mut before = planned_sizes(&ledger.plan.facts);
    for (place, step) in ledger.draws.iter().enumerate() {
        let sizes = sizes_of(step, strata)?;
        for (name, size) in &sizes {
            let earlier = before.get(*name).copied().unwrap_or(0);
            if (place == 0 && *size != earlier) || *size < earlier {
                let what = format_args!("stratum {name} has {size} drawn units, {earlier} came before or were planned");
                return Err(Fault::of_entry(step.index, what));
            }
        }
        before = sizes.into_iter().map(|(name, size)| (name.to_owned(), size)).collect();
    }
    Ok(())
}

fn planned_sizes(plan: &PlanFacts) -> BTreeMap<String, usize> {
    let size = |size| usize::try_from(size).unwrap_or(usize::MAX);
    plan.samples
        .iter()
        .map(|sample| (sample.name.clone(), size(sample.size)))
        .collect()
}

/// The sizes that a draw tells of every stratum, each once.
fn sizes_of<'a>(
    step: &'a Step<DrawFacts>,
    strata: &BTreeMap<String, Vec<&str>>,
) -> Result<BTreeMap<&'a str, usize>, Fault> {
    let mut sizes = BTreeMap::new();
    for stratum in &step.facts.strata {
        let size = usize::try_from(stratum.size).map_err(|error| Fault::of_entry(step.index, error))?;
        sizes.insert(stratum.name.as_str(), size);
    }
    let names = step.facts.strata.iter().map(|stratum| &stratum.name);
    if names.eq(strata.keys()) {
        Ok(sizes)
    } else {
        Err(Fault::of_entry(
            step.index,
            "its strata are not those of the plan, in the order of their names",
        ))
    }
}

/// The verdicts of the sample, in its order. Names the first verdict on a unit that was not drawn.
pub(crate) fn verdicts(ledger: &Ledger, sample: &[SampleLine]) -> Result<Vec<VerdictLine>, Fault> {
    let drawn: HashSet<&str> = sample.iter().map(|line| line.unit.as_str()).collect();
    if let Some(foreign) = ledger
        .verdicts
        .values()
        .find(|step| !drawn.contains(step.facts.unit.as_str()))
    {
        return Err(Fault::of_entry(foreign.index, "the unit was not drawn"));
    }
    let line = |unit: &SampleLine| {
        let step = ledger.verdicts.get(&unit.unit)?;
        Some(VerdictLine {
            index: step.index,
            order: unit.order,
            outcome: step.facts.outcome,
            stratum: unit.stratum.clone(),
            unit: unit.unit.clone(),
        })
    };
    Ok(sample.iter().filter_map(line).collect())
}

/// How many units were drawn to be reviewed once more: a share of the first sample, and of what each extension added.
///
/// Names a second review of a unit that was not drawn for it, or by somebody who had a part in the verdict.
pub(crate) fn second_reviews(ledger: &Ledger, sample: &[SampleLine]) -> Result<usize, Fault> {
    let mut drawn = HashSet::new();
    let mut before: BTreeMap<&str, u64> = BTreeMap::new();
    for step in &ledger.draws {
        let sizes: BTreeMap<&str, u64> = step
            .facts
            .strata
            .iter()
            .map(|each| (each.name.as_str(), each.size))
            .collect();
        let size_in = |sizes: &BTreeMap<&str, u64>, line: &SampleLine| sizes.get(line.stratum.as_str()).copied();
        let added: Vec<&str> = sample
            .iter()
            .filter(|line| line.order > size_in(&before, line).unwrap_or(0))
            .filter(|line| line.order <= size_in(&sizes, line).unwrap_or(0))
            .map(|line| line.unit.as_str())
            .collect();
        let share_bp = ledger.plan.facts.second_review_bp;
        let again = second_review::draw(&ledger.seed.facts.seed, share_bp, added.into_iter());
        let again = again.map_err(|error| Fault::of_entry(step.index, error))?;
        drawn.extend(again.into_iter().map(|unit| unit.id));
        before = sizes;
    }
    for (unit, step) in &ledger.second_reviews {
        if !drawn.contains(unit) {
            return Err(Fault::of_entry(
                step.index,
                "the unit was not drawn for a second review",
            ));
        }
        let (review, verdict) = (&step.facts, ledger.verdicts.get(unit).map(|step| &step.facts));
        if verdict.is_some_and(|verdict| verdict.case != review.case) {
            return Err(Fault::of_entry(step.index, "it is about another case than the unit's"));
        }
        let is_partial = |verdict: &Verdict| {
            let upheld_by = verdict.decided_by.filter(|_| verdict.outcome == CaseOutcome::Upheld);
            verdict.reviewed_by == review.reviewer || upheld_by == Some(review.reviewer)
        };
        if verdict.is_some_and(is_partial) {
            return Err(Fault::of_entry(
                step.index,
                "whoever looked again had a part in the verdict",
            ));
        }
    }
    Ok(drawn.len())
}

/// The bounds of an audit as the log tells it so far. `Err` names the first entry or line that is out of place.
pub fn bounds_of(audit: AuditId, population: &str, entries: &[LoggedEntry]) -> Result<BoundFacts, Fault> {
    let ledger = Ledger::read(audit, entries)?;
    let strata = strata(&ledger.plan.facts, population.as_bytes())?;
    let sample = sample(&ledger, &strata)?;
    let verdicts = verdicts(&ledger, &sample)?;
    Ok(bounds(&ledger.plan.facts, &sample, &verdicts)?.0)
}

/// The bounds that follow from the verdicts, and the report that says them.
pub(crate) fn bounds(
    plan: &PlanFacts,
    sample: &[SampleLine],
    verdicts: &[VerdictLine],
) -> Result<(BoundFacts, AuditReport), Fault> {
    let verdict_of: BTreeMap<&str, CaseOutcome> =
        verdicts.iter().map(|line| (line.unit.as_str(), line.outcome)).collect();
    let mut samples: BTreeMap<&str, StratumSample> = BTreeMap::new();
    for stratum in &plan.samples {
        let empty = StratumSample {
            name: stratum.name.clone(),
            population: stratum.population,
            outcomes: Vec::new(),
        };
        samples.insert(&stratum.name, empty);
    }
    // The lines of a sample are in the order of the strata and their tickets.
    for line in sample {
        if let Some(stratum) = samples.get_mut(line.stratum.as_str()) {
            stratum.outcomes.push(verdict_of.get(line.unit.as_str()).copied());
        }
    }
    let beside = plan.targeted.as_ref().and_then(|_| samples.remove(targeted::STRATUM));
    let samples: Vec<StratumSample> = samples.into_values().collect();
    let report = report(&samples, beside.as_ref(), plan.confidence_bp, stopping(plan)?)
        .map_err(|error| Fault::of("bounds", error))?;
    let facts = BoundFacts {
        confidence_bp: plan.confidence_bp,
        random: report.targeted.as_ref().map(|_| bound(&report.random)),
        strata: report.strata.iter().map(bound).collect(),
        targeted: report.targeted.as_ref().map(bound),
        total: bound(&report.total),
    };
    Ok((facts, report))
}

/// The stopping rule that a plan names.
fn stopping(plan: &PlanFacts) -> Result<Stopping, Fault> {
    let unknown = || Fault::of("plan", "this version does not know its rule for stopping");
    let weight = |weight: u64| u32::try_from(weight).ok();
    match (plan.stopping.code.as_str(), plan.stopping.a, plan.stopping.b) {
        ("fixed", None, None) => Ok(Stopping::Fixed),
        ("sequence", Some(a), Some(b)) => {
            let weights = weight(a).zip(weight(b)).ok_or_else(unknown)?;
            Stopping::from_weights(Some(weights)).ok().ok_or_else(unknown)
        }
        _ => Err(unknown()),
    }
}

fn bound(stratum: &StratumReport) -> StratumBound {
    StratumBound {
        name: stratum.count.name.clone(),
        population: stratum.count.population,
        sample: stratum.count.sample,
        upheld: stratum.count.upheld,
        inconclusive: stratum.count.inconclusive,
        open: stratum.count.open,
        lower: stratum.interval.lower,
        upper: stratum.interval.upper,
        upper_one_sided: stratum.upper,
    }
}
