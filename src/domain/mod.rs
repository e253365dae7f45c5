//! Floor 1: what the service knows. Pure: no IO, no clock, no randomness; time and entropy are arguments.

pub mod access;
pub mod activity;
pub mod batch;
pub mod calendar;
pub mod canonical;
pub mod check_in;
pub mod circular;
pub mod day;
pub mod deadline;
pub mod digest;
pub mod ids;
pub mod instant;
pub mod language;
pub mod month;
pub mod monthly_report;
pub mod notice;
pub mod place;
pub mod sampling;
pub mod simulation;
pub mod slot;
pub mod statistics;
pub mod text;
pub mod work_mode;
