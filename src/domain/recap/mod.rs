//! The recap of a month (rekap presensi): a status a person and day, totals, deductions, and counts of absence.

pub mod allowance;
mod clock;
pub mod correction;
pub mod day_sum;
pub mod difference;
pub mod discipline;
pub mod grade;
pub mod outage;
pub mod print;
pub mod sentence;
pub mod sheet;
pub mod status;
