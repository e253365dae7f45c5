//! The two halves of a work day, which may each have a mode of their own, and which slots belong to which.
//!
//! A slot belongs to the half in which the middle of its window lies. The middle of the day is that of its hours, where a
//! schedule sets them, else that of the time from the opening of the first slot to the closing of the last; what lies
//! exactly there belongs to the afternoon. By the usual windows midday so belongs to the afternoon: whoever has begun a
//! half by then can still share until 13.30.

use crate::domain::instant::Instant;
use crate::domain::instant::Zone;
use crate::domain::schedule::DayHours;
use crate::domain::slot::Slot;
use crate::domain::slot::SlotRule;
use crate::domain::slot::Window;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Half a work day.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Half {
    /// Up to the middle of the day.
    Morning,
    /// From there on.
    Afternoon,
}

impl Half {
    /// Both, in the order of the day.
    pub const ALL: [Self; 2] = [Self::Morning, Self::Afternoon];

    /// The half of a slot by the usual windows, for a date that has none for it.
    pub const fn usual_of(slot: Slot) -> Self {
        match slot {
            Slot::Morning => Self::Morning,
            Slot::Midday | Slot::Afternoon => Self::Afternoon,
        }
    }
}

/// For which part of a day an assignment holds (domain report, section 2.3: `slots`).
#[derive(Clone, Copy, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DayPart {
    /// The whole day.
    #[default]
    All,
    /// Its first half.
    Morning,
    /// Its second half.
    Afternoon,
}

impl DayPart {
    /// All three, in the order of the documentation.
    pub const ALL: [Self; 3] = [Self::All, Self::Morning, Self::Afternoon];

    /// The spelling in columns and JSON.
    pub const fn code(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Morning => "morning",
            Self::Afternoon => "afternoon",
        }
    }

    /// The inverse of [`DayPart::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|part| part.code() == code)
    }

    /// Whether it holds in a half.
    pub const fn covers(self, half: Half) -> bool {
        match (self, half) {
            (Self::All, _) | (Self::Morning, Half::Morning) | (Self::Afternoon, Half::Afternoon) => true,
            (Self::Morning, Half::Afternoon) | (Self::Afternoon, Half::Morning) => false,
        }
    }

    /// What the two have in common.
    pub fn common(self, other: Self) -> Option<Self> {
        Self::of_halves(|half| self.covers(half) && other.covers(half))
    }

    /// Whether the two have a half in common.
    pub fn meets(self, other: Self) -> bool {
        self.common(other).is_some()
    }

    /// What is left of it once another part is taken; nothing where that covers it.
    pub fn without(self, taken: Self) -> Option<Self> {
        Self::of_halves(|half| self.covers(half) && !taken.covers(half))
    }

    fn of_halves(is_in: impl Fn(Half) -> bool) -> Option<Self> {
        match (is_in(Half::Morning), is_in(Half::Afternoon)) {
            (true, true) => Some(Self::All),
            (true, false) => Some(Self::Morning),
            (false, true) => Some(Self::Afternoon),
            (false, false) => None,
        }
    }
}

impl From<Half> for DayPart {
    fn from(half: Half) -> Self {
        match half {
            Half::Morning => Self::Morning,
            Half::Afternoon => Self::Afternoon,
        }
    }
}

/// What holds for a whole day, or for each half by itself. There is no way to ask it without naming the half.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct Halved<T> {
    first: T,
    afternoon: Option<T>,
}

impl<T> Halved<T> {
    /// The same all day.
    pub const fn whole(all_day: T) -> Self {
        Self {
            first: all_day,
            afternoon: None,
        }
    }

    /// Each half by itself.
    pub const fn parted(morning: T, afternoon: T) -> Self {
        Self {
            first: morning,
            afternoon: Some(afternoon),
        }
    }

    /// What holds in a half.
    pub fn of(&self, half: Half) -> &T {
        match half {
            Half::Morning => &self.first,
            Half::Afternoon => self.afternoon.as_ref().unwrap_or(&self.first),
        }
    }

    /// What holds all day; `None` where the halves were told apart, even if the same holds in both.
    pub const fn all_day(&self) -> Option<&T> {
        match self.afternoon {
            None => Some(&self.first),
            Some(_) => None,
        }
    }

    /// The parts that were told apart, in the order of the day.
    pub fn parts(&self) -> impl Iterator<Item = (DayPart, &T)> {
        let first = match self.afternoon {
            None => DayPart::All,
            Some(_) => DayPart::Morning,
        };
        let second = self.afternoon.as_ref().map(|part| (DayPart::Afternoon, part));
        std::iter::once((first, &self.first)).chain(second)
    }

    /// Makes another of each part.
    pub fn map<U>(self, mut make: impl FnMut(DayPart, T) -> U) -> Halved<U> {
        match self.afternoon {
            None => Halved::whole(make(DayPart::All, self.first)),
            Some(afternoon) => Halved {
                first: make(DayPart::Morning, self.first),
                afternoon: Some(make(DayPart::Afternoon, afternoon)),
            },
        }
    }
}

impl<T: PartialEq> Halved<T> {
    /// As one where the same holds in both halves.
    #[must_use]
    pub fn merged(self) -> Self {
        let is_same = self.afternoon.as_ref() == Some(&self.first);
        Self {
            first: self.first,
            afternoon: self.afternoon.filter(|_| !is_same),
        }
    }
}

/// The middle of a work date, kept as the sum of its two ends so that nothing is rounded.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct MiddleOfDay {
    minutes_twice: u32,
}

impl MiddleOfDay {
    /// Of a date with these hours, if a schedule sets any, and these slots. A date with neither has its middle at noon.
    pub fn of(hours: Option<DayHours>, slots: &[SlotRule]) -> Self {
        let opens = slots.iter().map(|rule| rule.window.opens_minute).min();
        let closes = slots.iter().map(|rule| rule.window.closes_minute).max();
        let ends = hours
            .map(|hours| (hours.starts_minute, hours.ends_minute))
            .or(opens.zip(closes));
        Self {
            minutes_twice: ends.map_or(1_440, |(start, end)| u32::from(start) + u32::from(end)),
        }
    }

    /// The half that a slot with this window belongs to.
    pub fn half_of(self, window: Window) -> Half {
        self.half_of_span(window.opens_minute, window.closes_minute)
    }

    /// The half in which the middle of a stretch lies, minutes after local midnight.
    pub fn half_of_span(self, from_minute: u16, to_minute: u16) -> Half {
        if u32::from(from_minute) + u32::from(to_minute) < self.minutes_twice {
            Half::Morning
        } else {
            Half::Afternoon
        }
    }

    /// The half that a moment lies in, by the clock of a zone.
    pub fn half_at(self, zone: Zone, date: NaiveDate, at: Instant) -> Half {
        let twice = at.since(zone.at_minute(date, 0)).num_milliseconds().saturating_mul(2);
        if twice < i64::from(self.minutes_twice) * 60_000 {
            Half::Morning
        } else {
            Half::Afternoon
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::schedule::RelativeSlot;
    use crate::domain::slot::CheckInRule;

    fn halves(hours: Option<(u16, u16)>, slots: &[SlotRule]) -> Vec<(Slot, Half)> {
        let hours = hours.map(|(starts_minute, ends_minute)| DayHours {
            starts_minute,
            ends_minute,
        });
        let middle = MiddleOfDay::of(hours, slots);
        slots
            .iter()
            .map(|rule| (rule.slot, middle.half_of(rule.window)))
            .collect()
    }

    fn usual() -> Vec<(Slot, Half)> {
        let halves = [Half::Morning, Half::Afternoon, Half::Afternoon];
        assert_eq!(Slot::ALL.map(Half::usual_of), halves);
        Slot::ALL.into_iter().zip(halves).collect()
    }

    #[test]
    fn midday_belongs_to_the_afternoon_on_usual_days_with_and_without_hours() {
        let rule = CheckInRule::default();
        assert_eq!(halves(None, &rule.slots), usual());
        assert_eq!(halves(Some((450, 960)), &rule.slots), usual());
    }

    #[test]
    fn a_night_shift_has_its_halves_by_its_own_hours() {
        let hours = DayHours {
            starts_minute: 1_260,
            ends_minute: 1_860,
        };
        let slots = RelativeSlot::usual().map(|slot| slot.on(hours));
        assert_eq!(halves(Some((1_260, 1_860)), &slots), usual());
        let long = DayHours {
            starts_minute: 480,
            ends_minute: 1_920,
        };
        let slots = RelativeSlot::usual().map(|slot| slot.on(long));
        assert_eq!(halves(Some((480, 1_920)), &slots)[1], (Slot::Midday, Half::Morning));
    }

    #[test]
    fn what_lies_exactly_in_the_middle_belongs_to_the_afternoon() {
        let middle = MiddleOfDay::of(
            Some(DayHours {
                starts_minute: 480,
                ends_minute: 961,
            }),
            &[],
        );
        assert_eq!(middle.half_of_span(700, 741), Half::Afternoon);
        assert_eq!(middle.half_of_span(700, 740), Half::Morning);
        let date = "2026-03-02".parse().unwrap();
        let at = |text| middle.half_at(Zone::Jakarta, date, Instant::parse(text).unwrap());
        assert_eq!(at("2026-03-02T12:00:29.999+07:00"), Half::Morning);
        assert_eq!(at("2026-03-02T12:00:30+07:00"), Half::Afternoon);
    }

    #[test]
    fn parts_take_from_each_other_what_they_have_in_common() {
        for part in DayPart::ALL {
            assert_eq!(DayPart::from_code(part.code()), Some(part));
            for taken in DayPart::ALL {
                let left = part.without(taken);
                for half in Half::ALL {
                    let expected = part.covers(half) && !taken.covers(half);
                    assert_eq!(
                        left.is_some_and(|left| left.covers(half)),
                        expected,
                        "{part:?} {taken:?}"
                    );
                }
                assert_eq!(part.meets(taken), left != Some(part));
            }
        }
    }

    #[test]
    fn halves_with_the_same_are_told_apart_until_they_are_merged() {
        let same = Halved::parted(1, 1);
        assert_eq!((same.all_day(), same.parts().count()), (None, 2));
        assert_eq!(same.merged(), Halved::whole(1));
        let parted = Halved::parted(1, 2).merged().map(|part, number| (part, number * 10));
        assert_eq!(*parted.of(Half::Morning), (DayPart::Morning, 10));
        assert_eq!(*parted.of(Half::Afternoon), (DayPart::Afternoon, 20));
    }
}
