-- One share and its sealed position, stored the way most services would: one transaction each.
\set person random(1, {people})
BEGIN;
WITH made AS (
    SELECT (lpad(to_hex((extract(epoch FROM clock_timestamp()) * 1000)::bigint), 12, '0') || '7'
            || substr(md5(random()::text), 1, 3) || '8' || substr(md5(random()::text), 1, 15))::uuid AS id,
           ('01900000-0000-7000-8000-' || lpad(to_hex(:person::bigint), 12, '0'))::uuid AS employee_id
), share AS (
    INSERT INTO check_in (id_day, id, employee_id, agency_code, claim_digest, channel, captured_at, sent_at,
                          received_at, corrected_at, zone, offset_minutes, work_date, slot, mode, place, time,
                          distance_metres, is_countable, counted, flags, home_id)
    SELECT current_date, id, employee_id, 'opd001', decode(md5('a') || md5('b'), 'hex'), 'app', now(), now(),
           now(), now(), 'Asia/Jakarta', 420, current_date, 1, 'wfh', 1, 'on_time', 12, true, true, '[]', id
    FROM made
)
INSERT INTO check_in_position (id_day, id, employee_id, key_id, sealed)
SELECT current_date, id, employee_id, id, decode(repeat(md5('c'), 3), 'hex') FROM made;
END;
