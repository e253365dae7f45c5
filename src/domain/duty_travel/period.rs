//! When a journey is: its dates, and which part of the first and of the last of them.

use crate::domain::duty_travel::request::TravelFault;
use crate::domain::half::DayPart;
use crate::domain::leave::request::Period;
use chrono::NaiveDate;
use serde::Serialize;

/// Dates of a journey. It may begin at noon of its first day and end at noon of its last; one of a single day may be either
/// half of it.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
pub struct TravelPeriod {
    /// First and last day.
    pub period: Period,
    /// Which part of the first day: all of it, or its afternoon.
    pub first_slots: DayPart,
    /// Which part of the last day: all of it, or its morning. Of a journey of one day the same as `first_slots`.
    pub last_slots: DayPart,
}

impl TravelPeriod {
    /// Whole days.
    pub const fn of_days(period: Period) -> Self {
        Self {
            period,
            first_slots: DayPart::All,
            last_slots: DayPart::All,
        }
    }

    /// The part of a date that belongs to the journey, if any does.
    pub fn part_on(self, date: NaiveDate) -> Option<DayPart> {
        let Period { first, last } = self.period;
        if date < first || date > last {
            None
        } else if date == first {
            Some(self.first_slots)
        } else if date == last {
            Some(self.last_slots)
        } else {
            Some(DayPart::All)
        }
    }

    /// Every date with the part of it.
    pub fn days(self) -> impl Iterator<Item = (NaiveDate, DayPart)> {
        self.period
            .dates()
            .filter_map(move |date| Some((date, self.part_on(date)?)))
    }

    /// Whether two journeys have half a day in common.
    pub fn overlaps(self, other: Self) -> bool {
        self.days()
            .any(|(date, part)| other.part_on(date).is_some_and(|its| its.meets(part)))
    }

    /// What is wrong with the parts: a journey has no gap.
    pub fn fault(self) -> Option<TravelFault> {
        if self.period.first == self.period.last {
            let differs = self.first_slots != self.last_slots;
            return differs.then_some(TravelFault::LastSlotsNotFitting);
        }
        if self.first_slots == DayPart::Morning {
            Some(TravelFault::FirstSlotsNotFitting)
        } else if self.last_slots == DayPart::Afternoon {
            Some(TravelFault::LastSlotsNotFitting)
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn journey(first: &str, first_slots: DayPart, last: &str, last_slots: DayPart) -> TravelPeriod {
        TravelPeriod {
            period: Period {
                first: first.parse().unwrap(),
                last: last.parse().unwrap(),
            },
            first_slots,
            last_slots,
        }
    }

    #[test]
    fn one_journey_may_begin_in_the_half_after_another_has_ended() {
        let first = journey("2026-03-09", DayPart::All, "2026-03-10", DayPart::Morning);
        let next = journey("2026-03-10", DayPart::Afternoon, "2026-03-11", DayPart::All);
        assert!(!first.overlaps(next) && !next.overlaps(first));
        let whole = journey("2026-03-10", DayPart::All, "2026-03-11", DayPart::All);
        assert!(first.overlaps(whole) && whole.overlaps(first));
        let days: Vec<DayPart> = first.days().map(|(_, part)| part).collect();
        assert_eq!(days, [DayPart::All, DayPart::Morning]);
    }

    #[test]
    fn a_journey_has_no_gap() {
        let fault = |first, last| journey("2026-03-09", first, "2026-03-10", last).fault();
        assert_eq!(fault(DayPart::Afternoon, DayPart::Morning), None);
        assert_eq!(
            fault(DayPart::Morning, DayPart::All),
            Some(TravelFault::FirstSlotsNotFitting)
        );
        assert_eq!(
            fault(DayPart::All, DayPart::Afternoon),
            Some(TravelFault::LastSlotsNotFitting)
        );
        for part in DayPart::ALL {
            assert_eq!(journey("2026-03-09", part, "2026-03-09", part).fault(), None);
        }
        let torn = journey("2026-03-09", DayPart::Morning, "2026-03-09", DayPart::All);
        assert_eq!(torn.fault(), Some(TravelFault::LastSlotsNotFitting));
    }
}
