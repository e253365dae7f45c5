//! What a federated agency's frame is made of, and what it refuses.

use super::*;
use crate::domain::batch::row::tests::{missed, received};
use uuid::Uuid;

fn date(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 3, day).unwrap()
}

fn batch(id: u128) -> BatchId {
    BatchId::new(Uuid::from_u128(id))
}

fn person(id: u128) -> EmployeeId {
    EmployeeId::new(Uuid::from_u128(id))
}

fn held(id: u128, from: u32, to: u32, slot: Option<Slot>) -> Held {
    Held {
        id: batch(id),
        coverage: Coverage::stored(date(from), date(to), slot),
        version: 1,
    }
}

fn asked(day: u32, closed: &[Slot], is_anyone_expected: bool) -> AskedDay {
    AskedDay {
        work_date: date(day),
        slots: Slot::ALL.map(|slot| (slot, closed.contains(&slot))).to_vec(),
        is_anyone_expected,
    }
}

fn agency() -> AgencyCode {
    AgencyCode::parse("1.01").unwrap()
}

fn stay(id: u128, agency: &str, to: Option<u32>) -> Stay {
    Stay {
        employee: person(id),
        agency: agency.to_owned(),
        from: date(1),
        to: to.map(date),
    }
}

/// The row of somebody else, in order of the pseudonym.
fn row_of(pseudonym: &str, number: &str) -> Row {
    Row {
        employee_number: number.to_owned(),
        ..missed(pseudonym)
    }
}

fn frame() -> Frame {
    Frame::new(agency(), &[held(1, 2, 2, None)], &[asked(2, &Slot::ALL, true)])
}

#[test]
fn each_slot_comes_from_the_newest_batch_that_covers_it() {
    let held = [
        held(3, 2, 2, Some(Slot::Midday)),
        held(2, 1, 5, None),
        held(1, 2, 2, None),
    ];
    let frame = Frame::new(
        agency(),
        &held,
        &[asked(2, &Slot::ALL, true), asked(3, &[Slot::Morning], true)],
    );
    let sources: Vec<_> = frame
        .sources()
        .iter()
        .map(|((day, slot), id)| (*day, *slot, *id))
        .collect();
    assert_eq!(
        sources,
        [
            (date(2), Slot::Morning, batch(2)),
            (date(2), Slot::Midday, batch(3)),
            (date(2), Slot::Afternoon, batch(2)),
            (date(3), Slot::Morning, batch(2)),
        ],
        "slots that are not over are left out, whatever the batch says of them"
    );
    assert_eq!(frame.batches_of(date(2)), BTreeSet::from([batch(2), batch(3)]));
    assert_eq!(frame.faults(), []);
}

#[test]
fn a_later_version_goes_before_an_earlier_one_whenever_they_were_sealed() {
    let later = |id, version| Held {
        version,
        ..held(id, 2, 2, None)
    };
    for order in [[later(1, 1), later(2, 2)], [later(2, 2), later(1, 1)]] {
        let frame = Frame::new(agency(), &order, &[asked(2, &[Slot::Morning], true)]);
        assert_eq!(frame.batches_of(date(2)), BTreeSet::from([batch(2)]));
    }
}

#[test]
fn a_slot_in_no_batch_is_missing_where_somebody_is_expected_or_its_day_was_sent_in_part() {
    let morning = [held(1, 2, 2, Some(Slot::Morning))];
    let missing = |days: &[AskedDay]| Frame::new(agency(), &morning, days).faults();
    let rest = BTreeSet::from([(date(2), Slot::Midday), (date(2), Slot::Afternoon)]);
    assert_eq!(
        missing(&[asked(2, &Slot::ALL, false)]),
        [FrameFault::BatchMissing(rest.clone())]
    );
    assert_eq!(missing(&[asked(2, &[Slot::Morning], true)]), []);
    assert_eq!(missing(&[asked(3, &Slot::ALL, false)]), [], "nobody asks anything");
    let other = BTreeSet::from([(date(3), Slot::Morning)]);
    assert_eq!(
        missing(&[asked(3, &[Slot::Morning], true)]),
        [FrameFault::BatchMissing(other)]
    );
}

#[test]
fn expected_rows_become_units_of_whom_the_staff_list_has_on_that_date() {
    let mut frame = frame();
    let rows = [
        (batch(1), row_of("p2", "2")),
        (batch(1), received("p1")),
        (
            batch(1),
            Row {
                expected: false,
                state: RowState::NotRequired,
                ..row_of("p3", "3")
            },
        ),
        // Of another batch than the slot's.
        (batch(9), row_of("p4", "4")),
    ];
    let numbers = || rows.iter().map(|(_, row)| row.employee_number.as_str());
    assert_eq!(frame.strange(numbers()).len(), 4);
    let known = received("p1").employee_number;
    frame.learn(known, vec![stay(7, "1.02", Some(1)), stay(7, "1.01", None)]);
    frame.learn("2".to_owned(), vec![stay(2, "1.01", Some(2))]);
    frame.learn("3".to_owned(), vec![stay(3, "1.01", None)]);
    frame.learn("4".to_owned(), vec![]);
    assert!(frame.strange(numbers()).is_empty());
    let units = frame.units(date(2), &rows);
    let told: Vec<_> = units.iter().map(|(unit, person)| (unit.pseudonym(), *person)).collect();
    assert_eq!(told, [("p1", person(7)), ("p2", person(2))]);
    assert_eq!(frame.faults(), []);
    let members = [2, 3, 7, 8].map(person);
    assert_eq!(frame.unlisted(members), BTreeSet::from([person(8)]));
}

#[test]
fn whom_nobody_can_ask_and_whoever_stands_twice_is_refused_by_number() {
    let mut frame = frame();
    let rows = [
        (batch(1), row_of("p1", "1")),
        (batch(1), row_of("p2", "1")),
        (batch(1), row_of("p3", "3")),
        (batch(1), row_of("p4", "4")),
        (
            batch(1),
            Row {
                state: RowState::Open,
                ..row_of("p5", "1")
            },
        ),
    ];
    frame.learn("1".to_owned(), vec![stay(1, "1.01", None)]);
    frame.learn("3".to_owned(), vec![]);
    // Left the agency the day before.
    frame.learn("4".to_owned(), vec![stay(4, "1.01", Some(1)), stay(4, "1.02", None)]);
    assert_eq!(frame.units(date(2), &rows).len(), 1);
    let numbers = |number: &str| BTreeSet::from([number.to_owned()]);
    assert_eq!(
        frame.faults(),
        [
            FrameFault::RowsOpen(BTreeMap::from([(date(2), 1)])),
            FrameFault::EmployeeUnknown(numbers("3")),
            FrameFault::EmployeeForeign(numbers("4")),
            FrameFault::EmployeeTwice(numbers("1")),
        ]
    );
}

#[test]
fn a_refusal_names_a_few_and_counts_the_rest() {
    let numbers = (10..22).map(|number: u32| number.to_string()).collect();
    let fault = FrameFault::EmployeeUnknown(numbers);
    let english = fault.sentence(&agency(), Language::English);
    assert!(
        english.contains("12 employee numbers") && english.contains("10, 11,"),
        "{english}"
    );
    assert!(english.contains("19, and 2 more"), "{english}");
    assert!(
        fault
            .sentence(&agency(), Language::Indonesian)
            .contains("dan 2 lainnya")
    );
    let slots = BTreeSet::from([(date(2), Slot::Morning), (date(2), Slot::Midday)]);
    let missing = FrameFault::BatchMissing(slots).sentence(&agency(), Language::Indonesian);
    assert!(
        missing.contains("1 tanggal") && missing.contains("2026-03-02 (pagi, siang)"),
        "{missing}"
    );
}
