//! The transparency log: its tree, its texts and what makes them believable. The norm is `api-spec/log-format.md`.
//!
//! Knows no entry's meaning, no storage and no clock; C2SP and RFC 9162 are named where a rule of theirs stands.

pub mod checkpoint;
pub mod consistency;
pub mod cosignature;
pub mod fork;
pub mod inclusion;
pub mod key;
pub mod note;
pub mod policy;
pub mod proof;
pub mod tile;
pub mod tree;
pub mod witness;

mod line;

#[cfg(test)]
mod fuzz_tests;
#[cfg(test)]
mod vector_tests;
