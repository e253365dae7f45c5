//! Tables of migration `0050_leave`: the letters, in column types that both backends share.

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::columns::sql::*;

    letter (employee_id, id) {
        employee_id -> Id,
        id -> Id,
        kind -> Text,
        agency_code -> Text,
        agency_name -> Text,
        issuer -> Text,
        year -> Integer,
        serial -> Integer,
        number -> Text,
        letter_date -> Date,
        holder_initials -> Text,
        signer -> Document,
        facts -> Document,
        facts_sha256 -> Binary,
        verification_code -> Text,
        state -> Text,
        issued_by -> Id,
        issued_at -> Moment,
        revoked_at -> Nullable<Moment>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::columns::sql::*;

    letter_number (issuer, kind, year, serial) {
        issuer -> Text,
        kind -> Text,
        year -> Integer,
        serial -> Integer,
        employee_id -> Id,
        letter_id -> Id,
        verification_code -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::columns::sql::*;

    letter_counter (issuer, kind, year) {
        issuer -> Text,
        kind -> Text,
        year -> Integer,
        last_serial -> Integer,
    }
}
