-- Duty travel: requests with what holds them back, the days that they take, and the outlines of regions.

CREATE TABLE duty_travel (
    employee_id uuid NOT NULL,
    id uuid NOT NULL,
    agency_code text COLLATE "C" NOT NULL,
    claim_digest bytea NOT NULL,
    destination_code text COLLATE "C" NOT NULL,
    is_outside_region boolean NOT NULL,
    first_day date NOT NULL,
    last_day date NOT NULL,
    first_slots text COLLATE "C" NOT NULL CHECK (first_slots IN ('all', 'morning', 'afternoon')),
    last_slots text COLLATE "C" NOT NULL CHECK (last_slots IN ('all', 'morning', 'afternoon')),
    purpose text NOT NULL,
    basis text,
    virtual_alternative_considered boolean NOT NULL,
    letter_number text,
    travel_order_number text,
    state text NOT NULL CHECK (state IN
        ('draft', 'submitted', 'approved', 'refused', 'reported', 'closed', 'cancelled')),
    bans jsonb NOT NULL,
    exceptions jsonb NOT NULL,
    decision jsonb,
    report text,
    end_reason text,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    submitted_at timestamptz,
    version integer NOT NULL,
    PRIMARY KEY (employee_id, id),
    CHECK (first_day <= last_day),
    CHECK (state NOT IN ('approved', 'refused', 'reported', 'closed') OR decision IS NOT NULL)
);
-- Ids are made by clients: whoever acts on a request knows its id and not yet its person.
CREATE INDEX duty_travel_id ON duty_travel (id);
CREATE INDEX duty_travel_waiting ON duty_travel (agency_code, state, id);

-- A day, or half of one, that a journey took, with the assignment that it replaced, so that a cancellation can put it back.
CREATE TABLE travel_day (
    employee_id uuid NOT NULL,
    work_date date NOT NULL,
    slots text COLLATE "C" NOT NULL CHECK (slots IN ('all', 'morning', 'afternoon')),
    travel_id uuid NOT NULL,
    replaced jsonb,
    PRIMARY KEY (employee_id, work_date, slots)
);

-- The border of each region as the last import has it: all rows are of one file.
CREATE TABLE region_outline (
    code text COLLATE "C" NOT NULL PRIMARY KEY,
    name text NOT NULL,
    source text NOT NULL,
    dated_on date NOT NULL,
    accuracy_metres integer NOT NULL CHECK (accuracy_metres BETWEEN 0 AND 50000),
    corners integer NOT NULL CHECK (corners > 0),
    parts jsonb NOT NULL
);

-- One row: how often the outlines were replaced, and by whom last.
CREATE TABLE region_outline_set (
    id smallint NOT NULL PRIMARY KEY CHECK (id = 1),
    version integer NOT NULL,
    imported_at timestamptz,
    imported_by uuid
);
INSERT INTO region_outline_set (id, version) VALUES (1, 0);
