//! The rosters of one small agency under real circulars, with every reason.

use super::scene::{agency, at_level, day, issued, living_in, person, terms};
use crate::domain::circular::archive::archive;
use crate::domain::circular::rule::PositionLevel;
use crate::domain::language::Language;
use crate::domain::roster::frame::{Frame, Person};
use crate::domain::roster::plan::plan;
use crate::domain::work_mode::{WorkGroup, WorkMode};
use std::fmt::Write;

/// A head, two administrators, two supervisors, six of the staff of whom two live in the Jakarta area, one at the
/// counter; one is on leave on the first day.
fn small_agency(first: &str) -> Vec<Person> {
    let mut people = vec![
        at_level(1, PositionLevel::EchelonII),
        at_level(2, PositionLevel::EchelonIII),
        at_level(3, PositionLevel::EchelonIII),
        at_level(4, PositionLevel::EchelonIV),
        at_level(5, PositionLevel::EchelonIV),
    ];
    people.extend((6..12).map(person));
    people[7] = living_in(person(8), "36.71.01.1001");
    people[8] = living_in(person(9), "31.74.01.1001");
    people[9] = living_in(person(10), "36.73.01.1001");
    people[5].granted.push((day(first), WorkMode::Leave));
    let mut counter = person(12);
    counter.posts[0].work_group = WorkGroup::PublicService;
    people.push(counter);
    people
}

/// The roster in words: a grid first, then the sentences of each day, alike ones once.
fn told(number: &str, from: &str, to: &str, kinds: &[&str]) -> String {
    let found = archive()
        .into_iter()
        .find(|archived| archived.content.number.as_str().contains(number));
    let agency = agency(kinds);
    let terms = terms(&issued(found.unwrap().content), from, to, &agency.service_kinds);
    let frame = Frame::new(&agency, terms, small_agency(from));
    let made = plan(&frame);
    let mut text = String::new();
    for id in &frame.people {
        let modes: Vec<&str> = made
            .entries
            .iter()
            .filter(|entry| entry.employee_id == *id)
            .map(|entry| entry.mode.code())
            .collect();
        writeln!(text, "{:>2}: {}", id.uuid().as_u128(), modes.join(" ")).unwrap();
    }
    for entry in made
        .entries
        .iter()
        .filter(|entry| entry.date == frame.days[0].date || entry.date == frame.days[frame.days.len() - 1].date)
    {
        let sentence = entry.reason.sentence(entry.mode, Language::Indonesian);
        writeln!(
            text,
            "{} {:>2} {sentence}",
            entry.date,
            entry.employee_id.uuid().as_u128()
        )
        .unwrap();
    }
    for shortfall in &made.shortfalls {
        writeln!(text, "! {}", shortfall.sentence(Language::Indonesian)).unwrap();
        writeln!(text, "! {}", shortfall.sentence(Language::English)).unwrap();
    }
    text
}

#[test]
fn five_on_picket_in_march_2020() {
    insta::assert_snapshot!(told("734", "2020-03-23", "2020-03-31", &[]));
}

#[test]
fn half_and_half_in_2023_with_the_jakarta_area_first() {
    insta::assert_snapshot!(told("2928", "2023-08-28", "2023-09-01", &[]));
}

#[test]
fn a_hospital_of_2023_is_exempt_as_a_whole() {
    insta::assert_snapshot!(told("2928", "2023-08-28", "2023-08-28", &["health"]));
}

#[test]
fn heads_are_in_the_office_in_april_2024() {
    insta::assert_snapshot!(told("Nomor 12", "2024-04-16", "2024-04-17", &[]));
}

#[test]
fn a_fifth_at_home_in_spring_2025() {
    insta::assert_snapshot!(told("Nomor 9", "2025-03-24", "2025-03-27", &[]));
}

#[test]
fn half_of_each_agency_at_home_after_lebaran_2026() {
    insta::assert_snapshot!(told("Nomor 4", "2026-03-25", "2026-03-27", &[]));
}

#[test]
fn three_quarters_at_home_and_a_quarter_on_picket_in_2021() {
    insta::assert_snapshot!(told("1357", "2021-06-21", "2021-06-25", &[]));
}
