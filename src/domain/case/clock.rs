//! The clock of a right to be heard: to reply to a proposed deviation, to object to an upheld one.

use crate::domain::instant::Instant;
use crate::domain::instant::Zone;
use chrono::NaiveDate;
use std::collections::BTreeSet;

/// No absence pauses a clock for longer: two years of sick leave are the longest the law knows.
pub const LONGEST_PAUSE_DAYS: u16 = 800;

/// When a clock started and when it runs out.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Clock {
    /// When the notice was seen, or handed over by the superior.
    pub started_at: Instant,
    /// The first moment at which nothing is taken any more.
    pub due_at: Instant,
    /// Working days between the two that did not count because the person was away; 0 where the clock was kept by a
    /// later step, which needs them no more.
    pub paused_days: u16,
}

impl Clock {
    /// Starts when the notice reached the person; ends with the last of `working_days` (at least 1) after that day, as the
    /// person's schedule has them. Days on which the person is away (leave, sickness) do not count, whenever that was
    /// approved (domain report, section 2.8).
    pub fn new(
        reached_at: Instant,
        zone: Zone,
        working_days: u8,
        is_work_day: impl Fn(NaiveDate) -> bool,
        away: &BTreeSet<NaiveDate>,
    ) -> Self {
        let (mut counted, mut paused_days) = (0, 0);
        let mut last = zone.date(reached_at);
        for day in last.iter_days().skip(1).take(usize::from(LONGEST_PAUSE_DAYS)) {
            last = day;
            if !is_work_day(day) {
                continue;
            }
            if away.contains(&day) {
                paused_days += 1;
                continue;
            }
            counted += 1;
            if counted >= working_days {
                break;
            }
        }
        Self {
            started_at: reached_at,
            due_at: zone.at_minute(last, 24 * 60),
            paused_days,
        }
    }

    /// Whether nothing is taken any more.
    pub fn is_over(&self, now: Instant) -> bool {
        now >= self.due_at
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::calendar::Calendar;
    use proptest::prelude::*;

    fn at(text: &str) -> Instant {
        Instant::parse(text).unwrap()
    }

    fn clock(away: &[&str], seen: &str, working_days: u8) -> Clock {
        let away = away.iter().map(|day| day.parse().unwrap()).collect();
        let calendar = Calendar::national();
        Clock::new(
            at(seen),
            Zone::Jakarta,
            working_days,
            |day| calendar.is_work_day(day),
            &away,
        )
    }

    #[test]
    fn the_reply_is_due_at_the_end_of_the_third_working_day() {
        // Seen on Thursday 5 March 2026: Friday, Monday and Tuesday count.
        let due = |away: &[&str], seen| clock(away, seen, 3).due_at;
        assert_eq!(due(&[], "2026-03-05T10:00:00+07:00"), at("2026-03-11T00:00:00+07:00"));
        assert_eq!(due(&[], "2026-03-05T23:59:59+07:00"), at("2026-03-11T00:00:00+07:00"));
        // Ill on Monday and Tuesday: Wednesday and Thursday count instead.
        let away = ["2026-03-09", "2026-03-10"];
        assert_eq!(due(&away, "2026-03-05T10:00:00+07:00"), at("2026-03-13T00:00:00+07:00"));
        // Nyepi and Idul Fitri with joint leave: 18 to 24 March 2026 are free.
        assert_eq!(due(&[], "2026-03-17T10:00:00+07:00"), at("2026-03-28T00:00:00+07:00"));
    }

    #[test]
    fn only_working_days_of_an_absence_that_the_clock_ran_into_are_told_as_paused() {
        let paused = |away: &[&str]| clock(away, "2026-03-05T10:00:00+07:00", 3).paused_days;
        assert_eq!(paused(&[]), 0);
        // Saturday and Sunday count for nobody; 13 March lies after the end.
        assert_eq!(paused(&["2026-03-07", "2026-03-08", "2026-03-09", "2026-03-13"]), 1);
        // Away on the very day of the notice: the count begins on the day after in any case.
        assert_eq!(paused(&["2026-03-05"]), 0);
    }

    #[test]
    fn an_absence_without_end_pauses_the_clock_as_long_as_any_can() {
        let calendar = Calendar::national();
        let seen = at("2026-03-05T10:00:00+07:00");
        let away: BTreeSet<NaiveDate> = Zone::Jakarta.date(seen).iter_days().take(900).collect();
        let clock = Clock::new(seen, Zone::Jakarta, 3, |day| calendar.is_work_day(day), &away);
        assert_eq!(clock.due_at, at("2028-05-14T00:00:00+07:00"));
    }

    proptest! {
        #[test]
        fn there_are_always_so_many_working_days(
            seen in 1_700_000_000_000_i64..1_820_000_000_000,
            working_days in 1_u8..=20,
        ) {
            let calendar = Calendar::national();
            let seen = Instant::from_millis(seen);
            let is_work_day = |day| calendar.is_work_day(day);
            let clock = Clock::new(seen, Zone::Jayapura, working_days, is_work_day, &BTreeSet::new());
            let between = Zone::Jayapura.date(seen).iter_days().skip(1)
                .take_while(|day| Zone::Jayapura.at_minute(*day, 0) < clock.due_at)
                .filter(|day| calendar.is_work_day(*day))
                .count();
            prop_assert_eq!(between, usize::from(working_days));
        }

        #[test]
        fn an_absence_never_shortens_the_time(
            away in proptest::collection::btree_set(0_u64..60, 0..30),
        ) {
            let calendar = Calendar::national();
            let seen = at("2026-04-01T10:00:00+07:00");
            let first = Zone::Jakarta.date(seen);
            let away: BTreeSet<NaiveDate> = away.into_iter().map(|days| first + chrono::Days::new(days)).collect();
            let is_work_day = |day| calendar.is_work_day(day);
            let with = Clock::new(seen, Zone::Jakarta, 3, is_work_day, &away);
            let without = Clock::new(seen, Zone::Jakarta, 3, is_work_day, &BTreeSet::new());
            prop_assert!(with.due_at >= without.due_at);
            prop_assert_eq!(with.paused_days == 0, with.due_at == without.due_at);
        }
    }
}
