//! Sentences of rosters: whole, in both languages, without blame.

use super::*;
use crate::domain::circular::number::CircularNumber;
use crate::domain::ids::EmployeeId;
use chrono::NaiveDate;
use uuid::Uuid;

fn reasons() -> Vec<(Reason, WorkMode)> {
    let by = CircularNumber::new("Nomor 4 Tahun 2026");
    let quota = fact(&[WorkMode::Wfh, WorkMode::Wfa], QuotaBound::Max, 20);
    let (turn, turns, present) = (1, 3, 5);
    vec![
        (Reason::Granted, WorkMode::Leave),
        (Reason::Exempt { by: by.clone() }, WorkMode::Wfo),
        (
            Reason::GroupRule {
                by: by.clone(),
                group: WorkGroup::Educator,
            },
            WorkMode::Wfh,
        ),
        (Reason::NoRule, WorkMode::Wfo),
        (
            Reason::Picket {
                by: by.clone(),
                least: Some(5),
                level: Some(PositionLevel::EchelonIV),
                turn,
                turns,
                is_again: true,
            },
            WorkMode::Picket,
        ),
        (
            Reason::OfficeTurn {
                by: by.clone(),
                quota: quota.clone(),
                turn,
                turns,
                present,
            },
            WorkMode::Wfo,
        ),
        (Reason::AwayFirst { by: by.clone() }, WorkMode::Wfh),
        (
            Reason::AwayTurn {
                by,
                quota,
                turns,
                present,
            },
            WorkMode::Wfa,
        ),
        (
            Reason::ByHand {
                text: "Ada tamu dari pusat.".to_owned(),
            },
            WorkMode::Off,
        ),
    ]
}

fn findings() -> Vec<Finding> {
    let date = NaiveDate::from_ymd_opt(2026, 3, 2).unwrap();
    let employee_id = EmployeeId::new(Uuid::from_u128(1));
    let level = PositionLevel::Staff;
    let quota = |bound| Finding::Quota {
        date,
        modes: vec![WorkMode::Wfo],
        bound,
        percent: 50,
        people: 7,
        least: 3,
        most: 4,
        counted: 5,
        is_wider: false,
    };
    vec![
        quota(QuotaBound::Min),
        quota(QuotaBound::Max),
        quota(QuotaBound::Exact),
        Finding::AnywhereNotOffered { date, people: 2 },
        Finding::PicketShort {
            date,
            least: 5,
            counted: 3,
            available: 3,
        },
        Finding::PicketLevel { date, level },
        Finding::PicketLevelAbsent { date, level },
        Finding::Tied {
            date,
            employee_id,
            wanted: WorkMode::Wfo,
            planned: WorkMode::Wfh,
        },
        Finding::Granted {
            date,
            employee_id,
            planned: WorkMode::Wfo,
        },
        Finding::PassedOver {
            date,
            employee_id,
            instead: employee_id,
        },
        Finding::NoEntry { date, employee_id },
        Finding::NotOnStaff { date, employee_id },
        Finding::PicketTwice { date, people: 1 },
        Finding::UnevenSpread {
            people: 2,
            employee_id,
            office_days: 5,
            least: 2,
            most: 3,
        },
        Finding::CriterionUnknown {
            date,
            criterion: "pregnant".to_owned(),
        },
    ]
}

#[test]
fn every_reason_and_finding_is_one_whole_sentence_in_each_language() {
    let reasons = reasons().into_iter().map(|(reason, mode)| {
        [Language::Indonesian, Language::English].map(|language| reason.sentence(mode, language))
    });
    let findings = findings()
        .into_iter()
        .map(|finding| [Language::Indonesian, Language::English].map(|language| finding.sentence(language)));
    for pair in reasons.chain(findings) {
        for sentence in &pair {
            let is_whole = sentence.ends_with('.') && !sentence.ends_with("..");
            assert!(is_whole && !sentence.contains("  "), "{sentence}");
            assert_eq!(sentence.matches(". ").count(), 0, "one sentence: {sentence}");
        }
        let [indonesian, english] = pair;
        assert_ne!(indonesian, english);
    }
}

#[test]
fn who_is_on_leave_is_told_no_kind_of_illness() {
    let sentence = Reason::Granted.sentence(WorkMode::Sick, Language::Indonesian);
    assert_eq!(
        sentence,
        "Sakit: sudah ditetapkan lebih dulu dan tidak diubah oleh jadwal ini."
    );
}
