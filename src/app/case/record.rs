//! What came of a drawn slot: the share that is here, or the row of the batch that the unit was taken from.

use crate::app::App;
use crate::app::batch::sealed_row::find_rows;
use crate::app::check_in::position_seal;
use crate::app::error::Code;
use crate::app::error::Error;
use crate::domain::batch::distance::DistanceClass;
use crate::domain::batch::row::{Row, RowState};
use crate::domain::check_in::TimeOutcome;
use crate::domain::dispatch::opening::ReleasedOpening;
use crate::domain::ids::{BatchId, CheckInId};
use crate::domain::instant::Instant;
use crate::domain::place::Place;
use crate::domain::position_record::PositionRecord;
use crate::domain::work_mode::WorkMode;
use crate::platform::opening_seal;
use crate::store;
use crate::store::backend::AnyConnection;
use crate::store::case::CaseRow;
use crate::store::check_in::{CheckInRow, PositionRow};
use std::collections::BTreeSet;

/// Whether there is a point to look at.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum PointState {
    /// It is kept.
    Kept,
    /// It was forgotten, because its time of keeping is over.
    Forgotten,
    /// What the agency sealed does not open, or is not what its row committed to.
    Unverifiable,
}

/// The share that represents the drawn slot.
#[derive(Clone)]
pub struct Record {
    /// Its id.
    pub check_in_id: CheckInId,
    /// Capture: by the phone's clock, of a row by the clock of the agency's instance.
    pub captured_at: Instant,
    /// Capture by the clock of whichever instance took it.
    pub corrected_at: Instant,
    /// When it was received; no row says it.
    pub received_at: Option<Instant>,
    /// The mode that it was judged by.
    pub mode: WorkMode,
    /// Outcome of place.
    pub place: Place,
    /// Outcome of time.
    pub time: TimeOutcome,
    /// Metres to the place of duty; of a row there is only the class.
    pub distance_metres: Option<i32>,
    /// How far from the place of duty, roughly, as a row says it.
    pub distance_class: Option<DistanceClass>,
    /// How it came in.
    pub channel: String,
    /// Codes of what was odd.
    pub flags: serde_json::Value,
    /// What the person wrote with it.
    pub note: Option<String>,
    /// Where it was; none where there is no point, and for whom the case is not assigned to.
    pub position: Option<PositionRecord>,
    /// Whether there is a point.
    pub point: PointState,
}

impl std::fmt::Debug for Record {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Record({}, position hidden)", self.check_in_id)
    }
}

/// The row that a drawn unit was taken from, in the batch that the audit has kept.
#[derive(Clone, Debug)]
pub struct SealedRow {
    /// The batch.
    pub batch: BatchId,
    /// The row.
    pub row: Row,
}

impl Record {
    fn of_share(share: CheckInRow, sealed: Option<&PositionRow>, position: Option<PositionRecord>) -> Self {
        Self {
            check_in_id: share.id,
            captured_at: share.captured_at,
            corrected_at: share.corrected_at,
            received_at: Some(share.received_at),
            mode: share.mode,
            place: share.place,
            time: share.time,
            distance_metres: share.distance_metres,
            distance_class: None,
            channel: share.channel,
            flags: share.flags.0,
            note: share.note,
            position,
            point: if sealed.is_some() {
                PointState::Kept
            } else {
                PointState::Forgotten
            },
        }
    }

    /// Nothing where the row tells of no share, or of none that is whole.
    fn of_row(row: &Row, (position, point): (Option<PositionRecord>, PointState)) -> Option<Self> {
        if row.state != RowState::Received {
            return None;
        }
        let captured_at = row.captured_at?;
        Some(Self {
            check_in_id: row.check_in_id?,
            captured_at,
            corrected_at: captured_at,
            received_at: None,
            mode: row.mode,
            place: row.place?,
            time: row.time?,
            distance_metres: None,
            distance_class: row.distance_class,
            channel: row.channel.clone()?,
            flags: row.flags.clone().into(),
            note: None,
            position,
            point,
        })
    }
}

/// The row that a case's unit was taken from; nothing where the agency's rosters are here.
pub(in crate::app) fn sealed_row(connection: &mut AnyConnection, case: &CaseRow) -> Result<Option<SealedRow>, Error> {
    let key = (case.work_date, case.slot);
    let Some(batch) = store::audit_batch::find(connection, case.audit_id, &case.agency_code, key)? else {
        return Ok(None);
    };
    let unit = case.unit.parse().ok();
    let unit = unit.ok_or(store::error::Error::Corrupt("audit_case.unit"))?;
    let row = find_rows(connection, batch, &BTreeSet::from([unit]))?.pop();
    let row = row.ok_or(store::error::Error::Corrupt("batch_chunk.content"))?;
    Ok(Some(SealedRow { batch, row }))
}

impl App {
    /// What came of the slot of a case, with the position where the case `is_assigned`.
    pub(super) fn record_of(
        &self,
        connection: &mut AnyConnection,
        case: &CaseRow,
        sealed: Option<&SealedRow>,
        is_assigned: bool,
    ) -> Result<Option<Record>, Error> {
        match sealed {
            None => self.share_of(connection, case, is_assigned),
            Some(sealed) => {
                let point = self.point_of(connection, sealed, is_assigned)?;
                Ok(Record::of_row(&sealed.row, point))
            }
        }
    }

    fn share_of(
        &self,
        connection: &mut AnyConnection,
        row: &CaseRow,
        is_assigned: bool,
    ) -> Result<Option<Record>, Error> {
        let results = store::check_in::list_results(connection, &[row.employee_id], &[row.work_date], &[row.slot])?;
        let Some(result) = results.into_iter().next() else {
            return Ok(None);
        };
        let shares = store::check_in::list_by_key(connection, &[(result.check_in_id, row.employee_id)])?;
        // A share that represents a slot goes some years after its month, and never while a case of it is open.
        let share = shares.into_iter().next().ok_or(Error::Refused(Code::NoLongerKept))?;
        let sealed = store::check_in::find_position(connection, share.employee_id, share.id)?;
        let position = match &sealed {
            Some(sealed) if is_assigned => self.opened_position(connection, sealed)?,
            Some(_) | None => None,
        };
        Ok(Some(Record::of_share(share, sealed.as_ref(), position)))
    }

    fn opened_position(
        &self,
        connection: &mut AnyConnection,
        sealed: &PositionRow,
    ) -> Result<Option<PositionRecord>, Error> {
        let keys = self.keyring.keys(connection, &[sealed.key_id])?;
        let Some(key) = keys.get(&sealed.key_id) else {
            return Ok(None);
        };
        let bytes = key.open(&position_seal(sealed.employee_id, sealed.id), &sealed.sealed)?;
        let record = PositionRecord::from_bytes(&bytes);
        Ok(Some(
            record.ok_or(store::error::Error::Corrupt("check_in_position.sealed"))?,
        ))
    }

    /// Opens the seal of a row with BKD's key, where the case `is_assigned`; what comes out is believed only if the row has
    /// committed to it.
    fn point_of(
        &self,
        connection: &mut AnyConnection,
        sealed: &SealedRow,
        is_assigned: bool,
    ) -> Result<(Option<PositionRecord>, PointState), Error> {
        let SealedRow { batch, row } = sealed;
        let seal = store::sealed_opening::find(connection, *batch, &row.unit_id)?;
        let Some(seal) = seal else {
            return Ok((None, PointState::Forgotten));
        };
        if !is_assigned {
            return Ok((None, PointState::Kept));
        }
        let opened = opening_seal::open(self.log_keys.openings(), &row.unit_id, &seal);
        let released = opened.ok().and_then(|text| ReleasedOpening::of_row(&text, row).ok());
        let Some(released) = released else {
            tracing::warn!(%batch, unit = %row.unit_id, "a sealed position is not what its row committed to");
            return Ok((None, PointState::Unverifiable));
        };
        let record = PositionRecord {
            accuracy_millimetres: released.opening.accuracy_millimetres,
            ..PositionRecord::point(released.opening.position)
        };
        Ok((Some(record), PointState::Kept))
    }
}
