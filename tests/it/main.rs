//! The one integration test binary.
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test fails by panicking, in its own helper functions too"
)]

mod access;
mod agency_day;
mod calendar;
mod check_in;
mod check_in_limits;
mod circular;
mod compose;
mod crash;
mod day;
mod export_format;
mod floors;
mod harness;
mod licences;
mod roster;
mod sampling;
mod sign_in;
mod spec;
