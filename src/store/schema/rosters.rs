//! Tables of migration `0040_roster`, in column types that both backends share.

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::columns::sql::*;

    roster (id) {
        id -> Id,
        agency_code -> Text,
        from_date -> Date,
        to_date -> Date,
        state -> Text,
        note -> Nullable<Text>,
        shortfalls -> Document,
        findings -> Document,
        checked_at -> Moment,
        due_on -> Nullable<Date>,
        created_by -> Id,
        created_at -> Moment,
        submitted_by -> Nullable<Id>,
        submitted_at -> Nullable<Moment>,
        submission_reason -> Nullable<Text>,
        is_late -> Bool,
        decided_by -> Nullable<Id>,
        decided_at -> Nullable<Moment>,
        remarks -> Document,
        published_by -> Nullable<Id>,
        published_at -> Nullable<Moment>,
        written_count -> Nullable<Integer>,
        kept_count -> Nullable<Integer>,
        superseded_at -> Nullable<Moment>,
        version -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::columns::sql::*;

    roster_entry (roster_id, work_date, employee_id) {
        roster_id -> Id,
        work_date -> Date,
        employee_id -> Id,
        mode -> Text,
        afternoon_mode -> Nullable<Text>,
        reason -> Document,
        is_by_hand -> Bool,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::columns::sql::*;

    roster_day (agency_code, work_date) {
        agency_code -> Text,
        work_date -> Date,
        roster_id -> Id,
    }
}
