//! Work schedules that units and people have of their own: a week of five or six days, or shifts.
//!
//! A schedule is never changed once it is made: a unit or a person gets another one from a date on, so that a past day
//! stays what it was. Where a circular in force names hours, its `schedule` rule goes before every own schedule whose kind
//! it does not leave alone (domain report, sections 0 and 1.1).

use crate::domain::schedule::hours::DayOfWeek;
use crate::domain::schedule::hours::OwnKind;
use crate::domain::schedule::hours::WorkHours;
use crate::domain::slot::Slot;
use crate::domain::slot::SlotRule;
use crate::domain::slot::Window;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

pub mod check;
pub mod day;
pub mod hours;
pub mod start;

/// Most shifts of one schedule.
pub const MOST_SHIFTS: usize = 12;

/// Most days after which a pattern begins again.
pub const LONGEST_PATTERN_DAYS: usize = 366;

/// A schedule.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum WorkSchedule {
    /// The same hours week after week.
    Week(WeekSchedule),
    /// Named shifts, by a pattern that repeats or assigned a day at a time.
    Shifts(ShiftSchedule),
}

/// A week of work.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WeekSchedule {
    /// The hours of each work day; a day that is not named is free.
    pub hours: Vec<WorkHours>,
    /// Whether work goes on on holidays and joint leave.
    #[serde(default)]
    pub works_on_holidays: bool,
    /// When slots are open, measured from the hours. Empty: at the clock times of the circular or of the defaults.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub slots: Vec<RelativeSlot>,
}

/// Work in shifts.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShiftSchedule {
    /// 1 to [`MOST_SHIFTS`].
    pub shifts: Vec<Shift>,
    /// Which shift on which date. Without one every shift is assigned a day at a time, and a day without is free.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pattern: Option<Pattern>,
    /// Whether the pattern goes on on holidays and joint leave; it does unless said.
    #[serde(default = "goes_on")]
    pub works_on_holidays: bool,
    /// When slots are open, measured from the shift; [`RelativeSlot::usual`] unless given.
    #[serde(default = "usual_slots")]
    pub slots: Vec<RelativeSlot>,
}

/// A named stretch of work. It belongs to the date on which it begins (design, principle 4).
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shift {
    /// A lower-case word of 1 to 20 letters, digits and underscores, such as `malam`.
    pub code: String,
    /// For people, 1 to 60 characters.
    pub name: String,
    /// Minutes after local midnight, 0 to 1,439.
    pub starts_minute: u16,
    /// Minutes after the same midnight: past 1,440 is the next day. At most 24 hours after the start.
    pub ends_minute: u16,
    /// Minutes of break inside.
    #[serde(default)]
    pub break_minutes: u16,
}

/// Shifts that repeat.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pattern {
    /// The date of the first of `days`; the pattern goes on in both directions.
    pub first_day: NaiveDate,
    /// Codes of shifts, `null` for a free day; 1 to [`LONGEST_PATTERN_DAYS`].
    pub days: Vec<Option<String>>,
}

/// The end of a shift, or of a day's hours, that a window is measured from.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Edge {
    /// When work begins.
    Start,
    /// When work ends.
    End,
}

/// When a slot is open, measured from the hours of the day.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RelativeSlot {
    /// Which slot.
    pub slot: Slot,
    /// What the two are measured from.
    pub from: Edge,
    /// Minutes after that edge, negative before it. -1,440 to 1,440.
    pub opens_minutes: i16,
    /// Minutes after that edge, after `opens_minutes`.
    pub closes_minutes: i16,
    /// Minutes after the window in which a share still fills the slot, as late. 0 to 240, 10 unless given.
    #[serde(default = "usual_grace")]
    pub grace_minutes: u16,
}

/// The stretch of work of one date.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct DayHours {
    /// Minutes after local midnight of the work date.
    pub starts_minute: u16,
    /// Minutes after the same midnight; past 1,440 is the next day.
    pub ends_minute: u16,
}

const fn goes_on() -> bool {
    true
}

const fn usual_grace() -> u16 {
    10
}

fn usual_slots() -> Vec<RelativeSlot> {
    RelativeSlot::usual().to_vec()
}

impl RelativeSlot {
    /// A proposal of ours, since no source gives windows for shifts: the first 90 minutes, two hours from the fourth on, and
    /// the last 30 minutes with the hour after. On a day from 07.30 to 16.00 these are the windows of design section 5.
    pub const fn usual() -> [Self; 3] {
        const fn slot(slot: Slot, from: Edge, opens_minutes: i16, closes_minutes: i16) -> RelativeSlot {
            RelativeSlot {
                slot,
                from,
                opens_minutes,
                closes_minutes,
                grace_minutes: usual_grace(),
            }
        }
        [
            slot(Slot::Morning, Edge::Start, 0, 90),
            slot(Slot::Midday, Edge::Start, 240, 360),
            slot(Slot::Afternoon, Edge::End, -30, 60),
        ]
    }

    /// The slot on a day of these hours. What would lie before the work date or after the next one is cut off.
    pub fn on(self, hours: DayHours) -> SlotRule {
        let edge = match self.from {
            Edge::Start => hours.starts_minute,
            Edge::End => hours.ends_minute,
        };
        let minute = |offset: i16| {
            let at = i32::from(edge) + i32::from(offset);
            u16::try_from(at.clamp(0, i32::from(LATEST_MINUTE))).unwrap_or(LATEST_MINUTE)
        };
        SlotRule {
            slot: self.slot,
            window: Window {
                opens_minute: minute(self.opens_minutes),
                closes_minute: minute(self.closes_minutes),
            },
            grace_minutes: self.grace_minutes,
            // A deadline of a circular is a time of the clock, not of the shift.
            report_due_minute: None,
        }
    }
}

/// The latest end of a window: midnight after the next day, minutes.
const LATEST_MINUTE: u16 = 2_880;

impl Shift {
    /// From when to when.
    pub const fn hours(&self) -> DayHours {
        DayHours {
            starts_minute: self.starts_minute,
            ends_minute: self.ends_minute,
        }
    }
}

impl Pattern {
    /// The code of the shift on a date; none on a free day.
    pub fn on(&self, date: NaiveDate) -> Option<&str> {
        let length = i64::try_from(self.days.len()).ok().filter(|length| *length > 0)?;
        let index = (date - self.first_day).num_days().rem_euclid(length);
        self.days.get(usize::try_from(index).ok()?)?.as_deref()
    }
}

impl WeekSchedule {
    /// The hours of a date by its day of the week; none on a free day.
    pub fn on(&self, date: NaiveDate) -> Option<DayHours> {
        let weekday = DayOfWeek::of(date);
        let hours = self.hours.iter().find(|hours| hours.days.contains(&weekday))?;
        Some(DayHours {
            starts_minute: hours.starts_minute,
            ends_minute: hours.ends_minute,
        })
    }
}

impl ShiftSchedule {
    /// A shift by its code.
    pub fn shift(&self, code: &str) -> Option<&Shift> {
        self.shifts.iter().find(|shift| shift.code == code)
    }
}

impl WorkSchedule {
    /// The sort of it, as circulars tell them apart.
    pub fn own_kind(&self) -> OwnKind {
        match self {
            Self::Shifts(_) => OwnKind::Shift,
            Self::Week(week) => {
                let days: usize = week.hours.iter().map(|hours| hours.days.len()).sum();
                if days > 5 { OwnKind::SixDay } else { OwnKind::FiveDay }
            }
        }
    }

    /// When slots are open, measured from the hours of the day.
    pub fn slots(&self) -> &[RelativeSlot] {
        match self {
            Self::Week(week) => &week.slots,
            Self::Shifts(shifts) => &shifts.slots,
        }
    }

    /// Whether it says ahead which days are worked; shifts that are assigned a day at a time do not.
    pub const fn tells_days(&self) -> bool {
        match self {
            Self::Week(_) => true,
            Self::Shifts(shifts) => shifts.pattern.is_some(),
        }
    }

    /// A shift by its code; none in a week.
    pub fn shift(&self, code: &str) -> Option<&Shift> {
        match self {
            Self::Week(_) => None,
            Self::Shifts(shifts) => shifts.shift(code),
        }
    }
}

#[cfg(test)]
mod tests;
