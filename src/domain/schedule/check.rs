//! What is wrong with a schedule that somebody wants to make.

use crate::domain::schedule::DayHours;
use crate::domain::schedule::Edge;
use crate::domain::schedule::LONGEST_PATTERN_DAYS;
use crate::domain::schedule::MOST_SHIFTS;
use crate::domain::schedule::Pattern;
use crate::domain::schedule::RelativeSlot;
use crate::domain::schedule::Shift;
use crate::domain::schedule::ShiftSchedule;
use crate::domain::schedule::WeekSchedule;
use crate::domain::schedule::WorkSchedule;
use crate::domain::slot::SlotRule;

const MINUTES_A_DAY: u16 = 1_440;
const LATEST_MINUTE: i32 = 2_880;
const LONGEST_GRACE_MINUTES: u16 = 240;

/// A flaw and where it is, as a path inside the schedule: `shifts[1].ends_minute`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ScheduleFault {
    /// The path.
    pub field: String,
    /// What is wrong there.
    pub flaw: ScheduleFlaw,
}

/// What may be wrong.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum ScheduleFlaw {
    /// None, or more than may be.
    #[error("too few or too many of them")]
    Count,
    /// A day of the week is named twice, or hours name none.
    #[error("each day of the week is named at most once")]
    Days,
    /// The end is not after the start, or the break is as long as the work.
    #[error("the end is not after the start, or the break fills all of it")]
    Ends,
    /// More than 24 hours, or outside of the two days that a work date may reach into.
    #[error("longer than 24 hours, or too late in the day")]
    TooLong,
    /// Not a lower-case word, or one that another has.
    #[error("a code is a lower-case word of 1 to 20 letters, digits and underscores of its own")]
    Code,
    /// Empty, too long, or with signs that no name has.
    #[error("a name has 1 to 60 characters")]
    Name,
    /// A pattern names a shift that is not there.
    #[error("no shift has this code")]
    UnknownShift,
    /// A slot is named twice, or later than the one that follows it in the day.
    #[error("each slot once, in the order of the day")]
    SlotOrder,
    /// Windows with their grace overlap, or one lies outside of the work date and the next day.
    #[error("windows overlap or lie outside of the work date and the next day")]
    Windows,
    /// The shift of one day still asks for shares when that of the next one begins to.
    #[error("the windows of a shift reach into those of the next day's")]
    NextDay,
}

/// Everything that is wrong; empty for a sound schedule.
pub fn check(schedule: &WorkSchedule) -> Vec<ScheduleFault> {
    let mut faults = Faults::default();
    match schedule {
        WorkSchedule::Week(week) => check_week(week, &mut faults),
        WorkSchedule::Shifts(shifts) => check_shifts(shifts, &mut faults),
    }
    faults.0
}

#[derive(Default)]
struct Faults(Vec<ScheduleFault>);

impl Faults {
    fn add(&mut self, field: impl Into<String>, flaw: ScheduleFlaw) {
        self.0.push(ScheduleFault {
            field: field.into(),
            flaw,
        });
    }
}

fn check_week(week: &WeekSchedule, faults: &mut Faults) {
    if !(1..=7).contains(&week.hours.len()) {
        faults.add("hours", ScheduleFlaw::Count);
    }
    let mut named = Vec::new();
    for (index, hours) in week.hours.iter().enumerate() {
        let path = format!("hours[{index}]");
        if hours.days.is_empty() {
            faults.add(format!("{path}.days"), ScheduleFlaw::Days);
        }
        for day in &hours.days {
            if named.contains(day) {
                faults.add(format!("{path}.days"), ScheduleFlaw::Days);
            }
            named.push(*day);
        }
        let span = DayHours {
            starts_minute: hours.starts_minute,
            ends_minute: hours.ends_minute,
        };
        check_hours(span, hours.break_minutes, &path, faults);
        check_windows(&week.slots, span, &path, faults);
    }
    check_order(&week.slots, faults);
}

fn check_shifts(schedule: &ShiftSchedule, faults: &mut Faults) {
    if !(1..=MOST_SHIFTS).contains(&schedule.shifts.len()) {
        faults.add("shifts", ScheduleFlaw::Count);
    }
    for (index, shift) in schedule.shifts.iter().enumerate() {
        let path = format!("shifts[{index}]");
        let earlier = schedule.shifts.iter().take(index);
        if !is_code(&shift.code) || earlier.into_iter().any(|other| other.code == shift.code) {
            faults.add(format!("{path}.code"), ScheduleFlaw::Code);
        }
        let length = shift.name.trim().chars().count();
        if !(1..=60).contains(&length) || shift.name.chars().any(char::is_control) {
            faults.add(format!("{path}.name"), ScheduleFlaw::Name);
        }
        check_hours(shift.hours(), shift.break_minutes, &path, faults);
        check_windows(&schedule.slots, shift.hours(), &path, faults);
    }
    if schedule.slots.is_empty() {
        faults.add("slots", ScheduleFlaw::Count);
    }
    check_order(&schedule.slots, faults);
    if let Some(pattern) = &schedule.pattern {
        check_pattern(schedule, pattern, faults);
    }
}

fn is_code(text: &str) -> bool {
    let is_sign = |sign: char| sign.is_ascii_lowercase() || sign.is_ascii_digit() || sign == '_';
    (1..=20).contains(&text.len()) && text.chars().all(is_sign)
}

fn check_hours(hours: DayHours, break_minutes: u16, path: &str, faults: &mut Faults) {
    let DayHours {
        starts_minute,
        ends_minute,
    } = hours;
    if starts_minute >= MINUTES_A_DAY {
        faults.add(format!("{path}.starts_minute"), ScheduleFlaw::TooLong);
    } else if ends_minute <= starts_minute {
        faults.add(format!("{path}.ends_minute"), ScheduleFlaw::Ends);
    } else if ends_minute - starts_minute > MINUTES_A_DAY {
        faults.add(format!("{path}.ends_minute"), ScheduleFlaw::TooLong);
    } else if break_minutes >= ends_minute - starts_minute {
        faults.add(format!("{path}.break_minutes"), ScheduleFlaw::Ends);
    }
}

fn check_order(slots: &[RelativeSlot], faults: &mut Faults) {
    for (index, slot) in slots.iter().enumerate() {
        if slots.iter().take(index).any(|earlier| earlier.slot >= slot.slot) {
            faults.add(format!("slots[{index}].slot"), ScheduleFlaw::SlotOrder);
        }
        if slot.opens_minutes >= slot.closes_minutes || slot.grace_minutes > LONGEST_GRACE_MINUTES {
            faults.add(format!("slots[{index}]"), ScheduleFlaw::Windows);
        }
    }
}

/// Windows of a day of these hours: none before the work date, none after the next day, none over another.
fn check_windows(slots: &[RelativeSlot], hours: DayHours, path: &str, faults: &mut Faults) {
    let edge = |slot: &RelativeSlot| {
        i32::from(match slot.from {
            Edge::Start => hours.starts_minute,
            Edge::End => hours.ends_minute,
        })
    };
    let is_outside = slots.iter().any(|slot| {
        let edge = edge(slot);
        edge + i32::from(slot.opens_minutes) < 0 || edge + i32::from(slot.closes_minutes) > LATEST_MINUTE
    });
    let on_day: Vec<SlotRule> = slots.iter().map(|slot| slot.on(hours)).collect();
    let overlaps = on_day.windows(2).any(|pair| match pair {
        [one, next] => last_minute(one) >= u32::from(next.window.opens_minute),
        _ => false,
    });
    if is_outside || overlaps {
        faults.add(path, ScheduleFlaw::Windows);
    }
}

/// The last minute in which a share fills the slot.
fn last_minute(rule: &SlotRule) -> u32 {
    u32::from(rule.window.closes_minute) + u32::from(rule.grace_minutes)
}

fn check_pattern(schedule: &ShiftSchedule, pattern: &Pattern, faults: &mut Faults) {
    if !(1..=LONGEST_PATTERN_DAYS).contains(&pattern.days.len()) {
        faults.add("pattern.days", ScheduleFlaw::Count);
    }
    let shift = |code: &Option<String>| code.as_deref().and_then(|code| schedule.shift(code));
    for (index, code) in pattern.days.iter().enumerate() {
        let here = shift(code);
        if code.is_some() && here.is_none() {
            faults.add(format!("pattern.days[{index}]"), ScheduleFlaw::UnknownShift);
        }
        let next = pattern
            .days
            .get((index + 1) % pattern.days.len().max(1))
            .and_then(shift);
        if let (Some(here), Some(next)) = (here, next)
            && reaches_into(&schedule.slots, here, next)
        {
            faults.add(format!("pattern.days[{index}]"), ScheduleFlaw::NextDay);
        }
    }
}

/// Whether some window of a shift is still open when the first one of the next day's shift opens: a share in both could be
/// of either day.
fn reaches_into(slots: &[RelativeSlot], here: &Shift, next: &Shift) -> bool {
    let last = slots.iter().map(|slot| last_minute(&slot.on(here.hours()))).max();
    let first = slots.iter().map(|slot| slot.on(next.hours()).window.opens_minute).min();
    match (last, first) {
        (Some(last), Some(first)) => last >= u32::from(first) + u32::from(MINUTES_A_DAY),
        _ => false,
    }
}
