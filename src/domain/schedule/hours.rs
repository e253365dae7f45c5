//! Hours of the days of the week, as circulars and the schedules of units name them.

use chrono::{Datelike, NaiveDate, Weekday};
use serde::{Deserialize, Serialize};

/// Hours of some days of the week, local time.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WorkHours {
    /// `Mon` to `Sun`.
    pub days: Vec<DayOfWeek>,
    /// Minutes after local midnight.
    pub starts_minute: u16,
    /// Minutes after local midnight, after `starts_minute`.
    pub ends_minute: u16,
    /// Minutes of break inside.
    #[serde(default)]
    pub break_minutes: u16,
}

/// A day of the week, `Mon` to `Sun`.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, Serialize, Deserialize)]
pub enum DayOfWeek {
    /// Senin.
    Mon,
    /// Selasa.
    Tue,
    /// Rabu.
    Wed,
    /// Kamis.
    Thu,
    /// Jumat.
    Fri,
    /// Sabtu.
    Sat,
    /// Minggu.
    Sun,
}

impl DayOfWeek {
    /// The day of a date.
    pub fn of(date: NaiveDate) -> Self {
        match date.weekday() {
            Weekday::Mon => Self::Mon,
            Weekday::Tue => Self::Tue,
            Weekday::Wed => Self::Wed,
            Weekday::Thu => Self::Thu,
            Weekday::Fri => Self::Fri,
            Weekday::Sat => Self::Sat,
            Weekday::Sun => Self::Sun,
        }
    }
}

/// The sorts of schedules that units and people have of their own, as circulars tell them apart.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OwnKind {
    /// A week of up to five work days.
    FiveDay,
    /// A week of six or seven work days.
    SixDay,
    /// Shifts.
    Shift,
}

/// The schedules that stay as they are under a circular that names hours but does not say whose own hours it leaves alone.
///
/// Perpres 21/2023 exempts units of direct public service and operational support from its hours; nobody's night shift is
/// moved to the morning by a circular about office hours.
pub const KEPT_UNLESS_SAID: [OwnKind; 1] = [OwnKind::Shift];
