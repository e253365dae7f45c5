//! How late and how early gone by the schedule's clock: the first and the last slot of a day, or of half of it.

use crate::domain::half::DayPart;
use crate::domain::recap::allowance::AllowanceRules;
use crate::domain::recap::status::DayFacts;
use crate::domain::recap::status::DayRecord;
use crate::domain::recap::status::Deviation;
use crate::domain::recap::status::Filled;
use crate::domain::recap::status::Reason;
use crate::domain::recap::status::SlotFacts;
use crate::domain::recap::status::WorkClock;

/// Holds the first and the last slot against the schedule's clock; of half a day only the one at its own end of the day.
/// Minutes are whole ones: 59 seconds are none.
pub(super) fn measure(
    facts: &DayFacts<'_>,
    filled: impl Fn(&SlotFacts) -> Filled,
    clock: WorkClock,
    rules: &AllowanceRules,
    record: &mut DayRecord,
) {
    let (Some(first), Some(last)) = (facts.slots.first(), facts.slots.last()) else {
        return;
    };
    if facts.part != DayPart::Afternoon {
        measure_start(first, &filled, clock, rules, record);
    }
    // The only slot of a whole day tells when somebody came.
    let tells_end = facts.part == DayPart::Afternoon || last.slot != first.slot;
    if facts.part != DayPart::Morning && tells_end {
        measure_end(last, &filled, clock, rules, record);
    }
}

/// Minutes that are short, none where there are more than asked.
fn whole_minutes(minutes: i32) -> u16 {
    u16::try_from(minutes.max(0)).unwrap_or(u16::MAX)
}

fn measure_start(
    first: &SlotFacts,
    filled: impl Fn(&SlotFacts) -> Filled,
    clock: WorkClock,
    rules: &AllowanceRules,
    record: &mut DayRecord,
) {
    match (filled(first), first.share) {
        (Filled::Yes, Some(share)) if !first.is_accepted => {
            let minutes = whole_minutes(share.first_minute - i32::from(clock.starts_minute));
            if let Some(code) = rules.band(true, minutes) {
                record.late = Some(Deviation {
                    code,
                    minutes: Some(minutes),
                });
                record.reasons.push(Reason::LateBy { minutes });
            }
        }
        (Filled::No, _) => {
            record.late = rules
                .band_without_entry(true)
                .map(|code| Deviation { code, minutes: None });
            record.reasons.push(Reason::NoFirstEntry);
        }
        (Filled::Yes | Filled::FromOutside | Filled::Excused, _) => {}
    }
}

fn measure_end(
    last: &SlotFacts,
    filled: impl Fn(&SlotFacts) -> Filled,
    clock: WorkClock,
    rules: &AllowanceRules,
    record: &mut DayRecord,
) {
    match (filled(last), last.share) {
        (Filled::Yes, Some(share)) if !last.is_accepted => {
            let minutes = whole_minutes(i32::from(clock.ends_minute) - share.last_minute);
            if let Some(code) = rules.band(false, minutes) {
                record.early = Some(Deviation {
                    code,
                    minutes: Some(minutes),
                });
                record.reasons.push(Reason::LeftEarlyBy { minutes });
            }
        }
        (Filled::No, _) => {
            record.early = rules
                .band_without_entry(false)
                .map(|code| Deviation { code, minutes: None });
            record.reasons.push(Reason::NoLastEntry);
        }
        (Filled::Yes | Filled::FromOutside | Filled::Excused, _) => {}
    }
}
