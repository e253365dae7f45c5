//! Tables of migration `0003_rules`, in column types that both backends share.

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::columns::sql::*;

    circular (id) {
        id -> Id,
        number -> Text,
        number_key -> Text,
        title -> Text,
        jurisdiction_code -> Text,
        state -> Text,
        signed_on -> Date,
        effective_from -> Date,
        effective_to -> Nullable<Date>,
        revoked_from -> Nullable<Date>,
        body -> Document,
        document_digest -> Nullable<Binary>,
        version -> Integer,
        created_by -> Id,
        created_at -> Moment,
        issued_at -> Nullable<Moment>,
        revoked_at -> Nullable<Moment>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::columns::sql::*;

    calendar_day (day) {
        day -> Date,
        kind -> Text,
        name -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::columns::sql::*;

    calendar_year (year) {
        year -> Integer,
        version -> Integer,
        updated_at -> Moment,
        updated_by -> Id,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::columns::sql::*;

    site (id) {
        id -> Id,
        agency_code -> Text,
        unit_id -> Nullable<Id>,
        name -> Text,
        kind -> Text,
        fence -> Document,
        valid_from -> Date,
        valid_to -> Nullable<Date>,
        version -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::columns::sql::*;

    home (employee_id, id) {
        employee_id -> Id,
        id -> Id,
        ordinal -> Integer,
        rank -> Text,
        kind -> Text,
        state -> Text,
        agency_code -> Text,
        address -> Text,
        village_code -> Nullable<Text>,
        radius_metres -> Nullable<Integer>,
        key_id -> Id,
        sealed_position -> Binary,
        valid_from -> Nullable<Date>,
        valid_to -> Nullable<Date>,
        submitted_at -> Moment,
        decided_at -> Nullable<Moment>,
        decided_by -> Nullable<Id>,
        reason -> Nullable<Text>,
        version -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::columns::sql::*;

    assignment (employee_id, work_date, slots) {
        employee_id -> Id,
        work_date -> Date,
        slots -> Text,
        agency_code -> Text,
        mode -> Text,
        site_id -> Nullable<Id>,
        shift -> Nullable<Text>,
        source -> Text,
        reason -> Nullable<Text>,
        travel_id -> Nullable<Id>,
        destination_code -> Nullable<Text>,
        created_by -> Id,
        created_at -> Moment,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::columns::sql::*;

    rule_epoch (id) {
        id -> SmallInt,
        epoch -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::columns::sql::*;

    duty_epoch (agency_code) {
        agency_code -> Text,
        epoch -> BigInt,
    }
}
