//! The one integration test binary.
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test fails by panicking, in its own helper functions too"
)]

mod absence_notice;
mod access;
mod account;
mod activation;
mod activity;
mod activity_review;
mod agency;
mod agency_day;
mod agency_day_events;
mod agency_results;
mod agency_roster;
mod agency_roster_refusal;
mod attendance_rule;
mod audit;
mod audit_bundle;
mod audit_extension;
mod audit_planner;
mod audit_reassignment;
mod audit_report;
mod audit_seed;
mod audit_targeted;
mod batch;
mod batch_answer;
mod batch_file;
mod batch_job;
mod batch_refusal;
mod branding;
mod browser_session;
mod bundle;
mod calendar;
mod calendar_file;
mod case;
mod case_evidence;
mod case_file;
mod case_reminder;
mod case_sight;
mod check_in;
mod check_in_group;
mod check_in_limits;
mod check_in_receipt;
mod check_logs;
mod circular;
mod circular_issue;
mod circular_preview;
mod colleague;
mod compose;
mod correction;
mod crash;
mod day;
mod demo;
mod dispatch_list;
mod dispatch_vector;
mod duty_memory;
mod employee;
mod event;
mod evidence;
mod export_format;
mod federated_audit;
mod federated_case;
mod federated_word;
mod federation;
mod federation_refusal;
mod first_day;
mod floors;
mod half_day;
mod harness;
mod home;
mod https;
mod known_share;
mod leave;
mod leave_end;
mod leave_rules;
mod leave_sight;
mod letter;
mod licences;
mod log;
mod map;
mod monthly_report;
mod notice;
mod nul;
mod objection;
mod outage;
mod own_deadline;
mod own_month;
mod paper;
mod person_mark;
mod personnel;
mod privacy;
mod query;
mod recap;
mod region_outline;
mod retention;
mod role;
mod roster;
mod sampling;
mod schema;
mod second_review;
mod sign_in;
mod site;
mod slow_client;
mod spec;
mod travel;
mod travel_ban;
mod travel_share;
mod unit;
mod witness;
mod work_schedule;
