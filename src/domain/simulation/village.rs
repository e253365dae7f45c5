//! The villages of Banten, each with the point where a map would write its name.
//! The table and its licences are described in `data/README.md`.

use crate::domain::place::Position;

const REGIONS: &str = include_str!("../../../data/regions/regions_id_banten.csv");

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
}

/// All villages of Banten that have a label point, by code.
pub fn villages() -> Vec<Village> {
    REGIONS.lines().filter_map(village).collect()
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
        let serang = villages()
            .into_iter()
            .find(|village| village.code == "36.73.01.1001")
            .unwrap();
        assert_eq!(
            (serang.name, serang.regency_code(), serang.postal_code),
            ("Serang", "36.73", "42116")
        );
    }
}
