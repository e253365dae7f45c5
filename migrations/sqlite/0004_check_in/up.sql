-- Shares, their sealed positions, the result of each slot, and the counters that boards read.
-- Keys begin with the day inside the UUIDv7, so that inserts append to the tree.
CREATE TABLE data_key (
    id BLOB NOT NULL PRIMARY KEY,
    agency_code TEXT NOT NULL,
    month TEXT NOT NULL,
    wrapped BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    CONSTRAINT data_key_month_unique UNIQUE (agency_code, month)
) STRICT;

CREATE TABLE check_in (
    id_day TEXT NOT NULL,
    id BLOB NOT NULL,
    employee_id BLOB NOT NULL,
    agency_code TEXT NOT NULL,
    claim_digest BLOB NOT NULL,
    channel TEXT NOT NULL,
    device_id TEXT,
    captured_at INTEGER NOT NULL,
    sent_at INTEGER,
    received_at INTEGER NOT NULL,
    corrected_at INTEGER NOT NULL,
    zone TEXT NOT NULL,
    offset_minutes INTEGER NOT NULL,
    work_date TEXT NOT NULL,
    slot INTEGER CHECK (slot BETWEEN 1 AND 3),
    mode TEXT NOT NULL,
    place INTEGER NOT NULL CHECK (place BETWEEN 1 AND 6),
    time TEXT NOT NULL CHECK (time IN ('on_time', 'late', 'outside_window', 'backfilled')),
    distance_metres INTEGER,
    is_countable INTEGER NOT NULL,
    counted INTEGER NOT NULL,
    flags TEXT NOT NULL,
    home_id BLOB,
    site_id BLOB,
    note TEXT,
    signature BLOB,
    chain BLOB,
    receipt_id BLOB,
    receipt_index INTEGER CHECK (receipt_index >= 0),
    CHECK ((receipt_id IS NULL) = (receipt_index IS NULL)),
    PRIMARY KEY (id_day, id, employee_id)
) STRICT, WITHOUT ROWID;

-- What was signed for the shares of one transaction: the hashes of their leaves, 32 bytes each, and the signed
-- checkpoint of their tree. A share names it and its place in it.
CREATE TABLE check_in_receipt (
    id_day TEXT NOT NULL,
    id BLOB NOT NULL,
    leaves BLOB NOT NULL,
    note TEXT NOT NULL,
    PRIMARY KEY (id_day, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE check_in_position (
    id_day TEXT NOT NULL,
    id BLOB NOT NULL,
    employee_id BLOB NOT NULL,
    key_id BLOB NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY (id_day, id, employee_id)
) STRICT, WITHOUT ROWID;

-- One row a slot that received anything that counts; it names the representative. The key begins with the date: a day's
-- results stand together, so that a group of them changes few pages.
CREATE TABLE slot_result (
    employee_id BLOB NOT NULL,
    work_date TEXT NOT NULL,
    slot INTEGER NOT NULL CHECK (slot BETWEEN 1 AND 3),
    agency_code TEXT NOT NULL,
    id_day TEXT NOT NULL,
    check_in_id BLOB NOT NULL,
    place INTEGER NOT NULL CHECK (place BETWEEN 1 AND 6),
    time TEXT NOT NULL CHECK (time IN ('on_time', 'late', 'backfilled')),
    corrected_at INTEGER NOT NULL,
    PRIMARY KEY (work_date, employee_id, slot)
) STRICT, WITHOUT ROWID;

-- The shares that represent no slot, or no longer; every other one is named by slot_result. Nearly all represent theirs,
-- so this costs less than an index of all shares by person and date would.
CREATE TABLE check_in_aside (
    employee_id BLOB NOT NULL,
    work_date TEXT NOT NULL,
    check_in_id BLOB NOT NULL,
    corrected_at INTEGER NOT NULL,
    PRIMARY KEY (work_date, employee_id, check_in_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE agency_slot_count (
    agency_code TEXT NOT NULL,
    work_date TEXT NOT NULL,
    slot INTEGER NOT NULL,
    place INTEGER NOT NULL,
    part INTEGER NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (agency_code, work_date, slot, place, part)
) STRICT, WITHOUT ROWID;
