-- Shares, their sealed positions, the result of each slot, and the counters that boards read.
-- Keys begin with the day inside the UUIDv7, so that inserts append to the tree.
CREATE TABLE data_key (
    id uuid NOT NULL PRIMARY KEY,
    agency_code text COLLATE "C" NOT NULL,
    month text COLLATE "C" NOT NULL,
    wrapped bytea NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT data_key_month_unique UNIQUE (agency_code, month)
);

CREATE TABLE check_in (
    id_day date NOT NULL,
    id uuid NOT NULL,
    employee_id uuid NOT NULL,
    agency_code text COLLATE "C" NOT NULL,
    claim_digest bytea NOT NULL,
    channel text NOT NULL,
    device_id text,
    captured_at timestamptz NOT NULL,
    sent_at timestamptz,
    received_at timestamptz NOT NULL,
    corrected_at timestamptz NOT NULL,
    zone text NOT NULL,
    offset_minutes smallint NOT NULL,
    work_date date NOT NULL,
    slot smallint CHECK (slot BETWEEN 1 AND 3),
    mode text NOT NULL,
    place smallint NOT NULL CHECK (place BETWEEN 1 AND 6),
    time text NOT NULL CHECK (time IN ('on_time', 'late', 'outside_window', 'backfilled')),
    distance_metres integer,
    is_countable boolean NOT NULL,
    counted boolean NOT NULL,
    flags jsonb NOT NULL,
    home_id uuid,
    site_id uuid,
    note text,
    signature bytea,
    chain bytea,
    receipt_id uuid,
    receipt_index smallint CHECK (receipt_index >= 0),
    CHECK ((receipt_id IS NULL) = (receipt_index IS NULL)),
    CONSTRAINT check_in_pkey PRIMARY KEY (id_day, id, employee_id)
) PARTITION BY RANGE (id_day);
CREATE TABLE check_in_default PARTITION OF check_in DEFAULT;

-- What was signed for the shares of one transaction: the hashes of their leaves, 32 bytes each, and the signed
-- checkpoint of their tree. A share names it and its place in it.
CREATE TABLE check_in_receipt (
    id_day date NOT NULL,
    id uuid NOT NULL,
    leaves bytea NOT NULL,
    note text NOT NULL,
    CONSTRAINT check_in_receipt_pkey PRIMARY KEY (id_day, id)
) PARTITION BY RANGE (id_day);
CREATE TABLE check_in_receipt_default PARTITION OF check_in_receipt DEFAULT;

CREATE TABLE check_in_position (
    id_day date NOT NULL,
    id uuid NOT NULL,
    employee_id uuid NOT NULL,
    key_id uuid NOT NULL,
    sealed bytea NOT NULL,
    CONSTRAINT check_in_position_pkey PRIMARY KEY (id_day, id, employee_id)
) PARTITION BY RANGE (id_day);
CREATE TABLE check_in_position_default PARTITION OF check_in_position DEFAULT;

-- One row a slot that received anything that counts; it names the representative. The key begins with the date: a day's
-- results stand together, so that a group of them changes few pages. No index by agency, which would cost each share more
-- than the key does: an agency's results are found by its people.
CREATE TABLE slot_result (
    employee_id uuid NOT NULL,
    work_date date NOT NULL,
    slot smallint NOT NULL CHECK (slot BETWEEN 1 AND 3),
    agency_code text COLLATE "C" NOT NULL,
    id_day date NOT NULL,
    check_in_id uuid NOT NULL,
    place smallint NOT NULL CHECK (place BETWEEN 1 AND 6),
    time text NOT NULL CHECK (time IN ('on_time', 'late', 'backfilled')),
    corrected_at timestamptz NOT NULL,
    PRIMARY KEY (work_date, employee_id, slot)
);
-- Statistics of the past would have the planner take a day that has just begun for one without rows, and read all of it
-- to find one person. Without them every date is one of two hundred.
ALTER TABLE slot_result ALTER COLUMN work_date SET STATISTICS 0;

-- The shares that represent no slot, or no longer; every other one is named by slot_result. Nearly all represent theirs,
-- so this costs less than an index of all shares by person and date would.
CREATE TABLE check_in_aside (
    employee_id uuid NOT NULL,
    work_date date NOT NULL,
    check_in_id uuid NOT NULL,
    corrected_at timestamptz NOT NULL,
    PRIMARY KEY (work_date, employee_id, check_in_id)
);

CREATE TABLE agency_slot_count (
    agency_code text COLLATE "C" NOT NULL,
    work_date date NOT NULL,
    slot smallint NOT NULL,
    place smallint NOT NULL,
    part smallint NOT NULL,
    count bigint NOT NULL,
    PRIMARY KEY (agency_code, work_date, slot, place, part)
) WITH (fillfactor = 50);

-- What the writer of shares inserts, a parameter a group: arrays of these. Types of their own, so that a table may get a
-- column while an older service still writes to it.
CREATE TYPE inserted_check_in AS (
    id_day date,
    id uuid,
    employee_id uuid,
    agency_code text,
    claim_digest bytea,
    channel text,
    device_id text,
    captured_at timestamptz,
    sent_at timestamptz,
    received_at timestamptz,
    corrected_at timestamptz,
    zone text,
    offset_minutes smallint,
    work_date date,
    slot smallint,
    mode text,
    place smallint,
    time text,
    distance_metres integer,
    is_countable boolean,
    counted boolean,
    flags jsonb,
    home_id uuid,
    site_id uuid,
    note text,
    receipt_id uuid,
    receipt_index smallint
);
CREATE TYPE inserted_check_in_position AS (
    id_day date,
    id uuid,
    employee_id uuid,
    key_id uuid,
    sealed bytea
);
CREATE TYPE inserted_slot_result AS (
    employee_id uuid,
    work_date date,
    slot smallint,
    agency_code text,
    id_day date,
    check_in_id uuid,
    place smallint,
    time text,
    corrected_at timestamptz
);
CREATE TYPE inserted_check_in_aside AS (
    employee_id uuid,
    work_date date,
    check_in_id uuid,
    corrected_at timestamptz
);
CREATE TYPE inserted_agency_slot_count AS (
    agency_code text,
    work_date date,
    slot smallint,
    place smallint,
    part smallint,
    count bigint
);
