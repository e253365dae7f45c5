-- Agencies, their trees of units, people, and dated memberships.
CREATE TABLE agency (
    code TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    region_code TEXT NOT NULL,
    zone TEXT NOT NULL CHECK (zone IN ('Asia/Jakarta', 'Asia/Makassar', 'Asia/Jayapura')),
    service_kinds TEXT NOT NULL DEFAULT '[]',
    version INTEGER NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
-- Codes are told apart without regard to case.
CREATE UNIQUE INDEX agency_code_case_unique ON agency (lower(code));

CREATE TABLE unit (
    id BLOB NOT NULL PRIMARY KEY,
    agency_code TEXT NOT NULL REFERENCES agency (code),
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    parent_id BLOB REFERENCES unit (id),
    head_employee_id BLOB,
    CONSTRAINT unit_code_unique UNIQUE (agency_code, code)
) STRICT;
CREATE INDEX unit_head ON unit (head_employee_id);

-- The pseudonym stands for the person in batches and samples; it is random and says nothing.
CREATE TABLE employee (
    id BLOB NOT NULL PRIMARY KEY,
    number_kind TEXT NOT NULL CHECK (number_kind IN ('pns', 'pppk', 'non_asn')),
    name TEXT NOT NULL,
    front_title TEXT NOT NULL,
    back_title TEXT NOT NULL,
    email TEXT,
    phone TEXT,
    pseudonym TEXT NOT NULL CONSTRAINT employee_pseudonym_unique UNIQUE,
    version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;

-- A NIP may change (PPPK contracts); the old number keeps naming the same person.
CREATE TABLE employee_number (
    employee_id BLOB NOT NULL,
    number TEXT NOT NULL,
    valid_from TEXT NOT NULL,
    valid_to TEXT,
    PRIMARY KEY (employee_id, number),
    CONSTRAINT employee_number_unique UNIQUE (number),
    CHECK (valid_to IS NULL OR valid_to >= valid_from)
) STRICT, WITHOUT ROWID;

-- Both ends inclusive; an open end is the present. Transfers close a row and open another, so the past stays.
-- The unit's name is kept as the export has it: a unit that is imported later finds its people by it. `schedule_starts`
-- says from which dates on the person has which schedule of the agency, where it is another one than the unit's.
CREATE TABLE membership (
    employee_id BLOB NOT NULL,
    valid_from TEXT NOT NULL,
    valid_to TEXT,
    agency_code TEXT NOT NULL REFERENCES agency (code),
    unit_id BLOB,
    unit_name TEXT,
    legal_status TEXT,
    grade TEXT,
    position TEXT,
    echelon TEXT,
    work_group TEXT NOT NULL CHECK (work_group IN ('public_service', 'administration', 'educator')),
    end_reason TEXT CHECK (end_reason IN ('transfer', 'retirement', 'resignation', 'death', 'other')),
    schedule_starts TEXT NOT NULL DEFAULT '[]',
    PRIMARY KEY (employee_id, valid_from),
    CHECK (valid_to IS NULL OR valid_to >= valid_from)
) STRICT, WITHOUT ROWID;
-- Covers the board of a day.
CREATE INDEX membership_agency ON membership (agency_code, valid_from, valid_to, work_group, echelon);
