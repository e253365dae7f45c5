//! The statements of an agency's day: both backends join the same tables, each in the way that it does best.

/// What was assigned for a date, or for its halves: `a` is the whole day or its morning, `b` an afternoon of its own.
const ASSIGNED: &str = "a.slots, a.mode, substr(a.destination_code, 1, 2) AS destination, b.mode AS afternoon_mode, \
    substr(b.destination_code, 1, 2) AS afternoon_destination";

/// PostgreSQL joins whole sets by hash (see `plan_for_sets`), but for the results, which it looks up person by person: a
/// day has those of every agency.
const COUNT_ON_POSTGRES: &str = "\
    SELECT m.work_group, m.echelon, {assigned}, {own}, \
           s.shared, \
           (m.valid_from = $2 AND replace(m.employee_id::text, '-', '') IN \
               (SELECT jsonb_array_elements_text($3::jsonb))) AS is_first_day, \
           count(*) AS people \
    FROM membership m \
    LEFT JOIN assignment a ON a.employee_id = m.employee_id AND a.agency_code = $1 AND a.work_date = $2 \
        AND a.slots <> 'afternoon' \
    LEFT JOIN assignment b ON b.employee_id = m.employee_id AND b.agency_code = $1 AND b.work_date = $2 \
        AND b.slots = 'afternoon' \
    CROSS JOIN LATERAL (SELECT coalesce(sum(1 << slot), 0)::integer AS shared FROM slot_result r \
        WHERE r.work_date = $2 AND r.employee_id = m.employee_id AND r.agency_code = $1) s \
    WHERE m.agency_code = $1 AND m.valid_from <= $2 AND (m.valid_to IS NULL OR m.valid_to >= $2) \
    GROUP BY m.work_group, m.echelon, a.slots, a.mode, destination, b.mode, afternoon_destination, {group}s.shared, \
        is_first_day";

/// What tells people of an agency with schedules apart beside group, echelon and mode: as selected, and as grouped.
const OWN_ON_POSTGRES: (&str, &str) = (
    "coalesce(a.shift, b.shift) AS shift, m.unit_id, CAST(m.schedule_starts AS text) AS starts",
    "coalesce(a.shift, b.shift), m.unit_id, m.schedule_starts, ",
);

/// The same for an agency without, of which all are alike.
const NONE_ON_POSTGRES: (&str, &str) = (
    "CAST(NULL AS text) AS shift, CAST(NULL AS uuid) AS unit_id, '' AS starts",
    "",
);

/// SQLite looks each person up by primary key, which beats every join that it would make. The plus signs keep it from
/// the indexes that begin with the agency, of which it thinks too well before it has statistics.
const COUNT_ON_SQLITE: &str = "\
    SELECT work_group, echelon, slots, mode, destination, afternoon_mode, afternoon_destination, {own}, shared, \
           is_first_day, count(*) AS people FROM ( \
        SELECT m.work_group, m.echelon, {assigned}, {inner} \
               (m.valid_from = ?2 AND lower(hex(m.employee_id)) IN (SELECT value FROM json_each(?3))) AS is_first_day, \
               (SELECT coalesce(sum(1 << slot), 0) FROM slot_result s \
                WHERE s.employee_id = m.employee_id AND s.work_date = ?2 AND +s.agency_code = ?1) AS shared \
        FROM membership m \
        LEFT JOIN assignment a \
            ON a.employee_id = m.employee_id AND a.work_date = ?2 AND +a.agency_code = ?1 AND a.slots <> 'afternoon' \
        LEFT JOIN assignment b \
            ON b.employee_id = m.employee_id AND b.work_date = ?2 AND +b.agency_code = ?1 AND b.slots = 'afternoon' \
        WHERE m.agency_code = ?1 AND m.valid_from <= ?2 AND (m.valid_to IS NULL OR m.valid_to >= ?2)) \
    GROUP BY work_group, echelon, slots, mode, destination, afternoon_mode, afternoon_destination, {group}shared, \
        is_first_day";

const OWN_ON_SQLITE: (&str, &str) = ("shift, unit_id, starts", "shift, unit_id, starts, ");
const INNER_ON_SQLITE: &str = "m.unit_id, m.schedule_starts AS starts, coalesce(a.shift, b.shift) AS shift,";
const NONE_ON_SQLITE: (&str, &str) = ("NULL AS shift, NULL AS unit_id, '' AS starts", "");

const LIST: &str = "\
    SELECT m.employee_id, m.work_group, m.echelon, {assigned}, {own}, \
           {first_day} AS is_first_day, s.check_in_id, s.place, s.time, s.corrected_at, \
           coalesce((SELECT u.name FROM unit u WHERE u.id = m.unit_id), m.unit_name) AS unit \
    FROM membership m \
    LEFT JOIN assignment a \
        ON a.employee_id = m.employee_id AND {aside}a.agency_code = {first} AND a.work_date = {second} \
        AND a.slots <> 'afternoon' \
    LEFT JOIN assignment b \
        ON b.employee_id = m.employee_id AND {aside}b.agency_code = {first} AND b.work_date = {second} \
        AND b.slots = 'afternoon' \
    LEFT JOIN {result} \
    WHERE m.agency_code = {first} AND m.valid_from <= {second} AND (m.valid_to IS NULL OR m.valid_to >= {second}) \
        AND m.employee_id > {fourth} AND {condition} \
    ORDER BY m.employee_id LIMIT {fifth}";

/// A person's result in the list. PostgreSQL looks each up by its key: it has no statistics of a day that has just begun,
/// and would join the day's results of all agencies.
const RESULT_ON_POSTGRES: &str = "LATERAL (SELECT * FROM slot_result r WHERE r.work_date = {second} \
    AND r.employee_id = m.employee_id AND r.slot = {third} AND r.agency_code = {first} LIMIT 1) s ON true";
const RESULT_ON_SQLITE: &str = "slot_result s \
    ON s.employee_id = m.employee_id AND +s.agency_code = {first} AND s.work_date = {second} AND s.slot = {third}";

/// The count in the words of a backend. `has_schedules` says whether people are told apart by schedule and shift too.
pub(super) fn count_statement(has_schedules: bool, is_sqlite: bool) -> String {
    let (text, (selected, grouped), inner) = match (is_sqlite, has_schedules) {
        (false, true) => (COUNT_ON_POSTGRES, OWN_ON_POSTGRES, ""),
        (false, false) => (COUNT_ON_POSTGRES, NONE_ON_POSTGRES, ""),
        (true, true) => (COUNT_ON_SQLITE, OWN_ON_SQLITE, INNER_ON_SQLITE),
        (true, false) => (COUNT_ON_SQLITE, NONE_ON_SQLITE, ""),
    };
    text.replace("{assigned}", ASSIGNED)
        .replace("{own}", selected)
        .replace("{group}", grouped)
        .replace("{inner}", inner)
}

/// The list in the words of a backend. `aside` keeps SQLite from the indexes that begin with the agency, as in
/// [`COUNT_ON_SQLITE`].
pub(super) fn list_statement(condition: &str, has_schedules: bool, is_sqlite: bool) -> String {
    let (mark, aside, id, list) = if is_sqlite {
        (
            "?",
            "+",
            "lower(hex(m.employee_id))",
            "SELECT value FROM json_each({list})",
        )
    } else {
        let id = "replace(m.employee_id::text, '-', '')";
        ("$", "", id, "SELECT jsonb_array_elements_text({list}::jsonb)")
    };
    let newcomers = list.replace("{list}", "{seventh}");
    let (own, own_key) = match (has_schedules, is_sqlite) {
        (false, true) => (NONE_ON_SQLITE.0, "'||'"),
        (false, false) => (NONE_ON_POSTGRES.0, "'||'"),
        (true, true) => (
            "coalesce(a.shift, b.shift) AS shift, m.unit_id, m.schedule_starts AS starts",
            "coalesce(a.shift, b.shift, '') || '|' || lower(hex(coalesce(m.unit_id, ''))) || '|' || m.schedule_starts",
        ),
        (true, false) => (
            OWN_ON_POSTGRES.0,
            "coalesce(a.shift, b.shift, '') || '|' || replace(coalesce(CAST(m.unit_id AS text), ''), '-', '') \
             || '|' || CAST(m.schedule_starts AS text)",
        ),
    };
    let mut text = LIST
        .replace("{assigned}", ASSIGNED)
        .replace("{aside}", aside)
        .replace(
            "{result}",
            if is_sqlite {
                RESULT_ON_SQLITE
            } else {
                RESULT_ON_POSTGRES
            },
        )
        .replace("{condition}", condition)
        .replace("{own_key}", own_key)
        .replace("{own}", own)
        .replace(
            "{first_day}",
            &format!("(m.valid_from = {{second}} AND {id} IN ({newcomers}))"),
        )
        .replace("{keys}", &list.replace("{list}", "{sixth}"));
    for (name, number) in [
        ("first", 1),
        ("second", 2),
        ("third", 3),
        ("fourth", 4),
        ("fifth", 5),
        ("sixth", 6),
        ("seventh", 7),
    ] {
        text = text.replace(&format!("{{{name}}}"), &format!("{mark}{number}"));
    }
    text
}
