//! Tables of migration `0090_schedule`, in column types that both backends share.

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::columns::sql::*;

    work_schedule (id) {
        id -> Id,
        agency_code -> Text,
        name -> Text,
        body -> Document,
        created_by -> Id,
        created_at -> Moment,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::columns::sql::*;

    schedule_start (id) {
        id -> Id,
        agency_code -> Text,
        unit_id -> Nullable<Id>,
        valid_from -> Date,
        schedule_id -> Nullable<Id>,
        set_by -> Id,
        set_at -> Moment,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::columns::sql::*;

    person_mark (employee_id, id) {
        employee_id -> Id,
        id -> Id,
        agency_code -> Text,
        kind -> Text,
        effect -> Text,
        valid_from -> Date,
        valid_to -> Date,
        reason -> Text,
        set_by -> Id,
        set_at -> Moment,
    }
}
