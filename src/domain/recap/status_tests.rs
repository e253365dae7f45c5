//! The status of a day, rule by rule.

use super::*;
use proptest::prelude::*;

fn slot(slot: Slot, share: Option<(Place, i32)>) -> SlotFacts {
    SlotFacts {
        slot,
        time: SlotTime::Over,
        share: share.map(|(place, minute)| SlotShare {
            place,
            first_minute: minute,
            last_minute: minute,
        }),
        outcome: None,
        is_accepted: false,
        is_in_outage: false,
    }
}

/// A day at home with shares of these outcomes, in time.
fn shares(places: [Option<Place>; 3]) -> Vec<SlotFacts> {
    Slot::ALL
        .into_iter()
        .zip(places)
        .zip([450, 720, 960])
        .map(|((name, place), minute)| slot(name, place.map(|place| (place, minute))))
        .collect()
}

fn facts(mode: WorkMode, slots: &[SlotFacts]) -> DayFacts<'_> {
    DayFacts {
        date: NaiveDate::from_ymd_opt(2026, 3, 2).unwrap(),
        part: DayPart::All,
        mode,
        is_holiday: false,
        is_over: true,
        duty: if mode.is_excusing() {
            Duty::Excused
        } else {
            Duty::Required
        },
        excuse: None,
        slots,
        clock: None,
    }
}

fn decided(slots: &[SlotFacts]) -> DayRecord {
    decide(&facts(WorkMode::Wfh, slots), &AllowanceRules::shipped())
}

#[test]
fn what_was_missed_on_the_day_of_being_taken_on_does_not_count() {
    let first_day = |places: [Option<Place>; 3]| {
        let slots = shares(places);
        let facts = DayFacts {
            excuse: Some(Excuse::FirstDay),
            ..facts(WorkMode::Wfh, &slots)
        };
        decide(&facts, &AllowanceRules::shipped())
    };
    let silent = first_day([None, None, None]);
    assert_eq!(
        (silent.status, silent.reasons),
        (DayStatus::Free, vec![Reason::FirstDay])
    );
    assert_eq!(decided(&shares([None, None, None])).status, DayStatus::Absent);
    // Who shared all the same was there, and lacks nothing.
    let shared = first_day([None, INSIDE, INSIDE]);
    assert_eq!(shared.status, DayStatus::Present);
    assert_eq!(
        shared.reasons,
        [
            Reason::SharesReceived {
                received: 2,
                expected: 3
            },
            Reason::FirstDay
        ]
    );
    assert_eq!(first_day([None, None, OUTSIDE]).status, DayStatus::ToExplain);
}

fn timed(slots: &[SlotFacts]) -> DayRecord {
    let clock = Some(WorkClock {
        starts_minute: 450,
        ends_minute: 960,
    });
    let facts = DayFacts {
        clock,
        ..facts(WorkMode::Wfo, slots)
    };
    decide(&facts, &AllowanceRules::shipped())
}

const INSIDE: Option<Place> = Some(Place::Inside);
const OUTSIDE: Option<Place> = Some(Place::Outside);

#[test]
fn three_shares_are_present_two_are_incomplete_and_none_is_absent() {
    assert_eq!(decided(&shares([INSIDE; 3])).sign(), "R");
    let two = decided(&shares([INSIDE, None, INSIDE]));
    assert_eq!((&*two.sign(), two.status), ("R*", DayStatus::Incomplete));
    assert!(two.reasons.contains(&Reason::SlotMissed { slot: Slot::Midday }));
    let none = decided(&shares([None; 3]));
    assert_eq!((&*none.sign(), none.status), ("TK", DayStatus::Absent));
}

#[test]
fn a_share_from_outside_is_to_be_explained_and_never_absent() {
    let outside = decided(&shares([OUTSIDE; 3]));
    assert_eq!((&*outside.sign(), outside.status), ("R?", DayStatus::ToExplain));
    assert!(outside.reasons.contains(&Reason::OnlyFromOutside));
    assert_eq!(decided(&shares([OUTSIDE, None, None])).status, DayStatus::ToExplain);
    // One share from home speaks for the day.
    assert_eq!(decided(&shares([OUTSIDE, INSIDE, INSIDE])).status, DayStatus::Present);
    for place in [Place::Uncertain, Place::Unverifiable, Place::Unusable, Place::Probable] {
        assert_eq!(
            decided(&shares([Some(place); 3])).status,
            DayStatus::Present,
            "{place:?}"
        );
    }
}

#[test]
fn what_people_decided_counts_more_than_the_place() {
    let with = |outcome| {
        let mut slots = shares([OUTSIDE; 3]);
        for slot in &mut slots {
            slot.outcome = Some(outcome);
        }
        decided(&slots)
    };
    assert_eq!(with(CaseOutcome::Withdrawn).status, DayStatus::Present);
    assert_eq!(with(CaseOutcome::Inconclusive).status, DayStatus::Present);
    let upheld = with(CaseOutcome::Upheld);
    assert_eq!(upheld.status, DayStatus::Absent);
    assert!(upheld.reasons.contains(&Reason::SlotUpheld { slot: Slot::Morning }));
    let mut accepted = shares([None; 3]);
    accepted[0].is_accepted = true;
    assert_eq!(decided(&accepted).status, DayStatus::Incomplete);
}

#[test]
fn a_slot_missed_in_an_outage_is_excused() {
    let with = |places, in_outage: [bool; 3]| {
        let mut slots = shares(places);
        for (slot, is_in_outage) in slots.iter_mut().zip(in_outage) {
            slot.is_in_outage = is_in_outage;
        }
        decided(&slots)
    };
    assert_eq!(with([None; 3], [true; 3]).status, DayStatus::Present);
    assert_eq!(with([None; 3], [true, false, false]).status, DayStatus::Incomplete);
    assert_eq!(
        with([None, INSIDE, INSIDE], [true, false, false]).status,
        DayStatus::Present
    );
    // Whoever shared all the same is judged by the share.
    assert_eq!(with([OUTSIDE; 3], [true; 3]).status, DayStatus::ToExplain);
}

#[test]
fn modes_that_ask_for_nothing_are_told_by_the_roster() {
    let rules = AllowanceRules::shipped();
    let of = |mode, duty| {
        let facts = DayFacts {
            duty,
            ..facts(mode, &[])
        };
        decide(&facts, &rules).sign()
    };
    let modes = [
        (WorkMode::Wfo, "K"),
        (WorkMode::Picket, "P"),
        (WorkMode::DutyTravel, "DL"),
        (WorkMode::Training, "DL"),
        (WorkMode::Wfa, "R"),
        (WorkMode::Leave, "C"),
        (WorkMode::Sick, "S"),
        (WorkMode::Off, "-"),
    ];
    for (mode, sign) in modes {
        assert_eq!(of(mode, Duty::NotRequired), sign, "{mode:?}");
    }
    let holiday = DayFacts {
        is_holiday: true,
        ..facts(WorkMode::Off, &[])
    };
    assert_eq!(decide(&holiday, &rules).sign(), "L");
    let permitted = DayFacts {
        excuse: Some(Excuse::Correction),
        ..facts(WorkMode::Wfh, &[])
    };
    assert_eq!(decide(&permitted, &rules).sign(), "I");
}

#[test]
fn a_day_that_is_not_over_has_no_status_yet() {
    let rules = AllowanceRules::shipped();
    let mut slots = shares([None; 3]);
    slots[2].time = SlotTime::Running;
    assert_eq!(decided(&slots).status, DayStatus::Pending);
    let tomorrow = DayFacts {
        is_over: false,
        duty: Duty::NotRequired,
        ..facts(WorkMode::Wfo, &[])
    };
    assert_eq!(decide(&tomorrow, &rules).sign(), "");
    // Today counts as soon as its last slot has passed.
    let slots = shares([INSIDE; 3]);
    let today = DayFacts {
        is_over: false,
        ..facts(WorkMode::Wfh, &slots)
    };
    assert_eq!(decide(&today, &rules).status, DayStatus::Present);
}

#[test]
fn the_clock_counts_only_where_it_is_said_to() {
    let mut slots = shares([INSIDE; 3]);
    slots[0].share = Some(SlotShare {
        place: Place::Inside,
        first_minute: 500,
        last_minute: 500,
    });
    assert_eq!(decided(&slots).late, None);
    let late = timed(&slots);
    assert_eq!(
        late.late.map(|late| (late.code.code(), late.minutes)),
        Some(("TL2", Some(50)))
    );
    assert_eq!(late.sign_with_deviations(), "K TL2");
    assert!(late.reasons.contains(&Reason::LateBy { minutes: 50 }));
}

#[test]
fn lateness_is_told_by_whole_minutes_at_each_edge() {
    let code = |minute| {
        let mut slots = shares([INSIDE; 3]);
        slots[0] = slot(Slot::Morning, Some((Place::Inside, minute)));
        timed(&slots).late.map(|late| late.code.code())
    };
    let edges = [
        (449, None),
        (450, None),
        (451, Some("TL1")),
        (480, Some("TL1")),
        (481, Some("TL2")),
    ];
    for (minute, expected) in edges.into_iter().chain([(540, Some("TL3")), (541, Some("TL4"))]) {
        assert_eq!(code(minute), expected, "{minute}");
    }
}

#[test]
fn leaving_is_told_by_the_last_share_and_arriving_by_the_first() {
    let mut slots = shares([INSIDE; 3]);
    slots[2].share = Some(SlotShare {
        place: Place::Inside,
        first_minute: 930,
        last_minute: 961,
    });
    assert_eq!(timed(&slots).early, None);
    slots[2] = slot(Slot::Afternoon, Some((Place::Inside, 930)));
    assert_eq!(timed(&slots).early.map(|early| early.code.code()), Some("PSW1"));
}

#[test]
fn an_empty_end_of_a_day_has_the_band_of_the_table_unless_it_is_excused() {
    let missing = timed(&shares([None, INSIDE, None]));
    assert_eq!(missing.sign_with_deviations(), "K* TL4 PSW4");
    assert_eq!(missing.late.and_then(|late| late.minutes), None);
    let mut excused = shares([None, INSIDE, None]);
    excused[0].is_in_outage = true;
    excused[2].is_accepted = true;
    assert_eq!(timed(&excused).sign_with_deviations(), "K");
    // Of a day that is to be explained nothing is taken off.
    assert_eq!(timed(&shares([OUTSIDE, None, None])).sign_with_deviations(), "K?");
}

fn any_slot() -> impl Strategy<Value = SlotFacts> {
    let place = proptest::option::of((1_i16..=6, 0_i32..1_440));
    (place, 0_u8..4, any::<bool>(), any::<bool>()).prop_map(|(share, outcome, is_accepted, is_in_outage)| SlotFacts {
        outcome: match outcome {
            1 => Some(CaseOutcome::Upheld),
            2 => Some(CaseOutcome::Withdrawn),
            3 => Some(CaseOutcome::Inconclusive),
            _ => None,
        },
        is_accepted,
        is_in_outage,
        ..slot(
            Slot::Morning,
            share.map(|(rank, minute)| (Place::from_rank(rank).unwrap(), minute)),
        )
    })
}

proptest! {
    #[test]
    fn nobody_is_absent_whose_share_no_person_took_back(
        slots in proptest::collection::vec(any_slot(), 3), has_clock in any::<bool>()
    ) {
        let slots: Vec<SlotFacts> = Slot::ALL.into_iter().zip(slots)
            .map(|(slot, facts)| SlotFacts { slot, ..facts })
            .collect();
        let record = if has_clock { timed(&slots) } else { decided(&slots) };
        let has_sign_of_work = slots.iter().any(|slot| slot.is_accepted
            || (slot.share.is_some() && slot.outcome != Some(CaseOutcome::Upheld))
            || (slot.share.is_none() && slot.is_in_outage));
        prop_assert_eq!(record.status == DayStatus::Absent, !has_sign_of_work);
        prop_assert!(!record.reasons.is_empty());
        prop_assert!(has_clock || (record.late.is_none() && record.early.is_none()));
    }
}

#[test]
fn each_half_is_decided_by_its_own_slots_and_measured_at_its_own_end_of_the_day() {
    let rules = AllowanceRules::shipped();
    let clock = Some(WorkClock {
        starts_minute: 450,
        ends_minute: 960,
    });
    let half = |part, mode, slots| DayFacts {
        part,
        clock,
        ..facts(mode, slots)
    };
    let late = [slot(Slot::Morning, Some((Place::Inside, 480)))];
    let silent = [slot(Slot::Midday, None), slot(Slot::Afternoon, None)];
    let sick = decide_halves(
        &half(DayPart::Morning, WorkMode::Wfo, &late),
        &half(DayPart::Afternoon, WorkMode::Sick, &silent),
        &rules,
    );
    assert_eq!((&*sick.sign(), sick.early), ("K/S", None));
    assert_eq!(sick.late.map(|late| late.minutes), Some(Some(30)));
    // Whoever was ill in the morning is not late at midday.
    let early = [
        slot(Slot::Midday, Some((Place::Inside, 720))),
        slot(Slot::Afternoon, Some((Place::Inside, 940))),
    ];
    let ill = decide_halves(
        &half(DayPart::Morning, WorkMode::Sick, &[]),
        &half(DayPart::Afternoon, WorkMode::Wfh, &early),
        &rules,
    );
    assert_eq!((&*ill.sign(), ill.late), ("S/R", None));
    assert_eq!(ill.early.map(|early| early.minutes), Some(Some(20)));
    let absent = decide_halves(
        &half(DayPart::Morning, WorkMode::Wfh, &late),
        &half(DayPart::Afternoon, WorkMode::Wfo, &silent),
        &rules,
    );
    let parts: Vec<_> = absent.parts().map(|(_, status, halves)| (status, halves)).collect();
    assert_eq!(parts, [(DayStatus::Present, 1), (DayStatus::Absent, 1)]);
    let running = decide_halves(
        &half(DayPart::Morning, WorkMode::Wfh, &late),
        &DayFacts {
            is_over: false,
            ..half(DayPart::Afternoon, WorkMode::DutyTravel, &[])
        },
        &rules,
    );
    assert_eq!(running.sign(), "R/");
}
