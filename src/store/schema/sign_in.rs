//! Tables of migration `0002_account`, in column types that both backends share.

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::columns::sql::*;

    account (id) {
        id -> Id,
        username -> Text,
        employee_id -> Nullable<Id>,
        display_name -> Text,
        password_hash -> Nullable<Text>,
        state -> Text,
        created_at -> Moment,
        password_set_at -> Nullable<Moment>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::columns::sql::*;

    role_grant (account_id, role, agency_code, granted_at) {
        account_id -> Id,
        role -> Text,
        agency_code -> Text,
        granted_at -> Moment,
        granted_by -> Nullable<Id>,
        revoked_at -> Nullable<Moment>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::columns::sql::*;

    session (id) {
        id -> Id,
        account_id -> Id,
        device_id -> Text,
        created_at -> Moment,
        expires_at -> Moment,
        revoked_at -> Nullable<Moment>,
        revoked_reason -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::columns::sql::*;

    refresh_token (digest) {
        digest -> Binary,
        session_id -> Id,
        generation -> Integer,
        issued_at -> Moment,
        used_at -> Nullable<Moment>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::columns::sql::*;

    browser_session (digest) {
        digest -> Binary,
        session_id -> Id,
        seen_at -> Moment,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::columns::sql::*;

    known_device (account_id, device_id) {
        account_id -> Id,
        device_id -> Text,
        first_at -> Moment,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::columns::sql::*;

    sign_in_failure (username, device_id) {
        username -> Text,
        device_id -> Text,
        failures -> Integer,
        last_at -> Moment,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::columns::sql::*;

    activation_code (account_id) {
        account_id -> Id,
        digest -> Binary,
        created_at -> Moment,
        expires_at -> Moment,
        used_at -> Nullable<Moment>,
    }
}
