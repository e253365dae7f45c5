//! Tables of migration `0080_travel`, in column types that both backends share.

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::columns::sql::*;

    duty_travel (employee_id, id) {
        employee_id -> Id,
        id -> Id,
        agency_code -> Text,
        claim_digest -> Binary,
        destination_code -> Text,
        is_outside_region -> Bool,
        first_day -> Date,
        last_day -> Date,
        first_slots -> Text,
        last_slots -> Text,
        purpose -> Text,
        basis -> Nullable<Text>,
        virtual_alternative_considered -> Bool,
        letter_number -> Nullable<Text>,
        travel_order_number -> Nullable<Text>,
        state -> Text,
        bans -> Document,
        exceptions -> Document,
        decision -> Nullable<Document>,
        report -> Nullable<Text>,
        end_reason -> Nullable<Text>,
        created_at -> Moment,
        updated_at -> Moment,
        submitted_at -> Nullable<Moment>,
        version -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::columns::sql::*;

    travel_day (employee_id, work_date, slots) {
        employee_id -> Id,
        work_date -> Date,
        slots -> Text,
        travel_id -> Id,
        replaced -> Nullable<Document>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::columns::sql::*;

    region_outline (code) {
        code -> Text,
        name -> Text,
        source -> Text,
        dated_on -> Date,
        accuracy_metres -> Integer,
        corners -> Integer,
        parts -> Document,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::columns::sql::*;

    region_outline_set (id) {
        id -> SmallInt,
        version -> Integer,
        imported_at -> Nullable<Moment>,
        imported_by -> Nullable<Id>,
    }
}
