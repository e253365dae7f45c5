//! What a phone knows of its place and time: mixtures of satellite, Wi-Fi and mast, and clocks that are off.

use crate::domain::place::Position;
use crate::domain::simulation::random::Random;
use crate::domain::simulation::random::whole;

/// Metres on a degree of latitude, near enough for moving a point by some kilometres at 6 degrees south.
const METRES_A_DEGREE: f64 = 110_600.0;

/// The radius of 68 % of a two-dimensional normal error, in standard deviations of one axis.
const RADIUS_OF_68_PERCENT: f64 = 1.515;

/// A phone and its weaknesses.
#[derive(Clone, Debug, PartialEq)]
pub struct Phone {
    /// Random, per installation.
    pub device_id: String,
    /// Share of fixes from satellites, percent; of the rest most come from Wi-Fi, some from masts.
    pub satellite_percent: f64,
    /// How far the device clock is ahead of the truth, milliseconds.
    pub skew_milliseconds: i64,
    /// Share of shares that wait for a network, percent.
    pub offline_percent: f64,
}

/// One reading of the place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fix {
    /// Where the phone believes to be.
    pub position: Position,
    /// Radius of 68 % confidence as the phone states it, metres, one decimal.
    pub accuracy_metres: f64,
    /// `gps`, `fused` or `network`.
    pub provider: &'static str,
}

impl Phone {
    /// A phone as people here have them: nine in ten clocks are right to seconds, a few are off by minutes or hours.
    pub fn new(random: &mut Random) -> Self {
        let skew_milliseconds = match random.below(100) {
            0..=89 => random.between(-3_000, 3_000),
            90..=96 => random.between(-120_000, 120_000),
            97..=98 => random.between(-1_200_000, 1_200_000),
            _ => random.between(3, 5) * 3_600_000,
        };
        Self {
            device_id: format!("sim-{:016x}", random.bits()),
            satellite_percent: 40.0 + 55.0 * random.unit(),
            skew_milliseconds,
            offline_percent: if random.chance(15.0) { 60.0 } else { 6.0 },
        }
    }

    /// Reads the place at the true position `at`. The error fits the stated accuracy, except that one phone in ten
    /// is twice as sure as it should be.
    pub fn read(&self, random: &mut Random, at: Position) -> Fix {
        let (provider, median_metres, spread) = if random.chance(self.satellite_percent) {
            ("gps", 9.0, 0.5)
        } else if random.chance(80.0) {
            ("fused", 24.0, 0.6)
        } else {
            ("network", 650.0, 0.7)
        };
        let stated: f64 = median_metres * f64::exp(spread * random.normal());
        let accuracy_metres = f64::max(3.0, (stated * 10.0).round() / 10.0);
        let optimism = if random.chance(10.0) { 2.0 } else { 1.0 };
        let deviation = accuracy_metres * optimism / RADIUS_OF_68_PERCENT;
        let position = moved(at, deviation * random.normal(), deviation * random.normal());
        Fix {
            position,
            accuracy_metres,
            provider,
        }
    }
}

/// `from`, moved by metres to the north and east. For some kilometres; stays where the globe ends.
pub fn moved(from: Position, north_metres: f64, east_metres: f64) -> Position {
    let latitude = from.latitude() + north_metres / METRES_A_DEGREE;
    let longitude = from.longitude() + east_metres / (METRES_A_DEGREE * from.latitude().to_radians().cos());
    Position::from_degrees(latitude, longitude).unwrap_or(from)
}

/// A point about `mean_metres` away in any direction.
pub(crate) fn scattered(random: &mut Random, from: Position, mean_metres: f64) -> Position {
    let distance = random.waiting(mean_metres);
    let bearing = std::f64::consts::TAU * random.unit();
    moved(from, distance * bearing.cos(), distance * bearing.sin())
}

/// How long a share takes from the phone to the service when there is a network: seconds, now and then a minute.
pub(crate) fn transit_milliseconds(random: &mut Random) -> i64 {
    400 + whole(random.waiting(3_500.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn home() -> Position {
        Position::from_degrees(-6.12, 106.15).unwrap()
    }

    #[test]
    fn a_point_moves_by_the_metres_asked_for() {
        let moved = moved(home(), 300.0, 400.0);
        let distance = home().distance_metres(moved);
        assert!((495.0..505.0).contains(&distance), "{distance}");
    }

    #[test]
    fn the_stated_accuracy_covers_about_two_thirds_of_the_errors() {
        let mut random = Random::new(3);
        let phone = Phone::new(&mut random);
        let count = 4_000;
        let covered = (0..count)
            .filter(|_| {
                let fix = phone.read(&mut random, home());
                home().distance_metres(fix.position) <= fix.accuracy_metres
            })
            .count();
        assert!((2_400..2_850).contains(&covered), "{covered} of {count}");
    }

    #[test]
    fn most_clocks_are_right_and_some_are_hours_off() {
        let mut random = Random::new(4);
        let skews: Vec<i64> = (0..2_000)
            .map(|_| Phone::new(&mut random).skew_milliseconds.abs())
            .collect();
        let right = skews.iter().filter(|skew| **skew <= 3_000).count();
        assert!((1_700..1_900).contains(&right), "{right}");
        assert!(skews.iter().any(|skew| *skew >= 3 * 3_600_000));
        assert!(skews.iter().all(|skew| *skew < 24 * 3_600_000));
    }
}
