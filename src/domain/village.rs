//! The villages of Banten, each with the point where a map would write its name.
//! The table and its licences are described in `data/README.md`.

use crate::domain::place::Position;
use crate::domain::region::TABLE;

/// Metres from a village's label point beyond which a home in it looks like a slip: a swapped digit, another village.
///
/// A figure of our own, from no regulation: about twice the widest gap between neighbouring label points in the table
/// (19 km, at Ujung Kulon; half of them have a neighbour within 1.5 km), so that no real home is doubted for living at a
/// border. It is said to the operator and decides nothing (domain.md 2.5: warn, do not block).
pub const FAR_FROM_LABEL_METRES: f64 = 40_000.0;

/// A desa or kelurahan.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Village {
    /// Kemendagri code, as `36.73.01.1001`.
    pub code: &'static str,
    /// Its name.
    pub name: &'static str,
    /// Where a map would write the name.
    pub label: Position,
    /// Five digits; empty where the table has none.
    pub postal_code: &'static str,
}

impl Village {
    /// The code of its regency or city, as `36.73`.
    pub fn regency_code(&self) -> &'static str {
        self.code.get(..5).unwrap_or(self.code)
    }

    /// Whole metres from the label point to a home that is said to lie in the village, if they are more than
    /// [`FAR_FROM_LABEL_METRES`].
    pub fn far_metres(&self, home: Position) -> Option<i32> {
        let metres = self.label.distance_metres(home);
        #[expect(
            clippy::as_conversions,
            clippy::cast_possible_truncation,
            reason = "half the earth's girth is 2e7 m, which fits"
        )]
        (metres > FAR_FROM_LABEL_METRES).then(|| metres.round() as i32)
    }
}

/// All villages of Banten that have a label point, by code.
pub fn villages() -> Vec<Village> {
    TABLE.lines().filter_map(village).collect()
}

/// The village of a Kemendagri code, if the table holds it with a label point.
pub fn find(code: &str) -> Option<Village> {
    TABLE
        .lines()
        .filter(|line| line.split(',').next() == Some(code))
        .find_map(village)
}

fn village(line: &'static str) -> Option<Village> {
    let columns: Vec<&str> = line.split(',').collect();
    let [code, "village", _parent, name, latitude, longitude, postal_code] = columns.as_slice() else {
        return None;
    };
    let label = Position::from_degrees(latitude.parse().ok()?, longitude.parse().ok()?).ok()?;
    Some(Village {
        code,
        name,
        label,
        postal_code,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_village_of_banten_is_there_and_lies_in_banten() {
        let villages = villages();
        assert!(villages.len() >= 1_551, "{}", villages.len());
        for village in &villages {
            assert!(
                village.code.starts_with("36.") && village.code.len() == 13,
                "{}",
                village.code
            );
            assert!((-7.1..-5.7).contains(&village.label.latitude()), "{}", village.name);
            assert!((105.0..106.8).contains(&village.label.longitude()), "{}", village.name);
        }
    }

    #[test]
    fn a_village_knows_its_regency() {
        let serang = find("36.73.01.1001").unwrap();
        assert_eq!(
            (serang.name, serang.regency_code(), serang.postal_code),
            ("Serang", "36.73", "42116")
        );
    }

    #[test]
    fn what_is_no_village_of_the_table_is_not_found() {
        for code in ["36.73.01.9999", "31.71.01.1001", "36.73.01", "36.73", "36", ""] {
            assert_eq!(find(code), None, "{code}");
        }
    }

    #[test]
    fn a_home_is_far_only_beyond_forty_kilometres_from_the_label_of_its_village() {
        let serang = find("36.73.01.1001").unwrap();
        // A degree of latitude is 110.6 km here.
        let south = |kilometres: f64| {
            let latitude = serang.label.latitude() - kilometres / 110.6;
            Position::from_degrees(latitude, serang.label.longitude()).unwrap()
        };
        assert_eq!(serang.far_metres(serang.label), None);
        assert_eq!(serang.far_metres(south(39.9)), None);
        let far = serang.far_metres(south(40.1)).unwrap();
        assert!((40_001..40_300).contains(&far), "{far}");
    }

    #[test]
    fn no_village_lies_so_far_from_its_nearest_neighbour() {
        let villages = villages();
        for village in &villages {
            let nearest = villages
                .iter()
                .filter(|other| other.code != village.code)
                .map(|other| village.label.distance_metres(other.label))
                .fold(f64::INFINITY, f64::min);
            assert!(nearest * 2.0 < FAR_FROM_LABEL_METRES, "{}: {nearest} m", village.name);
        }
    }
}
