//! When a daily entry may be written: its hours, the days it stays open, and what else the person did that day.

use super::entry::{ActivityFault, ActivityFields};
use crate::domain::instant::{Instant, Zone};
use crate::domain::work_mode::WorkMode;
use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};

/// A stretch of one local day in whole minutes after midnight, start included, end not.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct DaySpan {
    start_minute: u16,
    end_minute: u16,
}

impl DaySpan {
    /// A span with `start < end <= 1,440`; `None` for any other pair.
    pub const fn new(start_minute: u16, end_minute: u16) -> Option<Self> {
        if start_minute < end_minute && end_minute <= 1_440 {
            Some(Self {
                start_minute,
                end_minute,
            })
        } else {
            None
        }
    }

    /// Minutes from midnight to the start, 0 to 1,439.
    pub const fn start_minute(self) -> u16 {
        self.start_minute
    }

    /// Minutes from midnight to the end, 1 to 1,440.
    pub const fn end_minute(self) -> u16 {
        self.end_minute
    }

    /// Its length in minutes, 1 to 1,440.
    pub const fn minutes(self) -> u16 {
        self.end_minute - self.start_minute
    }

    /// Whether the two share a minute. Touching spans don't.
    pub const fn overlaps(self, other: Self) -> bool {
        self.start_minute < other.end_minute && other.start_minute < self.end_minute
    }
}

/// Minutes after midnight from `07:30` or `07.30`; 24:00 is the end of the day. `None` for anything else.
pub fn parse_clock(text: &str) -> Option<u16> {
    let (hour, minute) = text.split_once([':', '.'])?;
    let digits = |part: &str| part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(hour) || !digits(minute) {
        return None;
    }
    let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.parse().ok()?);
    let total = hour * 60 + minute;
    (minute < 60 && total <= 1_440).then_some(total)
}

/// `07:30` from minutes after midnight.
pub fn clock(minute: u16) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

/// How days after the work date are counted.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DayCount {
    /// Every day of the calendar. The default: the sources write "D+3" without saying which.
    #[default]
    Calendar,
    /// Only days on which the agency works.
    Working,
}

/// The settings of entries: data on a circular, of kind `activity`; what the circular leaves out stays as here.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ActivityRules {
    /// Days after the work date on which an entry may still be written and handed in, 0 to 31.
    pub open_days: u8,
    /// How [`ActivityRules::open_days`] are counted.
    pub open_day_count: DayCount,
    /// Working days that a reviewer has before the entry goes to the next superior too, 1 to 31.
    pub review_working_days: u8,
}

impl Default for ActivityRules {
    /// The proposal of the domain report, 2.6: D+3, three working days.
    fn default() -> Self {
        Self {
            open_days: 3,
            open_day_count: DayCount::Calendar,
            review_working_days: 3,
        }
    }
}

impl ActivityRules {
    /// The last local date on which an entry that opened on `date` may be written or handed in.
    pub fn last_open_date(self, date: NaiveDate, is_working_day: impl Fn(NaiveDate) -> bool) -> NaiveDate {
        match self.open_day_count {
            DayCount::Calendar => plus_days(date, u64::from(self.open_days)),
            DayCount::Working => plus_working_days(date, self.open_days, is_working_day),
        }
    }

    /// The last local date on which the first reviewer alone has an entry handed in on `date`; it escalates after.
    pub fn last_review_date(self, date: NaiveDate, is_working_day: impl Fn(NaiveDate) -> bool) -> NaiveDate {
        plus_working_days(date, self.review_working_days, is_working_day)
    }
}

fn plus_days(date: NaiveDate, days: u64) -> NaiveDate {
    date.checked_add_days(Days::new(days)).unwrap_or(NaiveDate::MAX)
}

/// The `count`-th working day after `date`. A calendar without working days ends the search after a year.
pub fn plus_working_days(date: NaiveDate, count: u8, is_working_day: impl Fn(NaiveDate) -> bool) -> NaiveDate {
    if count == 0 {
        return date;
    }
    let steps = usize::from(count).saturating_sub(1);
    date.iter_days()
        .skip(1)
        .take(366)
        .filter(|day| is_working_day(*day))
        .nth(steps)
        .unwrap_or_else(|| plus_days(date, 366))
}

/// A local date and minute, as the zone of duty sees one instant.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct LocalMoment {
    /// The local date.
    pub date: NaiveDate,
    /// Minutes since local midnight, 0 to 1,439.
    pub minute: u16,
}

impl LocalMoment {
    /// Reads `at` in `zone`.
    pub fn new(zone: Zone, at: Instant) -> Self {
        let date = zone.date(at);
        let minutes = at.since(zone.at_minute(date, 0)).num_minutes();
        Self {
            date,
            minute: u16::try_from(minutes).unwrap_or(0),
        }
    }
}

/// What is known of the day that an entry wants to stand in.
#[derive(Clone, Debug)]
pub struct EntryDay<'a> {
    /// Now, in the zone of duty.
    pub now: LocalMoment,
    /// The person's mode on the work date.
    pub mode: WorkMode,
    /// Whether the person's report of that month is closed.
    pub is_month_closed: bool,
    /// The date on which a reviewer sent the entry back: its days for writing are counted from there.
    pub returned_on: Option<NaiveDate>,
    /// The hours of the person's other entries of that date, without rejected ones.
    pub others: &'a [DaySpan],
}

/// Whether sound fields fit into their day: not ahead, still open, not on leave, hours free.
pub fn fit(
    fields: &ActivityFields,
    day: &EntryDay<'_>,
    rules: ActivityRules,
    is_working_day: impl Fn(NaiveDate) -> bool,
) -> Result<(), Vec<ActivityFault>> {
    let mut faults = Vec::new();
    if fields.work_date > day.now.date {
        faults.push(ActivityFault::DateInFuture);
    } else if fields.work_date == day.now.date && fields.span.end_minute > day.now.minute {
        faults.push(ActivityFault::EndInFuture);
    }
    let opened_on = day.returned_on.unwrap_or(fields.work_date).max(fields.work_date);
    let last = rules.last_open_date(opened_on, is_working_day);
    if day.now.date > last {
        faults.push(ActivityFault::DateClosed { last });
    }
    if day.is_month_closed {
        faults.push(ActivityFault::MonthClosed);
    }
    if matches!(day.mode, WorkMode::Leave | WorkMode::Sick) {
        faults.push(ActivityFault::OnLeave);
    }
    if let Some(other) = day.others.iter().find(|other| other.overlaps(fields.span)) {
        faults.push(ActivityFault::Overlap {
            start_minute: other.start_minute,
            end_minute: other.end_minute,
        });
    }
    if faults.is_empty() { Ok(()) } else { Err(faults) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::{Datelike, Weekday};
    use proptest::prelude::*;

    fn date(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 3, day).unwrap()
    }

    fn is_weekday(date: NaiveDate) -> bool {
        !matches!(date.weekday(), Weekday::Sat | Weekday::Sun)
    }

    fn span(start: u16, end: u16) -> DaySpan {
        DaySpan::new(start, end).unwrap()
    }

    /// Faults of an entry on Monday, 2 March 2026, 08.00 to 09.00, seen on `today` at `minute`.
    fn codes<'a>(
        today: u32,
        minute: u16,
        change: impl FnOnce(&mut EntryDay<'a>, &mut ActivityRules),
    ) -> Vec<&'static str> {
        let fields = ActivityFields {
            work_date: date(2),
            span: span(480, 540),
            description: "Rapat".to_owned(),
            output: "Notula".to_owned(),
            quantity: None,
            skp_item: None,
            channel: None,
            link: None,
        };
        let mut rules = ActivityRules::default();
        let mut day = EntryDay {
            now: LocalMoment {
                date: date(today),
                minute,
            },
            mode: WorkMode::Wfh,
            is_month_closed: false,
            returned_on: None,
            others: &[],
        };
        change(&mut day, &mut rules);
        match fit(&fields, &day, rules, is_weekday) {
            Ok(()) => Vec::new(),
            Err(faults) => faults.iter().map(|fault| fault.code()).collect(),
        }
    }

    #[test]
    fn work_that_has_not_ended_is_in_the_future() {
        assert_eq!(codes(2, 540, |_, _| ()), Vec::<&str>::new());
        assert_eq!(codes(2, 539, |_, _| ()), ["in_future"]);
        assert_eq!(codes(1, 1_439, |_, _| ()), ["in_future"]);
    }

    #[test]
    fn an_entry_is_open_for_three_calendar_days() {
        assert_eq!(codes(5, 1_439, |_, _| ()), Vec::<&str>::new());
        assert_eq!(codes(6, 0, |_, _| ()), ["entry_closed"]);
    }

    #[test]
    fn the_days_may_be_counted_as_working_days_instead() {
        let rules = ActivityRules {
            open_day_count: DayCount::Working,
            ..ActivityRules::default()
        };
        let friday = date(6);
        assert_eq!(rules.last_open_date(friday, is_weekday), date(11));
        assert_eq!(ActivityRules::default().last_open_date(friday, is_weekday), date(9));
    }

    #[test]
    fn a_returned_entry_is_open_from_the_day_of_its_return() {
        assert_eq!(
            codes(12, 0, |day, _| day.returned_on = Some(date(9))),
            Vec::<&str>::new()
        );
        assert_eq!(codes(13, 0, |day, _| day.returned_on = Some(date(9))), ["entry_closed"]);
    }

    #[test]
    fn nobody_files_work_on_leave_or_in_a_closed_month() {
        assert_eq!(codes(2, 600, |day, _| day.mode = WorkMode::Leave), ["on_leave"]);
        assert_eq!(codes(2, 600, |day, _| day.mode = WorkMode::Sick), ["on_leave"]);
        assert_eq!(
            codes(2, 600, |day, _| day.mode = WorkMode::Training),
            Vec::<&str>::new()
        );
        assert_eq!(codes(2, 600, |day, _| day.is_month_closed = true), ["month_closed"]);
    }

    #[test]
    fn hours_of_another_entry_are_taken_but_may_be_touched() {
        let taken = [span(400, 481)];
        assert_eq!(codes(2, 600, |day, _| day.others = &taken), ["overlap"]);
        let touching = [span(400, 480), span(540, 600)];
        assert_eq!(codes(2, 600, |day, _| day.others = &touching), Vec::<&str>::new());
    }

    #[test]
    fn a_review_is_due_by_the_third_working_day() {
        let rules = ActivityRules::default();
        assert_eq!(rules.last_review_date(date(2), is_weekday), date(5));
        assert_eq!(rules.last_review_date(date(5), is_weekday), date(10));
        assert_eq!(rules.last_review_date(date(7), is_weekday), date(11));
    }

    #[test]
    fn a_calendar_without_working_days_ends_the_search() {
        assert_eq!(
            plus_working_days(date(2), 3, |_| false),
            NaiveDate::from_ymd_opt(2027, 3, 3).unwrap()
        );
        assert_eq!(plus_working_days(date(2), 0, |_| false), date(2));
    }

    #[test]
    fn a_clock_is_read_and_written() {
        assert_eq!(parse_clock("07.30"), Some(450));
        assert_eq!(parse_clock("+7:30"), None);
        assert_eq!(parse_clock("23:59").map(clock), Some("23:59".to_owned()));
    }

    #[test]
    fn the_local_minute_is_counted_in_the_zone() {
        let at = Instant::parse("2026-03-01T17:05:00Z").unwrap();
        assert_eq!(
            LocalMoment::new(Zone::Jakarta, at),
            LocalMoment {
                date: date(2),
                minute: 5
            }
        );
    }

    proptest! {
        #[test]
        fn overlap_is_mutual_and_means_a_shared_minute(a in 0u16..1_440, b in 0u16..=1_440, c in 0u16..1_440, d in 0u16..=1_440) {
            if let (Some(one), Some(other)) = (DaySpan::new(a, b), DaySpan::new(c, d)) {
                let shares = (a..b).any(|minute| (c..d).contains(&minute));
                prop_assert_eq!(one.overlaps(other), shares);
                prop_assert_eq!(other.overlaps(one), shares);
            }
        }
    }
}
