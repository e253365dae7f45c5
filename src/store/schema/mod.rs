//! Every table in the portable column types, a file a migration. A test compares them with both databases.

#![cfg_attr(
    not(test),
    expect(
        clippy::wildcard_imports,
        reason = "the shape that the macro of diesel wants; the lint spares test builds"
    )
)]

mod activities;
mod audits;
mod batches;
mod check_ins;
mod federation;
mod feeds;
mod leave;
mod letters;
mod logs;
mod recaps;
mod record;
mod rosters;
mod rules;
mod schedules;
mod sign_in;
mod staff;
mod travels;

pub(crate) use activities::{activity, activity_day, data_directory, evidence, mail_outbox, monthly_report};
pub(crate) use audits::{
    audit, audit_agency, audit_batch, audit_case, audit_chunk, audit_stratum, audit_unlisted, case_evidence,
    case_objection, case_reminder, second_review,
};
pub(crate) use batches::{batch, batch_chunk, batch_setting};
pub(crate) use check_ins::{
    agency_slot_count, check_in, check_in_aside, check_in_position, check_in_receipt, data_key, slot_result,
};
pub(crate) use federation::{
    batch_proof, dispatch, federated_agency, received_dispatch, received_verdict, sealed_opening,
};
pub(crate) use feeds::calendar_feed;
pub(crate) use leave::{leave_account, leave_day, leave_entry, leave_request, rule_table};
pub(crate) use letters::{letter, letter_counter, letter_number};
pub(crate) use logs::{
    log, log_checkpoint, log_cosignature, log_entry, log_opening, log_tile, witnessed_fork, witnessed_log,
};
pub(crate) use recaps::{
    absence_notice, absence_watch, correction, instance_run, outage, recap_line, recap_setting, recap_version,
};
pub(crate) use record::{account_notice, disclosure, event, idempotency, notice};
pub(crate) use rosters::{roster, roster_day, roster_entry};
pub(crate) use rules::{assignment, calendar_day, calendar_year, circular, duty_epoch, home, rule_epoch, site};
pub(crate) use schedules::{person_mark, schedule_start, work_schedule};
pub(crate) use sign_in::{
    account, activation_code, browser_session, known_device, refresh_token, role_grant, session, sign_in_failure,
};
pub(crate) use staff::{agency, employee, employee_number, membership, unit};
pub(crate) use travels::{duty_travel, region_outline, region_outline_set, travel_day};

diesel::allow_tables_to_appear_in_same_query!(
    account,
    account_notice,
    activation_code,
    activity,
    activity_day,
    agency,
    agency_slot_count,
    assignment,
    audit,
    audit_agency,
    audit_batch,
    audit_case,
    audit_chunk,
    audit_stratum,
    audit_unlisted,
    batch,
    batch_chunk,
    batch_proof,
    batch_setting,
    browser_session,
    calendar_day,
    calendar_feed,
    case_evidence,
    case_objection,
    case_reminder,
    calendar_year,
    check_in,
    check_in_aside,
    check_in_position,
    check_in_receipt,
    circular,
    correction,
    data_directory,
    data_key,
    disclosure,
    dispatch,
    duty_epoch,
    duty_travel,
    employee,
    employee_number,
    event,
    evidence,
    federated_agency,
    home,
    idempotency,
    instance_run,
    known_device,
    leave_account,
    leave_day,
    leave_entry,
    leave_request,
    letter,
    letter_counter,
    letter_number,
    log,
    log_checkpoint,
    log_cosignature,
    log_entry,
    log_opening,
    log_tile,
    mail_outbox,
    membership,
    monthly_report,
    notice,
    outage,
    person_mark,
    received_dispatch,
    received_verdict,
    recap_line,
    recap_setting,
    recap_version,
    refresh_token,
    region_outline,
    region_outline_set,
    role_grant,
    roster,
    roster_day,
    roster_entry,
    rule_epoch,
    rule_table,
    schedule_start,
    sealed_opening,
    second_review,
    session,
    sign_in_failure,
    site,
    slot_result,
    travel_day,
    unit,
    witnessed_fork,
    witnessed_log,
    work_schedule,
);
