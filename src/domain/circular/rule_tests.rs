//! Rules as JSON: every kind there and back, and what is refused.

use super::*;
use crate::domain::slot::Slot;
use crate::domain::slot::Window;
use serde_json::json;

fn one_of_each() -> Vec<serde_json::Value> {
    vec![
        json!({"kind": "work_mode", "group": "educator", "mode": "wfh"}),
        json!({"kind": "quota", "modes": ["wfh", "wfa"], "bound": "max", "percent": 20, "scope": "opd", "rounding": "down"}),
        json!({"kind": "priority", "order": 1, "criterion": {"is": "domicile_in", "codes": ["31.71", "36.71"]}}),
        json!({"kind": "priority", "order": 2, "criterion": {"is": "pregnant"}}),
        json!({"kind": "exempt", "service_kind": "health", "mode": "wfo"}),
        json!({"kind": "picket", "min_per_day": 5, "levels": ["echelon_iii", "echelon_iv", "staff"]}),
        json!({"kind": "schedule", "hours": [{"days": ["Mon", "Fri"], "starts_minute": 390, "ends_minute": 840,
            "break_minutes": 30}], "ramadan": true, "works_on_holidays": false}),
        json!({"kind": "checkin", "slots": [{"slot": "morning", "window": {"opens_minute": 360, "closes_minute": 450},
            "grace_minutes": 0, "report_due_minute": 450}], "home_radius_metres": 200, "office_radius_metres": 100,
            "zone": "Asia/Jakarta", "required_modes": ["wfh"]}),
        json!({"kind": "travel", "outside_region": "banned", "exception_approver": "Sekretaris Daerah"}),
        json!({"kind": "gathering", "banned": true}),
        json!({"kind": "reporting", "what": "roster", "to": "Sekretaris Daerah melalui BKD", "due_on": "2026-03-13"}),
        json!({"kind": "learning", "mode": "distance"}),
    ]
}

#[test]
fn every_kind_reads_back_as_it_was_written() {
    for value in one_of_each() {
        let rule: Rule = serde_json::from_value(value.clone()).unwrap();
        assert_eq!(serde_json::to_value(&rule).unwrap(), value);
    }
}

#[test]
fn an_unknown_kind_or_field_is_refused() {
    for value in one_of_each() {
        let mut spoilt = value.clone();
        spoilt["wfh_percent"] = json!(50);
        assert!(serde_json::from_value::<Rule>(spoilt).is_err(), "{value}");
    }
    assert!(serde_json::from_value::<Rule>(json!({"kind": "check_in", "slots": []})).is_err());
}

#[test]
fn a_reporting_deadline_closes_the_slot() {
    let terms = |closes_minute, grace_minutes, due| CheckInTerms {
        slots: vec![SlotRule {
            slot: Slot::Morning,
            window: Window {
                opens_minute: 360,
                closes_minute,
            },
            grace_minutes,
            report_due_minute: due,
        }],
        home_radius_metres: 200,
        office_radius_metres: 100,
        zone: None,
        required_modes: vec![WorkMode::Wfh],
        clock_counts: false,
    };
    let ends = |terms: CheckInTerms| {
        let slot = terms.in_effect().slots[0];
        (slot.window.closes_minute, slot.grace_minutes)
    };
    assert_eq!(ends(terms(540, 10, Some(450))), (450, 0));
    assert_eq!(ends(terms(445, 10, Some(450))), (445, 5));
    assert_eq!(ends(terms(430, 10, Some(450))), (430, 10));
    assert_eq!(ends(terms(540, 10, None)), (540, 10));
}

#[test]
fn levels_are_read_from_echelons() {
    let level = |text| PositionLevel::from_echelon(Some(text));
    assert_eq!(level("II.a"), PositionLevel::EchelonII);
    assert_eq!(level("Eselon IV.b"), PositionLevel::EchelonIV);
    assert_eq!(level("III/a"), PositionLevel::EchelonIII);
    assert_eq!(level("Non Eselon"), PositionLevel::Staff);
    assert_eq!(PositionLevel::from_echelon(None), PositionLevel::Staff);
}
