-- Schedules that units and people have of their own. A schedule is never changed once it stands: another one begins.
CREATE TABLE work_schedule (
    id uuid NOT NULL PRIMARY KEY,
    agency_code text COLLATE "C" NOT NULL REFERENCES agency (code),
    name text COLLATE "C" NOT NULL,
    body jsonb NOT NULL,
    created_by uuid NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT work_schedule_name_unique UNIQUE (agency_code, name)
);

-- From a date on, the schedule of a unit with all below it, or of the whole agency where no unit is named; none ends the
-- one before. Those of single people stand in their memberships, which whoever judges has loaded anyway.
CREATE TABLE schedule_start (
    id uuid NOT NULL PRIMARY KEY,
    agency_code text COLLATE "C" NOT NULL REFERENCES agency (code),
    unit_id uuid,
    valid_from date NOT NULL,
    schedule_id uuid REFERENCES work_schedule (id),
    set_by uuid NOT NULL,
    set_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX schedule_start_unit_unique ON schedule_start (agency_code, unit_id, valid_from) WHERE unit_id IS NOT NULL;
CREATE UNIQUE INDEX schedule_start_agency_unique ON schedule_start (agency_code, valid_from) WHERE unit_id IS NULL;

-- Marks that exempt a person from a roster's turns or let them come first. Kind and reason may tell of health.
CREATE TABLE person_mark (
    employee_id uuid NOT NULL,
    id uuid NOT NULL,
    agency_code text COLLATE "C" NOT NULL REFERENCES agency (code),
    kind text NOT NULL CHECK (kind IN ('pregnant', 'chronic_illness', 'disability', 'small_child', 'family_care', 'public_transport', 'long_journey')),
    effect text NOT NULL CHECK (effect IN ('exempt_at_home', 'exempt_at_office', 'priority')),
    valid_from date NOT NULL,
    valid_to date NOT NULL,
    reason text NOT NULL,
    set_by uuid NOT NULL,
    set_at timestamptz NOT NULL,
    PRIMARY KEY (employee_id, id),
    CHECK (valid_to >= valid_from)
);
CREATE INDEX person_mark_agency ON person_mark (agency_code, valid_to);
