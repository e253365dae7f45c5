//! Tables of migration `0050_leave`, in column types that both backends share.

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::columns::sql::*;

    rule_table (name, effective_from) {
        name -> Text,
        effective_from -> Date,
        body -> Document,
        version -> Integer,
        updated_by -> Id,
        updated_at -> Moment,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::columns::sql::*;

    leave_account (employee_id) {
        employee_id -> Id,
        service_from -> Nullable<Date>,
        version -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::columns::sql::*;

    leave_entry (employee_id, id) {
        employee_id -> Id,
        id -> Id,
        year -> Integer,
        kind -> Text,
        days -> Integer,
        effective_on -> Date,
        request_id -> Nullable<Id>,
        reason -> Nullable<Text>,
        created_by -> Nullable<Id>,
        created_at -> Moment,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::columns::sql::*;

    leave_request (employee_id, id) {
        employee_id -> Id,
        id -> Id,
        agency_code -> Text,
        claim_digest -> Binary,
        kind -> Text,
        first_day -> Date,
        last_day -> Date,
        days -> Integer,
        work_days -> Integer,
        reason -> Text,
        evidence -> Nullable<Text>,
        address -> Text,
        phone -> Nullable<Text>,
        state -> Text,
        authority -> Nullable<Text>,
        is_granted -> Bool,
        returned -> Nullable<Document>,
        checked -> Nullable<Document>,
        consideration -> Nullable<Document>,
        decision -> Nullable<Document>,
        taken -> Nullable<Document>,
        letter_id -> Nullable<Id>,
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

    leave_day (employee_id, work_date) {
        employee_id -> Id,
        work_date -> Date,
        request_id -> Id,
        replaced -> Nullable<Document>,
    }
}
