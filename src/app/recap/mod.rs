//! Recaps: people's days decided from what is stored, put into a sheet, closed as a version, counted over a year.

pub mod absence;
mod absence_notice;
pub mod closure;
mod day;
pub mod download;
mod month;
#[cfg(feature = "print")]
pub mod print;
pub mod setting;
pub mod sheet;
mod table;
