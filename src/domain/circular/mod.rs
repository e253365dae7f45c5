//! Circulars (surat edaran): dated texts that say who works where, when and in which windows.
//! Which of them decide a date, and what they add up to for one person.

pub mod archive;
pub mod conflict;
pub mod content;
pub mod in_force;
pub mod issuer;
pub mod jurisdiction;
pub mod lifecycle;
pub mod mode;
pub mod number;
pub mod relation;
pub mod rule;
pub mod rule_check;
