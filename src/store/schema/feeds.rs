//! Tables of migration `0070_calendar_feed`, in column types that both backends share.

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::columns::sql::*;

    calendar_feed (employee_id) {
        employee_id -> Id,
        token_digest -> Binary,
        created_at -> Moment,
    }
}
