//! The rules of judging a share, one by one.

use super::*;
use proptest::prelude::*;
use uuid::Uuid;

fn instant(text: &str) -> Instant {
    Instant::parse(text).unwrap()
}

fn claim(captured_at: &str) -> Claim {
    Claim {
        id: CheckInId::new(Uuid::from_u128(7)),
        captured_at: instant(captured_at),
        position: Position::from_degrees(-6.1, 106.1).unwrap(),
        accuracy_millimetres: Some(10_000),
        altitude_millimetres: None,
        provider: None,
        mock: None,
        note: None,
    }
}

fn received(at: &str) -> Arrival {
    Arrival {
        sent_at: None,
        received_at: instant(at),
    }
}

fn part(mode: WorkMode, duty_fence: DutyFence) -> DutyPart {
    DutyPart {
        mode,
        duty_fence,
        zone: Zone::Jakarta,
        allowed: None,
    }
}

fn day_of(parts: Halved<DutyPart>) -> DutyDay {
    let rule: Arc<CheckInRule> = Arc::default();
    DutyDay {
        middle: MiddleOfDay::of(None, &rule.slots),
        rule,
        parts,
    }
}

fn day(mode: WorkMode, duty_fence: DutyFence) -> DutyDay {
    day_of(Halved::whole(part(mode, duty_fence)))
}

fn judged(claim: &Claim, arrival: Arrival) -> Judgement {
    let day = day(WorkMode::Wfh, DutyFence::Nothing);
    judge(claim, arrival, |_| &day).unwrap()
}

#[test]
fn a_share_received_in_its_window_is_on_time_and_after_it_backfilled() {
    let claim = claim("2026-03-02T08:00:00+07:00");
    assert_eq!(
        judged(&claim, received("2026-03-02T09:00:00+07:00")).time,
        TimeOutcome::OnTime
    );
    assert_eq!(
        judged(&claim, received("2026-03-02T09:00:00.001+07:00")).time,
        TimeOutcome::Backfilled
    );
}

#[test]
fn a_share_captured_in_the_grace_is_late_whenever_it_arrives() {
    let claim = claim("2026-03-02T09:05:00+07:00");
    assert_eq!(
        judged(&claim, received("2026-03-02T09:05:01+07:00")).time,
        TimeOutcome::Late
    );
    assert_eq!(
        judged(&claim, received("2026-03-02T15:00:00+07:00")).time,
        TimeOutcome::Late
    );
}

#[test]
fn the_trip_of_a_message_is_not_taken_for_a_wrong_clock() {
    let slow = Arrival {
        sent_at: Some(instant("2026-03-02T08:00:00Z")),
        received_at: instant("2026-03-02T08:02:00Z"),
    };
    assert_eq!(slow.clock_offset(), Duration::zero());
    let wrong = Arrival {
        received_at: instant("2026-03-02T08:02:00.001Z"),
        ..slow
    };
    assert_eq!(wrong.clock_offset(), Duration::milliseconds(120_001));
}

#[test]
fn a_corrected_clock_is_flagged_from_five_minutes_on() {
    let claim = claim("2026-03-02T08:00:00+07:00");
    let arrival = |sent_at: &str| Arrival {
        sent_at: Some(instant(sent_at)),
        received_at: instant("2026-03-02T08:00:30+07:00"),
    };
    assert_eq!(judged(&claim, arrival("2026-03-02T08:05:30+07:00")).flags, []);
    assert_eq!(
        judged(&claim, arrival("2026-03-02T08:05:30.001+07:00")).flags,
        [Flag::ClockSkew]
    );
}

#[test]
fn a_made_up_position_is_flagged_but_judged_like_any_other() {
    let claim = Claim {
        mock: Some(true),
        ..claim("2026-03-02T08:00:00+07:00")
    };
    let judgement = judged(&claim, received("2026-03-02T08:00:01+07:00"));
    assert_eq!(judgement.flags, [Flag::MockProvider]);
    assert!(judgement.is_countable);
}

#[test]
fn a_share_nobody_asked_for_is_kept_and_says_so() {
    let day = day(WorkMode::Leave, DutyFence::Nothing);
    let claim = claim("2026-03-02T08:00:00+07:00");
    let judgement = judge(&claim, received("2026-03-02T08:00:01+07:00"), |_| &day).unwrap();
    assert_eq!(
        (judgement.flags, judgement.mode),
        (vec![Flag::NotRequired], WorkMode::Leave)
    );
}

#[test]
fn the_nearer_of_two_homes_is_the_one_compared_with() {
    let (far, near) = (HomeId::new(Uuid::from_u128(1)), HomeId::new(Uuid::from_u128(2)));
    let circle = |latitude| Fence::Circle {
        centre: Position::from_degrees(latitude, 106.1).unwrap(),
        radius_metres: 200,
    };
    let day = day(
        WorkMode::Wfh,
        DutyFence::Homes(vec![(far, circle(-6.2)), (near, circle(-6.1))]),
    );
    let claim = claim("2026-03-02T08:00:00+07:00");
    let judgement = judge(&claim, received("2026-03-02T08:00:01+07:00"), |_| &day).unwrap();
    assert_eq!((judgement.place, judgement.home), (Place::Inside, Some(near)));
}

#[test]
fn a_night_shift_belongs_to_the_day_it_starts() {
    let mut rule = CheckInRule::default();
    rule.slots[2].window = crate::domain::slot::Window {
        opens_minute: 1_380,
        closes_minute: 1_500,
    };
    let day = DutyDay {
        rule: Arc::new(rule),
        ..day(WorkMode::Wfh, DutyFence::Nothing)
    };
    let claim = claim("2026-03-03T00:30:00+07:00");
    let judgement = judge(&claim, received("2026-03-03T00:30:01+07:00"), |_| &day).unwrap();
    assert_eq!(
        (judgement.work_date.to_string().as_str(), judgement.slot),
        ("2026-03-02", Some(Slot::Afternoon))
    );
}

/// A journey to the east of the country from 9 March on, out of a place in the west.
fn journey(date: NaiveDate) -> Zone {
    if date.to_string().as_str() >= "2026-03-09" {
        Zone::Jayapura
    } else {
        Zone::Jakarta
    }
}

#[test]
fn a_share_on_a_journey_is_judged_by_the_clock_of_the_destination() {
    let (home, away) = (
        day(WorkMode::Wfh, DutyFence::Nothing),
        day_of(Halved::whole(DutyPart {
            zone: Zone::Jayapura,
            ..part(WorkMode::DutyTravel, DutyFence::Nothing)
        })),
    );
    let judged = |at: &str| {
        let claim = claim(at);
        judge(&claim, received(at), |date| match journey(date) {
            Zone::Jayapura => &away,
            Zone::Jakarta | Zone::Makassar => &home,
        })
        .unwrap()
    };
    // Nine in the morning in Jayapura is seven in Jakarta.
    let there = judged("2026-03-09T07:00:00+07:00");
    assert_eq!(
        (there.slot, there.time, there.zone, there.place),
        (
            Some(Slot::Morning),
            TimeOutcome::OnTime,
            Zone::Jayapura,
            Place::Unverifiable
        )
    );
    assert_eq!(judged("2026-03-09T09:00:00+07:00").slot, None);
    let before = judged("2026-03-06T09:00:00+07:00");
    assert_eq!((before.slot, before.zone), (Some(Slot::Morning), Zone::Jakarta));
    // The first day of the journey begins two hours early, and belongs to it.
    let early = judged("2026-03-08T22:30:00+07:00");
    assert_eq!(
        (early.work_date.to_string().as_str(), early.zone),
        ("2026-03-09", Zone::Jayapura)
    );
}

#[test]
fn each_half_of_a_day_has_its_own_mode_place_and_clock() {
    let fence = Fence::Circle {
        centre: Position::from_degrees(-6.1, 106.1).unwrap(),
        radius_metres: 200,
    };
    let home = HomeId::new(Uuid::from_u128(5));
    let day = day_of(Halved::parted(
        part(WorkMode::Wfh, DutyFence::Homes(vec![(home, fence)])),
        DutyPart {
            zone: Zone::Makassar,
            ..part(WorkMode::DutyTravel, DutyFence::Nothing)
        },
    ));
    let judged = |at: &str| judge(&claim(at), received(at), |_| &day).unwrap();
    let morning = judged("2026-03-02T08:00:00+07:00");
    assert_eq!(
        (morning.slot, morning.mode, morning.zone, morning.place, morning.home),
        (
            Some(Slot::Morning),
            WorkMode::Wfh,
            Zone::Jakarta,
            Place::Inside,
            Some(home)
        )
    );
    // Half past eleven in Makassar is half past ten in Jakarta.
    let midday = judged("2026-03-02T10:30:00+07:00");
    assert_eq!(
        (midday.slot, midday.mode, midday.zone, midday.place, midday.home),
        (
            Some(Slot::Midday),
            WorkMode::DutyTravel,
            Zone::Makassar,
            Place::Unverifiable,
            None
        )
    );
    assert_eq!(midday.flags, [Flag::NoAccuracy, Flag::NotRequired][1..]);
    // In no slot, a share belongs to the half in which it was captured: the day's middle is 12.15.
    let between = |at: &str| (judged(at).slot, judged(at).mode);
    assert_eq!(between("2026-03-02T10:00:00+07:00"), (None, WorkMode::Wfh));
    assert_eq!(between("2026-03-02T13:00:00+07:00"), (None, WorkMode::DutyTravel));
}

#[test]
fn the_running_day_is_the_latest_that_has_begun_in_its_own_zone() {
    let at = |text: &str, zone_on: fn(NaiveDate) -> Zone| running_date(instant(text), zone_on).to_string();
    assert_eq!(at("2026-03-08T21:59:59+07:00", journey), "2026-03-08");
    assert_eq!(at("2026-03-08T22:00:00+07:00", journey), "2026-03-09");
    // Back home, the day after the journey begins at midnight there.
    let back = |date: NaiveDate| {
        if date.to_string().as_str() <= "2026-03-09" {
            Zone::Jayapura
        } else {
            Zone::Jakarta
        }
    };
    assert_eq!(at("2026-03-09T23:59:59+07:00", back), "2026-03-09");
    assert_eq!(at("2026-03-10T00:00:00+07:00", back), "2026-03-10");
}

#[test]
fn a_share_clearly_outside_the_open_region_is_flagged_and_judged_like_any_other() {
    use crate::domain::region_outline::tests::square;
    let ours = "36".parse().unwrap();
    let allowed = AllowedArea::of(&[square("36", (-7.0, 105.0), 1.5, 5_000)], &ours, None);
    let day = day_of(Halved::whole(DutyPart {
        allowed,
        ..part(WorkMode::DutyTravel, DutyFence::Nothing)
    }));
    let from = |longitude: f64| {
        let claim = Claim {
            position: Position::from_degrees(-6.1, longitude).unwrap(),
            ..claim("2026-03-02T08:00:00+07:00")
        };
        judge(&claim, received("2026-03-02T08:00:01+07:00"), |_| &day).unwrap()
    };
    let (inside, outside) = (from(106.1), from(107.6));
    assert!(!inside.flags.contains(&Flag::OutsideAllowedRegion));
    assert!(outside.flags.contains(&Flag::OutsideAllowedRegion));
    assert_eq!(
        (inside.place, inside.is_countable),
        (outside.place, outside.is_countable)
    );
}

#[test]
fn every_field_but_the_time_of_sending_is_part_of_the_sameness() {
    let claim = claim("2026-03-02T08:00:00+07:00");
    let others = [
        Claim {
            id: CheckInId::new(Uuid::from_u128(8)),
            ..claim.clone()
        },
        Claim {
            captured_at: claim.captured_at.plus(Duration::milliseconds(1)),
            ..claim.clone()
        },
        Claim {
            position: Position::from_degrees(-6.100_000_1, 106.1).unwrap(),
            ..claim.clone()
        },
        Claim {
            accuracy_millimetres: None,
            ..claim.clone()
        },
        Claim {
            altitude_millimetres: Some(0),
            ..claim.clone()
        },
        Claim {
            provider: Some(Provider::Gps),
            ..claim.clone()
        },
        Claim {
            mock: Some(false),
            ..claim.clone()
        },
        Claim {
            note: Some(String::new()),
            ..claim.clone()
        },
    ];
    let mut digests: Vec<_> = others.iter().map(Claim::digest).collect();
    digests.push(claim.digest());
    digests.sort_unstable();
    digests.dedup();
    assert_eq!(digests.len(), 9);
    assert_eq!(claim.digest(), claim.clone().digest());
}

proptest! {
    #[test]
    fn in_one_zone_the_running_day_is_the_date_there(minutes in 0..3_000_i64, which in 0..3_usize) {
        let zone = [Zone::Jakarta, Zone::Makassar, Zone::Jayapura][which];
        let at = instant("2026-03-02T00:00:00Z").plus(Duration::minutes(minutes));
        prop_assert_eq!(running_date(at, |_| zone), zone.date(at));
        let (first, last) = candidate_dates(at);
        prop_assert!(first < running_date(at, |_| zone) && running_date(at, |_| zone) <= last);
    }

    #[test]
    fn only_what_is_in_a_slot_timely_and_not_ahead_may_represent_it(
        minutes_of_day in 0..1_440_i64,
        delay_minutes in -2_000..46_000_i64,
    ) {
        let captured_at = Zone::Jakarta.at_minute(NaiveDate::from_ymd_opt(2026, 3, 2).unwrap(), 0).plus(Duration::minutes(minutes_of_day));
        let claim = Claim { captured_at, ..claim("2026-03-02T08:00:00+07:00") };
        let arrival = Arrival { sent_at: None, received_at: captured_at.plus(Duration::minutes(delay_minutes)) };
        let day = day(WorkMode::Wfh, DutyFence::Nothing);
        match judge(&claim, arrival, |_| &day) {
            Err(ClaimError::TooOld) => prop_assert!(delay_minutes > 31 * 1_440),
            Err(ClaimError::TooFarAhead) => prop_assert!(delay_minutes < -1_440),
            Ok(judgement) => {
                let is_timely = (-5..=1_440).contains(&delay_minutes);
                prop_assert_eq!(judgement.is_countable, judgement.slot.is_some() && is_timely);
                prop_assert_eq!(judgement.slot.is_none(), judgement.time == TimeOutcome::OutsideWindow);
                prop_assert_eq!(judgement.work_date.to_string(), "2026-03-02");
            }
        }
    }

    #[test]
    fn the_representative_does_not_depend_on_the_order_of_arrival(
        shares in proptest::collection::vec((1..=6_i16, 0..5_i64, 0..1_000_u128), 1..20),
        rotation in 0..20_usize,
    ) {
        let key = |(rank, at, id): &(i16, i64, u128)| {
            representative_key(Place::from_rank(*rank).unwrap(), Instant::from_millis(*at), CheckInId::new(Uuid::from_u128(*id)))
        };
        let mut rotated = shares.clone();
        rotated.rotate_left(rotation % shares.len());
        prop_assert_eq!(shares.iter().map(key).min(), rotated.iter().map(key).min());
        let best = shares.iter().map(key).min().unwrap();
        prop_assert_eq!(best.0, shares.iter().map(|share| share.0).min().unwrap());
    }
}
