//! Leave (cuti): its kinds as dated data, the annual balance, how days are counted, and the life of a request.
//!
//! PP 11/2017 art. 310-341 as changed, BKN 24/2017 and 7/2021; for PPPK PP 49/2018 and BKN 7/2022 (domain.md 1.5, 2.9).

pub mod facts;
pub mod kind;
pub mod ledger;
pub mod opinion;
pub mod print;
pub mod request;
pub mod sentence;
pub mod state;

use crate::domain::work_mode::WorkMode;
use serde::{Deserialize, Serialize};

/// A kind of leave. What each gives to whom is data: [`kind::LeaveKindRule`].
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LeaveKind {
    /// Cuti tahunan.
    Annual,
    /// Cuti besar.
    Long,
    /// Cuti sakit.
    Sick,
    /// Cuti sakit karena gugur kandungan.
    SickMiscarriage,
    /// Cuti melahirkan.
    Maternity,
    /// Cuti karena alasan penting.
    ImportantReason,
    /// Cuti bersama: set by decree in the calendar, never asked for.
    Joint,
    /// Cuti di luar tanggungan negara (CLTN).
    Unpaid,
}

impl LeaveKind {
    /// Every kind, in the order of the documentation.
    pub const ALL: [Self; 8] = [
        Self::Annual,
        Self::Long,
        Self::Sick,
        Self::SickMiscarriage,
        Self::Maternity,
        Self::ImportantReason,
        Self::Joint,
        Self::Unpaid,
    ];

    /// The spelling in columns and JSON.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Annual => "annual",
            Self::Long => "long",
            Self::Sick => "sick",
            Self::SickMiscarriage => "sick_miscarriage",
            Self::Maternity => "maternity",
            Self::ImportantReason => "important_reason",
            Self::Joint => "joint",
            Self::Unpaid => "unpaid",
        }
    }

    /// The inverse of [`LeaveKind::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// The mode of a day on which it is taken.
    pub const fn mode(self) -> WorkMode {
        match self {
            Self::Sick | Self::SickMiscarriage => WorkMode::Sick,
            Self::Annual | Self::Long | Self::Maternity | Self::ImportantReason | Self::Joint | Self::Unpaid => {
                WorkMode::Leave
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_read_back_and_are_what_serde_writes() {
        for kind in LeaveKind::ALL {
            assert_eq!(LeaveKind::from_code(kind.code()), Some(kind));
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.code());
        }
        assert_eq!(LeaveKind::from_code("Annual"), None);
    }

    #[test]
    fn only_sickness_makes_a_day_of_sickness() {
        let sick: Vec<LeaveKind> = LeaveKind::ALL
            .into_iter()
            .filter(|kind| kind.mode() == WorkMode::Sick)
            .collect();
        assert_eq!(sick, [LeaveKind::Sick, LeaveKind::SickMiscarriage]);
    }
}
