//! Tables of migration `0005_record`, in column types that both backends share.

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::columns::sql::*;

    event (subject_kind, subject_id, sequence) {
        subject_kind -> Text,
        subject_id -> Text,
        sequence -> Integer,
        at -> Moment,
        account_id -> Nullable<Id>,
        action -> Text,
        from_state -> Nullable<Text>,
        to_state -> Nullable<Text>,
        reason -> Nullable<Text>,
        agency_code -> Nullable<Text>,
        previous_hash -> Binary,
        hash -> Binary,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::columns::sql::*;

    disclosure (employee_id, id) {
        employee_id -> Id,
        id -> Id,
        at -> Moment,
        account_id -> Id,
        purpose -> Text,
        subject -> Text,
        fields -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::columns::sql::*;

    notice (employee_id, id) {
        employee_id -> Id,
        id -> Id,
        kind -> Text,
        params -> Document,
        created_at -> Moment,
        seen_at -> Nullable<Moment>,
        handed_over_at -> Nullable<Moment>,
        handed_over_by -> Nullable<Id>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::columns::sql::*;

    account_notice (account_id, id) {
        account_id -> Id,
        id -> Id,
        kind -> Text,
        params -> Document,
        created_at -> Moment,
        seen_at -> Nullable<Moment>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::columns::sql::*;

    idempotency (account_id, operation, key) {
        account_id -> Id,
        operation -> Text,
        key -> Text,
        request_digest -> Binary,
        answer -> Document,
        created_at -> Moment,
    }
}
