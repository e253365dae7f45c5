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
mod activity;
mod activity_review;
mod audit;
mod audit_report;
mod batch;
mod batch_file;
mod batch_job;
mod batch_refusal;
mod calendar;
mod case;
mod check_in;
mod check_in_limits;
mod circular;
mod compose;
mod crash;
mod evidence;
mod export_format;
mod floors;
mod harness;
mod licences;
mod monthly_report;
mod notice;
mod sampling;
mod sign_in;
mod spec;
