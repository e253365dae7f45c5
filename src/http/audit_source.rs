//! What the units of federated agencies were taken from, as an audit shows it.

use crate::app::audit::federated_population::{FederatedSource, SourceBatch};
use crate::domain::slot::Slot;
use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// Numbers that an answer names; of the others it says how many they are.
const MOST_NUMBERS: usize = 20;

/// A batch that units were taken from.
#[derive(Debug, Serialize, ToSchema)]
pub struct SourceBatchView {
    /// Its id.
    id: Uuid,
    /// First work date that it covers.
    from: NaiveDate,
    /// Last work date, inclusive.
    to: NaiveDate,
    /// The slot, where it covers only one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    slot: Option<Slot>,
    /// Which version of that.
    version: i32,
    /// Slots of the audit's dates that were taken from it.
    slots: u32,
}

/// What the units of an agency with an instance of its own were taken from. Later versions change nothing of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct FederatedSourceView {
    /// The agency's code.
    agency: String,
    /// The batches.
    batches: Vec<SourceBatchView>,
    /// People of the agency on BKD's staff list in the period of whom no row of these batches tells.
    unlisted: usize,
    /// Their employee numbers, the first 20.
    unlisted_numbers: Vec<String>,
}

impl From<FederatedSource> for FederatedSourceView {
    fn from(source: FederatedSource) -> Self {
        let batch = |(batch, slots): (SourceBatch, u32)| SourceBatchView {
            id: batch.id.uuid(),
            from: batch.coverage.from(),
            to: batch.coverage.to(),
            slot: batch.coverage.slot(),
            version: batch.version,
            slots,
        };
        Self {
            agency: source.agency,
            batches: source.batches.into_iter().map(batch).collect(),
            unlisted: source.unlisted.len(),
            unlisted_numbers: source.unlisted.into_iter().take(MOST_NUMBERS).collect(),
        }
    }
}
