-- Rules as dated data: circulars, calendars, sites, homes, assignments.
-- The key is the same for all spellings of one number; the body is the text that issuing freezes.
CREATE TABLE circular (
    id BLOB NOT NULL PRIMARY KEY,
    number TEXT NOT NULL,
    number_key TEXT NOT NULL,
    title TEXT NOT NULL,
    jurisdiction_code TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('draft', 'under_review', 'issued', 'revoked')),
    signed_on TEXT NOT NULL,
    effective_from TEXT NOT NULL,
    effective_to TEXT,
    revoked_from TEXT,
    body TEXT NOT NULL,
    document_digest BLOB,
    version INTEGER NOT NULL,
    created_by BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    issued_at INTEGER,
    revoked_at INTEGER,
    CONSTRAINT circular_number_unique UNIQUE (jurisdiction_code, number_key),
    CHECK (effective_to IS NULL OR effective_to >= effective_from)
) STRICT;

CREATE TABLE calendar_day (
    day TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('national_holiday', 'joint_leave')),
    name TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- How often a year was replaced; a year with days in calendar_day has those and no others.
CREATE TABLE calendar_year (
    year INTEGER NOT NULL PRIMARY KEY,
    version INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    updated_by BLOB NOT NULL
) STRICT;

CREATE TABLE site (
    id BLOB NOT NULL PRIMARY KEY,
    agency_code TEXT NOT NULL REFERENCES agency (code),
    unit_id BLOB,
    name TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('office', 'duty_post')),
    fence TEXT NOT NULL,
    valid_from TEXT NOT NULL,
    valid_to TEXT,
    version INTEGER NOT NULL,
    CHECK (valid_to IS NULL OR valid_to >= valid_from)
) STRICT;
CREATE INDEX site_agency ON site (agency_code);

-- A version of a home; the position is sealed, its key is named beside it.
CREATE TABLE home (
    employee_id BLOB NOT NULL,
    id BLOB NOT NULL,
    ordinal INTEGER NOT NULL,
    rank TEXT NOT NULL CHECK (rank IN ('primary', 'secondary')),
    kind TEXT NOT NULL CHECK (kind IN ('ktp', 'domicile', 'temporary')),
    state TEXT NOT NULL CHECK (state IN ('submitted', 'verified', 'returned', 'superseded')),
    agency_code TEXT NOT NULL,
    address TEXT NOT NULL,
    village_code TEXT,
    radius_metres INTEGER CHECK (radius_metres BETWEEN 10 AND 5000),
    key_id BLOB NOT NULL,
    sealed_position BLOB NOT NULL,
    valid_from TEXT,
    valid_to TEXT,
    submitted_at INTEGER NOT NULL,
    decided_at INTEGER,
    decided_by BLOB,
    reason TEXT,
    version INTEGER NOT NULL,
    PRIMARY KEY (employee_id, id),
    CONSTRAINT home_ordinal_unique UNIQUE (employee_id, ordinal)
) STRICT, WITHOUT ROWID;
CREATE INDEX home_state ON home (agency_code, state);

CREATE TABLE assignment (
    employee_id BLOB NOT NULL,
    work_date TEXT NOT NULL,
    -- The whole day has one row, or each half at most one: a half is never named beside the whole.
    slots TEXT NOT NULL DEFAULT 'all' CHECK (slots IN ('all', 'morning', 'afternoon')),
    agency_code TEXT NOT NULL,
    mode TEXT NOT NULL CHECK (mode IN ('wfo', 'wfh', 'wfa', 'picket', 'duty_travel', 'leave', 'sick', 'training', 'off')),
    site_id BLOB,
    shift TEXT,
    source TEXT NOT NULL CHECK (source IN ('roster', 'approval', 'correction')),
    reason TEXT,
    -- The journey that the day belongs to, and where it leads: shares are judged by the zone of that place.
    travel_id BLOB,
    destination_code TEXT,
    created_by BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (employee_id, work_date, slots)
) STRICT, WITHOUT ROWID;
CREATE INDEX assignment_agency ON assignment (agency_code, work_date);
-- Finds those whose day has a second half of its own, who are few.
CREATE INDEX assignment_afternoon ON assignment (employee_id, work_date) WHERE slots = 'afternoon';

-- One row; every change of circulars, calendars, sites, units or agencies gives it a new random number. Writers keep what
-- they have read until it moves.
CREATE TABLE rule_epoch (
    id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    epoch INTEGER NOT NULL
) STRICT;
INSERT INTO rule_epoch (id, epoch) VALUES (1, 1);
