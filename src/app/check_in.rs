//! A share on its way to the record, and listing one's own.

use crate::app::App;
use crate::app::context::Context;
use crate::app::error::Error;
use crate::domain::access::Scope;
use crate::domain::check_in::Arrival;
use crate::domain::check_in::Claim;
use crate::domain::check_in_receipt::SignedGroup;
use crate::domain::check_in_receipt::Statement;
use crate::domain::digest::Digest;
use crate::domain::ids::CheckInId;
use crate::domain::ids::EmployeeId;
use crate::domain::instant::Instant;
use crate::domain::slot::Slot;
use crate::store;
pub use crate::store::check_in::CheckInRow;
pub use crate::store::check_in::MOST_DAYS;
use chrono::NaiveDate;
use std::sync::Arc;

/// The way a share came in, where it was our own client.
pub const APP_CHANNEL: &str = "app";

/// One claim on its way to the record.
#[derive(Clone, Debug)]
pub struct Submission {
    /// Whose: taken from the token, never from the body.
    pub person: EmployeeId,
    /// What the phone says.
    pub claim: Claim,
    /// When it came in.
    pub arrival: Arrival,
    /// `app`, or another way in.
    pub channel: &'static str,
    /// The phone, as it calls itself.
    pub device_id: Option<String>,
}

/// A share in the record.
#[derive(Clone, Debug)]
pub struct Recorded {
    /// Whether this call put it there.
    pub is_new: bool,
    /// The record.
    pub row: Arc<CheckInRow>,
    /// What was signed for it; none of a share from before there were receipts, or whose receipt is no longer kept.
    pub signed: Option<Arc<SignedGroup>>,
}

impl Recorded {
    /// A share that was there before; what was signed for it is looked up later.
    pub(crate) const fn known(row: Arc<CheckInRow>) -> Self {
        Self {
            is_new: false,
            row,
            signed: None,
        }
    }

    /// The receipt: the same text whenever it is asked for.
    pub fn receipt(&self) -> Option<String> {
        let index = u64::try_from(self.row.receipt_index?).ok()?;
        self.signed.as_ref()?.receipt(index, &leaf(&self.row).ok()?)
    }
}

/// The leaf of a recorded share.
pub(crate) fn leaf(row: &CheckInRow) -> Result<String, Error> {
    let statement = Statement {
        id: row.id,
        employee: row.employee_id,
        claim: Digest::from_bytes(&row.claim_digest).ok_or(store::error::Error::Corrupt("check_in.claim_digest"))?,
        received_at: row.received_at,
        work_date: row.work_date,
        slot: row.slot,
        place: row.place,
        time: row.time,
    };
    statement.leaf().map_err(Error::internal)
}

/// The result for each submission of a group, in order. A refused claim does not hold the others up.
pub type Outcomes = Vec<Result<Recorded, Error>>;

impl App {
    /// One's own shares, newest first, and which of them represent their slots now.
    pub fn own_check_ins(
        &self,
        context: &Context,
        scope: &Scope,
        from: NaiveDate,
        to: NaiveDate,
        after: Option<(Instant, CheckInId)>,
        limit: u32,
    ) -> Result<Vec<CheckInRow>, Error> {
        let person = scope.person().or(context.employee()).ok_or(Error::Forbidden)?;
        self.check_shares_are_kept(from, context.now)?;
        self.store.read(|connection| {
            let limit = usize::try_from(limit).unwrap_or(usize::MAX).saturating_add(1);
            let mut rows = store::check_in::list_own(connection, person, from, to, after, limit)?;
            let mut dates: Vec<NaiveDate> = rows.iter().map(|row| row.work_date).collect();
            dates.dedup();
            let results = store::check_in::list_results(connection, &[person], &dates, &Slot::ALL)?;
            for row in &mut rows {
                row.counted = results.iter().any(|result| result.check_in_id == row.id);
            }
            Ok(rows)
        })
    }
}

/// The associated data of a sealed position. The person is part of it: the same id may be another person's own.
pub(crate) fn position_seal(person: EmployeeId, id: CheckInId) -> Vec<u8> {
    format!("check_in_position/{person}/{id}/sealed/1").into_bytes()
}
