//! Tables of migration `0001_staff`, in column types that both backends share.

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::columns::sql::*;

    agency (code) {
        code -> Text,
        name -> Text,
        region_code -> Text,
        zone -> Text,
        service_kinds -> Document,
        version -> Integer,
        created_at -> Moment,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::columns::sql::*;

    unit (id) {
        id -> Id,
        agency_code -> Text,
        code -> Text,
        name -> Text,
        parent_id -> Nullable<Id>,
        head_employee_id -> Nullable<Id>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::columns::sql::*;

    employee (id) {
        id -> Id,
        number_kind -> Text,
        name -> Text,
        front_title -> Text,
        back_title -> Text,
        email -> Nullable<Text>,
        phone -> Nullable<Text>,
        pseudonym -> Text,
        version -> Integer,
        created_at -> Moment,
        updated_at -> Moment,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::columns::sql::*;

    employee_number (employee_id, number) {
        employee_id -> Id,
        number -> Text,
        valid_from -> Date,
        valid_to -> Nullable<Date>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::columns::sql::*;

    membership (employee_id, valid_from) {
        employee_id -> Id,
        valid_from -> Date,
        valid_to -> Nullable<Date>,
        agency_code -> Text,
        unit_id -> Nullable<Id>,
        unit_name -> Nullable<Text>,
        legal_status -> Nullable<Text>,
        grade -> Nullable<Text>,
        position -> Nullable<Text>,
        echelon -> Nullable<Text>,
        work_group -> Text,
        end_reason -> Nullable<Text>,
        schedule_starts -> Document,
    }
}
