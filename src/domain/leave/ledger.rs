//! The annual balance as a ledger: rows are only added, and the balance is what they sum up to (BKN 24/2017, III.A).
//!
//! Every row belongs to the year that gave the days. Three years count: the present one (N) and the two before it.

use crate::domain::leave::kind::LeaveKindRule;
use chrono::{Datelike, Months, NaiveDate};
use serde::{Deserialize, Serialize};

/// Why a row was added.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EntryKind {
    /// The days that a year gives.
    Credit,
    /// What an official entered from older records.
    Opening,
    /// Days of a granted leave.
    Debit,
    /// Days that came back: the leave was cancelled or cut short.
    Return,
    /// Days that do not carry over into the next year.
    Expiry,
    /// Days that a long leave takes away.
    Forfeit,
}

impl EntryKind {
    /// Every kind, in the order in which rows of one day are read.
    pub const ALL: [Self; 6] = [
        Self::Credit,
        Self::Opening,
        Self::Debit,
        Self::Return,
        Self::Expiry,
        Self::Forfeit,
    ];

    /// The spelling in columns and JSON.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Credit => "credit",
            Self::Opening => "opening",
            Self::Debit => "debit",
            Self::Return => "return",
            Self::Expiry => "expiry",
            Self::Forfeit => "forfeit",
        }
    }

    /// The inverse of [`EntryKind::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// One row.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Entry {
    /// The year that gave the days.
    pub year: i32,
    /// Why.
    pub kind: EntryKind,
    /// Days, with their sign.
    pub days: i32,
    /// From when it counts.
    pub effective_on: NaiveDate,
}

/// How annual leave is given and carried over, from the table of leave kinds.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct AnnualRule {
    /// Days that a year gives.
    pub days: i32,
    /// Most days in a year after one year with days unused, its own among them.
    pub most_after_one_year: i32,
    /// The same after two or more years unused.
    pub most_after_two_years: i32,
    /// Months of service before the first right.
    pub min_service_months: u16,
}

impl From<&LeaveKindRule> for AnnualRule {
    fn from(rule: &LeaveKindRule) -> Self {
        Self {
            days: i32::from(rule.days),
            most_after_one_year: i32::from(rule.most_after_one_year),
            most_after_two_years: i32::from(rule.most_after_two_years),
            min_service_months: rule.min_service_months,
        }
    }
}

impl AnnualRule {
    /// Most days of the year before that carry over.
    pub const fn carried_from_previous(&self) -> i32 {
        self.most_after_one_year - self.days
    }

    /// Most days of the year before that one which carry over once more.
    pub const fn carried_from_before(&self) -> i32 {
        self.most_after_two_years - self.most_after_one_year
    }

    /// Most days of the year before that carry over when so many of them were deferred for the sake of duty: those go on,
    /// up to as many as two years unused would leave, and only into the next year (domain report 1.5).
    pub fn carried_with_deferred(&self, deferred: i32) -> i32 {
        let most = (self.most_after_two_years - self.days).max(0);
        self.carried_from_previous().max(deferred.clamp(0, most))
    }

    /// Most days that the year so far back may hold: 0 for the present one.
    pub const fn most_of(&self, years_back: i32) -> i32 {
        match years_back {
            0 => self.days,
            1 => self.carried_from_previous(),
            2 => self.carried_from_before(),
            _ => 0,
        }
    }
}

/// Days of the present year and the two before it, as the form has them (N, N-1, N-2).
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
pub struct Split {
    /// Of the year before the last (N-2).
    pub before: i32,
    /// Of the last year (N-1).
    pub previous: i32,
    /// Of the present year (N).
    pub current: i32,
}

impl Split {
    /// All of them.
    pub const fn total(self) -> i32 {
        self.before + self.previous + self.current
    }

    /// The days with the year that gave each, oldest first; years with none are left out.
    pub fn by_year(self, year: i32) -> impl Iterator<Item = (i32, i32)> {
        [(year - 2, self.before), (year - 1, self.previous), (year, self.current)]
            .into_iter()
            .filter(|(_, days)| *days != 0)
    }
}

/// The balance has fewer days than asked for.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{available} days are left, {asked} are asked for")]
pub struct Shortage {
    /// How many are left.
    pub available: i32,
    /// How many were asked for.
    pub asked: i32,
}

/// What is left on a date of its year: rows that count later are left aside.
pub fn balance(entries: &[Entry], on: NaiveDate) -> Split {
    let of = |year: i32| sum(entries, |entry| entry.year == year && entry.effective_on <= on);
    Split {
        before: of(on.year() - 2),
        previous: of(on.year() - 1),
        current: of(on.year()),
    }
}

/// The rows that time alone has made due by a date: each year's credit, and what does not carry over at each turn of the
/// year.
///
/// Without any row the ledger begins with the year of the date: what was before, an official enters.
///
/// `service_from` is the first day of service; without one nothing is credited. `rule_of` gives the rule of a year,
/// `deferred_of` the days of a year's leave that its authority deferred.
pub fn due(
    entries: &[Entry],
    service_from: Option<NaiveDate>,
    rule_of: impl Fn(i32) -> Option<AnnualRule>,
    deferred_of: impl Fn(i32) -> i32,
    on: NaiveDate,
) -> Vec<Entry> {
    let mut known = entries.to_vec();
    let first = entries.iter().map(|entry| entry.effective_on.year()).min();
    for year in first.unwrap_or(on.year()).min(on.year())..=on.year() {
        let Some(rule) = rule_of(year) else { continue };
        let Some(new_year) = NaiveDate::from_ymd_opt(year, 1, 1) else {
            continue;
        };
        expire(&mut known, &rule, deferred_of(year - 1), year, new_year);
        let is_credited = known
            .iter()
            .any(|entry| entry.year == year && entry.kind == EntryKind::Credit);
        // The right arises on 1 January, in the year in which service becomes long enough on that day.
        let right_from = service_from
            .and_then(|from| from.checked_add_months(Months::new(u32::from(rule.min_service_months))))
            .map(|from| from.max(new_year));
        if let Some(effective_on) = right_from.filter(|from| from.year() == year && *from <= on)
            && !is_credited
        {
            known.push(Entry {
                year,
                kind: EntryKind::Credit,
                days: rule.days,
                effective_on,
            });
        }
    }
    known.split_off(entries.len())
}

/// Brings the expiry of a turn of the year to what it must be: a late row of the old year may change it.
fn expire(known: &mut Vec<Entry>, rule: &AnnualRule, deferred: i32, year: i32, new_year: NaiveDate) {
    let is_of_last_year = |entry: &&Entry| entry.effective_on.year() == year - 1;
    let was_used = known
        .iter()
        .filter(is_of_last_year)
        .filter(|entry| matches!(entry.kind, EntryKind::Debit | EntryKind::Return))
        .map(|entry| entry.days)
        .sum::<i32>()
        != 0;
    let mut years: Vec<i32> = known.iter().map(|entry| entry.year).filter(|of| *of < year).collect();
    years.sort_unstable();
    years.dedup();
    for of in years {
        let left = sum(known, |entry| entry.year == of && entry.effective_on < new_year);
        let most = match year - of {
            1 => rule.carried_with_deferred(deferred),
            // Days of two years ago go on only if the whole year between was not used.
            2 if !was_used => rule.most_of(2),
            _ => 0,
        };
        let wanted = most.min(left).max(0) - left;
        let there = sum(known, |entry| {
            entry.year == of && entry.kind == EntryKind::Expiry && entry.effective_on == new_year
        });
        if wanted != there {
            known.push(Entry {
                year: of,
                kind: EntryKind::Expiry,
                days: wanted - there,
                effective_on: new_year,
            });
        }
    }
}

/// Takes days off a balance, the oldest first.
pub fn take(balance: Split, days: i32) -> Result<Split, Shortage> {
    // A year in arrears, which only a wrong opening could make, lends nothing.
    let (before, previous, current) = (balance.before.max(0), balance.previous.max(0), balance.current.max(0));
    let available = before + previous + current;
    if days < 0 || days > available {
        return Err(Shortage { available, asked: days });
    }
    let from_before = before.min(days);
    let from_previous = previous.min(days - from_before);
    Ok(Split {
        before: from_before,
        previous: from_previous,
        current: days - from_before - from_previous,
    })
}

/// Gives back so many days of what was taken, the newest first: the last day taken is the first to return. At most all.
pub fn give_back(taken: Split, days: i32) -> Split {
    let days = days.clamp(0, taken.total());
    let current = taken.current.min(days);
    let previous = taken.previous.min(days - current);
    Split {
        before: days - current - previous,
        previous,
        current,
    }
}

fn sum(entries: &[Entry], of: impl Fn(&Entry) -> bool) -> i32 {
    entries.iter().filter(|entry| of(entry)).map(|entry| entry.days).sum()
}

#[cfg(test)]
#[path = "ledger_tests.rs"]
mod tests;
