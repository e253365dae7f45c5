//! A journey held against what it must meet: its dates, other journeys, absences, and bans that nobody can lift.

use crate::domain::duty_travel::ban::Restriction;
use crate::domain::duty_travel::period::TravelPeriod;
use chrono::{Days, NaiveDate};

/// How far ahead a journey may begin, days.
pub const FARTHEST_DAYS: u64 = 366;
/// How long ago a journey may have begun when it is asked for, days: as long as shares of its days are taken.
pub const LATEST_DAYS_AGO: u64 = 31;
/// Most days of one journey. A figure of our own, from no regulation.
pub const LONGEST_DAYS: i64 = 92;

/// What a journey is held against.
#[derive(Clone, Copy, Debug)]
pub struct Circumstances<'a> {
    /// The date at the traveller's agency on the day of asking.
    pub today: NaiveDate,
    /// Days in the period on which the person would work.
    pub work_days: usize,
    /// Other journeys whose days are spoken for.
    pub others: &'a [TravelPeriod],
    /// The first day on which the person is known to be on leave or ill.
    pub absent_on: Option<NaiveDate>,
    /// What circulars say.
    pub restrictions: &'a [Restriction],
}

/// Which rule a journey does not meet. Each names its field.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum TravelFault {
    /// The table of regions does not hold the destination.
    #[error("the destination is no known region")]
    UnknownRegion,
    /// A journey of several days does not begin in the morning only.
    #[error("a journey of several days begins with the whole day or its afternoon")]
    FirstSlotsNotFitting,
    /// A journey of several days does not end in the afternoon only, and one of a single day has one part.
    #[error("a journey of several days ends with the whole day or its morning, one of a single day has one part")]
    LastSlotsNotFitting,
    /// The last day is before the first.
    #[error("the journey ends before it begins")]
    EndsBeforeItBegins,
    /// It began too long ago.
    #[error("the journey began too long ago")]
    TooFarBack {
        /// The earliest first day.
        earliest: NaiveDate,
    },
    /// It begins too far ahead.
    #[error("the journey begins too far ahead")]
    TooFarAhead {
        /// The latest first day.
        latest: NaiveDate,
    },
    /// It is longer than [`LONGEST_DAYS`].
    #[error("the journey is too long")]
    TooLong,
    /// Nobody would work on any of the days.
    #[error("none of the days is a work day")]
    NoWorkDay,
    /// Another journey has some of the days.
    #[error("another journey has some of the days")]
    Overlap {
        /// That one's first day.
        first: NaiveDate,
        /// That one's last day.
        last: NaiveDate,
    },
    /// The person is on leave or ill on one of the days.
    #[error("the person is away on one of the days already")]
    AbsentAlready {
        /// The first such day.
        date: NaiveDate,
    },
    /// A circular bans it, and nobody can except from that here.
    #[error("circular {number} bans the journey")]
    Banned {
        /// The circular's number.
        number: String,
        /// Who may except, as the circular words it.
        approver: Option<String>,
    },
}

impl TravelFault {
    /// The field of the request that it is about.
    pub const fn field(&self) -> &'static str {
        match self {
            Self::UnknownRegion | Self::Banned { .. } => "destination_code",
            Self::TooFarBack { .. }
            | Self::TooFarAhead { .. }
            | Self::NoWorkDay
            | Self::Overlap { .. }
            | Self::AbsentAlready { .. } => "from",
            Self::EndsBeforeItBegins | Self::TooLong => "to",
            Self::FirstSlotsNotFitting => "from_slots",
            Self::LastSlotsNotFitting => "to_slots",
        }
    }

    /// The stable name of the rule.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::UnknownRegion => "unknown_region",
            Self::FirstSlotsNotFitting | Self::LastSlotsNotFitting => "not_fitting",
            Self::EndsBeforeItBegins => "before_from",
            Self::TooFarBack { .. } => "too_far_back",
            Self::TooFarAhead { .. } => "too_far_ahead",
            Self::TooLong => "too_long",
            Self::NoWorkDay => "no_work_day",
            Self::Overlap { .. } => "overlap",
            Self::AbsentAlready { .. } => "absent_already",
            Self::Banned { .. } => "travel_banned",
        }
    }
}

/// What is wrong with dates before any rule is asked.
pub fn check_reach(travel: TravelPeriod, today: NaiveDate) -> Result<(), TravelFault> {
    let period = travel.period;
    if period.last < period.first {
        return Err(TravelFault::EndsBeforeItBegins);
    }
    let earliest = today - Days::new(LATEST_DAYS_AGO);
    if period.first < earliest {
        return Err(TravelFault::TooFarBack { earliest });
    }
    let latest = today + Days::new(FARTHEST_DAYS);
    if period.first > latest {
        return Err(TravelFault::TooFarAhead { latest });
    }
    if (period.last - period.first).num_days() >= LONGEST_DAYS {
        return Err(TravelFault::TooLong);
    }
    travel.fault().map_or(Ok(()), Err)
}

/// Every rule that a journey does not meet when it is handed in; none if it may go on. A ban that somebody can except
/// from holds the decision, not the handing in.
pub fn check(travel: TravelPeriod, about: &Circumstances<'_>) -> Vec<TravelFault> {
    if let Err(fault) = check_reach(travel, about.today) {
        return vec![fault];
    }
    let mut faults = Vec::new();
    if about.work_days == 0 {
        faults.push(TravelFault::NoWorkDay);
    }
    if let Some(other) = about.others.iter().find(|other| travel.overlaps(**other)) {
        faults.push(TravelFault::Overlap {
            first: other.period.first,
            last: other.period.last,
        });
    }
    if let Some(date) = about.absent_on {
        faults.push(TravelFault::AbsentAlready { date });
    }
    let unliftable = |told: &&Restriction| told.is_ban && told.role.is_none();
    faults.extend(about.restrictions.iter().find(unliftable).map(banned));
    faults
}

/// The ban of a circular as a fault.
pub fn banned(told: &Restriction) -> TravelFault {
    TravelFault::Banned {
        number: told.circular_number.clone(),
        approver: told.approver.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::access::Role;
    use crate::domain::ids::CircularId;
    use crate::domain::leave::request::Period;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn period(first: &str, last: &str) -> TravelPeriod {
        TravelPeriod::of_days(Period {
            first: day(first),
            last: day(last),
        })
    }

    fn about<'a>() -> Circumstances<'a> {
        Circumstances {
            today: day("2026-03-02"),
            work_days: 2,
            others: &[],
            absent_on: None,
            restrictions: &[],
        }
    }

    fn codes(period: TravelPeriod, about: &Circumstances<'_>) -> Vec<&'static str> {
        check(period, about).iter().map(TravelFault::code).collect()
    }

    fn ban(role: Option<Role>) -> Restriction {
        Restriction {
            circular_id: CircularId::new(Uuid::from_u128(1)),
            circular_number: "800/2688-BKD/2020".to_owned(),
            is_ban: true,
            approver: None,
            role,
        }
    }

    #[test]
    fn dates_have_limits() {
        let about = about();
        assert_eq!(codes(period("2026-03-09", "2026-03-10"), &about), [""; 0]);
        assert_eq!(codes(period("2026-03-09", "2026-03-08"), &about), ["before_from"]);
        assert_eq!(codes(period("2026-01-30", "2026-03-02"), &about), [""; 0]);
        assert_eq!(codes(period("2026-01-29", "2026-03-02"), &about), ["too_far_back"]);
        assert_eq!(codes(period("2027-03-03", "2027-03-03"), &about), [""; 0]);
        assert_eq!(codes(period("2027-03-04", "2027-03-04"), &about), ["too_far_ahead"]);
        assert_eq!(codes(period("2026-03-09", "2026-06-08"), &about), [""; 0]);
        assert_eq!(codes(period("2026-03-09", "2026-06-09"), &about), ["too_long"]);
    }

    #[test]
    fn a_journey_needs_a_work_day_of_its_own() {
        let others = [period("2026-03-10", "2026-03-12")];
        let busy = Circumstances {
            work_days: 0,
            others: &others,
            absent_on: Some(day("2026-03-10")),
            ..about()
        };
        assert_eq!(
            codes(period("2026-03-09", "2026-03-10"), &busy),
            ["no_work_day", "overlap", "absent_already"]
        );
        let free = Circumstances {
            others: &others,
            ..about()
        };
        assert_eq!(codes(period("2026-03-08", "2026-03-09"), &free), [""; 0]);
    }

    #[test]
    fn a_ban_that_somebody_can_lift_waits_and_another_one_refuses() {
        let travel = period("2026-03-09", "2026-03-10");
        let liftable = [ban(Some(Role::AgencyHead))];
        let about = |restrictions| Circumstances {
            restrictions,
            ..about()
        };
        assert_eq!(codes(travel, &about(&liftable)), [""; 0]);
        let absolute = [ban(None)];
        let faults = check(travel, &about(&absolute));
        assert_eq!(
            faults,
            [TravelFault::Banned {
                number: "800/2688-BKD/2020".to_owned(),
                approver: None
            }]
        );
        assert_eq!(
            (faults[0].field(), faults[0].code()),
            ("destination_code", "travel_banned")
        );
    }

    proptest! {
        #[test]
        fn whatever_overlaps_shares_a_day(first in 0..40u64, length in 0..10u64, other in 0..40u64, its_length in 0..10u64) {
            let from = |start: u64, length: u64| TravelPeriod::of_days(Period {
                first: day("2026-03-02") + Days::new(start),
                last: day("2026-03-02") + Days::new(start + length),
            });
            let (travel, other) = (from(first, length), from(other, its_length));
            let shares_a_day = travel.period.dates().any(|date| other.period.dates().any(|its| its == date));
            let others = [other];
            let about = Circumstances { others: &others, ..about() };
            prop_assert_eq!(codes(travel, &about).contains(&"overlap"), shares_a_day);
        }
    }
}
