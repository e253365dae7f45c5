//! The sending of a batch, who stands behind it, and the receipt that BKD gives for it.

use crate::domain::batch::coverage::Coverage;
use crate::domain::digest::Digest;
use crate::domain::ids::AccountId;
use crate::domain::ids::BatchId;
use crate::domain::instant::Instant;
use serde::{Deserialize, Serialize};

/// `submission.json`: added to the ZIP once the batch was sent. The sealed files stay as they are.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Submission {
    /// `sherlok-batch/1`.
    pub format: String,
    /// The batch.
    pub batch_id: BatchId,
    /// SHA-256 of `manifest.json`.
    pub manifest_sha256: Digest,
    /// When it was sent.
    pub submitted_at: Instant,
    /// Sign-in name of who sent it.
    pub submitted_by: String,
    /// Sign-in name of who approved it: never the preparer.
    pub approved_by: Option<String>,
}

/// BKD's receipt. The same batch always has the same one.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Receipt {
    /// `sherlok-batch/1`.
    pub format: String,
    /// Number of the receipt, see [`receipt_number`].
    pub number: String,
    /// The batch.
    pub batch_id: BatchId,
    /// The agency's code.
    pub agency: String,
    /// Version of the batch.
    pub version: u32,
    /// SHA-256 of `manifest.json` as received.
    pub manifest_sha256: Digest,
    /// Rows received.
    pub rows: u64,
    /// When BKD held the batch, checked.
    pub received_at: Instant,
}

/// The person who sends may not be the one who may approve.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("the agency asks for a second person, and the sender prepared the batch")]
pub struct SecondPersonMissing;

/// Who approves a batch that `sender` sends: the sender, unless the sender prepared it too.
///
/// A batch that was sealed automatically has no preparer, so its sender approves it. Where the agency asks for a second
/// person (domain.md 2.7), a preparer cannot send alone.
pub fn approver(
    preparer: Option<AccountId>,
    sender: AccountId,
    needs_second_person: bool,
) -> Result<Option<AccountId>, SecondPersonMissing> {
    if preparer != Some(sender) {
        return Ok(Some(sender));
    }
    if needs_second_person {
        Err(SecondPersonMissing)
    } else {
        Ok(None)
    }
}

/// The number of a receipt (tanda terima): made from what it is for, so that asking twice cannot give two.
/// `TT-1.01-20260302-20260306-v1-9f86d081`.
pub fn receipt_number(agency: &str, coverage: Coverage, version: u32, manifest: Digest) -> String {
    let mut short = manifest.to_string();
    short.truncate(8);
    let slot = coverage
        .slot()
        .map_or_else(String::new, |slot| format!("-{}", slot.ordinal()));
    format!(
        "TT-{agency}-{}-{}{slot}-v{version}-{short}",
        coverage.from().format("%Y%m%d"),
        coverage.to().format("%Y%m%d"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::slot::Slot;
    use chrono::NaiveDate;
    use uuid::Uuid;

    #[test]
    fn a_preparer_does_not_approve_their_own_batch() {
        let (preparer, other) = (AccountId::new(Uuid::from_u128(1)), AccountId::new(Uuid::from_u128(2)));
        assert_eq!(approver(Some(preparer), other, true), Ok(Some(other)));
        assert_eq!(approver(Some(preparer), preparer, true), Err(SecondPersonMissing));
        assert_eq!(approver(Some(preparer), preparer, false), Ok(None));
        assert_eq!(approver(None, preparer, true), Ok(Some(preparer)));
    }

    #[test]
    fn a_receipt_number_tells_agency_span_version_and_content() {
        let date = NaiveDate::from_ymd_opt(2026, 3, 2).unwrap();
        let number = receipt_number("1.01", Coverage::of_slot(date, Slot::Midday), 2, Digest::of(b"abc"));
        assert_eq!(number, "TT-1.01-20260302-20260302-2-v2-ba7816bf");
    }
}
