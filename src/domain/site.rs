//! Offices and duty posts, and what makes a fence usable.

use crate::domain::place::Fence;
use crate::domain::place::Position;
use crate::domain::ring;
use crate::domain::ring::RingFault;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Metres around an office where nothing else is said (design section 5).
pub const DEFAULT_RADIUS_METRES: u32 = 100;
/// The smallest and the largest radius of a fence.
pub const RADIUS_METRES: std::ops::RangeInclusive<u32> = 10..=5_000;
/// The fewest and the most corners of a fence.
pub const CORNERS: std::ops::RangeInclusive<usize> = 3..=500;
/// No fence is wider than this between two of its corners.
const WIDEST_METRES: f64 = 20_000.0;

/// What people do there.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SiteKind {
    /// Where the agency or a unit sits.
    #[default]
    Office,
    /// Where people stand duty away from it.
    DutyPost,
}

impl SiteKind {
    /// Every kind, in the order of the documentation.
    pub const ALL: [Self; 2] = [Self::Office, Self::DutyPost];

    /// The spelling in columns, JSON and files.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Office => "office",
            Self::DutyPost => "duty_post",
        }
    }

    /// The inverse of [`SiteKind::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// Why a site can't be stored.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum SiteError {
    /// The radius is not between 10 and 5,000 m.
    #[error("the radius is not between 10 and 5,000 m")]
    Radius,
    /// Fewer than 3 or more than 500 corners.
    #[error("a fence has 3 to 500 corners")]
    Corners,
    /// Two neighbouring corners are the same point; the last must not repeat the first.
    #[error("two neighbouring corners are the same point")]
    RepeatedCorner,
    /// Two edges cross, so inside and outside are not told apart.
    #[error("the edges of the fence cross")]
    Crossing,
    /// Wider than 20 km.
    #[error("the fence is wider than 20 km")]
    TooWide,
    /// The last day comes before the first.
    #[error("the last day comes before the first")]
    Dates,
}

/// Checks a fence before it is stored.
pub fn check_fence(fence: &Fence) -> Result<(), SiteError> {
    match fence {
        Fence::Circle { radius_metres, .. } if RADIUS_METRES.contains(radius_metres) => Ok(()),
        Fence::Circle { .. } => Err(SiteError::Radius),
        Fence::Polygon { corners } => check_corners(corners),
    }
}

/// Checks the days on which a site is used; an open end is the present.
pub fn check_days(valid_from: NaiveDate, valid_to: Option<NaiveDate>) -> Result<(), SiteError> {
    if valid_to.is_some_and(|to| to < valid_from) {
        return Err(SiteError::Dates);
    }
    Ok(())
}

fn check_corners(corners: &[Position]) -> Result<(), SiteError> {
    if !CORNERS.contains(&corners.len()) {
        return Err(SiteError::Corners);
    }
    let first = corners.first().copied();
    if first.is_some_and(|first| {
        corners
            .iter()
            .any(|corner| corner.distance_metres(first) > WIDEST_METRES)
    }) {
        return Err(SiteError::TooWide);
    }
    ring::check(corners).map_err(|fault| match fault {
        RingFault::RepeatedCorner => SiteError::RepeatedCorner,
        RingFault::Crossing => SiteError::Crossing,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ring::cross;
    use proptest::prelude::*;

    /// A corner so many units of 1e-4 degree (about 11 m) north and east of an office in Serang.
    fn corner(north: i32, east: i32) -> Position {
        Position::from_degrees(-6.12 + f64::from(north) * 1e-4, 106.15 + f64::from(east) * 1e-4).unwrap()
    }

    fn polygon(corners: &[(i32, i32)]) -> Result<(), SiteError> {
        check_fence(&Fence::Polygon {
            corners: corners.iter().map(|(north, east)| corner(*north, *east)).collect(),
        })
    }

    #[test]
    fn a_circle_needs_a_radius_within_its_edges() {
        let circle = |radius_metres| {
            check_fence(&Fence::Circle {
                centre: corner(0, 0),
                radius_metres,
            })
        };
        assert_eq!((circle(10), circle(5_000)), (Ok(()), Ok(())));
        assert_eq!(
            (circle(9), circle(5_001)),
            (Err(SiteError::Radius), Err(SiteError::Radius))
        );
    }

    #[test]
    fn a_polygon_may_be_concave_and_turn_either_way() {
        let arrow = [(0, 0), (4, 2), (0, 4), (1, 2)];
        assert_eq!(polygon(&arrow), Ok(()));
        let turned: Vec<_> = arrow.iter().rev().copied().collect();
        assert_eq!(polygon(&turned), Ok(()));
    }

    #[test]
    fn a_polygon_that_can_not_be_judged_is_refused() {
        assert_eq!(polygon(&[(0, 0), (1, 1)]), Err(SiteError::Corners));
        assert_eq!(
            polygon(&[(0, 0), (0, 2), (2, 2), (0, 0)]),
            Err(SiteError::RepeatedCorner)
        );
        assert_eq!(polygon(&[(0, 0), (2, 2), (0, 2), (2, 0)]), Err(SiteError::Crossing));
        assert_eq!(polygon(&[(0, 0), (1, 1), (2, 2)]), Err(SiteError::Crossing));
        assert_eq!(
            polygon(&[(0, 0), (0, 4), (4, 4), (0, 2), (4, 0)]),
            Err(SiteError::Crossing)
        );
        assert_eq!(polygon(&[(0, 0), (0, 9_000), (10, 0)]), Err(SiteError::TooWide));
    }

    #[test]
    fn five_hundred_corners_are_taken_and_one_more_is_not() {
        let comb = |teeth: i32| {
            let mut corners: Vec<(i32, i32)> = (0..teeth).map(|tooth| (1 + tooth % 2, tooth)).collect();
            corners.push((0, teeth));
            corners.push((0, -1));
            polygon(&corners)
        };
        assert_eq!(comb(498), Ok(()));
        assert_eq!(comb(499), Err(SiteError::Corners));
    }

    #[test]
    fn the_last_day_does_not_come_before_the_first() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        assert_eq!(check_days(day("2026-03-02"), Some(day("2026-03-02"))), Ok(()));
        assert_eq!(
            check_days(day("2026-03-02"), Some(day("2026-03-01"))),
            Err(SiteError::Dates)
        );
        assert_eq!(check_days(day("2026-03-02"), None), Ok(()));
    }

    proptest! {
        #[test]
        fn every_triangle_with_an_area_is_taken(a in (0..50, 0..50), b in (0..50, 0..50), c in (0..50, 0..50)) {
            let area = cross(corner(a.0, a.1), corner(b.0, b.1), corner(c.0, c.1));
            prop_assert_eq!(polygon(&[a, b, c]).is_ok(), area != 0);
        }
    }
}
