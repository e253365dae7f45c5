//! Where a person works on a date, and the groups into which circulars sort people.

use crate::domain::language::Language;
use serde::{Deserialize, Serialize};

/// The mode of one person on one work date. It comes from circular, roster or approval, never from a phone.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WorkMode {
    /// Work from office (WFO).
    Wfo,
    /// Work from the registered home (WFH).
    Wfh,
    /// Work from anywhere (WFA).
    Wfa,
    /// On picket duty (piket) at the office or a duty post.
    Picket,
    /// On official travel (dinas luar).
    DutyTravel,
    /// On granted leave (cuti).
    Leave,
    /// Ill, with or without a letter yet (sakit).
    Sick,
    /// At a training (diklat).
    Training,
    /// Not a work day: weekend, holiday, joint leave, shift off.
    Off,
}

impl WorkMode {
    /// Every mode, in the order of the documentation.
    pub const ALL: [Self; 9] = [
        Self::Wfo,
        Self::Wfh,
        Self::Wfa,
        Self::Picket,
        Self::DutyTravel,
        Self::Leave,
        Self::Sick,
        Self::Training,
        Self::Off,
    ];

    /// The word for it inside a sentence, as offices say it: `WFO`, `piket`, `dinas luar`.
    pub const fn word(self, language: Language) -> &'static str {
        match self {
            Self::Wfo => "WFO",
            Self::Wfh => "WFH",
            Self::Wfa => "WFA",
            Self::Picket => language.choose("piket", "picket"),
            Self::DutyTravel => language.choose("dinas luar", "duty travel"),
            Self::Leave => language.choose("cuti", "leave"),
            Self::Sick => language.choose("sakit", "sick"),
            Self::Training => language.choose("diklat", "training"),
            Self::Off => language.choose("libur", "off"),
        }
    }

    /// The spelling in columns, JSON and files.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Wfo => "wfo",
            Self::Wfh => "wfh",
            Self::Wfa => "wfa",
            Self::Picket => "picket",
            Self::DutyTravel => "duty_travel",
            Self::Leave => "leave",
            Self::Sick => "sick",
            Self::Training => "training",
            Self::Off => "off",
        }
    }

    /// The inverse of [`WorkMode::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mode| mode.code() == code)
    }

    /// The fence that a share of this mode is held against.
    pub const fn duty_place(self) -> DutyPlace {
        match self {
            Self::Wfh => DutyPlace::Home,
            Self::Wfo | Self::Picket => DutyPlace::Site,
            Self::Wfa | Self::DutyTravel | Self::Leave | Self::Sick | Self::Training | Self::Off => DutyPlace::Unfixed,
        }
    }

    /// Whether a person of this mode works, wherever that is.
    pub const fn is_working(self) -> bool {
        match self {
            Self::Wfo | Self::Wfh | Self::Wfa | Self::Picket | Self::DutyTravel | Self::Training => true,
            Self::Leave | Self::Sick | Self::Off => false,
        }
    }

    /// Whether the mode frees the person from sharing by an accepted reason (leave, sickness, training).
    pub const fn is_excusing(self) -> bool {
        match self {
            Self::Leave | Self::Sick | Self::Training => true,
            Self::Wfo | Self::Wfh | Self::Wfa | Self::Picket | Self::DutyTravel | Self::Off => false,
        }
    }
}

/// What kind of place a mode ties a person to.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum DutyPlace {
    /// The verified home of that date.
    Home,
    /// The office or duty post.
    Site,
    /// No place that a share could be held against.
    Unfixed,
}

/// How circulars group people (kelompok kerja).
#[derive(Clone, Copy, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WorkGroup {
    /// Serves the public directly: hospital, Samsat, library, Satpol PP.
    PublicService,
    /// Everyone else; the default.
    #[default]
    Administration,
    /// Teachers, ASN and non-ASN.
    Educator,
}

impl WorkGroup {
    /// Every group, in the order of the documentation.
    pub const ALL: [Self; 3] = [Self::PublicService, Self::Administration, Self::Educator];

    /// The spelling in columns, JSON and files.
    pub const fn code(self) -> &'static str {
        match self {
            Self::PublicService => "public_service",
            Self::Administration => "administration",
            Self::Educator => "educator",
        }
    }

    /// The inverse of [`WorkGroup::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|group| group.code() == code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_reads_back() {
        for mode in WorkMode::ALL {
            assert_eq!(WorkMode::from_code(mode.code()), Some(mode));
        }
        for group in WorkGroup::ALL {
            assert_eq!(WorkGroup::from_code(group.code()), Some(group));
        }
        assert_eq!(WorkMode::from_code("WFH"), None);
    }
}
