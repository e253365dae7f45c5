//! The id of an expected slot in plain text: the sampling unit of `api-spec/audit-sampling.md`, the key of a batch row.

use crate::domain::access::AgencyCode;
use crate::domain::slot::Slot;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// One person's one slot of one work date: `<agency>/<date>/<pseudonym>/<slot>`, printable ASCII throughout.
///
/// The pseudonym is the person's random one: it says nothing by itself, and only who holds the staff list can resolve it.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct SlotUnit {
    // First, so that units compare as their texts do, byte by byte.
    text: String,
    agency_end: usize,
    work_date: NaiveDate,
    slot: Slot,
}

/// The text is not the id of a unit.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("not of the form <agency>/<date>/<pseudonym>/<slot>")]
pub struct SlotUnitError;

impl SlotUnit {
    /// Joins the four parts; a pseudonym that is not 1 to 64 of `0-9 A-Z a-z - _` is an error.
    pub fn new(agency: &AgencyCode, work_date: NaiveDate, pseudonym: &str, slot: Slot) -> Result<Self, SlotUnitError> {
        format!("{agency}/{work_date}/{pseudonym}/{}", slot.code()).parse()
    }

    /// The id as it is sampled, hashed and printed.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The agency's code.
    pub fn agency(&self) -> &str {
        self.text.get(..self.agency_end).unwrap_or_default()
    }

    /// The work date.
    pub const fn work_date(&self) -> NaiveDate {
        self.work_date
    }

    /// The pseudonym of this unit.
    pub fn pseudonym(&self) -> &str {
        self.text.split('/').nth(2).unwrap_or_default()
    }

    /// The slot.
    pub const fn slot(&self) -> Slot {
        self.slot
    }
}

impl fmt::Display for SlotUnit {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

impl FromStr for SlotUnit {
    type Err = SlotUnitError;

    fn from_str(text: &str) -> Result<Self, SlotUnitError> {
        let mut parts = text.split('/');
        let mut next = || parts.next().ok_or(SlotUnitError);
        let (agency, date, pseudonym, slot) = (next()?, next()?, next()?, next()?);
        let is_agency = AgencyCode::parse(agency).is_ok();
        // Reading and printing again refuses other spellings of a date, such as one digit for the month.
        let work_date: NaiveDate = date.parse().ok().ok_or(SlotUnitError)?;
        let is_date = work_date.to_string() == date;
        let slot = Slot::from_code(slot).ok_or(SlotUnitError)?;
        let is_pseudonym = (1..=64).contains(&pseudonym.len())
            && pseudonym
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
        let is_whole = parts.next().is_none();
        if is_agency && is_date && is_pseudonym && is_whole {
            Ok(Self {
                text: text.to_owned(),
                agency_end: agency.len(),
                work_date,
                slot,
            })
        } else {
            Err(SlotUnitError)
        }
    }
}

impl Serialize for SlotUnit {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

impl<'de> Deserialize<'de> for SlotUnit {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "1.01/2026-03-02/00112233445566778899/midday";

    #[test]
    fn a_unit_reads_back_from_its_text() {
        let unit: SlotUnit = TEXT.parse().unwrap();
        let date = NaiveDate::from_ymd_opt(2026, 3, 2).unwrap();
        assert_eq!(
            (unit.agency(), unit.work_date(), unit.slot()),
            ("1.01", date, Slot::Midday)
        );
        assert_eq!(unit.pseudonym(), "00112233445566778899");
        assert_eq!(
            SlotUnit::new(
                &AgencyCode::parse("1.01").unwrap(),
                date,
                unit.pseudonym(),
                Slot::Midday
            ),
            Ok(unit)
        );
    }

    #[test]
    fn only_one_spelling_of_a_unit_is_read() {
        for text in [
            "1.01/2026-3-02/00112233445566778899/midday",
            "1.01/2026-03-02/00112233445566778899/noon",
            "1.01/2026-03-02//midday",
            "1.01/2026-03-02/0011 2233/midday",
            "1.01/2026-03-02/00112233445566778899/midday/",
            "/2026-03-02/00112233445566778899/midday",
            "1 01/2026-03-02/00112233445566778899/midday",
            "1.01/2026-02-30/00112233445566778899/midday",
        ] {
            assert_eq!(text.parse::<SlotUnit>(), Err(SlotUnitError), "{text}");
        }
    }
}
