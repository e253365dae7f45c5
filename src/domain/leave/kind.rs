//! The table of leave kinds: what each kind gives to whom. It is data that holds from a date on; BKD may replace it.

use crate::domain::employee_number::EmployeeNumberKind;
use crate::domain::leave::LeaveKind;
use chrono::{Days, Months, NaiveDate};
use serde::{Deserialize, Serialize};

/// The table that ships with the service, with its sources (data/README.md).
const SHIPPED: &str = include_str!("../../../data/reference/leave_kinds.json");

/// Most rows of a table.
pub const MOST_ROWS: usize = 60;

/// How the days of a leave are counted.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Counting {
    /// Only days on which the person would have worked.
    WorkDays,
    /// Every day of the calendar.
    CalendarDays,
}

/// What one kind of leave gives to people of some employments. The first row that fits a person holds.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LeaveKindRule {
    /// Which kind.
    pub kind: LeaveKind,
    /// For whom; no employment twice for one kind.
    pub employee_kinds: Vec<EmployeeNumberKind>,
    /// Its name in Indonesian, as the letter has it.
    pub name: String,
    /// Whether anyone may ask for it; joint leave comes by decree.
    pub is_requestable: bool,
    /// How its days are counted.
    pub counting: Counting,
    /// The longest single leave, months; 0 where only `days` count.
    pub months: u16,
    /// Days beyond the months. Of a kind that consumes the balance: the days that a year gives.
    pub days: u16,
    /// Months of service before the first one.
    pub min_service_months: u16,
    /// Whether its days come off the annual balance.
    pub consumes_balance: bool,
    /// Whether it takes away what is left of the year's annual leave.
    pub forfeits_balance: bool,
    /// Most days in a year, that year's own among them, after one year with days unused.
    pub most_after_one_year: u16,
    /// The same after two or more years unused.
    pub most_after_two_years: u16,
    /// How many days ago it may have begun when it is asked for; 0 for today or later.
    pub may_begin_days_ago: u16,
    /// What the person attaches, in words.
    pub evidence: String,
    /// Where the figures come from.
    pub source: String,
}

/// What is wrong with a table.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum TableFault {
    /// No row, or more than [`MOST_ROWS`].
    #[error("a table has 1 to 60 rows")]
    RowCount,
    /// Row `.0` is for nobody.
    #[error("the row names no employment")]
    ForNobody(usize),
    /// Row `.0` says again what an earlier one said for the same employment.
    #[error("the kind is given twice for one employment")]
    Twice(usize),
    /// Row `.0` gives no time, or more than 60 months, 400 days.
    #[error("the length is out of range")]
    Length(usize),
    /// Row `.0` takes from the balance without a whole number of days a year, counts otherwise than in work days, or
    /// its limits do not rise.
    #[error("the annual figures do not fit one another")]
    Annual(usize),
    /// Row `.0` is asked for although it comes by decree, or begins further back than a year.
    #[error("the row can't be asked for so")]
    Request(usize),
}

impl TableFault {
    /// The row, where it is about one.
    pub const fn row(self) -> Option<usize> {
        match self {
            Self::RowCount => None,
            Self::ForNobody(row) | Self::Twice(row) | Self::Length(row) | Self::Annual(row) | Self::Request(row) => {
                Some(row)
            }
        }
    }

    /// The field of the row.
    pub const fn field(self) -> &'static str {
        match self {
            Self::RowCount => "kinds",
            Self::ForNobody(_) | Self::Twice(_) => "employee_kinds",
            Self::Length(_) => "months",
            Self::Annual(_) => "days",
            Self::Request(_) => "is_requestable",
        }
    }
}

/// The table that holds where BKD has set none.
pub fn shipped() -> Vec<LeaveKindRule> {
    serde_json::from_str(SHIPPED).unwrap_or_default()
}

/// Everything that is wrong with a table.
pub fn check(rows: &[LeaveKindRule]) -> Vec<TableFault> {
    let mut faults = Vec::new();
    if !(1..=MOST_ROWS).contains(&rows.len()) {
        return vec![TableFault::RowCount];
    }
    for (index, row) in rows.iter().enumerate() {
        if row.employee_kinds.is_empty() {
            faults.push(TableFault::ForNobody(index));
        }
        let mut earlier = rows.iter().take(index).filter(|other| other.kind == row.kind);
        let is_again = |kind: &EmployeeNumberKind| row.employee_kinds.iter().filter(|other| *other == kind).count() > 1;
        if earlier.any(|other| {
            other
                .employee_kinds
                .iter()
                .any(|kind| row.employee_kinds.contains(kind))
        }) || row.employee_kinds.iter().any(is_again)
        {
            faults.push(TableFault::Twice(index));
        }
        let is_empty = row.months == 0 && row.days == 0 && row.kind != LeaveKind::Joint;
        if is_empty || row.months > 60 || row.days > 400 {
            faults.push(TableFault::Length(index));
        }
        let is_annual_sound = row.counting == Counting::WorkDays
            && row.months == 0
            && row.days <= row.most_after_one_year
            && row.most_after_one_year <= row.most_after_two_years;
        if row.consumes_balance && !is_annual_sound {
            faults.push(TableFault::Annual(index));
        }
        if (row.kind == LeaveKind::Joint && row.is_requestable) || row.may_begin_days_ago > 366 {
            faults.push(TableFault::Request(index));
        }
    }
    faults
}

/// What a kind gives to a person, if it gives anything.
pub fn find(rows: &[LeaveKindRule], kind: LeaveKind, employment: EmployeeNumberKind) -> Option<&LeaveKindRule> {
    rows.iter()
        .find(|row| row.kind == kind && row.employee_kinds.contains(&employment))
}

/// The row behind a person's balance.
pub fn of_balance(rows: &[LeaveKindRule], employment: EmployeeNumberKind) -> Option<&LeaveKindRule> {
    rows.iter()
        .find(|row| row.consumes_balance && row.employee_kinds.contains(&employment))
}

impl LeaveKindRule {
    /// The last day that a leave of calendar days may have which begins on `first`.
    pub fn latest_day(&self, first: NaiveDate) -> NaiveDate {
        first
            .checked_add_months(Months::new(u32::from(self.months)))
            .and_then(|day| day.checked_add_days(Days::new(u64::from(self.days))))
            .and_then(|day| day.pred_opt())
            .unwrap_or(first)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn row(kind: LeaveKind, employment: EmployeeNumberKind) -> LeaveKindRule {
        find(&shipped(), kind, employment).unwrap().clone()
    }

    #[test]
    fn the_shipped_table_is_sound_and_covers_every_kind_for_civil_servants() {
        assert_eq!(check(&shipped()), []);
        for kind in LeaveKind::ALL {
            assert!(find(&shipped(), kind, EmployeeNumberKind::Pns).is_some(), "{kind:?}");
        }
    }

    #[test]
    fn contract_employees_have_four_kinds_only() {
        use LeaveKind::{Annual, Joint, Maternity, Sick};
        let kinds: Vec<LeaveKind> = LeaveKind::ALL
            .into_iter()
            .filter(|kind| find(&shipped(), *kind, EmployeeNumberKind::Pppk).is_some())
            .collect();
        assert_eq!(kinds, [Annual, Sick, Maternity, Joint]);
    }

    #[test]
    fn lengths_are_counted_in_calendar_months_and_days() {
        let maternity = row(LeaveKind::Maternity, EmployeeNumberKind::Pns);
        assert_eq!(maternity.latest_day(day("2026-03-02")), day("2026-06-01"));
        // One month and a half.
        let miscarriage = row(LeaveKind::SickMiscarriage, EmployeeNumberKind::Pns);
        assert_eq!(miscarriage.latest_day(day("2026-03-02")), day("2026-04-16"));
        let unpaid = row(LeaveKind::Unpaid, EmployeeNumberKind::Pns);
        assert_eq!(unpaid.latest_day(day("2026-03-02")), day("2029-03-01"));
    }

    #[test]
    fn each_fault_of_a_table_is_named_with_its_row() {
        assert_eq!(check(&[]), [TableFault::RowCount]);
        let annual = row(LeaveKind::Annual, EmployeeNumberKind::Pns);
        let twice = vec![annual.clone(), annual.clone()];
        assert_eq!(check(&twice), [TableFault::Twice(1)]);
        let nobody = LeaveKindRule {
            employee_kinds: Vec::new(),
            ..annual.clone()
        };
        assert_eq!(check(&[nobody]), [TableFault::ForNobody(0)]);
        let falling = LeaveKindRule {
            most_after_one_year: 11,
            ..annual.clone()
        };
        assert_eq!(check(&[falling]), [TableFault::Annual(0)]);
        let months = LeaveKindRule {
            months: 61,
            ..row(LeaveKind::Long, EmployeeNumberKind::Pns)
        };
        assert_eq!(check(&[months]), [TableFault::Length(0)]);
        let asked = LeaveKindRule {
            is_requestable: true,
            ..row(LeaveKind::Joint, EmployeeNumberKind::Pns)
        };
        assert_eq!(check(&[asked]), [TableFault::Request(0)]);
    }
}
