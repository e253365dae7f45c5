//! Rosters (jadwal kerja) of an agency: made by rule for a period, held against the same rules, and the life that they lead.
//!
//! What [`plan::plan`] promises for each work day, or says in a finding that it could not:
//!
//! 1. Every quota is met by whole people; of whom the percent is and how it is rounded stands in [`terms`].
//! 2. As many people as the circular asks for are on picket, and one at least of each level that it asks for and that is
//!    present.
//! 3. Whoever is exempt, or of a group that a circular keeps at the office, works as the circular says.
//! 4. What was granted (leave, sickness, travel, training, corrections) stays as it is.
//! 5. Nobody of a lower priority is away while somebody of a higher one is in the office who could change places.
//! 6. Fairness: a person's *fair share* is the sum, over the days on which the person is present, of the office places of
//!    the person's group (same priority, same level where levels are asked for) divided by those of the group who are
//!    present. Everybody's office days are the fair share rounded up or down. So two people of a group who are present on
//!    the same days never differ by more than one day, and who was on leave is measured by the days without it.
//! 7. Nobody is on picket on two work days in a row while somebody of the same group is present who was not on picket the
//!    work day before, unless changing it would break 6. For groups of up to sixteen people this is searched through; in
//!    larger ones single turns are passed on and exchanged.
//!
//! The same input gives the same roster: ties go by the people's ids.

pub mod allot;
pub mod check;
pub mod counts;
pub mod fairness;
pub mod finding;
pub mod frame;
pub mod grid;
pub mod mark;
mod parting;
pub mod plan;
pub mod print;
pub mod reason;
pub mod sentence;
pub mod spread;
pub mod state;
pub mod terms;

/// Longest period of a roster, days.
pub const LONGEST_PERIOD_DAYS: i64 = 31;

/// Most changes by hand in one call.
pub const MOST_CHANGES: usize = 5_000;

#[cfg(test)]
mod check_tests;
#[cfg(test)]
mod circular_day_tests;
#[cfg(test)]
mod circular_tests;
#[cfg(test)]
mod random_tests;
#[cfg(test)]
mod scene;
#[cfg(test)]
mod small_tests;
