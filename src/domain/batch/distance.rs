//! Distance classes: as much of a distance as leaves the agency. The metres themselves stay in the encrypted opening.

use serde::{Deserialize, Serialize};

/// How far a share was from the centre of its fence, roughly. Each class holds its lower bound, not its upper one.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
pub enum DistanceClass {
    /// Below 100 m.
    #[serde(rename = "under_100_m")]
    Under100Metres,
    /// 100 m to below 200 m.
    #[serde(rename = "100_200_m")]
    Under200Metres,
    /// 200 m to below 500 m.
    #[serde(rename = "200_500_m")]
    Under500Metres,
    /// 500 m to below 1 km.
    #[serde(rename = "500_1000_m")]
    Under1Kilometre,
    /// 1 km to below 5 km.
    #[serde(rename = "1_5_km")]
    Under5Kilometres,
    /// 5 km to below 20 km.
    #[serde(rename = "5_20_km")]
    Under20Kilometres,
    /// 20 km or more.
    #[serde(rename = "over_20_km")]
    Beyond20Kilometres,
}

impl DistanceClass {
    /// Every class, nearest first.
    pub const ALL: [Self; 7] = [
        Self::Under100Metres,
        Self::Under200Metres,
        Self::Under500Metres,
        Self::Under1Kilometre,
        Self::Under5Kilometres,
        Self::Under20Kilometres,
        Self::Beyond20Kilometres,
    ];

    /// The class of a distance in metres. What is not a number counts as the farthest: it must never look near.
    pub fn of_metres(distance_metres: f64) -> Self {
        Self::ALL
            .into_iter()
            .find(|class| distance_metres < class.upper_bound_metres())
            .unwrap_or(Self::Beyond20Kilometres)
    }

    /// Metres below which distances of the class lie.
    const fn upper_bound_metres(self) -> f64 {
        match self {
            Self::Under100Metres => 100.0,
            Self::Under200Metres => 200.0,
            Self::Under500Metres => 500.0,
            Self::Under1Kilometre => 1_000.0,
            Self::Under5Kilometres => 5_000.0,
            Self::Under20Kilometres => 20_000.0,
            Self::Beyond20Kilometres => f64::INFINITY,
        }
    }

    /// The spelling in files.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Under100Metres => "under_100_m",
            Self::Under200Metres => "100_200_m",
            Self::Under500Metres => "200_500_m",
            Self::Under1Kilometre => "500_1000_m",
            Self::Under5Kilometres => "1_5_km",
            Self::Under20Kilometres => "5_20_km",
            Self::Beyond20Kilometres => "over_20_km",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_class_holds_its_lower_bound_and_not_its_upper() {
        assert_eq!(DistanceClass::of_metres(0.0), DistanceClass::Under100Metres);
        assert_eq!(DistanceClass::of_metres(99.999), DistanceClass::Under100Metres);
        assert_eq!(DistanceClass::of_metres(100.0), DistanceClass::Under200Metres);
        assert_eq!(DistanceClass::of_metres(19_999.9), DistanceClass::Under20Kilometres);
        assert_eq!(DistanceClass::of_metres(20_000.0), DistanceClass::Beyond20Kilometres);
    }

    #[test]
    fn an_unknown_distance_never_looks_near() {
        assert_eq!(DistanceClass::of_metres(f64::NAN), DistanceClass::Beyond20Kilometres);
        assert_eq!(
            DistanceClass::of_metres(f64::INFINITY),
            DistanceClass::Beyond20Kilometres
        );
    }

    #[test]
    fn codes_are_what_serde_writes() {
        for class in DistanceClass::ALL {
            assert_eq!(serde_json::to_value(class).unwrap(), class.code());
        }
    }
}
