//! Floor 4: the only room that names `actix_web`, utoipa and garde. Wire types live here; rules do not.

#![expect(
    unused_qualifications,
    reason = "the macro of documented operations writes them around `Query`"
)]

pub mod activity;
pub mod activity_review;
pub(crate) mod sentence;

pub mod absence;
pub mod account;
pub mod activation;
pub mod actor;
pub mod agency;
pub mod agency_day;
pub mod agency_day_events;
pub mod agency_roster;
pub mod agency_roster_view;
pub mod attendance_rule;
pub mod audit;
pub mod audit_report;
pub mod batch;
pub mod batch_file;
pub mod batch_overview;
pub mod batch_row;
pub mod batch_view;
pub mod body;
pub mod browser_session;
pub mod calendar;
pub mod calendar_feed;
pub mod calendar_file;
pub mod call;
pub mod case;
pub mod case_file;
pub mod check_in;
pub mod circular;
pub mod circular_preview;
pub mod circular_rule;
pub mod circular_view;
pub mod correction;
pub mod day;
pub(crate) mod day_sentence;
pub mod disclosure;
pub mod duty_travel;
pub mod duty_travel_step;
pub mod employee;
pub mod evidence;
pub mod field;
pub mod health;
pub mod home;
pub mod home_review;
pub mod import;
pub mod language;
pub mod leave_balance;
pub mod leave_kind;
pub mod leave_request;
pub mod leave_step;
pub mod letter;
pub mod letter_register;
pub mod method;
pub mod monthly_report;
pub mod notice;
pub(crate) mod nul;
pub mod openapi;
pub mod outage;
pub mod own_case;
pub mod own_month;
pub mod page;
#[cfg(feature = "print")]
mod pdf;
pub mod person_mark;
pub mod personnel;
pub mod precondition;
pub mod problem;
pub mod query;
pub mod rate;
pub mod recap;
pub mod recap_file;
pub mod recap_setting;
pub mod recap_view;
pub mod region_outline;
pub mod role;
pub mod roster;
pub mod routes;
pub mod schedule_rule;
pub mod server;
pub mod sign_in;
pub mod signer_rule;
pub mod site;
pub mod travel_rule;
pub mod unit;
pub mod verification_page;
#[cfg(feature = "web")]
pub mod web_files;
pub mod wire;
pub mod work_schedule;
