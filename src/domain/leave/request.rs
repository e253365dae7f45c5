//! A request for leave held against the rules: kind and employment, service, dates, balance, other absences.

use crate::domain::leave::LeaveKind;
use crate::domain::leave::kind::Counting;
use crate::domain::leave::kind::LeaveKindRule;
use chrono::{Datelike, Days, Months, NaiveDate};
use serde::{Deserialize, Serialize};

/// How far ahead a leave may begin, days.
pub const FARTHEST_DAYS: u64 = 366;

/// Most days between the first and the last day of any leave: five years.
pub const LONGEST_DAYS: i64 = 1_830;

/// Dates of a leave, both inclusive.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Period {
    /// First day.
    pub first: NaiveDate,
    /// Last day.
    pub last: NaiveDate,
}

impl Period {
    /// Whether two periods share a day.
    pub fn overlaps(self, other: Self) -> bool {
        self.first <= other.last && other.first <= self.last
    }

    /// Days of the calendar.
    pub fn calendar_days(self) -> i32 {
        i32::try_from((self.last - self.first).num_days().saturating_add(1)).unwrap_or(i32::MAX)
    }

    /// Every date.
    pub fn dates(self) -> impl Iterator<Item = NaiveDate> {
        self.first.iter_days().take_while(move |date| *date <= self.last)
    }
}

/// What is wrong with dates before any rule is asked: what no table could allow.
pub fn check_reach(period: Period, today: NaiveDate) -> Result<(), RequestFault> {
    if period.last < period.first {
        return Err(RequestFault::EndsBeforeItBegins);
    }
    let earliest = today - Days::new(FARTHEST_DAYS);
    if period.first < earliest {
        return Err(RequestFault::TooFarBack { earliest });
    }
    let latest = today + Days::new(FARTHEST_DAYS);
    if period.first > latest {
        return Err(RequestFault::TooFarAhead { latest });
    }
    if (period.last - period.first).num_days() >= LONGEST_DAYS {
        return Err(RequestFault::TooLong { latest: None });
    }
    Ok(())
}

/// What a request is held against.
#[derive(Clone, Copy, Debug)]
pub struct Circumstances<'a> {
    /// What the kind gives to the person; nothing if it gives nothing.
    pub rule: Option<&'a LeaveKindRule>,
    /// The date at the person's place of duty.
    pub today: NaiveDate,
    /// First day of service, if it is known.
    pub service_from: Option<NaiveDate>,
    /// Days in the period on which the person would work.
    pub work_days: i32,
    /// What is left of the annual balance on the first day, without what other requests have spoken for.
    pub available: i32,
    /// The period with all leave of its kind that it goes on from, or that goes on from it, without a work day between.
    pub chain: Period,
    /// Other requests and granted leave.
    pub others: &'a [Period],
    /// Days on which the person is known to be away already.
    pub absent_on: Option<NaiveDate>,
}

/// Which rule a request does not meet. Each names its field.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum RequestFault {
    /// The kind is not for the person's employment.
    #[error("the kind of leave is not for this employment")]
    KindNotForEmployment,
    /// The kind comes by decree.
    #[error("the kind of leave is not asked for")]
    KindNotRequestable,
    /// The last day is before the first.
    #[error("the leave ends before it begins")]
    EndsBeforeItBegins,
    /// It begins too long ago.
    #[error("the leave begins too long ago")]
    TooFarBack {
        /// The earliest first day.
        earliest: NaiveDate,
    },
    /// It begins too far ahead.
    #[error("the leave begins too far ahead")]
    TooFarAhead {
        /// The latest first day.
        latest: NaiveDate,
    },
    /// It is longer than the kind allows.
    #[error("the leave is longer than its kind allows")]
    TooLong {
        /// The latest last day, where one is known.
        latest: Option<NaiveDate>,
    },
    /// Each part is short enough, but together with others without a work day between they are not.
    #[error("together with the leave beside it, it is longer than its kind allows")]
    TooLongTogether {
        /// The first day of all of it.
        first: NaiveDate,
        /// The latest last day.
        latest: NaiveDate,
    },
    /// Annual leave lies in one year: the days come off that year's balance.
    #[error("annual leave does not cross the turn of the year")]
    CrossesYear,
    /// Nobody would work on any of the days.
    #[error("none of the days is a work day")]
    NoWorkDay,
    /// It is not known how long the person has served.
    #[error("the first day of service is not known")]
    ServiceUnknown,
    /// Too little service.
    #[error("the service is too short")]
    ServiceTooShort {
        /// The day from which it is long enough.
        from: NaiveDate,
    },
    /// The balance has too few days.
    #[error("the balance has too few days")]
    OverBalance {
        /// How many are left.
        available: i32,
        /// How many were asked for.
        asked: i32,
    },
    /// It shares days with another request or granted leave.
    #[error("another leave has some of the days")]
    Overlap {
        /// That one's first day.
        first: NaiveDate,
        /// That one's last day.
        last: NaiveDate,
    },
    /// The person is away on one of the days already.
    #[error("the person is away on one of the days already")]
    AbsentAlready {
        /// The first such day.
        date: NaiveDate,
    },
    /// No rule says who decides.
    #[error("no signer rule fits")]
    NoAuthority,
}

impl RequestFault {
    /// The field of the request that it is about.
    pub const fn field(self) -> &'static str {
        match self {
            Self::KindNotForEmployment
            | Self::KindNotRequestable
            | Self::ServiceUnknown
            | Self::ServiceTooShort { .. }
            | Self::NoAuthority => "kind",
            Self::TooFarBack { .. }
            | Self::TooFarAhead { .. }
            | Self::NoWorkDay
            | Self::Overlap { .. }
            | Self::AbsentAlready { .. } => "from",
            Self::EndsBeforeItBegins
            | Self::TooLong { .. }
            | Self::TooLongTogether { .. }
            | Self::CrossesYear
            | Self::OverBalance { .. } => "to",
        }
    }

    /// The stable name of the rule.
    pub const fn code(self) -> &'static str {
        match self {
            Self::KindNotForEmployment => "kind_not_for_employment",
            Self::KindNotRequestable => "kind_not_requestable",
            Self::EndsBeforeItBegins => "before_from",
            Self::TooFarBack { .. } => "too_far_back",
            Self::TooFarAhead { .. } => "too_far_ahead",
            Self::TooLong { .. } => "too_long",
            Self::TooLongTogether { .. } => "too_long_together",
            Self::CrossesYear => "crosses_year",
            Self::NoWorkDay => "no_work_day",
            Self::ServiceUnknown => "service_unknown",
            Self::ServiceTooShort { .. } => "service_too_short",
            Self::OverBalance { .. } => "over_balance",
            Self::Overlap { .. } => "overlap",
            Self::AbsentAlready { .. } => "absent_already",
            Self::NoAuthority => "no_authority",
        }
    }
}

/// A period with all the others that it joins up with, or that those join up with: two join where they touch, or where
/// nobody works on any day between them.
pub fn chained(period: Period, others: &[Period], mut is_workless: impl FnMut(Period) -> bool) -> Period {
    let mut chain = period;
    let mut left: Vec<Period> = others.to_vec();
    loop {
        let mut joins = |other: &Period| match between(chain, *other) {
            None => true,
            Some(gap) => is_workless(gap),
        };
        let Some(index) = left.iter().position(&mut joins) else {
            return chain;
        };
        let other = left.swap_remove(index);
        chain = Period {
            first: chain.first.min(other.first),
            last: chain.last.max(other.last),
        };
    }
}

/// The days between two periods; none where they touch or overlap.
fn between(one: Period, other: Period) -> Option<Period> {
    let (early, late) = if one.first <= other.first {
        (one, other)
    } else {
        (other, one)
    };
    let gap = Period {
        first: early.last.succ_opt()?,
        last: late.first.pred_opt()?,
    };
    (gap.first <= gap.last).then_some(gap)
}

/// Days that a request asks for: work days of a kind that is counted so, else days of the calendar.
pub fn counted_days(rule: &LeaveKindRule, period: Period, work_days: i32) -> i32 {
    match rule.counting {
        Counting::WorkDays => work_days,
        Counting::CalendarDays => period.calendar_days(),
    }
}

/// Every rule that a request does not meet; none if it may go on.
pub fn check(kind: LeaveKind, period: Period, about: &Circumstances<'_>) -> Vec<RequestFault> {
    let Some(rule) = about.rule else {
        return vec![RequestFault::KindNotForEmployment];
    };
    if !rule.is_requestable || kind == LeaveKind::Joint {
        return vec![RequestFault::KindNotRequestable];
    }
    let mut faults = Vec::new();
    if let Err(fault) = check_reach(period, about.today) {
        return vec![fault];
    }
    let earliest = about.today - Days::new(u64::from(rule.may_begin_days_ago));
    if period.first < earliest {
        faults.push(RequestFault::TooFarBack { earliest });
    }
    let latest = rule.latest_day(period.first);
    if rule.counting == Counting::CalendarDays && period.last > latest {
        faults.push(RequestFault::TooLong { latest: Some(latest) });
    } else if rule.counting == Counting::CalendarDays {
        let (first, latest) = (about.chain.first, rule.latest_day(about.chain.first));
        if about.chain.last > latest {
            faults.push(RequestFault::TooLongTogether { first, latest });
        }
    }
    if about.work_days == 0 {
        faults.push(RequestFault::NoWorkDay);
    }
    faults.extend(check_service(rule, period.first, about.service_from));
    if rule.consumes_balance {
        let asked = counted_days(rule, period, about.work_days);
        if period.first.year() != period.last.year() {
            faults.push(RequestFault::CrossesYear);
        } else if asked > about.available {
            faults.push(RequestFault::OverBalance {
                available: about.available,
                asked,
            });
        }
    }
    if let Some(other) = about.others.iter().find(|other| other.overlaps(period)) {
        faults.push(RequestFault::Overlap {
            first: other.first,
            last: other.last,
        });
    } else if let Some(date) = about.absent_on {
        faults.push(RequestFault::AbsentAlready { date });
    }
    faults
}

fn check_service(rule: &LeaveKindRule, first: NaiveDate, service_from: Option<NaiveDate>) -> Option<RequestFault> {
    if rule.min_service_months == 0 {
        return None;
    }
    let Some(service_from) = service_from else {
        return Some(RequestFault::ServiceUnknown);
    };
    let from = service_from
        .checked_add_months(Months::new(u32::from(rule.min_service_months)))
        .unwrap_or(service_from);
    (first < from).then_some(RequestFault::ServiceTooShort { from })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::employee_number::EmployeeNumberKind;
    use crate::domain::leave::kind::{find, shipped};
    use proptest::prelude::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn period(first: &str, last: &str) -> Period {
        Period {
            first: day(first),
            last: day(last),
        }
    }

    fn faults(kind: LeaveKind, period: Period, change: impl Fn(&mut Circumstances<'_>)) -> Vec<&'static str> {
        let table = shipped();
        let mut about = Circumstances {
            rule: find(&table, kind, EmployeeNumberKind::Pns),
            today: day("2026-03-02"),
            service_from: Some(day("2010-05-01")),
            work_days: 3,
            available: 12,
            chain: period,
            others: &[],
            absent_on: None,
        };
        change(&mut about);
        check(kind, period, &about)
            .into_iter()
            .map(RequestFault::code)
            .collect()
    }

    #[test]
    fn a_sound_request_has_no_fault() {
        let three = period("2026-03-09", "2026-03-11");
        assert_eq!(faults(LeaveKind::Annual, three, |_| {}), [""; 0]);
        assert_eq!(faults(LeaveKind::Maternity, three, |_| {}), [""; 0]);
    }

    #[test]
    fn the_balance_and_the_year_bound_annual_leave_only() {
        let three = period("2026-03-09", "2026-03-11");
        let over = |about: &mut Circumstances<'_>| about.available = 2;
        assert_eq!(faults(LeaveKind::Annual, three, over), ["over_balance"]);
        assert_eq!(faults(LeaveKind::Sick, three, over), [""; 0]);
        let exact = |about: &mut Circumstances<'_>| about.available = 3;
        assert_eq!(faults(LeaveKind::Annual, three, exact), [""; 0]);
        let over_new_year = period("2026-12-30", "2027-01-04");
        assert_eq!(faults(LeaveKind::Annual, over_new_year, |_| {}), ["crosses_year"]);
        assert_eq!(faults(LeaveKind::Maternity, over_new_year, |_| {}), [""; 0]);
    }

    #[test]
    fn dates_are_bounded_on_both_sides_and_in_length() {
        let annual = |first, last| faults(LeaveKind::Annual, period(first, last), |_| {});
        assert_eq!(annual("2026-03-02", "2026-03-02"), [""; 0]);
        assert_eq!(annual("2026-03-01", "2026-03-02"), ["too_far_back"]);
        assert_eq!(annual("2026-03-04", "2026-03-03"), ["before_from"]);
        assert_eq!(annual("2027-03-03", "2027-03-04"), [""; 0]);
        assert_eq!(annual("2027-03-04", "2027-03-04"), ["too_far_ahead"]);
        let sick = |first, last| faults(LeaveKind::Sick, period(first, last), |_| {});
        assert_eq!(sick("2026-01-30", "2027-01-29"), [""; 0]);
        assert_eq!(sick("2026-01-30", "2027-01-30"), ["too_long"]);
        assert_eq!(sick("2026-01-29", "2026-02-02"), ["too_far_back"]);
        assert_eq!(sick("2026-03-02", "2032-03-02"), ["too_long"]);
    }

    #[test]
    fn service_must_be_known_and_long_enough_on_the_first_day() {
        let three = period("2026-03-09", "2026-03-11");
        assert_eq!(
            faults(LeaveKind::Long, three, |about| about.service_from = None),
            ["service_unknown"]
        );
        let since = |text: &'static str| move |about: &mut Circumstances<'_>| about.service_from = Some(day(text));
        assert_eq!(
            faults(LeaveKind::Long, three, since("2021-03-10")),
            ["service_too_short"]
        );
        assert_eq!(faults(LeaveKind::Long, three, since("2021-03-09")), [""; 0]);
        assert_eq!(faults(LeaveKind::Sick, three, since("2026-03-01")), [""; 0]);
    }

    #[test]
    fn parts_of_a_leave_are_together_no_longer_than_its_kind() {
        let second = period("2027-03-02", "2027-03-05");
        let with = |first: &str| {
            let chain = period(first, "2027-03-05");
            faults(LeaveKind::Sick, second, |about| {
                about.today = day("2027-03-01");
                about.chain = chain;
            })
        };
        assert_eq!(with("2026-03-06"), [""; 0]);
        assert_eq!(with("2026-03-05"), ["too_long_together"]);
        // Annual leave is bounded by its balance, not by its length.
        let annual = period("2026-03-09", "2026-03-11");
        let chain = period("2026-01-05", "2026-03-11");
        assert_eq!(faults(LeaveKind::Annual, annual, |about| about.chain = chain), [""; 0]);
    }

    #[test]
    fn leave_joins_up_over_days_on_which_nobody_works() {
        use chrono::Weekday;
        let is_weekend = |gap: Period| {
            let mut dates = gap.dates();
            dates.all(|date| matches!(date.weekday(), Weekday::Sat | Weekday::Sun))
        };
        let last = period("2026-03-16", "2026-03-20");
        let earlier = [
            period("2026-02-23", "2026-02-27"),
            period("2026-03-09", "2026-03-13"),
            period("2026-03-02", "2026-03-04"),
            period("2026-03-05", "2026-03-06"),
        ];
        assert_eq!(chained(last, &earlier, is_weekend), period("2026-02-23", "2026-03-20"));
        assert_eq!(chained(last, &earlier[..1], is_weekend), last);
        assert_eq!(chained(last, &[], is_weekend), last);
        assert_eq!(
            chained(earlier[3], &[earlier[2]], |_| false),
            period("2026-03-02", "2026-03-06")
        );
    }

    #[test]
    fn nobody_is_away_twice() {
        let three = period("2026-03-09", "2026-03-11");
        let others = [period("2026-03-11", "2026-03-20")];
        let table = shipped();
        let about = Circumstances {
            rule: find(&table, LeaveKind::Annual, EmployeeNumberKind::Pns),
            today: day("2026-03-02"),
            service_from: Some(day("2010-05-01")),
            work_days: 3,
            available: 12,
            chain: three,
            others: &others,
            absent_on: None,
        };
        let overlap = RequestFault::Overlap {
            first: day("2026-03-11"),
            last: day("2026-03-20"),
        };
        assert_eq!(check(LeaveKind::Annual, three, &about), [overlap]);
        assert_eq!(overlap.field(), "from");
        let beside = period("2026-03-09", "2026-03-10");
        assert_eq!(check(LeaveKind::Annual, beside, &about), []);
        assert_eq!(
            faults(LeaveKind::Annual, three, |about| about.absent_on =
                Some(day("2026-03-09"))),
            ["absent_already"]
        );
    }

    #[test]
    fn kinds_are_for_those_whom_the_table_names() {
        let three = period("2026-03-09", "2026-03-11");
        assert_eq!(
            faults(LeaveKind::Long, three, |about| about.rule = None),
            ["kind_not_for_employment"]
        );
        assert_eq!(faults(LeaveKind::Joint, three, |_| {}), ["kind_not_requestable"]);
        assert_eq!(
            faults(LeaveKind::Annual, three, |about| about.work_days = 0),
            ["no_work_day"]
        );
    }

    proptest! {
        #[test]
        fn periods_overlap_when_they_share_a_date(first in 0_u64..40, length in 0_u64..10, other in 0_u64..40, long in 0_u64..10) {
            let at = |days: u64| day("2026-03-01") + Days::new(days);
            let one = Period { first: at(first), last: at(first + length) };
            let two = Period { first: at(other), last: at(other + long) };
            let shared = one.dates().any(|date| two.dates().any(|same| same == date));
            prop_assert_eq!(one.overlaps(two), shared);
            prop_assert_eq!(one.dates().count(), usize::try_from(one.calendar_days()).unwrap());
        }
    }
}
