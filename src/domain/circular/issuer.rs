//! Who signed a circular.

use serde::{Deserialize, Serialize};

/// The office that issues circulars (domain report, section 2.1; ministers for those that regional ones carry out).
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IssuerOffice {
    /// Menteri.
    Minister,
    /// Gubernur.
    Governor,
    /// Penjabat (Pj) Gubernur.
    ActingGovernor,
    /// Sekretaris Daerah, Pj Sekda included.
    RegionalSecretary,
    /// Bupati.
    Regent,
    /// Wali Kota.
    Mayor,
}

impl IssuerOffice {
    /// Every office, in the order of the documentation.
    pub const ALL: [Self; 6] = [
        Self::Minister,
        Self::Governor,
        Self::ActingGovernor,
        Self::RegionalSecretary,
        Self::Regent,
        Self::Mayor,
    ];

    /// The spelling in columns and JSON.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Minister => "minister",
            Self::Governor => "governor",
            Self::ActingGovernor => "acting_governor",
            Self::RegionalSecretary => "regional_secretary",
            Self::Regent => "regent",
            Self::Mayor => "mayor",
        }
    }

    /// The inverse of [`IssuerOffice::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|office| office.code() == code)
    }
}

/// The office and the person who held it.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Issuer {
    /// The office.
    pub office: IssuerOffice,
    /// The signer's name as printed, 1 to 200 characters.
    pub name: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_office_reads_back_from_its_code() {
        for office in IssuerOffice::ALL {
            assert_eq!(IssuerOffice::from_code(office.code()), Some(office));
            assert_eq!(serde_json::to_value(office).unwrap(), office.code());
        }
        assert_eq!(IssuerOffice::from_code("king"), None);
    }
}
