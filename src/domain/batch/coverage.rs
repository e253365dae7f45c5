//! What a batch covers: one slot of one day, a day, or a period of days.

use crate::domain::slot::Slot;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Most days in one batch: a quarter. A longer span would hold the sealing of everybody else's for too long.
pub const MAX_DAYS: i64 = 92;

/// The work dates of a batch, both ends inclusive, and the slot where it covers only one.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
pub struct Coverage {
    from: NaiveDate,
    to: NaiveDate,
    slot: Option<Slot>,
}

/// How much a batch covers.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CoverageKind {
    /// One slot of one day.
    Slot,
    /// All slots of one day.
    Day,
    /// All slots of several days.
    Period,
}

impl CoverageKind {
    /// The spelling in JSON and files.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Slot => "slot",
            Self::Day => "day",
            Self::Period => "period",
        }
    }
}

/// Why a span cannot be sealed.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum CoverageError {
    /// `to` lies before `from`.
    #[error("the last work date is before the first")]
    Reversed,
    /// More than [`MAX_DAYS`] days.
    #[error("more than 92 days in one batch")]
    TooLong,
    /// A slot was named for several days.
    #[error("a slot is of one day")]
    SlotOfManyDays,
    /// `to` lies after the agency's local date: nothing has happened there yet.
    #[error("the last work date is in the future")]
    Future,
}

impl Coverage {
    /// A span that may be sealed on `today`, the agency's local date.
    pub fn new(from: NaiveDate, to: NaiveDate, slot: Option<Slot>, today: NaiveDate) -> Result<Self, CoverageError> {
        if to < from {
            return Err(CoverageError::Reversed);
        }
        if to.signed_duration_since(from).num_days() >= MAX_DAYS {
            return Err(CoverageError::TooLong);
        }
        if slot.is_some() && from != to {
            return Err(CoverageError::SlotOfManyDays);
        }
        if to > today {
            return Err(CoverageError::Future);
        }
        Ok(Self { from, to, slot })
    }

    /// One slot of one day.
    pub const fn of_slot(work_date: NaiveDate, slot: Slot) -> Self {
        Self {
            from: work_date,
            to: work_date,
            slot: Some(slot),
        }
    }

    /// From stored columns that were checked when they were written.
    pub const fn stored(from: NaiveDate, to: NaiveDate, slot: Option<Slot>) -> Self {
        Self { from, to, slot }
    }

    /// First work date.
    pub const fn from(self) -> NaiveDate {
        self.from
    }

    /// Last work date, inclusive.
    pub const fn to(self) -> NaiveDate {
        self.to
    }

    /// The slot, where the batch covers only one.
    pub const fn slot(self) -> Option<Slot> {
        self.slot
    }

    /// Slot, day or period.
    pub fn kind(self) -> CoverageKind {
        if self.slot.is_some() {
            CoverageKind::Slot
        } else if self.from == self.to {
            CoverageKind::Day
        } else {
            CoverageKind::Period
        }
    }

    /// Whether a unit of this date and slot belongs into the batch.
    pub fn holds(self, work_date: NaiveDate, slot: Slot) -> bool {
        work_date >= self.from && work_date <= self.to && self.slot.is_none_or(|only| only == slot)
    }

    /// The work dates in order.
    pub fn dates(self) -> impl Iterator<Item = NaiveDate> {
        self.from.iter_days().take_while(move |date| *date <= self.to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 3, day).unwrap()
    }

    #[test]
    fn a_batch_covers_a_slot_a_day_or_a_period() {
        let today = date(9);
        let kind = |to, slot| Coverage::new(date(2), to, slot, today).map(Coverage::kind);
        assert_eq!(kind(date(2), Some(Slot::Midday)), Ok(CoverageKind::Slot));
        assert_eq!(kind(date(2), None), Ok(CoverageKind::Day));
        assert_eq!(kind(date(6), None), Ok(CoverageKind::Period));
        assert_eq!(kind(date(3), Some(Slot::Midday)), Err(CoverageError::SlotOfManyDays));
        assert_eq!(kind(date(1), None), Err(CoverageError::Reversed));
        assert_eq!(kind(date(10), None), Err(CoverageError::Future));
    }

    #[test]
    fn the_longest_batch_has_92_days() {
        let today = NaiveDate::from_ymd_opt(2027, 1, 1).unwrap();
        let last = date(1) + chrono::Duration::days(91);
        assert_eq!(Coverage::new(date(1), last, None, today).unwrap().dates().count(), 92);
        let next = last.succ_opt().unwrap();
        assert_eq!(Coverage::new(date(1), next, None, today), Err(CoverageError::TooLong));
    }

    #[test]
    fn only_units_of_its_dates_and_slot_belong_into_a_batch() {
        let coverage = Coverage::of_slot(date(2), Slot::Morning);
        assert!(coverage.holds(date(2), Slot::Morning));
        assert!(!coverage.holds(date(2), Slot::Midday));
        assert!(!coverage.holds(date(3), Slot::Morning));
    }
}
