//! Which circulars decide a date: chains, amendments, revocations, jurisdictions, and what holds for any of them.

use super::*;
use crate::domain::circular::lifecycle::CircularState;
use crate::domain::circular::lifecycle::tests::{day, issued};
use crate::domain::circular::relation::Relation;
use chrono::Days;
use proptest::prelude::*;
use serde_json::json;

fn relate(circular: &mut Circular, kind: RelationKind, target: u128) {
    circular.content.relations.push(Relation {
        kind,
        target_id: Some(CircularId::new(uuid::Uuid::from_u128(target))),
        text: None,
    });
}

fn with_mode(mut circular: Circular, group: &str, mode: &str) -> Circular {
    let rule = json!({"kind": "work_mode", "group": group, "mode": mode});
    circular.content.rules.push(serde_json::from_value(rule).unwrap());
    circular
}

fn wfh(id: u128, from: &str, to: Option<&str>) -> Circular {
    with_mode(issued(id, from, to), "administration", "wfh")
}

fn rules(circulars: &[Circular], date: &str) -> DayRules {
    in_force(circulars, &"36".parse().unwrap(), day(date))
}

/// The mode of administration and the serials of the circulars that decided it.
fn decided(circulars: &[Circular], date: &str) -> Option<(WorkMode, Vec<String>)> {
    let rules = rules(circulars, date);
    rules.default_mode(WorkGroup::Administration).map(|(mode, entry)| {
        let serial = |citation: &Citation| citation.number.parts().serial.unwrap();
        let by = std::iter::once(&entry.by).chain(&entry.carried_by).map(serial);
        (mode, by.collect())
    })
}

fn by(mode: WorkMode, serials: &[&str]) -> (WorkMode, Vec<String>) {
    (mode, serials.iter().map(|serial| (*serial).to_owned()).collect())
}

#[test]
fn an_extension_lets_the_parents_rules_go_on_to_the_latest_end_of_the_chain() {
    let parent = wfh(1, "2020-03-23", Some("2020-03-31"));
    let mut second = issued(2, "2020-04-01", Some("2020-04-21"));
    relate(&mut second, RelationKind::Extends, 1);
    let mut third = issued(3, "2020-04-22", Some("2020-05-13"));
    relate(&mut third, RelationKind::Extends, 2);
    let chain = [parent, second, third];
    assert_eq!(decided(&chain, "2020-03-22"), None);
    assert_eq!(decided(&chain, "2020-03-31"), Some(by(WorkMode::Wfh, &["1"])));
    assert_eq!(decided(&chain, "2020-04-21"), Some(by(WorkMode::Wfh, &["1", "2"])));
    assert_eq!(decided(&chain, "2020-05-13"), Some(by(WorkMode::Wfh, &["1", "3"])));
    assert_eq!(decided(&chain, "2020-05-14"), None);
}

#[test]
fn a_gap_before_an_extension_stays_a_gap() {
    let mut later = issued(2, "2020-04-10", Some("2020-04-21"));
    relate(&mut later, RelationKind::Extends, 1);
    let chain = [wfh(1, "2020-03-23", Some("2020-03-31")), later];
    assert_eq!(decided(&chain, "2020-04-05"), None);
    assert_eq!(decided(&chain, "2020-04-10"), Some(by(WorkMode::Wfh, &["1", "2"])));
}

#[test]
fn an_amendment_replaces_the_targets_rules_of_its_subjects_only() {
    let parent = with_mode(wfh(1, "2020-03-23", None), "educator", "wfh");
    let mut amendment = with_mode(issued(2, "2020-04-01", Some("2020-04-10")), "administration", "wfo");
    // Signed before its target, so that only the relation can put it in front.
    amendment.content.signed_on = day("2020-01-01");
    relate(&mut amendment, RelationKind::Amends, 1);
    let both = [parent, amendment];
    assert_eq!(decided(&both, "2020-04-01"), Some(by(WorkMode::Wfo, &["2"])));
    let educator = rules(&both, "2020-04-01").default_mode(WorkGroup::Educator).unwrap().0;
    assert_eq!(educator, WorkMode::Wfh);
    assert_eq!(decided(&both, "2020-04-11"), Some(by(WorkMode::Wfh, &["1"])));
}

#[test]
fn an_amendment_to_the_targets_end_goes_on_when_the_target_is_extended() {
    let parent = wfh(1, "2020-03-23", Some("2020-03-31"));
    let mut amendment = with_mode(issued(2, "2020-03-25", Some("2020-03-31")), "administration", "wfo");
    relate(&mut amendment, RelationKind::Amends, 1);
    let mut extension = issued(3, "2020-04-01", Some("2020-04-21"));
    relate(&mut extension, RelationKind::Extends, 1);
    let mut passing = with_mode(issued(4, "2020-03-26", Some("2020-03-27")), "administration", "wfa");
    relate(&mut passing, RelationKind::Amends, 1);
    let all = [parent, amendment, extension, passing];
    assert_eq!(decided(&all, "2020-03-26"), Some(by(WorkMode::Wfa, &["4"])));
    assert_eq!(decided(&all, "2020-04-02"), Some(by(WorkMode::Wfo, &["2", "3"])));
}

#[test]
fn a_revocation_ends_its_target_for_good_and_takes_the_extension_with_it() {
    let mut extension = issued(2, "2020-04-01", Some("2020-04-30"));
    relate(&mut extension, RelationKind::Extends, 1);
    let mut revocation = issued(3, "2020-04-10", Some("2020-04-11"));
    relate(&mut revocation, RelationKind::Revokes, 1);
    let all = [wfh(1, "2020-03-23", Some("2020-03-31")), extension, revocation];
    assert_eq!(decided(&all, "2020-04-09"), Some(by(WorkMode::Wfh, &["1", "2"])));
    assert_eq!(decided(&all, "2020-04-10"), None);
    assert_eq!(decided(&all, "2020-04-12"), None);
}

#[test]
fn a_revoked_circular_still_rules_the_days_before() {
    let revoked = wfh(1, "2020-03-23", None)
        .revoked(day("2020-06-01"), day("2020-05-20"))
        .unwrap();
    assert_eq!(
        decided(std::slice::from_ref(&revoked), "2020-05-31"),
        Some(by(WorkMode::Wfh, &["1"]))
    );
    assert_eq!(decided(&[revoked], "2020-06-01"), None);
}

#[test]
fn the_narrower_jurisdiction_decides_then_the_later_signature() {
    let wide = wfh(1, "2020-03-23", None);
    let mut narrow = with_mode(issued(2, "2020-03-20", None), "administration", "wfo");
    narrow.content.jurisdiction_code = "36.01".parse().unwrap();
    let later = with_mode(issued(3, "2020-04-01", None), "administration", "wfa");
    let all = [wide, narrow, later];
    let mode = |jurisdiction: &str, date: &str| {
        let rules = in_force(&all, &jurisdiction.parse().unwrap(), day(date));
        rules.default_mode(WorkGroup::Administration).map(|(mode, _)| mode)
    };
    assert_eq!(mode("36", "2020-03-25"), Some(WorkMode::Wfh));
    assert_eq!(mode("36", "2020-04-02"), Some(WorkMode::Wfa));
    assert_eq!(mode("36.01", "2020-04-02"), Some(WorkMode::Wfo));
    assert_eq!(mode("32", "2020-04-02"), None);
}

#[test]
fn a_draft_decides_nothing() {
    let draft = Circular {
        state: CircularState::UnderReview,
        ..wfh(1, "2020-03-23", None)
    };
    assert_eq!(rules(&[draft], "2020-03-24"), DayRules::none(day("2020-03-24")));
}

#[test]
fn circles_of_extensions_come_to_an_end() {
    let mut one = wfh(1, "2020-03-23", Some("2020-03-31"));
    let mut other = issued(2, "2020-04-01", Some("2020-04-02"));
    relate(&mut one, RelationKind::Extends, 2);
    relate(&mut other, RelationKind::Extends, 1);
    let both = [one, other];
    assert_eq!(decided(&both, "2020-04-02"), Some(by(WorkMode::Wfh, &["1", "2"])));
    assert_eq!(decided(&both, "2020-04-03"), None);
}

#[test]
fn without_a_circular_the_defaults_of_the_design_hold() {
    let rules = DayRules::none(day("2026-03-02"));
    assert_eq!(rules.check_in(), CheckInRule::default());
    assert_eq!(rules.default_mode(WorkGroup::Educator), None);
    assert_eq!(rules.exemptions().count() + rules.reporting().count(), 0);
}

const MODES: [&str; 3] = ["wfo", "wfh", "wfa"];
const PLACES: [&str; 4] = ["ID", "36", "36.01", "31"];
const KINDS: [RelationKind; 4] = [
    RelationKind::Implements,
    RelationKind::Extends,
    RelationKind::Amends,
    RelationKind::Revokes,
];

fn after_start(days: u64) -> NaiveDate {
    day("2020-01-01") + Days::new(days)
}

prop_compose! {
    fn any_circular(id: u128)(
        from in 0_u64..60,
        length in prop::option::of(0_u64..40),
        signed in 0_u64..60,
        modes in prop::collection::vec((0_usize..3, 0_usize..3), 0..3),
        relations in prop::collection::vec((0_usize..4, 0_u128..8), 0..3),
        place in 0_usize..4,
        revoked in prop::option::weighted(0.2, 0_u64..80),
        is_draft in prop::bool::weighted(0.1),
    ) -> Circular {
        let mut circular = issued(id, "2020-01-02", None);
        circular.content.signed_on = after_start(signed);
        circular.content.effective_from = after_start(from);
        circular.content.effective_to = length.map(|length| after_start(from + length));
        circular.content.jurisdiction_code = PLACES[place].parse().unwrap();
        for (group, mode) in modes {
            circular = with_mode(circular, WorkGroup::ALL[group].code(), MODES[mode]);
        }
        for (kind, target) in relations {
            relate(&mut circular, KINDS[kind], target);
        }
        if let Some(revoked) = revoked {
            circular.state = CircularState::Revoked;
            circular.revoked_from = Some(after_start(revoked));
        } else if is_draft {
            circular.state = CircularState::Draft;
        }
        circular
    }
}

fn any_register() -> impl Strategy<Value = Vec<Circular>> {
    (
        any_circular(0),
        any_circular(1),
        any_circular(2),
        any_circular(3),
        any_circular(4),
        any_circular(5),
    )
        .prop_map(|(a, b, c, d, e, f)| vec![a, b, c, d, e, f])
}

proptest! {
    #[test]
    fn the_order_of_the_register_never_matters(
        (register, shuffled) in any_register().prop_flat_map(|all| (Just(all.clone()), Just(all).prop_shuffle())),
        date in 0_u64..120,
        place in 0_usize..4,
    ) {
        let jurisdiction = PLACES[place].parse().unwrap();
        let date = after_start(date);
        prop_assert_eq!(in_force(&register, &jurisdiction, date), in_force(&shuffled, &jurisdiction, date));
    }

    #[test]
    fn a_new_circular_never_changes_a_date_before_its_first_day(
        register in any_register(),
        mut new in any_circular(7),
        date in 0_u64..120,
        place in 0_usize..4,
    ) {
        let jurisdiction = PLACES[place].parse().unwrap();
        let date = after_start(date);
        new.state = CircularState::Issued;
        new.revoked_from = None;
        prop_assume!(date < new.content.effective_from);
        let before = in_force(&register, &jurisdiction, date);
        let mut grown = register;
        grown.push(new);
        prop_assert_eq!(before, in_force(&grown, &jurisdiction, date));
    }

    #[test]
    fn a_revocation_never_changes_a_date_before_it(register in any_register(), from in 0_u64..120, date in 0_u64..120) {
        let jurisdiction = "36".parse().unwrap();
        prop_assume!(date < from);
        let date = after_start(date);
        let before = in_force(&register, &jurisdiction, date);
        let mut ended = register;
        for circular in ended.iter_mut().filter(|circular| circular.state == CircularState::Issued) {
            // As the register does it: never for days that have passed, nor before the first day it could act on.
            circular.state = CircularState::Revoked;
            circular.revoked_from = Some(after_start(from));
        }
        prop_assert_eq!(before, in_force(&ended, &jurisdiction, date));
    }

    #[test]
    fn every_subject_is_decided_once_by_a_circular_in_force(register in any_register(), date in 0_u64..120) {
        let rules = in_force(&register, &"36.01".parse().unwrap(), after_start(date));
        for entry in &rules.decided {
            prop_assert!(rules.in_force.contains(&entry.by));
            prop_assert!(entry.carried_by.iter().all(|carrier| rules.in_force.contains(carrier)));
            prop_assert_eq!(rules.decided.iter().filter(|other| other.subject == entry.subject).count(), 1);
        }
    }
}
