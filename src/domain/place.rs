//! Positions, fences and the outcome of place with its uncertainty. The only room that names geo.

use geo::{Contains, Distance, Geodesic, Point, Polygon};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Accuracy that a third-party channel without one is judged with, metres (domain.md 2.4).
pub const ASSUMED_ACCURACY_METRES: f64 = 50.0;
/// Above this accuracy a share says nothing about the place, metres (design section 5).
pub const USABLE_ACCURACY_METRES: f64 = 2_000.0;

/// A point on WGS 84 in whole 1e-7 degrees (about 1.1 cm), the only form in which positions are stored.
#[derive(Clone, Copy, Eq, Hash, PartialEq, Serialize, Deserialize)]
pub struct Position {
    latitude_e7: i32,
    longitude_e7: i32,
}

/// What is wrong with a pair of coordinates.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum PositionError {
    /// Not a finite number from -90 to 90.
    #[error("latitude is not between -90 and 90")]
    Latitude,
    /// Not a finite number from -180 to 180.
    #[error("longitude is not between -180 and 180")]
    Longitude,
    /// (0, 0): what phones send when they know nothing.
    #[error("latitude and longitude are both zero")]
    NullIsland,
}

impl Position {
    /// From degrees, rounded to 1e-7.
    pub fn from_degrees(latitude: f64, longitude: f64) -> Result<Self, PositionError> {
        let latitude_e7 = scaled(latitude, 90.0).ok_or(PositionError::Latitude)?;
        let longitude_e7 = scaled(longitude, 180.0).ok_or(PositionError::Longitude)?;
        if latitude_e7 == 0 && longitude_e7 == 0 {
            return Err(PositionError::NullIsland);
        }
        Ok(Self {
            latitude_e7,
            longitude_e7,
        })
    }

    /// From stored integers; `None` outside the globe.
    pub fn from_e7(latitude_e7: i32, longitude_e7: i32) -> Option<Self> {
        let fits = latitude_e7.unsigned_abs() <= 900_000_000 && longitude_e7.unsigned_abs() <= 1_800_000_000;
        fits.then_some(Self {
            latitude_e7,
            longitude_e7,
        })
    }

    /// Latitude in 1e-7 degrees.
    pub const fn latitude_e7(self) -> i32 {
        self.latitude_e7
    }

    /// Longitude in 1e-7 degrees.
    pub const fn longitude_e7(self) -> i32 {
        self.longitude_e7
    }

    /// Latitude in degrees.
    pub fn latitude(self) -> f64 {
        f64::from(self.latitude_e7) / 1e7
    }

    /// Longitude in degrees.
    pub fn longitude(self) -> f64 {
        f64::from(self.longitude_e7) / 1e7
    }

    /// Metres along the WGS 84 geodesic.
    ///
    /// The exact one, not the haversine: on the sphere a home 200 m away is off by up to 0.56 % (1.1 m), enough to
    /// turn an outcome at the rim, and the exact one costs half a microsecond.
    pub fn distance_metres(self, other: Self) -> f64 {
        Geodesic.distance(self.point(), other.point())
    }

    fn point(self) -> Point<f64> {
        Point::new(self.longitude(), self.latitude())
    }
}

fn scaled(degrees: f64, limit: f64) -> Option<i32> {
    let is_inside = degrees.is_finite() && degrees.abs() <= limit;
    #[expect(
        clippy::as_conversions,
        clippy::cast_possible_truncation,
        reason = "at most 1.8e9 in magnitude, which fits"
    )]
    is_inside.then(|| (degrees * 1e7).round() as i32)
}

/// A position is personal; it must not slip into a log through `Debug`.
impl fmt::Debug for Position {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Position(hidden)")
    }
}

/// The area in which a share counts as at the place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "shape", rename_all = "snake_case", deny_unknown_fields)]
pub enum Fence {
    /// Everything up to `radius_metres` from `centre`.
    Circle {
        /// The middle.
        centre: Position,
        /// 10 to 5,000.
        radius_metres: u32,
    },
    /// Everything inside a ring of 3 to 500 corners, without holes; the last corner joins the first by itself.
    Polygon {
        /// In order, without repeating the first.
        corners: Vec<Position>,
    },
}

/// How far a share is from a fence, as far as its accuracy tells.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// The whole circle of accuracy lies in the fence.
    Inside,
    /// The point lies in the fence, its circle of accuracy not wholly.
    Probable,
    /// The point lies outside, its circle of accuracy reaches in.
    Uncertain,
    /// There is no verified home or site to compare with.
    Unverifiable,
    /// Accuracy worse than 2,000 m.
    Unusable,
    /// The whole circle of accuracy lies outside the fence.
    Outside,
}

impl Place {
    /// Every outcome, best representative first (design section 5).
    pub const ALL: [Self; 6] = [
        Self::Inside,
        Self::Probable,
        Self::Uncertain,
        Self::Unverifiable,
        Self::Unusable,
        Self::Outside,
    ];

    /// The spelling in columns, JSON and files.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Inside => "inside",
            Self::Probable => "probable",
            Self::Uncertain => "uncertain",
            Self::Unverifiable => "unverifiable",
            Self::Unusable => "unusable",
            Self::Outside => "outside",
        }
    }

    /// The inverse of [`Place::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|place| place.code() == code)
    }

    /// 1 (inside) to 6 (outside): the lower represents a slot before the higher.
    pub const fn rank(self) -> i16 {
        match self {
            Self::Inside => 1,
            Self::Probable => 2,
            Self::Uncertain => 3,
            Self::Unverifiable => 4,
            Self::Unusable => 5,
            Self::Outside => 6,
        }
    }

    /// The inverse of [`Place::rank`].
    pub fn from_rank(rank: i16) -> Option<Self> {
        Self::ALL.into_iter().find(|place| place.rank() == rank)
    }
}

/// The outcome of place and the distance behind it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PlaceJudgement {
    /// What can be said.
    pub place: Place,
    /// Metres to the circle's centre, or to the polygon's border (0 inside it); absent where nothing was compared.
    pub distance_metres: Option<f64>,
}

/// Says how a share stands to a fence. `accuracy_metres` is absent only on third-party channels, which are then
/// judged with 50 m and never `inside` (design section 5).
pub fn judge_place(fence: Option<&Fence>, position: Position, accuracy_metres: Option<f64>) -> PlaceJudgement {
    let Some(fence) = fence else {
        return PlaceJudgement {
            place: Place::Unverifiable,
            distance_metres: None,
        };
    };
    let accuracy = accuracy_metres.unwrap_or(ASSUMED_ACCURACY_METRES);
    // `reach` is how far the point is from leaving (negative) or entering (positive) the fence.
    let (distance, reach) = match fence {
        Fence::Circle { centre, radius_metres } => {
            let distance = centre.distance_metres(position);
            (distance, distance - f64::from(*radius_metres))
        }
        Fence::Polygon { corners } => {
            let border = border_distance_metres(corners, position);
            if contains(corners, position) {
                (0.0, -border)
            } else {
                (border, border)
            }
        }
    };
    let place = if accuracy > USABLE_ACCURACY_METRES {
        Place::Unusable
    } else if reach + accuracy <= 0.0 && accuracy_metres.is_some() {
        Place::Inside
    } else if reach <= 0.0 {
        Place::Probable
    } else if reach - accuracy <= 0.0 {
        Place::Uncertain
    } else {
        Place::Outside
    };
    PlaceJudgement {
        place,
        distance_metres: Some(distance),
    }
}

fn contains(corners: &[Position], position: Position) -> bool {
    let ring = corners
        .iter()
        .map(|corner| (corner.longitude(), corner.latitude()))
        .collect();
    Polygon::new(ring, Vec::new()).contains(&position.point())
}

/// Metres to the nearest edge, on a plane laid at the position: for fences of a few kilometres the error stays far
/// below a metre, which no phone resolves.
pub(super) fn border_distance_metres(corners: &[Position], position: Position) -> f64 {
    let metres_per_latitude = 110_574.0;
    let metres_per_longitude = 111_320.0 * position.latitude().to_radians().cos();
    let flat = |corner: &Position| {
        (
            (corner.longitude() - position.longitude()) * metres_per_longitude,
            (corner.latitude() - position.latitude()) * metres_per_latitude,
        )
    };
    let followers = corners.iter().cycle().skip(1);
    corners
        .iter()
        .zip(followers)
        .map(|(from, to)| {
            let ((from_x, from_y), (to_x, to_y)) = (flat(from), flat(to));
            let (edge_x, edge_y) = (to_x - from_x, to_y - from_y);
            let length_squared = edge_x * edge_x + edge_y * edge_y;
            let along = if length_squared > 0.0 {
                (-(from_x * edge_x + from_y * edge_y) / length_squared).clamp(0.0, 1.0)
            } else {
                0.0
            };
            (from_x + along * edge_x).hypot(from_y + along * edge_y)
        })
        .fold(f64::INFINITY, f64::min)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn home() -> Position {
        Position::from_degrees(-6.119_731_2, 106.173_461_8).unwrap()
    }

    /// A point `metres` north of the home.
    fn north(metres: f64) -> Position {
        Position::from_degrees(home().latitude() + metres / 110_574.0, home().longitude()).unwrap()
    }

    fn circle() -> Fence {
        Fence::Circle {
            centre: home(),
            radius_metres: 200,
        }
    }

    #[test]
    fn each_outcome_follows_distance_radius_and_accuracy() {
        let place = |metres, accuracy| judge_place(Some(&circle()), north(metres), accuracy).place;
        assert_eq!(place(150.0, Some(20.0)), Place::Inside);
        assert_eq!(place(190.0, Some(20.0)), Place::Probable);
        assert_eq!(place(210.0, Some(20.0)), Place::Uncertain);
        assert_eq!(place(230.0, Some(20.0)), Place::Outside);
        assert_eq!(place(10.0, Some(2_000.0)), Place::Probable);
        assert_eq!(place(10.0, Some(2_000.1)), Place::Unusable);
        assert_eq!(judge_place(None, home(), Some(5.0)).place, Place::Unverifiable);
    }

    #[test]
    fn without_an_accuracy_nothing_is_inside() {
        assert_eq!(judge_place(Some(&circle()), home(), None).place, Place::Probable);
        assert_eq!(judge_place(Some(&circle()), north(240.0), None).place, Place::Uncertain);
    }

    #[test]
    fn coordinates_off_the_globe_and_null_island_are_refused() {
        assert_eq!(Position::from_degrees(91.5, 106.0), Err(PositionError::Latitude));
        assert_eq!(Position::from_degrees(f64::NAN, 106.0), Err(PositionError::Latitude));
        assert_eq!(Position::from_degrees(-6.0, 180.1), Err(PositionError::Longitude));
        assert_eq!(
            Position::from_degrees(-6.0, f64::INFINITY),
            Err(PositionError::Longitude)
        );
        assert_eq!(Position::from_degrees(0.0, -0.0), Err(PositionError::NullIsland));
        assert!(Position::from_degrees(-90.0, 180.0).is_ok());
    }

    #[test]
    fn the_exact_distance_matches_karney() {
        // One minute of latitude at 6 degrees south: the meridian's radius there, a(1-e2)/(1-e2 sin2)^1.5, times 1/60 degree.
        let from = Position::from_degrees(-6.0, 106.0).unwrap();
        let to = Position::from_degrees(-6.0 - 1.0 / 60.0, 106.0).unwrap();
        assert!(
            (from.distance_metres(to) - 1843.11).abs() < 0.02,
            "{}",
            from.distance_metres(to)
        );
    }

    #[test]
    fn a_polygon_tells_inside_from_border_and_outside() {
        let corner = |north: f64, east: f64| {
            Position::from_degrees(
                home().latitude() + north / 110_574.0,
                home().longitude() + east / 110_690.0,
            )
            .unwrap()
        };
        let fence = Fence::Polygon {
            corners: vec![
                corner(0.0, 0.0),
                corner(0.0, 300.0),
                corner(300.0, 300.0),
                corner(300.0, 0.0),
            ],
        };
        let place = |north, east, accuracy| judge_place(Some(&fence), corner(north, east), Some(accuracy)).place;
        assert_eq!(place(150.0, 150.0, 100.0), Place::Inside);
        assert_eq!(place(150.0, 20.0, 100.0), Place::Probable);
        assert_eq!(place(150.0, -20.0, 100.0), Place::Uncertain);
        assert_eq!(place(150.0, -120.0, 100.0), Place::Outside);
    }

    #[test]
    fn debug_never_shows_a_position() {
        assert_eq!(format!("{:?}", home()), "Position(hidden)");
    }

    proptest! {
        #[test]
        fn a_better_accuracy_never_moves_an_outcome_outward(metres in 0.0..400.0f64, coarse in 1.0..500.0f64, share in 0.01..1.0f64) {
            let fine = coarse * share;
            let coarse = judge_place(Some(&circle()), north(metres), Some(coarse)).place;
            let fine = judge_place(Some(&circle()), north(metres), Some(fine)).place;
            match coarse {
                Place::Inside => prop_assert_eq!(fine, Place::Inside),
                Place::Outside => prop_assert_eq!(fine, Place::Outside),
                Place::Probable => prop_assert!(fine == Place::Probable || fine == Place::Inside),
                Place::Uncertain => prop_assert!(fine == Place::Uncertain || fine == Place::Outside),
                Place::Unverifiable | Place::Unusable => prop_assert!(false, "not possible here"),
            }
        }

        #[test]
        fn degrees_survive_to_seven_digits(latitude in -90.0..90.0f64, longitude in 0.1..180.0f64) {
            let position = Position::from_degrees(latitude, longitude).unwrap();
            prop_assert!((position.latitude() - latitude).abs() <= 0.51e-7);
            prop_assert_eq!(Position::from_e7(position.latitude_e7(), position.longitude_e7()), Some(position));
        }
    }
}
