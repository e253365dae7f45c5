//! Batches: what an agency seals and sends to BKD, and what BKD answers. Normative text: `api-spec/export-format.md`.
//! The children are used from outside; this file only names them.

pub mod answer;
pub mod cell;
pub mod check;
pub mod commitment;
pub mod coverage;
pub mod distance;
pub mod finding;
pub mod manifest;
pub mod own_row;
pub mod row;
pub mod row_tree;
pub mod seal;
pub mod state;
pub mod submission;
pub mod supplement;
pub mod unit;

/// The version of the format that sealed files follow; it changes when an old verifier would misread a new file.
pub const FORMAT: &str = "sherlok-batch/1";
