//! Makes the files of a bundle out of plain values: what the log holds, the population, the policy.

use crate::domain::audit_log::facts::ReportFacts;
use crate::domain::bundle::BOUND;
use crate::domain::bundle::BUNDLE_JSON;
use crate::domain::bundle::CHECKPOINT;
use crate::domain::bundle::CONSISTENCY;
use crate::domain::bundle::ENTRIES;
use crate::domain::bundle::Fault;
use crate::domain::bundle::Files;
use crate::domain::bundle::PLAN_CHECKPOINT;
use crate::domain::bundle::POLICY;
use crate::domain::bundle::POPULATION;
use crate::domain::bundle::REPORT_JSON;
use crate::domain::bundle::REPORT_TEXT;
use crate::domain::bundle::SAMPLE;
use crate::domain::bundle::VERDICTS;
use crate::domain::bundle::derive;
use crate::domain::bundle::ledger::Ledger;
use crate::domain::bundle::lines;
use crate::domain::bundle::lines::LoggedEntry;
use crate::domain::bundle::report_text;
use crate::domain::digest::Digest;
use crate::domain::ids::AuditId;

/// What a bundle is made of.
#[derive(Clone, Debug)]
pub struct Source<'a> {
    /// The audit.
    pub audit: AuditId,
    /// The policy as a text (C2SP tlog-policy).
    pub policy: &'a str,
    /// The population as a text: the lines of all strata, sorted by bytes.
    pub population: &'a str,
    /// The entries about the audit, in the order of the log, with their proofs towards `checkpoint`. Verdicts, second
    /// reviews, and a seed with evidence, come with their openings.
    pub entries: &'a [LoggedEntry],
    /// The last checkpoint as a note, with its cosignatures.
    pub checkpoint: &'a str,
    /// The checkpoint in force before the seed, with its cosignatures.
    pub plan_checkpoint: &'a str,
    /// The proof that `checkpoint` continues `plan_checkpoint`.
    pub consistency: &'a [Digest],
}

/// The files that a report binds: what follows from the log so far, with the population and the policy.
///
/// `entries` need no proofs for this. `Err` names the first entry or line that is out of place.
pub fn bound_files(audit: AuditId, policy: &str, population: &str, entries: &[LoggedEntry]) -> Result<Files, Fault> {
    let ledger = Ledger::read(audit, entries)?;
    let strata = derive::strata(&ledger.plan.facts, population.as_bytes())?;
    let sample = derive::sample(&ledger, &strata)?;
    let verdicts = derive::verdicts(&ledger, &sample)?;
    let (bounds, report) = derive::bounds(&ledger.plan.facts, &sample, &verdicts)?;
    let (json, text) = report_text::write(&ledger, &bounds, &report)?;
    let written = |name, text: Result<Vec<u8>, _>| text.map_err(|error| Fault::of(name, error));
    Ok(Files::from([
        (POLICY.to_owned(), policy.as_bytes().to_vec()),
        (POPULATION.to_owned(), population.as_bytes().to_vec()),
        (SAMPLE.to_owned(), written(SAMPLE, lines::to_lines(&sample))?),
        (VERDICTS.to_owned(), written(VERDICTS, lines::to_lines(&verdicts))?),
        (REPORT_JSON.to_owned(), json),
        (REPORT_TEXT.to_owned(), text),
    ]))
}

/// What the entry `report` says of these files, which [`bound_files`] made.
pub fn report_facts(files: &Files) -> Result<ReportFacts, Fault> {
    let facts = |name: &&str| {
        let bytes = files.get(*name).ok_or(Fault::of(name, "the file is missing"))?;
        lines::file_facts(name, bytes)
    };
    Ok(ReportFacts {
        files: BOUND.iter().map(facts).collect::<Result<_, _>>()?,
    })
}

/// All files of the bundle. `Err` names the first entry or line that is out of place.
pub fn build(source: &Source<'_>) -> Result<Files, Fault> {
    let files = bound_files(source.audit, source.policy, source.population, source.entries)?;
    assemble(source, files)
}

/// Puts the files that a report binds together with those of the log.
pub(super) fn assemble(source: &Source<'_>, mut files: Files) -> Result<Files, Fault> {
    files.insert(CHECKPOINT.to_owned(), source.checkpoint.as_bytes().to_vec());
    files.insert(PLAN_CHECKPOINT.to_owned(), source.plan_checkpoint.as_bytes().to_vec());
    files.insert(CONSISTENCY.to_owned(), lines::write_consistency(source.consistency));
    files.insert(ENTRIES.to_owned(), lines::write_entries(source.entries)?);
    let document = lines::bundle_document(source.audit, &files)?;
    files.insert(BUNDLE_JSON.to_owned(), document);
    Ok(files)
}
