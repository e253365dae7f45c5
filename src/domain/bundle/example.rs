//! A whole audit made of synthetic facts and fixed keys: what the vectors and the tests of bundles are made of.

use crate::domain::agency_code::AgencyCode;
use crate::domain::audit::beacon::tests::round_123;
use crate::domain::audit::plan::Strata;
use crate::domain::audit::second_review::{self, SHARE_BP};
use crate::domain::audit::seed::{SeedKind, SeedMaterial, SeedRule};
use crate::domain::audit::targeted::{self, TargetedRule};
use crate::domain::audit_log::entry::Entry;
use crate::domain::audit_log::facts::{
    DrawFacts, DrawnStratum, Facts, Nothing, PlanFacts, SeedFacts, StoppingFacts, StratumFacts, drawn_digest,
};
use crate::domain::audit_log::record::{Opening, Record, SecondReview, Verdict};
use crate::domain::audit_log::subject::Subject;
use crate::domain::batch::commitment::Salt;
use crate::domain::bundle::build::{Source, bound_files, build, report_facts};
use crate::domain::bundle::lines::LoggedEntry;
use crate::domain::bundle::{Files, POPULATION, derive, ledger};
use crate::domain::case::CaseFinding;
use crate::domain::digest::Digest;
use crate::domain::flag::Flag;
use crate::domain::ids::{AccountId, AuditId, CaseId};
use crate::domain::instant::Instant;
use crate::domain::log::checkpoint::{Checkpoint, SignedCheckpoint};
use crate::domain::log::key::{KeyType, SigningKey};
use crate::domain::log::tree::{Edge, Node, leaf_hash};
use crate::domain::log::{consistency, cosignature, inclusion};
use crate::domain::notice::CaseOutcome;
use crate::domain::sampling::{Seed, draw};
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

pub(crate) const ORIGIN: &str = "bkd.example/audit-log";
const DICE: &str = "63454660390103169462";

pub(crate) fn at(text: &str) -> Instant {
    Instant::parse(text).unwrap()
}

/// What may be made otherwise, each to be found by one check.
#[derive(Clone, Debug)]
pub(crate) struct Example {
    /// Units of each of the two agencies.
    pub(crate) units: [usize; 2],
    /// Units drawn first, and after the extension.
    pub(crate) sizes: [[usize; 2]; 2],
    pub(crate) kind: SeedKind,
    /// When the witness saw the plan, in Unix seconds.
    pub(crate) seen_at: u64,
    /// Changes an entry before it is logged.
    pub(crate) tamper: fn(&mut Entry),
    /// Changes what a verdict's record says before it is bound.
    pub(crate) decide: fn(usize, &mut Verdict),
    /// The prior's weights, where the plan's rule is `sequence`.
    pub(crate) weights: Option<(u64, u64)>,
    /// Every so many units of an agency one is targeted; none where the plan has no rule for it.
    pub(crate) targeted_every: Option<usize>,
    /// Changes what the record of a second review says before it is bound.
    pub(crate) look_again: fn(usize, &mut SecondReview),
    /// Changes the files that the report binds before it is logged.
    pub(crate) retouch: fn(&mut Files),
}

impl Default for Example {
    fn default() -> Self {
        Self {
            units: [40, 20],
            sizes: [[10, 5], [10, 5]],
            kind: SeedKind::BeaconAndDice,
            // 2023-08-23T15:01:00Z; round 123 came at 15:15:33.
            seen_at: 1_692_802_860,
            tamper: |_| {},
            decide: |_, _| {},
            weights: None,
            targeted_every: None,
            look_again: |_, _| {},
            retouch: |_| {},
        }
    }
}

impl Example {
    /// An audit that may be looked at early, and was extended.
    pub(crate) fn watched() -> Self {
        Self {
            sizes: [[8, 5], [10, 5]],
            weights: Some((1, 3)),
            ..Self::default()
        }
    }

    /// An audit with flagged units that are all examined: some deviate, some could not be settled.
    pub(crate) fn targeted() -> Self {
        Self {
            targeted_every: Some(9),
            decide: |number, verdict| {
                if matches!(number, 15 | 17) {
                    verdict.outcome = CaseOutcome::Upheld;
                    verdict.decided_by = Some(AccountId::new(Uuid::from_u128(2)));
                } else if number == 18 {
                    verdict.outcome = CaseOutcome::Inconclusive;
                }
            },
            ..Self::default()
        }
    }
}

/// A log in the making.
#[derive(Default)]
struct Log {
    edge: Edge,
    nodes: HashMap<Node, Digest>,
    entries: Vec<LoggedEntry>,
}

impl Log {
    fn append(&mut self, entry: Entry, opening: Option<Opening>, is_ours: bool) {
        let leaf = leaf_hash(&entry.leaf().unwrap());
        let index = self.edge.size();
        let nodes = &mut self.nodes;
        self.edge
            .append(leaf, |node, hash| {
                nodes.insert(node, hash);
            })
            .unwrap();
        if is_ours {
            let proof = Vec::new();
            self.entries.push(LoggedEntry {
                index,
                entry,
                opening,
                proof,
            });
        }
    }

    fn checkpoint(&self, keys: &Keys, seen_at: u64) -> SignedCheckpoint {
        let checkpoint = Checkpoint::new(ORIGIN, self.edge.size(), self.edge.root()).unwrap();
        let mut signed = SignedCheckpoint::sign(checkpoint, &keys.log).unwrap();
        let line = cosignature::sign(&signed, &keys.witness, seen_at).unwrap();
        signed.add(line).unwrap();
        signed
    }
}

struct Keys {
    log: SigningKey,
    witness: SigningKey,
}

impl Keys {
    fn new() -> Self {
        Self {
            log: SigningKey::from_seed(ORIGIN, KeyType::Note, &[1; 32]).unwrap(),
            witness: SigningKey::from_seed("inspektorat.example", KeyType::Cosignature, &[2; 32]).unwrap(),
        }
    }

    fn policy(&self) -> String {
        format!(
            "log {}\nwitness inspektorat {}\nquorum inspektorat\n",
            self.log.verifying_key(),
            self.witness.verifying_key()
        )
    }
}

pub(crate) fn audit() -> AuditId {
    AuditId::new("0195d3a0-0000-7000-8000-000000000006".parse().unwrap())
}

pub(crate) fn policy() -> String {
    Keys::new().policy()
}

impl Example {
    fn population(&self) -> (String, BTreeMap<String, Vec<String>>) {
        let mut strata: BTreeMap<String, Vec<String>> = BTreeMap::new();
        if self.targeted_every.is_some() {
            strata.insert(targeted::STRATUM.to_owned(), Vec::new());
        }
        let mut text = String::new();
        for (agency, count) in ["1.01", "1.02"].into_iter().zip(self.units) {
            let unit = |number: usize| {
                let (person, slot) = (number / 3, ["afternoon", "midday", "morning"][number % 3]);
                format!("{agency}/2023-08-21/{person:08}/{slot}")
            };
            let units: Vec<String> = (0..count).map(unit).collect();
            for (number, unit) in units.into_iter().enumerate() {
                let is_targeted = self.targeted_every.is_some_and(|every| number % every == every / 2);
                text.push_str(&targeted::line(&unit, is_targeted));
                text.push('\n');
                let name = if is_targeted { targeted::STRATUM } else { agency };
                strata.entry(name.to_owned()).or_default().push(unit);
            }
        }
        (text, strata)
    }

    /// How many units are drawn of each stratum: the two agencies, and all that are targeted.
    fn sizes(&self, step: usize, strata: &BTreeMap<String, Vec<String>>) -> Vec<usize> {
        let targeted = strata.get(targeted::STRATUM).map(Vec::len);
        self.sizes[step].into_iter().chain(targeted).collect()
    }

    fn plan(&self, population: &str, strata: &BTreeMap<String, Vec<String>>) -> PlanFacts {
        let has_beacon = self.kind == SeedKind::BeaconAndDice;
        let draw_at = has_beacon.then(|| at("2023-08-23T15:15:34Z"));
        let names = ["1.01", "1.02"];
        PlanFacts {
            from: "2023-08-21".parse().unwrap(),
            to: "2023-08-22".parse().unwrap(),
            agencies: names.map(|name| AgencyCode::parse(name).unwrap()).into(),
            strata: Strata::Agency,
            samples: strata
                .iter()
                .zip(self.sizes(0, strata))
                .map(|((name, units), size)| StratumFacts {
                    name: name.clone(),
                    population: units.len().try_into().unwrap(),
                    size: size.try_into().unwrap(),
                })
                .collect(),
            confidence_bp: 9_000,
            tolerable_bp: 2_000,
            expected_bp: 0,
            stopping: StoppingFacts {
                code: self.weights.map_or("fixed", |_| "sequence").parse().unwrap(),
                a: self.weights.map(|(a, _)| a),
                b: self.weights.map(|(_, b)| b),
            },
            population: self.units.iter().sum::<usize>().try_into().unwrap(),
            population_sha256: Digest::of(population.as_bytes()),
            seed: SeedRule::new(self.kind, draw_at, at("2023-08-23T15:00:00Z")).unwrap(),
            second_review_bp: SHARE_BP,
            targeted: self
                .targeted_every
                .map(|_| TargetedRule::new(vec![Flag::MockProvider, Flag::ClockSkew], 20).unwrap()),
            code_version: "0.1.0".to_owned(),
        }
    }

    fn seed(&self, rule: &SeedRule, plan: Digest) -> SeedFacts {
        let material = SeedMaterial {
            beacon: (self.kind == SeedKind::BeaconAndDice).then(round_123),
            dice: (self.kind != SeedKind::Text).then(|| DICE.to_owned()),
            text: (self.kind == SeedKind::Text).then(|| DICE.to_owned()),
        };
        SeedFacts {
            kind: self.kind,
            seed: rule.seed(plan, &material).unwrap(),
            beacon: material.beacon,
            dice: material.dice,
        }
    }

    /// The bundle.
    pub(crate) fn files(&self) -> Files {
        let keys = Keys::new();
        let mut log = Log::default();
        let about = || Subject::Audit(audit());
        let push = |log: &mut Log, minute: u32, facts: Facts, record: Option<Record>| {
            let moment = at(&format!("2023-08-23T{:02}:{:02}:00Z", 15 + minute / 60, minute % 60));
            let salt = Salt::new(*Digest::of(&log.edge.size().to_be_bytes()).bytes());
            let opening = record.map(|record| Opening { salt, record });
            let mut entry = match &opening {
                Some(opening) => Entry::private(moment, about(), facts, opening).unwrap(),
                None => Entry::public(moment, about(), facts),
            };
            (self.tamper)(&mut entry);
            log.append(entry, opening, true);
        };
        let foreign = |log: &mut Log| {
            let subject = Subject::Audit(AuditId::new(Uuid::from_u128(7)));
            let entry = Entry::public(at("2023-08-23T14:00:00Z"), subject, Facts::AuditClosed(Nothing {}));
            log.append(entry, None, false);
        };
        let (population, strata) = self.population();
        foreign(&mut log);
        let plan = self.plan(&population, &strata);
        let rule = plan.seed;
        push(&mut log, 0, Facts::Plan(Box::new(plan)), None);
        let plan_leaf = log.entries[0].entry.leaf().unwrap();
        foreign(&mut log);
        let plan_checkpoint = log.checkpoint(&keys, self.seen_at);
        let seed = self.seed(&rule, Digest::of(&plan_leaf));
        let evidence = Record::Seed {
            evidence: "Dadu dilempar di aula, disaksikan Inspektorat.".to_owned(),
        };
        push(&mut log, 20, Facts::Seed(Box::new(seed.clone())), Some(evidence));
        let drawn = |step: usize| DrawFacts {
            strata: strata
                .iter()
                .zip(self.sizes(step, &strata))
                .map(|((name, units), size)| {
                    let drawn = draw(&Seed::new(seed.seed.as_str()), units.iter().map(String::as_str), size).unwrap();
                    DrawnStratum {
                        name: name.clone(),
                        size: size.try_into().unwrap(),
                        sha256: drawn_digest(drawn.iter().map(|unit| (unit.id.as_str(), unit.ticket.as_str()))),
                    }
                })
                .collect(),
        };
        push(&mut log, 21, Facts::Draw(drawn(0)), None);
        if self.sizes[1] != self.sizes[0] {
            push(&mut log, 30, Facts::Extension(drawn(1)), None);
        }
        foreign(&mut log);
        self.decide_all(&mut log, &strata, &seed.seed, push);
        self.finish(&keys, log, &population, &plan_checkpoint, push)
    }

    /// The units that are reviewed once more: of the first sample, and of what the extension added.
    fn drawn_again(&self, strata: &BTreeMap<String, Vec<String>>, seed: &str) -> Vec<String> {
        let [mut first, mut added] = [Vec::new(), Vec::new()];
        let steps = self.sizes(0, strata).into_iter().zip(self.sizes(1, strata));
        for (units, (size, extended)) in strata.values().zip(steps) {
            let drawn = draw(&Seed::new(seed), units.iter().map(String::as_str), extended.max(size)).unwrap();
            for (place, unit) in drawn.into_iter().enumerate() {
                let part = if place < size { &mut first } else { &mut added };
                part.push(unit.id);
            }
        }
        let again = |units: Vec<String>| second_review::draw(seed, SHARE_BP, units.iter().map(String::as_str)).unwrap();
        again(first)
            .into_iter()
            .chain(again(added))
            .map(|unit| unit.id)
            .collect()
    }

    fn decide_all(
        &self,
        log: &mut Log,
        strata: &BTreeMap<String, Vec<String>>,
        seed: &str,
        push: impl Fn(&mut Log, u32, Facts, Option<Record>),
    ) {
        let again = self.drawn_again(strata, seed);
        let (mut number, mut reviewed) = (0, 0);
        for (units, size) in strata.values().zip(self.sizes(1, strata)) {
            for unit in draw(&Seed::new(seed), units.iter().map(String::as_str), size).unwrap() {
                let mut verdict = Verdict {
                    case: CaseId::new(Uuid::from_u128(100 + u128::try_from(number).unwrap())),
                    unit: unit.id.parse().unwrap(),
                    outcome: match number {
                        0 | 4 => CaseOutcome::Upheld,
                        2 => CaseOutcome::Inconclusive,
                        _ => CaseOutcome::Withdrawn,
                    },
                    reviewed_by: AccountId::new(Uuid::from_u128(1)),
                    decided_by: matches!(number, 0 | 4).then(|| AccountId::new(Uuid::from_u128(2))),
                };
                (self.decide)(number, &mut verdict);
                if again.contains(&unit.id) {
                    let mut review = SecondReview {
                        case: verdict.case,
                        unit: verdict.unit.clone(),
                        finding: CaseFinding::Valid,
                        reviewer: AccountId::new(Uuid::from_u128(3)),
                    };
                    (self.look_again)(reviewed, &mut review);
                    reviewed += 1;
                    let record = Record::SecondReview(review);
                    push(log, 59, Facts::SecondReview(Nothing {}), Some(record));
                }
                // The third is left open.
                if number != 3 {
                    push(
                        log,
                        60,
                        Facts::Verdict(Nothing {}),
                        Some(Record::Verdict(verdict.clone())),
                    );
                }
                if number == 4 {
                    verdict.outcome = CaseOutcome::Withdrawn;
                    let record = Record::VerdictAmended(verdict);
                    push(log, 61, Facts::VerdictAmended(Nothing {}), Some(record));
                }
                number += 1;
            }
        }
    }

    fn finish(
        &self,
        keys: &Keys,
        mut log: Log,
        population: &str,
        plan_checkpoint: &SignedCheckpoint,
        push: impl Fn(&mut Log, u32, Facts, Option<Record>),
    ) -> Files {
        let policy = keys.policy();
        let ledger = ledger::Ledger::read(audit(), &log.entries);
        let bounds = ledger.and_then(|ledger| {
            let strata = derive::strata(&ledger.plan.facts, population.as_bytes())?;
            let sample = derive::sample(&ledger, &strata)?;
            let verdicts = derive::verdicts(&ledger, &sample)?;
            derive::bounds(&ledger.plan.facts, &sample, &verdicts)
        });
        if let Ok((bounds, _)) = bounds {
            push(&mut log, 70, Facts::Bound(bounds), None);
        }
        // A bundle that was tampered with may have no report of its own; then it has that of the sound one.
        let mut bound = bound_files(audit(), &policy, population, &log.entries).unwrap_or_else(|_| {
            let mut sound = Self::default().files();
            sound.insert(POPULATION.to_owned(), population.as_bytes().to_vec());
            sound
        });
        (self.retouch)(&mut bound);
        push(&mut log, 71, Facts::Report(report_facts(&bound).unwrap()), None);
        push(&mut log, 72, Facts::AuditClosed(Nothing {}), None);
        let size = log.edge.size();
        let stored = |node: Node| log.nodes.get(&node).copied();
        for entry in &mut log.entries {
            entry.proof = inclusion::prove(entry.index, size, stored).unwrap().unwrap();
        }
        let checkpoint = log.checkpoint(keys, 1_692_810_000);
        let consistency = consistency::prove(plan_checkpoint.checkpoint().size(), size, stored)
            .unwrap()
            .unwrap();
        let source = Source {
            audit: audit(),
            policy: &policy,
            population,
            entries: &log.entries,
            checkpoint: &checkpoint.to_string(),
            plan_checkpoint: &plan_checkpoint.to_string(),
            consistency: &consistency,
        };
        build(&source).unwrap_or_else(|_| super::build::assemble(&source, bound).unwrap())
    }
}
