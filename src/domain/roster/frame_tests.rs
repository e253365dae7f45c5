//! How people stand on a work day, rule by rule.

use super::*;
use crate::domain::roster::mark::{MarkEffect, MarkKind};
use crate::domain::roster::scene::{day, frame, living_in, person};
use serde_json::json;

const MONDAY: (&str, &str) = ("2026-03-02", "2026-03-02");

fn first_day(rules: &serde_json::Value, person: Person) -> Standing {
    frame(rules, MONDAY, vec![person]).standing(0, 0)
}

#[test]
fn without_any_rule_people_are_tied_to_the_office_and_under_a_quota_they_are_free() {
    let tied = first_day(&json!([]), person(1));
    assert!(matches!(
        tied,
        Standing::Tied {
            mode: WorkMode::Wfo,
            by: Tie::NoRule,
            ..
        }
    ));
    let quota = json!([{"kind": "quota", "modes": ["wfh"], "bound": "max", "percent": 50, "scope": "opd"}]);
    let free = first_day(&quota, person(1));
    assert!(matches!(
        free,
        Standing::Free {
            away: WorkMode::Wfh,
            is_by_group: false,
            ..
        }
    ));
}

#[test]
fn whose_day_is_partly_granted_is_planned_in_neither_half_and_stands_in_each_by_itself() {
    let quota = json!([{"kind": "quota", "modes": ["wfh"], "bound": "max", "percent": 50, "scope": "opd"}]);
    let mut away = person(1);
    away.granted
        .push((day("2026-03-02"), DayPart::Afternoon, WorkMode::DutyTravel));
    let frame = frame(&quota, MONDAY, vec![away, person(2)]);
    let travelling = Standing::Granted(WorkMode::DutyTravel);
    assert_eq!(frame.standing(0, 0), travelling);
    let morning = frame.in_half(Half::Morning).standing(0, 0);
    assert!(matches!(morning, Standing::Free { .. }));
    assert_eq!(morning.unplanned(), WorkMode::Wfo);
    assert_eq!(frame.in_half(Half::Afternoon).standing(0, 0), travelling);
    assert_eq!((frame.halves(0, 0).is_some(), frame.halves(1, 0)), (true, None));
}

#[test]
fn a_group_that_a_circular_keeps_at_the_office_stands_outside_of_its_quota() {
    let rules = json!([
        {"kind": "work_mode", "group": "administration", "mode": "wfo"},
        {"kind": "quota", "modes": ["wfh"], "bound": "max", "percent": 50, "scope": "opd"},
    ]);
    let tied = first_day(&rules, person(1));
    assert!(matches!(
        tied,
        Standing::Tied {
            by: Tie::Group(WorkGroup::Administration),
            ..
        }
    ));
}

#[test]
fn what_was_granted_goes_before_every_rule_and_whoever_left_is_elsewhere() {
    let mut granted = person(1);
    granted
        .granted
        .push((day("2026-03-02"), DayPart::All, WorkMode::Training));
    assert_eq!(first_day(&json!([]), granted), Standing::Granted(WorkMode::Training));
    let mut gone = person(1);
    gone.posts[0].to = Some(day("2026-03-01"));
    assert_eq!(first_day(&json!([]), gone), Standing::Elsewhere);
    let mut after_nights = person(1);
    after_nights.free.insert(day("2026-03-02"));
    assert_eq!(first_day(&json!([]), after_nights), Standing::Elsewhere);
}

#[test]
fn the_home_of_the_day_gives_priority_and_the_first_criterion_counts() {
    let rules = json!([
        {"kind": "quota", "modes": ["wfh"], "bound": "max", "percent": 50, "scope": "opd"},
        {"kind": "priority", "order": 2, "criterion": {"is": "domicile_in", "codes": ["36"]}},
        {"kind": "priority", "order": 1, "criterion": {"is": "domicile_in", "codes": ["36.71"]}},
    ]);
    let order = |person| {
        let Standing::Free { priority, .. } = first_day(&rules, person) else {
            panic!("nobody is tied under a quota");
        };
        priority
    };
    assert_eq!(order(living_in(person(1), "36.71.01.1001")), Priority(1));
    assert_eq!(order(living_in(person(1), "36.01.01.2001")), Priority(2));
    assert_eq!(order(living_in(person(1), "31.71.01.1001")), Priority::NONE);
    assert!(!order(person(1)).is_some());
    let mut moved = living_in(person(1), "36.71.01.1001");
    moved.domiciles[0].to = Some(day("2026-03-01"));
    assert_eq!(order(moved), Priority::NONE);
}

#[test]
fn criteria_that_nothing_known_here_can_tell_are_named() {
    let rules = json!([
        {"kind": "priority", "order": 1, "criterion": {"is": "age_from", "years": 50}},
        {"kind": "priority", "order": 2, "criterion": {"is": "domicile_in", "codes": ["36"]}},
        {"kind": "priority", "order": 3, "criterion": {"is": "pregnant"}},
    ]);
    let frame = frame(&rules, MONDAY, vec![person(1)]);
    assert_eq!(frame.unknown_criteria, [(day("2026-03-02"), "age_from")]);
}

fn marked(number: u128, kind: MarkKind, effect: MarkEffect) -> Person {
    let mut person = person(number);
    person.marks.push(Mark {
        kind,
        effect,
        from: day("2026-03-02"),
        to: day("2026-03-02"),
    });
    person
}

#[test]
fn a_mark_exempts_on_its_days_and_goes_before_what_a_circular_says() {
    let rules = json!([
        {"kind": "quota", "modes": ["wfh"], "bound": "max", "percent": 50, "scope": "opd"},
        {"kind": "exempt", "position_level": "staff", "mode": "wfo"},
    ]);
    let expecting = marked(1, MarkKind::Pregnant, MarkEffect::ExemptAtHome);
    let frame = frame(&rules, ("2026-03-02", "2026-03-03"), vec![expecting]);
    let tie = |day| {
        let Standing::Tied { mode, by, .. } = frame.standing(0, day) else {
            panic!("the mark or the circular ties");
        };
        (mode, by)
    };
    assert_eq!(tie(0), (WorkMode::Wfh, Tie::Mark));
    assert_eq!(tie(1), (WorkMode::Wfo, Tie::Exempt));
}

#[test]
fn a_mark_gives_priority_where_the_circular_names_its_kind() {
    let rules = json!([
        {"kind": "quota", "modes": ["wfh"], "bound": "max", "percent": 50, "scope": "opd"},
        {"kind": "priority", "order": 3, "criterion": {"is": "small_child"}},
    ]);
    let order = |kind| {
        let Standing::Free { priority, .. } = first_day(&rules, marked(1, kind, MarkEffect::Priority)) else {
            panic!("priority ties nobody");
        };
        priority
    };
    assert_eq!(order(MarkKind::SmallChild), Priority(3));
    assert_eq!(order(MarkKind::Disability), Priority::NONE);
}
