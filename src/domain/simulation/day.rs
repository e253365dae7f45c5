//! What the phones of the simulated Banten send on one work date, and when it arrives.

use crate::domain::instant::Instant;
use crate::domain::instant::Zone;
use crate::domain::place::Position;
use crate::domain::simulation::person::Habit;
use crate::domain::simulation::person::Person;
use crate::domain::simulation::phone::scattered;
use crate::domain::simulation::phone::transit_milliseconds;
use crate::domain::simulation::random::Random;
use crate::domain::slot::CheckInRule;
use crate::domain::slot::Slot;
use crate::domain::slot::SlotRule;
use chrono::Duration;
use chrono::NaiveDate;
use uuid::Uuid;

/// The rules by which the day is lived.
#[derive(Clone, Debug)]
pub struct DayRules {
    /// The work date.
    pub date: NaiveDate,
    /// The zone of the place of duty.
    pub zone: Zone,
    /// Slots with their windows.
    pub rule: CheckInRule,
}

/// A share as the phone sends it.
#[derive(Clone, Debug, PartialEq)]
pub struct Share {
    /// Made by the phone, a UUIDv7.
    pub id: Uuid,
    /// By the device clock.
    pub captured_at: Instant,
    /// Where the phone believes to be.
    pub position: Position,
    /// Radius of 68 % confidence, metres.
    pub accuracy_metres: f64,
    /// `gps`, `fused` or `network`.
    pub provider: &'static str,
    /// What the phone says about a made-up position.
    pub mock: bool,
}

/// One arrival of a share at the service; a retry is another arrival of the same share.
#[derive(Clone, Debug, PartialEq)]
pub struct Delivery {
    /// By the true clock.
    pub arrives_at: Instant,
    /// When the phone sent this try, by the device clock.
    pub sent_at: Instant,
    /// Which person, as an index into the people of [`live`].
    pub person: usize,
    /// The slot that the person meant.
    pub slot: Slot,
    /// What arrives.
    pub share: Share,
}

/// Lets `people` live `rules.date`; each delivery of the day and of the night after it, in the order of arrival.
///
/// Of 100 shares about 80 arrive within a minute, a dozen after minutes or hours without a network, some a second
/// time since the phone missed the answer; a few are late, a few never sent.
pub fn live(seed: u64, people: &[Person], rules: &DayRules) -> Vec<Delivery> {
    let random = Random::new(seed);
    let mut deliveries = Vec::new();
    for (label, (index, person)) in (1_u64..).zip(people.iter().enumerate()) {
        let mut random = random.fork(label);
        let fake_point = scattered(&mut random, person.home, 60.0);
        for slot in &rules.rule.slots {
            let missed_percent = if person.habit == Habit::Forgetful { 40.0 } else { 2.5 };
            if random.chance(missed_percent) {
                continue;
            }
            let captured = captured(&mut random, rules, slot);
            let share = share(&mut random, person, captured, fake_point);
            for (sent, arrives_at) in arrivals(&mut random, person, captured) {
                let sent_at = sent.plus(Duration::milliseconds(person.phone.skew_milliseconds));
                deliveries.push(Delivery {
                    arrives_at,
                    sent_at,
                    person: index,
                    slot: slot.slot,
                    share: share.clone(),
                });
            }
        }
    }
    deliveries.sort_by_key(|delivery| (delivery.arrives_at, delivery.share.id));
    deliveries
}

/// The true moment of capture: half of all within the first quarter of the window, a rush at its end, a few too late.
fn captured(random: &mut Random, rules: &DayRules, slot: &SlotRule) -> Instant {
    let opens = rules.zone.at_minute(rules.date, slot.window.opens_minute);
    let closes = rules.zone.at_minute(rules.date, slot.window.closes_minute);
    let length = closes.since(opens).num_milliseconds();
    let grace = i64::from(slot.grace_minutes) * 60_000;
    let milliseconds = match random.below(100) {
        0..=74 => {
            let latest = random.between(0, length);
            random.between(0, latest)
        }
        75..=94 => length - random.between(0, length / 8),
        95..=98 => length + random.between(0, grace),
        _ => length + grace + random.between(60_000, 1_200_000),
    };
    opens.plus(Duration::milliseconds(milliseconds))
}

fn share(random: &mut Random, person: &Person, captured: Instant, fake_point: Position) -> Share {
    let skew = Duration::milliseconds(person.phone.skew_milliseconds);
    let captured_at = captured.plus(skew);
    let here = match person.habit {
        Habit::AtHome | Habit::Forgetful => scattered(random, person.home, 9.0),
        Habit::Elsewhere => {
            let town = scattered(random, person.home, 4_000.0);
            scattered(random, town, 20.0)
        }
        Habit::FakePoint => fake_point,
    };
    let fix = person.phone.read(random, here);
    let is_fake = person.habit == Habit::FakePoint;
    Share {
        id: random.id(captured_at),
        captured_at,
        position: if is_fake { here } else { fix.position },
        accuracy_metres: if is_fake { 5.0 } else { fix.accuracy_metres },
        provider: if is_fake { "gps" } else { fix.provider },
        mock: is_fake && random.chance(50.0),
    }
}

/// When the share is sent and arrives, by the true clock: at once, or when the network is back; again where the phone
/// missed the answer.
fn arrivals(random: &mut Random, person: &Person, captured: Instant) -> Vec<(Instant, Instant)> {
    let wait = if random.chance(person.phone.offline_percent) {
        match random.below(100) {
            0..=69 => random.between(60_000, 5_400_000),
            70..=94 => random.between(5_400_000, 18_000_000),
            _ => random.between(18_000_000, 57_600_000),
        }
    } else {
        0
    };
    let mut sent = captured.plus(Duration::milliseconds(wait + random.between(150, 1_800)));
    let mut arrivals = Vec::new();
    loop {
        let arrives_at = sent.plus(Duration::milliseconds(transit_milliseconds(random)));
        arrivals.push((sent, arrives_at));
        if arrivals.len() == 4 || !random.chance(8.0) {
            return arrivals;
        }
        sent = arrives_at.plus(Duration::milliseconds(random.between(2_000, 90_000)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::simulation::workforce::Workforce;
    use crate::domain::slot::Timing;
    use std::collections::BTreeMap;
    use std::collections::BTreeSet;

    fn rules() -> DayRules {
        let date = NaiveDate::from_ymd_opt(2026, 11, 20).unwrap();
        DayRules {
            date,
            zone: Zone::Jakarta,
            rule: CheckInRule::default(),
        }
    }

    fn people() -> Vec<Person> {
        Workforce::new(36, 300, rules().date).people
    }

    #[test]
    fn the_same_seed_lives_the_same_day() {
        let people = people();
        assert_eq!(live(1, &people, &rules()), live(1, &people, &rules()));
        assert_ne!(live(1, &people, &rules()), live(2, &people, &rules()));
    }

    #[test]
    fn a_retry_is_the_same_share_sent_again() {
        let mut by_id: BTreeMap<Uuid, Vec<Delivery>> = BTreeMap::new();
        for delivery in live(1, &people(), &rules()) {
            by_id.entry(delivery.share.id).or_default().push(delivery);
        }
        assert!(by_id.values().filter(|tries| tries.len() > 1).count() > 20);
        for tries in by_id.values() {
            assert!(
                tries
                    .windows(2)
                    .all(|pair| pair[0].share == pair[1].share && pair[0].sent_at < pair[1].sent_at)
            );
        }
    }

    #[test]
    fn nothing_arrives_before_it_was_captured_and_all_within_a_day() {
        let people = people();
        for delivery in live(1, &people, &rules()) {
            let skew = Duration::milliseconds(people[delivery.person].phone.skew_milliseconds);
            let captured = delivery.share.captured_at.plus(-skew);
            assert!(delivery.arrives_at > captured && delivery.arrives_at.since(captured) < Duration::hours(24));
            assert!(delivery.sent_at >= delivery.share.captured_at);
        }
    }

    #[test]
    fn most_shares_are_on_time_and_near_the_home_and_some_are_not() {
        let people = people();
        let rules = rules();
        let mut seen = BTreeSet::new();
        let (mut total, mut on_time, mut late, mut near, mut far, mut waited) = (0, 0, 0, 0, 0, 0);
        for delivery in live(1, &people, &rules) {
            if !seen.insert(delivery.share.id) {
                continue;
            }
            let person = &people[delivery.person];
            let captured = delivery
                .share
                .captured_at
                .plus(-Duration::milliseconds(person.phone.skew_milliseconds));
            total += 1;
            match rules.rule.timing(|_| rules.zone, rules.date, captured) {
                Timing::Inside(slot) => on_time += i32::from(slot == delivery.slot),
                Timing::Grace(_) => late += 1,
                Timing::Outside => {}
            }
            let distance = person.home.distance_metres(delivery.share.position);
            near += i32::from(distance < 200.0);
            far += i32::from(distance > 2_500.0);
            waited += i32::from(delivery.arrives_at.since(captured) > Duration::minutes(1));
        }
        let expected = i32::try_from(people.len() * 3).unwrap();
        assert!(
            (expected * 90 / 100..expected).contains(&total),
            "{total} of {expected}"
        );
        assert!(
            on_time * 100 / total >= 90 && late > 0,
            "{on_time} on time, {late} late"
        );
        assert!(near * 100 / total >= 80 && far > 0, "{near} near, {far} far");
        assert!(waited * 100 / total >= 5, "{waited} waited");
    }
}
