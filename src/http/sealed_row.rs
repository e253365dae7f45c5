//! A row of a batch as a case shows it.

use crate::app::case::record::SealedRow;
use crate::domain::batch::distance::DistanceClass;
use crate::domain::batch::row::RowState;
use crate::domain::check_in::TimeOutcome;
use crate::domain::place::Place;
use crate::domain::work_mode::WorkMode;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// The row that a drawn slot was taken from, as the agency sealed it.
#[derive(Debug, Serialize, ToSchema)]
pub struct SealedRowView {
    /// The batch; a later version changes nothing of the case.
    batch_id: Uuid,
    /// What became of the slot: `received`, `missed`, `excused` or `not_required`.
    #[schema(value_type = String)]
    state: RowState,
    /// The mode of the date.
    #[schema(value_type = String)]
    mode: WorkMode,
    /// Outcome of place.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    place: Option<Place>,
    /// Outcome of time.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    time: Option<TimeOutcome>,
    /// How far from the place of duty, roughly.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    distance_class: Option<DistanceClass>,
    /// Capture by the clock of the agency's instance.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    captured_at: Option<String>,
    /// How it came in.
    #[serde(skip_serializing_if = "Option::is_none")]
    channel: Option<String>,
    /// What was odd.
    flags: Vec<String>,
}

impl From<SealedRow> for SealedRowView {
    fn from(sealed: SealedRow) -> Self {
        let row = sealed.row;
        Self {
            batch_id: sealed.batch.uuid(),
            state: row.state,
            mode: row.mode,
            place: row.place,
            time: row.time,
            distance_class: row.distance_class,
            captured_at: row.captured_at.map(|at| at.to_string()),
            channel: row.channel,
            flags: row.flags,
        }
    }
}
