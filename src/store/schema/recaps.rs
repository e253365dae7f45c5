//! Tables of migration `0060_recap`, in column types that both backends share.

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::columns::sql::*;

    outage (id) {
        id -> Id,
        from_at -> Moment,
        to_at -> Moment,
        scope_kind -> Text,
        scope_code -> Nullable<Text>,
        reason -> Text,
        declared_by -> Id,
        declared_at -> Moment,
        withdrawn_by -> Nullable<Id>,
        withdrawn_at -> Nullable<Moment>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::columns::sql::*;

    instance_run (id) {
        id -> Id,
        started_at -> Moment,
        last_seen_at -> Moment,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::columns::sql::*;

    recap_setting (agency_code) {
        agency_code -> Text,
        government -> Nullable<Text>,
        place -> Nullable<Text>,
        officer_id -> Nullable<Id>,
        head_id -> Nullable<Id>,
        version -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::columns::sql::*;

    recap_version (agency_code, month, version) {
        agency_code -> Text,
        month -> Text,
        version -> Integer,
        heading -> Document,
        people -> Integer,
        digest -> Binary,
        note -> Nullable<Text>,
        closed_by -> Id,
        closed_by_name -> Text,
        closed_at -> Moment,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::columns::sql::*;

    recap_line (employee_id, agency_code, month, version) {
        employee_id -> Id,
        agency_code -> Text,
        month -> Text,
        version -> Integer,
        ordinal -> Integer,
        line -> Document,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::columns::sql::*;

    correction (employee_id, id) {
        employee_id -> Id,
        id -> Id,
        agency_code -> Text,
        claim_digest -> Binary,
        work_date -> Date,
        slot -> Nullable<SmallInt>,
        wish -> Text,
        mode -> Nullable<Text>,
        reason -> Text,
        link -> Nullable<Text>,
        state -> Text,
        submitted_at -> Moment,
        is_supported -> Nullable<Bool>,
        consideration_note -> Nullable<Text>,
        considered_by -> Nullable<Id>,
        considered_at -> Nullable<Moment>,
        decision_note -> Nullable<Text>,
        decided_by -> Nullable<Id>,
        decided_at -> Nullable<Moment>,
        version -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::columns::sql::*;

    absence_watch (agency_code) {
        agency_code -> Text,
        done_to -> Date,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::columns::sql::*;

    absence_notice (employee_id, year, basis, min_days) {
        employee_id -> Id,
        year -> Integer,
        basis -> Text,
        min_days -> Integer,
        told_at -> Moment,
    }
}
