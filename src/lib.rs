//! Sherlok: attendance by location check-in, from the phone of a teacher to the audit report of BKD.
//!
//! The floors, top to bottom; an arrow may only point down (`tests/it/floors.rs` holds it):
//! `cli -> http -> app -> {store, platform} -> domain`.

#[cfg(feature = "server")]
pub mod app;
#[cfg(feature = "server")]
pub mod cli;
pub mod domain;
#[cfg(feature = "server")]
pub mod http;
#[cfg(feature = "server")]
pub mod platform;
#[cfg(feature = "server")]
pub mod store;
