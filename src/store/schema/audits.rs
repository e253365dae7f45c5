//! Tables of migrations `0030_audit` and `0031_case_hearing`, in column types that both backends share.

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::columns::sql::*;

    audit (id) {
        id -> Id,
        from_date -> Date,
        to_date -> Date,
        strata -> Text,
        confidence_bp -> Integer,
        tolerable_bp -> Integer,
        expected_bp -> Integer,
        sample_size -> Nullable<Integer>,
        sequence_a -> Nullable<Integer>,
        sequence_b -> Nullable<Integer>,
        targeted_rule -> Nullable<Text>,
        state -> Text,
        population -> BigInt,
        population_sha256 -> Nullable<Binary>,
        plan_sha256 -> Nullable<Binary>,
        seed_rule -> Text,
        seed -> Nullable<Text>,
        seed_material -> Nullable<Text>,
        seed_evidence -> Nullable<Text>,
        seeded_at -> Nullable<Moment>,
        seeded_by -> Nullable<Id>,
        planned_at -> Moment,
        planned_by -> Id,
        drawn_at -> Nullable<Moment>,
        drawn_by -> Nullable<Id>,
        closed_at -> Nullable<Moment>,
        closed_by -> Nullable<Id>,
        cancelled_at -> Nullable<Moment>,
        cancelled_by -> Nullable<Id>,
        cancel_reason -> Nullable<Text>,
        version -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::columns::sql::*;

    audit_agency (audit_id, agency_code) {
        audit_id -> Id,
        agency_code -> Text,
        from_date -> Date,
        to_date -> Date,
        is_cancelled -> Bool,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::columns::sql::*;

    audit_stratum (audit_id, name) {
        audit_id -> Id,
        name -> Text,
        population -> BigInt,
        sample_size -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::columns::sql::*;

    audit_chunk (audit_id, sequence) {
        audit_id -> Id,
        sequence -> Integer,
        stratum -> Text,
        units -> Text,
        employees -> Binary,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::columns::sql::*;

    audit_batch (audit_id, agency_code, work_date, slot) {
        audit_id -> Id,
        agency_code -> Text,
        work_date -> Date,
        slot -> SmallInt,
        batch_id -> Id,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::columns::sql::*;

    audit_unlisted (audit_id, agency_code, employee_id) {
        audit_id -> Id,
        agency_code -> Text,
        employee_id -> Id,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::columns::sql::*;

    audit_case (employee_id, id) {
        employee_id -> Id,
        id -> Id,
        audit_id -> Id,
        unit -> Text,
        agency_code -> Text,
        work_date -> Date,
        slot -> SmallInt,
        stratum -> Text,
        draw_order -> Integer,
        ticket -> Text,
        auditor_id -> Id,
        second_reviewer_id -> Nullable<Id>,
        finding -> Nullable<Text>,
        method -> Nullable<Text>,
        review_note -> Nullable<Text>,
        reviewed_at -> Nullable<Moment>,
        notice_id -> Nullable<Id>,
        notified_at -> Nullable<Moment>,
        reply_due_at -> Nullable<Moment>,
        reply -> Nullable<Text>,
        reply_link -> Nullable<Text>,
        reply_witness -> Nullable<Text>,
        replied_at -> Nullable<Moment>,
        outcome -> Nullable<Text>,
        reason -> Nullable<Text>,
        decided_by -> Nullable<Id>,
        decided_at -> Nullable<Moment>,
        decision_notice_id -> Nullable<Id>,
        closed_at -> Nullable<Moment>,
        version -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::columns::sql::*;

    second_review (employee_id, case_id) {
        employee_id -> Id,
        case_id -> Id,
        audit_id -> Id,
        draw_order -> Integer,
        ticket -> Text,
        auditor_id -> Nullable<Id>,
        finding -> Nullable<Text>,
        method -> Nullable<Text>,
        note -> Nullable<Text>,
        reviewed_at -> Nullable<Moment>,
        version -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::columns::sql::*;

    case_evidence (employee_id, id) {
        employee_id -> Id,
        id -> Id,
        case_id -> Id,
        part -> Text,
        media_type -> Text,
        size_bytes -> Integer,
        sha256 -> Binary,
        created_at -> Moment,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::columns::sql::*;

    case_objection (employee_id, case_id) {
        employee_id -> Id,
        case_id -> Id,
        audit_id -> Id,
        reason -> Text,
        objected_at -> Moment,
        outcome -> Nullable<Text>,
        decision -> Nullable<Text>,
        decided_by -> Nullable<Id>,
        decided_at -> Nullable<Moment>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::columns::sql::*;

    case_reminder (employee_id, case_id, reminder) {
        employee_id -> Id,
        case_id -> Id,
        reminder -> Text,
        told_at -> Moment,
    }
}
