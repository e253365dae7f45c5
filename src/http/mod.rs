//! Floor 4: the only room that names `actix_web`, utoipa and garde. Wire types live here; rules do not.

#![expect(
    unused_qualifications,
    reason = "the macro of documented operations writes them around `Query`"
)]

pub mod actor;
pub mod agency_day;
pub mod body;
pub mod calendar;
pub mod call;
pub mod check_in;
pub mod circular;
pub mod circular_rule;
pub mod circular_view;
pub mod day;
pub(crate) mod day_sentence;
pub mod disclosure;
pub mod health;
pub mod language;
pub mod openapi;
pub mod page;
pub mod precondition;
pub mod problem;
pub mod rate;
pub mod role;
pub mod roster;
pub mod routes;
pub(crate) mod sentence;
pub mod server;
pub mod sign_in;
