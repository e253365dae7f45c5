//! Tables of migration `0120_federation`, in column types that both backends share.

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::columns::sql::*;

    federated_agency (agency_code) {
        agency_code -> Text,
        origin -> Text,
        verifying_key -> Text,
        registered_at -> Moment,
        registered_by -> Id,
        version -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::columns::sql::*;

    received_dispatch (batch_id) {
        batch_id -> Id,
        sha256 -> Binary,
        origin -> Text,
        size -> BigInt,
        note -> Text,
        receipt -> Text,
        received_at -> Moment,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::columns::sql::*;

    sealed_opening (work_date, batch_id, unit) {
        work_date -> Date,
        batch_id -> Id,
        unit -> Text,
        sealed -> Binary,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::columns::sql::*;

    dispatch (batch_id) {
        batch_id -> Id,
        sha256 -> Nullable<Binary>,
        bytes -> BigInt,
        from_size -> BigInt,
        made_at -> Nullable<Moment>,
        attempts -> Integer,
        next_attempt_at -> Moment,
        problem -> Nullable<Text>,
        problem_code -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::columns::sql::*;

    batch_proof (batch_id) {
        batch_id -> Id,
        size -> BigInt,
        content -> Text,
        kept_at -> Moment,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::columns::sql::*;

    received_verdict (unit) {
        unit -> Text,
        agency_code -> Text,
        employee_id -> Id,
        work_date -> Date,
        slot -> SmallInt,
        outcome -> Text,
        decided_at -> Moment,
    }
}
