//! Numbers of days that may be halves, kept exact.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::ops::AddAssign;

/// A number of days, counted in halves: 0 to 32,767.5. In JSON a number, `4` or `4.5`.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct DaySum {
    halves: u16,
}

impl DaySum {
    /// None.
    pub const ZERO: Self = Self { halves: 0 };

    /// So many halves of days.
    pub const fn of_halves(halves: u16) -> Self {
        Self { halves }
    }

    /// Whole days.
    pub const fn of_days(days: u16) -> Self {
        Self {
            halves: days.saturating_mul(2),
        }
    }

    /// How many halves.
    pub const fn halves(self) -> u16 {
        self.halves
    }

    /// The days that are whole, without a half that is left.
    pub const fn whole_days(self) -> u16 {
        self.halves / 2
    }
}

impl AddAssign for DaySum {
    fn add_assign(&mut self, other: Self) {
        self.halves = self.halves.saturating_add(other.halves);
    }
}

/// As printed in Indonesian: `4` or `4,5`.
impl fmt::Display for DaySum {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let half = if self.halves % 2 == 1 { ",5" } else { "" };
        write!(formatter, "{}{half}", self.whole_days())
    }
}

impl Serialize for DaySum {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.halves.is_multiple_of(2) {
            serializer.serialize_u16(self.whole_days())
        } else {
            serializer.serialize_f64(f64::from(self.halves) / 2.0)
        }
    }
}

impl<'de> Deserialize<'de> for DaySum {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let days = f64::deserialize(deserializer)?;
        let twice = days * 2.0;
        let is_halves = (0.0..=f64::from(u16::MAX)).contains(&twice) && twice.fract() == 0.0;
        let halves = is_halves.then(|| format!("{twice:.0}").parse().ok()).flatten();
        let halves = halves.ok_or_else(|| serde::de::Error::custom("not a number of halves of days"))?;
        Ok(Self { halves })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn halves_add_up_to_days_and_are_written_with_a_comma() {
        let mut count = DaySum::of_days(4);
        count += DaySum::of_halves(1);
        assert_eq!((count.to_string(), count.whole_days()), ("4,5".to_owned(), 4));
        count += DaySum::of_halves(1);
        assert_eq!(count, DaySum::of_days(5));
        assert_eq!(serde_json::to_string(&count).unwrap(), "5");
    }

    #[test]
    fn other_fractions_are_no_count() {
        for text in ["0.25", "-1", "-0.5", "40000", "\"1\""] {
            assert!(serde_json::from_str::<DaySum>(text).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn every_count_reads_back(halves in 0_u16..) {
            let count = DaySum::of_halves(halves);
            let text = serde_json::to_string(&count).unwrap();
            prop_assert_eq!(serde_json::from_str::<DaySum>(&text).unwrap(), count);
        }
    }
}
