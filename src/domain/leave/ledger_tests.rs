//! The ledger by its law: never negative, splits that sum up, the oldest first, returns that restore, turns of the year.

use super::*;
use proptest::prelude::*;

const RULE: AnnualRule = AnnualRule {
    days: 12,
    most_after_one_year: 18,
    most_after_two_years: 24,
    min_service_months: 12,
};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn rule(year: i32) -> Option<AnnualRule> {
    (2000..=2100).contains(&year).then_some(RULE)
}

/// Nothing was deferred in any year.
fn none(_: i32) -> i32 {
    0
}

#[test]
fn deferred_days_go_on_into_the_next_year_and_no_further() {
    let bring = |mut entries: Vec<Entry>, days: i32, on: &str| {
        let deferred = |year: i32| if year == 2025 { days } else { 0 };
        let due = due(&entries, Some(day("2010-05-01")), rule, deferred, day(on));
        entries.extend(due);
        entries
    };
    let after = |days: i32| {
        let entries = bring(bring(Vec::new(), days, "2025-06-01"), days, "2026-01-05");
        balance(&entries, day("2026-01-05"))
    };
    assert_eq!(after(0), split(0, 6, 12));
    assert_eq!(after(4), split(0, 6, 12), "fewer than carry over anyway");
    assert_eq!(after(10), split(0, 10, 12));
    assert_eq!(after(30), split(0, 12, 12), "24 with those of the year itself");
    // What was used after all does not go on; and a year later the deferral is over.
    let mut entries = bring(Vec::new(), 10, "2025-06-01");
    debit(&mut entries, "2025-11-03", 5);
    let entries = bring(entries, 10, "2026-01-05");
    assert_eq!(balance(&entries, day("2026-01-05")), split(0, 7, 12));
    let entries = bring(
        bring(bring(Vec::new(), 10, "2025-06-01"), 10, "2026-01-05"),
        10,
        "2027-01-05",
    );
    assert_eq!(balance(&entries, day("2027-01-05")), split(6, 6, 12));
    // A decision that comes after the turn of the year mends it.
    let entries = bring(
        bring(bring(Vec::new(), 0, "2025-06-01"), 0, "2026-01-05"),
        10,
        "2026-01-06",
    );
    assert_eq!(balance(&entries, day("2026-01-06")), split(0, 10, 12));
}

/// The entries with everything that is due on a date.
fn brought_to(mut entries: Vec<Entry>, on: &str) -> Vec<Entry> {
    let due = due(&entries, Some(day("2010-05-01")), rule, none, day(on));
    entries.extend(due);
    entries
}

fn split(before: i32, previous: i32, current: i32) -> Split {
    Split {
        before,
        previous,
        current,
    }
}

fn debit(entries: &mut Vec<Entry>, on: &str, days: i32) {
    let taken = take(balance(entries, day(on)), days).unwrap();
    for (year, days) in taken.by_year(day(on).year()) {
        entries.push(Entry {
            year,
            kind: EntryKind::Debit,
            days: -days,
            effective_on: day(on),
        });
    }
}

#[test]
fn a_ledger_begins_with_the_days_of_its_first_year() {
    let entries = brought_to(Vec::new(), "2026-03-02");
    assert_eq!(balance(&entries, day("2026-03-02")), split(0, 0, 12));
    assert_eq!(entries[0].effective_on, day("2026-01-01"));
    // Asked again, nothing more is due.
    assert_eq!(
        due(&entries, Some(day("2010-05-01")), rule, none, day("2026-12-31")),
        []
    );
}

#[test]
fn the_first_right_comes_after_a_year_of_service() {
    let first = |on: &str| due(&[], Some(day("2025-05-01")), rule, none, day(on));
    assert_eq!(first("2026-04-30"), []);
    assert_eq!(first("2026-05-01")[0].effective_on, day("2026-05-01"));
    assert_eq!(due(&[], None, rule, none, day("2026-05-01")), []);
    assert_eq!(due(&[], Some(day("2010-05-01")), |_| None, none, day("2026-05-01")), []);
}

#[test]
fn one_unused_year_makes_eighteen_and_two_make_twenty_four() {
    let entries = brought_to(Vec::new(), "2024-06-01");
    let entries = brought_to(entries, "2025-02-01");
    assert_eq!(balance(&entries, day("2025-02-01")), split(0, 6, 12));
    let entries = brought_to(entries, "2026-02-01");
    assert_eq!(balance(&entries, day("2026-02-01")), split(6, 6, 12));
    let entries = brought_to(entries, "2027-02-01");
    assert_eq!(balance(&entries, day("2027-02-01")), split(6, 6, 12));
}

#[test]
fn years_that_nobody_looked_at_are_made_up_in_order() {
    let once = brought_to(brought_to(Vec::new(), "2023-06-01"), "2026-02-01");
    let stepwise = ["2024-06-01", "2025-06-01", "2026-02-01"]
        .iter()
        .fold(brought_to(Vec::new(), "2023-06-01"), |entries, on| {
            brought_to(entries, on)
        });
    assert_eq!(once, stepwise);
}

#[test]
fn a_used_year_between_stops_the_older_days() {
    let mut entries = brought_to(brought_to(Vec::new(), "2024-06-01"), "2025-02-01");
    // 18 days; 2 are used, of the oldest.
    debit(&mut entries, "2025-03-03", 2);
    assert_eq!(balance(&entries, day("2025-03-03")), split(0, 4, 12));
    let entries = brought_to(entries, "2026-02-01");
    assert_eq!(balance(&entries, day("2026-02-01")), split(0, 6, 12));
}

#[test]
fn leave_of_next_year_comes_off_next_year_only() {
    let mut entries = brought_to(Vec::new(), "2026-11-02");
    entries.push(Entry {
        year: 2027,
        kind: EntryKind::Debit,
        days: -3,
        effective_on: day("2027-01-04"),
    });
    assert_eq!(balance(&entries, day("2026-12-31")), split(0, 0, 12));
    let entries = brought_to(entries, "2027-01-05");
    assert_eq!(balance(&entries, day("2027-01-05")), split(0, 6, 9));
}

#[test]
fn a_row_of_the_old_year_that_comes_late_mends_what_expired() {
    let mut entries = brought_to(brought_to(Vec::new(), "2025-06-01"), "2026-01-05");
    assert_eq!(balance(&entries, day("2026-01-05")).previous, 6);
    entries.push(Entry {
        year: 2025,
        kind: EntryKind::Debit,
        days: -10,
        effective_on: day("2025-12-01"),
    });
    let entries = brought_to(entries, "2026-01-06");
    assert_eq!(balance(&entries, day("2026-01-06")).previous, 2);
}

#[test]
fn the_oldest_days_go_first_and_the_newest_return_first() {
    let taken = take(split(3, 6, 12), 11).unwrap();
    assert_eq!(taken, split(3, 6, 2));
    assert_eq!(give_back(taken, 4), split(0, 2, 2));
    assert_eq!(give_back(taken, 99), taken);
    let error = take(split(3, 6, 12), 22).unwrap_err();
    assert_eq!(
        error,
        Shortage {
            available: 21,
            asked: 22
        }
    );
    assert_eq!(take(split(0, 0, 12), 12).unwrap(), split(0, 0, 12));
    assert!(take(split(0, 0, 12), -1).is_err());
}

#[test]
fn codes_read_back_and_are_what_serde_writes() {
    for kind in EntryKind::ALL {
        assert_eq!(EntryKind::from_code(kind.code()), Some(kind));
        assert_eq!(serde_json::to_value(kind).unwrap(), kind.code());
    }
}

fn any_balance() -> impl Strategy<Value = Split> {
    (0..=6, 0..=6, 0..=12).prop_map(|(before, previous, current)| split(before, previous, current))
}

proptest! {
    #[test]
    fn what_is_taken_sums_up_and_never_overdraws(balance in any_balance(), days in 0..40) {
        match take(balance, days) {
            Ok(taken) => {
                prop_assert_eq!(taken.total(), days);
                prop_assert!(taken.before <= balance.before && taken.previous <= balance.previous);
                prop_assert!(taken.current <= balance.current);
                // Nothing newer is touched while something older is left.
                prop_assert!(taken.previous == 0 || taken.before == balance.before);
                prop_assert!(taken.current == 0 || taken.previous == balance.previous);
            }
            Err(shortage) => prop_assert!(days > balance.total() && shortage.available == balance.total()),
        }
    }

    #[test]
    fn what_returns_in_parts_restores_what_was_taken(balance in any_balance(), days in 0_i32..=24, part in 0_i32..=24) {
        let days = days.min(balance.total());
        let taken = take(balance, days).unwrap();
        let first = give_back(taken, part);
        let rest = split(taken.before - first.before, taken.previous - first.previous, taken.current - first.current);
        let second = give_back(rest, days);
        prop_assert_eq!(first.total(), part.min(days));
        prop_assert_eq!(first.total() + second.total(), days);
        prop_assert!(rest.before >= 0 && rest.previous >= 0 && rest.current >= 0);
        prop_assert!(first.current == taken.current || first.previous == 0);
    }

    #[test]
    fn no_life_of_leave_makes_a_year_negative_or_too_full(
        steps in proptest::collection::vec((1_u64..200, 1..14, any::<bool>()), 1..30),
    ) {
        let mut on = day("2020-02-03");
        let mut entries: Vec<Entry> = Vec::new();
        for (forward, days, comes_back) in steps {
            on = on + chrono::Days::new(forward);
            let due_now = due(&entries, Some(day("2010-05-01")), rule, none, on);
            entries.extend(due_now);
            let left = balance(&entries, on);
            prop_assert!(left.before >= 0 && left.previous >= 0 && left.current >= 0, "{left:?}");
            prop_assert!(left.before <= 6 && left.previous <= 6 && left.current <= 12, "{left:?}");
            if let Ok(taken) = take(left, days) {
                let mut write = |split: Split, kind, sign: i32| {
                    for (year, days) in split.by_year(on.year()) {
                        entries.push(Entry { year, kind, days: sign * days, effective_on: on });
                    }
                };
                write(taken, EntryKind::Debit, -1);
                if comes_back {
                    write(give_back(taken, days), EntryKind::Return, 1);
                    prop_assert_eq!(balance(&entries, on), left);
                }
            }
        }
    }
}
