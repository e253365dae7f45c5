//! What lateness and absence take off the allowance (TPP): a table of bands in basis points, dated and editable.
//!
//! The tables are local and Banten's own (Pergub 41/2019 and its changes) was not found, so the shipped one is an example
//! with its source (`data/reference/allowance_deductions.csv`), to be replaced by BKD.

use serde::{Deserialize, Serialize};

const SHIPPED: &str = include_str!("../../../data/reference/allowance_deductions.csv");

/// 100% in basis points.
pub const WHOLE_BP: u32 = 10_000;

/// A column of the recap for people who come late (TL) or leave early (PSW).
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
pub enum BandCode {
    /// Terlambat 1.
    #[serde(rename = "TL1")]
    Late1,
    /// Terlambat 2.
    #[serde(rename = "TL2")]
    Late2,
    /// Terlambat 3.
    #[serde(rename = "TL3")]
    Late3,
    /// Terlambat 4.
    #[serde(rename = "TL4")]
    Late4,
    /// Pulang sebelum waktunya 1.
    #[serde(rename = "PSW1")]
    Early1,
    /// Pulang sebelum waktunya 2.
    #[serde(rename = "PSW2")]
    Early2,
    /// Pulang sebelum waktunya 3.
    #[serde(rename = "PSW3")]
    Early3,
    /// Pulang sebelum waktunya 4.
    #[serde(rename = "PSW4")]
    Early4,
}

impl BandCode {
    /// Every code, in the order of the recap's columns.
    pub const ALL: [Self; 8] = [
        Self::Late1,
        Self::Late2,
        Self::Late3,
        Self::Late4,
        Self::Early1,
        Self::Early2,
        Self::Early3,
        Self::Early4,
    ];

    /// The heading of its column, and its spelling in JSON.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Late1 => "TL1",
            Self::Late2 => "TL2",
            Self::Late3 => "TL3",
            Self::Late4 => "TL4",
            Self::Early1 => "PSW1",
            Self::Early2 => "PSW2",
            Self::Early3 => "PSW3",
            Self::Early4 => "PSW4",
        }
    }

    /// The inverse of [`BandCode::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|band| band.code() == code)
    }

    /// Whether it is about coming late; otherwise about leaving early.
    pub const fn is_late(self) -> bool {
        matches!(self, Self::Late1 | Self::Late2 | Self::Late3 | Self::Late4)
    }
}

/// One row of the table.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Band {
    /// Its column.
    pub code: BandCode,
    /// Fewest whole minutes, at least 1.
    pub minutes_from: u16,
    /// Most whole minutes; none for no bound.
    pub minutes_to: Option<u16>,
    /// What it takes off, basis points a day.
    pub percent_bp: u16,
    /// Whether it also stands for a day on which nothing was filled in at that end of the day.
    #[serde(default)]
    pub without_entry: bool,
}

/// The table in force from some date on, with what the service's own outages excuse.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AllowanceRules {
    /// What the table is called, with the regulation behind it.
    pub scheme: String,
    /// Bands that do not overlap.
    pub bands: Vec<Band>,
    /// What a day of absence without a reason takes off, basis points.
    pub absent_bp: u16,
    /// The most that a month takes off, basis points.
    pub cap_bp: u16,
    /// A missed slot is excused when outages took more than this share of its window, basis points.
    pub outage_excused_from_bp: u16,
    /// How many minutes without a sign of life of the service are taken for an outage.
    pub outage_least_minutes: u16,
}

/// What is wrong with a table.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct RuleFault {
    /// The path of the field.
    pub field: String,
    /// A stable name of what is wrong.
    pub code: &'static str,
    /// In Indonesian.
    pub indonesian: &'static str,
    /// In English.
    pub english: &'static str,
}

impl AllowanceRules {
    /// The table that ships: scheme A of `data/reference/allowance_deductions.csv`, capped at 100% a month as in the source
    /// of scheme B. The shares of outages are our own proposal: more than half of a window, gaps of 5 minutes.
    pub fn shipped() -> Self {
        let mut bands = Vec::new();
        let mut absent_bp = 0;
        for line in SHIPPED.lines().skip(1) {
            let mut fields = line.split(',');
            let mut next = || fields.next().unwrap_or_default().trim();
            let (code, name, from, to, percent) = (next(), next(), next(), next(), next());
            let Some(percent_bp) = basis_points(percent) else {
                continue;
            };
            match BandCode::from_code(code) {
                Some(code) => bands.push(Band {
                    code,
                    minutes_from: from.parse().unwrap_or(1),
                    minutes_to: to.parse().ok(),
                    percent_bp,
                    without_entry: name.contains("tidak mengisi"),
                }),
                None if code == "TK" => absent_bp = percent_bp,
                None => {}
            }
        }
        Self {
            scheme: "Contoh: Permentan 68/2012 (skema A)".to_owned(),
            bands,
            absent_bp,
            cap_bp: 10_000,
            outage_excused_from_bp: 5_000,
            outage_least_minutes: 5,
        }
    }

    /// The band of whole minutes late (or, with `is_late` false, early); none for 0 or where no band holds them.
    pub fn band(&self, is_late: bool, minutes: u16) -> Option<BandCode> {
        self.bands
            .iter()
            .find(|band| {
                band.code.is_late() == is_late
                    && band.minutes_from <= minutes
                    && band.minutes_to.is_none_or(|last| minutes <= last)
            })
            .map(|band| band.code)
    }

    /// The band of a day on which nothing was filled in at that end of the day.
    pub fn band_without_entry(&self, is_late: bool) -> Option<BandCode> {
        self.bands
            .iter()
            .find(|band| band.code.is_late() == is_late && band.without_entry)
            .map(|band| band.code)
    }

    /// What a band takes off, basis points.
    pub fn percent_bp(&self, code: BandCode) -> u32 {
        let band = self.bands.iter().find(|band| band.code == code);
        band.map_or(0, |band| u32::from(band.percent_bp))
    }

    /// Everything that is wrong with the table.
    pub fn faults(&self) -> Vec<RuleFault> {
        let mut faults = Vec::new();
        let mut fault = |field: String, code, indonesian, english| {
            faults.push(RuleFault {
                field,
                code,
                indonesian,
                english,
            });
        };
        if !(3..=200).contains(&self.scheme.trim().chars().count()) {
            fault(
                "scheme".to_owned(),
                "out_of_limits",
                "Nama skema berisi 3 sampai 200 karakter.",
                "A scheme's name has 3 to 200 characters.",
            );
        }
        let percents = [("absent_bp", self.absent_bp), ("cap_bp", self.cap_bp)];
        for (field, value) in percents {
            if u32::from(value) > WHOLE_BP {
                fault(
                    field.to_owned(),
                    "out_of_limits",
                    "Persentase paling besar 10000 (100%).",
                    "At most 10000 basis points (100%).",
                );
            }
        }
        if !(1..10_000).contains(&self.outage_excused_from_bp) {
            fault(
                "outage_excused_from_bp".to_owned(),
                "out_of_limits",
                "Bagian gangguan 1 sampai 9999.",
                "The share of an outage is from 1 to 9999 basis points.",
            );
        }
        if !(2..=1_440).contains(&self.outage_least_minutes) {
            fault(
                "outage_least_minutes".to_owned(),
                "out_of_limits",
                "Lama gangguan 2 sampai 1440 menit.",
                "An outage has from 2 to 1440 minutes.",
            );
        }
        faults.extend(band_faults(&self.bands));
        faults
    }
}

/// Everything that is wrong with bands.
fn band_faults(bands: &[Band]) -> Vec<RuleFault> {
    let mut faults = Vec::new();
    let mut fault = |field: String, code, indonesian, english| {
        faults.push(RuleFault {
            field,
            code,
            indonesian,
            english,
        });
    };
    for (index, band) in bands.iter().enumerate() {
        if band.minutes_from == 0 || band.minutes_to.is_some_and(|last| last < band.minutes_from) {
            fault(
                format!("bands[{index}].minutes_from"),
                "out_of_limits",
                "Menit pertama paling sedikit 1 dan tidak melebihi menit terakhir.",
                "The first minute is at least 1 and not after the last.",
            );
        }
        if u32::from(band.percent_bp) > WHOLE_BP {
            fault(
                format!("bands[{index}].percent_bp"),
                "out_of_limits",
                "Persentase paling besar 10000 (100%).",
                "At most 10000 basis points (100%).",
            );
        }
        let earlier = bands.iter().take(index);
        if earlier.clone().any(|other| other.code == band.code) {
            fault(
                format!("bands[{index}].code"),
                "twice",
                "Kode ini sudah disebut.",
                "The code is named twice.",
            );
        } else if earlier
            .clone()
            .any(|other| other.code.is_late() == band.code.is_late() && overlap(other, band))
        {
            fault(
                format!("bands[{index}].minutes_from"),
                "overlap",
                "Rentang menit ini beririsan dengan rentang lain.",
                "These minutes overlap another band's.",
            );
        }
    }
    faults
}

fn overlap(one: &Band, other: &Band) -> bool {
    let last = |band: &Band| band.minutes_to.unwrap_or(u16::MAX);
    one.minutes_from <= last(other) && other.minutes_from <= last(one)
}

/// `1.25` as 125 basis points; at most two decimals.
fn basis_points(percent: &str) -> Option<u16> {
    let (whole, fraction) = percent.split_once('.').unwrap_or((percent, ""));
    let hundredths: u16 = match fraction.len() {
        0 => 0,
        1 => fraction.parse::<u16>().ok()?.checked_mul(10)?,
        2 => fraction.parse().ok()?,
        _ => return None,
    };
    whole.parse::<u16>().ok()?.checked_mul(100)?.checked_add(hundredths)
}

/// Basis points as a percentage with the Indonesian comma: `11,0`, and `1,25` where hundredths are left.
pub fn percent_text(bp: u32) -> String {
    if bp.is_multiple_of(10) {
        format!("{},{}", bp / 100, bp % 100 / 10)
    } else {
        format!("{},{:02}", bp / 100, bp % 100)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_shipped_table_is_that_of_the_source() {
        let rules = AllowanceRules::shipped();
        assert!(rules.faults().is_empty(), "{:?}", rules.faults());
        assert_eq!(rules.bands.len(), 8);
        assert_eq!(rules.absent_bp, 400);
        let percents: Vec<u32> = BandCode::ALL.iter().map(|code| rules.percent_bp(*code)).collect();
        assert_eq!(percents, [50, 100, 150, 200, 50, 100, 150, 200]);
        assert_eq!(rules.band_without_entry(true), Some(BandCode::Late4));
        assert_eq!(rules.band_without_entry(false), Some(BandCode::Early4));
    }

    #[test]
    fn bands_are_half_open_by_whole_minutes() {
        let rules = AllowanceRules::shipped();
        let cases = [
            (0, None),
            (1, Some("TL1")),
            (30, Some("TL1")),
            (31, Some("TL2")),
            (60, Some("TL2")),
        ];
        for (minutes, code) in cases
            .into_iter()
            .chain([(61, Some("TL3")), (90, Some("TL3")), (91, Some("TL4"))])
        {
            assert_eq!(rules.band(true, minutes).map(BandCode::code), code, "{minutes}");
        }
        assert_eq!(rules.band(false, 600).map(BandCode::code), Some("PSW4"));
    }

    #[test]
    fn a_table_that_contradicts_itself_is_refused_by_its_field() {
        let spoilt = |spoil: &dyn Fn(&mut AllowanceRules)| {
            let mut rules = AllowanceRules::shipped();
            spoil(&mut rules);
            rules.faults().into_iter().map(|fault| fault.field).collect::<Vec<_>>()
        };
        assert_eq!(
            spoilt(&|rules| rules.bands[1].minutes_from = 30),
            ["bands[1].minutes_from"]
        );
        assert_eq!(
            spoilt(&|rules| rules.bands[1].code = BandCode::Late1),
            ["bands[1].code"]
        );
        assert_eq!(
            spoilt(&|rules| rules.bands[0].minutes_from = 0),
            ["bands[0].minutes_from"]
        );
        assert_eq!(spoilt(&|rules| rules.cap_bp = 10_001), ["cap_bp"]);
        assert_eq!(
            spoilt(&|rules| rules.outage_excused_from_bp = 10_000),
            ["outage_excused_from_bp"]
        );
        assert_eq!(spoilt(&|rules| rules.scheme = " ".to_owned()), ["scheme"]);
        // A table without a single band is one in which lateness takes nothing off.
        assert_eq!(spoilt(&|rules| rules.bands.clear()), [""; 0]);
    }

    #[test]
    fn percentages_have_the_indonesian_comma() {
        assert_eq!(percent_text(1_100), "11,0");
        assert_eq!(percent_text(0), "0,0");
        assert_eq!(percent_text(10_000), "100,0");
        assert_eq!(percent_text(125), "1,25");
        assert_eq!(percent_text(105), "1,05");
    }

    proptest! {
        #[test]
        fn every_minute_has_at_most_one_band(minutes in 0_u16..=2_880) {
            let rules = AllowanceRules::shipped();
            for is_late in [true, false] {
                let holds = rules.bands.iter().filter(|band| band.code.is_late() == is_late
                    && band.minutes_from <= minutes && band.minutes_to.is_none_or(|last| minutes <= last));
                prop_assert_eq!(holds.count(), usize::from(minutes > 0));
            }
        }
    }
}
