//! What the log says of one audit, step by step, and whether the steps come in the order that makes it an audit.

use crate::domain::audit::beacon;
use crate::domain::audit::seed::SeedMaterial;
use crate::domain::audit::seed::SeedRule;
use crate::domain::audit_log::facts::BoundFacts;
use crate::domain::audit_log::facts::DrawFacts;
use crate::domain::audit_log::facts::Facts;
use crate::domain::audit_log::facts::PlanFacts;
use crate::domain::audit_log::facts::ReportFacts;
use crate::domain::audit_log::facts::SeedFacts;
use crate::domain::audit_log::record::Record;
use crate::domain::audit_log::record::SecondReview;
use crate::domain::audit_log::record::Verdict;
use crate::domain::audit_log::subject::Subject;
use crate::domain::bundle::Fault;
use crate::domain::bundle::lines::LoggedEntry;
use crate::domain::digest::Digest;
use crate::domain::ids::AuditId;
use crate::domain::instant::Instant;
use crate::domain::notice::CaseOutcome;
use std::collections::BTreeMap;

/// Facts with the place of their entry in the log.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Step<T> {
    /// The index of the entry.
    pub index: u64,
    /// When it was written, by the service's clock.
    pub at: Instant,
    /// What it says.
    pub facts: T,
}

/// An audit as the log tells it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Ledger {
    /// The audit.
    pub audit: AuditId,
    /// The plan.
    pub plan: Step<PlanFacts>,
    /// SHA-256 of the plan's leaf.
    pub plan_sha256: Digest,
    /// The seed.
    pub seed: Step<SeedFacts>,
    /// The draw and its extensions, in order.
    pub draws: Vec<Step<DrawFacts>>,
    /// What holds of each decided unit, with the entry that says so last.
    pub verdicts: BTreeMap<String, Step<Verdict>>,
    /// What was found of each unit that was looked at again.
    pub second_reviews: BTreeMap<String, Step<SecondReview>>,
    /// The last bounds, where there are any.
    pub bound: Option<Step<BoundFacts>>,
    /// The last report, where there is one.
    pub report: Option<Step<ReportFacts>>,
}

#[derive(Default)]
struct Reading {
    plan: Option<(Step<PlanFacts>, Digest)>,
    seed: Option<Step<SeedFacts>>,
    draws: Vec<Step<DrawFacts>>,
    verdicts: BTreeMap<String, Step<Verdict>>,
    second_reviews: BTreeMap<String, Step<SecondReview>>,
    bound: Option<Step<BoundFacts>>,
    report: Option<Step<ReportFacts>>,
    is_closed: bool,
}

impl Ledger {
    /// Reads the entries of an audit in the order of the log. Names the first that is out of place.
    pub fn read(audit: AuditId, entries: &[LoggedEntry]) -> Result<Self, Fault> {
        let mut reading = Reading::default();
        for entry in entries {
            if entry.entry.subject != Subject::Audit(audit) {
                return Err(Fault::of_entry(entry.index, "it is about something else"));
            }
            if let Some(opening) = &entry.opening
                && !entry.entry.opens(opening)
            {
                return Err(Fault::of_entry(
                    entry.index,
                    "the opening is not that of its commitment",
                ));
            }
            reading.take(entry).map_err(|what| Fault::of_entry(entry.index, what))?;
        }
        let missing = |what| Fault::of("log/entries.ndjson", what);
        let (plan, plan_sha256) = reading.plan.ok_or(missing("there is no plan"))?;
        if reading.draws.is_empty() {
            return Err(missing("there is no draw"));
        }
        Ok(Self {
            audit,
            plan,
            plan_sha256,
            seed: reading.seed.ok_or(missing("there is no seed"))?,
            draws: reading.draws,
            verdicts: reading.verdicts,
            second_reviews: reading.second_reviews,
            bound: reading.bound,
            report: reading.report,
        })
    }

    /// Checks that the rule of the seed was sound when the plan was made, that the seed is what plan, beacon and dice
    /// give, and that it was written after its beacon.
    pub fn check_seed(&self) -> Result<(), Fault> {
        let (plan, seed) = (&self.plan, &self.seed);
        let rule = &plan.facts.seed;
        let sound =
            SeedRule::new(rule.kind, rule.draw_at, plan.at).map_err(|fault| Fault::of_entry(plan.index, fault))?;
        if sound != *rule {
            return Err(Fault::of_entry(
                plan.index,
                "the round is not that of the instant of drawing",
            ));
        }
        let fault = |what: &dyn std::fmt::Display| Fault::of_entry(seed.index, what);
        if seed.facts.kind != rule.kind {
            return Err(fault(&"the seed is of another kind than the plan says"));
        }
        let is_text = seed.facts.dice.is_none();
        let material = SeedMaterial {
            beacon: seed.facts.beacon.clone(),
            dice: seed.facts.dice.clone(),
            text: is_text.then(|| seed.facts.seed.clone()),
        };
        let mixed = rule.seed(self.plan_sha256, &material).map_err(|error| fault(&error))?;
        if mixed != seed.facts.seed {
            return Err(fault(&"the seed is not the mix of plan, beacon and dice"));
        }
        if self.beacon_time().is_some_and(|published| seed.at < published) {
            return Err(fault(&"it was written before its beacon was published"));
        }
        Ok(())
    }

    /// When the beacon of the seed was published; none without a beacon.
    pub fn beacon_time(&self) -> Option<Instant> {
        self.seed
            .facts
            .beacon
            .as_ref()
            .and_then(|beacon| beacon::time_of(beacon.round))
    }
}

impl Reading {
    fn take(&mut self, logged: &LoggedEntry) -> Result<(), &'static str> {
        let (index, at) = (logged.index, logged.entry.at);
        if self.is_closed {
            return Err("it comes after the audit was closed");
        }
        if self.plan.is_none() && !matches!(logged.entry.facts, Facts::Plan(_)) {
            return Err("it comes before the plan");
        }
        match &logged.entry.facts {
            Facts::Plan(facts) => {
                if self.plan.is_some() {
                    return Err("it is a second plan");
                }
                let leaf = logged.entry.leaf().ok().ok_or("it can't be written")?;
                let facts = PlanFacts::clone(facts);
                self.plan = Some((Step { index, at, facts }, Digest::of(&leaf)));
            }
            Facts::Seed(facts) => {
                if self.seed.is_some() {
                    return Err("it is a second seed");
                }
                let facts = SeedFacts::clone(facts);
                self.seed = Some(Step { index, at, facts });
            }
            Facts::Draw(facts) | Facts::Extension(facts) => {
                let is_first = matches!(logged.entry.facts, Facts::Draw(_));
                if self.seed.is_none() {
                    return Err("it comes before the seed");
                }
                if is_first != self.draws.is_empty() {
                    return Err("a draw comes first and once, extensions after it");
                }
                let facts = facts.clone();
                self.draws.push(Step { index, at, facts });
            }
            Facts::Verdict(_) | Facts::VerdictAmended(_) => self.verdict(logged)?,
            Facts::Bound(facts) => {
                let facts = facts.clone();
                self.bound = Some(Step { index, at, facts });
            }
            Facts::Report(facts) => {
                let facts = facts.clone();
                self.report = Some(Step { index, at, facts });
            }
            Facts::AuditClosed(_) => self.is_closed = true,
            Facts::PlanCancelled(_) => return Err("the plan was cancelled"),
            Facts::SecondReview(_) => self.second_review(logged)?,
            Facts::Assignment(_) | Facts::Disclosure(_) | Facts::Export(_) => {}
            Facts::BatchSealed(_)
            | Facts::BatchReceived(_)
            | Facts::KeyAdded(_)
            | Facts::KeyRevoked(_)
            | Facts::SettingChanged(_)
            | Facts::RetentionShred(_) => return Err("it is about something else"),
        }
        Ok(())
    }

    fn second_review(&mut self, logged: &LoggedEntry) -> Result<(), &'static str> {
        if self.draws.is_empty() {
            return Err("it comes before the draw");
        }
        let Some(Record::SecondReview(review)) = logged.opening.as_ref().map(|opening| &opening.record) else {
            return Err("the second review is not opened");
        };
        let step = Step {
            index: logged.index,
            at: logged.entry.at,
            facts: review.clone(),
        };
        match self.second_reviews.insert(review.unit.as_str().to_owned(), step) {
            Some(_) => Err("the unit was reviewed a second time already"),
            None => Ok(()),
        }
    }

    fn verdict(&mut self, logged: &LoggedEntry) -> Result<(), &'static str> {
        if self.draws.is_empty() {
            return Err("it comes before the draw");
        }
        let Some(Record::Verdict(verdict) | Record::VerdictAmended(verdict)) =
            logged.opening.as_ref().map(|opening| &opening.record)
        else {
            return Err("the verdict is not opened");
        };
        if verdict.outcome == CaseOutcome::Upheld && verdict.decided_by.is_none_or(|by| by == verdict.reviewed_by) {
            return Err("a deviation was upheld without a second person");
        }
        let unit = verdict.unit.as_str();
        let is_amendment = matches!(logged.entry.facts, Facts::VerdictAmended(_));
        match self.verdicts.get(unit) {
            None if is_amendment => return Err("it amends a verdict that is not there"),
            Some(_) if !is_amendment => return Err("the unit has a verdict already"),
            Some(earlier) if earlier.facts.case != verdict.case => return Err("it amends the verdict of another case"),
            None | Some(_) => {}
        }
        let step = Step {
            index: logged.index,
            at: logged.entry.at,
            facts: verdict.clone(),
        };
        self.verdicts.insert(unit.to_owned(), step);
        Ok(())
    }
}
