//! How batches, their counts, findings and receipts look on the wire.

use crate::app::batch::Batch;
use crate::domain::batch::answer::Answer;
use crate::domain::batch::finding::Finding;
use crate::domain::batch::manifest::Counts;
use crate::domain::batch::manifest::FileEntry;
use crate::domain::batch::submission::Receipt;
use crate::domain::ids::BatchId;
use crate::domain::instant::Instant;
use crate::domain::slot::Slot;
use chrono::NaiveDate;
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// Totals over the rows.
#[derive(Debug, Serialize, ToSchema)]
pub struct BatchCountsView {
    /// All rows.
    rows: u64,
    /// Different people.
    employees: u64,
    /// Slots of which a share was expected.
    expected: u64,
    /// Slots with a share, expected or not.
    received: u64,
    /// Shares that nobody expected.
    unexpected: u64,
    /// Expected slots without a share.
    missed: u64,
    /// Slots whose window was open at sealing.
    open: u64,
    /// Slots of people freed for an accepted reason.
    excused: u64,
    /// Slots that roster or approval took back.
    not_required: u64,
    /// Shares inside.
    inside: u64,
    /// Shares probably inside.
    probable: u64,
    /// Shares not certain.
    uncertain: u64,
    /// Shares without a verified place to compare with.
    unverifiable: u64,
    /// Shares too inaccurate to say.
    unusable: u64,
    /// Shares to be explained.
    outside: u64,
}

impl From<Counts> for BatchCountsView {
    fn from(counts: Counts) -> Self {
        let places = counts.places;
        Self {
            rows: counts.rows,
            employees: counts.employees,
            expected: counts.expected,
            received: counts.received,
            unexpected: counts.unexpected,
            missed: counts.missed,
            open: counts.open,
            excused: counts.excused,
            not_required: counts.not_required,
            inside: places.inside,
            probable: places.probable,
            uncertain: places.uncertain,
            unverifiable: places.unverifiable,
            unusable: places.unusable,
            outside: places.outside,
        }
    }
}

/// One sealed file of the ZIP.
#[derive(Debug, Serialize, ToSchema)]
pub struct BatchFileView {
    /// Name in the ZIP.
    name: String,
    /// Size.
    bytes: u64,
    /// Lines.
    rows: u64,
    /// SHA-256, 64 hexadecimal digits.
    sha256: String,
}

impl From<FileEntry> for BatchFileView {
    fn from(file: FileEntry) -> Self {
        Self {
            name: file.name,
            bytes: file.bytes,
            rows: file.rows,
            sha256: file.sha256.to_string(),
        }
    }
}

/// Something held against a row or the batch.
#[derive(Clone, Debug, Deserialize, Serialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FindingBody {
    /// Line of `rows.ndjson`, from 1; left out where the whole batch is meant.
    #[garde(inner(range(min = 1)))]
    #[schema(minimum = 1)]
    pub(super) row: Option<u64>,
    /// Field of the row; left out where no single one is meant.
    #[garde(inner(length(chars, min = 1, max = 40)))]
    #[schema(min_length = 1, max_length = 40)]
    pub(super) field: Option<String>,
    /// A word for programs: 1 to 40 of `a-z`, `0-9` and `_`.
    #[garde(length(chars, min = 1, max = 40))]
    #[schema(min_length = 1, max_length = 40)]
    pub(super) code: String,
    /// A sentence for people.
    #[garde(length(chars, min = 1, max = 500))]
    #[schema(min_length = 1, max_length = 500)]
    pub(super) text: String,
}

impl From<Finding> for FindingBody {
    fn from(finding: Finding) -> Self {
        Self {
            row: finding.row,
            field: finding.field,
            code: finding.code,
            text: finding.text,
        }
    }
}

/// A batch.
#[derive(Debug, Serialize, ToSchema)]
pub struct BatchView {
    /// Its id.
    id: Uuid,
    /// The agency's code.
    agency: String,
    /// The agency's name at sealing.
    agency_name: String,
    /// `slot`, `day` or `period`.
    kind: &'static str,
    /// First work date.
    from: NaiveDate,
    /// Last work date, inclusive.
    to: NaiveDate,
    /// The slot, where only one is covered.
    slot: Option<&'static str>,
    /// From 1.
    version: u32,
    /// `sealed`, `submitted`, `received`, `accepted` or `rejected`.
    state: &'static str,
    /// Version of the file format.
    format: String,
    /// SHA-256 of `manifest.json`: the digest of the batch.
    manifest_sha256: String,
    /// Totals.
    counts: BatchCountsView,
    /// The sealed files.
    files: Vec<BatchFileView>,
    /// The version before.
    supersedes: Option<Uuid>,
    /// The newest later version.
    superseded_by: Option<Uuid>,
    /// When the rows were fixed.
    #[schema(format = DateTime)]
    sealed_at: String,
    /// Sign-in name of who sealed it; `null` where its slot's close did.
    prepared_by: Option<String>,
    /// When it is compared with late truths; a change then makes a new version.
    #[schema(format = DateTime)]
    supplement_due_at: Option<String>,
    /// When it was sent.
    #[schema(format = DateTime)]
    submitted_at: Option<String>,
    /// Sign-in name of who sent it.
    submitted_by: Option<String>,
    /// Sign-in name of who approved it: never the preparer.
    approved_by: Option<String>,
    /// When BKD held it.
    #[schema(format = DateTime)]
    received_at: Option<String>,
    /// The receipt's number.
    receipt_number: Option<String>,
    /// When BKD decided.
    #[schema(format = DateTime)]
    decided_at: Option<String>,
    /// Sign-in name of who decided.
    decided_by: Option<String>,
    /// What the check and BKD's people found.
    findings: Vec<FindingBody>,
    /// What the agency answered, oldest first.
    answers: Vec<BatchAnswerView>,
}

/// What an agency said to findings.
#[derive(Debug, Serialize, ToSchema)]
pub struct BatchAnswerView {
    /// In words.
    text: String,
    /// When.
    #[schema(format = DateTime)]
    answered_at: String,
    /// Sign-in name of who answered.
    answered_by: String,
}

impl From<Answer> for BatchAnswerView {
    fn from(answer: Answer) -> Self {
        Self {
            text: answer.text,
            answered_at: answer.at.to_string(),
            answered_by: answer.by_name,
        }
    }
}

impl From<Batch> for BatchView {
    fn from(batch: Batch) -> Self {
        let time = |at: Option<Instant>| at.map(|at| at.to_string());
        let manifest = batch.manifest;
        Self {
            id: manifest.batch_id.uuid(),
            agency: manifest.agency.into(),
            agency_name: manifest.agency_name,
            kind: manifest.kind.code(),
            from: manifest.from,
            to: manifest.to,
            slot: manifest.slot.map(Slot::code),
            version: manifest.version,
            state: batch.state.code(),
            format: manifest.format,
            manifest_sha256: batch.manifest_sha256.to_string(),
            counts: manifest.counts.into(),
            files: manifest.files.into_iter().map(BatchFileView::from).collect(),
            supersedes: manifest.supersedes.map(|before| before.batch_id.uuid()),
            superseded_by: batch.superseded_by.map(BatchId::uuid),
            sealed_at: manifest.sealed_at.to_string(),
            prepared_by: manifest.prepared_by,
            supplement_due_at: time(batch.supplement_due_at),
            submitted_at: time(batch.submitted_at),
            submitted_by: batch.submitted_by,
            approved_by: batch.approved_by,
            received_at: time(batch.received_at),
            receipt_number: batch.receipt_number,
            decided_at: time(batch.decided_at),
            decided_by: batch.decided_by,
            findings: batch.findings.into_iter().map(FindingBody::from).collect(),
            answers: batch.answers.into_iter().map(BatchAnswerView::from).collect(),
        }
    }
}

/// BKD's receipt.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReceiptView {
    /// Its number; the same batch always has the same one.
    number: String,
    /// The batch.
    batch_id: Uuid,
    /// The agency's code.
    agency: String,
    /// Version of the batch.
    version: u32,
    /// Version of the file format.
    format: String,
    /// SHA-256 of `manifest.json` as received.
    manifest_sha256: String,
    /// Rows received.
    rows: u64,
    /// When BKD held the batch.
    #[schema(format = DateTime)]
    received_at: String,
}

impl From<Receipt> for ReceiptView {
    fn from(receipt: Receipt) -> Self {
        Self {
            number: receipt.number,
            batch_id: receipt.batch_id.uuid(),
            agency: receipt.agency,
            version: receipt.version,
            format: receipt.format,
            manifest_sha256: receipt.manifest_sha256.to_string(),
            rows: receipt.rows,
            received_at: receipt.received_at.to_string(),
        }
    }
}
