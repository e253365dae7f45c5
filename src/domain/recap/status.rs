//! The status of one person's work date: what it is, why, and how late or early by the schedule's clock.
//!
//! Nobody is absent by a flag: a share from outside is to be explained until a person has decided (design, principle 3).

use crate::domain::day::Duty;
use crate::domain::day::SlotTime;
use crate::domain::half::DayPart;
use crate::domain::notice::CaseOutcome;
use crate::domain::place::Place;
use crate::domain::recap::allowance::AllowanceRules;
use crate::domain::recap::allowance::BandCode;
use crate::domain::recap::clock::measure;
use crate::domain::slot::Slot;
use crate::domain::work_mode::WorkMode;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// What a work date was for a person.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DayStatus {
    /// At work (H).
    Present,
    /// At work, but a slot has no share. Counts as present.
    Incomplete,
    /// The only shares came from outside and nobody has decided yet. Counts as present.
    ToExplain,
    /// On leave (C).
    Leave,
    /// Ill (S).
    Sick,
    /// Excused by an accepted correction (I).
    Permission,
    /// No sign of work and no reason (TK).
    Absent,
    /// Weekend, or not scheduled (-).
    Free,
    /// Holiday or joint leave (L).
    Holiday,
    /// Not over yet.
    Pending,
}

/// The columns that days of presence are counted in.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum PresenceColumn {
    /// WFO.
    Office,
    /// WFH and WFA.
    Home,
    /// Picket duty.
    Picket,
    /// Official travel and training.
    Travel,
}

/// The column of a mode; none for modes in which nobody works.
pub const fn presence_column(mode: WorkMode) -> Option<PresenceColumn> {
    match mode {
        WorkMode::Wfo => Some(PresenceColumn::Office),
        WorkMode::Wfh | WorkMode::Wfa => Some(PresenceColumn::Home),
        WorkMode::Picket => Some(PresenceColumn::Picket),
        WorkMode::DutyTravel | WorkMode::Training => Some(PresenceColumn::Travel),
        WorkMode::Leave | WorkMode::Sick | WorkMode::Off => None,
    }
}

/// Why a day is what it is; each has a sentence in `sentence.rs`.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Reason {
    /// The mode asks for no share: the roster alone says so.
    NoShareAsked,
    /// Shares, of so many that were asked for.
    SharesReceived {
        /// How many slots have a share that counts.
        received: u8,
        /// How many were asked for.
        expected: u8,
    },
    /// A slot passed without a share.
    SlotMissed {
        /// Which.
        slot: Slot,
    },
    /// A slot without a share, most of it inside an outage: excused by rule.
    SlotInOutage {
        /// Which.
        slot: Slot,
    },
    /// A slot that an accepted correction fills.
    SlotAccepted {
        /// Which.
        slot: Slot,
    },
    /// A review was upheld: the share of the slot does not count.
    SlotUpheld {
        /// Which.
        slot: Slot,
    },
    /// Every share came from outside.
    OnlyFromOutside,
    /// The person was taken on that day, and had no way to share before.
    FirstDay,
    /// Leave or sickness by assignment.
    ByAssignment,
    /// An accepted correction.
    ByCorrection,
    /// Nobody works who is not called in.
    DayOff,
    /// Still ahead or running.
    NotOver,
    /// Late by the schedule's clock.
    LateBy {
        /// Whole minutes, at least 1.
        minutes: u16,
    },
    /// Gone before the schedule's end.
    LeftEarlyBy {
        /// Whole minutes, at least 1.
        minutes: u16,
    },
    /// The first slot of a day whose clock counts was left empty.
    NoFirstEntry,
    /// The last slot of a day whose clock counts was left empty.
    NoLastEntry,
}

/// One end of a day beside the schedule's clock.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct Deviation {
    /// The column that it is counted in.
    pub code: BandCode,
    /// Whole minutes; none where nothing was filled in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minutes: Option<u16>,
}

/// One day of one person.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct DayRecord {
    /// The work date.
    pub date: NaiveDate,
    /// What it was.
    pub status: DayStatus,
    /// The mode that held.
    pub mode: WorkMode,
    /// How late.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub late: Option<Deviation>,
    /// How early gone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub early: Option<Deviation>,
    /// Why.
    pub reasons: Vec<Reason>,
    /// The second half of a day whose halves have modes of their own. `status`, `mode` and `reasons` are then of the
    /// first half, and each half counts as half a day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub afternoon: Option<HalfRecord>,
}

/// The second half of a day of one person.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct HalfRecord {
    /// What it was.
    pub status: DayStatus,
    /// The mode that held.
    pub mode: WorkMode,
    /// Why.
    pub reasons: Vec<Reason>,
}

/// The share that stands for a slot.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct SlotShare {
    /// Its outcome of place.
    pub place: Place,
    /// Capture of the first share that counts, whole minutes after local midnight of the work date.
    pub first_minute: i32,
    /// Capture of the last one.
    pub last_minute: i32,
}

/// What is known of one slot.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct SlotFacts {
    /// Which.
    pub slot: Slot,
    /// Where it stands in time.
    pub time: SlotTime,
    /// Its share, if there is one.
    pub share: Option<SlotShare>,
    /// What a review of it came to.
    pub outcome: Option<CaseOutcome>,
    /// Whether an accepted correction fills it.
    pub is_accepted: bool,
    /// Whether outages took enough of its window.
    pub is_in_outage: bool,
}

/// The hours of a day whose clock counts, minutes after local midnight.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct WorkClock {
    /// When work starts.
    pub starts_minute: u16,
    /// When it ends.
    pub ends_minute: u16,
}

/// What excuses a whole day.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Excuse {
    /// An accepted correction.
    Correction,
    /// It is the first day on which the person was on any staff list: what was missed on it does not count.
    FirstDay,
}

/// What is known of one day, or of one half of it.
#[derive(Clone, Copy, Debug)]
pub struct DayFacts<'a> {
    /// The work date.
    pub date: NaiveDate,
    /// Which part of it.
    pub part: DayPart,
    /// The mode that holds.
    pub mode: WorkMode,
    /// Whether the day is free by holiday or joint leave.
    pub is_holiday: bool,
    /// Whether the date itself is over in the agency's zone.
    pub is_over: bool,
    /// What the mode asks for.
    pub duty: Duty,
    /// What excuses the whole day.
    pub excuse: Option<Excuse>,
    /// The slots of this part of the date, in the order of the day.
    pub slots: &'a [SlotFacts],
    /// The hours, where the circular in force says that their clock counts.
    pub clock: Option<WorkClock>,
}

/// Decides what a day was whose halves have modes of their own: each by its own slots. Lateness is that of the first half,
/// early leaving that of the second.
pub fn decide_halves(morning: &DayFacts<'_>, afternoon: &DayFacts<'_>, rules: &AllowanceRules) -> DayRecord {
    let second = decide(afternoon, rules);
    DayRecord {
        early: second.early,
        afternoon: Some(HalfRecord {
            status: second.status,
            mode: second.mode,
            reasons: second.reasons,
        }),
        ..decide(morning, rules)
    }
}

/// Decides what a day was, or what its half was.
pub fn decide(facts: &DayFacts<'_>, rules: &AllowanceRules) -> DayRecord {
    let record = |status, reasons| DayRecord {
        date: facts.date,
        status,
        mode: facts.mode,
        late: None,
        early: None,
        reasons,
        afternoon: None,
    };
    if facts.mode == WorkMode::Off {
        let status = if facts.is_holiday {
            DayStatus::Holiday
        } else {
            DayStatus::Free
        };
        return record(status, vec![Reason::DayOff]);
    }
    if facts.excuse == Some(Excuse::Correction) {
        return record(DayStatus::Permission, vec![Reason::ByCorrection]);
    }
    let asks = facts.duty == Duty::Required && !facts.slots.is_empty();
    let is_over = facts.is_over || (asks && facts.slots.iter().all(|slot| slot.time == SlotTime::Over));
    let runs = asks && facts.slots.iter().any(|slot| slot.time != SlotTime::Over);
    if !is_over || runs {
        return record(DayStatus::Pending, vec![Reason::NotOver]);
    }
    match facts.mode {
        WorkMode::Leave => record(DayStatus::Leave, vec![Reason::ByAssignment]),
        WorkMode::Sick => record(DayStatus::Sick, vec![Reason::ByAssignment]),
        WorkMode::Wfo
        | WorkMode::Wfh
        | WorkMode::Wfa
        | WorkMode::Picket
        | WorkMode::DutyTravel
        | WorkMode::Training
        | WorkMode::Off => {
            if asks {
                let is_silent = facts.slots.iter().all(|slot| slot.share.is_none() && !slot.is_accepted);
                if facts.excuse == Some(Excuse::FirstDay) && is_silent {
                    return record(DayStatus::Free, vec![Reason::FirstDay]);
                }
                decide_by_shares(facts, rules)
            } else {
                record(DayStatus::Present, vec![Reason::NoShareAsked])
            }
        }
    }
}

/// How one slot counts.
#[derive(Clone, Copy, Eq, PartialEq)]
pub(super) enum Filled {
    /// A share, or a correction.
    Yes,
    /// A share from outside that nobody decided on.
    FromOutside,
    /// Nothing, for a reason of the service's own.
    Excused,
    /// Nothing, or a share that a review took back.
    No,
}

fn filled(slot: &SlotFacts, is_first_day: bool) -> Filled {
    if slot.is_accepted {
        return Filled::Yes;
    }
    match (slot.share, slot.outcome) {
        (Some(share), None) if share.place == Place::Outside => Filled::FromOutside,
        // From where it was expected, or not to be told apart from it; or decided, and not against the person.
        (Some(_), None | Some(CaseOutcome::Withdrawn | CaseOutcome::Inconclusive)) => Filled::Yes,
        (None, _) if slot.is_in_outage => Filled::Excused,
        (None, _) if Duty::Required.in_slot(is_first_day, false, slot.time) == Duty::Excused => Filled::Excused,
        (Some(_), Some(CaseOutcome::Upheld)) | (None, _) => Filled::No,
    }
}

fn decide_by_shares(facts: &DayFacts<'_>, rules: &AllowanceRules) -> DayRecord {
    let is_first_day = facts.excuse == Some(Excuse::FirstDay);
    let filled = |slot: &SlotFacts| filled(slot, is_first_day);
    let count = |wanted: &[Filled]| facts.slots.iter().filter(|slot| wanted.contains(&filled(slot))).count();
    let small = |count: usize| u8::try_from(count).unwrap_or(u8::MAX);
    let (good, outside) = (count(&[Filled::Yes]), count(&[Filled::FromOutside]));
    let (excused, missed) = (count(&[Filled::Excused]), count(&[Filled::No]));
    let status = if good + outside == 0 {
        // Whoever could not share for the service's own fault is not absent, whatever else is missing.
        match (excused, missed) {
            (0, _) => DayStatus::Absent,
            (_, 0) => DayStatus::Present,
            (_, _) => DayStatus::Incomplete,
        }
    } else if good == 0 {
        DayStatus::ToExplain
    } else if missed > 0 {
        DayStatus::Incomplete
    } else {
        DayStatus::Present
    };
    let mut reasons = vec![Reason::SharesReceived {
        received: small(good + outside),
        expected: small(facts.slots.len()),
    }];
    for slot in facts.slots {
        let name = slot.slot;
        match filled(slot) {
            Filled::Yes if slot.is_accepted => reasons.push(Reason::SlotAccepted { slot: name }),
            Filled::Yes | Filled::FromOutside => {}
            Filled::Excused if slot.is_in_outage => reasons.push(Reason::SlotInOutage { slot: name }),
            Filled::Excused if reasons.contains(&Reason::FirstDay) => {}
            Filled::Excused => reasons.push(Reason::FirstDay),
            Filled::No if slot.share.is_some() => reasons.push(Reason::SlotUpheld { slot: name }),
            Filled::No => reasons.push(Reason::SlotMissed { slot: name }),
        }
    }
    if status == DayStatus::ToExplain {
        reasons.push(Reason::OnlyFromOutside);
    }
    let mut record = DayRecord {
        date: facts.date,
        status,
        mode: facts.mode,
        late: None,
        early: None,
        reasons,
        afternoon: None,
    };
    // Of a day that is to be explained nothing is taken off before it is decided.
    if matches!(status, DayStatus::Present | DayStatus::Incomplete)
        && let Some(clock) = facts.clock
    {
        measure(facts, filled, clock, rules, &mut record);
    }
    record
}

impl DayRecord {
    /// The mode and status of each part, with how many halves of the day it is.
    pub fn parts(&self) -> impl Iterator<Item = (WorkMode, DayStatus, u16)> {
        let halves = if self.afternoon.is_some() { 1 } else { 2 };
        let second = self.afternoon.iter().map(|half| (half.mode, half.status, 1));
        std::iter::once((self.mode, self.status, halves)).chain(second)
    }

    /// What stands in the day's cell, the halves beside each other where they have modes of their own: `R/DL`. The legend of
    /// the sheet explains it.
    pub fn sign(&self) -> Cow<'static, str> {
        let first = sign(self.status, self.mode);
        match &self.afternoon {
            None => Cow::Borrowed(first),
            Some(half) => match sign(half.status, half.mode) {
                second if second == first => Cow::Borrowed(first),
                second => Cow::Owned(format!("{first}/{second}")),
            },
        }
    }

    /// The sign with what the clock says, as a difference prints it: `K TL1 PSW2`.
    pub fn sign_with_deviations(&self) -> String {
        let codes = [self.late, self.early]
            .into_iter()
            .flatten()
            .map(|found| found.code.code());
        let sign = self.sign();
        std::iter::once(&*sign).chain(codes).collect::<Vec<_>>().join(" ")
    }
}

const fn sign(status: DayStatus, mode: WorkMode) -> &'static str {
    match (status, presence_column(mode)) {
        (DayStatus::Present, Some(PresenceColumn::Office)) => "K",
        (DayStatus::Present, Some(PresenceColumn::Home)) => "R",
        (DayStatus::Present, Some(PresenceColumn::Picket)) => "P",
        (DayStatus::Present, Some(PresenceColumn::Travel)) => "DL",
        (DayStatus::Incomplete, Some(PresenceColumn::Office)) => "K*",
        (DayStatus::Incomplete, Some(PresenceColumn::Home)) => "R*",
        (DayStatus::Incomplete, Some(PresenceColumn::Picket)) => "P*",
        (DayStatus::Incomplete, Some(PresenceColumn::Travel)) => "DL*",
        (DayStatus::ToExplain, Some(PresenceColumn::Office)) => "K?",
        (DayStatus::ToExplain, Some(PresenceColumn::Home)) => "R?",
        (DayStatus::ToExplain, Some(PresenceColumn::Picket)) => "P?",
        (DayStatus::ToExplain, Some(PresenceColumn::Travel)) => "DL?",
        (DayStatus::Leave, _) => "C",
        (DayStatus::Sick, _) => "S",
        (DayStatus::Permission, _) => "I",
        (DayStatus::Absent, _) => "TK",
        (DayStatus::Holiday, _) => "L",
        (DayStatus::Free, _) => "-",
        (DayStatus::Pending, _) | (DayStatus::Present | DayStatus::Incomplete | DayStatus::ToExplain, None) => "",
    }
}

#[cfg(test)]
#[path = "status_tests.rs"]
mod tests;
