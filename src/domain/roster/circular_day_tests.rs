//! One day of a small agency in words: what people share, what is made of it, and what the day was for each.

use crate::domain::check_in::{Arrival, Claim, DutyDay, DutyFence, DutyPart, Judgement, judge};
use crate::domain::check_in_sentence::Outcome;
use crate::domain::circular::in_force::DayRules;
use crate::domain::day::{Duty, SlotTime};
use crate::domain::half::{DayPart, Halved, MiddleOfDay};
use crate::domain::ids::{CheckInId, HomeId, SiteId};
use crate::domain::instant::{Instant, Zone};
use crate::domain::language::Language;
use crate::domain::place::{Fence, Place, Position};
use crate::domain::recap::allowance::AllowanceRules;
use crate::domain::recap::sentence;
use crate::domain::recap::status::{DayFacts, SlotFacts, SlotShare, decide};
use crate::domain::roster::plan::Entry;
use crate::domain::slot::SlotRule;
use crate::domain::work_mode::{DutyPlace, WorkMode};
use chrono::{Duration, NaiveDate};
use std::fmt::Write;
use std::sync::Arc;
use uuid::Uuid;

/// How somebody shares in one slot.
#[derive(Clone, Copy)]
struct Share {
    /// Minutes after the window opens; after it closes where `is_after_close`.
    minute: i64,
    is_after_close: bool,
    metres_away: f64,
    accuracy_metres: Option<u32>,
    /// Minutes between capture and arrival.
    on_the_way: i64,
    /// Minutes that the phone's clock is ahead.
    ahead: i64,
    mock: bool,
}

/// In time, at the place of duty, with a good fix.
const GOOD: Share = Share {
    minute: 20,
    is_after_close: false,
    metres_away: 5.0,
    accuracy_metres: Some(10),
    on_the_way: 0,
    ahead: 0,
    mock: false,
};

/// What each of the twelve does, by number and by slot of the day.
fn habit(person: u128, slot: usize) -> Option<Share> {
    match (person, slot) {
        (1 | 11, _) | (6, 0) => Some(GOOD),
        (2, 0) => Some(Share {
            minute: 5,
            is_after_close: true,
            ..GOOD
        }),
        (3, _) => Some(Share {
            metres_away: 80.0,
            accuracy_metres: Some(60),
            ..GOOD
        }),
        (4, _) => Some(Share {
            metres_away: 230.0,
            accuracy_metres: Some(100),
            ..GOOD
        }),
        (5, _) => Some(Share {
            metres_away: 4_000.0,
            ..GOOD
        }),
        (7, 0) => Some(Share { mock: true, ..GOOD }),
        (8, 0) => Some(Share {
            accuracy_metres: None,
            ..GOOD
        }),
        (9, 0) => Some(Share {
            on_the_way: 300,
            ..GOOD
        }),
        (9, 1) => Some(Share {
            on_the_way: 1_500,
            ..GOOD
        }),
        (10, 0) => Some(Share {
            accuracy_metres: Some(2_500),
            ..GOOD
        }),
        (10, _) => Some(Share { ahead: 7, ..GOOD }),
        _ => None,
    }
}

/// The place of duty of a person; the eleventh has no verified home.
fn fence(person: u128, mode: WorkMode, rules: &DayRules) -> (Position, DutyFence) {
    let check_in = rules.check_in();
    let centre = Position::from_degrees(-6.17, 106.15).unwrap();
    let fence = match mode.duty_place() {
        DutyPlace::Unfixed => DutyFence::Nothing,
        DutyPlace::Home if person == 11 => DutyFence::Nothing,
        DutyPlace::Home => {
            let radius_metres = check_in.home_radius_metres;
            let circle = Fence::Circle { centre, radius_metres };
            DutyFence::Homes(vec![(HomeId::new(Uuid::from_u128(person)), circle)])
        }
        DutyPlace::Site => {
            let radius_metres = check_in.office_radius_metres;
            let circle = Fence::Circle { centre, radius_metres };
            DutyFence::Site(SiteId::new(Uuid::from_u128(1)), circle)
        }
    };
    (centre, fence)
}

fn judged(
    share: Share,
    rule: &SlotRule,
    (date, zone): (NaiveDate, Zone),
    place: Position,
    duty: &DutyDay,
) -> Judgement {
    let begins = if share.is_after_close {
        rule.window.closes_minute
    } else {
        rule.window.opens_minute
    };
    let at = zone.at_minute(date, begins).plus(Duration::minutes(share.minute));
    let received_at = at.plus(Duration::minutes(share.on_the_way));
    let ahead = |moment: Instant| moment.plus(Duration::minutes(share.ahead));
    let claim = Claim {
        id: CheckInId::new(Uuid::from_u128(1)),
        captured_at: ahead(at),
        // A degree of latitude is 110,578 m at this latitude.
        position: Position::from_degrees(place.latitude() + share.metres_away / 110_578.0, place.longitude()).unwrap(),
        accuracy_millimetres: share.accuracy_metres.map(|metres| metres * 1_000),
        altitude_millimetres: None,
        provider: None,
        mock: Some(share.mock),
        note: None,
    };
    let arrival = Arrival {
        sent_at: Some(ahead(received_at)),
        received_at,
    };
    judge(&claim, arrival, |_| duty).unwrap()
}

/// The slots and who is asked, each share with its outcome, flags and sentence, and each person's day with its reasons.
pub(super) fn day_told(rules: &DayRules, roster: &[Entry]) -> String {
    let (date, zone) = (rules.work_date, rules.zone().unwrap_or(Zone::Jakarta));
    let check_in = Arc::new(rules.check_in());
    let mut text = format!("\n{date}, {}:", zone.name());
    for rule in &check_in.slots {
        let clock = |minute| zone.clock(zone.at_minute(date, minute));
        let (opens, closes) = (clock(rule.window.opens_minute), clock(rule.window.closes_minute));
        let name = rule.slot.word(Language::Indonesian);
        write!(text, " {name} {opens}-{closes} +{}", rule.grace_minutes).unwrap();
    }
    let asked: Vec<&str> = check_in.required_modes.iter().map(|mode| mode.code()).collect();
    writeln!(text, "; asked: {}", asked.join(" ")).unwrap();
    for entry in roster.iter().filter(|entry| entry.date == date) {
        let person = entry.employee_id.uuid().as_u128();
        let (centre, duty_fence) = fence(person, entry.mode, rules);
        let duty = DutyDay {
            middle: MiddleOfDay::of(rules.hours(), &check_in.slots),
            rule: Arc::clone(&check_in),
            parts: Halved::whole(DutyPart {
                mode: entry.mode,
                duty_fence,
                zone,
                allowed: None,
            }),
        };
        let mut slots = Vec::new();
        for (index, rule) in check_in.slots.iter().enumerate() {
            let judgement = habit(person, index).map(|share| judged(share, rule, (date, zone), centre, &duty));
            if let Some(judgement) = &judgement {
                writeln!(
                    text,
                    "{person:>2} {} {}",
                    entry.mode.code(),
                    share_told(judgement, zone)
                )
                .unwrap();
            }
            let counts = |judgement: &Judgement| judgement.is_countable && judgement.slot == Some(rule.slot);
            slots.push(SlotFacts {
                slot: rule.slot,
                time: SlotTime::Over,
                share: judgement.filter(counts).map(|judgement| slot_share(judgement.place)),
                outcome: None,
                is_accepted: false,
                is_in_outage: false,
            });
        }
        let facts = DayFacts {
            date,
            part: DayPart::All,
            mode: entry.mode,
            is_holiday: false,
            is_over: true,
            duty: Duty::of(entry.mode, &check_in),
            excuse: None,
            slots: &slots,
            clock: None,
        };
        let record = decide(&facts, &AllowanceRules::shipped());
        let reasons: Vec<String> = record
            .reasons
            .iter()
            .map(|reason| sentence::reason(reason, Language::Indonesian))
            .collect();
        writeln!(text, "{person:>2} = {:?} {}", record.status, reasons.join(" ")).unwrap();
    }
    text
}

fn slot_share(place: Place) -> SlotShare {
    SlotShare {
        place,
        first_minute: 0,
        last_minute: 0,
    }
}

fn share_told(judgement: &Judgement, zone: Zone) -> String {
    let outcome = Outcome {
        mode: judgement.mode,
        slot: judgement.slot,
        place: judgement.place,
        distance_metres: judgement.distance_metres,
        time: judgement.time,
        is_countable: judgement.is_countable,
        is_counted: judgement.is_countable,
        flags: judgement.flags.clone(),
    };
    let mut text = format!(
        "{} {} {} {}",
        zone.clock(judgement.corrected_at),
        judgement.place.code(),
        judgement.time.code(),
        outcome.sentence(Language::Indonesian)
    );
    for flag in &judgement.flags {
        write!(text, " [{}] {}", flag.code(), flag.sentences().0).unwrap();
    }
    text
}
