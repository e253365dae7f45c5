//! Checks a bundle from end to end, offline: one line a check, and the first bad record by its name.
//!
//! Believes nothing that the log's key did not sign, and of the order of steps only what witnesses saw.

use crate::domain::audit::targeted;
use crate::domain::audit_log::facts::ReportFacts;
use crate::domain::bundle::BOUND;
use crate::domain::bundle::BUNDLE_JSON;
use crate::domain::bundle::CHECKPOINT;
use crate::domain::bundle::CONSISTENCY;
use crate::domain::bundle::ENTRIES;
use crate::domain::bundle::Fault;
use crate::domain::bundle::Files;
use crate::domain::bundle::NAMES;
use crate::domain::bundle::PLAN_CHECKPOINT;
use crate::domain::bundle::POLICY;
use crate::domain::bundle::POPULATION;
use crate::domain::bundle::REPORT_JSON;
use crate::domain::bundle::REPORT_TEXT;
use crate::domain::bundle::SAMPLE;
use crate::domain::bundle::VERDICTS;
use crate::domain::bundle::build;
use crate::domain::bundle::derive;
use crate::domain::bundle::ledger::Ledger;
use crate::domain::bundle::lines;
use crate::domain::bundle::lines::BundleDocument;
use crate::domain::bundle::lines::LoggedEntry;
use crate::domain::bundle::report_text;
use crate::domain::instant::Instant;
use crate::domain::log::checkpoint::SignedCheckpoint;
use crate::domain::log::consistency;
use crate::domain::log::inclusion;
use crate::domain::log::policy::Policy;
use crate::domain::log::policy::Witnessed;
use crate::domain::log::tree;
use serde::Serialize;

/// Whom the user believes.
#[derive(Clone, Debug)]
pub enum Trust {
    /// The keys that came with the bundle: whoever reads the result compares the log's key by other means.
    FirstSight,
    /// This policy, whatever the bundle says.
    Policy(Box<Policy>),
}

/// A check, in the order in which they are made.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Check {
    /// The files are those that `bundle.json` lists, byte for byte.
    Files,
    /// The checkpoints are signed as the policy asks.
    Signatures,
    /// The last checkpoint continues the earlier one.
    Consistency,
    /// Every entry is in the log at its index, and every opening is that of its commitment.
    Entries,
    /// Plan, seed, draw and verdicts come in their order, and witnesses saw the plan before the seed could be known.
    Order,
    /// The beacon is genuine and of the plan's round; the seed is the mix of plan, beacon and dice.
    Seed,
    /// The units are those that the plan fixed.
    Population,
    /// The tickets of all units give the sample; extensions take the next ones.
    Draw,
    /// `sample.ndjson` lists the drawn units.
    Sample,
    /// `verdicts.ndjson` lists what the log says of each, and second reviews are of the units drawn for them.
    Verdicts,
    /// The bounds are those of the counts.
    Bounds,
    /// The report says that, and the log holds the digests of all its files.
    Report,
}

impl Check {
    /// Every check, in order.
    pub const ALL: [Self; 12] = [
        Self::Files,
        Self::Signatures,
        Self::Consistency,
        Self::Entries,
        Self::Order,
        Self::Seed,
        Self::Population,
        Self::Draw,
        Self::Sample,
        Self::Verdicts,
        Self::Bounds,
        Self::Report,
    ];

    /// The name in the output.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Files => "files",
            Self::Signatures => "signatures",
            Self::Consistency => "consistency",
            Self::Entries => "entries",
            Self::Order => "order",
            Self::Seed => "seed",
            Self::Population => "population",
            Self::Draw => "draw",
            Self::Sample => "sample",
            Self::Verdicts => "verdicts",
            Self::Bounds => "bounds",
            Self::Report => "report",
        }
    }
}

/// What a check came to.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Checked {
    /// Which check.
    pub check: Check,
    /// What was found, in one line; `Err` names the first bad record.
    pub outcome: Result<String, Fault>,
}

/// Checks a bundle. Ends after the first check that fails: what comes after it would rest on it.
pub fn verify(files: &Files, trust: &Trust) -> Vec<Checked> {
    let mut report = Report { checked: Vec::new() };
    // The answer stands in the report; a fault only ends the way there.
    let _ended = report.run(files, trust);
    report.checked
}

/// Whether every check was made and none failed.
pub fn is_sound(checked: &[Checked]) -> bool {
    checked.iter().map(|checked| checked.check).eq(Check::ALL) && checked.iter().all(|checked| checked.outcome.is_ok())
}

struct Report {
    checked: Vec<Checked>,
}

/// A check failed and was written down.
struct Ended;

impl Report {
    /// Writes a check down: its line on success, with the value that later checks need.
    fn note<T>(&mut self, check: Check, outcome: Result<(T, String), Fault>) -> Result<T, Ended> {
        let (value, outcome) = match outcome {
            Ok((value, line)) => (Ok(value), Ok(line)),
            Err(fault) => (Err(Ended), Err(fault)),
        };
        self.checked.push(Checked { check, outcome });
        value
    }

    fn run(&mut self, files: &Files, trust: &Trust) -> Result<(), Ended> {
        let document = self.note(Check::Files, listed(files))?;
        let file = |name: &str| files.get(name).map_or(&[][..], Vec::as_slice);
        let signed = self.note(Check::Signatures, signatures(file, trust))?;
        self.note(Check::Consistency, continues(file(CONSISTENCY), &signed))?;
        let entries = self.note(Check::Entries, included(file(ENTRIES), &signed.last))?;
        let ledger = self.note(Check::Order, ordered(&document, &entries, &signed))?;
        self.note(Check::Seed, seed(&ledger))?;
        let population = file(POPULATION);
        let plan = &ledger.plan.facts;
        let strata = self.note(
            Check::Population,
            derive::strata(plan, population).map(|strata| {
                let of_rule = plan.targeted.as_ref().and_then(|_| strata.get(targeted::STRATUM));
                let beside = of_rule.map_or_else(String::new, |units| format!(", {} of them targeted", units.len()));
                let line = format!("{} units in {} strata{beside}", plan.population, strata.len());
                (strata, line)
            }),
        )?;
        let sample = self.note(
            Check::Draw,
            derive::sample(&ledger, &strata).map(|sample| {
                let extensions = ledger.draws.len().saturating_sub(1);
                let line = format!("{} units drawn again, {extensions} extensions", sample.len());
                (sample, line)
            }),
        )?;
        self.note(Check::Sample, equal(SAMPLE, file(SAMPLE), lines::to_lines(&sample)))?;
        let verdicts = derive::verdicts(&ledger, &sample).and_then(|verdicts| {
            let (count, line) = equal(VERDICTS, file(VERDICTS), lines::to_lines(&verdicts))?;
            let again = derive::second_reviews(&ledger, &sample)?;
            let (open, seen) = (sample.len().saturating_sub(count), ledger.second_reviews.len());
            Ok((
                verdicts,
                format!("{line}, {open} units open, {seen} of {again} second reviews"),
            ))
        });
        let verdicts = self.note(Check::Verdicts, verdicts)?;
        let bounds = derive::bounds(plan, &sample, &verdicts).and_then(|(bounds, report)| {
            if let Some(logged) = &ledger.bound
                && logged.facts != bounds
            {
                return Err(Fault::of_entry(logged.index, "the bounds are not those of the counts"));
            }
            let line = format!("at most {} of {} units deviate", report.total.upper, plan.population);
            Ok(((bounds, report), line))
        });
        let (bounds, report) = self.note(Check::Bounds, bounds)?;
        let last = report_text::write(&ledger, &bounds, &report).and_then(|(json, text)| {
            equal(REPORT_JSON, file(REPORT_JSON), Ok::<_, Fault>(json))?;
            equal(REPORT_TEXT, file(REPORT_TEXT), Ok::<_, Fault>(text))?;
            bound_by_log(&ledger, files)
        });
        self.note(Check::Report, last)
    }
}

/// The files are exactly those of the format, and `bundle.json` is what would be written of them.
fn listed(files: &Files) -> Result<(BundleDocument, String), Fault> {
    if let Some(missing) = NAMES.iter().find(|name| !files.contains_key(**name)) {
        return Err(Fault::of(missing, "the file is missing"));
    }
    if let Some(foreign) = files.keys().find(|name| !NAMES.contains(&name.as_str())) {
        return Err(Fault::of(foreign, "no such file belongs into a bundle"));
    }
    let given = files.get(BUNDLE_JSON).map_or(&[][..], Vec::as_slice);
    let document = lines::read_bundle_document(given)?;
    for (name, bytes) in files.iter().filter(|(name, _)| name.as_str() != BUNDLE_JSON) {
        let facts = lines::file_facts(name, bytes)?;
        if !document.files.contains(&facts) {
            return Err(Fault::of(name, "its length and SHA-256 are not those of bundle.json"));
        }
    }
    if lines::bundle_document(document.audit, files)? != given {
        return Err(Fault::of(BUNDLE_JSON, "it is not what would be written of these files"));
    }
    let line = format!("{} files of audit {}", files.len(), document.audit);
    Ok((document, line))
}

/// Both checkpoints, believed.
struct Signed {
    last: SignedCheckpoint,
    plan: SignedCheckpoint,
    /// Who saw the earlier one and when.
    witnessed: Vec<Witnessed>,
}

fn signatures<'a>(file: impl Fn(&str) -> &'a [u8], trust: &Trust) -> Result<(Signed, String), Fault> {
    let own = Policy::parse(file(POLICY)).map_err(|error| Fault::of_line(POLICY, error.line, error.fault))?;
    let checkpoint = |name: &str| {
        let bytes = file(name);
        let signed = SignedCheckpoint::parse(bytes).map_err(|error| Fault::of(name, error))?;
        if signed.to_string().as_bytes() != bytes {
            return Err(Fault::of(name, "it is not written in the one way"));
        }
        let mut witnessed = own.check(&signed).map_err(|error| Fault::of(name, error))?;
        if let Trust::Policy(policy) = trust {
            witnessed = policy
                .check(&signed)
                .map_err(|error| Fault::of(name, format_args!("by the policy that was given: {error}")))?;
        }
        Ok((signed, witnessed))
    };
    let (last, seen_last) = checkpoint(CHECKPOINT)?;
    let (plan, witnessed) = checkpoint(PLAN_CHECKPOINT)?;
    if last.checkpoint().origin() != plan.checkpoint().origin() {
        return Err(Fault::of(PLAN_CHECKPOINT, "it is of another log"));
    }
    let whom = match trust {
        Trust::FirstSight => format!("key trusted on first sight: {}", first_sight(file(POLICY))),
        Trust::Policy(_) => "by the policy that was given".to_owned(),
    };
    let line = format!(
        "log {}, {} and {} cosignatures, {whom}",
        last.checkpoint().origin(),
        seen_last.len(),
        witnessed.len()
    );
    Ok((Signed { last, plan, witnessed }, line))
}

/// The keys of the logs that a policy names, for somebody to compare.
fn first_sight(policy: &[u8]) -> String {
    let text = String::from_utf8_lossy(policy);
    let keys: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("log ")).collect();
    keys.join(", ")
}

fn continues(proof: &[u8], signed: &Signed) -> Result<((), String), Fault> {
    let proof = lines::read_consistency(proof)?;
    let (earlier, later) = (signed.plan.checkpoint().head(), signed.last.checkpoint().head());
    consistency::verify(earlier, later, &proof).map_err(|error| Fault::of(CONSISTENCY, error))?;
    Ok(((), format!("{} entries continue {}", later.size, earlier.size)))
}

fn included(bytes: &[u8], last: &SignedCheckpoint) -> Result<(Vec<LoggedEntry>, String), Fault> {
    let entries = lines::read_entries(bytes)?;
    let head = last.checkpoint().head();
    for (number, entry) in (1..).zip(&entries) {
        let fault = |what: &dyn std::fmt::Display| Fault::of_line(ENTRIES, number, what);
        let leaf = entry.entry.leaf().map_err(|error| fault(&error))?;
        let hash = tree::leaf_hash(&leaf);
        inclusion::verify(&hash, entry.index, head.size, &entry.proof, &head.root).map_err(|error| fault(&error))?;
        if let Some(opening) = &entry.opening
            && !entry.entry.opens(opening)
        {
            return Err(fault(&"the opening is not that of the commitment"));
        }
    }
    let line = format!("{} entries stand where they say", entries.len());
    Ok((entries, line))
}

fn ordered(document: &BundleDocument, entries: &[LoggedEntry], signed: &Signed) -> Result<(Ledger, String), Fault> {
    let ledger = Ledger::read(document.audit, entries)?;
    let seen = signed.plan.checkpoint().size();
    if seen <= ledger.plan.index {
        return Err(Fault::of(PLAN_CHECKPOINT, "the plan is not in it yet"));
    }
    if seen > ledger.seed.index {
        return Err(Fault::of(PLAN_CHECKPOINT, "the seed is in it already"));
    }
    let known = ledger.beacon_time().unwrap_or(ledger.seed.at);
    for witness in &signed.witnessed {
        let at = i64::try_from(witness.time)
            .ok()
            .and_then(|time| time.checked_mul(1_000));
        let is_before = at.is_some_and(|at| Instant::from_millis(at) < known);
        if !is_before {
            let what = format_args!(
                "witness {} saw it when the seed could be known already",
                witness.witness
            );
            return Err(Fault::of(PLAN_CHECKPOINT, what));
        }
    }
    let line = match signed.witnessed.as_slice() {
        [] => "plan before seed by the log's word; no witness saw it".to_owned(),
        witnesses => format!(
            "{} witnesses saw the plan before the seed could be known",
            witnesses.len()
        ),
    };
    Ok((ledger, line))
}

fn seed(ledger: &Ledger) -> Result<((), String), Fault> {
    ledger.check_seed()?;
    let kind = ledger.seed.facts.kind;
    let line = match ledger.seed.facts.beacon.as_ref() {
        Some(beacon) => format!("{}, quicknet round {} is genuine", kind.code(), beacon.round),
        None => format!("{}: whoever made it must be believed", kind.code()),
    };
    Ok(((), line))
}

/// Whether a file is what it must be; names the first line that is not. Gives the number of its lines.
fn equal<E: std::fmt::Display>(
    name: &str,
    given: &[u8],
    expected: Result<Vec<u8>, E>,
) -> Result<(usize, String), Fault> {
    let expected = expected.map_err(|error| Fault::of(name, error))?;
    let count = expected.split(|byte| *byte == b'\n').count().saturating_sub(1);
    if given == expected {
        return Ok((count, format!("{count} lines as they must be")));
    }
    let lines = given
        .split(|byte| *byte == b'\n')
        .zip(expected.split(|byte| *byte == b'\n'));
    let same = lines.take_while(|(given, expected)| given == expected).count();
    Err(Fault::of_line(name, same + 1, "it is not what follows from the log"))
}

fn bound_by_log(ledger: &Ledger, files: &Files) -> Result<((), String), Fault> {
    let report = ledger.report.as_ref().ok_or(Fault::of(ENTRIES, "there is no report"))?;
    let ReportFacts { files: expected } = build::report_facts(files)?;
    if report.facts.files.len() != expected.len() {
        return Err(Fault::of_entry(report.index, "it does not name the files of a report"));
    }
    let differing = report
        .facts
        .files
        .iter()
        .zip(&expected)
        .position(|(logged, present)| logged != present);
    match differing {
        Some(place) => {
            let name = BOUND.get(place).copied().unwrap_or(REPORT_JSON);
            Err(Fault::of(
                name,
                format_args!("entry {} says that it was another", report.index),
            ))
        }
        None => Ok(((), "text, bounds and all files are those that the log holds".to_owned())),
    }
}
