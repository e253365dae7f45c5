//! Tables of migration `0110_log`, in column types that both backends share.

diesel::table! {
    use diesel::sql_types::*;

    log (name) {
        name -> Text,
        origin -> Text,
        size -> BigInt,
        edge -> Binary,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::columns::sql::*;

    log_entry (id) {
        id -> Id,
        log_name -> Text,
        position -> Nullable<BigInt>,
        added_at -> Moment,
        kind -> Text,
        subject -> Text,
        content -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::columns::sql::*;

    log_opening (entry_id) {
        entry_id -> Id,
        key_id -> Id,
        sealed -> Binary,
    }
}

diesel::table! {
    use diesel::sql_types::*;

    log_tile (log_name, level, number) {
        log_name -> Text,
        level -> SmallInt,
        number -> BigInt,
        hashes -> Binary,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::columns::sql::*;

    log_checkpoint (log_name, size) {
        log_name -> Text,
        size -> BigInt,
        root -> Binary,
        signed_at -> Moment,
        note -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::columns::sql::*;

    log_cosignature (log_name, size, witness) {
        log_name -> Text,
        size -> BigInt,
        witness -> Text,
        signed_at -> Moment,
        line -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::columns::sql::*;

    witnessed_log (origin) {
        origin -> Text,
        verifying_key -> Text,
        size -> BigInt,
        root -> Binary,
        note -> Text,
        cosignature -> Text,
        witnessed_at -> Moment,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::columns::sql::*;

    witnessed_fork (origin, size, root) {
        origin -> Text,
        size -> BigInt,
        root -> Binary,
        note -> Text,
        other_note -> Text,
        found_at -> Moment,
    }
}
