//! Rosters of very small agencies, held against every roster that there could be.

use super::scene::{day, frame, id, person};
use crate::domain::circular::rule::PositionLevel;
use crate::domain::half::DayPart;
use crate::domain::roster::check::{Laid, check};
use crate::domain::roster::finding::{Finding, Weight};
use crate::domain::roster::frame::{Frame, Person, Standing};
use crate::domain::roster::plan::plan;
use crate::domain::work_mode::WorkMode;
use proptest::prelude::*;
use serde_json::{Value, json};

const CHOICES: [WorkMode; 4] = [WorkMode::Picket, WorkMode::Wfo, WorkMode::Wfh, WorkMode::Wfa];
const LEVELS: [PositionLevel; 3] = [
    PositionLevel::EchelonIII,
    PositionLevel::EchelonIV,
    PositionLevel::Staff,
];

fn broken(findings: &[Finding]) -> usize {
    findings
        .iter()
        .filter(|finding| finding.weight() == Weight::Rule)
        .count()
}

fn laid(frame: &Frame) -> Laid {
    let entries = plan(frame).entries;
    let told = entries
        .iter()
        .map(|entry| (entry.employee_id, entry.date, entry.mode, false));
    Laid::over(frame, told.collect::<Vec<_>>())
}

/// Every roster of the first day in which everybody is somewhere.
fn every_day(frame: &Frame) -> impl Iterator<Item = Laid> + '_ {
    let people = frame.people.len();
    (0..4_usize.pow(u32::try_from(people).unwrap())).filter_map(move |number| {
        let mut entries = Vec::new();
        for (at, id) in frame.people.iter().enumerate() {
            let chosen = CHOICES[number / 4_usize.pow(u32::try_from(at).unwrap()) % 4];
            let mode = match frame.standing(at, 0) {
                Standing::Elsewhere => continue,
                Standing::Granted(mode) => mode,
                // Only the levels that are asked for do picket duty.
                Standing::Tied { level, .. } | Standing::Free { level, .. } => {
                    Some(chosen).filter(|mode| *mode != WorkMode::Picket || frame.days[0].does_picket(level))?
                }
            };
            entries.push((*id, frame.days[0].date, mode, false));
        }
        Some(Laid::over(frame, entries))
    })
}

fn quota() -> impl Strategy<Value = Value> {
    let modes = prop::sample::subsequence(vec!["picket", "wfo", "wfh", "wfa"], 1..=3);
    let bound = prop::sample::select(vec!["min", "max", "exact"]);
    let rounding = prop::sample::select(vec!["down", "up", "nearest"]);
    let percent = prop::sample::select(vec![0, 20, 25, 50, 75, 100]);
    (modes, bound, rounding, percent).prop_map(|(modes, bound, rounding, percent)| {
        json!({"kind": "quota", "modes": modes, "bound": bound, "percent": percent, "scope": "opd", "rounding": rounding})
    })
}

fn rules() -> impl Strategy<Value = Value> {
    let levels = prop::sample::subsequence(vec!["echelon_iii", "echelon_iv", "staff"], 0..=3);
    let picket = prop::option::of((0_u16..5, levels));
    let quotas = prop::collection::vec(quota(), 0..3);
    (picket, quotas, any::<[bool; 5]>()).prop_map(|(picket, quotas, with)| {
        let mut rules = quotas;
        if let Some((least, levels)) = picket {
            rules.push(json!({"kind": "picket", "min_per_day": least, "levels": levels}));
        }
        if with[0] {
            rules.push(json!({"kind": "work_mode", "group": "administration", "mode": "wfh"}));
        }
        if with[1] {
            rules.push(json!({"kind": "exempt", "position_level": "echelon_iii", "mode": "wfo"}));
        }
        if with[2] {
            rules.push(json!({"kind": "work_mode", "group": "public_service", "mode": "wfo"}));
        }
        if with[3] {
            rules.push(json!({"kind": "priority", "order": 1, "criterion": {"is": "domicile_in", "codes": ["36.71"]}}));
        }
        if with[4] {
            rules.push(json!({"kind": "priority", "order": 2, "criterion": {"is": "domicile_in", "codes": ["36"]}}));
        }
        json!(rules)
    })
}

fn people() -> impl Strategy<Value = Vec<Person>> {
    let one = (0_usize..3, 0_usize..4, 0_usize..3, any::<bool>());
    prop::collection::vec(one, 1..=4).prop_map(|facts| {
        let mut people = Vec::new();
        for (number, (level, standing, home, had_picket)) in (1..).zip(facts) {
            let mut person = person(number);
            person.posts[0].level = LEVELS[level];
            person.had_picket = had_picket;
            match standing {
                0 => person.granted.push((day("2026-03-02"), DayPart::All, WorkMode::Leave)),
                1 => person.posts[0].work_group = crate::domain::work_mode::WorkGroup::PublicService,
                _ => {}
            }
            let villages = ["36.71.01.1001", "36.01.01.2001"];
            people.push(match villages.get(home) {
                Some(village) => super::scene::living_in(person, village),
                None => person,
            });
        }
        people
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_500))]

    #[test]
    fn where_some_roster_keeps_every_rule_ours_does_and_where_none_does_ours_says_so(
        rules in rules(), people in people(),
    ) {
        let frame = frame(&rules, ("2026-03-02", "2026-03-02"), people);
        let ours = plan(&frame).shortfalls;
        let is_possible = every_day(&frame).any(|roster| broken(&check(&frame, &roster)) == 0);
        prop_assert_eq!(broken(&ours) == 0, is_possible, "{:?}", ours);
    }
}

/// Every way to have as many on picket each day as `ours`, of those who are free.
fn every_turn(frame: &Frame, ours: &Laid) -> Vec<Laid> {
    let mut rosters: Vec<Vec<u8>> = vec![Vec::new()];
    for day in 0..frame.days.len() {
        let free: u8 = (0..frame.people.len())
            .filter(|person| matches!(frame.standing(*person, day), Standing::Free { .. }))
            .map(|person| 1 << person)
            .sum();
        let count = (0..frame.people.len())
            .filter(|person| ours.modes.get(*person, day) == Some(WorkMode::Picket))
            .count();
        let sets: Vec<u8> = (0..16)
            .filter(|set: &u8| set & !free == 0 && set.count_ones() == u32::try_from(count).unwrap())
            .collect();
        rosters = rosters
            .iter()
            .flat_map(|roster| sets.iter().map(|set| [roster.as_slice(), &[*set]].concat()))
            .collect();
    }
    rosters
        .into_iter()
        .map(|roster| {
            let mut laid = ours.clone();
            for (day, set) in roster.into_iter().enumerate() {
                for person in 0..frame.people.len() {
                    if matches!(frame.standing(person, day), Standing::Free { .. }) {
                        let mode = if set >> person & 1 == 1 {
                            WorkMode::Picket
                        } else {
                            WorkMode::Wfh
                        };
                        laid.modes.set(person, day, Some(mode));
                    }
                }
            }
            laid
        })
        .collect()
}

/// How often somebody is on picket the work day after having been.
fn in_a_row(frame: &Frame, laid: &Laid) -> usize {
    let is_on = |person: usize, day: usize| laid.modes.get(person, day) == Some(WorkMode::Picket);
    (0..frame.people.len())
        .map(|person| {
            let first = usize::from(frame.had_picket[person] && is_on(person, 0));
            first
                + (1..frame.days.len())
                    .filter(|day| is_on(person, day - 1) && is_on(person, *day))
                    .count()
        })
        .sum()
}

fn is_fair(frame: &Frame, laid: &Laid) -> bool {
    !check(frame, laid)
        .iter()
        .any(|finding| matches!(finding, Finding::UnevenSpread { .. }))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn where_some_fair_roster_of_four_people_and_four_days_has_no_turns_in_a_row_ours_has_none(
        least in 1_u16..4, leave in prop::collection::vec((1_u128..5, 2_u32..6), 0..4), had_picket in any::<[bool; 4]>(),
    ) {
        let rules = json!([
            {"kind": "work_mode", "group": "administration", "mode": "wfh"},
            {"kind": "picket", "min_per_day": least, "levels": []},
        ]);
        let mut people: Vec<Person> = (1..5).map(person).collect();
        for (at, person) in people.iter_mut().enumerate() {
            person.had_picket = had_picket[at];
            for (of, date) in &leave {
                if id(*of) == person.id {
                    person.granted.push((day(&format!("2026-03-0{date}")), DayPart::All, WorkMode::Leave));
                }
            }
        }
        let frame = frame(&rules, ("2026-03-02", "2026-03-05"), people);
        let ours = laid(&frame);
        prop_assert!(is_fair(&frame, &ours));
        let fewest = every_turn(&frame, &ours).iter().filter(|roster| is_fair(&frame, roster)).map(|roster| in_a_row(&frame, roster)).min();
        prop_assert_eq!(in_a_row(&frame, &ours) == 0, fewest == Some(0));
    }
}
