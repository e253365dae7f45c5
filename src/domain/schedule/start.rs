//! From which date on a unit or a person has which schedule. What has begun is never changed.

use crate::domain::ids::ScheduleId;
use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};

/// How far ahead a schedule may begin, days.
pub const FARTHEST_DAYS: u64 = 366;

/// Most starts that are kept of one unit or person.
pub const MOST_STARTS: usize = 200;

/// From a date on, a schedule; or none of one's own, so that whatever is above holds again.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScheduleStart {
    /// The first date.
    pub from: NaiveDate,
    /// The schedule; none ends the one before.
    pub schedule_id: Option<ScheduleId>,
}

/// Why a schedule can't begin so.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum StartError {
    /// Today or before: people have shared by what holds today.
    #[error("a schedule begins tomorrow at the earliest")]
    TooEarly,
    /// Beyond [`FARTHEST_DAYS`].
    #[error("a schedule begins at most 366 days ahead")]
    TooFar,
    /// Beyond [`MOST_STARTS`].
    #[error("too many schedules one after another")]
    TooMany,
}

/// Checks when a schedule begins; `today` is the date at the agency.
pub fn check(from: NaiveDate, today: NaiveDate) -> Result<(), StartError> {
    if from <= today {
        return Err(StartError::TooEarly);
    }
    let latest = today.checked_add_days(Days::new(FARTHEST_DAYS));
    if latest.is_some_and(|latest| from > latest) {
        return Err(StartError::TooFar);
    }
    Ok(())
}

/// The starts with one more, in order; one of the same date is replaced.
pub fn with(mut starts: Vec<ScheduleStart>, start: ScheduleStart) -> Result<Vec<ScheduleStart>, StartError> {
    starts.retain(|other| other.from != start.from);
    if starts.len() >= MOST_STARTS {
        return Err(StartError::TooMany);
    }
    starts.push(start);
    starts.sort_by_key(|start| start.from);
    Ok(starts)
}

/// The schedule on a date by these starts, in any order; none before the first and after an end.
pub fn on(starts: &[ScheduleStart], date: NaiveDate) -> Option<ScheduleId> {
    let begun = starts.iter().filter(|start| start.from <= date);
    begun.max_by_key(|start| start.from)?.schedule_id
}
