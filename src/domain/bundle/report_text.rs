//! The report of an audit as two files: one for programs, one for people. Both follow from the log alone.

use crate::domain::audit::report::AuditReport;
use crate::domain::audit_log::facts::BoundFacts;
use crate::domain::audit_log::facts::StratumBound;
use crate::domain::bundle::Fault;
use crate::domain::bundle::REPORT_JSON;
use crate::domain::bundle::ledger::Ledger;
use crate::domain::canonical;
use crate::domain::digest::Digest;
use crate::domain::ids::AuditId;
use crate::domain::language::Language;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::fmt::Write as _;

/// `report.json`.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReportDocument {
    /// The audit.
    pub audit: AuditId,
    /// What is claimed, in Indonesian.
    pub claim: String,
    /// What is claimed, in English.
    pub claim_en: String,
    /// How sure each claim is, basis points.
    pub confidence_bp: u16,
    /// First work date.
    pub from: NaiveDate,
    /// Whether every drawn unit is decided.
    pub is_final: bool,
    /// SHA-256 of the plan's leaf.
    pub plan_sha256: Digest,
    /// SHA-256 of the population.
    pub population_sha256: Digest,
    /// The random strata together, where units were targeted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub random: Option<StratumBound>,
    /// The seed.
    pub seed: String,
    /// How the seed was made.
    pub seed_kind: String,
    /// Each random stratum for itself.
    pub strata: Vec<StratumBound>,
    /// The targeted units, counted one for one, where there are any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub targeted: Option<StratumBound>,
    /// Last work date, inclusive.
    pub to: NaiveDate,
    /// All together.
    pub total: StratumBound,
}

/// The bytes of `report.json` and of `report.txt`.
pub(crate) fn write(ledger: &Ledger, bounds: &BoundFacts, report: &AuditReport) -> Result<(Vec<u8>, Vec<u8>), Fault> {
    let plan = &ledger.plan.facts;
    let document = ReportDocument {
        audit: ledger.audit,
        claim: report.claim(Language::Indonesian),
        claim_en: report.claim(Language::English),
        confidence_bp: plan.confidence_bp,
        from: plan.from,
        is_final: report.is_final(),
        plan_sha256: ledger.plan_sha256,
        population_sha256: plan.population_sha256,
        random: bounds.random.clone(),
        seed: ledger.seed.facts.seed.clone(),
        seed_kind: ledger.seed.facts.kind.code().to_owned(),
        strata: bounds.strata.clone(),
        targeted: bounds.targeted.clone(),
        to: plan.to,
        total: bounds.total.clone(),
    };
    let json = canonical::to_string(&document).map_err(|error| Fault::of(REPORT_JSON, error))? + "\n";
    Ok((json.into_bytes(), text(&document).into_bytes()))
}

fn text(document: &ReportDocument) -> String {
    let mut text = String::new();
    let mut line = |name: &str, value: &dyn std::fmt::Display| {
        // Writing into a string does not fail.
        let _ = writeln!(text, "{name}: {value}");
    };
    line("audit", &document.audit);
    line("period", &format_args!("{} to {}", document.from, document.to));
    line("plan", &document.plan_sha256);
    line("population", &document.population_sha256);
    line("seed", &format_args!("{} ({})", document.seed, document.seed_kind));
    line("confidence", &format_args!("{} basis points", document.confidence_bp));
    for stratum in &document.strata {
        line(&format!("stratum {}", stratum.name), &counts(stratum));
    }
    for part in [&document.random, &document.targeted].into_iter().flatten() {
        line(&part.name, &counts(part));
    }
    line("total", &counts(&document.total));
    let _ = write!(text, "\n{}\n{}\n", document.claim, document.claim_en);
    text
}

fn counts(bound: &StratumBound) -> String {
    format!(
        "{} units, {} drawn, {} upheld, {} inconclusive, {} open; deviating {} to {}, at most {}",
        bound.population,
        bound.sample,
        bound.upheld,
        bound.inconclusive,
        bound.open,
        bound.lower,
        bound.upper,
        bound.upper_one_sided
    )
}
