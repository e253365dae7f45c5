//! What two versions of a recap differ in, person by person.

use crate::domain::ids::EmployeeId;
use crate::domain::recap::allowance::percent_text;
use crate::domain::recap::sheet::Line;
use crate::domain::recap::sheet::Totals;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// A day that is told differently.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct DayDifference {
    /// The date.
    pub date: NaiveDate,
    /// Its sign and codes before, `R TL1`; empty where there was none.
    pub before: String,
    /// And after.
    pub after: String,
}

/// A total that is another.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct TotalDifference {
    /// The heading of its column.
    pub column: String,
    /// As printed before.
    pub before: String,
    /// And after.
    pub after: String,
}

/// What changed for one person.
#[derive(Clone, Eq, PartialEq, Serialize, Deserialize)]
pub struct PersonDifference {
    /// Who.
    pub employee_id: EmployeeId,
    /// NIP, or another number.
    pub number: String,
    /// With titles.
    pub name: String,
    /// The days, in order.
    pub days: Vec<DayDifference>,
    /// The totals, in the order of the columns.
    pub totals: Vec<TotalDifference>,
}

/// Names are personal.
impl fmt::Debug for PersonDifference {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "PersonDifference({})", self.employee_id)
    }
}

/// The people who differ, in the order of the later version, then those who are only in the earlier one.
pub fn difference(before: &[Line], after: &[Line]) -> Vec<PersonDifference> {
    let earlier: BTreeMap<EmployeeId, &Line> = before.iter().map(|line| (line.employee_id, line)).collect();
    let later: BTreeSet<EmployeeId> = after.iter().map(|line| line.employee_id).collect();
    let kept = after
        .iter()
        .filter_map(|line| of_person(earlier.get(&line.employee_id).copied(), Some(line)));
    let gone = before
        .iter()
        .filter(|line| !later.contains(&line.employee_id))
        .filter_map(|line| of_person(Some(line), None));
    kept.chain(gone).collect()
}

fn of_person(before: Option<&Line>, after: Option<&Line>) -> Option<PersonDifference> {
    let named = after.or(before)?;
    let mut dates = BTreeMap::new();
    for (lines, is_after) in [(before, false), (after, true)] {
        for day in lines.map_or(&[][..], |line| line.days.as_slice()) {
            let entry: &mut (String, String) = dates.entry(day.date).or_default();
            let side = if is_after { &mut entry.1 } else { &mut entry.0 };
            *side = day.sign_with_deviations();
        }
    }
    let days: Vec<DayDifference> = dates
        .into_iter()
        .filter(|(_, (before, after))| before != after)
        .map(|(date, (before, after))| DayDifference { date, before, after })
        .collect();
    let printed = |line: Option<&Line>| line.map(|line| columns(&line.totals));
    let totals = match (printed(before), printed(after)) {
        (Some(before), Some(after)) => before
            .into_iter()
            .zip(after)
            .filter(|((_, before), (_, after))| before != after)
            .map(|((column, before), (_, after))| TotalDifference {
                column: column.to_owned(),
                before,
                after,
            })
            .collect(),
        (_, _) => Vec::new(),
    };
    if days.is_empty() && totals.is_empty() && before.is_some() == after.is_some() {
        return None;
    }
    Some(PersonDifference {
        employee_id: named.employee_id,
        number: named.number.clone(),
        name: named.name.clone(),
        days,
        totals,
    })
}

/// The totals as they stand in the columns after the days.
pub fn columns(totals: &Totals) -> Vec<(&'static str, String)> {
    let counts = [
        ("HK", totals.work_days),
        ("H", totals.present),
        ("WFO", totals.office),
        ("WFH", totals.home),
        ("P", totals.picket),
        ("DL", totals.travel),
        ("C", totals.leave),
        ("S", totals.sick),
        ("I", totals.permission),
        ("TK", totals.absent),
    ];
    let counts = counts.map(|(column, count)| (column, count.to_string()));
    let bands = crate::domain::recap::allowance::BandCode::ALL
        .iter()
        .zip(totals.bands)
        .map(|(code, count)| (code.code(), count.to_string()));
    let activities = [
        ("LKH", totals.activities),
        ("LKH Disetujui", totals.approved_activities),
    ];
    let activities = activities.map(|(column, count)| (column, count.to_string()));
    let mut columns: Vec<(&'static str, String)> = counts.into_iter().chain(bands).chain(activities).collect();
    columns.push(("% Hadir", totals.attendance_bp.map(percent_text).unwrap_or_default()));
    columns.push(("% Potongan", percent_text(totals.deduction_bp)));
    columns
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::recap::sheet::tests::{day, line};
    use crate::domain::recap::status::DayStatus;
    use crate::domain::work_mode::WorkMode;

    fn march(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 3, day).unwrap()
    }

    #[test]
    fn a_corrected_day_shows_with_the_totals_that_it_moves() {
        let absent = line(1, vec![day(march(2), DayStatus::Absent, WorkMode::Wfh)]);
        let present = line(1, vec![day(march(2), DayStatus::Present, WorkMode::Wfh)]);
        let other = line(2, vec![day(march(2), DayStatus::Present, WorkMode::Wfo)]);
        let found = difference(&[absent.clone(), other.clone()], &[present, other]);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].days[0].before, "TK");
        assert_eq!(found[0].days[0].after, "R");
        let moved: Vec<(&str, &str, &str)> = found[0]
            .totals
            .iter()
            .map(|total| (total.column.as_str(), total.before.as_str(), total.after.as_str()))
            .collect();
        assert_eq!(
            moved,
            [
                ("H", "0", "1"),
                ("WFH", "0", "1"),
                ("TK", "1", "0"),
                ("% Hadir", "0,0", "100,0"),
                ("% Potongan", "4,0", "0,0"),
            ]
        );
        assert!(difference(std::slice::from_ref(&absent), std::slice::from_ref(&absent)).is_empty());
    }

    #[test]
    fn people_who_came_or_went_are_differences_too() {
        let (one, two) = (
            line(1, vec![day(march(2), DayStatus::Present, WorkMode::Wfh)]),
            line(2, vec![day(march(3), DayStatus::Leave, WorkMode::Leave)]),
        );
        let found = difference(std::slice::from_ref(&one), std::slice::from_ref(&two));
        let ids: Vec<EmployeeId> = found.iter().map(|person| person.employee_id).collect();
        assert_eq!(ids, [two.employee_id, one.employee_id]);
        assert_eq!(found[0].days[0].after, "C");
        assert_eq!(found[1].days[0].before, "R");
    }
}
