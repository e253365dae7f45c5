//! The slots of a work day in which people share their location, and when a share counts for one.

use crate::domain::instant::Instant;
use crate::domain::instant::Zone;
use crate::domain::language::Language;
use crate::domain::work_mode::WorkMode;
use chrono::{Duration, NaiveDate};
use serde::{Deserialize, Serialize};

/// One of the three daily occasions to share a location.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Slot {
    /// Pagi.
    Morning,
    /// Siang.
    Midday,
    /// Sore.
    Afternoon,
}

impl Slot {
    /// All three, in the order of the day.
    pub const ALL: [Self; 3] = [Self::Morning, Self::Midday, Self::Afternoon];

    /// The spelling in JSON, files and unit ids.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Morning => "morning",
            Self::Midday => "midday",
            Self::Afternoon => "afternoon",
        }
    }

    /// The inverse of [`Slot::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|slot| slot.code() == code)
    }

    /// The word for it inside a sentence.
    pub const fn word(self, language: Language) -> &'static str {
        match self {
            Self::Morning => language.choose("pagi", "morning"),
            Self::Midday => language.choose("siang", "midday"),
            Self::Afternoon => language.choose("sore", "afternoon"),
        }
    }

    /// 1, 2 or 3, as stored.
    pub const fn ordinal(self) -> i16 {
        match self {
            Self::Morning => 1,
            Self::Midday => 2,
            Self::Afternoon => 3,
        }
    }

    /// The inverse of [`Slot::ordinal`].
    pub fn from_ordinal(ordinal: i16) -> Option<Self> {
        Self::ALL.into_iter().find(|slot| slot.ordinal() == ordinal)
    }
}

/// A span of local clock time on a work date, in minutes after local midnight, both ends inclusive to the minute's start.
///
/// `closes_minute` may pass 1,440: a night shift belongs to the day it starts (design section 2).
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Window {
    /// 0 to 2,879.
    pub opens_minute: u16,
    /// Greater than `opens_minute`, at most 2,880.
    pub closes_minute: u16,
}

/// One slot as a circular sets it.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SlotRule {
    /// Which slot.
    pub slot: Slot,
    /// When it is open.
    pub window: Window,
    /// Minutes after the window in which a share still fills the slot, as late. 0 to 240.
    pub grace_minutes: u16,
    /// When the agency's report of this slot is due at BKD, in minutes after local midnight, if the circular says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub report_due_minute: Option<u16>,
}

/// How shares are asked for and judged on a date: what the circulars in force add up to.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct CheckInRule {
    /// In the order of the day, without overlap of windows with grace.
    pub slots: Vec<SlotRule>,
    /// Radius of a home's circle where the home has none of its own, metres. Default 200.
    pub home_radius_metres: u32,
    /// Radius of an office's circle where the site has none of its own, metres. Default 100.
    pub office_radius_metres: u32,
    /// The modes whose people are expected to share.
    pub required_modes: Vec<WorkMode>,
}

impl Default for CheckInRule {
    /// Design section 5: 07.30-09.00, 11.30-13.30, 15.30-17.00, grace 10 minutes; home 200 m, office 100 m.
    fn default() -> Self {
        let slot = |slot, opens_minute, closes_minute| SlotRule {
            slot,
            window: Window {
                opens_minute,
                closes_minute,
            },
            grace_minutes: 10,
            report_due_minute: None,
        };
        Self {
            slots: vec![
                slot(Slot::Morning, 450, 540),
                slot(Slot::Midday, 690, 810),
                slot(Slot::Afternoon, 930, 1020),
            ],
            home_radius_metres: 200,
            office_radius_metres: 100,
            required_modes: vec![WorkMode::Wfh, WorkMode::Wfa],
        }
    }
}

/// Where a moment falls relative to the slots of a work date.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Timing {
    /// Inside the window of a slot.
    Inside(Slot),
    /// After the window, within its grace.
    Grace(Slot),
    /// In no slot of that date.
    Outside,
}

impl CheckInRule {
    /// The rule of one slot, if the circular asks for it.
    pub fn slot(&self, slot: Slot) -> Option<&SlotRule> {
        self.slots.iter().find(|rule| rule.slot == slot)
    }

    /// Whether a person of this mode is expected to share in each slot.
    pub fn is_required(&self, mode: WorkMode) -> bool {
        self.required_modes.contains(&mode)
    }

    /// Which slot of `date` a share captured at `at` fills, each by the clock that `zone_of` gives for it. Windows are
    /// closed at their last minute's start: 09.00.00 is on time, 09.00.01 is late.
    pub fn timing(&self, zone_of: impl Fn(&SlotRule) -> Zone, date: NaiveDate, at: Instant) -> Timing {
        for rule in &self.slots {
            let zone = zone_of(rule);
            let opens = zone.at_minute(date, rule.window.opens_minute);
            let closes = zone.at_minute(date, rule.window.closes_minute);
            if at >= opens && at <= closes {
                return Timing::Inside(rule.slot);
            }
            if at > closes && at <= closes.plus(Duration::minutes(i64::from(rule.grace_minutes))) {
                return Timing::Grace(rule.slot);
            }
        }
        Timing::Outside
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date() -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 3, 2).unwrap()
    }

    fn timing(text: &str) -> Timing {
        CheckInRule::default().timing(|_| Zone::Jakarta, date(), Instant::parse(text).unwrap())
    }

    #[test]
    fn a_window_is_open_from_its_first_to_its_last_moment() {
        assert_eq!(timing("2026-03-02T07:29:59.999+07:00"), Timing::Outside);
        assert_eq!(timing("2026-03-02T07:30:00+07:00"), Timing::Inside(Slot::Morning));
        assert_eq!(timing("2026-03-02T09:00:00+07:00"), Timing::Inside(Slot::Morning));
        assert_eq!(timing("2026-03-02T09:00:00.001+07:00"), Timing::Grace(Slot::Morning));
        assert_eq!(timing("2026-03-02T09:10:00+07:00"), Timing::Grace(Slot::Morning));
        assert_eq!(timing("2026-03-02T09:10:00.001+07:00"), Timing::Outside);
        assert_eq!(timing("2026-03-02T12:00:00+07:00"), Timing::Inside(Slot::Midday));
    }

    #[test]
    fn a_window_past_midnight_belongs_to_the_day_it_starts() {
        let rule = CheckInRule {
            slots: vec![SlotRule {
                slot: Slot::Afternoon,
                window: Window {
                    opens_minute: 1380,
                    closes_minute: 1500,
                },
                grace_minutes: 0,
                report_due_minute: None,
            }],
            ..CheckInRule::default()
        };
        let at = Instant::parse("2026-03-03T00:30:00+07:00").unwrap();
        assert_eq!(
            rule.timing(|_| Zone::Jakarta, date(), at),
            Timing::Inside(Slot::Afternoon)
        );
    }

    #[test]
    fn slots_read_back_from_code_and_ordinal() {
        for slot in Slot::ALL {
            assert_eq!(Slot::from_code(slot.code()), Some(slot));
            assert_eq!(Slot::from_ordinal(slot.ordinal()), Some(slot));
        }
        assert_eq!(Slot::from_ordinal(0), None);
    }
}
