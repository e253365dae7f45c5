//! Schedules: the hours of dates, windows beside shifts, whose schedule holds, and what is refused.

use super::*;
use crate::domain::circular::rule::ScheduleRule;
use crate::domain::ids::ScheduleId;
use crate::domain::instant::{Instant, Zone};
use crate::domain::schedule::check::{ScheduleFlaw, check};
use crate::domain::schedule::day::own_day;
use crate::domain::schedule::start::{ScheduleStart, StartError};
use crate::domain::slot::{CheckInRule, Timing};
use proptest::prelude::*;
use serde_json::{Value, json};
use uuid::Uuid;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn read(schedule: Value) -> WorkSchedule {
    serde_json::from_value(schedule).unwrap()
}

/// Morning, afternoon, night, night, free, free from 2 March 2026 on.
fn hospital() -> WorkSchedule {
    read(json!({"kind": "shifts", "shifts": [
        {"code": "pagi", "name": "Pagi", "starts_minute": 420, "ends_minute": 840},
        {"code": "sore", "name": "Sore", "starts_minute": 840, "ends_minute": 1260},
        {"code": "malam", "name": "Malam", "starts_minute": 1260, "ends_minute": 1860},
    ], "pattern": {"first_day": "2026-03-02", "days": ["pagi", "sore", "malam", "malam", null, null]}}))
}

fn six_days() -> WorkSchedule {
    read(json!({"kind": "week", "hours": [
        {"days": ["Mon", "Tue", "Wed", "Thu", "Sat"], "starts_minute": 450, "ends_minute": 870, "break_minutes": 30},
        {"days": ["Fri"], "starts_minute": 450, "ends_minute": 690},
    ]}))
}

fn hours(schedule: &WorkSchedule, date: &str) -> Option<(u16, u16)> {
    let hours = own_day(schedule, day(date), None).hours?;
    Some((hours.starts_minute, hours.ends_minute))
}

fn flaws(schedule: Value) -> Vec<(String, ScheduleFlaw)> {
    let faults = check(&read(schedule)).into_iter();
    faults.map(|fault| (fault.field, fault.flaw)).collect()
}

#[test]
fn a_six_day_week_has_hours_on_saturday_and_none_on_sunday() {
    let week = six_days();
    assert_eq!(week.own_kind(), OwnKind::SixDay);
    assert_eq!(hours(&week, "2026-03-06"), Some((450, 690)));
    assert_eq!(hours(&week, "2026-03-07"), Some((450, 870)));
    assert_eq!(hours(&week, "2026-03-08"), None);
}

#[test]
fn a_pattern_repeats_in_both_directions() {
    let shifts = hospital();
    assert_eq!(hours(&shifts, "2026-03-02"), Some((420, 840)));
    assert_eq!(hours(&shifts, "2026-03-05"), Some((1260, 1860)));
    assert_eq!(hours(&shifts, "2026-03-06"), None);
    assert_eq!(hours(&shifts, "2026-03-08"), Some((420, 840)));
    assert_eq!(hours(&shifts, "2026-03-01"), None);
    assert_eq!(hours(&shifts, "2026-02-27"), Some((1260, 1860)));
}

#[test]
fn a_shift_named_for_a_date_goes_before_the_pattern_and_holds_on_holidays() {
    let named = own_day(&hospital(), day("2026-03-06"), Some("sore"));
    assert_eq!(named.shift.unwrap().code, "sore");
    let unknown = own_day(&hospital(), day("2026-03-06"), Some("subuh"));
    assert_eq!((unknown.hours, unknown.shift), (None, None));
    let mut by_day = hospital();
    if let WorkSchedule::Shifts(shifts) = &mut by_day {
        shifts.pattern = None;
        shifts.works_on_holidays = false;
    }
    assert_eq!(own_day(&by_day, day("2026-03-02"), None).hours, None);
    assert!(own_day(&by_day, day("2026-03-02"), Some("malam")).works_on_holidays);
}

#[test]
fn the_windows_follow_the_shift_past_midnight() {
    let night = own_day(&hospital(), day("2026-03-04"), None).check_in(&CheckInRule::default(), false);
    let windows: Vec<(u16, u16)> = night
        .slots
        .iter()
        .map(|rule| (rule.window.opens_minute, rule.window.closes_minute))
        .collect();
    // 21.00-22.30, 01.00-03.00 and 06.30-08.00 of the morning after.
    assert_eq!(windows, [(1260, 1350), (1500, 1620), (1830, 1920)]);
    let at = |text| night.timing(|_| Zone::Jakarta, day("2026-03-04"), Instant::parse(text).unwrap());
    assert_eq!(at("2026-03-04T21:00:00+07:00"), Timing::Inside(Slot::Morning));
    assert_eq!(at("2026-03-05T02:00:00+07:00"), Timing::Inside(Slot::Midday));
    assert_eq!(at("2026-03-05T07:59:00+07:00"), Timing::Inside(Slot::Afternoon));
    assert_eq!(at("2026-03-05T08:11:00+07:00"), Timing::Outside);
}

#[test]
fn nothing_is_asked_on_a_free_day_of_a_pattern_unless_someone_is_called_in() {
    let base = CheckInRule::default();
    let free = own_day(&hospital(), day("2026-03-06"), None);
    assert_eq!(free.check_in(&base, false).slots, []);
    assert_eq!(free.check_in(&base, true), base);
    // A week of its own keeps the clock's windows, also on Sunday.
    assert_eq!(
        own_day(&six_days(), day("2026-03-08"), None).check_in(&base, false),
        base
    );
}

#[test]
fn the_circular_decides_which_slots_are_asked_and_of_whom() {
    let mut base = CheckInRule::default();
    base.slots.retain(|rule| rule.slot != Slot::Midday);
    base.home_radius_metres = 350;
    let morning = own_day(&hospital(), day("2026-03-02"), None).check_in(&base, false);
    let slots: Vec<Slot> = morning.slots.iter().map(|rule| rule.slot).collect();
    assert_eq!(slots, [Slot::Morning, Slot::Afternoon]);
    assert_eq!(morning.home_radius_metres, 350);
    assert_eq!(morning.slots[1].window.opens_minute, 810);
}

#[test]
fn the_usual_windows_are_those_of_the_design_on_a_usual_day() {
    let office = DayHours {
        starts_minute: 450,
        ends_minute: 960,
    };
    let usual: Vec<_> = RelativeSlot::usual().map(|slot| slot.on(office)).to_vec();
    assert_eq!(usual, CheckInRule::default().slots);
}

#[test]
fn hours_of_ramadan_go_before_a_week_but_not_before_shifts_unless_said() {
    let rule = |rest: Value| -> ScheduleRule {
        let mut rule = json!({"hours": [{"days": ["Mon"], "starts_minute": 390, "ends_minute": 840}], "ramadan": true});
        rule.as_object_mut().unwrap().extend(rest.as_object().unwrap().clone());
        serde_json::from_value(rule).unwrap()
    };
    let week = own_day(&six_days(), day("2026-03-02"), None);
    let shifts = own_day(&hospital(), day("2026-03-02"), None);
    let silent = rule(json!({}));
    assert!(!week.stands_beside(Some(&silent)) && shifts.stands_beside(Some(&silent)));
    // "Six-day agencies set their own" (SE 3/2026).
    let lenient = rule(json!({"keeps_own": ["six_day", "shift"]}));
    assert!(week.stands_beside(Some(&lenient)));
    let strict = rule(json!({"keeps_own": []}));
    assert!(!shifts.stands_beside(Some(&strict)));
    assert!(week.stands_beside(None));
}

#[test]
fn flaws_are_named_where_they_are() {
    let week = |hours: Value| flaws(json!({"kind": "week", "hours": hours}));
    assert_eq!(week(json!([])), [("hours".to_owned(), ScheduleFlaw::Count)]);
    let twice = json!([{"days": ["Mon", "Mon"], "starts_minute": 450, "ends_minute": 840}]);
    assert_eq!(week(twice), [("hours[0].days".to_owned(), ScheduleFlaw::Days)]);
    let backwards = json!([{"days": ["Mon"], "starts_minute": 840, "ends_minute": 450}]);
    assert_eq!(
        week(backwards),
        [("hours[0].ends_minute".to_owned(), ScheduleFlaw::Ends)]
    );
    let shifts = |shifts: Value, pattern: Value| {
        flaws(json!({"kind": "shifts", "shifts": shifts, "pattern": {"first_day": "2026-03-02", "days": pattern}}))
    };
    let day_shift = json!({"code": "pagi", "name": "Pagi", "starts_minute": 420, "ends_minute": 900});
    let twice = shifts(json!([day_shift, day_shift]), json!(["pagi"]));
    assert_eq!(twice, [("shifts[1].code".to_owned(), ScheduleFlaw::Code)]);
    let unknown = shifts(json!([day_shift]), json!(["pagi", "malam"]));
    assert_eq!(unknown, [("pattern.days[1]".to_owned(), ScheduleFlaw::UnknownShift)]);
    let short = json!({"code": "pendek", "name": "Pendek", "starts_minute": 420, "ends_minute": 600});
    assert_eq!(
        shifts(json!([short]), json!([null])),
        [("shifts[0]".to_owned(), ScheduleFlaw::Windows)]
    );
    // The end of a whole day's duty is the beginning of the next.
    let whole = json!({"code": "penuh", "name": "Penuh", "starts_minute": 480, "ends_minute": 1920});
    assert_eq!(
        shifts(json!([whole]), json!(["penuh"])),
        [("pattern.days[0]".to_owned(), ScheduleFlaw::NextDay)]
    );
    assert_eq!(shifts(json!([whole]), json!(["penuh", null, null])), []);
    assert_eq!(check(&hospital()), []);
    assert_eq!(check(&six_days()), []);
}

fn start(from: &str, id: Option<u128>) -> ScheduleStart {
    ScheduleStart {
        from: day(from),
        schedule_id: id.map(|id| ScheduleId::new(Uuid::from_u128(id))),
    }
}

#[test]
fn the_latest_start_holds_and_an_end_gives_way() {
    let starts = [
        start("2026-04-01", None),
        start("2026-03-10", Some(2)),
        start("2026-03-01", Some(1)),
    ];
    let on = |date| start::on(&starts, day(date)).map(|id| id.uuid().as_u128());
    assert_eq!(on("2026-02-28"), None);
    assert_eq!(on("2026-03-09"), Some(1));
    assert_eq!(on("2026-03-10"), Some(2));
    assert_eq!(on("2026-04-01"), None);
}

#[test]
fn a_schedule_begins_tomorrow_at_the_earliest() {
    let today = day("2026-03-02");
    assert_eq!(start::check(today, today), Err(StartError::TooEarly));
    assert_eq!(start::check(day("2026-03-03"), today), Ok(()));
    assert_eq!(start::check(day("2027-03-03"), today), Ok(()));
    assert_eq!(start::check(day("2027-03-04"), today), Err(StartError::TooFar));
    let replaced = start::with(vec![start("2026-03-09", Some(1))], start("2026-03-09", Some(2))).unwrap();
    assert_eq!(replaced, [start("2026-03-09", Some(2))]);
}

fn arbitrary_shifts() -> impl Strategy<Value = WorkSchedule> {
    let shift = (0_u16..1_440, 402_u16..=720);
    let days = prop::collection::vec(prop::option::of(0_usize..4), 1..7);
    (prop::collection::vec(shift, 1..4), days).prop_map(|(shifts, days)| {
        let shifts: Vec<Shift> = shifts
            .into_iter()
            .enumerate()
            .map(|(index, (starts_minute, length))| Shift {
                code: format!("s{index}"),
                name: format!("Shift {index}"),
                starts_minute,
                ends_minute: starts_minute + length,
                break_minutes: 0,
            })
            .collect();
        let count = shifts.len();
        let days = days.into_iter().map(|day| day.map(|day| format!("s{}", day % count)));
        WorkSchedule::Shifts(ShiftSchedule {
            pattern: Some(Pattern {
                first_day: day("2026-03-02"),
                days: days.collect(),
            }),
            shifts,
            works_on_holidays: true,
            slots: usual_slots(),
        })
    })
}

proptest! {
    /// What makes a share's work date certain: under a sound pattern a moment lies in a window of one date only.
    #[test]
    fn a_moment_belongs_to_one_work_date_of_a_sound_pattern(
        schedule in arbitrary_shifts(),
        offset in 0_u64..60,
        minute in 0_u16..1_440,
    ) {
        prop_assume!(check(&schedule).is_empty());
        let today = day("2026-03-02") + chrono::Days::new(offset);
        let at = Zone::Jakarta.at_minute(today, minute);
        let base = CheckInRule::default();
        let is_in = |date: NaiveDate| {
            let rule = own_day(&schedule, date, None).check_in(&base, false);
            rule.timing(|_| Zone::Jakarta, date, at) != Timing::Outside
        };
        let dates = [today, today.pred_opt().unwrap(), today.pred_opt().unwrap().pred_opt().unwrap()];
        prop_assert!(dates.into_iter().filter(|date| is_in(*date)).count() <= 1);
        // Judging looks at the date and the day before only.
        prop_assert!(!is_in(dates[2]));
    }

    #[test]
    fn windows_never_overlap_and_stay_in_order_on_a_sound_day(schedule in arbitrary_shifts(), offset in 0_u64..60) {
        prop_assume!(check(&schedule).is_empty());
        let date = day("2026-03-02") + chrono::Days::new(offset);
        let rule = own_day(&schedule, date, None).check_in(&CheckInRule::default(), false);
        for pair in rule.slots.windows(2) {
            prop_assert!(pair[0].slot < pair[1].slot);
            prop_assert!(pair[0].window.closes_minute + pair[0].grace_minutes < pair[1].window.opens_minute);
        }
    }

    #[test]
    fn a_schedule_reads_back_as_it_was_written(schedule in arbitrary_shifts()) {
        let written = serde_json::to_value(&schedule).unwrap();
        prop_assert_eq!(serde_json::from_value::<WorkSchedule>(written).unwrap(), schedule);
    }

    #[test]
    fn the_order_of_starts_never_matters(
        (starts, shuffled) in prop::collection::vec((0_u64..40, prop::option::of(1_u128..9)), 0..8)
            .prop_map(|mut all| { all.sort_unstable(); all.dedup_by_key(|start| start.0); all })
            .prop_flat_map(|all| (Just(all.clone()), Just(all).prop_shuffle())),
        date in 0_u64..50,
    ) {
        let first = day("2026-03-02");
        let of = |all: Vec<(u64, Option<u128>)>| -> Vec<ScheduleStart> {
            let start = |(offset, id): (u64, Option<u128>)| ScheduleStart {
                from: first + chrono::Days::new(offset),
                schedule_id: id.map(|id| ScheduleId::new(Uuid::from_u128(id))),
            };
            all.into_iter().map(start).collect()
        };
        let date = first + chrono::Days::new(date);
        prop_assert_eq!(start::on(&of(starts), date), start::on(&of(shuffled), date));
    }
}
