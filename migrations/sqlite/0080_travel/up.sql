-- Duty travel: requests with what holds them back, the days that they take, and the outlines of regions.

CREATE TABLE duty_travel (
    employee_id BLOB NOT NULL,
    id BLOB NOT NULL,
    agency_code TEXT NOT NULL,
    claim_digest BLOB NOT NULL,
    destination_code TEXT NOT NULL,
    is_outside_region INTEGER NOT NULL,
    first_day TEXT NOT NULL,
    last_day TEXT NOT NULL,
    first_slots TEXT NOT NULL CHECK (first_slots IN ('all', 'morning', 'afternoon')),
    last_slots TEXT NOT NULL CHECK (last_slots IN ('all', 'morning', 'afternoon')),
    purpose TEXT NOT NULL,
    basis TEXT,
    virtual_alternative_considered INTEGER NOT NULL,
    letter_number TEXT,
    travel_order_number TEXT,
    state TEXT NOT NULL CHECK (state IN
        ('draft', 'submitted', 'approved', 'refused', 'reported', 'closed', 'cancelled')),
    bans TEXT NOT NULL,
    exceptions TEXT NOT NULL,
    decision TEXT,
    report TEXT,
    end_reason TEXT,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    submitted_at INTEGER,
    version INTEGER NOT NULL,
    PRIMARY KEY (employee_id, id),
    CHECK (first_day <= last_day),
    CHECK (state NOT IN ('approved', 'refused', 'reported', 'closed') OR decision IS NOT NULL)
) STRICT, WITHOUT ROWID;
-- Ids are made by clients: whoever acts on a request knows its id and not yet its person.
CREATE INDEX duty_travel_id ON duty_travel (id);
CREATE INDEX duty_travel_waiting ON duty_travel (agency_code, state, id);

-- A day, or half of one, that a journey took, with the assignment that it replaced, so that a cancellation can put it back.
CREATE TABLE travel_day (
    employee_id BLOB NOT NULL,
    work_date TEXT NOT NULL,
    slots TEXT NOT NULL CHECK (slots IN ('all', 'morning', 'afternoon')),
    travel_id BLOB NOT NULL,
    replaced TEXT,
    PRIMARY KEY (employee_id, work_date, slots)
) STRICT, WITHOUT ROWID;

-- The border of each region as the last import has it: all rows are of one file.
CREATE TABLE region_outline (
    code TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    source TEXT NOT NULL,
    dated_on TEXT NOT NULL,
    accuracy_metres INTEGER NOT NULL CHECK (accuracy_metres BETWEEN 0 AND 50000),
    corners INTEGER NOT NULL CHECK (corners > 0),
    parts TEXT NOT NULL
) STRICT;

-- One row: how often the outlines were replaced, and by whom last.
CREATE TABLE region_outline_set (
    id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    version INTEGER NOT NULL,
    imported_at INTEGER,
    imported_by BLOB
) STRICT;
INSERT INTO region_outline_set (id, version) VALUES (1, 0);
