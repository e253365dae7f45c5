//! What a sample is drawn from, and how: a sample that anyone can draw again with tools that are not ours.
//!
//! Norm: `api-spec/audit-sampling.md`.

pub mod draw;
pub mod unit;
