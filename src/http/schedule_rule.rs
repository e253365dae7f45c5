//! Hours and schedules as the OpenAPI file describes them.
//!
//! Those of circulars, and those that units and people have of their own. The domain reads and writes the same JSON by
//! itself; tests hold the two together.

use crate::http::circular_rule::SlotView;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A day of the week.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[expect(missing_docs, reason = "the names of the days say it")]
pub enum DayOfWeekView {
    Mon,
    Tue,
    Wed,
    Thu,
    Fri,
    Sat,
    Sun,
}

/// Hours of some days of the week, in minutes after local midnight.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WorkHoursView {
    #[schema(min_items = 1, max_items = 7)]
    days: Vec<DayOfWeekView>,
    #[schema(minimum = 0, maximum = 2_879)]
    starts_minute: u16,
    #[schema(minimum = 1, maximum = 2_880)]
    ends_minute: u16,
    #[serde(default)]
    #[schema(minimum = 0, maximum = 2_879)]
    break_minutes: u16,
}

/// Work days and hours.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ScheduleView {
    /// A day that is not named is not a work day.
    #[schema(min_items = 1, max_items = 7)]
    hours: Vec<WorkHoursView>,
    #[serde(default)]
    ramadan: bool,
    /// Whether work goes on on holidays and joint leave.
    #[serde(default)]
    works_on_holidays: bool,
    /// Whose own schedules it leaves as they are; shifts unless given.
    #[serde(default = "kept", skip_serializing_if = "is_kept_unless_said")]
    #[schema(max_items = 3)]
    keeps_own: Vec<OwnKindView>,
}

/// A sort of schedule that units and people have of their own.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum OwnKindView {
    /// A week of up to five work days.
    FiveDay,
    /// A week of six or seven work days.
    SixDay,
    /// Shifts.
    Shift,
}

fn kept() -> Vec<OwnKindView> {
    vec![OwnKindView::Shift]
}

fn is_kept_unless_said(kept: &[OwnKindView]) -> bool {
    kept == [OwnKindView::Shift]
}

/// A work schedule, by its `kind`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum WorkScheduleView {
    /// The same hours week after week.
    Week(WeekScheduleView),
    /// Named shifts, by a pattern that repeats or assigned a day at a time.
    Shifts(ShiftScheduleView),
}

/// A week of work.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WeekScheduleView {
    /// A day that is not named is free.
    #[schema(min_items = 1, max_items = 7)]
    hours: Vec<WorkHoursView>,
    /// Whether work goes on on holidays and joint leave.
    #[serde(default)]
    works_on_holidays: bool,
    /// When slots are open, measured from the hours. Empty: at the clock times of the circular or of the defaults.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 3)]
    slots: Vec<RelativeSlotView>,
}

/// Work in shifts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ShiftScheduleView {
    #[schema(min_items = 1, max_items = 12)]
    shifts: Vec<ShiftView>,
    /// Which shift on which date. Without one every shift is assigned a day at a time, and a day without is free.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pattern: Option<PatternView>,
    /// Whether the pattern goes on on holidays and joint leave; it does unless said.
    #[serde(default = "goes_on")]
    works_on_holidays: bool,
    /// When slots are open, measured from the shift. Unless given: morning in the first 90 minutes, midday from the fourth
    /// hour for two hours, afternoon from 30 minutes before the end to 60 after it.
    #[serde(default = "usual_slots")]
    #[schema(min_items = 1, max_items = 3)]
    slots: Vec<RelativeSlotView>,
}

/// A named stretch of work; it belongs to the date on which it begins.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ShiftView {
    /// Such as `malam`.
    #[schema(pattern = "^[a-z0-9_]{1,20}$")]
    code: String,
    /// For people.
    #[schema(min_length = 1, max_length = 60)]
    name: String,
    /// Minutes after local midnight.
    #[schema(minimum = 0, maximum = 1_439)]
    starts_minute: u16,
    /// Minutes after the same midnight; past 1,440 is the next day. At most 24 hours after the start.
    #[schema(minimum = 1, maximum = 2_879)]
    ends_minute: u16,
    #[serde(default)]
    #[schema(minimum = 0, maximum = 1_439)]
    break_minutes: u16,
}

/// Shifts that repeat.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PatternView {
    /// The date of the first of `days`; the pattern goes on in both directions.
    first_day: NaiveDate,
    /// Codes of shifts, `null` for a free day.
    #[schema(min_items = 1, max_items = 366)]
    days: Vec<Option<String>>,
}

/// The end of the work that a window is measured from.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum EdgeView {
    /// When work begins.
    Start,
    /// When work ends.
    End,
}

/// When a slot is open, measured from the hours of the day.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RelativeSlotView {
    slot: SlotView,
    from: EdgeView,
    /// Minutes after that edge, negative before it.
    #[schema(minimum = -1_440, maximum = 1_440)]
    opens_minutes: i16,
    /// Minutes after that edge, after `opens_minutes`.
    #[schema(minimum = -1_440, maximum = 1_440)]
    closes_minutes: i16,
    /// Minutes after the window in which a share still fills the slot, as late.
    #[serde(default = "usual_grace")]
    #[schema(minimum = 0, maximum = 240, default = 10)]
    grace_minutes: u16,
}

const fn goes_on() -> bool {
    true
}

const fn usual_grace() -> u16 {
    10
}

fn usual_slots() -> Vec<RelativeSlotView> {
    let slot = |slot, from, opens_minutes, closes_minutes| RelativeSlotView {
        slot,
        from,
        opens_minutes,
        closes_minutes,
        grace_minutes: usual_grace(),
    };
    vec![
        slot(SlotView::Morning, EdgeView::Start, 0, 90),
        slot(SlotView::Midday, EdgeView::Start, 240, 360),
        slot(SlotView::Afternoon, EdgeView::End, -30, 60),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::schedule::WorkSchedule;
    use serde_json::json;

    #[test]
    fn the_described_schedules_are_those_of_the_domain() {
        let schedules = json!([
            {"kind": "week", "hours": [{"days": ["Mon", "Sat"], "starts_minute": 450, "ends_minute": 840}]},
            {"kind": "week", "hours": [], "works_on_holidays": true, "slots": [
                {"slot": "afternoon", "from": "end", "opens_minutes": -60, "closes_minutes": 30}
            ]},
            {"kind": "shifts", "shifts": [
                {"code": "malam", "name": "Malam", "starts_minute": 1260, "ends_minute": 1860, "break_minutes": 60}
            ]},
            {"kind": "shifts", "shifts": [], "works_on_holidays": false,
             "pattern": {"first_day": "2026-03-02", "days": ["malam", null]}},
        ]);
        for schedule in schedules.as_array().unwrap() {
            let read: WorkSchedule = serde_json::from_value(schedule.clone()).unwrap();
            let written = serde_json::to_value(&read).unwrap();
            let view: WorkScheduleView = serde_json::from_value(schedule.clone()).unwrap();
            assert_eq!(serde_json::to_value(&view).unwrap(), written);
        }
    }
}
