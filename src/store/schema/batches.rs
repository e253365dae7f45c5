//! Tables of migration `0020_batch`, in column types that both backends share.

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::columns::sql::*;

    batch (id) {
        id -> Id,
        agency_code -> Text,
        from_date -> Date,
        to_date -> Date,
        slot -> SmallInt,
        version -> Integer,
        state -> Text,
        supersedes_id -> Nullable<Id>,
        opened_at -> Moment,
        prepared_by -> Nullable<Id>,
        prepared_by_name -> Nullable<Text>,
        sealed_at -> Nullable<Moment>,
        manifest -> Nullable<Text>,
        manifest_sha256 -> Nullable<Binary>,
        rows_root -> Nullable<Binary>,
        supplement_due_at -> Nullable<Moment>,
        submitted_at -> Nullable<Moment>,
        submitted_by -> Nullable<Id>,
        submitted_by_name -> Nullable<Text>,
        approved_by -> Nullable<Id>,
        approved_by_name -> Nullable<Text>,
        received_at -> Nullable<Moment>,
        receipt_number -> Nullable<Text>,
        decided_at -> Nullable<Moment>,
        decided_by -> Nullable<Id>,
        decided_by_name -> Nullable<Text>,
        findings -> Document,
        answers -> Document,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::columns::sql::*;

    batch_chunk (batch_id, file, sequence) {
        batch_id -> Id,
        file -> SmallInt,
        sequence -> Integer,
        content -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::columns::sql::*;

    batch_setting (agency_code) {
        agency_code -> Text,
        seals_at_close -> Bool,
        needs_second_person -> Bool,
        version -> Integer,
    }
}
