//! What the check finds in rosters that were changed by hand, one broken rule at a time.

use super::scene::{at_level, day, frame, id, living_in, person};
use crate::domain::circular::rule::PositionLevel;
use crate::domain::half::DayPart;
use crate::domain::roster::check::{Laid, check};
use crate::domain::roster::finding::{Finding, Weight};
use crate::domain::roster::frame::{Frame, Person};
use crate::domain::roster::plan::plan;
use crate::domain::work_mode::WorkMode;
use serde_json::{Value, json};

const WEEK: (&str, &str) = ("2026-03-02", "2026-03-06");

fn half_at_home() -> Value {
    json!([
        {"kind": "quota", "modes": ["wfh"], "bound": "exact", "percent": 50, "scope": "opd"},
        {"kind": "exempt", "position_level": "echelon_ii", "mode": "wfo"},
        {"kind": "priority", "order": 1, "criterion": {"is": "domicile_in", "codes": ["36.71"]}},
    ])
}

/// A head, one who lives in Tangerang, and four others, one of them on leave on Friday.
fn people() -> Vec<Person> {
    let mut people: Vec<Person> = (3..7).map(person).collect();
    people[3]
        .granted
        .push((day("2026-03-06"), DayPart::All, WorkMode::Leave));
    people.push(at_level(1, PositionLevel::EchelonII));
    people.push(living_in(person(2), "36.71.01.1001"));
    people
}

/// The kinds that are found when some entries of our own roster are changed.
fn found(frame: &Frame, changes: &[(u128, &str, Option<WorkMode>)], is_by_hand: bool) -> Vec<&'static str> {
    let mut entries: Vec<_> = plan(frame)
        .entries
        .into_iter()
        .map(|entry| (entry.employee_id, entry.date, entry.mode, false))
        .collect();
    for (number, date, mode) in changes {
        entries.retain(|(who, when, _, _)| (*who, *when) != (id(*number), day(date)));
        if let Some(mode) = mode {
            entries.push((id(*number), day(date), *mode, is_by_hand));
        }
    }
    check(frame, &Laid::over(frame, entries))
        .iter()
        .map(Finding::kind)
        .collect()
}

#[test]
fn our_own_roster_has_nothing_to_find() {
    assert_eq!(found(&frame(&half_at_home(), WEEK, people()), &[], false), [""; 0]);
}

#[test]
fn the_exempt_stay_in_the_office_on_picket_or_not() {
    let frame = frame(&half_at_home(), WEEK, people());
    let head = |mode| found(&frame, &[(1, "2026-03-03", Some(mode))], true);
    assert_eq!(head(WorkMode::Wfh), ["tied"]);
    assert_eq!(head(WorkMode::Picket), [""; 0]);
}

#[test]
fn leave_holds_and_everybody_on_the_staff_is_somewhere() {
    let frame = frame(&half_at_home(), WEEK, people());
    assert_eq!(
        found(&frame, &[(6, "2026-03-06", Some(WorkMode::Wfo))], true),
        ["granted"]
    );
    assert_eq!(found(&frame, &[(1, "2026-03-03", None)], true), ["no_entry"]);
    assert_eq!(
        found(&frame, &[(99, "2026-03-03", Some(WorkMode::Wfo))], true),
        ["not_on_staff"]
    );
    assert_eq!(
        found(&frame, &[(1, "2026-03-07", Some(WorkMode::Wfo))], true),
        ["not_on_staff"]
    );
}

#[test]
fn whoever_comes_first_and_was_passed_over_is_named_unless_by_hand_with_a_reason() {
    let frame = frame(&half_at_home(), WEEK, people());
    let at_home = plan(&frame)
        .entries
        .iter()
        .filter(|entry| entry.date == day("2026-03-03") && entry.mode == WorkMode::Wfo)
        .map(|entry| entry.employee_id.uuid().as_u128())
        .find(|number| *number > 2);
    // The one from Tangerang and somebody else change places.
    let swapped = [
        (2, "2026-03-03", Some(WorkMode::Wfo)),
        (at_home.unwrap(), "2026-03-03", Some(WorkMode::Wfh)),
    ];
    assert!(found(&frame, &swapped, false).contains(&"passed_over"));
    assert!(!found(&frame, &swapped, true).contains(&"passed_over"));
}

#[test]
fn a_ceiling_on_home_is_no_leave_to_work_anywhere() {
    let frame = frame(&half_at_home(), WEEK, people());
    let kinds = found(&frame, &[(3, "2026-03-03", Some(WorkMode::Wfa))], true);
    assert!(kinds.contains(&"anywhere_not_offered"), "{kinds:?}");
}

#[test]
fn an_uneven_week_is_a_warning_and_no_broken_rule() {
    let rules = json!([{"kind": "quota", "modes": ["wfh"], "bound": "exact", "percent": 50, "scope": "opd"}]);
    let frame = frame(&rules, WEEK, (1..5).map(person).collect());
    let entries = frame.days.iter().flat_map(|terms| {
        (1..5).map(|number| {
            let mode = if number < 3 { WorkMode::Wfo } else { WorkMode::Wfh };
            (id(number), terms.date, mode, true)
        })
    });
    let findings = check(&frame, &Laid::over(&frame, entries));
    let [
        finding @ Finding::UnevenSpread {
            people: 4,
            office_days: 5,
            least: 2,
            most: 3,
            ..
        },
    ] = findings.as_slice()
    else {
        panic!("{findings:?}");
    };
    assert_eq!(finding.weight(), Weight::Warning);
}

#[test]
fn two_days_of_picket_in_a_row_are_a_warning_where_somebody_else_was_free() {
    let rules = json!([
        {"kind": "work_mode", "group": "administration", "mode": "wfh"},
        {"kind": "picket", "min_per_day": 1, "levels": []},
    ]);
    let frame = frame(&rules, ("2026-03-02", "2026-03-03"), (1..4).map(person).collect());
    let turns = |monday: u128, tuesday: u128| {
        let mode = |number, on| if number == on { WorkMode::Picket } else { WorkMode::Wfh };
        let entries = (1..4).flat_map(|number| {
            [
                (id(number), day("2026-03-02"), mode(number, monday), true),
                (id(number), day("2026-03-03"), mode(number, tuesday), true),
            ]
        });
        let findings = check(&frame, &Laid::over(&frame, entries));
        findings.iter().map(Finding::kind).collect::<Vec<_>>()
    };
    assert_eq!(turns(1, 2), [""; 0]);
    assert!(turns(1, 1).contains(&"picket_twice"));
}
