//! Small agencies for the tests of this folder.

use crate::domain::calendar::Calendar;
use crate::domain::circular::in_force::DayRules;
use crate::domain::circular::in_force::in_force;
use crate::domain::circular::lifecycle::Circular;
use crate::domain::circular::lifecycle::CircularState;
use crate::domain::circular::rule::PositionLevel;
use crate::domain::ids::CircularId;
use crate::domain::ids::EmployeeId;
use crate::domain::roster::frame::Agency;
use crate::domain::roster::frame::Domicile;
use crate::domain::roster::frame::Frame;
use crate::domain::roster::frame::Person;
use crate::domain::roster::frame::Post;
use crate::domain::roster::terms::DayTerms;
use crate::domain::work_mode::WorkGroup;
use chrono::NaiveDate;
use serde_json::{Value, json};
use uuid::Uuid;

pub(super) fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

pub(super) fn id(number: u128) -> EmployeeId {
    EmployeeId::new(Uuid::from_u128(number))
}

/// A circular of Banten with these rules, in force from 2020 on.
pub(super) fn ruled(rules: &Value) -> Circular {
    let content = json!({
        "number": "Nomor 9 Tahun 2026", "title": "Penyesuaian sistem kerja",
        "issuer": {"office": "governor", "name": "Gubernur"}, "jurisdiction_code": "36",
        "signed_on": "2020-01-01", "effective_from": "2020-01-01", "rules": rules,
    });
    Circular {
        id: CircularId::new(Uuid::from_u128(9)),
        content: serde_json::from_value(content).unwrap(),
        state: CircularState::Issued,
        revoked_from: None,
    }
}

pub(super) fn agency(service_kinds: &[&str]) -> Agency {
    Agency {
        code: "1.01".to_owned(),
        region: "36".parse().unwrap(),
        service_kinds: service_kinds.iter().map(|kind| (*kind).to_owned()).collect(),
    }
}

/// What the circulars add up to on the work days of a period in an agency's region.
pub(super) fn rules(circulars: &[Circular], agency: &Agency, from: &str, to: &str) -> Vec<DayRules> {
    Calendar::national()
        .work_days(day(from), day(to))
        .map(|date| in_force(circulars, &agency.region, date))
        .collect()
}

/// The terms of the work days of a period under some circulars.
pub(super) fn terms(circulars: &[Circular], agency: &Agency, from: &str, to: &str) -> Vec<DayTerms> {
    rules(circulars, agency, from, to)
        .iter()
        .map(|rules| DayTerms::read(rules, &agency.service_kinds))
        .collect()
}

/// A member of an administration, without an echelon, whose home nobody knows.
pub(super) fn person(number: u128) -> Person {
    Person {
        id: id(number),
        posts: vec![Post {
            from: day("2020-01-01"),
            to: None,
            work_group: WorkGroup::Administration,
            level: PositionLevel::Staff,
        }],
        domiciles: Vec::new(),
        granted: Vec::new(),
        free: std::collections::BTreeSet::new(),
        marks: Vec::new(),
        had_picket: false,
    }
}

pub(super) fn at_level(number: u128, level: PositionLevel) -> Person {
    let mut person = person(number);
    person.posts[0].level = level;
    person
}

pub(super) fn living_in(mut person: Person, village: &str) -> Person {
    person.domiciles.push(Domicile {
        from: day("2020-01-01"),
        to: None,
        village: village.parse().unwrap(),
    });
    person
}

pub(super) fn frame(rules: &Value, (from, to): (&str, &str), people: Vec<Person>) -> Frame {
    let agency = agency(&[]);
    let terms = terms(&[ruled(rules)], &agency, from, to);
    Frame::new(&agency, terms, people)
}
