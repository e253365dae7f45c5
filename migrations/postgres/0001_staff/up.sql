-- Agencies, their trees of units, people, and dated memberships.
CREATE TABLE agency (
    code text COLLATE "C" NOT NULL PRIMARY KEY,
    name text NOT NULL,
    region_code text COLLATE "C" NOT NULL,
    zone text NOT NULL CHECK (zone IN ('Asia/Jakarta', 'Asia/Makassar', 'Asia/Jayapura')),
    service_kinds jsonb NOT NULL DEFAULT '[]',
    version integer NOT NULL,
    created_at timestamptz NOT NULL
);
-- Codes are told apart without regard to case.
CREATE UNIQUE INDEX agency_code_case_unique ON agency (lower(code));

CREATE TABLE unit (
    id uuid NOT NULL PRIMARY KEY,
    agency_code text COLLATE "C" NOT NULL REFERENCES agency (code),
    code text COLLATE "C" NOT NULL,
    name text NOT NULL,
    parent_id uuid REFERENCES unit (id),
    head_employee_id uuid,
    CONSTRAINT unit_code_unique UNIQUE (agency_code, code)
);
CREATE INDEX unit_head ON unit (head_employee_id);

-- The pseudonym stands for the person in batches and samples; it is random and says nothing.
CREATE TABLE employee (
    id uuid NOT NULL PRIMARY KEY,
    number_kind text NOT NULL CHECK (number_kind IN ('pns', 'pppk', 'non_asn')),
    name text NOT NULL,
    front_title text NOT NULL,
    back_title text NOT NULL,
    email text,
    phone text,
    pseudonym text COLLATE "C" NOT NULL CONSTRAINT employee_pseudonym_unique UNIQUE,
    version integer NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);

-- A NIP may change (PPPK contracts); the old number keeps naming the same person.
CREATE TABLE employee_number (
    employee_id uuid NOT NULL,
    number text COLLATE "C" NOT NULL,
    valid_from date NOT NULL,
    valid_to date,
    PRIMARY KEY (employee_id, number),
    CONSTRAINT employee_number_unique UNIQUE (number),
    CHECK (valid_to IS NULL OR valid_to >= valid_from)
);

-- Both ends inclusive; an open end is the present. Transfers close a row and open another, so the past stays.
-- The unit's name is kept as the export has it: a unit that is imported later finds its people by it. `schedule_starts`
-- says from which dates on the person has which schedule of the agency, where it is another one than the unit's.
CREATE TABLE membership (
    employee_id uuid NOT NULL,
    valid_from date NOT NULL,
    valid_to date,
    agency_code text COLLATE "C" NOT NULL REFERENCES agency (code),
    unit_id uuid,
    unit_name text,
    legal_status text,
    grade text,
    position text,
    echelon text,
    work_group text NOT NULL CHECK (work_group IN ('public_service', 'administration', 'educator')),
    end_reason text CHECK (end_reason IN ('transfer', 'retirement', 'resignation', 'death', 'other')),
    schedule_starts jsonb NOT NULL DEFAULT '[]',
    PRIMARY KEY (employee_id, valid_from),
    CHECK (valid_to IS NULL OR valid_to >= valid_from)
);
-- Covers the board of a day.
CREATE INDEX membership_agency ON membership (agency_code, valid_from) INCLUDE (valid_to, work_group, echelon, employee_id);
