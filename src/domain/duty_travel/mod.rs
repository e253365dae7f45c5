//! Duty travel (dinas luar): a journey that is asked for, held against the circulars, decided, made and reported.
//!
//! A journey under a ban is held until whoever the circular's rule names excepts it; nobody else can (domain.md 2.3).

pub mod ban;
pub mod period;
pub mod request;
pub mod sentence;
pub mod state;

use crate::domain::circular::jurisdiction::JurisdictionCode;
use crate::domain::instant::Zone;
use crate::domain::region;

/// Where a journey leads.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Destination {
    /// Kemendagri code of the province, regency, district or village.
    pub code: JurisdictionCode,
    /// The zone that the place keeps.
    pub zone: Zone,
}

impl Destination {
    /// From a stored code; `None` for one of no province.
    pub fn read(code: &str) -> Option<Self> {
        Some(Self {
            zone: region::zone_of(code)?,
            code: code.parse().ok()?,
        })
    }

    /// From the code that somebody names: only what the table of regions holds is a place to go to.
    pub fn named(code: &str) -> Option<Self> {
        region::find(code).and_then(|region| Self::read(region.code))
    }

    /// `Kota Makassar, Sulawesi Selatan`.
    pub fn name(&self) -> String {
        region::full_name(self.code.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_destination_is_a_region_of_the_table_and_keeps_its_zone() {
        let makassar = Destination::named("73.71").unwrap();
        assert_eq!(
            (makassar.zone, makassar.name()),
            (Zone::Makassar, "Kota Makassar, Sulawesi Selatan".to_owned())
        );
        assert_eq!(Destination::named("36.73.01.1001").unwrap().zone, Zone::Jakarta);
        for code in ["", "ID", "99", "36.99", "73,71", "code"] {
            assert_eq!(Destination::named(code), None, "{code}");
        }
    }
}
