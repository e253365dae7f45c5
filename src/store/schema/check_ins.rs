//! Tables of migration `0004_check_in`, in column types that both backends share.

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::columns::sql::*;

    data_key (id) {
        id -> Id,
        agency_code -> Text,
        month -> Text,
        wrapped -> Binary,
        created_at -> Moment,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::columns::sql::*;

    check_in (id_day, id, employee_id) {
        id_day -> Date,
        id -> Id,
        employee_id -> Id,
        agency_code -> Text,
        claim_digest -> Binary,
        channel -> Text,
        device_id -> Nullable<Text>,
        captured_at -> Moment,
        sent_at -> Nullable<Moment>,
        received_at -> Moment,
        corrected_at -> Moment,
        zone -> Text,
        offset_minutes -> SmallInt,
        work_date -> Date,
        slot -> Nullable<SmallInt>,
        mode -> Text,
        place -> SmallInt,
        time -> Text,
        distance_metres -> Nullable<Integer>,
        is_countable -> Bool,
        counted -> Bool,
        flags -> Document,
        home_id -> Nullable<Id>,
        site_id -> Nullable<Id>,
        note -> Nullable<Text>,
        signature -> Nullable<Binary>,
        chain -> Nullable<Binary>,
        receipt_id -> Nullable<Id>,
        receipt_index -> Nullable<SmallInt>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::columns::sql::*;

    check_in_position (id_day, id, employee_id) {
        id_day -> Date,
        id -> Id,
        employee_id -> Id,
        key_id -> Id,
        sealed -> Binary,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::columns::sql::*;

    slot_result (work_date, employee_id, slot) {
        employee_id -> Id,
        work_date -> Date,
        slot -> SmallInt,
        agency_code -> Text,
        id_day -> Date,
        check_in_id -> Id,
        place -> SmallInt,
        time -> Text,
        corrected_at -> Moment,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::columns::sql::*;

    check_in_aside (work_date, employee_id, check_in_id) {
        employee_id -> Id,
        work_date -> Date,
        check_in_id -> Id,
        corrected_at -> Moment,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::columns::sql::*;

    agency_slot_count (agency_code, work_date, slot, place, part) {
        agency_code -> Text,
        work_date -> Date,
        slot -> SmallInt,
        place -> SmallInt,
        part -> SmallInt,
        count -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::columns::sql::*;

    check_in_receipt (id_day, id) {
        id_day -> Date,
        id -> Id,
        leaves -> Binary,
        note -> Text,
    }
}
