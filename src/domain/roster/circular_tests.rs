//! The rosters of one small agency under the real circulars, with every reason, and what became of the shares of its
//! people on one day of each (`circular_day_tests.rs`).

use super::circular_day_tests::day_told;
use super::scene::{agency, at_level, day, living_in, person, rules, terms};
use crate::domain::circular::archive::tests::register;
use crate::domain::circular::rule::PositionLevel;
use crate::domain::half::DayPart;
use crate::domain::language::Language;
use crate::domain::roster::frame::{Agency, Frame, Person};
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
    people[5].granted.push((day(first), DayPart::All, WorkMode::Leave));
    let mut counter = person(12);
    counter.posts[0].work_group = WorkGroup::PublicService;
    people.push(counter);
    people
}

/// Who works where, and one day of it, under the whole register of the archive.
fn told(agency: &Agency, from: &str, to: &str) -> String {
    let frame = Frame::new(agency, terms(&register(), agency, from, to), small_agency(from));
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
    let today = &rules(&register(), agency, from, to)[0];
    text + &day_told(today, &made.entries)
}

/// Under the circulars of the province.
fn banten(from: &str, to: &str) -> String {
    told(&agency(&[]), from, to)
}

#[test]
fn five_on_picket_in_march_2020() {
    insta::assert_snapshot!(banten("2020-03-23", "2020-03-31"));
}

#[test]
fn the_first_extension_of_2020_sends_the_counter_home_too() {
    insta::assert_snapshot!(banten("2020-04-01", "2020-04-07"));
}

#[test]
fn the_extension_to_may_2020_carries_the_first_one() {
    insta::assert_snapshot!(banten("2020-04-22", "2020-04-28"));
}

#[test]
fn june_2020_goes_back_to_the_parent() {
    insta::assert_snapshot!(banten("2020-06-12", "2020-06-18"));
}

#[test]
fn the_extension_without_an_end_of_2020() {
    insta::assert_snapshot!(banten("2020-06-29", "2020-07-03"));
}

#[test]
fn october_2020_still_has_the_picket_of_the_parent() {
    insta::assert_snapshot!(banten("2020-10-15", "2020-10-21"));
}

#[test]
fn pandeglang_in_november_2020_after_the_provinces_has_ended() {
    let agency = Agency {
        region: "36.01".parse().unwrap(),
        ..agency(&[])
    };
    insta::assert_snapshot!(told(&agency, "2020-11-23", "2020-11-27"));
}

#[test]
fn three_quarters_at_home_and_a_quarter_on_picket_in_2021() {
    insta::assert_snapshot!(banten("2021-06-21", "2021-06-25"));
}

#[test]
fn nobody_is_left_between_the_two_quotas_of_june_2021() {
    let agency = agency(&[]);
    let frame = Frame::new(
        &agency,
        terms(&register(), &agency, "2021-06-21", "2021-06-25"),
        small_agency("2021-06-21"),
    );
    let made = plan(&frame);
    for day in &frame.days {
        let of = |mode| {
            made.entries
                .iter()
                .filter(|entry| entry.date == day.date && entry.mode == mode)
                .count()
        };
        let at_work = 12 - of(WorkMode::Leave);
        assert_eq!(of(WorkMode::Picket), 3, "{}: a quarter of {at_work}", day.date);
        assert_eq!(of(WorkMode::Wfh), at_work - 3, "{}: the rest", day.date);
    }
}

#[test]
fn nine_in_ten_at_home_for_twelve_days_of_2021() {
    insta::assert_snapshot!(banten("2021-06-28", "2021-07-02"));
}

#[test]
fn a_technical_unit_of_2021_keeps_three_in_four_at_the_office() {
    insta::assert_snapshot!(told(&agency(&["technical_unit"]), "2021-06-28", "2021-07-02"));
}

#[test]
fn half_and_half_in_2023_with_the_jakarta_area_first() {
    insta::assert_snapshot!(banten("2023-08-28", "2023-09-01"));
}

#[test]
fn a_hospital_of_2023_is_exempt_as_a_whole() {
    insta::assert_snapshot!(told(&agency(&["health"]), "2023-08-28", "2023-08-28"));
}

#[test]
fn heads_are_in_the_office_in_april_2024() {
    insta::assert_snapshot!(banten("2024-04-16", "2024-04-17"));
}

#[test]
fn a_fifth_at_home_in_spring_2025() {
    insta::assert_snapshot!(banten("2025-03-24", "2025-03-27"));
}

#[test]
fn ramadan_2026_changes_the_hours_and_nobodys_place() {
    insta::assert_snapshot!(banten("2026-03-02", "2026-03-06"));
}

#[test]
fn half_of_each_agency_at_home_after_lebaran_2026() {
    insta::assert_snapshot!(banten("2026-03-25", "2026-03-27"));
}
