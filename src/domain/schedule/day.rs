//! What an own schedule says of one date: the hours, and when its slots are open.

use crate::domain::circular::rule::ScheduleRule;
use crate::domain::schedule::DayHours;
use crate::domain::schedule::RelativeSlot;
use crate::domain::schedule::Shift;
use crate::domain::schedule::WorkSchedule;
use crate::domain::schedule::hours::OwnKind;
use crate::domain::slot::CheckInRule;
use chrono::NaiveDate;

/// A date by an own schedule.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct OwnDay {
    /// The hours; none where the schedule leaves the date free.
    pub hours: Option<DayHours>,
    /// The shift, where the schedule has shifts.
    pub shift: Option<Shift>,
    /// The sort of the schedule.
    pub kind: OwnKind,
    /// Whether the hours hold on holidays and joint leave too.
    pub works_on_holidays: bool,
    slots: Vec<RelativeSlot>,
}

/// Reads a date. `named` is the code of a shift that was assigned for this date alone; it goes before the pattern. A code
/// that the schedule does not know, left over from an earlier one, is as none.
pub fn own_day(schedule: &WorkSchedule, date: NaiveDate, named: Option<&str>) -> OwnDay {
    let slots = schedule.slots().to_vec();
    let kind = schedule.own_kind();
    match schedule {
        WorkSchedule::Week(week) => OwnDay {
            hours: week.on(date),
            shift: None,
            kind,
            works_on_holidays: week.works_on_holidays,
            slots,
        },
        WorkSchedule::Shifts(shifts) => {
            let named = named.and_then(|code| shifts.shift(code));
            let by_pattern = || shifts.shift(shifts.pattern.as_ref()?.on(date)?);
            let shift = named.or_else(by_pattern);
            OwnDay {
                hours: shift.map(Shift::hours),
                shift: shift.cloned(),
                kind,
                works_on_holidays: shifts.works_on_holidays || named.is_some(),
                slots,
            }
        }
    }
}

impl OwnDay {
    /// Whether it holds beside the `schedule` rule of a circular in force, if there is one.
    pub fn stands_beside(&self, rule: Option<&ScheduleRule>) -> bool {
        rule.is_none_or(|rule| rule.keeps_own.contains(&self.kind))
    }

    /// How shares are asked for on the date. Which slots, which radii and of whom stays as `base`, the circulars' rule, has
    /// it; the windows follow the hours. A slot that the schedule has no window for is not asked.
    ///
    /// Whoever is free by a shift schedule is asked nothing, so that the end of a night shift is never taken for the
    /// morning of the free day after it; but who is called in without a shift (`is_called_in`) keeps the clock's windows.
    pub fn check_in(&self, base: &CheckInRule, is_called_in: bool) -> CheckInRule {
        let slots = match self.hours {
            Some(hours) if !self.slots.is_empty() => {
                let own = |asked| self.slots.iter().find(|own| own.slot == asked);
                let slots = base.slots.iter().filter_map(|asked| own(asked.slot));
                slots.map(|own| own.on(hours)).collect()
            }
            None if self.kind == OwnKind::Shift && !is_called_in => Vec::new(),
            Some(_) | None => base.slots.clone(),
        };
        CheckInRule { slots, ..base.clone() }
    }
}
