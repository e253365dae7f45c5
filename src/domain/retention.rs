//! How long raw positions and shares are kept, by whole months: positions some days after their month, shares some years.

use crate::domain::month::Month;
use chrono::{Days, Months, NaiveDate};

/// Days after the end of a month for which its positions are kept where nothing else is set.
///
/// Long enough for an audit of the month and every reply in it. No regulation names a figure; UU 27/2022 asks that there
/// is one.
pub const DEFAULT_POSITION_DAYS: u16 = 90;

/// Years for which shares are kept where nothing else is set: as long as recaps and activities (domain.md 1.7, a proposal
/// without a source, hence a setting).
pub const DEFAULT_SHARE_YEARS: u16 = 5;

/// When positions and shares are forgotten.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Retention {
    position_days: u16,
    share_years: u16,
}

impl Default for Retention {
    fn default() -> Self {
        Self::of(DEFAULT_POSITION_DAYS, DEFAULT_SHARE_YEARS)
    }
}

impl Retention {
    /// Positions are kept for so many days after the last day of their month, shares for so many years after it, and never
    /// less long than their positions.
    pub const fn of(position_days: u16, share_years: u16) -> Self {
        Self {
            position_days,
            share_years,
        }
    }

    /// Years after the month.
    pub const fn share_years(self) -> u16 {
        self.share_years
    }

    /// The first day of the oldest month whose shares are still kept on `today`.
    pub fn shares_kept_from(self, today: NaiveDate) -> NaiveDate {
        let latest = today.checked_sub_months(Months::new(u32::from(self.share_years) * 12));
        let first = Month::of(latest.unwrap_or(NaiveDate::MIN)).first();
        first.min(self.positions_kept_from(today))
    }

    /// Days after the end of the month.
    pub const fn position_days(self) -> u16 {
        self.position_days
    }

    /// The first day of the oldest month whose positions are still kept on `today`. Months are forgotten as a whole.
    pub fn positions_kept_from(self, today: NaiveDate) -> NaiveDate {
        let latest = today.checked_sub_days(Days::new(u64::from(self.position_days)));
        Month::of(latest.unwrap_or(NaiveDate::MIN)).first()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept_from(days: u16, today: &str) -> String {
        let today = today.parse().unwrap();
        Retention::of(days, 5).positions_kept_from(today).to_string()
    }

    #[test]
    fn shares_are_kept_for_whole_years_and_never_less_long_than_positions() {
        let kept_from = |days, years, today: &str| {
            Retention::of(days, years)
                .shares_kept_from(today.parse().unwrap())
                .to_string()
        };
        assert_eq!(kept_from(90, 5, "2031-03-31"), "2026-03-01");
        assert_eq!(kept_from(90, 5, "2031-04-01"), "2026-04-01");
        assert_eq!(kept_from(90, 5, "2032-02-29"), "2027-02-01");
        assert_eq!(kept_from(3_650, 5, "2031-03-31"), "2021-04-01");
    }

    #[test]
    fn a_month_is_forgotten_on_the_day_after_its_last_day_of_keeping() {
        // March ends on the 31st; 90 days later it is 29 June.
        assert_eq!(kept_from(90, "2026-06-29"), "2026-03-01");
        assert_eq!(kept_from(90, "2026-06-30"), "2026-04-01");
        assert_eq!(Retention::default().position_days(), 90);
    }

    #[test]
    fn the_present_month_is_kept_whatever_is_set() {
        assert_eq!(kept_from(0, "2026-03-01"), "2026-03-01");
        assert_eq!(kept_from(0, "2026-03-31"), "2026-03-01");
        assert_eq!(kept_from(1, "2026-04-01"), "2026-03-01");
        assert_eq!(kept_from(1, "2026-04-02"), "2026-04-01");
    }

    #[test]
    fn february_of_a_leap_year_ends_a_day_later() {
        assert_eq!(kept_from(90, "2028-05-29"), "2028-02-01");
        assert_eq!(kept_from(90, "2028-05-30"), "2028-03-01");
    }
}
