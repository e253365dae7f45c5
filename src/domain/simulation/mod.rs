//! A small Banten that never was: its people, homes and phones, and what they send on one working day.
//!
//! Pure: the same seed gives the same Banten. Nobody here is real; every personnel number has a serial of 9xx.

pub mod day;
pub mod person;
pub mod personnel_export;
pub mod phone;
pub mod random;
pub mod stage;
pub mod workforce;
