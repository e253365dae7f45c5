//! Tables of migration `0010_activity`, in column types that both backends share.

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::columns::sql::*;

    activity (employee_id, id) {
        employee_id -> Id,
        id -> Id,
        agency_code -> Text,
        claim_digest -> Binary,
        work_date -> Date,
        start_minute -> SmallInt,
        end_minute -> SmallInt,
        description -> Text,
        output -> Text,
        quantity -> Nullable<Integer>,
        unit -> Nullable<Text>,
        skp_item -> Nullable<Text>,
        channel -> Nullable<Text>,
        link -> Nullable<Text>,
        mode -> Text,
        state -> Text,
        created_at -> Moment,
        updated_at -> Moment,
        submitted_at -> Nullable<Moment>,
        escalates_at -> Nullable<Moment>,
        escalated_to -> Nullable<Id>,
        decision -> Nullable<Text>,
        review_note -> Nullable<Text>,
        reviewer_id -> Nullable<Id>,
        reviewed_at -> Nullable<Moment>,
        version -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::columns::sql::*;

    activity_day (employee_id, work_date) {
        employee_id -> Id,
        work_date -> Date,
        version -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::columns::sql::*;

    evidence (employee_id, id) {
        employee_id -> Id,
        id -> Id,
        activity_id -> Id,
        media_type -> Text,
        size_bytes -> Integer,
        sha256 -> Binary,
        created_at -> Moment,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::columns::sql::*;

    monthly_report (employee_id, month) {
        employee_id -> Id,
        month -> Text,
        id -> Id,
        agency_code -> Text,
        state -> Text,
        totals -> Document,
        highlights -> Nullable<Text>,
        obstacles -> Nullable<Text>,
        plan -> Nullable<Text>,
        results -> Nullable<Text>,
        behaviour -> Nullable<Text>,
        assessment_note -> Nullable<Text>,
        assessor_id -> Nullable<Id>,
        compiled_at -> Moment,
        submitted_at -> Nullable<Moment>,
        assessed_at -> Nullable<Moment>,
        closed_at -> Nullable<Moment>,
        version -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::columns::sql::*;

    mail_outbox (employee_id) {
        employee_id -> Id,
        queued_at -> Moment,
        attempts -> Integer,
        next_at -> Moment,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::columns::sql::*;

    data_directory (id) {
        id -> Integer,
        marker -> Text,
    }
}
