//! A location share: what the phone claims, and what the service makes of it.
//! Design section 5 is carried out here; everything is pure and total.

pub use crate::domain::flag::Flag;
use crate::domain::half::Half;
use crate::domain::half::Halved;
use crate::domain::half::MiddleOfDay;
use crate::domain::ids::CheckInId;
use crate::domain::ids::HomeId;
use crate::domain::ids::SiteId;
use crate::domain::instant::Instant;
use crate::domain::instant::Zone;
use crate::domain::place::Fence;
use crate::domain::place::Place;
use crate::domain::place::Position;
use crate::domain::place::judge_place;
use crate::domain::region_outline::AllowedArea;
use crate::domain::slot::CheckInRule;
use crate::domain::slot::Slot;
use crate::domain::slot::SlotRule;
use crate::domain::slot::Timing;
use crate::domain::work_mode::WorkMode;
use chrono::{Duration, NaiveDate};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::sync::Arc;

/// Received up to this long after capture, a share counts by itself.
pub const COUNTS_WITHIN: Duration = Duration::hours(24);
/// Received up to this long after capture, a share is stored; older is refused.
pub const STORED_WITHIN: Duration = Duration::days(31);
/// Captured at most this far ahead of the server after offset correction; more is refused.
pub const AHEAD_AT_MOST: Duration = Duration::hours(24);
/// Below this a phone's clock counts as right: the trip of a message over a bad network takes as long.
pub const OFFSET_TOLERANCE: Duration = Duration::minutes(2);
/// From here on an offset is worth a flag (domain.md 2.4).
pub const OFFSET_FLAGGED: Duration = Duration::minutes(5);

/// What a phone says about one share. Every field but the time of sending is part of its sameness.
#[derive(Clone, Debug, PartialEq)]
pub struct Claim {
    /// Made by the phone; UUIDv7.
    pub id: CheckInId,
    /// The phone's clock at capture.
    pub captured_at: Instant,
    /// Where.
    pub position: Position,
    /// Radius of the 68 % circle in millimetres, 1 to 100,000,000; absent only on third-party channels.
    pub accuracy_millimetres: Option<u32>,
    /// Metres above the ellipsoid times 1,000.
    pub altitude_millimetres: Option<i32>,
    /// What measured it.
    pub provider: Option<Provider>,
    /// The system's own word that the position was made up; browsers can't tell.
    pub mock: Option<bool>,
    /// Up to 500 characters for the reviewer.
    pub note: Option<String>,
}

/// What measured a position (domain.md 2.4).
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Provider {
    /// Satellites.
    Gps,
    /// Cells or Wi-Fi.
    Network,
    /// Several at once.
    Fused,
    /// A pasted link.
    SharedLink,
    /// A chat export or table.
    Import,
    /// Typed by hand.
    Manual,
}

impl Provider {
    /// Every provider, in the order of the documentation.
    pub const ALL: [Self; 6] = [
        Self::Gps,
        Self::Network,
        Self::Fused,
        Self::SharedLink,
        Self::Import,
        Self::Manual,
    ];

    /// The spelling in JSON and files.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Gps => "gps",
            Self::Network => "network",
            Self::Fused => "fused",
            Self::SharedLink => "shared_link",
            Self::Import => "import",
            Self::Manual => "manual",
        }
    }

    /// The inverse of [`Provider::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|provider| provider.code() == code)
    }
}

impl Claim {
    /// SHA-256 over every field. The same id with another digest is another claim (design section 2).
    pub fn digest(&self) -> [u8; 32] {
        let mut hash = Sha256::new();
        let mut field = |bytes: &[u8]| {
            hash.update(u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_be_bytes());
            hash.update(bytes);
        };
        field(b"sherlok claim 1");
        field(self.id.uuid().as_bytes());
        field(&self.captured_at.millis().to_be_bytes());
        field(&self.position.latitude_e7().to_be_bytes());
        field(&self.position.longitude_e7().to_be_bytes());
        // An absent field is empty, a present one never is: the two can't be confused.
        field(
            &self
                .accuracy_millimetres
                .map_or(Vec::new(), |value| value.to_be_bytes().to_vec()),
        );
        field(
            &self
                .altitude_millimetres
                .map_or(Vec::new(), |value| value.to_be_bytes().to_vec()),
        );
        field(self.provider.map_or("", Provider::code).as_bytes());
        field(&self.mock.map_or(Vec::new(), |value| vec![u8::from(value)]));
        field(
            &self
                .note
                .as_ref()
                .map_or(Vec::new(), |note| [b"=", note.as_bytes()].concat()),
        );
        hash.finalize().into()
    }

    /// Accuracy in metres.
    pub fn accuracy_metres(&self) -> Option<f64> {
        self.accuracy_millimetres
            .map(|millimetres| f64::from(millimetres) / 1_000.0)
    }
}

/// When a claim came in.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Arrival {
    /// The phone's clock when it sent; changes honestly on a retry.
    pub sent_at: Option<Instant>,
    /// The server's clock.
    pub received_at: Instant,
}

impl Arrival {
    /// How far the phone's clock is behind the server's (positive) or ahead (negative), if that is more than the trip.
    pub fn clock_offset(&self) -> Duration {
        let offset = self
            .sent_at
            .map_or(Duration::zero(), |sent_at| self.received_at.since(sent_at));
        if offset.abs() > OFFSET_TOLERANCE {
            offset
        } else {
            Duration::zero()
        }
    }
}

/// What holds for one person on one date: loaded before judging.
#[derive(Clone, Debug)]
pub struct DutyDay {
    /// Slots, radii and who must share.
    pub rule: Arc<CheckInRule>,
    /// Where the day parts into its halves.
    pub middle: MiddleOfDay,
    /// What holds all day, or in each half.
    pub parts: Halved<DutyPart>,
}

/// What holds for one person in one part of a date.
#[derive(Clone, Debug)]
pub struct DutyPart {
    /// From circular, roster or approval.
    pub mode: WorkMode,
    /// Home, site or nothing to compare with.
    pub duty_fence: DutyFence,
    /// The zone in which the date and the windows are meant: of the destination on a journey, else of the agency.
    pub zone: Zone,
    /// Where shares may come from, on a journey while travel is banned and outlines are known.
    pub allowed: Option<AllowedArea>,
}

impl DutyDay {
    /// What holds in a slot.
    pub fn in_slot(&self, rule: &SlotRule) -> &DutyPart {
        self.parts.of(self.middle.half_of(rule.window))
    }

    /// What holds in a slot, whether or not the date has a window for it.
    pub fn of_slot(&self, slot: Slot) -> &DutyPart {
        let half = match self.rule.slot(slot) {
            Some(rule) => self.middle.half_of(rule.window),
            None => Half::usual_of(slot),
        };
        self.parts.of(half)
    }

    /// The zone in which the date begins.
    pub fn first_zone(&self) -> Zone {
        self.parts.of(Half::Morning).zone
    }

    /// What holds for a share: in its slot, or in the half in which it was captured where it fills none.
    fn of_share(&self, slot: Option<Slot>, date: NaiveDate, at: Instant) -> &DutyPart {
        if let Some(all_day) = self.parts.all_day() {
            return all_day;
        }
        match slot.and_then(|slot| self.rule.slot(slot)) {
            Some(rule) => self.in_slot(rule),
            None => self.parts.of(self.middle.half_at(self.first_zone(), date, at)),
        }
    }
}

/// The fence that a share of that day is held against.
#[derive(Clone, Debug)]
pub enum DutyFence {
    /// The verified homes of that date: the primary and at most one secondary.
    Homes(Vec<(HomeId, Fence)>),
    /// The office or duty post.
    Site(SiteId, Fence),
    /// No verified home, no site, or a mode that is bound to no place.
    Nothing,
}

/// How a share stands to the clock.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TimeOutcome {
    /// Captured in the window and received before it closed.
    OnTime,
    /// Captured in the grace after the window.
    Late,
    /// In no slot.
    OutsideWindow,
    /// Captured in the window, received after it.
    Backfilled,
}

impl TimeOutcome {
    /// Every outcome, in the order of the documentation.
    pub const ALL: [Self; 4] = [Self::OnTime, Self::Late, Self::OutsideWindow, Self::Backfilled];

    /// The spelling in columns, JSON and files.
    pub const fn code(self) -> &'static str {
        match self {
            Self::OnTime => "on_time",
            Self::Late => "late",
            Self::OutsideWindow => "outside_window",
            Self::Backfilled => "backfilled",
        }
    }

    /// The inverse of [`TimeOutcome::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|time| time.code() == code)
    }
}

/// Why a claim is not even stored.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum ClaimError {
    /// Captured more than 31 days before it came in.
    #[error("captured more than 31 days ago")]
    TooOld,
    /// Captured more than 24 hours after it came in, by the phone's clock.
    #[error("captured more than 24 hours ahead")]
    TooFarAhead,
}

/// What the service makes of a claim. Stored once, never changed.
#[derive(Clone, Debug, PartialEq)]
pub struct Judgement {
    /// Capture by the server's clock.
    pub corrected_at: Instant,
    /// The date that it belongs to, in the zone of duty.
    pub work_date: NaiveDate,
    /// The zone of duty on that date.
    pub zone: Zone,
    /// The slot that it falls in, if any.
    pub slot: Option<Slot>,
    /// The mode that it was judged by.
    pub mode: WorkMode,
    /// Outcome of place.
    pub place: Place,
    /// Metres to the fence's centre (border of a polygon), rounded; absent where nothing was compared.
    pub distance_metres: Option<i32>,
    /// Outcome of time.
    pub time: TimeOutcome,
    /// Whether it may represent its slot.
    pub is_countable: bool,
    /// What is odd, in the order of [`Flag::ALL`].
    pub flags: Vec<Flag>,
    /// The home compared with.
    pub home: Option<HomeId>,
    /// The site compared with.
    pub site: Option<SiteId>,
}

/// The first and the last date that a capture may belong to, whatever the zones of duty: a night shift belongs to the day
/// before.
pub fn candidate_dates(corrected_at: Instant) -> (NaiveDate, NaiveDate) {
    let first = Zone::Jakarta.date(corrected_at);
    (first.pred_opt().unwrap_or(first), Zone::Jayapura.date(corrected_at))
}

/// The day that runs at a moment: the latest one that has begun in its own zone, which differs from day to day where a
/// journey begins or ends.
pub fn running_date(at: Instant, zone_on: impl Fn(NaiveDate) -> Zone) -> NaiveDate {
    let (west, east) = (Zone::Jakarta.date(at), Zone::Jayapura.date(at));
    // Most of the day it is the same date in all zones.
    if west == east || zone_on(east).date(at) < east {
        west
    } else {
        east
    }
}

/// Checks the limits of time and gives the capture by the server's clock.
pub fn corrected_at(claim: &Claim, arrival: Arrival) -> Result<Instant, ClaimError> {
    let corrected_at = claim.captured_at.plus(arrival.clock_offset());
    let age = arrival.received_at.since(corrected_at);
    if age > STORED_WITHIN {
        Err(ClaimError::TooOld)
    } else if -age > AHEAD_AT_MOST {
        Err(ClaimError::TooFarAhead)
    } else {
        Ok(corrected_at)
    }
}

/// Judges a claim. `duty` gives what holds on a date; it is asked for dates within [`candidate_dates`] only, for the day
/// before the running one only where no slot of that fits.
pub fn judge<'a>(
    claim: &Claim,
    arrival: Arrival,
    duty: impl Fn(NaiveDate) -> &'a DutyDay,
) -> Result<Judgement, ClaimError> {
    let corrected_at = corrected_at(claim, arrival)?;
    let today = running_date(corrected_at, |date| duty(date).first_zone());
    let yesterday = today.pred_opt().unwrap_or(today);
    let timing_on = |date| {
        let day = duty(date);
        day.rule.timing(|rule| day.in_slot(rule).zone, date, corrected_at)
    };
    let (work_date, timing) = match timing_on(today) {
        Timing::Outside => match timing_on(yesterday) {
            Timing::Outside => (today, Timing::Outside),
            late_shift @ (Timing::Inside(_) | Timing::Grace(_)) => (yesterday, late_shift),
        },
        timing @ (Timing::Inside(_) | Timing::Grace(_)) => (today, timing),
    };
    let day = duty(work_date);
    let (slot, time) = outcome_of_time(day, work_date, timing, arrival);
    let part = day.of_share(slot, work_date, corrected_at);
    let (placed, home, site) = outcome_of_place(claim, &part.duty_fence);

    let age = arrival.received_at.since(corrected_at);
    let is_ahead = -age > OFFSET_FLAGGED;
    let is_late = age > COUNTS_WITHIN;
    let flags = [
        (claim.mock == Some(true), Flag::MockProvider),
        (arrival.clock_offset().abs() > OFFSET_FLAGGED, Flag::ClockSkew),
        (is_ahead, Flag::CapturedAhead),
        (is_late, Flag::ReceivedLate),
        (claim.accuracy_millimetres.is_none(), Flag::NoAccuracy),
        (!day.rule.is_required(part.mode), Flag::NotRequired),
        (
            part.allowed
                .as_ref()
                .is_some_and(|area| area.is_clearly_left(claim.position, claim.accuracy_metres())),
            Flag::OutsideAllowedRegion,
        ),
    ];
    Ok(Judgement {
        corrected_at,
        work_date,
        zone: part.zone,
        slot,
        mode: part.mode,
        place: placed.place,
        distance_metres: placed.distance_metres.map(whole_metres),
        time,
        // A share ahead of our clock has not happened yet as far as we can know, so it can't fill a slot.
        is_countable: slot.is_some() && !is_late && !is_ahead,
        flags: flags
            .into_iter()
            .filter_map(|(is_raised, flag)| is_raised.then_some(flag))
            .collect(),
        home,
        site,
    })
}

fn outcome_of_time(
    day: &DutyDay,
    work_date: NaiveDate,
    timing: Timing,
    arrival: Arrival,
) -> (Option<Slot>, TimeOutcome) {
    match timing {
        Timing::Outside => (None, TimeOutcome::OutsideWindow),
        Timing::Grace(slot) => (Some(slot), TimeOutcome::Late),
        Timing::Inside(slot) => {
            let rule = day.rule.slot(slot);
            let closes_at = rule.map(|rule| day.in_slot(rule).zone.at_minute(work_date, rule.window.closes_minute));
            let is_after = closes_at.is_some_and(|closes_at| arrival.received_at > closes_at);
            (
                Some(slot),
                if is_after {
                    TimeOutcome::Backfilled
                } else {
                    TimeOutcome::OnTime
                },
            )
        }
    }
}

fn outcome_of_place(
    claim: &Claim,
    fence: &DutyFence,
) -> (crate::domain::place::PlaceJudgement, Option<HomeId>, Option<SiteId>) {
    let judge_fence = |fence| judge_place(fence, claim.position, claim.accuracy_metres());
    match fence {
        DutyFence::Nothing => (judge_fence(None), None, None),
        DutyFence::Site(site, fence) => (judge_fence(Some(fence)), None, Some(*site)),
        DutyFence::Homes(homes) => homes
            .iter()
            .map(|(home, fence)| (judge_fence(Some(fence)), Some(*home), None))
            .min_by_key(|(placed, ..)| placed.place.rank())
            .unwrap_or_else(|| (judge_fence(None), None, None)),
    }
}

#[expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    reason = "half the globe is 20,004,000 m"
)]
fn whole_metres(metres: f64) -> i32 {
    metres.round() as i32
}

/// What decides which of several shares represents a slot: the least is the representative (design section 5).
/// The id is last, so that the answer never depends on the order in which shares came in.
pub const fn representative_key(place: Place, corrected_at: Instant, id: CheckInId) -> (i16, Instant, CheckInId) {
    (place.rank(), corrected_at, id)
}

#[cfg(test)]
#[path = "check_in_tests.rs"]
mod tests;
