//! When a notice reaches its reader, and how its kind is spelt.

use super::*;
use crate::domain::ids::NoticeId;
use uuid::Uuid;

fn notice(content: NoticeContent) -> Notice {
    Notice {
        id: NoticeId::new(Uuid::from_u128(1)),
        employee_id: EmployeeId::new(Uuid::from_u128(2)),
        content,
        created_at: Instant::from_millis(0),
        seen_at: None,
        handed_over: None,
    }
}

fn case() -> Notice {
    notice(NoticeContent::CaseOpened {
        case_id: CaseId::new(Uuid::from_u128(3)),
        work_date: NaiveDate::from_ymd_opt(2026, 3, 2).unwrap(),
        reply_working_days: 3,
    })
}

#[test]
fn the_first_sight_counts() {
    let once = case().seen(Instant::from_millis(5)).seen(Instant::from_millis(9));
    assert_eq!(once.seen_at, Some(Instant::from_millis(5)));
    assert_eq!(once.reached_at(), once.seen_at);
    assert_eq!(case().reached_at(), None);
}

#[test]
fn the_clock_starts_at_the_earlier_of_sight_and_handover() {
    let superior = EmployeeId::new(Uuid::from_u128(4));
    let handed = case().handed_over(superior, Instant::from_millis(7)).unwrap();
    assert_eq!(handed.reached_at(), Some(Instant::from_millis(7)));
    let again = handed.handed_over(superior, Instant::from_millis(8)).unwrap();
    assert_eq!(
        again.handed_over.map(|handover| handover.at),
        Some(Instant::from_millis(7))
    );
    assert_eq!(
        again.clone().seen(Instant::from_millis(9)).reached_at(),
        Some(Instant::from_millis(7))
    );
    assert_eq!(
        case()
            .seen(Instant::from_millis(3))
            .handed_over(superior, Instant::from_millis(7))
            .unwrap()
            .reached_at(),
        Some(Instant::from_millis(3))
    );
}

#[test]
fn only_a_clock_of_another_person_is_handed_over() {
    let own = EmployeeId::new(Uuid::from_u128(2));
    assert_eq!(
        case().handed_over(own, Instant::from_millis(1)),
        Err(HandoverError::OwnNotice)
    );
    let home = notice(NoticeContent::HomeReturned {
        home_id: HomeId::new(Uuid::from_u128(5)),
        reason: "Foto kurang jelas".to_owned(),
    });
    let superior = EmployeeId::new(Uuid::from_u128(4));
    assert_eq!(
        home.handed_over(superior, Instant::from_millis(1)),
        Err(HandoverError::NoClock)
    );
}

#[test]
fn the_kind_is_the_tag_of_its_json() {
    let content = case().content;
    let json = serde_json::to_value(&content).unwrap();
    assert_eq!(
        json.get("kind").and_then(serde_json::Value::as_str),
        Some(content.kind())
    );
    assert_eq!(serde_json::from_value::<NoticeContent>(json).unwrap(), content);
}
