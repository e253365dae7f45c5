//! What rosters of thousands of random agencies keep to, counted again by hand.

use super::scene::{day, frame, person};
use crate::domain::circular::rule::{PositionLevel, QuotaBound};
use crate::domain::half::DayPart;
use crate::domain::roster::finding::{Finding, Weight};
use crate::domain::roster::frame::{Frame, Person, Standing};
use crate::domain::roster::plan::{Entry, plan};
use crate::domain::work_mode::{WorkGroup, WorkMode};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::BTreeMap;

const LEVELS: [PositionLevel; 4] = [
    PositionLevel::EchelonII,
    PositionLevel::EchelonIII,
    PositionLevel::EchelonIV,
    PositionLevel::Staff,
];

/// Rules as circulars have had them, with other numbers: at most one quota a side, so that all can be held.
fn rules() -> impl Strategy<Value = Value> {
    let home = prop::sample::select(vec![0, 10, 20, 25, 50, 75, 90, 100]);
    let bound = prop::sample::select(vec!["max", "exact", "min"]);
    (home, bound, 0_u16..8, any::<[bool; 6]>()).prop_map(|(percent, bound, least, with)| {
        let mut rules = Vec::new();
        if with[0] {
            let modes = if with[1] { vec!["wfh"] } else { vec!["wfh", "wfa"] };
            rules.push(json!({"kind": "quota", "modes": modes, "bound": bound, "percent": percent, "scope": "opd"}));
        } else {
            rules.push(json!({"kind": "work_mode", "group": "administration", "mode": "wfh"}));
            let levels = if with[1] { vec!["echelon_iii", "echelon_iv", "staff"] } else { Vec::new() };
            rules.push(json!({"kind": "picket", "min_per_day": least, "levels": levels}));
        }
        if with[2] {
            rules.push(json!({"kind": "exempt", "position_level": "echelon_ii", "mode": "wfo"}));
        }
        if with[3] {
            rules.push(json!({"kind": "work_mode", "group": "public_service", "mode": "wfo"}));
        }
        if with[4] {
            rules.push(json!({"kind": "priority", "order": 1, "criterion": {"is": "domicile_in", "codes": ["36.71", "36.74"]}}));
        }
        if with[5] {
            rules.push(json!({"kind": "priority", "order": 2, "criterion": {"is": "domicile_in", "codes": ["36.03"]}}));
        }
        json!(rules)
    })
}

fn people() -> impl Strategy<Value = Vec<Person>> {
    let leave = prop::collection::vec((1_u32..29, 1_u32..6), 0..2);
    let one = (0_usize..12, 0_usize..5, 0_usize..6, leave, any::<bool>(), 0_u32..40);
    prop::collection::vec(one, 1..40).prop_map(|facts| {
        let mut people = Vec::new();
        for (number, (level, group, home, leave, had_picket, joins)) in (1..).zip(facts) {
            let mut person = person(number);
            // Most are staff.
            person.posts[0].level = LEVELS[level.min(3)];
            person.had_picket = had_picket && number % 4 == 0;
            if group == 0 {
                person.posts[0].work_group = WorkGroup::PublicService;
            }
            if joins < 5 {
                person.posts[0].from = day(&format!("2026-03-0{}", joins + 3));
            }
            for (first, length) in leave {
                let first = day(&format!("2026-03-{first:02}"));
                person.granted.extend(
                    first
                        .iter_days()
                        .take(usize::try_from(length).unwrap())
                        .map(|date| (date, DayPart::All, WorkMode::Leave)),
                );
            }
            let villages = ["36.71.01.1001", "36.74.01.1001", "36.03.01.2001"];
            people.push(match villages.get(home) {
                Some(village) => super::scene::living_in(person, village),
                None => person,
            });
        }
        people
    })
}

fn days(entries: &[Entry], person: usize, frame: &Frame, modes: &[WorkMode]) -> usize {
    let counts = |entry: &&Entry| {
        let standing = frame.standing(person, frame.day(entry.date).unwrap());
        matches!(standing, Standing::Free { .. }) && modes.contains(&entry.mode)
    };
    entries
        .iter()
        .filter(|entry| entry.employee_id == frame.people[person])
        .filter(counts)
        .count()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn every_promise_is_kept_or_the_shortfall_is_told(rules in rules(), people in people(), last in 3_u32..25) {
        let frame = frame(&rules, ("2026-03-02", &format!("2026-03-{last:02}")), people);
        let made = plan(&frame);
        let mut of_day: BTreeMap<_, Vec<(usize, WorkMode)>> = BTreeMap::new();
        for entry in &made.entries {
            of_day.entry(entry.date).or_default().push((frame.person(entry.employee_id).unwrap(), entry.mode));
        }
        for (at, terms) in frame.days.iter().enumerate() {
            let entries = of_day.get(&terms.date).cloned().unwrap_or_default();
            let staff = (0..frame.people.len()).filter(|person| frame.standing(*person, at) != Standing::Elsewhere).count();
            prop_assert_eq!(entries.len(), staff, "everybody once");
            let mut free = 0_usize;
            let mut counted = 0_usize;
            let mut on_picket = 0_usize;
            for (person, mode) in &entries {
                match frame.standing(*person, at) {
                    Standing::Elsewhere => prop_assert!(false),
                    Standing::Granted(granted) => prop_assert_eq!(granted, *mode),
                    Standing::Tied { .. } => prop_assert!(matches!(mode, WorkMode::Wfo | WorkMode::Picket)),
                    Standing::Free { .. } => {
                        free += 1;
                        counted += usize::from(terms.quotas.iter().any(|quota| quota.modes.contains(mode)));
                    }
                }
                on_picket += usize::from(*mode == WorkMode::Picket);
            }
            for quota in &terms.quotas {
                let exact = free * usize::from(quota.percent);
                let is_held = match quota.bound {
                    QuotaBound::Max | QuotaBound::Exact => counted == exact / 100,
                    QuotaBound::Min => counted >= exact / 100,
                };
                prop_assert!(is_held, "{} of {free} at {}", counted, quota.percent);
            }
            if let Some(picket) = &terms.picket {
                let is_told = made.shortfalls.iter().any(|finding| {
                    matches!(finding, Finding::PicketShort { date, .. } if *date == terms.date)
                });
                prop_assert_eq!(on_picket < picket.least, is_told);
            }
        }
        let broken: Vec<_> = made.shortfalls.iter().filter(|finding| {
            finding.weight() == Weight::Rule && !matches!(finding, Finding::PicketShort { .. })
                || matches!(finding, Finding::UnevenSpread { .. })
        }).collect();
        prop_assert!(broken.is_empty(), "{:?}", broken);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn two_people_who_stand_alike_every_day_differ_by_one_office_day_at_most(
        rules in rules(), people in people(), last in 3_u32..25,
    ) {
        let frame = frame(&rules, ("2026-03-02", &format!("2026-03-{last:02}")), people);
        let entries = plan(&frame).entries;
        let office = [WorkMode::Wfo, WorkMode::Picket];
        let counts: Vec<usize> = (0..frame.people.len()).map(|person| days(&entries, person, &frame, &office)).collect();
        for one in 0..frame.people.len() {
            for other in 0..one {
                let is_alike = (0..frame.days.len()).all(|day| frame.standing(one, day) == frame.standing(other, day));
                prop_assert!(!is_alike || counts[one].abs_diff(counts[other]) <= 1);
            }
        }
    }

    #[test]
    fn the_order_in_which_people_come_changes_nothing(
        (people, shuffled) in people().prop_flat_map(|people| (Just(people.clone()), Just(people).prop_shuffle())),
        rules in rules(),
    ) {
        let period = ("2026-03-02", "2026-03-13");
        prop_assert_eq!(plan(&frame(&rules, period, people)).entries, plan(&frame(&rules, period, shuffled)).entries);
    }

    #[test]
    fn nobody_is_on_picket_twice_in_a_row_where_enough_are_there(
        least in 1_u16..6, more in 0_u128..20, absent in prop::collection::vec((1_u128..12, 2_u32..14), 0..3),
    ) {
        let rules = json!([
            {"kind": "work_mode", "group": "administration", "mode": "wfh"},
            {"kind": "picket", "min_per_day": least, "levels": ["staff"]},
        ]);
        // As many as two days need, and one more for each who may be away.
        let mut people: Vec<Person> = (1..=u128::from(least) * 2 + 3 + more).map(person).collect();
        for (at, date) in absent {
            if let Some(person) = people.get_mut(usize::try_from(at).unwrap()) {
                person.granted.push((day(&format!("2026-03-{date:02}")), DayPart::All, WorkMode::Sick));
            }
        }
        for person in people.iter_mut().take(usize::from(least)) {
            person.had_picket = true;
        }
        let frame = frame(&rules, ("2026-03-02", "2026-03-17"), people);
        prop_assert_eq!(plan(&frame).shortfalls, []);
    }
}

#[test]
fn ten_thousand_people_and_a_month_are_a_matter_of_seconds() {
    let rules = json!([
        {"kind": "quota", "modes": ["wfh"], "bound": "exact", "percent": 75, "scope": "opd"},
        {"kind": "picket", "min_per_day": 50, "levels": ["echelon_iii", "echelon_iv", "staff"]},
        {"kind": "priority", "order": 1, "criterion": {"is": "domicile_in", "codes": ["36.71"]}},
    ]);
    let people: Vec<Person> = (1..=10_000)
        .map(|number| {
            let mut person = person(number);
            person.posts[0].level = LEVELS[usize::try_from(number % 40).unwrap().min(3)];
            let first = day("2026-06-01") + chrono::Days::new(u64::try_from(number % 30).unwrap());
            if number % 3 == 0 {
                person.granted.extend(
                    first
                        .iter_days()
                        .take(4)
                        .map(|date| (date, DayPart::All, WorkMode::Leave)),
                );
            }
            if number % 7 == 0 {
                super::scene::living_in(person, "36.71.01.1001")
            } else {
                person
            }
        })
        .collect();
    let frame = frame(&rules, ("2026-06-30", "2026-07-30"), people);
    assert!(frame.days.len() >= 22);
    let begun = std::time::Instant::now();
    let made = plan(&frame);
    let took = begun.elapsed();
    #[expect(clippy::print_stdout, reason = "the figure is what the test is run for by hand")]
    {
        println!("10,000 people, {} days: {took:?}", frame.days.len());
    }
    assert_eq!(made.entries.len(), 10_000 * frame.days.len());
    assert!(
        made.shortfalls.iter().all(|finding| finding.weight() != Weight::Rule),
        "{:?}",
        made.shortfalls
    );
    // Unoptimised and on a busy machine.
    assert!(took < std::time::Duration::from_secs(30), "{took:?}");
}
