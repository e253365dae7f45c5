//! BKD's audit log: what is written down about audits, batches, keys and looks, in an order that can't be changed.
//!
//! An entry is public. What is personal stands in a private record beside it, bound to it by a salted commitment.

pub mod entry;
#[cfg(test)]
mod entry_tests;
pub mod facts;
pub mod record;
pub mod subject;
