-- Rules as dated data: circulars, calendars, sites, homes, assignments.
-- The key is the same for all spellings of one number; the body is the text that issuing freezes.
CREATE TABLE circular (
    id uuid NOT NULL PRIMARY KEY,
    number text COLLATE "C" NOT NULL,
    number_key text COLLATE "C" NOT NULL,
    title text NOT NULL,
    jurisdiction_code text COLLATE "C" NOT NULL,
    state text NOT NULL CHECK (state IN ('draft', 'under_review', 'issued', 'revoked')),
    signed_on date NOT NULL,
    effective_from date NOT NULL,
    effective_to date,
    revoked_from date,
    body jsonb NOT NULL,
    document_digest bytea,
    version integer NOT NULL,
    created_by uuid NOT NULL,
    created_at timestamptz NOT NULL,
    issued_at timestamptz,
    revoked_at timestamptz,
    CONSTRAINT circular_number_unique UNIQUE (jurisdiction_code, number_key),
    CHECK (effective_to IS NULL OR effective_to >= effective_from)
);

CREATE TABLE calendar_day (
    day date NOT NULL PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN ('national_holiday', 'joint_leave')),
    name text NOT NULL
);

-- How often a year was replaced; a year with days in calendar_day has those and no others.
CREATE TABLE calendar_year (
    year integer NOT NULL PRIMARY KEY,
    version integer NOT NULL,
    updated_at timestamptz NOT NULL,
    updated_by uuid NOT NULL
);

CREATE TABLE site (
    id uuid NOT NULL PRIMARY KEY,
    agency_code text COLLATE "C" NOT NULL REFERENCES agency (code),
    unit_id uuid,
    name text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('office', 'duty_post')),
    fence jsonb NOT NULL,
    valid_from date NOT NULL,
    valid_to date,
    version integer NOT NULL,
    CHECK (valid_to IS NULL OR valid_to >= valid_from)
);
CREATE INDEX site_agency ON site (agency_code);

-- A version of a home; the position is sealed, its key is named beside it.
CREATE TABLE home (
    employee_id uuid NOT NULL,
    id uuid NOT NULL,
    ordinal integer NOT NULL,
    rank text NOT NULL CHECK (rank IN ('primary', 'secondary')),
    kind text NOT NULL CHECK (kind IN ('ktp', 'domicile', 'temporary')),
    state text NOT NULL CHECK (state IN ('submitted', 'verified', 'returned', 'superseded')),
    agency_code text COLLATE "C" NOT NULL,
    address text NOT NULL,
    village_code text COLLATE "C",
    radius_metres integer CHECK (radius_metres BETWEEN 10 AND 5000),
    key_id uuid NOT NULL,
    sealed_position bytea NOT NULL,
    valid_from date,
    valid_to date,
    submitted_at timestamptz NOT NULL,
    decided_at timestamptz,
    decided_by uuid,
    reason text,
    version integer NOT NULL,
    PRIMARY KEY (employee_id, id),
    CONSTRAINT home_ordinal_unique UNIQUE (employee_id, ordinal)
);
CREATE INDEX home_state ON home (agency_code, state);

CREATE TABLE assignment (
    employee_id uuid NOT NULL,
    work_date date NOT NULL,
    -- The whole day has one row, or each half at most one: a half is never named beside the whole.
    slots text COLLATE "C" NOT NULL DEFAULT 'all' CHECK (slots IN ('all', 'morning', 'afternoon')),
    agency_code text COLLATE "C" NOT NULL,
    mode text NOT NULL CHECK (mode IN ('wfo', 'wfh', 'wfa', 'picket', 'duty_travel', 'leave', 'sick', 'training', 'off')),
    site_id uuid,
    shift text COLLATE "C",
    source text NOT NULL CHECK (source IN ('roster', 'approval', 'correction')),
    reason text,
    -- The journey that the day belongs to, and where it leads: shares are judged by the zone of that place.
    travel_id uuid,
    destination_code text COLLATE "C",
    created_by uuid NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (employee_id, work_date, slots)
);
-- Covers the board of a day.
CREATE INDEX assignment_agency ON assignment (agency_code, work_date) INCLUDE (employee_id, slots, mode, destination_code);
-- Finds those whose day has a second half of its own, who are few.
CREATE INDEX assignment_afternoon ON assignment (agency_code, work_date) INCLUDE (employee_id, mode, destination_code)
    WHERE slots = 'afternoon';

-- One row; every change of circulars, calendars, sites, units or agencies gives it a new random number. Writers keep what
-- they have read until it moves.
CREATE TABLE rule_epoch (
    id smallint NOT NULL PRIMARY KEY CHECK (id = 1),
    epoch bigint NOT NULL
);
INSERT INTO rule_epoch (id, epoch) VALUES (1, 1);
