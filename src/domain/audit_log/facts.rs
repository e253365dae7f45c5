//! What an entry says in public, kind by kind: sizes, digests, rules and instants.
//!
//! No names of people, no employee numbers, no positions, and no unit beside what was found about it.

use crate::domain::agency_code::AgencyCode;
use crate::domain::audit::beacon::Beacon;
use crate::domain::audit::plan::Strata;
use crate::domain::audit::seed::SeedKind;
use crate::domain::audit::seed::SeedRule;
use crate::domain::audit::targeted::TargetedRule;
use crate::domain::audit_log::subject::Name;
use crate::domain::digest::Digest;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// The facts of an entry; the name of the variant is the entry's kind.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "facts", rename_all = "snake_case")]
pub enum Facts {
    /// An agency sealed a batch; stands in the agency's own log.
    BatchSealed(BatchFacts),
    /// An agency's sealed batch was taken in.
    BatchReceived(BatchFacts),
    /// A plan and its population were fixed, before there was a seed.
    Plan(Box<PlanFacts>),
    /// A plan was cancelled; the reason is in the private record.
    PlanCancelled(Nothing),
    /// The seed was made.
    Seed(Box<SeedFacts>),
    /// The sample was drawn.
    Draw(DrawFacts),
    /// The sample was extended by the next tickets.
    Extension(DrawFacts),
    /// A case was given to somebody; who and which is in the private record.
    Assignment(Nothing),
    /// Somebody looked at personal data; who, at what and what for is in the private record.
    Disclosure(Nothing),
    /// A case was decided; which and how is in the private record.
    Verdict(Nothing),
    /// An objection was decided, and the case with it.
    VerdictAmended(Nothing),
    /// A case was reviewed a second time, blind.
    SecondReview(Nothing),
    /// Bounds were worked out.
    Bound(BoundFacts),
    /// A report was made final: the digests of everything it consists of.
    Report(ReportFacts),
    /// A key was added.
    KeyAdded(KeyFacts),
    /// A key must not be trusted from now on.
    KeyRevoked(KeyFacts),
    /// A setting was changed; the values are in the private record.
    SettingChanged(Nothing),
    /// Personal data were forgotten.
    RetentionShred(ShredFacts),
    /// Data left the service; who took them and what for is in the private record.
    Export(ExportFacts),
    /// The audit was closed.
    AuditClosed(Nothing),
}

/// No fact but the kind itself: `{}`.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

/// A batch as it was sealed or taken in.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BatchFacts {
    /// Whose it is.
    pub agency: AgencyCode,
    /// First work date.
    pub from: NaiveDate,
    /// Last work date, inclusive.
    pub to: NaiveDate,
    /// Its version, from 1.
    pub version: u64,
    /// Rows in it.
    pub rows: u64,
    /// The root of the tree over its rows.
    pub rows_root: Digest,
    /// The digest of its manifest.
    pub manifest_sha256: Digest,
}

/// Everything that a draw depends on but the seed. Rates and confidence in basis points.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlanFacts {
    /// First work date.
    pub from: NaiveDate,
    /// Last work date, inclusive.
    pub to: NaiveDate,
    /// The audited agencies, in the order of their units.
    pub agencies: Vec<AgencyCode>,
    /// What the population is divided into.
    pub strata: Strata,
    /// The strata in the order of their names, each with its population and sample.
    pub samples: Vec<StratumFacts>,
    /// How sure the claim must be.
    pub confidence_bp: u16,
    /// The rate that must not go unnoticed.
    pub tolerable_bp: u16,
    /// The rate that is expected anyway.
    pub expected_bp: u16,
    /// When the audit may stop.
    pub stopping: StoppingFacts,
    /// Units in the population.
    pub population: u64,
    /// SHA-256 of the population's text.
    pub population_sha256: Digest,
    /// How the seed will be made.
    pub seed: SeedRule,
    /// The share of cases that are reviewed a second time.
    pub second_review_bp: u16,
    /// Which units are picked beforehand, where there is such a rule; they are the stratum `targeted`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub targeted: Option<TargetedRule>,
    /// The version of the program that drew up the plan.
    pub code_version: String,
}

/// One stratum of a plan.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StratumFacts {
    /// Its name: an agency's code, `all`, or `targeted`.
    pub name: String,
    /// Units in it.
    pub population: u64,
    /// Units to draw from it.
    pub size: u64,
}

/// The rule by which an audit ends, as the statistics know it.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StoppingFacts {
    /// Which rule: `fixed`, or another that the norm names.
    pub code: Name,
    /// Its first parameter, where it has one.
    pub a: Option<u64>,
    /// Its second parameter, where it has one.
    pub b: Option<u64>,
}

/// How the seed was made.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SeedFacts {
    /// Out of what.
    pub kind: SeedKind,
    /// The seed, byte for byte as the tickets are made with it.
    pub seed: String,
    /// The beacon, where there is one.
    pub beacon: Option<Beacon>,
    /// The digits of the dice, where they were rolled.
    pub dice: Option<String>,
}

/// What was drawn.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DrawFacts {
    /// The strata in the order of their names, each with all that is drawn of it by now.
    pub strata: Vec<DrawnStratum>,
}

/// All that is drawn of one stratum.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DrawnStratum {
    /// Its name.
    pub name: String,
    /// Units drawn.
    pub size: u64,
    /// SHA-256 of their lines, see [`drawn_digest`].
    pub sha256: Digest,
}

/// The digest of drawn units: SHA-256 of one line each in ticket order, `unit`, a tab, the ticket in full, LF.
pub fn drawn_digest<'a>(drawn: impl IntoIterator<Item = (&'a str, &'a str)>) -> Digest {
    let mut digest = crate::domain::digest::RunningDigest::default();
    for (unit, ticket) in drawn {
        for piece in [unit, "\t", ticket, "\n"] {
            digest.update(piece.as_bytes());
        }
    }
    digest.finish()
}

/// Bounds as they were worked out. Confidence in basis points.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BoundFacts {
    /// How sure each claim is.
    pub confidence_bp: u16,
    /// The random strata together, where units were targeted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub random: Option<StratumBound>,
    /// The random strata in the order of their names.
    pub strata: Vec<StratumBound>,
    /// The targeted units, counted one for one, where there are any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub targeted: Option<StratumBound>,
    /// All together.
    pub total: StratumBound,
}

/// What was counted in a stratum and what follows from it.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StratumBound {
    /// Its name, `all` for the total, `random` for the random strata together.
    pub name: String,
    /// Units in it.
    pub population: u64,
    /// Units drawn.
    pub sample: u64,
    /// Units that were found to deviate.
    pub upheld: u64,
    /// Units that could not be settled.
    pub inconclusive: u64,
    /// Units that are not settled yet.
    pub open: u64,
    /// The smallest number of deviations that is not ruled out, half the risk on this side.
    pub lower: u64,
    /// The largest, half the risk on this side.
    pub upper: u64,
    /// The largest, all the risk on this side.
    pub upper_one_sided: u64,
}

/// What a report consists of.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReportFacts {
    /// Every file that the report binds, in the order of their names by bytes.
    pub files: Vec<FileFacts>,
}

/// One file.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileFacts {
    /// Its name within the bundle, parts apart by `/`.
    pub name: Name,
    /// Its length.
    pub bytes: u64,
    /// Its SHA-256.
    pub sha256: Digest,
}

/// A key that signs.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyFacts {
    /// What it signs: `log`, `witness`, `agency`, `receipts` or `witnessed`.
    pub role: KeyRole,
    /// The algorithm and key as C2SP writes them: base64 of the type's byte and the public key.
    pub verifier: String,
}

/// What a key signs.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyRole {
    /// Checkpoints of this log.
    Log,
    /// Cosignatures on checkpoints of this log.
    Witness,
    /// Checkpoints of an agency's batches.
    Agency,
    /// Receipts of shares.
    Receipts,
    /// Checkpoints of another deployment's log that is cosigned here.
    Witnessed,
}

/// Personal data that are gone.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShredFacts {
    /// Of which month, as `2026-03`.
    pub month: String,
    /// How many rows.
    pub rows: u64,
    /// How many keys were destroyed.
    pub keys: u64,
}

/// Data that left the service.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExportFacts {
    /// The kind of file: `csv`, `zip`.
    pub format: Name,
    /// Its SHA-256, where it was made as a whole before it left.
    pub sha256: Option<Digest>,
}
