//! When the simulated Banten lives: a day to prepare, a work day to live, and slots that are open at the present.

use crate::domain::calendar::Calendar;
use crate::domain::slot::Slot;
use crate::domain::slot::SlotRule;
use crate::domain::slot::Window;
use chrono::NaiveDate;

/// How far back a work day is looked for; no run of holidays is as long.
const LONGEST_BREAK_DAYS: usize = 40;
const MINUTES_A_DAY: u16 = 1_440;
/// How long, at least, a slot around the present stays open unless the day ends first.
const OPEN_MINUTES: u16 = 240;

/// The dates of the story.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Dates {
    /// Staff come in and register their homes: the last work day before `lived_on`, so that the homes are in force on it.
    pub prepared_on: NaiveDate,
    /// The work day that is lived from morning to evening: the last one before `today`.
    pub lived_on: NaiveDate,
    /// The present.
    pub today: NaiveDate,
}

impl Dates {
    /// The dates of a story told on `today`.
    pub fn before(calendar: &Calendar, today: NaiveDate) -> Self {
        let lived_on = work_day_before(calendar, today);
        Self {
            prepared_on: work_day_before(calendar, lived_on),
            lived_on,
            today,
        }
    }
}

fn work_day_before(calendar: &Calendar, date: NaiveDate) -> NaiveDate {
    (1..=LONGEST_BREAK_DAYS)
        .filter_map(|days| date.checked_sub_days(chrono::Days::new(u64::try_from(days).unwrap_or(1))))
        .find(|day| calendar.is_work_day(*day))
        .unwrap_or(date)
}

/// Three slots that leave no more than two minutes of the day uncovered, one of them open at `minute` after local
/// midnight and for four hours more, or to the end of the day.
///
/// From the third minute on one has closed before it.
pub fn slots_open_at(minute: u16) -> Vec<SlotRule> {
    let minute = minute.min(MINUTES_A_DAY - 1);
    let (first_end, second_end) = if minute < 3 {
        let end = minute + OPEN_MINUTES;
        (end, end.midpoint(MINUTES_A_DAY))
    } else if minute < OPEN_MINUTES + 60 {
        (minute / 2, minute + OPEN_MINUTES)
    } else if minute + OPEN_MINUTES + 60 > MINUTES_A_DAY {
        let end = minute - OPEN_MINUTES;
        (end / 2, end)
    } else {
        (minute - OPEN_MINUTES, minute + OPEN_MINUTES)
    };
    let rule = |slot, opens_minute, closes_minute| SlotRule {
        slot,
        window: Window {
            opens_minute,
            closes_minute,
        },
        grace_minutes: 0,
        report_due_minute: None,
    };
    vec![
        rule(Slot::Morning, 0, first_end),
        rule(Slot::Midday, first_end + 1, second_end),
        rule(Slot::Afternoon, second_end + 1, MINUTES_A_DAY),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn the_story_is_lived_on_the_last_work_day_and_prepared_on_the_one_before() {
        let calendar = Calendar::national();
        let monday = Dates::before(&calendar, date("2026-11-23"));
        assert_eq!(
            (monday.prepared_on, monday.lived_on),
            (date("2026-11-19"), date("2026-11-20"))
        );
        let new_year = Dates::before(&calendar, date("2027-01-02"));
        assert!(calendar.is_work_day(new_year.lived_on) && new_year.lived_on < date("2027-01-01"));
        assert_eq!(calendar.next_work_day(new_year.prepared_on), new_year.lived_on);
    }

    #[test]
    fn a_slot_is_open_at_every_minute_of_the_day_and_stays_so() {
        for minute in 0..MINUTES_A_DAY {
            let slots = slots_open_at(minute);
            assert!(
                slots
                    .iter()
                    .all(|rule| rule.window.opens_minute < rule.window.closes_minute),
                "{minute}"
            );
            assert!(
                slots
                    .windows(2)
                    .all(|pair| pair[0].window.closes_minute < pair[1].window.opens_minute)
            );
            let open = slots
                .iter()
                .find(|rule| (rule.window.opens_minute..=rule.window.closes_minute).contains(&minute))
                .unwrap();
            let stays_minutes = open.window.closes_minute - minute;
            assert!(
                stays_minutes >= OPEN_MINUTES || open.window.closes_minute == MINUTES_A_DAY,
                "{minute}"
            );
            let has_closed = slots.iter().any(|rule| rule.window.closes_minute < minute);
            assert_eq!(has_closed, minute >= 3, "{minute}");
        }
    }
}
